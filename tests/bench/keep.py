"""What a person's corrections are worth to the rest: strict F1 before and after.

    python tests/bench/keep.py [--documents N] [SET …]

Sets: dev, dev_hard (of ``../shared/bench/align`` beside the checkout) and ``corpora``. Of each
document one in five gold beads, drawn by a fixed seed, is kept, and the others are scored: what
the machine finds alone, and round those kept. Then the third language is added to the gold of two:
triples by the machine alone, and by the gold pair kept. Passages that a version moved count as
errors; gold beads with a gap are left out.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent))
from align import documents  # the bench beside this one

from toolkit.align import align
from toolkit.align.keep import Kept, align_round
from toolkit.align.order import Group, reading_order, rising
from toolkit.dispatch import Dispatch, Segment

LANGS = ("zh", "ru", "en")
SHARE = 5


def dispatch(lang: str, texts: list[str]) -> Dispatch:
    segments, start = [], 0
    for number, text in enumerate(texts):
        segments.append(Segment(text, lang, start, start + len(text), number))
        start += len(text) + 1
    return Dispatch("x", lang, "\n".join(texts), lang, "utf-8", tuple(segments))


def kept(groups: list[dict], langs: tuple[str, ...]) -> list[Kept]:
    """Return gold beads as kept ones, in order; what moved is divided as the review file does."""
    done, _ = rising([Group(sides, (n,)) for n, sides in enumerate(groups)])
    return [
        Kept({x: (side[0], side[-1] + 1) for x, side in done[n].sides.items()}, langs)
        for n in reading_order(done)
    ]


def whole(sides: dict) -> bool:
    """Tell whether a bead's segments are neighbours; the program makes no others."""
    return all(side[-1] - side[0] < len(side) for side in sides.values())


def score(found: set, gold: set, count: Counter, name: str) -> None:
    joined = {group for group in gold if sum(map(bool, group)) > 1}
    for key, value in (("same", len(found & gold)), ("found", len(found)),
                       ("right", len(found & joined)), ("gold", len(joined))):  # fmt: skip
        count[name, key] += value


def f1(count: Counter, name: str) -> float:
    precision = count[name, "same"] / max(1, count[name, "found"])
    recall = count[name, "right"] / max(1, count[name, "gold"])
    return 2 * precision * recall / max(1e-9, precision + recall)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("sets", nargs="*", default=["dev", "dev_hard"])
    parser.add_argument("--documents", type=int, default=20)
    options = parser.parse_args()
    for name in options.sets:
        count: Counter = Counter()
        for texts, gold in list(documents(name))[: options.documents]:
            if LANGS not in gold:
                continue
            versions = [dispatch(lang, texts[lang]) for lang in LANGS]
            groups = gold[LANGS]
            beads = [
                {x: side for x, side in zip(LANGS, group, strict=True) if side} for group in groups
            ]
            alone = align(versions)
            random = Random(len(texts["zh"]))
            drawn = [bead for bead in beads if random.randrange(SHARE) == 0 and whole(bead)]
            try:
                if not all(map(whole, beads)):
                    raise ValueError("a bead with a gap")
                some = kept(drawn, LANGS)
                pair = kept(
                    [part for bead in beads
                     if (part := {x: s for x, s in bead.items() if x != "ru"})], ("zh", "en"),
                )  # fmt: skip
            except ValueError:  # or moved in more than one language
                continue
            rounds = align_round(versions, some)
            fixed = {tuple(tuple(range(*k.sides.get(x, (0, 0)))) for x in LANGS) for k in some}
            rest = set(map(tuple, groups)) - fixed
            for result, label in ((alone, "alone"), (rounds, "round")):
                found = {tuple(bead.side(x) for x in LANGS) for bead in result.beads}
                score(found - fixed, rest, count, label)
            third = align_round(versions, pair)
            for result, label in ((alone, "three"), (third, "third")):
                found = {tuple(bead.side(x) for x in LANGS) for bead in result.beads}
                score(found, set(map(tuple, groups)), count, label)
        print(
            f"{name}: other beads {f1(count, 'alone'):.3f} alone, {f1(count, 'round'):.3f} round "
            f"one in {SHARE} kept; triples {f1(count, 'three'):.3f} alone, "
            f"{f1(count, 'third'):.3f} with zh-en kept"
        )


if __name__ == "__main__":
    main()
