"""Choose how a text gets from one language to another: straight, or through a third.

Through a third language a fixed phrase travels as the concept it is: what stood in the source is
known by its place in the middle text, and the last model is led to the concept's own word there.
So 协作 does not become 合作 for having been “cooperation” on the way.
"""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from toolkit.errors import ModelError
from toolkit.glossary.match import Matcher
from toolkit.languages import LANGS
from toolkit.translate import constraints
from toolkit.translate.constraints import Masked
from toolkit.translate.engine import Engine
from toolkit.translate.models import packages
from toolkit.translate.models.registry import SHIPPED, Installed, Registry
from toolkit.translate.stock import Said, Stock


@dataclass(frozen=True, slots=True)
class Route:
    """One way: the models by name, the language between them ("" for none), and how it measured.

    ``measured`` is the chrF2++ that ``models bench --quality`` found here; of two models the
    poorer one's, since a chain is no better than that; None where one was not measured.
    """

    models: tuple[str, ...]
    via: str = ""
    measured: float | None = None

    @property
    def name(self) -> str:
        return "+".join(self.models)


def routes(registry: Registry, source: str, target: str) -> list[Route]:
    """Return the ways the installed models offer, the best first.

    Measured ones come before unmeasured ones, higher scores first, a way with one model before one
    with two. The shipped model, which only speaks of what it knows, is not among them.
    """
    models = [model for model in registry if model.name != SHIPPED]
    found = [
        Route((model.name,), "", _measured(model, source, target))
        for model in models
        if (source, target) in model.description.directions
    ]
    for via in LANGS:
        if via in (source, target):
            continue
        for first in models:
            for second in models:
                ways = (first.description.directions, second.description.directions)
                if (source, via) not in ways[0] or (via, target) not in ways[1]:
                    continue
                scores = (_measured(first, source, via), _measured(second, via, target))
                both = None if None in scores else min(s for s in scores if s is not None)
                found.append(Route((first.name, second.name), via, both))
    return sorted(found, key=lambda way: (
        way.measured is None, -(way.measured or 0.0), len(way.models), way.name,
    ))  # fmt: skip


def best(registry: Registry, source: str, target: str) -> Route:
    """Return the best way, the shipped model where nothing else is installed for it."""
    return next(iter(routes(registry, source, target)), Route((SHIPPED,)))


def _measured(model: Installed, source: str, target: str) -> float | None:
    value = (model.measured or {}).get(f"chrf {source}-{target}")
    return float(value) if isinstance(value, int | float) else None


def engine(registry: Registry, name: str, source: str, target: str) -> "Engine | Pivot":
    """Return the engine of a model, or of two joined by ``+``, for one direction.

    Raises:
        ModelError: If a model is missing, or the two share no language to meet in.
    """
    names = name.split("+") if not Path(name).exists() else [name]
    if len(names) == 1:
        return registry.engine(name, source, target)
    if len(names) != 2:
        raise ModelError(f"{name}: two models can be joined by +, not {len(names)}")
    for each in names:
        if packages.home_of(registry.resolve(each)) is None:
            raise ModelError(f"{name}: {each} is neither an installed model nor a model's folder")
    problem = ""
    for via in LANGS:
        if via in (source, target):
            continue
        try:
            first = registry.engine(names[0], source, via)
            return Pivot(first, registry.engine(names[1], via, target), via)
        except ModelError as error:
            problem = str(error)
    raise ModelError(f"{name}: the two do not lead from {source} to {target}: {problem}")


class Pivot:
    """Two models in a row, with the interface that `document.Translator` needs of one."""

    placeholders = False

    def __init__(self, first: Engine, second: Engine, via: str) -> None:
        self.first = first
        self.second = second
        self.via = via
        self.model_dir = first.model_dir
        self.model_dirs = (first.model_dir, second.model_dir)

    def known(self, lang: str) -> None:
        return None


def stock(
    engine: "Engine | Pivot",
    source: str,
    target: str,
    matcher: Matcher,
    method: str,
    day: datetime.date | tuple[int, int] | None,
    beam: int,
) -> "Stock | PivotStock":
    """Return what drafts with a stock model, or with two in a row."""
    if not isinstance(engine, Pivot):
        return Stock(engine, source, target, matcher, method, day, beam)
    return PivotStock(
        Stock(engine.first, source, engine.via, matcher, method, day, beam),
        Stock(engine.second, engine.via, target, matcher, method, day, beam),
    )


@dataclass(slots=True)
class PivotStock:
    """Translate through a third language, phrases travelling as concepts."""

    first: Stock
    second: Stock

    def say(self, texts: Sequence[str], masked: Sequence[Masked]) -> Iterator[Said]:
        """Translate segments; one result for each, in order. Traces are in the source's terms."""
        one = self.first
        middle = [
            constraints.mask(text, one.source, one.target, one.matcher, day=one.day)
            for text in texts
        ]
        halves = list(one.say(texts, middle))
        on = [n for n, half in enumerate(halves) if not half.refused]
        between = [" ".join(halves[n].enforced.text.split()) for n in on]
        two = self.second
        wants = [
            two.enforcer().reader.carried(halves[n].enforced.traces, text, one.matcher.glossary)
            for n, text in zip(on, between, strict=True)
        ]
        again = [
            constraints.mask(text, two.source, two.target, two.matcher, day=two.day)
            for text in between
        ]
        ends = dict(
            zip(on, zip(between, two.say(between, again, wants), strict=True), strict=True)
        )
        for number, half in enumerate(halves):
            if number in ends:
                yield self._joined(half, *ends[number])
            else:
                yield replace(half, refused=f"{half.refused} (on the way, in {one.target})")

    def _joined(self, half: Said, between: str, said: Said) -> Said:
        """Tell of the second half in the words of the first one's source."""
        traces = said.enforced.traces
        if len(traces) == len(half.enforced.traces):
            pairs = zip(traces, half.enforced.traces, strict=True)
            traces = tuple(replace(trace, source=before.source) for trace, before in pairs)
        return replace(
            said,
            enforced=replace(said.enforced, traces=traces),
            notes=(*said.notes, f"by way of {self.second.source}: {between}"),
            doubts=tuple(dict.fromkeys((*half.doubts, *said.doubts))),
        )
