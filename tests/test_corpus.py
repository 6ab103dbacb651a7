"""The shipped dispatches: what the manifest promises, the files keep."""

import datetime
import json
import re
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit import corpus, languages
from toolkit.align.beads import Bead
from toolkit.errors import CorpusError, FileError

ENTRIES = corpus.load()
IDS = [entry.id for entry in ENTRIES]
LANGS = ("zh", "ru", "en")
SEED = Path(__file__).parents[2] / "shared" / "seed" / "dispatch.en.txt"


@pytest.fixture(scope="module")
def shipped():
    """Every dispatch read once: (entry, versions, gold)."""
    return [(entry, entry.dispatches(), corpus.gold(entry)) for entry in ENTRIES]


@pytest.fixture
def copy(tmp_path) -> Path:
    """A corpus of one dispatch that a test may damage."""
    source = ENTRIES[0].folder.parent
    shutil.copytree(source / "ningbo", tmp_path / "ningbo")
    manifest = (source / corpus.MANIFEST).read_text(encoding="utf-8")
    first = manifest.split("[[dispatch]]")[1]
    (tmp_path / corpus.MANIFEST).write_text("[[dispatch]]" + first, encoding="utf-8")
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


# What is shipped


def test_the_shipped_corpus_is_sound():
    assert corpus.verify() == []


def test_thirteen_dispatches_of_thirteen_kinds_the_ningbo_one_first():
    assert len(ENTRIES) == 13
    assert IDS[0] == "ningbo"
    assert {entry.kind for entry in ENTRIES} == set(corpus.KINDS)


def test_ningbo_is_dated_and_placed_as_the_event_was(shipped):
    entry, versions, _ = shipped[0]
    assert entry.date == datetime.date(2025, 11, 2)
    assert [(d.lang, d.place, d.date) for d in versions] == [
        ("zh", "宁波", entry.date),
        ("ru", "Нинбо", entry.date),
        ("en", "Ningbo", entry.date),
    ]


def test_every_version_is_a_dispatch_of_its_language_and_of_some_length(shipped):
    for entry, versions, _ in shipped:
        assert tuple(d.lang for d in versions) == LANGS
        for dispatch in versions:
            where = (entry.id, dispatch.lang)
            assert (12 <= len(dispatch.segments) <= 70, where) == (True, where)
            assert languages.detect(dispatch.text) == dispatch.lang, where
            assert dispatch.segments[0].kind == "headline", where
            assert dispatch.encoding == "utf-8", where
            assert "\r" not in dispatch.text and dispatch.text.endswith("\n"), where


def test_there_are_four_hundred_segments_of_every_language(shipped):
    for lang in LANGS:
        counts = [
            len(d.segments) for _, versions, _ in shipped for d in versions if d.lang == lang
        ]
        assert sum(counts) >= 400, lang
        assert sum(count >= 45 for count in counts) >= 6, lang


def test_no_agency_furniture_is_left_in_a_segment(shipped):
    furniture = re.compile(
        r"责任编辑|来源：|同文社|Редактор|Тунвэнь|\d\d:\d\d|Enditem|Tongwen|Updated|Source"
    )
    for _, versions, _ in shipped:
        for dispatch in versions:
            for segment in dispatch.segments:
                assert not furniture.search(segment.text), segment.text


def test_the_gold_holds_every_segment_of_every_version_once(shipped):
    for entry, versions, gold in shipped:
        for dispatch in versions:
            held = [n for item in gold for n in item.bead.side(dispatch.lang)]
            assert sorted(held) == list(range(len(dispatch.segments))), (entry.id, dispatch.lang)


def test_the_gold_has_the_format_that_align_writes(shipped):
    for entry, versions, _ in shipped:
        by_lang = {d.lang: d for d in versions}
        for line in entry.gold_path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            assert list(record) == ["zh", "ru", "en", "text"]
            for lang in LANGS:
                texts = [by_lang[lang].segments[n].text for n in record[lang]]
                assert record["text"][lang] == ("" if lang == "zh" else " ").join(texts)


def test_the_difficulties_promised_are_there(shipped):
    split = dropped = 0
    moved = set()
    for entry, _, gold in shipped:
        sides = [{lang: item.bead.side(lang) for lang in LANGS} for item in gold]
        assert any(not side for bead in sides for side in bead.values()), entry.id
        split += sum(any(len(side) > 1 for side in bead.values()) for bead in sides)
        dropped += sum(not side for bead in sides for side in bead.values())
        for lang in LANGS:
            order = [n for bead in sides for n in bead[lang]]
            if order != sorted(order):
                moved.add((entry.id, lang))
    assert split >= 130
    assert dropped >= 60
    assert len(moved) >= 16


def test_a_bead_is_split_wherever_every_language_has_the_boundary(shipped):
    # Three sides of as many segments are three beads, unless a sentence straddles two of another.
    straddled = {("statement", 56), ("forum", 47)}
    for entry, _, gold in shipped:
        for item in gold:
            sides = [item.bead.side(lang) for lang in LANGS if item.bead.side(lang)]
            if len(sides) > 1 and min(map(len, sides)) > 1:
                assert (entry.id, sides[0][0]) in straddled, item.texts


def test_headlines_are_paired_with_headlines(shipped):
    for entry, _, gold in shipped:
        assert gold[0].bead == Bead((0,), (0,), (0,)), entry.id


@pytest.mark.parametrize(
    ("id", "zh", "ru", "en"),
    [
        (
            "ningbo",
            "俄中新时代全面战略协作伙伴关系",
            "российско-китайским отношениям всеобъемлющего партнерства и стратегического "
            "взаимодействия, вступающим в новую эпоху",
            "comprehensive strategic partnership of coordination for a new era",
        ),
        (
            "ningbo",
            "中俄总理定期会晤委员会",
            "Комиссии по подготовке регулярных встреч глав правительств Китая и России",
            "committee for regular meetings between Chinese and Russian heads of government",
        ),
        (
            "phonecall",
            "永久全面战略伙伴关系",
            "отношения вечного всестороннего стратегического партнерства",
            "permanent comprehensive strategic partnership",
        ),
        ("phonecall", "一个中国原则", "принципу «одного Китая»", "one-China principle"),
        (
            "communique",
            "不结盟、不对抗、不针对第三方",
            "не носят блокового и конфронтационного характера и не направлены против третьих "
            "стран",
            "no-alliance, no-confrontation and not targeting any third party",
        ),
        ("communique", "本币结算", "расчёты в национальных валютах", "local currency settlement"),
        (
            "communique",
            "中俄东线天然气管道",
            "газопровода «Сила Сибири»",
            "China-Russia east-route natural gas pipeline",
        ),
        (
            "briefing",
            "联合国宪章宗旨和原则",
            "цели и принципы Устава ООН",
            "purposes and principles of the UN Charter",
        ),
        ("visit", "应俄罗斯国家杜马主席邀请", "По приглашению Председателя Государственной Думы",
         "At the invitation of the Chairman of the State Duma"),
        ("sco", "《上海合作组织宪章》", "Хартии Шанхайской организации сотрудничества", ""),
        ("sco", "“上海精神”", "«шанхайскому духу»", "Shanghai Spirit"),
        (
            "statement",
            "全天候全面战略伙伴关系",
            "отношений всепогодного и всестороннего стратегического партнерства",
            "all-weather comprehensive strategic partnership",
        ),
        (
            "pressconf",
            "“基于规则的国际秩序”",
            "«международным порядком, основанным на правилах»",
            '"rules-based international order."',
        ),
        (
            "economy",
            "高质量发展和高水平对外开放",
            "высококачественному развитию и высокоуровневой открытости внешнему миру",
            "high-quality development and high-level opening up",
        ),
        (
            "forum",
            "中吉乌铁路",
            "железной дороги Китай – Кыргызстан – Узбекистан",
            "China-Kyrgyzstan-Uzbekistan railway",
        ),
        (
            "border",
            "黑河—布拉戈维申斯克公路桥",
            "автомобильному мосту Благовещенск -- Хэйхэ",
            "Heihe-Blagoveshchensk highway bridge",
        ),
        (
            "moon",
            "平等互利原则",
            "на основе равенства и взаимной выгоды",
            "principle of equality and mutual benefit",
        ),
    ],
)
def test_official_equivalents_stand_in_one_bead(shipped, id, zh, ru, en):
    gold = next(gold for entry, _, gold in shipped if entry.id == id)
    wanted = {"zh": zh, "ru": ru, "en": en}
    assert any(all(form in item.texts[lang] for lang, form in wanted.items()) for item in gold)


def test_no_version_holds_a_wrong_equivalent(shipped):
    wrong = {
        "zh": ["战略合作伙伴", "新时期全面", "一个中国政策", "一带一路战略", "普世价值"],
        "ru": ["политик\\w+ «одного Китая»", "Президент\\w* КНР", "стратеги\\w+ «Один пояс"],
        "en": ["partnership of cooperation", "cooperative partnership", "one-China policy",
               '(?<!")rules-based', "humanitarian", "Belt and Road strategy", "Deputy Premier"],
    }  # fmt: skip
    for entry, versions, _ in shipped:
        for dispatch in versions:
            for form in wrong[dispatch.lang]:
                assert not re.search(form, dispatch.text), (entry.id, form)


ZH_UNITS = {"万": 10**4, "亿": 10**8, "万亿": 10**12}
RU_UNITS = {"тыс.": 10**3, "млн": 10**6, "млрд": 10**9, "трлн": 10**12}
EN_UNITS = {"million": 10**6, "billion": 10**9, "bln": 10**9, "trillion": 10**12}


def figures(text: str, lang: str) -> set[Decimal]:
    """The values of the digits in a text, units applied; years and days too, months not."""
    if lang == "zh":
        text = re.sub(r"(?<![月\d])\d+日", "", text)  # the others write the weekday
        text = re.sub(r"\d+月", "", text)  # and a word
        found = re.findall(r"(\d+(?:\.\d+)?)(万亿|[万亿])?", text)
        units = ZH_UNITS
    elif lang == "ru":
        text = re.sub(r"(\d+)–(\d+) тыс\.", r"\1 тыс. \2 тыс.", text)
        text = re.sub(r"1 млрд (\d{3}),(\d+) млн", r"1,\1\2 млрд", text)
        text = re.sub(r"(?<=\d) (?=\d{3})", "", text)
        found = re.findall(r"(\d+(?:,\d+)?)(?: (тыс\.|млн|млрд|трлн))?", text)
        units = RU_UNITS
    else:
        text = text.replace("14th Five-Year", "")  # 十四五
        text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
        found = re.findall(r"(\d+(?:\.\d+)?)(?: (million|billion|bln|trillion))?", text)
        units = EN_UNITS
    return {Decimal(n.replace(",", ".")) * units.get(u, 1) for n, u in found}


@pytest.mark.parametrize(("id", "least"), [("trade", 30), ("economy", 80)])
def test_a_report_has_the_same_figures_in_three_languages(shipped, id, least):
    gold = next(gold for entry, _, gold in shipped if entry.id == id)
    compared = 0
    for item in gold:
        values = [figures(text, lang) for lang, text in item.texts.items() if text]
        assert all(value == values[0] for value in values), item.texts
        compared += len(values[0])
    assert compared > least


def test_no_dispatch_repeats_the_real_one():
    if not SEED.is_file():
        pytest.skip("the real dispatch is not beside this checkout")

    def words(text: str) -> list[str]:
        return re.findall(r"[a-z0-9]+", text.lower())

    def runs(text: str) -> set[tuple[str, ...]]:
        found = words(text)
        return {tuple(found[n : n + 12]) for n in range(len(found) - 11)}

    seed = runs(SEED.read_text(encoding="utf-8"))
    assert len(seed) > 100
    for entry in ENTRIES:
        assert runs(entry.path("en").read_text(encoding="utf-8")) & seed == set()


def test_invented_dispatches_put_no_word_into_a_named_mouth():
    named = re.compile(
        r"何立峰|切尔内申科|习近平|普京|王毅|李强|Хэ Лифэн|Чернышенко|Си Цзиньпин|Путин|Ван И|"
        r"He Lifeng|Chernyshenko|Xi Jinping|Putin|Wang Yi|Li Qiang"
    )
    for entry in ENTRIES:
        if entry.id != "ningbo":
            for lang in LANGS:
                assert not named.search(entry.path(lang).read_text(encoding="utf-8"))


def test_every_dispatch_says_its_facts_what_is_invented_and_its_licence():
    for entry in ENTRIES:
        assert entry.licence == "MIT"
        assert all(len(fact) > 20 for fact in entry.facts)
        assert len(entry.invented) > 40


# The translation units


def test_triples_are_gold_beads_with_two_languages_or_more(shipped):
    units = list(corpus.triples())
    expected = [
        {lang: text for lang, text in item.texts.items() if text}
        for _, _, gold in shipped
        for item in gold
        if sum(map(bool, item.texts.values())) > 1
    ]
    assert units == expected
    assert len(units) > 300
    assert all(len(unit) > 1 and all(unit.values()) for unit in units)


# Damage


def test_a_changed_file_is_named_with_both_checksums(copy):
    path = copy / "ningbo" / "ningbo.ru.txt"
    edit(path, "244,8", "244,9")
    problems = corpus.verify(copy)
    assert any(p.startswith(f"{path}: was changed") for p in problems)
    assert any("ningbo.gold.jsonl:" in p and "text" in p for p in problems)


def test_a_missing_file_is_a_problem_not_an_error(copy):
    path = copy / "ningbo" / "ningbo.en.txt"
    path.unlink()
    assert [p.split(";")[0] for p in corpus.verify(copy)] == [f"{path}: missing"]


def test_a_file_that_the_manifest_does_not_name_is_a_problem(copy):
    (copy / "ningbo" / "ningbo.fr.txt").write_text("Bonjour", encoding="utf-8")
    (copy / "draft").mkdir()
    problems = corpus.verify(copy)
    assert len(problems) == 2
    assert "ningbo.fr.txt" in problems[0] and "draft" in problems[1]


def test_a_russian_text_in_the_place_of_the_chinese_is_a_problem(copy):
    shutil.copy(copy / "ningbo" / "ningbo.ru.txt", copy / "ningbo" / "ningbo.zh.txt")
    assert any("Chinese" in p and "ningbo.zh.txt" in p for p in corpus.verify(copy))


def test_a_wrong_date_or_title_in_the_manifest_is_a_problem(copy):
    edit(copy / corpus.MANIFEST, "date = 2025-11-02", "date = 2025-11-03")
    edit(copy / corpus.MANIFEST, 'zh = "宁波"', 'zh = "杭州"')
    problems = corpus.verify(copy)
    assert sum("the date is" in p for p in problems) == 3
    assert sum("the place is" in p for p in problems) == 1


def test_a_segment_left_out_of_the_gold_is_a_problem(copy):
    path = copy / "ningbo" / "ningbo.gold.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), encoding="utf-8")
    problems = corpus.verify(copy)
    assert sum("in no bead" in p for p in problems) == 3


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("not json", "not a JSON object"),
        ("[]", "not a JSON object"),
        ("[" * 100_000, "not a JSON object"),
        ('{"zh": [0], "ru": [0]}', "en must be a list"),
        ('{"zh": [0], "ru": [true], "en": [0]}', "ru must be a list"),
        ('{"zh": [-1], "ru": [0], "en": [0]}', "zh must be a list"),
        ('{"zh": [0], "ru": [0], "en": [0], "text": {"zh": "", "ru": ""}}', "text must hold"),
    ],
)
def test_a_broken_gold_line_is_named_by_file_and_line(copy, line, fault):
    path = copy / "ningbo" / "ningbo.gold.jsonl"
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    number = len(path.read_text(encoding="utf-8").splitlines())
    with pytest.raises(CorpusError, match=re.escape(f"{path}:{number}: {fault}")):
        corpus.gold(corpus.entry("ningbo", copy))


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('id = "ningbo"', 'id = "../ningbo"', "must be of small letters"),
        ('id = "ningbo"', "", "dispatch 1: id must be"),
        ('kind = "meeting"', 'kind = "poem"', "'poem' is none of"),
        ("date = 2025-11-02", 'date = "2025-11-02"', "date must be a date"),
        ("date = 2025-11-02", "date = 2025-11-02T08:00:00", "date must be a date"),
        ('zh = "宁波", ', "", "place must have a text for zh, ru and en"),
        ('licence = "MIT"', 'licence = ""', "licence must be"),
        ('"ningbo.en.txt" =', '"ningbo.fr.txt" =', "see ningbo.en.txt, ningbo.fr.txt"),
        ('licence = "MIT"', "licence = MIT", "not a TOML file"),
    ],
)
def test_a_broken_manifest_is_an_error_that_says_where(copy, old, new, fault):
    edit(copy / corpus.MANIFEST, old, new)
    with pytest.raises(CorpusError) as error:
        corpus.load(copy)
    assert fault in str(error.value)
    assert str(copy / corpus.MANIFEST) in str(error.value)


def test_a_manifest_that_is_not_there_or_is_empty_of_dispatches(copy):
    (copy / corpus.MANIFEST).write_text("# nothing\n", encoding="utf-8")
    with pytest.raises(CorpusError, match="no \\[\\[dispatch\\]\\]"):
        corpus.load(copy)
    (copy / corpus.MANIFEST).unlink()
    with pytest.raises(FileError):
        corpus.load(copy)


def test_two_dispatches_of_one_id_are_refused(copy):
    manifest = copy / corpus.MANIFEST
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text + "\n" + text, encoding="utf-8")
    with pytest.raises(CorpusError, match="two dispatches have the id 'ningbo'"):
        corpus.load(copy)


def test_an_unknown_id_is_answered_with_the_known_ones():
    with pytest.raises(CorpusError, match="'nanjing'.*ningbo, phonecall"):
        corpus.entry("nanjing")


# Maintenance


def test_refresh_finds_nothing_to_do_in_what_is_shipped(copy):
    assert corpus.refresh(copy) == []


def test_refresh_makes_an_edited_corpus_sound_again(copy):
    path = copy / "ningbo" / "ningbo.ru.txt"
    edit(path, "244,8", "244,80")
    assert corpus.verify(copy) != []
    changed = corpus.refresh(copy)
    assert {p.name for p in changed} == {"ningbo.gold.jsonl", corpus.MANIFEST}
    assert corpus.verify(copy) == []
    assert "244,80" in (copy / "ningbo" / "ningbo.gold.jsonl").read_text(encoding="utf-8")


def test_refresh_writes_nothing_when_the_gold_lacks_a_segment(copy):
    path = copy / "ningbo" / "ningbo.zh.txt"
    edit(path, "双方有关政府部门", "会议结束。双方有关政府部门")
    before = {p: p.read_bytes() for p in copy.rglob("*") if p.is_file()}
    with pytest.raises(CorpusError, match="in no bead: 13"):
        corpus.refresh(copy)
    assert {p: p.read_bytes() for p in copy.rglob("*") if p.is_file()} == before


sides = st.lists(st.integers(0, 5), max_size=3).map(tuple)


@given(st.lists(st.builds(Bead, sides, sides, sides), max_size=6))
def test_coverage_accepts_exactly_the_partitions(beads):
    counts = {"zh": 4, "ru": 3, "en": 2}
    partition = all(
        sorted(n for bead in beads for n in bead.side(lang)) == list(range(counts[lang]))
        for lang in LANGS
    )
    rising = all(
        list(bead.side(lang)) == sorted(bead.side(lang)) for bead in beads for lang in LANGS
    )
    full = all(any(bead.side(lang) for lang in LANGS) for bead in beads)
    assert (corpus.coverage(beads, counts) == []) == (partition and rising and full)


@given(st.permutations(range(6)))
def test_coverage_accepts_moved_passages(order):
    beads = [Bead((n,), (moved,), ()) for n, moved in enumerate(order)]
    assert corpus.coverage(beads, {"zh": 6, "ru": 6, "en": 0}) == []
