"""Where a fill meets the model's words: articles, prepositions, spaces, punctuation."""

import pytest

from toolkit.translate.seams import END, START, mend


def filled(text):
    return text.replace("[", START).replace("]", END)


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("en", "he visited the [the United States] .", "He visited the United States."),
        ("en", "a [SCO summit] opened.", "An SCO summit opened."),
        ("en", "an [Treaty] was signed.", "A Treaty was signed."),
        ("en", "a [80] percent rise", "An 80 percent rise"),
        ("en", "a [18] percent rise", "An 18 percent rise"),
        ("en", "an [180] percent rise", "A 180 percent rise"),
        ("en", "a [11th] session", "An 11th session"),
        ("en", "an [European Union] office", "A European Union office"),
        ("en", "an [one-China principle] statement", "A one-China principle statement"),
        ("en", "an [UN] agency", "A UN agency"),
        ("en", "It took an hour, a university said.", "It took an hour, a university said."),
        ("en", "a [more than 30 billion yuan] deal", "More than 30 billion yuan deal"),
        ("en", "worth more than [more than 5 million tons]", "Worth more than 5 million tons"),
        ("en", "The committee met [Wang Yi]and left.", "The committee met Wang Yi and left."),
        ("en", "[20]-[30 percent]", "20-30 percent"),
        ("ru", "в [Владивостоке] и в [Франции]", "Во Владивостоке и во Франции"),
        ("ru", "он в [Вьетнаме] и в [Пекине]", "Он во Вьетнаме и в Пекине"),
        ("ru", "в [вторник] и в [среду]", "Во вторник и в среду"),
        ("ru", "с [Словакией] и с [Россией]", "Со Словакией и с Россией"),
        ("ru", "о [Организации] и о [России]", "Об Организации и о России"),
        ("ru", '"[Сила Сибири]" , -- сказал он', "«Сила Сибири», — сказал он"),
        ("ru", "[2 ноября 2025 года] года", "2 ноября 2025 года"),
        ("ru", "более [более 30 млн тонн]", "Более 30 млн тонн"),
        ("ru", "[75]-летие", "75-летие"),
        ("zh", "[王毅] 访问 [莫斯科] .", "王毅访问莫斯科。"),
        ("zh", '他说, "[合作共赢]" .', "他说，“合作共赢”。"),
        ("zh", "增长[7.5%],达到[1,500]人", "增长7.5%，达到1,500人"),
        ("zh", "会谈于[10:30]开始(当地时间)", "会谈于10:30开始（当地时间）"),
        ("zh", "使用 iPhone 3.5 与 U.S. Steel", "使用iPhone 3.5与U.S. Steel"),
        ("zh", "4. 双方同意[扩大合作].", "4.双方同意扩大合作。"),
        ("zh", "增至[35].", "增至35。"),
        ("zh", "超过[超过35亿元]", "超过35亿元"),
        ("zh", '不成对的" 引号', '不成对的"引号'),
    ],
)
def test_a_seam_reads_as_the_language_wants(lang, text, expected):
    assert mend(filled(text), lang) == expected


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("ru", "создан в [5 декабря 1996 года].", "Создан 5 декабря 1996 года."),
        ("ru", "создан в [декабре 1996 года].", "Создан в декабре 1996 года."),
        ("en", "It was set up in [Dec. 5, 1996].", "It was set up on Dec. 5, 1996."),
        ("en", "It was set up on [December 1996].", "It was set up in December 1996."),
        ("en", "They met in [the 22nd] of the month.", "They met on the 22nd of the month."),
        ("en", "They met in [the union].", "They met in the union."),
        ("ru", "Они встретились в [22-го числа].", "Они встретились 22-го числа."),
        ("en", "On [Nov. 2], it ended in [May].", "On Nov. 2, it ended in May."),
    ],
)
def test_a_day_takes_another_preposition_than_a_month(lang, text, expected):
    assert mend(filled(text), lang) == expected
