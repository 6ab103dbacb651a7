import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import ScoreError
from toolkit.glossary.concept import Concept, Glossary, Term
from toolkit.glossary.match import Matcher
from toolkit.score.terms import ConceptCount, Miss, success


def concept(id, *terms, domain="partnership"):
    """Terms as "lang status text", status optional, then flags after a bar."""
    made = []
    for term in terms:
        head, _, flags = term.partition("|")
        lang, rest = head.split(" ", 1)
        status = "preferred"
        if rest.split(" ", 1)[0] in ("admitted", "deprecated", "forbidden"):
            status, rest = rest.split(" ", 1)
        made.append(Term(lang, rest, status, flags=frozenset(flags.split())))
    return Concept(id, domain, tuple(made))


GLOSSARY = Glossary(
    (
        concept(
            "partnership",
            "zh 全面战略协作伙伴关系",
            "zh forbidden 全面战略合作伙伴关系",
            "ru отношения всеобъемлющего партнёрства и стратегического взаимодействия",
            "ru deprecated отношения всестороннего партнёрства",
            "en comprehensive strategic partnership of coordination",
            "en admitted comprehensive partnership and strategic interaction",
            "en forbidden comprehensive strategic partnership of cooperation",
        ),
        concept("unilateralism", "zh 单边主义", "ru односторонний подход", "en unilateralism"),
        concept("trade", "zh 多边贸易体制", "ru многосторонняя торговая система",
                "en multilateral trading system", "en system|accept-only"),
        concept("dialogue", "zh 对话", "en dialogue", "ru диалог"),
        concept("talks", "zh 会谈", "en admitted dialogue", "en talks", "ru переговоры"),
    )
)
MATCHER = Matcher(GLOSSARY)


def score(hypothesis, reference, to="en", source=None, source_lang="zh"):
    return success(
        [hypothesis], [[reference]], to, MATCHER,
        sources=None if source is None else [source], source_lang=source_lang,
    )


def counts(result):
    return result.expected, result.found, result.exact


@pytest.mark.parametrize(
    ("hypothesis", "reference", "to", "expected"),
    [
        # The reference's form.
        ("反对单边主义。", "双方反对单边主义。", "zh", (1, 1, 1)),
        ("Они против односторонних подходов.", "Стороны против односторонних подходов.", "ru",
         (1, 1, 1)),
        # The preferred form where the reference inflects.
        ("Это односторонний подход.", "Против одностороннего подхода.", "ru", (1, 1, 1)),
        # Another inflection: by lemma, not exact.
        ("Нет односторонним подходам.", "Против одностороннего подхода.", "ru", (1, 1, 0)),
        # ё/е, letter case, hyphens and traditional characters are no difference.
        ("О МногостОронней Торговой Системе", "многосторонней торговой системе", "ru", (1, 1, 1)),
        ("反對單邊主義。", "反对单边主义。", "zh", (1, 1, 1)),
        # An admitted term is found, and exact only if the reference has it.
        ("A comprehensive partnership and strategic interaction.",
         "A comprehensive strategic partnership of coordination.", "en", (1, 1, 0)),
        ("Nothing of it.", "No to unilateralism.", "en", (1, 0, 0)),
        # The words in another order are another phrase.
        ("Система торговая", "многосторонняя торговая система", "ru", (1, 0, 0)),
    ],
)
def test_a_term_is_found_in_any_form_and_exact_in_the_expected_one(
    hypothesis, reference, to, expected
):
    assert counts(score(hypothesis, reference, to)) == expected


def test_repeating_a_term_earns_nothing():
    result = score("Unilateralism, unilateralism, unilateralism.", "No to unilateralism, no.")
    assert counts(result) == (1, 1, 1)


def test_a_term_expected_twice_must_be_there_twice():
    reference = "Unilateralism is unilateralism."
    result = score("No unilateralism.", reference, source="单边主义是单边主义")
    assert counts(result) == (2, 1, 1)
    assert result.success == 50
    assert result.misses == (Miss(1, "unilateralism", "单边主义", "unilateralism"),)


def test_the_source_limits_what_is_expected():
    result = score("No.", "Unilateralism is unilateralism.", source="反对单边主义。")
    assert result.expected == 1


def test_a_term_the_reference_renders_freely_is_not_expected():
    result = score("No.", "They oppose going it alone.", source="反对单边主义。")
    assert counts(result) == (0, 0, 0)
    assert result.success is None


def test_a_term_only_the_reference_has_is_not_expected_with_a_source():
    assert score("No.", "No to unilateralism.", source="双方反对。").expected == 0


def test_a_free_rendering_answers_a_demand_and_makes_none():
    assert score("The system.", "The system.").expected == 0
    result = score("The system.", "The system.", source="维护多边贸易体制")
    assert counts(result) == (1, 1, 1)


def test_every_reference_must_ask_for_the_term():
    texts = ["No to unilateralism."], ["No to going it alone."]
    both = success(["No."], [*texts], "en", MATCHER)
    assert both.expected == 0
    agreed = success(["No."], [texts[0], ["Unilateralism: no."]], "en", MATCHER)
    assert agreed.expected == 1


def test_either_reference_form_is_exact():
    forms = ["Против одностороннего подхода."], ["Нет односторонним подходам."]
    result = success(["Нет односторонним подходам."], [*forms], "ru", MATCHER)
    assert counts(result) == (1, 1, 1)


@pytest.mark.parametrize(
    ("hypothesis", "to", "found", "status"),
    [
        ("A comprehensive strategic partnership of cooperation.", "en",
         "comprehensive strategic partnership of cooperation", "forbidden"),
        ("в отношениях всестороннего партнёрства", "ru",
         "отношениях всестороннего партнёрства", "deprecated"),
        ("全面战略合作伙伴关系", "zh", "全面战略合作伙伴关系", "forbidden"),
        ("A partnership.", "en", "", ""),
    ],
)
def test_a_miss_names_the_wrong_form_that_stands_instead(hypothesis, to, found, status):
    reference = GLOSSARY.concepts[0].preferred(to).text
    miss = score(hypothesis, reference, to).misses[0]
    assert (miss.found, miss.status, miss.expected) == (found, status, reference)


def test_one_word_answers_one_demand():
    # "dialogue" can be either concept, so it cannot be both.
    result = score("The dialogue.", "The dialogue and the talks.", source="对话和会谈")
    assert (result.expected, result.found) == (2, 1)
    both = score("The dialogue and the talks.", "The dialogue and the talks.", source="对话和会谈")
    assert counts(both) == (2, 2, 2)


def test_what_was_left_in_the_source_is_not_translated():
    left = "⟦No to unilateralism.⟧ {单边主义 = unilateralism}"
    result = score(left, "No to unilateralism.")
    assert counts(result) == (1, 0, 0)
    half = score(left + " And no to unilateralism.", "No to unilateralism.")
    assert counts(half) == (1, 1, 1)


def test_misses_carry_line_numbers_and_counts_go_by_concept():
    result = success(
        ["No.", "", "No to unilateralism.", "The multilateral trading system."],
        [["No to unilateralism.", "Dialogue.", "Unilateralism!", "Multilateral trading system."]],
        "en", MATCHER,
    )
    assert [(miss.segment, miss.concept) for miss in result.misses] == [
        (1, "unilateralism"), (2, "dialogue"),
    ]
    assert result.concepts == (
        ConceptCount("unilateralism", 2, 1, 1),
        ConceptCount("dialogue", 1, 0, 0),
        ConceptCount("trade", 1, 1, 1),
    )


@pytest.mark.parametrize("sources", [None, ["a", "b"]])
def test_unpaired_segments_are_refused(sources):
    with pytest.raises(ScoreError):
        success(["a"], [["a"] if sources else ["a", "b"]], "en", MATCHER,
                sources=sources, source_lang="zh")


pieces = st.lists(
    st.sampled_from(
        ["unilateralism", "dialogue", "talks", "multilateral trading system", "system", "and",
         "comprehensive strategic partnership of coordination", "⟦unilateralism⟧", "."]
    ),
    max_size=12,
).map(" ".join)


@given(pieces, pieces)
def test_counts_never_exceed_what_is_expected(hypothesis, reference):
    result = score(hypothesis, reference)
    assert 0 <= result.exact <= result.found <= result.expected
    assert len(result.misses) == result.expected - result.found


@given(pieces)
def test_the_reference_itself_succeeds(reference):
    text = reference.replace("⟦", "").replace("⟧", "")
    result = score(text, text)
    assert result.expected == result.found == result.exact
