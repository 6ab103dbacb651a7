"""One alignment of three versions out of the alignments of their three pairs.

Segments that any pair joins are in one bead: the finest beads of which every pair's beads are
parts. Where the pairs contradict each other, or a bead would have a gap or cross another, the
beads concerned become one, so that all segments stay in reading order.
"""

from collections.abc import Sequence
from itertools import combinations

from toolkit.align.lattice import Step

Place = tuple[int, int]  # version, segment


def union_steps(sizes: Sequence[int], paths: Sequence[Sequence[Step]]) -> list[tuple[int, ...]]:
    """Return the shapes of the beads of three versions, in reading order.

    Args:
        sizes: The number of segments of each version.
        paths: Shapes of the beads of versions 0 and 1, 0 and 2, 1 and 2.
    """
    owner = _components(sizes, paths)
    members: dict[Place, list[Place]] = {}
    for version, size in enumerate(sizes):
        for segment in range(size):
            members.setdefault(owner[version, segment], []).append((version, segment))
    at = [0] * len(sizes)
    steps = []
    while any(place < size for place, size in zip(at, sizes, strict=True)):
        end = _next(at, sizes, owner, members)
        steps.append(tuple(stop - start for start, stop in zip(at, end, strict=True)))
        at = end
    return steps


def _components(sizes: Sequence[int], paths: Sequence[Sequence[Step]]) -> dict[Place, Place]:
    """Return for each segment the segment that stands for its bead."""
    places = [(version, k) for version, size in enumerate(sizes) for k in range(size)]
    parent = dict(zip(places, places, strict=True))

    def root(place: Place) -> Place:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    for (u, v), path in zip(combinations(range(len(sizes)), 2), paths, strict=True):
        i = j = 0
        for a, b in path:
            if a and b:
                joined = [(u, k) for k in range(i, i + a)] + [(v, k) for k in range(j, j + b)]
                for place in joined[1:]:
                    parent[root(place)] = root(joined[0])
            i, j = i + a, j + b
    return {place: root(place) for place in parent}


def _next(
    at: Sequence[int],
    sizes: Sequence[int],
    owner: dict[Place, Place],
    members: dict[Place, list[Place]],
) -> list[int]:
    """Return where the bead ends that begins at a place between beads."""
    heads = [owner[v, at[v]] for v in range(len(sizes)) if at[v] < sizes[v]]
    # A bead that begins here in every version it has can follow; of several, the one that does
    # so without taking others in, then what one version says alone, then the first version.
    ready = [head for head in dict.fromkeys(heads) if _begins(members[head], at)]
    if ready:
        return min((_closed([head], at, owner, members) for head in ready), key=lambda end: (
            sum(end) - sum(at), [-stop for stop in end]
        ))  # fmt: skip
    # The beads at hand wait for each other: two of them cross, or three go round.
    distinct = list(dict.fromkeys(heads))
    ends = [_closed(list(pair), at, owner, members) for pair in combinations(distinct, 2)
            if _cross(*(members[head] for head in pair), at)]  # fmt: skip
    ends = ends or [_closed(distinct, at, owner, members)]
    return min(ends, key=lambda end: (sum(end), end))


def _begins(places: Sequence[Place], at: Sequence[int]) -> bool:
    lowest: dict[int, int] = {}
    for version, segment in places:
        lowest[version] = min(lowest.get(version, segment), segment)
    return all(segment == at[version] for version, segment in lowest.items())


def _cross(one: Sequence[Place], other: Sequence[Place], at: Sequence[int]) -> bool:
    """Tell whether each of two beads has, in some version, to come after the other."""
    versions_one, versions_other = ({v for v, _ in places} for places in (one, other))
    first = {v for v, k in one if k == at[v]} & versions_other
    second = {v for v, k in other if k == at[v]} & versions_one
    return bool(first - second) and bool(second - first)


def _closed(
    heads: list[Place],
    at: Sequence[int],
    owner: dict[Place, Place],
    members: dict[Place, list[Place]],
) -> list[int]:
    """Return where a bead ends that holds some beads and whatever lies among them."""
    end = list(at)
    waiting, held = list(heads), set(heads)
    while waiting:
        for version, segment in members[waiting.pop()]:
            while end[version] <= segment:
                inside = owner[version, end[version]]
                if inside not in held:
                    held.add(inside)
                    waiting.append(inside)
                end[version] += 1
    return end
