"""Align anew around beads that a person decided.

Kept beads stand in the result whatever the machine thinks, so that the stretches between them are
independent. Where the machine's alignment of the whole contradicts no kept bead it stays as it is;
elsewhere the stretch is aligned by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from toolkit import encoder as encoders
from toolkit.align import _seams, align, judged_texts
from toolkit.align.attach import attached
from toolkit.align.beads import Alignment, Bead, check_langs
from toolkit.align.moved import mark_moved
from toolkit.align.order import Group, reading_order
from toolkit.dispatch import Dispatch
from toolkit.errors import AlignmentError
from toolkit.languages import LANGS

Run = tuple[int, int]
Point = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """A bead that a person decided: the run of segments (end excluded) of each language it has.

    ``langs`` are the languages among which it is settled; of those without a run it has nothing.
    ``line`` is that of its file. ``moved`` is the place, among the kept beads, of the one that
    says the same elsewhere; it counts if the file ``tells`` what has moved.
    """

    sides: dict[str, Run]
    langs: tuple[str, ...]
    line: int = 0
    moved: int | None = None
    tells: bool = False
    chance: float = 1.0


def align_round(
    dispatches: Sequence[Dispatch],
    kept: Sequence[Kept],
    encoder: encoders.Encoder | None = None,
) -> Alignment:
    """Align two or three versions so that every kept bead is a bead of the result.

    A bead settled among two of three languages has a counterpart in the third, or none, as the
    machine finds; among the two it stays as it is.

    Args:
        dispatches: As in ``align``.
        kept: In an order that rises in every language.
        encoder: As in ``align``.

    Raises:
        AlignmentError: If beads are settled for different pairs of three languages.
    """
    check_langs(dispatches)
    ordered = sorted(dispatches, key=lambda dispatch: LANGS.index(dispatch.lang))
    langs = {dispatch.lang for dispatch in ordered}
    partly = [bead for bead in kept if not langs <= set(bead.langs)]
    if partly:
        pair = langs & set(partly[0].langs)
        for bead in partly:
            if langs & set(bead.langs) != pair:
                raise AlignmentError(
                    f"line {partly[0].line} is decided for {' '.join(sorted(pair))} only, line "
                    f"{bead.line} for other languages; align the third language to one pair first"
                )
        kept = _extended(ordered, kept, pair, encoder)
    round_ = _Round(ordered, kept, encoder)
    return replace(round_.alignment(), dispatches=tuple(dispatches))


class _Round:
    """Versions in the order of ``LANGS``, and kept beads all of whose sides are known."""

    def __init__(
        self,
        dispatches: Sequence[Dispatch],
        kept: Sequence[Kept],
        encoder: encoders.Encoder | None,
    ) -> None:
        self.dispatches, self.kept, self.encoder = dispatches, kept, encoder
        self.langs = [dispatch.lang for dispatch in dispatches]
        self.sizes = [len(dispatch.segments) for dispatch in dispatches]
        held = [sum(len(range(*k.sides.get(lang, (0, 0)))) for k in kept) for lang in self.langs]
        loose = sum(size > count for size, count in zip(self.sizes, held, strict=True))
        # With free segments in one language there is nothing to align.
        self.whole = align(dispatches, encoder) if loose > 1 or not kept else None
        self.points = [(0,) * len(self.langs)]  # where a bead of the whole ends
        for bead in self.whole.beads if self.whole else ():
            last = self.points[-1]
            self.points.append(
                tuple(at + len(bead.side(lang)) for at, lang in zip(last, self.langs, strict=True))
            )
        self.place = {point: n for n, point in enumerate(self.points)}

    def alignment(self) -> Alignment:
        if not self.kept and self.whole:
            return self.whole
        beads: list[Bead] = []
        places = []
        at: Point = (0,) * len(self.langs)
        for kept, (begin, end) in zip(self.kept, self._cuts(), strict=True):
            beads += self._between(at, begin)
            places.append(len(beads))
            beads.append(_bead(self.langs, begin, end, kept.chance, decided=kept.langs))
            at = end
        beads += self._between(at, tuple(self.sizes))
        return self._with_moved(beads, places)

    def _cuts(self) -> list[tuple[Point, Point]]:
        """Return where each kept bead begins and ends, in every language."""
        following: list[Point] = []  # where the next bead that has the language begins
        reached = tuple(self.sizes)
        for kept in reversed(self.kept):
            following.append(reached)
            reached = tuple(
                kept.sides[lang][0] if lang in kept.sides else n
                for lang, n in zip(self.langs, reached, strict=True)
            )
        cuts = []
        at: Point = (0,) * len(self.langs)
        for kept, limit in zip(self.kept, reversed(following), strict=True):
            begin, end = [], []
            for n, lang in enumerate(self.langs):
                run = kept.sides.get(lang)
                if run is None:
                    cut = min(max(self._cut(kept, n, at[n]), at[n]), limit[n])
                    run = cut, cut
                begin.append(run[0])
                end.append(run[1])
            cuts.append((tuple(begin), tuple(end)))
            at = tuple(end)
        return cuts

    def _cut(self, kept: Kept, side: int, otherwise: int) -> int:
        """Return where a bead lies in a language it lacks, as far as the whole tells."""
        if not self.whole:
            return otherwise
        lang = next(lang for lang in self.langs if lang in kept.sides)
        here = self.langs.index(lang)
        start, stop = kept.sides[lang]
        first = self._holder(here, start)
        last = self._holder(here, stop - 1)
        low, high = self.points[first][side], self.points[last + 1][side]
        before, after = start - self.points[first][here], self.points[last + 1][here] - stop
        # What the machine joined with it goes to its neighbours in the machine's bead.
        return low + (high - low) * before // (before + after) if before + after else low

    def _holder(self, side: int, segment: int) -> int:
        """Return the bead of the whole that holds a segment."""
        low, high = 0, len(self.points) - 1
        while low + 1 < high:
            middle = (low + high) // 2
            low, high = (middle, high) if self.points[middle][side] <= segment else (low, middle)
        return low

    def _between(self, begin: Point, end: Point) -> list[Bead]:
        """Return the beads of a stretch without kept ones."""
        filled = [n for n, (a, b) in enumerate(zip(begin, end, strict=True)) if a < b]
        if not filled:
            return []
        if len(filled) == 1:
            side, lang = filled[0], self.langs[filled[0]]
            return [Bead(**{lang: (n,)}, confidence=1.0) for n in range(begin[side], end[side])]
        if self.whole and begin in self.place and end in self.place:
            return list(self.whole.beads[self.place[begin] : self.place[end]])
        parts = list(zip(self.dispatches, begin, end, strict=True))
        judged = judged_texts(
            [[segment.text for segment in d.segments[a:b]] for d, a, b in parts],
            self.langs,
            self.encoder,
            [_seams(d)[a:b] for d, a, b in parts],
        )
        beads = []
        for group, chance in judged:
            sides = {
                lang: tuple(n + first for n in side)
                for lang, side, first in zip(self.langs, group, begin, strict=True)
            }
            beads.append(Bead(**sides, confidence=chance))
        return beads

    def _with_moved(self, beads: Sequence[Bead], places: Sequence[int]) -> Alignment:
        """Mark moved passages: as the files tell of kept beads, as the machine finds of others."""
        alignment = Alignment(
            tuple(self.dispatches), tuple(replace(bead, moved=None) for bead in beads)
        )
        told = {place: kept for place, kept in zip(places, self.kept, strict=True) if kept.tells}
        if len(told) < len(beads):
            alignment = mark_moved(alignment, self.encoder or encoders.default())
        marked = list(alignment.beads)
        for n, bead in enumerate(marked):
            if n in told or bead.moved in told:
                marked[n] = replace(bead, moved=None)
        for n, kept in told.items():
            if kept.moved is not None:
                marked[n] = replace(marked[n], moved=places[kept.moved])
        return replace(alignment, beads=tuple(marked))


def _bead(
    langs: Sequence[str], begin: Point, end: Point, chance: float, decided: tuple[str, ...]
) -> Bead:
    sides = {
        lang: tuple(range(a, b)) for lang, a, b in zip(langs, begin, end, strict=True)
    }
    decided = tuple(lang for lang in langs if lang in decided)
    return Bead(**sides, confidence=chance, decided=decided)


def _extended(
    dispatches: Sequence[Dispatch],
    kept: Sequence[Kept],
    pair: set[str],
    encoder: encoders.Encoder | None,
) -> list[Kept]:
    """Give the beads that are settled for two of three languages their part of the third."""
    two = [dispatch for dispatch in dispatches if dispatch.lang in pair]
    (three,) = [dispatch for dispatch in dispatches if dispatch.lang not in pair]
    lang = three.lang
    owner = {
        (one, run[0]): n for n, bead in enumerate(kept) for one, run in bead.sides.items()
    }
    projected = [
        replace(bead, sides={one: run for one, run in bead.sides.items() if one != lang},
                langs=tuple(pair), moved=None)
        for bead in kept
        if set(bead.sides) & pair
    ]  # fmt: skip
    settled = align_round(two, projected, encoder)
    texts = [segment.text for segment in three.segments]
    seams = _seams(three)
    taken = {n for bead in kept for n in range(*bead.sides.get(lang, (0, 0)))}
    result = list(kept)
    units: list[tuple[int | None, dict[str, str]]] = []

    def attach(begin: int, end: int) -> None:
        free = [n for n in range(begin, end) if n not in taken]
        found = attached(
            [unit for _, unit in units], [texts[n] for n in free], lang,
            [seams[n] for n in free], encoder,
        )  # fmt: skip
        for (number, _), place in zip(units, found, strict=True):
            if number is not None and place is not None:
                run = _longest([free[n] for n in range(*place[0])])
                bead = result[number]
                result[number] = replace(bead, sides={**bead.sides, lang: run}, chance=place[1])
        units.clear()

    at = 0
    for bead in settled.beads:
        number = next(
            (owner[one, bead.side(one)[0]] for one in pair
             if bead.side(one) and (one, bead.side(one)[0]) in owner),
            None,
        )  # fmt: skip
        if number is not None and lang in kept[number].langs:
            run = kept[number].sides.get(lang)
            if run:  # it has its part of the third language already, and divides the others
                attach(at, run[0])
                at = run[1]
            continue
        said = {one: text for one, text in settled.texts(bead).items() if bead.side(one)}
        units.append((number, said))
    attach(at, len(texts))
    # What only the third language says stands where that language has it now.
    order = reading_order([Group(bead.sides, (n,)) for n, bead in enumerate(result)])
    places = {n: place for place, n in enumerate(order)}
    return [replace(result[n], moved=places.get(result[n].moved)) for n in order]


def _longest(numbers: Sequence[int]) -> Run:
    """Return the longest run of numbers without a gap, the first of several."""
    best = (numbers[0], numbers[0] + 1)
    start = numbers[0]
    for before, number in zip(numbers, numbers[1:], strict=False):
        if number != before + 1:
            start = number
        if number + 1 - start > best[1] - best[0]:
            best = (start, number + 1)
    return best
