"""Sentences: the table of cases, the laws, and linear time."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.languages import LANGS, module

TABLE = Path(__file__).parent / "data" / "sentences.tsv"


def cases() -> list[tuple[str, str]]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize(("lang", "marked"), cases())
def test_cuts_stand_where_the_table_marks_them(lang, marked):
    text = re.sub(r"\|(\s*)\|", r"\1", marked)
    got = [text[start:end] for start, end in module(lang).sentences(text)]
    assert got == re.split(r"\|\s*\|", marked)


PIECES = st.lists(
    st.sampled_from(
        ["Стороны", "г. ", "т.е. ", "С. ", "«", "»", " — ", "2025 ", "млрд долл. США. ", "! ", "."]
        + ["双方", "。", "“", "”", "？", "他说", "（", "）", "……", "《", "》", "、", "‘", "’", " "]
        + [
            "The ",
            "U.S. ",
            "Nov. ",
            "2 ",
            '"',
            "'",
            "? ",
            "J. ",
            "(",
            ")",
            "a",
            "\n",
            "1. ",
            "一、",
        ]
    ),
    max_size=25,
).map("".join)


@pytest.mark.parametrize("lang", LANGS)
@settings(max_examples=200)
@given(text=PIECES | st.text(max_size=40))
def test_sentences_and_gaps_give_back_the_paragraph(lang, text):
    end = 0
    for start, stop in module(lang).sentences(text):
        assert start >= end and stop > start
        assert not text[end:start].strip()
        assert text[start:stop] == text[start:stop].strip()
        end = stop
    assert not text[end:].strip()


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("text", ["", " ", "\n\u3000\t"])
def test_blank_paragraph_has_no_sentences(lang, text):
    assert module(lang).sentences(text) == []


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("text", ["a", ".", "。", "…", "”", "г.", "U.S."])
def test_shortest_paragraphs_are_one_sentence(lang, text):
    assert module(lang).sentences(f" {text} ") == [(1, 1 + len(text))]


def test_paragraph_with_line_breaks_is_cut_by_its_stops_only():
    text = "The two sides met in\nNingbo. They\ntalked."
    assert [text[i:j] for i, j in module("en").sentences(text)] == [
        "The two sides met in\nNingbo.",
        "They\ntalked.",
    ]


@pytest.mark.parametrize(
    ("lang", "unit"),
    [
        ("zh", "双方。"),
        ("zh", "“"),
        ("zh", "“好。”他说"),
        ("zh", "（。"),
        ("zh", '"。"'),
        ("ru", "г. "),
        ("ru", "а"),
        ("ru", "(. "),
        ("ru", "2025 г. С "),
        ("ru", "«а. б» "),
        ("en", "J. "),
        ("en", '"Yes? He '),
        ("en", "aX"),
        ("en", "' "),
    ],
)
def test_time_grows_no_faster_than_the_text(lang, unit):
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        begin = time.process_time()
        module(lang).sentences(text)
        module(lang).normalise(text)
        module(lang).tokens(text)
        return time.process_time() - begin

    seconds(1000)
    short, long = seconds(10_000), seconds(80_000)
    # Eight times the text; quadratic work would take 64 times as long.
    assert long < 40 * short + 0.5
