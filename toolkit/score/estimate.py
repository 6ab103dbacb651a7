"""One number a segment for a draft without a reference: what a judge would give it, 0 to 100.

The estimate is a ridge regression over the signals of `toolkit.score.signals` and over the two
vectors (their product and their distance, coordinate by coordinate), learnt from the direct
assessments of MLQE-PE (Fomicheva et al. 2022, CC0): three professional judges a segment, English
to Chinese and Russian to English. A line a direction then turns it into points, fitted on
segments that the regression has not seen. ``python tests/bench/score.py calibrate`` does both
again from the public files and shows how it fares on segments used for neither.

It finds segments worth a look. Of a single one it knows little, and says so by ``spread``; between
drafts of one source by good systems it does not tell at all, and says so in ``note``.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from toolkit.encoder import Encoder
from toolkit.errors import ModelError
from toolkit.languages import NAMES
from toolkit.score import signals as signal_room
from toolkit.score.signals import Signals

WEIGHTS = Path(__file__).with_name("estimate.json")
_VECTORS = 20.0  # brings coordinates of unit vectors to the size of the other columns


@dataclass(frozen=True, slots=True)
class Estimate:
    """The estimate of a segment: ``points`` and, for four segments in five, within ``spread``.

    ``faults`` are plain words on what is wrong; what is plainly no translation (empty, copied,
    in another language, repeating itself) loses points for it beyond what the regression says.
    """

    points: float
    spread: float
    signals: Signals
    faults: list[str]


def of_systems(
    sources: Sequence[str],
    systems: Sequence[Sequence[str]],
    from_: str,
    to: str,
    encoder: Encoder | None = None,
) -> list[list[Estimate]]:
    """Estimate every segment of every system; a segment whose source says nothing is NaN.

    Raises:
        ModelError: If the encoder or the weights are missing.
    """
    weights = _weights()
    line = weights["directions"].get(f"{from_}-{to}", weights["directions"]["other"])
    measured, there, vectors = signal_room.measure(sources, systems, from_, to, encoder)
    result = []
    for drafts, found, here in zip(systems, measured, vectors, strict=True):
        raw = predict(columns(sources, drafts, found, there, here, from_, to), weights)
        points = line["base"] + line["slope"] * raw
        result.append(
            [
                _one(source, signal, float(point), line["spread"], to)
                for source, signal, point in zip(sources, found, points, strict=True)
            ]
        )
    return result


def _one(source: str, signal: Signals, points: float, spread: float, to: str) -> Estimate:
    if not source.strip():
        return Estimate(float("nan"), float("nan"), signal, [])
    # The judged translations of the training data are never these.
    lost = max(
        1.0 if signal.empty or signal.identical else 0.0,
        signal.foreign if signal.foreign > 0.5 else 0.0,
        min(1.0, 2 * (signal.repetition - 0.3)),
    )
    points = min(100.0, max(0.0, points)) * (1 - max(0.0, lost))
    return Estimate(points, spread, signal, signal_room.faults(signal, to))


def columns(
    sources: Sequence[str],
    drafts: Sequence[str],
    found: Sequence[Signals],
    there: np.ndarray,
    here: np.ndarray,
    from_: str,
    to: str,
) -> np.ndarray:
    """Return everything the regression weighs, a row a segment."""
    return np.concatenate(
        [
            signal_room.table(sources, drafts, found, from_, to),
            np.abs(there - here) * _VECTORS,
            there * here * _VECTORS,
        ],
        axis=1,
    )


def predict(rows: np.ndarray, weights: dict[str, Any]) -> np.ndarray:
    """Return the regression's value of each row, in standard deviations of the judges."""
    return (rows - weights["mean"]) / weights["scale"] @ weights["weight"]


@cache
def _weights() -> dict[str, Any]:
    try:
        found = json.loads(WEIGHTS.read_text(encoding="utf-8"))
        for name in ("mean", "scale", "weight"):
            found[name] = np.array(found[name])
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(
            f"{WEIGHTS}: the weights of the estimate cannot be read ({error}); "
            "install tongwen again"
        ) from None
    return found


def calibrated(from_: str, to: str) -> bool:
    """Tell whether the points were fitted to judgements of this direction."""
    return f"{from_}-{to}" in _weights()["directions"]


def note(from_: str, to: str) -> str:
    """Say what the estimate is worth in a direction."""
    weights = _weights()
    line = weights["directions"].get(f"{from_}-{to}")
    pair = f"{NAMES[from_]} to {NAMES[to]}"
    if line is None:
        fitted = " and ".join(
            f"{NAMES[key[:2]]} to {NAMES[key[3:]]}" for key in weights["directions"] if "-" in key
        )
        return (
            f"of 100, as a judge might give; not calibrated for {pair} (only for {fitted}): "
            "look first at the lowest segments, and believe no single number"
        )
    return (
        f"of 100, as a judge might give; on segments kept apart it correlates with judges at "
        f"{line['test']['pearson']:.2f} a segment, and lies within {line['spread']:.0f} points "
        "four times in five"
    )


def summary(found: Sequence[Estimate]) -> dict[str, Any]:
    """Return the signals of a whole draft, with sentences on what stands out."""
    signals = [estimate.signals for estimate in found]
    count = len(signals)
    shown: dict[str, Any] = {
        "similarity": _mean([s.similarity for s in signals]),
        "length_ratio": _mean([float(np.exp(s.ratio)) for s in signals]),
        "repeating": sum(s.repetition > 0.3 for s in signals),
        "copied": sum(s.identical or signal_room.is_copied(s) for s in signals),
        "foreign": sum(s.foreign > 0.5 and not s.identical for s in signals),
        "empty": sum(s.empty for s in signals),
        "lacking": sum(bool(s.missing) for s in signals),
        "short": sum(map(signal_room.is_short, signals)),
        "long": sum(map(signal_room.is_long, signals)),
    }
    words = {
        "empty": "empty", "copied": "copied from the source", "foreign": "in another language",
        "repeating": "repeating themselves", "lacking": "seeming to lack a clause",
        "short": "far too short", "long": "far too long",
    }  # fmt: skip
    shown["sentences"] = [
        f"{shown[key]} of {count} segments {what}" for key, what in words.items() if shown[key]
    ]
    return shown


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None
