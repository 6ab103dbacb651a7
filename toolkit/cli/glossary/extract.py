"""``tongwen glossary extract``: concepts that aligned texts hold and the glossary does not."""

import click

from toolkit.cli.glossary._shared import _user, counted, tell


@click.command("extract", short_help="Find new concepts in aligned texts.")
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--corpus", multiple=True, metavar="ID", help="A shipped dispatch, by its gold "
              "alignment; all for all of them.")
@click.option("-g", "--glossary", "glossaries", metavar="PATH", multiple=True,
              help="What is known already and left out. As a rule the shipped glossaries.")
@click.option("-o", "--output", metavar="QUEUE", help="Write the candidates into this glossary "
              "file as proposed concepts: glossary approve and reject take them from there.")
@click.option("--least", type=click.IntRange(2), default=2, show_default=True,
              help="Beads in which a candidate must stand.")
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True,
              help="At most so many, the best first.")
@click.option("--only", type=click.Choice(["phrases", "names"]), help="Names are what is written "
              "with a capital in Russian and English.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text",
              show_default=True)
@click.option("--dry-run", is_flag=True, help="Show what would be written to QUEUE.")
@click.option("--by", envvar="TONGWEN_BY", show_envvar=True, help="Who did it, for the journal.")
@click.pass_context
def command(
    ctx: click.Context,
    files: tuple[str, ...],
    corpus: tuple[str, ...],
    glossaries: tuple[str, ...],
    output: str | None,
    least: int,
    limit: int,
    only: str | None,
    form: str,
    dry_run: bool,
    by: str | None,
) -> None:
    """Look in aligned FILEs (.tsv, .jsonl, .tmx, as tongwen align writes them) for phrases that
    are fixed and answer each other in all languages, with counts and places. What the glossary or
    QUEUE has, and what was rejected from QUEUE before, is left out.

    Exit status 1 if nothing is found.

    \b
    Example:
      tongwen glossary extract --corpus all --limit 10
    """
    import json
    import os
    from pathlib import Path

    from toolkit.errors import GlossaryError
    from toolkit.glossary.change import change, check_writable
    from toolkit.glossary.extract import queue
    from toolkit.glossary.extract.candidates import extract
    from toolkit.glossary.store import load

    rows, places = _rows(files, corpus)
    if not rows:
        raise GlossaryError("name an aligned file, or a shipped dispatch with --corpus")
    if dry_run and not output:
        raise GlossaryError("--dry-run shows what would be written: name the file with -o")
    known = [load([Path(path) for path in glossaries] or None, proposed=True)]
    rejected = None
    if output:
        check_writable(output)
        if os.path.exists(output):
            known.append(load([output], proposed=True))
        rejected = queue.Rejected(output)
    found = extract(rows, queue.known(known), least=least, skip=rejected or (lambda texts: False))
    if only:
        found = [c for c in found if c.named == (only == "names")]
    found = found[:limit]
    click.echo(f"{len(rows)} beads, {counted(len(found))} to look at", err=True)
    if rejected:
        click.echo(f"{len(rejected)} terms rejected before are left out", err=True)
    if not found:
        ctx.exit(1)
    if output:
        concepts: list = []

        def edit(sheet) -> None:
            concepts.extend(queue.concepts(found, places, sheet.ids))
            for concept in concepts:
                sheet.add_concept(concept)

        done = change(
            output, edit, action="extract", by=by or _user(), dry_run=dry_run, create=True,
            why=f"from {', '.join([*files, *corpus])}",
        )  # fmt: skip
        tell(done, dry_run=dry_run, show=False)
        return
    if form == "json":
        records = [
            {
                "score": round(c.score, 4),
                "association": round(c.association, 4),
                "log_likelihood": round(c.likelihood, 2),
                "beads": [places[number] for number in c.beads],
                "renderings": [
                    {
                        "lang": r.lang, "text": r.text, "count": r.count,
                        "places": [
                            {"bead": places[n], "start": start, "end": end}
                            for n, start, end in r.places
                        ],
                    }
                    for r in c.renderings
                ],
            }
            for c in found
        ]  # fmt: skip
        click.echo(json.dumps({"schema": "tongwen.candidates/1", "candidates": records},
                              ensure_ascii=False, indent=1))  # fmt: skip
        return
    for number, candidate in enumerate(found, 1):
        seen = [places[n] for n in candidate.beads]
        more = f", and {len(seen) - 3} more" if len(seen) > 3 else ""
        click.echo(f"{number}. in {len(seen)} beads: {', '.join(seen[:3])}{more}")
        for r in candidate.renderings:
            click.echo(f"   {r.lang}  {r.text}  ×{r.count}")


def _rows(files: tuple[str, ...], corpus: tuple[str, ...]) -> tuple[list[dict], list[str]]:
    """Return the rows of all files and dispatches, and what each is called."""
    import os

    from toolkit.align.formats import read

    rows: list[dict] = []
    places: list[str] = []
    for path in files:
        for row in read(path, lambda line: click.echo(line, err=True)):
            rows.append(row.texts)
            places.append(f"{os.path.basename(path)}:{row.line}")
    if corpus:
        from toolkit.corpus import entry, gold, load

        entries = load() if "all" in corpus else [entry(id) for id in corpus]
        for item in entries:
            for number, bead in enumerate(gold(item), 1):
                rows.append(dict(bead.texts))
                places.append(f"{item.id}.gold.jsonl:{number}")
    return rows, places
