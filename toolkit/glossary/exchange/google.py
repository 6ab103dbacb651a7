"""Glossaries of Google's translation service: a header of language codes, a concept a row.

As TSV it is the unidirectional kind: two columns, no header.
"""

from collections.abc import Sequence

from toolkit.glossary.concept import Concept
from toolkit.glossary.exchange import delimited, tags
from toolkit.glossary.exchange.options import Options, account, pairs, wanted
from toolkit.glossary.exchange.parcel import Report


def write(concepts: Sequence[Concept], options: Options, report: Report) -> str:
    """Write equivalent terms, the preferred one of each language; as TSV, pairs."""
    account(concepts, options, report, ())
    if options.table == "tsv":
        source, target = options.pair("a TSV glossary of Google")
        rows = [
            [options.cell(left, report), options.cell(right, report)]
            for left, right, _ in pairs(concepts, source, target, options, report)
        ]
        return delimited.join(rows, "\t", newline="\n")
    return delimited.join(
        [
            [tags.code(lang, regional=lang == "zh") for lang in options.langs],
            *equivalents(concepts, options, report),
        ],
        options.delimiter,
        newline="\n",
    )


def equivalents(
    concepts: Sequence[Concept], options: Options, report: Report
) -> list[list[str]]:
    """Return a row a concept with the preferred term of each language, where two have one."""
    rows = []
    for concept, terms in wanted(concepts, options, report, ("preferred",)):
        by_lang = {}
        for term in terms:
            if term.lang in by_lang:
                report.add(f"not written: {term.status} terms beside the first one", concept.id)
            elif "…" in term.text:
                report.add("not written: frames with slots", concept.id)
            else:
                by_lang[term.lang] = options.cell(term.text, report)
        if len(by_lang) > 1:
            rows.append([by_lang.get(lang, "") for lang in options.langs])
        else:
            report.add("not written: concepts with a term in one language only", concept.id)
    return rows
