"""Recognise datelines and dates: where and when a dispatch was sent, and by whom."""

import datetime
import re
from dataclasses import dataclass

_MONTHS_EN = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTHS_RU = "янв фев мар апр ма июн июл авг сен окт ноя дек".split()

_EN_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
    r"Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_RU_MONTH = (
    r"(?:январ[ья]|феврал[ья]|марта?|апрел[ья]|ма[йя]|июн[ья]|июл[ья]|августа?|сентябр[ья]|"
    r"октябр[ья]|ноябр[ья]|декабр[ья]|янв\.?|февр?\.?|мар\.?|апр\.?|июн\.?|июл\.?|авг\.?|"
    r"сент?\.?|окт\.?|нояб?\.?|дек\.?)"
)
_D = "[0-9０-９]"


@dataclass(frozen=True, slots=True)
class Day:
    """A date whose year or month may be missing."""

    day: int
    month: int | None = None
    year: int | None = None

    def resolve(self, page: datetime.date | None) -> datetime.date | None:
        """Complete the date from the page's date; None where that is impossible.

        A date more than half a year after the page belongs to the year before (a December event on
        a January page); one just past New Year on a page of December belongs to the next.
        """
        if self.month is None:
            if page is None:
                return None
            for candidate in (page, page.replace(day=1) - datetime.timedelta(days=1)):
                found = _date(candidate.year, candidate.month, self.day)
                if found is not None and found <= page + datetime.timedelta(days=1):
                    return found
            return None
        if self.year is not None:
            return _date(self.year, self.month, self.day)
        if page is None:
            return None
        found = _date(page.year, self.month, self.day)
        if found is not None and (found - page).days > 183:
            return _date(page.year - 1, self.month, self.day)
        if found is None or (page - found).days > 183:
            later = _date(page.year + 1, self.month, self.day)
            if later is not None and (later - page).days <= 7:
                return later
        return found


def _date(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


NUMERIC_DATE = re.compile(
    r"(?P<y>(?:19|20)\d\d)(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d)"
    r"|(?P<d2>\d{1,2})\.(?P<m2>\d{1,2})\.(?P<y2>(?:19|20)\d\d)(?!\d)"
    r"|(?P<m3>\d{1,2})/(?P<d3>\d{1,2})/(?P<y3>(?:19|20)\d\d)(?!\d)"
)
WRITTEN_DATE = re.compile(
    rf"(?P<y>{_D}{{4}})\s?年\s?(?P<m>{_D}{{1,2}})\s?月\s?(?P<d>{_D}{{1,2}})\s?[日号]"
    rf"|(?P<en>{_EN_MONTH})\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y2>(?:19|20)\d\d)(?!\d)"
    rf"|(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<en2>{_EN_MONTH}),?\s+(?P<y3>(?:19|20)\d\d)(?!\d)"
    rf"|(?P<d4>\d{{1,2}})\s+(?P<ru>{_RU_MONTH})\s+(?P<y4>(?:19|20)\d\d)(?:\s*(?:года|г\.?)(?!\w))?",
    re.IGNORECASE,
)


def full_date(found: re.Match[str], *, day_first: bool = False) -> datetime.date | None:
    """Return the date of a NUMERIC_DATE or WRITTEN_DATE match; None for the 45th of May.

    ``day_first`` reads 03/11/2025 as a day in November, not in March.
    """
    group = {name: value for name, value in found.groupdict().items() if value}
    year = next(int(group[name]) for name in ("y", "y2", "y3", "y4") if name in group)
    day = next(int(group[name]) for name in ("d", "d2", "d3", "d4") if name in group)
    if "en" in group or "en2" in group:
        month = month_number(group.get("en") or group["en2"])
    elif "ru" in group:
        month = month_number(group["ru"])
    else:
        month = next(int(group[name]) for name in ("m", "m2", "m3") if name in group)
        if "m3" in group and (month > 12 or (day_first and day <= 12)):
            month, day = day, month
    return None if month is None else _date(year, month, day)


def month_number(name: str) -> int | None:
    """Return 1 to 12 for an English or Russian month name or abbreviation."""
    lowered = name.lower()
    for names in (_MONTHS_EN, _MONTHS_RU):
        for number, prefix in enumerate(names, 1):
            if lowered.startswith(prefix):
                return 3 if lowered.startswith("мар") else number
    return None


# Agencies by the names they go by in the three languages; longest first where one begins another.
AGENCIES = (
    "新华社 新华网 新华通讯社 中新社 中新网 中国新闻社 中国新闻网 人民日报海外版 人民日报 人民网 "
    "央视新闻客户端 央视新闻 央视网 中央广播电视总台 国际在线 环球时报 环球网 光明日报 光明网 "
    "经济日报 中国日报 中国青年报 解放军报 参考消息网 参考消息 澎湃新闻 俄新社 俄罗斯卫星通讯社 "
    "卫星通讯社 卫星社 塔斯社 俄塔社 国际文传电讯社 中国网 中国经济网 法制日报 本报 本台 本刊 本网"
).split() + [
    "Xinhua News Agency",
    "Xinhuanet",
    "Xinhua",
    "ITAR-TASS",
    "TASS",
    "RIA Novosti",
    "Sputnik",
    "Interfax",
    "Reuters",
    "AFP",
    "AP",
    "UPI",
    "CGTN",
    "CCTV+",
    "CCTV",
    "China Daily",
    "Global Times",
    "People's Daily Online",
    "People's Daily",
    "People’s Daily Online",
    "People’s Daily",
    "China News Service",
    "CNS",
    "ECNS",
    "BelTA",
    "Kazinform",
    "агентство Синьхуа",
    "Агентство Синьхуа",
    "Синьхуа",
    "ИТАР-ТАСС",
    "ТАСС",
    "РИА Новости",
    "РИА «Новости»",
    "Интерфакс",
    "ИНТЕРФАКС",
    "INTERFAX.RU",
    "Россия сегодня",
    "Жэньминь жибао онлайн",
    "Жэньминь жибао",
    "Международное радио Китая",
    "Спутник",
    "БЕЛТА",
    "Регнум",
]
AGENCY = re.compile(
    "(?:" + "|".join(re.escape(name) for name in sorted(AGENCIES, key=len, reverse=True)) + ")"
    r"(?![A-Za-zА-Яа-яЁё])"
)


@dataclass(frozen=True, slots=True)
class Dateline:
    """A dateline at the beginning of a line; ``end`` is the offset behind it."""

    end: int
    place: str | None = None
    day: Day | None = None
    agency: str | None = None


_DASH = r"(?:--+|[—–-])"
_EN_PLACE = r"[A-Z][\w.'’-]*(?: (?:[A-Z][\w.'’-]*|de|of|the|and|al|la|upon))*"
_EN = re.compile(
    rf"[(\[]?(?P<place>{_EN_PLACE})(?P<more>(?:,\s+{_EN_PLACE}){{0,2}}?)"
    rf"(?:(?P<comma>[,.]?)\s+(?:(?P<month>{_EN_MONTH})\s+(?P<day>\d{{1,2}})"
    rf"|(?P<day2>\d{{1,2}})\s+(?P<month2>{_EN_MONTH}))(?:,?\s+(?P<year>(?:19|20)\d\d))?|(?=\s*(?:{_DASH}\s*)?[(/]))"
    rf"(?!\w)[.,]?\s*(?:{_DASH}\s*(?=[(/]))?"
    rf"(?:\((?P<agency>[^()/\n]{{2,40}})\)|/(?P<slash>[^/\n]{{2,40}})/)?[.)\]]?"
    rf"(?(day)|(?(day2)|(?(agency)|(?(slash)|(?!)))))"  # a date or an agency there must be
    rf"(?P<dash>\s*(?:{_DASH}|:))?(?=\s|$)"
)
_RU_PLACE = r"[А-ЯЁ][А-Яа-яЁё.-]*(?:[ ][А-ЯЁ][А-Яа-яЁё.-]*)*"
_RU = re.compile(
    rf"[(\[]?(?P<place>{_RU_PLACE})"
    rf"(?P<more>(?:,\s+{_RU_PLACE}|\s*[(/][\w .-]{{2,40}}[)/]){{0,2}}?)"
    rf"(?:(?P<comma>[,.])\s+(?P<day>\d{{1,2}})\s+(?P<month>{_RU_MONTH})"
    rf"(?:\s+(?P<year>(?:19|20)\d\d)(?:\s*(?:года|г\.?)(?!\w))?)?|(?=\s*(?:{_DASH}\s*)?[(/]))"
    rf"(?!\w)(?P<stop>[.,]?)\s*(?:{_DASH}\s*(?=[(/]))?"
    rf"(?:\((?P<agency>[^()/\n]{{2,40}})\)|/(?P<slash>[^/\n]{{2,40}})/"
    rf"|(?:{_DASH}\s*)?(?P<named>РИА Новости|РИА «Новости»|ТАСС|INTERFAX\.RU|ИНТЕРФАКС|Интерфакс|"
    rf"Sputnik|Синьхуа)(?:,\s+[А-ЯЁ][а-яё]+ [А-ЯЁ][а-яё-]+)?)?"
    rf"[.)\]]?(?(day)|(?(agency)|(?(slash)|(?!))))(?P<dash>\s*(?:{_DASH}|:))?(?=\s|$)",
)
_WEEKDAY = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day$|(?:понедельник|вторник|сред|четверг|пятниц|"
    r"суббот|воскресенье)",
    re.IGNORECASE,
)
_HAN = "\u3400-\u9fff"
_ROUND = "[（(][^（）()\n]{0,120}(?:[（(][^（）()\n]{0,40}[）)][^（）()\n]{0,80})?[）)]"
_ZH_AGENCY = "|".join(
    sorted((re.escape(name) for name in AGENCIES if not name.isascii()), key=len, reverse=True)
)
_ZH = re.compile(
    rf"(?P<open>[（(【\[]?)(?P<per>据)?"
    rf"(?:(?P<agency>{_ZH_AGENCY})|(?P<other>[{_HAN}]{{2,6}}?(?:通讯社|社|网|报)))?"
    rf"(?:记者[{_HAN}、 ]{{2,12}}?)?(?P<place>[{_HAN}·]{{0,12}}?)"
    rf"(?:(?P<year>{_D}{{4}})年)?(?:(?P<month>{_D}{{1,2}})月)?(?:(?P<day>{_D}{{1,2}})[日号])?"
    rf"(?P<kind>专电|特电|电|讯|消息|快讯|报道)"
    rf"(?P<who>(?:[ \u3000]*{_ROUND}){{0,3}})"
    rf"(?:[ \u3000]*记者[{_HAN}、 ]{{2,20}}报道)?"
    rf"(?P<close>[）)】\]]?)(?P<colon>[ \u3000]*[：:])?"
)
# A line of its own under the headline: «2 ноября 2025 года, 14:30, Москва, Кремль».
_ALONE = re.compile(
    rf"(?P<date>{NUMERIC_DATE.pattern.replace('?P<', '?P<n_').replace('(?P=s)', '(?P=n_s)')}"
    rf"|{WRITTEN_DATE.pattern.replace('?P<', '?P<w_')})",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?")
_PLACES = re.compile(
    rf"(?:{_RU_PLACE}|{_EN_PLACE}|[{_HAN}]{{2,8}})(?:,\s*(?:{_RU_PLACE}|{_EN_PLACE}))?"
)


def match(text: str, lang: str) -> Dateline | None:
    """Find a dateline at the beginning of ``text`` (one line); None where there is none.

    What could as well be the beginning of a sentence is not a dateline.
    """
    head = text[:240]
    if lang == "zh":
        return _chinese(head)
    return _alphabetic(head, lang)


def _chinese(head: str) -> Dateline | None:
    found = _ZH.match(head)
    if not found:
        return None
    agency = found["agency"] or found["other"]
    dated = bool(found["day"])
    after = head[found.end() : found.end() + 1]
    apart = bool(found["who"] or found["colon"] or found["close"]) or not after or after.isspace()
    if found["open"] and not found["close"]:
        return None
    if after in ("，", ",", "、", "。") and after:
        return None
    if found["kind"] in ("消息", "快讯", "报道", "讯") and not dated:
        if not (found["agency"] and apart and not found["place"]):
            return None
    elif found["kind"] in ("消息", "报道"):
        if not (found["agency"] and apart):
            return None
    elif not dated and not (found["agency"] and found["place"] and apart):
        return None
    elif not agency and not (found["place"] and found["month"]):
        return None
    elif not agency and not apart:
        return None
    day = None
    if dated:
        day = Day(
            int(found["day"]),
            int(found["month"]) if found["month"] else None,
            int(found["year"]) if found["year"] else None,
        )
    return Dateline(found.end(), found["place"] or None, day, agency)


_AGENCY_FIRST = re.compile(rf"(?:\((?P<a>[^()]{{2,30}})\)|/(?P<b>[^/]{{2,30}})/)\s*{_DASH}(?=\s)")


def _alphabetic(head: str, lang: str) -> Dateline | None:
    first = _AGENCY_FIRST.match(head)
    if first and AGENCY.fullmatch(first["a"] or first["b"]):
        return Dateline(first.end(), agency=first["a"] or first["b"])
    found = (_RU if lang == "ru" else _EN).match(head)
    if not found:
        return None
    group = found.groupdict()
    agency = group["agency"] or group["slash"] or group.get("named")
    agency = agency.strip() if agency else None
    known = AGENCY.search(agency) if agency else None
    if known:
        agency = known.group()  # /Корр. ТАСС Иван Иванов/
    month = group["month"] or group.get("month2")
    digits = group["day"] or group.get("day2")
    place = group["place"]
    capitals = place.isupper() and len(place) > 2
    if _WEEKDAY.match(place) or month_number(place) and not capitals and len(place) > 2:
        if place.rstrip(".").lower() in _MONTH_NAMES or _WEEKDAY.match(place):
            return None
    if agency and (any(char.isdigit() for char in agency) or _WEEKDAY.search(agency)):
        return None
    rest = head[found.end() :].lstrip()
    begins = not rest or not rest[0].islower()
    dash = bool(group["dash"])
    if agency and month:
        sure = bool(group["slash"] or dash or known)
    elif agency:
        sure = bool(known) and (bool(group["slash"]) or (capitals and dash))
    elif month and dash:
        sure = begins and (capitals or bool(group["comma"]))
    elif month and lang == "ru":
        sure = begins and bool(group["comma"]) and group["stop"] == "." and bool(rest)
    elif month:
        sure = begins and capitals and head[: found.end()].rstrip().endswith(".") and bool(rest)
    else:
        sure = False
    if not sure:
        return None
    day = None
    if month:
        year = group["year"]
        day = Day(int(digits), month_number(month), int(year) if year else None)
    if AGENCY.fullmatch(place):  # «ТАСС, 2 ноября.»
        return Dateline(found.end(), None, day, agency or place)
    return Dateline(found.end(), title(place), day, agency)


_MONTH_NAMES = frozenset(
    "january february march april may june july august september october november december jan "
    "feb mar apr jun jul aug sep sept oct nov dec".split()
)


def alone(line: str) -> tuple[Dateline, datetime.date | None, str | None] | None:
    """Read a line that is nothing but date, time and place: dateline, date and time (HH:MM).

    None where anything else stands on it, or no place.
    """
    bare = line.strip().strip("（()）[]【】").strip()
    if len(bare) > 90 or bare[-1:] in ".!?。！？;；":
        if not re.search(r"\d\s*г\.$", bare):
            return None
    found = _ALONE.search(bare)
    if not found:
        return None
    plain = NUMERIC_DATE.match(found.group()) or WRITTEN_DATE.match(found.group())
    date = full_date(plain) if plain else None
    before, after = bare[: found.start()].rstrip(), bare[found.end() :].lstrip()
    if (before and before[-1] not in ",，于在") or (
        after and after[0] not in ",，于在(（0123456789"
    ):
        return None
    rest = before + "," + after
    clock = _CLOCK.search(rest)
    if clock:
        rest = rest[: clock.start()] + "," + rest[clock.end() :]
    rest = re.sub(r"[\s,，]*,[\s,，]*", ", ", rest).strip(" ,，于在")
    if not date or len(rest.split()) > 5 or not _PLACES.fullmatch(rest):
        return None
    place = title(rest.split(",")[0].strip())
    day = Day(date.day, date.month, date.year)
    time = clock.group()[:5].rjust(5, "0") if clock else None
    if clock and clock.group()[1] == ":":
        time = "0" + clock.group()[:4]
    return Dateline(len(line.rstrip()), place, day, None), date, time


def place_alone(line: str) -> str | None:
    """Return the place of a line that is nothing but one or two place names; None otherwise."""
    bare = line.strip()
    if len(bare) > 40 or not _PLACES.fullmatch(bare):
        return None
    return title(bare.split(",")[0])


_SMALL = frozenset("на над под в и of the de la al and upon".split())


def title(place: str) -> str:
    """Return a place set in capitals in ordinary spelling: NINGBO is Ningbo."""
    place = place.strip(" .,")
    if not place.isupper() or len(place) <= 2:
        return place
    words = re.split(r"([\s-]+)", place.lower())
    return "".join(
        word if number and word in _SMALL else word[:1].upper() + word[1:]
        for number, word in enumerate(words)
    )
