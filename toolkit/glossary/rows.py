"""One row of a glossary file: its cells, and what they may hold."""

import datetime
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace

from toolkit.errors import GlossaryError
from toolkit.glossary.concept import PROPOSED, STATUSES, Term
from toolkit.glossary.format import (
    ALL_STATUSES,
    COLUMNS,
    FLAGS,
    MARK,
    REGISTERS,
    RELATIONS,
    SLOT,
    UNVERIFIED,
    VERSION,
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
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_COUNTRY = re.compile(r"[A-Z]{2}")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})-([0-9]{2}))?")
_DATED = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}):(.+)")
LONGEST = 500  # characters of a term


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's value, and the characters of the line it was written in."""

    value: str
    start: int
    end: int


class RowFault(Exception):
    """What is wrong with a line, and from which character to which."""

    def __init__(self, message: str, start: int, end: int, code: str = "row") -> None:
        super().__init__(message)
        self.start = start
        self.end = end
        self.code = code


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
        return read_term(found, 0, VERSION)
    except RowFault as fault:
        raise GlossaryError(str(fault)) from None


def check_id(id: str) -> str:
    """Return ``id`` if it can be a concept's.

    Raises:
        GlossaryError: If it cannot.
    """
    if not ID.fullmatch(id):
        raise GlossaryError(f"{id!r} is not a concept id (letters, digits, _ . -)")
    return id


def cells(line: str) -> list[Cell]:
    """Cut a line into its cells, spaces around them and a spreadsheet's quotation marks off.

    Raises:
        GlossaryError: For another number of columns, or quotation marks that do not close.
    """
    try:
        return split_cells(line)
    except RowFault as fault:
        raise GlossaryError(str(fault)) from None


def read_term(found: dict[str, Cell], number: int, version: int) -> Term:
    lang, text = found["lang"], found["term"]
    if not text.value:
        raise fault(f"the {NAMES[lang.value]} term is empty", text)
    if len(text.value) > LONGEST:
        raise fault(
            f"the term has {len(text.value)} characters; more than {LONGEST} are a text, not a "
            "term",
            text,
        )
    invisible = INVISIBLE.search(text.value)
    if invisible:
        start = text.start + invisible.start()
        name = unicodedata.name(invisible[0], "control character")
        raise RowFault(
            f"an invisible character in the term (U+{ord(invisible[0]):04X} {name}); delete it",
            start,
            start + 1,
            "invisible",
        )
    names = ("status", "scope", "register", "from", "to", "flags")
    settings = read_settings([found[name] for name in names], version)
    plain, slots = _read_slots(text, version)
    verified, evidence, dates = read_evidence(found["evidence"].value, version)
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


def read_settings(found: list[Cell], version: int) -> tuple:
    """Return scope, register, valid_from, valid_to and flags, once the status is known to be one.

    Raises:
        RowFault: For the first of them that is wrong.
    """
    status, scope_cell, register, start, end, flags_cell = found
    if status.value not in ALL_STATUSES:
        raise fault(
            f"unknown status {status.value!r}; known: {' '.join(STATUSES)}"
            if status.value
            else f"the status is empty; one of {' '.join(STATUSES)} is needed",
            status,
        )
    if status.value == PROPOSED and version < 2:
        raise fault(_needs_version("a proposed term"), status)
    if register.value not in ("", *REGISTERS):
        raise fault(
            f"unknown register {register.value!r}; known: {' '.join(REGISTERS)}", register
        )
    scope = _listed(scope_cell)
    for country in scope:
        if not _COUNTRY.fullmatch(country):
            raise fault(
                f"{country!r} is not an ISO country code of two capital letters (RU, VN)",
                scope_cell,
            )
    flags = _listed(flags_cell)
    for flag in flags:
        if flag not in FLAGS:
            raise fault(f"unknown flag {flag!r}; known: {' '.join(FLAGS)}", flags_cell)
    valid_from = _read_date(start, (1, 1))
    valid_to = _read_date(end, (12, 31))
    if valid_from and valid_to and valid_from > valid_to:
        raise fault("the term's validity ends before it begins", end)
    return scope, register.value, valid_from, valid_to, frozenset(flags)


def _read_slots(text: Cell, version: int) -> tuple[str, tuple[str, ...]]:
    """Cut the names off a term's slots."""
    if "{" not in text.value or version < 2:
        return text.value, ()
    slots = tuple(found[2] or "" for found in SLOT.finditer(text.value))
    return (SLOT.sub(r"\1", text.value), slots) if any(slots) else (text.value, ())


def read_evidence(
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


def read_relations(cell: Cell, version: int) -> tuple[tuple[str, str], ...]:
    relations = []
    for item in _listed(cell):
        kind, equals, id = item.partition("=")
        if kind in FLAGS:
            raise fault(
                f"a concept's own row has only domain, note and relations; {item} belongs on a "
                "term's row",
                cell,
            )
        if kind not in RELATIONS or not equals or not ID.fullmatch(id):
            raise fault(
                f"{item!r} is not a relation; known: {', '.join(f'{r}=ID' for r in RELATIONS)}",
                cell,
            )
        relations.append((kind, id))
    if relations and version < 2:
        raise fault(_needs_version("a relation"), cell)
    return tuple(relations)


def _needs_version(what: str) -> str:
    return (
        f"{what} needs version {VERSION} of the format; begin the file with the line {MARK} "
        "(glossary upgrade does it)"
    )


def split_cells(line: str) -> list[Cell]:
    found: list[Cell] = []
    start = 0
    for part in line.split("\t"):
        value = part.strip()
        left = start + len(part) - len(part.lstrip())
        cell = Cell(unicodedata.normalize("NFC", value), left, left + len(value))
        if value.startswith('"'):
            inner = value[1:-1]
            if len(value) < 2 or value[-1] != '"' or '"' in inner.replace('""', ""):
                raise fault(
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
        raise RowFault(
            f"{len(COLUMNS)} columns expected, found {len(found)}; keep the tabs of empty cells",
            len(line),
            len(line),
        )
    if len(found) > len(COLUMNS):
        raise RowFault(
            f"{len(COLUMNS)} columns expected, found {len(found)}",
            found[len(COLUMNS)].start,
            len(line),
        )
    return found


def fault(message: str, cell: Cell, code: str = "row") -> RowFault:
    return RowFault(message, cell.start, cell.end, code)


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
        raise fault(f"{cell.value!r} is not a date; write 2023 or 2023-06-30", cell) from None
