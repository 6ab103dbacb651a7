"""Glossaries of other programs come in as they are, whatever their encoding and their tricks."""

import time
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from toolkit.cli import main
from toolkit.errors import ToolkitError
from toolkit.glossary.exchange import cells, delimited, tags
from toolkit.glossary.exchange.formats import read
from toolkit.glossary.store import load

DATA = Path(__file__).parent / "data" / "exchange"


def table() -> dict[str, set[tuple[str, str, str, str]]]:
    found: dict[str, set[tuple[str, str, str, str]]] = {}
    for line in (DATA / "expected.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            file, concept, lang, status, term = line.split("\t")
            found.setdefault(file, set()).add((concept, lang, status, term))
    return found


TABLE = table()


@pytest.mark.parametrize("name", sorted(TABLE))
def test_a_file_gives_exactly_the_terms_of_the_table(name):
    parcel = read(DATA / name)
    found = {(c.id, t.lang, t.status, t.text) for c in parcel.concepts for t in c.terms}
    assert found == TABLE[name]


@pytest.mark.parametrize("name", sorted(TABLE))
def test_what_was_imported_is_a_glossary_file(name, tmp_path):
    own = tmp_path / "own.tsv"
    run = CliRunner().invoke(
        main, ["glossary", "import", str(DATA / name), "--yes", "-g", str(own)]
    )
    assert run.exit_code == 0, run.output
    concepts = load([own]).concepts
    assert {(c.id, t.lang, t.status, t.text) for c in concepts for t in c.terms} == TABLE[name]


@pytest.mark.parametrize("name", ["bare.txt", "three.csv", "omegat.txt", "weblate.csv"])
def test_guessed_columns_are_told_and_nothing_is_written_without_a_yes(name, tmp_path):
    own = tmp_path / "own.tsv"
    run = CliRunner().invoke(main, ["glossary", "import", str(DATA / name), "-g", str(own)])
    assert run.exit_code == 2
    assert "column 1" in run.stderr and "--yes" in run.stderr
    assert run.stdout == ""
    assert not own.exists()


@pytest.mark.parametrize("name", ["google.csv", "memoq.csv", "deepl.csv", "pinyin.tsv", "dca.tbx"])
def test_a_file_that_names_its_columns_needs_no_yes(name, tmp_path):
    own = tmp_path / "own.tsv"
    run = CliRunner().invoke(main, ["glossary", "import", str(DATA / name), "-g", str(own)])
    assert run.exit_code == 0, run.output
    assert own.exists()


def test_a_dry_run_shows_the_guess_and_the_lines_and_writes_nothing(tmp_path):
    own = tmp_path / "own.tsv"
    run = CliRunner().invoke(
        main, ["glossary", "import", str(DATA / "three.csv"), "--dry-run", "-g", str(own)]
    )
    assert run.exit_code == 0
    assert "Russian terms" in run.stderr
    assert "+overseas_warehouse\tru\tзарубежный склад\tpreferred" in run.stdout
    assert list(tmp_path.iterdir()) == []


def test_named_columns_win_over_the_guess(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("чай,tea,чаёк\n", encoding="utf-8")
    parcel = read(file, roles="ru,en,variants:ru")
    assert [(t.lang, t.status, t.text) for t in parcel.concepts[0].terms] == [
        ("ru", "preferred", "чай"), ("en", "preferred", "tea"), ("ru", "admitted", "чаёк"),
    ]  # fmt: skip
    assert parcel.guess == ()


def test_several_terms_in_a_cell_are_cut_only_when_asked(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("ru,en\nчай; чаёк,tea\n", encoding="utf-8")
    assert [t.text for t in read(file).concepts[0].terms] == ["чай; чаёк", "tea"]
    assert [t.text for t in read(file, split=";").concepts[0].terms] == ["чай", "tea", "чаёк"]


@pytest.mark.parametrize("name", ["bomb.tbx", "outside.tmx", "undefined.tbx", "cut.tbx"])
def test_hostile_xml_is_refused_with_its_place(name):
    start = time.monotonic()
    with pytest.raises(ToolkitError, match=rf"{name}:\d+"):
        read(DATA / name)
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\xef\xbb\xbf", b"\xff\xfe", b"<", b"<a/>", b"<martif/>", b"PK\x03\x04 no zip",
        b"\0" * 64, b"%PDF-1.4", b"zh,ru,en\n", b"one column only\nand nothing more\n",
        b"<tmx>" + b"<a>" * 5000, b"," * 100_000, b'"' * 100_001, b'"a,' * 50_000,
        b"<martif><text><body><termEntry/></body></text></martif>",
        b"zh,ru\n,\n", "№ 1\tбез перевода\n".encode(),
    ],
)  # fmt: skip
def test_what_is_no_glossary_is_an_error_that_says_so(data, tmp_path):
    file = tmp_path / "a.bin"
    file.write_bytes(data)
    start = time.monotonic()
    run = CliRunner().invoke(
        main, ["glossary", "import", str(file), "--yes", "-g", str(tmp_path / "own.tsv")]
    )
    assert run.exit_code == 2, run.output
    assert isinstance(run.exception, SystemExit)
    assert "a.bin" in run.stderr
    assert time.monotonic() - start < 20
    assert not (tmp_path / "own.tsv").exists()


def test_a_long_line_is_read_in_linear_time(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("чай,tea\n" + 'ш"' * 500_000 + ",x\n", encoding="utf-8")
    start = time.monotonic()
    assert len(read(file).concepts) == 2
    assert time.monotonic() - start < 20


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("utf-16-le", b"\xff\xfe"),
     ("utf-16-be", b"\xfe\xff"), ("gb18030", b"")],
)  # fmt: skip
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_make_no_difference(encoding, mark, newline, tmp_path):
    rows = ["中文,俄文,英文", "战略协作,стратегическое взаимодействие,strategic coordination",
            '合作,"сотрудничество, в целом","co-""operation"""']  # fmt: skip
    file = tmp_path / "a.csv"
    file.write_bytes(mark + newline.join(rows).encode(encoding))
    terms = [[t.text for t in c.terms] for c in read(file).concepts]
    assert terms == [
        ["战略协作", "стратегическое взаимодействие", "strategic coordination"],
        ["合作", "сотрудничество, в целом", 'co-"operation"'],
    ]


@pytest.mark.parametrize(
    ("tag", "lang"),
    [
        ("zh", "zh"), ("zh-CN", "zh"), ("ZH_cn", "zh"), ("zh-Hans", "zh"), ("zh-Hant-TW", "zh"),
        ("cmn-Hans", "zh"), ("zho", "zh"), ("Chinese_PRC", "zh"), ("Chinese (Simplified)", "zh"),
        ("中文", "zh"), ("简体中文", "zh"), ("ru", "ru"), ("ru-RU", "ru"), ("RUS", "ru"),
        ("Russian", "ru"), ("Русский", "ru"), ("俄文", "ru"), ("en-US", "en"), ("EN", "en"),
        ("English_United_States", "en"), ("English (United States)", "en"), ("英语", "en"),
        ("eng", "en"), ("uk", None), ("de-DE", None), ("be", None), ("ja", None), ("", None),
        ("enemy", None), ("Russia's", None), ("rugby", None), ("zhuhai", None),
        ("English tea", None),
    ],
)  # fmt: skip
def test_language_tags_of_any_make(tag, lang):
    assert tags.language(tag) == lang


def test_a_quotation_mark_that_wraps_no_cell_stands_for_itself():
    rows = delimited.split('"Шёлк" путь\tSilk\n5" pipe\tтруба 5"\n"a\nb"\t"c""d"\n', "\t")
    assert [row.cells for row in rows] == [
        ('"Шёлк" путь', "Silk"), ('5" pipe', 'труба 5"'), ("a\nb", 'c"d'),
    ]  # fmt: skip
    assert [row.line for row in rows] == [1, 2, 3]


@pytest.mark.parametrize(
    "value", ["=1+1", "+7", "-семь", "@x", "\tx", "'=x", "''+y", "＝1", "'", "'a"]
)
def test_a_formula_is_made_safe_and_comes_back(value):
    safe = cells.neutralise(value)
    assert safe[0] not in "=+-@\t＝"
    assert cells.restore(safe) == value


def test_a_workbook_of_another_program_is_read(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["№", "中文", "Русский", "English"])
    book.active.append([1, "茶", "'чай", "=1+1"])
    book.active.append([None, None, None, None])
    book.active.append([2, "面包", "хлеб", 2.0])
    book.create_sheet("other").append(["zh", "ru"])
    path = tmp_path / "a.xlsx"
    book.save(path)
    parcel = read(path)
    assert [[t.text for t in c.terms] for c in parcel.concepts] == [
        ["茶", "'чай", "=1+1"], ["面包", "хлеб", "2"],
    ]  # fmt: skip
    assert any("'other'" in line for line in parcel.report)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_a_workbook_with_entities_is_refused(part, tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    good, bad = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["zh", "ru"])
    book.active.append(["茶", "чай"])
    book.save(good)
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(bad, "w") as target:
        for item in source.namelist():
            data = source.read(item)
            if item == part:
                data = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + data
            target.writestr(item, data)
    assert len(read(good).concepts) == 1
    with pytest.raises(ToolkitError, match="document type"):
        read(bad)


def test_nothing_in_the_file_changes_and_another_preferred_term_is_only_proposed(tmp_path):
    own, other = tmp_path / "own.tsv", tmp_path / "other.csv"
    runner = CliRunner()
    for line in (
        f"add tea --domain food --zh 茶 --ru чай --en tea -g {own}",
        f"add tea --ru чаёк -g {own}",
    ):
        assert runner.invoke(main, ["glossary", *line.split()]).exit_code == 0
    before = own.read_text(encoding="utf-8")
    other.write_text("zh,ru,en\n茶,чайный напиток,tea\n面包,хлеб,bread\n", encoding="utf-8")
    run = runner.invoke(main, ["glossary", "import", str(other), "-g", str(own)])
    assert run.exit_code == 0, run.output
    after = own.read_text(encoding="utf-8")
    assert [line for line in before.splitlines() if line not in after.splitlines()] == []
    concepts = load([own], proposed=True).concepts
    terms = {(c.id, t.text): t.status for c in concepts for t in c.terms}
    assert terms["tea", "чайный напиток"] == "proposed"
    assert terms["tea", "чай"] == "preferred"
    assert terms["bread", "хлеб"] == "preferred"
    again = runner.invoke(main, ["glossary", "import", str(other), "-g", str(own)])
    assert "0 terms added" in again.stderr
    assert own.read_text(encoding="utf-8") == after


def test_proposed_terms_wait_for_a_person(tmp_path):
    own = tmp_path / "own.tsv"
    runner = CliRunner()
    command = ["glossary", "import", str(DATA / "memoq.csv"), "--proposed", "-g", str(own)]
    assert runner.invoke(main, command).exit_code == 0
    assert load([own]).concepts == ()
    approve = ["glossary", "approve", "god_kultury", "-g", str(own)]
    assert runner.invoke(main, approve).exit_code == 0
    terms = [(t.text, t.status) for t in load([own]).concept("god_kultury").terms]
    assert terms == [("文化年", "preferred"), ("Год культуры", "preferred"),
                     ("Культурный год", "admitted")]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "begins"),
    [
        (["x.tbx"], "<martif"), (["x.tbx", "--style", "dct"], 'style="dct"'),
        (["x.tbx", "--dialect", "min"], 'type="TBX-Min"'), (["x.tbx", "--format", "tbx3"], "<tbx"),
    ],
)
def test_the_kind_of_tbx_follows_from_what_is_asked(arguments, begins, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke(main, ["glossary", "export", *arguments, "--domain", "partnership"])
    assert run.exit_code == 0, run.output
    assert begins in (tmp_path / "x.tbx").read_text(encoding="utf-8")[:300]


@pytest.mark.parametrize(
    "arguments",
    [["x.doc"], ["-"], ["x.tbx", "--format", "tbx2", "--style", "dct"], ["x.csv", "--langs", "de"],
     ["x.tsv", "--format", "deepl"], ["nowhere/x.tbx"], ["x.csv", "--domain", "nothing"]],
)  # fmt: skip
def test_what_cannot_be_exported_is_an_error_and_leaves_no_file(arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke(main, ["glossary", "export", *arguments])
    assert run.exit_code == 2 and isinstance(run.exception, SystemExit)
    assert run.stderr.startswith("Error: ")
    assert list(tmp_path.iterdir()) == []


def test_an_id_that_means_something_else_here_is_not_merged(tmp_path):
    own = tmp_path / "own.tsv"
    runner = CliRunner()
    runner.invoke(main, f"glossary add c2 --domain food --ru чай --en tea -g {own}".split())
    run = runner.invoke(main, ["glossary", "import", str(DATA / "dct.tbx"), "-g", str(own)])
    assert run.exit_code == 0, run.output
    glossary = load([own])
    assert {t.text for t in glossary.concept("c2").terms} == {"чай", "tea"}
    assert {t.text for t in glossary.concept("c2_2").terms} == {"грузовой поезд", "goods train"}
    assert glossary.concept("c1").relations == (("see", "c2_2"),)
