"""``tongwen glossary``: what a person types and what they get."""

import json

import pytest
from click.testing import CliRunner

from toolkit.cli import main

HEADER = "concept\tlang\tterm\tstatus\tscope\tregister\tfrom\tto\tflags\tdomain\tnote\tevidence\n"


def run(*arguments):
    return CliRunner().invoke(main, ["glossary", *arguments])


@pytest.mark.parametrize(
    ("query", "id"),
    [
        ("协作", "csp_coordination_new_era"),
        ("夥伴關係", "strategic_partnership"),
        ("华", "xinhua"),
        ("стратегическому взаимодействию", "csp_coordination"),
        ("ПАРТНЕРСТВ", "csp_coordination"),
        ("Neighbourliness", "treaty_2001"),
        ("win win", "everlasting_good_neighbour_spirit"),
        ("chernyshenko", "chernyshenko"),
    ],
)
def test_search_finds_any_spelling(query, id):
    result = run("search", query, "--format", "json")
    assert result.exit_code == 0, result.output
    assert id in [concept["id"] for concept in json.loads(result.stdout)["concepts"]]


def test_search_does_not_find_words_in_another_order_or_parts_of_words():
    assert run("search", "взаимодействию стратегическому").exit_code == 1
    assert run("search", "иимодейств").exit_code == 1


def test_search_without_a_hit_says_so_and_exits_with_1():
    result = run("search", "абракадабра")
    assert result.exit_code == 1
    assert result.stdout == "" and "абракадабра" in result.stderr


def test_search_for_nothing_is_refused():
    result = run("search", "  ")
    assert result.exit_code == 2 and "nothing to look for" in result.stderr


def test_show_tells_scope_dates_sources_and_what_is_unverified():
    result = run("show", "csp_coordination_new_era")
    assert result.exit_code == 0
    assert "for RU" in result.stdout and "from 2019-06-05" in result.stdout
    assert "http" in result.stdout and "unverified" in result.stdout


def test_show_of_an_unknown_id_names_near_ones():
    result = run("show", "csp_coordinaton")
    assert result.exit_code == 2
    assert "csp_coordination" in result.stderr


def test_list_keeps_to_a_domain_and_status():
    result = run("list", "--domain", "partnership", "--status", "forbidden", "--format", "json")
    concepts = json.loads(result.stdout)["concepts"]
    assert concepts and {c["domain"] for c in concepts} == {"partnership"}
    assert all(any(t["status"] == "forbidden" for t in c["terms"]) for c in concepts)


def test_list_of_an_unknown_domain_names_those_there_are():
    result = run("list", "--domain", "cooking")
    assert result.exit_code == 2 and "partnership" in result.stderr


def test_own_glossary_is_read_and_written_back(tmp_path):
    path = tmp_path / "own.tsv"
    rows = "tea\t*\t\t\t\t\t\t\t\tfood\t\t\n" + "".join(
        f"tea\t{lang}\t{term}\tpreferred\t\t\t\t\t\t\t\tunverified\n"
        for lang, term in (("zh", "茶"), ("ru", "чай"), ("en", "tea"))
    )
    path.write_text(HEADER + rows, encoding="utf-8")
    result = run("search", "чаем", "--glossary", str(path), "--format", "tsv")
    assert result.exit_code == 0
    assert result.stdout == HEADER + rows


def test_broken_row_is_named_with_file_line_and_column(tmp_path):
    path = tmp_path / "broken.tsv"
    path.write_text(HEADER + "tea\tzh\t茶\tprefered\t\t\t\t\t\tfood\t\t\n", encoding="utf-8")
    result = run("list", "--glossary", str(path))
    assert result.exit_code == 2
    assert f"{path}:2:" in result.stderr and "Traceback" not in result.stderr


def test_missing_glossary_file_is_named(tmp_path):
    result = run("list", "--glossary", str(tmp_path / "none.tsv"))
    assert result.exit_code == 2 and "none.tsv" in result.stderr
