"""Matching: whole terms in whatever form they stand, and nothing that only looks like one."""

import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.glossary import agreement, countries
from toolkit.glossary.concept import Concept, Glossary, Term
from toolkit.glossary.match import Matcher, status_on
from toolkit.glossary.store import load
from toolkit.languages import ru, ru_forms

DATA = Path(__file__).parent / "data"
MATCHER = Matcher(load([DATA / "check.glossary.tsv"]))
NAMES = {"person", "place", "country", "country/place"}


def found(text, lang, **options):
    return [(m.concept.id, text[m.start : m.end]) for m in MATCHER.find(text, lang, **options)]


def one_term(lang, text, **options):
    term = Term(lang, text, options.pop("status", "preferred"), **options)
    return Matcher(Glossary((Concept("it", "organisation", (term,)),)))


def stands(lang, term, text, **options):
    return [text[m.start : m.end] for m in one_term(lang, term, **options).find(text, lang)]


# The table a linguist extends, against the shipped glossary.


@pytest.fixture(scope="module")
def shipped():
    return Matcher(load())


def cases():
    lines = (DATA / "term-matches.tsv").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        if line and not line.startswith("#"):
            lang, text, expected = line.replace("\\t", "\x00").split("\t")
            pairs = [] if expected == "-" else expected.split(" | ")
            wanted = [tuple(pair.replace("\x00", "\t").split("=", 1)) for pair in pairs]
            yield pytest.param(lang, text.replace("\x00", "\t"), wanted, id=f"{number}-{lang}")


def test_the_table_has_enough_cases_of_both_kinds():
    rows = [case.values for case in cases()]
    assert len(rows) >= 150
    assert sum(not wanted for _, _, wanted in rows) >= 20
    assert {lang for lang, _, _ in rows} == {"zh", "ru", "en"}


@pytest.mark.parametrize(("lang", "text", "wanted"), list(cases()))
def test_the_table_of_cases_holds(shipped, lang, text, wanted):
    places = countries.mentions(text, lang)
    groups = shipped.groups(
        text,
        lang,
        countries_at=lambda offset: countries.nearest(places, offset) or {"RU"},
        frames=False,
    )
    domains = {concept.id: concept.domain for concept in shipped.glossary.concepts}
    named = any(domains.get(id.rstrip("!")) in NAMES for id, _ in wanted)
    seen = [
        (
            group.matches[0].concept.id + "!" * (group.matches[0].term.status == "forbidden"),
            text[group.start : group.end],
        )
        for group in groups
        if named or group.matches[0].concept.domain not in NAMES
    ]
    assert sorted(seen) == sorted(wanted)


# Overlap.


def test_a_rung_inside_a_longer_rung_is_not_a_match():
    assert found("全面战略协作伙伴关系", "zh") == [("coordination", "全面战略协作伙伴关系")]
    assert found("comprehensive strategic partnership", "en") == [
        ("comprehensive", "comprehensive strategic partnership")
    ]


def test_a_forbidden_string_inside_a_longer_right_name_is_not_a_match():
    text = "新时代全面战略协作伙伴关系"
    every = ("preferred", "admitted", "deprecated", "forbidden")
    assert found(text, "zh", statuses=every, countries=("RU",)) == [("new_era", text)]


def test_a_longer_forbidden_form_hides_the_right_form_inside_it():
    text = "新时代全面战略合作伙伴关系"
    assert found(text, "zh", countries=("RU",)) == []
    assert found(text, "zh", countries=("RU",), statuses=("forbidden",)) == [("new_era", text)]


def test_a_forbidden_form_beats_the_approved_form_it_goes_on_from():
    every = ("preferred", "admitted", "forbidden")
    assert stands("zh", "共建一带一路", "共建一带一路战略") == ["共建一带一路"]
    text = "高质量共建“一带一路”战略"
    assert found(text, "zh", statuses=every) == [("bri", "“一带一路”战略")]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("zh", "副俄罗斯总理"),
        ("ru", "заместителя премьер-министра России"),
        ("en", "the Deputy Russian Prime Minister"),
    ],
)
def test_a_deputy_does_not_hold_the_office(lang, text):
    assert [id for id, _ in found(text, lang) if id == "pm"] == []


def test_a_name_is_not_cut_by_a_longer_term_that_begins_inside_it():
    # 俄罗斯总理 is longer than 白俄罗斯.
    assert found("白俄罗斯总理访问北京", "zh") == [("belarus", "白俄罗斯")]
    assert found("俄罗斯总理访问北京", "zh") == [("pm", "俄罗斯总理")]


def test_matches_come_in_reading_order_with_offsets_into_the_original():
    text = "\ufeffЭ\u0301то сувере\u00adнитет и территориальная целостность и Хэ\u00a0Лифэн."
    matches = MATCHER.find(text, "ru")
    assert [(m.concept.id, text[m.start : m.end]) for m in matches] == [
        ("integrity", "сувере\u00adнитет и территориальная целостность"),
        ("helifeng", "Хэ\u00a0Лифэн"),
    ]


# Scope, date, status.


def test_one_form_of_two_countries_is_read_by_the_country_spoken_of():
    text = "全面战略合作伙伴关系"
    every = ("preferred", "forbidden")
    assert found(text, "zh", statuses=every, countries=("VN",)) == [("cooperation", text)]
    assert found(text, "zh", statuses=every) == [("cooperation", text)]
    in_russia = MATCHER.find(text, "zh", statuses=every, countries=("RU",))
    assert [(m.concept.id, m.term.status) for m in in_russia] == [("coordination", "forbidden")]


def test_forbidden_and_deprecated_forms_come_only_when_asked_for():
    text = "a community of common destiny"
    assert found(text, "en") == []
    assert found(text, "en", statuses=("forbidden",)) == [
        ("community", "community of common destiny")
    ]


def test_a_deprecated_form_was_right_while_its_dates_ran():
    text = "a community with a shared future for mankind"
    assert found(text, "en", date=datetime.date(2020, 1, 1)) == [
        ("community", "community with a shared future for mankind")
    ]
    assert found(text, "en", date=datetime.date(2024, 1, 1)) == []
    assert found(text, "en") == []


def test_an_approved_form_outside_its_dates_counts_as_deprecated():
    term = Term("zh", "新", "preferred", valid_from=datetime.date(2019, 6, 5))
    assert status_on(term, datetime.date(2019, 6, 5)) == "preferred"
    assert status_on(term, datetime.date(2019, 6, 4)) == "deprecated"
    assert status_on(term, None) == "preferred"


# Russian.


@pytest.mark.parametrize(
    "form",
    [
        "отношения всеобъемлющего партнёрства и стратегического взаимодействия, вступающие в "
        "новую эпоху",
        "отношений всеобъемлющего партнерства и стратегического взаимодействия, вступающих в "
        "новую эпоху",
        "отношениям всеобъемлющего партнёрства и стратегического взаимодействия, вступающим в "
        "новую эпоху",
        "отношениями всеобъемлющего партнёрства и стратегического взаимодействия, вступающими "
        "в новую эпоху",
        "отношениях всеобъемлющего партнёрства и стратегического взаимодействия, вступающих в "
        "новую эпоху",
    ],
)
def test_every_case_of_the_longest_rung_is_found_whole(form):
    assert found(f"Речь шла об {form}.", "ru") == [("new_era", form)]


@pytest.mark.parametrize(
    "soup",
    [
        "отношения всеобъемлющему партнёрству и стратегического взаимодействия",
        "отношения всеобъемлющее партнёрство и стратегическое взаимодействие",
        "отношений всеобъемлющей партнёрства и стратегического взаимодействия",
    ],
)
def test_lemma_soup_that_does_not_agree_is_rejected(soup):
    assert found(soup, "ru") == []


def test_a_participle_that_does_not_agree_with_its_head_is_left_out():
    text = (
        "отношениям всеобъемлющего партнёрства и стратегического взаимодействия, вступающие в "
        "новую эпоху"
    )
    assert [id for id, _ in found(text, "ru")] == ["coordination"]


def test_the_tail_of_a_phrase_keeps_its_own_case():
    assert found("комиссией по энергетическому сотрудничеству", "ru") == [
        ("energy", "комиссией по энергетическому сотрудничеству")
    ]
    assert found("комиссия по энергетического сотрудничества", "ru") == []
    assert found("комиссией по энергетическим сотрудничеством", "ru") == []


def test_coordinated_heads_share_their_case():
    assert found("за суверенитет и территориальную целостность", "ru") == [
        ("integrity", "суверенитет и территориальную целостность")
    ]
    assert found("суверенитетом и территориальной целостностью", "ru") != []
    assert found("суверенитетом и территориальную целостность", "ru") == []


@pytest.mark.parametrize(
    "form",
    ["пяти принципов мирного сосуществования", "пятью принципами мирного сосуществования",
     "Пять принципов мирного сосуществования"],
)  # fmt: skip
def test_a_counted_phrase_inflects_as_numerals_do(form):
    assert found(form, "ru") == [("five", form)]


def test_a_counted_phrase_that_mixes_cases_is_rejected():
    assert found("пятью принципов мирного сосуществования", "ru") == []


def test_names_inflect_inside_their_quotation_marks_or_stay():
    assert found("инициативы «Один пояс, один путь»", "ru") == [
        ("bri", "инициативы «Один пояс, один путь»")
    ]
    assert found("строительство «Одного пояса и одного пути»", "ru") == [
        ("bri", "«Одного пояса и одного пути»")
    ]


@pytest.mark.parametrize("dash", ["-", " - ", " – ", "—", "‑", "\u00a0— "])
def test_dashes_and_spaces_between_two_nouns_make_no_difference(dash):
    text = f"государств{dash}членов ШОС"
    assert found(text, "ru") == [("members", text)]


def test_the_second_noun_of_a_compound_agrees_with_the_first():
    assert found("государствами-членов ШОС", "ru") == []


def test_a_stiff_first_half_stays_as_it_is():
    assert found("с премьер-министром России", "ru") == [("pm", "премьер-министром России")]


def test_words_may_be_inserted_only_where_the_term_allows_it():
    assert found("придать отношениям мощный новый импульс", "ru") == [
        ("impetus", "придать отношениям мощный новый импульс")
    ]
    assert found("придать нашим двусторонним отношениям новый импульс", "ru") == []
    assert found("принцип соблюдения «одного Китая»", "ru") == []


def test_abbreviations_of_a_russian_name_need_their_capitals():
    assert found("заседание ООН", "ru") == [("un", "ООН")]
    assert found("оон", "ru") == []


@pytest.mark.parametrize("form", ["Хэ Лифэн", "Хэ Лифэна", "Хэ Лифэну", "Хэ Лифэном", "Хэ Лифэне"])
def test_a_chinese_name_inflects(form):
    assert found(f"{form}, как отмечалось", "ru") == [("helifeng", form)]


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Дун Цзюнь", "Дун Цзюня"),
        ("Чжан Ханьхуэй", "Чжан Ханьхуэем"),
        ("Юрий Трутнев", "Юрием Трутневым"),
        ("Касым-Жомарт Токаев", "Касым-Жомарта Токаева"),
        ("Тяньцзинь", "Тяньцзине"),
        ("Куала-Лумпур", "Куала-Лумпуре"),
    ],
)
def test_names_the_dictionary_lacks_are_found_by_their_stem(name, form):
    glossary = Glossary((Concept("it", "person", (Term("ru", name, "preferred"),)),))
    matcher = Matcher(glossary)
    assert [form[m.start : m.end] for m in matcher.find(form, "ru")] == [form]
    assert matcher.find(form.lower(), "ru") == []


def test_a_participle_behind_two_heads_is_plural():
    term = "всеобъемлющее партнёрство и стратегическое взаимодействие, вступающие в новую эпоху"
    form = "всеобъемлющему партнёрству и стратегическому взаимодействию, вступающим в новую эпоху"
    assert stands("ru", term, form) == [form]
    assert stands("ru", term, form.replace("вступающим", "вступающие")) == []


# Chinese.


def test_traditional_width_and_quotation_marks_make_no_difference():
    assert found("新時代全面戰略協作夥伴關係", "zh") == [("new_era", "新時代全面戰略協作夥伴關係")]
    assert found("「一帶一路」倡議", "zh") == [("bri", "「一帶一路」倡議")]
    assert found("一带一路倡议", "zh") == [("bri", "一带一路倡议")]


@pytest.mark.parametrize("ordinal", ["第三十次", "第30次", "第三十届", "第３０次"])
def test_an_ordinal_may_stand_inside_a_name(ordinal):
    text = f"中俄总理{ordinal}定期会晤在杭州举行"
    assert found(text, "zh") == [("meeting", f"中俄总理{ordinal}定期会晤")]


def test_nothing_but_one_ordinal_may_stand_inside_a_name():
    assert found("中俄总理北京定期会晤", "zh") == []
    assert found("中俄总理第三十次第三十次定期会晤", "zh") == []
    assert found("中俄总理第定期会晤", "zh") == []


def test_an_ordinal_may_stand_inside_a_russian_and_an_english_name():
    assert found("регулярную 30-ю встречу глав правительств", "ru") == [
        ("meeting", "регулярную 30-ю встречу глав правительств")
    ]
    english = "regular 30th meeting between the Chinese and Russian heads of government"
    assert found(f"the {english}", "en") == [("meeting", english)]


def test_sentence_punctuation_ends_a_term():
    assert found("全面战略。协作伙伴关系", "zh") == []
    assert found("全面战略，协作伙伴关系", "zh") == []
    assert found("主权、和领土完整", "zh") == []


# English.


def test_articles_plurals_hyphens_possessives_and_spelling_make_no_difference():
    for text in (
        "the comprehensive strategic partnership of co-ordination for the new era",
        "Comprehensive strategic partnerships of coordination for new era",
        "comprehensive strategic partnership of coordination for a new era's",
    ):
        assert [id for id, _ in found(text, "en")] == ["new_era"]
    assert stands("en", "G20", "the G-20") == ["G-20"]
    assert found("one China principle", "en") == [("principle", "one China principle")]
    assert stands("en", "labour programme organisation", "labor program organizations") == [
        "labor program organizations"
    ]


def test_a_match_ends_before_the_possessive():
    assert found("Russia's view", "en") == [("russia", "Russia")]


def test_abbreviations_and_names_need_their_capitals():
    assert found("Turkey and the U.N.", "en") == [("turkey", "Turkey"), ("un", "U.N.")]
    assert found("turkey un", "en") == []
    assert found("RUSSIA", "en") == [("russia", "RUSSIA")]


def test_the_case_flag_asks_for_the_terms_own_capitals():
    flags = frozenset({"case"})
    assert stands("en", "the Garden Ring", "the garden ring and the Garden Ring") == [
        "garden ring",
        "Garden Ring",
    ]
    assert stands("en", "the Garden Ring", "the garden ring and the Garden Ring", flags=flags) == [
        "Garden Ring"
    ]


def test_a_serial_comma_is_a_matter_of_style_and_another_comma_is_not():
    term = "sovereignty, security and interests"
    assert stands("en", term, "sovereignty, security, and interests")
    assert not stands("en", "mutual respect", "mutual, respect")


def test_verbs_of_formulas_are_found_in_their_forms():
    assert found("injected new impetus into ties", "en") == [
        ("impetus", "injected new impetus into")
    ]
    assert found("injecting new impetus into ties", "en") != []


def test_the_number_an_approved_form_has_is_not_the_forbidden_one():
    every = ("preferred", "forbidden")
    assert found("the Years of Culture events", "en", statuses=every) == []
    assert found("the Year of Culture events", "en", statuses=every) == [
        ("culture", "Year of Culture")
    ]


# Frames.


def frames(text, lang):
    return [
        (m.concept.id, text[m.start : m.end])
        for group in MATCHER.groups(text, lang)
        for m in group.matches[:1]
    ]


def test_a_slot_takes_up_to_twenty_characters_of_one_sentence():
    assert ("invitation", "应俄罗斯总统普京邀请") in frames("应俄罗斯总统普京邀请，访问", "zh")
    assert ("invitation", "应" + "甲" * 20 + "邀请") in frames("应" + "甲" * 20 + "邀请", "zh")
    assert frames("应" + "甲" * 21 + "邀请", "zh") == []
    assert frames("应该如此。接到邀请", "zh") == []


def test_what_fills_a_slot_is_found_too():
    assert [id for id, _ in frames("应俄罗斯总理邀请", "zh")] == ["invitation", "pm"]


def test_frames_are_left_to_groups():
    assert found("应俄罗斯邀请", "zh") == [("russia", "俄罗斯")]


# Laws.

PARTS = st.sampled_from(
    [
        "全面战略协作伙伴关系", "新时代", "战略伙伴关系", "白俄罗斯", "俄罗斯总理", "第三十次",
        "应", "邀请",
        "отношения всеобъемлющего партнерства и стратегического взаимодействия", "ООН", "России",
        "государств - членов ШОС", "comprehensive ", "strategic partnership", " of coordination",
        " for a new era", "UN Security Council", "U.N.", " ", "\n", "\u00ad", "\u200b", "«",
        "»", "“",
        "。", ", ", "-", "\x00", "е\u0301", "ﬁ", "𝟙", "…", "'s", "29-е ", "第", "\ufeff",
    ]
)  # fmt: skip
TEXTS = st.lists(PARTS, max_size=12).map("".join) | st.text(max_size=40)


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.sampled_from(["zh", "ru", "en"]))
def test_matches_never_overlap_and_lie_within_the_text(text, lang):
    end = 0
    for match in MATCHER.find(text, lang, statuses=("preferred", "admitted", "forbidden")):
        assert end <= match.start < match.end <= len(text)
        assert not text[match.start : match.end][0].isspace()
        end = match.end


@settings(max_examples=100, deadline=None)
@given(TEXTS, st.sampled_from(["zh", "ru", "en"]))
def test_what_is_found_is_found_again_standing_alone(text, lang):
    for match in MATCHER.find(text, lang):
        stretch = text[match.start : match.end]
        again = MATCHER.find(stretch, lang)
        assert [(m.concept.id, m.start, m.end) for m in again] == [
            (match.concept.id, 0, len(stretch))
        ]


@pytest.mark.parametrize("lang", ["zh", "ru", "en"])
def test_every_preferred_term_finds_itself_whole(lang):
    for concept in MATCHER.glossary.concepts:
        term = concept.preferred(lang)
        if term and "…" not in term.text:
            assert [id for id, _ in found_with_scope(term)] == [concept.id]


def found_with_scope(term):
    text = term.text
    matches = MATCHER.find(text, term.lang, countries=term.scope)
    return [(m.concept.id, text[m.start : m.end]) for m in matches]


def test_every_shipped_term_finds_its_concept(shipped):
    lost = []
    for concept in shipped.glossary.concepts:
        for term in concept.terms:
            if "…" in term.text:
                continue
            bound = set(term.scope)
            groups = shipped.groups(term.text, term.lang, countries_at=lambda _, b=bound: b)
            ids = {m.concept.id for g in groups for m in (*g.matches, *g.inner)}
            if concept.id not in ids:
                lost.append((concept.id, term.lang, term.text))
    assert lost == []


def russian_terms(matcher):
    for concept in matcher.glossary.concepts:
        for term in concept.terms:
            if term.lang == "ru" and term.status != "forbidden" and "…" not in term.text:
                yield concept, term


def is_found(matcher, text, concept, term):
    groups = matcher.groups(text, "ru", countries_at=lambda _: term.scope)
    return concept.id in {m.concept.id for g in groups for m in (*g.matches, *g.inner)}


def test_shipped_russian_terms_are_found_in_every_case(shipped):
    # The forms come from another room, which reads phrases in its own way.
    made, lost = 0, []
    for concept, term in russian_terms(shipped):
        for case in ("gen", "dat", "acc", "ins", "loc"):
            form = ru_forms.inflect(term.text, case)
            if form is not None:
                made += 1
                if not is_found(shipped, form, concept, term):
                    lost.append((case, term.text, form))
    assert made > 2000
    assert len(lost) <= 0.02 * made, lost


def test_shipped_russian_terms_with_one_word_in_another_case_are_not_found(shipped):
    made, wrong = 0, []
    for _, term in russian_terms(shipped):
        first, *rest = term.text.split()
        adjective = ru.analyser().parse(first)[0]
        nouns = agreement.readings(ru.normalise(rest[0]).text) if rest else ()
        if adjective.tag.POS != "ADJF" or not first.isalpha():
            continue
        # The word it agrees with must have a nominative, and not be one of those that stay.
        if "nomn" not in {r.case for r in nouns} or len({r.case for r in nouns}) > 3:
            continue
        for case in ("datv", "ablt", "loct"):
            form = adjective.inflect({case})
            if form is None or any(r.case == case for r in nouns):
                continue
            if form.word == adjective.word:
                continue
            made += 1
            soup = " ".join([form.word, *rest])
            if any(m.start == 0 and m.term == term for m in whole(shipped, soup, term)):
                wrong.append((term.text, soup))
    assert made > 150
    assert wrong == [], wrong


def whole(matcher, text, term):
    groups = matcher.groups(text, "ru", countries_at=lambda _: term.scope)
    return [match for group in groups for match in group.matches]


def test_every_term_of_a_very_long_line_is_found():
    piece = "обсудили отношения всеобъемлющего партнерства и стратегического взаимодействия, "
    assert len(MATCHER.find(piece * 4000, "ru")) == 4000  # quadratic work would take minutes


# Chinese names and the ends of words.


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("沿海地区与出海口建设", []),
        ("沿海地區", []),
        ("增加纳税，参加纳米展", []),
        ("今日本报讯，13日本报记者", []),
        ("中国中东部地区", ["中国"]),
        ("其中国家级展会", []),
        ("发展中亚洲国家", ["亚洲"]),
        ("日韩正式会谈，美韩正在磋商", []),
        ("希望韩正视历史", []),
        ("李希望，小李强调", []),
        ("苏林业部门", []),
        ("我国将向海地派出医疗队", ["海地"]),
        ("抵达海口", ["海口"]),
        ("对加纳进行访问", ["加纳"]),
        ("最近日本政府同日本企业，当日本队", ["日本", "日本", "日本"]),
        ("3日日本", ["日本"]),
        ("中东部分国家，中东部长级会议", ["中东", "中东"]),
        ("韩正在北京，韩正视察，韩正视频致辞，对韩正说", ["韩正", "北京", "韩正", "韩正", "韩正"]),
        ("李强调研，李强强调", ["李强", "李强"]),
        ("苏林总书记", ["苏林"]),
    ],
)
def test_a_chinese_name_is_not_cut_out_of_ordinary_words(shipped, text, names):
    domains = {"person", "place", "country", "country/place", "region"}
    found = [m for m in shipped.find(text, "zh") if m.concept.domain in domains]
    assert [text[m.start : m.end] for m in found] == names
