"""Files in the wrong place: swapped ones, shifted sources, texts cut into words already."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from toolkit.errors import ScoreError
from toolkit.languages import NAMES
from toolkit.score import lines
from toolkit.score.lines import Lines, Suspicion

_IS_REF = re.compile(r"(?:^|[^a-z])(?:ref|reference|gold|human)(?:[^a-z]|$)", re.IGNORECASE)
_IS_HYP = re.compile(
    r"(?:^|[^a-z])(?:hyp|hypothesis|draft|mt|sys|system|output)(?:[^a-z]|$)", re.IGNORECASE
)


def check_swapped(
    systems: Sequence[Lines], references: Sequence[Lines], source: Lines | None
) -> None:
    """Refuse files that play each other's part, as far as their languages show it.

    Raises:
        ScoreError: Naming the two files.
    """
    if source is None:
        return
    there = lines.lang_of(source.lines)
    for hypothesis in systems:
        here = lines.lang_of(hypothesis.lines)
        for reference in references:
            said = lines.lang_of(reference.lines)
            if None in (here, there, said):
                continue
            if here == there != said:
                wrong, option, right = reference, "--ref", hypothesis
            elif said == there != here:
                wrong, option, right = hypothesis, "the translation", reference
            else:
                continue
            raise ScoreError(
                f"{option} {wrong.path} is {NAMES[lines.lang_of(wrong.lines) or 'en']}, but "
                f"--src {source.path} is {NAMES[there or 'en']} like {right.path}: swapped? The "
                "order is: tongwen score TRANSLATION --ref REFERENCE --src SOURCE"
            )


def suspected(
    hypothesis: Lines, references: Sequence[Lines], to: str, source: Lines | None
) -> list[Suspicion]:
    """Return what speaks for a wrong file, for a shifted source, and for words cut apart."""
    found = []
    for reference in references:
        marked = sum(lines.left_in_source(line) for line in reference.lines)
        if marked:
            found.append(
                Suspicion(
                    f"{reference.path}: {_count(marked, 'line')} with the marks ⟦…⟧ of a machine "
                    f"draft, which no reference has; are {hypothesis.path} and {reference.path} "
                    "swapped? The translation comes first, the reference after --ref"
                )
            )
        if _looks(hypothesis, _IS_REF, _IS_HYP) and _looks(reference, _IS_HYP, _IS_REF):
            found.append(
                Suspicion(
                    f"by their names {hypothesis.path} is the reference and {reference.path} the "
                    "translation; if so, swap them: the translation comes first, the reference "
                    "after --ref"
                )
            )
        if strange := _unrelated(hypothesis, reference):
            found.append(strange)
    if source is not None and (shift := _source_shift(hypothesis, source)):
        found.append(shift)
    found += _cut_apart(hypothesis, to)
    return found


def _looks(file: Lines, like: re.Pattern[str], unlike: re.Pattern[str]) -> bool:
    name = Path(file.path).name
    return bool(like.search(name)) and not unlike.search(name)


_FEW_LINES, _MANY_LINES = 8, 20
_FORMULAIC = 0.3  # lines of one text that are so alike say nothing of which belongs to which


def _unrelated(hypothesis: Lines, reference: Lines) -> Suspicion | None:
    """Say whether lines have no more in common with their own reference than with any other."""
    count = len(hypothesis.lines)
    if count < _FEW_LINES or len(set(hypothesis.lines)) < count // 2:
        return None
    likeness = lines._alike(hypothesis.lines, reference.lines)
    own = np.mean([likeness(n, n) for n in range(count)])
    steps = (count // 2, count // 3)
    other = np.mean([likeness(n, (n + step) % count) for n in range(count) for step in steps])
    if own > 1.3 * other + 0.01 or other > _FORMULAIC:
        return None
    return Suspicion(
        f"{hypothesis.path}: its lines have no more in common with their own lines of "
        f"{reference.path} than with any others (likeness {own:.2f} and {other:.2f}); are these "
        "two versions of one text, in one order? Give the right file, or --align",
        fatal=count >= _MANY_LINES,
    )


# A translation is long where its source is long. Where that holds far better some lines off than
# in place, lines are missing on one side. Measured on news translations between zh, ru and en:
# the correlation of the logarithms of length is .85 to .97 in place, under .4 one line off.
_SOURCE_LINES = 12
_FEW_FOR_LENGTHS = 40  # lines; of so few the vectors are had in no time, and say more
_FARTHEST = 5


def _source_shift(hypothesis: Lines, source: Lines) -> Suspicion | None:
    """Say where the translation fits the source better some lines off, by the lengths."""
    if len(hypothesis.lines) <= _FEW_FOR_LENGTHS:
        shift = lines.shift_across(hypothesis, source)
        return Suspicion(shift, fatal=True) if shift else None
    here = np.log1p([len(line.strip()) for line in hypothesis.lines])
    there = np.log1p([len(line.strip()) for line in source.lines])
    count = len(here)
    for start in sorted({0, count // 4, count // 2, 3 * count // 4}):
        if count - start < _SOURCE_LINES + _FARTHEST:
            continue
        in_place = _correlation(here[start:], there[start:])
        best = max(
            (step for size in range(1, _FARTHEST + 1) for step in (size, -size)),
            key=lambda step: _moved(here, there, start, step),
        )
        value = _moved(here, there, start, best)
        if in_place < 0.5 and value > max(0.7, in_place + 0.4):
            direction = "after" if best > 0 else "before"
            lines_off = "the line" if abs(best) == 1 else f"the line {abs(best)}"
            return Suspicion(
                f"{hypothesis.path}: from line {start + 1} or so on its lines fit {lines_off} "
                f"{direction} theirs in {source.path} far better than their own (lengths "
                f"correlate at {value:.2f} against {in_place:.2f}); lines are missing or doubled "
                "on one side; put that right, or give --align",
                fatal=value > 0.8 and in_place < 0.35,
            )
    if count >= _MANY_LINES and min(here.std(), there.std()) > 0.25:
        whole = _correlation(here, there)
        if whole < 0.2:
            return Suspicion(
                f"{hypothesis.path}: its lines are not long where those of {source.path} are "
                f"(lengths correlate at {whole:.2f}); is {source.path} its source, line for line? "
                "Give the right file, or --align"
            )
    return None


def _moved(here: np.ndarray, there: np.ndarray, start: int, step: int) -> float:
    one, other = here[start:], there[start:]
    return _correlation(one[: len(one) - step], other[step:]) if step > 0 else _correlation(
        one[-step:], other[: len(other) + step]
    )


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    if len(one) < _SOURCE_LINES or one.std() < 1e-9 or other.std() < 1e-9:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


_TOKENISED = re.compile(r"\w [.,;:!?](?: |$)")
_SPACED_HAN = re.compile("[\u4e00-\u9fff] [\u4e00-\u9fff]")


def _cut_apart(hypothesis: Lines, to: str) -> list[Suspicion]:
    """Say whether most lines are tokenised: sacreBLEU tokenises by itself and wants plain text."""
    pattern = _SPACED_HAN if to == "zh" else _TOKENISED
    some = [line for line in hypothesis.lines if line.strip()]
    cut = sum(1 for line in some if len(pattern.findall(line[:2000])) > (3 if to == "zh" else 0))
    if len(some) < 5 or cut * 2 < len(some):
        return []
    what = "between Chinese words" if to == "zh" else "before full stops and commas"
    return [
        Suspicion(
            f"{hypothesis.path}: {_count(cut, 'line')} with spaces {what}: it looks tokenised, "
            "which changes every score; score the text as a reader gets it"
        )
    ]


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
