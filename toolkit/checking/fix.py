"""Mend files by the suggestions of findings: the safe ones, or all that can be placed."""

import codecs
import difflib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from toolkit import files
from toolkit.glossary.concept import Finding

_MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
}


@dataclass(frozen=True, slots=True)
class Mended:
    """A file with its suggestions applied: ``before`` and ``after`` are its whole text."""

    path: str
    encoding: str
    before: str
    after: str
    fixed: tuple[Finding, ...]

    def diff(self) -> str:
        """Return the change as a unified diff."""
        lines = difflib.unified_diff(
            self.before.splitlines(keepends=True),
            self.after.splitlines(keepends=True),
            self.path,
            self.path,
        )
        return "".join(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n"
                       for line in lines)  # fmt: skip


def mend(findings: Iterable[Finding], *, unsafe: bool = False) -> list[Mended]:
    """Apply what findings suggest; nothing is written yet.

    A suggestion is left out where the file does not hold the words at the place any more, where
    another one changed them already, or where it is not safe and ``unsafe`` is false.
    """
    by_file: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.suggestion and finding.found and (finding.safe or unsafe):
            if finding.file != "stdin":
                by_file.setdefault(finding.file, []).append(finding)
    made = []
    for path, wanted in by_file.items():
        file = files.read_text(path)
        starts = _line_starts(file.text)
        edits: list[tuple[int, int, str, Finding]] = []
        for finding in wanted:
            if finding.line > len(starts):
                continue
            start = starts[finding.line - 1] + finding.column - 1
            spelt = _spelt(path, finding, file.text, start)
            if spelt is None:
                continue
            stands, write = spelt
            edits.append((start, start + len(stands), write, finding))
        edits.sort(key=lambda edit: (edit[0], -edit[1]))
        pieces: list[str] = []
        last = 0
        fixed = []
        for start, end, write, finding in edits:
            if start < last:
                continue
            pieces += [file.text[last:start], write]
            last = end
            fixed.append(finding)
        if fixed:
            after = "".join(pieces) + file.text[last:]
            made.append(Mended(path, file.encoding, file.text, after, tuple(fixed)))
    return made


def _spelt(path: str, finding: Finding, text: str, start: int) -> tuple[str, str] | None:
    """Return what stands in the file and what to write, both as the file's format spells them."""
    suffix = Path(path).suffix.lower()
    spellings = [str]
    if suffix == ".jsonl":
        spellings = [_as_json, _as_ascii_json]
    elif suffix in (".tmx", ".xlf", ".xliff", ".xml", ".html", ".htm"):
        spellings = [escape]
    for spelling in spellings:
        stands = spelling(finding.found)
        if text.startswith(stands, start):
            write = spelling(finding.suggestion)
            if suffix == ".tsv" and ("\t" in write or "\n" in write):
                return None
            return stands, write
    return None


def _as_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _as_ascii_json(text: str) -> str:
    return json.dumps(text)[1:-1]


def write(mended: Mended) -> None:
    """Write a mended file whole or not at all, in its encoding, with the mark it began with."""
    with open(mended.path, "rb") as handle:
        head = handle.read(4)
    mark = next((m for m in _MARKS.values() if head.startswith(m)), b"")
    encoding = mended.encoding.lower()
    if mark and encoding in ("utf-16", "utf-8-sig"):
        encoding = next(name for name, m in _MARKS.items() if m == mark)
    files.write_bytes(mended.path, mark + mended.after.encode(encoding))


def _line_starts(text: str) -> list[int]:
    starts = [0]
    place = text.find("\n")
    while place >= 0:
        starts.append(place + 1)
        place = text.find("\n", place + 1)
    return starts


def without_fixed(findings: Iterable[Finding], mended: Iterable[Mended]) -> list[Finding]:
    """Return the findings that were not mended."""
    fixed = {id(finding) for each in mended for finding in each.fixed}
    return [finding for finding in findings if id(finding) not in fixed]
