"""Bring groups of segments into one reading order; what crosses the rest has moved.

A person may join segments that stand in different order in two versions. Beads rise in every
version, so such a group becomes two that name each other.
"""

import heapq
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

Sides = dict[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring segments by language, none of them empty; ``key`` tells what comes first."""

    sides: Sides
    key: tuple[int, ...]


class Circle(ValueError):
    """Groups that cannot stand in one order; ``args[0]`` is the keys of three or more of them."""


class Scattered(ValueError):
    """A group whose languages stand in three places; ``args[0]`` is its key."""


def rising(groups: Sequence[Group]) -> tuple[list[Group], dict[int, int]]:
    """Divide what crosses; return groups that rise in each pair, and which belong together.

    The second result gives the place of the other half for each half of a divided group. As few
    groups as possible are divided, whatever the number of their segments.

    Raises:
        Scattered: If a group would have to be divided in three.
    """
    done = list(groups)
    halves: dict[int, int] = {}
    while True:
        at_odds: dict[int, list[tuple[str, str]]] = {}
        langs = list(dict.fromkeys(lang for group in done for lang in group.sides))
        for pair in combinations(langs, 2):
            for place in _falling(done, pair):
                at_odds.setdefault(place, []).append(pair)
        if not at_odds:
            return done, halves
        for place, pairs in at_odds.items():
            common = set(pairs[0]).intersection(*pairs)
            if not common or place in halves:
                raise Scattered(done[place].key)
            lone = max(common, key=langs.index)
            group = done[place]
            rest = {lang: side for lang, side in group.sides.items() if lang != lone}
            done[place] = replace(group, sides=rest)
            halves[place], halves[len(done)] = len(done), place
            done.append(Group({lone: group.sides[lone]}, (*group.key, 1)))


def _falling(groups: Sequence[Group], pair: tuple[str, str]) -> list[int]:
    """Return the places of the groups outside a longest run that rises in both languages."""
    one, other = pair
    both = [n for n, group in enumerate(groups) if one in group.sides and other in group.sides]
    both.sort(key=lambda n: groups[n].sides[one][0])
    kept = longest_rise([groups[n].sides[other][0] for n in both])
    return sorted(set(both) - {both[n] for n in kept})


def longest_rise(numbers: Sequence[int]) -> list[int]:
    """Return the places of a longest strictly rising subsequence."""
    tails: list[int] = []  # the smallest end of a run of each length, …
    ends: list[int] = []  # … and its place
    before: list[int] = []
    for place, number in enumerate(numbers):
        at = bisect_left(tails, number)
        before.append(ends[at - 1] if at else -1)
        tails[at : at + 1], ends[at : at + 1] = [number], [place]
    result, place = [], ends[-1] if ends else -1
    while place >= 0:
        result.append(place)
        place = before[place]
    return result[::-1]


def reading_order(groups: Sequence[Group]) -> list[int]:
    """Return the places of the groups in an order that rises in every language.

    Where the languages leave it open, what has the smaller key comes first.

    Raises:
        Circle: If there is no such order.
    """
    after: list[list[int]] = [[] for _ in groups]
    waiting = [0] * len(groups)
    for lang in dict.fromkeys(lang for group in groups for lang in group.sides):
        chain = [n for n, group in enumerate(groups) if lang in group.sides]
        chain.sort(key=lambda n: groups[n].sides[lang][0])
        for one, other in pairwise(chain):
            after[one].append(other)
            waiting[other] += 1
    ready = [(groups[n].key, n) for n in range(len(groups)) if not waiting[n]]
    heapq.heapify(ready)
    result = []
    while ready:
        place = heapq.heappop(ready)[1]
        result.append(place)
        for other in after[place]:
            waiting[other] -= 1
            if not waiting[other]:
                heapq.heappush(ready, (groups[other].key, other))
    if len(result) < len(groups):
        raise Circle([groups[n].key for n in range(len(groups)) if waiting[n]])
    return result
