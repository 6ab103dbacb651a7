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
    def place(lang: str, offset: int) -> tuple[str, int, int]:
        line = lines[row.line - 1] if 0 < row.line <= len(lines) else ""
        cell = row.texts[lang]
        for written in (str, _as_json):
            start = line.find(written(cell)) if cell else -1
            if start >= 0:
                return path, row.line, start + len(written(cell[:offset])) + 1
        return path, row.line, 1

    return place


def _as_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]
