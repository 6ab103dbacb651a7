"""``tongwen read``: a dispatch's structure, for a person or a program."""

import json
from typing import Any

import click

from toolkit.languages import LANGS


@click.command("read", short_help="Show what is structure and what is text in a dispatch.")
@click.argument("file")
@click.option("--lang", type=click.Choice(LANGS), help="Language; otherwise found out.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def command(file: str, lang: str | None, form: str) -> None:
    """Read FILE (.txt, .md, .html; - for stdin) and show headline, dateline, byline, paragraphs,
    segments and what was taken for page noise. Encoding and language are found out and named.

    \b
    Example:
      tongwen corpus copy ningbo . && tongwen read ningbo.en.txt
    """
    from toolkit.dispatch import read_dispatch

    dispatch = read_dispatch(file, lang)
    record = describe(dispatch)
    if form == "json":
        click.echo(json.dumps(record, ensure_ascii=False, indent=1))
        return
    for name in ("headline", "place", "date", "agency", "page_date", "page_time"):
        click.echo(f"{name.replace('_', ' '):<10} {record[name] or 'not found'}")
    click.echo(f"{'language':<10} {dispatch.lang}")
    click.echo(f"{'encoding':<10} {dispatch.encoding}")
    click.echo(f"{'paragraphs':<10} {record['paragraphs']}")
    click.echo(f"{'segments':<10} {len(dispatch.segments)}")
    for item in sorted(record["segments"] + record["parts"], key=lambda item: item["start"]):
        label = str(item["number"]) if "number" in item else item["kind"]
        click.echo(f"{item['line']:>5}:{item['column']:<4} {label:>9}  {item['text']}")


def describe(dispatch: Any) -> dict[str, Any]:
    """Return a dispatch as plain data; ``paragraphs`` leaves the headline out."""
    items: dict[str, list[dict[str, Any]]] = {"segments": [], "parts": []}
    for number, segment in enumerate(dispatch.segments):
        line, column = dispatch.line_column(segment.start)
        items["segments"].append(
            {
                "number": number,
                "kind": segment.kind,
                "paragraph": segment.paragraph,
                "line": line,
                "column": column,
                "start": segment.start,
                "end": segment.end,
                "text": segment.text,
            }
        )
    for part in dispatch.parts:
        line, column = dispatch.line_column(part.start)
        items["parts"].append(
            {
                "kind": part.kind,
                "line": line,
                "column": column,
                "start": part.start,
                "end": part.end,
                "text": dispatch.text[part.start : part.end],
            }
        )
    text_paragraphs = {s.paragraph for s in dispatch.segments if s.kind != "headline"}
    return {
        "schema": "tongwen.dispatch/1",
        "id": dispatch.id,
        "source": dispatch.source,
        "lang": dispatch.lang,
        "encoding": dispatch.encoding,
        "headline": dispatch.headline,
        "place": dispatch.place,
        "date": dispatch.date.isoformat() if dispatch.date else None,
        "page_date": dispatch.page_date.isoformat() if dispatch.page_date else None,
        "page_time": dispatch.page_time,
        "agency": dispatch.agency,
        "paragraphs": len(text_paragraphs),
        **items,
    }
