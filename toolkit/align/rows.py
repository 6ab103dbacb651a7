"""A row of an aligned file, and the language tags of other makers."""

import re
from dataclasses import dataclass, field

from toolkit.languages import LANGS

TAGS = {"zh": "zh-CN", "ru": "ru-RU", "en": "en-US"}
_ALIASES = {
    "zho": "zh", "chi": "zh", "cmn": "zh", "chinese": "zh", "rus": "ru", "russian": "ru",
    "eng": "en", "english": "en",
}  # fmt: skip
# What XML 1.0 cannot hold, not even as a reference.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class AlignedRow:
    """One bead of an aligned file: text by language, its line (from 1), segments where given.

    ``confidence`` and ``moved`` are as in a `Bead`, where the file has them.
    """

    texts: dict[str, str]
    line: int
    segments: dict[str, tuple[int, ...]] = field(default_factory=dict)
    confidence: float | None = None
    moved: int | None = None


def language(tag: str) -> str | None:
    """Return zh, ru or en for a language tag of any make (zh-Hans, ZH_cn, rus, English)."""
    stem = re.split(r"[-_]", tag.strip().lower())[0]
    stem = _ALIASES.get(stem, stem)
    return stem if stem in LANGS else None
