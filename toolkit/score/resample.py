"""How far a score can be trusted: resampled intervals, and tests between systems.

Everything works on the rows of ``toolkit.score.measures``: a resample is a sum of rows drawn with
replacement, a permutation a sum in which some rows come from the other system. One pass draws for
all systems and measures at once, so that 45 pairs cost hardly more than one.

The draws are those of sacreBLEU (seed 12345, the same generator, the same order), so that its
``--confidence``, ``--paired-bs`` and ``--paired-ar`` can be repeated. One thing differs, and is
meant to: a resample *as far* apart as the texts are counts against the difference. sacreBLEU
counts only those farther apart, and so finds a system significantly different from itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np

from toolkit.score.measures import Measure, percent, wilson

SAMPLES = 1000
TRIALS = 10_000
SEED = 12345
LEVEL = 0.05
POWER = 0.8
_CELLS = 4_000_000  # of a matrix of draws; more goes no faster and takes memory


@dataclass(frozen=True, slots=True)
class Interval:
    """What a score could as well have been: 95 of 100 resamples lie between ``low`` and ``high``.

    ``mean`` and ``half`` are sacreBLEU's μ and ±: the mean of the resamples and half of the width.
    """

    low: float
    high: float
    mean: float
    half: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two systems compared by one measure; numbers of systems are places in the list given.

    ``difference`` is first minus second in points, with its interval; ``bootstrap`` and
    ``randomisation`` are two-sided p-values, the ``holm_…`` ones corrected for all pairs of the
    measure. ``effect`` is the mean difference of the segments' points over its standard deviation
    (Cohen's d for pairs), None where no segment differs. ``better``, ``worse`` and ``same`` count
    segments, better meaning that the first system is. ``smallest`` is the least difference that
    these segments would show four times in five.
    """

    first: int
    second: int
    difference: float
    low: float
    high: float
    bootstrap: float
    randomisation: float
    holm_bootstrap: float
    holm_randomisation: float
    effect: float | None
    better: int
    worse: int
    same: int
    smallest: float


def intervals(
    measures: Sequence[Measure], samples: int = SAMPLES, seed: int = SEED
) -> list[Interval | None]:
    """Return the interval of each measure of the same segments; None where it has no score.

    A share that no resample moves gets Wilson's interval of its counts: three hits in three are
    not sure.
    """
    points = resampled(measures, samples, seed)
    found: list[Interval | None] = []
    for measure, column in zip(measures, points, strict=True):
        bounds = None if measure.score is None else interval(column)
        if bounds and measure.formula is percent and bounds.low == bounds.high:
            met, asked = measure.rows.sum(axis=0)
            low, high = wilson(met, asked)
            bounds = Interval(low, high, bounds.mean, (high - low) / 2)
        found.append(bounds)
    return found


def interval(points: np.ndarray) -> Interval | None:
    """Return the 95 % interval of resampled points; None where hardly any resample says a thing.

    The bounds are sacreBLEU's: the values one fortieth from either end.
    """
    known = np.sort(points[~np.isnan(points)])
    if len(known) < max(2, len(points) // 2):
        return None
    cut = len(known) // 40
    low, high = float(known[cut]), float(known[len(known) - cut - 1])
    return Interval(low, high, float(known.mean()), (high - low) / 2)


def resampled(
    measures: Sequence[Measure], samples: int = SAMPLES, seed: int = SEED
) -> list[np.ndarray]:
    """Return, for each measure, its points in every bootstrap resample of the segments."""
    if not measures:
        return []
    table, cuts = _side_by_side(measures)
    sums = np.concatenate([weights @ table for weights in _drawn(len(table), samples, seed)])
    return [
        measure.formula(sums[:, start:end])
        for measure, (start, end) in zip(measures, cuts, strict=True)
    ]


def _side_by_side(measures: Sequence[Measure]) -> tuple[np.ndarray, list[tuple[int, int]]]:
    cuts, at = [], 0
    for measure in measures:
        cuts.append((at, at + measure.rows.shape[1]))
        at += measure.rows.shape[1]
    return np.concatenate([measure.rows for measure in measures], axis=1), cuts


def _drawn(count: int, samples: int, seed: int) -> Iterator[np.ndarray]:
    """Yield how often each segment is in each resample, some resamples at a time."""
    random = np.random.default_rng(seed)
    at_once = max(1, _CELLS // max(1, count))
    for start in range(0, samples, at_once):
        rows = min(at_once, samples - start)
        drawn = random.choice(count, size=(rows, count), replace=True)
        drawn += np.arange(rows)[:, None] * count
        yield np.bincount(drawn.ravel(), minlength=rows * count).reshape(rows, count).astype(float)


def _flipped(count: int, trials: int, seed: int) -> Iterator[np.ndarray]:
    """Yield which segments keep their system in each trial, some trials at a time."""
    random = np.random.default_rng(seed)
    # The generator draws 32 bits at a time: only then are parts the same as the whole.
    at_once = max(32, _CELLS // max(1, count) // 32 * 32)
    for start in range(0, trials, at_once):
        rows = min(at_once, trials - start)
        yield random.integers(2, size=(rows, count), dtype=bool).astype(float)


def compare(
    systems: Sequence[Measure],
    *,
    samples: int = SAMPLES,
    trials: int = TRIALS,
    seed: int = SEED,
) -> list[Pair]:
    """Compare every two systems by one measure of the same segments.

    Returns:
        The pairs in the order of the systems, (0, 1), (0, 2), …; a system without a score, and
        pairs with it, are left out.
    """
    usable = [number for number, system in enumerate(systems) if system.score is not None]
    numbers = [(a, b) for place, a in enumerate(usable) for b in usable[place + 1 :]]
    if not numbers:
        return []
    drawn = dict(zip(usable, resampled([systems[n] for n in usable], samples, seed), strict=True))
    table, cuts = _side_by_side([systems[n] for n in usable])
    kept = np.concatenate([mask @ table for mask in _flipped(len(table), trials, seed)])
    total = table.sum(axis=0)
    span = {number: slice(*cut) for number, cut in zip(usable, cuts, strict=True)}
    found = []
    for a, b in numbers:
        between = drawn[a] - drawn[b]
        between = between[~np.isnan(between)]
        if not len(between):  # so little is measured that no resample holds any of it
            continue
        mine, theirs = kept[:, span[a]], kept[:, span[b]]
        mixed = systems[a].formula(mine + (total[span[b]] - theirs))
        rest = systems[b].formula((total[span[a]] - mine) + theirs)
        found.append(_pair(systems, a, b, between, mixed - rest))
    by_bootstrap = holm([pair.bootstrap for pair in found])
    by_randomisation = holm([pair.randomisation for pair in found])
    return [
        replace(
            pair,
            holm_bootstrap=bootstrap,
            holm_randomisation=randomisation,
            smallest=smallest_difference(pair.smallest, len(found)),
        )
        for pair, bootstrap, randomisation in zip(
            found, by_bootstrap, by_randomisation, strict=True
        )
    ]


def _pair(
    systems: Sequence[Measure], a: int, b: int, between: np.ndarray, swapped: np.ndarray
) -> Pair:
    """Compare two systems alone; ``smallest`` is as yet the spread of their difference.

    Args:
        between: Their difference in each bootstrap resample.
        swapped: Their difference in each trial of the randomisation.
    """
    one, other = systems[a], systems[b]
    real = _score(one) - _score(other)
    bounds = interval(between)
    away = np.abs(between)
    each = one.each - other.each
    each = each[~np.isnan(each)]
    better = each < -_TINY if one.lower else each > _TINY
    worse = each > _TINY if one.lower else each < -_TINY
    deviation = float(each.std(ddof=1)) if len(each) > 1 else 0.0
    bootstrap = _p(away - away.mean(), abs(real))
    randomisation = _p(np.abs(swapped[~np.isnan(swapped)]), abs(real))
    return Pair(
        first=a,
        second=b,
        difference=real,
        low=bounds.low if bounds else real,
        high=bounds.high if bounds else real,
        bootstrap=bootstrap,
        randomisation=randomisation,
        holm_bootstrap=bootstrap,
        holm_randomisation=randomisation,
        effect=float(each.mean()) / deviation if deviation > _TINY else None,
        better=int(better.sum()),
        worse=int(worse.sum()),
        same=len(each) - int((better | worse).sum()),
        smallest=float(between.std()),
    )


_TINY = 1e-9  # points; sums of floats in another order differ by less


def _score(measure: Measure) -> float:
    return float(measure.formula(measure.rows.sum(axis=0)))


def _p(resamples: np.ndarray, difference: float) -> float:
    """Return the share of resamples at least as far apart, the text itself among them."""
    return (int((resamples >= difference - _TINY).sum()) + 1) / (len(resamples) + 1)


def holm(values: Sequence[float]) -> list[float]:
    """Correct p-values of tests made together: the step-down method of Holm (1979)."""
    order = sorted(range(len(values)), key=values.__getitem__)
    corrected, highest = [0.0] * len(values), 0.0
    for place, number in enumerate(order):
        highest = max(highest, min(1.0, (len(values) - place) * values[number]))
        corrected[number] = highest
    return corrected


def smallest_difference(spread: float, tests: int = 1) -> float:
    """Return the least true difference that is found significant four times in five.

    Args:
        spread: Standard deviation of the difference over bootstrap resamples.
        tests: How many are made together; each gets its share of the 5 % risk.
    """
    normal = NormalDist()
    return (normal.inv_cdf(1 - LEVEL / tests / 2) + normal.inv_cdf(POWER)) * spread


@dataclass(frozen=True, slots=True)
class Rank:
    """Where a system stands: its cluster from 1, and the ranks it could have, best to worst."""

    system: int
    cluster: int
    best: int
    worst: int


def significant(pair: Pair, test: str = "ar") -> bool:
    """Tell whether a pair differs after correction, by the test named ("ar" or "bs")."""
    p = pair.holm_randomisation if test == "ar" else pair.holm_bootstrap
    return p < LEVEL


def ranks(systems: Sequence[Measure], pairs: Sequence[Pair], test: str = "ar") -> list[Rank]:
    """Order systems by score and cut the order where a test does.

    A cluster ends where every system above differs significantly from every system below, after
    correction. A system's best possible rank is one more than the systems significantly better.

    Args:
        test: ``"ar"`` (approximate randomisation) or ``"bs"`` (bootstrap).
    """
    differs: dict[tuple[int, int], bool] = {}
    for pair in pairs:
        found = significant(pair, test)
        differs[pair.first, pair.second] = differs[pair.second, pair.first] = found
    usable = [number for number, system in enumerate(systems) if system.score is not None]
    sign = 1 if any(system.lower for system in systems) else -1
    order = sorted(usable, key=lambda number: (sign * _score(systems[number]), number))
    result, cluster = [], 1
    for place, number in enumerate(order):
        above, below = order[:place], order[place:]
        if above and all(differs.get((a, b)) for a in above for b in below):
            cluster += 1
        better = sum(differs.get((number, other), False) for other in above)
        worse = sum(differs.get((number, other), False) for other in order[place + 1 :])
        result.append(Rank(number, cluster, better + 1, len(order) - worse))
    return result
