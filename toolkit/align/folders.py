"""Find out which files of folders are versions of one dispatch.

By name where names tell. What is left over is compared: the day and place of the dateline, the
figures and fixed phrases that both have (names of persons, places and bodies among them), and the
segments' vectors. The likest files are joined first, one of a language in a group; a file that is
like none has no partner, and that is said.
"""

import heapq
import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, count
from pathlib import Path

import numpy as np

from toolkit import encoder as encoders
from toolkit.dispatch import Dispatch, read_dispatch, version_of
from toolkit.errors import FileError, ToolkitError
from toolkit.files import display
from toolkit.languages import LANGS, NAMES

SUFFIXES = (".txt", ".md", ".markdown", ".html", ".htm", ".xhtml")

# Of a logistic regression over all pairs of 40 development articles and 13 dispatches in three
# languages; those of day and place set by hand, since the articles have neither.
_LIKE, _LIKER, _FIGURES, _NAMES, _BIAS = 7.0, 8.9, 6.9, 3.0, -7.45
_SAME_DAY, _OTHER_DAY = 1.5, -3.0
_SAME_PLACE, _OTHER_PLACE = 0.5, -1.0
_USUAL, _ASSUMED = 0.4, 3  # likeness of files that have nothing to do with each other
_SCARCE = 3.0  # so much in common is not yet much
_MARGIN = 1.5  # a group whose next best file is nearer than this is doubtful


@dataclass(frozen=True, slots=True)
class Group:
    """Versions of one dispatch: file by language, in the order of ``LANGS``.

    ``by`` is ``"name"``, ``"text"`` or ``"name and text"``, ``evidence`` says what the files have
    in common, ``doubt`` which other file is nearly as near, "" if none.
    """

    name: str
    files: dict[str, str]
    by: str
    evidence: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Alone:
    """A file without a partner, its language ("" if it is not known), and why."""

    path: str
    lang: str
    reason: str


@dataclass(frozen=True, slots=True)
class Grouping:
    groups: tuple[Group, ...]
    alone: tuple[Alone, ...]


@dataclass(slots=True)
class _Profile:
    """What one file is compared by."""

    dispatch: Dispatch
    vectors: np.ndarray
    figures: frozenset[Hashable]
    phrases: frozenset[str]
    place: frozenset[str]


@dataclass(slots=True)
class _Cluster:
    members: dict[str, int]
    named: bool
    joined: bool = False


@dataclass(slots=True)
class _Likeness:
    """How likely each two files are versions of one dispatch, as a logarithm of odds."""

    score: np.ndarray
    near: np.ndarray
    profiles: dict[int, _Profile]

    def shared(self, one: int, other: int) -> tuple[int, int, tuple[int, ...], bool]:
        """Return how many figures and phrases two files share, the day, whether the place."""
        first, second = self.profiles[one], self.profiles[other]
        day = first.dispatch.event_day or ()
        return (
            len(first.figures & second.figures),
            len(first.phrases & second.phrases),
            day if day == second.dispatch.event_day else (),
            bool(first.place & second.place),
        )


def gather(folders: Iterable[str | Path], without: str | Path | None = None) -> list[str]:
    """Return the texts of folders and all that is in them, in order; hidden files stay out.

    Args:
        without: A folder whose files are not wanted: that of the results.

    Raises:
        FileError: If there is no text.
    """
    folders = list(folders)
    barred = Path(without).resolve() if without is not None else None
    found: dict[str, None] = {}
    for folder in folders:
        for path in sorted(Path(folder).rglob("*")):
            inside = path.relative_to(folder).parts
            if (
                path.suffix.lower() in SUFFIXES
                and path.is_file()
                and not any(part.startswith(".") for part in inside)
                and (barred is None or barred not in path.resolve().parents)
            ):
                found[str(path)] = None
    if not found:
        named = ", ".join(map(str, folders))
        raise FileError(f"{named}: no text to align ({', '.join(SUFFIXES)})")
    return list(found)


def group(paths: Sequence[str], encoder: encoders.Encoder | None = None) -> Grouping:
    """Group files that are versions of one dispatch.

    Files that their names group completely are not read. The result does not depend on the order
    of the files.

    Args:
        encoder: Of the segments; by default the one of ``encoder.default()``.
    """
    paths = sorted(set(paths))
    stems: dict[str, dict[str, list[int]]] = {}
    for number, path in enumerate(paths):
        stem, lang = version_of(path)
        if lang:
            stems.setdefault(stem, {}).setdefault(lang, []).append(number)
    clusters: list[_Cluster] = []
    for langs in stems.values():
        # Of two files of one language and one name neither is told by the name.
        members = {lang: found[0] for lang, found in langs.items() if len(found) == 1}
        if len(members) > 1:
            clusters.append(_Cluster(members, named=True))
    held = {number for cluster in clusters for number in cluster.members.values()}
    loose = [number for number in range(len(paths)) if number not in held]
    alone: list[Alone] = []
    likeness = None
    if loose:
        needed = sorted({*loose, *(
            number for cluster in clusters if len(cluster.members) < len(LANGS)
            for number in cluster.members.values()
        )})  # fmt: skip
        profiles = _profiles(paths, needed, clusters, alone, encoder)
        clusters += [
            _Cluster({profiles[number].dispatch.lang: number}, named=False)
            for number in loose if number in profiles
        ]  # fmt: skip
        likeness = _likeness(profiles, len(paths))
        clusters = _join(clusters, likeness)
    groups = []
    taken: set[str] = set()
    for cluster in sorted(clusters, key=lambda one: min(one.members.values())):
        members = {lang: cluster.members[lang] for lang in LANGS if lang in cluster.members}
        if len(members) > 1:
            by = "name" if cluster.named else "text"
            evidence = doubt = ""
            if likeness is not None and cluster.joined:
                by = "name and text" if cluster.named else "text"
                evidence = _evidence(likeness, list(members.values()))
                doubt = _doubt(likeness, members, clusters, paths)
            name = _free(_name(paths[next(iter(members.values()))]), taken)
            files = {lang: paths[number] for lang, number in members.items()}
            groups.append(Group(name, files, by, evidence, doubt))
        else:
            lang, number = next(iter(members.items()))
            reason = _reason(likeness, lang, number, clusters, paths)
            alone.append(Alone(paths[number], lang, reason))
    return Grouping(tuple(groups), tuple(sorted(alone, key=lambda one: one.path)))


def _name(path: str) -> str:
    """Return a name for a group: that of a file without its language, else of its folder."""
    own = Path(path)
    stem, lang = version_of(path)
    if not lang:
        return own.stem.strip("._- ") or "dispatch"
    inside = stem.removeprefix(f"{own.parent}/")  # of zh/x.txt the stem lies a folder higher
    parts = [part for part in inside.split("/") if part]
    if inside == stem:
        parts = [Path(stem).name]
    return "-".join(parts).strip("._- ") or own.parent.name or "dispatch"


def _free(name: str, taken: set[str]) -> str:
    """Return a name that no group has yet, on disks that do not tell X from x either."""
    numbered = (name if n == 1 else f"{name}-{n}" for n in count(1))
    free = next(each for each in numbered if each.casefold() not in taken)
    taken.add(free.casefold())
    return free


def _profiles(
    paths: Sequence[str],
    numbers: Sequence[int],
    clusters: list[_Cluster],
    alone: list[Alone],
    encoder: encoders.Encoder | None,
) -> dict[int, _Profile]:
    """Read files; those that cannot be, and no name groups, are put to those without partner."""
    from toolkit.glossary.match import Matcher
    from toolkit.glossary.store import load
    from toolkit.values.reading import values

    encoder = encoder or encoders.default()
    matcher = Matcher(load())
    grouped = {number for cluster in clusters for number in cluster.members.values()}
    profiles = {}
    for number in numbers:
        try:
            lang = version_of(paths[number])[1] if number in grouped else ""
            dispatch = read_dispatch(paths[number], lang or None)
        except ToolkitError as error:
            if number not in grouped:
                reason = str(error).removeprefix(f"{display(paths[number])}: ")
                alone.append(Alone(paths[number], "", reason))
            continue
        text = "\n".join(segment.text for segment in dispatch.segments)
        place = dispatch.place or ""
        place = place.title() if place.isupper() else place
        profiles[number] = _Profile(
            dispatch,
            encoder.encode([segment.text for segment in dispatch.segments]),
            frozenset((v.kind, v.value, v.unit) for v in values(text, dispatch.lang)),
            frozenset(match.concept.id for match in matcher.find(text, dispatch.lang)),
            frozenset(match.concept.id for match in matcher.find(place, dispatch.lang)),
        )
    return profiles


def _likeness(profiles: dict[int, _Profile], size: int) -> _Likeness:
    """Compare all files of different languages; of others the score stays minus infinity."""
    result = _Likeness(
        np.full((size, size), -np.inf, np.float32), np.zeros((size, size), np.float32), profiles
    )
    common_figures = _common({n: p.figures for n, p in profiles.items()}, size)
    common_phrases = _common({n: p.phrases for n, p in profiles.items()}, size)
    for one, other in combinations(LANGS, 2):
        rows = [n for n, p in profiles.items() if p.dispatch.lang == one]
        columns = [n for n, p in profiles.items() if p.dispatch.lang == other]
        if not rows or not columns:
            continue
        at = np.ix_(rows, columns)
        near = _near([profiles[n].vectors for n in rows], [profiles[n].vectors for n in columns])
        usual = (_usual(near) + _usual(near.T).T) / 2
        score = _LIKE * near + _LIKER * (near - usual) + _BIAS
        score += _FIGURES * common_figures[at] + _NAMES * common_phrases[at]
        for i, row in enumerate(rows):
            for j, column in enumerate(columns):
                score[i, j] += _dateline(profiles[row], profiles[column])
        result.score[at], result.near[at] = score, near
        result.score[np.ix_(columns, rows)], result.near[np.ix_(columns, rows)] = score.T, near.T
    return result


def _near(ones: Sequence[np.ndarray], others: Sequence[np.ndarray]) -> np.ndarray:
    """Return how near the segments of each two files are to their nearest, both ways."""
    whole = np.concatenate(others)
    sizes = np.array([len(other) for other in others])
    starts = np.cumsum([0, *sizes[:-1]])
    result = np.zeros((len(ones), len(others)), np.float32)
    for place, one in enumerate(ones):
        cosines = one @ whole.T
        there = np.maximum.reduceat(cosines, starts, axis=1).mean(axis=0)
        back = np.add.reduceat(cosines.max(axis=0), starts) / sizes
        result[place] = (there + back) / 2
    return result


def _usual(near: np.ndarray) -> np.ndarray:
    """Return, for each row and column, the mean of the row's nearest others and a few assumed."""
    few = min(_ASSUMED, near.shape[1] - 1)
    if not few:
        return np.full(near.shape, _USUAL, np.float32)
    order = np.sort(near, axis=1)[:, ::-1]
    sums = order[:, :few].sum(axis=1, keepdims=True)
    # Where the column itself is among the nearest, the next one stands for it.
    inside = near >= order[:, few - 1 : few]
    sums = np.where(inside, sums - near + order[:, few : few + 1], sums)
    return (sums + _ASSUMED * _USUAL) / (few + _ASSUMED)


def _common(sets: Mapping[int, frozenset], size: int) -> np.ndarray:
    """Return what each two of ``size`` sets share, in [0, 1]; what few have weighs more."""
    holders: dict[Hashable, list[int]] = {}
    for number, items in sets.items():
        for item in items:
            holders.setdefault(item, []).append(number)
    total = sum(map(bool, sets.values()))
    shared = np.zeros((size, size), np.float32)
    mass = np.zeros(size, np.float32)
    for found in holders.values():
        weight = math.log(1 + total / len(found))
        mass[found] += weight
        if len(found) > 1:
            shared[np.ix_(found, found)] += weight
    return shared / (np.sqrt(np.outer(mass, mass)) + _SCARCE)


def _dateline(one: _Profile, other: _Profile) -> float:
    score = 0.0
    first, second = one.dispatch, other.dispatch
    if first.event_day and second.event_day:
        score += _SAME_DAY if first.event_day == second.event_day else _OTHER_DAY
    elif first.page_date and second.page_date:
        apart = abs((first.page_date - second.page_date).days)
        score += _OTHER_DAY if apart > 2 else 0.0  # agencies publish a day apart
    if one.place and other.place:
        score += _SAME_PLACE if one.place & other.place else _OTHER_PLACE
    return score


def _join(clusters: list[_Cluster], likeness: _Likeness) -> list[_Cluster]:
    """Join the likest clusters first while they are rather versions of one dispatch than not."""
    live = dict(enumerate(clusters))
    numbers = count(len(clusters))
    queue: list[tuple[float, int, int]] = []

    def consider(one: int, other: int) -> None:
        first, second = live[one].members, live[other].members
        if not first.keys() & second.keys():
            score = _between(likeness, first.values(), second.values())
            if score > 0:
                heapq.heappush(queue, (-score, min(one, other), max(one, other)))

    for one, other in combinations(live, 2):
        if not (live[one].named and live[other].named):  # both are what their names say
            consider(one, other)
    while queue:
        _, one, other = heapq.heappop(queue)
        if one not in live or other not in live:
            continue
        first, second = live.pop(one), live.pop(other)
        number = next(numbers)
        live[number] = _Cluster(
            first.members | second.members, first.named or second.named, joined=True
        )
        for rest in list(live):
            if rest != number and not (live[rest].named and live[number].named):
                consider(number, rest)
    return list(live.values())


def _between(likeness: _Likeness, ones: Iterable[int], others: Iterable[int]) -> float:
    others = list(others)
    scores = [float(likeness.score[one, other]) for one in ones for other in others]
    return sum(scores) / len(scores)


def _evidence(likeness: _Likeness, members: Sequence[int]) -> str:
    pairs = list(combinations([n for n in members if n in likeness.profiles], 2))
    if not pairs:
        return ""
    shared = (likeness.shared(*pair) for pair in pairs)
    figures, phrases, day, place = map(max, zip(*shared, strict=True))
    said = []
    if day:
        said.append("same day ({:02}-{:02})".format(*day))
    if place:
        said.append("same place")
    for number, what in ((figures, "figure"), (phrases, "phrase")):
        if number:
            said.append(f"{number} {what}{'' if number == 1 else 's'} in common")
    near = sum(float(likeness.near[pair]) for pair in pairs) / len(pairs)
    return "; ".join([*said, f"likeness {near:.2f}"])


def _doubt(
    likeness: _Likeness,
    members: dict[str, int],
    clusters: Sequence[_Cluster],
    paths: Sequence[str],
) -> str:
    """Name a file that would fit nearly as well as the one of its language."""
    nearest: tuple[float, str] | None = None
    for lang, number in members.items():
        rest = [other for other in members.values() if other != number]
        own = _between(likeness, [number], rest)
        for cluster in clusters:
            rival = cluster.members.get(lang)
            if rival is not None and rival != number:
                apart = own - _between(likeness, [rival], rest)
                if apart < _MARGIN and (nearest is None or apart < nearest[0]):
                    nearest = apart, paths[rival]
    return f"{nearest[1]} is nearly as near" if nearest else ""


def _reason(
    likeness: _Likeness | None,
    lang: str,
    number: int,
    clusters: Sequence[_Cluster],
    paths: Sequence[str],
) -> str:
    """Say why a file has no partner: what the nearest is, and what stands between."""
    if likeness is None or not np.isfinite(likeness.score[number]).any():
        return f"no file in another language to compare the {NAMES[lang]} text with"
    nearest = int(likeness.score[number].argmax())
    score = float(likeness.score[number, nearest])
    if score <= 0:
        return f"no version of it; the nearest, {paths[nearest]}, says other things"
    owner = next(c for c in clusters if nearest in c.members.values())
    if lang in owner.members:
        return f"{paths[owner.members[lang]]} is nearer to {paths[nearest]}"
    return f"near to {paths[nearest]}, but not to the other version of that"
