"""Split a masked text into what patterns are made of."""

import re

from toolkit.translate.symbols import SOURCE_GROUP, prepare

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|--|[^\w\s]")
# "A, B, and C" is "A, B and C".
_SERIAL_COMMA = re.compile(r", +(and|or)\b")
# Spellings that depend on the next word only.
_ONE = {"an": "a", "во": "в", "со": "с", "об": "о", "обо": "о", "ко": "к"}


def tokens(masked: str, lang: str) -> list[str]:
    """Return words in lower case (zh: characters), signs, and marks such as ``<T><1><f>``."""
    found: list[str] = []
    place = 0
    text = prepare(masked, lang)
    for match in SOURCE_GROUP.finditer(text):
        found += plain(text[place : match.start()], lang)
        found.append(match[0])
        place = match.end()
    return found + plain(text[place:], lang)


def plain(text: str, lang: str) -> list[str]:
    """Split a text without marks."""
    if lang == "zh":
        return [character for character in text if not character.isspace()]
    if lang == "en":
        text = _SERIAL_COMMA.sub(r" \1", text)
    return [_ONE.get(word, word) for word in (w.lower() for w in _WORD.findall(text))]
