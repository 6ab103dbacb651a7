"""Concepts and terms, and the finding a check makes of them."""

import datetime
from dataclasses import dataclass, field

STATUSES = ("preferred", "admitted", "deprecated", "forbidden")
PROPOSED = "proposed"  # somebody's suggestion: read only where asked for, never matched or used


@dataclass(frozen=True, slots=True)
class Term:
    """One expression of a concept in one language.

    ``scope`` holds ISO 3166 country codes the term is bound to (empty: any); ``register`` says
    whose dispatches use it ("cn", "ru", empty: any); ``valid_from`` and ``valid_to`` are
    inclusive, None is open. ``flags`` may hold ``accept-only`` (satisfies a check where found, but
    never demands an equivalent by itself: short, ambiguous or partial forms), ``gap`` (up to two
    inserted words allowed), ``case`` (letter case matters). ``verified`` is false where the form
    was never seen in a source. A ``…`` in ``text`` is a slot. ``line`` is its line in the file.

    ``slots`` names the slots in order ("" for one without a name; empty: none has a name), so that
    the frames of two languages may have them in another order. ``dates`` says when each piece of
    ``evidence`` is from (empty: unknown for all).
    """

    lang: str
    text: str
    status: str
    scope: tuple[str, ...] = ()
    register: str = ""
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None
    flags: frozenset[str] = frozenset()
    note: str = ""
    evidence: tuple[str, ...] = ()
    verified: bool = True
    line: int = 0
    slots: tuple[str, ...] = ()
    dates: tuple[datetime.date | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Concept:
    """One meaning, its terms in file order.

    ``relations`` are pairs of a kind and a concept's id: ``("replaced-by", "x")``.
    """

    id: str
    domain: str
    terms: tuple[Term, ...]
    note: str = ""
    line: int = 0
    relations: tuple[tuple[str, str], ...] = ()

    def preferred(self, lang: str) -> Term | None:
        """Return the preferred term of ``lang``, or None where the glossary has none."""
        return next((t for t in self.terms if t.lang == lang and t.status == "preferred"), None)


@dataclass(frozen=True, slots=True)
class Glossary:
    """Concepts in order of their files; ``source`` names the file or files.

    ``digest`` tells one content from another where `store.load` made it; "" elsewhere, also in a
    copy that ``replace`` makes.
    """

    concepts: tuple[Concept, ...]
    source: str = ""
    digest: str = field(default="", init=False, compare=False)

    def concept(self, id: str) -> Concept | None:
        return next((c for c in self.concepts if c.id == id), None)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, at a place a person can open: 1-based line and column.

    ``suggestion`` is what to write for ``found``, inflected as it stands there, "" where nobody
    knows; ``safe`` says that the sentence around it needs no other change.
    """

    code: str
    severity: str
    concept: str
    file: str
    line: int
    column: int
    lang: str
    found: str
    expected: str
    message: str
    suggestion: str = ""
    safe: bool = False
