"""What goes out comes back; what is lost is told; the XML keeps the standard's rules."""

import datetime
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from toolkit.cli import main
from toolkit.glossary.concept import Concept, Term
from toolkit.glossary.exchange.formats import read, write
from toolkit.glossary.exchange.options import Options
from toolkit.glossary.store import load

EVERY = ("preferred", "admitted", "deprecated", "forbidden", "proposed")
WHOLE = {
    "tbx2": [Options(statuses=EVERY)],
    "tbx3": [
        Options(statuses=EVERY, style=style, dialect=dialect)
        for style in ("dca", "dct") for dialect in ("basic", "min", "core")
    ],
    "tmx": [Options(statuses=EVERY)],
    "csv": [Options(statuses=EVERY)],
    "tsv": [Options(statuses=EVERY, table="tsv")],
    "xlsx": [Options(statuses=EVERY)],
}  # fmt: skip
CASES = [(form, options) for form, many in WHOLE.items() for options in many]
SUFFIX = {"tbx2": "tbx", "tbx3": "tbx"}

if importlib.util.find_spec("openpyxl") is None:
    CASES = [case for case in CASES if case[0] != "xlsx"]

letters = {
    "zh": st.sampled_from("战略协作伙伴关系=+-@'\"“”<>&;,|#·"),
    "ru": st.sampled_from("абвгёжшя =+-@'\"«»<>&;,|#№"),
    "en": st.sampled_from("abcxyz =+-@'\"“”<>&;,|#_{}"),
}
dates = st.dates(datetime.date(1990, 1, 1), datetime.date(2030, 12, 31))
line = st.text(
    st.characters(
        exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp", "Cn", "Co"), max_codepoint=0xFFFF
    ),
    max_size=20,
).map(lambda text: " ".join(unicodedata.normalize("NFC", text).split()))


def word(lang):
    # A term needs a letter of its language, and our own reader takes … for a slot.
    anchor = {"zh": "同", "ru": "д", "en": "k"}[lang]
    return st.text(letters[lang], max_size=8).map(lambda t: " ".join((t + anchor).split()))


@st.composite
def terms(draw):
    found, seen = [], set()
    for lang in draw(st.sets(st.sampled_from(["zh", "ru", "en"]), min_size=1)):
        for number in range(draw(st.integers(1, 3))):
            text = draw(word(lang))
            if (lang, text) in seen:
                continue
            seen.add((lang, text))
            start, end = sorted([draw(dates), draw(dates)])
            evidence = draw(st.lists(st.sampled_from(
                ["https://a.example/x?y=1&z=2", "CLDR", "http://b.example/я;q"]
            ), max_size=2, unique=True))
            found.append(Term(
                lang, text,
                "preferred" if number == 0 else draw(st.sampled_from(EVERY[1:])),
                scope=draw(st.sampled_from([(), ("RU",), ("RU", "VN")])),
                register=draw(st.sampled_from(["", "cn", "ru"])),
                valid_from=draw(st.sampled_from([None, start])),
                valid_to=draw(st.sampled_from([None, end])),
                flags=draw(st.frozensets(st.sampled_from(["gap", "case", "accept-only"]))),
                note=draw(line),
                evidence=tuple(evidence),
                verified=draw(st.booleans()),
                dates=tuple(draw(st.sampled_from([None, start])) for _ in evidence),
            ))  # fmt: skip
    order = {"zh": 0, "ru": 1, "en": 2}
    rank = {status: number for number, status in enumerate(EVERY)}
    return tuple(sorted(found, key=lambda t: (order[t.lang], rank[t.status] > 0)))


@st.composite
def glossaries(draw):
    id = st.from_regex(r"[a-z0-9][a-z0-9_.-]{0,6}[a-z]", fullmatch=True)
    ids = draw(st.lists(id, min_size=1, max_size=3, unique=True))
    return tuple(
        Concept(
            id, draw(line.filter(bool)), draw(terms()), draw(line),
            relations=tuple(dict.fromkeys(
                (draw(st.sampled_from(["see", "broader", "replaced-by"])), target)
                for target in draw(st.lists(st.sampled_from(ids), max_size=2))
            )),
        )
        for id in ids
    )  # fmt: skip


def normal(concepts):
    """What a glossary says, whatever the order of its evidence dates' emptiness."""
    return [
        (c.id, c.domain, c.note, c.relations, sorted(
            (t.lang, t.text, t.status, t.scope, t.register, t.valid_from or "", t.valid_to or "",
             sorted(t.flags), t.note, t.evidence, t.verified, t.dates if any(t.dates) else ())
            for t in c.terms).__repr__())
        for c in concepts
    ]  # fmt: skip


@pytest.mark.parametrize(("form", "options"), CASES)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(concepts=glossaries())
def test_everything_comes_back(form, options, concepts, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / f"trip.{SUFFIX.get(form, form)}"
    path.write_bytes(write(concepts, form, options)[0])
    assert normal(read(path).concepts) == normal(concepts)


@pytest.mark.parametrize(("form", "options"), CASES)
def test_the_shipped_glossary_comes_back(form, options, tmp_path):
    concepts = load().concepts
    path = tmp_path / f"trip.{SUFFIX.get(form, form)}"
    path.write_bytes(write(concepts, form, options)[0])
    parcel = read(path)
    assert parcel.guess == ()
    assert normal(parcel.concepts) == normal(concepts)


CONCEPTS = (
    Concept("tea", "food", (
        Term("zh", "茶", "preferred"), Term("zh", "茶叶", "admitted"),
        Term("zh", "荼", "forbidden"), Term("ru", "чай", "preferred", note="hot"),
        Term("ru", "=чай", "admitted"), Term("en", "tea", "preferred", register="cn"),
    ), "a drink"),
    Concept("frame", "formula", (
        Term("zh", "应…邀请", "preferred"), Term("ru", "по приглашению …", "preferred"),
    )),
)  # fmt: skip


@pytest.mark.parametrize(
    ("form", "options", "text"),
    [
        ("deepl", Options(),
         "茶,чай,zh,ru\r\n茶叶,чай,zh,ru\r\n茶,tea,zh,en\r\n茶叶,tea,zh,en\r\n"),
        ("deepl", Options(("ru", "zh"), table="tsv"), "чай\t茶\n'=чай\t茶\n"),
        ("deepl", Options(("ru", "zh"), table="tsv", raw=True), "чай\t茶\n=чай\t茶\n"),
        ("google", Options(), "zh-CN,ru,en\n茶,чай,tea\n"),
        ("google", Options(("zh", "ru"), table="tsv"), "茶\tчай\n茶叶\tчай\n"),
        ("amazon", Options(), "zh,ru,en\n茶,чай,tea\n茶叶,чай,tea\n"),
        ("omegat", Options(("zh", "ru")), "# zh\tru\n茶\tчай\ta drink\n茶叶\tчай\ta drink\n"),
        ("list", Options(), "\ufeffzh,ru,en\r\n茶,чай,tea\r\n"),
    ],
)
def test_lists_for_machines_hold_what_a_machine_may_use(form, options, text):
    data, report = write(CONCEPTS, form, options)
    assert data.decode() == text
    told = "\n".join(report)
    assert "forbidden terms (tea)" in told
    assert "not written: frames with slots (frame)" in told
    assert ("notes on concepts" in told) == (form != "omegat")


def test_a_term_base_of_memoq_keeps_ids_notes_and_forbidden_terms(tmp_path):
    path = tmp_path / "a.csv"
    data, report = write(CONCEPTS, "memoq", Options())
    path.write_bytes(data)
    assert data.startswith(b"\xef\xbb\xbfEntry_ID;")
    tea = read(path).concepts[0]
    assert (tea.id, tea.domain, tea.note) == ("tea", "food", "a drink")
    assert [(t.text, t.status, t.note) for t in tea.terms] == [
        ("茶", "preferred", ""), ("茶叶", "admitted", ""), ("荼", "forbidden", ""),
        ("чай", "preferred", "hot"), ("=чай", "admitted", ""), ("tea", "preferred", ""),
    ]  # fmt: skip
    assert "not carried: whose texts use it" in "\n".join(report)


def test_plain_leaves_nothing_in_notes_and_tells_what_is_lost():
    concept = Concept("a", "d", (Term("en", "tea", "preferred", flags=frozenset({"case"})),))
    packed, told = write([concept], "tbx3", Options(dialect="core"))
    plain, lost = write([concept], "tbx3", Options(dialect="core", plain=True))
    assert b"tongwen {" in packed and b"tongwen {" not in plain
    assert "not carried: flags" in "\n".join(lost) and "not carried: domain" in "\n".join(lost)
    assert "in a note that only tongwen understands: flags" in "\n".join(told)


def test_no_cell_of_a_table_is_a_formula():
    concept = Concept("a", "d", (Term("zh", "=1+1", "preferred"), Term("en", "@tea", "preferred")))
    for form, table in (("csv", "csv"), ("tsv", "tsv"), ("list", "csv"), ("google", "csv"),
                        ("amazon", "csv"), ("memoq", "csv"), ("deepl", "csv")):  # fmt: skip
        data, report = write([concept], form, Options(table=table))
        found = re.split("[\t,;\r\n]", data.decode())
        assert [cell for cell in found if cell.strip('"')[:1] in tuple("=+-@")] == [], form
        assert any("apostrophe" in line for line in report), form


def test_a_workbook_holds_text_only(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    concept = Concept("a", "d", (Term("en", "=1+1", "preferred"), Term("ru", "2-11", "preferred")))
    path = tmp_path / "a.xlsx"
    path.write_bytes(write([concept], "xlsx", Options())[0])
    sheet = openpyxl.load_workbook(path).active
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert kinds == {"s"}
    assert {"=1+1", "2-11"} <= {cell.value for row in sheet.iter_rows() for cell in row}


def test_without_openpyxl_the_message_names_the_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    run = CliRunner().invoke(main, ["glossary", "export", str(tmp_path / "a.xlsx")])
    assert run.exit_code == 2
    assert "tongwen[xlsx]" in run.stderr
    assert list(tmp_path.iterdir()) == []


# The rules of the standards, written out as RELAX NG --------------------------------------------

STATUSES = [
    f"{name}Term-admn-sts" for name in ("preferred", "admitted", "deprecated", "superseded")
]
MIN = "http://www.tbxinfo.net/ns/min"
BASIC = "http://www.tbxinfo.net/ns/basic"
TEXT = "<text/>"


def values(names):
    return "<choice>" + "".join(f"<value>{name}</value>" for name in names) + "</choice>"


# Category: element of DCA, module, levels, content, whether it points somewhere.
CATEGORIES = {
    "subjectField": ("descrip", "min", {"concept"}, TEXT, False),
    "administrativeStatus": ("termNote", "min", {"term"}, values(STATUSES), False),
    "customerSubset": ("admin", "min", {"term"}, TEXT, False),
    "crossReference": ("ref", "basic", {"concept", "term"}, TEXT, True),
    "externalCrossReference": ("xref", "basic", {"concept", "term"}, TEXT, True),
    "geographicalUsage": ("termNote", "basic", {"term"}, TEXT, False),
    "source": ("admin", "basic", {"concept", "term"}, TEXT, False),
}
MODULES = {"core": (), "min": ("min",), "basic": ("min", "basic")}


def category(name, style):
    kind, module, _, content, points = CATEGORIES[name]
    target = '<attribute name="target"><data type="string"/></attribute>' if points else ""
    if style == "dct":
        space = {"min": MIN, "basic": BASIC}[module]
        return f'<element name="{name}" ns="{space}">{target}{content}</element>'
    return (f'<element name="{kind}"><attribute name="type"><value>{name}</value></attribute>'
            f"{target}{content}</element>")  # fmt: skip


def auxiliary(level, style, dialect, kinds=None):
    found = [
        category(name, style) for name, (kind, module, levels, _, _) in CATEGORIES.items()
        if level in levels and module in MODULES[dialect] and (kinds is None or kind in kinds)
    ]  # fmt: skip
    return found


def grammar(version, style, dialect):
    """TBX as far as the data categories that a glossary has: structure, order, levels."""
    note = '<element name="note"><text/></element>'
    entry, lang, term, root = (
        ("termEntry", "langSet", "tig", "martif") if version == 2
        else ("conceptEntry", "langSec", "termSec", "tbx")
    )  # fmt: skip

    def many(items):
        return "<zeroOrMore><choice>" + "".join(items) + "</choice></zeroOrMore>" if items else ""

    if version == 2:  # term notes come before all else
        about_term = many(auxiliary("term", style, dialect, {"termNote"})) + many(
            [*auxiliary("term", style, dialect, {"descrip", "admin", "ref", "xref"}), note])
        head = ('<attribute name="type"><value>TBX-Basic</value></attribute>'
                '<attribute name="xml:lang"/><element name="martifHeader">'
                '<element name="fileDesc">'
                '<element name="sourceDesc"><element name="p"><text/></element></element>'
                '</element><element name="encodingDesc"><element name="p"><attribute name="type">'
                "<value>XCSURI</value></attribute><text/></element></element></element>")
    else:
        about_term = many([*auxiliary("term", style, dialect), note])
        head = (f'<attribute name="type"><value>TBX-{dialect.capitalize()}</value></attribute>'
                f'<attribute name="style"><value>{style}</value></attribute>'
                '<attribute name="xml:lang"/><element name="tbxHeader"><element name="fileDesc">'
                '<element name="sourceDesc"><element name="p"><text/></element></element>'
                "</element></element>")  # fmt: skip
    about_entry = many([*auxiliary("concept", style, dialect), note])
    space = "" if version == 2 else ' ns="urn:iso:std:iso:30042:ed-2"'
    return etree.RelaxNG(etree.fromstring(
        f'<grammar xmlns="http://relaxng.org/ns/structure/1.0"{space} datatypeLibrary='
        f'"http://www.w3.org/2001/XMLSchema-datatypes"><start><element name="{root}">{head}'
        f'<element name="text"><element name="body"><oneOrMore><element name="{entry}">'
        f'<attribute name="id"><data type="ID"/></attribute>{about_entry}<oneOrMore>'
        f'<element name="{lang}"><attribute name="xml:lang"><data type="language"/></attribute>'
        f'<oneOrMore><element name="{term}"><element name="term"><text/></element>{about_term}'
        "</element></oneOrMore></element></oneOrMore></element></oneOrMore></element></element>"
        "</element></start></grammar>"
    ))  # fmt: skip


@pytest.mark.parametrize(("form", "options"), [case for case in CASES if case[0][:3] == "tbx"])
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(concepts=glossaries())
def test_tbx_keeps_the_rules_of_its_dialect_and_style(form, options, concepts):
    tree = etree.fromstring(write(concepts, form, options)[0])
    schema = grammar(int(form[-1]), options.style, options.dialect)
    assert schema.validate(tree), schema.error_log
    ids = {e.get("id") for e in tree.iter() if e.get("id")}
    for element in tree.iter():
        name = etree.QName(element).localname
        if element.get("type") == "crossReference" or name == "crossReference":
            assert element.get("target") in ids


def test_the_rules_refuse_what_the_standard_refuses():
    concept = Concept("a", "d", (Term("en", "tea", "preferred", scope=("RU",)),))
    basic = write([concept], "tbx3", Options(style="dct"))[0]
    assert grammar(3, "dct", "basic").validate(etree.fromstring(basic))
    as_min = basic.replace(b'"TBX-Basic"', b'"TBX-Min"')
    assert not grammar(3, "dct", "min").validate(etree.fromstring(as_min))
    moved = re.sub(rb"<min:subjectField>.*?</min:subjectField>", b"", basic)
    moved = moved.replace(b"</term>", b"</term><min:subjectField>d</min:subjectField>")
    assert not grammar(3, "dct", "basic").validate(etree.fromstring(moved))


TMX = (
    '<grammar xmlns="http://relaxng.org/ns/structure/1.0" datatypeLibrary='
    '"http://www.w3.org/2001/XMLSchema-datatypes"><start><element name="tmx">'
    '<attribute name="version"><value>1.4</value></attribute><element name="header">'
    + "".join(f'<attribute name="{name}"/>' for name in (
        "creationtool", "creationtoolversion", "o-tmf", "adminlang", "srclang", "datatype"))
    + '<attribute name="segtype"><choice><value>block</value><value>paragraph</value>'
    "<value>sentence</value><value>phrase</value></choice></attribute></element>"
    '<element name="body"><zeroOrMore><element name="tu"><attribute name="tuid"/>'
    '<ref name="about"/><oneOrMore><element name="tuv"><attribute name="xml:lang">'
    '<data type="language"/></attribute><ref name="about"/><element name="seg"><text/></element>'
    "</element></oneOrMore></element></zeroOrMore></element></element></start>"
    '<define name="about"><zeroOrMore><choice><element name="note"><text/></element>'
    '<element name="prop"><attribute name="type"/><text/></element></choice></zeroOrMore></define>'
    "</grammar>"
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(concepts=glossaries())
def test_tmx_keeps_the_rules_of_1_4b(concepts):
    tree = etree.fromstring(write(concepts, "tmx", Options(statuses=EVERY))[0])
    schema = etree.RelaxNG(etree.fromstring(TMX))
    assert schema.validate(tree), schema.error_log


# Another program --------------------------------------------------------------------------------


def outside() -> Path | None:
    """The Python of an environment that has translate-toolkit (GPL: never one with ours)."""
    named = os.environ.get("TRANSLATE_TOOLKIT_PYTHON")
    command = shutil.which("csv2tbx")
    found = Path(named) if named else Path(command).with_name("python") if command else None
    return found if found and found.exists() else None


READER = """
import json, sys
from translate.storage import tbx, tmx
store = {"tbx": tbx.tbxfile, "tmx": tmx.tmxfile}[sys.argv[1]].parsefile(sys.argv[2])
print(json.dumps([[unit.source, unit.target] for unit in store.units if unit.source]))
"""


@pytest.mark.skipif(
    outside() is None,
    reason="translate-toolkit is not installed: TRANSLATE_TOOLKIT_PYTHON names the Python of an "
    "environment that has it",
)
@pytest.mark.parametrize(("form", "kind"), [("tbx2", "tbx"), ("tmx", "tmx")])
def test_translate_toolkit_reads_what_we_write(form, kind, tmp_path):
    concepts = load().concepts
    path = tmp_path / f"a.{kind}"
    path.write_bytes(write(concepts, form, Options(("zh", "ru"), statuses=("preferred",)))[0])
    run = subprocess.run(
        [str(outside()), "-c", READER, kind, str(path)], capture_output=True, text=True,
        encoding="utf-8",
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    pairs = {tuple(pair) for pair in json.loads(run.stdout)}
    both = {
        (c.preferred("zh").text, c.preferred("ru").text)
        for c in concepts
        if c.preferred("zh") and c.preferred("ru")
    }
    assert len(both) > 1000
    assert both <= pairs
