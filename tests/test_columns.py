import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from toolkit.columns import clip, marked_line, pad, width

texts = st.text(st.sampled_from("ab я双方，。…́\u200b\t😀"), max_size=80)


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("abc", 3),
        ("дружба", 6),
        ("全面战略", 8),
        ("，。", 4),
        ("ｱ", 1),  # half-width katakana
        ("партнёрство", 11),
        ("партнё́рство", 11),  # a stress mark over the letter
        ("е\u0308", 1),
        ("a\u200bb\ufeffc", 3),
        ("«»—", 3),
    ],
)
def test_width_counts_terminal_columns(text, columns):
    assert width(text) == columns


def test_padding_fills_by_columns_not_characters():
    assert pad("双方", 6) == "双方  "
    assert pad("both", 6) == "both  "
    assert pad("longer", 3) == "longer"


@pytest.mark.parametrize(
    ("text", "columns", "expected"),
    [
        ("双方支持", 8, "双方支持"),
        ("双方支持", 7, "双方支…"),
        ("双方支持", 6, "双方…"),
        ("abcd", 3, "ab…"),
        ("ab", 1, "…"),
        ("双", 1, "…"),
        ("ab", 0, ""),
        ("", 0, ""),
    ],
)
def test_clipping_ends_in_an_ellipsis_only_where_something_was_cut(text, columns, expected):
    assert clip(text, columns) == expected


@given(texts, st.integers(0, 40))
def test_clipped_text_fits_and_keeps_the_start(text, columns):
    cut = clip(text, columns)
    assert width(cut) <= columns
    assert cut == text or text.startswith(cut.removesuffix("…"))


@pytest.mark.parametrize(
    ("line", "column", "length", "expected"),
    [
        ("one two three", 5, 3, "one two three\n    ^^^"),
        ("双方支持合作", 3, 2, "双方支持合作\n    ^^^^"),
        ("a\tb", 3, 1, "a b\n  ^"),
        ("abc", 4, 1, "abc\n   ^"),  # one past the end
        ("abc", 2, 0, "abc\n ^"),
        ("", 1, 5, "\n^"),
        ("abc", 99, 99, "abc\n   ^"),
    ],
)
def test_carets_stand_under_the_fault(line, column, length, expected):
    assert marked_line(line, column, length) == expected


def test_a_long_line_is_cut_on_both_sides_of_the_fault():
    text, carets = marked_line("x" * 500 + "双方" + "y" * 500, 501, 2, limit=40).split("\n")
    assert text.startswith("…xxx") and text.endswith("yyy…")
    assert width(text) == 40
    assert carets == " " * text.index("双") + "^^^^"


@given(texts, st.integers(1, 90), st.integers(0, 90), st.integers(10, 60))
@example("x" * 80, 80, 1, 10)
@example("双" * 60, 31, 1, 11)
def test_marked_line_never_exceeds_its_limit_and_marks_the_right_character(
    line, column, length, limit
):
    text, carets = marked_line(line, column, length, limit).split("\n")
    assert width(text) <= limit and width(carets) <= limit
    assert carets.strip(" ").strip("^") == ""
    marked = line[column - 1 : column]
    if length and marked.strip() and width(marked) and marked != "…":
        left = next(i for i in range(len(text) + 1) if width(text[:i]) == carets.index("^"))
        assert marked in text[left : left + 4]


def test_a_line_of_two_megabytes_is_quick():
    line = "双" * 700_000
    assert marked_line(line, 350_000, 2).count("^") == 4
    assert clip("e\u0301" * 1_000_000, 9).endswith("…")
