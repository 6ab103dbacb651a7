"""What one language of a passage holds: its concepts, and which of them demand an equivalent."""

import datetime
from collections import Counter
from dataclasses import dataclass, field

from toolkit.glossary import wording
from toolkit.glossary.check import is_mention
from toolkit.glossary.match import Group, Match
from toolkit.glossary.patterns import OFFICE, PERSON, SLOT
from toolkit.glossary.words import Words

LADDER = "partnership"  # the domain whose concepts are rungs: one may not stand for another
_OF_A_STATE = {OFFICE, "agency", "organisation", "administration"}


@dataclass(slots=True)
class Side:
    """What one language of a row holds."""

    text: str
    groups: list[Group]
    counts: Counter[str] = field(default_factory=Counter)
    present: set[str] = field(default_factory=set)
    demands: dict[str, tuple[Match, frozenset[str]]] = field(default_factory=dict)
    partners: dict[str, tuple[Match, frozenset[str]]] = field(default_factory=dict)
    wrong: set[str] = field(default_factory=set)

    def rungs(self) -> dict[str, tuple[Match, frozenset[str]]]:
        """Return what demands an equivalent, and the partners that must be of the same rung."""
        return {**self.partners, **self.demands}


def side_of(text: str, lang: str, groups: list[Group], day: datetime.date | None) -> Side:
    side = Side(text, groups)
    for group in groups:
        best = group.matches[0]
        if best.term.status == "forbidden":
            if not is_mention(text, best.start, best.end, lang):
                side.wrong.add(best.concept.id)
            continue
        readings = [match for match in group.matches if match.term.status != "forbidden"]
        ids = frozenset(match.concept.id for match in readings)
        for id in ids:
            side.counts[id] += 1
        side.present |= ids
        for inner in group.inner:
            # A rung inside a longer rung is not that rung; an organisation inside the name of
            # its council is that organisation.
            if inner.term.status != "forbidden" and not (
                inner.concept.domain == best.concept.domain == LADDER
            ):
                side.present.add(inner.concept.id)
            if inner.concept.domain == PERSON and "accept-only" not in inner.term.flags:
                # Председатель КНР Си Цзиньпин is an office that has its holder in it.
                side.demands.setdefault(inner.concept.id, (inner, frozenset((inner.concept.id,))))
        if (
            not SLOT.search(best.term.text)
            and not is_partial(best)
            and not (best.concept.domain == OFFICE and wording.several(best, text))
            and not (best.concept.domain in _OF_A_STATE and wording.of_another(best, text))
        ):
            side.demands.setdefault(best.concept.id, (best, ids))
        elif best.concept.domain == LADDER and not SLOT.search(best.term.text):
            # Partners are a rung too: they demand no partnership, but no other rung answers.
            side.partners.setdefault(best.concept.id, (best, ids))
    return side


def is_partial(match: Match) -> bool:
    """Say whether a form is too short to demand an equivalent: 委员会 for the whole committee."""
    term = match.term
    preferred = match.concept.preferred(term.lang)
    if "accept-only" in term.flags:
        return True
    if preferred is None or term.text == preferred.text:
        return False
    part, whole = Words(term.text, term.lang).forms, Words(preferred.text, term.lang).forms
    starts = range(len(whole) - len(part) + 1)
    inside = any(whole[start : start + len(part)] == part for start in starts)
    return inside and 3 * len(part) <= 2 * len(whole)
