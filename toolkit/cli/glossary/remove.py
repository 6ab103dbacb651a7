"""``tongwen glossary remove``: take out a term or a concept."""

from typing import Any

import click

from toolkit.cli.glossary._shared import changing, perform
from toolkit.languages import LANGS


@click.command("remove", short_help="Take out a term or a concept.")
@click.argument("id")
@click.argument("term", required=False)
@click.option("--lang", type=click.Choice(LANGS), help="Language of TERM, if two share it.")
@click.option("--line", type=int, default=0, help="Line of TERM, if two rows hold it.")
@changing
def command(id: str, term: str | None, lang: str | None, line: int, **rest: Any) -> None:
    """Take TERM out of the concept ID, or without TERM the whole concept. What was official once
    is better kept: edit its status to deprecated, with the date it ended.

    \b
    Example:
      tongwen glossary list --format tsv > own.tsv && tongwen glossary remove xinhua --dry-run -g own.tsv
    """  # noqa: E501
    from toolkit.glossary.edit import find_term, remove

    def edit(sheet: Any) -> None:
        found = None
        if term is not None:
            found = find_term(sheet.concept(id), term, lang=lang, line=line)
        remove(sheet, id, found)

    perform(edit, action="remove", concepts=[id], **rest)
