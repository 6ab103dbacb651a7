"""Tell two states of a glossary apart, concept by concept, and make one of the other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from toolkit.errors import GlossaryError
from toolkit.glossary.concept import Concept, Term
from toolkit.glossary.edit import fold
from toolkit.glossary.format import COLUMNS, circumstances, concept_row, term_row
from toolkit.glossary.sheet import Sheet
from toolkit.languages import LANGS


@dataclass(frozen=True, slots=True)
class Difference:
    """What one state has otherwise than the other.

    ``kind`` is added, removed, changed or renamed; ``lang`` and ``term`` are empty where the
    concept itself is meant. ``column`` is the column that changed, ``old`` and ``new`` its cells;
    of a whole concept or term they hold the domain or status.
    """

    kind: str
    concept: str
    lang: str = ""
    term: str = ""
    column: str = ""
    old: str = ""
    new: str = ""


def pair(one: Sequence[Term], other: Sequence[Term]) -> list[tuple[int | None, int | None]]:
    """Pair the terms of two states of a concept; who has no partner stands alone.

    Same row first, then the same term in other circumstances, then another spelling of it: a
    pair is made only where there is one way to make it.
    """
    pairs: list[tuple[int | None, int | None]] = []
    left, right = dict(enumerate(one)), dict(enumerate(other))
    for key in (circumstances, _wording, _spelling):
        if not left or not right:
            break
        places: dict[object, tuple[list[int], list[int]]] = {}
        for side, terms in enumerate((left, right)):
            for number, term in terms.items():
                places.setdefault(key(term), ([], []))[side].append(number)
        for mine, theirs in places.values():
            if len(mine) == len(theirs) == 1:
                pairs.append((mine[0], theirs[0]))
                del left[mine[0]], right[theirs[0]]
    return pairs + [(number, None) for number in left] + [(None, number) for number in right]


def _wording(term: Term) -> tuple[str, str]:
    return term.lang, term.text


def _spelling(term: Term) -> tuple[str, str]:
    return term.lang, fold(term.text, term.lang)


def between(one: Iterable[Concept], other: Iterable[Concept]) -> list[Difference]:
    """Return what ``other`` has otherwise than ``one``: by id, or by content where ids differ."""
    ours = {concept.id: concept for concept in one}
    theirs = {concept.id: concept for concept in other}
    gone = [concept for id, concept in ours.items() if id not in theirs]
    new = [concept for id, concept in theirs.items() if id not in ours]
    renamed, _ = match_contents(gone, new)
    found: list[Difference] = []
    for id, concept in ours.items():
        if id in renamed:
            found.append(Difference("renamed", id, new=renamed[id]))
            found += _inside(concept, theirs[renamed[id]])
        elif id in theirs:
            found += _inside(concept, theirs[id])
        else:
            found.append(Difference("removed", id, old=concept.domain))
    taken = set(renamed.values())
    found += [Difference("added", c.id, new=c.domain) for c in new if c.id not in taken]
    return found


def _inside(one: Concept, other: Concept) -> list[Difference]:
    found = []
    rows = concept_row(one)[1:], concept_row(other)[1:]
    for column, old, new in zip(COLUMNS[1:], *rows, strict=True):
        if old != new:
            name = "relations" if column == "flags" else column
            found.append(Difference("changed", one.id, column=name, old=old, new=new))
    for a, b in pair(one.terms, other.terms):
        if a is None and b is not None:
            term = other.terms[b]
            found.append(Difference("added", one.id, term.lang, term.text, new=term.status))
        elif b is None and a is not None:
            term = one.terms[a]
            found.append(Difference("removed", one.id, term.lang, term.text, old=term.status))
        elif a is not None and b is not None:
            term = one.terms[a]
            rows = term_row("", term), term_row("", other.terms[b])
            for column, old, new in zip(COLUMNS, *rows, strict=True):
                if old != new:
                    found.append(
                        Difference("changed", one.id, term.lang, term.text, column, old, new)
                    )
    return found


def match_contents(
    one: Sequence[Concept], other: Sequence[Concept]
) -> tuple[dict[str, str], list[tuple[Concept, Concept, tuple[str, ...]]]]:
    """Match concepts whose ids differ by what they say.

    Two are the same where the preferred terms of two languages agree, in any spelling, and no
    other concept on either side agrees as well.

    Returns:
        Ids of ``other`` by ids of ``one``, and what looks alike but cannot be told: one language
        agrees, or several concepts do; with the languages that agree.
    """
    by_term: dict[tuple[str, str], list[Concept]] = {}
    for concept in other:
        for key in _keys(concept):
            by_term.setdefault(key, []).append(concept)
    alike: dict[str, dict[str, set[str]]] = {}
    for concept in one:
        near = alike.setdefault(concept.id, {})
        for lang, text in _keys(concept):
            for partner in by_term.get((lang, text), ()):
                if not _apart(concept, partner):
                    near.setdefault(partner.id, set()).add(lang)
    backwards: dict[str, list[str]] = {}
    for id, near in alike.items():
        for partner_id, langs in near.items():
            if len(langs) >= 2:
                backwards.setdefault(partner_id, []).append(id)
    matched: dict[str, str] = {}
    unsure = []
    ours, theirs = {c.id: c for c in one}, {c.id: c for c in other}
    for id, near in alike.items():
        same = [partner_id for partner_id, langs in near.items() if len(langs) >= 2]
        if len(same) == 1 and backwards[same[0]] == [id]:
            matched[id] = same[0]
    taken = set(matched.values())
    for id, near in alike.items():
        if id not in matched:
            unsure += [
                (ours[id], theirs[other_id], tuple(lang for lang in LANGS if lang in langs))
                for other_id, langs in near.items()
                if other_id not in taken
            ]
    return matched, unsure


def _keys(concept: Concept) -> set[tuple[str, str]]:
    return {
        (term.lang, fold(term.text, term.lang))
        for term in concept.terms
        if term.status == "preferred"
    }


def _apart(one: Concept, other: Concept) -> bool:
    """Say whether two concepts are bound to different countries, and so may share a form."""
    scopes = [{c for term in concept.terms for c in term.scope} for concept in (one, other)]
    return bool(scopes[0]) and bool(scopes[1]) and not scopes[0] & scopes[1]


def transform(sheet: Sheet, id: str, wanted: Concept) -> None:
    """Make the concept ``id`` of a sheet say what ``wanted`` says, by the smallest edits.

    Raises:
        GlossaryError: If ``wanted`` cannot stand in a file: two preferred terms of a language.
    """
    now = sheet.concept(id)
    sheet.set_concept(
        id, domain=wanted.domain, note=wanted.note, relations=wanted.relations
    )
    changed: list[tuple[Term, Term]] = []
    added: list[Term] = []
    for a, b in pair(now.terms, wanted.terms):
        if b is None and a is not None:
            sheet.remove_term(id, now.terms[a])
        elif a is None and b is not None:
            added.append(wanted.terms[b])
        elif a is not None and b is not None:
            if term_row("", now.terms[a]) != term_row("", wanted.terms[b]):
                changed.append((now.terms[a], wanted.terms[b]))
    # Who stops being preferred makes room for who begins to be.
    changed.sort(key=lambda item: item[1].status == "preferred")
    for old, new in changed:
        try:
            sheet.set_term(id, old, new)
        except GlossaryError:
            sheet.remove_term(id, old)
            added.append(new)
    for term in sorted(added, key=lambda term: term.status == "preferred"):
        sheet.add_term(id, term)
    if wanted.id != id:
        sheet.rename(id, wanted.id)


def without_lines(concept: Concept) -> Concept:
    """Return a concept without its place in a file, for comparing."""
    return replace(
        concept, line=0, terms=tuple(replace(term, line=0) for term in concept.terms)
    )
