"""Read XLIFF 1.2 and 2: each unit or segment is a row of two languages."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from toolkit import files, markup
from toolkit.align.formats import AlignedRow, language
from toolkit.errors import AlignmentError


def read(path: str, note: Callable[[str], None] | None = None) -> list[AlignedRow]:
    """Return the rows of a file, with the line of each source.

    Raises:
        AlignmentError: If it is no XLIFF, or of languages other than zh, ru and en.
    """
    text = files.read_text(path).text
    root = markup.parse(text, path, "xliff", "an XLIFF file", AlignmentError)
    rows: list[AlignedRow] = []
    left: Counter[str] = Counter()
    for element in root.iter():
        if _name(element) not in ("trans-unit", "segment"):
            continue
        source, target = _child(element, "source"), _child(element, "target")
        if source is None:
            continue
        langs = _languages(root, element)
        texts = {}
        for side, tag in zip((source, target), langs, strict=True):
            lang = language(tag) if tag else None
            if side is None:
                continue
            if lang is None:
                left[f"texts in {tag or 'no language'}"] += 1
            elif said := " ".join(_text(side).split()):
                texts[lang] = said
        if texts:
            rows.append(AlignedRow(texts, source.sourceline or 1))
    if not rows:
        raise AlignmentError(f"{path}: no text in zh, ru or en in it")
    if note:
        for what, times in left.items():
            note(f"{path}: left out: {what} ({times} times)")
    return rows


def _languages(root: Any, element: Any) -> tuple[str, str]:
    """Return the tags of source and target: of the <file> in 1.2, of the <xliff> in 2."""
    here = element
    while here is not None:
        source = here.get("source-language") or here.get("srcLang")
        if source:
            return source, here.get("target-language") or here.get("trgLang") or ""
        here = here.getparent()
    return "", ""


def _child(element: Any, name: str) -> Any | None:
    return next((child for child in element if _name(child) == name), None)


def _name(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _text(element: Any) -> str:
    """Return the text a reader sees: codes of the original format are left out."""
    parts = [element.text or ""]
    for child in element:
        if _name(child) not in ("ph", "bpt", "ept", "it", "x", "bx", "ex", "sc", "ec"):
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)
