"""Strict F1 of the aligner on development data, beside Gale and Church's length-based method.

    python tests/bench/align.py [--documents N] [SET …]

Sets: dev, dev_hard, mac_dev, textberg_dev (of ``../shared/bench/align`` beside the checkout) and
``corpora``, the shipped dispatches with their hand-made gold. Both methods run in one process on
the same documents. Passages that a version moved count as errors: no monotone aligner finds them.
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

from toolkit import corpus
from toolkit.align import align_texts

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

    @property
    def f1(self) -> float:
        p, r = self.hits / max(1, self.made), self.found / max(1, self.wanted)
        return 2 * p * r / (p + r) if p + r else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("sets", nargs="*", default=SETS, metavar="SET")
    parser.add_argument("--documents", type=int, default=10**9, help="at most so many of a set")
    options = parser.parse_args()
    print(f"{'set':<13}{'languages':<11}{'ours':>7}{'G-C':>7}{'beads':>7}")
    for name in options.sets:
        if name != "corpora" and not (DATA / f"{name}.jsonl").exists():
            print(f"{name:<13}skipped: no {DATA.name} data beside the checkout", file=sys.stderr)
            continue
        ours: dict[tuple[str, ...], Counts] = {}
        theirs: dict[tuple[str, ...], Counts] = {}
        spent = 0.0
        for number, (texts, gold) in enumerate(documents(name)):
            if number >= options.documents:
                break
            for langs, groups in gold.items():
                sides = [texts[lang] for lang in langs]
                started = time.perf_counter()
                made = align_texts(sides, langs)
                spent += time.perf_counter() - started
                ours.setdefault(langs, Counts()).add(groups, made)
                if len(langs) == 2:
                    theirs.setdefault(langs, Counts()).add(groups, gale_church(sides))
        for langs, counts in ours.items():
            base = f"{theirs[langs].f1:7.3f}" if langs in theirs else "      –"
            print(f"{name:<13}{'-'.join(langs):<11}{counts.f1:7.3f}{base}{counts.wanted:7}")
        print(f"{'':<13}{spent:.1f} s in all")


if __name__ == "__main__":
    main()
