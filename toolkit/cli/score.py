"""``tongwen score``: how near translations are to a reference, what became of their terms."""

import json
import shlex
import sys
from pathlib import Path
from typing import Any

import click

from toolkit.languages import LANGS

_FORMS = {".json": "json", ".html": "html", ".htm": "html", ".tsv": "tsv", ".txt": "text"}


@click.command("score", short_help="Score translations against a reference, or without one.")
@click.argument("hypotheses", metavar="HYP...", nargs=-1, required=True)
@click.option(
    "--ref",
    "references",
    metavar="REF",
    multiple=True,
    help="Reference translation; may be given several times.",
)
@click.option("--src", "source", metavar="SRC", help="Source text; terms are looked for there.")
@click.option("--to", type=click.Choice(LANGS), help="Target language; otherwise found out.")
@click.option("--from", "from_", type=click.Choice(LANGS), help="Language of SRC; else found out.")
@click.option("--name", "names", multiple=True, help="Name of a system, in the order of HYP.")
@click.option(
    "--glossary",
    "glossaries",
    metavar="PATH",
    multiple=True,
    help="Glossary for the terms; may be given several times. Otherwise the shipped ones.",
)
@click.option(
    "--terms",
    metavar="FILE.jsonl#KEY",
    help="Terms to keep, an object of source and target terms on each line, as at WMT.",
)
@click.option(
    "--tokenize",
    metavar="NAME",
    help="BLEU tokenizer (zh, 13a, intl, char, none); otherwise the target language's.",
)
@click.option("--align", is_flag=True, help="Bring texts of different lines together first.")
@click.option("--as-is", is_flag=True, help="Score files although their lines look shifted.")
@click.option(
    "--estimate/--no-estimate",
    default=None,
    help="Estimate the quality from SRC alone; by default only where there is no REF.",
)
@click.option(
    "--samples",
    type=click.IntRange(0, 100_000),
    default=1000,
    show_default=True,
    help="Bootstrap resamples; 0 leaves intervals and tests out.",
)
@click.option(
    "--trials",
    type=click.IntRange(1, 1_000_000),
    default=10_000,
    show_default=True,
    help="Trials of the randomisation test.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=12345,
    show_default=True,
    help="Of the draws; the default is sacreBLEU's.",
)
@click.option(
    "--test",
    type=click.Choice(["ar", "bs"]),
    default="ar",
    help="Test that ranks systems: approximate randomisation (default) or paired bootstrap.",
)
@click.option(
    "--slice",
    "kinds",
    metavar="KIND",
    multiple=True,
    help="Also score parts: by length, term, document, domain or a kind given with --label.",
)
@click.option(
    "--label",
    "labels",
    metavar="KIND=FILE",
    multiple=True,
    help="Labels of the segments, one a line, for --slice.",
)
@click.option(
    "--worst", type=click.IntRange(0, 1000), metavar="N", help="Show the N worst segments."
)
@click.option("--baseline", metavar="FILE", help="JSON of an earlier score, to compare with.")
@click.option(
    "--fail-under",
    "gates",
    metavar="MEASURE=BOUND",
    multiple=True,
    help="Exit with 1 where a score is under a bound (bleu=30) or falls too far below the "
    "baseline (bleu=-0.5; ter=+1).",
)
@click.option(
    "--model",
    metavar="PATH",
    help="Model that made HYP, a folder or file: its hash goes into the record.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    metavar="FILE",
    multiple=True,
    help="Also write FILE: .json (all digits), .html (report), .tsv (each segment), .txt.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help="A table to read, or JSON with every digit and every missing term.",
)
def command(
    hypotheses: tuple[str, ...],
    references: tuple[str, ...],
    source: str | None,
    to: str | None,
    from_: str | None,
    names: tuple[str, ...],
    glossaries: tuple[str, ...],
    terms: str | None,
    tokenize: str | None,
    align: bool,
    as_is: bool,
    estimate: bool | None,
    samples: int,
    trials: int,
    seed: int,
    test: str,
    kinds: tuple[str, ...],
    labels: tuple[str, ...],
    worst: int | None,
    baseline: str | None,
    gates: tuple[str, ...],
    model: str | None,
    outputs: tuple[str, ...],
    form: str,
) -> None:
    """Score the translations HYP by BLEU, chrF2++ and TER, and count the fixed phrases, names,
    numbers and dates they kept, with intervals; compare them, where there are several.

    A plain file holds one segment a line, line 1 of HYP being the translation that line 1 of REF
    shows; - is the standard input. Of TSV, CSV, JSONL, TMX and XLIFF files FILE#COLUMN names a
    column. The scores are sacreBLEU's own, with the tokenizer the target language needs: zh for
    Chinese, else 13a; TER splits Chinese into characters. Terms are those of the glossary that
    stand in SRC and in REF, looked for in HYP in any inflected form.

    Without REF, SRC alone gives terms, names, numbers, dates and an estimate of the quality.

    Segments that tongwen translate left in the source language, marked ⟦…⟧, are scored as they
    stand, and counted. Exit status 1: a --fail-under was not kept.

    \b
    Example:
      echo 互利共赢 > r.zh.txt; echo 合作共赢 > h.zh.txt; tongwen score h.zh.txt --ref r.zh.txt
    """
    from toolkit.score import gates as gating
    from toolkit.score import session, show

    specs = [*hypotheses, *references, source]
    if specs.count("-") > 1:
        raise click.UsageError("the standard input (-) can stand for one file only")
    if from_ and not source and not _has_table(specs):
        raise click.UsageError("--from is the language of SRC; give the source with --src")
    for path in outputs:
        if Path(path).suffix.lower() not in _FORMS:
            raise click.UsageError(f"-o {path}: the name must end in {', '.join(_FORMS)}")
        if any(spec and _same(path, spec) for spec in specs):
            raise click.UsageError(f"-o {path}: this would overwrite a text that is scored")
    conditions = [gating.parse(spec) for spec in gates]
    before = gating.read_baseline(baseline) if baseline else None
    result = session.run(
        session.Request(
            hypotheses, references, source, to, from_, names, glossaries, tokenize, align, as_is,
            estimate, samples, trials, seed, test, kinds, labels, terms,
            max(10, worst or 0), model, shlex.join(["tongwen", *sys.argv[1:]]),
        )
    )  # fmt: skip
    for note in result["notes"]:
        click.echo(note, err=True)
    for warning in result["warnings"]:
        click.echo(f"Warning: {warning}", err=True)
    if before is not None:
        for warning in gating.check_comparable(result, before, baseline or ""):
            click.echo(f"Warning: {warning}", err=True)
        result["baseline"] = {"path": baseline, "changes": gating.changes(result, before)}
    verdicts = gating.judge(conditions, result, before)
    result["gates"] = [
        {"system": v.system, "passed": v.passed, "message": v.message} for v in verdicts
    ]
    for path in outputs:
        _write(path, result, worst or 0)
    if form == "json":
        shown = {key: value for key, value in result.items() if key != "each"}
        click.echo(json.dumps(shown, ensure_ascii=False, indent=1))
    else:
        click.echo(show.text(result, worst or 0))
    several = len(result["systems"]) > 1
    for verdict in verdicts:
        named = f"{verdict.system}: " if several else ""
        click.echo(named + verdict.message, err=True)
    if any(not verdict.passed for verdict in verdicts):
        sys.exit(1)


def _same(path: str, spec: str) -> bool:
    from toolkit.score import inputs

    return Path(path).resolve() == Path(inputs.split_spec(spec)[0]).resolve()


def _has_table(specs: list[str | None]) -> bool:
    from toolkit.score import inputs, tables

    return any(spec and tables.is_table(inputs.split_spec(spec)[0]) for spec in specs)


def _write(path: str, result: dict[str, Any], worst: int) -> None:
    from toolkit import files
    from toolkit.score import show

    form = _FORMS[Path(path).suffix.lower()]
    if form == "json":
        text = json.dumps(result, ensure_ascii=False, indent=1) + "\n"
    elif form == "tsv":
        text = show.segments(result)
    elif form == "html":
        from toolkit.report import score_page

        text = score_page.page(result)
    else:
        text = show.text(result, worst) + "\n"
    files.write_text(path, text)
