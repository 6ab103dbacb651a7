"""Sentences of alphabetic scripts: find full stops, let the language judge each."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from toolkit.languages.brackets import QUOTES, ROUND, Enclosure, pair

_STOP = re.compile(r"[.!?…]+|[。！？]+")
_CLOSERS = "»”’)]』」）"
_AMBIGUOUS = "\"'“"
_SPACE = re.compile(r"\s*")
_WORD = re.compile(r"[^\s«»“”„\"()\[\]—–]*$")
_OPENING = re.compile(r"[«“„\"'‘(\[]*")
_FOOTNOTE = re.compile(r"\[\d{1,3}\]")


@dataclass(frozen=True, slots=True)
class Stop:
    """One candidate: the text around a full stop that a language judges.

    ``head`` is the sentence so far without the stop (its last 160 characters; ``whole`` tells
    whether that is all of it), ``word`` its last word, ``mark`` the stop itself, ``closed``
    whether a closing mark stands behind it, ``gap`` the white space that follows, ``rest`` up to
    160 characters that follow the gap, ``next`` those without opening marks.
    """

    head: str
    whole: bool
    word: str
    mark: str
    closed: bool
    gap: str
    rest: str
    next: str


def sentences(text: str, judge: Callable[[Stop], bool]) -> list[tuple[int, int]]:
    """Return the (start, end) of each sentence of one paragraph, without surrounding space."""
    brackets = pair(text)
    enclosure = Enclosure(brackets)
    spans: list[tuple[int, int]] = []
    start = _SPACE.match(text).end()
    done = start
    for found in _STOP.finditer(text):
        if found.start() < done:
            continue
        end = _absorb(text, found.end(), brackets.opener)
        done = end
        following = _SPACE.match(text, end).end()
        if following == len(text) or _only_closers(text, following):
            break
        around = enclosure.at(end)
        if around and _within(text, start, around):
            continue
        head = text[max(start, found.start() - 160) : found.start()]
        rest = text[following : following + 160]
        stop = Stop(
            head=head,
            whole=found.start() - start <= 160,
            word=_WORD.search(head[-60:]).group(),
            mark=found.group(),
            closed=end > found.end(),
            gap=text[end:following],
            rest=rest,
            next=rest[_OPENING.match(rest).end() :],
        )
        if judge(stop):
            spans.append((start, end))
            start = following
    last = len(text.rstrip())
    if start < last:
        spans.append((start, last))
    return spans


def _only_closers(text: str, place: int) -> bool:
    """Tell whether nothing but stray closing marks is left of the paragraph."""
    return len(text) - place < 8 and not text[place:].strip(" \t\u00a0\"'”“’»)]")


def _absorb(text: str, end: int, opener: dict[int, int]) -> int:
    while end < len(text):
        char = text[end]
        if char in _CLOSERS or end in opener:
            end += 1
        elif char in _AMBIGUOUS and not text[end + 1 : end + 2].strip():
            end += 1  # behind the stop and before a space: it closes, paired or not
        elif char in ".!?…" and text[end - 1] in "»”’)\"'“":
            end += 1
        elif footnote := _FOOTNOTE.match(text, end):
            end = footnote.end()
        else:
            break
    return end


def _within(text: str, start: int, around: list[tuple[int, int]]) -> bool:
    """Tell whether a stop stands inside a bracket or a short quoted name of its sentence."""
    for opener, closer in around:
        if opener < start:
            continue
        if text[opener] in ROUND and closer - opener < 300 and opener > start:
            return True
        if text[opener] in QUOTES and opener > start and closer - opener < 60:
            before = text[max(start, opener - 3) : opener].rstrip()
            after = text[closer + 1 : closer + 40].lstrip()
            spoken = before.endswith((":", ",", "—", "–", "-"))
            # The clause goes on behind the quotation: its stops are the name's own.
            if not spoken and after[:1].islower():
                return True
    return False
