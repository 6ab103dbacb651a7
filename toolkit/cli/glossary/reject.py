"""``tongwen glossary reject``: proposed terms go, or are forbidden."""

from typing import Any

import click

from toolkit.cli.glossary._shared import changing, perform
from toolkit.languages import LANGS


@click.command("reject", short_help="Take out proposed terms, or forbid them.")
@click.argument("id")
@click.argument("terms", nargs=-1, metavar="[TERM]...")
@click.option("--lang", type=click.Choice(LANGS), help="Only terms of this language.")
@click.option("--forbid", is_flag=True, help="Keep them, as forbidden forms.")
@changing
def command(
    id: str, terms: tuple[str, ...], lang: str | None, forbid: bool, **rest: Any
) -> None:
    """Reject the proposed TERMs of the concept ID, or all of them. The journal keeps what was
    rejected, by whom and why.

    \b
    Example:
      tongwen glossary add tea --status proposed --domain food --en chay -g own.tsv && tongwen glossary reject tea --why "not English" -g own.tsv
    """  # noqa: E501
    from toolkit.glossary.edit import reject

    perform(
        lambda sheet: reject(sheet, id, terms, lang=lang, forbid=forbid),
        action="reject", concepts=[id], **rest,
    )  # fmt: skip
