"""Alignments as links between segment numbers, the texts elsewhere.

Ladder, as hunalign writes it: a rung a line, ``source TAB target TAB score``; between two rungs
lies a bead. Vecalign: ``[0]:[0, 1]:cost`` a line. Both have two sides and do not name the texts.
Standoff, as XCES and OPUS have it: ``<link xtargets="s1 s2;s1">`` in a ``<linkGrp>`` that names
the files of two languages. Segments are counted there from 1, as ``s1``; ``targType="seg"`` says
that each line of a file is one. The ids of an XML document (``<s id="1.1">``) are looked up in it.
"""

import os
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from toolkit import files, languages, markup
from toolkit.align.beads import Alignment, Bead, check_langs
from toolkit.align.order import Circle, Group, Scattered, reading_order, rising
from toolkit.align.rows import ILLEGAL, AlignedRow
from toolkit.dispatch import Dispatch, Segment, read_dispatch, read_segmented
from toolkit.errors import AlignmentError

_RUNG = re.compile(r"\s*(\d{1,9})\s+(\d{1,9})(?:\s+(\S+))?\s*", re.ASCII)
_PAIR = re.compile(r"\s*\[([\d,\s]*)\]\s*:\s*\[([\d,\s]*)\]\s*(?::\s*(\S+)\s*)?", re.ASCII)
_NUMBER = re.compile(r"(?:s|seg)?(\d{1,9})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Link:
    """Segment numbers, from 0, that belong together: a range or tuple a side; its line, from 1.

    ``score`` is what the file says of the link, in the measure of the program that wrote it.
    """

    sides: tuple[Sequence[int], ...]
    line: int
    score: float | None = None


@dataclass(slots=True)
class Linked:
    """Beads of dispatches in reading order; ``lines`` holds the line of each, None if none.

    ``apart`` counts the links whose segments are not neighbours: the longest run of each side is
    in the bead, the others stand alone.
    """

    dispatches: tuple[Dispatch, ...]
    beads: list[Bead] = field(default_factory=list)
    lines: list[int | None] = field(default_factory=list)
    apart: int = 0

    @property
    def notes(self) -> Counter[str]:
        """Return what of the links was left out, as ``formats.read`` counts it."""
        what = "what links with gaps say of segments that are no neighbours of the others"
        return Counter({what: self.apart} if self.apart else {})

    @property
    def alignment(self) -> Alignment:
        return Alignment(self.dispatches, tuple(self.beads))


# Writing -----------------------------------------------------------------------------------------


def ladder(alignment: Alignment) -> str:
    """Write two versions as a ladder; the score is the chance of the bead that begins there.

    Raises:
        AlignmentError: If beads were left out, which a ladder cannot show.
    """
    first, second = (dispatch.lang for dispatch in alignment.dispatches)
    rung, lines = (0, 0), []
    for bead in alignment.beads:
        sides = bead.side(first), bead.side(second)
        if any(side and side[0] != at for side, at in zip(sides, rung, strict=True)):
            raise AlignmentError("a ladder holds every bead in order; leave none out of it")
        chance = 0 if bead.confidence is None else bead.confidence
        lines.append(f"{rung[0]}\t{rung[1]}\t{chance:.4f}\n")
        rung = rung[0] + len(sides[0]), rung[1] + len(sides[1])
    sizes = tuple(len(dispatch.segments) for dispatch in alignment.dispatches)
    if rung != sizes:
        raise AlignmentError("a ladder holds every bead in order; leave none out of it")
    return "".join([*lines, f"{rung[0]}\t{rung[1]}\t0\n"])


def vecalign(alignment: Alignment) -> str:
    """Write two versions as index pairs; the cost is one less the chance of the bead."""
    lines = []
    for bead in alignment.beads:
        first, second = (list(bead.side(dispatch.lang)) for dispatch in alignment.dispatches)
        cost = "" if bead.confidence is None else f":{1 - round(bead.confidence, 4):.4f}"
        lines.append(f"{first}:{second}{cost}\n")
    return "".join(lines)


def standoff(alignment: Alignment, folder: Path | None = None) -> str:
    """Write an alignment as a ``cesAlign`` document with a group for each pair of languages.

    Args:
        folder: Where the document will lie; files are then named from there.
    """
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<!DOCTYPE cesAlign PUBLIC "-//CES//DTD XML cesAlign//EN" "">',
        '<cesAlign version="1.0" type="tongwen">',
    ]
    dispatches = alignment.dispatches
    for place, one in enumerate(dispatches):
        for other in dispatches[place + 1 :]:
            kinds = {"seg" if dispatch.segmented else "s" for dispatch in (one, other)}
            lines.append(
                f'<linkGrp targType="{" ".join(sorted(kinds))}"'
                f" fromDoc={_document(one.source, folder)}"
                f" toDoc={_document(other.source, folder)}>"
            )
            for number, bead in enumerate(alignment.beads, 1):
                sides = bead.side(one.lang), bead.side(other.lang)
                if any(sides):
                    named = ";".join(" ".join(f"s{n + 1}" for n in side) for side in sides)
                    lines.append(
                        f'<link id="{one.lang}-{other.lang}-{number}" xtargets="{named}"'
                        + ("" if bead.confidence is None
                           else f' certainty="{bead.confidence:.4f}"')
                        + "/>"
                    )  # fmt: skip
            lines.append("</linkGrp>")
    return "\n".join([*lines, "</cesAlign>"]) + "\n"


def _document(source: str, folder: Path | None) -> str:
    if folder is not None and Path(source).is_file():
        with suppress(ValueError):  # another drive
            source = os.path.relpath(os.path.realpath(source), os.path.realpath(folder))
    return quoteattr(ILLEGAL.sub("\ufffd", source))


# Reading -----------------------------------------------------------------------------------------


def parse_ladder(text: str, path: str) -> list[Link]:
    """Return the beads between the rungs of a ladder; the score is that of the upper rung.

    Raises:
        AlignmentError: For a line that is no rung, or rungs that go back.
    """
    rungs: list[tuple[int, int, float | None, int]] = []
    for number, line in _lines(text):
        found = _RUNG.fullmatch(line)
        if not found:
            raise AlignmentError(
                f"{path}:{number}: not a rung of a ladder (source TAB target TAB score); "
                "hunalign's -text output is a table of texts: name it .tsv"
            )
        rung = int(found[1]), int(found[2]), _score(found[3]), number
        if rungs and (rung[0] < rungs[-1][0] or rung[1] < rungs[-1][1]):
            raise AlignmentError(f"{path}:{number}: the rung goes back behind the one before it")
        rungs.append(rung)
    if rungs and rungs[0][:2] != (0, 0):
        rungs.insert(0, (0, 0, None, rungs[0][3]))
    return [
        Link((range(one[0], other[0]), range(one[1], other[1])), one[3], one[2])
        for one, other in pairwise(rungs)
        if one[:2] != other[:2]
    ]


def parse_vecalign(text: str, path: str) -> list[Link]:
    """Return the links of index pairs.

    Raises:
        AlignmentError: For a line that is none.
    """
    links = []
    for number, line in _lines(text):
        found = _PAIR.fullmatch(line)
        if not found:
            raise AlignmentError(
                f"{path}:{number}: not a pair of index lists like [0]:[0, 1]:0.04"
            )
        sides = tuple(
            tuple(int(n) for n in side.replace(",", " ").split()) for side in found.group(1, 2)
        )
        if any(sides):
            links.append(Link(sides, number, _score(found[3])))
    return links


def _lines(text: str) -> list[tuple[int, str]]:
    lines = enumerate(re.split("\r\n|\n|\r", text), 1)
    return [(number, line) for number, line in lines if line.strip()]


def _score(written: str | None) -> float | None:
    try:
        score = float(written or "nan")
    except ValueError:
        return None
    return score if score == score else None


PARSERS: Mapping[str, Callable[[str, str], list[Link]]] = {
    "ladder": parse_ladder,
    "vecalign": parse_vecalign,
}


def read_numbered(path: str, form: str, dispatches: Sequence[Dispatch]) -> Linked:
    """Read a ladder or index pairs, of which the dispatches are the two sides, in order.

    Raises:
        AlignmentError: If it is no such file, or does not fit the dispatches.
    """
    if len(dispatches) != 2:
        raise AlignmentError(f"{path}: links two texts; give those two, not {len(dispatches)}")
    links = PARSERS[form](files.read_text(path).text, path)
    if form == "ladder" and links:
        ends = [side.stop for side in links[-1].sides]
        for end, dispatch in zip(ends, dispatches, strict=True):
            if end != len(dispatch.segments):
                raise AlignmentError(
                    f"{path}: ends at segment {end}, but {dispatch.source} has"
                    f" {len(dispatch.segments)}; {_HINT}"
                )
    return joined([(dispatches, links)], path)


_HINT = (
    "give the texts in the order of its columns, and --segmented if each of their lines is a"
    " segment"
)


def read_standoff(text: str, path: str) -> Linked:
    """Read a standoff document and the files it names.

    Raises:
        AlignmentError: If it is none, or does not fit the files.
        FileError, DispatchError: If one of them cannot be read.
    """
    return linked(markup.parse(text, path, "cesAlign", "a standoff file", AlignmentError), path)


def linked(root: Any, path: str) -> Linked:
    """Read the files that a parsed standoff document names, and its links.

    What this program says of a link's certainty is the chance of the bead; of what others say the
    measure is not known.
    """
    documents: dict[str, tuple[Dispatch, Mapping[str, int]]] = {}
    groups = []
    for group in root.iter("{*}linkGrp"):
        names = group.get("fromDoc") or "", group.get("toDoc") or ""
        if not all(names):
            raise AlignmentError(
                f"{path}:{group.sourceline}: the group does not name its files (fromDoc, toDoc)"
            )
        kinds = set((group.get("targType") or "").split())
        for name in names:
            if name not in documents:
                documents[name] = _opened(name, path, kinds)
        sides = [documents[name] for name in names]
        links = []
        for link in group.iter("{*}link"):
            targets = (link.get("xtargets") or "").split(";")
            if len(targets) != 2:
                raise AlignmentError(
                    f'{path}:{link.sourceline}: a link has two sides: xtargets="s1 s2;s1"'
                )
            links.append(Link(
                tuple(
                    _numbers(ids, side, f"{path}:{link.sourceline}")
                    for ids, side in zip(targets, sides, strict=True)
                ),
                link.sourceline, _score(link.get("certainty")),
            ))  # fmt: skip
        groups.append(([dispatch for dispatch, _ in sides], links))
    if not groups:
        raise AlignmentError(f"{path}: no linkGrp in it")
    return joined(groups, path, chances=root.get("type") == "tongwen")


def _numbers(
    ids: str, side: tuple[Dispatch, Mapping[str, int]], where: str
) -> tuple[int, ...]:
    dispatch, known = side
    numbers = []
    for id in ids.split():
        found = _NUMBER.fullmatch(id)
        number = known.get(id, int(found[1]) - 1 if found and not known else -1)
        if not 0 <= number < len(dispatch.segments):
            raise AlignmentError(
                f"{where}: {dispatch.source} has no segment {id[:40]}, but"
                f" {len(dispatch.segments)} segments, s1 the first; was it changed since?"
            )
        numbers.append(number)
    return tuple(numbers)


def _opened(name: str, path: str, kinds: set[str]) -> tuple[Dispatch, Mapping[str, int]]:
    """Read a file that a standoff document names, from the document's folder or from here."""
    beside = Path(path).parent / name
    found = beside if beside.is_file() or not Path(name).is_file() else Path(name)
    if found.suffix.lower() == ".xml":
        return _sentences(found)
    if kinds == {"seg"}:
        return read_segmented(found), {}
    dispatch = read_dispatch(found)
    return dispatch, {}


def _sentences(path: Path) -> tuple[Dispatch, Mapping[str, int]]:
    """Read the sentences of an XML document as OPUS has them: ``<s id>`` with words or text."""
    name = str(path)
    text = files.read_text(path).text
    root = markup.parse(text, name, None, "an XML document", AlignmentError)
    segments: list[Segment] = []
    known: dict[str, int] = {}
    pieces: list[str] = []
    for number, element in enumerate(root.iter("{*}s")):
        id = element.get("id") or element.get("{http://www.w3.org/XML/1998/namespace}id")
        known[id or f"s{number + 1}"] = number
        words = [markup.text_of(word, name, AlignmentError, ()) for word in element.iter("{*}w")]
        pieces.append(" ".join((" ".join(words) if words else markup.text_of(
            element, name, AlignmentError, ())).split()))  # fmt: skip
    lang = languages.detect("\n".join(pieces))
    if lang is None:
        raise AlignmentError(f"{name}: its sentences (<s>) are not in Chinese, Russian or English")
    start = 0
    for number, piece in enumerate(pieces):
        segments.append(Segment(piece, lang, start, start + len(piece), number))
        start += len(piece) + 1
    return (
        Dispatch(path.stem, lang, "\n".join(pieces), name, "utf-8", tuple(segments)),
        known,
    )


# Joining -----------------------------------------------------------------------------------------


def joined(
    groups: Sequence[tuple[Sequence[Dispatch], Sequence[Link]]],
    path: str,
    chances: bool = False,
) -> Linked:
    """Join links of pairs into beads of two or three languages, with the segments of no link.

    What crosses the rest becomes two beads that name each other as moved.

    Args:
        chances: Whether the scores are chances of the beads.

    Raises:
        AlignmentError: If a segment is missing in a text or in two links of a pair, or the links
            stand in no order.
    """
    dispatches: dict[str, Dispatch] = {}
    for pair, _ in groups:
        check_langs(pair)
        for dispatch in pair:
            if dispatches.setdefault(dispatch.lang, dispatch) is not dispatch:
                raise AlignmentError(
                    f"{path}: two texts are in {dispatch.lang}: "
                    f"{dispatches[dispatch.lang].source}, {dispatch.source}"
                )
    parents: dict[tuple[str, int], tuple[str, int]] = {
        (lang, n): (lang, n) for lang, d in dispatches.items() for n in range(len(d.segments))
    }

    def top(node: tuple[str, int]) -> tuple[str, int]:
        while parents[node] != node:
            parents[node] = node = parents[parents[node]]
        return node

    apart = 0
    lines: dict[tuple[str, int], int] = {}
    scores: dict[tuple[str, int], float] = {}
    for pair, links in groups:
        seen: set[tuple[str, int]] = set()
        for link in links:
            nodes = []
            for dispatch, side in zip(pair, link.sides, strict=True):
                if side and max(side) >= len(dispatch.segments):
                    raise AlignmentError(
                        f"{path}:{link.line}: names segment {max(side)} (from 0) of"
                        f" {dispatch.source}, which has {len(dispatch.segments)}; {_HINT}"
                    )
                run = _longest_run(side)
                apart += len(run) < len(side)
                nodes += [(dispatch.lang, n) for n in run]
            for node in nodes:
                if node in seen:
                    raise AlignmentError(
                        f"{path}:{link.line}: segment {node[1]} (from 0) of"
                        f" {dispatches[node[0]].source} is in two links"
                    )
                seen.add(node)
                parents[top(node)] = top(nodes[0])
                lines.setdefault(node, link.line)
                if chances and link.score is not None and 0 <= link.score <= 1:
                    scores.setdefault(node, link.score)
    sides: dict[tuple[str, int], dict[str, list[int]]] = {}
    for node in parents:
        sides.setdefault(top(node), {}).setdefault(node[0], []).append(node[1])
    made = []
    for found in sides.values():
        for lang, numbers in found.items():
            if numbers[-1] - numbers[0] >= len(numbers):
                line = lines.get((lang, numbers[0]), 1)
                raise AlignmentError(
                    f"{path}:{line}: the links join {lang} segments that are not neighbours"
                )
        key = tuple(found[lang][0] if lang in found else -1 for lang in dispatches)
        start = max(found[lang][0] / max(1, len(dispatches[lang].segments)) for lang in found)
        made.append(Group({lang: tuple(n) for lang, n in found.items()},
                          (int(start * 1e9), *key)))  # fmt: skip
    try:
        ordered, halves = rising(sorted(made, key=lambda group: group.key))
        order = reading_order(ordered)
    except (Circle, Scattered):
        raise AlignmentError(f"{path}: its links cross so that no reading order is left") from None
    places = {number: place for place, number in enumerate(order)}
    result = Linked(tuple(dispatches.values()), apart=apart)
    for number in order:
        group = ordered[number]
        node = next((lang, side[0]) for lang, side in group.sides.items())
        moved = places[halves[number]] if number in halves else None
        result.beads.append(Bead(**group.sides, confidence=scores.get(node), moved=moved))
        result.lines.append(min(
            (lines[lang, n] for lang, side in group.sides.items() for n in side
             if (lang, n) in lines), default=None,
        ))  # fmt: skip
    return result


def _longest_run(side: Sequence[int]) -> Sequence[int]:
    """Return the longest run of neighbours among segment numbers, the first of two."""
    if isinstance(side, range):
        return side
    runs: list[list[int]] = []
    for number in sorted(side):
        if runs and number <= runs[-1][-1] + 1:
            runs[-1].append(number)  # one that is named twice shows as such
        else:
            runs.append([number])
    return max(runs, key=len, default=[])


def rows(linked: Linked) -> list[AlignedRow]:
    """Return the beads as rows of text, those of segments without a link too."""
    alignment = linked.alignment
    made = []
    for bead, line in zip(linked.beads, linked.lines, strict=True):
        segments = {lang: bead.side(lang) for lang in alignment.langs}
        made.append(
            AlignedRow(alignment.texts(bead), line or 1, segments, bead.confidence, bead.moved)
        )
    return made
