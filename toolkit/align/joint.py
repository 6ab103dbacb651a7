"""One alignment of three versions out of the costs of their three pairs.

The three pairs aligned apart contradict each other: zh 1 = ru 1, ru 1 = en 2, en 2 = zh 2. Here a
bead of three sides costs what its best inner alignments cost in the three pairs together, so that
two languages may divide a bead more finely than the third allows, and the cheapest sequence of
beads is found for all three at once. Long texts are cut into sections first, where the three
pairs agree.
"""

from collections.abc import Container, Sequence
from itertools import pairwise, product
from typing import Protocol

import numpy as np

from toolkit.align.path import Step, boundaries

Place = tuple[int, ...]  # between two segments of each version
Triple = tuple[int, int, int]

_SIDE = 4  # segments of one version in a bead
_SIZE = 9  # segments of all versions in a bead
_MERGE = 0.02  # each segment beyond one a side: two beads are better than one of both
_TIE = 0.001  # each segment: at equal cost the finer alignment
_SECTION = 32  # segments after which the texts are cut where the pairs agree
_LONGEST_SECTION = 48  # segments after which they are cut anywhere on the path
_EPSILON = 1e-9

_PAIRS = ((0, 1), (0, 2), (1, 2))
_SHAPES: tuple[Triple, ...] = tuple(
    shape
    for shape in product(range(_SIDE + 1), repeat=3)
    if sum(map(bool, shape)) >= 2 and sum(shape) <= _SIZE
)
# Single segments come last; the order of choices decides between equals.
_ALONE: tuple[Triple, ...] = ((1, 0, 0), (0, 1, 0), (0, 0, 1))


class Costs(Protocol):
    """What the beads of two versions cost."""

    alone_x: np.ndarray  # of each segment of the first, left alone
    alone_y: np.ndarray

    def block(self, rows: Step, columns: Step) -> dict[Step, np.ndarray]:
        """Return what beads cost, as ``PairCosts.block`` does."""
        ...


def joint_path(costs: Sequence[Costs], paths: Sequence[Sequence[Step]]) -> list[Triple]:
    """Return the shapes of the beads of three versions, in reading order.

    Args:
        costs: Of the versions 0 and 1, 0 and 2, 1 and 2.
        paths: The best path of each of these pairs by itself.
    """
    beads: list[Triple] = []
    cuts = _cuts(*paths)
    for begin, end in pairwise(cuts):
        beads += _section(costs, begin, end)
    return beads


def _cuts(first: Sequence[Step], second: Sequence[Step], third: Sequence[Step]) -> list[Triple]:
    """Return where the texts are cut into sections: beginning, cuts, end."""
    firm_xy, firm_xz, firm_yz = (_firm(path) for path in (first, second, third))
    places = chain(first, second, third)
    firm = {p for p in places if p[:2] in firm_xy and p[::2] in firm_xz and p[1:] in firm_yz}
    return cut(places, firm, _SECTION, _LONGEST_SECTION)


def cut(
    places: Sequence[Place], firm: Container[Place], section: int, longest: int
) -> list[Place]:
    """Return where versions are cut into sections: beginning, cuts, end.

    Args:
        places: Between segments of all versions, rising from the beginning to the end.
        firm: The places where a cut does no harm.
        section: Segments after which the versions are cut at the last firm place …
        longest: … and after which they are cut at any.
    """
    cuts = [places[0]]
    last_firm: Place | None = None
    for last, point in pairwise(places):
        if last_firm is not None and _size(cuts[-1], point) > section:
            cuts.append(last_firm)
            last_firm = None
        if last != cuts[-1] and _size(cuts[-1], point) > longest:
            cuts.append(last)
            last_firm = None
        if point in firm:
            last_firm = point
    return [*cuts, places[-1]] if cuts[-1] != places[-1] else cuts


def chain(first: Sequence[Step], second: Sequence[Step], third: Sequence[Step]) -> list[Triple]:
    """Return places that are between beads for the pairs, in reading order, in small steps.

    Boundaries of the first version lead; what the others say before its next segment is followed
    along their own pair.

    Args:
        first, second, third: Paths of the versions 0 and 1, 0 and 2, 1 and 2.
    """
    xy, xz, yz = (boundaries(path) for path in (first, second, third))
    with_y, with_z = _reached(xy), _reached(xz)
    chained: list[Triple] = []
    place = 0
    for i in sorted(with_y.keys() & with_z.keys()):
        (low_j, high_j), (low_k, high_k) = with_y[i], with_z[i]
        chained.append((i, low_j, low_k))
        while place < len(yz) and yz[place][0] <= high_j and yz[place][1] <= high_k:
            j, k = yz[place]
            if j >= low_j and k >= low_k:
                chained.append((i, j, k))
            place += 1
        chained.append((i, high_j, high_k))
    fine = chained[:1]
    for point in chained[1:]:  # where the pairs contradict each other the steps may be any size
        for side in range(3):
            while point[side] - fine[-1][side] > _SECTION:
                middle = list(fine[-1])
                middle[side] += _SECTION
                fine.append((middle[0], middle[1], middle[2]))
        if point != fine[-1]:
            fine.append(point)
    return fine


def _reached(places: list[Step]) -> dict[int, Step]:
    """Return, for each boundary of the first of two versions, the first and last of the other."""
    reached: dict[int, Step] = {}
    for i, j in places:
        reached[i] = (reached[i][0] if i in reached else j, j)
    return reached


def _size(begin: Place, end: Place) -> int:
    return max(b - a for a, b in zip(begin, end, strict=True))


def _firm(path: Sequence[Step]) -> set[Step]:
    """Return the boundaries between two 1:1 beads."""
    points = boundaries(path)
    return {
        points[k] for k in range(1, len(path)) if path[k - 1] == path[k] == (1, 1)
    }


def _inner(costs: Costs, rows: Step, columns: Step) -> dict[Step, np.ndarray]:
    """Return what the best alignment inside a block of a by b segments costs.

    Entry [i, j] of item (a, b) is the block that begins i segments after ``rows[0]`` and j after
    ``columns[0]``; a or b may be 0.
    """
    ending = costs.block(rows, columns)
    n, m = rows[1] - rows[0], columns[1] - columns[0]
    left_x = np.concatenate([[0.0], np.cumsum(costs.alone_x[slice(*rows)])])
    left_y = np.concatenate([[0.0], np.cumsum(costs.alone_y[slice(*columns)])])
    inner: dict[Step, np.ndarray] = {}
    for a, b in product(range(min(_SIDE, n) + 1), range(min(_SIDE, m) + 1)):
        shape = (n - a + 1, m - b + 1)
        alone = left_x[a:] - left_x[: shape[0]]
        best = alone[:, None] + (left_y[b:] - left_y[: shape[1]])[None]
        if a:
            last = np.diff(left_x)[a - 1 :]
            np.minimum(best, inner[a - 1, b][: shape[0]] + last[:, None], out=best)
        if b:
            last = np.diff(left_y)[b - 1 :]
            np.minimum(best, inner[a, b - 1][:, : shape[1]] + last[None], out=best)
        for (p, q), cost in ending.items():
            if p <= a and q <= b:
                before = inner[a - p, b - q][: shape[0], : shape[1]]
                np.minimum(best, before + cost[a : a + shape[0], b : b + shape[1]], out=best)
        inner[a, b] = best
    return inner


def _section(costs: Sequence[Costs], begin: Triple, end: Triple) -> list[Triple]:
    """Align the segments between two cuts."""
    size = tuple(e - b for b, e in zip(begin, end, strict=True))
    xy, xz, yz = (
        _inner(costs[k], (begin[u], end[u]), (begin[v], end[v]))
        for k, (u, v) in enumerate(_PAIRS)
    )
    extra = {
        shape: _MERGE * sum(max(0, part - 1) for part in shape) + _TIE * (sum(shape) - 1)
        for shape in _SHAPES
    }
    shapes = [s for s in _SHAPES if all(p <= n for p, n in zip(s, size, strict=True))]
    across = [(k, s) for k, s in enumerate(shapes) if s[0]]
    within = [(k, s) for k, s in enumerate(shapes) if not s[0]]
    code = {step: len(shapes) + k for k, step in enumerate(_ALONE)}
    parts = [slice(b, e) for b, e in zip(begin, end, strict=True)]
    # A segment alone is alone in each of its two pairs.
    alone = costs[0].alone_x[parts[0]] + costs[1].alone_x[parts[0]]
    rise_y = np.cumsum([0, *(costs[0].alone_y[parts[1]] + costs[2].alone_x[parts[1]])])[:, None]
    rise_z = np.cumsum([0, *(costs[1].alone_y[parts[2]] + costs[2].alone_y[parts[2]])])[None]
    layers = np.full([n + 1 for n in size], np.inf)
    choices = np.zeros([n + 1 for n in size], dtype=np.uint8)
    for i in range(size[0] + 1):
        layer, choice = layers[i], choices[i]
        if i == 0:
            layer[0, 0] = 0.0
        else:
            layer[:] = layers[i - 1] + alone[i - 1]
            choice[:] = code[1, 0, 0]
        for k, (a, b, c) in across:
            if a <= i:
                total = (
                    layers[i - a][: size[1] + 1 - b, : size[2] + 1 - c]
                    + (xy[a, b][i - a][:, None] + extra[a, b, c])
                    + xz[a, c][i - a][None]
                    + yz[b, c]
                )
                _take(layer[b:, c:], choice[b:, c:], total, k)
        # Beads without the first version stay in this layer; they are tried until nothing changes.
        changed = True
        while changed:
            changed = False
            for rise, axis, step in ((rise_y, 0, _ALONE[1]), (rise_z, 1, _ALONE[2])):
                swept = np.minimum.accumulate(layer - rise, axis=axis) + rise
                changed |= _take(layer, choice, swept, code[step])
            for k, (_, b, c) in within:
                total = (
                    layer[: size[1] + 1 - b, : size[2] + 1 - c]
                    + (xy[0, b][i][:, None] + extra[0, b, c])
                    + xz[0, c][i][None]
                    + yz[b, c]
                )
                changed |= _take(layer[b:, c:], choice[b:, c:], total, k)
    steps = shapes + list(_ALONE)
    beads, place = [], size
    while any(place):
        step = steps[choices[place]]
        beads.append(step)
        place = tuple(p - s for p, s in zip(place, step, strict=True))
    return beads[::-1]


def _take(layer: np.ndarray, choice: np.ndarray, total: np.ndarray, code: int) -> bool:
    """Put what is cheaper into a layer; return whether anything was."""
    better = total < layer - _EPSILON
    if not better.any():
        return False
    layer[better] = total[better]
    choice[better] = code
    return True
