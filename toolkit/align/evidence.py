"""What the third version says of the other two.

If segment 1 of x is likely in a bead with segment 2 of z, and that with segment 3 of y, then 1 and
3 belong together; if the way through z leads elsewhere, they do not. The chances of each pair are
worked out once without the third version and once with what it says.
"""

from collections.abc import Sequence

import numpy as np

from toolkit.align.costs import SHAPES
from toolkit.align.lattice import ALONE_X, ALONE_Y, Chances

Links = list[dict[int, float]]

_LEAST = 0.02  # chances below this are no evidence
_SURVIVES = 1e-5  # … and beads below this are not weighed again
WITHIN = 0.5  # logarithm of the odds that a certain way through the third version adds
ACROSS = 0.5  # … and takes where it leads out of the bead
ALONE = 0.4  # … and takes from a segment left alone


def links(found: Chances) -> tuple[Links, Links]:
    """Return, for each segment of x, the segments of y it shares a bead with, and the reverse."""
    there: Links = [{} for _ in found.alone_x]
    back: Links = [{} for _ in found.alone_y]
    for k, (a, b) in enumerate(SHAPES):
        for i, place in np.argwhere(found.steps[k] > _LEAST).tolist():
            chance = float(found.steps[k, i, place])
            j = place + int(found.band.left[i])
            for p in range(i - a, i):
                for q in range(j - b, j):
                    there[p][q] = there[p].get(q, 0.0) + chance
                    back[q][p] = back[q].get(p, 0.0) + chance
    return there, back


def through(first: Links, second: Links) -> Links:
    """Return the likeliest way from each segment over a second version to a third."""
    result: Links = []
    for reached in first:
        ways: dict[int, float] = {}
        for middle, chance in reached.items():
            for end, further in second[middle].items():
                ways[end] = max(ways.get(end, 0.0), min(1.0, chance * further))
        result.append(ways)
    return result


def weighed(scores: Sequence[np.ndarray], found: Sequence[Chances]) -> list[np.ndarray]:
    """Return the scores of the pairs 0-1, 0-2 and 1-2 with the evidence of the third version.

    Args:
        scores: Of each pair alone.
        found: Its chances.
    """
    (to_1, from_1), (to_2, _), (one_two, two_one) = (links(pair) for pair in found)
    ways = (through(to_2, two_one), through(to_1, one_two), through(from_1, to_2))
    return [
        _weighed(score, pair, way) for score, pair, way in zip(scores, found, ways, strict=True)
    ]


def _weighed(scores: np.ndarray, found: Chances, ways: Links) -> np.ndarray:
    back: Links = [{} for _ in found.alone_y]
    for i, reached in enumerate(ways):
        for j, chance in reached.items():
            back[j][i] = chance
    scores = scores.copy()
    left = found.band.left
    for k, (a, b) in enumerate(SHAPES):
        for i, place in np.argwhere(found.steps[k] > _SURVIVES).tolist():
            j = place + int(left[i])
            scores[k, i, place] += _evidence(ways, back, range(i - a, i), range(j - b, j))
    for i, reached in enumerate(ways):
        scores[ALONE_X, i + 1] -= ALONE * max(reached.values(), default=0.0)
    columns = left[:, None] + np.arange(found.band.width)[None] - 1
    drawn = np.array([max(reached.values(), default=0.0) for reached in back])
    inside = (columns >= 0) & (columns < len(drawn))
    scores[ALONE_Y] -= ALONE * np.where(
        inside, drawn[np.clip(columns, 0, len(drawn) - 1)], 0.0
    )
    return scores


def _evidence(ways: Links, back: Links, rows: range, columns: range) -> float:
    total = 0.0
    for one, other, links_ in ((rows, columns, ways), (columns, rows, back)):
        for segment in one:
            within = across = 0.0
            for end, chance in links_[segment].items():
                if end in other:
                    within = max(within, chance)
                else:
                    across = max(across, chance)
            total += (WITHIN * within - ACROSS * across) / 2
    return total
