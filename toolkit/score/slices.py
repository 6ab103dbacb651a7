"""Scores of parts of a text: by document, domain, length of the segments, and term."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from toolkit import languages
from toolkit.errors import ScoreError
from toolkit.score import resample
from toolkit.score.inputs import Job
from toolkit.score.measures import Measure
from toolkit.score.terms import Outcome

_MOST_INTERVALS = 60  # slices of one kind that get intervals; more would be a minute's work
_LENGTHS = {"zh": (15, 30, 50, 80), "other": (10, 20, 35, 60)}


def labelled(
    kinds: Sequence[str], job: Job, outcomes: Sequence[Outcome], to: str
) -> dict[str, dict[str, list[int]]]:
    """Return, for each kind of slice, the segments (from 0) of each label.

    ``length`` goes by the first reference, else the source, in words (Chinese: characters);
    ``term`` by concept expected, so that a segment may stand in several; any other kind by the
    job's labels.

    Raises:
        ScoreError: If there are no labels of a kind, or not one a segment.
    """
    count = len(job.systems[0].lines)
    result: dict[str, dict[str, list[int]]] = {}
    for kind in dict.fromkeys(kinds):
        found: dict[str, list[int]] = {}
        if kind == "length":
            found = _by_length(job, to)
        elif kind == "term":
            for outcome in outcomes:
                places = found.setdefault(outcome.concept, [])
                if not places or places[-1] != outcome.segment - 1:
                    places.append(outcome.segment - 1)
            some = {number for places in found.values() for number in places}
            found = dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))
            rest = [number for number in range(count) if number not in some]
            if rest and found:
                found["no term"] = rest
        elif kind in job.labels:
            labels = job.labels[kind]
            if len(labels) != count:
                raise ScoreError(
                    f"{len(labels)} labels of {kind} for {count} segments; give one a segment"
                )
            for number, label in enumerate(labels):
                found.setdefault(label or "no label", []).append(number)
        else:
            known = ", ".join(["length", "term", *job.labels])
            raise ScoreError(
                f"--slice {kind}: no labels of that kind; known here: {known}; give others with "
                f"--label {kind}=FILE, one label a line"
            )
        result[kind] = found
    return result


def _by_length(job: Job, to: str) -> dict[str, list[int]]:
    measured = job.references[0] if job.references else job.source
    assert measured is not None
    lang = to if job.references else (languages.detect("\n".join(measured.lines)) or to)
    bounds = _LENGTHS["zh" if lang == "zh" else "other"]
    unit = "characters" if lang == "zh" else "words"
    names = [f"1 to {bounds[0]} {unit}"]
    names += [f"{a + 1} to {b} {unit}" for a, b in zip(bounds, bounds[1:], strict=False)]
    names.append(f"over {bounds[-1]} {unit}")
    found: dict[str, list[int]] = {name: [] for name in names}
    for number, line in enumerate(measured.lines):
        size = len("".join(line.split())) if lang == "zh" else len(line.split())
        found[names[sum(size > bound for bound in bounds)]].append(number)
    return {name: places for name, places in found.items() if places}


def cut(
    measures: Mapping[str, Measure],
    labels: Mapping[str, Mapping[str, Sequence[int]]],
    options: Any,
) -> dict[str, list[dict[str, Any]]]:
    """Score each slice by every measure, with intervals where the slices are few."""
    result: dict[str, list[dict[str, Any]]] = {}
    for kind, slices in labels.items():
        rows = []
        for label, numbers in slices.items():
            row: dict[str, Any] = {"label": label, "segments": len(numbers)}
            parts = {key: _part(measure, numbers) for key, measure in measures.items()}
            found: list[resample.Interval | None] = [None] * len(parts)
            if options.samples and len(slices) <= _MOST_INTERVALS and len(numbers) > 1:
                found = resample.intervals(list(parts.values()), options.samples, options.seed)
            for (key, part), interval in zip(parts.items(), found, strict=True):
                row[key] = part.score
                if interval:
                    row[f"{key}_interval"] = [interval.low, interval.high]
            rows.append(row)
        result[kind] = rows
    return result


def _part(measure: Measure, numbers: Sequence[int]) -> Measure:
    places = np.asarray(numbers, dtype=int)
    score = None if measure.score is None else measure.of(places)
    return Measure(
        measure.key, measure.name, measure.rows[places], measure.formula, measure.each[places],
        score, measure.lower,
    )  # fmt: skip
