"""What a text is found by: characters and pairs of them in Chinese, lemmas or stems else."""

import re
from functools import lru_cache

from toolkit import languages

_WORD = re.compile(r"[^\W_]+")
_HAN = re.compile("[㐀-䶿一-鿿豈-﫿]+")


def plain_of(text: str, lang: str) -> str:
    """Return a text as its language compares it."""
    return languages.module(lang).normalise(text).text if text else ""


def indexed(plain: str, lang: str) -> str:
    """Return the words of a `plain_of` text as the index holds them: ASCII, each once."""
    found: dict[str, None] = {}
    for word in _WORD.findall(plain):
        if lang == "zh":
            for run in _HAN.findall(word):
                for place, character in enumerate(run):
                    found[_ascii(character)] = None
                    if place:
                        found[_ascii(run[place - 1] + character)] = None
            for other in re.findall(r"[^㐀-䶿一-鿿豈-﫿]+", word):
                found[_ascii(other.lower())] = None
        else:
            for form in keys(word, lang):
                found[_ascii(form)] = None
    return " ".join(found)


def asked(query: str, lang: str) -> list[list[str]]:
    """Return for each word of a query the index words any of which will do."""
    plain = languages.module(lang).normalise(query).text
    wanted: list[list[str]] = []
    for word in _WORD.findall(plain):
        if lang != "zh":
            wanted.append([_ascii(form) for form in keys(word, lang)])
            continue
        for run in _HAN.findall(word):
            pairs = [run[n : n + 2] for n in range(len(run) - 1)] or [run]
            wanted += [[_ascii(pair)] for pair in pairs]
        wanted += [[_ascii(w.lower())] for w in re.findall(r"[^㐀-䶿一-鿿豈-﫿]+", word)]
    return wanted


def holds(text: str, query: str, lang: str) -> bool:
    """Tell whether a text has a query as it stands: in Chinese the characters in a row, else each
    word in some form.
    """
    plain = languages.module(lang).normalise(text).text
    wanted = languages.module(lang).normalise(query).text
    if lang == "zh":
        return "".join(wanted.split()) in "".join(plain.split())
    have = {form for word in _WORD.findall(plain) for form in keys(word, lang)}
    return all(have.intersection(keys(word, lang)) for word in _WORD.findall(wanted))


@lru_cache(maxsize=200_000)
def keys(word: str, lang: str) -> tuple[str, ...]:
    """Return the lemmas of a word; a word may have several."""
    return tuple(languages.module(lang).keys(word.lower())) or (word.lower(),)


@lru_cache(maxsize=200_000)
def _ascii(word: str) -> str:
    """Write a word in letters that the index never splits or folds."""
    if word.isascii():
        return word
    return "".join(c if c.isascii() else f"u{ord(c):x}_" for c in word)
