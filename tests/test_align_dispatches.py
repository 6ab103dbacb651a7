"""Aligning dispatches: complete, in order, the same whichever version comes first."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit import corpus
from toolkit.align import align, align_texts
from toolkit.dispatch import parse_dispatch, read_segmented
from toolkit.errors import AlignmentError

LANGS = ("zh", "ru", "en")


class ByWords:
    """A toy encoder: texts are near that share words, whatever their language."""

    def encode(self, texts):
        return self.runs(texts, 1)[0]

    def runs(self, texts, longest):
        sums = np.zeros((len(texts), 97))
        for row, text in enumerate(texts):
            for word in text.split():
                sums[row, sum(k * ord(char) for k, char in enumerate(word, 1)) % 97] += 1
        result = []
        for k in range(1, longest + 1):
            rows = max(0, len(texts) - k + 1)
            run = sum((sums[i : i + rows] for i in range(k)), np.zeros((rows, 97)))
            norm = np.linalg.norm(run, axis=1, keepdims=True)
            result.append((run / np.maximum(norm, 1e-9)).astype(np.float32))
        return result


def numbers(groups, side):
    return [number for group in groups for number in group[side]]


segments = st.lists(
    st.one_of(
        st.sampled_from(["", " ", "\u200b", "—", "***"]),
        st.lists(st.sampled_from(["a", "b", "c1", "d2", "e"]), min_size=1, max_size=4).map(
            " ".join
        ),
    ),
    max_size=12,
)


@settings(max_examples=80, deadline=None)
@given(st.lists(segments, min_size=2, max_size=3))
def test_every_segment_is_in_exactly_one_bead_in_order(sides):
    groups = align_texts(sides, LANGS[: len(sides)], ByWords())
    for side, texts in enumerate(sides):
        assert numbers(groups, side) == list(range(len(texts)))
    assert all(any(group) for group in groups)


@settings(max_examples=80, deadline=None)
@given(st.lists(segments, min_size=2, max_size=3))
def test_an_empty_segment_is_alone_or_inside_a_bead(sides):
    for group in align_texts(sides, LANGS[: len(sides)], ByWords()):
        for side, places in enumerate(group):
            texts = [sides[side][place] for place in places]
            silent = [not any(char.isalnum() for char in text) for text in texts]
            if any(silent) and (len(places) > 1 or sum(map(bool, group)) > 1):
                assert not silent[0]
                assert not silent[-1]


def test_an_empty_line_in_the_midst_of_a_bead_goes_with_it():
    sides = [["a b c d e f"], ["a b c", "", "d e f"]]
    assert align_texts(sides, ("ru", "en"), ByWords()) == [((0,), (0, 1, 2))]


@pytest.mark.parametrize("count", [1, 2, 7, 40])
def test_lines_that_are_all_the_same_pair_one_by_one(count):
    sides = [["双方举行会谈。"] * count, ["Стороны провели переговоры."] * count,
             ["The sides held talks."] * count]  # fmt: skip
    assert align_texts(sides, LANGS) == [((n,),) * 3 for n in range(count)]
    assert align_texts(sides[:2], LANGS[:2]) == [((n,),) * 2 for n in range(count)]


def test_two_short_sentences_stay_two_beads():
    sides = [["会谈。", "会谈结束。"], ["Переговоры.", "Переговоры завершились."],
             ["Talks.", "The talks ended."]]  # fmt: skip
    assert align_texts(sides, LANGS) == [((0,), (0,), (0,)), ((1,), (1,), (1,))]


@pytest.fixture(scope="module")
def entries():
    return {entry.id: entry for entry in corpus.load()}


def test_a_few_sentences_find_their_place_in_a_long_text(entries):
    texts = [
        [segment.text for entry in entries.values() for segment in entry.dispatches()[k].segments]
        for k in (0, 2)
    ]
    assert texts[0][2].startswith("何立峰表示")
    assert len(texts[1]) > 90
    groups = align_texts([texts[0][2:5], texts[1]], ("zh", "en"))
    assert numbers(groups, 1) == list(range(len(texts[1])))
    assert [group for group in groups if group[0]] == [((0,), (3,)), ((1,), (4, 5)), ((2,), (6,))]


def test_a_text_without_a_word_is_all_alone():
    groups = align_texts([["***", "—"], ["Переговоры.", "Итоги."]], ("zh", "ru"))
    assert sorted(groups) == [((), (0,)), ((), (1,)), ((0,), ()), ((1,), ())]


def test_beads_do_not_depend_on_the_order_of_the_versions(entries):
    dispatches = entries["trade"].dispatches()
    alignments = [align(order) for order in permutations(dispatches)]
    assert len({alignment.beads for alignment in alignments}) == 1
    assert alignments[1].langs == ("zh", "en", "ru")


def test_the_ningbo_dispatch_is_aligned_as_by_hand(entries):
    entry = entries["ningbo"]
    assert list(align(entry.dispatches()).beads) == [gold.bead for gold in corpus.gold(entry)]


def test_shipped_dispatches_are_aligned_nearly_as_by_hand(entries):
    right = wanted = 0
    for entry in entries.values():
        gold = [one.bead for one in corpus.gold(entry)]
        # A passage that one version moved cannot be found: beads rise in all languages.
        found = set(align(entry.dispatches()).beads)
        right += sum(bead in found for bead in gold)
        wanted += len(gold)
    assert wanted > 90
    assert right / wanted > 0.85


def test_a_headline_is_never_joined_to_the_text(entries):
    for entry in entries.values():
        alignment = align(entry.dispatches())
        for dispatch in alignment.dispatches:
            for bead in alignment.beads:
                kinds = {dispatch.segments[n].kind for n in bead.side(dispatch.lang)}
                assert len(kinds) < 2, (entry.id, bead)


def test_one_version_alone_or_two_of_one_language_are_refused():
    ru = parse_dispatch("Стороны провели переговоры.", source="a.txt")
    other = parse_dispatch("Стороны подвели итоги.", source="b.txt")
    with pytest.raises(AlignmentError, match="a.txt is ru, b.txt is ru"):
        align([ru, other])
    with pytest.raises(AlignmentError):
        align([ru])


def test_each_line_of_a_segmented_file_is_a_segment(tmp_path):
    # A line is no paragraph that would hold its bead together.
    (tmp_path / "a.zh.txt").write_text(
        "双方举行会谈，讨论了贸易与投资问题。\n\n熊猫抵达动物园。\n", "utf-8"
    )
    (tmp_path / "a.ru.txt").write_text(
        "Стороны провели переговоры.\nОни обсудили торговлю и инвестиции.\n"
        "Панды прибыли в зоопарк.\n", "utf-8"
    )  # fmt: skip
    zh, ru = (read_segmented(tmp_path / f"a.{lang}.txt") for lang in ("zh", "ru"))
    beads = align([zh, ru]).beads
    assert [(bead.zh, bead.ru) for bead in beads] == [((0,), (0, 1)), ((1,), ()), ((2,), (2,))]
