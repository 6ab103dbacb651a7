"""The grammar as a parser, the written sentences, and what they must not claim."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.glossary.match import Matcher
from toolkit.glossary.store import load
from toolkit.translate.document import Translator
from toolkit.translate.patterns import grammar, parse, written
from toolkit.translate.patterns.tokens import tokens
from toolkit.translate.symbols import SOURCE_GROUP, TARGET_GROUP

CASES = Path(__file__).parent / "data" / "patterns.tsv"
MATCHER = Matcher(load(None))
DIRECTIONS = [(a, b) for a in grammar.LANGS for b in grammar.LANGS if a != b]


def rows() -> list[list[str]]:
    lines = CASES.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row[0]}-{row[2]} {row[1][:20]}")
def test_a_sentence_that_is_covered_is_translated_as_written(row):
    source, text, target, expected = row
    (draft,) = Translator(source, target, MATCHER).translate([text])
    if expected == "-":
        assert draft.origin == "source", draft.target
    else:
        assert (draft.target, draft.origin) == (expected, "pattern")
        assert draft.rules and all(":" in rule for rule in draft.rules)


def small(tmp_path, *lines: str) -> dict:
    path = tmp_path / "grammar.tsv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return grammar.read(path)


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_what_the_grammar_writes_it_reads_and_every_mark_comes_back(seed):
    maker = grammar.Generator(seed)
    for source, target in DIRECTIONS:
        tree = maker.tree()
        text, _ = maker.pair(tree, source, target)
        read = parse.parser(source).read(text, target)
        if read is not None:
            wanted = sorted(m[2] for m in SOURCE_GROUP.finditer(text))
            assert sorted(m[1] for m in TARGET_GROUP.finditer(read.output)) == wanted


@pytest.mark.parametrize("source", grammar.LANGS)
def test_nearly_all_that_the_grammar_writes_is_read(source):
    target = "ru" if source != "ru" else "en"
    maker, read = grammar.Generator(11), 0
    for _ in range(200):
        text, _ = maker.pair(maker.tree(), source, target)
        read += parse.parser(source).read(text, target) is not None
    assert read >= 170


def test_case_tells_who_does_what_in_russian(tmp_path):
    rules = small(
        tmp_path,
        "TEXT*9\t{P1}感谢{P2}。\t{P1:nom} благодарит {P2:acc}.\t{P1} thanks {P2}.",
        "TEXT\t{P2}感谢{P1}。\t{P1:acc} благодарит {P2:nom}.\t{P2} thanks {P1}.",
    )
    forms = {1: frozenset(["acc"]), 2: frozenset(["nom"])}
    read = parse.Parser("ru", rules).read("<P><1> благодарит <P><2>.", "en", forms.__getitem__)
    assert read is not None and read.output == "<2> thanks <1>."
    read = parse.Parser("ru", rules).read("<P><1> благодарит <P><2>.", "en")
    assert read is not None and read.output == "<1> thanks <2>."


def test_an_optional_word_that_says_something_is_never_dropped(tmp_path):
    rules = small(tmp_path, "TEXT\t双方(亲切)会谈(了)。\tСтороны побеседовали.\tThe sides talked.")
    reader = parse.Parser("zh", rules)
    assert reader.read("双方会谈了。", "en").output == "The sides talked."
    assert reader.read("双方亲切会谈。", "en") is None


def test_a_cell_that_says_less_is_written_and_not_read(tmp_path):
    rules = small(
        tmp_path, "TEXT\t{P1}主席来了。\tПредседатель {P1} прибыл.\t~President {P1} came."
    )
    assert parse.Parser("en", rules).read("President <P><1> came.", "zh") is None
    assert parse.Parser("zh", rules).read("<P><1>主席来了。", "en").output == "President <1> came."


def test_a_heading_without_stop_stays_without_one(tmp_path):
    rules = small(tmp_path, "TEXT\t{L1}表示欢迎。\t{L1} приветствует.\t{L1} welcomes it.")
    read = parse.Parser("zh", rules).read("<L><1><m>表示欢迎", "ru")
    assert read.output == "<1><nom> приветствует"


@pytest.mark.parametrize("words", [[], ["。"], list("双方" * 500)])
def test_nothing_and_far_too_much_are_not_claimed(words):
    assert parse.parser("zh").read("".join(words), "en") is None


def test_a_written_sentence_takes_other_names_and_numbers_its_marks_anew():
    row = (7, "<L><1><f>愿同<L><2><m>合作。", "<1><nom> готова сотрудничать с <2><ins>.")
    book = written.Written([row], "zh", "ru")
    found = book.sentence(tokens("<L><4><f>愿同<L><5><m>合作。", "zh"))
    assert found == written.Found("<4><nom> готова сотрудничать с <5><ins>.", 7)
    # Another gender would need another ending.
    assert book.sentence(tokens("<L><4><m>愿同<L><5><m>合作。", "zh")) is None
    clause = book.clause(tokens("<L><2><f>愿同<L><3><m>合作", "zh"))
    assert clause.output == "<2><nom> готова сотрудничать с <3><ins>"


@pytest.mark.parametrize(("source", "target"), DIRECTIONS)
def test_shipped_sentences_fit_their_languages_and_marks(source, target):
    book = written.shipped(source, target)
    assert len(book._rows) > 900
    for key, (_, output) in book._rows.items():
        wanted = sorted(m[2] for word in key for m in SOURCE_GROUP.finditer(word))
        assert sorted(m[1] for m in TARGET_GROUP.finditer(output)) == wanted


def test_every_collocation_has_the_forms_its_kind_needs():
    from toolkit.languages.ru import analyser
    from toolkit.translate.patterns.morphology import CASES, decline

    rules = grammar.shipped()
    nouns = [rule for rule in rules["NP"] if rule.line < 0]
    assert len(rules["DO"]) > 700 and len(nouns) > 500
    for rule in rules["DO"]:
        first = rule.cells[1].split()[0]
        assert any("INFN" in parse_.tag for parse_ in analyser().parse(first)), rule.cells
    for rule in nouns:
        assert all(decline(rule.cells[1][1:-1], case) for case in CASES), rule.cells
