"""Bring texts of different lines together: passages that say the same, as an aligner finds."""

from collections.abc import Sequence

from toolkit.align import align_texts
from toolkit.encoder import Encoder
from toolkit.errors import ScoreError
from toolkit.score.lines import Lines


def together(
    files: Sequence[Lines], langs: Sequence[str], encoder: Encoder | None = None
) -> tuple[list[Lines], list[tuple[int, ...]]]:
    """Cut texts of any number of lines into the passages they share.

    Every line of every file comes into exactly one passage, in order: what the first file lacks
    is joined to the passage before, so that a translation pays for what it adds, and a passage
    that another file lacks is empty there.

    Args:
        files: The reference first.
        langs: The language of each.

    Returns:
        The files with one passage a line, and for each passage the line numbers (from 0) that
        the first file has in it.

    Raises:
        ScoreError: If the first file says nothing.
    """
    first, *others = files
    if not any(line.strip() for line in first.lines):
        raise ScoreError(f"{first.path}: nothing in it that could be aligned")
    count = len(first.lines)
    joined = [False] * count  # whether a line of the first file goes with the one before
    homes = []  # for each other file, the line of the first that each of its lines goes to
    for other, lang in zip(others, langs[1:], strict=True):
        home = [0] * len(other.lines)
        last = 0
        for group in align_texts([first.lines, other.lines], [langs[0], lang], encoder):
            mine, theirs = group
            for number in mine[1:]:
                joined[number] = True
            last = mine[0] if mine else last
            for number in theirs:
                home[number] = last
        homes.append(home)
    passages: list[tuple[int, ...]] = []
    place = [0] * count  # the passage of each line of the first file
    for number in range(count):
        if number and joined[number]:
            passages[-1] = (*passages[-1], number)
        else:
            passages.append((number,))
        place[number] = len(passages) - 1
    result = [_file(first, langs[0], [place[n] for n in range(count)], len(passages))]
    for other, lang, home in zip(others, langs[1:], homes, strict=True):
        result.append(_file(other, lang, [place[n] for n in home], len(passages)))
    return result, passages


def _file(file: Lines, lang: str, places: Sequence[int], count: int) -> Lines:
    parts: list[list[str]] = [[] for _ in range(count)]
    for line, place in zip(file.lines, places, strict=True):
        if line.strip():
            parts[place].append(line.strip())
    joint = "" if lang == "zh" else " "
    return Lines(file.path, tuple(joint.join(part) for part in parts))
