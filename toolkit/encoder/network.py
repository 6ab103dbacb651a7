"""The forward pass of the multilingual Universal Sentence Encoder."""

import numpy as np

from toolkit.encoder.weights import Weights

# The three convolution branches: how many tokens each sees, and how many of them lie to the left.
_BRANCHES = ((2, 0), (3, 1), (5, 2))
_GAP = 2  # zero rows between texts: as far as any branch reaches to one side
_BATCH = 512  # tokens; more does not go faster, and this much stays in the processor's cache
_BEGIN, _END = 1, 2


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
        self._norm = weights["ln_g"], weights["ln_b"]
        self._output = weights["cnn_W"], weights["cnn_b"]
        self._dense = [weights[name] for name in ("d0", "p1", "d1", "d2", "p3", "d3")]

    def sums(
        self, ids: list[list[int]]
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return the sums over the inner tokens, the begin marks, the end marks, and the lengths.

        The first three have shape (n, d), already projected; a length counts the inner tokens,
        and a text without any has zeros everywhere.
        """
        width = self._output[0].shape[1]
        parts = np.zeros((len(ids), 3, width), dtype=np.float32)
        batch: list[int] = []
        tokens = 0
        for number, pieces in enumerate(ids):
            if not pieces:
                continue
            if batch and tokens + len(pieces) + 2 > _BATCH:
                parts[batch] = self._batch([ids[k] for k in batch])
                batch, tokens = [], 0
            batch.append(number)
            tokens += len(pieces) + 2
        if batch:
            parts[batch] = self._batch([ids[k] for k in batch])
        length = np.fromiter(map(len, ids), dtype=np.float32, count=len(ids))
        return parts[:, 1], parts[:, 0], parts[:, 2], length

    @property
    def width(self) -> int:
        return self._output[0].shape[1]

    def main_directions(self, count: int) -> np.ndarray:
        """Return the directions in which the vectors of tokens spread most, shape (d, count).

        Taken from every 64th piece of the vocabulary by itself: no text decides.
        """
        sample = range(3, self._pieces, 64)
        vectors = np.concatenate([found[1:-1] for found in self.tokens([[k] for k in sample])])
        return np.linalg.eigh(np.cov(vectors.T))[1][:, -count:].astype(np.float32)

    def tokens(self, ids: list[list[int]]) -> list[np.ndarray]:
        """Return the projected vectors of the begin mark, the pieces and the end mark of texts."""
        result: list[np.ndarray] = [np.zeros((0, self.width), np.float32)] * len(ids)
        filled = [k for k, pieces in enumerate(ids) if pieces]
        batch: list[int] = []
        held = 0
        for number, k in enumerate(filled):
            batch.append(k)
            held += len(ids[k]) + 2
            if held >= _BATCH or number == len(filled) - 1:
                joined, cuts = self._joined([ids[k] for k in batch])
                vectors = joined @ self._output[0] + self._output[1]
                bounds = [*cuts[::3], len(vectors)]
                for place, k in enumerate(batch):
                    result[k] = vectors[bounds[place] : bounds[place + 1]]
                batch, held = [], 0
        return result

    def _batch(self, ids: list[list[int]]) -> np.ndarray:
        """Return, for texts with pieces, the projected sums of shape (n, 3, d)."""
        joined, cuts = self._joined(ids)
        matrix, bias = self._output
        summed = np.add.reduceat(joined, cuts, axis=0) @ matrix
        counts = np.diff([*cuts, len(joined)]).astype(np.float32)
        summed += counts[:, None] * bias
        return summed.reshape(len(ids), 3, -1)

    def _joined(self, ids: list[list[int]]) -> tuple[np.ndarray, list[int]]:
        """Return the features of all tokens, and where marks and pieces of each text begin."""
        flat: list[int] = []
        tokens: list[int] = []  # the rows that hold tokens; the others stay zero
        cuts: list[int] = []
        row = _GAP
        for pieces in ids:
            cuts += [len(flat), len(flat) + 1, len(flat) + 1 + len(pieces)]
            flat += [_BEGIN, *pieces, _END]
            tokens += range(row, row + len(pieces) + 2)
            row += len(pieces) + 2 + _GAP
        where = np.array(tokens)
        embedded = self._embeddings(np.array(flat))
        matrix, bias, gain, offset = self._entry
        projected = self._normalised(embedded @ matrix + bias, gain, offset)
        size = projected.shape[1] // len(_BRANCHES)
        features = [embedded]
        for branch, (n, left) in enumerate(_BRANCHES):
            current = projected[:, branch * size : (branch + 1) * size]
            for weight, shift in self._layers[branch]:
                spread = np.zeros((row, size), dtype=np.float32)
                spread[where] = current
                mixed = np.tile(shift, (len(where), 1))
                for k in range(n):
                    mixed += spread[where + (k - left)] @ weight[k * size : (k + 1) * size]
                current = np.maximum(mixed, 0) + current
            features.append(current)
        return self._normalised(np.concatenate(features, axis=1), *self._norm), cuts

    def _normalised(self, values: np.ndarray, gain: np.ndarray, offset: np.ndarray) -> np.ndarray:
        values = values - values.mean(axis=1, keepdims=True)
        spread = np.sqrt(np.mean(values * values, axis=1, keepdims=True) + self._epsilon)
        return values / spread * gain + offset

    def finish(self, pooled: np.ndarray, pieces: np.ndarray) -> np.ndarray:
        """Return unit vectors of pooled sums over ``pieces`` inner tokens and two marks."""
        d0, p1, d1, d2, p3, d3 = self._dense
        mean = pooled / np.sqrt(pieces + 2)[:, None]
        hidden = np.maximum(mean @ p1 + np.maximum(mean @ d0, 0) @ d1, 0)
        vectors = np.tanh(hidden @ p3 + np.maximum(hidden @ d2, 0) @ d3)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        vectors[pieces == 0] = 0.0
        return vectors
