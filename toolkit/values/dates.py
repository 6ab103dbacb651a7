"""Find dates and weekdays in a text, and write them in another language's dispatch style."""

import re

from toolkit.values.value import Day, Value, fold

_EN_MONTHS = (
    "January February March April May June July August September October November December".split()
)
# Months of five letters or fewer are not cut (Associated Press style, followed by Xinhua).
_EN_SHORT = "Jan. Feb. March April May June July Aug. Sept. Oct. Nov. Dec.".split()
_RU_MONTHS = (
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split()
)
_RU_LOCATIVE = (
    "январе феврале марте апреле мае июне июле августе сентябре октябре ноябре декабре".split()
)
_RU_STEMS = "янв фев мар апр ма июн июл авг сен окт ноя дек".split()

_EN_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|"
    r"Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_RU_MONTH = (
    r"(?:январ[яье]|феврал[яье]|март[ае]?|апрел[яье]|ма[яйе]|июн[яье]|июл[яье]|август[ае]?|"
    r"сентябр[яье]|октябр[яье]|ноябр[яье]|декабр[яье])(?![а-я])"
)
_RU_YEAR = r"(?:[\u00a0 ](?P<{0}>(?:19|20)\d\d)(?:[\u00a0 ]?(?:год[ауе]?|г\.))?(?!\d))?"

_ZH = re.compile(
    r"(?:(?P<y>\d{4})年)?(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]"
    r"(?:(?:至|到|-|~)(?:(?:(?P<y2>\d{4})年)?(?P<m2>\d{1,2})月)?(?P<d2>\d{1,2})[日号])?"
    r"|(?P<my>\d{4})年(?P<mm>\d{1,2})月(?:份)?(?![\d日号])"
    r"|(?<!\d)(?P<om>\d{1,2})月(?:份)?(?![\d日号])"
    r"|(?<![\d月])(?P<od>\d{1,2})[日号](?:至(?P<od2>\d{1,2})[日号])?(?![本元均报常程内前后前线楼馆])"
    r"|(?P<week>(?<![一二两三四五六七八九十每\d])(?:星期|周|礼拜)(?P<w>[一二三四五六日天]))"
    r"|(?P<iso>(?<!\d)(?P<iy>(?:19|20)\d\d)-(?P<im>\d{1,2})-(?P<id>\d{1,2})(?!\d))"
)
_EN = re.compile(
    rf"(?<![A-Za-z])(?:[Ff]rom )?(?P<rm>{_EN_MONTH}) (?P<rd>\d{{1,2}}) ?(?:-|to) ?"
    rf"(?:(?P<rm2>{_EN_MONTH}) )?(?P<rd2>\d{{1,2}})(?!\d)(?:, (?P<ry>(?:19|20)\d\d))?"
    rf"|(?<![A-Za-z])(?P<m>{_EN_MONTH}) (?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?![\d.]\d|\d|,\d)"
    rf"(?:, (?P<y>(?:19|20)\d\d)(?!\d))?"
    rf"|(?<!\d)(?P<d3>\d{{1,2}})(?:st|nd|rd|th)? (?P<m3>{_EN_MONTH})(?![a-z])"
    rf"(?:,? (?P<y3>(?:19|20)\d\d)(?!\d))?"
    rf"|(?<![A-Za-z])(?P<mm>{_EN_MONTH}),? (?P<my>(?:19|20)\d\d)(?!\d)"
    rf"|(?<=\b(?:[Ii]n|[Bb]y|[Oo]f) )(?P<om>{_EN_MONTH})(?![A-Za-z])"
    rf"|(?<=\b(?:Since|since|Until|until) )(?P<om2>{_EN_MONTH})(?![A-Za-z])"
    r"|(?<![A-Za-z])(?P<w>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)(?![a-z])"
    r"|(?P<iso>(?<!\d)(?P<iy>(?:19|20)\d\d)-(?P<im>\d{1,2})-(?P<id>\d{1,2})(?!\d))"
)
_RU = re.compile(
    rf"(?<![\d.,])(?P<rd>\d{{1,2}})[\u00a0 ]?-[\u00a0 ]?(?P<rd2>\d{{1,2}})[\u00a0 ]"
    rf"(?P<rm>{_RU_MONTH})"
    rf"{_RU_YEAR.format('ry')}"
    rf"|(?<![\w])[Сс] (?P<fd>\d{{1,2}})(?:[\u00a0 ](?P<fm>{_RU_MONTH}))? по "
    rf"(?P<fd2>\d{{1,2}})[\u00a0 ](?P<fm2>{_RU_MONTH}){_RU_YEAR.format('fy')}"
    rf"|(?<![\d.,])(?P<d>\d{{1,2}})[\u00a0 ](?P<m>{_RU_MONTH}){_RU_YEAR.format('y')}"
    rf"|(?<![а-я])(?P<mm>{_RU_MONTH})[\u00a0 ](?P<my>(?:19|20)\d\d)"
    r"(?:[\u00a0 ]?(?:год[ауе]?|г\.))?(?!\d)"
    rf"|(?<=\b[Вв] )(?P<om>{_RU_MONTH})(?![а-я])"
    r"|(?<![\d.])(?P<nd>\d{1,2})\.(?P<nm>\d{1,2})\.(?P<ny>(?:19|20)\d\d)(?!\d)"
    r"|(?<![а-яА-Я])(?P<w>[Пп]онедельник|[Вв]торник|[Сс]ред|[Чч]етверг|[Пп]ятниц|[Сс]уббот|"
    r"[Вв]оскресень)(?P<ending>[а-я]{0,2})(?![а-я])"
    r"|(?P<iso>(?<!\d)(?P<iy>(?:19|20)\d\d)-(?P<im>\d{1,2})-(?P<id>\d{1,2})(?!\d))"
)
_ZH_DAYS = "一二三四五六日"
_EN_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_RU_DAYS = ("понедельник", "вторник", "сред", "четверг", "пятниц", "суббот", "воскресень")
# The endings a weekday may carry: «средам» is a habit, «средний» no day at all.
_RU_DAY_ENDINGS = {
    "понедельник": ("", "а", "у", "ом", "е"), "вторник": ("", "а", "у", "ом", "е"),
    "сред": ("а", "ы", "е", "у", "ой"), "четверг": ("", "а", "у", "ом", "е"),
    "пятниц": ("а", "ы", "е", "у", "ей"), "суббот": ("а", "ы", "е", "у", "ой"),
    "воскресень": ("е", "я", "ю", "ем"),
}  # fmt: skip
RU_WEEKDAYS = {
    1: ("понедельник", "понедельника", "понедельнику", "понедельник", "понедельником",
        "понедельнике"),
    2: ("вторник", "вторника", "вторнику", "вторник", "вторником", "вторнике"),
    3: ("среда", "среды", "среде", "среду", "средой", "среде"),
    4: ("четверг", "четверга", "четвергу", "четверг", "четвергом", "четверге"),
    5: ("пятница", "пятницы", "пятнице", "пятницу", "пятницей", "пятнице"),
    6: ("суббота", "субботы", "субботе", "субботу", "субботой", "субботе"),
    7: ("воскресенье", "воскресенья", "воскресенью", "воскресенье", "воскресеньем", "воскресенье"),
}  # fmt: skip
_CASES = ("nom", "gen", "dat", "acc", "ins", "loc")


def find(text: str, lang: str) -> list[Value]:
    """Return dates (``Day``) and weekdays (1 is Monday) in order; impossible days are passed over.

    A month alone is found only where it cannot be another word: "in May", «в мае», 5月.
    """
    folded = fold(text)
    pattern = {"zh": _ZH, "ru": _RU, "en": _EN}[lang]
    found = []
    for match in pattern.finditer(folded):
        groups = match.groupdict()
        start, end = match.span()
        if groups["w"]:
            weekday = _weekday(groups, lang)
            if weekday is None:
                continue
            found.append(Value("weekday", weekday, start, end, text[start:end]))
            continue
        day = _day(groups, lang)
        if day is not None and _possible(day):
            found.append(Value("date", day, start, end, text[start:end]))
    return found


def _weekday(groups: dict[str, str | None], lang: str) -> int | None:
    word = groups["w"] or ""
    if lang == "zh":
        return _ZH_DAYS.index("日" if word == "天" else word) + 1
    if lang == "en":
        return _EN_DAYS.index(word) + 1
    stem = word.lower()
    if groups["ending"] not in _RU_DAY_ENDINGS[stem]:
        return None
    return _RU_DAYS.index(stem) + 1


def _day(g: dict[str, str | None], lang: str) -> Day | None:
    def number(name: str) -> int | None:
        return int(g[name]) if g.get(name) else None  # type: ignore[arg-type]

    def month(name: str) -> int | None:
        word = g.get(name)
        if not word:
            return None
        if lang == "zh":
            return int(word)
        stems = _RU_STEMS if lang == "ru" else [m[:3].lower() for m in _EN_MONTHS]
        lower = word.lower()
        if lang == "ru" and lower.startswith("мар"):
            return 3
        return next((n for n, stem in enumerate(stems, 1) if lower.startswith(stem)), None)

    if g.get("iso"):
        return Day(number("iy"), number("im"), number("id"))
    if lang == "zh":
        if g["d"]:
            until = None
            if g["d2"]:
                until = Day(number("y2"), number("m2") or number("m"), number("d2"))
            return Day(number("y"), number("m"), number("d"), until)
        if g["mm"]:
            return Day(number("my"), number("mm"), None)
        if g["om"]:
            return Day(None, number("om"), None)
        until = Day(None, None, number("od2")) if g["od2"] else None
        return Day(None, None, number("od"), until)
    if lang == "en":
        if g["rd"]:
            until = Day(number("ry"), month("rm2") or month("rm"), number("rd2"))
            return Day(None if not g["rm2"] else None, month("rm"), number("rd"), until)
        if g["d"]:
            return Day(number("y"), month("m"), number("d"))
        if g["d3"]:
            return Day(number("y3"), month("m3"), number("d3"))
        if g["mm"]:
            return Day(number("my"), month("mm"), None)
        return Day(None, month("om") or month("om2"), None)
    if g["rd"]:
        return Day(None, month("rm"), number("rd"), Day(number("ry"), month("rm"), number("rd2")))
    if g["fd"]:
        until = Day(number("fy"), month("fm2"), number("fd2"))
        return Day(None, month("fm") or month("fm2"), number("fd"), until)
    if g["nd"]:
        return Day(number("ny"), number("nm"), number("nd"))
    if g["d"]:
        return Day(number("y"), month("m"), number("d"))
    if g["mm"]:
        return Day(number("my"), month("mm"), None)
    return Day(None, month("om"), None)


def _possible(day: Day) -> bool:
    month_fits = day.month is None or 1 <= day.month <= 12
    day_fits = day.day is None or 1 <= day.day <= 31
    return month_fits and day_fits and (day.until is None or _possible(day.until))


def render(value: Value, lang: str, *, case: str = "nom") -> str | None:
    """Write a date or weekday; None where the target needs a month that the text does not give.

    Args:
        case: Of a Russian weekday. Dates stand in the genitive (2 ноября), a month alone in the
            locative (в ноябре), as dispatches use them.
    """
    if value.kind == "weekday":
        assert isinstance(value.value, int)
        if lang == "zh":
            return "周" + _ZH_DAYS[value.value - 1]
        if lang == "en":
            return _EN_DAYS[value.value - 1]
        return RU_WEEKDAYS[value.value][_CASES.index(case)]
    day = value.value
    assert isinstance(day, Day)
    return {"zh": _render_zh, "ru": _render_ru, "en": _render_en}[lang](day)


def _render_zh(day: Day) -> str:
    text = f"{day.year}年" if day.year else ""
    if day.until and day.until.year and not day.year:
        text = f"{day.until.year}年"
    text += f"{day.month}月" if day.month else ""
    text += f"{day.day}日" if day.day else ""
    if day.until:
        text += "至"
        if day.until.month != day.month and day.until.month:
            text += f"{day.until.month}月"
        text += f"{day.until.day}日"
    return text


def _render_ru(day: Day) -> str | None:
    if day.month is None:
        return None
    year = day.until.year if day.until and day.until.year else day.year
    ending = f" {year} года" if year else ""
    if day.day is None:
        return _RU_LOCATIVE[day.month - 1] + ending
    month = _RU_MONTHS[day.month - 1]
    if day.until:
        if day.until.month in (None, day.month):
            return f"{day.day}-{day.until.day} {month}{ending}"
        last = _RU_MONTHS[(day.until.month or 1) - 1]
        return f"{day.day} {month} - {day.until.day} {last}{ending}"
    return f"{day.day} {month}{ending}"


def _render_en(day: Day) -> str | None:
    if day.month is None:
        return None
    year = day.until.year if day.until and day.until.year else day.year
    if day.day is None:
        return _EN_MONTHS[day.month - 1] + (f" {year}" if year else "")
    text = f"{_EN_SHORT[day.month - 1]} {day.day}"
    if day.until:
        if day.until.month in (None, day.month):
            text = f"from {text} to {day.until.day}"
        else:
            text = f"from {text} to {_EN_SHORT[(day.until.month or 1) - 1]} {day.until.day}"
    return text + (f", {year}" if year else "")
