"""Findings as text, JSON, SARIF, GitHub annotations, JUnit and Markdown."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import PurePath

from toolkit.columns import marked_line
from toolkit.glossary.concept import Finding
from toolkit.glossary.rules import RULES

SEVERITIES = ("error", "warning", "info")
_UNPRINTABLE = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF))


@dataclass(frozen=True, slots=True)
class Report:
    """What a run of the check found: in reading order, with the lines it stands in.

    ``suppressed`` and ``known`` count findings that a suppression or the baseline took away,
    ``fixed`` those that were mended.
    """

    findings: Sequence[Finding]
    files: Sequence[str]
    glossary: str
    uses: int
    lines: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    suppressed: int = 0
    known: int = 0
    fixed: int = 0

    def counts(self) -> dict[str, int]:
        return {s: sum(f.severity == s for f in self.findings) for s in SEVERITIES}

    def line(self, finding: Finding) -> str | None:
        found = self.lines.get(finding.file, {}).get(finding.line)
        return None if found is None else found.rstrip("\r")


def text(report: Report) -> str:
    """Return each finding with its line and a mark under the fault."""
    return "".join(_shown(finding, report.line(finding)) + "\n" for finding in report.findings)


def _shown(finding: Finding, line: str | None) -> str:
    head = (
        f"{finding.file}:{finding.line}:{finding.column}: "
        f"{finding.severity} {finding.code} {finding.message}"
    )
    if line is None:
        return head
    mark = marked_line(line, finding.column, len(finding.found), limit=96)
    return head + "\n" + "\n".join(f"    {part}" for part in mark.split("\n"))


def summary(report: Report) -> str:
    """Return one line: how many findings in how many files, and what was left out."""

    def several(count: int, word: str) -> str:
        return f"{count or 'no'} {word}{'' if count == 1 else 's'}"

    parts = [f"{several(len(report.findings), 'finding')} in {several(len(report.files), 'file')}"]
    parts.append(f"{several(report.uses, 'term use')} checked")
    if report.fixed:
        parts.append(f"{report.fixed} fixed")
    if report.suppressed:
        parts.append(f"{report.suppressed} suppressed")
    if report.known:
        parts.append(f"{report.known} known from the baseline")
    return "; ".join(parts)


def as_json(report: Report) -> str:
    """Return the findings by the published schema `tongwen.check/1`."""
    record = {
        "schema": "tongwen.check/1",
        "files": list(report.files),
        "glossary": report.glossary,
        "uses": report.uses,
        "counts": report.counts(),
        "suppressed": report.suppressed,
        "known": report.known,
        "fixed": report.fixed,
        "findings": [asdict(finding) for finding in report.findings],
    }
    return json.dumps(record, ensure_ascii=False) + "\n"


def sarif(report: Report) -> str:
    """Return a SARIF 2.1.0 log; columns count characters."""
    used = sorted({finding.code for finding in report.findings})
    levels = {"error": "error", "warning": "warning", "info": "note"}
    rules = [
        {
            "id": code,
            "name": "".join(word.capitalize() for word in RULES[code].title.split()),
            "shortDescription": {"text": RULES[code].title},
            "fullDescription": {"text": RULES[code].explanation},
            "defaultConfiguration": {"level": levels[RULES[code].severity]},
        }
        for code in used
    ]
    results = []
    for finding in report.findings:
        region: dict[str, object] = {
            "startLine": finding.line,
            "startColumn": finding.column,
        }
        if "\n" not in finding.found:
            region["endColumn"] = finding.column + len(finding.found)
        location = {"artifactLocation": {"uri": _uri(finding.file)}, "region": region}
        result: dict[str, object] = {
            "ruleId": finding.code,
            "ruleIndex": used.index(finding.code),
            "level": levels[finding.severity],
            "message": {"text": finding.message},
            "locations": [{"physicalLocation": location}],
        }
        if finding.suggestion and finding.found:
            change = {
                "deletedRegion": region,
                "insertedContent": {"text": finding.suggestion},
            }
            result["fixes"] = [
                {
                    "description": {"text": f"write “{finding.suggestion}”"},
                    "artifactChanges": [
                        {
                            "artifactLocation": {"uri": _uri(finding.file)},
                            "replacements": [change],
                        }
                    ],
                }
            ]
        results.append(result)
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "tongwen", "rules": rules}},
                "columnKind": "unicodeCodePoints",
                "results": results,
            }
        ],
    }
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


def _uri(path: str) -> str:
    from urllib.parse import quote

    return quote(PurePath(path).as_posix())


def github(report: Report) -> str:
    """Return workflow commands that annotate the lines of a change."""
    words = {"error": "error", "warning": "warning", "info": "notice"}
    made = []
    for finding in report.findings:
        place = {
            "file": finding.file,
            "line": str(finding.line),
            "col": str(finding.column),
            "endColumn": str(finding.column + max(1, len(finding.found))),
            "title": f"{finding.code} {RULES[finding.code].title}",
        }
        properties = ",".join(f"{key}={_property(value)}" for key, value in place.items())
        made.append(f"::{words[finding.severity]} {properties}::{_data(finding.message)}\n")
    return "".join(made)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def junit(report: Report) -> str:
    """Return JUnit XML: a suite for each file, a case for each finding or one that passed."""
    by_file: dict[str, list[Finding]] = {path: [] for path in report.files}
    for finding in report.findings:
        by_file.setdefault(finding.file, []).append(finding)
    failing = [f for f in report.findings if f.severity != "info"]
    cases = sum(max(1, len(found)) for found in by_file.values())
    out = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    out.append(f'<testsuites name="tongwen check" tests="{cases}" failures="{len(failing)}">\n')
    for path, found in by_file.items():
        failures = sum(finding.severity != "info" for finding in found)
        name = _attribute(path)
        out.append(
            f' <testsuite name={name} tests="{max(1, len(found))}" failures="{failures}">\n'
        )
        if not found:
            out.append(f'  <testcase name="clean" classname={name}/>\n')
        for finding in found:
            case = _attribute(f"{finding.code} at {finding.line}:{finding.column}")
            out.append(f"  <testcase name={case} classname={name}>\n")
            message = _attribute(finding.message)
            kind = "system-out" if finding.severity == "info" else "failure"
            if kind == "failure":
                out.append(f'   <failure type="{finding.code}" message={message}/>\n')
            else:
                out.append(f"   <system-out>{message[1:-1]}</system-out>\n")
            out.append("  </testcase>\n")
        out.append(" </testsuite>\n")
    return "".join(out) + "</testsuites>\n"


def _attribute(text: str) -> str:
    from xml.sax.saxutils import quoteattr

    return quoteattr(text.translate(_UNPRINTABLE))


def markdown(report: Report) -> str:
    """Return a table of the findings, for a comment or a wiki."""
    counts = report.counts()
    shown = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    out = [f"## Check: {shown or 'no findings'} in {len(report.files)} files\n\n"]
    if report.findings:
        out.append("| place | rule | found | write | why |\n|---|---|---|---|---|\n")
    for finding in report.findings:
        cells = (
            f"{finding.file}:{finding.line}:{finding.column}",
            f"{finding.severity} {finding.code}",
            finding.found,
            finding.suggestion or finding.expected,
            finding.message,
        )
        out.append("| " + " | ".join(map(_cell, cells)) + " |\n")
    return "".join(out)


def _cell(text: str) -> str:
    flat = " ".join(text.split())
    return "".join(
        f"&#{ord(c)};" if c in "<>&" else f"\\{c}" if c in "\\|`*_[]" else c for c in flat
    )


FORMATS: dict[str, Callable[[Report], str]] = {
    "text": text,
    "json": as_json,
    "sarif": sarif,
    "github": github,
    "junit": junit,
    "markdown": markdown,
}
