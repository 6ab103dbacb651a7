"""Changing a glossary file: the smallest diff, the old file or the new one, nobody's work lost."""

import codecs
import errno
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import FileError, GlossaryError
from toolkit.glossary import change as changing
from toolkit.glossary import edit, journal
from toolkit.glossary.change import change
from toolkit.glossary.concept import Concept, Term
from toolkit.glossary.format import COLUMNS, MARK
from toolkit.glossary.lock import locked
from toolkit.glossary.reading import parse
from toolkit.glossary.sheet import Sheet

HEADER = "\t".join(COLUMNS)
TEA = """# Ours since 2019, ask Li before you touch it.

tea	*								food	hot\t
# the leaf
tea	zh	茶	preferred								unverified
tea	zh	红茶	admitted		cn			accept-only			https://a.example/1
tea	ru	чай	preferred	RU,BY		2019-06-05	2023				unverified
tea	en	"""  # fmt: skip
TEA = "\n".join((MARK, HEADER, TEA + "tea\tpreferred\t\t\t\t\t\t\t\tCLDR", "", "# end", ""))
FISH = "\n".join(
    (
        "fish\t*\t\t\t\t\t\t\tsee=tea\tfood\t\t",
        "fish\ten\t\"\"\"fish\"\"\"\tpreferred\t\t\t\t\t\t\t\tunverified",
        "",
    )
)
BOTH = TEA + FISH


def sheet(text=BOTH):
    return Sheet(text, "my.tsv")


def term(made, text, id="tea"):
    return edit.find_term(made.concept(id), text)


def strip(concepts):
    return [
        replace(c, line=0, terms=tuple(replace(t, line=0) for t in c.terms)) for c in concepts
    ]


# The smallest diff.


def test_a_file_that_nobody_changed_is_written_to_the_character():
    for text in (BOTH, BOTH.replace("\n", "\r\n"), BOTH.rstrip("\n"), BOTH + "\n\n#", HEADER):
        made = sheet(text)
        assert made.text() == text and not made.changed and list(made.diff()) == []


def test_one_cell_changes_one_line_and_nothing_else_of_it():
    made = sheet(BOTH.replace("CLDR", " CLDR\t\t"))  # spaces and spare columns stay
    edit.edit_term(made, "tea", term(made, "tea"), {"scope": "GB"})
    assert made.text() == BOTH.replace("CLDR", " CLDR\t\t").replace(
        "en\ttea\tpreferred\t\t", "en\ttea\tpreferred\tGB\t"
    )
    assert [len(part) for part in made.changes()] == [1, 1]


def test_a_new_term_comes_behind_those_of_its_language_and_comments_stay():
    made = sheet()
    edit.add(made, "tea", [("zh", "绿茶"), ("ru", "зелёный чай")], {"evidence": "unverified"})
    lines = made.text().split("\n")
    assert [line.split("\t")[2] for line in lines if line.startswith("tea\t")] == [
        "", "茶", "红茶", "绿茶", "чай", "зелёный чай", "tea",
    ]  # fmt: skip
    assert [line for line in lines if line.startswith("#")] == [
        line for line in BOTH.split("\n") if line.startswith("#")
    ]
    assert made.changes()[0] == []


def test_a_new_concept_comes_last_whole_and_ends_the_last_line_where_it_had_no_end():
    made = sheet(BOTH.rstrip("\n"))
    edit.add(made, "milk", [("en", "milk")], {}, domain="food")
    edit.add(made, "rice", [("en", "rice")], {}, domain="food")
    edit.add(made, "milk", [("zh", "奶")], {})
    edit.add(made, "fish", [("en", "fishes")], {})
    assert [c.id for c in parse(made.text()).concepts] == ["tea", "fish", "milk", "rice"]
    added = made.text().removeprefix(BOTH).split("\n")
    assert [line.split("\t")[:3] for line in added[:3]] == [
        ["fish", "en", "fishes"], ["milk", "*", ""], ["milk", "zh", "奶"]]  # fmt: skip


def test_line_ends_of_the_file_are_kept_and_new_lines_take_them():
    made = sheet(BOTH.replace("\n", "\r\n"))
    edit.add(made, "tea", [("en", "cha")], {})
    assert "\n" not in made.text().replace("\r\n", "")


def test_a_cell_that_was_wrapped_stays_wrapped():
    made = sheet()
    edit.edit_term(made, "fish", term(made, '"fish"', "fish"), {"term": 'a "fish"'})
    assert 'fish\ten\t"a ""fish"""\tpreferred' in made.text()
    assert parse(made.text()).concept("fish").terms[0].text == 'a "fish"'


def test_a_renamed_concept_is_renamed_in_relations_too():
    made = sheet()
    edit.rename(made, "tea", "cha")
    assert made.text() == re.sub(r"^tea(?=\t)|(?<=see=)tea", "cha", BOTH, flags=re.M)


def test_removing_a_concept_keeps_the_comments():
    made = sheet()
    made.remove_concept("tea")
    assert [line for line in made.text().split("\n") if line and "fish" not in line] == [
        line for line in BOTH.split("\n") if line.startswith(("#", "concept"))
    ]


# What is refused.


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (lambda s: edit.add(s, "tea", [("zh", "茶")], {}), "has the zh term '茶' already"),
        (lambda s: edit.add(s, "milk", [("en", "milk")], {}), "name its --domain"),
        (lambda s: edit.add(s, "no way", [("en", "x")], {}, domain="d"), "not a concept id"),
        (lambda s: edit.add(s, "tea", [("en", "x")], {"flags": "gaps"}), "unknown flag 'gaps'"),
        (lambda s: edit.add(s, "tea", [("en", "x")], {"from": "2020", "to": "2019"}), "ends be"),
        (lambda s: edit.add(s, "tea", [("en", "a\tb")], {}), "tab or a line break|invisible"),
        (lambda s: edit.add(s, "tea", [("en", "a\u200bb")], {}), r"invisible .*U\+200B"),
        (lambda s: edit.add(s, "tea", [("en", "  ")], {}), "English term is empty"),
        (lambda s: edit.add(s, "tea", [], {}), "nothing to add"),
        (lambda s: edit.add(s, "tea", [("en", "x")], {"status": "preferred"}), "--demote"),
        (lambda s: edit.remove(s, "tea"), r"other concepts name tea: fish \(see=tea\)"),
        (lambda s: edit.remove(s, "tea", term(s, "茶")), "no preferred Chinese term"),
        (lambda s: edit.edit_term(s, "tea", term(s, "茶"), {"status": "admitted"}), "no preferr"),
        (lambda s: edit.rename(s, "tea", "fish"), "there is a concept fish already"),
        (lambda s: edit.rename(s, "te", "fish"), "no concept is called 'te'"),
        (lambda s: edit.approve(s, "tea"), "no proposed terms"),
        (lambda s: edit.approve(s, "tea", ["чай"]), "'чай' of tea is preferred, not proposed"),
        (lambda s: term(s, "молоко"), "has no term 'молоко'; it has:\n    zh 茶"),
        (lambda s: edit.relation("like=tea"), "not a relation"),
    ],
)
def test_what_cannot_be_is_refused_in_words(action, message):
    with pytest.raises((GlossaryError, ValueError), match=message):
        action(sheet())


def test_a_term_is_found_however_it_is_spelt_and_rows_are_told_apart_by_line():
    rows = BOTH + "fish\tru\tЖивая-рыба ещё\tpreferred" + "\t" * 8 + "\n"
    rows += "fish\tru\tживая рыба ещё\tdeprecated\tVN" + "\t" * 7 + "\n"
    made = sheet(rows)
    first = rows.count("\n") - 1
    both = rf"has 2 terms .*\n.*--line {first} .*\n.*--line {first + 1} .*scope VN"
    with pytest.raises(GlossaryError, match=both):
        term(made, "ЖИВАЯ РЫБА еще", "fish")
    concept = made.concept("fish")
    assert edit.find_term(concept, "живая  рыба еще", line=first).status == "preferred"
    assert term(made, "живая рыба ещё", "fish").status == "deprecated"  # to the letter


def test_a_proposal_is_approved_or_rejected():
    made = sheet()
    new = {"status": "proposed"}
    edit.add(made, "cup", [("en", "cup"), ("en", "mug"), ("ru", "чашка")], new, domain="food")
    edit.add(made, "idea", [("en", "idea")], new, domain="food")
    edit.approve(made, "cup", ["cup"], sources=["2020-01-02:https://a.example"])
    edit.approve(made, "cup", ["mug"])
    edit.reject(made, "cup", ["чашка"], forbid=True)
    edit.reject(made, "idea")
    cup = parse(made.text()).concept("cup")
    assert [(t.text, t.status, t.verified) for t in cup.terms] == [
        ("чашка", "forbidden", True), ("cup", "preferred", True), ("mug", "admitted", True),
    ]  # fmt: skip
    assert str(cup.terms[1].dates[0]) == "2020-01-02"
    assert "idea" not in made


def test_a_new_preferred_term_says_what_becomes_of_the_old_one():
    made = sheet()
    edit.edit_term(made, "tea", term(made, "红茶"), {"status": "preferred"}, demote="deprecated")
    statuses = {t.text: t.status for t in parse(made.text()).concept("tea").terms}
    assert statuses["红茶"] == "preferred" and statuses["茶"] == "deprecated"
    assert [len(part) for part in made.changes()] == [2, 2]


def test_sources_are_added_and_taken_away_and_make_a_term_verified():
    made = sheet()
    edit.edit_term(made, "tea", term(made, "茶"), {}, sources=["https://b.example"])
    assert term(made, "茶").verified and term(made, "茶").evidence == ("https://b.example",)
    edit.edit_term(made, "tea", term(made, "茶"), {}, dropped=["https://b.example"])
    assert not term(made, "茶").verified and term(made, "茶").evidence == ()
    with pytest.raises(GlossaryError, match="has no source x"):
        edit.edit_term(made, "tea", term(made, "茶"), {}, dropped=["x"])


def test_a_file_of_version_1_becomes_one_of_version_2_when_it_must():
    old = TEA.replace(MARK + "\n", "")
    made = sheet(old)
    edit.edit_term(made, "tea", term(made, "tea"), {"note": "n"})
    assert MARK not in made.text()
    edit.add(made, "tea", [("en", "cha")], {"status": "proposed"})
    assert made.text().startswith(MARK + "\n" + HEADER)
    made = sheet("# tongwen.glossary/1\n" + old)
    made.upgrade()
    assert made.text() == TEA


# Laws.

names = st.sampled_from(["tea", "fish", "milk", "rice"])
words = st.sampled_from(["茶", "水", "чай", "ёлка", "tea", "a … b", '"q"', "“q”", "=1+1", "#x"])
kinds = st.sampled_from(["preferred", "admitted", "deprecated", "forbidden", "proposed"])
tongues = st.sampled_from(["zh", "ru", "en"])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("add"), names, tongues, words, st.none() | kinds),
        st.tuples(st.just("set"), names, st.integers(0, 9), words, kinds),
        st.tuples(st.just("note"), names, words),
        st.tuples(st.just("drop"), names, st.integers(0, 9)),
        st.tuples(st.just("drop"), names, st.none()),
        st.tuples(st.just("rename"), names, names),
    ),
    max_size=8,
)
texts = st.tuples(
    st.sampled_from([BOTH, TEA, HEADER + "\n", "\n".join([MARK, HEADER, "# x", FISH, " ", "#"])]),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
).map(lambda t: (t[0].rstrip("\n") if t[2] else t[0]).replace("\n", t[1]))


def apply(made, step):
    action, id, *rest = step
    if action == "add":
        cells = {"status": rest[2]} if rest[2] else {}
        edit.add(made, id, [(rest[0], rest[1])], cells, domain="" if id in made else "d",
                 demote="admitted")  # fmt: skip
    elif action == "note":
        made.set_concept(id, note=rest[0])
    elif action == "rename":
        edit.rename(made, id, rest[0])
    elif rest[0] is None:
        edit.remove(made, id)
    else:
        terms = made.concept(id).terms
        if rest[0] >= len(terms):
            raise GlossaryError("no such term")
        if action == "drop":
            edit.remove(made, id, terms[rest[0]])
        else:
            edit.edit_term(made, id, terms[rest[0]], {"term": rest[1], "status": rest[2]},
                           demote="forbidden")  # fmt: skip


@given(texts, steps)
def test_the_text_after_any_edits_says_what_the_sheet_says(text, steps):
    made = sheet(text)
    for step in steps:
        before = strip(made.concepts()), made.text()
        trial = Sheet(before[1])
        try:
            apply(trial, step)
        except GlossaryError:
            assert made.text() == before[1]
            continue
        apply(made, step)
        assert strip(parse(made.text(), proposed=True).concepts) == strip(made.concepts())
        assert made.text() == trial.text()
    old = [line for line in re.split(r"(?<=\n)", text) if line.strip().startswith("#")]
    new = made.text()
    for comment in old:
        assert comment.strip() in new or comment.strip() == "# tongwen.glossary/1"
    removed, added = made.changes()
    assert patched(text, list(made.diff())) == made.text().splitlines()
    assert len(text.splitlines()) - len(removed) + len(added) == len(made.text().splitlines())


def patched(text, diff):
    """Apply a unified diff, checking every line it names."""
    lines, at = [], 0
    old = text.splitlines()
    for line in diff:
        if line.startswith("@@"):
            start, count = map(int, re.match(r"@@ -(\d+),(\d+) ", line).groups())
            start -= count > 0
            lines += old[at:start]
            at = start
        elif line[0] in " -" and not line.startswith("---"):
            assert old[at] == line[1:]
            at += 1
            lines += [line[1:]] if line[0] == " " else []
        elif line[0] == "+" and not line.startswith("+++"):
            lines.append(line[1:])
    return lines + old[at:]


# The file on the disk.


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "own.tsv"
    path.write_bytes(BOTH.encode())
    return path


def add_term(text, id="tea", lang="en"):
    return lambda made: edit.add(made, id, [(lang, text)], {})


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [(b"", "utf-8"), (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"),
     (codecs.BOM_UTF16_BE, "utf-16-be"), (b"", "gb18030")],
)  # fmt: skip
def test_a_file_is_written_in_the_encoding_it_was_read_in(own, mark, encoding):
    text = BOTH.replace("\n", "\r\n")
    own.write_bytes(mark + text.encode(encoding))
    change(own, add_term("chá"), action="add")
    new = own.read_bytes()
    assert new.startswith(mark)
    back = new[len(mark) :].decode(encoding)
    assert back.replace("tea\ten\tchá\tadmitted" + "\t" * 8 + "\r\n", "") == text


def test_what_its_encoding_cannot_hold_is_refused_and_nothing_written(own):
    ru = HEADER + "\n" + "чай\n".join(["# самый лучший чай, который бывает на свете: "] * 9) + (
        "\ntea\t*" + "\t" * 7 + "\tнапиток\t\t\n")  # fmt: skip
    data = ru.encode("cp1251")
    own.write_bytes(data)
    with pytest.raises(GlossaryError, match="windows-1251, cannot express '茶'"):
        change(own, add_term("茶", lang="zh"), action="add")
    assert own.read_bytes() == data and not journal.beside(own).exists()


def test_a_dry_run_tells_all_and_writes_nothing(own):
    done = change(own, add_term("cha"), action="add", dry_run=True)
    assert any("cha" in line for line in done.diff)
    assert own.read_bytes() == BOTH.encode()
    assert sorted(p.name for p in own.parent.iterdir()) == ["own.tsv"]


def test_nothing_is_left_beside_the_file_but_its_journal(own):
    change(own, add_term("cha"), action="add", by="Li", why="asked")
    assert sorted(p.name for p in own.parent.iterdir()) == ["own.history.jsonl", "own.tsv"]


def test_an_edit_that_would_break_the_file_is_not_written(own):
    def wreck(made):
        made.set_term("tea", term(made, "茶"), replace(term(made, "茶"), status="well"))

    with pytest.raises(GlossaryError, match="own.tsv:7:.*unknown status 'well'"):
        change(own, wreck, action="edit")
    assert own.read_bytes() == BOTH.encode()


def test_a_change_by_another_program_meanwhile_is_not_overwritten(own):
    def meanwhile(made):
        add_term("cha")(made)
        own.write_bytes(TEA.encode())

    with pytest.raises(GlossaryError, match="another program has changed it meanwhile"):
        change(own, meanwhile, action="add")
    assert own.read_bytes() == TEA.encode()


def test_a_file_that_is_not_there_is_made_only_where_asked(tmp_path):
    path = tmp_path / "new.tsv"
    with pytest.raises(FileError, match="no such file"):
        change(path, add_term("cha"), action="add")
    made = Concept("tea", "food", (Term("en", "tea", "preferred"),))
    change(path, lambda s: s.add_concept(made), action="add", create=True)
    assert [c.id for c in parse(path.read_text(encoding="utf-8")).concepts] == ["tea"]


def test_files_of_an_installation_and_standard_input_are_refused(tmp_path, monkeypatch):
    folder = tmp_path / "_shipped" / "glossaries"
    folder.mkdir(parents=True)
    (folder / "names.tsv").write_text(BOTH, encoding="utf-8")
    monkeypatch.setattr(changing.shipped, "path", lambda *_: folder)
    for path in ("shipped", "-", folder / "names.tsv"):
        with pytest.raises(GlossaryError, match="read-only|cannot be changed"):
            change(path, add_term("cha"), action="add")
    link = tmp_path / "link.tsv"
    link.symlink_to(folder / "names.tsv")
    with pytest.raises(GlossaryError, match="read-only"):
        change(link, add_term("cha"), action="add")


def test_a_link_stays_a_link_and_its_file_is_changed(own, tmp_path):
    link = tmp_path / "elsewhere" / "link"
    link.parent.mkdir()
    link.symlink_to(own)
    change(link, add_term("cha"), action="add")
    assert link.is_symlink() and "cha" in own.read_text(encoding="utf-8")
    assert [p.name for p in link.parent.iterdir()] == ["link"]
    assert len(events(link)) == len(events(own)) == 1


def test_what_killed_writers_left_is_swept_up_later_and_nothing_else(own):
    names = [".tongwen-0123456789ab", ".tongwen-fedcba987654", ".tongwen-notes", ".other"]
    for name in names:
        (own.parent / name).write_text("x")
    for name in names[1:]:
        os.utime(own.parent / name, (0, 0))
    change(own, add_term("cha"), action="add")
    assert {p.name for p in own.parent.iterdir() if p.name.startswith(".")} == {
        names[0], *names[2:]
    }  # fmt: skip


# The journal.


def events(path):
    return journal.read(path, changing.digest(path))


def test_the_journal_tells_who_did_what_and_why(own):
    change(own, add_term("cha"), action="add", concepts=["tea"], by="Ли", why="просили")
    change(own, lambda s: edit.remove(s, "fish"), action="remove", concepts=["fish"], by="Li")
    first, second = events(own)
    assert (first.record.by, first.record.why, first.record.concepts) == (
        "Ли", "просили", ("tea",)
    )  # fmt: skip
    assert first.record.added == ("tea\ten\tcha\tadmitted" + "\t" * 8,)
    assert len(second.record.removed) == 2 and second.done and not second.gap


def test_a_hand_edit_between_two_records_shows_as_a_gap(own):
    change(own, add_term("cha"), action="add")
    own.write_text(own.read_text(encoding="utf-8") + "# by hand\n", encoding="utf-8")
    change(own, add_term("chai"), action="add")
    assert [(e.done, e.gap) for e in events(own)] == [(True, False), (True, True)]


def test_a_record_whose_change_never_came_is_told_as_such(own, monkeypatch):
    def fail(*_):
        raise FileError("no space")

    monkeypatch.setattr(changing, "write_bytes", fail)
    with pytest.raises(FileError):
        change(own, add_term("cha"), action="add")
    monkeypatch.undo()
    assert [e.done for e in events(own)] == [False]
    change(own, add_term("chai"), action="add")
    assert [(e.done, e.gap) for e in events(own)] == [(False, False), (True, False)]


def test_a_line_cut_short_costs_only_itself(own):
    change(own, add_term("cha"), action="add")
    with open(journal.beside(own), "ab") as file:
        file.write(b'{"schema": "tongwen.glossary.hist')
    change(own, add_term("chai"), action="add")
    assert [e.record.added[0].split("\t")[2] for e in events(own)] == ["cha", "chai"]


# Killed, full, two at once.


STEPS = ["os.write", "os.fsync", "os.replace", "os.open", "os.unlink"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("call", STEPS)
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("nth", [1, 2])
def test_a_writer_killed_at_any_step_leaves_the_old_file_or_the_new(own, call, when, nth):
    name = call.split(".")[1]

    def child():
        real, count = getattr(os, name), 0

        def fatal(*arguments, **named):
            nonlocal count
            count += 1
            if count == nth and when == "before":
                os.kill(os.getpid(), signal.SIGKILL)
            result = real(*arguments, **named)
            if count == nth:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        setattr(os, name, fatal)
        change(own, add_term("cha"), action="add")

    status = in_child(child)
    text = own.read_text(encoding="utf-8")
    assert text in (BOTH, BOTH.replace("CLDR\n", "CLDR\ntea\ten\tcha\tadmitted" + "\t" * 8 + "\n"))
    if status == 0:
        assert text != BOTH
    # The next writer is not kept out, and the journal is whole.
    change(own, add_term("chai"), action="add")
    done = [e.record.added[0].split("\t")[2] for e in events(own) if e.done]
    assert done == (["cha", "chai"] if text != BOTH else ["chai"])


def in_child(function):
    pid = os.fork()
    if pid == 0:
        try:
            function()
            os._exit(0)
        finally:
            os._exit(9)
    return os.waitpid(pid, 0)[1]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_200_writers_killed_at_random_leave_the_old_file_or_the_new(own):
    padding = "".join(f"p{n}\t*\t\t\t\t\t\t\t\tfood\t{'note ' * 20}\t\n" for n in range(300))
    own.write_text(BOTH + padding, encoding="utf-8")
    draw = random.Random(8)
    start = time.monotonic()
    change(own, add_term("warm"), action="add")
    usual = time.monotonic() - start
    known, old, new = own.read_text(encoding="utf-8"), 0, 0
    for number in range(200):
        pid = os.fork()
        if pid == 0:
            try:
                change(own, add_term(f"t{number}"), action="add")
            finally:
                os._exit(0)
        time.sleep(draw.uniform(0, 1.5 * usual))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        row = f"tea\ten\tt{number}\tadmitted" + "\t" * 8 + "\n"
        found = own.read_text(encoding="utf-8")
        if found == known:
            old += 1
            usual *= 1.1  # so that on any machine about every other one is killed too late
        else:
            assert found.replace(row, "", 1) == known and found.count(row) == 1
            known, new = found, new + 1
            usual /= 1.1
    assert old and new  # the kills came before, in and after the writing
    done = [e.record.added[0].split("\t")[2] for e in events(own) if e.done]
    assert done == ["warm"] + re.findall("en\t(t[0-9]+)\t", known)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_reader_sees_whole_files_only_while_a_writer_writes(own):
    padding = "".join(f"p{n}\t*\t\t\t\t\t\t\t\tfood\t{'note ' * 50}\t\n" for n in range(6000))
    own.write_text(BOTH + padding, encoding="utf-8")
    sizes = {len(BOTH + padding) + n * len("tea\ten\tt00\tadmitted" + "\t" * 8 + "\n")
             for n in range(9)}  # fmt: skip
    pid = os.fork()
    if pid == 0:
        try:
            for number in range(8):
                change(own, add_term(f"t{number:02}"), action="add")
        finally:
            os._exit(0)
    seen = set()
    while os.waitpid(pid, os.WNOHANG) == (0, 0):
        seen.add(len(own.read_text(encoding="utf-8")))
    assert seen <= sizes and len(seen) > 1


@pytest.mark.parametrize("call", ["write", "fsync", "replace"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
@pytest.mark.parametrize("nth", [1, 2])
def test_a_full_disk_leaves_the_old_file_and_says_so(own, monkeypatch, call, code, nth):
    real, count = getattr(os, call), 0

    def full(*arguments, **named):
        nonlocal count
        count += 1
        if count >= nth:
            raise OSError(code, os.strerror(code))
        return real(*arguments, **named)

    monkeypatch.setattr(os, call, full)
    try:
        change(own, add_term("cha"), action="add")
    except FileError as error:
        assert "own" in str(error)
        assert own.read_bytes() == BOTH.encode()
        assert not [p for p in own.parent.iterdir() if p.name.startswith(".")]
    else:
        assert count < nth  # the call was not needed so often
    monkeypatch.undo()
    change(own, add_term("chai"), action="add")
    assert "chai" in own.read_text(encoding="utf-8")


WRITER = """
import sys
from toolkit.glossary import edit
from toolkit.glossary.change import change
for number in range(20):
    change(sys.argv[1], lambda s: edit.add(s, "tea", [("en", sys.argv[2] + str(number))], {}),
           action="add", by=sys.argv[2])
"""


def test_two_writers_at_once_lose_nothing(own):
    run = [sys.executable, "-c", WRITER, str(own)]
    writers = [subprocess.Popen([*run, name]) for name in "ab"]
    assert [writer.wait() for writer in writers] == [0, 0]
    found = {t.text for t in parse(own.read_text(encoding="utf-8")).concept("tea").terms}
    assert {f"{name}{n}" for name in "ab" for n in range(20)} <= found
    records = events(own)
    assert len(records) == 40 and all(e.done and not e.gap for e in records)
    assert not [p for p in own.parent.iterdir() if p.name.startswith(".")]


def test_who_holds_the_file_too_long_is_named(own):
    held = subprocess.Popen(
        [sys.executable, "-c", "import sys\nfrom toolkit.glossary.lock import locked\n"
         "with locked(sys.argv[1]):\n    print('held', flush=True)\n    sys.stdin.read()",
         str(own)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert held.stdout.readline() == "held\n"
    try:
        with pytest.raises(GlossaryError, match=f"process {held.pid}.*nothing was written"):
            with locked(own, patience=0.1):
                raise AssertionError("two have the lock")
    finally:
        held.kill()
        held.wait()
        held.stdin.close()
        held.stdout.close()
    with locked(own, patience=1):  # the dead hold nothing
        pass


def test_a_journal_is_json_lines_with_a_schema(own):
    change(own, add_term("cha"), action="add")
    (line,) = journal.beside(own).read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["schema"] == "tongwen.glossary.history/1"
    assert Path(journal.beside(own)).name == "own.history.jsonl"
