"""Folding keeps the way back to the original, whatever is deleted, composed or expanded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.languages import LANGS, detect, foreign, module


def back(lang: str, text: str, needle: str) -> str:
    """Return the original stretch that folded to ``needle``."""
    folded = module(lang).normalise(text)
    i = folded.text.index(needle)
    start, end = folded.span(i, i + len(needle))
    return text[start:end]


@pytest.mark.parametrize(
    ("lang", "text", "needle", "original"),
    [
        ("zh", "二十九次會議", "会议", "會議"),
        ("zh", "２０２５年１１月", "2025", "２０２５"),
        ("zh", "「一帶一路」倡議", '"一带一路"', "「一帶一路」"),
        ("zh", "“一带一路”倡议", '"一带一路"', "“一带一路”"),
        ("zh", "战\u200b略伙伴", "战略", "战\u200b略"),
        ("zh", "新…时代", "时代", "时代"),
        ("zh", "普京•弗拉基米尔", "·", "•"),
        ("zh", "東北－遠東", "东北-远东", "東北－遠東"),
        ("zh", "夥伴關係", "伙伴关系", "夥伴關係"),
        ("ru", "всеобъемлющее партнёрство", "партнерство", "партнёрство"),
        ("ru", "партне\u0308рство", "партнерство", "партне\u0308рство"),
        ("ru", "и\u0306одный край", "йодный", "и\u0306одный"),
        ("ru", "за\u0301мок", "замок", "за\u0301мок"),
        ("ru", "за\u0301мок", "за", "за\u0301"),
        ("ru", "стра\u00adтегия", "стратегия", "стра\u00adтегия"),
        ("ru", "СССР", "ссср", "СССР"),
        ("ru", "«Один пояс»", '"один пояс"', "«Один пояс»"),
        ("ru", "244\u00a0млрд", "244 млрд", "244\u00a0млрд"),
        ("ru", "государств – членов", "государств - членов", "государств – членов"),
        ("ru", "Мocква", "москва", "Мocква"),
        ("ru", "ХХI век", "xxi", "ХХI"),
        ("ru", "ХХ век", "xx", "ХХ"),
        ("en", "the communiqué", "communique", "communiqué"),
        ("en", "the communique\u0301", "communique", "communique\u0301"),
        ("en", "Xi’an", "xi'an", "Xi’an"),
        ("en", "“win–win”", '"win-win"', "“win–win”"),
        ("en", "ﬁnancial", "financial", "ﬁnancial"),
        ("en", "ﬁnancial", "inancial", "ﬁnancial"),
        ("en", "CO\u00adOP", "coop", "CO\u00adOP"),
        ("en", "İstanbul", "istanbul", "İstanbul"),
        ("en", "\ufeffThe sides", "the", "The"),
    ],
)
def test_folded_stretch_leads_back_to_its_original(lang, text, needle, original):
    assert back(lang, text, needle) == original


def test_invisible_character_between_words_belongs_to_neither():
    folded = module("ru").normalise("мир\u200b труд")
    assert folded.text == "мир труд"
    assert folded.span(0, 3) == (0, 3)
    assert folded.span(4, 8) == (5, 9)


def test_empty_span_stays_empty_even_at_the_end():
    folded = module("en").normalise("abc\u200b")
    assert folded.span(1, 1) == (1, 1)
    assert folded.span(3, 3) == (4, 4)


HARD = st.text(
    st.sampled_from(
        "абёйЁ中關係「」…«»“—–\u00a0\u200b\u00ad\u0301\u0306\u0308éﬁİXхIс'’ aZ1１.\n㎞"
    )
    | st.characters(exclude_categories=["Cs"]),
    max_size=30,
)


@pytest.mark.parametrize("lang", LANGS)
@given(text=HARD)
def test_offsets_rise_and_cover_what_was_folded(lang, text):
    folded = module(lang).normalise(text)
    size = len(folded.text)
    assert len(folded.starts) == size + 1 and len(folded.ends) == size
    assert folded.starts[size] == len(text)
    for n in range(size):
        assert 0 <= folded.starts[n] < folded.ends[n] <= len(text)
        assert n == 0 or folded.starts[n - 1] <= folded.starts[n]
        assert n == 0 or folded.ends[n - 1] <= folded.ends[n]
        # Folding the stretch a character came from gives that character again.
        start, end = folded.span(n, n + 1)
        assert folded.text[n] in module(lang).normalise(text[start:end]).text or lang == "ru"


@pytest.mark.parametrize("lang", LANGS)
@given(text=HARD)
def test_folding_twice_changes_nothing(lang, text):
    once = module(lang).normalise(text).text
    assert module(lang).normalise(once).text == once


@pytest.mark.parametrize("lang", LANGS)
@given(text=HARD)
def test_tokens_are_stretches_of_the_text_in_order(lang, text):
    end = 0
    for token in module(lang).tokens(text):
        assert token.start >= end and text[token.start : token.end] == token.text
        assert token.text.strip() == token.text != ""
        assert module(lang).keys(token.text)
        end = token.end


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("双方举行会晤", "zh"),
        ("雙方舉行會晤", "zh"),
        ("中方高度重视APEC和G20合作，愿与各方一道努力", "zh"),
        ("Стороны встретились", "ru"),
        ("Ёлка", "ru"),
        ("Группа компаний Huawei открыла центр в Москве", "ru"),
        ("The two sides met", "en"),
        ("He Lifeng", "en"),
        ("The café hosted a soirée for the delegation of the city of Xi'an in the morning", "en"),
        ("", None),
        ("2025-11-03 08:12", None),
        ("Сторони домовилися про співпрацю між країнами", None),
        ("Бакі дамовіліся аб супрацоўніцтве", None),
        ("Қазақстан мен Қытай ынтымақтастығы", None),
        ("これは日本語の文章です", None),
        ("한국어 문장입니다", None),
        (
            "Les deux parties ont déclaré que leurs relations étaient à leur meilleur niveau dans "
            "l'histoire et qu'elles étaient prêtes à les développer davantage à l'avenir",
            None,
        ),
        ("双方会晤双方会晤 Стороны встретились в Нинбо", None),
    ],
)
def test_language_is_told_by_script(text, lang):
    assert detect(text) == lang


def test_reason_why_a_text_is_foreign_names_the_letters():
    assert "і" in foreign("Сторони домовилися про співпрацю між країнами", "ru")
    assert foreign("1234", "ru") is None
    assert foreign("ქართული", "en")


def test_unknown_language_is_an_error():
    with pytest.raises(ValueError, match="zh, ru, en"):
        module("fr")
