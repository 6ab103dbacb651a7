"""Exact matches from aligned dispatches: what was translated before is not translated again."""

from collections.abc import Iterable, Mapping

from toolkit import languages


class Memory:
    """Look up a segment's translation by its normalised text.

    Two texts match when they are equal after the language's own normalisation (width, quotation
    marks, spaces, ё/е, traditional characters), so that a memory hit never changes a word.

    Args:
        units: Translation units: text by language. Empty texts are passed over. Where a source
            text comes with several translations, the first one stands and the others are kept as
            ``conflicts``: a person decides, the memory does not.
    """

    def __init__(self, units: Iterable[Mapping[str, str]] = ()) -> None:
        self._units: dict[tuple[str, str, str], str] = {}
        self.conflicts: list[tuple[str, str, str]] = []
        for unit in units:
            self.add(unit)

    def __len__(self) -> int:
        return len(self._units)

    def add(self, unit: Mapping[str, str]) -> None:
        """Add one unit in all its directions."""
        present = {lang: text.strip() for lang, text in unit.items() if text.strip()}
        for source, text in present.items():
            for target, translation in present.items():
                if source == target:
                    continue
                known = self._units.setdefault((source, target, key(text, source)), translation)
                if known != translation:
                    self.conflicts.append((text, known, translation))

    def lookup(self, text: str, source: str, target: str) -> str | None:
        """Return the translation of ``text`` into ``target``, or None."""
        return self._units.get((source, target, key(text, source)))


def key(text: str, lang: str) -> str:
    """Return what two spellings of one segment share."""
    return " ".join(languages.module(lang).normalise(text).text.split())
