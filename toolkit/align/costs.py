"""What it costs to put a run of segments of one version and a run of another into one bead.

A bead is cheap where the two runs say the same thing: a high cosine, higher than with the
segments just before and after, higher than what is usual for runs that resemble everything. Runs
of very different length, of different numbers, and many segments at once cost more.

Source of the cosine against neighbours and against the usual similarity: Bertalign (Liu and Zhu
2022) and CSLS (Conneau et al. 2018). Weights: set on news (three languages), a literary and an
alpine corpus at once, see ``tests/bench/align.py``; near them the result hardly changes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from toolkit.encoder import Encoder

Window = tuple[tuple[int, int], tuple[int, int]]

LONGEST = 5  # segments a side
SHAPES = tuple(
    (a, b) for a in range(1, LONGEST + 1) for b in range(1, LONGEST + 1) if a + b <= LONGEST + 1
)
# Natural logarithm of how many characters (without spaces) say what one Chinese character says;
# medians of news translations. Two given texts deviate; it takes this many beads to believe it by
# half.
_BREADTH = {"zh": 0.0, "ru": 1.05, "en": 0.92}
_DOUBT = 5
_NEAREST = 4
# The cosine of two segments of one dispatch that have nothing to do with each other. So many such
# are assumed beside those that a text shows: one of two sentences shows little of what is usual.
_BACKGROUND = 0.35
_ASSUMED = 4


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each sign counts, in units of the cosine."""

    neighbours: float = 0.3  # mean cosine to the segments just before and after
    nearest: float = 0.3  # mean of the 4 highest cosines to the other text
    usual: float = 0.5  # mean cosine to the other text
    breadth: float = 0.5  # exponent of log2(1 + shorter / longer)
    growth: float = 0.15  # exponent of a * b: a bead of more segments replaces several
    size: float = 0.02  # each segment beyond one a side
    uneven: float = 0.035  # sides of different size
    many: float = 0.06  # each segment beyond one on the smaller side
    ratio: float = 0.05  # squared logarithm of the length ratio
    numbers: float = 0.09  # numbers on one side or both, and none in common
    skip: float = 0.05  # a segment left alone


@dataclass(frozen=True, slots=True)
class Version:
    """One language version, ready to be compared.

    ``runs`` is what ``Encoder.runs`` returns; ``extent[i]`` is the length of the first i
    segments in characters of Chinese; ``numbers[i]`` holds the numbers of segment i;
    ``seams[i]`` is what it costs to have segments i - 1 and i in one bead.
    """

    lang: str
    runs: list[np.ndarray]
    extent: np.ndarray
    numbers: list[frozenset[str]]
    seams: np.ndarray

    def __len__(self) -> int:
        return len(self.numbers)


def version(
    texts: Sequence[str],
    lang: str,
    encoder: Encoder | list[np.ndarray],
    seams: Sequence[float] | None = None,
) -> Version:
    """Measure the segments of one version, and encode them if their vectors are not given."""
    lengths = [max(1, len("".join(text.split()))) for text in texts]
    scale = np.exp(-_BREADTH.get(lang, _BREADTH["en"]))
    return Version(
        lang,
        encoder if isinstance(encoder, list) else encoder.runs(texts, LONGEST),
        np.concatenate([[0.0], np.cumsum(lengths) * scale]),
        [numbers(text) for text in texts],
        np.zeros(len(texts)) if seams is None else np.asarray(seams, dtype=float),
    )


_DIGITS = re.compile(r"\d+(?:[.,]\d+)*(?:[ \u00a0\u202f]\d{3}(?!\d))*")
_HAN_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")}
_HAN_DIGITS |= {"零": 0, "两": 2}
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000}
_HAN_NUMBER = re.compile(f"[{''.join(_HAN_DIGITS)}{''.join(_HAN_UNITS)}]{{2,}}")


def numbers(text: str) -> frozenset[str]:
    """Return the significant digits of the numbers in a text.

    Without separators and outer zeros 2448亿, 244.8 billion and 244,8 млрд are all "2448", and
    二十九 is "29". Single Chinese numerals are left out: 一 is an article more often.
    """
    found = [re.sub(r"\D", "", match) for match in _DIGITS.findall(text)]
    found += [_han_value(match) for match in _HAN_NUMBER.findall(text)]
    return frozenset("".join(str(int(d)) for d in digits).strip("0") or "0" for digits in found)


def _han_value(numeral: str) -> str:
    if not any(char in _HAN_UNITS for char in numeral):
        return "".join(str(_HAN_DIGITS[char]) for char in numeral)
    total = digit = 0
    for char in numeral:
        if char in _HAN_DIGITS:
            digit = _HAN_DIGITS[char]
        else:
            total += max(digit, 1) * _HAN_UNITS[char]
            digit = 0
    return str(total + digit)


class PairCosts:
    """The costs of all beads of two versions, worked out block by block.

    Args:
        x, y: The versions.
        windows: For each block of rows the block of columns it is compared with, as
            ((first row, last row), (first column, last column)), ends excluded. What a run
            usually resembles is measured inside its windows.
    """

    def __init__(
        self,
        x: Version,
        y: Version,
        windows: Sequence[Window],
        weights: Weights | None = None,
    ) -> None:
        self.x, self.y, self.weights = x, y, weights or Weights()
        if all(columns == (0, len(y)) for _, columns in windows):
            windows = [((0, len(x)), (0, len(y)))]  # one window, and not one for each block
        self._hub_x = [self._hubs(run, y.runs[0], windows) for run in x.runs]
        turned = [(columns, rows) for rows, columns in windows]
        self._hub_y = [self._hubs(run, x.runs[0], turned) for run in y.runs]
        self.stray = 0.0  # logarithm of how much longer x says things than y, against the usual
        self._marks_x, self._marks_y = _marks(x.numbers, y.numbers)
        self._singles_x, self._singles_y = _padded(x.runs[0]), _padded(y.runs[0])

    @property
    def alone_x(self) -> np.ndarray:
        """What each segment of x costs if it is left alone."""
        return np.full(len(self.x), self.weights.skip)

    @property
    def alone_y(self) -> np.ndarray:
        """What each segment of y costs if it is left alone."""
        return np.full(len(self.y), self.weights.skip)

    def settle(self, path: Sequence[tuple[int, int]]) -> None:
        """Take the ratio of lengths from the beads of a path; a few beads prove little.

        The totals of two texts say less: they differ by what only one of them holds.
        """
        i = j = count = 0
        length_x = length_y = 0.0
        for a, b in path:
            if a and b:
                length_x += self.x.extent[i + a] - self.x.extent[i]
                length_y += self.y.extent[j + b] - self.y.extent[j]
                count += 1
            i, j = i + a, j + b
        if count:
            self.stray = float(np.log(length_x / length_y)) * count / (count + _DOUBT)

    def _hubs(
        self,
        run: np.ndarray,
        others: np.ndarray,
        windows: Sequence[Window],
    ) -> np.ndarray:
        """Return what is subtracted from every cosine of a run because it resembles much."""
        total, weight = np.zeros(len(run)), np.zeros(len(run))
        for (first, last), (left, right) in windows:
            last = min(last, len(run))
            if first >= last or left >= right:
                continue
            cosines = run[first:last] @ others[left:right].T
            assumed = np.full((len(cosines), _ASSUMED), _BACKGROUND, dtype=np.float32)
            cosines = np.concatenate([cosines, assumed], axis=1)
            nearest = -np.partition(-cosines, _NEAREST - 1, axis=1)[:, :_NEAREST].mean(axis=1)
            hub = self.weights.nearest * nearest + self.weights.usual * cosines.mean(axis=1)
            total[first:last] += hub
            weight[first:last] += 1
        return total / np.maximum(weight, 1) / 2

    def block(
        self, rows: tuple[int, int], columns: tuple[int, int]
    ) -> dict[tuple[int, int], np.ndarray]:
        """Return, by shape (a, b), the costs of the beads that end in a block.

        Entry [i, j] is the bead of the a segments before boundary ``rows[0] + i`` of x and the b
        before boundary ``columns[0] + j`` of y; infinity where there are not as many. Both ends
        of a range are boundaries within it.
        """
        x, y, weights = self.x, self.y, self.weights
        row, column = np.arange(rows[0], rows[1] + 1), np.arange(columns[0], columns[1] + 1)
        result = {}
        seen_by_x, seen_by_y = {}, {}  # cosines of runs to single segments around the block
        for a, b in SHAPES:
            costs = np.full((len(row), len(column)), np.inf, dtype=np.float32)
            result[a, b] = costs
            # In the first rows and columns of all there is no room for the bead.
            i, j = row[max(0, a - rows[0]) :], column[max(0, b - columns[0]) :]
            if not len(i) or not len(j):
                continue
            if a not in seen_by_x:
                seen_by_x[a] = _around(x.runs[a - 1][i - a], self._singles_y, columns)
            if b not in seen_by_y:
                seen_by_y[b] = _around(y.runs[b - 1][j - b], self._singles_x, rows)
            at, on = j - columns[0], i - rows[0]
            beside = seen_by_x[a][:, at + LONGEST - b] + seen_by_x[a][:, at + LONGEST + 1]
            beside += (seen_by_y[b][:, on + LONGEST - a] + seen_by_y[b][:, on + LONGEST + 1]).T
            there = ((i > a) * 1 + (i < len(x)))[:, None] + ((j > b) * 1 + (j < len(y)))[None]
            beside = (beside + (4 - there) * _BACKGROUND) / 4
            score = x.runs[a - 1][i - a] @ y.runs[b - 1][j - b].T
            score -= weights.neighbours * beside
            score -= self._hub_x[a - 1][i - a, None] + self._hub_y[b - 1][None, j - b]
            length_x = x.extent[i] - x.extent[i - a]
            length_y = (y.extent[j] - y.extent[j - b]) * np.exp(self.stray)
            stretch = np.abs(np.log(length_x)[:, None] - np.log(length_y)[None]).astype(np.float32)
            score *= np.log2(1 + np.exp(-stretch)) ** weights.breadth
            cost = -((a * b) ** weights.growth) * score
            cost += weights.ratio * ((a + b) / 2) ** 0.5 * stretch**2
            cost += weights.size * (a + b - 2) + weights.many * (min(a, b) - 1)
            if a != b:
                cost += weights.uneven
            cost += weights.numbers * self._mismatch(i, a, j, b)
            cost += _seams(x, i, a)[:, None] + _seams(y, j, b)[None]
            costs[len(row) - len(i) :, len(column) - len(j) :] = cost
        return result

    def _mismatch(self, i: np.ndarray, a: int, j: np.ndarray, b: int) -> np.ndarray:
        """Return how far the numbers of two runs differ: 0 the same or none, 1 none in common."""
        x, y = _joined(self._marks_x, i, a), _joined(self._marks_y, j, b)
        known = x.any(axis=0) & y.any(axis=0)
        common = x[:, known].astype(np.float32) @ y[:, known].T.astype(np.float32)
        total = _sizes(self.x.numbers, i, a)[:, None] + _sizes(self.y.numbers, j, b)[None]
        return np.where(total > 0, 1 - 2 * common / np.maximum(total, 1), 0)


def mismatch(
    x: list[frozenset[str]], y: list[frozenset[str]],
    i: np.ndarray, a: int, j: np.ndarray, b: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Return how far the numbers of runs ending at i and j differ, and how many are common."""
    found_x = [frozenset().union(*x[max(0, k - a) : max(0, k)]) for k in i.tolist()]
    found_y = [frozenset().union(*y[max(0, k - b) : max(0, k)]) for k in j.tolist()]
    total = np.array([*map(len, found_x)])[:, None] + np.array([*map(len, found_y)])[None]
    marks_x, marks_y = _marks(found_x, found_y)
    common = marks_x.astype(np.float32) @ marks_y.T.astype(np.float32)
    return np.where(total > 0, 1 - 2 * common / np.maximum(total, 1), 0), common


def _padded(singles: np.ndarray) -> np.ndarray:
    """Return the vectors with zeros before and after, for neighbours that are not there."""
    return np.pad(singles, ((LONGEST + 1, 1), (0, 0)))


def _around(run: np.ndarray, singles: np.ndarray, block: tuple[int, int]) -> np.ndarray:
    """Return the cosines to the padded single segments from LONGEST + 1 before a block on.

    Column c + LONGEST + 1 belongs to the segment just after boundary ``block[0] + c``, column
    c + LONGEST - b to the one just before the b segments before that boundary.
    """
    return run @ singles[block[0] : block[1] + LONGEST + 2].T


def _marks(x: list[frozenset[str]], y: list[frozenset[str]]) -> tuple[np.ndarray, np.ndarray]:
    """Return which segment holds which of the numbers that both versions hold."""
    common = sorted(frozenset().union(*x) & frozenset().union(*y))
    place = {number: k for k, number in enumerate(common)}
    result = []
    for side in (x, y):
        marks = np.zeros((len(side), len(common)), dtype=bool)
        for segment, found in enumerate(side):
            marks[segment, [place[number] for number in found if number in place]] = True
        result.append(marks)
    return result[0], result[1]


def _joined(marks: np.ndarray, end: np.ndarray, count: int) -> np.ndarray:
    joined = marks[end - count].copy()
    for k in range(1, count):
        joined |= marks[end - k]
    return joined


def _sizes(numbers: list[frozenset[str]], end: np.ndarray, count: int) -> np.ndarray:
    return np.array(
        [len(frozenset().union(*numbers[e - count : e])) for e in end.tolist()], dtype=np.float32
    )


def _seams(version: Version, end: np.ndarray, count: int) -> np.ndarray:
    return sum((version.seams[end - k] for k in range(1, count)), np.zeros(len(end)))
