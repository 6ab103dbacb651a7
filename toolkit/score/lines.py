"""One segment a line: read the files of a score, and find what makes them not belong together."""

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from toolkit import files, languages
from toolkit.errors import ModelError, ScoreError

# What `tongwen translate` left in the source language: ⟦…⟧, with the known phrases after it.
LEFT = re.compile(r"⟦[^⟧]*⟧(?:[ \t]*\{[^}]*\})?")

# Only what is plainly a code: x.zh.txt, zh.txt. In draft-en.txt it may be the source's.
_NAME_LANG = re.compile(
    r"(?:^|[./\\])(zh|ru|en)(?:[-_](?:cn|tw|hk|hans|hant|ru|us|gb))?(?:\.[a-z0-9]+)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Lines:
    """The segments of one file, and its name for messages."""

    path: str
    lines: tuple[str, ...]


def read(path: str) -> Lines:
    """Read a file of one segment a line; ``-`` is the standard input.

    Raises:
        FileError: If the file cannot be read as text, or holds nothing but white space.
    """
    file = files.read_text(path)
    return Lines(file.path, tuple(split(file.text)))


def split(text: str) -> list[str]:
    """Return the lines of ``text``; a final line end starts no further line.

    Lines end at a line feed, as sacreBLEU reads them, or at carriage returns where the file has
    no line feed. Other separators of Unicode (U+2028, form feed) stay inside their line.
    """
    lines = text.split("\n") if "\n" in text else text.split("\r")
    if lines[-1] == "":
        lines.pop()
    return [line.removesuffix("\r") for line in lines]


def left_in_source(line: str) -> bool:
    """Tell whether the translator marked any of ``line`` as left in the source language."""
    return LEFT.search(line) is not None


def translated(line: str) -> str:
    """Return ``line`` without what was left in the source language and the phrases beside it."""
    return LEFT.sub(" ", line) if "⟦" in line else line


# Languages ---------------------------------------------------------------------------------------


def lang_of_name(path: str) -> str | None:
    """Return the language a file name carries (``a.zh.txt``, ``zh.txt``), or None."""
    found = _NAME_LANG.search(path)
    return found[1].lower() if found else None


def lang_of(lines: Sequence[str]) -> str | None:
    """Return the language most of the text is written in, or None where that is undecidable.

    Lines left in the source language do not count.
    """
    return languages.detect(_text(lines))


def _text(lines: Sequence[str]) -> str:
    """Return what is translated of a text."""
    return "\n".join(translated(line) for line in lines)


def target_lang(hypothesis: Lines, references: Sequence[Lines], to: str | None) -> str:
    """Return the target language: ``to``, else of the file names, else of the text.

    Raises:
        ScoreError: If the names disagree, nothing tells, or a text is in another language.
    """
    every = (*references, hypothesis)
    if to is None:
        named = {file.path: lang for file in every if (lang := lang_of_name(file.path))}
        if len(set(named.values())) > 1:
            said = ", ".join(f"{path} says {lang}" for path, lang in named.items())
            raise ScoreError(f"file names disagree: {said}; name the target language with --to")
        to = next(iter(named.values()), None) or lang_of(references[0].lines)
    if to is None:
        raise ScoreError(
            f"{references[0].path}: cannot tell Chinese, Russian or English; "
            "name the target language with --to"
        )
    for file in every:
        found = lang_of(file.lines)
        reason = None if found else languages.foreign(_text(file.lines), to)
        if reason:
            raise ScoreError(
                f"{file.path} is not {languages.NAMES[to]}, the target language: {reason}; "
                "give the right file, or the right language with --to"
            )
        if found not in (None, to):
            raise ScoreError(
                f"{file.path} looks {languages.NAMES[found]}, but the target language is "
                f"{languages.NAMES[to]}; give the right file, or the right language with --to"
            )
    return to


def source_lang(source: Lines, to: str, source_lang: str | None) -> str:
    """Return the source language: as named, else of the file name, else of the text.

    Raises:
        ScoreError: If it cannot be told, or the text is in another language or in the target's.
    """
    if source_lang == to:
        raise ScoreError(f"--from and the target language are both {languages.NAMES[to]}")
    found = lang_of(source.lines)
    named = source_lang or lang_of_name(source.path) or found
    if named is None:
        raise ScoreError(
            f"{source.path}: cannot tell Chinese, Russian or English; "
            "name the source language with --from"
        )
    if to in (named, found):
        raise ScoreError(
            f"{source.path} looks {languages.NAMES[to]}, which is the target language; "
            "are --src and --ref swapped?"
        )
    if found not in (None, named):
        raise ScoreError(
            f"{source.path} looks {languages.NAMES[found]}, but the source language is "
            f"{languages.NAMES[named]}; give the right file, or the right language with --from"
        )
    return named


# Line counts -------------------------------------------------------------------------------------


# Takes two texts; gives the likeness, 0 to 1, of two of their lines by their numbers.
Alike = Callable[[Sequence[str], Sequence[str]], Callable[[int, int], float]]


def check_counts(hypothesis: Lines, others: Sequence[Lines], source: Lines | None = None) -> None:
    """Refuse files of different line counts, naming the counts and the first suspicious place.

    Raises:
        ScoreError: With what to do.
    """
    for other in (*others, *([source] if source else [])):
        if len(other.lines) != len(hypothesis.lines):
            alike = _alike_across if other is source else _alike
            raise ScoreError(_count_message(hypothesis, other, alike))


def _count_message(a: Lines, b: Lines, alike: Alike) -> str:
    first = (
        f"{a.path} has {_lines(len(a.lines))}, {b.path} has {_lines(len(b.lines))}: "
        "line 1 is scored against line 1, so the counts must be equal"
    )
    full = [sum(1 for line in file.lines if line.strip()) for file in (a, b)]
    if full[0] == full[1]:
        empty = [_lines(len(file.lines) - full[0], "empty ") for file in (a, b)]
        return (
            f"{first}\n  without empty lines both have {full[0]}: "
            f"{a.path} has {empty[0]}, {b.path} has {empty[1]}\n"
            "  remove the extra empty lines, add those that are missing, or give --align"
        )
    short, long = (a, b) if len(a.lines) < len(b.lines) else (b, a)
    gap = first_gap(short.lines, long.lines, alike)
    if gap is None:
        place = "no single place stands out: are these two versions of the same text?"
    else:
        at, after, size = gap
        missing = f"line {at + 1} has" if size == 1 else f"lines {at + 1} to {at + size} have"
        where = (
            f"after line {after}" if 0 < after < len(short.lines)
            else "at its end" if after else "at its beginning"
        )
        # An empty line shows nothing; the next one with text in the gap says where it is.
        shown = next((n for n in range(at, at + size) if long.lines[n].strip()), at)
        text = long.lines[shown].strip()
        text = text if len(text) <= 60 else text[:59] + "…"
        place = (
            f"the first suspicious place: {long.path}, {missing} "
            f"no counterpart in {short.path} {where}\n    {long.path}:{shown + 1}: {text}"
        )
    return (
        f"{first}\n  {place}\n"
        f"  put each missing segment into {short.path} (an empty line keeps its place), split "
        "and join lines until both files have the same segments, or let --align score passages "
        "that say the same"
    )


def _lines(count: int, kind: str = "") -> str:
    return f"{count} {kind}line{'' if count == 1 else 's'}"


# A gap must make the lines after it fit better by this much in all, or chance opens gaps.
_GAP_COST = 0.2
_MOST_PAIRS = 100_000


def first_gap(
    short: Sequence[str], long: Sequence[str], alike: Alike
) -> tuple[int, int, int] | None:
    """Find the first lines of ``long`` that ``short`` lacks.

    Args:
        short, long: The fewer and the more lines.
        alike: How likeness is measured.

    Returns:
        The first such line of ``long`` (0-based), how many lines of ``short`` come before it, and
        how many such lines stand together; None where the lines hardly fit anywhere.

    The method is an alignment in which lines of ``long`` may be skipped and none of ``short``:
    best total likeness over offsets that never fall. Past ``_MOST_PAIRS`` pairs, one gap only.
    """
    likeness = alike(short, long)
    missing = len(long) - len(short)
    offsets = range(missing + 1)
    if len(short) * len(offsets) > _MOST_PAIRS:
        offsets = (0, missing)
    best = [0.0 if offset == 0 else -_GAP_COST for offset in offsets]
    came: list[list[int]] = []  # for each line and offset, the offset of the line before
    for number in range(len(short)):
        row, sources = [], []
        leader = 0  # the best of the offsets up to this one
        for index, offset in enumerate(offsets):
            if best[index] > best[leader]:
                leader = index
            moved = number > 0 and best[leader] - _GAP_COST > best[index]
            sources.append(leader if moved else index)
            value = best[leader] - _GAP_COST if moved else best[index]
            row.append(value + likeness(number, number + offset))
        best = row
        came.append(sources)
    index = max(range(len(best)), key=best.__getitem__)
    if best[index] < 0.15 * len(short):
        return None
    path = []
    for number in reversed(range(len(short))):
        path.append(offsets[index])
        index = came[number][index]
    path.reverse()
    for number, (before, here) in enumerate(itertools.pairwise([0, *path])):
        if here > before:
            return number + before, number, here - before
    return len(short) + path[-1], len(short), missing - path[-1]


def _pieces(line: str) -> frozenset[str]:
    """Return the pieces of a line that its likeness is measured by, letter case and spaces apart.

    They are pairs of neighbouring characters in Chinese, else runs of four: most pairs of letters
    stand in any English sentence.
    """
    packed = "".join(line.casefold().split())
    size = 2 if _HAN.search(packed) else 4
    return frozenset(packed[n : n + size] for n in range(max(1, len(packed) - size + 1)))


_HAN = re.compile("[\u3400-\u9fff]")


def _alike(a: Sequence[str], b: Sequence[str]) -> Callable[[int, int], float]:
    """Return the likeness of two lines of one language: the Dice measure over their pieces."""
    left, right = [_pieces(line) for line in a], [_pieces(line) for line in b]

    def likeness(i: int, j: int) -> float:
        total = len(left[i]) + len(right[j])
        return 2 * len(left[i] & right[j]) / total if total else 1.0

    return likeness


_MOST_ENCODED = 4000  # lines; more take longer than a message is worth


def _alike_across(a: Sequence[str], b: Sequence[str]) -> Callable[[int, int], float]:
    """Return the likeness of two lines of different languages: the cosine of their vectors.

    Where the lines are too many to encode, or the encoder is missing, their lengths and figures.
    """
    if len(a) + len(b) <= _MOST_ENCODED:
        from toolkit import encoder

        try:
            left, right = (encoder.default().encode(texts) for texts in (a, b))
        except ModelError:
            return _alike_in_length(a, b)
        return lambda i, j: max(0.0, float(left[i] @ right[j]))
    return _alike_in_length(a, b)


def _alike_in_length(a: Sequence[str], b: Sequence[str]) -> Callable[[int, int], float]:
    """Return the likeness of two lines by their lengths and their figures."""
    figures = re.compile(r"\d+")
    left = [(len(line.strip()), frozenset(figures.findall(line))) for line in a]
    right = [(len(line.strip()), frozenset(figures.findall(line))) for line in b]
    scale = (sum(n for n, _ in left) or 1) / (sum(n for n, _ in right) or 1)

    def likeness(i: int, j: int) -> float:
        (length, here), (other, there) = left[i], right[j]
        other_scaled = other * scale
        longer = max(length, other_scaled)
        close = min(length, other_scaled) / longer if longer else 1.0
        if not here and not there:
            return close
        return (close + 2 * len(here & there) / (len(here) + len(there))) / 2

    return likeness


# Equal counts, and still wrong -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What makes a score doubtful; ``fatal`` where it is worth nothing."""

    message: str
    fatal: bool = False


def suspicions(
    hypothesis: Lines, references: Sequence[Lines], to: str, source: Lines | None = None
) -> list[str]:
    """Return what makes a score of these files doubtful, one message each, most telling first."""
    return [found.message for found in suspected(hypothesis, references, to, source)]


def suspected(
    hypothesis: Lines, references: Sequence[Lines], to: str, source: Lines | None = None
) -> list[Suspicion]:
    """Return what makes a score of these files doubtful, with its weight."""
    found = []
    for reference in references:
        if reference.lines == hypothesis.lines:
            message = (
                f"{hypothesis.path} and {reference.path} hold the same text; "
                "a score of one text against itself says nothing"
            )
            found.append(Suspicion(message))
        else:
            shift = _shift(hypothesis, reference)
            if shift:
                found.append(Suspicion(shift, fatal=True))
    found += [Suspicion(message) for message in _odd_lines(hypothesis, references, to, source)]
    return found


def _odd_lines(
    hypothesis: Lines, references: Sequence[Lines], to: str, source: Lines | None
) -> list[str]:
    found = []
    copied = _copied(hypothesis, source) if source else set()
    if source and copied:
        found.append(
            f"{hypothesis.path}: {len(copied)} of {_lines(len(hypothesis.lines))} copied from "
            f"{source.path} unchanged: {_listed(sorted(copied))}"
        )
    foreign: dict[str, list[int]] = {}
    for number, line in enumerate(hypothesis.lines, 1):
        text = translated(line)
        # A short line may be a name that Chinese and Russian write in Latin letters.
        if number in copied or sum(map(str.isalpha, text)) < 15:
            continue
        lang = languages.detect(text)
        if lang not in (None, to):
            foreign.setdefault(lang, []).append(number)
    for lang, numbers in foreign.items():
        found.append(
            f"{hypothesis.path}: {len(numbers)} of {_lines(len(hypothesis.lines))} "
            f"look{'s' if len(numbers) == 1 else ''} {languages.NAMES[lang]}, not "
            f"{languages.NAMES[to]}: {_listed(numbers)}"
        )
    for reference in references:
        hollow = [
            number
            for number, (here, there) in enumerate(
                zip(hypothesis.lines, reference.lines, strict=True), 1
            )
            if here.strip() and not there.strip()
        ]
        if hollow:
            found.append(
                f"{reference.path}: {_lines(len(hollow), 'empty ')} where {hypothesis.path} has "
                f"text: {_listed(hollow)}"
            )
    return found


def _copied(hypothesis: Lines, source: Lines) -> set[int]:
    """Return the 1-based numbers of the lines that are the source's; figures alone may be."""
    return {
        number
        for number, (here, there) in enumerate(
            zip(hypothesis.lines, source.lines, strict=True), 1
        )
        if here.strip() == there.strip() and any(map(str.isalpha, here))
    }


def _listed(numbers: Sequence[int], most: int = 8) -> str:
    """Return ``line 3``, or ``lines 3, 7, 9`` with ``…`` after the first few."""
    shown = ", ".join(map(str, numbers[:most])) + (", …" if len(numbers) > most else "")
    return f"line{'' if len(numbers) == 1 else 's'} {shown}"


# A run of this many lines must fit some lines off better than it fits in place: on average by
# _SHIFT_GAIN and at least twice as well. Neighbouring sentences of one dispatch share names and
# phrases, which makes 0.1 to 0.3 of likeness; a line and its translation share more.
_SHIFT_LINES = 3
_SHIFT_GAIN = 0.15
_FARTHEST = 10
_ILL = 0.4  # a line this alike to its own reference is hardly more alike to one farther off


def shift_across(hypothesis: Lines, source: Lines) -> str | None:
    """Say where the lines fit the source, in another language, far better some lines off."""

    def alike(a: Sequence[str], b: Sequence[str]) -> Callable[[int, int], float]:
        cosine = _alike_across(a, b)
        # Lines that have nothing to do with each other lie at a cosine of .2 to .4.
        return lambda i, j: max(0.0, cosine(i, j) - 0.3) / 0.7

    return _shift(hypothesis, source, alike)


def _shift(hypothesis: Lines, reference: Lines, alike: Alike = _alike) -> str | None:
    """Say where the lines fit the reference far better some lines off, if anywhere."""
    likeness = alike(hypothesis.lines, reference.lines)
    count = len(hypothesis.lines)
    here = [likeness(i, i) for i in range(count)]
    ill = sum(value < _ILL for value in here)
    farthest = min(_FARTHEST if ill >= _SHIFT_LINES else 1, count - 1)
    best = None
    for size in range(1, farthest + 1):
        for step in (size, -size):
            rows = range(max(0, -step), count - max(0, step))
            moved = {
                i: likeness(i, i + step) if size == 1 or here[i] < _ILL else 0.0 for i in rows
            }
            # The stretch of the greatest summed gain (Kadane's scan).
            start, total = rows.start, 0.0
            for i in rows:
                if total <= 0:
                    start, total = i, 0.0
                total += moved[i] - here[i] - _SHIFT_GAIN
                if i - start + 1 >= _SHIFT_LINES and (best is None or total > best[0]):
                    best = (total, step, start, i, moved)
    if best is None or best[0] <= 0:
        return None
    _, step, start, end, moved = best
    rows = range(start, end + 1)
    in_place, off = (sum(values[i] for i in rows) / len(rows) for values in (here, moved))
    if off < 2 * in_place:
        return None
    direction = "after" if step > 0 else "before"
    where = f"the line {direction} theirs"
    what = "a line is"
    if abs(step) > 1:
        where = f"the line {abs(step)} {direction} theirs"
        what = f"{abs(step)} lines are"
    return (
        f"{hypothesis.path}: lines {start + 1} to {end + 1} fit {where} in "
        f"{reference.path} far better than their own (likeness {off:.2f} against "
        f"{in_place:.2f}); {what} missing or doubled near line "
        f"{start + 1 if start or step > 0 else 1}; put that right, or give --align to score "
        "passages that say the same"
    )
