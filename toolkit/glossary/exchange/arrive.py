"""Bring what was imported into a glossary file: add what is new, change nothing that is there."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from toolkit.glossary.concept import PROPOSED, Concept, Term
from toolkit.glossary.edit import fold
from toolkit.glossary.exchange.parcel import Report, unused
from toolkit.glossary.format import circumstances
from toolkit.glossary.sheet import Sheet
from toolkit.languages import NAMES


@dataclass(frozen=True, slots=True)
class Arrival:
    """What became of a parcel: counts, and what a person should look at."""

    new: int
    extended: int
    same: int
    terms: int
    report: tuple[str, ...]
    ids: tuple[str, ...]


class _Index:
    """The concepts of a file by their terms, however these are spelt."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self._ids: dict[tuple[str, str], list[str]] = defaultdict(list)
        for concept in concepts:
            self.add(concept)

    def add(self, concept: Concept) -> None:
        for term in concept.terms:
            if term.status == "forbidden":  # what a concept is not
                continue
            ids = self._ids[term.lang, fold(term.text, term.lang)]
            if concept.id not in ids:
                ids.append(concept.id)

    def near(self, concept: Concept) -> dict[str, set[str]]:
        """Return the ids that share terms with a concept, and the languages they share them in."""
        found: dict[str, set[str]] = defaultdict(set)
        for term in concept.terms:
            if term.status in ("preferred", "admitted", PROPOSED):
                for id in self._ids.get((term.lang, fold(term.text, term.lang)), ()):
                    found[id].add(term.lang)
        return found


def arrive(
    sheet: Sheet, concepts: Iterable[Concept], own_ids: frozenset[str], *,
    proposed: bool = False,
) -> Arrival:
    """Add concepts to a file.

    A concept is one that is there if it has its id and a term in common with it, or terms in two
    languages. Then its other terms are added; where its preferred term is not the one that is
    preferred here it is added as proposed, for a person to decide. Nothing that is there changes.

    Args:
        own_ids: Ids the other file gave itself; others were made and mean nothing by themselves.
        proposed: Bring all terms in as proposed.
    """
    report = Report()
    index = _Index(sheet.concepts())
    new = extended = same = terms = 0
    ids: list[str] = []
    renamed: dict[str, str] = {}
    relations: list[tuple[str, Concept]] = []
    arrived: dict[frozenset[tuple[str, str]], str] = {}
    for concept in concepts:
        if proposed:
            concept = _proposed(concept)
        content = frozenset((t.lang, fold(t.text, t.lang)) for t in concept.terms)
        id = _place(sheet, concept, concept.id in own_ids, index, report)
        if id is None and concept.id not in own_ids and content in arrived:
            report.add("a concept that stands twice in the other file was added once", concept.id)
            id = arrived[content]
        if id is None:
            id = unused(concept.id, set(sheet.ids)) if concept.id in sheet else concept.id
            sheet.add_concept(replace(concept, id=id, relations=()))
            arrived[content] = id
            new += 1
            terms += len(concept.terms)
            ids.append(id)
        else:
            added = _extend(sheet, id, concept, report)
            terms += added
            extended += added > 0
            same += added == 0
            if added:
                ids.append(id)
        renamed[concept.id] = id
        if concept.relations:
            relations.append((id, concept))
    for id, concept in relations:
        old = sheet.concept(id).relations
        found = tuple((kind, renamed.get(target, target)) for kind, target in concept.relations)
        more = tuple(item for item in found if item not in old and item[1] in sheet)
        for _, target in found:
            if target not in sheet:
                report.add(f"a relation to {target}, which is not in the file, was left out", id)
        if more:
            sheet.set_concept(id, relations=(*old, *more))
    return Arrival(new, extended, same, terms, report.lines(), tuple(ids))


def _proposed(concept: Concept) -> Concept:
    return replace(concept, terms=tuple(replace(t, status=PROPOSED) for t in concept.terms))


def _place(
    sheet: Sheet, concept: Concept, own: bool, index: _Index, report: Report
) -> str | None:
    """Return the id of the concept in the file that this one is; None if there is none."""
    near = index.near(concept)
    if own and concept.id in sheet:
        there = sheet.concept(concept.id)
        common = {t.lang for t in concept.terms} & {t.lang for t in there.terms}
        if not common or concept.id in near:
            return concept.id
        report.add("an id stands for something else here; the concept got another", concept.id)
    best = max((len(langs) for langs in near.values()), default=0)
    found = [id for id, langs in near.items() if len(langs) == best]
    alone = len({t.lang for t in concept.terms}) == 1
    if best >= 2 or (best == 1 and alone and len(found) == 1):
        if len(found) == 1:
            return found[0]
        report.add(f"could be any of {', '.join(found)}; it was added beside them", concept.id)
    elif best == 1:
        for id in found[:3]:
            lang = next(iter(near[id]))
            report.add(f"a new concept has a {NAMES[lang]} term of one that is here",
                       f"{concept.id}: {id}")  # fmt: skip
    return None


def _extend(sheet: Sheet, id: str, concept: Concept, report: Report) -> int:
    added = 0
    for term in concept.terms:
        there = sheet.concept(id)
        known = [
            t for t in there.terms
            if t.lang == term.lang and fold(t.text, t.lang) == fold(term.text, t.lang)
        ]  # fmt: skip
        if known:
            _compare(known, term, id, report)
            continue
        if term.status == "preferred" and there.preferred(term.lang):
            report.add(
                f"the preferred {NAMES[term.lang]} term is another here; it was added as "
                "proposed: glossary approve or reject", f"{id}: {term.text}",
            )  # fmt: skip
            term = replace(term, status=PROPOSED)
        elif term.status not in ("preferred", PROPOSED) and not there.preferred(term.lang):
            term = replace(term, status=PROPOSED)
        if any(circumstances(t) == circumstances(term) for t in there.terms):
            continue
        sheet.add_term(id, term)
        added += 1
    if concept.note and not sheet.concept(id).note:
        sheet.set_concept(id, note=concept.note)
    elif concept.note and concept.note != sheet.concept(id).note:
        report.add("the note is another here and was left as it is", id)
    return added


def _compare(known: list[Term], term: Term, id: str, report: Report) -> None:
    if all(t.status != term.status for t in known) and term.status != PROPOSED:
        report.add(
            f"{term.status} in the other file, {known[0].status} here: left as it is",
            f"{id}: {term.text}",
        )
