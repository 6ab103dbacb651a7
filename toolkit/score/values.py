"""Numbers and dates kept: of the values a translation should hold, how many it holds.

Values are compared by what they say: 2448亿美元, 244.8 billion U.S. dollars and 244,8 млрд долл.
are one. A value is demanded as often as it stands in the source and in every reference, whichever
is less, so that nobody is blamed for a figure the reference left out too.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from toolkit.score.lines import translated
from toolkit.values.reading import completed, values
from toolkit.values.value import Day, Value

_DATES = ("date", "weekday", "time")


@dataclass(frozen=True, slots=True)
class Lost:
    """A value that should be in a segment (from 1) and is not, as the source or reference says it.

    ``kind`` is ``"number"`` or ``"date"``.
    """

    segment: int
    kind: str
    expected: str


@dataclass(frozen=True, slots=True)
class Added:
    """A value of the hypothesis that stands neither in the source nor in any reference."""

    segment: int
    kind: str
    found: str


@dataclass(frozen=True, slots=True)
class ValueScore:
    """Kept and expected values of each segment, numbers and dates apart, and what went wrong."""

    numbers: tuple[tuple[int, int], ...]
    dates: tuple[tuple[int, int], ...]
    lost: tuple[Lost, ...]
    added: tuple[Added, ...]

    def as_json(self, kind: str) -> dict[str, Any]:
        """Return one kind, ``"number"`` or ``"date"``, as plain data."""
        rows = self.numbers if kind == "number" else self.dates
        return {
            "kept": sum(kept for kept, _ in rows),
            "expected": sum(expected for _, expected in rows),
            "lost": [asdict(item) for item in self.lost if item.kind == kind],
            "added": [asdict(item) for item in self.added if item.kind == kind],
        }


def kept(
    hypotheses: Sequence[str],
    references: Sequence[Sequence[str]],
    to: str,
    *,
    sources: Sequence[str] | None = None,
    source_lang: str = "",
) -> ValueScore:
    """Count the values that reached the translation, segment by segment.

    Args:
        hypotheses, references, sources: Segments, all of one length; references or sources may be
            missing, not both.
    """
    numbers, dates = [], []
    lost: list[Lost] = []
    added: list[Added] = []
    for place, hypothesis in enumerate(hypotheses):
        sides = [_read(texts[place], to) for texts in references]
        if sources is not None:
            sides.insert(0, _read(sources[place], source_lang))
        said = _read(translated(hypothesis), to)
        demanded = [
            value for value, partners in _together(sides[0], sides[1:]) if len(partners) == 1
        ] if len(sides) > 1 else sides[0]  # fmt: skip
        counts = {"number": [0, 0], "date": [0, 0]}
        for value, partners in _together(demanded, [said]):
            count = counts[_kind(value)]
            count[1] += 1
            if partners:
                count[0] += 1
            else:
                lost.append(Lost(place + 1, _kind(value), value.text))
        numbers.append((counts["number"][0], counts["number"][1]))
        dates.append((counts["date"][0], counts["date"][1]))
        every = [value for side in sides for value in side]
        added += [
            Added(place + 1, _kind(value), value.text)
            for value, partners in _together(said, [every], again=True)
            if not partners
        ]
    return ValueScore(tuple(numbers), tuple(dates), tuple(lost), tuple(added))


@lru_cache(maxsize=32_768)
def _read(text: str, lang: str) -> tuple[Value, ...]:
    # Remembered because all systems have one source and reference.
    return tuple(completed(values(text, lang), None))


def _kind(value: Value) -> str:
    return "date" if value.kind in _DATES else "number"


def _key(value: Value) -> object:
    """Return what two values that agree have in common."""
    if isinstance(value.value, Day):
        day = value.value
        return day.year if day.month is None and day.day is None else (day.month, day.day)
    return ("weekday", value.value) if value.kind == "weekday" else value.value


def _agree(one: Value, other: Value) -> bool:
    """Tell whether two values of one key are the same: units and years, where both have them."""
    if isinstance(one.value, Day) and isinstance(other.value, Day):
        years = one.value.year, other.value.year
        until = one.value.until, other.value.until
        same_end = None in until or until[0][1:] == until[1][1:]  # type: ignore[index]
        return (None in years or years[0] == years[1]) and same_end
    if (one.kind == "percent") != (other.kind == "percent"):
        return False
    return not one.unit or not other.unit or one.unit == other.unit


def _together(
    asked: Sequence[Value], sides: Sequence[Sequence[Value]], again: bool = False
) -> list[tuple[Value, list[Value]]]:
    """Pair each value with one of the last side, where every side has one for it.

    ``again`` lets a value answer more than once.
    """
    pools: list[dict[object, list[Value]]] = []
    for side in sides:
        pool: dict[object, list[Value]] = {}
        for value in side:
            pool.setdefault(_key(value), []).append(value)
        pools.append(pool)
    result = []
    for value in asked:
        found = []
        for pool in pools:
            bucket = pool.get(_key(value), [])
            partner = next((other for other in bucket if _agree(value, other)), None)
            if partner is None:
                break
            found.append((bucket, partner))
        else:
            if not again:
                for bucket, partner in found:
                    bucket.remove(partner)
            result.append((value, [found[-1][1]]))
            continue
        result.append((value, []))
    return result
