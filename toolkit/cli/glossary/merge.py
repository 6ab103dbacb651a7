"""``tongwen glossary merge``: a colleague's glossary into yours."""

import os
from pathlib import Path
from typing import Any

import click

from toolkit.cli.glossary._shared import perform, tell


@click.command("merge", short_help="Merge a colleague's glossary into yours.")
@click.argument("mine", required=False)
@click.argument("theirs", required=False)
@click.option("--base", metavar="FILE", help="What both come from. Without it, all that differs "
              "is a conflict.")
@click.option("-o", "--output", metavar="FILE", help="Where the result goes; it may be MINE. As a "
              "rule to standard output.")
@click.option("--conflicts", metavar="FILE", help="Where conflicts go; as a rule beside the "
              "output, as NAME.conflicts.tsv.")
@click.option("--resolve", metavar="FILE", help="Apply a file of conflicts, marked, to the "
              "glossary named by -o.")
@click.option("--dry-run", is_flag=True, help="Show the change and write nothing.")
@click.option("--diff", "show", is_flag=True, help="Show the change to MINE, line by line.")
@click.option("--by", envvar="TONGWEN_BY", show_envvar=True, help="Who merges, for the journal.")
@click.option("--why", default="", help="The reason, for the journal.")
@click.pass_context
def command(
    ctx: click.Context,
    mine: str | None,
    theirs: str | None,
    base: str | None,
    output: str | None,
    conflicts: str | None,
    resolve: str | None,
    dry_run: bool,
    show: bool,
    by: str | None,
    why: str,
) -> None:
    """Take what THEIRS changed since --base into MINE: concept by concept, matched by id, or by
    their terms where ids differ. What both changed is never guessed: it stays as in MINE and goes
    to a file where you mark what is to stand; --resolve applies it.

    Exit status 1 if there are conflicts.

    \b
    Example:
      tongwen glossary list --format tsv > a.tsv && tongwen glossary merge a.tsv a.tsv --base a.tsv --diff -o a.tsv
    """  # noqa: E501
    if resolve is not None:
        if mine or theirs or base or not output:
            raise click.UsageError("--resolve FILE goes with -o GLOSSARY, and no other file")
        _resolve(resolve, output, dry_run=dry_run, show=show, by=by, why=why)
        return
    if not mine or not theirs:
        raise click.UsageError("name two glossaries: MINE THEIRS")
    from toolkit.errors import GlossaryError
    from toolkit.files import read_text, write_text
    from toolkit.glossary import conflicts as conflict_file
    from toolkit.glossary.change import Change, change, check_writable
    from toolkit.glossary.merge import merge_into
    from toolkit.glossary.sheet import Sheet

    other = read_text(theirs)
    origin = read_text(base) if base else None
    in_place = bool(output) and output != "-" and os.path.exists(output) and os.path.exists(mine)
    in_place = in_place and os.path.samefile(str(output), mine)
    place = conflicts or (_beside(output) if output and output != "-" else None)
    found: list[Any] = []

    def edit(sheet: Any) -> None:
        found[:] = merge_into(
            sheet, other.text, origin and origin.text, (other.path, origin.path if origin else "")
        )
        # Written first: whoever takes the merged file for the whole truth finds this beside it.
        if found and place and not dry_run:
            _check_free(place)
            write_text(place, conflict_file.write(found))

    if in_place:
        done = change(
            str(output), edit, action="merge", concepts=[], by=by or "", why=why, dry_run=dry_run
        )
        tell(done, dry_run=dry_run, show=show)
    else:
        if output and output != "-":
            check_writable(output)
        file = read_text(mine)
        sheet = Sheet(file.text, file.path)
        try:
            edit(sheet)
        except ValueError as error:
            raise GlossaryError(f"{file.path}: {error}") from None
        removed, added = sheet.changes()
        done = Change(mine, tuple(sheet.diff()), tuple(removed), tuple(added))
        if dry_run or (output and output != "-"):
            if not dry_run:
                write_text(str(output), sheet.text())
            if not done.empty:
                tell(done, dry_run=dry_run, show=show)
            if not dry_run:
                click.echo(f"{output} is written", err=True)
        elif show:
            tell(done, dry_run=False, show=True)
        else:
            click.echo(sheet.text(), nl=False)
    for number, conflict in enumerate(found, 1):
        click.echo(f"conflict {number}: {conflict.concept}: {conflict.reason}", err=True)
    if found:
        where = f" in {place}" if place and not dry_run else "; name a file with --conflicts"
        if dry_run:
            where = ""
        click.echo(f"{len(found)} to decide{where}", err=True)
        ctx.exit(1)


def _beside(output: str) -> str:
    path = Path(output)
    return str(path.with_name(path.name.removesuffix(".tsv") + ".conflicts.tsv"))


def _check_free(place: str) -> None:
    """Refuse to write over decisions that are not applied yet."""
    from toolkit.errors import GlossaryError

    if os.path.exists(place):
        raise GlossaryError(
            f"{place}: there are conflicts of an earlier merge; apply them with --resolve, then "
            "delete the file, or name another with --conflicts"
        )


def _resolve(resolve: str, output: str, **rest: Any) -> None:
    from toolkit.files import read_text
    from toolkit.glossary import conflicts as conflict_file

    file = read_text(resolve)
    decisions = conflict_file.read(file.text, file.path)
    concepts = list(dict.fromkeys(decision.conflict.concept for decision in decisions))
    perform(
        lambda sheet: conflict_file.apply(sheet, decisions),
        action="merge", concepts=concepts, path=output, **rest,
    )  # fmt: skip
    if not rest["dry_run"]:
        many = "1 conflict is" if len(decisions) == 1 else f"{len(decisions)} conflicts are"
        click.echo(f"{many} settled; {resolve} can be deleted", err=True)
