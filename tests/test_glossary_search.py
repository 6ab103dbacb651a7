"""The index finds what a look at every term finds, and nothing else."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.glossary import index
from toolkit.glossary.concept import Concept, Glossary, Term
from toolkit.glossary.format import COLUMNS, MARK
from toolkit.glossary.search import search
from toolkit.glossary.store import load
from toolkit.languages import LANGS

SHIPPED = load()


def holds(term, query):
    """Look at one term, the slow way: what `search` promises."""
    text, wanted = index.joined(term.text, term.lang), index.joined(query, term.lang)
    if term.lang == "zh":
        return bool(wanted) and wanted in text
    needle, words = index.words(query, term.lang), index.words(term.text, term.lang)
    if not needle:
        return False
    forms = ["".join(filter(str.isalnum, form)) for form, _ in words]
    spans = ("".join(forms[a:b]) for a in range(len(forms)) for b in range(a + 1, len(forms) + 1))
    if wanted in spans:
        return True
    for at in range(len(words) - len(needle) + 1):
        for number, (form, keys) in enumerate(needle):
            other, known = words[at + number]
            begun = number == len(needle) - 1 and len(form) >= 3 and other.startswith(form)
            if not keys & known and not begun:
                break
        else:
            return True
    return False


def slowly(glossary, query, langs=LANGS):
    return {
        (concept.id, term.lang, term.text)
        for concept in glossary.concepts
        for term in concept.terms
        if term.lang in langs and holds(term, query)
    }


def quickly(glossary, query, langs=LANGS):
    return {
        (hit.concept.id, term.lang, term.text)
        for hit in search(glossary, query, langs=langs)
        for term in hit.terms
    }


@pytest.mark.parametrize(
    "query",
    ["中", "战略", "戰略", "一带一路", "ё", "пути", "Шелковый путь", "ШЁЛКОВОГО ПУТИ", "партнёр",
     "ста", "good neighborliness", "counterterrorism", "counter terrorism", "win–win", "belt",
     "be", "U.N.", "21", "“", "of the", "стратегическое взаимодействие",
     "взаимодействие стратегическое"],
)  # fmt: skip
def test_every_term_of_the_shipped_glossary_that_holds_a_query_is_found(query):
    if not any(char.isalnum() for char in query):
        return
    assert quickly(SHIPPED, query) == slowly(SHIPPED, query)


texts = {
    "zh": st.text("茶水一带路路路龙龍чС", min_size=1, max_size=6),
    "ru": st.lists(st.sampled_from(["чай", "чая", "чаю", "ёлка", "елки", "по-русски", "русски",
                                    "№", "5-й", "ХХ",
                                    "XX", "茶", "cмесь"]), min_size=1, max_size=4).map(" ".join),
    "en": st.lists(st.sampled_from(["tea", "teas", "counter-terrorism", "counterterrorism", "win",
                                    "a", "U.N.", "centre", "center", "茶水",
                                    "чай"]), min_size=1,
                   max_size=4).map(" ".join),
}  # fmt: skip
kinds = st.sampled_from(["preferred", "admitted"])
terms = st.sampled_from(LANGS).flatmap(
    lambda lang: st.builds(Term, st.just(lang), texts[lang], kinds)
)
glossaries = st.lists(st.lists(terms, max_size=4), max_size=4).map(
    lambda found: Glossary(
        tuple(Concept(f"c{n}", "d", tuple(group)) for n, group in enumerate(found))
    )
)
queries = st.one_of(*texts.values(), st.text("teacourвч路茶XХ -", min_size=1, max_size=5))


@given(glossaries, queries)
def test_the_index_finds_what_a_look_at_every_term_finds(glossary, query):
    if any(char.isalnum() for char in query):
        assert quickly(glossary, query) == slowly(glossary, query)


def test_whole_terms_come_first_then_preferred_then_others():
    rows = [("c1", "茶水", "admitted"), ("c2", "茶水杯", "preferred"), ("c3", "茶", "admitted")]
    glossary = Glossary(
        tuple(Concept(id, "d", (Term("zh", text, status),)) for id, text, status in rows)
    )
    assert [hit.concept.id for hit in search(glossary, "茶")] == ["c3", "c2", "c1"]


def test_an_index_from_the_cache_answers_as_a_new_one(tmp_path, monkeypatch):
    monkeypatch.setenv("TONGWEN_CACHE", str(tmp_path))
    index._latest.clear()
    fresh = quickly(SHIPPED, "партнёрство")
    entries = {path: path.read_bytes() for path in (tmp_path / "glossary").glob("search-*")}
    assert len(entries) == 2  # of Russian, and which scripts there are
    index._latest.clear()
    assert quickly(load(), "партнёрство") == fresh
    assert {path: path.read_bytes() for path in entries} == entries


def test_a_part_of_a_loaded_glossary_is_not_answered_from_the_whole():
    assert SHIPPED.digest
    part = replace(SHIPPED, concepts=SHIPPED.concepts[:400])
    assert quickly(part, "партнёрство") == slowly(part, "партнёрство")
    assert part.digest == ""


def test_a_changed_glossary_has_an_index_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("TONGWEN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(index, "_LARGE", 0)
    path = tmp_path / "own.tsv"
    head = "\t".join(COLUMNS) + "\ntea\t*" + "\t" * 8 + "food\t\t\ntea\tzh\t"
    for text in ("茶", "水"):
        path.write_text(head + text + "\tpreferred" + "\t" * 8 + "\n", encoding="utf-8")
        assert [hit.terms[0].text for hit in search(load([path]), text)] == [text]
    rows = head + "水\tpreferred" + "\t" * 8 + "\ntea\tzh\t茶\tproposed" + "\t" * 8 + "\n"
    path.write_text(f"{MARK}\n{rows}", encoding="utf-8")
    assert len(search(load([path], proposed=True), "茶")) == 1
    assert search(load([path]), "茶") == []
