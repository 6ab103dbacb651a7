"""Aligned pairs as XLIFF 1.2 or 2.1, a bead a unit, and the XLIFF of other programs as rows.

Segment numbers, chance and moved passages stand where the formats have room for a tool's own
data: the ``extradata`` of a unit in 1.2, the metadata module in 2.1. A character that XML cannot
hold is a code in 1.2 (``<x ctype="x-u000b"/>``) and ``<cp hex="000B"/>`` in 2.1, and is read back.
"""

import re
from collections import Counter
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from toolkit import __version__, markup
from toolkit.align.beads import Alignment, Bead
from toolkit.align.rows import ILLEGAL, TAGS, AlignedRow, language
from toolkit.errors import AlignmentError

_12, _21 = "urn:oasis:names:tc:xliff:document:1.2", "urn:oasis:names:tc:xliff:document:2.0"
_METADATA = "urn:oasis:names:tc:xliff:metadata:2.0"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_DOUBTFUL = 0.8  # as in review files
# Content of another format, not text of this one.
_CODES = frozenset(("bpt", "ept", "ph", "it", "x", "bx", "ex", "sc", "ec", "sm", "em"))
_SPACE = re.compile("[ \t\r\n]+")  # what XML takes for white space: a no-break space stays
_CODE = re.compile(r"x-u([0-9a-f]{4})\Z")
_HEX = re.compile(r"[0-9A-Fa-f]{1,6}\Z")


def render(alignment: Alignment, numbers: list[int], version: str) -> str:
    """Write the alignment of two languages; the first is the source.

    Args:
        numbers: The number of each bead, from 0; units have it plus one as their id, so that the
            files of the three pairs of one alignment name the same beads alike.
        version: ``"1.2"`` or ``"2.1"``.
    """
    source, target = (dispatch.lang for dispatch in alignment.dispatches)
    original = quoteattr(ILLEGAL.sub("\ufffd", alignment.dispatches[0].source))
    unit = _unit_12 if version == "1.2" else _unit_21
    body = "".join(
        unit(alignment, bead, number, source, target)
        for bead, number in zip(alignment.beads, numbers, strict=True)
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    if version == "1.2":
        return (
            f'{head}<xliff version="1.2" xmlns="{_12}">\n<file original={original}'
            f' source-language="{TAGS[source]}" target-language="{TAGS[target]}"'
            ' datatype="plaintext" tool-id="tongwen">\n<header><tool tool-id="tongwen"'
            f' tool-name="tongwen" tool-version="{__version__}"/></header>\n'
            f"<body>\n{body}</body>\n</file>\n</xliff>\n"
        )
    return (
        f'{head}<xliff version="2.1" xmlns="{_21}" xmlns:mda="{_METADATA}"'
        f' srcLang="{TAGS[source]}" trgLang="{TAGS[target]}">\n'
        f'<file id="f1" original={original} xml:space="preserve">\n{body}</file>\n</xliff>\n'
    )


def _facts(bead: Bead, langs: tuple[str, str]) -> dict[str, str]:
    facts = {lang: ",".join(map(str, bead.side(lang))) for lang in langs}
    if bead.confidence is not None:
        facts["confidence"] = f"{bead.confidence:.4f}"
    if bead.moved is not None:
        facts["moved"] = str(bead.moved)
    return facts


def _unit_12(alignment: Alignment, bead: Bead, number: int, source: str, target: str) -> str:
    texts = alignment.texts(bead)
    facts = " ".join(f"{key}={value}" for key, value in _facts(bead, (source, target)).items())
    doubtful = bead.confidence is not None and bead.confidence < _DOUBTFUL
    state = "needs-review-translation" if doubtful else "translated"
    said = f' state="{state}">{_text_12(texts[target])}</target>' if texts[target] else "/>"
    return (
        f'<trans-unit id="{number + 1}" xml:space="preserve" extradata="{facts}">\n'
        f"<source>{_text_12(texts[source])}</source>\n<target{said}\n</trans-unit>\n"
    )


def _unit_21(alignment: Alignment, bead: Bead, number: int, source: str, target: str) -> str:
    texts = alignment.texts(bead)
    facts = "".join(
        f'<mda:meta type="{key}">{value}</mda:meta>'
        for key, value in _facts(bead, (source, target)).items()
    )
    state = "translated" if texts[source] and texts[target] else "initial"
    return (
        f'<unit id="{number + 1}">\n<mda:metadata><mda:metaGroup category="tongwen">{facts}'
        f'</mda:metaGroup></mda:metadata>\n<segment state="{state}">\n'
        f"<source>{_text_21(texts[source])}</source>\n"
        f"<target>{_text_21(texts[target])}</target>\n</segment>\n</unit>\n"
    )


def _text_12(text: str) -> str:
    count = 0

    def code(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        if "\ud800" <= match[0] <= "\udfff":
            return "\ufffd"
        return f'<x id="{count}" ctype="x-u{ord(match[0]):04x}"/>'

    return ILLEGAL.sub(code, escape(text, {"\r": "&#13;"}))


def _text_21(text: str) -> str:
    def code(match: re.Match[str]) -> str:
        if "\ud800" <= match[0] <= "\udfff":
            return "\ufffd"
        return f'<cp hex="{ord(match[0]):04X}"/>'

    return ILLEGAL.sub(code, escape(text, {"\r": "&#13;"}))


def read(text: str, path: str, left_out: Counter[str]) -> list[AlignedRow]:
    """Return a row for each unit of 1.2, each segment of 2; its line is that of the source.

    White space is kept where the file says so (``xml:space``) and is one space elsewhere; codes of
    the original format fall away.

    Raises:
        AlignmentError: If it is no XLIFF.
    """
    return rows(markup.parse(text, path, "xliff", "an XLIFF file", AlignmentError), path, left_out)


def rows(root: Any, path: str, left_out: Counter[str]) -> list[AlignedRow]:
    """Return the rows of an XLIFF document that is parsed already."""
    found = []
    for element in root.iter("{*}trans-unit", "{*}segment"):
        source, target = element.find("{*}source"), element.find("{*}target")
        if source is None:
            continue
        texts: dict[str, str] = {}
        for side, tag in zip((source, target), _languages(element), strict=True):
            if side is None:
                continue
            tag = side.get(f"{_XML}lang") or tag
            lang = language(tag)
            if lang is None:
                left_out[f"texts in {tag or 'no language'}"] += 1
            elif lang in texts:
                left_out[f"a second {lang} text of one unit"] += 1
            else:
                said = markup.text_of(side, path, AlignmentError, _CODES, _character)
                texts[lang] = said if _preserved(side) else _SPACE.sub(" ", said).strip(" ")
        if any(texts.values()):
            segments, confidence, moved = _known(_stated(element), texts)
            found.append(
                AlignedRow(texts, source.sourceline or 1, segments, confidence, moved)
            )
    return found


def _character(element: Any) -> str:
    """Return the character that a code stands for, nothing for any other code."""
    code = _CODE.match(element.get("ctype") or "")
    digits = code[1] if code else element.get("hex") or ""
    if not _HEX.match(digits) or int(digits, 16) > 0x10FFFF:
        return ""
    char = chr(int(digits, 16))
    return "\ufffd" if "\ud800" <= char <= "\udfff" else char


def _languages(element: Any) -> tuple[str, str]:
    """Return the tags of source and target: of the <file> in 1.2, of the <xliff> in 2."""
    for here in (element, *element.iterancestors()):
        source = here.get("source-language") or here.get("srcLang")
        if source:
            return source, here.get("target-language") or here.get("trgLang") or ""
    return "", ""


def _preserved(element: Any) -> bool:
    for here in (element, *element.iterancestors()):
        stated = here.get(f"{_XML}space")
        if stated:
            return stated == "preserve"
    return False


def _stated(element: Any) -> dict[str, str]:
    """Return what this program wrote beside the texts of a unit."""
    facts = dict(
        item.split("=", 1) for item in (element.get("extradata") or "").split() if "=" in item
    )
    parent = element.getparent()
    if parent is not None and not facts and len(parent.findall("{*}segment")) == 1:
        for group in parent.iterfind(f"{{{_METADATA}}}metadata/{{{_METADATA}}}metaGroup"):
            if group.get("category") == "tongwen":
                facts |= {meta.get("type", ""): meta.text or "" for meta in group}
    return facts


def _known(
    facts: dict[str, str], texts: dict[str, str]
) -> tuple[dict[str, tuple[int, ...]], float | None, int | None]:
    segments = {
        lang: tuple(int(n) for n in facts[lang].split(",") if n)
        for lang in texts
        if re.fullmatch(r"(?:\d{1,9}(?:,\d{1,9})*)?", facts.get(lang, "-"), re.ASCII)
    }
    chance, moved = facts.get("confidence", ""), facts.get("moved", "")
    confidence = float(chance) if re.fullmatch(r"[01]\.\d{1,9}", chance, re.ASCII) else None
    if confidence is not None and confidence > 1:
        confidence = None
    return segments, confidence, int(moved) if re.fullmatch(r"[0-9]{1,9}", moved) else None
