"""Figures and days of one text as the check between versions compares them.

Every language gets the same keys (a number by its value, a day by month and day), and a text can
be asked more generously than its keys: whether it may be said to hold a key at all, in digits of a
code, as a weekday of the calendar, as "half" for 50 percent.
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

from toolkit.glossary import inwords
from toolkit.glossary.match import Group
from toolkit.glossary.said import small_numerals
from toolkit.languages import brackets, module
from toolkit.values import numerals, units
from toolkit.values.reading import completed, values
from toolkit.values.value import Day, Value, fold

Key = tuple[str, object]

# Units of one measure, so that 100万千瓦 is 1,000 MW and 15 mu are a hectare.
_BASE = {
    "MW": ("kW", Fraction(1000)),
    "t": ("kg", Fraction(1000)),
    "jin": ("kg", Fraction(1, 2)),
    "km": ("m", Fraction(1000)),
    "km2": ("m2", Fraction(10**6)),
    "ha": ("m2", Fraction(10**4)),
    "mu": ("m2", Fraction(2000, 3)),
}
_BASES = frozenset(unit for unit, _ in _BASE.values())
_TO_YEAR = re.compile(r"(?:年|\s?год\w*)?\s?(?:[-–—－~至到]|--| to | по | until )\s?(?=\d{4})")
# The N months of a year from its first on, as they are counted.
_FIRST_MONTHS = {
    "zh": (re.compile(r"[前头首]$"), re.compile("个月")),
    "ru": (re.compile(r"(?:перв\w+|за|с начала года за) $", re.IGNORECASE), re.compile(r" месяц")),
    "en": (re.compile(r"\bfirst $", re.IGNORECASE), re.compile(r" months?\b")),
}
_GAS = re.compile(r" ?([bt])cm\b")
_WIND = re.compile(r"风力?[约达为至到]?(?:\d+[至到~-])?\d+级$")
_START = {"zh": "", "ru": r"\b", "en": r"\b"}
# Points of percent, which are no percent.
_POINTS = {
    "zh": re.compile("个?百分点"),
    "ru": re.compile(r"\s?(?:процентн\w+ пункт|п\.\s?п\.|пп\b)"),
    "en": re.compile(r"[ -]?(?:percentage|per ?cent|pct)[ -]points?\b"),
}
_POINTS_BEHIND = re.compile(r"\s?(?:пункт|points?\b)")  # «0,5 проц. пункта»
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})\Z")


@dataclass(frozen=True, slots=True)
class Item:
    """A figure, day, month, weekday or time of day at its place.

    ``kind`` groups what may stand for one another: ``figure``, ``year``, ``date``, ``month``,
    ``weekday``, ``time``,
    ``times``. ``unit`` is that of the base measure. ``spare`` says that other versions
    may well do without: it stands in brackets, in a title, or is below ten and counts nothing.
    ``small`` says that it is a bare number below ten. ``also`` is what another language may count:
    增长1.5倍 is 2.5 times as much. ``about`` says that the text itself does not mean it exactly;
    ``base`` is the amount in the unit of its measure.
    """

    kind: str
    key: Key
    value: Value
    unit: str = ""
    spare: bool = False
    small: bool = False
    also: Fraction | None = None
    about: bool = False
    base: tuple[str, Fraction] | None = None

    @property
    def start(self) -> int:
        return self.value.start

    @property
    def end(self) -> int:
        return self.value.end

    @property
    def text(self) -> str:
        return self.value.text


class Amounts:
    """All figures and days of one text in one language.

    ``day`` completes days without a month and says what "this year" is.
    """

    def __init__(
        self, text: str, lang: str, groups: list[Group], day: datetime.date | None
    ) -> None:
        self.text, self.lang, self.day = text, lang, day
        found = values(text, lang)
        self.values = [
            raw if self._is_guess(raw) else full
            for raw, full in zip(found, completed(found, day), strict=True)
        ]
        self.groups = groups
        self.items = (*self._items(), *self._multiples())
        self.units: dict[Key, set[str]] = {}
        for item in self.items:
            if item.kind == "figure":
                self.units.setdefault(item.key, set()).add(item.unit)

    def _is_guess(self, raw: Value) -> bool:
        """Say whether the month of a bare day is a guess: 27日 in a dispatch of the 2nd."""
        said = raw.value
        if not isinstance(said, Day) or said.month or not said.day or self.day is None:
            return False
        return abs(said.day - self.day.day) > 3

    def _items(self) -> Iterator[Item]:
        inside = self._within_terms()
        round_brackets = _bracketed(self.text)
        for number, value in enumerate(self.values):
            bracketed = any(left < value.start < right for left, right in round_brackets)
            spare = number in inside or bracketed
            if isinstance(value.value, Day):
                yield from self._days(value, spare)
                continue
            clock = self._clock(value)
            if clock:
                yield Item("time", ("time", clock), value, spare=True)
            elif value.kind == "weekday":
                yield Item("weekday", ("weekday", value.value), value, spare=spare)
            elif value.year:
                # 2026-2035 may be said as "until 2035".
                spare = spare or bool(_TO_YEAR.match(self.text, value.end))
                yield Item("year", ("number", value.value), value, spare=spare)
            else:
                months = self._months(value)
                if months:
                    yield Item("month", ("months", months), value, spare=spare)
                    continue
                size: Fraction = value.value  # type: ignore[assignment]
                unit = value.unit
                gas = _GAS.match(self.text, value.end) if self.lang == "en" else None
                if gas:
                    size *= 10**9 if gas[1] == "b" else 10**12
                    unit = "m3"
                bare = value.kind in ("number", "ordinal") and not gas
                # Winds are told by force in one version and by metres a second in another.
                spare = spare or bool(_WIND.search(self.text, value.start - 8, value.end + 1))
                small = bare and abs(size) < 10 and size.denominator == 1
                base = None
                if value.unit in _BASE or value.unit in _BASES:
                    measure, factor = _BASE.get(value.unit, (value.unit, Fraction(1)))
                    base = measure, size * factor
                yield Item(
                    "figure",
                    ("number", size),
                    value,
                    self._percent(value) or unit,
                    spare or small,
                    small,
                    self._times(value, size) if bare else None,
                    self._about(value),
                    base,
                )

    def _percent(self, value: Value) -> str:
        if _POINTS[self.lang].match(self.text, value.end):
            return "pp"
        if value.kind != "percent":
            return ""
        return "pp" if _POINTS_BEHIND.match(self.text, value.end) else "%"

    def _times(self, value: Value, size: Fraction) -> Fraction | None:
        grown = self.lang == "zh" and self.text.startswith("倍", value.end)
        before = self.text[max(0, value.start - 6) : value.start]
        return size + 1 if grown and re.search("增长|增加|提高|扩大|上升|多出?", before) else None

    def _multiples(self) -> Iterator[Item]:
        """Yield doubled, tripled and the like: in another version it may be a percentage."""
        for number, pattern in inwords.TIMES_FOUND[self.lang]:
            for match in pattern.finditer(self._folded):
                start, end = match.span()
                value = Value("number", Fraction(number), start, end, self.text[start:end])
                yield Item("times", ("times", number), value, spare=True)

    def _months(self, value: Value) -> int | None:
        """Return N where a number counts the months of a year from its first: 前10个月."""
        if value.kind != "number" or not 1 < value.value < 12:  # type: ignore[operator]
            return None
        before, after = _FIRST_MONTHS[self.lang]
        if after.match(self.text, value.end) and before.search(
            self.text[max(0, value.start - 12) : value.start]
        ):
            return int(value.value)  # type: ignore[call-overload]
        return None

    def _days(self, value: Value, spare: bool) -> Iterator[Item]:
        first: Day = value.value  # type: ignore[assignment]
        until = first.until
        if until and first.month == 1 and until.month and not (first.day or until.day):
            # January to October are the first ten months.
            yield Item("month", ("months", until.month), value, spare=spare)
            if first.year:
                yield Item("year", ("number", Fraction(first.year)), value, spare=spare)
            return
        for day in (first, first.until):
            if day is None:
                continue
            month = day.month
            if day.year and (day is first or day.year != first.year):
                yield Item("year", ("number", Fraction(day.year)), value, spare=spare)
            if day.day:
                yield Item("date", ("date", (month, day.day)), value, spare=spare)
            elif month and (day is first or month != first.month):
                yield Item("month", ("month", month), value, spare=spare)

    def _clock(self, value: Value) -> str | None:
        """Return a time of day as h:mm, also where it is written 10.30 or 10时30分."""
        if value.kind == "time":
            return str(value.value)
        after, before = self.text[value.end :], self.text[: value.start]
        if self.lang == "ru" and (found := _CLOCK.match(value.text)):
            if re.match(r" (?:утра|вечера|дня|ночи|час|мск|по )", after):
                return f"{int(found[1])}:{found[2]}"
        if self.lang == "zh" and value.kind == "number":
            if re.match(r"[时點点](?!间|代|节|期|左右?的)", after) and len(value.text) <= 2:
                return f"{value.text}:00"
            if re.search(r"[时點点]$", before) and after.startswith("分"):
                return f":{value.text}"
        if self.lang == "en" and value.kind == "number" and value.value < 13:  # type: ignore[operator]
            if re.match(r" ?(?:[ap]\.?m\b|o'clock)", after):
                return f"{value.text}:00"
        return None

    def _within_terms(self) -> set[int]:
        """Return the values that belong to a fixed phrase, which may be said without them."""
        inside: set[int] = set()
        for group in self.groups:
            match = group.matches[0]
            if not any(letter.isdigit() or letter in numerals.ZH_CHARACTERS
                       for letter in match.term.text) and self.lang != "ru":  # fmt: skip
                continue
            own = list(_term_values(match.term.text, self.lang))
            if not own:
                continue
            for at, value in enumerate(self.values):
                if value in own and group.start <= value.start and value.end <= group.end:
                    own.remove(value)
                    inside.add(at)
        return inside

    def may_hold(self, item: Item, beside: "Amounts | None" = None) -> bool:
        """Say whether this text may be said to have what ``item`` of another text says.

        ``beside`` is that other text: what it says exactly is no rounding of something else.
        """
        self._beside = beside.keys if beside else frozenset()
        return item.key in self.keys or {
            "figure": self._may_count,
            "year": self._may_date,
            "date": self._may_be_on,
            "month": self._may_be_in,
            "weekday": self._may_be_weekday,
            "time": self._may_be_at,
            "times": self._may_multiply,
        }[item.kind](item)

    @cached_property
    def first(self) -> dict[Key, Item]:
        """Return the first item of each key."""
        found: dict[Key, Item] = {}
        for item in self.items:
            found.setdefault(item.key, item)
        return found

    @cached_property
    def keys(self) -> frozenset[Key]:
        return frozenset(item.key for item in self.items)

    @cached_property
    def _folded(self) -> str:
        return fold(self.text)

    @cached_property
    def small(self) -> dict[int, tuple[int, int]]:
        """Return the places of the numerals from three to nine, in words or as 5份."""
        covered = bytearray(len(self.text))
        for thing in (*self.values, *self.groups):
            covered[thing.start : thing.end] = b"\1" * (thing.end - thing.start)
        found: dict[int, tuple[int, int]] = {}
        for number, start, word in small_numerals(self.text, self.lang):
            if not covered[start]:
                found.setdefault(number, (start, start + len(word)))
        for item in self.items:
            if item.small and item.value.kind == "number" and not item.value.year:
                size = item.key[1]
                if isinstance(size, Fraction) and 3 <= size <= 9:
                    found.setdefault(int(size), (item.start, item.end))
        return found

    @cached_property
    def two(self) -> tuple[int, int] | None:
        """Return the place of a "two" that counts something other than sides and countries."""
        found = inwords.TWO[self.lang].search(self._folded)
        return found.span() if found else None

    @cached_property
    def may_say_two(self) -> bool:
        return Fraction(2) in self.loose or bool(inwords.ANY_TWO[self.lang].search(self._folded))

    @cached_property
    def loose(self) -> frozenset[Fraction]:
        """Return every number that can be seen in the text, in codes and names too."""
        also = {item.also for item in self.items if item.also is not None}
        return inwords.numbers(self._folded, self.text, self.lang) | also

    def _may_count(self, item: Item) -> bool:
        size: Fraction = item.key[1]  # type: ignore[assignment]
        if size in self.loose or (item.unit == "%" and self._says_part(size)):
            return True
        if size == 1 and item.unit and self._names_unit(item.unit):
            return True
        pattern = inwords.DECADES_FOUND.get(size)
        if pattern and (not item.unit or size >= 1000) and pattern.search(self._folded):
            return True
        if item.also is not None and item.also in self.loose:
            return True
        for other in self.items if len(self.items) < 500 else ():
            if other.kind != "figure":
                continue
            if item.base and item.base == other.base:
                return True
            if other.unit == item.unit:
                if item.about != other.about and other.key not in self._beside:
                    fine, rough = (other, item) if item.about else (item, other)
                    if _rounds(fine, rough):
                        return True
        return False

    def _names_unit(self, unit: str) -> bool:
        """Say whether a unit stands without a number: less than a kilometre, за баррель."""
        known = units.BY_CODE.get(unit)
        if known is None or not known.find.get(self.lang):
            return False
        flags = re.IGNORECASE if self.lang == "ru" else 0
        pattern = rf"(?<![\d.,])(?<!\d ){_START[self.lang]}(?:{known.find[self.lang]})"
        return bool(re.search(pattern, self._folded, flags))

    def _says_part(self, size: Fraction) -> bool:
        pattern = inwords.PARTS_FOUND.get(size)
        return bool(pattern and pattern.search(self._folded))

    def _about(self, value: Value) -> bool:
        before = self.text[max(0, value.start - 16) : value.start]
        around = before + self.text[value.end : value.end + 3]
        return value.over or bool(inwords.ABOUT[self.lang].search(around))

    def _may_date(self, item: Item) -> bool:
        year = int(item.key[1])  # type: ignore[call-overload]
        if Fraction(year) in self.loose:
            return True
        if inwords.ANY_YEAR[self.lang].search(self._folded):
            # "A year earlier" is near another year that is named, or near the dispatch.
            known = [int(i.key[1]) for i in self.items if i.kind == "year"]  # type: ignore[call-overload]
            known += [self.day.year] if self.day else []
            if not known or any(0 < abs(year - each) <= 1 for each in known):
                return True
            # A report of January is about last year, and compares it with the one before.
            if self.day and year == self.day.year - 2:
                return True
        if self.day is None:
            # "This year" may be any; a day says it by its month and day alone.
            said = any(pattern.search(self._folded) for pattern in inwords.YEARS_FOUND[self.lang])
            return said or (
                item.value.kind == "date" and any(i.kind == "date" for i in self.items)
            )
        for pattern, meant in zip(inwords.YEARS_FOUND[self.lang], (0, -1, 1), strict=True):
            if self.day.year + meant == year and pattern.search(self._folded):
                return True
        # 11月2日 in a dispatch of 2025 is Nov. 2, 2025.
        return year == self.day.year and any(
            i.kind in ("date", "month", "weekday") for i in self.items
        )

    def _may_be_on(self, item: Item) -> bool:
        month, day = item.key[1]  # type: ignore[misc]
        named = inwords.HOLIDAYS.get((month, day))
        if named and named.search(self._folded):
            return True
        for other in self.items:
            if other.kind == "date":
                its_month, its_day = other.key[1]  # type: ignore[misc]
                if its_day == day and (month is None or its_month is None):
                    return True
            elif other.kind == "weekday":
                wanted = self.weekday_of(item)
                if wanted == other.key[1]:
                    return True
                # Which day a weekday is, nobody knows; where there are dates it is one of them.
                if wanted is None and (month is None or not self._dated):
                    return True
        # "on the 23rd" says no month; «25-го».
        return Fraction(day) in self._ordinals

    @cached_property
    def _dated(self) -> bool:
        return any(item.kind == "date" for item in self.items)

    @cached_property
    def _ordinals(self) -> frozenset[Fraction]:
        found = {item.key[1] for item in self.items if item.value.kind == "ordinal"}
        return frozenset(found)  # type: ignore[arg-type]

    def _may_be_in(self, item: Item) -> bool:
        month = item.key[1]
        if item.key[0] == "months" and Fraction(month) in self.loose:  # type: ignore[arg-type]
            return True
        for other in self.items:
            if other.kind == "date" and other.key[1][0] == month:  # type: ignore[index]
                return True
            if isinstance(other.value.value, Day) and _spans(other.value.value, month):
                return True
        return bool(re.search(r"季度|квартал|quarter|полугод|半年|half of", self._folded))

    def _may_be_weekday(self, item: Item) -> bool:
        for other in self.items:
            if other.kind == "date":
                found = self.weekday_of(other)
                if found is None or found == item.key[1]:
                    return True
        return False

    def _may_multiply(self, item: Item) -> bool:
        number = int(item.key[1])  # type: ignore[call-overload]
        others = [i for i in self.items if i.kind == "times"]
        shown = {Fraction(number), Fraction(number - 1), Fraction(100 * (number - 1))}
        return not others and bool(shown & self.loose)

    def _may_be_at(self, item: Item) -> bool:
        hour, _, minute = str(item.key[1]).partition(":")
        # "5万点" of an index is read as a time, and is none.
        hours = {int(hour), (int(hour) + 12) % 24, int(hour) % 12} if hour.isdigit() else set()
        if minute.isdigit() and int(minute) and Fraction(int(minute)) not in self.loose:
            return False
        return not hours or any(Fraction(each) in self.loose for each in hours)

    def weekday_of(self, item: Item) -> int | None:
        """Return the ISO weekday of a date, where its year is known."""
        month, day = item.key[1]  # type: ignore[misc]
        said = item.value.value
        if isinstance(said, Day) and said.year and month:
            return _weekday(said.year, month, day)
        if self.day is None:
            return None
        here = self.day
        if month is None:
            # The month in which the day is nearest.
            before = here.replace(day=1) - datetime.timedelta(1)
            after = here.replace(day=28) + datetime.timedelta(7)
            around = [(each.year, each.month) for each in (here, before, after)]
        else:
            around = [(here.year + shift, month) for shift in (0, -1, 1)]
        days = [made for year, each in around if (made := _date(year, each, day))]
        return min(days, key=lambda made: abs(made - here)).isoweekday() if days else None

    @cached_property
    def relative(self) -> str:
        """Return a word for a day that only the day of the dispatch makes one, or ""."""
        found = inwords.RELATIVE[self.lang].search(self._folded)
        return self.text[found.start() : found.end()] if found else ""

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        return module(self.lang).sentences(self.text)

    def sentence_of(self, place: int) -> int:
        """Return the number of the sentence that holds a place."""
        for number, (_, end) in enumerate(self.sentences):
            if place < end:
                return number
        return max(0, len(self.sentences) - 1)


@lru_cache(maxsize=20_000)
def _term_values(term: str, lang: str) -> tuple[Value, ...]:
    return tuple(values(term, lang))


def _date(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _weekday(year: int, month: int, day: int) -> int | None:
    made = _date(year, month, day)
    return made.isoweekday() if made else None


def _rounds(fine: Item, rough: Item) -> bool:
    """Say whether ``rough`` is ``fine`` with fewer digits: rounded, cut or rounded up."""
    one, other = fine.key[1], rough.key[1]
    if (
        not isinstance(one, Fraction)
        or not isinstance(other, Fraction)
        or not other
        or one == other
    ):
        return False
    if abs(other) < 100 and other.denominator == 1:
        return False  # 31 days are not 30
    step = Fraction(1)
    if other.denominator != 1:
        step = (
            Fraction(1, 10**rough.value.places)
            if rough.value.places
            else Fraction(1, other.denominator)
        )
    else:
        while other % (step * 10) == 0:
            step *= 10
    return abs(one - other) < step and abs(one - other) * 10 <= abs(other)


def _spans(day: Day, month: object) -> bool:
    if not isinstance(month, int) or day.until is None or not day.month or not day.until.month:
        return False
    return day.month <= month <= day.until.month


def _bracketed(text: str) -> list[tuple[int, int]]:
    pairs = brackets.pair(text).closer.items()
    found = [(left, right) for left, right in pairs if text[left] in "(（[【《"]
    # Russian agencies put what they add between slashes.
    slashes = [m.start() for m in re.finditer(r"(?<!\w)/(?=\S)|(?<=\S)/(?!\w)", text)]
    return found + list(zip(slashes[::2], slashes[1::2], strict=False))
