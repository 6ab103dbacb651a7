"""The learned aligner on texts of any kind: complete, in order, and the same every time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit import encoder
from toolkit.align import judged_texts
from toolkit.align.clauses import ends
from toolkit.align.judge import read
from toolkit.align.model import PairModel, _habit, learned
from toolkit.align.path import pair_path

LANGS = ("zh", "ru", "en")
hostile = st.one_of(
    st.text(max_size=40),
    st.text(st.characters(categories=["Cc", "Cf", "Zs", "Mn", "Cs", "Lo"]), max_size=8),
    st.sampled_from(["", "同", "双方举行会谈。", "Стороны провели переговоры.", "They met. Yes!"]),
)


def check(sides, judged):
    for side, texts in enumerate(sides):
        held = [number for group, _ in judged for number in group[side]]
        assert held == list(range(len(texts)))
    for group, chance in judged:
        assert any(group)
        assert 0 <= chance <= 1


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(hostile, max_size=7), min_size=2, max_size=3))
def test_any_text_is_in_one_bead_and_in_order_with_a_chance(sides):
    langs = LANGS[: len(sides)]
    judged = judged_texts(sides, langs)
    check(sides, judged)
    assert judged == judged_texts(sides, langs)


@pytest.mark.parametrize(
    "sides",
    [
        [["x"], ["y" for _ in range(300)]],
        [["双方举行会谈。"] * 150, ["Стороны провели переговоры."] * 149],
        [["字" * 100_000, "会谈。"], ["слово " * 17_000, "Переговоры."]],
        [["\x00\x01" * 50, "会谈\x07。"], ["\x1b[31mПереговоры\x1b[0m."]],
        [["，。，。" * 3000], ["a, b. " * 5000]],
    ],
    ids=["one against many", "all the same", "100 kB lines", "control characters", "clauses"],
)
def test_hostile_texts_are_aligned(sides):
    check(sides, judged_texts(sides, ("zh", "ru")))


def test_what_is_untranslated_goes_with_itself():
    lines = ["GDP 5.2%", "北京", "Reuters", "12.05.2025"]
    assert [group for group, _ in judged_texts([lines, lines], ("zh", "en"))] == [
        ((n,), (n,)) for n in range(4)
    ]


def test_a_seam_inside_a_segment_is_seen():
    # The third sentence lies in the second segment here and in the first there.
    zh = [
        "双方签署了贸易协定。",
        "火箭昨天发射成功。熊猫抵达莫斯科动物园。",
        "会议明年在喀山举行。",
    ]
    ru = [
        "Стороны подписали торговое соглашение. Ракета вчера была успешно запущена.",
        "Панды прибыли в Московский зоопарк.",
        "Встреча пройдёт в Казани в следующем году.",
    ]
    groups = [group for group, _ in judged_texts([zh, ru], ("zh", "ru"))]
    assert groups == [((0, 1), (0, 1)), ((2,), (2,))]


@pytest.mark.parametrize(
    ("text", "sentences", "clauses"),
    [
        ("Первое предложение, с оговоркой. Второе предложение.", 2, 3),
        ("第一句话很长，它有两个部分。第二句话也很长。", 2, 3),
        ("In the U.S. they met.", 1, 1),
        ("", 1, 1),
        ("，，，，", 1, 1),
    ],
)
def test_segments_are_divided_after_sentences_and_clauses(text, sentences, clauses):
    found = ends(text)
    assert tuple(map(len, found)) == (sentences, clauses)
    for level in found:
        assert level[-1] == len(text)
        assert level == sorted(set(level))


def test_parts_and_tokens_come_with_the_same_vectors_of_runs():
    texts = ["Первое предложение. Второе предложение здесь.", "", "Третье."]
    levels = [[ends(text)[0] for text in texts]]
    detail = encoder.default().detail(texts, levels, 3)
    runs = encoder.default().runs(texts, 3)
    for one, other in zip(detail.runs, runs, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4)
    assert np.diff(detail.part_cuts[0]).tolist() == [2, 1, 1]
    assert np.diff(detail.token_cuts).tolist()[1] == 0
    np.testing.assert_allclose(detail.parts[0][3], runs[0][2], atol=1e-4)
    compact = encoder.default().detail(texts, levels, 3, True)
    assert compact.tokens.shape == (len(detail.tokens), encoder.WIDTH)


def test_blocks_of_a_band_have_the_scores_of_the_whole():
    zh = [f"第{n}次会议讨论了贸易问题，双方达成第{n * 7}项协议。" for n in range(60)]
    en = [f"Session {n} discussed trade and reached agreement number {n * 7}." for n in range(60)]
    x, y = (read(side, lang, encoder.default(), [0.0] * 60)
            for side, lang in ((zh, "zh"), (en, "en")))  # fmt: skip
    costs, path = pair_path(x.version, y.version)
    model = PairModel(x, y, costs, path)
    assert model.band.width < 60
    near = model.scores(learned())
    whole = PairModel(x, y, costs, path)
    whole.band = type(model.band).whole(60, 60)
    full = whole.scores(learned())
    for i in range(61):
        left = model.band.left[i]
        inside = near[:, i] > -1e8
        np.testing.assert_allclose(
            near[:, i][inside], full[:, i, left : left + model.band.width][inside], atol=0.02
        )


def test_a_long_text_that_leaves_little_alone_makes_leaving_alone_dearer():
    faithful, loose = [(1, 1)] * 300, [(1, 1)] * 200 + [(1, 0), (0, 1)] * 100
    assert _habit(faithful, 600) < -0.5 < 0.5 < _habit(loose, 600)
    assert abs(_habit(faithful[:5], 10)) < abs(_habit(faithful, 600)) / 10
