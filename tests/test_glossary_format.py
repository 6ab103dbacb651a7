"""Versions of the file format, and the cache that may never tell anything but the file."""

import datetime
import marshal
import os
import pickle
import sys
import unicodedata
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import GlossaryError
from toolkit.glossary import cache, reading, store
from toolkit.glossary.concept import Concept, Glossary, Term
from toolkit.glossary.format import COLUMNS, MARK
from toolkit.glossary.store import dump, load, parse

HEADER = "\t".join(COLUMNS)
OWN = "visit\t*\t\t\t\t\t\t\tsee=host,replaced-by=trip\tformula\t\t"
ZH = "visit\tzh\t应…{host}邀请，对…{place}进行访问\tpreferred\t\t\t\t\t\t\t\t2019-06-05:https://a.example/x"
RU = "visit\tru\tпо приглашению … посетить …\tpreferred\t\t\t\t\t\t\t\t"
NEW = "visit\ten\tpay a visit\tproposed\t\t\t\t\t\t\t\tunverified CLDR 2020-01-02:https://b.example"


def text(*rows, mark=MARK):
    return "\n".join(([mark] if mark else []) + [HEADER, *rows]) + "\n"


def test_version_2_holds_slots_dates_relations_and_proposals():
    (concept,) = parse(text(OWN, ZH, RU, NEW), proposed=True).concepts
    assert concept.relations == (("see", "host"), ("replaced-by", "trip"))
    zh, ru, en = concept.terms
    assert (zh.text, zh.slots) == ("应…邀请，对…进行访问", ("host", "place"))
    assert zh.evidence == ("https://a.example/x",)
    assert zh.dates == (datetime.date(2019, 6, 5),)
    assert ru.slots == () and ru.dates == ()
    assert en.status == "proposed" and not en.verified
    assert en.evidence == ("CLDR", "https://b.example")
    assert en.dates == (None, datetime.date(2020, 1, 2))


def test_version_2_is_written_back_to_the_letter():
    whole = text(OWN, ZH, RU, NEW)
    assert dump(parse(whole, proposed=True)) == whole


def test_proposed_terms_are_seen_only_by_who_asks(tmp_path):
    path = tmp_path / "own.tsv"
    alone = "idea\t*\t\t\t\t\t\t\t\tformula\t\t\nidea\ten\tan idea\tproposed" + "\t" * 8
    path.write_text(text(OWN, ZH, RU, NEW, alone), encoding="utf-8")
    assert [c.id for c in load([path]).concepts] == ["visit"]
    assert [t.lang for t in load([path]).concepts[0].terms] == ["zh", "ru"]
    assert [c.id for c in load([path], proposed=True).concepts] == ["visit", "idea"]


@pytest.mark.parametrize("row", [OWN, NEW.replace("visit", "v")])
def test_what_only_version_2_knows_is_refused_in_a_file_without_its_mark(row):
    own = "v\t*\t\t\t\t\t\t\t\tformula\t\t"
    with pytest.raises(GlossaryError, match="needs version 2 .*# tongwen.glossary/2"):
        parse(text(own, row, mark=""))


def test_version_1_reads_braces_and_dated_words_as_they_stand():
    own = "visit\t*\t\t\t\t\t\t\t\tformula\t\t"
    (concept,) = parse(text(own, ZH, mark="")).concepts
    assert concept.terms[0].text == "应…{host}邀请，对…{place}进行访问"
    assert concept.terms[0].evidence == ("2019-06-05:https://a.example/x",)


@pytest.mark.parametrize("mark", [
    "# tongwen.glossary/3", "#tongwen.glossary/0", '"# tongwen.glossary/99"',
])
def test_a_newer_version_is_refused_with_its_number(mark):
    with pytest.raises(GlossaryError, match="my.tsv:1: the file is of version"):
        parse(text(mark=mark), "my.tsv")


def test_a_mark_below_the_header_is_a_comment():
    with pytest.raises(GlossaryError, match="needs version 2"):
        parse(HEADER + "\n" + MARK + "\n" + OWN + "\n")


@pytest.mark.parametrize(
    ("cell", "message"),
    [("gap", "gap belongs on a term's row"), ("like=x", "'like=x' is not a relation"),
     ("see", "'see' is not a relation"), ("see=", "is not a relation"),
     ("see=a b", "is not a relation")],
)  # fmt: skip
def test_a_relation_that_is_none_is_named(cell, message):
    with pytest.raises(GlossaryError, match=message):
        parse(text(f"visit\t*\t\t\t\t\t\t\t{cell}\tformula\t\t"))


def test_every_invisible_character_of_unicode_is_known():
    everything = map(chr, range(sys.maxunicode + 1))
    unseen = {c for c in everything if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")}
    assert {c for c in unseen if not reading.INVISIBLE.fullmatch(c)} == set()
    assert not reading.INVISIBLE.search("茶 чай tea\u00a0é“”…\u3000\u0301")


def test_every_white_space_of_unicode_is_looked_for():
    spaces = [char for char in map(chr, range(sys.maxunicode + 1)) if char.isspace()]
    assert {c for c in spaces if c not in reading._LOOSE} == set("\t\n\r ")


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u3000", "\u2003", "\x1f", "\v"])
@pytest.mark.parametrize("row", ["x\t*@\t", "x@\t*\t", "@x\t*\t", "x\t*\t@"])
def test_spaces_at_the_edge_of_any_cell_are_no_part_of_it(space, row):
    text = row.replace("@", space) + "\t" * 7 + f"{space}d{space}\tn\t{space}"
    for end in ("", "\n", "\r\n", "\r"):
        (concept,) = parse(HEADER + (end or "\n") + text + end).concepts
        assert (concept.id, concept.domain, concept.note) == ("x", "d", "n")


# Rows with nothing unusual take a short way; both ways must read the same.

cell = st.sampled_from(
    ["", "茶", "чай", "tea", " tea ", "té", "te\u0301", "\u200b", "a{b}", "…{b}", '"', '"a"',
     "x,y", "*", "zh", "ru", "preferred", "admitted", "proposed", "forbidden", "RU", "RU,VN", "cn",
     "2019", "2019-06-05", "2020-13-01", "gap", "gap,case", "see=x", "https://e.example/a",
     "unverified",
     "unverified https://e.example", "2019-06-05:CLDR", "2019-02-30:CLDR", "#", "=1+1"]
)  # fmt: skip
likely = st.tuples(
    st.sampled_from(["a", "b"]), st.sampled_from(["zh", "ru", "*"]), cell,
    st.sampled_from(["preferred", "admitted", "proposed", ""]), cell, cell, cell, cell, cell,
    st.sampled_from(["", "", "d"]), cell, cell,
)  # fmt: skip


@given(st.lists(likely, max_size=6), st.booleans())
def test_the_short_way_reads_what_the_long_way_reads(rows, marked):
    whole = text(
        *("\t".join((id, "*", *[""] * 7, "d", "", "")) for id in "ab"), *map("\t".join, rows),
        mark=MARK if marked else "",
    )  # fmt: skip
    found = reading.read(whole, lenient=True)
    short = reading._Reader._short_way
    try:
        reading._Reader._short_way = lambda *_: False
        assert reading.read(whole, lenient=True) == found
    finally:
        reading._Reader._short_way = short


# The cache.


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A cache of its own that takes files of any size; gives its entries."""
    monkeypatch.setenv("TONGWEN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(cache, "SMALLEST", 0)
    return lambda: sorted((tmp_path / "cache" / "glossary").glob("concepts*"))


def write(tmp_path, *rows):
    path = tmp_path / "own.tsv"
    path.write_text(text(*rows), encoding="utf-8")
    return path


def test_a_glossary_from_the_cache_is_the_glossary_of_the_file(tmp_path, kept):
    path = write(tmp_path, OWN, ZH, RU, NEW.replace("proposed", "preferred"))
    fresh = load([path])
    assert len(kept()) == 1
    again = load([path])
    assert again == fresh and again.concepts[0].terms[0].slots == ("host", "place")
    assert load().concepts == load().concepts


def test_a_changed_file_is_never_answered_from_the_cache(tmp_path, kept):
    path = write(tmp_path, OWN, ZH)
    stamp = path.stat()
    load([path])
    path.write_text(text(OWN, ZH.replace("访问", "拜访")), encoding="utf-8")
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))  # same size, same time
    assert load([path]).concepts[0].terms[0].text.endswith("拜访")


@pytest.mark.parametrize("damage", [
    lambda data: data[:-1], lambda data: b"", lambda data: b"x" * len(data),
    lambda data: data[:60] + b"\xff" + data[61:],
])  # fmt: skip
def test_a_damaged_entry_is_worked_out_again(tmp_path, kept, damage):
    path = write(tmp_path, OWN, ZH)
    fresh = load([path])
    (entry,) = kept()
    entry.write_bytes(damage(entry.read_bytes()))
    assert load([path]) == fresh
    assert len(kept()) == 1


def test_a_cache_that_cannot_be_written_stops_nothing(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("TONGWEN_CACHE", str(tmp_path / "file"))
    monkeypatch.setattr(cache, "SMALLEST", 0)
    assert len(load([write(tmp_path, OWN, ZH)]).concepts) == 1


def test_the_cache_keeps_what_was_asked_for_last_and_not_too_much(tmp_path, kept, monkeypatch):
    monkeypatch.setattr(cache, "_KEPT", 4)
    for number in range(7):
        load([write(tmp_path, OWN, ZH.replace("访问", str(number)))])
        for age, entry in enumerate(kept()):  # file times may be coarse
            os.utime(entry, (age, entry.stat().st_mtime - 1))
    assert len(kept()) == 4
    monkeypatch.setattr(cache, "_ROOM", 1)
    load([write(tmp_path, OWN, ZH)])
    (entry,) = kept()
    load([write(tmp_path, OWN, ZH)])
    assert kept() == [entry]


day = st.none() | st.dates(datetime.date(1900, 1, 1))


@given(st.lists(st.tuples(st.sampled_from(["a", "CLDR", "https://e"]), day), max_size=3), day)
def test_dates_and_slots_survive_the_cache(sources, start):
    dates = tuple(date for _, date in sources)
    term = Term("zh", "应…邀请", "preferred", evidence=tuple(s for s, _ in sources),
                dates=dates if any(dates) else (), valid_from=start, slots=("host",))  # fmt: skip
    concept = Concept("x", "d", (term, replace(term, slots=(), dates=())), "n", 1, (("see", "y"),))
    kept = store._kept(marshal.loads(marshal.dumps(store._plain(concept))))
    assert kept == concept and concept == kept and hash(kept) == hash(concept)
    assert pickle.loads(pickle.dumps(kept)) == concept
    assert replace(kept, note="m") == replace(concept, note="m")
    assert asdict(kept) == asdict(concept) and kept != replace(concept, note="m")
    if not start:
        again = parse(dump(Glossary((replace(concept, terms=(term,)),)))).concepts[0]
        assert again.terms[0] == replace(term, line=again.terms[0].line)
