"""Three pairs' beads as beads of three versions: complete, in order, no finer than any pair."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.align.union import union_steps

PAIRS = list(combinations(range(3), 2))


def test_pairs_that_agree_are_kept_as_they_are():
    same = [(1, 1), (1, 1), (1, 1)]
    assert union_steps([3, 3, 3], [same, same, same]) == [(1, 1, 1)] * 3


def test_what_two_versions_divide_and_the_third_joins_is_one_bead():
    assert union_steps([3, 3, 2], [[(1, 1)] * 3, [(2, 1), (1, 1)], [(2, 1), (1, 1)]]) == [
        (2, 2, 1), (1, 1, 1)
    ]  # fmt: skip


def test_what_one_version_alone_says_is_alone():
    paths = [[(1, 1), (1, 0), (1, 1)], [(1, 1), (1, 1), (1, 1)], [(1, 1), (0, 1), (1, 1)]]
    assert union_steps([3, 2, 3], paths) == [(1, 1, 1), (1, 0, 1), (1, 1, 1)]


def test_a_bead_with_a_gap_takes_in_what_lies_in_it():
    # zh 0 = ru 0 and ru 0 = en 0 = zh 2; zh 1 is nowhere.
    paths = [[(1, 1), (1, 0), (1, 0)], [(1, 0), (1, 0), (1, 1)], [(1, 1)]]
    assert union_steps([3, 1, 1], paths) == [(3, 1, 1)]


def random_path(random, rows, columns):
    steps, i, j = [], 0, 0
    while i < rows or j < columns:
        a, b = random.choice([(1, 1), (1, 1), (1, 0), (0, 1), (2, 1), (1, 3), (2, 2)])
        if i + a <= rows and j + b <= columns:
            steps.append((a, b))
            i, j = i + a, j + b
    return steps


@settings(max_examples=200, deadline=None)
@given(
    st.tuples(st.integers(0, 14), st.integers(0, 14), st.integers(0, 14)),
    st.randoms(use_true_random=False),
)
def test_any_three_pairs_give_beads_that_hold_all_in_order(sizes, random):
    paths = [random_path(random, sizes[u], sizes[v]) for u, v in PAIRS]
    steps = union_steps(sizes, paths)
    assert tuple(map(sum, zip(*steps, strict=True))) == sizes if steps else sizes == (0, 0, 0)
    assert all(any(step) for step in steps)
    home = [[], [], []]
    for number, step in enumerate(steps):
        for version, count in enumerate(step):
            home[version] += [number] * count
    for (u, v), path in zip(PAIRS, paths, strict=True):
        i = j = 0
        for a, b in path:
            if a and b:
                assert len({*home[u][i : i + a], *home[v][j : j + b]}) == 1
            i, j = i + a, j + b
