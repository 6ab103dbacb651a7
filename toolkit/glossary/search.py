"""Find concepts by what a person remembers of them: any form, any spelling, two characters."""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from toolkit.errors import GlossaryError
from toolkit.glossary import index
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
    places: dict[int, tuple[int, set[int]]] = {}
    found = index.of(glossary)
    for lang in wanted:
        for number, whole in _holders(found, query, lang):
            place, term = found.owner(lang, number)
            rank, terms = places.setdefault(place, (2, set()))
            rank = min(rank, 0 if whole else 1 if term.status == "preferred" else 2)
            terms.add(id(term))
            places[place] = rank, terms
    plain = query.strip().lower()
    name = "_" + plain.replace(" ", "_") if plain.isascii() else ""
    for place, concept in enumerate(glossary.concepts):
        if place in places:
            continue
        if name and name in "_" + concept.id.lower():
            places[place] = 2, set()
        elif notes and (plain in concept.note.lower() or _in_notes(plain, concept)):
            places[place] = 3, set()
    hits = []
    for place in sorted(places, key=lambda place: (places[place][0], place)):
        concept = glossary.concepts[place]
        chosen = places[place][1]
        hits.append(Hit(concept, tuple(term for term in concept.terms if id(term) in chosen)))
    return hits


def _in_notes(query: str, concept: Concept) -> bool:
    return any(query in term.note.lower() for term in concept.terms)


def _holders(found: index.Index, query: str, lang: str) -> Iterator[tuple[int, bool]]:
    """Yield the terms of a language that hold a query, each with whether it is all of the term."""
    if not found.may_hold(lang, query):
        return
    text = index.joined(query, lang)
    whole = dict(found.holding(lang, text))
    yield from whole.items()
    words = index.words(query, lang)
    if not words:
        return
    for number in sorted(found.with_words(lang, words)):
        if number in whole:
            continue
        if len(words) == 1 or _stand(words, found.owner(lang, number)[1]):
            yield number, False


def _stand(words: list[index.Word], term: Term) -> bool:
    """Say whether words stand in a term beside each other, in this order."""
    known = index.words(term.text, term.lang)
    return any(
        _stand_at(words, known, at) for at in range(len(known) - len(words) + 1)
    )


def _stand_at(words: list[index.Word], known: list[index.Word], at: int) -> bool:
    for number, (form, keys) in enumerate(words):
        other, other_keys = known[at + number]
        if keys & other_keys:
            continue
        # Only the last word may be half typed, and only where that says something.
        if number < len(words) - 1 or len(form) < 3 or not other.startswith(form):
            return False
    return True


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
