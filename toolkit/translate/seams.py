"""Mend the seams where a fixed phrase or figure was put into a model's sentence.

A fill stands between `START` and `END`. What the model wrote by itself is touched only where the
typography of the language leaves no choice.
"""

import re

START, END = "\x02", "\x03"

# Letters whose name begins with a vowel, for "an SCO summit", and numbers that are read with one.
_VOWEL_SOUND = re.compile(
    r"(?:[AEFHILMNORSX](?=[A-Z]|\b(?!['’]))|[aeio]|[AEIO](?=[a-z])|8|1[18](?!\d)|1[18],\d{3}\b)"
    r"(?!(?:[Ee]uro|[Ee]ura|[Ee]u[^a-z]|[Oo]ne\b))"
)
_NOT_VOWEL_SOUND = re.compile(r"[Ee]ur[oa]|[Oo]ne\b|[Uu]n[ai]|UN|US|EU")
_V_CLUSTER = r"(?:[вф](?:[бвгджзклмнпрстфхцчшщ]|ь))"
_S_CLUSTER = r"(?:[сзшж][бвгджзклмнпрстфхцчшщ])"
_V = re.compile(rf"\b(в) (?={START}?{_V_CLUSTER})", re.IGNORECASE)
_S = re.compile(rf"\b(с) (?={START}?{_S_CLUSTER})", re.IGNORECASE)
_O = re.compile(rf"\b(о) (?={START}[аоэиу])", re.IGNORECASE)

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
    text = _mend_en(text) if lang == "en" else _mend_ru(text)
    text = re.sub(r" +([,.;:!?%)])(?!\d)", r"\1", re.sub(r" {2,}", " ", text)).strip()
    return re.sub(r"^([\"'«“„(]*)(\w)", lambda m: m[1] + m[2].upper(), text)


def _mend_zh(text: str) -> str:
    """Join what stands apart and write punctuation full width, except inside figures and Latin."""
    text = re.sub(rf"[ \u00a0]*([{START}{END}])[ \u00a0]*", r"\1", text)
    text = _without_marks(re.sub(rf"超过{START}超过", "超过", text))
    text = _ZH_MARK.sub(lambda mark: _WIDE[mark[0]], _quoted(text, "“", "”"))
    text = re.sub(r" +(?=\.$)", "", _ZH_SPACE.sub("", text).strip())
    return _ZH_STOP.sub("。", text)


def _mend_en(text: str) -> str:
    text = re.sub(rf"\b([Tt])he ({START}?)[Tt]he ", r"\1he \2", text)
    text = re.sub(rf"\b(from|on|in) {START}from ", rf"\1 {START}", text)
    text = re.sub(rf"\bmore than {START}more than ", f"more than {START}", text)
    text = re.sub(rf"\b[Aa]n? ({START})(?=the |more than|from )", r"\1", text)
    text = re.sub(rf"\b([Aa])n? {START}(?=(.{{0,6}}))", _article, text)
    return _without_marks(text)


def _article(match: re.Match[str]) -> str:
    sound = _VOWEL_SOUND.match(match[2]) and not _NOT_VOWEL_SOUND.match(match[2])
    return f"{match[1]}{'n' if sound else ''} {START}"


def _mend_ru(text: str) -> str:
    text = _O.sub(r"\1б ", _S.sub(r"\1о ", _V.sub(r"\1о ", text)))
    text = re.sub(rf"\bболее {START}более ", f"более {START}", text)
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
