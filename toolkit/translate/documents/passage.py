"""A passage of a document: its text, and the inline formatting that lies on it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from toolkit import languages
from toolkit.translate.document import Draft


@dataclass(frozen=True, slots=True)
class Span:
    """Formatting of ``text[start:end]``; ``mark`` is the format's own: a tag, a style."""

    start: int
    end: int
    mark: Any


@dataclass(frozen=True, slots=True)
class Passage:
    """A text to translate as a whole: a paragraph, a heading, a cell; ``where`` it stands."""

    text: str
    spans: tuple[Span, ...] = ()
    where: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A passage in its new words; ``lost`` are the formatted words whose place was not found."""

    text: str
    spans: tuple[Span, ...] = ()
    lost: tuple[str, ...] = ()
    drafts: tuple[Draft, ...] = field(default=(), compare=False)


def sentences(text: str, lang: str) -> list[tuple[int, int]]:
    """Return the places of a passage's sentences; a text without any is one."""
    found = [
        (start, end) for start, end in languages.module(lang).sentences(text)
        if text[start:end].strip()
    ]  # fmt: skip
    return found or ([(0, len(text))] if text.strip() else [])


def render(
    passages: Sequence[Passage],
    source: str,
    target: str,
    translate: Callable[[Sequence[str]], list[Draft]],
) -> list[Rendered]:
    """Translate passages, sentence by sentence, all in one call.

    Formatting follows the words where they are known: a span over a whole passage or whole
    sentences, and one over a fixed phrase, name or figure that was placed. What else was
    formatted is reported in ``lost``.
    """
    places = [sentences(passage.text, source) for passage in passages]
    flat = [
        passage.text[start:end]
        for passage, cut in zip(passages, places, strict=True)
        for start, end in cut
    ]
    drafts = iter(translate(flat))
    made = []
    for passage, cut in zip(passages, places, strict=True):
        own = [next(drafts) for _ in cut]
        made.append(_joined(passage, cut, own, target))
    return made


def _joined(
    passage: Passage, cut: Sequence[tuple[int, int]], drafts: Sequence[Draft], target: str
) -> Rendered:
    joint = "" if target == "zh" else " "
    text, bounds = "", []
    for draft in drafts:
        if text:
            text += joint
        bounds.append((len(text), len(text) + len(draft.marked)))
        text += draft.marked
    spans, lost = [], []
    for span in passage.spans:
        place = _place(span, passage, cut, drafts, bounds, text)
        if place is None:
            lost.append(passage.text[span.start : span.end])
        else:
            spans.append(Span(*place, span.mark))
    return Rendered(text, tuple(spans), tuple(lost), tuple(drafts))


def _place(
    span: Span,
    passage: Passage,
    cut: Sequence[tuple[int, int]],
    drafts: Sequence[Draft],
    bounds: Sequence[tuple[int, int]],
    text: str,
) -> tuple[int, int] | None:
    if span.start == span.end:  # a thing between words goes to the end of its sentence
        at = next((bounds[n][1] for n, (_, end) in enumerate(cut) if span.start <= end), None)
        return (0, 0) if span.start == 0 else ((at, at) if at is not None else (len(text),) * 2)
    words = passage.text[span.start : span.end].strip()
    if not words:
        return None
    inside = [n for n, (start, end) in enumerate(cut) if start < span.end and span.start < end]
    covered = [
        n for n in inside
        if not passage.text[cut[n][0] : span.start].strip()
        and not passage.text[span.end : cut[n][1]].strip()
    ]  # fmt: skip
    if inside and covered == inside:  # whole sentences
        return bounds[inside[0]][0], bounds[inside[-1]][1]
    if len(inside) != 1:
        return None
    draft, (start, end) = drafts[inside[0]], bounds[inside[0]]
    forms = [p.form for p in draft.placements if p.source == words and p.placed]
    forms += [form for figure, form in draft.figures if figure == words]
    forms.append(words)  # a name or figure that stayed as it was
    for form in forms:
        at = text.find(form, start, end)
        # Said twice, nobody can tell which one was meant.
        if at >= 0 and text.find(form, at + 1, end) < 0:
            return at, at + len(form)
    return None
