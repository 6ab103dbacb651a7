"""Tell a dispatch's text from its structure: headline, byline, dateline, paragraphs, tail.

Every decision falls to text where it is in doubt; no character is lost either way.
"""

import datetime
import re
import unicodedata
from dataclasses import dataclass, field

from toolkit import dateline, furniture

_LINE = re.compile(r"[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_BLANK = re.compile(
    r"(?:\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029])[^\S\n\r]*(?:\r\n|[\n\r\f\u2029])"
)
_TERMINAL = re.compile(r"[.!?。！？；;…:：][\"'”’»」』）)\]】》]*\s*$")
_STOPPED = re.compile(r"[.。；;:：][\"'”’»」』）)\]】]*\s*$")
_ARTICLE = re.compile(
    r"\s*(?:[一二三四五六七八九十百]+、|第[一二三四五六七八九十百\d]+[条章节]|[（(][一二三四五六七八九十\d]{1,3}[）)]|"
    r"\d{1,3}(?:\.\d{1,3})*[.)、．]\s*(?!\d)|[IVX]{1,5}[.)]\s|[a-zа-я][.)]\s|[•●▪■◆*–—-]\s|§|"
    r"(?:статья|раздел|глава|article|section|chapter)\s+[\dIVX]+)",
    re.IGNORECASE,
)
# How far from the top a headline and bylines may stand, and from the end a tail, in lines.
_HEAD_LINES = 30
_HEAD_TEXTS = 5
_TAIL_LINES = 40


@dataclass(slots=True)
class Layout:
    """Where the structure and the paragraphs of a text lie; offsets are into that text."""

    headline: tuple[int, int] | None = None
    paragraphs: list[tuple[int, int]] = field(default_factory=list)
    parts: list[tuple[str, int, int]] = field(default_factory=list)
    place: str | None = None
    day: dateline.Day | None = None
    agency: str | None = None
    page_date: datetime.date | None = None
    page_time: str | None = None


@dataclass(slots=True)
class _Unit:
    """A line, or the lines of one wrapped paragraph; ``block`` numbers runs between blanks."""

    start: int
    end: int
    block: int
    kind: str = "text"


def analyse(
    text: str, lang: str, headline: tuple[int, int] | None = None, *, wrapped: bool = True
) -> Layout:
    """Find headline, byline, dateline, paragraphs and tail of a page's text.

    ``headline`` is its place where the format marks it (HTML, Markdown). ``wrapped`` allows lines
    of even width to be taken for one paragraph.
    """
    units = _lines(text)
    layout = Layout()
    _take_tail(text, units, layout)
    _take_head(text, lang, units, layout, headline)
    _take_noise(text, units)
    if not any(unit.kind in ("text", "headline", "lead") for unit in units):
        return _all_text(text)
    if wrapped:
        units = _unwrap(text, lang, units)
    for unit in units:
        if unit.kind == "headline":
            layout.headline = (unit.start, unit.end)
        elif unit.kind in ("text", "lead"):
            layout.paragraphs.append((unit.start, unit.end))
        else:
            layout.parts.append((unit.kind, unit.start, unit.end))
    layout.parts.sort(key=lambda part: part[1])
    return layout


def _all_text(text: str) -> Layout:
    """A page of nothing but furniture is somebody's text after all."""
    layout = Layout()
    layout.paragraphs = [(unit.start, unit.end) for unit in _lines(text)]
    return layout


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return start, start + len(piece.strip())


def _lines(text: str) -> list[_Unit]:
    units: list[_Unit] = []
    block = 0
    last = 0
    for found in _LINE.finditer(text):
        start, end = _trim(text, *found.span())
        if start == end:
            continue
        if units and _BLANK.search(text, last, start):
            block += 1
        units.append(_Unit(start, end, block))
        last = end
    return units


def _split(units: list[_Unit], number: int, at: int, first: str, text: str) -> None:
    """Cut a unit in two at offset ``at``; the first piece gets the kind ``first``."""
    unit = units[number]
    left = _trim(text, unit.start, at)
    right = _trim(text, at, unit.end)
    pieces = []
    if left[0] < left[1]:
        pieces.append(_Unit(*left, unit.block, first))
    if right[0] < right[1]:
        pieces.append(_Unit(*right, unit.block, unit.kind))
    units[number : number + 1] = pieces


def _take_tail(text: str, units: list[_Unit], layout: Layout) -> None:
    """Mark editors' tails and page footers, from the end upwards to the last line of text."""
    for number in range(len(units) - 1, max(-1, len(units) - _TAIL_LINES), -1):
        unit = units[number]
        line = text[unit.start : unit.end]
        if furniture.tail_line(line) and number:
            unit.kind = "tail"
            continue
        cut = furniture.tail_start(line)
        if cut is not None and line[:cut].strip():
            units[number + 1 : number + 1] = [
                _Unit(*_trim(text, unit.start + cut, unit.end), unit.block, "tail")
            ]
            unit.start, unit.end = _trim(text, unit.start, unit.start + cut)
            return
        if cut == 0 and number:
            unit.kind = "tail"
            continue
        break
    _take_related(text, units)


def _take_related(text: str, units: list[_Unit]) -> None:
    """Mark a list of other stories behind the text: its heading, and titles without a stop."""
    for number in range(len(units) - 1, max(0, len(units) - _TAIL_LINES), -1):
        unit = units[number]
        line = text[unit.start : unit.end]
        if furniture.RELATED.match(line):
            for other in units[number:]:
                other.kind = "tail"
            return
        if unit.kind == "text" and (len(line) > 120 or _STOPPED.search(line)):
            return


def _take_head(
    text: str,
    lang: str,
    units: list[_Unit],
    layout: Layout,
    hint: tuple[int, int] | None,
) -> None:
    number = 0
    texts = 0
    headline: _Unit | None = None
    evidence = False
    while number < len(units) and number < _HEAD_LINES and texts < _HEAD_TEXTS:
        unit = units[number]
        line = text[unit.start : unit.end]
        if unit.kind != "text":
            number += 1
            continue
        hinted = hint is not None and unit.start == hint[0]
        if not hinted and (sent := dateline.match(line, lang)):
            _send(layout, sent)
            _split(units, number, unit.start + sent.end, "dateline", text)
            evidence = True
            break
        if not hinted and texts < 2 and (lone := dateline.alone(line)):
            sent, date, time = lone
            _send(layout, sent)
            layout.page_date = layout.page_date or date
            layout.page_time = layout.page_time or time
            unit.kind = "dateline"
            evidence = evidence or headline is not None
            number += 1
            continue
        found = None if hinted else furniture.read(line)
        if found and _is_furniture(found, headline, texts):
            unit.kind = found.kind
            _note(layout, found)
            evidence = evidence or (headline is not None and found.kind == "byline")
            number += 1
            continue
        if headline is None and texts == 0:
            number, dated = _before_headline(text, lang, units, number, layout, hinted)
            evidence = evidence or dated
            headline = units[number]
        texts += 1
        number += 1
    if headline is not None:
        _decide_headline(text, lang, units, headline, evidence, layout, hint)


def _is_furniture(found: furniture.Furniture, headline: _Unit | None, texts: int) -> bool:
    """Tell whether a line that reads as furniture is it, given what stands above."""
    if texts <= 1:
        return not (found.section and headline is not None and found.kind == "noise")
    # Further down a date in words may be the text's own; figures, labels and times are not.
    return found.numeric or bool(found.time) or found.named or (found.noisy and not found.section)


def _send(layout: Layout, sent: dateline.Dateline) -> None:
    layout.place = sent.place
    layout.day = sent.day
    layout.agency = sent.agency or layout.agency


def _note(layout: Layout, found: furniture.Furniture) -> None:
    layout.page_date = layout.page_date or found.date
    layout.page_time = layout.page_time or found.time
    layout.agency = layout.agency or found.agency


def _before_headline(
    text: str, lang: str, units: list[_Unit], number: int, layout: Layout, hinted: bool
) -> tuple[int, bool]:
    """Take furniture, a label and a dateline off the line that may hold the headline."""
    dated = False
    unit = units[number]
    line = text[unit.start : unit.end]
    label = furniture.LABEL.match(line)
    if label:
        _split(units, number, unit.start + label.end(), "noise", text)
        number += 1
        dated = True
    elif not hinted and (found := furniture.prefix(line)):
        _note(layout, found)
        _split(units, number, unit.start + found.end, "byline", text)
        number += 1
        dated = True
    unit = units[number]
    line = text[unit.start : unit.end]
    at = _inner_dateline(line, lang)
    if at:
        _split(units, number, unit.start + at, "text", text)
        unit = units[number]
        line = text[unit.start : unit.end]
    if (end := furniture.suffix(line)) and not _STOPPED.search(line):
        start, found = end
        _note(layout, found)
        dated = dated or bool(found.date)
        kind = "byline" if found.date else "noise"
        units[number + 1 : number + 1] = [
            _Unit(*_trim(text, unit.start + start, unit.end), unit.block, kind)
        ]
        unit.end = unit.start + len(line[:start].rstrip())
    return number, dated


_INNER = {
    "en": re.compile(r"(?<=\s)[A-Z]{3,}(?=[\s,.])"),
    "ru": re.compile(r"(?<=\s)[А-ЯЁ][А-ЯЁа-яё-]{2,}(?=[\s,.])"),
    "zh": re.compile(r"(?<=[\s\u3000])(?:新华社|人民网|中新社|中新网|新华网)"),
}


def _inner_dateline(line: str, lang: str) -> int | None:
    """Find a full dateline (place, date, known agency) behind a headline on the same line."""
    for found in _INNER[lang].finditer(line, 10, 300):
        sent = dateline.match(line[found.start() :], lang)
        if sent and sent.day and sent.agency and dateline.AGENCY.match(sent.agency):
            return found.start()
    return None


def _decide_headline(
    text: str,
    lang: str,
    units: list[_Unit],
    unit: _Unit,
    evidence: bool,
    layout: Layout,
    hint: tuple[int, int] | None,
) -> None:
    """Call the first line a headline if the format, its company or its shape says so."""
    number = next(n for n, other in enumerate(units) if other is unit)
    after = [other for other in units[number + 1 :] if other.kind == "text"]
    if not after:
        return
    if hint is not None and unit.start == hint[0]:
        unit.kind = "headline"
        return
    line = text[unit.start : unit.end]
    limit = 80 if lang == "zh" else 220
    if len(line) > limit or _ARTICLE.match(line):
        return
    if lang != "zh" and line[0].islower():
        return
    stopped = bool(_STOPPED.search(line))
    if evidence:
        if not stopped or line.count(".") + line.count("。") <= 1:
            unit.kind = "headline"
        return
    following = text[after[0].start : after[0].end]
    if stopped or _TERMINAL.search(line) and not _longer(following, line, 1.5):
        return
    if line[-1] in ",，、—-–":
        return
    if lang != "zh" and following[0].islower():
        return
    if not any(char.isalpha() for char in line):
        return
    if _TERMINAL.search(following) or _longer(following, line, 1.8):
        unit.kind = "headline"


def _longer(text: str, other: str, times: float) -> bool:
    return len(text) >= times * len(other)


def _take_noise(text: str, units: list[_Unit]) -> None:
    """Mark share links, rules and the like that stand on lines of their own within the text."""
    for unit in units:
        if unit.kind != "text" or unit.end - unit.start > 80:
            continue
        found = furniture.read(text[unit.start : unit.end])
        if found is None:
            continue
        if found.noisy and not (found.section or found.date or found.agency or found.named):
            unit.kind = "noise"
        elif found == furniture.Furniture(end=found.end):
            unit.kind = "noise"  # nothing but signs


def _width(line: str) -> int:
    wide = sum(1 for char in line if unicodedata.east_asian_width(char) in "WF")
    return len(line) + wide


def _unwrap(text: str, lang: str, units: list[_Unit]) -> list[_Unit]:
    """Join the lines of paragraphs that were wrapped to an even width."""
    result: list[_Unit] = []
    n = 0
    while n < len(units):
        run = [units[n]]
        while (
            n + len(run) < len(units)
            and run[0].kind == "text"
            and units[n + len(run)].kind == "text"
            and units[n + len(run)].block == run[0].block
        ):
            run.append(units[n + len(run)])
        result.extend(_join(text, lang, run) if len(run) > 1 else run)
        n += len(run)
    return result


def _join(text: str, lang: str, run: list[_Unit]) -> list[_Unit]:
    if max(unit.end - unit.start for unit in run) > 120:
        return run
    lines = [text[unit.start : unit.end] for unit in run]
    widths = [_width(line) for line in lines]
    full = max(widths)
    if full > 110 or full < 30:
        return run
    inner = [n for n in range(len(run) - 1) if not _TERMINAL.search(lines[n])]
    even = [n for n in inner if widths[n] >= 0.7 * full]
    # Wrapped prose: most lines break in mid-sentence, and those are nearly full.
    prose = len(inner) >= 2 and len(even) >= 0.8 * len(inner) and len(run) >= 3
    if lang != "zh":
        lower = sum(1 for n in inner if lines[n + 1][0].islower() or lines[n][-1] in ",-–—")
        prose = prose and lower * 3 >= len(inner)
    indents = [_indent(text, unit) for unit in run]
    result = [run[0]]
    for n in range(1, len(run)):
        goes_on = not _ARTICLE.match(lines[n]) and widths[n - 1] >= 0.6 * full
        if indents[n] > indents[n - 1] or lines[n - 1][-1:] in "；;:：":
            goes_on = False
        if prose:
            # A full line that happens to end with its sentence still is within its paragraph.
            goes_on = goes_on and (n - 1 in inner or widths[n - 1] >= 0.85 * full)
        else:
            goes_on = goes_on and lang != "zh" and n - 1 in inner and lines[n][0].islower()
        if goes_on:
            result[-1] = _Unit(result[-1].start, run[n].end, run[n].block)
        else:
            result.append(run[n])
    return result


def _indent(text: str, unit: _Unit) -> int:
    start = unit.start
    while start and text[start - 1] in " \t\u3000\u00a0":
        start -= 1
    return _width(text[start : unit.start])
