"""``tongwen demo``: the whole chain on a shipped dispatch."""

import click


@click.command("demo", short_help="Run the whole chain on the shipped Ningbo dispatch.")
@click.option("--dispatch", "id", default="ningbo", show_default=True, help="Which one.")
@click.option(
    "-o",
    "--output",
    default="tongwen-demo.html",
    show_default=True,
    metavar="FILE",
    help="Where the page goes.",
)
def command(id: str, output: str) -> None:
    """Align, check, translate and score a shipped dispatch, and write one HTML page of it all.

    Nothing leaves this machine: the encoder, the model, the glossary and the dispatches are part
    of the program.

    \b
    Example:
      tongwen demo -o demo.html
    """
    import sys

    from toolkit import demo, files

    def step(message: str) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r\033[K{message} …", nl=False, err=True)

    try:
        result = demo.run(id, step)
        files.write_text(output, result.page)
    finally:
        if sys.stderr.isatty():
            click.echo("\r\033[K", nl=False, err=True)
    for line in demo.summary(result, output):
        click.echo(line)
