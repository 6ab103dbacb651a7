"""``tongwen glossary export``: a glossary for another program."""

import click

from toolkit.cli.glossary._shared import STATUSES, counted

_FORMATS = (
    "tbx", "tbx2", "tbx3", "tmx", "xlsx", "csv", "tsv", "list", "deepl", "google", "amazon",
    "omegat", "memoq",
)  # fmt: skip


@click.command("export", short_help="Write a glossary for another program.")
@click.argument("target", metavar="FILE")
@click.option("-g", "--glossary", "glossaries", metavar="PATH", multiple=True,
              help="Glossary file; may be given several times. As a rule the shipped ones.")
@click.option("--format", "form", type=click.Choice(_FORMATS), help="As a rule by the ending of "
              "FILE: .tbx, .tmx, .xlsx, .csv, .tsv (all columns), .txt (a list). tbx is version "
              "2, and 3 where a style or dialect asks for it.")
@click.option("--langs", default="", metavar="zh,ru", help="Languages, the source first.")
@click.option("--status", "statuses", type=click.Choice(STATUSES), multiple=True,
              help="Only these; as a rule what the format is for.")
@click.option("--domain", help="Only concepts of this domain.")
@click.option("--style", type=click.Choice(["dca", "dct"]), default="dca", show_default=True,
              help="Of TBX 3: categories as attributes or as elements.")
@click.option("--dialect", type=click.Choice(["basic", "min", "core"]), default="basic",
              show_default=True, help="Of TBX 3.")
@click.option("--plain", is_flag=True, help="Put nothing into notes and properties that only "
              "tongwen understands; what then is lost is told.")
@click.option("--raw-cells", "raw", is_flag=True, help="Leave cells that begin like a formula as "
              "they are; as a rule an apostrophe is put before them.")
def command(
    target: str,
    glossaries: tuple[str, ...],
    form: str | None,
    langs: str,
    statuses: tuple[str, ...],
    domain: str | None,
    style: str,
    dialect: str,
    plain: bool,
    raw: bool,
) -> None:
    """Write the glossary to FILE (- is standard output). What the format cannot carry is told,
    with counts; TBX, TMX, XLSX and the whole CSV or TSV come back as they were.

    \b
    Example:
      tongwen glossary export own.tbx --domain partnership
    """
    from pathlib import Path

    from toolkit.errors import GlossaryError
    from toolkit.files import write_bytes
    from toolkit.glossary.exchange import formats
    from toolkit.glossary.exchange.options import Options
    from toolkit.glossary.search import select
    from toolkit.glossary.store import load
    from toolkit.languages import LANGS

    chosen = tuple(part.strip() for part in langs.split(",") if part.strip()) or LANGS
    for lang in chosen:
        if lang not in LANGS or chosen.count(lang) > 1:
            raise GlossaryError(f"--langs {langs}: name each of {', '.join(LANGS)} at most once")
    if form is None:
        if target == "-":
            raise GlossaryError("standard output has no ending; name the format with --format")
        form = formats.form_of(target)
    if form == "tbx":
        form = "tbx3" if (style, dialect) != ("dca", "basic") else "tbx2"
    paths = [Path(path) for path in glossaries] or None
    glossary = load(paths, proposed="proposed" in statuses)
    concepts = list(select(glossary, domain=domain))
    table = "tsv" if Path(target).suffix.lower() in (".tsv", ".txt") or form == "tsv" else "csv"
    options = Options(
        chosen, statuses or None, plain=plain, raw=raw, table=table, style=style, dialect=dialect
    )
    data, report = formats.write(concepts, form, options)
    if target == "-":
        click.get_binary_stream("stdout").write(data)
    else:
        write_bytes(target, data)
    for line in report:
        click.echo(f"  {line}", err=True)
    click.echo(f"{target}: {counted(len(concepts))} as {form}", err=True)
