"""What is known of a concept in time: its journal, its terms' dates, its dated sources."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from toolkit.glossary.concept import Concept
from toolkit.glossary.journal import Event


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened: ``when`` is a date or a time in UTC, "" where it is unknown.

    ``kind`` is valid, ended, seen, or the action of a journal's record; ``removed`` and ``added``
    are its lines.
    """

    when: str
    kind: str
    what: str
    by: str = ""
    why: str = ""
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    done: bool = True


def of_concept(concept: Concept | None, events: Sequence[Event], id: str) -> list[Moment]:
    """Return the moments of the concept ``id`` in order of time; it may be gone by now."""
    found: list[Moment] = []
    for term in concept.terms if concept else ():
        name = f"{term.lang} {term.text}"
        where = f" for {', '.join(term.scope)}" if term.scope else ""
        if term.valid_from:
            found.append(Moment(term.valid_from.isoformat(), "valid", f"{name}{where} begins"))
        if term.valid_to:
            found.append(Moment(term.valid_to.isoformat(), "ended", f"{name}{where} ends"))
        dates = term.dates or (None,) * len(term.evidence)
        for source, date in zip(term.evidence, dates, strict=True):
            found.append(Moment(date.isoformat() if date else "", "seen", f"{name}: {source}"))
    found += of_journal(events, _names(id, events))
    found.sort(key=lambda moment: (moment.when == "", moment.when))
    return found


def of_journal(events: Iterable[Event], ids: Iterable[str] = ()) -> list[Moment]:
    """Return what a journal tells, of some concepts or of all."""
    wanted = set(ids)
    found = []
    for event in events:
        record = event.record
        removed, added = record.removed, record.added
        if wanted:
            removed, added = (
                tuple(line for line in lines if line.partition("\t")[0].strip(' "') in wanted)
                for lines in (removed, added)
            )
            if not (removed or added or wanted & set(record.concepts)):
                continue
        if event.gap:
            found.append(Moment(record.time, "edit by other means", "the file had changed before"))
        found.append(
            Moment(record.time, record.action, " ".join(record.concepts), record.by, record.why,
                   removed, added, event.done)
        )  # fmt: skip
    return found


def _names(id: str, events: Sequence[Event]) -> set[str]:
    """Return the ids a concept has had."""
    names = {id}
    for event in reversed(events):
        record = event.record
        if record.action == "rename" and event.done and len(record.concepts) == 2:
            if record.concepts[1] in names:
                names.add(record.concepts[0])
    return names
