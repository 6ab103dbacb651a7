"""Learn the weights of the aligner from gold alignments, and check them on texts left out.

    python tests/bench/learn_align.py [--folds 3] [--write]

Maximum likelihood of the gold paths over all paths (L-BFGS, a quadratic penalty), on the sets of
``align.py`` and on variations of the ordinary news, see ``vary.py``; where a gold bead cannot be
made (too long, or with a gap), every path through its place will do, and within a group of three
languages every way to pair two of them. Each fold's weights are measured on the documents left
out, of which no variation was seen; ``--write`` learns from all of them and writes
``toolkit/align/weights.json``. Deterministic. Takes half an hour or so.
"""

import argparse
import importlib.util
import json
import math
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
import vary  # beside this file

from toolkit import encoder
from toolkit.align import model
from toolkit.align.costs import SHAPES
from toolkit.align.judge import needs_room, read
from toolkit.align.lattice import ALONE_X, ALONE_Y, NEVER, best_steps, chances, sharpened
from toolkit.align.model import SIZES, PairModel, Weights, kind, learned
from toolkit.align.path import pair_path
from toolkit.align.signals import ALONE, LEAKS, NAMES
from toolkit.languages import LANGS

SIGNALS = (*NAMES, *LEAKS)
SINGLES = (*ALONE, *LEAKS)
# How much a document of each set counts: for zh, ru and en, and for other languages.
SHARES = {
    "ours": {"dev": 0.7, "dev_hard": 0.7, "dev varied": 0.35, "mac_dev": 1.25,
             "textberg_dev": 0.6, "corpora": 2.0},
    "others": {"dev": 0.2, "dev_hard": 0.2, "dev varied": 0.1, "mac_dev": 0.3,
               "textberg_dev": 4.0, "corpora": 0.2},
}  # fmt: skip
# Seeds and rates of the variations.
VARIED = ((5, vary.ORDINARY), (22, vary.MIDDLING), (6, vary.HARD), (21, vary.HARD))
PENALTY = 2.0
TEMPER, LEAST = 0.6, 2e-5  # steps less likely by softened scores are not looked at


def bench():
    path = Path(__file__).with_name("align.py")
    spec = importlib.util.spec_from_file_location("bench_align", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Example:
    """Two versions with their gold beads, and the signals of every step that may be taken.

    Steps without any chance by the weights at hand are left out: of a thousand some ten stay.
    ``steps`` rise by the place where they end: number, place in x, place in y.
    """

    def __init__(self, name, number, langs, x, y, gold):
        self.set, self.langs, self.gold = name, langs, gold
        self.fold = int(sha256(f"{name[:3]} {number}".encode()).hexdigest(), 16)
        self.inside = []  # blocks of a projected triple, which a pair may divide more finely
        if name == "corpora":
            self.inside = [g for g in gold if len(g[0]) > 1 and len(g[1]) > 1]
        costs, path = pair_path(x.version, y.version)
        self.model = PairModel(x, y, costs, path)
        self.columns = len(y)
        band = self.model.band
        self.shape = (len(SHAPES) + 2, len(x) + 1, band.width)
        found, signals = [], {True: [], False: []}
        for first, last, left, right, block in self.model.blocks():
            i, j = np.arange(first, last + 1)[:, None], np.arange(left, right + 1)[None]
            place = j - band.left[first : last + 1][:, None]
            near = (place >= 0) & (place < band.width)
            steps = [(k, *s, block.beads[s]) for k, s in enumerate(SHAPES) if s in block.beads]
            steps += [(ALONE_X, 1, 0, block.alone_x), (ALONE_Y, 0, 1, block.alone_y)]
            for k, a, b, values in steps:
                p, q = np.nonzero(near & (i >= a) & (j >= b))
                found.append(np.stack([np.full(len(p), k), p + first, q + left]))
                both = np.concatenate([values, block.leaks])[:, p, q].T
                signals[k >= len(SHAPES)].append(both)
        self._keep(np.concatenate(found, axis=1).T, signals)

    def _keep(self, steps, signals):
        alone = steps[:, 0] >= len(SHAPES)
        self.steps = steps
        self._number(alone, np.concatenate(signals[False]), np.concatenate(signals[True]))
        vector = vector_of(learned(set(self.langs) <= set(LANGS)))
        scores = self.dense(self.scores(vector) * TEMPER)
        kept = chances(scores, self.model.band, vector[-1] * TEMPER, self.columns).steps
        kept = kept[steps[:, 0], steps[:, 1], steps[:, 2] - self.model.band.left[steps[:, 1]]]
        order = np.lexsort((steps[:, 0], steps[:, 2], steps[:, 1]))
        order = order[kept[order] > LEAST]
        row = np.empty(len(steps), int)
        row[~alone], row[alone] = np.arange((~alone).sum()), np.arange(alone.sum())
        beads, singles = self.signals
        self.steps, alone = steps[order], alone[order]
        self._number(alone, beads[row[order[~alone]]], singles[row[order[alone]]])
        back = np.array([(*s,) for s in (*SHAPES, (1, 0), (0, 1))])[self.steps[:, 0]]
        wide = self.columns + 1
        ends = self.steps[:, 1] * wide + self.steps[:, 2]
        starts = ends - back[:, 0] * wide - back[:, 1]
        places = np.unique(np.concatenate([starts, ends, [0, self.shape[1] * wide - 1]]))
        self.ways = list(zip(np.searchsorted(places, starts).tolist(),
                             np.searchsorted(places, ends).tolist(), alone.tolist(),
                             strict=True))  # fmt: skip
        self.places = len(places)
        self.allowed = self._allowed()

    def _number(self, alone, beads, singles):
        """Keep the signals by the set of weights they go with, and where they belong."""
        self.signals = beads, singles
        kinds = np.array([kind(shape) for shape in SHAPES])[self.steps[~alone, 0]]
        at = np.flatnonzero(~alone)
        self.parts = [(at[kinds == k], beads[kinds == k], _place(k)) for k in range(3)]
        self.parts.append((np.flatnonzero(alone), singles, _place(3)))
        sizes = np.array([_size(shape) for shape in SHAPES])
        self.sizes = at, sizes[self.steps[~alone, 0]]

    def _allowed(self):
        """Return which steps a path true to the gold may take."""
        solid = lambda side: len(side) == side[-1] - side[0] + 1  # noqa: E731
        there = set(map(tuple, self.steps.tolist()))
        beads, last = [], (-1, -1)
        for x, y in sorted(group for group in self.gold if group[0] and group[1]):
            known = solid(x) and solid(y) and (len(x), len(y)) in SHAPES
            known = known and (x, y) not in self.inside
            if known and x[0] > last[0] and y[0] > last[1]:
                step = SHAPES.index((len(x), len(y)))
                if (step, x[-1] + 1, y[-1] + 1) in there:
                    beads.append((x, y))
                    last = (x[-1], y[-1])
        home_x, home_y = np.full(self.shape[1] - 1, -2), np.full(self.columns, -2)
        for x, y in self.gold:
            if not x or not y:
                home_x[list(x)], home_y[list(y)] = -1, -1
        for x, y in self.gold:
            if x and y and (x, y) not in beads:  # with a gap: what lies in it is free as well
                home_x[x[0] : x[-1] + 1], home_y[y[0] : y[-1] + 1] = -2, -2
        for number, (x, y) in enumerate(self.inside):
            home_x[list(x)] = home_y[list(y)] = -3 - number
        for number, (x, y) in enumerate(beads):
            home_x[list(x)] = home_y[list(y)] = number
        ends = {(SHAPES.index((len(x), len(y))), x[-1] + 1, y[-1] + 1) for x, y in beads}
        allowed = []
        for k, i, j in self.steps.tolist():
            if k == ALONE_X:
                allowed.append(-3 < home_x[i - 1] < 0)
            elif k == ALONE_Y:
                allowed.append(-3 < home_y[j - 1] < 0)
            else:
                a, b = SHAPES[k]
                homes = {*home_x[i - a : i].tolist(), *home_y[j - b : j].tolist()}
                free = len(homes) == 1 and homes.pop() < -1
                allowed.append(free or (k, i, j) in ends)
        return np.array(allowed)

    def scores(self, vector):
        values = np.zeros(len(self.steps))
        for at, signals, place in self.parts:
            values[at] = signals @ vector[place]
        at, sizes = self.sizes
        values[at] += vector[sizes]
        return values

    def dense(self, values):
        scores = np.full(self.shape, NEVER)
        k, i, j = self.steps.T
        scores[k, i, j - self.model.band.left[i]] = values
        return scores

    def slope(self, share, opened, size):
        """Return the expected signals of a path."""
        slope = np.zeros(size)
        for at, signals, place in self.parts:
            slope[place] += share[at] @ signals
        at, sizes = self.sizes
        np.add.at(slope, sizes, share[at])
        slope[-1] = opened
        return slope


def walk(example, scores, opening):
    """Return the logarithm of the weight of all paths, each step's chance, and the openings.

    As ``lattice.chances``, over the steps that were kept.
    """
    after = [[NEVER] * example.places for _ in range(2)]  # a bead, a segment alone
    ahead = [[NEVER] * example.places for _ in range(2)]
    after[0][0] = 0.0
    ahead[0][-1] = ahead[1][-1] = 0.0
    ways = [(*way, score) for way, score in zip(example.ways, scores.tolist(), strict=True)]
    bead, single = after
    for start, end, alone, score in ways:
        if alone:
            before = _add(single[start], bead[start] + opening)
            single[end] = _add(single[end], before + score)
        else:
            bead[end] = _add(bead[end], _add(bead[start], single[start]) + score)
    total = _add(bead[-1], single[-1])
    share, opened = np.zeros(len(ways)), 0.0
    for number in range(len(ways) - 1, -1, -1):
        start, end, alone, score = ways[number]
        further = ahead[alone][end] + score
        if further < NEVER / 2:
            continue
        if alone:
            fresh = math.exp(min(0.0, bead[start] + opening + further - total))
            share[number] = fresh + math.exp(min(0.0, single[start] + further - total))
            opened += fresh
        else:
            before = _add(bead[start], single[start])
            share[number] = math.exp(min(0.0, before + further - total))
        ahead[0][start] = _add(ahead[0][start], further + opening * alone)
        ahead[1][start] = _add(ahead[1][start], further)
    return total, share, opened


def _add(one, other):
    high, low = (one, other) if one > other else (other, one)
    return high if high - low > 40 else high + math.log1p(math.exp(low - high))


def _place(which):
    """Return where in the vector the weights of one kind of beads are, or of segments alone."""
    count = len(SIGNALS)
    return slice(which * count, 3 * count + len(SINGLES) if which == 3 else (which + 1) * count)


def _size(shape):
    return 3 * len(SIGNALS) + len(SINGLES) + SIZES.index(tuple(sorted(shape)))


def objective(vector, examples, shares):
    value, slope = PENALTY / 2 * vector @ vector, PENALTY * vector
    for example in examples:
        scores = example.scores(vector)
        right, true, begun = walk(
            example, np.where(example.allowed, scores, NEVER), vector[-1]
        )
        if right < -1e6:  # no path is true to the gold
            continue
        total, found, opened = walk(example, scores, vector[-1])
        share = shares[example.set]
        value += share * (total - right)
        slope = slope + share * example.slope(found - true, opened - begun, len(vector))
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
    beads, singles = (
        np.concatenate([e.signals[k] for e in examples]).std(axis=0) for k in range(2)
    )
    for which in range(3):
        spread[_place(which)] = beads + 1e-3
    spread[_place(3)] = np.maximum(singles, 1e-3)
    spread[_place(3).start] = 1.0

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


def vector_of(weights):
    parts = (weights.beads.ravel(), weights.alone, weights.sizes, [weights.opening])
    return np.concatenate(parts)


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
    values = example.scores(vector)
    values[example.steps[:, 0] >= len(SHAPES)] += example.model.habit
    scores = example.dense(values)
    frame = (example.model.band, vector[-1], example.columns)
    i = j = 0
    made = []
    for a, b in best_steps(chances(scores, *frame), sharpened(scores, *frame)):
        made.append((tuple(range(i, i + a)), tuple(range(j, j + b))))
        i, j = i + a, j + b
    return made


def documents(measure, most):
    """Yield (set, number, texts, gold) of all that is learned from."""
    ordinary = []
    for name in measure.SETS:
        if name != "corpora" and not (measure.DATA / f"{name}.jsonl").exists():
            sys.exit(f"no {name}: the sets of {measure.DATA} are all needed")
        for number, (texts, gold) in enumerate(measure.documents(name)):
            if number < most:
                yield name, number, texts, gold
            if name == "dev" and number < most:
                langs = next(langs for langs in gold if len(langs) == 3)
                ordinary.append(vary.atoms(texts, gold[langs], langs))
    for seed, rates in VARIED:
        for number, (texts, gold) in enumerate(vary.varied(ordinary, seed, rates)):
            yield "dev varied", number, texts, gold


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--documents", type=int, default=10**9, help="at most so many of a set")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    measure, examples = bench(), []
    for name, number, texts, gold in documents(measure, options.documents):
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
