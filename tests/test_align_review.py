"""The review file: whatever a person does to it, no segment is lost, every edit understood."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.align import review, reviewed
from toolkit.align.beads import Alignment, Bead
from toolkit.dispatch import Dispatch, Segment
from toolkit.errors import AlignmentError

LANGS = ("zh", "ru", "en")
# What a text may hold: dividers and escapes of the file itself, formulas, quotes, control
# characters, spaces of all kinds, half a surrogate pair, nothing.
texts = st.one_of(
    st.sampled_from(
        ["", " | ", "a|b", "\\", "\\|", "\\u0041", "=1+1", "+7", "-", "@x", '"', '"a", b', "'",
         "3 4", "#", "# zh", "\x00", "a\nb", "\u2028", "\ud800", "\ufeff", "同文。", "Да."]
    ),
    st.text(max_size=6),
)  # fmt: skip


def dispatch(lang, sentences):
    segments, start = [], 0
    for number, text in enumerate(sentences):
        segments.append(Segment(text, lang, start, start + len(text), number))
        start += len(text) + 1
    return Dispatch("x", lang, "\n".join(sentences), f"x.{lang}.txt", "utf-8", tuple(segments))


@st.composite
def alignments(draw, langs=None, least=0):
    langs = langs or draw(st.sampled_from([LANGS, ("en", "zh"), ("ru", "en", "zh")]))
    shapes = draw(
        st.lists(
            st.tuples(*[st.integers(0, 3)] * len(langs)).filter(any), min_size=least, max_size=8
        )
    )
    at = [0] * len(langs)
    beads = []
    for shape in shapes:
        sides = {
            lang: tuple(range(a, a + n)) for lang, a, n in zip(langs, at, shape, strict=True)
        }
        at = [a + n for a, n in zip(at, shape, strict=True)]
        chance = draw(st.one_of(st.none(), st.floats(0, 1)))
        decided = draw(st.sampled_from([(), (), langs, langs[:2]]))
        beads.append(Bead(**sides, confidence=chance, decided=decided))
    dispatches = [
        dispatch(lang, draw(st.lists(texts, min_size=n, max_size=n)))
        for lang, n in zip(langs, at, strict=True)
    ]
    return Alignment(tuple(dispatches), tuple(beads))


def sides(found):
    return [{lang: side for lang, side in bead.sides.items() if side} for bead in found.beads]


def expected(alignment, beads=None):
    return [
        {lang: bead.side(lang) for lang in alignment.langs if bead.side(lang)}
        for bead in (alignment.beads if beads is None else beads)
    ]


@settings(max_examples=200, deadline=None)
@given(alignments(), st.booleans())
def test_what_is_written_is_read_back(alignment, doubtful_first):
    text = review.render(alignment, doubtful_first)
    text.encode()  # a file can hold it
    found = reviewed.parse(text, "x.review")
    assert sides(found) == expected(alignment)
    assert not any(bead.changed for bead in found.beads)
    for one, bead in zip(found.beads, alignment.beads, strict=True):
        assert one.decided == tuple(lang for lang in alignment.langs if lang in bead.decided)
        assert (one.chance is None) == (bead.confidence is None)
    for version in alignment.dispatches:
        assert found.sources[version.lang].digest == review.digest(version)
        assert found.texts[version.lang] == [
            " ".join(segment.text.split()) for segment in version.segments
        ]
    assert text == review.render(alignment, doubtful_first)


def rows(text):
    """The lines of beads as lists of cells, and what stands before them."""
    lines = text.rstrip("\n").split("\n")
    at = next(n for n, line in enumerate(lines) if line.startswith(("state\t", "bead\t")))
    return lines[: at + 1], [line.split("\t") for line in lines[at + 1 :]]


def joined(head, table):
    return "\n".join([*head, *("\t".join(cells) for cells in table)]) + "\n"


def numbers(side):
    return " ".join(str(n + 1) for n in side) or "-"


@settings(max_examples=200, deadline=None)
@given(alignments(least=1), st.data())
def test_any_merges_splits_and_moves_are_understood(alignment, data):
    """Edit the file as a person would; expect what the same edits of the beads give."""
    langs = alignment.langs
    head, table = rows(review.render(alignment))
    beads = [bead for bead in expected(alignment)]
    touched = [False] * len(beads)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(beads) - 1))
        edit = data.draw(st.sampled_from(["merge", "plus", "slash", "copy", "hand over"]))
        if edit in ("merge", "plus") and at and not table[at][0].startswith("+"):
            before, here = beads[at - 1], beads[at]
            both = {lang: before.get(lang, ()) + here.get(lang, ()) for lang in langs}
            both = {lang: side for lang, side in both.items() if side}
            if edit == "merge":
                for k, lang in enumerate(langs):
                    table[at - 1][2 + k] = numbers(both.get(lang, ()))
                beads[at - 1 : at + 1], touched[at - 1 : at + 1] = [both], [True]
                del table[at]  # and its texts with it
            elif not any("/" in cell for cell in table[at - 1][2 : 2 + len(langs)]):
                for k, lang in enumerate(langs):
                    table[at][2 + k] = numbers(here.get(lang, ()))
                head, again = head, table  # the line stays and says + now
                table[at - 1][2 : 2 + len(langs)] = [numbers(before.get(x, ())) for x in langs]
                again[at][0] = "+"
                beads[at - 1 : at + 1], touched[at - 1 : at + 1] = [both], [True]
                break  # lines and beads no longer run in step
        elif edit in ("slash", "copy"):
            cuts = {lang: data.draw(st.integers(0, len(side))) for lang, side in beads[at].items()}
            first = {lang: side[: cuts[lang]] for lang, side in beads[at].items()}
            second = {lang: side[cuts[lang] :] for lang, side in beads[at].items()}
            if not any(first.values()) or not any(second.values()):
                continue
            parts = [{x: s for x, s in part.items() if s} for part in (first, second)]
            if edit == "copy":
                table.insert(at + 1, list(table[at]))
                for row, part in zip(table[at : at + 2], parts, strict=True):
                    row[2 : 2 + len(langs)] = [numbers(part.get(lang, ())) for lang in langs]
                beads[at : at + 1], touched[at : at + 1] = parts, [True, True]
            else:
                for k, lang in enumerate(langs):
                    if lang in beads[at]:
                        table[at][2 + k] = f"{numbers(first[lang])}/{numbers(second[lang])}"
                beads[at : at + 1], touched[at : at + 1] = parts, [True, True]
                break
        elif edit == "hand over" and at:
            lang = data.draw(st.sampled_from(langs))
            side = beads[at].get(lang, ())
            if side and len(beads[at]) > 1:
                holder = next((n for n in range(at - 1, -1, -1) if lang in beads[n]), None)
                if holder is None:
                    continue
                beads[holder] = {**beads[holder], lang: beads[holder][lang] + side[:1]}
                beads[at] = {x: s for x, s in {**beads[at], lang: side[1:]}.items() if s}
                for n in (holder, at):
                    touched[n] = True
                    table[n][2 : 2 + len(langs)] = [numbers(beads[n].get(x, ())) for x in langs]
    found = reviewed.parse(joined(head, table), "x.review")

    def key(some):
        return repr(sorted(some.items()))

    assert sorted(sides(found), key=key) == sorted(beads, key=key)
    for lang, version in zip(langs, alignment.dispatches, strict=True):
        held = [n for bead in found.beads for n in bead.sides.get(lang, ())]
        assert held == list(range(len(version.segments)))
    decided = {key(bead.sides) for bead in found.beads if bead.decided == langs}
    as_written = {key(bead) for bead in expected(alignment)}
    assert {key(b) for b, t in zip(beads, touched, strict=True) if t} - as_written <= decided


@settings(max_examples=100, deadline=None)
@given(alignments(least=1), st.randoms(use_true_random=False))
def test_lines_may_stand_in_any_order(alignment, random):
    head, table = rows(review.render(alignment))
    random.shuffle(table)
    found = reviewed.parse(joined(head, table), "x.review")
    assert sorted(map(repr, sides(found))) == sorted(map(repr, expected(alignment)))
    for lang in alignment.langs:
        held = [n for bead in found.beads for n in bead.sides.get(lang, ())]
        assert held == sorted(held)


def spreadsheet(text, delimiter):
    """Write the table as a spreadsheet does that quotes whatever it can."""
    lines = []
    for line in text.rstrip("\n").split("\n"):
        cells = line.split("\t")
        lines.append(delimiter.join('"' + cell.replace('"', '""') + '"' for cell in cells))
    return "\r\n".join(lines) + "\r\n"


@settings(max_examples=60, deadline=None)
@given(alignments(), st.sampled_from("\t,;"))
def test_a_spreadsheet_leaves_it_as_it_is(alignment, delimiter):
    plain = review.render(alignment)
    found = reviewed.parse(spreadsheet(plain, delimiter), "x.csv")
    again = reviewed.parse(plain, "x.csv")
    assert found.beads == again.beads
    assert found.texts == again.texts
    assert found.sources == again.sources


@settings(max_examples=60, deadline=None)
@given(alignments(least=1), st.data())
def test_what_is_missing_or_stands_twice_is_named(alignment, data):
    head, table = rows(review.render(alignment))
    at = data.draw(st.integers(0, len(table) - 1))
    lang = data.draw(st.sampled_from([x for x in alignment.langs if alignment.beads[at].side(x)]))
    column = 2 + alignment.langs.index(lang)
    segment = alignment.beads[at].side(lang)[0] + 1
    lost, twice = [list(cells) for cells in table], [list(cells) for cells in table]
    lost[at][column] = numbers(alignment.beads[at].side(lang)[1:])
    with pytest.raises(AlignmentError, match=rf"^x.review:\d+: {lang} {segment} is in no line"):
        reviewed.parse(joined(head, lost), "x.review")
    twice.append(["", "", *["-"] * len(alignment.langs), *[""] * (len(alignment.langs) + 1)])
    twice[-1][column] = str(segment)
    line = len(head) + len(table) + 1
    with pytest.raises(AlignmentError, match=rf"^x.review:{line}: {lang} {segment} stands in"):
        reviewed.parse(joined(head, twice), "x.review")


SMALL = Alignment(
    (dispatch("zh", "一二三四五"), dispatch("en", ["One.", "Two.", "Three.", "Four."])),
    (Bead((0,), (), (0,)), Bead((1, 2), (), (1,)), Bead((3,), (), ()), Bead((4,), (), (2,)),
     Bead((), (), (3,))),
)  # fmt: skip


def edited(*changes):
    text = review.render(SMALL)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


@pytest.mark.parametrize(
    "cell", ["2 3", "2,3", "2, 3", "2-3", "2–3", "2..3", "2…3", "２　３", "3 2", "2；3", "'2 3"]
)
def test_numbers_are_read_however_they_are_typed(cell):
    found = reviewed.parse(edited(("\t2 3\t2\t", f"\t{cell}\t2\t")), "x.review")
    assert found.beads[1].sides == {"zh": (1, 2), "en": (1,)}
    assert not found.beads[1].changed


@pytest.mark.parametrize("mark", ["=", " = ", "＝", "ok", "OK", "= zh en", "=zh,en", "\\="])
def test_a_decided_line_is_marked_in_many_ways(mark):
    found = reviewed.parse(edited(("\n\t\t2 3", f"\n{mark}\t\t2 3")), "x.review")
    assert [bead.decided for bead in found.beads] == [(), ("zh", "en"), (), (), ()]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ([("\t2 3\t2\t", "\ttwo\t2\t")], r"x:13: zh 'two' are no segment numbers"),
        ([("\t2 3\t2\t", "\t3-2\t2\t")], r"x:13: zh '3-2' are no segment numbers"),
        ([("\t2 3\t2\t", "\t0 2 3\t2\t")], r"x:13: zh '0 2 3' are no segment numbers"),
        ([("\t2 3\t2\t", "\t2 3 9\t2\t")], r"x:13: zh 9: x.zh.txt has 5 segments only"),
        ([("\t2 3\t2\t", "\t2/3\t2\t")], r"x:13: the / that divides"),
        ([("\t2 3\t2\t", "\t2 3 3\t2\t")], r"x:13: zh 3 stands twice in this line"),
        ([("\n\t\t2 3", "\n!\t\t2 3")], r"x:13: state '!' is none of"),
        ([("\n\t\t1\t1", "\n+\t\t1\t1")], r"x:12: \+ in the first line"),
        ([("\t1\t1\t", "\t1 3\t1\t"), ("\t2 3\t2\t", "\t2\t2\t")], r"x:12: zh 1 3: 2 lies"),
        ([("\t4\t-\t", "\t4\t>9\t")], r"x:14: en >9: there is no such segment"),
        ([("\t4\t-\t", "\t4\t>2\t")], r"x:14: en >2: that segment has a counterpart"),
        ([("# tongwen review", "# another file")], r"x:1: not a review file"),
        ([("# zh\t", "# \t")], r"x:1: the line `# zh …` .* is missing"),
        ([("5 segments", "many segments")], r"x:2: the line .* is damaged"),
        ([("state\tchance", "stat\tchance")], r"x:11: the line of column names"),
    ],
)
def test_what_cannot_be_understood_is_said_with_its_line(changes, message):
    with pytest.raises(AlignmentError, match="^" + message):
        reviewed.parse(edited(*changes), "x")


def test_a_passage_that_moved_is_named_from_one_side_or_joined_across():
    named = reviewed.parse(edited(("\t4\t-\t", "\t4\t>4\t")), "x")
    joint = reviewed.parse(edited(("\t4\t-\t", "\t4\t4\t"), ("\t-\t4\t", "\t-\t-\t")), "x")
    for found in (named, joint):
        assert sides(found) == expected(SMALL)
        assert [bead.moved for bead in found.beads] == [None, None, 4, None, 2]
    assert named.beads[2].decided == joint.beads[4].decided == ("zh", "en")
    beads = [Bead(**bead.sides, moved=bead.moved) for bead in named.beads]
    text = review.render(Alignment(SMALL.dispatches, tuple(beads)))
    assert re.search(r"^\t\t4\t>4\t", text, re.M) and re.search(r"^\t\t>4\t4\t", text, re.M)
    again = reviewed.parse(text, "x")
    assert [bead.moved for bead in again.beads] == [None, None, 4, None, 2]
    assert not any(bead.changed for bead in again.beads)


@pytest.mark.parametrize(
    ("changes", "moved"),
    [
        # Nobody touched it; the mark is taken away at one of its two ends; at both.
        ([], [None, None, 4, None, 2]),
        ([("\t>4\t4\t", "\t-\t4\t")], [None] * 5),
        ([("\t>4\t4\t", "\t-\t4\t"), ("\t4\t>4\t", "\t4\t-\t")], [None] * 5),
        # The line with the other end goes into the one above, which has a Chinese text of its own.
        ([("\n\t\t>4\t4\t", "\n+\t\t>4\t4\t")], [None] * 4),
        ([("\t5\t3\t", "\t5\t3 4\t"), ("\t>4\t4\t", "\t-\t-\t")], [None] * 4),
    ],
)
def test_a_mark_of_the_program_gives_way_to_a_person(changes, moved):
    places = [None, None, 4, None, 2]
    beads = [replace(bead, moved=at) for bead, at in zip(SMALL.beads, places, strict=True)]
    text = review.render(Alignment(SMALL.dispatches, tuple(beads)))
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    assert [bead.moved for bead in reviewed.parse(text, "x").beads] == moved


def test_doubtful_lines_come_first_and_reading_order_stays():
    chances = (0.9, 0.3, 1.0, 0.5, 0.95)
    beads = tuple(
        Bead(bead.zh, bead.ru, bead.en, chance)
        for bead, chance in zip(SMALL.beads, chances, strict=True)
    )
    alignment = Alignment(SMALL.dispatches, beads)
    head, table = rows(review.render(alignment, doubtful_first=True))
    assert [cells[0] for cells in table] == ["2", "4", "1", "3", "5"]
    assert [cells[1] for cells in table] == ["?", "?", "", "", ""]
    summary = next(line for line in head if "doubtful, least sure first" in line)
    assert summary.endswith("in line 12 (0.30), 13 (0.50)")
    found = reviewed.parse(joined(head, table), "x")
    assert sides(found) == expected(alignment)
    plain = review.render(alignment).split("\n")
    lines = re.findall(r"(\d+) \(0\.\d\d\)", next(line for line in plain if "least sure" in line))
    assert [plain[int(line) - 1][:6] for line in lines] == ["?\t0.30", "?\t0.50"]


def test_texts_left_where_they_were_still_tell():
    # 3 goes down a line and 4 with it; the texts stay.
    text = edited(("\t2 3\t2\t", "\t2\t2\t"), ("\t4\t-\t", "\t3 4\t-\t"))
    assert reviewed.parse(text, "x").texts["zh"] == list("一二三四五")


cells = st.one_of(
    st.sampled_from(["", "-", "1", "2", "3 4", "1-9", ">1", ">", "/", "1/2", "-/3", "=", "+", "?",
                     "= ru", "=+?", "0", "00001", "99999999999999999999", "1.5", '"', '""', "#"]),
    st.text("0123456789 -/>.,;|\\\"=+?\t\n\r", max_size=8),
    st.text(max_size=4),
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(alignments(least=1), st.data())
def test_whatever_is_typed_is_understood_or_refused_with_its_line(alignment, data):
    head, table = rows(review.render(alignment))
    for _ in range(data.draw(st.integers(1, 3))):
        row = data.draw(st.sampled_from(table))
        row[data.draw(st.integers(0, len(row) - 1))] = data.draw(cells)
    if data.draw(st.booleans()):
        table.insert(0, table.pop())
    try:
        found = reviewed.parse(joined(head, table), "x.review")
    except AlignmentError as error:
        assert re.match(r"x\.review:\d+: ", str(error))
        return
    for lang, version in zip(alignment.langs, alignment.dispatches, strict=True):
        held = [n for bead in found.beads for n in bead.sides.get(lang, ())]
        assert held == list(range(len(version.segments)))
    for bead in found.beads:
        if bead.moved is not None:
            assert not set(bead.sides) & set(found.beads[bead.moved].sides)


@settings(max_examples=200, deadline=None)
@given(alignments(least=2, langs=LANGS), st.randoms(use_true_random=False))
def test_joined_across_is_divided_and_named_or_refused(alignment, random):
    """Exchange the English of two lines: at most one of them stays whole."""
    head, table = rows(review.render(alignment))
    one, other = random.sample(range(len(table)), 2)
    table[one][4], table[other][4] = table[other][4], table[one][4]
    try:
        found = reviewed.parse(joined(head, table), "x.review")
    except AlignmentError as error:
        assert re.match(r"x\.review:\d+: (lines|its languages)", str(error))
        return
    wanted = [
        {
            lang: tuple(int(n) - 1 for n in cell.split() if n != "-")
            for lang, cell in zip(LANGS, row[2:5], strict=True) if cell != "-"
        }
        for row in table
    ]  # fmt: skip
    for bead in found.beads:
        whole = dict(bead.sides)
        if bead.moved is not None:
            whole |= found.beads[bead.moved].sides
            assert found.beads[bead.moved].moved == found.beads.index(bead)
        assert whole in wanted
