"""Documents come back with the same structure; what could not follow is said."""

import io
import re
import zipfile

import pytest
from click.testing import CliRunner
from lxml import etree, html

from toolkit.cli import main
from toolkit.errors import FileError
from toolkit.translate import documents
from toolkit.translate.constraints import Placement
from toolkit.translate.document import Draft
from toolkit.translate.documents import passage
from toolkit.translate.documents.docx import WordDocument
from toolkit.translate.documents.html import HtmlDocument
from toolkit.translate.documents.markdown import MarkdownDocument
from toolkit.translate.documents.srt import Subtitles

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def translate(texts):
    """Write each sentence in capitals, 协作 as coordination."""
    drafts = []
    for text in texts:
        said = text.replace("协作", "coordination").replace("。", ".").upper()
        said = said.replace("COORDINATION", "coordination")
        places = (Placement("c", "协作", "coordination", True),) if "协作" in text else ()
        drafts.append(Draft(text, said, "model", places))
    return drafts


def turned(document, source="en", target="ru") -> str:
    rendered = passage.render(document.passages, source, target, translate)
    return document.written(rendered, target).decode("utf-8")


MARKDOWN = """---
title: kept
---
# First *head*

Some text with a [link](http://x.y/z) in it. And
one more line.

> quoted words

1. one
2. two
   - [x] three

| a | b |
|---|:-:|
| cell one | `code` |

```python
kept = 1
```
![alt](pic.png)
[ref]: http://kept
"""


def test_markdown_keeps_its_marks_and_code():
    document = MarkdownDocument(MARKDOWN)
    made = turned(document)
    # Two lines of one paragraph became one.
    assert made.count("\n") == MARKDOWN.count("\n") - 1
    for kept in ("title: kept", "\n# FIRST HEAD", "> QUOTED WORDS",
                 "1. ONE\n2. TWO\n   - [x] THREE",
                 "|---|:-:|", "| CELL ONE | `CODE` |", "```python\nkept = 1\n```",
                 "![alt](pic.png)", "[ref]: http://kept"):  # fmt: skip
        assert kept in made, (kept, made)
    assert any("code" in line for line in document.left)
    assert any("image" in line for line in document.left)


def test_formatting_follows_a_placed_phrase_and_a_whole_sentence_and_else_is_reported():
    document = MarkdownDocument("双方加强**协作**和_来往_。**同意。**\n")
    rendered = passage.render(document.passages, "zh", "en", translate)
    assert document.written(rendered, "en").decode() == (
        "双方加强**coordination**和_来往_. **同意.**\n"
    )
    document = MarkdownDocument("Some **nice** words.")
    (rendered,) = passage.render(document.passages, "en", "ru", translate)
    assert rendered.text == "SOME NICE WORDS." and rendered.lost == ("nice",)


PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="gb2312"><title>Head</title><style>p {}</style></head>
<body class="x"><h1>A head</h1><p>One <b>two</b> <a href="#z">three</a>.<br>Four &amp; five.</p>
<ul><li>six<ul><li>seven</li></ul></li></ul><table><tr><td>8</td><td>nine</td></tr></table>
<pre>kept  as it is</pre><script>var kept = "kept";</script>
<p>  <img src="a.png" alt="pic"> ten </p>
<!-- kept --></body></html>"""


def test_a_page_keeps_its_elements_and_attributes():
    document = HtmlDocument(PAGE)
    made = turned(document)
    before, after = html.document_fromstring(PAGE), html.document_fromstring(made)

    def shape(root):
        return [(e.tag, dict(e.attrib)) for e in root.iter()
                if isinstance(e.tag, str) and e.tag not in ("b", "a", "meta", "html")]  # fmt: skip

    assert shape(before) == shape(after)
    assert "kept  as it is" in made and 'var kept = "kept"' in made and "<!-- kept -->" in made
    assert after.get("lang") == "ru" and 'charset="utf-8"' in made
    words = "".join(after.find("body").text_content().split())
    assert words == 'AHEADONETWOTHREE.FOUR&FIVE.SIXSEVEN8NINEkeptasitisvarkept="kept";TEN'
    assert any("image" in line for line in document.left)


def test_a_link_follows_its_words():
    document = HtmlDocument('<p>双方加强<a href="#c">协作</a>。</p>')
    rendered = passage.render(document.passages, "zh", "en", translate)
    made = document.written(rendered, "en").decode()
    assert '双方加强<a href="#c">coordination</a>.' in made


def test_cues_keep_their_numbers_and_times():
    text = (
        "1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>One line\r\nand another.</i>\r\n\r\n"
        "2\r\n00:00:03,000 --> 00:00:04,000 X1:1\r\n{\\an8}Two.\r\n"
    )
    made = turned(Subtitles(text))
    assert re.sub("[A-Z ]", "", made.upper()).count("-->") == 2
    assert made.startswith(
        "1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>ONE LINE AND ANOTHER.</i>\r\n"
    )
    assert "00:00:04,000 X1:1\r\nTWO.\r\n" in made
    with pytest.raises(FileError, match="cue"):
        Subtitles("no times here")


def word(body: str, **parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
        )
        archive.writestr("word/media/image1.png", b"\x89PNG")
        for name, xml in parts.items():
            archive.writestr(f"word/{name}.xml", f'<w:x xmlns:w="{W}">{xml}</w:x>')
    return out.getvalue()


def p(*runs: str) -> str:
    return f"<w:p><w:pPr><w:jc w:val='left'/></w:pPr>{''.join(runs)}</w:p>"


def r(text: str, style: str = "", extra: str = "") -> str:
    style = f"<w:rPr>{style}</w:rPr>" if style else ""
    return f"<w:r>{style}{extra}<w:t xml:space='preserve'>{text}</w:t></w:r>"


BOLD = "<w:b/>"
NOTE = "<w:r><w:footnoteReference w:id='2'/></w:r>"
FIELD = (
    "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>"
    "<w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>7</w:t></w:r>"
    "<w:r><w:fldChar w:fldCharType='end'/></w:r>"
)


def word_texts(data: bytes, part: str = "word/document.xml") -> list[str]:
    root = etree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read(part))
    return [
        "".join(t.text or "" for t in paragraph.iter(f"{{{W}}}t"))
        for paragraph in root.iter(f"{{{W}}}p")
    ]


def turned_word(data: bytes, source="zh", target="en") -> tuple[bytes, WordDocument]:
    document = WordDocument(data, "x.docx")
    rendered = passage.render(document.passages, source, target, translate)
    return document.written(rendered, target), document


def test_all_parts_of_a_word_file_are_translated_and_the_rest_is_the_same():
    data = word(
        p(r("双方")) + "<w:tbl><w:tr><w:tc>" + p(r("格")) + "</w:tc></w:tr></w:tbl>" + p(),
        header1=p(r("眉")), footer2=p(r("脚"), FIELD), footnotes=p(r("注")), endnotes=p(r("尾")),
        comments=p(r("评")),
    )  # fmt: skip
    made, document = turned_word(data, "en", "ru")
    assert word_texts(made) == ["双方", "格", ""]
    assert {p.where.split(",")[0] for p in document.passages} == {
        "text", "header", "footer", "footnotes", "endnotes", "comments"
    }  # fmt: skip
    assert any("field (7)" in line for line in document.left)
    assert any("image1.png" in line for line in document.left)
    old, new = (zipfile.ZipFile(io.BytesIO(x)) for x in (data, made))
    assert old.namelist() == new.namelist()
    assert new.read("word/media/image1.png") == b"\x89PNG"
    assert "tongwen-field" not in new.read("word/footer2.xml").decode()
    assert word_texts(made, "word/footer2.xml") == ["脚7"]


def test_bold_follows_the_phrase_and_a_note_its_sentence():
    data = word(p(r("双方加强"), r("协作", BOLD), r("。"), NOTE, r("同意。")))
    made, _ = turned_word(data)
    assert word_texts(made) == ["双方加强coordination. 同意."]
    root = etree.fromstring(zipfile.ZipFile(io.BytesIO(made)).read("word/document.xml"))
    bold = [run for run in root.iter(f"{{{W}}}r") if run.find(f"{{{W}}}rPr/{{{W}}}b") is not None]
    assert ["".join(t.text for t in run.iter(f"{{{W}}}t")) for run in bold] == ["coordination"]
    order = [e.text or "note" for e in root.iter(f"{{{W}}}t", f"{{{W}}}footnoteReference")]
    assert order.index("note") == len(order) - 2  # after the first sentence, before the second
    assert root.find(f".//{{{W}}}jc") is not None


def test_runs_that_word_cut_for_no_reason_are_one_text():
    data = word(p(r("双方加强协"), r("作", "", "<w:lastRenderedPageBreak/>"), r("。")))
    document = WordDocument(data, "x.docx")
    assert [item.text for item in document.passages] == ["双方加强协作。"]
    made, _ = turned_word(data)
    assert word_texts(made) == ["双方加强coordination."]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"not a zip", "no archive"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "old .doc"),
        (word("").replace(b"word/document.xml", b"word/documenX.xml"), "word/document.xml"),
    ],
)
def test_what_is_no_word_document_is_refused(data, said):
    with pytest.raises(FileError, match=re.escape(said)):
        WordDocument(data, "x.docx")


def archive(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(f"word/{name}.xml", content)
    return out.getvalue()


def test_hostile_archives_are_refused():
    bomb = archive(document=b"<w/>" + b" " * 30_000_000)
    with pytest.raises(FileError, match="grows"):
        WordDocument(bomb, "x.docx")
    entity = archive(document=b'<!DOCTYPE x [<!ENTITY a "b">]><w:document/>')
    with pytest.raises(FileError, match="entities"):
        WordDocument(entity, "x.docx")
    many = archive(**{f"media/{n}": b"" for n in range(5_001)})
    with pytest.raises(FileError, match="5001 files"):
        WordDocument(many, "x.docx")
    large = bytearray(archive(document=b"<w/>"))  # what it says it unpacks to is believed
    at = large.index(b"PK\x01\x02") + 24
    large[at : at + 4] = (400_000_001).to_bytes(4, "little")
    with pytest.raises(FileError, match="400000001 bytes: refused"):
        WordDocument(bytes(large), "x.docx")
    locked = bytearray(archive(document=b"<w/>"))
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(FileError, match="it is encrypted"):
        WordDocument(bytes(locked), "x.docx")
    broken = archive(document=b"<w:document")
    with pytest.raises(FileError, match="broken"):
        WordDocument(broken, "x.docx")


def run(*arguments):
    return CliRunner().invoke(main, ["translate", *map(str, arguments)])


def test_the_command_writes_a_document_of_the_same_kind(tmp_path):
    path, out = tmp_path / "a.zh.docx", tmp_path / "a.en.docx"
    path.write_bytes(word(p(r("双方同意加强在多边机制中的协调配合。"))))
    result = run(path, "--to", "en", "-o", out)
    assert result.exit_code == 0, result.stderr
    (text,) = word_texts(out.read_bytes())
    assert text == (
        "The two sides agreed to strengthen coordination and cooperation within multilateral"
        " mechanisms."
    )
    assert run(path, "--to", "en").exit_code == 2
    page = tmp_path / "a.zh.md"
    page.write_text("# 2448亿美元\n\n- 双方同意加强在多边机制中的协调配合。\n", encoding="utf-8")
    result = run(page, "--to", "en")
    assert result.stdout.startswith("# 244.8 billion U.S. dollars\n\n- The two sides agreed")


def test_an_empty_document_is_refused(tmp_path):
    path = tmp_path / "a.zh.docx"
    path.write_bytes(word(p()))
    result = run(path, "--to", "en", "-o", tmp_path / "b.docx")
    assert result.exit_code == 2 and "no text" in result.stderr


@pytest.mark.parametrize("version", ["xliff", "xliff2"])
def test_xliff_holds_every_segment_its_origin_and_terms(tmp_path, version):
    path = tmp_path / "a.zh.txt"
    text = "双方同意加强在多边机制中的协调配合。\n\n完全陌生的话题<&>。\n"
    path.write_text(text, encoding="utf-8")
    result = run(path, "--to", "ru", "--format", version)
    root = etree.fromstring(result.stdout.encode())
    sources = ["".join(s.itertext()) for s in root.iter("{*}source")
               if s.getparent().tag.endswith(("trans-unit", "segment"))]  # fmt: skip
    assert sources == ["双方同意加强在多边机制中的协调配合。", "完全陌生的话题<&>。"]
    states = [e.get("state") for e in root.iter() if e.get("state")]
    assert states[0] != states[-1] and states[-1] in ("needs-translation", "initial")


def test_forms_are_told_by_their_names():
    assert documents.form_of("a.DOCX") == "docx" and documents.form_of("a.txt") is None
