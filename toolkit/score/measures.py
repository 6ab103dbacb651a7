"""What a score is made of: a row of counts for each segment, and a formula over their sums.

Whoever has the rows can score any part of a text, any resample of it and any mixture of two
systems without looking at the text again. Intervals, paired tests, slices and gates all work on
this, whatever is measured.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

Formula = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of one system.

    ``rows`` has shape (segments, k), float64; ``formula`` turns sums of rows, shape (..., k), into
    points, shape (...); NaN where nothing is measured. ``each`` are the points of each segment by
    itself, NaN where it says nothing. ``lower`` says that fewer points are better. ``score`` is
    the score of the whole text; ``signature`` how to repeat it.
    """

    key: str
    name: str
    rows: np.ndarray
    formula: Formula
    each: np.ndarray
    score: float | None
    lower: bool = False
    signature: str = ""
    detail: str = ""

    def of(self, numbers: Sequence[int] | np.ndarray) -> float | None:
        """Return the score of some segments, or None where they say nothing."""
        value = float(self.formula(self.rows[np.asarray(numbers, dtype=int)].sum(axis=0)))
        return None if np.isnan(value) else value


def ratio(
    key: str,
    name: str,
    met: Sequence[float] | np.ndarray,
    asked: Sequence[float] | np.ndarray,
    detail: str = "",
) -> Measure:
    """Return the measure of what was met of what was asked, in percent, segment by segment."""
    rows = np.column_stack([np.asarray(met, dtype=float), np.asarray(asked, dtype=float)])
    total = float(percent(rows.sum(axis=0)))
    score = None if np.isnan(total) else total
    return Measure(key, name, rows, percent, percent(rows), score, detail=detail)


def mean(key: str, name: str, values: Sequence[float] | np.ndarray, detail: str = "") -> Measure:
    """Return the measure that is the plain mean of a number a segment."""
    column = np.asarray(values, dtype=float)
    known = ~np.isnan(column)
    rows = np.column_stack([np.where(known, column, 0.0), known.astype(float)])
    total = float(_average(rows.sum(axis=0)))
    return Measure(
        key, name, rows, _average, column, None if np.isnan(total) else total, detail=detail
    )


def percent(sums: np.ndarray) -> np.ndarray:
    """Return met of asked, the last axis, in percent; NaN where nothing was asked."""
    return 100 * _average(sums)


def _average(sums: np.ndarray) -> np.ndarray:
    sums = np.asarray(sums, dtype=float)
    count = sums[..., 1]
    return np.where(count > 0, sums[..., 0] / np.where(count > 0, count, 1), np.nan)


def wilson(found: float, expected: float) -> tuple[float, float]:
    """Return the 95 % interval of a proportion, in percent.

    Where there are few uses a bootstrap would say of two hits in two that nothing else was
    possible. Source: Wilson (1927).
    """
    z = 1.959964
    share, scale = found / expected, 1 + z * z / expected
    middle = (share + z * z / (2 * expected)) / scale
    half = z * (share * (1 - share) / expected + z * z / (4 * expected**2)) ** 0.5 / scale
    return max(0.0, 100 * (middle - half)), min(100.0, 100 * (middle + half))

def bleu(sums: np.ndarray, effective: bool = False) -> np.ndarray:
    """Return BLEU of sacreBLEU's sums: lengths of both sides, n-grams that match, n-grams.

    ``effective`` leaves out orders longer than the text, as sacreBLEU does for one sentence.
    """
    sums = np.asarray(sums, dtype=float)
    here, there = sums[..., 0], sums[..., 1]
    match, count = sums[..., 2:6], sums[..., 6:10]
    some = count > 0
    missed = some & (match == 0)
    # Exponential smoothing: each order without a match counts half as much as the one before.
    halves = 2.0 ** np.cumsum(missed, axis=-1)
    precision = np.where(missed, 1 / halves, match) / np.where(some, count, 1)
    logs = np.where(some, np.log(np.where(some, precision, 1)), 0.0 if effective else -np.inf)
    orders = np.maximum(some.sum(axis=-1), 1) if effective else 4
    with np.errstate(divide="ignore", over="ignore"):
        brevity = np.where(
            here >= there, 1.0, np.where(here > 0, np.exp(1 - there / np.maximum(here, 1e-9)), 0.0)
        )
    points = 100 * brevity * np.exp(logs.sum(axis=-1) / orders)
    return np.where((match > 0).any(axis=-1), points, 0.0)


def chrf(sums: np.ndarray) -> np.ndarray:
    """Return chrF2 of sacreBLEU's sums: for each order the n-grams here, there, and in common."""
    sums = np.asarray(sums, dtype=float)
    here, there, match = sums[..., 0::3], sums[..., 1::3], sums[..., 2::3]
    counts = (here > 0) & (there > 0)
    orders = np.maximum(counts.sum(axis=-1), 1)
    precision = np.where(counts, match / np.where(here > 0, here, 1), 0).sum(axis=-1) / orders
    recall = np.where(counts, match / np.where(there > 0, there, 1), 0).sum(axis=-1) / orders
    some = precision + recall > 0
    below = np.where(some, 4 * precision + recall, 1)
    return np.where(some, 100 * 5 * precision * recall / below, 0.0)


def ter(sums: np.ndarray) -> np.ndarray:
    """Return TER of sacreBLEU's sums: edits and reference length."""
    sums = np.asarray(sums, dtype=float)
    edits, length = sums[..., 0], sums[..., 1]
    some = length > 0
    alone = np.where(edits > 0, 1.0, 0.0)
    return 100 * np.where(some, edits / np.where(some, length, 1), alone)
