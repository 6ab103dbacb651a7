"""Score one or several systems by everything there is to measure, as plain data."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from toolkit.errors import ScoreError
from toolkit.score import dictionary, lines, measures, metrics, resample, slices
from toolkit.score import terms as term_score
from toolkit.score import values as value_score
from toolkit.score.inputs import Job
from toolkit.score.measures import Measure

SCHEMA = "tongwen.score/1"
NAMES_OF = {
    "bleu": "BLEU", "chrf": "chrF2++", "ter": "TER", "terms": "terms", "terms_exact":
    "terms, exact form", "names": "names", "numbers": "numbers", "dates": "dates",
    "dictionary": "dictionary", "estimate": "estimate",
}  # fmt: skip
# How much less the difference of two systems varies from resample to resample than the score of
# one: the median of all pairs of eight systems of WMT21 and WMT22, zh-en, en-zh, ru-en and en-ru,
# lies between .47 and .96 by direction and measure, at .65 over all. See tests/bench/score.py.
SHARED = 0.65


@dataclass(frozen=True, slots=True)
class Options:
    """How to score. ``samples`` 0 leaves intervals and tests out; ``test`` is "ar" or "bs"."""

    to: str
    from_: str = ""
    tokenize: str | None = None
    samples: int = resample.SAMPLES
    trials: int = resample.TRIALS
    seed: int = resample.SEED
    test: str = "ar"
    estimate: bool = False
    slices: tuple[str, ...] = ()
    worst: int = 10


@dataclass(slots=True)
class _System:
    name: str
    file: lines.Lines
    data: dict[str, Any]
    measures: dict[str, Measure] = field(default_factory=dict)
    faults: dict[int, list[str]] = field(default_factory=dict)  # of each segment, from 0
    outcomes: Sequence[term_score.Outcome] = ()


def run(
    job: Job,
    options: Options,
    matcher: Any = None,
    dictionaries: Sequence[dictionary.Entries] | None = None,
) -> dict[str, Any]:
    """Score every system of a job.

    Args:
        job: Systems, references and source of one number of lines.
        matcher: A ``toolkit.glossary.match.Matcher``; without one terms and names are null.
        dictionaries: Terms to keep, segment by segment, beside those of the glossary.

    Returns:
        ``schema``, ``segments``, ``references``, ``from``, ``to``, ``resampling``; ``systems``,
        each with its ``name``, ``file`` and the measures (``bleu``, ``chrf``, ``ter``, ``terms``,
        ``names``, ``numbers``, ``dates``, ``estimate``, null with a ``…_reason`` where they say
        nothing), ``slices``, ``worst``; ``comparison`` by measure, where there are two systems;
        ``power``, a sentence a measure; ``caution``, a sentence where segments are few, or null;
        ``each``, the scores of each segment. One system's own
        entries stand at the top level too.

    Raises:
        ScoreError: If there is nothing to score by, or the counts differ.
    """
    if not job.references and job.source is None:
        raise ScoreError(
            "nothing to score by: give a reference with --ref, or the source with --src for an "
            "estimate without one"
        )
    count = len(job.systems[0].lines)
    systems = [
        _System(name, file, {"name": name, "file": file.path})
        for name, file in zip(job.names, job.systems, strict=True)
    ]
    references = [reference.lines for reference in job.references]
    if references:
        _overlap(systems, references, options)
    if matcher is not None and len(systems) > 1:
        matcher = _Remembering(matcher)
    for system in systems:
        _kept(system, references, job, options, matcher)
        _untranslated(system, references, options)
        if dictionaries is not None:
            _dictionary(system, dictionaries, job, options)
    if options.estimate:
        _estimates(systems, job, options)
    result: dict[str, Any] = {
        "schema": SCHEMA,
        "segments": count,
        "references": len(references),
        "from": options.from_ or None,
        "to": options.to,
        "resampling": {
            "samples": options.samples, "trials": options.trials, "seed": options.seed,
            "level": 0.95, "test": options.test,
        }
        if options.samples
        else None,
    }  # fmt: skip
    if options.samples:
        for system in systems:
            _intervals(system, options)
    labels = slices.labelled(
        options.slices, job, systems[0].outcomes, options.to
    )
    for system in systems:
        system.data["slices"] = slices.cut(system.measures, labels, options)
        system.data["worst"] = _worst(system, job, options.worst)
    if len(systems) == 1:
        result |= systems[0].data
    result["systems"] = [system.data for system in systems]
    result["comparison"] = _comparison(systems, options) if len(systems) > 1 else None
    result["power"] = _power(systems, result["comparison"], options, count)
    result["caution"] = _caution(count) if options.samples else None
    result["each"] = _each(systems, job)
    return result


class _Remembering:
    """A matcher that looks at each text once: all systems have one source and reference."""

    def __init__(self, matcher: Any) -> None:
        self._matcher = matcher
        self._known: dict[tuple[str, str], Any] = {}

    def groups(self, text: str, lang: str) -> Any:
        if (text, lang) not in self._known:
            self._known[text, lang] = self._matcher.groups(text, lang)
        return self._known[text, lang]


def _overlap(
    systems: Sequence[_System], references: Sequence[Sequence[str]], options: Options
) -> None:
    found = metrics.of_systems(
        [system.file.lines for system in systems], references, options.to,
        tokenize=options.tokenize,
    )  # fmt: skip
    for system, scored in zip(systems, found, strict=True):
        system.measures |= scored
        for key, measure in scored.items():
            system.data[key] = {
                "score": measure.score, "signature": measure.signature, "detail": measure.detail
            }  # fmt: skip


def _kept(
    system: _System,
    references: Sequence[Sequence[str]],
    job: Job,
    options: Options,
    matcher: Any,
) -> None:
    """Count terms, names, numbers and dates."""
    sources = job.source.lines if job.source else None
    texts = system.file.lines
    data, where = system.data, _where(references, sources)
    data |= {"terms": None, "terms_reason": None, "names": None, "names_reason": None}
    if matcher is None:
        data["terms_reason"] = data["names_reason"] = "no glossary"
    else:
        score = term_score.success(
            texts, references, options.to, matcher, sources=sources, source_lang=options.from_
        )
        system.outcomes = score.outcomes
        rows = term_score.by_segment(score.outcomes, len(texts))
        system.measures["terms"] = measures.ratio("terms", "terms", rows[:, 1], rows[:, 0])
        system.measures["terms_exact"] = measures.ratio(
            "terms_exact", NAMES_OF["terms_exact"], rows[:, 2], rows[:, 0]
        )
        if score.expected:
            data["terms"] = score.as_json()
        else:
            data["terms_reason"] = f"no phrase of the glossary stands in {where}"
        named = [item for item in score.outcomes if item.domain in term_score.NAMED]
        rows = term_score.by_segment(named, len(texts))
        system.measures["names"] = measures.ratio("names", "names", rows[:, 1], rows[:, 0])
        if named:
            data["names"] = {
                "score": system.measures["names"].score,
                "kept": sum(item.found for item in named),
                "expected": len(named),
            }
        else:
            data["names_reason"] = f"no name of the glossary stands in {where}"
        for miss in score.misses:
            found = f" (found {miss.status} {miss.found})" if miss.found else ""
            system.faults.setdefault(miss.segment - 1, []).append(
                f"term missing: {miss.expected}{found}"
            )
    values = value_score.kept(
        texts, references, options.to, sources=sources, source_lang=options.from_
    )
    for key, rows_of, kind in (
        ("numbers", values.numbers, "number"), ("dates", values.dates, "date")
    ):  # fmt: skip
        measure = measures.ratio(key, key, [k for k, _ in rows_of], [e for _, e in rows_of])
        system.measures[key] = measure
        data[key] = {"score": measure.score, **values.as_json(kind)}
        if measure.score is None:
            data[f"{key}_reason"] = f"no {kind} stands in {where}"
    for lost in values.lost:
        system.faults.setdefault(lost.segment - 1, []).append(
            f"{lost.kind} missing: {lost.expected}"
        )
    for added in values.added:
        system.faults.setdefault(added.segment - 1, []).append(
            f"{added.kind} of its own: {added.found}"
        )


def _dictionary(
    system: _System, dictionaries: Sequence[dictionary.Entries], job: Job, options: Options
) -> None:
    if job.source is None:
        raise ScoreError("--terms gives terms of the source: give it with --src")
    score = dictionary.success(
        dictionaries, system.file.lines, job.source.lines, options.from_, options.to,
        job.references[0].lines if job.references else None,
    )  # fmt: skip
    measure = measures.ratio("dictionary", "dictionary", score.rows[:, 1], score.rows[:, 0])
    system.measures["dictionary"] = measure
    system.data["dictionary"] = {"score": measure.score, **score.as_json()}


def _where(references: Sequence[Any], sources: Sequence[str] | None) -> str:
    if sources is None:
        return "the reference"
    return "source and reference" if references else "the source"


def _untranslated(
    system: _System, references: Sequence[Sequence[str]], options: Options
) -> None:
    texts = system.file.lines
    kept = [n for n, line in enumerate(texts) if not lines.left_in_source(line)]
    left = sorted(set(range(len(texts))) - set(kept))
    for number in left:
        system.faults.setdefault(number, []).insert(0, "left in the source language")
    only: dict[str, Any] | None = None
    if 0 < len(kept) < len(texts) and references:
        only = {"segments": len(kept)}
        for key in ("bleu", "chrf", "ter"):
            measure = system.measures[key]
            only[key] = {
                "score": None if measure.score is None else measure.of(kept),
                "signature": measure.signature,
                "detail": "",
            }
    system.data["untranslated"] = len(left)
    system.data["translated_only"] = only


def _estimates(systems: Sequence[_System], job: Job, options: Options) -> None:
    from toolkit.score import estimate

    if job.source is None:
        raise ScoreError("an estimate compares with the source: give it with --src")
    found = estimate.of_systems(
        job.source.lines, [system.file.lines for system in systems], options.from_, options.to
    )
    for system, signals in zip(systems, found, strict=True):
        points = [signal.points for signal in signals]
        measure = measures.mean("estimate", "estimate", points)
        system.measures["estimate"] = measure
        system.data["estimate"] = {
            "score": measure.score,
            "calibrated": estimate.calibrated(options.from_, options.to),
            "detail": estimate.note(options.from_, options.to),
            "signals": estimate.summary(signals),
        }
        for number, signal in enumerate(signals):
            if signal.faults:
                system.faults.setdefault(number, []).extend(signal.faults)


def _intervals(system: _System, options: Options) -> None:
    keys = [key for key, measure in system.measures.items() if measure.score is not None]
    found = resample.intervals(
        [system.measures[key] for key in keys], options.samples, options.seed
    )
    for key, interval in zip(keys, found, strict=True):
        if interval is None:
            continue
        if len(system.file.lines) < 2 and system.measures[key].formula is not measures.percent:
            continue  # every resample of one segment is that segment
        entry = system.data["terms"] if key == "terms_exact" else system.data[key]
        if entry is None:
            continue
        shown: dict[str, Any] = asdict(interval)
        signature = system.measures[key].signature
        if signature:
            shown["signature"] = metrics.resampled_signature(
                signature, options.samples, options.seed
            )
        entry["exact_interval" if key == "terms_exact" else "interval"] = shown


def _comparison(systems: Sequence[_System], options: Options) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key in systems[0].measures:
        of_key = [system.measures[key] for system in systems]
        if all(measure.score is None for measure in of_key):
            continue
        pairs = (
            resample.compare(
                of_key, samples=options.samples, trials=options.trials, seed=options.seed
            )
            if options.samples
            else []
        )
        result[key] = {
            "pairs": [
                {
                    **asdict(pair),
                    "first": systems[pair.first].name,
                    "second": systems[pair.second].name,
                    "significant": resample.significant(pair, options.test),
                }
                for pair in pairs
            ],
            "ranks": [
                {**asdict(rank), "system": systems[rank.system].name}
                for rank in resample.ranks(of_key, pairs, options.test)
            ]
            if pairs
            else None,
        }
    return result


def _power(
    systems: Sequence[_System],
    comparison: Mapping[str, Any] | None,
    options: Options,
    count: int,
) -> dict[str, str]:
    """Return, for each measure, a sentence on the least difference these segments show."""
    if not options.samples or count < 2:
        return {}
    segments = f"{count} segment{'' if count == 1 else 's'}"
    found: dict[str, str] = {}
    for key in systems[0].measures:
        unit = NAMES_OF[key] if key in ("bleu", "chrf", "ter") else f"points of {NAMES_OF[key]}"
        if comparison:
            pairs = comparison.get(key, {}).get("pairs", [])
            smallest = sorted(pair["smallest"] for pair in pairs)
            if not smallest or not smallest[-1] > 0:
                continue
            span = f"{smallest[0]:.1f}"
            if f"{smallest[-1]:.1f}" != span:
                span += f" to {smallest[-1]:.1f}"
            tests = f" and {len(pairs)} tests" if len(pairs) > 1 else ""
            found[key] = (
                f"with {segments}{tests} a difference under {span} {unit} cannot be seen"
                + (", depending on the pair" if " to " in span else "")
            )
        else:
            entry = systems[0].data.get(key) or {}
            interval = entry.get("interval")
            if not interval or interval["half"] <= 0:
                continue
            # The interval is 1.96 standard deviations to either side.
            smallest_one = resample.smallest_difference(SHARED * interval["half"] / 1.96)
            found[key] = (
                f"with {segments} a difference under about {smallest_one:.1f} {unit} to another "
                "system cannot be seen"
            )
    return found


_FEW = 10


def _caution(count: int) -> str | None:
    """Say that intervals of very few segments are not worth much."""
    if count == 1:
        return "one segment says nothing of how sure a score is: it has no interval"
    if count < _FEW:
        return f"{count} segments are few: the intervals themselves are rough, and too narrow"
    return None


def _worst(system: _System, job: Job, most: int) -> list[dict[str, Any]]:
    """Return the segments that score worst, side by side with source and reference."""
    key = next(
        (k for k in ("chrf", "estimate") if k in system.measures), None
    )
    if key is None or not most:
        return []
    each = system.measures[key].each
    order = sorted(
        (n for n in range(len(each)) if each[n] == each[n]),
        key=lambda n: (each[n], -len(system.faults.get(n, ()))),
    )
    return [
        {
            "segment": number + 1,
            "by": key,
            "scores": {
                name: _number(measure.each[number])
                for name, measure in system.measures.items()
                if name in ("bleu", "chrf", "ter", "estimate")
            },
            "source": job.source.lines[number] if job.source else None,
            "hypothesis": system.file.lines[number],
            "references": [reference.lines[number] for reference in job.references],
            "faults": system.faults.get(number, []),
            "labels": {kind: values[number] for kind, values in job.labels.items()},
        }
        for number in order[:most]
    ]


def _number(value: float) -> float | None:
    return None if value != value else float(value)


def _each(systems: Sequence[_System], job: Job) -> list[dict[str, Any]]:
    return [
        {
            "segment": number + 1,
            **{kind: values[number] for kind, values in job.labels.items()},
            "systems": {
                system.name: {
                    **{
                        key: _number(measure.each[number])
                        for key, measure in system.measures.items()
                    },
                    "faults": system.faults.get(number, []),
                }
                for system in systems
            },
        }
        for number in range(len(systems[0].file.lines))
    ]

