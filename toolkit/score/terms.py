"""Term success: of the fixed phrases a translation should hold, how many it holds."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from toolkit import languages
from toolkit.errors import ScoreError
from toolkit.glossary.concept import Concept
from toolkit.glossary.match import Group, Match, Matcher
from toolkit.score.lines import translated
from toolkit.score.measures import wilson

_APPROVED = ("preferred", "admitted")
NAMED = frozenset(("person", "place", "country", "country/place", "region", "organisation"))


@dataclass(frozen=True, slots=True)
class Miss:
    """A phrase that should be in a segment and is not.

    ``segment`` counts from 1, as an editor counts lines. ``source`` is what stands in the source
    (empty where none was given), ``expected`` what stands in the reference. ``found`` is a
    deprecated or forbidden form of the concept in the hypothesis, ``status`` which of the two;
    both are empty where nothing of the concept is there.
    """

    segment: int
    concept: str
    source: str
    expected: str
    found: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class ConceptCount:
    """How often one concept was expected and found, and how often in the very form.

    ``term`` is its preferred term in the target language, for a person to read.
    """

    concept: str
    expected: int
    found: int
    exact: int
    term: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one demand: the concept expected in a segment (from 1).

    ``form`` is the glossary's term that was found, empty where none was.
    """

    segment: int
    concept: str
    domain: str
    found: bool
    exact: bool
    form: str


@dataclass(frozen=True, slots=True)
class TermScore:
    """Counts over all segments; ``misses`` in text order, ``concepts`` as first expected.

    ``repeated`` counts expected concepts said oftener than the source or any reference says them:
    success can be bought so. ``outcomes`` holds every demand, in text order.
    """

    expected: int
    found: int
    exact: int
    misses: tuple[Miss, ...]
    concepts: tuple[ConceptCount, ...]
    outcomes: tuple[Outcome, ...] = ()
    repeated: int = 0

    @property
    def consistency(self) -> float | None:
        """Return how often, in percent, a concept found twice or more has its commonest term."""
        forms: dict[str, Counter[str]] = {}
        for outcome in self.outcomes:
            if outcome.found:
                forms.setdefault(outcome.concept, Counter())[outcome.form] += 1
        several = [counts for counts in forms.values() if counts.total() > 1]
        total = sum(counts.total() for counts in several)
        return 100 * sum(max(c.values()) for c in several) / total if total else None

    @property
    def success(self) -> float | None:
        """Return found of expected in percent; None where nothing was expected."""
        return 100 * self.found / self.expected if self.expected else None

    def as_json(self) -> dict[str, Any]:
        """Return the score as plain data."""
        return {
            "success": self.success,
            "found": self.found,
            "expected": self.expected,
            "exact": self.exact,
            "exact_success": 100 * self.exact / self.expected if self.expected else None,
            "consistency": self.consistency,
            "repeated": self.repeated,
            "misses": [asdict(miss) for miss in self.misses],
            "concepts": [_counted(count) for count in self.concepts],
        }


def by_segment(outcomes: Sequence[Outcome], segments: int) -> np.ndarray:
    """Return expected, found and exact of each segment: shape (segments, 3)."""
    rows = np.zeros((segments, 3))
    for outcome in outcomes:
        rows[outcome.segment - 1] += (1, outcome.found, outcome.exact)
    return rows


def _counted(count: ConceptCount) -> dict[str, Any]:
    low, high = wilson(count.found, count.expected)
    success = 100 * count.found / count.expected
    return {**asdict(count), "success": success, "low": low, "high": high}


@dataclass(slots=True)
class _Demand:
    concept: Concept
    source: str
    forms: tuple[str, ...]  # as the references write it
    met: Match | None = None
    exact: bool = False


def success(
    hypotheses: Sequence[str],
    references: Sequence[Sequence[str]],
    to: str,
    matcher: Matcher,
    *,
    sources: Sequence[str] | None = None,
    source_lang: str = "",
) -> TermScore:
    """Count the fixed phrases that reached the translation.

    A concept is expected in a segment as often as an approved term of it (preferred or admitted)
    stands in the source and in every reference, whichever is less; without sources, in every
    reference; without references, in the source, if the glossary has a term for the target
    language. A term flagged ``accept-only`` answers a demand and never makes one. It is found as
    often as an approved term of it stands in the hypothesis, in any inflected form, and never
    oftener than expected. It is exact where the form equals the reference's or the preferred one
    after the language's normalisation. What was marked as left in the source does not count as
    translated.

    Args:
        hypotheses, references, sources: Segments; all of one length.
        to, source_lang: Language codes; the second is needed with ``sources`` only.

    Raises:
        ScoreError: If the counts differ.
    """
    for texts in (*references, *([sources] if sources is not None else [])):
        if len(texts) != len(hypotheses):
            raise ScoreError(
                f"{len(hypotheses)} hypothesis segments, but {len(texts)} of reference or source"
            )
    if not references and sources is None:
        raise ScoreError("terms need a source or a reference to be expected by")
    misses: list[Miss] = []
    outcomes: list[Outcome] = []
    repeated = 0
    counts: dict[str, list[int]] = {}
    terms: dict[str, str] = {}
    for number, (hypothesis, *others) in enumerate(zip(hypotheses, *references, strict=True), 1):
        source = sources[number - 1] if sources is not None else None
        demands, most = _demands(source, source_lang, others, to, matcher)
        if not demands:
            continue
        text = translated(hypothesis)
        groups = matcher.groups(text, to)
        _meet(demands, text, to, groups)
        for id in {demand.concept.id for demand in demands}:
            repeated += max(0, _times(groups, id) - most[id])
        for demand in demands:
            count = counts.setdefault(demand.concept.id, [0, 0, 0])
            wanted = demand.concept.preferred(to)
            terms[demand.concept.id] = wanted.text if wanted else demand.forms[0]
            count[0] += 1
            met = demand.met
            outcomes.append(
                Outcome(
                    number, demand.concept.id, demand.concept.domain, met is not None,
                    demand.exact, met.term.text if met else "",
                )
            )  # fmt: skip
            if met:
                count[1] += 1
                count[2] += demand.exact
            else:
                misses.append(_miss(number, demand, text, groups))
    concepts = tuple(
        ConceptCount(id, count[0], count[1], count[2], terms[id]) for id, count in counts.items()
    )
    return TermScore(
        sum(c.expected for c in concepts),
        sum(c.found for c in concepts),
        sum(c.exact for c in concepts),
        tuple(misses),
        concepts,
        tuple(outcomes),
        repeated,
    )


def _demands(
    source: str | None,
    source_lang: str,
    references: Sequence[str],
    to: str,
    matcher: Matcher,
) -> tuple[list[_Demand], Counter[str]]:
    """Return the concepts a segment's translation has to hold, in the order of the source.

    Beside them, how often the side that says a concept most says it.
    """
    # One stretch of text can be read as several concepts; it answers one.
    free = [list(matcher.groups(reference, to)) for reference in references]
    if source is None:
        text, asking = references[0], list(free[0])
    else:
        text, asking = source, list(matcher.groups(source, source_lang))
    most: Counter[str] = Counter()
    for groups in (asking, *free):
        most |= Counter(id for group in groups for id in {m.concept.id for m in group.matches})
    demands = []
    for group in asking:
        for match in group.matches:
            if not _approved(match) or "accept-only" in match.term.flags:
                continue
            answers = [_take(groups, match.concept) for groups in free]
            wanted = match.concept.preferred(to)
            if not free and wanted is not None:
                shown = text[match.start : match.end]
                demands.append(_Demand(match.concept, shown, (wanted.text,)))
                break
            if free and all(answers):
                forms = []
                for groups, reference, answer in zip(free, references, answers, strict=True):
                    groups.remove(answer[0])
                    forms.append(reference[answer[1].start : answer[1].end])
                shown = text[match.start : match.end] if source is not None else ""
                demands.append(_Demand(match.concept, shown, tuple(forms)))
                break
    return demands, most


def _times(groups: Sequence[Group], id: str) -> int:
    """Return how many stretches of text can be read as a concept."""
    return sum(any(match.concept.id == id for match in group.matches) for group in groups)


def _take(groups: Sequence[Group], concept: Concept) -> tuple[Group, Match] | None:
    """Return the first group with an approved reading of ``concept``, and that reading."""
    for group in groups:
        match = _reading(group, concept)
        if match:
            return group, match
    return None


def _reading(group: Group, concept: Concept) -> Match | None:
    """Return the approved reading of a group as ``concept``, or None."""
    return next((m for m in group.matches if m.concept.id == concept.id and _approved(m)), None)


def _approved(match: Match) -> bool:
    return match.term.status in _APPROVED


def _meet(demands: Sequence[_Demand], text: str, to: str, groups: Sequence[Group]) -> None:
    """Give each demand a term of the hypothesis, exact forms first, each term to one demand."""
    normalise = languages.module(to).normalise
    free = list(groups)
    for exact in (True, False):
        for demand in demands:
            if demand.met:
                continue
            preferred = demand.concept.preferred(to)
            wanted = {normalise(form).text for form in demand.forms}
            if preferred:
                wanted.add(normalise(preferred.text).text)
            for group in free:
                match = _reading(group, demand.concept)
                if match is None:
                    continue
                if exact and normalise(text[match.start : match.end]).text not in wanted:
                    continue
                demand.met, demand.exact = match, exact
                free.remove(group)
                break


def _miss(number: int, demand: _Demand, text: str, groups: Sequence[Group]) -> Miss:
    for group in groups:
        for match in group.matches:
            if match.concept.id == demand.concept.id and not _approved(match):
                return Miss(
                    number,
                    demand.concept.id,
                    demand.source,
                    demand.forms[0],
                    text[match.start : match.end],
                    match.term.status,
                )
    return Miss(number, demand.concept.id, demand.source, demand.forms[0])
