"""The page of a score: one file, no network, nothing lost, and what a real browser makes of it."""

import re
import shutil
import subprocess

import pytest
from lxml import html

from toolkit.report import score_page
from toolkit.score import run, show
from toolkit.score.inputs import Job
from toolkit.score.lines import Lines

HOSTILE = '<script>alert("x")</script> & «ё» 你好 \x00\u2028' + "длинное-слово" * 200
REFERENCE = ["The two sides agree on 5 points.", "Trade rose 7.5 percent.", HOSTILE, "End."] * 3
A = ["Both sides agree on 5 points.", "Trade fell 7.4 percent.", HOSTILE + "!", ""] * 3
B = ["Agreement.", "Trade rose.", "None of it.", "End."] * 3
RECORD = {
    "command": "tongwen score a b --ref 'r & s'", "versions": {"tongwen": "1"}, "files": [],
    "glossary": {"sha256": "ab", "files": []}, "model": None, "encoder": None,
}  # fmt: skip


@pytest.fixture(scope="module")
def result():
    job = Job(
        [Lines("a.txt", tuple(A)), Lines("b.txt", tuple(B))], ["a", "b<i>"],
        [Lines("r.txt", tuple(REFERENCE))], labels={"document": ["d&1", "d2", "d3"] * 4},
    )  # fmt: skip
    found = run.run(
        job, run.Options("en", samples=100, trials=100, slices=("document", "length"))
    )
    return found | {"record": RECORD, "warnings": ["a <b> c"], "notes": [], "gates": []}


@pytest.fixture(scope="module")
def page(result):
    return score_page.page(result)


def test_the_page_needs_nothing_but_itself(page):
    tree = html.fromstring(page)
    assert not tree.xpath("//script | //link | //img | //iframe | //object")
    assert not re.search(r"""(?:src|href)=["'](?!#)""", page)
    assert "url(" not in page and "@import" not in page
    assert "default-src 'none'" in page


def test_texts_stand_as_they_are_and_run_nothing(page):
    assert "<script>alert" not in page
    tree = html.fromstring(page)
    text = tree.text_content()
    assert '<script>alert("x")</script> & «ё» 你好' in text
    assert "b<i>" in text and "d&1" in text and "a <b> c" in text
    assert "\x00" not in page


def test_every_score_of_the_result_is_on_the_page(result, page):
    text = html.fromstring(page).text_content()
    for system in result["systems"]:
        for key in ("bleu", "chrf", "ter", "numbers"):
            assert f"{system[key]['score']:.2f}" in text
            assert f"{system[key]['interval']['low']:.2f}" in text
    pair = result["comparison"]["chrf"]["pairs"][0]
    assert f"{pair['difference']:+.2f}" in text
    assert result["systems"][0]["bleu"]["interval"]["signature"] in text


def test_plots_hold_their_marks_inside_and_their_bars_add_up(result, page):
    tree = html.fromstring(page)
    plots = tree.xpath("//svg[@role='img']")
    assert len(plots) >= 6
    for plot in plots:
        assert plot.get("aria-label")
        width = float(plot.get("viewbox").split()[2])
        for mark in plot.xpath(".//circle/@cx | .//line/@x1 | .//line/@x2 | .//rect/@x"):
            assert 0 <= float(mark) <= width
    for plot in tree.xpath("//section[@id='spread']//svg"):
        counts = [int(title.split(": ")[1]) for title in plot.xpath(".//title/text()")]
        assert sum(counts) == 12


def test_a_page_of_one_system_without_scores_is_a_page():
    job = Job([Lines("a", ("", ""))], ["a"], [Lines("r", ("x", ""))])
    found = run.run(job, run.Options("en", samples=0))
    shown = found | {"record": RECORD, "warnings": [], "notes": [], "gates": []}
    assert "Worst segments" in score_page.page(shown)
    assert "BLEU" in show.text(shown)


@pytest.mark.parametrize(
    ("low", "high"), [(0, 0), (100, 100), (33.3, 33.4), (0, 250), (12, 57), (-3, 4)]
)
def test_axes_hold_their_values_between_round_numbers(low, high):
    first, last, step = score_page._scale(low, high)
    assert first <= low <= high <= last and first < last
    assert (last - first) / step <= 8


@pytest.mark.skipif(not shutil.which("chromium"), reason="no chromium here")
def test_a_browser_shows_and_prints_the_page(page, tmp_path):
    path = tmp_path / "score.html"
    path.write_text(page, encoding="utf-8")
    browser = ["chromium", "--headless", "--no-sandbox", "--disable-gpu",
               f"--user-data-dir={tmp_path}/profile"]  # fmt: skip
    shown = subprocess.run(
        [*browser, "--dump-dom", path.as_uri()], capture_output=True, timeout=120
    ).stdout.decode("utf-8")
    if not shown:
        pytest.skip("chromium does not start here")
    assert shown.count("<svg") == page.count("<svg")
    assert "Worst segments" in shown
    subprocess.run(
        [*browser, "--no-pdf-header-footer", f"--print-to-pdf={tmp_path}/score.pdf",
         path.as_uri()], capture_output=True, timeout=120,
    )  # fmt: skip
    printed = (tmp_path / "score.pdf").read_bytes()
    assert printed.startswith(b"%PDF") and len(printed) > 20_000
    pages = len(re.findall(rb"/Type\s*/Page\b", printed))
    assert 1 < pages < 20
