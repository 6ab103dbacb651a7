"""Which files of a folder are versions of one dispatch: by name, else by what they say."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from toolkit import corpus, encoder
from toolkit.align import folders
from toolkit.align.folders import gather, group
from toolkit.cli import main
from toolkit.dispatch import version_of
from toolkit.errors import FileError

IDS = ("briefing", "communique", "ningbo", "phonecall", "sco", "trade", "visit")


class Once:
    """The default encoder; each text is encoded once, whatever the number of tests."""

    def __init__(self):
        self.known = {}

    def encode(self, texts):
        new = [text for text in dict.fromkeys(texts) if text not in self.known]
        if new:
            self.known |= dict(zip(new, encoder.default().encode(new), strict=True))
        return np.stack([self.known[text] for text in texts])


@pytest.fixture(scope="module")
def once():
    return Once()


@pytest.fixture(scope="module")
def scrambled(tmp_path_factory):
    """The shipped dispatches under names that tell nothing; the folder, and what each file is."""
    folder = tmp_path_factory.mktemp("scrambled")
    files = [(id, lang, corpus.entry(id).path(lang)) for id in IDS for lang in ("zh", "ru", "en")]
    random.Random(7).shuffle(files)
    known = {}
    for number, (id, lang, path) in enumerate(files):
        target = folder / f"{number:02}.txt"
        shutil.copy(path, target)
        known[str(target)] = id, lang
    return folder, known


def found(grouping):
    return [one.files for one in grouping.groups]


def test_shipped_dispatches_are_found_whatever_their_names(scrambled, once):
    folder, known = scrambled
    grouping = group(gather([folder]), once)
    assert grouping.alone == ()
    made = [[(*known[path], lang) for lang, path in files.items()] for files in found(grouping)]
    assert sorted(made) == [[(id, lang, lang) for lang in ("zh", "ru", "en")] for id in IDS]
    assert [one.doubt for one in grouping.groups] == [""] * len(IDS)
    assert all("in common" in one.evidence for one in grouping.groups)
    by_id = {known[one.files["zh"]][0]: one.evidence for one in grouping.groups}
    assert by_id["ningbo"].startswith("same day (11-02); same place; ")
    # Nor does it depend on the order in which they are given.
    paths = list(known)
    assert group(paths[::-1], once) == group(paths, once) == grouping


def test_what_has_no_partner_is_told(scrambled, once):
    folder, known = scrambled
    out = {("ningbo", "zh"), ("trade", "ru"), ("sco", "ru"), ("sco", "en"), ("visit", "zh"),
           ("visit", "en")}  # fmt: skip
    grouping = group([path for path, what in known.items() if what not in out], once)
    assert sorted(known[one.path] for one in grouping.alone) == [("sco", "zh"), ("visit", "ru")]
    assert all("no version of it" in one.reason for one in grouping.alone)
    made = {tuple(known[path] for path in files.values()) for files in found(grouping)}
    assert (("ningbo", "ru"), ("ningbo", "en")) in made
    assert (("trade", "zh"), ("trade", "en")) in made
    assert len(made) == 5


def test_no_stranger_is_joined_to_anything(scrambled, once):
    # Every dispatch in one language only, no two the same: there is not one pair.
    _, known = scrambled
    langs = dict(zip(IDS, ["zh", "ru", "en"] * 3, strict=False))
    paths = [path for path, (id, lang) in known.items() if langs[id] == lang]
    grouping = group(paths, once)
    assert grouping.groups == ()
    assert sorted(one.path for one in grouping.alone) == sorted(paths)


# Two dispatches of one day and place, in three languages.
ASTANA = json.loads((Path(__file__).parent / "data" / "same-day.json").read_text("utf-8"))


def astana(folder):
    names = iter("cafbed")
    known = {}
    for id, texts in ASTANA.items():
        for lang, text in texts.items():
            path = folder / f"{next(names)}.txt"
            path.write_text(text, "utf-8")
            known[str(path)] = id, lang
    return known


def test_two_dispatches_of_one_day_and_place_are_told_apart(tmp_path, once):
    known = astana(tmp_path)
    grouping = group(gather([tmp_path]), once)
    assert sorted(sorted(known[path] for path in files.values()) for files in found(grouping)) == [
        [(id, lang) for lang in ("en", "ru", "zh")] for id in ("kz", "uz")
    ]


def test_a_missing_version_is_not_made_up_from_the_other_dispatch_of_the_day(tmp_path, once):
    known = astana(tmp_path)
    left = [path for path, what in known.items() if what not in (("kz", "ru"), ("uz", "en"))]
    grouping = group(left, once)
    assert sorted(tuple(known[path] for path in files.values()) for files in found(grouping)) == [
        (("kz", "zh"), ("kz", "en")), (("uz", "zh"), ("uz", "ru")),
    ]  # fmt: skip


def test_of_two_copies_one_finds_the_partner_and_both_are_named(tmp_path, once):
    known = astana(tmp_path)
    copy = tmp_path / "z.txt"
    copy.write_text(ASTANA["kz"]["ru"], "utf-8")
    grouping = group(gather([tmp_path]), once)
    assert [one.path for one in grouping.alone] == [str(copy)]
    original = next(path for path, what in known.items() if what == ("kz", "ru"))
    assert original in grouping.alone[0].reason
    doubts = [one.doubt for one in grouping.groups if original in one.files.values()]
    assert doubts == [f"{copy} is nearly as near"]


@pytest.mark.parametrize(
    ("path", "other", "lang"),
    [
        ("a/x.zh.txt", "a/x.ru.txt", "zh"), ("a/x_RU.md", "a/x.en.html", "ru"),
        ("a/x-en.html", "a/x.ru.txt", "en"), ("a/zh.txt", "a/ru.txt", "zh"),
        ("zh/x.txt", "ru/x.md", "zh"), ("a/ru-x.txt", "a/zh_x.txt", "ru"),
        ("a/x.zh-CN.txt", "a/x.en.txt", "zh"), ("a/x.zh.1.txt", "a/x.ru.1.txt", "zh"),
    ],
)  # fmt: skip
def test_names_tell_versions(path, other, lang):
    assert version_of(path)[1] == lang != version_of(other)[1]
    assert version_of(path)[0] == version_of(other)[0]


def test_names_of_different_dispatches_stay_apart():
    paths = ("a/zh.txt", "b/zh.txt", "a/zh-x.txt", "b/zh-x.txt", "a/x.zh.txt", "a/x.zh.1.txt",
             "b/zh/x.txt")  # fmt: skip
    assert len({version_of(path)[0] for path in paths}) == len(paths)
    for path in ("a/brunch.txt", "a/x.txt", "a/azh.txt"):
        assert version_of(path) == (path, "")


def test_names_are_believed_without_reading(tmp_path, monkeypatch):
    for name in ("x.zh.txt", "x.ru.txt", "zh/y.txt", "en/y.txt", "ru/y.txt", "x.en.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("?", "utf-8")
    monkeypatch.setattr(folders, "read_dispatch", None)
    grouping = group(gather([tmp_path]))
    assert [(one.name, one.by, tuple(one.files)) for one in grouping.groups] == [
        ("y", "name", ("zh", "ru", "en")), ("x", "name", ("zh", "ru", "en")),
    ]  # fmt: skip


def test_no_two_groups_have_one_name(tmp_path, monkeypatch):
    for folder in ("a", "b", "c"):
        for name in ("x.zh.txt", "x.ru.txt", "X-2.zh.txt", "X-2.ru.txt"):
            (tmp_path / folder).mkdir(exist_ok=True)
            (tmp_path / folder / name).write_text("?", "utf-8")
    monkeypatch.setattr(folders, "read_dispatch", None)
    names = [one.name.casefold() for one in group(gather([tmp_path])).groups]
    assert len(names) == len(set(names)) == 6


def test_a_pair_by_name_is_joined_by_the_third_by_its_text(tmp_path, once):
    for lang, name in (("zh", "x.zh.txt"), ("ru", "x.ru.txt"), ("en", "talks.txt")):
        (tmp_path / name).write_text(ASTANA["kz"][lang], "utf-8")
    (tmp_path / "other.txt").write_text(ASTANA["uz"]["en"], "utf-8")
    grouping = group(gather([tmp_path]), once)
    assert [one.by for one in grouping.groups] == ["name and text"]
    assert grouping.groups[0].files["en"].endswith("talks.txt")
    assert [one.path.rpartition(os.sep)[2] for one in grouping.alone] == ["other.txt"]


def test_files_of_no_language_or_no_text_stand_alone_with_the_reason(tmp_path, once):
    astana(tmp_path)
    (tmp_path / "note.txt").write_text("Réunion à Genève : les délégués étaient là. " * 9, "utf-8")
    (tmp_path / "empty.txt").write_text("", "utf-8")
    (tmp_path / ".hidden.txt").write_text("Talks.", "utf-8")
    (tmp_path / "soup.md").write_text("Boil the potatoes. Add salt and dill to the soup.", "utf-8")
    grouping = group(gather([tmp_path]), once)
    reasons = {one.path.rpartition(os.sep)[2]: one.reason for one in grouping.alone}
    assert set(reasons) == {"note.txt", "empty.txt", "soup.md"}
    assert "empty" in reasons["empty.txt"] and "no version of it" in reasons["soup.md"]
    assert len(grouping.groups) == 2


def test_a_folder_without_texts_is_refused(tmp_path):
    (tmp_path / "x.pdf").write_bytes(b"%PDF-")
    with pytest.raises(FileError, match="no text to align"):
        gather([tmp_path])


# The command -------------------------------------------------------------------------------------


def run(*arguments):
    result = CliRunner().invoke(main, ["align", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


@pytest.fixture
def named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    for id, texts in ASTANA.items():
        for lang, text in texts.items():
            (tmp_path / "in" / f"{id}.{lang}.txt").write_text(text, "utf-8")
    return tmp_path


def contents(folder):
    return {p.name: p.read_bytes() for p in folder.iterdir() if not p.name.startswith(".")}


def test_each_group_is_aligned_as_it_would_be_alone(named):
    assert run("in", "-o", "out").exit_code == 0
    assert set(contents(named / "out")) == {"kz.tsv", "uz.tsv"}
    files = [f"in/kz.{lang}.txt" for lang in ("zh", "ru", "en")]
    assert (named / "out" / "kz.tsv").read_bytes() == run(*files).stdout_bytes
    assert run("in", "-o", "many", "--jobs", "2").exit_code == 0
    assert contents(named / "many") == contents(named / "out")


def test_without_o_the_results_lie_in_a_folder_of_their_own(named):
    assert run("in", "--format", "xliff").exit_code == 0
    assert set(contents(named / "in" / "aligned")) == {
        f"{id}.{pair}.xlf" for id in ASTANA for pair in ("zh-ru", "zh-en", "ru-en")
    }
    assert run("in", "--format", "xliff", "--dry-run").stdout.count("\n") == 3


def test_dry_run_writes_nothing_and_shows_the_groups(named):
    (named / "in" / "soup.txt").write_text("Boil the potatoes. Add salt to the soup.", "utf-8")
    (named / "in" / "kz.en.txt").rename(named / "in" / "a.txt")
    result = run("in", "--dry-run")
    assert result.exit_code == 1
    table = [line.split("\t") for line in result.stdout.splitlines()]
    assert table[0] == ["group", "zh", "ru", "en", "by", "evidence", "doubt"]
    assert [row[:5] for row in table[1:]] == [
        ["kz", "in/kz.zh.txt", "in/kz.ru.txt", "in/a.txt", "name and text"],
        ["uz", "in/uz.zh.txt", "in/uz.ru.txt", "in/uz.en.txt", "name"],
        ["", "", "", "in/soup.txt", "no partner"],
    ]
    assert {p.name for p in named.iterdir()} == {"in"}


def test_a_second_run_does_only_what_changed(named):
    run("in", "-o", "out")
    first = {p.name: p.stat().st_mtime_ns for p in (named / "out").iterdir()}
    again = run("in", "-o", "out")
    assert again.exit_code == 0 and "2 groups unchanged" in again.stderr
    assert {p.name: p.stat().st_mtime_ns for p in (named / "out").iterdir()} == first
    path = named / "in" / "uz.en.txt"
    path.write_text(path.read_text("utf-8").replace("500", "600"), "utf-8")
    third = run("in", "-o", "out")
    assert "1 group unchanged" in third.stderr
    assert "600" in (named / "out" / "uz.tsv").read_text("utf-8")
    assert (named / "out" / "kz.tsv").stat().st_mtime_ns == first["kz.tsv"]
    (named / "out" / "kz.tsv").unlink()
    run("in", "-o", "out", "--force")
    after = {p.name: p.stat().st_mtime_ns for p in (named / "out").iterdir()}
    assert all(after[name] > first[name] for name in ("kz.tsv", "uz.tsv"))


def test_what_a_person_changed_is_not_overwritten(named):
    run("in", "-o", "out", "--format", "review")
    result = named / "out" / "kz.review"
    edited = result.read_text("utf-8") + "# looked at\n"
    result.write_text(edited, "utf-8")
    for change in (False, True):
        if change:
            with (named / "in" / "kz.en.txt").open("a", encoding="utf-8") as file:
                file.write("\nThe talks will go on.\n")
        again = run("in", "-o", "out", "--format", "review")
        assert again.exit_code == 1 and "left alone" in again.stderr
        assert result.read_text("utf-8") == edited
    assert run("in", "-o", "out", "--format", "review", "--force").exit_code == 0
    assert "The talks will go on." in result.read_text("utf-8")


def test_an_error_in_one_group_does_not_stop_the_others(named):
    (named / "in" / "kz.en.txt").write_text(ASTANA["kz"]["ru"], "utf-8")  # named wrongly
    result = run("in", "-o", "out")
    assert result.exit_code == 2
    assert "kz: in/kz.en.txt: named as English, but the text is Russian" in result.stderr
    assert set(contents(named / "out")) == {"uz.tsv"}
    assert run("in", "-o", "out", "--jobs", "2").exit_code == 2


@pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes")
def test_names_of_any_bytes_do_no_harm(named):
    for lang in ("zh", "en"):
        text = (named / "in" / f"kz.{lang}.txt").read_text("utf-8")
        name = os.fsdecode(b"\xff\t." + lang.encode() + b".txt")
        (named / "in" / name).write_text(text, "utf-8")
    shown = run("in", "--dry-run").stdout.splitlines()
    assert [line.count("\t") for line in shown] == [6] * 4
    assert "in/\ufffd\\t.zh.txt" in shown[3]
    assert run("in", "-o", "out").exit_code == 0
    assert len(contents(named / "out")) == 3
    assert "3 groups unchanged" in run("in", "-o", "out").stderr


def test_a_broken_journal_costs_work_but_no_result(named):
    run("in", "-o", "out")
    before = contents(named / "out")
    journal = named / "out" / ".tongwen-align.jsonl"
    whole = journal.read_bytes()
    journal.write_bytes(b'[]\n{"target": 5}\n\xff\n' + whole[:-40])
    assert run("in", "-o", "out").exit_code == 0
    assert contents(named / "out") == before
    assert "2 groups unchanged" in run("in", "-o", "out").stderr
    for line in journal.read_bytes().splitlines()[-1:]:
        json.loads(line)


def test_a_run_that_is_killed_goes_on(named):
    command = [sys.executable, "-c", "from toolkit.cli import main; main()", "align", "in",
               "-o", "out"]  # fmt: skip
    program = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while program.poll() is None and time.monotonic() < until:
        if (named / "out" / "kz.tsv").exists():
            program.send_signal(signal.SIGKILL)
            break
        time.sleep(0.002)
    program.wait()
    assert run("in", "-o", "out").exit_code == 0
    assert set(contents(named / "out")) == {"kz.tsv", "uz.tsv"}
    assert run("in", "-o", "whole").exit_code == 0
    assert contents(named / "out") == contents(named / "whole")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["in", "--keep", "x.tsv"], "not for folders"),
        (["in", "--lang", "zh"], "not for folders"),
        (["in/kz.zh.txt", "in/kz.ru.txt", "--dry-run"], "are for folders"),
        (["in", "-o", "in/kz.zh.txt"], "is a file"),
        (["in", "--format", "ladder", "--min-confidence", "0.5"], "holds every bead"),
    ],
)
def test_what_folders_have_no_use_for_is_refused(named, arguments, message):
    result = run(*arguments)
    assert result.exit_code == 2 and message in result.stderr
