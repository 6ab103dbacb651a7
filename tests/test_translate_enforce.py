"""Fixed phrases in a model that knows no placeholders: the shipped one, its marks hidden."""

import json
import shutil
from pathlib import Path

import pytest

from toolkit.errors import ModelError
from toolkit.glossary.concept import Concept, Glossary, Term
from toolkit.glossary.match import Matcher
from toolkit.translate import constraints
from toolkit.translate.document import Translator
from toolkit.translate.enforce import METHODS, Enforcer
from toolkit.translate.engine import Engine, Hypothesis, starter
from toolkit.translate.soundness import Sound
from toolkit.translate.stock import Stock


def concept(id: str, zh: str, ru: str, en: str, domain: str = "term") -> Concept:
    terms = (Term("zh", zh, "preferred"), Term("ru", ru, "preferred"), Term("en", en, "preferred"))
    return Concept(id, domain, terms)


# Phrases no model has seen: what stands for them in a translation came from the glossary.
GLOSSARY = Glossary((
    concept("kite", "风筝协定", "соглашение о воздушных змеях", "kite accord"),
    concept("lantern", "灯笼委员会", "фонарная комиссия", "Lantern Commission"),
    concept("tea", "茶叶走廊", "чайный коридор", "tea corridor"),
))  # fmt: skip
SENTENCES = {
    "zh": "双方同意加强风筝协定。",
    "ru": "Стороны договорились укреплять соглашение о воздушных змеях.",
    "en": "The two sides agreed to strengthen the kite accord.",
}
FORMS = {
    "zh": ("风筝协定",),
    "ru": ("соглашение о воздушных змеях", "соглашения о воздушных змеях"),
    "en": ("kite accord",),
}


@pytest.fixture(scope="module")
def stock(tmp_path_factory) -> Path:
    """The shipped model as one of another make: its vocabulary names a mark otherwise."""
    folder = tmp_path_factory.mktemp("models") / "stock"
    shutil.copytree(starter(), folder)
    path = folder / "shared_vocabulary.json"
    pieces = json.loads(path.read_text(encoding="utf-8"))
    renamed = ["▁nine" if piece == "<9>" else piece for piece in pieces]
    path.write_text(json.dumps(renamed, ensure_ascii=False), encoding="utf-8")
    (folder / "known.txt.gz").unlink()
    assert not Engine(folder).placeholders
    return folder


@pytest.fixture(scope="module")
def engine(stock):
    return Engine(stock, workers=1)


@pytest.fixture(scope="module")
def matcher():
    return Matcher(GLOSSARY)


def enforced(engine, matcher, text, source, target, method="auto"):
    (made,) = engine.translate([text], source, target)
    masked = constraints.mask(text, source, target, matcher)
    return made, Enforcer(engine, source, target, matcher, method).enforce(masked, text, made)


@pytest.mark.parametrize("source", SENTENCES)
@pytest.mark.parametrize("target", SENTENCES)
def test_a_phrase_no_model_knows_is_placed_in_every_direction(engine, matcher, source, target):
    if source == target:
        return
    made, result = enforced(engine, matcher, SENTENCES[source], source, target)
    assert not any(form in made.text for form in FORMS[target])  # it was not there by itself
    (trace,) = result.traces
    assert trace.placed and trace.concept == "kite", trace
    assert result.text[trace.start : trace.end] == trace.form
    assert trace.form in FORMS[target]
    assert result.text.count(trace.form) == 1
    assert trace.before == pytest.approx(made.score, abs=0.5) and trace.after <= 0


@pytest.mark.parametrize("method", ["prefix", "replace"])
def test_each_method_alone_places_and_is_named(engine, matcher, method):
    _, result = enforced(engine, matcher, SENTENCES["zh"], "zh", "ru", method)
    (trace,) = result.traces
    # What was exchanged stands where the model's own words let it: in some form of its paradigm.
    assert trace.method == method and trace.form.endswith("о воздушных змеях")
    assert result.text.count("воздушных") == 1


@pytest.mark.parametrize("method", ["nbest", "placeholder"])
def test_a_method_that_cannot_place_says_why(engine, matcher, method):
    made, result = enforced(engine, matcher, SENTENCES["zh"], "zh", "ru", method)
    (trace,) = result.traces
    if not trace.placed:  # the shipped model keeps no mark of others, and knows no kites
        assert trace.why.startswith(method) and result.text == made.text


def test_no_method_leaves_the_translation_alone_and_says_so(engine, matcher):
    made, result = enforced(engine, matcher, SENTENCES["zh"], "zh", "ru", "none")
    assert result.text == made.text
    (trace,) = result.traces
    assert not trace.placed and "not to be placed" in trace.why


def test_several_phrases_are_placed_and_none_costs_another(engine, matcher):
    text = "双方同意加强风筝协定、茶叶走廊和灯笼委员会。"
    _, result = enforced(engine, matcher, text, "zh", "en")
    assert [trace.concept for trace in result.traces] == ["kite", "tea", "lantern"]
    placed = [trace for trace in result.traces if trace.placed]
    assert len(placed) >= 2
    for trace in placed:
        assert result.text[trace.start : trace.end] == trace.form
    for trace in result.traces:
        assert trace.placed or trace.why


def test_what_is_right_already_is_not_touched(engine):
    matcher = Matcher(Glossary((concept("x", "双方", "стороны", "two sides"),)))
    made, result = enforced(engine, matcher, "双方同意加强合作。", "zh", "en")
    assert result.text == made.text
    assert [trace.method for trace in result.traces] == ["model"]


def test_the_russian_word_before_decides_the_case(engine, matcher):
    enforcer = Enforcer(engine, "zh", "ru", matcher)
    text = SENTENCES["zh"]
    (want,) = enforcer.reader.read(constraints.mask(text, "zh", "ru", matcher), text)
    kites = "о воздушных змеях"
    for before, form in (
        ("благодаря", "соглашению"), ("без", "соглашения"), ("между", "соглашением"),
        ("об", "соглашении"), ("подписали", "соглашение"), ("решили укреплять", "соглашение"),
    ):  # fmt: skip
        assert enforcer._fitting(f"Стороны {before} ", want) == (f"{form} {kites}",)
    # A verb of giving may be followed by whom it is given to, a negated one by a genitive.
    assert f"соглашению {kites}" in enforcer._fitting("Стороны придали ", want)
    assert f"соглашения {kites}" in enforcer._fitting("Стороны не подписали ", want)
    assert enforcer._fitting("Стороны решили содействовать ", want) == (f"соглашению {kites}",)
    assert len(enforcer._fitting("Стороны рады ", want)) == 5


def test_an_ordinal_inside_a_phrase_goes_with_it(engine):
    matcher = Matcher(
        Glossary((concept("m", "茶叶会议", "чайная встреча", "tea meeting", "event"),))
    )
    text = "茶叶第三十次会议将举行。"
    masked = constraints.mask(text, "zh", "ru", matcher)
    if not masked.slots or masked.slots[0].ordinal is None:
        pytest.skip("the matcher does not allow the ordinal inside this phrase")
    (want,) = Enforcer(engine, "zh", "ru", matcher).reader.read(masked, text)
    assert want.forms[0].startswith("30-я")


def test_figures_are_kept_like_phrases(engine, matcher):
    text = "2024年贸易额为2448亿美元。"
    masked = constraints.mask(text, "zh", "en", matcher)
    (made,) = engine.translate([text], "zh", "en")
    result = Enforcer(engine, "zh", "en", matcher).enforce(masked, text, made)
    for trace in result.traces:
        assert trace.placed or trace.why
    assert "244.8 billion U.S. dollars" in result.text


def test_a_country_is_said_by_an_adjective_as_well_and_led_in_where_nothing_says_it(engine):
    country = concept("prc", "中国", "Китай", "China", "country")
    japan = concept("japan", "日本", "Япония", "Japan", "country")
    enforcer = Enforcer(engine, "zh", "ru", Matcher(Glossary((country, japan))))
    text = "中国和日本企业同意加强合作，中国企业表示欢迎。"
    masked = constraints.mask(text, "zh", "ru", enforcer.matcher)
    assert [(one.source, one.why) for one in masked.passed] == [("中国", "")] * 2
    wants = enforcer.reader.read(masked, text)
    assert [want.land for want in wants] == ["CN", "JP"]  # once each: one mention is enough
    for said, lacking in (
        ("Китайские и японские компании договорились.", []),
        ("Компании КНР и Японии договорились.", []),
        ("Китайские компании договорились.", [1]),
        ("Компании договорились.", [0, 1]),
    ):
        assert enforcer._missing(said, wants) == lacking, said
    (made,) = engine.translate([text], "zh", "ru")
    for trace in enforcer.enforce(masked, text, made).traces:
        assert trace.placed or trace.why


def test_what_the_glossarys_term_does_not_fit_is_told(engine, matcher):
    translator = Translator("en", "ru", matcher, engine, patterns=False)
    (draft,) = translator.translate(["The two sides signed several kite accords."])
    assert not draft.traces  # not wanted as the term, which is one accord
    assert any("“kite accords” was not translated by the glossary" in n for n in draft.notes)
    assert any("another number" in note for note in draft.notes)


def test_a_long_text_is_led_part_by_part(engine, matcher):
    parts = ["双方同意加强风筝协定。", "会谈后，双方签署文件。", "双方同意加强茶叶走廊。"]
    text = "".join(parts)
    made = engine.translate(parts, "zh", "ru")
    whole = Hypothesis(" ".join(one.text for one in made), -1.0, False)
    sound = Sound(whole, (), tuple(zip(parts, made, strict=True)))
    stock = Stock(engine, "zh", "ru", matcher)
    said = stock._said(text, constraints.mask(text, "zh", "ru", matcher), sound, None)
    assert said.notes == ("translated in 3 parts",)
    assert [trace.concept for trace in said.enforced.traces] == ["kite", "tea"]
    for trace in said.enforced.traces:
        assert trace.placed, trace
        assert said.enforced.text[trace.start : trace.end] == trace.form
    assert made[1].text in said.enforced.text  # what holds no phrase stays as it was


def test_the_whole_command_path_traces_and_reports(engine, matcher):
    translator = Translator("zh", "ru", matcher, engine, patterns=False)
    text = SENTENCES["zh"]
    (draft,) = translator.translate([f"一、{text}"])
    (trace,) = draft.traces
    assert draft.target.startswith("1. ")
    assert draft.target[trace.start : trace.end] == trace.form  # behind its number, too
    assert [(p.concept, p.placed) for p in draft.placements] == [("kite", True)]


def test_an_unknown_method_is_refused(engine, matcher):
    with pytest.raises(ModelError, match="no way to place"):
        Enforcer(engine, "zh", "ru", matcher, "magic")
    assert "auto" in METHODS and "none" in METHODS


# -- What enforcement asks of the engine


def test_a_translation_goes_on_from_where_it_was_led(engine):
    begun = "Стороны обсудили"
    (made,) = engine.complete(["双方同意加强合作。"], [begun], "zh", "ru")
    assert made.startswith(begun) and len(made) > len(begun)


def test_scores_are_of_each_piece_and_likelier_texts_score_higher(engine):
    text = "双方同意加强合作。"
    (made,) = engine.translate([text], "zh", "ru")
    wrong = "Кошка сидит на столе."
    good, bad = engine.scores([text, text], [made.text, wrong], "zh", "ru")
    assert len(good) == engine.pieces(made.text) + 1  # and the end
    assert sum(good) / len(good) > sum(bad) / len(bad)


def test_attention_covers_the_pieces_of_both_texts(engine):
    text = "双方同意加强合作。"
    (made,) = engine.translate([text], "zh", "en")
    pieces, rows = engine.attention(text, made.text, "zh", "en")
    assert len(pieces) == len(rows) == engine.pieces(made.text)
    assert {len(row) for row in rows} == {engine.source_pieces(text)}
    assert all(0 <= weight <= 1.001 for row in rows for weight in row)


def test_nbest_begins_with_the_best_and_holds_no_two_alike(engine):
    ways = engine.nbest("双方同意加强合作。", "zh", "en", 4)
    assert len({way.text for way in ways}) >= 3
    assert [way.score for way in ways] == sorted((way.score for way in ways), reverse=True)
