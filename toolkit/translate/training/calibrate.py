"""Fit the gate's estimate to drafts that a person judged, and show how far it can be trusted.

A judged file is tab separated with a header: ``direction source draft`` and the gate's signals
``score similarity channel unknown sense``, then ``right``: 1 where a translator would
let the draft stand (a slip of style aside), 0 where it says something false or is no sentence.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from toolkit.translate import gate

NAMES = ("score", "similarity", "channel", "unknown", "sense")
_FOLDS = 5
_PULL = 1.0  # towards nought, in standard deviations: few judgements, six weights


def read(path: Path) -> tuple[list[gate.Signals], np.ndarray]:
    """Return the signals of judged drafts, and 1 or 0 for each: shape (n,)."""
    lines = path.read_text(encoding="utf-8").splitlines()
    lines = [line for line in lines if line and not line.startswith("#")]
    header = lines[0].split("\t")
    signals, right = [], []
    for line in lines[1:]:
        row = dict(zip(header, line.split("\t"), strict=True))
        values = {name: float(row[name]) for name in NAMES}
        signals.append(gate.Signals(**values))  # type: ignore[arg-type]
        right.append(float(row["right"]))
    return signals, np.array(right)


def fit(signals: Sequence[gate.Signals], right: np.ndarray) -> dict[str, float]:
    """Return the weights of a logistic regression, by Newton's method; the same every time.

    Which way each signal points is known beforehand; one that comes out the other way has nothing
    to say beside the rest, and weighs nothing.
    """
    names = [*gate.features(signals[0])]
    while True:
        weights = _fit(signals, right, names)
        wrong = [n for n in names if weights[n] * (-1 if n in ("unknown", "sense") else 1) < 0]
        if not wrong:
            return weights | {n: 0.0 for n in gate.features(signals[0]) if n not in names}
        names = [n for n in names if n not in wrong]


def _fit(
    signals: Sequence[gate.Signals], right: np.ndarray, names: Sequence[str]
) -> dict[str, float]:
    rows = np.array([[gate.features(item)[name] for name in names] for item in signals])
    mean, spread = rows.mean(0), rows.std(0)
    spread[spread == 0] = 1.0
    x = np.hstack([np.ones((len(rows), 1)), (rows - mean) / spread])
    weights = np.zeros(x.shape[1])
    pull = np.diag([0.0] + [_PULL] * rows.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (right - chance) - pull @ weights
        bend = (x * (chance * (1 - chance))[:, None]).T @ x + pull
        step = np.linalg.solve(bend, slope)
        weights += step
        if np.abs(step).max() < 1e-9:
            break
    scaled = weights[1:] / spread
    constant = float(weights[0] - scaled @ mean)
    return {"constant": constant} | {n: float(w) for n, w in zip(names, scaled, strict=True)}


def estimates(signals: Sequence[gate.Signals], weights: dict[str, float]) -> np.ndarray:
    """Return the estimate of each draft under some weights: shape (n,), from 0 to 1."""
    totals = [
        weights["constant"] + sum(weights[n] * v for n, v in gate.features(item).items())
        for item in signals
    ]
    return 1 / (1 + np.exp(-np.array(totals)))


def report(path: Path) -> Iterator[str]:
    """Yield lines: the weights, the reliability of estimates made for drafts not fitted to."""
    signals, right = read(path)
    weights = fit(signals, right)
    yield "weights  " + "  ".join(f"{name} {value:.3f}" for name, value in weights.items())
    folds = np.arange(len(right)) % _FOLDS
    guess = np.zeros(len(right))
    for fold in range(_FOLDS):
        rest = [item for item, f in zip(signals, folds, strict=True) if f != fold]
        own = [item for item, f in zip(signals, folds, strict=True) if f == fold]
        guess[folds == fold] = estimates(own, fit(rest, right[folds != fold]))
    yield f"{len(right)} judged, {right.mean():.0%} right; estimates by {_FOLDS} folds"
    for low in np.arange(0, 1, 0.2):
        inside = (guess >= low) & (guess < low + 0.2 + (low > 0.7))
        if inside.any():
            yield (
                f"  estimated {low:.1f}-{low + 0.2:.1f}: {inside.sum()} drafts,"
                f" {guess[inside].mean():.0%} expected, {right[inside].mean():.0%} right"
            )
    yield "  least   shown   wrong among shown   right ones refused"
    for least in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        shown = guess >= least
        wrong = (1 - right[shown]).mean() if shown.any() else 0.0
        refused = (~shown & (right == 1)).sum() / max(right.sum(), 1)
        yield f"  {least:.1f}     {shown.mean():5.0%}   {wrong:17.0%}   {refused:18.0%}"
    mine = np.array([gate.estimate(item) for item in signals])
    shown = mine >= gate.LEAST_ESTIMATE
    yield (
        f"the gate as it is (least {gate.LEAST_ESTIMATE}): shows {shown.mean():.0%}, of these"
        f" {(1 - right[shown]).mean() if shown.any() else 0:.0%} wrong;"
        f" refuses {(~shown & (right == 1)).sum() / max(right.sum(), 1):.0%} of the right ones"
    )
