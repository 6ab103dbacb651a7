"""``tongwen glossary lint``: what is wrong in a glossary, and mending it."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from toolkit.cli.glossary._shared import tell

_RANK = {"info": 0, "warning": 1, "error": 2}


def _show_rules(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    from toolkit.glossary.lint.rules import RULES

    for code, rule in RULES.items():
        mends = ", --fix mends it" if rule.mends else ""
        click.echo(f"{code}  {rule.severity}  {rule.title}{mends}")
        click.echo(click.wrap_text(rule.explanation, 90, "      ", "      "))
    ctx.exit()


@click.command("lint", short_help="Find what is wrong in a glossary, and mend it.")
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("-g", "--glossary", "more", multiple=True, metavar="FILE", help="As FILE.")
@click.option("--select", multiple=True, metavar="CODE", help="Only these rules: G1, G005.")
@click.option("--ignore", multiple=True, metavar="CODE", help="Not these rules.")
@click.option("--all", "everything", is_flag=True, help="Show notes (info) too.")
@click.option("--fix", is_flag=True, help="Mend what there is one way to mend.")
@click.option("--dry-run", is_flag=True, help="With --fix: show the change and write nothing.")
@click.option("--diff", "show", is_flag=True, help="With --fix: show the change, line by line.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text",
              show_default=True)
@click.option("--fail-on", type=click.Choice(["error", "warning", "info", "never"]),
              default="warning", show_default=True,
              help="Least severity that makes the exit status 1.")
@click.option("--by", envvar="TONGWEN_BY", show_envvar=True, help="Who mends, for the journal.")
@click.option("--rules", is_flag=True, is_eager=True, expose_value=False, callback=_show_rules,
              help="Show the rules and exit.")
@click.pass_context
def command(
    ctx: click.Context,
    files: tuple[str, ...],
    more: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    everything: bool,
    fix: bool,
    dry_run: bool,
    show: bool,
    form: str,
    fail_on: str,
    by: str | None,
) -> None:
    """Find what is wrong in each FILE and between them: duplicates, contradictions, letters of
    another script, terms nothing finds. Without FILE the shipped glossaries are looked at.

    Exit status: 0 clean, 1 findings, 2 could not be done.

    \b
    Example:
      tongwen glossary lint --select G1 --fail-on error
    """
    from toolkit.glossary.lint import chosen, lint_files, mend
    from toolkit.glossary.lint.rules import RULES
    from toolkit.glossary.store import shipped_files

    for code in (*select, *ignore):
        if not any(known.startswith(code) for known in RULES):
            raise click.BadParameter(f"no rule begins with {code}; see --rules")
    if (dry_run or show) and not fix:
        raise click.UsageError("--dry-run and --diff go with --fix")
    paths: list[Any] = []
    for path in (*files, *more) or ("shipped",):
        paths += shipped_files() if path == "shipped" and not fix else [path]
    if fix:
        from toolkit.glossary.change import change

        wanted = chosen(select, ignore)
        for path in paths:
            done = change(
                path, lambda sheet: mend(sheet, wanted), action="lint", by=by or "",
                dry_run=dry_run, lenient=True,
            )  # fmt: skip
            tell(done, dry_run=dry_run, show=show)
    findings = lint_files(paths, select=select, ignore=ignore)
    shown = [f for f in findings if everything or form == "json" or f.severity != "info"]
    if form == "json":
        record = {
            "schema": "tongwen.glossary.lint/1",
            "files": [str(path) for path in paths],
            "counts": {s: sum(f.severity == s for f in findings) for s in reversed(_RANK)},
            "findings": [
                {k: v for k, v in asdict(f).items() if k != "expected"} for f in findings
            ],
        }
        click.echo(json.dumps(record, ensure_ascii=False, indent=1))
    else:
        for f in shown:
            name = f.concept and f"{f.concept}: "
            click.echo(
                f"{_near(f.file)}:{f.line}:{f.column}: {f.code} {f.severity}: {name}{f.message}"
            )
    counts = [f"{sum(f.severity == s for f in findings)} {s}" for s in reversed(_RANK)]
    hidden = "" if everything or form == "json" else " (see them with --all)"
    files_word = "1 file" if len(paths) == 1 else f"{len(paths)} files"
    click.echo(f"{', '.join(counts)}{hidden} in {files_word}", err=True)
    least = _RANK.get(fail_on, 9)
    if any(_RANK[f.severity] >= least for f in findings):
        ctx.exit(1)


def _near(path: str) -> str:
    """Return a path from here, where that is shorter."""
    try:
        return str(Path(path).relative_to(Path.cwd()))
    except ValueError:
        return path
