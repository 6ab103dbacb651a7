"""Show results to people: text for the terminal, one-file HTML pages for the screen and paper."""
