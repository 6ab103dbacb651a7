"""Tables of segments: TSV, CSV, JSON lines, TMX and XLIFF as columns of text, row by row."""

import csv
import io
import json
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from toolkit import files, markup
from toolkit.align import formats
from toolkit.errors import AlignmentError, ScoreError

SUFFIXES = (".tsv", ".csv", ".jsonl", ".ndjson", ".tmx", ".xlf", ".xliff", ".xml")
_KNOWN = re.compile(
    r"(?:src|source|ref|reference|hyp|hypothesis|mt|sys|system|output|translation|draft|target|"
    r"doc|document|docid|doc_id|domain|genre|topic|id|score|text)(?:[-_ .]\w{1,20}|\d+|[a-z])?$"
)
_ESCAPED = re.compile(r"\\([\\tnr])")
# XLIFF: the codes of another format, whose content is no text of this one.
_CODES = {"bpt", "ept", "ph", "it", "x", "bx", "ex", "cp", "sc", "ec", "sub"}


@dataclass(slots=True)
class Table:
    """Columns by name, all of one length; None where a row lacks a text.

    ``langs`` maps the names of columns that are known to be in a language to it; ``rows`` gives
    the line of each row in the file, from 1; ``notes`` says what was odd.
    """

    path: str
    columns: dict[str, list[str | None]]
    rows: list[int]
    langs: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def is_table(path: str) -> bool:
    """Tell whether a file is read as a table: by its suffix."""
    return Path(path).suffix.lower() in SUFFIXES


def read(path: str, wanted: Collection[str] = ()) -> Table:
    """Read a table.

    Args:
        path: A file with one of ``SUFFIXES``.
        wanted: Columns that will be asked for; they help to tell a header from a first row.

    Raises:
        FileError: If it cannot be read.
        ScoreError: If it is not a file of its kind; the message names the line.
    """
    text = files.read_text(path).text
    suffix = Path(path).suffix.lower()
    if suffix in (".tsv", ".csv"):
        return _delimited(path, text, suffix, wanted)
    if suffix in (".jsonl", ".ndjson"):
        return _jsonl(path, text)
    if suffix in (".tmx", ".xml"):
        return _aligned(path)
    return _xliff(path, text)


def _delimited(path: str, text: str, suffix: str, wanted: Collection[str]) -> Table:
    if suffix == ".csv":
        found = []
        reader = csv.reader(io.StringIO(text, newline=""))
        start = 1
        try:
            for cells in reader:
                found.append((start, cells))
                start = reader.line_num + 1
        except csv.Error as error:
            raise ScoreError(f"{path}:{reader.line_num}: not a CSV file: {error}") from None
    else:
        lines = re.split("\r\n|\n|\r", text)
        while lines and not lines[-1]:
            lines.pop()
        found = [(number, line.split("\t")) for number, line in enumerate(lines, 1)]
    if not found:
        raise ScoreError(f"{path}: no rows in it")
    first = [cell.strip() for cell in found[0][1]]
    langs = [formats.language(cell) if len(cell) <= 12 else None for cell in first]
    headed = (
        any(not column.isdigit() and column in first for column in wanted)
        or all(lang or _KNOWN.match(cell.lower()) for lang, cell in zip(langs, first, strict=True))
        or sum(bool(_KNOWN.match(cell.lower()) or lang) for lang, cell in
               zip(langs, first, strict=True)) > 1
    )  # fmt: skip
    names = first if headed else [str(number) for number in range(1, len(first) + 1)]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ScoreError(f"{path}:1: two columns are called {twice}; rename one of them")
    body = found[headed:]
    if not body:
        raise ScoreError(f"{path}: a header and no rows under it")
    table = Table(path, {name: [] for name in names}, [number for number, _ in body])
    if headed:
        table.langs = {name: lang for name, lang in zip(names, langs, strict=True) if lang}
    # The aligner's own files write a line end inside a text as \n.
    escaped = headed and suffix == ".tsv" and len(table.langs) == len(names)
    short = []
    for number, cells in body:
        if len(cells) > len(names):
            raise ScoreError(
                f"{path}:{number}: {len(cells)} cells where the first row has {len(names)}; a "
                "tab or comma inside a text would look like this"
            )
        if len(cells) < len(names):
            short.append(number)
        for name, cell in zip(names, [*cells, *[""] * (len(names) - len(cells))], strict=True):
            if escaped and "\\" in cell:
                cell = _ESCAPED.sub(
                    lambda match: {"\\": "\\", "t": "\t", "n": "\n", "r": "\r"}[match[1]], cell
                )
            table.columns[name].append(cell)
    if short:
        table.notes.append(
            f"{path}: {len(short)} row{'' if len(short) == 1 else 's'} with fewer cells than the "
            f"first row, taken as empty: line {', '.join(map(str, short[:5]))}"
            + (", …" if len(short) > 5 else "")
        )
    return table


def _jsonl(path: str, text: str) -> Table:
    records: list[tuple[int, dict[str, str | None]]] = []
    names: dict[str, None] = {}
    aligned = False  # the aligner's own file, where a passage may lack a language
    for number, line in enumerate(re.split("\r\n|\n|\r", text), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            reason = str(error).split(":")[0]
            raise ScoreError(f"{path}:{number}: not a line of JSON: {reason}") from None
        if not isinstance(record, dict):
            raise ScoreError(f"{path}:{number}: a JSON object is needed, one a line")
        cells = _cells(record)
        aligned |= isinstance(record.get("text"), dict)
        names |= dict.fromkeys(cells)
        records.append((number, cells))
    if not records:
        raise ScoreError(f"{path}: no rows in it")
    table = Table(
        path,
        {
            name: [cells.get(name, "" if aligned else None) for _, cells in records]
            for name in names
        },
        [number for number, _ in records],
    )
    table.langs = {name: lang for name in names if (lang := formats.language(name))}
    return table


def _cells(record: dict[str, Any]) -> dict[str, str | None]:
    """Return the texts of a record; the texts by language of an aligned file stand in "text"."""
    cells: dict[str, str | None] = {}
    inner = record.get("text")
    if isinstance(inner, dict):
        record = {**record, **inner}
        del record["text"]
    for name, value in record.items():
        if isinstance(value, str):
            cells[name] = value
        elif isinstance(value, bool) or value is None:
            cells[name] = None
        elif isinstance(value, int | float):
            cells[name] = str(value)
        elif isinstance(value, list) and value and all(isinstance(item, str) for item in value):
            cells |= {f"{name}{place}": item for place, item in enumerate(value, 1)}
    return cells


def _aligned(path: str) -> Table:
    notes: list[str] = []
    try:
        rows = formats.read(path, notes.append)
    except AlignmentError as error:
        raise ScoreError(str(error)) from None
    langs = [lang for lang in ("zh", "ru", "en") if any(lang in row.texts for row in rows)]
    columns: dict[str, list[str | None]] = {
        lang: [row.texts.get(lang, "") for row in rows] for lang in langs
    }
    return Table(path, columns, [row.line for row in rows], {lang: lang for lang in langs}, notes)


def _xliff(path: str, text: str) -> Table:
    root = markup.parse(text, path, "xliff", "an XLIFF file", ScoreError)
    sources: list[str | None] = []
    targets: list[str | None] = []
    rows: list[int] = []
    langs: dict[str, set[str]] = {"source": set(), "target": set()}
    for file in [root, *root.iter("{*}file")]:
        for name, keys in (
            ("source", ("source-language", "srcLang")), ("target", ("target-language", "trgLang"))
        ):  # fmt: skip
            langs[name] |= {lang for key in keys if (lang := formats.language(file.get(key, "")))}
    for unit in root.iter("{*}trans-unit", "{*}segment"):
        source, target = unit.find("{*}source"), unit.find("{*}target")
        if source is None:
            continue
        sources.append(markup.text_of(source, path, ScoreError, _CODES))
        targets.append(
            "" if target is None else markup.text_of(target, path, ScoreError, _CODES)
        )
        rows.append(unit.sourceline or 1)
    if not rows:
        raise ScoreError(f"{path}: no segments in it")
    return Table(
        path,
        {"source": sources, "target": targets},
        rows,
        {name: next(iter(tags)) for name, tags in langs.items() if len(tags) == 1},
    )
