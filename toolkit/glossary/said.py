"""What a text says that no other version may change: its values, names and countries.

Shared by the check between versions and by the guard of the translator, which differ in what
they forgive.
"""

import datetime
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

from toolkit.glossary import countries
from toolkit.glossary.concept import Concept
from toolkit.glossary.match import Matcher
from toolkit.values import numerals
from toolkit.values.reading import completed, values
from toolkit.values.value import Day, Value

_NAMED = frozenset(("person", "place", "country", "country/place", "region", "organisation"))
# China and Russia are compared as countries, by all that is said of them.
_COUNTRIES = frozenset(("prc", "russian_federation", "china", "russia"))
# What is said by one character after 涉.
_ZH_ABOUT = {"港": "hong_kong", "疆": "xinjiang", "藏": "xizang", "台": "taiwan", "澳": "macao"}
# Europe of 中欧班列 is no union, and whoever says 欧方 may mean either.
_LOOSE = frozenset(("EU",))
_CHINA = {
    "zh": re.compile(
        r"(?<!发展)中(?:国(?!家)|华|方|共|文)|汉语|中[俄美日欧非朝韩印法德英哈越老柬缅泰新蒙乌吉塔白巴伊沙阿土埃"
        r"波匈塞意西希拉澳巴墨古智秘中]|[俄美日欧朝韩印法德英哈越蒙白巴塞]中|中外|国务院|全国人大|全国政协"
        r"|我国|[访对在来涉驻赴]华(?!沙|盛|尔|侨)"
    ),
    "ru": re.compile(r"[Кк]ита(?:[яеюи]|й(?!ск[а-я]+ язык))|КНР|КПК|ВСНП|НПКСК|Госсовет"),
    "en": re.compile(
        r"\bChina\b|\bChinese\b|\bSino-|\bPRC\b|\bCPC\b|\bNPC\b|\bCPPCC\b|State Council"
    ),
}
_PARTIES = {"CN": _CHINA, "RU": {"zh": re.compile("(?<!白)俄(?!亥)")}}
# Numerals below ten are words of the sentence, not values; one and two are too common to count.
_SMALL_ZH = {character: number for number, character in enumerate("三四五六七八九", 3)}
_SMALL_EN = {
    word: number
    for words in (
        "three four five six seven eight nine",
        "third fourth fifth sixth seventh eighth ninth",
        "three-way four-way five-way six-way seven-way eight-way nine-way",
    )
    for number, word in enumerate(words.split(), 3)
} | {"trilateral": 3, "quadrilateral": 4, "thirds": 3, "thirdly": 3, "fourthly": 4}
_SMALL_RU = re.compile(
    r"(?:(трет[ьи]|трех|трем|трое|троих|троим)|(четв[ео]р|четыр)|(пят(?!н|к|ьдес|идес|над))"
    r"|(шест(?!ьдес|идес|над|в))|(сем(?:ь|и|ерк|ер)(?!дес|и?над|[еьяюй]|ин|на))|(восьм(?!идес)|восемь(?!дес))"
    r"|(девят(?!н|над)))"
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


class Said:
    """What a text says that must not change: its values, names and countries."""

    def __init__(
        self, text: str, lang: str, matcher: Matcher, day: datetime.date | tuple[int, int] | None
    ) -> None:
        self.text, self.lang = text, lang
        self.values = completed(values(text, lang), day)
        self.groups = matcher.groups(text, lang, frames=False)
        measures = [v for v in self.values if v.kind in ("money", "quantity")]
        self.matches = [
            group.matches[0]
            for group in self.groups
            if not any(v.start <= group.start and group.end <= v.end for v in measures)
        ]
        # ``countries`` must be in the other text, ``lands`` may be meant and excuse it there.
        self.countries: dict[str, str] = {}
        self.lands: set[str] = set()
        for start, code in countries.mentions(text, lang):
            if code in _LOOSE or any(v.start <= start < v.end for v in measures):
                continue
            self.lands.add(code)
            if lang != "zh" or _full_name(text, start):
                self.countries.setdefault(code, _word_at(text, start, lang))
        for code, word in _parties(text, lang):
            self.lands.add(code)
            self.countries.setdefault(code, word)

    def amounts(self) -> tuple[dict[object, list[str]], Counter[object]]:
        """Return the surfaces of each amount, and how often one is within a fixed phrase.

        A phrase that has a figure in itself (联大第2758号决议) may be said without it.
        """
        inside: set[int] = set()
        for match in self.matches:
            own = list(values(match.term.text, self.lang))
            for at, value in enumerate(self.values):
                if value in own and match.start <= value.start and value.end <= match.end:
                    own.remove(value)
                    inside.add(at)
        found: dict[object, list[str]] = {}
        optional: Counter[object] = Counter()
        for at, value in enumerate(self.values):
            for part in parts(value):
                if at in inside:
                    optional[part] += 1
                else:
                    found.setdefault(part, []).append(value.text)
        return found, optional

    def small(self) -> dict[int, str]:
        """Return numerals from three to nine outside values and fixed phrases."""
        covered = bytearray(len(self.text))
        for thing in (*self.values, *self.matches):
            covered[thing.start : thing.end] = b"\1" * (thing.end - thing.start)
        found: dict[int, str] = {}
        for number, start, word in small_numerals(self.text, self.lang):
            if not covered[start]:
                found.setdefault(number, word)
        return found

    def digits(self) -> set[int]:
        """Return all whole numbers below ten, however they are written."""
        whole = {
            int(part[1])  # type: ignore[index, call-overload]
            for part in self.amounts()[0]
            if part[0] == "number" and part[1] == int(part[1])  # type: ignore[index, call-overload]
        }
        return whole | set(self.small()) | {n for n, _, _ in small_numerals(self.text, self.lang)}


def parts(value: Value) -> Iterator[tuple[str, object]]:
    """Yield what two spellings of a value share: a year may stand in a date or alone."""
    if not isinstance(value.value, Day):
        kind = value.kind if value.kind in ("weekday", "time") else "number"
        yield kind, value.value
        return
    first, until = value.value, value.value.until
    for day in (first, until):
        if day is None:
            continue
        if day.year and (day is first or day.year != first.year):
            yield "number", day.year
        if day.month and (day is first or day.month != first.month):
            yield "month", day.month
        if day.day:
            yield "number", day.day


def small_numerals(text: str, lang: str) -> Iterator[tuple[int, int, str]]:
    if lang == "zh":
        for place, character in enumerate(text):
            if character in _SMALL_ZH:
                yield _SMALL_ZH[character], place, character
        return
    for match in _WORD.finditer(text):
        for piece in re.finditer(r"[^-]+", match[0]):
            word = piece[0].lower().replace("ё", "е")
            number = _SMALL_EN.get(word) if lang == "en" else _small_russian(word)
            if number:
                yield number, match.start() + piece.start(), match[0]


@cache
def _small_russian(word: str) -> int | None:
    value = numerals.ru_words().get(word, (0, False))[0]
    if value:
        return value if 3 <= value <= 9 else None
    match = _SMALL_RU.match(word)
    return match.lastindex + 2 if match and match.lastindex else None


def _parties(text: str, lang: str) -> Iterator[tuple[str, str]]:
    """Yield China and Russia where a text names them by any word of theirs, with that word."""
    for code, patterns in _PARTIES.items():
        found = patterns[lang].search(text) if lang in patterns else None
        if found:
            yield code, found[0]


def lands(text: str, lang: str) -> set[str]:
    """Return the codes of all countries that a text names, by noun, adjective or 中方."""
    named = {code for _, code in countries.mentions(text, lang)}
    return named | {code for code, _ in _parties(text, lang)}


def is_name(concept: Concept) -> bool:
    return concept.domain in _NAMED and concept.id not in _COUNTRIES


def mentioned(said: Said) -> set[str]:
    """Return all concepts a text may be said to mention, inside longer ones too."""
    ids = {match.concept.id for group in said.groups for match in (*group.matches, *group.inner)}
    if said.lang == "zh":
        ids |= {_ZH_ABOUT[found[1]] for found in re.finditer("涉([港疆藏台澳])", said.text)}
    return ids


@cache
def land(concept: Concept) -> frozenset[str]:
    term = concept.preferred("en")
    named = countries.mentions(term.text, "en") if term else []
    return frozenset(code for _, code in named)


def _full_name(text: str, start: int) -> bool:
    """Tell a country's name from its one character in 中阿, 阿方, which many may share."""
    if text.startswith("半岛", start + 2):
        return False
    alone = countries.mentions(text[start : start + 8], "zh")
    return bool(alone) and alone[0][0] == 0 and text[start + 1 : start + 2] not in ("方", "中")


def _word_at(text: str, start: int, lang: str) -> str:
    if lang == "zh":
        return text[start : start + 2]
    match = re.compile(r"\w+(?:\.\w+\.?)*").match(text, start)
    return match[0] if match else text[start : start + 12]
