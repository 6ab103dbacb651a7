"""Models that lost their way: what gives them away, what is tried, what is flagged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.translate import soundness
from toolkit.translate.engine import Hypothesis

ZH = "双方同意加强合作，继续推动双边关系向前发展。"
EN = "The two sides agreed to strengthen cooperation and advance bilateral relations."
RU = "Стороны договорились укреплять сотрудничество и развивать двусторонние отношения."
TEXTS = {"zh": ZH, "ru": RU, "en": EN}


@pytest.mark.parametrize("source", TEXTS)
@pytest.mark.parametrize("target", TEXTS)
def test_sound_translations_have_no_fault(source, target):
    if source != target:
        assert soundness.faults(TEXTS[source], TEXTS[target], source, target) == []


@pytest.mark.parametrize(
    ("translation", "said"),
    [
        ("", "gave nothing"),
        (ZH, "copied"),
        (RU, "another script"),
        ("The two sides" + " agreed to agree" * 3 + ".", "repeats"),
        ("The sides talked and the sides talked and the sides talked.", "repeats"),
        ("The two sides agreed agreed agreed.", "repeats"),
        (EN + " Much remains to be done in many other fields, it was said. " + EN, "longer"),
        ("Agreed.", "shorter"),
        ("The two sides agreed to strengthen cooperation and", "middle of a sentence"),
    ],
)
def test_each_way_to_get_lost_is_told(translation, said):
    found = soundness.faults(ZH, translation, "zh", "en")
    assert any(said in fault for fault in found), found


def test_what_the_source_repeats_may_be_repeated():
    assert not soundness.faults("好，好，好，好，好！", "Good, good, good, good!", "zh", "en")


def test_latin_names_may_stand_in_other_scripts():
    text = "TikTok, WhatsApp and YouTube were discussed."
    assert soundness.faults(text, "Обсудили TikTok, WhatsApp и YouTube.", "en", "ru") == []
    assert soundness.faults(text, "讨论了TikTok、WhatsApp和YouTube。", "en", "zh") == []


def test_one_long_line_costs_little():
    soundness.faults("双" * 200_000, "sides " * 100_000, "zh", "en")


class Lost:
    """A model that handles only short texts, as many do; longer ones come out as ``wrong``."""

    def __init__(self, wrong, most=20, careful_text=""):
        self.wrong, self.most, self.careful_text = wrong, most, careful_text
        self.asked = []

    def source_pieces(self, text):
        return len(text)

    def translate(self, texts, source, target, beam=4, careful=False):
        self.asked.append((tuple(texts), careful))
        made = []
        for text in texts:
            if careful and self.careful_text:
                made.append(Hypothesis(self.careful_text, -1.0, False))
            elif len(text) <= self.most:
                made.append(Hypothesis("The sides talked about it at length.", -0.2, False))
            else:
                made.append(Hypothesis(self.wrong, -3.0, False, cut=self.wrong.endswith("~")))
        return made


LONG = "双方讨论了合作问题并交换意见。双方同意继续努力推动发展。双方还就此签署了文件。"


@pytest.mark.parametrize("wrong", ["", LONG, "the the the the the the.", "The sides talked~"])
def test_a_lost_model_is_asked_again_sentence_by_sentence(wrong):
    (sound,) = soundness.translate(Lost(wrong), [LONG], "zh", "en")
    assert len(sound.parts) == 3
    # Three sentences, none lost; that the model says the same of each is told.
    assert sound.hypothesis.text.count("The sides talked") == 3


def test_sound_texts_are_asked_once_and_in_one_batch():
    model = Lost("never")
    texts = ["双方同意加强务实合作。", "", "双方就此深入交换意见。"]
    results = soundness.translate(model, texts, "zh", "en")
    assert model.asked == [(tuple(texts), False)]
    assert [result.parts for result in results] == [(), (), ()]


def test_a_short_text_is_tried_with_more_care():
    model = Lost("talks talks talks talks.", most=0, careful_text="The talks were held in Moscow.")
    (sound,) = soundness.translate(model, ["会谈在莫斯科举行。"], "zh", "en")
    assert sound.hypothesis.text == "The talks were held in Moscow." and sound.faults == ()


def test_what_stays_faulty_is_flagged_and_a_cut_one_too():
    for wrong, said in (("talks talks talks talks.", "repeats"), ("The talks were held.~", "cut")):
        (sound,) = soundness.translate(Lost(wrong, 0), ["会谈在莫斯科举行。"], "zh", "en")
        assert any(said in fault for fault in sound.faults), sound


@given(st.text(alphabet="双方，；。、 a合作\n", max_size=300), st.integers(5, 60))
def test_parting_a_text_loses_nothing_and_keeps_the_limit(text, limit):
    parts = soundness.split(text, "zh", limit, len)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(len(part) <= limit for part in parts)


@given(st.lists(st.text(alphabet="abcdefgh,;.", min_size=1, max_size=30), max_size=40))
def test_parting_english_loses_nothing(words):
    text = " ".join(words)
    parts = soundness.split(text, "en", 25, len)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(len(part) <= 25 for part in parts)
