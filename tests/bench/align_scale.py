"""How time and memory of the aligner grow with the text, beside two published searches.

Run by ``python tests/bench/align.py scale``. Texts are drawn from the shipped dispatches, passages
in any order, each sentence with words in its own order and a number of its own, so that no
sentence comes twice. Each measurement is a process by itself. The searches of Vecalign (Thompson
and Koehn 2019) and Bertalign (Liu and Zhu 2022) are written here from their papers, with their
default settings; they get vectors of runs pooled as ours are, in place of a text encoded once for
each run it is in, which spares them most of their time.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

LANGS = ("zh", "en")
MARKS = {"zh": "（第{}号）", "ru": " (№ {})", "en": " (No. {})"}


def texts(size: int, langs: tuple[str, ...], seed: int = 1):
    """Return sides of at least so many segments, and the groups that belong together."""
    from toolkit import corpus

    blocks = []
    for entry in corpus.load():
        sides = {d.lang: [s.text for s in d.segments] for d in entry.dispatches()}
        rows = [row.bead for row in corpus.gold(entry)]
        blocks.append([[[sides[x][k] for k in bead.side(x)] for x in langs] for bead in rows])
    chance = Random(seed)
    sides, gold = [[] for _ in langs], []
    while min(map(len, sides)) < size:
        block = chance.choice(blocks)
        first = chance.randrange(len(block))
        for found in block[first : first + chance.randrange(5, 20)]:
            if not any(found):
                continue
            number, group = chance.randrange(10**6), []
            for side, lang, said in zip(sides, langs, found, strict=True):
                group.append(tuple(range(len(side), len(side) + len(said))))
                side += [_own(text, lang, chance) for text in said]
                if said:
                    side[-1] += MARKS[lang].format(number)
            gold.append(tuple(group))
    return sides, gold


def _own(text: str, lang: str, chance: Random) -> str:
    words = list(text) if lang == "zh" else text.split(" ")
    for _ in range(2):
        k = chance.randrange(max(1, len(words) - 1))
        words[k : k + 2] = words[k : k + 2][::-1]
    return ("" if lang == "zh" else " ").join(words)


def ours(sides, langs):
    from toolkit.align import align_texts

    return align_texts(sides, langs)


def vecalign(sides, langs):
    """Align on halved texts first, then near that path on each finer grid."""
    import numpy as np

    from toolkit.align.path import SHAPES  # beads of up to six segments; Vecalign's are of eight

    x, y = _runs(sides, 5)
    rng = np.random.default_rng(0)
    levels = [(x, y)]
    while len(levels[-1][0][0]) * len(levels[-1][1][0]) > 250_000:
        levels.append(tuple([_halved(side[0])] for side in levels[-1]))
    path = None
    for x, y in reversed(levels):
        shapes = SHAPES if len(x) > 1 else ((1, 1),)
        rows, columns = len(x[0]), len(y[0])
        samples = [side[0][rng.integers(0, len(side[0]), 20)] for side in (y, x)]
        usual = [[(1 - run @ sample.T).mean(axis=1) for run in side]
                 for side, sample in zip((x, y), samples, strict=True)]  # fmt: skip
        one, other = (rng.integers(0, size, 500) for size in (rows, columns))
        costs = 2 * (1 - np.einsum("ij,ij->i", x[0][one], y[0][other]))
        skip = np.quantile(costs / (usual[0][0][one] + usual[1][0][other]), 0.2)
        left = _left(path, rows, columns, 20 if path else columns)

        def cost(a, b, i, j, x=x, y=y, usual=usual):
            near = 1 - x[a - 1][i] @ y[b - 1][j].T
            return 2 * a * b * near / (usual[0][a - 1][i][:, None] + usual[1][b - 1][j][None])

        path = _search(left, rows, columns, shapes, cost, skip)
        path = [(2 * i, 2 * j) for i, j in path] if x is not levels[0][0] else path
    return _groups(path)


def bertalign(sides, langs):
    """Pair each segment with one of its three nearest, then look near that path."""
    import numpy as np

    x, y = _runs(sides, 4)
    rows, columns = len(x[0]), len(y[0])
    nearest = np.empty((rows, 3), int)
    for first in range(0, rows, 512):
        cosines = x[0][first : first + 512] @ y[0].T
        nearest[first : first + 512] = np.argpartition(-cosines, 3, axis=1)[:, :3]
    gains = np.einsum("ij,ikj->ik", x[0], y[0][nearest])
    reach = max(250, int(0.06 * max(rows, columns)))
    middle = np.arange(rows + 1) * columns // rows
    band = np.maximum(middle - reach, 0), np.minimum(middle + reach, columns)

    def pairs(a, b, i, j):
        found = np.zeros((len(i), len(j)))
        for row, k in enumerate(i.tolist()):
            inside = (nearest[k] >= j[0]) & (nearest[k] <= j[-1])
            found[row, nearest[k][inside] - j[0]] = -gains[k][inside]
        return found

    path = _search(band, rows, columns, ((1, 1),), pairs, 0.0)
    left = _left(path, rows, columns, 5)
    extents = [np.concatenate([[0], np.cumsum([len(text.encode()) for text in side])])
               for side in sides]  # fmt: skip
    ratio = extents[0][-1] / extents[1][-1]
    singles = [np.pad(side[0], ((1, 1), (0, 0))) for side in (x, y)]
    shapes = [(a, b) for a in range(1, 5) for b in range(1, 5) if a + b <= 5]

    def cost(a, b, i, j):
        one, other = x[a - 1][i], y[b - 1][j]
        beside = one @ singles[1][j].T + one @ singles[1][j + b + 1].T
        beside += (other @ singles[0][i].T + other @ singles[0][i + a + 1].T).T
        score = one @ other.T - beside / 4
        length = (extents[0][i + a] - extents[0][i])[:, None]
        against = ratio * (extents[1][j + b] - extents[1][j])[None]
        return -score * np.log2(1 + np.minimum(length, against) / np.maximum(length, against))

    return _groups(_search(left, rows, columns, shapes, cost, 0.1))


def _runs(sides, longest):
    from toolkit import encoder

    return [encoder.default().runs(side, longest) for side in sides]


def _halved(vectors):
    import numpy as np

    found = np.add.reduceat(vectors, np.arange(0, len(vectors), 2), axis=0)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def _left(path, rows, columns, reach):
    """Return for each boundary of x the first and the last boundary of y to be looked at."""
    import numpy as np

    low, high = np.full(rows + 1, columns), np.zeros(rows + 1, int)
    for i, j in path or [(0, 0), (rows, columns)]:
        i, j = min(i, rows), min(j, columns)
        low[i], high[i] = min(low[i], j), max(high[i], j)
    low, high = np.minimum.accumulate(low[::-1])[::-1], np.maximum.accumulate(high)
    before, after = np.arange(rows + 1) - reach, np.arange(rows + 1) + reach
    return (np.maximum(low[np.maximum(before, 0)] - reach, 0),
            np.minimum(high[np.minimum(after, rows)] + reach, columns))  # fmt: skip


def _search(band, rows, columns, shapes, cost, skip):
    """Return the boundaries of the cheapest path in a band, some rows at a time."""
    import numpy as np

    low, high = band
    totals, choices = {}, []
    for first in range(0, rows + 1, 64):
        last = min(rows, first + 63)
        start, stop = int(low[first : last + 1].min()), int(high[first : last + 1].max())
        places = np.arange(start, stop + 1)
        block = {}
        for a, b in shapes:
            i = np.arange(max(0, first - a), last + 1 - a)
            j = places[places >= b] - b
            if len(i) and len(j):
                block[a, b] = cost(a, b, i, j), max(first, a), len(places) - len(j)
        for i in range(first, last + 1):
            best = np.full(len(places), np.inf)
            choice = np.full(len(places), len(shapes), np.uint8)
            if i == 0:
                best[0] = 0.0
            else:
                best = _at(totals[i - 1], start, stop) + skip
            for number, (a, b) in enumerate(shapes):
                if (a, b) in block and i >= a:
                    costs, top, side = block[a, b]
                    value = _at(totals[i - a], start - b, stop - b)
                    value[side:] += costs[i - top]
                    better = value < best
                    best[better], choice[better] = value[better], number
            level = best - skip * places
            swept = np.minimum.accumulate(level) + skip * places
            alone = swept < best - 1e-9
            choice[alone] = len(shapes) + 1
            best[alone] = swept[alone]
            best[(places < low[i]) | (places > high[i])] = np.inf
            totals[i] = (start, best)
            totals.pop(i - 6, None)
            choices.append((start, choice))
    path, i, j = [(rows, columns)], rows, columns
    steps = [*shapes, (1, 0), (0, 1)]
    while i or j:
        start, choice = choices[i]
        a, b = steps[choice[j - start]]
        i, j = i - a, j - b
        path.append((i, j))
    return path[::-1]


def _at(kept, start, stop):
    import numpy as np

    first, values = kept
    found = np.full(stop - start + 1, np.inf)
    low, high = max(start, first), min(stop, first + len(values) - 1)
    if low <= high:
        found[low - start : high + 1 - start] = values[low - first : high + 1 - first]
    return found


def _groups(path):
    return [(tuple(range(i, k)), tuple(range(j, n)))
            for (i, j), (k, n) in zip(path, path[1:], strict=False)]  # fmt: skip


def one(method: str, size: int, langs: tuple[str, ...]) -> None:
    """Measure one method on one text and print the result as JSON."""
    from toolkit import encoder

    sides, gold = texts(size, langs)
    encoder.default()  # loading it takes a second once, whatever the size
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun, worked = time.perf_counter(), time.process_time()
    made = globals()[method](sides, langs)
    spent, worked = time.perf_counter() - begun, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    made, gold = ({g for g in groups if any(g)} for groups in (made, gold))
    right = len(made & gold)
    print(json.dumps({
        "segments": list(map(len, sides)), "seconds": spent, "processor": worked,
        "peak": peak * 1024, "before": before * 1024,
        "f1": 2 * right / (len(made) + len(gold)),
    }))  # fmt: skip


def scale(sizes: list[int], methods: list[str], langs: tuple[str, ...], cached: bool) -> None:
    """Print seconds, memory and growth of each method, the methods in turn for each size.

    Growth shows in the milliseconds of processor time a segment, which a busy machine hardly
    changes.
    """
    print(f"{'-'.join(langs)}, {len(os.sched_getaffinity(0))} processors, vectors "
          + ("from the cache" if cached else "not cached"))  # fmt: skip
    print(f"{'method':<11}{'segments':>17}{'seconds':>9}{'of processor':>14}{'peak GB':>9}"
          f"{'ms a segment':>14}{'F1':>7}")  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        kept = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "TONGWEN_CACHE": folder}
        for size in sizes:
            for method in methods:
                command = [sys.executable, __file__, method, str(size), "-".join(langs)]
                for turn in range(2 if cached and method == "ours" else 1):
                    if not cached and turn == 0:
                        kept["TONGWEN_CACHE"] = ""
                    done = subprocess.run(command, env=kept, capture_output=True, text=True)
                if done.returncode:
                    print(f"{method:<11}{size:>17}  {done.stderr.strip().splitlines()[-1:]}")
                    continue
                found = json.loads(done.stdout)
                shown = " × ".join(map(str, found["segments"]))
                each = 1000 * found["processor"] / sum(found["segments"])
                print(f"{method:<11}{shown:>17}{found['seconds']:9.1f}{found['processor']:14.1f}"
                      f"{found['peak'] / 1e9:9.2f}{each:14.2f}{found['f1']:7.3f}",
                      flush=True)  # fmt: skip


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    one(sys.argv[1], int(sys.argv[2]), tuple(sys.argv[3].split("-")))
