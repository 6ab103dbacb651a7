"""TBX: ISO 30042 of 2008 (martif, version 2) and of 2019 (version 3, styles DCA and DCT).

Read are both versions and both styles whatever their dialect, and the separate format TBX-Min of
2013. Written are version 2 as TBX-Basic and version 3 as Core, Min and Basic. Namespaces and the
levels at which a data category may stand are those of the module definitions of TBX-Core, Min and
Basic.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from toolkit.errors import GlossaryError
from toolkit.glossary.concept import Concept
from toolkit.glossary.exchange import tags, xml
from toolkit.glossary.exchange.options import Options, wanted
from toolkit.glossary.exchange.parcel import Draft, Report
from toolkit.glossary.exchange.properties import (
    Property,
    pack,
    read_concept,
    read_term,
    write_concept,
    write_term,
)
from toolkit.glossary.format import ALL_STATUSES, COLUMNS, concept_row, term_row
from toolkit.languages import LANGS

CORE = "urn:iso:std:iso:30042:ed-2"
MIN = "http://www.tbxinfo.net/ns/min"
BASIC = "http://www.tbxinfo.net/ns/basic"

_ENTRIES = frozenset(("termEntry", "conceptEntry", "entry"))
_SECTIONS = frozenset(("langSet", "langSec", "langGroup"))
_TERMS = frozenset(("tig", "ntig", "termSec", "termGroup"))
_GROUPS = frozenset(("descripGrp", "adminGrp", "termNoteGrp", "termGrp", "termCompList"))
_META = frozenset(("termNote", "descrip", "admin", "ref", "xref", "adminNote", "descripNote"))
# Who changed an entry, and when: our journal is the place for that.
_TRANSACTIONS = frozenset(("transacGrp", "transac", "transacNote", "date"))

# What a category is called as an element of DCA, and whose module's namespace it has in DCT.
_KINDS = {
    "subjectField": ("descrip", "min"), "administrativeStatus": ("termNote", "min"),
    "customerSubset": ("admin", "min"), "crossReference": ("ref", "basic"),
    "geographicalUsage": ("termNote", "basic"), "externalCrossReference": ("xref", "basic"),
    "source": ("admin", "basic"),
}  # fmt: skip
_DIALECTS = {
    "core": frozenset(("note",)),
    "min": frozenset(("note", "subjectField", "administrativeStatus", "customerSubset")),
    "basic": frozenset(("note", *_KINDS)),
}
_TERM_CELLS = ("status", "scope", "register", "from", "to", "flags", "note", "evidence")
_CONCEPT_CELLS = ("flags", "domain", "note")


# Reading -----------------------------------------------------------------------------------------


def is_root(root: Any) -> bool:
    """Say whether a root element is one of TBX."""
    return xml.local(root) in ("martif", "tbx", "TBX")


def read(data: bytes, name: str, report: Report) -> tuple[list[Draft], str]:
    """Return the entries of a file, and what kind of TBX it is.

    Raises:
        GlossaryError: If it is no TBX file.
    """
    root = xml.parse(data, name)
    if not is_root(root):
        raise GlossaryError(
            f"{name}:1: not a TBX file: it begins with <{xml.local(root)}>, not <martif> or <tbx>"
        )
    version = {"martif": "TBX 2", "tbx": "TBX 3", "TBX": "TBX-Min of 2013"}[xml.local(root)]
    dialect = root.get("type") or root.get("dialect") or ""
    style = f" {root.get('style').upper()}" if root.get("style") else ""
    drafts = [_entry(e, report) for e in root.iter() if xml.local(e) in _ENTRIES]
    form = f"{version}{style}" + (f", {dialect}" if dialect and dialect not in version else "")
    return drafts, form


def _entry(element: Any, report: Report) -> Draft:
    draft = Draft(id=_our_id(element.get("id") or ""), place=f"line {element.sourceline}")
    read_concept(draft, list(_properties(element, report, draft.place)), report)
    for section in element.iter():
        if xml.local(section) not in _SECTIONS:
            continue
        tag = section.get(xml.LANG) or section.get("lang") or ""
        lang = tags.language(tag)
        if lang is None:
            what = f"the language {tag!r} is not one of ours: its terms were left out"
            report.add(what if tag else "a section without a language was left out", draft.place)
            continue
        if tags.is_traditional(tag):
            report.add(f"terms of {tag} are in traditional characters, as they were", draft.place)
        read_concept(draft, list(_properties(section, report, draft.place)), report)
        for group in section.iter():
            if xml.local(group) in _TERMS:
                _term(group, lang, draft, report)
    return draft


def _our_id(id: str) -> str:
    """Return an id as it was before `_xml_id`."""
    return id[1:] if re.fullmatch(r"_[0-9][\w.-]*", id) else id


def _term(group: Any, lang: str, draft: Draft, report: Report) -> None:
    term = next((e for e in group.iter() if xml.local(e) == "term"), None)
    if term is None or not xml.text_of(term):
        report.add("a term without text was left out", f"line {group.sourceline}")
        return
    place = f"line {term.sourceline}"
    found = list(_properties(group, report, place))
    cells = read_term(found, report, place)
    draft.terms.append({"lang": lang, "term": xml.text_of(term), **cells})


def _properties(element: Any, report: Report, place: str) -> Iterator[Property]:
    """Yield what an element says of itself: not what its sections and terms say of themselves."""
    for child in element:
        name = xml.local(child)
        if not name or name in _SECTIONS or name in _TERMS or name == "term":
            continue
        if name in _TRANSACTIONS:
            report.add("who made and changed entries, and when, is not kept")
        elif name in _GROUPS:
            yield from _properties(child, report, place)
        elif name in _META:
            yield _property(child, child.get("type") or name)
        else:  # a category as an element: DCT, TBX-Min, or <note>
            yield _property(child, name)


def _property(element: Any, category: str) -> Property:
    target = element.get("target", "")
    if category == "crossReference":
        target = _our_id(target)
    return Property(category, xml.text_of(element), target)


# Writing -----------------------------------------------------------------------------------------


def write(
    concepts: Sequence[Concept], options: Options, report: Report, *, version: int
) -> bytes:
    """Write TBX of ``version`` 2 (TBX-Basic) or 3.

    Raises:
        GlossaryError: For a dialect or style that version 2 has not.
    """
    if version == 2 and (options.dialect != "basic" or options.style != "dca"):
        raise GlossaryError(
            "TBX 2 is written as TBX-Basic with categories as attributes; for Core, Min and DCT "
            "take --format tbx3"
        )
    categories = _DIALECTS[options.dialect]
    names = _V2 if version == 2 else _V3
    put = _dct if options.style == "dct" else _dca
    lines = list(_head(version, options))
    chosen = list(wanted(concepts, options, report, ALL_STATUSES))
    ids = {concept.id: _xml_id(concept.id) for concept, _ in chosen}
    for concept, terms in chosen:
        lines.append(f"   <{names['entry']} {_attribute('id', ids[concept.id])}>")
        for item in _of_concept(concept, categories, options, report, ids):
            lines.append("    " + put(item))
        for lang in LANGS:
            own = [term for term in terms if term.lang == lang]
            if not own:
                continue
            lines.append(f'    <{names["lang"]} xml:lang="{tags.code(lang, regional=False)}">')
            for term in own:
                row = dict(zip(COLUMNS, term_row(concept.id, term), strict=True))
                lines.append(f"     <{names['term']}>")
                lines.append(f"      <term>{_escaped(row['term'])}</term>")
                for item in _of_term(row, concept.id, categories, options, report):
                    lines.append("      " + put(item))
                lines.append(f"     </{names['term']}>")
            lines.append(f"    </{names['lang']}>")
        lines.append(f"   </{names['entry']}>")
    lines += ["  </body>", " </text>", f"</{names['root']}>"]
    text = "\n".join(lines) + "\n"
    return text.encode("utf-8")


_V2 = {"root": "martif", "entry": "termEntry", "lang": "langSet", "term": "tig"}
_V3 = {"root": "tbx", "entry": "conceptEntry", "lang": "langSec", "term": "termSec"}


def _head(version: int, options: Options) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    source = "<sourceDesc><p>A glossary of tongwen</p></sourceDesc>"
    if version == 2:
        yield '<martif type="TBX-Basic" xml:lang="en">'
        yield f" <martifHeader><fileDesc>{source}</fileDesc>"
        yield '  <encodingDesc><p type="XCSURI">TBXBasicXCSV02.xcs</p></encodingDesc>'
        yield " </martifHeader>"
    else:
        modules = {"core": (), "min": ("min",), "basic": ("min", "basic")}[options.dialect]
        spaces = "".join(
            f' xmlns:{name}="{uri}"'
            for name, uri in (("min", MIN), ("basic", BASIC))
            if options.style == "dct" and name in modules
        )
        dialect = f"TBX-{options.dialect.capitalize()}"
        yield (f'<tbx type="{dialect}" style="{options.style}" xml:lang="en" xmlns="{CORE}"'
               f"{spaces}>")  # fmt: skip
        yield f" <tbxHeader><fileDesc>{source}</fileDesc></tbxHeader>"
    yield " <text>"
    yield "  <body>"


def _of_concept(
    concept: Concept, categories: frozenset[str], options: Options, report: Report,
    ids: dict[str, str],
) -> list[Property]:
    row = dict(zip(COLUMNS, concept_row(concept), strict=True))
    # A reference must point to an entry of this file.
    inside = [(kind, target) for kind, target in concept.relations if target in ids]
    found = [
        item for item in write_concept(concept.domain, concept.note, inside)
        if item.category in categories
    ]  # fmt: skip
    draft = read_concept(Draft(), found)
    relations = ",".join(f"{kind}={target}" for kind, target in draft.relations)
    read = {"domain": draft.domain, "note": draft.note, "flags": relations}
    found = [
        Property(item.category, item.text, ids.get(item.target, item.target)) for item in found
    ]
    return _with_rest(found, row, read, _CONCEPT_CELLS, concept.id, options, report)


def _of_term(
    row: dict[str, str], id: str, categories: frozenset[str], options: Options, report: Report
) -> list[Property]:
    found = [item for item in write_term(row) if item.category in categories]
    return _with_rest(found, row, read_term(found), _TERM_CELLS, id, options, report)


def _with_rest(
    found: list[Property], row: dict[str, str], read: dict[str, str], names: Sequence[str],
    id: str, options: Options, report: Report,
) -> list[Property]:  # fmt: skip
    rest = pack(row, read, names)
    # That a form was never seen is what a reader takes for granted of a form without a source.
    told = [name for name in names if row[name] != read.get(name, "") and row[name]]
    if rest is not None:
        for name in told:
            what = {"from": "first day", "to": "last day"}.get(name, name)
            how = "not carried" if options.plain else "in a note that only tongwen understands"
            report.add(f"{how}: {what}", id)
        if not options.plain:
            return [*_plain_notes_last(found), rest]
    return _plain_notes_last(found)


def _plain_notes_last(found: list[Property]) -> list[Property]:
    return sorted(found, key=lambda item: (item.category == "note", _order(item.category)))


def _order(category: str) -> int:
    """In a tig of version 2 term notes come before all else."""
    return 0 if _KINDS.get(category, ("",))[0] == "termNote" else 1


def _dca(item: Property) -> str:
    if item.category == "note":
        return f"<note>{_escaped(item.text)}</note>"
    kind = _KINDS[item.category][0]
    target = f" {_attribute('target', item.target)}" if item.target else ""
    return f'<{kind} type="{item.category}"{target}>{_escaped(item.text)}</{kind}>'


def _dct(item: Property) -> str:
    if item.category == "note":
        return f"<note>{_escaped(item.text)}</note>"
    name = f"{_KINDS[item.category][1]}:{item.category}"
    target = f" {_attribute('target', item.target)}" if item.target else ""
    return f"<{name}{target}>{_escaped(item.text)}</{name}>"


def _escaped(text: str) -> str:
    text = xml.writable(text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _attribute(name: str, value: str) -> str:
    return f'{name}="{_escaped(value).replace(chr(34), "&quot;")}"'


def _xml_id(id: str) -> str:
    """Return an id as XML can have it: one that begins with a digit gets a low line before it."""
    return id if id[0].isalpha() else f"_{id}"


