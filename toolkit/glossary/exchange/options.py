"""How a glossary is to be written, and the account of what is lost."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from toolkit.errors import GlossaryError
from toolkit.glossary.concept import Concept, Term
from toolkit.glossary.exchange.cells import is_formula, neutralise
from toolkit.glossary.exchange.parcel import Report
from toolkit.glossary.format import COLUMNS, concept_row, term_row
from toolkit.languages import LANGS, NAMES

_WHAT = {
    "scope": "countries", "register": "whose texts use it", "from": "first days of validity",
    "to": "last days of validity", "flags": "flags", "evidence": "sources",
    "note": "notes on terms",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Options:
    """What is written, and how.

    Args:
        langs: In order; the first is the source where a format has one.
        statuses: None is what the format is for.
        plain: Put nothing of ours into notes or properties where a format has no place for it.
        raw: Leave cells that begin like formulas as they are.
        table: "csv" or "tsv", where a format knows both.
        style: Of TBX 3: "dca" or "dct". dialect: "basic", "min" or "core".
    """

    langs: tuple[str, ...] = LANGS
    statuses: tuple[str, ...] | None = None
    plain: bool = False
    raw: bool = False
    table: str = "csv"
    style: str = "dca"
    dialect: str = "basic"

    @property
    def delimiter(self) -> str:
        return "\t" if self.table == "tsv" else ","

    @property
    def newline(self) -> str:
        return "\n" if self.table == "tsv" else "\r\n"

    def cell(self, value: str, report: Report) -> str:
        """Return a cell that no spreadsheet runs, unless told to leave it alone."""
        if not is_formula(value):
            return value
        if self.raw:
            report.add("a cell begins like a formula and was written as it is", value[:30])
            return value
        report.add(
            "a cell begins like a formula and was written with an apostrophe before it, which "
            "import takes away (--raw-cells leaves it out)", value[:30],
        )  # fmt: skip
        return neutralise(value)

    def pair(self, what: str) -> tuple[str, str]:
        """Return the two languages of a bilingual format.

        Raises:
            GlossaryError: If there are not two.
        """
        if len(self.langs) != 2:
            raise GlossaryError(f"{what} holds two languages; name them with --langs zh,ru")
        return self.langs[0], self.langs[1]


def wanted(
    concepts: Iterable[Concept], options: Options, report: Report, default: tuple[str, ...]
) -> Iterator[tuple[Concept, tuple[Term, ...]]]:
    """Yield the concepts with those of their terms that are to be written; count the others."""
    statuses = options.statuses or default
    for concept in concepts:
        terms = []
        for term in concept.terms:
            if term.lang not in options.langs:
                continue
            if term.status in statuses:
                terms.append(term)
            else:
                report.add(f"not written: {term.status} terms", concept.id)
        if terms:
            yield concept, tuple(terms)
        else:
            report.add("not written: concepts without a term to write", concept.id)


def pairs(
    concepts: Iterable[Concept], source: str, target: str, options: Options, report: Report
) -> Iterator[tuple[str, str, Concept]]:
    """Yield what a bilingual list for machines holds: each source term with the preferred target.

    Frames with slots and forms that demand no equivalent are left out, since a machine would put
    them everywhere; a source that stands twice is kept once, since services refuse the file.
    """
    seen: dict[str, str] = {}
    two = Options(langs=(source, target), statuses=options.statuses)
    for concept, terms in wanted(concepts, two, report, ("preferred", "admitted")):
        goal = concept.preferred(target)
        if goal is None:
            report.add(f"not written: concepts without a {NAMES[target]} term", concept.id)
            continue
        for term in terms:
            if term.lang != source:
                if term is not goal:
                    report.add(f"not written: {term.status} terms of the target", concept.id)
            elif "…" in term.text or "…" in goal.text:
                report.add("not written: frames with slots", concept.id)
            elif "accept-only" in term.flags:
                report.add("not written: forms that demand no equivalent (accept-only)",
                           concept.id)  # fmt: skip
            elif term.text in seen:
                if seen[term.text] != goal.text:
                    report.add(f"not written: a second equivalent of one term ({term.text})",
                               concept.id)  # fmt: skip
            else:
                seen[term.text] = goal.text
                yield term.text, goal.text, concept


def account(
    concepts: Iterable[Concept], options: Options, report: Report, carried: Iterable[str]
) -> None:
    """Count the cells that a format has no column for: ``carried`` are those it has."""
    carried = set(carried)
    for concept in concepts:
        own = dict(zip(COLUMNS, concept_row(concept), strict=True))
        for name, what in (("domain", "domains"), ("note", "notes on concepts"),
                           ("flags", "relations")):  # fmt: skip
            if own[name] and f"concept {name}" not in carried:
                report.add(f"not carried: {what}")
        for term in concept.terms:
            if term.lang not in options.langs:
                continue
            row = dict(zip(COLUMNS, term_row(concept.id, term), strict=True))
            for name, what in _WHAT.items():
                if row[name] and name not in carried:
                    report.add(f"not carried: {what}")
    if "id" not in carried:
        report.add("not carried: the ids of concepts")


ALL_COLUMNS = (*_WHAT, "id", "concept domain", "concept note", "concept flags")
