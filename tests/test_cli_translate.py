"""``tongwen translate``: lines in, lines out, and every refusal in one message."""

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from toolkit.cli import main

LINES = {
    "zh": "双方同意。\n\n王毅7月15日在莫斯科会见俄罗斯外长拉夫罗夫。\n猫坐在垫子上。\n",
    "ru": "Стороны согласились.\n\nСтороны обменялись мнениями.\nКошка сидит.\n",
    "en": "The two sides agreed.\n\nBilateral trade grew by 1.9 percent.\nThe cat sat.\n",
}


def run(*arguments, input=None):
    return CliRunner().invoke(main, ["translate", *arguments], input=input)


@pytest.mark.parametrize("source", LINES)
@pytest.mark.parametrize("target", LINES)
def test_segmented_gives_exactly_one_line_out_for_each_in(source, target, tmp_path):
    if source == target:
        return
    path = tmp_path / f"a.{source}.txt"
    path.write_bytes(LINES[source].replace("\n", "\r\n").encode())
    result = run(str(path), "--to", target, "--segmented")
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.split("\n")
    assert len(lines) == 5 and lines[-1] == "" and lines[1] == ""
    assert all(lines[n] for n in (0, 2, 3))
    assert "4 segments" in result.stderr


def test_odd_lines_keep_their_places(tmp_path):
    odd = ["双方同意。\u2028会谈继续。", "😀", "a\tb 双方", "双" * 50_000, "\x0c双方", "⟦双方⟧"]
    path = tmp_path / "odd.zh.txt"
    path.write_text("\n".join(odd) + "\n", encoding="utf-8")
    result = run(str(path), "--from", "zh", "--to", "en", "--segmented")
    assert result.exit_code == 0, result.stderr
    assert len(result.stdout.split("\n")) == len(odd) + 1


def test_own_memory_comes_before_the_model_and_is_named(tmp_path):
    memory = tmp_path / "memory.tsv"
    memory.write_text("zh\ten\n猫坐在垫子上。\tThe cat sat on the mat.\n", encoding="utf-8")
    path = tmp_path / "a.zh.txt"
    path.write_text("猫坐在垫子上。\n", encoding="utf-8")
    result = run(str(path), "--to", "en", "--memory", str(memory), "--format", "jsonl")
    record = json.loads(result.stdout)
    assert (record["target"], record["origin"]) == ("The cat sat on the mat.", "memory")
    assert "1 from memory" in result.stderr


def test_strict_tells_by_the_exit_status_that_something_was_left(tmp_path):
    path = tmp_path / "a.zh.txt"
    path.write_text("猫坐在垫子上。\n", encoding="utf-8")
    assert run(str(path), "--to", "en").exit_code == 0
    assert run(str(path), "--to", "en", "--strict").exit_code == 1


def test_what_a_left_segment_should_hold_is_said_on_stderr(tmp_path):
    path = tmp_path / "a.zh.txt"
    path.write_text("猫说新时代全面战略协作伙伴关系。\n", encoding="utf-8")
    result = run(str(path), "--to", "en")
    assert result.stdout.startswith("⟦猫说")
    assert "not placed" in result.stderr
    assert "comprehensive strategic partnership of coordination for a new era" in result.stderr


def test_standard_input_is_translated_like_a_file(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("双方就乌克兰危机交换了意见。\n", encoding="utf-8")
    from_file = run(str(path), "--to", "ru", "--segmented").stdout
    piped = run("-", "--to", "ru", "--segmented", input="双方就乌克兰危机交换了意见。\n")
    assert piped.stdout == from_file


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none.zh.txt", "--to", "en"], "no such file"),
        (["a.zh.txt", "--to", "en", "--model", "nowhere"], "nowhere: no CTranslate2 model: there"),
        (["a.zh.txt", "--to", "en", "--model", "."], "no model.bin"),
        (["a.zh.txt", "--to", "en", "--model", "a.zh.txt"], "it is a file"),
        (["a.zh.txt", "--to", "en", "-o", "."], "is a folder"),
        (["a.zh.txt", "--from", "ru", "--to", "en"], "--from zh"),
        (["a.zh.txt", "--to", "de"], "'de' is not one of"),
        (["a.zh.txt", "--to", "en", "--beam", "0"], "1<=x<=16"),
        (["a.zh.txt", "--to", "en", "--memory", "nothing.tsv"], "nothing.tsv: no such file"),
        (["a.zh.txt", "--to", "en", "--glossary", "a.zh.txt"], "a.zh.txt:1"),
        (["a.zh.txt", "--to", "zh"], "already"),
        (["a.zh.txt", "--from", "ru", "--to", "en"], "Chinese"),
        (["a.zh.txt", "--to", "en", "-o", "no/such/folder.txt"], "folder"),
        (["a.zh.txt", "--to", "en", "--memory", "a.zh.txt"], "ends in"),
        (["empty.zh.txt", "--to", "en"], "empty"),
    ],
)
def test_bad_input_is_one_message_and_status_2(arguments, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.zh.txt").write_text("双方同意。\n", encoding="utf-8")
    (tmp_path / "empty.zh.txt").write_bytes(b"")
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr and "Traceback" not in result.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.zh.txt", "empty.zh.txt"]


def test_what_is_written_to_a_file_is_what_is_printed(tmp_path):
    path = tmp_path / "a.zh.txt"
    path.write_text("双方同意。\n\n猫坐在垫子上。\n", encoding="utf-8")
    printed = run(str(path), "--to", "ru").stdout
    for _ in range(2):  # the same bytes twice
        result = run(str(path), "--to", "ru", "-o", str(tmp_path / "b.ru.txt"))
        assert result.exit_code == 0 and result.stdout == ""
        assert (tmp_path / "b.ru.txt").read_bytes() == printed.encode()


def test_a_file_that_cannot_be_read_leaves_the_old_output_alone(tmp_path):
    (tmp_path / "a.zh.txt").write_bytes(b"\x00\x01")
    (tmp_path / "old.txt").write_text("old", encoding="utf-8")
    result = run(str(tmp_path / "a.zh.txt"), "--to", "ru", "-o", str(tmp_path / "old.txt"))
    assert result.exit_code == 2
    assert (tmp_path / "old.txt").read_text(encoding="utf-8") == "old"


def test_shipped_dispatches_are_remembered_unless_one_asks_otherwise(tmp_path):
    path = tmp_path / "a.zh.txt"
    line = "据中国海关统计，2024年中俄贸易额为2448亿美元，比上年增长1.9%。\n"
    path.write_text(line, encoding="utf-8")
    said = "1 from memory"
    assert said in run(str(path), "--to", "en").stderr
    assert said not in run(str(path), "--to", "en", "--no-memory").stderr


def test_two_translations_of_one_text_are_named_and_the_first_is_taken(tmp_path):
    for name, text in (("a.tsv", "Meow."), ("b.tsv", "Purr.")):
        (tmp_path / name).write_text(f"zh\ten\n喵喵喵。\t{text}\n", encoding="utf-8")
    path = tmp_path / "a.zh.txt"
    path.write_text("喵喵喵。\n", encoding="utf-8")
    memories = ("--memory", str(tmp_path / "a.tsv"), "--memory", str(tmp_path / "b.tsv"))
    result = run(str(path), "--to", "en", "--strict", *memories)
    assert (result.exit_code, result.stdout) == (0, "Meow.\n")
    assert f"{path}:1:1: the memory also has: Purr." in result.stderr


@pytest.mark.parametrize("suffix", ["tsv", "jsonl", "tmx"])
def test_a_memory_may_be_any_aligned_file(suffix, tmp_path):
    for lang, text in (("zh", "喵喵喵喵。"), ("ru", "Мяу-мяу."), ("en", "Meow meow.")):
        (tmp_path / f"m.{lang}.txt").write_text(text + "\n", encoding="utf-8")
    memory = tmp_path / f"m.{suffix}"
    files = [str(tmp_path / f"m.{lang}.txt") for lang in ("zh", "ru", "en")]
    made = CliRunner().invoke(main, ["align", *files, "-o", str(memory)])
    assert made.exit_code == 0, made.stderr
    result = run(str(tmp_path / "m.ru.txt"), "--to", "zh", "--memory", str(memory))
    assert result.stdout == "喵喵喵喵。\n"


def test_tables_say_of_each_segment_where_its_translation_comes_from(tmp_path):
    path = tmp_path / "a.zh.txt"
    path.write_text("猫说2448亿美元。\n\n喵喵喵。\n2025-11-02\n", encoding="utf-8")
    memory = tmp_path / "m.tsv"
    memory.write_text("zh\ten\n喵喵喵。\tMeow\\tmeow.\n", encoding="utf-8")
    arguments = (str(path), "--to", "en", "--segmented", "--memory", str(memory), "--format")
    rows = [line.split("\t") for line in run(*arguments, "tsv").stdout.splitlines()]
    assert rows[0] == ["source", "target", "origin", "reasons"]
    assert [row[2] for row in rows[1:]] == ["source", "empty", "memory", "empty"]
    assert all(len(row) == 4 for row in rows)
    assert rows[1][1] == "⟦猫说2448亿美元。⟧ {2448亿美元 = 244.8 billion U.S. dollars}"
    assert rows[3][:2] == ["喵喵喵。", "Meow meow."] and rows[4][1] == "2025-11-02"
    records = [json.loads(line) for line in run(*arguments, "jsonl").stdout.splitlines()]
    assert [record["origin"] for record in records] == ["source", "empty", "memory", "empty"]
    assert records[0]["reasons"] and records[0]["figures"] == [
        {"source": "2448亿美元", "form": "244.8 billion U.S. dollars"}
    ]


def test_a_guess_is_shown_as_a_guess_and_only_on_demand(tmp_path):
    path = tmp_path / "a.zh.txt"
    path.write_text("猫坐在垫子上，看着双方代表。\n", encoding="utf-8")
    plain = run(str(path), "--to", "en", "--segmented").stdout
    guessed = run(str(path), "--to", "en", "--segmented", "--best-effort").stdout
    assert guessed.startswith(plain.rstrip("\n")) and guessed.count("\n") == 1
    assert "⟦? " in guessed and guessed.endswith("⟧\n") and "⟦?" not in plain


def test_a_reader_who_stops_listening_gets_no_traceback(tmp_path):
    path = tmp_path / "a.zh.txt"
    path.write_text("猫坐在垫子上。\n" * 9000, encoding="utf-8")
    code = "from toolkit.cli import main; main()"
    arguments = ["translate", str(path), "--to", "en", "--segmented", "--no-memory"]
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    process.stdout.read(10)
    process.stdout.close()
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
    process.wait(60)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
def test_a_full_disk_is_one_message_and_status_2(tmp_path):
    path = tmp_path / "a.zh.txt"
    path.write_text("双方同意。\n", encoding="utf-8")
    code = "from toolkit.cli import main; main()"
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-c", code, "translate", str(path), "--to", "en"],
            stdout=full, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip
    assert done.returncode == 2
    assert "No space left" in done.stderr and "Traceback" not in done.stderr


def test_a_dash_for_the_output_is_standard_output(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.zh.txt").write_text("双方同意。\n", encoding="utf-8")
    plain = run("a.zh.txt", "--to", "en")
    dashed = run("a.zh.txt", "--to", "en", "-o", "-")
    assert dashed.exit_code == 0 and dashed.stdout == plain.stdout != ""
    assert [path.name for path in tmp_path.iterdir()] == ["a.zh.txt"]
