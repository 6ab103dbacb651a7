"""Learn the weights of the aligner from gold alignments, and check them on texts left out.

    python tests/bench/learn_align.py [--folds 3] [--write]

Maximum likelihood of the gold paths over all paths (L-BFGS, a quadratic penalty), on the sets of
``align.py``; where a gold bead cannot be made (too long, or with a gap), every path through its
place will do. Each fold's weights are measured on the documents left out; ``--write`` learns from
all of them and writes ``toolkit/align/weights.json``. Deterministic.
"""

import argparse
import importlib.util
import json
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np

from toolkit import encoder
from toolkit.align import model
from toolkit.align.costs import SHAPES
from toolkit.align.judge import needs_room, read
from toolkit.align.lattice import ALONE_X, ALONE_Y, NEVER, best_steps, chances, sharpened
from toolkit.align.model import SIZES, PairModel, Weights, kind
from toolkit.align.path import pair_path
from toolkit.align.signals import ALONE, LEAKS, NAMES

SIGNALS = (*NAMES, *LEAKS)
SINGLES = (*ALONE, *LEAKS)
# How much a document of each set counts: for zh, ru and en, and for other languages.
SHARES = {
    "ours": {"dev": 0.7, "dev_hard": 0.7, "mac_dev": 1.0, "textberg_dev": 0.5, "corpora": 2.0},
    "others": {"dev": 0.2, "dev_hard": 0.2, "mac_dev": 0.3, "textberg_dev": 4.0, "corpora": 0.2},
}
PENALTY = 2.0


def bench():
    path = Path(__file__).with_name("align.py")
    spec = importlib.util.spec_from_file_location("bench_align", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Example:
    """Two versions with their gold beads, and the signals of every step in the band."""

    def __init__(self, name, number, langs, x, y, gold):
        self.set, self.langs, self.gold = name, langs, gold
        self.fold = int(sha256(f"{name[:3]} {number}".encode()).hexdigest(), 16)
        costs, path = pair_path(x.version, y.version)
        self.model = PairModel(x, y, costs, path)
        band, columns = self.model.band, len(y)
        self.shape = (len(SHAPES) + 2, len(x) + 1, band.width)
        found = [[] for _ in range(len(SHAPES) + 2)]
        for first, last, left, right, block in self.model.blocks():
            i, j = np.arange(first, last + 1)[:, None], np.arange(left, right + 1)[None]
            place = j - band.left[first : last + 1][:, None]
            near = (place >= 0) & (place < band.width)
            steps = [(k, *s, block.beads[s]) for k, s in enumerate(SHAPES) if s in block.beads]
            steps += [(ALONE_X, 1, 0, block.alone_x), (ALONE_Y, 0, 1, block.alone_y)]
            for k, a, b, signals in steps:
                p, q = np.nonzero(near & (i >= a) & (j >= b))
                both = np.concatenate([signals, block.leaks])[:, p, q].T
                found[k].append((p + first, place[p, q], both))
        self.steps = [
            tuple(map(np.concatenate, zip(*parts, strict=True))) if parts else None
            for parts in found
        ]
        self.allowed = self._allowed(columns)

    def _allowed(self, columns):
        """Return which steps a path true to the gold may take."""
        band, solid = self.model.band, lambda side: len(side) == side[-1] - side[0] + 1
        beads, last = [], (-1, -1)
        for x, y in sorted(group for group in self.gold if group[0] and group[1]):
            known = solid(x) and solid(y) and (len(x), len(y)) in SHAPES
            if known and x[0] > last[0] and y[0] > last[1]:
                place = y[-1] + 1 - band.left[x[-1] + 1]
                if 0 <= place < band.width:
                    beads.append((x, y))
                    last = (x[-1], y[-1])
        home_x, home_y = np.full(self.shape[1] - 1, -2), np.full(columns, -2)
        for x, y in self.gold:
            if not x or not y:
                home_x[list(x)], home_y[list(y)] = -1, -1
        for x, y in self.gold:
            if x and y and (x, y) not in beads:  # with a gap: what lies in it is free as well
                home_x[x[0] : x[-1] + 1], home_y[y[0] : y[-1] + 1] = -2, -2
        for number, (x, y) in enumerate(beads):
            home_x[list(x)] = home_y[list(y)] = number
        ends = {(x[-1] + 1, y[-1] + 1, len(x), len(y)) for x, y in beads}
        allowed = []
        for k, step in enumerate(self.steps):
            if step is None:
                allowed.append(None)
                continue
            i, j = step[0], step[1] + band.left[step[0]]
            if k == ALONE_X:
                allowed.append(home_x[i - 1] < 0)
            elif k == ALONE_Y:
                allowed.append(home_y[j - 1] < 0)
            else:
                a, b = SHAPES[k]
                free = np.ones(len(i), bool)
                for p in range(1, a + 1):
                    free &= home_x[i - p] == -2
                for q in range(1, b + 1):
                    free &= home_y[j - q] == -2
                gold = [(p, q, a, b) in ends for p, q in zip(i.tolist(), j.tolist(), strict=True)]
                allowed.append(free | np.array(gold))
        return allowed

    def scores(self, vector, true):
        scores = np.full(self.shape, NEVER)
        for k, step in enumerate(self.steps):
            if step is not None:
                values = step[2] @ vector[_place(k)]
                if k < len(SHAPES):
                    values = values + vector[_size(k)]
                if true:
                    values = np.where(self.allowed[k], values, NEVER)
                scores[k, step[0], step[1]] = values
        return scores

    def slope(self, found, scores, vector):
        """Return the expected signals of a path."""
        slope = np.zeros(len(vector))
        for k, step in enumerate(self.steps):
            if step is not None:
                share = found.steps[k, step[0], step[1]].astype(float)
                slope[_place(k)] += share @ step[2]
                if k < len(SHAPES):
                    slope[_size(k)] += share.sum()
        slope[-1] = (chances_total(self, scores, vector, 1e-3) - found.total) / 1e-3
        return slope


def chances_total(example, scores, vector, more):
    """Return the total with a little more for opening: its slope is how often paths open."""
    columns = len(example.model.y)
    return chances(scores, example.model.band, vector[-1] + more, columns).total


def _place(k):
    count = len(SIGNALS)
    if k >= len(SHAPES):
        return slice(3 * count, 3 * count + len(SINGLES))
    return slice(kind(SHAPES[k]) * count, (kind(SHAPES[k]) + 1) * count)


def _size(k):
    return 3 * len(SIGNALS) + len(SINGLES) + SIZES.index(tuple(sorted(SHAPES[k])))


def objective(vector, examples, shares):
    value, slope = PENALTY / 2 * vector @ vector, PENALTY * vector
    for example in examples:
        parts = []
        for true in (True, False):
            scores = example.scores(vector, true)
            found = chances(scores, example.model.band, vector[-1], len(example.model.y))
            parts.append((found.total, scores, found))
        if parts[0][0] < -1e6:  # no path is true to the gold
            continue
        share = shares[example.set]
        value -= share * (parts[0][0] - parts[1][0])
        for sign, (_, scores, found) in zip((-1, 1), parts, strict=True):
            slope = slope + sign * share * example.slope(found, scores, vector)
    return value, slope


def minimise(function, vector, rounds, memory=10):
    """Minimise by L-BFGS (Liu and Nocedal 1989) with a backtracking line search."""
    value, slope = function(vector)
    steps, turns = [], []
    for _ in range(rounds):
        way, kept = slope.copy(), []
        for step, turn in zip(steps[::-1], turns[::-1], strict=True):
            kept.append(step @ way / (turn @ step))
            way -= kept[-1] * turn
        if steps:
            way *= steps[-1] @ turns[-1] / (turns[-1] @ turns[-1])
        else:
            way /= np.linalg.norm(slope)
        for (step, turn), share in zip(zip(steps, turns, strict=True), kept[::-1], strict=True):
            way += step * (share - turn @ way / (turn @ step))
        size = 1.0
        while True:
            there, new = function(vector - size * way)
            if there <= value - 1e-4 * size * (slope @ way) or size < 1e-3:
                break
            size /= 2
        step, turn = -size * way, new - slope
        if step @ turn > 1e-9:
            steps, turns = [*steps, step][-memory:], [*turns, turn][-memory:]
        done = abs(value - there) < 3e-5 * abs(value)
        vector, value, slope = vector + step, there, new
        if done:
            break
    return vector


def learn(examples, shares, rounds):
    """Return the weights by signal, learned on signals of one spread."""
    spread = np.ones(3 * len(SIGNALS) + len(SINGLES) + len(SIZES) + 1)
    beads = np.concatenate([e.steps[k][2] for e in examples for k in range(len(SHAPES))
                            if e.steps[k] is not None and sum(SHAPES[k]) <= 4])  # fmt: skip
    count = len(SIGNALS)
    for which in range(3):
        spread[which * count : (which + 1) * count] = beads.std(axis=0) + 1e-3
    alone = np.concatenate([e.steps[k][2] for e in examples for k in (ALONE_X, ALONE_Y)])
    spread[3 * count : 3 * count + len(SINGLES)] = np.maximum(alone.std(axis=0), 1e-3)
    spread[3 * count] = 1.0

    def scaled(vector):
        value, slope = objective(vector / spread, examples, shares)
        value += PENALTY / 2 * (vector @ vector - (vector / spread) @ (vector / spread))
        return value, (slope - PENALTY * vector / spread) / spread + PENALTY * vector

    return minimise(scaled, np.zeros(len(spread)), rounds) / spread


def weights_of(vector):
    count, singles = len(SIGNALS), len(SINGLES)
    return Weights(
        vector[: 3 * count].reshape(3, count),
        vector[3 * count + singles : -1],
        vector[3 * count : 3 * count + singles],
        float(vector[-1]),
    )


def table_of(vector):
    weights = weights_of(vector)
    named = lambda names, row: {n: round(float(v), 4) for n, v in zip(names, row, strict=True)}  # noqa: E731
    return {
        "beads": [named(SIGNALS, row) for row in weights.beads],
        "sizes": named([f"{a}:{b}" for a, b in SIZES], weights.sizes),
        "alone": named(SINGLES, weights.alone),
        "opening": round(weights.opening, 4),
    }


def groups(example, vector):
    scores = example.scores(vector, False)
    frame = (example.model.band, vector[-1], len(example.model.y))
    i = j = 0
    made = []
    for a, b in best_steps(chances(scores, *frame), sharpened(scores, *frame)):
        made.append((tuple(range(i, i + a)), tuple(range(j, j + b))))
        i, j = i + a, j + b
    return made


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--documents", type=int, default=10**9, help="at most so many of a set")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    measure, examples = bench(), []
    for name in measure.SETS:
        if name != "corpora" and not (measure.DATA / f"{name}.jsonl").exists():
            sys.exit(f"no {name}: the sets of {measure.DATA} are all needed")
        for number, (texts, gold) in enumerate(measure.documents(name)):
            if number >= options.documents:
                break
            compact = needs_room(list(texts.values()))
            sides = {lang: read(side, lang, encoder.default(), [0.0] * len(side), compact)
                     for lang, side in texts.items()}  # fmt: skip
            examples += [
                Example(name, number, langs, *(sides[lang] for lang in langs), beads)
                for langs, beads in gold.items() if len(langs) == 2
            ]  # fmt: skip
    print(f"{len(examples)} pairs of texts", flush=True)
    counts = {}
    for fold in range(options.folds):
        left_in = [e for e in examples if e.fold % options.folds != fold]
        vector = learn(left_in, SHARES["ours"], options.rounds)
        for example in examples:
            if example.fold % options.folds == fold:
                key = (example.set, "-".join(example.langs))
                counts.setdefault(key, measure.Counts()).add(example.gold, groups(example, vector))
    for (name, langs), count in counts.items():
        print(f"{name:<13}{langs:<8}{count.f1:7.3f} on documents left out")
    if options.write:
        tables = {
            which: table_of(learn(examples, shares, options.rounds))
            for which, shares in SHARES.items()
        }
        path = Path(model.__file__).with_name("weights.json")
        path.write_text(json.dumps(tables, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
