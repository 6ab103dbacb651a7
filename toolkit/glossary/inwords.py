"""Figures and days that are said in words: half, a decade, this year, last month, about."""

import re
from collections.abc import Iterator
from fractions import Fraction

from toolkit.glossary.said import small_numerals
from toolkit.values import numerals

# Percentages that are said in words, and twice as much for 100.
_PARTS = {
    Fraction(50): r"一半|半数|过半|\bhalf\b|половин",
    Fraction(25): r"四分之一|\bquarter\b|четверт",
    Fraction(75): r"四分之三|three[- ]quarters|три четверти|трех четверт",
    Fraction(20): r"五分之一|one[- ]fifth|a fifth|пят(?:ая|ую|ой) част",
    Fraction(100): r"一倍|翻番|翻一番|翻倍|全部|\bdoubl|\btwofold\b|\btwice\b|\ball\b|удво|вдвое"
    r"|в (?:два|2) раза|полност|\bвсе\b",
    Fraction(200): r"两倍|二倍|\btripl|threefold|утро|втрое|в (?:три|3) раза",
}
PARTS_FOUND = {share: re.compile(pattern, re.IGNORECASE) for share, pattern in _PARTS.items()}
_DECADES = {
    Fraction(10): r"\bdecade\b|десятилет",
    Fraction(20): r"two decades|дв(?:а|ух|умя) десятилет",
    Fraction(12): r"\bdozen\b|дюжин",
    Fraction(100): r"\bcentury\b|centenary|centennial|\bвека?\b|столет|сотн|\bhundred\b|百",
    Fraction(1000): r"\bthousand\b|тысяч|千",
    Fraction(2000): r"two (?:thousand|millennia)|дв\w+ тысяч|[两二]千",
    Fraction(3000): r"three (?:thousand|millennia)|тр\w+ тысяч|三千",
    Fraction(5000): r"five (?:thousand|millennia)|пят\w+ тысяч|五千",
    Fraction(10**4): r"万|ten thousand|десят[ькио]+ тысяч",
    Fraction(10**6): r"\bmillion\b|миллион|百万",
    Fraction(10**7): r"千万|ten million|десят[ькио]+ миллион",
    Fraction(10**8): r"[近上逾超约过数]亿|hundred million|сто миллионов|сот\w+ миллион",
    Fraction(10**10): r"百亿|ten billion|десят[ькио]+ миллиард",
    Fraction(10**11): r"千亿|hundred billion|сто миллиардов|сот\w+ миллиард",
    Fraction(10**12): r"万亿|\btrillion\b|триллион",
    Fraction(10**9): r"\bbillion\b|миллиард|十亿",
    Fraction(50): r"полвека|half[- ](?:a )?century|半个世纪",
}
DECADES_FOUND = {number: re.compile(p, re.IGNORECASE) for number, p in _DECADES.items()}
# How many times as much, in one word.
TIMES = {
    "zh": {
        2: r"翻了?一番|翻番|翻了?一倍|(?:增长|增加|提高|扩大)了?一倍|翻倍",
        3: r"(?:增长|增加|提高|扩大)了?[两二]倍",
        4: r"翻了?[两二]番|(?:增长|增加|提高|扩大)了?三倍",
    },
    "ru": {
        2: r"удво\w+|вдвое|в два раза|в 2 раза",
        3: r"утро(?:ил|ен|и)\w*|втрое|в три раза|в 3 раза",
        4: r"вчетверо|в четыре раза|в 4 раза|учетвер\w+",
    },
    "en": {
        2: r"\bdoubl(?:ed?|ing|es)\b|\btwofold\b|\btwice as (?:much|many|high|large)",
        3: r"\btripl(?:ed?|ing|es)\b|\bthreefold\b|\bthree times as",
        4: r"\bquadrupl(?:ed?|ing|es)\b|\bfourfold\b|\bfour times as",
    },
}
TIMES_FOUND = {
    lang: [(number, re.compile(pattern, re.IGNORECASE)) for number, pattern in table.items()]
    for lang, table in TIMES.items()
}
# Words for days that only the day of the dispatch makes days.
RELATIVE = {
    "zh": re.compile(
        r"今[天日晨晚]|昨[天日晚]|明[天日]|前天|后天|当[天日晚](?!然)|同日|次日|翌日|日前|近日|[本上下]周|本月|上个?月"
        r"|下个?月|同月|当月|月[初中底末]|[上中下]旬|环比|前一个?月"
    ),
    "ru": re.compile(
        r"\b(?:сегодня|вчера|завтра|накануне|послезавтра|позавчера|на днях|днем ранее"
        r"|в тот же день"
        r"|(?:этого|текущего|прошлого|минувшего|следующего|нынешнего|того же) (?:месяца|дня)"
        r"|(?:этом|прошлом|текущем|минувшем|следующем|нынешнем|том же) месяце|месяцем ранее"
        r"|(?:этой|прошлой|минувшей|следующей|нынешней) неделе"
        r"|(?:начале|конце|середине) месяца|за месяц|месячном (?:выражении|исчислении)"
        r"|предыдущ(?:его|ему|им|ем) месяц(?:а|у|ем|е))\b",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\b(?:today|yesterday|tomorrow|tonight|overnight|(?:the )?same day|that day"
        r"|the (?:next|following|previous) (?:day|month|week)"
        r"|(?:this|last|next|past) (?:month|week)|a (?:month|day|week) (?:earlier|ago|later)"
        r"|(?:early|late|mid)[ -]month|month[- ](?:on|over)[- ]month|the month before|"
        r"recently|the other day)\b",
        re.IGNORECASE,
    ),
}
_YEARS = {
    "zh": (r"今年|本年度?|年内|年初|年底|当年", r"去年|上年", r"明年|来年"),
    "ru": (
        r"\b(?:это(?:го|м|т)|текущ\w+|нынешн\w+) год\w*|с начала года|к концу года|в конце года",
        r"\b(?:прошл\w+|минувш\w+|предыдущ\w+) год\w*|годом ранее|год назад",
        r"\b(?:следующ\w+|будущ\w+|предстоящ\w+) год\w*",
    ),
    "en": (
        r"\bthis year|current year|year to date|end of the year|so far this",
        r"\blast year|previous year|a year (?:earlier|ago)|year[- ]on[- ]year|past year",
        r"\bnext year|coming year|following year",
    ),
}
YEARS_FOUND = {
    lang: tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)
    for lang, patterns in _YEARS.items()
}
ANY_YEAR = {
    "zh": re.compile(r"同年|当年|翌年|次年|上年|前一年|上一年|后一年|同期|同比"),
    "ru": re.compile(r"(?:то(?:го|т|м)|тому) же год|в тот год|годом (?:ранее|позже)|аналогичн"
                     r"|соответствующ\w+ период", re.IGNORECASE),
    "en": re.compile(r"same year|that year|a year (?:earlier|later)|the (?:year before|following"
                     r" year|previous year)|same period|year[- ]on[- ]year", re.IGNORECASE),
}  # fmt: skip
ABOUT = {
    "zh": re.compile(r"(?:约|近|将近|大约|左右|超过?|逾|多达|不足|余|多|上下|突破|接近)"),
    "ru": re.compile(
        r"(?:около|почти|порядка|примерно|приблизительно|свыше|более|превы\w+|чуть\s\w+"
        r"|без малого)",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"(?:about|around|nearly|almost|approximately|some|roughly|over|more than|exceed\w*"
        r"|close to|pass(?:ed|es)|topp?(?:ed|s)|surpass\w*"
        r"|just (?:over|under)|up to)",
        re.IGNORECASE,
    ),
}
TWO = {
    "zh": re.compile("[两二2](?=[份票名人艘架项个场枚颗座条位家](?!国|百|千|万|亿|月|小时))"),
    "ru": re.compile(
        r"\b(?:дв(?:а|е|ух|ум|умя)|двое|двоих)\b(?! (?:стран|сторон|государств|народ|президент"
        r"|лидер|министр|держав|наци|раза|трети|десят|част))"
    ),
    "en": re.compile(
        r"\btwo\b(?! (?:countries|sides|nations|peoples|states|leaders|presidents|heads|parties"
        r"|ministers|governments|neighbou?rs|militaries|armies|thirds|decades|dozen|hundred))"
    ),
}
ANY_TWO = {
    "zh": re.compile("[两二双俩]|一对|分别"),
    "ru": re.compile(
        r"\bдв[аеоу]|\bоб[ае]\b|\bобо|\bпар[ауые]\b|втор|\bвдво|\bудво|соответственно"
    ),
    "en": re.compile(
        r"\btw[oi]|\bboth\b|\bpair|second|bilateral|\bdoubl|\bdual|respectively", re.IGNORECASE
    ),
}
# Days that have a name.
HOLIDAYS = {
    (1, 1): re.compile(r"元旦|New Year|нов(?:ый|ого|ому|ым|ом) год|новогодн", re.IGNORECASE),
    (5, 1): re.compile(r"五一|劳动节|May Day|Labou?r Day|первома|день труда", re.IGNORECASE),
    (5, 9): re.compile(r"胜利日|胜利节|Victory Day|д(?:ень|ня|ню|нем) победы", re.IGNORECASE),
    (10, 1): re.compile(r"国庆|十一黄金周|National Day|образования КНР", re.IGNORECASE),
}
_DIGITS = re.compile(r"\d+(?:[.,\u00a0 ]\d+)*")
_HAN_RUN = re.compile(f"[{numerals.ZH_CHARACTERS}]+")
_PLAN = re.compile("(十[一二三四五六七八九])五")
_ROMAN = re.compile(r"(?<![A-Za-z])[IVXLCХІ]{1,9}(?![A-Za-z])")
_GROUPED = re.compile(r"\d{1,3}(?:[,\u00a0 ]\d{3})+(?:\.\d+)?")


def _numbers(digits: str) -> Iterator[Fraction]:
    """Yield what a run of digits, commas, stops and spaces may mean."""
    if len(digits) > 60:
        return
    if _GROUPED.fullmatch(digits):
        yield Fraction(re.sub("[,\u00a0 ]", "", digits))
    pieces = re.split(r"[.,\u00a0 ]", digits)
    if len(pieces) == 2 and (digits[len(pieces[0])] in ".,"):
        yield Fraction(f"{pieces[0]}.{pieces[1]}")
        if digits[len(pieces[0])] == "." and len(pieces[1]) == 2 and int(pieces[0]) < 24:
            yield Fraction(int(pieces[0]))  # 10.30 is half past ten
        return
    yield from (Fraction(int(piece)) for piece in pieces)


def numbers(folded: str, text: str, lang: str) -> frozenset[Fraction]:
    """Return every number that can be seen in a text, ``folded`` as `values.fold` does."""
    found: set[Fraction] = set()
    for match in re.finditer(r"(?<!\d)((?:19|20)\d)\d[-/](\d\d)(?!\d)", folded):
        found.add(Fraction(int(match[1][:2] + match[2])))  # 1981-87
    for match in re.finditer(r"(?<![\d.])(\d{1,4})[kK]\b", folded):
        found.add(Fraction(1000 * int(match[1])))
    for match in _DIGITS.finditer(folded):
        found.update(_numbers(match[0]))
    if lang == "zh":
        for match in _HAN_RUN.finditer(folded):
            number = numerals.parse_zh(match[0]) or numerals.parse_zh_digits(match[0])
            if number:
                found.add(Fraction(number))
            if plan := _PLAN.search(match[0]):
                found.add(Fraction(numerals.parse_zh(plan[1]) or 0))
    else:
        for match in _ROMAN.finditer(text):
            number = numerals.parse_roman(match[0].replace("Х", "X").replace("І", "I"))
            if number:
                found.add(Fraction(number))
        reader = numerals.en_words if lang == "en" else numerals.ru_runs
        found.update(Fraction(number) for number, _, _, _ in reader(folded))
    found.update(Fraction(n) for n, _, _ in small_numerals(text, lang))
    return frozenset(found)
