"""Find by a short measurement how a model runs fastest on this machine."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolkit.errors import ModelError
from toolkit.translate.engine import Engine

# A measurement shorter than this says more about the clock than about the model.
LEAST_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast one setting was: ``workers`` batches at once, each with so many ``threads``."""

    workers: int
    threads: int
    compute_type: str
    sentences: float
    pieces: float


def settings(cores: int | None = None) -> list[tuple[int, int, str]]:
    """Return what is worth trying: all cores as workers, all as threads, one alone; each type."""
    import ctranslate2

    cores = cores or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    able = ctranslate2.get_supported_compute_types("cpu")
    types = [name for name in ("int8", "int8_float32", "float32") if name in able]
    shapes = dict.fromkeys([(cores, 1), (1, cores), (1, 1)])
    return [(workers, threads, name) for name in types for workers, threads in shapes]


def measure(
    model_dir: Path,
    texts: Sequence[str],
    source: str,
    target: str,
    *,
    beam: int = 4,
    seconds: float = 2.0,
    tried: Callable[[Speed], None] | None = None,
) -> list[Speed]:
    """Return the speeds of all settings, fastest first.

    Args:
        texts: Source sentences of the usual kind; repeated ones count once.
        seconds: At most so long for each setting, after a warm-up that does not count.

    Raises:
        ModelError: If the model does not load or does not translate so.
    """
    texts = list(dict.fromkeys(text for text in texts if text.strip()))
    if not texts:
        raise ModelError("nothing to measure with: no sentence in the source language")
    speeds = []
    for workers, threads, name in settings():
        engine = Engine(model_dir, workers, threads, name)
        engine.translate(texts[:4], source, target, beam)
        speed = _timed(engine, texts, source, target, beam, seconds)
        if tried:
            tried(speed)
        speeds.append(speed)
    return sorted(speeds, key=lambda speed: speed.sentences, reverse=True)


def _timed(
    engine: Engine, texts: Sequence[str], source: str, target: str, beam: int, seconds: float
) -> Speed:
    begun = time.perf_counter()
    done = pieces = 0
    for part in _growing(texts):
        made = engine.translate(part, source, target, beam)
        done += len(part)
        pieces += sum(engine.pieces(item.text) for item in made)
        spent = time.perf_counter() - begun
        if spent >= seconds:
            break
    spent = max(time.perf_counter() - begun, 1e-9)
    return Speed(engine.workers, engine.threads, engine.compute_type, done / spent, pieces / spent)


def _growing(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Give the texts in ever larger parts, again and again until the time is spent."""
    size = 16
    while True:
        for start in range(0, len(texts), size):
            yield texts[start : start + size]
        size = min(size * 4, 512)
