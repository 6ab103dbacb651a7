"""Load glossary files: one or several, from a cache where their content is known."""

import datetime
import gc
import marshal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from toolkit import shipped
from toolkit.errors import GlossaryError
from toolkit.files import read_text
from toolkit.glossary import cache
from toolkit.glossary.concept import PROPOSED, Concept, Glossary, Term
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
_KIND = "concepts-4"


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
    doubtful: set[str] = set()
    digests = []
    with no_collection():
        for path in files:
            file = read_text(path)
            found = content(file.text, file.path)
            doubtful |= found.lacking
            digests.append(found.digest)
            for concept in found.concepts:
                if not proposed and concept.id in found.proposed:
                    concept = next(iter(settled([concept])), None)
                    if concept is None:
                        continue
                earlier = concepts.get(concept.id)
                if earlier:
                    concept = _merge(earlier, concept)
                    doubtful.add(concept.id)
                concepts[concept.id] = concept
        source = ", ".join(str(path) for path in files)
        if doubtful:
            for concept in concepts.values():
                if concept.id in doubtful and (lang := _lacking(concept)):
                    line = next(term.line for term in concept.terms if term.lang == lang)
                    place = f"{source}:{line}" if len(files) == 1 else source
                    raise GlossaryError(
                        f"{place}: the concept {concept.id} has no preferred {NAMES[lang]} term; "
                        f"give one of its {lang} terms the status preferred"
                    )
        digest = cache.digest(*digests, "proposed" if proposed else "")
        glossary = Glossary(tuple(concepts.values()), source)
        object.__setattr__(glossary, "digest", digest)
        return glossary


def shipped_files() -> list[Path]:
    """Return the paths of the glossaries that travel with the program, in order of names."""
    return sorted(shipped.path("glossaries").glob("*.tsv"))


def _lacking(concept: Concept) -> str:
    """Return the first language that has terms and no preferred one, "" if none."""
    spoken, preferred = set(), set()
    for term in concept.terms:
        if term.status == "preferred":
            preferred.add(term.lang)
        elif term.status != PROPOSED:
            spoken.add(term.lang)
    return next((lang for lang in LANGS if lang in spoken - preferred), "")


@dataclass(frozen=True, slots=True)
class Stored:
    """What a file holds, proposed terms included; ids of concepts that need a second look."""

    concepts: Sequence[Concept]
    version: int
    lacking: frozenset[str]
    proposed: frozenset[str]
    digest: str


def content(text: str, source: str) -> Stored:
    """Read a file's text, or recall what an earlier run has read in the same text.

    Raises:
        GlossaryError: As `reading.read`.
    """
    digest = cache.digest(text)
    fresh: list[Sequence[Concept]] = []

    def work() -> Any:
        whole = read(text, source)
        found = whole.concepts
        fresh.append(found)
        lacking = [concept.id for concept in found if _lacking(concept)]
        proposed = [
            c.id for c in found if any(term.status == PROPOSED for term in c.terms)
        ]
        plain = [] if len(text) < cache.SMALLEST else [_plain(concept) for concept in found]
        return plain, lacking, proposed, whole.version

    if len(text) < cache.SMALLEST:
        plain, lacking, proposed, version = work()
    else:
        plain, lacking, proposed, version = cache.kept(_KIND, digest, work)
    concepts = fresh[0] if fresh else [_kept(item) for item in plain]
    return Stored(concepts, version, frozenset(lacking), frozenset(proposed), digest)


class _Kept(Concept):
    """A concept from the cache: its terms are made when they are first asked for."""

    __slots__ = ("_kept",)

    def __getattr__(self, name: str) -> Any:
        if name != "terms":
            raise AttributeError(name)
        terms = tuple(
            [
                Term(*fields)
                if fields[5] is None and fields[6] is None and len(fields) == 12
                else _dated(fields)
                for fields in marshal.loads(self._kept)
            ]
        )
        object.__setattr__(self, "terms", terms)
        return terms

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Concept) and _fields(self) == _fields(other)

    __hash__ = Concept.__hash__

    def __reduce__(self) -> tuple:
        return Concept, _fields(self)


_NAMES = ("id", "domain", "_kept", "note", "line", "relations")


def _kept(plain: tuple) -> Concept:
    concept = _Kept.__new__(_Kept)
    put = object.__setattr__
    for name, value in zip(_NAMES, plain, strict=True):
        put(concept, name, value)
    return concept


def _fields(concept: Concept) -> tuple:
    return (
        concept.id, concept.domain, concept.terms, concept.note, concept.line, concept.relations,
    )  # fmt: skip


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
    kept = marshal.dumps(terms)
    return concept.id, concept.domain, kept, concept.note, concept.line, concept.relations


def _dated(fields: tuple) -> Term:
    day = datetime.date.fromordinal
    head, start, end, tail = fields[:5], fields[5], fields[6], fields[7:12]
    slots, dates = fields[12:] or ((), ())
    return Term(
        *head, start and day(start), end and day(end), *tail, slots,
        tuple(date and day(date) for date in dates),
    )  # fmt: skip


@contextmanager
def no_collection() -> Iterator[None]:
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
