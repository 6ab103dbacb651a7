"""What tells whether a run of segments of one version and a run of another are one bead.

Beyond the cosine of the first pass: how much of each run's tokens the other run says (late
interaction, Khattab and Zaharia 2020), what a run gains or loses with one segment more or less,
and for every place between beads whether the sentences and clauses on its two sides leak across
it. All are worked out block by block; their weights are learned, see ``model``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from toolkit.align.costs import LONGEST, SHAPES, Version, Window, mismatch
from toolkit.encoder import Detail

NAMES = (
    "cosine", "nearest", "usual", "beside", "beside_most", "stretch", "stretch_square",
    "stretch_length", "cosine_stretch", "longer", "shorter", "cover", "cover_least",
    "cover_longer", "cover_shorter", "weakest", "numbers_differ", "numbers_common",
)  # fmt: skip
LEAKS = ("sentence_most", "sentence_sum", "sentence_third", "clause_most", "clause_sum",
         "clause_third")  # fmt: skip
ALONE = ("alone", "local", "nearest", "usual", "local_cover", "length")

_BACKGROUND = 0.35  # cosine of two segments that have nothing to do with each other
_ASSUMED = 4
_BACKGROUND_TOKEN = 0.45
_BACKGROUND_PART = 0.3
_SAMPLED = 24  # segments that tell what a token usually resembles
_SAMPLED_PARTS = 1000
_LOCAL = 3  # segments around the place where one is left alone
_MOST_LEAK = 0.6
_NO_LEAK = -0.3  # what is usual between two beads

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Witness:
    """One version with its vectors of parts and tokens."""

    version: Version
    detail: Detail | None  # None: the encoder shows no parts and tokens

    def __len__(self) -> int:
        return len(self.version)


@dataclass(frozen=True, slots=True)
class Block:
    """Signals of all beads that end in a block of boundaries.

    ``beads[a, b]`` has shape (signals, rows, columns); ``alone_x`` and ``alone_y`` are of the
    segment before each boundary; ``leaks`` are of the boundaries themselves.
    """

    beads: dict[tuple[int, int], np.ndarray]
    alone_x: np.ndarray
    alone_y: np.ndarray
    leaks: np.ndarray


def _top(cosines: np.ndarray, background: float) -> tuple[np.ndarray, np.ndarray]:
    assumed = np.full((len(cosines), _ASSUMED), background, np.float32)
    cosines = np.concatenate([cosines, assumed], axis=1)
    nearest = -np.partition(-cosines, 3, axis=1)[:, :4].mean(axis=1)
    return nearest, cosines.mean(axis=1)


def _hubs(run: np.ndarray, others: np.ndarray, windows: Sequence[Window]) -> list[np.ndarray]:
    """Return the mean of the four highest and of all cosines of a run to the other version."""
    near, mean, weight = (np.zeros(len(run)) for _ in range(3))
    for (first, last), (left, right) in windows:
        last = min(last, len(run))
        if first < last and left < right:
            found = _top(run[first:last] @ others[left:right].T, _BACKGROUND)
            near[first:last] += found[0]
            mean[first:last] += found[1]
            weight[first:last] += 1
    return [total / np.maximum(weight, 1) for total in (near, mean)]


def _evenly(size: int, count: int) -> np.ndarray:
    return np.unique(np.linspace(0, size - 1, min(size, count)).round().astype(int))


def _token_base(x: Detail, y: Detail) -> np.ndarray:
    """Return how near the tokens of x usually are to the nearest token of a segment of y."""
    picked = _evenly(len(y.token_cuts) - 1, _SAMPLED if x.tokens.dtype == np.float32 else 8)
    total = np.full(len(x.tokens), _BACKGROUND_TOKEN * _ASSUMED, np.float32)
    for first in range(0, len(x.tokens), 20_000):
        rows = x.tokens[first : first + 20_000].astype(np.float32)
        for k in picked:
            other = y.tokens[y.token_cuts[k] : y.token_cuts[k + 1]].astype(np.float32)
            if len(other):
                total[first : first + 20_000] += (rows @ other.T).max(axis=1)
    return total / (len(picked) + _ASSUMED)


def _part_near(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    other = y[_evenly(len(y), _SAMPLED_PARTS)]
    return np.concatenate(
        [_top(x[k : k + 4096] @ other.T, _BACKGROUND_PART)[0] for k in range(0, len(x), 4096)]
    ).astype(np.float32)


class PairSignals:
    """The signals of two versions.

    Args:
        x, y: The versions, none of them empty.
        windows: As in ``costs.PairCosts``: within them what a run usually resembles is measured.
        stray: As there.
    """

    def __init__(self, x: Witness, y: Witness, windows: Sequence[Window], stray: float) -> None:
        self.x, self.y, self.stray = x, y, stray
        if all(columns == (0, len(y)) for _, columns in windows):
            windows = [((0, len(x)), (0, len(y)))]
        turned = [(columns, rows) for rows, columns in windows]
        self._hub_x = [_hubs(r, y.detail.runs[0], windows) for r in x.detail.runs]
        self._hub_y = [_hubs(r, x.detail.runs[0], turned) for r in y.detail.runs]
        self._base_x = _token_base(x.detail, y.detail)
        self._base_y = _token_base(y.detail, x.detail)
        self._near_x = [
            _part_near(a, b) for a, b in zip(x.detail.parts, y.detail.parts, strict=True)
        ]
        self._near_y = [
            _part_near(b, a) for a, b in zip(x.detail.parts, y.detail.parts, strict=True)
        ]

    def block(self, rows: Range, columns: Range) -> Block:
        """Return the signals of what ends at boundaries of two ranges, both ends included."""
        x, y = self.x, self.y
        # Some boundaries more on each side: a run is compared with longer and shorter ones, a
        # segment alone with those around it.
        grid = _Grid(self, np.arange(rows[0] - _LOCAL, rows[1] + _LOCAL + 1),
                     np.arange(columns[0] - _LOCAL, columns[1] + _LOCAL + 1))  # fmt: skip
        inner = slice(_LOCAL, -_LOCAL)
        beads = {}
        for a, b in SHAPES:
            if a <= len(x) and b <= len(y):
                signals = np.stack(grid.bead(a, b))[:, inner, inner].astype(np.float32)
                beads[a, b] = np.nan_to_num(signals)
        alone = [
            np.nan_to_num(np.stack(grid.alone(axis))[:, inner, inner].astype(np.float32))
            for axis in (0, 1)
        ]
        leaks = np.concatenate([self._leaks(level, rows, columns) for level in range(2)])
        return Block(beads, alone[0], alone[1], leaks)

    def _leaks(self, level: int, rows: Range, columns: Range) -> np.ndarray:
        """Return how far parts beside each boundary say what lies on its other side."""
        n, m = len(self.x), len(self.y)
        first, last = max(0, rows[0] - 3), min(n, rows[1] + 3)
        left, right = max(0, columns[0] - 3), min(m, columns[1] + 3)
        cuts_x = self.x.detail.part_cuts[level][first : last + 1]
        cuts_y = self.y.detail.part_cuts[level][left : right + 1]
        span_x, span_y = slice(cuts_x[0], cuts_x[-1]), slice(cuts_y[0], cuts_y[-1])
        near = self._near_x[level][span_x, None] + self._near_y[level][None, span_y]
        cosines = self.x.detail.parts[level][span_x] @ self.y.detail.parts[level][span_y].T
        cosines -= 0.5 * near
        cuts_x, cuts_y = cuts_x - cuts_x[0], cuts_y - cuts_y[0]
        to_y = np.maximum.reduceat(cosines, cuts_y[:-1], axis=1)  # parts of x, segments of y
        to_x = np.maximum.reduceat(cosines, cuts_x[:-1], axis=0)  # segments of x, parts of y
        first_x, last_x = to_y[cuts_x[:-1]], to_y[cuts_x[1:] - 1]
        first_y, last_y = to_x[:, cuts_y[:-1]], to_x[:, cuts_y[1:] - 1]
        i = np.arange(rows[0], rows[1] + 1)[:, None]
        j = np.arange(columns[0], columns[1] + 1)[None]

        def at(found: np.ndarray, row: int, column: int) -> np.ndarray:
            p, q = i + row, j + column
            inside = (p >= 0) & (p < n) & (q >= 0) & (q < m)
            p, q = np.clip(p, first, last - 1) - first, np.clip(q, left, right - 1) - left
            return np.where(inside, found[p, q], np.nan)

        leaks = [
            at(last_x, -1, 0) - np.fmax(at(last_x, -1, -1), at(last_x, -1, -2)),
            at(first_x, 0, -1) - np.fmax(at(first_x, 0, 0), at(first_x, 0, 1)),
            at(last_y, 0, -1) - np.fmax(at(last_y, -1, -1), at(last_y, -2, -1)),
            at(first_y, -1, 0) - np.fmax(at(first_y, 0, 0), at(first_y, 1, 0)),
        ]
        found = np.clip(np.stack(leaks), -_MOST_LEAK, _MOST_LEAK)
        found[np.isnan(found)] = _NO_LEAK  # nothing lies on one of the two sides
        return np.stack(
            [found.max(axis=0), np.maximum(found, 0).sum(axis=0), np.sort(found, axis=0)[2]]
        )


class _Grid:
    """The pieces that the signals of one block are made of, a little larger on each side."""

    def __init__(self, pair: PairSignals, i: np.ndarray, j: np.ndarray) -> None:
        self.pair, self.i, self.j = pair, i, j
        self.n, self.m = len(pair.x), len(pair.y)
        self._none = np.full((len(i), len(j)), np.nan, np.float32)
        sizes = range(1, LONGEST + 2)
        shapes = [(a, b) for a in sizes for b in sizes
                  if a + b <= LONGEST + 2 and a <= self.n and b <= self.m]  # fmt: skip
        self._cosines = {shape: self._masked(self._cosine(*shape), *shape) for shape in shapes}
        self._cover_tokens(shapes)

    def _masked(self, values: np.ndarray, a: int, b: int) -> np.ndarray:
        values[(self.i < a) | (self.i > self.n)] = np.nan
        values[:, (self.j < b) | (self.j > self.m)] = np.nan
        return values

    def _at(self, ends: np.ndarray, count: int, size: int) -> np.ndarray:
        return np.clip(ends - count, 0, max(0, size - count))

    def _cosine(self, a: int, b: int) -> np.ndarray:
        runs_x, runs_y = self.pair.x.detail.runs, self.pair.y.detail.runs
        one, other = self._at(self.i, a, self.n), self._at(self.j, b, self.m)
        return runs_x[a - 1][one] @ runs_y[b - 1][other].T

    def _cover_tokens(self, shapes: Sequence[tuple[int, int]]) -> None:
        x, y = self.pair.x.detail, self.pair.y.detail
        first, last = max(0, self.i[0] - LONGEST - 1), min(self.n, self.i[-1])
        left, right = max(0, self.j[0] - LONGEST - 1), min(self.m, self.j[-1])
        cuts_x, cuts_y = x.token_cuts[first : last + 1], y.token_cuts[left : right + 1]
        span_x, span_y = slice(cuts_x[0], cuts_x[-1]), slice(cuts_y[0], cuts_y[-1])
        between = x.tokens[span_x].astype(np.float32) @ y.tokens[span_y].astype(np.float32).T
        cuts_x, cuts_y = cuts_x - cuts_x[0], cuts_y - cuts_y[0]
        by_y = _covered(between, self.pair._base_x[span_x], cuts_x, cuts_y)
        by_x = _covered(between.T, self.pair._base_y[span_y], cuts_y, cuts_x)
        self._cover_x, self._cover_y = {}, {}
        self._weak_x, self._weak_y = {}, {}
        for a, b in shapes:
            if b - 1 >= len(by_y) or a - 1 >= len(by_x):
                continue
            cover, weak = _of_runs(by_y[b - 1], cuts_x, self.i - first, a, self.j - left - b)
            self._cover_x[a, b], self._weak_x[a, b] = (
                self._masked(v, a, b) for v in (cover, weak)
            )
            cover, weak = _of_runs(by_x[a - 1], cuts_y, self.j - left, b, self.i - first - a)
            self._cover_y[a, b], self._weak_y[a, b] = (
                self._masked(v.T, a, b) for v in (cover, weak)
            )

    def _moved(self, found: dict, a: int, b: int, row: int = 0, column: int = 0) -> np.ndarray:
        """Return the values of a shape at boundaries (i + row, j + column)."""
        values = found.get((a, b), self._none)
        if not row and not column:
            return values
        result = np.full_like(values, np.nan)
        rows, columns = values.shape
        result[max(0, -row) : rows - max(0, row), max(0, -column) : columns - max(0, column)] = (
            values[max(0, row) : rows - max(0, -row), max(0, column) : columns - max(0, -column)]
        )
        return result

    def _beside(self, a: int, b: int) -> list[np.ndarray]:
        x, y = self.pair.x.detail.runs, self.pair.y.detail.runs
        before_y = x[a - 1][self._at(self.i, a, self.n)] @ y[0][_clip(self.j - b - 1, self.m)].T
        before_y[:, (self.j - b - 1 < 0) | (self.j - b - 1 >= self.m)] = np.nan
        before_x = x[0][_clip(self.i - a - 1, self.n)] @ y[b - 1][self._at(self.j, b, self.m)].T
        before_x[(self.i - a - 1 < 0) | (self.i - a - 1 >= self.n)] = np.nan
        found = [before_y, self._moved(self._cosines, a, 1, 0, 1),
                 before_x, self._moved(self._cosines, 1, b, 1, 0)]  # fmt: skip
        return [np.where(np.isnan(values), _BACKGROUND, values) for values in found]

    def bead(self, a: int, b: int) -> list[np.ndarray]:
        """Return the signals of one shape, in the order of ``NAMES``."""
        pair, i, j = self.pair, self.i, self.j
        cosine = self._cosines[a, b]
        at_x, at_y = self._at(i, a, self.n), self._at(j, b, self.m)
        nearest, usual = (
            (pair._hub_x[a - 1][k][at_x][:, None] + pair._hub_y[b - 1][k][at_y][None]) / 2
            for k in (0, 1)
        )
        beside = self._beside(a, b)
        extent_x, extent_y = pair.x.version.extent, pair.y.version.extent
        length_x = extent_x[np.clip(i, 0, self.n)] - extent_x[np.clip(i - a, 0, self.n)]
        length_y = extent_y[np.clip(j, 0, self.m)] - extent_y[np.clip(j - b, 0, self.m)]
        length_x, length_y = length_x[:, None], length_y[None] * np.exp(pair.stray)
        stretch = np.log(np.maximum(length_x, 1e-6)) - np.log(np.maximum(length_y, 1e-6))
        stretch = np.minimum(np.abs(stretch), 3)
        moved, cosines = self._moved, self._cosines
        longer = np.fmax.reduce([
            moved(cosines, a + 1, b), moved(cosines, a + 1, b, 1, 0),
            moved(cosines, a, b + 1), moved(cosines, a, b + 1, 0, 1),
        ]) - cosine  # fmt: skip
        cover_x = self._cover_x.get((a, b), self._none)
        cover_y = self._cover_y.get((a, b), self._none)
        cover_longer = np.fmax.reduce([
            moved(self._cover_x, a, b + 1) - cover_x,
            moved(self._cover_x, a, b + 1, 0, 1) - cover_x,
            moved(self._cover_y, a + 1, b) - cover_y,
            moved(self._cover_y, a + 1, b, 1, 0) - cover_y,
        ])  # fmt: skip
        shorter = cover_shorter = weakest = np.zeros_like(cosine)
        if (a, b) != (1, 1):
            less, lost = [], []
            if a > 1:
                less += [moved(cosines, a - 1, b), moved(cosines, a - 1, b, -1, 0)]
                lost += [moved(self._cover_y, a - 1, b), moved(self._cover_y, a - 1, b, -1, 0)]
                lost = [cover_y - values for values in lost]
            if b > 1:
                less += [moved(cosines, a, b - 1), moved(cosines, a, b - 1, 0, -1)]
                lost += [cover_x - moved(self._cover_x, a, b - 1),
                         cover_x - moved(self._cover_x, a, b - 1, 0, -1)]  # fmt: skip
            shorter = cosine - np.fmax.reduce(less)
            cover_shorter = np.fmin.reduce(lost)
            weakest = np.minimum(
                self._weak_x.get((a, b), self._none), self._weak_y.get((a, b), self._none)
            )
        differ, common = mismatch(pair.x.version.numbers, pair.y.version.numbers, i, a, j, b)
        return [
            cosine, nearest, usual, sum(beside) / 4, np.fmax.reduce(beside), stretch, stretch**2,
            stretch**2 * np.sqrt((length_x + length_y) / 40),
            (cosine - usual) * np.log2(1 + np.exp(-stretch)),
            np.where(np.isnan(longer), -0.05, longer), shorter,
            (cover_x + cover_y) / 2, np.minimum(cover_x, cover_y),
            np.where(np.isnan(cover_longer), 0.02, cover_longer), cover_shorter, weakest,
            differ, np.minimum(common, 3),
        ]  # fmt: skip

    def alone(self, axis: int) -> list[np.ndarray]:
        """Return the signals of the segment before each boundary of x (axis 0) or of y (1)."""
        cosine = np.where(np.isnan(self._cosines[1, 1]), -1, self._cosines[1, 1])
        cover = (self._cover_x[1, 1] + self._cover_y[1, 1]) / 2
        cover = np.where(np.isnan(cover), -1, cover)
        local, local_cover = (np.full_like(values, -1) for values in (cosine, cover))
        for step in range(-_LOCAL + 1, _LOCAL + 1):
            row, column = (0, step) if axis == 0 else (step, 0)
            local = np.fmax(local, self._moved({(1, 1): cosine}, 1, 1, row, column))
            local_cover = np.fmax(local_cover, self._moved({(1, 1): cover}, 1, 1, row, column))
        side, hubs = (
            (self.pair.x, self.pair._hub_x) if axis == 0 else (self.pair.y, self.pair._hub_y)
        )
        places = self._at(self.i if axis == 0 else self.j, 1, len(side))
        extent = side.version.extent
        length = np.log(np.diff(extent) / (extent[-1] / len(side)))
        spread = [values[places] for values in (hubs[0][0], hubs[0][1], length)]
        shape = local.shape
        nearest, usual, length = (
            np.broadcast_to(v[:, None] if axis == 0 else v[None], shape) for v in spread
        )
        return [
            np.ones(shape), np.where(local < -0.5, _BACKGROUND, local), nearest, usual,
            np.where(local_cover < -0.5, 0, local_cover), length,
        ]  # fmt: skip


def _clip(places: np.ndarray, size: int) -> np.ndarray:
    return np.clip(places, 0, size - 1)


def _covered(
    between: np.ndarray, base: np.ndarray, rows: np.ndarray, columns: np.ndarray
) -> list[np.ndarray]:
    """Return, for runs of 1, 2 … columns' segments, the sums over the tokens of each row segment.

    A token counts by how much nearer it is to the nearest token of the run than it usually is.
    """
    nearest = _by_segment(np.maximum, between, columns, 1) - base[:, None]
    result, current = [], nearest
    for size in range(1, min(LONGEST + 1, nearest.shape[1]) + 1):
        if size > 1:
            current = np.maximum(current[:, :-1], nearest[:, size - 1 :])
        result.append(_by_segment(np.add, current, rows, 0))
    return result


def _by_segment(
    operation: np.ufunc, values: np.ndarray, cuts: np.ndarray, axis: int
) -> np.ndarray:
    """Reduce tokens to segments; a segment without tokens has zero."""
    filled = np.diff(cuts) > 0
    shape = list(values.shape)
    shape[axis] = len(filled)
    result = np.zeros(shape, np.float32)
    place: list = [slice(None), slice(None)]
    place[axis] = filled
    if filled.any():
        result[tuple(place)] = operation.reduceat(values, cuts[:-1][filled], axis=axis)
    return result


def _of_runs(
    sums: np.ndarray, cuts: np.ndarray, ends: np.ndarray, count: int, starts: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean over a run's tokens, and the mean of its weakest segment."""
    size = len(cuts) - 1
    running = np.concatenate([np.zeros((1, sums.shape[1])), np.cumsum(sums, axis=0)])
    start, end = np.clip(ends - count, 0, size), np.clip(ends, 0, size)
    columns = np.clip(starts, 0, sums.shape[1] - 1)
    tokens = np.maximum(cuts[end] - cuts[start], 1)[:, None]
    mean = ((running[end] - running[start])[:, columns] / tokens).astype(np.float32)
    single = sums[:, columns] / np.maximum(np.diff(cuts), 1)[:, None]
    weakest = single[np.clip(ends - 1, 0, size - 1)]
    for k in range(2, count + 1):
        weakest = np.minimum(weakest, single[np.clip(ends - k, 0, size - 1)])
    return mean, weakest.astype(np.float32)
