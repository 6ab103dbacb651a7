"""A baseline: the findings that were there before, so that only new ones stop the work."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePath

from toolkit import files
from toolkit.errors import FileError
from toolkit.glossary.concept import Finding

SCHEMA = "tongwen.check-baseline/1"
Lines = Mapping[str, Mapping[int, str]]


def fingerprint(finding: Finding, lines: Lines) -> str:
    """Return what stays the same when lines move: the rule, the file, the words and their line."""
    line = lines.get(finding.file, {}).get(finding.line, "").strip()
    parts = (
        finding.code,
        PurePath(finding.file).as_posix(),
        finding.concept,
        finding.lang,
        finding.found,
        line,
    )
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:20]


def written(findings: Iterable[Finding], lines: Lines) -> str:
    """Return a baseline of findings, sorted so that it changes little."""
    counts: Counter[str] = Counter()
    shown: dict[str, dict[str, object]] = {}
    for finding in findings:
        key = fingerprint(finding, lines)
        counts[key] += 1
        shown[key] = {
            "code": finding.code,
            "file": PurePath(finding.file).as_posix(),
            "found": finding.found,
            "fingerprint": key,
        }
    rows = [{**shown[key], "count": counts[key]} for key in shown]
    rows.sort(key=lambda row: (row["file"], row["code"], row["found"], row["fingerprint"]))  # type: ignore[arg-type, return-value]
    return json.dumps({"schema": SCHEMA, "findings": rows}, ensure_ascii=False, indent=1) + "\n"


def read(path: Path) -> Counter[str]:
    """Return how often each known finding was there.

    Raises:
        FileError: If the file is no baseline.
    """
    try:
        data = json.loads(files.read_text(path).text)
        if data["schema"] != SCHEMA:
            raise FileError(f"{path}: its schema is {data['schema']}, not {SCHEMA}; write it anew"
                            " with --update-baseline")  # fmt: skip
        return Counter({str(row["fingerprint"]): int(row["count"]) for row in data["findings"]})
    except (ValueError, KeyError, TypeError):
        raise FileError(
            f"{path}: this is no baseline of tongwen check; write one with --update-baseline"
        ) from None


def new(findings: Iterable[Finding], known: Counter[str], lines: Lines) -> list[Finding]:
    """Return the findings that are not in the baseline, as often as they are more than there."""
    left = Counter(known)
    fresh = []
    for finding in findings:
        key = fingerprint(finding, lines)
        if left[key] > 0:
            left[key] -= 1
        else:
            fresh.append(finding)
    return fresh
