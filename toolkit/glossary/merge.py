"""Merge two glossaries that come from one: by id or content, and never by a guess.

What only one side changed is taken. What both changed, each in its way, is a conflict: it stays
as it is in mine, and its rows go into a file where a person marks what is to stand.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from toolkit.errors import GlossaryError
from toolkit.glossary.concept import PROPOSED, Concept, Term
from toolkit.glossary.differences import match_contents, pair, transform, without_lines
from toolkit.glossary.format import COLUMNS, circumstances, concept_row, term_row
from toolkit.glossary.reading import read
from toolkit.glossary.rows import term_from
from toolkit.glossary.sheet import Sheet
from toolkit.languages import LANGS, NAMES

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """What a person has to decide: rows of each side, as the file has them."""

    concept: str
    reason: str
    base: tuple[Row, ...] = ()
    mine: tuple[Row, ...] = ()
    theirs: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Merged:
    """The sheet of mine with what was taken from theirs, and what was left to a person."""

    sheet: Sheet
    conflicts: tuple[Conflict, ...]


def merge(base: str | None, mine: str, theirs: str) -> Merged:
    """Merge the texts of glossary files, as `merge_into`."""
    sheet = Sheet(mine, "mine")
    return Merged(sheet, merge_into(sheet, theirs, base))


def merge_into(
    sheet: Sheet, theirs: str, base: str | None, names: tuple[str, str] = ("theirs", "base")
) -> tuple[Conflict, ...]:
    """Merge ``theirs`` into the sheet of mine, and return what a person has to decide.

    Args:
        theirs: Text of a glossary file.
        base: Text of what both come from; None if they have nothing in common: then all that
            differs in one concept is a conflict.
        names: Of theirs and of base, for messages.

    Raises:
        GlossaryError: For a text that is no glossary file.
    """
    other = {c.id: c for c in read(theirs, names[0]).concepts}
    origin = {} if base is None else {c.id: c for c in read(base, names[1]).concepts}
    merger = _Merger(sheet, origin, {c.id: c for c in sheet.concepts()}, other)
    merger.run()
    return tuple(merger.conflicts)


class _Merger:
    def __init__(
        self, sheet: Sheet, base: dict[str, Concept], mine: dict[str, Concept],
        theirs: dict[str, Concept],
    ) -> None:
        self.sheet = sheet
        self.base = base
        self.mine = mine
        self.theirs = theirs
        self.conflicts: list[Conflict] = []

    def run(self) -> None:
        in_mine = _follow(self.base, self.mine)
        in_theirs = _follow(self.base, self.theirs)
        old_mine, old_theirs = set(in_mine.values()), set(in_theirs.values())
        for id, concept in self.base.items():
            self._known(
                concept, self.mine.get(in_mine.get(id, "")),
                self.theirs.get(in_theirs.get(id, "")),
            )  # fmt: skip
        new_mine = {id: c for id, c in self.mine.items() if id not in old_mine}
        new_theirs = [c for id, c in self.theirs.items() if id not in old_theirs]
        # What theirs has beside its new concepts, its new concepts are not.
        alone = [c for c in self.mine.values() if c.id in new_mine and c.id not in self.theirs]
        alone += [
            self.mine[here] for id, here in in_mine.items() if id not in in_theirs
        ]
        self._new(new_mine, new_theirs, alone)

    def _known(self, base: Concept, mine: Concept | None, theirs: Concept | None) -> None:
        """Merge a concept that the base has."""
        if mine is None and theirs is None:
            return
        if theirs is None and mine is not None:
            if mine.id == base.id and _says(mine) == _says(base):
                try:
                    self.sheet.remove_concept(mine.id)
                except GlossaryError as error:
                    self._conflict(mine.id, str(error), base, mine, theirs)
            else:
                self._conflict(mine.id, "removed there, changed here", base, mine, theirs)
        elif mine is None and theirs is not None:
            if theirs.id != base.id or _says(theirs) != _says(base):
                self._conflict(theirs.id, "removed here, changed there", base, mine, theirs)
        elif mine is not None and theirs is not None:
            self._both(base, mine, theirs)

    def _new(
        self, new_mine: dict[str, Concept], new_theirs: list[Concept], alone: list[Concept]
    ) -> None:
        """Merge what the base has not: theirs is taken unless mine may hold it already.

        ``alone`` are the concepts of mine that theirs has not: the only ones it could be.
        """
        same_id = {c.id: new_mine[c.id] for c in new_theirs if c.id in new_mine}
        matched, unsure = match_contents([c for c in new_theirs if c.id not in same_id], alone)
        doubts: dict[str, list[tuple[Concept, tuple[str, ...]]]] = {}
        for concept, other, langs in unsure:
            doubts.setdefault(concept.id, []).append((other, langs))
        for concept in new_theirs:
            if concept.id in same_id:
                mine = same_id[concept.id]
                if _strangers(mine, concept):
                    self._conflict(
                        concept.id, "one id for two concepts that share no preferred term", None,
                        mine, concept,
                    )  # fmt: skip
                else:
                    self._both(None, mine, concept)
            elif concept.id in matched:
                mine = self.mine[matched[concept.id]]
                # The same concept under another id: mine stays, what they say of it is merged.
                self._both(None, mine, replace(concept, id=mine.id))
            elif concept.id in doubts:
                near = doubts[concept.id]
                told = "; ".join(
                    f"{other.id} has the same {' and '.join(NAMES[lang] for lang in langs)} term"
                    for other, langs in near
                )
                self.conflicts.append(
                    Conflict(
                        concept.id, f"new there, but perhaps here already: {told}", (),
                        tuple(row for other, _ in near for row in _rows(other)), _rows(concept),
                    )  # fmt: skip
                )
            elif concept.id in self.sheet:
                self._conflict(
                    concept.id, "new there under an id that another concept has here", None,
                    self.sheet.concept(concept.id), concept,
                )  # fmt: skip
            else:
                self.sheet.add_concept(concept)

    def _both(self, base: Concept | None, mine: Concept, theirs: Concept) -> None:
        result, conflicts = merge_concepts(base, mine, theirs)
        self.conflicts += conflicts
        if result.id != mine.id and result.id in self.sheet:
            self._conflict(
                mine.id, f"renamed there to {result.id}, which is another concept here", base,
                mine, theirs,
            )  # fmt: skip
            result = replace(result, id=mine.id)
        if result != without_lines(mine):
            transform(self.sheet, mine.id, result)

    def _conflict(
        self, id: str, reason: str, base: Concept | None, mine: Concept | None,
        theirs: Concept | None,
    ) -> None:
        self.conflicts.append(Conflict(id, reason, _rows(base), _rows(mine), _rows(theirs)))


def _follow(base: dict[str, Concept], side: dict[str, Concept]) -> dict[str, str]:
    """Return where the concepts of the base are on a side: under their id, or renamed."""
    found = {id: id for id in base if id in side}
    renamed, _ = match_contents(
        [c for id, c in base.items() if id not in side],
        [c for id, c in side.items() if id not in base],
    )
    return {**found, **renamed}


def merge_concepts(
    base: Concept | None, mine: Concept, theirs: Concept
) -> tuple[Concept, list[Conflict]]:
    """Merge one concept; where both changed the same thing, the result has mine."""
    base, mine, theirs = (c and without_lines(c) for c in (base, mine, theirs))
    assert mine is not None and theirs is not None
    conflicts: list[Conflict] = []
    id = _scalar(base and base.id, mine.id, theirs.id)
    if id is None:
        conflicts.append(
            Conflict(mine.id, f"renamed here to {mine.id}, there to {theirs.id}",
                     _rows(base), _rows(mine), _rows(theirs))
        )  # fmt: skip
        id = mine.id
    domain = _scalar(base and base.domain, mine.domain, theirs.domain)
    note = _scalar(base.note if base else "", mine.note, theirs.note)
    if domain is None or note is None:
        what = " and ".join(
            name for name, value in (("domain", domain), ("note", note)) if value is None
        )
        own = [(concept_row(c),) if c else () for c in (base, mine, theirs)]
        conflicts.append(Conflict(mine.id, f"another {what} here and there", *own))
    relations = _listed(base.relations if base else (), mine.relations, theirs.relations)
    terms: list[Term] = []
    for lang in _langs(mine, theirs):
        found, trouble = _merge_terms(base, mine, theirs, lang)
        terms += found
        conflicts += trouble
    result = Concept(
        id, mine.domain if domain is None else domain, tuple(terms),
        mine.note if note is None else note, 0, relations,
    )  # fmt: skip
    return _in_order(result, mine), conflicts


def _merge_terms(
    base: Concept | None, mine: Concept, theirs: Concept, lang: str
) -> tuple[list[Term], list[Conflict]]:
    sides = [[t for t in c.terms if t.lang == lang] if c else [] for c in (base, mine, theirs)]
    result: list[Term] = []
    conflicts: list[Conflict] = []

    def conflict(reason: str, *terms: Term | None) -> None:
        rows = [(term_row(mine.id, term),) if term else () for term in terms]
        conflicts.append(Conflict(mine.id, reason, *rows))

    for old, ours, other in _triples(*sides):
        wording = next(term for term in (ours, other, old) if term is not None).text
        if ours is not None and other is not None:
            merged, columns = _merge_rows(old, ours, other)
            if columns:
                conflict(f"{wording}: another {', '.join(columns)} here and there",
                         old, ours, other)  # fmt: skip
            result.append(merged)
        elif ours is not None:
            if old is None or ours != old:
                result.append(ours)
            if old is not None and ours != old:
                conflict(f"{wording}: removed there, changed here", old, ours, None)
        elif other is not None:
            if old is None:
                result.append(other)
            elif other != old:
                conflict(f"{wording}: removed here, changed there", old, None, other)
    reason = _impossible(result, sides[1:], lang)
    if reason:
        rows = [tuple(term_row(mine.id, t) for t in side) for side in sides]
        return sides[1], [Conflict(mine.id, reason, *rows)]
    return result, conflicts


def _impossible(terms: list[Term], sides: list[list[Term]], lang: str) -> str:
    """Say why a language cannot stand as it was merged, if so."""
    preferred = [term.text for term in terms if term.status == "preferred"]
    if len(preferred) > 1:
        return f"two preferred {NAMES[lang]} terms: {', '.join(preferred)}"
    if not preferred and all(any(t.status == "preferred" for t in side) for side in sides):
        if any(term.status != PROPOSED for term in terms):
            return f"no preferred {NAMES[lang]} term would be left"
    if len({circumstances(term) for term in terms}) < len(terms):
        return f"one {NAMES[lang]} term would stand twice"
    return ""


_Triple = tuple[Term | None, Term | None, Term | None]


def _triples(base: list[Term], mine: list[Term], theirs: list[Term]) -> list[_Triple]:
    """Return each term as it stands on the three sides; mine in their order, theirs after."""
    ours, others = dict(pair(base, mine)), dict(pair(base, theirs))
    new_mine = [mine[b] for a, b in pair(base, mine) if a is None and b is not None]
    new_theirs = [theirs[b] for a, b in pair(base, theirs) if a is None and b is not None]
    found: list[_Triple] = []
    for number, term in enumerate(base):
        here, there = ours.get(number), others.get(number)
        found.append(
            (term, None if here is None else mine[here], None if there is None else theirs[there])
        )
    for a, b in pair(new_mine, new_theirs):
        found.append(
            (None, None if a is None else new_mine[a], None if b is None else new_theirs[b])
        )
    return found


def _merge_rows(base: Term | None, mine: Term, theirs: Term) -> tuple[Term, list[str]]:
    """Merge the cells of a term; return also the columns that both changed."""
    if mine == theirs:
        return mine, []
    rows = [None if t is None else term_row("", t) for t in (base, mine, theirs)]
    cells, columns = {}, []
    for number, column in enumerate(COLUMNS):
        old, ours, other = (row[number] if row else None for row in rows)
        assert ours is not None and other is not None
        if column == "evidence":
            merged: str | None = " ".join(
                _listed(tuple((old or "").split()), tuple(ours.split()), tuple(other.split()))
            )
            if base is None and "unverified" in ours.split() + other.split():
                # Seen by one side is seen.
                if "unverified" not in ours.split() or "unverified" not in other.split():
                    merged = " ".join(i for i in str(merged).split() if i != "unverified")
        elif column == "note" and base is None:
            merged = _scalar("", ours, other)
        else:
            merged = _scalar(old, ours, other)
        if merged is None:
            columns.append(column)
        cells[column] = ours if merged is None else merged
    if columns:
        return mine, columns
    try:
        return term_from({**cells, "lang": mine.lang}), []
    except GlossaryError as error:  # each date is possible, but not both together
        return mine, [f"from or to ({error})"]


def _scalar(base: str | None, mine: str, theirs: str) -> str | None:
    """Return what a value becomes, None if both changed it."""
    if mine == theirs or theirs == base:
        return mine
    return theirs if mine == base else None


def _listed(base: tuple, mine: tuple, theirs: tuple) -> tuple:
    """Merge lists: what either side took out is out, what either added is in."""
    kept = [item for item in mine if item in theirs or item not in base]
    return tuple(kept + [i for i in theirs if i not in mine and i not in base])


def _langs(*concepts: Concept) -> Iterable[str]:
    spoken = {term.lang for concept in concepts for term in concept.terms}
    return [lang for lang in LANGS if lang in spoken]


def _in_order(result: Concept, mine: Concept) -> Concept:
    """Put the terms in the order they have in mine; new ones keep theirs, behind."""
    places = {circumstances(term): number for number, term in enumerate(mine.terms)}
    last = len(places)
    terms = sorted(result.terms, key=lambda term: places.get(circumstances(term), last))
    return replace(result, terms=tuple(terms))


def _says(concept: Concept) -> tuple:
    """Return what a concept says, whatever the order of its rows."""
    return (
        concept.domain, concept.note, frozenset(concept.relations),
        frozenset(term_row("", term) for term in concept.terms),
    )  # fmt: skip


def _strangers(one: Concept, other: Concept) -> bool:
    preferred = [
        {t.lang: t.text for t in c.terms if t.status == "preferred"} for c in (one, other)
    ]
    shared = preferred[0].keys() & preferred[1].keys()
    return bool(shared) and all(preferred[0][lang] != preferred[1][lang] for lang in shared)


def _rows(concept: Concept | None) -> tuple[Row, ...]:
    if concept is None:
        return ()
    return (concept_row(concept), *(term_row(concept.id, term) for term in concept.terms))
