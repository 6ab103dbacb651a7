"""Tokens and the keys under which words are compared."""

import pytest

from toolkit.languages import en, ru, zh


def words(module, text: str) -> list[str]:
    return [token.text for token in module.tokens(text)]


@pytest.mark.parametrize(
    ("module", "text", "expected"),
    [
        (zh, "中俄AI合作，第29次！", ["中", "俄", "AI", "合", "作", "第", "29", "次"]),
        (zh, "增长7.5%至1,500亿", ["增", "长", "7.5", "至", "1,500", "亿"]),
        (zh, "𠮷野家", ["𠮷", "野", "家"]),
        (ru, "Российско-китайские отношения.", ["Российско-китайские", "отношения"]),
        (ru, "29-е заседание, 7,5 проц.", ["29-е", "заседание", "7,5", "проц"]),
        (ru, "«Один пояс» — путь", ["Один", "пояс", "путь"]),
        (ru, "стра\u00adтегия", ["стра\u00adтегия"]),
        (en, "China-Russia ties", ["China", "Russia", "ties"]),
        (en, "the U.S. gov't's 29th session", ["the", "U.S.", "gov't's", "29th", "session"]),
        (en, "244.8 billion (7.5%)", ["244.8", "billion", "7.5"]),
        (en, "win–win, people-to-people", ["win", "win", "people", "to", "people"]),
    ],
)
def test_tokens(module, text, expected):
    assert words(module, text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("отношений", "отношения"),
        ("партнёрства", "партнерство"),
        ("ВСТУПАЮЩИХ", "вступающие"),
        ("китайско-российской", "китайско-российские"),
        ("государств-членов", "государство-член"),
        ("Мишустиным", "Мишустин"),
        ("шёлкового", "Шелковый"),
        ("людей", "люди"),
    ],
)
def test_russian_forms_of_a_word_share_a_lemma(one, other):
    assert set(ru.keys(one)) & set(ru.keys(other))


@pytest.mark.parametrize(
    ("one", "other"), [("мир", "мэр"), ("стратегия", "стратег"), ("сотрудничество", "сотрудник")]
)
def test_russian_words_that_differ_do_not_meet(one, other):
    assert not set(ru.keys(one)) & set(ru.keys(other))


def test_ambiguous_russian_form_has_all_its_lemmas():
    assert {"сталь", "стать"} <= set(ru.keys("стали"))
    assert all("ё" not in key for key in ru.keys("актёров"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("relations", "relation"),
        ("Countries", "country"),
        ("neighbours", "neighbor"),
        ("neighbourliness", "neighborliness"),
        ("organisation", "Organizations"),
        ("organised", "organized"),
        ("programmes", "program"),
        ("centre", "centers"),
        ("defence", "defense"),
        ("labour", "labor"),
        ("councillor", "Councilors"),
        ("country's", "country"),
        ("countries'", "country"),
        ("communiqué", "communiques"),
        ("crises", "crisis"),
        ("women", "woman"),
        ("boxes", "box"),
        ("processes", "process"),
        ("ties", "tie"),
        ("analyse", "analyze"),
        ("heroes", "hero"),
        ("leaves", "leaf"),
        ("catalogue", "catalogs"),
        ("travelling", "traveling"),
        ("judgement", "judgment"),
    ],
)
def test_english_spellings_and_numbers_of_a_word_meet(one, other):
    assert set(en.keys(one)) & set(en.keys(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("advise", "advize"),
        ("promise", "promize"),
        ("exercise", "exercize"),
        ("enterprise", "enterprize"),
        ("our", "or"),
        ("four", "for"),
        ("hour", "hor"),
        ("tour", "tor"),
        ("news", "new"),
        ("has", "ha"),
        ("this", "thi"),
        ("consensus", "consensu"),
        ("crisis", "crisi"),
        ("as", "a"),
        ("wise", "wize"),
        ("rise", "rize"),
    ],
)
def test_english_words_that_only_look_alike_stay_apart(one, other):
    assert not set(en.keys(one)) & set(en.keys(other))


@pytest.mark.parametrize("word", "means series species headquarters politics Paris U.S.".split())
def test_english_words_without_a_singular_stay_whole(word):
    assert en.keys(word) == (word.lower(),)


def test_chinese_key_is_simplified_and_half_width():
    assert zh.keys("關") == zh.keys("关")
    assert zh.keys("ＡＰＥＣ") == zh.keys("apec")
