"""Who changed a glossary, when, and why: one line a change, in a file beside it."""

import datetime
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from toolkit.errors import FileError
from toolkit.files import display

SCHEMA = "tongwen.glossary.history/1"


@dataclass(frozen=True, slots=True)
class Record:
    """One change. ``before`` and ``after`` are digests of the whole file (before: "" for none).

    ``removed`` and ``added`` are the lines that went and came. ``time`` is UTC, to the second.
    """

    time: str
    by: str
    action: str
    concepts: tuple[str, ...]
    why: str
    before: str
    after: str
    removed: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """A record as it is read: ``done`` is false where the file never came to be what it says.

    ``gap`` tells that between the record before and this one the file was changed by other means.
    """

    record: Record
    done: bool = True
    gap: bool = False


def beside(path: str | Path) -> Path:
    """Return where the journal of a glossary is: own.tsv has own.history.jsonl."""
    target = Path(os.path.realpath(path))
    stem = target.name.removesuffix(".tsv")
    return target.with_name(f"{stem}.history.jsonl")


def now() -> str:
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def append(path: str | Path, record: Record) -> None:
    """Write a record at the end of the journal of ``path``, whole or not at all.

    It is written before the change itself, so that no change is without a record; that a record
    is without its change shows from the digests (`read`).

    Raises:
        FileError: If it cannot be written.
    """
    journal = beside(path)
    line = json.dumps({"schema": SCHEMA, **asdict(record)}, ensure_ascii=False) + "\n"
    try:
        with open(journal, "a+b") as file:
            size = file.seek(0, os.SEEK_END)
            start = b""
            if size:
                file.seek(size - 1)
                if file.read(1) != b"\n":  # a writer was killed in the middle of a line
                    start = b"\n"
            try:
                file.write(start + line.encode("utf-8", "surrogatepass"))
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                os.truncate(journal, size)
                raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileError(
            f"{display(journal)}: the journal could not be written: {reason}; the glossary was "
            "not changed"
        ) from None


def read(path: str | Path, current: str) -> list[Event]:
    """Return the events of the journal of ``path``, oldest first, lines cut short left out.

    Args:
        current: Digest of the glossary as it is now ("" for no file).

    Raises:
        FileError: If the journal is there and cannot be read.
    """
    journal = beside(path)
    try:
        data = journal.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise FileError(f"{display(journal)}: cannot be read: {error.strerror}") from None
    records = [found for line in data.split(b"\n") if (found := _record(line))]
    events = []
    last = None  # what the file was after the latest record that was carried out
    for number, record in enumerate(records):
        following = records[number + 1].before if number + 1 < len(records) else current
        done = not (following == record.before and record.after != record.before)
        events.append(Event(record, done, last is not None and record.before != last))
        if done:
            last = record.after
    return events


def _record(line: bytes) -> Record | None:
    try:
        found = json.loads(line)
        texts: Sequence[str] = [
            str(found[name]) for name in ("time", "by", "action", "why", "before", "after")
        ]
        lists = [tuple(map(str, found[name])) for name in ("concepts", "removed", "added")]
    except (ValueError, KeyError, TypeError):
        return None
    time, by, action, why, before, after = texts
    return Record(time, by, action, lists[0], why, before, after, lists[1], lists[2])
