"""Load glossary files: one or several, from a cache where their content is known."""

import datetime
import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from toolkit import shipped
from toolkit.errors import GlossaryError
from toolkit.files import read_text
from toolkit.glossary import cache
from toolkit.glossary.concept import Concept, Glossary, Term
from toolkit.glossary.format import (
    COLUMNS,
    FLAGS,
    REGISTERS,
    circumstances,
    dump,
    format_rows,
)
from toolkit.glossary.reading import parse, read, settled
from toolkit.languages import LANGS, NAMES

__all__ = [
    "COLUMNS", "FLAGS", "REGISTERS", "SHIPPED", "dump", "format_rows", "load", "parse",
    "shipped_files",
]  # fmt: skip

SHIPPED = "shipped"
# Change it whenever the same text would be read into something else.
_KIND = "concepts-2"


def load(paths: Sequence[str | Path] | None = None, *, proposed: bool = False) -> Glossary:
    """Read one or several glossary files as one glossary.

    Args:
        paths: Files in rising order of authority; the word ``shipped`` stands for the shipped
            ones. None: the shipped ones. ``-`` is standard input.
        proposed: Also read proposed terms, which nothing but looking and editing should see.

    A concept that several files know is merged. There a later file has the last word: its
    preferred term makes the earlier one admitted, its row for a term replaces the earlier row of
    the same term, its domain and note replace the earlier ones unless empty.

    Raises:
        FileError: For a file that cannot be read as text.
        GlossaryError: For rows that are not glossary rows, all of them in one message (at most
            20), each with its place and the line.
    """
    files: list[Path | str] = []
    for path in [SHIPPED] if paths is None else paths:
        files.extend(shipped_files() if str(path) == SHIPPED else [path])
    concepts: dict[str, Concept] = {}
    with _no_collection():
        for path in files:
            file = read_text(path)
            found = _concepts(file.text, file.path)
            for concept in found if proposed else settled(found):
                earlier = concepts.get(concept.id)
                concepts[concept.id] = _merge(earlier, concept) if earlier else concept
        source = ", ".join(str(path) for path in files)
        for concept in concepts.values():
            _check_preferred(concept, source, len(files) == 1)
        return Glossary(tuple(concepts.values()), source)


def shipped_files() -> list[Path]:
    """Return the paths of the glossaries that travel with the program, in order of names."""
    return sorted(shipped.path("glossaries").glob("*.tsv"))


def _check_preferred(concept: Concept, source: str, has_lines: bool) -> None:
    spoken, preferred = set(), set()
    for term in concept.terms:
        if term.status == "preferred":
            preferred.add(term.lang)
        elif term.status != "proposed":
            spoken.add(term.lang)
    if spoken <= preferred:
        return
    lang = next(lang for lang in LANGS if lang in spoken - preferred)
    line = next(term.line for term in concept.terms if term.lang == lang)
    raise GlossaryError(
        f"{f'{source}:{line}' if has_lines else source}: the concept {concept.id} has no "
        f"preferred {NAMES[lang]} term; give one of its {lang} terms the status preferred"
    )


def _concepts(text: str, source: str) -> tuple[Concept, ...]:
    """Read a file's text, or what an earlier run has read in the same text."""
    if len(text) < cache.SMALLEST:
        return read(text, source).concepts
    fresh: list[tuple[Concept, ...]] = []

    def work() -> Any:
        fresh.append(read(text, source).concepts)
        return [_plain(concept) for concept in fresh[0]]

    plain = cache.kept(_KIND, cache.digest(text), work)
    return fresh[0] if fresh else tuple([_concept(item) for item in plain])


def _plain(concept: Concept) -> tuple:
    terms = []
    for term in concept.terms:
        start, end = term.valid_from, term.valid_to
        fields = (
            term.lang, term.text, term.status, term.scope, term.register,
            start and start.toordinal(), end and end.toordinal(), term.flags, term.note,
            term.evidence, term.verified, term.line,
        )  # fmt: skip
        if term.slots or term.dates:
            fields += (term.slots, tuple(date and date.toordinal() for date in term.dates))
        terms.append(fields)
    return concept.id, concept.domain, terms, concept.note, concept.line, concept.relations


def _concept(plain: tuple) -> Concept:
    id, domain, terms, note, line, relations = plain
    return Concept(
        id,
        domain,
        tuple(
            [
                Term(*fields)
                if fields[5] is None and fields[6] is None and len(fields) == 12
                else _dated(fields)
                for fields in terms
            ]
        ),
        note,
        line,
        relations,
    )


def _dated(fields: tuple) -> Term:
    day = datetime.date.fromordinal
    head, start, end, tail = fields[:5], fields[5], fields[6], fields[7:12]
    slots, dates = fields[12:] or ((), ())
    return Term(
        *head, start and day(start), end and day(end), *tail, slots,
        tuple(date and day(date) for date in dates),
    )  # fmt: skip


@contextmanager
def _no_collection() -> Iterator[None]:
    """Hold the garbage collector: it would walk a million new objects again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _merge(earlier: Concept, later: Concept) -> Concept:
    newer = {circumstances(term): term for term in later.terms}
    preferred = {term.lang for term in later.terms if term.status == "preferred"}
    terms: list[Term] = []
    for term in earlier.terms:
        if circumstances(term) in newer:
            term = newer.pop(circumstances(term))
        elif term.status == "preferred" and term.lang in preferred:
            term = replace(term, status="admitted")
        terms.append(term)
    relations = earlier.relations + tuple(
        relation for relation in later.relations if relation not in earlier.relations
    )
    return Concept(
        earlier.id,
        later.domain or earlier.domain,
        (*terms, *newer.values()),
        later.note or earlier.note,
        earlier.line,
        relations,
    )
