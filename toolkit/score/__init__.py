"""Score a translation: sacreBLEU, and what became of the terms."""

from collections.abc import Sequence
from typing import Any

SCHEMA = "tongwen.score/1"


def evaluate(
    hypotheses: Sequence[str],
    references: Sequence[Sequence[str]],
    to: str,
    *,
    sources: Sequence[str] | None = None,
    source_lang: str = "",
    matcher: Any = None,
) -> dict[str, Any]:
    """Score segments by every measure, as plain data ready for JSON.

    Args:
        hypotheses, references, sources: Segments, and one or more complete sets of reference
            segments; all of one length.
        to, source_lang: Language codes; the second is needed with ``sources`` only.
        matcher: A ``toolkit.glossary.match.Matcher``; without one the terms are null.

    Returns:
        ``schema``, ``segments``, ``references`` (how many sets), ``from`` (or null), ``to``;
        ``bleu``, ``chrf``, ``ter``: ``score`` in points, ``signature``, ``detail``; ``terms``:
        ``success`` in percent, the counts ``found``, ``expected``, ``exact``, and ``misses``,
        ``concepts``, or null, then ``terms_reason`` says why; ``untranslated``: how many segments
        are marked as left in the source; ``translated_only``: the three scores over the others,
        null where there are none or all are.

    Raises:
        ScoreError: If there is nothing to score or the counts differ.
    """
    from toolkit.score import lines, metrics  # sacreBLEU is loaded when something is scored
    from toolkit.score import terms as term_score

    kept = [n for n, line in enumerate(hypotheses) if not lines.left_in_source(line)]
    result: dict[str, Any] = {
        "schema": SCHEMA,
        "segments": len(hypotheses),
        "references": len(references),
        "from": source_lang or None,
        "to": to,
    }

    def three(numbers: Sequence[int] | None = None) -> dict[str, Any]:
        chosen = [
            list(texts) if numbers is None else [texts[n] for n in numbers]
            for texts in (hypotheses, *references)
        ]
        scores = {}
        measures = {"bleu": metrics.bleu, "chrf": metrics.chrf, "ter": metrics.ter}
        for name, measure in measures.items():
            metric = measure(chosen[0], chosen[1:], to)
            scores[name] = {
                "score": metric.score,
                "signature": metric.signature,
                "detail": metric.detail,
            }
        return scores

    result.update(three())
    result["terms"], result["terms_reason"] = None, None
    if matcher is None:
        result["terms_reason"] = "no glossary"
    else:
        score = term_score.success(
            hypotheses, references, to, matcher, sources=sources, source_lang=source_lang
        )
        if score.expected:
            result["terms"] = score.as_json()
        else:
            where = "source and reference" if sources is not None else "the reference"
            result["terms_reason"] = f"no phrase of the glossary stands in {where}"
    result["untranslated"] = len(hypotheses) - len(kept)
    some = 0 < len(kept) < len(hypotheses)
    result["translated_only"] = {"segments": len(kept), **three(kept)} if some else None
    return result
