"""Tables for people: the whole glossary, one term a row; or a list, one concept a row."""

from collections.abc import Sequence

from toolkit.glossary.concept import Concept, Glossary
from toolkit.glossary.exchange import delimited
from toolkit.glossary.exchange.google import equivalents
from toolkit.glossary.exchange.options import Options, account, wanted
from toolkit.glossary.exchange.parcel import Report
from toolkit.glossary.format import ALL_STATUSES, COLUMNS, format_rows


def rows(concepts: Sequence[Concept], options: Options, report: Report) -> list[list[str]]:
    """Return all columns of the glossary, header first; nothing is lost."""
    from dataclasses import replace

    chosen = [
        replace(concept, terms=terms)
        for concept, terms in wanted(concepts, options, report, ALL_STATUSES)
    ]
    return [list(COLUMNS), *map(list, format_rows(Glossary(tuple(chosen))))]


def write(concepts: Sequence[Concept], options: Options, report: Report) -> str:
    """Write the whole glossary as CSV or TSV."""
    table = [
        [options.cell(cell, report) for cell in row] for row in rows(concepts, options, report)
    ]
    return delimited.join(table, options.delimiter, newline=options.newline)


def write_list(concepts: Sequence[Concept], options: Options, report: Report) -> str:
    """Write a list: the preferred term of each language, a concept a row, codes as header."""
    account(concepts, options, report, ())
    table = [list(options.langs), *equivalents(concepts, options, report)]
    return delimited.join(table, options.delimiter, newline=options.newline)
