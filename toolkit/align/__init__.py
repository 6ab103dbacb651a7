"""Align two or three versions of a dispatch, segment by segment."""

from collections.abc import Sequence
from itertools import pairwise

from toolkit import encoder as encoders
from toolkit.align.beads import Alignment, Bead, check_langs
from toolkit.align.judge import judge, needs_room, read
from toolkit.align.moved import mark_moved
from toolkit.align.sections import align_sections, are_long
from toolkit.align.signals import Witness
from toolkit.dispatch import Dispatch
from toolkit.languages import LANGS

# What it costs to have two segments in one bead that the author set apart.
_HEADLINE_SEAM = 0.15
_PARAGRAPH_SEAM = 0.04

Group = tuple[tuple[int, ...], ...]


def align(
    dispatches: Sequence[Dispatch], encoder: encoders.Encoder | None = None
) -> Alignment:
    """Align two or three versions of one dispatch.

    The beads do not depend on the order in which the versions are given. Segments are never
    reordered: a passage that one version moves elsewhere is two beads that name each other.

    Args:
        dispatches: Versions in different languages.
        encoder: Of the segments; by default the one of ``encoder.default()``.

    Raises:
        AlignmentError: If there are not two or three different languages.
        ModelError: If the default encoder is missing.
    """
    check_langs(dispatches)
    ordered = sorted(dispatches, key=lambda dispatch: LANGS.index(dispatch.lang))
    judged = judged_texts(
        [[segment.text for segment in dispatch.segments] for dispatch in ordered],
        [dispatch.lang for dispatch in ordered],
        encoder,
        [_seams(dispatch) for dispatch in ordered],
    )
    langs = [dispatch.lang for dispatch in ordered]
    beads = tuple(
        Bead(**dict(zip(langs, group, strict=True)), confidence=chance)
        for group, chance in judged
    )
    alignment = Alignment(tuple(dispatches), beads)
    return mark_moved(alignment, encoder or encoders.default())


def align_texts(
    sides: Sequence[Sequence[str]],
    langs: Sequence[str],
    encoder: encoders.Encoder | None = None,
    seams: Sequence[Sequence[float]] | None = None,
) -> list[Group]:
    """Return each bead's segment numbers, side by side; as ``judged_texts``, without chances."""
    return [group for group, _ in judged_texts(sides, langs, encoder, seams)]


def judged_texts(
    sides: Sequence[Sequence[str]],
    langs: Sequence[str],
    encoder: encoders.Encoder | None = None,
    seams: Sequence[Sequence[float]] | None = None,
) -> list[tuple[Group, float | None]]:
    """Align two or three lists of segments; return each bead's segment numbers and its chance.

    An empty segment stays alone, unless it lies between segments of one bead.

    Args:
        sides: The segments of each version, in reading order.
        langs: The language of each version, for the usual ratio of lengths.
        encoder: As in ``align``.
        seams: For each version and segment, what it costs to have it in one bead with the
            segment before it, in units of the cosine; by default nothing.
    """
    encoder = encoder or encoders.default()
    seams = seams or [[0.0] * len(side) for side in sides]
    kept = [[k for k, text in enumerate(side) if _says_something(text)] for side in sides]
    texts = [[side[k] for k in numbers] for side, numbers in zip(sides, kept, strict=True)]
    costs = [[seam[k] for k in numbers] for seam, numbers in zip(seams, kept, strict=True)]
    if are_long(texts):
        steps = align_sections(texts, langs, encoder, costs, _path)
    else:
        compact = needs_room(sides)
        steps = _path([
            read(side, lang, encoder, seam, compact)
            for side, lang, seam in zip(texts, langs, costs, strict=True)
        ])  # fmt: skip
    return _with_empty(steps, kept, [len(side) for side in sides])


def _says_something(text: str) -> bool:
    return any(char.isalnum() for char in text)


def _seams(dispatch: Dispatch) -> list[float]:
    """Return what it costs to have each segment in one bead with the one before it."""
    segments = dispatch.segments
    # Where every segment is a paragraph of its own, paragraphs say nothing.
    grouped = len({segment.paragraph for segment in segments}) < len(segments)
    costs = [0.0] * len(segments)
    for number, (before, after) in enumerate(pairwise(segments), 1):
        if before.kind != after.kind:
            costs[number] = _HEADLINE_SEAM
        elif grouped and before.paragraph != after.paragraph:
            costs[number] = _PARAGRAPH_SEAM
    return costs


def _path(versions: Sequence[Witness]) -> list[tuple[tuple[int, ...], float | None]]:
    """Return the shapes and chances of the beads of two or three versions, in reading order."""
    filled = [number for number, one in enumerate(versions) if len(one)]
    if len(filled) < len(versions):  # of a version without text every other segment is alone
        inner: list[tuple[tuple[int, ...], float | None]] = []
        if len(filled) == 2:
            inner = _path([versions[number] for number in filled])
        elif filled:
            inner = [((1,), 1.0)] * len(versions[filled[0]])
        places = [filled.index(n) if n in filled else None for n in range(len(versions))]
        return [
            (tuple(0 if at is None else step[at] for at in places), chance)
            for step, chance in inner
        ]
    return judge(versions)


def _with_empty(
    steps: Sequence[tuple[tuple[int, ...], float | None]],
    kept: Sequence[Sequence[int]],
    sizes: Sequence[int],
) -> list[tuple[Group, float | None]]:
    """Turn shapes over the segments that say something into groups of all segments."""
    groups: list[tuple[Group, float | None]] = []
    place = [0] * len(sizes)  # segments of each version that are in a group
    taken = [0] * len(sizes)  # of those that say something

    def alone(until: Sequence[int]) -> None:
        for side, end in enumerate(until):
            while place[side] < end:
                group: list[tuple[int, ...]] = [()] * len(sizes)
                group[side] = (place[side],)
                groups.append((tuple(group), 1.0))
                place[side] += 1

    for step, chance in steps:
        firsts = [
            kept[side][taken[side]] if count else place[side] for side, count in enumerate(step)
        ]
        alone(firsts)
        group = []
        for side, count in enumerate(step):
            taken[side] += count
            end = kept[side][taken[side] - 1] + 1 if count else place[side]
            group.append(tuple(range(place[side], end)))
            place[side] = end
        groups.append((tuple(group), chance))
    alone(sizes)
    return groups
