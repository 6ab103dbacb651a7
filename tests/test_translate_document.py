"""Whole documents: memory first, the model behind its gate, the rest left and marked."""

import datetime
import re

import pytest

from toolkit import corpus
from toolkit.dispatch import parse_dispatch
from toolkit.glossary.match import Matcher
from toolkit.glossary.store import load
from toolkit.translate.document import Draft, Translator, mark
from toolkit.translate.engine import Engine, Hypothesis, starter
from toolkit.translate.layout import render
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

    def translate(self, texts, source, target, beam=4, careful=False):
        return [Hypothesis(self.answers.get(text, ""), -0.1, False) for text in texts]

    def source_pieces(self, text):
        return len(text)


class Own(Stock):
    """The same with placeholders."""

    placeholders = True


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
    (draft,) = Translator("en", "zh", MATCHER, engine, terms_method="none").translate([text])
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
        engine = Own({there: said})
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


def test_a_stock_models_figures_are_compared_and_what_differs_is_named():
    text = "2024年贸易额为2448亿美元，增长1.9%。"
    said = "Trade stood at 248.4 billion U.S. dollars in 2024, up 1.9 percent."
    engine = Stock({text: said})
    (draft,) = Translator("zh", "en", MATCHER, engine, terms_method="none").translate([text])
    assert draft.origin == "model" and draft.target == said
    assert draft.doubts == (
        "“2448亿美元” is missing", "“248.4 billion U.S. dollars” is not in the source"
    )
    right = said.replace("248.4", "244.8")
    (draft,) = Translator("zh", "en", MATCHER, Stock({text: right})).translate([text])
    assert draft.doubts == ()


def test_a_stock_model_that_answers_in_another_language_is_not_believed():
    text = "双方就此交换了意见。"
    said = "Стороны обменялись мнениями по этому вопросу."
    (draft,) = Translator("zh", "en", MATCHER, Stock({text: said})).translate([text])
    assert draft.origin == "source" and draft.refused == said
    assert "not in English" in draft.reasons[0]


def test_figures_that_the_target_writes_otherwise_stand_beside_what_is_left():
    text = "猫说2日贸易额为2448亿美元，第29次增长500。"
    day = datetime.date(2025, 11, 2)
    (draft,) = Translator("zh", "en", MATCHER, day=day).translate([text])
    assert draft.beside == (
        "2日 = Nov. 2", "2448亿美元 = 244.8 billion U.S. dollars", "第29 = 29th"
    )
    assert draft.marked == f"⟦{text}⟧ {{{'; '.join(draft.beside)}}}"


def test_braces_of_a_text_do_not_close_the_list_beside_it():
    draft = Draft("a", "a", "source", figures=(("{1}", "}2{"),))
    assert draft.marked == "⟦a⟧ {(1) = )2(}"


@pytest.mark.parametrize(
    ("source", "text", "target", "expected"),
    [
        ("zh", "一、双方同意。", "en", "1. The sides agreed."),
        ("zh", "十一、双方同意。", "ru", "11. Стороны согласились."),
        ("zh", "（三）双方同意。", "en", "(3) The sides agreed."),
        ("zh", "2. 双方同意。", "en", "2. The sides agreed."),
        ("en", "12. The sides agreed.", "zh", "十二、双方同意。"),
        ("en", "(2) The sides agreed.", "zh", "（二）双方同意。"),
        ("ru", "3) Стороны согласились.", "en", "(3) The sides agreed."),
    ],
)
def test_the_number_of_an_article_is_written_as_the_target_does(source, text, target, expected):
    unit = {"zh": "双方同意。", "ru": "Стороны согласились.", "en": "The sides agreed."}
    translator = Translator(source, target, MATCHER, None, Memory([unit]))
    (draft,) = translator.translate([text])
    assert (draft.source, draft.target, draft.origin) == (text, expected, "memory")
    engine = Stock({unit[source]: unit[target]})
    (draft,) = Translator(source, target, MATCHER, engine, patterns=False).translate([text])
    assert (draft.source, draft.target, draft.origin) == (text, expected, "model")


@pytest.mark.parametrize("text", ["1.5亿人参加。", "2025. Год.", "一。", "1月。"])
def test_what_only_looks_like_the_number_of_an_article_stays(text):
    lang = "ru" if "Год" in text else "zh"
    engine = Stock({text: "said"})
    (draft,) = Translator(lang, "en", MATCHER, engine, terms_method="none").translate([text])
    assert draft.target == "said"


@pytest.mark.parametrize("text", ["3、", "1.", "(1)", "2025-11-02", "—", "😀", "%$#@!", "08:12"])
def test_what_has_no_letter_stays_as_it_is(text):
    (draft,) = Translator("zh", "en", MATCHER, Stock({text: "said"})).translate([text])
    assert (draft.marked, draft.origin) == (text, "empty")


def test_a_memory_that_says_two_things_says_so():
    memory = Memory([{"zh": "好。", "en": "Good."}, {"zh": "好。", "en": "Fine."}])
    (draft,) = Translator("zh", "en", MATCHER, None, memory).translate(["好。"])
    assert draft.target == "Good."
    assert draft.notes == ("the memory also has: Fine.",)


# Layout -----------------------------------------------------------------------------------------


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


@pytest.mark.parametrize(
    ("source", "line", "target", "expected"),
    [
        ("en", "NINGBO, Nov. 2 (Xinhua) --", "zh", "新华社宁波11月2日电　"),
        ("en", "NINGBO, Nov. 2 (Xinhua) --", "ru", "Нинбо, 2 ноября /Синьхуа/ -- "),
        ("zh", "新华社宁波11月2日电　", "en", "NINGBO, Nov. 2 (Xinhua) -- "),
        ("zh", "新华社莫斯科5月9日电　", "ru", "Москва, 9 мая /Синьхуа/ -- "),
        ("ru", "Нинбо, 2 ноября /Синьхуа/ --", "en", "NINGBO, Nov. 2 (Xinhua) -- "),
        ("ru", "МОСКВА, 9 мая. /ТАСС/.", "zh", "塔斯社莫斯科5月9日电　"),
    ],
)
def test_a_dateline_is_written_as_the_target_does(source, line, target, expected):
    body = {"zh": "双方同意继续合作。", "ru": "Стороны согласились.", "en": "The sides agreed."}
    space = "" if source == "zh" else " "
    dispatch = parse_dispatch(f"{line}{space}{body[source]}\n", lang=source)
    assert [part.kind for part in dispatch.parts] == ["dateline"]
    text = render(dispatch, [Draft("", body[target], "model")], target, MATCHER)
    assert text == f"{expected}{body[target]}\n"


def test_a_dateline_with_an_unknown_place_stays_and_is_marked():
    dispatch = parse_dispatch("XYZZYTOWN, Nov. 2 (Xinhua) -- The sides agreed.\n", lang="en")
    text = render(dispatch, [Draft("", "双方同意。", "model")], "zh", MATCHER)
    assert text == "⟦XYZZYTOWN, Nov. 2 (Xinhua) --⟧ 双方同意。\n"


def test_line_ends_blank_lines_and_indents_stay():
    page = "标题\r\n\r\n　　双方同意。会谈继续。\r\n\r\n\r\n　　合作扩大。\r\n"
    dispatch = parse_dispatch(page, lang="zh")
    drafts = [Draft("", f"S{n}.", "model") for n in range(len(dispatch.segments))]
    assert render(dispatch, drafts, "zh", MATCHER) == (
        "S0.\r\n\r\n　　S1.S2.\r\n\r\n\r\n　　S3.\r\n"
    )
    assert render(dispatch, drafts, "en", MATCHER) == (
        "S0.\r\n\r\n    S1. S2.\r\n\r\n\r\n    S3.\r\n"
    )


def test_what_is_noise_stays_apart_from_what_follows():
    page = " date 2025-11-03 China, Russia hold talks\n\nThe two sides held talks on Monday.\n"
    dispatch = parse_dispatch(page, lang="en")
    drafts = [Draft("", f"句{n}。", "model") for n in range(len(dispatch.segments))]
    text = render(dispatch, drafts, "zh", MATCHER)
    for part in dispatch.parts:
        assert mark(dispatch.text[part.start : part.end]) in text
    assert "⟧句" not in text
