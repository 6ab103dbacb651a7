"""Names of the glossary almost as they are written: the marks of a misspelling."""

from collections.abc import Iterator, Sequence

from toolkit.glossary.patterns import Pattern
from toolkit.glossary.words import Words
from toolkit.languages import ru_names, sounds

_CASES = ("nom", "gen", "dat", "acc", "ins", "loc")


def lookalike(pattern: Pattern, words: Words) -> tuple[int, int] | None:
    """Find the glossary's name of a person almost as it is written: one part misspelt."""
    if words.lang == "zh":
        return _chinese_lookalike("".join(pattern.words.forms), words)
    own = [pattern.words.surface(number) for number in range(len(pattern))]
    russian = words.lang == "ru"
    spelt = [{form.lower() for form in _forms(own, number, russian)} for number in range(len(own))]
    for first in range(len(words) - len(own) + 1):
        off = []
        for number, forms in enumerate(spelt):
            surface = words.surface(first + number)
            if not surface[:1].isupper():
                break
            lower = surface.lower().replace("ё", "е")
            limit = 2 if len(own[number]) > 4 else 1
            off.append(min(sounds.distance(lower, form.replace("ё", "е"), limit) for form in forms)
                       if lower not in forms else 0)  # fmt: skip
            if off[-1] > limit:
                break
        else:
            known = len(own) > 1 and sum(map(bool, off)) == 1
            if known or (len(own) == 1 and 0 < off[0] <= (len(own[0]) > 6) + (len(own[0]) > 5)):
                return words.starts[first], words.ends[first + len(own) - 1]
    return None


def _forms(own: Sequence[str], number: int, russian: bool) -> Iterator[str]:
    yield own[number]
    if russian:
        for case in _CASES:
            yield ru_names.person(" ".join(own), case).split()[number]


def _chinese_lookalike(name: str, words: Words) -> tuple[int, int] | None:
    size = len(name)
    if size < 2 or not all(len(letter) == 1 for letter in name):
        return None
    for first in range(len(words) - size + 1):
        forms = words.forms[first : first + size]
        same = sum(a == b for a, b in zip(name, forms, strict=True))
        if (size > 2 and same == size - 1) or (
            forms[0] == name[0] and same >= size - 2 and all(map(_homophones, name, forms))
        ):
            return words.starts[first], words.ends[first + size - 1]
    if size < 4:
        return None
    # A transcription may also have a character more or less: 切尔年科 for 切尔内申科.
    for length in (size - 1, size + 1, size):
        for first in range(len(words) - length + 1):
            if words.forms[first] != name[0] or words.forms[first + length - 1] != name[-1]:
                continue
            window = "".join(words.forms[first : first + length])
            if sounds.distance(name, window, 2) <= 2 < size - 1:
                return words.starts[first], words.ends[first + length - 1]
    return None


def _homophones(one: str, other: str) -> bool:
    return one == other or len(other) == 1 and bool(sounds.readings(one) & sounds.readings(other))
