"""Find ordinals: 第二十九, 29th, seventh session, 29-е, XXIX, двадцать девятое."""

import re
from collections.abc import Iterator
from fractions import Fraction

from toolkit.values import numerals
from toolkit.values.value import Value

_ZH_ORDINAL = re.compile(
    rf"第\s?(?P<digits>\d{{1,9}}(?!\d))(?P<scale>[万亿])?(?!\s?[号条章款页])|第(?P<numeral>[{numerals.ZH_CHARACTERS}]{{1,12}}+)(?![号条章款页])"
    rf"|(?P<century>\d{{1,2}}|[{numerals.ZH_CHARACTERS}]{{1,3}})(?=世纪)"
)
_ZH_COUNTED = ("次", "届", "轮", "期", "批")
_EN_ORDINAL = re.compile(
    r"(?<![\w.,/-])(?P<digits>\d{1,3}(?:,\d{3}){1,4}|\d{1,9})(?:st|nd|rd|th)\b"
)
_EN_COUNTED = re.compile(
    r"\s(?:(?!plenary)[\w-]+\s){0,2}?(?:session|meeting|round|edition|summit|forum|conference"
    r"|time|term|dialogue|consultation)s?\b",
    re.IGNORECASE,
)
_RU_ORDINAL = re.compile(
    r"(?<![\w.,/-])(?P<digits>\d{1,9})-(?P<ending>ый|ий|ой|й|ая|я|ое|е|ого|го|ому|му|ом|м|ую|ю"
    r"|ые|ых|х|ым|ыми|ми|ей)(?![\w-])"
)
_RU_COUNTED = re.compile(
    r"\s(?:[\w-]+\s){0,2}?(?:заседани|встреч|раунд|саммит|форум|сесси|конференц|раз|тур"
    r"|консультац|диалог)"
)
_ROMAN = re.compile(r"(?<![\w-])(?P<roman>[IVXLCХІ]{1,9})(?:-(?:й|го|му|м|е|я|ом))?(?![\w-])")


def find(text: str, lang: str) -> Iterator[Value]:
    """Yield the ordinals of a folded text; spelt ones below ten only where they count meetings.

    "First" and the like belong to the sentence, not to the figures.
    """
    reader = {"zh": _zh_ordinals, "en": _en_ordinals, "ru": _ru_ordinals}[lang]
    for number, start, end in reader(text):
        if number > 0:
            yield Value("ordinal", Fraction(number), start, end)


def _zh_ordinals(text: str) -> Iterator[tuple[int, int, int]]:
    for match in _ZH_ORDINAL.finditer(text):
        start, end = match.span()
        if match["digits"]:
            yield int(match["digits"]) * numerals.ZH_SCALES.get(match["scale"], 1), start, end
        elif match["century"]:
            numeral = match["century"]
            if text[start - 1 : start].isdigit() or text[start - 1 : start] == "第":
                continue
            number = int(numeral) if numeral.isdigit() and numeral.isascii() else 0
            number = number or numerals.parse_zh(numeral) or 0
            if number >= 10:
                yield number, start, end
        else:
            number = numerals.parse_zh(match["numeral"]) or 0
            counted = text[end : end + 1] in _ZH_COUNTED and text[end : end + 3] != "次世界"
            if number >= 10 or (number >= 2 and counted):
                yield number, start, end


def _en_ordinals(text: str) -> Iterator[tuple[int, int, int]]:
    for match in _EN_ORDINAL.finditer(text):
        yield int(match["digits"].replace(",", "")), *match.span()
    for value, ordinal, start, end in numerals.en_words(text):
        if ordinal and (value >= 10 or (value >= 2 and _EN_COUNTED.match(text, end))):
            yield value, start, end
    for match in _ROMAN.finditer(text):
        before = text[max(0, match.start() - 5) : match.start()]
        if match.start() == 0 or before.lower().endswith("the "):
            number = numerals.parse_roman(match["roman"].replace("Х", "X").replace("І", "I"))
            if number and len(match["roman"]) > 1 and match.end("roman") == match.end():
                yield number, *match.span()


def _ru_ordinals(text: str) -> Iterator[tuple[int, int, int]]:
    for match in _RU_ORDINAL.finditer(text):
        number, ending = int(match["digits"]), match["ending"]
        decade = ending in ("е", "х", "м", "ми", "ые", "ых") and number % 10 == 0
        if decade and re.match(r"\s?(?:год|гг)", text[match.end() : match.end() + 4]):
            continue
        if ending == "х" and number < 5:
            continue
        inside = ending == "м" and text[max(0, match.start() - 2) : match.start()] in ("в ", "В ")
        if 1900 <= number < 2100 and (inside or text.startswith(" год", match.end())):
            continue  # в 2024-м, 2024-й год: years
        yield number, *match.span()
    for value, ordinal, start, end in numerals.ru_runs(text):
        if ordinal and (value >= 10 or (value >= 2 and _RU_COUNTED.match(text, end))):
            if not re.match(r"ых?\s(?:год|дол|част)", text[end - 2 : end + 5]):
                yield value, start, end
    for match in _ROMAN.finditer(text):
        roman = match["roman"]
        if len(roman) == 1 and roman not in ("I", "V", "X"):
            continue
        if not re.match(r"\s?-\s?[IVXХ]|\s[А-Яа-я«]", text[match.end() : match.end() + 4]):
            if len(roman) == 1:
                continue
        before = re.search(
            r"(?:^|(\S)\s)([А-Я][а-я]{2,}) $", text[max(0, match.start() - 30) : match.start()]
        )
        if before and before[1]:
            continue  # Николай II; a capital that only begins the sentence does not count
        size = numerals.parse_roman(roman.replace("Х", "X").replace("І", "I"))
        if size:
            yield size, *match.span()
