"""The cheapest path: against all paths, and inside a corridor."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.align import path
from toolkit.align.costs import LONGEST, SHAPES, PairCosts, Version
from toolkit.align.path import best_path, corridor, pair_path


def unit(vectors):
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def from_singles(singles: np.ndarray) -> Version:
    size = len(singles)
    runs = []
    for k in range(1, LONGEST + 1):
        rows = max(0, size - k + 1)
        runs.append(
            unit(sum((singles[i : i + rows] for i in range(k)), np.zeros((rows, 32)))).astype(
                np.float32
            )
        )
    return Version("en", runs, np.arange(size + 1) * 20.0, [frozenset()] * size, np.zeros(size))


def translated(seed: int, size: int, noise: float = 0.5):
    """Two versions of random meanings, the second with some left out, split and added."""
    rng = np.random.default_rng(seed)
    meanings = rng.normal(size=(size, 32))
    other, gold = [], []
    for number, meaning in enumerate(meanings):
        chance = rng.random()
        if chance < 0.08:
            gold.append((number, ()))
        elif chance < 0.2:
            gold.append((number, (len(other), len(other) + 1)))
            part = rng.normal(size=32)
            other += [meaning / 2 + part / 2, meaning / 2 - part / 2]
        else:
            gold.append((number, (len(other),)))
            other.append(meaning)
        if rng.random() < 0.08:
            other.append(rng.normal(size=32))
    y = np.array(other).reshape(-1, 32)
    return from_singles(meanings), from_singles(y + rng.normal(size=y.shape) * noise), gold


def total(costs: PairCosts, steps) -> float:
    block = costs.block((0, len(costs.x)), (0, len(costs.y)))
    i = j = 0
    spent = 0.0
    for a, b in steps:
        i, j = i + a, j + b
        spent += block[a, b][i, j] if a and b else costs.weights.skip
    assert (i, j) == (len(costs.x), len(costs.y))
    return spent


def exhaustive(costs: PairCosts) -> float:
    block = costs.block((0, len(costs.x)), (0, len(costs.y)))

    @cache
    def cheapest(i: int, j: int) -> float:
        if i == j == 0:
            return 0.0
        ways = []
        if i:
            ways.append(cheapest(i - 1, j) + costs.weights.skip)
        if j:
            ways.append(cheapest(i, j - 1) + costs.weights.skip)
        for a, b in SHAPES:
            if a <= i and b <= j:
                ways.append(cheapest(i - a, j - b) + float(block[a, b][i, j]))
        return min(ways)

    return cheapest(len(costs.x), len(costs.y))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 14), st.integers(1, 14), st.integers(1, 5))
def test_no_path_is_cheaper(seed, rows, columns, height):
    rng = np.random.default_rng(seed)
    x, y = (from_singles(rng.normal(size=(n, 32))) for n in (rows, columns))
    blocks = [
        ((first, min(first + height, rows)), (0, columns)) for first in range(0, rows, height)
    ]
    costs = PairCosts(x, y, blocks)
    steps = best_path(costs, blocks)
    assert total(costs, steps) == pytest.approx(exhaustive(costs), abs=1e-4)


def beads(steps):
    i = j = 0
    found = []
    for a, b in steps:
        found.append((tuple(range(i, i + a)), tuple(range(j, j + b))))
        i, j = i + a, j + b
    return found


@pytest.mark.parametrize("seed", range(5))
def test_what_was_split_left_out_and_added_is_found(seed):
    x, y, gold = translated(seed, 40)
    found = set(beads(pair_path(x, y)[1]))
    right = sum(((number,), places) in found for number, places in gold)
    assert right / len(gold) > 0.85


def test_equal_beads_go_to_the_first_shape_every_time():
    same = from_singles(np.ones((30, 32)))
    first = pair_path(same, same)[1]
    assert first == pair_path(same, same)[1]
    assert first == [(1, 1)] * 30


def test_one_segment_against_many():
    x, y, _ = translated(3, 30)
    single = from_singles(x.runs[0][4:5])
    steps = pair_path(single, y)[1]
    assert sum(a for a, _ in steps) == 1
    assert sum(b for _, b in steps) == len(y)
    assert any(a and b for a, b in steps)


@pytest.fixture
def narrow(monkeypatch):
    """Compare so little that texts of some hundred segments count as long."""
    monkeypatch.setattr(path, "_CELLS", 2_000)
    monkeypatch.setattr(path, "_REACH", 12)
    monkeypatch.setattr(path, "_ROWS", 16)


def share(steps, reference):
    found, wanted = set(beads(steps)), set(beads(reference))
    return len(found & wanted) / len(wanted)


@pytest.mark.parametrize("seed", range(3))
def test_a_long_text_is_aligned_near_its_coarse_path(seed, monkeypatch, narrow):
    x, y, gold = translated(seed, 600)
    steps = pair_path(x, y)[1]
    blocks = corridor(x, y)
    cells = sum((right - left) * (last - first) for (first, last), (left, right) in blocks)
    assert cells < 0.2 * len(x) * len(y)
    found = set(beads(steps))
    assert sum(((number,), places) in found for number, places in gold) / len(gold) > 0.9
    monkeypatch.setattr(path, "_CELLS", 10**9)
    assert share(steps, pair_path(x, y)[1]) > 0.95


def test_a_long_passage_that_one_version_lacks_does_not_lose_the_path(narrow):
    x, y, _ = translated(7, 500)
    kept = np.r_[0:150, 350:500]
    steps = pair_path(from_singles(x.runs[0][kept]), y)[1]
    alone = [step for step in steps if step == (0, 1)]
    assert len(alone) > 150
    found = set(beads(steps))
    _, _, gold = translated(7, 500)
    place = {int(k): n for n, k in enumerate(kept)}
    wanted = [((place[n],), places) for n, places in gold if n in place]
    assert sum(bead in found for bead in wanted) / len(wanted) > 0.85


@given(st.integers(0, 10**6), st.integers(1, 90), st.integers(1, 90))
@settings(max_examples=30, deadline=None)
def test_blocks_follow_each_other_and_reach_both_ends(seed, rows, columns):
    before = path._CELLS, path._REACH, path._ROWS
    path._CELLS, path._REACH, path._ROWS = 300, 4, 8
    try:
        rng = np.random.default_rng(seed)
        x, y = (from_singles(rng.normal(size=(n, 32))) for n in (rows, columns))
        blocks = corridor(x, y)
        assert [block[0][0] for block in blocks[1:]] == [block[0][1] for block in blocks[:-1]]
        assert (blocks[0][0][0], blocks[-1][0][1]) == (0, rows)
        assert (blocks[0][1][0], blocks[-1][1][1]) == (0, columns)
        for (_, (left, right)), (_, (next_left, next_right)) in zip(
            blocks, blocks[1:], strict=False
        ):
            assert left <= next_left <= right <= next_right
        steps = pair_path(x, y)[1]
        assert (sum(a for a, _ in steps), sum(b for _, b in steps)) == (rows, columns)
    finally:
        path._CELLS, path._REACH, path._ROWS = before
