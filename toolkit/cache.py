"""The user's cache folder: what was worked out once and need not be worked out again.

Nothing here is ever out of date, for entries are named by the content they come from; and nothing
depends on them: what cannot be written or read, or was damaged, is worked out again.
"""

import os
import secrets
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

DIGEST = 20  # bytes


def folder(room: str) -> Path | None:
    """Return where entries of one kind lie, in ``TONGWEN_CACHE`` if set, else in the user's cache.

    None if ``TONGWEN_CACHE`` is empty, which is how to keep nothing, or the user has no home.
    """
    named = os.environ.get("TONGWEN_CACHE")
    if named is not None:
        return Path(named) / room if named else None
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    try:
        return (Path(base) if base else Path.home() / ".cache") / "tongwen" / room
    except RuntimeError:  # no home
        return None


def digest(*parts: str | bytes) -> str:
    """Return one digest of several texts, each told from the next."""
    found = blake2b(digest_size=DIGEST)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        found.update(b"%d:" % len(data))
        found.update(data)
    return found.hexdigest()


def check_sum(payload: bytes | memoryview) -> bytes:
    return blake2b(payload, digest_size=DIGEST).digest()


def is_ours(file: BinaryIO) -> bool:
    """Tell whether the user wrote an open entry: whoever else can write decides the results."""
    return not hasattr(os, "getuid") or os.fstat(file.fileno()).st_uid == os.getuid()


def write(path: Path, parts: Iterable[bytes | memoryview]) -> bool:
    """Write an entry whole or not at all, in place of an earlier one; return whether it is there.

    A process that reads the earlier one goes on reading it.
    """
    temporary = path.with_name(f".{secrets.token_hex(6)}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with open(temporary, "xb") as file:
                for part in parts:
                    file.write(part)
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError:
        return False
    return True


def clear(place: Path, most: int, room: int) -> None:
    """Take out what was not asked for the longest, where there is too much.

    Args:
        place: A folder of entries.
        most: How many of them may stay.
        room: How many bytes they may take; the latest stays in any case.
    """
    try:
        entries = [(entry.stat(), entry) for entry in place.iterdir()]
        entries.sort(key=lambda item: -item[0].st_mtime)
        size = 0
        for number, (status, entry) in enumerate(entries):
            size += status.st_size
            if number and (number >= most or size > room):
                entry.unlink(missing_ok=True)
    except OSError:
        pass
