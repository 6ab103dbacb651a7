"""A value and its place in a text: what numbers and dates have in common."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

# One character for one character, so that offsets into the original text stay true.
_WIDE = "".join(map(chr, range(0xFF01, 0xFF5F)))
_NARROW = "".join(map(chr, range(0x21, 0x7F)))
_TRADITIONAL = str.maketrans(
    "萬億兩點盧歐幣圓餘後頃噸萊從週來間個歲時禮號屆",
    "万亿两点卢欧币元余后顷吨莱从周来间个岁时礼号届",
)
_SPACES = str.maketrans(dict.fromkeys("\u00a0\u202f\u2009\u2007", "\u00a0"))
_KEPT = "，．：；！？（）"  # punctuation of the sentence, not of a number
_FOLD: dict[int, str | int] = {
    **{ord(w): n for w, n in zip(_WIDE, _NARROW, strict=True) if w not in _KEPT},
    **_TRADITIONAL,
    **_SPACES,
    **dict.fromkeys(map(ord, "‐‑‒–—―－"), "-"),
    **dict.fromkeys(map(ord, "～〜"), "~"),
    **{ord("﹪"): "%", ord("○"): "〇", ord("ё"): "е", ord("Ё"): "Е"},
}


def fold(text: str) -> str:
    """Return ``text`` with width, dashes, ё and traditional numerals unified, length unchanged.

    A no-break space of any width becomes U+00A0: inside a number it groups, where a plain space
    may only separate. A full-width comma or stop becomes narrow between full-width digits.
    """
    folded = text.translate(_FOLD)
    if not any(mark in text for mark in "，．"):
        return folded
    characters = list(folded)
    for place, character in enumerate(text):
        if character in "，．" and 0 < place < len(text) - 1:
            if _wide_digit(text[place - 1]) and _wide_digit(text[place + 1]):
                characters[place] = "," if character == "，" else "."
    return "".join(characters)


def _wide_digit(character: str) -> bool:
    return "０" <= character <= "９"


class Day(NamedTuple):
    """A day, a month or a span of them; what the text does not say is None."""

    year: int | None
    month: int | None
    day: int | None
    until: "Day | None" = None


@dataclass(frozen=True, slots=True)
class Value:
    """A value found in a text, equal to the same value found in any language.

    ``kind`` is ``"number"``, ``"ordinal"``, ``"percent"``, ``"money"``, ``"quantity"``,
    ``"time"``, ``"date"`` or ``"weekday"``. ``value`` is an exact `Fraction` (percent: 7.5 for
    7.5%), a `Day`, an ISO weekday from 1 for Monday, or for a time of day the text "8:30".
    ``unit`` is an ISO 4217 code for money, a symbol as in `toolkit.values.units` for quantities.
    ``over`` says that the text itself says "and more" inside the number: 300多亿美元.

    ``year`` marks a cardinal that only names, a year above all, also No. 5 and resolution 2758: it
    is never grouped or scaled. ``places`` is the number of decimals written, so that 7.0 stays
    7.0. Neither counts for equality.
    """

    kind: str
    value: Fraction | Day | int | str
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)
    text: str = field(default="", compare=False)
    unit: str = ""
    over: bool = False
    year: bool = field(default=False, compare=False)
    places: int = field(default=0, compare=False)


def without_final_stop(text: str, start: int, end: int) -> int:
    """Return ``end``, or one less where the last full stop also ends the sentence."""
    closing = len(text) - end < 8 and not text[end:].strip(" \u00a0\r\n»”\"')")
    return end - 1 if closing and end - 1 > start and text[end - 1] == "." else end
