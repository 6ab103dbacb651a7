"""``tongwen glossary import``: another program's glossary comes into a file."""

import sys
from typing import Any

import click

from toolkit.cli.glossary._shared import _user, changing, counted, tell

_FORMATS = ("tbx", "tmx", "xlsx", "csv", "tsv", "deepl", "google", "amazon", "omegat", "memoq")


@click.command("import", short_help="Take in a glossary of another program.")
@click.argument("source", metavar="FILE")
@click.option("--format", "form", type=click.Choice(_FORMATS),
              help="As a rule the file itself shows what it is.")
@click.option("--columns", metavar="ROLE,…", default="",
              help="What the columns of a table are: zh,ru,en,note,- (- leaves one out). Also "
              "variants:zh, id, domain, status, lang, term, evidence, scope, register, from, to, "
              "flags.")
@click.option("--header/--no-header", default=None, help="Whether a table begins with names.")
@click.option("--delimiter", default="", metavar="C", help="tab, comma, semicolon, or any other.")
@click.option("--split", default="", metavar="C", help="What stands between terms in one cell.")
@click.option("--domain", default="", help="The domain of concepts that have none.")
@click.option("--proposed", is_flag=True, help="Bring all terms in as proposed: nothing is used "
              "before somebody approves it.")
@click.option("--yes", "-y", is_flag=True, help="Import though the columns were guessed.")
@changing
def command(
    source: str,
    form: str | None,
    columns: str,
    header: bool | None,
    delimiter: str,
    split: str,
    domain: str,
    proposed: bool,
    yes: bool,
    path: str,
    dry_run: bool,
    show: bool,
    by: str | None,
    why: str,
) -> None:
    """Import FILE: TBX (2 and 3, DCA and DCT), TMX, XLSX, CSV or TSV as DeepL, Google, Amazon,
    OmegaT and memoQ have it, or a list of two or three columns. What the columns were taken for is
    told first; nothing is written on a guess without --yes. Nothing that stands in the glossary is
    changed: a term that differs from the preferred one comes in as proposed.

    \b
    Example:
      printf 'tea,чай\\nbread,хлеб\\n' > list.csv && tongwen glossary import list.csv --yes -g own.tsv
    """  # noqa: E501
    from toolkit.errors import GlossaryError
    from toolkit.glossary.change import change
    from toolkit.glossary.exchange import formats
    from toolkit.glossary.exchange.arrive import arrive

    parcel = formats.read(
        source, form, roles=columns, delimiter=delimiter, header=header, split=split, domain=domain
    )
    click.echo(f"{source}: {parcel.form}, {counted(len(parcel.concepts))}", err=True)
    for line in parcel.report:
        click.echo(f"  {line}", err=True)
    if parcel.guess:
        click.echo("The file does not say what its columns are. They were taken for:", err=True)
        for line in parcel.guess:
            click.echo(f"  {line}", err=True)
        first = parcel.concepts[0]
        shown = " | ".join(f"{term.lang} {term.text}" for term in first.terms)
        click.echo(f"  so the first concept is: {shown}", err=True)
        if not (yes or dry_run) and not _confirmed(source):
            raise GlossaryError(
                f"{source}: nothing was imported; if the columns are right, add --yes, else name "
                "them: --columns zh,ru,note"
            )
    outcome: list[Any] = []
    done = change(
        path,
        lambda sheet: outcome.append(
            arrive(sheet, parcel.concepts, parcel.own_ids, proposed=proposed)
        ),
        action="import",
        concepts=tuple(concept.id for concept in parcel.concepts),
        by=by or _user(),
        why=why or f"from {source}",
        dry_run=dry_run,
        create=True,
    )
    arrival = outcome[0]
    for line in arrival.report:
        click.echo(f"  {line}", err=True)
    click.echo(
        f"{counted(arrival.new)} new, {arrival.extended} extended, {arrival.same} there already; "
        f"{arrival.terms} terms added",
        err=True,
    )
    tell(done, dry_run=dry_run, show=show)


def _confirmed(source: str) -> bool:
    if source == "-" or not sys.stdin.isatty():
        return False
    return click.confirm("Import it so?", default=False, err=True)
