"""Exact matches from aligned dispatches: what was translated before is not translated again."""

from collections.abc import Iterable, Mapping

from toolkit import languages


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

    @property
    def conflicts(self) -> int:
        """How many texts have more than one translation in some direction."""
        return len(self._others)


def key(text: str, lang: str) -> str:
    """Return what two spellings of one segment share."""
    letters = [character for character in text if character.isalpha()]
    capitals = [str(n) for n, letter in enumerate(letters) if n and letter.isupper()]
    words = " ".join(languages.module(lang).normalise(text).text.split())
    return f"{words}\n{','.join(capitals)}"
