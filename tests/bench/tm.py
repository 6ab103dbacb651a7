"""Measure a translation memory: import, size, look-ups; a linear scan beside it in the same run.

    python tests/bench/tm.py [UNITS]

Units are made from patterns with numbers, so that no two are equal; every figure is printed with
the count it was measured on. Fuzzy look-ups are compared with rapidfuzz's scan of all sources.
"""

import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from rapidfuzz import fuzz, process

from toolkit.translate.patterns.grammar import Generator
from toolkit.translate.tm import match
from toolkit.translate.tm.store import Store, Unit

ASKED = 200


def units(count: int) -> Iterator[Unit]:
    maker, chance = Generator(5), random.Random(5)
    frames = []
    while len(frames) < 3000:
        tree = maker.tree()
        frames.append({lang: _plain(maker, tree, lang) for lang in ("zh", "ru", "en")})
    for number in range(count):
        frame = frames[chance.randrange(len(frames))]
        marked = {"zh": f"（{number}号）", "ru": f" (номер {number})", "en": f" (number {number})"}
        texts = {lang: text + marked[lang] for lang, text in frame.items()}
        yield Unit(texts, "bench", str(number))


def _plain(maker: Generator, tree, lang: str) -> str:
    pieces = maker.render(tree, lang, varied=False)
    names = {"zh": "宁波", "ru": "Нинбо", "en": "Ningbo"}
    return "".join(piece if isinstance(piece, str) else names[lang] for piece in pieces)


def timed(work, times: int) -> float:
    started = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - started) / times * 1000


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.tm"
        started = time.perf_counter()
        with Store(path, create=True) as store:
            told = store.add(units(count))
        spent = time.perf_counter() - started
        size = path.stat().st_size / 1e6
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        print(f"import {told.added} units: {spent:.0f} s, {told.added / spent:.0f} units/s,"
              f" file {size:.0f} MB, peak memory {peak:.0f} MB")  # fmt: skip
        with Store(path) as store:
            asked = [unit.texts["zh"] for unit in store.units(range(1, ASKED * 7, 7))][:ASKED]
            changed = [text.replace("宁波", "喀山")[:-3] + "9号）" for text in asked]
            turn = iter(asked * 3)
            exact = timed(lambda: store.exact(next(turn), "zh", "ru"), ASKED)
            turn = iter(changed * 3)
            fuzzy = timed(lambda: match.find(store, next(turn), "zh", "ru"), 50)
            found = sum(bool(match.find(store, text, "zh", "ru")) for text in changed[:50])
            words = timed(lambda: store.concordance("战略协作", "zh", 20), 20)
            forms = timed(lambda: store.concordance("взаимодействию", "ru", 20), 20)
            every = [unit.texts["zh"] for unit in store.units()]
            scan = timed(
                lambda: process.extract(changed[0], every, scorer=fuzz.ratio, limit=5), 2
            )
        print(f"exact {exact:.2f} ms; fuzzy {fuzzy:.1f} ms ({found} of 50 found);"
              f" concordance zh {words:.1f} ms, ru {forms:.1f} ms")  # fmt: skip
        print(f"rapidfuzz over all sources: {scan:.1f} ms, {scan / fuzzy:.1f} times ours")


if __name__ == "__main__":
    main()
