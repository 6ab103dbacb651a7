"""Translate a dispatch: memory first, then the model behind its gate, else left and marked."""

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from toolkit import dateline
from toolkit.dispatch import Dispatch
from toolkit.encoder import Encoder
from toolkit.glossary.match import Matcher
from toolkit.translate import constraints, gate, guard
from toolkit.translate.constraints import Masked, Placement
from toolkit.translate.engine import Engine, Hypothesis
from toolkit.translate.memory import Memory

# What was left in the source language stands between these, so that nobody takes it for a
# translation and a search finds every one.
OPEN, CLOSE = "⟦", "⟧"
# A very long file is translated in slices of so many segments: bounded memory, honest progress.
_SLICE = 256


@dataclass(frozen=True, slots=True)
class Draft:
    """One segment's translation, or the source where none can be trusted.

    ``origin`` is ``"memory"``, ``"model"``, ``"source"`` (left, with ``reasons``) or ``"empty"``.
    ``target`` is always one line. ``score`` is the model's mean log-probability per token, None
    where no model spoke. ``refused`` is what the model said where it was not believed.
    """

    source: str
    target: str
    origin: str
    placements: tuple[Placement, ...] = ()
    reasons: tuple[str, ...] = ()
    score: float | None = None
    refused: str | None = None

    @property
    def marked(self) -> str:
        """Return the text for a plain file: what was left stands marked, known phrases beside."""
        if self.origin != "source":
            return self.target
        known = "; ".join(
            dict.fromkeys(f"{p.source} = {p.form}" for p in self.placements if p.form)
        )
        return mark(self.source) + (f" {{{known}}}" if known else "")


def mark(text: str) -> str:
    """Return source text as it stands in a translation: marked, on one line."""
    body = " ".join(text.replace(OPEN, "[").replace(CLOSE, "]").split())
    return f"{OPEN}{body}{CLOSE}"


@dataclass(slots=True)
class Translator:
    """Everything one direction needs, loaded once.

    Args:
        source, target: Language codes, different.
        matcher: Finds the glossary's terms.
        engine: The translation model; None translates from memory alone.
        memory: Exact matches.
        encoder: Compares source and draft across languages for the gate; None leaves that out.
        day: The dispatch's date or (month, day), which completes a day without its month.
        beam: Beam size of the model's search.
        progress: Called with (done, total) segments.
    """

    source: str
    target: str
    matcher: Matcher
    engine: Engine | None = None
    memory: Memory = field(default_factory=Memory)
    encoder: Encoder | None = None
    day: datetime.date | tuple[int, int] | None = None
    beam: int = 4
    progress: Callable[[int, int], None] | None = None

    def translate(self, texts: Sequence[str]) -> list[Draft]:
        """Translate segments; the result has one draft for each text, in order.

        Raises:
            ModelError: If the model is missing or does not load, or has not this direction.
        """
        drafts: dict[int, Draft] = {}
        waiting = []
        for number, text in enumerate(texts):
            draft = self._without_model(text)
            if draft is None:
                waiting.append(number)
            else:
                drafts[number] = draft
        for start in range(0, len(waiting), _SLICE):
            if self.progress:
                self.progress(len(drafts), len(texts))
            numbers = waiting[start : start + _SLICE]
            made = self._with_model([texts[number] for number in numbers])
            drafts.update(zip(numbers, made, strict=True))
        if self.progress:
            self.progress(len(drafts), len(texts))
        return [drafts[number] for number in range(len(texts))]

    def _mask(self, text: str) -> Masked:
        return constraints.mask(text, self.source, self.target, self.matcher, day=self.day)

    def _without_model(self, text: str) -> Draft | None:
        if not text.strip():
            return Draft(text, "", "empty")
        remembered = self.memory.lookup(text, self.source, self.target)
        if remembered is not None:
            line = " ".join(remembered.split())
            return Draft(text, line, "memory", self._found(self._mask(text), line))
        if self.engine is None:
            return self._left(self._mask(text), text, ("no model",))
        return None

    def _with_model(self, texts: Sequence[str]) -> Iterator[Draft]:
        assert self.engine is not None
        masked = [self._mask(text) for text in texts]
        own = self.engine.placeholders
        given = [m.text if own else text for m, text in zip(masked, texts, strict=True)]
        ready = [n for n, m in enumerate(masked) if not (own and m.problem)]
        made = self.engine.translate(
            [given[n] for n in ready], self.source, self.target, self.beam
        )
        hypotheses = dict(zip(ready, made, strict=True))
        judge = self._judged if own else self._unjudged
        for number, (text, m) in enumerate(zip(texts, masked, strict=True)):
            if number in hypotheses:
                yield judge(text, m, hypotheses[number])
            else:
                yield self._left(m, text, (m.problem or "",))

    def _judged(self, text: str, masked: Masked, hypothesis: Hypothesis) -> Draft:
        """Believe a model that carries placeholders only where every test of the gate passes."""
        assert self.engine is not None
        filled = constraints.unmask(hypothesis.text, masked, self.matcher)
        similarity = None
        if self.encoder is not None:
            encoder = self.encoder

            def similarity() -> float:
                one, other = encoder.encode([text, filled.text])
                return float(one @ other)

        def back() -> str:
            assert self.engine is not None
            turned = gate.turned(masked.text, hypothesis.text, self.source)
            return self.engine.translate([turned], self.target, self.source, 2)[0].text

        verdict = gate.judge(
            masked.text,
            hypothesis.text,
            hypothesis.score,
            self.source,
            self.target,
            weakest=hypothesis.weakest,
            known=self.engine.known(self.source),
            similarity=similarity,
            back=back,
        )
        reasons = (*verdict.reasons, *(p for p in filled.problems if verdict.ok))
        if hypothesis.unknown and verdict.ok:
            reasons = (*reasons, "signs the model never met")
        if not reasons:
            reasons = guard.differences(
                text, filled.text, self.source, self.target, self.matcher, self.day
            )
        if reasons:
            return self._left(masked, text, reasons, hypothesis.score, filled.text)
        return Draft(text, filled.text, "model", filled.placements, (), hypothesis.score)

    def _unjudged(self, text: str, masked: Masked, hypothesis: Hypothesis) -> Draft:
        """Take a stock model's word, but say which phrases are not in it as they should be."""
        line = " ".join(hypothesis.text.split())
        if not line:
            return self._left(masked, text, ("the model gave nothing",), hypothesis.score)
        return Draft(text, line, "model", self._found(masked, line), (), hypothesis.score)

    def _found(self, masked: Masked, translation: str) -> tuple[Placement, ...]:
        """Say which of the source's phrases a finished translation holds in an approved form."""
        matches = self.matcher.find(translation, self.target)
        placements = []
        for placement in constraints.known(masked):
            match = next((m for m in matches if m.concept.id == placement.concept), None)
            if match is not None:
                matches.remove(match)
                form = translation[match.start : match.end]
                placement = Placement(placement.concept, placement.source, form, True)
            placements.append(placement)
        return tuple(placements)

    def _left(
        self,
        masked: Masked,
        text: str,
        reasons: tuple[str, ...],
        score: float | None = None,
        refused: str | None = None,
    ) -> Draft:
        return Draft(text, text, "source", constraints.known(masked), reasons, score, refused)


def render(dispatch: Dispatch, drafts: Sequence[Draft], target: str, matcher: Matcher) -> str:
    """Write a dispatch in its new language: paragraphs, blank lines and indents stay.

    The dateline is written anew where place and agency are in the glossary. Bylines, page noise
    and tails are not translated: they stay, marked.
    """
    items = [
        (segment.start, segment.end, draft.marked)
        for segment, draft in zip(dispatch.segments, drafts, strict=True)
    ]
    items += [
        (part.start, part.end, _part(dispatch, part, target, matcher)) for part in dispatch.parts
    ]
    pieces = []
    place = 0
    for start, end, text in sorted(items):
        gap = dispatch.text[place:start]
        if place and "\n" not in gap and "\r" not in gap:
            gap = "" if target == "zh" else " "
        pieces += [gap, text]
        place = end
    return "".join(pieces) + dispatch.text[place:]


def _part(dispatch: Dispatch, part: object, target: str, matcher: Matcher) -> str:
    text = dispatch.text[part.start : part.end]  # type: ignore[attr-defined]
    if part.kind == "dateline":  # type: ignore[attr-defined]
        found = dateline.match(text, dispatch.lang)
        if found is not None:
            written = _dateline(found, dispatch, target, matcher)
            if written is not None:
                return written
    return mark(text)


def _dateline(
    found: dateline.Dateline, dispatch: Dispatch, target: str, matcher: Matcher
) -> str | None:
    """Write a dateline in another language, or None where a name or date is not known."""
    place = _named(found.place, dispatch.lang, target, matcher)
    agency = _named(found.agency, dispatch.lang, target, matcher)
    if place is None or agency is None or found.day is None:
        return None
    from toolkit.values import dates
    from toolkit.values.value import Day, Value

    month = found.day.month or (dispatch.date.month if dispatch.date else None)
    day = dates.render(Value("date", Day(None, month, found.day.day)), target)
    if day is None:
        return None
    if target == "zh":
        return f"{agency}{place}{day}电　"
    if target == "ru":
        return f"{place}, {day} /{agency}/ --"
    return f"{place.upper()}, {day} ({agency}) --"


def _named(name: str | None, source: str, target: str, matcher: Matcher) -> str | None:
    """Return a place's or agency's name in the target language, if the glossary has it."""
    if not name:
        return None
    for match in matcher.find(name, source):
        if match.start == 0 and match.end == len(name):
            term = match.concept.preferred(target)
            return term.text if term else None
    return None
