"""BLEU, chrF2++ and TER by sacreBLEU, each with the tokenizer its target language needs."""

from collections.abc import Sequence
from dataclasses import dataclass

from sacrebleu.metrics import BLEU, CHRF, TER

from toolkit.errors import ScoreError

# TER tries up to a thousand shifts for a segment, each a fresh edit distance: a line of a
# thousand words takes half a minute, one of a hundred thousand never ends.
LONGEST_FOR_TER = 1000


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
    _check(hypotheses, references)
    # force: the notice about tokenised input would go to a logger; the line checks speak instead.
    metric = BLEU(tokenize=tokenizer(to), force=True)
    result = metric.corpus_score(hypotheses, references)
    precisions = "/".join(f"{value:.1f}" for value in result.precisions)
    detail = f"precisions {precisions}, brevity penalty {result.bp:.3f}"
    return Metric("BLEU", result.score, metric.get_signature().format(), detail)


def chrf(hypotheses: Sequence[str], references: Sequence[Sequence[str]], to: str) -> Metric:
    """Score segments by chrF2++: character 6-grams and word 2-grams, recall counting double.

    Source: sacreBLEU's ``-m chrf --chrf-word-order 2``; the same for every language. Arguments
    and errors as in ``bleu``.
    """
    _check(hypotheses, references)
    metric = CHRF(word_order=2)
    result = metric.corpus_score(hypotheses, references)
    return Metric("chrF2++", result.score, metric.get_signature().format())


def ter(hypotheses: Sequence[str], references: Sequence[Sequence[str]], to: str) -> Metric:
    """Score segments by TER: edits and shifts per reference word; lower is better.

    Chinese is scored by character: ``--ter-normalized --ter-asian-support``, since the second
    option does nothing without the first and an unspaced clause would be one word. Russian and
    English take sacreBLEU's ``-m ter`` as it is. The signature shows which. Arguments and errors
    as in ``bleu``; a segment over ``LONGEST_FOR_TER`` words leaves the score None.
    """
    _check(hypotheses, references)
    chinese = to == "zh"
    metric = TER(normalized=chinese, asian_support=chinese)
    too_long = _too_long(hypotheses, references, chinese)
    if too_long:
        metric.num_refs = len(references)
        detail = (
            f"not computed: line {too_long} is longer than {LONGEST_FOR_TER} "
            f"{'characters' if chinese else 'words'}, too long for one segment"
        )
        return Metric("TER", None, metric.get_signature().format(), detail)
    result = metric.corpus_score(hypotheses, references)
    return Metric("TER", result.score, metric.get_signature().format())


def _too_long(
    hypotheses: Sequence[str], references: Sequence[Sequence[str]], characters: bool
) -> int:
    """Return the 1-based number of the first segment TER cannot take, or 0."""
    for number, texts in enumerate(zip(hypotheses, *references, strict=True), 1):
        for text in texts:
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
