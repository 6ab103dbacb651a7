"""The review file: an alignment as text that a person corrects, one bead a line.

Numbers say what belongs together; the texts beside them are for reading, and tell what a number
meant where a source has changed since. The file names its sources and the digests of their
segments. It survives a spreadsheet: quotes, CRLF, other delimiters, UTF-16, other order of lines.
"""

import hashlib
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from toolkit.align.beads import Alignment, Bead
from toolkit.dispatch import Dispatch
from toolkit.languages import LANGS

SUFFIXES = (".review", ".review.tsv")
DOUBTFUL = 0.8  # a bead of a lower chance is marked: about one in twenty of plain dispatches

TITLE = "tongwen review"
VERSION = "1"
GUARDED = ("=", "+", "-", "@", '"', "'")
_NAMED = 30  # doubtful lines that the head of the file names
_RULES = """\
# Correct the numbers; the texts are for reading (correct those in their own files).
# state: = a person decided this line, align --keep leaves it so; ? doubtful; + goes into the line
#   above. A line whose numbers you change is decided. "= zh en": decided for these, ru is new.
# numbers: "3 4" are two segments, their texts divided by |; "-" is none; "3/4" in each language
#   makes two lines of one; ">9" in an empty place: segment 9 says this, elsewhere in its text.
# Then: tongwen align FILE FILE [FILE] --keep THIS-FILE -o RESULT
"""
_HARMFUL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff\\\\|]")


@dataclass(frozen=True, slots=True)
class Source:
    """What a review file was made of: the file, how many segments it had, their digest."""

    name: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A bead of a review file, in reading order.

    ``moved`` is the place of the bead that says the same elsewhere; ``changed`` tells that its
    numbers are not those that the program wrote.
    """

    sides: dict[str, tuple[int, ...]]
    line: int
    chance: float | None = None
    decided: tuple[str, ...] = ()
    changed: bool = False
    moved: int | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """A review file: its sources, its beads, and the segments' texts as far as it shows them."""

    path: str
    sources: dict[str, Source]
    beads: tuple[Reviewed, ...]
    texts: dict[str, list[str | None]]
    lines: dict[str, list[int]]  # the line of each segment

    @property
    def langs(self) -> tuple[str, ...]:
        return tuple(self.sources)


def digest(dispatch: Dispatch) -> str:
    """Return 16 hexadecimal digits that stand for the segments of a dispatch."""
    return _digest([segment.text for segment in dispatch.segments])


def _digest(texts: Sequence[str]) -> str:
    joined = "\n".join(" ".join(text.split()) for text in texts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def render(alignment: Alignment, doubtful_first: bool = False) -> str:
    """Write a whole alignment as a review file; the same bytes every time.

    Args:
        doubtful_first: Put the doubtful beads before the others; a column ``bead`` then numbers
            the beads in reading order.
    """
    langs = alignment.langs
    doubtful = [n for n, bead in enumerate(alignment.beads) if is_doubtful(bead, langs)]
    head = [f"# {TITLE} {VERSION}"]
    for dispatch in alignment.dispatches:
        head.append(
            f"# {dispatch.lang}\t{_escaped(dispatch.source)}\t{len(dispatch.segments)} segments"
            f"\tsha256:{digest(dispatch)}"
        )
    head += _RULES.splitlines()
    order = list(range(len(alignment.beads)))
    if doubtful_first:
        order = doubtful + sorted(set(order).difference(doubtful))
    first = len(head) + 3  # the lines of the summary and of the columns come before
    head.append(_summary(alignment, doubtful, order, first))
    columns = ["state", "chance", *langs, *(f"{lang} text" for lang in langs), "check"]
    lines = [*head, "\t".join(["bead"] * doubtful_first + columns)]
    for number in order:
        cells = _cells(alignment, number)
        lines.append("\t".join([str(number + 1)] * doubtful_first + cells))
    return "\n".join(lines) + "\n"


def is_doubtful(bead: Bead, langs: Sequence[str]) -> bool:
    """Tell whether a person should look: a low chance, and nobody has decided all of it."""
    chance = bead.confidence
    return chance is not None and chance < DOUBTFUL and set(bead.decided) != set(langs)


def _summary(
    alignment: Alignment, doubtful: Sequence[int], order: Sequence[int], first: int
) -> str:
    decided = sum(set(bead.decided) == set(alignment.langs) for bead in alignment.beads)
    line = f"# {len(alignment.beads)} beads, {decided} decided, {len(doubtful)} doubtful"
    if not doubtful:
        return line
    lines = {number: first + place for place, number in enumerate(order)}
    least = sorted(doubtful, key=lambda n: (alignment.beads[n].confidence, n))[:_NAMED]
    named = ", ".join(f"{lines[n]} ({_chance(alignment.beads[n].confidence)})" for n in least)
    more = f" and {len(doubtful) - _NAMED} more" if len(doubtful) > _NAMED else ""
    return f"{line}, least sure first in line {named}{more}"


def _chance(chance: float | None) -> str:
    return "" if chance is None else f"{chance:.2f}"


def _cells(alignment: Alignment, number: int) -> list[str]:
    bead = alignment.beads[number]
    if set(bead.decided) == set(alignment.langs):
        state = "="
    elif bead.decided:
        state = " ".join(["=", *bead.decided])
    else:
        state = "?" if is_doubtful(bead, alignment.langs) else ""
    partner = None if bead.moved is None else alignment.beads[bead.moved]
    sides, elsewhere, texts = {}, {}, []
    for dispatch in alignment.dispatches:
        side = bead.side(dispatch.lang)
        if side:
            sides[dispatch.lang] = side
        elif partner and partner.side(dispatch.lang):
            elsewhere[dispatch.lang] = partner.side(dispatch.lang)[0]
        texts.append(" | ".join(_escaped(dispatch.segments[n].text) for n in side))
    numbers = [
        run(sides[lang]) if lang in sides
        else f">{elsewhere[lang] + 1}" if lang in elsewhere
        else "-"
        for lang in alignment.langs
    ]  # fmt: skip
    cells = [state, _chance(bead.confidence), *numbers, *map(_guarded, texts)]
    return [*cells, seal(sides, elsewhere)]


def run(side: Sequence[int]) -> str:
    # "3-4" would be a date for a spreadsheet.
    if len(side) > 5:
        return f"{side[0] + 1}..{side[-1] + 1}"
    return " ".join(str(n + 1) for n in side)


def seal(sides: dict[str, tuple[int, ...]], elsewhere: dict[str, int]) -> str:
    """Return a mark by which a line tells that its numbers were changed."""
    said = [f"{lang}{','.join(map(str, sides[lang]))}" for lang in LANGS if sides.get(lang)]
    said += [f"{lang}>{elsewhere[lang]}" for lang in LANGS if lang in elsewhere]
    return f"c{zlib.crc32(' '.join(said).encode()) & 0xFFFFFF:06x}"


def _escaped(text: str) -> str:
    return _HARMFUL.sub(_escape, " ".join(text.split()))


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    return "\\" + char if char in "\\|" else f"\\u{ord(char):04x}"


def _guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula or for the beginning of a quote."""
    return "\\" + cell if cell.startswith(GUARDED) else cell
