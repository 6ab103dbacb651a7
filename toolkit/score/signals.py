"""What a draft shows without a reference: is it near its source, of its length, in its language.

Each signal is a number that says what it measures; `toolkit.score.estimate` weighs them together.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from toolkit import languages
from toolkit.encoder import Encoder
from toolkit.encoder import default as default_encoder
from toolkit.score.lines import translated
from toolkit.score.omissions import missing_part

# Natural logarithm of how many characters (without spaces) say what one Chinese character says;
# medians of news translations, as in the aligner.
_BREADTH = {"zh": 0.0, "ru": 1.05, "en": 0.92}
_MOST = 4000  # characters; of a longer segment its beginning is looked at
_STOPS = re.compile(r"[.。!！?？…]")
_COMMAS = re.compile(r"[,，、;；:：]")
_QUOTES = re.compile(r"[\"“”«»「」'‘’()（）《》]")
_DIGITS = re.compile(r"\d+")
_NAME = re.compile(r"\b[A-Z\u00c0-\u00de][\w.'’]*")
_CAPITALS = re.compile(r"\b[A-ZА-ЯЁ]\w+")
_WORD = re.compile(r"[^\W\d_]{2,}")
_GRAM = 4


@dataclass(frozen=True, slots=True)
class Signals:
    """What one draft segment shows.

    ``similarity`` is the cosine of source and draft vectors; ``ratio`` the natural logarithm of
    the draft's length over what its source leads to expect; ``repetition`` the share of 4-grams
    of characters that the draft repeats beyond the source's own; ``copied`` the share of the
    draft's words, numerals apart, that stand in the source as they are; ``script`` the share of
    letters in another script than the target's, ``foreign`` the same without what looks like
    names in Latin letters, both 0 where there are few letters; ``digits`` how many
    numerals stand on one side only. ``empty`` says that nothing was translated, ``identical`` that
    the draft is the source; ``missing`` is a clause of the source that the draft seems to lack,
    empty where none shows; ``length`` is that of the longer side in characters of Chinese.
    """

    similarity: float
    ratio: float
    repetition: float
    copied: float
    script: float
    foreign: float
    digits: int
    empty: bool
    identical: bool
    missing: str
    length: float


def measure(
    sources: Sequence[str],
    systems: Sequence[Sequence[str]],
    from_: str,
    to: str,
    encoder: Encoder | None = None,
) -> tuple[list[list[Signals]], np.ndarray, list[np.ndarray]]:
    """Measure every segment of every system.

    Returns:
        The signals of each system; the source's vectors, shape (segments, d); each system's.
    """
    encoder = encoder or default_encoder()
    there = _encoded(sources, encoder)
    signals, vectors = [], []
    for drafts in systems:
        drafts = [translated(draft) for draft in drafts]
        here = _encoded(drafts, encoder)
        vectors.append(here)
        signals.append(
            [
                _signals(source, draft, float(near), from_, to, encoder)
                for source, draft, near in zip(
                    sources, drafts, np.sum(there * here, axis=1), strict=True
                )
            ]
        )
    return signals, there, vectors


def _encoded(texts: Sequence[str], encoder: Encoder) -> np.ndarray:
    """Encode each different text once: systems often agree."""
    different = list(dict.fromkeys(texts))
    place = {text: number for number, text in enumerate(different)}
    return encoder.encode(different)[[place[text] for text in texts]]


def _signals(
    source: str, draft: str, near: float, from_: str, to: str, encoder: Encoder
) -> Signals:
    source, draft = source[:_MOST], draft[:_MOST]
    one, other = "".join(source.split()), "".join(draft.split())
    known = Counter(_DIGITS.findall(source))
    said = Counter(_DIGITS.findall(draft))
    # Chinese and Russian write many a name, and whole titles, in Latin letters.
    plain = draft if to == "en" else _NAME.sub(" ", draft)
    ratio = float(np.log((len(other) + 1) / (len(one) + 1))) - (_BREADTH[to] - _BREADTH[from_])
    foreign = _strange(plain, to)
    return Signals(
        similarity=near,
        ratio=ratio,
        repetition=_repeated(other) - _repeated(one),
        copied=_copied(source, draft),
        script=_strange(draft, to),
        foreign=foreign,
        digits=sum((known - said).values()) + sum((said - known).values()),
        empty=bool(one) and not other,
        identical=one == other and bool(_WORD.search(draft)),
        missing=(foreign <= 0.5 and missing_part(source, draft, ratio, encoder)) or "",
        length=max(
            len(one) * math.exp(-_BREADTH[from_]), len(other) * math.exp(-_BREADTH[to])
        ),
    )


_FEW_LETTERS = 15  # so few may be a name


def _strange(text: str, to: str) -> float:
    """Return the share of letters in another script than the target's."""
    if sum(map(str.isalpha, text)) < _FEW_LETTERS:
        return 0.0
    return 1 - languages.shares(text)[to]


def _repeated(text: str) -> float:
    grams = [text[n : n + _GRAM] for n in range(len(text) - _GRAM + 1)]
    return 1 - len(set(grams)) / len(grams) if grams else 0.0


def _copied(source: str, draft: str) -> float:
    words = _WORD.findall(draft)
    if not words:
        return 0.0
    known = set(_WORD.findall(source))
    return sum(word in known for word in words) / len(words)


def table(
    sources: Sequence[str], drafts: Sequence[str], signals: Sequence[Signals], from_: str, to: str
) -> np.ndarray:
    """Return what the estimate weighs beside the vectors: a row a segment."""
    rows = []
    for source, draft, signal in zip(sources, drafts, signals, strict=True):
        source, draft = source[:_MOST], translated(draft)[:_MOST]
        near, ratio = signal.similarity, signal.ratio
        size = float(np.log1p(len("".join(source.split())) * np.exp(-_BREADTH[from_])))
        rows.append(
            [
                near, near * near, ratio, abs(ratio), max(0.0, -ratio - 0.25),
                max(0.0, ratio - 0.25), size, size * near, size * size,
                _differ(_COMMAS, source, draft), _differ(_STOPS, source, draft),
                _differ(_QUOTES, source, draft), float(signal.digits > 0), signal.repetition,
                signal.script, min(8, len(_CAPITALS.findall(source[1:]))),
                min(8, len(_COMMAS.findall(source))), min(8, len(_QUOTES.findall(source))),
            ]
        )  # fmt: skip
    return np.array(rows, dtype=float).reshape(len(rows), -1)


def _differ(pattern: re.Pattern[str], one: str, other: str) -> float:
    return float(min(8, abs(len(pattern.findall(one)) - len(pattern.findall(other)))))


def faults(signal: Signals, to: str) -> list[str]:
    """Say in words what is plainly wrong with a draft, whatever the estimate thinks."""
    if signal.empty:
        return ["nothing is translated"]
    found = []
    if signal.identical:
        found.append("the source, unchanged")
    elif signal.foreign > 0.5:
        share = round(100 * signal.foreign)
        found.append(f"hardly {languages.NAMES[to]}: {share} % of it is in another script")
    elif is_copied(signal):
        found.append(f"copied: {round(100 * signal.copied)} % of its words stand in the source")
    if signal.repetition > 0.3:
        found.append(f"repeats itself: {round(100 * signal.repetition)} % beyond its source")
    if signal.missing:
        found.append(f"seems to lack: {signal.missing}")
    if is_short(signal):
        found.append(f"short: {np.exp(signal.ratio):.1f} of the length its source leads to expect")
    elif is_long(signal):
        found.append(f"long: {np.exp(signal.ratio):.1f} times what its source leads to expect")
    return found


_FAR = 0.8  # natural logarithm: 2.2 times
_FEW = 16  # characters of Chinese; the lengths of shorter segments say little


def is_copied(signal: Signals) -> bool:
    """Tell whether most words of a draft stand in its source as they are."""
    return not signal.identical and signal.length >= _FEW and signal.copied > 0.6


def is_short(signal: Signals) -> bool:
    """Tell whether a draft has well under half of the length its source leads to expect."""
    return not signal.empty and signal.length >= _FEW and signal.ratio < -_FAR


def is_long(signal: Signals) -> bool:
    """Tell whether a draft has well over twice the length its source leads to expect."""
    return signal.length >= _FEW and signal.ratio > _FAR
