"""Glossary files: one term a line, tab separated, read strictly and written back unchanged."""

import datetime
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from toolkit import shipped
from toolkit.columns import marked_line
from toolkit.errors import GlossaryError
from toolkit.files import read_text
from toolkit.glossary.concept import STATUSES, Concept, Glossary, Term
from toolkit.languages import LANGS, NAMES

COLUMNS = (
    "concept",
    "lang",
    "term",
    "status",
    "scope",
    "register",
    "from",
    "to",
    "flags",
    "domain",
    "note",
    "evidence",
)
FLAGS = ("accept-only", "gap", "case")
REGISTERS = ("cn", "ru")
SHIPPED = "shipped"

_LINE_END = re.compile(r"\r\n|\n|\r")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_COUNTRY = re.compile(r"[A-Z]{2}")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})-([0-9]{2}))?")
# More than a screenful of faults is one fault: the wrong file.
_MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class _Cell:
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
    terms: list[Term] = field(default_factory=list)
    preferred: dict[str, Term] = field(default_factory=dict)
    seen: dict[tuple[object, ...], Term] = field(default_factory=dict)


class _Fault(Exception):
    """What is wrong with a line, and from which character to which."""

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.start = start
        self.end = end


class _HeaderFault(_Fault):
    """A header that is not one: what the columns below it mean is unknown."""


def load(paths: Sequence[str | Path] | None = None) -> Glossary:
    """Read one or several glossary files as one glossary.

    Args:
        paths: Files in rising order of authority; the word ``shipped`` stands for the shipped
            ones. None: the shipped ones. ``-`` is standard input.

    A concept that several files know is merged. There a later file has the last word: its
    preferred term makes the earlier one admitted, its row for a term replaces the earlier row of
    the same term, its domain and note replace the earlier ones unless empty.

    Raises:
        FileError: For a file that cannot be read as text.
        GlossaryError: For rows that are not glossary rows, all of them in one message (at most
            20), each with its place and the line.
    """
    files: list[Path | str] = []
    for path in [SHIPPED] if paths is None else paths:
        files.extend(shipped_files() if str(path) == SHIPPED else [path])
    concepts: dict[str, Concept] = {}
    for path in files:
        file = read_text(path)
        for concept in _parse(file.text, file.path):
            earlier = concepts.get(concept.id)
            concepts[concept.id] = _merge(earlier, concept) if earlier else concept
    source = ", ".join(str(path) for path in files)
    for concept in concepts.values():
        for lang in LANGS:
            terms = [term for term in concept.terms if term.lang == lang]
            if terms and not concept.preferred(lang):
                place = f"{source}:{terms[0].line}" if len(files) == 1 else source
                raise GlossaryError(
                    f"{place}: the concept {concept.id} has no preferred {NAMES[lang]} term; give "
                    f"one of its {lang} terms the status preferred"
                )
    return Glossary(tuple(concepts.values()), source)


def shipped_files() -> list[Path]:
    """Return the paths of the glossaries that travel with the program, in order of names."""
    return sorted(shipped.path("glossaries").glob("*.tsv"))


def parse(text: str, source: str = "text") -> Glossary:
    """Read the text of one glossary file; ``source`` names it in messages.

    Raises:
        GlossaryError: As :func:`load`.
    """
    return Glossary(_parse(text, source), source)


def dump(glossary: Glossary) -> str:
    """Return ``glossary`` as the text of a file; :func:`parse` gives the same terms back."""
    rows = [COLUMNS, *format_rows(glossary)]
    return "".join("\t".join(map(_written, row)) + "\n" for row in rows)


def format_rows(glossary: Glossary) -> Iterator[tuple[str, ...]]:
    """Yield the cells of each row, without the header: a concept's own row, then its terms.

    Raises:
        ValueError: For a value that a cell cannot hold: a tab, a line break.
    """
    for concept in glossary.concepts:
        yield _checked((concept.id, "*", *[""] * 7, concept.domain, concept.note, ""))
        for term in concept.terms:
            yield _checked(
                (
                    concept.id,
                    term.lang,
                    term.text,
                    term.status,
                    ",".join(term.scope),
                    term.register,
                    _format_date(term.valid_from, (1, 1)),
                    _format_date(term.valid_to, (12, 31)),
                    ",".join(flag for flag in FLAGS if flag in term.flags),
                    "",
                    term.note,
                    " ".join([*([] if term.verified else ["unverified"]), *term.evidence]),
                )
            )


def _checked(row: tuple[str, ...]) -> tuple[str, ...]:
    for name, value in zip(COLUMNS, row, strict=True):
        if re.search(r"[\t\r\n]", value):
            raise ValueError(f"{name} of {row[0]} holds a tab or a line break: {value!r}")
    return row


def _written(value: str) -> str:
    """Return a cell as a spreadsheet writes it: wrapped where it begins with a quotation mark."""
    return '"' + value.replace('"', '""') + '"' if value.startswith('"') else value


def _format_date(date: datetime.date | None, whole_year: tuple[int, int]) -> str:
    if date is None:
        return ""
    year = f"{date.year:04}"
    return year if (date.month, date.day) == whole_year else date.isoformat()


def _parse(text: str, source: str) -> tuple[Concept, ...]:
    faults: list[str] = []
    drafts: dict[str, _Draft] = {}
    header_seen = False
    for number, line in enumerate(_LINE_END.split(text), 1):
        # A spreadsheet wraps a comment with a comma in quotation marks.
        if not line.strip() or line.lstrip('" ').startswith("#"):
            continue
        try:
            if not header_seen:
                header_seen = True
                _check_header(line)
            else:
                _read_row(line, number, drafts)
        except _Fault as fault:
            shown = marked_line(line, fault.start + 1, fault.end - fault.start)
            indented = "\n".join("    " + part for part in shown.split("\n"))
            faults.append(f"{source}:{number}:{fault.start + 1}: {fault}\n{indented}")
            if isinstance(fault, _HeaderFault):
                break
    if not header_seen:
        raise GlossaryError(
            f"{source}:1:1: no header; the first line must hold the column names: "
            + " ".join(COLUMNS)
        )
    if faults:
        more = len(faults) - _MOST_FAULTS
        rest = [f"{source}: and {more} more faulty rows"] if more > 0 else []
        raise GlossaryError("\n".join([*faults[:_MOST_FAULTS], *rest]))
    return tuple(
        Concept(draft.id, draft.domain, tuple(draft.terms), draft.note, draft.line)
        for draft in drafts.values()
    )


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


def _read_row(line: str, number: int, drafts: dict[str, _Draft]) -> None:
    """Add one row to its concept.

    Raises:
        _Fault: For the first thing wrong with the row.
    """
    cells = dict(zip(COLUMNS, _cells(line), strict=True))
    id, lang = cells["concept"], cells["lang"]
    if not _ID.fullmatch(id.value):
        raise _fault(
            f"{id.value!r} is not a concept id (letters, digits, _ . -)"
            if id.value
            else "the concept id is empty",
            id,
        )
    if lang.value == "*":
        _read_concept(cells, number, drafts)
        return
    if lang.value not in LANGS:
        raise _fault(f"unknown language {lang.value!r}; known: * {' '.join(LANGS)}", lang)
    draft = drafts.get(id.value)
    if draft is None:
        raise _fault(
            f"a term of {id.value} stands before the concept's own row (the one with * as lang)",
            id,
        )
    if cells["domain"].value not in ("", draft.domain):
        raise _fault(
            "the domain belongs on the concept's own row (the one with * as lang)", cells["domain"]
        )
    term = _read_term(cells, number)
    other = draft.preferred.get(term.lang)
    if other and term.status == "preferred":
        raise _fault(
            f"a second preferred {NAMES[term.lang]} term; line {other.line} has "
            f"{other.text!r}; one of them should be admitted",
            cells["status"],
        )
    other = draft.seen.setdefault(_circumstances(term), term)
    if other is not term:
        raise _fault(f"the term is on line {other.line} already", cells["term"])
    if term.status == "preferred":
        draft.preferred[term.lang] = term
    draft.terms.append(term)


def _read_concept(cells: dict[str, _Cell], number: int, drafts: dict[str, _Draft]) -> None:
    id = cells["concept"]
    if id.value in drafts:
        raise _fault(
            f"duplicate id: the concept {id.value} begins on line {drafts[id.value].line} already",
            id,
        )
    for name in COLUMNS[2:]:
        if cells[name].value and name not in ("domain", "note"):
            raise _fault(
                f"a concept's own row has only domain and note; {name} belongs on a term's row",
                cells[name],
            )
    if not cells["domain"].value:
        raise _fault("the concept has no domain", cells["domain"])
    drafts[id.value] = _Draft(id.value, cells["domain"].value, cells["note"].value, number)


def _read_term(cells: dict[str, _Cell], number: int) -> Term:
    lang, text, status, register = (cells[name] for name in ("lang", "term", "status", "register"))
    if not text.value:
        raise _fault(f"the {NAMES[lang.value]} term is empty", text)
    for position, character in enumerate(text.value):
        if unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp"):
            start = text.start + position
            name = unicodedata.name(character, "control character")
            raise _Fault(
                f"an invisible character in the term (U+{ord(character):04X} {name}); delete it",
                start,
                start + 1,
            )
    if status.value not in STATUSES:
        raise _fault(
            f"unknown status {status.value!r}; known: {' '.join(STATUSES)}"
            if status.value
            else f"the status is empty; one of {' '.join(STATUSES)} is needed",
            status,
        )
    if register.value not in ("", *REGISTERS):
        raise _fault(
            f"unknown register {register.value!r}; known: {' '.join(REGISTERS)}", register
        )
    scope = _listed(cells["scope"])
    for country in scope:
        if not _COUNTRY.fullmatch(country):
            raise _fault(
                f"{country!r} is not an ISO country code of two capital letters (RU, VN)",
                cells["scope"],
            )
    flags = _listed(cells["flags"])
    for flag in flags:
        if flag not in FLAGS:
            raise _fault(f"unknown flag {flag!r}; known: {' '.join(FLAGS)}", cells["flags"])
    valid_from = _read_date(cells["from"], (1, 1))
    valid_to = _read_date(cells["to"], (12, 31))
    if valid_from and valid_to and valid_from > valid_to:
        raise _fault("the term's validity ends before it begins", cells["to"])
    evidence = tuple(cells["evidence"].value.split())
    return Term(
        lang=lang.value,
        text=text.value,
        status=status.value,
        scope=scope,
        register=register.value,
        valid_from=valid_from,
        valid_to=valid_to,
        flags=frozenset(flags),
        note=cells["note"].value,
        evidence=tuple(item for item in evidence if item != "unverified"),
        verified="unverified" not in evidence,
        line=number,
    )


def _cells(line: str) -> list[_Cell]:
    """Cut a line into its cells, spaces around them and a spreadsheet's quotation marks off."""
    cells: list[_Cell] = []
    start = 0
    for part in line.split("\t"):
        value = part.strip()
        left = start + len(part) - len(part.lstrip())
        cell = _Cell(unicodedata.normalize("NFC", value), left, left + len(value))
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
        cells.append(cell)
        start += len(part) + 1
    while len(cells) > len(COLUMNS) and not cells[-1].value:
        cells.pop()
    if len(cells) < len(COLUMNS):
        raise _Fault(
            f"{len(COLUMNS)} columns expected, found {len(cells)}; keep the tabs of empty cells",
            len(line),
            len(line),
        )
    if len(cells) > len(COLUMNS):
        raise _Fault(
            f"{len(COLUMNS)} columns expected, found {len(cells)}",
            cells[len(COLUMNS)].start,
            len(line),
        )
    return cells


def _fault(message: str, cell: _Cell) -> _Fault:
    return _Fault(message, cell.start, cell.end)


def _listed(cell: _Cell) -> tuple[str, ...]:
    return tuple(item.strip() for item in cell.value.split(",")) if cell.value else ()


def _read_date(cell: _Cell, whole_year: tuple[int, int]) -> datetime.date | None:
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


def _circumstances(term: Term) -> tuple[object, ...]:
    """Return what tells a row from the other rows of its concept: the term, and where it holds."""
    return term.lang, term.text, term.scope, term.register, term.valid_from, term.valid_to


def _merge(earlier: Concept, later: Concept) -> Concept:
    newer = {_circumstances(term): term for term in later.terms}
    preferred = {term.lang for term in later.terms if term.status == "preferred"}
    terms: list[Term] = []
    for term in earlier.terms:
        if _circumstances(term) in newer:
            term = newer.pop(_circumstances(term))
        elif term.status == "preferred" and term.lang in preferred:
            term = replace(term, status="admitted")
        terms.append(term)
    return Concept(
        earlier.id,
        later.domain or earlier.domain,
        (*terms, *newer.values()),
        later.note or earlier.note,
        earlier.line,
    )
