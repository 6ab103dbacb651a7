"""Fold text for comparison and keep the way back: every folded character knows its source."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Folded:
    """Text made comparable, with its offsets into the original.

    ``starts[n]`` and ``ends[n]`` bound the original characters that ``text[n]`` came from;
    ``starts`` has one entry more, the length of the original. Deleted characters belong to no
    entry, save marks that combine with a letter (a stress), which end with it.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, i: int, j: int) -> tuple[int, int]:
        """Return the original (start, end) of ``text[i:j]``; an empty span stays empty."""
        if i >= j:
            return self.starts[i], self.starts[i]
        return self.starts[i], self.ends[j - 1]


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or ideograph; ``start`` and ``end`` are offsets into the text given."""

    text: str
    start: int
    end: int


_COMBINING = re.compile("[\u0300-\u036f\u0483-\u0487\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]")


class CharTable(dict):
    """A ``str.translate`` table that works out each character once, by ``rule(char)``."""

    def __init__(self, rule: Callable[[str], str]):
        super().__init__()
        self._rule = rule

    def __missing__(self, code: int) -> str:
        self[code] = changed = self._rule(chr(code))
        return changed


class Table(CharTable):
    """A table for folding: what its rule yields is folded again until it stays.

    So folding twice changes nothing. Combining marks left alone are dropped.
    """

    def __missing__(self, code: int) -> str:
        folded = chr(code)
        for _ in range(4):
            before = folded
            folded = _COMBINING.sub("", "".join(map(self._rule, folded)))
            if folded == before:
                break
        self[code] = folded
        return folded


# Format characters that are seen by no reader: soft hyphen, zero-width spaces and joiners,
# direction marks, byte order mark, variation selectors.
INVISIBLE = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f"
    "\ufeff\U000e0100-\U000e01ef"
)
SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
DASHES = "\u2010-\u2015\u2212\u2500\u2501\ufe58\ufe63\uff0d\u2e3a\u2e3b"
DOUBLE_QUOTES = "«»“”„‟〝〞＂❝❞"
SINGLE_QUOTES = "‘’‚‛‹›＇`´′❛❜"

_CLASSES = (
    (re.compile(f"[{INVISIBLE}]"), ""),
    (re.compile(f"[{SPACES}]"), " "),
    (re.compile(f"[{DASHES}]"), "-"),
    (re.compile(f"[{DOUBLE_QUOTES}]"), '"'),
    (re.compile(f"[{SINGLE_QUOTES}]"), "'"),
)


def common(char: str) -> str | None:
    """Return what a character folds to in every language, or None where languages decide."""
    for pattern, replacement in _CLASSES:
        if pattern.match(char):
            return replacement
    return None


def fold(text: str, table: Table) -> Folded:
    """Fold ``text`` by ``table`` and record where each character came from.

    A letter and the combining marks behind it are composed first where Unicode has the whole
    (и + breve is й); marks that stay alone are dropped.
    """
    if not _COMBINING.search(text):
        folded = text.translate(table)
        # One for one is the usual case; a deletion and an expansion could cancel out in the
        # total, so only a text without either takes the short way.
        if len(folded) == len(text) and all(len(table[ord(char)]) == 1 for char in set(text)):
            size = len(text)
            return Folded(folded, range(size + 1), range(1, size + 1))
    return _fold_slowly(text, table)


def _fold_slowly(text: str, table: Table) -> Folded:
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    size = len(text)
    n = 0
    while n < size:
        char = text[n]
        end = n + 1
        while end < size and _COMBINING.match(text[end]):
            whole = unicodedata.normalize("NFC", char + text[end])
            if len(whole) == 1:
                char = whole
            end += 1
        folded = "" if _COMBINING.match(char) else table[ord(char)]
        parts.append(folded)
        starts.extend([n] * len(folded))
        ends.extend([end] * len(folded))
        n = end
    starts.append(size)
    return Folded("".join(parts), starts, ends)
