"""What differs between Chinese, Russian and English: a module a language, the same names in each.

``normalise(text) -> Folded``, ``sentences(text) -> list of (start, end)``,
``tokens(text) -> list of Token``, ``keys(token) -> tuple of comparison keys``.
"""

import re
from functools import cache
from importlib import import_module
from types import ModuleType

LANGS = ("zh", "ru", "en")
NAMES = {"zh": "Chinese", "ru": "Russian", "en": "English"}


@cache
def module(lang: str) -> ModuleType:
    """Return the module of ``lang``, one of ``LANGS``.

    Raises:
        ValueError: For any other code.
    """
    if lang not in LANGS:
        raise ValueError(f"unknown language {lang!r}; known: {', '.join(LANGS)}")
    return import_module(f"toolkit.languages.{lang}")


_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_KANA = re.compile("[\u3041-\u30ff\uac00-\ud7af]")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_NOT_RUSSIAN = re.compile("[\u0400-\u0400\u0402-\u040f\u0450\u0452-\u052f]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_LATIN_WORD = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]+")
_ENGLISH = frozenset(
    "the of and to in a is for on that with as by at an it its from said has have be was were "
    "are this will he his she they their not between which".split()
)
# An ideograph says about as much as three letters.
_HAN_WEIGHT = 3


def shares(text: str) -> dict[str, float]:
    """Return how much of the text is in the script of each language, in [0, 1]."""
    weights = {
        "zh": _HAN_WEIGHT * len(_HAN.findall(text)),
        "ru": len(_CYRILLIC.findall(text)),
        "en": len(_LATIN.findall(text)),
    }
    total = sum(weights.values())
    return {lang: weight / total if total else 0.0 for lang, weight in weights.items()}


def detect(text: str) -> str | None:
    """Return the language the text is written in, by its script; None where it is undecidable.

    Undecidable are texts without letters, bilingual ones, and those in a known script but
    another language: Ukrainian, Belarusian, Kazakh, Japanese, Korean, French.
    """
    share = shares(text)
    lang = max(share, key=share.__getitem__)
    if share[lang] < 0.6:
        return None
    if lang == "zh":
        return None if len(_KANA.findall(text)) * 10 > len(_HAN.findall(text)) else "zh"
    if len(_KANA.findall(text)) * 2 > len(_LATIN.findall(text)) + len(_CYRILLIC.findall(text)):
        return None
    if lang == "ru":
        letters = len(_CYRILLIC.findall(text))
        return None if len(_NOT_RUSSIAN.findall(text)) * 100 > letters else "ru"
    words = [word.lower() for word in _LATIN_WORD.findall(text)]
    if len(words) >= 20:
        accented = sum(1 for word in words if not word.isascii())
        english = sum(1 for word in words if word in _ENGLISH)
        if accented * 50 > len(words) and english * 20 < len(words):
            return None
    return "en"


def foreign(text: str, lang: str) -> str | None:
    """Say why an undecidable text cannot be in ``lang``; None where it can."""
    share = shares(text)
    others = sum(1 for char in text if char.isalpha()) if not any(share.values()) else 0
    if others or (any(share.values()) and share[lang] < 0.1):
        return f"hardly a letter of it is {NAMES[lang]}"
    letters = len(_CYRILLIC.findall(text))
    strange = _NOT_RUSSIAN.findall(text)
    if lang == "ru" and len(strange) * 50 > letters:
        return f"it has letters that Russian lacks ({', '.join(sorted(set(strange))[:5])})"
    kana = _KANA.findall(text)
    if lang == "zh" and len(kana) * 5 > len(_HAN.findall(text)):
        return "it is Japanese or Korean"
    return None
