"""What is in corpora/: dispatches in three languages, their manifest, checksums, gold beads."""

import datetime
import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit import shipped
from toolkit.align.beads import Bead
from toolkit.dispatch import Dispatch, read_dispatch
from toolkit.errors import CorpusError, ToolkitError
from toolkit.files import read_text, write_text
from toolkit.languages import LANGS

MANIFEST = "manifest.toml"
KINDS = (
    "meeting",
    "phone call",
    "joint communique",
    "spokesperson's remarks",
    "trade report",
    "visit announcement",
    "multilateral meeting",
    "joint statement",
    "press conference",
    "economic report",
    "forum declaration",
    "feature",
    "science report",
)
_ID = re.compile(r"[a-z][a-z0-9_-]*\Z")
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True)
class CorpusEntry:
    """One dispatch of the corpus, as the manifest describes it.

    ``date`` is the date of the dateline. ``agency``, ``place`` and ``title`` are by language.
    ``facts`` names the sources of what is public fact, ``invented`` says what is illustration.
    ``sha256`` is the checksum of each file by its name.
    """

    id: str
    kind: str
    date: datetime.date
    agency: Mapping[str, str]
    place: Mapping[str, str]
    title: Mapping[str, str]
    facts: tuple[str, ...]
    invented: str
    licence: str
    sha256: Mapping[str, str]
    folder: Path

    def path(self, lang: str) -> Path:
        """Return the path of the version in ``lang``, one of ``LANGS``; it may be missing."""
        if lang not in LANGS:
            raise ValueError(f"unknown language {lang!r}; known: {', '.join(LANGS)}")
        return self.folder / f"{self.id}.{lang}.txt"

    @property
    def gold_path(self) -> Path:
        """The path of the hand-made alignment; it may be missing."""
        return self.folder / f"{self.id}.gold.jsonl"

    @property
    def files(self) -> tuple[Path, ...]:
        """The versions in the order of ``LANGS``, then the gold alignment."""
        return (*(self.path(lang) for lang in LANGS), self.gold_path)

    def dispatches(self) -> tuple[Dispatch, ...]:
        """Read the versions in the order of ``LANGS``.

        Raises:
            FileError, DispatchError: If one cannot be read as what it should be.
        """
        return tuple(read_dispatch(self.path(lang), lang) for lang in LANGS)


@dataclass(frozen=True, slots=True)
class GoldBead:
    """A bead of the gold alignment with its text by language; an empty side has the text ``""``.

    The beads stand in the reading order of the version that says it first. A passage that one
    version moved is still one bead, so the numbers of one language need not rise from bead to
    bead, as they do in an ``Alignment``.
    """

    bead: Bead
    texts: Mapping[str, str]


def load(root: Path | None = None) -> tuple[CorpusEntry, ...]:
    """Read the manifest; the entries stand in its order.

    Args:
        root: A folder laid out like ``corpora/``; None is the shipped one.

    Raises:
        CorpusError: If the manifest is missing, is no TOML, or an entry lacks something.
    """
    root = root or shipped.path("corpora")
    manifest = root / MANIFEST
    text = read_text(manifest).text
    try:
        data = tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise CorpusError(
            f"{manifest}: not a TOML file: {error}; correct it there or take the shipped one again"
        ) from error
    tables = data.get("dispatch")
    if not isinstance(tables, list) or not tables:
        raise CorpusError(f"{manifest}: no [[dispatch]] table; add one for each dispatch")
    entries = tuple(_entry(table, root, manifest, n) for n, table in enumerate(tables, 1))
    ids = [entry.id for entry in entries]
    for double in sorted({id for id in ids if ids.count(id) > 1}):
        raise CorpusError(f"{manifest}: two dispatches have the id {double!r}; rename one")
    return entries


def entry(id: str, root: Path | None = None) -> CorpusEntry:
    """Return the dispatch called ``id``.

    Raises:
        CorpusError: Naming the dispatches there are.
    """
    entries = load(root)
    for candidate in entries:
        if candidate.id == id:
            return candidate
    known = ", ".join(candidate.id for candidate in entries)
    raise CorpusError(f"no dispatch is called {id!r}; choose one of: {known}")


def gold(entry: CorpusEntry) -> tuple[GoldBead, ...]:
    """Read the gold alignment of a dispatch.

    Raises:
        FileError: If it is missing.
        CorpusError: If a line is no bead; the message names file, line and fault.
    """
    beads = []
    for number, line in enumerate(read_text(entry.gold_path).text.splitlines(), 1):
        if line.strip():
            beads.append(_gold_bead(line, f"{entry.gold_path}:{number}"))
    if not beads:
        raise CorpusError(f"{entry.gold_path}: no bead; write one JSON object a line")
    return tuple(beads)


def coverage(beads: Sequence[Bead], counts: Mapping[str, int]) -> list[str]:
    """Return how the beads fail to hold each of ``counts[lang]`` segments exactly once.

    The beads need not be monotone: a moved passage may be a bead.
    """
    faults = []
    for number, bead in enumerate(beads, 1):
        for lang in LANGS:
            side = bead.side(lang)
            if list(side) != sorted(set(side)):
                faults.append(f"bead {number}: the {lang} numbers {list(side)} do not rise")
        if not any(bead.side(lang) for lang in LANGS):
            faults.append(f"bead {number}: holds no segment")
    for lang in LANGS:
        held = [number for bead in beads for number in bead.side(lang)]
        known = range(counts.get(lang, 0))
        for kind, numbers in (
            ("in no bead", sorted(set(known) - set(held))),
            ("in more than one bead", sorted({n for n in held if held.count(n) > 1})),
            (f"numbered beyond the {len(known)} there are", sorted(set(held) - set(known))),
        ):
            if numbers:
                listed = ", ".join(map(str, numbers))
                faults.append(f"{lang} segments {kind}: {listed}")
    return faults


def verify(root: Path | None = None) -> list[str]:
    """Return what is wrong with the corpus, one line a problem: file, fault, what to do.

    Checked are presence and checksum of every file, files that no entry names, language, headline,
    place, date and agency of every version against the manifest, and that the gold holds every
    segment once with the text the versions have.

    Raises:
        CorpusError: If the manifest itself cannot be read.
    """
    root = root or shipped.path("corpora")
    problems = []
    entries = load(root)
    for entry in entries:
        problems += _verify_files(entry)
        if all(path.is_file() for path in entry.files):
            try:
                problems += _verify_content(entry)
            except ToolkitError as error:
                problems.append(str(error))
    named = {path for entry in entries for path in entry.files}
    for entry in entries:
        strays = set(entry.folder.glob("*")) - named if entry.folder.is_dir() else set()
        for path in sorted(strays):
            problems.append(f"{path}: {MANIFEST} does not name it; remove it or add it there")
    for folder in sorted(path for path in root.iterdir() if path.is_dir()):
        if folder not in {entry.folder for entry in entries}:
            problems.append(f"{folder}: {MANIFEST} does not name it; remove it or add it there")
    return problems


def triples(root: Path | None = None) -> Iterator[dict[str, str]]:
    """Yield the texts of every gold bead that has two languages or three, by language.

    These are the corpus's translation units; a side made of several segments is joined.
    """
    for entry in load(root):
        for item in gold(entry):
            unit = {lang: text for lang, text in item.texts.items() if text}
            if len(unit) > 1:
                yield unit


def refresh(root: Path | None = None) -> list[Path]:
    """Bring the gold's texts and the manifest's checksums up to date; return the files changed.

    For whoever edits the corpus: the segment numbers of the gold stay as they are, their texts are
    taken from the versions again, then every checksum is written anew.

    Raises:
        CorpusError: If the gold does not hold every segment once, or the manifest has no checksum
            line for a file. Nothing has been written then.
    """
    root = root or shipped.path("corpora")
    manifest = root / MANIFEST
    entries = load(root)
    changes: dict[Path, str] = {}
    for entry in entries:
        dispatches = entry.dispatches()
        beads = [item.bead for item in gold(entry)]
        faults = coverage(beads, {d.lang: len(d.segments) for d in dispatches})
        if faults:
            raise CorpusError(f"{entry.gold_path}: {faults[0]}; correct the numbers by hand")
        changes[entry.gold_path] = "".join(_gold_line(bead, dispatches) for bead in beads)
    text = read_text(manifest).text
    for path in (path for entry in entries for path in entry.files):
        content = changes[path].encode() if path in changes else path.read_bytes()
        line = f'"{path.name}" = "{hashlib.sha256(content).hexdigest()}"'
        text, count = re.subn(rf'(?m)^"{re.escape(path.name)}" = "[^"\n]*"$', line, text)
        if count != 1:
            raise CorpusError(
                f'{manifest}: {count} lines start with "{path.name}"; under [dispatch.sha256] '
                "there must be one"
            )
    changes[manifest] = text
    changed = [path for path, new in changes.items() if path.read_text(encoding="utf-8") != new]
    for path in changed:
        write_text(path, changes[path])
    return changed


def _entry(table: Any, root: Path, manifest: Path, number: int) -> CorpusEntry:
    where = f"{manifest}: dispatch {number}"

    def take(name: str, kind: type, what: str) -> Any:
        value = table.get(name) if isinstance(table, dict) else None
        # A TOML date with a time is a date to isinstance, and an empty text says nothing.
        if not isinstance(value, kind) or isinstance(value, datetime.datetime) or not value:
            raise CorpusError(f"{where}: {name} must be {what}")
        return value

    id = take("id", str, "a name")
    if not _ID.match(id):
        raise CorpusError(f"{where}: id {id!r} must be of small letters, digits, - and _")
    where = f"{manifest}: dispatch {id!r}"
    by_language = {}
    for name in ("agency", "place", "title"):
        values = take(name, dict, "a table of zh, ru and en")
        if set(values) != set(LANGS) or not all(
            isinstance(value, str) and value for value in values.values()
        ):
            raise CorpusError(f"{where}: {name} must have a text for zh, ru and en")
        by_language[name] = {lang: values[lang] for lang in LANGS}
    kind = take("kind", str, "a text")
    if kind not in KINDS:
        raise CorpusError(f"{where}: kind {kind!r} is none of: {', '.join(KINDS)}")
    facts = take("facts", list, "a list of sources")
    if not all(isinstance(fact, str) and fact for fact in facts):
        raise CorpusError(f"{where}: facts must be a list of texts")
    sums = take("sha256", dict, "a table of checksums by file name")
    result = CorpusEntry(
        id=id,
        kind=kind,
        date=take("date", datetime.date, "a date, e.g. 2025-11-02"),
        facts=tuple(facts),
        invented=take("invented", str, "a text saying what is invented, or that nothing is"),
        licence=take("licence", str, "a licence"),
        sha256=sums,
        folder=root / id,
        **by_language,
    )
    names = {path.name for path in result.files}
    if set(sums) != names:
        odd = ", ".join(sorted(set(sums) ^ names))
        raise CorpusError(f"{where}: sha256 must have one line for each of its files; see {odd}")
    return result


def _gold_bead(line: str, where: str) -> GoldBead:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise CorpusError(f"{where}: not a JSON object: {error}") from error
    if not isinstance(record, dict):
        raise CorpusError(f"{where}: not a JSON object")
    sides = {}
    for lang in LANGS:
        side = record.get(lang)
        if not isinstance(side, list) or not all(type(n) is int and n >= 0 for n in side):
            raise CorpusError(f"{where}: {lang} must be a list of segment numbers from 0")
        sides[lang] = tuple(side)
    texts = record.get("text")
    if not isinstance(texts, dict) or not all(isinstance(texts.get(lang), str) for lang in LANGS):
        raise CorpusError(f"{where}: text must hold a text for zh, ru and en")
    return GoldBead(Bead(**sides), {lang: texts[lang] for lang in LANGS})


def _texts(bead: Bead, dispatches: Sequence[Dispatch]) -> dict[str, str]:
    # As in Alignment.texts, which takes monotone beads only.
    return {
        dispatch.lang: ("" if dispatch.lang == "zh" else " ").join(
            dispatch.segments[number].text for number in bead.side(dispatch.lang)
        )
        for dispatch in dispatches
    }


def _gold_line(bead: Bead, dispatches: Sequence[Dispatch]) -> str:
    record = {lang: list(bead.side(lang)) for lang in LANGS} | {"text": _texts(bead, dispatches)}
    return json.dumps(record, ensure_ascii=False) + "\n"


def _verify_files(entry: CorpusEntry) -> Iterator[str]:
    for path in entry.files:
        try:
            found = hashlib.sha256(path.read_bytes()).hexdigest()
        except FileNotFoundError:
            yield f"{path}: missing; install tongwen again, or restore it in the checkout"
        except OSError as error:
            yield f"{path}: cannot be read ({error.strerror}); look at its permissions"
        else:
            stated = entry.sha256[path.name]
            if not isinstance(stated, str) or not _SHA256.match(stated):
                yield f"{path}: its checksum in {MANIFEST} is not 64 hexadecimal digits"
            elif found != stated:
                yield (
                    f"{path}: was changed: its checksum is {found[:12]}…, {MANIFEST} says "
                    f"{stated[:12]}…; restore it, or bring the manifest up to date"
                )


def _verify_content(entry: CorpusEntry) -> Iterator[str]:
    dispatches = entry.dispatches()
    for dispatch in dispatches:
        path = entry.path(dispatch.lang)
        for name, found, stated in (
            ("headline", dispatch.headline, entry.title[dispatch.lang]),
            ("place", _fold(dispatch.place), _fold(entry.place[dispatch.lang])),
            ("date", dispatch.date, entry.date),
            ("agency", dispatch.agency, entry.agency[dispatch.lang]),
        ):
            # A dateline has no year: without a byline the date stays unknown.
            if found != stated and not (name == "date" and found is None):
                yield (
                    f"{path}: the {name} is {str(found)!r}, {MANIFEST} says {str(stated)!r}; "
                    "correct one of them"
                )
    items = gold(entry)
    counts = {dispatch.lang: len(dispatch.segments) for dispatch in dispatches}
    faults = coverage([item.bead for item in items], counts)
    for fault in faults:
        yield f"{entry.gold_path}: {fault}; correct the numbers by hand"
    if not faults:
        for number, item in enumerate(items, 1):
            if dict(item.texts) != _texts(item.bead, dispatches):
                yield (
                    f"{entry.gold_path}:{number}: the text is not that of the segments named; "
                    "bring the gold up to date"
                )


def _fold(place: str | None) -> str | None:
    """Return a place without its letter case: datelines of some agencies are in capitals."""
    return place.casefold() if place else None
