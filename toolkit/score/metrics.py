"""BLEU, chrF2++ and TER by sacreBLEU, each with the tokenizer its target language needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sacrebleu.metrics import BLEU, CHRF, TER

from toolkit import languages
from toolkit.errors import ScoreError
from toolkit.score import measures
from toolkit.score.measures import Measure

# TER tries up to a thousand shifts for a segment, each a fresh edit distance: a line of a
# thousand words takes half a minute, one of a hundred thousand never ends.
LONGEST_FOR_TER = 1000

TOKENIZERS = ("zh", "13a", "intl", "char", "none")
# Rows for so many segments are counted at a time: the n-grams of a reference are kept while all
# systems are compared with it, and those of a whole test set would take gigabytes.
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Metric:
    """One score with the signature that lets another person repeat it.

    ``score`` is in points (BLEU and chrF2++ 0 to 100, TER from 0 and past 100, lower is better);
    None where it was not computed, and ``detail`` says why. Else ``detail`` holds BLEU's n-gram
    precisions and brevity penalty, or is empty.
    """

    name: str
    score: float | None
    signature: str
    detail: str = ""


def tokenizer(to: str) -> str:
    """Return the name of sacreBLEU's BLEU tokenizer for a target language.

    Chinese has no spaces: ``13a`` takes a whole clause for one word and scores a translation that
    differs by one character 0.
    """
    return "zh" if to == "zh" else "13a"


def check_tokenizer(name: str, texts: Sequence[str], to: str) -> str | None:
    """Refuse a tokenizer that cannot take the script of the texts; return a warning or None.

    Raises:
        ScoreError: If the name is none of ``TOKENIZERS``, or it finds no words in Chinese.
    """
    if name not in TOKENIZERS:
        raise ScoreError(
            f"no BLEU tokenizer is called {name}; choose one of {', '.join(TOKENIZERS)}"
        )
    usual = tokenizer(to)
    share = languages.shares("\n".join(texts))
    chinese = to == "zh" or share["zh"] > 0.5
    if chinese and name not in ("zh", "char"):
        raise ScoreError(
            f"--tokenize {name} takes a whole Chinese clause for one word, so that a translation "
            "one character off scores 0; leave the option out (Chinese takes zh), or give "
            "--tokenize char"
        )
    if not chinese and name == "zh":
        return (
            f"--tokenize zh is for Chinese, and the target language is {languages.NAMES[to]}: the "
            f"score cannot be compared with others, which use {usual}; leave the option out"
        )
    if name != usual:
        return (
            f"--tokenize {name} is not the usual tokenizer for {languages.NAMES[to]}, {usual}: "
            "compare the score only with scores of the same signature"
        )
    return None


def bleu(hypotheses: Sequence[str], references: Sequence[Sequence[str]], to: str) -> Metric:
    """Score segments by BLEU.

    Args:
        hypotheses: One translation a segment.
        references: One or more complete sets of reference segments.
        to: Target language, ``"zh"``, ``"ru"`` or ``"en"``.

    Raises:
        ScoreError: If there is nothing to score or the counts differ.

    Source: sacreBLEU's ``-m bleu --tokenize zh`` (Chinese) or ``13a``, all else default.
    """
    return _one("bleu", hypotheses, references, to)


def chrf(hypotheses: Sequence[str], references: Sequence[Sequence[str]], to: str) -> Metric:
    """Score segments by chrF2++: character 6-grams and word 2-grams, recall counting double.

    Source: sacreBLEU's ``-m chrf --chrf-word-order 2``; the same for every language. Arguments
    and errors as in ``bleu``.
    """
    return _one("chrf", hypotheses, references, to)


def ter(hypotheses: Sequence[str], references: Sequence[Sequence[str]], to: str) -> Metric:
    """Score segments by TER: edits and shifts per reference word; lower is better.

    Chinese is scored by character: ``--ter-normalized --ter-asian-support``, since the second
    option does nothing without the first and an unspaced clause would be one word. Russian and
    English take sacreBLEU's ``-m ter`` as it is. The signature shows which. Arguments and errors
    as in ``bleu``; a segment over ``LONGEST_FOR_TER`` words leaves the score None.
    """
    return _one("ter", hypotheses, references, to)


def _one(
    key: str, hypotheses: Sequence[str], references: Sequence[Sequence[str]], to: str
) -> Metric:
    measure = of_systems([hypotheses], references, to, keys=(key,))[0][key]
    return Metric(measure.name, measure.score, measure.signature, measure.detail)


def of_systems(
    systems: Sequence[Sequence[str]],
    references: Sequence[Sequence[str]],
    to: str,
    *,
    keys: Sequence[str] = ("bleu", "chrf", "ter"),
    tokenize: str | None = None,
) -> list[dict[str, Measure]]:
    """Score the segments of one or more systems, and keep the counts of each segment.

    Args:
        systems: For each system one translation a segment.
        references: One or more complete sets of reference segments.
        keys: Which of ``"bleu"``, ``"chrf"``, ``"ter"``.
        tokenize: Of BLEU; by default the one of the target language.

    Returns:
        For each system its measures by key. The scores are those of sacreBLEU's command.

    Raises:
        ScoreError: If there is nothing to score or the counts differ.
    """
    for hypotheses in systems:
        _check(hypotheses, references)
    return_value: list[dict[str, Measure]] = [{} for _ in systems]
    for key in keys:
        for place, measure in enumerate(_of_systems(key, systems, references, to, tokenize)):
            return_value[place][key] = measure
    return return_value


def _of_systems(
    key: str,
    systems: Sequence[Sequence[str]],
    references: Sequence[Sequence[str]],
    to: str,
    tokenize: str | None,
) -> list[Measure]:
    metric = _metric(key, to, tokenize)
    name = {"bleu": "BLEU", "chrf": "chrF2++", "ter": "TER"}[key]
    formula = {"bleu": measures.bleu, "chrf": measures.chrf, "ter": measures.ter}[key]
    chinese = to == "zh"
    counted: list[list[list[float]]] = [[] for _ in systems]
    if key == "ter" and (too_long := _too_long([*systems, *references], chinese)):
        metric.num_refs = len(references)
        detail = (
            f"not computed: line {too_long} is longer than {LONGEST_FOR_TER} "
            f"{'characters' if chinese else 'words'}, too long for one segment"
        )
        nothing = np.zeros((len(references[0]), 2))
        signature = metric.get_signature().format()
        return [
            Measure(
                key, name, nothing, formula, np.full(len(nothing), np.nan), None, True,
                signature, detail,
            )
            for _ in systems
        ]  # fmt: skip
    for start in range(0, len(references[0]), _BATCH):
        part = slice(start, start + _BATCH)
        metric._ref_cache = metric._cache_references([texts[part] for texts in references])
        for hypotheses, rows in zip(systems, counted, strict=True):
            rows += metric._extract_corpus_statistics(hypotheses[part], None)
    metric._ref_cache = None
    signature = metric.get_signature().format()
    result = []
    for rows in counted:
        whole = metric._aggregate_and_compute(rows)
        table = np.array(rows, dtype=float)
        each = measures.bleu(table, effective=True) if key == "bleu" else formula(table)
        detail = ""
        if key == "bleu":
            precisions = "/".join(f"{value:.1f}" for value in whole.precisions)
            detail = f"precisions {precisions}, brevity penalty {whole.bp:.3f}"
            if whole.sys_len and not whole.totals[-1]:
                detail += "; no four words stand in a row: too short a text for BLEU, see chrF2++"
        result.append(
            Measure(
                key, name, table, formula, each, float(whole.score), key == "ter", signature,
                detail,
            )
        )  # fmt: skip
    return result


def _metric(key: str, to: str, tokenize: str | None) -> Any:
    if key == "bleu":
        # force: the notice about tokenised input would go to a logger; the line checks speak.
        return BLEU(tokenize=tokenize or tokenizer(to), force=True)
    if key == "chrf":
        return CHRF(word_order=2)
    return TER(normalized=to == "zh", asian_support=to == "zh")


def resampled_signature(signature: str, samples: int, seed: int) -> str:
    """Return a signature as sacreBLEU writes it where it gives an interval."""
    head, _, tail = signature.partition("|")
    return f"{head}|bs:{samples}|seed:{seed}|{tail}"


def _too_long(texts: Sequence[Sequence[str]], characters: bool) -> int:
    """Return the 1-based number of the first segment TER cannot take, or 0."""
    for number, segment in enumerate(zip(*texts, strict=True), 1):
        for text in segment:
            # The plain length bounds the words, and spares the splitting nearly always.
            if len(text) > LONGEST_FOR_TER and (
                characters or len(text.split()) > LONGEST_FOR_TER
            ):
                return number
    return 0


def _check(hypotheses: Sequence[str], references: Sequence[Sequence[str]]) -> None:
    """Refuse what sacreBLEU would score all the same: it stops at the shorter side in silence."""
    if not hypotheses or not references:
        raise ScoreError("there is nothing to score: no hypothesis or no reference segments")
    for reference in references:
        if len(reference) != len(hypotheses):
            raise ScoreError(
                f"{len(hypotheses)} hypothesis segments, {len(reference)} reference segments: "
                "each hypothesis needs its reference"
            )
