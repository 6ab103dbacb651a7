"""What the encoder found of texts, kept in the user's cache folder under their content.

An entry holds some hundred sentences. It is written whole and checked when it is read; what is
damaged, or was written by another user, is worked out again.
"""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from toolkit import cache

_KEPT = 4_000  # entries
_ROOM = 1_500_000_000  # bytes of all entries: two long texts of 20,000 sentences
_SIGN = b"tongwen vectors1"


def recall(key: str) -> list[np.ndarray] | None:
    """Return the arrays kept under a key, None where there are none."""
    path = _path(key)
    if path is None:
        return None
    try:
        with open(path, "rb") as file:
            if not cache.is_ours(file):
                return None
            data = file.read()
        start = len(_SIGN) + cache.DIGEST
        payload = memoryview(data)[start:]
        if data[: len(_SIGN)] != _SIGN or data[len(_SIGN) : start] != cache.check_sum(payload):
            return None
        length = int.from_bytes(payload[:4], "little")
        arrays, place = [], 4 + length
        for kind, shape in json.loads(bytes(payload[4:place])):
            size = int(np.prod(shape)) * np.dtype(kind).itemsize
            found = np.frombuffer(payload[place : place + size], kind)
            arrays.append(found.reshape(shape))
            place += size
        os.utime(path)
        return arrays
    except (OSError, ValueError, TypeError):
        return None


def keep(key: str, arrays: Sequence[np.ndarray]) -> bool:
    """Write arrays, if that can be done; return whether it was."""
    path = _path(key)
    if path is None:
        return False
    head = json.dumps([[str(array.dtype), array.shape] for array in arrays]).encode()
    payload = b"".join(
        [len(head).to_bytes(4, "little"), head, *(array.tobytes() for array in arrays)]
    )
    return cache.write(path, (_SIGN, cache.check_sum(payload), payload))


def clear() -> None:
    """Take out what was not asked for the longest, where there is too much."""
    place = cache.folder("vectors")
    if place is not None:
        cache.clear(place, _KEPT, _ROOM)


def _path(key: str) -> Path | None:
    place = cache.folder("vectors")
    return place and place / key
