"""The shipped glossaries: what an editor relies on, whatever is added to them."""

import re
import unicodedata
from collections import Counter
from pathlib import Path

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


def test_evidence_is_an_address_or_a_named_source():
    for concept, term in TERMS:
        for source in term.evidence:
            named = re.fullmatch(r"https?://\S+|CLDR|CC-CEDICT|zh2ru-idterms", source)
            assert named, (concept.id, source)


def test_ids_are_snake_case():
    snake = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
    assert [c.id for c in GLOSSARY.concepts if not snake.fullmatch(c.id)] == []


def test_no_term_has_marks_a_spreadsheet_would_take_for_its_own():
    # A cell that begins with a straight quotation mark is unwrapped, one with = is a formula.
    assert [t.text for _, t in TERMS if '"' in t.text or t.text[0] in "=+-@"] == []


def test_no_concept_lists_one_form_in_two_spellings():
    for concept in GLOSSARY.concepts:
        seen = {}
        for term in concept.terms:
            if term.status in APPROVED:
                # A comma or bracket inside is another form; ё, quotation marks, dashes are not.
                folded = module(term.lang).normalise(term.text).text
                key = term.lang, re.sub(r"[\s\-—–]+", " ", folded.replace('"', ""))
                other = seen.setdefault(key, term)
                assert other is term, (concept.id, other.text, term.text)


def test_no_weak_form_hides_a_strong_form_of_its_own_concept():
    # The longest form wins: an accept-only form around a demanding one would silence it.
    hiding = []
    for concept in GLOSSARY.concepts:
        for weak in concept.terms:
            if "accept-only" not in weak.flags or "…" in weak.text:
                continue
            for strong in concept.terms:
                if strong.lang == weak.lang and strong.status in APPROVED:
                    if "accept-only" in strong.flags or "…" in strong.text:
                        continue
                    edge = "" if weak.lang == "zh" else " "
                    if f"{edge}{strong.text}{edge}".lower() in f"{edge}{weak.text}{edge}".lower():
                        hiding.append((concept.id, weak.text, strong.text))
    assert hiding == []


def test_titles_tell_china_from_russia():
    for id, wrong in (
        ("vice_premier_state_council", "Deputy Prime Minister of China"),
        ("deputy_pm_russia", "Russian Vice Premier"),
        ("premier_state_council", "Chinese Prime Minister"),
        ("pm_russia", "Russian Premier"),
        ("president_prc", "Президент КНР"),
        ("un_charter", "Хартия ООН"),
        ("sco_charter", "Устав ШОС"),
    ):
        status = {t.text: t.status for t in GLOSSARY.concept(id).terms}
        assert status[wrong] == "forbidden", id


def test_two_names_of_one_country_are_both_right():
    names = {t.text for t in GLOSSARY.concept("kyrgyzstan").terms if t.status in APPROVED}
    assert {"Кыргызстан", "Киргизия"} <= names
    terms = GLOSSARY.concept("local_currency_settlement").terms
    assert {t.lang for t in terms if "национальных" in t.text or "local" in t.text} == {"ru", "en"}


EVIDENCE = Path(__file__).parents[2] / "shared" / "terms" / "evidence.tsv"


@pytest.mark.skipif(not EVIDENCE.exists(), reason="the table of evidence is not here")
def test_nothing_of_the_collected_evidence_was_lost():
    lines = EVIDENCE.read_text(encoding="utf-8").splitlines()
    columns = lines[0].split("\t")
    lost = []
    for line in lines[1:]:
        found = dict(zip(columns, line.split("\t"), strict=True))
        concept = GLOSSARY.concept(found["concept_id"])
        assert concept is not None, found["concept_id"]
        pages = {page for term in concept.terms for page in term.evidence}
        for lang in LANGS:
            forms = {
                plain(t.text, lang).removeprefix("the"): t for t in concept.terms if t.lang == lang
            }
            seen = forms.get(plain(found[lang], lang).removeprefix("the"))
            if seen is None and found["concept_id"] not in ("victory_80", "language_years"):
                lost.append((concept.id, found[lang]))
            if f"unverified:{lang}" in found["evidence"].split("|"):
                # Only the names of places and bodies that another source gives may be verified.
                assert seen is None or not seen.verified or set(seen.evidence) <= {
                    "CLDR", "CC-CEDICT"
                }, (concept.id, lang)  # fmt: skip
        for item in found["evidence"].split("|"):
            if "=" in item and item.split("=", 1)[1] not in pages:
                lost.append((concept.id, item))
    assert lost == []


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
