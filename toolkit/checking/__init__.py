"""Check whole files: what belongs together, what is known or suppressed, shown, mended."""
