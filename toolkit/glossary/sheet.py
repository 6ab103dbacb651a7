"""A glossary file under edit: lines that nobody changes stay as they are, to the character."""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from toolkit.errors import GlossaryError
from toolkit.glossary import store
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
    after: list["_Line"] = field(default_factory=list)


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
        content = read(text, source, lenient=True) if lenient else store.content(text, source)
        self.source = source
        self.version = content.version
        self._raw = LINE_END.sub(lambda found: found[0] + "\0", text).split("\0")
        if "\0" in text:
            raise GlossaryError(f"{source}: the text holds the character U+0000; delete it")
        if not self._raw[-1]:
            self._raw.pop()
        first = LINE_END.search(text)
        self._end = first[0] if first else "\n"
        # Lines that somebody had in hand, by number; what stands before the first is after -1.
        self._lines: dict[int, _Line] = {-1: _Line(None, None)}
        self._known = {concept.id: concept for concept in content.concepts}
        # None: as it was read.
        self._entries: dict[str, _Entry | None] = dict.fromkeys(self._known)

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
        return tuple(
            entry.concept if entry else self._known[id] for id, entry in self._entries.items()
        )

    def touched(self) -> str:
        """Return the rows of the concepts that somebody had in hand, as a file of their own."""
        entries = [entry for entry in self._entries.values() if entry]
        rows = [line.new for e in entries for line in (e.own, *e.lines) if line.new]
        ended = [row if self._ending(row) else row + self._end for row in rows]
        mark = MARK + "\n" if self.version > 1 else ""
        return mark + "\t".join(COLUMNS) + "\n" + "".join(ended)

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
        last = self._line(len(self._raw) - 1)
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
        for concept in self.concepts():
            if any(target == old for _, target in concept.relations):
                relations = [
                    (kind, new if target == old else target)
                    for kind, target in concept.relations
                ]
                self.set_concept(concept.id, relations=relations)

    def rows(self) -> Iterator[tuple[int, str]]:
        """Yield the rows of the file as it was, below its header: number of the line, text."""
        header = False
        for number, raw in enumerate(self._raw, 1):
            body = LINE_END.sub("", raw)
            if body and not is_comment(body):
                if header:
                    yield number, body
                header = True

    def set_cell(self, number: int, column: int, value: str) -> None:
        """Write a cell of a line, whatever it means: for rows that cannot be read."""
        self._set_cell(self._line(number - 1), column, value)

    def upgrade(self) -> None:
        """Mark the file as one of the newest version; its rows stay as they are."""
        if self.version == VERSION:
            return
        self.version = VERSION
        for number, raw in enumerate(self._raw):
            if re.match(r'"?\s*#\s*tongwen\.glossary/', raw):
                self._line(number).new = MARK + self._ending(raw)
                return
            if raw.strip() and not raw.lstrip('" ').startswith("#"):
                break
        self._lines[-1].after.insert(0, _Line(None, MARK + self._end))

    # What comes of it.

    def text(self) -> str:
        """Return the text of the file as it is now."""
        parts: list[str] = []
        done = 0
        for number in sorted(self._lines):
            parts += self._raw[done : max(number, 0)]
            parts += [line.new for line in _chain(self._lines[number]) if line.new is not None]
            done = number + 1
        return "".join([*parts, *self._raw[done:]])

    @property
    def changed(self) -> bool:
        return bool(self._spots())

    def changes(self) -> tuple[list[str], list[str]]:
        """Return the lines that go and those that come, without their ends."""
        changed = [line for number in self._spots() for line in _chain(self._lines[number])
                   if line.old != line.new]  # fmt: skip
        return (
            [line.old.rstrip("\r\n") for line in changed if line.old is not None],
            [line.new.rstrip("\r\n") for line in changed if line.new is not None],
        )

    def diff(self, name: str | None = None) -> Iterator[str]:
        """Yield the change as lines of a unified diff."""
        name = name or self.source
        spots = self._spots()
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
        shift = 0
        for first, last in hunks:
            start = max(0, first - _CONTEXT)
            shown: list[_Line] = []
            for number in range(start - (first < 0), min(len(self._raw), last + 1 + _CONTEXT)):
                known = self._lines.get(number)
                if known:
                    shown += _chain(known)
                else:
                    shown.append(_Line(self._raw[number], self._raw[number]))
            olds = sum(line.old is not None for line in shown)
            news = sum(line.new is not None for line in shown)
            before = start + shift
            yield f"@@ -{start + (olds > 0)},{olds} +{before + (news > 0)},{news} @@"
            yield from _hunk(shown)
            shift += news - olds

    # Inside.

    def _spots(self) -> list[int]:
        """Return the numbers of lines that changed or have new ones behind them."""
        return [
            number
            for number in sorted(self._lines)
            if any(line.old != line.new for line in _chain(self._lines[number]))
        ]

    def _line(self, number: int) -> _Line:
        line = self._lines.get(number)
        if line is None:
            line = self._lines[number] = _Line(self._raw[number], self._raw[number])
        return line

    def _entry(self, id: str) -> _Entry:
        if id not in self._entries:
            near = difflib.get_close_matches(id, self._entries, n=3, cutoff=0.6)
            hint = f"; near it: {', '.join(near)}" if near else ""
            raise GlossaryError(f"{self.source}: no concept is called {id!r} here{hint}")
        entry = self._entries[id]
        if entry is None:
            concept = self._known[id]
            own = self._line(concept.line - 1)
            lines = [self._line(term.line - 1) for term in concept.terms]
            entry = self._entries[id] = _Entry(concept, own, lines)
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
        if place.new is not None and not self._ending(place.new):
            place.new += self._end
        if at_end:
            place.after.append(line)
        else:
            place.after.insert(0, line)

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


def _chain(line: _Line) -> list[_Line]:
    """Return a line and the new ones behind it, in order, without any that came and went."""
    found: list[_Line] = []
    stack = [line]
    while stack:
        here = stack.pop()
        if here.old is not None or here.new is not None:
            found.append(here)
        stack.extend(reversed(here.after))
    return found


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
