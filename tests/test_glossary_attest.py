"""Every use of a rendering is found with place and date; a change is told, chance is not."""

import json
import random

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from toolkit.cli import main
from toolkit.errors import FileError
from toolkit.glossary.attest import folder
from toolkit.glossary.attest.drift import bar, change_points, chi_squared, drift
from toolkit.glossary.attest.uses import attest
from toolkit.glossary.concept import Concept, Glossary, Term

CORRIDOR = Concept("corridor", "trade", (
    Term("zh", "粮食走廊", "preferred"),
    Term("ru", "зерновой коридор", "preferred"),
    Term("ru", "хлебный путь", "deprecated"),
    Term("ru", "зерновая дорога", "forbidden", scope=("RU",)),
    Term("ru", "зерновой мост", "proposed"),
    Term("en", "grain corridor", "preferred"),
    Term("en", "the grain corridor", "admitted"),
))  # fmt: skip
LONGER = Concept("new_corridor", "trade", (
    Term("zh", "新陆路粮食走廊", "preferred"), Term("ru", "новый зерновой коридор", "preferred"),
))  # fmt: skip
GLOSSARY = Glossary((CORRIDOR, LONGER))


def dispatches(tmp_path, months, form="Стороны обсудили {}. Встреча прошла в Москве."):
    for number, (month, rendering) in enumerate(months):
        (tmp_path / f"{month}-{number + 1:02}.ru.txt").write_text(
            "Заголовок\n\n" + form.format(rendering) + "\n", encoding="utf-8"
        )


def test_every_status_in_every_inflection_is_found_with_its_place(tmp_path):
    text = (
        "Итоги\n\nО зерновом коридоре говорили все.\n"
        "Раньше был хлебный путь, потом зерновую дорогу забыли, а зернового моста нет.\n"
    )
    (tmp_path / "2024-03-05.ru.txt").write_text(text, encoding="utf-8")
    units = folder.read([tmp_path])
    found = attest(CORRIDOR, GLOSSARY, units)
    assert [(use.term.text, use.line, use.column, use.found) for use in found.uses] == [
        ("зерновой коридор", 3, 3, "зерновом коридоре"),
        ("хлебный путь", 4, 12, "хлебный путь"),
        ("зерновая дорога", 4, 32, "зерновую дорогу"),
        ("зерновой мост", 4, 58, "зернового моста"),
    ]
    assert {str(use.date) for use in found.uses} == {"2024-03-05"}
    for use in found.uses:
        assert use.context[use.start : use.end] == use.found
        assert text.splitlines()[use.line - 1][use.column - 1 :].startswith(use.found)


def test_what_is_part_of_another_concepts_term_is_no_use(tmp_path):
    (tmp_path / "a.ru.txt").write_text("Открыт новый зерновой коридор.\n", encoding="utf-8")
    units = folder.read([tmp_path])
    assert attest(CORRIDOR, GLOSSARY, units).uses == ()
    assert len(attest(LONGER, GLOSSARY, units).uses) == 1


def test_beads_without_a_known_rendering_are_told(tmp_path):
    (tmp_path / "talks.tsv").write_text(
        "zh\tru\ten\n粮食走廊开通\tОткрыт зерновой коридор\tA new road opened\n"
        "粮食走廊\t\tgrain corridor\n茶\tчай\ttea\n", encoding="utf-8",
    )  # fmt: skip
    found = attest(CORRIDOR, GLOSSARY, folder.read([tmp_path]))
    assert [(use.term.lang, use.line) for use in found.uses] == [
        ("zh", 2), ("ru", 2), ("zh", 3), ("en", 3),
    ]  # fmt: skip
    (gap,) = found.gaps
    assert (gap.lang, gap.line, gap.text) == ("en", 2, "A new road opened")


def test_terms_that_match_the_same_text_are_told_apart_by_spelling(tmp_path):
    concept = Concept("corridor", "trade", (
        Term("en", "grain corridor", "preferred"), Term("en", "grain-corridor", "deprecated"),
    ))  # fmt: skip
    (tmp_path / "a.en.txt").write_text(
        "A grain corridor opened. The grain-corridor closed.\n", encoding="utf-8"
    )
    found = attest(concept, Glossary((concept,)), folder.read([tmp_path]))
    assert [use.term.status for use in found.uses] == ["preferred", "deprecated"]


def test_versions_and_their_aligned_file_are_one_dispatch_and_count_once(tmp_path):
    (tmp_path / "x.ru.txt").write_text("Зерновой коридор открыт.\n", encoding="utf-8")
    (tmp_path / "x.zh.txt").write_text(
        "新华社北京2023年5月4日电 粮食走廊开通。\n", encoding="utf-8"
    )
    (tmp_path / "x.tsv").write_text(
        "zh\tru\n粮食走廊开通。\tЗерновой коридор открыт.\n", encoding="utf-8"
    )
    units = folder.read([tmp_path])
    assert [unit.id for unit in units] == ["x"]
    found = attest(CORRIDOR, GLOSSARY, units)
    assert [(use.term.lang, use.file[-5:], use.line) for use in found.uses] == [
        ("zh", "x.tsv", 2), ("ru", "x.tsv", 2),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "date"),
    [("2023-05-04.ru.txt", "2023-05-04"), ("talks_20230504.ru.txt", "2023-05-04"),
     ("2023-05 talks.ru.txt", "2023-05-01"), ("talks.ru.txt", "None"),
     ("1234567890.ru.txt", "None"), ("2023-02-31.ru.txt", "None"), ("v2.2023.ru.txt", "None")],
)  # fmt: skip
def test_a_name_may_say_the_date(name, date, tmp_path):
    (tmp_path / name).write_text("Зерновой коридор.\n", encoding="utf-8")
    assert str(folder.read([tmp_path / name])[0].date) == date


def test_what_cannot_be_read_is_told_and_the_rest_is_read(tmp_path):
    (tmp_path / "a.ru.txt").write_text("Зерновой коридор.\n", encoding="utf-8")
    (tmp_path / "empty.ru.txt").write_bytes(b"")
    (tmp_path / "b.tmx").write_bytes(b"<tmx")
    (tmp_path / ".hidden.ru.txt").write_text("Зерновой коридор.\n", encoding="utf-8")
    told = []
    assert [unit.id for unit in folder.read([tmp_path], told.append)] == ["a"]
    assert len(told) == 2 and all("left out" in line for line in told)
    with pytest.raises(FileError, match="no such file"):
        folder.read([tmp_path / "nowhere"])


def test_a_change_of_usage_is_found_in_its_month(tmp_path):
    months = [f"2022-{m:02}" for m in range(1, 13)] + [f"2023-{m:02}" for m in range(1, 13)]
    dispatches(tmp_path, [
        (month, "хлебный путь" if month < "2022-09" else "зерновой коридор") for month in months
    ])  # fmt: skip
    found = attest(CORRIDOR, GLOSSARY, folder.read([tmp_path]))
    (one,) = drift(found.uses)
    assert one.periods == tuple(months)
    (change,) = one.changes
    assert change.period == "2022-09"
    assert change.before == (0.0, 1.0) and change.after == (1.0, 0.0)
    assert change.p < 0.001
    assert [c.period for c in drift(found.uses, by="year")[0].changes] == ["2023"]


def test_there_and_back_again_is_two_changes():
    counts = [(5, 0)] * 4 + [(0, 5)] * 4 + [(5, 0)] * 4
    periods = [f"2020-{n:02}" for n in range(1, 13)]
    assert [c.period for c in change_points(periods, counts)] == ["2020-05", "2020-09"]


def test_chance_is_no_change():
    source = random.Random(7)
    found = 0
    for _ in range(200):
        counts = []
        for _ in range(18):
            total = source.randint(0, 6)
            first = sum(source.random() < 0.6 for _ in range(total))
            counts.append((first, total - first))
        found += bool(change_points([f"{n:02}" for n in range(18)], counts))
    assert found <= 16  # of 200, where five in a hundred are allowed


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=24))
def test_changes_are_in_order_and_their_shares_are_those_of_the_counts(counts):
    periods = [f"{n:03}" for n in range(len(counts))]
    changes = change_points(periods, counts)
    starts = [0, *(periods.index(c.period) for c in changes), len(counts)]
    assert starts == sorted(set(starts)) or not counts
    for number, change in enumerate(changes):
        left = counts[starts[number] : starts[number + 1]]
        total = sum(map(sum, left))
        assert change.before[0] == pytest.approx(sum(row[0] for row in left) / total)
        assert sum(change.after) == pytest.approx(1)


@pytest.mark.parametrize(
    ("value", "freedom", "p"),
    [(3.841459, 1, 0.05), (5.991465, 2, 0.05), (18.307038, 10, 0.05), (6.634897, 1, 0.01),
     (0.0039321, 1, 0.95), (40.0, 2, 2.0612e-9), (0.0, 3, 1.0)],
)  # fmt: skip
def test_chi_squared_as_in_the_tables(value, freedom, p):
    assert chi_squared(value, freedom) == pytest.approx(p, rel=1e-4)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=6), st.integers(1, 60))
def test_a_bar_is_as_long_as_its_share_of_the_longest(counts, width):
    most = max(sum(counts), 60)
    drawn = bar(counts, most, width)
    total = sum(counts)
    assert len(drawn) == (max(1, round(width * total / most)) if total else 0)


def test_the_commands_show_table_plot_and_page(tmp_path):
    texts = tmp_path / "texts"
    texts.mkdir()
    months = [f"2022-{m:02}" for m in range(1, 13)]
    dispatches(texts, [
        (m, "хлебный путь" if m < "2022-07" else "зерновой коридор") for m in months
    ])  # fmt: skip
    own = tmp_path / "own.tsv"
    runner = CliRunner()
    for line in (
        ["add", "corridor", "--domain", "trade", "--ru", "зерновой коридор", "-g", str(own)],
        ["add", "corridor", "--ru", "хлебный путь", "--status", "deprecated", "-g", str(own)],
    ):
        assert runner.invoke(main, ["glossary", *line]).exit_code == 0
    common = ["corridor", str(texts), "-g", str(own)]
    page = tmp_path / "drift.html"
    run = runner.invoke(main, ["glossary", "drift", *common, "--html", str(page)])
    assert run.exit_code == 0, run.output
    assert "-- change in 2022-07: █ 0% to 100%, ▓ 100% to 0%" in run.stdout
    assert "2022-01   .   1  ▓▓▓" in run.stdout and "2022-12   1   .  ███" in run.stdout
    html = page.read_text(encoding="utf-8")
    assert html.count("<rect") == 12 and "Change in 2022-07" in html and "<script" not in html
    told = runner.invoke(main, ["glossary", "drift", *common, "--format", "json"]).stdout
    record = json.loads(told)
    assert record["languages"][0]["changes"][0]["period"] == "2022-07"
    tsv = runner.invoke(main, ["glossary", "drift", *common, "--format", "tsv"]).stdout
    assert "ru\t2022-01\tхлебный путь\tdeprecated\t1" in tsv.splitlines()
    seen = runner.invoke(main, ["glossary", "attest", *common, "--limit", "2"])
    assert "хлебный путь  deprecated" in seen.stdout and ": 6 in 6 dispatches" in seen.stdout
    assert "2022-01-01.ru.txt:3:18: Заголовок  Стороны обсудили [хлебный путь]." in seen.stdout
    assert "and 4 more" in seen.stdout
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.ru.txt").write_text("Ничего нет.\n", encoding="utf-8")
    none = runner.invoke(
        main, ["glossary", "attest", "corridor", str(tmp_path / "other"), "-g", str(own)]
    )
    assert none.exit_code == 1


def test_a_concept_is_seen_giving_way_to_another(tmp_path):
    texts = tmp_path / "texts"
    texts.mkdir()
    months = [f"2022-{m:02}" for m in range(1, 13)]
    dispatches(texts, [
        (m, "зерновой коридор" if m < "2022-05" else "новый зерновой коридор") for m in months
    ])  # fmt: skip
    own = tmp_path / "own.tsv"
    runner = CliRunner()
    for id, term in (("old", "зерновой коридор"), ("new", "новый зерновой коридор")):
        line = ["add", id, "--domain", "trade", "--ru", term, "-g", str(own)]
        assert runner.invoke(main, ["glossary", *line]).exit_code == 0
    command = ["glossary", "drift", "old", str(texts), "-g", str(own), "--format", "json"]
    alone = json.loads(runner.invoke(main, command).stdout)["languages"][0]
    assert sum(sum(row["counts"]) for row in alone["periods"]) == 4 and alone["changes"] == []
    both = json.loads(runner.invoke(main, [*command, "--with", "new"]).stdout)["languages"][0]
    assert [change["period"] for change in both["changes"]] == ["2022-05"]


def test_a_page_shows_no_markup_of_the_texts(tmp_path):
    from toolkit.report.drift_page import page

    (tmp_path / "a.ru.txt").write_text(
        "Зерновой коридор <script>alert(1)</script> открыт.\n", encoding="utf-8"
    )
    found = attest(CORRIDOR, GLOSSARY, folder.read([tmp_path]))
    html = page(found, drift(found.uses), by="month")
    assert "<script" not in html and "&lt;script&gt;" in html
