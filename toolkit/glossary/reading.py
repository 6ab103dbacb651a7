"""Read the glossary's file format strictly: every row is understood, or named with its place."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from toolkit.columns import marked_line
from toolkit.errors import GlossaryError
from toolkit.glossary.concept import PROPOSED, Concept, Glossary, Term
from toolkit.glossary.format import COLUMNS, LINE_END, UNVERIFIED, VERSION, circumstances
from toolkit.glossary.rows import (
    ID,
    INVISIBLE,
    LONGEST,
    Cell,
    RowFault,
    cells,
    check_id,
    fault,
    read_evidence,
    read_relations,
    read_settings,
    read_term,
    split_cells,
    term_from,
)
from toolkit.languages import LANGS, NAMES

__all__ = [
    "INVISIBLE", "Content", "Fault", "cells", "check_id", "is_comment", "parse", "read",
    "settled", "term_from",
]  # fmt: skip

_VERSION = re.compile(r'"?\s*#\s*tongwen\.glossary/([0-9]{1,6})\s*"?\s*')
# What there is in a text if a cell has a space at its edge; looked for one by one, since that is
# many times faster than by a pattern.
_LOOSE = (
    " \t", "\t ", " \n", "\n ", " \r", "\r ",
    *"\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000",
    *map(chr, range(0x2000, 0x200B)),
)  # fmt: skip
# More than a screenful of faults is one fault: the wrong file.
_MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a line cannot be read: ``code`` is for lint, ``start`` and ``end`` count characters."""

    code: str
    message: str
    number: int
    start: int
    end: int
    line: str


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds, proposed terms included, and the faults of lines that were left out."""

    concepts: tuple[Concept, ...]
    version: int
    faults: tuple[Fault, ...] = ()


@dataclass(slots=True)
class _Draft:
    """A concept while its file is read."""

    id: str
    domain: str
    note: str
    line: int
    relations: tuple[tuple[str, str], ...] = ()
    terms: list[Term] = field(default_factory=list)
    preferred: dict[str, Term] = field(default_factory=dict)
    seen: dict[tuple[object, ...], Term] = field(default_factory=dict)


class _HeaderFault(RowFault):
    """A header that is not one: what the columns below it mean is unknown."""


def parse(text: str, source: str = "text", *, proposed: bool = False) -> Glossary:
    """Read the text of one glossary file; ``source`` names it in messages.

    Raises:
        GlossaryError: For rows that are not glossary rows, all of them in one message (at most
            20), each with its place and the line.
    """
    concepts = read(text, source).concepts
    return Glossary(concepts if proposed else settled(concepts), source)


def read(text: str, source: str = "text", *, lenient: bool = False) -> Content:
    """Read a file with its proposed terms; ``lenient`` leaves faulty lines out and tells them.

    Raises:
        GlossaryError: As `parse`; if ``lenient``, only for a missing or wrong header or a newer
            version, since nothing below can be read then.
    """
    reader = _Reader()
    faults: list[Fault] = []
    version = 1
    header_seen = broken = False
    lines = LINE_END.split(text) if "\r" in text else text.split("\n")
    reader.tidy = text == text.strip(" ") and not any(loose in text for loose in _LOOSE)
    for number, line in enumerate(lines, 1):
        if not line or is_comment(line):
            if line and not header_seen and (found := _VERSION.fullmatch(line)):
                version = reader.version = int(found[1])
                if not 1 <= version <= VERSION:
                    raise GlossaryError(
                        f"{source}:{number}: the file is of version {version} of the format; this "
                        f"program reads 1 to {VERSION}: install a newer one"
                    )
            continue
        try:
            if header_seen:
                reader.row(line, number)
            else:
                header_seen = True
                _check_header(line)
        except RowFault as fault:
            faults.append(Fault(fault.code, str(fault), number, fault.start, fault.end, line))
            if isinstance(fault, _HeaderFault):
                broken = True
                break
    if not header_seen:
        raise GlossaryError(
            f"{source}:1:1: no header; the first line must hold the column names: "
            + " ".join(COLUMNS)
        )
    if faults and (broken or not lenient):
        more = len(faults) - _MOST_FAULTS
        rest = [f"{source}: and {more} more faulty rows"] if more > 0 else []
        told = [_told(fault, source) for fault in faults[:_MOST_FAULTS]]
        raise GlossaryError("\n".join([*told, *rest]))
    return Content(reader.concepts(), version, tuple(faults))


def is_comment(line: str) -> bool:
    """Say whether a line holds no row: blank, or a comment, also one a spreadsheet wrapped."""
    return not line[0].isalnum() and (not line.strip() or line.lstrip('" ').startswith("#"))


def settled(concepts: Iterable[Concept]) -> tuple[Concept, ...]:
    """Return the concepts without proposed terms, and without what is nothing but proposed."""
    found = []
    for concept in concepts:
        if any(term.status == PROPOSED for term in concept.terms):
            terms = tuple(term for term in concept.terms if term.status != PROPOSED)
            if not terms:
                continue
            concept = replace(concept, terms=terms)
        found.append(concept)
    return tuple(found)


def _told(fault: Fault, source: str) -> str:
    shown = marked_line(fault.line, fault.start + 1, fault.end - fault.start)
    indented = "\n".join("    " + part for part in shown.split("\n"))
    return f"{source}:{fault.number}:{fault.start + 1}: {fault.message}\n{indented}"


def _check_header(line: str) -> None:
    names = [(part.strip().strip('"').lower(), part) for part in line.rstrip().split("\t")]
    start = 0
    for position, column in enumerate(COLUMNS):
        if position == len(names):
            raise _HeaderFault(f"the header ends before the column {column!r}", len(line), 0)
        name, part = names[position]
        if name != column:
            raise _HeaderFault(
                f"column {position + 1} of the header is {name!r}, not {column!r}; a glossary "
                f"file begins with the tab-separated column names {' '.join(COLUMNS)}",
                start,
                start + len(part),
            )
        start += len(part) + 1
    if len(names) > len(COLUMNS):
        raise _HeaderFault(f"unknown column {names[len(COLUMNS)][0]!r}", start, len(line))


class _Reader:
    """Rows become concepts. Ordinary rows take a short way, the others one with good messages."""

    def __init__(self) -> None:
        self.version = 1
        self.tidy = False  # no cell of the file has spaces around it
        self._drafts: dict[str, _Draft] = {}
        self._settings: dict[tuple[str, ...], tuple] = {}

    def concepts(self) -> tuple[Concept, ...]:
        return tuple(
            Concept(d.id, d.domain, tuple(d.terms), d.note, d.line, d.relations)
            for d in self._drafts.values()
        )

    def row(self, line: str, number: int) -> None:
        """Add one row to its concept.

        Raises:
            RowFault: For the first thing wrong with the row.
        """
        if '"' not in line and self._short_way(line, number):
            return
        found = dict(zip(COLUMNS, split_cells(line), strict=True))
        id, lang = found["concept"], found["lang"]
        if not ID.fullmatch(id.value):
            raise fault(
                f"{id.value!r} is not a concept id (letters, digits, _ . -)"
                if id.value
                else "the concept id is empty",
                id,
            )
        if lang.value == "*":
            self._own_row(found, number)
            return
        if lang.value not in LANGS:
            raise fault(f"unknown language {lang.value!r}; known: * {' '.join(LANGS)}", lang)
        draft = self._drafts.get(id.value)
        if draft is None:
            raise fault(
                f"a term of {id.value} stands before the concept's own row (the one with * as "
                "lang)",
                id,
            )
        if found["domain"].value not in ("", draft.domain):
            raise fault(
                "the domain belongs on the concept's own row (the one with * as lang)",
                found["domain"],
            )
        term = read_term(found, number, self.version)
        other = draft.preferred.get(term.lang)
        if other and term.status == "preferred":
            raise fault(
                f"a second preferred {NAMES[term.lang]} term; line {other.line} has "
                f"{other.text!r}; one of them should be admitted",
                found["status"],
                "second-preferred",
            )
        here = circumstances(term)
        other = draft.seen.get(here)
        if other is not None:
            raise fault(
                f"the term is on line {other.line} already", found["term"], "duplicate"
            )
        _add(draft, term, here)

    def _short_way(self, line: str, number: int) -> bool:
        """Read a row with nothing unusual about it; say whether it was one."""
        if not unicodedata.is_normalized("NFC", line):
            return False
        parts = line.split("\t")
        if len(parts) != len(COLUMNS):
            return False
        if not self.tidy:
            parts = [part.strip() for part in parts]
        id, lang, text, status, scope, register, start, end, flags, domain, note, evidence = parts
        draft = self._drafts.get(id)
        if lang == "*":
            if draft or not domain or text or status or scope or register or start or end:
                return False
            if flags or evidence or not ID.fullmatch(id):
                return False
            self._drafts[id] = _Draft(id, domain, note, number)
            return True
        if not draft or domain or not text or lang not in LANGS:
            return False
        if len(text) > LONGEST or INVISIBLE.search(text):
            return False
        key = (status, scope, register, start, end, flags)
        settings = self._settings.get(key)
        if settings is None:
            try:
                settings = read_settings([Cell(value, 0, 0) for value in key], self.version)
            except RowFault:
                return False
            self._settings[key] = settings
        if "{" in text:
            return False
        verified, sources = True, ()
        if evidence == UNVERIFIED:
            verified = False
        elif evidence:
            sources = tuple(evidence.split())
            if len(sources) > 1 or not evidence[0].isalpha():  # several, or one with a date
                verified, sources, dates = read_evidence(evidence, self.version)
                if dates:
                    return False
        if status == "preferred" and lang in draft.preferred:
            return False
        term = Term(lang, text, status, *settings, note, sources, verified, number)
        here = circumstances(term)
        if here in draft.seen:
            return False
        _add(draft, term, here)
        return True

    def _own_row(self, found: dict[str, Cell], number: int) -> None:
        id = found["concept"]
        if id.value in self._drafts:
            raise fault(
                f"duplicate id: the concept {id.value} begins on line "
                f"{self._drafts[id.value].line} already",
                id,
                "duplicate-id",
            )
        for name in COLUMNS[2:]:
            if found[name].value and name not in ("flags", "domain", "note"):
                raise fault(
                    "a concept's own row has only domain, note and relations; "
                    f"{name} belongs on a term's row",
                    found[name],
                )
        if not found["domain"].value:
            raise fault("the concept has no domain", found["domain"])
        relations = read_relations(found["flags"], self.version)
        domain, note = found["domain"].value, found["note"].value
        self._drafts[id.value] = _Draft(id.value, domain, note, number, relations)


def _add(draft: _Draft, term: Term, here: tuple[object, ...]) -> None:
    if term.status == "preferred":
        draft.preferred[term.lang] = term
    draft.seen[here] = term
    draft.terms.append(term)
