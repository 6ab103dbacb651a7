"""``tongwen check``: fixed phrases in a text, in versions of a dispatch, in an aligned file."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from toolkit.languages import LANGS

ALIGNED = (".tsv", ".jsonl", ".tmx")
_RANK = {"info": 0, "warning": 1, "error": 2}
_LANG_PART = re.compile(r"(?:^|(?<=[._-]))(?:zh|ru|en)[._-]", re.IGNORECASE)


def _show_rules(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    from toolkit.glossary.rules import RULES

    for code, rule in RULES.items():
        click.echo(f"{code}  {rule.severity:<8} {rule.title}")
        click.echo(click.wrap_text(rule.explanation, 78, "      ", "      ") + "\n")
    ctx.exit()


@click.command("check", short_help="Check fixed phrases in a text or an aligned file.")
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
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "never"]),
    default="warning",
    show_default=True,
    help="Least severity that makes the exit status 1.",
)
@click.option(
    "--rules",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_rules,
    help="Show the rules and exit.",
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
    form: str,
    fail_on: str,
) -> None:
    """Check the fixed phrases of each FILE against the glossary.

    FILE is a text (.txt, .md, .html; - is the standard input) or an aligned file (.tsv, .jsonl,
    .tmx). In a text, forbidden and outdated forms are found. In an aligned file each language is
    also compared with the others: a concept of one needs its approved equivalent in the other.
    Texts that are versions of one dispatch (x.zh.txt x.ru.txt x.en.txt) are aligned and compared
    as well, unless --alone is given.

    Exit status: 0 clean, 1 findings, 2 could not be done.

    \b
    Example:
      echo 中俄全面战略合作伙伴关系 > note.zh.txt; tongwen check note.zh.txt
    """
    from toolkit.glossary.match import Matcher
    from toolkit.glossary.store import load

    if files.count("-") > 1:
        raise click.UsageError("the standard input (-) can stand for one file only")
    if lang and all(Path(path).suffix.lower() in ALIGNED for path in files):
        raise click.UsageError("--lang is for texts; an aligned file names its languages itself")
    glossary = load([Path(path) for path in glossaries] or None)
    scope = _countries(countries, glossary)
    day = date.date() if date else None
    run = _Run(Matcher(glossary), day, scope, notes)
    texts = []
    for path in dict.fromkeys(files):
        if Path(path).suffix.lower() in ALIGNED:
            run.aligned_file(path)
        else:
            texts.append(run.text(path, lang))
    if not alone:
        for versions in _versions(texts):
            run.versions(versions)
    order = {"stdin" if path == "-" else path: number for number, path in enumerate(files)}
    findings = sorted(
        run.findings,
        key=lambda f: (order.get(f.file, len(order)), f.line, f.column, f.code, f.concept),
    )
    if form == "json":
        click.echo(json.dumps(_record(findings, files, run.uses, glossary), ensure_ascii=False))
    else:
        for finding in findings:
            click.echo(_shown(finding, run.lines))
        click.echo(_summary(findings, len(set(files)), run.uses), err=True)
    worst = max((_RANK[finding.severity] for finding in findings), default=0)
    if fail_on != "never" and worst >= _RANK[fail_on]:
        ctx.exit(1)


class _Run:
    """What the files hold so far: findings, term uses, and their lines to show."""

    def __init__(self, matcher: Any, day: Any, countries: frozenset[str], notes: bool) -> None:
        self.matcher = matcher
        self.day = day
        self.countries = countries
        self.notes = notes
        self.findings: list[Any] = []
        self.uses = 0
        self.lines: dict[str, list[str]] = {}

    def text(self, path: str, lang: str | None) -> Any:
        from toolkit.dispatch import read_dispatch
        from toolkit.glossary.check import check_text

        dispatch = read_dispatch(path, lang)
        self.lines[dispatch.source] = dispatch.text.split("\n")
        checked = check_text(dispatch, self.matcher, date=self.day, countries=self.countries)
        self.findings.extend(checked.findings)
        self.uses += checked.uses
        return dispatch

    def aligned_file(self, path: str) -> None:
        from toolkit.align.formats import read
        from toolkit.files import read_text
        from toolkit.glossary.compare import check_rows
        from toolkit.report.rows import file_rows

        aligned = read(path, lambda note: click.echo(note, err=True))
        self.lines[path] = read_text(path).text.split("\n")
        rows = file_rows(path, aligned, self.lines[path])
        checked = check_rows(
            rows, self.matcher, date=self.day, countries=self.countries, notes=self.notes
        )
        self.findings.extend(checked.findings)
        self.uses += checked.uses

    def versions(self, dispatches: Sequence[Any]) -> None:
        from toolkit.align import align
        from toolkit.glossary.compare import check_rows
        from toolkit.report.rows import alignment_rows

        rows = alignment_rows(align(dispatches))
        dates = [d.date or d.page_date for d in dispatches if d.date or d.page_date]
        checked = check_rows(
            rows,
            self.matcher,
            date=self.day or (min(dates) if dates else None),
            countries=self.countries,
            forms=False,
            notes=self.notes,
        )
        self.findings.extend(checked.findings)
        names = ", ".join(dispatch.source for dispatch in dispatches)
        click.echo(f"compared {names} in {len(rows)} passages", err=True)


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


def _versions(dispatches: Sequence[Any]) -> list[list[Any]]:
    """Group dispatches whose file names differ in the language only."""
    groups: dict[str, dict[str, Any]] = {}
    for dispatch in dispatches:
        path = Path(dispatch.source)
        stem = _LANG_PART.sub("", path.name)
        if stem != path.name:
            same = groups.setdefault(str(path.parent / stem.rsplit(".", 1)[0]), {})
            same.setdefault(dispatch.lang, dispatch)
    return [list(same.values()) for same in groups.values() if len(same) > 1]


def _record(findings: Sequence[Any], files: Sequence[str], uses: int, glossary: Any) -> Any:
    return {
        "schema": "tongwen.check/1",
        "files": ["stdin" if path == "-" else path for path in dict.fromkeys(files)],
        "glossary": glossary.source,
        "uses": uses,
        "counts": {
            severity: sum(finding.severity == severity for finding in findings)
            for severity in reversed(_RANK)
        },
        "findings": [asdict(finding) for finding in findings],
    }


def _shown(finding: Any, lines: dict[str, list[str]]) -> str:
    from toolkit.columns import marked_line

    head = (
        f"{finding.file}:{finding.line}:{finding.column}: "
        f"{finding.severity} {finding.code} {finding.message}"
    )
    source = lines.get(finding.file, [])
    if not 0 < finding.line <= len(source):
        return head
    line = source[finding.line - 1].rstrip("\r")
    mark = marked_line(line, finding.column, len(finding.found), limit=96)
    return head + "\n" + "\n".join(f"    {part}" for part in mark.split("\n"))


def _summary(findings: Sequence[Any], files: int, uses: int) -> str:
    count = len(findings) or "no"
    return (
        f"{count} finding{'' if count == 1 else 's'} in {files} file{'' if files == 1 else 's'}; "
        f"{uses} term use{'' if uses == 1 else 's'} checked"
    )
