"""What a bead costs: numbers, blocks, lengths, hubs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.align.costs import LONGEST, SHAPES, PairCosts, Version, numbers, version


def unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def made_up(seed: int, size: int, lang: str = "en", seams: bool = True) -> Version:
    """A version of random vectors, lengths, numbers and seams."""
    rng = np.random.default_rng(seed)
    single = rng.normal(size=(size, 8))
    runs = [
        unit(sum(single[i : size - k + 1 + i] for i in range(k))).astype(np.float32)
        if size >= k
        else np.zeros((0, 8), dtype=np.float32)
        for k in range(1, LONGEST + 1)
    ]
    return Version(
        lang,
        runs,
        np.concatenate([[0.0], np.cumsum(rng.integers(5, 60, size))]),
        [frozenset(map(str, rng.integers(1, 9, rng.integers(0, 3)))) for _ in range(size)],
        rng.random(size) * 0.1 if seams else np.zeros(size),
    )


def whole(x: Version, y: Version):
    return PairCosts(x, y, [((0, len(x)), (0, len(y)))])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("二十九", {"29"}),
        ("第二十九次会议", {"29"}),
        ("2448亿美元", {"2448"}),
        ("244.8 billion U.S. dollars", {"2448"}),
        ("244,8 млрд долл. США", {"2448"}),
        ("2,448 tonnes", {"2448"}),
        ("2 448 тонн", {"2448"}),
        ("2\u00a0448\u202f000 тонн", {"2448"}),
        ("in 2024 2025", {"2024", "2025"}),
        ("2024年11月2日", {"2024", "11", "2"}),
        ("二〇二四年", {"2024"}),
        ("7.5% и 7,5 проц.", {"75"}),
        ("１２", {"12"}),
        ("三百二十人", {"32"}),
        ("两千零五", {"2005"}),
        ("100 and 1000", {"1"}),
        ("0", {"0"}),
        ("一个国家", set()),
        ("no number", set()),
        ("¹²३", {"3"}),  # a superscript is no digit of a number, a Devanagari digit is
    ],
)
def test_significant_digits_of_numbers(text, found):
    assert numbers(text) == found


@settings(max_examples=30, deadline=None)
@given(
    st.integers(0, 10**6),
    st.integers(1, 14),
    st.integers(1, 14),
    st.data(),
)
def test_a_block_is_a_part_of_the_whole(seed, rows, columns, data):
    costs = whole(made_up(seed, rows, "zh"), made_up(seed + 1, columns, "ru"))
    everything = costs.block((0, rows), (0, columns))
    top = data.draw(st.integers(0, rows))
    bottom = data.draw(st.integers(top, rows))
    left = data.draw(st.integers(0, columns))
    right = data.draw(st.integers(left, columns))
    part = costs.block((top, bottom), (left, right))
    for shape in SHAPES:
        expected = everything[shape][top : bottom + 1, left : right + 1]
        np.testing.assert_allclose(part[shape], expected, rtol=1e-4, atol=1e-5)


@given(st.integers(0, 10**6), st.integers(1, 9), st.integers(1, 9))
@settings(max_examples=30, deadline=None)
def test_costs_do_not_depend_on_which_version_comes_first(seed, rows, columns):
    x, y = made_up(seed, rows, "zh"), made_up(seed + 1, columns, "en")
    one, other = whole(x, y), whole(y, x)
    for turned in (one, other):
        turned.stray = 0.3 if turned is one else -0.3
    forth, back = one.block((0, rows), (0, columns)), other.block((0, columns), (0, rows))
    for a, b in SHAPES:
        np.testing.assert_allclose(forth[a, b], back[b, a].T, rtol=1e-4, atol=1e-5)


def test_a_bead_needs_room():
    costs = whole(made_up(1, 3), made_up(2, 6)).block((0, 3), (0, 6))
    for (a, b), block in costs.items():
        finite = np.isfinite(block)
        assert finite[a:, b:].all()
        assert not finite[:a].any()
        assert not finite[:, :b].any()


def one_hot(*places):
    vectors = np.zeros((len(places), 8), dtype=np.float32)
    vectors[range(len(places)), places] = 1
    return vectors


def plain(singles, lengths, found=None, seams=None):
    size = len(lengths)
    runs = [
        unit(sum(singles[i : size - k + 1 + i] for i in range(k))).astype(np.float32)
        if size >= k
        else np.zeros((0, 8), dtype=np.float32)
        for k in range(1, LONGEST + 1)
    ]
    extent = np.concatenate([[0.0], np.cumsum(lengths)])
    empty = [frozenset()] * size
    return Version("en", runs, extent, found or empty, np.array(seams or [0.0] * size))


def test_same_meaning_is_cheaper_than_other_meaning():
    x, y = plain(one_hot(0, 1, 2), [20] * 3), plain(one_hot(0, 1, 2), [20] * 3)
    single = whole(x, y).block((0, 3), (0, 3))[1, 1][1:, 1:]
    assert (single.argmin(axis=1) == [0, 1, 2]).all()
    assert single.diagonal().max() < single[~np.eye(3, dtype=bool)].min() - 0.5


def test_lengths_that_differ_cost_more_and_the_ratio_of_the_texts_is_learnt():
    x = plain(one_hot(0, 1, 2, 3), [20, 20, 20, 20])
    y = plain(one_hot(0, 1, 2, 3), [40, 40, 40, 40])
    same = plain(one_hot(0, 1, 2, 3), [20, 20, 20, 20])
    costs = whole(x, y)
    before = costs.block((0, 4), (0, 4))[1, 1][1, 1]
    costs.settle([(1, 1)] * 4)
    after = costs.block((0, 4), (0, 4))[1, 1][1, 1]
    best = whole(x, same).block((0, 4), (0, 4))[1, 1][1, 1]
    assert best < after < before


def test_a_few_beads_hardly_move_the_ratio():
    x, y = plain(one_hot(0), [10]), plain(one_hot(0), [40])
    costs = whole(x, y)
    costs.settle([(1, 1)])
    assert -0.35 < costs.stray < 0
    costs.settle([(1, 0), (0, 1)])
    assert costs.stray < 0  # nothing learnt from nothing


def test_numbers_in_common_make_a_bead_cheaper():
    x = plain(one_hot(0, 1), [20, 20], [frozenset({"2448"}), frozenset()])
    same = plain(one_hot(0, 1), [20, 20], [frozenset({"2448"}), frozenset()])
    other = plain(one_hot(0, 1), [20, 20], [frozenset({"1999"}), frozenset()])
    none = plain(one_hot(0, 1), [20, 20])
    cost = {
        name: whole(x, y).block((0, 2), (0, 2))[1, 1][1, 1]
        for name, y in (("same", same), ("other", other), ("none", none))
    }
    assert cost["same"] < cost["none"] == pytest.approx(cost["other"])
    assert whole(none, none).block((0, 2), (0, 2))[1, 1][1, 1] == pytest.approx(cost["same"])


def test_a_seam_inside_a_bead_costs_and_one_at_its_edge_does_not():
    singles = one_hot(0, 1, 2)
    smooth = plain(singles, [20] * 3)
    seamed = plain(singles, [20] * 3, seams=[9.0, 0.25, 0.0])
    without = whole(smooth, smooth).block((0, 3), (0, 3))
    seams = whole(seamed, smooth).block((0, 3), (0, 3))

    def added(shape, end):
        return seams[shape][end] - without[shape][end]

    assert added((2, 1), (2, 1)) == pytest.approx(0.25, abs=1e-5)  # segments 0 and 1
    assert added((2, 1), (3, 1)) == pytest.approx(0, abs=1e-5)  # segments 1 and 2
    assert added((1, 1), (1, 1)) == pytest.approx(0, abs=1e-5)
    assert added((3, 2), (3, 2)) == pytest.approx(0.25, abs=1e-5)


class ByWords:
    """A toy encoder: texts are near that share words, whatever their language."""

    def encode(self, texts):
        return self.runs(texts, 1)[0]

    def runs(self, texts, longest):
        sums = np.zeros((len(texts), 64), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.split():
                sums[row, sum(map(ord, word)) % 64] += 1
        result = []
        for k in range(1, longest + 1):
            rows = max(0, len(texts) - k + 1)
            run = sum((sums[i : i + rows] for i in range(k)), np.zeros((rows, 64)))
            norm = np.linalg.norm(run, axis=1, keepdims=True)
            result.append((run / np.maximum(norm, 1e-9)).astype(np.float32))
        return result


def test_chinese_is_measured_in_its_own_length():
    made = version(["汉" * 20, "字" * 10], "zh", ByWords())
    english = version(["x" * 50 + " " * 30], "en", ByWords())
    assert made.extent.tolist() == [0, 20, 30]
    assert english.extent[-1] == pytest.approx(50 / np.exp(0.92))
