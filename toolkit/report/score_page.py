"""The page of a score: scores with their intervals, distributions, terms, the worst segments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toolkit.languages import NAMES
from toolkit.report.page import _render
from toolkit.score.gates import score_of
from toolkit.score.run import NAMES_OF

_ORDER = ("bleu", "chrf", "ter", "terms", "names", "numbers", "dates", "dictionary", "estimate")
_BINS = 20
_WIDTH, _ROW, _LABEL = 640, 26, 190  # of a plot, in user units
_MOST_LINES = 60  # of a table of single misses


def page(result: Mapping[str, Any]) -> str:
    """Return the page of what ``toolkit.score.session.run`` found; it needs ``each``."""
    systems = result["systems"]
    keys = [key for key in _ORDER if any(score_of(system, key) is not None for system in systems)]
    direction = NAMES[result["to"]]
    if result["from"]:
        direction = f"{NAMES[result['from']]} to {direction}"
    return _render(
        "score.html.j2",
        title=f"Score: {', '.join(system['name'] for system in systems[:4])}"
        + (" …" if len(systems) > 4 else ""),
        result=result,
        direction=direction,
        keys=keys,
        measure=NAMES_OF,
        cell=_cell,
        plots=[_forest(key, result) for key in keys],
        histograms=_histograms(result),
        concepts=_concepts(systems),
        misses=[_misses(system) for system in systems],
        most=_MOST_LINES,
        record=_record(result["record"]),
    )


def _cell(system: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return what a table shows of one measure of one system."""
    entry = system.get(key) or {}
    interval = entry.get("interval")
    counts = ""
    if key in ("terms", "dictionary") and entry:
        counts = f"{entry['found']} of {entry['expected']}"
    elif key in ("names", "numbers", "dates") and entry and entry.get("expected"):
        counts = f"{entry['kept']} of {entry['expected']}"
    return {"score": score_of(system, key), "interval": interval, "counts": counts}


@dataclass(frozen=True, slots=True)
class _Mark:
    """A system in a plot: its row, and where its score and interval stand from the left."""

    name: str
    y: float
    x: float
    low: float
    high: float
    text: str


def _forest(key: str, result: Mapping[str, Any]) -> dict[str, Any]:
    """Return a plot of one measure: a row a system, a dot with the interval around it."""
    cells = [(system["name"], _cell(system, key)) for system in result["systems"]]
    cells = [(name, cell) for name, cell in cells if cell["score"] is not None]
    ends = [cell["score"] for _, cell in cells]
    for _, cell in cells:
        if cell["interval"]:
            ends += [cell["interval"]["low"], cell["interval"]["high"]]
    low, high, step = _scale(min(ends), max(ends))
    room = _WIDTH - _LABEL - 70

    def at(value: float) -> float:
        return round(_LABEL + room * (value - low) / (high - low), 1)

    marks = []
    for row, (name, cell) in enumerate(cells):
        interval = cell["interval"]
        marks.append(
            _Mark(
                name if len(name) <= 26 else name[:25] + "…",
                row * _ROW + 18,
                at(cell["score"]),
                at(interval["low"]) if interval else at(cell["score"]),
                at(interval["high"]) if interval else at(cell["score"]),
                f"{cell['score']:.1f}",
            )
        )
    ticks = []
    value = low
    while value <= high + step / 1000:
        ticks.append((at(value), f"{value:g}"))
        value = round(value + step, 6)
    return {
        "key": key, "marks": marks, "ticks": ticks, "width": _WIDTH,
        "height": len(marks) * _ROW + 34, "foot": len(marks) * _ROW + 10, "left": _LABEL,
        "lower": key == "ter",
    }  # fmt: skip


def _scale(low: float, high: float) -> tuple[float, float, float]:
    """Return round ends of an axis around the values, and a round step."""
    span = max(high - low, 1e-6)
    step = next(s for s in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 1e9) if span / s <= 6)
    first = (low // step) * step
    last = -(-high // step) * step
    if last <= first:
        last = first + step
    return round(first, 6), round(last, 6), step


def _histograms(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return, for the first measure that has points a segment, how they are spread, by system."""
    each = result["each"]
    found = []
    for key in ("chrf", "estimate"):
        for system in result["systems"]:
            values = [item["systems"][system["name"]].get(key) for item in each]
            known = [value for value in values if value is not None]
            if not known:
                continue
            counts = [0] * _BINS
            for value in known:
                counts[min(_BINS - 1, max(0, int(value * _BINS / 100)))] += 1
            tallest = max(counts)
            bar = (_WIDTH - 60) / _BINS
            middle = sorted(known)[len(known) // 2]
            found.append(
                {
                    "name": system["name"],
                    "measure": NAMES_OF[key],
                    "bars": [
                        {
                            "x": round(40 + n * bar, 1),
                            "y": round(110 - 96 * count / tallest, 1),
                            "width": round(bar - 2, 1),
                            "height": round(96 * count / tallest, 1),
                            "title": f"{100 * n // _BINS} to {100 * (n + 1) // _BINS}: {count}",
                        }
                        for n, count in enumerate(counts)
                    ],
                    "ticks": [
                        (round(40 + bar * _BINS * at / 100, 1), at) for at in range(0, 101, 20)
                    ],
                    "middle": round(40 + bar * _BINS * min(100, middle) / 100, 1),
                    "median": middle,
                    "tallest": tallest,
                    "count": len(known),
                    "width": _WIDTH,
                }
            )
        if found:
            break
    return found


def _concepts(systems: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return a row a concept, with what each system made of it; most often missed first."""
    rows: dict[str, dict[str, Any]] = {}
    for number, system in enumerate(systems):
        terms = system.get("terms")
        for count in terms["concepts"] if terms else ():
            row = rows.setdefault(
                count["concept"],
                {
                    "concept": count["concept"],
                    "term": count["term"],
                    "cells": [None] * len(systems),
                },
            )
            row["cells"][number] = count
            row["expected"] = count["expected"]
    return sorted(
        rows.values(),
        key=lambda row: (
            -sum(cell["expected"] - cell["found"] for cell in row["cells"] if cell),
            -row["expected"],
            row["concept"],
        ),
    )


def _misses(system: Mapping[str, Any]) -> dict[str, Any]:
    """Return the single misses of a system: terms, then numbers and dates."""
    rows = []
    terms = system.get("terms")
    for miss in terms["misses"] if terms else ():
        rows.append((miss["segment"], "term", miss["source"], miss["expected"],
                     f"{miss['status']}: {miss['found']}" if miss["found"] else ""))  # fmt: skip
    for key in ("numbers", "dates"):
        entry = system.get(key) or {}
        rows += [(item["segment"], item["kind"], "", item["expected"], "")
                 for item in entry.get("lost", ())]  # fmt: skip
        rows += [(item["segment"], f"{item['kind']} of its own", "", "", item["found"])
                 for item in entry.get("added", ())]  # fmt: skip
    return {"name": system["name"], "rows": sorted(rows, key=lambda row: row[0])}


def _record(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    rows = [(name, version) for name, version in record["versions"].items()]
    rows += [(f"file {item['path']}", f"sha256 {item['sha256']}") for item in record["files"]
             if item["sha256"]]  # fmt: skip
    for kind in ("glossary", "model", "encoder"):
        if record[kind]:
            rows.append((kind, f"sha256 {record[kind]['sha256']}"))
    return rows
