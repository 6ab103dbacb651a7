"""Rows of a table become entries: one entry a row, or one term a row where ids tie them."""

import re
from collections.abc import Sequence

from toolkit.glossary.exchange import tags
from toolkit.glossary.exchange.cells import restore
from toolkit.glossary.exchange.columns import FIELDS, Layout
from toolkit.glossary.exchange.delimited import Row
from toolkit.glossary.exchange.parcel import Draft, Report, status_of
from toolkit.glossary.format import ALL_STATUSES
from toolkit.languages import LANGS

_TERM_FIELDS = tuple(name for name in FIELDS if name not in ("domain", "note"))


def drafts(
    rows: Sequence[Row], layout: Layout, report: Report, *, split: str = "", name: str = "line"
) -> list[Draft]:
    """Return the entries of a table.

    Args:
        split: What stands between several terms in one cell ("": a cell is one term).
        name: What a row is called in messages: ``line``, or ``row`` of a sheet.
    """
    body = rows[layout.first :]
    if {"lang", "term"} <= set(layout.roles):
        return _long(body, layout, report, name)
    found = []
    for row in body:
        place = f"{name} {row.line}"
        cells = [restore(cell) for cell in row.cells]
        if any(cell.strip() for cell in cells[len(layout.roles) :]):
            report.add("cells beyond the last column were left out", place)
        values = [
            (role, cell) for role, cell in zip(layout.roles, cells, strict=False) if cell.strip()
        ]
        draft = Draft(place=place)
        notes = []
        shared: dict[str, str] = {}
        variants: list[dict[str, str]] = []
        for role, cell in values:
            if role in LANGS:
                pieces = _pieces(cell, split)
                draft.terms.append({"lang": role, "term": pieces[0]})
                variants += [
                    {"lang": role, "term": piece, "status": "admitted"} for piece in pieces[1:]
                ]
            elif role.startswith("variants:"):
                variants += [
                    {"lang": role[-2:], "term": piece, "status": "admitted"}
                    for piece in _pieces(cell, split or ";")
                ]
            elif role == "id":
                draft.id = cell.strip()
            elif role == "domain":
                draft.domain = cell
            elif role == "note":
                notes.append(cell.strip())
            elif role == "status":
                shared["status"] = _status(cell, report, place)
            elif role in _TERM_FIELDS:
                shared[role] = cell
        draft.note = "; ".join(notes)
        draft.terms += variants
        for term in draft.terms:
            for key, value in shared.items():
                if value:
                    term.setdefault(key, value)
        if draft.terms or values:
            found.append(draft)
    return found


def _long(rows: Sequence[Row], layout: Layout, report: Report, name: str) -> list[Draft]:
    """Read one term a row; rows of one id are one entry, a row with * as language is its own."""
    found: dict[str, Draft] = {}
    for row in rows:
        place = f"{name} {row.line}"
        values: dict[str, str] = {}
        for role, cell in zip(layout.roles, map(restore, row.cells), strict=False):
            if role != "-" and cell.strip() and role not in values:
                values[role] = cell.strip()
        id = values.pop("id", "")
        draft = found.setdefault(id or f"\0{row.line}", Draft(id=id, place=place))
        lang = values.pop("lang", "")
        if values.get("domain"):
            draft.domain = draft.domain or values.pop("domain")
        values.pop("domain", None)
        if lang == "*":
            draft.note = values.get("note", draft.note)
            for item in filter(None, map(str.strip, values.get("flags", "").split(","))):
                kind, _, target = item.partition("=")
                draft.relations.append((kind, target))
            continue
        own = tags.language(lang)
        if own is None:
            report.add(f"the language {lang!r} is not one of ours: its terms were left out"
                       if lang else "a row without a language was left out", place)  # fmt: skip
            continue
        if "status" in values:
            values["status"] = _status(values["status"], report, place)
        if "evidence" in layout.roles:  # an empty cell says: seen, but not where
            values.setdefault("evidence", "")
        draft.terms.append({**values, "lang": own})
    return list(found.values())


def _status(cell: str, report: Report, place: str) -> str:
    word = cell.strip().lower()
    if word in ALL_STATUSES:
        return word
    if word in ("true", "yes", "1", "x", "да", "是"):  # of a column "Forbidden"
        return "forbidden"
    if word in ("false", "no", "0", "нет", "否"):
        return ""
    found = status_of(cell)
    if found is None:
        report.add(f"the status {cell.strip()!r} is not known and was left out", place)
    return found or ""


def _pieces(cell: str, split: str) -> list[str]:
    if not split:
        return [cell]
    wide = {";": ";；", ",": ",，、", "/": "/／", "|": "|｜"}.get(split)
    parts = re.split(f"[{re.escape(wide)}]", cell) if wide else cell.split(split)
    return [part.strip() for part in parts if part.strip()] or [cell]
