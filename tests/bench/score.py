"""Measure the scorer: its speed, WMT25's term figures, and the estimate beside human judgement.

    python tests/bench/score.py speed [--segments N]
    python tests/bench/score.py terms DATA
    python tests/bench/score.py calibrate DATA [--write]
    python tests/bench/score.py human DATA
    python tests/bench/score.py omissions DATA
    python tests/bench/score.py power DATA

DATA is a folder with checkouts of public repositories, of which nothing is shipped here:

    wmt25-terminology          github.com/wmt-conference/wmt25-terminology (CC BY-NC 4.0)
    wmt21-news-systems         github.com/wmt-conference/wmt21-news-systems
    wmt22-news-systems         github.com/wmt-conference/wmt22-news-systems
    wmt-mqm-human-evaluation   github.com/google/wmt-mqm-human-evaluation
    mlqe-pe                    github.com/sheffieldnlp/mlqe-pe (CC0)
"""

import argparse
import csv
import io
import json
import random
import sys
import tarfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from toolkit.score import dictionary, estimate, metrics, resample
from toolkit.score import signals as signal_room


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").split("\n")[:-1]


def records(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


# Speed -------------------------------------------------------------------------------------------


def speed(arguments: argparse.Namespace) -> None:
    """Score made-up segments whole, beside sacreBLEU's own intervals in the same process."""
    from sacrebleu.metrics import BLEU

    from toolkit.glossary.match import Matcher
    from toolkit.glossary.store import load
    from toolkit.score import run
    from toolkit.score.inputs import Job
    from toolkit.score.lines import Lines

    chance = random.Random(0)
    words = (
        "the two sides support a comprehensive strategic partnership of coordination China Russia "
        "trade rose percent to 244.8 billion U.S. dollars on Nov. 2 and said that multilateral "
        "trading system unilateralism protectionism new consensus meeting commission Beijing"
    ).split()
    reference = [
        " ".join(chance.choices(words, k=chance.randrange(8, 35)))
        for _ in range(arguments.segments)
    ]
    systems = [
        [" ".join(w if chance.random() > rate else chance.choice(words) for w in text.split())
         for text in reference]
        for rate in (0.2, 0.25)
    ]  # fmt: skip
    for count in (1, 2):
        start, cpu = time.perf_counter(), time.process_time()
        job = Job(
            [Lines(f"s{n}", tuple(s)) for n, s in enumerate(systems[:count])],
            [f"s{n}" for n in range(count)],
            [Lines("r", tuple(reference))],
        )
        run.run(job, run.Options("en"), Matcher(load()))
        print(f"{count} system(s), everything with intervals and tests: "
              f"{time.perf_counter() - start:.1f} s, {time.process_time() - cpu:.1f} s of one "
              f"processor, for {arguments.segments} segments", flush=True)
    start = time.perf_counter()
    found = metrics.of_systems(systems[:1], [reference], "en", keys=("bleu",))[0]["bleu"]
    middle = time.perf_counter()
    resample.intervals([found])
    ours = time.perf_counter() - middle
    start = time.perf_counter()
    BLEU().corpus_score(systems[0], [reference])
    plain = time.perf_counter() - start
    start = time.perf_counter()
    BLEU().corpus_score(systems[0], [reference], n_bootstrap=1000)
    theirs = time.perf_counter() - start - plain
    print(f"BLEU's interval: ours {ours:.2f} s, sacreBLEU {theirs:.2f} s, "
          f"{theirs / ours:.1f} times as long")


# Terms -------------------------------------------------------------------------------------------


def terms(arguments: argparse.Namespace) -> None:
    """Print each published figure of WMT25's terminology task beside ours."""
    root = arguments.data / "wmt25-terminology" / "ranking"
    print("direction system mode: term success published, ours; BLEU published, ours; "
          "chrF2++ published, ours; by words in any form")
    worst: dict[str, float] = {}
    published = json.loads((root / "metric_track1" / "track1_score_dict.json").read_text("utf-8"))
    gold = records(root / "references" / "track1" / "full_data.enru.jsonl")
    entries = [{k: [v] for k, v in record["proper"].items()} for record in gold]
    for mode in ("proper", "noterm"):
        for team, theirs in published["ru"][mode].items():
            path = root / "submissions" / "track1" / team / f"{team}.enru.{mode}.jsonl"
            if theirs and path.exists():
                drafts = [record["ru"].strip() for record in records(path)]
                _row("en-ru", team, mode, theirs, entries, drafts, [r["en"] for r in gold],
                     [r["ru"] for r in gold], worst)
    published = json.loads((root / "metric_track2" / "track2_score_dict.json").read_text("utf-8"))
    for pair, years in (("zhen", range(2016, 2025, 2)), ("enzh", range(2015, 2024, 2))):
        source, target = pair[:2], pair[2:]
        gold = [r for y in years
                for r in records(root / "references" / "track2" / f"full_data_{y}.jsonl")]
        for mode in ("proper", "noterm"):
            for team, theirs in published[pair][mode].items():
                folder = root / "submissions" / "track2" / team
                paths = [folder / f"{team}.{year}.{pair}.{mode}.jsonl" for year in years]
                if theirs and all(path.exists() for path in paths):
                    drafts = [r[target].strip() for path in paths for r in records(path)]
                    _row(f"{source}-{target}", team, mode, theirs, [r["proper"] for r in gold],
                         drafts, [r[source].strip() for r in gold],
                         [r[target].strip() for r in gold], worst)
    for key, value in sorted(worst.items()):
        print(f"largest difference, {key}: {value:.2g}")


def _row(pair, team, mode, theirs, entries, drafts, sources, references, worst) -> None:
    source, target = pair.split("-")
    if pair == "en-ru":
        ours = dictionary.wmt25_sentence(entries, drafts, sources, source, target)
    else:
        ours = dictionary.wmt25_document(entries, drafts, sources, references)
    own = dictionary.success(entries, drafts, sources, source, target, references).as_json()
    found = metrics.of_systems([drafts], [references], target, keys=("bleu", "chrf"))[0]
    rows = [
        ("terms", 100 * theirs["proper_term_success_rate"], ours),
        ("bleu", theirs["bleu4"], found["bleu"].score),
        ("chrf", theirs["chrf2++"], found["chrf"].score),
    ]
    for name, one, other in rows:
        key = f"{pair} {name}"
        worst[key] = max(worst.get(key, 0.0), abs(one - other))
    print(f"{pair} {team} {mode}: " + "; ".join(f"{a:.2f}, {b:.2f}" for _, a, b in rows)
          + f"; {own['success']:.1f}", flush=True)


# Human judgement ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Judged:
    """A draft segment and what judges gave it: ``points`` of 100, ``z`` by each judge's own."""

    pair: str
    system: str
    line: int
    source: str
    draft: str
    points: float
    z: float


def mlqe(data: Path, pair: str, part: str) -> list[Judged]:
    folder = data / "mlqe-pe" / "data" / "direct-assessments"
    with tarfile.open(folder / part / f"{pair}-{part}.tar.gz") as archive:
        name = next(n for n in archive.getnames() if n.endswith(".df.short.tsv"))
        text = archive.extractfile(name).read().decode("utf-8")
    rows = csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [
        Judged(pair, "mlqe", number, row["original"], row["translation"], float(row["mean"]),
               float(row["z_mean"]))
        for number, row in enumerate(rows)
    ]


def _wmt(data: Path, year: int, pair: str) -> tuple[list[str], list[str], dict[str, list[str]]]:
    base = {21: "newstest2021", 22: "generaltest2022"}[year]
    source, target = pair.split("-")
    root = data / f"wmt{year}-news-systems" / "txt"
    systems = {
        path.name[len(f"{base}.{pair}.hyp.") : -len(target) - 1]: lines(path)
        for path in sorted((root / "system-outputs").glob(f"{base}.{pair}.hyp.*"))
    }
    return (
        lines(root / "sources" / f"{base}.{pair}.src.{source}"),
        lines(root / "references" / f"{base}.{pair}.ref.A.{target}"),
        systems,
    )


def features(judged: list[Judged]) -> np.ndarray:
    source, target = judged[0].pair.split("-")
    sources, drafts = [j.source for j in judged], [j.draft for j in judged]
    found, there, here = signal_room.measure(sources, [drafts], source, target)
    return estimate.columns(sources, drafts, found[0], there, here[0], source, target)


_RIDGE = 0.3  # chosen on the dev parts; between .1 and 1 hardly anything changes


def calibrate(arguments: argparse.Namespace) -> None:
    """Learn the weights on MLQE-PE train, fit points on dev, and show both on test."""
    pairs = ("en-zh", "ru-en")
    rows, wanted = [], []
    for pair in pairs:
        judged = mlqe(arguments.data, pair, "train")
        z = np.array([j.z for j in judged])
        rows.append(features(judged))
        wanted.append((z - z.mean()) / z.std())
    table, target = np.concatenate(rows), np.concatenate(wanted)
    mean, scale = table.mean(axis=0), table.std(axis=0) + 1e-9
    normal = (table - mean) / scale
    square = normal.T @ normal + _RIDGE * len(normal) * np.eye(normal.shape[1])
    weight = np.linalg.solve(square, normal.T @ target)
    weights = {"mean": mean, "scale": scale, "weight": weight}
    directions = {}
    for pair in pairs:
        judged = mlqe(arguments.data, pair, "dev")
        raw = estimate.predict(features(judged), weights)
        points = np.array([j.points for j in judged])
        slope, base = np.polyfit(raw, points, 1)
        spread = float(np.quantile(np.abs(points - base - slope * raw), 0.8))
        directions[pair] = {"base": base, "slope": slope, "spread": spread}
    directions["other"] = {
        key: float(np.mean([directions[pair][key] for pair in pairs]))
        for key in ("base", "slope", "spread")
    }
    for pair in pairs:
        judged = mlqe(arguments.data, pair, "test")
        line = directions[pair]
        found = line["base"] + line["slope"] * estimate.predict(features(judged), weights)
        points = np.array([j.points for j in judged])
        line["test"] = {
            "segments": len(judged),
            "pearson": round(float(np.corrcoef(found, [j.z for j in judged])[0, 1]), 3),
            "within": round(float(np.mean(np.abs(found - points) <= line["spread"])), 3),
        }
        print(pair, line)
        show_calibration(found, points)
    if arguments.write:
        short = {
            name: [float(f"{value:.4g}") for value in values] for name, values in weights.items()
        }
        text = json.dumps(
            {
                "data": "MLQE-PE direct assessments (CC0): train for the weights, dev for the "
                        "points, test for what is said of them",
                "directions": directions,
                **short,
            }
        )  # fmt: skip
        estimate.WEIGHTS.write_text(text + "\n", encoding="utf-8")
        print(f"written: {estimate.WEIGHTS}")


def show_calibration(found: np.ndarray, points: np.ndarray) -> None:
    """Print, for fifths of the segments by estimate, what was said and what judges gave."""
    order = np.argsort(found)
    error = 0.0
    for part in np.array_split(order, 5):
        said, given = found[part].mean(), points[part].mean()
        error += abs(said - given) * len(part) / len(order)
        print(f"  estimate {said:5.1f}  judges {given:5.1f}  ({len(part)} segments)")
    print(f"  mean distance of the fifths: {error:.1f} points")


def human(arguments: argparse.Namespace) -> None:
    """Correlate the shipped estimate with judgements, beside chrF2++ where it can be had."""
    for pair in ("en-zh", "ru-en"):
        judged = mlqe(arguments.data, pair, "test")
        source, target = pair.split("-")
        found = estimate.of_systems(
            [j.source for j in judged], [[j.draft for j in judged]], source, target
        )[0]
        points = np.array([e.points for e in found])
        z = [j.z for j in judged]
        print(f"MLQE-PE test {pair}, {len(judged)} segments: estimate {_pearson(points, z):.3f}, "
              f"chrF2++ {_pearson(_against_post_edits(arguments.data, pair), z):.3f} against the "
              "draft's own post-edited copy (there is no other reference)")
        show_calibration(points, np.array([j.points for j in judged]))
    _mqm(arguments.data)
    for year in (21, 22):
        for pair in ("zh-en", "ru-en"):
            _assessed(arguments.data, year, pair)


def _against_post_edits(data: Path, pair: str) -> np.ndarray:
    path = data / "mlqe-pe" / "data" / "post-editing" / "test" / f"{pair}-test.tar.gz"
    with tarfile.open(path) as archive:
        drafts, edited = (
            archive.extractfile(f"{pair}-test20/test20.{kind}").read().decode("utf-8").split("\n")
            for kind in ("mt", "pe")
        )
    scored = metrics.of_systems([drafts[:-1]], [edited[:-1]], pair[-2:], keys=("chrf",))
    return scored[0]["chrf"].each


def _pearson(one, other) -> float:
    return float(np.corrcoef(one, other)[0, 1])


def _mqm(data: Path) -> None:
    """Experts' MQM of WMT21 zh-en: a direction and a kind of judgement not learnt from."""
    source, reference, systems = _wmt(data, 21, "zh-en")
    path = (data / "wmt-mqm-human-evaluation" / "newstest2021" / "zhen"
            / "mqm_newstest2021_zhen.avg_seg_scores.tsv")
    given = [line.split() for line in lines(path)[1:]]
    given = [(s, int(n) - 1, float(v)) for s, v, n in given if v != "None" and s in systems]
    names = sorted({s for s, _, _ in given})
    _correlate("WMT21 MQM (experts) zh-en", "zh-en", source, reference, systems, names, given)


def _assessed(data: Path, year: int, pair: str) -> None:
    source, reference, systems = _wmt(data, year, pair)
    root = data / f"wmt{year}-news-systems" / "humaneval"
    path = next(root.rglob(f"ad-seg-scores-{pair}.csv"))
    given = []
    for line in lines(path)[1:]:
        name, number, _, z, _ = line.split()[:5]
        name = name.rsplit(".", 1)[0]
        if name in systems:
            given.append((name, int(number) - 1, float(z)))
    names = sorted({s for s, _, _ in given})
    title = f"WMT{year} DA (crowd) {pair}"
    _correlate(title, pair, source, reference, systems, names, given)


_LINES = 400  # of a test set; more take minutes and change the second digit


def _within(values: list[float], given) -> list[float]:
    """Take the mean of each source line away: what is left tells systems apart."""
    sums: dict[int, list[float]] = {}
    for value, (_, number, _) in zip(values, given, strict=True):
        sums.setdefault(number, []).append(value)
    return [v - float(np.mean(sums[n])) for v, (_, n, _) in zip(values, given, strict=True)]


def _correlate(title, pair, source, reference, systems, names, given) -> None:
    from_, to = pair.split("-")
    judged_lines = sorted({n for _, n, _ in given})
    if len(judged_lines) > _LINES:
        judged_lines = sorted(random.Random(0).sample(judged_lines, _LINES))
        kept = set(judged_lines)
        given = [item for item in given if item[1] in kept]
    place = {n: k for k, n in enumerate(judged_lines)}
    drafts = [[systems[name][n] for n in judged_lines] for name in names]
    chrf = metrics.of_systems(drafts, [[reference[n] for n in judged_lines]], to, keys=("chrf",))
    found = estimate.of_systems([source[n] for n in judged_lines], drafts, from_, to)
    number = {name: k for k, name in enumerate(names)}
    z = [v for _, _, v in given]
    ours = [found[number[s]][place[n]].points for s, n, _ in given]
    theirs = [chrf[number[s]]["chrf"].each[place[n]] for s, n, _ in given]
    by_system = [[np.mean([v for s, _, v in given if s == name]) for name in names],
                 [np.mean([e.points for e in found[number[name]]]) for name in names],
                 [chrf[number[name]]["chrf"].score for name in names]]
    print(f"{title}, {len(given)} judgements of {len(names)} systems: by segment estimate "
          f"{_pearson(ours, z):.3f}, chrF2++ {_pearson(theirs, z):.3f}; between drafts of one "
          f"source estimate {_pearson(_within(ours, given), _within(z, given)):.3f}, chrF2++ "
          f"{_pearson(_within(theirs, given), _within(z, given)):.3f}; by system estimate "
          f"{_pearson(by_system[1], by_system[0]):.3f}, chrF2++ "
          f"{_pearson(by_system[2], by_system[0]):.3f}", flush=True)


def omissions(arguments: argparse.Namespace) -> None:
    """Take a clause out of human translations: how often that shows, and is seen without cause."""
    from toolkit.encoder import default
    from toolkit.score.omissions import clauses

    chance = random.Random(1)
    for year, pair in ((22, "zh-en"), (22, "ru-en"), (21, "en-zh"), (21, "en-ru")):
        source, reference, _ = _wmt(arguments.data, year, pair)
        from_, to = pair.split("-")
        long = [n for n in range(len(source))
                if len(clauses(source[n])) > 2 and len(clauses(reference[n])) > 2]
        chosen = chance.sample(long, 200)
        whole = [reference[n] for n in chosen]
        parts = []
        for text in whole:
            pieces = clauses(text)
            del pieces[chance.randrange(len(pieces))]
            parts.append(" ".join(pieces))
        found = signal_room.measure([source[n] for n in chosen], [whole, parts], from_, to,
                                    default())[0]
        accused, shown = (sum(bool(s.missing) for s in signals) / 2 for signals in found)
        print(f"{pair}: of 100 complete translations {accused:.1f} accused, of 100 that lack a "
              f"clause {shown:.1f}", flush=True)

# Power -------------------------------------------------------------------------------------------


def power(arguments: argparse.Namespace) -> None:
    """Print how much less a difference varies than a score: the constant SHARED of the scorer."""
    every: dict[str, list[float]] = {}
    for year in (21, 22):
        for pair in ("zh-en", "ru-en", "en-zh", "en-ru"):
            _, reference, systems = _wmt(arguments.data, year, pair)
            few = [draft[:400] for draft in list(systems.values())[:8]]
            scored = metrics.of_systems(few, [reference[:400]], pair[-2:])
            for key in scored[0]:
                drawn = resample.resampled([system[key] for system in scored], 400)
                ratios = [
                    (drawn[a] - drawn[b]).std() / np.sqrt((drawn[a].var() + drawn[b].var()) / 2)
                    for a in range(len(drawn)) for b in range(a)
                ]  # fmt: skip
                every.setdefault(key, []).append(float(np.median(ratios)))
                print(f"WMT{year} {pair} {key}: {np.median(ratios):.2f}", flush=True)
    for key, values in every.items():
        print(f"{key}: median {np.median(values):.2f}, {min(values):.2f} to {max(values):.2f}")


def _commands() -> Iterator[tuple[str, object]]:
    yield from {"speed": speed, "terms": terms, "calibrate": calibrate, "human": human,
                "omissions": omissions,
                "power": power}.items()  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(required=True)
    for name, function in _commands():
        command = commands.add_parser(name, help=function.__doc__)
        command.set_defaults(function=function)
        if name == "speed":
            command.add_argument("--segments", type=int, default=10_000)
            continue
        command.add_argument("data", type=Path)
        if name == "calibrate":
            command.add_argument("--write", action="store_true", help="write the weights shipped")
    arguments = parser.parse_args()
    if "data" in arguments and not arguments.data.is_dir():
        sys.exit(f"{arguments.data}: no such folder; the top of this file says what it must hold")
    arguments.function(arguments)


if __name__ == "__main__":
    main()
