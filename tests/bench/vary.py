"""More documents out of those at hand: the same sentences, otherwise divided, left out, put in.

The groups of three of a document are its atoms. In each version by itself some atoms are divided
at their sentences, joined with the one before, left out, and sentences of other documents are put
between them; the gold follows. So the weights learn how texts are divided and what is missing,
and not sixty documents by heart. They need nothing new to be said.
"""

from itertools import combinations
from random import Random

from toolkit.languages import en, ru, zh

LANGS = ("zh", "ru", "en")
_MODULES = {"zh": zh, "ru": ru, "en": en}
# How often: joined with the one before, divided at a sentence, left out, a stranger put in.
ORDINARY = (0.09, 0.35, 0.03, 0.02)
MIDDLING = (0.13, 0.45, 0.05, 0.04)
HARD = (0.17, 0.5, 0.08, 0.07)

Atom = dict[str, str]


def atoms(texts, groups, langs) -> list[Atom]:
    """Return what the groups of a document say, by language."""
    found = []
    for group in groups:
        if sum(map(bool, group)) > 1:
            found.append({
                lang: ("" if lang == "zh" else " ").join(texts[lang][k] for k in side)
                for lang, side in zip(langs, group, strict=True) if side
            })  # fmt: skip
    return found


def varied(documents: list[list[Atom]], seed: int, rates: tuple[float, ...]):
    """Yield (texts by language, gold groups by pair) for each document."""
    chance = Random(seed)
    for number, document in enumerate(documents):
        others = chance.sample(range(len(documents)), min(8, len(documents)))
        others = [k for k in others if k != number]
        strangers = [atom for k in others for atom in documents[k]]
        yield _version(document, strangers, chance, rates)


def _version(document, strangers, chance, rates):
    joined, divided, dropped, inserted = rates
    texts, holds = {}, {}
    for lang in LANGS:
        made: list[tuple[str, set[int]]] = []
        for number, atom in enumerate(document):
            text = atom.get(lang, "").strip()
            if not text or chance.random() < dropped:
                continue
            for part in _parts(text, lang, chance, divided):
                if made and made[-1][1] and chance.random() < joined:
                    glue = "" if lang == "zh" else " "
                    made[-1] = (made[-1][0] + glue + part, made[-1][1] | {number})
                    continue
                while strangers and chance.random() < inserted:
                    made.append((chance.choice(strangers).get(lang) or "–", set()))
                made.append((part, {number}))
        made = made or [("–", set())]
        texts[lang], holds[lang] = [part for part, _ in made], [held for _, held in made]
    return texts, {pair: _groups(holds, pair) for pair in combinations(("zh", "en", "ru"), 2)}


def _parts(text, lang, chance, divided) -> list[str]:
    spans = _MODULES[lang].sentences(text)
    cuts = [0]
    cuts += [start for start, _ in spans[1:] if chance.random() < divided]
    return [text[a:b].strip() for a, b in zip(cuts, [*cuts[1:], len(text)], strict=True)]


def _groups(holds, langs):
    """Return which segments of two versions hold the same atoms, directly or in a chain."""
    parent: dict = {}

    def root(item):
        parent.setdefault(item, item)
        while parent[item] != item:
            item = parent[item]
        return item

    for lang in langs:
        for number, held in enumerate(holds[lang]):
            for atom in held:
                parent[root((lang, number))] = root(atom)
    groups: dict = {}
    for lang in langs:
        for number in range(len(holds[lang])):
            sides = groups.setdefault(root((lang, number)), {one: [] for one in langs})
            sides[lang].append(number)
    return [tuple(tuple(sides[lang]) for lang in langs) for sides in groups.values()]
