"""Find concepts by what a person remembers of them: any form, any spelling, two characters."""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from toolkit import languages
from toolkit.errors import GlossaryError
from toolkit.glossary.concept import Concept, Glossary, Term
from toolkit.languages import LANGS


@dataclass(frozen=True, slots=True)
class Hit:
    """A concept found, and the terms in which the query stands (none: id, domain or note)."""

    concept: Concept
    terms: tuple[Term, ...]


def search(
    glossary: Glossary,
    query: str,
    *,
    langs: Iterable[str] = LANGS,
    notes: bool = False,
) -> list[Hit]:
    """Return the concepts that hold ``query`` in a term: whole terms first, then preferred ones.

    Chinese is found by substring, simplified or traditional, from one character on; Russian and
    English by words in any case and number, a last word by its beginning; hyphens, letter case,
    ё and quotation marks do not matter. Ids match from a word of theirs on, notes where asked.

    Raises:
        GlossaryError: If the query holds nothing to look for.
    """
    if not any(char.isalnum() for char in query):
        raise GlossaryError(f"nothing to look for in {query!r}; give a word, a character or an id")
    wanted = tuple(langs)
    needles = {lang: _Needle(query, lang) for lang in wanted}
    plain = query.strip().lower()
    hits = []
    for concept in glossary.concepts:
        terms = tuple(t for t in concept.terms if t.lang in wanted and needles[t.lang].is_in(t))
        if terms:
            if any(needles[t.lang].is_all(t) for t in terms):
                rank = 0
            else:
                rank = 1 if any(t.status == "preferred" for t in terms) else 2
        elif plain.isascii() and "_" + plain.replace(" ", "_") in "_" + concept.id.lower():
            rank = 2
        elif notes and (plain in concept.note.lower() or _in_notes(plain, concept)):
            rank = 3
        else:
            continue
        hits.append((rank, Hit(concept, terms)))
    hits.sort(key=lambda item: item[0])
    return [hit for _, hit in hits]


def _in_notes(query: str, concept: Concept) -> bool:
    return any(query in term.note.lower() for term in concept.terms)


class _Needle:
    """A query as one language reads it."""

    def __init__(self, query: str, lang: str) -> None:
        self.lang = lang
        self.text = _joined(query, lang)
        self.keys = _keys(query, lang)

    def is_in(self, term: Term) -> bool:
        text = _joined(term.text, self.lang)
        if self.lang == "zh":
            return bool(self.text) and self.text in text
        if not self.keys:
            return False
        words = _keys(term.text, self.lang)
        if any(self._stands(words, at) for at in range(len(words) - len(self.keys) + 1)):
            return True
        # counterterrorism for counter-terrorism, and the other way round.
        forms = ["".join(filter(str.isalnum, form)) for form, _ in words]
        return any(
            self.text == "".join(forms[at:end])
            for at in range(len(forms))
            for end in range(at + 1, len(forms) + 1)
        )

    def is_all(self, term: Term) -> bool:
        return self.text == _joined(term.text, self.lang)

    def _stands(self, words: list[tuple[str, frozenset[str]]], at: int) -> bool:
        for number, (form, keys) in enumerate(self.keys):
            other, known = words[at + number]
            if keys & known:
                continue
            # Only the last word may be half typed, and only where that says something.
            if number < len(self.keys) - 1 or len(form) < 3 or not other.startswith(form):
                return False
        return True


def _joined(text: str, lang: str) -> str:
    folded = languages.module(lang).normalise(text).text
    return "".join(char for char in folded if char.isalnum())


def _keys(text: str, lang: str) -> list[tuple[str, frozenset[str]]]:
    """Return the words of a text, each with what it is compared by."""
    module = languages.module(lang)
    folded = module.normalise(text).text
    words = (token.text for token in module.tokens(folded))
    return [
        (word, frozenset(module.keys(word)))
        for token in words
        for word in token.split("-")
        if any(char.isalnum() for char in word)
    ]


def find(glossary: Glossary, id: str) -> Concept:
    """Return the concept called ``id``.

    Raises:
        GlossaryError: Naming ids that are nearly so.
    """
    concept = glossary.concept(id)
    if concept is not None:
        return concept
    near = difflib.get_close_matches(id, [c.id for c in glossary.concepts], n=5, cutoff=0.5)
    hint = f"; near it: {', '.join(near)}" if near else "; search for it with: glossary search"
    raise GlossaryError(f"no concept is called {id!r} in {glossary.source}{hint}")


def select(
    glossary: Glossary, *, domain: str | None = None, status: str | None = None,
    lang: str | None = None,
) -> Iterator[Concept]:
    """Yield the concepts of a domain that have a term of a status in a language.

    Raises:
        GlossaryError: For a domain that no concept has; the message lists those there are.
    """
    domains = sorted({concept.domain for concept in glossary.concepts})
    if domain is not None and domain not in domains:
        raise GlossaryError(f"no concept is of domain {domain!r}; there are: {', '.join(domains)}")
    for concept in glossary.concepts:
        if domain is not None and concept.domain != domain:
            continue
        if any(
            (status is None or t.status == status) and (lang is None or t.lang == lang)
            for t in concept.terms
        ):
            yield concept
