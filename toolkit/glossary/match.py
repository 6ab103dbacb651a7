"""Find the terms of a glossary in a text: all terms in one pass, longest match first.

A text becomes words (Chinese: one character each) with comparison keys; a trie over the keys of
all terms gives candidates; Russian candidates must also agree grammatically. Of candidates that
overlap the longest stays, whatever its status, so that a forbidden string inside a longer right
name is not a match, and neither is a rung inside a longer rung.
"""

import datetime
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from toolkit.glossary import agreement, boundaries
from toolkit.glossary.concept import STATUSES, Concept, Glossary, Term
from toolkit.glossary.heads import Bundle, heads
from toolkit.glossary.patterns import (
    FORMULA,
    NAMES,
    Pattern,
    agreement_words,
    grammar,
    patterns,
)
from toolkit.glossary.words import HARD, SOFT, Words
from toolkit.languages import brackets

GAP = 2  # words that may be inserted in a term flagged "gap"
SLOT_WORDS = {"zh": 20, "ru": 8, "en": 8}  # the longest filling of a slot
# The shortest term an ordinal may be inserted in: 中俄总理第三十次定期会晤, 29-е заседание.
_ORDINAL_WORDS = {"zh": 4, "ru": 2, "en": 2}


@dataclass(frozen=True, slots=True)
class Match:
    """A term in a text: ``text[start:end]`` is what stands there, inflected as it is."""

    concept: Concept
    term: Term
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Group:
    """All readings of one stretch of text: several concepts can share a form.

    ``matches`` are ordered best first: bound to a country in scope, then by status, then by place
    in the glossary. ``inner`` holds the shorter matches that lie inside or overlap, and lost.
    """

    matches: tuple[Match, ...]
    inner: tuple[Match, ...] = ()

    @property
    def start(self) -> int:
        return self.matches[0].start

    @property
    def end(self) -> int:
        return self.matches[0].end


class _Node:
    """A node of the trie; its children are made when it is first visited."""

    __slots__ = ("depth", "pending", "outputs", "edges")

    def __init__(self, depth: int, pending: list[Pattern]) -> None:
        self.depth = depth
        self.pending: list[Pattern] | None = pending
        self.outputs: list[Pattern] = []
        self.edges: dict[str, list[_Node]] = {}

    def open(self) -> "_Node":
        if self.pending is None:
            return self
        children: dict[frozenset[str], list[Pattern]] = {}
        for pattern in self.pending:
            if len(pattern) == self.depth:
                self.outputs.append(pattern)
            else:
                children.setdefault(pattern.keys(self.depth), []).append(pattern)
        for keys, heirs in children.items():
            child = _Node(self.depth + 1, heirs)
            for key in keys:
                self.edges.setdefault(key, []).append(child)
        self.pending = None
        return self


class _Root:
    """The root of a trie: the terms behind a first word become patterns when a text has it."""

    __slots__ = ("_glossary", "_bundles", "_numbers", "_nodes")

    def __init__(self, glossary: Glossary, bundles: Sequence[Bundle]) -> None:
        self._glossary = glossary
        self._bundles = bundles
        self._nodes: list[_Node | None] = [None] * len(bundles)
        self._numbers: dict[str, list[int]] = {}
        for number, (keys, _) in enumerate(bundles):
            for key in keys:
                self._numbers.setdefault(key, []).append(number)

    def children(self, keys: Sequence[str]) -> list[_Node]:
        """Return what the first word of a match may be, each once."""
        numbers = dict.fromkeys(n for key in keys for n in self._numbers.get(key, ()))
        return [self._nodes[number] or self._open(number) for number in numbers]

    def _open(self, number: int) -> _Node:
        found = []
        for place, term, piece in self._bundles[number][1]:
            concept = self._glossary.concepts[place]
            found.append(patterns(concept, concept.terms[term])[piece])
        self._nodes[number] = node = _Node(1, found)
        return node


@dataclass(frozen=True, slots=True)
class _Candidate:
    pattern: Pattern
    taken: tuple[int, ...]

    @property
    def frame(self) -> bool:
        return self.pattern.pieces > 1

    def held(self) -> Sequence[int]:
        """Return the words it occupies: a slot's filling stays free for other terms."""
        return self.taken if self.frame else range(self.taken[0], self.taken[-1] + 1)


class Matcher:
    """Look for all terms of a glossary at once. Build it once; a text costs one pass."""

    def __init__(self, glossary: Glossary) -> None:
        self.glossary = glossary
        self._tries: dict[str, tuple[_Root, _Root]] = {}

    def find(
        self,
        text: str,
        lang: str,
        *,
        statuses: Collection[str] = ("preferred", "admitted"),
        date: datetime.date | None = None,
        countries: Collection[str] = (),
    ) -> list[Match]:
        """Return the terms in ``text`` in reading order; no two share a character.

        Terms of other statuses still hide shorter ones inside them. With a ``date``, a term not
        valid on that day counts as deprecated. A forbidden or deprecated term bound to a country
        is looked for only with that country in ``countries``; where one form is an approved term
        of two countries, ``countries`` decides. Frames with a slot are not returned, since their
        filling may hold other terms: see `groups`.
        """
        result = []
        for group in self.groups(
            text, lang, date=date, countries_at=lambda _: countries, frames=False
        ):
            match = group.matches[0]
            if status_on(match.term, date) in statuses:
                result.append(match)
        return result

    def groups(
        self,
        text: str,
        lang: str,
        *,
        date: datetime.date | None = None,
        countries_at: Callable[[int], Collection[str]] = lambda _: (),
        frames: bool = True,
    ) -> list[Group]:
        """Return every stretch of ``text`` that is a term, with all its readings, in order.

        ``countries_at`` gives the countries in question at an offset; an empty answer means
        unknown.
        """
        words = Words(text, lang)
        if not len(words):
            return []
        candidates = []
        for candidate in self._candidates(words, lang):
            term = candidate.pattern.term
            countries = countries_at(words.starts[candidate.taken[0]]) if term.scope else ()
            if (frames or not candidate.frame) and _applies(term, date, countries):
                bound = in_scope(term, countries)
                rank = (
                    {True: 0, None: 1, False: 2}[bound],
                    STATUSES.index(status_on(term, date)),
                    "accept-only" in term.flags,
                )
                candidates.append((candidate, rank))
        if lang == "zh":
            candidates = _without_halves_of_words(candidates, words)
        candidates = _without_cut_names(candidates)
        candidates.sort(key=lambda c: (-len(c[0].taken), c[0].taken[0], c[1]))
        holder: list[int | None] = [None] * len(words)
        chosen: list[tuple[tuple[int, ...], list[_Candidate], list[_Candidate]]] = []
        for candidate, _ in candidates:
            held = candidate.held()
            holders = {holder[number] for number in held}
            if holders == {None}:
                for number in held:
                    holder[number] = len(chosen)
                chosen.append((candidate.taken, [candidate], []))
            else:
                first = min(number for number in holders if number is not None)
                _, same, inner = chosen[first]
                (same if same[0].taken == candidate.taken else inner).append(candidate)
        pairs = brackets.pair(text) if chosen else None
        result = [
            Group(_matches(words, same, pairs), _matches(words, inner, pairs))
            for _, same, inner in chosen
        ]
        return sorted(result, key=lambda group: (group.start, group.end))

    def _candidates(self, words: Words, lang: str) -> Iterator[_Candidate]:
        strict, gapped = self._trie(lang)
        parts: dict[int, dict[int, list[tuple[int, ...]]]] = {}
        whole: dict[int, list[Pattern]] = {}
        for first in range(len(words)):
            keys = words.keys(first)
            for root, gap in ((strict, 0), (gapped, GAP)):
                nodes = root.children(keys)
                for pattern, taken in _walk(words, nodes, first, gap) if nodes else ():
                    if not pattern.accepts(words, taken):
                        continue
                    if pattern.pieces == 1:
                        yield _Candidate(pattern, taken)
                    else:
                        key = id(pattern.term)
                        found = parts.setdefault(key, {})
                        found.setdefault(pattern.piece, []).append(taken)
                        whole[key] = [pattern]
        for key, found in parts.items():
            pattern = whole[key][0]
            if len(found) == pattern.pieces:
                for taken in _chain(words, found, SLOT_WORDS[lang]):
                    yield _Candidate(pattern, taken)

    def _trie(self, lang: str) -> tuple[_Root, _Root]:
        if lang not in self._tries:
            strict, gapped = heads(self.glossary, lang)
            self._tries[lang] = _Root(self.glossary, strict), _Root(self.glossary, gapped)
        return self._tries[lang]


def scope(term: Term) -> set[str]:
    """Return the countries a term is bound to; China, party to everything here, binds nothing."""
    return set(term.scope) - {"CN"} or set(term.scope)


def status_on(term: Term, date: datetime.date | None) -> str:
    """Return the status of a term on a day: out of its dates an approved term is deprecated.

    A deprecated term was right while its dates ran; without dates it is deprecated always.
    """
    if date is None or term.status == "forbidden":
        return term.status
    inside = valid_on(term, date)
    if term.status == "deprecated":
        return "admitted" if inside and term.valid_to is not None else "deprecated"
    return term.status if inside else "deprecated"


def valid_on(term: Term, date: datetime.date) -> bool:
    """Say whether ``date`` lies within the term's dates, both ends included."""
    return (term.valid_from is None or term.valid_from <= date) and (
        term.valid_to is None or date <= term.valid_to
    )


def in_scope(term: Term, countries: Collection[str]) -> bool | None:
    """Say whether a term is bound to one of ``countries``; None where there is nothing to say."""
    if not term.scope or not countries:
        return None
    bound = scope(term)
    return bool(bound & set(countries)) or bound == {"CN"}


def _applies(
    term: Term,
    date: datetime.date | None,
    countries: Collection[str],
) -> bool:
    """Say whether a term is to be looked for: a ban holds on its dates and for its countries."""
    if term.status == "forbidden" and date is not None and not valid_on(term, date):
        return False
    if term.status in ("forbidden", "deprecated") and term.scope:
        return scope(term) == {"CN"} or bool(in_scope(term, countries))
    return True


_Ranked = tuple[_Candidate, tuple[int, int, bool]]


def _without_halves_of_words(candidates: list[_Ranked], words: Words) -> list[_Ranked]:
    """Drop Chinese names that are made of halves of ordinary words: 海地 in 沿海地区."""
    named = [c.taken for c, _ in candidates if c.pattern.concept.domain in _CUTTABLE]
    ordinary = boundaries.taken_by_words(words.forms) if named else []
    if not ordinary:
        return candidates
    starts = [start for start, _ in ordinary]

    def is_half(taken: tuple[int, ...]) -> bool:
        # Words of the list are short: those that reach this name begin at most a few before.
        near = range(bisect_left(starts, taken[0] - 4), bisect_left(starts, taken[-1] + 1))
        return any(boundaries.cuts(ordinary[n], taken[0], taken[-1] + 1) for n in near)

    return [
        (candidate, rank)
        for candidate, rank in candidates
        if candidate.pattern.concept.domain not in _CUTTABLE or not is_half(candidate.taken)
    ]


_CUTTABLE = NAMES | {"region"}


def _without_cut_names(candidates: list[_Ranked]) -> list[_Ranked]:
    """Drop what cuts a name: it begins inside and ends behind, as 俄罗斯总统 in 白俄罗斯总统.

    A formula may not end inside one either: «по приглашению председателя» in «по приглашению
    председателя Государственной Думы». And a ban beats the approved form it begins with or
    goes on from: 共建“一带一路” in 共建“一带一路”战略.
    """
    banned: dict[int, list[_Candidate]] = {}  # by the words they hold
    for candidate, (_, status, _) in candidates:
        if STATUSES[status] == "forbidden":
            for number in candidate.taken:
                banned.setdefault(number, []).append(candidate)
    last_inside: dict[int, int] = {}
    first_inside: dict[int, int] = {}
    for candidate, _ in candidates:
        domain = candidate.pattern.concept.domain
        if domain == FORMULA:
            continue
        first, last = candidate.taken[0], candidate.taken[-1]
        for number in range(first, last + 1):
            if domain in NAMES and number > first:
                last_inside[number] = max(last_inside.get(number, 0), last)
            if number < last:
                first_inside[number] = min(first_inside.get(number, number), first)
    kept = []
    for candidate, rank in candidates:
        first, last = candidate.taken[0], candidate.taken[-1]
        formula = candidate.pattern.concept.domain == FORMULA and not candidate.frame
        if last > last_inside.get(first, last):
            continue
        if formula and first_inside.get(last, first) > first:
            continue
        if banned and _yields(candidate, banned):
            continue
        kept.append((candidate, rank))
    return kept


def _yields(candidate: _Candidate, banned: dict[int, list[_Candidate]]) -> bool:
    """Say whether a candidate gives way to a ban on some of its words."""
    if candidate.frame:
        return any(number in banned for number in candidate.taken)
    first, last = candidate.taken[0], candidate.taken[-1]
    return any(
        ban.pattern.concept is candidate.pattern.concept
        and first < ban.taken[0]
        and last < ban.taken[-1]
        for ban in banned.get(last, ())
    )


def _matches(
    words: Words, candidates: list[_Candidate], pairs: brackets.Brackets
) -> tuple[Match, ...]:
    # Two terms of a concept that read the same are one reading, the better one.
    found: dict[tuple[str, tuple[int, ...]], Match] = {}
    for candidate in candidates:
        concept, term = candidate.pattern.concept, candidate.pattern.term
        key = concept.id, candidate.taken
        if key not in found:
            start, end = words.starts[candidate.taken[0]], words.ends[candidate.taken[-1]]
            quoted = brackets.pair(term.text).closer.get(0) == len(term.text) - 1
            found[key] = Match(concept, term, *_with_marks(pairs, start, end, quoted))
    return tuple(found.values())


def _with_marks(pairs: brackets.Brackets, start: int, end: int, quoted: bool) -> tuple[int, int]:
    """Take in the quotation marks that belong to a match.

    A mark whose partner stands inside belongs to it («Один пояс, один путь» behind инициатива),
    and so do both marks around it where the term is ``quoted`` itself (《联合国宪章》).
    """
    closer = pairs.closer.get(start - 1)
    if closer is not None and (closer < end or (quoted and closer == end)):
        start -= 1
    opener = pairs.opener.get(end)
    if opener is not None and opener >= start:
        end += 1
    return start, end


def _walk(
    words: Words, roots: Sequence[_Node], first: int, gap: int
) -> Iterator[tuple[Pattern, tuple[int, ...]]]:
    """Yield the patterns that begin at word ``first`` with the words they take."""
    size = len(words)
    stack: list[tuple[_Node, int, int, bool, tuple[int, ...]]] = [
        (root, first + 1, gap, False, (first,)) for root in roots
    ]
    while stack:
        node, here, left, ordinal, taken = stack.pop()
        node.open()
        # A path that ends in skipped words is the same match as the one before the skip.
        if taken[-1] == here - 1:
            for pattern in node.outputs:
                if not ordinal or len(pattern) >= _ORDINAL_WORDS[words.lang]:
                    yield pattern, taken
        if here >= size or words.joints[here] == HARD:
            continue
        seen: set[int] = set()
        for key in words.keys(here) if node.edges else ():
            for child in node.edges.get(key, ()):
                if id(child) not in seen:
                    seen.add(id(child))
                    stack.append((child, here + 1, left, ordinal, (*taken, here)))
        if node.edges:
            if left and words.joints[here] < SOFT:
                stack.append((node, here + 1, left - 1, ordinal, taken))
            if not ordinal and here in words.skips():
                stack.append((node, words.skips()[here], left, True, taken))


def _chain(
    words: Words, found: dict[int, list[tuple[int, ...]]], limit: int
) -> Iterator[tuple[int, ...]]:
    """Join the pieces of a frame: each to the nearest next piece within the slot's limit."""
    starts = {piece: [taken[0] for taken in runs] for piece, runs in found.items()}
    for taken in found[0]:
        for piece in range(1, len(found)):
            number = bisect_left(starts[piece], taken[-1] + 1)
            if number == len(starts[piece]):
                break
            following = found[piece][number]
            if following[0] - taken[-1] - 1 > limit or words.sentence_end_between(
                taken[-1], following[0]
            ):
                break
            taken = (*taken, *following)
        else:
            yield taken


def case_in(match: Match, text: str) -> str | None:
    """Return the case a Russian match stands in, as `ru_forms` names it, if it is but one."""
    cases = cases_in(match, text)
    case = cases.pop() if len(cases) == 1 else None
    return None if case == "nom" else case


def cases_in(match: Match, text: str) -> set[str]:
    """Return the cases a Russian match may stand in by its form, as `ru_forms` names them."""
    found = patterns(match.concept, match.term)
    here = Words(text[match.start : match.end], "ru")
    if len(found) != 1 or len(found[0]) != len(here):
        return set()
    shape, own = grammar(found[0].words, match.concept.domain)
    cases = agreement.cases(shape, own, agreement_words(here, range(len(here))))
    return {_CASES[case] for case in cases if case in _CASES}


_CASES = {"nomn": "nom", "gent": "gen", "datv": "dat", "accs": "acc", "ablt": "ins", "loct": "loc"}
