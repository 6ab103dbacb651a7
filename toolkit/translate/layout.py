"""Write a translated dispatch as a page: its paragraphs, indents, dateline and what was left."""

import re
from collections.abc import Sequence

from toolkit import dateline
from toolkit.dispatch import Dispatch, Part
from toolkit.glossary.match import Matcher
from toolkit.translate.document import Draft, mark
from toolkit.values import dates
from toolkit.values.value import Day, Value

_LINE_END = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


def render(dispatch: Dispatch, drafts: Sequence[Draft], target: str, matcher: Matcher) -> str:
    """Write a dispatch in its new language: paragraphs, blank lines and indents stay.

    The dateline is written anew where its place and agency are in the glossary. Bylines, page
    noise and tails are not translated: they stay, marked.
    """
    items: list[tuple[int, int, str, bool]] = [
        (segment.start, segment.end, draft.marked, True)
        for segment, draft in zip(dispatch.segments, drafts, strict=True)
    ]
    for part in dispatch.parts:
        written = _written(dispatch, part, target, matcher)
        text = mark(dispatch.text[part.start : part.end]) if written is None else written
        items.append((part.start, part.end, text, written is not None))
    pieces = []
    place, flows = 0, False
    for start, end, text, fluent in sorted(items):
        gap = dispatch.text[place:start]
        # Between sentences of one paragraph the space is the target's; all else stays.
        if flows and fluent and not _LINE_END.search(gap):
            gap = "" if target == "zh" else " "
        pieces += [_indent(gap, target), text]
        place, flows = end, fluent
    return "".join(pieces) + dispatch.text[place:]


def _indent(gap: str, target: str) -> str:
    """Keep an indent as wide as it is: an ideographic space is as wide as two others."""
    return gap if target == "zh" else gap.replace("\u3000", "  ")


def _written(dispatch: Dispatch, part: Part, target: str, matcher: Matcher) -> str | None:
    """Write a dateline in another language, or None where a name or date is not known."""
    if part.kind != "dateline":
        return None
    found = dateline.match(dispatch.text[part.start : part.end], dispatch.lang)
    if found is None:
        return None
    place = _named(found.place, dispatch.lang, target, matcher)
    agency = _named(found.agency, dispatch.lang, target, matcher)
    if place is None or (found.agency and agency is None):
        return None
    day = ""
    if found.day is not None:
        known = dispatch.date or dispatch.page_date
        month = found.day.month or (known.month if known else None)
        written = dates.render(Value("date", Day(None, month, found.day.day)), target)
        if month is None or written is None:
            return None
        day = written
    if target == "zh":
        return f"{agency or ''}{place}{day}电　"
    name = place.upper() if target == "en" else place
    head = f"{name}, {day}" if day else name
    brackets = {"en": " ({})", "ru": " /{}/"}[target].format(agency) if agency else ""
    return f"{head}{brackets} --"


def _named(name: str | None, source: str, target: str, matcher: Matcher) -> str | None:
    """Return a place's or agency's name in the target language, if the glossary has it."""
    if not name:
        return None
    for match in matcher.find(name, source):
        if match.start == 0 and match.end == len(name):
            term = match.concept.preferred(target)
            return term.text if term else None
    return None
