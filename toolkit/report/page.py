"""HTML pages of one file each: an alignment to read side by side, and the report of the demo.

A page needs no network and no script, reads on paper and in the dark, and is the same byte for
byte for the same input: nothing in it comes from a clock.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from toolkit.align.beads import Alignment, Bead
from toolkit.dispatch import Segment
from toolkit.glossary.concept import Concept, Finding
from toolkit.glossary.match import Match, Matcher
from toolkit.languages import NAMES

_OWN_NAMES = {"zh": "中文", "ru": "русский", "en": "English"}
_ORIGINS = {
    "memory": "from memory",
    "repaired": "repaired from memory",
    "pattern": "by a pattern",
    "model": "by the model",
    "source": "left in the source",
    "empty": "empty",
}

# A page cannot hold these: controls other than tab and line feed, halves of surrogate pairs.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One segment of a machine draft.

    ``origin`` is ``"memory"``, ``"model"``, ``"source"`` (left as it was, with ``reasons``) or
    ``"empty"``. ``terms`` holds (concept, form, placed): what stands in ``target`` where placed,
    else the form that should.
    """

    source: str
    target: str
    origin: str
    terms: Sequence[tuple[str, str, bool]] = ()
    reasons: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What the demo found, ready to be shown.

    Directions are pairs of language codes, source first. ``scores`` holds what
    ``toolkit.score.evaluate`` returns. ``versions`` is shown in its own order, ``notes`` are
    sentences a reader must know before believing the page.
    """

    title: str
    alignment: Alignment
    findings: Sequence[Finding] = ()
    drafts: Mapping[tuple[str, str], Sequence[DraftRow]] = field(default_factory=dict)
    scores: Mapping[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    command: str = ""
    notes: Sequence[str] = ()


def alignment_page(
    alignment: Alignment, matcher: Matcher | None = None, *, title: str | None = None
) -> str:
    """Return the page of an alignment: a column a language, a row a bead.

    Args:
        alignment: Two or three languages.
        matcher: Finds the fixed phrases, which are then coloured and numbered by concept.
        title: Otherwise the English headline, another one, or the id of the first dispatch.
    """
    lang = None
    if title is None:
        title = alignment.dispatches[0].id or "Alignment"
        headlines = {d.lang: d.headline for d in alignment.dispatches if d.headline}
        if headlines:
            lang = "en" if "en" in headlines else next(iter(headlines))
            title = headlines[lang]
    view = _alignment_view(alignment, matcher)
    return _render("alignment.html.j2", title=title, title_lang=lang, view=view)


def demo_page(report: DemoReport, matcher: Matcher | None = None) -> str:
    """Return the page of the demo: dispatch, alignment, findings, drafts, scores, versions."""
    directions = list(dict.fromkeys([*report.drafts, *report.scores]))
    return _render(
        "demo.html.j2",
        title=report.title,
        view=_alignment_view(report.alignment, matcher),
        report=report,
        signatures=_signatures(report.scores),
        severities=Counter(finding.severity for finding in report.findings),
        directions=[
            {
                "id": f"{source}-{target}",
                "source": source,
                "target": target,
                "rows": report.drafts.get((source, target), ()),
                "origins": Counter(row.origin for row in report.drafts.get((source, target), ())),
                "placed": Counter(
                    placed
                    for row in report.drafts.get((source, target), ())
                    for _, _, placed in row.terms
                ),
                "scores": report.scores.get((source, target)),
            }
            for source, target in directions
        ],
    )


def _signatures(
    scores: Mapping[tuple[str, str], Mapping[str, Any]],
) -> list[tuple[str, str]]:
    """Return each signature once, labelled by its metric and the languages translated into."""
    labelled = []
    for key, metric in (("bleu", "BLEU"), ("chrf", "chrF2++"), ("ter", "TER")):
        targets: dict[str, list[str]] = {}
        for (_, target), score in scores.items():
            into = targets.setdefault(score[key]["signature"], [])
            if NAMES[target] not in into:
                into.append(NAMES[target])
        for signature, into in targets.items():
            label = metric if len(targets) == 1 else f"{metric} into {', '.join(into)}"
            labelled.append((label, signature))
    return labelled


# The view of an alignment: what a template can show without deciding anything -------------------


@dataclass(frozen=True, slots=True)
class _Piece:
    """Text that is, or is not, a fixed phrase; ``number`` counts concepts from 1, 0 is none."""

    text: str
    number: int = 0
    status: str = ""
    concept: str = ""


@dataclass(slots=True)
class _Phrase:
    """A concept of the page: its number, and how often each language has it."""

    number: int
    concept: Concept
    counts: Counter[str] = field(default_factory=Counter)


def _alignment_view(alignment: Alignment, matcher: Matcher | None) -> dict[str, Any]:
    phrases: dict[str, _Phrase] = {}
    rows = []
    langs = alignment.langs
    last_paragraph = {lang: -1 for lang in langs}
    for number, bead in enumerate(alignment.beads, 1):
        cells = []
        opens = has_phrases = False
        for dispatch in alignment.dispatches:
            segments = [(n, dispatch.segments[n]) for n in bead.side(dispatch.lang)]
            if segments:
                first = segments[0][1].paragraph
                opens |= first != last_paragraph[dispatch.lang]
                last_paragraph[dispatch.lang] = segments[-1][1].paragraph
            shown = []
            for n, segment in segments:
                pieces = _pieces(segment, matcher, phrases)
                has_phrases |= any(piece.number for piece in pieces)
                shown.append({"number": n + 1, "kind": segment.kind, "pieces": pieces})
            cells.append({"lang": dispatch.lang, "segments": shown})
        has = [lang for lang in langs if bead.side(lang)]
        rows.append(
            {
                "number": number,
                "shape": _shape(bead, langs),
                "cells": cells,
                "opens": opens,
                "gap": _gap(has, langs),
                "phrases": has_phrases,
            }
        )
    shapes = Counter(row["shape"] for row in rows)
    return {
        "dispatches": alignment.dispatches,
        "langs": langs,
        "rows": rows,
        "plain": ":".join("1" for _ in langs),
        "shapes": sorted(shapes.items(), key=lambda item: (-item[1], item[0])),
        "gaps": sum(1 for row in rows if row["gap"]),
        "with_phrases": sum(1 for row in rows if row["phrases"]),
        "phrases": list(phrases.values()),
        "matched": matcher is not None,
    }


def _pieces(
    segment: Segment, matcher: Matcher | None, phrases: dict[str, _Phrase]
) -> list[_Piece]:
    """Cut a segment at its fixed phrases, numbering each new concept."""
    if matcher is None:
        return [_Piece(segment.text)]
    pieces, last = [], 0
    matches: list[Match] = matcher.find(
        segment.text, segment.lang, statuses=("preferred", "admitted", "deprecated", "forbidden")
    )
    for match in sorted(matches, key=lambda match: match.start):
        phrase = phrases.get(match.concept.id)
        if phrase is None:
            phrase = phrases[match.concept.id] = _Phrase(len(phrases) + 1, match.concept)
        phrase.counts[segment.lang] += 1
        if match.start > last:
            pieces.append(_Piece(segment.text[last : match.start]))
        text = segment.text[match.start : match.end]
        pieces.append(_Piece(text, phrase.number, match.term.status, phrase.concept.id))
        last = match.end
    if last < len(segment.text):
        pieces.append(_Piece(segment.text[last:]))
    return pieces


def _shape(bead: Bead, langs: Sequence[str]) -> str:
    return ":".join(str(len(bead.side(lang))) for lang in langs)


def _gap(has: Sequence[str], langs: Sequence[str]) -> str:
    """Say in words which languages a bead lacks, or return the empty string."""
    if len(has) == len(langs):
        return ""
    if len(has) == 1:
        return f"only in {NAMES[has[0]]}"
    return "not in " + " or ".join(NAMES[lang] for lang in langs if lang not in has)


# Templates ---------------------------------------------------------------------------------------


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("toolkit.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.update(
        names=NAMES, own_names=_OWN_NAMES, origins=_ORIGINS, points=_points
    )
    environment.filters["hue"] = _hue
    return environment


def _points(score: float | None) -> str:
    return "–" if score is None else f"{score:.2f}"


def _hue(number: int) -> int:
    """Return the hue of a concept in degrees; the golden angle keeps neighbours far apart."""
    return round((number - 1) * 137.508 + 25) % 360


def _render(template: str, **values: Any) -> str:
    page = _environment().get_template(template).render(**values)
    return _UNPRINTABLE.sub("\ufffd", page)
