"""Tell a dispatch's text from its structure: headline, byline, dateline, paragraphs, tail.

Every decision falls to text where it is in doubt; no character is lost either way.
"""

import datetime
import re
import unicodedata
from dataclasses import dataclass, field

from toolkit import dateline, furniture, languages
from toolkit.languages.folding import INVISIBLE, SPACES, CharTable

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
# 地点：宁波 is a field of a record; 记者：… then 王毅：… are the turns of an interview.
_FIELD = re.compile(
    r"(?:地点|时间|人物|主题|place|venue|subject|место|тема)\s*[:：]", re.IGNORECASE
)
_SPEAKER = re.compile(r"[^\s:：。.!?！？]{1,12}(?: [^\s:：。.!?！？]{1,12})?[:：]")
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
    text = _plain(text, lang)
    units = _lines(text)
    layout = Layout()
    _take_tail(text, lang, units, layout)
    _take_head(text, lang, units, layout, headline)
    _take_noise(text, lang, units)
    if not any(unit.kind in ("text", "headline") for unit in units):
        return _all_text(text)
    if wrapped:
        units = _unwrap(text, lang, units)
    for unit in units:
        if unit.kind == "headline":
            layout.headline = (unit.start, unit.end)
        elif unit.kind == "text":
            layout.paragraphs.append((unit.start, unit.end))
        else:
            layout.parts.append((unit.kind, unit.start, unit.end))
    layout.parts.sort(key=lambda part: part[1])
    return layout


def _plain_char(char: str) -> str:
    if _INVISIBLE.match(char):
        return "\u200b"
    if _SPACES.match(char):
        return " "
    if "！" <= char <= "～":
        return chr(ord(char) - 0xFEE0)  # full width, the block mirrors ASCII
    return char


def _plain_char_zh(char: str) -> str:
    # Full-width punctuation and the indent are Chinese spelling, not an accident.
    if char == "\u3000" or ("！" <= char <= "～" and not char.isalnum()):
        return char
    return languages.module("zh").simplify(_plain_char(char))


_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_SPACES = re.compile(f"[{SPACES}]")
_PLAIN = CharTable(_plain_char)
_CHINESE_PLAIN = CharTable(_plain_char_zh)


def _plain(text: str, lang: str) -> str:
    """Return ``text`` in one spelling of spaces, widths and script, every character in its place.

    The patterns then need not know traditional characters, full-width letters and kinds of space.
    """
    return text.translate(_CHINESE_PLAIN if lang == "zh" else _PLAIN)


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


def _take_tail(text: str, lang: str, units: list[_Unit], layout: Layout) -> None:
    """Mark editors' tails and page footers, from the end upwards to the last line of text."""
    last = _take_related(text, units)
    for number in range(last - 1, max(-1, last - _TAIL_LINES), -1):
        unit = units[number]
        line = text[unit.start : unit.end]
        if number and (found := furniture.tail_line(line, lang)):
            unit.kind = "tail"
            if found.labelled:
                layout.page_date = layout.page_date or found.date
                layout.page_time = layout.page_time or found.time
            continue
        cut = furniture.tail_start(line)
        if cut is None or (cut == 0 and not number):
            return
        if line[:cut].strip():
            tail = _Unit(*_trim(text, unit.start + cut, unit.end), unit.block, "tail")
            units[number + 1 : number + 1] = [tail]
            unit.start, unit.end = _trim(text, unit.start, unit.start + cut)
            return
        unit.kind = "tail"


def _take_related(text: str, units: list[_Unit]) -> int:
    """Mark a list of other stories behind the text; return how many lines stand before it.

    The list is a heading known as such and titles without a full stop.
    """
    for number in range(len(units) - 1, max(0, len(units) - _TAIL_LINES), -1):
        unit = units[number]
        line = text[unit.start : unit.end]
        if furniture.RELATED.match(line):
            for other in units[number:]:
                other.kind = "tail"
            return number
        if len(line) > 120 or _STOPPED.search(line[-60:]):
            break
    return len(units)


def _take_head(
    text: str,
    lang: str,
    units: list[_Unit],
    layout: Layout,
    hint: tuple[int, int] | None,
) -> None:
    """Mark what stands above the text, and the dateline the text begins with."""
    page_date, page_time = layout.page_date, layout.page_time  # the tail's: the head's go first
    layout.page_date = layout.page_time = None
    number = 0
    candidates: list[_Unit] = []
    # The lines that stood above the first byline, dateline or page date: one is the headline.
    above: list[_Unit] = []
    while number < min(len(units), _HEAD_LINES) and len(candidates) < _HEAD_TEXTS:
        unit = units[number]
        line = text[unit.start : unit.end]
        hinted = hint is not None and unit.start == hint[0]
        if unit.kind != "text":
            number += 1
            continue
        if not hinted:
            shown = line.lstrip("\u200b")  # what _plain makes of invisible characters
            if sent := dateline.match(shown, lang):
                _send(layout, sent)
                end = unit.end - len(shown) + sent.end
                _split(units, number, end, "dateline", text)
                _take_topic(text, units, number + 1, bool(candidates))
                above = above or candidates
                break
            taken = _dated_lines(text, lang, units, number, layout, len(candidates))
            if taken:
                above = above or candidates[:]
                number += taken
                continue
            found = furniture.read(line, lang)
            if found and _is_furniture(found, candidates):
                unit.kind = found.kind
                _note(layout, found)
                if found.kind == "byline":
                    above = above or candidates[:]
                number += 1
                continue
        if not candidates:
            number, dated = _before_headline(text, lang, units, number, layout, hinted)
            if dated:
                above = [units[number]]
        candidates.append(units[number])
        number += 1
    layout.page_date = layout.page_date or page_date
    layout.page_time = layout.page_time or page_time
    if any(unit.kind == "headline" for unit in units):
        return
    if candidates:
        headline = _likeliest(text, lang, above or candidates[:1], hint)
        _decide_headline(text, lang, units, headline, bool(above), hint)


def _is_furniture(found: furniture.Furniture, candidates: list[_Unit]) -> bool:
    """Tell whether a line that reads as furniture is it, given the text above."""
    if len(candidates) <= 1:
        return not (found.section and candidates and found.kind == "noise")
    # Further down a date in words may be the text's own; figures, labels and times are not.
    if found.numeric or found.time or found.named or found.agency:
        return True
    return found.noisy and not found.section


def _dated_lines(
    text: str, lang: str, units: list[_Unit], number: int, layout: Layout, above: int
) -> int:
    """Take date, time and place in a line or in three (as the Kremlin sets them); return how many.

    A date in words alone may be text further down; with a time under it, it is not.
    """
    lines = [text[unit.start : unit.end] for unit in units[number : number + 3]]
    if above < 2 and (lone := dateline.alone(lines[0])):
        sent, date, time = lone
        _send(layout, sent)
        layout.page_date = layout.page_date or date
        layout.page_time = layout.page_time or time
        units[number].kind = "dateline"
        return 1
    if len(lines) < 2 or above > 2:
        return 0
    first, second = furniture.read(lines[0], lang), furniture.read(lines[1], lang)
    if not (first and second and first.date and not first.time and second.time):
        return 0
    if second.date or first.named or second.named:
        return 0
    _note(layout, first)
    _note(layout, second)
    units[number].kind = units[number + 1].kind = "byline"
    if len(units) > number + 3 and (place := dateline.place_alone(lines[2])):
        date = first.date
        _send(layout, dateline.Dateline(0, place, dateline.Day(date.day, date.month, date.year)))
        units[number + 2].kind = "dateline"
        return 3
    return 2


_TOPIC = re.compile(r"题[:：]\s*(?=\S)")


def _take_topic(text: str, units: list[_Unit], number: int, headed: bool) -> None:
    """Read 新华社北京11月2日电 题：…: a feature names its headline behind the dateline."""
    if headed or number + 1 >= len(units):
        return
    unit = units[number]
    if topic := _TOPIC.match(text[unit.start : unit.end]):
        _split(units, number, unit.start + topic.end(), "noise", text)
        units[number + 1].kind = "headline"
        following = units[number + 2] if number + 2 < len(units) else None
        if following and (found := furniture.read(text[following.start : following.end])):
            if found.named:
                following.kind = "byline"


def _likeliest(
    text: str, lang: str, candidates: list[_Unit], hint: tuple[int, int] | None
) -> _Unit:
    """Return the first line above byline or dateline that is long enough for a headline."""
    for unit in candidates:
        line = text[unit.start : unit.end]
        letters = sum(1 for char in line if char.isalpha())
        if hint is not None and unit.start == hint[0]:
            return unit
        if letters >= (6 if lang == "zh" else 15):
            return unit
    return candidates[0]


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
    elif not hinted and (found := furniture.prefix(line, lang)):
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
    for _ in range(3):
        line = text[unit.start : unit.end]
        end = furniture.suffix(line)
        if end is None or _STOPPED.search(line[-60:]):
            break
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
        sent = dateline.match(line[found.start() : found.start() + 240], lang)
        if sent and sent.day and sent.agency and dateline.AGENCY.match(sent.agency):
            return found.start()
    return None


def _decide_headline(
    text: str,
    lang: str,
    units: list[_Unit],
    unit: _Unit,
    evidence: bool,
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
    stopped = bool(_STOPPED.search(line[-60:]))
    if evidence:
        # A Chinese headline has no full stop; an English one may, by abbreviation or habit.
        if not stopped or (lang != "zh" and len(languages.module(lang).sentences(line)) == 1):
            unit.kind = "headline"
        return
    following = text[after[0].start : after[0].end]
    if stopped or _TERMINAL.search(line[-60:]) and not _longer(following, line, 1.5):
        return
    if line[-1] in ",，、—-–":
        return
    if _FIELD.match(line) or (_SPEAKER.match(line) and _SPEAKER.match(following)):
        return
    if lang != "zh" and following[0].islower():
        return
    if not any(char.isalpha() for char in line):
        return
    body = 25 if lang == "zh" else 60
    if (
        _TERMINAL.search(following[-60:])
        or _ARTICLE.match(following)
        or (len(following) >= body and _longer(following, line, 1.8))
    ):
        unit.kind = "headline"


def _longer(text: str, other: str, times: float) -> bool:
    return len(text) >= times * len(other)


def _take_noise(text: str, lang: str, units: list[_Unit]) -> None:
    """Mark share links, rules and the like that stand on lines of their own within the text."""
    for unit in units:
        if unit.kind != "text" or unit.end - unit.start > 80:
            continue
        found = furniture.read(text[unit.start : unit.end], lang)
        if found is None:
            continue
        if found.sharing and not (found.section or found.date or found.agency or found.named):
            unit.kind = "noise"
        elif found == furniture.Furniture(lang, end=found.end):
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
