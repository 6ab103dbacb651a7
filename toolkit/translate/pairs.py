"""Mask a sentence and its translation alike.

A model learns placeholders from such pairs, and a remembered translation is repaired by one.
"""

import re
from collections.abc import Iterable, Sequence

from toolkit.glossary.match import Matcher
from toolkit.languages import chinese_names
from toolkit.languages.ru_forms import CASES, ORDINAL_ENDINGS, gender, inflect
from toolkit.translate.constraints import (
    MOST,
    OWN_MARK,
    Item,
    apart,
    phrases,
    short_prepositions,
)
from toolkit.values import dates
from toolkit.values.value import Day


def mask_pair(
    source_text: str, target_text: str, source: str, target: str, matcher: Matcher
) -> tuple[str, str] | None:
    """Mask a sentence and its translation alike.

    Returns None where a figure or name stands on one side only, or a Russian form cannot be told.
    """
    if OWN_MARK.search(source_text + target_text):
        return None
    left, *_ = phrases(source_text, source, target, matcher)
    right, *_ = phrases(target_text, target, source, matcher)
    taken: dict[int, tuple[int, str]] = {}
    kept = []
    for item in left:
        found = next(
            (n for n, other in enumerate(right) if n not in taken and _same(item, other)), None
        )
        if found is None:
            return None
        kept.append(item)
        taken[found] = (len(kept), "")
    if len(kept) > MOST or len(taken) != len(right):
        return None
    pieces, place = [], 0
    for index, item in enumerate(kept, 1):
        group = f"<{item.kind}><{index}>"
        if target == "ru" and item.kind in "TPL":
            other = right[next(n for n, (i, _) in taken.items() if i == index)]
            group += f"<{gender(_base(other))}>"
        pieces += [source_text[place : item.start], apart(source_text, item.start, source), group]
        place = item.end
    masked_source = short_prepositions("".join(pieces) + source_text[place:], source)
    pieces, place = [], 0
    for number, item in enumerate(right):
        group = f"<{taken[number][0]}>"
        if target == "ru":
            marks = _russian_marks(item, target_text)
            if marks is None:
                return None
            group += marks
        pieces += [target_text[place : item.start], apart(target_text, item.start, target), group]
        place = item.end
    return masked_source, short_prepositions("".join(pieces) + target_text[place:], target)


def _same(one: Item, other: Item) -> bool:
    if one.kind != other.kind or bool(one.ordinal) != bool(other.ordinal):
        return False
    if one.stranger and other.stranger:
        if one.stranger.pinyin:
            return one.stranger.pinyin == other.stranger.pinyin
        return one.stranger.form == other.stranger.form
    if one.match and other.match:
        return one.match.concept.id == other.match.concept.id
    if one.value is None or other.value is None:
        return False
    a, b = one.value, other.value
    if a.kind == "date" and isinstance(a.value, Day) and isinstance(b.value, Day):
        # 2日 and "2 ноября" are the same day; the dispatch's date completes it at run time.
        return a.value.day == b.value.day and (
            None in (a.value.month, b.value.month) or a.value == b.value
        )
    return a == b


_GOVERNED = {
    "по": ("dat",), "к": ("dat",), "ко": ("dat",), "благодаря": ("dat",), "согласно": ("dat",),
    "о": ("loc",), "об": ("loc",), "при": ("loc",), "в": ("loc", "acc"), "во": ("loc", "acc"),
    "на": ("loc", "acc"), "с": ("ins", "gen"), "со": ("ins", "gen"), "между": ("ins",),
    "над": ("ins",), "перед": ("ins",), "за": ("ins", "acc"), "под": ("ins", "acc"),
    "из": ("gen",), "от": ("gen",), "до": ("gen",), "для": ("gen",), "без": ("gen",),
    "против": ("gen",), "у": ("gen",), "через": ("acc",), "про": ("acc",), "включая": ("acc",),
}  # fmt: skip


def _base(item: Item) -> str:
    """Return what a Russian occurrence is a form of."""
    if item.match is not None:
        return item.match.term.text
    assert item.stranger is not None
    if item.stranger.pinyin:
        return chinese_names.into_russian(item.stranger.pinyin) or item.stranger.form
    return item.stranger.form


def cases(surface: str, term: str) -> list[str]:
    """Return the cases in which a Russian term is written ``surface``, capitals and ё aside."""
    plain = surface.lower().replace("ё", "е")
    return [
        case for case in CASES if (inflect(term, case) or "").lower().replace("ё", "е") == plain
    ]


def _russian_marks(item: Item, text: str) -> str | None:
    """Return the case (and for an ordinal the gender) symbols of a Russian occurrence."""
    if item.kind in "NM%D":
        return ""
    surface = text[item.start : item.end]
    before = re.findall(r"[а-яё]+|[^\sа-яё]", text[: item.start].lower())
    previous = before[-1] if before else ""
    if item.kind == "O":
        return _ordinal_marks(surface, text[item.end :])
    if item.kind == "W":
        assert item.value is not None and isinstance(item.value.value, int)
        forms = dates.RU_WEEKDAYS[item.value.value]
        candidates = [c for c, form in zip(CASES, forms, strict=True) if form == surface.lower()]
    else:
        candidates = cases(surface, _base(item))
    if not candidates:
        return None
    governed = [case for case in _GOVERNED.get(previous, ()) if case in candidates]
    if governed:
        return f"<{governed[0]}>"
    if len(candidates) > 1:
        return f"<{_likeliest(candidates, previous)}>"
    return f"<{candidates[0]}>"


def _likeliest(candidates: Sequence[str], previous: str) -> str:
    from toolkit.languages.ru import analyser

    kind = analyser().parse(previous)[0].tag.POS if previous.isalpha() else None
    orders: dict[str | None, Iterable[str]] = {
        "INFN": ("acc", "gen", "dat", "ins"), "VERB": ("acc", "nom", "gen", "dat", "ins"),
        "GRND": ("acc", "gen", "ins"), "PRTF": ("acc", "gen", "ins"),
        "NOUN": ("gen", "ins", "dat"),
    }  # fmt: skip
    for case in (*orders.get(kind, ()), *CASES):
        if case in candidates:
            return case
    return candidates[0]


def _ordinal_marks(surface: str, after: str) -> str | None:
    from toolkit.languages.ru import analyser

    ending = surface.rpartition("-")[2].lower()
    tags = dict(zip(CASES, ("nomn", "gent", "datv", "accs", "ablt", "loct"), strict=True))
    genders = {"masc": "m", "femn": "f", "neut": "n"}
    for word in re.findall(r"[а-яё]+", after.lower())[:3]:
        for parse in analyser().parse(word):
            if parse.tag.POS != "NOUN":
                continue
            letter = "p" if "plur" in parse.tag else genders.get(parse.tag.gender, "m")
            for case, tag in tags.items():
                fits = ending.endswith(ORDINAL_ENDINGS[letter][case])
                if tag in parse.tag and (fits or re.fullmatch("[ivxlcхі]+", ending)):
                    return f"<{letter}><{case}>"
    return None
