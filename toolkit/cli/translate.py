"""``tongwen translate``: a dispatch in another language, on this machine."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from math import isfinite
from pathlib import Path
from typing import Any

import click

from toolkit.languages import LANGS, NAMES

METHODS = ("auto", "prefix", "placeholder", "nbest", "replace", "none")


@click.command("translate", short_help="Translate a dispatch on this machine.")
@click.argument("file")
@click.option("--to", "target", type=click.Choice(LANGS), required=True, help="Target language.")
@click.option("--from", "source", type=click.Choice(LANGS), help="Source; otherwise found out.")
@click.option("-o", "--output", metavar="FILE", help="Write here; otherwise to standard output.")
@click.option("--segmented", is_flag=True, help="One segment a line in, exactly one a line out.")
@click.option(
    "--model",
    metavar="NAME|DIR",
    help="Installed model, CTranslate2 folder, A+B (through a third language) or auto (the best).",
)
@click.option(
    "--memory",
    "memories",
    metavar="FILE",
    multiple=True,
    help="Aligned file (.tsv, .jsonl, .tmx) or tongwen tm's .tm; its matches come first.",
)
@click.option("--no-memory", is_flag=True, help="Leave out the shipped dispatches as memory.")
@click.option("--no-patterns", is_flag=True, help="Leave out grammar and written sentences.")
@click.option(
    "--glossary",
    "glossaries",
    metavar="PATH",
    multiple=True,
    help="Glossary to enforce; may be given several times. Otherwise the shipped ones.",
)
@click.option("--beam", type=click.IntRange(1, 16), default=4, show_default=True)
@click.option(
    "--best-effort",
    is_flag=True,
    help="Beside what is left in the source, also show what the model said, marked as a guess.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "tsv", "jsonl", "xliff", "xliff2"]),
    default="text",
    show_default=True,
    help="text: the document itself; tsv, jsonl, xliff (1.2) and xliff2 (2.1) segment by segment.",
)
@click.option(
    "--journal",
    metavar="FILE",
    help="Keep what the model made there: a run cut off goes on, a second one costs what changed.",
)
@click.option(
    "--terms-method",
    type=click.Choice(METHODS),
    default="auto",
    show_default=True,
    help="How a model of other makers is brought to say the fixed phrases; auto tries in order.",
)
@click.option(
    "--trace",
    is_flag=True,
    help="Say on stderr which patterns made a translation, and how each phrase was placed.",
)
@click.option("--strict", is_flag=True, help="Exit with 1 if anything was left or not placed.")
@click.pass_context
def command(
    ctx: click.Context,
    file: str,
    target: str,
    source: str | None,
    output: str | None,
    segmented: bool,
    model: str | None,
    memories: tuple[str, ...],
    no_memory: bool,
    no_patterns: bool,
    glossaries: tuple[str, ...],
    beam: int,
    best_effort: bool,
    form: str,
    journal: str | None,
    terms_method: str,
    trace: bool,
    strict: bool,
) -> None:
    """Translate FILE (.txt, .md, .html, .docx, .srt; - for standard input) without any network.

    FILE may be a folder: each such file in it is translated into the folder that -o names, under
    its own name, its language tag changed (a.zh.txt to a.ru.txt); files in the target language
    already are passed over.

    A document stays one of its kind: headings, tables, links, notes and cues keep their place, and
    formatting follows the words where their place is known; what it could not follow, and what is
    not translated (code, images, fields), is said.

    Matches of the memory come first, exact or differing in names and figures only; then the
    grammar and the written sentences, where they cover a segment whole; then the model. Fixed
    phrases, names, figures and dates never pass through the model: they come out in their official
    form, or it is said on stderr that they did not. What the model does not understand is left in
    the source language, marked ⟦…⟧, with the phrases and figures it should hold beside it in {…}.

    Exit status: 0 done, 2 could not be done; with --strict 1 if anything was left, not placed or
    doubtful.

    \b
    Example:
      tongwen corpus copy ningbo . && tongwen translate ningbo.en.txt --to zh -o draft.zh.txt
    """
    import sys

    from toolkit import files
    from toolkit.dispatch import Dispatch, parse_dispatch, read_dispatch, read_segmented
    from toolkit.encoder import default
    from toolkit.errors import DispatchError, FileError
    from toolkit.glossary.match import Matcher
    from toolkit.glossary.store import load
    from toolkit.translate import documents
    from toolkit.translate.document import Translator
    from toolkit.translate.documents import passage
    from toolkit.translate.layout import render

    if Path(file).is_dir():
        _folder(ctx, Path(file), output, target)
        return
    document = None
    dispatch: Dispatch
    try:
        if not segmented and file != "-" and documents.form_of(file):
            document = documents.read(file)
            text = "\n\n".join(item.text for item in document.passages)
            if not text.strip():
                raise FileError(f"{file}: there is no text in it to translate")
            if documents.form_of(file) in ("docx", "srt"):
                name = Path(file).name
                lang = source or _named_language(name)
                dispatch = parse_dispatch(text, lang=lang, source=file)
            else:
                dispatch = read_dispatch(file, source)
        else:
            dispatch = (read_segmented if segmented else read_dispatch)(file, source)
    except DispatchError as error:  # what other commands call --lang is --from here
        raise DispatchError(str(error).replace("--lang", "--from")) from None
    if document is not None and documents.form_of(file) == "docx" and form == "text":
        if not output or output == "-":
            raise click.UsageError("a .docx is written to a file: give one with -o")
    if dispatch.lang == target:
        raise click.UsageError(f"{file} is {NAMES[target]} already; name another language in --to")
    if output == "-":  # as in the name of a file to be read
        output = None
    if output:
        _writable(output)
    paths = [Path(path) for path in glossaries] or None
    matcher = _once(ctx, "matcher", lambda: Matcher(load(paths)))
    key = f"engine {dispatch.lang}"
    engine = _once(ctx, key, lambda: _engine(model, dispatch.lang, target))
    watched = sys.stderr.isatty()

    def progress(done: int, total: int) -> None:
        click.echo(f"\r\033[K{done} of {total} segments", nl=done == total, err=True)

    translator = Translator(
        dispatch.lang,
        target,
        matcher,
        engine,
        _once(ctx, "memory", lambda: _memory(memories, not no_memory)),
        default() if engine.placeholders else None,
        dispatch.date or dispatch.event_day or dispatch.page_date,
        beam,
        progress if watched else None,
        not no_patterns,
        terms_method,
    )
    if journal is not None:
        from toolkit.translate.journal import Journal, settings

        translator.journal = Journal(
            journal,
            settings(
                engine, matcher.glossary, source=dispatch.lang, target=target, beam=beam,
                method=terms_method, day=str(translator.day), patterns=not no_patterns,
            ),
        )  # fmt: skip
    places: list[str]
    if document is not None:
        rendered = passage.render(
            document.passages, dispatch.lang, target, lambda texts: [
                _guess(draft) if best_effort else draft for draft in translator.translate(texts)
            ],
        )  # fmt: skip
        drafts = [draft for item in rendered for draft in item.drafts]
        places = [
            f"{file}: {whole.where}"
            for whole, item in zip(document.passages, rendered, strict=True)
            for _ in item.drafts
        ]
        for line in document.left:
            click.echo(f"{file}: not translated: {line}", err=True)
        for whole, item in zip(document.passages, rendered, strict=True):
            for words in item.lost:
                click.echo(f"{file}: {whole.where}: formatting lost of “{words}”", err=True)
    else:
        drafts = translator.translate([segment.text for segment in dispatch.segments])
        places = []
        for segment in dispatch.segments:
            line, column = dispatch.line_column(segment.start)
            places.append(f"{dispatch.source}:{line}:{column}")
    if document is not None and form == "text":
        data = document.written(rendered, target)
        if output:
            files.write_bytes(output, data)
        else:
            click.echo(data.decode("utf-8"), nl=not data.endswith(b"\n"))
        _report(places, dispatch.lang, drafts, trace)
        _end(ctx, drafts, strict)
        return
    if form == "text":
        shown = [_guess(draft) if best_effort else draft for draft in drafts]
        if segmented:
            text = "".join(draft.marked + "\n" for draft in shown)
        else:
            text = render(dispatch, shown, target, matcher)
            text += "" if text.endswith("\n") else "\n"
    elif form in ("xliff", "xliff2"):
        from toolkit.translate import xliff

        version = "1.2" if form == "xliff" else "2.1"
        text = xliff.render(drafts, dispatch.lang, target, Path(file).name, version)
    else:
        text = _table(drafts, form, best_effort)
    if output:
        files.write_text(output, text)
    else:
        click.echo(text, nl=False)
    _report(places, dispatch.lang, drafts, trace)
    _end(ctx, drafts, strict)


def _named_language(name: str) -> str | None:
    """Return the language a file name gives: x.ru.docx."""
    parts = name.lower().split(".")
    return next((part for part in parts[-2:-1] if part in LANGS), None)


def _end(ctx: click.Context, drafts: Sequence[Any], strict: bool) -> None:
    unplaced = any(not p.placed for draft in drafts for p in draft.placements)
    doubtful = any(draft.origin in ("source", "guess") or draft.doubts for draft in drafts)
    if strict and (unplaced or doubtful):
        ctx.exit(1)


def _once(ctx: click.Context, key: str, make: Callable[[], Any]) -> Any:
    """Load what all files of a folder share once."""
    kept = ctx.meta.setdefault("tongwen.translate", {})
    if key not in kept:
        kept[key] = make()
    return kept[key]


def _folder(ctx: click.Context, folder: Path, output: str | None, target: str) -> None:
    """Translate the files of a folder; one that cannot be is named, the others go on."""
    from toolkit.errors import FileError, ToolkitError
    from toolkit.translate import documents

    if not output or output == "-":
        raise click.UsageError(f"{folder} is a folder: name another one for the results with -o")
    into = Path(output)
    if into.resolve() == folder.resolve():
        raise click.UsageError("the results go into another folder than the sources")
    found = sorted(
        path for path in folder.rglob("*")
        if path.is_file() and into.resolve() not in path.resolve().parents
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and (path.suffix.lower() == ".txt" or documents.form_of(str(path)))
    )  # fmt: skip
    if not found:
        raise FileError(f"{folder}: no .txt, .md, .html, .docx or .srt file in it")
    suffixes = {"tsv": ".tsv", "jsonl": ".jsonl", "xliff": ".xlf", "xliff2": ".xlf"}
    status, done = 0, set()
    for path in found:
        if _named_language(path.name) == target:
            click.echo(f"{path}: passed over: is {NAMES[target]} already", err=True)
            continue
        name = _renamed(path.name, target)
        name += suffixes.get(ctx.params["form"], "")
        result = into / path.relative_to(folder).parent / name
        if result in done:  # a.zh.txt and a.ru.txt would both become a.en.txt
            result = result.with_name(f"{path.stem}.{target}{result.suffix}")
        done.add(result)
        try:
            result.parent.mkdir(parents=True, exist_ok=True)
            ctx.invoke(command, **{**ctx.params, "file": str(path), "output": str(result)})
            click.echo(f"{path} → {result}", err=True)
        except click.exceptions.Exit as left:
            status = max(status, left.exit_code)
        except click.UsageError as error:
            click.echo(f"{path}: passed over: {error.message}", err=True)
        except OSError as error:
            raise FileError(f"{into}: cannot be written: {error.strerror}") from None
        except ToolkitError as error:
            click.echo(f"{path}: {error}", err=True)
            status = 2
    ctx.exit(status)


def _renamed(name: str, target: str) -> str:
    """Return a file's name in another language: a.zh.txt becomes a.ru.txt, a.txt a.ru.txt."""
    stem, _, suffix = name.rpartition(".")
    if _named_language(name):
        stem = stem[:-3]
    return f"{stem}.{target}.{suffix}"


def _engine(model: str | None, source: str, target: str) -> Any:
    """Load a model by its folder or installed name, as fast as it was measured to run."""
    import os

    from toolkit.translate import route
    from toolkit.translate.engine import Engine, starter
    from toolkit.translate.models.registry import Registry, default_home

    if model is None:
        return Engine(starter())
    registry = Registry(default_home(os.environ))
    if model == "auto":
        way = route.best(registry, source, target)
        found = "not measured" if way.measured is None else f"chrF2++ {way.measured:g}"
        through = f" through {NAMES[way.via]}" if way.via else ""
        click.echo(f"model: {way.name}{through} ({found})", err=True)
        model = way.name
    return route.engine(registry, model, source, target)


def _writable(output: str) -> None:
    """Refuse an output that cannot be written before the work is done, not after."""
    import os

    from toolkit.errors import FileError

    path = Path(output)
    folder = path.parent
    if not folder.is_dir():
        raise FileError(f"{path}: there is no folder {folder}; make it first")
    if path.is_dir():
        raise FileError(f"{path}: is a folder; name a file")
    if not os.access(folder, os.W_OK):
        raise FileError(f"{path}: the folder {folder} may not be written to; name another one")


def _memory(paths: Sequence[str], shipped: bool) -> Any:
    from toolkit import corpus
    from toolkit.translate.memory import Memory

    stored = [path for path in paths if Path(path).suffix in (".tm", ".sqlite", ".db")]
    memory = Memory()
    if stored:
        from toolkit.translate.tm.match import StoredMemory
        from toolkit.translate.tm.store import Store

        if len(stored) > 1:
            raise click.UsageError("only one memory of tongwen tm can be used at a time")
        memory = StoredMemory(Store(stored[0]))
    if paths:
        from toolkit.align import formats

        for path in paths:
            if path in stored:
                continue
            for row in formats.read(path, lambda note: click.echo(note, err=True)):
                memory.add(row.texts)
    if shipped:
        for unit in corpus.triples():
            memory.add(unit)
    return memory


def _guess(draft: Any) -> Any:
    """Show the model's refused words beside the marked source, as a guess and not as a text."""
    from dataclasses import replace

    if draft.origin != "source" or not draft.refused:
        return draft
    refused = draft.refused.replace("⟦", "[").replace("⟧", "]")
    return replace(draft, origin="guess", target=f"{draft.marked} ⟦? {refused}⟧")


def _table(drafts: Sequence[Any], form: str, refused: bool) -> str:
    if form == "jsonl":
        return "".join(_json(draft, refused) + "\n" for draft in drafts)
    rows = ["source\ttarget\torigin\treasons"]
    for draft in drafts:
        shown = _guess(draft).target if refused and draft.refused else draft.marked
        why = "; ".join((*draft.reasons, *draft.doubts))
        cells = (draft.source, shown, draft.origin, why)
        rows.append("\t".join(" ".join(cell.split()) for cell in cells))
    return "\n".join(rows) + "\n"


def _json(draft: Any, refused: bool) -> str:
    score = draft.score if draft.score is None or isfinite(draft.score) else None
    record = {
        "source": draft.source,
        "target": draft.target,
        "origin": draft.origin,
        "reasons": list(draft.reasons),
        "doubts": list(draft.doubts),
        "notes": list(draft.notes),
        "rules": list(draft.rules),
        "score": score if score is None else round(score, 4),
        "estimate": draft.estimate if draft.estimate is None else round(draft.estimate, 3),
        "terms": [
            {"concept": p.concept, "source": p.source, "form": p.form, "placed": p.placed}
            for p in draft.placements
        ],
        "figures": [{"source": one, "form": other} for one, other in draft.figures],
        "traces": [_traced(trace) for trace in draft.traces],
    }
    if refused and draft.refused:
        record["refused"] = draft.refused
    line = json.dumps(record, ensure_ascii=False)
    # Some readers take these for line ends.
    return line.translate({mark: f"\\u{mark:04x}" for mark in (0x85, 0x2028, 0x2029)})


def _traced(trace: Any) -> dict[str, Any]:
    """Write a trace as JSON has it: no number that is none."""
    return {
        "concept": trace.concept,
        "source": trace.source,
        "form": trace.form,
        "method": trace.method or None,
        "span": [trace.start, trace.end] if trace.start >= 0 else None,
        "before": round(trace.before, 3) if isfinite(trace.before) else None,
        "after": round(trace.after, 3) if isfinite(trace.after) else None,
        "why": trace.why or None,
    }


def _trace_line(trace: Any) -> str:
    said = f"term {trace.source} = {trace.form} ({trace.concept}): "
    if not trace.placed:
        return f"{said}not placed: {trace.why}"
    where = f" at {trace.start}–{trace.end}" if trace.start >= 0 else ""
    if trace.method == "model":
        return f"{said}right from the start{where}"
    return f"{said}by {trace.method}{where}, score {trace.before:.2f} → {trace.after:.2f}"


def _report(places: Sequence[str], lang: str, drafts: Sequence[Any], trace: bool) -> None:
    """Say on stderr what came from where, what was left and why, and what was not placed."""
    origins = Counter(draft.origin for draft in drafts)
    for where, draft in zip(places, drafts, strict=True):
        if draft.origin in ("source", "guess"):
            why = "; ".join(draft.reasons)
            click.echo(f"{where}: left in {NAMES[lang]}: {why}", err=True)
            if draft.beside:
                click.echo(f"{where}: not placed: {'; '.join(draft.beside)}", err=True)
            continue
        for p in draft.placements:
            if not p.placed:
                click.echo(f"{where}: not placed: {p.source} = {p.form} ({p.concept})", err=True)
        for doubt in draft.doubts:
            click.echo(f"{where}: look at it: {doubt}", err=True)
        for note in (*draft.notes, *(draft.rules if trace else ())):
            click.echo(f"{where}: {note}", err=True)
        for item in draft.traces if trace else ():
            click.echo(f"{where}: {_trace_line(item)}", err=True)
    left = [draft for draft in drafts if draft.origin in ("source", "guess")]
    waiting = sum(len(draft.placements) for draft in left)
    placed = [p.placed for draft in drafts if draft not in left for p in draft.placements]
    click.echo(
        f"{len(drafts)} segments: {origins['memory']} from memory, "
        f"{origins['repaired']} repaired from it, {origins['pattern']} by patterns, "
        f"{origins['model']} by the model, {len(left)} left in {NAMES[lang]}; "
        f"{sum(placed)} of {len(placed)} fixed phrases placed in what was translated"
        + (f", {waiting} beside what was left" if waiting else ""),
        err=True,
    )
