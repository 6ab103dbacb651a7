"""Run the command line from a checkout: ``python cli.py align …``."""

from toolkit.cli import main

if __name__ == "__main__":
    main()
