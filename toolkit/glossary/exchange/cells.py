"""Cells of tables: what a spreadsheet would run as a formula, and how such a cell is made safe."""

import re

# A spreadsheet computes a cell that begins so; the full-width signs count in East Asian editions.
_FORMULA = re.compile("'*[=+\\-@\t\r＝＋－＠]")
_SAFE = re.compile("'+[=+\\-@\t\r＝＋－＠]")


def is_formula(value: str) -> bool:
    """Say whether a spreadsheet could take the cell for a formula, or for one made safe."""
    return _FORMULA.match(value) is not None


def neutralise(value: str) -> str:
    """Put an apostrophe before a cell that begins like a formula; `restore` takes it away."""
    return "'" + value if is_formula(value) else value


def restore(value: str) -> str:
    """Take away the apostrophe that `neutralise` or a spreadsheet has put before a cell."""
    return value[1:] if _SAFE.match(value) else value
