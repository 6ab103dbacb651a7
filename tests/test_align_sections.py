"""Long versions, aligned section by section."""

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit import corpus, encoder
from toolkit.align import judged_texts
from toolkit.languages import LANGS

module = sys.modules["toolkit.align.sections"]
ENCODER = encoder.default()
MANY = 8


@pytest.fixture(scope="module")
def joined():
    """Many shipped dispatches as one text in each language."""
    sides = {lang: [] for lang in LANGS}
    for entry in corpus.load()[:MANY]:
        for dispatch in entry.dispatches():
            sides[dispatch.lang] += [segment.text for segment in dispatch.segments]
    return sides


@pytest.fixture
def short(monkeypatch):
    """Sections of some twenty segments, as if the texts were long."""
    monkeypatch.setattr(module, "_WHOLE", 40)
    monkeypatch.setattr(module, "_SECTION", 20)
    monkeypatch.setattr(module, "_LONGEST", 60)


@pytest.mark.parametrize("langs", [("ru", "en"), LANGS])
def test_beads_of_sections_are_those_of_the_whole(joined, langs, monkeypatch, short):
    sides = [joined[lang] for lang in langs]
    cuts = module.sections([ENCODER.encode(side) for side in sides])
    assert len(cuts) > 2
    cut = {group for group, _ in judged_texts(sides, langs)}
    monkeypatch.setattr(module, "_WHOLE", 10**9)
    whole = {group for group, _ in judged_texts(sides, langs)}
    # What is usual in a text is measured in a section, so that a doubtful bead may differ.
    assert len(cut & whole) >= 0.97 * len(whole)


@pytest.mark.parametrize("langs", [("zh", "en"), LANGS])
def test_hardly_a_gold_bead_is_cut_at_a_sure_place(joined, langs, monkeypatch, short):
    monkeypatch.setattr(module, "_LONGEST", 10**6)
    cuts = module.sections([ENCODER.encode(joined[lang]) for lang in langs])
    start, beads = dict.fromkeys(langs, 0), []
    for entry in corpus.load()[:MANY]:
        for row in corpus.gold(entry):
            bead = [[start[lang] + k for k in row.bead.side(lang)] for lang in langs]
            if all(bead):
                beads.append(bead)
        for dispatch in entry.dispatches():
            if dispatch.lang in start:
                start[dispatch.lang] += len(dispatch.segments)
    # A passage that was moved lies on both sides of what it was moved across.
    rising = [bead for bead in beads if all(
        len({one[0] < another[0] for one, another in zip(bead, other, strict=True)}) == 1
        for other in beads if other is not bead
    )]  # fmt: skip
    assert len(rising) > 40
    harmed = [
        (cut, bead) for cut in cuts for bead in rising
        if len({k < at for side, at in zip(bead, cut, strict=True) for k in side}) > 1
    ]  # fmt: skip
    # Two segments that say in another order what two others say may look like two pairs.
    assert len(harmed) <= 0.04 * len(rising), harmed


@pytest.mark.parametrize("langs", [("zh", "ru")])
def test_texts_read_twice_have_the_beads_of_texts_held(joined, langs, monkeypatch, short):
    sides = [joined[lang] for lang in langs]
    held = judged_texts(sides, langs)
    monkeypatch.setattr(module, "_HELD", 0)
    again = judged_texts(sides, langs)
    assert [group for group, _ in again] == [group for group, _ in held]
    assert [c for _, c in again] == pytest.approx([c for _, c in held], abs=0.02)


def test_a_reading_gives_the_detail_of_its_parts(joined):
    texts = [encoder.fold(text) for text in joined["ru"]][:80]
    texts[5], texts[40] = "", "Слово. " * 3000  # a sum that half precision could not hold
    levels = [[[len(text) // 2, len(text)] for text in texts], [[len(text)] for text in texts]]
    reading = ENCODER.reading(texts, levels, hold=True)
    assert np.abs(reading.vectors() - ENCODER.detail(texts, levels, 1).runs[0]).max() < 1e-3
    for first, last in ((0, 80), (3, 44), (79, 80)):
        part = slice(first, last)
        detail = ENCODER.detail(texts[part], [level[part] for level in levels], 3, compact=True)
        held = reading.detail(first, last, 3)
        assert [cuts.tolist() for cuts in held.part_cuts] == [
            cuts.tolist() for cuts in detail.part_cuts
        ]
        assert held.token_cuts.tolist() == detail.token_cuts.tolist()
        found, wanted = ([*d.runs, *d.parts, d.tokens] for d in (held, detail))
        for one, other in zip(found, wanted, strict=True):
            assert one.shape == other.shape
            assert np.abs(one.astype(float) - other).max(initial=0) < 2e-3


words = st.text(st.sampled_from("аб一二ab.。 \x00"), max_size=6)
sides = st.lists(words, min_size=1, max_size=60)


@settings(max_examples=25, deadline=None)
@given(st.lists(sides, min_size=2, max_size=3))
def test_every_segment_of_sections_is_in_exactly_one_bead(texts):
    before = module._WHOLE, module._SECTION, module._LONGEST
    module._WHOLE, module._SECTION, module._LONGEST = 6, 4, 8
    try:
        groups = [group for group, _ in judged_texts(texts, LANGS[: len(texts)])]
    finally:
        module._WHOLE, module._SECTION, module._LONGEST = before
    for number, side in enumerate(texts):
        assert [k for group in groups for k in group[number]] == list(range(len(side)))


def test_what_only_one_version_has_makes_no_section_too_long(short):
    vectors = np.random.default_rng(0).normal(size=(500, 16))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    y = np.concatenate([vectors[:100], vectors[400:]])
    cuts = module.sections([vectors, y])
    assert cuts[0] == (0, 0) and cuts[-1] == (500, 200)
    assert np.diff(cuts, axis=0).max() <= module._LONGEST + module._SECTION
    for i, j in cuts[1:-1]:
        assert j == i if i <= 100 else j == i - 300 if i >= 400 else 90 <= j <= 110
