"""``tongwen glossary``: commands that change a file, as a person types them."""

import json
import os
import random
import signal
import subprocess
import sys
import time
import unicodedata
from dataclasses import replace

import pytest
from click.testing import CliRunner

from toolkit.cli import main
from toolkit.glossary.format import COLUMNS, MARK, term_cell
from toolkit.glossary.reading import parse
from toolkit.glossary.store import load

HEADER = "\t".join(COLUMNS)


def run(*arguments):
    return CliRunner().invoke(main, ["glossary", *map(str, arguments)])


@pytest.fixture
def own(tmp_path):
    """A small glossary made by the commands themselves."""
    path = tmp_path / "own.tsv"
    result = run("add", "tea", "--domain", "food", "--zh", "茶", "--ru", "чай", "--en", "tea",
                 "-g", path, "--by", "Li")  # fmt: skip
    assert result.exit_code == 0, result.output
    return path


def concept(path, id="tea"):
    return parse(path.read_text(encoding="utf-8"), proposed=True).concept(id)


def test_a_life_of_a_term_from_proposal_to_history(own):
    steps = [
        ("add", "tea", "--ru", "чаёк", "--status", "proposed", "--by", "Анна"),
        ("approve", "tea", "чаек", "--source", "2025-05-12:https://a.example", "--why", "seen"),
        ("edit", "tea", "чаёк", "--status", "preferred", "--demote", "deprecated"),
        ("edit", "tea", "чай", "--to", "2025", "--lang", "ru"),
        ("edit", "tea", "--note", "hot", "--relation", "see=tea"),
        ("rename", "tea", "cha"),
    ]
    for step in steps:
        result = run(*step, "-g", own)
        assert result.exit_code == 0, (step, result.output)
    cha = concept(own, "cha")
    assert [(t.text, t.status) for t in cha.terms if t.lang == "ru"] == [
        ("чай", "deprecated"), ("чаёк", "preferred"),
    ]  # fmt: skip
    assert cha.note == "hot" and cha.relations == (("see", "cha"),)
    told = run("history", "cha", "-g", own).stdout
    assert "2025-12-31            ended     ru чай ends" in told
    assert "2025-05-12            seen      ru чаёк: https://a.example" in told
    assert "by Анна" in told and "(seen)" in told and "rename" in told
    moments = json.loads(run("history", "-g", own, "--format", "json").stdout)["moments"]
    assert [m["kind"] for m in moments] == ["add", "add", "approve", *["edit"] * 3, "rename"]
    shown = run("show", "cha", "-g", own).stdout
    assert "see: cha" in shown and "https://a.example (2025-05-12)" in shown


@pytest.mark.parametrize(
    ("step", "status"),
    [
        (("add", "tea", "--en", "cha"), 0),
        (("edit", "tea", "tea", "--scope", "GB"), 0),
        (("remove", "tea"), 0),
        (("rename", "tea", "cha"), 0),
        (("approve", "tea"), 0),
        (("reject", "tea"), 0),
        (("lint", "--fix"), 1),
    ],
)
def test_every_change_can_be_tried_without_writing(own, step, status):
    run("add", "tea", "--en", "idea", "--status", "proposed", "-g", own)
    if step[0] == "lint":
        own.write_text(own.read_text(encoding="utf-8").replace("idea", "i  d"), encoding="utf-8")
    before = {path.name: path.read_bytes() for path in own.parent.iterdir()}
    result = run(*step, "--dry-run", "-g", own)
    assert result.exit_code == status, result.output
    assert "@@" in result.stdout and "nothing was written" in result.stderr
    assert {path.name: path.read_bytes() for path in own.parent.iterdir()} == before
    result = run(*step, "--diff", "-g", own)
    assert "@@" in result.stdout and own.read_bytes() != before["own.tsv"], result.output


def test_lists_and_searches_show_proposals_and_checks_do_not(own, tmp_path):
    run("add", "idea", "--domain", "d", "--zh", "想法", "--status", "proposed", "-g", own)
    listed = json.loads(run("list", "-g", own, "--format", "json").stdout)
    assert [c["id"] for c in listed["concepts"]] == ["tea", "idea"]
    assert run("list", "-g", own, "--status", "proposed").stdout.split() [:1] == ["idea"]
    assert run("search", "想", "-g", own).exit_code == 0
    assert [c.id for c in load([own]).concepts] == ["tea"]


HOSTILE = [
    "=cmd()", "+7", "@x", '"q"', '"', 'a"b', "#x", "'", "…", "茶…{host}水", "a\\tb", "%s{}", "-x",
    "\u3000茶叶", "e\u0301", "x" * 500, "𠀀", "☕", "<b>&amp;", "NULL", "0", "é", "{x}", "a,b;c|d",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_cell_comes_back_as_it_went_in(own, text):
    note = f"n {text}"
    result = run("add", "tea", "-g", own, "--term-note", note, f"--zh={text}")
    assert result.exit_code == 0, result.output
    added = concept(own).terms[1]
    assert term_cell(added) == unicodedata.normalize("NFC", text.strip())
    assert added.note == unicodedata.normalize("NFC", note)
    result = run("edit", "--note", "", "-g", own, "--", "tea", term_cell(added))
    assert result.exit_code == 0, result.output
    assert concept(own).terms[1] == replace(added, note="")


@pytest.mark.parametrize(
    ("text", "message"),
    [("a\tb", "U+0009"), ("a\nb", "U+000A"), ("\u202eabc", "U+202E"), ("a\u00adb", "U+00AD"),
     ("", "term is empty"), ("茶" * 501, "501 characters"), ("a\udcffb", "no text in UTF-8")],
)  # fmt: skip
def test_a_cell_that_nothing_could_match_is_refused(own, text, message):
    before = own.read_bytes()
    result = run("add", "tea", "--zh", text, "-g", own)
    assert result.exit_code == 2 and message in result.stderr
    assert "Traceback" not in result.output and own.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("edit", "te", "--note", "n"), "near it: tea"),
        (("edit", "tea", "кофе", "--note", "n"), "has no term 'кофе'"),
        (("edit", "tea", "чай", "--domain", "d"), "leave TERM out"),
        (("edit", "tea", "--status", "admitted"), "name the TERM"),
        (("edit", "tea"), "nothing to change"),
        (("edit", "tea", "чай", "--from", "June"), "'June' is not a date"),
        (("edit", "tea", "чай", "--scope", "Russia"), "not an ISO country code"),
        (("edit", "tea", "чай", "--flags", "big"), "unknown flag 'big'"),
        (("add", "tea", "--ru", "чаёк", "--status", "preferred"), "--demote"),
        (("remove", "tea", "чай", "--lang", "en"), "has no term"),
        (("rename", "tea", "чай"), "not a concept id"),
    ],
)
def test_what_cannot_be_done_is_told_with_what_to_do(own, arguments, message):
    before = own.read_bytes()
    result = run(*arguments, "-g", own)
    assert result.exit_code == 2 and message in result.stderr, result.output
    assert own.read_bytes() == before


def test_the_file_to_change_must_be_named_and_be_one_s_own(tmp_path):
    assert "--glossary" in run("add", "tea", "--zh", "茶").stderr
    result = run("add", "tea", "--domain", "d", "--zh", "茶", "-g", "shipped")
    assert result.exit_code == 2 and "read-only" in result.stderr
    result = run("edit", "tea", "--note", "n", "-g", tmp_path / "none.tsv")
    assert result.exit_code == 2 and "no such file" in result.stderr
    result = run("add", "tea", "--domain", "d", "--zh", "茶", "-g", tmp_path / "no" / "none.tsv")
    assert result.exit_code == 2 and "make it first" in result.stderr


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a user without all rights")
def test_a_folder_that_cannot_be_written_is_told(own):
    own.parent.chmod(0o500)
    try:
        result = run("edit", "tea", "--note", "n", "-g", own)
        assert result.exit_code == 2 and "no permission" in result.stderr
    finally:
        own.parent.chmod(0o700)


def test_a_write_protected_file_is_left_alone(own):
    if os.name == "nt" or os.geteuid() == 0:
        pytest.skip("needs a user without all rights")
    own.chmod(0o400)
    result = run("edit", "tea", "--note", "n", "-g", own)
    assert result.exit_code == 2 and "write-protected" in result.stderr


def start(*arguments):
    code = "import sys\nfrom toolkit.cli import main\nmain(['glossary', *sys.argv[1:]])"
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def test_commands_at_once_lose_nothing(own):
    writers = [start("add", "tea", "--en", f"tea {n}", "-g", own) for n in range(4)]
    assert [writer.wait() for writer in writers] == [0] * 4
    assert {f"tea {n}" for n in range(4)} <= {t.text for t in concept(own).terms}


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_a_killed_command_leaves_the_old_file_or_the_new(own):
    draw = random.Random(5)
    begun = time.monotonic()
    assert start("add", "tea", "--en", "first", "-g", own).wait() == 0
    usual = time.monotonic() - begun
    known = own.read_text(encoding="utf-8")
    for number in range(8):
        writer = start("add", "tea", "--en", f"t{number}", "-g", own)
        time.sleep(draw.uniform(0.6, 1.1) * usual)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        now = own.read_text(encoding="utf-8")
        row = f"tea\ten\tt{number}\tadmitted" + "\t" * 8 + "unverified\n"
        assert now == known or (now.replace(row, "") == known and now.count(row) == 1)
        known = now
    assert run("edit", "tea", "--note", "n", "-g", own).exit_code == 0


def test_stats_count_what_is_there(own):
    run("add", "cup", "--domain", "food", "--en", "cup", "-g", own, "--source",
        "2020-01-01:https://a.example")  # fmt: skip
    record = json.loads(run("stats", "-g", own, "--format", "json").stdout)
    assert record["concepts"] == 2 and record["missing"] == {"zh": 1, "ru": 1, "en": 0}
    assert record["terms"]["en"] == {"preferred": 2}
    assert record["traits"]["seen in a source"] == record["traits"]["with a dated source"] == 1
    assert "2 concepts, 4 terms" in run("stats", "-g", own).stdout


def test_an_old_file_is_read_and_upgraded(tmp_path):
    path = tmp_path / "old.tsv"
    rows = "tea\t*" + "\t" * 8 + "food\t\t\ntea\tzh\t茶\tpreferred" + "\t" * 8 + "\n"
    path.write_text("# ours\r\n" + HEADER + "\r\n" + rows.replace("\n", "\r\n"), newline="",
                    encoding="utf-8")  # fmt: skip
    before = concept(path)
    assert run("upgrade", "-g", path).exit_code == 0
    assert path.read_bytes().decode().startswith(MARK + "\r\n# ours\r\n")
    after = concept(path)
    assert [t.text for t in after.terms] == [t.text for t in before.terms]
    assert "nothing to change" in run("upgrade", "-g", path).stderr
