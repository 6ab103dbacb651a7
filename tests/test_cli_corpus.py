"""``tongwen corpus`` as a person uses it."""

import json
import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from toolkit import corpus
from toolkit.cli import main

NAMES = ["ningbo.zh.txt", "ningbo.ru.txt", "ningbo.en.txt"]


def run(*arguments: str):
    result = CliRunner().invoke(main, ["corpus", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture
def damaged(monkeypatch, tmp_path):
    """Let the commands find a corpus whose English Ningbo text was changed."""
    root = tmp_path / "corpora"
    shutil.copytree(corpus.load()[0].folder.parent, root)
    path = root / "ningbo" / "ningbo.en.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("244.8", "244.9"), encoding="utf-8")
    monkeypatch.setattr(corpus.shipped, "path", lambda *parts: root)
    return root


def test_list_shows_a_line_for_each_dispatch_in_columns():
    lines = run("list").output.splitlines()
    entries = corpus.load()
    assert [line.split()[0] for line in lines] == [entry.id for entry in entries]
    assert lines[0].split()[1:4] == ["2025-11-02", "meeting", "Ningbo"]
    assert lines[0].endswith("holds 29th session in Ningbo")
    pairs = zip(lines, entries, strict=True)
    assert len({line.index(entry.title["en"]) for line, entry in pairs}) == 1


@pytest.mark.parametrize(("lang", "place"), [("zh", "宁波"), ("ru", "Нинбо"), ("en", "Ningbo")])
def test_list_names_place_and_title_in_the_language_asked_for(lang, place):
    line = run("list", "--lang", lang).output.splitlines()[0]
    assert place in line
    assert line.endswith(corpus.entry("ningbo").title[lang])


def test_list_as_json_tells_fact_from_invention():
    document = json.loads(run("list", "--format", "json").output)
    assert document["schema"] == "tongwen.corpus/1"
    first = document["dispatches"][0]
    assert first["title"]["zh"] == "中俄总理定期会晤委员会第二十九次会议在宁波举行"
    assert any("people.cn" in fact for fact in first["facts"])
    assert all(d["invented"] for d in document["dispatches"])
    assert all(Path(p).is_file() for d in document["dispatches"] for p in d["files"].values())


@pytest.mark.parametrize("version", ["zh", "ru", "en", "gold"])
def test_path_prints_the_path_of_a_file_that_is_there(version):
    result = run("path", "ningbo", version)
    path = Path(result.output.rstrip("\n"))
    assert path.is_file()
    assert version in path.name


def test_an_unknown_dispatch_is_an_error_that_names_the_known_ones():
    result = run("path", "nanjing", "zh")
    assert result.exit_code == 2
    assert "nanjing" in result.output and "ningbo, phonecall" in result.output


def test_an_unknown_language_is_bad_usage():
    assert run("path", "ningbo", "fr").exit_code == 2


def test_copy_writes_the_three_versions_and_prints_where(tmp_path):
    result = run("copy", "ningbo", str(tmp_path))
    assert result.exit_code == 0
    assert result.output.splitlines() == [str(tmp_path / name) for name in NAMES]
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(NAMES)
    folder = corpus.entry("ningbo").folder
    for name in NAMES:
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_copy_takes_the_current_folder_by_default(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("copy", "trade").output.splitlines() == [
        "trade.zh.txt", "trade.ru.txt", "trade.en.txt"
    ]  # fmt: skip


def test_copy_brings_the_gold_when_asked(tmp_path):
    run("copy", "ningbo", str(tmp_path), "--gold")
    assert (tmp_path / "ningbo.gold.jsonl").is_file()


def test_copy_leaves_what_is_there_alone_and_copies_nothing(tmp_path):
    mine = tmp_path / "ningbo.ru.txt"
    mine.write_text("моё", encoding="utf-8")
    result = run("copy", "ningbo", str(tmp_path))
    assert result.exit_code == 2
    assert "ningbo.ru.txt" in result.output and "--force" in result.output
    assert [p.name for p in tmp_path.iterdir()] == ["ningbo.ru.txt"]
    assert mine.read_text(encoding="utf-8") == "моё"


def test_copy_does_not_write_through_a_dangling_link(tmp_path):
    (tmp_path / "ningbo.en.txt").symlink_to(tmp_path / "elsewhere")
    assert run("copy", "ningbo", str(tmp_path)).exit_code == 2
    assert not (tmp_path / "elsewhere").exists()


def test_copy_writes_over_with_force(tmp_path):
    mine = tmp_path / "ningbo.ru.txt"
    mine.write_text("моё", encoding="utf-8")
    assert run("copy", "ningbo", str(tmp_path), "--force").exit_code == 0
    assert "Чернышенко" in mine.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["missing", "file"])
def test_copy_into_what_is_no_folder_is_an_error(tmp_path, kind):
    target = tmp_path / "target"
    if kind == "file":
        target.write_text("x", encoding="utf-8")
    result = run("copy", "ningbo", str(target))
    assert result.exit_code == 2
    assert "no such folder" in result.output


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs permissions to matter")
def test_copy_into_a_folder_that_is_write_protected_is_an_error(tmp_path):
    tmp_path.chmod(0o500)
    try:
        result = run("copy", "ningbo", str(tmp_path))
    finally:
        tmp_path.chmod(0o700)
    assert result.exit_code == 2
    assert "permission" in result.output


def test_verify_says_that_all_is_sound():
    result = run("verify")
    assert result.exit_code == 0
    assert result.output.startswith("13 dispatches in 3 languages")


def test_verify_names_the_damage_and_exits_1(damaged):
    result = run("verify")
    assert result.exit_code == 1
    assert f"{damaged / 'ningbo' / 'ningbo.en.txt'}: was changed" in result.output


def test_path_of_a_file_that_was_removed_is_an_error(damaged):
    (damaged / "ningbo" / "ningbo.en.txt").unlink()
    result = run("path", "ningbo", "en")
    assert result.exit_code == 2
    assert "install tongwen again" in result.output
    assert run("copy", "ningbo", str(damaged)).exit_code == 2


def test_a_broken_manifest_is_one_message(damaged):
    (damaged / "manifest.toml").write_text("dispatch = [", encoding="utf-8")
    for arguments in (["list"], ["verify"], ["path", "ningbo", "zh"]):
        result = run(*arguments)
        assert result.exit_code == 2
        assert result.output.startswith("Error: ") and "manifest.toml" in result.output
