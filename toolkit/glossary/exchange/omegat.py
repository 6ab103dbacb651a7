"""Glossaries of OmegaT: tab-separated source, target and comment; # begins a comment line."""

from collections.abc import Sequence

from toolkit.glossary.concept import Concept
from toolkit.glossary.exchange.options import Options, account, pairs
from toolkit.glossary.exchange.parcel import Report


def write(concepts: Sequence[Concept], options: Options, report: Report) -> str:
    """Write pairs with the concept's note; OmegaT takes cells as they are, without quotes."""
    source, target = options.pair("a glossary of OmegaT")
    account(concepts, options, report, ("concept note",))
    lines = [f"# {source}\t{target}\n"]
    for left, right, concept in pairs(concepts, source, target, options, report):
        cells = [options.cell(left, report), options.cell(right, report)]
        if cells[0].startswith("#"):
            report.add("not written: a term that OmegaT takes for a comment", concept.id)
            continue
        if concept.note:
            cells.append(options.cell(concept.note, report))
        lines.append("\t".join(cells) + "\n")
    return "".join(lines)
