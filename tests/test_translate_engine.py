"""The engine on the model that ships, on models it must tell apart, and on broken ones."""

import json
import math
import shutil
from pathlib import Path

import pytest

from toolkit.errors import ModelError
from toolkit.glossary import store
from toolkit.glossary.match import Matcher
from toolkit.score import metrics
from toolkit.translate import gate, symbols
from toolkit.translate.engine import LONGEST, Engine, starter
from toolkit.translate.symbols import SOURCE_GROUP, TARGET_GROUP, prepare
from toolkit.translate.training import data, measure

SENTENCES = {
    "zh": "双方同意深化<T><1>。",
    "en": "The two sides agreed to deepen <T><1>.",
    "ru": "Стороны договорились углублять <T><1>.",
}
EXPECTED = {
    "zh": ("双方同意深化<1>。", "双方商定深化<1>。"),
    "en": ("The two sides agreed to deepen <1>.",),
    "ru": ("Стороны договорились углублять <1><acc>.",),
}


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(starter())


def masked(source: str, target: str) -> str:
    return SENTENCES[source].replace("<1>", "<1><n>" if target == "ru" else "<1>")


@pytest.mark.parametrize("source", SENTENCES)
@pytest.mark.parametrize("target", SENTENCES)
def test_a_plain_sentence_of_the_register_comes_out_right(engine, source, target):
    if source == target:
        return
    (made,) = engine.translate([masked(source, target)], source, target)
    assert made.text in EXPECTED[target]
    assert -0.5 < made.score <= 0
    assert not made.unknown


def test_order_is_kept_and_equal_texts_meet(engine):
    texts = ["双方签署了<T><1>。", "", "会谈后，双方签署<T><1>和<T><2>。", "双方签署了<T><1>。"]
    made = engine.translate(texts, "zh", "en")
    alone = [engine.translate([text], "zh", "en")[0].text for text in texts]
    assert [item.text for item in made] == alone
    assert made[1].text == "" and made[0] == made[3]


def test_no_texts_no_hypotheses(engine):
    assert engine.translate([], "zh", "en") == []


def test_the_shipped_model_knows_the_marks_and_its_words(engine):
    assert engine.placeholders
    for lang, word in (("zh", "双方"), ("ru", "сторона"), ("en", "side")):
        assert word in engine.known(lang)
    assert "зонтик" not in engine.known("ru") and "umbrella" not in engine.known("en")


def test_a_text_too_long_is_said_to_be_so_and_not_cut(engine):
    text = "双方同意加强合作，" * (LONGEST + 1)
    (made,) = engine.translate([text], "zh", "en")
    assert made.text == "" and made.unknown and made.score == -math.inf


def test_two_megabytes_in_one_line_cost_no_time(engine):
    (made,) = engine.translate([" —" * 1_000_000], "ru", "en")
    assert made.unknown


def test_spelling_of_the_source_does_not_matter(engine):
    plain, fancy = engine.translate(
        ["双方同意加强<T><1>，深化合作。", "双方同意加强<T><1>, 深化合作。"], "zh", "en"
    )
    assert plain == fancy


# -- Models that are missing, broken or of another make


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(ModelError, match="no such folder") as caught:
        Engine(tmp_path / "nope").translate(["a"], "en", "zh")
    assert str(tmp_path / "nope") in str(caught.value)


def test_a_file_instead_of_a_folder(tmp_path):
    path = tmp_path / "model.bin"
    path.write_bytes(b"x")
    with pytest.raises(ModelError, match="it is a file"):
        Engine(path).translate(["a"], "en", "zh")


def test_an_empty_folder_says_what_was_looked_for(tmp_path):
    with pytest.raises(ModelError, match=r"model\.bin"):
        Engine(tmp_path).translate(["a"], "en", "zh")


@pytest.fixture
def copy(tmp_path):
    folder = tmp_path / "model"
    shutil.copytree(starter(), folder)
    return folder


def test_a_model_without_sentencepiece_says_so(copy):
    (copy / "sentencepiece.model").unlink()
    with pytest.raises(ModelError, match="no SentencePiece model"):
        Engine(copy).translate(["a"], "en", "zh")


def test_a_damaged_sentencepiece_model(copy):
    (copy / "sentencepiece.model").write_bytes(b"\x00damaged")
    with pytest.raises(ModelError, match="not a SentencePiece model"):
        Engine(copy).translate(["a"], "en", "zh")


def test_a_model_cut_short(copy):
    whole = (copy / "model.bin").read_bytes()
    (copy / "model.bin").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelError, match="does not load"):
        Engine(copy).translate(["a"], "en", "zh")


def test_a_damaged_vocabulary(copy):
    for path in copy.glob("*vocabulary*"):
        path.write_text("[1, 2", encoding="utf-8")
    with pytest.raises(ModelError, match="vocabulary"):
        Engine(copy).translate(["a"], "en", "zh")


def test_a_missing_vocabulary(copy):
    for path in copy.glob("*vocabulary*"):
        path.unlink()
    with pytest.raises(ModelError, match="vocabulary"):
        Engine(copy).translate(["a"], "en", "zh")


def test_damaged_known_words(copy):
    (copy / "known.txt.gz").write_bytes(b"\x1f\x8bnot really")
    with pytest.raises(ModelError, match="known"):
        Engine(copy).known("ru")


def test_the_package_layout_of_argos_works(copy, tmp_path):
    package = tmp_path / "package"
    shutil.copytree(copy, package / "model")
    (package / "model" / "sentencepiece.model").rename(package / "sentencepiece.model")
    (made,) = Engine(package).translate([masked("zh", "en")], "zh", "en")
    assert made.text in EXPECTED["en"]


def renamed_vocabulary(copy, new: dict[str, str]) -> None:
    """Give pieces of the model other names, so that it looks like one of another make."""
    (path,) = copy.glob("*vocabulary*")
    pieces = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(
        json.dumps([new.get(piece, piece) for piece in pieces], ensure_ascii=False),
        encoding="utf-8",
    )


def test_a_model_without_marks_says_so(copy):
    renamed_vocabulary(copy, {"<T>": "▁wholly", "<9>": "▁other"})
    assert not Engine(copy).placeholders


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (
            {"<2zh>": "zho_Hans", "<2ru>": "rus_Cyrl", "<2en>": "eng_Latn"},
            (["eng_Latn"], ["rus_Cyrl"]),
        ),
        ({"<2zh>": "__zh__", "<2ru>": "__ru__", "<2en>": "__en__"}, (["__en__"], ["__ru__"])),
        ({"<2zh>": "zh_CN", "<2ru>": "ru_RU", "<2en>": "en_XX"}, (["en_XX"], ["ru_RU"])),
        ({"<2zh>": ">>cmn_Hans<<", "<2ru>": ">>rus<<", "<2en>": ">>x<<"}, ([">>rus<<"], [])),
        ({"<2zh>": "▁a", "<2ru>": "▁b", "<2en>": "▁c"}, ([], [])),
    ],
)
def test_language_codes_are_read_from_the_vocabulary(copy, names, expected):
    renamed_vocabulary(copy, names)
    before, prefix, _ = Engine(copy)._frame("en", "ru")
    assert (before, prefix) == expected


def test_a_model_without_the_target_language_refuses(copy):
    renamed_vocabulary(copy, {"<2zh>": "▁a", "<2ru>": "▁b"})
    with pytest.raises(ModelError, match="no ru"):
        Engine(copy).translate(["a"], "en", "ru")


def test_the_target_code_is_not_part_of_the_translation(copy):
    renamed_vocabulary(copy, {"<2zh>": "zho_Hans", "<2ru>": "rus_Cyrl", "<2en>": "eng_Latn"})
    (made,) = Engine(copy).translate(["双方签署文件。"], "zh", "en", beam=1)
    assert "eng_Latn" not in made.text


@pytest.mark.parametrize(
    ("config", "after"),
    [
        ({"add_source_eos": True, "decoder_start_token": "</s>"}, []),
        ({"add_source_eos": False, "decoder_start_token": "</s>"}, ["</s>"]),
        ({"add_source_eos": False, "decoder_start_token": "<s>"}, []),
    ],
)
def test_the_end_mark_is_added_where_the_model_expects_it(copy, config, after):
    (copy / "config.json").write_text(json.dumps(config), encoding="utf-8")
    assert Engine(copy)._frame("en", "ru")[2] == after


# -- The gate

KNOWN = {"сторона", "подписать", "и", "укрепить", "сотрудничество"}


def judge(source_text: str, output: str, score: float = -0.1, **options):
    options.setdefault("known", KNOWN)
    return gate.judge(source_text, output, score, "ru", "en", **options)


def test_a_good_translation_passes():
    verdict = judge("Стороны подписали <T><1>.", "The two sides signed the <1>.")
    assert verdict.ok and verdict.reasons == () and verdict.estimate > 0.9


@pytest.mark.parametrize(
    ("source_text", "output", "reason"),
    [
        ("Стороны подписали <T><1>.", "The two sides signed the document.", "1 was lost"),
        ("Стороны подписали <T><1>.", "The <1> signed the <1>.", "1 came too often"),
        ("Стороны подписали <T><1>.", "The <1> signed the <2>.", "2 came too often"),
        ("Стороны подписали <T><1>.", "The <1> signed the <T>.", "stray <T>"),
        (
            "Стороны подарили слона жирафу <T><1>.", "The two sides signed the <1>.",
            "never met: подарили, слона",
        ),
        ("Стороны подписали <T><1>.", "Стороны the two sides <1>.", "another script"),
        ("Стороны подписали <T><1>.", "", "gave nothing"),
        ("Стороны подписали <T><1>.", "<1>" + " of the two sides' talks" * 9, "too long"),
        (
            "Стороны укрепили сотрудничество.",
            "The sides strengthened strengthened cooperation.",
            "repeats",
        ),
        (
            "Стороны укрепили сотрудничество и подписали <T><1> и <T><2>.",
            "The two sides signed the <1> and the two sides signed the <2>.",
            "repeats",
        ),
    ],
)
def test_each_fault_is_refused_with_its_reason(source_text, output, reason):
    verdict = judge(source_text, output)
    assert not verdict.ok
    assert any(reason in text for text in verdict.reasons), verdict.reasons


def test_doubt_of_the_model_is_refused():
    assert not judge("Стороны подписали.", "The two sides signed.", score=-3.0).ok
    assert not judge("Стороны подписали.", "The two sides signed.", score=math.nan).ok
    doubtful = judge("Стороны подписали.", "The two sides signed.", score=-0.9, channel=-2)
    assert not doubtful.ok and 0 < doubtful.estimate < gate.LEAST_ESTIMATE
    assert judge("Стороны подписали.", "The two sides signed.", score=-0.9, least=0.0).ok


def test_an_unknown_word_and_a_denial_lower_the_estimate():
    known = judge("Стороны подписали.", "The two sides signed.", score=-0.4).estimate
    unknown = judge("Стороны подарили.", "The two sides signed.", score=-0.4).estimate
    denied = judge("Стороны подписали.", "The two sides refused.", score=-0.4).estimate
    assert known > unknown and known > denied


def test_another_meaning_is_refused_and_not_a_number_too():
    for cosine in (-0.5, math.nan):
        verdict = judge(
            "Стороны подписали.", "The dog sleeps.", -0.5, similarity=lambda c=cosine: c
        )
        assert not verdict.ok and "similarity" in verdict.reasons[0]
    assert judge("Стороны подписали.", "The two sides signed.", similarity=lambda: 0.9).ok


def test_similarity_is_not_asked_for_what_is_refused_anyway():
    def never() -> float:
        raise AssertionError

    assert not judge("Стороны подписали <T><1>.", "They gave.", similarity=never).ok


@pytest.mark.parametrize(
    ("source", "target", "said", "made", "ok"),
    [
        ("ru", "en", "Стороны поддержали ООН.", "The two sides opposed the UN.", False),
        ("ru", "en", "Стороны выступают против войны.", "The two sides oppose war.", True),
        ("zh", "en", "双方合作不断加强。", "Cooperation keeps strengthening.", True),
        ("zh", "ru", "中方没有改变立场。", "Китайская сторона изменила позицию.", False),
        ("zh", "ru", "出口下降<%><1>。", "Экспорт вырос на <1>.", False),
        ("zh", "ru", "出口下降<%><1>。", "Экспорт сократился на <1>.", True),
        ("en", "zh", "China did not sign the <T><1>.", "中方签署<1>。", False),
        ("en", "zh", "Both sides want a ceasefire.", "双方希望停火。", True),
    ],
)
def test_a_denial_or_a_fall_does_not_come_or_go(source, target, said, made, ok):
    assert (gate.senses(said, made, source, target) == []) is ok


def test_written_sentences_seldom_deny_on_one_side_only():
    rows = data.read_sentences(data.SENTENCES)
    refused = [row for row in rows if gate.senses(row[0], row[1], "zh", "ru")]
    assert len(refused) < len(rows) * 0.03


def test_the_source_must_follow_from_the_draft():
    source_text, output = "Стороны подписали <T><1>.", "The two sides signed the <1>."
    assert judge(source_text, output, channel=-0.2).ok
    verdict = judge(source_text, output, channel=-3.5)
    assert not verdict.ok and "channel" in verdict.reasons[0]


def test_the_channel_prefers_the_draft_that_says_all():
    engine = Engine(starter())
    source = prepare("После переговоров стороны подписали <T><1><m>.", "ru")
    whole, less = engine._channels(
        [source, source], ["After the talks, the two sides signed the <1>.", "The talks."],
        "ru", "en",
    )  # fmt: skip
    assert less < whole < 0


def test_the_way_back_numbers_marks_in_their_own_order():
    source, output = "<P><1><m>在<L><2><f>签署<T><3><p>", "<3><acc> подписал <1><nom>"
    assert symbols.turned(source, output, "zh") == "<T><1> подписал <P><2>"
    assert symbols.mirrored(source, output, "zh") == "<2>在<9>签署<1>"
    assert symbols.turned("<T><1> и <N><2>", "<2> and <1>", "ru") == "<N><1> and <T><2><m>"
    assert symbols.mirrored("<T><1> и <N><2>", "<2> and <1>", "ru") == "<2><nom> и <1>"


def test_words_of_a_text_leave_the_symbols_out():
    assert gate.words("<P><1>：双方签<T><2>合作", "zh") == ["双方签", "合作"]
    assert gate.words("Ещё о <T><1><f> «мире»", "ru") == ["еще", "о", "мире"]
    assert gate.words("China's <N><1>-year plan", "en") == ["china's", "year", "plan"]


def test_a_word_is_known_in_any_form():
    assert gate.unknown_words("Стороне сторонами подпишут", "ru", KNOWN) == []
    assert gate.unknown_words("side's sides", "en", {"side"}) == []


def test_single_word_swaps_are_caught_by_unknown_words():
    assert gate.unknown_words("Стороны нарушили <T><1>.", "ru", KNOWN) == ["нарушили"]
    assert gate.unknown_words("双方撕毁文件", "zh", {"双方", "文件", "签署"}) == ["撕毁"]
    assert gate.unknown_words("双方将签署文件", "zh", {"双方", "文件", "签署", "将"}) == []


def test_known_list_of_the_starter_refuses_everyday_news(engine):
    known = engine.known("en")
    assert gate.unknown_words("A dog bit the mailman in Ohio.", "en", known)


def test_gate_marks_count_groups_in_any_language():
    assert gate.marks("<T><1><f>和<O><2>", "<1><gen> и <2><n><loc>") == []
    assert TARGET_GROUP.findall("<1><gen> и <2><n><loc>")
    assert SOURCE_GROUP.findall("<T><1><f>和<O><2>")


# -- The model that ships, through mask, gate and fill


def table(name: str) -> list[dict[str, str]]:
    path = Path(__file__).parent / "data" / name
    lines = path.read_text(encoding="utf-8").splitlines()
    return [
        dict(zip(("zh", "ru", "en"), line.split("\t"), strict=True))
        for line in lines
        if line and not line.startswith("#")
    ]


@pytest.fixture(scope="module")
def matcher():
    return Matcher(store.load())


@pytest.mark.parametrize(("source", "target"), data.directions())
def test_everyday_sentences_are_refused(engine, matcher, source, target):
    texts = [row[source] for row in table("out_of_register.tsv")]
    shown = [
        (item.source, item.output)
        for item in measure.judged(texts, source, target, engine, matcher)
        if item.verdict.ok
    ]
    assert shown == []


def test_what_is_shown_of_held_out_sentences_is_near_the_reference(engine, matcher):
    """The gate must leave something, and what it leaves must be far better than the rest."""
    held = [row for row in data.read_sentences(data.SENTENCES) if data.held_out(row)][:40]
    shown, refused = [], []
    for source, target in data.directions():
        texts = [row[data.LANGS.index(source)] for row in held]
        references = [row[data.LANGS.index(target)] for row in held]
        made = measure.judged(texts, source, target, engine, matcher)
        for item, reference in zip(made, references, strict=True):
            score = metrics.chrf([item.output], [[reference]], target).score
            (shown if item.verdict.ok else refused).append(score)
    assert len(shown) >= 6
    assert sum(shown) / len(shown) > sum(refused) / len(refused) + 15
