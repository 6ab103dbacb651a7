"""Gates for a pipeline: a floor for a measure, or how far it may fall below an earlier run."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toolkit import files
from toolkit.errors import ScoreError
from toolkit.score import measures, resample
from toolkit.score.run import NAMES_OF, SCHEMA

_GATE = re.compile(r"\s*([a-z_]+)\s*=\s*([+-]?)(\d+(?:\.\d+)?)\s*$")
_LOWER = {"ter"}


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition: ``value`` is a bound, or where ``relative`` the most that may be lost."""

    key: str
    value: float
    relative: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a gate: the score here, the bound it had to keep, and the sentence."""

    system: str
    passed: bool
    message: str


def parse(spec: str) -> Gate:
    """Read ``bleu=30`` (a bound) or ``bleu=-0.5`` (how far below the baseline; TER: ``ter=+1``).

    Raises:
        ScoreError: With the forms there are.
    """
    found = _GATE.match(spec)
    if not found or found[1] not in NAMES_OF:
        raise ScoreError(
            f"--fail-under {spec}: write a measure and a bound, as in bleu=30, or how far it may "
            f"fall below --baseline, as in bleu=-0.5; measures: {', '.join(NAMES_OF)}"
        )
    key, sign, value = found.groups()
    wrong = "-" if key in _LOWER else "+"
    if sign == wrong:
        right = "ter=+" if key in _LOWER else f"{key}=-"
        raise ScoreError(f"--fail-under {spec}: this would ask for a gain; write {right}{value}")
    return Gate(key, float(value), bool(sign))


def read_baseline(path: str) -> dict[str, Any]:
    """Read the JSON of an earlier score.

    Raises:
        ScoreError: If it is none.
        FileError: If it cannot be read.
    """
    text = files.read_text(path).text
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        raise ScoreError(
            f"{path}: not a score of this program; make one with tongwen score … -o {path}"
        )
    if not isinstance(found.get("systems"), list) or not found["systems"]:
        raise ScoreError(f"{path}: no systems in it; make it again with tongwen score … -o {path}")
    if not all(_is_system(system) for system in found["systems"]) or not _has_parts(found):
        raise ScoreError(
            f"{path}: it has been changed by hand; make it again with tongwen score … -o {path}"
        )
    return found


def _is_system(system: Any) -> bool:
    """Tell whether a system of a baseline is of the form that is written."""
    if not isinstance(system, dict) or not isinstance(system.get("name"), str):
        return False
    entries = [system.get(key) for key in NAMES_OF if key != "terms_exact"]
    if not all(entry is None or isinstance(entry, dict) for entry in entries):
        return False
    scores = [score_of(system, key) for key in NAMES_OF]
    return all(
        score is None or (isinstance(score, int | float) and not isinstance(score, bool))
        for score in scores
    )


def _has_parts(run: Mapping[str, Any]) -> bool:
    record, each = run.get("record") or {}, run.get("each") or []
    return (
        isinstance(record, dict)
        and isinstance(record.get("glossary") or {}, dict)
        and isinstance(each, list)
        and all(isinstance(item, dict) and isinstance(item.get("systems"), dict) for item in each)
    )


def check_comparable(now: Mapping[str, Any], before: Mapping[str, Any], path: str) -> list[str]:
    """Refuse a baseline that was measured otherwise; return warnings.

    Raises:
        ScoreError: If the direction, the segments or a signature differ.
    """
    for key, what in (("to", "target language"), ("segments", "number of segments"),
                      ("references", "number of references")):  # fmt: skip
        if now.get(key) != before.get(key):
            raise ScoreError(
                f"{path}: its {what} is {before.get(key)}, here it is {now.get(key)}: the scores "
                "cannot be compared; make the baseline from the same test set"
            )
    for key in ("bleu", "chrf", "ter"):
        here, there = (_signature(run, key) for run in (now, before))
        if here and there and here != there:
            raise ScoreError(
                f"{path}: {NAMES_OF[key]} was measured as {there}, here as {here}; make the "
                "baseline again"
            )
    warnings = []
    here_hashes, there_hashes = (_reference_hashes(run) for run in (now, before))
    if here_hashes and there_hashes and here_hashes != there_hashes:
        raise ScoreError(
            f"{path}: it was scored against other references (their hashes differ); make the "
            "baseline again with the references of today"
        )
    glossaries = [((run.get("record") or {}).get("glossary") or {}).get("sha256")
                  for run in (now, before)]  # fmt: skip
    if None not in glossaries and glossaries[0] != glossaries[1]:
        warnings.append(
            f"{path}: the glossary has changed since: a change of the terms may come from there"
        )
    return warnings


def _signature(run: Mapping[str, Any], key: str) -> str | None:
    return (run["systems"][0].get(key) or {}).get("signature")


def _reference_hashes(run: Mapping[str, Any]) -> list[str] | None:
    record = run.get("record") or {}
    return record.get("references")


def judge(
    gates: Sequence[Gate], now: Mapping[str, Any], before: Mapping[str, Any] | None
) -> list[Verdict]:
    """Hold each system against each gate.

    A system is compared with that of its name in the baseline, or with the only one there is.

    Raises:
        ScoreError: If a gate speaks of a baseline and there is none, or of a measure without a
            score.
    """
    verdicts = []
    for gate in gates:
        name = NAMES_OF[gate.key]
        for system in now["systems"]:
            score = score_of(system, gate.key)
            if score is None:
                reason = system.get(f"{gate.key}_reason") or (system.get(gate.key) or {}).get(
                    "detail"
                )
                raise ScoreError(
                    f"--fail-under {gate.key}: {system['name']} has no such score"
                    + (f" ({reason})" if reason else "")
                )
            bound = gate.value
            known = ""
            if gate.relative:
                if before is None:
                    raise ScoreError(
                        f"--fail-under {gate.key} is a difference; give the earlier score with "
                        "--baseline FILE"
                    )
                old = score_of(_same(system, before), gate.key)
                if old is None:
                    raise ScoreError(f"--fail-under {gate.key}: the baseline has no such score")
                bound = old + gate.value if gate.key in _LOWER else old - gate.value
                known = f"baseline {old:.2f}, "
            passed = (score <= bound if gate.key in _LOWER else score >= bound) or math.isclose(
                score, bound, abs_tol=1e-9
            )
            limit = "at most" if gate.key in _LOWER else "at least"
            verdicts.append(
                Verdict(
                    system["name"],
                    passed,
                    f"{name} {score:.2f} ({known}{limit} {bound:.2f}): "
                    + ("passed" if passed else "FAILED"),
                )
            )
    return verdicts


def score_of(system: Mapping[str, Any], key: str) -> float | None:
    """Return the score of a measure in a system's data, or None."""
    if key == "terms_exact":
        return (system.get("terms") or {}).get("exact_success")
    entry = system.get(key) or {}
    return entry.get("success") if key == "terms" else entry.get("score")


def changes(now: Mapping[str, Any], before: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what changed since the baseline, a row a system and measure.

    ``p`` is that of a paired randomisation test on the points of each segment, null where the
    baseline lacks them (it was printed, not written with -o) or where hardly any segment has any.
    """
    rows = []
    for system in now["systems"]:
        old_system = _same(system, before)
        for key in NAMES_OF:
            here, there = score_of(system, key), score_of(old_system, key)
            if here is not None and there is not None:
                rows.append(
                    {"system": system["name"], "measure": key, "before": there, "now": here,
                     "change": here - there,
                     "p": _p(_each(now, system, key), _each(before, old_system, key))}
                )  # fmt: skip
    return rows


def _each(run: Mapping[str, Any], system: Mapping[str, Any], key: str) -> list[float | None]:
    found = []
    for item in run.get("each") or ():
        scores = item["systems"].get(system.get("name"))
        value = scores.get(key) if isinstance(scores, dict) else None
        found.append(value if isinstance(value, int | float) else None)
    return found


def _p(now: Sequence[float | None], before: Sequence[float | None]) -> float | None:
    both = [
        (a, b) for a, b in zip(now, before, strict=False) if a is not None and b is not None
    ]
    if len(now) != len(before) or len(both) < 2:
        return None
    sides = [measures.mean("each", "each", side) for side in zip(*both, strict=True)]
    pairs = resample.compare(sides, samples=100, trials=5000)
    return pairs[0].randomisation if pairs else None


def _same(system: Mapping[str, Any], before: Mapping[str, Any]) -> Mapping[str, Any]:
    systems = before["systems"]
    same = [other for other in systems if other.get("name") == system["name"]]
    if same:
        return same[0]
    if len(systems) == 1:
        return systems[0]
    raise ScoreError(
        f"the baseline has no system called {system['name']}; it has "
        f"{', '.join(str(other.get('name')) for other in systems)}; name it so with --name"
    )
