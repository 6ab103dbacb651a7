"""``tongwen align`` in the formats of other aligners, and ``tongwen align convert``."""

import json

import pytest
from click.testing import CliRunner

from toolkit.align.formats import read
from toolkit.cli import main

TEXTS = {
    "zh": "双方举行会谈，讨论了贸易与投资问题。\n熊猫昨天抵达莫斯科动物园。\n火箭发射成功。\n",
    "ru": "Стороны провели переговоры.\nОни обсудили торговлю и инвестиции.\n"
    "Панды вчера прибыли в Московский зоопарк.\n",
    "en": "The sides held talks and discussed trade and investment.\n"
    "The pandas arrived at the Moscow Zoo yesterday.\nThe rocket was launched successfully.\n",
}
FILES = ("a.zh.txt", "a.ru.txt", "a.en.txt")
BEADS = [([0], [0, 1], [0]), ([1], [2], [1]), ([2], [], [2])]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for lang, text in TEXTS.items():
        (tmp_path / f"a.{lang}.txt").write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments, command="align"):
    result = CliRunner().invoke(main, [command, *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


@pytest.mark.parametrize("suffix", ["ladder", "vecalign", "xlf"])
def test_of_three_languages_a_file_is_written_for_each_pair(folder, suffix):
    result = run(*FILES, "--segmented", "-o", f"x.{suffix}")
    assert result.exit_code == 0
    made = [f"x.{pair}.{suffix}" for pair in ("zh-ru", "zh-en", "ru-en")]
    assert ", ".join(made) in result.stderr
    assert sorted(path.name for path in folder.glob("x.*")) == sorted(made)
    shown = run(*FILES, "--segmented", "--format", {"xlf": "xliff"}.get(suffix, suffix))
    assert shown.exit_code == 2 and "-o" in shown.stderr and shown.stdout == ""


def test_what_each_format_says_of_a_pair(folder):
    two = (*FILES[:2], "--segmented", "--format")
    rungs = [line.split("\t") for line in run(*two, "ladder").stdout.splitlines()]
    assert [rung[:2] for rung in rungs] == [["0", "0"], ["1", "2"], ["2", "3"], ["3", "3"]]
    pairs = [line.rpartition(":")[0] for line in run(*two, "vecalign").stdout.splitlines()]
    assert pairs == ["[0]:[0, 1]", "[1]:[2]", "[2]:[]"]
    assert 'xtargets="s1;s1 s2"' in run(*two, "standoff").stdout
    assert 'version="1.2"' in run(*two, "xliff").stdout
    assert 'version="2.1"' in run(*two, "xliff2").stdout


@pytest.mark.parametrize("form", ["ladder", "vecalign"])
def test_numbers_and_texts_become_a_memory(folder, form):
    run(*FILES[:2], "--segmented", "-o", f"x.{form}")
    before = run(*FILES[:2], "--segmented", "--format", "tsv").stdout
    result = run("convert", f"x.{form}", *FILES[:2], "--segmented")
    assert result.stdout == before
    assert run("convert", f"x.{form}", *FILES[:2], "--segmented", "-o", "x.tmx").exit_code == 0
    assert [row.texts["zh"] for row in read("x.tmx")] == TEXTS["zh"].splitlines()


def test_three_languages_pass_through_standoff(folder):
    run(*FILES, "--segmented", "-o", "x.jsonl")
    run(*FILES, "--segmented", "-o", "x.xml")
    assert run("convert", "x.xml", "-o", "y.jsonl").exit_code == 0
    assert (folder / "y.jsonl").read_bytes() == (folder / "x.jsonl").read_bytes()
    lines = [json.loads(line) for line in (folder / "y.jsonl").read_text("utf-8").splitlines()]
    assert [(line["zh"], line["ru"], line["en"]) for line in lines] == BEADS
    assert run("diff", "x.xml", "x.jsonl").exit_code == 0
    kept = run(*FILES, "--segmented", "--keep", "x.xml", "--format", "jsonl")
    assert "3 decided beads kept" in kept.stderr


def test_the_check_reads_what_was_written(folder):
    (folder / "a.en.txt").write_text("Trade grew by 5 percent.\n", "utf-8")
    (folder / "a.zh.txt").write_text("贸易增长6%。\n", "utf-8")
    for name in ("x.xml", "x.xlf", "x.tmx"):
        assert run("a.zh.txt", "a.en.txt", "--segmented", "-o", name).exit_code == 0
        result = run(name, command="check")
        assert result.exit_code == 1 and f"{name}:" in result.stdout
    run("a.zh.txt", "a.en.txt", "--segmented", "-o", "x.ladder")
    result = run("x.ladder", command="check")
    assert result.exit_code == 2 and "tongwen align convert x.ladder" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["x.ladder"], "tongwen align convert x.ladder"),
        (["x.ladder", "a.zh.txt"], "two or three different languages"),
        (["x.ladder", *FILES], "links two texts"),
        (["x.ladder", "a.ru.txt", "a.zh.txt"], "not a rung"),
        (["a.zh.txt"], "an aligned file ends in"),
        (["x.tsv", "a.zh.txt", "a.ru.txt"], "--keep x.tsv"),
        (["x.tsv", "-o", "x.docx"], "names no format"),
        (["x.tsv", "-o", "x.tsv"], "name another"),
        (["x.tsv", "--lang", "zh"], "once for each"),
        (["x.tsv", "--format", "ladder", "-o", "none/x"], "folder none does not exist"),
        (["missing.xlf"], "no such file"),
    ],
)
def test_what_cannot_be_converted_is_said(folder, arguments, message):
    (folder / "x.ladder").write_text("no rung\n", "utf-8")
    (folder / "x.tsv").write_text("zh\tru\n会谈\tПереговоры\n", "utf-8")
    result = run("convert", *arguments)
    assert result.exit_code == 2 and message in result.stderr and result.stdout == ""
