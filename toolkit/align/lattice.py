"""All monotone paths through a band of two versions at once: what each bead's chance is.

A path's weight is the exponential of the sum of its beads' scores, so that the chance of a bead is
the share of the paths through it (forward-backward over a semi-Markov chain, Sarawagi and Cohen
2004). A row of segments left alone pays once for being opened. The path taken is not the heaviest
but the one with the most right beads expected: strict F1 counts beads.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from toolkit.align.costs import SHAPES

Step = tuple[int, int]

NEVER = -1e9
ALONE_X, ALONE_Y = len(SHAPES), len(SHAPES) + 1
_STEPS: tuple[Step, ...] = (*SHAPES, (1, 0), (0, 1))
_BAR = 0.42  # a bead is worth making above this chance of being right, times two F1 …
_SINGLE = 0.8  # … and a segment alone counts for less: recall leaves it out
_FIRM = 0.5  # share of the sharpened chances
_SHARPER = 4.0
_EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Band:
    """For each boundary of x the boundaries of y that are looked at: ``left[i]`` and so many."""

    left: np.ndarray
    width: int

    @classmethod
    def around(cls, path: Sequence[Step], rows: int, columns: int, reach: int) -> "Band":
        """Return the band within ``reach`` segments of a path, in both directions."""
        low, high = np.full(rows + 1, columns), np.zeros(rows + 1, dtype=int)
        i = j = 0
        for a, b in [(0, 0), *path]:
            i, j = i + a, j + b
            first, last = max(0, i - reach), min(rows, i + reach) + 1
            np.minimum(low[first:last], max(0, j - reach), out=low[first:last])
            np.maximum(high[first:last], min(columns, j + reach), out=high[first:last])
        width = int((high - low).max()) + 1
        return cls(np.minimum(low, columns + 1 - width), width)

    @classmethod
    def whole(cls, rows: int, columns: int) -> "Band":
        return cls(np.zeros(rows + 1, dtype=int), columns + 1)


@dataclass(frozen=True, slots=True)
class Chances:
    """The chance of every step that ends at a boundary of the band, by the order of ``STEPS``."""

    band: Band
    steps: np.ndarray  # (steps, rows + 1, width)
    alone_x: np.ndarray  # of each segment of x, wherever it lies
    alone_y: np.ndarray
    total: float  # logarithm of the weight of all paths

    def of(self, step: Step, i: int, j: int) -> float:
        """Return the chance of the step that ends at boundaries i and j."""
        if step == (1, 0):
            return float(self.alone_x[i - 1])
        if step == (0, 1):
            return float(self.alone_y[j - 1])
        place = j - self.band.left[i]
        if step not in _STEPS or not 0 <= place < self.band.width:
            return 0.0
        return float(self.steps[_STEPS.index(step), i, place])


class _Rows:
    """Values by boundary of a band, read at any column."""

    def __init__(self, band: Band, count: int) -> None:
        self._left, self._width = band.left, band.width
        self._pad = band.width + 8
        self.values = np.full((count, band.width + 2 * self._pad), NEVER)

    def row(self, i: int) -> np.ndarray:
        return self.values[i, self._pad : self._pad + self._width]

    @property
    def inner(self) -> np.ndarray:
        return self.values[:, self._pad : self._pad + self._width]

    def before(self, a: int, b: int) -> np.ndarray:
        """Return, from row a on, the values a rows up and b columns to the left of each."""
        start = self._pad + self._left[a:] - b - self._left[: max(0, len(self._left) - a)]
        start = np.clip(start, 0, self._pad + self._width)
        rows = np.arange(len(start))[:, None]
        return self.values[rows, start[:, None] + np.arange(self._width)]

    def at(self, i: int, first: int) -> np.ndarray:
        """Return the values of row i from column ``first`` on."""
        start = self._pad + first - int(self._left[i])
        start = min(max(start, 0), self._pad + self._width)
        return self.values[i, start : start + self._width]


def _sweep(values: np.ndarray, step: np.ndarray, opened: float | None = None) -> np.ndarray:
    """Return, at each column, the sum over all columns before it of going on by single steps."""
    level = np.cumsum(np.maximum(step, -200.0))
    return np.maximum(np.logaddexp.accumulate(values - level) + level, NEVER)


def chances(scores: np.ndarray, band: Band, opening: float, columns: int) -> Chances:
    """Return the chance of every step.

    Args:
        scores: Shape (steps, rows + 1, width); of the step that ends there, ``NEVER`` where there
            is no room.
        band: Of the scores.
        opening: Score of leaving a segment alone after a bead or at the beginning.
        columns: Segments of y.
    """
    rows = scores.shape[1] - 1
    left = band.left.tolist()
    after_bead, after_alone, either = (_Rows(band, rows + 1) for _ in range(3))
    for i in range(rows + 1):
        if i == 0:
            after_bead.row(0)[-left[0]] = 0.0
        else:
            ways = [
                either.at(i - a, left[i] - b) + scores[k, i]
                for k, (a, b) in enumerate(SHAPES) if a <= i
            ]  # fmt: skip
            after_bead.row(i)[:] = np.maximum(_log_sum(np.stack(ways)), NEVER)
        fresh = np.full(band.width, NEVER)
        if i:
            before = np.logaddexp(
                after_alone.at(i - 1, left[i]), after_bead.at(i - 1, left[i]) + opening
            )
            fresh = before + scores[ALONE_X, i]
        fresh = np.logaddexp(
            fresh, after_bead.at(i, left[i] - 1) + opening + scores[ALONE_Y, i]
        )
        after_alone.row(i)[:] = _sweep(fresh, scores[ALONE_Y, i])
        either.row(i)[:] = np.maximum(
            np.logaddexp(after_bead.row(i), after_alone.row(i)), NEVER
        )
    total = float(either.row(rows)[columns - left[rows]])

    from_bead, from_alone = _Rows(band, rows + 1), _Rows(band, rows + 1)
    padded = np.full((scores.shape[0], rows + 1, band.width * 3 + 16), NEVER, np.float32)
    pad = band.width + 8
    padded[:, :, pad : pad + band.width] = scores
    found = np.zeros_like(scores, dtype=np.float32)
    for i in range(rows, -1, -1):
        ways = []
        for k, (a, b) in enumerate(SHAPES):
            if i + a <= rows:
                start = min(max(pad + left[i] + b - left[i + a], 0), pad + band.width)
                score = padded[k, i + a, start : start + band.width]
                ways.append(from_bead.at(i + a, left[i] + b) + score)
        bead = np.full(band.width, NEVER) if not ways else _log_sum(np.stack(ways))
        if i == rows:
            bead[columns - left[i]] = 0.0
        down = np.full(band.width, NEVER)
        if i < rows:
            start = min(max(pad + left[i] - left[i + 1], 0), pad + band.width)
            down = from_alone.at(i + 1, left[i]) + padded[
                ALONE_X, i + 1, start : start + band.width
            ]
        across = padded[ALONE_Y, i, pad + 1 : pad + 1 + band.width]
        fresh = np.logaddexp(bead, down)
        from_alone.row(i)[:] = _sweep(fresh[::-1], np.append(across[:-1], 0.0)[::-1])[::-1]
        onward = from_alone.at(i, left[i] + 1) + across
        from_bead.row(i)[:] = np.maximum(
            np.logaddexp(bead, opening + np.logaddexp(down, onward)), NEVER
        )
    for k, (a, b) in enumerate(SHAPES):
        if a <= rows:
            before = either.before(a, b)
            found[k, a:] = _chance(before + scores[k, a:] + from_bead.inner[a:] - total)
    for k, (a, b) in ((ALONE_X, (1, 0)), (ALONE_Y, (0, 1))):
        before = np.logaddexp(after_alone.before(a, b), after_bead.before(a, b) + opening)
        found[k, a:] = _chance(before + scores[k, a:] + from_alone.inner[a:] - total)
    alone_y = np.zeros(columns + 1)
    for i in range(rows + 1):
        reach = min(band.width, columns + 1 - left[i])
        alone_y[left[i] : left[i] + reach] += found[ALONE_Y, i, :reach]
    alone_x = found[ALONE_X].sum(axis=1, dtype=float)
    return Chances(
        band, found, np.minimum(alone_x[1:], 1.0), np.minimum(alone_y[1:], 1.0), total
    )


def _log_sum(ways: np.ndarray) -> np.ndarray:
    top = ways.max(axis=0)
    return top + np.log(np.exp(ways - top).sum(axis=0))


def _chance(logarithm: np.ndarray) -> np.ndarray:
    return np.exp(np.minimum(logarithm, 0.0))


def gains(
    found: Chances, firm: Chances | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what each bead, and each segment of x and of y left alone, adds to the result.

    Args:
        found: The chances.
        firm: The chances of the sharpened scores, as ``sharpened`` makes them; where nothing is
            likely, as among lines that are all the same, they keep to the best path.
    """
    shares = [(found, 1.0)] if firm is None else [(found, 1 - _FIRM), (firm, _FIRM)]
    beads = sum(share * one.steps[: len(SHAPES)] for one, share in shares)
    alone_x = sum(share * one.alone_x for one, share in shares)
    alone_y = sum(share * one.alone_y for one, share in shares)
    return beads - _BAR, _SINGLE * alone_x - _BAR, _SINGLE * alone_y - _BAR


def sharpened(scores: np.ndarray, band: Band, opening: float, columns: int) -> Chances:
    """Return chances that lie nearly all on the heaviest path."""
    sharp = np.where(scores > NEVER / 2, scores * _SHARPER, NEVER)
    return chances(sharp, band, opening * _SHARPER, columns)


def best_steps(found: Chances, firm: Chances | None = None) -> list[Step]:
    """Return the steps of the path with the most right beads expected; see ``gains``."""
    rows, columns = len(found.alone_x), len(found.alone_y)
    band = found.band
    beads, single_x, single_y = gains(found, firm)
    across = np.concatenate([[0.0], single_y])
    left = band.left.tolist()
    totals = _Rows(band, rows + 1)
    choices = np.zeros((rows + 1, band.width), dtype=np.uint8)
    for i in range(rows + 1):
        best = np.full(band.width, NEVER)
        if i == 0:
            best[-left[0]] = 0.0
        else:
            best = totals.at(i - 1, left[i]) + single_x[i - 1]
            choices[i] = ALONE_X
            for k, (a, b) in enumerate(SHAPES):
                if a <= i:
                    value = totals.at(i - a, left[i] - b) + beads[k, i]
                    # What has no chance at all has no room, or might as well have none.
                    better = (value > best + _EPSILON) & (found.steps[k, i] > 0)
                    best = np.where(better, value, best)
                    choices[i, better] = k
        step = across[np.clip(left[i] + np.arange(band.width), 0, columns)]
        level = np.cumsum(step)
        swept = np.maximum.accumulate(best - level) + level
        alone = swept > best + _EPSILON
        choices[i, alone] = ALONE_Y
        totals.row(i)[:] = np.where(alone, swept, best)
    steps = []
    i, j = rows, columns
    while i or j:
        choice = int(choices[i, j - left[i]])
        if i == 0 or (choice == ALONE_X and i == 0):
            choice = ALONE_Y
        elif j == 0:
            choice = ALONE_X
        step = _STEPS[choice]
        steps.append(step)
        i, j = i - step[0], j - step[1]
    return steps[::-1]
