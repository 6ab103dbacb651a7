"""``tongwen glossary rename``: another id for a concept."""

from typing import Any

import click

from toolkit.cli.glossary._shared import changing, perform


@click.command("rename", short_help="Give a concept another id.")
@click.argument("old")
@click.argument("new")
@changing
def command(old: str, new: str, **rest: Any) -> None:
    """Give the concept OLD the id NEW, in all its rows and in relations to it.

    \b
    Example:
      tongwen glossary list --format tsv > own.tsv && tongwen glossary rename sco shanghai_organisation -g own.tsv
    """  # noqa: E501
    from toolkit.glossary.edit import rename

    perform(
        lambda sheet: rename(sheet, old, new), action="rename", concepts=[old, new], **rest
    )
