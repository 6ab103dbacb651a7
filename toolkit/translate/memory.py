"""What was translated before is not translated again: exact matches, and repaired ones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from toolkit import languages
from toolkit.glossary.match import Matcher
from toolkit.translate.constraints import Masked, mask
from toolkit.translate.pairs import mask_pair
from toolkit.translate.patterns.tokens import tokens

# How alike two segments must be, in per cent of their signs, for it to be worth looking whether
# they differ in names and figures only; how many of the nearest are looked at.
_ALIKE = 45
_NEAREST = 12


@dataclass(frozen=True, slots=True)
class Repair:
    """A remembered translation, masked: its marks answer those of the text asked about.

    ``source`` and ``target`` are the segment as it is in the memory.
    """

    output: str
    source: str
    target: str


class Memory:
    """Look up a segment's translation by its normalised text.

    Two texts match when they are equal after the language's own normalisation (width, quotation
    marks, spaces, ё/е, traditional characters) and in the same capitals, the first letter aside:
    a memory hit never changes a word, and Polish is not polish.

    Args:
        units: Translation units: text by language. Empty texts are passed over. Where a source
            text comes with several translations, the first one stands and the others are kept:
            a person decides, the memory does not.
    """

    def __init__(self, units: Iterable[Mapping[str, str]] = ()) -> None:
        self._units: dict[tuple[str, str, str], str] = {}
        self._others: dict[tuple[str, str, str], list[str]] = {}
        self._sources: dict[tuple[str, str], tuple[list[str], list[str]]] = {}
        self._texts: dict[tuple[str, str, str], str] = {}
        for unit in units:
            self.add(unit)

    def __len__(self) -> int:
        """Return the number of pairs, each direction counted."""
        return len(self._units)

    def add(self, unit: Mapping[str, str]) -> None:
        """Add one unit in all its directions."""
        present = {lang: text.strip() for lang, text in unit.items() if text.strip()}
        for source, text in present.items():
            own = key(text, source)
            for target, translation in present.items():
                if source == target:
                    continue
                known = self._units.setdefault((source, target, own), translation)
                self._texts.setdefault((source, target, own), text)
                self._sources.pop((source, target), None)
                if key(known, target) != key(translation, target):
                    others = self._others.setdefault((source, target, own), [])
                    if translation not in others:
                        others.append(translation)

    def lookup(self, text: str, source: str, target: str) -> str | None:
        """Return the translation of ``text`` into ``target``, or None."""
        return self._units.get((source, target, key(text, source)))

    def others(self, text: str, source: str, target: str) -> tuple[str, ...]:
        """Return the translations that came later and say otherwise, in the order they came."""
        return tuple(self._others.get((source, target, key(text, source)), ()))

    def repaired(self, text: str, masked: Masked, matcher: Matcher) -> Repair | None:
        """Return a translation of a segment that differs from ``text`` in names and figures only.

        Args:
            masked: ``text``, masked for the direction asked about.

        The two must be word for word the same where nothing is masked, and their masks of the
        same kinds in the same order; the translation must hold each name and figure once, in a
        form that is known. A gender of the Russian form that differs is not mended: None.
        """
        if masked.problem or not masked.slots:
            return None
        source, target = masked.source, masked.target
        keys, choices = self._choices(source, target)
        near = process.extract(
            _skeleton(text), choices, scorer=fuzz.ratio, limit=_NEAREST, score_cutoff=_ALIKE
        )
        for _, _, place in near:
            unit = (source, target, keys[place])
            found = self.repair(self._texts[unit], self._units[unit], masked, matcher)
            if found is not None:
                return found
        return None

    @staticmethod
    def repair(text: str, translation: str, masked: Masked, matcher: Matcher) -> Repair | None:
        """Return one remembered pair, masked, if it differs from a segment in its masks only."""
        source, target = masked.source, masked.target
        wanted = tokens(masked.text, source)
        old = mask(text, source, target, matcher)
        if old.problem or tokens(old.text, source) != wanted or not _alike(old, masked):
            return None
        pair = mask_pair(text, translation, source, target, matcher)
        if pair is None or tokens(pair[0], source) != wanted:
            return None
        return Repair(pair[1], text, translation)

    def _choices(self, source: str, target: str) -> tuple[list[str], list[str]]:
        if (source, target) not in self._sources:
            keys = [k for one, other, k in self._units if (one, other) == (source, target)]
            texts = [_skeleton(self._texts[source, target, k]) for k in keys]
            self._sources[source, target] = keys, texts
        return self._sources[source, target]

    @property
    def conflicts(self) -> int:
        """How many texts have more than one translation in some direction."""
        return len(self._others)


def _alike(one: Masked, other: Masked) -> bool:
    """Tell whether the figures of two segments are of the same sorts: dollars are no tons."""
    return all(
        (a.value and (a.value.kind, a.value.unit)) == (b.value and (b.value.kind, b.value.unit))
        for a, b in zip(one.slots, other.slots, strict=True)
    )


def _skeleton(text: str) -> str:
    """Return a text with every figure alike, so that figures do not count as a difference."""
    return "".join("0" if character.isdigit() else character for character in text)


def key(text: str, lang: str, plain: str | None = None) -> str:
    """Return what two spellings of a segment share; ``plain`` is its normalised text if known."""
    letters = [character for character in text if character.isalpha()]
    capitals = [str(n) for n, letter in enumerate(letters) if n and letter.isupper()]
    plain = languages.module(lang).normalise(text).text if plain is None else plain
    words = " ".join(plain.split())
    return f"{words}\n{','.join(capitals)}"
