"""Ways from one language to another: which is taken, and what survives a third language."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from toolkit.cli import main
from toolkit.errors import ModelError
from toolkit.glossary.concept import Concept, Glossary, Term
from toolkit.glossary.match import Matcher
from toolkit.translate import route
from toolkit.translate.document import Translator
from toolkit.translate.engine import Engine, starter
from toolkit.translate.models.registry import Registry


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Three packages of the shipped model as a stock one: zh-en, en-ru, zh-ru."""
    root = tmp_path_factory.mktemp("models")
    registry = Registry(root / "home")
    for source, target in (("zh", "en"), ("en", "ru"), ("zh", "ru")):
        folder = root / f"{source}-{target}"
        folder.mkdir()
        shutil.copytree(starter(), folder / "model")
        path = folder / "model" / "shared_vocabulary.json"
        pieces = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps(["▁9" if p == "<9>" else p for p in pieces]), encoding="utf-8")
        metadata = {"from_code": source, "to_code": target, "package_version": "1.0"}
        (folder / "metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
        registry.install(folder, folder.name, "test")
    return registry.home


@pytest.fixture
def registry(home):
    return Registry(home)


def test_a_straight_way_comes_first_until_another_measured_better(registry):
    assert [way.name for way in route.routes(registry, "zh", "ru")] == ["zh-ru", "zh-en+en-ru"]
    registry.note("zh-en", {"chrf zh-en": 60})
    registry.note("en-ru", {"chrf en-ru": 50})
    ways = route.routes(registry, "zh", "ru")
    assert [(way.name, way.via, way.measured) for way in ways] == [
        ("zh-en+en-ru", "en", 50.0), ("zh-ru", "", None),
    ]  # fmt: skip
    registry.note("zh-ru", {"chrf zh-ru": 55})
    assert route.best(registry, "zh", "ru").name == "zh-ru"
    registry.note("zh-ru", {"chrf zh-ru": 45})
    assert route.best(registry, "zh", "ru").name == "zh-en+en-ru"
    assert route.best(registry, "ru", "zh").name == "starter"


def test_two_models_that_do_not_meet_are_refused(registry):
    assert isinstance(route.engine(registry, "zh-en+en-ru", "zh", "ru"), route.Pivot)
    with pytest.raises(ModelError, match="nothing is neither"):
        route.engine(registry, "zh-en+nothing", "zh", "ru")
    for name in ("en-ru+zh-en", "zh-en+zh-en"):
        with pytest.raises(ModelError, match="do not lead"):
            route.engine(registry, name, "zh", "ru")
    with pytest.raises(ModelError, match="two models"):
        route.engine(registry, "a+b+c", "zh", "ru")


def concept(id, zh, ru, en):
    terms = (Term("zh", zh, "preferred"), Term("ru", ru, "preferred"), Term("en", en, "preferred"))
    return Concept(id, "term", terms)


# One English phrase for two: what only the English text shows cannot decide between them.
TWINS = Glossary((
    concept("hezuo", "战略合作", "стратегическое сотрудничество", "strategic cooperation"),
    concept("xiezuo", "战略协作", "стратегическое взаимодействие", "strategic cooperation"),
))  # fmt: skip


@pytest.mark.parametrize(
    ("text", "id", "stem", "other"),
    [
        ("双方同意加强战略协作。", "xiezuo", "взаимодействи", "сотрудничеств"),
        ("双方同意加强战略合作。", "hezuo", "сотрудничеств", "взаимодействи"),
    ],
)
def test_a_phrase_keeps_its_concept_through_a_third_language(registry, text, id, stem, other):
    engine = route.engine(registry, "zh-en+en-ru", "zh", "ru")
    translator = Translator("zh", "ru", Matcher(TWINS), engine, patterns=False)
    (draft,) = translator.translate([text])
    assert draft.origin == "model"
    assert any(note.startswith("by way of en:") for note in draft.notes)
    assert [(p.concept, p.placed) for p in draft.placements] == [(id, True)]
    assert "стратегическ" in draft.target.lower() and stem in draft.target
    assert other not in draft.target
    (trace,) = draft.traces
    assert trace.source == text[6:10] and draft.target[trace.start : trace.end] == trace.form


def test_the_command_takes_a_pair_and_chooses_by_itself(home, tmp_path, monkeypatch):
    monkeypatch.setenv("TONGWEN_MODELS", str(home))
    monkeypatch.chdir(tmp_path)
    Path("a.zh.txt").write_text("双方同意加强合作。\n", encoding="utf-8")
    base = ["translate", "a.zh.txt", "--to", "ru", "--no-memory", "--no-patterns", "--model"]
    pair = CliRunner().invoke(main, [*base, "zh-en+en-ru"])
    assert pair.exit_code == 0 and "by way of en: " in pair.stderr
    chosen = CliRunner().invoke(main, [*base, "auto"])
    assert chosen.exit_code == 0 and "model: zh-" in chosen.stderr
    journaled = CliRunner().invoke(main, [*base, "zh-en+en-ru", "--journal", "j"])
    assert journaled.stdout == pair.stdout
    wrong = CliRunner().invoke(main, [*base, "en-ru+zh-en"])
    assert wrong.exit_code == 2 and "do not lead" in wrong.stderr


def test_bench_measures_the_marks_a_stock_model_carries(home, monkeypatch):
    monkeypatch.setenv("TONGWEN_MODELS", str(home))
    done = CliRunner().invoke(main, ["models", "bench", "zh-en", "--seconds", "0.1"])
    assert done.exit_code == 0, done.output
    assert "fastest: " in done.stdout and "terms: marks like" in done.stdout
    told = CliRunner().invoke(main, ["models", "info", "zh-en", "--format", "json"])
    measured = json.loads(told.stdout)["measured"]
    assert 0 <= measured["marks zh-en"] <= 1 and measured["threads"] >= 1


def test_one_model_is_no_pair(registry):
    assert isinstance(route.engine(registry, "zh-ru", "zh", "ru"), Engine)
