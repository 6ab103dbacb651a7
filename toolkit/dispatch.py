"""One language version of a dispatch: its text, its structure, its segments, each in its place."""

import datetime
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from toolkit import files, languages, pages, structure
from toolkit.errors import DispatchError
from toolkit.languages import LANGS, NAMES


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text that is aligned, checked and translated as one: a sentence or headline.

    ``dispatch.text[start:end] == text``; ``paragraph`` counts from 0 in reading order (a headline
    is a paragraph of its own); ``kind`` is ``"headline"`` or ``"text"``. Where a file wraps its
    lines, a segment's text holds their line breaks.
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
    none); ``page_date`` and ``page_time`` ("HH:MM") are those of the page or byline. ``event_day``
    is the dateline's (month, day), known even where its year is not. ``segmented`` tells that each
    line was taken as a segment.
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
    event_day: tuple[int, int] | None = None
    segmented: bool = False

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
        starts = _line_starts(self.text)
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1


@lru_cache(maxsize=8)
def _line_starts(text: str) -> list[int]:
    """Return the offset of each line, as editors count them: LF, CRLF or CR ends one."""
    return [0, *(found.end() for found in re.finditer(r"\r\n|\n|\r", text))]


_KINDS = {".md": "md", ".markdown": "md", ".html": "html", ".htm": "html", ".xhtml": "html"}
_CODE = re.compile(
    r"(?:^|[._-])(zh|ru|en)(?:[-_](?:cn|tw|hk|hans|hant|ru|us|gb))?$", re.IGNORECASE
)


def read_dispatch(path: str | Path, lang: str | None = None) -> Dispatch:
    """Read a dispatch from a .txt, .md or .html file, or from standard input (``-``).

    The language is ``lang``, else the code in the file name (``x.zh.txt``, ``zh.txt``), else that
    of the text.

    Raises:
        FileError: If the file cannot be read as text.
        DispatchError: If its language cannot be told, or is not the one named.
    """
    file = files.read_text(path)
    suffix = "" if str(path) == "-" else Path(path).suffix.lower()
    kind = _KINDS.get(suffix) or ("html" if pages.looks_like_html(file.text) else "txt")
    return parse_dispatch(
        file.text,
        lang=lang or _named_language(path, file.text),
        source=file.path,
        encoding=file.encoding,
        id=_id(path),
        kind=kind,
    )


def parse_dispatch(
    text: str,
    *,
    lang: str | None = None,
    source: str = "",
    encoding: str = "utf-8",
    id: str | None = None,
    kind: str = "txt",
) -> Dispatch:
    """Recognise structure, paragraphs and sentences of a text.

    ``kind`` is ``"txt"``, ``"md"`` or ``"html"``; of a page, the dispatch's text is what a reader
    sees of it. ``source`` names the text in messages.

    Raises:
        DispatchError: If there is no text, its language cannot be told or is not ``lang``.
    """
    source = source or "text"
    page = pages.extract(text, kind)
    if not page.text.strip():
        raise DispatchError(f"{source}: holds no text (it is empty); name a file with text")
    lang = _language(page.text, lang, source)
    layout = structure.analyse(page.text, lang, page.headline, wrapped=kind == "txt")
    segments: list[Segment] = []
    spans = [(start, end, "text") for start, end in layout.paragraphs]
    if layout.headline is not None:
        spans.append((*layout.headline, "headline"))
    for number, (start, end, part) in enumerate(sorted(spans)):
        whole = [(0, end - start)]
        cuts = (
            whole if part == "headline" else languages.module(lang).sentences(page.text[start:end])
        )
        for left, right in cuts:
            left, right = start + left, start + right
            segments.append(Segment(page.text[left:right], lang, left, right, number, part))
    page_date = layout.page_date or page.date
    day = layout.day
    date = day.resolve(page_date) if day else None
    event_day = (
        (date.month, date.day) if date else (day.month, day.day) if day and day.month else None
    )
    return Dispatch(
        id=id or _id(source),
        lang=lang,
        text=page.text,
        source=source,
        encoding=encoding,
        segments=tuple(segments),
        parts=tuple(Part(*part) for part in layout.parts),
        headline=page.text[slice(*layout.headline)] if layout.headline else None,
        place=layout.place,
        date=date,
        page_date=page_date,
        page_time=layout.page_time or page.time,
        agency=layout.agency,
        event_day=event_day,
    )


def read_segmented(path: str | Path, lang: str | None = None) -> Dispatch:
    """Read a text of one segment a line; line n is segment n, an empty line an empty segment.

    White space at the ends of a line is no part of its segment. A newline at the very end does
    not begin another line.

    Raises:
        FileError, DispatchError: As ``read_dispatch``.
    """
    file = files.read_text(path)
    lang = _language(file.text, lang or _named_language(path, file.text), file.path)
    segments = []
    start = 0
    for number, line in enumerate(segment_lines(file.text)):
        stripped = line.strip()
        left = start + (len(line) - len(line.lstrip()) if stripped else 0)
        segments.append(Segment(stripped, lang, left, left + len(stripped), number))
        start += len(line)
    return Dispatch(
        _id(path), lang, file.text, file.path, file.encoding, tuple(segments), segmented=True
    )


def segment_lines(text: str) -> list[str]:
    """Return the lines of ``text`` with their ends (LF, CRLF or CR); no other mark cuts."""
    return re.findall(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+", text)


def _named_language(path: str | Path, text: str) -> str | None:
    """Return the language a file name ends in; a weak hint (``-ru``) yields to the text."""
    if str(path) == "-":
        return None
    stem = Path(path).name
    stem = stem[: -len(Path(path).suffix)] if Path(path).suffix else stem
    found = _CODE.search(stem)
    if not found:
        return None
    lang = found[1].lower()
    if found.group()[0] in "-_" and languages.detect(text) not in (None, lang):
        return None
    return lang


_PART = re.compile(r"(?:^|(?<=[._-]))(zh|ru|en)(?:-(?:cn|tw|hk|hans|hant|ru|us|gb)(?=\.))?[._-]",
                   re.IGNORECASE)  # fmt: skip


def version_of(path: str | Path) -> tuple[str, str]:
    """Return what versions of one dispatch have in common in their path, and the language in it.

    ``x.zh.txt``, ``x_zh.txt``, ``x-zh.txt`` and ``zh.txt`` are versions of what is left of the
    name, so are ``zh/x.txt`` and ``ru/x.txt``; the language of any other path is "".
    """
    own = Path(path)
    found = _PART.search(own.name)
    if found:
        rest = own.name[: found.start()].rstrip("._-"), own.name[found.end() :].rpartition(".")[0]
        return f"{own.parent}/{'/'.join(rest)}", found[1].lower()
    if own.parent.name.lower() in LANGS:
        return str(own.parent.parent / own.stem) + "/", own.parent.name.lower()
    return str(path), ""


def _id(path: str | Path) -> str:
    if str(path) == "-":
        return "stdin"
    place = Path(path)
    stem = place.name[: -len(place.suffix)] if place.suffix else place.name
    found = _CODE.search(stem)
    stem = stem[: found.start()] if found else stem
    return stem or place.parent.name or "dispatch"


def _language(text: str, lang: str | None, source: str) -> str:
    """Return the language of a text: the one named, if the text does not contradict it."""
    if lang is not None and lang not in LANGS:
        raise DispatchError(f"{source}: unknown language {lang!r}; known: {', '.join(LANGS)}")
    found = languages.detect(text)
    if lang is None:
        if found is None:
            share = languages.shares(text)
            reason = languages.foreign(text, max(share, key=share.__getitem__))
            if reason:
                raise DispatchError(
                    f"{source}: is not in Chinese, Russian or English: {reason}; if it is all the "
                    "same, name the language (--lang)"
                )
            raise DispatchError(
                f"{source}: cannot tell whether this is Chinese, Russian or English; name the "
                "language (--lang, or a file name like name.zh.txt)"
            )
        return found
    if found not in (None, lang):
        raise DispatchError(
            f"{source}: named as {NAMES[lang]}, but the text is {NAMES[found]}; name it as "
            f"{found} (--lang {found}, or a file name like name.{found}.txt)"
        )
    reason = languages.foreign(text, lang) if found is None else None
    if reason:
        raise DispatchError(f"{source}: named as {NAMES[lang]}, but the text is not: {reason}")
    return lang
