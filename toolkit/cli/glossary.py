"""``tongwen glossary``: look into the glossary."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from toolkit.languages import LANGS, NAMES

STATUSES = ("preferred", "admitted", "deprecated", "forbidden")
SCHEMA = "tongwen.glossary/1"
_WIDTHS = {"zh": 30, "ru": 50, "en": 1}  # columns of most terms


@click.group("glossary", short_help="List, show and search the glossary.")
def command() -> None:
    """Look into the glossary: concepts with their terms in three languages.

    \b
    Example:
      tongwen glossary search 战略协作
    """


def _options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add what the three commands share."""
    function = click.option(
        "--format", "form", type=click.Choice(["text", "json", "tsv"]), default="text",
        show_default=True, help="tsv is the glossary's own file format.",
    )(function)  # fmt: skip
    return click.option(
        "--glossary", "glossaries", metavar="PATH", multiple=True,
        help="Glossary file; may be given several times, a later one has the last word. The word "
        "shipped stands for the shipped ones, which are read if none is given.",
    )(function)  # fmt: skip


def _load(paths: tuple[str, ...]) -> Any:
    from toolkit.glossary.store import load

    return load([Path(path) for path in paths] or None)


@command.command("list")
@click.option("--domain", help="Only concepts of this domain.")
@click.option("--lang", type=click.Choice(LANGS), help="Show this language only.")
@click.option("--status", type=click.Choice(STATUSES), help="Only with a term of this status.")
@_options
def list_(
    domain: str | None,
    lang: str | None,
    status: str | None,
    form: str,
    glossaries: tuple[str, ...],
) -> None:
    """List concepts, one a line: id, domain, preferred terms (or those of --status).

    \b
    Example:
      tongwen glossary list --domain partnership
    """
    from toolkit.glossary.search import select

    glossary = _load(glossaries)
    concepts = list(select(glossary, domain=domain, status=status, lang=lang))
    if form != "text":
        _write(glossary, concepts, form)
        return
    from toolkit.columns import clip, pad

    langs = (lang,) if lang else LANGS
    for concept in concepts:
        cells = [pad(clip(concept.id, 30), 30), pad(clip(concept.domain, 16), 16)]
        for name in langs:
            terms = [
                t.text
                for t in concept.terms
                if t.lang == name and t.status == (status or "preferred")
            ]
            # Terms are never cut: a long one pushes the rest of its line to the right.
            cells.append(pad(" | ".join(terms) or "–", _WIDTHS[name]))
        click.echo("  ".join(cells).rstrip())
    click.echo(_counted(len(concepts)), err=True)


def _counted(number: int) -> str:
    return "1 concept" if number == 1 else f"{number} concepts"


@command.command("show")
@click.argument("id")
@_options
def show(id: str, form: str, glossaries: tuple[str, ...]) -> None:
    """Show all there is about the concept ID: terms, statuses, scope, dates, sources.

    \b
    Example:
      tongwen glossary show csp_coordination_new_era
    """
    from toolkit.glossary.search import find

    glossary = _load(glossaries)
    concept = find(glossary, id)
    if form != "text":
        _write(glossary, [concept], form)
        return
    click.echo(f"{concept.id}  ({concept.domain})")
    if concept.note:
        click.echo(click.wrap_text(concept.note, 90, "  ", "  "))
    for lang in LANGS:
        for term in concept.terms:
            if term.lang == lang:
                click.echo(f"  {lang}  {term.status:<10} {term.text}{_details(term)}")
                for source in term.evidence:
                    click.echo(f"                   {source}")


def _details(term: Any) -> str:
    parts = []
    if term.scope:
        parts.append("for " + ", ".join(term.scope))
    if term.register:
        side = {"cn": "Chinese", "ru": "Russian"}.get(term.register, term.register)
        parts.append(f"{side} side")
    if term.valid_from:
        parts.append(f"from {term.valid_from}")
    if term.valid_to:
        parts.append(f"to {term.valid_to}")
    parts += sorted(term.flags)
    if term.note:
        parts.append(term.note)
    if not term.verified:
        parts.append("unverified")
    return f"  [{'; '.join(parts)}]" if parts else ""


@command.command("search")
@click.argument("query")
@click.option("--lang", type=click.Choice(LANGS), help="Look in this language only.")
@click.option("--notes", is_flag=True, help="Look in notes too.")
@_options
@click.pass_context
def search(
    ctx: click.Context,
    query: str,
    lang: str | None,
    notes: bool,
    form: str,
    glossaries: tuple[str, ...],
) -> None:
    """Find the concepts that hold QUERY: one or more Han characters, Russian in any case, English
    in any number, an id. Spelling of ё, hyphens and letter case do not matter.

    Exit status 1 if nothing is found.

    \b
    Example:
      tongwen glossary search "стратегического взаимодействия"
    """
    from toolkit.glossary.search import search as find_all

    glossary = _load(glossaries)
    hits = find_all(glossary, query, langs=(lang,) if lang else LANGS, notes=notes)
    if form != "text":
        _write(glossary, [hit.concept for hit in hits], form)
    else:
        for hit in hits:
            click.echo(hit.concept.id)
            for name in LANGS:
                term = hit.concept.preferred(name)
                click.echo(f"  {name}  {term.text if term else '–'}")
                for other in hit.terms:
                    if other.lang == name and other != term:
                        click.echo(f"      {other.status}: {other.text}{_details(other)}")
    if not hits:
        where = NAMES[lang] if lang else "any language"
        click.echo(f"{query!r} stands in no term of {where}", err=True)
        ctx.exit(1)
    click.echo(_counted(len(hits)), err=True)


def _write(glossary: Any, concepts: Iterable[Any], form: str) -> None:
    if form == "tsv":
        from toolkit.glossary.concept import Glossary
        from toolkit.glossary.store import dump

        click.echo(dump(Glossary(tuple(concepts), glossary.source)), nl=False)
        return
    record = {
        "schema": SCHEMA,
        "source": glossary.source,
        "concepts": [
            {
                "id": concept.id,
                "domain": concept.domain,
                "note": concept.note,
                "terms": [
                    {
                        "lang": term.lang,
                        "text": term.text,
                        "status": term.status,
                        "scope": list(term.scope),
                        "register": term.register,
                        "valid_from": term.valid_from.isoformat() if term.valid_from else None,
                        "valid_to": term.valid_to.isoformat() if term.valid_to else None,
                        "flags": sorted(term.flags),
                        "note": term.note,
                        "verified": term.verified,
                        "evidence": list(term.evidence),
                    }
                    for term in concept.terms
                ],
            }
            for concept in concepts
        ],
    }
    click.echo(json.dumps(record, ensure_ascii=False, indent=1))
