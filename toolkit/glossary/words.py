"""Cut a text into comparable words, with what stands between them and the way back to the text."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate

from toolkit.glossary import agreement
from toolkit.languages import module

ARTICLES = {"a", "an", "the"}

# What stands between two words, from loose to binding.
NOTHING, HYPHEN, DASH, SOFT, HARD = range(5)
_DASHES = "-‐‑‒–—―－/~～"
_HYPHENS = ("-", "‐", "‑")
_SOFTS = ",，、()（）[]【】"
_HARDS = ".!?;:。！？；：…"

_ZH_NUMBER = frozenset("零〇一二三四五六七八九十百千两")
_ZH_COUNTER = frozenset("次届轮个期号")
_ORDINAL = {
    "ru": re.compile(r"\d+|[ivxl]+"),
    "en": re.compile(r"\d+(?:st|nd|rd|th)|[ivxl]+"),
}
_RU_ENDING = re.compile(r"й|я|е|го|му|м|ом|ей|ю|х|ми|ая|ой|ый|ую")


class Words:
    """A text cut into comparable words, with offsets into the original text."""

    __slots__ = ("text", "lang", "forms", "starts", "ends", "joints", "_keys", "_skips", "_hard")

    def __init__(self, text: str, lang: str) -> None:
        self.text = text
        self.lang = lang
        self.forms: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.joints: list[int] = []
        self._skips: dict[int, int] | None = None
        self._hard: list[int] | None = None
        folded = module(lang).normalise(text)
        last = 0
        for start, end in _pieces(folded.text, lang):
            form = folded.text[start:end]
            begin, stop = folded.span(start, end)
            if last and text[last:begin] in _HYPHENS and _merges(self.forms[-1], form, lang):
                # An ordinal's ending only says its case.
                self.forms[-1] += form if lang == "en" else ""
                self.ends[-1] = last = stop
                continue
            self.forms.append(form)
            self.joints.append(_joint(text, last, begin, stop))
            self.starts.append(begin)
            self.ends.append(stop)
            last = stop
        self._keys: list[tuple[str, ...] | None] = [None] * len(self.forms)

    def __len__(self) -> int:
        return len(self.forms)

    def keys(self, number: int) -> tuple[str, ...]:
        """Return the comparison keys of a word, computed once."""
        found = self._keys[number]
        if found is None:
            found = _keys(self.forms[number], self.lang)
            if self.lang == "ru" and self.text[self.starts[number]].isupper():
                # The forms of a name may have no lemma in common, but they have a stem.
                stem = agreement.stem(self.forms[number])
                found = (*found, f"~{stem}") if stem else found
            self._keys[number] = found
        return found

    def surface(self, number: int) -> str:
        return self.text[self.starts[number] : self.ends[number]]

    def skips(self) -> dict[int, int]:
        """Map the first word of each inserted ordinal to the word after it."""
        if self._skips is None:
            self._skips = dict(_ordinals(self.forms, self.lang))
        return self._skips

    def sentence_end_between(self, first: int, last: int) -> bool:
        """Say whether a sentence ends somewhere from word ``first`` to word ``last``."""
        if self._hard is None:
            self._hard = list(accumulate(joint == HARD for joint in self.joints))
        return self._hard[last] != self._hard[first]


def _pieces(folded: str, lang: str) -> Iterator[tuple[int, int]]:
    """Cut folded text into words: no punctuation, no articles, hyphenated words in their parts.

    A possessive ending is no part of an English word, so that a match ends before it.
    """
    for token in module(lang).tokens(folded):
        if lang == "zh":
            yield token.start, token.end
        elif lang == "ru":
            for part in _PART.finditer(token.text):
                yield token.start + part.start(), token.start + part.end()
        elif token.text not in ARTICLES:
            yield token.start, token.start + len(_POSSESSIVE.sub("", token.text))


_PART = re.compile(r"\w+(?:[.,]\w+)*")
_POSSESSIVE = re.compile(r"(?<=\w)'s?$")
# co-ordination is coordination, non-interference noninterference.
_PREFIXES = {"co", "non", "counter", "anti", "multi", "inter", "re", "pre", "bi", "sub"}


@lru_cache(maxsize=100_000)
def _keys(form: str, lang: str) -> tuple[str, ...]:
    """Return the keys of a word: those of its language, UN for U.N., Xian for Xi'an."""
    keys = module(lang).keys(form)
    if lang == "en" and ("." in form or "'" in form) and not form[0].isdigit():
        keys = (*keys, form.replace(".", "").replace("'", ""))
    return keys


def _merges(first: str, second: str, lang: str) -> bool:
    """Say whether a hyphen joins two halves of one word: co-ordination, G-20, 29-го."""
    if lang == "ru":
        return first.isdigit() and _RU_ENDING.fullmatch(second) is not None
    return lang == "en" and (first in _PREFIXES or (len(first) < 3 and second.isdigit()))


def _joint(text: str, start: int, end: int, after: int) -> int:
    """Classify what stands between the word before ``start`` and the word ``text[end:after]``."""
    between = text[start:end]
    if not between or between == " ":
        return NOTHING
    strongest = NOTHING
    spaced = between[0].isspace() or between[-1].isspace()
    for number, letter in enumerate(between):
        if letter in _DASHES:
            strongest = max(strongest, DASH if spaced or letter not in _HYPHENS else HYPHEN)
        elif letter in _SOFTS:
            strongest = max(strongest, SOFT)
        elif letter in _HARDS:
            # U.S.-China, г. Нинбо: a dot after one letter ends nothing.
            if letter == "." and number == 0 and _is_initial(text, start):
                continue
            return HARD
        elif letter == "\n" and "\n" in between[number + 1 :]:
            return HARD
    return strongest


def _is_initial(text: str, end: int) -> bool:
    """Say whether a letter alone or a title that is written with a dot ends at ``end``."""
    start = end
    while start > max(0, end - 5) and text[start - 1].isalpha():
        start -= 1
    return end - start == 1 or text[start:end].lower() in _DOTTED


_DOTTED = {"st", "mr", "mrs", "ms", "dr", "gen", "no", "nos", "им", "ст", "гг", "пос", "св"}


def verb_forms(word: str) -> Iterator[str]:
    """Yield the forms an English verb may take; for a noun they are words nobody writes."""
    if not word.isalpha() or len(word) < 3:
        return
    stem = word[:-1] if word.endswith("e") else word
    yield word + ("es" if word.endswith(("s", "sh", "ch", "x")) else "s")
    yield stem + "ed"
    yield stem + "ing"
    if word.endswith("y") and word[-2] not in "aeiou":
        yield word[:-1] + "ied"
        yield word[:-1] + "ies"
    if word in _IRREGULAR:
        yield from _IRREGULAR[word]


_IRREGULAR = {
    "give": ("gave", "given"),
    "have": ("has", "had"),
    "hold": ("held",),
    "bring": ("brought",),
    "build": ("built",),
    "make": ("made",),
    "take": ("took", "taken"),
    "uphold": ("upheld",),
    "be": ("is", "are", "was", "were", "been", "being"),
}


def _ordinals(forms: Sequence[str], lang: str) -> Iterator[tuple[int, int]]:
    """Yield (first, after) word numbers of each ordinal: 第三十次, 29-е, XVI, 16th."""
    number = 0
    while number < len(forms):
        end = number
        if lang == "zh":
            if forms[number] == "第":
                end = number + 1
                while end < len(forms) and (forms[end] in _ZH_NUMBER or forms[end].isdigit()):
                    end += 1
                if end == number + 1:
                    end = number
                elif end < len(forms) and forms[end] in _ZH_COUNTER:
                    end += 1
        elif _ORDINAL[lang].fullmatch(forms[number]):
            end = number + 1
        if end > number:
            yield number, end
        number = max(end, number + 1)
