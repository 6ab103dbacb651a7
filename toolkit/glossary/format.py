"""The glossary's file format: one term a line, tab separated, read strictly, versioned.

A file of version 2 begins with the line ``# tongwen.glossary/2``; one without such a line is of
version 1. Version 2 adds proposed terms, named slots (``…{host}``), dates of evidence
(``2019-06-05:https://…``) and relations between concepts (``replaced-by=ID`` among the flags of a
concept's own row). Both have the same columns.
"""

import datetime
import re
from collections.abc import Iterable, Iterator

from toolkit.glossary.concept import PROPOSED, STATUSES, Concept, Glossary, Term

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
VERSION = 2
MARK = f"# tongwen.glossary/{VERSION}"
FLAGS = ("accept-only", "gap", "case")
REGISTERS = ("cn", "ru")
RELATIONS = ("broader", "replaced-by", "see")
ALL_STATUSES = (*STATUSES, PROPOSED)
UNVERIFIED = "unverified"

SLOT = re.compile(r"((?:…|\.\.\.)+)(?:\{([a-z][a-z0-9_]*)\})?")
LINE_END = re.compile(r"\r\n|\n|\r")


def dump(glossary: Glossary) -> str:
    """Return ``glossary`` as the text of a file; `parse` gives the same terms back."""
    rows = [COLUMNS, *format_rows(glossary)]
    return MARK + "\n" + "".join(format_line(row) + "\n" for row in rows)


def format_line(row: Iterable[str]) -> str:
    """Return a row as a line, as a spreadsheet writes it: wrapped where a cell begins with "."""
    return "\t".join(map(_written, row))


def format_rows(glossary: Glossary) -> Iterator[tuple[str, ...]]:
    """Yield the cells of each row, without the header: a concept's own row, then its terms.

    Raises:
        ValueError: For a value that a cell cannot hold: a tab, a line break.
    """
    for concept in glossary.concepts:
        yield concept_row(concept)
        for term in concept.terms:
            yield term_row(concept.id, term)


def concept_row(concept: Concept) -> tuple[str, ...]:
    """Return the cells of a concept's own row."""
    relations = ",".join(f"{kind}={id}" for kind, id in concept.relations)
    return _checked(
        (concept.id, "*", *[""] * 6, relations, concept.domain, concept.note, "")
    )


def term_row(id: str, term: Term) -> tuple[str, ...]:
    """Return the cells of a term's row."""
    return _checked(
        (
            id,
            term.lang,
            term_cell(term),
            term.status,
            ",".join(term.scope),
            term.register,
            format_date(term.valid_from, (1, 1)),
            format_date(term.valid_to, (12, 31)),
            ",".join(flag for flag in FLAGS if flag in term.flags),
            "",
            term.note,
            evidence_cell(term),
        )
    )


def term_cell(term: Term) -> str:
    """Return the text of a term with the names of its slots."""
    names = iter(term.slots)

    def named(found: re.Match[str]) -> str:
        name = next(names, "")
        return f"{found[1]}{{{name}}}" if name else found[0]

    return SLOT.sub(named, term.text) if any(term.slots) else term.text


def evidence_cell(term: Term) -> str:
    """Return the evidence of a term with its dates."""
    dates = term.dates or (None,) * len(term.evidence)
    items = [
        f"{date.isoformat()}:{item}" if date else item
        for item, date in zip(term.evidence, dates, strict=True)
    ]
    return " ".join([*([] if term.verified else [UNVERIFIED]), *items])


def format_date(date: datetime.date | None, whole_year: tuple[int, int]) -> str:
    """Return a date as a cell has it: the year alone where it begins or ends with its year."""
    if date is None:
        return ""
    year = f"{date.year:04}"
    return year if (date.month, date.day) == whole_year else date.isoformat()


def circumstances(term: Term) -> tuple[object, ...]:
    """Return what tells a row from the other rows of its concept: the term, and where it holds."""
    return term.lang, term.text, term.scope, term.register, term.valid_from, term.valid_to


def _checked(row: tuple[str, ...]) -> tuple[str, ...]:
    for name, value in zip(COLUMNS, row, strict=True):
        if re.search(r"[\t\r\n]", value):
            raise ValueError(f"{name} of {row[0]} holds a tab or a line break: {value!r}")
    return row


def _written(value: str) -> str:
    return '"' + value.replace('"', '""') + '"' if value.startswith('"') else value
