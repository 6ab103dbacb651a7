"""Terms found by their first word: as if each had been cut into words whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.glossary.concept import Concept, Glossary, Term
from toolkit.glossary.heads import heads
from toolkit.glossary.match import Matcher
from toolkit.glossary.patterns import patterns
from toolkit.glossary.store import load
from toolkit.languages import LANGS


def whole(glossary: Glossary, lang: str) -> tuple[dict, dict]:
    found: tuple[dict, dict] = {}, {}
    for number, concept in enumerate(glossary.concepts):
        for place, term in enumerate(concept.terms):
            if term.lang == lang:
                for piece, pattern in enumerate(patterns(concept, term)):
                    same = found["gap" in term.flags]
                    same.setdefault(pattern.keys(0), []).append((number, place, piece))
    return found


def as_sets(bundles) -> dict:
    return {frozenset(keys): list(some) for keys, some in bundles}


@pytest.mark.parametrize("lang", LANGS)
def test_every_shipped_term_is_filed_under_the_keys_of_its_first_word(lang, monkeypatch):
    monkeypatch.setenv("TONGWEN_CACHE", "")
    glossary = load()
    strict, gapped = heads(glossary, lang)
    assert (as_sets(strict), as_sets(gapped)) == whole(glossary, lang)


WORDS = {
    "zh": st.text("中國国关關係第30-U.S·“” ", min_size=1, max_size=8),
    "ru": st.text("аяПёк-́ 29«» .ShX", min_size=1, max_size=12),
    "en": st.text("aeTh-'’. 29U S“”s", min_size=1, max_size=12),
}


@pytest.mark.parametrize("lang", LANGS)
@given(st.data())
def test_a_first_word_cut_off_alone_has_the_keys_it_has_in_its_term(lang, data):
    texts = data.draw(st.lists(WORDS[lang], min_size=1, max_size=5))
    domain = data.draw(st.sampled_from(("formula", "economy", "person")))
    terms = tuple(Term(lang, text, "preferred") for text in texts)
    glossary = Glossary((Concept("a", domain, terms),), "made")
    strict, _ = heads(glossary, lang)
    assert as_sets(strict) == whole(glossary, lang)[0]


def test_what_terms_begin_with_is_the_same_from_the_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("TONGWEN_CACHE", str(tmp_path))
    text = "По приглашению Си Цзиньпина Председатель Правительства посетил провинцию Хэйлунцзян."
    first = Matcher(load()).find(text, "ru")
    assert list(tmp_path.rglob("heads-*"))
    again = Matcher(load()).find(text, "ru")
    assert first == again and len(first) > 3
