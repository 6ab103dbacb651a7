"""``tongwen glossary diff``: what two glossaries have otherwise."""

import json
from pathlib import Path
from typing import Any

import click

from toolkit.cli.glossary._shared import counted


@click.command("diff", short_help="Tell what two glossaries have otherwise.")
@click.argument("one")
@click.argument("other")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "tsv"]), default="text",
    show_default=True,
)  # fmt: skip
@click.pass_context
def command(ctx: click.Context, one: str, other: str, form: str) -> None:
    """Tell what OTHER has otherwise than ONE, concept by concept, whatever the order of rows.
    Each is a file, or the word shipped. A concept under another id is told as renamed.

    Exit status 1 if they differ.

    \b
    Example:
      tongwen glossary list --format tsv > own.tsv && tongwen glossary diff shipped own.tsv
    """
    from toolkit.glossary.differences import between
    from toolkit.glossary.store import load

    left, right = (load([Path(path)], proposed=True) for path in (one, other))
    found = between(left.concepts, right.concepts)
    if form == "json":
        records = [
            {name: getattr(item, name) for name in item.__dataclass_fields__} for item in found
        ]
        document = {"schema": "tongwen.glossary.diff/1", "one": left.source,
                    "other": right.source, "differences": records}  # fmt: skip
        click.echo(json.dumps(document, ensure_ascii=False, indent=1))
    elif form == "tsv":
        names = ("kind", "concept", "lang", "term", "column", "old", "new")
        click.echo("\t".join(names))
        for item in found:
            click.echo("\t".join(getattr(item, name) for name in names))
    else:
        for item in found:
            click.echo(_line(item))
    concepts = len({item.concept for item in found})
    told = f"{counted(concepts)} differ{'s' if concepts == 1 else ''}"
    click.echo(told if found else "no difference", err=True)
    if found:
        ctx.exit(1)


def _line(item: Any) -> str:
    sign = {"added": "+", "removed": "-", "changed": "~", "renamed": "~"}[item.kind]
    what = f"{sign} {item.concept}"
    if item.kind == "renamed":
        return f"{what}  is {item.new} there"
    if item.lang:
        what += f"  {item.lang}  {item.term}"
    if item.kind == "changed":
        return f"{what}  {item.column}: {item.old or '–'} → {item.new or '–'}"
    return f"{what}  ({item.new or item.old})"
