"""Scores against sacreBLEU's own command, which is the oracle."""

import json
import os
import random
import subprocess
import sys

import pytest

from toolkit.errors import ScoreError
from toolkit.score import metrics

WORDS = {
    "zh": list("双方支持全面战略协作伙伴关系一的是在不了有和人这中大为上个国") + [
        "，", "。", "“", "”", "、", "2448亿", "1.9%", " ", "GDP", "《", "》", "；", "…",
    ],
    "ru": (
        "стороны выступают за многосторонняя торговая система партнёрство, партнерство; «новый "
        "импульс» Россия КНР 244,8 млрд долл. США 29-е заседание — в и на с отношения. 1,9 проц."
    ).split(),
    "en": (
        "the two sides support China-Russia comprehensive strategic partnership of coordination, "
        "U.S. dollars 244.8 billion \"new era\" Gov't 29th session; (Xinhua) -- &quot; &amp; rose "
        "1.9% don't won't president's . , !"
    ).split(),
}
TOKENIZE = {"zh": "zh", "ru": "13a", "en": "13a"}
TER_OPTIONS = {"zh": ["--ter-normalized", "--ter-asian-support"], "ru": [], "en": []}


def sentence(words, joint, chance):
    return joint.join(chance.choice(words) for _ in range(chance.randrange(1, 22)))


def noisy(text, words, joint, chance):
    """A translation like the reference: words changed, dropped, doubled, moved."""
    parts = list(text) if joint == "" else text.split(joint)
    for _ in range(chance.randrange(6)):
        place = chance.randrange(len(parts) + 1)
        change = chance.randrange(4)
        if change == 0:
            parts.insert(place, chance.choice(words))
        elif change == 1 and parts:
            del parts[place % len(parts)]
        elif parts:
            cut = parts[place : place + 3]
            del parts[place : place + 3]
            at = chance.randrange(len(parts) + 1)
            parts[at:at] = cut
    return joint.join(parts)


def corpus(lang, count, seed):
    chance = random.Random(seed)
    joint = "" if lang == "zh" else " "
    first = [sentence(WORDS[lang], joint, chance) for _ in range(count)]
    second = [noisy(text, WORDS[lang], joint, chance) for text in first]
    hypotheses = [noisy(text, WORDS[lang], joint, chance) for text in first]
    # What real files hold: empty lines on either side and on both, ties, stray spaces.
    hypotheses[0] = first[1] = ""
    hypotheses[2] = first[2] = second[2] = ""
    hypotheses[3] = first[3]
    hypotheses[4] = hypotheses[5]
    hypotheses[6] = "  " + first[6] + " \t "
    hypotheses[7] = first[7].replace(" ", "\u00a0") + "\u2028" + first[8]
    return hypotheses, first, second


def command(tmp_path, hypotheses, references, options):
    """Run ``python -m sacrebleu`` on files, and return its JSON by metric."""
    paths = []
    for name, lines in [("hyp", hypotheses), *((f"ref{n}", r) for n, r in enumerate(references))]:
        paths.append(tmp_path / name)
        paths[-1].write_bytes("".join(f"{line}\n" for line in lines).encode())
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SACREBLEU")}
    run = subprocess.run(
        [
            sys.executable, "-m", "sacrebleu", *map(str, paths[1:]), "-i", str(paths[0]),
            "-m", "bleu", "chrf", "ter", "--chrf-word-order", "2", "-w", "13", "-f", "json",
            *options,
        ],
        capture_output=True, encoding="utf-8", env={**environment, "PYTHONUTF8": "1"}, check=True,
    )
    return {score["name"]: score for score in json.loads(run.stdout)}


@pytest.mark.parametrize(("sets", "count"), [(1, 1200), (2, 150)])
@pytest.mark.parametrize("lang", ["zh", "ru", "en"])
def test_scores_and_signatures_are_those_of_the_sacrebleu_command(lang, sets, count, tmp_path):
    hypotheses, *references = corpus(lang, count, seed=sets)
    references = references[:sets]
    expected = command(
        tmp_path, hypotheses, references, ["-tok", TOKENIZE[lang], *TER_OPTIONS[lang]]
    )
    for measure in (metrics.bleu, metrics.chrf, metrics.ter):
        metric = measure(hypotheses, references, lang)
        oracle = expected[metric.name]
        assert float(f"{metric.score:.13f}") == oracle["score"]
        assert metric.signature == oracle["signature"]


@pytest.mark.parametrize("lines", [[""], ["", ""], ["one"], ["。"]])
def test_degenerate_segments_score_as_the_command_scores_them(lines, tmp_path):
    expected = command(tmp_path, lines, [lines], ["-tok", "13a"])
    for measure in (metrics.bleu, metrics.chrf, metrics.ter):
        metric = measure(lines, [lines], "en")
        assert metric.score == pytest.approx(expected[metric.name]["score"], abs=1e-12)


def test_chinese_that_differs_by_one_character_is_not_scored_zero():
    hypothesis, reference = ["双方支持全面战略协作伙伴关系"], [["双方支持全面战略合作伙伴关系"]]
    assert metrics.bleu(hypothesis, reference, "zh").score > 70
    assert metrics.bleu(hypothesis, reference, "en").score == 0  # the trap this guards against
    assert "tok:zh" in metrics.bleu(hypothesis, reference, "zh").signature


def test_a_text_too_short_for_bleu_is_said_to_be():
    short = metrics.bleu(["one two", "three"], [["one two", "three four"]], "en")
    assert short.score == 0 and "too short a text for BLEU" in short.detail
    long = metrics.bleu(["a b c d e f"], [["v w x y z"]], "en")
    assert long.score == 0 and "too short" not in long.detail


def test_chinese_ter_counts_characters():
    metric = metrics.ter(["双方支持多边主义"], [["双方反对多边主义"]], "zh")
    assert metric.score == pytest.approx(100 * 2 / 8)
    assert "norm:yes" in metric.signature and "asian:yes" in metric.signature


def test_chrf_counts_word_pairs():
    assert "nw:2" in metrics.chrf(["a b"], [["a b"]], "en").signature
    assert metrics.chrf(["a b"], [["a b"]], "en").name == "chrF2++"


@pytest.mark.parametrize("measure", [metrics.bleu, metrics.chrf, metrics.ter])
@pytest.mark.parametrize(
    ("hypotheses", "references"),
    [(["a"] * 3, [["a"]]), (["a"], [["a"] * 3]), (["a"], [["a"], ["a", "b"]]), ([], [[]]),
     (["a"], [])],
)
def test_unpaired_segments_are_refused(measure, hypotheses, references):
    with pytest.raises(ScoreError):
        measure(hypotheses, references, "en")


@pytest.mark.parametrize(("lang", "text"), [("zh", "双方" * 600), ("ru", "дом " * 1200)])
def test_a_line_too_long_for_ter_is_named_and_leaves_the_rest(lang, text):
    hypotheses, references = ["a", text], [["a", text]]
    metric = metrics.ter(hypotheses, references, lang)
    assert metric.score is None
    assert "line 2" in metric.detail
    assert metric.signature.startswith("nrefs:1|")
    assert metrics.bleu(hypotheses, references, lang).score == pytest.approx(100)


def test_many_letters_are_not_too_many_words():
    text = "сельскохозяйственный " * 60
    assert len(text) > metrics.LONGEST_FOR_TER
    assert metrics.ter([text], [[text]], "ru").score == 0
