"""Spelling that costs points is told from translation."""

import pytest

from toolkit.score import spelling
from toolkit.score.lines import Lines

SIMPLIFIED = "双方强调，发展两国关系：进一步深化合作；扩大贸易！会议认为，这对双方都有利。" * 3
TRADITIONAL = "雙方強調，發展兩國關係：進一步深化合作；擴大貿易！會議認為，這對雙方都有利。" * 3
HALF = SIMPLIFIED.replace("，", ",").replace("：", ":").replace("；", ";").replace("！", "!")
YO = "Её объём ещё растёт, всё идёт своим чередом; отношения сторон на подъёме. " * 4
YE = YO.replace("ё", "е").replace("Ё", "Е")
GUILLEMETS = "Инициатива «Один пояс, один путь» и форум «Сямэнь» развиваются. " * 4
STRAIGHT = GUILLEMETS.replace("«", '"').replace("»", '"')


def told(here, there, to):
    return spelling.differences(Lines("h", (here,)), [Lines("r", (there,))], to)


@pytest.mark.parametrize(
    ("here", "there", "to", "words"),
    [
        (TRADITIONAL, SIMPLIFIED, "zh", "h is written in traditional characters, r in simplified"),
        (SIMPLIFIED, TRADITIONAL, "zh", "h is written in simplified characters, r in traditional"),
        (HALF, SIMPLIFIED, "zh", "h has half-width punctuation"),
        (YE, YO, "ru", "h never writes ё, r does"),
        (YO, YE, "ru", "h writes ё"),
        (STRAIGHT, GUILLEMETS, "ru", "r with «»"),
    ],
)
def test_another_spelling_is_told_with_what_to_do(here, there, to, words):
    found = told(here, there, to)
    assert len(found) == 1 and words in found[0] and "one spelling" in found[0]


@pytest.mark.parametrize(
    ("text", "to"),
    [(SIMPLIFIED, "zh"), (TRADITIONAL, "zh"), (YO, "ru"), (YE, "ru"), ("The end. " * 9, "en")],
)
def test_one_spelling_is_no_matter(text, to):
    assert told(text, text[: len(text) // 2] or text, to) == []


def test_one_reference_of_the_same_spelling_is_enough():
    found = spelling.differences(
        Lines("h", (YE,)), [Lines("r", (YO,)), Lines("q", (YE,))], "ru"
    )
    assert found == []
