"""A whole score: files that do not belong together, values, slices, gates, records, estimates."""

import json
import random

import pytest
from click.testing import CliRunner

from toolkit.cli import main
from toolkit.errors import ScoreError
from toolkit.score import dictionary, gates, passages, roles, session, slices, values
from toolkit.score.inputs import Job
from toolkit.score.lines import Lines

ZH = [
    "何立峰在宁波主持召开委员会第29次会议。", "他指出，今年以来两国元首达成新的重要共识。",
    "合作机制不断完善，双方交往更加密切，成果丰硕，各领域务实合作取得新的进展。",
    "中方愿同俄方一道，落实两国元首达成的重要共识。", "双方反对单边主义。",
    "双边关系处于历史最高水平。",
    "俄方愿为全面战略协作伙伴关系注入新动力，推动两国关系不断向前发展。",
    "前九个月贸易额为1636亿美元。", "两国有关部门进行了深入沟通和交流。",
    "下次会晤将于11月3日在杭州举行。", "会议还听取了各分委会的工作汇报，并就下一步工作作出部署。",
    "会后签署了会议纪要。", "双方代表出席。",
    "会前，何立峰会见了俄罗斯副总理，双方就深化经贸、能源、农业等领域合作深入交换意见。",
    "宁波是重要的港口城市。", "代表团参观了港口和当地的企业，了解自动化码头的运行情况。",
    "何立峰说，双方应当挖掘新的增长点。", "合作前景广阔。",
]  # fmt: skip
EN = [
    "He Lifeng chaired the 29th meeting of the commission in Ningbo.",
    "He said the heads of state of the two countries had reached new consensus this year.",
    "The mechanism keeps improving, exchanges are closer and fruitful, and practical cooperation "
    "in all fields has made new progress.",
    "China is ready to work with Russia to follow the consensus of the two heads of state.",
    "The two sides oppose unilateralism.", "Bilateral relations are at their best in history.",
    "Russia is ready to add new impetus to the comprehensive strategic partnership of "
    "coordination and to keep bilateral relations moving forward.",
    "Trade in the first nine months stood at 163.6 billion U.S. dollars.",
    "Departments of the two countries had in-depth exchanges.",
    "The next meeting will be held in Hangzhou on Nov. 3.",
    "The meeting also heard the reports of all subcommissions and made plans for the next step.",
    "The minutes were signed afterwards.", "Delegates of both sides attended.",
    "Before the meeting He Lifeng met with the Russian deputy prime minister, and they exchanged "
    "views on deepening cooperation in trade, energy and agriculture.",
    "Ningbo is an important port city.",
    "The delegation visited the port and local companies and saw an automatic terminal at work.",
    "He Lifeng said both sides should find new areas of growth.", "The prospects are broad.",
]  # fmt: skip


def draft(seed=0, share=0.3):
    chance = random.Random(seed)
    pool = " ".join(EN).split()
    return [
        " ".join(chance.choice(pool) if chance.random() < share else w for w in line.split())
        for line in EN
    ]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, lines in {
        "src.zh.txt": ZH, "ref.en.txt": EN, "a.en.txt": draft(1, 0.15), "b.en.txt": draft(2, 0.5),
    }.items():
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "terms.tsv").write_text(GLOSSARY + "\n", encoding="utf-8")
    return tmp_path


def put(folder, name, lines):
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return name


FEW = ("--samples", "100", "--trials", "100")
GLOSSARY = "\n".join(
    "\t".join(row)
    for row in [
        "concept lang term status scope register from to flags domain note evidence".split(),
        *(
            [id, lang, term, "preferred" if term else "", *[""] * 5, "" if term else domain, "",
             "unverified" if term else ""]
            for id, domain, forms in [
                ("he_lifeng", "person", {"*": "", "zh": "何立峰", "en": "He Lifeng"}),
                ("ningbo", "place", {"*": "", "zh": "宁波", "en": "Ningbo"}),
                ("minutes", "document", {"*": "", "zh": "会议纪要", "en": "minutes"}),
            ]
            for lang, term in forms.items()
        ),
    ]
)  # fmt: skip


def run(*arguments):
    options = ("--glossary", "terms.tsv", *(() if "--samples" in arguments else FEW))
    return CliRunner().invoke(main, ["score", *arguments, *options])


def record(*arguments):
    result = run(*arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


REF, SRC = ("--ref", "ref.en.txt"), ("--src", "src.zh.txt")


# Files that do not belong together ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["src.zh.txt", *REF, "--src", "a.en.txt"], ["src.zh.txt", "swapped", "TRANSLATION"]),
        (["a.en.txt", "--ref", "src.zh.txt", "--src", "ref.en.txt"],
         ["--ref src.zh.txt is Chinese", "swapped"]),
        (["a.en.txt", *REF, "--tokenize", "zh2"], ["zh2", "13a"]),
        (["src.zh.txt", "--ref", "src.zh.txt", "--tokenize", "13a"], ["13a", "Chinese clause"]),
        (["src.zh.txt", "--ref", "src.zh.txt", "--tokenize", "none"], ["none", "leave the"]),
        (["a.en.txt"], ["--ref", "--src"]),
        (["a.en.txt", *REF, "--slice", "planet"], ["planet", "length", "--label"]),
        (["a.en.txt", *REF, "--label", "planet"], ["planet", "labels.txt"]),
        (["a.en.txt", *REF, "--fail-under", "30"], ["bleu=30", "--baseline"]),
        (["a.en.txt", *REF, "--fail-under", "bleu=-1"], ["--baseline"]),
        (["a.en.txt", *REF, "--fail-under", "ter=-1"], ["ter=+1"]),
        (["a.en.txt", *REF, "--fail-under", "dictionary=1"], ["no such score"]),
        (["a.en.txt", *REF, "--baseline", "ref.en.txt"], ["ref.en.txt", "-o"]),
        (["a.en.txt", *REF, "--model", "gone"], ["gone", "no model"]),
        (["a.en.txt", *REF, "-o", "x.pdf"], [".html"]),
        (["a.en.txt", *REF, "-o", "./ref.en.txt"], ["overwrite"]),
        (["a.en.txt", *REF, "--estimate"], ["--src"]),
        (["a.en.txt", "b.en.txt", *REF, "--name", "one"], ["1 names for 2 systems"]),
        (["a.en.txt", *REF, "--terms", "ref.en.txt"], ["ref.en.txt:1", "JSON"]),
    ],
)
def test_what_cannot_be_scored_is_one_message_that_says_what_to_do(folder, arguments, words):
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert result.stdout == "" and "Traceback" not in result.stderr
    assert all(word in result.stderr for word in words), result.stderr


@pytest.mark.parametrize("off", [1, 2, 4])
def test_shifted_lines_are_refused_unless_they_are_wanted(folder, off):
    shifted = [*draft(1, 0.15)[off:], *["Further words."] * off]
    put(folder, "s.en.txt", shifted)
    result = run("s.en.txt", *REF)
    assert result.exit_code == 2
    where = "the line after theirs" if off == 1 else f"the line {off} after theirs"
    assert where in result.stderr and "--align" in result.stderr and "--as-is" in result.stderr
    result = run("s.en.txt", *REF, "--as-is")
    assert result.exit_code == 0 and where in result.stderr


@pytest.mark.parametrize("few", [40, 0])  # by vectors, and as for many lines by lengths
def test_a_shifted_source_is_noticed(folder, monkeypatch, few):
    monkeypatch.setattr(roles, "_FEW_FOR_LENGTHS", few)
    put(folder, "s.zh.txt", [*ZH[1:], "完。"])
    result = run("a.en.txt", *REF, "--src", "s.zh.txt")
    assert result.exit_code == 2
    assert "s.zh.txt" in result.stderr and "before theirs" in result.stderr
    assert run("a.en.txt", *REF, *SRC).exit_code == 0
    source, fair = Lines("s", tuple(ZH)), Lines("h", tuple(draft(3, 0.3)))
    assert roles.suspected(fair, [Lines("r", tuple(EN))], "en", source) == []


def test_a_source_shifted_from_the_middle_on_is_noticed(folder):
    put(folder, "s.zh.txt", [*ZH[:8], "另外的一句话。", *ZH[8:-1]])
    result = run("a.en.txt", *REF, "--src", "s.zh.txt")
    assert result.exit_code == 2 and "lines 9 to" in result.stderr
    assert "after theirs" in result.stderr and "--align" in result.stderr


@pytest.mark.parametrize("missing", [0, 8, 17])
def test_a_missing_line_is_an_error_and_align_the_way_out(folder, missing):
    short = draft(1, 0.1)
    del short[missing]
    put(folder, "s.en.txt", short)
    result = run("s.en.txt", *REF)
    assert result.exit_code == 2
    assert f"ref.en.txt, line {missing + 1} has no counterpart" in result.stderr
    assert "--align" in result.stderr
    found = record("s.en.txt", *REF, *SRC, "--align")
    assert found["aligned"] == {"ref.en.txt": 18, "src.zh.txt": 18, "s.en.txt": 17}
    whole = record("a.en.txt", *REF)
    assert found["segments"] >= 12  # the aligner may join a doubtful pair
    assert abs(found["chrf"]["score"] - whole["chrf"]["score"]) < 12


def test_lines_in_another_order_and_texts_of_another_day_are_caught(folder, monkeypatch):
    many = [f"{line} {number}" for number in (1, 2) for line in EN]
    mixed = list(many)
    random.Random(3).shuffle(mixed)
    put(folder, "many.en.txt", many)
    put(folder, "mixed.en.txt", mixed)
    result = run("mixed.en.txt", "--ref", "many.en.txt")
    assert result.exit_code == 2 and "nothing" not in result.stderr
    assert "no more in common" in result.stderr or "fit the line" in result.stderr
    order = sorted(range(36), key=lambda n: (n * 17) % 36)
    put(folder, "other.zh.txt", [(ZH * 2)[n] for n in order])
    odd = run("many.en.txt", "--ref", "many.en.txt", "--src", "other.zh.txt")
    assert odd.exit_code == 2 and "other.zh.txt" in odd.stderr
    monkeypatch.setattr(roles, "_FEW_FOR_LENGTHS", 0)
    odd = run("many.en.txt", "--ref", "many.en.txt", "--src", "other.zh.txt")
    assert "is other.zh.txt its source" in odd.stderr or "lengths correlate" in odd.stderr
    alike = [f"Article {number}. The sides develop cooperation." for number in range(30)]
    changed = [line.replace("develop", "promote") for line in alike]
    found = roles.suspected(Lines("h", tuple(changed)), [Lines("r", tuple(alike))], "en", None)
    assert found == []


def test_swapped_translation_and_reference_are_suspected(folder):
    put(folder, "mt.en.txt", [f"⟦{ZH[0]}⟧", *draft()[1:]])
    result = run("ref.en.txt", "--ref", "mt.en.txt")
    assert result.exit_code == 0
    assert "⟦…⟧" in result.stderr and "by their names" in result.stderr


def test_tokenised_text_is_noticed(folder):
    put(folder, "t.en.txt", [line.replace(".", " .").replace(",", " ,") for line in draft()])
    assert "tokenised" in run("t.en.txt", *REF).stderr
    assert "tokenised" not in run("a.en.txt", *REF).stderr


def test_an_unusual_tokenizer_is_warned_of_and_used(folder):
    result = run("a.en.txt", *REF, "--tokenize", "intl", "--format", "json")
    assert "not the usual tokenizer" in result.stderr
    assert "tok:intl" in json.loads(result.stdout)["bleu"]["signature"]
    assert "is for Chinese" in run("a.en.txt", *REF, "--tokenize", "zh").stderr


words = [[f"{lang}{n}" for n in range(9)] for lang in "ab"]


def test_passages_lose_no_line_and_repeat_none():
    class Encoder:
        def encode(self, texts):
            return self.runs(texts, 1)[0]

        def runs(self, texts, longest):
            import numpy as np

            vectors = np.zeros((len(texts), 64))
            for row, text in enumerate(texts):
                for piece in text.split():
                    vectors[row, hash(piece) % 64] += 1
            result = []
            for k in range(1, longest + 1):
                rows = max(0, len(texts) - k + 1)
                sums = sum((vectors[s : s + rows] for s in range(k)), np.zeros((rows, 64)))
                size = np.linalg.norm(sums, axis=1, keepdims=True)
                result.append((sums / np.where(size > 0, size, 1)).astype("float32"))
            return result

    chance = random.Random(4)
    for _ in range(40):
        texts = [f"w{n} x{n} y{n} z{n}" for n in range(12)]
        files = [texts]
        for _ in range(2):
            other = [t for t in texts if chance.random() > 0.15] or texts[:1]
            if chance.random() < 0.5 and len(other) > 3:
                other[1:3] = [" ".join(other[1:3])]
            files.append(other + [""] * chance.randrange(2))
        named = [Lines(str(n), tuple(f)) for n, f in enumerate(files)]
        found, groups = passages.together(named, ["en"] * 3, Encoder())
        assert [n for group in groups for n in group] == list(range(12))
        for before, after in zip(named, found, strict=True):
            assert len(after.lines) == len(groups)
            assert " ".join(after.lines).split() == " ".join(before.lines).split()


# What is counted ---------------------------------------------------------------------------------


def kept(hypothesis, reference=None, source=None, to="en"):
    return values.kept(
        [hypothesis], [[reference]] if reference is not None else [], to,
        sources=None if source is None else [source], source_lang="zh",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("hypothesis", "reference", "source", "numbers", "dates"),
    [
        ("244.8 billion dollars", "244.8 billion U.S. dollars", "2448亿美元", (1, 1), (0, 0)),
        ("24.48 billion dollars", "244.8 billion U.S. dollars", "2448亿美元", (0, 1), (0, 0)),
        ("244.8 billion euros", "244.8 billion U.S. dollars", "2448亿美元", (0, 1), (0, 0)),
        ("It rose 7.5 percent.", "Up 7.5%.", "增长7.5%。", (1, 1), (0, 0)),
        ("It rose to 7.5.", "Up 7.5%.", "增长7.5%。", (0, 1), (0, 0)),
        ("on November 2, 2025", "on Nov. 2", "11月2日", (0, 0), (1, 1)),
        ("on November 3", "on Nov. 2", "11月2日", (0, 0), (0, 1)),
        # What the reference leaves out nobody owes.
        ("nothing", "nothing", "2448亿美元", (0, 0), (0, 0)),
        ("5 and 5", "5 and 5", None, (2, 2), (0, 0)),
        ("5 and six", "5 and 5", None, (1, 2), (0, 0)),
        ("В 2025 году", None, "2025年", (1, 1), (0, 0)),
    ],
)
def test_values_are_kept_by_what_they_say(hypothesis, reference, source, numbers, dates):
    found = kept(hypothesis, reference, source, "ru" if "В" in hypothesis else "en")
    total = tuple(map(sum, zip(*found.numbers, strict=True)))
    by_date = tuple(map(sum, zip(*found.dates, strict=True)))
    if source == "2025年":  # a year may be read as a date or a number
        assert (total[0] + by_date[0], total[1] + by_date[1]) == (1, 1)
    else:
        assert (total, by_date) == (numbers, dates)


def test_a_figure_of_its_own_is_told():
    found = kept("It fell to 12 percent.", "It fell.", "下降。")
    assert [item.found for item in found.added] == ["12 percent"]


def test_a_dictionary_counts_words_and_as_wmt_counts_letters():
    entries = [{"contract": ["контракт"], "pane": ["область"]}]
    score = dictionary.success(
        entries, ["Субконтракты в областях."], ["The contract and the pane."], "en", "ru"
    ).as_json()
    assert (score["expected"], score["found"], score["exact"]) == (2, 1, 0)
    assert score["wmt25_sentence"] == 100  # «контракт» within «субконтракты»


def test_a_dictionary_counts_both_sides():
    entries = [{"会议": ["meeting", "session"]}]
    found = dictionary.success(
        entries * 3,
        ["meeting", "meeting and session", "meeting meeting meeting"],
        ["会议和会议"] * 3, "zh", "en", ["meeting"] * 3,
    )  # fmt: skip
    assert found.rows.tolist() == [[2, 1, 1], [2, 2, 2], [2, 2, 2]]
    assert found.wmt25_document == pytest.approx(100 * (0.5 + 1 + 1) / 3)


@pytest.mark.parametrize(
    ("line", "words"),
    [("{}", ["proper"]), ('{"proper": {"a": 1}}', ["“a”"]), ("x", ["JSON"])],
)
def test_a_dictionary_that_is_none_is_named(tmp_path, line, words):
    path = tmp_path / "t.jsonl"
    path.write_text('{"proper": {"a": "b"}}\n' + line, encoding="utf-8")
    with pytest.raises(ScoreError) as error:
        dictionary.read(f"{path}#proper")
    assert "t.jsonl:2" in str(error.value) and all(word in str(error.value) for word in words)


# Slices, gates, records --------------------------------------------------------------------------


def test_slices_of_every_kind_cover_the_text(folder):
    put(folder, "doc.txt", ["d1"] * 9 + ["d2"] * 9)
    found = record("a.en.txt", *REF, *SRC, "--label", "document=doc.txt", "--slice", "document",
                   "--slice", "length", "--slice", "term")  # fmt: skip
    assert [(row["label"], row["segments"]) for row in found["slices"]["document"]] == [
        ("d1", 9), ("d2", 9),
    ]  # fmt: skip
    assert sum(row["segments"] for row in found["slices"]["length"]) == 18
    labels = [row["label"] for row in found["slices"]["term"]]
    assert "he_lifeng" in labels and "no term" in labels
    for kind in found["slices"].values():
        for row in kind:
            low, high = row.get("chrf_interval", (0, 100))
            assert low - 1e-9 <= row["chrf"] <= high + 1e-9 or row["segments"] < 4


def test_a_slice_scores_as_its_lines_alone(folder):
    put(folder, "doc.txt", ["d1"] * 9 + ["d2"] * 9)
    put(folder, "half.en.txt", draft(1, 0.15)[:9])
    put(folder, "halfref.en.txt", EN[:9])
    whole = record("a.en.txt", *REF, "--label", "document=doc.txt", "--slice", "document")
    half = record("half.en.txt", "--ref", "halfref.en.txt")
    for key in ("bleu", "chrf", "ter"):
        assert whole["slices"]["document"][0][key] == pytest.approx(half[key]["score"])


def test_labels_must_be_one_a_segment(folder):
    put(folder, "doc.txt", ["d1"] * 3)
    result = run("a.en.txt", *REF, "--label", "document=doc.txt", "--slice", "document")
    assert result.exit_code == 2 and "3 labels of document for 18 segments" in result.stderr


def test_gates_pass_fail_and_compare_with_a_baseline(folder):
    assert run("a.en.txt", *REF, "-o", "base.json").exit_code == 0
    assert run("a.en.txt", *REF, "--fail-under", "bleu=5", "--fail-under", "ter=90").exit_code == 0
    failed = run("a.en.txt", *REF, "--fail-under", "chrf=99.5")
    assert failed.exit_code == 1 and "chrF2++" in failed.stderr and "FAILED" in failed.stderr
    same = run("a.en.txt", *REF, "--baseline", "base.json", "--fail-under", "bleu=-0",
               "--fail-under", "ter=+0", "--fail-under", "chrf=-0.1")  # fmt: skip
    assert same.exit_code == 0, same.output
    worse = run("b.en.txt", *REF, "--baseline", "base.json", "--fail-under", "chrf=-1")
    assert worse.exit_code == 1 and "baseline" in worse.stderr
    found = json.loads(
        run("b.en.txt", *REF, "--baseline", "base.json", "--format", "json").stdout
    )
    changes = {row["measure"]: row["change"] for row in found["baseline"]["changes"]}
    assert changes["chrf"] < 0 < changes["ter"]
    p = {row["measure"]: row["p"] for row in found["baseline"]["changes"]}
    assert p["chrf"] < 0.01
    assert "since base.json" in worse.stdout and "segments paired: p" in worse.stdout
    unchanged = json.loads(
        run("a.en.txt", *REF, "--baseline", "base.json", "--format", "json").stdout
    )["baseline"]["changes"]
    assert all(row["change"] == 0 and row["p"] in (1.0, None) for row in unchanged)


@pytest.mark.parametrize(
    "change",
    [{"systems": [1]}, {"systems": [{"name": "a", "bleu": 3}]}, {"record": 5}, {"each": [1]},
     {"systems": [{"name": "a", "bleu": {"score": "x"}}]}, {"schema": "other"}, {"systems": []}],
)  # fmt: skip
def test_a_baseline_changed_by_hand_is_refused(folder, change):
    run("a.en.txt", *REF, "-o", "base.json")
    whole = json.loads((folder / "base.json").read_text(encoding="utf-8"))
    (folder / "base.json").write_text(json.dumps(whole | change), encoding="utf-8")
    result = run("a.en.txt", *REF, "--baseline", "base.json", "--fail-under", "bleu=-1")
    assert result.exit_code == 2 and "base.json" in result.stderr
    assert "make it again" in result.stderr or "make one" in result.stderr


def test_a_baseline_of_another_test_set_is_refused(folder):
    run("a.en.txt", *REF, "-o", "base.json")
    put(folder, "other.en.txt", [*EN[:-1], "Quite another end."])
    put(folder, "h.en.txt", draft(1)[:9])
    put(folder, "r.en.txt", EN[:9])
    other = run("a.en.txt", "--ref", "other.en.txt", "--baseline", "base.json")
    assert other.exit_code == 2 and "other references" in other.stderr
    fewer = run("h.en.txt", "--ref", "r.en.txt", "--baseline", "base.json")
    assert fewer.exit_code == 2 and "number of segments is 18, here it is 9" in fewer.stderr
    token = run("a.en.txt", *REF, "--tokenize", "intl", "--baseline", "base.json")
    assert token.exit_code == 2 and "tok:13a" in token.stderr and "tok:intl" in token.stderr


@pytest.mark.parametrize("spec", ["bleu", "bleu=", "bleu=x", "BLEU=3", "bleu>3", "moon=3", ""])
def test_a_gate_that_is_none_is_refused(spec):
    with pytest.raises(ScoreError, match="bleu=30"):
        gates.parse(spec)


def test_the_record_says_with_what_a_score_was_made(folder, monkeypatch):
    monkeypatch.setattr("sys.argv", ["tongwen", "score", "a.en.txt"])
    (folder / "model").mkdir()
    (folder / "model" / "model.bin").write_bytes(b"weights")
    found = record("a.en.txt", *REF, *SRC, "--model", "model")["record"]
    assert {"tongwen", "python", "sacrebleu", "numpy"} <= set(found["versions"])
    assert [file["path"] for file in found["files"]] == ["a.en.txt", "ref.en.txt", "src.zh.txt"]
    assert len({file["sha256"] for file in found["files"]}) == 3
    assert found["command"] == "tongwen score a.en.txt"
    before = found["model"]["sha256"]
    (folder / "model" / "model.bin").write_bytes(b"other")
    after = record("a.en.txt", *REF, "--model", "model")["record"]
    assert after["model"]["sha256"] != before
    assert after["glossary"]["sha256"] == found["glossary"]["sha256"]


def test_a_score_without_intervals_has_none(folder):
    found = json.loads(run("a.en.txt", *REF, "--samples", "0", "--format", "json").stdout)
    assert "interval" not in found["bleu"] and found["resampling"] is None
    both = run("a.en.txt", "b.en.txt", *REF, "--samples", "0")
    assert both.exit_code == 0 and "rank" not in both.stdout


def test_few_segments_are_told_to_be_few(folder):
    put(folder, "h.en.txt", ["The two sides oppose unilateralism in 2025."])
    put(folder, "r.en.txt", ["The sides oppose unilateralism in 2025."])
    one = run("h.en.txt", "--ref", "r.en.txt", "--format", "json")
    found = json.loads(one.stdout)
    assert "interval" not in found["bleu"] and "interval" not in found["chrf"]
    assert found["numbers"]["interval"]["low"] < 50  # one hit in one is not sure
    assert "one segment" in found["caution"] and found["power"] == {}
    put(folder, "h.en.txt", draft(1)[:4])
    put(folder, "r.en.txt", EN[:4])
    assert "4 segments are few" in run("h.en.txt", "--ref", "r.en.txt").stdout
    assert "few" not in run("a.en.txt", *REF).stdout


def test_the_seed_decides_the_draws(folder):
    one, again, other = (
        record("a.en.txt", *REF, "--seed", seed)["chrf"]["interval"] for seed in ("1", "1", "2")
    )
    assert one == again != other


# Several systems ---------------------------------------------------------------------------------


@pytest.mark.parametrize("test", ["ar", "bs"])
def test_systems_are_ranked_with_tests(folder, test):
    put(folder, "c.en.txt", draft(7, 0.9))
    found = record("c.en.txt", "a.en.txt", "b.en.txt", *REF, "--test", test,
                   "--name", "bad", "--name", "good", "--name", "middle")  # fmt: skip
    ranks = found["comparison"]["chrf"]["ranks"]
    assert [rank["system"] for rank in ranks] == ["good", "middle", "bad"]
    assert [rank["cluster"] for rank in ranks] == [1, 2, 3]
    pairs = found["comparison"]["chrf"]["pairs"]
    assert len(pairs) == 3 and all(pair["significant"] for pair in pairs)
    assert all(pair["holm_bootstrap"] >= pair["bootstrap"] for pair in pairs)
    assert "cannot be seen" in found["power"]["bleu"]
    assert "with 18 segments and 3 tests" in found["power"]["bleu"]


def test_too_few_draws_for_so_many_pairs_are_told(folder):
    few = ("a.en.txt", "b.en.txt", *REF, "--samples", "15", "--test", "bs")
    assert "raise --samples" in run(*few).stderr
    assert "raise" not in run("a.en.txt", "b.en.txt", *REF).stderr


def test_text_shows_ranks_pairs_and_power(folder):
    result = run("a.en.txt", "b.en.txt", *REF, *SRC, "--worst", "2", "--slice", "length")
    assert result.exit_code == 0, result.output
    for words in ("rank 1", "Holm" if "Holm" in result.stdout else "paired randomisation test",
                  "effect", "a difference under", "by length, a", "worst segments by chrF2++, b",
                  "translation", "reference", "nrefs:1"):  # fmt: skip
        assert words in result.stdout, words


def test_one_system_is_told_how_small_a_difference_shows(folder):
    assert "With 18 segments a difference under about" in run("a.en.txt", *REF).stdout


# Without a reference -----------------------------------------------------------------------------


def test_a_draft_is_estimated_and_its_faults_are_named(folder):
    bad = list(EN)
    bad[2], bad[5], bad[9] = ZH[2], "", "The next the next the next the next the next the next."
    put(folder, "d.en.txt", bad)
    found = record("d.en.txt", *SRC)
    assert found["bleu" if "bleu" in found else "references"] == 0
    assert 0 < found["estimate"]["score"] < 100 and found["estimate"]["calibrated"] is False
    signals = found["estimate"]["signals"]
    assert (signals["copied"], signals["empty"], signals["repeating"]) == (1, 1, 1)
    assert {item["segment"] for item in found["worst"][:3]} == {3, 6, 10}
    assert "not calibrated for Chinese to English" in run("d.en.txt", *SRC).stdout


def test_a_clause_left_out_is_named(folder):
    source = list(ZH)
    source[2] = (
        "合作机制不断完善，双方交往更加密切，双方还讨论了农业和能源问题，并签署了三项协议。"
    )
    whole = (
        "The mechanism keeps improving, exchanges are closer, the two sides also discussed "
        "agriculture and energy, and signed three agreements."
    )
    put(folder, "s.zh.txt", source)
    texts = {"whole": whole, "part": "The mechanism keeps improving, exchanges are closer."}
    for name, text in texts.items():
        put(folder, f"{name}.en.txt", [*EN[:2], text, *EN[3:]])
    lacking = {
        name: record(f"{name}.en.txt", "--src", "s.zh.txt", "--worst", "18")["worst"]
        for name in texts
    }
    faults = {
        name: [fault for item in worst if item["segment"] == 3 for fault in item["faults"]]
        for name, worst in lacking.items()
    }
    assert any("seems to lack: " in f and ("农业" in f or "协议" in f) for f in faults["part"])
    assert not any("seems to lack" in fault for fault in faults["whole"])


def test_an_estimate_tells_a_translation_from_another_sentence(folder):
    put(folder, "w.en.txt", [*EN[5:], *EN[:5]])
    right = record("ref.en.txt", *SRC)["estimate"]["score"]
    wrong = record("w.en.txt", *SRC, "--as-is")["estimate"]["score"]
    assert right > wrong + 5


def test_an_estimate_stands_beside_scores_where_it_is_wanted(folder):
    assert "estimate" not in record("a.en.txt", *REF, *SRC)
    both = record("a.en.txt", "b.en.txt", *REF, *SRC, "--estimate")
    assert both["comparison"]["estimate"]["pairs"]
    assert "estimate" not in record("a.en.txt", *SRC, "--no-estimate")


# Files that are written --------------------------------------------------------------------------


def test_outputs_are_written_beside_the_text(folder):
    result = run("a.en.txt", "b.en.txt", *REF, *SRC, "-o", "o.json", "-o", "o.html", "-o",
                 "o.tsv", "-o", "o.txt")  # fmt: skip
    assert result.exit_code == 0, result.output
    assert (folder / "o.txt").read_text(encoding="utf-8") == result.stdout
    whole = json.loads((folder / "o.json").read_text(encoding="utf-8"))
    assert len(whole["each"]) == 18
    rows = (folder / "o.tsv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 1 + 2 * 18
    head = rows[0].split("\t")
    assert all(len(row.split("\t")) == len(head) for row in rows)
    first = dict(zip(head, rows[1].split("\t"), strict=True))
    assert float(first["chrf"]) == pytest.approx(whole["each"][0]["systems"]["a"]["chrf"],
                                                 abs=1e-4)  # fmt: skip


def test_a_session_can_be_run_from_python(folder):
    request = session.Request(["a.en.txt"], ["ref.en.txt"], samples=50, trials=50)
    assert session.run(request)["bleu"]["score"] > 10


def test_slices_of_a_job_without_labels_are_refused():
    job = Job([Lines("h", ("a",))], ["h"], [Lines("r", ("a",))])
    with pytest.raises(ScoreError, match="document"):
        slices.labelled(["document"], job, (), "en")
