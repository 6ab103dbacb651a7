"""What the encoder reads out of texts: of some hundred at once, of many thousand held or again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from zlib import crc32

import numpy as np

WIDTH = 128  # of the vectors of tokens, where they are kept compact
# Bytes of the texts that are read at once, and one text in how many may end them in between.
_LEAST_BYTES, _MOST_BYTES, _ENDING = 64_000, 160_000, 64


@dataclass(frozen=True, slots=True)
class Detail:
    """Texts with all that the encoder can say of them, from one forward pass.

    ``runs`` is what ``Encoder.runs`` returns. ``parts[k]`` holds the vectors of the parts of level
    k, those of text i from ``part_cuts[k][i]`` to ``part_cuts[k][i + 1]``; the tokens of text i
    are the unit rows of ``tokens`` from ``token_cuts[i]`` to ``token_cuts[i + 1]``.
    """

    runs: list[np.ndarray]
    parts: list[np.ndarray]
    part_cuts: list[np.ndarray]
    tokens: np.ndarray
    token_cuts: np.ndarray


@dataclass(frozen=True, slots=True)
class Read:
    """What one forward pass found of texts.

    ``marks`` (3, texts, d) are the begin marks, the pieces summed and the end marks, not yet
    vectors; ``parts``, by level, the vectors of the parts; ``counts`` how many of the ``tokens``
    each text has.
    """

    marks: np.ndarray
    length: np.ndarray
    parts: list[np.ndarray]
    tokens: np.ndarray
    counts: np.ndarray

    def arrays(self) -> list[np.ndarray]:
        return [self.marks, self.length, self.tokens, self.counts, *self.parts]

    @classmethod
    def of(cls, arrays: Sequence[np.ndarray]) -> "Read":
        marks, length, tokens, counts, *parts = arrays
        return cls(marks, length, parts, tokens, counts)

    @classmethod
    def joined(cls, found: Sequence["Read"]) -> "Read":
        if len(found) == 1:
            return found[0]
        return cls(
            np.concatenate([one.marks for one in found], axis=1),
            np.concatenate([one.length for one in found]),
            [np.concatenate(level) for level in zip(*(one.parts for one in found), strict=True)],
            np.concatenate([one.tokens for one in found]),
            np.concatenate([one.counts for one in found]),
        )


class Reader(Protocol):
    """What a reading asks of the encoder."""

    def read(
        self,
        texts: Sequence[str],
        levels: Sequence[Sequence[Sequence[int]]],
        width: int,
        keep: bool = True,
    ) -> Read: ...

    def pooled(
        self,
        begin: np.ndarray,
        inner: np.ndarray,
        end: np.ndarray,
        length: np.ndarray,
        longest: int,
    ) -> list[np.ndarray]: ...

    def detail_of(
        self, read: Read, levels: Sequence[Sequence[Sequence[int]]], longest: int
    ) -> Detail: ...


_AT_ONCE = 2_000  # texts of a reading


class Reading:
    """Many texts of which details are asked for some at a time; see ``UseEncoder.reading``."""

    def __init__(
        self,
        encoder: "Reader",
        texts: Sequence[str],
        levels: Sequence[Sequence[Sequence[int]]],
        hold: bool,
    ) -> None:
        self._encoder, self._texts, self._levels, self._hold = encoder, texts, levels, hold
        self._held: list[Held] = []

    def vectors(self) -> np.ndarray:
        """Return the vectors of all texts, in half precision."""
        vectors = []
        for first in range(0, len(self._texts), _AT_ONCE):
            part = slice(first, first + _AT_ONCE)
            levels = [level[part] for level in self._levels] if self._hold else []
            width = WIDTH if self._hold else 0
            read = self._encoder.read(self._texts[part], levels, width, keep=self._hold)
            found = self._encoder.pooled(*read.marks, read.length, 1)[0]
            vectors.append(found.astype(np.float16))
            if self._hold:
                self._held.append(Held(read, levels))
        return np.concatenate(vectors)

    def detail(self, first: int, last: int, longest: int) -> Detail:
        """Return the compact detail of the texts from ``first`` to before ``last``."""
        levels = [level[first:last] for level in self._levels]
        if self._held and first < last:
            read = Read.joined([
                self._held[number].part(max(0, first - start), min(_AT_ONCE, last - start))
                for number in range(first // _AT_ONCE, (last - 1) // _AT_ONCE + 1)
                for start in (number * _AT_ONCE,)
            ])  # fmt: skip
        else:
            read = self._encoder.read(self._texts[first:last], levels, WIDTH, keep=False)
        return self._encoder.detail_of(read, levels, longest)


class Held:
    """What was read of some texts, in half precision."""

    def __init__(self, read: Read, levels: Sequence[Sequence[Sequence[int]]]) -> None:
        # A sum over thousands of tokens has no room in half precision, their mean has.
        scale = np.maximum(read.length, 1)[:, None]
        self._marks = (read.marks / [np.ones_like(scale), scale, np.ones_like(scale)]).astype(
            np.float16
        )
        self._read = replace(
            read, marks=read.marks[:0], parts=[part.astype(np.float16) for part in read.parts]
        )
        self._part_cuts = [np.cumsum([0, *map(len, level)]) for level in levels]
        self._token_cuts = np.cumsum([0, *read.counts])

    def part(self, first: int, last: int) -> Read:
        read = self._read
        marks = self._marks[:, first:last].astype(np.float32)
        marks[1] *= np.maximum(read.length[first:last], 1)[:, None]
        return Read(
            marks,
            read.length[first:last],
            [part[cuts[first] : cuts[min(last, len(cuts) - 1)]].astype(np.float32)
             for part, cuts in zip(read.parts, self._part_cuts, strict=True)],
            read.tokens[self._token_cuts[first] : self._token_cuts[min(last, len(read.counts))]],
            read.counts[first:last],
        )  # fmt: skip


def chunks(texts: Sequence[str]) -> list[slice]:
    """Return which texts are read at once.

    Where a chunk ends is told by the texts in it, so that a text more or less changes the chunk it
    is in and no other.
    """
    chunks, first, size = [], 0, 0
    for number, text in enumerate(texts):
        data = text.encode("utf-8", "replace")
        size += len(data)
        if size >= _MOST_BYTES or size >= _LEAST_BYTES and crc32(data) % _ENDING == 0:
            chunks.append(slice(first, number + 1))
            first, size = number + 1, 0
    return [*chunks, slice(first, len(texts))] if first < len(texts) or not chunks else chunks
