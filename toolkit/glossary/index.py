"""An index of a glossary's terms: which hold a string of characters, which hold words.

Characters are looked for in one long text of all terms, so that one or two Han characters are as
good a query as ten; words by their lemmas, their forms, and the beginnings of forms.
"""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from toolkit import languages
from toolkit.glossary import cache
from toolkit.glossary.concept import Glossary, Term

_KIND = "search-2"  # change it with what is kept
_LARGE = 300  # concepts from which on an index is worth keeping
Word = tuple[str, frozenset[str]]
_latest: list[tuple[Glossary, "Index"]] = []


class Index:
    """Terms of a glossary, numbered by language in its order; a language is indexed when used."""

    def __init__(self, glossary: Glossary) -> None:
        self._glossary = glossary
        self._langs: dict[str, _Language] = {}
        self._foreign: dict[str, list[str]] | None = None

    def _lang(self, lang: str) -> "_Language":
        found = self._langs.get(lang)
        if found is None:
            found = self._langs[lang] = _Language(self._kept(lang, lambda: self._build(lang)))
        return found

    def _build(self, lang: str) -> dict[str, Any]:
        return _build(self._glossary, lang)

    def _kept(self, name: str, work: Callable[[], Any]) -> Any:
        glossary = self._glossary
        if glossary.digest and len(glossary.concepts) >= _LARGE:
            return cache.kept(f"{_KIND}-{name}", cache.digest(glossary.digest), work)
        return work()

    def may_hold(self, lang: str, query: str) -> bool:
        """Say whether a language is worth indexing for a query; False is certain.

        Hardly a Russian term has Han characters: a query that has needs no index of Russian.
        """
        foreign = [name for name, pattern in _SCRIPTS[lang].items() if pattern.search(query)]
        if foreign and self._foreign is None:
            self._foreign = self._kept("scripts", lambda: _foreign(self._glossary))
        return all(name in self._foreign[lang] for name in foreign)

    def owner(self, lang: str, number: int) -> tuple[int, Term]:
        """Return the place of the concept a term belongs to, and the term."""
        found = self._lang(lang)
        place = found.owners[number]
        return place, self._glossary.concepts[place].terms[found.places[number]]

    def holding(self, lang: str, text: str) -> Iterator[tuple[int, bool]]:
        """Yield the terms that hold ``text``, each with whether it is all of the term.

        ``text`` is folded, letters and digits only. Except in Chinese it must begin and end with
        a word.
        """
        found = self._lang(lang)
        start = found.text.find(text) if text else -1
        last = -1
        while start >= 0:
            end = start + len(text)
            number = bisect_right(found.starts, start) - 1
            if lang == "zh" or (found.is_edge(start) and found.is_edge(end)):
                whole = start == found.starts[number] and end == found.starts[number + 1] - 1
                if number != last or whole:
                    yield number, whole
                last = number
            start = found.text.find(text, start + 1)

    def with_words(self, lang: str, words: Sequence[Word]) -> set[int]:
        """Return the terms that have all of ``words``, wherever; the last one may be begun."""
        found = self._lang(lang)
        result: set[int] | None = None
        for number, (form, keys) in enumerate(words):
            terms: set[int] = set()
            for key in keys:
                terms.update(_numbers(found.by_key.get(key, b"")))
            if number == len(words) - 1 and len(form) >= 3:
                at = bisect_left(found.forms, form)
                while at < len(found.forms) and found.forms[at].startswith(form):
                    terms.update(_numbers(found.by_form[at]))
                    at += 1
            result = terms if result is None else result & terms
            if not result:
                break
        return result or set()


_HAN = re.compile("[\u2e80-\u2fdf\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_CYRILLIC = re.compile("[\u0400-\u052f]")
# Scripts that are not a language's own, and that no folding of it makes or takes away.
_SCRIPTS = {
    "zh": {"cyrillic": _CYRILLIC},
    "ru": {"han": _HAN},
    "en": {"han": _HAN, "cyrillic": _CYRILLIC},
}


def _foreign(glossary: Glossary) -> dict[str, list[str]]:
    """Return the scripts not their own that the terms of each language have."""
    found: dict[str, set[str]] = {lang: set() for lang in _SCRIPTS}
    for concept in glossary.concepts:
        for term in concept.terms:
            if not term.text.isascii():
                for name, pattern in _SCRIPTS[term.lang].items():
                    if name not in found[term.lang] and pattern.search(term.text):
                        found[term.lang].add(name)
    return {lang: sorted(names) for lang, names in found.items()}


class _Language:
    __slots__ = ("text", "starts", "edges", "owners", "places", "forms", "by_form", "by_key")

    def __init__(self, plain: dict[str, Any]) -> None:
        self.text: str = plain["text"]
        self.starts, self.edges, self.owners, self.places = (
            _numbers(plain[name]) for name in ("starts", "edges", "owners", "places")
        )
        self.forms: list[str] = plain["forms"]
        self.by_form: list[bytes] = plain["by_form"]
        self.by_key: dict[str, bytes] = plain["by_key"]

    def is_edge(self, place: int) -> bool:
        at = bisect_left(self.edges, place)
        return at < len(self.edges) and self.edges[at] == place


def of(glossary: Glossary) -> Index:
    """Return the index of a glossary: from memory, from an earlier run, or built now."""
    if _latest and _latest[0][0] is glossary:
        return _latest[0][1]
    index = Index(glossary)
    _latest[:] = [(glossary, index)]
    return index


def words(text: str, lang: str) -> list[Word]:
    """Return the words of a text, each with what it is compared by; Chinese has none."""
    if lang == "zh":
        return []
    module = languages.module(lang)
    folded = module.normalise(text).text
    return [
        (word, frozenset(module.keys(word)))
        for token in module.tokens(folded)
        for word in token.text.split("-")
        if any(char.isalnum() for char in word)
    ]


def joined(text: str, lang: str) -> str:
    """Return the letters and digits of a text, folded."""
    folded = languages.module(lang).normalise(text).text
    return "".join(filter(str.isalnum, folded))


def _build(glossary: Glossary, lang: str) -> dict[str, Any]:
    starts, edges = array("I"), array("I")
    owners, places = array("I"), array("I")
    pieces: list[str] = []
    by_form: dict[str, array] = defaultdict(lambda: array("I"))
    by_key: dict[str, array] = defaultdict(lambda: array("I"))
    size = 0
    for owner, concept in enumerate(glossary.concepts):
        for place, term in enumerate(concept.terms):
            if term.lang != lang:
                continue
            number = len(owners)
            owners.append(owner)
            places.append(place)
            starts.append(size)
            if lang == "zh":
                text = joined(term.text, lang)
                pieces.append(text)
                size += len(text) + 1
                continue
            edges.append(size)
            for form, keys in words(term.text, lang):
                plain = "".join(filter(str.isalnum, form))
                pieces.append(plain)
                size += len(plain)
                edges.append(size)
                for table, names in ((by_form, (form,)), (by_key, keys)):
                    for name in names:
                        found = table[name]
                        if not found or found[-1] != number:
                            found.append(number)
            pieces.append("\n")
            size += 1
    starts.append(size)
    forms = sorted(by_form)
    return {
        "text": "\n".join([*pieces, ""]) if lang == "zh" else "".join(pieces),
        "starts": starts.tobytes(),
        "edges": edges.tobytes(),
        "owners": owners.tobytes(),
        "places": places.tobytes(),
        "forms": forms,
        "by_form": [by_form[form].tobytes() for form in forms],
        "by_key": {key: numbers.tobytes() for key, numbers in by_key.items()},
    }


def _numbers(data: bytes) -> array:
    found = array("I")
    found.frombytes(data)
    return found
