"""``tongwen align``: the versions of a dispatch, segment by segment."""

import os
import sys
from pathlib import Path
from typing import Any

import click

from toolkit.languages import LANGS

FORMS = ("tsv", "jsonl", "tmx", "html")


@click.command("align", short_help="Align two or three versions of a dispatch.")
@click.argument("files", metavar="FILE FILE [FILE]", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Write here, not to standard output; the suffix names the format.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMS),
    help="Format; otherwise by the suffix of --output, else tsv.",
)
@click.option(
    "--lang",
    "langs",
    type=click.Choice(LANGS),
    multiple=True,
    help="Language of each FILE, in order; otherwise by name (x.zh.txt) or by the text.",
)
@click.option("--segmented", is_flag=True, help="Each line of a FILE is one segment.")
@click.option(
    "--glossary",
    "glossaries",
    metavar="PATH",
    multiple=True,
    help="Glossary whose phrases an .html page colours; otherwise the shipped ones.",
)
@click.option(
    "--min-confidence",
    "least",
    type=click.FloatRange(0, 1),
    metavar="CHANCE",
    help="Leave out beads whose chance of being right is lower; they are counted.",
)
def command(
    files: tuple[str, ...],
    output: str | None,
    form: str | None,
    langs: tuple[str, ...],
    segmented: bool,
    glossaries: tuple[str, ...],
    least: float | None,
) -> None:
    """Align two or three versions of one dispatch (.txt, .md, .html; one may be - for stdin).

    Every segment of every version lands in exactly one bead, in reading order; what one version
    alone says stands alone. Formats: .tsv (a column a language; let a spreadsheet take its cells
    as text), .jsonl (segment numbers, the chance of the bead being right, and text), .tmx (1.4b,
    all languages in one unit), .html (a page to read).

    \b
    Example:
      tongwen corpus copy ningbo . && tongwen align ningbo.*.txt -o ningbo.tsv
    """
    from toolkit import files as disk
    from toolkit.align import align
    from toolkit.align.beads import check_langs, surer
    from toolkit.dispatch import read_dispatch, read_segmented

    if not 2 <= len(files) <= 3:
        raise click.UsageError(f"two or three files are aligned, not {len(files)}")
    if langs and len(langs) != len(files):
        raise click.UsageError(
            f"--lang is given {len(langs)} times for {len(files)} files; once for each, in order"
        )
    if files.count("-") > 1:
        raise click.UsageError("the standard input (-) can stand for one file only")
    if output == "-":  # as in the name of a file to be read
        output = None
    form = form or _form(output)
    if glossaries and form != "html":
        raise click.UsageError(f"--glossary colours an .html page; {form} has no colours")
    if output and any(path != "-" and _same(path, output) for path in files):
        raise click.UsageError(f"{output} is one of the files to be aligned; name another")
    read = read_segmented if segmented else read_dispatch
    dispatches = [
        read(path, lang) for path, lang in zip(files, langs or [None] * len(files), strict=True)
    ]
    check_langs(dispatches)
    watched = sys.stderr.isatty()
    if watched:
        sizes = " + ".join(str(len(dispatch.segments)) for dispatch in dispatches)
        click.echo(f"\raligning {sizes} segments …", nl=False, err=True)
    try:
        alignment = align(dispatches)
    finally:
        if watched:
            click.echo("\r\x1b[K", nl=False, err=True)
    summary = _summary(alignment)
    if least is not None:
        alignment, doubtful = surer(alignment, least)
        summary += f"; {doubtful} of a chance below {least:g} left out"
    text = _render(alignment, form, glossaries)
    if output:
        disk.write_text(output, text)
    else:
        click.echo(text, nl=False)
    click.echo(summary, err=True)


def _same(one: str, other: str) -> bool:
    try:
        return os.path.samefile(one, other)
    except OSError:  # one of them is not there
        return False


def _form(output: str | None) -> str:
    if not output:
        return "tsv"
    suffix = Path(output).suffix.lower().lstrip(".")
    if suffix == "htm":
        return "html"
    if suffix not in FORMS:
        raise click.UsageError(
            f"{output}: the suffix names no format; end the name in"
            f" {', '.join('.' + name for name in FORMS)} or give --format"
        )
    return suffix


def _render(alignment: Any, form: str, glossaries: tuple[str, ...]) -> str:
    if form != "html":
        from toolkit.align import formats

        lost = formats.unwritable(alignment) if form == "tmx" else 0
        if lost:
            click.echo(f"{lost} characters that XML cannot hold are written as U+FFFD", err=True)
        return formats.render(alignment, form)
    from toolkit.glossary.match import Matcher
    from toolkit.glossary.store import load
    from toolkit.report.page import alignment_page

    return alignment_page(alignment, Matcher(load([Path(path) for path in glossaries] or None)))


def _summary(alignment: Any) -> str:
    """Say how many beads there are, and how many lack which language."""
    langs = alignment.langs
    counts = ", ".join(f"{len(d.segments)} {d.lang}" for d in alignment.dispatches)
    parts = []
    present = [tuple(lang for lang in langs if bead.side(lang)) for bead in alignment.beads]
    for some in dict.fromkeys(present):
        if len(some) < len(langs):
            parts.append(f"{present.count(some)} only in {' and '.join(some)}")
    moved = sum(bead.moved is not None for bead in alignment.beads) // 2
    if moved:
        parts.append(f"{moved} moved to another place")
    rest = "; ".join(parts) or f"each in all {len(langs)} languages"
    return f"{counts} segments in {len(present)} beads: {rest}"
