"""Drafts as XLIFF 1.2 or 2.1, for a CAT tool: where each came from, and its fixed phrases.

What was left in the source has no target and the state that asks for one. Fixed phrases that were
placed are marked as terms on both sides, each with the glossary's concept.
"""

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from toolkit import __version__
from toolkit.translate.document import Draft

_TAGS = {"zh": "zh-CN", "ru": "ru-RU", "en": "en-US"}
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# origin: state and qualifier of 1.2, state of 2.1, how good the match is (percent)
_STATES = {
    "memory": ("translated", "exact-match", "translated", 100),
    "repaired": ("needs-review-translation", "fuzzy-match", "translated", 95),
    "pattern": ("needs-review-translation", "leveraged-mt", "translated", 90),
    "model": ("needs-review-translation", "mt-suggestion", "translated", None),
    "empty": ("final", None, "final", None),
    "source": ("needs-translation", None, "initial", None),
}
_12, _21 = "urn:oasis:names:tc:xliff:document:1.2", "urn:oasis:names:tc:xliff:document:2.0"


def render(
    drafts: Sequence[Draft], source: str, target: str, original: str, version: str = "1.2"
) -> str:
    """Write drafts as one file of XLIFF.

    Args:
        original: Name of the document.
        version: ``"1.2"`` or ``"2.1"``.
    """
    body = "".join(
        (_unit_12 if version == "1.2" else _unit_21)(draft, number)
        for number, draft in enumerate(drafts, 1)
    )
    name = quoteattr(_legal(original))
    if version == "1.2":
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<xliff version="1.2" xmlns="{_12}">\n'
            f'<file original={name} source-language="{_TAGS[source]}"'
            f' target-language="{_TAGS[target]}" datatype="plaintext"'
            f' tool-id="tongwen">\n<header><tool tool-id="tongwen" tool-name="tongwen"'
            f' tool-version="{__version__}"/></header>\n<body>\n{body}</body>\n</file>\n</xliff>\n'
        )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<xliff version="2.1" xmlns="{_21}"'
        f' xmlns:mtc="urn:oasis:names:tc:xliff:matches:2.0" srcLang="{_TAGS[source]}"'
        f' trgLang="{_TAGS[target]}">\n<file id="f1" original={name}>\n{body}</file>\n</xliff>\n'
    )


def _unit_12(draft: Draft, number: int) -> str:
    state, qualifier, _, quality = _STATES[draft.origin]
    source = _marked(draft.source, draft, "source", '<mrk mtype="term" comment={}>', "</mrk>")
    lines = [f'<trans-unit id="{number}" xml:space="preserve"><source>{source}</source>']
    if draft.origin != "source":
        said = _marked(draft.target, draft, "form", '<mrk mtype="term" comment={}>', "</mrk>")
        more = f' state-qualifier="{qualifier}"' if qualifier else ""
        lines.append(f'<target state="{state}"{more}>{said}</target>')
    elif draft.refused:
        # A guess that was not believed is shown as an alternative, never as the target.
        lines.append(
            f'<target state="{state}"/><alt-trans origin="tongwen, not believed">'
            f"<target>{_text(draft.refused)}</target></alt-trans>"
        )
    else:
        lines.append(f'<target state="{state}"/>')
    if draft.origin in ("memory", "repaired", "pattern"):
        lines.append(
            f'<alt-trans match-quality="{quality}" origin="{draft.origin}"><target>'
            f"{_text(draft.target)}</target></alt-trans>"
        )
    lines += [f'<note from="tongwen">{_text(note)}</note>' for note in _notes(draft)]
    return "".join(lines) + "</trans-unit>\n"


def _unit_21(draft: Draft, number: int) -> str:
    _, _, state, quality = _STATES[draft.origin]
    marks = _Ids()
    source = _marked(
        draft.source, draft, "source", '<mrk id="{id}" type="term" value={}>', "</mrk>", marks
    )
    notes = "".join(f"<note>{_text(note)}</note>" for note in _notes(draft))
    notes = f"<notes>{notes}</notes>" if notes else ""
    matches = ""
    if draft.origin in ("memory", "repaired", "pattern") and draft.source:
        matches = (
            f'<mtc:matches><mtc:match ref="#m{number}" origin="{draft.origin}"'
            f' matchQuality="{quality}.0" type="{"tm" if draft.origin != "pattern" else "mt"}">'
            f"<source>{_text(draft.source)}</source><target>{_text(draft.target)}</target>"
            "</mtc:match></mtc:matches>"
        )
    target = ""
    if draft.origin != "source":
        said = _marked(
            draft.target, draft, "form", '<mrk id="{id}" type="term" value={}>', "</mrk>", marks
        )
        target = f"<target>{said}</target>"
    if matches:
        source = f'<mrk id="m{number}" type="mtc:match">{source}</mrk>'
    return (
        f'<unit id="u{number}">{matches}{notes}<segment state="{state}">'
        f"<source>{source}</source>{target}</segment></unit>\n"
    )


class _Ids:
    def __init__(self) -> None:
        self.last = 0


def _notes(draft: Draft) -> list[str]:
    beside = [f"should hold: {text}" for text in draft.beside] if draft.origin == "source" else []
    return [*draft.reasons, *draft.doubts, *draft.notes, *beside]


def _marked(
    text: str, draft: Draft, side: str, opening: str, closing: str, ids: _Ids | None = None
) -> str:
    """Write a text with its placed phrases marked; of two that overlap the first counts."""
    spans: list[tuple[int, int, str]] = []
    for placement in draft.placements:
        words = getattr(placement, side)
        start = text.find(words) if placement.placed and words else -1
        if start >= 0 and all(
            end <= start or start + len(words) <= begin for begin, end, _ in spans
        ):
            spans.append((start, start + len(words), placement.concept))
    out, place = "", 0
    for start, end, concept in sorted(spans):
        if ids is not None:
            ids.last += 1
        mark = opening.replace("{}", quoteattr(concept))
        mark = mark.replace("{id}", f"t{ids.last}" if ids is not None else "")
        out += _text(text[place:start]) + mark + _text(text[start:end]) + closing
        place = end
    return out + _text(text[place:])


def _text(text: str) -> str:
    return escape(_legal(text))


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", text)
