"""Two alignments compared: what only one has, and how far they agree."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.align import review, reviewed
from toolkit.align.beads import Alignment, Bead
from toolkit.align.diff import compare
from toolkit.align.formats import AlignedRow, read, render
from toolkit.dispatch import Dispatch, Segment
from toolkit.errors import AlignmentError

LANGS = ("zh", "ru", "en")


def dispatch(lang, sentences):
    segments, start = [], 0
    for number, text in enumerate(sentences):
        segments.append(Segment(text, lang, start, start + len(text), number))
        start += len(text) + 1
    return Dispatch("x", lang, "\n".join(sentences), f"x.{lang}.txt", "utf-8", tuple(segments))


@st.composite
def twice(draw, langs=LANGS):
    """Two alignments of the same texts, of which many segments repeat."""
    sizes = [draw(st.integers(1, 6)) for _ in langs]
    texts = st.sampled_from(["a", "b", "c", "ab", "ba"])
    versions = [
        dispatch(lang, draw(st.lists(texts, min_size=n, max_size=n)))
        for lang, n in zip(langs, sizes, strict=True)
    ]
    found = []
    for _ in range(2):
        at, beads = [0] * len(langs), []
        while any(a < n for a, n in zip(at, sizes, strict=True)):
            step = draw(st.tuples(*[st.integers(0, 2)] * len(langs)).filter(any))
            ends = [min(a + s, n) for a, s, n in zip(at, step, sizes, strict=True)]
            if ends == at:
                continue
            sides = {x: tuple(range(a, e)) for x, a, e in zip(langs, at, ends, strict=True)}
            beads.append(Bead(**sides))
            at = ends
        found.append(Alignment(tuple(versions), tuple(beads)))
    return found


def opened(alignment, form, tmp_path):
    if form == "review":
        return reviewed.parse(review.render(alignment), "x.review")
    path = tmp_path / f"x.{form}"
    path.write_text(render(alignment, form), "utf-8")
    return read(path)


@pytest.mark.parametrize(
    ("one", "other"), [("review", "review"), ("jsonl", "review"), ("tsv", "jsonl"), ("tmx", "tsv")]
)
def test_every_two_formats_give_the_same_answer(one, other, tmp_path_factory):
    folder = tmp_path_factory.mktemp("x")

    @settings(max_examples=60, deadline=None)
    @given(twice())
    def law(pair):
        first, second = pair
        difference = compare(opened(first, one, folder), opened(second, other, folder))
        groups = [{(b.zh, b.ru, b.en) for b in alignment.beads} for alignment in pair]
        assert difference.same == len(groups[0] & groups[1])
        signs = [sign for sign, _ in difference.rows]
        assert signs.count("-") == len(groups[0] - groups[1])
        assert signs.count("+") == len(groups[1] - groups[0])
        for (x, y), agreement in difference.pairs.items():
            left, right = (
                {(b.side(x), b.side(y)) for b in alignment.beads} - {((), ())}
                for alignment in pair
            )
            joined = {group for group in right if all(group)}
            assert (agreement.same, agreement.first) == (len(left & right), len(left))
            assert (agreement.joined, agreement.second) == (len(left & joined), len(joined))
        again = compare(opened(first, one, folder), opened(first, other, folder))
        assert not again.rows
        assert all(agreement.f1 == 1 or not agreement.second for agreement in again.pairs.values())

    law()


def row(line, **texts):
    return AlignedRow(texts, line)


def test_what_differs_stands_in_reading_order_the_first_before_the_second():
    first = [row(2, zh="甲", en="A."), row(3, zh="乙", en="B."), row(4, zh="丙", en="C."),
             row(5, zh="丁", en="D.")]  # fmt: skip
    second = [row(2, zh="甲", en="A."), row(3, zh="乙 丙", en="B. C."), row(4, zh="丁"),
              row(5, zh="", en="D.")]  # fmt: skip
    found = compare(first, second)
    assert [(sign, one.line) for sign, one in found.rows] == [
        ("-", 3), ("-", 4), ("-", 5), ("+", 3), ("+", 4), ("+", 5)
    ]  # fmt: skip
    agreement = found.pairs["zh", "en"]
    assert (agreement.same, agreement.first, agreement.joined, agreement.second) == (1, 4, 1, 2)
    assert (agreement.precision, agreement.recall) == (0.25, 0.5)
    assert agreement.f1 == pytest.approx(1 / 3)


def test_one_changed_sentence_makes_one_bead_differ():
    first = [row(2, zh="甲", en="A."), row(3, zh="乙", en="B."), row(4, zh="丙", en="C.")]
    second = [first[0], row(3, zh="乙", en="Bee."), first[2]]
    assert [(sign, one.line) for sign, one in compare(first, second).rows] == [("-", 3), ("+", 3)]


def test_only_common_languages_are_compared():
    first = [row(2, zh="甲", en="A."), row(3, zh="乙", en="B.")]
    second = [row(2, zh="甲", ru="А.", en="A."), row(3, ru="Ы.", zh="", en=""),
              row(4, zh="乙", ru="", en="B.")]  # fmt: skip
    found = compare(first, second)
    assert (found.rows, found.same, found.left_out) == ((), 2, ("ru",))


def test_what_cannot_be_compared_is_said():
    first = [row(2, zh="甲", en="A.")]
    with pytest.raises(AlignmentError, match="fewer than two languages in common: en zh and"):
        compare(first, [row(2, zh="甲", ru="А.")])
    with pytest.raises(AlignmentError, match="no text in common"):
        compare(first, [row(2, zh="子", en="Z.")])
