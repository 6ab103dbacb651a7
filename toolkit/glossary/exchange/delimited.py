"""Tables as text: cells between tabs, commas or semicolons, quoted where they must be."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

DELIMITERS = ("\t", ";", ",", "|", " = ", " — ", " – ", " - ", "=", "：")
_NAMES = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
_SAMPLE = 60_000  # characters that decide on the delimiter


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row and the line of the file it begins on."""

    cells: tuple[str, ...]
    line: int


def named(text: str) -> str:
    """Return the delimiter that a person names: tab, comma, or the character itself."""
    return _NAMES.get(text.lower(), text.replace("\\t", "\t"))


def split(text: str, delimiter: str, *, quoted: bool = True) -> list[Row]:
    """Cut a text into rows; blank lines are left out.

    A cell wrapped in " may hold delimiters, line breaks and doubled "; a " that does not wrap a
    whole cell stands for itself, as in tables of programs that never quote.
    """
    rows: list[Row] = []
    cells: list[str] = []
    at, line, start_line, size = 0, 1, 1, len(text)
    stop = re.compile(f"{re.escape(delimiter)}|\r\n|\n|\r")
    while at <= size:
        value, end = _quoted(text, at, delimiter) if quoted else (None, at)
        if value is None:
            found = stop.search(text, at)
            end = found.start() if found else size
            value = text[at:end]
        cells.append(value)
        line += _breaks(text, at, end)
        found = stop.match(text, end)
        if found and found[0] == delimiter:
            at = found.end()
            continue
        if any(cell.strip() for cell in cells):
            rows.append(Row(tuple(cells), start_line))
        cells = []
        if found is None:
            break
        at = found.end()
        line += 1
        start_line = line
    return rows


def _breaks(text: str, start: int, end: int) -> int:
    part = text[start:end]
    return part.count("\n") + part.count("\r") - part.count("\r\n")


def _quoted(text: str, at: int, delimiter: str) -> tuple[str | None, int]:
    """Return the value of a cell wrapped in quotation marks that begins at ``at``, and its end."""
    if not text.startswith('"', at):
        return None, at
    end = at + 1
    while True:
        end = text.find('"', end)
        if end < 0:
            return None, at
        if text.startswith('""', end):
            end += 2
            continue
        break
    after = end + 1
    if after < len(text) and text[after] not in "\r\n" and not text.startswith(delimiter, after):
        return None, at
    return text[at + 1 : end].replace('""', '"'), after


def join(rows: Iterable[Sequence[str]], delimiter: str, *, newline: str) -> str:
    """Return rows as text, quoting what would be read as something else."""
    special = re.compile(f'^[" ]|[\r\n]|{re.escape(delimiter)}| $' + '|"' * (delimiter == ","))
    lines = []
    for row in rows:
        lines.append(
            delimiter.join(
                '"' + cell.replace('"', '""') + '"' if special.search(cell) else cell
                for cell in row
            )
            + newline
        )
    return "".join(lines)


def candidates(text: str) -> list[tuple[str, float, int]]:
    """Return delimiters that could be a file's: each with how even its rows are, and their width.

    Best first: evenness is the share of rows of the commonest width.
    """
    sample = text[:_SAMPLE]
    if len(sample) < len(text):
        sample = sample[: sample.rfind("\n") + 1] or sample
    found = []
    for order, delimiter in enumerate(DELIMITERS):
        if delimiter not in sample:
            continue
        widths = Counter(len(row.cells) for row in split(sample, delimiter))
        total = sum(widths.values())
        wide = {width: times for width, times in widths.items() if width > 1}
        if not wide:
            continue
        width, times = max(wide.items(), key=lambda item: (item[1], item[0]))
        # A few rows may lack their last cells.
        fits = sum(n for w, n in widths.items() if 1 < w <= width)
        found.append((delimiter, (times + 0.5 * (fits - times)) / total, width, order))
    found.sort(key=lambda item: (-round(item[1], 1), item[3]))
    return [(delimiter, even, width) for delimiter, even, width, _ in found]
