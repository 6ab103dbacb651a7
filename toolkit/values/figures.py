"""Write numbers, ordinals, percentages, money and quantities in the style of a dispatch."""

import re
from fractions import Fraction

from toolkit.values import numerals, units
from toolkit.values.value import Value

NBSP = "\u00a0"
_EN_STEPS = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))
_RU_STEPS = ((10**12, "трлн"), (10**9, "млрд"), (10**6, "млн"))
_ZH_STEPS = ((10**12, "万亿", 4), (10**8, "亿", 4), (10**4, "万", 2))
_RU_ENDINGS = {
    "m": {"nom": "й", "gen": "го", "dat": "му", "acc": "й", "ins": "м", "loc": "м"},
    "f": {"nom": "я", "gen": "й", "dat": "й", "acc": "ю", "ins": "й", "loc": "й"},
    "n": {"nom": "е", "gen": "го", "dat": "му", "acc": "е", "ins": "м", "loc": "м"},
    "p": {"nom": "е", "gen": "х", "dat": "м", "acc": "е", "ins": "ми", "loc": "х"},
}


def render(
    value: Value, lang: str, *, gender: str = "m", case: str = "nom", after: str = ""
) -> str:
    """Write a value in the style of a dispatch; nothing is rounded.

    Chinese counts in 万, 亿 and 万亿 from 10,000 on where few decimals do, else in plain digits.
    English groups by commas, Russian by no-break spaces from 10 000 on; both scale from a million
    where three decimals do, Russian also by тыс. from 10 000 on where one decimal does.

    Args:
        gender, case: Of a Russian ordinal (m f n p; nom gen dat acc ins loc).
        after: The text that follows: 世纪 and 周年 take a bare number, "anniversary" an ordinal,
            «-летие» a cardinal.
    """
    if value.kind == "time":
        return str(value.value)
    number = value.value
    if not isinstance(number, Fraction):
        raise ValueError(f"not a number: {value!r}")
    kind = value.kind
    if kind in ("number", "ordinal") and number.denominator == 1:
        kind = _kind_before(after, lang, kind)
    if kind == "ordinal":
        return _ordinal(int(number), lang, gender, case, after)
    if kind == "percent":
        digits = _decimal(number, value.places, lang)
        return _over(value, digits, lang) + {"zh": "%", "en": " percent", "ru": " проц."}[lang]
    text = _number(value, lang)
    if kind == "number":
        return _over(value, text, lang)
    unit = units.BY_CODE[value.unit]
    if lang == "zh":
        return _over(value, text, lang) + unit.zh
    if lang == "en":
        return f"{_over(value, text, lang)} {unit.en[number != 1]}"
    return f"{_over(value, text, lang)} {unit.ru[_ru_form(number, text)]}"


def _kind_before(after: str, lang: str, kind: str) -> str:
    if lang == "zh":
        return "number" if re.match(r"世纪|周年|年代|岁", after) else kind
    if lang == "en":
        return "ordinal" if re.match(r" (?:\w+ )?anniversary\b| century\b", after) else kind
    return "number" if re.match(r"-?лет", after) else kind


def _ordinal(number: int, lang: str, gender: str, case: str, after: str) -> str:
    if lang == "zh":
        return "第" + (numerals.write_zh(number) if number < 100 else str(number))
    if lang == "en":
        return numerals.write_en_ordinal(number)
    if re.match(r"[ \u00a0]век", after) and number < 40:
        return _roman(number)
    return f"{number}-{_RU_ENDINGS[gender][case]}"


def _roman(number: int) -> str:
    tens, units_ = divmod(number, 10)
    return "X" * tens + ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"][units_]


def _over(value: Value, text: str, lang: str) -> str:
    if not value.over:
        return text
    if lang == "en":
        return f"more than {text}"
    if lang == "ru":
        return f"более {text}"
    head = re.match(r"[\d.]+", text)
    whole = head is not None and "." not in head[0] and int(head[0]) % 10 == 0
    if not head or not whole:
        return f"超过{text}"
    return f"{head[0]}多{text[head.end() :]}"


def _number(value: Value, lang: str) -> str:
    number: Fraction = value.value  # type: ignore[assignment]
    if value.year:
        return str(int(number))
    size = abs(number)
    if lang == "zh":
        for step, word, most in _ZH_STEPS:
            if size >= step and _places(number / step) <= most:
                return _decimal(number / step, 0, "zh", group=False) + word
        return _decimal(number, value.places, lang, group=False)
    for step, word in _EN_STEPS if lang == "en" else _RU_STEPS:
        if size >= step and _places(number / step) <= 3:
            return f"{_decimal(number / step, 0, lang)} {word}"
    if lang == "ru" and size >= 10**4 and _places(number / 1000) <= 1:
        return f"{_decimal(number / 1000, 0, lang)} тыс."
    return _decimal(number, value.places, lang)


def _places(number: Fraction) -> int:
    """Return how many decimals ``number`` needs; 99 where it has no end."""
    for places in range(13):
        if (number * 10**places).denominator == 1:
            return places
    return 99


def _decimal(number: Fraction, places: int, lang: str, group: bool = True) -> str:
    places = max(places, _places(number))
    if places == 99:
        raise ValueError(f"{number} has no finite decimal form")
    sign = "-" if number < 0 else ""
    digits = str(abs(number.numerator) * 10**places // number.denominator).rjust(places + 1, "0")
    whole, decimals = digits[: len(digits) - places], digits[len(digits) - places :]
    if group and lang == "en":
        whole = f"{int(whole):,}"
    elif group and lang == "ru" and len(whole) > 4:
        whole = f"{int(whole):,}".replace(",", NBSP)
    point = "," if lang == "ru" else "."
    return sign + whole + (point + decimals if decimals else "")


def _ru_form(number: Fraction, text: str) -> int:
    """Choose 1 тонна, 2 тонны, 5 тонн, 1,5 тонны, 5 млн тонн."""
    if text[-1] in "нд.":  # млн, млрд, трлн, тыс.
        return 2
    if number.denominator != 1:
        return 1
    last, teen = abs(int(number)) % 10, abs(int(number)) % 100
    if last == 1 and teen != 11:
        return 0
    return 1 if 2 <= last <= 4 and not 12 <= teen <= 14 else 2
