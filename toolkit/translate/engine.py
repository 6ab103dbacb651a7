"""Run a CTranslate2 model with its SentencePiece model: any, or the small one that ships.

What a model expects is read from its own vocabulary: this project's marks for what must not be
touched (``placeholders``), a target tag ``<2ru>``, the language codes of NLLB, M2M-100 or
mBART-50, the ``>>rus<<`` of multilingual OPUS-MT, or nothing (a model of one direction).
"""

import gzip
import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from toolkit.errors import ModelError
from toolkit.translate.symbols import (
    CASES,
    GENDERS,
    INDEXES,
    SYMBOLS,
    mirrored,
    prepare,
    turned,
)

# Longer segments are not translated: models cut them silently, and this one knows 512 places.
LONGEST = 400
_HYPOTHESES_PER_CALL = 512
# Ways a model with placeholders looks at beside those asked for, and how many are compared.
_WIDER, _COMPARED = 2, 3

_PREFIXES: tuple[Mapping[str, tuple[str, ...]], ...] = (
    {"zh": ("zho_Hans",), "ru": ("rus_Cyrl",), "en": ("eng_Latn",)},  # NLLB-200
    {"zh": ("__zh__",), "ru": ("__ru__",), "en": ("__en__",)},  # M2M-100
    {"zh": ("zh_CN",), "ru": ("ru_RU",), "en": ("en_XX",)},  # mBART-50
)
_TAGS: tuple[Mapping[str, tuple[str, ...]], ...] = (
    {"zh": ("<2zh>",), "ru": ("<2ru>",), "en": ("<2en>",)},  # ours, and MADLAD-400's
    {
        "zh": (">>cmn_Hans<<", ">>zho_Hans<<", ">>cmn<<", ">>zho<<", ">>zh<<"),
        "ru": (">>rus<<", ">>ru<<"),
        "en": (">>eng<<", ">>en<<"),
    },  # OPUS-MT
)


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What the model made of one text.

    ``score`` is the mean log-probability per token (0 is certainty). ``unknown`` says that the
    model had no piece for something in the source, or gave its unknown piece; a text too long to
    translate gives an empty ``text``, ``unknown`` and a score of minus infinity. ``cut`` says that
    the model did not end by itself: it was stopped at the greatest length, and the end of the text
    is missing. ``channel`` is the mean log-probability per token of the source, translated from
    this text; it is computed for models with ``placeholders`` only.
    """

    text: str
    score: float
    unknown: bool
    cut: bool = False
    channel: float = 0.0


def starter() -> Path:
    """Return the folder of the model that ships."""
    return Path(__file__).parent / "starter"


class Engine:
    """A translation model, loaded when first used.

    Args:
        model_dir: A CTranslate2 model directory with its SentencePiece model, or the folder of a
            package that holds both (Argos Translate: ``model/`` beside ``sentencepiece.model``).
        workers: Batches translated at once. More workers with one thread each beat one worker
            with several threads on small models.
        threads: Threads of each worker.
        compute_type: CTranslate2's name of the arithmetic (int8, float32, …).
    """

    def __init__(
        self, model_dir: Path, workers: int = 2, threads: int = 1, compute_type: str = "int8"
    ) -> None:
        self.model_dir = Path(model_dir)
        self.workers = workers
        self.threads = threads
        self.compute_type = compute_type

    # -- What the model is

    @cached_property
    def _home(self) -> Path:
        for candidate in (self.model_dir, self.model_dir / "model"):
            if (candidate / "model.bin").is_file():
                return candidate
        if not self.model_dir.exists():
            problem = (
                "there is no such folder, nor is a model of that name installed (tongwen models"
                " list); check the spelling, or leave out --model for the one that ships"
            )
        elif not self.model_dir.is_dir():
            problem = "it is a file; name the folder that holds model.bin"
        else:
            problem = (
                "the folder has no model.bin; convert the model with ct2-transformers-converter"
                " or ct2-opus-mt-converter, or name the folder that holds it"
            )
        raise ModelError(f"{self.model_dir}: no CTranslate2 model: {problem}")

    @cached_property
    def _processors(self) -> tuple[Any, Any]:
        """Return the SentencePiece models of source and target, often one and the same."""
        folders = dict.fromkeys((self._home, self.model_dir, self._home.parent))
        for folder in folders:
            pair = (folder / "source.spm", folder / "target.spm")
            if all(path.is_file() for path in pair):
                return self._processor(pair[0]), self._processor(pair[1])
            # Only the model's own folder may hold a SentencePiece model under any name.
            names = ["sentencepiece.model", "sentencepiece.bpe.model", "spm.model", "spiece.model"]
            found = [folder / name for name in names if (folder / name).is_file()]
            if not found and folder == self._home:
                found = sorted(folder.glob("*.spm")) or sorted(folder.glob("*.model"))
            if found:
                one = self._processor(found[0])
                return one, one
        raise ModelError(
            f"{self.model_dir}: no SentencePiece model: looked for sentencepiece.model,"
            " source.spm with target.spm, *.spm and *.model; copy it there from the folder the"
            " model was converted from"
        )

    @staticmethod
    def _processor(path: Path) -> Any:
        import sentencepiece

        try:
            return sentencepiece.SentencePieceProcessor(model_file=str(path))
        except (OSError, RuntimeError) as error:
            raise ModelError(
                f"{path}: not a SentencePiece model ({_first_line(error)}); get it again"
            ) from None

    @cached_property
    def _translator(self) -> Any:
        import ctranslate2

        try:
            return ctranslate2.Translator(
                str(self._home),
                device="cpu",
                compute_type=self.compute_type,
                inter_threads=self.workers,
                intra_threads=self.threads,
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise ModelError(
                f"{self._home}: the model does not load ({_first_line(error)}); it is incomplete,"
                " damaged or made by a newer CTranslate2: get or convert it again"
            ) from None

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        for stem in ("shared_vocabulary", "source_vocabulary"):
            for suffix in (".json", ".txt"):
                path = self._home / (stem + suffix)
                if path.is_file():
                    return frozenset(self._pieces(path))
        raise ModelError(
            f"{self._home}: no vocabulary: looked for shared_vocabulary and source_vocabulary,"
            " .json and .txt; the model is incomplete, convert it again"
        )

    @staticmethod
    def _pieces(path: Path) -> Iterable[str]:
        try:
            text = path.read_text(encoding="utf-8")
            return json.loads(text) if path.suffix == ".json" else text.split("\n")
        except (OSError, ValueError) as error:
            raise ModelError(
                f"{path}: the vocabulary cannot be read ({_first_line(error)}); get it again"
            ) from None

    @cached_property
    def _config(self) -> Mapping[str, Any]:
        path = self._home / "config.json"
        if not path.is_file():
            return {}
        try:
            config = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ModelError(
                f"{path}: cannot be read ({_first_line(error)}); get the model again"
            ) from None
        return config if isinstance(config, dict) else {}

    @cached_property
    def placeholders(self) -> bool:
        """Whether the model knows this project's marks for terms, names and figures."""
        return self._vocabulary.issuperset(SYMBOLS)

    @cached_property
    def _known(self) -> Mapping[str, frozenset[str]]:
        path = self._home / "known.txt.gz"
        if not path.is_file():
            return {}
        try:
            lines = gzip.decompress(path.read_bytes()).decode("utf-8").splitlines()
            return {
                lang: frozenset(entries.split(" "))
                for lang, _, entries in (line.partition("\t") for line in lines)
            }
        except (OSError, EOFError, ValueError) as error:
            raise ModelError(
                f"{path}: cannot be read ({_first_line(error)}); get the model again"
            ) from None

    def known(self, lang: str) -> frozenset[str] | None:
        """Return the word keys the model was trained on (``gate.keys``), None if unrecorded."""
        return self._known.get(lang)

    # -- What it does

    def translate(
        self,
        texts: Sequence[str],
        source: str,
        target: str,
        beam: int = 4,
        *,
        careful: bool = False,
    ) -> list[Hypothesis]:
        """Translate texts, masked ones where the model has ``placeholders``; order is kept.

        Equal texts are translated once. An empty text gives an empty hypothesis. A model with
        ``placeholders`` looks at two ways more than ``beam``; of those that have every mark once,
        or lack the fewest, the one of the three likeliest is taken that the source follows from
        best (noisy channel reranking: Yee et al. 2019). With a beam of 1 there is no choice.

        Args:
            careful: Forbid the model to say four pieces twice, and make repetition dear.

        Raises:
            ModelError: If the model does not load or does not translate into ``target``.
        """
        if self.placeholders:
            texts = [prepare(text, source) for text in texts]
        before, prefix, after = self._frame(source, target)
        wanted = sorted(dict.fromkeys(texts), key=len)
        encode = self._processors[0]
        made: dict[str, Hypothesis] = {}
        waiting: list[tuple[str, list[str], bool]] = []
        for text in wanted:
            if not text.strip():
                made[text] = Hypothesis("", 0.0, False)
                continue
            # A piece is at least one character, and rarely more than 16.
            too_long = len(text) > LONGEST * 16
            pieces = [] if too_long else encode.encode(text, out_type=str)
            if too_long or len(pieces) > LONGEST:
                made[text] = Hypothesis("", -math.inf, True)
                continue
            odd = any(piece not in self._vocabulary for piece in pieces)
            waiting.append((text, [*before, *pieces, *after], odd))
        for start in range(0, len(waiting), _HYPOTHESES_PER_CALL):
            part = waiting[start : start + _HYPOTHESES_PER_CALL]
            sources = [pieces for _, pieces, _ in part]
            ways = self._run(sources, prefix, beam, careful)
            given = [text for text, _, _ in part]
            results = self._chosen(given, sources, ways, source, target)
            most = self._most(sources)
            for (text, _, odd), (pieces, score, channel) in zip(part, results, strict=True):
                made[text] = Hypothesis(
                    self._written(pieces),
                    score,
                    odd or "<unk>" in pieces,
                    len(pieces) + len(prefix) >= most,
                    channel,
                )
        return [made[text] for text in texts]

    # -- What enforcement asks of it: decoding that is led, and judged by the model itself

    def complete(
        self,
        texts: Sequence[str],
        beginnings: Sequence[str],
        source: str,
        target: str,
        beam: int = 2,
    ) -> list[str]:
        """Translate each text so that its translation begins as given; the model goes on."""
        before, codes, after = self._frame(source, target)
        encode, decode = self._processors
        sources = [
            [*before, *encode.encode(text, out_type=str)[:LONGEST], *after] for text in texts
        ]
        led = [[*codes, *decode.encode(begun, out_type=str)] for begun in beginnings]
        if not sources:
            return []
        most = max(2 * max(map(len, sources)) + 30, max(map(len, led)) + 20)
        results = self._safely(
            lambda: self._translator.translate_batch(
                sources, target_prefix=led, beam_size=beam, max_batch_size=1024,
                batch_type="tokens", max_input_length=0, max_decoding_length=min(LONGEST, most),
            )
        )  # fmt: skip
        return [self._written(result.hypotheses[0][len(codes) :]) for result in results]

    def nbest(
        self, text: str, source: str, target: str, count: int = 8
    ) -> list[Hypothesis]:
        """Return the likeliest translations of one text, the best first."""
        before, codes, after = self._frame(source, target)
        pieces = [*before, *self._processors[0].encode(text, out_type=str)[:LONGEST], *after]
        (result,) = self._safely(
            lambda: self._translator.translate_batch(
                [pieces], target_prefix=[codes] if codes else None, beam_size=count,
                num_hypotheses=count, max_input_length=0, return_scores=True,
                max_decoding_length=min(LONGEST, 2 * len(pieces) + 30),
            )
        )  # fmt: skip
        return [
            Hypothesis(self._written(way[len(codes) :]), score, False)
            for way, score in zip(result.hypotheses, result.scores, strict=True)
        ]

    def scores(
        self, texts: Sequence[str], translations: Sequence[str], source: str, target: str
    ) -> list[list[float]]:
        """Return the model's log-probability of each token of each translation, and of its end."""
        before, codes, after = self._frame(source, target)
        encode, decode = self._processors
        if not texts:
            return []
        sources = [
            [*before, *encode.encode(text, out_type=str)[:LONGEST], *after] for text in texts
        ]
        scored = self._safely(
            lambda: self._translator.score_batch(
                sources,
                [[*codes, *decode.encode(text, out_type=str)[:LONGEST]] for text in translations],
                max_batch_size=2048, batch_type="tokens", max_input_length=0,
            )
        )  # fmt: skip
        return [list(item.log_probs[len(codes) :]) for item in scored]

    def attention(
        self, text: str, translation: str, source: str, target: str
    ) -> tuple[list[str], list[list[float]]]:
        """Return a translation's pieces, and how much each looks at each piece of the source.

        The weights of what is no piece of the text (codes, end marks) are left out.
        """
        before, codes, after = self._frame(source, target)
        encode, decode = self._processors
        pieces = encode.encode(text, out_type=str)[:LONGEST]
        given = decode.encode(translation, out_type=str)[:LONGEST]
        (result,) = self._safely(
            lambda: self._translator.translate_batch(
                [[*before, *pieces, *after]], target_prefix=[[*codes, *given]], beam_size=1,
                max_input_length=0, max_decoding_length=len(codes) + len(given) + 1,
                return_attention=True,
            )
        )  # fmt: skip
        rows = result.attention[0][len(codes) : len(codes) + len(given)]
        start = len(before)
        return given, [list(row[start : start + len(pieces)]) for row in rows]

    def source_pieces(self, text: str) -> int:
        """Return how many pieces of the source's vocabulary a text has."""
        return len(self._processors[0].encode(text))

    def _written(self, pieces: Sequence[str]) -> str:
        return self._processors[1].decode(list(pieces)).replace("⁇", "").strip()

    def _safely(self, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except (RuntimeError, ValueError) as error:
            raise ModelError(
                f"{self.model_dir}: the model failed ({_first_line(error)}); its files may not"
                " belong together"
            ) from None

    def pieces(self, text: str) -> int:
        """Return how many pieces of the target's vocabulary a text has."""
        return len(self._processors[1].encode(text))

    def _frame(self, source: str, target: str) -> tuple[list[str], list[str], list[str]]:
        """Return tokens before a source, before its target, and after the source."""
        after = []
        # Models from Hugging Face expect the end mark in the source; CTranslate2 adds it where
        # the configuration says so, and OpenNMT models, which start from <s>, do without.
        starts = self._config.get("decoder_start_token", "<s>")
        if not self._config.get("add_source_eos") and starts != "<s>":
            after = ["</s>"]
        for family in _PREFIXES:
            if any(self._code(family, lang) for lang in ("zh", "ru", "en")):
                codes = [self._code(family, lang) for lang in (source, target)]
                if None not in codes:
                    return [str(codes[0])], [str(codes[1])], after
                self._refuse(source if codes[0] is None else target)
        for family in _TAGS:
            if any(self._code(family, lang) for lang in ("zh", "ru", "en")):
                tag = self._code(family, target)
                if tag is None:
                    self._refuse(target)
                tokens = ["▁", str(tag)] if self.placeholders else [str(tag)]
                return tokens, [], after
        return [], [], after

    def _code(self, family: Mapping[str, tuple[str, ...]], lang: str) -> str | None:
        return next((code for code in family.get(lang, ()) if code in self._vocabulary), None)

    def _refuse(self, lang: str) -> None:
        raise ModelError(
            f"{self.model_dir}: this model has no {lang}; name a model that has, or leave out"
            " --model for the one that ships"
        )

    @staticmethod
    def _most(sources: list[list[str]]) -> int:
        """Return how long a translation in this batch may become, in pieces."""
        return min(LONGEST, 2 * max(map(len, sources)) + 30)

    def _run(
        self, sources: list[list[str]], prefix: list[str], beam: int, careful: bool
    ) -> list[list[tuple[list[str], float]]]:
        """Return the beam of each source: pieces and mean log-probability, the best first."""
        width = beam + _WIDER if self.placeholders and beam > 1 else beam
        try:
            results = self._translator.translate_batch(
                sources,
                target_prefix=[prefix] * len(sources) if prefix else None,
                beam_size=width,
                max_batch_size=1024,
                batch_type="tokens",
                max_input_length=0,
                max_decoding_length=self._most(sources),
                no_repeat_ngram_size=4 if careful else 0,
                repetition_penalty=1.2 if careful else 1.0,
                return_scores=True,
                num_hypotheses=width if self.placeholders else 1,
            )
        except (RuntimeError, ValueError) as error:
            raise ModelError(
                f"{self.model_dir}: the model failed ({_first_line(error)}); its files may not"
                " belong together"
            ) from None
        return [
            [
                (pieces[len(prefix) :], score)
                for pieces, score in zip(result.hypotheses, result.scores, strict=True)
            ]
            for result in results
        ]

    def _chosen(
        self,
        texts: list[str],
        sources: list[list[str]],
        ways: list[list[tuple[list[str], float]]],
        source: str,
        target: str,
    ) -> list[tuple[list[str], float, float]]:
        """Return of each beam the way to be taken: its pieces, score and channel."""
        if not self.placeholders:
            return [(*beam[0], 0.0) for beam in ways]
        kept = []
        for number, (pieces, beam) in enumerate(zip(sources, ways, strict=True)):
            wanted = Counter(piece for piece in pieces if piece in INDEXES)
            astray = [_astray(way, wanted) for way, _ in beam]
            whole = [n for n, lacks in enumerate(astray) if lacks == min(astray)]
            whole.sort(key=lambda n: -beam[n][1])
            kept += [(number, n) for n in whole[:_COMPARED]]
        outputs = [self._written(ways[number][n][0]) for number, n in kept]
        channels = self._channels([texts[number] for number, _ in kept], outputs, source, target)
        best: dict[int, tuple[list[str], float, float]] = {}
        for (number, n), channel in zip(kept, channels, strict=True):
            pieces, score = ways[number][n]
            if number not in best or score + channel > sum(best[number][1:]):  # type: ignore
                best[number] = (pieces, score, channel)
        return [best[number] for number in range(len(sources))]

    def _channels(
        self, texts: list[str], outputs: list[str], source: str, target: str
    ) -> list[float]:
        """Return the mean log-probability of each text translated back from its output.

        Marks of case and gender are left out: what they are in the text is not known.
        """
        encode, decode = self._processors
        before, codes, after = self._frame(target, source)
        both = list(zip(texts, outputs, strict=True))
        there = [prepare(turned(text, output, source), target) for text, output in both]
        back = [prepare(mirrored(text, output, source), source) for text, output in both]
        scored = self._safely(
            lambda: self._translator.score_batch(
                [
                    [*before, *encode.encode(text, out_type=str)[:LONGEST], *after]
                    for text in there
                ],
                [[*codes, *decode.encode(text, out_type=str)[:LONGEST]] for text in back],
                max_batch_size=512, batch_type="tokens", max_input_length=0,
            )
        )  # fmt: skip
        means = []
        for item in scored:
            told = [
                chance for piece, chance in zip(item.tokens, item.log_probs, strict=True)
                if piece not in _INFLECTION
            ]  # fmt: skip
            means.append(sum(told) / len(told) if told else 0.0)
        return means


_INFLECTION = frozenset((*CASES, *GENDERS))


def _astray(pieces: list[str], wanted: Counter[str]) -> int:
    """Return how many marks of a hypothesis are too many or too few."""
    given = Counter(piece for piece in pieces if piece in INDEXES)
    return (wanted - given).total() + (given - wanted).total()


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
