"""Suppressions: findings somebody looked at and left, each with a reason, and none without use.

In a text a comment does it, for its own line or, alone on a line, for the next one:

    <!-- tongwen: ignore T001 -- the title of the article of 2014 -->

For files that cannot hold comments there is a table: code, file, found, reason, until.
"""

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

from toolkit import files
from toolkit.errors import FileError
from toolkit.glossary.concept import Finding
from toolkit.glossary.rules import RULES

COLUMNS = ("code", "file", "found", "reason", "until")
_DIRECTIVE = re.compile(
    r"[ \t]*(?P<open><!--|\{#|/\*|//|#|%|\[)?[ \t]*tongwen:[ \t]*ignore[ \t]+"
    r"(?P<codes>[A-Za-z]\d{3}(?:[ \t]*,[ \t]*[A-Za-z]\d{3})*)"
    r"(?:[ \t]*(?:--(?!>)|—|–|:)[ \t]*(?P<reason>[^\r\n]*?))?"
    r"[ \t]*(?:-->|#\}|\*/|\])?[ \t]*(?=\r?$)",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Directive:
    """One suppression: which codes, where, why, until when.

    ``line`` is where it stands; ``target`` the line whose findings it suppresses, 0 for every
    line. ``pattern`` is a file name, with ``*`` for any part; ``found`` the text it is about, ""
    for any.
    """

    codes: tuple[str, ...]
    source: str
    line: int
    reason: str
    target: int = 0
    pattern: str = ""
    found: str = ""
    until: datetime.date | None = None

    def covers(self, finding: Finding) -> bool:
        if finding.code not in self.codes:
            return False
        if self.found and self.found != finding.found:
            return False
        if self.target:
            last = finding.line + finding.found.count("\n")
            return finding.file == self.source and finding.line <= self.target <= last
        return self.concerns(finding.file)

    def concerns(self, path: str) -> bool:
        """Say whether the suppression may be about a file."""
        if self.target:
            return path == self.source
        named = self.pattern
        return named in ("", "*") or fnmatch(path, named) or fnmatch(Path(path).name, named)


def directives(text: str, source: str) -> tuple[str, list[Directive]]:
    """Return the text with its suppressions blanked, of the same length, and the suppressions."""
    if "tongwen:" not in text:
        return text, []
    found = []
    pieces: list[str] = []
    last = 0
    for match in _DIRECTIVE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        start = text.rfind("\n", 0, match.start()) + 1
        target = line
        if not text[start : match.start()].strip():
            target += 1
            place = text.find("\n", match.end()) + 1
            # The next line that says something.
            while place and place < len(text):
                end = text.find("\n", place)
                if text[place : end if end >= 0 else len(text)].strip():
                    break
                place = end + 1
                target += 1
        codes = tuple(code.strip().upper() for code in match["codes"].split(","))
        reason = (match["reason"] or "").strip()
        found.append(Directive(codes, source, line, reason, target))
        pieces += [text[last : match.start()], " " * len(match[0])]
        last = match.end()
    return "".join(pieces) + text[last:], found


def read_table(path: Path) -> list[Directive]:
    """Read a table of suppressions.

    Raises:
        FileError: If a row of it cannot be understood; the message names the line.
    """
    made = []
    lines = files.read_text(path).text.splitlines()
    for number, line in enumerate(lines, 1):
        cells = [cell.strip() for cell in line.split("\t")]
        if not line.strip() or line.startswith("#") or cells[:2] == list(COLUMNS[:2]):
            continue
        if len(cells) < 4 or len(cells) > 5:
            raise FileError(
                f"{path}:{number}: a suppression has the columns {', '.join(COLUMNS)}, with tabs"
                f"\n    {line}"
            )
        codes = tuple(code.strip().upper() for code in cells[0].split(","))
        for code in codes:
            if code not in RULES:
                raise FileError(
                    f"{path}:{number}: there is no rule {code}; `tongwen rule` lists them\n"
                    f"    {line}"
                )
        until = None
        if len(cells) == 5 and cells[4]:
            try:
                until = datetime.date.fromisoformat(cells[4])
            except ValueError:
                raise FileError(
                    f"{path}:{number}: {cells[4]} is no day; write YYYY-MM-DD\n    {line}"
                ) from None
        found = "" if cells[2] == "*" else cells[2]
        made.append(
            Directive(codes, str(path), number, cells[3], 0, cells[1] or "*", found, until)
        )
    return made


@dataclass(slots=True)
class Suppressed:
    """What is left of the findings, and how many were suppressed."""

    findings: list[Finding] = field(default_factory=list)
    count: int = 0


def apply(
    findings: Iterable[Finding],
    known: Sequence[Directive],
    checked: Iterable[str],
    today: datetime.date,
) -> Suppressed:
    """Take out what is suppressed; add a finding for each suppression of no use, reason or time.

    ``checked`` are the files that were looked at: a suppression for others may be of use there.
    """
    result = Suppressed()
    used: set[int] = set()
    good = [
        (number, each)
        for number, each in enumerate(known)
        if each.reason and (each.until is None or today <= each.until)
    ]
    for finding in findings:
        covering = [number for number, each in good if each.covers(finding)]
        used.update(covering)
        if covering:
            result.count += 1
        else:
            result.findings.append(finding)
    paths = list(checked)
    for number, each in enumerate(known):
        codes = ", ".join(each.codes)
        if not each.reason:
            code, message = "S002", f"the suppression of {codes} gives no reason and does not hold"
        elif each.until is not None and today > each.until:
            code, message = "S003", f"the suppression of {codes} ended on {each.until}"
        elif number not in used and any(each.concerns(path) for path in paths):
            code, message = "S001", f"nothing is suppressed here any more: {codes} is not found"
        else:
            continue
        result.findings.append(
            Finding(code, RULES[code].severity, "", each.source, each.line, 1, "", "", "", message)
        )
    return result
