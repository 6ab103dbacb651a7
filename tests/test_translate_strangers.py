"""Names that no glossary knows: carried by rule, or left as they are and marked."""

import pytest

from toolkit.glossary.match import Matcher
from toolkit.glossary.store import load
from toolkit.translate import constraints, strangers
from toolkit.translate.document import Translator
from toolkit.translate.patterns import grammar

MATCHER = Matcher(load(None))
KNOWN = frozenset(
    "the minister meet with in and ministry of agriculture affair company from visit say head"
    " министр встретиться с в и заявить".split()
)


@pytest.mark.parametrize(
    ("source", "target", "text", "found"),
    [
        ("zh", "ru", "副部长沈文博说，双方愿合作。", [("P", "Шэнь Вэньбо")]),
        ("zh", "en", "副部长沈文博说，双方愿合作。", [("P", "Shen Wenbo")]),
        ("en", "ru", "Vice Minister Shen Wenbo met with guests.", [("P", "Шэнь Вэньбо")]),
        ("ru", "en", "С Шэнь Вэньбо встретился министр.", [("P", "Shen Wenbo")]),
        ("ru", "zh", "С Шэнь Вэньбо встретился министр.", [("P", "⟦Шэнь Вэньбо⟧")]),
        ("zh", "en", "团长维克托·萨温科夫对中方表示感谢。", [("P", "⟦维克托·萨温科夫⟧")]),
        ("zh", "ru", "C919客机从DeepSeek公司", [("T", "C919"), ("T", "DeepSeek")]),
        ("en", "ru", "The minister met with Minister Oleg Zubrov in Sumgait.",
         [("P", "⟦Oleg Zubrov⟧"), ("L", "⟦Sumgait⟧")]),
        ("en", "ru", "Sumgait is the head of the Egyptian and Rural Affairs Ministry.", []),
        ("ru", "en", "Министр встретился с Виктором Савинковым в Тульской и Сумгаите",
         [("P", "⟦Виктором Савинковым⟧"), ("L", "⟦Сумгаите⟧")]),
    ],
)  # fmt: skip
def test_names_are_found_and_carried_only_where_a_rule_is_sure(source, target, text, found):
    assert [(n.kind, n.form) for n in strangers.find(text, source, target, KNOWN)] == found


def test_without_a_list_of_words_capitals_tell_nothing():
    assert strangers.find("The minister met with Oleg Zubrov.", "en", "ru") == []


def test_a_glossary_name_is_none_of_the_strangers():
    masked = constraints.mask("Li Qiang met with Wang Yi in Ningbo.", "en", "ru", MATCHER)
    assert all(slot.concept is not None for slot in masked.slots)


def test_a_name_that_stands_as_it_is_is_said(tmp_path, monkeypatch):
    path = tmp_path / "grammar.tsv"
    line = "TEXT\t{P1}表示感谢。\t{P1} поблагодарил.\t{P1} thanked them.\n"
    path.write_text(line, encoding="utf-8")
    rules = grammar.read(path)
    monkeypatch.setattr(
        "toolkit.translate.patterns.parse.parser",
        lambda lang: __import__(
            "toolkit.translate.patterns.parse", fromlist=["Parser"]
        ).Parser(lang, rules),
    )
    translator = Translator("zh", "en", MATCHER)
    (draft,) = translator.translate(["维克托·萨温科夫表示感谢。"])
    assert draft.target == "⟦维克托·萨温科夫⟧ thanked them."
    assert draft.doubts == ("“维克托·萨温科夫” is in no glossary and stands as it is",)


def test_a_chinese_name_declines_in_russian():
    text = "部长沈文强说，双方愿合作。"
    masked = constraints.mask(text, "zh", "ru", MATCHER)
    index = next(slot.index for slot in masked.slots if slot.kind == "P")
    filled = constraints.unmask(f"Встреча с <{index}><ins>.", masked, MATCHER)
    assert "Встреча с Шэнь Вэньцяном." in filled.text
