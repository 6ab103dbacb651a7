"""What a draft shows without a reference."""

import itertools
import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.score import estimate, omissions, signals

TEXTS = {
    "zh": "双方反对单边主义和贸易保护主义，支持以世界贸易组织为核心的多边贸易体制。",
    "ru": "Стороны выступают против односторонних подходов и протекционизма и поддерживают "
    "многостороннюю торговую систему, в основе которой лежит Всемирная торговая организация.",
    "en": "The two sides oppose unilateralism and trade protectionism, and support the "
    "multilateral trading system with the World Trade Organization at its core.",
}  # fmt: skip
OTHER = {
    "zh": "代表团昨天参观了港口和当地的企业，并了解了自动化码头的运行情况和未来计划。",
    "ru": "Вчера делегация осмотрела порт и местные предприятия, ознакомилась с работой "
    "автоматизированного терминала и планами на будущее.",
    "en": "Yesterday the delegation visited the port and local companies and learned how the "
    "automatic terminal works and what is planned.",
}
PAIRS = list(itertools.permutations(TEXTS, 2))


def one(source, draft, from_, to):
    return estimate.of_systems([source], [[draft]], from_, to)[0][0]


@pytest.mark.parametrize(("from_", "to"), PAIRS)
def test_a_translation_is_above_another_sentence_in_every_direction(from_, to):
    right = one(TEXTS[from_], TEXTS[to], from_, to)
    wrong = one(TEXTS[from_], OTHER[to], from_, to)
    assert 0 <= wrong.points < right.points <= 100
    assert right.signals.similarity > wrong.signals.similarity + 0.2
    assert right.faults == []


@pytest.mark.parametrize(("from_", "to"), PAIRS)
def test_what_is_no_translation_gets_hardly_a_point_and_a_word_of_why(from_, to):
    source, target = TEXTS[from_], TEXTS[to]
    for draft, words in [
        ("", "nothing is translated"),
        (f"⟦{source}⟧", "nothing is translated"),
        (source, "unchanged"),
        (OTHER[from_], "hardly"),
        (target[:8] * 30, "repeats itself"),
    ]:
        found = one(source, draft, from_, to)
        assert found.points < 20, draft
        assert any(words in fault for fault in found.faults), (draft, found.faults)


@pytest.mark.parametrize(
    ("draft", "to", "words"),
    [
        (TEXTS["en"][:30], "en", "short: "),
        (TEXTS["en"] + " " + OTHER["en"] + " It also took part in a dinner.", "en", "long: "),
        (TEXTS["en"][:30], "en", "seems to lack: 支持"),
    ],
)
def test_lengths_and_clauses_that_do_not_fit_are_told(draft, to, words):
    found = one(TEXTS["zh"], draft, "zh", to)
    assert any(fault.startswith(words) for fault in found.faults), found.faults


def test_names_in_latin_letters_are_no_foreign_text():
    source = "The Pixies, Sonic Youth, The Replacements and Huesker Due played in Boston."
    draft = "The Pixies、Sonic Youth、The Replacements 和 Huesker Due 在 Boston 演出。"
    found = one(source, draft, "en", "zh")
    assert found.signals.foreign < 0.3 < found.signals.script
    assert not any("hardly" in fault for fault in found.faults)


def test_a_source_that_says_nothing_has_no_estimate():
    for source in ("", "  ", "\u3000"):
        found = one(source, "Anything at all.", "zh", "en")
        assert math.isnan(found.points) and found.faults == []


def test_what_is_known_of_a_direction_is_said():
    assert estimate.calibrated("ru", "en") and not estimate.calibrated("ru", "zh")
    assert "correlates with judges at 0.59" in estimate.note("ru", "en")
    assert "not calibrated for Russian to Chinese" in estimate.note("ru", "zh")


def test_the_weights_fit_the_columns_and_say_where_they_come_from():
    weights = json.loads(estimate.WEIGHTS.read_text(encoding="utf-8"))
    found, there, here = signals.measure(["你好。"], [["Hello."]], "zh", "en")
    rows = estimate.columns(["你好。"], ["Hello."], found[0], there, here[0], "zh", "en")
    assert rows.shape == (1, len(weights["weight"]))
    assert len(weights["mean"]) == len(weights["scale"]) == len(weights["weight"])
    assert "MLQE-PE" in weights["data"]
    for pair in ("en-zh", "ru-en"):
        line = weights["directions"][pair]
        assert line["slope"] > 0 and 0.75 < line["test"]["within"] < 0.85


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_has_an_estimate_between_the_ends(source, draft):
    found = one(source, draft, "en", "ru")
    assert math.isnan(found.points) or 0 <= found.points <= 100
    assert -1.01 <= found.signals.similarity <= 1.01
    assert 0 <= found.signals.foreign <= 1 and 0 <= found.signals.copied <= 1


def test_half_a_surrogate_pair_and_a_very_long_line_are_estimated():
    assert one("\ud800 text here", "\udfff текст", "en", "ru").points >= 0
    assert one("слово " * 100_000, "word " * 100_000, "ru", "en").points >= 0


PIECES = ["слово ", "两个字", ", ", "，", "。", ". ", "\n", "x"]


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_clauses_hold_the_whole_text(text):
    assert "".join("".join(omissions.clauses(text)).split()) == "".join(text.split())
