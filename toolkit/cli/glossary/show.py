"""``tongwen glossary show``: one concept, all of it."""

import click

from toolkit.cli.glossary._shared import (
    details,
    glossary_options,
    load,
    sources,
    write_records,
)
from toolkit.languages import LANGS


@click.command("show", short_help="Show all there is about a concept.")
@click.argument("id")
@glossary_options
def command(id: str, form: str, glossaries: tuple[str, ...]) -> None:
    """Show all there is about the concept ID: terms, statuses, scope, dates, sources.

    \b
    Example:
      tongwen glossary show csp_coordination_new_era
    """
    from toolkit.glossary.search import find

    glossary = load(glossaries)
    concept = find(glossary, id)
    if form != "text":
        write_records(glossary, [concept], form)
        return
    click.echo(f"{concept.id}  ({concept.domain})")
    if concept.note:
        click.echo(click.wrap_text(concept.note, 90, "  ", "  "))
    for kind, target in concept.relations:
        click.echo(f"  {kind}: {target}")
    for lang in LANGS:
        for term in concept.terms:
            if term.lang == lang:
                click.echo(f"  {lang}  {term.status:<10} {term.text}{details(term)}")
                for source in sources(term):
                    click.echo(f"                   {source}")
