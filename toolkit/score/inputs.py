"""Gather what is to be scored: plain files of one segment a line, and columns of tables.

A table is a TSV, CSV, JSON lines, TMX or XLIFF file, known by its suffix. ``FILE#COLUMN`` names
one of its columns, by its name, its language or its number; where the file leaves no doubt, the
column need not be named.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from toolkit.errors import ScoreError
from toolkit.score import lines, tables
from toolkit.score.lines import Lines
from toolkit.score.tables import Table

_ROLES = {
    "hyp": re.compile(
        r"(?:hyp|hypothesis|mt|sys|system|output|translation|draft)(?:[-_ .]\w+|\d+|[a-z])?$"
    ),
    "ref": re.compile(r"(?:ref|reference|refs|references)(?:[-_ .]\w+|\d+|[a-z])?$"),
    "src": re.compile(r"(?:src|source)$"),
}
_LABELS = {"doc": "document", "document": "document", "docid": "document", "doc_id": "document",
           "domain": "domain", "genre": "domain", "topic": "domain"}  # fmt: skip
_SUFFIX = re.compile(
    r"(?:[._-](?:zh|ru|en)(?:[-_][a-z]{2,4})?)?\.(?:txt|zh|ru|en|tsv|csv|jsonl|ndjson|tmx|xlf|xliff)$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Job:
    """What is to be scored: systems by name, references, source, and labels of the segments.

    ``labels`` maps a kind ("document", "domain") to one label a segment. ``notes`` are sentences
    on what was taken from where. ``files`` are the files read.
    """

    systems: list[Lines]
    names: list[str]
    references: list[Lines]
    source: Lines | None = None
    labels: dict[str, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


def gather(
    hypotheses: Sequence[str],
    references: Sequence[str],
    source: str | None = None,
    *,
    to: str | None = None,
    from_: str | None = None,
    names: Sequence[str] = (),
) -> Job:
    """Read everything that is to be scored.

    Without references, the first table of translations may hold them, and without a source the
    source too; what is found so is said in the notes.

    Raises:
        FileError: If a file cannot be read.
        ScoreError: If it is not clear which column is meant, or a table cannot be read.
    """
    reader = _Reader(to, from_)
    specs = [*hypotheses, *references, *([source] if source else [])]
    for path, column in map(split_spec, specs):
        if column is not None:
            reader.wanted.setdefault(path, []).append(column)
    if any(tables.is_table(split_spec(spec)[0]) for spec in (*hypotheses, *references)):
        to = reader.to = to or reader.language([*references, *hypotheses])
        from_ = reader.from_ = from_ or reader.language([source] if source else [])
    job = Job([], [], [])
    for spec in hypotheses:
        for found in reader.columns(spec, "hyp"):
            job.systems.append(found.lines)
            job.names.append(found.name)
    for spec in references:
        job.references += [found.lines for found in reader.columns(spec, "ref")]
    if source is not None:
        job.source = reader.columns(source, "src")[0].lines
    for spec in hypotheses:
        table = reader.table(split_spec(spec)[0])
        if table is None:
            continue
        if not job.references and (named := _named(table, "ref")):
            job.references = [_lines(table, name) for name in named]
            job.notes.append(f"references from {table.path}: {', '.join(named)}")
        if job.source is None and (name := _source_of(table, to, from_)):
            job.source = _lines(table, name)
            job.notes.append(f"source from {table.path}: {name}")
    for table in reader.tables.values():
        for name in table.columns:
            kind = _LABELS.get(name.lower())
            if kind and kind not in job.labels:
                job.labels[kind] = [str(cell).strip() for cell in table.columns[name]]
    job.notes = [*(note for table in reader.tables.values() for note in table.notes), *job.notes]
    given = [split_spec(spec)[0] for spec in specs]
    job.files = sorted(dict.fromkeys(reader.read), key=given.index)
    job.names = _unique(names, job)
    return job


def split_spec(spec: str) -> tuple[str, str | None]:
    """Return the path and the column of ``FILE#COLUMN``; a file of the whole name goes first."""
    path, mark, column = spec.rpartition("#")
    if not mark or not column or not path or Path(spec).exists():
        return spec, None
    return path, column


def _unique(names: Sequence[str], job: Job) -> list[str]:
    if names:
        if len(names) != len(job.systems):
            raise ScoreError(
                f"{len(names)} names for {len(job.systems)} systems; give --name once for each, "
                "in the order of the files"
            )
        if len(set(names)) < len(names):
            raise ScoreError("two systems have one name; give each --name once")
        return list(names)
    found = list(job.names)
    paths = [system.path for system in job.systems]
    # Of tables the name is the column's; where that is shared, the file's, or file and column.
    for others in ([_stem(split_spec(path)[0]) for path in paths], paths):
        found = [
            other if found.count(name) > 1 else name
            for name, other in zip(found, others, strict=True)
        ]
    if len(set(found)) < len(found):
        twice = next(name for name in found if found.count(name) > 1)
        raise ScoreError(f"{twice} is given twice; give every system once")
    return _without_shared_start(found)


def _without_shared_start(names: list[str]) -> list[str]:
    """Leave out what all names begin with, up to a full stop, dash or slash: newstest.ru-en.A."""
    shared = os.path.commonprefix(names)
    cut = max(shared.rfind(mark) for mark in "._-/") + 1
    short = [name[cut:] for name in names]
    return short if len(names) > 1 and all(short) else names


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    lines: Lines


@dataclass(slots=True)
class _Reader:
    """Reads each file once, and finds the column that plays a role."""

    to: str | None
    from_: str | None
    wanted: dict[str, list[str]] = field(default_factory=dict)  # columns, by path
    tables: dict[str, Table] = field(default_factory=dict)
    texts: dict[str, Lines] = field(default_factory=dict)
    read: list[str] = field(default_factory=list)

    def table(self, path: str) -> Table | None:
        if not tables.is_table(path):
            return None
        if path not in self.tables:
            # Whether the first row is a header can depend on the columns asked for.
            self.tables[path] = tables.read(path, self.wanted.get(path, ()))
            self.read.append(path)
        return self.tables[path]

    def plain(self, path: str) -> Lines:
        if path not in self.texts:  # the standard input can be read but once
            self.texts[path] = lines.read(path)
            self.read.append(path)
        return self.texts[path]

    def language(self, specs: Sequence[str]) -> str | None:
        """Return the language of the first plain file that shows one, to know columns by."""
        for spec in specs:
            path, column = split_spec(spec)
            if column is None and not tables.is_table(path):
                found = lines.lang_of_name(path) or lines.lang_of(self.plain(path).lines)
                if found:
                    return found
        return None

    def columns(self, spec: str, role: str) -> list[_Column]:
        path, column = split_spec(spec)
        table = self.table(path)
        if table is None:
            if column is not None:
                raise ScoreError(
                    f"{path} is read as plain text, which has no column {column}; only "
                    f"{', '.join(tables.SUFFIXES)} files have columns"
                )
            return [_Column(_stem(path), self.plain(path))]
        names = [self._one(table, column)] if column else self._by_role(table, role, spec)
        many = len(names) > 1 or column is not None
        return [
            _Column(name if many else _stem(path), _lines(table, name)) for name in names
        ]

    def _one(self, table: Table, column: str) -> str:
        for name in table.columns:
            if column in (name, table.langs.get(name)):
                return name
        folded = [name for name in table.columns if name.lower() == column.lower()]
        if len(folded) == 1:
            return folded[0]
        if column.isdigit() and 1 <= int(column) <= len(table.columns):
            return list(table.columns)[int(column) - 1]
        raise ScoreError(f"{table.path} has no column {column}; it has {_listed(table)}")

    def _by_role(self, table: Table, role: str, spec: str) -> list[str]:
        named = _named(table, role)
        if named:
            return named if role != "src" else named[:1]
        for name in ("target", "tgt"):
            if role != "src" and name in table.columns:
                return [name]
        langs = {lang: name for name, lang in table.langs.items()}
        wanted = self.from_ if role == "src" else self.to
        if wanted is None and len(langs) == 2:
            other = self.to if role == "src" else self.from_
            if other in langs:
                wanted = next(lang for lang in langs if lang != other)
        if wanted in langs:
            return [langs[wanted]]
        if len(table.columns) == 1:
            return list(table.columns)
        option = {"hyp": "", "ref": "--ref ", "src": "--src "}[role]
        example = next(iter(table.columns))
        raise ScoreError(
            f"{table.path} has {_listed(table)}; name one, as in {option}{spec}#{example}"
            + (", or name the target language with --to" if langs and role != "src" else "")
        )


def _named(table: Table, role: str) -> list[str]:
    return [
        name for name in table.columns
        if _ROLES[role].match(name.lower()) and name not in table.langs and name != "target"
    ]  # fmt: skip


def _source_of(table: Table, to: str | None, from_: str | None) -> str | None:
    named = _named(table, "src")
    if named:
        return named[0]
    langs = {lang: name for name, lang in table.langs.items()}
    if from_ in langs:
        return langs[from_]
    rest = [lang for lang in langs if lang != to]
    return langs[rest[0]] if to in langs and len(rest) == 1 else None


def _lines(table: Table, name: str) -> Lines:
    cells = table.columns[name]
    for number, cell in enumerate(cells):
        if cell is None:
            raise ScoreError(f"{table.path}:{table.rows[number]}: no text called {name}")
    path = table.path if name == "target" else f"{table.path}#{name}"
    return Lines(path, tuple(cell or "" for cell in cells))


def _listed(table: Table) -> str:
    shown = list(table.columns)
    return f"the column{'' if len(shown) == 1 else 's'} {', '.join(shown)}"


def _stem(path: str) -> str:
    if path == "-":
        return "stdin"
    name = Path(path).name
    return _SUFFIX.sub("", name) or name


def read_labels(spec: str) -> tuple[str, list[str]]:
    """Read labels, one a segment: ``NAME=FILE`` or ``NAME=FILE#COLUMN``.

    Raises:
        ScoreError: If the name or the column is missing.
        FileError: If the file cannot be read.
    """
    name, mark, place = spec.partition("=")
    if not mark or not name or not place:
        raise ScoreError(
            f"--label {spec}: give a name and a file of one label a line, as in "
            "--label document=labels.txt"
        )
    path, column = split_spec(place)
    if tables.is_table(path):
        table = tables.read(path, [column] if column else [])
        key = column or next((n for n in table.columns if n.lower() == name.lower()), None)
        if key not in table.columns:
            raise ScoreError(f"{path} has {_listed(table)}; name one, as in {place}#COLUMN")
        return name, [str(cell or "").strip() for cell in table.columns[key]]
    return name, [line.strip() for line in lines.read(path).lines]


