"""Translation memories on disk: nothing lost, nothing twice, everything found."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.cli import main
from toolkit.errors import FileError
from toolkit.glossary.match import Matcher
from toolkit.glossary.store import load
from toolkit.translate.document import Translator
from toolkit.translate.tm import match, tmx, words
from toolkit.translate.tm.match import StoredMemory
from toolkit.translate.tm.store import Store, Unit

MATCHER = Matcher(load(None))
MEETING = {
    "zh": "中俄总理定期会晤委员会第二十九次会议在宁波举行。",
    "ru": "В Нинбо прошло 29-е заседание Комиссии.",
    "en": "The 29th meeting of the committee was held in Ningbo.",
}
COORDINATION = {
    "zh": "双方将加强战略协作。",
    "ru": "Стороны будут укреплять стратегическое взаимодействие.",
    "en": "The two sides will strengthen strategic coordination.",
}
texts = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), min_size=1
).filter(lambda text: text.strip() and text.split() and any(c.isalnum() for c in text))
units = st.fixed_dictionaries({"zh": texts, "ru": texts}, optional={"en": texts})


def store(*found: dict, **marks: str) -> Store:
    made = Store(":memory:", create=True)
    made.add(Unit(texts, **marks) for texts in found)
    return made


def run(*arguments: object):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.mark.parametrize(
    ("query", "lang"),
    [
        ("协作", "zh"), ("協作", "zh"), ("作", "zh"), ("战略协作", "zh"),
        ("взаимодействия", "ru"), ("стратегическому взаимодействию", "ru"),
        ("side", "en"), ("COORDINATION", "en"),
    ],
)  # fmt: skip
def test_words_are_found_in_any_form_and_two_characters_too(query, lang):
    (unit,) = store(MEETING, COORDINATION).concordance(query, lang)
    assert unit.texts == COORDINATION


@pytest.mark.parametrize(
    ("query", "lang"), [("作战", "zh"), ("合作", "zh"), ("", "zh"), ("…", "ru")]
)
def test_what_is_not_there_is_not_found(query, lang):
    assert store(MEETING, COORDINATION).concordance(query, lang) == []


def test_the_same_unit_is_kept_once_and_another_translation_beside_it():
    memory = store(MEETING)
    told = memory.add([Unit(MEETING), Unit(MEETING | {"en": "Another."}), Unit({"zh": "独"})])
    assert (told.added, told.known) == (1, 1)
    assert told.refused == Counter({"fewer than two languages": 1})
    ((one, other),) = memory.conflicts("zh", "en")
    assert {one.texts["en"], other.texts["en"]} == {MEETING["en"], "Another."}
    assert list(memory.conflicts("zh", "ru")) == []


def test_a_fuzzy_match_shows_what_to_change_and_terms_cost_more_than_figures():
    memory = store(MEETING, COORDINATION)
    text = "中俄总理定期会晤委员会第三十次会议在哈尔滨举行。"
    (found,) = match.find(memory, text, "zh", "ru", matcher=MATCHER)
    assert found.unit.texts == MEETING and 70 <= found.score < 90 and not found.exact
    assert "[-宁波-]{+哈尔滨+}" in found.difference
    (same,) = match.find(memory, MEETING["zh"].replace("。", "｡"), "zh", "ru")
    assert (same.score, same.exact) == (100.0, True)
    unit = {"zh": "两国深化全面战略协作伙伴关系。", "ru": "Две страны углубляют отношения."}
    memory = store(unit)

    def score(text: str) -> float:
        return match.find(memory, text, "zh", "ru", matcher=MATCHER)[0].score

    term = score("两国深化全面战略合作伙伴关系。")
    word = score("两国发化全面战略协作伙伴关系。")
    assert term < word < 100


def test_a_file_serves_the_translator_exact_and_repaired(tmp_path):
    path = tmp_path / "mine.tm"
    with Store(path, create=True) as memory:
        memory.add([Unit(COORDINATION), Unit({
            "zh": "2024年中国同越南双边贸易额达2606亿美元。",
            "en": "China's trade with Vietnam reached 260.6 billion U.S. dollars in 2024.",
        })])  # fmt: skip
    with Store(path) as memory:
        drafts = Translator("zh", "en", MATCHER, None, StoredMemory(memory)).translate(
            [COORDINATION["zh"], "2025年中国同老挝双边贸易额达82亿美元。", "无关的句子。"]
        )
    assert [draft.origin for draft in drafts] == ["memory", "repaired", "source"]
    assert drafts[1].target == "China's trade with Laos reached 8.2 billion U.S. dollars in 2025."


@given(st.lists(units, min_size=1, max_size=6))
@settings(max_examples=30, deadline=None)
def test_tmx_carries_every_unit_there_and_back(tmp_path_factory, found):
    path = tmp_path_factory.mktemp("tmx") / "all.tmx"
    given_units = [
        Unit({k: " ".join(v.split()) for k, v in texts.items()}, "f", f"u{n}", "2025-11-02", "me")
        for n, texts in enumerate(found)
    ]
    assert tmx.write(given_units, path) == len(found)
    left_out: Counter[str] = Counter()
    back = list(tmx.read(path, left_out))
    assert [u.texts for u in back] == [u.texts for u in given_units] and not left_out
    assert back[0].changed == "2025-11-02" and back[0].author == "me"


TMX = (
    '<?xml version="1.0" encoding="{encoding}"?>\n<tmx version="1.1"><header/><body>\n'
    '<tu tuid="7" changedate="20240307T101112Z"><tuv lang="ZH-CN"><seg>双方<bpt i="1">&lt;b></bpt>'
    '同意<ept i="1"/>。</seg></tuv><tuv lang="ru"><seg>Стороны <hi>согласились</hi>.</seg></tuv>'
    '<tuv lang="fr"><seg>Oui.</seg></tuv></tu>\n</body></tmx>\n'
)


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16", "GB18030"])
def test_old_tmx_in_any_encoding_is_read_and_codes_fall_away(tmp_path, encoding):
    path = tmp_path / "old.tmx"
    path.write_bytes(TMX.format(encoding=encoding).encode(encoding))
    left_out: Counter[str] = Counter()
    (unit,) = tmx.read(path, left_out)
    assert unit.texts == {"zh": "双方同意。", "ru": "Стороны согласились."}
    assert (unit.place, unit.changed) == ("7", "2024-03-07")
    assert left_out == Counter({"language fr": 1})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'<!DOCTYPE t [<!ENTITY a "aaaa">]><tmx><body/></tmx>', "entities"),
        ('<!DOCTYPE t [<!ENTITY a "aaaa">]><tmx><body/></tmx>'.encode("utf-16-le"), "entities"),
        (b"<html/>", "not a TMX file"),
        (b"<tmx><body><tu>", "not a whole TMX file"),
        (b"", "TMX file"),
        (b"PK\x03\x04zip", "TMX file"),
    ],
)
def test_a_hostile_or_broken_file_is_refused_with_its_place(tmp_path, content, said):
    path = tmp_path / "bad.tmx"
    path.write_bytes(content)
    with pytest.raises(FileError, match=said):
        list(tmx.read(path, Counter()))


def variants(zh: str, en: str) -> str:
    texts = (("zh", zh), ("en", en))
    return "".join(f'<tuv xml:lang="{lang}"><seg>{text}</seg></tuv>' for lang, text in texts)


def test_what_was_read_is_let_go(tmp_path, monkeypatch):
    path = tmp_path / "long.tmx"
    units = "".join(f"<tu>{variants(str(n), str(n))}</tu>" for n in range(3_000))
    path.write_text(f'<tmx version="1.4"><header/><body>{units}</body></tmx>', encoding="utf-8")
    kept, plain = [], tmx._unit

    def watched(element, *rest):
        kept.append(len(element.getparent()))
        return plain(element, *rest)

    monkeypatch.setattr(tmx, "_unit", watched)
    assert len(list(tmx.read(path, Counter()))) == 3_000
    assert max(kept) < 1_500 and max(kept[2_000:]) < 1_500  # the parser reads in blocks


def test_entities_far_down_the_file_are_not_unfolded(tmp_path):
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    path = tmp_path / "late.tmx"
    path.write_text(
        f'<!--{" " * 70_000}--><!DOCTYPE tmx [<!ENTITY l0 "lol">{laughs}]><tmx version="1.4">'
        f"<body><tu>{variants('好&l9;', 'good')}</tu></body></tmx>",
        encoding="utf-8",
    )
    try:
        texts = [text for unit in tmx.read(path, Counter()) for text in unit.texts.values()]
    except FileError:
        return
    assert all(len(text) < 100 for text in texts)


def test_units_before_a_break_are_kept(tmp_path):
    path = tmp_path / "cut.tmx"
    path.write_bytes(TMX.format(encoding="UTF-8").replace("</body></tmx>", "<tu>").encode())
    result = run("tm", "import", tmp_path / "m.tm", path)
    assert result.exit_code == 2 and "cut.tmx:" in result.stderr
    result = run("tm", "stats", tmp_path / "m.tm")
    assert "Traceback" not in result.output


def test_no_other_database_is_taken_for_a_memory(tmp_path):
    path = tmp_path / "other.db"
    sqlite3.connect(path).execute("CREATE TABLE t (a)").connection.close()
    for made in (path, tmp_path / "text.tm"):
        if made != path:
            made.write_text("no database at all, only words " * 40)
        result = run("tm", "stats", made)
        assert result.exit_code == 2 and "memory" in result.stderr, result.output
    result = run("tm", "stats", tmp_path / "none.tm")
    assert result.exit_code == 2 and "there is no such" in result.stderr


def test_two_writers_do_not_lose_units(tmp_path):
    path = tmp_path / "m.tm"
    with Store(path, create=True) as one, Store(path) as other:
        for number in range(20):
            memory = one if number % 2 else other
            memory.add([Unit({"zh": f"第{number}句", "en": f"Sentence {number}"})])
        assert one.statistics()["units"] == 20


SCRIPT = """
import sys
from toolkit.translate.tm.store import Store, Unit
with Store(sys.argv[1], create=True) as store:
    print("ready", flush=True)
    store.add(Unit({"zh": f"第{n}句话", "en": f"Sentence number {n}"}) for n in range(200_000))
"""


def test_a_killed_import_leaves_whole_batches_and_can_be_run_again(tmp_path):
    path = tmp_path / "m.tm"
    child = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout.readline().strip() == "ready"
    for _ in range(300):
        time.sleep(0.02)
        if Path(f"{path}-wal").exists() and os.path.getsize(f"{path}-wal") > 100_000:
            break
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    with Store(path) as memory:
        count = memory.statistics()["units"]
        assert count % 2000 == 0
        assert sum(1 for _ in memory.units()) == count
        wanted = [
            Unit({"zh": f"第{n}句话", "en": f"Sentence number {n}"}) for n in range(count + 10)
        ]
        assert (memory.add(wanted).added, memory.statistics()["units"]) == (10, count + 10)


@pytest.mark.parametrize("lang", ["zh", "ru", "en"])
def test_index_words_are_plain_letters(lang):
    text = "协作 АСЕАН взаимодействие 29 G20 naïve ‘quoted’ \u200b"
    assert all(word.isascii() for word in words.indexed(words.plain_of(text, lang), lang).split())
