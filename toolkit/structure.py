"""Tell a dispatch's text from its structure: headline, byline, dateline, paragraphs, tail.

Every decision falls to text where it is in doubt; no character is lost either way.
"""

import datetime
import re
from dataclasses import dataclass, field

from toolkit import dateline, furniture, languages, lines

_STOPPED = re.compile(r"[.。；;:：][\"'”’»」』）)\]】]*\s*$")
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


def analyse(
    text: str, lang: str, headline: tuple[int, int] | None = None, *, wrapped: bool = True
) -> Layout:
    """Find headline, byline, dateline, paragraphs and tail of a page's text.

    ``headline`` is its place where the format marks it (HTML, Markdown). ``wrapped`` allows lines
    of even width to be taken for one paragraph.
    """
    text = lines.plain(text, lang)
    units = lines.cut_lines(text)
    layout = Layout()
    _take_tail(text, lang, units, layout)
    _take_head(text, lang, units, layout, headline)
    _take_noise(text, lang, units)
    if not any(unit.kind in ("text", "headline") for unit in units):
        return _all_text(text)
    if wrapped:
        units = lines.unwrap(text, lang, units)
    for unit in units:
        if unit.kind == "headline":
            layout.headline = (unit.start, unit.end)
        elif unit.kind == "text":
            layout.paragraphs.append((unit.start, unit.end))
        else:
            layout.parts.append((unit.kind, unit.start, unit.end))
    layout.parts.sort(key=lambda part: part[1])
    return layout


def _all_text(text: str) -> Layout:
    """A page of nothing but furniture is somebody's text after all."""
    layout = Layout()
    layout.paragraphs = [(unit.start, unit.end) for unit in lines.cut_lines(text)]
    return layout


def _take_tail(text: str, lang: str, units: list[lines.Unit], layout: Layout) -> None:
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
            tail = lines.Unit(*lines.trim(text, unit.start + cut, unit.end), unit.block, "tail")
            units[number + 1 : number + 1] = [tail]
            unit.start, unit.end = lines.trim(text, unit.start, unit.start + cut)
            return
        unit.kind = "tail"


def _take_related(text: str, units: list[lines.Unit]) -> int:
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
    units: list[lines.Unit],
    layout: Layout,
    hint: tuple[int, int] | None,
) -> None:
    """Mark what stands above the text, and the dateline the text begins with."""
    page_date, page_time = layout.page_date, layout.page_time  # the tail's: the head's go first
    layout.page_date = layout.page_time = None
    number = 0
    candidates: list[lines.Unit] = []
    # The lines that stood above the first byline, dateline or page date: one is the headline.
    above: list[lines.Unit] = []
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
                lines.split(units, number, end, "dateline", text)
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


def _is_furniture(found: furniture.Furniture, candidates: list[lines.Unit]) -> bool:
    """Tell whether a line that reads as furniture is it, given the text above."""
    if len(candidates) <= 1:
        return not (found.section and candidates and found.kind == "noise")
    # Further down a date in words may be the text's own; figures, labels and times are not.
    if found.numeric or found.time or found.named or found.agency:
        return True
    return found.noisy and not found.section


def _dated_lines(
    text: str, lang: str, units: list[lines.Unit], number: int, layout: Layout, above: int
) -> int:
    """Take date, time and place in a line or in three (as the Kremlin sets them); return how many.

    A date in words alone may be text further down; with a time under it, it is not.
    """
    three = [text[unit.start : unit.end] for unit in units[number : number + 3]]
    if above < 2 and (lone := dateline.alone(three[0])):
        sent, date, time = lone
        _send(layout, sent)
        layout.page_date = layout.page_date or date
        layout.page_time = layout.page_time or time
        units[number].kind = "dateline"
        return 1
    if len(three) < 2 or above > 2:
        return 0
    first, second = furniture.read(three[0], lang), furniture.read(three[1], lang)
    if not (first and second and first.date and not first.time and second.time):
        return 0
    if second.date or first.named or second.named:
        return 0
    _note(layout, first)
    _note(layout, second)
    units[number].kind = units[number + 1].kind = "byline"
    if len(units) > number + 3 and (place := dateline.place_alone(three[2])):
        date = first.date
        _send(layout, dateline.Dateline(0, place, dateline.Day(date.day, date.month, date.year)))
        units[number + 2].kind = "dateline"
        return 3
    return 2


_TOPIC = re.compile(r"题[:：]\s*(?=\S)")


def _take_topic(text: str, units: list[lines.Unit], number: int, headed: bool) -> None:
    """Read 新华社北京11月2日电 题：…: a feature names its headline behind the dateline."""
    if headed or number + 1 >= len(units):
        return
    unit = units[number]
    if topic := _TOPIC.match(text[unit.start : unit.end]):
        lines.split(units, number, unit.start + topic.end(), "noise", text)
        units[number + 1].kind = "headline"
        following = units[number + 2] if number + 2 < len(units) else None
        if following and (found := furniture.read(text[following.start : following.end])):
            if found.named:
                following.kind = "byline"


def _likeliest(
    text: str, lang: str, candidates: list[lines.Unit], hint: tuple[int, int] | None
) -> lines.Unit:
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
    text: str, lang: str, units: list[lines.Unit], number: int, layout: Layout, hinted: bool
) -> tuple[int, bool]:
    """Take furniture, a label and a dateline off the line that may hold the headline."""
    dated = False
    unit = units[number]
    line = text[unit.start : unit.end]
    label = furniture.LABEL.match(line)
    if label:
        lines.split(units, number, unit.start + label.end(), "noise", text)
        number += 1
        dated = True
    elif not hinted and (found := furniture.prefix(line, lang)):
        _note(layout, found)
        lines.split(units, number, unit.start + found.end, "byline", text)
        number += 1
        dated = True
    unit = units[number]
    line = text[unit.start : unit.end]
    at = _inner_dateline(line, lang)
    if at:
        lines.split(units, number, unit.start + at, "text", text)
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
            lines.Unit(*lines.trim(text, unit.start + start, unit.end), unit.block, kind)
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
    units: list[lines.Unit],
    unit: lines.Unit,
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
    if len(line) > limit or lines.ARTICLE.match(line):
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
    if stopped or lines.TERMINAL.search(line[-60:]) and not _longer(following, line, 1.5):
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
        lines.TERMINAL.search(following[-60:])
        or lines.ARTICLE.match(following)
        or (len(following) >= body and _longer(following, line, 1.8))
    ):
        unit.kind = "headline"


def _longer(text: str, other: str, times: float) -> bool:
    return len(text) >= times * len(other)


def _take_noise(text: str, lang: str, units: list[lines.Unit]) -> None:
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
