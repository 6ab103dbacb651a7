"""Keep what a model has translated in a file: neither a power cut nor a second run loses it.

One JSON line for each segment, under a key of all that its draft depends on: the text, its day,
the model's bytes, the glossary's content, the settings and this program's version. What changed
has another key and is translated anew; what did not is read back.
"""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO, Any, TypeVar

from toolkit.errors import FileError
from toolkit.files import display

_MAGIC = "tongwen-journal"
_EDGE = 1024 * 1024
_WHOLE = 8 * 1024 * 1024
T = TypeVar("T")


class Journal:
    """Drafts by key, in a file that only grows; what is recorded is on the disk when it returns.

    Args:
        path: The file; made if it is not there.
        settings: What all drafts of this run depend on beside their text.

    Raises:
        FileError: If the file cannot be read or written, or is something else.
    """

    def __init__(self, path: str | Path, settings: Mapping[str, Any]) -> None:
        self.path = Path(path)
        self.reused = 0
        self._base = _digest(json.dumps(settings, sort_keys=True, default=str))
        self._known: dict[str, Any] = {}
        self._read()
        self._file = self._opened()

    def _read(self) -> None:
        try:
            with open(self.path, encoding="utf-8", errors="replace") as file:
                for number, line in enumerate(file):
                    record = _object(line)
                    if number == 0 and record.get("kind") != _MAGIC:
                        raise FileError(
                            f"{display(self.path)}: is no journal of this program; name a new file"
                        )
                    # The last line of an interrupted run may be torn: it is simply done again.
                    if "key" in record and "draft" in record:
                        self._known[record["key"]] = record["draft"]
        except FileNotFoundError:
            return
        except OSError as error:
            raise FileError(f"{display(self.path)}: cannot be read: {error.strerror}") from None

    def _opened(self) -> IO[bytes]:
        try:
            file = open(self.path, "ab")
            size = file.tell()
            if size == 0:
                file.write(_line({"kind": _MAGIC, "version": 1}))
            else:
                with open(self.path, "rb") as old:
                    old.seek(-1, os.SEEK_END)
                    if old.read(1) != b"\n":
                        file.write(b"\n")
            file.flush()
            return file
        except OSError as error:
            raise FileError(
                f"{display(self.path)}: cannot be written: {error.strerror}; name another file"
            ) from None

    def key(self, text: str) -> str:
        return _digest(f"{self._base}\n{text}")

    def find(self, text: str, make: type[T], parts: Mapping[str, type]) -> T | None:
        """Return the draft of a text as an instance of a dataclass, None if there is none.

        Args:
            parts: The dataclasses that fields of it hold tuples of.
        """
        record = self._known.get(self.key(text))
        made = _made(make, record, parts) if isinstance(record, dict) else None
        self.reused += made is not None
        return made

    def record(self, texts: Sequence[str], drafts: Sequence[Any]) -> None:
        """Write drafts down; they are safe when this returns.

        Raises:
            FileError: If the disk is full or gone.
        """
        lines = []
        for text, draft in zip(texts, drafts, strict=True):
            record = asdict(draft)
            key = self.key(text)
            self._known[key] = json.loads(json.dumps(record))
            lines.append(_line({"key": key, "draft": record}))
        try:
            self._file.write(b"".join(lines))
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise FileError(
                f"{display(self.path)}: cannot be written: {error.strerror}"
            ) from None

    def close(self) -> None:
        self._file.close()


def settings(engine: Any, glossary: Any, **others: Any) -> dict[str, Any]:
    """Return what drafts depend on beside their text: model, glossary, version and the rest."""
    try:
        program = version("tongwen")
    except PackageNotFoundError:
        program = ""
    return {
        "model": [fingerprint(folder) for folder in _folders(engine)],
        "glossary": glossary.digest or _digest(repr(glossary.concepts)),
        "program": program,
        **others,
    }


def _folders(engine: Any) -> Sequence[Path]:
    """Return the folders of a model, or of two in a row."""
    return getattr(engine, "model_dirs", (engine.model_dir,))


def fingerprint(folder: Path) -> str:
    """Return a hash that changes with any file of a model.

    Small files are read whole; of large ones size, beginning and end, which no conversion of
    another model leaves alike.
    """
    digest = hashlib.sha256()
    for path in sorted(path for path in Path(folder).rglob("*") if path.is_file()):
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder).as_posix()}\0{size}\0".encode())
        with open(path, "rb") as file:
            if size <= _WHOLE:
                digest.update(file.read())
            else:
                digest.update(file.read(_EDGE))
                file.seek(-_EDGE, os.SEEK_END)
                digest.update(file.read())
    return digest.hexdigest()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _line(record: Mapping[str, Any]) -> bytes:
    return (json.dumps(record, ensure_ascii=True) + "\n").encode("ascii")


def _object(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _made(make: type[T], record: Mapping[str, Any], parts: Mapping[str, type]) -> T | None:
    """Make a dataclass again from its record; None where the record is of another shape."""
    if set(record) != {field.name for field in fields(make)}:  # type: ignore[arg-type]
        return None
    values = {}
    for name, value in record.items():
        if name in parts and isinstance(value, list):
            value = tuple(_made(parts[name], item, {}) for item in value)
            if None in value:
                return None
        values[name] = _tupled(value)
    return make(**values)


def _tupled(value: Any) -> Any:
    """Return a value with its lists as tuples, as dataclasses here have them."""
    return tuple(map(_tupled, value)) if isinstance(value, list) else value
