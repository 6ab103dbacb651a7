"""The tables of cases: what the check must find and what it must leave alone."""

import importlib.util
import sys
from pathlib import Path

import pytest

from toolkit.glossary.match import Matcher
from toolkit.glossary.rules import RULES
from toolkit.glossary.store import load

_SPEC = importlib.util.spec_from_file_location(
    "bench_check", Path(__file__).parent / "bench" / "check.py"
)
bench = importlib.util.module_from_spec(_SPEC)
sys.modules["bench_check"] = bench
_SPEC.loader.exec_module(bench)

TERMS, FACTS = bench.TABLES.values()


@pytest.fixture(scope="module")
def matcher():
    return Matcher(load())


@pytest.fixture(scope="module")
def verdicts(matcher):
    """Return (case, missed, alarms) of every case of both tables."""
    return {
        name: [
            (case, *bench.verdict(case, bench.findings(case, matcher)))
            for case in bench.cases(name)
        ]
        for name in (TERMS, FACTS)
    }


@pytest.mark.parametrize("name", [TERMS, FACTS])
def test_a_table_is_large_half_of_it_clean_and_split_by_sentence(name):
    cases = list(bench.cases(name))
    clean = [case for case in cases if not case.expected]
    assert len(cases) >= 600
    assert 0.4 < len(clean) / len(cases) < 0.6
    for split in ("dev", "test"):
        part = [case for case in cases if case.split == split]
        assert len(part) > len(cases) / 4 and any(case.expected for case in part)
    by_text: dict[tuple[str, str], set[str]] = {}
    for case in cases:
        for pair in case.texts.items():
            by_text.setdefault(pair, set()).add(case.split)
    assert [pair for pair, splits in by_text.items() if len(splits) > 1] == []


@pytest.mark.parametrize("name", [TERMS, FACTS])
def test_a_case_names_rules_that_exist_and_languages_it_has(name):
    for case in bench.cases(name):
        for each in case.expected:
            code, _, lang = each.partition("@")
            assert code in RULES and lang in ("", *case.texts), case.line


@pytest.mark.parametrize("name", [TERMS, FACTS])
def test_no_clean_case_raises_anything(verdicts, name):
    alarms = [
        (case.line, finding.code, finding.message)
        for case, _, extra in verdicts[name]
        if not case.expected
        for finding in extra
    ]
    assert alarms == []


@pytest.mark.parametrize(
    ("name", "precision", "recall"), [(TERMS, 0.99, 0.97), (FACTS, 0.98, 0.95)]
)
def test_precision_and_recall_hold_on_the_test_split(verdicts, name, precision, recall):
    rows = [row for row in verdicts[name] if row[0].split == "test"]
    wanted = sum(len(case.expected) for case, _, _ in rows)
    missed = [(case.line, each) for case, missed, _ in rows for each in missed]
    alarms = [(case.line, finding.code) for case, _, extra in rows for finding in extra]
    hits = wanted - len(missed)
    assert hits / wanted >= recall, missed
    assert hits / (hits + len(alarms)) >= precision, alarms


def test_each_mutation_is_a_change_of_its_row():
    rows, _ = bench.shipped()
    made = list(bench.mutations(rows))
    assert len({each.kind for each in made}) == 4
    for each in made:
        text = rows[each.name][each.row][each.lang]
        assert text[each.start : each.start + len(each.before)] == each.before != each.after


def test_the_untouched_dispatches_raise_nothing_and_single_mutations_do(matcher, capsys):
    bench.measure_mutations(40)
    shown = capsys.readouterr().out
    assert "untouched: 0 of " in shown, shown
    caught = int(shown.rpartition("caught ")[2].split()[0])
    assert caught >= 38, shown
