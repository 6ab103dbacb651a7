"""Spelling that costs points and says nothing of the translation: characters, ё, punctuation."""

import re
from collections.abc import Sequence

from toolkit.languages import zh
from toolkit.score.lines import Lines

_MOST = 200_000  # characters; habits of spelling show in the beginning of a text
_HAN = re.compile("[\u3400-\u9fff]")
_HALF = re.compile("(?<=[\u4e00-\u9fff])[,;:!?()](?=[\u4e00-\u9fff]|$)", re.MULTILINE)
_FULL = re.compile("(?<=[\u4e00-\u9fff])[，；：！？（）]")
_YO = re.compile("[ёЁ]")
_YE = re.compile("[еЕ]")
_GUILLEMETS = re.compile("[«»]")
_STRAIGHT = re.compile('["“”„]')


def differences(hypothesis: Lines, references: Sequence[Lines], to: str) -> list[str]:
    """Say which habits of spelling differ between a translation and all of its references."""
    here = _start(hypothesis)
    found = []
    theirs = [(reference.path, _start(reference)) for reference in references]
    for differ in {"zh": (_script, _width), "ru": (_yo, _quotes)}.get(to, ()):
        said = [words for _, there in theirs if (words := differ(here, there))]
        if said and len(said) == len(theirs):
            found.append(
                f"{hypothesis.path} {said[0][0]}, {theirs[0][0]} {said[0][1]}: the scores punish "
                "this like wrong words; bring both to one spelling to score the translation alone"
            )
    return found


def _start(file: Lines) -> str:
    return "\n".join(file.lines)[:_MOST]


def _script(here: str, there: str) -> tuple[str, str] | None:
    one, other = _traditional(here), _traditional(there)
    names = ("is written in traditional characters", "in simplified ones")
    if one > 0.1 and other < 0.01:
        return names
    if other > 0.1 and one < 0.01:
        return "is written in simplified characters", "in traditional ones"
    return None


def _traditional(text: str) -> float:
    """Return the share of ideographs that simplification changes."""
    ideographs = "".join(_HAN.findall(text))
    simple = zh.normalise(ideographs).text
    if len(simple) != len(ideographs) or not ideographs:
        return 0.0
    return sum(a != b for a, b in zip(ideographs, simple, strict=True)) / len(ideographs)


def _width(here: str, there: str) -> tuple[str, str] | None:
    one, other = _halves(here), _halves(there)
    if one is None or other is None or abs(one - other) < 0.8:
        return None
    half, full = "has half-width punctuation (,;:)", "full-width (，；：)"
    if one > other:
        return half, full
    return "has full-width punctuation (，；：)", "half-width (,;:)"


def _halves(text: str) -> float | None:
    half, full = len(_HALF.findall(text)), len(_FULL.findall(text))
    return half / (half + full) if half + full >= 5 else None


def _yo(here: str, there: str) -> tuple[str, str] | None:
    one, other = len(_YO.findall(here)), len(_YO.findall(there))
    if not one and other >= 5 and len(_YE.findall(here)) > 50:
        return "never writes ё", f"does ({other} times)"
    if not other and one >= 5 and len(_YE.findall(there)) > 50:
        return f"writes ё ({one} times)", "never does"
    return None


def _quotes(here: str, there: str) -> tuple[str, str] | None:
    one, other = len(_GUILLEMETS.findall(here)), len(_GUILLEMETS.findall(there))
    if not one and other >= 6 and len(_STRAIGHT.findall(here)) >= 6:
        return 'quotes with " or “”', "with «»"
    if not other and one >= 6 and len(_STRAIGHT.findall(there)) >= 6:
        return "quotes with «»", 'with " or “”'
    return None
