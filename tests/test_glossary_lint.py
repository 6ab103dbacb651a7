"""Lint: each rule finds what it is for, leaves the rest alone, and mends only what is certain."""

import json
import re
import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from toolkit.cli import main
from toolkit.errors import GlossaryError
from toolkit.glossary.format import COLUMNS, MARK
from toolkit.glossary.lint import cells, lint, lint_files, mend
from toolkit.glossary.lint.rules import RULES
from toolkit.glossary.sheet import Sheet
from toolkit.glossary.store import shipped_files
from toolkit.languages import LANGS

HEADER = "\t".join(COLUMNS)
TABLE = Path(__file__).parent / "data" / "lint-cells.tsv"


def table():
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield [re.sub(r"\\u([0-9a-f]{4})", lambda f: chr(int(f[1], 16)), cell)
                   for cell in line.split("\t")]  # fmt: skip


@pytest.mark.parametrize(("lang", "term", "codes", "mended"), list(table()))
def test_the_flaws_of_a_term_are_found_and_mended(lang, term, codes, mended):
    flaws = [*cells.of_text(term), *cells.of_term(term, lang)]
    assert [flaw.code for flaw in flaws] == codes.split()
    assert cells.mend(term, lang) == (mended or term)
    assert all(0 <= flaw.start < flaw.end <= len(term) for flaw in flaws)
    assert not flaws or cells.suspect(f"x\t{lang}\t{term}\tpreferred")
    if mended:
        assert [*cells.of_text(mended), *cells.of_term(mended, lang)] == []


# Whole glossaries: rows as [concept, lang, term, cells by name].


def own(id, domain="food", **named):
    return row(id, "*", "", "", domain=domain, **named)


def row(id, lang, term, status="preferred", evidence="unverified", **named):
    found = {"concept": id, "lang": lang, "term": term, "status": status, **named}
    found = {"evidence": "" if lang == "*" else evidence, **found}
    names = {"start": "from", "end": "to"}
    found = {names.get(name, name): value for name, value in found.items()}
    return "\t".join(found.get(column, "") for column in COLUMNS)


def three(id, zh, ru, en, **named):
    return [own(id), row(id, "zh", zh, **named), row(id, "ru", ru, **named),
            row(id, "en", en, **named)]  # fmt: skip


def found(*rows, select=(), text=None):
    text = text if text is not None else "\n".join((MARK, HEADER, *rows)) + "\n"
    return lint([(text, "my.tsv")], select=select)


TEA = three("tea", "茶", "чай", "tea leaf")
TEA[1] = row("tea", "zh", "茶叶")


def test_a_clean_glossary_has_no_findings():
    assert found(*TEA, *three("fish", "鱼类", "рыба", "fish"), "# comment ", "", "\t" * 11) == []


VN = {"scope": "VN"}
RU = {"scope": "RU"}
CASES = {
    # code: (rows that have it, rows that have not)
    "G001": ([*TEA, "tea\tzh"], TEA),
    "G002": ([*TEA, row("tea", "zh", "茶\u200b水", "admitted")], TEA),
    "G003": ([*TEA, row("tea", "zh", "红茶 ", "admitted")], TEA),
    "G007": ([*TEA, row("tea", "en", "@tea", "admitted")], TEA),
    "G101": (TEA[:3], TEA),
    "G102": ([*TEA[:3], row("tea", "en", "tea leaf", "admitted")], TEA),
    "G103": ([*TEA, row("tea", "en", "char")], [*TEA, row("tea", "en", "char", "admitted")]),
    "G104": (
        [*TEA, row("tea", "en", "tea leaf", "admitted", start="2001")],
        [*TEA[:3], row("tea", "en", "tea leaf", end="2000"),
         row("tea", "en", "tea leaf", "admitted", start="2001")],
    ),
    "G105": (
        [*TEA, row("tea", "en", "Tea-Leaf", "admitted")],
        [*TEA, row("tea", "en", "tea leaves", "admitted")],
    ),
    "G106": (
        [*TEA, *three("cha", "茶叶", "чай", "chai")[:3], row("cha", "en", "Tea-leaf")],
        [*TEA, *three("cha", "茶叶", "травы", "herbs")],
    ),
    "G107": (
        [*three("a1", "绿茶叶", "зелёный чай", "green tea"),
         *three("a2", "绿茶叶", "зелёный чаи", "grene tea")],
        [*three("a1", "绿茶叶", "5-й зелёный чай", "green tea"),
         *three("a2", "绿茶叶", "6-й зелёный чай", "green teas")],
    ),
    "G108": (
        [*TEA, *three("cha", "茶叶", "травы", "herbs")],
        [*TEA, *three("cha", "茶叶", "травы", "herbs", flags="accept-only")],
    ),
    "G109": (
        [*TEA, *three("cha", "茶水", "чаёк", "chai"), row("cha", "zh", "茶叶", "forbidden")],
        [*TEA, *three("cha", "茶水", "чаёк", "chai"), row("cha", "zh", "茶叶", "forbidden", **VN)],
    ),
    "G110": (
        [*TEA, row("tea", "en", "char", "admitted"), row("tea", "en", "Char", "forbidden")],
        [*TEA, row("tea", "en", "char", "admitted", **VN),
         row("tea", "en", "Char", "forbidden", **RU)],
    ),
    "G111": (
        [own("a1", flags="broader=b1"), *three("a1", "甲", "альфа", "alpha")[1:],
         own("b1", flags="broader=a1"), *three("b1", "乙", "бета", "beta")[1:]],
        [own("a1", flags="broader=b1"), *three("a1", "甲", "альфа", "alpha")[1:],
         own("b1", flags="see=a1"), *three("b1", "乙", "бета", "beta")[1:]],
    ),
    "G112": ([own("tea", flags="see=no_such"), *TEA[1:]], [own("tea", flags="see=tea"), *TEA[1:]]),
    "G113": (three("Tea-2", "茶叶", "чай", "tea leaf"), TEA),
    "G201": ([*TEA, row("tea", "ru", "чаище зелёнькое", "admitted")],
             [*TEA, row("tea", "ru", "китайско-вьетнамский чай с Хуаншани", "admitted")]),
    "G202": (
        [*TEA[:2], row("tea", "ru", "с чаем"), TEA[3]],
        [*TEA[:2], row("tea", "ru", "укреплять связи"), TEA[3]],
    ),
    "G203": ([*TEA[:2], row("tea", "ru", "чёрного чая"), TEA[3]], TEA),
    "G301": ([*TEA, row("tea", "en", "!!!", "admitted")], TEA),
    "G302": (
        [*TEA, row("tea", "en", "green tea leaf", "admitted", flags="accept-only")],
        [*TEA, row("tea", "en", "green tea leaves", "admitted", flags="accept-only")],
    ),
    "G303": (
        three("visit", "应…邀请", "по приглашению … из …", "at the invitation of"),
        three("visit", "应…邀请", "по приглашению …", "at the invitation of"),
    ),
    "G304": (
        [*TEA, row("tea", "zh", "茶", "admitted")],
        [*TEA, row("tea", "zh", "茶", "admitted", flags="accept-only"),
         row("tea", "en", "UN", "admitted")],
    ),
    "G401": ([*TEA, row("tea", "zh", "红茶", "admitted", evidence="")], TEA),
    "G402": (
        [*TEA, row("tea", "zh", "红茶", "admitted", evidence="http//a.example")],
        [*TEA, row("tea", "zh", "红茶", "admitted", evidence="https://a.example CLDR")],
    ),
    "G403": (
        [*TEA, row("tea", "zh", "红茶", "deprecated")],
        [*TEA, row("tea", "zh", "红茶", "deprecated", end="2001")],
    ),
    "G404": (
        [*TEA, row("tea", "zh", "红茶", "admitted", scope="XX")],
        [*TEA, row("tea", "zh", "红茶", "admitted", scope="KZ")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("code", CASES)
def test_a_rule_finds_what_it_is_for_and_leaves_its_neighbour_alone(code):
    wrong, right = CASES[code]
    assert code in {finding.code for finding in found(*wrong)}
    assert code not in {finding.code for finding in found(*right)}


def test_every_rule_has_a_case():
    of_terms = {code for _, _, codes, _ in table() for code in codes.split()}
    assert set(RULES) == of_terms | set(CASES)


def test_two_concepts_that_forbid_what_the_other_prefers_go_in_a_circle():
    rows = [
        *three("coal", "煤炭", "уголь", "coal"), row("coal", "zh", "石油", "forbidden"),
        *three("oil", "石油", "нефть", "oil"), row("oil", "zh", "煤炭", "forbidden"),
    ]  # fmt: skip
    codes = [finding.code for finding in found(*rows)]
    assert codes.count("G109") == 2 and codes.count("G111") == 1


def test_a_long_chain_of_relations_is_no_circle_and_no_crash():
    rows = []
    for number in range(3000):
        id, above = f"c{number}", f"c{number + 1}"
        rows += [own(id, flags=f"broader={above}"), row(id, "zh", "茶叶")]
    rows += [own("c3000"), row("c3000", "zh", "茶叶")]
    assert found(*rows, select=["G111", "G112"]) == []


@pytest.mark.parametrize(
    ("zh", "ru", "en", "near"),
    [
        ("战略伙伴关系", "отношения стратегического партнерства", "strategic partnerships", True),
        ("战略伙伴关糸", "отношение стратегического партнёрства", "strategic partnershp", True),
        ("战略火伴关系", "отношения стратегичекого партнёрства", "strategic partnership", True),
        ("战略伙伴关係", "отношения стратегического партнёрства", "strategic partner", False),
        ("战略伙伴关糸", "отношения партнёрства", "strategic partnership", False),
        ("战略合作伙伴", "отношения стратегического партнёрства", "strategic partnership", False),
    ],
)
def test_a_concept_typed_twice_with_slips_in_every_language_is_noticed(zh, ru, en, near):
    first = ("战略伙伴关系", "отношения стратегического партнёрства", "strategic partnership")
    codes = {f.code for f in found(*three("one", *first), *three("two", zh, ru, en))}
    assert bool(codes & {"G106", "G107"}) == near


def test_countries_and_dates_decide_before_a_finding_is_made():
    one = three("csp", "全面伙伴关系", "партнёрство", "partnership", **VN)
    other = three("csp_ru", "全面伙伴关系", "партнёрство", "partnership", **RU)
    assert not {"G106", "G108"} & {f.code for f in found(*one, *other)}
    early = three("csp", "全面伙伴关系", "партнёрство", "partnership", end="2010")
    late = three("csp_ru", "全面伙伴关系", "взаимодействие", "coordination", start="2011")
    assert "G108" not in {f.code for f in found(*early, *late)}


def test_a_finding_stands_at_its_cell():
    rows = [*TEA, row("tea", "en", "char", "admitted", scope="RU,XX")]
    (finding,) = found(*rows, select=["G404"])
    assert (finding.line, finding.concept, finding.lang) == (len(rows) + 2, "tea", "en")
    assert rows[-1][finding.column - 1 :].startswith("RU,XX")
    (finding,) = found(*[*TEA, row("tea", "zh", "红\u200b茶", "admitted")], select=["G002"])
    assert finding.column == len("tea\tzh\t红") + 1


def test_rows_that_cannot_be_read_are_told_and_the_others_looked_at():
    findings = found(*TEA, "x\ty", row("tea", "zh", "红茶", "wonderful"), row("tea", "en", "c  d"))
    assert [f.code for f in findings] == ["G001", "G001", "G003", "G103"]


def test_a_file_without_a_header_is_no_glossary():
    with pytest.raises(GlossaryError, match="no header"):
        found(text="# nothing\n")


def test_files_are_looked_at_together():
    base = "\n".join((HEADER, *TEA))
    more = "\n".join((HEADER, *three("cha", "茶叶", "травы", "herbs")))
    findings = lint([(base, "a.tsv"), (more, "b.tsv")])
    assert [(f.code, f.file) for f in findings] == [("G108", "b.tsv")]
    # A file that adds a word to a concept of another lacks nothing.
    added = "\n".join((HEADER, own("tea"), row("tea", "en", "char", "admitted")))
    assert lint([(base, "a.tsv"), (added, "b.tsv")]) == []
    assert {f.code for f in lint([(added, "b.tsv")])} == {"G101", "G102"}


def test_the_shipped_glossaries_have_no_errors():
    assert [f for f in lint_files(shipped_files()) if f.severity == "error"] == []


def test_a_comment_above_a_row_accepts_what_is_found_there_and_only_that():
    rows = [*TEA, *three("cha", "茶叶", "травы", "herbs")]
    assert [f.code for f in found(*rows)] == ["G108"]
    place = rows.index(row("cha", "zh", "茶叶"))
    assert found(*rows[:place], "# lint: ignore G108 one leaf", *rows[place:]) == []
    assert found(*rows[:4], "# lint: ignore G108", *rows[4:]) == []
    assert len(found("# lint: ignore G108", *rows)) == 1
    assert found(*rows[:place], '"# lint: ignore G101, G108"', "# more", *rows[place:]) == []
    for comment in ("# lint: ignore G101", "# ignore G108", "# lint: ignore"):
        assert [f.code for f in found(*rows[:place], comment, *rows[place:])] == ["G108"]
    other = row("cha", "zh", "茶水", "admitted")
    assert len(found(*rows[:place], "# lint: ignore G108", other, *rows[place:])) == 1


def test_a_second_look_finds_what_the_first_found_and_what_was_changed_since(
    tmp_path, monkeypatch
):
    from toolkit.glossary import lint as linting

    monkeypatch.setenv("TONGWEN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(linting, "_MANY", 1)
    path = tmp_path / "own.tsv"
    rows = [*TEA, *three("fish", "鱼类", "рыба", "fish")]
    rows += three("far", "远方", "с чаем", "far away")
    text = "\n".join((MARK, HEADER, *rows)) + "\n"
    path.write_text(text, encoding="utf-8")
    first = lint_files([path])
    assert [finding.code for finding in first] == ["G202"]
    looked = []
    real = linting.wording.unfound
    monkeypatch.setattr(
        linting.wording, "unfound", lambda concept: looked.append(concept.id) or real(concept)
    )
    assert lint_files([path]) == first and looked == ["far"]
    looked.clear()
    path.write_text(text.replace("рыба", "рыбами"), encoding="utf-8")
    assert [f.code for f in lint_files([path])] == ["G203", "G202"] and looked == ["fish", "far"]
    looked.clear()
    monkeypatch.setattr(linting, "_program", lambda: "another")
    lint_files([path])
    assert looked == ["tea", "fish", "far"]


# Mending.

letters = st.text(
    st.sampled_from(
        "茶一 \u3000\u00a0ab cosХXIVй\u0306её\"“”«»„‘()（）,，;：！⼈Ａ１\u200b\u00ad-=…\u0301"
    ),
    max_size=12,
)


@given(letters, st.sampled_from([*LANGS, ""]))
def test_mending_twice_is_mending_once_and_leaves_nothing_to_mend(text, lang):
    once = cells.mend(text, lang)
    assert cells.mend(once, lang) == once
    assert unicodedata.is_normalized("NFC", once)
    flaws = [*cells.of_text(once), *(cells.of_term(once, lang) if lang else ())]
    assert [flaw for flaw in flaws if flaw.mends] == []


@given(letters, st.sampled_from(LANGS))
def test_mending_changes_nothing_that_no_flaw_says(text, lang):
    text = text.strip()
    flaws = [*cells.of_text(text), *cells.of_term(text, lang)]
    if not [flaw for flaw in flaws if flaw.mends]:
        assert cells.mend(text, lang) == text


@given(letters, st.sampled_from(LANGS))
def test_no_flaw_is_missed_by_the_quick_look_at_the_line(text, lang):
    if "\t" not in text and [*cells.of_text(text), *cells.of_term(text, lang)] and text.strip():
        assert cells.suspect(f"tea\t{lang}\t{text}\tpreferred\t\t\t\t\t\t\t\t")


BAD = "\n".join(
    [HEADER, "# keep  me ", own("tea", note=" two  spaces"), row("tea", "zh", "茶\u200b水"),
     row("tea", "ru", "cладкий  чай", evidence=""), row("tea", "en", '"the ""red"" tea"'),
     row("tea", "en", "“half", "admitted"), "x\ty", ""]
)  # fmt: skip


def test_mending_a_file_touches_only_the_cells_that_need_it():
    sheet = Sheet(BAD, lenient=True)
    mend(sheet, set(RULES))
    assert sheet.text() == BAD.replace(" two  spaces", "two spaces").replace("\u200b", "").replace(
        "cладкий  чай", "сладкий чай"
    ).replace('"the ""red"" tea"', '"the “red” tea"').replace(
        "чай\tpreferred" + "\t" * 8, "чай\tpreferred" + "\t" * 8 + "unverified"
    )


def test_only_the_rules_chosen_are_mended():
    sheet = Sheet(BAD, lenient=True)
    mend(sheet, {"G401"})
    assert [len(part) for part in sheet.changes()] == [1, 1]


# The command.


def run(*arguments):
    return CliRunner().invoke(main, ["glossary", "lint", *map(str, arguments)])


@pytest.fixture
def bad(tmp_path):
    path = tmp_path / "bad.tsv"
    path.write_bytes(BAD.replace("\n", "\r\n").encode("utf-8-sig"))
    return path


def test_the_command_names_places_and_counts(bad):
    result = run(bad)
    assert result.exit_code == 1
    assert re.search(r"bad\.tsv:4:9: G002 error: tea: term: U\+200B", result.stdout)
    assert "info (see them with --all)" in result.stderr
    assert run(bad, "--select", "G113").exit_code == 0
    assert run(bad, "--fail-on", "never").exit_code == 0
    record = json.loads(run(bad, "--format", "json").stdout)
    assert record["counts"]["error"] == sum(f["severity"] == "error" for f in record["findings"])


def test_fix_keeps_encoding_and_line_ends_and_a_dry_run_writes_nothing(bad):
    before = bad.read_bytes()
    result = run(bad, "--fix", "--dry-run")
    assert "+tea\tru\tсладкий чай" in result.stdout and bad.read_bytes() == before
    result = run(bad, "--fix", "--diff")
    after = bad.read_bytes()
    assert after.startswith(b"\xef\xbb\xbf") and after.count(b"\r\n") == before.count(b"\r\n")
    assert "сладкий чай" in after.decode() and "“half" in after.decode()
    assert run(bad, "--fix").stderr.startswith(f"{bad}: nothing to change")
    events = (bad.parent / "bad.history.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["action"] for line in events] == ["lint"]


def test_the_shipped_files_are_looked_at_but_not_mended_by_their_word():
    assert run("--select", "G005").exit_code == 0
    result = run("shipped", "--fix")
    assert result.exit_code == 2 and "read-only" in result.stderr


def test_an_unknown_rule_is_refused(bad):
    assert run(bad, "--select", "T001").exit_code == 2
