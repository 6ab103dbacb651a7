"""Exact and fuzzy matches of a segment in a translation memory."""

import difflib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from toolkit import languages
from toolkit.glossary.match import Matcher
from toolkit.translate.constraints import Masked
from toolkit.translate.memory import Memory, Repair, key
from toolkit.translate.tm.store import Store, Unit

# A term or name that differs costs more than a word; figures that differ cost a little, since
# they are seen and mended at once. In points of a hundred.
_TERM, _FIGURE = 3.0, 2.0
LEAST = 70.0
_FIGURES = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Match:
    """A unit whose source is like a text; ``score`` 0 to 100, ``exact``: only spelling differs.

    ``difference`` shows what to change in the unit's source: ``[-out-]{+in+}``.
    """

    unit: Unit
    score: float
    exact: bool
    difference: str


def find(
    store: Store,
    text: str,
    source: str,
    target: str,
    *,
    least: float = LEAST,
    limit: int = 5,
    matcher: Matcher | None = None,
) -> list[Match]:
    """Return the units nearest to ``text`` that have a translation, best first.

    The score is 100 times one minus the Levenshtein distance over words (Chinese: characters),
    figures taken as equal, divided by the longer length; then terms and names that only one has
    take off points each, and figures that differ.

    Args:
        least: The least score, 0 to 100.
        matcher: Knows the terms; None counts none.
    """
    found = [
        Match(unit, 100.0, True, "") for unit in store.exact(text, source, target)[:limit]
    ]
    known = {match.unit.id for match in found}
    mine, figures = _words(text, source), Counter(_FIGURES.findall(text))
    terms = _terms(text, source, matcher)
    for unit in store.units(store.near(text, source)):
        if unit.id in known or target not in unit.texts or source not in unit.texts:
            continue
        other = unit.texts[source]
        theirs = _words(other, source)
        score = 100.0 * Levenshtein.normalized_similarity(theirs, mine)
        if score < least:
            continue
        score -= _FIGURE * (Counter(_FIGURES.findall(other)) != figures)
        theirs_too = _terms(other, source, matcher)
        score -= _TERM * max(len(terms - theirs_too), len(theirs_too - terms))
        if score >= least:
            shown = difference(other, text, source)
            # Spelling alone is 100; anything that differs is at most 99.
            found.append(Match(unit, min(score, 99.0), False, shown))
    return sorted(found, key=lambda match: (-match.score, match.unit.id))[:limit]


def _words(text: str, lang: str) -> list[str]:
    plain = languages.module(lang).normalise(text).text
    plain = _FIGURES.sub("0", plain)
    return list("".join(plain.split())) if lang == "zh" else re.findall(r"\w+|[^\w\s]", plain)


def _terms(text: str, lang: str, matcher: Matcher | None) -> frozenset[str]:
    if matcher is None:
        return frozenset()
    return frozenset(match.concept.id for match in matcher.find(text, lang))


def difference(old: str, new: str, lang: str) -> str:
    """Show what turns ``old`` into ``new``, word by word: ``[-out-]{+in+}``."""
    joint = "" if lang == "zh" else " "
    one, other = _tokens(old, lang), _tokens(new, lang)
    pieces = []
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    for sort, a, b, c, d in matcher.get_opcodes():
        if sort == "equal":
            pieces.append(joint.join(one[a:b]))
            continue
        gone, come = joint.join(one[a:b]), joint.join(other[c:d])
        pieces.append((f"[-{gone}-]" if gone else "") + (f"{{+{come}+}}" if come else ""))
    return joint.join(pieces)


def _tokens(text: str, lang: str) -> Sequence[str]:
    return list(text) if lang == "zh" else text.split()


class StoredMemory(Memory):
    """A memory file used by the translator as matches in memory are.

    Args:
        store: Asked for each segment; it stays open.
    """

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store = store

    def lookup(self, text: str, source: str, target: str) -> str | None:
        found = super().lookup(text, source, target)
        if found is not None:
            return found
        units = self.store.exact(text, source, target)
        return _latest(units).texts[target] if units else None

    def others(self, text: str, source: str, target: str) -> tuple[str, ...]:
        said = self.lookup(text, source, target)
        found = dict.fromkeys(super().others(text, source, target))
        for unit in self.store.exact(text, source, target):
            translation = unit.texts[target]
            if said is not None and key(translation, target) != key(said, target):
                when = ", ".join(filter(None, (unit.origin, unit.changed)))
                found[f"{translation} ({when})" if when else translation] = None
        return tuple(found)

    def repaired(self, text: str, masked: Masked, matcher: Matcher) -> Repair | None:
        found = super().repaired(text, masked, matcher)
        if found is not None or masked.problem or not masked.slots:
            return found
        for unit in self.store.units(self.store.near(text, masked.source, 24)):
            if masked.source in unit.texts and masked.target in unit.texts:
                pair = unit.texts[masked.source], unit.texts[masked.target]
                found = self.repair(*pair, masked, matcher)
                if found is not None:
                    return found
        return None


def _latest(units: Sequence[Unit]) -> Unit:
    """Return the unit changed last; of those without a date the first."""
    return max(units, key=lambda unit: (unit.changed, -unit.id))
