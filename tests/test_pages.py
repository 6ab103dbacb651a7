"""Markdown and HTML pages: what a reader sees, and nothing of what the page adds."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit import pages
from toolkit.dispatch import parse_dispatch, read_dispatch
from toolkit.errors import DispatchError

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>China, Russia hold talks-Xinhua</title>
<script>var x = "<p>not text</p>";</script><style>p { color: red }</style></head>
<body><nav><a href="/">Home</a> <a href="/w">World</a></nav>
<div class="header"><h1>China, Russia
  hold talks</h1>
<div class="info">Source: Xinhua <span>2025-11-03 08:12:33</span> Editor: huaxia</div></div>
<div id="detail"><p>NINGBO, Nov. 2 (Xinhua) -- The two sides met &amp; talked about
<b>trade</b>.&nbsp;They agreed.</p><!-- <p>comment</p> -->
<p>They <a href="/x">left</a>.<br>All were pleased.</p><p style="display: none">hidden</p></div>
<div class="share"><a>Facebook</a><a>Twitter</a></div>
<aside>Aside</aside><form><p>Form</p></form>
<div class="related"><ul><li><a>Other story</a></li></ul></div>
<footer><p>Copyright 2025</p></footer></body></html>"""


def seen(page: str) -> list[str]:
    return pages.extract(page, "html").text.split("\n\n")


def test_html_page_becomes_headline_byline_and_paragraphs():
    read = parse_dispatch(PAGE, kind="html")
    assert read.headline == "China, Russia hold talks"
    assert (read.place, read.agency) == ("Ningbo", "Xinhua")
    assert read.date == datetime.date(2025, 11, 2)
    assert (read.page_date, read.page_time) == (datetime.date(2025, 11, 3), "08:12")
    assert [s.text for s in read.segments if s.kind == "text"] == [
        "The two sides met & talked about trade.",
        "They agreed.",
        "They left.",
        "All were pleased.",
    ]
    for word in ("not text", "color", "Home", "hidden", "comment", "Aside", "Form", "Other story"):
        assert word not in read.text


def test_html_file_is_known_by_its_name_and_by_its_beginning(tmp_path):
    for name in ("page.en.html", "page.en.htm", "page.en.txt"):
        path = tmp_path / name
        path.write_text(PAGE, encoding="utf-8")
        assert read_dispatch(path).headline == "China, Russia hold talks"


def test_html_in_a_legacy_encoding(tmp_path):
    path = tmp_path / "page.html"
    page = (
        '<html><head><meta charset="gb2312"><title>中俄举行会谈_新华网</title></head><body>'
        "<h1>中俄举行会谈</h1><p>　　新华社宁波11月2日电（记者张三）双方举行会谈。</p>"
        "<p>　　双方表示满意。</p></body></html>"
    )
    path.write_bytes(page.encode("gb18030"))
    read = read_dispatch(path)
    assert (read.encoding, read.lang, read.place) == ("gb18030", "zh", "宁波")
    assert read.headline == "中俄举行会谈"
    assert read.segments[-1].text == "双方表示满意。"


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<p>One.<p>Two.", ["One.", "Two."]),
        ("One.<br>Two.<br/><br/>Three.", ["One.", "Two.", "Three."]),
        ("<div>One <span>and</span> <em>two</em>.</div>Three.", ["One and two.", "Three."]),
        ("<table><tr><td>A</td><td>B</td></tr></table>", ["A", "B"]),
        ("<p>&#x4E2D;&#20420;&hellip;&mdash;</p>", ["中俄…—"]),
        ("<p>a</p><script><p>b</p></script><noscript>c</noscript>d", ["a", "d"]),
        ("<?xml version='1.0' encoding='utf-8'?><html><body><p>a</p></body></html>", ["a"]),
        ("<p>a<!-- b -->c</p>", ["ac"]),
        ("<h1></h1><h1>Title</h1><p>Text.</p>", ["Title", "Text."]),
        ("<ul><li>One</li><li>Two</li></ul>", ["One", "Two"]),
        ("<p>stra&shy;tegy</p>", ["stra\u00adtegy"]),
        (
            "<div class='text-share'>A sentence that a careless class must not cost.</div>",
            ["A sentence that a careless class must not cost."],
        ),
        ("<p>1 < 2 & 3 > 2</p>", ["1 < 2 & 3 > 2"]),
        ("<nav>x</nav>tail of the menu stays", ["tail of the menu stays"]),
    ],
)
def test_html_fragments(page, expected):
    assert [line.rstrip("\n") for line in seen(page)] == expected


def test_title_is_the_headline_where_no_heading_is():
    page = pages.extract("<title>Talks held | Site</title><p>One.</p><p>Two.</p>", "html")
    assert page.text[slice(*page.headline)] == "Talks held"


def test_heading_outside_the_article_comes_first_with_its_byline():
    page = (
        "<body><div><h1>Title of it</h1><span>2025-11-03 08:12</span></div>"
        "<article><p>One sentence here. Two.</p><p>Three.</p></article><p>x</p></body>"
    )
    assert seen(page)[:3] == ["Title of it", "2025-11-03 08:12", "One sentence here. Two."]


def test_published_time_of_the_head_is_the_page_date():
    page = pages.extract(
        '<meta property="article:published_time" content="2025-11-03T08:12:00+08:00"><p>x</p>',
        "html",
    )
    assert (page.date, page.time) == (datetime.date(2025, 11, 3), "08:12")


@pytest.mark.parametrize("page", ["<html></html>", "<script>x</script>", "<p> </p>", "<!-- x -->"])
def test_page_without_text_is_refused(page):
    with pytest.raises(DispatchError, match="empty"):
        parse_dispatch(page, kind="html", lang="en")


@pytest.mark.parametrize(
    "page", ["<div>" * 20_000 + "deep", "<b>" * 3000 + "deep", "<" * 5000 + "a"]
)
def test_absurd_nesting_is_no_traceback(page):
    try:
        parse_dispatch(page, kind="html", lang="en")
    except DispatchError:
        pass


def test_external_entities_are_not_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET")
    page = f'<!DOCTYPE html [<!ENTITY x SYSTEM "file://{secret}">]><p>a &x; b</p>'
    assert "SECRET" not in pages.extract(page, "html").text


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            "<p> </p> <div> </div> <br> <h1> </h1> a. 中。 & < > <!-- --> "
            "<table> <td> <article> <script> </script> \0 ] \n".split(" ")
        ),
        max_size=20,
    ).map("".join)
)
def test_any_html_gives_a_page(page):
    found = pages.extract(page, "html")
    if found.headline:
        start, end = found.headline
        assert found.text[start:end].strip()


MARKDOWN = """---
title: Not used
date: 2025-11-03 08:12
---
# China, Russia hold **29th** session

NINGBO, Nov. 2 (Xinhua) -- The [two sides](http://x.y/z_a) met
and *talked*. They agreed on `trade`.

> "We agree," he said.

1. The Parties agree.
2. The Parties are pleased.

Two\\
lines, 2 * 3 * 4, snake_case_name and \\*stars\\*.
"""


def test_markdown_marks_are_undone():
    read = parse_dispatch(MARKDOWN, kind="md")
    assert read.headline == "China, Russia hold 29th session"
    assert read.date == datetime.date(2025, 11, 2)
    assert (read.page_date, read.page_time) == (datetime.date(2025, 11, 3), "08:12")
    assert [s.text for s in read.segments if s.kind == "text"] == [
        "The two sides met and talked.",
        "They agreed on trade.",
        '"We agree," he said.',
        "1. The Parties agree.",
        "2. The Parties are pleased.",
        "Two",
        "lines, 2 * 3 * 4, snake_case_name and *stars*.",
    ]


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        ("Title\n=====\n\nOne. Two.\n", "Title"),
        ("Title\n---\n\nOne. Two.\n", "Title"),
        ("## Title ##\n\nOne. Two.\n", "Title"),
        ("---\ntitle: Title\n---\n\nOne. Two.\n", "Title"),
    ],
)
def test_markdown_headlines(text, headline):
    assert parse_dispatch(text, kind="md", lang="en").headline == headline


def test_markdown_lines_of_chinese_join_without_a_space():
    assert (
        pages.extract("双方举行会谈，\n双方表示满意。\n", "md").text
        == "双方举行会谈，双方表示满意。\n"
    )


def test_rule_and_front_matter_like_text_are_not_lost():
    text = pages.extract("---\nOne.\n\n---\n\nTwo.\n", "md").text
    assert "One." in text and "Two." in text


def test_unknown_kind_is_an_error():
    with pytest.raises(ValueError, match="txt, md, html"):
        pages.extract("x", "pdf")
