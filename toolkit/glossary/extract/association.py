"""How strongly phrases of two languages go together over beads.

Sources of the measures: Dice (1945), with one bead added below so that a pair seen twice is not
as good as one seen thirty times; the log-likelihood ratio of Dunning (1993).
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence

Measure = Callable[[int, int, int, int], float]


def dice(both: int, left: int, right: int, total: int) -> float:
    """Return how much two sets of beads overlap, in [0, 1), less sure for few beads."""
    return 2 * both / (left + right + 1)


def log_likelihood(both: int, left: int, right: int, total: int) -> float:
    """Return the log-likelihood ratio of two phrases that share ``both`` beads of ``total``.

    It is 0 where they meet less often than chance would have it.
    """
    if both * total <= left * right:
        return 0.0
    cells = (both, left - both, right - both, total - left - right + both)
    rows, columns = (left, total - left), (right, total - right)
    expected = [rows[i] * columns[j] / total for i in (0, 1) for j in (0, 1)]
    observed = (cells[0], cells[1], cells[2], cells[3])
    return 2 * sum(
        seen * math.log(seen / mean)
        for seen, mean in zip(observed, expected, strict=True)
        if seen > 0 and mean > 0
    )


def together(
    left: Mapping[tuple[str, ...], Sequence[int]], right: Mapping[tuple[str, ...], Sequence[int]]
) -> dict[tuple[str, ...], Counter[tuple[str, ...]]]:
    """Count the beads in which a phrase of one language meets each of the other."""
    by_bead: dict[int, list[tuple[str, ...]]] = defaultdict(list)
    for keys, beads in right.items():
        for number in beads:
            by_bead[number].append(keys)
    found = {}
    for keys, beads in left.items():
        counts: Counter[tuple[str, ...]] = Counter()
        for number in beads:
            counts.update(by_bead.get(number, ()))
        found[keys] = counts
    return found
