"""Make any CTranslate2 model say the glossary's words, or tell where it could not and why.

A stock model knows nothing of placeholders. It translates; what each fixed phrase, name and figure
became is looked for; where it is wrong, the model is led: its own words up to the place (found by
its attention), then the phrase in each form the language has, then it goes on by itself. Of all
that it makes so, the one is kept that holds most and that the model itself finds likeliest.

Methods: ``prefix`` (that), ``placeholder`` (a mark in the source that the model carries over,
where it was measured to), ``nbest`` (one of its other translations has the phrase), ``replace``
(the words the phrase became are exchanged, in the form that fits best), ``auto`` (the best that
prefix and replace make; the others where neither is good), ``none``.

Source of the idea: Hasler et al. 2018 tie constraints to attention; here from outside, with
forced prefixes, since CTranslate2 gives no hold on its beam.
"""

import datetime
import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from toolkit.errors import ModelError
from toolkit.glossary.match import Match, Matcher
from toolkit.translate import government, guard, soundness
from toolkit.translate.constraints import Masked
from toolkit.translate.engine import Engine, Hypothesis
from toolkit.translate.wants import Reader, Trace, Want, missing, same
from toolkit.values.reading import values
from toolkit.values.value import Value

METHODS = ("auto", "prefix", "placeholder", "nbest", "replace", "none")
_ORDER = ("prefix", "replace", "placeholder", "nbest")
# How much less likely (mean log-probability per token) a led translation may be to end the search.
_GOOD = 0.6
_PLACES = 8
_COMPLETED = 8
# In a translation of so few words every place is tried.
_FEW = 12
# What the phrase itself costs tells little (no model expects rare words): it weighs less than what
# the model says around it; and a translation much shorter than the first one lost something.
_OWN_WEIGHT = 0.3
_SHORT = 0.7
_NBEST = 8
_BETWEEN = 4
# Less of a word's attention on the phrase than this, and the word has nothing to do with it.
_SEEN = 0.15
KEPT_AT_LEAST = 0.9
_MARKS = ("⟦{}⟧", "[{}]", "__{}__", "X{}X", "<{}>", "Q{}")
_CARRIERS = {
    "zh": ("双方同意加强{}。", "会谈中，双方讨论了{}。", "他指出，{}十分重要。",
           "我们支持{}和{}。"),
    "ru": ("Стороны договорились укреплять {}.", "На встрече обсудили {}.",
           "Он отметил, что {} имеет большое значение.", "Мы поддерживаем {} и {}."),
    "en": ("The two sides agreed to strengthen {}.", "They discussed {} at the meeting.",
           "He said that {} is very important.", "We support {} and {}."),
}  # fmt: skip
_WORD = re.compile(r"[^\W_]+")
_LISTED = re.compile(r"\s*(?:[、，,]|[、，,]?\s*(?:和|及|以及|与|and(?: the)?|и))\s*(?:the )?")


@dataclass(frozen=True, slots=True)
class Enforced:
    """A translation with its phrases in it, and a trace for each of them, in source order."""

    text: str
    score: float
    traces: tuple[Trace, ...]

    def moved(self, by: int) -> tuple[Trace, ...]:
        """Return the traces for where this translation stands behind something else."""
        return tuple(
            replace(trace, start=trace.start + by, end=trace.end + by)
            if trace.start >= 0 else trace
            for trace in self.traces
        )  # fmt: skip


@dataclass(slots=True)
class _State:
    """One segment on its way."""

    text: str
    wants: tuple[Want, ...]
    best: str
    score: float
    first: str
    methods: dict[int, tuple[str, float, float]] = field(default_factory=dict)
    failed: dict[int, str] = field(default_factory=dict)
    looked: tuple[str, list[str], list[list[float]]] | None = None


class Enforcer:
    """Lead one model in one direction.

    Args:
        method: One of ``METHODS``.
        day: The dispatch's date, for figures and days compared with the source.
    """

    def __init__(
        self,
        engine: Engine,
        source: str,
        target: str,
        matcher: Matcher,
        method: str = "auto",
        day: datetime.date | tuple[int, int] | None = None,
    ) -> None:
        if method not in METHODS:
            raise ModelError(f"{method}: no way to place terms; known: {', '.join(METHODS)}")
        self.engine = engine
        self.source = source
        self.target = target
        self.matcher = matcher
        self.method = method
        self.day = day
        self.reader = Reader(source, target)
        self._mark: tuple[str, float] | None = None
        self._matches: dict[str, list[Match]] = {}

    # -- The whole

    def enforce(
        self,
        masked: Masked,
        text: str,
        hypothesis: Hypothesis,
        wants: tuple[Want, ...] | None = None,
    ) -> Enforced:
        """Bring the phrases of a segment into its translation.

        Args:
            masked: The segment as `constraints.mask` read it: what it holds, with its forms.
            text: The segment itself.
            hypothesis: What the model made of it.
            wants: What must stand in the translation; None: what ``masked`` holds.
        """
        wants = self.reader.read(masked, text) if wants is None else wants
        state = _State(text, wants, hypothesis.text, hypothesis.score, hypothesis.text)
        if self.method != "none" and hypothesis.text:
            tries = [self.method] if self.method != "auto" else list(_ORDER)
            self._round(state, tries)
            if state.failed and state.methods:
                state.failed.clear()  # among the others, now in place, there may be room
                self._round(state, tries)
        return Enforced(state.best, state.score, self._traces(state))

    def _round(self, state: _State, tries: Sequence[str]) -> None:
        """Try to place what is missing, from left to right, each once."""
        for _ in range(2 * len(state.wants)):
            missing = self._missing(state.best, state.wants)
            waiting = [n for n in missing if n not in state.failed]
            if not waiting:
                return
            if not state.methods and not state.failed:
                state.score = _mean(self._each([state.best], state.text)[0])
            self._place(state, self._leftmost(state, waiting), tries)

    def _place(self, state: _State, number: int, tries: Sequence[str]) -> None:
        """Try to place one want; take the best of what was made, or note that nothing helped."""
        want = state.wants[number]
        base = self._rank(state.best, [], state)[:-1]
        found: list[tuple[tuple, float, str, str]] = []
        reasons = []
        for method in tries:
            made, why = self._by(method, state, want)
            made = [text for text in dict.fromkeys(made)
                    if number not in self._missing(text, state.wants)]  # fmt: skip
            scored = self._each(made, state.text)
            for text, each in zip(made, scored, strict=True):
                found.append((self._rank(text, each, state), _mean(each), text, method))
            if not made:
                reasons.append(f"{method}: {why or 'the model went on without it'}")
            # Exchanging costs next to nothing, so that it is compared with leading every time.
            good = found and max(found)[0][:-1] > base
            if good and method != "prefix" and max(found)[1] > state.score - _GOOD:
                break
        # Never at the price of another phrase or a figure.
        good = [item for item in found if item[0][:-1] > base]
        if not good:
            if found:
                reasons.append("it would have cost another phrase, a figure, or been said twice")
            state.failed[number] = "; ".join(dict.fromkeys(reasons))
            return
        _, score, text, method = max(good)
        state.methods[number] = (method, state.score, score)
        state.best, state.score = text, score

    def _rank(self, text: str, each: Sequence[float], state: _State) -> tuple:
        """Rank a translation: sound, phrases placed, none doubled, figures kept, none behind a
        verb that takes no phrase, then likely.

        Args:
            each: The log-probability of each of its pieces.
        """
        counted = Counter(want.key for want in state.wants if not want.land)
        there = Counter(match.concept.id for match in self._found(text))
        doubled = sum(
            max(0, there[key] - count) for key, count in counted.items() if isinstance(key, str)
        )
        lost = guard.figure_differences(
            state.text, text, self.source, self.target, self.matcher, self.day
        )
        placed = len(state.wants) - len(self._missing(text, state.wants))
        sick = bool(soundness.faults(state.text, text, self.source, self.target))
        stray = self.target == "ru" and sum(
            government.closed(text[:start]) for _, start, _ in self._standing(state, text)
        )
        likely = self._likely(text, each, state)
        return (-int(sick), placed, -doubled, -len(lost), -int(stray), likely)

    def _likely(self, text: str, each: Sequence[float], state: _State) -> float:
        """Return how likely the words around the phrases are, the phrases themselves weighed less.

        That is a mean per piece: a short translation is not likelier for being short.
        """
        own = [False] * len(each)
        for _, start, end in self._standing(state, text):
            first, last = self.engine.pieces(text[:start]), self.engine.pieces(text[:end])
            own[first:last] = [True] * (min(last, len(own)) - min(first, len(own)))
        around = [value for value, mine in zip(each, own, strict=True) if not mine]
        inside = [value for value, mine in zip(each, own, strict=True) if mine]
        shorter = max(0.0, _SHORT - len(text) / max(1, len(state.first)))
        return _mean(around) + _OWN_WEIGHT * _mean(inside) - shorter

    def _by(self, method: str, state: _State, want: Want) -> tuple[list[str], str]:
        if not want.forms:
            why = "its month is not known" if want.value else "the glossary has no form"
            return [], why
        if method == "prefix":
            return self._prefix(state, want)
        if method == "placeholder":
            return self._placeholder(state, want)
        if method == "nbest":
            ways = self.engine.nbest(state.text, self.source, self.target, _NBEST)
            return [way.text for way in ways], ""
        return self._replace(state, want)

    # -- Ways

    def _prefix(self, state: _State, want: Want) -> tuple[list[str], str]:
        """Lead the model up to a place, say the phrase, let it go on."""
        begun: list[tuple[str, str]] = []
        for place in self._places(state, want):
            before = state.best[:place]
            fitting = self._fitting(before, want)
            begun += [(before, self._join(before, form)) for form in fitting]
        begun += [(before, whole) for before, whole, _ in self._in_list(state, want)]
        begun = list(dict.fromkeys(begun))
        if not begun:
            return [], "no place for it was found"
        # How natural the model finds the phrase at each place, as far as its forms differ: the
        # best two of each place may go on.
        scored = self._each([whole for _, whole in begun], state.text)
        tail = _common_tail(want.forms)
        natural: dict[str, list[tuple[float, str]]] = {}
        for (before, whole), each in zip(begun, scored, strict=True):
            skip = self.engine.pieces(before)
            own = each[skip : self.engine.pieces(whole[: len(whole) - tail])] or each[-1:]
            natural.setdefault(before, []).append((_mean(own), whole))
        best = [item for ways in natural.values() for item in sorted(ways, reverse=True)[:2]]
        chosen = [whole for _, whole in sorted(best, reverse=True)[:_COMPLETED]]
        sources = [state.text] * len(chosen)
        return self.engine.complete(sources, chosen, self.source, self.target), ""

    def _placeholder(self, state: _State, want: Want) -> tuple[list[str], str]:
        """Put a mark in the phrase's place in the source, the phrase where it comes out."""
        mark, kept = self.mark()
        if kept < KEPT_AT_LEAST:
            return [], f"the model keeps no mark well enough (the best, “{mark}”, {kept:.0%})"
        shown = mark.format(1)
        spaced = shown if self.source == "zh" else f" {shown} "
        source = f"{state.text[: want.start]}{spaced}{state.text[want.end :]}"
        source = " ".join(source.split())
        (made,) = self.engine.translate([source], self.source, self.target)
        place = made.text.find(shown)
        if place < 0 or made.text.count(shown) != 1:
            return [], f"the model did not carry the mark “{shown}” over"
        before, after = made.text[:place].rstrip(), made.text[place + len(shown) :]
        fitting = self._fitting(before, want)
        return [self._join(before, form) + after for form in fitting], ""

    def _replace(self, state: _State, want: Want) -> tuple[list[str], str]:
        """Exchange the words that the phrase became for the phrase."""
        region = self._region(state, want)
        listed = [whole + after for _, whole, after in self._in_list(state, want)]
        listed += self._between(state, want)
        if region is None:
            return listed, "" if listed else "what it became could not be found"
        start, end = region
        before, after = state.best[:start].rstrip(), state.best[end:]
        if self.target != "zh" and after[:1].isalnum():
            after = f" {after}"
        fitting = self._fitting(before, want)
        exchanged = [self._join(before, form) + after for form in fitting]
        return [*exchanged, *listed], ""

    def _between(self, state: _State, want: Want) -> list[str]:
        """Return the translation with a phrase put in and nothing taken out, at likely places."""
        made = []
        for place in self._places(state, want)[:_BETWEEN]:
            before, after = state.best[:place].rstrip(), state.best[place:]
            if self.target != "zh" and after[:1].isalnum():
                after = f" {after}"
            made += [self._join(before, form) + after for form in self._fitting(before, want)]
        return made

    def _in_list(self, state: _State, want: Want) -> list[tuple[str, str, str]]:
        """Return beginnings that say a phrase after its neighbour in a list, and what follows.

        Of «A, B and C» a model often says one alone; where A stands, B belongs behind it.
        """
        number = state.wants.index(want)
        if number == 0:
            return []
        other = state.wants[number - 1]
        between = state.text[other.end : want.start]
        place = next((end for key, _, end in self._standing(state) if key == other.key), None)
        if place is None or not _LISTED.fullmatch(between):
            return []
        last = any(word in between for word in ("和", "及", "与", "and", "и"))
        mark = {
            "zh": "和" if last else "、",
            "ru": " и " if last else ", ",
            "en": " and " if last else ", ",
        }[self.target]
        before, after = state.best[:place], state.best[place:]
        return [(before, before + mark + form, after) for form in want.forms]

    def _each(self, texts: Sequence[str], source: str) -> list[list[float]]:
        return self.engine.scores([source] * len(texts), texts, self.source, self.target)

    def _fitting(self, before: str, want: Want) -> tuple[str, ...]:
        """Return the forms the word before allows: «к» takes no genitive, «крепить» no dative."""
        if self.target != "ru" or not want.cased:
            return want.forms
        concept = self.matcher.glossary.concept(want.concept) if want.concept else None
        being = concept is not None and concept.domain in ("person", "office/title")
        allowed = government.allowed(before, want.forms[0], being)
        governed = dict.fromkeys(form for case, form in want.cased if case in allowed)
        return tuple(governed) or want.forms

    def _join(self, before: str, form: str) -> str:
        """Write a form after what stands before it, capital where a sentence begins."""
        if self.target == "zh":
            return before + form
        before = before.rstrip()
        if not before or before[-1] in ".!?":
            form = form[:1].upper() + form[1:]
        if self.target == "en":
            # «the» may stand before the place already.
            article = re.match(r"(?:the|an?) ", form, re.IGNORECASE)
            if article and re.search(r"\b(?:the|an?)$", before, re.IGNORECASE):
                form = form[article.end() :]
        opened = before[-1:] in ("(", "«", "“", '"', "[")
        return before + ("" if not before or opened else " ") + form

    # -- Where

    def _weights(self, state: _State, want: Want) -> tuple[list[int], list[float]]:
        """Return where each piece of the translation begins, and its attention on the phrase."""
        if state.looked is None or state.looked[0] != state.best:
            seen = self.engine.attention(state.text, state.best, self.source, self.target)
            state.looked = (state.best, *seen)
        _, pieces, rows = state.looked
        first = self.engine.source_pieces(state.text[: want.start])
        last = max(first + 1, self.engine.source_pieces(state.text[: want.end]))
        weights = [sum(row[first:last]) / (sum(row) or 1.0) if row else 0.0 for row in rows]
        starts, place = [], 0
        for piece in pieces:
            plain = piece.replace("▁", " ").strip()
            found = state.best.find(plain, place) if plain else place
            starts.append(found if 0 <= found <= place + 8 else place)
            place = starts[-1] + len(plain) if found >= 0 else place
        return starts, weights

    def _boundaries(self, text: str) -> list[int]:
        """Return where a word may begin; in Chinese anywhere but in figures and Latin words."""
        if self.target == "zh":
            return [
                n for n in range(len(text) + 1)
                if n in (0, len(text)) or not (text[n - 1 : n + 1].isascii())
            ]  # fmt: skip
        return [match.start() for match in _WORD.finditer(text)
                if match.start() == 0 or text[match.start() - 1] in " \u00a0(«“\"["]  # fmt: skip

    def _places(self, state: _State, want: Want) -> list[int]:
        """Return the likeliest places for a phrase: where the words that look at it begin."""
        taken = self._taken(state)
        boundaries = [
            place for place in self._boundaries(state.best)
            if not any(a < place < b for a, b in taken)
        ] or [0]  # fmt: skip
        end = len(state.best.rstrip(" .。!！?？;；"))
        if len(boundaries) <= _FEW:
            return list(dict.fromkeys([*boundaries, end]))
        starts, weights = self._weights(state, want)
        heard: dict[int, float] = {}
        for start, weight in zip(starts, weights, strict=True):
            here = max((b for b in boundaries if b <= start), default=boundaries[0])
            heard[here] = max(heard.get(here, 0.0), weight)
        ordered = sorted(heard, key=lambda place: heard[place], reverse=True)[: _PLACES - 2]
        region = self._region(state, want)
        places = [region[0]] if region else []
        # The word before the first that looks at it: heads and articles stand there.
        if ordered:
            before = [b for b in boundaries if b < min(ordered)]
            places += ordered + before[-1:]
        return list(dict.fromkeys([*places, end]))[:_PLACES]

    def _taken(self, state: _State) -> list[tuple[int, int]]:
        """Return the places of phrases that are right already: they are not to be touched."""
        return [(start, end) for _, start, end in self._standing(state)]

    def _standing(self, state: _State, text: str | None = None) -> list[tuple[object, int, int]]:
        """Return what of the wants stands in a translation (the best one), and where."""
        text = state.best if text is None else text
        ids = {want.concept for want in state.wants if want.concept}
        found = self._found(text)
        spans: list[tuple[object, int, int]] = [
            (m.concept.id, m.start, m.end) for m in found if m.concept.id in ids
        ]
        own = [want.value for want in state.wants if want.value]
        for value in values(text, self.target) if own else ():
            key = next((one for one in own if same(one, value)), None)
            if key is not None:
                spans.append((key, value.start, value.end))
        return spans

    def _region(self, state: _State, want: Want) -> tuple[int, int] | None:
        """Return the stretch of whole words that looks at a phrase most, or None if none does."""
        text = state.best
        starts, weights = self._weights(state, want)
        taken = self._taken(state)
        weights = [
            0.0 if any(a <= start < b for a, b in taken) else weight
            for start, weight in zip(starts, weights, strict=True)
        ]
        peak = max(weights, default=0.0)
        if peak < _SEEN:
            return None
        centre = weights.index(peak)
        first = last = centre
        least = max(_SEEN, peak / 2)
        while first > 0 and weights[first - 1] >= least:
            first -= 1
        while last + 1 < len(weights) and weights[last + 1] >= least:
            last += 1
        start = starts[first]
        end = starts[last + 1] if last + 1 < len(starts) else len(text)
        if self.target != "zh":
            spans = [m.span() for m in re.finditer(r"[^\W_]+(?:[-’'][^\W_]+)*", text)]
            spans = [(a, b) for a, b in spans if b > start and a < max(end, start + 1)]
            spans = [(a, b) for a, b in spans if all(b <= x or y <= a for x, y in taken)]
            return (spans[0][0], spans[-1][1]) if spans else None
        trimmed = len(text[start:end].rstrip("，。；：！？、 "))
        return (start, start + trimmed) if trimmed else None

    def _leftmost(self, state: _State, waiting: list[int]) -> int:
        """Return which missing phrase belongs first: what stands left of it stays as it is."""
        if len(waiting) == 1:
            return waiting[0]

        def place(number: int) -> int:
            region = self._region(state, state.wants[number])
            return region[0] if region else len(state.best)

        return min(waiting, key=lambda number: (place(number), number))

    def _missing(self, text: str, wants: Sequence[Want]) -> list[int]:
        concepts = (match.concept.id for match in self._found(text))
        return missing(wants, concepts, text, self.target)

    def _found(self, text: str) -> list[Match]:
        if text not in self._matches:
            if len(self._matches) > 256:
                self._matches.clear()
            self._matches[text] = self.matcher.find(text, self.target)
        return self._matches[text]

    def _traces(self, state: _State) -> tuple[Trace, ...]:
        missing = set(self._missing(state.best, state.wants))
        matches = list(self._found(state.best))
        given = values(state.best, self.target) if state.best else []
        traces = []
        for number, want in enumerate(state.wants):
            before, after = state.score, state.score
            start = end = -1
            form = want.forms[0] if want.forms else ""
            method = why = ""
            if number in missing:
                why = state.failed.get(number) or (
                    "terms were not to be placed" if self.method == "none" else "lost again"
                )
            else:
                method, before, after = state.methods.get(number, ("model", before, after))
                pool = matches if want.value is None else given
                hit = next((item for item in pool if self._is(item, want)), None)
                if hit is not None:
                    pool.remove(hit)
                    start, end = hit.start, hit.end
                    form = state.best[start:end]
            name = want.concept or (want.value.kind if want.value else "")
            traces.append(Trace(name, want.source, form, method, start, end, before, after, why))
        return tuple(traces)

    @staticmethod
    def _is(item: object, want: Want) -> bool:
        if isinstance(item, Value):
            return want.value is not None and same(want.value, item)
        return bool(want.concept) and item.concept.id == want.concept  # type: ignore[attr-defined]

    # -- Marks

    def mark(self) -> tuple[str, float]:
        """Return the mark this model carries over best, and how often it does (0 to 1).

        Measured once: a few plain sentences, each mark in the place of a noun phrase.
        """
        if self._mark is None:
            best = (_MARKS[0], 0.0)
            for mark in _MARKS:
                kept = self._kept(mark)
                if kept > best[1]:
                    best = (mark, kept)
                if kept == 1.0:
                    break
            self._mark = best
        return self._mark

    def _kept(self, mark: str) -> float:
        texts, marks = [], []
        for carrier in _CARRIERS[self.source]:
            count = carrier.count("{}")
            own = [mark.format(n) for n in range(1, count + 1)]
            texts.append(carrier.format(*own))
            marks.append(own)
        made = self.engine.translate(texts, self.source, self.target)
        good = [
            all(hypothesis.text.count(one) == 1 for one in own)
            and len(_WORD.findall(hypothesis.text)) > len(own)
            for hypothesis, own in zip(made, marks, strict=True)
        ]
        return sum(good) / len(good)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _common_tail(forms: Sequence[str]) -> int:
    """Return how many characters all forms share at their end, whole words of them."""
    if len(forms) < 2:
        return 0
    shared = os.path.commonprefix([form[::-1] for form in forms])[::-1]
    return len(shared) - shared.find(" ") if " " in shared else 0
