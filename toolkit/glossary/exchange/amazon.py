"""Custom terminologies of Amazon: a header of language codes, the source language first.

Each source form has a row of its own, since Amazon looks for exactly what stands there.
"""

from collections.abc import Sequence

from toolkit.glossary.concept import Concept
from toolkit.glossary.exchange import delimited
from toolkit.glossary.exchange.options import Options, account, pairs
from toolkit.glossary.exchange.parcel import Report


def write(concepts: Sequence[Concept], options: Options, report: Report) -> str:
    """Write a row for each source term, with the preferred terms of the other languages."""
    source, *targets = options.langs
    rows: dict[str, dict[str, str]] = {}
    for target in targets:
        for left, right, _ in pairs(concepts, source, target, options, report):
            rows.setdefault(left, {})[target] = right
    account(concepts, options, report, ())
    table = [list(options.langs)]
    for left, row in rows.items():
        cells = [left, *(row.get(target, "") for target in targets)]
        table.append([options.cell(cell, report) for cell in cells])
    return delimited.join(table, options.delimiter, newline="\n")
