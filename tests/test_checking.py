"""Checking whole files: what belongs together, formats, mending, suppressions, baselines."""

import io
import json
import zipfile
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from toolkit.checking import report as reports
from toolkit.checking import run, suppress
from toolkit.checking.sheet import workbook
from toolkit.cli import main
from toolkit.glossary.concept import Finding
from toolkit.glossary.rules import RULES
from toolkit.report.check_page import check_page

ZH = "2024年中俄贸易额为2448亿美元。\n"
RU = "В 2024 году товарооборот Китая и России составил 244,8 млрд долл. США.\n"
EN = "China-Russia trade reached 244.8 billion U.S. dollars in 2024.\n"
WRONG_RU = (
    "Россия подтвердила приверженность отношениям всеобъемлющего стратегического партнёрства с "
    "Китаем.\n"
)
RIGHT_RU = (
    "Россия подтвердила приверженность отношениям всеобъемлющего партнёрства и стратегического "
    "взаимодействия с Китаем.\n"
)
WRONG_ZH = "俄中双方愿发展新时代全面战略合作伙伴关系。\n"


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(name, text, encoding="utf-8"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return name

    return write


def check(*arguments, **options):
    return CliRunner().invoke(main, ["check", *map(str, arguments)], **options)


def codes(*arguments, **options):
    result = check(*arguments, "--format", "json", **options)
    data = json.loads(result.stdout)
    return [(f["code"], f["file"], f["line"]) for f in data["findings"]]


# What belongs together.


def test_versions_are_known_by_their_names():
    paths = [
        "a/x.zh.txt", "a/x.ru.txt", "a/x_en.txt", "b/x.en.txt", "c/zh/y.txt", "c/ru/y.txt",
        "plain.txt", "rows.tsv", "zh.md", "ru.md", "a/x.zh.md",
    ]  # fmt: skip
    assert run.units(paths) == [
        ("a/x.zh.txt", "a/x.ru.txt", "a/x_en.txt"),
        ("b/x.en.txt",),
        ("c/zh/y.txt", "c/ru/y.txt"),
        ("plain.txt",),
        ("rows.tsv",),
        ("zh.md", "ru.md"),
        ("a/x.zh.md",),
    ]
    assert all(len(unit) == 1 for unit in run.units(paths, alone=True))


def test_a_folder_is_searched_for_files_to_check(write, tmp_path):
    for name in ("d/x.zh.txt", "d/deep/y.md", "d/.hidden/z.txt", "d/picture.png", "d/rows.tsv"):
        write(name, "和平\n")
    assert run.expand(["d"]) == ["d/deep/y.md", "d/rows.tsv", "d/x.zh.txt"]
    write("empty/readme.pdf", "x")
    result = check("empty")
    assert result.exit_code == 2 and "holds no file to check" in result.stderr


def test_processes_find_what_one_process_finds(write):
    for number in range(3):
        write(f"d/n{number}.zh.txt", ZH)
        write(f"d/n{number}.en.txt", EN.replace("244.8", f"24{number}.8"))
    serial = codes("d")
    assert [code for code, _, _ in serial] == ["N101", "N101", "N101"]
    assert codes("d", "--jobs", "2") == serial


def test_a_figure_that_differs_between_versions_is_named_with_the_odd_one_out(write):
    files = [write("x.zh.txt", ZH), write("x.ru.txt", RU.replace("244,8", "248,4"))]
    files.append(write("x.en.txt", EN))
    result = check(*files)
    assert result.exit_code == 1
    head = result.stdout.splitlines()[0]
    assert head.startswith("x.ru.txt:1:50: error N101 “248,4 млрд долл. США” is not what Chinese")
    assert "Russian is the odd one out; write “244,8 млрд долл. США”" in head


DATED = {
    "zh": "会议在宁波举行\n\n{page}\n\n新华社宁波11月{day}日电 会议在宁波举行。\n\n讨论合作。\n",
    "ru": (
        "Заседание прошло в Нинбо\n\n{page}\n\nНинбо, {day} ноября /Синьхуа/ -- Заседание прошло в"
        " Нинбо.\n\nСтороны обсудили сотрудничество.\n"
    ),
    "en": (
        "Meeting held in Ningbo\n\n{page}\n\nNINGBO, Nov. {day} (Xinhua) -- The meeting was held"
        " in Ningbo.\n\nThe two sides discussed cooperation.\n"
    ),
}


@pytest.mark.parametrize(
    "days, pages, at_fault",
    [
        ((2, 2, 2), (2, 2, 2), []),
        ((2, 3, 2), (2, 2, 2), ["a.ru.txt"]),
        ((2, 2, 5), (2, 2, 5), ["a.en.txt"]),
        ((2, 3, 2), (2, 3, 2), []),  # the Russian version came out a day later
    ],
)
def test_a_dateline_of_another_day_is_found(write, days, pages, at_fault):
    for (lang, text), day, page in zip(DATED.items(), days, pages, strict=True):
        write(f"a.{lang}.txt", text.format(day=day, page=f"2025-11-{page:02} 19:26"))
    found = codes("a.zh.txt", "a.ru.txt", "a.en.txt", "--select", "D101")
    assert [(code, file) for code, file, _ in found] == [("D101", file) for file in at_fault]


@pytest.mark.parametrize("version", ["1.2", "2.0"])
def test_xliff_is_read_unit_by_unit(write, version):
    langs = {"1.2": ("source-language", "target-language"), "2.0": ("srcLang", "trgLang")}[version]
    attributes = f'{langs[0]}="zh-CN" {langs[1]}="en-GB"'
    source, target = ZH.strip(), EN.strip().replace("244.8", "244.9")
    pair = f"<source>{source}</source>\n<target><g id='1'>{target}</g></target>"
    if version == "1.2":
        body = f"<file {attributes}><body><trans-unit id='1'>{pair}</trans-unit></body></file>"
        text = f"<?xml version='1.0'?>\n<xliff version='1.2'>{body}</xliff>"
    else:
        body = f"<file id='f'><unit id='1'><segment>{pair}</segment></unit></file>"
        text = f"<xliff version='2.0' {attributes}>{body}</xliff>"
    assert [code for code, _, _ in codes(write("x.xliff", text))] == ["N101"]


def test_a_file_that_is_no_xliff_is_refused_in_words(write):
    for text in ("<xliff", "<tmx/>", "<xliff version='1.2'/>"):
        result = check(write("x.xlf", text))
        assert result.exit_code == 2 and "x.xlf" in result.stderr
        assert "Traceback" not in result.output


# Mending.


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("windows-1251", b""),
        ("utf-16-le", b"\xff\xfe"),
    ],
)
def test_a_safe_suggestion_is_written_in_its_case_and_encoding(write, tmp_path, encoding, mark):
    write("x.ru.txt", mark + WRONG_RU.replace("\n", "\r\n").encode(encoding))
    result = check("x.ru.txt", "--fix")
    assert result.exit_code == 0, result.output
    assert "1 mended in 1 file" in result.stderr
    assert (tmp_path / "x.ru.txt").read_bytes() == mark + RIGHT_RU.replace("\n", "\r\n").encode(
        encoding
    )


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("Россия привержена политике «одного Китая».",
         "Россия привержена принципу «одного Китая»."),
        ("Развивается Евроазиатский экономический союз.",
         "Развивается Евразийский экономический союз."),
        ("Договор с Евроазиатским экономическим союзом.",
         "Договор с Евразийским экономическим союзом."),
    ],
)  # fmt: skip
def test_russian_suggestions_are_inflected(write, tmp_path, wrong, right):
    write("x.ru.txt", wrong + "\n")
    check("x.ru.txt", "--fix", "--unsafe-fixes", "--country", "RU")
    assert (tmp_path / "x.ru.txt").read_text(encoding="utf-8") == right + "\n"


def test_what_is_not_safe_is_written_on_request_only(write, tmp_path):
    write("x.zh.txt", ZH)
    write("x.en.txt", EN.replace("244.8", "248.4"))
    result = check("x.zh.txt", "x.en.txt", "--fix")
    assert result.exit_code == 1
    assert "1 more with --unsafe-fixes" in result.stderr
    assert "248.4" in (tmp_path / "x.en.txt").read_text(encoding="utf-8")
    result = check("x.zh.txt", "x.en.txt", "--fix", "--unsafe-fixes")
    assert result.exit_code == 0
    assert (tmp_path / "x.en.txt").read_text(encoding="utf-8") == EN


def test_a_diff_shows_the_change_and_writes_nothing(write, tmp_path):
    write("x.zh.txt", "好。\n" + WRONG_ZH)
    result = check("x.zh.txt", "--diff")
    assert "-" + WRONG_ZH in result.stdout and "+" + WRONG_ZH.replace("合", "协") in result.stdout
    assert (tmp_path / "x.zh.txt").read_text(encoding="utf-8") == "好。\n" + WRONG_ZH


def test_an_aligned_file_keeps_its_format_when_mended(write, tmp_path):
    rows = f'{{"zh": "{WRONG_ZH.strip()}", "en": "Both \\"sides\\" agree."}}\n'
    write("x.jsonl", rows)
    check("x.jsonl", "--fix")
    (row,) = (tmp_path / "x.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(row) == {
        "zh": WRONG_ZH.strip().replace("合", "协"),
        "en": 'Both "sides" agree.',
    }


# Suppressions and baselines.


def test_a_comment_suppresses_its_line_or_the_next_one(write):
    text = (
        "# tongwen: ignore T001 -- the title of 2014\n" + WRONG_ZH
        + WRONG_ZH.strip() + " <!-- tongwen: ignore T001 -- quoted -->\n"
    )  # fmt: skip
    result = check(write("x.zh.txt", text))
    assert result.exit_code == 0
    assert "2 suppressed" in result.stderr


def test_a_suppression_without_use_or_reason_is_reported(write):
    text = "<!-- tongwen: ignore T001 -- gone -->\n和平。\n" + WRONG_ZH.strip()
    text += " # tongwen: ignore T001\n"
    assert codes(write("x.zh.txt", text)) == [
        ("S001", "x.zh.txt", 1),
        ("S002", "x.zh.txt", 3),
        ("T001", "x.zh.txt", 3),
    ]


def test_the_places_of_a_text_with_comments_are_those_of_the_file(write):
    text = "# tongwen: ignore T002 -- none\n" + WRONG_ZH
    found = codes(write("x.zh.txt", text))
    assert ("T001", "x.zh.txt", 2) in found


def test_a_table_suppresses_by_code_file_and_words_until_a_day(write):
    write("x.zh.txt", WRONG_ZH)
    head = "code\tfile\tfound\treason\tuntil\n"
    rule = "T001\t*.zh.txt\t新时代全面战略合作伙伴关系\tquoted\t"
    table = write("s.tsv", head + rule + "2999-01-01\n")
    assert codes("x.zh.txt", "--suppressions", table) == []
    table = write("s.tsv", head + rule + "2020-01-01\n")
    assert [code for code, _, _ in codes("x.zh.txt", "--suppressions", table)] == ["T001", "S003"]
    table = write("s.tsv", "T001\tother.txt\t*\tnot for this file\n")
    assert [code for code, _, _ in codes("x.zh.txt", "--suppressions", table)] == ["T001"]


@pytest.mark.parametrize("row", ["T001\tx", "Q001\t*\t*\twhy", "T001\t*\t*\twhy\tsoon"])
def test_a_broken_row_of_a_table_is_named_by_its_line(write, row):
    write("x.zh.txt", WRONG_ZH)
    result = check("x.zh.txt", "--suppressions", write("s.tsv", "# head\n" + row + "\n"))
    assert result.exit_code == 2 and "s.tsv:2" in result.stderr


def test_a_directive_is_blanked_without_moving_anything():
    text = "a\n# tongwen: ignore T001, n101 -- why\nb\r\n"
    blanked, (directive,) = suppress.directives(text, "x")
    assert len(blanked) == len(text) and blanked.split() == ["a", "b"]
    assert (directive.codes, directive.line, directive.target) == (("T001", "N101"), 2, 3)


def test_a_baseline_hides_what_it_knows_and_nothing_more(write):
    write("x.zh.txt", WRONG_ZH)
    assert check("x.zh.txt", "--baseline", "b.json", "--update-baseline").exit_code == 0
    result = check("x.zh.txt", "--baseline", "b.json")
    assert result.exit_code == 0 and "1 known from the baseline" in result.stderr
    write("x.zh.txt", "新闻。\n" + WRONG_ZH)
    assert check("x.zh.txt", "--baseline", "b.json").exit_code == 0
    write("x.zh.txt", WRONG_ZH + WRONG_ZH)
    assert check("x.zh.txt", "--baseline", "b.json").exit_code == 1


@pytest.mark.parametrize("text", ["{}", "[]", "no json", '{"schema": "other/1", "findings": []}'])
def test_a_file_that_is_no_baseline_is_refused(write, text):
    write("x.zh.txt", WRONG_ZH)
    result = check("x.zh.txt", "--baseline", write("b.json", text))
    assert result.exit_code == 2 and "b.json" in result.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--format", "xlsx"], "--output"),
        (["--update-baseline"], "--baseline"),
        (["--baseline", "none.json"], "none.json"),
        (["--unsafe-fixes"], "--fix"),
        (["--diff", "--format", "json"], "--format"),
        (["--select", "Q"], "Q"),
        (["--jobs", "0"], "jobs"),
    ],
)
def test_options_that_make_no_sense_are_refused(write, options, said):
    result = check(write("x.zh.txt", WRONG_ZH), *options)
    assert result.exit_code == 2 and said in result.stderr


def test_rules_are_chosen_and_left_out_by_the_letters_they_begin_with(write):
    write("x.zh.txt", ZH + WRONG_ZH)
    write("x.en.txt", EN.replace("244.8", "248.4") + "Both sides agree on peace.\n")
    found = {code for code, _, _ in codes("x.zh.txt", "x.en.txt")}
    assert {"N101", "T001"} <= found
    assert {c for c, _, _ in codes("x.zh.txt", "x.en.txt", "--select", "N")} == {"N101"}
    left = {c for c, _, _ in codes("x.zh.txt", "x.en.txt", "--ignore", "N101,T1")}
    assert left == found - {"N101", "T101", "T102"}


# Formats.


def finding(**changes):
    values = {
        "code": "T001", "severity": "error", "concept": "c", "file": "a, b:c%.txt", "line": 1,
        "column": 3, "lang": "en", "found": "=1+1|<b>", "expected": "x", "message": "a|b\n<i> & %",
        "suggestion": "@x", "safe": True,
    }  # fmt: skip
    return Finding(**{**values, **changes})


def report(*findings):
    lines = {f.file: {1: "ab=1+1|<b>cd"} for f in findings}
    files = list(dict.fromkeys(f.file for f in findings)) or ["clean.txt"]
    return reports.Report(findings, files, "g.tsv", 4, lines)


def test_json_follows_the_published_schema():
    schema = json.loads(check("--schema").stdout)
    data = json.loads(reports.as_json(report(finding(), finding(severity="info", found=""))))
    assert set(schema["required"]) <= set(data) <= set(schema["properties"])
    shape = schema["$defs"]["finding"]
    for each in data["findings"]:
        assert set(each) == set(shape["required"]) == set(shape["properties"])
    assert data["schema"] == schema["properties"]["schema"]["const"] == schema["$id"]


def test_sarif_counts_columns_in_characters_and_offers_the_suggestion():
    log = json.loads(reports.sarif(report(finding(), finding(code="N101", severity="info"))))
    (one_run,) = log["runs"]
    assert one_run["columnKind"] == "unicodeCodePoints"
    assert [rule["id"] for rule in one_run["tool"]["driver"]["rules"]] == ["N101", "T001"]
    first, second = one_run["results"]
    assert (first["level"], second["level"]) == ("error", "note")
    assert one_run["tool"]["driver"]["rules"][first["ruleIndex"]]["id"] == "T001"
    place = first["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 1, "startColumn": 3, "endColumn": 11}
    assert place["artifactLocation"]["uri"] == "a%2C%20b%3Ac%25.txt"
    (change,) = first["fixes"][0]["artifactChanges"][0]["replacements"]
    assert change["insertedContent"]["text"] == "@x"


def test_annotations_escape_what_would_end_them():
    line = reports.github(report(finding()))
    assert line == (
        "::error file=a%2C b%3Ac%25.txt,line=1,col=3,endColumn=11,title=T001 forbidden form"
        "::a|b%0A<i> & %25\n"
    )


def test_junit_is_well_formed_and_counts_a_clean_file_as_passed():
    root = ElementTree.fromstring(reports.junit(report(finding(message="\x07 & <"))))
    assert root.attrib["failures"] == "1"
    clean = ElementTree.fromstring(reports.junit(report()))
    assert clean.attrib["tests"] == "1" and clean.attrib["failures"] == "0"


def test_a_markdown_table_keeps_its_columns():
    row = reports.markdown(report(finding())).splitlines()[-1]
    assert row.replace("\\|", "").count("|") == 6
    assert "<" not in row


def test_no_cell_of_a_workbook_is_a_formula():
    data = workbook(report(finding(), finding(found="@SUM(A1)\x00", message="+" * 40_000)))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            ElementTree.fromstring(archive.read(name))
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    cells = list(sheet.iter(f"{space}c"))
    assert list(sheet.iter(f"{space}f")) == []
    assert {cell.get("t") for cell in cells} == {"inlineStr", None}
    texts = [t.text or "" for t in sheet.iter(f"{space}t")]
    assert "=1+1|<b>" in texts and max(map(len, texts)) <= 32_767
    assert workbook(report(finding())) == workbook(report(finding()))


def test_the_page_shows_text_as_text():
    page = check_page(report(finding(message="<script>alert(1)</script>")))
    assert "<script>" not in page and "&lt;script&gt;" in page
    assert "=1+1|&lt;b&gt;" in page
    assert "nothing to correct" in check_page(report())


@pytest.mark.parametrize("form", ["json", "sarif", "github", "junit", "markdown", "html", "text"])
def test_every_format_is_written_to_a_file_and_keeps_the_exit_status(write, tmp_path, form):
    result = check(write("x.zh.txt", WRONG_ZH), "--format", form, "-o", "out")
    assert result.exit_code == 1 and result.stdout == ""
    assert "T001" in (tmp_path / "out").read_text(encoding="utf-8")


# The rules.


def test_every_rule_is_explained_by_its_code():
    listed = CliRunner().invoke(main, ["rule"]).stdout
    for code, rule in RULES.items():
        assert f"{code}  {rule.severity}" in listed
        shown = CliRunner().invoke(main, ["rule", code.lower()])
        assert shown.exit_code == 0 and shown.stdout.startswith(f"{code}  {rule.title}")
    unknown = CliRunner().invoke(main, ["rule", "N199"])
    assert unknown.exit_code == 2 and "N1" in unknown.stderr
