"""The page of a drift: renderings by month as stacked bars, change points, tables of uses."""

from collections.abc import Sequence
from typing import Any

from toolkit.glossary.attest.drift import Drift
from toolkit.glossary.attest.uses import Attestation
from toolkit.languages import NAMES
from toolkit.report.page import _render

_BAR, _GAP, _HEIGHT, _LEFT = 26, 8, 180, 34  # of a plot, in user units
_MOST_USES = 400


def page(attestation: Attestation, drifts: Sequence[Drift], *, by: str) -> str:
    """Return the page of a concept's renderings in time."""
    concept = attestation.concept
    uses = sorted(
        attestation.uses, key=lambda use: (use.date is None, str(use.date), use.file, use.line)
    )
    return _render(
        "drift.html.j2",
        title=f"Drift: {concept.id}",
        concept=concept,
        by=by,
        drifts=[_view(one) for one in drifts],
        uses=uses[:_MOST_USES],
        more=max(0, len(uses) - _MOST_USES),
        gaps=attestation.gaps[:_MOST_USES],
        names=NAMES,
    )


def _view(one: Drift) -> dict[str, Any]:
    most = max((sum(row) for row in one.counts), default=0)
    bars = []
    for at, (name, row) in enumerate(zip(one.periods, one.counts, strict=True)):
        x = _LEFT + at * (_BAR + _GAP)
        y = float(_HEIGHT)
        parts = []
        for number, count in enumerate(row):
            height = round(_HEIGHT * count / most, 1) if most else 0.0
            y -= height
            if count:
                parts.append({"y": round(y, 1), "height": height, "kind": number % 6,
                              "count": count, "term": one.terms[number].text})  # fmt: skip
        bars.append({"x": x, "name": name, "parts": parts})
    starts = {change.period for change in one.changes}
    return {
        "drift": one,
        "most": most,
        "bars": bars,
        "width": _LEFT + len(one.periods) * (_BAR + _GAP) + 10,
        "height": _HEIGHT,
        "bar": _BAR,
        "cuts": [bar["x"] - _GAP / 2 for bar in bars if bar["name"] in starts],
        "rows": list(zip(one.periods, one.counts, strict=True)),
    }
