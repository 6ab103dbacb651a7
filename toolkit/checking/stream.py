"""Cut a large aligned file into parts that are checked one by one, in memory that stays small."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

LARGE = 4_000_000  # bytes from which on a file is cut
ROWS = 2000  # of a part: a sentence that moved is looked for within it
_CUT = (".tsv", ".jsonl")

Item = TypeVar("Item")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Part:
    """Some lines of a file: ``text`` is its header, if any, and the lines from ``first``."""

    path: str
    text: str
    first: int
    headed: bool

    @property
    def offset(self) -> int:
        """Return what to add to a line of ``text`` for its line in the file."""
        return self.first - (2 if self.headed else 1)


def parts(path: str) -> Iterator[Part] | None:
    """Return the parts of a large file, None where it must be read whole.

    A file is cut if its lines are rows: TSV with a header of languages, or JSON lines; in UTF-8.
    """
    suffix = Path(path).suffix.lower()
    if path == "-" or suffix not in _CUT:
        return None
    try:
        if Path(path).stat().st_size < LARGE:
            return None
        with open(path, encoding="utf-8", newline="") as file:
            head = file.readline(100_000)
    except (OSError, UnicodeDecodeError):
        return None
    from toolkit.align.formats import language  # numpy comes with it

    headed = suffix == ".tsv"
    if headed and not all(language(cell) for cell in head.lstrip("\ufeff").split("\t")):
        return None
    return _cut(path, headed)


def _cut(path: str, headed: bool) -> Iterator[Part]:
    with open(path, encoding="utf-8-sig", errors="replace", newline="\n") as file:
        head = file.readline() if headed else ""
        first = 2 if headed else 1
        lines: list[str] = []
        for line in file:
            lines.append(line)
            if len(lines) == ROWS:
                yield Part(path, head + "".join(lines), first, headed)
                first += len(lines)
                lines = []
        if lines:
            yield Part(path, head + "".join(lines), first, headed)


def spread(
    pool: "Executor", work: Callable[[Item], Made], items: Iterable[Item], ahead: int
) -> Iterator[Made]:
    """Map in processes, in order, with no more than ``ahead`` items under way at a time."""
    waiting: deque[Future[Made]] = deque()
    for item in items:
        waiting.append(pool.submit(work, item))
        if len(waiting) >= ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
