"""TMX 1.4b: a unit a concept, a variant a term, what else we know in properties.

A translation memory is for what should be written, so deprecated and forbidden terms go in only
where they are asked for.
"""

from collections.abc import Sequence
from typing import Any

from toolkit import __version__
from toolkit.errors import GlossaryError
from toolkit.glossary.concept import Concept
from toolkit.glossary.exchange import tags, xml
from toolkit.glossary.exchange.options import Options, wanted
from toolkit.glossary.exchange.parcel import Draft, Report
from toolkit.glossary.exchange.properties import unpack
from toolkit.glossary.exchange.tbx import _attribute, _escaped
from toolkit.glossary.format import COLUMNS, concept_row, term_row

_CODES = frozenset(("bpt", "ept", "ph", "it", "ut"))  # markup of the original, not text
_LONGEST = 120  # characters of a segment that is still a term rather than a sentence
_PROPERTY = "x-tongwen-"
_OF_CONCEPT = ("domain", "note", "flags")
_OF_TERM = ("status", "scope", "register", "from", "to", "flags", "note", "evidence")


def is_root(root: Any) -> bool:
    return xml.local(root) == "tmx"


def read(data: bytes, name: str, report: Report) -> tuple[list[Draft], str]:
    """Return a unit as an entry; sentences, which are no terms, are left out and told.

    Raises:
        GlossaryError: If it is no TMX file.
    """
    root = xml.parse(data, name)
    if not is_root(root):
        raise GlossaryError(f"{name}:1: not a TMX file: it begins with <{xml.local(root)}>")
    drafts = [_unit(e, report) for e in root.iter() if xml.local(e) == "tu"]
    return drafts, f"TMX {root.get('version', '')}".strip()


def _unit(unit: Any, report: Report) -> Draft:
    place = f"line {unit.sourceline}"
    draft = Draft(id=unit.get("tuid") or "", place=place)
    notes = []
    for child in unit:
        if xml.local(child) == "note":
            notes.append(xml.text_of(child))
        elif xml.local(child) == "prop":
            kind = (child.get("type") or "").removeprefix(_PROPERTY)
            if kind == "domain" or kind.lower().endswith(("subject", "domain")):
                draft.domain = xml.text_of(child)
            elif kind == "flags":
                for item in xml.text_of(child).split(","):
                    relation, _, target = item.partition("=")
                    draft.relations.append((relation, target))
    draft.note = "; ".join(filter(None, notes))
    for variant in unit:
        if xml.local(variant) == "tuv":
            _variant(variant, draft, report)
    return draft


def _variant(variant: Any, draft: Draft, report: Report) -> None:
    place = f"line {variant.sourceline}"
    tag = variant.get(xml.LANG) or variant.get("lang") or ""
    lang = tags.language(tag)
    segment = next((e for e in variant if xml.local(e) == "seg"), None)
    if lang is None:
        report.add(f"the language {tag!r} is not one of ours: its terms were left out"
                   if tag else "a variant without a language was left out", place)  # fmt: skip
        return
    text = " ".join(_plain(segment).split()) if segment is not None else ""
    if not text:
        report.add("a term without text was left out", place)
        return
    cells = {"lang": lang, "term": text}
    ours = False
    for child in variant:
        if xml.local(child) == "prop" and (child.get("type") or "").startswith(_PROPERTY):
            ours = True
            kind = child.get("type").removeprefix(_PROPERTY)
            if kind in _OF_TERM:
                cells[kind] = xml.text_of(child)
        elif xml.local(child) == "note" and unpack(xml.text_of(child)) is None:
            cells["note"] = xml.text_of(child)
    if not ours and len(text) > (_LONGEST // 3 if lang == "zh" else _LONGEST):
        report.add("a text too long for a term (a sentence?) was left out", place)
        return
    if ours:
        cells.setdefault("evidence", "")
    draft.terms.append(cells)


def _plain(element: Any) -> str:
    """Return the text of a segment without the markup of the document it came from."""
    pieces = [element.text or ""]
    for child in element:
        if xml.local(child) not in _CODES:
            pieces.append(_plain(child))
        pieces.append(child.tail or "")
    return "".join(pieces)


def write(concepts: Sequence[Concept], options: Options, report: Report) -> bytes:
    """Write TMX 1.4b, preferred terms first: a program that takes one takes them."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<tmx version="1.4">',
        f' <header creationtool="tongwen" creationtoolversion="{__version__}" segtype="phrase"'
        ' o-tmf="tongwen" adminlang="en-US" srclang="*all*" datatype="plaintext"/>',
        " <body>",
    ]
    for concept, terms in wanted(concepts, options, report, ("preferred", "admitted")):
        own = dict(zip(COLUMNS, concept_row(concept), strict=True))
        lines.append(f"  <tu {_attribute('tuid', concept.id)}>")
        lines += _of(own, ("note",), "   ", options, report, concept.id)
        lines += _of(own, ("domain", "flags"), "   ", options, report, concept.id)
        for term in sorted(terms, key=lambda t: t.status != "preferred"):
            row = dict(zip(COLUMNS, term_row(concept.id, term), strict=True))
            lines.append(f'   <tuv xml:lang="{tags.code(term.lang, regional=True)}">')
            lines += _of(row, ("note",), "    ", options, report, concept.id)
            names = tuple(name for name in _OF_TERM if name != "note")
            lines += _of(row, names, "    ", options, report, concept.id)
            lines.append(f"    <seg>{_escaped(row['term'])}</seg>")
            lines.append("   </tuv>")
        lines.append("  </tu>")
    return ("\n".join([*lines, " </body>", "</tmx>"]) + "\n").encode("utf-8")


def _of(
    row: dict[str, str], names: tuple[str, ...], indent: str, options: Options, report: Report,
    id: str,
) -> list[str]:  # fmt: skip
    found = []
    for name in names:
        value = row[name]
        if not value:
            continue
        if name == "note":
            found.append(f"{indent}<note>{_escaped(value)}</note>")
        elif options.plain:
            report.add(f"not carried: {name}", id)
        else:
            report.add(f"in a property that only tongwen understands: {name}")
            found.append(f'{indent}<prop type="{_PROPERTY}{name}">{_escaped(value)}</prop>')
    return found
