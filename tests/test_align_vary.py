"""Variations of documents that the aligner learns from keep their gold true."""

import importlib.util
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

_PATH = Path(__file__).parent / "bench" / "vary.py"
_SPEC = importlib.util.spec_from_file_location("bench_vary", _PATH)
vary = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(vary)


def _document(name: str, count: int):
    return [
        {
            "zh": f"{name}{k}甲。{name}{k}乙。",
            "ru": f"Первое {name}{k}. Второе {name}{k}.",
            "en": f"The first {name}{k}. The second {name}{k}.",
        }
        for k in range(count)
    ]  # fmt: skip


@given(st.integers(0, 10**6), st.sampled_from([vary.ORDINARY, vary.HARD]))
def test_every_segment_of_a_variation_is_in_one_group(seed, rates):
    for texts, gold in vary.varied([_document("a", 9), _document("b", 5)], seed, rates):
        for langs, groups in gold.items():
            for place, lang in enumerate(langs):
                held = sorted(k for group in groups for k in group[place])
                assert held == list(range(len(texts[lang])))


@given(st.integers(0, 10**6))
def test_a_group_of_a_variation_holds_the_same_sentences_on_both_sides(seed):
    rates = (0.3, 0.5, 0.0, 0.0)  # nothing is missing and nothing strange
    (texts, gold), _ = vary.varied([_document("a", 9), _document("b", 1)], seed, rates)
    for (one, other), groups in gold.items():
        for x, y in groups:
            numbers = [
                {word for word in _words(texts[lang], side) if word[1:].isdigit()}
                for lang, side in ((one, x), (other, y))
            ]
            assert numbers[0] == numbers[1] != set()


def _words(texts, side):
    joined = " ".join(texts[k] for k in side)
    for mark in "。.甲乙":
        joined = joined.replace(mark, " ")
    return joined.split()


def test_nothing_varied_gives_the_document_itself():
    atoms = _document("a", 3)
    (texts, gold), = vary.varied([atoms], 1, (0.0, 0.0, 0.0, 0.0))
    assert texts["ru"] == [atom["ru"] for atom in atoms]
    assert gold["zh", "ru"] == [((k,), (k,)) for k in range(3)]


@pytest.mark.parametrize("lang", ["zh", "ru", "en"])
def test_what_is_left_out_everywhere_still_makes_a_text(lang):
    ((texts, _),) = vary.varied([_document("a", 2)], 1, (0.0, 0.0, 1.0, 0.0))
    assert texts[lang] == ["–"]
