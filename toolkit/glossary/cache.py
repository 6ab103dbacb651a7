"""Keep what was worked out from a content, under the digest of that content.

An entry is found by content, so it is never out of date: another content is another entry. It is
a convenience only; what cannot be written or read, or was damaged, is worked out again.
"""

import marshal
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from toolkit import cache
from toolkit.cache import DIGEST, check_sum
from toolkit.cache import digest as digest

SMALLEST = 100_000  # characters of content from which on reading an entry is faster than working
_KEPT = 40  # entries: a glossary has one, its index three, lint one
_ROOM = 600_000_000  # bytes of all entries
_SIGN = b"tongwen cache 1\n"


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
    place = cache.folder("glossary")
    return place and place / f"{kind}-{sys.implementation.cache_tag}-{key}"


def _read(path: Path) -> Any:
    try:
        with open(path, "rb") as file:
            if not cache.is_ours(file):
                return None
            data = file.read()
        start = len(_SIGN) + DIGEST
        payload = memoryview(data)[start:]
        if data[: len(_SIGN)] != _SIGN or data[len(_SIGN) : start] != check_sum(payload):
            return None
        os.utime(path)
        return marshal.loads(payload)
    except (OSError, ValueError, EOFError, TypeError):
        return None


def _write(path: Path, value: Any) -> None:
    payload = marshal.dumps(value)
    if cache.write(path, (_SIGN, check_sum(payload), payload)):
        cache.clear(path.parent, _KEPT, _ROOM)
