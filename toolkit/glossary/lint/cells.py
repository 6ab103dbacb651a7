"""How cells are written: what is wrong with a text, and the text put right."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.glossary.rows import INVISIBLE

_UNSEEN = re.compile(
    INVISIBLE.pattern[:-1] + "\u034f\u115f\u1160\u17b4\u17b5\u3164\ufe00-\ufe0f\uffa0]"
)
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
_RADICAL = re.compile("[\u2e80-\u2fdf]")
_WIDE = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
_THIN = re.compile(rf"(?<=[{_HAN}])[,;:?!](?=[{_HAN}])")
_SPACES = re.compile(r"\s+")
_BEFORE_MARK = re.compile(r" +(?=[,;:!?)»”…](?:\s|$))")
_AFTER_MARK = re.compile(r"(?<=[(«“]) +")
_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}，。、；：]) +(?=[{_HAN}，。、；：])")
_WORD = re.compile("[A-Za-zÀ-ɏА-Яа-яЁёІіЈјЅѕ]+")
_LATIN = re.compile("[A-Za-z]")
_CYRILLIC = re.compile("[А-Яа-яЁёІіЈјЅѕ]")
_LOWER = re.compile("(?<![A-Za-z])[a-z]{4}")
_FOREIGN = {
    "zh": re.compile("[Ѐ-ӿͰ-Ͽ]"),
    "ru": re.compile(rf"[{_HAN}Ͱ-Ͽ]"),
    "en": re.compile(rf"[{_HAN}Ѐ-ӿͰ-Ͽ]"),
}
_OWN = {"zh": re.compile(f"[{_HAN}]"), "ru": _CYRILLIC, "en": _LATIN}
# Letters that look alike; the pairs are of one glyph in ordinary fonts.
_PAIRS = ("AА", "BВ", "CС", "EЕ", "HН", "IІ", "JЈ", "KК", "MМ", "OО", "PР", "SЅ", "TТ", "XХ", "YУ",
          "aа", "cс", "eе", "iі", "jј", "oо", "pр", "sѕ", "xх", "yу")  # fmt: skip
_TO_CYRILLIC = {ord(latin): cyrillic for latin, cyrillic in _PAIRS if latin not in "IJSijs"}
_TO_LATIN = {ord(cyrillic): latin for latin, cyrillic in _PAIRS}
_ROMAN = re.compile("[IVXLCDMІХСМ]+")
_TENS = re.compile("Х{2,3}[IVXІ]*|[IVXІ]+Х[IVXХІ]*|Х[IVXІ]+")
# One-letter Russian words that a Latin keyboard also has.
_SMALL_WORDS = frozenset(("с", "о", "а", "у", "к", "со", "об", "ко"))
_MARKS = re.compile("[\"«»„“”「」『』]")
_QUOTES = {"zh": "“”", "ru": "«»", "en": "“”"}
_KINDS = ('""', "“”", "„“", "„”", "«»", "「」", "『』")
_BRACKETS = ("()", "（）", "《》", "「」", "『』", "«»", "[]", "【】")


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong at ``text[start:end]`` of a cell; the message says it in words."""

    code: str
    start: int
    end: int
    message: str
    mends: bool = True


# Whether a line can have a flaw at all: most have none, and this asks it once.
_SUSPECT = re.compile(
    _UNSEEN.pattern.replace("\\t", "").replace("\0-\x1f", "\0-\x08\x0a-\x1f")
    + "|[^\\S\t ]|  | \t|\t | $|^ |[\u2e80-\u2fdf\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]"
    + "|[\"«»„“”「」『』()（）《》\\[\\]【】]"
    + "|[A-Za-z][А-Яа-яЁё]|[А-Яа-яЁё][A-Za-z]|[ІіЈјЅѕ]|Х[ХIVX]"
    + rf"|[{_HAN}，。、；：][ ,;:?!]|[(«“] | [,;:!?)»”…]"
    + "|\t[=+\\-@]"
)

_SHORT = re.compile(r"(?<![^\W\d_])[acekopxyACEKOPXY]{1,2}(?![^\W\d_])")


def suspect(line: str) -> bool:
    """Say whether a row may have a flaw; False is certain."""
    if _SUSPECT.search(line) or not unicodedata.is_normalized("NFC", line):
        return True
    lang, _, rest = line.partition("\t")[2].partition("\t")
    lang = lang.strip()
    if lang == "ru" and _SHORT.search(rest):
        return True
    return lang in _OWN and bool(_FOREIGN[lang].search(rest) or not _OWN[lang].search(rest))


def of_text(text: str) -> Iterator[Flaw]:
    """Yield the flaws any cell can have."""
    for found in _UNSEEN.finditer(text):
        name = unicodedata.name(found[0], "control character")
        yield Flaw("G002", found.start(), found.end(), f"U+{ord(found[0]):04X} {name}")
    if text != text.strip():
        yield Flaw("G003", 0, len(text), "spaces around the cell")
    for found in _SPACES.finditer(text.strip()):
        if found[0] != " ":
            start = found.start() + len(text) - len(text.lstrip())
            what = "two spaces" if found[0].isascii() else "a space that is not a plain one"
            yield Flaw("G003", start, start + len(found[0]), what)
    if not unicodedata.is_normalized("NFC", text):
        yield Flaw("G004", 0, len(text), "letters in two pieces (not in form NFC)")
    if text.strip()[:1] in tuple("=+-@"):
        yield Flaw("G007", 0, 1, f"a spreadsheet takes {text.strip()[0]} for a formula", False)


def of_term(text: str, lang: str) -> Iterator[Flaw]:
    """Yield the flaws of a term in a language, besides those of any cell."""
    for pattern, what in ((_BEFORE_MARK, "a space before a mark"), (_AFTER_MARK, "a space behind "
                          "an opening mark"), (_BETWEEN_HAN, "a space between Han characters")):
        for found in pattern.finditer(text):
            yield Flaw("G003", found.start(), found.end(), what)
    for found in _RADICAL.finditer(text):
        yield Flaw("G004", found.start(), found.end(),
                   f"a radical, not the character {unicodedata.normalize('NFKC', found[0])}",
                   unicodedata.normalize("NFKC", found[0]) != found[0])  # fmt: skip
    for found in _WIDE.finditer(text):
        yield Flaw("G008", found.start(), found.end(), f"full-width {found[0]}")
    for found in _THIN.finditer(text):
        yield Flaw("G008", found.start(), found.end(), f"half-width {found[0]} in Chinese")
    yield from _scripts(text, lang)
    yield from _quotes(text, lang)


def mend(text: str, lang: str = "") -> str:
    """Return a cell with all put right that there is one way to put right.

    Args:
        lang: Of a term; empty for any other cell.
    """
    for _ in range(4):  # one repair can show the next: a mark composes with a mended letter
        mended = _mended(text, lang)
        if mended == text:
            break
        text = mended
    return text


def _mended(text: str, lang: str) -> str:
    text = re.sub("[\u2028\u2029\u0085\n\r\t\v\f]", " ", text)
    text = unicodedata.normalize("NFC", _UNSEEN.sub("", text))
    text = _SPACES.sub(" ", text).strip()
    if not lang:
        return text
    text = _RADICAL.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    text = _WIDE.sub(lambda found: chr(ord(found[0]) - 0xFEE0), text)
    text = unicodedata.normalize("NFC", text)  # a mark behind a full-width letter has one now
    wide = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
    text = _THIN.sub(lambda found: wide[found[0]], text)
    text = _BETWEEN_HAN.sub("", _AFTER_MARK.sub("", _BEFORE_MARK.sub("", text)))
    text = _WORD.sub(lambda found: _unmixed(found[0], lang, text) or found[0], text)
    return _quoted(text, lang) or text


def _scripts(text: str, lang: str) -> Iterator[Flaw]:
    told = [False] * len(text)
    for found in _WORD.finditer(text):
        new = _unmixed(found[0], lang, text)
        mixed = _LATIN.search(found[0]) and _CYRILLIC.search(found[0])
        if new is None and not mixed:
            continue
        for number in range(found.start(), found.end()):
            told[number] = True
        shown = "".join(
            f"[{char}]" if _odd(char, found[0], new, lang) else char for char in found[0]
        )
        what = "Latin and Cyrillic letters in one word" if mixed else "letters of another script"
        yield Flaw("G005", found.start(), found.end(), f"{what}: {shown}", new is not None)
    for found in _FOREIGN[lang].finditer(text):
        if not told[found.start()]:
            yield Flaw("G005", found.start(), found.end(), f"{found[0]} is no letter here", False)
    if not _OWN[lang].search(text) and re.search(r"[^\W\d_]", text):
        # WTO, 5G and Sputnik are Chinese and Russian as they are; an English word is not.
        if lang != "en" and _LOWER.search(text) or lang == "en":
            yield Flaw("G005", 0, len(text), "no letter of the language in the term", False)


def _odd(char: str, word: str, new: str | None, lang: str) -> bool:
    if new is not None:
        return new[word.index(char)] != char
    return bool((_LATIN if lang == "ru" else _CYRILLIC).match(char))


def _unmixed(word: str, lang: str, text: str) -> str | None:
    """Return a word in one script, None where it is in one or there is no one way."""
    latin, cyrillic = _LATIN.search(word), _CYRILLIC.search(word)
    if lang == "ru" and _ROMAN.fullmatch(word) and (_TENS.fullmatch(word) or latin and cyrillic):
        new = word.translate(_TO_LATIN)
        return new if new != word else None
    if latin and cyrillic:
        new = word.translate(_TO_CYRILLIC)
        if not _LATIN.search(new) and lang != "en":
            return new
        new = word.translate(_TO_LATIN)
        return None if _CYRILLIC.search(new) else new
    if lang == "ru" and latin:
        new = word.translate(_TO_CYRILLIC)
        if new.lower() in _SMALL_WORDS and new != word and (
            word.islower() or text.startswith(word) and re.match(r"\w+ [а-яё]", text)
        ):
            return new
    return None


def _quotes(text: str, lang: str) -> Iterator[Flaw]:
    opening, closing = _QUOTES[lang]
    found = [match for match in _MARKS.finditer(text)]
    new = _quoted(text, lang)
    if new is not None:
        for match in found:
            if new[match.start()] != match[0]:
                yield Flaw("G006", match.start(), match.end(),
                           f"{match[0]} for {new[match.start()]}")  # fmt: skip
    elif found and not _in_order(text, lang):
        match = found[0]
        yield Flaw("G006", match.start(), match.end(),
                   f"{match[0]} where {opening} {closing} belong, or one that does not close",
                   False)  # fmt: skip
    for pair in _BRACKETS:
        if pair[0] not in text and pair[1] not in text:
            continue
        depth = 0
        for char in text:
            depth += (char == pair[0]) - (char == pair[1])
            if depth < 0:
                break
        if depth and pair not in ("«»", "「」", "『』"):
            yield Flaw("G006", 0, len(text), f"{pair[0]} and {pair[1]} do not pair", False)


def _in_order(text: str, lang: str) -> bool:
    """Say whether the marks of a term are those of its language, opened and closed in turn."""
    known = {"zh": ("“”",), "ru": ("«»", "„“"), "en": ("“”",)}[lang]
    opener = {pair[1]: pair[0] for pair in known}
    openers = {pair[0] for pair in known}
    stack: list[str] = []
    for match in _MARKS.finditer(text):
        if match[0] in opener and stack and stack[-1] == opener[match[0]]:
            stack.pop()
        elif match[0] in openers and (match[0] != "„" or stack):  # „ “ stand inside « » only
            stack.append(match[0])
        else:
            return False
    return not stack


def _quoted(text: str, lang: str) -> str | None:
    """Return a text with its language's marks, None where they are right or cannot be told."""
    marks = list(_MARKS.finditer(text))
    if not marks or _in_order(text, lang) or len(marks) % 2:
        return None
    opening, closing = _QUOTES[lang]
    chars = list(text)
    for first, last in zip(marks[::2], marks[1::2], strict=True):
        # What opens must be closed by its own kind: nested marks are for a person.
        if first[0] + last[0] not in _KINDS:
            return None
        chars[first.start()], chars[last.start()] = opening, closing
    return "".join(chars)
