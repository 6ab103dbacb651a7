"""Beads and alignments: which segments say the same thing."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from toolkit.dispatch import Dispatch
from toolkit.errors import AlignmentError


@dataclass(frozen=True, slots=True)
class Bead:
    """Segments of two or three languages that translate each other, m:n.

    ``zh``, ``ru`` and ``en`` hold 0-based segment numbers in rising order; an empty side means the
    other languages say something that this one does not. ``confidence`` is the chance, from 0 to
    1, that the bead is right as it stands; None where nobody has estimated it. ``moved`` is the
    number, from 0, of the bead that says the same in another place for the languages lacking here.
    ``decided`` names the languages among which a person has settled what belongs here.
    """

    zh: tuple[int, ...] = ()
    ru: tuple[int, ...] = ()
    en: tuple[int, ...] = ()
    confidence: float | None = field(default=None, compare=False)
    moved: int | None = field(default=None, compare=False)
    decided: tuple[str, ...] = field(default=(), compare=False)

    def side(self, lang: str) -> tuple[int, ...]:
        return {"zh": self.zh, "ru": self.ru, "en": self.en}[lang]


@dataclass(frozen=True, slots=True)
class Alignment:
    """Beads in reading order over two or three dispatches.

    Raises:
        AlignmentError: If a segment is in no bead, in two, or out of order.
    """

    dispatches: tuple[Dispatch, ...]
    beads: tuple[Bead, ...]

    def __post_init__(self) -> None:
        for dispatch in self.dispatches:
            seen = [number for bead in self.beads for number in bead.side(dispatch.lang)]
            if seen != list(range(len(dispatch.segments))):
                raise AlignmentError(
                    f"{dispatch.source}: the beads do not hold each of the "
                    f"{len(dispatch.segments)} {dispatch.lang} segments once and in order"
                )

    @property
    def langs(self) -> tuple[str, ...]:
        return tuple(dispatch.lang for dispatch in self.dispatches)

    def texts(self, bead: Bead) -> dict[str, str]:
        """Return a bead's text by language; Chinese joins without a space, others with one."""
        result = {}
        for dispatch in self.dispatches:
            joint = "" if dispatch.lang == "zh" else " "
            result[dispatch.lang] = joint.join(
                dispatch.segments[number].text for number in bead.side(dispatch.lang)
            )
        return result


@dataclass(frozen=True, slots=True)
class Selection(Alignment):
    """Some beads of an alignment, in reading order."""

    def __post_init__(self) -> None:
        pass  # what is left out is missing on purpose


def surer(alignment: Alignment, least: float) -> tuple[Alignment, int]:
    """Return the beads whose confidence is at least so high, and how many were left out.

    A bead without a confidence stays.
    """
    kept = [
        number
        for number, bead in enumerate(alignment.beads)  # as files show it: with four decimals
        if bead.confidence is None or round(bead.confidence, 4) >= least
    ]
    places = {number: place for place, number in enumerate(kept)}
    beads = tuple(
        replace(alignment.beads[n], moved=places.get(alignment.beads[n].moved)) for n in kept
    )
    return Selection(alignment.dispatches, beads), len(alignment.beads) - len(kept)


def check_langs(dispatches: Sequence[Dispatch]) -> None:
    """Refuse fewer than two versions, or two of one language.

    Raises:
        AlignmentError: Naming the files.
    """
    langs = [dispatch.lang for dispatch in dispatches]
    if len(langs) < 2 or len(set(langs)) != len(langs):
        named = ", ".join(f"{d.source} is {d.lang}" for d in dispatches)
        raise AlignmentError(f"two or three different languages are needed: {named}")
