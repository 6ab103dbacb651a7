"""Written sentences as patterns: masked, they fit any name and figure.

Each was written in three languages for the training of the starter model (``sentences.tsv``).
A source that differs from one of them in nothing but what is masked is translated as a person
did, without a model; so is a clause within "… said that …".
"""

import gzip
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from toolkit.translate.patterns.tokens import tokens
from toolkit.translate.symbols import SOURCE_GROUP, TARGET_GROUP

HOME = Path(__file__).parent
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_INSIDE = re.compile(r"(?<=[^.!?]\s)[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Found:
    """A written translation, its marks numbered as in the text asked about, and its line."""

    output: str
    line: int


class Written:
    """Masked sentences of one direction.

    Args:
        rows: Line number, masked source, masked target; the first of equal sources stands.
    """

    def __init__(self, rows: Sequence[tuple[int, str, str]], source: str, target: str) -> None:
        self.target = target
        self._rows: dict[tuple[str, ...], tuple[int, str]] = {}
        inside: Counter[str] = Counter()
        for line, one, other in rows:
            self._rows.setdefault(_key(_bare(tokens(one, source)))[0], (line, other))
            inside.update(_INSIDE.findall(other))
        # Mostly with a capital inside a sentence: a name; so is a word all in capitals.
        self._names = {
            word for word, count in inside.items()
            if word[0].isupper() and count > inside[word.lower()]
        }  # fmt: skip

    def sentence(self, words: Sequence[str]) -> Found | None:
        """Return the translation of a sentence given as ``tokens``; its last stop is no matter."""
        found = self._found(_bare(words))
        if found and words[-1] not in (".", "。"):
            return Found(found.output.rstrip(".。"), found.line)
        return found

    def clause(self, words: Sequence[str]) -> Found | None:
        """Return the translation of a clause, without stop, as it stands inside a sentence."""
        found = self._found(words)
        if found is None or not found.output.endswith((".", "。")):
            return None
        text = found.output[:-1]
        if re.search(r"[.。!?！？:：]", text):
            return None
        first = _FIRST_WORD.match(text)
        if first and first[0] not in self._names and not first[0][1:2].isupper():
            text = text[0].lower() + text[1:]
        return Found(text, found.line)

    def _found(self, words: Sequence[str]) -> Found | None:
        key, numbers = _key(words)
        row = self._rows.get(key)
        if row is None:
            return None
        line, target = row
        output = TARGET_GROUP.sub(
            lambda m: f"<{numbers[int(m[1]) - 1]}>" + m[0][m[0].index(">") + 1 :], target
        )
        return Found(output, line)


def _bare(words: Sequence[str]) -> Sequence[str]:
    return words[:-1] if words and words[-1] in (".", "。") else words


def _key(words: Sequence[str]) -> tuple[tuple[str, ...], list[int]]:
    """Number the marks of some words from 1; return them, and what the numbers were."""
    key, numbers = [], []
    for word in words:
        match = SOURCE_GROUP.fullmatch(word)
        if match:
            numbers.append(int(match[2]))
            word = f"<{match[1]}><{len(numbers)}>" + (f"<{match[3]}>" if match[3] else "")
        key.append(word)
    return tuple(key), numbers


def path(source: str, target: str) -> Path:
    """Return where the masked sentences of a direction are kept."""
    return HOME / f"written.{source}-{target}.tsv.gz"


def write(rows: Sequence[tuple[int, str, str]], source: str, target: str) -> None:
    """Write masked sentences, reproducible byte for byte."""
    lines = "".join(f"{line}\t{one}\t{other}\n" for line, one, other in rows)
    path(source, target).write_bytes(gzip.compress(lines.encode(), mtime=0))


@cache
def shipped(source: str, target: str) -> Written:
    """Return the sentences that ship; none where their file was not made."""
    place = path(source, target)
    if not place.exists():
        return Written((), source, target)
    text = gzip.decompress(place.read_bytes()).decode()
    rows = []
    for line in text.splitlines():
        number, one, other = line.split("\t")
        rows.append((int(number), one, other))
    return Written(rows, source, target)
