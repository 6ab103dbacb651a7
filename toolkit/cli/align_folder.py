"""``tongwen align DIR``: group the files of folders, align each group, go on where it stopped."""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

JOURNAL = ".tongwen-align.jsonl"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})  # as in TSV
_SUFFIXES = {"xliff": "xlf", "xliff2": "xlf", "standoff": "xml"}


@dataclass(frozen=True, slots=True)
class Settings:
    """How each group is aligned and written."""

    form: str
    segmented: bool
    glossaries: tuple[str, ...]
    least: float | None
    doubtful_first: bool


@dataclass(frozen=True, slots=True)
class Task:
    """One group: its files by language, where it is written, what an earlier run wrote there."""

    name: str
    files: dict[str, str]
    output: str
    known: dict[str, str]
    force: bool
    settings: Settings


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a group: the digests of its outputs by name, notes, an error if any."""

    written: dict[str, str]
    notes: tuple[str, ...] = ()
    error: str = ""


def run(
    folders: tuple[str, ...],
    output: str | None,
    settings: Settings,
    *,
    dry_run: bool,
    jobs: int,
    force: bool,
) -> int:
    """Align the files of folders; return the exit status.

    A group whose inputs are those of an earlier run, and whose outputs stand as that run wrote
    them, is passed over. An output that somebody changed is left alone unless ``force``.
    """
    from toolkit.align.folders import gather, group

    into = Path(output or Path(folders[0]) / "aligned")
    if into.exists() and not into.is_dir():
        raise click.UsageError(f"{into} is a file; name a folder for the results with -o")
    paths = gather(folders, without=into)
    found = group(paths)
    if dry_run:
        _show(found)
        return 1 if found.alone else 0
    for one in found.alone:
        _tell(f"{one.path}: no partner: {one.reason}")
    for one in found.groups:
        if one.doubt:
            _tell(f"{one.name}: doubtful: {one.doubt}")
    _make(into)
    journal = _read(into / JOURNAL)
    status = 1 if found.alone else 0
    tasks, keys = [], {}
    done = 0
    for one in found.groups:
        target = str(into / f"{one.name}.{_SUFFIXES.get(settings.form, settings.form)}")
        key = _key(one.files, settings)
        known = journal.get(_base(target), {})
        outputs = known.get("outputs", {})
        changed = [name for name, digest in outputs.items() if _digest(into / name) != digest]
        if not force and key and known.get("key") == key:
            if not changed:
                done += 1
                continue
            if all((into / name).exists() for name in outputs):
                names = ", ".join(str(into / name) for name in changed)
                _tell(f"{one.name}: left alone: {names} was changed since; --force writes it anew")
                status = max(status, 1)
                continue
        keys[len(tasks)] = key
        tasks.append(Task(one.name, one.files, target, outputs, force, settings))
    if done:
        _tell(f"{done} {'group' if done == 1 else 'groups'} unchanged since the last run")
    for number, outcome in enumerate(_work(tasks, jobs)):
        task = tasks[number]
        for note in outcome.notes:
            _tell(f"{task.name}: {note}")
        if outcome.error:
            _tell(f"{task.name}: {outcome.error}")
            status = 2
        elif not outcome.written:
            status = max(status, 1)
        else:
            record = {"target": _base(task.output), "key": keys[number],
                      "outputs": outcome.written}  # fmt: skip
            _record(into / JOURNAL, record)
    if not found.groups:
        _tell("no files belong together")
        return max(status, 1)
    return status


def _tell(line: str) -> None:
    from toolkit.files import display

    click.echo(display(line), err=True)  # names of files may hold what UTF-8 does not


def _base(path: str) -> str:
    return Path(path).name


def _work(tasks: list[Task], jobs: int) -> Iterator[Outcome]:
    if jobs < 2 or len(tasks) < 2:
        for task in tasks:
            yield align_group(task)
        return
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    from toolkit import encoder
    from toolkit.checking.stream import spread
    from toolkit.errors import AlignmentError

    encoder.default()  # before the processes part, which then share its weights
    try:
        with ProcessPoolExecutor(min(jobs, len(tasks))) as pool:
            yield from spread(pool, align_group, tasks, 2 * jobs)
    except BrokenProcessPool:
        raise AlignmentError(
            "a process was ended from outside, perhaps for want of memory; run the same again with"
            " fewer --jobs: what is finished stays"
        ) from None


def align_group(task: Task) -> Outcome:
    """Align one group and write it; an error is told, never raised."""
    from toolkit.errors import ToolkitError

    try:
        return _aligned(task)
    except ToolkitError as error:
        return Outcome({}, error=str(error))


def _aligned(task: Task) -> Outcome:
    from toolkit import files
    from toolkit.align import align, formats
    from toolkit.align.beads import surer
    from toolkit.cli.align import render, summary
    from toolkit.dispatch import read_dispatch, read_segmented

    settings = task.settings
    read = read_segmented if settings.segmented else read_dispatch
    alignment = align([read(path, lang) for lang, path in task.files.items()])
    told = summary(alignment)
    if settings.least is not None:
        alignment, doubtful = surer(alignment, settings.least)
        told += f"; {doubtful} of a chance below {settings.least:g} left out"
    if settings.form in formats.PAIRED:
        made = formats.documents(alignment, settings.form, task.output)
    else:
        made = {Path(task.output): render(
            alignment, settings.form, settings.glossaries, settings.doubtful_first, task.output
        )}  # fmt: skip
    digests = {path.name: hashlib.sha256(text.encode()).hexdigest() for path, text in made.items()}
    foreign = [
        str(path)
        for path in made
        if _digest(path) not in ("", task.known.get(path.name), digests[path.name])
    ]
    if foreign and not task.force:
        return Outcome({}, (
            f"left alone: {', '.join(foreign)} is not what this program wrote there; --force "
            "overwrites it",
        ))  # fmt: skip
    for path, text in made.items():
        files.write_text(path, text)
    return Outcome(digests, (f"{told} → {', '.join(map(str, made))}",))


def _show(found: Any) -> None:
    """Print the groups as a table, then the files without a partner."""
    from toolkit.files import display
    from toolkit.languages import LANGS

    def line(*cells: str) -> None:
        click.echo("\t".join(display(cell).translate(_ESCAPES) for cell in cells))

    line("group", *LANGS, "by", "evidence", "doubt")
    for one in found.groups:
        files = [one.files.get(lang, "") for lang in LANGS]
        line(one.name, *files, one.by, one.evidence, one.doubt)
    for one in found.alone:
        files = [one.path if lang == one.lang else "" for lang in LANGS]
        line("", *files, "no partner", one.reason if one.lang else f"{one.path}: {one.reason}", "")


def _make(folder: Path) -> None:
    from toolkit.errors import FileError

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"{folder}: cannot be made: {error.strerror}") from None


def _digest(path: str | Path) -> str:
    """Return the SHA-256 of a file, "" where there is none that can be read."""
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _key(inputs: dict[str, str], settings: Settings) -> str:
    """Return what stands for all that the outputs of a group depend on, "" if not to be known."""
    from toolkit import __version__

    digests = {lang: [path, _digest(path)] for lang, path in inputs.items()}
    if not all(digest for _, digest in digests.values()):
        return ""
    glossaries = {path: _digest(path) for path in settings.glossaries}
    known = [__version__, digests, asdict(settings), glossaries]
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()


def _read(path: Path) -> dict[str, dict[str, Any]]:
    """Read the journal; a line cut off by an interruption does not count."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return {}
    found = {}
    for line in lines:
        try:
            record = json.loads(line)
            outputs = {str(k): str(v) for k, v in record["outputs"].items()}
            found[record["target"]] = {"key": record["key"], "outputs": outputs}
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            continue
    return found


def _record(path: Path, record: dict[str, Any]) -> None:
    from toolkit.errors import FileError

    line = json.dumps(record) + "\n"
    try:
        with open(path, "ab") as file:
            if file.tell() and not _ends_line(path):
                file.write(b"\n")
            file.write(line.encode())
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise FileError(f"{path}: cannot be written: {error.strerror}") from None


def _ends_line(path: Path) -> bool:
    with open(path, "rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"
