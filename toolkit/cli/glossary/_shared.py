"""What the glossary's commands share: options, reading, records."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

STATUSES = ("preferred", "admitted", "deprecated", "forbidden")
SCHEMA = "tongwen.glossary/1"


def glossary_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add what the commands that only read share."""
    function = click.option(
        "--format", "form", type=click.Choice(["text", "json", "tsv"]), default="text",
        show_default=True, help="tsv is the glossary's own file format.",
    )(function)  # fmt: skip
    return click.option(
        "--glossary", "glossaries", metavar="PATH", multiple=True,
        help="Glossary file; may be given several times, a later one has the last word. The word "
        "shipped stands for the shipped ones, which are read if none is given.",
    )(function)  # fmt: skip


def load(paths: tuple[str, ...]) -> Any:
    from toolkit.glossary.store import load

    return load([Path(path) for path in paths] or None)


def counted(number: int) -> str:
    return "1 concept" if number == 1 else f"{number} concepts"


def details(term: Any) -> str:
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


def write_records(glossary: Any, concepts: Iterable[Any], form: str) -> None:
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
