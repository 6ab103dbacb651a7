"""Figures, dates and names between versions: laws over invented figures, names and days."""

import datetime
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from toolkit.glossary.compare import Row, check_rows
from toolkit.glossary.concept import Glossary
from toolkit.glossary.match import Matcher
from toolkit.languages import chinese_names, ru_names, sounds
from toolkit.values import dates, figures
from toolkit.values.value import Day, Value

MATCHER = Matcher(Glossary(()))  # the laws hold without any glossary
DAY = datetime.date(2025, 11, 2)
LANGS = ("zh", "ru", "en")
SENTENCES = {
    "zh": "双方表示，规模为{}。",
    "ru": "Стороны сообщили, что объем составил {}.",
    "en": "The two sides said the volume was {}.",
}
HELD = {"zh": "会议于{}举行。", "ru": "Заседание прошло {}.", "en": "The meeting was held on {}."}


def found(*rows, day=DAY):
    made = [
        Row(row, lambda lang, offset, n=n: ("x", n, offset + 1)) for n, row in enumerate(rows, 1)
    ]
    return [
        (f.code, f.lang)
        for f in check_rows(made, MATCHER, date=day).findings
        if f.severity != "info"
    ]


def said(value, lang, frame=SENTENCES):
    """Return a sentence with a value as a dispatch writes it."""
    if isinstance(value.value, Day):
        before = frame[lang].partition("{")[0]
        written = dates.render(value, lang, before=before)
    else:
        written = figures.render(value, lang)
    return frame[lang].format(written)


amounts = st.builds(
    lambda digits, scale, unit: Value(unit[0], Fraction(digits) * scale / 10, unit=unit[1]),
    st.integers(101, 99_999),
    st.sampled_from([10**4, 10**5, 10**8, 10**9]),
    st.sampled_from([("money", "USD"), ("money", "CNY"), ("money", "RUB"), ("quantity", "t"),
                     ("quantity", "m3"), ("quantity", "km"), ("number", "")]),
)  # fmt: skip
percents = st.builds(
    lambda tenths: Value("percent", Fraction(tenths, 10), places=1), st.integers(1, 999)
)
days = st.dates(datetime.date(2025, 1, 1), datetime.date(2025, 12, 31)).map(
    lambda day: Value("date", Day(2025, day.month, day.day))
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(amounts, percents))
def test_a_figure_written_as_each_language_writes_it_is_the_same(value):
    assert found({lang: said(value, lang) for lang in LANGS}) == []


@settings(max_examples=150, deadline=None)
@given(st.one_of(amounts, percents), st.sampled_from(LANGS), st.integers(2, 9))
def test_another_figure_is_found_in_the_version_that_has_it(value, lang, factor):
    wrong = Value(value.kind, value.value * factor, unit=value.unit, places=value.places)
    texts = {each: said(wrong if each == lang else value, each) for each in LANGS}
    assert found(texts) == [("N101", lang)]
    for other in LANGS:
        if other != lang:
            pair = {each: texts[each] for each in LANGS if each in (lang, other)}
            assert [code for code, _ in found(pair)] == ["N101"]


@settings(max_examples=100, deadline=None)
@given(days)
def test_a_day_written_as_each_language_writes_it_is_the_same(value):
    assert found({lang: said(value, lang, HELD) for lang in LANGS}) == []


@settings(max_examples=100, deadline=None)
@given(days, days, st.sampled_from(LANGS))
def test_another_day_is_found_in_the_version_that_has_it(value, other, lang):
    assume(value.value != other.value)
    texts = {each: said(other if each == lang else value, each, HELD) for each in LANGS}
    assert set(found(texts)) == {("D101", lang)}


@settings(max_examples=60, deadline=None)
@given(st.dates(datetime.date(2025, 1, 1), datetime.date(2025, 12, 31)), st.integers(1, 6))
def test_a_weekday_stands_for_its_date_and_for_no_other(day, later):
    value = Value("date", Day(2025, day.month, day.day))
    right, wrong = (
        Value("weekday", (day + datetime.timedelta(shift)).isoweekday()) for shift in (0, later)
    )
    zh = said(value, "zh", HELD)
    assert found({"zh": zh, "en": HELD["en"].format(dates.render(right, "en"))}, day=day) == []
    assert found({"zh": zh, "en": HELD["en"].format(dates.render(wrong, "en"))}, day=day) == [
        ("D102", "en")
    ]


def test_the_order_of_figures_does_not_matter():
    zh = "进口1293亿美元，出口1155亿美元，增长4.1%。"
    en = "Up 4.1 percent, exports reached 115.5 billion dollars and imports 129.3 billion dollars."
    assert found({"zh": zh, "en": en}) == []


def test_a_figure_may_cross_to_the_next_passage():
    rows = [
        {"zh": "贸易额为2448亿美元。增长1.9%。", "en": "Trade was 244.8 billion U.S. dollars."},
        {"zh": "双方满意。", "en": "It grew 1.9 percent, and both sides are content."},
    ]
    assert found(*rows) == []
    assert found(rows[0] | {"zh": "增长1.9%，贸易额为2448亿美元。"}) == [("X101", "zh")]


def test_what_one_version_leaves_out_is_no_error():
    zh = "贸易额为2448亿美元，增长1.9%。"
    ru = "Товарооборот составил 244,8 млрд долл. США, рост 1,9 проц."
    en = "Trade was 244.8 billion U.S. dollars."
    assert found({"zh": zh, "en": en}) == [("X101", "zh")]
    assert found({"zh": zh, "ru": ru, "en": en}) == [("N103", "en")]


@pytest.mark.parametrize(
    ("zh", "en", "codes"),
    [
        ("上月双方会晤。", "The two sides met on Oct. 15.", []),
        ("10月15日双方会晤。", "The two sides met last month.", []),
        ("贸易额翻了一番。", "Trade doubled.", []),
        ("贸易额翻了一番。", "Trade tripled.", ["N101"]),
        ("贸易额增长两倍。", "Trade tripled.", []),
        ("贸易额增长100%。", "Trade doubled.", []),
        ("一半的项目启动。", "50 percent of the projects began.", []),
        ("前10个月增长。", "It grew in January-October.", []),
        ("前10个月增长。", "It grew in January-September.", ["D101"]),
        ("会议于上午10时30分开始。", "The meeting began at 10:30 a.m.", []),
        ("会议于下午3时开始。", "The meeting began at 3 p.m.", []),
        ("供气480亿立方米。", "Supplies reached 48 bcm.", []),
        ("投资逾百亿元。", "Investment exceeds 10 billion yuan.", []),
        ("1000兆瓦的电站建成。", "A power plant of 1 million kW was built.", []),
        ("贸易额约2450亿美元。", "Trade came to 244.8 billion U.S. dollars.", []),
        ("停留不超过30天。", "They may stay for up to 31 days.", ["N101"]),
    ],
)  # fmt: skip
def test_what_is_said_in_words_is_compared_by_what_it_means(zh, en, codes):
    assert [code for code, _ in found({"zh": zh, "en": en})] == codes


# Names.

SURNAMES = "王李张刘陈杨赵黄周吴徐孙朱高林郭马罗梁宋郑谢韩唐冯董萧程曹袁邓许"
GIVEN = (
    "伟 芳 娜 敏 静 丽 强 磊 洋 勇 艳 杰 涛 明 超 霞 平 刚 辉 "
    "建国 志强 海燕 晓明 文博 雪梅 立新 春林"
).split()
NAMED = {
    "zh": "商务部副部长{}表示，双方取得进展。",
    "ru": "Заместитель министра {} заявил, что стороны добились прогресса.",
    "en": "Vice Minister {} said the sides made progress.",
}


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(SURNAMES), st.sampled_from(GIVEN), st.sampled_from(("nom", "gen", "ins")))
def test_a_chinese_name_is_the_same_by_pinyin_and_palladius(surname, given_name, case):
    pinyin = chinese_names.from_characters(surname + given_name)
    assume(pinyin is not None)
    russian = chinese_names.into_russian(pinyin)
    frame = NAMED["ru"] if case == "nom" else "Он встретился с делегацией {} в Москве."
    texts = {
        "zh": NAMED["zh"].format(surname + given_name),
        "ru": frame.format(ru_names.person(russian, case)),
        "en": NAMED["en"].format(pinyin),
    }
    assert [f for f in found(texts) if f[0][0] in "PX"] == []


@pytest.mark.parametrize(
    ("lang", "wrong"),
    [
        ("ru", "Чэнь Сяоминь"),
        ("ru", "Чэн Сяомин"),
        ("ru", "Чень Сяомин"),
        ("en", "Chen Xiaomin"),
        ("en", "Cheng Xiaoming"),
        ("zh", "程晓敏"),
    ],
)
def test_a_misspelt_name_is_found_in_the_version_that_has_it(lang, wrong):
    names = {"zh": "陈晓明", "ru": "Чэнь Сяомин", "en": "Chen Xiaoming"}
    texts = {each: NAMED[each].format(names[each]) for each in LANGS}
    assert found(texts) == []
    assert found(texts | {lang: NAMED[lang].format(wrong)}) == [("P101", lang)]


@pytest.mark.parametrize(
    ("russian", "english"),
    [
        ("Дмитрий Чернышенко", "Dmitry Chernyshenko"), ("Юрий Трутнев", "Yury Trutnev"),
        ("Ольга Любимова", "Olga Lyubimova"), ("Сергей Цивилёв", "Sergey Tsivilev"),
        ("Алексей Лихачёв", "Alexey Likhachev"), ("Александр Хинштейн", "Alexander Khinshtein"),
        ("Евгений Примаков", "Yevgeny Primakov"), ("Андрей Щербаков", "Andrei Shcherbakov"),
    ],
)  # fmt: skip
def test_a_russian_name_sounds_the_same_in_latin_letters(russian, english):
    ours, theirs = (name.split()[-1] for name in (russian, english))
    assert sounds.key(ours) == sounds.key(theirs)
    row = {
        "ru": f"Вчера в Пекин прибыл {russian}.",
        "en": f"Yesterday {english} arrived in Beijing.",
    }
    assert [f for f in found(row) if f[0][0] in "PX"] == []


def test_a_name_without_a_version_is_missing_there_unless_a_pronoun_is():
    row = {"zh": NAMED["zh"].format("陈晓明"), "ru": NAMED["ru"].format("Чэнь Сяомин")}
    lacking = row | {"en": "The vice minister said the sides made progress."}
    assert [code for code, _ in found(lacking)] == ["P103"]
    assert found(row | {"en": "She said the sides made progress."}) == []
    assert found(row | {"en": "Chen said the sides made progress."}) == []
    assert found(lacking, {"zh": "好。", "en": "Chen Xiaoming nodded."}) == []


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=80))
@settings(max_examples=80, deadline=None)
def test_no_text_stops_the_comparison(zh, ru, en):
    found({"zh": zh, "ru": ru, "en": en})
    found({"zh": zh, "ru": ru, "en": en}, {"zh": "2" + zh, "ru": ru + "5%", "en": en}, day=None)


def test_a_passage_of_thousands_of_figures_is_compared_in_proportion():
    def work(count):
        zh = "".join(f"第{n}项为{7 * n + 1000}亿美元，" for n in range(count))
        en = " ".join(f"item {n} was {7 * n + 1001} tons," for n in range(count))
        return len(found({"zh": zh, "en": en}))

    assert work(3000) > 3000
