"""A figure, day, name or country may stand in both texts or in neither."""

import datetime

import pytest

from toolkit.glossary.match import Matcher
from toolkit.glossary.store import load
from toolkit.translate.guard import differences

MATCHER = Matcher(load())
DAY = datetime.date(2025, 11, 2)
LANGS = ("zh", "ru", "en")

SAME = [
    ("2024年中俄贸易额为2448亿美元，增长1.9%。",
     "В 2024 году товарооборот Китая и России составил 244,8 млрд долл. США, рост 1,9 проц.",
     "China-Russia trade stood at 244.8 billion U.S. dollars in 2024, up 1.9 percent."),
    ("预计增长5%至10%，货运量为75万吨至80万吨。",
     "Ожидается рост на 5–10%, грузооборот -- 750–800 тыс. тонн.",
     "Growth of 5 to 10 percent and a volume of 750,000 to 800,000 tonnes are expected."),
    ("今年是胜利80周年。", "В этом году отмечается 80-летие Победы.",
     "This year marks the 80th anniversary of the victory."),
    ("第二十九次会议周日在宁波举行。", "29-е заседание прошло в воскресенье в Нинбо.",
     "The 29th session was held in Ningbo on Sunday."),
    ("中俄总理第三十次定期会晤将于11月3日在杭州举行。",
     "30-я регулярная встреча глав правительств Китая и России состоится 3 ноября в Ханчжоу.",
     "The 30th regular meeting between Chinese and Russian heads of government will be held in"
     " Hangzhou on Nov. 3."),
    ("何立峰2日会见普京。", "Хэ Лифэн 2 ноября встретился с Путиным.",
     "He Lifeng met with Putin on Nov. 2."),
    ("双方讨论了三个议题。", "Стороны обсудили три темы.", "The sides discussed three topics."),
    ("访问将于11月24日至27日进行。", "Визит состоится 24-27 ноября.",
     "The visit will take place from Nov. 24 to 27."),
    ("俄方支持一个中国原则。", "Россия поддерживает принцип одного Китая.",
     "Russia supports the one-China principle."),
]  # fmt: skip


@pytest.mark.parametrize("row", SAME, ids=lambda row: row[2][:40])
def test_versions_that_say_the_same_differ_in_nothing(row):
    texts = dict(zip(LANGS, row, strict=True))
    for source in LANGS:
        for target in LANGS:
            if source != target:
                found = differences(texts[source], texts[target], source, target, MATCHER, DAY)
                assert found == (), (source, target)


@pytest.mark.parametrize(
    ("source", "text", "target", "translation", "expected"),
    [
        ("zh", "贸易额为2448亿美元。", "en", "Trade hit 248.4 billion U.S. dollars.", "248.4"),
        ("zh", "贸易额为2448亿美元。", "en", "Trade stood at 244.8 billion yuan.", "CNY"),
        ("zh", "贸易额为2448亿元。", "ru", "Товарооборот составил 244,8 млрд долл. США.", "USD"),
        ("zh", "增长1.9%。", "ru", "Рост составил 1,9 млн.", "percent"),
        ("en", "Twenty countries took part.", "ru", "Участвовали тридцать стран.", "тридцать"),
        ("ru", "Участвовали сорок стран.", "zh", "三十个国家参加。", "三十"),
        ("en", "The sides met.", "zh", "双方举行第三十次会议。", "第三十"),
        ("zh", "双方讨论了三个议题。", "en", "The two sides discussed four topics.", "four"),
        ("zh", "双方讨论了三个议题。", "ru", "Стороны обсудили пять тем.", "пять"),
        ("ru", "Стороны обсудили пять тем.", "zh", "双方讨论了六个议题。", "六"),
        ("zh", "会议于11月2日举行。", "en", "The meeting was held on Nov. 3.", "Nov. 3"),
        ("zh", "会议于11月2日举行。", "en", "The meeting was held on Oct. 2.", "Oct. 2"),
        ("zh", "会议周日举行。", "ru", "Заседание прошло в субботу.", "субботу"),
        ("zh", "会议2024年举行。", "en", "The meeting was held in 2025.", "2025"),
        ("zh", "会议举行。", "en", "The meeting was held twice in 2025.", "2025"),
        ("zh", "何立峰出席会议。", "en", "He Lifeng and Li Qiang attended it.", "Li Qiang"),
        ("zh", "何立峰出席会议。", "en", "Wang Yi attended the meeting.", "何立峰"),
        ("zh", "会议在宁波举行。", "ru", "Заседание прошло в Ханчжоу.", "Ханчжоу"),
        ("zh", "俄方表示欢迎。", "en", "China expressed its welcome.", "China"),
        ("zh", "中方表示欢迎。", "en", "Russia expressed its welcome.", "Russia"),
        ("en", "Russia welcomed it.", "zh", "日本对此表示欢迎。", "日本"),
        ("en", "Vietnam welcomed it.", "ru", "Казахстанская сторона приветствует это.", "Казах"),
        ("en", "5 and 5 members voted.", "zh", "5名成员投票。", "missing"),
        ("zh", "2024年贸易额为2448亿美元。", "ru", "В 2448 году вырос до 2024 млрд долл.", "24"),
        ("zh", "2024年有300家企业。", "en", "In 300, there were 2024 firms.", "something else"),
        ("zh", "2024年有300家企业。", "ru", "В 300 году было 2024 предприятия.", "something else"),
        ("en", "In 2024 there were 300 firms.", "zh", "300年有2024家企业。", "something else"),
        ("zh", "2024年货运量为312.6万吨。", "ru", "В 2024 году прибыло 3,126 млн тонн человек.",
         "something else"),
        ("ru", "В 2024 году рост составил 5%.", "zh", "2024年，5%国家增长。", "something else"),
    ],
)  # fmt: skip
def test_what_one_text_alone_says_is_named(source, text, target, translation, expected):
    found = differences(text, translation, source, target, MATCHER, DAY)
    assert any(expected in said for said in found), found


def test_figures_that_a_fixed_phrase_has_in_itself_are_not_compared():
    text = "双方恪守联合国大会第2758号决议。"
    assert differences(
        text, "The sides abide by UN General Assembly Resolution 2758.", "zh", "en", MATCHER
    ) == ()
    assert differences(
        "партнерство, направленное на стратегическое взаимодействие в XXI веке",
        "面向21世纪的战略协作伙伴关系", "ru", "zh", MATCHER,
    ) == ()  # fmt: skip


def test_the_day_of_the_dispatch_gives_a_bare_day_its_month_even_without_a_year():
    said = ("何立峰2日会见普京。", "He Lifeng met with Putin on Nov. 2.", "zh", "en", MATCHER)
    assert differences(*said, (11, 2)) == ()
    assert differences(*said, (10, 2)) != ()
    assert differences(*said) != ()
