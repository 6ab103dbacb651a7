"""``tongwen glossary list``: concepts, one a line."""

import click

from toolkit.cli.glossary._shared import STATUSES, counted, glossary_options, load, write_records
from toolkit.languages import LANGS

_WIDTHS = {"zh": 30, "ru": 50, "en": 1}  # columns of most terms


@click.command("list", short_help="List concepts, one a line.")
@click.option("--domain", help="Only concepts of this domain.")
@click.option("--lang", type=click.Choice(LANGS), help="Show this language only.")
@click.option("--status", type=click.Choice(STATUSES), help="Only with a term of this status.")
@glossary_options
def command(
    domain: str | None,
    lang: str | None,
    status: str | None,
    form: str,
    glossaries: tuple[str, ...],
) -> None:
    """List concepts, one a line: id, domain, preferred terms (or those of --status).

    \b
    Example:
      tongwen glossary list --domain partnership
    """
    from toolkit.glossary.search import select

    glossary = load(glossaries)
    concepts = list(select(glossary, domain=domain, status=status, lang=lang))
    if form != "text":
        write_records(glossary, concepts, form)
        return
    from toolkit.columns import clip, pad

    langs = (lang,) if lang else LANGS
    for concept in concepts:
        cells = [pad(clip(concept.id, 30), 30), pad(clip(concept.domain, 16), 16)]
        for name in langs:
            terms = [
                t.text
                for t in concept.terms
                if t.lang == name and t.status == (status or "preferred")
            ]
            # Terms are never cut: a long one pushes the rest of its line to the right.
            cells.append(pad(" | ".join(terms) or "–", _WIDTHS[name]))
        click.echo("  ".join(cells).rstrip())
    click.echo(counted(len(concepts)), err=True)
