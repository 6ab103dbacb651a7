"""One language version of a dispatch: its text, its structure, its segments, each in its place."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text that is aligned, checked and translated as one: a sentence or headline.

    ``dispatch.text[start:end] == text``; ``paragraph`` counts from 0 in reading order (a headline
    is a paragraph of its own); ``kind`` is ``"headline"`` or ``"text"``.
    """

    text: str
    lang: str
    start: int
    end: int
    paragraph: int
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch that is structure, not text: page noise, byline, dateline, editors' tail.

    ``kind`` is one of ``"noise"``, ``"byline"``, ``"dateline"``, ``"tail"``.
    """

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A dispatch in one language.

    Every character of ``text`` that is not white space lies in exactly one segment or part.
    ``date`` is the event date of the dateline (its year taken from the page when the dateline has
    none); ``page_date`` and ``page_time`` ("HH:MM") are those of the page or byline.
    """

    id: str
    lang: str
    text: str
    source: str
    encoding: str
    segments: tuple[Segment, ...]
    parts: tuple[Part, ...] = ()
    headline: str | None = None
    place: str | None = None
    date: datetime.date | None = None
    page_date: datetime.date | None = None
    page_time: str | None = None
    agency: str | None = None

    def paragraphs(self) -> Iterator[tuple[Segment, ...]]:
        """Yield the segments of each paragraph, in reading order."""
        group: list[Segment] = []
        for segment in self.segments:
            if group and segment.paragraph != group[-1].paragraph:
                yield tuple(group)
                group = []
            group.append(segment)
        if group:
            yield tuple(group)

    def line_column(self, offset: int) -> tuple[int, int]:
        """Return the 1-based line and column of a character offset, for messages."""
        before = self.text[:offset]
        line = before.count("\n") + 1
        return line, offset - (before.rfind("\n") + 1) + 1
