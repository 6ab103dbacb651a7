"""A term as a pattern: the words to look for, and what a candidate must satisfy beyond keys."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from toolkit.glossary import agreement
from toolkit.glossary.concept import Concept, Term
from toolkit.glossary.words import DASH, HARD, HYPHEN, NOTHING, SOFT, Words, verb_forms
from toolkit.languages import brackets, chinese_names, ru_names

SLOT = re.compile(r"(?:…|\.\.\.)+")
FORMULA = "formula"  # the domain of wordings, which give way to names
OFFICE = "office/title"
PERSON = "person"
NAMES = {PERSON, "place", "country", "country/place"}
_DEPUTY = {
    "zh": frozenset({"副"}),
    "ru": frozenset({"заместитель", "зам", "вице"}),
    "en": frozenset({"vice", "deputy", "assistant"}),
}
_VERBAL = {FORMULA, "principle"}
_AND = {"and", "or", "и", "или", "а"}


class Pattern:
    """A term, or the piece of it between two slots, ready to be looked for."""

    __slots__ = ("concept", "term", "words", "piece", "pieces", "_keys", "_agreement", "_cased")

    def __init__(
        self, concept: Concept, term: Term, words: Words, piece: int = 0, pieces: int = 1
    ) -> None:
        self.concept = concept
        self.term = term
        self.words = words
        self.piece = piece
        self.pieces = pieces
        self._keys: list[frozenset[str] | None] = [None] * len(words)
        self._agreement: tuple[agreement.Shape, tuple[agreement.Word, ...]] | None = None
        self._cased = _case_rules(concept, term, words)

    def __len__(self) -> int:
        return len(self.words)

    def keys(self, number: int) -> frozenset[str]:
        found = self._keys[number]
        if found is None:
            found = self._keys[number] = word_keys(self.concept, self.words, number)
        return found

    def accepts(self, words: Words, taken: Sequence[int]) -> bool:
        """Check what keys cannot: punctuation, letter case, Russian agreement."""
        for own in range(1, len(taken)):
            gap = max(words.joints[taken[own - 1] + 1 : taken[own] + 1])
            if not _joints_agree(self.words, own, gap):
                return False
        if self.concept.domain == OFFICE and taken[0]:
            # A vice chairman is no chairman.
            before = (words.forms[taken[0] - 1], *words.keys(taken[0] - 1))
            if not _DEPUTY[words.lang].isdisjoint(before):
                return False
        for number, rule in self._cased:
            surface = words.surface(taken[number])
            if not (_is_upper(surface) if rule == "upper" else surface[:1].isupper()):
                return False
        if self.term.lang == "en" and self.term.status == "forbidden":
            return not self._only_number(words, taken)
        if self.term.lang != "ru":
            return True
        if self._agreement is None:
            self._agreement = grammar(self.words, self.concept.domain)
        shape, own_words = self._agreement
        if not agreement.agrees(shape, own_words, agreement_words(words, taken)):
            return False
        # The stem of Цян is that of Цянь, who is another person.
        return self.concept.domain != PERSON or self._is_form(words, taken)

    def _is_form(self, words: Words, taken: Sequence[int]) -> bool:
        """Say whether a Chinese or Russian name is in one of its forms: the last word declines."""
        forms = _name_forms(self.term.text)
        if not forms:
            return True
        if words.forms[taken[-1]] not in forms:
            return False
        surname = self.words.forms[0]
        eastern = len(taken) == 2 and chinese_names.is_russian_surname(surname)
        return not eastern or words.forms[taken[0]] == surname

    def _only_number(self, words: Words, taken: Sequence[int]) -> bool:
        """Say whether the text has the number that the approved terms have: Years, not Year."""
        forms = {
            words.forms[number]
            for own, number in enumerate(taken)
            if words.forms[number] != self.words.forms[own]
        }
        return bool(forms) and any(
            forms <= set(Words(term.text, "en").forms)
            for term in self.concept.terms
            if term.lang == "en" and term.status in ("preferred", "admitted")
        )


_DECLINED = re.compile("[А-ЯЁ]{3,}(?:а|у|е|ы|ом|ов|ам|ами|ах)")


def _is_upper(surface: str) -> bool:
    """Say whether a word is an abbreviation, also one in a Russian case: МИДа, в МИДе."""
    return surface.isupper() or _DECLINED.fullmatch(surface) is not None


def word_keys(concept: Concept, words: Words, number: int) -> frozenset[str]:
    """Return the keys of a term's word; an English formula begins with a verb in any form."""
    keys = words.keys(number)
    if words.lang == "en" and number < 2 and concept.domain in _VERBAL:
        keys = (*keys, *verb_forms(words.forms[number]))
    return frozenset(keys)


_RUSSIAN = re.compile(r"[а-яё](?:[оеё]в|[иы]н|ск(?:ий|ая)|[оеё]ва|[иы]на)$")


@cache
def _name_forms(name: str) -> frozenset[str]:
    """Return the forms of the last word of a Chinese or Russian name; none for other names."""
    surname, _, given = name.partition(" ")
    chinese = given and " " not in given and chinese_names.is_russian_surname(surname.lower())
    if not chinese and not _RUSSIAN.search(name):
        return frozenset()
    cases = ("nom", "gen", "dat", "acc", "ins", "loc")
    forms = {ru_names.person(name, case).split()[-1] for case in cases}
    return frozenset(form.lower().replace("ё", "е") for form in forms)


def patterns(concept: Concept, term: Term) -> list[Pattern]:
    """Return the patterns of a term: one, or one for each piece between slots."""
    pieces = [Words(piece, term.lang) for piece in SLOT.split(term.text)]
    pieces = [piece for piece in pieces if len(piece)]
    return [
        Pattern(concept, term, piece, number, len(pieces)) for number, piece in enumerate(pieces)
    ]


def grammar(words: Words, domain: str = "") -> tuple[agreement.Shape, tuple[agreement.Word, ...]]:
    """Return how a Russian term inflects, and its words as the grammar wants them."""
    quotes = [
        (left, right)
        for left, right in brackets.pair(words.text).closer.items()
        if words.text[left] in brackets.QUOTES
    ]
    plain = agreement_words(words, range(len(words)))
    capitals = all(words.surface(number)[:1].isupper() for number in range(len(words)))
    unknown = any(agreement.unknown_stem(form) for form in words.forms)
    if domain == PERSON or (capitals and unknown):
        return agreement.name_shape(plain), plain
    quoted = tuple(
        replace(word, quoted=any(left < start < right for left, right in quotes))
        for word, start in zip(plain, words.starts, strict=True)
    )
    return agreement.shape(quoted), plain


def _joints_agree(term: Words, number: int, found: int) -> bool:
    """Say whether what stands between two words of a text may stand so between the term's."""
    own = term.joints[number]
    if found <= HYPHEN or found <= own:
        return True
    if found == DASH:
        return own >= HYPHEN
    # "trade, and economic": a comma before the conjunction is a matter of style.
    return found == SOFT and (own == DASH or term.forms[number] in _AND)


def agreement_words(words: Words, taken: Sequence[int]) -> tuple[agreement.Word, ...]:
    """Return some words of a text as the grammar wants them."""
    marks = {NOTHING: "", HYPHEN: "-", DASH: "-", SOFT: ",", HARD: ","}
    return tuple(
        agreement.Word(words.forms[number], marks[words.joints[number]]) for number in taken
    )


def _case_rules(concept: Concept, term: Term, words: Words) -> tuple[tuple[int, str], ...]:
    """Say which words of a term need capitals: names, abbreviations, terms flagged ``case``."""
    if term.lang == "zh":
        return ()
    rules = []
    named = "case" in term.flags or concept.domain in NAMES
    for number in range(len(words)):
        surface = words.surface(number)
        letters = [letter for letter in surface if letter.isalpha()]
        if len(letters) > 1 and all(letter.isupper() for letter in letters):
            rules.append((number, "upper"))
        elif named and letters and letters[0].isupper():
            rules.append((number, "initial"))
    return tuple(rules)
