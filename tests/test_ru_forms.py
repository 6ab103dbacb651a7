"""Russian phrases in other cases: a table a linguist extends, and what holds for any phrase."""

from pathlib import Path

import pytest

from toolkit.glossary.store import load
from toolkit.languages.ru_forms import CASES, gender, inflect

TABLE = Path(__file__).parent / "data" / "ru-forms.tsv"
ROWS = [
    line.split("\t")
    for line in TABLE.read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:40])
def test_phrase_takes_the_forms_of_the_table(row):
    phrase, expected_gender, *forms = row
    assert gender(phrase) == expected_gender
    made = [inflect(phrase, case) or "-" for case in ("gen", "acc", "ins", "loc")]
    assert made == forms


def test_nominative_is_the_phrase_itself():
    for row in ROWS:
        assert inflect(row[0], "nom") == row[0]


@pytest.mark.parametrize("phrase", ["выступать против односторонних действий", "по приглашению"])
def test_what_has_no_head_noun_is_not_guessed(phrase):
    assert inflect(phrase, "gen") is None


def test_yo_of_the_entry_is_kept_and_none_is_added():
    assert inflect("отношения партнёрства", "dat") == "отношениям партнёрства"
    assert inflect("зеленое развитие", "gen") == "зеленого развития"


def test_every_russian_term_of_the_glossary_is_inflected_or_refused_without_losing_a_word():
    refused = []
    for concept in load().concepts:
        for term in concept.terms:
            if term.lang != "ru" or term.status not in ("preferred", "admitted"):
                continue
            for case in CASES:
                form = inflect(term.text, case)
                if form is None:
                    refused.append(term.text)
                else:
                    assert len(form.split()) == len(term.text.split()), (term.text, form)
    assert "Шанхайская организация сотрудничества" not in refused


def test_every_name_of_the_glossary_declines():
    for concept in load().concepts:
        if concept.domain in ("person", "place", "country"):
            term = concept.preferred("ru")
            assert all(inflect(term.text, case) for case in CASES), term.text


def test_a_form_is_not_its_own_nominative_unless_nothing_declines():
    # A half-declined phrase («Астанинской декларация») is worse than none.
    for phrase in ("Астанинская декларация", "рабочий визит", "Главное таможенное управление"):
        words = phrase.split()
        for case in ("gen", "dat", "ins", "loc"):
            form = inflect(phrase, case).split()
            assert all(one != other for one, other in zip(words, form, strict=True)), form


def test_plural_is_made_on_request():
    assert inflect("регулярная встреча глав правительств", "gen", "p") == (
        "регулярных встреч глав правительств"
    )
