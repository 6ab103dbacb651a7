"""The simple way, to measure against: the commonest phrases with what they meet most often."""

from collections.abc import Mapping, Sequence

from toolkit.glossary.concept import Glossary
from toolkit.glossary.extract.association import together
from toolkit.glossary.extract.candidates import Candidate, Rendering, sides_of
from toolkit.glossary.extract.forms import citation
from toolkit.languages import LANGS


def by_frequency(
    rows: Sequence[Mapping[str, str]], glossary: Glossary | None = None, *, least: int = 2
) -> list[Candidate]:
    """Return Chinese phrases by falling frequency with the commonest phrases of their beads."""
    sides = sides_of(rows, glossary, least)
    beads = {
        lang: {keys: phrase.beads for keys, phrase in side.phrases.items()}
        for lang, side in sides.items()
    }
    first = LANGS[0]
    met = {lang: together(beads[first], beads[lang]) for lang in LANGS[1:] if lang in beads}
    found = []
    for keys, own in sorted(beads[first].items(), key=lambda item: (-len(item[1]), item[0])):
        chosen = {first: keys}
        for lang, counts in met.items():
            if counts[keys]:
                chosen[lang] = max(counts[keys].items(), key=lambda item: (item[1], item[0]))[0]
        renderings = []
        for lang, phrase in chosen.items():
            side = sides[lang]
            places = tuple(side.places.get(phrase, ()))
            texts = [(side.texts[n][start:end], start) for n, start, end in places[:50]]
            renderings.append(Rendering(lang, citation(texts, lang), len(places), places))
        found.append(Candidate(tuple(renderings), tuple(own), 0.0, 0.0, float(len(own))))
    return found[:2000]
