"""Align long versions section by section.

What is kept of a text while it is aligned, the vectors of its tokens above all, grows with its
length; of a section at a time it does not. Versions are cut where all surely have the same place:
between pairs of segments of which each is the other's nearest far around, several in a row, in
every pair of versions.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations

import numpy as np

from toolkit import encoder as encoders
from toolkit.align.clauses import ends
from toolkit.align.costs import LONGEST, version
from toolkit.align.joint import Place, chain, cut
from toolkit.align.judge import Judged
from toolkit.align.path import Step, boundaries, rough_path
from toolkit.align.signals import Witness

_WHOLE = 600  # segments of a version up to which it stays whole
_SECTION = 300  # segments after which a cut is looked for
_LONGEST = 2_000  # segments after which versions are cut anywhere on their paths
_SURE = 3  # pairs on each side of a cut
_HELD = 900_000_000  # bytes of what is read once and kept; longer texts are read twice
_HELD_TEXT, _HELD_BYTE = 11_000, 55  # of them for each text, and for each byte of it


def are_long(sides: Sequence[Sequence[str]]) -> bool:
    """Tell whether versions are to be aligned section by section."""
    return max(map(len, sides)) > _WHOLE and all(sides)


def align_sections(
    sides: Sequence[Sequence[str]],
    langs: Sequence[str],
    encoder: encoders.Encoder,
    seams: Sequence[Sequence[float]],
    align: Callable[[Sequence[Witness]], list[Judged]],
) -> list[Judged]:
    """Return the shapes and chances of the beads of two or three versions.

    Args:
        sides, langs, encoder, seams: As for ``align.judged_texts``; no segment is empty.
        align: Returns the same of a section, of which some versions may be empty.
    """
    texts = [text.encode("utf-8", "replace") for side in sides for text in side]
    size = _HELD_TEXT * len(texts) + _HELD_BYTE * sum(map(len, texts))
    readers = [_Reader(side, encoder, size < _HELD) for side in sides]
    cuts = sections([reader.vectors() for reader in readers])

    def section(begin: Place, end: Place) -> list[Judged]:
        return align([
            reader.witness(first, last, lang, costs[first:last])
            for reader, lang, costs, first, last in zip(
                readers, langs, seams, begin, end, strict=True
            )
        ])  # fmt: skip

    with ThreadPoolExecutor(encoders.processors()) as pool:
        return [step for steps in pool.map(section, cuts, cuts[1:]) for step in steps]


class _Reader:
    """One long version, encoded as far as it is needed."""

    def __init__(self, texts: Sequence[str], encoder: encoders.Encoder, hold: bool) -> None:
        self._texts, self._encoder, self._reading = texts, encoder, None
        if hasattr(encoder, "reading"):
            folded = [encoders.fold(text) for text in texts]
            divided = [ends(text) for text in folded]
            levels = [[one[level] for one in divided] for level in range(2)]
            self._reading = encoder.reading(folded, levels, hold)

    def vectors(self) -> np.ndarray:
        return self._encoder.encode(self._texts) if self._reading is None else (
            self._reading.vectors()
        )

    def witness(self, first: int, last: int, lang: str, seams: Sequence[float]) -> Witness:
        texts, detail = self._texts[first:last], None
        if self._reading is None:
            runs = self._encoder.runs(texts, LONGEST)
        else:
            detail = self._reading.detail(first, last, LONGEST + 1)
            runs = detail.runs[:LONGEST]
        return Witness(version(texts, lang, runs, seams), detail)


def sections(vectors: Sequence[np.ndarray]) -> list[Place]:
    """Return where two or three versions are cut: their beginning, the cuts, their end."""
    rough = [rough_path(x, y) for x, y in combinations(vectors, 2)]
    firm = [_firm(*one) for one in rough]
    paths = [steps for steps, _ in rough]
    places: Sequence[Place] = boundaries(paths[0]) if len(paths) == 1 else chain(*paths)
    sure = {
        place for place in places
        if all(pair in one for pair, one in zip(combinations(place, 2), firm, strict=True))
    }  # fmt: skip
    return cut(places, sure, _SECTION, _LONGEST)


def _firm(path: Sequence[Step], nearest: np.ndarray) -> set[Place]:
    """Return the places on a path that lie between sure pairs."""
    points = boundaries(path)
    sure = np.array([
        step == (1, 1) and nearest[i] == j for step, (i, j) in zip(path, points, strict=False)
    ], int)  # fmt: skip
    around = np.convolve(sure, np.ones(2 * _SURE, int), "valid")
    return {points[k + _SURE] for k in np.flatnonzero(around == 2 * _SURE).tolist()}
