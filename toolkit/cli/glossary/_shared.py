"""What the glossary's commands share: options, reading, changing, records."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

STATUSES = ("preferred", "admitted", "deprecated", "forbidden", "proposed")
SCHEMA = "tongwen.glossary/2"


def glossary_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add what the commands that only read share."""
    function = click.option(
        "--format", "form", type=click.Choice(["text", "json", "tsv"]), default="text",
        show_default=True, help="tsv is the glossary's own file format.",
    )(function)  # fmt: skip
    return click.option(
        "-g", "--glossary", "glossaries", metavar="PATH", multiple=True,
        help="Glossary file; may be given several times, a later one has the last word. The word "
        "shipped stands for the shipped ones, which are read if none is given.",
    )(function)  # fmt: skip


def load(paths: tuple[str, ...]) -> Any:
    """Read glossaries to look at them: with their proposed terms."""
    from toolkit.glossary.store import load

    return load([Path(path) for path in paths] or None, proposed=True)


def changing(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add what the commands that change a file share; they pass it to `perform`."""
    for option in (
        click.option("--why", default="", help="The reason, for the journal."),
        click.option(
            "--by", envvar="TONGWEN_BY", help="Who decides, for the journal; as a rule you.",
            show_envvar=True,
        ),
        click.option("--diff", "show", is_flag=True, help="Show the change, line by line."),
        click.option("--dry-run", is_flag=True, help="Show the change and write nothing."),
        click.option(
            "-g", "--glossary", "path", metavar="FILE", required=True,
            help="The file to change. A journal is kept beside it.",
        ),
    ):  # fmt: skip
        function = option(function)
    return function


def perform(
    edit: Callable[[Any], None],
    *,
    action: str,
    concepts: Iterable[str],
    path: str,
    dry_run: bool,
    show: bool,
    by: str | None,
    why: str,
    create: bool = False,
) -> None:
    """Change a file and tell what was done: the diff to stdout if asked for, counts to stderr."""
    from toolkit.glossary.change import change

    done = change(
        path, edit, action=action, concepts=tuple(concepts), by=by or _user(), why=why,
        dry_run=dry_run, create=create,
    )  # fmt: skip
    tell(done, dry_run=dry_run, show=show)


def tell(done: Any, *, dry_run: bool, show: bool) -> None:
    """Say what a change did, or would do."""
    if done.empty:
        click.echo(f"{done.path}: nothing to change", err=True)
        return
    if show or dry_run:
        for line in done.diff:
            click.echo(line)
    parts = [
        f"{len(lines)} {'line' if len(lines) == 1 else 'lines'} {where}"
        for lines, where in ((done.added, "in"), (done.removed, "out"))
    ]
    if done.created:
        parts.append("a new file")
    if done.upgraded:
        parts.append("the file is of version 2 of the format now")
    note = "; nothing was written" if dry_run else ""
    click.echo(f"{done.path}: {', '.join(parts)}{note}", err=True)


def _user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a user without a name, as in some containers
        return ""


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
    if any(term.slots):
        parts.append("slots: " + ", ".join(name or "…" for name in term.slots))
    if not term.verified:
        parts.append("unverified")
    return f"  [{'; '.join(parts)}]" if parts else ""


def sources(term: Any) -> list[str]:
    """Return the sources of a term as a person reads them, with their dates."""
    dates = term.dates or (None,) * len(term.evidence)
    return [
        f"{source} ({date})" if date else source
        for source, date in zip(term.evidence, dates, strict=True)
    ]


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
                "relations": [{"kind": kind, "id": id} for kind, id in concept.relations],
                "terms": [
                    {
                        "lang": term.lang,
                        "text": term.text,
                        "slots": list(term.slots),
                        "status": term.status,
                        "scope": list(term.scope),
                        "register": term.register,
                        "valid_from": term.valid_from.isoformat() if term.valid_from else None,
                        "valid_to": term.valid_to.isoformat() if term.valid_to else None,
                        "flags": sorted(term.flags),
                        "note": term.note,
                        "verified": term.verified,
                        "evidence": list(term.evidence),
                        "dates": [d.isoformat() if d else None for d in term.dates],
                    }
                    for term in concept.terms
                ],
            }
            for concept in concepts
        ],
    }
    click.echo(json.dumps(record, ensure_ascii=False, indent=1))
