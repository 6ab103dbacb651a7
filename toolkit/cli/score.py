"""``tongwen score``: how near a translation is to its reference, and what became of its terms."""

import json
from typing import Any

import click

from toolkit.languages import LANGS

_MOST_MISSES = 20


@click.command("score", short_help="Score a translation against its reference.")
@click.argument("hypothesis", metavar="HYP")
@click.option(
    "--ref",
    "references",
    metavar="REF",
    multiple=True,
    required=True,
    help="Reference translation; may be given several times.",
)
@click.option("--src", "source", metavar="SRC", help="Source text; terms are looked for there.")
@click.option("--to", type=click.Choice(LANGS), help="Target language; otherwise found out.")
@click.option("--from", "from_", type=click.Choice(LANGS), help="Language of SRC; else found out.")
@click.option(
    "--glossary",
    "glossaries",
    metavar="PATH",
    multiple=True,
    help="Glossary for the terms; may be given several times. Otherwise the shipped ones.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help="A table to read, or JSON with every digit and every missing term.",
)
def command(
    hypothesis: str,
    references: tuple[str, ...],
    source: str | None,
    to: str | None,
    from_: str | None,
    glossaries: tuple[str, ...],
    form: str,
) -> None:
    """Score the translation HYP by BLEU, chrF2++ and TER, and count the fixed phrases it kept.

    Every file holds one segment a line, line 1 of HYP being the translation that line 1 of REF
    shows; - is the standard input. The scores are sacreBLEU's own, with the tokenizer the target
    language needs: zh for Chinese, else 13a; TER splits Chinese into characters. Terms are those
    of the glossary that stand in SRC and in REF, looked for in HYP in any inflected form.

    Segments that tongwen translate left in the source language, marked ⟦…⟧, are scored as they
    stand, and counted.

    \b
    Example:
      echo 互利共赢 > r.zh.txt; echo 合作共赢 > h.zh.txt; tongwen score h.zh.txt --ref r.zh.txt
    """
    from toolkit.glossary.match import Matcher
    from toolkit.glossary.store import load
    from toolkit.score import evaluate, lines

    if [hypothesis, *references, source].count("-") > 1:
        raise click.UsageError("the standard input (-) can stand for one file only")
    if from_ and not source:
        raise click.UsageError("--from is the language of SRC; give the source with --src")
    hyp = lines.read(hypothesis)
    refs = [lines.read(path) for path in references]
    src = lines.read(source) if source else None
    to = lines.target_lang(hyp, refs, to)
    from_ = lines.source_lang(src, to, from_) if src else None
    lines.check_counts(hyp, refs, src)
    warnings = lines.suspicions(hyp, refs, to, src)
    for warning in warnings:
        click.echo(f"Warning: {warning}", err=True)
    glossary = load(list(glossaries) or None)
    result = evaluate(
        hyp.lines,
        [reference.lines for reference in refs],
        to,
        sources=src.lines if src else None,
        source_lang=from_ or "",
        matcher=Matcher(glossary),
    )
    result["warnings"] = warnings
    if form == "json":
        click.echo(json.dumps(result, ensure_ascii=False, indent=1))
    else:
        click.echo(_shown(result))


def _shown(result: dict[str, Any]) -> str:
    """Return a result as a table, the signatures, and the terms that are missing."""
    from toolkit.languages import NAMES

    count, sets = result["segments"], result["references"]
    rows = [
        f"{count} segment{'' if count == 1 else 's'} in {NAMES[result['to']]}, "
        f"{sets} reference{'' if sets == 1 else 's'}",
        "",
    ]
    names = {"bleu": "BLEU", "chrf": "chrF2++", "ter": "TER"}
    notes = {"bleu": result["bleu"]["detail"], "chrf": "", "ter": "lower is better"}
    for key, name in names.items():
        metric = result[key]
        if metric["score"] is None:
            rows.append(f"{name:<9}{'–':>7}  {metric['detail']}")
        else:
            rows.append(f"{name:<9}{metric['score']:>7.2f}  {notes[key]}".rstrip())
    terms = result["terms"]
    if terms is None:
        rows.append(f"{'terms':<9}{'–':>7}  {result['terms_reason']}")
    else:
        inflected = terms["found"] - terms["exact"]
        rows.append(
            f"{'terms':<9}{terms['success']:>7.2f}  {terms['found']} of {terms['expected']} kept: "
            f"{terms['exact']} in the very form, {inflected} in another"
        )
    rows += ["", *(f"{name}|{result[key]['signature']}" for key, name in names.items())]
    left = result["untranslated"]
    if left:
        verb = "was" if left == 1 else "were"
        rows += ["", f"{left} of {count} segments {verb} left untranslated"]
        only = result["translated_only"]
        if only:
            scores = ", ".join(
                f"{name} {only[key]['score']:.2f}"
                for key, name in names.items()
                if only[key]["score"] is not None
            )
            rows[-1] += f"; the other {only['segments']} alone: {scores}"
    if terms and terms["misses"]:
        rows += ["", "missing terms"]
        for miss in terms["misses"][:_MOST_MISSES]:
            rows.append(_miss(miss, len(str(count))))
        if len(terms["misses"]) > _MOST_MISSES:
            more = len(terms["misses"]) - _MOST_MISSES
            rows.append(f"  and {more} more; --format json lists all")
    return "\n".join(rows)


def _miss(miss: dict[str, Any], digits: int) -> str:
    source = f"{miss['source']} → " if miss["source"] else ""
    found = f", found {miss['status']} {miss['found']}" if miss["found"] else ""
    return f"  line {miss['segment']:>{digits}}  {source}{miss['expected']}{found}"
