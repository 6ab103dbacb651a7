"""Change a glossary file in one step that nobody else can get between."""

import os
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolkit import shipped
from toolkit.errors import FileError, GlossaryError
from toolkit.files import decode, display, read_text, write_bytes
from toolkit.glossary import cache, journal
from toolkit.glossary.format import COLUMNS, MARK
from toolkit.glossary.lock import locked
from toolkit.glossary.reading import read
from toolkit.glossary.sheet import Sheet
from toolkit.glossary.store import no_collection

_MARKS = {"utf-8": b"\xef\xbb\xbf", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff",
          "utf-32-le": b"\xff\xfe\0\0", "utf-32-be": b"\0\0\xfe\xff",
          "gb18030": b"\x84\x31\x95\x33"}  # fmt: skip
_LEFT = re.compile(r"\.tongwen-[0-9a-f]{12}")  # as `files.write_bytes` names them
NEW = MARK + "\n" + "\t".join(COLUMNS) + "\n"


@dataclass(frozen=True, slots=True)
class Change:
    """What was, or would be, written: ``diff`` in unified form, ``removed``, ``added`` lines."""

    path: str
    diff: tuple[str, ...]
    removed: tuple[str, ...]
    added: tuple[str, ...]
    created: bool = False
    upgraded: bool = False

    @property
    def empty(self) -> bool:
        return not self.diff and not self.created


@dataclass(frozen=True, slots=True)
class _File:
    """A file's bytes, and how its text is to be written again."""

    data: bytes | None
    text: str
    encoding: str = "utf-8"
    mark: bytes = b""

    def encode(self, text: str, name: str) -> bytes:
        try:
            return self.mark + text.encode(self.encoding)
        except UnicodeEncodeError as error:
            char = text[error.start]
            raise GlossaryError(
                f"{name}: its encoding, {self.encoding}, cannot express {char!r} "
                f"(U+{ord(char):04X}); save the file as UTF-8, then run the command again"
            ) from None


def change(
    path: str | Path,
    edit: Callable[[Sheet], None],
    *,
    action: str,
    concepts: Sequence[str] = (),
    by: str = "",
    why: str = "",
    dry_run: bool = False,
    create: bool = False,
    lenient: bool = False,
) -> Change:
    """Edit the file at ``path``: read it, call ``edit``, read the result, write it and journal it.

    All this happens under a lock; the file is replaced in one step, in its own encoding, and not
    at all if another program has changed it meanwhile.

    Args:
        edit: Changes the sheet it is given; what it raises reaches the caller.
        action: A word for the journal: ``add``.
        concepts: Ids for the journal.
        dry_run: Write nothing.
        create: Begin an empty glossary where there is no file.
        lenient: Let rows stand that cannot be read.

    Raises:
        GlossaryError: If the file is no glossary or would be none afterwards, is held by another
            writer, or is one that came with the program.
        FileError: If it cannot be read or written.
    """
    name = display(path)
    check_writable(path)
    if dry_run:
        return _edited(path, name, edit, create, lenient)[1]
    with locked(path), no_collection():
        before, done, text = _edited(path, name, edit, create, lenient)
        if done.empty:
            return done
        data = before.encode(text, name)
        journal.append(
            path,
            journal.Record(
                time=journal.now(),
                by=by,
                action=action,
                concepts=tuple(concepts),
                why=why,
                before=_digest(before.data),
                after=_digest(data),
                removed=done.removed,
                added=done.added,
            ),
        )
        if _bytes(path) != before.data:
            raise GlossaryError(
                f"{name}: another program has changed it meanwhile; nothing was written: run the "
                "command again"
            )
        write_bytes(path, data)
        _sweep(Path(os.path.realpath(path)).parent)
    return done


def _sweep(folder: Path) -> None:
    """Take away what writers that were killed have left: our own files, an hour old."""
    try:
        for left in folder.glob(".tongwen-*"):
            if _LEFT.fullmatch(left.name) and time.time() - left.stat().st_mtime > 3600:
                left.unlink(missing_ok=True)
    except OSError:
        pass


def check_writable(path: str | Path) -> None:
    """Refuse what cannot be written to.

    Raises:
        GlossaryError: For the shipped files of an installation, standard input, ``shipped``.
    """
    name = display(path)
    how = "copy them with: tongwen glossary list --format tsv > own.tsv"
    if name == "shipped":
        raise GlossaryError(
            "the shipped glossaries are read-only; name a file of your own with --glossary, or "
            + how
        )
    if name == "-":
        raise GlossaryError("standard input cannot be changed; name a file with --glossary")
    target = Path(os.path.realpath(path))
    home = Path(os.path.realpath(shipped.path("glossaries")))
    if home.parent.name == "_shipped" and home in target.parents:
        raise GlossaryError(f"{name}: the files of the installation are read-only; {how}")


def digest(path: str | Path) -> str:
    """Return the digest of a file as the journal has it; "" where there is none."""
    return _digest(_bytes(path))


def _digest(data: bytes | None) -> str:
    return "" if data is None else cache.digest(data)


def _bytes(path: str | Path) -> bytes | None:
    try:
        return Path(path).read_bytes()
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        read_text(path)  # says what is wrong
        raise


def _edited(
    path: str | Path, name: str, edit: Callable[[Sheet], None], create: bool, lenient: bool
) -> tuple[_File, Change, str]:
    before = _open(path, name, create)
    sheet = Sheet(before.text, name, lenient=lenient)
    version = sheet.version
    try:
        edit(sheet)
    except ValueError as error:
        raise GlossaryError(f"{name}: {error}; nothing was written") from None
    if any("\ud800" <= char <= "\udfff" for line in sheet.changes()[1] for char in line):
        raise GlossaryError(f"{name}: what is to be written holds bytes that are no text in UTF-8")
    if not sheet.changed:
        return before, Change(name, (), (), ()), before.text
    text = sheet.text()
    _check(sheet, text, name, version, lenient)
    removed, added = sheet.changes()
    done = Change(
        name,
        tuple(sheet.diff()),
        tuple(removed),
        tuple(added),
        created=before.data is None,
        upgraded=before.data is not None and sheet.version != version,
    )
    return before, done, text


def _check(sheet: Sheet, text: str, name: str, version: int, lenient: bool) -> None:
    """Read what is to be written; rows that nobody had in hand are what they were."""
    if not lenient and sheet.version == version:
        try:
            read(sheet.touched(), name)
            return
        except GlossaryError:
            pass  # read it all, for the numbers of lines
    read(text, name, lenient=lenient)


def _open(path: str | Path, name: str, create: bool) -> _File:
    data = _bytes(path)
    if data is None and create:
        return _File(None, NEW)
    if data is None:
        raise FileError(f"{name}: no such file; check the spelling and the folder")
    text, encoding = decode(data, name)
    mark = _MARKS.get(encoding, b"")
    mark = mark if mark and data.startswith(mark) else b""
    if mark + text.encode(encoding, "replace") != data:
        raise GlossaryError(
            f"{name}: its encoding, {encoding}, does not write back what it reads; save the file "
            "as UTF-8, then run the command again"
        )
    return _File(data, text, encoding, mark)
