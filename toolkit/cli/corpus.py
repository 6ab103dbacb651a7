"""``tongwen corpus``: the shipped dispatches in three languages."""

import json
from pathlib import Path

import click

from toolkit.languages import LANGS


@click.group("corpus", short_help="List, copy and verify the shipped dispatches.")
def command() -> None:
    """The dispatches that come with tongwen, each in Chinese, Russian and English, with the
    alignment made by hand. What in them is public fact and what is invented, `list --format json`
    tells.

    \b
    Example:
      tongwen corpus list
    """


@command.command("list", short_help="List the dispatches.")
@click.option("--lang", type=click.Choice(LANGS), default="en", help="Language of the titles.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def list_command(lang: str, form: str) -> None:
    """List the dispatches: id, date, kind, place, title.

    \b
    Example:
      tongwen corpus list --lang ru
    """
    from toolkit.columns import pad, width
    from toolkit.corpus import load

    entries = load()
    if form == "json":
        records = [
            {
                "id": entry.id,
                "date": entry.date.isoformat(),
                "kind": entry.kind,
                "agency": dict(entry.agency),
                "place": dict(entry.place),
                "title": dict(entry.title),
                "facts": list(entry.facts),
                "invented": entry.invented,
                "licence": entry.licence,
                "files": {path.name: str(path) for path in entry.files},
            }
            for entry in entries
        ]
        document = {"schema": "tongwen.corpus/1", "dispatches": records}
        click.echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    rows = [
        (entry.id, entry.date.isoformat(), entry.kind, entry.place[lang], entry.title[lang])
        for entry in entries
    ]
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        click.echo(
            "  ".join(pad(cell, size) for cell, size in zip(row, widths, strict=True)).rstrip()
        )


@command.command("path", short_help="Print where a version lies.")
@click.argument("id")
@click.argument("version", metavar="LANG", type=click.Choice([*LANGS, "gold"]))
def path_command(id: str, version: str) -> None:
    """Print the path of the dispatch ID in LANG (zh, ru, en), or of its alignment (gold).

    \b
    Example:
      tongwen corpus path ningbo ru
    """
    from toolkit.corpus import entry
    from toolkit.errors import CorpusError

    dispatch = entry(id)
    path = dispatch.gold_path if version == "gold" else dispatch.path(version)
    if not path.is_file():
        raise CorpusError(f"{path} is missing from this installation; install tongwen again")
    click.echo(path)


@command.command("copy", short_help="Copy the three versions into a folder.")
@click.argument("id")
@click.argument("folder", metavar="[DIR]", default=".")
@click.option("--gold", is_flag=True, help="Copy the alignment made by hand too.")
@click.option("--force", is_flag=True, help="Write over files that are there.")
def copy_command(id: str, folder: str, gold: bool, force: bool) -> None:
    """Copy the three versions of the dispatch ID into DIR, the current folder by default.

    Files already there are left alone and nothing is copied, unless --force is given. The paths
    of the copies are printed.

    \b
    Example:
      tongwen corpus copy ningbo .
    """
    from toolkit.corpus import entry
    from toolkit.errors import CorpusError
    from toolkit.files import write_bytes

    dispatch = entry(id)
    target = Path(folder)
    sources = dispatch.files if gold else dispatch.files[:-1]
    try:
        copies = [(target / source.name, source.read_bytes()) for source in sources]
    except OSError as error:
        raise CorpusError(
            f"{error.filename} cannot be read ({error.strerror}); install tongwen again"
        ) from error
    if not target.is_dir():
        raise CorpusError(f"{folder}: no such folder; make it first, or name another")
    there = [path.name for path, _ in copies if path.exists() or path.is_symlink()]
    if there and not force:
        raise CorpusError(
            f"{folder}: {', '.join(there)} would be written over; nothing was copied. "
            "Name another folder, or use --force"
        )
    for path, data in copies:
        write_bytes(path, data)
        click.echo(path)


@command.command("verify", short_help="Check the files against their manifest.")
@click.pass_context
def verify_command(ctx: click.Context) -> None:
    """Check the shipped files against their manifest: checksums, languages, datelines, and that
    every segment is in exactly one bead of the alignment. Exit status 1 if something is wrong.

    \b
    Example:
      tongwen corpus verify
    """
    from toolkit.corpus import gold, load, verify

    problems = verify()
    for problem in problems:
        click.echo(problem)
    if problems:
        click.echo(f"{len(problems)} problem{'s' * (len(problems) > 1)} found", err=True)
        ctx.exit(1)
    entries = load()
    beads = sum(len(gold(entry)) for entry in entries)
    click.echo(f"{len(entries)} dispatches in {len(LANGS)} languages and {beads} beads are sound")
