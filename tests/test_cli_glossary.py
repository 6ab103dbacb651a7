"""``tongwen glossary``: what a person types and what they get."""

import json

import pytest
from click.testing import CliRunner

from toolkit.cli import main
from toolkit.glossary.format import MARK

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
        ("Шелковым путем", "silk_road_economic_belt"),
        ("ШЁЛКОВОГО ПУТИ", "silk_road_economic_belt"),
        ("межправкомисси", None),
        ("counterterrorism", "counter_terrorism"),
        ("counter terrorism", "counter_terrorism"),
        ("win–win", "win_win_cooperation"),
        ("U.N.", "un_organisation"),
        ("xi'an", "xian_declaration"),
        ("XI’AN", "xian_declaration"),
        ("上", "sco"),
        ("樞紐", None),
    ],
)
def test_search_finds_any_spelling(query, id):
    result = run("search", query, "--format", "json")
    if id is None:
        assert result.exit_code == 1 and json.loads(result.stdout)["concepts"] == []
        return
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


def test_search_puts_the_whole_term_first_and_preferred_terms_before_others():
    found = json.loads(run("search", "多边主义", "--format", "json").stdout)["concepts"]
    ids = [concept["id"] for concept in found]
    assert ids[0] == "multilateralism" and "true_multilateralism" in ids
    out = run("search", "полпредом").stdout.split("\n")
    assert out[0] == "plenipotentiary_envoy_fareast"
    assert any("admitted: полпред президента" in line for line in out)


def test_an_id_is_found_by_its_words_not_by_letters_inside_them():
    found = json.loads(run("search", "sco", "--format", "json").stdout)["concepts"]
    ids = [concept["id"] for concept in found]
    assert "sco_charter" in ids and "moscow" not in ids


def test_search_keeps_to_a_language_and_looks_in_notes_only_when_asked():
    assert run("search", "Neighborliness", "--lang", "ru").exit_code == 1
    assert run("search", "Neighborliness", "--lang", "en").exit_code == 0
    assert run("search", "machine error").exit_code == 1
    assert "president_prc" in run("search", "machine error", "--notes").stdout


def test_list_shows_id_domain_and_preferred_terms_in_columns():
    lines = run("list", "--domain", "partnership").stdout.splitlines()
    line = next(line for line in lines if line.startswith("strategic_partnership "))
    assert line.split("  ")[0] == "strategic_partnership"
    assert [part.strip() for part in line.split("  ") if part.strip()] == [
        "strategic_partnership",
        "partnership",
        "战略伙伴关系",
        "отношения стратегического партнёрства",
        "strategic partnership",
    ]
    # Each Han character takes two columns of the terminal.
    assert len({line.index("partnership", 31) for line in lines}) == 1


def test_list_of_one_language_and_status_shows_just_those_terms():
    out = run("list", "--lang", "en", "--status", "forbidden", "--domain", "initiative").stdout
    assert "Belt and Road strategy" in out and "Belt and Road Initiative" not in out


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
    assert result.stdout == MARK + "\n" + HEADER + rows


def test_broken_row_is_named_with_file_line_and_column(tmp_path):
    path = tmp_path / "broken.tsv"
    path.write_text(HEADER + "tea\tzh\t茶\tprefered\t\t\t\t\t\tfood\t\t\n", encoding="utf-8")
    result = run("list", "--glossary", str(path))
    assert result.exit_code == 2
    assert f"{path}:2:" in result.stderr and "Traceback" not in result.stderr


def test_own_words_are_added_to_the_shipped_ones(tmp_path):
    path = tmp_path / "own.tsv"
    path.write_text(
        HEADER
        + "tea\t*\t\t\t\t\t\t\t\tfood\t\t\n"
        + "tea\ten\ttea ceremony\tpreferred\t\t\t\t\t\t\t\t\n",
        encoding="utf-8",
    )
    both = ("--glossary", "shipped", "--glossary", str(path))
    assert run("show", "tea", *both).exit_code == 0
    assert run("show", "sco", *both).exit_code == 0
    assert run("show", "sco", "--glossary", str(path)).exit_code == 2


def test_shipped_glossary_is_written_as_it_is_read(tmp_path):
    path = tmp_path / "all.tsv"
    path.write_text(run("list", "--format", "tsv").stdout, encoding="utf-8")
    again = run("list", "--format", "tsv", "--glossary", str(path))
    assert again.stdout == path.read_text(encoding="utf-8")


def test_missing_glossary_file_is_named(tmp_path):
    result = run("list", "--glossary", str(tmp_path / "none.tsv"))
    assert result.exit_code == 2 and "none.tsv" in result.stderr
