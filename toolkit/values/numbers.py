"""Find numbers, ordinals, percentages, money and quantities in three languages, exactly.

Arithmetic is in fractions, so that 2448亿, 244.8 billion and 244,8 млрд are one value. What cannot
be read for certain (1/3, 几十, 十四五, COVID-19, the 1990s) is not a value and stays as it is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

from toolkit.values import dates, numerals, ordinals, units
from toolkit.values.figures import render
from toolkit.values.value import Value, fold, without_final_stop

__all__ = ["find", "render"]

_PRIORITY = {"money": 0, "quantity": 0, "time": 0, "percent": 1, "ordinal": 2, "number": 3}

_INTEGER = r"\d{1,3}(?:[,\u00a0]\d{3}){1,8}(?!\d)|\d{1,30}"
_ATOMS = {
    "zh": rf"(?P<int>{_INTEGER})(?P<dec>\.\d{{1,12}})?",
    "en": rf"(?P<int>{_INTEGER})(?P<dec>\.\d{{1,12}})?",
    "ru": r"(?P<int>\d{1,3}(?:[ \u00a0]\d{3}){1,8}(?!\d)|\d{1,3}(?:,\d{3}){2,8}(?![\d,])|\d{1,30})"
    r"(?P<dec>[,.]\d{1,12})?",
}
# Chains that are no numbers: 3.2.1, 10/11/2025, 3:2, telephone numbers, digits too long to mean a
# quantity, and what groups or marks decimals otherwise than the language does (1,00, zh 1 280).
_CHAIN = (
    r"(?P<chain>\d{31,}|\d+(?:[./:]\d+){2,}|\d+[/:]\d+|\d+(?:-\d+){2,}|0\d+-\d+"
    r"|\+\d[\d() -]{4,40}\d|\d{1,4} ?\(\d{2,5}\) ?\d[\d -]{2,20}\d"
)
_CHAINS = {
    "zh": rf"{_CHAIN}|\d{{1,3}}(?: \d{{3}})+(?!\d))",
    "en": rf"{_CHAIN}|\d{{1,3}}(?: \d{{3}})+(?!\d))",
    "ru": rf"{_CHAIN})",
}
_TIME = r"(?P<time>(?:[01]?\d|2[0-3])[:：][0-5]\d)(?![:：]?\d)"
_SCALES = {
    "en": (
        r"[ \u00a0-]?(?P<en>hundred(?: (?:thousand|million|billion))?|thousand|million|billion"
        r"|trillion|mln|mn|bln|bn|trn|tn)\b\.?"
    ),
    "ru": (
        r"\s?(?:(?P<k>тыс\.?|тысяч(?:а|и|у|е|ей|ами|ах|ам)?)"
        r"|(?P<m>млн\.?|миллион(?:а|ов|ы|у|ам|ами|ах|ом|е)?)"
        r"|(?P<b>млрд\.?|миллиард(?:а|ов|ы|у|ам|ами|ах|ом|е)?)"
        r"|(?P<t>трлн\.?|триллион(?:а|ов|ы|у|ам|ами|ах|ом|е)?))(?![\w])"
    ),
    "zh": (
        r" ?(?P<over>[多余])?(?P<small>十(?=[万亿])|百(?!分|年|姓|货)|千(?![克米瓦卡伏赫万]|年)"
        r"|千(?=万))?(?P<big>万亿|亿|万(?![物里众一分能]))?"
    ),
}
_EN_SCALES = {
    "hundred": 100, "thousand": 10**3, "million": 10**6, "mln": 10**6, "mn": 10**6,
    "billion": 10**9, "bln": 10**9, "bn": 10**9, "trillion": 10**12, "trn": 10**12, "tn": 10**12,
}  # fmt: skip
_RU_SCALES = {"k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12}
_PERCENT = {
    "zh": r"\s?%(?![A-Za-z\d])",
    "en": r"\s?%(?!\w|\s?points?\b)|[ \u00a0-]?(?:percent|per cent|pct)\b(?! points?\b)",
    "ru": r"\s?(?:%|проц(?:\.|ент(?:а|ов|ы|у|ам|ами|ах|ом|е)?(?!\w)))",
}
_ZH_RUN = f"[{numerals.ZH_CHARACTERS}]"
_ZH_WORDS = (
    rf"百分之(?P<percent>\d{{1,30}}(?:\.\d{{1,12}})?|{_ZH_RUN}{{1,12}}(?:点{_ZH_RUN}{{1,12}})?)"
    r"|(?P<tenths>[一两二三四五六七八九])成(?=以上|以下|左右|多|的|[，。、；）]|$)"
    rf"|(?P<run>{_ZH_RUN}{{1,24}}(?:点[零〇一二三四五六七八九]{{1,12}}[万亿]+)?)"
)
_ZH_NOT_BEFORE = tuple("第几数上好每逢")
# What makes a numeral part of a word: 十大, 二十国集团 is a name, 百分之 handled apart, 十几.
_ZH_NOT_AFTER = re.compile(
    r"分之|几|国集团|大(?![约型国])|届|年代|世纪|分|足|字|面|方(?!米)|中全会|[月日号](?!线)"
)
_LETTER = re.compile(r"[A-Za-zА-Яа-я]")
_RUN = re.compile(r"[\d.,]*")
_MINUS = re.compile(r"(?:(?:^|(?<=[ \u00a0(（\"“«]))[-−]|\bminus |\bминус |负|零下)$")
# What follows a number that is no amount: 90年代, 5分之一, 13月, 32日, 3‰, 30 февраля, 2024-м.
_NOT_BEFORE = {
    "zh": r"\s?(?:年代|[‰°]|分之|月|日(?![内均本元])|\+)",
    "en": r"\s?[‰°]|\+",
    "ru": rf"\s?[‰°]|\+|-процентн|\s(?:{'|'.join(dates.RU_MONTHS['gen'].split())})\b",
}
# What stands before one that is no day: Feb. 30.
_NOT_A_DAY = {
    "zh": re.compile(r"\d月$"),
    "en": re.compile(r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept|Oct|Nov|Dec)\. $"),
    "ru": re.compile(r"(?!)"),
}
_JOINTS = {
    "zh": re.compile(r"\s?(?:[至到~、和与及-]|或者?)\s?"),
    "en": re.compile(r"\s?-{1,2}\s?|,? (?:to|and|or) |, "),
    "ru": re.compile(r"\s?-{1,2}\s?|\s(?:до|и|или)\s|, "),
}
_COMMA = (", ", ",", "、")
_AND = re.compile(r"and|or|и|[和与及或]")
# What stands in front of a number that names and does not count: No. 5, resolution 2758.
_NAMED = re.compile(
    r"(?:\b(?:No|Nos)\.|№|第|\b(?:[Rr]esolution|ISO|[Aa]rticle|[Oo]rder|[Dd]ecree|[Rr]oom|[Ff]light)"
    r"|\b(?:[Рр]езолюци|[Сс]тать|[Уу]каз|[Пп]риказ|[Пп]ункт)[а-я]{1,3})[ \u00a0]?$"
)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A number as it was read, before it is known what it counts."""

    value: Fraction
    start: int
    end: int
    places: int = 0
    scale: int = 1
    plain: bool = True  # digits without grouping or scale: may be a year
    over: bool = False
    word: bool = False


@cache
def _compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    return re.compile(pattern, flags)


def find(text: str, lang: str) -> list[Value]:
    """Return the values in ``text`` that are not dates or weekdays, in order, none overlapping.

    Of readings that overlap, money and quantities win over percentages, those over ordinals,
    those over bare numbers; a date wins over all of them. A range or pair keeps both its values;
    where only one carries the scale or unit («10-15 млрд долл.», "5 to 10 percent"), both have it.
    """
    folded = fold(text)
    taken = bytearray(len(text))
    for value in dates.find(text, lang):
        taken[value.start : value.end] = b"\1" * (value.end - value.start)
    candidates = sorted(
        [*_counted(folded, lang), *((value, 1) for value in ordinals.find(folded, lang))],
        key=lambda pair: (_PRIORITY[pair[0].kind], pair[0].start),
    )
    chosen = []
    for value, scale in candidates:
        if not any(taken[value.start : value.end]):
            taken[value.start : value.end] = b"\1" * (value.end - value.start)
            chosen.append((value, scale))
    chosen.sort(key=lambda pair: pair[0].start)
    return [
        replace(value, text=text[value.start : value.end])
        for value in _shared(chosen, folded, lang)
    ]


def _shared(chosen: list[tuple[Value, int]], text: str, lang: str) -> list[Value]:
    """Give «10» in «10-15 млрд долл.» the scale and the unit of its neighbour, and so "$10-15"."""
    values = [value for value, _ in chosen]
    scales = [scale for _, scale in chosen]
    listed = False
    for at in range(len(values) - 2, -1, -1):
        one, other = values[at], values[at + 1]
        before = one.kind == "money" and not text[one.start].isdigit()
        joint = text[one.end : min(other.start, one.end + 9)]
        joined = _JOINTS[lang].fullmatch(joint) and other.kind not in ("ordinal", "time")
        # A comma joins only in a list: "5, 10 and 15 billion", not "in 5, 15 billion".
        listed = bool(joined and (listed if joint in _COMMA else _AND.search(joint)))
        if not joined or (joint in _COMMA and not listed):
            continue
        if one.year or not (one.kind == "number" or before):
            continue
        if other.year:  # в 2022 и 2023 годах
            named = other.value > 1000 and 1000 <= one.value < 2200  # type: ignore[operator]
            values[at] = replace(one, year=named and not one.places)
            continue
        if (
            scales[at] == 1 < scales[at + 1]
            and one.value <= other.value / scales[at + 1] * 10  # type: ignore[operator]
        ):
            scales[at] = scales[at + 1]
            one = replace(one, value=one.value * scales[at])  # type: ignore[operator, arg-type]
        if one.kind == "number" and other.kind in ("percent", "money", "quantity"):
            one = replace(one, kind=other.kind, unit=other.unit)
        values[at] = one
        ranging = joint.strip() not in _COMMA and not _AND.search(joint)
        if before and other.kind == "number" and not other.year and ranging:
            values[at + 1] = replace(other, kind="money", unit=one.unit)  # $10-15 billion
    return values


def _counted(text: str, lang: str) -> Iterator[tuple[Value, int]]:
    """Yield numbers with what they count, and the scale word they carry."""
    end = 0
    for reading in sorted(_readings(text, lang), key=lambda r: (r.start, -r.end)):
        if reading.start < end:
            continue
        if isinstance(reading, _Reading):
            value = _classify(reading, text, lang)
            if value is not None:
                end = value.end
                yield value, reading.scale
        else:
            end = reading.end
            yield reading, 1


def _readings(text: str, lang: str) -> Iterator["_Reading | Value"]:
    if lang == "zh":
        yield from _marks(text)
    atoms = _compiled(f"{_TIME}|{_CHAINS[lang]}|{_ATOMS[lang]}")
    position = 0
    while match := atoms.search(text, position):
        position = match.end()
        if match["chain"]:
            continue
        if not match["time"] and re.match(r"[.,]\d", text[position : position + 2]):
            position = _RUN.match(text, position).end()  # type: ignore[union-attr]
            continue
        if match["time"]:
            if not _glued(text, match.start(), match.end()):
                clock = match["time"].replace("：", ":")
                yield Value("time", clock, match.start(), match.end())
            continue
        reading, end = _scaled(match, text, lang)
        position = max(position, end)
        if reading is not None:
            yield reading
    yield from {"zh": _zh_words, "en": _en_words, "ru": _ru_words}[lang](text)


def _marks(text: str) -> Iterator[Value]:
    """Yield what an athlete reached: 10秒87 is 10.87, 8米36 is 8.36 metres."""
    for match in _compiled(r"(?<![\d.])(\d{1,3})(?:秒|(米))(\d\d)(?![\d.])").finditer(text):
        size = Fraction(int(match[1] + match[3]), 100)
        kind, unit = ("quantity", "m") if match[2] else ("number", "")
        yield Value(kind, size, match.start(), match.end(), unit=unit, places=2)


def _scaled(match: re.Match[str], text: str, lang: str) -> tuple[_Reading | None, int]:
    """Read digits and the scale words after them; also return where what was looked at ends."""
    digits = re.sub(r"[^\d]", "", match["int"])
    decimals = match["dec"] or ""
    if len(digits) > 1 and digits[0] == "0":
        return None, match.end()  # 007, 08: a code
    value = Fraction(int(digits + decimals[1:]), 10 ** len(decimals[1:]))
    start, end = match.span()
    places = len(decimals[1:])
    scale, after, over = _scale_at(text, end, lang)
    if lang == "en" and scale == 1 and units.before().search(text[max(0, start - 8) : start]):
        letter = _compiled(r"(m|b|k)\b", re.IGNORECASE).match(text, end)
        if letter:  # $5m, US$1.2B
            scale = {"k": 10**3, "m": 10**6, "b": 10**9}[letter[1].lower()]
            after = letter.end()
    plain = scale == 1 and not decimals and digits == match["int"]
    value *= scale
    if scale > 1:
        places = 0
    # 1亿2000万, 1 млн 200 тыс., 1 млрд 408,28 млн: the next lower unit follows at once.
    lowest = scale
    while lang in ("zh", "ru") and lowest > 1 and not over and not decimals:
        more = _compiled(
            r"\s?(\d{1,4})(,\d{1,6})?(?![\d.,])"
            if lang == "ru"
            else r"(\d{1,4})(\.\d{1,6})?(?![\d.,])"
        ).match(text, after)
        if not more or (more[1][0] == "0" and lang == "ru"):
            break
        next_scale, next_end, next_over = _scale_at(text, more.end(), lang)
        if lang == "zh" and next_scale == 1 and len(more[1]) < 4:
            return None, more.end()  # 3万5: 35,000 by ear, 30,005 by the book
        if next_scale >= lowest or (next_scale == 1 and (lang == "ru" or more[2])) or next_over:
            break
        if int(more[1]) * next_scale >= lowest:
            break
        decimals = (more[2] or "").replace(",", ".")
        value += Fraction(more[1] + decimals) * next_scale
        after, lowest = next_end, next_scale
    return _Reading(value, start, after, places, scale, plain, over), after


def _scale_at(text: str, position: int, lang: str) -> tuple[int, int, bool]:
    """Return (scale, where it ends, whether "and more" stands inside)."""
    match = _compiled(_SCALES[lang], re.IGNORECASE if lang != "zh" else 0).match(text, position)
    if not match or not match[0]:
        return 1, position, False
    if lang == "en":
        scale = 1
        for word in match["en"].lower().split():
            scale *= _EN_SCALES[word]
        end = match.end()
        if match[0].endswith(".") and match["en"].lower() not in ("mln", "bln", "mn", "bn"):
            end -= 1
        return scale, _before_stop(text, position, end, lang), False
    if lang == "ru":
        end = _before_stop(text, position, match.end(), lang)
        return _RU_SCALES[match.lastgroup or ""], end, False
    scale = numerals.ZH_SCALES.get(match["small"], 1) * numerals.ZH_SCALES.get(match["big"], 1)
    if scale == 1:
        return 1, position, False
    return scale, match.end(), bool(match["over"])


def _before_stop(text: str, start: int, end: int, lang: str) -> int:
    """Return ``end``, or one less where a stop after млн or bln is the sentence's.

    These are written without a stop as often as with one: a capital behind it begins a sentence,
    unless it is a unit's (10 тыс. МВт).
    """
    if units.after(lang).match(text, end):
        return end
    if text[end - 1 : end] == "." and re.match(r"\s+[«\"“(]?[A-ZА-Я]", text[end : end + 4]):
        return end - 1
    return without_final_stop(text, start, end)


def _zh_words(text: str) -> Iterator[_Reading | Value]:
    for match in _compiled(_ZH_WORDS).finditer(text):
        if match["percent"]:
            value, places = _zh_decimal(match["percent"])
            if value is not None:
                yield Value("percent", value, match.start(), match.end(), places=places)
            continue
        before = text[max(0, match.start() - 2) : match.start()]
        if match["tenths"]:
            if before[-1:] not in tuple("一二三四五六七八九十完组构形"):
                tenths = numerals.parse_zh_digits(match["tenths"].replace("两", "二")) or 0
                yield Value("percent", Fraction(10 * tenths), match.start(), match.end())
            continue
        run, start, end = match["run"], match.start(), match.end()
        if before[-1:] in _ZH_NOT_BEFORE or before == "两个" or before == "分之":
            continue
        if before[-1:].isdigit() or before[-1:] in (".", "点"):
            continue
        year = numerals.parse_zh_digits(run)
        if year is not None and len(run) == 4 and text[end : end + 1] == "年":
            if text[end : end + 2] != "年代":
                yield Value("number", Fraction(year), start, end, year=True)
            continue
        over = False
        if text[end : end + 1] in ("多", "余"):
            scale, after, over = _scale_at(text, end, "zh")
            value, _ = _zh_decimal(run)
            if over and value is not None:
                yield _Reading(value * scale, start, after, 0, scale, False, True, True)
                continue
        if _ZH_NOT_AFTER.match(text, end):
            continue
        value, places = _zh_decimal(run)
        if value is not None:
            scale = 10**8 if "亿" in run else 10**4 if "万" in run else 1
            yield _Reading(value, start, end, 0, scale, False, False, True)


def _zh_decimal(numeral: str) -> tuple[Fraction | None, int]:
    """Read 七点五, 一点五万 or digits; the second is the number of decimals."""
    if numeral[0].isdigit() and numeral.isascii():
        whole, _, decimals = numeral.partition(".")
        return Fraction(int(whole + decimals), 10 ** len(decimals)), len(decimals)
    whole, point, decimals = numeral.partition("点")
    value = 0 if whole in ("零", "〇") else numerals.parse_zh(whole)
    if value is None or not point:
        return (None, 0) if value is None else (Fraction(value), 0)
    scale = 1
    while decimals and decimals[-1] in "万亿":
        scale *= numerals.ZH_SCALES[decimals[-1]]
        decimals = decimals[:-1]
    digits = numerals.parse_zh_digits(decimals)
    if digits is None:
        return None, 0
    return (value + Fraction(digits, 10 ** len(decimals))) * scale, len(decimals)


def _en_words(text: str) -> Iterator[_Reading | Value]:
    for value, ordinal, start, end in numerals.en_words(text):
        if not ordinal:
            scale = max((s for s in numerals.EN_SCALES.values() if value % s == 0), default=1)
            yield _Reading(Fraction(value), start, end, 0, scale, False, False, True)


def _ru_words(text: str) -> Iterator[_Reading | Value]:
    for value, ordinal, start, end in numerals.ru_runs(text):
        if not ordinal:
            scale, after, _ = _scale_at(text, end, "ru")
            yield _Reading(Fraction(value * scale), start, after, 0, scale, False, False, True)


def _glued(text: str, start: int, end: int, word: bool = False) -> bool:
    """Say whether digits are part of a name or code: G20, COVID-19, Ту-154, 5G, 1990s."""
    return _glued_before(text, start) or (not word and _glued_after(text, end))


def _glued_before(text: str, start: int) -> bool:
    before = text[start - 1 : start] if start else ""
    if before and (_LETTER.match(before) or before in "/_#@&.+"):
        return True
    if before == "-" and start > 1 and _LETTER.match(text[start - 2]):
        word = re.search(r"[A-Za-z]+$", text[max(0, start - 8) : start - 1])
        return not (word and word[0].lower() in ("mid", "pre", "post", "early", "late"))
    return False


def _glued_after(text: str, end: int) -> bool:
    after = text[end : end + 1]
    if after and (_LETTER.match(after) or after in "/_@"):
        return True
    return after == "-" and bool(re.match(r"-[A-Z]{1,3}\d", text[end : end + 6]))


def _classify(reading: _Reading, text: str, lang: str) -> Value | None:
    """Decide what a number counts: a percentage, money, a quantity, a year, or nothing named."""
    start, end = reading.start, reading.end
    value, over = reading.value, reading.over
    currency = units.before().search(text[max(0, start - 8) : start])
    if currency:
        start -= len(currency[0])
    percent = _compiled(_PERCENT[lang], re.IGNORECASE).match(text, end)
    minus = _MINUS.search(text[max(0, start - 7) : start])
    # Before a percentage a dash that stands free on its left is a minus, else a hyphen or a range.
    if minus and not currency and (percent or minus[0][0] not in "-−"):
        start, value = start - len(minus[0]), -value
    if percent and not currency:
        if _glued_before(text, start):
            return None
        end = without_final_stop(text, start, percent.end())
        return Value("percent", value, start, end, over=over, places=reading.places)
    after = end
    if lang == "zh" and text[end : end + 1] in ("多", "余") and not over:
        after = end + 1
    unit = units.after(lang).match(text, after)
    if unit or currency:
        found = units.unit_of(unit or currency)  # type: ignore[arg-type]
        if unit and currency and units.unit_of(currency) is not found:
            if {found.code, units.unit_of(currency).code} == {"CNY", "JPY"}:
                found = units.unit_of(unit)
            elif found.kind == "quantity":
                unit, found = None, units.unit_of(currency)
            else:
                return None
        if unit:
            over = over or after > end
            end = without_final_stop(text, start, unit.end())
        if not reading.word or value >= 10 or found.kind == "money":
            glued = not unit and _glued_after(text, end)
            if not glued and (currency or not _glued_before(text, start)):
                return Value(
                    found.kind, value, start, end, "", found.code, over, places=reading.places
                )
        return None
    if reading.word:
        if value < 10 or (lang != "zh" and _glued_before(text, start)):
            return None
        end = without_final_stop(text, start, end)
        return Value("number", value, start, end, over=over)
    if lang == "ru":
        ending = _compiled(r"-(?:ти|та|мя|ю|х)(?![\w-])").match(text, end)
        if ending and (ending[0] != "-х" or value in (2, 3, 4)):
            end = ending.end()
        if re.match(r"-(?:е|х|м|ми|ые|ых)\s?г", text[end : end + 5]):
            return None  # 90-е годы
        if value > 1000 and re.match(r"-(?:й|го|му|м|е|я|ю|х)(?!\w)", text[end : end + 4]):
            return None  # в 2024-м
    if _glued(text, start, end):
        return None
    if _compiled(_NOT_BEFORE[lang]).match(text, end) or _NOT_A_DAY[lang].search(
        text[max(0, start - 6) : start]
    ):
        return None
    end = without_final_stop(text, start, end)
    named = _is_name(reading, text, lang)
    return Value("number", value, start, end, "", "", over, named, reading.places)


def _is_name(reading: _Reading, text: str, lang: str) -> bool:
    """Say whether a number only names: a year, No. 5, resolution 2758."""
    if not reading.plain or reading.value.denominator != 1:
        return False
    value, start, end = reading.value, reading.start, reading.end
    if lang == "zh" and re.match(r"\s?年(?!代|多|来|余)", text[end : end + 3]):
        return 1000 <= value < 2200
    if lang == "ru" and re.match(r"\s?(?:год|гг?\.)", text[end : end + 5]):
        return 1000 <= value < 2200
    if lang == "en" and 1500 <= value < 2200:
        return True
    return _NAMED.search(text[max(0, start - 16) : start]) is not None
