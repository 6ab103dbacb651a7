"""Exact matches are equal texts in any spelling; repaired ones differ in what is masked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit import corpus
from toolkit.glossary.match import Matcher
from toolkit.glossary.store import load
from toolkit.translate.document import Translator
from toolkit.translate.memory import Memory

BRIDGE = {
    "zh": "絲綢之路是“橋樑”。",
    "ru": "Шёлковый путь — «мост».",
    "en": "The Silk Road is a bridge.",
}


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("ru", 'Шелковый путь – "мост".'),
        ("ru", " Шёлковый\u00a0путь — «мост». "),
        ("ru", "Шё\u00adлковый путь — «мост»."),
        ("zh", "丝绸之路是「桥梁」。"),
        ("en", "the Silk Road is a  bridge."),
        ("en", "The Silk\u00a0Road is a bridge.\u200b"),
    ],
)
def test_another_spelling_of_the_same_text_is_found(lang, text):
    target = "en" if lang != "en" else "ru"
    assert Memory([BRIDGE]).lookup(text, lang, target) == BRIDGE[target]


@pytest.mark.parametrize(
    ("known", "text", "lang"),
    [
        ("Путь — мост.", "Путь — мост", "ru"),
        ("Путь — мост.", "Пути — мост.", "ru"),
        ("贸易额为2448亿美元。", "贸易额为2484亿美元。", "zh"),
        ("We need Polish goods.", "We need polish goods.", "en"),
        ("Talks on May 2.", "TALKS ON MAY 2.", "en"),
        ("Talks with the US.", "Talks with the us.", "en"),
    ],
)
def test_a_text_that_says_otherwise_is_not_found(known, text, lang):
    target = "en" if lang != "en" else "zh"
    memory = Memory([{lang: known, target: "translation"}])
    assert memory.lookup(known, lang, target) == "translation"
    assert memory.lookup(text, lang, target) is None


def test_a_pair_is_not_known_in_a_third_language():
    memory = Memory([{"ru": "Да.", "en": "Yes."}])
    assert memory.lookup("Yes.", "en", "zh") is None
    assert memory.lookup("Yes.", "en", "ru") == "Да."
    assert len(memory) == 2


def test_the_first_of_two_translations_stands_and_the_others_are_named():
    memory = Memory([{"zh": "好。", "en": text} for text in ("Good.", "Fine.", "good.", "Fine.")])
    assert memory.lookup("好。", "zh", "en") == "Good."
    assert memory.others("好。", "zh", "en") == ("Fine.",)  # "good." is but another spelling
    assert memory.others("不好。", "zh", "en") == ()
    assert memory.conflicts == 1


def test_empty_and_blank_sides_are_passed_over():
    memory = Memory([{"zh": "好。", "en": " \n", "ru": ""}, {"zh": "", "en": ""}])
    assert len(memory) == 0
    assert memory.lookup("", "zh", "en") is None


@given(st.text(min_size=1), st.sampled_from(["zh", "ru", "en"]))
def test_any_text_is_found_again_whatever_stands_around_it(text, lang):
    target = "en" if lang != "en" else "zh"
    memory = Memory([{lang: text, target: "x"}])
    if text.strip():
        assert memory.lookup(text, lang, target) == "x"
        assert memory.lookup(f"  {text}\n", lang, target) == "x"


plain = st.text("абвгдежз 0123456789", min_size=1).map(lambda text: " ".join(text.split()))


@given(plain, plain)
def test_two_different_texts_never_stand_for_each_other(one, other):
    memory = Memory([{"ru": one, "en": "x"}])
    if one and other and one != other:
        assert memory.lookup(other, "ru", "en") is None


def test_every_bead_of_the_shipped_dispatches_is_found_in_every_direction():
    units = list(corpus.triples())
    memory = Memory(units)
    for unit in units:
        for source, text in unit.items():
            for target in unit:
                if source != target and text.strip() and unit[target].strip():
                    assert memory.lookup(text, source, target) is not None


MATCHER = Matcher(load(None))
UNIT = {
    "zh": "2024年中国同越南双边贸易额达2606亿美元，同比增长13.5%。",
    "ru": "В 2024 году товарооборот Китая с Вьетнамом достиг 260,6 млрд долл. США, что на"
    " 13,5 проц. больше, чем годом ранее.",
    "en": "China's trade with Vietnam reached 260.6 billion U.S. dollars in 2024, up 13.5 percent"
    " year on year.",
}


def drafted(source: str, target: str, text: str, unit=UNIT):
    (draft,) = Translator(source, target, MATCHER, None, Memory([unit])).translate([text])
    return draft


def test_a_match_that_differs_in_figures_and_names_is_repaired():
    text = "2025年中国同老挝双边贸易额达82亿美元，同比增长7.1%。"
    draft = drafted("zh", "en", text)
    assert draft.origin == "repaired"
    assert draft.target == (
        "China's trade with Laos reached 8.2 billion U.S. dollars in 2025, up 7.1 percent"
        " year on year."
    )
    assert UNIT["zh"] in draft.notes[0]
    draft = drafted("zh", "ru", text)
    assert "Китая с Лаосом достиг 8,2 млрд долл. США" in draft.target


@pytest.mark.parametrize(
    "text",
    [
        "2025年中国同老挝双边贸易额达82亿美元，同比下降7.1%。",  # one other word
        "2025年中国同老挝双边贸易额达82亿吨，同比增长7.1%。",  # a quantity is no money
        "2025年中国同老挝双边贸易额达82亿美元。",
    ],
)
def test_a_match_that_differs_in_a_word_is_not_repaired(text):
    draft = drafted("zh", "en", text)
    assert draft.origin == "source"
