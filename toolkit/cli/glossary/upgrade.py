"""``tongwen glossary upgrade``: a file of an older version becomes one of the newest."""

from typing import Any

import click

from toolkit.cli.glossary._shared import changing, perform


@click.command("upgrade", short_help="Bring a file to the newest version of the format.")
@changing
def command(**rest: Any) -> None:
    """Mark a file as one of the newest version of the format; no row changes. Older versions stay
    readable without it.

    \b
    Example:
      tongwen glossary list --format tsv > own.tsv && tongwen glossary upgrade -g own.tsv
    """
    perform(lambda sheet: sheet.upgrade(), action="upgrade", concepts=[], **rest)
