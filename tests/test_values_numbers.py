"""Numbers by value: a table a linguist extends, and laws for every number."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit import corpus
from toolkit.values.numbers import find, render
from toolkit.values.value import Value

ROWS = [
    line.split("\t")
    for line in (Path(__file__).parent / "data" / "numbers.tsv")
    .read_text(encoding="utf-8")
    .splitlines()
    if line and not line.startswith("#")
]


def described(value):
    return " ".join([value.kind, str(value.value), *([value.unit] if value.unit else [])])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1])
def test_values_and_their_writing_are_those_of_the_table(row):
    lang, text, expected, *written = row
    found = find(text, lang)
    assert ", ".join(map(described, found)) == expected
    for value in found:
        assert text[value.start : value.end] == value.text
    if found:
        made = [render(found[0], target).replace("\u00a0", " ") for target in ("zh", "ru", "en")]
        assert made == written


@pytest.mark.parametrize("lang", ["zh", "ru", "en"])
@given(st.integers(0, 10**13), st.integers(0, 2))
def test_what_is_written_is_read_back_with_the_same_value(lang, number, places):
    value = Value("money", Fraction(number, 10**places), unit="USD")
    text = render(value, lang)
    found = find(text, lang)
    assert [(v.value, v.unit) for v in found] == [(value.value, "USD")], text


@pytest.mark.parametrize("lang", ["zh", "ru", "en"])
@given(st.integers(1, 399), st.sampled_from("mfnp"), st.sampled_from(["nom", "gen", "loc"]))
def test_an_ordinal_is_read_back(lang, number, gender, case):
    text = render(Value("ordinal", Fraction(number)), lang, gender=gender, case=case) + " "
    assert [(v.kind, v.value) for v in find(text, lang)] == [("ordinal", number)]


def test_a_year_is_never_grouped_or_scaled():
    (value,) = find("в 2000 году", "ru")
    assert value.year and render(value, "en") == "2000" and render(value, "zh") == "2000"


def test_money_of_the_trade_report_is_the_same_in_three_languages():
    sums = []
    for dispatch in corpus.entry("trade").dispatches():
        found = find(dispatch.text, dispatch.lang)
        sums.append({v.value for v in found if v.kind == "money" and v.unit == "USD"})
    assert Fraction(244_800_000_000) in sums[0]
    assert sums[0] - {Fraction(1)} == sums[1] - {Fraction(1)} == sums[2] - {Fraction(1)}


def test_a_line_of_two_megabytes_is_read_in_one_pass():
    text = "贸易额达2448亿美元，增长1.9%，" * 60_000
    assert len(find(text, "zh")) == 120_000
