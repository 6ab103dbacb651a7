"""Translate a dispatch: memory, patterns, the model behind its gate; the rest is left."""

import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from toolkit.encoder import Encoder
from toolkit.glossary.match import Matcher
from toolkit.glossary.said import lands
from toolkit.languages.ru_forms import CASES
from toolkit.translate import constraints, gate, guard, pairs, route
from toolkit.translate.constraints import Masked, Placement
from toolkit.translate.engine import Engine, Hypothesis
from toolkit.translate.journal import Journal
from toolkit.translate.memory import Memory
from toolkit.translate.patterns import parse, written
from toolkit.translate.patterns.tokens import tokens
from toolkit.translate.route import PivotStock
from toolkit.translate.stock import Stock
from toolkit.translate.strangers import CLOSE, OPEN
from toolkit.translate.wants import Trace, land
from toolkit.values import numerals

# A very long file is translated in slices of so many segments: bounded memory, honest progress.
_SLICE = 256
# With a journal: what a power cut costs at most.
_SLICE_KEPT = 32


@dataclass(frozen=True, slots=True)
class Draft:
    """One segment's translation, or the source where none can be trusted.

    ``origin`` is ``"memory"`` (an exact match), ``"repaired"`` (a match that differed in names and
    figures only), ``"pattern"`` (``rules`` name its lines), ``"model"``, ``"source"`` (left, with
    ``reasons``) or ``"empty"`` (no letter in it: nothing to translate, and it stays as it is).
    ``target`` is always one line. ``score`` is the model's mean log-probability per token, None
    where no model spoke; ``estimate`` how likely a translator would find it right (0 to 1), of a
    model with placeholders. ``refused`` is what the model said where it was not believed.

    ``figures`` are those of a segment left that the target writes otherwise, each with how.
    ``doubts`` are what a person must look at in a translation that is shown: a stock model's
    figures that differ from the source's, a name that no glossary knows and that stands marked.
    ``notes`` are what a person may want to know; ``traces`` tell how a stock model was brought to
    say each fixed phrase, name and figure.
    """

    source: str
    target: str
    origin: str
    placements: tuple[Placement, ...] = ()
    reasons: tuple[str, ...] = ()
    score: float | None = None
    refused: str | None = None
    figures: tuple[tuple[str, str], ...] = ()
    doubts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    estimate: float | None = None
    traces: tuple[Trace, ...] = ()

    @property
    def marked(self) -> str:
        """Return the text for a plain file: what was left stands marked, known phrases beside."""
        if self.origin != "source":
            return self.target
        beside = "; ".join(self.beside)
        return mark(self.source) + (f" {{{beside}}}" if beside else "")

    @property
    def beside(self) -> tuple[str, ...]:
        """What a segment left should hold in the target: phrases, names and figures, once each."""
        pairs = [(p.source, p.form) for p in self.placements if p.form] + [*self.figures]
        pairs.sort(key=lambda pair: self.source.find(pair[0]))
        said = (f"{_line(one)} = {_line(other)}" for one, other in pairs)
        return tuple(dict.fromkeys(text.translate(_BRACES) for text in said))


_PARTS = {"placements": Placement, "traces": Trace}


def mark(text: str) -> str:
    """Return source text as it stands in a translation: marked, on one line."""
    return f"{OPEN}{_line(text.translate(_MARKS))}{CLOSE}"


_MARKS = str.maketrans({OPEN: "[", CLOSE: "]"})
_BRACES = str.maketrans("{}", "()")


def _strangers(masked: Masked) -> tuple[str, ...]:
    """Say which names stand in a translation as they are in the source."""
    return tuple(
        f"“{slot.source}” is in no glossary and stands as it is"
        for slot in masked.slots
        if slot.left
    )


def _line(text: str) -> str:
    return " ".join(text.split())


# The number of an article or item: 一、 （一） 1. (1). It is structure, and no model sees it.
_NUMBERED = {
    "zh": re.compile(
        r"(?:(?P<a>[一二三四五六七八九十]{1,3})、|（(?P<b>[一二三四五六七八九十]{1,3})）"
        r"|(?P<c>\d{1,2})[.．、](?!\d)\s*|[（(](?P<d>\d{1,2})[）)]\s*)(?=\S)"
    ),
    "ru": re.compile(r"(?:(?P<c>\d{1,2})\.\s+|\(?(?P<d>\d{1,2})\)\s+)(?=[«\"“А-ЯЁ])"),
    "en": re.compile(r"(?:(?P<c>\d{1,2})\.\s+|\(?(?P<d>\d{1,2})\)\s+)(?=[\"“A-Z])"),
}


def _numbered(text: str, source: str, target: str) -> tuple[str, str]:
    """Split a segment into its number, written as the target does, and the rest."""
    match = _NUMBERED[source].match(text)
    if not match:
        return "", text
    groups = match.groupdict()
    characters = groups.get("a") or groups.get("b")
    number = numerals.parse_zh(characters) if characters else int(groups["c"] or groups["d"])
    if not number or number > 99:
        return "", text
    bracketed = groups.get("b") or groups["d"]
    if target == "zh":
        written = numerals.write_zh(number)
        return f"（{written}）" if bracketed else f"{written}、", text[match.end() :]
    return f"({number}) " if bracketed else f"{number}. ", text[match.end() :]


@dataclass(slots=True)
class Translator:
    """Everything one direction needs, loaded once.

    Args:
        source, target: Language codes, different.
        matcher: Finds the glossary's terms.
        engine: The translation model; None translates from memory alone.
        memory: Translations to use again.
        patterns: Whether the grammar and the written sentences are asked before the model.
        encoder: Compares source and draft across languages for the gate; None leaves that out.
        day: The dispatch's date or (month, day), which completes a day without its month.
        beam: Beam size of the model's search.
        progress: Called with (done, total) segments.
        terms_method: How a stock model is made to say the fixed phrases (``enforce.METHODS``).
        journal: Drafts of the model from an earlier run, and where this one's go as they are made.
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
    patterns: bool = True
    terms_method: str = "auto"
    journal: Journal | None = None
    _stock: Stock | PivotStock | None = field(default=None, init=False, repr=False)

    def translate(self, texts: Sequence[str]) -> list[Draft]:
        """Translate segments; the result has one draft for each text, in order.

        Equal texts are worked on once.

        Raises:
            ModelError: If the model is missing or does not load, or has not this direction.
        """
        different = list(dict.fromkeys(texts))
        drafts = dict(zip(different, self._drafts(different), strict=True))
        return [drafts[text] for text in texts]

    def _drafts(self, texts: Sequence[str]) -> list[Draft]:
        drafts: dict[int, Draft] = {}
        waiting = []
        for number, text in enumerate(texts):
            draft = self._without_model(text)
            if draft is None and self.journal is not None:
                draft = self.journal.find(text, Draft, _PARTS)
            if draft is None:
                waiting.append(number)
            else:
                drafts[number] = draft
        size = _SLICE if self.journal is None else _SLICE_KEPT
        for start in range(0, len(waiting), size):
            if self.progress:
                self.progress(len(drafts), len(texts))
            numbers = waiting[start : start + size]
            given = [texts[number] for number in numbers]
            made = list(self._with_model(given))
            if self.journal is not None:
                self.journal.record(given, made)
            drafts.update(zip(numbers, made, strict=True))
        if self.progress:
            self.progress(len(drafts), len(texts))
        return [drafts[number] for number in range(len(texts))]

    def _mask(self, text: str) -> Masked:
        known = self.engine.known(self.source) if self.engine is not None else None
        return constraints.mask(
            text, self.source, self.target, self.matcher, day=self.day, known=known
        )

    def _without_model(self, text: str) -> Draft | None:
        if not any(character.isalpha() for character in text):
            return Draft(text, _line(text), "empty")
        number, rest = _numbered(text, self.source, self.target)
        for before, known in (("", text), (number, rest)):
            remembered = self.memory.lookup(known, self.source, self.target)
            if remembered is not None:
                line = before + _line(remembered)
                others = self.memory.others(known, self.source, self.target)
                placements = self._found(self._mask(text), line)
                notes = tuple(f"the memory also has: {_line(other)}" for other in others)
                return Draft(text, line, "memory", placements, notes=notes)
        masked = self._mask(rest)
        draft = self._repaired(rest, masked) or (self._by_pattern(rest, masked))
        if draft is not None:
            return replace(draft, source=text, target=number + draft.target)
        if self.engine is None:
            return self._left(self._mask(text), text, ("no model",))
        return None

    def _repaired(self, text: str, masked: Masked) -> Draft | None:
        repair = self.memory.repaired(text, masked, self.matcher)
        if repair is None:
            return None
        note = f"repaired from the memory: {_line(repair.source)} = {_line(repair.target)}"
        draft = self._filled(text, masked, repair.output, "repaired")
        return draft and replace(draft, notes=(note,))

    def _by_pattern(self, text: str, masked: Masked) -> Draft | None:
        """Translate a segment that the grammar or a written sentence covers whole."""
        if not self.patterns or masked.problem:
            return None
        phrasebook = written.shipped(self.source, self.target)
        words = tokens(masked.text, self.source)
        if not words:
            return None
        if len(words) == 1 and len(masked.slots) == 1 and masked.slots[0].kind in "TPLNMD%":
            # A cell or heading that is a name or figure and nothing else.
            mark = "<1><nom>" if self.target == "ru" else "<1>"
            return self._filled(text, masked, mark, "pattern", ("a name or figure alone",))
        found = phrasebook.sentence(words)
        if found is not None:
            return self._filled(
                text, masked, found.output, "pattern", (f"sentences.tsv:{found.line}",)
            )
        slots = {slot.index: slot for slot in masked.slots}

        def cases(index: int) -> frozenset[str]:
            slot = slots[index]
            terms = [t for t in (slot.concept.terms if slot.concept else ()) if t.lang == "ru"]
            known = {case for t in terms for case in pairs.cases(slot.source, t.text)}
            return frozenset(known or CASES)

        read = parse.parser(self.source).read(
            masked.text, self.target, cases, phrasebook.clause
        )
        if read is None:
            return None
        lines = [f"grammar.tsv:{', '.join(map(str, read.lines))}"]
        if read.written is not None:
            lines.append(f"sentences.tsv:{read.written}")
        return self._filled(text, masked, read.output, "pattern", tuple(lines))

    def _filled(
        self, text: str, masked: Masked, output: str, origin: str, rules: tuple[str, ...] = ()
    ) -> Draft | None:
        """Fill what a person wrote; None where a form is missing or the guard objects."""
        filled = constraints.unmask(output, masked, self.matcher)
        line = _line(filled.text)
        if filled.problems or not all(p.placed for p in filled.placements):
            return None
        if guard.differences(*self._both(text, line)):
            return None
        doubts = _strangers(masked)
        return Draft(text, line, origin, filled.placements, doubts=doubts, rules=rules)

    def _with_model(self, texts: Sequence[str]) -> Iterator[Draft]:
        assert self.engine is not None
        split = [_numbered(text, self.source, self.target) for text in texts]
        masked = [self._mask(rest) for _, rest in split]
        if not self.engine.placeholders:
            yield from self._by_stock(texts, split, masked)
            return
        given = [m.text for m in masked]
        ready = [n for n, m in enumerate(masked) if not m.problem]
        made = self.engine.translate(
            [given[n] for n in ready], self.source, self.target, self.beam
        )
        hypotheses = dict(zip(ready, made, strict=True))
        likeness = self._likeness(split, masked, hypotheses)
        for place, (text, m) in enumerate(zip(texts, masked, strict=True)):
            number, rest = split[place]
            if place not in hypotheses:
                yield self._left(m, text, (m.problem or "",))
                continue
            draft = self._judged(rest, m, hypotheses[place], likeness.get(place))
            said = number + draft.target if draft.origin == "model" else text
            yield replace(draft, source=text, target=said)

    def _likeness(
        self,
        split: Sequence[tuple[str, str]],
        masked: Sequence[Masked],
        hypotheses: Mapping[int, Hypothesis],
    ) -> dict[int, float]:
        """Return how alike source and draft are, of the drafts that break no rule, all at once."""
        assert self.engine is not None
        if self.encoder is None:
            return {}
        known = self.engine.known(self.source)
        places = []
        for place, hypothesis in hypotheses.items():
            reasons, _ = gate.broken(
                masked[place].text, hypothesis.text, hypothesis.score, self.source, self.target,
                known,
            )  # fmt: skip
            if not reasons:
                places.append(place)
        if not places:
            return {}
        filled = [
            constraints.unmask(hypotheses[n].text, masked[n], self.matcher).text for n in places
        ]
        vectors = self.encoder.encode([*(split[n][1] for n in places), *filled])
        size = len(places)
        return {n: float(vectors[k] @ vectors[size + k]) for k, n in enumerate(places)}

    def _judged(
        self,
        text: str,
        masked: Masked,
        hypothesis: Hypothesis,
        likeness: float | None,
    ) -> Draft:
        """Believe a model that carries placeholders only where every test of the gate passes."""
        assert self.engine is not None
        filled = constraints.unmask(hypothesis.text, masked, self.matcher)
        verdict = gate.judge(
            masked.text,
            hypothesis.text,
            hypothesis.score,
            self.source,
            self.target,
            channel=hypothesis.channel,
            known=self.engine.known(self.source),
            similarity=None if likeness is None else lambda: likeness,
        )
        reasons = (*verdict.reasons, *(p for p in filled.problems if verdict.ok))
        if hypothesis.unknown and verdict.ok:
            reasons = (*reasons, "signs the model never met")
        if not reasons:
            reasons = (
                *(
                    f"“{placed.source}” is not said as “{placed.form}”"
                    for placed in filled.placements
                    if not placed.placed and "…" not in placed.form
                ),
                *guard.differences(*self._both(text, filled.text)),
            )
        if reasons:
            left = self._left(masked, text, reasons, hypothesis.score, filled.text)
            return replace(left, estimate=verdict.estimate)
        line = _line(filled.text)
        placements, doubts = filled.placements, _strangers(masked)
        return Draft(
            text, line, "model", placements, (), hypothesis.score, doubts=doubts,
            notes=self._passed(masked, line), estimate=verdict.estimate,
        )  # fmt: skip

    def _both(self, text: str, translation: str) -> tuple:
        return text, translation, self.source, self.target, self.matcher, self.day

    def _by_stock(
        self, texts: Sequence[str], split: Sequence[tuple[str, str]], masked: Sequence[Masked]
    ) -> Iterator[Draft]:
        """Take a stock model's word, led and guarded, and say what in it is doubtful."""
        assert self.engine is not None
        if self._stock is None:
            self._stock = route.stock(
                self.engine, self.source, self.target, self.matcher, self.terms_method,
                self.day, self.beam,
            )  # fmt: skip
        said = self._stock.say([rest for _, rest in split], masked)
        for text, (number, _), m, one in zip(texts, split, masked, said, strict=True):
            line, score = _line(one.enforced.text), one.enforced.score
            if one.refused:
                yield self._left(m, text, (one.refused,), score, line or None)
                continue
            notes = (*one.notes, *self._passed(m, line))
            yield Draft(
                text, number + line, "model", self._found(m, line), (), score, doubts=one.doubts,
                notes=notes, traces=one.enforced.moved(len(number)),
            )  # fmt: skip

    def _found(self, masked: Masked, translation: str) -> tuple[Placement, ...]:
        """Say which of the source's phrases a finished translation holds in an approved form."""
        matches = self.matcher.find(translation, self.target)
        named = lands(translation, self.target)
        adjectives = {
            slot.concept.id for slot in masked.slots
            if slot.concept is not None and land(slot.concept) in named
        }  # fmt: skip
        placements = []
        for placement in constraints.known(masked):
            match = next((m for m in matches if m.concept.id == placement.concept), None)
            if match is None and placement.concept in adjectives:
                placement = replace(placement, placed=True)
            elif match is not None:
                matches.remove(match)
                form = translation[match.start : match.end]
                placement = Placement(placement.concept, placement.source, form, True)
            placements.append(placement)
        return tuple(placements)

    def _passed(self, masked: Masked, translation: str) -> tuple[str, ...]:
        """Say which glossary phrases stood for something else, and are not in a translation."""
        passed = [one for one in masked.passed if one.why]
        if not passed:
            return ()
        there = Counter(m.concept.id for m in self.matcher.find(translation, self.target))
        there.subtract(placement.concept for placement in constraints.known(masked))
        notes = []
        for one in passed:
            there[one.concept.id] -= 1
            if there[one.concept.id] < 0:
                notes.append(f"“{one.source}” was not translated by the glossary: {one.why}")
        return tuple(dict.fromkeys(notes))

    def _left(
        self,
        masked: Masked,
        text: str,
        reasons: tuple[str, ...],
        score: float | None = None,
        refused: str | None = None,
    ) -> Draft:
        known, figures = constraints.known(masked), constraints.converted(masked)
        return Draft(text, text, "source", known, reasons, score, refused, figures)
