"""Find the beads that a person decided, in a review file or any aligned file, in texts of today.

All beads of an aligned file are decided; of a review file those that are marked or changed. They
are found again by what they say, so that a corrected text keeps what did not change.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
    """The beads kept, why others could not be, and notes on the file; a message a line."""

    kept: tuple[Kept, ...]
    lost: tuple[str, ...]
    notes: tuple[str, ...]


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
    if isinstance(found, Review):
        kept, lost = _of_review(found, dispatches, notes)
    else:
        kept, lost = _of_rows(found, known, dispatches, str(path))
    if lost and not kept:
        raise AlignmentError(
            f"{path}: none of its {len(lost)} decided beads is in these files; is it of other "
            f"texts? The first: {lost[0]}"
        )
    return Decisions(tuple(kept), tuple(lost), tuple(notes))


def opened(path: str | Path, note: Callable[[str], None]) -> Review | list[AlignedRow]:
    """Read a review file, known by its first line, or any other aligned file by its suffix."""
    if str(path).lower().endswith(review.SUFFIXES):
        return reviewed.read(path)
    if Path(path).suffix.lower() in (".csv", ".tsv", ".txt", ""):
        text = files.read_text(path).text
        if reviewed.is_review(text):
            return reviewed.parse(text, files.display(path))
    return formats.read(path, note)


def languages_of(rows: Sequence[AlignedRow]) -> tuple[str, ...]:
    """Return the languages that any row has."""
    return tuple(dict.fromkeys(lang for row in rows for lang in (*row.texts, *row.segments)))


def _of_review(
    found: Review, dispatches: Sequence[Dispatch], notes: list[str]
) -> tuple[list[Kept], list[str]]:
    runs: dict[str, list[Run | None]] = {}
    texts: dict[str, str] = {}
    for dispatch in dispatches:
        source = found.sources.get(dispatch.lang)
        if source is None:
            continue
        shown = found.texts[dispatch.lang]
        segments = [squeezed(segment.text) for segment in dispatch.segments]
        if review.digest(dispatch) == source.digest:
            runs[dispatch.lang] = [(n, n + 1) for n in range(source.size)]
            _tell_changed(found, dispatch, segments, notes)
        else:
            runs[dispatch.lang] = find([squeezed(text or "") for text in shown], segments)
            notes.append(
                f"{dispatch.source} has changed since {found.path} was written; what is kept is "
                "found by its text"
            )
        texts[dispatch.lang] = "".join(segments)
    kept: list[Kept] = []
    lost: list[str] = []
    places: dict[int, int] = {}
    for number, bead in enumerate(found.beads):
        settled = tuple(lang for lang in bead.decided if lang in runs)
        sides = {lang: side for lang, side in bead.sides.items() if lang in settled}
        if len(settled) < 2 or not sides:
            continue
        result: dict[str, Run] = {}
        for lang, side in sides.items():
            dispatch = next(one for one in dispatches if one.lang == lang)
            run, reason = _whole([runs[lang][n] for n in side], dispatch)
            if run is None:
                said = [found.texts[lang][n] for n in side]
                if None in said:
                    reason = "the file does not tell its text any more"
                elif "".join(squeezed(text or "") for text in said) not in texts[lang]:
                    reason = f"is not in {dispatch.source} any more"
                shown = " ".join(str(n + 1) for n in side)
                lost.append(f"{found.path}:{bead.line}: {lang} {shown} {reason}")
                break
            result[lang] = run
        else:
            places[number] = len(kept)
            kept.append(Kept(result, settled, bead.line, bead.moved, tells=True))
    kept = [_with_partner(bead, places) for bead in kept]
    return kept, lost


def _with_partner(bead: Kept, places: dict[int, int]) -> Kept:
    partner = None if bead.moved is None else places.get(bead.moved)
    return Kept(bead.sides, bead.langs, bead.line, partner, bead.tells)


def _whole(runs: Sequence[Run | None], dispatch: Dispatch) -> tuple[Run | None, str]:
    """Return the run that runs make up together, or why they do not."""
    there = [run for run in runs if run]
    if len(there) < len(runs):
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
    rows: Sequence[AlignedRow], langs: Sequence[str], dispatches: Sequence[Dispatch], path: str
) -> tuple[list[Kept], list[str]]:
    present = [dispatch for dispatch in dispatches if dispatch.lang in langs]
    settled = tuple(dispatch.lang for dispatch in present)
    runs: dict[str, list[Run | None]] = {}
    wholes: dict[str, str] = {}
    for dispatch in present:
        segments = [squeezed(segment.text) for segment in dispatch.segments]
        wholes[dispatch.lang] = "".join(segments)
        runs[dispatch.lang] = numbered(rows, dispatch.lang, segments) or find(
            [squeezed(row.texts.get(dispatch.lang, "")) for row in rows], segments
        )
    kept: list[Kept] = []
    lost: list[str] = []
    for number, row in enumerate(rows):
        sides: dict[str, Run] = {}
        for dispatch in present:
            lang, run = dispatch.lang, runs[dispatch.lang][number]
            if run:
                sides[lang] = run
            elif squeezed(row.texts.get(lang, "")):
                there = squeezed(row.texts[lang]) in wholes[lang]
                reason = "is divided otherwise or stands elsewhere in" if there else "is not in"
                lost.append(f"{path}:{row.line}: its {lang} text {reason} {dispatch.source} now")
                break
        else:
            if sides:
                kept.append(Kept(sides, settled, row.line))
    return kept, lost


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
