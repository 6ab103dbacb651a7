"""Compare a finished translation with its source: figures, days, names and countries.

The last line of defence, and one that knows nothing of placeholders: whatever a model did, it may
not say a figure or a name that the source does not have, nor leave one out.
"""

import datetime
from collections.abc import Iterator

from toolkit.glossary.match import Matcher
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
    return (*figures(one, other), *_names(one, other), *_lands(one, other))


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


def _names(one: Said, other: Said) -> Iterator[str]:
    for here, there, said in ((other, one, "is not in the source"), (one, other, "is missing")):
        known = mentioned(there)
        for match in here.matches:
            if is_name(match.concept) and match.concept.id not in known:
                if not land(match.concept) & there.lands:
                    yield f"“{here.text[match.start : match.end]}” {said}"


def _lands(one: Said, other: Said) -> Iterator[str]:
    for code, word in other.countries.items():
        if code not in one.lands:
            yield f"“{word}” is not in the source"
    for code, word in one.countries.items():
        if code not in other.lands:
            yield f"“{word}” is missing"
