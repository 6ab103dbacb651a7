"""New concepts are found in aligned texts: fixed phrases, in all languages, unknown ones."""

import itertools
import json

import pytest
from click.testing import CliRunner

from toolkit.cli import main
from toolkit.errors import GlossaryError
from toolkit.glossary.concept import Concept, Glossary, Term
from toolkit.glossary.extract.association import dice, log_likelihood
from toolkit.glossary.extract.candidates import extract
from toolkit.glossary.extract.forms import citation, nominatives
from toolkit.glossary.extract.phrases import is_whole
from toolkit.glossary.store import load

# A concept in every inflection, in sentences that share nothing else, and another concept whose
# parts stand elsewhere too.
SENTENCES = [
    ("双方讨论了粮食走廊的问题。", "Стороны обсудили вопрос о зерновом коридоре.",
     "The two sides discussed the grain corridor."),
    ("粮食走廊正在建设。", "Зерновой коридор строится.", "The grain corridor is being built."),
    ("专家介绍了粮食走廊。", "Эксперты рассказали о зерновом коридоре.",
     "Experts described the grain corridor."),
    ("企业需要粮食走廊。", "Предприятиям нужен зерновой коридор.",
     "Companies need a grain corridor."),
    ("去年粮食产量增加。", "В прошлом году сбор зерна вырос.", "Last year the harvest grew."),
    ("医院购买了新设备。", "Больница купила новое оборудование.",
     "The hospital bought equipment."),
    ("新设备来自喀山。", "Новое оборудование привезли из Казани.", "Equipment came from Kazan."),
    ("会议在喀山举行。", "Встреча прошла в Казани.", "The meeting took place in Kazan."),
    ("喀山有新地铁。", "В Казани новое метро.", "Kazan has a new metro."),
]  # fmt: skip
ROWS = [dict(zip(("zh", "ru", "en"), row, strict=True)) for row in SENTENCES]


def texts(candidate):
    return {r.lang: r.text for r in reversed(candidate.renderings)}


def test_a_fixed_phrase_is_found_in_three_languages_and_cited_in_the_nominative():
    found = [texts(c) for c in extract(ROWS)]
    assert {"zh": "粮食走廊", "ru": "зерновой коридор", "en": "grain corridor"} in found
    assert {"zh": "喀山", "ru": "Казань", "en": "Kazan"} in found


def test_places_are_where_the_forms_stand():
    candidate = next(c for c in extract(ROWS) if texts(c)["zh"] == "粮食走廊")
    assert candidate.beads == (0, 1, 2, 3)
    ru = candidate.best("ru")
    assert [ROWS[n]["ru"][a:b] for n, a, b in ru.places] == [
        "зерновом коридоре", "Зерновой коридор", "зерновом коридоре", "зерновой коридор",
    ]  # fmt: skip
    assert ru.count == 4


def test_what_the_glossary_knows_is_left_out():
    glossary = Glossary((Concept("kazan", "place", (
        Term("zh", "喀山", "preferred"), Term("ru", "Казань", "preferred"),
        Term("en", "Kazan", "preferred"),
    )),))  # fmt: skip
    found = [texts(c)["zh"] for c in extract(ROWS, glossary)]
    assert "粮食走廊" in found
    assert not any("喀山" in text for text in found)


def test_a_part_of_a_longer_candidate_is_none_unless_it_stands_alone():
    inner = [c for c in extract(ROWS) if texts(c)["zh"] in ("走廊", "粮食")]
    assert inner == []
    more = ROWS + [
        {"zh": f"走廊{a}。", "ru": f"Коридор {b}.", "en": f"The corridor {c}."}
        for a, b, c in (("很长", "длинный", "looks long"), ("安静", "тихий", "seems quiet"),
                        ("明亮", "светлый", "looks bright"), ("干净", "чистый", "seems clean"))
    ]  # fmt: skip
    found = [texts(c) for c in extract(more)]
    assert {"zh": "走廊", "ru": "коридор", "en": "corridor"} in found
    assert {"zh": "粮食走廊", "ru": "зерновой коридор", "en": "grain corridor"} in found


def test_a_second_rendering_is_found_where_the_first_is_missing():
    rows = ROWS + [
        {"zh": f"粮食走廊{a}。", "ru": f"Хлебный путь {b}.", "en": f"The grain corridor {c}."}
        for a, b, c in (("开通", "открыт", "opened"), ("关闭", "закрыт", "closed"),
                        ("扩大", "расширен", "widened"))
    ]  # fmt: skip
    candidate = next(c for c in extract(rows) if texts(c)["zh"] == "粮食走廊")
    assert {r.text for r in candidate.renderings if r.lang == "ru"} == {
        "зерновой коридор", "хлебный путь",
    }  # fmt: skip


def test_two_languages_are_enough_and_one_is_an_error():
    rows = [{lang: row[lang] for lang in ("ru", "en")} for row in ROWS]
    assert {"ru": "зерновой коридор", "en": "grain corridor"} in map(texts, extract(rows))
    with pytest.raises(GlossaryError, match="two languages"):
        extract([{"ru": row["ru"]} for row in ROWS])


def test_the_order_of_beads_and_strange_rows_change_nothing():
    plain = [(texts(c), round(c.score, 9)) for c in extract(ROWS)]
    turned = [(texts(c), round(c.score, 9)) for c in extract(ROWS[::-1])]
    assert sorted(map(repr, plain)) == sorted(map(repr, turned))
    strange = [{}, {"zh": ""}, {"ru": "…"}, {"en": "1 2 3"}, {"zh": "\u200b", "ru": "", "en": "."}]
    assert [t for t, _ in plain] == [texts(c) for c in extract(ROWS + strange)]


def test_a_measure_behind_a_number_is_no_term():
    rows = [
        {"zh": f"贸易额为{n}亿卢布。", "ru": f"Оборот составил {n} млрд рублей.",
         "en": f"Trade was {n} billion rubles."} for n in range(2, 9)
    ]  # fmt: skip
    found = "".join(r.text for c in extract(rows) for r in c.renderings)
    assert "亿" not in found and "млрд" not in found


@pytest.mark.parametrize(
    ("phrase", "form"),
    [
        ("зерновом коридоре", "зерновой коридор"),
        ("международному праву", "международное право"),
        ("изменения климата", "изменение климата"),
        ("соглашением о свободной торговле", "соглашение о свободной торговле"),
        ("суверенитета и территориальной целостности",
         "суверенитет и территориальная целостность"),
        ("малых и средних предприятий", "малые и средние предприятия"),
        ("торгово-экономического сотрудничества", "торгово-экономическое сотрудничество"),
        ("Санкт-Петербурге", "Санкт-Петербург"),
        ("МАГАТЭ", "МАГАТЭ"),
        ("двусторонним отношениям", "двусторонние отношения"),
    ],
)
def test_a_russian_phrase_in_the_nominative(phrase, form):
    assert form in nominatives(phrase)


def test_the_form_that_all_cases_can_be_is_the_one_cited():
    assert citation([("Ливана", 5), ("Ливане", 9), ("Ливан", 0), ("Ливаном", 7)], "ru") == "Ливан"
    assert citation([("The Silk Road", 0), ("the Silk Road", 8)], "en") == "Silk Road"
    assert citation([("Grain corridors", 0), ("grain corridors", 8)], "en") == "grain corridors"


@pytest.mark.parametrize(
    ("lang", "keys", "whole"),
    [
        ("zh", "和平共处", True), ("zh", "与俄罗斯", False), ("zh", "俄罗斯的", False),
        ("zh", "关于", True), ("zh", "在北京", False), ("zh", "第三次会议", False),
        ("en", "of law", False), ("en", "rule of law", True), ("en", "rule of", False),
        ("en", "244.8 billion", False), ("ru", "о сотрудничество", False),
        ("ru", "договор о дружба", True), ("ru", "этот договор", False), ("ru", "красивый", False),
    ],
)  # fmt: skip
def test_what_can_be_a_term(lang, keys, whole):
    assert is_whole(tuple(keys) if lang == "zh" else tuple(keys.split()), lang) is whole


def test_measures_of_association():
    assert dice(5, 5, 5, 100) == pytest.approx(10 / 11)
    assert dice(2, 2, 2, 100) < dice(20, 20, 20, 100)
    assert log_likelihood(1, 10, 10, 100) == 0.0  # what chance would give
    # By hand, for the table 3 1 / 1 5 with 1.6 2.4 / 2.4 3.6 expected: 2 Σ O ln(O/E).
    assert log_likelihood(3, 4, 4, 10) == pytest.approx(3.5548, abs=1e-3)
    for both, left, right in itertools.product(range(4), range(3, 6), range(3, 6)):
        assert log_likelihood(both, left, right, 30) == pytest.approx(
            log_likelihood(both, right, left, 30)
        )


def test_a_queue_is_approved_and_rejected_and_the_rejected_never_comes_again(tmp_path):
    corpus, queue = tmp_path / "talks.tsv", tmp_path / "queue.tsv"
    lines = ["zh\tru\ten", *("\t".join(row) for row in SENTENCES)]
    corpus.write_text("\n".join(lines) + "\n", encoding="utf-8")
    runner = CliRunner()
    empty = tmp_path / "known.tsv"
    runner.invoke(main, f"glossary add x --domain d --en qqq -g {empty}".split())
    command = ["glossary", "extract", str(corpus), "-g", str(empty), "-o", str(queue)]
    dry = runner.invoke(main, [*command, "--dry-run"])
    assert dry.exit_code == 0 and not queue.exists()
    assert "+grain_corridor\tzh\t粮食走廊" in dry.stdout
    assert runner.invoke(main, command).exit_code == 0
    assert load([queue]).concepts == ()  # proposed only: nothing sees them yet
    ids = {c.id: c for c in load([queue], proposed=True).concepts}
    assert ids["grain_corridor"].terms[0].evidence[:2] == ("talks.tsv:2", "talks.tsv:3")
    for decision in (["approve", "grain_corridor"], ["reject", "kazan"]):
        assert runner.invoke(main, ["glossary", *decision, "-g", str(queue)]).exit_code == 0
    again = runner.invoke(main, command)
    assert "rejected before" in again.stderr
    after = load([queue], proposed=True)
    assert after.concept("kazan") is None
    assert [t.status for t in after.concept("grain_corridor").terms] == ["preferred"] * 3
    assert len(after.concepts) == len(ids) - 1
    actions = [
        json.loads(line)["action"]
        for line in (tmp_path / "queue.history.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert actions == ["extract", "approve", "reject"]


@pytest.mark.parametrize("suffix", [".tsv", ".jsonl", ".tmx"])
def test_every_kind_of_aligned_file_is_read(suffix, tmp_path):
    path = tmp_path / f"talks{suffix}"
    if suffix == ".tsv":
        lines = ["zh\tru\ten", *("\t".join(row) for row in SENTENCES)]
    elif suffix == ".jsonl":
        lines = [json.dumps({"text": row}, ensure_ascii=False) for row in ROWS]
    else:
        units = [
            "<tu>" + "".join(f'<tuv xml:lang="{k}"><seg>{v}</seg></tuv>' for k, v in row.items())
            + "</tu>" for row in ROWS
        ]  # fmt: skip
        lines = ['<tmx version="1.4"><header/><body>', *units, "</body></tmx>"]
    path.write_text("\n".join(lines), encoding="utf-8")
    run = CliRunner().invoke(main, ["glossary", "extract", str(path), "--format", "json"])
    assert run.exit_code == 0, run.output
    candidates = json.loads(run.stdout)["candidates"]
    corridor = next(c for c in candidates if c["renderings"][0]["text"] == "粮食走廊")
    first = {".tsv": 2, ".jsonl": 1, ".tmx": 2}[suffix]
    assert corridor["beads"] == [f"talks{suffix}:{first + n}" for n in range(4)]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("a.tsv", "zh\tru\n", 2), ("a.txt", "x", 2), ("a.tsv", "zh\tru\n茶\tчай\n", 2),
     ("a.tsv", "zh\tru\n茶茶\tчай\n咖啡\tкофе\n", 1)],
)  # fmt: skip
def test_too_little_is_said_so(name, content, code, tmp_path):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    run = CliRunner().invoke(main, ["glossary", "extract", str(path)])
    assert run.exit_code == code, run.output
    assert isinstance(run.exception, SystemExit) and run.stderr
