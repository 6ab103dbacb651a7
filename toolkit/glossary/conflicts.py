"""The file in which a person settles what a merge could not: mark rows, then apply it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from toolkit.errors import GlossaryError
from toolkit.glossary.concept import Concept, Term
from toolkit.glossary.differences import transform
from toolkit.glossary.format import COLUMNS, LINE_END, circumstances, format_line
from toolkit.glossary.format import MARK as NEWEST
from toolkit.glossary.merge import Conflict, Row
from toolkit.glossary.reading import parse
from toolkit.glossary.rows import cells, term_from
from toolkit.glossary.sheet import Sheet

MARK = "# tongwen.glossary.conflicts/1"
SIDES = ("base", "mine", "theirs")
_HEAD = ("stands", "conflict", "side")
_HOW = """
# Put x before each row that is to stand; a row may be changed first. Where none of a conflict's
# rows is to stand, put - before one of them. Then apply the file:
#     tongwen glossary merge --resolve THIS_FILE -o GLOSSARY
""".strip()


@dataclass(frozen=True, slots=True)
class Decision:
    """A conflict, and the rows a person wants."""

    conflict: Conflict
    stands: tuple[Row, ...]


def write(conflicts: Iterable[Conflict]) -> str:
    """Return the text of a conflict file, nothing decided yet."""
    lines = [MARK, _HOW, "\t".join((*_HEAD, *COLUMNS))]
    for number, conflict in enumerate(conflicts, 1):
        lines.append(f"# {number}: {conflict.concept}: {conflict.reason}")
        for side in SIDES:
            for row in getattr(conflict, side):
                lines.append("\t".join(("", str(number), side, format_line(row))))
    return "\n".join(lines) + "\n"


def read(text: str, source: str = "text") -> list[Decision]:
    """Read a conflict file that a person has been through.

    Raises:
        GlossaryError: For a file that is none, rows that are damaged, and conflicts without a
            mark; all of these in one message.
    """
    rows: dict[str, list[tuple[str, str, Row]]] = {}
    faults = []
    lines = LINE_END.split(text)
    if not lines[0].lstrip('" ').startswith(MARK):
        raise GlossaryError(f"{source}:1: not a file of conflicts; its first line must be {MARK}")
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip('" ').startswith("#"):
            continue
        parts = line.split("\t", 3)
        head = [part.strip().strip('"').lower() for part in (*parts, "", "", "")]
        stands, conflict, side = head[:3]
        if stands == _HEAD[0]:
            continue
        try:
            if len(parts) < 4 or side not in SIDES or not conflict.isdecimal():
                raise GlossaryError("not a row of a conflict: stands, number, side, then the row")
            if stands not in ("", "x", "-"):
                raise GlossaryError(f"{stands!r} is no mark; write x, or -, or nothing")
            row = tuple(cell.value for cell in cells(parts[3]))
            if row[1] != "*":
                term_from(dict(zip(COLUMNS, row, strict=True)))
            rows.setdefault(conflict, []).append((stands, side, row))
        except GlossaryError as error:
            faults.append(f"{source}:{number}: {error}")
    for conflict, found in rows.items():
        marks = {stands for stands, _, _ in found}
        if marks == {""}:
            faults.append(f"{source}: conflict {conflict} ({found[0][2][0]}) has no mark yet")
        elif {"x", "-"} <= marks:
            faults.append(f"{source}: conflict {conflict} has both x and -; choose")
    if faults:
        raise GlossaryError("\n".join(faults))
    return [_decision(found) for found in rows.values()]


def _decision(found: Sequence[tuple[str, str, Row]]) -> Decision:
    sides = {side: tuple(row for _, where, row in found if where == side) for side in SIDES}
    conflict = Conflict(found[0][2][0], "", sides["base"], sides["mine"], sides["theirs"])
    return Decision(conflict, tuple(row for stands, _, row in found if stands == "x"))


def apply(sheet: Sheet, decisions: Iterable[Decision]) -> None:
    """Put the rows that stand in the place of those of mine.

    Raises:
        GlossaryError: If what was decided cannot stand together.
    """
    for decision in decisions:
        mine, stands = decision.conflict.mine, decision.stands
        for id in dict.fromkeys(row[0] for row in (*mine, *stands)):
            old = [row for row in mine if row[0] == id]
            new = [row for row in stands if row[0] == id]
            _apply(sheet, id, old, new)


def _apply(sheet: Sheet, id: str, old: list[Row], new: list[Row]) -> None:
    own = next((row for row in new if row[1] == "*"), None)
    whole = any(row[1] == "*" for row in old) and any(row[1] != "*" for row in old)
    if id in sheet:
        concept = sheet.concept(id)
        if whole and not new:
            sheet.remove_concept(id)
            return
    elif not new:
        return
    elif own is None:
        raise GlossaryError(
            f"{sheet.source}: {id} is no concept here; let its own row (with * as lang) stand too"
        )
    else:
        sheet.add_concept(Concept(id, own[9], ()))
        concept = sheet.concept(id)
    gone = {circumstances(_term(row)) for row in old if row[1] != "*"}
    terms = [term for term in concept.terms if circumstances(term) not in gone]
    for row in new:
        if row[1] != "*":
            term = _term(row)
            terms = [t for t in terms if circumstances(t) != circumstances(term)]
            terms.append(term)
    wanted = replace(concept, terms=tuple(terms))
    if own is not None:
        head = "\t".join(COLUMNS) + "\n" + format_line(own)
        told = parse(f"{NEWEST}\n{head}", sheet.source).concepts[0]
        wanted = replace(
            wanted, domain=told.domain, note=told.note, relations=told.relations
        )
    transform(sheet, id, wanted)


def _term(row: Row) -> Term:
    return term_from(dict(zip(COLUMNS, row, strict=True)))
