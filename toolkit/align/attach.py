"""Add a third version to two whose alignment is settled.

Each settled bead is one unit; what the third version says is aligned to the units of both others
at once. A unit never joins another: where the machine would put several into one bead, each
segment of the third version goes to the unit it resembles most.
"""

from collections.abc import Sequence

import numpy as np

from toolkit import encoder as encoders
from toolkit.align import judged_texts
from toolkit.languages import LANGS

_APART = 1.0  # seam between units, in units of the cosine: more than any sign is worth
_BACKGROUND = 0.35  # cosine of two segments that have nothing to do with each other
_FORCED = 0.5  # at most the chance of what a settled bead forbids the machine to do otherwise

Place = tuple[tuple[int, int], float]


def attached(
    units: Sequence[dict[str, str]],
    third: Sequence[str],
    lang: str,
    seams: Sequence[float],
    encoder: encoders.Encoder | None = None,
) -> list[Place | None]:
    """Return, for each unit, its segments of the third version (end excluded) and the chance.

    None where the third version does not say what the unit says.

    Args:
        units: The settled beads in reading order: text by language, those that lack one without.
        third: The segments of the third version.
        lang: Its language.
        seams: Of the third version, as in ``judged_texts``.
    """
    result: list[Place | None] = [None] * len(units)
    if not units or not third:
        return result
    pair = [one for one in LANGS if any(one in unit for unit in units)]
    holders = {one: [n for n, unit in enumerate(units) if one in unit] for one in pair}
    langs = sorted([*pair, lang], key=LANGS.index)
    judged = judged_texts(
        [third if one == lang else [units[n][one] for n in holders[one]] for one in langs],
        langs,
        encoder,
        [seams if one == lang else [_APART] * len(holders[one]) for one in langs],
    )
    waiting = [len(unit) for unit in units]
    done = 0  # units all of whose languages have come
    furthest = -1
    mine: list[int] = []
    segments: list[int] = []
    linked: set[int] = set()
    chances: list[float] = []
    for group, chance in judged:
        said = list(group[langs.index(lang)])
        held = [
            holders[one][k]
            for one, side in zip(langs, group, strict=True)
            if one != lang
            for k in side
        ]
        for n in held:
            waiting[n] -= 1
            done += not waiting[n]
            furthest = max(furthest, n)
        mine += held
        segments += said
        if held:
            linked.update(said)
        chances.append(_FORCED if chance is None else chance)
        if done > furthest:  # no unit before this place is still to come
            here = sorted(set(mine))
            if len(here) == 1 and linked:
                result[here[0]] = (min(linked), max(linked) + 1), min(chances)
            elif linked:
                texts = [third[t] for t in segments]
                for n, run in zip(here, _shared(units, here, texts, encoder), strict=True):
                    if run:
                        first = segments[run[0]]
                        result[n] = (first, segments[run[1] - 1] + 1), min(*chances, _FORCED)
            mine, segments, linked, chances = [], [], set(), []
    return result


def _shared(
    units: Sequence[dict[str, str]],
    here: Sequence[int],
    third: Sequence[str],
    encoder: encoders.Encoder | None,
) -> list[tuple[int, int] | None]:
    """Share segments out among units, both in order, by the sum of their cosines."""
    encoder = encoder or encoders.default()
    total, count = np.zeros((len(third), len(here))), np.zeros(len(here))
    vectors = encoder.encode(list(third))
    for one in LANGS:
        places = [k for k, n in enumerate(here) if one in units[n]]
        if places:
            texts = [units[here[k]][one] for k in places]
            total[:, places] += vectors @ encoder.encode(texts).T
            count[places] += 1
    return _assigned(total / count - _BACKGROUND)


def _assigned(gain: np.ndarray) -> list[tuple[int, int] | None]:
    """Return, for each column, the rows assigned to it: neighbours, in order, the most gain.

    A row may be left out, but not between two of one column.
    """
    rows, columns = gain.shape
    never = -1e9
    # A row is at column c, or after it and at none; column 0 is before all.
    at, after = np.full(columns + 1, never), np.full(columns + 1, never)
    after[0] = 0.0
    came = np.zeros((rows, 2, columns + 1), dtype=np.int32)  # from c, or from -1 - c: left out
    number = np.arange(columns + 1)
    for row in range(rows):
        best = np.where(at > after, at, after)
        source = np.where(at > after, number, -1 - number)
        top = np.maximum.accumulate(best)
        leader = np.maximum.accumulate(np.where(best >= top, number, 0))
        into = np.append(never, top[:-1])
        origin = np.append(-1, source[leader[:-1]])
        stays = at >= into
        came[row, 0] = np.where(stays, number, origin)
        came[row, 1] = source
        at = np.append(never, gain[row]) + np.maximum(at, into)
        after = best
    runs: list[tuple[int, int] | None] = [None] * columns
    column, placed = max(
        [(int(np.argmax(values)), kind) for kind, values in ((1, at), (0, after))],
        key=lambda end: (at if end[1] else after)[end[0]],
    )
    for row in range(rows - 1, -1, -1):
        if placed:
            run = runs[column - 1]
            runs[column - 1] = (row, run[1] if run else row + 1)
        previous = int(came[row, 0 if placed else 1, column])
        column, placed = (previous, 1) if previous >= 0 else (-1 - previous, 0)
    return runs
