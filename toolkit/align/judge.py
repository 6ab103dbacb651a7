"""The beads of two or three versions, each with the chance that it is right.

Two passes: a first path by the plain costs, and around it, or everywhere in a short text, the
chances of all beads by the learned signals. An encoder that cannot show parts and tokens of its
texts allows the first pass only, and no chances.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from toolkit import encoder as encoders
from toolkit.align import evidence
from toolkit.align.clauses import ends
from toolkit.align.costs import LONGEST, version
from toolkit.align.joint import joint_path
from toolkit.align.lattice import Chances, Step, best_steps, chances, sharpened
from toolkit.align.model import PairModel, Weights, learned
from toolkit.align.path import pair_path
from toolkit.align.signals import Witness
from toolkit.align.union import union_steps
from toolkit.languages import LANGS

_WHOLE = 200_000  # characters: some 50,000 tokens, 100 MB

# The three pairs of a text are right or wrong together more often than by chance: the product of
# their chances is too low, its root is what is observed.
_SHARED = 0.5

Judged = tuple[tuple[int, ...], float | None]


def read(
    texts: Sequence[str],
    lang: str,
    encoder: encoders.Encoder,
    seams: Sequence[float],
    compact: bool = False,
) -> Witness:
    """Encode and measure the segments of one version, their parts and their tokens.

    ``compact`` is the same for all versions of a text: see ``needs_room``.
    """
    if not hasattr(encoder, "detail"):
        return Witness(version(texts, lang, encoder.runs(texts, LONGEST), seams), None)
    folded = [encoders.fold(text) for text in texts]
    divided = [ends(text) for text in folded]
    levels = [[one[level] for one in divided] for level in range(2)]
    detail = encoder.detail(folded, levels, LONGEST + 1, compact)
    return Witness(version(texts, lang, detail.runs[:LONGEST], seams), detail)


def needs_room(sides: Sequence[Sequence[str]]) -> bool:
    """Tell whether the tokens of a text are too many to be kept whole."""
    return max(sum(map(len, side)) for side in sides) > _WHOLE


def judge(versions: Sequence[Witness], weights: Weights | None = None) -> list[Judged]:
    """Return the shapes and the chances of the beads, in reading order; no version is empty.

    ``weights`` are by default those that come with the program.
    """
    pairs = list(combinations(versions, 2))
    first = [pair_path(one.version, other.version) for one, other in pairs]
    if any(one.detail is None for one in versions):
        if len(pairs) == 1:
            return [(step, None) for step in first[0][1]]
        steps = joint_path([costs for costs, _ in first], [path for _, path in first])
        return [(step, None) for step in steps]
    weights = weights or learned(all(one.version.lang in LANGS for one in versions))
    models = [
        PairModel(one, other, costs, path)
        for (one, other), (costs, path) in zip(pairs, first, strict=True)
    ]
    scores = [model.scores(weights) for model in models]
    frames = [(model.band, weights.opening, len(model.y)) for model in models]
    found = [chances(s, *frame) for s, frame in zip(scores, frames, strict=True)]
    if len(pairs) > 1:
        scores = evidence.weighed(scores, found)
        found = [chances(s, *frame) for s, frame in zip(scores, frames, strict=True)]
    firm = [sharpened(s, *frame) for s, frame in zip(scores, frames, strict=True)]
    paths = [best_steps(one, other) for one, other in zip(found, firm, strict=True)]
    if len(pairs) == 1:
        return _with_chances(found[0], paths[0])
    return _of_three(found, union_steps([len(one) for one in versions], paths))


def _with_chances(found: Chances, steps: Sequence[Step]) -> list[Judged]:
    result: list[Judged] = []
    i = j = 0
    for step in steps:
        i, j = i + step[0], j + step[1]
        result.append((step, found.of(step, i, j)))
    return result


def _of_three(found: Sequence[Chances], steps: Sequence[tuple[int, ...]]) -> list[Judged]:
    """Give each bead of three sides the chance that all its pairs are right."""
    result: list[Judged] = []
    place = np.zeros(3, dtype=int)
    for step in steps:
        end = place + step
        sure = []
        for pair, (u, v) in zip(found, combinations(range(3), 2), strict=True):
            begin, stop = (int(place[u]), int(place[v])), (int(end[u]), int(end[v]))
            if begin != stop:
                sure.append(_inside(pair, begin, stop))
        result.append((step, float(np.prod(sure)) ** _SHARED))
        place = end
    return result


def _inside(found: Chances, begin: Step, end: Step) -> float:
    """Return the chance of the best alignment inside a block of two versions.

    That is the chance of its least certain bead: three languages may join what two divide.
    """
    best: dict[Step, float] = {begin: 1.0}
    for i in range(begin[0], end[0] + 1):
        for j in range(begin[1], end[1] + 1):
            for a in range(min(5, i - begin[0]) + 1):
                for b in range(min(5, j - begin[1]) + 1):
                    if a + b and (a and b or a + b == 1):
                        before = best.get((i - a, j - b), 0.0)
                        chance = min(before, found.of((a, b), i, j))
                        best[i, j] = max(best.get((i, j), 0.0), chance)
    return best.get(end, 0.0)
