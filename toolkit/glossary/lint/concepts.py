"""Concepts beside each other: what is there twice, contradicts itself, or leads nowhere."""

import datetime
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from toolkit.glossary.concept import PROPOSED, Concept, Term
from toolkit.glossary.countries import CODES
from toolkit.glossary.edit import fold
from toolkit.glossary.format import RELATIONS
from toolkit.glossary.index import words
from toolkit.glossary.match import scope
from toolkit.languages import LANGS, NAMES

_ID = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")
_SOURCE = re.compile(r"https?://[^\s/]+\.\S+|\w[\w.:-]*")
_APPROVED = ("preferred", "admitted")
# A form that more concepts share than this is a word, not a term twice.
_CROWD = 40
_SHORTEST = 6  # letters of a term of which halves say something
_ARTICLES = {"a", "an", "the"}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a finding is: a concept, and the column of its own row or of a term's."""

    code: str
    concept: Concept
    term: Term | None
    column: str
    message: str
    mends: bool = False


Folded = Callable[[Term], str]


def folding() -> Folded:
    """Return a `fold` of terms that works each out once."""
    known: dict[tuple[str, str], str] = {}

    def folded(term: Term) -> str:
        key = term.lang, term.text
        found = known.get(key)
        if found is None:
            found = known[key] = fold(term.text, term.lang)
        return found

    return folded


def of_concept(concept: Concept, folded: Folded) -> Iterator[Spot]:
    """Yield what is wrong inside one concept."""
    if not _ID.fullmatch(concept.id):
        yield Spot("G113", concept, None, "concept", f"{concept.id} is not written in snake_case")
    spoken = {term.lang for term in concept.terms if term.status != PROPOSED}
    preferred = {term.lang: term for term in concept.terms if term.status == "preferred"}
    for lang in LANGS:
        if spoken and lang not in spoken:
            yield Spot("G101", concept, None, "concept", f"{concept.id} has no {NAMES[lang]} term")
        elif lang in spoken and lang not in preferred:
            first = next(term for term in concept.terms if term.lang == lang)
            yield Spot(
                "G102", concept, first, "status",
                f"none of the {NAMES[lang]} terms of {concept.id} is preferred",
            )  # fmt: skip
    yield from _twice(concept, folded)
    slots = {
        lang: (term.slots or ("",) * len(_slots(term)))
        for lang, term in preferred.items()
        if _slots(term)  # 应…邀请 is по приглашению, where the slot is at the end and not told
    }
    if len({tuple(sorted(names)) for names in slots.values()}) > 1:
        told = ", ".join(
            f"{NAMES[lang]} {len(names)}" + (f" ({' '.join(names)})" if any(names) else "")
            for lang, names in slots.items()
        )
        yield Spot("G303", concept, None, "concept", f"slots of the preferred terms: {told}")
    for term in concept.terms:
        yield from _of_term(concept, term)
    yield from _hidden(concept)


def _slots(term: Term) -> list[str]:
    return re.findall(r"(?:…|\.\.\.)+", term.text)


def _of_term(concept: Concept, term: Term) -> Iterator[Spot]:
    if term.verified and not term.evidence:
        yield Spot("G401", concept, term, "evidence", f"{term.text}: seen where?", True)
    for source in term.evidence:
        if not _SOURCE.fullmatch(source):
            yield Spot("G402", concept, term, "evidence", f"{source} is no address")
    if term.status == "deprecated" and not term.valid_to and not term.valid_from:
        yield Spot("G403", concept, term, "to", f"{term.text}: outdated since when?")
    for country in term.scope:
        if country not in CODES:
            yield Spot("G404", concept, term, "scope", f"{country} is no country code known here")
    if term.status in _APPROVED and "accept-only" not in term.flags:
        letters = [char for char in term.text if char.isalnum()]
        short = 1 if term.lang == "zh" else 2
        # A capital makes a name or an abbreviation of it.
        if len(letters) <= short and not (term.lang != "zh" and term.text[0].isupper()):
            yield Spot(
                "G304", concept, term, "term",
                f"{term.text} demands an equivalent wherever it stands",
            )  # fmt: skip


def _twice(concept: Concept, folded: Folded) -> Iterator[Spot]:
    groups: dict[tuple[str, str], list[Term]] = defaultdict(list)
    for term in concept.terms:
        groups[term.lang, folded(term)].append(term)
    for terms in groups.values():
        for number, term in enumerate(terms):
            for other in terms[:number]:
                if not _meet(term, other):
                    continue
                banned = {term.status == "forbidden", other.status == "forbidden"}
                if banned == {True, False}:
                    if _clash(*sorted((term, other), key=lambda t: t.status != "forbidden")):
                        yield Spot(
                            "G110", concept, term, "status",
                            f"{term.text} is {term.status} here and {other.status} on line "
                            f"{other.line}",
                        )  # fmt: skip
                elif term.text == other.text:
                    yield Spot(
                        "G104", concept, term, "term", f"{term.text} is on line {other.line} too",
                    )  # fmt: skip
                elif "case" not in term.flags | other.flags:
                    yield Spot(
                        "G105", concept, term, "term",
                        f"{term.text} is to the matcher what {other.text} is (line {other.line})",
                    )  # fmt: skip


def _hidden(concept: Concept) -> Iterator[Spot]:
    for weak in concept.terms:
        if "accept-only" not in weak.flags or "…" in weak.text:
            continue
        edge = "" if weak.lang == "zh" else " "
        for strong in concept.terms:
            if strong.lang != weak.lang or strong.status not in _APPROVED:
                continue
            if "accept-only" in strong.flags or "…" in strong.text:
                continue
            if f"{edge}{strong.text}{edge}".lower() in f"{edge}{weak.text}{edge}".lower():
                yield Spot(
                    "G302", concept, weak, "flags",
                    f"{weak.text} silences {strong.text}, which it holds",
                )  # fmt: skip


def _meet(one: Term, other: Term) -> bool:
    """Say whether two terms can hold in one text: countries, sides and dates."""
    if one.scope and other.scope and not scope(one) & scope(other):
        return False
    if one.register and other.register and one.register != other.register:
        return False
    start = max(t.valid_from or datetime.date.min for t in (one, other))
    end = min(t.valid_to or datetime.date.max for t in (one, other))
    return start <= end


def _clash(banned: Term, right: Term) -> bool:
    """Say whether a ban and an approval hold at once, so that no text can tell which.

    Where one of them is bound to countries and the other is not, the countries decide.
    """
    return bool(banned.scope) == bool(right.scope) and _meet(banned, right)


def between(concepts: Sequence[Concept], folded: Folded) -> Iterator[Spot]:
    """Yield what is wrong with concepts beside each other; linear but for crowds."""
    forms: dict[tuple[str, str], list[tuple[Concept, Term]]] = defaultdict(list)
    for concept in concepts:
        for term in concept.terms:
            if term.status != PROPOSED:
                forms[term.lang, folded(term)].append((concept, term))
    told: set[tuple[str, str, str]] = set()
    bans: dict[str, set[str]] = defaultdict(set)
    for holders in forms.values():
        if len(holders) < 2 or len(holders) > _CROWD:
            continue
        for number, (concept, term) in enumerate(holders):
            for other_concept, other in holders[:number]:
                if concept.id == other_concept.id:
                    continue
                for spot in _two(concept, term, other_concept, other, folded, bans):
                    key = (spot.code, *sorted((concept.id, other_concept.id)))
                    if spot.code in ("G106", "G107") and key in told:
                        continue
                    told.add(key)
                    yield spot
    yield from _near(concepts, folded, told)
    yield from _circles(concepts, bans)


def _near(
    concepts: Sequence[Concept], folded: Folded, told: set[tuple[str, str, str]]
) -> Iterator[Spot]:
    """Yield concepts that no term makes one, and yet each language all but does.

    Two texts that differ by a letter have the same first half or the same second; so have those
    that differ in an ending. Only concepts that share a half of a term are compared.
    """
    halves: dict[tuple[str, int, str], list[Concept]] = defaultdict(list)
    for concept in concepts:
        for lang in LANGS:
            term = concept.preferred(lang)
            text = folded(term) if term else ""
            if len(text) >= _SHORTEST:
                for size in {len(text) // 2, (len(text) - 1) // 2}:
                    halves[lang, 0, text[:size]].append(concept)
                    halves[lang, 1, text[-size:]].append(concept)
    seen: set[tuple[str, str]] = set()
    for holders in halves.values():
        if len(holders) < 2 or len(holders) > _CROWD:
            continue
        for number, concept in enumerate(holders):
            for other in holders[:number]:
                pair = (other.id, concept.id)
                if concept is other or pair in seen:
                    continue
                seen.add(pair)
                key = tuple(sorted(pair))
                if ("G106", *key) in told or ("G107", *key) in told:
                    continue
                same, near, others = _alike(concept, other, folded)
                if len(same) + len(near) >= 2 and not others and _terms_meet(concept, other):
                    told.add(("G107", *key))
                    yield _nearly(concept, other, near)


def _terms_meet(one: Concept, other: Concept) -> bool:
    return all(
        _meet(a, b)
        for lang in LANGS
        if (a := one.preferred(lang)) and (b := other.preferred(lang))
    )


def _nearly(concept: Concept, other: Concept, near: Sequence[str]) -> Spot:
    return Spot(
        "G107", concept, None, "concept",
        f"{concept.id} is {other.id} (line {other.line}) but for a letter or an ending of its "
        f"{' and '.join(NAMES[lang] for lang in near)} term",
    )  # fmt: skip


def _two(
    concept: Concept, term: Term, other_concept: Concept, other: Term, folded: Folded,
    bans: dict[str, set[str]],
) -> Iterator[Spot]:  # fmt: skip
    if not _meet(term, other):
        return
    statuses = term.status, other.status
    if "forbidden" in statuses:
        if statuses == ("forbidden", "forbidden") or "deprecated" in statuses:
            return
        pairs = ((concept, term), (other_concept, other))
        ban, right = pairs if term.status == "forbidden" else pairs[::-1]
        if _clash(ban[1], right[1]):
            if right[1].status == "preferred":
                bans[ban[0].id].add(right[0].id)
            yield Spot(
                "G109", *ban, "status",
                f"{ban[1].text} is {right[1].status} in {right[0].id} (line {right[1].line})",
            )  # fmt: skip
        return
    if any(status not in _APPROVED for status in statuses):
        return
    if statuses == ("preferred", "preferred"):
        same, near, other_langs = _alike(concept, other_concept, folded)
        if len(same) >= 2 and not other_langs:
            names = " and ".join(NAMES[lang] for lang in same)
            yield Spot(
                "G106", concept, None, "concept",
                f"{concept.id} has the preferred {names} terms of {other_concept.id} (line "
                f"{other_concept.line})",
            )  # fmt: skip
            return
        if near and not other_langs:
            yield _nearly(concept, other_concept, near)
            return
    if "accept-only" in term.flags | other.flags or bool(term.scope) != bool(other.scope):
        return
    for lang in LANGS:
        one, two = concept.preferred(lang), other_concept.preferred(lang)
        if lang != term.lang and one and two and folded(one) != folded(two) and _meet(one, two):
            yield Spot(
                "G108", concept, term, "term",
                f"{term.text} is {one.text} here and {two.text} in {other_concept.id} (line "
                f"{other.line})",
            )  # fmt: skip
            return


def _alike(
    one: Concept, other: Concept, folded: Folded
) -> tuple[list[str], list[str], list[str]]:
    """Return the languages whose preferred terms are the same, nearly so, and otherwise.

    The first language that is otherwise ends the comparison.
    """
    same, near = [], []
    for lang in LANGS:
        a, b = one.preferred(lang), other.preferred(lang)
        if not a or not b:
            continue
        left, right = folded(a), folded(b)
        if left == right:
            same.append(lang)
        elif _one_letter(left, right) or _one_wording(left, right, lang):
            near.append(lang)
        else:
            return same, near, [lang]
    return same, near, []


def _one_wording(one: str, other: str, lang: str) -> bool:
    """Say whether two texts are the same words, inflected or with articles."""
    if lang == "zh" or re.findall(r"\d", one) != re.findall(r"\d", other):
        return False
    # Forms of a word begin alike: most pairs end here.
    starts = [
        [word[:2] for word in text.split() if word not in _ARTICLES] for text in (one, other)
    ]
    if starts[0] != starts[1]:
        return False
    known = [
        [keys for form, keys in words(text, lang) if form not in _ARTICLES]
        for text in (one, other)
    ]
    return len(known[0]) == len(known[1]) > 1 and all(
        a & b for a, b in zip(*known, strict=True)
    )


def _one_letter(one: str, other: str) -> bool:
    """Say whether two texts differ by one letter put in, left out, changed or exchanged."""
    if abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < 4:
        return False
    half = min(len(one), len(other)) // 2 - 1
    if one[:half] != other[:half] and one[-half:] != other[-half:]:
        return False
    if re.findall(r"\d", one) != re.findall(r"\d", other):
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    a, b = one[start:], other[start:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (a[2:] == b[2:] and a[:2] == b[1::-1])
    return a[1:] == b or a == b[1:]


def _circles(concepts: Sequence[Concept], bans: dict[str, set[str]]) -> Iterator[Spot]:
    by_id = {concept.id: concept for concept in concepts}
    for concept in concepts:
        for kind, target in concept.relations:
            if target not in by_id:
                yield Spot(
                    "G112", concept, None, "flags", f"{kind}={target}: there is no such concept"
                )
    for kind in RELATIONS[:2]:
        edges = {
            concept.id: {target for k, target in concept.relations if k == kind}
            for concept in concepts
            if concept.relations
        }
        for circle in _loops(edges):
            yield Spot(
                "G111", by_id[circle[0]], None, "flags",
                f"a circle of {kind}: {' → '.join([*circle, circle[0]])}",
            )  # fmt: skip
    for circle in _loops(bans):
        yield Spot(
            "G111", by_id[circle[0]], None, "concept",
            f"each forbids what the next prefers: {' → '.join([*circle, circle[0]])}",
        )  # fmt: skip


def _loops(edges: dict[str, set[str]]) -> Iterator[list[str]]:
    """Yield one way around each circle, without recursion: chains may be long."""
    done: set[str] = set()
    for start in edges:
        if start in done:
            continue
        path: list[str] = []
        places: dict[str, int] = {}
        stack: list[tuple[str, Iterator[str]]] = [(start, iter(sorted(edges[start])))]
        path.append(start)
        places[start] = 0
        while stack:
            node, targets = stack[-1]
            target = next(targets, None)
            if target is None:
                stack.pop()
                path.pop()
                del places[node]
                done.add(node)
            elif target in places:
                yield path[places[target] :]
            elif target not in done and target in edges:
                places[target] = len(path)
                path.append(target)
                stack.append((target, iter(sorted(edges[target]))))
