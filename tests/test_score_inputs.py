"""What is scored is what the user meant: files, columns, languages, and how texts are joined."""

import json

import pytest

from toolkit.errors import FileError, ScoreError
from toolkit.score import inputs, tables

SRC, REF, A, B = ["你好。", "再见。"], ["Hello.", "Goodbye."], ["Hi.", "Bye."], ["Hallo.", ""]


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return str(path)


def tsv(path, **columns):
    rows = zip(*columns.values(), strict=True)
    return write(path, "\n".join("\t".join(row) for row in [columns, *rows]) + "\n")


TMX = """<?xml version="1.0" encoding="utf-8"?><tmx version="1.4"><header srclang="zh"/><body>
<tu><tuv xml:lang="zh-CN"><seg>你好。</seg></tuv>
<tuv xml:lang="en"><seg>Hi<ph>x</ph>.</seg></tuv></tu>
<tu><tuv xml:lang="zh-CN"><seg>再见。</seg></tuv></tu></body></tmx>"""
XLIFF = """<?xml version="1.0" encoding="UTF-8"?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
<file source-language="zh-CN" target-language="en" original="x"><body>
<trans-unit id="1"><source>你好。</source><target>H<g id="1">i</g>.<ph id="2">code</ph></target>
<alt-trans><source>你好！</source><target>Hello!</target></alt-trans></trans-unit>
<trans-unit id="2"><source>再见。</source></trans-unit></body></file></xliff>"""
XLIFF2 = """<xliff version="2.0" srcLang="zh" trgLang="en"
 xmlns="urn:oasis:names:tc:xliff:document:2.0"><file id="f"><unit id="1"><segment>
<source>你好。</source><target>H<pc id="1">i</pc>.</target></segment><segment>
<source>再见。</source><target>Bye.</target></segment></unit></file></xliff>"""


def lines_of(job):
    return [list(system.lines) for system in job.systems]


def test_columns_of_a_table_play_the_parts_their_names_say(tmp_path):
    path = tsv(tmp_path / "x.tsv", src=SRC, ref=REF, hyp_a=A, hyp_b=B, doc=["d1", "d2"])
    job = inputs.gather([path], [])
    assert lines_of(job) == [A, B]
    assert job.names == ["a", "b"]
    assert [list(reference.lines) for reference in job.references] == [REF]
    assert list(job.source.lines) == SRC
    assert job.labels == {"document": ["d1", "d2"]}
    assert any("references from" in note for note in job.notes)


@pytest.mark.parametrize("column", ["mine", "2"])
def test_a_column_is_named_after_a_hash(tmp_path, column):
    path = tsv(tmp_path / "x.tsv", other=SRC, mine=A)
    job = inputs.gather([f"{path}#{column}"], [f"{path}#other"])
    assert lines_of(job) == [A]


def test_rows_without_a_header_are_all_text(tmp_path):
    path = write(tmp_path / "x.tsv", "你好。\tHello.\n再见。\tGoodbye.\n")
    job = inputs.gather([f"{path}#2"], [f"{path}#1"])
    assert lines_of(job) == [REF]


def test_a_file_whose_name_holds_a_hash_is_that_file(tmp_path):
    path = write(tmp_path / "a#b.txt", "Hi.\nBye.\n")
    assert lines_of(inputs.gather([path], [])) == [A]


def test_csv_keeps_commas_quotes_and_line_ends_inside_cells(tmp_path):
    path = write(tmp_path / "x.csv", 'src,hyp\n"a, ""b""\nc",d\ne,f\n')
    job = inputs.gather([path], [])
    assert list(job.source.lines) == ['a, "b"\nc', "e"]
    assert lines_of(job) == [["d", "f"]]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("x.tmx", TMX, ["Hi.", ""]),
        ("x.xlf", XLIFF, ["Hi.", ""]),
        ("x.xliff", XLIFF2, ["Hi.", "Bye."]),
        ("x.jsonl", '{"zh": "你好。", "en": "Hi."}\n{"zh": "再见。", "en": ""}\n', ["Hi.", ""]),
        ("y.jsonl", '{"text": {"zh": "你好。", "en": "Hi."}}\n{"text": {"en": "Bye."}}',
         ["Hi.", "Bye."]),
        ("x.tsv", "zh\ten\n你好。\tHi.\n再见。\tBye\\\\e.\n", ["Hi.", "Bye\\e."]),
    ],
)  # fmt: skip
def test_bilingual_files_give_translation_and_source(tmp_path, name, content, expected):
    path = write(tmp_path / name, content)
    job = inputs.gather([path], [path], to="en")
    assert lines_of(job) == [expected]
    assert [list(reference.lines) for reference in job.references] == [expected]
    assert job.source.lines[0] == "你好。"


def test_the_column_of_a_bilingual_file_is_known_by_the_other_files(tmp_path):
    tmx = write(tmp_path / "x.tmx", TMX)
    draft = write(tmp_path / "d.txt", "Hi there, old friend.\nSee you again.\n")
    job = inputs.gather([draft], [tmx])
    assert list(job.references[0].lines) == ["Hi.", ""]
    source = write(tmp_path / "s.txt", "你好。\n再见。\n")
    assert lines_of(inputs.gather([tmx], [], source)) == [["Hi.", ""]]
    assert inputs.gather([tmx], [], source).files == [tmx, source]


def test_lists_of_references_in_json_are_several_references(tmp_path):
    rows = [{"src": s, "refs": [r, r + "!"], "hyp": a}
            for s, r, a in zip(SRC, REF, A, strict=True)]  # fmt: skip
    path = write(tmp_path / "x.jsonl", "\n".join(map(json.dumps, rows)))
    job = inputs.gather([path], [])
    assert [list(r.lines) for r in job.references] == [REF, ["Hello.!", "Goodbye.!"]]


@pytest.mark.parametrize(
    ("name", "content", "spec", "words"),
    [
        ("x.tsv", "a\tb\nx\ty\nx\ty\tz\n", "x.tsv#1", ["x.tsv:3", "3 cells", "2"]),
        ("x.tsv", "src\tsrc\nx\ty\n", "x.tsv", ["x.tsv:1", "called src"]),
        ("x.tsv", "one\ttwo\nx\ty\n", "x.tsv", ["1, 2", "x.tsv#1"]),
        ("x.tsv", "zh\tru\ten\nx\ty\tz\n", "x.tsv", ["zh, ru, en", "--to"]),
        ("x.tsv", "src\thyp\nx\ty\n", "x.tsv#ref", ["no column ref", "src, hyp"]),
        ("x.tsv", "src\thyp\n", "x.tsv", ["no rows"]),
        ("x.jsonl", '{"hyp": "a"}\n{"src": "b"}\n', "x.jsonl", ["x.jsonl:2", "hyp"]),
        ("x.jsonl", '{"hyp": "a"}\nnot json\n', "x.jsonl", ["x.jsonl:2", "JSON"]),
        ("x.jsonl", "[1]\n", "x.jsonl", ["x.jsonl:1", "object"]),
        ("x.jsonl", "[" * 100_000, "x.jsonl", ["x.jsonl:1", "JSON"]),
        ("x.xlf", "<xliff><file>", "x.xlf", ["x.xlf:1", "XLIFF"]),
        ("x.xlf", "<tmx/>", "x.xlf", ["<tmx>"]),
        ("x.xlf", '<!DOCTYPE x [<!ENTITY a "b">]><xliff/>', "x.xlf", ["entities"]),
        ("x.tmx", "<tmx><body>", "x.tmx", ["x.tmx:1"]),
        ("x.txt", "a\n", "x.txt#2", ["plain text", ".tsv"]),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(tmp_path, monkeypatch, name, content, spec,
                                                     words):  # fmt: skip
    monkeypatch.chdir(tmp_path)
    write(tmp_path / name, content)
    with pytest.raises(ScoreError) as error:
        inputs.gather([spec], [])
    assert all(word in str(error.value) for word in words), str(error.value)


def test_missing_tables_are_missing_files(tmp_path):
    with pytest.raises(FileError, match="gone.tsv"):
        inputs.gather([str(tmp_path / "gone.tsv")], [])


def test_short_rows_are_empty_cells_and_said_so(tmp_path):
    path = write(tmp_path / "x.tsv", "hyp\tref\nHi.\tHello.\nBye.\n")
    job = inputs.gather([path], [])
    assert list(job.references[0].lines) == ["Hello.", ""]
    assert any("line 3" in note for note in job.notes)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "gb18030"])
def test_tables_come_in_any_encoding(tmp_path, encoding):
    text = "src\thyp\r\n" + "你好，世界，今天天气很好。\tHi.\r\n" * 5
    path = write(tmp_path / "x.tsv", text, encoding)
    job = inputs.gather([path], [])
    assert lines_of(job) == [["Hi."] * 5]


def test_names_are_short_and_tell_systems_apart(tmp_path):
    paths = [write(tmp_path / f"news.zh-en.{name}.en.txt", "Hi.\n") for name in ("A", "B-2")]
    assert inputs.gather(paths, []).names == ["A", "B-2"]
    (tmp_path / "other").mkdir()
    same = [write(tmp_path / "h.txt", "Hi.\n"), write(tmp_path / "other" / "h.txt", "Hi.\n")]
    assert len(set(inputs.gather(same, []).names)) == 2
    assert inputs.gather(same, [], names=["x", "y"]).names == ["x", "y"]
    for names in (["x"], ["x", "x"]):
        with pytest.raises(ScoreError):
            inputs.gather(same, [], names=names)
    with pytest.raises(ScoreError, match="twice"):
        inputs.gather([same[0], same[0]], [])


def test_labels_come_from_a_file_or_a_column(tmp_path):
    plain = write(tmp_path / "l.txt", "a\nb\n")
    table = tsv(tmp_path / "l.tsv", id=["1", "2"], genre=["x", "y"])
    assert inputs.read_labels(f"genre={plain}") == ("genre", ["a", "b"])
    assert inputs.read_labels(f"genre={table}") == ("genre", ["x", "y"])
    assert inputs.read_labels(f"kind={table}#genre") == ("kind", ["x", "y"])
    for spec in ("genre", f"={plain}", f"kind={table}"):
        with pytest.raises(ScoreError):
            inputs.read_labels(spec)


def test_only_known_suffixes_are_tables():
    assert tables.is_table("A.TSV") and tables.is_table("x.xliff")
    assert not tables.is_table("x.txt") and not tables.is_table("-")
