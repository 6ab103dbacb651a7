"""The lines of a page: cut, spelt alike for matching, joined where a paragraph was wrapped."""

import re
import unicodedata
from dataclasses import dataclass

from toolkit import languages
from toolkit.languages.folding import INVISIBLE, SPACES, CharTable

_LINE = re.compile(r"[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_BLANK = re.compile(
    r"(?:\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029])[^\S\n\r]*(?:\r\n|[\n\r\f\u2029])"
)
TERMINAL = re.compile(r"[.!?。！？；;…:：][\"'”’»」』）)\]】》]*\s*$")
ARTICLE = re.compile(
    r"\s*(?:[一二三四五六七八九十百]+、|第[一二三四五六七八九十百\d]+[条章节]|[（(][一二三四五六七八九十\d]{1,3}[）)]|"
    r"\d{1,3}(?:\.\d{1,3})*[.)、．]\s*(?!\d)|[IVX]{1,5}[.)]\s|[a-zа-я][.)]\s|[•●▪■◆*–—-]\s|§|"
    r"(?:статья|раздел|глава|article|section|chapter)\s+[\dIVX]+)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Unit:
    """A line, or the lines of one wrapped paragraph; ``block`` numbers runs between blanks."""

    start: int
    end: int
    block: int
    kind: str = "text"


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


def plain(text: str, lang: str) -> str:
    """Return ``text`` in one spelling of spaces, widths and script, every character in its place.

    The patterns then need not know traditional characters, full-width letters and kinds of space.
    """
    return text.translate(_CHINESE_PLAIN if lang == "zh" else _PLAIN)


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return start, start + len(piece.strip())


def cut_lines(text: str) -> list[Unit]:
    units: list[Unit] = []
    block = 0
    last = 0
    for found in _LINE.finditer(text):
        start, end = trim(text, *found.span())
        if start == end:
            continue
        if units and _BLANK.search(text, last, start):
            block += 1
        units.append(Unit(start, end, block))
        last = end
    return units


def split(units: list[Unit], number: int, at: int, first: str, text: str) -> None:
    """Cut a unit in two at offset ``at``; the first piece gets the kind ``first``."""
    unit = units[number]
    left = trim(text, unit.start, at)
    right = trim(text, at, unit.end)
    pieces = []
    if left[0] < left[1]:
        pieces.append(Unit(*left, unit.block, first))
    if right[0] < right[1]:
        pieces.append(Unit(*right, unit.block, unit.kind))
    units[number : number + 1] = pieces


def _width(line: str) -> int:
    wide = sum(1 for char in line if unicodedata.east_asian_width(char) in "WF")
    return len(line) + wide


def unwrap(text: str, lang: str, units: list[Unit]) -> list[Unit]:
    """Join the lines of paragraphs that were wrapped to an even width."""
    result: list[Unit] = []
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


def _join(text: str, lang: str, run: list[Unit]) -> list[Unit]:
    if max(unit.end - unit.start for unit in run) > 120:
        return run
    lines = [text[unit.start : unit.end] for unit in run]
    widths = [_width(line) for line in lines]
    full = max(widths)
    if full > 110 or full < 30:
        return run
    inner = [n for n in range(len(run) - 1) if not TERMINAL.search(lines[n])]
    even = [n for n in inner if widths[n] >= 0.7 * full]
    # Wrapped prose: most lines break in mid-sentence, and those are nearly full.
    prose = len(inner) >= 2 and len(even) >= 0.8 * len(inner) and len(run) >= 3
    if lang != "zh":
        lower = sum(1 for n in inner if lines[n + 1][0].islower() or lines[n][-1] in ",-–—")
        prose = prose and lower * 3 >= len(inner)
    indents = [_indent(text, unit) for unit in run]
    result = [run[0]]
    for n in range(1, len(run)):
        goes_on = not ARTICLE.match(lines[n]) and widths[n - 1] >= 0.6 * full
        if indents[n] > indents[n - 1] or lines[n - 1][-1:] in "；;:：":
            goes_on = False
        if prose:
            # A full line that happens to end with its sentence still is within its paragraph.
            goes_on = goes_on and (n - 1 in inner or widths[n - 1] >= 0.85 * full)
        else:
            goes_on = goes_on and lang != "zh" and n - 1 in inner and lines[n][0].islower()
        if goes_on:
            result[-1] = Unit(result[-1].start, run[n].end, run[n].block)
        else:
            result.append(run[n])
    return result


def _indent(text: str, unit: Unit) -> int:
    start = unit.start
    while start and text[start - 1] in " \t\u3000\u00a0":
        start -= 1
    return _width(text[start : unit.start])
