"""Dates and weekdays: a table a linguist extends, and every day of a year there and back."""

import datetime
from pathlib import Path

import pytest

from toolkit.values.dates import find, render
from toolkit.values.value import Day, Value

ROWS = [
    (line.split("\t") + [""] * 3)[:5]
    for line in (Path(__file__).parent / "data" / "dates.tsv")
    .read_text(encoding="utf-8")
    .splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {row[1]}")
def test_dates_and_their_writing_are_those_of_the_table(row):
    lang, text, *written = row
    found = find(text, lang)
    assert len(found) == (1 if written[0] else 0)
    for value in found:
        assert text[value.start : value.end] == value.text
        assert [render(value, target) or "-" for target in ("zh", "ru", "en")] == written


@pytest.mark.parametrize("lang", ["zh", "ru", "en"])
@pytest.mark.parametrize("year", [None, 2024])
def test_every_day_is_read_back_as_it_was_written(lang, year):
    for number in range(366):
        date = datetime.date(2024, 1, 1) + datetime.timedelta(number)
        day = Day(year, date.month, date.day)
        text = render(Value("date", day), lang)
        assert [v.value for v in find(text, lang)] == [day], text


def test_impossible_days_are_no_dates():
    assert find("13月40日", "zh") == [] and find("45 ноября", "ru") == []


@pytest.mark.parametrize("case", ["nom", "gen", "dat", "acc", "ins", "loc"])
def test_a_russian_weekday_is_found_in_every_case(case):
    for number in range(1, 8):
        text = render(Value("weekday", number), "ru", case=case)
        assert [v.value for v in find(f"в {text}", "ru")] == [number], text
