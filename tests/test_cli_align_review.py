"""``tongwen align`` with a person in between: review files, ``--keep``, ``align diff``."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from toolkit.cli import main

TEXTS = {
    "zh": ["双方举行会谈，讨论了贸易与投资问题。", "熊猫昨天抵达莫斯科动物园。", "火箭发射成功。"],
    "ru": ["Стороны провели переговоры.", "Они обсудили торговлю и инвестиции.",
           "Панды вчера прибыли в Московский зоопарк."],
    "en": ["The sides held talks and discussed trade and investment.",
           "The pandas arrived at the Moscow Zoo yesterday.", "The rocket was launched."],
}  # fmt: skip
FILES = ("a.zh.txt", "a.ru.txt", "a.en.txt", "--segmented")
PAIR = ("a.zh.txt", "a.en.txt", "--segmented")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for lang, lines in TEXTS.items():
        (tmp_path / f"a.{lang}.txt").write_text("\n".join(lines) + "\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments, status=0):
    result = CliRunner().invoke(main, ["align", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert result.exit_code == status, result.output
    return result


def beads(text, langs=("zh", "ru", "en")):
    return [[json.loads(line)[lang] for lang in langs] for line in text.splitlines()]


def edit(path, *changes):
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, "utf-8")


@pytest.mark.parametrize("name", ["x.review", "x.review.tsv"])
def test_a_person_corrects_and_the_correction_stays(folder, name):
    run(*FILES, "-o", name)
    # The first Russian line stands alone, says the person.
    edit(folder / name, ("\t1\t1 2\t1\t", "\t-/1\t1/2\t-/1\t"))
    result = run(*FILES, "--keep", name, "--format", "jsonl")
    expected = [[[], [0], []], [[0], [1], [0]], [[1], [2], [1]], [[2], [], [2]]]
    assert beads(result.stdout) == expected
    assert [json.loads(line)["confidence"] for line in result.stdout.splitlines()][:2] == [1, 1]
    assert f"{name}: 2 decided beads kept\n" in result.stderr
    assert result.stdout == run(*FILES, "--keep", name, "--format", "jsonl").stdout
    # In place, and once more: what was decided stays decided.
    run(*FILES, "--keep", name, "-o", name)
    lines = (folder / name).read_text("utf-8").splitlines()
    assert [line.split("\t")[0] for line in lines[-4:-2]] == ["=", "="]
    again = run(*FILES, "--keep", name, "--format", "jsonl")
    assert beads(again.stdout) == expected


def test_a_third_language_is_added_to_a_corrected_pair(folder):
    run(*PAIR, "-o", "pair.review")
    edit(folder / "pair.review", ("\t1\t1\t", "\t1 2\t1 2\t"), ("\t2\t2\t", "\t-\t-\t"))
    result = run(*FILES, "--keep", "pair.review", "-o", "three.review")
    assert "pair.review: 1 decided bead kept" in result.stderr
    line = (folder / "three.review").read_text("utf-8").splitlines()[-2].split("\t")
    assert (line[0], line[2:5]) == ("= zh en", ["1 2", "1 2 3", "1 2"])
    assert run("diff", "pair.review", "three.review").stdout.startswith("2 beads in both, 0 only")
    # The pair stays decided when the three are reviewed in their turn.
    kept = run(*FILES, "--keep", "three.review", "--format", "jsonl")
    assert beads(kept.stdout)[0] == [[0, 1], [0, 1, 2], [0, 1]]


@pytest.mark.parametrize("form", ["tsv", "jsonl", "tmx"])
def test_all_beads_of_an_aligned_file_are_kept(folder, form):
    (folder / "b.jsonl").write_text(
        "".join(
            json.dumps({"text": {"zh": zh, "en": en}}, ensure_ascii=False) + "\n"
            for zh, en in [(TEXTS["zh"][0] + TEXTS["zh"][1], " ".join(TEXTS["en"])),
                           (TEXTS["zh"][2], "")]
        ),
        "utf-8",
    )  # fmt: skip
    run(*PAIR, "--keep", "b.jsonl", "-o", f"c.{form}")
    result = run(*PAIR, "--keep", f"c.{form}", "--format", "jsonl")
    assert beads(result.stdout, ("zh", "en")) == [[[0, 1], [0, 1, 2]], [[2], []]]
    run("diff", "b.jsonl", f"c.{form}")


def test_a_review_file_is_converted_as_it_stands(folder):
    run(*FILES, "-o", "x.review")
    edit(folder / "x.review", ("\t1\t1 2\t1\t", "\t-/1\t1/2\t-/1\t"))
    result = run("convert", "x.review", "--format", "jsonl")
    assert beads(result.stdout)[:2] == [[[], [0], []], [[0], [1], [0]]]
    assert beads(result.stdout)[2:] == [[[1], [2], [1]], [[2], [], [2]]]
    assert json.loads(result.stdout.splitlines()[1])["text"]["ru"] == TEXTS["ru"][1]
    run("convert", "x.review", "-o", "y.review")
    assert run("diff", "x.review", "y.review").exit_code == 0
    edit(folder / "x.review", (TEXTS["ru"][0] + " | ", ""))
    result = run("convert", "x.review", status=2)
    assert "the text of ru 1 is not in the file any more" in result.stderr


def test_what_could_not_be_kept_is_told_with_its_line(folder):
    run(*PAIR, "-o", "x.tsv")
    edit(folder / "a.en.txt", ("yesterday", "on Monday"))
    result = run(*PAIR, "--keep", "x.tsv", "--format", "jsonl")
    assert "x.tsv:3: its en text is not in a.en.txt now\n" in result.stderr
    assert "x.tsv: 2 decided beads kept, 1 could not be kept\n" in result.stderr
    assert beads(result.stdout, ("zh", "en")) == [[[n], [n]] for n in range(3)]


def test_without_a_decision_the_machine_decides(folder):
    run(*FILES, "-o", "x.review")
    result = run(*FILES, "--keep", "x.review")
    assert result.stdout == run(*FILES).stdout
    assert "x.review: 0 decided beads kept; mark lines with =" in result.stderr


def test_doubtful_lines_first(folder):
    run(*FILES, "-o", "x.review", "--doubtful-first")
    text = (folder / "x.review").read_text("utf-8")
    assert "\nbead\tstate\tchance\tzh\tru\ten\t" in text
    run(*FILES, "-o", "y.review")
    assert run("diff", "x.review", "y.review").exit_code == 0


def test_a_difference_is_shown_and_counted(folder):
    run(*PAIR, "-o", "x.review")
    run(*PAIR, "-o", "y.tsv")
    edit(folder / "x.review", ("\t1\t1\t", "\t1 2\t1 2\t"), ("\t2\t2\t", "\t-\t-\t"))
    result = run("diff", "x.review", "y.tsv", status=1)
    lines = result.stdout.splitlines()
    assert lines[:2] == ["--- x.review", "+++ y.tsv"]
    assert [line.split("\t")[0] for line in lines[2:5]] == ["-12", "+2", "+3"]
    assert lines[2].split("\t")[1].startswith("zh 1 2: 双方举行会谈")
    assert lines[3].split("\t")[2].startswith("en: The sides held talks")
    assert lines[5] == "1 bead in both, 1 only in x.review, 2 only in y.tsv"
    assert lines[6] == (
        "zh-en: precision 0.500 (1/2), recall 0.333 (1/3), F1 0.400, y.tsv taken as the reference"
    )
    assert run("diff", "y.tsv", "y.tsv").stdout.splitlines()[0] == (
        "3 beads in both, 0 only in y.tsv, 0 only in y.tsv"
    )


def test_a_file_named_diff_is_aligned_by_its_path(folder):
    (folder / "a.zh.txt").rename(folder / "diff")
    assert run("./diff", "a.en.txt", "--segmented").stdout.startswith("zh\ten\n")
    assert "Compare two alignments" in run("diff", "--help").stdout
    assert "diff" in run("--help").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([*PAIR, "--keep", "none.review"], "none.review: no such file"),
        ([*PAIR, "--keep", "a.ru.txt"], "a.ru.txt: an aligned file ends in"),
        ([*PAIR, "--keep", "bad.review"], "bad.review:12: zh 1 is in no line"),
        ([*PAIR, "--keep", "other.tsv"], "other.tsv: none of its 1 decided beads is in these"),
        (["a.zh.txt", "a.ru.txt", "--keep", "other.tsv"], "other.tsv: holds zh en, and the files"),
        ([*PAIR, "-o", "x.review", "--min-confidence", "0.5"], "a review file holds every bead"),
        ([*PAIR, "--doubtful-first"], "--doubtful-first is for review files"),
        ([*PAIR, "--keep", "three.jsonl", "-o", "./three.jsonl"], "holds ru too, which would be"),
        (["diff", "bad.review", "other.tsv"], "bad.review:12: zh 1 is in no line"),
        (["diff", "good.review", "other.tsv"], "no text in common"),
        (["diff", "good.review", "none.tsv"], "none.tsv: no such file"),
        (["diff", "good.review"], "Missing argument 'B'"),
        (["diff", "a.zh.txt", "good.review"], "a.zh.txt: an aligned file ends in"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_message(folder, arguments, message):
    run(*PAIR, "-o", "good.review")
    run(*FILES, "-o", "three.jsonl")
    text = (folder / "good.review").read_text("utf-8")
    (folder / "bad.review").write_text(text.replace("\t1\t1\t", "\t-\t1\t"), "utf-8")
    (folder / "other.tsv").write_text("zh\ten\n天气很好。\tFine weather.\n", "utf-8")
    result = run(*arguments, status=2)
    assert message in result.stderr
    assert result.stdout == ""


def test_every_process_writes_the_same_review(folder):
    code = "from toolkit.cli import main; main()"
    command = [sys.executable, "-c", code, "align", *FILES, "--format", "review"]
    first, second = (subprocess.run(command, capture_output=True, check=True) for _ in "ab")
    assert first.stdout == second.stdout != b""
