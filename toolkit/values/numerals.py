"""Numbers written in words and characters: Chinese numerals, English and Russian words, Roman."""

import re
from collections.abc import Iterator
from functools import cache

_ZH_DIGITS = {"零": 0, "〇": 0, **{c: n for n, c in enumerate("一二三四五六七八九", 1)}, "两": 2}
_ZH_PLACES = {"十": 10, "百": 100, "千": 1000}
ZH_CHARACTERS = "零〇一二三四五六七八九两十百千万亿"
ZH_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8, "万亿": 10**12}


def parse_zh(numeral: str) -> int | None:
    """Return the value of a Chinese numeral, or None where it is not a well-formed one.

    A bare power (千, 万, 亿) is not a number, 十 is. Positional numerals (二〇二五) are read by
    `parse_zh_digits`.
    """
    total = 0
    limit = None
    rest = numeral
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        head, mark, tail = rest.partition(unit)
        if not mark:
            continue
        # 一万亿 and 一万五千亿: what stands before 亿 may have a 万 of its own.
        section = parse_zh(head) if unit == "亿" and "万" in head else _section(head)
        if not section:
            return None
        total += section * size
        limit = size
        rest = tail
        if not rest:
            return total
    last = _section(rest, spaced=limit is not None)
    if last is None or rest.endswith("两"):
        return None
    if limit and len(rest) == 1 and rest in _ZH_DIGITS and rest != "零":
        last *= limit // 10  # 三万五 is 35000
    return total + last


def _section(numeral: str, spaced: bool = False) -> int | None:
    """Read a numeral below ten thousand; ``spaced`` allows a leading 零."""
    if not numeral:
        return None
    if spaced:
        numeral = numeral.lstrip("零〇") or numeral
    value, digit, last = 0, None, 10**4
    for place, character in enumerate(numeral):
        if character in "零〇":
            if place == 0 or digit is not None or place == len(numeral) - 1:
                return None
        elif character in _ZH_DIGITS:
            if digit is not None:
                return None
            digit = _ZH_DIGITS[character]
        else:
            size = _ZH_PLACES.get(character)
            if size is None or size >= last:
                return None
            if digit is None:
                if character != "十" or place != 0:
                    return None
                digit = 1
            value += digit * size
            digit, last = None, size
    if digit is not None:
        # 三百五 is 350, but 三百零五 is 305.
        short = last > 10 and last < 10**4 and len(numeral) > 1 and numeral[-2] in "百千"
        value += digit * (last // 10 if short else 1)
    return value


def parse_zh_digits(numeral: str) -> int | None:
    """Return the value of numerals read digit by digit: 二〇二五, or the decimals after 点."""
    if not numeral or any(c not in _ZH_DIGITS or c == "两" for c in numeral):
        return None
    return int("".join(str(_ZH_DIGITS[c]) for c in numeral))


def write_zh(number: int) -> str:
    """Write 1 to 99 in Chinese numerals.

    Raises:
        ValueError: Outside that range.
    """
    if not 1 <= number <= 99:
        raise ValueError(f"{number} is not between 1 and 99")
    characters = "一二三四五六七八九"
    tens, units = divmod(number, 10)
    text = "" if tens == 0 else "十" if tens == 1 else characters[tens - 1] + "十"
    return text + (characters[units - 1] if units else "")


_EN_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    " fifteen sixteen seventeen eighteen nineteen"
).split()
_EN_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_EN_ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
    " thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
).split()
EN_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_EN_CARDINALS = {
    **{word: number for number, word in enumerate(_EN_UNITS) if number},
    **{word: 10 * number for number, word in enumerate(_EN_TENS, 2)},
}


def parse_en(words: list[str]) -> tuple[int, bool] | None:
    """Return (value, is ordinal) of lower-cased number words, or None where they do not add up."""
    total = section = 0
    last = 10**15
    small = 10**3  # what may still follow inside the section is below this
    for place, word in enumerate(words):
        if word == "and":
            continue
        if word in EN_SCALES:
            if not section or EN_SCALES[word] >= last:
                return None
            last = EN_SCALES[word]
            total, section, small = total + section * last, 0, 10**3
        elif word == "hundred":
            if not 0 < section < 10:
                return None
            section, small = section * 100, 100
        else:
            value, ordinal = _en_word(word)
            if value is None or value >= small or (ordinal and place != len(words) - 1):
                return None
            section += value
            small = 10 if value >= 20 and value % 10 == 0 and not ordinal else 1
            if ordinal:
                return total + section, True
    return (total + section, False) if total + section else None


@cache
def _en_word(word: str) -> tuple[int | None, bool]:
    if word in _EN_CARDINALS:
        return _EN_CARDINALS[word], False
    if word in _EN_ORDINALS[1:]:
        return _EN_ORDINALS.index(word), True
    if word.endswith("ieth") and word[:-4] + "y" in _EN_TENS:
        return 10 * (_EN_TENS.index(word[:-4] + "y") + 2), True
    return None, False


EN_WORDS = frozenset(
    [*_EN_CARDINALS, *_EN_ORDINALS[1:], *(tens[:-1] + "ieth" for tens in _EN_TENS), *EN_SCALES]
    + ["hundred"]
)


def write_en_ordinal(number: int) -> str:
    """Write an ordinal as agencies do: first to ninth in words, then 10th, 21st."""
    if 1 <= number <= 9:
        return _EN_ORDINALS[number]
    teen = 10 <= number % 100 <= 20
    ending = "th" if teen else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


_RU_UNITS = {
    "один": 1, "одного": 1, "одна": 1, "одной": 1, "одно": 1, "одну": 1, "одному": 1, "одном": 1,
    "одним": 1, "два": 2, "две": 2, "двух": 2, "двум": 2, "двумя": 2, "три": 3, "трех": 3,
    "трем": 3, "тремя": 3, "четыре": 4, "четырех": 4, "четырем": 4, "четырьмя": 4, "пять": 5,
    "пяти": 5, "пятью": 5, "шесть": 6, "шести": 6, "шестью": 6, "семь": 7, "семи": 7, "семью": 7,
    "восемь": 8, "восьми": 8, "восемью": 8, "восьмью": 8, "девять": 9, "девяти": 9, "девятью": 9,
}  # fmt: skip
_RU_TEEN_STEMS = "один две три четыр пят шест сем восем девят".split()
_RU_TENS = {
    "двадцат": 20, "тридцат": 30, "сорок": 40, "пятьдесят": 50, "шестьдесят": 60,
    "семьдесят": 70, "восемьдесят": 80, "девяност": 90,
}  # fmt: skip
_RU_HUNDREDS = {
    "сто": 100, "ста": 100, "двести": 200, "двухсот": 200, "триста": 300, "трехсот": 300,
    "четыреста": 400, "четырехсот": 400, "пятьсот": 500, "пятисот": 500, "шестьсот": 600,
    "шестисот": 600, "семьсот": 700, "семисот": 700, "восемьсот": 800, "восьмисот": 800,
    "девятьсот": 900, "девятисот": 900,
}  # fmt: skip
_RU_ORDINAL_STEMS = {
    "перв": 1, "втор": 2, "четверт": 4, "пят": 5, "шест": 6, "седьм": 7, "восьм": 8, "девят": 9,
    "десят": 10, "двадцат": 20, "тридцат": 30, "сороков": 40, "пятидесят": 50, "шестидесят": 60,
    "семидесят": 70, "восьмидесят": 80, "девяност": 90, "сот": 100,
}  # fmt: skip
_RU_ENDINGS = "ый ой ая ое ого ому ым ом ую ые ых ыми".split()
_RU_THIRD = "третий третья третье третьего третьей третьему третьим третьем третью".split()


@cache
def ru_words() -> dict[str, tuple[int, bool]]:
    """Return every Russian number word in every case (е for ё): value and whether ordinal.

    Ambiguous forms («десятой» part, «сорока») count as what a dispatch most often means.
    """
    words: dict[str, tuple[int, bool]] = {}
    ordinals = dict(_RU_ORDINAL_STEMS)
    cardinals = {**_RU_UNITS, **_RU_HUNDREDS}
    for number, stem in enumerate(_RU_TEEN_STEMS, 11):
        ordinals[f"{stem}надцат"] = number
        for ending in ("ь", "и", "ью"):
            cardinals[f"{stem}надцат{ending}"] = number
    for ending in ("ь", "и", "ью"):
        cardinals[f"десят{ending}"] = 10
        cardinals[f"двадцат{ending}"] = 20
        cardinals[f"тридцат{ending}"] = 30
    cardinals.update({"сорок": 40, "сорока": 40, "девяносто": 90, "девяноста": 90})
    for stem, number in (("пят", 50), ("шест", 60), ("сем", 70), ("восем", 80)):
        cardinals[f"{stem}ьдесят"] = number
        cardinals[f"{'восьм' if stem == 'восем' else stem}идесяти"] = number
        cardinals[f"{stem}ьюдесятью"] = number
    for stem, number in ordinals.items():
        for ending in _RU_ENDINGS:
            words[stem + ending] = (number, True)
    for form in _RU_THIRD:
        words[form] = (3, True)
    for form, number in cardinals.items():
        words[form] = (number, False)
    return words


def parse_ru(words: list[str]) -> tuple[int, bool] | None:
    """Return (value, is ordinal) of lower-cased number words, or None where they do not add up."""
    table = ru_words()
    total, last = 0, 1000
    for place, word in enumerate(words):
        value, ordinal = table.get(word, (0, False))
        final = place == len(words) - 1
        if not value or value >= last or (ordinal and not final) or (last <= 10 and value >= 10):
            return None
        total += value
        if value < 20 and not final:
            return None
        last = 100 if value >= 100 else 10
        if ordinal:
            return total, True
    return (total, False) if total else None


_ROMAN = re.compile(r"(C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


def parse_roman(numeral: str) -> int | None:
    """Return the value of a well-formed Roman numeral below 400, or None."""
    if not numeral or not _ROMAN.fullmatch(numeral):
        return None
    values = [_ROMAN_VALUES[c] for c in numeral]
    signs = [
        -1 if place + 1 < len(values) and value < values[place + 1] else 1
        for place, value in enumerate(values)
    ]
    return sum(s * v for s, v in zip(signs, values, strict=True))


_RU_WORD = re.compile(r"[А-Яа-я]+")
_GROUP_OF = re.compile(r"(?:[Гг]рупп[а-я]{1,2} |\b[Gg]roup of )$")


@cache
def _en_run() -> re.Pattern[str]:
    word = "(?:" + "|".join(sorted(EN_WORDS, key=len, reverse=True)) + ")"
    return re.compile(rf"\b{word}(?:(?: and |[ -]){word}\b){{0,11}}(?![\w])", re.IGNORECASE)


def en_words(text: str) -> Iterator[tuple[int, bool, int, int]]:
    """Yield (value, is ordinal, start, end) of the English numbers in words in ``text``."""
    for match in _en_run().finditer(text):
        words = [(w[0].lower(), w.start()) for w in re.finditer(r"[A-Za-z]+", match[0])]
        if text[match.start() - 1 : match.start()] == "-" or text[
            match.end() : match.end() + 2
        ] in (
            "-t",
            "-f",
        ):
            continue  # one-third, two-fifths
        # "the first ten months": an ordinal in front is a word of its own.
        while len(words) > 1 and words[0][0] != "and" and (parse_en([words[0][0]]) or (0, 0))[1]:
            del words[0]
        read = parse_en([word for word, _ in words])
        start = match.start() + words[0][1]
        if read and not _GROUP_OF.search(text[max(0, start - 12) : start]):
            yield *read, start, match.end()


def ru_runs(text: str) -> Iterator[tuple[int, bool, int, int]]:
    """Yield (value, is ordinal, start, end) of the Russian numbers in words in ``text``.

    «Группа двадцати» is a name.
    """
    table = ru_words()
    run: list[tuple[str, int, int]] = []

    def read() -> Iterator[tuple[int, bool, int, int]]:
        while len(run) > 1 and table[run[0][0]][1]:
            del run[0]
        found = parse_ru([word for word, _, _ in run])
        if found and not _GROUP_OF.search(text[max(0, run[0][1] - 12) : run[0][1]]):
            yield *found, run[0][1], run[-1][2]

    for match in _RU_WORD.finditer(text):
        word = match[0].lower()
        joined = not run or text[run[-1][2] : match.start()] in (" ", "\u00a0")
        if word in table and joined:
            run.append((word, match.start(), match.end()))
            continue
        if run:
            yield from read()
            run.clear()
        if word in table:
            run.append((word, match.start(), match.end()))
    if run:
        yield from read()
