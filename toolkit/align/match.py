"""Find the stretches of one text again in another edition of it, cut differently or corrected."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import accumulate

from toolkit.align.order import longest_rise

Run = tuple[int, int]
_Box = tuple[int, int, int, int]

_CELLS = 1_000_000  # old stretches times new segments up to which each is compared with each


# What XML cannot hold, and so an aligned file may not have kept.
_UNKEPT = re.compile("[\x00-\x1f\ud800-\udfff\ufffe\uffff]")


def squeezed(text: str) -> str:
    """Return a text as any format holds it, without white space: joints do not count."""
    return _UNKEPT.sub("\ufffd", "".join(text.split()))


def find(old: Sequence[str], new: Sequence[str]) -> list[Run | None]:
    """Return the run of new segments, end excluded, that each old stretch equals.

    The runs rise. A stretch that is not there any more, or there with other cuts, has None, and
    so has one without a text.

    Args:
        old: Stretches of the old edition in its order, squeezed.
        new: Segments of the new one, squeezed.
    """
    found: list[Run | None] = [None] * len(old)
    boxes: list[_Box] = [(0, len(old), 0, len(new))]
    while boxes:
        box = _trimmed(old, new, boxes.pop(), found)
        if box[0] == box[1] or box[2] == box[3]:
            continue
        pairs = _unique(old, new, box)
        if pairs:
            for k, n in pairs:
                found[k] = (n, n + 1)
            boxes += _between(box, pairs)
        else:
            _search(old, new, box, found)
    return found


def _common(a: str, b: str) -> int:
    """Return how many characters two texts begin with in common."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _trimmed(
    old: Sequence[str], new: Sequence[str], box: _Box, found: list[Run | None]
) -> _Box:
    """Find what both begin and end with, whatever the cuts; return what lies between."""
    k0, k1, n0, n1 = box
    a, b = "".join(old[k0:k1]), "".join(new[n0:n1])
    same = _common(a, b)
    rest = min(len(a), len(b)) - same
    tail = _common(a[len(a) - rest :][::-1], b[len(b) - rest :][::-1]) if rest else 0
    shift = len(b) - len(a)
    starts, ends = {}, {}
    for n, (start, end) in enumerate(_spans(new[n0:n1]), n0):
        if start < end:
            starts[start], ends[end] = n, n + 1
    low, high = k1, k0
    for k, (start, end) in enumerate(_spans(old[k0:k1]), k0):
        if start == end:
            continue
        moved = 0 if end <= same else shift if start >= len(a) - tail else None
        if moved is None:
            low, high = min(low, k), max(high, k + 1)
        elif start + moved in starts and end + moved in ends:
            found[k] = (starts[start + moved], ends[end + moved])
    if low >= high:
        return k1, k1, n1, n1
    # Segments of which a part lies in what is common remain, and so may match nothing twice.
    left = max((n for end, n in ends.items() if end <= same), default=n0)
    right = min((n for start, n in starts.items() if start >= len(b) - tail), default=n1)
    return low, high, left, max(left, right)


def _spans(texts: Sequence[str]) -> Iterator[Run]:
    ends = list(accumulate(map(len, texts)))
    return zip([0, *ends[:-1]], ends, strict=False)


def _unique(old: Sequence[str], new: Sequence[str], box: _Box) -> list[tuple[int, int]]:
    """Return the pairs of equal texts that occur once on each side, as many as rise."""
    k0, k1, n0, n1 = box
    counts, others = Counter(old[k0:k1]), Counter(new[n0:n1])
    place = {text: n for n, text in enumerate(new[n0:n1], n0) if others[text] == 1}
    pairs = [
        (k, place[text])
        for k, text in enumerate(old[k0:k1], k0)
        if text and counts[text] == 1 and text in place
    ]
    return [pairs[n] for n in longest_rise([n for _, n in pairs])]


def _between(box: _Box, pairs: Sequence[tuple[int, int]]) -> Iterator[_Box]:
    k0, k1, n0, n1 = box
    for k, n in [*pairs, (k1, n1)]:
        if k0 < k and n0 < n:
            yield k0, k, n0, n
        k0, n0 = k + 1, n + 1


def _search(
    old: Sequence[str], new: Sequence[str], box: _Box, found: list[Run | None]
) -> None:
    """Find what occurs more than once, or with other cuts, by looking everywhere in the box."""
    k0, k1, n0, n1 = box
    if (k1 - k0) * (n1 - n0) > _CELLS:
        return
    matcher = SequenceMatcher(None, old[k0:k1], new[n0:n1], autojunk=False)
    pairs = [
        (k0 + block.a + k, n0 + block.b + k)
        for block in matcher.get_matching_blocks()
        for k in range(block.size)
        if old[k0 + block.a + k]
    ]
    for k, n in pairs:
        found[k] = (n, n + 1)
    for first, last, left, right in _between(box, pairs):
        text = "".join(new[left:right])
        spans = list(_spans(new[left:right]))
        ends = {end: n + 1 for n, (start, end) in enumerate(spans, left) if start < end}
        at = 0
        for k in range(first, last):
            for n in range(at, right - left):
                start, end = spans[n][0], spans[n][0] + len(old[k])
                if not old[k] or spans[n][1] == start or end not in ends:
                    continue
                if text.startswith(old[k], start):
                    found[k] = (left + n, ends[end])
                    at = ends[end] - left
                    break
