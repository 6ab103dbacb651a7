import json
import os
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner

from toolkit.cli import main

GLOSSARY = "\n".join(
    "\t".join(row)
    for row in [
        "concept lang term status scope register from to flags domain note evidence".split(),
        ["unilateralism", "*", "", "", "", "", "", "", "", "principle", "", ""],
        ["unilateralism", "zh", "单边主义", "preferred", *[""] * 7, "unverified"],
        ["unilateralism", "ru", "односторонний подход", "preferred", *[""] * 7, "unverified"],
        ["unilateralism", "en", "unilateralism", "preferred", *[""] * 7, "unverified"],
        ["unilateralism", "en", "one-sidedness", "forbidden", *[""] * 7, "unverified"],
    ]
) + "\n"
ZH = ["双方反对单边主义。", "会议在宁波举行。", "单边主义不可取。"]
EN = ["The two sides oppose unilateralism.", "The meeting was held in Ningbo.",
      "Unilateralism is unwise."]
HYP = ["The sides oppose one-sidedness.", "⟦会议在宁波举行。⟧ {宁波 = Ningbo}",
       "Unilateralism is not wise."]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, lines in {"src.zh.txt": ZH, "ref.en.txt": EN, "hyp.en.txt": HYP}.items():
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "terms.tsv").write_text(GLOSSARY, encoding="utf-8")
    return tmp_path


def run(*arguments, **options):
    return CliRunner().invoke(main, ["score", *arguments], **options)


ALL = ["hyp.en.txt", "--ref", "ref.en.txt", "--src", "src.zh.txt", "--glossary", "terms.tsv"]


def test_json_holds_the_scores_the_terms_and_what_was_left(folder):
    result = run(*ALL, "--format", "json")
    assert result.exit_code == 0, result.output
    record = json.loads(result.stdout)
    assert record["schema"] == "tongwen.score/1"
    assert (record["segments"], record["from"], record["to"]) == (3, "zh", "en")
    assert record["bleu"]["signature"].startswith("nrefs:1|case:mixed|eff:no|tok:13a|")
    assert "nw:2" in record["chrf"]["signature"]
    assert record["ter"]["score"] > 0
    terms = record["terms"]
    assert (terms["success"], terms["found"], terms["expected"], terms["exact"]) == (50, 1, 2, 1)
    assert terms["misses"] == [
        {
            "segment": 1, "concept": "unilateralism", "source": "单边主义",
            "expected": "unilateralism", "found": "one-sidedness", "status": "forbidden",
        }
    ]
    assert record["untranslated"] == 1
    assert record["translated_only"]["segments"] == 2
    assert record["translated_only"]["chrf"]["score"] > record["chrf"]["score"]
    assert record["warnings"] == []


def test_the_json_scores_are_those_of_the_sacrebleu_command(folder):
    record = json.loads(run(*ALL, "--format", "json").stdout)
    command = subprocess.run(
        [sys.executable, "-m", "sacrebleu", "ref.en.txt", "-i", "hyp.en.txt", "-m", "bleu", "chrf",
         "ter", "--chrf-word-order", "2", "-w", "13", "-f", "json"],
        capture_output=True, encoding="utf-8", check=True,
        env={k: v for k, v in os.environ.items() if not k.startswith("SACREBLEU")},
    )
    for oracle in json.loads(command.stdout):
        ours = record[{"BLEU": "bleu", "chrF2++": "chrf", "TER": "ter"}[oracle["name"]]]
        assert float(f"{ours['score']:.13f}") == oracle["score"]
        assert ours["signature"] == oracle["signature"]


def test_text_shows_scores_signatures_terms_and_misses(folder):
    result = run(*ALL)
    assert result.exit_code == 0, result.output
    text = result.stdout
    assert text.startswith("3 segments in English, 1 reference\n")
    assert re.search(
        r"^terms      50\.00  \[\S+ 100\.00\]  1 of 2 kept: 1 in the very form, 0 in", text, re.M
    )
    assert "BLEU|nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:" in text
    assert "chrF2++|nrefs:1|" in text and "TER|nrefs:1|" in text
    assert "1 of 3 segments was left untranslated; the other 2 alone: BLEU " in text
    assert "line 1  单边主义 → unilateralism, found forbidden one-sidedness" in text
    columns = {line[:16].rstrip()[-3] for line in text.splitlines()[2:6]}
    assert columns == {"."}  # the points stand under each other


def test_without_a_source_the_reference_alone_demands_terms(folder):
    record = json.loads(run(*ALL[:3], *ALL[5:], "--format", "json").stdout)
    assert record["terms"]["expected"] == 2
    assert record["terms"]["misses"][0]["source"] == ""
    assert record["from"] is None


def test_terms_are_null_with_a_reason_where_none_stands_in_the_texts(folder):
    for name in ("a.en.txt", "b.en.txt"):
        (folder / name).write_text("Nothing of the kind.\n", encoding="utf-8")
    result = run("a.en.txt", "--ref", "b.en.txt", "--glossary", "terms.tsv", "--format", "json")
    record = json.loads(result.stdout)
    assert record["terms"] is None
    assert "no phrase of the glossary" in record["terms_reason"]


def test_several_references_are_counted_in_the_signature(folder):
    (folder / "ref2.en.txt").write_text("\n".join(HYP) + "\n", encoding="utf-8")
    record = json.loads(
        run("hyp.en.txt", "--ref", "ref.en.txt", "--ref", "ref2.en.txt", "--format", "json").stdout
    )
    assert record["references"] == 2
    assert record["bleu"]["signature"].startswith("nrefs:2|")
    assert record["bleu"]["score"] == pytest.approx(100)
    assert "hold the same text" in record["warnings"][0]


def test_the_chinese_tokenizer_follows_the_target_language(folder):
    (folder / "hyp.txt").write_text("\n".join(ZH).replace("反对", "谴责"), encoding="utf-16")
    result = run("hyp.txt", "--ref", "src.zh.txt", "--format", "json")
    record = json.loads(result.stdout)
    assert record["to"] == "zh"
    assert "tok:zh" in record["bleu"]["signature"]
    assert record["bleu"]["score"] > 50


def test_the_hypothesis_can_come_from_standard_input(folder):
    data = "\r\n".join(HYP).encode("utf-8-sig")
    piped = run("-", *ALL[1:], "--format", "json", input=data)
    assert piped.exit_code == 0, piped.output
    record, plain = json.loads(piped.stdout), json.loads(run(*ALL, "--format", "json").stdout)
    assert record["name"] == record["file"] == "stdin"
    for key in ("segments", "bleu", "chrf", "ter", "terms", "numbers", "warnings"):
        assert record[key] == plain[key]


def test_warnings_go_to_standard_error(folder):
    result = run("ref.en.txt", "--ref", "ref.en.txt", "--format", "json")
    assert result.exit_code == 0
    assert "Warning: ref.en.txt and ref.en.txt hold the same text" in result.stderr
    assert json.loads(result.stdout)["warnings"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["missing.txt", "--ref", "ref.en.txt"], ["missing.txt"]),
        (["hyp.en.txt", "--ref", "empty.txt"], ["empty.txt", "empty"]),
        (["hyp.en.txt", "--ref", "binary.txt"], ["binary.txt"]),
        (["hyp.en.txt", "--ref", "."], ["."]),
        (["short.en.txt", "--ref", "ref.en.txt"],
         ["short.en.txt has 2 lines, ref.en.txt has 3 lines", "ref.en.txt, line 2 has no"]),
        (["hyp.en.txt", "--ref", "ref.en.txt", "--src", "short.zh.txt"],
         ["hyp.en.txt has 3 lines, short.zh.txt has 2 lines"]),
        (["ru.txt", "--ref", "src.zh.txt", "--to", "zh"], ["ru.txt looks Russian", "Chinese"]),
        (["hyp.en.txt", "--ref", "src.zh.txt"], ["disagree", "--to"]),
        (["hyp.en.txt", "--ref", "ref.en.txt", "--src", "ref.en.txt"], ["swapped"]),
        (["hyp.en.txt", "--ref", "ref.en.txt", "--from", "zh"], ["--src"]),
        (["-", "--ref", "-"], ["standard input"]),
        (["hyp.en.txt"], ["--ref"]),
        (["hyp.en.txt", "--ref", "ref.en.txt", "--to", "fr"], ["fr"]),
        (["hyp.en.txt", "--ref", "ref.en.txt", "--glossary", "missing.tsv"], ["missing.tsv"]),
        (["hyp.en.txt", "--ref", "ref.en.txt", "--glossary", "hyp.en.txt"], ["hyp.en.txt:1"]),
    ],
)
def test_bad_input_is_one_message_and_status_two(folder, arguments, words):
    (folder / "empty.txt").write_bytes(b"")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (folder / "short.en.txt").write_text(f"{HYP[0]}\n{HYP[2]}\n", encoding="utf-8")
    (folder / "short.zh.txt").write_text(f"{ZH[0]}\n{ZH[2]}\n", encoding="utf-8")
    (folder / "ru.txt").write_text("Стороны выступают против.\n" * 3, encoding="utf-8")
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr and isinstance(result.exception, SystemExit)
    assert all(word in result.stderr for word in words), result.stderr


def test_a_line_of_seven_hundred_kilobytes_is_scored(folder):
    (folder / "long.zh.txt").write_text("双方支持" * 60_000, encoding="utf-8")
    (folder / "also.zh.txt").write_text("双方反对" * 60_000, encoding="utf-8")
    result = run("long.zh.txt", "--ref", "also.zh.txt", "--glossary", "terms.tsv")
    assert result.exit_code == 0, result.output
    assert "not computed: line 1 is longer" in result.stdout
