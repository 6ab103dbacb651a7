"""``tongwen glossary drift``: how the renderings of a concept change with time."""

import click

from toolkit.languages import LANGS, NAMES


@click.command("drift", short_help="Show a concept's renderings by month, and what changed.")
@click.argument("concept")
@click.argument("paths", nargs=-1, required=True, metavar="DIR...")
@click.option("-g", "--glossary", "glossaries", metavar="PATH", multiple=True,
              help="Glossary file; may be given several times. As a rule the shipped ones.")
@click.option("--with", "others", metavar="ID", multiple=True, help="Count the renderings of this "
              "concept too: of one that replaced it, say.")
@click.option("--lang", type=click.Choice(LANGS), help="Only this language.")
@click.option("--by", type=click.Choice(["month", "year"]), default="month", show_default=True)
@click.option("--alpha", type=click.FloatRange(0, 1, min_open=True), default=0.05,
              show_default=True, help="Chance of telling a change where there is none.")
@click.option("--html", metavar="FILE", help="Also write a page with plots and all uses.")
@click.option("--format", "form", type=click.Choice(["text", "tsv", "json"]), default="text",
              show_default=True)
@click.pass_context
def command(
    ctx: click.Context,
    concept: str,
    paths: tuple[str, ...],
    glossaries: tuple[str, ...],
    others: tuple[str, ...],
    lang: str | None,
    by: str,
    alpha: float,
    html: str | None,
    form: str,
) -> None:
    """Count the renderings of the concept CONCEPT in the dispatches of DIR by month, as a table
    and a plot, and find the months in which their shares change beyond chance. A dispatch has the
    date of its dateline or page, else of its file's name.

    Exit status 1 if no rendering is found.

    \b
    Example:
      tongwen corpus copy ningbo . && tongwen glossary drift pm_regular_meeting_committee . --html drift.html
    """  # noqa: E501
    import json
    from dataclasses import replace

    from toolkit.cli.glossary.attest import _found
    from toolkit.glossary.attest.drift import drift
    from toolkit.glossary.attest.uses import attest
    from toolkit.glossary.search import find

    found, glossary, units = _found(concept, paths, glossaries)
    result = attest(found, glossary, units)
    for other in others:
        more = attest(find(glossary, other), glossary, units)
        result = replace(result, uses=(*result.uses, *more.uses), gaps=())
    drifts = [
        one for one in drift(result.uses, by=by, alpha=alpha) if lang in (None, one.lang)
    ]  # fmt: skip
    if form == "json":
        record = {
            "schema": "tongwen.drift/1", "concept": found.id, "with": list(others), "by": by,
            "alpha": alpha,
            "languages": [
                {
                    "lang": one.lang,
                    "terms": [{"text": t.text, "status": t.status} for t in one.terms],
                    "periods": [
                        {"period": name, "counts": list(row)}
                        for name, row in zip(one.periods, one.counts, strict=True)
                    ],
                    "undated": list(one.undated),
                    "changes": [
                        {"period": c.period, "p": c.p, "before": list(c.before),
                         "after": list(c.after)} for c in one.changes
                    ],
                }
                for one in drifts
            ],
        }  # fmt: skip
        click.echo(json.dumps(record, ensure_ascii=False, indent=1))
    elif form == "tsv":
        click.echo(f"lang\t{by}\tterm\tstatus\tcount")
        for one in drifts:
            rows = [*zip(one.periods, one.counts, strict=True), ("", one.undated)]
            for name, row in rows:
                for term, count in zip(one.terms, row, strict=True):
                    if count:
                        click.echo(f"{one.lang}\t{name}\t{term.text}\t{term.status}\t{count}")
    else:
        for one in drifts:
            _show(one)
    if html:
        from toolkit.files import write_text
        from toolkit.report.drift_page import page

        write_text(html, page(result, drifts, by=by))
        click.echo(f"{html}: written", err=True)
    undated = sum(unit.date is None for unit in units)
    click.echo(f"{len(result.uses)} uses, {len(units)} dispatches"
               + (f", {undated} of them undated" if undated else ""), err=True)  # fmt: skip
    if not drifts:
        ctx.exit(1)


def _show(one) -> None:
    from toolkit.columns import pad
    from toolkit.glossary.attest.drift import bar, mark

    click.echo(NAMES[one.lang])
    for number, term in enumerate(one.terms):
        click.echo(f"  {mark(number)} {term.text}  ({term.status})")
    most = max((sum(row) for row in one.counts), default=0)
    starts = {change.period: change for change in one.changes}
    for name, row in zip(one.periods, one.counts, strict=True):
        if name in starts:
            change = starts[name]
            told = [
                f"{mark(n)} {before:.0%} to {after:.0%}"
                for n, (before, after) in enumerate(
                    zip(change.before, change.after, strict=True)
                )
                if round(before, 2) != round(after, 2)
            ]
            click.echo(f"  -- change in {name}: {', '.join(told)} (p = {change.p:.2g})")
        counts = " ".join(f"{count:>3}" if count else "  ." for count in row)
        click.echo(f"  {pad(name, 8)}{counts}  {bar(row, most)}")
    if sum(one.undated):
        counts = " ".join(f"{count:>3}" if count else "  ." for count in one.undated)
        click.echo(f"  undated {counts}")
    if not one.changes:
        click.echo("  no change beyond chance")
