"""Mend the seams where a fixed phrase or figure was put into a model's sentence.

A fill stands between `START` and `END`. What the model wrote by itself is touched only where the
typography of the language leaves no choice.
"""

import re

START, END = "\x02", "\x03"

# Sounds at the beginning of a word: "a one-China principle", "an hour", "a union", "an 80-year".
_VOWEL_SOUND = re.compile(
    r"[ai]|e(?!u[rkp])|o(?!nce|ne(?:\b|-))|u(?!ni(?![mn])|nan|s[aeiu]|ti|kr|ga)"
    r"|hour|hon(?:or|est|our)|heir|8|1[18](?!\d)",
    re.IGNORECASE,
)
# "An SCO summit", but "a UN agency" and "a NATO base".
_SPELT = re.compile(r"(?=[A-Z]{2,6}\b)(?!(?:NATO|NASA|FIFA|LAC|RIA|RELOS|SARS)\b)[AEFHILMNORSX]")
_CLUSTER = "[бвгджзклмнпрстфхцчшщ]"  # small letters: in «в ВСНП» nobody hears a cluster
# (preposition, its long ending, what wants it, what may have it although it does not)
_LONG = (
    ("[Вв]", "о", rf"[вфВФ](?:{_CLUSTER}|ь)", "Льв|мн|дв"),
    ("[Сс]", "о", rf"[сзшжСЗШЖ]{_CLUSTER}", "вс|вт|вз|мн|льв|Льв"),
    ("[Кк]", "о", "[Вв](?:торн|се|сяк|здо|зно)", "мн|Льв"),
    ("[Оо]", "б", "[аоэиуАОЭИУ]", "мн"),
)
# A day takes another preposition than a month: neither «в 5 декабря» nor "in Dec. 5" is right.
_RU_DAY = re.compile(
    rf"(?<![\w-])в ({START}\d{{1,2}} "
    r"(?:января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря)"
    rf"|{START}\d{{1,2}}-го числа)"
)
_EN_MONTH = (
    r"(?:Jan(?:uary|\.)|Feb(?:ruary|\.)|March|April|May|June|July|Aug(?:ust|\.)|Sept(?:ember|\.)"
    r"|Oct(?:ober|\.)|Nov(?:ember|\.)|Dec(?:ember|\.))"
)
_EN_DAY = re.compile(
    rf"\b([Ii])n ({START}(?:{_EN_MONTH} \d{{1,2}}(?!\d)|the \d+[a-z]{{2}}{END}))"
)
_EN_WHOLE_MONTH = re.compile(rf"\b([Oo])n ({START}{_EN_MONTH}(?: \d{{4}})?{END})")
_AMOUNT = re.compile(r"-?\d[\d.,\u00a0]*")
_RANGE = {"en": " ?- ?| to | and ", "ru": " ?- ?| до | и "}
_SENTENCE_START = re.compile(rf"(?:^|(?<![A-Z])[.!?…][\"»”’)]? )[\"«“‘(]?{START}[^\W\d_]")

_WIDE = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）"}
_HAN = "\u3400-\u9fff\uf900-\ufaff"
_ZH_MARK = re.compile(r"(?<![A-Za-z0-9])[,;:?!()]|[,;:?!()](?![A-Za-z0-9])")
# A stop after a figure ends a sentence only at the end: 4. numbers a paragraph.
_ZH_STOP = re.compile(rf"(?<=[{_HAN}”）》%])\.(?=\s*$|\s*[{_HAN}“”（《])|(?<=\d)\.(?=$)")
_ZH_SPACE = re.compile(rf"(?<=[{_HAN}，。；：？！（）“”、]) +| +(?=[{_HAN}，。；：？！（）“”、])")


def mend(text: str, lang: str) -> str:
    """Return a filled sentence as its language wants it, without the marks of the fills."""
    if lang == "zh":
        return _mend_zh(text)
    text = re.sub(rf"(?<=\w){START}", f" {START}", re.sub(rf"{END}(?=\w)", f"{END} ", text))
    text = _shared_units(re.sub(" {2,}", " ", text), lang)
    # «7,5 проц.» shares its stop with the sentence.
    text = re.sub(rf"\.{END}\.(?!\.)", f".{END}", text)
    text = _SENTENCE_START.sub(lambda found: found[0][:-1] + found[0][-1].upper(), text)
    text = _mend_en(text) if lang == "en" else _mend_ru(text)
    text = re.sub(r" +([,.;:!?%)])(?!\d)", r"\1", re.sub(r" {2,}", " ", text)).strip()
    return re.sub(r"^([\"'«“„(]*)(\w)", lambda m: m[1] + m[2].upper(), text)


def _shared_units(text: str, lang: str) -> str:
    """Say the unit of a range once: "10 to 15 billion yuan", «5-10 проц.»."""
    fill = rf"{START}([^{START}{END}]*){END}"

    def once(found: re.Match[str]) -> str:
        one, joint, other = found.groups()
        first, last = _AMOUNT.match(one), _AMOUNT.match(other)
        unit = one[first.end() :] if first else ""
        if not last or unit[:1] not in (" ", "\u00a0") or unit != other[last.end() :]:
            return found[0]
        return f"{START}{first[0]}{END}{joint}"  # type: ignore[index]

    return re.sub(rf"{fill}({_RANGE[lang]})(?={fill})", once, text)


def _mend_zh(text: str) -> str:
    """Join what stands apart and write punctuation full width, except inside figures and Latin."""
    text = re.sub(rf"[ \u00a0]*([{START}{END}])[ \u00a0]*", r"\1", text)
    text = _without_marks(re.sub(rf"超过{START}超过", "超过", text))
    text = _ZH_MARK.sub(lambda mark: _WIDE[mark[0]], _quoted(text, "“", "”"))
    text = re.sub(r" +(?=\.$)", "", _ZH_SPACE.sub("", text).strip())
    return _ZH_STOP.sub("。", text)


def _mend_en(text: str) -> str:
    text = re.sub(rf"\b([Tt])he ({START}?)[Tt]he ", r"\1he \2", text)
    text = re.sub(rf"('s?|\b(?:its|their|his|her|our)) {START}[Tt]he ", rf"\1 {START}", text)
    text = re.sub(rf"\b(from|on|in) {START}from ", rf"\1 {START}", text)
    text = re.sub(rf"\bmore than {START}more than ", f"more than {START}", text)
    text = _EN_DAY.sub(lambda m: ("On " if m[1] == "I" else "on ") + m[2], text)
    text = _EN_WHOLE_MONTH.sub(lambda m: ("In " if m[1] == "O" else "in ") + m[2], text)
    text = re.sub(rf"\b[Aa]n? ({START})(?=the |more than|from )", r"\1", text)
    text = re.sub(rf"\b([Aa])n? {START}(?=([^\s{END}]+))", _article, text)
    return _without_marks(text)


def _article(match: re.Match[str]) -> str:
    word = match[2]
    sound = bool(_VOWEL_SOUND.match(word)) and not (word[:2].isupper() and word[:2].isalpha())
    if re.match(r"U[A-Z.]", word):
        sound = False
    return f"{match[1]}{'n' if sound or _SPELT.match(word) else ''} {START}"


def _mend_ru(text: str) -> str:
    for short, ending, wanted, kept in _LONG:
        fill = rf"({START}«?)"
        text = re.sub(rf"\b({short}){ending}? {fill}(?={wanted})", rf"\1{ending} \2", text)
        text = re.sub(rf"\b({short}){ending} {fill}(?!«|{wanted}|{kept})", r"\1 \2", text)
    text = re.sub(rf"\bболее {START}более ", f"более {START}", text)
    text = _RU_DAY.sub(r"\1", text)
    text = re.sub(rf"(\d{{4}} года){END} (?:года|г\.)(?!\w)", rf"\1{END}", text)
    return _quoted(_without_marks(text), "«", "»").replace(" -- ", " — ")


def _without_marks(text: str) -> str:
    return text.replace(START, "").replace(END, "")


def _quoted(text: str, opening: str, closing: str) -> str:
    """Write straight quotation marks as the language's own, where they come in pairs."""
    pieces = text.split('"')
    if len(pieces) % 2 == 0:
        return text
    marks = [opening, closing] * (len(pieces) // 2) + [""]
    return "".join(piece + mark for piece, mark in zip(pieces, marks, strict=True))
