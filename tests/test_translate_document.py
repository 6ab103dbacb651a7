"""Whole documents: memory first, the model behind its gate, the rest left and marked."""

import re

import pytest

from toolkit import corpus
from toolkit.dispatch import parse_dispatch
from toolkit.glossary.match import Matcher
from toolkit.glossary.store import load
from toolkit.translate.document import Draft, Translator, mark, render
from toolkit.translate.engine import Engine, Hypothesis, starter
from toolkit.translate.memory import Memory

MATCHER = Matcher(load())
PHRASE = "comprehensive strategic partnership of coordination for a new era"


class Stock:
    """A model without placeholders that says what it is told to."""

    placeholders = False

    def __init__(self, answers):
        self.answers = answers

    def known(self, lang):
        return None

    def translate(self, texts, source, target, beam=4):
        return [Hypothesis(self.answers.get(text, ""), -0.1, False) for text in texts]


class Own(Stock):
    """The same with placeholders; it also says where it comes from on the way back."""

    placeholders = True

    def __init__(self, there, back):
        super().__init__(there)
        self.back = back

    def translate(self, texts, source, target, beam=4):
        answers = self.answers if source == "en" else self.back
        return [Hypothesis(answers.get(text, ""), -0.01, False) for text in texts]


def test_memory_matches_whatever_the_spelling_and_never_changes_a_word():
    memory = Memory([{"ru": "Шёлковый путь — «мост».", "en": "The Silk Road is a bridge."}])
    assert memory.lookup("Шелковый путь – \"мост\".", "ru", "en") == "The Silk Road is a bridge."
    assert memory.lookup("Шелковый путь – мост другой.", "ru", "en") is None
    assert memory.lookup("The Silk Road is a bridge.", "en", "zh") is None


def test_memory_keeps_the_first_of_two_translations_and_names_the_conflict():
    memory = Memory([{"zh": "好。", "en": "Good."}, {"zh": "好。", "en": "Fine."}])
    assert memory.lookup("好。", "zh", "en") == "Good."
    assert ("好。", "Good.", "Fine.") in memory.conflicts


def test_every_segment_gets_one_draft_in_its_place():
    memory = Memory([{"zh": "好。", "en": "Good."}])
    texts = ["好。", "", "没有人知道这个。", "好。", "   "]
    drafts = Translator("zh", "en", MATCHER, None, memory).translate(texts)
    assert [draft.origin for draft in drafts] == ["memory", "empty", "source", "memory", "empty"]
    assert [draft.source for draft in drafts] == texts


def test_what_is_left_stands_marked_on_one_line_with_its_phrases_beside_it():
    text = f"Noting\nthat the {PHRASE} is ⟦strong⟧."
    (draft,) = Translator("en", "zh", MATCHER).translate([text])
    assert draft.origin == "source"
    assert draft.marked.startswith("⟦Noting that") and "\n" not in draft.marked
    assert draft.marked.count("⟦") == draft.marked.count("⟧") == 1
    assert draft.marked.endswith("{" + f"{PHRASE} = 新时代全面战略协作伙伴关系" + "}")


def test_a_stock_model_is_believed_but_what_it_misplaced_is_named():
    text = f"The {PHRASE} is growing."
    engine = Stock({text: "新时代全面战略合作伙伴关系不断发展。"})
    (draft,) = Translator("en", "zh", MATCHER, engine).translate([text])
    assert draft.origin == "model"
    assert [(p.concept, p.placed) for p in draft.placements] == [
        ("csp_coordination_new_era", False)
    ]
    engine = Stock({text: "新时代全面战略协作伙伴关系不断发展。"})
    (draft,) = Translator("en", "zh", MATCHER, engine).translate([text])
    assert [p.placed for p in draft.placements] == [True]


def test_a_draft_with_a_figure_or_name_of_its_own_is_refused():
    there = "<P><1> met with the delegation."
    for said, fault in [
        ("<1>会见了代表团。", None),
        ("<1>会见了代表团三十人。", "三十"),
        ("<1>和普京会见了代表团。", "普京"),
    ]:
        back = {said.replace("<1>", "<P><1>"): "<1> met with the delegation."}
        engine = Own({there: said}, back)
        (draft,) = Translator("en", "zh", MATCHER, engine).translate(
            ["Wang Yi met with the delegation."]
        )
        if fault is None:
            assert (draft.origin, draft.target) == ("model", "王毅会见了代表团。")
        else:
            assert draft.origin == "source", said


def test_the_shipped_model_places_the_partnership_or_leaves_the_sentence():
    text = f"China and Russia will continue to deepen the {PHRASE}."
    for target, form in (("zh", "新时代全面战略协作伙伴关系"), ("ru", "вступающи")):
        (draft,) = Translator("en", target, MATCHER, Engine(starter())).translate([text])
        assert form in draft.marked


@pytest.mark.parametrize("target", ["ru", "en"])
def test_a_document_keeps_its_paragraphs_and_gets_its_dateline(target):
    dispatch = next(d for d in corpus.entry("ningbo").dispatches() if d.lang == "zh")
    drafts = [Draft(s.text, f"<{n}>", "model") for n, s in enumerate(dispatch.segments)]
    text = render(dispatch, drafts, target, MATCHER)
    assert re.findall(r"<\d+>", text) == [f"<{n}>" for n in range(len(dispatch.segments))]
    assert text.count("\n") == dispatch.text.count("\n")
    written = {"ru": "Нинбо, 2 ноября /Тунвэнь/ --", "en": "NINGBO, Nov. 2 (Tongwen) --"}
    assert written[target] in text
    assert mark("（责任编辑：同文社编辑部）") in text


def test_sentences_of_a_paragraph_are_spaced_as_the_target_does():
    dispatch = parse_dispatch("双方同意。会谈继续。", lang="zh")
    drafts = [Draft("", "The two sides agreed.", "model"), Draft("", "Talks go on.", "model")]
    assert render(dispatch, drafts, "en", MATCHER) == "The two sides agreed. Talks go on."
    dispatch = parse_dispatch("Both agreed. Talks go on.", lang="en")
    drafts = [Draft("", "双方同意。", "model"), Draft("", "会谈继续。", "model")]
    assert render(dispatch, drafts, "zh", MATCHER) == "双方同意。会谈继续。"
