"""Human decisions last: kept beads stand in the result, whatever the machine thinks."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.align import align, decided, review
from toolkit.align.attach import _assigned, attached
from toolkit.align.beads import Alignment, Bead
from toolkit.align.formats import render
from toolkit.align.keep import Kept, align_round
from toolkit.align.match import find, squeezed
from toolkit.dispatch import Dispatch, Segment
from toolkit.errors import AlignmentError

sys.path.insert(0, str(Path(__file__).parent))
from random_encoder import AtRandom

LANGS = ("zh", "ru", "en")


def dispatch(lang, texts, source=None):
    segments, start = [], 0
    for number, text in enumerate(texts):
        segments.append(Segment(text, lang, start, start + len(text), number // 3))
        start += len(text) + 1
    source = source or f"x.{lang}.txt"
    return Dispatch("x", lang, "\n".join(texts), source, "utf-8", tuple(segments))


words = st.sampled_from(
    ["", " ", "同", "同文", "да", "2 448", "The same line.", "a", "b", "c", "\x00"]
)
short = st.lists(st.text("ab", max_size=3), max_size=9)


@st.composite
def decisions(draw, langs):
    """Versions, and some beads of one of their alignments."""
    shapes = draw(
        st.lists(st.tuples(*[st.integers(0, 2)] * len(langs)).filter(any), max_size=8)
    )
    at = [0] * len(langs)
    kept = []
    for shape in shapes:
        runs = {
            lang: (a, a + n) for lang, a, n in zip(langs, at, shape, strict=True) if n
        }
        at = [a + n for a, n in zip(at, shape, strict=True)]
        if draw(st.booleans()):
            kept.append(Kept(runs, langs))
    versions = [
        dispatch(lang, draw(st.lists(words, min_size=n, max_size=n)))
        for lang, n in zip(langs, at, strict=True)
    ]
    return versions, kept


def beads_of(kept, langs):
    return [
        tuple(tuple(range(*bead.sides.get(lang, (0, 0)))) for lang in langs) for bead in kept
    ]


def as_kept(beads, langs):
    return [
        Kept({x: (bead.side(x)[0], bead.side(x)[-1] + 1) for x in langs if bead.side(x)}, langs)
        for bead in beads
    ]


def projected(alignment, langs):
    found = [tuple(bead.side(lang) for lang in langs) for bead in alignment.beads]
    return [group for group in found if any(group)]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([LANGS, ("zh", "en"), ("ru", "en")]).flatmap(decisions), st.integers(0, 9))
def test_kept_beads_are_beads_of_the_result(case, seed):
    versions, kept = case
    langs = [version.lang for version in versions]
    result = align_round(versions, kept, AtRandom(seed))  # an Alignment: each segment once
    found = {tuple(bead.side(x) for x in langs): bead for bead in result.beads}
    for group in beads_of(kept, langs):
        assert found[group].decided == tuple(langs)
        assert found[group].confidence == 1
    assert sum(bool(bead.decided) for bead in result.beads) == len(kept)
    again = align_round(versions, kept, AtRandom(seed))
    assert [render(result, form) for form in ("tsv", "jsonl")] == [
        render(again, form) for form in ("tsv", "jsonl")
    ]
    assert review.render(result) == review.render(again)


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from([("zh", "en"), ("zh", "ru"), ("ru", "en")]).flatmap(decisions),
    st.lists(words, max_size=8),
    st.integers(0, 9),
)
def test_a_third_language_leaves_the_corrected_pair_as_it_is(case, third, seed):
    versions, kept = case
    pair = tuple(version.lang for version in versions)
    lang = next(lang for lang in LANGS if lang not in pair)
    three = [*versions, dispatch(lang, third)]
    result = align_round(three, kept, AtRandom(seed))
    found = projected(result, pair)
    assert [group for group in beads_of(kept, pair) if group not in found] == []
    whole = align_round(versions, kept, AtRandom(seed))
    result = align_round(three, as_kept(whole.beads, pair), AtRandom(seed))
    assert projected(result, pair) == projected(whole, pair)
    assert {bead.decided for bead in result.beads if any(map(bead.side, pair))} <= {pair}


@settings(max_examples=100, deadline=None)
@given(decisions(LANGS), st.data())
def test_beads_of_a_pair_and_of_all_languages_are_kept_together(case, data):
    versions, kept = case
    mixed = []
    for bead in kept:
        sides = {lang: run for lang, run in bead.sides.items() if lang != "ru"}
        whole = data.draw(st.booleans()) or not sides
        mixed.append(bead if whole else replace(bead, sides=sides, langs=("zh", "en")))
    result = align_round(versions, mixed, AtRandom(1))
    for bead in mixed:
        groups = projected(result, bead.langs)
        assert beads_of([bead], bead.langs)[0] in groups


@settings(max_examples=30, deadline=None)
@given(decisions(LANGS), st.integers(0, 9))
def test_what_the_machine_found_itself_may_be_kept_without_a_change(case, seed):
    versions, _ = case
    first = align(versions, AtRandom(seed))
    assert align_round(versions, [], AtRandom(seed)) == first
    for some in (slice(None), slice(None, None, 2), slice(1, 3)):
        again = align_round(versions, as_kept(first.beads[some], LANGS), AtRandom(seed))
        assert set(again.beads) == set(first.beads)


@settings(max_examples=60, deadline=None)
@given(decisions(LANGS), st.data())
def test_lines_put_together_stay_together_from_file_to_file(tmp_path_factory, case, data):
    versions, _ = case
    first = align(versions, AtRandom(1))
    if len(first.beads) < 2 or not all(version.text.strip() for version in versions):
        return
    at = data.draw(st.integers(1, len(first.beads) - 1))
    lines = review.render(first).split("\n")
    begin = next(n for n, line in enumerate(lines) if line.startswith("state\t")) + 1
    lines[begin + at] = "+" + lines[begin + at].lstrip("?")
    path = tmp_path_factory.mktemp("x") / "x.review"
    path.write_text("\n".join(lines), "utf-8")
    found = decided.read(path, versions)
    joint = tuple(
        first.beads[at - 1].side(lang) + first.beads[at].side(lang) for lang in LANGS
    )
    assert beads_of(found.kept, LANGS) == [joint]
    result = align_round(versions, found.kept, AtRandom(1))
    path.write_text(review.render(result), "utf-8")
    again = decided.read(path, versions)
    assert beads_of(again.kept, LANGS) == [joint]
    assert (again.lost, again.notes) == ((), ())
    assert align_round(versions, again.kept, AtRandom(1)).beads == result.beads


def test_beads_of_two_different_pairs_are_refused():
    versions = [dispatch(lang, ["a", "b"]) for lang in LANGS]
    kept = [Kept({"zh": (0, 1), "en": (0, 1)}, ("zh", "en"), 12),
            Kept({"zh": (1, 2), "ru": (1, 2)}, ("zh", "ru"), 13)]  # fmt: skip
    with pytest.raises(AlignmentError, match="line 12 is decided for en zh only, line 13"):
        align_round(versions, kept, AtRandom(0))


ZH = ["双方举行会谈。", "熊猫昨天抵达莫斯科动物园。", "火箭发射成功。", "会议在北京举行。"]
EN = ["The sides held talks.", "The pandas arrived at the Moscow Zoo yesterday.",
      "The rocket was launched successfully.", "The meeting took place in Beijing."]  # fmt: skip
RU = ["Стороны провели переговоры.", "Панды вчера прибыли в Московский зоопарк.",
      "Ракета была успешно запущена.", "Встреча состоялась в Пекине."]  # fmt: skip


def test_round_a_kept_bead_the_rest_finds_its_place():
    # A person says that the first two belong together; the machine thought otherwise.
    versions = [dispatch("zh", ZH), dispatch("en", EN)]
    result = align_round(versions, [Kept({"zh": (0, 2), "en": (0, 1)}, ("zh", "en"))])
    assert projected(result, ("zh", "en"))[:1] == [((0, 1), (0,))]
    assert projected(result, ("zh", "en"))[-2:] == [((2,), (2,)), ((3,), (3,))]


@pytest.mark.parametrize("lone", [0, 1])
def test_what_was_joined_with_a_lone_segment_goes_to_the_other(lone):
    zh = dispatch("zh", ["双方举行会谈。", "双方还讨论了贸易问题。", "火箭发射成功。"])
    en = dispatch("en", ["The sides held talks and discussed trade.", "The rocket was launched."])
    assert projected(align([zh, en]), ("zh", "en"))[0] == ((0, 1), (0,))
    result = align_round([zh, en], [Kept({"zh": (lone, lone + 1)}, ("zh", "en"))])
    found = projected(result, ("zh", "en"))
    assert found[lone] == ((lone,), ())
    assert found[1 - lone] == ((1 - lone,), (0,))
    assert found[2] == ((2,), (1,))


def test_a_third_language_finds_the_beads_it_says():
    pair = [dispatch("zh", ZH), dispatch("en", EN)]
    kept = [Kept({"zh": (n, n + 1), "en": (n, n + 1)}, ("zh", "en")) for n in (0, 1)]
    kept += [Kept({"zh": (2, 4), "en": (2, 4)}, ("zh", "en"))]
    result = align_round([*pair, dispatch("ru", RU)], kept)
    assert projected(result, LANGS) == [
        ((0,), (0,), (0,)), ((1,), (1,), (1,)), ((2, 3), (2, 3), (2, 3))
    ]  # fmt: skip
    short = dispatch("ru", [RU[0], RU[2]])  # it does not speak of pandas
    found = projected(align_round([*pair, short], kept[:2]), LANGS)
    assert found[:3] == [((0,), (0,), (0,)), ((1,), (), (1,)), ((2,), (1,), (2,))]


def test_one_sentence_of_the_third_language_goes_to_the_likelier_of_two_kept_beads():
    units = [{"zh": ZH[0], "en": EN[0]}, {"zh": ZH[1], "en": EN[1]}]
    both = attached(units, [RU[0], RU[1]], "ru", [0.0, 0.0])
    assert [place[0] for place in both] == [(0, 1), (1, 2)]
    joint = f"{RU[1]} {RU[1]} {RU[0]}"
    found = attached(units, [joint], "ru", [0.0])
    assert [place and place[0] for place in found].count((0, 1)) == 1


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 4), st.integers(1, 5))
def test_segments_are_shared_out_for_the_most_gain(seed, columns, rows):
    from itertools import product

    gain = np.random.default_rng(seed).normal(size=(rows, columns))
    runs = _assigned(gain)
    got = sum(gain[a:b, k].sum() for k, run in enumerate(runs) if run for a, b in [run])
    best = 0.0
    for choice in product(range(-1, columns), repeat=rows):
        places = [k for k in choice if k >= 0]
        spans = [[n for n, k in enumerate(choice) if k == which] for which in set(places)]
        if places == sorted(places) and all(s[-1] - s[0] == len(s) - 1 for s in spans):
            best = max(best, sum(gain[n, k] for n, k in enumerate(choice) if k >= 0))
    assert got == pytest.approx(best)


@settings(max_examples=300, deadline=None)
@given(short, short)
def test_what_is_found_again_says_the_same_and_rises(old, new):
    last = 0
    for text, run in zip(old, find(old, new), strict=True):
        if run:
            assert last <= run[0] < run[1]
            assert "".join(new[slice(*run)]) == text != ""
            last = run[1]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text("abc", max_size=3), max_size=9), st.randoms(use_true_random=False))
def test_in_an_unchanged_text_everything_is_found_however_it_was_joined(segments, random):
    old, at = [], 0
    while at < len(segments):
        size = random.randint(1, 3)
        old.append("".join(segments[at : at + size]))
        at += size
    assert all(run for text, run in zip(old, find(old, segments), strict=True) if text)


def written(tmp_path, name, alignment):
    path = tmp_path / name
    form = path.suffix[1:]
    text = review.render(alignment) if form == "review" else render(alignment, form)
    path.write_text(text, "utf-8")
    return path


def all_decided(versions):
    langs = tuple(version.lang for version in versions)
    beads = align(versions).beads
    return Alignment(tuple(versions), tuple(replace(bead, decided=langs) for bead in beads))


@pytest.mark.parametrize("form", ["review", "tsv", "jsonl", "tmx"])
def test_every_format_is_kept_whole(tmp_path, form):
    versions = [dispatch("zh", ZH), dispatch("en", EN[:2] + EN[3:])]
    path = written(tmp_path, f"x.{form}", all_decided(versions))
    found = decided.read(path, versions)
    assert [bead.sides for bead in found.kept] == [
        {"zh": (0, 1), "en": (0, 1)}, {"zh": (1, 2), "en": (1, 2)}, {"zh": (2, 3)},
        {"zh": (3, 4), "en": (2, 3)},
    ]  # fmt: skip
    assert found.lost == found.notes == ()


@pytest.mark.parametrize("form", ["review", "tsv", "jsonl", "tmx"])
def test_a_corrected_text_keeps_what_did_not_change(tmp_path, form):
    versions = [dispatch("zh", ZH), dispatch("en", EN)]
    path = written(tmp_path, f"x.{form}", all_decided(versions))
    corrected = [EN[0], "Two pandas arrived at the Moscow Zoo.", "It snowed.", *EN[2:]]
    now = [dispatch("zh", ZH), dispatch("en", corrected)]
    found = decided.read(path, now)
    assert [bead.sides for bead in found.kept] == [
        {"zh": (0, 1), "en": (0, 1)}, {"zh": (2, 3), "en": (3, 4)}, {"zh": (3, 4), "en": (4, 5)},
    ]  # fmt: skip
    (reason,) = found.lost
    line = path.read_text("utf-8").split("\n")
    number = int(reason.removeprefix(f"{path}:").split(":")[0])
    assert "x.en.txt" in reason and (form == "tmx" or "Moscow" in line[number - 1])
    result = align_round(now, found.kept)
    assert projected(result, ("zh", "en")) == [
        ((0,), (0,)), ((1,), (1,)), ((), (2,)), ((2,), (3,)), ((3,), (4,)),
    ]  # fmt: skip


@pytest.mark.parametrize("form", ["review", "tsv", "jsonl", "tmx"])
def test_of_three_languages_two_stay_together_when_the_third_is_corrected(tmp_path, form):
    versions = [dispatch("zh", ZH), dispatch("ru", RU), dispatch("en", EN)]
    path = written(tmp_path, f"x.{form}", all_decided(versions))
    now = [*versions[:2], dispatch("en", [EN[0], "Pandas came to Moscow yesterday.", *EN[2:]])]
    found = decided.read(path, now)
    assert [bead.langs for bead in found.kept] == [LANGS, ("zh", "ru"), LANGS, LANGS]
    assert found.lost == ()
    (reason,) = found.partly
    assert reason.endswith("; kept in zh and ru")
    result = align_round(now, found.kept)
    assert projected(result, LANGS) == [((n,), (n,), (n,)) for n in range(4)]
    assert [bead.decided for bead in result.beads] == [LANGS, ("zh", "ru"), LANGS, LANGS]
    # Corrected in two languages at two places: no pair holds for both, so they are let go.
    both = [dispatch("zh", [ZH[0], ZH[1], "发射成功了。", ZH[3]]), *now[1:]]
    found = decided.read(path, both)
    assert [bead.sides["ru"] for bead in found.kept] == [(0, 1), (3, 4)]
    assert len(found.lost) == 2


def test_empty_lines_of_a_corrected_text_cost_no_decision(tmp_path):
    versions = [dispatch("zh", [ZH[0], "", ZH[1]]), dispatch("en", EN[:2])]
    beads = (Bead((0, 1), (), (0,)), Bead((2,), (), (1,)))
    beads = tuple(replace(bead, decided=("zh", "en")) for bead in beads)
    path = written(tmp_path, "x.review", Alignment(tuple(versions), beads))
    kept = [{"zh": (0, 1), "en": (0, 1)}, {"zh": (2, 3), "en": (1, 2)}]
    found = decided.read(path, [dispatch("zh", [ZH[0], "", ZH[1], ZH[2]]), versions[1]])
    assert ([bead.sides for bead in found.kept], found.lost) == (kept, ())


def test_a_text_that_is_cut_otherwise_now_is_told(tmp_path):
    versions = [dispatch("zh", ZH), dispatch("en", EN)]
    path = written(tmp_path, "x.review", all_decided(versions))
    joint = [EN[0], f"{EN[1]} {EN[2]}", EN[3]]
    found = decided.read(path, [dispatch("zh", ZH), dispatch("en", joint)])
    assert [bead.sides["en"] for bead in found.kept] == [(0, 1), (2, 3)]
    assert all("is divided otherwise or stands elsewhere in x.en.txt" in x for x in found.lost)
    assert len(found.lost) == 2
    assert found.notes == (
        f"x.en.txt has changed since {path} was written; what is kept is found by its text",
    )


def test_repeated_sentences_keep_their_places(tmp_path):
    refrain = "The text is the same."
    versions = [dispatch("zh", ["同上。"] * 4), dispatch("en", [refrain] * 4)]
    path = written(tmp_path, "x.tsv", all_decided(versions))
    now = [refrain, refrain, "New.", refrain, refrain]
    found = decided.read(path, [versions[0], dispatch("en", now)])
    assert [bead.sides["en"] for bead in found.kept] == [(0, 1), (1, 2), (3, 4), (4, 5)]


def test_an_edited_text_is_told_and_does_not_count(tmp_path):
    versions = [dispatch("zh", ZH), dispatch("en", EN)]
    path = written(tmp_path, "x.review", all_decided(versions))
    path.write_text(path.read_text("utf-8").replace("held talks", "had talks"), "utf-8")
    found = decided.read(path, versions)
    assert len(found.kept) == 4
    (note,) = found.notes
    assert note.startswith(f"{path}:12: the en text was changed here, but only numbers count")


def test_a_file_of_other_texts_is_refused(tmp_path):
    path = written(tmp_path, "x.tsv", all_decided([dispatch("zh", ZH), dispatch("en", EN)]))
    others = [dispatch("zh", ["天气很好。"]), dispatch("en", ["Fine weather."])]
    with pytest.raises(AlignmentError, match="none of its 4 decided beads is in these files"):
        decided.read(path, others)
    with pytest.raises(AlignmentError, match="holds zh en, and the files are zh ru"):
        decided.read(path, [dispatch("zh", ZH), dispatch("ru", RU)])


def test_a_review_of_three_languages_serves_two_of_them(tmp_path):
    versions = [dispatch("zh", ZH), dispatch("ru", RU), dispatch("en", EN)]
    path = written(tmp_path, "x.review", all_decided(versions))
    found = decided.read(path, [versions[2], versions[0]])
    assert [bead.langs for bead in found.kept] == [("zh", "en")] * 4
    assert squeezed(" a\u3000b\n") == "ab"


def test_moved_passages_stay_marked_as_a_person_left_them(tmp_path):
    versions = [dispatch("zh", ZH), dispatch("en", [EN[3], *EN[:3]])]
    beads = [Bead((), (), (0,), moved=4), *(Bead((n,), (), (n + 1,)) for n in range(3)),
             Bead((3,), (), (), moved=0)]  # fmt: skip
    beads = [replace(bead, decided=("zh", "en")) for bead in beads]
    path = written(tmp_path, "x.review", Alignment(tuple(versions), tuple(beads)))
    result = align_round(versions, decided.read(path, versions).kept)
    assert result.beads == tuple(beads)
    assert [bead.moved for bead in result.beads] == [4, None, None, None, 0]
    text = path.read_text("utf-8")
    text = text.replace("\t4\t>1\t", "\t4\t-\t").replace("\t>4\t1\t", "\t-\t1\t")
    path.write_text(text, "utf-8")
    result = align_round(versions, decided.read(path, versions).kept)
    assert [bead.moved for bead in result.beads] == [None] * 5


@pytest.mark.parametrize("apart", [True, False])
def test_where_a_person_says_that_nothing_moved_the_machine_marks_nothing(tmp_path, apart):
    versions = [dispatch("zh", ZH), dispatch("en", [EN[3], *EN[:3]])]
    settled = ("zh", "en") if apart else ()
    beads = [Bead((), (), (0,), decided=settled), *(Bead((n,), (), (n + 1,)) for n in range(2)),
             Bead((2,), (), (3,), decided=("zh", "en")),
             Bead((3,), (), (), decided=settled)]  # fmt: skip
    path = written(tmp_path, "x.review", Alignment(tuple(versions), tuple(beads)))
    result = align_round(versions, decided.read(path, versions).kept)
    assert result.beads == tuple(beads)
    assert [bead.moved for bead in result.beads][::4] == ([None, None] if apart else [4, 0])
