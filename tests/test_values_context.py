"""What stands around a figure or date decides how it is written, and never how it is read."""

import datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.values import dates, figures, numbers, units
from toolkit.values.reading import values
from toolkit.values.value import Day, Value, fold

LANGS = ("zh", "ru", "en")


@pytest.mark.parametrize(
    ("kind", "number", "lang", "after", "expected"),
    [
        ("ordinal", 75, "zh", "周年", "75"),
        ("ordinal", 21, "zh", "世纪", "21"),
        ("ordinal", 29, "zh", "次会议", "第二十九"),
        ("number", 75, "en", " anniversary of", "75th"),
        ("number", 75, "en", " years", "75"),
        ("ordinal", 7, "en", " session", "seventh"),
        ("ordinal", 75, "ru", "-летие", "75"),
        ("ordinal", 21, "ru", " века", "XXI"),
    ],
)
def test_what_follows_decides_between_cardinal_and_ordinal(kind, number, lang, after, expected):
    assert figures.render(Value(kind, Fraction(number)), lang, after=after) == expected


def test_a_year_is_never_grouped_or_scaled_but_a_number_is():
    (year,) = numbers.find("in 2024", "en")
    assert [figures.render(year, lang) for lang in LANGS] == ["2024"] * 3
    (number,) = numbers.find("2024 предприятия", "ru")
    assert figures.render(number, "en") == "2,024"


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("300多亿美元", ["300多亿美元", "более 30 млрд долл. США",
                     "more than 30 billion U.S. dollars"]),
        ("35多亿元", ["超过35亿元", "более 3,5 млрд юаней", "more than 3.5 billion yuan"]),
    ],
)  # fmt: skip
def test_and_more_inside_a_number_is_said_in_every_language(text, forms):
    (value,) = numbers.find(text, "zh")
    assert [figures.render(value, lang) for lang in LANGS] == forms


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("в ", "ноябре 2025 года"),
        ("с ", "ноября 2025 года"),
        ("к ", "ноябрю 2025 года"),
        ("на ", "ноябрь 2025 года"),
        ("итоги ", "ноября 2025 года"),
        (None, "ноябре 2025 года"),
    ],
)
def test_a_russian_month_takes_the_case_of_its_preposition(before, expected):
    assert dates.render(Value("date", Day(2025, 11, None)), "ru", before=before) == expected


DAYS = Value("date", Day(None, 5, 7, Day(None, 5, 10)))
MONTHS = Value("date", Day(None, 1, None, Day(None, 10, None)))


@pytest.mark.parametrize(
    ("value", "lang", "before", "expected"),
    [
        (DAYS, "en", "will visit China ", "from May 7 to 10"),
        (DAYS, "en", "from ", "May 7 to 10"),
        (DAYS, "en", "held on ", "May 7-10"),
        (DAYS, "ru", "состоится ", "7-10 мая"),
        (DAYS, "ru", "пройдет с ", "7 по 10 мая"),
        (DAYS, "zh", "将于", "5月7日至10日"),
        (MONTHS, "en", "in ", "January-October"),
        (MONTHS, "en", "Exports grew ", "from January to October"),
        (MONTHS, "ru", "в ", "январе-октябре"),
        (MONTHS, "ru", "выросли ", "с января по октябрь"),
        (MONTHS, "ru", "с ", "января по октябрь"),
    ],
)
def test_a_span_fits_what_stands_before_it(value, lang, before, expected):
    assert dates.render(value, lang, before=before) == expected


def test_a_day_without_a_month_is_written_in_chinese_only():
    (value,) = dates.find("何立峰2日在宁波", "zh")
    assert [dates.render(value, lang) for lang in LANGS] == ["2日", None, None]


# Decimals with few places at every size, as dispatches write them.
amounts = st.builds(
    lambda digits, power: Fraction(digits) * Fraction(10) ** power,
    st.integers(1, 99999),
    st.integers(-3, 9),
)
counted = st.one_of(
    st.builds(
        lambda amount, unit: Value(unit.kind, amount, unit=unit.code),
        amounts,
        st.sampled_from(units.UNITS),
    ),
    st.builds(lambda amount: Value("percent", amount), amounts),
    st.builds(lambda number: Value("ordinal", Fraction(number)), st.integers(10, 5000)),
    st.builds(lambda number: Value("number", Fraction(number)), st.integers(10, 10**13)),
)
FRAMES = {"zh": "共{}。", "ru": "около {} в год", "en": "about {} a year"}


@given(counted, st.sampled_from(LANGS))
def test_what_is_written_in_a_sentence_is_found_again(value, lang):
    text = FRAMES[lang].format(figures.render(value, lang))
    if value.kind == "number" and lang != "zh":  # "a year" would count years
        text = text.replace(" a year", " people")
    assert numbers.find(text, lang) == [value]


firsts = st.dates(datetime.date(1900, 1, 1), datetime.date(2198, 12, 31))


@given(firsts, st.integers(1, 40), st.booleans(), st.sampled_from(LANGS))
def test_a_span_of_days_survives_writing_and_reading(first, length, with_year, lang):
    last = first + datetime.timedelta(length)
    if last.year != first.year and not with_year:
        return
    years = (first.year, last.year) if with_year else (None, None)
    until = Day(years[1], last.month, last.day)
    value = Value("date", Day(years[0], first.month, first.day, until))
    frame = {"zh": "将于{}访问", "ru": "пройдет {} в Пекине", "en": "will visit {} at last"}[lang]
    text = dates.render(value, lang, before=frame.partition("{")[0])
    assert dates.find(frame.format(text), lang) == [value]


@given(st.integers(1, 12), st.one_of(st.none(), st.integers(1900, 2100)), st.sampled_from(LANGS))
def test_a_month_survives_writing_and_reading(month, year, lang):
    value = Value("date", Day(year, month, None))
    frame = {"zh": "于{}举行", "ru": "прошел в {} в Пекине", "en": "held in {} in Beijing"}[lang]
    text = dates.render(value, lang, before={"zh": "于", "ru": "в ", "en": "in "}[lang])
    assert dates.find(frame.format(text), lang) == [value]


hostile = st.text(
    st.sampled_from("0123456789,.%-/万亿千百十点第年月日多余三元 \u00a0$млн thXV:"), max_size=30
)


@given(st.one_of(hostile, st.text(max_size=30)), st.sampled_from(LANGS))
def test_any_text_gives_ordered_values_that_stand_where_they_say(text, lang):
    end = 0
    for value in values(text, lang):
        assert end <= value.start < value.end <= len(text)
        assert text[value.start : value.end] == value.text
        end = value.end
        for target in LANGS:
            (dates if value.kind in ("date", "weekday") else figures).render(value, target)


@given(st.text())
def test_folding_keeps_every_offset(text):
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    "piece", ["1", "1,234", "十", "一千", "twenty ", "двадцать ", "5月", "1-", "$", "12 345 ",
              "May 7 to ", "X"]
)  # fmt: skip
@pytest.mark.parametrize("lang", LANGS)
def test_one_very_long_line_is_read(piece, lang):
    text = piece * (60_000 // len(piece))  # quadratic work would take minutes
    for value in numbers.find(text, lang):
        assert text[value.start : value.end] == value.text
