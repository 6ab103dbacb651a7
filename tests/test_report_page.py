import datetime
import os
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from toolkit.align.beads import Alignment, Bead
from toolkit.dispatch import Dispatch, Segment
from toolkit.glossary.concept import Concept, Finding, Glossary, Term
from toolkit.glossary.match import Matcher
from toolkit.report.page import DemoReport, DraftRow, alignment_page, demo_page
from toolkit.score import evaluate

TEXTS = {
    "zh": ["委员会在宁波举行会议", "何立峰反对单边主义。", "单边主义不可取。", "双方签署文件。"],
    "ru": ["В Нинбо прошло заседание", "Хэ Лифэн выступил против одностороннего подхода.",
           "Односторонний подход неразумен.", "Это было в воскресенье."],
    "en": ["Committee meets in Ningbo", "He Lifeng opposed unilateralism.", "It is unwise.",
           "Documents were signed.", "One-sidedness failed."],
}
BEADS = (
    Bead((0,), (0,), (0,)),
    Bead((1, 2), (1, 2), (1,)),
    Bead((), (), (2,)),
    Bead((3,), (), (3, 4)),
    Bead((), (3,), ()),
)


def dispatch(lang, texts):
    segments, start = [], 0
    for number, text in enumerate(texts):
        kind = "text" if number else "headline"
        segments.append(Segment(text, lang, start, start + len(text), number, kind))
        start += len(text) + 1
    return Dispatch(
        "ningbo", lang, "\n".join(texts), f"ningbo.{lang}.txt", "utf-8", tuple(segments),
        headline=texts[0], place={"zh": "宁波", "ru": "Нинбо", "en": "Ningbo"}[lang],
        date=datetime.date(2025, 11, 2), agency="Tongwen",
    )


ALIGNMENT = Alignment(tuple(dispatch(lang, texts) for lang, texts in TEXTS.items()), BEADS)
MATCHER = Matcher(
    Glossary(
        (
            Concept("he_lifeng", "person", tuple(
                Term(lang, text, "preferred")
                for lang, text in (("zh", "何立峰"), ("ru", "Хэ Лифэн"), ("en", "He Lifeng"))
            )),
            Concept("unilateralism", "principle", (
                Term("zh", "单边主义", "preferred"),
                Term("ru", "односторонний подход", "preferred"),
                Term("en", "unilateralism", "preferred"),
                Term("en", "one-sidedness", "forbidden"),
            )),
        )
    )
)


def rows(page):
    return html.fromstring(page).xpath("//table[contains(@class, 'beads')]/tbody/tr")


def cell_texts(page):
    return [
        {cell.get("lang"): [p.text_content() for p in cell.xpath("p")]
         for cell in row.xpath("td[@lang]")}
        for row in rows(page)
    ]


def classes(element):
    return set(element.get("class", "").split())


class Balance(HTMLParser):
    """Fails where an element is closed that is not open, or never closed."""

    VOID = {"meta", "input", "col", "br", "wbr"}

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        assert len(dict(attrs)) == len(attrs), "an attribute twice"
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def demo(**changes):
    left = "Documents were signed. One-sidedness failed."
    fields = {
        "title": "The Ningbo session",
        "alignment": ALIGNMENT,
        "findings": [
            Finding("T002", "error", "unilateralism", "ningbo.en.txt", 5, 1, "en",
                    "One-sidedness", "unilateralism", "a forbidden form"),
        ],
        "drafts": {
            ("en", "zh"): [
                DraftRow("He Lifeng opposed unilateralism.", "何立峰反对单边主义。", "model",
                         [("he_lifeng", "何立峰", True), ("unilateralism", "单边主义", True)]),
                DraftRow("Committee meets in Ningbo", "委员会在宁波举行会议", "memory"),
                DraftRow(left, left, "source", [("unilateralism", "单边主义", False)],
                         ["unknown word: documents"]),
            ],
            ("en", "ru"): [DraftRow("", "", "empty")],
        },
        "scores": {
            ("en", "zh"): evaluate(
                ["何立峰反对单边主义。", "⟦x⟧"], [["何立峰反对单边主义。", "文件"]], "zh",
                matcher=MATCHER,
            ),
            ("en", "ru"): evaluate(["Да."], [["Нет."]], "ru"),
        },
        "versions": {"tongwen": "0.1.0", "model": "starter 6f1e"},
        "command": "tongwen demo -o demo.html",
        "notes": ["The model is small."],
    }
    return demo_page(DemoReport(**{**fields, **changes}), MATCHER)


PAGES = {
    "plain": lambda: alignment_page(ALIGNMENT),
    "phrases": lambda: alignment_page(ALIGNMENT, MATCHER),
    "demo": demo,
    "bare demo": lambda: demo_page(DemoReport("Bare", ALIGNMENT)),
}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_one_file_without_script_or_network(page):
    text = PAGES[page]()
    tree = html.fromstring(text)
    assert tree.xpath("//script | //link | //img | //iframe | //object | //base") == []
    assert not re.search(r"@import|url\(|https?:|javascript:|src=| on\w+=", text)
    assert {a.get("href")[0] for a in tree.xpath("//a[@href]")} == {"#"}
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_well_formed_and_its_links_lead_somewhere(page):
    text = PAGES[page]()
    balance = Balance()
    balance.feed(text)
    balance.close()
    assert balance.open == []
    tree = html.fromstring(text)
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in tree.xpath("//a/@href")} <= set(ids)
    assert tree.xpath("//html/@lang") == ["en"] and len(tree.xpath("//h1")) == 1
    assert all(cell.get("scope") for cell in tree.xpath("//th"))


def test_a_page_is_the_same_in_every_process():
    code = "import sys, test_report_page as t; sys.stdout.buffer.write(t.demo().encode())"
    pages = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True,
            cwd=os.path.dirname(__file__), env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Shanghai"))
    }
    assert pages == {demo().encode()}


@pytest.mark.parametrize("matcher", [None, MATCHER])
def test_every_segment_stands_once_in_the_cell_of_its_language(matcher):
    shown = cell_texts(alignment_page(ALIGNMENT, matcher))
    assert shown == [
        {lang: [TEXTS[lang][n] for n in bead.side(lang)] for lang in TEXTS if bead.side(lang)}
        for bead in BEADS
    ]


def test_a_bead_that_lacks_a_language_is_marked_in_words():
    found = rows(alignment_page(ALIGNMENT))
    tags = [" ".join(row.xpath("th/span[@class='tag']/text()")) for row in found]
    assert tags == ["", "", "only in English", "not in Russian", "only in Russian"]
    assert ["gap" in classes(row) for row in found] == [False, False, True, True, True]
    empty = [[cell.text for cell in row.xpath("td[@class='absent']")] for row in found]
    assert empty == [
        [], [], ["nothing in Chinese", "nothing in Russian"], ["nothing in Russian"],
        ["nothing in Chinese", "nothing in English"],
    ]


def test_counts_stand_above_the_beads():
    counts = html.fromstring(alignment_page(ALIGNMENT)).xpath("//p[@class='counts']")[0]
    text = " ".join(counts.text_content().split())
    assert text == (
        "5 beads 0:0:1 × 1 0:1:0 × 1 1:0:2 × 1 1:1:1 × 1 2:2:1 × 1 3 not in every language"
    )


def test_two_languages_make_two_columns():
    texts = {"zh": TEXTS["zh"][:2], "en": TEXTS["en"][:2]}
    two = Alignment(
        tuple(dispatch(lang, t) for lang, t in texts.items()),
        (Bead(zh=(0,), en=(0,)), Bead(zh=(1,), en=(1,))),
    )
    page = alignment_page(two, MATCHER)
    heads = html.fromstring(page).xpath("//table[contains(@class, 'beads')]/thead//th")
    assert [" ".join(head.text_content().split()) for head in heads] == [
        "Bead", "Chinese 中文", "English",
    ]
    assert "every segment has its counterpart" in page


def test_a_phrase_has_one_number_in_every_language_and_its_real_form():
    page = html.fromstring(alignment_page(ALIGNMENT, MATCHER))
    marks = [
        (mark.xpath("../..")[0].get("lang"), mark.text, mark.get("data-n"), mark.get("title"))
        for mark in page.xpath("//table[contains(@class, 'beads')]//mark")
    ]
    assert marks == [
        ("zh", "何立峰", "1", "he_lifeng"),
        ("zh", "单边主义", "2", "unilateralism"),
        ("zh", "单边主义", "2", "unilateralism"),
        ("ru", "Хэ Лифэн", "1", "he_lifeng"),
        ("ru", "одностороннего подхода", "2", "unilateralism"),
        ("ru", "Односторонний подход", "2", "unilateralism"),
        ("en", "He Lifeng", "1", "he_lifeng"),
        ("en", "unilateralism", "2", "unilateralism"),
        ("en", "One-sidedness", "2 forbidden", "unilateralism"),
    ]
    legend = page.xpath("//table[@class='concepts']/tbody/tr")
    times = [[cell.text for cell in row.xpath("td/span[contains(@class, 'times')]")]
             for row in legend]
    assert times == [["×1", "×1", "×1"], ["×2", "×2", "×2"]]


def test_without_a_matcher_there_is_nothing_about_phrases():
    page = html.fromstring(alignment_page(ALIGNMENT))
    assert page.xpath("//mark | //*[@id='phrases'] | //*[@id='show-phrases']") == []


def test_the_title_is_a_headline_in_its_language_or_what_is_asked_for():
    def head(page):
        element = html.fromstring(page).xpath("//h1")[0]
        return element.text, element.get("lang")

    assert head(alignment_page(ALIGNMENT)) == ("Committee meets in Ningbo", "en")
    assert head(alignment_page(ALIGNMENT, title="A < B")) == ("A < B", None)


HOSTILE = '<script>alert("1")</script> & \'x\' ]]> {{ 7*7 }} {% raw %} --> </td></table>'


def test_hostile_text_is_shown_and_never_obeyed():
    texts = {lang: [HOSTILE, HOSTILE + lang] for lang in ("zh", "en")}
    hostile = Alignment(
        tuple(dispatch(lang, t) for lang, t in texts.items()),
        (Bead(zh=(0,), en=(0,)), Bead(zh=(1,), en=(1,))),
    )
    row = DraftRow(HOSTILE, HOSTILE, "model", [(HOSTILE, HOSTILE, False)], [HOSTILE])
    page = demo_page(
        DemoReport(
            HOSTILE, hostile, [Finding(*[HOSTILE] * 4, 1, 1, "en", *[HOSTILE] * 3)],
            {("en", "zh"): [row]}, {}, {HOSTILE: HOSTILE}, HOSTILE, [HOSTILE],
        ),
        MATCHER,
    )
    assert "<script" not in page and "49" not in re.sub(r"<style>.*</style>", "", page, flags=re.S)
    balance = Balance()
    balance.feed(page)
    assert balance.open == []
    assert html.fromstring(page).xpath("//h1")[0].text == HOSTILE
    assert cell_texts(page)[1]["en"] == [HOSTILE + "en"]


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")))
def test_any_text_comes_out_of_the_page_as_it_went_in(text):
    two = Alignment(
        (dispatch("ru", ["a", text]), dispatch("en", ["b", "c"])),
        (Bead(ru=(0,), en=(0,)), Bead(ru=(1,), en=(1,))),
    )
    shown = Shown()
    shown.feed(alignment_page(two, MATCHER))
    assert shown.paragraphs[2] == text


class Shown(HTMLParser):
    """The paragraphs of the bead table, as a browser reads them."""

    def __init__(self):
        super().__init__()
        self.paragraphs = []
        self.inside = self.table = False

    def handle_starttag(self, tag, attrs):
        self.table |= tag == "table"
        if tag == "p" and self.table:
            self.inside = True
            self.paragraphs.append("")

    def handle_endtag(self, tag):
        self.inside &= tag != "p"
        self.table &= tag != "table"

    def handle_data(self, data):
        if self.inside:
            self.paragraphs[-1] += data


def test_characters_no_page_may_hold_are_replaced():
    hostile = dispatch("zh", ["a\x00b\x1bc\ud800d\r"])
    two = Alignment((hostile, dispatch("en", ["x"])), (Bead(zh=(0,), en=(0,)),))
    page = alignment_page(two)
    assert "a\ufffdb\ufffdc\ufffdd\ufffd" in page
    page.encode("utf-8")


# The demo's page ---------------------------------------------------------------------------------


def squeezed(element):
    return " ".join(element.text_content().split())


def test_the_demo_page_has_every_section_in_order():
    tree = html.fromstring(demo())
    assert tree.xpath("//section/@id") == [
        "dispatch", "alignment", "phrases", "check", "draft", "scores", "repeat",
    ]
    assert "The model is small." in squeezed(tree.xpath("//*[@role='note']")[0])


def test_figures_sum_up_what_follows():
    tree = html.fromstring(demo())
    figures = {squeezed(d.xpath("dt")[0]): squeezed(d.xpath("dd")[0])
               for d in tree.xpath("//dl[@class='figures']/div")}
    assert figures == {
        "Aligned": "5 beads4 Chinese, 4 Russian, 5 English segments",
        "Fixed phrases": "2 conceptsfound in 2 of 5 beads",
        "Check": "1 finding1 error",
        "Draft English → Chinese": "2 of 3segments translated, 1 left in the source",
        "Draft English → Russian": "1 of 1segments translated",
    }


def test_a_finding_shows_what_is_wrong_what_is_right_and_where():
    row = html.fromstring(demo()).xpath("//table[@class='findings']/tbody/tr")[0]
    assert row.xpath("td/del/text()") == ["One-sidedness"]
    assert row.xpath("td/ins/text()") == ["unilateralism"]
    assert "ningbo.en.txt:5:1" in squeezed(row)
    assert "error" in squeezed(row) and "T002" in squeezed(row)


def test_no_findings_are_said_to_be_none():
    assert "No findings" in demo(findings=[])


def test_a_draft_row_says_where_its_text_is_from_and_what_was_placed():
    tree = html.fromstring(demo())
    table = tree.xpath("//div[@id='draft-en-zh']//tbody/tr")
    assert [squeezed(row.xpath("td[@class='origin']/b")[0]) for row in table] == [
        "by the model", "from memory", "left in the source",
    ]
    assert [item.text for item in table[0].xpath(".//li")] == ["何立峰", "单边主义"]
    assert table[0].xpath(".//li[@class='missed']") == []
    assert [item.get("title") for item in table[2].xpath(".//li[@class='missed']")] == [
        "unilateralism, not placed"
    ]
    assert table[0].xpath("td/div[@class='target']/@lang") == ["zh"]
    assert "not translated" in squeezed(table[2])
    assert "unknown word: documents" in squeezed(table[2])
    counts = squeezed(tree.xpath("//div[@id='draft-en-zh']/p")[0])
    assert counts == "from memory × 1 by the model × 1 left in the source × 1 2 of 3 terms placed"


def test_scores_stand_with_their_signatures():
    tree = html.fromstring(demo())
    found = tree.xpath("//table[@class='scores']//tr")
    table = [[squeezed(cell) for cell in row] for row in found]
    assert table[1][:2] == ["English → Chinese", "2"]
    assert table[1][5:] == ["100.00 %2 of 2", "1"]
    assert table[2][5] == "–no glossary"
    labels = [squeezed(dt) for dt in tree.xpath("//dl[@class='signatures']/div/dt")]
    assert labels == [
        "BLEU into Chinese", "BLEU into Russian", "chrF2++",
        "TER into Chinese", "TER into Russian",
    ]
    signatures = [squeezed(dd) for dd in tree.xpath("//dl[@class='signatures']/div/dd")]
    assert "tok:zh" in signatures[0] and "tok:13a" in signatures[1]


def test_the_page_says_how_to_repeat_it():
    section = squeezed(html.fromstring(demo()).xpath("//section[@id='repeat']")[0])
    assert "tongwen demo -o demo.html" in section
    assert "tongwen0.1.0" in section and "modelstarter 6f1e" in section


def test_only_one_direction_is_shown_at_a_time_and_all_on_paper():
    page = demo()
    assert re.search(r"@media screen\{body:has\(\.pick[^}]*#draft-en-ru\{display:none", page)
    picks = html.fromstring(page).xpath("//input[@class='pick']")
    assert [(p.get("id"), p.get("checked") is not None) for p in picks] == [
        ("pick-en-zh", True), ("pick-en-ru", False),
    ]
