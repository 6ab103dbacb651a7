"""``tongwen check``: what it prints, how it exits, what it refuses."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from toolkit.cli import main
from toolkit.columns import width

DATA = Path(__file__).parent / "data"
GLOSSARY = ["--glossary", str(DATA / "check.glossary.tsv")]
ZH = "中俄新时代全面战略协作伙伴关系不断发展。\n"
RU = (
    "Отношения всеобъемлющего партнёрства и стратегического взаимодействия, вступающие в новую "
    "эпоху, между Россией и Китаем развиваются.\n"
)
EN = (
    "The China-Russia comprehensive strategic partnership of coordination for a new era keeps "
    "developing.\n"
)
WRONG = "俄罗斯表示欢迎。\n俄中双方愿发展新时代全面战略合作伙伴关系。\n"


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(name, text, encoding="utf-8"):
        (tmp_path / name).write_bytes(text.encode(encoding))
        return name

    return write


def run(*arguments, **options):
    return CliRunner().invoke(main, ["check", *arguments, *GLOSSARY], **options)


def record(*arguments, **options):
    result = run(*arguments, "--format", "json", **options)
    return json.loads(result.stdout), result


def test_a_clean_text_prints_nothing_and_exits_with_zero(write):
    result = run(write("x.en.txt", EN))
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "no findings in 1 file; 2 term uses checked\n"


def test_a_finding_is_shown_at_its_place_under_its_line(write):
    result = run(write("x.zh.txt", WRONG))
    assert result.exit_code == 1
    head, line, mark = result.stdout.splitlines()
    assert head.startswith("x.zh.txt:2:8: error T001 “新时代全面战略合作伙伴关系” is a forbidden")
    assert line == "    俄中双方愿发展新时代全面战略合作伙伴关系。"
    found = "新时代全面战略合作伙伴关系"
    assert width(mark[: mark.index("^")]) == width(line[: line.index(found)])
    assert mark.count("^") == width(found) == 26
    assert result.stderr == "1 finding in 1 file; 1 term use checked\n"


def test_json_keeps_its_contract(write):
    data, result = record(write("x.zh.txt", WRONG))
    assert result.exit_code == 1
    assert data["schema"] == "tongwen.check/1"
    (finding,) = data["findings"]
    assert list(finding) == [
        "code", "severity", "concept", "file", "line", "column", "lang", "found", "expected",
        "message", "suggestion", "safe",
    ]  # fmt: skip
    assert [finding[key] for key in ("code", "severity", "concept")] == [
        "T001",
        "error",
        "new_era",
    ]
    assert (finding["file"], finding["line"], finding["column"]) == ("x.zh.txt", 2, 8)
    assert (finding["lang"], finding["found"], finding["expected"]) == (
        "zh",
        "新时代全面战略合作伙伴关系",
        "新时代全面战略协作伙伴关系",
    )
    assert data["counts"] == {"error": 1, "warning": 0, "info": 0}
    assert data["files"] == ["x.zh.txt"]


@pytest.mark.parametrize(
    ("text", "option", "status"),
    [
        (WRONG, "error", 1),
        (WRONG, "never", 0),
        ("A community with a shared future for mankind.\n", "error", 0),
        ("A community with a shared future for mankind.\n", "warning", 1),
    ],
)
def test_the_exit_status_follows_fail_on(write, text, option, status):
    name = write("x.zh.txt" if text is WRONG else "x.en.txt", text)
    assert run(name, "--fail-on", option, "--date", "2025-01-01").exit_code == status


def test_date_and_country_given_outvote_the_text(write):
    english = write("x.en.txt", "A community with a shared future for mankind.\n")
    assert run(english, "--date", "2020-05-01").exit_code == 0
    assert run(english, "--date", "2024-05-01").exit_code == 1
    chinese = write("y.zh.txt", "双方愿深化全面战略合作伙伴关系。\n")
    assert run(chinese).exit_code == 0
    assert run(chinese, "--country", "ru").exit_code == 1


def test_standard_input_is_a_file_like_another(write):
    data, result = record("-", "--lang", "zh", input=WRONG.encode())
    assert result.exit_code == 1
    assert [f["line"] for f in data["findings"]] == [2]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_places_do_not_depend_on_the_encoding(write, encoding):
    data, _ = record(write("x.zh.txt", WRONG.replace("\n", "\r\n"), encoding))
    assert [(f["line"], f["column"]) for f in data["findings"]] == [(2, 8)]


# Versions.


def test_versions_with_one_stem_are_aligned_and_compared(write):
    files = [write("x.zh.txt", ZH), write("x.ru.txt", RU)]
    files.append(write("x.en.txt", EN.replace(" for a new era", "")))
    data, result = record(*files)
    assert result.exit_code == 1
    assert [(f["code"], f["file"], f["column"]) for f in data["findings"]] == [
        ("T102", "x.en.txt", 18)
    ]
    assert record(*files, "--alone")[0]["findings"] == []


def test_texts_of_different_stems_are_not_compared(write):
    files = [write("x.zh.txt", ZH), write("y.en.txt", EN.replace(" for a new era", ""))]
    assert run(*files).exit_code == 0


# Aligned files.


def aligned(write, form, en):
    """Write an aligned file of two rows whose second has ``en`` for English."""
    rows = [{"zh": ZH.strip(), "ru": RU.strip(), "en": text} for text in (EN.strip(), en)]
    if form == "tsv":
        lines = ["zh\tru\ten", *("\t".join(row.values()) for row in rows)]
    elif form == "jsonl":
        lines = [
            json.dumps({"zh": [n], "ru": [n], "en": [n], "text": row}, ensure_ascii=False)
            for n, row in enumerate(rows)
        ]
    else:
        lines = ['<tmx version="1.4"><header/><body>']
        for row in rows:
            lines.append("<tu>")
            for lang, text in row.items():
                safe = text.replace("&", "&amp;")
                lines.append(f'<tuv xml:lang="{lang}"><seg>{safe}</seg></tuv>')
            lines.append("</tu>")
        lines.append("</body></tmx>")
    return write(f"x.{form}", "\n".join(lines) + "\n")


@pytest.mark.parametrize("form", ["tsv", "jsonl", "tmx"])
def test_an_aligned_file_is_compared_row_by_row(write, form):
    wrong = 'R&D: "' + EN.strip().replace(" for a new era", "")
    name = aligned(write, form, wrong)
    data, result = record(name)
    assert result.exit_code == 1
    (finding,) = data["findings"]
    assert (finding["code"], finding["lang"]) == ("T102", "en")
    line = Path(name).read_text(encoding="utf-8").splitlines()[finding["line"] - 1]
    assert "R&" in line
    assert line[finding["column"] - 1 :].startswith(finding["found"])


@pytest.mark.parametrize("form", ["tsv", "jsonl", "tmx"])
def test_a_clean_aligned_file_is_clean(write, form):
    assert run(aligned(write, form, EN.strip())).exit_code == 0


def test_what_tongwen_align_writes_is_checked(write):
    pytest.importorskip("toolkit.cli.align")
    files = [write("x.zh.txt", ZH), write("x.ru.txt", RU), write("x.en.txt", EN)]
    made = CliRunner().invoke(main, ["align", *files, "-o", "x.tsv"])
    assert made.exit_code == 0
    assert run("x.tsv").exit_code == 0


# Refusals.


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing.zh.txt"], "missing.zh.txt"),
        (["-", "-"], "standard input"),
        (["x.zh.txt", "--date", "yesterday"], "yesterday"),
        (["x.zh.txt", "--country", "Russia"], "RUSSIA"),
        (["x.zh.txt", "--lang", "de"], "de"),
        ([], "FILE"),
    ],
)
def test_what_cannot_be_done_is_one_message_and_status_two(write, arguments, said):
    write("x.zh.txt", ZH)
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_a_missing_glossary_a_russian_text_named_chinese_and_an_empty_file_are_refused(write):
    write("x.zh.txt", ZH)
    missing = CliRunner().invoke(main, ["check", "x.zh.txt", "--glossary", "none.tsv"])
    assert missing.exit_code == 2 and "none.tsv" in missing.stderr
    assert run(write("y.zh.txt", RU)).exit_code == 2
    assert run(write("z.zh.txt", "")).exit_code == 2


def test_a_broken_glossary_row_is_named_by_line(write):
    write("x.zh.txt", ZH)
    good = (DATA / "check.glossary.tsv").read_text(encoding="utf-8")
    write("g.tsv", good + "new_era\txx\tterm\tpreferred\t\t\t\t\t\t\t\t\n")
    result = CliRunner().invoke(main, ["check", "x.zh.txt", "--glossary", "g.tsv"])
    assert result.exit_code == 2
    assert f"g.tsv:{good.count(chr(10)) + 1}" in result.stderr


def test_the_rules_are_listed_without_a_file():
    from toolkit.glossary.rules import RULES

    result = run("--rules")
    assert result.exit_code == 0
    for code, rule in RULES.items():
        assert f"{code}  {rule.severity}" in result.stdout
        assert rule.title in result.stdout


def test_checking_a_dispatch_in_three_languages_starts_and_ends_within_seconds(write):
    corpus = Path(__file__).parent.parent / "corpora" / "ningbo"
    files = [str(corpus / f"ningbo.{lang}.txt") for lang in ("zh", "ru", "en")]
    command = [sys.executable, "-m", "toolkit.cli", "check", "--alone", *files]
    result = subprocess.run(
        [sys.executable, "-c", "from toolkit.cli import main; main()", *command[3:]],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=20,
    )
    assert (result.returncode, result.stdout) == (0, "")
    assert "no findings in 3 files" in result.stderr


def test_the_language_of_an_aligned_file_is_not_for_an_option_to_say(write):
    result = run(write("x.tsv", "zh\ten\n好\tgood\n"), "--lang", "zh")
    assert result.exit_code == 2
    assert "an aligned file names its languages itself" in result.stderr


def test_standard_input_has_one_name_in_json():
    data, _ = record("-", input=WRONG)
    assert data["files"] == ["stdin"] == [finding["file"] for finding in data["findings"]]


def test_a_column_is_exact_in_jsonl_that_escapes_chinese(write):
    row = {"zh": [0], "en": [0], "text": {"zh": WRONG.split("\n")[1], "en": "Russia"}}
    line = json.dumps(row)
    data, _ = record(write("x.jsonl", line + "\n"))
    (finding,) = [f for f in data["findings"] if f["code"] == "T001"]
    wrong = json.dumps("新时代全面战略合作伙伴关系")[1:-1]
    assert finding["column"] == line.index(wrong) + 1
