"""What a person does to a glossary: add, edit, approve, reject, remove, rename."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from toolkit import languages
from toolkit.errors import GlossaryError
from toolkit.glossary.concept import PROPOSED, Concept, Term
from toolkit.glossary.format import (
    COLUMNS,
    RELATIONS,
    UNVERIFIED,
    circumstances,
    term_cell,
    term_row,
)
from toolkit.glossary.rows import check_id, term_from
from toolkit.glossary.sheet import Sheet
from toolkit.languages import NAMES

_SPACE = re.compile(r"[\s\-‐-―]+")


def find_term(concept: Concept, text: str, *, lang: str | None = None, line: int = 0) -> Term:
    """Return the term of ``concept`` that is ``text``: to the letter, else however it is spelt.

    Args:
        line: Its line in the file, where two rows hold the same term.

    Raises:
        GlossaryError: If there is none or more than one; the message lists them.
    """
    terms = [
        term for term in concept.terms
        if (lang is None or term.lang == lang) and (not line or term.line == line)
    ]  # fmt: skip
    found = [term for term in terms if text in (term.text, term_cell(term))]
    if not found:
        found = [term for term in terms if fold(term.text, term.lang) == fold(text, term.lang)]
    if not found:
        known = "".join(f"\n    {term.lang} {term.text}" for term in terms)
        raise GlossaryError(f"{concept.id} has no term {text!r}; it has:{known or ' none'}")
    if len(found) > 1:
        known = "".join(
            f"\n    --line {term.line} --lang {term.lang}: {term.text} ({_where(term)})"
            for term in found
        )
        raise GlossaryError(f"{concept.id} has {len(found)} terms {text!r}; choose one:{known}")
    return found[0]


def fold(text: str, lang: str) -> str:
    """Return a text as its spelling does not matter: case, ё, width, hyphens, quotation marks."""
    folded = languages.module(lang).normalise(text).text.replace('"', "")
    return _SPACE.sub("" if lang == "zh" else " ", folded).strip()


def _where(term: Term) -> str:
    cells = term_row("", term)
    said = [f"{name} {cells[COLUMNS.index(name)]}" for name in ("scope", "register", "from", "to")
            if cells[COLUMNS.index(name)]]  # fmt: skip
    return ", ".join([term.status, *said])


def add(
    sheet: Sheet,
    id: str,
    texts: Sequence[tuple[str, str]],
    cells: Mapping[str, str],
    *,
    domain: str = "",
    note: str = "",
    relations: Sequence[str] = (),
    demote: str | None = None,
) -> None:
    """Add a concept, or terms to one that is there.

    Args:
        texts: Pairs of a language and a term. Where no status is given, the first of a language
            that has no preferred term becomes preferred, the others admitted.
        cells: What holds for all these terms, by column name.

    Raises:
        GlossaryError: For a concept that needs a domain, or terms that cannot be added.
    """
    check_id(id)
    related = [relation(item) for item in relations]
    if id not in sheet:
        if not domain:
            raise GlossaryError(f"{sheet.source}: {id} is a new concept; name its --domain")
        sheet.add_concept(Concept(id, domain, (), note, relations=tuple(related)))
    else:
        concept = sheet.concept(id)
        sheet.set_concept(
            id,
            domain=domain or None,
            note=note or None,
            relations=(*concept.relations, *(r for r in related if r not in concept.relations)),
        )
    if not texts and not (domain or note or related):
        raise GlossaryError("nothing to add; give a term with --zh, --ru or --en")
    for lang, text in texts:
        preferred = sheet.concept(id).preferred(lang)
        status = cells.get("status") or ("admitted" if preferred else "preferred")
        term = term_from({**cells, "lang": lang, "term": text, "status": status})
        if status == "preferred" and preferred and demote:
            _demote(sheet, id, preferred, demote)
        sheet.add_term(id, term)


def relation(text: str) -> tuple[str, str]:
    """Read KIND=ID.

    Raises:
        GlossaryError: If it is something else.
    """
    kind, _, id = text.partition("=")
    if kind not in RELATIONS:
        raise GlossaryError(
            f"{text!r} is not a relation; known: {', '.join(f'{r}=ID' for r in RELATIONS)}"
        )
    return kind, check_id(id)


def edit_term(
    sheet: Sheet, id: str, term: Term, cells: Mapping[str, str], *, demote: str | None = None,
    sources: Sequence[str] = (), dropped: Sequence[str] = (),
) -> None:
    """Give a term other cells; sources are added to those it has, or taken from them.

    Raises:
        GlossaryError: For cells that say nothing possible, or a second preferred term without
            ``demote``.
    """
    row = dict(zip(COLUMNS, term_row(id, term), strict=True))
    row.update(cells)
    if sources or dropped:
        row["evidence"] = _evidence(row["evidence"], sources, dropped)
    new = term_from(row)
    if new.text != term.text and not any(new.slots) and new.text.count("…") == len(term.slots):
        new = replace(new, slots=term.slots)
    other = sheet.concept(id).preferred(term.lang)
    if new.status == "preferred" and other and circumstances(other) != circumstances(term):
        if demote:
            _demote(sheet, id, other, demote)
    sheet.set_term(id, term, new)
    check_preferred(sheet, id, term.lang, had=term.status == "preferred")


def _evidence(cell: str, sources: Sequence[str], dropped: Sequence[str]) -> str:
    items = [item for item in cell.split() if item != UNVERIFIED]
    for source in dropped:
        if source not in items:
            raise GlossaryError(f"the term has no source {source}; it has: {' '.join(items)}")
        items.remove(source)
    for source in sources:
        if not source.split() == [source]:
            raise GlossaryError(f"{source!r} is not one source: it is empty or holds spaces")
        if source not in items:
            items.append(source)
    unverified = UNVERIFIED in cell.split() and not sources or not items
    return " ".join(([UNVERIFIED] if unverified else []) + items)


def _demote(sheet: Sheet, id: str, term: Term, status: str) -> None:
    if status == "preferred":
        raise GlossaryError("a term cannot be demoted to preferred")
    sheet.set_term(id, term, replace(term, status=status))


def check_preferred(sheet: Sheet, id: str, lang: str, *, had: bool) -> None:
    """Refuse to leave a language with terms but without a preferred one, where it had one.

    Raises:
        GlossaryError: If so.
    """
    concept = sheet.concept(id)
    if not had or concept.preferred(lang):
        return
    left = [t.text for t in concept.terms if t.lang == lang and t.status != PROPOSED]
    if left:
        raise GlossaryError(
            f"{sheet.source}: {id} would have no preferred {NAMES[lang]} term; make another one "
            f"preferred instead, with --demote for this one: {', '.join(map(repr, left))}"
        )


def proposed(concept: Concept, texts: Sequence[str], lang: str | None = None) -> list[Term]:
    """Return the proposed terms that are ``texts``, or all there are.

    Raises:
        GlossaryError: If there are none, or one of them is not proposed.
    """
    if not texts:
        found = [
            term for term in concept.terms
            if term.status == PROPOSED and (lang is None or term.lang == lang)
        ]  # fmt: skip
        if not found:
            raise GlossaryError(f"{concept.id} has no proposed terms")
        return found
    found = []
    for text in texts:
        terms = [term for term in concept.terms if term.status == PROPOSED]
        chosen = replace(concept, terms=tuple(terms))
        try:
            found.append(find_term(chosen, text, lang=lang))
        except GlossaryError:
            term = find_term(concept, text, lang=lang)
            raise GlossaryError(
                f"{term.text!r} of {concept.id} is {term.status}, not proposed; change it with "
                "glossary edit"
            ) from None
    return found


def approve(
    sheet: Sheet, id: str, texts: Sequence[str] = (), *, lang: str | None = None,
    status: str | None = None, sources: Sequence[str] = (), demote: str | None = None,
) -> list[Term]:
    """Make proposed terms terms: preferred where their language has none yet, else admitted.

    Raises:
        GlossaryError: As `proposed` and `edit_term`.
    """
    terms = proposed(sheet.concept(id), texts, lang)
    for term in terms:
        chosen = status or (
            "admitted" if sheet.concept(id).preferred(term.lang) else "preferred"
        )
        edit_term(sheet, id, term, {"status": chosen}, demote=demote, sources=sources)
    return terms


def reject(
    sheet: Sheet, id: str, texts: Sequence[str] = (), *, lang: str | None = None,
    forbid: bool = False,
) -> list[Term]:
    """Take proposed terms out, or forbid them; a concept without terms goes with its last one.

    Raises:
        GlossaryError: As `proposed`.
    """
    terms = proposed(sheet.concept(id), texts, lang)
    for term in terms:
        if forbid:
            sheet.set_term(id, term, replace(term, status="forbidden"))
        else:
            sheet.remove_term(id, term)
    if not sheet.concept(id).terms:
        _check_unnamed(sheet, id)
        sheet.remove_concept(id)
    return terms


def remove(sheet: Sheet, id: str, term: Term | None = None) -> None:
    """Take a term out, or the whole concept.

    Raises:
        GlossaryError: If another concept names it, or a language would lose its preferred term.
    """
    if term is None:
        sheet.concept(id)
        _check_unnamed(sheet, id)
        sheet.remove_concept(id)
        return
    sheet.remove_term(id, term)
    check_preferred(sheet, id, term.lang, had=term.status == "preferred")


def _check_unnamed(sheet: Sheet, id: str) -> None:
    names = [
        f"{concept.id} ({kind}={id})"
        for concept in sheet.concepts()
        for kind, target in concept.relations
        if target == id and concept.id != id
    ]
    if names:
        raise GlossaryError(
            f"{sheet.source}: other concepts name {id}: {', '.join(names)}; change them first"
        )


def rename(sheet: Sheet, old: str, new: str) -> None:
    """Give a concept another id.

    Raises:
        GlossaryError: If there is no such concept, or the new id is taken or none.
    """
    sheet.rename(old, check_id(new))
