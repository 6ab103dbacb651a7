"""What an entry or a term says in data categories, and how our cells read it.

A property is a category, a text and a target. Writers turn cells into properties, read them back
with the same functions as the readers, and pack the rest into a note: so nothing is lost that a
note can hold.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from toolkit.glossary.exchange.parcel import Draft, Report, status_of
from toolkit.glossary.format import COLUMNS, RELATIONS, UNVERIFIED

PACKED = "tongwen "  # begins a note that holds what the format has no place for, as JSON
_PACKABLE = frozenset(COLUMNS) - {"concept", "lang"}
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)
_STATUS_CATEGORIES = frozenset(
    ("administrativeStatus", "normativeAuthorization", "termStatus", "processStatus", "x-status",
     "usageStatus", "status")
)  # fmt: skip
_TEXTS = ("definition", "context", "explanation", "example", "sampleSentence", "usageNote",
          "projectSubset", "customer")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Property:
    """A data category with its text; ``target`` is where a reference points."""

    category: str
    text: str
    target: str = ""


def read_term(
    found: Sequence[Property], report: Report | None = None, place: str = ""
) -> dict[str, str]:
    """Return the cells that the properties of a term say; ``evidence`` is always among them."""
    cells: dict[str, str] = {}
    notes: list[str] = []
    evidence: list[str] = []
    packed: dict[str, str] = {}
    for item in found:
        name, text = item.category, item.text.strip()
        if name == "note":
            inside = unpack(text)
            if inside is None:
                notes.append(text)
            else:
                packed.update(inside)
        elif name in _STATUS_CATEGORIES:
            status = status_of(text)
            if status and "status" not in cells:
                cells["status"] = status
            elif status is None and report:
                report.add(f"the status {text!r} is not known and was left out", place)
        elif name == "geographicalUsage":
            codes = [code.strip() for code in re.split("[,;]", text)]
            if all(re.fullmatch("[A-Z]{2}", code) for code in codes):
                cells["scope"] = ",".join(codes)
            elif text:
                notes.append(text)
        elif name in ("customerSubset", "register") and text in ("cn", "ru"):
            cells["register"] = text
        elif name in ("externalCrossReference", "xSource") and (item.target or text):
            _cite(item.target or text, evidence, notes)
        elif name == "source" and text:
            _cite(text, evidence, notes)
        elif name in _TEXTS or name == "customerSubset":
            notes.append(f"{name}: {text}")
        elif report and text:
            report.add(f"{name} is not kept", place)
    cells["note"] = "; ".join(filter(None, notes))
    cells["evidence"] = " ".join(evidence) or UNVERIFIED
    cells.update(packed)
    return cells


def _cite(text: str, evidence: list[str], notes: list[str]) -> None:
    """Take a source as evidence if it can be one: no spaces."""
    if text.split() == [text]:
        evidence.append(text)
    elif _ADDRESS.findall(text):
        evidence.extend(_ADDRESS.findall(text))
        notes.append(f"source: {text}")
    else:
        notes.append(f"source: {text}")


def read_concept(
    draft: Draft, found: Sequence[Property], report: Report | None = None
) -> Draft:
    """Add what the properties of an entry say to a draft."""
    notes = [draft.note] if draft.note else []
    packed: dict[str, str] = {}
    for item in found:
        name, text = item.category, item.text.strip()
        if name == "note":
            inside = unpack(text)
            if inside is None:
                notes.append(text)
            else:
                packed.update(inside)
        elif name in ("subjectField", "domain"):
            if draft.domain and text and text != draft.domain and report:
                report.add("a second subject field went into the note", draft.place or draft.id)
                notes.append(f"{name}: {text}")
            draft.domain = draft.domain or text
        elif name == "crossReference" and item.target:
            kind = text if text in RELATIONS else "see"
            draft.relations.append((kind, item.target))
        elif name in ("definition", "explanation") and text:
            notes.append(f"{name}: {text}" if notes else text)
        elif name in (*_TEXTS, "source", "externalCrossReference") and (text or item.target):
            notes.append(f"{name}: {item.target or text}")
        elif report and text:
            report.add(f"{name} is not kept", draft.place or draft.id)
    draft.note = packed.get("note", "; ".join(filter(None, notes)))
    draft.domain = packed.get("domain", draft.domain)
    if "flags" in packed:
        draft.relations = [
            (kind, target)
            for item in filter(None, packed["flags"].split(","))
            for kind, _, target in [item.partition("=")]
        ]
    return draft


def write_concept(domain: str, note: str, relations: Sequence[tuple[str, str]]) -> list[Property]:
    """Return the properties of a concept in the categories of TBX-Basic."""
    found = [Property("subjectField", domain)]
    found += [Property("crossReference", kind, target) for kind, target in relations]
    if note:
        found.append(Property("note", note))
    return found


_ISO = {
    "preferred": "preferredTerm", "admitted": "admittedTerm", "deprecated": "deprecatedTerm",
    "forbidden": "deprecatedTerm",
}  # fmt: skip


def write_term(row: dict[str, str]) -> list[Property]:
    """Return the properties of a term's row in the categories of TBX-Basic."""
    found = []
    if row["status"] in _ISO:
        found.append(Property("administrativeStatus", f"{_ISO[row['status']]}-admn-sts"))
    if row["scope"]:
        found.append(Property("geographicalUsage", row["scope"].replace(",", ", ")))
    if row["register"]:
        found.append(Property("customerSubset", row["register"]))
    for item in row["evidence"].split():
        if _ADDRESS.fullmatch(item):
            found.append(Property("externalCrossReference", item, item))
        elif item != UNVERIFIED:
            found.append(Property("source", item))
    if row["note"]:
        found.append(Property("note", row["note"]))
    return found


def pack(row: dict[str, str], read: dict[str, str], names: Sequence[str]) -> Property | None:
    """Return the note for what ``read`` does not say of ``row``; None where it says all."""
    rest = {name: row[name] for name in names if row[name] != read.get(name, "")}
    return Property("note", PACKED + json.dumps(rest, ensure_ascii=False)) if rest else None


def unpack(text: str) -> dict[str, str] | None:
    """Return what `pack` put into a note; None for another note."""
    if not text.startswith(PACKED + "{"):
        return None
    try:
        found = json.loads(text[len(PACKED) :])
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not set(found) <= _PACKABLE:
        return None
    return found if all(isinstance(value, str) for value in found.values()) else None
