"""Measure extraction: hide a third of the shipped concepts, and see how many come back.

The corpus is the project's own trilingual sentences (toolkit/translate/training/sentences.tsv),
one bead a line. A concept counts as attested where terms of it stand in two beads in all three
languages. A candidate is a hit if its Chinese form and its Russian or English form are terms of
one hidden concept, inflection and spelling aside. Candidates that are good terms but no shipped
concept count as misses, so precision is a lower bound.

    python tests/bench/extract.py [--splits 3] [--show 30]
"""

import argparse
import random
import time
from collections import Counter, defaultdict
from pathlib import Path

from toolkit import languages
from toolkit.glossary.concept import Glossary
from toolkit.glossary.extract.association import dice, log_likelihood
from toolkit.glossary.extract.baseline import by_frequency
from toolkit.glossary.extract.candidates import extract
from toolkit.glossary.match import Matcher
from toolkit.glossary.store import load
from toolkit.languages import LANGS

SENTENCES = Path(__file__).parents[2] / "toolkit" / "translate" / "training" / "sentences.tsv"
TOP = 100
NAMES = {"place", "country", "person", "region", "organisation", "agency"}


def corpus() -> list[dict[str, str]]:
    lines = SENTENCES.read_text(encoding="utf-8").splitlines()
    return [
        dict(zip(LANGS, line.split("\t"), strict=False))
        for line in lines
        if line.strip() and not line.startswith("#")
    ]


def attested(rows, glossary) -> set[str]:
    matcher = Matcher(glossary)
    counts = Counter()
    for row in rows:
        found = [
            {m.concept.id for m in matcher.find(row[lang], lang)} if row.get(lang) else set()
            for lang in LANGS
        ]
        counts.update(set.intersection(*found))
    return {id for id, times in counts.items() if times >= 2}


def forms(text: str, lang: str) -> frozenset[tuple[str, ...]]:
    module = languages.module(lang)
    words = module.tokens(module.normalise(text).text)
    keys = [module.keys(word.text) for word in words if word.text not in ("a", "an", "the")]
    found = {()}
    for options in keys:
        found = {(*head, key) for head in found for key in options[:3]}
        if len(found) > 200:
            break
    return frozenset(found)


def index(glossary, ids):
    found = defaultdict(set)
    for concept in glossary.concepts:
        if concept.id in ids:
            for term in concept.terms:
                if term.status in ("preferred", "admitted"):
                    for form in forms(term.text, term.lang):
                        found[term.lang, form].add(concept.id)
    return found


def hit(texts, terms) -> set[str]:
    ids = {
        lang: set().union(*(terms.get((lang, form), set()) for form in forms(text, lang)))
        for lang, text in texts.items()
    }
    return ids["zh"] & (ids.get("ru", set()) | ids.get("en", set()))


def measure(candidates, terms, wanted):
    found, hits = set(), 0
    for texts in candidates[:TOP]:
        ids = hit(texts, terms)
        hits += bool(ids)
        found |= ids
    everywhere = set().union(*(hit(texts, terms) for texts in candidates)) if candidates else set()
    return hits / TOP, len(found) / min(TOP, len(wanted)), len(everywhere & wanted) / len(wanted)


def by_encoder(found):
    """Rank candidates anew by how near their forms are to each other as vectors."""
    from toolkit.encoder import default

    encoder = default()
    rows = [[c.best(lang).text if c.best(lang) else "" for lang in LANGS] for c in found]
    zh, ru, en = (encoder.encode([row[at] for row in rows]) for at in range(3))
    near = ((zh * ru).sum(1) + (zh * en).sum(1) + (ru * en).sum(1)) / 3
    order = sorted(range(len(found)), key=lambda at: -found[at].score * max(0.0, near[at]))
    return [found[at] for at in order]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--splits", type=int, default=3)
    parser.add_argument("--show", type=int, default=0)
    options = parser.parse_args()
    rows, glossary = corpus(), load()
    known = attested(rows, glossary)
    print(f"{len(rows)} beads, {len(known)} shipped concepts in two or more of them")
    systems = {
        "association (Dice)": lambda kept: extract(rows, kept, measure=dice),
        "association (log-likelihood)": lambda kept: extract(rows, kept, measure=log_likelihood),
        "Dice, times the encoder's cosine": lambda kept: by_encoder(extract(rows, kept)),
        "frequency": lambda kept: by_frequency(rows, kept),
    }
    sums = defaultdict(lambda: [0.0] * 5)
    for split in range(options.splits):
        ids = sorted(known)
        random.Random(split).shuffle(ids)
        hidden = set(ids[: len(ids) // 3])
        kept = Glossary(tuple(c for c in glossary.concepts if c.id not in hidden))
        terms = index(glossary, hidden)
        for name, system in systems.items():
            start = time.perf_counter()
            found = system(kept)
            took = time.perf_counter() - start
            texts = [
                {lang: best.text for lang in LANGS if (best := c.best(lang))} for c in found
            ]
            names = {c.id for c in glossary.concepts if c.domain in NAMES}
            phrases = [
                text for c, text in zip(found, texts, strict=True) if not c.named
            ]
            for kind, some, wanted in (
                ("all", texts, hidden), ("phrases", phrases, hidden - names)
            ):
                known_terms = terms if kind == "all" else index(glossary, wanted)
                values = (*measure(some, known_terms, wanted), took, len(wanted))
                for number, value in enumerate(values):
                    sums[name, kind][number] += value / options.splits
            if options.show and name == "association (Dice)" and split == 0:
                for candidate, text in zip(found[: options.show], texts, strict=False):
                    mark = "+" if hit(text, terms) else " "
                    print(mark, f"{candidate.score:.2f}", len(candidate.beads), text)
    print(f"a third hidden, {options.splits} splits; phrases: without places, countries, persons, "
          "organisations")
    print(f"{'':40} hidden  P@{TOP}  R@{TOP}  R at all  seconds")
    for (name, kind), (precision, recall, everywhere, took, wanted) in sums.items():
        print(f"{name + ', ' + kind:40} {wanted:6.0f}  {precision:.3f}  {recall:.3f}  "
              f"{everywhere:.3f}     {took:.1f}")


if __name__ == "__main__":
    main()
