"""Strict F1 of the aligner on development data, beside simpler methods, and its calibration.

    python tests/bench/align.py [--documents N] [SET …]
    python tests/bench/align.py scale [--sizes N,N…] [--langs zh-ru-en] [--cached] [METHOD …]

Sets: dev, dev_hard, mac_dev, textberg_dev (of ``../shared/bench/align`` beside the checkout) and
``corpora``, the shipped dispatches with their hand-made gold. Ours, the first pass alone (hand-set
costs) and Gale and Church's method by length run in one process on the same documents. Passages
that a version moved count as errors: no monotone aligner finds them. Chances are compared with how
many beads are right. ``--before`` measures another file of weights too, with the paired interval
of the difference.
``scale`` prints seconds and memory of ours, Vecalign's and Bertalign's search on long texts.
Scores are those of the Vecalign paper: precision over all groups of the hypothesis, recall over
gold groups with more than one side; triples likewise.
"""

import argparse
import json
import math
import sys
import time
from itertools import combinations
from pathlib import Path
from random import Random

import align_scale

from toolkit import corpus, encoder
from toolkit.align.judge import judge, needs_room, read
from toolkit.align.model import read_weights
from toolkit.align.path import pair_path
from toolkit.languages import LANGS

DATA = Path(__file__).resolve().parents[3] / "shared" / "bench" / "align"
SETS = ("dev", "dev_hard", "mac_dev", "textberg_dev", "corpora")
Groups = list[tuple[tuple[int, ...], ...]]


def documents(name: str):
    """Yield (texts by language, gold groups by pair and for all) of a set."""
    if name == "corpora":
        for entry in corpus.load():
            texts = {d.lang: [s.text for s in d.segments] for d in entry.dispatches()}
            gold = [(b.bead.zh, b.bead.ru, b.bead.en) for b in corpus.gold(entry)]
            yield texts, {("zh", "ru", "en"): gold, **_pairs(gold, ("zh", "ru", "en"))}
        return
    for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        gold = {}
        for key, groups in record["gold"].items():
            langs = tuple(record["langs"]) if key == "tri" else tuple(key.split("-"))
            gold[langs] = [tuple(tuple(side) for side in group) for group in groups]
        yield {lang: record[lang] for lang in record["langs"]}, gold


def _pairs(gold: Groups, langs: tuple[str, ...]) -> dict:
    return {
        (langs[a], langs[b]): [(g[a], g[b]) for g in gold if g[a] or g[b]]
        for a, b in combinations(range(3), 2)
    }


def gale_church(sides: list[list[str]]) -> Groups:
    """Align two sides by length alone (Gale and Church 1993), with beads up to 2:2."""
    lengths = [[max(1, len(text)) for text in side] for side in sides]
    ratio = sum(lengths[1]) / max(1, sum(lengths[0]))
    prior = {(1, 1): 0.89, (1, 0): 0.0099, (0, 1): 0.0099, (2, 1): 0.089, (1, 2): 0.089,
             (2, 2): 0.011}  # fmt: skip
    n, m = map(len, lengths)
    best = {(0, 0): (0.0, None)}
    for i in range(n + 1):
        for j in range(m + 1):
            for (a, b), share in prior.items():
                if i < a or j < b:
                    continue
                x, y = sum(lengths[0][i - a : i]), sum(lengths[1][j - b : j])
                mean = (x + y / ratio) / 2
                delta = (y - x * ratio) / math.sqrt(mean * 6.8) if mean else 0.0
                chance = max(2 * (1 - 0.5 * (1 + math.erf(abs(delta) / math.sqrt(2)))), 1e-30)
                cost = best[i - a, j - b][0] - math.log(chance) - math.log(share)
                if (i, j) not in best or cost < best[i, j][0]:
                    best[i, j] = (cost, (a, b))
    groups, i, j = [], n, m
    while i or j:
        a, b = best[i, j][1]
        groups.append((tuple(range(i - a, i)), tuple(range(j - b, j))))
        i, j = i - a, j - b
    return groups[::-1]


class Counts:
    """Strict hits over hypothesis and gold groups of many documents."""

    def __init__(self) -> None:
        self.hits = self.made = self.found = self.wanted = 0

    def add(self, gold: Groups, made: Groups) -> None:
        made_set = {g for g in made if any(g)}
        gold_set = {g for g in gold if any(g)}
        joined = {g for g in gold_set if sum(map(bool, g)) > 1}
        self.hits += len(made_set & gold_set)
        self.made += len(made_set)
        self.found += len(joined & made_set)
        self.wanted += len(joined)

    @classmethod
    def of_groups(cls, gold: Groups, made: Groups) -> "Counts":
        counts = cls()
        counts.add(gold, made)
        return counts

    @classmethod
    def of(cls, several) -> "Counts":
        total = cls()
        for one in several:
            total.hits, total.made = total.hits + one.hits, total.made + one.made
            total.found, total.wanted = total.found + one.found, total.wanted + one.wanted
        return total

    @property
    def f1(self) -> float:
        p, r = self.hits / max(1, self.made), self.found / max(1, self.wanted)
        return 2 * p * r / (p + r) if p + r else 0.0


def aligned(langs: tuple[str, ...], witnesses: dict, before: Path | None):
    """Return a document's groups and chances, its groups by the first pass and by old weights."""
    versions = [witnesses[lang] for lang in langs]
    judged = judge(versions)
    made = _groups([step for step, _ in judged])
    first, old = [], []
    if len(langs) == 2:
        first = _groups(pair_path(*(one.version for one in versions))[1])
    if before:
        weights = read_weights(before, set(langs) <= set(LANGS))
        old = _groups([step for step, _ in judge(versions, weights)])
    return made, [chance for _, chance in judged], first, old


def whole(gold: Groups, made: Groups) -> Groups:
    """Join the groups that exactly fill a group of gold.

    Gold of pairs that is projected from three languages joins what only the third one joins.
    """
    result = set(made)
    for x, y in (g for g in gold if min(map(len, g)) > 1):
        parts = [m for m in made if all(m) and set(m[0]) <= set(x) and set(m[1]) <= set(y)]
        if [sum(len(m[k]) for m in parts) for k in (0, 1)] == [len(x), len(y)]:
            result = result - set(parts) | {(x, y)}
    return list(result)


def _groups(steps) -> Groups:
    place = [0] * len(steps[0])
    groups = []
    for step in steps:
        groups.append(tuple(tuple(range(p, p + n)) for p, n in zip(place, step, strict=True)))
        place = [p + n for p, n in zip(place, step, strict=True)]
    return groups


def bootstrap(ours: list[Counts], theirs: list[Counts], times: int = 1000) -> tuple[float, float]:
    """Return the 95% interval of the difference in F1, documents drawn with replacement."""
    chance = Random(0)
    differences = []
    for _ in range(times):
        drawn = chance.choices(range(len(ours)), k=len(ours))
        one, other = (Counts.of(side[k] for k in drawn) for side in (ours, theirs))
        differences.append(one.f1 - other.f1)
    differences.sort()
    return differences[int(0.025 * times)], differences[int(0.975 * times)]


def curve(judged: list[tuple[float, bool]]) -> None:
    """Print how many of the beads of each confidence are right."""
    for low, high in ((0, 0.5), (0.5, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 0.99),
                      (0.99, 1.01)):  # fmt: skip
        part = [(chance, right) for chance, right in judged if low <= chance < high]
        if part:
            mean = sum(chance for chance, _ in part) / len(part)
            right = sum(right for _, right in part) / len(part)
            print(f"  said {mean:.3f}  right {right:.3f}  of {len(part)} beads")


def scaled(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="align.py scale", description=align_scale.__doc__)
    methods = ["ours", "vecalign", "bertalign"]
    parser.add_argument("methods", nargs="*", default=methods, metavar="METHOD")
    parser.add_argument("--sizes", default="2000,5000,20000", help="segments of a version")
    parser.add_argument("--langs", default="-".join(align_scale.LANGS))
    parser.add_argument("--cached", action="store_true", help="ours a second time")
    options = parser.parse_args(arguments)
    langs = tuple(options.langs.split("-"))
    methods = [name for name in options.methods if name == "ours" or len(langs) == 2]
    align_scale.scale([*map(int, options.sizes.split(","))], methods, langs, options.cached)


def main() -> None:
    if sys.argv[1:2] == ["scale"]:
        return scaled(sys.argv[2:])
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("sets", nargs="*", default=SETS, metavar="SET")
    parser.add_argument("--documents", type=int, default=10**9, help="at most so many of a set")
    parser.add_argument("--before", type=Path, metavar="WEIGHTS.json", help="compare with these")
    options = parser.parse_args()
    head = f"{'ours':>7}{'first':>7}{'G-C':>7}{'beads':>7}  ours - first, 95%"
    print(f"{'set':<13}{'languages':<11}{head}")
    judged: dict[int, list[tuple[float, bool]]] = {2: [], 3: []}
    for name in options.sets:
        if name != "corpora" and not (DATA / f"{name}.jsonl").exists():
            print(f"{name:<13}skipped: no {DATA.name} data beside the checkout", file=sys.stderr)
            continue
        counts: dict[tuple[str, ...], tuple[list[Counts], ...]] = {}
        started = time.perf_counter()
        for number, (texts, gold) in enumerate(documents(name)):
            if number >= options.documents:
                break
            compact = needs_room(list(texts.values()))
            witnesses = {
                lang: read(side, lang, encoder.default(), [0.0] * len(side), compact)
                for lang, side in texts.items()
            }
            for langs, groups in gold.items():
                made, chances, first, old = aligned(langs, witnesses, options.before)
                kept = counts.setdefault(langs, ([], [], [], []))
                methods = [made]
                if len(langs) == 2:
                    methods += [first, gale_church([texts[lang] for lang in langs])]
                    if name == "corpora":
                        methods = [whole(groups, method) for method in methods]
                        old = whole(groups, old)
                for place, method in enumerate(methods):
                    kept[place].append(Counts.of_groups(groups, method))
                kept[3].append(Counts.of_groups(groups, old))
                if name == "corpora" and len(langs) == 2:
                    continue  # projected gold, finer beads than which are right as well
                right = set(groups)
                judged[len(langs)] += [
                    (chance, group in right) for group, chance in zip(made, chances, strict=True)
                ]
        spent = time.perf_counter() - started
        for langs, (ours, first, lengths, old) in counts.items():
            total = Counts.of(ours)
            others, interval = f"{'–':>7}{'–':>7}", ""
            if first:
                others = f"{Counts.of(first).f1:7.3f}{Counts.of(lengths).f1:7.3f}"
                low, high = bootstrap(ours, first)
                interval = f"  [{low:+.3f}, {high:+.3f}]"
            if options.before:
                low, high = bootstrap(ours, old)
                interval += f"  before {Counts.of(old).f1:.3f} [{low:+.3f}, {high:+.3f}]"
            print(f"{name:<13}{'-'.join(langs):<11}{total.f1:7.3f}{others}{total.wanted:7}{interval}")
        print(f"{'':<13}{spent:.1f} s in all", flush=True)
    for count, beads in judged.items():
        if beads:
            print(f"confidence of beads of {count} languages")
            curve(beads)


if __name__ == "__main__":
    main()
