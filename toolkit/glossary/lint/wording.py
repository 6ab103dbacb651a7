"""Terms as words: Russian that inflects, and terms that the matcher finds."""

import re
from collections.abc import Iterator
from functools import cache

from toolkit.glossary.concept import PROPOSED, Concept, Glossary, Term
from toolkit.glossary.lint.concepts import Spot
from toolkit.glossary.match import Matcher
from toolkit.glossary.patterns import FORMULA, NAMES, SLOT
from toolkit.languages import ru, ru_forms

_WORDS = re.compile(r"(?<![\d-])[А-Яа-яЁё]+(?:-[А-Яа-яЁё]+)*")
_ARTICLE = re.compile(r"(?:the|an?)\s+", re.IGNORECASE)
_FILLING = {"zh": "某国", "ru": "Норвегии", "en": "Norway"}


def of_russian(concept: Concept, term: Term) -> Iterator[Spot]:
    """Yield what keeps a Russian term from being put into a case."""
    if concept.domain in NAMES or term.status == PROPOSED:
        return
    text = term.text
    for word in _WORDS.findall(text):
        if not _is_word(word):
            yield Spot("G201", concept, term, "term", f"{word} is in no dictionary")
    # Only the preferred term is ever put into a case; a formula or a clause stays as it is.
    if term.status != "preferred" or concept.domain == FORMULA or SLOT.search(text):
        return
    words = _WORDS.findall(text)
    if not words or ru_forms.is_clause(text) or any(map(_is_infinitive, words)):
        return
    if ru_forms.inflect(text, "gen") is None:
        if _is_oblique(words[0]):
            yield Spot("G203", concept, term, "term", f"{text} is not in the nominative")
        else:
            yield Spot("G202", concept, term, "term", f"no head word is found in {text}")


def _is_oblique(word: str) -> bool:
    """Say whether a word is a noun or an adjective, and in no reading a nominative."""
    tags = [parse.tag for parse in ru.analyser().parse(word.lower())]
    nominal = [tag for tag in tags if tag.POS in ("NOUN", "ADJF", "PRTF", "NUMR")]
    return len(nominal) == len(tags) and not any("nomn" in tag for tag in nominal)


@cache
def _is_word(word: str) -> bool:
    """Say whether a word is known, or is a name or an abbreviation, which no dictionary has."""
    if word[0].isupper():
        return True
    known = ru.analyser().word_is_known
    if known(word.lower()):
        return True
    *halves, last = word.lower().split("-")
    # китайско-вьетнамский: a first half is an adjective's stem.
    return bool(halves) and known(last) and all(
        known(half) or any(known(half[:-1] + ending) for ending in ("ий", "ый", "ой"))
        for half in halves
    )


@cache
def _is_infinitive(word: str) -> bool:
    return ru.analyser().parse(word.lower())[0].tag.POS == "INFN"


def unfound(concept: Concept) -> Iterator[Spot]:
    """Yield the terms that the matcher does not find in a text that is the term."""
    matcher = Matcher(Glossary((concept,)))
    for term in concept.terms:
        if term.status == PROPOSED:
            continue
        text = SLOT.sub(_filled(term.lang), term.text)
        start = found.end() if term.lang == "en" and (found := _ARTICLE.match(text)) else 0
        letters = [n for n, char in enumerate(text) if n >= start and char.isalnum()]
        groups = matcher.groups(text, term.lang, countries_at=lambda _, t=term: t.scope)
        # Another term of the concept may stand for it: articles are no words to the matcher.
        if not letters or not any(
            match.start <= letters[0] and match.end > letters[-1]
            for group in groups
            for match in (*group.matches, *group.inner)
        ):
            yield Spot("G301", concept, term, "term", f"{term.text} is not found in {text}")


def _filled(lang: str) -> str:
    return _FILLING[lang] if lang == "zh" else f" {_FILLING[lang]} "
