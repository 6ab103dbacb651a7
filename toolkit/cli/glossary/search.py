"""``tongwen glossary search``: find concepts by any form of a term."""

import click

from toolkit.cli.glossary._shared import counted, details, glossary_options, load, write_records
from toolkit.languages import LANGS, NAMES


@click.command("search", short_help="Find concepts by any form of a term.")
@click.argument("query")
@click.option("--lang", type=click.Choice(LANGS), help="Look in this language only.")
@click.option("--notes", is_flag=True, help="Look in notes too.")
@glossary_options
@click.pass_context
def command(
    ctx: click.Context,
    query: str,
    lang: str | None,
    notes: bool,
    form: str,
    glossaries: tuple[str, ...],
) -> None:
    """Find the concepts that hold QUERY: one or more Han characters, Russian in any case, English
    in any number, an id. Spelling of ё, hyphens and letter case do not matter.

    Exit status 1 if nothing is found.

    \b
    Example:
      tongwen glossary search "стратегического взаимодействия"
    """
    from toolkit.glossary.search import search

    glossary = load(glossaries)
    hits = search(glossary, query, langs=(lang,) if lang else LANGS, notes=notes)
    if form != "text":
        write_records(glossary, [hit.concept for hit in hits], form)
    else:
        for hit in hits:
            click.echo(hit.concept.id)
            for name in LANGS:
                term = hit.concept.preferred(name)
                click.echo(f"  {name}  {term.text if term else '–'}")
                for other in hit.terms:
                    if other.lang == name and other != term:
                        click.echo(f"      {other.status}: {other.text}{details(other)}")
    if not hits:
        where = NAMES[lang] if lang else "any language"
        click.echo(f"{query!r} stands in no term of {where}", err=True)
        ctx.exit(1)
    click.echo(counted(len(hits)), err=True)
