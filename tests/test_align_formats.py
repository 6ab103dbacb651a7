"""Aligned files: what is written is read back, what is broken is named."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from toolkit import files
from toolkit.align import formats
from toolkit.align.beads import Alignment, Bead
from toolkit.align.formats import form_of, language, read, render, unwritable, write
from toolkit.dispatch import Dispatch, Segment
from toolkit.errors import AlignmentError, FileError

LANGS = ("zh", "ru", "en")


def dispatch(lang: str, texts) -> Dispatch:
    segments, start = [], 0
    for number, text in enumerate(texts):
        segments.append(Segment(text, lang, start, start + len(text), number))
        start += len(text) + 1
    return Dispatch("x", lang, "\n".join(texts), f"x.{lang}.txt", "utf-8", tuple(segments))


def aligned(*rows, langs=LANGS) -> Alignment:
    """An alignment of beads given as the texts of each language; None: the language lacks it."""
    texts: dict[str, list[str]] = {lang: [] for lang in langs}
    beads = []
    for row in rows:
        sides = {}
        for lang, text in zip(langs, row, strict=True):
            parts = [text] if isinstance(text, str) else text or []
            start = len(texts[lang])
            texts[lang] += parts
            sides[lang] = tuple(range(start, start + len(parts)))
        beads.append(Bead(**sides))
    return Alignment(tuple(dispatch(lang, texts[lang]) for lang in langs), tuple(beads))


NINGBO = aligned(
    ("中俄总理定期会晤委员会", "Комиссия «А» & Б", "Committee <29th> \"session\""),
    (["会谈。", "讨论。"], ["Переговоры."], ["Talks.", "They talked."]),
    (None, "Только по-русски.", None),
    ("=1+1", "-5 °C", "+7 (495)"),
    ("制表\t符", "строка\nдругая\\", "C:\\new \\t\r\n"),
)  # fmt: skip
NINGBO_TEXTS = [
    {"zh": "中俄总理定期会晤委员会", "ru": "Комиссия «А» & Б", "en": 'Committee <29th> "session"'},
    {"zh": "会谈。讨论。", "ru": "Переговоры.", "en": "Talks. They talked."},
    {"ru": "Только по-русски."},
    {"zh": "=1+1", "ru": "-5 °C", "en": "+7 (495)"},
    {"zh": "制表\t符", "ru": "строка\nдругая\\", "en": "C:\\new \\t\r\n"},
]


def spoken(rows):
    """The texts of rows, a language without text left out."""
    return [{lang: text for lang, text in row.texts.items() if text} for row in rows]


@pytest.mark.parametrize("suffix", [".tsv", ".jsonl", ".tmx", ".TMX"])
def test_what_is_written_is_read_back(tmp_path, suffix):
    path = tmp_path / f"x{suffix}"
    write(NINGBO, path)
    assert spoken(read(path)) == NINGBO_TEXTS
    assert path.read_bytes() == render(NINGBO, form_of(path)).encode()


# Everything a file can hold: no lone surrogates, and NUL makes it a binary file.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@pytest.mark.parametrize("form", ["tsv", "jsonl", "tmx"])
@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(*[st.one_of(st.none(), texts, st.lists(texts, max_size=3))] * 3), min_size=1
    )
)
def test_any_text_survives(form, rows):
    alignment = aligned(*rows)
    reader = {"tsv": formats._read_tsv, "jsonl": formats._read_jsonl, "tmx": formats._read_tmx}
    written = render(alignment, form).encode().decode()
    got = spoken(reader[form](written, "x", formats.Counter()))
    expected = [
        {lang: text for lang, text in alignment.texts(bead).items() if text}
        for bead in alignment.beads
    ]
    if form == "tmx":
        expected = [
            {lang: formats.ILLEGAL.sub("\ufffd", text) for lang, text in row.items()}
            for row in expected
        ]
    assert [row for row in got if row] == [row for row in expected if row]


def test_json_lines_hold_numbers_and_texts_of_the_aligned_languages():
    lines = render(NINGBO, "jsonl").splitlines()
    assert json.loads(lines[1]) == {
        "zh": [1, 2],
        "ru": [1],
        "en": [1, 2],
        "text": {"zh": "会谈。讨论。", "ru": "Переговоры.", "en": "Talks. They talked."},
    }
    assert json.loads(lines[2])["zh"] == []
    two = render(aligned(("会谈。", "Talks."), langs=("zh", "en")), "jsonl")
    assert set(json.loads(two)) == {"zh", "en", "text"}
    assert "会谈" in two


def test_a_tsv_has_a_header_and_a_line_a_bead():
    lines = render(NINGBO, "tsv").split("\n")
    assert lines[0] == "zh\tru\ten"
    assert len(lines) == 7
    assert lines[3] == "\tТолько по-русски.\t"
    assert all(line.count("\t") == 2 for line in lines[:-1])


def test_a_tmx_has_a_full_header_and_all_languages_in_one_unit():
    root = etree.fromstring(render(NINGBO, "tmx").encode())
    header = root.find("header")
    assert root.get("version") == "1.4"
    assert set(header.attrib) == {
        "creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang",
        "datatype",
    }  # fmt: skip
    assert header.get("srclang") == "*all*"
    tags = [
        [variant.get("{http://www.w3.org/XML/1998/namespace}lang") for variant in unit]
        for unit in root.iter("tu")
    ]
    assert tags[:3] == [["zh-CN", "ru-RU", "en-US"], ["zh-CN", "ru-RU", "en-US"], ["ru-RU"]]


def test_a_bead_of_empty_lines_is_no_unit():
    alignment = aligned(("", "", ""), ("会谈。", "", "Talks."))
    root = etree.fromstring(render(alignment, "tmx").encode())
    assert [len(unit) for unit in root.iter("tu")] == [2]


def test_what_xml_cannot_hold_is_replaced_and_counted():
    alignment = aligned(("会\x0b谈", "a\x01b", "c\ufffe"))
    assert unwritable(alignment) == 3
    root = etree.fromstring(render(alignment, "tmx").encode())
    assert [seg.text for seg in root.iter("seg")] == ["会\ufffd谈", "a\ufffdb", "c\ufffd"]
    assert unwritable(NINGBO) == 0


def test_nothing_is_written_for_an_unknown_suffix(tmp_path):
    with pytest.raises(AlignmentError, match=r"\.tsv, \.jsonl, \.tmx"):
        write(NINGBO, tmp_path / "x.docx")
    with pytest.raises(AlignmentError, match=r"\.tsv, \.jsonl, \.tmx"):
        read(tmp_path / "x.html")
    with pytest.raises(FileError):
        write(NINGBO, tmp_path / "no folder" / "x.tsv")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("tag", "lang"),
    [
        ("zh", "zh"), ("zh-CN", "zh"), ("ZH_cn", "zh"), ("zh-Hans-CN", "zh"), ("cmn-Hans", "zh"),
        ("zho", "zh"), ("ru-RU", "ru"), ("rus", "ru"), ("EN-US", "en"), ("en_gb", "en"),
        ("English", "en"), ("de", None), ("zha", None), ("run", None), ("", None),
    ],
)  # fmt: skip
def test_language_tags_of_any_make(tag, lang):
    assert language(tag) == lang


TMX = """<?xml version="1.0" encoding="{declared}"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4"><header srclang="zh"/><body>
<tu><tuv {attr}="zh-CN"><seg>双方<bpt i="1">&lt;b&gt;</bpt>会谈<ept i="1"/>。</seg></tuv>
<tuv {attr}="ru"><seg>Стороны <hi>провели</hi> переговоры.</seg></tuv>
<tuv {attr}="de-DE"><seg>Gespräche.</seg></tuv>
<tuv {attr}="EN-gb"><seg>Talks &amp; more.</seg></tuv></tu>
<tu><tuv {attr}="fr"><seg>Rien.</seg></tuv></tu>
</body></tmx>
"""
TMX_TEXTS = [{"zh": "双方会谈。", "ru": "Стороны провели переговоры.", "en": "Talks & more."}]


@pytest.mark.parametrize("attr", ["xml:lang", "lang"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
@pytest.mark.parametrize("declared", ["UTF-8", "UTF-16"])
def test_tmx_of_other_programs(tmp_path, attr, encoding, declared):
    path = tmp_path / "x.tmx"
    text = TMX.format(attr=attr, declared=declared)
    if encoding == "gb18030":
        text = text.replace("ä", "a")
    path.write_bytes(text.encode(encoding))
    notes: list[str] = []
    rows = read(path, notes.append)
    assert spoken(rows) == TMX_TEXTS
    assert rows[0].line == 4
    assert notes == [f"{path}: left out: language de-DE", f"{path}: left out: language fr"]


def test_a_windows_tmx_is_read(tmp_path):
    path = tmp_path / "x.tmx"
    text = (
        '<?xml version="1.0" encoding="windows-1251"?>\n<tmx version="1.4"><body><tu>'
        '<tuv xml:lang="ru"><seg>Стороны провели переговоры в Москве.</seg></tuv>'
        '<tuv xml:lang="en"><seg>Talks.</seg></tuv></tu></body></tmx>'
    )
    path.write_bytes(text.encode("cp1251"))
    assert spoken(read(path)) == [{"ru": "Стороны провели переговоры в Москве.", "en": "Talks."}]


def test_a_tmx_in_a_name_space_is_read(tmp_path):
    path = tmp_path / "x.tmx"
    path.write_text(
        '<t:tmx xmlns:t="http://example.org/tmx14"><t:body><t:tu><t:tuv xml:lang="en"><t:seg>'
        "Talks.</t:seg></t:tuv></t:tu></t:body></t:tmx>", "utf-8"
    )  # fmt: skip
    assert spoken(read(path)) == [{"en": "Talks."}]


def test_a_second_text_of_one_language_is_noted(tmp_path):
    path = tmp_path / "x.tmx"
    path.write_text(
        '<tmx><body><tu><tuv xml:lang="zh-CN"><seg>会谈</seg></tuv><tuv xml:lang="zh-TW">'
        '<seg>會談</seg></tuv><tuv xml:lang="en"/></tu></body></tmx>', "utf-8"
    )  # fmt: skip
    notes: list[str] = []
    assert spoken(read(path, notes.append)) == [{"zh": "会谈"}]
    assert notes == [
        f"{path}: left out: a second zh text of one unit",
        f"{path}: left out: a variant without <seg>",
    ]


BOMB = (
    '<!DOCTYPE tmx [<!ENTITY a "ха">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + ']><tmx><body><tu><tuv xml:lang="ru"><seg>&i;</seg></tuv></tu></body></tmx>'
)


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (BOMB, ":1:"),
        ('<!DOCTYPE tmx [\n<!ENTITY x SYSTEM "file:///etc/passwd">]><tmx><body><tu><tuv '
         'xml:lang="ru"><seg>&x;</seg></tuv></tu></body></tmx>', ":2:"),
        ('<!DOCTYPE tmx SYSTEM "http://127.0.0.1:9/x.dtd">\n<tmx><body><tu><tuv xml:lang="ru">'
         "<seg>a &x; b</seg></tuv></tu></body></tmx>", ":2:"),
        ('<tmx>\n<body>\n<tu><tuv xml:lang="ru"><seg>a & b</seg></tuv></tu></body></tmx>', ":3:"),
        ('<tmx>\n<tu><tuv xml:lang="ru"><seg>a \x0b b</seg></tuv></tu></tmx>', ":2:"),
        ("<tmx>\n<body>\n", ":"),
        ("<xliff/>", ":1:"),
        ("no XML at all", ":1:"),
        ("<tmx><body/></tmx>", "no aligned text"),
        ('<tmx><tu><tuv xml:lang="fr"><seg>Rien.</seg></tuv></tu></tmx>', "no aligned text"),
        ("<a>" * 100_000, ":1:"),
    ],
)  # fmt: skip
def test_a_broken_or_hostile_tmx_is_named(tmp_path, content, where):
    path = tmp_path / "x.tmx"
    path.write_text(content, "utf-8")
    with pytest.raises(AlignmentError) as caught:
        read(path)
    assert str(caught.value).startswith(str(path))
    assert where in str(caught.value)


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ("zh\tru\n会谈\tПереговоры\tTalks\n", ":2:"),
        ("zh\tru\tzh-TW\n会谈\tа\t會談\n", ":1:"),
        ("название\tцена\nрыба\t5\n", ":1:"),
        ("zh\ten\n\t\n", "no aligned text"),
        ("id\tzh-CN\n1\t会谈\n", ":1: the first line names zh only"),
        ("Russian\tTranslation\nПереговоры\tTalks\n", ":1: the first line names ru only"),
        ("zh\tru\r会谈\tПереговоры\r\n会谈\tа\tб\n", ":3: 3 cells"),
    ],
)
def test_a_broken_tsv_is_named(tmp_path, content, where):
    path = tmp_path / "x.tsv"
    path.write_text(content, "utf-8")
    with pytest.raises(AlignmentError, match=where):
        read(path)


def test_a_tsv_from_a_spreadsheet_is_read(tmp_path):
    path = tmp_path / "x.tsv"
    content = "№\tRussian\tzh-CN\tcomment\r\n1\tПереговоры\t会谈\tok\r\n2\tИтоги\r\n\r\n"
    path.write_bytes(content.encode("utf-16"))
    notes: list[str] = []
    rows = read(path, notes.append)
    assert spoken(rows) == [{"ru": "Переговоры", "zh": "会谈"}, {"ru": "Итоги"}]
    assert [row.line for row in rows] == [2, 3]
    assert notes == [f"{path}: left out: column №", f"{path}: left out: column comment"]


def test_a_tsv_without_a_header_is_known_by_its_script(tmp_path):
    path = tmp_path / "x.tsv"
    path.write_text(
        "双方举行会谈\tСтороны провели переговоры\n会谈结束\tПереговоры завершены\n", "utf-8"
    )
    rows = read(path)
    assert spoken(rows)[0] == {"zh": "双方举行会谈", "ru": "Стороны провели переговоры"}
    assert [row.line for row in rows] == [1, 2]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_of_any_system_are_read_and_no_other_mark_cuts(tmp_path, end):
    zh = "双方举行会谈\u2028讨论了贸易\x85与投资问题。"
    ru = "Стороны провели\x0cпереговоры\u2029в дружественной\x0bобстановке."
    (tmp_path / "x.tsv").write_bytes(end.join(["zh\tru", f"{zh}\t{ru}", ""]).encode())
    lines = [json.dumps({"text": {"zh": zh, "ru": ru}}, ensure_ascii=False)] * 2
    (tmp_path / "x.jsonl").write_bytes(end.join([*lines, ""]).encode())
    assert [(row.texts, row.line) for row in read(tmp_path / "x.tsv")] == [
        ({"zh": zh, "ru": ru}, 2)
    ]
    assert [(row.texts, row.line) for row in read(tmp_path / "x.jsonl")] == [
        ({"zh": zh, "ru": ru}, 1), ({"zh": zh, "ru": ru}, 2)
    ]  # fmt: skip


@pytest.mark.parametrize("listed", ["[true]", "[-1]", '["0"]', "[0.5]", "0", "null"])
def test_what_is_no_segment_number_is_not_taken_for_one(tmp_path, listed):
    path = tmp_path / "x.jsonl"
    path.write_text(f'{{"zh": {listed}, "ru": [3, 4], "text": {{"zh": "a", "ru": "b"}}}}', "utf-8")
    assert read(path)[0].segments == {"ru": (3, 4)}


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ('{"text": {"zh": "会谈"}}\n{"text": \n', ":2:"),
        ("[1, 2]\n", ":1:"),
        ('{"text": {"fr": "Rien."}}\n', ":1:"),
        ('{"text": {"zh": 5}}\n', ":1:"),
        ("[" * 100_000 + "\n", ":1:"),
        ('{"text": "会谈"}\n', ":1:"),
        ('{"text": {"zh": "会谈"}, "n": ' + "1" * 5000 + "}\n", r":1: .*\(too long or deep\)"),
    ],
)
def test_a_broken_json_line_is_named(tmp_path, content, where):
    path = tmp_path / "x.jsonl"
    path.write_text(content, "utf-8")
    with pytest.raises(AlignmentError, match=where):
        read(path)


def test_half_a_surrogate_pair_in_json_does_no_harm(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text('{"zh": [0], "text": {"zh": "会\\ud83d谈", "fr": "x"}}\n', "utf-8")
    notes: list[str] = []
    rows = read(path, notes.append)
    assert spoken(rows) == [{"zh": "会\ufffd谈"}]
    assert rows[0].segments == {"zh": (0,)}
    assert notes == [f"{path}: left out: language fr"]


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    path = tmp_path / "x.tsv"
    path.write_text("old", "utf-8")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "write", full)
    with pytest.raises(FileError, match="no space left"):
        write(NINGBO, path)
    monkeypatch.undo()
    assert path.read_text("utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]
