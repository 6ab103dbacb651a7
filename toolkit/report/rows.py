"""Bring aligned versions to the glossary's check: passages that know their file, line, column."""

import json
from collections.abc import Callable, Sequence
from typing import Protocol

from toolkit.align.beads import Alignment
from toolkit.glossary.compare import Row

_Places = Callable[[str, int], tuple[str, int, int]]


class AlignedRow(Protocol):
    """A row of an aligned file, as ``toolkit.align.formats.read`` gives it."""

    texts: dict[str, str]
    line: int


def alignment_rows(alignment: Alignment) -> list[Row]:
    """Return the beads of an alignment as rows whose places lie in the dispatches' files."""
    by_lang = {dispatch.lang: dispatch for dispatch in alignment.dispatches}
    rows = []
    for bead in alignment.beads:

        def place(lang: str, offset: int, bead=bead) -> tuple[str, int, int]:
            dispatch = by_lang[lang]
            joint = 0 if lang == "zh" else 1
            for number in bead.side(lang):
                segment = dispatch.segments[number]
                if offset <= len(segment.text):
                    break
                offset -= len(segment.text) + joint
            # Within the white space that joins two segments: the start of the second.
            start = segment.start + max(0, min(offset, len(segment.text)))
            return (dispatch.source, *dispatch.line_column(start))

        rows.append(Row(alignment.texts(bead), place))
    return rows


def file_rows(path: str, aligned: Sequence[AlignedRow], lines: Sequence[str]) -> list[Row]:
    """Return the rows of an aligned file; ``lines`` is the file, to find the columns in."""
    return [Row(row.texts, _places(path, row, lines)) for row in aligned]


def _places(path: str, row: AlignedRow, lines: Sequence[str]) -> _Places:
    # A unit of these files has each language on a line of its own.
    reach = _UNIT_LINES if path.lower().endswith((".tmx", ".xlf", ".xliff", ".xml")) else 1

    def place(lang: str, offset: int) -> tuple[str, int, int]:
        cell = row.texts.get(lang, "")
        for number in range(row.line, min(row.line + reach, len(lines) + 1)) if cell else ():
            for written in (str, _as_cell, _as_json, _as_ascii_json, _as_markup):
                start = lines[number - 1].find(written(cell))
                if start >= 0:
                    return path, number, start + len(written(cell[:offset])) + 1
        return path, row.line, 1

    return place


_UNIT_LINES = 24


def _as_cell(text: str) -> str:
    for letter, written in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(letter, written)
    return text


def _as_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _as_markup(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _as_ascii_json(text: str) -> str:
    return json.dumps(text)[1:-1]
