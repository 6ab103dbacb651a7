"""``tongwen rule``: what each code of the check means, and why the rule exists."""

import json
from dataclasses import asdict
from difflib import get_close_matches

import click


@click.command("rule", short_help="Explain a rule of the check, or list them all.")
@click.argument("codes", metavar="[CODE]", nargs=-1)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def command(codes: tuple[str, ...], form: str) -> None:
    """Explain the rules that ``tongwen check`` names in its findings.

    Without a CODE, list all rules, one a line: code, severity, title.

    \b
    Example:
      tongwen rule N101
    """
    from toolkit.glossary.rules import RULES

    wanted = [code.upper() for code in codes]
    for code in wanted:
        if code not in RULES:
            near = get_close_matches(code, RULES, 3, 0.5)
            hint = f"; near it: {', '.join(near)}" if near else ""
            raise click.UsageError(f"there is no rule {code}{hint}; `tongwen rule` lists them all")
    if form == "json":
        chosen = {code: asdict(RULES[code]) for code in wanted or RULES}
        click.echo(json.dumps({"schema": "tongwen.rules/1", "rules": chosen}, ensure_ascii=False))
        return
    if not wanted:
        for code, rule in RULES.items():
            click.echo(f"{code}  {rule.severity:<8} {rule.title}")
        return
    for number, code in enumerate(wanted):
        rule = RULES[code]
        click.echo(("\n" if number else "") + f"{code}  {rule.title} ({rule.severity})\n")
        click.echo(click.wrap_text(rule.explanation, 78, "  ", "  "))
        if rule.wrong:
            click.echo(f"\n  wrong: {rule.wrong}\n  right: {rule.right}")
        click.echo(
            f"\n  Leave it out once: tongwen: ignore {code} -- reason (in the text or in a file,"
            "\n  see tongwen check --help); everywhere: --ignore " + code
        )
