"""One call of the scorer: read, see whether the files belong together, score, keep a record."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from toolkit.errors import ScoreError
from toolkit.score import (
    dictionary,
    inputs,
    lines,
    metrics,
    passages,
    record,
    resample,
    roles,
    spelling,
)
from toolkit.score import run as scoring
from toolkit.score.inputs import Job
from toolkit.score.lines import Lines


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for; the fields are the options of ``tongwen score``."""

    hypotheses: Sequence[str]
    references: Sequence[str] = ()
    source: str | None = None
    to: str | None = None
    from_: str | None = None
    names: Sequence[str] = ()
    glossaries: Sequence[str] = ()
    tokenize: str | None = None
    align: bool = False
    as_is: bool = False
    estimate: bool | None = None
    samples: int = 1000
    trials: int = 10_000
    seed: int = 12345
    test: str = "ar"
    slices: Sequence[str] = ()
    labels: Sequence[str] = ()
    terms: str | None = None
    worst: int = 10
    model: str | None = None
    command: str = ""


def run(request: Request) -> dict[str, Any]:
    """Score what was asked for; the result is that of ``toolkit.score.run.run`` and more.

    Added are ``warnings``, ``notes`` (what was taken from where), ``record``, and ``aligned``, how
    many lines each file had before its passages were brought together, or null.

    Raises:
        ScoreError: If the files do not belong together, or nothing can be scored.
        FileError: If one cannot be read.
        GlossaryError: If a glossary cannot be read.
    """
    from toolkit.glossary.match import Matcher
    from toolkit.glossary.store import load, shipped_files

    job = inputs.gather(
        request.hypotheses, request.references, request.source,
        to=request.to, from_=request.from_, names=request.names,
    )  # fmt: skip
    for spec in request.labels:
        kind, found = inputs.read_labels(spec)
        job.labels[kind] = found
    if not job.references and job.source is None:
        raise ScoreError(
            "nothing to score by: give a reference with --ref, or the source with --src for an "
            "estimate without one"
        )
    to, from_ = _languages(job, request)
    aligned = None
    if request.align:
        aligned = {file.path: len(file.lines) for file in _files(job)}
        job = _aligned(job, to, from_)
    _check_counts(job)
    warnings = _warnings(job, to, request)
    glossary = load(list(request.glossaries) or None)
    paths = list(request.glossaries) or [str(path) for path in shipped_files()]
    pairs = len(job.systems) * (len(job.systems) - 1) // 2
    drawn, option = (
        (request.samples, "--samples") if request.test == "bs" else (request.trials, "--trials")
    )
    if request.samples and pairs and pairs / (drawn + 1) >= resample.LEVEL:
        warnings.append(
            f"{drawn} draws cannot show any of {pairs} pairs to differ, after correction: raise "
            f"{option} to {int(pairs / resample.LEVEL) * 2} or more"
        )
    dictionaries = dictionary.read(request.terms) if request.terms else None
    if dictionaries is not None and request.align:
        raise ScoreError("--terms goes by line; it cannot be used with --align")
    estimate = not job.references if request.estimate is None else request.estimate
    if estimate and len(job.systems) > 1:
        warnings.append(
            "the estimate finds doubtful segments; it did not tell the good systems of WMT21 "
            "apart, so choose no system by it"
        )
    result = scoring.run(
        job,
        scoring.Options(
            to, from_ or "", request.tokenize, request.samples, request.trials, request.seed,
            request.test, estimate, tuple(request.slices), request.worst,
        ),
        Matcher(glossary),
        dictionaries,
    )  # fmt: skip
    result["warnings"] = warnings
    result["notes"] = job.notes
    result["aligned"] = aligned
    result["record"] = record.make(
        request.command,
        [*job.files, *([inputs.split_spec(request.terms)[0]] if request.terms else [])],
        _glossary_files(paths), request.model,
        encoded=estimate or request.align,
    )  # fmt: skip
    result["record"]["references"] = [
        record.text_hash(reference.lines) for reference in job.references
    ]
    return result


def _glossary_files(paths: Sequence[str]) -> list[str]:
    from toolkit.glossary.store import shipped_files

    found: list[str] = []
    for path in paths:
        found += [str(p) for p in shipped_files()] if path == "shipped" else [path]
    return [path for path in found if path != "-"]


def _files(job: Job) -> list[Lines]:
    return [*job.references, *([job.source] if job.source else []), *job.systems]


def _languages(job: Job, request: Request) -> tuple[str, str | None]:
    """Return target and source language; every file must be in one of them."""
    roles.check_swapped(job.systems, job.references, job.source)
    to = request.to
    for hypothesis in job.systems:
        to = lines.target_lang(hypothesis, job.references or [hypothesis], to)
    assert to is not None
    from_ = lines.source_lang(job.source, to, request.from_) if job.source else None
    return to, from_


def _check_counts(job: Job) -> None:
    first, *rest = job.systems
    lines.check_counts(first, job.references, job.source)
    for other in rest:
        lines.check_counts(other, job.references or [first], job.source)
    for kind, labels in job.labels.items():
        if len(labels) != len(first.lines):
            raise ScoreError(
                f"{len(labels)} labels of {kind} for {len(first.lines)} segments; give one a "
                "segment, or leave out --align"
            )


def _warnings(job: Job, to: str, request: Request) -> list[str]:
    found: list[str] = []
    if request.tokenize:
        texts = [line for file in (*job.references, *job.systems) for line in file.lines]
        if warning := metrics.check_tokenizer(request.tokenize, texts, to):
            found.append(warning)
    for hypothesis in job.systems:
        suspicions = [
            *lines.suspected(hypothesis, job.references, to, job.source),
            *roles.suspected(hypothesis, job.references, to, job.source),
        ]
        for suspicion in suspicions:
            if suspicion.fatal and not request.as_is:
                raise ScoreError(f"{suspicion.message}, or --as-is to score the lines as they are")
            found.append(suspicion.message)
        found += spelling.differences(hypothesis, job.references, to)
    first: dict[tuple[str, ...], str] = {}
    for hypothesis in job.systems:
        other = first.setdefault(hypothesis.lines, hypothesis.path)
        if other != hypothesis.path:
            found.append(f"{other} and {hypothesis.path} hold the same text; is one a copy?")
    return list(dict.fromkeys(found))


def _aligned(job: Job, to: str, from_: str | None) -> Job:
    """Cut all files into passages they share, by the first reference, else by the source."""
    files = _files(job)
    langs = [from_ if file is job.source else to for file in files]
    shared, groups = passages.together(files, [lang or to for lang in langs])
    count = len(job.references)
    labels = {}
    for kind, values in job.labels.items():
        if len(values) == len(files[0].lines):
            labels[kind] = [values[group[0]] for group in groups]
    source = shared[count] if job.source else None
    start = count + (1 if job.source else 0)
    sizes = ", ".join(f"{file.path} {len(file.lines)}" for file in files)
    return replace(
        job,
        systems=shared[start:],
        references=shared[:count],
        source=source,
        labels=labels,
        notes=[*job.notes, f"aligned: {len(groups)} passages of lines ({sizes})"],
    )

