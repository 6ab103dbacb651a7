"""The findings of a check as one HTML page, to read and to print."""

from typing import Any, Protocol

from toolkit.glossary.rules import RULES
from toolkit.report.page import _render


class Report(Protocol):
    """What ``toolkit.checking.report.Report`` holds."""

    findings: Any
    files: Any
    glossary: str
    uses: int

    def counts(self) -> dict[str, int]: ...

    def line(self, finding: Any) -> str | None: ...


def check_page(report: Report) -> str:
    """Return the page: each file, its findings, each with its line and the rule behind it."""
    by_file: dict[str, list[dict[str, Any]]] = {path: [] for path in report.files}
    for finding in report.findings:
        line = report.line(finding)
        start = finding.column - 1
        parts = None
        if line is not None:
            end = min(len(line), start + max(1, len(finding.found)))
            left = max(0, start - 60)
            parts = {
                "before": ("…" if left else "") + line[left:start],
                "fault": line[start:end],
                "after": line[end : end + 60] + ("…" if len(line) > end + 60 else ""),
            }
        by_file.setdefault(finding.file, []).append({"finding": finding, "parts": parts})
    codes = sorted({finding.code for finding in report.findings})
    return _render(
        "check.html.j2",
        title="Check",
        files=by_file,
        counts=report.counts(),
        report=report,
        rules={code: RULES[code] for code in codes},
    )
