"""How names sound, so that one name may be recognised in three scripts.

A name of Cyrillic or Latin letters becomes a key in which the usual spellings of one sound are
one; a Chinese transcription is compared with it by the sounds its syllables begin with.
"""

import re
from collections.abc import Iterator
from functools import cache

_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "j", "з": "z",
    "и": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h", "ц": "c", "ч": "q", "ш": "w", "щ": "w",
    "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "u", "я": "a",
}  # fmt: skip
# Latin spellings of what is one letter in Cyrillic, longest first.
_LATIN = (
    ("shch", "w"), ("sch", "w"), ("tsch", "q"), ("tch", "q"), ("sh", "w"), ("ch", "q"),
    ("zh", "j"), ("kh", "h"), ("ts", "c"), ("tz", "c"), ("ph", "f"), ("th", "t"), ("ck", "k"),
    ("iye", "e"), ("x", "ks"), ("w", "v"), ("c", "k"), ("yu", "u"), ("iu", "u"), ("ya", "a"),
    ("ia", "a"), ("yo", "e"), ("io", "e"), ("ye", "e"), ("ie", "e"), ("y", "i"),
)  # fmt: skip
_LATIN_PATTERN = re.compile("|".join(re.escape(spelling) for spelling, _ in _LATIN))
_LATIN_SOUND = dict(_LATIN)
_TWICE = re.compile(r"(.)\1+")
# Latin "iu", "ia" and "io" may be either: Nabiullina and Liudmila, Diana and Mariia.
_RU_IA = re.compile(r"и(?=[яюеуаё])|ь(?=[яюеё])|й(?=[яюе])")
_ENDINGS = (
    "ого", "ому", "ыми", "ими", "ым", "им", "ом", "ем", "ой", "ей", "ую", "юю", "ая", "яя",
    "ые", "ых", "их", "а", "у", "е", "ы", "и", "я", "ю",
)  # fmt: skip


@cache
def key(name: str) -> str:
    """Return the sounds of a name in Cyrillic or Latin letters: Чернышенко is Chernyshenko."""
    text = name.lower().replace("’", "").replace("'", "").replace("-", "")
    if re.search("[а-яё]", text):
        text = _RU_IA.sub("", text.replace("ио", "иё"))
        text = "".join(_CYRILLIC.get(letter, letter) for letter in text)
    else:
        text = _LATIN_PATTERN.sub(lambda found: _LATIN_SOUND[found[0]], text)
    return _TWICE.sub(r"\1", text).replace("ii", "i")


def nominatives(word: str) -> Iterator[str]:
    """Yield what a Russian name in any case may be in the nominative."""
    yield word
    lower = word.lower()
    for ending in _ENDINGS:
        if lower.endswith(ending) and len(word) - len(ending) >= 3:
            stem = word[: -len(ending)]
            yield stem
            if ending in ("а", "у", "е", "ом", "ой", "ы"):
                yield stem + "а"
            if ending in ("я", "ю", "е", "ем", "ей", "и"):
                yield stem + "й"
                yield stem + "ь"
                yield stem + "я"
            if ending in ("ого", "ому", "ым", "им", "ом"):
                yield stem + "ий"
                yield stem + "ый"
            if ending in ("ой", "ую"):
                yield stem + "ая"


def distance(one: str, other: str, most: int = 3) -> int:
    """Return how many letters to change from one to the other; more than ``most``: one more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        before, row[0] = row[0], number
        for place, its in enumerate(other, 1):
            before, row[place] = (
                row[place],
                min(row[place] + 1, row[place - 1] + 1, before + (letter != its)),
            )
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


# The sounds that a Chinese transcription keeps apart, one letter a group.
_GROUPS = {
    **dict.fromkeys("bp", "B"), **dict.fromkeys("dt", "D"), **dict.fromkeys("gkh", "G"),
    **dict.fromkeys("jqcwszx", "S"), **dict.fromkeys("lr", "L"), **dict.fromkeys("fv", "F"),
    "m": "M", "n": "N",
}  # fmt: skip
_INITIAL = re.compile(r"zh|ch|sh|[bpmfdtnlgkhjqxrzcsw]")


def skeleton(name: str) -> str:
    """Return the consonants of a name in groups; vowels are left to the transcriber."""
    return _TWICE.sub(r"\1", "".join(_GROUPS.get(letter, "") for letter in key(name)))


def chinese_skeleton(syllables: tuple[str, ...]) -> str:
    """Return the consonants of a Chinese transcription, by the pinyin of its characters."""
    made = ""
    for syllable in syllables:
        found = _INITIAL.match(syllable)
        initial = found[0] if found else ""
        made += {"zh": "S", "ch": "S", "sh": "S", "r": "L", "w": "F"}.get(
            initial, _GROUPS.get(initial, "")
        )
        if syllable.endswith(("n", "ng")):
            made += "N"
        elif syllable == "er":
            made += "L"
    return _TWICE.sub(r"\1", made)


def sounds_like(name: str, syllables: tuple[str, ...]) -> bool:
    """Say whether a Chinese transcription may be that of ``name``: two consonants of five off."""
    one, other = skeleton(name), chinese_skeleton(syllables)
    if not one or not other:
        return False
    return distance(one, other) <= max(1, 2 * max(len(one), len(other)) // 5)


@cache
def readings(letter: str) -> frozenset[str]:
    """Return how a Chinese character may be read, in pinyin without tones, ü as v."""
    from pypinyin import Style, pinyin

    found = pinyin(letter, style=Style.NORMAL, heteronym=True)[0]
    known = {each.replace("ü", "v") for each in found if each.isalpha() and each != letter}
    return frozenset(known | _ALSO.get(letter, frozenset()))


# Readings in names that the dictionary of pypinyin lacks.
_ALSO = {"隽": frozenset({"jun"})}
