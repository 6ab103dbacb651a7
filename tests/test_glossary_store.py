"""Glossary files: every row is read or named, and what is written comes back."""

import codecs
import datetime
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toolkit.errors import FileError, GlossaryError
from toolkit.glossary.concept import STATUSES, Concept, Glossary, Term
from toolkit.glossary.store import COLUMNS, FLAGS, REGISTERS, dump, load, parse
from toolkit.languages import LANGS

HEADER = "\t".join(COLUMNS)


def row(concept="tea", lang="zh", term="茶", status="preferred", scope="", register="", start="",
        end="", flags="", domain="", note="", evidence=""):  # fmt: skip
    return "\t".join(
        (concept, lang, term, status, scope, register, start, end, flags, domain, note, evidence)
    )


OWN = row(lang="*", term="", status="", domain="drinks", note="hot")
TEA = (
    OWN,
    row(evidence="https://example.org/a https://example.org/b"),
    row(term="红茶", status="admitted", flags="accept-only,gap", register="cn"),
    row(lang="ru", term="чай", scope="RU,BY", start="2019-06-05", end="2023"),
    row(lang="en", term="tea", evidence="unverified"),
    row(lang="en", term="“black” tea", status="forbidden", note="it is red"),
)


def text(*rows, end="\n"):
    return end.join((HEADER, *rows)) + end


def faults(*rows):
    with pytest.raises(GlossaryError) as caught:
        parse(text(*rows), "my.tsv")
    return str(caught.value)


def test_every_cell_arrives_where_it_belongs():
    (concept,) = parse(text(*TEA)).concepts
    assert (concept.id, concept.domain, concept.note, concept.line) == ("tea", "drinks", "hot", 2)
    zh, red, ru, en, black = concept.terms
    assert zh.evidence == ("https://example.org/a", "https://example.org/b") and zh.verified
    assert red.flags == {"accept-only", "gap"} and red.register == "cn"
    assert ru.scope == ("RU", "BY")
    assert ru.valid_from == datetime.date(2019, 6, 5)
    assert ru.valid_to == datetime.date(2023, 12, 31)
    assert not en.verified and en.evidence == ()
    assert (black.text, black.status, black.note) == ("“black” tea", "forbidden", "it is red")
    assert [term.line for term in concept.terms] == [3, 4, 5, 6, 7]


def test_a_year_begins_and_ends_with_its_days():
    (concept,) = parse(text(OWN, row(start="2020", end="2020"))).concepts
    (term,) = concept.terms
    assert term.valid_from == datetime.date(2020, 1, 1)
    assert term.valid_to == datetime.date(2020, 12, 31)


def test_comments_and_blank_rows_are_passed_over_and_lines_still_count():
    (concept,) = parse(text("# mine", "", OWN, "\t" * 11, '"# a, b"\t\t', row())).concepts
    assert concept.line == 4 and concept.terms[0].line == 7


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "encode",
    [
        lambda t: t.encode(),
        lambda t: codecs.BOM_UTF8 + t.encode(),
        lambda t: t.encode("utf-16"),
        lambda t: codecs.BOM_UTF16_BE + t.encode("utf-16-be"),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16", "utf-16 big end first"],
)
def test_what_a_spreadsheet_saves_is_read_the_same(tmp_path, encode, end):
    path = tmp_path / "own.tsv"
    path.write_bytes(encode(text(*TEA, end=end)))
    assert load([path]).concepts == parse(text(*TEA)).concepts


def test_cells_a_spreadsheet_wrapped_are_unwrapped():
    wrapped = "\t".join(
        f'"{cell}"' if cell else "" for cell in row(term="a ""b"" c", lang="en").split("\t")
    )
    (concept,) = parse(text(OWN, wrapped, '"tea"\tzh\t"""茶"" 水"\tpreferred' + "\t" * 8)).concepts
    assert [term.text for term in concept.terms] == ["a b c", '"茶" 水']


def test_spare_empty_columns_and_spaces_around_cells_do_no_harm():
    (concept,) = parse(text(OWN + "\t\t", row(term="  茶\u3000"))).concepts
    assert concept.terms[0].text == "茶"


# What is wrong with a row, the column of the fault, a word of the message, the marked stretch.
BROKEN = [
    (row()[:-1], 26, "12 columns expected, found 11", ""),
    ("tea zh 茶 preferred", 19, "12 columns expected, found 1", ""),
    (row() + "\tmore", 28, "12 columns expected, found 13", "more"),
    (row(status="prefered"), 10, "unknown status 'prefered'", "prefered"),
    (row(status=""), 10, "status is empty", ""),
    (row(lang="cn"), 5, "unknown language 'cn'", "cn"),
    (row(lang=""), 5, "unknown language ''", ""),
    (row(flags="accept"), 24, "unknown flag 'accept'", "accept"),
    (row(register="us"), 21, "unknown register 'us'", "us"),
    (row(scope="Russia"), 20, "'Russia' is not an ISO country code", "Russia"),
    (row(scope="RU;BY"), 20, "is not an ISO country code", "RU;BY"),
    (row(start="5.6.2019"), 22, "'5.6.2019' is not a date", "5.6.2019"),
    (row(start="2019-02-30"), 22, "'2019-02-30' is not a date", "2019-02-30"),
    (row(start="2019-06"), 22, "'2019-06' is not a date", "2019-06"),
    (row(end="0000"), 23, "'0000' is not a date", "0000"),
    (row(start="2020", end="2019"), 27, "ends before it begins", "2019"),
    (row(term=""), 8, "the Chinese term is empty", ""),
    (row(term="  "), 10, "the Chinese term is empty", ""),
    (row(term="茶\u200b水"), 9, "invisible character in the term (U+200B", " "),
    (row(concept=""), 1, "the concept id is empty", ""),
    (row(concept="茶"), 1, "'茶' is not a concept id", "茶"),
    (row(concept="coffee"), 1, "before the concept's own row", "coffee"),
    (row(domain="food"), 25, "the domain belongs on the concept's own row", "food"),
    (row(lang="*", term="茶", status="", domain="d", concept="x"), 5, "term belongs on", "茶"),
    (row(lang="*", term="", status="", concept="x"), 12, "the concept has no domain", ""),
    (OWN, 1, "duplicate id: the concept tea begins on line 2 already", "tea"),
    (row(term='"茶'), 8, 'begins with " but is not wrapped', '"茶'),
    (row(term='"Tea" time'), 8, "wrap the cell and double the marks", '"Tea" time'),
    (row(term='"'), 8, 'begins with "', '"'),
]


@pytest.mark.parametrize(("line", "column", "message", "marked"), BROKEN)
def test_a_broken_row_is_named_shown_and_marked(line, column, message, marked):
    first, shown, carets = faults(OWN, line).split("\n")
    assert first.startswith(f"my.tsv:3:{column}: "), first
    assert message in first
    assert shown.strip().split() == line.split()
    width = sum(2 if char > "\u2fff" else 1 for char in marked) or 1
    assert carets.strip() == "^" * width


def test_a_mark_stands_under_the_fault_behind_wide_characters():
    _, shown, carets = faults(OWN, row(term="中俄总理定期会晤", status="well")).split("\n")
    before = shown[: shown.index("well")]
    assert carets.index("^") == sum(2 if char > "\u2fff" else 1 for char in before)


def test_a_line_break_inside_a_cell_is_not_taken_for_two_rows():
    message = faults(OWN, row(term='"red\ntea"', lang="en"))
    assert "my.tsv:3:" in message and "my.tsv:4:" in message and "line break" in message


def test_a_second_preferred_term_names_the_first():
    message = faults(OWN, row(), row(term="水"))
    assert message.startswith("my.tsv:4:10: a second preferred Chinese term; line 3 has '茶'")


def test_a_term_listed_twice_is_refused_unless_scope_register_or_dates_differ():
    assert "on line 3 already" in faults(OWN, row(), row(status="forbidden"))
    twice = (row(), row(status="forbidden", scope="VN"), row(status="deprecated", end="1999"))
    assert len(parse(text(OWN, *twice)).concepts[0].terms) == 3


def test_all_bad_rows_are_told_in_one_message_but_not_more_than_twenty():
    bad = [row(term=f"t{n}", status="good") for n in range(50)]
    message = faults(OWN, *bad[:3])
    assert [f"my.tsv:{n}:" in message for n in (3, 4, 5)] == [True] * 3
    message = faults(OWN, *bad)
    assert message.count("unknown status") == 20
    assert message.endswith("my.tsv: and 30 more faulty rows")


def test_one_bad_row_spoils_the_file_even_where_the_rest_is_good(tmp_path):
    path = tmp_path / "own.tsv"
    path.write_text(text(*TEA, row(term="水", status="good")), encoding="utf-8")
    with pytest.raises(GlossaryError, match="unknown status"):
        load([path])


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (HEADER.replace("status", "state"), "my.tsv:1:19: column 4 of the header is 'state'"),
        (HEADER + "\tmore", "unknown column 'more'"),
        ("\t".join(COLUMNS[:5]), "the header ends before the column 'register'"),
        ("a,b,c", "column 1 of the header is 'a,b,c'"),
    ],
)
def test_a_file_with_another_header_is_refused_once(header, message):
    with pytest.raises(GlossaryError) as caught:
        parse("\n".join((header, *TEA)), "my.tsv")
    assert message in str(caught.value)
    assert str(caught.value).count("my.tsv") == 1


def test_a_file_without_a_header_is_refused():
    with pytest.raises(GlossaryError, match="my.tsv:1:1: no header"):
        parse("# nothing here\n\n", "my.tsv")


def test_a_header_alone_is_an_empty_glossary():
    assert parse(HEADER + "\n").concepts == ()


def test_a_language_with_terms_but_no_preferred_one_is_refused(tmp_path):
    path = tmp_path / "own.tsv"
    path.write_text(text(OWN, row(status="forbidden")), encoding="utf-8")
    with pytest.raises(GlossaryError, match=r"own\.tsv:3: .*tea has no preferred Chinese term"):
        load([path])


def test_missing_and_empty_files_are_refused(tmp_path):
    empty = tmp_path / "empty.tsv"
    empty.write_bytes(b"")
    for path in (tmp_path / "none.tsv", empty, tmp_path):
        with pytest.raises(FileError, match=path.name):
            load([path])


# Several files.


def write(path, *rows):
    path.write_text(text(*rows), encoding="utf-8")
    return path


def test_a_later_file_has_the_last_word(tmp_path):
    first = write(tmp_path / "a.tsv", *TEA)
    second = write(
        tmp_path / "b.tsv",
        row(lang="*", term="", status="", domain="food"),
        row(term="茗"),
        row(lang="en", term="tea", status="preferred", evidence="https://example.org/c"),
        row(lang="en", term="“black” tea", status="admitted"),
        row(concept="salt", lang="*", term="", status="", domain="food"),
        row(concept="salt", lang="en", term="salt"),
    )
    glossary = load([first, second])
    assert [concept.id for concept in glossary.concepts] == ["tea", "salt"]
    tea = glossary.concept("tea")
    assert (tea.domain, tea.note) == ("food", "hot")
    assert tea.preferred("zh").text == "茗"
    assert [(t.text, t.status) for t in tea.terms] == [
        ("茶", "admitted"),
        ("红茶", "admitted"),
        ("чай", "preferred"),
        ("tea", "preferred"),
        ("“black” tea", "admitted"),
        ("茗", "preferred"),
    ]
    assert tea.preferred("en").evidence == ("https://example.org/c",)


def test_the_same_file_twice_adds_nothing(tmp_path):
    path = write(tmp_path / "a.tsv", *TEA)
    assert load([path, path]).concepts == load([path]).concepts


def test_a_file_may_add_a_word_to_the_shipped_glossaries(tmp_path):
    own = write(
        tmp_path / "own.tsv",
        row(concept="sco", lang="*", term="", status="", domain="organisation"),
        row(concept="sco", term="上海合作组织（上合）", status="admitted"),
    )
    both = load(["shipped", own])
    assert len(both.concepts) == len(load().concepts)
    assert both.concept("sco").preferred("zh").text == "上海合作组织"
    assert both.concept("sco").terms[-1].text == "上海合作组织（上合）"
    with pytest.raises(GlossaryError, match="no preferred"):
        load([own])


# Laws.

clean = (
    st.text(st.characters(categories=("L", "N", "P", "S"), include_characters=" "), max_size=20)
    .map(lambda t: unicodedata.normalize("NFC", t).strip())
    .filter(bool)
)
dates = st.none() | st.dates(datetime.date(1900, 1, 1))
ids = st.from_regex(r"[a-z][a-z0-9_]{0,15}", fullmatch=True)


@st.composite
def terms(draw, lang, status):
    start, end = draw(dates), draw(dates)
    if start and end and start > end:
        start, end = end, start
    return Term(
        lang=lang,
        text=draw(clean),
        status=status,
        scope=tuple(draw(st.lists(st.from_regex("[A-Z]{2}", fullmatch=True), max_size=3))),
        register=draw(st.sampled_from(("", *REGISTERS))),
        valid_from=start,
        valid_to=end,
        flags=draw(st.frozensets(st.sampled_from(FLAGS))),
        note=draw(st.just("") | clean),
        evidence=tuple(draw(st.lists(st.from_regex("https://[a-z/]{1,9}", fullmatch=True)))),
        verified=draw(st.booleans()),
    )


@st.composite
def glossaries(draw):
    concepts = []
    for id in draw(st.lists(ids, unique=True, max_size=3)):
        found = []
        for lang in LANGS:
            found.append(draw(terms(lang, "preferred")))
            for status in draw(st.lists(st.sampled_from(STATUSES[1:]), max_size=2)):
                found.append(draw(terms(lang, status)))
        seen = {}
        for term in found:
            seen.setdefault((term.lang, term.text), term)
        concepts.append(
            Concept(id, draw(clean), tuple(seen.values()), draw(st.just("") | clean))
        )
    return Glossary(tuple(concepts))


def without_lines(glossary):
    return tuple(
        replace(c, line=0, terms=tuple(replace(t, line=0) for t in c.terms))
        for c in glossary.concepts
    )


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(glossaries())
def test_what_is_written_is_read_back(glossary):
    assert without_lines(parse(dump(glossary))) == without_lines(glossary)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(glossaries())
def test_writing_is_stable(glossary):
    once = dump(glossary)
    assert dump(parse(once)) == once


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_with_its_place(anything):
    try:
        parse(HEADER + "\n" + anything, "my.tsv")
    except GlossaryError as error:
        assert str(error).startswith("my.tsv:")


def test_a_tab_or_line_break_cannot_be_written():
    for bad in ("a\tb", "a\nb", "a\rb"):
        concept = Concept("x", "d", (Term("en", bad, "preferred"),))
        with pytest.raises(ValueError, match="tab or a line break"):
            dump(Glossary((concept,)))
