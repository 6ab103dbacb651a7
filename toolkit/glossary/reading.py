"""Read the glossary's file format strictly: every row is understood, or named with its place."""

import datetime
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from toolkit.columns import marked_line
from toolkit.errors import GlossaryError
from toolkit.glossary.concept import PROPOSED, STATUSES, Concept, Glossary, Term
from toolkit.glossary.format import (
    ALL_STATUSES,
    COLUMNS,
    FLAGS,
    LINE_END,
    MARK,
    REGISTERS,
    RELATIONS,
    SLOT,
    UNVERIFIED,
    VERSION,
    circumstances,
)
from toolkit.languages import LANGS, NAMES

# Control and format characters and separators of lines: nobody sees them, every match fails on
# them. The ranges are Unicode's categories Cc, Cf, Zl and Zp.
INVISIBLE = re.compile(
    "[\0-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f"
    "\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001"
    "\U000e0020-\U000e007f]"
)
_VERSION = re.compile(r'"?\s*#\s*tongwen\.glossary/([0-9]{1,6})\s*"?\s*')
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_COUNTRY = re.compile(r"[A-Z]{2}")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})-([0-9]{2}))?")
_DATED = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}):(.+)")
LONGEST = 500  # characters of a term
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


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's value, and the characters of the line it was written in."""

    value: str
    start: int
    end: int


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


class _Fault(Exception):
    """What is wrong with a line, and from which character to which."""

    def __init__(self, message: str, start: int, end: int, code: str = "row") -> None:
        super().__init__(message)
        self.start = start
        self.end = end
        self.code = code


class _HeaderFault(_Fault):
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
    for number, line in enumerate(LINE_END.split(text), 1):
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
        except _Fault as fault:
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


def term_from(values: Mapping[str, str]) -> Term:
    """Return the term that the cells of a row say, of the newest version of the format.

    Args:
        values: By column name; missing ones are empty. ``lang``, ``term`` and ``status`` are
            needed.

    Raises:
        GlossaryError: For the first wrong value.
    """
    found = {}
    for name in COLUMNS:
        value = unicodedata.normalize("NFC", values.get(name, "").strip())
        found[name] = Cell(value, 0, 0)
    if found["lang"].value not in LANGS:
        raise GlossaryError(f"unknown language {found['lang'].value!r}; known: {' '.join(LANGS)}")
    try:
        return _read_term(found, 0, VERSION)
    except _Fault as fault:
        raise GlossaryError(str(fault)) from None


def check_id(id: str) -> str:
    """Return ``id`` if it can be a concept's.

    Raises:
        GlossaryError: If it cannot.
    """
    if not _ID.fullmatch(id):
        raise GlossaryError(f"{id!r} is not a concept id (letters, digits, _ . -)")
    return id


def cells(line: str) -> list[Cell]:
    """Cut a line into its cells, spaces around them and a spreadsheet's quotation marks off.

    Raises:
        GlossaryError: For another number of columns, or quotation marks that do not close.
    """
    try:
        return _cells(line)
    except _Fault as fault:
        raise GlossaryError(str(fault)) from None


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
            _Fault: For the first thing wrong with the row.
        """
        if '"' not in line and self._short_way(line, number):
            return
        found = dict(zip(COLUMNS, _cells(line), strict=True))
        id, lang = found["concept"], found["lang"]
        if not _ID.fullmatch(id.value):
            raise _fault(
                f"{id.value!r} is not a concept id (letters, digits, _ . -)"
                if id.value
                else "the concept id is empty",
                id,
            )
        if lang.value == "*":
            self._own_row(found, number)
            return
        if lang.value not in LANGS:
            raise _fault(f"unknown language {lang.value!r}; known: * {' '.join(LANGS)}", lang)
        draft = self._drafts.get(id.value)
        if draft is None:
            raise _fault(
                f"a term of {id.value} stands before the concept's own row (the one with * as "
                "lang)",
                id,
            )
        if found["domain"].value not in ("", draft.domain):
            raise _fault(
                "the domain belongs on the concept's own row (the one with * as lang)",
                found["domain"],
            )
        term = _read_term(found, number, self.version)
        other = draft.preferred.get(term.lang)
        if other and term.status == "preferred":
            raise _fault(
                f"a second preferred {NAMES[term.lang]} term; line {other.line} has "
                f"{other.text!r}; one of them should be admitted",
                found["status"],
                "second-preferred",
            )
        here = circumstances(term)
        other = draft.seen.get(here)
        if other is not None:
            raise _fault(
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
        (id, lang, text, status, scope, register, start, end, flags, domain, note, evidence) = [
            part.strip() for part in parts
        ]
        draft = self._drafts.get(id)
        if lang == "*":
            if draft or not domain or text or status or scope or register or start or end:
                return False
            if flags or evidence or not _ID.fullmatch(id):
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
                settings = _read_settings([Cell(value, 0, 0) for value in key], self.version)
            except _Fault:
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
                verified, sources, dates = _read_evidence(evidence, self.version)
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
            raise _fault(
                f"duplicate id: the concept {id.value} begins on line "
                f"{self._drafts[id.value].line} already",
                id,
                "duplicate-id",
            )
        for name in COLUMNS[2:]:
            if found[name].value and name not in ("flags", "domain", "note"):
                raise _fault(
                    "a concept's own row has only domain, note and relations; "
                    f"{name} belongs on a term's row",
                    found[name],
                )
        if not found["domain"].value:
            raise _fault("the concept has no domain", found["domain"])
        relations = _read_relations(found["flags"], self.version)
        domain, note = found["domain"].value, found["note"].value
        self._drafts[id.value] = _Draft(id.value, domain, note, number, relations)


def _add(draft: _Draft, term: Term, here: tuple[object, ...]) -> None:
    if term.status == "preferred":
        draft.preferred[term.lang] = term
    draft.seen[here] = term
    draft.terms.append(term)


def _read_term(found: dict[str, Cell], number: int, version: int) -> Term:
    lang, text = found["lang"], found["term"]
    if not text.value:
        raise _fault(f"the {NAMES[lang.value]} term is empty", text)
    if len(text.value) > LONGEST:
        raise _fault(
            f"the term has {len(text.value)} characters; more than {LONGEST} are a text, not a "
            "term",
            text,
        )
    invisible = INVISIBLE.search(text.value)
    if invisible:
        start = text.start + invisible.start()
        name = unicodedata.name(invisible[0], "control character")
        raise _Fault(
            f"an invisible character in the term (U+{ord(invisible[0]):04X} {name}); delete it",
            start,
            start + 1,
            "invisible",
        )
    names = ("status", "scope", "register", "from", "to", "flags")
    settings = _read_settings([found[name] for name in names], version)
    plain, slots = _read_slots(text, version)
    verified, evidence, dates = _read_evidence(found["evidence"].value, version)
    return Term(
        lang.value,
        plain,
        found["status"].value,
        *settings,
        found["note"].value,
        evidence,
        verified,
        number,
        slots,
        dates,
    )


def _read_settings(found: list[Cell], version: int) -> tuple:
    """Return scope, register, valid_from, valid_to and flags, once the status is known to be one.

    Raises:
        _Fault: For the first of them that is wrong.
    """
    status, scope_cell, register, start, end, flags_cell = found
    if status.value not in ALL_STATUSES:
        raise _fault(
            f"unknown status {status.value!r}; known: {' '.join(STATUSES)}"
            if status.value
            else f"the status is empty; one of {' '.join(STATUSES)} is needed",
            status,
        )
    if status.value == PROPOSED and version < 2:
        raise _fault(_needs_version("a proposed term"), status)
    if register.value not in ("", *REGISTERS):
        raise _fault(
            f"unknown register {register.value!r}; known: {' '.join(REGISTERS)}", register
        )
    scope = _listed(scope_cell)
    for country in scope:
        if not _COUNTRY.fullmatch(country):
            raise _fault(
                f"{country!r} is not an ISO country code of two capital letters (RU, VN)",
                scope_cell,
            )
    flags = _listed(flags_cell)
    for flag in flags:
        if flag not in FLAGS:
            raise _fault(f"unknown flag {flag!r}; known: {' '.join(FLAGS)}", flags_cell)
    valid_from = _read_date(start, (1, 1))
    valid_to = _read_date(end, (12, 31))
    if valid_from and valid_to and valid_from > valid_to:
        raise _fault("the term's validity ends before it begins", end)
    return scope, register.value, valid_from, valid_to, frozenset(flags)


def _read_slots(text: Cell, version: int) -> tuple[str, tuple[str, ...]]:
    """Cut the names off a term's slots."""
    if "{" not in text.value or version < 2:
        return text.value, ()
    slots = tuple(found[2] or "" for found in SLOT.finditer(text.value))
    return (SLOT.sub(r"\1", text.value), slots) if any(slots) else (text.value, ())


def _read_evidence(
    text: str, version: int
) -> tuple[bool, tuple[str, ...], tuple[datetime.date | None, ...]]:
    """Return whether the form was seen, where, and the dates of that (none: no dates at all)."""
    items = text.split()
    verified = UNVERIFIED not in items
    sources: list[str] = []
    dates: list[datetime.date | None] = []
    for item in items:
        if item == UNVERIFIED:
            continue
        found = _DATED.fullmatch(item) if version > 1 else None
        try:
            dates.append(datetime.date.fromisoformat(found[1]) if found else None)
            sources.append(found[2] if found else item)
        except ValueError:  # what looks like a date is none: part of the address
            dates.append(None)
            sources.append(item)
    return verified, tuple(sources), tuple(dates) if any(dates) else ()


def _read_relations(cell: Cell, version: int) -> tuple[tuple[str, str], ...]:
    relations = []
    for item in _listed(cell):
        kind, equals, id = item.partition("=")
        if kind in FLAGS:
            raise _fault(
                f"a concept's own row has only domain, note and relations; {item} belongs on a "
                "term's row",
                cell,
            )
        if kind not in RELATIONS or not equals or not _ID.fullmatch(id):
            raise _fault(
                f"{item!r} is not a relation; known: {', '.join(f'{r}=ID' for r in RELATIONS)}",
                cell,
            )
        relations.append((kind, id))
    if relations and version < 2:
        raise _fault(_needs_version("a relation"), cell)
    return tuple(relations)


def _needs_version(what: str) -> str:
    return (
        f"{what} needs version {VERSION} of the format; begin the file with the line {MARK} "
        "(glossary upgrade does it)"
    )


def _cells(line: str) -> list[Cell]:
    found: list[Cell] = []
    start = 0
    for part in line.split("\t"):
        value = part.strip()
        left = start + len(part) - len(part.lstrip())
        cell = Cell(unicodedata.normalize("NFC", value), left, left + len(value))
        if value.startswith('"'):
            inner = value[1:-1]
            if len(value) < 2 or value[-1] != '"' or '"' in inner.replace('""', ""):
                raise _fault(
                    'the cell begins with " but is not wrapped in them (a tab or a line break '
                    "inside the cell?); write “ ”, or wrap the cell and double the marks in it",
                    cell,
                )
            inner = inner.replace('""', '"').strip()
            cell = replace(cell, value=unicodedata.normalize("NFC", inner))
        found.append(cell)
        start += len(part) + 1
    while len(found) > len(COLUMNS) and not found[-1].value:
        found.pop()
    if len(found) < len(COLUMNS):
        raise _Fault(
            f"{len(COLUMNS)} columns expected, found {len(found)}; keep the tabs of empty cells",
            len(line),
            len(line),
        )
    if len(found) > len(COLUMNS):
        raise _Fault(
            f"{len(COLUMNS)} columns expected, found {len(found)}",
            found[len(COLUMNS)].start,
            len(line),
        )
    return found


def _fault(message: str, cell: Cell, code: str = "row") -> _Fault:
    return _Fault(message, cell.start, cell.end, code)


def _listed(cell: Cell) -> tuple[str, ...]:
    return tuple(item.strip() for item in cell.value.split(",")) if cell.value else ()


def _read_date(cell: Cell, whole_year: tuple[int, int]) -> datetime.date | None:
    if not cell.value:
        return None
    match = _DATE.fullmatch(cell.value)
    try:
        if match is None:
            raise ValueError
        month, day = (int(match[2]), int(match[3])) if match[2] else whole_year
        return datetime.date(int(match[1]), month, day)
    except ValueError:
        raise _fault(f"{cell.value!r} is not a date; write 2023 or 2023-06-30", cell) from None
