"""Reading a dispatch: what is text, what is structure, and that nothing is lost."""

import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit import dateline, dispatch, furniture, structure
from toolkit.dispatch import Dispatch, parse_dispatch, read_dispatch, read_segmented
from toolkit.errors import DispatchError, FileError

DATA = Path(__file__).parent / "data"
SEED = Path(__file__).parents[2] / "shared" / "seed" / "dispatch.en.txt"

HEADLINES = {
    "en": "China and Russia hold talks in Ningbo",
    "ru": "Китай и Россия провели переговоры в Нинбо",
    "zh": "中国和俄罗斯在宁波举行会谈",
}
DATELINES = {
    "en": "NINGBO, Nov. 2 (Xinhua) -- ",
    "ru": "Нинбо, 2 ноября /Синьхуа/ -- ",
    "zh": "新华社宁波11月2日电（记者张三）",
}
BODIES = {
    "en": ("The two sides met. They talked at length.", "Both sides were pleased with it."),
    "ru": ("Стороны встретились. Они долго беседовали.", "Обе стороны остались довольны."),
    "zh": ("双方举行会晤。双方进行了长时间会谈。", "双方对会谈成果表示满意。"),
}


def table(name: str) -> list[tuple[str, ...]]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]


def check_law(read: Dispatch) -> None:
    """Every character that is not white space is in exactly one segment or part, in order."""
    spans = sorted(
        [(segment.start, segment.end) for segment in read.segments]
        + [(part.start, part.end) for part in read.parts]
    )
    end = 0
    for start, stop in spans:
        assert start >= end and stop > start
        assert not read.text[end:start].strip()
        end = stop
    assert not read.text[end:].strip()
    for segment in read.segments:
        assert read.text[segment.start : segment.end] == segment.text
        assert segment.text == segment.text.strip()
    starts = [segment.start for segment in read.segments]
    assert starts == sorted(starts)
    numbers = [segment.paragraph for segment in read.segments]
    assert numbers == sorted(numbers) and set(numbers) == set(range(numbers[-1] + 1))


def texts(read: Dispatch) -> list[str]:
    return [segment.text for segment in read.segments if segment.kind == "text"]


def parts(read: Dispatch, kind: str) -> list[str]:
    return [read.text[p.start : p.end] for p in read.parts if p.kind == kind]


@pytest.mark.skipif(not SEED.exists(), reason="the seed dispatch is not beside this checkout")
def test_seed_dispatch_gives_headline_dates_place_agency_and_six_paragraphs():
    read = read_dispatch(SEED)
    check_law(read)
    assert read.headline == (
        "China, Russia hold 29th session of committee for regular meetings between heads of gov't"
    )
    assert read.page_date == datetime.date(2025, 11, 3)
    assert read.page_time == "08:12"
    assert read.date == datetime.date(2025, 11, 2)
    assert (read.place, read.agency, read.lang) == ("Ningbo", "Xinhua", "en")
    paragraphs = [group for group in read.paragraphs() if group[0].kind == "text"]
    assert len(paragraphs) == 6
    assert paragraphs[0][0].text.startswith("Chinese Vice Premier He Lifeng")
    assert paragraphs[5][-1].text.endswith("consensuses.")


@pytest.mark.parametrize(
    ("lang", "line", "place", "day", "agency", "rest"), table("datelines.tsv")
)
def test_dateline_table(lang, line, place, day, agency, rest):
    found = dateline.match(line, lang)
    if (place, day, agency) == ("-", "-", "-"):
        assert found is None
        return
    assert found is not None
    assert line[found.end :].strip() == rest
    assert (found.place or "-") == place
    assert (found.agency or "-") == agency
    if day == "-":
        assert found.day is None
    else:
        year, month, number = (["", "", *day.split("-")])[-3:]
        assert found.day == dateline.Day(
            int(number), int(month) if month else None, int(year) if year else None
        )


@pytest.mark.parametrize(("lang", "kind", "line"), table("furniture.tsv"))
def test_furniture_table(lang, kind, line):
    first, second = BODIES[lang]
    head = f"{HEADLINES[lang]}\n{line}\n{first}\n{second}\n"
    foot = f"{HEADLINES[lang]}\n{first}\n{second}\n{line}\n"
    if kind in ("byline", "noise"):
        read = parse_dispatch(head, lang=lang)
        assert [read.text[p.start : p.end] for p in read.parts] == [line]
        assert read.parts[0].kind == kind
        assert read.headline == HEADLINES[lang]
    elif kind == "tail":
        read = parse_dispatch(foot, lang=lang)
        assert parts(read, "tail") == [line]
    else:
        for page in (head, foot) if kind == "text" else (foot,):
            read = parse_dispatch(page, lang=lang)
            assert not read.parts
            assert line in {
                read.text[group[0].start : group[-1].end] for group in read.paragraphs()
            }


@pytest.mark.parametrize("lang", ["zh", "ru", "en"])
@pytest.mark.parametrize("gap", ["\n", "\n\n", "\r\n", "\r\n\r\n", "\n　　", "\n \t\n"])
@pytest.mark.parametrize("headed", [True, False])
@pytest.mark.parametrize("dated", [True, False])
def test_layouts_of_one_dispatch_give_one_reading(lang, gap, headed, dated):
    first, second = BODIES[lang]
    lines = [HEADLINES[lang], "2025-11-03 08:12"] if headed else []
    lines += [(DATELINES[lang] if dated else "") + first, second]
    read = parse_dispatch(gap.join(lines) + gap, lang=lang)
    check_law(read)
    assert read.headline == (HEADLINES[lang] if headed else None)
    assert read.page_date == (datetime.date(2025, 11, 3) if headed else None)
    assert (read.place is not None) == dated
    assert read.date == (datetime.date(2025, 11, 2) if headed and dated else None)
    assert read.event_day == ((11, 2) if dated else None)
    joint = "" if lang == "zh" else " "
    assert joint.join(texts(read)) == joint.join((first, second))
    assert len(texts(read)) == 3
    assert len({s.paragraph for s in read.segments if s.kind == "text"}) == 2


@pytest.mark.parametrize("lang", ["zh", "ru", "en"])
def test_plain_sentences_are_text_and_nothing_else(lang):
    read = parse_dispatch("\n\n".join(BODIES[lang]), lang=lang)
    assert read.headline is None and not read.parts
    assert len(texts(read)) == 3


@pytest.mark.parametrize(
    "text",
    [
        "On November 2, 2025, the two sides met in Ningbo.\n\nThey will meet again on Nov. 5.",
        "2 ноября 2025 года в Нинбо состоялось заседание.\n\nСтороны довольны.",
        "2025年11月2日，双方在宁波举行会晤。\n\n双方签署文件。",
        "11月2日，双方在宁波举行会晤。\n双方签署文件。",
    ],
)
def test_first_sentence_with_a_date_is_text(text):
    read = parse_dispatch(text)
    assert not read.parts and read.headline is None and read.page_date is None


@pytest.mark.parametrize(
    ("headline", "lang"),
    [
        ("China, Russia hold talks!", "en"),
        ("What next for China and Russia?", "en"),
        ('Xi: "We are ready"', "en"),
        ("China, Russia hold 29th session between heads of gov't.", "en"),
        ("Путин: «Мы готовы!»", "ru"),
        ("中俄关系再上新台阶！", "zh"),
        ("中俄合作前景如何？", "zh"),
    ],
)
def test_headline_may_end_in_punctuation(headline, lang):
    page = f"{headline}\n\n{DATELINES[lang]}{BODIES[lang][0]}\n\n{BODIES[lang][1]}"
    assert parse_dispatch(page, lang=lang).headline == headline


@pytest.mark.parametrize(
    ("lang", "articles"),
    [
        ("zh", ["一、双方认为关系良好。", "二、双方同意扩大贸易。", "三、双方将继续合作。"]),
        ("zh", ["第一条 双方认为关系良好。", "第二条 双方同意扩大贸易。"]),
        ("ru", ["1. Стороны согласны.", "2. Стороны довольны.", "3. Стороны готовы."]),
        ("ru", ["Статья 1", "Стороны согласны.", "Статья 2", "Стороны довольны."]),
        ("en", ["1. The Parties agree.", "2. The Parties are pleased."]),
        ("en", ["Article 1. The Parties agree.", "Article 2. The Parties are pleased."]),
    ],
)
@pytest.mark.parametrize("title", [True, False])
def test_numbered_articles_are_paragraphs_of_text(lang, articles, title):
    names = {"zh": "联合公报", "ru": "Совместное коммюнике", "en": "Joint Communique"}
    lines = [names[lang], *articles] if title else articles
    read = parse_dispatch("\n".join(lines), lang=lang)
    assert not read.parts
    assert texts(read) == articles
    assert read.headline == (names[lang] if title else None)


def test_noise_page_date_and_headline_share_a_line():
    read = parse_dispatch(
        " date 2025-11-03 China and Russia hold talks\n\nNINGBO, Nov. 2 (Xinhua) -- They met.\n"
    )
    assert read.headline == "China and Russia hold talks"
    assert parts(read, "byline") == ["date 2025-11-03"]
    assert read.date == datetime.date(2025, 11, 2)


def test_headline_and_dateline_share_a_line():
    read = parse_dispatch(
        "China and Russia hold talks NINGBO, Nov. 2 (Xinhua) -- The sides met. They left.\n"
    )
    assert read.headline == "China and Russia hold talks"
    assert texts(read) == ["The sides met.", "They left."]


def test_byline_does_not_swallow_the_headline_behind_it():
    read = parse_dispatch(
        "Source: Xinhua | 2025-11-03 08:12 | Editor: huaxia China, Russia hold talks\n\n"
        "NINGBO, Nov. 2 (Xinhua) -- They met.\n"
    )
    assert read.headline.endswith("China, Russia hold talks")
    read = parse_dispatch("2025-11-03 Source: Xinhua China, Russia hold talks\n\nThey met.\n")
    assert read.headline == "China, Russia hold talks"


def test_short_headline_above_a_byline_is_preferred_to_the_text_below():
    read = parse_dispatch(
        "Putin meets Xi\nNovember 2, 2025\n14:30\nNingbo\n\nThe talks were long."
    )
    assert read.headline == "Putin meets Xi"
    assert (read.place, texts(read)) == ("Ningbo", ["The talks were long."])


def test_site_name_behind_headline_is_noise():
    for page, name in (
        ("中俄举行会晤_新华网\n新华社宁波11月2日电 双方会晤。", "_新华网"),
        ("Россия и Китай провели встречу - ТАСС\n\nМОСКВА, 2 ноября. /ТАСС/. Да.", "- ТАСС"),
    ):
        read = parse_dispatch(page)
        assert parts(read, "noise") == [name]
        assert name not in read.headline


def test_kremlin_page_sets_date_time_and_place_on_lines_of_their_own():
    read = parse_dispatch(
        "Встреча с Председателем КНР\nСостоялась беседа лидеров.\n2 ноября 2025 года\n14:30\n"
        "Нинбо\nВ.Путин: Уважаемый господин Председатель! Рад Вас видеть.\nСи Цзиньпин: Спасибо."
    )
    assert read.headline == "Встреча с Председателем КНР"
    assert (read.place, read.date, read.page_time) == (
        "Нинбо",
        datetime.date(2025, 11, 2),
        "14:30",
    )
    assert texts(read)[1] == "В.Путин: Уважаемый господин Председатель!"


def test_feature_names_its_headline_behind_the_dateline():
    read = parse_dispatch(
        "新华社北京11月2日电 题：中俄关系再上新台阶\n新华社记者张三\n双方会晤。双方满意。"
    )
    assert read.headline == "中俄关系再上新台阶"
    assert texts(read) == ["双方会晤。", "双方满意。"]


def test_tail_glued_to_the_last_sentence_is_cut_off():
    for body, tail in (
        ("双方会晤。双方满意。", "（完）"),
        ("双方会晤。双方满意。", "责任编辑：张三"),
        ("双方会晤。双方满意。", "（完）【纠错】"),
        ("The sides met. They left.", " Enditem"),
        ("The sides met. They left.", " ■"),
        ("Стороны встретились. Они рады.", " Рейтинг@Mail.ru"),
        ("Стороны встретились. Они рады.", " (конец)"),
    ):
        read = parse_dispatch(body + tail)
        assert parts(read, "tail") == [tail.strip()]
        assert len(texts(read)) == 2


def test_traditional_characters_and_odd_spaces_hide_no_structure():
    read = parse_dispatch(
        "\ufeff中俄舉行會談\n來源：新華網\u20032025-11-03\n\u200b新華社寧波１１月２日電（記者張三）"
        "雙方舉行會談。（完）\n責任編輯：張三"
    )
    assert (read.place, read.agency, read.event_day) == ("宁波", "新华社", (11, 2))
    assert [s.text for s in read.segments] == ["\ufeff中俄舉行會談", "雙方舉行會談。"]
    assert len(parts(read, "tail")) == 2
    read = parse_dispatch("Нинбо,\u00a02\u00a0ноября\u00a0/Синьхуа/ -- Стороны встретились.")
    assert (read.place, read.agency) == ("Нинбо", "Синьхуа")


def test_signature_date_at_the_end_is_text():
    read = parse_dispatch("Совместное коммюнике\n\nСтороны согласны.\n\nНинбо, 2 ноября 2025 года")
    assert texts(read)[-1] == "Нинбо, 2 ноября 2025 года"


def test_related_stories_behind_the_text_are_a_tail():
    read = parse_dispatch(
        "China and Russia hold talks\n\nThe sides met.\n\nRelated Stories\nTrade grows\nXi on it"
    )
    assert texts(read) == ["The sides met."]
    assert parts(read, "tail") == ["Related Stories", "Trade grows", "Xi on it"]


def test_related_heading_above_sentences_is_text():
    read = parse_dispatch("Читайте также:\nСтороны договорились. Они рады.")
    assert len(texts(read)) == 3 and not read.parts


def test_wrapped_lines_make_one_paragraph_and_short_lines_do_not():
    wrapped = (
        "The two sides met in Ningbo on Sunday and signed several documents on\n"
        "trade, energy, investment and culture. The talks were held in a warm\n"
        "atmosphere and both sides were pleased with the results of the year.\n"
    )
    read = parse_dispatch(wrapped)
    assert {segment.paragraph for segment in read.segments} == {0}
    assert len(read.segments) == 2
    lines = "The sides met.\nThey talked of trade.\nThey left.\n"
    assert [s.paragraph for s in parse_dispatch(lines).segments] == [0, 1, 2]


def test_page_of_nothing_but_furniture_is_text():
    for page, lang in (("2025-11-03", "en"), ("新华社", "zh"), ("Share\nPrint", "en")):
        read = parse_dispatch(page, lang=lang)
        assert " ".join(texts(read)) == page.replace("\n", " ") and not read.parts


@pytest.mark.parametrize(
    ("page", "line", "expected"),
    [
        ("2026-01-01", "BEIJING, Dec. 31 (Xinhua) -- They met.", (2025, 12, 31)),
        ("2025-12-31", "BEIJING, Jan. 1 (Xinhua) -- They met.", (2026, 1, 1)),
        ("2025-11-03", "BEIJING, Nov. 2 (Xinhua) -- They met.", (2025, 11, 2)),
        ("2025-11-03", "BEIJING, Feb. 2 (Xinhua) -- They met.", (2025, 2, 2)),
        ("2025-11-03", "BEIJING, Nov. 2, 2024 (Xinhua) -- They met.", (2024, 11, 2)),
        ("2025-03-01", "BEIJING, Feb. 29 (Xinhua) -- They met.", None),
    ],
)
def test_year_of_the_dateline_comes_from_the_page(page, line, expected):
    read = parse_dispatch(f"{page}\n{line}\n")
    assert read.date == (datetime.date(*expected) if expected else None)


def test_day_without_a_month_takes_it_from_the_page():
    read = parse_dispatch("2026-01-01 08:12\n新华社北京31日电 双方会晤。\n")
    assert read.date == datetime.date(2025, 12, 31)


def test_dateline_without_a_page_date_keeps_month_and_day():
    read = parse_dispatch("NINGBO, Nov. 2 (Xinhua) -- The sides met.\n")
    assert read.date is None and read.event_day == (11, 2)


# --- language and identity


@pytest.mark.parametrize(
    ("name", "id", "lang"),
    [
        ("ningbo.zh.txt", "ningbo", "zh"),
        ("zh.txt", "folder", "zh"),
        ("ningbo.zh-CN.txt", "ningbo", "zh"),
        ("ningbo_zh.txt", "ningbo", "zh"),
        ("ningbo.txt", "ningbo", "zh"),
        ("made-in-en.txt", "made-in", "zh"),
    ],
)
def test_language_comes_from_the_file_name_or_the_text(tmp_path, name, id, lang):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / name).write_text("双方举行会晤。", encoding="utf-8")
    read = read_dispatch(folder / name)
    assert (read.id, read.lang) == (id, lang)


def test_russian_text_given_as_chinese_is_refused_with_advice(tmp_path):
    path = tmp_path / "ningbo.zh.txt"
    path.write_text("Стороны договорились о сотрудничестве.", encoding="utf-8")
    with pytest.raises(DispatchError) as error:
        read_dispatch(path)
    assert "ningbo.zh.txt" in str(error.value)
    assert "Chinese" in str(error.value) and "Russian" in str(error.value)
    assert "--lang ru" in str(error.value)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Сторони домовилися про співпрацю і торгівлю між країнами.", "ru"),
        ("これは日本語の文章です。中国ではありません。", "zh"),
        ("The sides met.", "zh"),
        ("双方会晤。", "en"),
        ("ქართული ტექსტი", "en"),
    ],
)
def test_text_in_another_language_is_refused(text, lang):
    with pytest.raises(DispatchError):
        parse_dispatch(text, lang=lang)


def test_undecidable_language_asks_for_it():
    with pytest.raises(DispatchError, match="--lang"):
        parse_dispatch("1234 5678")


def test_named_language_is_taken_where_the_text_does_not_decide():
    assert parse_dispatch("1234 5678", lang="ru").lang == "ru"


@pytest.mark.parametrize("text", ["", " \n\t\r\n", "　\n"])
def test_empty_text_is_refused(text):
    with pytest.raises(DispatchError, match="empty"):
        parse_dispatch(text, lang="en")


# --- one segment a line


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("final", [True, False])
def test_each_line_is_a_segment_empty_ones_too(tmp_path, newline, final):
    path = tmp_path / "x.en.txt"
    lines = ["One. Two.", "", "  Three  ", "　", "Four"]
    path.write_bytes((newline.join(lines) + (newline if final else "")).encode())
    read = read_segmented(path)
    assert [segment.text for segment in read.segments] == ["One. Two.", "", "Three", "", "Four"]
    assert [segment.paragraph for segment in read.segments] == [0, 1, 2, 3, 4]
    for segment in read.segments:
        assert read.text[segment.start : segment.end] == segment.text


def test_only_newlines_cut_segmented_lines(tmp_path):
    path = tmp_path / "x.en.txt"
    path.write_text("One\u2028two\x0bthree\x0cfour\x85five\nsix\n", encoding="utf-8", newline="")
    assert len(read_segmented(path).segments) == 2


def test_blank_segmented_file_is_refused(tmp_path):
    path = tmp_path / "x.en.txt"
    path.write_text("\n\n\n", encoding="utf-8")
    with pytest.raises(FileError, match="empty"):
        read_segmented(path)


@given(st.lists(st.text(alphabet=st.sampled_from("aб中 \t。.\u200b"), max_size=6), min_size=1))
def test_line_count_is_segment_count(lines):
    text = "".join(line + "\n" for line in lines)
    assert len(dispatch.segment_lines(text)) == len(lines)
    assert "".join(dispatch.segment_lines(text)) == text


# --- the law, on anything

FRAGMENTS = st.sampled_from(
    ["\n", "\n\n", "\r\n", "　　", " ", "\u200b", "\ufeff", "“", "”", "。", ". ", "! ", "«", "»"]
    + [
        '"',
        "(",
        ")",
        "（",
        "）",
        "2025-11-03",
        " 08:12",
        "date ",
        "Source: Xinhua",
        "来源：新华网",
    ]
    + ["责任编辑：张三", "（完）", "Enditem", "■", "NINGBO, Nov. 2 (Xinhua) -- ", "题：", "标题："]
    + ["新华社宁波11月2日电（记者张三）", "Нинбо, 2 ноября /Синьхуа/ -- ", "14:30", "Нинбо"]
    + ["Стороны договорились", "双方签署文件", "The two sides met", "г. ", "U.S. ", "一、", "1. "]
    + ["Статья 1", "|", "_新华网", " - ТАСС", "【纠错】", "Share", "World", "© 2025", "相关新闻"]
    + ["\x85", "\u2028", "\x0c", "\x1c", "…", "\u0301", "\t", "2 ноября 2025 года", "* * *", "\0"]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(FRAGMENTS, max_size=25).map("".join), st.sampled_from(["zh", "ru", "en", None]))
def test_every_character_is_in_one_segment_or_part(text, lang):
    try:
        read = parse_dispatch(text, lang=lang)
    except DispatchError:
        return
    assert read.text == text
    check_law(read)


@settings(max_examples=200, deadline=None)
@given(st.lists(FRAGMENTS, max_size=20).map("".join), st.sampled_from(["md", "html"]))
def test_law_holds_for_the_text_of_pages(text, kind):
    try:
        read = parse_dispatch(text, kind=kind)
    except DispatchError:
        return
    check_law(read)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_with_a_message(text):
    try:
        check_law(parse_dispatch(text, lang="en"))
    except DispatchError as error:
        assert str(error)


@pytest.mark.parametrize(
    "unit", ["双方。", "“好。”他说", "（。", "г. ", "U.S. ", "a", "«а. б» ", " \t"]
)
def test_one_very_long_line_is_read_in_linear_time(unit):
    text = "双方x " + unit * (60_000 // len(unit))
    layout = structure.analyse(text, "zh")
    assert layout.paragraphs
    read = parse_dispatch("Стороны. " * 12_000, lang="ru")
    assert len(read.segments) == 12_000


def test_reading_counts_prints_in_furniture_only_when_whole():
    assert furniture.read("Share this: Facebook") is not None
    assert furniture.read("Share this: a story about trade") is None
