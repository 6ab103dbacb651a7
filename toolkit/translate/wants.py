"""What must stand in a translation, whoever makes it: phrases, names, figures, in their forms."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from toolkit.glossary import said
from toolkit.glossary.concept import Concept, Glossary
from toolkit.languages.ru_forms import CASES, inflect
from toolkit.translate import constraints
from toolkit.translate.constraints import Masked, Slot
from toolkit.values import dates, numbers
from toolkit.values.reading import values
from toolkit.values.value import Day, Value

_FIGURES = frozenset("NMD%")


@dataclass(frozen=True, slots=True)
class Trace:
    """What became of one phrase, name or figure of a segment, for a person to check.

    ``method`` is ``"model"`` where it was right from the start, else the method that placed it, or
    "" where none did (``why`` tells). ``start`` and ``end`` are its place in the translation, -1
    where it has none. ``before`` and ``after`` are the model's mean log-probability per token of
    the whole translation without and with it.
    """

    concept: str
    source: str
    form: str
    method: str
    start: int = -1
    end: int = -1
    before: float = 0.0
    after: float = 0.0
    why: str = ""

    @property
    def placed(self) -> bool:
        return bool(self.method)


@dataclass(frozen=True, slots=True)
class Want:
    """One thing that must stand in the translation: a concept or a value, with its forms.

    ``cased`` tells which form is which Russian case; empty in other languages. ``land`` is the
    code of a country, which an adjective names as well as its noun.
    """

    source: str
    start: int
    end: int
    forms: tuple[str, ...]
    concept: str = ""
    value: Value | None = None
    cased: tuple[tuple[str, str], ...] = ()
    land: str = ""

    @property
    def key(self) -> object:
        return self.concept or self.value


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads off a segment what its translation must hold."""

    source: str
    target: str

    def read(self, masked: Masked, text: str) -> tuple[Want, ...]:
        """Return what must stand in a translation, in source order, with the forms it may take."""
        found: list[Want] = []
        place = 0
        for slot in masked.slots:
            start = text.find(slot.source, place)
            if start < 0:
                continue
            place = end = start + len(slot.source)
            if slot.left:
                continue  # a name not known in the target: the model's own guess stays
            if slot.concept is not None:
                cased = self._cased(lambda case, slot=slot: self._slot(slot, case))
                forms = self._forms(self._slot(slot), cased)
                found.append(Want(slot.source, start, end, forms, slot.concept.id, cased=cased,
                                  land=land(slot.concept)))  # fmt: skip
            elif slot.value is not None and slot.kind in _FIGURES and _telling(slot.value):
                # A day without its month has no form in another language.
                forms = () if masked.problem and slot.form == slot.source else (slot.form,)
                found.append(Want(slot.source, start, end, forms, value=slot.value))
        for concept, surface in masked.expected:
            start = text.find(surface)
            term = concept.preferred(self.target)
            if start < 0 or term is None or "…" in term.text:
                continue
            cased = self._cased(lambda case, text=term.text: inflect(text, case))
            forms, end = self._forms(term.text, cased), start + len(surface)
            found.append(Want(surface, start, end, forms, concept.id, cased=cased))
        found += self._countries(masked, {want.land for want in found})
        return tuple(sorted(found, key=lambda want: want.start))

    def _countries(self, masked: Masked, known: set[str]) -> Iterator[Want]:
        """Yield each country that is named by a plain word: one mention of it is enough."""
        for one in masked.passed:
            code, term = land(one.concept), one.concept.preferred(self.target)
            if one.why or not code or code in known or term is None:
                continue
            known.add(code)
            cased = self._cased(lambda case, plain=term.text: inflect(plain, case))
            end = one.start + len(one.source)
            forms = self._forms(term.text, cased)
            yield Want(one.source, one.start, end, forms, one.concept.id, cased=cased, land=code)

    def carried(self, traces: Sequence[Trace], text: str, glossary: Glossary) -> tuple[Want, ...]:
        """Return what must stand in a translation of ``text``, itself a translation.

        Args:
            traces: What became of each phrase on the way to ``text``. One that stands there is
                known by its place, whatever else the same words may mean; one that was lost is
                still wanted, at the place that its neighbours suggest.
        """
        found = []
        last = 0
        for trace in traces:
            start, end = (trace.start, trace.end) if trace.start >= 0 else (last, last + 1)
            last = end
            concept = glossary.concept(trace.concept)
            term = concept.preferred(self.target) if concept else None
            if concept is not None and term is not None and "…" not in term.text:
                cased = self._cased(lambda case, plain=term.text: inflect(plain, case))
                forms = self._forms(term.text, cased)
                found.append(Want(text[start:end], start, end, forms, concept.id, cased=cased))
                continue
            value = next((v for v in values(text, self.source) if v.start == trace.start), None)
            form = None if value is None else _written(value, self.target)
            forms = (form,) if form else ()
            found.append(Want(trace.source, start, end, forms, trace.concept, value))
        return tuple(found)

    def _slot(self, slot: Slot, case: str = "nom") -> str:
        return constraints.in_case(slot, self.target, case) or slot.form

    def _cased(self, inflected: Callable[[str], str | None]) -> tuple[tuple[str, str], ...]:
        if self.target != "ru":
            return ()
        pairs = ((case, inflected(case)) for case in CASES)
        return tuple((case, form) for case, form in pairs if form)

    def _forms(self, form: str, cased: Sequence[tuple[str, str]]) -> tuple[str, ...]:
        """Return the forms a phrase may take: Russian cases, English articles."""
        if self.target == "ru":
            return tuple(dict.fromkeys(form for _, form in cased)) or (form,)
        if self.target == "en" and form[:1].islower() and not form.startswith(("the ", "to ")):
            article = "an" if form[:1] in "aeiou" else "a"
            return (form, f"the {form}", f"{article} {form}")
        return (form,)


def missing(wants: Sequence[Want], concepts: Iterable[str], text: str, target: str) -> list[int]:
    """Return which wants a translation does not hold; each occurrence serves one of them.

    Args:
        concepts: What the matcher finds in ``text``, once for each occurrence.
    """
    matches = Counter(concepts)
    named = said.lands(text, target) if any(want.land for want in wants) else set()
    given = values(text, target) if any(want.value for want in wants) else []
    lacking = []
    for number, want in enumerate(wants):
        if want.value is not None:
            fit = next((value for value in given if same(want.value, value)), None)
            if fit is None:
                lacking.append(number)
            else:
                given.remove(fit)
        elif matches[want.concept] > 0:
            matches[want.concept] -= 1
        elif not want.land or want.land not in named:
            lacking.append(number)
    return lacking


def land(concept: Concept) -> str:
    """Return the code of the country that a concept is, "" if it is none."""
    term = concept.preferred("en")
    if term is None or concept.domain not in ("country", "country/place"):
        return ""
    return next(iter(said.lands(term.text, "en")), "")


def _written(value: Value, target: str) -> str | None:
    if value.kind in ("date", "weekday"):
        return dates.render(value, target)
    return numbers.render(value, target)


def _telling(value: Value) -> bool:
    """Tell whether a figure is worth leading a model for: small ones are said in words."""
    if value.kind == "number":
        return isinstance(value.value, int | str) or not 0 <= value.value <= 12
    return True


def same(one: Value, other: Value) -> bool:
    """Tell whether two figures are one; a day is the same with and without its year."""
    if isinstance(one.value, Day) and isinstance(other.value, Day):
        years = {one.value.year, other.value.year} - {None}
        return len(years) < 2 and one.value._replace(year=None) == other.value._replace(year=None)
    return replace(one, over=False) == replace(other, over=False)
