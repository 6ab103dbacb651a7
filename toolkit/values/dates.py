"""Find dates, months and weekdays in three languages and write them in dispatch style.

English: "Nov. 2", "Nov. 2, 2025", "November 2025" (months shortened as news agencies do, only
before a day). Russian: «2 ноября 2025 года». Chinese: 11月2日. Relative days are left alone.
"""

import re
from functools import cache, lru_cache

from toolkit.values.value import Day, Value, fold, without_final_stop

_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_SHORT = "Jan. Feb. March April May June July Aug. Sept. Oct. Nov. Dec.".split()
RU_MONTHS = {
    "nom": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "gen": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "dat": "январю февралю марту апрелю маю июню июлю августу сентябрю октябрю ноябрю декабрю",
    "ins": "январём февралём мартом апрелем маем июнем июлем августом сентябрём октябрём ноябрём"
    " декабрём",
    "loc": "январе феврале марте апреле мае июне июле августе сентябре октябре ноябре декабре",
}
RU_MONTHS["acc"] = RU_MONTHS["nom"]
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_ZH_WEEKDAYS = "一二三四五六日"
_RU_WEEKDAYS = {
    "nom": "понедельник вторник среда четверг пятница суббота воскресенье",
    "gen": "понедельника вторника среды четверга пятницы субботы воскресенья",
    "dat": "понедельнику вторнику среде четвергу пятнице субботе воскресенью",
    "acc": "понедельник вторник среду четверг пятницу субботу воскресенье",
    "ins": "понедельником вторником средой четвергом пятницей субботой воскресеньем",
    "loc": "понедельнике вторнике среде четверге пятнице субботе воскресенье",
}
# By ISO weekday, in the order of `ru_forms.CASES`.
_CASES = ("nom", "gen", "dat", "acc", "ins", "loc")
RU_WEEKDAYS = {
    number: tuple(_RU_WEEKDAYS[case].split()[number - 1] for case in _CASES)
    for number in range(1, 8)
}
_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_ZH_NUMERALS = {n: i for i, n in enumerate("〇一二三四五六七八九十")}
_YEARS = range(1000, 2200)

_RU_MONTH_CASES = {
    fold(form): (number, case)
    for case, forms in reversed(RU_MONTHS.items())
    for number, form in enumerate(forms.split(), 1)
}
_RU_WEEKDAY_CASES = {
    form: (number, case)
    for case, forms in reversed(_RU_WEEKDAYS.items())
    for number, form in enumerate(forms.split(), 1)
}
_EN_MONTH_NUMBERS = {
    **{name.lower(): number for number, name in enumerate(_MONTHS, 1)},
    **{name[:3].lower(): number for number, name in enumerate(_MONTHS, 1)},
    "sept": 9,
}

_ZH_NUMBER = r"(?:\d{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_ZH_YEAR = r"(?:\d{4}|[〇零一二三四五六七八九]{4})"
_ZH = {
    "dates": rf"""
        (?:(?P<y>{_ZH_YEAR})\s?年\s?)?(?P<m>{_ZH_NUMBER})\s?月\s?(?P<d>{_ZH_NUMBER})\s?(?P<unit>[日号])
          (?:[至到~-](?:(?:(?P<y2>{_ZH_YEAR})年)?(?P<m2>{_ZH_NUMBER})月)?(?P<d2>{_ZH_NUMBER})[日号])?
      | (?:(?P<y3>{_ZH_YEAR})年)?(?P<m3>{_ZH_NUMBER})月?[至到~-](?P<m4>{_ZH_NUMBER})月份?(?!\d)
      | (?P<y5>{_ZH_YEAR})\s?年\s?(?P<m5>{_ZH_NUMBER})\s?月份?(?!\d)
      | (?P<m6>{_ZH_NUMBER})\s?月份?(?!\d)
      | (?P<d7>{_ZH_NUMBER})\s?日(?:[至到~-](?P<d8>{_ZH_NUMBER})日)?
    """,
    "weekdays": r"(?:星期|礼拜|周)([一二三四五六日天])",
}
_EN_MONTH = (
    r"(?P<{0}>January|February|March|April|May|June|July|August|September|October|November"
    r"|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?"
)
_EN_DAY = (
    r"(?P<{0}>\d{{1,2}})(?:st|nd|rd|th)?(?![\d\w%])(?![.,:]\d)"
    r"(?!\s?(?:percent|per cent|thousand|million|billion|trillion)\b)"
)
_EN_YEAR = r"(?P<{0}>\d{{4}})(?![\d\w])(?!,\d{{3}}(?!\d))"
_EN = {
    "dates": rf"""
        \b{_EN_MONTH.format("m")}\s?{_EN_DAY.format("d")}
          (?:(?:,\s{_EN_YEAR.format("y0")})?(?:\s?--?\s?|\s(?:to|through|until)\s)
             (?:{_EN_MONTH.format("m2")}\s?)?{_EN_DAY.format("d2")})?
          (?:,?\s{_EN_YEAR.format("y")})?
      | (?<![\d.,-])(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?
          (?:-(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?)?\s(?:of\s)?{_EN_MONTH.format("m3")}
          (?:,?\s{_EN_YEAR.format("y3")})?(?!\s?\d)
      | \b{_EN_MONTH.format("m5")}(?:\s?--?\s?|\s(?:to|through)\s){_EN_MONTH.format("m6")}
          (?:,?\s{_EN_YEAR.format("y6")})?(?!\s?\d)
      | \b{_EN_MONTH.format("m7")},?\s(?:of\s)?{_EN_YEAR.format("y7")}
      | \b{_EN_MONTH.format("m8")}(?!\s?\d)
      | (?<=\bon\s)the\s(?P<d9>\d{{1,2}})(?:st|nd|rd|th)\b
          (?=\s?(?:[.,;:)]|$)|\s(?:and|in|at|to|with|by|for|from|that|but|after|when
             |of\s(?:this|last|the)\smonth)\b)
    """,
    "weekdays": r"\b(?:(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun)"
    r"\.)(?!\w)",
}
_RU_MONTH = "(?P<{0}>" + "|".join(sorted(_RU_MONTH_CASES, key=len, reverse=True)) + r")\b"
_RU_YEAR = r"(?P<{0}>\d{{4}})(?:\s?(?:года|году|год|годом|г\.?)(?!\w))?(?!\w)"
_RU = {
    "dates": rf"""
        (?<![\d.,-])(?P<d>\d{{1,2}})(?:-го)?
          (?:(?:\s(?P<m0>{_RU_MONTH.format("m1")})(?:\s{_RU_YEAR.format("y0")})?)?
             (?:\s?--?\s?|\s(?:по|до)\s)
             (?P<d2>\d{{1,2}})(?:-е|-го)?)?
          \s{_RU_MONTH.format("m")}(?:\s{_RU_YEAR.format("y")})?
      | \b{_RU_MONTH.format("m5")}(?:\s?--?\s?|\s(?:по|до)\s){_RU_MONTH.format("m6")}
          (?:\s{_RU_YEAR.format("y6")})?
      | \b{_RU_MONTH.format("m7")}\s{_RU_YEAR.format("y7")}
      | \b{_RU_MONTH.format("m8")}
      | (?<![\d.,-])(?P<d9>\d{{1,2}})(?:-го)?\sчисла\b
    """,
    "weekdays": r"\b(" + "|".join(sorted(_RU_WEEKDAY_CASES, key=len, reverse=True)) + r")\b",
}
_DIGITS = r"""
    (?<![\w.,/-])(?:
        (?P<iy>\d{4})(?P<sep>[-./])(?P<im>\d{1,2})(?P=sep)(?P<iday>\d{1,2})
      | (?P<dd>\d{1,2})\.(?P<dm>\d{1,2})\.(?P<dy>\d{4})(?:\s?(?:г\.|года))?
    )(?![\d/-])(?!\.\d)
"""
# "may", "march", "mar." and the surname are no months; these words before "May" say it is one.
_BEFORE_MAY = re.compile(
    r"\b(?:in|last|this|next|since|by|until|till|of|early|late|mid|from|between|to|through|before"
    r"|after|during|for|every|and)[ -]$"
)


@cache
def _pattern(lang: str, which: str) -> re.Pattern[str]:
    table = {"zh": _ZH, "en": _EN, "ru": _RU}[lang]
    if which == "weekdays":
        return re.compile(table["weekdays"], re.IGNORECASE if lang == "ru" else 0)
    return re.compile(f"{_DIGITS}|{table['dates']}", re.VERBOSE | re.IGNORECASE)


def find(text: str, lang: str) -> list[Value]:
    """Return the dates and weekdays in ``text``, in order, none overlapping.

    A day of the month alone (2日) is found in Chinese only, with month None. "May" alone counts
    only where a preposition shows that the month is meant.
    """
    return list(_found(text, lang))


@lru_cache(maxsize=64)
def _found(text: str, lang: str) -> tuple[Value, ...]:
    # Whoever looks for numbers has looked for dates: the same text comes twice.
    folded = fold(text)
    found: list[Value] = []
    for match in _pattern(lang, "dates").finditer(folded):
        day = _READERS[lang](match, folded) if match["iy"] is match["dd"] else _read_digits(match)
        if day is not None and _possible(day):
            start = match.start()
            if day.until is not None:
                start -= _opening(folded, start, match[0], lang)
            end = without_final_stop(folded, start, match.end())
            if lang == "zh" and day.month is None and found:
                day = _in_month_of(found[-1], day, folded[found[-1].end : start][:3])
            found.append(_value("date", day, start, end, text))
            found += _others(day, start, end, match.end(), folded, text, lang)
    for match in _pattern(lang, "weekdays").finditer(folded):
        number = _weekday(match, lang, folded)
        if number:
            end = match.end()
            found.append(_value("weekday", number, match.start(), end, text))
    return tuple(sorted(found, key=lambda value: value.start))


def _in_month_of(before: Value, day: Day, joint: str) -> Day:
    """Give 8日 in 11月7日和8日 the month of its neighbour."""
    first = before.value
    if not isinstance(first, Day) or first.until is not None or first.day is None:
        return day
    if joint not in ("和", "、", "与", "及", "或") or (day.day or 0) <= first.day:
        return day
    until = day.until and day.until._replace(month=first.month)
    return day._replace(month=first.month, until=until)


# «7 и 8 ноября», "7 and 8 November": days whose month stands with the last of them.
_LISTED_BEFORE = re.compile(r"(?<![\w.,/-])(\d{1,2})(?:, |,? (?:и|and) )$")
# "Nov. 7 and 8": what follows must not be what 8 could count.
_LISTED_AFTER = re.compile(
    r"(?P<days>(?:, \d{1,2})*,? and \d{1,2})(?:, (?P<year>\d{4})(?!\d))?"
    r"(?=\s*(?:$|[.;:)]|, )|\s(?:in|at|to|for|with|as|this|last|next|respectively)\b)"
)


def _others(
    day: Day, start: int, end: int, close: int, folded: str, text: str, lang: str
) -> list[Value]:
    """Return the other days of a list whose month is written once."""
    if lang == "zh" or day.month is None or day.day is None or day.until is not None:
        return []
    found = []
    if folded[start].isdigit():
        while match := _LISTED_BEFORE.search(folded[max(0, start - 12) : start]):
            other = Day(None, day.month, int(match[1]))
            start -= len(match[0])
            if not _possible(other):
                break
            found.append(_value("date", other, start, start + len(match[1]), text))
    elif lang == "en" and day.year is None and (listed := _LISTED_AFTER.match(folded, close)):
        for number in re.finditer(r"\d{1,2}", listed["days"]):
            other = Day(None, day.month, int(number[0]))
            at = close + number.start()
            if _possible(other):
                found.append(_value("date", other, at, at + len(number[0]), text))
        if found and listed["year"]:
            last = found[-1]
            dated = Day(int(listed["year"]), day.month, last.value.day)  # type: ignore[union-attr]
            found[-1] = _value("date", dated, last.start, listed.end(), text)
    return found


def _opening(text: str, start: int, span: str, lang: str) -> int:
    """Return the length of "from" or «с» in front of a span that goes on with "to" or «по»."""
    match = _OPENINGS[lang].search(text[max(0, start - 6) : start]) if lang != "zh" else None
    return len(match[0]) if match and re.search(r" (?:to|through|until|по|до) ", span) else 0


_OPENINGS = {"en": re.compile(r"\b[Ff]rom $"), "ru": re.compile(r"(?<!\w)[Сс]о? $")}


def _value(kind: str, value: Day | int, start: int, end: int, text: str) -> Value:
    return Value(kind, value, start, end, text[start:end])


def _read_digits(match: re.Match[str]) -> Day:
    if match["iy"]:
        return Day(int(match["iy"]), int(match["im"]), int(match["iday"]))
    return Day(int(match["dy"]), int(match["dm"]), int(match["dd"]))


def _read_zh(match: re.Match[str], text: str) -> Day | None:
    before = text[match.start() - 1 : match.start()] if match.start() else ""
    after = text[match.end() : match.end() + 1]
    if before and (before.isdigit() or before in "〇一二三四五六七八九十百千万第几数./:"):
        return None
    if match["d"]:
        until = None
        if match["d2"]:
            until = Day(
                _zh_year(match["y2"] or match["y"]),
                _zh_number(match["m2"] or match["m"]),
                _zh_number(match["d2"]),
            )
        return Day(_zh_year(match["y"]), _zh_number(match["m"]), _zh_number(match["d"]), until)
    if match["m4"]:
        year = _zh_year(match["y3"])
        return Day(year, _zh_number(match["m3"]), None, Day(year, _zh_number(match["m4"]), None))
    if match["m5"]:
        return Day(_zh_year(match["y5"]), _zh_number(match["m5"]), None)
    if match["m6"]:
        # 一月 within 十一月 cannot arise; "三月三" festivals and 月 compounds are not dates.
        return None if after in _NOT_MONTH else Day(None, _zh_number(match["m6"]), None)
    if not match["d7"] or (not match["d7"].isdigit() and len(match["d7"]) == 1):
        return None  # 一日 "one day", 今日; numerals alone say too little
    if before == "月" or after and after in "本元均内行前后游元圆年间":
        return None
    until = Day(None, None, _zh_number(match["d8"])) if match["d8"] else None
    return Day(None, None, _zh_number(match["d7"]), until)


_NOT_MONTH = tuple("饼球亮光嫂薪票租均息费租龄子牙")


def _read_en(match: re.Match[str], text: str) -> Day | None:
    if match["d"]:
        if not _is_name(match["m"]) or not _is_name(match["m2"]):
            return None
        year, month = _int(match["y"]), _en_month(match["m"])
        until = None
        if match["d2"]:
            until = Day(year, _en_month(match["m2"]) or month, int(match["d2"]))
        return Day(_int(match["y0"]) or year, month, int(match["d"]), until)
    if match["d3"]:
        if not _is_name(match["m3"]):
            return None
        year, month = _int(match["y3"]), _en_month(match["m3"])
        if match["d4"]:
            return Day(year, month, int(match["d3"]), Day(year, month, int(match["d4"])))
        return Day(year, month, int(match["d3"]))
    if match["m5"]:
        if not (_is_name(match["m5"]) and _is_name(match["m6"])):
            return None
        year = _int(match["y6"])
        return Day(year, _en_month(match["m5"]), None, Day(year, _en_month(match["m6"]), None))
    if match["m7"]:
        if not _is_name(match["m7"]):
            return None
        return Day(int(match["y7"]), _en_month(match["m7"]), None)
    if match["d9"]:
        return Day(None, None, int(match["d9"]))
    name = match["m8"]
    if not name[0].isupper() or not (len(name) > 4 or name in ("May", "June", "July")):
        return None  # "Sept." without a day or year is too rare to risk "Mar." or "Dec."
    if name in ("May", "March", "August", "April", "June"):
        start = match.start()
        if not _BEFORE_MAY.search(text[max(0, start - 12) : start].lower()):
            return None
    return Day(None, _en_month(name), None)


def _read_ru(match: re.Match[str], text: str) -> Day | None:
    if match["d"]:
        year, month = _int(match["y"]), _ru_month(match["m"])
        if match["d2"]:
            first = _ru_month(match["m1"]) or month
            until = Day(year, month, int(match["d2"]))
            return Day(_int(match["y0"]) or year, first, int(match["d"]), until)
        return Day(year, month, int(match["d"]))
    if match["m5"]:
        year = _int(match["y6"])
        return Day(year, _ru_month(match["m5"]), None, Day(year, _ru_month(match["m6"]), None))
    if match["m7"]:
        return Day(int(match["y7"]), _ru_month(match["m7"]), None)
    if match["d9"]:
        return Day(None, None, int(match["d9"]))
    name = match["m8"]
    return Day(None, _ru_month(name), None) if name.islower() else None


_READERS = {"zh": _read_zh, "en": _read_en, "ru": _read_ru}


def _is_name(month: str | None) -> bool:
    return month is None or month[0].isupper()


def _int(digits: str | None) -> int | None:
    return int(digits) if digits else None


def _en_month(name: str | None) -> int | None:
    return _EN_MONTH_NUMBERS[name.lower()] if name else None


def _ru_month(form: str | None) -> int | None:
    return _RU_MONTH_CASES[form.lower()][0] if form else None


def _zh_number(numeral: str) -> int:
    if numeral.isdigit() and numeral.isascii():
        return int(numeral)
    tens, ten, units = numeral.partition("十")
    value = _ZH_NUMERALS.get(units, 0)
    return value + 10 * _ZH_NUMERALS.get(tens, 1) if ten else _ZH_NUMERALS[tens]


def _zh_year(numeral: str | None) -> int | None:
    if not numeral:
        return None
    if numeral.isascii():
        return int(numeral)
    return int("".join(str(_ZH_NUMERALS[c if c != "零" else "〇"]) for c in numeral))


def _possible(day: Day) -> bool:
    """Say whether the calendar has such a day, in order if it is a span."""
    if day.month is not None and not 1 <= day.month <= 12:
        return False
    if day.day is not None and not 1 <= day.day <= _LENGTHS[(day.month or 1) - 1]:
        return False
    if day.year is not None and day.year not in _YEARS:
        return False
    if day.until is None:
        return True
    first = (day.month or 0, day.day or 0)
    last = (day.until.month or 0, day.until.day or 0)
    over_new_year = day.until.year is None and first[0] > last[0] > 0
    return _possible(day.until) and (first < last or over_new_year or day.year != day.until.year)


_BEFORE_WEDNESDAY = re.compile(
    r"(?:^|(?<!\w)(?:в|на|с|со|до|от|к|ко|по|за|перед|между|эту|прошлую|минувшую|следующую|"
    r"ближайшую|каждую|(?:вторник|четверг|пятниц|суббот|понедельник|воскресень)[а-я]{0,2}"
    r"(?: и|,|-| -))\s|-)$",
    re.IGNORECASE,
)


def _weekday(match: re.Match[str], lang: str, text: str) -> int | None:
    if lang == "ru":
        number = _RU_WEEKDAY_CASES[match[1].lower()][0]
        if number == 3:  # «среда» is an environment as well
            before = text[max(0, match.start() - 14) : match.start()]
            if not _BEFORE_WEDNESDAY.search(before) or text.startswith(" обитани", match.end()):
                return None
        return number
    if lang == "en":
        stem = (match[1] or match[2]).lower()[:3]
        if match[2] and match[2] in ("Sat", "Sun") and match.end() == len(text):
            return None
        return next(n for n, name in enumerate(_WEEKDAYS, 1) if name.lower().startswith(stem))
    before = text[match.start() - 1 : match.start()] if match.start() else ""
    if match[0].startswith("周"):
        after = text[match.end() : match.end() + 1]
        # 一周三次 "three times a week": a numeral in front counts weeks.
        if before and (before.isdigit() or before in "一二三四五六七八九十两几数半"):
            return None
        if match[1] in "一二三四五六" and after and after in "次年个天岁百千万亿十届度种项":
            return None
    return 7 if match[1] == "天" else _ZH_WEEKDAYS.index(match[1]) + 1


def render(value: Value, lang: str, *, case: str = "", before: str | None = None) -> str | None:
    """Write a date or weekday; None where the target needs a month that the text does not give.

    Args:
        case: Russian case of a weekday (nominative by default).
        before: The text in front of it, as far as known. It decides whether a span stands by
            itself ("from May 7 to 10", «с января по октябрь») or after a preposition
            ("on May 7-10", «в январе-октябре»), and gives a Russian month its case; without it,
            a month is written as after «в».
    """
    if value.kind == "weekday":
        place = int(value.value) - 1  # type: ignore[arg-type]
        if lang == "zh":
            return "周" + _ZH_WEEKDAYS[place]
        return (
            _WEEKDAYS[place]
            if lang == "en"
            else RU_WEEKDAYS[place + 1][_CASES.index(case or "nom")]
        )
    day = value.value
    if not isinstance(day, Day):
        raise ValueError(f"not a date: {value!r}")
    if lang == "zh":
        return _zh(day)
    if day.month is None:
        return None
    word = None
    if before is not None:
        word = before.split()[-1].lower().strip('(«"') if before[-1:].isspace() else ""
    return _en(day, word) if lang == "en" else _ru(day, word)


def _zh(day: Day) -> str:
    year = f"{day.year}年" if day.year is not None else ""
    month = f"{day.month}月" if day.month is not None else ""
    text = year + month + (f"{day.day}日" if day.day is not None else "")
    until = day.until
    if until is None:
        return text
    tail = f"{until.day}日" if until.day is not None else ""
    if until.month is not None and (until.month != day.month or until.day is None):
        tail = f"{until.month}月{tail}"
    if until.year is not None and until.year != day.year:
        tail = f"{until.year}年{tail}"
    return f"{text}至{tail}"


_EN_PREPOSITIONS = frozenset(
    "on in of for during scheduled between the from since until by through".split()
)


def _en(day: Day, word: str | None) -> str:
    until = day.until
    alone = word is None or word not in _EN_PREPOSITIONS
    name = _MONTHS if day.day is None else _SHORT
    text = name[(day.month or 1) - 1] + ("" if day.day is None else f" {day.day}")
    year = day.year
    joint = " " if day.day is None else ", "
    if until is not None:
        if until.year != day.year and until.year is not None:
            text, year = f"{text}{joint}{day.year}", until.year
        last = until.month or day.month or 1
        tail = str(until.day)
        if until.day is None or last != day.month or until.year != day.year:
            tail = name[last - 1] + ("" if until.day is None else f" {until.day}")
        short = " to " if word in ("from", "between", "since") or " " in tail and alone else "-"
        text = f"from {text} to {tail}" if alone else f"{text}{short}{tail}"
    return text if year is None else f"{text}{joint}{year}"


# What case a month takes after a preposition; «с», «до», «от», and a noun want the genitive.
_RU_GOVERNED = {
    **dict.fromkeys(("в", "о", "об", "во", "при"), "loc"),
    **dict.fromkeys(("к", "ко"), "dat"),
    **dict.fromkeys(("за", "на", "через", "про", "по"), "acc"),
    **dict.fromkeys(("перед", "между"), "ins"),
}


def _ru(day: Day, word: str | None) -> str:
    until, after_s = day.until, word in ("с", "со")
    year = "" if day.year is None else f" {day.year} года"
    genitive = RU_MONTHS["gen"].split()
    month = (day.month or 1) - 1
    if day.day is None:
        case = "loc" if word is None else _RU_GOVERNED.get(word, "gen")
        if until is None:
            return RU_MONTHS[case].split()[month] + year
        end = (until.month or 1) - 1
        if after_s or word is None or word not in _RU_GOVERNED:
            span = f"{genitive[month]} по {RU_MONTHS['acc'].split()[end]}"
            return ("" if after_s else "с ") + span + year
        return f"{RU_MONTHS[case].split()[month]}-{RU_MONTHS[case].split()[end]}{year}"
    first, joint = f"{day.day} {genitive[month]}", " по " if after_s else " - "
    if until is None:
        return first + year
    last = f"{until.day} {genitive[(until.month or day.month or 1) - 1]}"
    if until.year is not None and until.year != day.year:
        return f"{first}{year}{joint}{last} {until.year} года"
    if until.month is not None and until.month != day.month:
        return first + joint + last + year
    return f"{day.day}{' по ' if after_s else '-'}{last}{year}"
