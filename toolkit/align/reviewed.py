"""Read a review file: what a person made of it, with every segment in one bead.

What cannot be understood, and a segment that is in no line or in two, is an error that names the
line: nothing is lost silently.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from toolkit import files
from toolkit.align.beads import Alignment, Bead
from toolkit.align.order import Circle, Group, Scattered, reading_order, rising
from toolkit.align.review import GUARDED, TITLE, VERSION, Review, Reviewed, Source, run, seal
from toolkit.columns import clip
from toolkit.dispatch import Dispatch, Segment
from toolkit.errors import AlignmentError
from toolkit.languages import LANGS

_MARKS = re.compile(r"([=+?]*)\s*((?:(?:zh|ru|en)\b[\s,]*)*)")
_YES = frozenset(("ok", "keep", "x", "yes", "да", "是", "✓", "✔"))
_NONE = frozenset(("", "-", "–", "—", "−"))
_NUMBERS = re.compile(r"(\d{1,9})(?:\s*(?:\.{2,3}|[-–—−~])\s*(\d{1,9}))?(?=[\s,;、]|$)[\s,;、]*")
_NEWLINE = re.compile("\r\n|\n|\r")
_SPLIT = re.compile(r"\s*(?<!\\)((?:\\\\)*)\|\s*")
_ESCAPED = re.compile(r"\\(u[0-9a-f]{4}|.)", re.DOTALL)


def is_review(text: str) -> bool:
    """Tell by its first line whether a text is a review file, whatever its name."""
    return TITLE in text[:200].lstrip("\ufeff \t\r\n").split("\n")[0][:60]


def read(path: str | Path) -> Review:
    """Read a review file.

    Raises:
        AlignmentError: If a line cannot be understood, or a segment is in no line or in two; the
            message names the line.
        FileError: If it cannot be read.
    """
    return parse(files.read_text(path).text, files.display(path))


def alignment(found: Review) -> Alignment:
    """Return a review file as the alignment that it is, with the texts that it shows.

    Raises:
        AlignmentError: If a changed line does not tell the text of one of its segments.
    """
    dispatches = []
    for lang, source in found.sources.items():
        segments: list[Segment] = []
        start = 0
        for n, text in enumerate(found.texts[lang]):
            if text is None:
                raise AlignmentError(
                    f"{found.path}:{found.lines[lang][n]}: the text of {lang} {n + 1} is not in "
                    "the file any more; align the texts with --keep instead"
                )
            segments.append(Segment(text, lang, start, start + len(text), n))
            start += len(text) + 1
        joined = "\n".join(segment.text for segment in segments)
        stem = Path(source.name).stem
        dispatches.append(Dispatch(stem, lang, joined, source.name, "utf-8", tuple(segments)))
    beads = tuple(
        Bead(
            **bead.sides, moved=bead.moved, decided=bead.decided,
            confidence=1.0 if set(bead.decided) == set(found.langs) else bead.chance,
        )
        for bead in found.beads
    )  # fmt: skip
    return Alignment(tuple(dispatches), beads)


def parse(text: str, path: str) -> Review:
    """Read the text of a review file; as ``read``."""
    if not is_review(text):
        raise AlignmentError(
            f"{path}:1: not a review file: its first line is `# {TITLE} {VERSION}`"
        )
    lines = _NEWLINE.split(text)
    at, delimiter, columns = _columns(lines, path)
    sources = _sources(lines[:at], delimiter, path)
    langs = [lang for lang in columns if lang in LANGS]
    for lang in langs:
        if lang not in sources:
            raise AlignmentError(
                f"{path}:1: the line `# {lang} …` that names the source of {lang} is missing; "
                "copy it back from the file as it was written"
            )
    sources = {lang: sources[lang] for lang in langs}
    rows = list(_rows(lines, at, delimiter, columns, langs, path))
    rows = _merged(rows, path)
    owners = _owners(rows, sources, path)
    beads = _ordered(rows, owners, path)
    texts = {lang: _texts(rows, lang, sources[lang]) for lang in langs}
    places = {lang: [rows[n].line for n in owners[lang]] for lang in langs}
    return Review(path, sources, beads, texts, places)


@dataclass(slots=True)
class _Row:
    """A line as it stands."""

    line: int
    key: tuple[int, ...]
    sides: dict[str, list[int]]
    elsewhere: dict[str, int]
    chance: float | None
    decided: tuple[str, ...]
    joins: bool
    changed: bool
    joined: bool = False  # out of several lines
    pieces: dict[str, list[str]] = field(default_factory=dict)


def _split(line: str, delimiter: str) -> list[str]:
    if '"' not in line:
        return line.split(delimiter)
    cells = re.findall(
        rf'(?:^|{re.escape(delimiter)})("(?:[^"]|"")*"(?=$|{re.escape(delimiter)})'
        rf"|[^{re.escape(delimiter)}]*)",
        line,
    )
    return [
        cell[1:-1].replace('""', '"') if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell
        for cell in cells
    ]


def _columns(lines: Sequence[str], path: str) -> tuple[int, str, dict[str, int]]:
    """Return the number of the line of column names, the delimiter, and the columns by name."""
    for at, line in enumerate(lines):
        if line.lstrip('"\ufeff').startswith("#") or not line.strip(" \t,;\""):
            continue
        for delimiter in "\t,;":
            names = [" ".join(cell.split()).lower() for cell in _split(line, delimiter)]
            columns = {name: n for n, name in enumerate(names) if name}
            if "state" in columns and sum(lang in columns for lang in LANGS) > 1:
                return at, delimiter, columns
        break
    else:
        at = len(lines) - 1
    raise AlignmentError(
        f"{path}:{at + 1}: the line of column names (state, chance, zh, …, divided by tabs) is "
        "missing before the first bead; copy it back from the file as it was written"
    )


def _sources(head: Sequence[str], delimiter: str, path: str) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for number, line in enumerate(head, 1):
        cells = [cell.strip() for cell in _split(line, delimiter)]
        if len(cells) < 4:  # the delimiter of comments may have stayed a tab
            cells = [cell.strip() for cell in line.strip('"').split("\t")]
        lang = cells[0].lstrip("# ").strip()
        if lang not in LANGS or len(cells) < 4:
            continue
        size = re.match(r"(\d{1,9}) segments", cells[2])
        mark = re.match(r"sha256:([0-9a-f]{16})", cells[3])
        if not size or not mark:
            raise AlignmentError(
                f"{path}:{number}: the line that names the source of {lang} is damaged; copy it "
                "back from the file as it was written"
            )
        found[lang] = Source(_unescaped(cells[1]), int(size[1]), mark[1])
    return found


def _rows(
    lines: Sequence[str],
    at: int,
    delimiter: str,
    columns: dict[str, int],
    langs: Sequence[str],
    path: str,
) -> Iterator[_Row]:
    key = 0
    for number, line in enumerate(lines[at + 1 :], at + 2):
        if line.lstrip('"').startswith("#") or not line.strip(f'" {delimiter}\t'):
            continue
        cells = _split(line, delimiter)
        where = f"{path}:{number}"

        def cell(name: str, cells: list[str] = cells) -> str:
            place = columns.get(name, -1)
            return cells[place] if 0 <= place < len(cells) else ""

        joins, decided = _state(cell("state"), langs, where)
        bead = unicodedata.normalize("NFKC", cell("bead")).strip()
        key = int(bead) if re.fullmatch(r"\d{1,9}", bead) else key
        found = [_numbers(cell(lang), lang, where) for lang in langs]
        elsewhere = {
            lang: abs(parts[0][0]) - 1
            for lang, parts in zip(langs, found, strict=True)
            if parts and parts[0] and parts[0][0] < 0
        }
        parts = {
            lang: some
            for lang, some in zip(langs, found, strict=True)
            if some and lang not in elsewhere
        }
        counts = {len(some) for some in parts.values()}
        if len(counts) > 1:
            raise AlignmentError(
                f"{where}: the / that divides the line stands in some languages only; write it "
                "in each, like 3/4 and 5/- (- where nothing is left)"
            )
        for part in range(max(counts, default=1)):
            sides = {lang: [n - 1 for n in some[part]] for lang, some in parts.items()}
            sides = {lang: side for lang, side in sides.items() if side}
            as_said = cell("check").strip() == seal(
                {lang: tuple(side) for lang, side in sides.items()}, elsewhere
            )
            row = _Row(
                number, (key, number, part), sides, elsewhere if part == 0 else {},
                _parsed_chance(cell("chance")), decided, joins and part == 0,
                changed=max(counts, default=1) > 1 or ("check" in columns and not as_said),
            )  # fmt: skip
            if part == 0:
                row.pieces = {
                    lang: _pieces(cell(f"{lang} text")) for lang in langs if lang not in elsewhere
                }
                if not row.changed:  # a segment that says nothing
                    for lang, side in sides.items():
                        if len(side) == 1 and not row.pieces[lang]:
                            row.pieces[lang] = [""]
            yield row


def _state(cell: str, langs: Sequence[str], where: str) -> tuple[bool, tuple[str, ...]]:
    """Return whether a line goes into the one above, and for which languages it is decided."""
    mark = unicodedata.normalize("NFKC", cell).strip().lower().lstrip("\\'")
    if mark in _YES:
        return False, tuple(langs)
    found = _MARKS.fullmatch(mark)
    if not found or (found[2] and "=" not in found[1]):
        raise AlignmentError(
            f"{where}: state {clip(cell.strip(), 40)!r} is none of = (decided), + (belongs to the "
            "line above), ? (doubtful) or empty"
        )
    named = re.findall(r"[a-z]+", found[2])
    decided = [lang for lang in langs if not named or lang in named] if "=" in found[1] else []
    return "+" in found[1], tuple(decided)


def _numbers(cell: str, lang: str, where: str) -> list[list[int]]:
    """Return the numbers, from 1, of each part of a cell; one negative number stands elsewhere."""
    text = unicodedata.normalize("NFKC", cell).strip().lstrip("'")
    if text in _NONE:
        return []
    moved = re.fullmatch(r"[>→]\s*(\d{1,9}).*", text, re.DOTALL)
    if moved and int(moved[1]):
        return [[-int(moved[1])]]
    parts = []
    for part in text.split("/"):
        part, numbers, at = part.strip(), [], 0
        while part not in _NONE and at < len(part):
            found = _NUMBERS.match(part, at)
            first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
            if not 0 < first <= last <= first + 99_999:
                raise AlignmentError(
                    f"{where}: {lang} {clip(cell.strip(), 40)!r} are no segment numbers; write "
                    "them like 3 4, or - for none"
                )
            numbers += range(first, last + 1)
            at = found.end()
        parts.append(sorted(numbers))
    return parts if any(parts) else []


def _parsed_chance(cell: str) -> float | None:
    try:
        chance = float(cell.strip().replace(",", "."))
    except ValueError:
        return None
    return chance if 0 <= chance <= 1 else None


def _pieces(cell: str) -> list[str]:
    cell = " ".join(cell.split())
    if not cell:
        return []
    if cell[0] == "\\" and cell.startswith(GUARDED, 1):
        cell = cell[1:]
    pieces, start = [], 0
    for found in _SPLIT.finditer(cell):
        pieces.append(cell[start : found.end(1)] if found[1] else cell[start : found.start()])
        start = found.end()
    return [_unescaped(piece) for piece in [*pieces, cell[start:]]]


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(
        lambda found: chr(int(found[1][1:], 16)) if len(found[1]) > 1 else found[1], text
    )


def _merged(rows: Sequence[_Row], path: str) -> list[_Row]:
    """Put the lines marked + into the one above them."""
    result: list[_Row] = []
    for row in rows:
        if not row.joins:
            result.append(row)
            continue
        if not result:
            raise AlignmentError(f"{path}:{row.line}: + in the first line: none stands above it")
        above = result[-1]
        for lang, side in row.sides.items():
            above.sides[lang] = sorted([*above.sides.get(lang, []), *side])
        for lang, pieces in row.pieces.items():
            above.pieces[lang] = [*above.pieces.get(lang, []), *pieces]
        above.elsewhere = {
            lang: n
            for lang, n in {**row.elsewhere, **above.elsewhere}.items()
            if lang not in above.sides
        }
        above.changed = above.joined = True
    return result


def _owners(
    rows: Sequence[_Row], sources: dict[str, Source], path: str
) -> dict[str, list[int]]:
    """Return the place of the row of each segment; refuse what is missing or stands twice."""
    owners: dict[str, list[int]] = {}
    for lang, source in sources.items():
        held: list[int | None] = [None] * source.size
        for place, row in enumerate(rows):
            for n in row.sides.get(lang, ()):
                where = f"{path}:{row.line}: {lang} {n + 1}"
                if n >= source.size:
                    raise AlignmentError(
                        f"{where}: {source.name} has {source.size} segments only"
                    )
                if held[n] is not None:
                    twice = rows[held[n]].line
                    there = "twice in this line" if held[n] == place else f"in line {twice} too"
                    raise AlignmentError(f"{where} stands {there}; leave it in one place")
                held[n] = place
        for n, place in enumerate(held):
            if place is None:
                near = next((held[k] for k in range(n - 1, -1, -1) if held[k] is not None), None)
                line = rows[near].line if near is not None else rows[0].line if rows else 1
                after = f"after {lang} {n}" if n else "before all others"
                raise AlignmentError(
                    f"{path}:{line}: {lang} {n + 1} is in no line; it belongs {after}, in a "
                    "line of its own if nothing says the same"
                )
        owners[lang] = [place for place in held if place is not None]
    for row in rows:
        for lang, side in row.sides.items():
            gap = next((n + 1 for n in side if n + 1 not in side and n != side[-1]), None)
            if gap is not None:
                raise AlignmentError(
                    f"{path}:{row.line}: {lang} {run(side)}: {gap + 1} lies between and stands "
                    f"in line {rows[owners[lang][gap]].line}; a line holds neighbouring "
                    "segments; mark a passage that moved with >"
                )
    return owners


def _ordered(
    rows: Sequence[_Row], owners: dict[str, list[int]], path: str
) -> tuple[Reviewed, ...]:
    """Return the beads in reading order; what crosses is two beads that name each other."""
    filled = [row for row in rows if row.sides]
    groups = [
        Group({lang: tuple(side) for lang, side in row.sides.items()}, row.key) for row in filled
    ]
    try:
        groups, halves = rising(groups)
        order = reading_order(groups)
    except Scattered as error:
        raise AlignmentError(
            f"{path}:{error.args[0][1]}: its languages stand in three different places; a "
            "passage can have moved in one of them only"
        ) from None
    except Circle as error:
        lines = sorted({key[1] for key in error.args[0]})[:5]
        raise AlignmentError(
            f"{path}:{lines[0]}: lines {', '.join(map(str, lines))} cannot stand in one order "
            "in all languages; divide one of them with /"
        ) from None
    rank = {place: n for n, place in enumerate(order)}
    # A half has the line of its group.
    origin = {group.key[:3]: row for group, row in zip(groups, filled, strict=False)}
    partner = {rank[one]: rank[other] for one, other in halves.items()}
    _name_each_other(filled, groups, rank, partner, path)
    beads = []
    for n, place in enumerate(order):
        row = origin[groups[place].key[:3]]
        langs = tuple(owners)
        decided = langs if row.changed or place in halves else row.decided
        beads.append(
            Reviewed(
                groups[place].sides, row.line, row.chance, decided, row.changed, partner.get(n)
            )
        )
    return tuple(beads)


def _name_each_other(
    rows: Sequence[_Row],
    groups: Sequence[Group],
    rank: dict[int, int],
    partner: dict[int, int],
    path: str,
) -> None:
    """Follow the numbers with > to the beads that hold them.

    A person who changes one of two lines need not know of the other: what the program wrote gives
    way to that. Only what a person typed is an error.
    """
    holder = {
        (lang, n): place
        for place, group in enumerate(groups)
        for lang, side in group.sides.items()
        for n in side
    }
    for place, row in enumerate(rows):
        typed = row.changed and not row.joined
        for lang, n in row.elsewhere.items():
            where = f"{path}:{row.line}: {lang} >{n + 1}"
            other = holder.get((lang, n))
            if other is None:
                raise AlignmentError(f"{where}: there is no such segment")
            there = rows[other] if other < len(rows) else None  # None: half of a changed line
            back = there is not None and any(
                there.elsewhere.get(own) in side for own, side in row.sides.items()
            )
            if not row.changed and (there is None or there.changed) and not back:
                continue
            ends = {rank[place]: rank[other], rank[other]: rank[place]}
            taken = any(partner.get(one, two) != two for one, two in ends.items())
            if set(groups[other].sides) & set(groups[place].sides):
                if typed:
                    raise AlignmentError(
                        f"{where}: that segment has a counterpart where it stands; divide its "
                        "line first, or take the > away"
                    )
            elif taken and typed:
                raise AlignmentError(f"{where}: two lines name the same one with >")
            elif not taken:
                partner.update(ends)


def _texts(rows: Sequence[_Row], lang: str, source: Source) -> list[str | None]:
    """Return the text of each segment, None where the numbers do not tell which is which.

    Whoever changes numbers may take the texts along or leave them where they are. In the second
    case as many texts as numbers, between two lines that are as they were, still tell.
    """
    texts: list[str | None] = [None] * source.size

    def settle(changed: Sequence[_Row]) -> None:
        sides = [row.sides.get(lang, []) for row in changed]
        pieces = [row.pieces.get(lang, []) for row in changed]
        if any(len(one) != len(some) for one, some in zip(sides, pieces, strict=True)):
            sides = [sorted(n for side in sides for n in side)]
            pieces = [[piece for some in pieces for piece in some]]
        for side, some in zip(sides, pieces, strict=True):
            if len(side) == len(some):
                for n, piece in zip(side, some, strict=True):
                    texts[n] = piece

    waiting: list[_Row] = []
    for row in sorted(rows, key=lambda row: row.key):
        if row.changed:
            waiting.append(row)
            continue
        settle(waiting)
        settle([row])
        waiting.clear()
    settle(waiting)
    return texts
