"""Compare a finished translation with its source: figures, days, names and countries.

The last line of defence, and one that knows nothing of placeholders: whatever a model did, it may
not say a figure or a name that the source does not have, nor leave one out.
"""

import datetime
import re
from collections.abc import Iterator

from toolkit.glossary.match import Match, Matcher
from toolkit.glossary.said import Said, is_name, land, mentioned


def differences(
    text: str,
    translation: str,
    source: str,
    target: str,
    matcher: Matcher,
    day: datetime.date | tuple[int, int] | None = None,
) -> tuple[str, ...]:
    """Say what stands in one of two texts only, in words for a person; nothing: no difference.

    Args:
        day: The dispatch's date or (month, day), which completes a day without its month.
    """
    one, other = Said(text, source, matcher, day), Said(translation, target, matcher, day)
    return (*figures(one, other), *_roles(one, other), *_names(one, other), *_lands(one, other))


def figure_differences(
    text: str,
    translation: str,
    source: str,
    target: str,
    matcher: Matcher,
    day: datetime.date | tuple[int, int] | None = None,
) -> tuple[str, ...]:
    """Say which figures and days stand in one of two texts only."""
    one, other = Said(text, source, matcher, day), Said(translation, target, matcher, day)
    return tuple(figures(one, other))


def figures(one: Said, other: Said) -> Iterator[str]:
    """Say which amounts and days stand in one text only, how often counting too."""
    (before, spare_before), (after, spare_after) = one.amounts(), other.amounts()
    for key in dict.fromkeys((*before, *after)):
        more = len(after.get(key, ())) - len(before.get(key, ()))
        if more > spare_before[key]:
            yield f"“{after[key][-1]}” is not in the source"
        elif -more > spare_after[key]:
            yield f"“{before[key][-1]}” is missing"
    units = [{v.unit or v.kind for v in said.values if v.unit or v.kind == "percent"}
             for said in (one, other)]  # fmt: skip
    for unit in sorted(units[0] ^ units[1]):
        yield f"a figure in {unit} stands on one side only"
    known, given = one.digits(), other.digits()
    for number, word in other.small().items():
        if number not in known:
            yield f"“{word}” is not in the source"
    for number, word in one.small().items():
        if number not in given:
            yield f"“{word}” is missing"


# What shows that 2024 is a year: a model that mixes up its figures gives itself away here.
_YEAR_AFTER = {
    "zh": re.compile(r"\s?(?:年|财年|赛季|[-–—－~至到和、/]\s?\d)"),
    "ru": re.compile(
        r"(?:[-–—/,]| и| или| по| до)?\s?(?:\d{2,4}[ \u00a0])?(?:год|гг?\.|г\.)|-[мй]"
    ),
    "en": re.compile(r"(?![ -](?:percent|months?|people|tons|persons|countries|billion|million))"),
}
_YEAR_BEFORE_EN = re.compile(
    r"(?:^|[(,\-–—/\"“’']|\b(?:in|of|from|since|by|to|for|until|till|through|throughout|during"
    r"|after|before|than|between|and|or|year|mid|early|late|the|on|is|as|over|around|its|that"
    r"|\w+'s)) ?$",
    re.IGNORECASE,
)
# What an amount with a unit cannot count: «3 млн тонн человек», 2448亿美元年.
_NOT_COUNTED = {
    "zh": re.compile(r"年(?![均度产初底末内])|人民(?!币)|国家|个国家|代表"),
    "ru": re.compile(r"\s(?:год[ауе]?|человек|стран|государств|представителей)(?!\w)"),
    "en": re.compile(r"[ -](?:people|persons|countries|representatives|months|years)\b"),
}


def _roles(one: Said, other: Said) -> Iterator[str]:
    """Say which figures do another's work in the translation: 2024 people, 3 млн тонн человек."""
    years = {v.value for v in one.values if v.year and v.kind == "number"}
    for value in other.values:
        fits = True
        if value.kind == "number" and value.value in years and 1900 <= value.value < 2100:
            fits = bool(_YEAR_AFTER[other.lang].match(other.text, value.end))
            if other.lang == "en":
                before = other.text[max(0, value.start - 12) : value.start]
                fits = fits and bool(_YEAR_BEFORE_EN.search(before))
        elif value.kind in ("money", "quantity", "percent"):
            fits = not _NOT_COUNTED[other.lang].match(other.text, value.end)
        if not fits:
            yield f"“{value.text}” counts something else"


_PLACES = frozenset(("place", "country", "country/place", "region"))


def _by_adjective(match: Match, said: Said) -> bool:
    """Tell whether a text names a place by an adjective: Шанхайский порт, тайваньский вопрос."""
    if match.concept.domain not in _PLACES or said.lang != "ru":
        return False
    for term in match.concept.terms:
        if term.lang == "ru" and " " not in term.text:
            stem = term.text.lower().replace("ё", "е").rstrip("аеиоуыэюяйь")
            plain = said.text.lower().replace("ё", "е")
            if re.search(rf"\b{re.escape(stem)}\w{{0,4}}ск\w+", plain):
                return True
    return False


def _names(one: Said, other: Said) -> Iterator[str]:
    for here, there, said in ((other, one, "is not in the source"), (one, other, "is missing")):
        known = mentioned(there)
        for match in here.matches:
            if is_name(match.concept) and match.concept.id not in known:
                if not land(match.concept) & there.lands and not _by_adjective(match, there):
                    yield f"“{here.text[match.start : match.end]}” {said}"


def _lands(one: Said, other: Said) -> Iterator[str]:
    for code, word in other.countries.items():
        if code not in one.lands:
            yield f"“{word}” is not in the source"
    for code, word in one.countries.items():
        if code not in other.lands:
            yield f"“{word}” is missing"
