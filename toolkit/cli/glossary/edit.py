"""``tongwen glossary edit``: change a term, or what is said of a concept."""

from typing import Any

import click

from toolkit.cli.glossary._shared import STATUSES, changing, perform
from toolkit.languages import LANGS


@click.command("edit", short_help="Change a term, or what is said of a concept.")
@click.argument("id")
@click.argument("term", required=False)
@click.option("--lang", type=click.Choice(LANGS), help="Language of TERM, if two share it.")
@click.option("--line", type=int, default=0, help="Line of TERM, if two rows hold it.")
@click.option("--text", help="Its new wording.")
@click.option("--status", type=click.Choice(STATUSES), help="Its new status.")
@click.option("--demote", type=click.Choice(STATUSES[1:4]),
              help="What becomes of the preferred term whose place it takes.")
@click.option("--scope", metavar="CC,…", help="Countries it is bound to: RU or RU,VN.")
@click.option("--register", type=click.Choice(["cn", "ru"]), help="Whose texts use it.")
@click.option("--from", "start", metavar="DATE", help="First day (or year) it is valid.")
@click.option("--to", "end", metavar="DATE", help="Last day (or year) it is valid.")
@click.option("--flags", metavar="F,…", help="accept-only, gap, case.")
@click.option("--note", help="The note on the term, or on the concept.")
@click.option("--source", multiple=True, metavar="[DATE:]URL", help="A source more.")
@click.option("--drop-source", multiple=True, metavar="[DATE:]URL", help="A source less.")
@click.option("--domain", help="The concept's domain.")
@click.option("--relation", multiple=True, metavar="KIND=ID",
              help="The concept's relations, all of them; '' for none.")
@changing
def command(
    id: str,
    term: str | None,
    lang: str | None,
    line: int,
    text: str | None,
    status: str | None,
    demote: str | None,
    scope: str | None,
    register: str | None,
    start: str | None,
    end: str | None,
    flags: str | None,
    note: str | None,
    source: tuple[str, ...],
    drop_source: tuple[str, ...],
    domain: str | None,
    relation: tuple[str, ...],
    **rest: Any,
) -> None:
    """Change TERM of the concept ID, or without TERM the concept's domain, note and relations.
    An empty value ('') clears a cell; what is not named stays.

    \b
    Example:
      tongwen glossary list --format tsv > own.tsv && tongwen glossary edit sco 上海合作组织 --from 2001-06-15 --diff -g own.tsv
    """  # noqa: E501
    from toolkit.glossary.edit import edit_term, find_term
    from toolkit.glossary.edit import relation as read_relation

    cells = {
        name: value
        for name, value in (
            ("term", text), ("status", status), ("scope", scope), ("register", register),
            ("from", start), ("to", end), ("flags", flags), ("note", note),
        )
        if value is not None
    }  # fmt: skip
    if term is not None and (domain is not None or relation):
        raise click.UsageError("--domain and --relation are the concept's; leave TERM out")
    if term is None and (set(cells) - {"note"} or source or drop_source or demote):
        raise click.UsageError("name the TERM that this is to change")
    if not (cells or source or drop_source or domain is not None or relation):
        raise click.UsageError("nothing to change; see tongwen glossary edit --help")

    def edit(sheet: Any) -> None:
        if term is None:
            relations = [read_relation(item) for item in relation if item]
            sheet.set_concept(
                id, domain=domain, note=note, relations=relations if relation else None
            )
        else:
            found = find_term(sheet.concept(id), term, lang=lang, line=line)
            edit_term(
                sheet, id, found, cells, demote=demote, sources=source, dropped=drop_source
            )

    perform(edit, action="edit", concepts=[id], **rest)
