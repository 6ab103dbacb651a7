"""The learned weights of the signals, and the chances of all beads of two versions.

The scores are linear in the signals, with weights of their own for 1:1 beads, for beads with one
segment on one side and for others. ``python tests/bench/learn_align.py`` learns them from gold
alignments by maximum likelihood and writes ``weights.json``.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from toolkit.align import lattice
from toolkit.align.costs import SHAPES, PairCosts
from toolkit.align.lattice import ALONE_X, ALONE_Y, NEVER, Band, Chances
from toolkit.align.path import corridor
from toolkit.align.signals import ALONE, LEAKS, NAMES, Block, PairSignals, Witness

SIZES = tuple(sorted({(min(shape), max(shape)) for shape in SHAPES}))
_WHOLE = 2_000  # pairs of segments up to which every path is looked at
REACH = 12  # segments around the path of the first pass, in longer texts
_ROWS = 20  # boundaries worked out at once
# How much a seam of the author's, in units of the cosine, weighs in a score.
_SEAM = 15.0
# Lines that repeat the one beside them resemble all around them, so that no sign speaks for them:
# they are taken one by one.
_ECHO = 6.0
_SAME = 4.0  # … and a segment that stands untranslated in both versions goes with itself
# How many of a hundred segments the first pass leaves alone in news; a novel leaves fewer. A long
# text is believed about itself as far as it has more segments than this.
_ALONE_SHARE = 0.093
_SEGMENTS = 400


def kind(shape: tuple[int, int]) -> int:
    """Return which of the three sets of weights a shape has."""
    return 0 if shape == (1, 1) else 1 if 1 in shape else 2


@dataclass(frozen=True, slots=True)
class Weights:
    """``beads`` (3, signals), ``sizes`` by ``SIZES``, ``alone`` by ``ALONE`` and ``LEAKS``."""

    beads: np.ndarray
    sizes: np.ndarray
    alone: np.ndarray
    opening: float


@cache
def learned(ours: bool = True) -> Weights:
    """Return the weights that come with the program.

    Args:
        ours: For zh, ru and en; otherwise for languages of which the encoder knows as much but
            the program nothing, learned mostly from German and French.
    """
    return read_weights(Path(__file__).with_name("weights.json"), ours)


def read_weights(path: Path, ours: bool) -> Weights:
    """Return the weights of a file as ``learned`` returns those of the program."""
    table = json.loads(path.read_text(encoding="utf-8"))["ours" if ours else "others"]
    return Weights(
        np.array([[row[name] for name in (*NAMES, *LEAKS)] for row in table["beads"]]),
        np.array([table["sizes"][f"{a}:{b}"] for a, b in SIZES]),
        np.array([table["alone"][name] for name in (*ALONE, *LEAKS)]),
        table["opening"],
    )


class PairModel:
    """Two versions, and what is known of them after the first pass.

    Args:
        x, y: The versions.
        costs: Of the first pass, settled.
        path: Of the first pass.
    """

    def __init__(
        self,
        x: Witness,
        y: Witness,
        costs: PairCosts,
        path: Sequence[tuple[int, int]],
    ) -> None:
        self.x, self.y = x, y
        rows, columns = len(x), len(y)
        self.band = (
            Band.whole(rows, columns)
            if rows * columns <= _WHOLE
            else Band.around(path, rows, columns, REACH)
        )
        self._signals = PairSignals(x, y, corridor(x.version, y.version), costs.stray)
        self.habit = _habit(path, rows + columns) if rows * columns > _WHOLE else 0.0

    def blocks(self):
        """Yield (first row, last row, first column, last column, signals), ends included."""
        rows = len(self.x)
        step = rows + 1 if self.band.width > len(self.y) else _ROWS
        for first in range(0, rows + 1, step):
            last = min(rows, first + step - 1)
            left = int(self.band.left[first : last + 1].min())
            right = int(self.band.left[first : last + 1].max()) + self.band.width - 1
            yield first, last, left, min(right, len(self.y)), self._signals.block(
                (first, last), (left, min(right, len(self.y)))
            )

    def scores(self, weights: Weights) -> np.ndarray:
        """Return the scores of all steps in the band, shape (steps, rows + 1, width)."""
        band = self.band
        result = np.full((len(SHAPES) + 2, len(self.x) + 1, band.width), NEVER, np.float32)
        for first, last, left, right, block in self.blocks():
            for step, values in _scored(block, weights, first, left, self._seams):
                for i in range(first, last + 1):
                    start = int(band.left[i])
                    stop = min(start + band.width, right + 1)
                    result[step, i, : stop - start] = values[
                        i - first, start - left : stop - left
                    ]
        result[[ALONE_X, ALONE_Y]] += self.habit
        echo_x, echo_y = _echoes(self.x), _echoes(self.y)
        if echo_x.any() and echo_y.any():
            column = band.left[1:, None] + np.arange(band.width)[None] - 1
            both = echo_x[:, None] & echo_y[np.clip(column, 0, len(self.y) - 1)]
            result[SHAPES.index((1, 1)), 1:] += _ECHO * both
        return result

    def _seams(self, a: int, b: int, i: np.ndarray, j: np.ndarray) -> np.ndarray:
        x, y = self.x.version.seams, self.y.version.seams
        inside = np.zeros((len(i), len(j)))
        for k in range(1, a):
            inside += x[np.clip(i - k, 0, len(x) - 1)][:, None]
        for k in range(1, b):
            inside += y[np.clip(j - k, 0, len(y) - 1)][None]
        return _SEAM * inside

    def chances(self, weights: Weights) -> Chances:
        return lattice.chances(
            self.scores(weights), self.band, weights.opening, len(self.y)
        )


def _habit(path: Sequence[tuple[int, int]], segments: int) -> float:
    """Return the logarithm of how much oftener than usual a path leaves segments alone.

    The rate is that of the text and of ``_SEGMENTS`` usual ones together.
    """
    alone = sum(1 for step in path if 0 in step)
    share = (alone + _SEGMENTS * _ALONE_SHARE) / (segments + _SEGMENTS)
    return math.log(share / _ALONE_SHARE)


def _echoes(witness: Witness) -> np.ndarray:
    """Return which segments say the same as the one before or after."""
    vectors = witness.detail.runs[0]
    same = (vectors[1:] * vectors[:-1]).sum(axis=1) > 0.9999
    return np.append(False, same) | np.append(same, False)


def _scored(block: Block, weights: Weights, first: int, left: int, seams):
    """Yield the number of each step and its scores in a block."""
    count = len(NAMES)
    beside = [np.tensordot(row[count:], block.leaks, 1) for row in weights.beads]
    rows, columns = block.leaks.shape[1:]
    i, j = first + np.arange(rows), left + np.arange(columns)
    for step, (a, b) in enumerate(SHAPES):
        if (a, b) in block.beads:
            which = kind((a, b))
            values = np.tensordot(weights.beads[which][:count], block.beads[a, b], 1)
            values += beside[which] + weights.sizes[SIZES.index((min(a, b), max(a, b)))]
            values -= seams(a, b, i, j)
            if (a, b) == (1, 1):
                values += _SAME * (block.beads[a, b][0] > 0.9999)
            values[i < a] = NEVER
            values[:, j < b] = NEVER
            yield step, values
    count = len(ALONE)
    leak = np.tensordot(weights.alone[count:], block.leaks, 1)
    for step, signals, none in (
        (ALONE_X, block.alone_x, (i < 1)[:, None] | np.zeros((1, columns), bool)),
        (ALONE_Y, block.alone_y, np.zeros((rows, 1), bool) | (j < 1)[None]),
    ):
        values = np.tensordot(weights.alone[:count], signals, 1) + leak
        values[none] = NEVER
        yield step, values
