"""``tongwen glossary history``: who says so, since when, for which country."""

import json
from dataclasses import asdict
from typing import Any

import click

from toolkit.cli.glossary._shared import load


@click.command("history", short_help="Tell who says so, since when, and who changed it.")
@click.argument("id", required=False)
@click.option("-g", "--glossary", "path", metavar="FILE", default="shipped", show_default=True,
              help="The glossary whose journal is read too.")
@click.option("--limit", type=click.IntRange(1), help="Only the latest so many moments.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text",
              show_default=True)
def command(id: str | None, path: str, limit: int | None, form: str) -> None:
    """Tell the history of the concept ID: since when its terms hold and for whom, where they were
    seen and when, who changed them and why. Without ID, all that the journal of the file tells.

    \b
    Example:
      tongwen glossary history csp_coordination_new_era
    """
    from toolkit.errors import GlossaryError
    from toolkit.glossary import history, journal
    from toolkit.glossary.change import digest
    from toolkit.glossary.search import find

    glossary = load((path,))
    events: list[Any] = []
    if path not in ("shipped", "-"):
        events = journal.read(path, digest(path))
    if id is None:
        moments = history.of_journal(events)
    else:
        concept = glossary.concept(id)
        moments = history.of_concept(concept, events, id)
        if concept is None and not moments:
            find(glossary, id)
    if limit:
        moments = moments[-limit:]
    if form == "json":
        document = {"schema": "tongwen.glossary.moments/1", "source": glossary.source,
                    "concept": id, "moments": [asdict(moment) for moment in moments]}  # fmt: skip
        click.echo(json.dumps(document, ensure_ascii=False, indent=1))
    else:
        for moment in moments:
            _show(moment)
    if not events:
        where = "the shipped glossaries have" if path == "shipped" else f"{path} has"
        click.echo(f"{where} no journal", err=True)
    elif not moments:
        raise GlossaryError(f"nothing is told of {id}")


def _show(moment: Any) -> None:
    when = moment.when or "undated"
    by = f" by {moment.by}" if moment.by else ""
    why = f" ({moment.why})" if moment.why else ""
    undone = "" if moment.done else "  [did not come about, or was undone]"
    click.echo(f"{when:<20}  {moment.kind:<8}  {moment.what}{by}{why}{undone}")
    for sign, lines in (("-", moment.removed), ("+", moment.added)):
        for line in lines:
            cells = [cell for cell in line.split("\t")[1:] if cell]
            click.echo(f"{'':<20}    {sign} {'  '.join(cells)}")
