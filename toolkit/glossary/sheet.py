"""A glossary file under edit: lines that nobody changes stay as they are, to the character."""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from toolkit.errors import GlossaryError
from toolkit.glossary.concept import PROPOSED, Concept, Term
from toolkit.glossary.format import (
    COLUMNS,
    LINE_END,
    MARK,
    VERSION,
    circumstances,
    concept_row,
    format_line,
    term_row,
)
from toolkit.glossary.reading import is_comment, read
from toolkit.glossary.rows import cells
from toolkit.languages import LANGS

_CONTEXT = 3  # lines around a change in a diff, as everywhere


@dataclass(slots=True, eq=False)
class _Line:
    """A line with its end; ``old`` is None for a new one, ``new`` None for one taken out."""

    old: str | None
    new: str | None


@dataclass(slots=True)
class _Entry:
    """A concept, its own line, and the lines of its terms."""

    concept: Concept
    own: _Line
    lines: list[_Line]


class Sheet:
    """Change concepts and terms of one file; `text` gives the file afterwards.

    Methods raise GlossaryError for what cannot be done, and ValueError for a value that no cell
    can hold; a sheet that raised is to be thrown away. What they leave is to be read again before
    it is written (`change.change` does both): cells are not judged here.
    """

    def __init__(self, text: str, source: str = "text", *, lenient: bool = False) -> None:
        """Read ``text``, proposed terms included; ``lenient`` leaves rows that cannot be read.

        Raises:
            GlossaryError: As `reading.read`.
        """
        content = read(text, source, lenient=lenient)
        self.source = source
        self.version = content.version
        ends = LINE_END.findall(text)
        self._end = ends[0] if ends else "\n"
        bodies = LINE_END.split(text)
        pairs = zip(bodies, [*ends, ""], strict=True)
        self._lines = [_Line(body + end, body + end) for body, end in pairs]
        if not bodies[-1]:
            self._lines.pop()
        # New lines by the line they follow; None: before the first.
        self._after: dict[_Line | None, list[_Line]] = {}
        self._entries = {
            concept.id: _Entry(
                concept,
                self._lines[concept.line - 1],
                [self._lines[term.line - 1] for term in concept.terms],
            )
            for concept in content.concepts
        }

    @property
    def ids(self) -> list[str]:
        return list(self._entries)

    def concept(self, id: str) -> Concept:
        """Return a concept as it is now.

        Raises:
            GlossaryError: If the file has none of this id.
        """
        return self._entry(id).concept

    def concepts(self) -> tuple[Concept, ...]:
        """Return all concepts as they are now, new ones last."""
        return tuple(entry.concept for entry in self._entries.values())

    def __contains__(self, id: str) -> bool:
        return id in self._entries

    # Changes.

    def add_concept(self, concept: Concept) -> None:
        """Add a concept with its terms at the end of the file."""
        if concept.id in self._entries:
            raise GlossaryError(
                f"{self.source}: there is a concept {concept.id} already; choose another id, or "
                "add terms to it"
            )
        self._needs_version(bool(concept.relations), *concept.terms)
        last = self._lines[-1]
        own = self._new_line(concept_row(concept))
        entry = _Entry(replace(concept, terms=()), own, [])
        self._insert(last, own, at_end=True)
        self._entries[concept.id] = entry
        for term in concept.terms:
            self.add_term(concept.id, term)

    def add_term(self, id: str, term: Term) -> None:
        """Add a term behind those of its language."""
        entry = self._entry(id)
        self._check_new(entry.concept, term)
        self._needs_version(False, term)
        terms = list(entry.concept.terms)
        place = len(terms)
        order = LANGS.index(term.lang)
        while place and LANGS.index(terms[place - 1].lang) > order:
            place -= 1
        line = self._new_line(term_row(id, term))
        self._insert(entry.lines[place - 1] if place else entry.own, line)
        terms.insert(place, term)
        entry.lines.insert(place, line)
        entry.concept = replace(entry.concept, terms=tuple(terms))

    def set_term(self, id: str, term: Term, new: Term) -> None:
        """Replace a term; only the cells that differ are written anew."""
        entry = self._entry(id)
        number = self._number(entry.concept, term)
        others = (*entry.concept.terms[:number], *entry.concept.terms[number + 1 :])
        self._check_new(replace(entry.concept, terms=others), new)
        self._needs_version(False, new)
        if new.lang != term.lang:
            raise GlossaryError(f"{self.source}: a term keeps its language; add another instead")
        terms = list(entry.concept.terms)
        terms[number] = new
        self._rewrite(entry.lines[number], term_row(id, term), term_row(id, new))
        entry.concept = replace(entry.concept, terms=tuple(terms))

    def set_concept(
        self,
        id: str,
        *,
        domain: str | None = None,
        note: str | None = None,
        relations: Sequence[tuple[str, str]] | None = None,
    ) -> None:
        """Change what a concept's own row says; None leaves a cell as it is."""
        entry = self._entry(id)
        old = entry.concept
        new = replace(
            old,
            domain=old.domain if domain is None else domain,
            note=old.note if note is None else note,
            relations=old.relations if relations is None else tuple(relations),
        )
        self._needs_version(bool(new.relations))
        self._rewrite(entry.own, concept_row(old), concept_row(new))
        if new.domain != old.domain:
            # A term's row may repeat the domain; it must not contradict.
            for line in entry.lines:
                self._blank(line, COLUMNS.index("domain"))
        entry.concept = new

    def remove_term(self, id: str, term: Term) -> None:
        """Take a term's line out."""
        entry = self._entry(id)
        number = self._number(entry.concept, term)
        entry.lines.pop(number).new = None
        terms = entry.concept.terms
        entry.concept = replace(entry.concept, terms=(*terms[:number], *terms[number + 1 :]))

    def remove_concept(self, id: str) -> None:
        """Take a concept's lines out; comments between them stay."""
        entry = self._entry(id)
        for line in (entry.own, *entry.lines):
            line.new = None
        del self._entries[id]

    def rename(self, old: str, new: str) -> None:
        """Give a concept another id, in its rows and in relations to it."""
        entry = self._entry(old)
        if new in self._entries:
            raise GlossaryError(f"{self.source}: there is a concept {new} already")
        for line in (entry.own, *entry.lines):
            self._set_cell(line, 0, new)
        entry.concept = replace(entry.concept, id=new)
        self._entries = {new if id == old else id: e for id, e in self._entries.items()}
        for id, other in self._entries.items():
            if any(target == old for _, target in other.concept.relations):
                relations = [
                    (kind, new if target == old else target)
                    for kind, target in other.concept.relations
                ]
                self.set_concept(id, relations=relations)

    def rows(self) -> Iterator[tuple[int, str]]:
        """Yield the rows of the file as it was, below its header: number of the line, text."""
        header = False
        for number, line in enumerate(self._lines, 1):
            body = self._body(line)
            if line.new is not None and body and not is_comment(body):
                if header:
                    yield number, body
                header = True

    def set_cell(self, number: int, column: int, value: str) -> None:
        """Write a cell of a line, whatever it means: for rows that cannot be read."""
        self._set_cell(self._lines[number - 1], column, value)

    def upgrade(self) -> None:
        """Mark the file as one of the newest version; its rows stay as they are."""
        if self.version == VERSION:
            return
        self.version = VERSION
        for line in self._lines:
            if line.new and re.match(r'"?\s*#\s*tongwen\.glossary/', line.new):
                line.new = MARK + self._ending(line.new)
                return
            if line.new and line.new.strip() and not line.new.lstrip('" ').startswith("#"):
                break
        self._after.setdefault(None, []).insert(0, _Line(None, MARK + self._end))

    # What comes of it.

    def text(self) -> str:
        """Return the text of the file as it is now."""
        return "".join(line.new for line in self._walk() if line.new is not None)

    @property
    def changed(self) -> bool:
        return any(line.old != line.new for line in self._walk())

    def changes(self) -> tuple[list[str], list[str]]:
        """Return the lines that go and those that come, without their ends."""
        changed = [line for line in self._walk() if line.old != line.new]
        return (
            [line.old.rstrip("\r\n") for line in changed if line.old is not None],
            [line.new.rstrip("\r\n") for line in changed if line.new is not None],
        )

    def diff(self, name: str | None = None) -> Iterator[str]:
        """Yield the change as lines of a unified diff."""
        name = name or self.source
        lines = list(self._walk())
        spots = [number for number, line in enumerate(lines) if line.old != line.new]
        if not spots:
            return
        yield f"--- {name}"
        yield f"+++ {name}"
        hunks: list[list[int]] = []
        for spot in spots:
            if hunks and spot - hunks[-1][1] <= 2 * _CONTEXT:
                hunks[-1][1] = spot
            else:
                hunks.append([spot, spot])
        old = new = done = 0
        for first, last in hunks:
            start = max(0, first - _CONTEXT)
            for line in lines[done:start]:
                old += line.old is not None
                new += line.new is not None
            shown = lines[start : last + 1 + _CONTEXT]
            olds = sum(line.old is not None for line in shown)
            news = sum(line.new is not None for line in shown)
            yield f"@@ -{old + (olds > 0)},{olds} +{new + (news > 0)},{news} @@"
            yield from _hunk(shown)
            old, new, done = old + olds, new + news, start + len(shown)

    # Inside.

    def _entry(self, id: str) -> _Entry:
        entry = self._entries.get(id)
        if entry is None:
            near = difflib.get_close_matches(id, self._entries, n=3, cutoff=0.6)
            hint = f"; near it: {', '.join(near)}" if near else ""
            raise GlossaryError(f"{self.source}: no concept is called {id!r} here{hint}")
        return entry

    def _number(self, concept: Concept, term: Term) -> int:
        for number, other in enumerate(concept.terms):
            if circumstances(other) == circumstances(term):
                return number
        raise GlossaryError(f"{self.source}: {concept.id} has no {term.lang} term {term.text!r}")

    def _check_new(self, concept: Concept, term: Term) -> None:
        if any(circumstances(other) == circumstances(term) for other in concept.terms):
            raise GlossaryError(
                f"{self.source}: {concept.id} has the {term.lang} term {term.text!r} already"
            )
        other = concept.preferred(term.lang)
        if term.status == "preferred" and other:
            raise GlossaryError(
                f"{self.source}: {concept.id} has a preferred {term.lang} term already, "
                f"{other.text!r}; say what becomes of it (--demote admitted, or deprecated, or "
                "forbidden)"
            )

    def _needs_version(self, needed: bool, *terms: Term) -> None:
        if needed or any(
            term.status == PROPOSED or any(term.slots) or any(term.dates) for term in terms
        ):
            self.upgrade()

    def _new_line(self, row: tuple[str, ...]) -> _Line:
        return _Line(None, format_line(row) + self._end)

    def _insert(self, place: _Line, line: _Line, *, at_end: bool = False) -> None:
        following = self._after.setdefault(place, [])
        if place.new is not None and not self._ending(place.new):
            place.new += self._end
        if at_end:
            following.append(line)
        else:
            following.insert(0, line)

    def _walk(self) -> Iterator[_Line]:
        stack = [*reversed(self._lines), *reversed(self._after.get(None, ()))]
        while stack:
            line = stack.pop()
            if line.old is not None or line.new is not None:  # not one that came and went
                yield line
            stack.extend(reversed(self._after.get(line, ())))

    def _rewrite(self, line: _Line, old: tuple[str, ...], new: tuple[str, ...]) -> None:
        for column, (before, after) in enumerate(zip(old, new, strict=True)):
            if before != after:
                self._set_cell(line, column, after)

    def _blank(self, line: _Line, column: int) -> None:
        if cells(self._body(line))[column].value:
            self._set_cell(line, column, "")

    def _set_cell(self, line: _Line, column: int, value: str) -> None:
        body = self._body(line)
        parts = body.split("\t")
        quoted = parts[column].strip().startswith('"') and value
        if quoted or value.startswith('"'):
            value = '"' + value.replace('"', '""') + '"'
        parts[column] = value
        line.new = "\t".join(parts) + self._ending(line.new or "")

    @staticmethod
    def _body(line: _Line) -> str:
        return LINE_END.sub("", line.new or "")

    @staticmethod
    def _ending(text: str) -> str:
        found = LINE_END.search(text)
        return found[0] if found else ""


def _hunk(lines: list[_Line]) -> Iterator[str]:
    """Yield the lines of a hunk, those that go before those that come in their place."""
    coming: list[str] = []
    for line in [*lines, None]:
        if line is None or line.old == line.new:
            yield from coming
            coming = []
        if line is None:
            return
        if line.old == line.new:
            yield from _shown(" ", line.old)
        else:
            if line.old is not None:
                yield from _shown("-", line.old)
            if line.new is not None:
                coming.extend(_shown("+", line.new))


def _shown(sign: str, text: str | None) -> Iterator[str]:
    text = text or ""
    yield sign + text.rstrip("\r\n")
    if not LINE_END.search(text):
        yield "\\ No newline at end of file"
