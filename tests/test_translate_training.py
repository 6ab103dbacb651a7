"""The generator's laws; what needs PyTorch is skipped where it is not installed."""

import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.translate.patterns import grammar, morphology
from toolkit.translate.symbols import SOURCE_GROUP, SYMBOLS, TARGET_GROUP, prepare
from toolkit.translate.training import data, vocabulary

FORMS = Path(__file__).parent / "data" / "training_forms.tsv"
seeds = st.integers(0, 10_000)


def examples(seed: int, count: int = 24) -> list[data.Example]:
    return list(data.synthetic(seed, count))


def rows(path: Path) -> list[list[str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


@given(seeds)
@settings(max_examples=25, deadline=None)
def test_every_mark_of_a_source_comes_back_once(seed):
    for item in examples(seed):
        assert data.consistent(item), item


@given(seeds)
@settings(max_examples=25, deadline=None)
def test_source_marks_are_numbered_in_reading_order(seed):
    for item in examples(seed):
        indexes = [match[2] for match in SOURCE_GROUP.finditer(item.source)]
        assert indexes == [str(n + 1) for n in range(len(indexes))]


@given(seeds)
@settings(max_examples=25, deadline=None)
def test_gender_travels_into_russian_only_and_case_comes_back_from_it(seed):
    for item in examples(seed):
        classes = {m[2]: m[1] for m in SOURCE_GROUP.finditer(item.source)}
        for match in SOURCE_GROUP.finditer(item.source):
            assert bool(match[3]) == (item.target_lang == "ru" and match[1] in "TPL"), item
        for match in TARGET_GROUP.finditer(item.target):
            kind = classes[match[1]]
            cased = item.target_lang == "ru" and kind in "TPLWO"
            assert bool(match[3]) == cased, item
            assert bool(match[2]) == (item.target_lang == "ru" and kind == "O"), item


@given(seeds)
@settings(max_examples=25, deadline=None)
def test_no_notation_is_left_in_a_sentence(seed):
    for item in examples(seed):
        for text in (item.source, item.target):
            plain = re.sub(r"<(?:[TPLNODWM%mfnp1-9]|nom|gen|dat|acc|ins|loc)>", "x", text)
            assert not re.search(r"[{}\[\]<>§#|]|  ", plain), text


def test_texts_are_in_their_language():
    for item in examples(5, 600):
        for text, lang in ((item.source, item.source_lang), (item.target, item.target_lang)):
            plain = re.sub(r"<[^<>]*>", "", text)
            if lang != "ru":
                assert not re.search(r"[а-я]", plain), text
            if lang != "zh":
                assert not re.search(r"[一-鿿，。]", plain), text
            else:
                assert " " not in text


def test_one_seed_writes_the_same_sentences():
    assert examples(3, 200) == examples(3, 200)
    assert examples(3, 200) != examples(4, 200)


def test_both_directions_of_one_tree_say_the_same():
    maker = grammar.Generator(8)
    for _ in range(300):
        tree = maker.tree()
        if grammar._placeholders(tree) > 9:  # there is no tenth mark
            continue
        source, target = maker.pair(tree, "zh", "ru")
        back, _ = maker.pair(tree, "ru", "zh")
        kinds = [m[1] for m in SOURCE_GROUP.finditer(source)]
        assert sorted(kinds) == sorted(m[1] for m in SOURCE_GROUP.finditer(back))


@pytest.mark.parametrize("line", grammar.shipped()["VP"], ids=lambda rule: f"line {rule.line}")
def test_russian_verbs_of_the_grammar_have_every_form(line):
    for pair in re.findall(r"<([^<>]*)>", line.cells[1]):
        for form in ("inf", "perf", "past", "fut", "pres"):
            assert morphology.russian_verb(pair, form, "f")
            assert morphology.russian_verb(pair, form, "p")


def test_the_grammar_is_as_wide_as_promised():
    rules = grammar.shipped()
    assert len(rules["TEXT"]) + len(rules["FRAME"]) + len(rules["S"]) >= 250
    assert sum(map(len, rules.values())) >= 800


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("TEXT\t你好\tПривет", "columns"),
        ("TEXT\t{P1}好\tПривет\tHello", "P1 is not in all three"),
        ("TEXT\t{NOPE1}\t{NOPE1}\t{NOPE1}", "no pattern of kind NOPE"),
        ("TEXT\t{P1\t{P1}\t{P1}", "cannot read"),
    ],
)
def test_a_faulty_pattern_names_its_line(tmp_path, line, message):
    path = tmp_path / "grammar.tsv"
    path.write_text(f"# comment\n{line}\n", encoding="utf-8")
    with pytest.raises(grammar.GrammarError, match="line 2") as caught:
        grammar.read(path)
    assert message in str(caught.value)


@pytest.mark.parametrize("row", rows(FORMS), ids=lambda row: " ".join(row[:3]))
def test_forms(row):
    kind, word, form, expected = row
    if kind == "noun":
        made = morphology.decline(word, form)
    elif kind == "gender":
        made = morphology.gender(word)
    elif kind == "ru":
        made = morphology.russian_verb(word, *form.split())
    else:
        name, _, number = form.partition(" ")
        made = morphology.english_verb(word, name, number == "p")
    assert made == expected


def test_quoting_puts_a_sentence_inside_a_frame_and_numbers_anew():
    written = data.Example(
        "zh", "ru", "双方同意加强同<L><1><m>的合作。",
        "Стороны договорились укреплять сотрудничество с <1><ins>.",
    )  # fmt: skip
    maker = grammar.Generator(2)
    made = [data.quoted(written, maker) for _ in range(60)]
    assert all(item is not None and data.consistent(item) for item in made)
    assert any("<L><2>" in item.source and "с <2><ins>" in item.target for item in made)
    assert all("стороны договорились" in item.target.lower() for item in made)
    assert not any("§" in item.source + item.target for item in made)


def test_a_question_is_not_quoted():
    item = data.Example("zh", "en", "中方有何评论？", "What is China's comment?")
    assert data.quoted(item, grammar.Generator(1)) is None


def test_a_few_sentences_are_held_out_for_measuring():
    sentences = data.read_sentences(data.SENTENCES)
    held = [row for row in sentences if data.held_out(row)]
    assert len(sentences) / 40 <= len(held) <= len(sentences) / 15


def test_written_sentences_are_in_their_languages():
    for zh, ru, en in data.read_sentences(data.SENTENCES):
        assert re.search(r"[一-鿿]", zh) and not re.search(r"[а-я]", zh)
        assert re.search(r"[а-яё]", ru) and not re.search(r"[一-鿿]", ru)
        assert re.search(r"[a-z]", en) and not re.search(r"[一-鿿а-я]", en)


def test_chunks_can_be_made_again():
    written = [data.Example("zh", "en", "双方签署了文件。", "The two sides signed a document.")]
    first = data.chunk(7, 400, written, 0.25)
    assert first == data.chunk(7, 400, written, 0.25)
    assert len(first) == 400
    assert 80 <= sum("文件" in item.source for item in first) <= 140


@given(st.text(st.sampled_from("ёЁ«»—–-\"' аbZ中，.,<1T>\u3000\xa0"), max_size=40))
def test_preparing_twice_changes_nothing(text):
    for lang in ("zh", "ru", "en"):
        once = prepare(text, lang)
        assert prepare(once, lang) == once


def test_preparing_keeps_every_symbol():
    for symbol in SYMBOLS:
        for lang in ("zh", "ru", "en"):
            assert prepare(symbol, lang) == symbol


def test_known_words_are_counted_and_written_the_same_each_time(tmp_path):
    items = [data.Example("ru", "en", "Стороны подписали <T><1>.", "…")] * 3
    items.append(data.Example("ru", "en", "Редкое слово.", "…"))
    lists = vocabulary.known(items, least=3)
    assert lists == {"ru": ["подписать", "сторона"]}
    vocabulary.write_known(lists, tmp_path / "a")
    vocabulary.write_known(lists, tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_model_learns_exports_and_translates(tmp_path):
    """A few steps of real training on a tiny model, through the export, into the engine."""
    pytest.importorskip("torch", reason="training needs PyTorch (extra 'train')")
    from toolkit.translate.engine import Engine
    from toolkit.translate.training import model, trainer

    items = list(data.synthetic(0, 400))
    vocabulary.learn(vocabulary.corpus(items), tmp_path / "sentencepiece.model", 1500)
    import sentencepiece

    pieces = sentencepiece.SentencePieceProcessor(
        model_file=str(tmp_path / "sentencepiece.model")
    )
    shape = model.Shape(pieces.get_piece_size(), 32, 2, 64, 1, 1)
    plan = trainer.Plan(tokens=4000, cooldown=1000, warm_steps=5, batch_tokens=400, save_steps=2)

    def run(tokens: int):
        lines: list[str] = []
        network = trainer.train(
            lambda number, done: data.chunk(number, 60, [], 0.0),
            pieces.encode,
            shape,
            trainer.Plan(**{**_fields(plan), "tokens": tokens}),
            tmp_path,
            lines.append,
        )
        return network, lines

    run(2000)
    network, lines = run(4000)
    assert lines[0].startswith("going on from step")
    names = [pieces.id_to_piece(n) for n in range(pieces.get_piece_size())]
    before = network.embedding.weight.detach().clone()
    model.export(network, names, tmp_path, "int8")
    assert (network.embedding.weight == before).all(), "export must not touch the live weights"
    engine = Engine(tmp_path)
    assert engine.placeholders
    texts = [item.source for item in items if item.target_lang == "zh"][:5]
    assert len(engine.translate(texts, "en", "zh", beam=1)) == 5


def _fields(plan) -> dict:
    return {name: getattr(plan, name) for name in plan.__dataclass_fields__}


def test_exported_model_agrees_with_pytorch(tmp_path):
    """Greedy output of the float export equals PyTorch's own, token for token."""
    torch = pytest.importorskip("torch", reason="training needs PyTorch (extra 'train')")
    import ctranslate2

    from toolkit.translate.training import model

    torch.manual_seed(3)
    network = model.Transformer(model.Shape(60, 32, 2, 64, 2, 1)).eval()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.normal_(0, 0.4)
    names = ["<pad>", "<unk>", "<s>", "</s>"] + [f"t{n}" for n in range(56)]
    model.export(network, names, tmp_path, "float32")
    translator = ctranslate2.Translator(str(tmp_path), compute_type="float32")
    source = [5, 9, 33, 7, 12]
    result = translator.translate_batch(
        [[names[n] for n in source]], beam_size=1, max_decoding_length=12, min_decoding_length=12
    )[0].hypotheses[0]
    target = [model.BOS]
    with torch.no_grad():
        for _ in range(12):
            hidden = network.hidden(torch.tensor([[*source, model.EOS]]), torch.tensor([target]))
            logits = network.logits(hidden)[0, -1]
            logits[model.EOS] = -1e9
            target.append(int(logits.argmax()))
    assert result == [names[n] for n in target[1:]]


def test_the_loss_by_hand_is_that_of_pytorch():
    """Value and every gradient, of a batch that takes more than one slice, with padding in it."""
    torch = pytest.importorskip("torch", reason="training needs PyTorch (extra 'train')")
    from toolkit.translate.training import model, trainer

    torch.manual_seed(5)
    network = model.Transformer(model.Shape(90, 32, 2, 64, 1, 1))
    chance = random.Random(5)
    batch = [
        ([chance.randrange(4, 90) for _ in range(length)] + [model.EOS],
         [chance.randrange(4, 90) for _ in range(length + 1)] + [model.EOS])
        for length in (3, 8, 8, 5, 12) * 8
    ]  # fmt: skip
    loss, count = trainer._learn(network, batch, 0.1)
    assert count == sum(len(target) for _, target in batch) > trainer._SLICE
    by_hand = {name: p.grad.clone() for name, p in network.named_parameters()}
    network.zero_grad()
    source = trainer.padded([pair[0] for pair in batch])
    target = trainer.padded([pair[1] for pair in batch])
    shifted = torch.cat([torch.full((len(batch), 1), model.BOS), target[:, :-1]], 1)
    logits = network.logits(network.hidden(source, shifted))
    expected = torch.nn.functional.cross_entropy(
        logits.flatten(0, 1), target.flatten(), ignore_index=model.PAD, label_smoothing=0.1
    )
    expected.backward()
    assert loss == pytest.approx(expected.item(), rel=1e-3)
    for name, parameter in network.named_parameters():
        error = (by_hand[name] - parameter.grad).norm()
        assert error <= 0.03 * parameter.grad.norm() + 1e-5, name  # bfloat16 has 8 bits
