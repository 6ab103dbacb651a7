"""``tongwen glossary attest``: where the renderings of a concept stand in dispatches."""

import click

from toolkit.cli.glossary._shared import details
from toolkit.languages import LANGS


@click.command("attest", short_help="Find who says so: every use of a concept's renderings.")
@click.argument("concept")
@click.argument("paths", nargs=-1, required=True, metavar="DIR...")
@click.option("-g", "--glossary", "glossaries", metavar="PATH", multiple=True,
              help="Glossary file; may be given several times. As a rule the shipped ones.")
@click.option("--lang", type=click.Choice(LANGS), help="Only this language.")
@click.option("--term", "text", help="Only this rendering, as the glossary has it.")
@click.option("--limit", type=click.IntRange(0), default=5, show_default=True,
              help="Places shown for each rendering; 0 for all.")
@click.option("--format", "form", type=click.Choice(["text", "tsv", "json"]), default="text",
              show_default=True)
@click.pass_context
def command(
    ctx: click.Context,
    concept: str,
    paths: tuple[str, ...],
    glossaries: tuple[str, ...],
    lang: str | None,
    text: str | None,
    limit: int,
    form: str,
) -> None:
    """Find the dispatches and beads in DIR (folders or files: dispatches, aligned .tsv, .jsonl,
    .tmx) that use each rendering of the concept CONCEPT, forbidden, outdated and proposed ones
    too, and the beads where a language has none that is known.

    Exit status 1 if no rendering is found.

    \b
    Example:
      tongwen corpus copy ningbo . && tongwen glossary attest pm_regular_meeting_committee .
    """
    import json

    from toolkit.glossary.attest.uses import attest

    found, glossary, units = _found(concept, paths, glossaries)
    result = attest(found, glossary, units)
    uses = [
        use for use in result.uses
        if (lang is None or use.term.lang == lang) and (text is None or use.term.text == text)
    ]  # fmt: skip
    gaps = [gap for gap in result.gaps if (lang is None or gap.lang == lang) and text is None]
    if form == "json":
        record = {
            "schema": "tongwen.attestation/1",
            "concept": found.id,
            "uses": [
                {
                    "lang": use.term.lang, "term": use.term.text, "status": use.term.status,
                    "dispatch": use.unit, "date": use.date and use.date.isoformat(),
                    "file": use.file, "line": use.line, "column": use.column,
                    "found": use.found, "context": use.context,
                }
                for use in uses
            ],
            "without": [
                {
                    "lang": gap.lang, "dispatch": gap.unit, "file": gap.file, "line": gap.line,
                    "date": gap.date and gap.date.isoformat(), "text": gap.text,
                }
                for gap in gaps
            ],
        }  # fmt: skip
        click.echo(json.dumps(record, ensure_ascii=False, indent=1))
    elif form == "tsv":
        click.echo("lang\tterm\tstatus\tdispatch\tdate\tfile\tline\tcolumn\tfound")
        for use in uses:
            cells = (use.term.lang, use.term.text, use.term.status, use.unit, use.date or "",
                     use.file, use.line, use.column, " ".join(use.found.split()))  # fmt: skip
            click.echo("\t".join(map(str, cells)))
    else:
        _show(found, uses, gaps, limit, lang, text)
    dispatches = len({use.unit for use in uses})
    click.echo(f"{len(uses)} uses in {dispatches} of {len(units)} dispatches", err=True)
    if not uses:
        ctx.exit(1)


def _found(concept, paths, glossaries):
    from toolkit.cli.glossary._shared import load
    from toolkit.glossary.attest import folder
    from toolkit.glossary.search import find

    glossary = load(glossaries)
    found = find(glossary, concept)
    return found, glossary, folder.read(paths, lambda line: click.echo(line, err=True))


def _show(found, uses, gaps, limit, lang, text) -> None:
    for name in LANGS:
        for term in found.terms:
            if term.lang != name or lang not in (None, name) or text not in (None, term.text):
                continue
            own = [use for use in uses if use.term == term]
            dates = sorted(use.date for use in own if use.date)
            when = f", {dates[0]}" if dates else ""
            when += f" to {dates[-1]}" if dates and dates[-1] != dates[0] else ""
            many = len({use.unit for use in own})
            where = f" in {many} dispatch{'es' if many > 1 else ''}{when}" if own else ""
            click.echo(f"{name}  {term.text}  {term.status}{details(term)}: {len(own)}{where}")
            for use in own[: limit or None]:
                left, right = use.context[: use.start], use.context[use.end :]
                click.echo(f"    {use.file}:{use.line}:{use.column}: "
                           f"{left}[{use.context[use.start : use.end]}]{right}")  # fmt: skip
            if limit and len(own) > limit:
                click.echo(f"    and {len(own) - limit} more")
    if gaps:
        click.echo(f"beads where a language has no known rendering: {len(gaps)}")
        for gap in gaps[: limit or None]:
            click.echo(f"    {gap.file}:{gap.line}: {gap.lang}  {' '.join(gap.text.split())}")
        if limit and len(gaps) > limit:
            click.echo(f"    and {len(gaps) - limit} more")
