"""``tongwen read``: structure told from text, for a person and for a program."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from toolkit import corpus
from toolkit.cli import main

SEED = Path(__file__).parents[2] / "shared" / "seed" / "dispatch.en.txt"


def run(*arguments, input=None):
    return CliRunner().invoke(main, ["read", *arguments], input=input)


@pytest.mark.skipif(not SEED.exists(), reason="no seed dispatch beside the checkout")
def test_a_real_dispatch_with_its_noise_comes_out_right():
    record = json.loads(run(str(SEED), "--format", "json").stdout)
    assert record["headline"] == (
        "China, Russia hold 29th session of committee for regular meetings between heads of gov't"
    )
    assert (record["place"], record["agency"]) == ("Ningbo", "Xinhua")
    assert (record["date"], record["page_date"]) == ("2025-11-02", "2025-11-03")
    assert record["page_time"] == "08:12"
    assert record["paragraphs"] == 6


@pytest.mark.parametrize("lang", ["zh", "ru", "en"])
def test_segments_and_parts_lie_where_they_say(lang):
    path = corpus.entry("ningbo").path(lang)
    record = json.loads(run(str(path), "--format", "json").stdout)
    text = path.read_text(encoding="utf-8")
    lines = text.split("\n")
    assert record["schema"] == "tongwen.dispatch/1" and record["lang"] == lang
    covered = set()
    for item in record["segments"] + record["parts"]:
        assert text[item["start"] : item["end"]] == item["text"]
        assert lines[item["line"] - 1][item["column"] - 1 :].startswith(item["text"][:5])
        covered.update(range(item["start"], item["end"]))
    assert all(char.isspace() for n, char in enumerate(text) if n not in covered)


def test_text_output_names_encoding_and_numbers_segments(tmp_path):
    path = tmp_path / "a.ru.txt"
    path.write_bytes("Стороны договорились. Переговоры продолжатся.".encode("cp1251"))
    result = run(str(path))
    assert result.exit_code == 0
    assert "windows-1251" in result.stdout
    assert "1  Переговоры продолжатся." in result.stdout


def test_standard_input_is_read():
    result = run("-", "--format", "json", input="双方同意。会谈继续。".encode())
    texts = [segment["text"] for segment in json.loads(result.stdout)["segments"]]
    assert texts == ["双方同意。", "会谈继续。"]


def test_wrong_language_is_refused(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text("Стороны договорились о сотрудничестве.", encoding="utf-8")
    result = run(str(path), "--lang", "zh")
    assert result.exit_code == 2 and "Russian" in result.stderr
