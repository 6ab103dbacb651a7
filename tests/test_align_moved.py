"""Passages in another place are found and name each other; nothing else is marked."""

from toolkit import corpus
from toolkit.align import align
from toolkit.dispatch import Dispatch, Segment


def version(lang, *texts):
    segments, start = [], 0
    for number, text in enumerate(texts):
        segments.append(Segment(text, lang, start, start + len(text), number, "text"))
        start += len(text) + 1
    return Dispatch("x", lang, "\n".join(texts), f"x.{lang}", "utf-8", tuple(segments))


ZH = ["熊猫抵达莫斯科动物园。", "双方签署了贸易协定。", "会议将于明年在喀山举行。",
      "火箭昨天从文昌发射成功。", "专家讨论了粮食价格问题。"]  # fmt: skip
EN = ["Pandas arrived at the Moscow zoo.", "The sides signed a trade agreement.",
      "The meeting will be held in Kazan next year.",
      "A rocket was launched successfully from Wenchang yesterday.",
      "Experts discussed food prices."]  # fmt: skip


def moved(alignment):
    return {n: bead.moved for n, bead in enumerate(alignment.beads) if bead.moved is not None}


def test_a_passage_in_another_place_is_two_beads_that_name_each_other():
    alignment = align([version("zh", *ZH), version("en", *EN[1:], EN[0])])
    marks = moved(alignment)
    assert len(marks) == 2
    first, second = sorted(marks)
    assert (marks[first], marks[second]) == (second, first)
    assert alignment.texts(alignment.beads[first])["zh"] == ZH[0]
    assert alignment.texts(alignment.beads[second])["en"] == EN[0]


def test_what_stands_in_its_place_or_is_nowhere_else_is_not_marked():
    assert not moved(align([version("zh", *ZH), version("en", *EN)]))
    assert not moved(align([version("zh", *ZH[:4]), version("en", *EN[1:])]))


def test_the_moved_passage_of_a_shipped_dispatch_is_marked():
    alignment = align(corpus.entry("sco").dispatches())
    marks = moved(alignment)
    assert any("Kazan" in alignment.texts(alignment.beads[n])["en"] for n in marks)
