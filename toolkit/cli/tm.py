"""``tongwen tm``: translation memories kept in a file."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from toolkit.languages import LANGS, NAMES


@click.group("tm", short_help="Keep translation memories: import, search, export.")
def command() -> None:
    """Keep translation units in one file (SQLite): what was translated is found again.

    The translator uses such a memory with --memory.

    \b
    Example:
      tongwen tm import mine.tm shipped && tongwen tm search mine.tm 协作
    """


@command.command("import")
@click.argument("memory", metavar="MEMORY")
@click.argument("sources", metavar="FILE...", nargs=-1, required=True)
def import_(memory: str, sources: tuple[str, ...]) -> None:
    """Add the units of aligned files (.tmx, .tsv, .jsonl) to MEMORY, which is made if need be.

    FILE may be the word shipped: the dispatches that ship.

    A unit that is there already is not added twice, so an interrupted import is simply run again.
    What a file holds in other languages is counted and left out.

    \b
    Example:
      tongwen corpus copy ningbo . && tongwen align ningbo.??.txt -o n.tmx
      tongwen tm import mine.tm shipped
    """
    from toolkit.translate.tm.store import Store

    with Store(memory, create=True) as store:
        for source in sources:
            left_out: Counter[str] = Counter()
            told = store.add(_watched(_units(source, left_out)))
            left_out.update(told.refused)
            click.echo(f"{source}: {told.added} units added, {told.known} known already")
            for reason, count in sorted(left_out.items()):
                click.echo(f"{source}: left out: {reason} ({count})", err=True)


def _units(source: str, left_out: Counter[str]) -> Iterator[Any]:
    if source == "shipped":
        from toolkit import corpus
        from toolkit.translate.tm.store import Unit

        for number, unit in enumerate(corpus.triples(), 1):
            yield Unit(unit, "shipped dispatches", f"unit {number}")
        return
    if source.lower().endswith(".tmx"):
        from toolkit.translate.tm import tmx

        yield from tmx.read(source, left_out)
        return
    from toolkit.align import formats
    from toolkit.translate.tm.store import Unit

    for row in formats.read(source, lambda note: click.echo(note, err=True)):
        yield Unit(row.texts, Path(source).name, f"line {row.line}")


def _watched(units: Iterable[Any]) -> Iterator[Any]:
    """Show on a terminal how far an import is."""
    import sys

    watched = sys.stderr.isatty()
    number = 0
    for number, unit in enumerate(units, 1):
        if watched and number % 5000 == 0:
            click.echo(f"\r\033[K{number} units", nl=False, err=True)
        yield unit
    if watched and number >= 5000:
        click.echo("", err=True)


@command.command("export")
@click.argument("memory", metavar="MEMORY")
@click.option("-o", "--output", metavar="FILE", required=True, help="A .tmx file (1.4b).")
def export(memory: str, output: str) -> None:
    """Write all units of MEMORY as TMX 1.4b, with all their languages.

    \b
    Example:
      tongwen tm import mine.tm shipped && tongwen tm export mine.tm -o all.tmx
    """
    from toolkit.errors import FileError
    from toolkit.translate.tm import tmx
    from toolkit.translate.tm.store import Store

    if not output.lower().endswith(".tmx"):
        raise FileError(f"{output}: a memory is exported as .tmx; give the file that ending")
    with Store(memory) as store:
        count = tmx.write(store.units(), output)
    click.echo(f"{count} units written to {output}", err=True)


@command.command("search")
@click.argument("memory", metavar="MEMORY")
@click.argument("text")
@click.option("--lang", type=click.Choice(LANGS), help="Language of TEXT; otherwise found out.")
@click.option("--to", "target", type=click.Choice(LANGS), help="Show only this language beside.")
@click.option("--fuzzy", is_flag=True, help="Find segments like TEXT instead of its words.")
@click.option(
    "--least", type=click.FloatRange(30, 100), default=70.0, show_default=True,
    help="With --fuzzy: the least score.",
)  # fmt: skip
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
def search(
    memory: str,
    text: str,
    lang: str | None,
    target: str | None,
    fuzzy: bool,
    least: float,
    limit: int,
) -> None:
    """Find units of MEMORY that hold the words of TEXT in any form, or are like it.

    Two characters of Chinese are found, a Russian word in any case, an English one in the plural.
    With --fuzzy the score goes to 100; terms that differ cost more than words, figures less; what
    to change is shown as [-out-]{+in+}.

    Exit status: 0 found, 1 nothing found, 2 could not be done.

    \b
    Example:
      tongwen tm import mine.tm shipped && tongwen tm search mine.tm 协作
    """
    from toolkit.errors import FileError
    from toolkit.languages import detect
    from toolkit.translate.tm.store import Store

    lang = lang or detect(text)
    if lang is None:
        raise FileError("the language of the text is not plain; name it with --lang")
    with Store(memory) as store:
        if fuzzy:
            found = _fuzzy(store, text, lang, target, least, limit)
        else:
            found = 0
            for unit in store.concordance(text, lang, limit):
                _show(unit, lang, target)
                found += 1
    if not found:
        click.echo(f"nothing found in {memory} ({NAMES[lang]})", err=True)
        click.get_current_context().exit(1)


def _fuzzy(
    store: Any, text: str, lang: str, target: str | None, least: float, limit: int
) -> int:
    from toolkit.glossary.match import Matcher
    from toolkit.glossary.store import load
    from toolkit.translate.tm import match

    matcher, seen = Matcher(load(None)), set()
    for other in (target,) if target else (x for x in LANGS if x != lang):
        for item in match.find(
            store, text, lang, other, least=least, limit=limit, matcher=matcher
        ):
            if item.unit.id not in seen:
                seen.add(item.unit.id)
                click.echo(f"{item.score:.0f}%  {item.difference or 'the same'}")
                _show(item.unit, lang, target)
    return len(seen)


def _show(unit: Any, lang: str, target: str | None) -> None:
    whence = " ".join(filter(None, (unit.origin, unit.place, unit.changed, unit.author)))
    click.echo(f"{unit.id}\t{whence}")
    for code in LANGS:
        if code in unit.texts and (target is None or code in (lang, target)):
            click.echo(f"  {code}  {unit.texts[code]}")


@command.command("stats")
@click.argument("memory", metavar="MEMORY")
@click.option("--conflicts", is_flag=True, help="List what was translated in more than one way.")
def stats(memory: str, conflicts: bool) -> None:
    """Count the units of MEMORY by language and origin; show where they contradict each other.

    Exit status: 0 done, 1 with --conflicts if there are any, 2 could not be done.

    \b
    Example:
      tongwen tm import mine.tm shipped && tongwen tm stats mine.tm
    """
    from toolkit.translate.tm.store import Store

    with Store(memory) as store:
        if conflicts:
            count = 0
            for source in LANGS:
                for target in LANGS:
                    for group in store.conflicts(source, target) if source != target else ():
                        count += 1
                        click.echo(f"{source}\t{group[0].texts[source]}")
                        for unit in group:
                            parts = (unit.origin, unit.place, unit.changed)
                            whence = " ".join(filter(None, parts))
                            click.echo(f"  {target}\t{unit.texts[target]}\t{whence}")
            click.echo(f"{count} texts with more than one translation", err=True)
            if count:
                click.get_current_context().exit(1)
            return
        told = store.statistics()
        click.echo(f"units\t{told['units']}")
        for lang, number in told["texts"].items():
            click.echo(f"{lang}\t{number}")
        for origin, number in told["origins"].items():
            click.echo(f"from {origin or 'unknown'}\t{number}")
