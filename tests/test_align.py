"""Laws of the aligner that hold for any text and any encoder, even one that knows nothing."""

import sys
import unicodedata
from itertools import permutations
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit import encoder
from toolkit.align import align, align_texts
from toolkit.align.costs import version
from toolkit.align.formats import render
from toolkit.align.path import pair_path
from toolkit.dispatch import Dispatch, Segment

sys.path.insert(0, str(Path(__file__).parent))
from random_encoder import AtRandom

LANGS = ("zh", "ru", "en")


class Dumb(AtRandom):
    """An encoder for which every text is nothing: all vectors are zero."""

    def runs(self, texts, longest):
        return [run * 0 for run in super().runs(texts, longest)]


# Any characters at all, control characters and half surrogate pairs among them; and few different
# texts, so that lines repeat within and across the versions.
hostile = st.one_of(
    st.text(max_size=12),
    st.text(st.characters(categories=["Cc", "Cf", "Zl", "Zp", "Zs", "Mn", "Cs"]), max_size=4),
    st.text(st.sampled_from("0123456789.,  十百千万〇一二٣"), max_size=14),
    st.sampled_from(["", " ", "同", "同文", "да", "2 448", "The same line."]),
)
sides = st.one_of(
    st.lists(st.lists(hostile, max_size=10), min_size=2, max_size=3),
    st.tuples(st.lists(hostile, max_size=1), st.lists(hostile, min_size=8, max_size=30)),
    st.tuples(st.lists(hostile, max_size=14), st.lists(hostile, max_size=1), st.lists(hostile)),
)
encoders = st.one_of(st.builds(AtRandom, st.integers(0, 99)), st.builds(Dumb, st.just(0)))


def members(groups, side):
    return [number for group in groups for number in group[side]]


@settings(max_examples=150, deadline=None)
@given(sides, encoders)
def test_each_segment_is_in_one_bead_and_in_order_whatever_is_said(texts, stub):
    groups = align_texts(texts, LANGS[: len(texts)], stub)
    for side, segments in enumerate(texts):
        assert members(groups, side) == list(range(len(segments)))
    for group in groups:
        assert any(group)
        assert len(group) == len(texts)


@settings(max_examples=60, deadline=None)
@given(sides, st.integers(0, 99))
def test_the_same_texts_have_the_same_beads(texts, seed):
    langs = LANGS[: len(texts)]
    first = align_texts(texts, langs, AtRandom(seed))
    assert first == align_texts([list(side) for side in texts], langs, AtRandom(seed))


@settings(max_examples=60, deadline=None)
@given(st.lists(hostile, max_size=10), st.lists(hostile, max_size=10), st.integers(0, 99))
def test_a_version_that_says_nothing_leaves_the_other_two_as_they_are(zh, en, seed):
    alone = align_texts([zh, en], ("zh", "en"), AtRandom(seed))
    beside = align_texts([zh, ["", "***"], en], LANGS, AtRandom(seed))
    assert [(a, c) for a, b, c in beside if not b] == alone
    assert [group for group in beside if group[1]] == [((), (0,), ()), ((), (1,), ())]


def spoken(groups, texts):
    """The beads as texts, what says nothing left out."""
    result = []
    for group in groups:
        bead = tuple(
            tuple(text for n in numbers if any(map(str.isalnum, text := side[n])))
            for numbers, side in zip(group, texts, strict=True)
        )
        if any(bead):
            result.append(bead)
    return result


@settings(max_examples=60, deadline=None)
@given(sides, st.integers(0, 99), st.randoms(use_true_random=False))
def test_empty_lines_change_no_bead(texts, seed, random):
    langs = LANGS[: len(texts)]
    spread = [
        [line for text in side for line in [text, *[""] * random.choice([0, 0, 1, 3])]]
        for side in texts
    ]
    plain = align_texts(texts, langs, AtRandom(seed))
    assert spoken(align_texts(spread, langs, AtRandom(seed)), spread) == spoken(plain, texts)


def dispatch(lang: str, texts, random) -> Dispatch:
    segments, start, paragraph = [], 0, 0
    for text in texts:
        paragraph += random.choice([0, 0, 1])
        kind = random.choice(["headline", "text", "text", "text"])
        segments.append(Segment(text, lang, start, start + len(text), paragraph, kind))
        start += len(text) + 1
    return Dispatch("x", lang, "\n".join(texts), f"x.{lang}.txt", "utf-8", tuple(segments))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(hostile, max_size=8), min_size=2, max_size=3),
    st.integers(0, 99),
    st.randoms(use_true_random=False),
)
def test_beads_are_the_same_whichever_version_comes_first(texts, seed, random):
    langs = random.sample(LANGS, len(texts))
    versions = [dispatch(lang, side, random) for lang, side in zip(langs, texts, strict=True)]
    results = [align(order, AtRandom(seed)) for order in permutations(versions)]
    assert len({result.beads for result in results}) == 1
    for order, result in zip(permutations(versions), results, strict=True):
        assert result.langs == tuple(version.lang for version in order)
        for lang in set(LANGS) - set(langs):
            assert not any(bead.side(lang) for bead in result.beads)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.lists(hostile, max_size=6), min_size=3, max_size=3), st.integers(0, 99))
def test_two_runs_write_the_same_bytes(texts, seed):
    written = []
    for _ in range(2):
        chance = Random(seed)
        versions = [dispatch(lang, side, chance) for lang, side in zip(LANGS, texts, strict=True)]
        result = align(versions, AtRandom(seed))
        written.append([render(result, form) for form in ("tsv", "jsonl", "tmx")])
    assert written[0] == written[1]


@settings(max_examples=60, deadline=None)
@given(st.lists(hostile, max_size=5))
def test_every_vector_is_of_length_one_or_of_nothing(texts):
    for run in encoder.default().runs(texts, 3):
        assert np.isfinite(run).all()
        norms = np.linalg.norm(run, axis=1)
        assert ((np.abs(norms - 1) < 1e-4) | (norms == 0)).all()
    singles = encoder.default().encode(texts)
    for text, vector in zip(texts, singles, strict=True):
        if any(unicodedata.category(char)[0] == "L" for char in text):
            assert vector.any(), text


@pytest.mark.parametrize(
    "text",
    ["1,2," * 100_000, "9" * 300_000, "千百十" * 100_000, "1 000" * 100_000, "。" * 300_000],
    ids=["commas", "digits", "numerals", "thousands", "stops"],
)
def test_one_huge_segment_is_aligned(text):
    encoder.default()
    groups = align_texts([[text], ["Talks.", "12."]], ("zh", "en"))
    assert members(groups, 1) == [0, 1]


class Meanings(AtRandom):
    """An encoder of texts that name what they mean: each letter of a text is one meaning."""

    def runs(self, texts, longest):
        singles = np.zeros((len(texts), 26))
        for row, text in enumerate(texts):
            for letter in text:
                singles[row, ord(letter) - ord("a")] += 1
        result = []
        for k in range(1, longest + 1):
            rows = max(0, len(texts) - k + 1)
            run = sum((singles[i : i + rows] for i in range(k)), np.zeros((rows, 26)))
            norm = np.linalg.norm(run, axis=1, keepdims=True)
            result.append((run / np.maximum(norm, 1e-9)).astype(np.float32))
        return result


def plain(lang: str, *segments: tuple[str, int, str]) -> Dispatch:
    made, start = [], 0
    for text, paragraph, kind in segments:
        made.append(Segment(text, lang, start, start + len(text), paragraph, kind))
        start += len(text) + 1
    return Dispatch("x", lang, " ".join(s[0] for s in segments), f"x.{lang}", "utf-8", tuple(made))


@pytest.mark.parametrize(
    ("first", "other", "places", "joined"),
    [
        ("aaaaa", "baa", [(0, "text"), (0, "text"), (1, "text")], True),
        # The author set them apart: a paragraph counts a little, a headline much.
        ("aaaaa", "baa", [(0, "text"), (1, "text"), (1, "text")], False),
        ("aaaa", "baaaa", [(0, "text"), (1, "text"), (1, "text")], True),
        ("aaaa", "baaaa", [(0, "headline"), (1, "text"), (1, "text")], False),
        # Where every segment is a paragraph, paragraphs say nothing.
        ("aaaaa", "baa", [(0, "text"), (1, "text"), (2, "text")], True),
        ("aaaa", "baaaa", [(0, "headline"), (1, "text"), (2, "text")], False),
    ],
)
def test_what_the_author_set_apart_is_joined_less_readily(first, other, places, joined):
    texts = [first, "b", "ccccc"]
    ru = plain("ru", *((text, *place) for text, place in zip(texts, places, strict=True)))
    en = plain("en", (other, 0, "text"), ("ccccc", 0, "text"))
    bead = align([ru, en], Meanings(0)).beads[0]
    assert (bead.ru == (0, 1) and bead.en == (0,)) == joined


def test_the_ratio_of_lengths_is_learnt_from_a_first_path():
    texts = [letter * 8 for letter in "abcdefghijklmnop"]
    x = version(texts, "en", Meanings(0))
    y = version([text * 3 for text in texts], "en", Meanings(0))
    costs, path = pair_path(x, y)
    assert path == [(1, 1)] * len(texts)
    # By half after five beads; after sixteen by three quarters.
    assert np.exp(costs.stray) == pytest.approx((1 / 3) ** (16 / 21))
