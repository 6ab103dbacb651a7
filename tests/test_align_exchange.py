"""XLIFF, standoff, ladders and index pairs: written and read back, those of other makers read."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from toolkit.align import convert, formats, links
from toolkit.align.beads import Alignment, Bead, Selection
from toolkit.align.formats import AlignedRow
from toolkit.dispatch import Dispatch, Segment, read_segmented
from toolkit.errors import AlignmentError, FileError

XLIFF_12 = "{urn:oasis:names:tc:xliff:document:1.2}"
XLIFF_21 = "{urn:oasis:names:tc:xliff:document:2.0}"


def dispatch(lang, texts):
    segments = [Segment(text, lang, 0, len(text), n) for n, text in enumerate(texts)]
    return Dispatch("x", lang, "\n".join(texts), f"x.{lang}.txt", "utf-8", tuple(segments))


def aligned(rows, langs=("zh", "ru"), chance=0.75):
    """An alignment of beads given as the list of texts of each language."""
    texts = {lang: [] for lang in langs}
    beads = []
    for row in rows:
        sides = {}
        for lang, parts in zip(langs, row, strict=True):
            sides[lang] = tuple(range(len(texts[lang]), len(texts[lang]) + len(parts)))
            texts[lang] += parts
        if any(sides.values()):
            beads.append(Bead(**sides, confidence=chance))
    return Alignment(tuple(dispatch(lang, texts[lang]) for lang in langs), tuple(beads))


def parsed(text, form):
    return formats.parse(text, form.rstrip("2"), "x", formats.Counter())


HOSTILE = [
    (["会\x0b谈]]>", "\u00a0"], ["<a>&amp; «б»\r\n\tв  г "]),
    ([], ["только\x85по-русски\u2028"]),
    (["\ufffe\x1f", ""], []),
    (["<x ctype='x-u000b'/>"], ['"'] * 3),
]
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
ROWS = st.lists(
    st.tuples(st.lists(TEXT, max_size=3), st.lists(TEXT, max_size=3)), min_size=1, max_size=6
)


@pytest.mark.parametrize("form", ["xliff", "xliff2"])
@settings(max_examples=150, deadline=None)
@given(ROWS)
def test_any_text_survives_in_xliff_with_its_numbers(form, rows):
    for each in (rows, HOSTILE):
        alignment = aligned(each)
        text = formats.render(alignment, form)
        got = parsed(text.encode().decode(), form)
        said = [bead for bead in alignment.beads if any(alignment.texts(bead).values())]
        assert [row.texts for row in got] == [alignment.texts(bead) for bead in said]
        assert [row.segments for row in got] == [
            {lang: bead.side(lang) for lang in alignment.langs} for bead in said
        ]
        assert {row.confidence for row in got} <= {0.75}


@pytest.mark.parametrize(("form", "name"), [("xliff", XLIFF_12), ("xliff2", XLIFF_21)])
def test_units_are_numbered_as_in_the_whole_alignment(form, name):
    rows = [(["甲"], ["А"], ["A"]), ([], [], ["B"]), ([], ["В"], ["C"]), (["丁"], [], ["D"])]
    made = formats.documents(aligned(rows, ("zh", "ru", "en")), form, "out/x.xlf")
    assert [path.name for path in made] == ["x.zh-ru.xlf", "x.zh-en.xlf", "x.ru-en.xlf"]
    unit = "trans-unit" if form == "xliff" else "unit"
    ids = [
        [each.get("id") for each in etree.fromstring(text.encode()).iter(name + unit)]
        for text in made.values()
    ]
    assert ids == [["1", "3", "4"], ["1", "2", "3", "4"], ["1", "2", "3", "4"]]
    with pytest.raises(AlignmentError, match="two languages, not three"):
        formats.render(aligned(rows, ("zh", "ru", "en")), form)


def test_a_passage_that_moved_is_told_in_xliff():
    alignment = aligned([(["甲"], []), (["乙"], ["Б"]), ([], ["А"])])
    beads = [alignment.beads[0], alignment.beads[1], alignment.beads[2]]
    beads[0] = Bead(zh=(0,), moved=2)
    beads[2] = Bead(ru=(1,), moved=0)
    alignment = Alignment(alignment.dispatches, tuple(beads))
    for form in ("xliff", "xliff2"):
        assert [r.moved for r in parsed(formats.render(alignment, form), form)] == [2, None, 0]


def test_doubtful_units_ask_for_review():
    root = etree.fromstring(formats.render(aligned([(["甲"], ["А"])]), "xliff").encode())
    assert [t.get("state") for t in root.iter(f"{XLIFF_12}target")] == ["needs-review-translation"]
    sure = formats.render(aligned([(["甲"], ["А"])], chance=0.9), "xliff")
    assert 'state="translated"' in sure


FOREIGN_12 = """<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
<file source-language="zh-Hans" target-language="ru" original="a"><body><group>
<trans-unit id="1" extradata="zh=x confidence=7"><source>双方<g id="1">会谈</g><ph id="2">br</ph>。
   </source><seg-source><mrk mtype="seg" mid="0">双方会谈。</mrk></seg-source>
<target>Стороны\u00a0провели <mrk mtype="term">переговоры</mrk>.<!-- ! --></target>
<alt-trans><source>x</source><target>чужое</target></alt-trans></trans-unit></group></body></file>
<file source-language="de" target-language="en" original="b"><body>
<trans-unit id="1" xml:space="preserve"><source>Nein.</source><target> No. </target></trans-unit>
<trans-unit id="2"><source>Ja.</source></trans-unit></body></file></xliff>"""
FOREIGN_21 = """<xliff version="2.1" xmlns="urn:oasis:names:tc:xliff:document:2.0" srcLang="zh"
 trgLang="en"><file id="f"><unit id="u"><originalData><data id="d">x</data></originalData>
<segment id="a"><source>双方<cp hex="000B"/><pc id="1">会谈</pc>。<ph id="2"/></source>
<target>Talks<cp hex="zz"/><cp hex="D800"/>.</target></segment><ignorable><source> </source>
</ignorable><segment><source>散会。</source></segment></unit></file></xliff>"""


def test_xliff_of_other_programs_is_read():
    left = formats.Counter()
    rows = formats.parse(FOREIGN_12, "xliff", "x", left)
    assert rows == [
        AlignedRow({"zh": "双方会谈。", "ru": "Стороны\u00a0провели переговоры."}, 3),
        AlignedRow({"en": " No. "}, 8),
    ]
    assert left == {"texts in de": 2}
    assert [row.texts for row in parsed(FOREIGN_21, "xliff")] == [
        {"zh": "双方\x0b会谈。", "en": "Talks\ufffd."},
        {"zh": "散会。"},
    ]


def test_an_xml_file_is_known_by_its_root(tmp_path):
    path = tmp_path / "x.xml"
    path.write_text(FOREIGN_21, "utf-8")
    assert formats.read(path)[1].texts == {"zh": "散会。"}
    path.write_text(formats.render(aligned([(["甲"], ["А"])]), "tmx"), "utf-8")
    assert formats.read(path)[0].texts == {"zh": "甲", "ru": "А"}
    path.write_text("<p>甲</p>", "utf-8")
    with pytest.raises(AlignmentError, match="TMX, XLIFF or cesAlign"):
        formats.read(path)


@pytest.mark.parametrize("form", ["ladder", "vecalign"])
@settings(max_examples=100, deadline=None)
@given(ROWS)
def test_links_are_read_back_as_the_same_beads(form, rows):
    for chance in (0.75, None):
        alignment = aligned(rows, chance=chance)
        found = links.PARSERS[form](formats.render(alignment, form), "x")
        assert [tuple(map(tuple, link.sides)) for link in found] == [
            (bead.zh, bead.ru) for bead in alignment.beads
        ]
        back = links.joined([(alignment.dispatches, found)], "x").alignment
        # Lone beads of two versions may stand in either order between two joined ones.
        assert set(back.beads) == set(alignment.beads)


def test_scores_are_kept_as_the_file_has_them():
    found = links.parse_ladder("0\t0\t0.3\n1 2 -0.3\r2\t2", "x")
    assert [link.score for link in found] == [0.3, -0.3]
    found = links.parse_vecalign("[0]:[0, 1]:0.25\n[]:[2]\n\n[ 1,2 ]:[ ]:nan\n", "x")
    assert [link.score for link in found] == [0.25, None, None]
    assert [link.sides for link in found] == [((0,), (0, 1)), ((), (2,)), ((1, 2), ())]


@pytest.mark.parametrize(
    ("form", "text", "said"),
    [
        ("ladder", "0\t0\t1\n1\t1\t1\n1\t0\t1\n", "x:3: the rung goes back"),
        ("ladder", "甲\tА\t0.3\n", "x:1: not a rung"),
        ("ladder", "0\t0\t0\n999999999\t1\t0\n", "ends at segment 999999999"),
        ("ladder", "0\t0\t0\n1\t1\t0\n", "ends at segment 1, but x.zh.txt has 2"),
        ("vecalign", "[0]:[0]\n[5]:[1]\n", "x:2: names segment 5"),
        ("vecalign", "[0]:[0]\n[0]:[1]\n", "x:2: segment 0 .* is in two links"),
        ("vecalign", "[0,]:[0]\n[__import__('os')]:[]\n", "x:2: not a pair of index lists"),
        ("vecalign", "[99999999999999999999]:[0]\n", "names segment"),
        ("vecalign", "[0, 0]:[0]\n", "in two links"),
    ],
)
def test_links_that_do_not_fit_are_named(tmp_path, monkeypatch, form, text, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x").write_text(text, "utf-8")
    two = [dispatch("zh", ["甲", "乙"]), dispatch("ru", ["А", "Б", "В"])]
    with pytest.raises(AlignmentError, match=said):
        links.read_numbered("x", form, two)


def test_a_segment_of_no_link_stands_alone_and_what_crosses_has_moved():
    zh, ru = dispatch("zh", ["甲", "乙", "丙", "丁"]), dispatch("ru", ["Б", "В", "А", "Г"])
    found = links.parse_vecalign("[0]:[2]\n[1]:[0]\n[2]:[1]\n", "x")
    alignment = links.joined([((zh, ru), found)], "x").alignment
    assert Bead(zh=(3,)) in alignment.beads and Bead(ru=(3,)) in alignment.beads
    one, other = (alignment.beads.index(bead) for bead in (Bead(zh=(0,)), Bead(ru=(2,))))
    assert alignment.beads[one].moved == other and alignment.beads[other].moved == one


def test_of_a_link_with_gaps_the_longest_run_stays_and_the_rest_is_told(tmp_path):
    zh, ru = dispatch("zh", ["甲", "乙", "丙", "丁"]), dispatch("ru", ["А", "Б"])
    found = links.parse_vecalign("[3, 1, 0]:[0]\n[2]:[1]\n", "x")
    linked = links.joined([((zh, ru), found)], "x")
    assert set(linked.alignment.beads) == {
        Bead(zh=(0, 1), ru=(0,)), Bead(zh=(2,), ru=(1,)), Bead(zh=(3,))
    }  # fmt: skip
    path = tmp_path / "x.vecalign"
    path.write_text("[3, 1, 0]:[0]\n[2]:[1]\n", "utf-8")
    notes = []
    convert.read(str(path), [zh, ru], notes.append)
    assert len(notes) == 1 and "links with gaps" in notes[0]


def test_a_ladder_cannot_leave_beads_out():
    whole = aligned([(["甲"], ["А"]), (["乙"], ["Б"]), (["丙"], ["В"])])
    for kept in (whole.beads[1:], whole.beads[:2], whole.beads[::2]):
        with pytest.raises(AlignmentError, match="leave none out"):
            formats.render(Selection(whole.dispatches, kept), "ladder")


def in_files(folder, alignment):
    """Write the texts of an alignment, a line a segment, and return it over the files."""
    made = []
    for each in alignment.dispatches:
        path = folder / f"x.{each.lang}.txt"
        path.write_text("".join(f"{s.text}\n" for s in each.segments), "utf-8")
        made.append(read_segmented(path, each.lang))
    return Alignment(tuple(made), alignment.beads)


LINES = {"zh": "会谈", "ru": "Переговоры", "en": "Talks"}
SHAPES = st.lists(st.tuples(*[st.integers(0, 2)] * 3).filter(any), min_size=3, max_size=8)


@settings(max_examples=40, deadline=None)
@given(shapes=SHAPES)
def test_three_languages_of_a_standoff_file_come_back(tmp_path_factory, shapes):
    folder = tmp_path_factory.mktemp("standoff")
    rows = [
        [[LINES[lang] + f" {n} {k}" for k in range(count)]
         for lang, count in zip(LINES, shape, strict=True)]
        for n, shape in enumerate(shapes)
    ]  # fmt: skip
    rows.append([["完"], ["Конец"], ["End"]])
    alignment = in_files(folder, aligned(rows, tuple(LINES)))
    path = folder / "x.xml"
    formats.write(alignment, path)
    back = convert.read(str(path))
    assert set(back.beads) == set(alignment.beads)
    assert {bead.confidence for bead in back.beads} == {0.75}
    assert {tuple(row.texts.values()) for row in formats.read(path)} == {
        tuple(alignment.texts(bead).values()) for bead in alignment.beads
    }


def test_standoff_names_its_files_from_where_it_lies(tmp_path, monkeypatch):
    (tmp_path / "a & b").mkdir()
    (tmp_path / "out").mkdir()
    alignment = in_files(tmp_path / "a & b", aligned([(["会谈"], ["Переговоры"])]))
    formats.write(alignment, tmp_path / "out" / "x.xml")
    text = (tmp_path / "out" / "x.xml").read_text("utf-8")
    assert 'fromDoc="../a &amp; b/x.zh.txt"' in text
    monkeypatch.chdir("/")
    assert formats.read(tmp_path / "out" / "x.xml")[0].texts == {"zh": "会谈", "ru": "Переговоры"}
    (tmp_path / "a & b" / "x.ru.txt").unlink()
    with pytest.raises(FileError, match="x.ru.txt: no such file"):
        formats.read(tmp_path / "out" / "x.xml")


def test_standoff_over_xml_documents_of_a_corpus_is_read(tmp_path):
    texts = {"zh": ["双方 会谈", "散会"], "ru": ["Стороны вели переговоры", "Конец"]}
    for lang, words in texts.items():
        body = "".join(
            f'<p><s id="{n}.1">' + "".join(f"<w>{w}</w> " for w in said.split()) + "</s></p>"
            for n, said in enumerate(words, 1)
        )
        (tmp_path / f"{lang}.xml").write_text(f"<text>{body}</text>", "utf-8")
    (tmp_path / "a.xml").write_text(
        '<!DOCTYPE cesAlign PUBLIC "-//CES//DTD XML cesAlign//EN" "">\n<cesAlign version="1.0">'
        '<linkGrp targType="s" fromDoc="zh.xml" toDoc="ru.xml">\n'
        '<link certainty="0.9" xtargets="1.1 2.1;1.1" id="SL1"/><link xtargets=";2.1" id="SL2"/>'
        "</linkGrp></cesAlign>", "utf-8",
    )  # fmt: skip
    rows = formats.read(tmp_path / "a.xml")
    assert [row.segments for row in rows] == [{"zh": (0, 1), "ru": (0,)}, {"zh": (), "ru": (1,)}]
    assert rows[0].texts == {"zh": "双方 会谈散会", "ru": "Стороны вели переговоры"}
    assert rows[0].confidence is None  # another program's measure


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "no linkGrp"),
        ('<linkGrp fromDoc="x.zh.txt">', "x.xml:1: the group does not name"),
        ('<linkGrp fromDoc="x.zh.txt" toDoc="x.ru.txt"><link xtargets="s1"/>', "two sides"),
        ('<linkGrp fromDoc="x.zh.txt" toDoc="x.ru.txt">\n<link xtargets="s1;s9"/>',
         "x.xml:2: .*x.ru.txt has no segment s9"),
        ('<linkGrp fromDoc="x.zh.txt" toDoc="x.ru.txt"><link xtargets="s0;s1"/>', "no segment s0"),
        ('<linkGrp fromDoc="x.zh.txt" toDoc="x.zh.txt"><link xtargets="s1;s1"/>', "different"),
        ('<!DOCTYPE x [<!ENTITY a "b">]>', "entities"),
    ],
)  # fmt: skip
def test_a_broken_standoff_file_is_named(tmp_path, monkeypatch, body, said):
    monkeypatch.chdir(tmp_path)
    in_files(tmp_path, aligned([(["会谈"], ["Переговоры"])]))
    close = "</linkGrp>" if "<linkGrp" in body else ""
    text = body if "DOCTYPE" in body else f"<cesAlign>{body}{close}</cesAlign>"
    (tmp_path / "x.xml").write_text(text, "utf-8")
    with pytest.raises(AlignmentError, match=said):
        formats.read("x.xml")


@pytest.mark.parametrize("form", ["tsv", "jsonl", "tmx", "xliff", "xliff2"])
def test_every_format_with_texts_becomes_every_other(tmp_path, form):
    alignment = aligned([(["会谈", "讨论"], ["Переговоры"]), ([], ["Итоги"]), (["完"], ["Конец"])])
    path = tmp_path / f"x.{form.rstrip('2').replace('xliff', 'xlf')}"
    path.write_text(formats.render(alignment, form), "utf-8")
    back = convert.read(str(path))
    said = [{k: v for k, v in alignment.texts(b).items() if v} for b in alignment.beads]
    for other in ("tsv", "jsonl", "tmx", "xliff", "xliff2"):
        again = parsed(formats.render(back, other), other)
        assert [{k: v for k, v in row.texts.items() if v} for row in again] == said
    if form in ("jsonl", "xliff", "xliff2"):
        assert {bead.confidence for bead in back.beads} == {0.75}
    with pytest.raises(AlignmentError, match="--keep"):
        convert.read(str(path), alignment.dispatches)


def test_numbers_without_texts_are_not_read_as_texts(tmp_path):
    path = tmp_path / "x.ladder"
    path.write_text("0\t0\t0\n1\t1\t0\n")
    with pytest.raises(AlignmentError, match=re.escape("tongwen align convert")):
        formats.read(path)
