"""The shipped glossaries: what an editor relies on, whatever is added to them."""

import re
import unicodedata
from collections import Counter

import pytest

from toolkit.glossary.match import scope
from toolkit.glossary.store import dump, load, parse
from toolkit.languages import LANGS, module

GLOSSARY = load()
TERMS = [(concept, term) for concept in GLOSSARY.concepts for term in concept.terms]
APPROVED = ("preferred", "admitted")


def plain(text, lang):
    return "".join(c for c in module(lang).normalise(text).text if c.isalnum())


def test_there_is_a_first_glossary_worth_the_name():
    domains = Counter(concept.domain for concept in GLOSSARY.concepts)
    assert sum(n for d, n in domains.items() if d not in ("person", "place", "country")) >= 200
    assert domains["partnership"] >= 10 and domains["person"] >= 40 and domains["country"] >= 190


def test_every_concept_has_exactly_one_preferred_term_in_each_language():
    wrong = {
        (concept.id, lang, count)
        for concept in GLOSSARY.concepts
        for lang in LANGS
        if (count := sum(t.lang == lang and t.status == "preferred" for t in concept.terms)) != 1
    }
    assert wrong == set()


def test_no_approved_term_stands_twice_in_a_language_for_one_concept():
    for concept in GLOSSARY.concepts:
        for lang in LANGS:
            seen = Counter(t.text for t in concept.terms if t.lang == lang)
            assert [text for text, count in seen.items() if count > 1] == [], concept.id


def test_no_forbidden_form_is_approved_for_the_same_country():
    approved = {}
    for concept, term in TERMS:
        if term.status in APPROVED:
            approved.setdefault((term.lang, plain(term.text, term.lang)), []).append(
                (concept, term)
            )
    clashes = []
    for concept, term in TERMS:
        if term.status != "forbidden":
            continue
        for other, right in approved.get((term.lang, plain(term.text, term.lang)), []):
            # Banned for some countries and right for others, or banned in general and right for
            # some: the countries of the text decide. Both at once for one country: nobody can.
            both = bool(term.scope) and bool(right.scope)
            if scope(term) & scope(right) if both else not (term.scope or right.scope):
                clashes.append((concept.id, other.id, term.text))
    assert clashes == []


@pytest.mark.parametrize("lang", LANGS)
def test_terms_are_clean_text_in_their_own_script(lang):
    foreign = {"zh": "[А-Яа-яЁё]", "ru": "[一-鿿]", "en": "[А-Яа-яЁё一-鿿]"}[lang]
    for concept, term in TERMS:
        if term.lang != lang:
            continue
        where = (concept.id, term.text)
        assert term.text == term.text.strip() and "  " not in term.text, where
        assert unicodedata.is_normalized("NFC", term.text), where
        assert not re.search("[\u00ad\u200b-\u200f\u2060\ufeff\u00a0]", term.text), where
        assert not re.search(foreign, term.text), where
        # A Latin letter inside a Cyrillic word is a look-alike.
        assert not re.search("[а-яё][a-z]|[a-z][а-яё]", term.text, re.IGNORECASE), where


def test_every_term_says_where_it_was_seen_or_that_it_was_not():
    for concept, term in TERMS:
        assert term.evidence or not term.verified, (concept.id, term.text)


def test_dates_do_not_run_backwards():
    for concept, term in TERMS:
        if term.valid_from and term.valid_to:
            assert term.valid_from <= term.valid_to, (concept.id, term.text)


def test_the_partnership_with_russia_has_its_official_names():
    concept = GLOSSARY.concept("csp_coordination_new_era")
    assert concept.preferred("zh").text == "新时代全面战略协作伙伴关系"
    assert concept.preferred("en").text == (
        "comprehensive strategic partnership of coordination for a new era"
    )
    assert concept.preferred("ru").text.replace("ё", "е") == (
        "отношения всеобъемлющего партнерства и стратегического взаимодействия, "
        "вступающие в новую эпоху"
    )


def test_reading_what_was_written_gives_the_same_glossary():
    again = parse(dump(GLOSSARY))
    strip = [(c.id, c.domain, c.note, [(t.lang, t.text, t.status) for t in c.terms])
             for c in again.concepts]  # fmt: skip
    assert strip == [
        (c.id, c.domain, c.note, [(t.lang, t.text, t.status) for t in c.terms])
        for c in GLOSSARY.concepts
    ]
