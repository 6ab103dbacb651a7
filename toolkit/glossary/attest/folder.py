"""Read a folder of dispatches and aligned files as dated units of parallel text."""

import datetime
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolkit.dispatch import Dispatch, read_dispatch
from toolkit.errors import FileError, ToolkitError
from toolkit.files import display

_TEXTS = (".txt", ".md", ".html", ".htm")
_ALIGNED = (".tsv", ".jsonl", ".tmx")
_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])(?:[-_.]?(0[1-9]|[12]\d|3[01]))?(?!\d)"
)
_VERSION = re.compile(r"[._-](?:zh|ru|en|gold)(?:[-_](?:cn|tw|hk|hans|hant|ru|us|gb))?$", re.I)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of parallel text: a bead of an aligned file, or one version of a dispatch.

    ``texts`` are by language; ``line`` is where they begin in the file (a bead is one line).
    """

    texts: dict[str, str]
    file: str
    line: int
    is_bead: bool


@dataclass(frozen=True, slots=True)
class Unit:
    """A dispatch with all its versions; ``date`` is None where nothing tells it."""

    id: str
    date: datetime.date | None
    pieces: tuple[Piece, ...]


def read(
    paths: Sequence[str | Path], note: Callable[[str], None] = lambda line: None
) -> list[Unit]:
    """Read files and folders, these with all below them; what cannot be read is told and left out.

    Versions of one dispatch (``x.zh.txt``, ``x.ru.txt``) and its aligned file (``x.tsv``) in one
    folder are one unit; the aligned file then stands for the versions, whose date it takes.

    Raises:
        FileError: If a path does not exist, or there is nothing to read.
    """
    groups: dict[str, list[Path]] = {}
    for path in _files(paths):
        stem = _VERSION.sub("", _VERSION.sub("", path.name[: -len(path.suffix)]))
        groups.setdefault(os.path.join(path.parent, stem), []).append(path)
    units = []
    for key, files in sorted(groups.items()):
        unit = _unit(os.path.basename(key), sorted(files), note)
        if unit is not None:
            units.append(unit)
    if not units:
        raise FileError(
            f"{', '.join(map(display, paths))}: no dispatch and no aligned file that can be read "
            f"(looked for {', '.join((*_TEXTS, *_ALIGNED))})"
        )
    units.sort(key=lambda unit: (unit.date is None, unit.date or datetime.date.min, unit.id))
    return units


def _files(paths: Sequence[str | Path]) -> Iterator[Path]:
    for path in map(Path, paths):
        if path.is_dir():
            for folder, folders, names in os.walk(path):
                folders[:] = sorted(name for name in folders if not name.startswith("."))
                for name in sorted(names):
                    if Path(name).suffix.lower() in (*_TEXTS, *_ALIGNED) and name[0] != ".":
                        yield Path(folder, name)
        elif path.exists():
            yield path
        else:
            raise FileError(f"{display(path)}: no such file or folder; check the spelling")


def _unit(id: str, files: Sequence[Path], note: Callable[[str], None]) -> Unit | None:
    from toolkit.align import formats

    dispatches: list[Dispatch] = []
    beads: list[Piece] = []
    for path in files:
        try:
            if path.suffix.lower() in _ALIGNED:
                # Of two aligned files of one dispatch the first is enough.
                beads = beads or [
                    Piece(row.texts, display(path), row.line, True) for row in formats.read(path)
                ]
            else:
                dispatches.append(read_dispatch(path))
        except ToolkitError as error:
            note(f"left out: {str(error).splitlines()[0]}")
    if not dispatches and not beads:
        return None
    date = next((d.date or d.page_date for d in dispatches if d.date or d.page_date), None)
    date = date or next((d for path in files if (d := named_date(path))), None)
    pieces = tuple(beads) or tuple(
        Piece({d.lang: d.text}, display(path_of(d, files)), 1, False) for d in dispatches
    )
    return Unit(id, date, pieces)


def path_of(dispatch: Dispatch, files: Sequence[Path]) -> Path | str:
    """Return the file of a dispatch as the person named it."""
    return next((path for path in files if display(path) == dispatch.source), dispatch.source)


def named_date(path: Path) -> datetime.date | None:
    """Return the date that a file's name, or else its folder's, says: 2025-11-02, 202511."""
    for name in (path.name, path.parent.name):
        found = _DATE.search(name)
        if found:
            try:
                return datetime.date(int(found[1]), int(found[2]), int(found[3] or 1))
            except ValueError:
                continue
    return None
