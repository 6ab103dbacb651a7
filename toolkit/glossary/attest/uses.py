"""Find every use of a concept's renderings, whatever their status, and where none stands."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from toolkit import languages
from toolkit.glossary.attest.folder import Piece, Unit
from toolkit.glossary.concept import PROPOSED, Concept, Glossary, Term
from toolkit.glossary.match import Matcher
from toolkit.languages import LANGS


@dataclass(frozen=True, slots=True)
class Use:
    """A rendering in a text: ``found`` is what stands there, at 1-based ``line`` and ``column``.

    ``context`` is the text around it, ``start`` to ``end`` in it the rendering itself.
    """

    term: Term
    unit: str
    date: datetime.date | None
    file: str
    line: int
    column: int
    found: str
    context: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Gap:
    """A bead in which some language has the concept and ``lang`` no known rendering of it."""

    lang: str
    unit: str
    date: datetime.date | None
    file: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Attestation:
    """All uses of a concept, in order of time, and the beads where a language lacks it."""

    concept: Concept
    uses: tuple[Use, ...]
    gaps: tuple[Gap, ...]


_AROUND = 30  # characters of context on each side


def attest(concept: Concept, glossary: Glossary, units: Sequence[Unit]) -> Attestation:
    """Look for all terms of a concept: admitted, outdated, forbidden and proposed ones alike.

    The other concepts of the glossary keep their own: what is part of another concept's longer
    term is no use of this one.
    """
    matcher = Matcher(_open(glossary, concept.id))
    terms = {(t.lang, t.text): t for t in reversed(concept.terms)}
    uses: list[Use] = []
    gaps: list[Gap] = []
    for unit in units:
        for piece in unit.pieces:
            found = {
                lang: _uses(matcher, concept.id, terms, lang, text, unit, piece)
                for lang, text in piece.texts.items()
                if lang in LANGS and text
            }
            for some in found.values():
                uses += some
            if piece.is_bead and any(found.values()):
                gaps += [
                    Gap(lang, unit.id, unit.date, piece.file, piece.line, piece.texts[lang])
                    for lang, some in found.items()
                    if not some
                ]
    return Attestation(concept, tuple(uses), tuple(gaps))


def _open(glossary: Glossary, id: str) -> Glossary:
    """Return the glossary with one concept's terms free of statuses, countries and dates."""
    return Glossary(
        tuple(
            replace(concept, terms=tuple(
                replace(term, status="admitted", scope=(), valid_from=None, valid_to=None)
                for term in concept.terms
            ))
            if concept.id == id
            else replace(concept, terms=tuple(t for t in concept.terms if t.status != PROPOSED))
            for concept in glossary.concepts
        )
    )  # fmt: skip


def _uses(
    matcher: Matcher, id: str, terms: dict[tuple[str, str], Term], lang: str, text: str,
    unit: Unit, piece: Piece,
) -> list[Use]:  # fmt: skip
    found = []
    spelt = {_folded(t.text, lang): t for (own, _), t in terms.items() if own == lang}
    for group in matcher.groups(text, lang):
        match = next((m for m in group.matches if m.concept.id == id), None)
        if match is None:
            continue
        line, column = piece.line, match.start + 1
        if not piece.is_bead:
            begin = text.rfind("\n", 0, match.start) + 1
            line, column = text.count("\n", 0, match.start) + 1, match.start - begin + 1
        left = max(0, match.start - _AROUND)
        context = text[left : match.end + _AROUND]
        # Terms that differ by an article or a hyphen match the same text: the one so spelt.
        written = _folded(text[match.start : match.end], lang)
        term = spelt.get(written, terms[lang, match.term.text])
        found.append(
            Use(
                term, unit.id, unit.date, piece.file, line, column,
                text[match.start : match.end], context.replace("\n", " ").replace("\r", " "),
                match.start - left, match.end - left,
            )
        )  # fmt: skip
    return found


def _folded(text: str, lang: str) -> str:
    return languages.module(lang).normalise(text).text
