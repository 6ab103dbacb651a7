"""Read all values of a text together: figures and days, and the month a bare day belongs to."""

import datetime
from collections.abc import Sequence
from dataclasses import replace

from toolkit.values import dates, numbers
from toolkit.values.value import Day, Value


def values(text: str, lang: str) -> list[Value]:
    """Return dates and numbers, dates first where both claim a place."""
    found = dates.find(text, lang)
    taken = bytearray(len(text))
    for value in found:
        taken[value.start : value.end] = b"\1" * (value.end - value.start)
    found += [v for v in numbers.find(text, lang) if not any(taken[v.start : v.end])]
    return sorted(found, key=lambda value: value.start)


def completed(
    found: Sequence[Value], day: datetime.date | tuple[int, int] | None
) -> list[Value]:
    """Give days without a month the month that is meant, where there is no doubt.

    It is that of the date before them in the text (12月2日……5日), else that of the dispatch. Where
    the day is far from both, the reader must look it up, and so must the translator.

    Args:
        day: The dispatch's date, or its (month, day) where the year is not known.
    """
    result = []
    last: Day | None = None
    for value in found:
        if isinstance(value.value, Day):
            month = value.value.month or _month(value.value, last, day)
            if month is not None and value.value.month is None:
                until = value.value.until
                until = until and until._replace(month=until.month or month)
                value = replace(value, value=value.value._replace(month=month, until=until))
            last = value.value.until or value.value  # type: ignore[union-attr]
        result.append(value)
    return result


def _month(
    found: Day, last: Day | None, day: datetime.date | tuple[int, int] | None
) -> int | None:
    if found.day is None:
        return None
    if last is not None and last.month is not None and last.day is not None:
        return last.month if found.day >= last.day else None
    if day is None:
        return None
    # Only the months count: in which year February has 29 days does not.
    here = day if isinstance(day, datetime.date) else datetime.date(2000, *day)
    if abs(found.day - here.day) <= 15:
        return here.month
    # "31日" in a dispatch of the 2nd is of the month before.
    before = here.replace(day=1) - datetime.timedelta(1)
    near = found.day <= before.day and before.day - found.day + here.day <= 7
    return before.month if near else None
