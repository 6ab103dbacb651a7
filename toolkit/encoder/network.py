"""The forward pass of the multilingual Universal Sentence Encoder, up to sums over tokens.

Texts are read a few hundred tokens at a time, so that all stays in the processor's cache. What the
network works out of a piece before it looks at the neighbours, the first convolution's products
included, is worked out once for every piece of many texts: that is half of the whole.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from toolkit.encoder.weights import Weights

# The three convolution branches: how many tokens each sees, and how many of them lie to the left.
_BRANCHES = ((2, 0), (3, 1), (5, 2))
_GAP = 2  # zero rows between texts: as far as any branch reaches to one side
_BATCH = 512  # tokens, or pieces; more does not go faster
_LEAST = 2  # batches for each thread
_BEGIN, _END = 1, 2


@dataclass(frozen=True, slots=True)
class Projection:
    """What turns the features of tokens into vectors, the normalisation of the features in it."""

    matrix: np.ndarray
    drawn: np.ndarray  # times the mean of the features: to be subtracted
    shift: np.ndarray

    def onto(self, basis: np.ndarray) -> "Projection":
        return Projection(self.matrix @ basis, self.drawn @ basis, self.shift @ basis)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of each piece by itself; the last row, of zeros, is that of a gap."""

    embedded: np.ndarray  # (pieces + 1, d)
    entered: list[np.ndarray]  # by branch: (pieces + 1, size)
    seen: list[np.ndarray]  # by branch: (tokens seen, pieces + 1, size)


class Network:
    """The forward pass, cut in two where a text becomes one sum over its tokens."""

    def __init__(self, weights: Weights) -> None:
        self._embeddings, self._pieces = weights.embeddings, weights.pieces
        self._epsilon = float(weights["eps"])
        self._entry = [
            np.concatenate([weights[f"{name}{n}"] for n, _ in _BRANCHES], axis=-1)
            for name in ("proj", "proj_b", "ln_g", "ln_b")
        ]
        self._layers = [
            [(weights[f"w{k}_{n}"], weights[f"b{k}_{n}"]) for k in (1, 2)] for n, _ in _BRANCHES
        ]
        gain, offset = weights["ln_g"], weights["ln_b"]
        matrix, bias = weights["cnn_W"], weights["cnn_b"]
        scaled = gain[:, None] * matrix
        self.projection = Projection(scaled, scaled.sum(axis=0), offset @ matrix + bias)
        self._dense = [weights[name] for name in ("d0", "p1", "d1", "d2", "p3", "d3")]
        self._width = len(gain)

    @property
    def width(self) -> int:
        return len(self.projection.shift)

    def main_directions(self, count: int) -> np.ndarray:
        """Return the directions in which the vectors of tokens spread most, shape (d, count).

        Taken from every 64th piece of the vocabulary by itself: no text decides.
        """
        return self._directions[:, -count:]

    @cached_property
    def _directions(self) -> np.ndarray:
        ids = [[piece] for piece in range(3, self._pieces, 64)]
        none = np.zeros((0, 2), int)
        _, vectors = self.read(ids, none, np.arange(len(ids)) * 3 + 1, self.projection)
        return np.linalg.eigh(np.cov(vectors.T))[1].astype(np.float32)

    def read(
        self,
        ids: Sequence[Sequence[int]],
        ranges: np.ndarray,
        picked: np.ndarray,
        projection: Projection | None = None,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the vectors of ranges of tokens, summed over each, and those of single tokens.

        Args:
            ids: The pieces of texts, at least one in each. Places below are tokens of all texts
                in a row, a begin mark before and an end mark after the pieces of each.
            ranges: Shape (n, 2), first token and the one after the last, all in one text; the
                texts rise.
            picked: Places of single tokens, rising.
            projection: Of the single tokens; by default that of the sums.
        """
        projection = projection or self.projection
        sizes = np.array([len(pieces) + 2 for pieces in ids], int)
        bounds = np.concatenate([[0], np.cumsum(sizes)])
        stream = np.empty(bounds[-1], np.int64)
        for pieces, start in zip(ids, bounds.tolist(), strict=False):
            stream[start + 1 : start + 1 + len(pieces)] = pieces
        stream[bounds[:-1]], stream[bounds[1:] - 1] = _BEGIN, _END
        distinct, slots = np.unique(stream, return_inverse=True)
        known = self._known(distinct)
        owner = np.searchsorted(bounds, ranges[:, 0], side="right")
        sums = np.zeros((len(ranges), self.width), np.float32)
        tokens = np.empty((len(picked), len(projection.shift)), np.float32)

        def work(texts: tuple[int, int]) -> None:
            first, last = texts
            start, stop = bounds[first], bounds[last]
            # Where the tokens lie when there are gaps before, between and after the texts.
            rows = np.arange(stop - start) + _GAP
            rows += _GAP * np.repeat(np.arange(last - first), sizes[first:last])
            spaced = np.full(stop - start + _GAP * (last - first + 1), len(distinct))
            spaced[rows] = slots[start:stop]
            features = self._features(spaced, known, len(distinct))
            mean = features.mean(axis=1)
            power = np.einsum("ij,ij->i", features, features) / self._width
            share = 1 / np.sqrt(power - mean * mean + self._epsilon)
            low, high = np.searchsorted(owner, [first + 1, last + 1])
            if low < high:
                sums[low:high] = self._sums(
                    features, mean, share, rows[ranges[low:high] - [start, start + 1]]
                )
            low, high = np.searchsorted(picked, [start, stop])
            if low < high:
                found = rows[picked[low:high] - start]
                vectors = (features @ projection.matrix)[found]
                vectors -= mean[found, None] * projection.drawn
                vectors *= share[found, None]
                tokens[low:high] = vectors + projection.shift

        _at_once(work, _batches(bounds))
        return sums, tokens

    def _sums(
        self, features: np.ndarray, mean: np.ndarray, share: np.ndarray, ranges: np.ndarray
    ) -> np.ndarray:
        """Return the sums over ranges of rows, both ends of them included."""
        held = np.zeros((len(ranges), len(features)), np.float32)
        for row, (start, last) in zip(held, ranges.tolist(), strict=True):
            row[start : last + 1] = share[start : last + 1]
        total = (held @ features) @ self.projection.matrix
        total -= (held @ mean)[:, None] * self.projection.drawn
        count = (ranges[:, 1] - ranges[:, 0] + 1).astype(np.float32)
        return total + count[:, None] * self.projection.shift

    def _known(self, pieces: np.ndarray) -> _Known:
        matrix, bias, gain, offset = self._entry
        size = len(bias) // len(_BRANCHES)
        embedded = np.zeros((len(pieces) + 1, len(matrix)), np.float32)
        embedded[:-1] = self._embeddings(pieces)
        entered = [np.zeros((len(embedded), size), np.float32) for _ in _BRANCHES]
        seen = [np.zeros((n, len(embedded), size), np.float32) for n, _ in _BRANCHES]

        def work(rows: slice) -> None:
            projected = self._normalised(embedded[rows] @ matrix + bias, gain, offset)
            for branch, (n, _) in enumerate(_BRANCHES):
                current = projected[:, branch * size : (branch + 1) * size]
                weight = self._layers[branch][0][0]
                entered[branch][rows] = current
                for k in range(n):
                    seen[branch][k, rows] = current @ weight[k * size : (k + 1) * size]

        _at_once(work, _slices(len(pieces)))
        return _Known(embedded, entered, seen)

    def _features(self, slots: np.ndarray, known: _Known, gap: int) -> np.ndarray:
        """Return what the network makes of each token among its neighbours, before normalising.

        Args:
            slots: Rows of ``known``; gaps stand before and after all texts.
            gap: The row of a gap.
        """
        inner = slice(_GAP, -_GAP)
        gaps = np.flatnonzero(slots[inner] == gap)
        features = np.empty((len(slots), self._width), np.float32)
        at = known.embedded.shape[1]
        features[:, :at] = known.embedded[slots]
        for branch, (n, left) in enumerate(_BRANCHES):
            (_, shift), (weight, further) = self._layers[branch]
            entered, seen = known.entered[branch], known.seen[branch]
            size = entered.shape[1]
            reached = [slice(_GAP + k - left, len(slots) - _GAP + k - left) for k in range(n)]
            mixed = seen[0].take(slots[reached[0]], axis=0)
            for k in range(1, n):
                mixed += seen[k].take(slots[reached[k]], axis=0)
            mixed += shift
            current = np.maximum(mixed, 0, out=mixed)
            current += entered.take(slots[inner], axis=0)
            current[gaps] = 0
            spread = np.zeros((len(slots), size), np.float32)
            spread[inner] = current
            mixed = spread[reached[0]] @ weight[:size]
            for k in range(1, n):
                mixed += spread[reached[k]] @ weight[k * size : (k + 1) * size]
            mixed += further
            np.maximum(mixed, 0, out=mixed)
            mixed += current
            features[inner, at : at + size] = mixed
            at += size
        features[:_GAP] = features[-_GAP:] = 0
        return features

    def _normalised(self, values: np.ndarray, gain: np.ndarray, offset: np.ndarray) -> np.ndarray:
        values = values - values.mean(axis=1, keepdims=True)
        spread = np.sqrt(np.mean(values * values, axis=1, keepdims=True) + self._epsilon)
        return values / spread * gain + offset

    def finish(self, pooled: np.ndarray, pieces: np.ndarray) -> np.ndarray:
        """Return unit vectors of pooled sums over ``pieces`` inner tokens and two marks."""
        d0, p1, d1, d2, p3, d3 = self._dense
        vectors = np.empty((len(pooled), d3.shape[1]), np.float32)

        def work(rows: slice) -> None:
            mean = pooled[rows] / np.sqrt(pieces[rows] + 2)[:, None]
            hidden = np.maximum(mean @ p1 + np.maximum(mean @ d0, 0) @ d1, 0)
            found = np.tanh(hidden @ p3 + np.maximum(hidden @ d2, 0) @ d3)
            found /= np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-12)
            found[pieces[rows] == 0] = 0.0
            vectors[rows] = found

        _at_once(work, _slices(len(pooled)))
        return vectors


def _batches(bounds: np.ndarray) -> list[tuple[int, int]]:
    """Return which texts are worked on at once, given where their tokens begin and end."""
    batches, first = [], 0
    while first < len(bounds) - 1:
        last = int(np.searchsorted(bounds, bounds[first] + _BATCH, side="right")) - 1
        batches.append((first, max(last, first + 1)))
        first = batches[-1][1]
    return batches


def _slices(count: int) -> list[slice]:
    return [slice(first, min(first + _BATCH, count)) for first in range(0, count, _BATCH)]


def _at_once(work: Callable[[Any], None], items: Sequence[Any]) -> None:
    """Do work on each item, on all processors if it is worth it."""
    threads = min(processors(), len(items) // _LEAST)
    if threads > 1:
        with ThreadPoolExecutor(threads) as pool:
            for _ in pool.map(work, items):
                pass
    else:
        for item in items:
            work(item)


def processors() -> int:
    """Return how many threads of this process can work at once."""
    with suppress(AttributeError):  # not on every system
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
