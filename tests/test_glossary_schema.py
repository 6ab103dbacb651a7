"""The published schemas say what the program reads and prints."""

import json
import re

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from toolkit import shipped
from toolkit.cli import main
from toolkit.errors import GlossaryError
from toolkit.glossary.format import (
    ALL_STATUSES,
    COLUMNS,
    FLAGS,
    MARK,
    REGISTERS,
    RELATIONS,
    VERSION,
    format_rows,
)
from toolkit.glossary.reading import parse
from toolkit.glossary.store import load
from toolkit.languages import LANGS

FOLDER = shipped.path("glossaries", "schema")
JSON = json.loads((FOLDER / f"glossary-{VERSION}.json").read_text(encoding="utf-8"))
TABLE = json.loads((FOLDER / f"glossary-{VERSION}.table.json").read_text(encoding="utf-8"))
HEADER = "\t".join(COLUMNS)
EVERYTHING = f"""{MARK}
{HEADER}
visit	*							see=host	formula	note\t
visit	zh	应…{{host}}邀请	preferred	RU,VN	cn	2001	2002-03-04	gap,case		n	2019-06-05:https://a.example CLDR
visit	ru	…	proposed								unverified
"""  # noqa: E501


def printed(*arguments):
    result = CliRunner().invoke(main, ["glossary", *map(str, arguments)])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_schema_is_valid_and_the_shipped_glossary_keeps_to_it(tmp_path):
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    jsonschema.Draft202012Validator.check_schema(JSON)
    validator = jsonschema.Draft202012Validator(JSON)
    path = tmp_path / "own.tsv"
    path.write_text(EVERYTHING, encoding="utf-8")
    for record in (
        printed("list", "--format", "json"),
        printed("list", "--format", "json", "-g", path),
        printed("show", "sco", "--format", "json"),
        printed("search", "上", "--format", "json"),
    ):
        assert next(validator.iter_errors(record), None) is None
    broken = printed("list", "--format", "json", "-g", path)
    broken["concepts"][0]["terms"][0]["status"] = "good"
    assert next(validator.iter_errors(broken), None) is not None


def test_the_schema_knows_every_value_the_program_knows():
    term = JSON["$defs"]["term"]["properties"]
    assert term["status"]["enum"] == list(ALL_STATUSES)
    assert term["lang"]["enum"] == list(LANGS)
    assert sorted(term["register"]["enum"]) == sorted(("", *REGISTERS))
    assert term["flags"]["items"]["enum"] == list(FLAGS)
    relation = JSON["$defs"]["concept"]["properties"]["relations"]["items"]["properties"]
    assert relation["kind"]["enum"] == list(RELATIONS)
    assert [column["name"] for column in TABLE["fields"]] == list(COLUMNS)
    assert TABLE["dialect"]["firstLine"] == MARK
    assert JSON["$id"] == TABLE["name"] == MARK.removeprefix("# ")


def fits(row):
    return all(
        re.fullmatch(column["constraints"]["pattern"], cell)
        for column, cell in zip(TABLE["fields"], row, strict=True)
    )


def test_every_row_of_the_shipped_glossaries_fits_the_table():
    assert [row for row in format_rows(load()) if not fits(row)] == []


values = st.sampled_from(
    ["", "x", "zh", "ru", "en", "*", "茶", "preferred", "proposed", "RU", "RU,VN", "RU, VN", "cn",
     "2019", "2019-06-05", "gap", "gap, case", "see=y", "gap,", ",", "unverified", "a b", "a  b"]
)  # fmt: skip


@given(st.lists(values, min_size=len(COLUMNS), max_size=len(COLUMNS)))
def test_what_the_program_reads_fits_the_table(row):
    text = "\n".join((MARK, HEADER, "x\t*" + "\t" * 8 + "d\t\t", "\t".join(row)))
    try:
        parse(text)
    except GlossaryError:
        return
    assert fits(row) or not any(row)


def test_the_command_prints_what_is_published():
    for which, schema in (("json", JSON), ("table", TABLE)):
        result = CliRunner().invoke(main, ["glossary", "schema", "--of", which])
        assert result.exit_code == 0 and json.loads(result.stdout) == schema
