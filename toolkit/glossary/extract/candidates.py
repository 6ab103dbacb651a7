"""Concepts that a corpus holds and the glossary does not: phrases that answer each other.

A Chinese, a Russian and an English phrase are a candidate where each is the others' best answer
over the beads; among phrases in nearly the same beads the longest says most. A part of a longer
candidate stays only where it also stands alone. Renderings beside the best one are looked for in
the beads where the best one is missing.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from toolkit.errors import GlossaryError
from toolkit.glossary.concept import Glossary
from toolkit.glossary.extract.association import Measure, dice, log_likelihood, together
from toolkit.glossary.extract.forms import citation
from toolkit.glossary.extract.phrases import Side, collect, fixedness
from toolkit.glossary.match import Matcher
from toolkit.languages import LANGS

Keys = tuple[str, ...]
_ANSWERS = 8  # of one phrase that are looked at
_WEAKEST = 0.3  # mean association under which phrases do not answer each other
_BEHIND = 0.92  # of the best answer's strength: then the longer phrase is the better one


@dataclass(frozen=True, slots=True)
class Rendering:
    """A form of a candidate in one language, as it is cited; ``places`` are (bead, start, end)."""

    lang: str
    text: str
    count: int
    places: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A concept proposed: renderings, the best of each language first.

    ``beads`` hold it in all its languages; ``association`` is the mean Dice in [0, 1),
    ``likelihood`` the least log-likelihood ratio among its pairs, ``score`` ranks it.
    """

    renderings: tuple[Rendering, ...]
    beads: tuple[int, ...]
    association: float
    likelihood: float
    score: float

    @property
    def named(self) -> bool:
        """Whether it is a name: its Russian and English forms begin with a capital."""
        forms = [best.text for lang in ("ru", "en") if (best := self.best(lang))]
        return bool(forms) and all(text[:1].isupper() for text in forms)

    def best(self, lang: str) -> Rendering | None:
        return next((r for r in self.renderings if r.lang == lang), None)


@dataclass(frozen=True, slots=True)
class _Link:
    """Phrases of two or three languages that answer each other."""

    keys: Mapping[str, Keys]
    beads: frozenset[int]
    strength: float
    likelihood: float


def extract(
    rows: Sequence[Mapping[str, str]],
    glossary: Glossary | None = None,
    *,
    least: int = 2,
    measure: Measure = dice,
    skip: Callable[[Mapping[str, str]], bool] = lambda texts: False,
) -> list[Candidate]:
    """Return candidate concepts of aligned rows, best first.

    Args:
        rows: Texts by language; a language may be missing in some.
        glossary: What is known already and therefore left out.
        least: Beads in which a candidate must stand.
        measure: Of association, of two sets of beads.
        skip: Tells from the texts by language which candidates nobody wants to see again.

    Raises:
        GlossaryError: If the rows are not in two languages at least.
    """
    langs = [lang for lang in LANGS if sum(bool(row.get(lang)) for row in rows) >= 2]
    if len(langs) < 2:
        raise GlossaryError(
            "at least two rows in two languages are needed to see which phrases answer each other"
        )
    sides = sides_of(rows, glossary, least)
    total = len(rows)
    links = _links(sides, langs, total, measure, least)
    found = [
        _candidate(link, sides, total)
        for link in _without_parts(links, sides, least)
    ]
    found = [c for c in found if not skip({r.lang: r.text for r in c.renderings})]
    found.sort(key=lambda c: (-c.score, c.renderings[0].text))
    return found


def sides_of(
    rows: Sequence[Mapping[str, str]], glossary: Glossary | None, least: int
) -> dict[str, Side]:
    """Return the phrases of each language of the rows; what ``glossary`` knows is left out."""
    matcher = Matcher(glossary) if glossary is not None else None
    return {
        lang: _side(lang, rows, matcher, least)
        for lang in LANGS
        if sum(bool(row.get(lang)) for row in rows) >= 2
    }


def _side(
    lang: str, rows: Sequence[Mapping[str, str]], matcher: Matcher | None, least: int
) -> Side:
    def known(text: str) -> Iterable[tuple[int, int]]:
        if matcher is None:
            return ()
        return [
            (match.start, match.end)
            for group in matcher.groups(text, lang, frames=False)
            for match in group.matches[:1]
        ]

    return collect(lang, [row.get(lang, "") for row in rows], known=known, least=least)


def _links(
    sides: Mapping[str, Side], langs: Sequence[str], total: int, measure: Measure, least: int
) -> list[_Link]:
    """Return the phrases that are each other's answer, strongest first."""
    beads = {
        lang: {keys: phrase.beads for keys, phrase in side.phrases.items()}
        for lang, side in sides.items()
    }
    pairs = [(a, b) for number, a in enumerate(langs) for b in langs[number + 1 :]]
    answers: dict[tuple[str, str], dict[Keys, list[tuple[float, Keys]]]] = {}
    for a, b in pairs:
        counts = together(beads[a], beads[b])
        forth = {
            keys: _best(keys, many, beads[a], beads[b], total, measure, least)
            for keys, many in counts.items()
        }
        back: dict[Keys, Counter[Keys]] = {}
        for keys, many in counts.items():
            for other, times in many.items():
                if times >= least:
                    back.setdefault(other, Counter())[keys] = times
        answers[a, b] = forth
        answers[b, a] = {
            keys: _best(keys, many, beads[b], beads[a], total, measure, least)
            for keys, many in back.items()
        }
    links = []
    first = langs[0]
    for keys in beads[first]:
        best: _Link | None = None
        for chosen in _choices(keys, langs, answers):
            link = _link(chosen, beads, pairs, total, measure)
            if len(link.beads) < least or link.strength < _WEAKEST:
                continue
            if best is None or _better(link, best):
                best = link
        if best is not None and _mutual(best, langs, answers):
            links.append(best)
    links.sort(key=lambda link: (-link.strength, sorted(link.keys.items())))
    return links


def _best(
    keys: Keys, many: Counter[Keys], own: Mapping[Keys, Sequence[int]],
    others: Mapping[Keys, Sequence[int]], total: int, measure: Measure, least: int,
) -> list[tuple[float, Keys]]:  # fmt: skip
    """Return the strongest answers to a phrase; of equal ones the longest first."""
    left = len(own[keys])
    found = [
        (measure(times, left, len(others[other]), total), other)
        for other, times in many.items()
        if times >= least
    ]
    found.sort(key=lambda item: (-round(item[0], 3), -len(item[1]), item[1]))
    return found[:_ANSWERS]


def _choices(
    keys: Keys, langs: Sequence[str], answers: Mapping[tuple[str, str], dict[Keys, list]]
) -> Iterable[dict[str, Keys]]:
    first, second, *rest = langs
    for _, other in answers[first, second].get(keys, ()):
        if not rest:
            yield {first: keys, second: other}
            continue
        for _, third in answers[first, rest[0]].get(keys, ()):
            yield {first: keys, second: other, rest[0]: third}


def _link(
    chosen: dict[str, Keys], beads: Mapping[str, Mapping[Keys, Sequence[int]]],
    pairs: Sequence[tuple[str, str]], total: int, measure: Measure,
) -> _Link:  # fmt: skip
    sets = {lang: frozenset(beads[lang][keys]) for lang, keys in chosen.items()}
    strengths, likelihoods = [], []
    for a, b in pairs:
        both = len(sets[a] & sets[b])
        strengths.append(dice(both, len(sets[a]), len(sets[b]), total))
        likelihoods.append(log_likelihood(both, len(sets[a]), len(sets[b]), total))
    return _Link(
        chosen,
        frozenset.intersection(*sets.values()),
        sum(strengths) / len(strengths),
        min(likelihoods),
    )


def _better(link: _Link, other: _Link) -> bool:
    """Say whether a link says more: stronger, or nearly as strong and longer."""
    if link.strength * _BEHIND > other.strength:
        return True
    if other.strength * _BEHIND > link.strength:
        return False
    return (_length(link), link.strength) > (_length(other), other.strength)


def _length(link: _Link) -> int:
    return sum(len("".join(keys)) for keys in link.keys.values())


def _mutual(
    link: _Link, langs: Sequence[str], answers: Mapping[tuple[str, str], dict[Keys, list]]
) -> bool:
    """Say whether no phrase of a link has a clearly better answer than those in it."""
    for a in langs:
        for b in langs:
            if a == b:
                continue
            found = answers[a, b].get(link.keys[a], ())
            own = next((strength for strength, keys in found if keys == link.keys[b]), None)
            if own is None or own < found[0][0] * 0.75:
                return False
    return True


def _without_parts(
    links: Iterable[_Link], sides: Mapping[str, Side], least: int
) -> list[_Link]:
    """Keep each phrase once, and parts of longer candidates only where they stand alone."""
    kept: list[_Link] = []
    used: dict[tuple[str, Keys], list[_Link]] = {}
    for link in sorted(links, key=lambda one: (-_length(one), -one.strength)):
        covered: set[int] = set()
        for lang, keys in link.keys.items():
            for longer in used.get((lang, keys), ()):
                covered |= longer.beads
        inner = sum(
            any(_stands_in(keys, longer.keys[lang]) for longer in used.get((lang, keys), ()))
            for lang, keys in link.keys.items()
        )
        alone = link.beads - covered
        if inner >= 2 and len(alone) < max(least, len(link.beads) // 4):
            continue
        kept.append(link)
        for lang, keys in link.keys.items():
            for first in range(len(keys)):
                for last in range(first + 1, len(keys) + 1):
                    used.setdefault((lang, keys[first:last]), []).append(link)
    kept.sort(key=lambda one: -one.strength)
    taken: set[tuple[str, Keys]] = set()
    chosen = []
    for link in kept:
        own = set(link.keys.items())
        if len(own & taken) >= len(own) - 1:  # a second answer of the same phrases
            continue
        taken |= own
        chosen.append(link)
    return chosen


def _stands_in(part: Keys, whole: Keys) -> bool:
    return len(part) < len(whole) and any(
        whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1)
    )


def _candidate(link: _Link, sides: Mapping[str, Side], total: int) -> Candidate:
    renderings = []
    for lang in LANGS:
        if lang in link.keys:
            renderings += _renderings(lang, link, sides, total)
    fixed = [fixedness(sides[lang], keys) for lang, keys in link.keys.items()]
    alone = min(_alone(sides[lang], keys) for lang, keys in link.keys.items())
    single = all(len(keys) == 1 for lang, keys in link.keys.items() if lang != "zh")
    found = Candidate(
        tuple(renderings), tuple(sorted(link.beads)), link.strength, link.likelihood, 0.0
    )
    fixed_share = sum(fixed) / len(fixed)
    score = rank(link.strength, len(link.beads), fixed_share, alone, found.named, single)
    return replace(found, score=score)


def rank(
    strength: float, beads: int, fixed: float, alone: float, named: bool, single: bool
) -> float:
    """Return the score of a candidate: how surely it is a term that a glossary should have."""
    return (
        strength * fixed * (0.5 + 0.5 * alone) * beads / (beads + 3)
        * (1.5 if named else 0.4 if single else 1.0)
    )  # fmt: skip


def _alone(side: Side, keys: Keys) -> float:
    """Return how often a phrase stands on its own, not in a longer repeated one, in [0, 1]."""
    places = side.places.get(keys, ())
    return side.phrases[keys].alone / len(places) if places else 0.0


def _renderings(
    lang: str, link: _Link, sides: Mapping[str, Side], total: int
) -> list[Rendering]:
    """Return the best rendering of a language and those that stand in its place elsewhere."""
    side = sides[lang]
    best = link.keys[lang]
    found = [_rendering(side, best, link.beads)]
    others = [set(sides[o].phrases[keys].beads) for o, keys in link.keys.items() if o != lang]
    # Beads where the other languages have it and this one has something else.
    elsewhere = set.intersection(*others) - set(side.phrases[best].beads)
    if len(elsewhere) < 2:
        return found
    counts: Counter[Keys] = Counter()
    by_bead = _by_bead(side)
    for number in elsewhere:
        counts.update(by_bead.get(number, ()))
    scored = []
    for keys, times in counts.items():
        if times < 2 or _stands_in(keys, best):
            continue
        size = side.phrases[keys].count
        strength = dice(times, len(elsewhere), size, total)
        if strength >= 0.5:
            scored.append((-round(strength, 3), -len(keys), keys))
    for _, _, keys in sorted(scored)[:1]:
        beads = elsewhere & set(side.phrases[keys].beads)
        found.append(_rendering(side, keys, frozenset(beads)))
    return found




def _by_bead(side: Side) -> dict[int, list[Keys]]:
    if not side.index:
        for keys, phrase in side.phrases.items():
            for number in phrase.beads:
                side.index.setdefault(number, []).append(keys)
    return side.index


# Before a word that has a capital because a sentence begins.
_BEGINNING = re.compile(r"(?:^|[.!?:…]|[—–])[\s«»\"“”„()•*-]*$")


def _rendering(side: Side, keys: Keys, beads: frozenset[int]) -> Rendering:
    places = tuple(place for place in side.places.get(keys, ()) if place[0] in beads)
    surfaces = [
        (side.texts[n][start:end], 0 if _BEGINNING.search(side.texts[n], 0, start) else start)
        for n, start, end in places
    ]
    return Rendering(side.lang, citation(surfaces, side.lang), len(places), places)
