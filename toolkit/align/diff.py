"""Compare two alignments of the same texts, whatever the formats they are written in.

Beads are the same if they hold the same segments: by number where both files number their
segments alike, else by text. Precision and recall count as in the Vecalign paper (Thompson and
Koehn 2019): precision over all beads of the first file, recall over the beads of the second that
have both languages.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from toolkit.align.decided import languages_of
from toolkit.align.formats import AlignedRow
from toolkit.align.match import find, squeezed
from toolkit.align.review import Review
from toolkit.errors import AlignmentError
from toolkit.languages import LANGS

Key = tuple[object, ...]  # of each language what tells one side of a bead; None: it has none


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many beads of a pair of languages agree, of how many."""

    same: int  # of all beads
    first: int
    joined: int  # of the beads of the second that have both languages
    second: int

    @property
    def precision(self) -> float:
        return self.same / self.first if self.first else 1.0

    @property
    def recall(self) -> float:
        return self.joined / self.second if self.second else 1.0

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Difference:
    """What two alignments have in common and what not.

    ``rows`` holds, in reading order, what only the first (``"-"``) or the second (``"+"``) has.
    """

    langs: tuple[str, ...]
    left_out: tuple[str, ...]  # languages that one of the two does not have
    same: int
    rows: tuple[tuple[str, AlignedRow], ...]
    pairs: dict[tuple[str, str], Agreement]


def compare(
    first: Review | Sequence[AlignedRow], second: Review | Sequence[AlignedRow]
) -> Difference:
    """Compare two alignments in the languages that both have.

    Raises:
        AlignmentError: If these are fewer than two, or the texts are others.
    """
    one, other = _rows(first), _rows(second)
    known = [set(languages_of(one)), set(languages_of(other))]
    langs = tuple(lang for lang in LANGS if lang in known[0] & known[1])
    if len(langs) < 2:
        spoken = " and ".join(" ".join(sorted(some)) or "nothing" for some in known)
        raise AlignmentError(
            f"the two alignments have fewer than two languages in common: {spoken}"
        )
    keys = _keys(one, other, langs, _same_sources(first, second, langs))
    left, right = ([(row, key) for row, key in side if any(k is not None for k in key)]
                   for side in (zip(one, keys[0], strict=True), zip(other, keys[1], strict=True))
                   )  # fmt: skip
    common = {key for _, key in left} & {key for _, key in right}
    return Difference(
        langs,
        tuple(lang for lang in LANGS if lang in known[0] ^ known[1]),
        len(common),
        tuple(_merged(left, right, common)),
        {
            (langs[x], langs[y]): _agreement(
                [(key[x], key[y]) for _, key in left], [(key[x], key[y]) for _, key in right]
            )
            for x, y in combinations(range(len(langs)), 2)
        },
    )


def _rows(found: Review | Sequence[AlignedRow]) -> list[AlignedRow]:
    if not isinstance(found, Review):
        return list(found)
    rows = []
    for bead in found.beads:
        texts, segments = {}, {}
        for lang in found.langs:
            segments[lang] = bead.sides.get(lang, ())
            joint = "" if lang == "zh" else " "
            texts[lang] = joint.join(found.texts[lang][n] or "" for n in segments[lang])
        rows.append(AlignedRow(texts, bead.line, segments))
    return rows


def _same_sources(first: object, second: object, langs: Sequence[str]) -> bool:
    return (
        isinstance(first, Review)
        and isinstance(second, Review)
        and all(first.sources[lang].digest == second.sources[lang].digest for lang in langs)
    )


def _keys(
    one: Sequence[AlignedRow], other: Sequence[AlignedRow], langs: Sequence[str], same: bool
) -> tuple[list[Key], list[Key]]:
    columns = []
    told = False
    for lang in langs:
        if same or _numbered_alike(one, other, lang):
            told = True
            columns.append([[row.segments[lang] or None for row in side] for side in (one, other)])
            continue
        texts = [[squeezed(row.texts.get(lang, "")) for row in side] for side in (one, other)]
        for some, whole in (texts[0], "".join(texts[1])), (texts[1], "".join(texts[0])):
            told = told or any(text and text in whole for text in some[:200])
        runs = find(*texts)
        mine: list[object] = []
        for n, (text, run) in enumerate(zip(texts[0], runs, strict=True)):
            alone = run is not None and [k for k in range(*run) if texts[1][k]]
            mine.append(None if not text else alone[0] if alone and len(alone) == 1 else (n,))
        columns.append([mine, [n if text else None for n, text in enumerate(texts[1])]])
    if not told:
        raise AlignmentError("the two alignments have no text in common; name two of one dispatch")
    left, right = (list(zip(*(column[k] for column in columns), strict=True)) for k in (0, 1))
    return left, right


def _numbered_alike(
    one: Sequence[AlignedRow], other: Sequence[AlignedRow], lang: str
) -> bool:
    """Tell whether both number all segments of a language, and these say the same."""
    sides = []
    for rows in (one, other):
        if any(lang not in row.segments for row in rows):
            return False
        numbers = [n for row in rows for n in row.segments[lang]]
        if numbers != list(range(len(numbers))):
            return False
        sides.append((len(numbers), "".join(squeezed(row.texts.get(lang, "")) for row in rows)))
    return sides[0] == sides[1]


def _agreement(left: Sequence[Key], right: Sequence[Key]) -> Agreement:
    first = {key for key in left if any(side is not None for side in key)}
    second = {key for key in right if any(side is not None for side in key)}
    joined = {key for key in second if all(side is not None for side in key)}
    return Agreement(len(first & second), len(first), len(first & joined), len(joined))


def _merged(
    left: Sequence[tuple[AlignedRow, Key]],
    right: Sequence[tuple[AlignedRow, Key]],
    common: set[Key],
) -> list[tuple[str, AlignedRow]]:
    """Put what only one has in reading order, the first's before the second's."""
    place = {key: n for n, (_, key) in enumerate(left)}
    result: list[tuple[str, AlignedRow]] = []
    added: list[tuple[str, AlignedRow]] = []
    at = 0

    def until(end: int) -> None:
        result.extend(("-", row) for row, key in left[at:end] if key not in common)
        result.extend(added)
        added.clear()

    for row, key in right:
        if key not in common:
            added.append(("+", row))
        elif place[key] >= at:
            until(place[key])
            at = place[key] + 1
    until(len(left))
    return result
