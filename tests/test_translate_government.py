"""The case of a Russian phrase: what the word before allows, and 200 drafts judged by a person."""

from collections import Counter
from pathlib import Path

import pytest

from toolkit.glossary.concept import Concept, Term
from toolkit.languages.ru_forms import CASES
from toolkit.translate.constraints import Masked, Slot, agreed, unmask
from toolkit.translate.government import allowed, closed, mended
from toolkit.translate.symbols import TARGET_GROUP

DATA = Path(__file__).parent / "data" / "judged-forms.tsv"
ROWS = [
    line.split("\t")
    for line in DATA.read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


def slots(cell: str) -> tuple[Slot, ...]:
    """Read what the placeholders stand for: `1 T план развития; 2 = 3 ноября`."""
    made = []
    for item in cell.split("; "):
        index, kind, form = item.split(" ", 2)
        concept = None
        if kind != "=":
            domain = "office/title" if kind.endswith("o") else "term"
            concept = Concept(form, domain, (Term("ru", form, "preferred"),))
        made.append(Slot(int(index), "T" if kind == "=" else kind[0], form, form, concept))
    return tuple(made)


def test_the_sample_is_as_large_and_as_right_as_claimed():
    assert len(ROWS) == 200 and {len(row) for row in ROWS} == {10}
    assert Counter(row[0] for row in ROWS) == {"zh-ru": 100, "en-ru": 100}
    assert len({(row[2], row[4]) for row in ROWS}) == 200  # nothing is judged twice
    verdicts = Counter(row[7] for row in ROWS)
    assert set(verdicts) == {"right", "wrong"} and verdicts["right"] >= 190
    assert all(bool(row[8]) == (row[7] == "wrong") for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=[f"row {n}" for n in range(1, len(ROWS) + 1)])
def test_a_draft_has_the_form_that_was_judged(row):
    """A form that changes has to be judged anew: its row then tells what it was."""
    direction, _, output, cell, index, draft, form = row[:7]
    made = unmask(output, Masked("", slots(cell), (), direction[:2], "ru"))
    assert made.text == draft
    (phrase,) = [slot for slot in slots(cell) if slot.index == int(index)]
    assert form in [p.form for p in made.placements if p.concept == phrase.form]


@pytest.mark.parametrize(
    ("before", "phrase", "chosen", "wanted"),
    [
        # prepositions
        ("готовность к ", "торговая война", "nom", "dat"),
        ("в рамках сотрудничества с ", "Беларусь", "loc", "ins"),
        ("выступают против ", "торговая война", "acc", "gen"),
        ("встреча прошла в ", "Минск", "acc", "loc"),
        ("прибыл с визитом в ", "Минск", "acc", "acc"),
        ("экспорт увеличился на ", "торговая война", "loc", "acc"),
        # verbs: of an object, of a genitive, of an instrumental, of giving, denied
        ("главы государств подписали ", "совместное заявление", "gen", "acc"),
        ("стороны не подписали ", "совместное заявление", "gen", "gen"),
        ("стороны придерживаются ", "принцип взаимности", "acc", "gen"),
        ("это содействует ", "торговая война", "gen", "dat"),
        ("страны обменялись ", "торговая миссия", "gen", "ins"),
        ("это придало ", "торговая миссия", "dat", "dat"),
        ("заседание провела ", "торговая миссия", "nom", "nom"),  # the subject stands last
        # nouns and adjectives
        ("развитие ", "цифровая экономика", "nom", "gen"),
        ("в стремлении ", "цифровая экономика", "acc", "gen"),
        ("помощь в размере ", "Кабул", "loc", "gen"),
        ("по вопросам ", "коренные интересы", "dat", "gen"),
        ("подтвердили приверженность ", "принцип взаимности", "dat", "dat"),
        ("является основополагающий ", "принцип взаимности", "gen", "nom"),
        ("после заседания ", "торговая миссия", "nom", "nom"),  # a subject may follow
        # joined by «и» to a word whose case is plain
        ("мероприятия в Китае и ", "Беларусь", "nom", "loc"),
        # nothing is known: the choice stays
        ("кроме того, ", "торговая миссия", "ins", "ins"),
        ("стороны отметили, что ", "торговая миссия", "nom", "nom"),
    ],
)
def test_a_slip_of_the_model_is_mended_and_nothing_else(before, phrase, chosen, wanted):
    assert mended(chosen, before, phrase) == wanted


def test_a_subject_behind_its_verb_stays_one():
    assert mended("nom", "главное внимание уделяется этому, отметил ", "Ли Цян", True) == "nom"
    assert allowed("подчеркнул ", "Ли Цян", True)[0] == "nom"
    assert mended("nom", "Китай и Беларусь и ", "Минск", after=" подписали договор") == "nom"


def test_a_model_that_gave_no_case_is_helped_only_where_the_words_decide():
    assert mended(None, "прибыл в Пекин для ", "торговая миссия") == "gen"
    assert mended(None, "выросло. ", "торговая миссия") is None
    assert mended(None, "выросло. ", "Перу") == "nom"  # it stands so in every case


@pytest.mark.parametrize("case", [case for case in CASES if case != "nom"])
def test_the_members_of_a_list_follow_the_first(case):
    def slot(index: int, form: str, kind: str) -> Slot:
        concept = Concept(form, "term", (Term("ru", form, "preferred"),))
        return Slot(index, kind, form, form, concept)

    places = {n: slot(n, form, "L") for n, form in enumerate(("Уфа", "Пермь", "Казань"), 1)}
    mixed = {**places, 2: slot(2, "торговая миссия", "T")}
    said = f"<1><{case}>, <2><nom> и <3><nom>."
    assert [g[3] for g in TARGET_GROUP.finditer(agreed(said, places))] == [case] * 3
    assert agreed(said, mixed) == said  # not all of one kind: it may be a new clause
    verb = f"<1><{case}> и <2><nom> подписали договор."
    assert agreed(verb, places) == verb


def test_some_verbs_take_no_bare_phrase():
    assert closed("Стороны договорились")
    assert not closed("Стороны договорились укреплять")
    assert not closed("Стороны договорились о")
    assert not closed("")
