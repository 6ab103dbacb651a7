"""Check files: texts alone, versions of one dispatch together, aligned files row by row."""

import calendar
import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit import files
from toolkit.checking import stream, suppress
from toolkit.checking.stream import Part
from toolkit.checking.suppress import Directive
from toolkit.dispatch import Dispatch, parse_dispatch, read_dispatch, version_of
from toolkit.errors import FileError
from toolkit.glossary.check import check_text
from toolkit.glossary.compare import check_rows
from toolkit.glossary.concept import Finding
from toolkit.glossary.match import Matcher
from toolkit.glossary.store import load, no_collection
from toolkit.languages import LANGS, NAMES

if TYPE_CHECKING:
    from toolkit.report.rows import AlignedRow

TEXTS = (".txt", ".md", ".html", ".htm")
ALIGNED = (".tsv", ".jsonl", ".tmx", ".xlf", ".xliff")
_NAMED_ONLY = (*ALIGNED, ".xml", ".ladder", ".vecalign")  # in a folder these may be anything
_KINDS = {".md": "md", ".html": "html", ".htm": "html"}


@dataclass(frozen=True, slots=True)
class Settings:
    """How to check: against which glossaries, by the usage of which day and country."""

    glossaries: tuple[Path, ...] = ()
    lang: str | None = None
    date: datetime.date | None = None
    countries: frozenset[str] = frozenset()
    alone: bool = False
    notes: bool = False


@dataclass(slots=True)
class Result:
    """What was found in some files, and what is needed to show and mend it.

    ``lines`` are those of each file (without their ends) that has findings.
    """

    findings: list[Finding] = field(default_factory=list)
    uses: int = 0
    lines: dict[str, dict[int, str]] = field(default_factory=dict)
    directives: list[Directive] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, other: "Result") -> None:
        self.findings += other.findings
        self.uses += other.uses
        self.directives += other.directives
        self.notes += other.notes
        for path, lines in other.lines.items():
            self.lines.setdefault(path, {}).update(lines)


def expand(paths: Iterable[str]) -> list[str]:
    """Return the files to check, each once: those named, and in a folder all of a known kind.

    Raises:
        FileError: If a folder holds nothing to check.
    """
    found: dict[str, None] = {}
    for path in paths:
        if path == "-" or not Path(path).is_dir():
            found[path] = None
            continue
        inside = [
            str(each)
            for each in sorted(Path(path).rglob("*"))
            if each.is_file()
            and each.suffix.lower() in (*TEXTS, *ALIGNED)
            and not any(part.startswith(".") for part in each.relative_to(path).parts)
        ]
        if not inside:
            kinds = ", ".join((*TEXTS, *ALIGNED))
            raise FileError(f"{path}: the folder holds no file to check ({kinds})")
        found.update(dict.fromkeys(inside))
    return list(found)


def units(paths: Sequence[str], alone: bool = False) -> list[tuple[str, ...]]:
    """Group files that belong together: versions of one dispatch, by their names.

    ``x.zh.txt``, ``x_zh.txt``, ``x-zh.txt`` and ``zh.txt`` are versions of what is left of the
    name; so are ``zh/x.txt`` and ``ru/x.txt``. Two files of one language are never one dispatch.
    """
    groups: dict[str, list[tuple[str, str]]] = {}
    for path in paths:
        name, lang = _stem(path)
        if alone or not lang:
            name = path
        same = groups.setdefault(name, [])
        if lang and any(lang == other for other, _ in same):
            groups.setdefault(path, []).append((lang, path))
        else:
            same.append((lang, path))
    return [tuple(path for _, path in group) for group in groups.values()]


def _stem(path: str) -> tuple[str, str]:
    """Return what versions have in common in their path, and the language the path names."""
    if path == "-" or Path(path).suffix.lower() in _NAMED_ONLY:
        return path, ""
    return version_of(path)


def check(
    groups: Sequence[tuple[str, ...]],
    settings: Settings,
    *,
    jobs: int = 1,
    matcher: Matcher | None = None,
) -> Iterator[Result]:
    """Check each group of files, in order; with ``jobs`` above one in as many processes."""
    work = _work(groups)
    large = any(_parts_of(group) for group in groups)
    if jobs > 1 and (len(groups) > 1 or large) and not any("-" in group for group in groups):
        from concurrent.futures import ProcessPoolExecutor

        with ProcessPoolExecutor(jobs, initializer=_start, initargs=(settings,)) as pool:
            yield from stream.spread(pool, _check_started, work, 2 * jobs)
        return
    if any(len(group) > 1 for group in groups):
        from toolkit import encoder

        encoder.preload()  # versions are aligned as soon as each has been checked
    matcher = matcher or Matcher(load(list(settings.glossaries) or None))
    for item in work:
        yield _check_item(item, settings, matcher)


def _work(groups: Sequence[tuple[str, ...]]) -> Iterator[tuple[str, ...] | Part]:
    for group in groups:
        found = _parts_of(group)
        if found is None:
            yield group
        else:
            yield from found


def _parts_of(group: tuple[str, ...]) -> Iterator[Part] | None:
    return stream.parts(group[0]) if len(group) == 1 else None


_started: tuple[Settings, Matcher] | None = None


def _start(settings: Settings) -> None:
    global _started
    _started = settings, Matcher(load(list(settings.glossaries) or None))


def _check_started(item: tuple[str, ...] | Part) -> Result:
    assert _started is not None
    return _check_item(item, *_started)


def _check_item(item: tuple[str, ...] | Part, settings: Settings, matcher: Matcher) -> Result:
    if not isinstance(item, Part):
        return check_group(item, settings, matcher)
    from toolkit.align import formats

    result = Result()
    rows = formats.parse(item.text, formats.form_of(item.path), item.path, Counter())
    _compare(item.path, rows, item.text.split("\n"), settings, matcher, result, item.offset)
    return result


def check_group(group: tuple[str, ...], settings: Settings, matcher: Matcher) -> Result:
    """Check one file, or the versions of one dispatch: each alone, then against each other."""
    if len(group) == 1 and Path(group[0]).suffix.lower() in _NAMED_ONLY:
        result = Result()
        _aligned(group[0], settings, matcher, result)
        return result
    with no_collection():  # what a dispatch needs is small, and little of it garbage
        return _check_texts(group, settings, matcher)


def _check_texts(group: tuple[str, ...], settings: Settings, matcher: Matcher) -> Result:
    result = Result()
    dispatches = []
    for path in group:
        dispatch, directives = read(path, settings.lang)
        result.directives += directives
        checked = check_text(dispatch, matcher, date=settings.date, countries=settings.countries)
        result.findings += checked.findings
        result.uses += checked.uses
        dispatches.append(dispatch)
    if len(dispatches) > 1 and len({dispatch.lang for dispatch in dispatches}) > 1:
        _versions(dispatches, settings, matcher, result)
    for dispatch in dispatches:
        lines = dispatch.text.split("\n")
        wanted = {f.line for f in result.findings if f.file == dispatch.source}
        result.lines[dispatch.source] = {n: lines[n - 1] for n in wanted if n <= len(lines)}
    return result


def read(path: str, lang: str | None) -> tuple[Dispatch, list[Directive]]:
    """Read a dispatch, and the suppressions in its text, which are no part of it."""
    if path != "-" and Path(path).suffix.lower() == ".html":
        return read_dispatch(path, lang), []
    file = files.read_text(path)
    text, directives = suppress.directives(file.text, file.path)
    if not directives:
        if path != "-":
            return read_dispatch(path, lang), []
        return parse_dispatch(file.text, lang=lang, source=file.path, encoding=file.encoding), []
    named = lang or _stem(path)[1] or None
    kind = _KINDS.get(Path(path).suffix.lower(), "txt")
    dispatch = parse_dispatch(
        text, lang=named, source=file.path, encoding=file.encoding, kind=kind
    )
    return replace(dispatch, text=file.text), directives


def _versions(
    dispatches: Sequence[Dispatch], settings: Settings, matcher: Matcher, result: Result
) -> None:
    from toolkit.align import align
    from toolkit.report.rows import alignment_rows

    rows = alignment_rows(align(dispatches))
    dates = [d.date or d.page_date for d in dispatches if d.date or d.page_date]
    checked = check_rows(
        rows,
        matcher,
        date=settings.date or (min(dates) if dates else None),
        countries=settings.countries,
        forms=False,
        notes=settings.notes,
    )
    result.findings += checked.findings
    result.findings += _datelines(dispatches)
    names = ", ".join(dispatch.source for dispatch in dispatches)
    result.notes.append(f"compared {names} in {len(rows)} passages")


def _datelines(dispatches: Sequence[Dispatch]) -> Iterator[Finding]:
    """Yield the datelines of another day than most versions have, or than the first of two."""
    dated = sorted((d for d in dispatches if d.event_day), key=lambda d: LANGS.index(d.lang))
    days = Counter(dispatch.event_day for dispatch in dated)
    if len(days) < 2:
        return
    witness = next(d for d in dated if days[d.event_day] == max(days.values()))
    month, day = witness.event_day or (0, 0)
    for dispatch in dated:
        part = next((part for part in dispatch.parts if part.kind == "dateline"), None)
        if part is None or dispatch.event_day == witness.event_day or _is_next(dispatch, witness):
            continue
        found = dispatch.text[part.start : part.end].strip()
        line, column = dispatch.line_column(part.start)
        message = (
            f"the dateline “{found}” is of another day than that of the {NAMES[witness.lang]}"
            f" version, {day} {calendar.month_name[month]}"
        )
        yield Finding(
            "D101", "warning", "", dispatch.source, line, column, dispatch.lang, found, "", message
        )


def _is_next(one: Dispatch, other: Dispatch) -> bool:
    """Say whether two versions came out on two days, and are dated so: that is no fault."""
    if not (one.date and other.date and one.page_date and other.page_date):
        return False
    apart, pages = one.date - other.date, one.page_date - other.page_date
    return abs(apart.days) <= 1 and apart.days * pages.days > 0


def _aligned(path: str, settings: Settings, matcher: Matcher, result: Result) -> None:
    rows, lines = _rows(path, result.notes.append)
    _compare(path, rows, lines, settings, matcher, result)


def _compare(
    path: str,
    rows: "Sequence[AlignedRow]",
    lines: Sequence[str],
    settings: Settings,
    matcher: Matcher,
    result: Result,
    offset: int = 0,
) -> None:
    """Compare the rows of ``lines``, which begin ``offset`` lines into the file."""
    from toolkit.report.rows import file_rows

    places = iter(file_rows(path, rows, lines))
    found: list[Finding] = []
    while some := list(islice(places, stream.ROWS)):
        checked = check_rows(
            some,
            matcher,
            date=settings.date,
            countries=settings.countries,
            notes=settings.notes,
        )
        found += checked.findings
        result.uses += checked.uses
    wanted = {finding.line for finding in found}
    result.lines[path] = {n + offset: lines[n - 1] for n in wanted if n <= len(lines)}
    result.findings += [replace(f, line=f.line + offset) for f in found] if offset else found


def _rows(path: str, note: Callable[[str], None]) -> tuple[Sequence, Sequence[str]]:
    from toolkit.align import formats

    return formats.read(path, note), files.read_text(path).text.split("\n")
