"""``tongwen glossary stats``: how large a glossary is, and how far it can be trusted."""

import json

import click

from toolkit.cli.glossary._shared import STATUSES, load
from toolkit.languages import LANGS


@click.command("stats", short_help="Count concepts, terms, sources, gaps.")
@click.option("-g", "--glossary", "glossaries", metavar="FILE", multiple=True,
              help="May be given several times; as a rule the shipped ones.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text",
              show_default=True)
def command(glossaries: tuple[str, ...], form: str) -> None:
    """Count: concepts by domain, terms by language and status, how many say where they were seen,
    which languages are missing.

    \b
    Example:
      tongwen glossary stats
    """
    from collections import Counter

    from toolkit.columns import pad

    glossary = load(glossaries)
    terms = [term for concept in glossary.concepts for term in concept.terms]
    by_status = {
        lang: Counter(term.status for term in terms if term.lang == lang) for lang in LANGS
    }
    domains = Counter(concept.domain for concept in glossary.concepts)
    traits = {
        "seen in a source": sum(t.verified and bool(t.evidence) for t in terms),
        "with a dated source": sum(any(t.dates) for t in terms),
        "marked unverified": sum(not t.verified for t in terms),
        "bound to countries": sum(bool(t.scope) for t in terms),
        "with dates": sum(bool(t.valid_from or t.valid_to) for t in terms),
        "of one side": sum(bool(t.register) for t in terms),
        "frames with slots": sum("…" in t.text or "..." in t.text for t in terms),
    }
    missing = {
        lang: sum(not any(t.lang == lang for t in c.terms) for c in glossary.concepts)
        for lang in LANGS
    }
    if form == "json":
        document = {
            "schema": "tongwen.glossary.stats/1",
            "source": glossary.source,
            "concepts": len(glossary.concepts),
            "terms": {lang: dict(by_status[lang]) for lang in LANGS},
            "traits": traits,
            "missing": missing,
            "domains": dict(domains.most_common()),
        }
        click.echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    click.echo(f"{len(glossary.concepts)} concepts, {len(terms)} terms")
    click.echo(f"{'':22}" + "".join(f"{lang:>8}" for lang in LANGS))
    for status in STATUSES:
        if any(by_status[lang][status] for lang in LANGS):
            counts = "".join(f"{by_status[lang][status]:>8}" for lang in LANGS)
            click.echo(f"  {status:<20}{counts}")
    counts = "".join(f"{missing[lang]:>8}" for lang in LANGS)
    click.echo(f"  {'concepts without':<20}{counts}")
    for name, count in traits.items():
        share = f"{100 * count / len(terms):5.1f} %" if terms else ""
        click.echo(f"  {name:<20}{count:>8}  {share}")
    for name, count in domains.most_common():
        click.echo(f"  {pad(name, 20)}{count:>8}")
