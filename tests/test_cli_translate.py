"""``tongwen translate``: lines in, lines out, and every refusal in one message."""

import json

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
        (["a.zh.txt", "--to", "en", "--model", "nowhere"], "nowhere"),
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
