"""Three versions at once: consistent, complete, and no dearer than the pairs allow."""

from functools import cache
from itertools import combinations, pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.align import joint
from toolkit.align.costs import LONGEST, SHAPES, PairCosts, Version
from toolkit.align.joint import joint_path
from toolkit.align.path import pair_path


def from_singles(singles: np.ndarray) -> Version:
    size = len(singles)
    runs = []
    for k in range(1, LONGEST + 1):
        rows = max(0, size - k + 1)
        run = sum((singles[i : i + rows] for i in range(k)), np.zeros((rows, 24)))
        norm = np.maximum(np.linalg.norm(run, axis=1, keepdims=True), 1e-9)
        runs.append((run / norm).astype(np.float32))
    return Version("en", runs, np.arange(size + 1) * 20.0, [frozenset()] * size, np.zeros(size))


def versions(seed: int, sizes) -> list[Version]:
    """Versions of one made-up text: the first segments of each mean the same, with noise."""
    rng = np.random.default_rng(seed)
    meanings = rng.normal(size=(max(sizes), 24))
    return [from_singles(meanings[:n] + rng.normal(size=(n, 24)) * 0.6) for n in sizes]


def together(sides):
    pairs = [pair_path(one, other) for one, other in combinations(sides, 2)]
    return [costs for costs, _ in pairs], [path for _, path in pairs]


@given(
    st.integers(0, 10**6),
    st.tuples(st.integers(1, 25), st.integers(1, 25), st.integers(1, 25)),
)
@settings(max_examples=30, deadline=None)
def test_every_segment_is_in_exactly_one_bead(seed, sizes):
    beads = joint_path(*together(versions(seed, sizes)))
    assert tuple(map(sum, zip(*beads, strict=True))) == sizes
    assert all(any(bead) for bead in beads)


def inner_cost(costs: PairCosts, begin, end) -> float:
    """The cheapest alignment of a block of two versions, by trying every one."""
    block = costs.block((0, len(costs.x)), (0, len(costs.y)))

    @cache
    def cheapest(i, j):
        if (i, j) == begin:
            return 0.0
        ways = []
        if i > begin[0]:
            ways.append(cheapest(i - 1, j) + costs.weights.skip)
        if j > begin[1]:
            ways.append(cheapest(i, j - 1) + costs.weights.skip)
        for a, b in SHAPES:
            if i - a >= begin[0] and j - b >= begin[1]:
                ways.append(cheapest(i - a, j - b) + float(block[a, b][i, j]))
        return min(ways)

    return cheapest(*end)


@given(st.integers(0, 10**6), st.integers(1, 6), st.integers(1, 6))
@settings(max_examples=25, deadline=None)
def test_the_inner_cost_of_a_block_is_that_of_its_best_alignment(seed, rows, columns):
    costs = pair_path(*versions(seed, (rows, columns)))[0]
    inner = joint._inner(costs, (0, rows), (0, columns))
    for (a, b), block in inner.items():
        for i, j in product(range(rows - a + 1), range(columns - b + 1)):
            expected = inner_cost(costs, (i, j), (i + a, j + b))
            assert block[i, j] == pytest.approx(expected, abs=1e-4)


def cost_of(costs, beads) -> float:
    place, spent = (0, 0, 0), 0.0
    for bead in beads:
        end = tuple(p + b for p, b in zip(place, bead, strict=True))
        for pair, (u, v) in zip(costs, combinations(range(3), 2), strict=True):
            spent += inner_cost(pair, (place[u], place[v]), (end[u], end[v]))
        if sum(map(bool, bead)) > 1:
            spent += joint._MERGE * sum(max(0, part - 1) for part in bead)
            spent += joint._TIE * (sum(bead) - 1)
        place = end
    return spent


@given(
    st.integers(0, 10**6), st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 3))
)
@settings(max_examples=15, deadline=None)
def test_no_sequence_of_beads_is_cheaper(seed, sizes):
    costs, paths = together(versions(seed, sizes))
    shapes = [s for s in product(range(4), repeat=3) if sum(map(bool, s)) > 1 or sum(s) == 1]

    @cache
    def best(place):
        if place == (0, 0, 0):
            return 0.0
        found = []
        for shape in shapes:
            before = tuple(p - s for p, s in zip(place, shape, strict=True))
            if min(before) >= 0:
                spent = best(before)
                for pair, (u, v) in zip(costs, combinations(range(3), 2), strict=True):
                    spent += inner_cost(pair, (before[u], before[v]), (place[u], place[v]))
                if sum(map(bool, shape)) > 1:
                    spent += joint._MERGE * sum(max(0, part - 1) for part in shape)
                    spent += joint._TIE * (sum(shape) - 1)
                found.append(spent)
        return min(found)

    assert cost_of(costs, joint_path(costs, paths)) == pytest.approx(best(sizes), abs=1e-3)


def test_three_languages_join_what_two_divide():
    # The third version says both meanings in one segment.
    rng = np.random.default_rng(1)
    one, two, three = rng.normal(size=(3, 24))
    x = from_singles(np.array([one, two, three]))
    z = from_singles(np.array([one + two, three]))
    assert joint_path(*together([x, x, z])) == [(2, 2, 1), (1, 1, 1)]
    assert joint_path(*together([x, z, x])) == [(2, 1, 2), (1, 1, 1)]
    assert joint_path(*together([z, x, x])) == [(1, 2, 2), (1, 1, 1)]


def test_what_two_versions_say_stays_a_bead_of_two():
    rng = np.random.default_rng(2)
    meanings = rng.normal(size=(6, 24))
    full, short = from_singles(meanings), from_singles(meanings[[0, 1, 2, 4, 5]])
    assert joint_path(*together([full, short, full])) == [
        (1, 1, 1), (1, 1, 1), (1, 1, 1), (1, 0, 1), (1, 1, 1), (1, 1, 1)
    ]  # fmt: skip
    assert joint_path(*together([short, full, short])) == [
        (1, 1, 1), (1, 1, 1), (1, 1, 1), (0, 1, 0), (1, 1, 1), (1, 1, 1)
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_sections_change_nothing_that_the_pairs_agree_on(seed, monkeypatch):
    rng = np.random.default_rng(seed)
    meanings = rng.normal(size=(70, 24))
    sides = []
    for _ in range(3):
        kept = meanings[rng.random(70) > 0.06]
        sides.append(from_singles(kept + rng.normal(size=kept.shape) * 0.4))
    costs, paths = together(sides)
    monkeypatch.setattr(joint, "_SECTION", 10**6)
    monkeypatch.setattr(joint, "_LONGEST_SECTION", 10**6)
    assert joint._cuts(*paths) == [(0, 0, 0), tuple(map(len, sides))]
    whole = joint_path(costs, paths)
    monkeypatch.setattr(joint, "_SECTION", 12)
    monkeypatch.setattr(joint, "_LONGEST_SECTION", 20)
    assert len(joint._cuts(*paths)) > 4
    assert joint_path(costs, paths) == whole


@given(
    st.integers(0, 10**6),
    st.tuples(st.integers(1, 90), st.integers(1, 90), st.integers(1, 90)),
)
@settings(max_examples=20, deadline=None)
def test_cuts_rise_and_reach_both_ends(seed, sizes):
    before = joint._SECTION, joint._LONGEST_SECTION
    joint._SECTION, joint._LONGEST_SECTION = 6, 9
    try:
        _, paths = together(versions(seed, sizes))
        cuts = joint._cuts(*paths)
        assert cuts[0] == (0, 0, 0)
        assert cuts[-1] == sizes
        for one, other in pairwise(cuts):
            assert all(0 <= b - a <= 18 for a, b in zip(one, other, strict=True))
            assert one != other
    finally:
        joint._SECTION, joint._LONGEST_SECTION = before


def test_a_long_passage_that_one_version_lacks_is_cut_along_the_other_two():
    rng = np.random.default_rng(4)
    meanings = rng.normal(size=(300, 24))
    full = from_singles(meanings)
    short = from_singles(meanings[[*range(5), *range(295, 300)]])
    for sides in ([short, full, full], [full, short, full], [full, full, short]):
        costs, paths = together(sides)
        sizes = [
            max(b - a for a, b in zip(one, other, strict=True))
            for one, other in pairwise(joint._cuts(*paths))
        ]
        assert max(sizes) <= joint._LONGEST_SECTION + joint._SECTION
        beads = joint_path(costs, paths)
        lacking = [side is short for side in sides].index(True)
        assert sum(not bead[lacking] for bead in beads) == 290
        assert sum(bead == (1, 1, 1) for bead in beads) == 10
