"""``tongwen glossary add``: a concept, or terms to one."""

from typing import Any

import click

from toolkit.cli.glossary._shared import STATUSES, changing, perform
from toolkit.languages import LANGS


@click.command("add", short_help="Add a concept, or terms to one.")
@click.argument("id")
@click.option("--zh", multiple=True, metavar="TERM", help="A Chinese term; may be repeated.")
@click.option("--ru", multiple=True, metavar="TERM", help="A Russian term, in the nominative.")
@click.option("--en", multiple=True, metavar="TERM", help="An English term.")
@click.option("--domain", default="", help="What the concept belongs to; a new one needs it.")
@click.option("--note", default="", help="A note on the concept.")
@click.option("--relation", multiple=True, metavar="KIND=ID",
              help="broader=ID, replaced-by=ID or see=ID.")
@click.option("--status", type=click.Choice(STATUSES), help="As a rule the first term of a "
              "language is preferred, others are admitted.")
@click.option("--demote", type=click.Choice(STATUSES[1:4]),
              help="What becomes of a preferred term that is replaced.")
@click.option("--scope", metavar="CC,…", help="Countries it is bound to: RU or RU,VN.")
@click.option("--register", type=click.Choice(["cn", "ru"]), help="Whose texts use it.")
@click.option("--from", "start", metavar="DATE", help="First day (or year) it is valid.")
@click.option("--to", "end", metavar="DATE", help="Last day (or year) it is valid.")
@click.option("--flags", metavar="F,…", help="accept-only, gap, case.")
@click.option("--term-note", default="", help="A note on these terms.")
@click.option("--source", multiple=True, metavar="[DATE:]URL",
              help="Where the terms were seen; without one they are unverified.")
@changing
def command(
    id: str,
    domain: str,
    note: str,
    relation: tuple[str, ...],
    status: str | None,
    demote: str | None,
    scope: str | None,
    register: str | None,
    start: str | None,
    end: str | None,
    flags: str | None,
    term_note: str,
    source: tuple[str, ...],
    **rest: Any,
) -> None:
    """Add the concept ID with terms, or terms to the concept ID. A file that is not there is made.

    \b
    Example:
      tongwen glossary add tea --domain food --zh 茶 --ru чай --en tea -g own.tsv
    """
    from toolkit.glossary.edit import add

    texts = [(lang, text) for lang in LANGS for text in rest.pop(lang)]
    cells = {
        "status": status or "", "scope": scope or "", "register": register or "",
        "from": start or "", "to": end or "", "flags": flags or "", "note": term_note,
        "evidence": " ".join(source) or "unverified",
    }  # fmt: skip
    perform(
        lambda sheet: add(
            sheet, id, texts, cells, domain=domain, note=note, relations=relation, demote=demote
        ),
        action="add", concepts=[id], create=True, **rest,
    )  # fmt: skip
