"""Days that no calendar has: Feb. 30, 31 июня, 2025年2月29日."""

import calendar
import re
from collections.abc import Iterator

from toolkit.values import dates
from toolkit.values.value import fold

_MOST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_EN = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_EN_MONTH = (
    r"(?P<month>Jan(?:uary|\.)|Feb(?:ruary|\.)|Mar(?:ch|\.)|Apr(?:il|\.)|May|June?\.?|July?\.?"
    r"|Aug(?:ust|\.)|Sept(?:ember|\.)|Oct(?:ober|\.)|Nov(?:ember|\.)|Dec(?:ember|\.))"
)
_RU_MONTH = "|".join(dates.RU_MONTHS["gen"].split())
_FOUND = {
    "zh": re.compile(
        r"(?:(?P<year>\d{4})年)?(?<!\d)(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]"
    ),
    "ru": re.compile(
        rf"(?<![\d.,])(?P<day>\d{{1,2}}) (?P<month>{_RU_MONTH})(?!\w)"
        r"(?: (?P<year>\d{4})(?!\d))?",
        re.IGNORECASE,
    ),
    # "In June 31 people came": a day is followed by what may follow one.
    "en": re.compile(
        rf"\b{_EN_MONTH} (?P<day>\d{{1,2}})(?:, (?P<year>\d{{4}}))?"
        r"(?=[,.;:)\"”]|$| (?:in|at|and|to|on|with|as|by|for|this|last|next|when|that)\b)"
    ),
}


def impossible(text: str, lang: str) -> Iterator[tuple[int, int]]:
    """Yield the places of days that do not exist; of a year that is not named, Feb. 29 does."""
    for match in _FOUND[lang].finditer(fold(text)):
        day, month = int(match["day"]), _month(match["month"], lang)
        year = int(match["year"]) if match["year"] else 0
        if not 1 <= month <= 12:
            if lang == "zh" and 12 < month < 32 and 0 < day < 32:
                yield match.span()
            continue
        most = _MOST[month - 1]
        if month == 2 and year and not calendar.isleap(year):
            most = 28
        # Above 31 it may be no day at all: «40 мая».
        if most < day <= 31 or (lang == "zh" and day > 31):
            yield match.span()


def _month(word: str, lang: str) -> int:
    if lang == "zh":
        return int(word)
    if lang == "en":
        return _EN.index(word[:3]) + 1
    return _RU_MONTH.split("|").index(word.lower()) + 1
