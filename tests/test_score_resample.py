"""Intervals and paired tests: against sacreBLEU's command, and by their laws."""

import json
import os
import random
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sacrebleu.metrics import BLEU, CHRF, TER

from toolkit.score import measures, metrics, resample

WORDS = (
    "стороны выступают за многосторонняя торговая система партнёрство новый импульс Россия КНР "
    "заседание в и на с отношения развитие ."
).split()


def texts(count, seed, error):
    chance = random.Random(seed)
    reference = [" ".join(chance.choices(WORDS, k=chance.randrange(3, 15))) for _ in range(count)]

    def system(number):
        own = random.Random(seed * 100 + number)
        return [
            " ".join(own.choice(WORDS) if own.random() < error[number] else w for w in t.split())
            for t in reference
        ]

    return reference, [system(number) for number in range(len(error))]


def sacrebleu(tmp_path, reference, systems, *options):
    names = []
    for number, lines in enumerate([reference, *systems]):
        names.append(str(tmp_path / f"{number}.txt"))
        (tmp_path / f"{number}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "sacrebleu", names[0], "-i", *names[1:], "-m", "bleu", "chrf",
         "ter", "--chrf-word-order", "2", "-f", "json", "-w", "6", *options],
        capture_output=True, encoding="utf-8", check=True,
        env={k: v for k, v in os.environ.items() if not k.startswith("SACREBLEU")},
    )  # fmt: skip
    return json.loads(run.stdout)


def test_intervals_are_those_of_sacrebleu_with_confidence(tmp_path):
    reference, systems = texts(300, 1, [0.3])
    oracle = sacrebleu(tmp_path, reference, systems, "--confidence")
    found = list(metrics.of_systems(systems, [reference], "ru")[0].values())
    for measure, one, theirs in zip(found, resample.intervals(found), oracle, strict=True):
        assert one.mean == pytest.approx(theirs["confidence_mean"], abs=2e-4)
        assert one.half == pytest.approx(theirs["confidence_var"], abs=2e-4)
        assert one.low <= measure.score <= one.high
        assert theirs["signature"] == metrics.resampled_signature(measure.signature, 1000, 12345)


def test_paired_randomisation_is_that_of_sacrebleu(tmp_path):
    reference, systems = texts(150, 2, [0.30, 0.33])
    theirs = sacrebleu(tmp_path, reference, systems, "--paired-ar")[1]
    scored = metrics.of_systems(systems, [reference], "ru")
    for key, name in (("bleu", "BLEU"), ("chrf", "chrF2++")):
        pair, = resample.compare([system[key] for system in scored])
        assert 0.001 < pair.randomisation < 0.999
        assert pair.randomisation == pytest.approx(theirs[name]["p_value"], abs=2e-4)


def test_draws_in_parts_are_the_draws_at_once(monkeypatch):
    _, systems = texts(70, 3, [0.2, 0.4])
    scored = metrics.of_systems(systems, [systems[0]], "ru", keys=("chrf",))
    pair = [system["chrf"] for system in scored]
    whole = resample.intervals(pair), resample.compare(pair, trials=500)
    monkeypatch.setattr(resample, "_CELLS", 70 * 33)
    assert (resample.intervals(pair), resample.compare(pair, trials=500)) == whole


def test_a_system_does_not_differ_from_itself():
    reference, systems = texts(40, 4, [0.2])
    scored = metrics.of_systems([systems[0], list(systems[0])], [reference], "ru")
    for key in scored[0]:
        pair, = resample.compare([system[key] for system in scored], trials=200, samples=200)
        assert pair.difference == 0 and pair.effect is None
        assert pair.bootstrap == pair.randomisation == 1.0
        assert (pair.better, pair.worse, pair.same) == (0, 0, 40)


def test_one_segment_cannot_show_a_difference():
    scored = metrics.of_systems([["a b c d e"], ["a x"]], [["a b c d e"]], "en", keys=("chrf",))
    pair, = resample.compare([system["chrf"] for system in scored])
    assert pair.randomisation == 1.0


def test_better_means_fewer_edits():
    scored = metrics.of_systems(
        [["a b", "c d", "e"], ["a x", "x d", "e"]], [["a b", "c d", "e"]], "en", keys=("ter",)
    )
    pair, = resample.compare([system["ter"] for system in scored], trials=64, samples=64)
    assert pair.difference < 0
    assert (pair.better, pair.worse, pair.same) == (2, 0, 1)
    assert [rank.system for rank in resample.ranks([s["ter"] for s in scored], [pair])] == [0, 1]


def test_four_times_the_segments_show_half_the_difference():
    reference, systems = texts(100, 5, [0.2, 0.3])
    few = metrics.of_systems(systems, [reference], "ru", keys=("chrf",))
    many = metrics.of_systems([s * 4 for s in systems], [reference * 4], "ru", keys=("chrf",))
    little, = resample.compare([system["chrf"] for system in few], trials=100)
    much, = resample.compare([system["chrf"] for system in many], trials=100)
    assert much.smallest == pytest.approx(little.smallest / 2, rel=0.1)


def test_the_smallest_difference_is_found_four_times_in_five():
    """The sentence on power is a promise: try it on a hundred test sets."""
    chance = np.random.default_rng(0)

    def pair(true):
        rows = chance.normal(0, 1, (2, 60))
        rows[0] += true
        systems = [measures.mean("x", "x", row) for row in rows]
        return resample.compare(systems, samples=300, trials=300)[0]

    smallest = np.mean([pair(0).smallest for _ in range(30)])
    found = [pair(smallest).bootstrap < 0.05 for _ in range(150)]
    assert 0.68 < np.mean(found) < 0.92


def test_no_difference_is_found_as_seldom_as_promised():
    chance = np.random.default_rng(1)
    found = []
    for _ in range(200):
        systems = [measures.mean("x", "x", chance.normal(0, 1, 50)) for _ in range(2)]
        pair, = resample.compare(systems, samples=200, trials=300)
        found.append(pair.randomisation < 0.05)
    assert np.mean(found) < 0.1


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.01], [0.01]),
        ([0.01, 0.04, 0.03], [0.03, 0.06, 0.06]),
        ([0.5, 0.9], [1.0, 1.0]),
        ([0.02, 0.02], [0.04, 0.04]),
        ([], []),
    ],
)
def test_holm_steps_down(values, expected):
    assert resample.holm(values) == pytest.approx(expected)


@given(st.lists(st.floats(0, 1), max_size=12))
def test_holm_keeps_the_order_and_lowers_nothing(values):
    corrected = resample.holm(values)
    assert all(c >= v and c <= 1 for c, v in zip(corrected, values, strict=True))
    order = sorted(range(len(values)), key=values.__getitem__)
    assert [corrected[n] for n in order] == sorted(corrected)


def test_clusters_part_where_all_above_differ_from_all_below():
    reference, systems = texts(200, 6, [0.5, 0.1, 0.105, 0.5])
    scored = [s["chrf"] for s in metrics.of_systems(systems, [reference], "ru", keys=("chrf",))]
    pairs = resample.compare(scored)
    assert [(pair.first, pair.second) for pair in pairs] == [
        (0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3),
    ]  # fmt: skip
    for test in ("ar", "bs"):
        ranks = resample.ranks(scored, pairs, test)
        assert {rank.system: rank.cluster for rank in ranks} == {1: 1, 2: 1, 0: 2, 3: 2}
        assert {rank.system: (rank.best, rank.worst) for rank in ranks} == {
            1: (1, 2), 2: (1, 2), 0: (3, 4), 3: (3, 4),
        }  # fmt: skip


rows = st.integers(0, 9)
bleu_rows = st.lists(
    st.tuples(rows, rows, rows, rows, rows, rows).map(
        lambda t: [t[0], t[1], *[min(t[2] - k, t[0] - k) if min(t[2], t[0]) > k else 0
                                 for k in range(4)], *[max(0, t[0] - k) for k in range(4)]]
    ),
    min_size=1, max_size=5,
)  # fmt: skip


@given(bleu_rows)
def test_the_bleu_formula_is_sacrebleus(table):
    assert measures.bleu(np.sum(table, axis=0)) == pytest.approx(
        BLEU()._aggregate_and_compute(table).score
    )
    for row in table:
        assert measures.bleu(np.array(row), effective=True) == pytest.approx(
            BLEU(effective_order=True)._aggregate_and_compute([row]).score
        )


@given(st.lists(st.lists(st.integers(0, 5), min_size=24, max_size=24), min_size=1, max_size=4))
def test_the_chrf_formula_is_sacrebleus(table):
    for row in table:
        for at in range(2, 24, 3):
            row[at] = min(row[at - 2 : at + 1])
    assert measures.chrf(np.sum(table, axis=0)) == pytest.approx(
        CHRF(word_order=2)._aggregate_and_compute(table).score
    )


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=4))
def test_the_ter_formula_is_sacrebleus(table):
    assert measures.ter(np.sum(table, axis=0)) == pytest.approx(
        TER()._aggregate_and_compute([list(row) for row in table]).score
    )


def test_a_ratio_of_nothing_is_no_score():
    measure = measures.ratio("terms", "terms", [0, 0], [0, 0])
    assert measure.score is None and measure.of([0]) is None
    assert resample.intervals([measure]) == [None]
    assert resample.compare([measure, measure]) == []


@pytest.mark.parametrize(
    ("met", "asked", "low", "high"), [(3, 3, 43.85, 100), (0, 1, 0, 79.35), (50, 50, 92.87, 100)]
)
def test_a_share_that_no_resample_moves_is_not_certain(met, asked, low, high):
    measure = measures.ratio("terms", "terms", [met, 0], [asked, 0])
    bounds, = resample.intervals([measure])
    assert [bounds.low, bounds.high] == pytest.approx([low, high], abs=0.01)
