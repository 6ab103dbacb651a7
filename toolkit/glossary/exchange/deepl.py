"""Glossaries of DeepL: source and target; in CSV also the codes of their languages, row by row.

Source of the shape: DeepL's documentation of glossary formats (no header, quotes doubled, each
source text once a language pair, 1,024 bytes a text).
"""

from collections.abc import Sequence

from toolkit.glossary.concept import Concept
from toolkit.glossary.exchange import delimited, tags
from toolkit.glossary.exchange.cells import restore
from toolkit.glossary.exchange.delimited import Row
from toolkit.glossary.exchange.options import Options, account, pairs
from toolkit.glossary.exchange.parcel import Draft, Report

_MOST_BYTES = 1024


def is_shape(rows: Sequence[Row]) -> bool:
    """Say whether every row is source, target and two language codes, a header apart."""
    body = rows[1:] if rows and _is_header(rows[0]) else rows
    return bool(body) and all(
        len(row.cells) == 4 and tags.is_code(row.cells[2]) and tags.is_code(row.cells[3])
        for row in body
    )


def _is_header(row: Row) -> bool:
    """Say whether a person has put names of columns over a file that has none."""
    return len(row.cells) == 4 and row.cells[2].strip().lower().startswith(("source", "target"))


def drafts(rows: Sequence[Row], report: Report) -> list[Draft]:
    """Return an entry a row; rows of one source text in one language are one entry."""
    found: dict[tuple[str, str], Draft] = {}
    for row in rows[_is_header(rows[0]) :]:
        place = f"line {row.line}"
        if len(row.cells) != 4:
            report.add("a row without four cells was left out", place)
            continue
        source, target, *codes = (restore(cell) for cell in row.cells)
        langs = [tags.language(code) for code in codes]
        sides = [(lang, text) for lang, text in zip(langs, (source, target), strict=True) if lang]
        if len(sides) < 2:
            report.add("a row with a language that is not ours lost that side", place)
            if not sides:
                continue
        key = (langs[0] or "", source)
        draft = found.setdefault(key, Draft(place=place))
        for lang, text in sides:
            if {"lang": lang, "term": text} not in draft.terms:
                draft.terms.append({"lang": lang, "term": text})
    return list(found.values())


def write(concepts: Sequence[Concept], options: Options, report: Report) -> str:
    """Write a glossary of DeepL: the first language to each of the others (TSV: to one)."""
    source, *targets = options.langs
    if options.table == "tsv":
        targets = [options.pair("a TSV glossary of DeepL")[1]]
    rows = []
    for target in targets:
        for left, right, concept in pairs(concepts, source, target, options, report):
            if max(len(left.encode()), len(right.encode())) > _MOST_BYTES:
                report.add(f"not written: texts over {_MOST_BYTES} bytes", concept.id)
                continue
            codes = [] if options.table == "tsv" else [source, target]
            rows.append([options.cell(left, report), options.cell(right, report), *codes])
    account(concepts, options, report, ())
    return delimited.join(rows, options.delimiter, newline=options.newline)
