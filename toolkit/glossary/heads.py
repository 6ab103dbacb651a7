"""Which terms begin with which word, so that a text makes patterns of the terms it may hold only.

A dispatch touches a tenth of a glossary. Cutting the other terms into words, and Russian words
into lemmas, would be most of the time before the first finding.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from toolkit.glossary import cache
from toolkit.glossary.concept import Concept, Glossary, Term
from toolkit.glossary.patterns import SLOT, word_keys
from toolkit.glossary.words import ARTICLES, Words
from toolkit.languages import ru
from toolkit.languages.zh import HAN

_KIND = "heads-1"

# Terms whose first words have the same keys: the keys, and (concept, term, piece) by number.
Bundle = tuple[tuple[str, ...], list[tuple[int, int, int]]]


def heads(glossary: Glossary, lang: str) -> tuple[list[Bundle], list[Bundle]]:
    """Return the terms of ``lang`` by the keys of their first words: without gaps, with gaps.

    What a term begins with is kept from one run to the next where `store.load` read the glossary.
    """
    if not glossary.digest:
        return _heads(glossary, lang)
    key = cache.digest(glossary.digest, lang, ru.dictionary() if lang == "ru" else "")
    return cache.kept(_KIND, key, lambda: _heads(glossary, lang))


def _heads(glossary: Glossary, lang: str) -> tuple[list[Bundle], list[Bundle]]:
    found: tuple[dict, dict] = {}, {}
    for number, concept in enumerate(glossary.concepts):
        for place, term in enumerate(concept.terms):
            if term.lang != lang:
                continue
            same = found["gap" in term.flags]
            for piece, keys in enumerate(_firsts(concept, term)):
                same.setdefault(keys, []).append((number, place, piece))
    strict, gapped = ([(tuple(keys), some) for keys, some in same.items()] for same in found)
    return strict, gapped


def _firsts(concept: Concept, term: Term) -> Iterable[frozenset[str]]:
    """Yield the keys of the first word of each piece of a term, as `patterns` makes them."""
    for piece in SLOT.split(term.text):
        words = _words(_head(piece, term.lang) or piece, term.lang)
        if len(words):
            yield word_keys(concept, words, 0)


def _head(piece: str, lang: str) -> str:
    """Return so much of a piece as certainly is its first word, "" where that is not certain."""
    if lang == "zh":
        return piece[:1] if _HAN.match(piece) else ""
    head = next(iter(piece.split(None, 1)), "")
    return head if head.isalpha() and head.lower() not in ARTICLES else ""


_HAN = re.compile(f"[{HAN}]")
_words = lru_cache(maxsize=4096)(Words)
