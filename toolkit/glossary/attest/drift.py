"""Renderings by month, and where their shares change for good.

The change points are found by binary segmentation: a run of months is cut where two runs with
shares of their own explain the counts best, if the log-likelihood ratio of that cut is beyond
chance (chi-squared, corrected for the places where it could have been cut).
"""

import datetime
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from toolkit.glossary.attest.uses import Use
from toolkit.glossary.concept import Term
from toolkit.languages import LANGS

_LEAST = 3  # uses on each side of a change


@dataclass(frozen=True, slots=True)
class Change:
    """The first period of new shares; ``p`` is the chance of such a cut without a change."""

    period: str
    p: float
    before: tuple[float, ...]
    after: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Drift:
    """The renderings of one language by period: ``counts[period][rendering]``.

    ``undated`` counts the uses of which nobody knows when.
    """

    lang: str
    terms: tuple[Term, ...]
    periods: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    undated: tuple[int, ...]
    changes: tuple[Change, ...]


def drift(uses: Sequence[Use], *, by: str = "month", alpha: float = 0.05) -> list[Drift]:
    """Return the drift of each language that has uses.

    Args:
        by: ``"month"`` or ``"year"``.
        alpha: The chance of finding a change where there is none.
    """
    found = []
    for lang in LANGS:
        own = [use for use in uses if use.term.lang == lang]
        if not own:
            continue
        totals = Counter(use.term for use in own)
        terms = tuple(sorted(totals, key=lambda term: (-totals[term], term.text)))
        number = {term: at for at, term in enumerate(terms)}
        table: dict[str, list[int]] = {}
        undated = [0] * len(terms)
        for use in own:
            if use.date is None:
                undated[number[use.term]] += 1
                continue
            row = table.setdefault(period(use.date, by), [0] * len(terms))
            row[number[use.term]] += 1
        periods = tuple(sorted(table))
        counts = tuple(tuple(table[name]) for name in periods)
        changes = change_points(periods, counts, alpha)
        found.append(Drift(lang, terms, periods, counts, tuple(undated), changes))
    return found


def period(date: datetime.date, by: str) -> str:
    return f"{date.year:04}" if by == "year" else f"{date.year:04}-{date.month:02}"


def change_points(
    periods: Sequence[str], counts: Sequence[Sequence[int]], alpha: float = 0.05
) -> tuple[Change, ...]:
    """Return the periods in which the shares change, in order of time."""
    cuts = sorted(_cuts(counts, 0, len(counts), alpha))
    ends = [0, *(at for at, _ in cuts), len(counts)]
    return tuple(
        Change(
            periods[at],
            p,
            _shares(counts, ends[number], at),
            _shares(counts, at, ends[number + 2]),
        )
        for number, (at, p) in enumerate(cuts)
    )


def _cuts(
    counts: Sequence[Sequence[int]], first: int, last: int, alpha: float
) -> list[tuple[int, float]]:
    whole = _sum(counts, first, last)
    kinds = sum(1 for count in whole if count)
    if last - first < 2 or kinds < 2:
        return []
    best, at = 0.0, 0
    left = [0] * len(whole)
    for cut in range(first + 1, last):
        left = [a + b for a, b in zip(left, counts[cut - 1], strict=True)]
        right = [a - b for a, b in zip(whole, left, strict=True)]
        if min(sum(left), sum(right)) < _LEAST:
            continue
        gain = 2 * (_fit(left) + _fit(right) - _fit(whole))
        if gain > best + 1e-9:
            best, at = gain, cut
    if not at:
        return []
    p = min(1.0, chi_squared(best, kinds - 1) * (last - first - 1))
    if p >= alpha:
        return []
    return [(at, p), *_cuts(counts, first, at, alpha), *_cuts(counts, at, last, alpha)]


def _sum(counts: Sequence[Sequence[int]], first: int, last: int) -> list[int]:
    return [sum(column) for column in zip(*counts[first:last], strict=True)]


def _shares(counts: Sequence[Sequence[int]], first: int, last: int) -> tuple[float, ...]:
    sums = _sum(counts, first, last)
    return tuple(count / sum(sums) for count in sums)


def _fit(counts: Sequence[int]) -> float:
    """Return the log-likelihood of counts under their own shares."""
    total = sum(counts)
    return sum(count * math.log(count / total) for count in counts if count)


def chi_squared(value: float, freedom: int) -> float:
    """Return the chance that a chi-squared variable of ``freedom`` degrees exceeds ``value``.

    Source: the series and the continued fraction of the incomplete gamma function (Abramowitz
    and Stegun 6.5.29 and 6.5.31).
    """
    if value <= 0:
        return 1.0
    a, x = freedom / 2, value / 2
    scale = math.exp(-x + a * math.log(x) - math.lgamma(a))
    if x < a + 1:
        term = total = 1 / a
        for n in range(1, 1000):
            term *= x / (a + n)
            total += term
            if term < total * 1e-15:
                break
        return max(0.0, 1 - scale * total)
    b = x + 1 - a
    c, d = 1e300, 1 / b
    h = d
    for n in range(1, 1000):
        an = -n * (n - a)
        b += 2
        d = an * d + b
        d = 1 / (d if abs(d) > 1e-300 else 1e-300)
        c = b + an / c
        c = c if abs(c) > 1e-300 else 1e-300
        h *= d * c
        if abs(d * c - 1) < 1e-15:
            break
    return scale * h


# For a terminal ---------------------------------------------------------------------------------

_MARKS = "█▓▒░▞▚◆◇●○"


def mark(number: int) -> str:
    """Return what stands for a rendering in a plot without colours."""
    return _MARKS[number] if number < len(_MARKS) else "·"


def bar(counts: Sequence[int], most: int, width: int = 40) -> str:
    """Return a stacked bar: its length is the number of uses, ``most`` is the whole width."""
    total = sum(counts)
    if not total or not most:
        return ""
    length = max(1, round(width * total / most))
    # Rounding by remainders, so that the parts fill the bar; what is there shows if it can.
    exact = [length * count / total for count in counts]
    parts = [int(value) for value in exact]
    order = sorted(range(len(parts)), key=lambda at: (parts[at] > 0, parts[at] - exact[at]))
    for at in order[: length - sum(parts)]:
        parts[at] += 1
    return "".join(mark(at) * size for at, size in enumerate(parts))
