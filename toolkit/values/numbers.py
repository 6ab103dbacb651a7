"""Find numbers, percentages, money and ordinals in a text, and write them in another language.

Values are exact: 2448亿美元, 244.8 billion U.S. dollars and 244,8 млрд долл. США are one.
Small words ("two", 两, двух) are not values; they belong to the grammar of the sentence.
"""

import re
from fractions import Fraction

from toolkit.values.value import Value, fold, without_final_stop

_ZH_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_ZH_UNITS = {"十": 10, "百": 100, "千": 1000}
_ZH_SCALES = {"万亿": 10**12, "亿": 10**8, "万": 10**4}
_WORD_SCALES = {
    "thousand": 10**3, "million": 10**6, "mln": 10**6, "billion": 10**9, "bln": 10**9,
    "trillion": 10**12, "тыс": 10**3, "тысяч": 10**3, "млн": 10**6, "миллион": 10**6,
    "млрд": 10**9, "миллиард": 10**9, "трлн": 10**12, "триллион": 10**12,
}  # fmt: skip

_ZH_FIGURE = r"\d+(?:,\d{3})*(?:\.\d+)?"
_ZH_WORD = r"[零〇一二三四五六七八九十百千两]+(?:点[零〇一二三四五六七八九]+)?"
_ZH_SCALE = r"(?:[十百千]?(?:万亿|亿|万))"
_ZH_MONEY = (
    r"(?P<unit>美元|元人民币|人民币元|元|卢布|欧元|日元|英镑|港元|吨|千瓦时|公里|立方米|平方米|公顷)"
)
_ZH = re.compile(
    rf"(?P<percent>百分之(?P<pn>{_ZH_FIGURE}|{_ZH_WORD}))"
    rf"|第(?P<ordinal>{_ZH_FIGURE}|{_ZH_WORD})(?![点])"
    rf"|(?P<han>(?<![第一二三四五六七八九十百千万亿两几数]){_ZH_WORD})"
    rf"(?P<hscale>{_ZH_SCALE})?(?P<hover>多)?(?:{_ZH_MONEY.replace('unit', 'hunit')})?"
    rf"|(?P<figure>(?<![\d.,A-Za-z]){_ZH_FIGURE})(?P<over1>多)?(?P<scale>{_ZH_SCALE})?"
    rf"(?P<over2>多)?(?:(?P<sign>%)|{_ZH_MONEY})?"
)
_ZH_CURRENCY = {
    "美元": "USD", "元人民币": "CNY", "人民币元": "CNY", "元": "CNY", "卢布": "RUB", "欧元": "EUR",
    "日元": "JPY", "英镑": "GBP", "港元": "HKD", "吨": "t", "千瓦时": "kWh", "公里": "km",
    "立方米": "m3", "平方米": "m2", "公顷": "ha",
}  # fmt: skip

_RU_FIGURE = r"(?:\d{1,3}(?:[\u00a0 ]\d{3})+(?!\d)|\d+)(?:[,.]\d+)?"
_RU = re.compile(
    rf"(?P<ordinal>(?<![\w.,])\d+-(?:ый|ий|ой|ая|яя|ое|ее|ого|ему|ому|ым|ом|ую|ых|ые|му|го|ми|й|я|е|"
    rf"м|ю|х))(?![а-яА-Я])"
    rf"|(?P<roman>(?<![\w-])[IVXLC]{{1,7}}(?![\w-]))(?= [а-яА-Я])"
    rf"|(?P<figure>(?<![\w.,]){_RU_FIGURE})"
    rf"(?:[\u00a0 ]?(?P<scale>тыс(?:яч[аиу]?)?|млн|млрд|трлн|миллион(?:а|ов)?|"
    rf"миллиард(?:а|ов)?|триллион(?:а|ов)?)(?![а-яА-Я])\.?)?"
    rf"(?:[\u00a0 ]?(?:(?P<sign>%|проц\.|процент(?:а|ов|ам|ами|ах|ом|у|е)?(?![а-яА-Я]))"
    rf"|(?P<unit>долл\. США|долл(?:аров|ара|ар|арами|арам)(?: США)?|долл\.|юан(?:ей|я|ь|ями|ям)|"
    rf"руб(?:\.|л(?:ей|я|ь|ями|ям))|евро|т(?:онн[аы]?|онн)(?![а-яА-Я])|т(?=[ .,;)]|$)|км(?![а-яА-Я])|"
    rf"(?:куб\. ?м(?:етров|етра)?|кубометр(?:ов|а)?)(?![а-яА-Я])|"
    rf"кв\. ?м(?:етров|етра)?(?![а-яА-Я])|"
    rf"кВт⋅?·?ч|гектар(?:ов|а)?)))?"
)  # fmt: skip
_EN_FIGURE = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
_EN = re.compile(
    rf"(?P<ordinal>(?<![\w.,])\d+(?:st|nd|rd|th))(?![\w])"
    rf"|(?P<symbol>US\$|\$|€|¥|£)?(?P<figure>(?<![\w.,]){_EN_FIGURE}|(?<=[$€¥£]){_EN_FIGURE})"
    rf"(?:[\u00a0 -]?(?P<scale>thousand|million|mln|billion|bln|trillion)(?![a-z]))?"
    rf"(?:[\u00a0 -]?(?:(?P<sign>%|percent(?!age)|per cent|pct)"
    rf"|(?P<unit>U\.S\. dollars?|US dollars?|dollars?|USD|yuan|RMB|rubles?|roubles?|euros?|"
    rf"(?:metric )?tons?|tonnes?|kilomet(?:er|re)s?|cubic met(?:er|re)s?|square met(?:er|re)s?|"
    rf"hectares?|kilowatt-hours?)(?![a-z])))?",
)
_EN_UNITS = (
    ("u.s. dollar", "USD"), ("us dollar", "USD"), ("dollar", "USD"), ("usd", "USD"),
    ("yuan", "CNY"), ("rmb", "CNY"), ("ruble", "RUB"), ("rouble", "RUB"), ("euro", "EUR"), ("metric ton", "t"),
    ("ton", "t"), ("kilomet", "km"), ("cubic met", "m3"), ("square met", "m2"), ("hectare", "ha"),
    ("kilowatt", "kWh"),
)  # fmt: skip
_RU_UNITS = (
    ("долл", "USD"), ("юан", "CNY"), ("руб", "RUB"), ("евро", "EUR"), ("км", "km"), ("куб", "m3"),
    ("кв", "m2"), ("квт", "kWh"), ("гектар", "ha"), ("т", "t"),
)  # fmt: skip
_SYMBOLS = {"US$": "USD", "$": "USD", "€": "EUR", "¥": "CNY", "£": "GBP"}
CURRENCIES = frozenset(("USD", "CNY", "RUB", "EUR", "JPY", "GBP", "HKD"))

_EN_YEAR_BEFORE = re.compile(
    r"(?:\b(?:in|since|by|of|from|to|until|till|for|during|year|and|through|late|early|mid)"
    r"|[,(–-]) ?$",
    re.IGNORECASE,
)
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


def find(text: str, lang: str) -> list[Value]:
    """Return the values of ``text`` in order, none overlapping another."""
    folded = fold(text)
    return {"zh": _find_zh, "ru": _find_ru, "en": _find_en}[lang](text, folded)


def _find_zh(text: str, folded: str) -> list[Value]:
    values = []
    for match in _ZH.finditer(folded):
        start, end = match.span()
        if match["percent"]:
            number, places = _zh_number(match["pn"])
            if number is not None:
                values.append(_value("percent", number, text, start, end, places=places))
        elif match["ordinal"]:
            number, _ = _zh_number(match["ordinal"])
            if number is not None:
                values.append(_value("ordinal", number, text, start, end))
        elif match["han"]:
            value = _zh_words(text, match)
            if value is not None:
                values.append(value)
        else:
            number, places = _zh_number(match["figure"])
            scale = _zh_scale(match["scale"])
            over = bool(match["over1"] or match["over2"])
            if match["sign"]:
                values.append(_value("percent", number, text, start, end, places=places))
            elif match["unit"]:
                unit = _ZH_CURRENCY[match["unit"]]
                kind = "money" if unit in CURRENCIES else "quantity"
                values.append(_value(kind, number * scale, text, start, end, unit, over))
            else:
                year = (
                    scale == 1
                    and _yearly(match["figure"])
                    and re.match(r"(?:[-~至]\d{4})?年", folded[end:]) is not None
                )
                values.append(
                    _value("number", number * scale, text, start, end, over=over, year=year)
                )
    return values


def _zh_words(text: str, match: re.Match[str]) -> Value | None:
    """Take a number in characters for a value only where nothing else is meant: 三十, 五千万."""
    word, scale = match["han"], match["hscale"]
    number, places = _zh_number(word)
    if number is None or (len(word) < 2 and not scale) or word in ("十一", "百十"):
        return None
    if not scale and not match["hunit"] and not re.search("[十百千]", word):
        return None
    if not scale and not match["hunit"] and re.match("[十百千]", word) and len(word) < 2:
        return None
    unit = _ZH_CURRENCY.get(match["hunit"] or "", "")
    kind = "number" if not unit else "money" if unit in CURRENCIES else "quantity"
    return _value(
        kind, number * _zh_scale(scale), text, *match.span(), unit, bool(match["hover"])
    )


def _zh_number(word: str) -> tuple[Fraction, int] | tuple[None, int]:
    """Read a figure or characters; also return how many decimals were written."""
    if word[0].isdigit():
        plain = word.replace(",", "")
        return Fraction(plain), len(plain.partition(".")[2])
    whole, _, decimals = word.partition("点")
    if not whole:
        return None, 0
    if all(c in _ZH_DIGITS for c in whole):
        number = Fraction(int("".join(str(_ZH_DIGITS[c]) for c in whole)))
    else:
        total, digit = 0, 0
        last = 10**9
        for c in whole:
            if c in _ZH_DIGITS:
                if digit:
                    return None, 0  # 十五五 is a name, not a number
                digit = _ZH_DIGITS[c]
            else:
                unit = _ZH_UNITS[c]
                if unit >= last:
                    return None, 0
                total += (digit or 1) * unit
                digit, last = 0, unit
        number = Fraction(total + digit)
    if decimals:
        digits = "".join(str(_ZH_DIGITS[c]) for c in decimals)
        number += Fraction(int(digits), 10 ** len(digits))
    return number, len(decimals)


def _zh_scale(scale: str | None) -> int:
    if not scale:
        return 1
    factor = _ZH_UNITS.get(scale[0], 1)
    return factor * _ZH_SCALES[scale[1:] if scale[0] in _ZH_UNITS else scale]


def _find_ru(text: str, folded: str) -> list[Value]:
    values = []
    for match in _RU.finditer(folded):
        start, end = match.span()
        end = without_final_stop(text, start, end)
        if match["ordinal"]:
            values.append(
                _value("ordinal", Fraction(match["ordinal"].split("-")[0]), text, start, end)
            )
        elif match["roman"]:
            number = _roman(match["roman"])
            if number:
                values.append(_value("ordinal", Fraction(number), text, start, end))
        else:
            plain = re.sub("[\u00a0 ]", "", match["figure"]).replace(",", ".")
            scale = _scale(match["scale"])
            unit = _unit(match["unit"], _RU_UNITS)
            year = bool(
                scale == 1
                and not unit
                and not match["sign"]
                and _yearly(match["figure"])
                and re.match(r"(?:-\d{4})?[\u00a0 ]?(?:год|гг?\.)", folded[end:])
            )
            values.append(_spaced(text, start, end, plain, scale, unit, match["sign"], year))
    return values


def _find_en(text: str, folded: str) -> list[Value]:
    values = []
    for match in _EN.finditer(folded):
        start, end = match.span()
        if match["ordinal"]:
            values.append(_value("ordinal", Fraction(match["ordinal"][:-2]), text, start, end))
            continue
        plain = match["figure"].replace(",", "")
        unit = _SYMBOLS.get(match["symbol"] or "", "") or _unit(match["unit"], _EN_UNITS)
        scale = _scale(match["scale"])
        year = bool(
            scale == 1
            and not unit
            and not match["sign"]
            and _yearly(match["figure"])
            and (_EN_YEAR_BEFORE.search(folded[:start][-12:]) or start == 0)
        )
        values.append(_spaced(text, start, end, plain, scale, unit, match["sign"], year))
    return values


def _spaced(
    text: str, start: int, end: int, plain: str, scale: int, unit: str, sign: str | None, year: bool
) -> Value:
    number = Fraction(plain)
    if sign:
        places = len(plain.partition(".")[2])
        return _value("percent", number, text, start, end, places=places)
    if unit:
        kind = "money" if unit in CURRENCIES else "quantity"
        return _value(kind, number * scale, text, start, end, unit)
    return _value("number", number * scale, text, start, end, year=year)


def _value(
    kind: str,
    number: Fraction,
    text: str,
    start: int,
    end: int,
    unit: str = "",
    over: bool = False,
    year: bool = False,
    places: int = 0,
) -> Value:
    return Value(kind, number, start, end, text[start:end], unit, over, year, places)


def _scale(word: str | None) -> int:
    if not word:
        return 1
    stem = word.lower().rstrip(".")
    names = sorted(_WORD_SCALES, key=len, reverse=True)
    return next(_WORD_SCALES[name] for name in names if stem.startswith(name))


def _unit(word: str | None, table: tuple[tuple[str, str], ...]) -> str:
    if not word:
        return ""
    return next(unit for stem, unit in table if word.lower().startswith(stem))


def _yearly(figure: str) -> bool:
    return bool(re.fullmatch(r"(?:19|20|21)\d\d", figure))


def _roman(word: str) -> int:
    total = 0
    for here, after in zip(word, word[1:] + " ", strict=True):
        number = _ROMAN[here]
        total += -number if _ROMAN.get(after, 0) > number else number
    return total if roman(total) == word else 0


def roman(number: int) -> str:
    """Write 1 to 399 in Roman figures."""
    result = ""
    for size, sign in ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"),
                       (5, "V"), (4, "IV"), (1, "I")):  # fmt: skip
        while number >= size:
            result, number = result + sign, number - size
    return result


# Writing ---------------------------------------------------------------------------------------

_MONEY = {
    "zh": {"USD": "美元", "CNY": "元人民币", "RUB": "卢布", "EUR": "欧元", "JPY": "日元",
           "GBP": "英镑", "HKD": "港元", "t": "吨", "kWh": "千瓦时", "km": "公里", "m3": "立方米",
           "m2": "平方米", "ha": "公顷"},
    "ru": {"USD": "долл. США", "CNY": "юаней", "RUB": "рублей", "EUR": "евро", "JPY": "иен",
           "GBP": "фунтов стерлингов", "HKD": "гонконгских долларов", "t": "тонн",
           "kWh": "кВт·ч", "km": "км", "m3": "куб. м", "m2": "кв. м", "ha": "га"},
    "en": {"USD": "U.S. dollars", "CNY": "yuan", "RUB": "rubles", "EUR": "euros", "JPY": "yen",
           "GBP": "pounds", "HKD": "Hong Kong dollars", "t": "tons", "kWh": "kilowatt-hours",
           "km": "kilometers", "m3": "cubic meters", "m2": "square meters", "ha": "hectares"},
}  # fmt: skip
_RU_COUNTED = {
    "CNY": ("юань", "юаня", "юаней"),
    "RUB": ("рубль", "рубля", "рублей"),
    "t": ("тонна", "тонны", "тонн"),
}
_NBSP = "\u00a0"


def render(value: Value, lang: str, *, gender: str = "m", case: str = "nom") -> str:
    """Write a value in dispatch style.

    Args:
        value: A number, ordinal, percent, money or quantity.
        gender, case: Of the Russian noun an ordinal agrees with (m, f, n, p; nom … loc).

    Russian groups from 10 000 on with a no-break space; Chinese counts in 万 and 亿 where the
    result is exact to two decimals; English uses million and billion where it is exact to three.
    """
    if not isinstance(value.value, Fraction):
        raise ValueError(f"{value.kind} is not written as a number")
    number = value.value
    if value.kind == "ordinal":
        return _ordinal(int(number), lang, gender, case)
    if value.kind == "percent":
        figure = _decimal(number, lang, value.places)
        return {"zh": f"{figure}%", "ru": f"{figure} проц.", "en": f"{figure} percent"}[lang]
    if value.year:
        return str(number)
    over = value.over
    figure = _counted(number, lang, over)
    if over and lang != "zh":
        figure = {"en": "more than ", "ru": "более "}[lang] + figure
    if not value.unit:
        return figure
    joint = "" if lang == "zh" else " "
    return figure + joint + _unit_name(value.unit, number, figure, lang)


def _unit_name(unit: str, number: Fraction, figure: str, lang: str) -> str:
    name = _MONEY[lang][unit]
    if lang == "en" and number == 1 and name.endswith("s"):
        return name.removesuffix("s")
    if lang == "ru" and figure[-1].isdigit() and unit in ("CNY", "RUB", "t"):
        return _counted_noun(_RU_COUNTED[unit], number)
    return name


def _counted_noun(forms: tuple[str, str, str], number: Fraction) -> str:
    if number.denominator != 1:
        return forms[1]
    last, tens = int(number) % 10, int(number) % 100
    if last == 1 and tens != 11:
        return forms[0]
    return forms[1] if last in (2, 3, 4) and tens not in (12, 13, 14) else forms[2]


def _ordinal(number: int, lang: str, gender: str, case: str) -> str:
    if lang == "zh":
        return "第" + (_han(number) if number < 100 else str(number))
    if lang == "en":
        last = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
        return f"{number}{'th' if number % 100 in (11, 12, 13) else last}"
    from toolkit.languages.ru_forms import ORDINAL_ENDINGS

    return f"{number}-{ORDINAL_ENDINGS[gender][case]}"


def _han(number: int) -> str:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if not tens:
        return digits[ones]
    return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")


def _decimal(number: Fraction, lang: str, places: int = 0) -> str:
    """Write a fraction exactly where it ends, else to six places; never as a float."""
    for digits in range(7):
        if (number * 10**digits).denominator == 1:
            break
    digits = max(digits, places)
    scaled = round(number * 10**digits)
    sign, scaled = ("-", -scaled) if scaled < 0 else ("", scaled)
    whole, rest = divmod(scaled, 10**digits)
    figure = str(whole)
    if lang == "en" and whole >= 1000:
        figure = f"{whole:,}"
    if lang == "ru" and whole >= 10000:
        figure = f"{whole:,}".replace(",", _NBSP)
    if digits:
        figure += ("," if lang == "ru" else ".") + str(rest).rjust(digits, "0")
    return sign + figure


def _counted(number: Fraction, lang: str, over: bool = False) -> str:
    if lang == "zh":
        for name, size in _ZH_SCALES.items():
            part = number / size
            if part >= 1 and (part * 100).denominator == 1:
                return _decimal(part, "zh") + ("多" if over else "") + name
        return _decimal(number, "zh") + ("多" if over else "")
    names = {
        "en": ((10**12, "trillion"), (10**9, "billion"), (10**6, "million")),
        "ru": ((10**12, "трлн"), (10**9, "млрд"), (10**6, "млн")),
    }[lang]
    for size, name in names:
        part = number / size
        if part >= 1 and (part * 1000).denominator == 1:
            return f"{_decimal(part, lang)} {name}"
    if lang == "ru" and number >= 10000 and (number / 1000).denominator == 1:
        return f"{_decimal(number / 1000, lang)} тыс."
    return _decimal(number, lang)
