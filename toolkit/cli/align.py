"""``tongwen align``: the versions of a dispatch, segment by segment."""

import os
import sys
from pathlib import Path
from typing import Any

import click

from toolkit.languages import LANGS

FORMS = (
    "tsv", "jsonl", "tmx", "html", "review", "xliff", "xliff2", "standoff", "ladder", "vecalign",
)  # fmt: skip
_SUFFIXES = {"htm": "html", "xlf": "xliff", "xml": "standoff"}


class Align(click.Group):
    """A command that takes files at once, unless its first argument names a subcommand."""

    allow_extra_args = False
    allow_interspersed_args = True

    def make_context(
        self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any
    ) -> click.Context:
        sub = self.commands.get(args[0]) if args else None
        if sub is None:
            return super().make_context(info_name, args, parent, **extra)
        return sub.make_context(f"{info_name} {args[0]}", args[1:], parent, **extra)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return click.Command.parse_args(self, ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        return click.Command.invoke(self, ctx)


@click.command(
    "align",
    cls=Align,
    no_args_is_help=False,
    subcommand_metavar="",
    short_help="Align two or three versions of a dispatch.",
)
@click.argument("files", metavar="FILE FILE [FILE] | DIR...", nargs=-1, required=True)
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
@click.option(
    "--keep",
    metavar="FILE",
    help="Align anew round what a person decided: the lines of a review file that are marked = or"
    " changed, or all beads of a .tsv, .jsonl or .tmx file, in two languages or three.",
)
@click.option(
    "--doubtful-first", is_flag=True, help="Put the doubtful lines of a .review file first."
)
@click.option(
    "--dry-run", is_flag=True, help="Of folders: only show which files belong together, and why."
)
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=1, help="Of folders: processes for the groups."
)
@click.option(
    "--force", is_flag=True, help="Of folders: also align what is aligned and unchanged."
)
def command(
    files: tuple[str, ...],
    output: str | None,
    form: str | None,
    langs: tuple[str, ...],
    segmented: bool,
    glossaries: tuple[str, ...],
    least: float | None,
    keep: str | None,
    doubtful_first: bool,
    dry_run: bool,
    jobs: int,
    force: bool,
) -> None:
    """Align two or three versions of one dispatch (.txt, .md, .html; one may be - for stdin), or
    all that folders hold.

    Every segment of every version lands in exactly one bead, in reading order; what one version
    alone says stands alone. Formats: .tsv (a column a language; let a spreadsheet take its cells
    as text), .jsonl (segment numbers, the chance of the bead being right, and text), .tmx (1.4b,
    all languages in one unit), .html (a page to read), .review or .review.tsv (lines to correct
    by hand, the doubtful ones named at the top; the file itself says how; give it to --keep),
    .xlf (XLIFF 1.2; 2.1 with --format xliff2), .xml (standoff: cesAlign links that name the
    files), .ladder (as of hunalign) and .vecalign (index pairs). XLIFF, ladders and index pairs
    hold two languages: of three a file is written for each pair, x.zh-ru.xlf and so on.

    Of a folder, or several, the files are grouped first: by name (x.zh.txt x.ru.txt, zh/x.txt
    ru/x.txt), the rest by day, place, figures, names and vectors. Each group is written to a file
    in the folder -o (otherwise DIR/aligned), in the format --format. A file without a partner is
    named, and the exit status is 1; a group that cannot be aligned does not stop the others, and
    the status is 2. A second run does only what is new or changed.

    A first argument `diff` compares two alignments, `convert` writes one in another format; a
    file of that name is ./diff.

    \b
    Example:
      tongwen corpus copy ningbo . && tongwen align ningbo.*.txt -o ningbo.tsv
    """
    from toolkit.align import align
    from toolkit.align.beads import check_langs, surer
    from toolkit.align.keep import align_round
    from toolkit.dispatch import read_dispatch, read_segmented

    if files and all(path != "-" and os.path.isdir(path) for path in files):
        if langs or keep:
            raise click.UsageError("--lang and --keep are for single files, not for folders")
        from toolkit.cli import align_folder

        form = form or "tsv"
        _check_form(form, glossaries, least, doubtful_first)
        settings = align_folder.Settings(form, segmented, glossaries, least, doubtful_first)
        sys.exit(
            align_folder.run(files, output, settings, dry_run=dry_run, jobs=jobs, force=force)
        )
    if dry_run or force or jobs > 1:
        raise click.UsageError("--dry-run, --jobs and --force are for folders")
    if not 2 <= len(files) <= 3:
        more = "; name their folder, and they are grouped first" if len(files) > 3 else ""
        raise click.UsageError(f"two or three files are aligned, not {len(files)}{more}")
    if langs and len(langs) != len(files):
        raise click.UsageError(
            f"--lang is given {len(langs)} times for {len(files)} files; once for each, in order"
        )
    if files.count("-") > 1:
        raise click.UsageError("the standard input (-) can stand for one file only")
    if output == "-":  # as in the name of a file to be read
        output = None
    form = form or _form(output)
    _check_form(form, glossaries, least, doubtful_first)
    if output and any(path != "-" and _same(path, output) for path in files):
        raise click.UsageError(f"{output} is one of the files to be aligned; name another")
    read = read_segmented if segmented else read_dispatch
    dispatches = [
        read(path, lang) for path, lang in zip(files, langs or [None] * len(files), strict=True)
    ]
    check_langs(dispatches)
    decisions = _decisions(keep, dispatches, output) if keep else None
    watched = sys.stderr.isatty()
    if watched:
        sizes = " + ".join(str(len(dispatch.segments)) for dispatch in dispatches)
        click.echo(f"\raligning {sizes} segments …", nl=False, err=True)
    try:
        alignment = align_round(dispatches, decisions.kept) if decisions else align(dispatches)
    finally:
        if watched:
            click.echo("\r\x1b[K", nl=False, err=True)
    told = summary(alignment)
    if least is not None:
        alignment, doubtful = surer(alignment, least)
        told += f"; {doubtful} of a chance below {least:g} left out"
    _put(alignment, form, output, glossaries, doubtful_first)
    click.echo(told, err=True)


def _check_form(
    form: str, glossaries: tuple[str, ...], least: float | None, doubtful_first: bool
) -> None:
    """Refuse options that a format has no use for."""
    if glossaries and form != "html":
        raise click.UsageError(f"--glossary colours an .html page; {form} has no colours")
    if form in ("review", "ladder") and least is not None:
        raise click.UsageError(f"a {form} file holds every bead; leave --min-confidence out")
    if form != "review" and doubtful_first:
        raise click.UsageError(f"--doubtful-first is for review files; {form} keeps reading order")


def _put(
    alignment: Any,
    form: str,
    output: str | None,
    glossaries: tuple[str, ...] = (),
    doubtful_first: bool = False,
) -> list[str]:
    """Write an alignment, to standard output where no file is named; return the files."""
    from toolkit import files as disk
    from toolkit.align import formats

    if not output:
        click.echo(render(alignment, form, glossaries, doubtful_first), nl=False)
        return []
    if form in formats.PAIRED and len(alignment.langs) > 2:
        made = formats.documents(alignment, form, output)
        click.echo(f"a file a pair: {', '.join(map(str, made))}", err=True)
    else:
        made = {Path(output): render(alignment, form, glossaries, doubtful_first, output)}
    for path, text in made.items():
        disk.write_text(path, text)
    return [str(path) for path in made]


def _same(one: str, other: str) -> bool:
    try:
        return os.path.samefile(one, other)
    except OSError:  # one of them is not there
        return False


def _decisions(keep: str, dispatches: Any, output: str | None) -> Any:
    """Find what a person decided in the texts, and tell what could not be found."""
    from toolkit.align import decided

    decisions = decided.read(keep, dispatches)
    more = set(decisions.langs) - {dispatch.lang for dispatch in dispatches}
    if output and more and _same(keep, output):
        raise click.UsageError(
            f"{keep} holds {' and '.join(sorted(more))} too, which would be lost; name another "
            "--output"
        )
    for note in (*decisions.notes, *decisions.partly, *decisions.lost):
        click.echo(note, err=True)
    told = f"{keep}: {_beads(len(decisions.kept), 'decided ')} kept"
    if decisions.partly:
        told += f", {len(decisions.partly)} of them in part"
    if decisions.lost:
        told += f", {len(decisions.lost)} could not be kept"
    if not decisions.kept:
        told += "; mark lines with =, or change their numbers"
    click.echo(told, err=True)
    return decisions


def _form(output: str | None) -> str:
    if not output:
        return "tsv"
    if output.lower().endswith(".review.tsv"):
        return "review"
    suffix = Path(output).suffix.lower().lstrip(".")
    form = _SUFFIXES.get(suffix, suffix)
    if form not in FORMS or suffix in ("xliff2", "standoff"):
        raise click.UsageError(
            f"{output}: the suffix names no format; end the name in .tsv, .jsonl, .tmx, .html,"
            " .review, .xlf, .xml, .ladder, .vecalign or give --format"
        )
    return form


def render(
    alignment: Any,
    form: str,
    glossaries: tuple[str, ...],
    doubtful_first: bool,
    output: str | None = None,
) -> str:
    if form == "review":
        from toolkit.align import review

        return review.render(alignment, doubtful_first)
    if form != "html":
        from toolkit.align import formats

        lost = formats.unwritable(alignment) if form == "tmx" else 0
        if lost:
            click.echo(f"{lost} characters that XML cannot hold are written as U+FFFD", err=True)
        return formats.render(alignment, form, Path(output).parent if output else None)
    from toolkit.glossary.match import Matcher
    from toolkit.glossary.store import load
    from toolkit.report.page import alignment_page

    return alignment_page(alignment, Matcher(load([Path(path) for path in glossaries] or None)))


def summary(alignment: Any) -> str:
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


@command.command("diff", short_help="Compare two alignments of the same texts.")
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
def diff(first: str, second: str) -> None:
    """Compare two alignments (.review, .tsv, .jsonl, .tmx) of the same texts.

    Beads that only A has are lines with -, those that only B has lines with +, each with its line
    in the file. Then, for each pair of languages, how far A agrees if B is the reference.

    Exit status: 0 the same beads, 1 different ones, 2 could not be compared.

    \b
    Example:
      tongwen corpus copy ningbo . && tongwen align ningbo.*.txt -o ningbo.review && tongwen align ningbo.*.txt -o ningbo.tmx && tongwen align diff ningbo.review ningbo.tmx
    """  # noqa: E501
    from toolkit.align.decided import opened
    from toolkit.align.diff import compare
    from toolkit.errors import AlignmentError

    def note(line: str) -> None:
        click.echo(line, err=True)

    found = [opened(path, note) for path in (first, second)]
    try:
        difference = compare(*found)
    except AlignmentError as error:
        raise AlignmentError(f"{first}, {second}: {error}") from None
    if difference.left_out:
        note(f"not compared: {' '.join(difference.left_out)}, which only one of the two has")
    if difference.rows:
        click.echo(f"--- {first}\n+++ {second}")
    for sign, row in difference.rows:
        click.echo(f"{sign}{row.line}\t{_sides(row, difference.langs)}")
    only = [sum(sign == mark for sign, _ in difference.rows) for mark in "-+"]
    click.echo(
        f"{_beads(difference.same)} in both, {only[0]} only in {first}, {only[1]} only in {second}"
    )
    for pair, agreement in difference.pairs.items():
        click.echo(
            f"{'-'.join(pair)}: precision {agreement.precision:.3f}"
            f" ({agreement.same}/{agreement.first}), recall {agreement.recall:.3f}"
            f" ({agreement.joined}/{agreement.second}), F1 {agreement.f1:.3f},"
            f" {second} taken as the reference"
        )
    if difference.rows:
        sys.exit(1)


@command.command("convert", short_help="Write an aligned file in another format.")
@click.argument("file", metavar="FILE")
@click.argument("texts", metavar="[TEXT TEXT]", nargs=-1)
@click.option("-o", "--output", metavar="FILE", help="Write here; the suffix names the format.")
@click.option(
    "--format", "form", type=click.Choice(FORMS), help="Format; otherwise by the suffix, else tsv."
)
@click.option("--segmented", is_flag=True, help="Each line of a TEXT is one segment.")
@click.option(
    "--lang", "langs", type=click.Choice(LANGS), multiple=True, help="Language of each TEXT."
)
def convert(
    file: str,
    texts: tuple[str, ...],
    output: str | None,
    form: str | None,
    segmented: bool,
    langs: tuple[str, ...],
) -> None:
    """Write an aligned file (.review, .tsv, .jsonl, .tmx, .xlf, .xml, .ladder, .vecalign) in
    another format of `tongwen align`.

    A ladder and index pairs hold numbers only: TEXT TEXT are the files that they link, in the
    order of their columns. A standoff .xml file names its texts, the other formats hold them; a
    text of theirs is one segment then.

    \b
    Example:
      tongwen corpus copy ningbo . && tongwen align ningbo.zh.txt ningbo.ru.txt -o n.ladder && tongwen align convert n.ladder ningbo.zh.txt ningbo.ru.txt -o n.tmx
    """  # noqa: E501
    from toolkit.align import convert as converter
    from toolkit.dispatch import read_dispatch, read_segmented

    output = None if output == "-" else output
    form = form or _form(output)
    if langs and len(langs) != len(texts):
        raise click.UsageError(
            f"--lang is given {len(langs)} times for {len(texts)} texts; once for each, in order"
        )
    if output and any(_same(path, output) for path in (file, *texts)):
        raise click.UsageError(f"{output} is one of the files to be read; name another")
    read = read_segmented if segmented else read_dispatch
    dispatches = [
        read(path, lang) for path, lang in zip(texts, langs or [None] * len(texts), strict=True)
    ]
    alignment = converter.read(file, dispatches, lambda line: click.echo(line, err=True))
    _put(alignment, form, output)
    click.echo(summary(alignment), err=True)


def _beads(count: int, what: str = "") -> str:
    return f"{count} {what}bead{'' if count == 1 else 's'}"


def _sides(row: Any, langs: tuple[str, ...]) -> str:
    from toolkit.columns import clip

    sides = []
    for lang in langs:
        numbers = "".join(f" {n + 1}" for n in row.segments.get(lang, ()))
        text = clip(" ".join(row.texts.get(lang, "").split()), 40)
        sides.append(f"{lang}{numbers}: {text}" if numbers or text else f"{lang} -")
    return "\t".join(sides)
