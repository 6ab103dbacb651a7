"""Candidates become proposed concepts of a glossary file, for a person to approve or reject."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from toolkit.glossary import journal
from toolkit.glossary.change import digest
from toolkit.glossary.concept import PROPOSED, Concept, Glossary, Term
from toolkit.glossary.edit import fold
from toolkit.glossary.exchange.parcel import clean, make_id, unused
from toolkit.glossary.extract.candidates import Candidate
from toolkit.glossary.format import COLUMNS
from toolkit.languages import LANGS

DOMAIN = "extracted"
_PLACES = 5  # of one rendering that are written down


def concepts(
    candidates: Iterable[Candidate], places: Sequence[str], taken: Iterable[str] = ()
) -> list[Concept]:
    """Return a concept a candidate, all terms proposed, with the places where they were seen.

    Args:
        places: What each bead is called: ``talks.tsv:12``.
        taken: Ids that are in use.
    """
    used = set(taken)
    found = []
    for candidate in candidates:
        terms = []
        for rendering in candidate.renderings:
            text = clean(rendering.text)
            if not text or any(t.lang == rendering.lang and t.text == text for t in terms):
                continue
            beads = dict.fromkeys(place[0] for place in rendering.places)
            evidence = dict.fromkeys(places[number].replace(" ", "%20") for number in beads)
            terms.append(
                Term(
                    rendering.lang, text, PROPOSED, evidence=tuple(evidence)[:_PLACES],
                    note=f"{rendering.count} times",
                )
            )  # fmt: skip
        if not terms:
            continue
        id = unused(make_id([replace(t, note="") for t in terms]), used)
        used.add(id)
        note = f"in {len(candidate.beads)} beads; association {candidate.association:.2f}"
        found.append(Concept(id, DOMAIN, tuple(terms), note))
    return found


class Rejected:
    """What was rejected from a queue before, from its journal."""

    def __init__(self, path: str | Path) -> None:
        self._terms: set[tuple[str, str]] = set()
        for event in journal.read(path, digest(path)):
            if event.record.action == "reject" and event.done:
                for line in event.record.removed:
                    cells = dict(zip(COLUMNS, line.split("\t"), strict=False))
                    lang, text = cells.get("lang", ""), cells.get("term", "").strip('"')
                    if lang in LANGS and text:
                        self._terms.add((lang, fold(text, lang)))

    def __len__(self) -> int:
        return len(self._terms)

    def __call__(self, texts: Mapping[str, str]) -> bool:
        """Say whether the forms of a candidate were all rejected."""
        return all((lang, fold(text, lang)) in self._terms for lang, text in texts.items())


def known(glossaries: Iterable[Glossary]) -> Glossary:
    """Return glossaries as one, so that what any of them has is left out, proposals included."""
    return Glossary(
        tuple(
            replace(concept, terms=tuple(
                replace(term, status="admitted") if term.status == PROPOSED else term
                for term in concept.terms
            ))
            for glossary in glossaries
            for concept in glossary.concepts
        )
    )  # fmt: skip
