"""``tongwen glossary approve``: proposed terms become terms."""

from typing import Any

import click

from toolkit.cli.glossary._shared import STATUSES, changing, perform
from toolkit.languages import LANGS


@click.command("approve", short_help="Make proposed terms part of the glossary.")
@click.argument("id")
@click.argument("terms", nargs=-1, metavar="[TERM]...")
@click.option("--lang", type=click.Choice(LANGS), help="Only terms of this language.")
@click.option("--status", type=click.Choice(STATUSES[:4]), help="As a rule preferred where the "
              "language has no preferred term, else admitted.")
@click.option("--demote", type=click.Choice(STATUSES[1:4]),
              help="What becomes of the preferred term whose place it takes.")
@click.option("--source", multiple=True, metavar="[DATE:]URL", help="Where they were seen.")
@changing
def command(
    id: str,
    terms: tuple[str, ...],
    lang: str | None,
    status: str | None,
    demote: str | None,
    source: tuple[str, ...],
    **rest: Any,
) -> None:
    """Approve the proposed TERMs of the concept ID, or all of them. Until then no check and no
    translation sees them.

    \b
    Example:
      tongwen glossary add tea --status proposed --domain food --zh 茶 -g own.tsv && tongwen glossary approve tea --diff -g own.tsv
    """  # noqa: E501
    from toolkit.glossary.edit import approve

    perform(
        lambda sheet: approve(
            sheet, id, terms, lang=lang, status=status, sources=source, demote=demote
        ),
        action="approve", concepts=[id], **rest,
    )  # fmt: skip
