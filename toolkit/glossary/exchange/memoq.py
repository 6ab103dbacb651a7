"""Term bases of memoQ as CSV: entry columns, then for each language its terms with their info.

Source of the shape: memoQ's API documentation of term bases in CSV (order of columns, names of
entry columns, one entry a line, ``;`` between cells).
"""

import re
from collections.abc import Sequence

from toolkit.glossary.concept import Concept
from toolkit.glossary.exchange import delimited, tags
from toolkit.glossary.exchange.cells import restore
from toolkit.glossary.exchange.delimited import Row
from toolkit.glossary.exchange.options import Options, account, wanted
from toolkit.glossary.exchange.parcel import Draft, Report
from toolkit.languages import LANGS

_ENTRY = (
    "Entry_ID", "Entry_Subject", "Entry_Domain", "Entry_ClientID", "Entry_ProjectID",
    "Entry_Created", "Entry_Creator", "Entry_LastModified", "Entry_Modifier", "Entry_Note",
)  # fmt: skip
_COLUMNS = {"zh": "Chinese_PRC", "ru": "Russian", "en": "English"}
_READ = frozenset(("id", "subject", "domain", "note", "projectid"))


def is_shape(rows: Sequence[Row]) -> bool:
    """Say whether the first row is a header of memoQ."""
    if not rows:
        return False
    names = [cell.strip().lower() for cell in rows[0].cells]
    return any(name.startswith("entry_") for name in names) or "term_info" in names


def drafts(rows: Sequence[Row], report: Report) -> list[Draft]:
    """Return an entry a row; the first term is preferred, one that its info forbids forbidden."""
    names = [cell.strip() for cell in rows[0].cells]
    columns: list[tuple[str, str]] = []
    lang = None
    for name in names:
        lowered = name.lower()
        if lowered.startswith("entry_"):
            kind = lowered.removeprefix("entry_")
            columns.append(("entry", kind if kind in _READ else ""))
            if kind not in _READ:
                lang = None
        elif lowered in ("term_info", "term_example") or lowered.startswith("term_"):
            columns.append((lowered, lang or ""))
        elif lowered.endswith(("_def", "_definition")):
            lang = tags.language(re.sub("_def(inition)?$", "", name, flags=re.IGNORECASE))
            columns.append(("definition", lang or ""))
        else:
            lang = tags.language(name)
            columns.append(("term", lang or ""))
            if not lang and name:
                report.add(f"the column {name} is not one of ours and was left out")
    return [_draft(row, columns, report) for row in rows[1:]]


def _draft(row: Row, columns: list[tuple[str, str]], report: Report) -> Draft:
    draft = Draft(place=f"line {row.line}")
    notes: list[str] = []
    subject = ""
    for (kind, what), raw in zip(columns, row.cells, strict=False):
        cell = restore(raw).strip()
        if not cell:
            continue
        if kind == "entry":
            if what == "note":
                notes.insert(0, cell)
            elif what == "domain":
                draft.domain = cell
            elif what == "subject":
                subject = cell
            elif what == "projectid" and not draft.id:
                draft.id = cell if re.fullmatch("[a-z][a-z0-9_.-]*", cell) else ""
            elif not what:
                report.add("who made and changed entries, and when, is not kept")
        elif kind == "definition" and what:
            notes.append(cell)
        elif kind == "term" and what in LANGS:
            draft.terms.append({"lang": what, "term": cell})
        elif kind == "term_info" and what and draft.terms and draft.terms[-1]["lang"] == what:
            _inform(draft.terms[-1], cell)
        elif kind == "term_example" and what and draft.terms:
            draft.terms[-1]["note"] = cell
    draft.domain = draft.domain or subject
    draft.note = "; ".join(notes)
    return draft


def _inform(term: dict[str, str], info: str) -> None:
    """Read what memoQ says of a term: words between semicolons."""
    words = {re.sub(r"[^a-z]", "", word.lower()) for word in re.split("[;,|]", info)}
    if words & {"forbidden", "isforbidden", "forbiddentrue"}:
        term["status"] = "forbidden"
    if any(word.startswith(("casesens", "caseyes")) for word in words):
        term["flags"] = "case"


def write(concepts: Sequence[Concept], options: Options, report: Report) -> str:
    """Write a term base: preferred terms first, forbidden ones marked so.

    Our ids stand as the project's, since memoQ numbers its entries itself.
    """
    chosen = list(wanted(concepts, options, report, ("preferred", "admitted", "forbidden")))
    most = {
        lang: max((sum(t.lang == lang for t in terms) for _, terms in chosen), default=0)
        for lang in options.langs
    }
    header = list(_ENTRY)
    for lang in options.langs:
        name = _COLUMNS[lang]
        header += [f"{name}_Def", *[name, "Term_Info", "Term_Example"] * max(1, most[lang])]
    account(concepts, options, report, ("id", "concept domain", "concept note", "note", "flags"))
    table = [header]
    for number, (concept, terms) in enumerate(chosen, 1):
        row = [str(number), "", concept.domain, "", concept.id, "", "", "", "", concept.note]
        for lang in options.langs:
            row.append("")
            own = sorted((t for t in terms if t.lang == lang), key=_rank)
            for term in own:
                if term.flags - {"case"}:
                    report.add("not carried: flags other than case", concept.id)
                info = ["CaseSense"] if "case" in term.flags else []
                info += ["Forbidden"] if term.status == "forbidden" else []
                row += [term.text, ";".join(info), term.note]
            row += [""] * 3 * (max(1, most[lang]) - len(own))
        table.append([options.cell(cell, report) for cell in row])
    delimiter = "\t" if options.table == "tsv" else ";"
    return delimited.join(table, delimiter, newline=options.newline)


def _rank(term) -> int:
    return ("preferred", "admitted", "deprecated", "proposed", "forbidden").index(term.status)
