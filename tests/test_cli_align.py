"""``tongwen align`` as a person calls it."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner
from lxml import etree

from toolkit import corpus
from toolkit.align.formats import read
from toolkit.cli import main

TEXTS = {
    "zh": "双方举行会谈，讨论了贸易与投资问题。\n熊猫昨天抵达莫斯科动物园。\n火箭发射成功。\n",
    "ru": "Стороны провели переговоры.\nОни обсудили торговлю и инвестиции.\n"
    "Панды вчера прибыли в Московский зоопарк.\n",
    "en": "The sides held talks and discussed trade and investment.\n"
    "The pandas arrived at the Moscow Zoo yesterday.\nThe rocket was launched successfully.\n",
}
BEADS = [([0], [0, 1], [0]), ([1], [2], [1]), ([2], [], [2])]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for lang, text in TEXTS.items():
        (tmp_path / f"a.{lang}.txt").write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments, **options):
    result = CliRunner().invoke(main, ["align", *arguments], **options)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


FILES = ("a.zh.txt", "a.ru.txt", "a.en.txt")


def test_json_lines_keep_the_contract(folder):
    result = run(*FILES, "--segmented", "-o", "x.jsonl")
    assert result.exit_code == 0
    assert result.stdout == ""
    lines = [json.loads(line) for line in (folder / "x.jsonl").read_text("utf-8").splitlines()]
    assert [(line["zh"], line["ru"], line["en"]) for line in lines] == BEADS
    assert lines[0]["text"]["ru"] == " ".join(TEXTS["ru"].splitlines()[:2])
    assert lines[0]["text"]["zh"] == TEXTS["zh"].splitlines()[0]
    assert lines[2]["text"]["ru"] == ""


def test_two_versions_have_two_keys(folder):
    result = run("a.ru.txt", "a.zh.txt", "--segmented", "--format", "jsonl")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [set(line) for line in lines] == [{"zh", "ru", "confidence", "text"}] * 3
    assert all(0 <= line["confidence"] <= 1 for line in lines)
    assert [(line["zh"], line["ru"]) for line in lines] == [(zh, ru) for zh, ru, _ in BEADS]


def test_without_a_file_the_table_goes_to_standard_output(folder):
    result = run(*FILES, "--segmented")
    assert result.stdout.splitlines()[0] == "zh\tru\ten"
    assert len(result.stdout.splitlines()) == 4
    assert result.stderr == "3 zh, 3 ru, 3 en segments in 3 beads: 1 only in zh and en\n"


def test_columns_stand_in_the_order_of_the_files(folder):
    result = run("a.en.txt", "a.zh.txt", "--segmented")
    assert result.stdout.splitlines()[0] == "en\tzh"
    assert "each in all 2 languages" in result.stderr


@pytest.mark.parametrize("suffix", ["tsv", "jsonl", "tmx"])
def test_each_format_is_named_by_the_suffix_and_read_back(folder, suffix):
    assert run(*FILES, "--segmented", "-o", f"x.{suffix}").exit_code == 0
    rows = read(folder / f"x.{suffix}")
    assert [row.texts["en"] for row in rows] == TEXTS["en"].splitlines()


def test_the_format_outweighs_the_suffix(folder):
    assert run(*FILES, "-o", "x.txt", "--format", "tmx").exit_code == 0
    assert etree.parse(folder / "x.txt").getroot().tag == "tmx"


def test_a_page_is_one_file_without_links_outside(folder):
    assert run(*FILES, "-o", "x.html").exit_code == 0
    page = (folder / "x.html").read_text("utf-8")
    root = etree.HTML(page.encode(), etree.HTMLParser(encoding="utf-8"))
    shown = "".join(root.itertext())
    assert "熊猫昨天抵达莫斯科动物园" in shown
    assert "Панды вчера прибыли" in shown
    assert [node for node in root.iter("script", "link", "img", "iframe") if node.get("src")] == []


def test_a_dash_is_standard_output(folder):
    result = run(*FILES, "-o", "-")
    assert result.stdout == run(*FILES).stdout
    assert result.stdout.startswith("zh\tru\ten\n")
    assert not (folder / "-").exists()


def test_one_version_may_come_from_standard_input(folder):
    result = run("-", "a.en.txt", "--segmented", input=TEXTS["zh"])
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == "zh\ten"


def test_lang_names_what_the_file_does_not(folder):
    (folder / "one").write_text("1\n2\n", "utf-8")
    (folder / "other").write_text("1\n2\n", "utf-8")
    assert run("one", "other", "--segmented").exit_code == 2
    result = run("one", "other", "--segmented", "--lang", "ru", "--lang", "en")
    assert result.exit_code == 0
    assert result.stdout == "ru\ten\n1\t1\n2\t2\n"


def test_empty_lines_keep_their_numbers(folder):
    (folder / "b.zh.txt").write_text("双方举行会谈。\n\n火箭发射成功。\n", "utf-8")
    (folder / "b.en.txt").write_text("The sides held talks.\nThe rocket was launched.\n", "utf-8")
    result = run("b.zh.txt", "b.en.txt", "--segmented", "--format", "jsonl")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(line["zh"], line["en"]) for line in lines] == [([0], [0]), ([1], []), ([2], [1])]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_segment_numbers_are_line_numbers(folder, end):
    zh = ["", "双方举行会谈。", "", "熊猫\u2028昨天\x0b抵达动物园。", " ", "火箭发射\x85成功。"]
    en = ["The sides held talks.", "The pandas arrived at the zoo.", "The launch succeeded.", ""]
    (folder / "b.zh.txt").write_bytes(end.join([*zh, ""]).encode())
    (folder / "b.en.txt").write_bytes(end.join(en).encode())
    result = run("b.zh.txt", "b.en.txt", "--segmented", "--format", "jsonl")
    # Not splitlines: it cuts at marks that are no ends of a line.
    beads = [json.loads(line) for line in result.stdout.split("\n") if line]
    pairs = [(bead["zh"], bead["en"]) for bead in beads if bead["zh"] and bead["en"]]
    assert pairs == [([1], [0]), ([3], [1]), ([5], [2])]
    for bead in beads:
        assert bead["text"]["zh"] == "".join(zh[n].strip() for n in bead["zh"])
        assert bead["text"]["en"] == " ".join(en[n] for n in bead["en"])
    assert [n for bead in beads for n in bead["zh"]] == list(range(6))
    assert [n for bead in beads for n in bead["en"]] == list(range(3))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["a.zh.txt"], "two or three files"),
        (["a.zh.txt", "a.ru.txt", "a.en.txt", "a.en.txt"], "two or three files"),
        (["a.zh.txt", "missing.ru.txt"], "missing.ru.txt: no such file"),
        (["a.zh.txt", "a.zh.txt"], "two or three different languages"),
        (["a.zh.txt", "a.ru.txt", "-o", "x.docx"], ".tsv, .jsonl, .tmx, .html"),
        (["a.zh.txt", "a.ru.txt", "-o", "none/x.tsv"], "the folder none does not exist"),
        (["a.zh.txt", "a.ru.txt", "-o", "a.ru.txt", "--format", "tsv"], "name another"),
        (["a.zh.txt", "a.ru.txt", "--lang", "zh"], "once for each"),
        (["a.zh.txt", "a.ru.txt", "--lang", "ru", "--lang", "zh"], "the text is Chinese"),
        (["-", "-"], "one file only"),
        (["a.zh.txt", "a.ru.txt", "--glossary", "g.tsv", "-o", "x.tsv"], "--glossary colours"),
        (["a.zh.txt", "a.ru.txt", "--glossary", "g.tsv", "-o", "x.html"], "g.tsv: no such file"),
        (["a.zh.txt", "empty.ru.txt"], "empty.ru.txt: the file is empty"),
        (["a.zh.txt", "binary.ru.txt"], "binary.ru.txt"),
        (["a.zh.txt", "."], "folder"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_message(folder, arguments, message):
    (folder / "empty.ru.txt").write_bytes(b"")
    (folder / "binary.ru.txt").write_bytes(bytes(range(256)) * 8)
    before = sorted(path.name for path in folder.iterdir())
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""
    assert sorted(path.name for path in folder.iterdir()) == before
    assert (folder / "a.ru.txt").read_text("utf-8") == TEXTS["ru"]


def test_the_same_files_give_the_same_bytes_in_every_process(folder):
    entry = corpus.entry("trade")
    code = "from toolkit.cli import main; main()"
    command = [sys.executable, "-c", code, "align", *map(str, entry.files[:3])]
    first, second = (
        subprocess.run([*command, "--format", form], capture_output=True, check=True)
        for form in ("jsonl", "jsonl")
    )
    assert first.stdout == second.stdout
    assert b'"zh": [0]' in first.stdout
    assert b"aligning" not in first.stderr  # progress is for a terminal


def test_a_closed_pipe_is_no_traceback(folder):
    code = "from toolkit.cli import main; main()"
    program = subprocess.Popen(
        [sys.executable, "-c", code, "align", *FILES], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    program.stdout.close()
    assert b"Traceback" not in program.stderr.read()
    program.stderr.close()
    program.wait()


def test_doubtful_beads_are_left_out_and_counted(folder):
    files = ("a.ru.txt", "a.zh.txt", "--segmented", "--format", "jsonl")
    beads = [json.loads(line) for line in run(*files).stdout.splitlines()]
    least = sorted(bead["confidence"] for bead in beads)[1]
    result = run(*files, "--min-confidence", str(least))
    kept = [json.loads(line) for line in result.stdout.splitlines()]
    assert kept == [bead for bead in beads if bead["confidence"] >= least]
    assert len(kept) < len(beads)
    assert f"{len(beads) - len(kept)} of a chance below" in result.stderr
    assert run(*files, "--min-confidence", "2").exit_code == 2


def test_two_runs_write_the_same_bytes(folder):
    files = ("a.ru.txt", "a.zh.txt", "--segmented", "--format", "jsonl")
    assert run(*files).stdout == run(*files).stdout
