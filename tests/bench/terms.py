"""Measure how surely fixed phrases reach a translation, on texts that no model was trained on.

    python tests/bench/terms.py dispatches [--ways zh-ru,…] [--methods shipped,none,source,…]
    python tests/bench/terms.py wmt25 --data FOLDER [--segments 200]

``dispatches`` translates those of `corpora/`, the seed dispatch beside the checkout (where it
is) and `tests/data/evaluation.tsv`. Patterns, memory and gate are off: every sentence goes through
a model. Methods: ``shipped`` is the model that ships with its placeholders; the others take the
same model as one of another make (its marks hidden): ``none`` leaves it alone, ``source`` is the
simplest baseline (the phrase is searched in the source and replaced by its translation there), the
rest are those of ``translate --terms-method``.

What should be there is counted by the scorer, which knows nothing of how a text was made: a phrase
is *placed* where the scorer finds it (a country also where an adjective names it), *reported*
where it is not and the translator said so, and *silent* where nobody did; each silent one is
printed. The country of a currency (долл. США) is part of the amount, and not counted.

``wmt25`` runs the public data of the WMT25 terminology task (``--data`` holds
``wmt25-terminology/ranking`` of github.com/wmt-conference/wmt25-terminology) through the same
code. Its texts, IT and Hong Kong finance, are far from what the shipped model knows.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from translate import stock

from toolkit import corpus
from toolkit.dispatch import read_dispatch
from toolkit.glossary import said
from toolkit.glossary.concept import Concept, Glossary, Term
from toolkit.glossary.match import Matcher
from toolkit.glossary.store import load
from toolkit.score import dictionary, metrics
from toolkit.score import terms as counted
from toolkit.translate import constraints, guard
from toolkit.translate.constraints import Placement
from toolkit.translate.document import Translator
from toolkit.translate.engine import Engine, starter
from toolkit.translate.wants import Trace, land
from toolkit.values.reading import values

ROOT = Path(__file__).parents[2]
LANGS = ("zh", "ru", "en")
WAYS = [f"{a}-{b}" for a in LANGS for b in LANGS if a != b]
DAY = (11, 2)  # of the day alone, where a sentence says one: 2日
_SOURCE = "source"
_SHIPPED = "shipped"


def held_out(source: str, target: str) -> tuple[list[str], list[str | None]]:
    """Return segments no model was trained on, with their references (None: there is none)."""
    units = [u for u in corpus.triples() if source in u and target in u]
    pairs: list[tuple[str, str | None]] = [(u[source], u[target]) for u in units]
    seed = ROOT.parent / "shared" / "seed" / "dispatch.en.txt"
    if source == "en" and seed.is_file():
        pairs += [(segment.text, None) for segment in read_dispatch(seed, "en").segments]
    for line in (ROOT / "tests" / "data" / "evaluation.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            texts = dict(zip(LANGS, line.split("\t")[2:5], strict=True))
            pairs.append((texts[source], texts[target]))
    return [one for one, _ in pairs], [other for _, other in pairs]


@dataclass(frozen=True, slots=True)
class Made:
    """A translation, what the translator knew of each phrase, and what it told a person."""

    text: str
    placements: tuple[Placement, ...] = ()
    told: tuple[str, ...] = ()
    traces: tuple[Trace, ...] = ()


def drafts(
    method: str, folder: Path, texts: Sequence[str], source: str, target: str, matcher: Matcher
) -> list[Made]:
    """Return translations made one way."""
    engine = Engine(starter() if method == _SHIPPED else folder, workers=1)
    translator = Translator(
        source, target, matcher, engine, day=DAY, patterns=False,
        terms_method="auto" if method in (_SHIPPED, _SOURCE) else method,
    )  # fmt: skip
    known = engine.known(source)
    masked = [constraints.mask(t, source, target, matcher, day=DAY, known=known) for t in texts]
    if method == _SHIPPED:
        made = []
        for text, m, one in zip(
            texts, masked, engine.translate([m.text for m in masked], source, target), strict=True
        ):
            filled = constraints.unmask(one.text, m, matcher)
            told = guard.differences(text, filled.text, source, target, matcher, DAY)
            told = (*filled.problems, *told, *translator._passed(m, filled.text))
            made.append(Made(filled.text, filled.placements, told))
        return made
    if method == _SOURCE:
        given = [_replaced(text, m) for text, m in zip(texts, masked, strict=True)]
        return [Made(one.text) for one in engine.translate(given, source, target)]
    return [
        Made(
            draft.target if draft.origin != "source" else draft.refused or "", draft.placements,
            (*draft.reasons, *draft.doubts, *draft.notes), draft.traces,
        )
        for draft in translator.translate(texts)
    ]  # fmt: skip


def _replaced(text: str, masked: constraints.Masked) -> str:
    """Write what is to stand in the translation into the source."""
    place, pieces = 0, []
    for slot in masked.slots:
        start = text.find(slot.source, place)
        if start >= 0 and (slot.concept is not None or slot.value is not None):
            pieces += [text[place:start], slot.form]
            place = start + len(slot.source)
    return "".join(pieces) + text[place:]


def measure(
    label: str,
    texts: Sequence[str],
    references: Sequence[str | None],
    made: Sequence[Made],
    source: str,
    target: str,
    matcher: Matcher,
    seconds: float,
    show: bool = False,
) -> Counter[str]:
    """Count what the scorer finds beside what the translator said; print it; return the counts."""
    lines = [one.text for one in made]
    score = counted.success(lines, [], target, matcher, sources=texts, source_lang=source)
    open_ = [Counter(p.concept for p in one.placements if not p.placed) for one in made]
    counts = Counter(expected=score.expected, placed=score.found)
    for miss in score.misses:
        number = miss.segment - 1
        code = land(matcher.glossary.concept(miss.concept))
        if code and any(miss.source in v.text for v in values(texts[number], source)):
            counts["expected"] -= 1
        elif code in said.lands(lines[number], target):
            counts["placed"] += 1
        elif open_[number][miss.concept] > 0:
            open_[number][miss.concept] -= 1
            counts["reported"] += 1
            if show:
                _print("reported", miss, texts[number], made[number])
        elif any(_tells(line, miss.source, code, source) for line in made[number].told):
            counts["reported"] += 1
        else:
            counts["silent"] += 1
            if label not in ("none", _SOURCE):
                _print("silent", miss, texts[number], made[number])
    # Said to be missing, and it is there: harmless, but a wrong word all the same.
    counts["denied"] = sum(one.total() for one in open_)
    pairs = [(one, other) for one, other in zip(lines, references, strict=True) if other]
    chrf = metrics.chrf([one for one, _ in pairs], [[other for _, other in pairs]], target).score
    whole = max(1, counts["expected"])
    print(
        f"{source}-{target} {label}: {counts['expected']} wanted, placed"
        f" {counts['placed'] / whole:.1%}, placed or reported"
        f" {(counts['placed'] + counts['reported']) / whole:.1%}, silent {counts['silent']},"
        f" said missing but there {counts['denied']}; chrF2++ {chrf:.1f};"
        f" {seconds / max(1, len(texts)):.2f} s a segment",
        flush=True,
    )
    return counts


def _print(word: str, miss: counted.Miss, text: str, made: Made) -> None:
    why = [t.why for t in made.traces if t.concept == miss.concept and not t.placed]
    print(f"  {word}: {miss.source} = {miss.expected} ({miss.concept}) {'; '.join(why)}\n"
          f"    {text}\n    {made.text}")  # fmt: skip


def _tells(line: str, surface: str, code: str, source: str) -> bool:
    """Tell whether a note for a person says that a phrase is missing."""
    return f"“{surface}" in line or (
        line.endswith("is missing") and code in said.lands(line, source)
    )


def dispatches(options: argparse.Namespace) -> None:
    matcher = Matcher(load())
    total: dict[str, Counter[str]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = stock(Path(name) / "stock")
        for way in options.ways.split(","):
            source, target = way.split("-")
            texts, references = held_out(source, target)
            texts, references = texts[:: options.every], references[:: options.every]
            for method in options.methods.split(","):
                begun = time.perf_counter()
                made = drafts(method, folder, texts, source, target, matcher)
                spent = time.perf_counter() - begun
                counts = measure(method, texts, references, made, source, target, matcher, spent,
                                 options.show)  # fmt: skip
                total.setdefault(method, Counter()).update(counts)
    for method, counts in total.items():
        whole = max(1, counts["expected"])
        print(
            f"all {method}: {whole} wanted, placed {counts['placed'] / whole:.2%}, placed or"
            f" reported {(counts['placed'] + counts['reported']) / whole:.2%}"
        )


# WMT25 -------------------------------------------------------------------------------------------


def wmt25(options: argparse.Namespace) -> None:
    root = (options.data or Path()) / "wmt25-terminology" / "ranking" / "references"
    if options.data is None or not root.is_dir():
        print(
            "WMT25: left out: --data names no folder that holds wmt25-terminology/ranking"
            " (github.com/wmt-conference/wmt25-terminology, CC BY-NC 4.0)"
        )
        return
    with tempfile.TemporaryDirectory() as name:
        folder = stock(Path(name) / "stock")
        for way, records in (("en-ru", _sentences(root)), ("zh-en", _documents(root))):
            _wmt25(way, list(records)[: options.segments], options.methods.split(","), folder)


def _records(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _sentences(root: Path) -> Iterator[tuple[str, str, dict[str, list[str]]]]:
    for record in _records(root / "track1" / "full_data.enru.jsonl"):
        yield record["en"], record["ru"], {k: [v] for k, v in record["proper"].items()}


def _documents(root: Path) -> Iterator[tuple[str, str, dict[str, list[str]]]]:
    """Yield the paragraphs of the documents; each with those terms that stand in both sides."""
    for year in range(2016, 2025, 2):
        for record in _records(root / "track2" / f"full_data_{year}.jsonl"):
            sides = [record[lang].strip().split("\n") for lang in ("zh", "en")]
            if len(sides[0]) != len(sides[1]):
                continue
            for one, other in zip(*sides, strict=True):
                entries = {
                    term: given for term, given in record["proper"].items()
                    if term in one and any(word.lower() in other.lower() for word in given)
                }  # fmt: skip
                if entries and len(one) < 200:
                    yield one, other, entries


def _wmt25(
    way: str, records: Sequence[tuple[str, str, dict[str, list[str]]]], methods: Sequence[str],
    folder: Path,
) -> None:  # fmt: skip
    source, target = way.split("-")
    pooled: dict[str, list[str]] = {}
    for _, _, entries in records:
        for term, given in entries.items():
            pooled.setdefault(term, list(given))
    concepts = [
        Concept(f"w{n}", "term", (Term(source, term, "preferred"), Term(target, given[0],
                "preferred"), *(Term(target, other, "admitted") for other in given[1:])))
        for n, (term, given) in enumerate(pooled.items())
    ]  # fmt: skip
    matcher = Matcher(Glossary(tuple(concepts)))
    texts, references = [one for one, _, _ in records], [other for _, other, _ in records]
    for method in methods:
        begun = time.perf_counter()
        made = drafts(method, folder, texts, source, target, matcher)
        spent = time.perf_counter() - begun
        measure(method, texts, references, made, source, target, matcher, spent)
        theirs = dictionary.wmt25_sentence(
            [entries for _, _, entries in records], [one.text for one in made], texts, source,
            target,
        )
        print(f"  {way} {method}: as WMT25 counts sentences: {theirs:.1f} %", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("dispatches")
    one.add_argument("--ways", default=",".join(WAYS))
    one.add_argument("--methods", default="shipped,none,source,replace,auto")
    one.add_argument("--every", type=int, default=1, help="take every n-th segment only")
    one.add_argument("--show", action="store_true", help="print what was reported, too")
    one.set_defaults(run=dispatches)
    two = commands.add_parser("wmt25")
    two.add_argument("--data", type=Path, default=None)
    two.add_argument("--segments", type=int, default=200)
    two.add_argument("--methods", default="none,source,replace,auto")
    two.set_defaults(run=wmt25)
    options = parser.parse_args()
    options.run(options)


if __name__ == "__main__":
    sys.exit(main())
