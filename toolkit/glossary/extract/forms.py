"""The form in which a phrase is cited: Russian in the nominative, English without its article."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from toolkit.languages import ru

_AGREEING = frozenset(("ADJF", "PRTF", "NUMR"))


def citation(surfaces: Sequence[tuple[str, int]], lang: str) -> str:
    """Return how a phrase is cited that stands in texts as ``surfaces``.

    Args:
        surfaces: Each a form and where in its text it begins: a capital there says nothing.
    """
    if not surfaces:
        return ""
    forms: dict[str, float] = {}
    for surface, start in surfaces:
        text = re.sub(r"\s+", " ", surface).strip()
        if lang == "en":
            text = re.sub(r"(?i)^(?:the|an?) |[’']s$", "", text)
        # What a form could be the case of; the one that all forms can be wins.
        readings = nominatives(text) if lang == "ru" else (text,)
        for rank, reading in enumerate(readings, 1):
            if start == 0 and lang != "zh":
                reading = _uncapital(reading)
            forms[reading] = forms.get(reading, 0.0) + 1 / rank
    best = max(forms.items(), key=lambda item: (round(item[1], 6), -len(item[0]), item[0]))[0]
    return _capital_again(best, forms)


def _uncapital(text: str) -> str:
    """Make a first capital small, unless the word is all capitals."""
    first = re.match(r"[^\W\d_]+", text)
    if first and not (first[0].isupper() and len(first[0]) > 1):
        return text[0].lower() + text[1:]
    return text


def _capital_again(text: str, forms: Mapping[str, float]) -> str:
    """Prefer the form with capitals where both are met: the small one began a sentence."""
    capital = next((form for form in forms if form != text and form.lower() == text.lower()), None)
    return capital if capital and text[0].islower() and forms[capital] > forms[text] / 4 else text


@cache
def nominatives(phrase: str) -> tuple[str, ...]:
    """Return what a Russian phrase may be in the nominative, likeliest first.

    The head noun and what agrees with it change, what follows stays: «сотрудничеству в сфере
    торговли» becomes «сотрудничество в сфере торговли». A phrase whose head is unclear stays.
    """
    words = phrase.split(" ")
    head = None
    joined: set[int] = set()  # малых и средних предприятий: и between two that agree
    for number, word in enumerate(words):
        if number in joined:
            continue
        if words[number + 1 : number + 2] == ["и"] and all(
            _may_agree(other) for other in (word, *words[number + 2 : number + 3])
        ) and words[number + 3 :]:  # fmt: skip
            joined.add(number + 1)
            continue
        parses = [p for p in ru.analyser().parse(word.lower()) if p.tag.POS]
        if any(p.tag.POS == "NOUN" for p in parses) and not (
            parses[0].tag.POS in _AGREEING and number + 1 < len(words)
        ):
            head = number
            break
        if not parses or parses[0].tag.POS not in _AGREEING:
            return (phrase,)
    if head is None:
        return (phrase,)
    found = []
    before = [number for number in range(head) if number not in joined]
    for noun in ru.analyser().parse(words[head].lower()):
        if noun.tag.POS != "NOUN":
            continue
        agreeing = {number: _agreeing(words[number].lower(), noun.tag) for number in before}
        if all(agreeing.values()):
            form = _inflected(words, head, noun, agreeing)
            if form is not None and form not in found:
                found.append(form)
    return tuple(found[:4]) or (phrase,)


def _may_agree(word: str) -> bool:
    return any(p.tag.POS in _AGREEING for p in ru.analyser().parse(word.lower()))


def _agreeing(word: str, tag: Any) -> Any:
    """Return the reading of a word that agrees with a noun; None if there is none."""
    return next(
        (
            p for p in ru.analyser().parse(word)
            if p.tag.POS in _AGREEING
            and p.tag.case == tag.case
            and (p.tag.number == tag.number or not p.tag.number)
            and (tag.number == "plur" or p.tag.gender in (tag.gender, None))
        ),
        None,
    )  # fmt: skip


def _inflected(
    words: list[str], head: int, noun: Any, agreeing: Mapping[int, Any]
) -> str | None:
    number = noun.tag.number or "sing"
    changed = noun.inflect({"nomn", number})
    if changed is None:
        return None
    result = list(words)
    result[head] = _like(words[head], changed.word)
    for at, parse in agreeing.items():
        wanted = {"nomn", number}
        if number == "sing" and noun.tag.gender:
            wanted.add(noun.tag.gender)
        form = parse.inflect(wanted)
        if form is None:
            return None
        result[at] = _like(words[at], form.word)
    if words[head + 1 : head + 2] == ["и"] and words[head + 2 :] and noun.tag.case != "nomn":
        # «суверенитета и территориальной целостности»: two heads, no tail between them.
        result[head + 2 :] = [nominatives(" ".join(words[head + 2 :]))[0]]
    return " ".join(result)


def _like(model: str, word: str) -> str:
    """Give a word the capitals of another, and its ё where it had none."""
    if "ё" not in model.lower() and "ё" in word and model.lower() == word.replace("ё", "е"):
        word = model.lower()
    if model.isupper() and len(model) > 1:
        return word.upper()
    if "-" in model and model.count("-") == word.count("-"):
        pairs = zip(model.split("-"), word.split("-"), strict=True)
        return "-".join(_like(old, new) if old and new else new for old, new in pairs)
    return word[0].upper() + word[1:] if model[:1].isupper() else word
