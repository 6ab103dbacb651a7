"""Pair quotation marks and brackets in one pass, forgiving those left open."""

import re
from dataclasses import dataclass

_CLOSER_OF = {
    "“": "”",
    "‘": "’",
    "«": "»",
    "„": "“",
    "「": "」",
    "『": "』",
    "（": "）",
    "(": ")",
    "《": "》",
    "〈": "〉",
    "【": "】",
    "〔": "〕",
    "[": "]",
    '"': '"',
    "＂": "＂",
}
_CLOSERS = frozenset(_CLOSER_OF.values())
QUOTES = frozenset('“‘«„「『"＂')
TITLES = frozenset("《〈")
ROUND = frozenset("（([【〔")
_STRAIGHT = frozenset('"＂')
_MARKS = re.compile("[" + re.escape("".join(set(_CLOSER_OF) | _CLOSERS)) + "]")
# Deeper nesting than this is not prose; the bound keeps the pass linear.
_DEPTH = 12


@dataclass(frozen=True, slots=True)
class Brackets:
    """The pairs of one text: ``closer`` by opener, ``opener`` by closer, sorted ``edges``."""

    closer: dict[int, int]
    opener: dict[int, int]


def pair(text: str) -> Brackets:
    """Return the matched pairs of ``text``; an opener never closed is in no pair.

    A straight quote opens where white space or an opener stands before it and none behind,
    closes in the contrary case, and elsewhere (Chinese) alternates.
    """
    stack: list[tuple[str, int]] = []
    closer: dict[int, int] = {}
    opener: dict[int, int] = {}
    for found in _MARKS.finditer(text):
        mark, place = found.group(), found.start()
        if _closes(text, mark, place, stack):
            for depth in range(len(stack) - 1, -1, -1):
                if _CLOSER_OF[stack[depth][0]] == mark:
                    start = stack[depth][1]
                    closer[start], opener[place] = place, start
                    del stack[depth:]
                    break
        elif mark in _CLOSER_OF and not (mark in _STRAIGHT and _ends_word(text, place)):
            if len(stack) == _DEPTH:
                del stack[0]
            stack.append((mark, place))
    return Brackets(closer, opener)


def _ends_word(text: str, place: int) -> bool:
    """Tell whether a mark stands behind a word and before a space: it cannot open anything."""
    return place > 0 and not text[place - 1].isspace() and not text[place + 1 : place + 2].strip()


def _closes(text: str, mark: str, place: int, stack: list[tuple[str, int]]) -> bool:
    if mark in _STRAIGHT:
        if not any(open_mark == mark for open_mark, _ in stack):
            return False
        before = text[place - 1] if place else " "
        after = text[place + 1] if place + 1 < len(text) else " "
        opening = (before.isspace() or before in "(（[«“") and not after.isspace()
        return not opening
    if mark == "“":
        return bool(stack) and stack[-1][0] == "„"
    return mark in _CLOSERS


class Enclosure:
    """Answer, for rising places, which pairs are open there; each mark is passed once."""

    def __init__(self, brackets: Brackets):
        self._edges = sorted(brackets.closer.items())
        self._next = 0
        self._open: list[tuple[int, int]] = []

    def at(self, place: int) -> list[tuple[int, int]]:
        """Return the (opener, closer) pairs around ``place``, outermost first."""
        while self._next < len(self._edges) and self._edges[self._next][0] < place:
            while self._open and self._open[-1][1] < self._edges[self._next][0]:
                self._open.pop()
            self._open.append(self._edges[self._next])
            self._next += 1
        while self._open and self._open[-1][1] < place:
            self._open.pop()
        return self._open
