"""``tongwen check``: phrases, figures, dates and names in texts, versions and aligned files."""

import re
from collections.abc import Sequence
from datetime import date as Day
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from toolkit.languages import LANGS

_RANK = {"info": 0, "warning": 1, "error": 2}
_CODES = re.compile(r"[A-Z](?:\d{0,3})")
_FORMATS = ("text", "json", "sarif", "github", "junit", "markdown", "html", "xlsx")


def _show_rules(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    from toolkit.glossary.rules import RULES

    for code, rule in RULES.items():
        click.echo(f"{code}  {rule.severity:<8} {rule.title}")
        click.echo(click.wrap_text(rule.explanation, 78, "      ", "      ") + "\n")
    ctx.exit()


def _show_schema(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    from importlib.resources import files

    schema = files("toolkit") / "checking" / "check.schema.json"
    click.echo(schema.read_text(encoding="utf-8"), nl=False)
    ctx.exit()


@click.command("check", short_help="Check phrases, figures, dates and names.")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option(
    "--glossary",
    "glossaries",
    metavar="PATH",
    multiple=True,
    help="Glossary to check against; may be given several times. Otherwise the shipped ones.",
)
@click.option("--lang", type=click.Choice(LANGS), help="Language of the texts; else found out.")
@click.option(
    "--date",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Day whose usage counts; otherwise the day of the dispatch.",
)
@click.option(
    "--country",
    "countries",
    metavar="CODE",
    multiple=True,
    help="Country whose fixed phrases apply (RU, VN, ...); otherwise the one the text names.",
)
@click.option("--alone", is_flag=True, help="Do not compare texts that are versions of one.")
@click.option("--all", "notes", is_flag=True, help="Also show notes: wordings free to differ.")
@click.option("--select", metavar="CODES", multiple=True, help="Only these rules: T,N101.")
@click.option("--ignore", metavar="CODES", multiple=True, help="Leave these rules out: X,T101.")
@click.option(
    "--suppressions",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="TABLE",
    help="Table of findings to leave out: code, file, found, reason, until.",
)
@click.option(
    "--baseline",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="JSON",
    help="Leave out the findings that this file knows.",
)
@click.option("--update-baseline", is_flag=True, help="Write the findings to --baseline.")
@click.option("--fix", is_flag=True, help="Write the safe suggestions into the files.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: the others too.")
@click.option("--diff", is_flag=True, help="Show what --fix would write; write nothing.")
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", show_default=True)
@click.option("-o", "--output", type=click.Path(), help="Write there; otherwise standard output.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "info", "never"]),
    default="warning",
    show_default=True,
    help="Least severity that makes the exit status 1.",
)
@click.option("--jobs", type=click.IntRange(1, 64), default=1, help="Processes for many files.")
@click.option(
    "--rules",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_rules,
    help="Show the rules and exit.",
)
@click.option(
    "--schema",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_schema,
    help="Show the schema of --format json and exit.",
)
@click.pass_context
def command(
    ctx: click.Context,
    files: tuple[str, ...],
    glossaries: tuple[str, ...],
    lang: str | None,
    date: datetime | None,
    countries: tuple[str, ...],
    alone: bool,
    notes: bool,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    suppressions: Path | None,
    baseline: Path | None,
    update_baseline: bool,
    fix: bool,
    unsafe_fixes: bool,
    diff: bool,
    form: str,
    output: str | None,
    fail_on: str,
    jobs: int,
) -> None:
    """Check phrases against the glossary, and figures, dates and names between versions.

    FILE is a text (.txt, .md, .html; - is the standard input), an aligned file (.tsv, .jsonl,
    .tmx, .xliff, .xml) or a folder. In a text, forbidden and outdated forms are found. In an
    aligned file the languages of each row are compared: concepts, figures by value, days, names.
    Texts that are versions of one dispatch by their names (x.zh.txt x.ru.txt x.en.txt, or
    zh/x.txt ru/x.txt) are aligned and compared too, unless --alone is given. `tongwen rule CODE`
    explains a rule.

    A comment leaves out what somebody looked at, for its line or, alone, for the next:
    "<!-- tongwen: ignore T001 -- why -->". Suppressions without use are reported.

    Exit status: 0 clean, 1 findings, 2 could not be done.

    \b
    Example:
      echo 中俄全面战略合作伙伴关系 > note.zh.txt; tongwen check note.zh.txt
    """
    from toolkit.glossary.store import load, no_collection

    with no_collection():  # nothing of what is loaded here is garbage
        from toolkit.checking import report as reports
        from toolkit.checking import run, suppress
        from toolkit.glossary.match import Matcher

    _refuse(files, lang, form, output, baseline, update_baseline, fix, diff, unsafe_fixes)
    chosen, dropped = _codes(select, "--select"), _codes(ignore, "--ignore")
    table = suppress.read_table(suppressions) if suppressions else []
    known = None
    if baseline:
        from toolkit.checking import baseline as baselines

        known = None if update_baseline else baselines.read(baseline)
    glossary = load([Path(path) for path in glossaries] or None)
    settings = run.Settings(
        tuple(Path(path) for path in glossaries),
        lang,
        date.date() if date else None,
        _countries(countries, glossary),
        alone,
        notes,
    )
    paths = run.expand(files)
    result = run.Result()
    for each in run.check(run.units(paths, alone), settings, jobs=jobs, matcher=Matcher(glossary)):
        result.add(each)
        for note in each.notes:
            click.echo(note, err=True)
    shown_files = ["stdin" if path == "-" else path for path in paths]
    order = {path: number for number, path in enumerate(shown_files)}
    findings = [f for f in result.findings if _wanted(f.code, chosen, dropped)]
    # A rule that was not looked for cannot show whether its suppression is of use.
    directives = [
        each
        for each in (*result.directives, *table)
        if all(_wanted(code, chosen, dropped) for code in each.codes)
    ]
    left = suppress.apply(findings, directives, shown_files, Day.today())
    findings = sorted(
        left.findings,
        key=lambda f: (order.get(f.file, len(order)), f.line, f.column, f.code, f.concept),
    )
    if update_baseline and baseline:
        from toolkit.files import write_text

        write_text(baseline, baselines.written(findings, result.lines))
        click.echo(f"{baseline}: {len(findings)} findings are known from now on", err=True)
    before = len(findings)
    if known is not None:
        findings = baselines.new(findings, known, result.lines)
    in_baseline = before - len(findings)
    fixed: list[Any] = []
    if fix or diff:
        from toolkit.checking import fix as mending

        fixed = mending.mend(findings, unsafe=unsafe_fixes)
        if diff:
            click.echo("".join(each.diff() for each in fixed), nl=False)
        else:
            for each in fixed:
                mending.write(each)
            findings = mending.without_fixed(findings, fixed)
        _tell_fixed(findings, fixed, diff, unsafe_fixes)
    count = 0 if diff else sum(len(each.fixed) for each in fixed)
    report = reports.Report(
        findings,
        shown_files,
        glossary.source,
        result.uses,
        result.lines,
        left.count,
        in_baseline,
        count,
    )
    if not diff:
        _print(report, form, output)
    if form == "text" or output:
        click.echo(reports.summary(report), err=True)
    worst = max((_RANK[finding.severity] for finding in findings), default=-1)
    if fail_on != "never" and worst >= _RANK[fail_on] and not update_baseline:
        ctx.exit(1)


def _refuse(
    files: Sequence[str],
    lang: str | None,
    form: str,
    output: str | None,
    baseline: Path | None,
    update_baseline: bool,
    fix: bool,
    diff: bool,
    unsafe_fixes: bool,
) -> None:
    """Refuse options that contradict each other, before any work."""
    from toolkit.checking.run import ALIGNED

    if files.count("-") > 1:
        raise click.UsageError("the standard input (-) can stand for one file only")
    if lang and all(Path(path).suffix.lower() in ALIGNED for path in files):
        raise click.UsageError("--lang is for texts; an aligned file names its languages itself")
    if form == "xlsx" and not output:
        raise click.UsageError("a workbook is no text: name a file for it with --output")
    if update_baseline and not baseline:
        raise click.UsageError("--update-baseline needs a file: --baseline known.json")
    if baseline and not update_baseline and not baseline.exists():
        raise click.UsageError(f"there is no baseline {baseline}; make it with --update-baseline")
    if unsafe_fixes and not (fix or diff):
        raise click.UsageError("--unsafe-fixes goes with --fix or --diff")
    if fix and "-" in files and not diff:
        raise click.UsageError("the standard input (-) cannot be mended; check a file")
    if diff and form != "text":
        raise click.UsageError("--diff shows a diff; leave --format out")


def _codes(values: Sequence[str], option: str) -> tuple[str, ...]:
    from toolkit.glossary.rules import RULES

    wanted = [code.strip().upper() for value in values for code in value.split(",")]
    for code in wanted:
        if not _CODES.fullmatch(code) or not any(rule.startswith(code) for rule in RULES):
            raise click.BadParameter(
                f"no rule begins with {code!r}; `tongwen rule` lists them", param_hint=option
            )
    return tuple(wanted)


def _wanted(code: str, chosen: Sequence[str], dropped: Sequence[str]) -> bool:
    if any(code.startswith(each) for each in dropped):
        return False
    return not chosen or any(code.startswith(each) for each in chosen)


def _print(report: Any, form: str, output: str | None) -> None:
    from toolkit.checking import report as reports
    from toolkit.files import write_bytes, write_text

    if form == "xlsx":
        from toolkit.checking.sheet import workbook

        write_bytes(output, workbook(report))  # type: ignore[arg-type]
        return
    if form == "html":
        from toolkit.report.check_page import check_page

        text = check_page(report)
    else:
        text = reports.FORMATS[form](report)
    if output and output != "-":
        write_text(output, text)
    else:
        click.echo(text, nl=False)


def _tell_fixed(
    findings: Sequence[Any], fixed: Sequence[Any], diff: bool, unsafe_fixes: bool
) -> None:
    count = sum(len(each.fixed) for each in fixed)
    would = "would be mended" if diff else "mended"
    click.echo(f"{count} {would} in {len(fixed)} file{'' if len(fixed) == 1 else 's'}", err=True)
    more = sum(bool(f.suggestion and f.found and not f.safe) for f in findings)
    if more and not unsafe_fixes:
        click.echo(f"{more} more with --unsafe-fixes: read each of them", err=True)


def _countries(codes: Sequence[str], glossary: Any) -> frozenset[str]:
    from toolkit.glossary.countries import CODES

    known = CODES | {c for k in glossary.concepts for term in k.terms for c in term.scope}
    wanted = frozenset(code.upper() for code in codes)
    for code in sorted(wanted - known):
        raise click.BadParameter(
            f"{code} is no country code known here; ISO 3166 codes such as RU or VN are",
            param_hint="--country",
        )
    return wanted
