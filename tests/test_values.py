"""Figures and dates by value: two tables a linguist extends, and laws for every number and day."""

import datetime
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit import corpus
from toolkit.values import dates, figures, numbers
from toolkit.values.reading import values
from toolkit.values.value import Day, Value

DATA = Path(__file__).parent / "data"
LANGS = ("zh", "ru", "en")


def rows(name):
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def written_day(day):
    if day.year:
        parts = [str(day.year)]
    else:
        parts = ["-"]
    parts.append(f"{day.month:02}" if day.month else "?")
    if day.day:
        parts.append(f"{day.day:02}")
    text = "-".join(parts)
    return text + (f"/{written_day(day.until)}" if day.until else "")


def described(value):
    if isinstance(value.value, Day):
        amount = written_day(value.value)
    elif isinstance(value.value, Fraction) and value.value.denominator != 1:
        amount = f"{float(value.value):.10f}".rstrip("0")
    else:
        amount = str(value.value)
    parts = [value.kind, amount, *([value.unit] if value.unit else []), *("+" * value.over)]
    return f"{value.text} = {' '.join(parts)}"


@pytest.mark.parametrize("row", rows("values_found.tsv"), ids=lambda row: row[1][:40])
def test_found_is_what_the_table_says(row):
    lang, text, expected = row
    found = values(text, lang)
    assert " | ".join(map(described, found)) == ("" if expected == "-" else expected)
    for value in found:
        assert text[value.start : value.end] == value.text


@pytest.mark.parametrize("row", rows("values_written.tsv"), ids=lambda row: row[2][:40])
def test_each_language_writes_a_value_as_the_table_says(row):
    texts = dict(zip(LANGS, (cell.replace("~", "\u00a0") for cell in row), strict=True))
    for source, text in texts.items():
        (value,) = values(text, source)
        # A full stop at the very end is the sentence's, whatever it abbreviates.
        assert (value.start, value.end) == (0, len(text.removesuffix("."))), source
        for target, expected in texts.items():
            room = dates if value.kind in ("date", "weekday") else figures
            assert room.render(value, target) == expected, (source, target)


@pytest.mark.parametrize("lang", LANGS)
@given(st.integers(0, 10**13), st.integers(0, 2))
def test_what_is_written_is_read_back_with_the_same_value(lang, number, places):
    value = Value("money", Fraction(number, 10**places), unit="USD")
    found = numbers.find(figures.render(value, lang), lang)
    assert [(v.value, v.unit) for v in found] == [(value.value, "USD")]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("year", [None, 2024])
def test_every_day_is_read_back_as_it_was_written(lang, year):
    for number in range(366):
        date = datetime.date(2024, 1, 1) + datetime.timedelta(number)
        day = Day(year, date.month, date.day)
        text = dates.render(Value("date", day), lang)
        assert [v.value for v in dates.find(text, lang)] == [day], text


@pytest.mark.parametrize("case", ["nom", "gen", "dat", "acc", "ins", "loc"])
def test_a_russian_weekday_is_found_in_every_case(case):
    for number in range(1, 8):
        text = dates.render(Value("weekday", number), "ru", case=case)
        assert [v.value for v in dates.find(f"в {text}", "ru")] == [number], text


def test_trade_figures_are_the_same_in_three_languages():
    sums = []
    for dispatch in corpus.entry("trade").dispatches():
        found = numbers.find(dispatch.text, dispatch.lang)
        # Of two sums in a row Russian names the currency once, so the amounts are compared.
        amounts = [v.value for v in found if v.kind in ("money", "number")]
        sums.append({amount for amount in amounts if amount >= 10**11})
    assert Fraction(244_800_000_000) in sums[0] and len(sums[0]) >= 5
    assert sums[0] == sums[1] == sums[2]


def test_a_line_of_two_megabytes_is_read_in_one_pass():
    assert len(numbers.find("贸易额达2448亿美元，增长1.9%，" * 60_000, "zh")) == 120_000
