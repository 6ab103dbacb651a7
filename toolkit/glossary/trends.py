"""Whether a figure is a rise or a fall, by the word that stands right at it.

Only words that touch the figure count, and only where every place of the figure in a text says the
same: «после роста на 3 % снизились» has two figures' worth of words, and 降幅收窄 is neither.
"""

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction

from toolkit.glossary.amounts import Amounts, Item, Key

RISE, FALL = 1, -1
_REACH = 60  # characters: as far as a Russian verb may stand before «на 9,4 %»

_ZH_ABOUT = r"(?:了|约|近|将近|大约|超过?|逾|达到?|为|至少|不到|均|各|了约|了近)*$"
_ZH = {
    RISE: re.compile(
        r"(?:增长|上升|上涨|提高|增加|升高|攀升|回升|上浮|上调|提升|多增|涨幅|增幅|升幅)"
        + _ZH_ABOUT
    ),
    FALL: re.compile(
        r"(?:下降|减少|降低|下跌|下滑|回落|缩减|萎缩|下调|下浮|少增|降幅|跌幅|减幅)" + _ZH_ABOUT
    ),
}
# What turns a rise into a fall, or is said of a speed: 负增长, 增速回落, 降幅收窄.
_ZH_NEITHER = re.compile(
    "负增长|增速|[增降跌涨]幅[^，。；]{0,12}(?:回落|收窄|扩大|缩小|上升|提高|下降|减少|增加)"
)

_RU_STEMS = {
    RISE: "вырос|увелич|возр(?:ос|аст)|повы[сш]|подня|прибав|подорож|подскоч|рост|раст[еу]|прирос"
    "|прирост|взлет",
    FALL: "сниж|сниз|упа[лв]|пада|паден|сокра[тщ]|уменьш|опуст|просе[лд]|подешев|спад|обвал|рухн",
    0: "замедл|ускор|темп|отстава|разрыв|дефицит|потер|превы[шс]|отлич|отклон",
}
_RU_WORD = re.compile(
    r"(?<!\w)(?:" + "|".join(f"({stems})" for stems in _RU_STEMS.values()) + r")\w*"
)
_RU_BY = re.compile(
    r"(?:^|\s)на\s(?:почти |около |примерно |порядка |более чем |рекордн\w+ |целых |\$|€)*$"
)
_RU_AFTER = re.compile(
    r"[^\w,;.(]{0,2}(?:долл\S*(?: США)?|руб\S*|юан\w+)?[\s)]*(?:(больше|выше)|(меньше|ниже))"
    r"(?!\w)"
)

_EN_ABOUT = (
    r"(?: sharply| slightly| further| again| steadily| only| just| year[- ]on[- ]year| by| of"
    r"| to a| a| an| about| around| nearly| almost| over| some| roughly| more than| another"
    r"| an? (?:average|annual|estimated|record)(?: of)?)*(?: | \$| US\$)$"
)
_EN = {
    RISE: re.compile(
        r"\b(?:rose|ris(?:e|es|en|ing)|gr(?:ew|ow|ows|own|owing|owth)|increas(?:e|es|ed|ing)|up"
        r"|climb(?:ed|s|ing)?|gain(?:ed|s|ing)?|jump(?:ed|s|ing)?|surg(?:e|ed|es|ing)"
        r"|expand(?:ed|s|ing)?|soar(?:ed|s|ing)?|advanc(?:ed|es|ing))" + _EN_ABOUT
    ),
    FALL: re.compile(
        r"\b(?:fell|fall(?:s|en|ing)?|drop(?:ped|s|ping)?|declin(?:e|ed|es|ing)"
        r"|decreas(?:e|ed|es|ing)|down|slid|slip(?:ped|s)|shrank|shr[iu]nk(?:s|ing)?"
        r"|contract(?:ed|s|ing)|plung(?:ed|es|ing)|reduc(?:ed|es|ing|tion)|lower(?:ed|ing))"
        + _EN_ABOUT
    ),
}
_EN_AFTER = re.compile(
    r"(?:[- ](?:percent|per cent|percentage|pct|points?|year[- ]on[- ]year|U\.S\.|dollars?"
    r"|yuan|rubles?))*(?:(?: an?)? (increase|rise|growth|higher|gain)|(?: an?)? (decrease|decline"
    r"|drop|fall|lower|reduction|contraction))\b"
)
_EN_NEITHER = re.compile(r"\b(?:narrow|slow|widen|accelerat|gap|deficit|pace)\w*", re.IGNORECASE)
_CLAUSE = re.compile(r"[,;:.!?(—]\s|--")


def directions(amounts: Amounts) -> dict[Key, tuple[int, Item]]:
    """Return of each figure that is said to be a rise or a fall which it is, and a place of it."""
    found: dict[Key, set[int | None]] = {}
    places: dict[Key, Item] = {}
    for item in amounts.items:
        if item.kind != "figure" or not item.key[1]:
            continue
        size = item.key[1]
        way = _direction(amounts.text, amounts.lang, item)
        if isinstance(size, Fraction) and size < 0:
            way = None
        found.setdefault(item.key, set()).add(way)
        if way:
            places.setdefault(item.key, item)
    return {
        key: (way, places[key])
        for key, ways in found.items()
        if len(ways) == 1 and (way := next(iter(ways)))
    }


def _direction(text: str, lang: str, item: Item) -> int | None:
    before = text[max(0, item.start - _REACH) : item.start]
    if lang == "zh":
        clause = re.split("[，。；：！？]", before)[-1]
        if _ZH_NEITHER.search(clause):
            return None
        return next((way for way, pattern in _ZH.items() if pattern.search(clause)), None)
    clause = _CLAUSE.split(before)[-1]
    after = text[item.end : item.end + _REACH]
    if lang == "ru":
        return _russian(clause.lower().replace("ё", "е"), after)
    if _EN_NEITHER.search(clause):
        return None
    for way, pattern in _EN.items():
        if pattern.search(clause):
            return way
    found = _EN_AFTER.match(after)
    return (RISE if found[1] else FALL) if found else None


def _russian(clause: str, after: str) -> int | None:
    by = _RU_BY.search(clause)
    if not by:
        return None
    compared = _RU_AFTER.match(after)
    if compared:
        return RISE if compared[1] else FALL
    words = list(_RU_WORD.finditer(clause, 0, by.start()))
    if not words or any(word[3] for word in words):
        return None
    # Between the word and its figure stands no other figure.
    last = words[-1]
    if re.search(r"\d", clause[last.end() : by.start()]):
        return None
    return RISE if last[1] else FALL


def disagree(row: Mapping[str, Amounts]) -> Iterator[tuple[str, Item, int, list[str]]]:
    """Yield figures that are a rise in one version and a fall in another.

    Gives the language at fault (of two, the later one), its place, its direction, and the
    languages that say the contrary.
    """
    known = {lang: directions(amounts) for lang, amounts in row.items()}
    for key in {key for said in known.values() for key in said}:
        ways = {lang: said[key] for lang, said in known.items() if key in said}
        for way in (RISE, FALL):
            mine = [lang for lang, (its, _) in ways.items() if its == way]
            others = [lang for lang, (its, _) in ways.items() if its != way]
            if not mine or not others:
                continue
            later = list(row).index(mine[-1]) > list(row).index(others[-1])
            if len(mine) < len(others) or (len(mine) == len(others) and later):
                yield mine[-1], ways[mine[-1]][1], way, others
