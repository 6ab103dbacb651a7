"""The cheapest monotone path through two versions: every segment in one bead or alone.

Source: the recurrence of Gale and Church (1993), over all shapes of ``costs.SHAPES``; long texts
stay near a path found on a coarser grid, as in Vecalign (Thompson and Koehn 2019).
"""

from collections.abc import Sequence

import numpy as np

from toolkit.align.costs import LONGEST, SHAPES, PairCosts, Version

Block = tuple[tuple[int, int], tuple[int, int]]
Step = tuple[int, int]

_CELLS = 1_500_000  # pairs of segments that are compared each with each
_ROWS = 64  # rows worked out at once
_REACH = 80  # segments to either side of the coarse path
_SURE = 3.5  # standard deviations by which a sure pair's cosine exceeds what is usual
_SKIP_X, _SKIP_Y = len(SHAPES), len(SHAPES) + 1
_EPSILON = 1e-9  # what is cheaper by less is not cheaper, so that rounding decides nothing


def pair_path(x: Version, y: Version) -> tuple[PairCosts, list[Step]]:
    """Return the costs of two versions and the shapes of their cheapest path.

    The ratio of lengths is the usual one of the languages at first, then that of the first path.
    """
    blocks = corridor(x, y)
    costs = PairCosts(x, y, blocks)
    costs.settle(best_path(costs, blocks))
    return costs, best_path(costs, blocks)


def best_path(costs: PairCosts, corridor: Sequence[Block]) -> list[Step]:
    """Return the shapes (a, b) of the cheapest path from the first segments to the last.

    A segment left alone is (1, 0) or (0, 1).

    Args:
        costs: Of the two versions.
        corridor: Blocks of rows and columns, ends excluded, that follow each other along the
            rows and hold the path; see ``corridor``.
    """
    skip = costs.weights.skip
    totals: list[tuple[int, np.ndarray]] = []  # by row: first boundary kept, cost from the start
    choices: list[tuple[int, np.ndarray]] = []
    for number, ((first, last), columns) in enumerate(corridor):
        begin = first + 1 if number else 0
        block = costs.block((begin, last), columns)
        boundary = np.arange(columns[0], columns[1] + 1)
        for row in range(begin, last + 1):
            best = np.full(len(boundary), np.inf)
            choice = np.full(len(boundary), _SKIP_X, dtype=np.uint8)
            if row == 0:
                best[0] = 0.0
            else:
                best = _row(totals[row - 1], boundary) + skip
                for shape, (a, b) in enumerate(SHAPES):
                    if a > row:
                        continue
                    total = _row(totals[row - a], boundary - b) + block[a, b][row - begin]
                    better = total < best - _EPSILON
                    best[better] = total[better]
                    choice[better] = shape
            # Segments of y left alone in a row: each costs the same, so one sweep finds the best.
            level = best - skip * boundary
            swept = np.minimum.accumulate(level) + skip * boundary
            alone = swept < best - _EPSILON
            choice[alone] = _SKIP_Y
            best[alone] = swept[alone]
            totals.append((columns[0], best))
            choices.append((columns[0], choice))
            if row > LONGEST:
                totals[row - LONGEST - 1] = (0, np.empty(0))
    return _trace(choices, len(costs.x), len(costs.y))


def _row(kept: tuple[int, np.ndarray], boundary: np.ndarray) -> np.ndarray:
    """Return the totals of a row at some boundaries, infinity where none was kept."""
    place = boundary - kept[0]
    inside = (place >= 0) & (place < len(kept[1]))
    result = np.full(len(boundary), np.inf)
    result[inside] = kept[1][place[inside]]
    return result


def _trace(choices: list[tuple[int, np.ndarray]], i: int, j: int) -> list[Step]:
    steps = []
    while i or j:
        start, choice = choices[i]
        shape = int(choice[j - start])
        step = (1, 0) if shape == _SKIP_X else (0, 1) if shape == _SKIP_Y else SHAPES[shape]
        steps.append(step)
        i, j = i - step[0], j - step[1]
    return steps[::-1]


def corridor(x: Version, y: Version) -> list[Block]:
    """Return the blocks within which the two versions are compared.

    Short texts: all columns for all rows. Long ones: near the path that neighbouring segments,
    averaged until there are few enough, and then the segments themselves take one by one. Memory
    and time grow with the length, not with its square.
    """
    rows, columns = len(x), len(y)
    if rows * columns <= _CELLS:
        return _blocks([(0, columns)] * rows, columns)
    steps, _ = rough_path(_unit(x.runs[0]), _unit(y.runs[0]))
    return _blocks(_around(boundaries(steps), rows, columns, _REACH), columns)


def _blocks(spans: list[tuple[int, int]], columns: int) -> list[Block]:
    """Cut rows into blocks; the first begins and the last ends with the texts."""
    blocks: list[Block] = []
    for first in range(0, len(spans), _ROWS):
        part = spans[first : first + _ROWS]
        left = 0 if first == 0 else part[0][0]
        right = columns if first + _ROWS >= len(spans) else part[-1][1]
        blocks.append(((first, first + len(part)), (left, right)))
    return blocks


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


def rough_path(x: np.ndarray, y: np.ndarray) -> tuple[list[Step], np.ndarray]:
    """Return a rough path, of pairs and single segments only, and the pairs that are sure.

    Args:
        x, y: Unit rows, in any precision; none empty.

    Returns:
        The steps, and for each row of x the row of y that is by far the nearest to it around the
        path, as it is the nearest to that one; -1 if there is none.
    """
    rows, columns = len(x), len(y)
    spans = [(0, columns)] * rows
    if rows * columns > _CELLS:
        steps, _ = rough_path(_halved(x), _halved(y))
        coarse = [(2 * i, 2 * j) for i, j in boundaries(steps)]
        spans = _around(coarse, rows, columns, 2 * _REACH)
    return _pair_path(x, y, _blocks(spans, columns))


def boundaries(path: Sequence[Step]) -> list[Step]:
    """Return the places between the steps of a path, both ends included."""
    points, i, j = [(0, 0)], 0, 0
    for a, b in path:
        i, j = i + a, j + b
        points.append((i, j))
    return points


def _halved(vectors: np.ndarray) -> np.ndarray:
    even = vectors[: len(vectors) // 2 * 2].reshape(-1, 2, vectors.shape[1])
    even = even.sum(axis=1, dtype=np.float32)
    halved = _unit(np.concatenate([even, vectors[len(even) * 2 :]]))
    return halved.astype(vectors.dtype, copy=False)


def _around(
    points: list[Step], rows: int, columns: int, reach: int
) -> list[tuple[int, int]]:
    """Return, for each row, the columns within reach of a path, both ends never falling."""
    low, high = np.full(rows + 1, columns), np.zeros(rows + 1, dtype=int)
    for i, j in points:
        i, j = min(i, rows), min(j, columns)
        low[i], high[i] = min(low[i], j), max(high[i], j)
    low = np.minimum.accumulate(low[::-1])[::-1]  # rows between two points of a coarse path
    high = np.maximum.accumulate(high)
    before = np.maximum(np.arange(rows) - reach, 0)
    after = np.minimum(np.arange(rows) + 1 + reach, rows)
    left = np.maximum(low[before] - reach, 0)
    right = np.minimum(high[after] + reach, columns)
    return list(zip(left.tolist(), right.tolist(), strict=True))


def _pair_path(
    x: np.ndarray, y: np.ndarray, blocks: list[Block]
) -> tuple[list[Step], np.ndarray]:
    """Return the path of 1:1 beads with the highest sum of cosines, and the mutually nearest.

    A cosine counts as far as it exceeds what is usual around it.
    """
    nearest = np.full(len(x), -1)
    kept: tuple[int, np.ndarray] = (0, np.zeros(0))
    choices: list[tuple[int, np.ndarray]] = []
    for number, ((first, last), (left, right)) in enumerate(blocks):
        gain = x[first:last].astype(np.float32) @ y[left:right].astype(np.float32).T
        best, places = gain.argmax(axis=1), np.arange(last - first)
        mutual = gain.argmax(axis=0)[best] == places
        gain -= (gain.mean(axis=1, keepdims=True) + gain.mean(axis=0, keepdims=True)) / 2
        usual = gain.std()
        sure = mutual & (gain[places, best] > _SURE * usual)
        nearest[first:last][sure] = left + best[sure]
        gain = np.maximum(gain - usual, 0)
        boundary = np.arange(left, right + 1)
        if number == 0:
            kept = (left, np.zeros(len(boundary)))
            choices.append((left, np.full(len(boundary), _SKIP_Y, dtype=np.uint8)))
        for row in range(first, last):
            best = -_row((kept[0], -kept[1]), boundary)
            choice = np.full(len(boundary), _SKIP_X, dtype=np.uint8)
            paired = -_row((kept[0], -kept[1]), boundary[:-1]) + gain[row - first]
            better = paired > best[1:] + _EPSILON
            best[1:][better] = paired[better]
            choice[1:][better] = 0
            swept = np.maximum.accumulate(best)
            alone = swept > best + _EPSILON
            choice[alone] = _SKIP_Y
            kept = (left, swept)
            choices.append((left, choice))
    return _trace(choices, len(x), len(y)), nearest
