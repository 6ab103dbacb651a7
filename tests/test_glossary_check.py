"""Checking: wrong forms in one text, wrong and missing equivalents between versions."""

import datetime
import json
from pathlib import Path

import pytest

from toolkit.dispatch import parse_dispatch, read_dispatch
from toolkit.glossary import countries
from toolkit.glossary.check import check_text, is_mention
from toolkit.glossary.compare import Row, check_rows
from toolkit.glossary.match import Matcher
from toolkit.glossary.rules import RULES
from toolkit.glossary.store import COLUMNS, load, parse

DATA = Path(__file__).parent / "data"
CORPORA = Path(__file__).parent.parent / "corpora"
GLOSSARY = load([DATA / "check.glossary.tsv"])
MATCHER = Matcher(GLOSSARY)

ZH = "中俄新时代全面战略协作伙伴关系不断发展。"
RU = (
    "Отношения всеобъемлющего партнёрства и стратегического взаимодействия, вступающие в новую "
    "эпоху, между Россией и Китаем развиваются."
)
EN = (
    "The China-Russia comprehensive strategic partnership of coordination for a new era keeps "
    "developing."
)


def checked(text, lang, matcher=MATCHER, **options):
    dispatch = parse_dispatch(text, lang=lang, source="x.txt")
    return check_text(dispatch, matcher, **options).findings


def forms(text, lang, **options):
    return [(f.code, f.found) for f in checked(text, lang, **options)]


def compared(*rows, **options):
    made = [
        Row(texts, lambda lang, offset, n=number: (f"x.{lang}", n, offset + 1))
        for number, texts in enumerate(rows, 1)
    ]
    return check_rows(made, MATCHER, **options).findings


def beads(*rows, **options):
    return [(f.code, f.severity, f.concept, f.lang, f.found) for f in compared(*rows, **options)]


# One text: forbidden forms.


def test_a_forbidden_form_is_an_error_that_says_what_to_write_and_why():
    text = "王毅说，俄罗斯愿发展\n新时代全面战略合作伙伴关系。"
    (finding,) = checked(text, "zh")
    assert (finding.code, finding.severity, finding.concept) == ("T001", "error", "new_era")
    assert (finding.file, finding.line, finding.column) == ("x.txt", 2, 1)
    assert finding.found == "新时代全面战略合作伙伴关系"
    assert finding.expected == "新时代全面战略协作伙伴关系"
    assert "协作 is not 合作" in finding.message
    assert "https://example.org/zh" in finding.message


def test_a_forbidden_form_is_found_inflected_and_named_as_it_stands():
    text = "Россия и Китай верны духу отношений всеобъемлющего стратегического партнёрства."
    assert forms(text, "ru") == [("T001", "отношений всеобъемлющего стратегического партнёрства")]
    assert forms("Это часть стратегии «Один пояс, один путь».", "ru") == [
        ("T001", "стратегии «Один пояс, один путь»")
    ]


def test_what_to_write_is_given_in_the_case_of_what_stands_there():
    text = "Россия верна отношениям всеобъемлющего стратегического партнёрства с Китаем."
    (finding,) = checked(text, "ru")
    assert finding.expected == GLOSSARY.concept("coordination").preferred("ru").text
    right = "отношениям всеобъемлющего партнерства и стратегического взаимодействия"
    assert f"here “{right}”" in finding.message


def test_a_form_forbidden_for_one_country_is_right_for_another():
    assert forms("中越全面战略合作伙伴关系不断发展。", "zh") == []
    assert forms("中俄全面战略合作伙伴关系不断发展。", "zh") == [("T001", "全面战略合作伙伴关系")]
    english = "{} and China have a comprehensive strategic cooperative partnership."
    assert forms(english.format("Vietnam"), "en") == []
    assert forms(english.format("Russia"), "en") != []


def test_the_country_named_nearest_decides_within_a_sentence():
    text = "访问俄罗斯之后，中越宣布建立全面战略合作伙伴关系。"
    assert forms(text, "zh") == []


def test_without_a_country_in_the_sentence_the_dispatch_decides():
    lead = "俄罗斯总统普京会见王毅。俄方表示欢迎。\n\n"
    assert forms(lead + "双方愿深化全面战略合作伙伴关系。", "zh") != []
    assert forms("双方愿深化全面战略合作伙伴关系。", "zh") == []


def test_the_country_given_outvotes_the_text():
    assert forms("双方愿深化全面战略合作伙伴关系。", "zh", countries=("RU",)) != []
    assert forms("中俄全面战略合作伙伴关系", "zh", countries=("VN",)) == []


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("zh", "他的文章题为《中俄新时代全面战略合作伙伴关系研究》。"),
        ("zh", "这里应译为协作，而不是“一带一路战略”。"),
        ("zh", "这是倡议，而非一带一路战略。"),
        ("en", "It is an initiative, not a Belt and Road strategy."),
        ("en", "\"Some call it a 'Belt and Road strategy', which is wrong,\" he said."),
        ("en", "The so-called “Belt and Road strategy” does not exist."),
        ("ru", "Это не стратегия «Один пояс, один путь»."),
        ("ru", "Это не является стратегией «Один пояс, один путь»."),
    ],
)
def test_a_form_that_is_quoted_or_denied_is_not_used(lang, text):
    assert forms(text, lang) == []


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("zh", "“我们愿同各方一道推进一带一路战略，实现共同发展，造福各国人民。”他说。"),
        ("zh", "中方不断推进一带一路战略。"),
        ("en", "“We will build the Belt and Road strategy together with all others,” he said."),
        ("en", "China will not abandon the joint work on the Belt and Road strategy."),
        ("en", "Not only trade but also the Belt and Road strategy was discussed."),
        ("ru", "Стороны не только торгуют, но и развивают стратегию «Один пояс, один путь»."),
    ],
)  # fmt: skip
def test_speech_and_distant_negation_are_uses(lang, text):
    assert [code for code, _ in forms(text, lang)] == ["T001"]


def test_a_quotation_mark_inside_the_form_does_not_quote_it():
    assert not is_mention("推进“一带一路”战略", 3, 9, "zh")


# One text: dates.


def test_a_form_out_of_date_is_a_warning_from_the_day_after():
    text = "HANGZHOU, {} (Xinhua) -- China builds a community with a shared future for mankind."
    old = checked(text.format("Dec. 31"), "en", date=datetime.date(2022, 12, 31))
    new = checked(text.format("Jan. 1"), "en", date=datetime.date(2023, 1, 1))
    assert old == ()
    ((code, severity),) = [(f.code, f.severity) for f in new]
    assert (code, severity) == ("T002", "warning")
    assert "2022-12-31" in new[0].message
    assert new[0].expected == "community with a shared future for humanity"


def test_the_day_of_the_dispatch_counts_where_none_is_given():
    text = "NINGBO, Nov. {}, {} (Xinhua) -- A community with a shared future for mankind is built."
    assert forms(text.format(2, 2021), "en") == []
    assert [code for code, _ in forms(text.format(2, 2025), "en")] == ["T002"]


def test_a_form_before_its_time_is_a_warning():
    text = "俄罗斯愿发展新时代全面战略协作伙伴关系。"
    assert [f.code for f in checked(text, "zh", date=datetime.date(2015, 5, 8))] == ["T003"]
    assert checked(text, "zh", date=datetime.date(2019, 6, 5)) == ()


def test_a_sentence_that_names_the_year_speaks_of_history():
    day = datetime.date(2025, 1, 1)
    text = "In 2013, {}the idea of a community with a shared future for mankind was proposed."
    assert checked(text.format(""), "en", date=day) == ()
    assert checked(text.replace("In 2013, ", "").format(""), "en", date=day) != ()


def test_a_phrase_of_another_country_is_a_warning_where_nobody_speaks_of_its_own():
    text = "越南愿发展全面战略协作伙伴关系。"
    assert [(f.code, f.severity) for f in checked(text, "zh")] == [("T004", "warning")]
    assert forms("越南和俄罗斯都愿发展全面战略协作伙伴关系。", "zh") == []
    assert forms("愿发展全面战略协作伙伴关系。", "zh") == []


# Versions: the ladder.


def test_three_right_versions_are_clean():
    assert beads({"zh": ZH, "ru": RU, "en": EN}) == []


MUTATIONS = [
    ("zh", ZH, ZH.replace("协作", "合作"), "T001"),
    ("zh", ZH, ZH.replace("新时代", ""), "T102"),
    ("ru", RU, RU.replace(", вступающие в новую эпоху,", ""), "T102"),
    ("ru", RU, RU.replace("взаимодействия", "сотрудничества"), "T101"),
    ("en", EN, EN.replace(" for a new era", ""), "T102"),
    ("en", EN, EN.replace(" of coordination for a new era", ""), "T102"),
    ("en", EN, EN.replace("partnership of coordination", "cooperative partnership"), "T001"),
    ("en", EN, EN.replace("coordination for a new era", "cooperation"), "T001"),
    ("en", EN, EN.replace("comprehensive strategic partnership", "relationship"), "T101"),
]


@pytest.mark.parametrize(("lang", "right", "wrong", "code"), MUTATIONS)
def test_a_mutation_of_one_version_is_caught_once_and_in_the_version_at_fault(
    lang, right, wrong, code
):
    assert wrong != right
    texts = {"zh": ZH, "ru": RU, "en": EN, lang: wrong}
    findings = compared(texts)
    assert [(f.code, f.lang) for f in findings] == [(code, lang)]
    assert findings[0].concept == "new_era" or findings[0].code == "T001"


@pytest.mark.parametrize(("lang", "right", "wrong", "code"), MUTATIONS)
def test_a_mutation_is_caught_between_two_versions(lang, right, wrong, code):
    for other, text in (("zh", ZH), ("ru", RU), ("en", EN)):
        if other != lang:
            assert code in [f.code for f in compared({lang: wrong, other: text})]


def test_a_wrong_rung_names_both_rungs_and_the_form_to_write():
    wrong = "The comprehensive strategic partnership with Russia keeps developing."
    (finding,) = compared({"zh": ZH, "en": wrong})
    assert (finding.code, finding.severity, finding.lang) == ("T102", "error", "en")
    assert finding.found == "comprehensive strategic partnership"
    assert finding.expected == GLOSSARY.concept("new_era").preferred("en").text
    assert "comprehensive" in finding.message and "new_era" in finding.message
    assert (finding.file, finding.line, finding.column) == ("x.en", 1, 5)


def test_two_versions_outvote_the_third():
    short = {"zh": ZH.replace("新时代", ""), "ru": RU, "en": EN}
    assert [(f.code, f.lang, f.found) for f in compared(short)] == [
        ("T102", "zh", "全面战略协作伙伴关系")
    ]


def test_two_rungs_in_one_passage_are_no_mistake_where_both_versions_have_both():
    zh = "俄罗斯：从全面战略协作伙伴关系到新时代全面战略协作伙伴关系。"
    en = (
        "Russia: from a comprehensive strategic partnership of coordination to a comprehensive "
        "strategic partnership of coordination for a new era."
    )
    assert beads({"zh": zh, "en": en}) == []
    assert beads({"zh": zh, "en": en.replace(" for a new era", "")}) != []


def test_a_rung_inside_a_longer_rung_does_not_stand_for_it():
    texts = {"zh": "中俄战略伙伴关系", "en": "the comprehensive strategic partnership"}
    assert [f[0] for f in beads(texts)] == ["T102"]


# Versions: what is missing.


def test_a_missing_equivalent_is_a_warning_in_the_version_that_lacks_it():
    texts = {
        "zh": "俄罗斯支持一个中国原则。",
        "ru": "Россия поддерживает принцип «одного Китая».",
        "en": "Russia supports China on this question.",
    }
    (finding,) = compared(texts)
    assert (finding.code, finding.severity, finding.lang) == ("T101", "warning", "en")
    assert finding.expected == "one-China principle"
    assert "一个中国原则" in finding.message and "принцип «одного Китая" in finding.message


def test_a_policy_for_a_principle_is_another_concept():
    texts = {"zh": "俄罗斯支持一个中国原则。", "en": "Russia supports the one-China policy."}
    (finding,) = compared(texts)
    assert (finding.code, finding.found) == ("T102", "one-China policy")
    assert finding.expected == "one-China principle"


def test_an_equivalent_may_stand_across_the_border_of_a_passage():
    rows = [
        {"zh": "双方支持一个中国原则。", "en": "The two sides talked."},
        {"zh": "双方进行了会谈。", "en": "They support the one-China principle."},
    ]
    assert beads(*rows) == []


def test_an_equivalent_may_stand_in_a_sentence_that_was_moved():
    rows = [
        {"zh": "", "en": "They support the one-China principle."},
        {"zh": "双方进行了会谈。", "en": "The two sides talked."},
        {"zh": "会谈持续两小时。", "en": "The talks took two hours."},
        {"zh": "双方支持一个中国原则。", "en": "Enditem"},
    ]
    assert beads(*rows) == []
    assert [f[2] for f in beads(*rows[1:])] == ["principle"]


def test_a_neighbour_that_needs_its_equivalent_itself_does_not_lend_it():
    rows = [
        {"zh": "双方支持一个中国原则。", "en": "They support the one-China principle."},
        {"zh": "他重申一个中国原则。", "en": "He repeated what the sides had said about China."},
    ]
    assert [(f[0], f[2]) for f in beads(*rows)] == [("T101", "principle")]


def test_a_passage_that_one_version_lacks_is_no_finding():
    assert beads({"zh": ZH, "ru": "", "en": EN}) == []
    assert beads({"zh": ZH, "en": ""}) == []


def test_a_language_without_a_term_for_the_concept_is_no_finding():
    glossary = parse(
        "concept\tlang\tterm\tstatus\tscope\tregister\tfrom\tto\tflags\tdomain\tnote\tevidence\n"
        "it\t*\t\t\t\t\t\t\t\tprinciple\t\t\n"
        "it\tzh\t求同存异\tpreferred\t\t\t\t\t\t\t\tunverified\n"
    )
    row = Row({"zh": "双方求同存异。", "en": "They talk."}, lambda lang, offset: ("x", 1, 1))
    assert check_rows([row], Matcher(glossary)).findings == ()


def test_an_accept_only_form_satisfies_and_demands_nothing():
    assert beads({"zh": "共建“一带一路”倡议", "en": "the BRI"}) == []
    assert beads({"zh": "双方进行了会谈。", "en": "They discussed the BRI."}) == []


def test_two_committees_under_one_head_are_both_there():
    zh = "中俄能源、人文合作委员会举行会议。"
    ru = "Состоялись заседания комиссий по энергетическому и гуманитарному сотрудничеству."
    en = "The energy and people-to-people cooperation committees met."
    assert beads({"zh": zh, "ru": ru, "en": en}) == []
    full = (
        "Заседания провели комиссия по энергетическому сотрудничеству и комиссия по "
        "гуманитарному сотрудничеству."
    )
    assert beads({"zh": zh, "ru": full}) == []
    one = "Заседание провела комиссия по энергетическому сотрудничеству."
    assert [f[2] for f in beads({"zh": zh, "ru": full}, {"zh": zh, "ru": one})] == []
    assert [f[2] for f in beads({"zh": "中俄人文合作委员会开会。", "ru": one})] == ["humanitarian"]


def test_a_short_form_stands_for_a_name_given_in_full_elsewhere():
    rows = [
        {
            "zh": "中俄总理定期会晤委员会举行会议。",
            "en": "The committee for regular meetings between the Chinese and Russian heads of "
            "government met.",
        },
        {"zh": "中俄总理定期会晤委员会发挥了作用。", "en": "The committee played its part."},
    ]
    assert beads(*rows) == []
    assert beads(rows[1]) != []


def test_an_altered_phrase_is_no_short_form():
    rows = [
        {"zh": "构建人类命运共同体。", "ru": "Строить сообщество единой судьбы человечества."},
        {"zh": "构建人类命运共同体。", "ru": "Строить сообщество общей судьбы человечества."},
    ]
    (finding,) = compared(*rows)
    assert (finding.code, finding.line, finding.found) == (
        "T101",
        2,
        "сообщество общей судьбы человечества",
    )


def test_a_person_named_once_may_be_a_pronoun_later():
    rows = [
        {"zh": "何立峰主持会议。", "en": "He Lifeng chaired the meeting."},
        {"zh": "何立峰表示欢迎。", "en": "He welcomed it."},
    ]
    assert beads(*rows) == []
    stranger = {"zh": "何立峰主持会议。", "en": "He Weidong chaired it."}
    assert [f[0] for f in beads(stranger)] == ["P101"]


def test_an_organisation_inside_the_name_of_its_council_is_there():
    texts = {"ru": "Совет Безопасности ООН", "en": "the UN Security Council", "zh": "联合国安理会"}
    assert beads(texts) == []
    assert beads({"zh": "联合国", "en": "the UN Security Council"}) != []
    assert [f[2] for f in beads({"en": "the UN", "zh": "联合国安理会"})] == ["council"]


def test_a_shared_plural_head_names_an_office_only_in_part():
    zh = "俄美两国领导人通了电话。"
    ru = "Состоялся разговор премьер-министров России и США."
    assert beads({"zh": zh, "ru": ru}) == []
    assert beads({"zh": zh, "ru": ru.replace("министров", "министра")}) != []
    assert beads({"zh": zh, "en": "The Russian Prime Minister called."}) != []
    assert beads({"zh": zh, "en": "The Russian Prime Ministers, old and new, called."}) == []


def test_formulas_are_notes_shown_on_demand():
    texts = {"zh": "为两国关系注入新动力。", "en": "This will help ties."}
    assert beads(texts) == []
    assert [(f[0], f[1]) for f in beads(texts, notes=True)] == [("T101", "info")]


def test_forms_of_rows_are_checked_unless_they_were_before():
    texts = {"zh": "中俄新时代全面战略合作伙伴关系", "en": EN}
    assert [f.code for f in compared(texts)] == ["T001"]
    assert compared(texts, forms=False) == ()


def test_the_country_of_the_dispatch_is_found_in_any_of_its_languages():
    rows = [
        {"zh": "双方愿深化全面战略合作伙伴关系。", "en": "Ties with Russia will deepen."},
        {"zh": "俄罗斯表示欢迎。", "en": "Russia welcomed it."},
    ]
    assert [f.code for f in compared(*rows)] == ["T001"]


# Countries.


@pytest.mark.parametrize(
    ("lang", "text", "codes"),
    [
        ("zh", "中俄、中越、中白关系", ["RU", "VN", "BY"]),
        ("zh", "俄方和美方", ["RU", "US"]),
        ("zh", "白俄罗斯与乌兹别克斯坦", ["BY", "UZ"]),
        ("zh", "俄中关系", ["RU"]),
        ("zh", "中国、中方、中新社、中央、地方、法方式、中美洲", []),
        ("ru", "Россией, российско-китайский, РФ", ["RU", "RU", "RU"]),
        ("ru", "Белоруссии и Вьетнаму, в США", ["BY", "VN", "US"]),
        ("ru", "индийский индивидуальный подход, перу и чили", ["IN", "PE", "CL"]),
        ("ru", "Китай и китайский", []),
        ("en", "Russia's, Russian and China-Vietnam", ["RU", "RU", "VN"]),
        ("en", "the U.S., South Korea and the United Kingdom", ["US", "KR", "GB"]),
        ("en", "China and the Chinese; thaw, us, island", []),
    ],
)
def test_countries_are_named_by_name_adjective_and_short_form(lang, text, codes):
    assert [code for _, code in countries.mentions(text, lang)] == codes


def test_the_counterpart_is_the_country_most_often_named():
    assert countries.counterpart([(0, "VN"), (5, "RU"), (9, "RU")]) == "RU"
    assert countries.counterpart([]) is None


def test_a_glossary_of_two_languages_warns_in_a_file_of_three():
    term = "trial\t{}\t{}\tpreferred\t\t\t\t\t\t\t\tunverified\n"
    rows = "trial\t*\t\t\t\t\t\t\t\teconomy\t\t\n"
    rows += term.format("zh", "试验词语") + term.format("en", "trial term")
    matcher = Matcher(parse("\t".join(COLUMNS) + "\n" + rows, "own.tsv"))
    row = Row(
        {"zh": "试验词语", "ru": "слово", "en": "another word"},
        lambda lang, offset: (f"x.{lang}", 1, offset + 1),
    )
    findings = check_rows([row], matcher).findings
    assert [(f.code, f.severity, f.lang) for f in findings] == [("T101", "warning", "en")]


# The shipped glossary on the shipped dispatches.


def shipped_dispatches():
    return sorted(path.parent.name for path in CORPORA.glob("*/*.gold.jsonl"))


@pytest.fixture(scope="module")
def shipped():
    return Matcher(load())


@pytest.mark.parametrize("name", shipped_dispatches())
def test_a_shipped_dispatch_has_no_wrong_form(shipped, name):
    for lang in ("zh", "ru", "en"):
        dispatch = read_dispatch(CORPORA / name / f"{name}.{lang}.txt")
        checked = check_text(dispatch, shipped)
        assert checked.findings == ()
        assert checked.uses > 2


@pytest.mark.parametrize("name", shipped_dispatches())
def test_the_versions_of_a_shipped_dispatch_agree(shipped, name):
    gold = (CORPORA / name / f"{name}.gold.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [
        Row(json.loads(line)["text"], lambda lang, offset, n=n: (lang, n, offset + 1))
        for n, line in enumerate(gold, 1)
    ]
    findings = check_rows(rows, shipped).findings
    assert [(f.line, f.lang, f.code, f.message) for f in findings] == []


def shipped_rows(shipped, *rows, **options):
    made = [
        Row(texts, lambda lang, offset, n=n: (f"x.{lang}", n, offset + 1))
        for n, texts in enumerate(rows, 1)
    ]
    found = check_rows(made, shipped, **options).findings
    return [(f.code, f.concept, f.lang) for f in found]


def test_a_misspelt_person_is_not_excused_by_half_a_name(shipped):
    texts = {"zh": "何立峰出席。", "ru": "Присутствовал Хэ Лифэн.", "en": "He Lifeng attended."}
    assert shipped_rows(shipped, texts) == []
    wrong = texts | {"en": "Li Lifeng attended."}
    assert shipped_rows(shipped, wrong) == [("P101", "he_lifeng", "en")]


PARTNERS = {
    "zh": "中国和巴基斯坦是全天候战略合作伙伴。",
    "ru": "Китай и Пакистан являются всепогодными стратегическими партнёрами.",
    "en": "China and Pakistan are all-weather strategic cooperative partners.",
}


def test_partners_are_compared_by_their_rung(shipped):
    assert shipped_rows(shipped, PARTNERS) == []
    wrong = PARTNERS | {"en": PARTNERS["en"].replace("all-weather ", "")}
    assert shipped_rows(shipped, wrong) == [("T102", "all_weather_scp", "en")]
    # A partnership in one version and partners in another are free wording.
    noun = PARTNERS | {"zh": "中国和巴基斯坦发展全天候战略合作伙伴关系。"}
    assert shipped_rows(shipped, noun) == []


def test_an_order_of_rules_is_another_than_an_order_of_law(shipped):
    texts = {
        "zh": "中俄维护以国际法为基础的国际秩序。",
        "ru": "Россия и Китай защищают международный порядок, основанный на международном праве.",
        "en": "Russia and China uphold the international order based on international law.",
    }
    assert shipped_rows(shipped, texts) == []
    wrong = texts | {"en": "Russia and China uphold the rules-based international order."}
    assert shipped_rows(shipped, wrong) == [("T102", "intl_order_international_law", "en")]


def test_humanitarian_for_people_to_people_is_an_error(shipped):
    text = "MOSCOW, Nov. 3, 2025 (Xinhua) -- China and Russia expand humanitarian exchanges."
    assert [(f.code, f.severity) for f in checked(text, "en", shipped)] == [("T001", "error")]


def test_every_rule_has_a_title_and_an_explanation():
    for code, rule in RULES.items():
        assert code[0] in "TNDPXS" and code[1:].isdigit() and len(code) == 4
        assert rule.severity in ("error", "warning", "info")
        assert rule.title and rule.explanation.endswith(".")
