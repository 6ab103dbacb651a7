"""Find the beads that a person decided, in a review file or any aligned file, in texts of today.

All beads of an aligned file are decided; of a review file those that are marked or changed. They
are found again by what they say, so that a corrected text keeps what did not change.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from toolkit import files
from toolkit.align import formats, review, reviewed
from toolkit.align.formats import AlignedRow
from toolkit.align.keep import Kept, Run
from toolkit.align.match import find, squeezed
from toolkit.align.review import Review
from toolkit.dispatch import Dispatch
from toolkit.errors import AlignmentError


@dataclass(frozen=True, slots=True)
class Decisions:
    """The beads kept, and messages: why some are kept in part or not at all, notes on the file."""

    kept: tuple[Kept, ...]
    partly: tuple[str, ...]
    lost: tuple[str, ...]
    notes: tuple[str, ...]
    langs: tuple[str, ...]  # all that the file has


@dataclass(frozen=True, slots=True)
class _Sought:
    """A decided bead: where its sides are now, and why others are nowhere."""

    line: int
    settled: tuple[str, ...]
    sides: dict[str, Run]
    missing: dict[str, str]
    moved: int | None = None
    tells: bool = False

    @property
    def rest(self) -> tuple[str, ...]:
        """The languages in which the bead is as it was."""
        return tuple(lang for lang in self.settled if lang not in self.missing)


def read(path: str | Path, dispatches: Sequence[Dispatch]) -> Decisions:
    """Read the decided beads of a file and find them in the dispatches.

    Raises:
        AlignmentError: If the file cannot be read as an alignment, has less than two of the
            languages, or none of its decided beads is in these texts.
        FileError: If it cannot be read at all.
    """
    notes: list[str] = []
    found = opened(path, notes.append)
    langs = [dispatch.lang for dispatch in dispatches]
    known = found.langs if isinstance(found, Review) else languages_of(found)
    if len(set(langs) & set(known)) < 2:
        raise AlignmentError(
            f"{path}: holds {' '.join(known)}, and the files are {' '.join(langs)}; to be kept, "
            "an alignment has two languages of the files at least"
        )
    sought = (
        _of_review(found, dispatches, notes)
        if isinstance(found, Review)
        else _of_rows(found, known, dispatches)
    )
    kept, partly, lost = _settled(sought, len(langs), files.display(path))
    if lost and not kept:
        raise AlignmentError(
            f"{path}: none of its {len(lost)} decided beads is in these files; is it of other "
            f"texts? The first: {lost[0]}"
        )
    return Decisions(tuple(kept), tuple(partly), tuple(lost), tuple(notes), tuple(known))


def opened(path: str | Path, note: Callable[[str], None]) -> Review | list[AlignedRow]:
    """Read a review file or any other aligned file."""
    return review_of(path) or formats.read(path, note)


def review_of(path: str | Path) -> Review | None:
    """Read a review file, known by its suffix or its first line; None if it is another file."""
    if str(path).lower().endswith(review.SUFFIXES):
        return reviewed.read(path)
    if Path(path).suffix.lower() in (".csv", ".tsv", ".txt", ""):
        text = files.read_text(path).text
        if reviewed.is_review(text):
            return reviewed.parse(text, files.display(path))
    return None


def languages_of(rows: Sequence[AlignedRow]) -> tuple[str, ...]:
    """Return the languages that any row has."""
    return tuple(dict.fromkeys(lang for row in rows for lang in (*row.texts, *row.segments)))


def _settled(
    sought: Sequence[_Sought], languages: int, path: str
) -> tuple[list[Kept], list[str], list[str]]:
    """Keep each bead in the languages where it is as it was, if these are two at least.

    A third language can be added to one pair only, so that all beads kept in part are of one.
    """
    whole = [bead for bead in sought if not bead.missing]
    parts = [bead for bead in sought if bead.missing and bead.sides and len(bead.rest) > 1]
    pairs = {bead.rest for bead in [*whole, *parts] if len(bead.rest) < languages}
    if len(pairs) > 1:
        parts = []
    places: dict[int, int] = {}
    kept: list[Kept] = []
    partly: list[str] = []
    lost: list[str] = []
    in_part = {id(bead) for bead in parts}
    for number, bead in enumerate(sought):
        reason = f"{path}:{bead.line}: {'; '.join(bead.missing.values())}"
        if bead.missing and id(bead) not in in_part:
            lost.append(reason)
            continue
        if bead.missing:
            partly.append(f"{reason}; kept in {' and '.join(bead.rest)}")
        places[number] = len(kept)
        kept.append(
            Kept(bead.sides, bead.rest, bead.line, bead.moved, bead.tells and not bead.missing)
        )
    return [replace(bead, moved=places.get(bead.moved)) for bead in kept], partly, lost


def _of_review(
    found: Review, dispatches: Sequence[Dispatch], notes: list[str]
) -> list[_Sought]:
    runs: dict[str, list[Run | None]] = {}
    texts: dict[str, str] = {}
    present = {one.lang: one for one in dispatches if one.lang in found.sources}
    for lang, dispatch in present.items():
        shown, source = found.texts[lang], found.sources[lang]
        segments = [squeezed(segment.text) for segment in dispatch.segments]
        if review.digest(dispatch) == source.digest:
            runs[lang] = [(n, n + 1) for n in range(source.size)]
            _tell_changed(found, dispatch, segments, notes)
        else:
            runs[lang] = find([squeezed(text or "") for text in shown], segments)
            notes.append(
                f"{dispatch.source} has changed since {found.path} was written; what is kept is "
                "found by its text"
            )
        texts[lang] = "".join(segments)
    sought: list[_Sought] = []
    places: dict[int, int] = {}
    for number, bead in enumerate(found.beads):
        settled = tuple(lang for lang in bead.decided if lang in present)
        sides = {lang: side for lang, side in bead.sides.items() if lang in settled}
        if len(settled) < 2 or not sides:
            continue
        held: dict[str, Run] = {}
        missing: dict[str, str] = {}
        for lang, side in sides.items():
            said = {n: found.texts[lang][n] for n in side}
            # An empty line is found by nothing; the machine leaves it alone again.
            spoken = [n for n in side if runs[lang][n] or said[n] is None or squeezed(said[n])]
            run, reason = _whole([runs[lang][n] for n in spoken], present[lang])
            if run:
                held[lang] = run
            elif spoken:
                if None in said.values():
                    reason = "has no text in the file any more"
                elif "".join(squeezed(text) for text in said.values()) not in texts[lang]:
                    reason = f"is not in {present[lang].source} any more"
                missing[lang] = f"{lang} {' '.join(str(n + 1) for n in side)} {reason}"
        if held or missing:
            places[number] = len(sought)
            sought.append(_Sought(bead.line, settled, held, missing, bead.moved, tells=True))
    return [replace(bead, moved=places.get(bead.moved)) for bead in sought]


def _whole(runs: Sequence[Run | None], dispatch: Dispatch) -> tuple[Run | None, str]:
    """Return the run that runs make up together, or why they do not."""
    there = [run for run in runs if run]
    if not there or len(there) < len(runs):
        return None, f"is divided otherwise or stands elsewhere in {dispatch.source} now"
    start, end = there[0]
    for first, last in there[1:]:
        if any(dispatch.segments[n].text.strip() for n in range(end, first)):
            return None, f"has other text within it in {dispatch.source} now"
        end = last
    return (start, end), ""


def _tell_changed(
    found: Review, dispatch: Dispatch, segments: Sequence[str], notes: list[str]
) -> None:
    """Note the lines whose text a person changed, where only numbers count."""
    shown = found.texts[dispatch.lang]
    changed = dict.fromkeys(
        found.lines[dispatch.lang][n]
        for n, text in enumerate(shown)
        if text is not None and squeezed(text) != segments[n]
    )
    notes += [
        f"{found.path}:{line}: the {dispatch.lang} text was changed here, but only numbers count; "
        f"correct the text in {dispatch.source}"
        for line in list(changed)[:10]
    ]
    if len(changed) > 10:
        notes.append(f"{found.path}: … and in {len(changed) - 10} more lines")


def _of_rows(
    rows: Sequence[AlignedRow], langs: Sequence[str], dispatches: Sequence[Dispatch]
) -> list[_Sought]:
    present = [dispatch for dispatch in dispatches if dispatch.lang in langs]
    runs: dict[str, list[Run | None]] = {}
    texts: dict[str, str] = {}
    for dispatch in present:
        segments = [squeezed(segment.text) for segment in dispatch.segments]
        texts[dispatch.lang] = "".join(segments)
        runs[dispatch.lang] = numbered(rows, dispatch.lang, segments) or find(
            [squeezed(row.texts.get(dispatch.lang, "")) for row in rows], segments
        )
    sought = []
    for number, row in enumerate(rows):
        sides: dict[str, Run] = {}
        missing: dict[str, str] = {}
        for dispatch in present:
            lang, run = dispatch.lang, runs[dispatch.lang][number]
            text = squeezed(row.texts.get(lang, ""))
            if run:
                sides[lang] = run
            elif text:
                how = "is not in" if text not in texts[lang] else (
                    "is divided otherwise or stands elsewhere in"
                )  # fmt: skip
                missing[lang] = f"its {lang} text {how} {dispatch.source} now"
        if sides or missing:
            settled = tuple(dispatch.lang for dispatch in present)
            sought.append(_Sought(row.line, settled, sides, missing))
    return sought


def numbered(
    rows: Sequence[AlignedRow], lang: str, segments: Sequence[str]
) -> list[Run | None] | None:
    """Return the runs that the rows' own numbers name, if they fit the segments' texts."""
    runs: list[Run | None] = []
    at = 0
    for row in rows:
        side = row.segments.get(lang)
        if side is None or side != tuple(range(at, at + len(side))):
            return None
        text = row.texts.get(lang)
        at += len(side)
        if text is not None and squeezed(text) != "".join(segments[at - len(side) : at]):
            return None
        runs.append((at - len(side), at) if side else None)
    return runs if at == len(segments) else None
