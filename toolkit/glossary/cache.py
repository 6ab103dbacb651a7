"""Keep what was worked out from a content, under the digest of that content.

An entry is found by content, so it is never out of date: another content is another entry. It is
a convenience only; what cannot be written or read, or was damaged, is worked out again.
"""

import marshal
import os
import secrets
import sys
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any

SMALLEST = 100_000  # characters of content from which on reading an entry is faster than working
_KEPT = 40  # entries: a glossary has one, its index three, lint one
_ROOM = 600_000_000  # bytes of all entries
_SIGN = b"tongwen cache 1\n"
_DIGEST = 20  # bytes


def folder() -> Path | None:
    """Return where entries lie: ``TONGWEN_CACHE`` if set (empty: nowhere), else the user's."""
    named = os.environ.get("TONGWEN_CACHE")
    if named is not None:
        return Path(named) / "glossary" if named else None
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    try:
        return (Path(base) if base else Path.home() / ".cache") / "tongwen" / "glossary"
    except RuntimeError:  # no home
        return None


def digest(*parts: str | bytes) -> str:
    """Return one digest of several texts, each told from the next."""
    found = blake2b(digest_size=_DIGEST)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        found.update(b"%d:" % len(data))
        found.update(data)
    return found.hexdigest()


def kept(kind: str, key: str, work: Callable[[], Any]) -> Any:
    """Return the entry of ``kind`` under ``key``, or do the work and keep what it gives.

    Args:
        kind: What is kept, with the version of its shape: ``concepts-2``.
        key: From `digest`, of all that the work depends on.
        work: Gives plain values only: numbers, texts, tuples, lists, dicts, sets, None.
    """
    found = recall(kind, key)
    if found is None:
        found = work()
        keep(kind, key, found)
    return found


def recall(kind: str, key: str) -> Any:
    """Return the entry of ``kind`` under ``key``, None where there is none."""
    path = _path(kind, key)
    return None if path is None else _read(path)


def keep(kind: str, key: str, value: Any) -> None:
    """Write an entry, in place of an earlier one, if that can be done."""
    path = _path(kind, key)
    if path is not None:
        _write(path, value)


def _path(kind: str, key: str) -> Path | None:
    place = folder()
    return place and place / f"{kind}-{sys.implementation.cache_tag}-{key}"


def _read(path: Path) -> Any:
    try:
        with open(path, "rb") as file:
            # Whoever can write here decides what the glossary says: nobody but the user.
            if hasattr(os, "getuid") and os.fstat(file.fileno()).st_uid != os.getuid():
                return None
            data = file.read()
        start = len(_SIGN) + _DIGEST
        payload = memoryview(data)[start:]
        if data[: len(_SIGN)] != _SIGN or data[len(_SIGN) : start] != _sum(payload):
            return None
        os.utime(path)
        return marshal.loads(payload)
    except (OSError, ValueError, EOFError, TypeError):
        return None


def _write(path: Path, value: Any) -> None:
    payload = marshal.dumps(value)
    temporary = path.with_name(f".{secrets.token_hex(6)}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with open(temporary, "xb") as file:
                file.write(_SIGN + _sum(payload))
                file.write(payload)
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
        _clear(path.parent)
    except OSError:
        pass


def _clear(place: Path) -> None:
    """Take out what was not asked for the longest, where there is too much."""
    entries = [(entry.stat(), entry) for entry in place.iterdir()]
    entries.sort(key=lambda item: -item[0].st_mtime)
    size = 0
    for number, (status, entry) in enumerate(entries):
        size += status.st_size
        if number and (number >= _KEPT or size > _ROOM):
            entry.unlink(missing_ok=True)


def _sum(payload: bytes | memoryview) -> bytes:
    return blake2b(payload, digest_size=_DIGEST).digest()
