import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import FileError, ScoreError
from toolkit.score import lines
from toolkit.score.lines import Lines

RU = [
    "Хэ Лифэн провёл 29-е заседание комиссии в городе Нинбо.",
    "Он отметил, что с начала года главы двух государств достигли нового консенсуса.",
    "Механизм сотрудничества совершенствуется, обмены становятся всё более тесными.",
    "Китай готов вместе с Россией следовать важным договорённостям глав государств.",
    "Стороны выступают против односторонних подходов и торгового протекционизма.",
    "Двусторонние отношения находятся на самом высоком уровне за всю историю.",
    "Россия готова придать новый импульс всеобъемлющему партнёрству.",
    "Объём торговли за девять месяцев составил 163,6 млрд долл. США.",
    "Ведомства двух стран провели углублённые обмены мнениями.",
    "Следующая встреча состоится в Ханчжоу 3 ноября.",
]
ZH = [
    "何立峰在宁波主持召开委员会第29次会议。",
    "他指出，今年以来两国元首达成新的重要共识。",
    "合作机制不断完善，双方交往更加密切。",
    "中方愿同俄方一道，落实两国元首达成的重要共识。",
    "双方反对单边主义和贸易保护主义。",
    "双边关系处于历史最高水平。",
    "俄方愿为全面战略协作伙伴关系注入新动力。",
    "前九个月贸易额为1636亿美元。",
    "两国有关部门进行了深入沟通和交流。",
    "下次会晤将于11月3日在杭州举行。",
]


def draft(reference, seed=0, share=0.45):
    """A poor translation: a share of its words replaced by others."""
    chance = random.Random(seed)
    pool = " ".join(RU).split()
    return [
        " ".join(chance.choice(pool) if chance.random() < share else word for word in line.split())
        for line in reference
    ]


def file(name, texts):
    return Lines(name, tuple(texts))


# Reading -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb\n", ["a", "b"]),
        ("a\nb", ["a", "b"]),
        ("a\n\nb\n\n", ["a", "", "b", ""]),
        ("a\r\nb\r\n", ["a", "b"]),
        ("a\rb\r", ["a", "b"]),
        ("a\rb\nc\n", ["a\rb", "c"]),
        ("a\u2028b\x0cc\x85d\n", ["a\u2028b\x0cc\x85d"]),
        ("\n", [""]),
    ],
)
def test_lines_end_where_sacrebleu_ends_them(text, expected):
    assert lines.split(text) == expected


@given(st.lists(st.text(st.characters(exclude_characters="\r\n", codec="utf-8")), min_size=1))
def test_joined_lines_come_back(texts):
    assert lines.split("".join(text + "\n" for text in texts)) == texts
    assert lines.split("".join(text + "\r\n" for text in texts)) == texts


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1251"])
def test_any_encoding_reads_as_the_same_segments(encoding, tmp_path):
    path = tmp_path / "hyp.txt"
    path.write_bytes("\r\n".join(RU).encode(encoding))
    assert list(lines.read(str(path)).lines) == RU


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_a_file_without_text_is_refused(content, tmp_path):
    path = tmp_path / "hyp.txt"
    path.write_bytes(content)
    with pytest.raises(FileError, match="hyp.txt"):
        lines.read(str(path))


@pytest.mark.parametrize(
    ("line", "left", "kept"),
    [
        ("双方表示", False, "双方表示"),
        ("⟦The sides said⟧", True, " "),
        ("⟦The sides⟧ {sides = 双方; Russia = 俄罗斯}", True, " "),
        ("双方 ⟦x⟧ 表示", True, "双方   表示"),
        ("⟦never closed", False, "⟦never closed"),
        ("{plain braces}", False, "{plain braces}"),
    ],
)
def test_what_was_left_in_the_source_is_recognised(line, left, kept):
    assert lines.left_in_source(line) is left
    assert lines.translated(line) == kept


def test_the_marks_are_those_the_translator_writes():
    document = pytest.importorskip("toolkit.translate.document")
    assert lines.left_in_source(f"{document.OPEN}text{document.CLOSE}")


# Languages ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "lang"),
    [
        ("ningbo.zh.txt", "zh"),
        ("zh.txt", "zh"),
        ("out/ru.txt", "ru"),
        ("a.zh-CN.txt", "zh"),
        ("a.EN.TXT", "en"),
        ("a.ru", "ru"),
        ("draft-en.txt", None),
        ("ref.txt", None),
        ("zh/ref.txt", None),
        ("frozen.txt", None),
        ("-", None),
    ],
)
def test_a_file_name_says_its_language_only_when_it_is_plain(path, lang):
    assert lines.lang_of_name(path) == lang


def test_the_target_language_comes_from_the_option_the_name_or_the_text():
    assert lines.target_lang(file("h", RU), [file("r", RU)], None) == "ru"
    assert lines.target_lang(file("h", ["29"]), [file("r.zh.txt", ["30"])], None) == "zh"
    assert lines.target_lang(file("h", ["29"]), [file("r", ["30"])], "en") == "en"


@pytest.mark.parametrize(
    ("hypothesis", "reference", "to", "words"),
    [
        (file("h", RU), file("r", ZH), "zh", ["h looks Russian", "Chinese"]),
        (file("h", ZH), file("r", RU), "zh", ["r looks Russian", "Chinese"]),
        (file("h", RU), file("r", ZH), None, ["h looks Russian", "Chinese"]),
        (file("h.ru.txt", RU), file("r.zh.txt", ZH), None, ["disagree", "--to"]),
        (file("h", ["29"]), file("r", ["29"]), None, ["r: cannot tell", "--to"]),
        (file("h", ["Україна їде в Європу, її ґанок"]), file("r", RU), "ru", ["h is not Russian"]),
        (file("h", ["会議はニンボーで開かれました。"]), file("r", ZH), "zh", ["h is not Chinese"]),
    ],
)
def test_a_text_in_another_language_is_refused(hypothesis, reference, to, words):
    with pytest.raises(ScoreError) as error:
        lines.target_lang(hypothesis, [reference], to)
    assert all(word in str(error.value) for word in words), str(error.value)


def test_a_draft_wholly_left_in_the_source_is_still_a_draft():
    left = [f"⟦{line}⟧" for line in RU]
    assert lines.target_lang(file("h.zh.txt", left), [file("r.zh.txt", ZH)], None) == "zh"


@pytest.mark.parametrize(
    ("source", "named", "words"),
    [
        (file("s", ZH), None, ["swapped"]),
        (file("s.zh.txt", ["29"]), None, ["swapped"]),
        (file("s", RU), "en", ["s looks Russian", "English"]),
        (file("s", ["29"]), None, ["--from"]),
        (file("s", RU), "zh", ["both Chinese"]),
    ],
)
def test_a_wrong_source_is_refused(source, named, words):
    with pytest.raises(ScoreError) as error:
        lines.source_lang(source, "zh", named)
    assert all(word in str(error.value) for word in words), str(error.value)


# Different counts --------------------------------------------------------------------------------


def message(hypothesis, reference, source=None):
    with pytest.raises(ScoreError) as error:
        lines.check_counts(hypothesis, [reference], source)
    return str(error.value)


@pytest.mark.parametrize("missing", range(len(RU)))
def test_the_missing_line_is_named(missing):
    hypothesis = draft(RU, seed=1, share=0.3)
    del hypothesis[missing]
    text = message(file("h.txt", hypothesis), file("r.txt", RU))
    assert "h.txt has 9 lines, r.txt has 10 lines" in text
    assert f"r.txt, line {missing + 1} has no counterpart" in text
    assert f"r.txt:{missing + 1}: " in text


def test_a_line_too_many_is_named_in_the_longer_file():
    hypothesis = draft(RU)
    hypothesis.insert(4, "Совершенно лишняя строка неизвестно откуда")
    text = message(file("h.txt", hypothesis), file("r.txt", RU))
    assert "h.txt, line 5 has no counterpart in r.txt after line 4" in text


def test_of_several_gaps_the_first_is_named():
    hypothesis = draft(RU, share=0.2)
    del hypothesis[7], hypothesis[2]
    assert "r.txt, line 3 has no" in message(file("h.txt", hypothesis), file("r.txt", RU))


def test_lines_missing_together_are_named_together():
    hypothesis = draft(RU, share=0.2)
    del hypothesis[3:6]
    text = message(file("h.txt", hypothesis), file("r.txt", RU))
    assert "r.txt, lines 4 to 6 have no counterpart in h.txt after line 3" in text


def test_a_file_that_stops_early_or_starts_late_says_so():
    assert "lines 7 to 10 have no counterpart in h.txt at its end" in message(
        file("h.txt", draft(RU)[:6]), file("r.txt", RU)
    )
    assert "lines 1 to 3 have no counterpart in h.txt at its beginning" in message(
        file("h.txt", draft(RU)[3:]), file("r.txt", RU)
    )


def test_empty_lines_are_named_as_the_only_difference():
    spaced = [line for text in RU for line in (text, "")]
    text = message(file("h.txt", spaced), file("r.txt", RU))
    assert "without empty lines both have 10" in text
    assert "h.txt has 10 empty lines, r.txt has 0 empty lines" in text


def test_unrelated_files_are_not_given_a_place():
    other = ["абвг " * 9] * 8
    assert "no single place stands out" in message(file("h.txt", other), file("r.txt", RU))


@pytest.mark.parametrize("missing", range(len(ZH)))
def test_a_missing_source_line_is_found_across_languages(missing):
    source = [*ZH]
    del source[missing]
    text = message(file("h.txt", RU), file("r.txt", RU), file("s.txt", source))
    assert "h.txt has 10 lines, s.txt has 9 lines" in text
    assert f"h.txt, line {missing + 1} has no counterpart in s.txt" in text


def test_of_very_many_lines_lengths_and_figures_show_the_missing_one(monkeypatch):
    monkeypatch.setattr(lines, "_MOST_ENCODED", 0)
    source = [*ZH]
    del source[7]  # the line with 1636亿
    text = message(file("h.txt", RU), file("r.txt", RU), file("s.txt", source))
    assert "h.txt, line 8 has no counterpart in s.txt" in text


@given(
    st.lists(st.text("абв ", max_size=8), min_size=1, max_size=8),
    st.lists(st.text("абв ", max_size=8), min_size=1, max_size=8),
)
def test_a_gap_is_always_lines_of_the_longer_file(a, b):
    short, long = sorted((a, b), key=len)
    if len(short) == len(long):
        return
    gap = lines.first_gap(short, long, lines._alike)
    if gap is not None:
        at, after, size = gap
        assert 0 <= after <= len(short) and 1 <= size <= len(long) - len(short)
        assert at == after and at + size <= len(long)


def test_counts_of_large_files_are_compared_quickly():
    many = [f"{line} {number}" for number in range(600) for line in RU]
    text = message(file("h.txt", many[:2000] + many[2600:]), file("r.txt", many))
    assert "lines 2001 to 2600 have no counterpart" in text


# Equal counts ------------------------------------------------------------------------------------


def test_a_fair_draft_raises_no_suspicion():
    for seed in range(20):
        hypothesis = file("h", draft(RU, seed=seed, share=0.6))
        assert lines.suspicions(hypothesis, [file("r", RU)], "ru", file("s", ZH)) == []


def test_short_lines_that_resemble_each_other_raise_no_suspicion():
    alike = [f"Статья {number}. Стороны развивают сотрудничество." for number in range(30)]
    assert lines.suspicions(file("h", draft(alike)), [file("r", alike)], "ru") == []


@pytest.mark.parametrize("share", [0.0, 0.25])
@pytest.mark.parametrize(("first", "last"), [(0, 9), (3, 9), (2, 7)])
def test_shifted_lines_are_noticed_with_their_place(first, last, share):
    hypothesis = draft(RU, share=share)
    head, tail = hypothesis[:first], hypothesis[last + 1 :]
    moved = head + hypothesis[first + 1 : last + 1] + ["Итак."] + tail
    found = lines.suspicions(file("h", moved), [file("r", RU)], "ru")
    assert len(found) == 1
    assert f"lines {first + 1} to {last} fit the line after theirs in r" in found[0]
    back = head + ["Итак."] + hypothesis[first:last] + tail
    found = lines.suspicions(file("h", back), [file("r", RU)], "ru")
    assert len(found) == 1
    assert f"lines {first + 2} to {last + 1} fit the line before theirs in r" in found[0]


def test_a_file_scored_against_itself_is_noticed():
    found = lines.suspicions(file("h", RU), [file("r", RU)], "ru")
    assert len(found) == 1 and "same text" in found[0]


def test_lines_copied_from_the_source_are_noticed():
    source = ["The two sides agree.", "Sunday in Ningbo.", "29", "Good."]
    hypothesis = ["Стороны согласны.", "Sunday in Ningbo.", "29", "Хорошо."]
    reference = ["Обе стороны согласны.", "Воскресенье в Нинбо.", "29", "Ладно."]
    texts = file("h", hypothesis), [file("r", reference)], "ru", file("s", source)
    assert lines.suspicions(*texts) == ["h: 1 of 4 lines copied from s unchanged: line 2"]


def test_lines_in_another_language_are_noticed_unless_marked():
    hypothesis = [*RU]
    hypothesis[2] = "The mechanism keeps improving."
    hypothesis[5] = "⟦Bilateral relations are at their best.⟧"
    hypothesis[8] = "Xinhua"
    found = lines.suspicions(file("h", hypothesis), [file("r", draft(RU))], "ru")
    assert found == ["h: 1 of 10 lines looks English, not Russian: line 3"]


def test_an_empty_reference_line_is_noticed():
    reference = draft(RU)
    reference[4] = " "
    found = lines.suspicions(file("h", RU), [file("r", reference)], "ru")
    assert found == ["r: 1 empty line where h has text: line 5"]
