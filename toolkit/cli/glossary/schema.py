"""``tongwen glossary schema``: what a glossary file and its JSON look like, for other programs."""

import click


@click.command("schema", short_help="Print the schema of the file format or of the JSON.")
@click.option("--of", "which", type=click.Choice(["json", "table"]), default="json",
              show_default=True, help="JSON output, or the columns of a file.")
def command(which: str) -> None:
    """Print the published schema: JSON Schema of what --format json prints, or the table's
    columns with a pattern each.

    \b
    Example:
      tongwen glossary schema --of table
    """
    from toolkit import shipped
    from toolkit.files import read_text

    name = "glossary-2.json" if which == "json" else "glossary-2.table.json"
    click.echo(read_text(shipped.path("glossaries", "schema", name)).text, nl=False)
