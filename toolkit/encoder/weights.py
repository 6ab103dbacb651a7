"""The numbers of the encoder's network, out of the package's archive and ready to be read.

Unpacking the archive takes longer than most dispatches, and a dispatch needs a few hundred of its
128,000 embeddings. Unpacked once, the numbers are kept in the user's cache folder and mapped from
there into memory; what is damaged there is found out page by page as it is read.
"""

import json
import mmap
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError

import numpy as np

from toolkit import cache

# What a broken archive may raise.
BROKEN = (OSError, ValueError, KeyError, EOFError, BadZipFile, ZlibError)

_CHUNKS = 17  # the embedding table is stored in 17 parts: piece p is row p // 17 of part p % 17
_TABLE = "table"
_KEPT = 2  # entries in the cache
_ROOM = 200_000_000  # bytes of them
_SIGN = b"tongwen weights1"
_PAGE = 4096


class Weights(Mapping[str, np.ndarray]):
    """The arrays by name, and the embeddings of pieces.

    Args:
        archive: ``weights.npz`` of the package.

    Raises:
        One of ``BROKEN``: If the archive is none, or not all there.
    """

    def __init__(self, archive: Path) -> None:
        self._archive = archive
        with ZipFile(archive) as opened:
            entries = [(e.filename, e.file_size, e.CRC) for e in opened.infolist()]
        place = cache.folder("encoder")
        self.identity = cache.digest(json.dumps(entries))  # with the sums of the members
        self._entry = place and place / f"weights-{self.identity}"
        mapped = None if self._entry is None else _mapped(self._entry)
        if mapped is None:
            self._unpack()
        else:
            self._arrays, self._pages = mapped
            self._table = self._arrays.pop(_TABLE)

    def __getitem__(self, name: str) -> np.ndarray:
        return self._arrays[name]

    def __iter__(self):
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)

    @property
    def pieces(self) -> int:
        """How many pieces have an embedding, at most."""
        return len(self._table)

    def embeddings(self, pieces: np.ndarray) -> np.ndarray:
        """Return the embeddings of pieces, shape (pieces, d)."""
        if self._pages is not None and not self._pages.sound(self._table, pieces):
            self._unpack()
        rows = self._table[pieces].astype(np.float32)
        chunk = pieces % _CHUNKS
        rows *= self["scale"][chunk, None]
        rows += self["lo"][chunk, None]
        return rows

    def _unpack(self) -> None:
        # Each member in one piece: np.load reads small ones, and would wait for the interpreter
        # after each of them where another thread works.
        with ZipFile(self._archive) as archive:
            arrays = {
                name.removesuffix(".npy"): np.load(BytesIO(archive.read(name)))
                for name in archive.namelist()
            }
        rows, width = arrays["q1"].shape
        table = np.empty((rows * _CHUNKS, width), dtype=np.uint8)
        for chunk in range(_CHUNKS):
            table[chunk::_CHUNKS] = arrays.pop(f"q{chunk + 1}")
        self._arrays, self._table, self._pages = arrays, table, None
        if self._entry is not None and _keep(self._entry, {**arrays, _TABLE: table}):
            cache.clear(self._entry.parent, _KEPT, _ROOM)


class _Pages:
    """Which pages of the mapped embeddings have been found as they were written."""

    def __init__(self, sums: np.ndarray) -> None:
        self._sums, self._seen = sums, np.zeros(len(sums), bool)

    def sound(self, table: np.ndarray, rows: np.ndarray) -> bool:
        """Tell whether the pages that hold some rows are sound; the table begins a page."""
        width = table.shape[1]
        pages = np.concatenate([rows * width // _PAGE, ((rows + 1) * width - 1) // _PAGE])
        new = np.unique(pages[~self._seen[pages]])
        whole = _paged(table.reshape(-1))
        if not np.array_equal(_sums(whole[new]), self._sums[new]):
            return False
        self._seen[new] = True
        return True


def _paged(data: np.ndarray) -> np.ndarray:
    """Return bytes as rows of one page each; what does not fill the last is left out."""
    return data[: len(data) // _PAGE * _PAGE].view(np.uint64).reshape(-1, _PAGE // 8)


def _sums(pages: np.ndarray) -> np.ndarray:
    return pages.sum(axis=1, dtype=np.uint64)


def _keep(path: Path, arrays: Mapping[str, np.ndarray]) -> bool:
    shapes, data, sums, page = {}, [], [], 0
    for name in sorted(arrays, key=lambda name: name != _TABLE):  # the embeddings first
        shapes[name] = [str(arrays[name].dtype), arrays[name].shape, page]
        whole = np.zeros(-(-arrays[name].nbytes // _PAGE) * _PAGE, np.uint8)
        whole[: arrays[name].nbytes] = np.ascontiguousarray(arrays[name]).reshape(-1).view("u1")
        data.append(whole.data)
        sums.append(_sums(_paged(whole)))
        page += len(sums[-1])
    head = json.dumps({"arrays": shapes, "pages": page}).encode()
    tail = np.concatenate(sums).tobytes()
    length = len(head).to_bytes(4, "little")
    opening = (_SIGN, cache.check_sum(head + tail), length, head, tail)
    gap = bytes(-sum(map(len, opening)) % _PAGE)
    return cache.write(path, (*opening, gap, *data))


def _mapped(path: Path) -> tuple[dict[str, np.ndarray], _Pages] | None:
    """Return the arrays of an entry and the pages of its embeddings; None if it is not sound."""
    try:
        with open(path, "rb") as file:
            if not cache.is_ours(file):
                return None
            return _read(file)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _read(file: BinaryIO) -> tuple[dict[str, np.ndarray], _Pages] | None:
    start = len(_SIGN) + cache.DIGEST + 4
    opening = file.read(start)
    length = int.from_bytes(opening[-4:], "little")
    if len(opening) < start or opening[: len(_SIGN)] != _SIGN or length > 100_000:
        return None
    head = file.read(length)
    shapes = json.loads(head)
    sums = file.read(shapes["pages"] * 8)
    if opening[len(_SIGN) : -4] != cache.check_sum(head + sums):
        return None
    begin = -(-(start + length + len(sums)) // _PAGE) * _PAGE
    mapped = np.frombuffer(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), np.uint8)
    data = mapped[begin:]
    if len(data) != shapes["pages"] * _PAGE:
        return None
    expected = np.frombuffer(sums, np.uint64)
    arrays = {}
    for name, (kind, shape, page) in shapes["arrays"].items():
        size = int(np.prod(shape)) * np.dtype(kind).itemsize
        arrays[name] = data[page * _PAGE :][:size].view(kind).reshape(shape)
    first = -(-arrays[_TABLE].nbytes // _PAGE)  # the embeddings are looked at when they are read
    if not np.array_equal(_sums(_paged(data)[first:]), expected[first:]):
        return None
    return arrays, _Pages(expected[:first])
