"""Work that was cut off goes on, and a second run costs only what changed."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from toolkit.cli import main
from toolkit.errors import FileError
from toolkit.glossary.concept import Concept, Glossary, Term
from toolkit.glossary.match import Matcher
from toolkit.translate.document import Draft, Translator
from toolkit.translate.engine import Hypothesis
from toolkit.translate.journal import Journal, fingerprint, settings

TEXTS = [f"双方讨论了第{n}号文件。" for n in range(100)]


class Counting:
    """A stock model that counts what it is asked, and may die at a certain text."""

    placeholders = False

    def __init__(self, folder, dies_at=""):
        self.model_dir = folder
        self.dies_at = dies_at
        self.asked = []

    def known(self, lang):
        return None

    def source_pieces(self, text):
        return len(text)

    def translate(self, texts, source, target, beam=4, careful=False):
        if self.dies_at in texts:
            raise KeyboardInterrupt
        self.asked += texts
        return [
            Hypothesis(f"The two sides discussed document {text[6:-3]}.", -0.25, False)
            for text in texts
        ]


@pytest.fixture
def model(tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "model.bin").write_bytes(b"weights")
    return folder


def glossary(word="document"):
    terms = (Term("zh", "文件", "preferred"), Term("en", word, "preferred"))
    return Glossary((Concept("doc", "term", terms),))


def translated(engine, journal, terms=None, beam=4):
    matcher = Matcher(terms or glossary())
    kept = Journal(journal, settings(engine, matcher.glossary, beam=beam))
    translator = Translator(
        "zh", "en", matcher, engine, patterns=False, terms_method="none", journal=kept
    )
    try:
        return translator.translate(TEXTS), kept
    finally:
        kept.close()


def test_an_interrupted_run_goes_on_and_gives_the_same(model, tmp_path):
    path = tmp_path / "j.jsonl"
    whole, _ = translated(Counting(model), tmp_path / "other.jsonl")
    first = Counting(model, dies_at=TEXTS[70])
    with pytest.raises(KeyboardInterrupt):
        translated(first, path)
    second = Counting(model)
    drafts, kept = translated(second, path)
    assert drafts == whole
    assert kept.reused == len(first.asked) >= 64
    assert set(first.asked) | set(second.asked) == set(TEXTS)
    assert not set(first.asked) & set(second.asked)


def test_a_second_run_asks_the_model_for_nothing(model, tmp_path):
    first, _ = translated(Counting(model), tmp_path / "j.jsonl")
    again = Counting(model)
    second, _ = translated(again, tmp_path / "j.jsonl")
    assert second == first and again.asked == []


@pytest.mark.parametrize("change", ["model", "glossary", "beam"])
def test_what_drafts_depend_on_makes_them_new(model, tmp_path, change):
    path = tmp_path / "j.jsonl"
    translated(Counting(model), path)
    if change == "model":
        (model / "model.bin").write_bytes(b"weightz")
    terms = glossary("paper") if change == "glossary" else None
    again = Counting(model)
    translated(again, path, terms, beam=5 if change == "beam" else 4)
    assert len(again.asked) == len(TEXTS)


@pytest.mark.parametrize("cut", [1, 5, 40, 200])
def test_a_torn_last_line_costs_one_segment(model, tmp_path, cut):
    path = tmp_path / "j.jsonl"
    whole, _ = translated(Counting(model), path)
    data = path.read_bytes()
    path.write_bytes(data[:-cut])
    again = Counting(model)
    drafts, _ = translated(again, path)
    assert drafts == whole and len(again.asked) <= 2
    assert all(json.loads(line) for line in path.read_text().splitlines()[:-3])
    last = Counting(model)
    translated(last, path)
    assert last.asked == []


def test_garbage_inside_is_passed_over_and_other_files_are_refused(model, tmp_path):
    path = tmp_path / "j.jsonl"
    translated(Counting(model), path)
    lines = path.read_text().splitlines()
    lines[3] = '{"key": 5, "draft": [1]}'
    lines[4] = "\x00\x00 torn"
    lines[5] = json.dumps({**json.loads(lines[5]), "draft": {"source": "x"}})
    path.write_text("\n".join(lines) + "\n")
    again = Counting(model)
    translated(again, path)
    assert len(again.asked) == 3
    mine = tmp_path / "thesis.txt"
    mine.write_text("my work\n")
    with pytest.raises(FileError, match="no journal"):
        translated(Counting(model), mine)
    assert mine.read_text() == "my work\n"
    with pytest.raises(FileError, match="cannot be"):
        translated(Counting(model), tmp_path / "no" / "folder" / "j")


def test_a_models_print_sees_one_changed_byte(model):
    (model / "big.bin").write_bytes(bytes(9 * 1024 * 1024))
    before = fingerprint(model)
    assert fingerprint(model) == before
    with open(model / "big.bin", "r+b") as file:
        file.seek(-1, 2)
        file.write(b"\x01")
    assert fingerprint(model) != before


def test_what_was_recorded_has_reached_the_disk_when_it_returns(tmp_path, monkeypatch):
    path, synced, plain = tmp_path / "j", [], os.fsync

    def watched(descriptor):
        plain(descriptor)
        synced.append(os.fstat(descriptor).st_size)

    monkeypatch.setattr(os, "fsync", watched)
    journal = Journal(path, {})
    for number in range(3):
        journal.record([f"text {number}"], [Draft(f"text {number}", "", "empty")])
        written = path.read_bytes()  # by somebody else, while it is open
        assert written.endswith(b"\n") and len(written.splitlines()) == number + 2
        assert synced[number:] == [len(written)]
    journal.close()


def test_a_killed_program_resumes(tmp_path):
    """The real command, killed without warning in the middle of its work."""
    names = ["外长", "总理", "代表团", "议会", "大使"]
    lines = [f"会谈后，双方就{name}的第{n}次访问交换意见。" for n in range(60) for name in names]
    (tmp_path / "a.zh.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    arguments = [sys.executable, "-c", "from toolkit.cli import main; main()", "translate",
                 "a.zh.txt", "--segmented", "--to", "ru", "--no-memory", "--journal", "j",
                 "--beam", "2", "-o", "out.ru.txt"]  # fmt: skip
    running = subprocess.Popen(arguments, cwd=tmp_path, stderr=subprocess.DEVNULL)
    journal = tmp_path / "j"
    until = time.monotonic() + 120
    while time.monotonic() < until and running.poll() is None:
        if journal.exists() and len(journal.read_bytes().splitlines()) > 32:
            break
        time.sleep(0.02)
    if running.poll() is None:
        os.kill(running.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    running.wait()
    kept = len(journal.read_bytes().splitlines())
    assert kept > 32 and not list(tmp_path.glob("out*"))
    done = subprocess.run(arguments, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert len((tmp_path / "out.ru.txt").read_text(encoding="utf-8").splitlines()) == len(lines)
    resumed = journal.read_bytes().splitlines()
    keys = [json.loads(line).get("key") for line in resumed if line.startswith(b'{"key"')]
    assert len(keys) == len(set(keys)) == len(set(lines))  # nothing was done twice


# -- Folders


def run(*arguments):
    return CliRunner().invoke(main, ["translate", *arguments])


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in" / "sub").mkdir(parents=True)
    for name, text in (
        ("a.zh.txt", "双方同意。\n"), ("sub/b.zh.md", "# 双方同意\n"),
        ("c.en.txt", "They agreed.\n"), ("d.txt", "双方同意。\n"),
        ("data.bin", "x"), (".hidden.txt", "x"),
    ):  # fmt: skip
        (tmp_path / "in" / name).write_text(text, encoding="utf-8")
    return tmp_path / "in"


def test_a_folder_is_translated_file_by_file(folder, tmp_path):
    result = run("in", "--to", "en", "-o", "out")
    assert result.exit_code == 0, result.stderr
    found = sorted(p.relative_to(tmp_path / "out").as_posix()
                   for p in (tmp_path / "out").rglob("*") if p.is_file())  # fmt: skip
    assert found == ["a.en.txt", "d.en.txt", "sub/b.en.md"]
    assert "c.en.txt: passed over" in result.stderr
    alone = run("in/a.zh.txt", "--to", "en").stdout
    assert (tmp_path / "out" / "a.en.txt").read_text(encoding="utf-8") == alone


def test_one_bad_file_stops_none_of_the_others(folder, tmp_path):
    (folder / "bad.zh.txt").write_bytes(b"\x00\x01\x02")
    result = run("in", "--to", "en", "-o", "out")
    assert result.exit_code == 2 and "bad.zh.txt" in result.stderr
    assert (tmp_path / "out" / "d.en.txt").exists()
    assert "Traceback" not in result.output


def test_two_sources_of_one_name_do_not_overwrite_each_other(folder, tmp_path):
    (folder / "a.ru.txt").write_text("Стороны согласились.\n", encoding="utf-8")
    run("in", "--to", "en", "-o", "out")
    found = [p.name for p in Path(tmp_path / "out").iterdir() if p.name.startswith("a.")]
    assert len(found) == 2


def test_a_folder_without_a_place_for_results_is_refused(folder, tmp_path):
    assert "-o" in run("in", "--to", "en").stderr
    assert "another folder" in run("in", "--to", "en", "-o", "in").stderr
    (tmp_path / "empty").mkdir()
    assert "no .txt" in run("empty", "--to", "en", "-o", "out").stderr
