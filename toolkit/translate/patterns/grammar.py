"""Write sentences in three languages at once from a table of patterns.

Every line of ``grammar.tsv`` is one pattern: its kind, then the same thing said in Chinese,
Russian and English. A sentence grows from the kind ``TEXT``; ``{NAME1}`` in a cell stands for a
pattern of kind NAME, the same one in all three cells. Notation inside the cells:

``{P1}`` ``{T1}`` ``{L1}`` ``{N1}`` ``{O1}`` ``{D1}`` ``{W1}`` ``{M1}`` ``{%1}``
    what never reaches the model: a person, term, place, number, ordinal, date, weekday, amount,
    percentage. Russian names the case, ``{P1:dat}``; of an ordinal its gender too, ``{O1:n,loc}``.
``{NP1:gen}``
    a pattern, in the genitive; ``:*`` hands on the case, or the verb form, asked of this one.
``[братский народ]``
    Russian words that decline; ``#f`` at a cell's end says the gender outright, ``#P1`` takes
    that of P1, and ``#p`` in English makes a plural.
``<укреплять/укрепить>`` ``<strengthen>``
    a verb. ``{VP1:inf}``, ``{VP1:perf}``, ``{VP1:past=X1}``, ``{VP1:fut=X1}``, ``{VP1:pres=X1}``
    ask for its form, agreeing with X1; English has base, past, pres, ing.
``{ADJ1:*=NOUN1}``
    an adjective that agrees with NOUN1; ``=p`` names gender or plural outright.
``{X1?|а|о|и}``
    an ending by the Russian gender of X1 (m f n p); two endings go by number, in English too.
``(said/stated)`` ``(also)``
    ways to say it, or an optional word. A source shows any of them, a target the first, and
    leaves the optional word out.

``~`` at a cell's beginning
    this cell says less than the others (President may be 总统 or 国家主席): it is written, and
    never read.

``VP*3`` in the first column makes a pattern three times as likely.

``[=поставки природного газа]``
    words of which the noun and its adjectives decline, and nothing that depends on them.

``collocations.tsv`` beside it gives more patterns: of a kind ``DO``, what somebody is ready,
agrees or refuses to do, an infinitive in Russian and English; and of the kind ``NP``.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from toolkit.translate.patterns.morphology import (
    decline,
    english_verb,
    gender,
    russian_verb,
)

LANGS = ("zh", "ru", "en")
CLASSES = frozenset("PTLNODWM%")
CASED = frozenset("TPLW")
GENDERED = frozenset("TPL")
GRAMMAR = Path(__file__).parent / "grammar.tsv"
COLLOCATIONS = Path(__file__).parent / "collocations.tsv"

_CHOICE = re.compile(r"\(([^()]*)\)")
_TOKEN = re.compile(
    r"\{(?P<name>[A-Z]+|%)(?P<index>\d?)"
    r"(?:\?(?P<endings>[^{}]*)|:(?P<feature>[^{}]*))?\}"
    r"|\[(?P<head>[^\]]*)\]|<(?P<verb>[^<>]*)>|(?P<text>[^{}\[\]<>]+)"
)
# How often the Russian form of a placeholder has each gender; persons are rarely plural.
_GENDER_SHARES = {"P": "mmmmmmmmff", "L": "mmmmmfffnp", "T": "mmmfffnnnpp"}
_DEEPEST = 3


class GrammarError(ValueError):
    """A pattern that cannot be read, with the line it stands in."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern; ``ru_gender`` and ``en_plural`` are what it says of itself, else None."""

    kind: str
    cells: tuple[str, str, str]
    weight: float
    line: int
    ru_gender: str | None
    en_plural: bool
    children: tuple[tuple[str, str], ...]
    unread: frozenset[str] = frozenset()


@dataclass(slots=True)
class Node:
    """A pattern chosen for a place in the sentence, or a placeholder (``rule`` is None)."""

    name: str
    rule: Rule | None
    children: dict[str, "Node"] = field(default_factory=dict)
    gender: str = "m"
    plural: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """A placeholder as it was met in a rendered text."""

    name: str
    node: int
    case: str
    gender: str


def read(path: Path = GRAMMAR, collocations: Path | None = None) -> dict[str, list[Rule]]:
    """Read the patterns, by kind.

    Args:
        collocations: Pieces of sentences, of kind DO, NP or none.

    Raises:
        GrammarError: If a line lacks a cell, or its cells do not name the same children.
    """
    kinds: dict[str, list[Rule]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        rule = _rule(line, number)
        kinds.setdefault(rule.kind, []).append(rule)
    if collocations is not None:
        for rule in _collocations(collocations):
            kinds.setdefault(rule.kind, []).append(rule)
    for rules in kinds.values():
        for rule in rules:
            for _, name in rule.children:
                if name not in CLASSES and name not in kinds:
                    raise GrammarError(f"line {rule.line}: no pattern of kind {name}")
    return kinds


def _rule(line: str, number: int) -> Rule:
    columns = line.split("\t")
    if len(columns) != 4:
        raise GrammarError(f"line {number}: {len(columns)} columns where 4 are needed")
    kind, _, weight = columns[0].partition("*")
    cells, marks, named = [], [], []
    unread = frozenset(
        lang for lang, cell in zip(LANGS, columns[1:], strict=True) if cell.startswith("~")
    )
    for lang, column in zip(LANGS, columns[1:], strict=True):
        cell, _, mark = column.removeprefix("~").partition("#")
        cells.append(cell)
        marks.append(mark)
        refs = set()
        for match in _TOKEN.finditer(cell):
            if match["name"]:
                refs.add(match["name"] + match["index"])
        rest = _TOKEN.sub("", cell)
        if rest:
            raise GrammarError(f"line {number}: cannot read {rest!r} in the {lang} cell")
        named.append(refs)
    if not named[0] == named[1] == named[2]:
        odd = (named[0] | named[1] | named[2]) - (named[0] & named[1] & named[2])
        raise GrammarError(f"line {number}: {', '.join(sorted(odd))} is not in all three cells")
    children = tuple(sorted((key, key.rstrip("0123456789")) for key in named[0]))
    return Rule(
        kind,
        (cells[0], cells[1], cells[2]),
        float(weight or 1),
        number,
        marks[1] or None,
        marks[2] == "p",
        children,
        unread,
    )


@cache
def shipped() -> dict[str, list[Rule]]:
    """Return the patterns of ``grammar.tsv``."""
    return read(GRAMMAR, COLLOCATIONS)


def _collocations(path: Path) -> Iterator[Rule]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("#"):
            continue
        kind, zh, ru, en = line.split("\t")
        if kind == "DO":
            yield Rule(kind, (zh, ru, en), 1.0, -number, None, False, ())
        elif kind == "NP":
            # Nouns in -ics and -ss are singular; the rest in -s are not.
            plural = en.endswith("s") and not en.endswith(("ss", "ics"))
            yield Rule(kind, (zh, f"[={ru}]", en), 0.05, -number, None, plural, ())


class Generator:
    """Grow sentences from patterns.

    Args:
        seed: Two generators with the same seed write the same sentences.
    """

    def __init__(self, seed: int, rules: dict[str, list[Rule]] | None = None) -> None:
        self.random = random.Random(seed)
        self.rules = shipped() if rules is None else rules

    def tree(
        self,
        kind: str = "TEXT",
        depth: int = 0,
        seen: tuple[str, ...] = (),
        chosen: Rule | None = None,
    ) -> Node:
        """Choose patterns, starting from one of kind ``kind``, or from ``chosen`` itself."""
        rules = self.rules[kind]
        # A pattern that holds its own kind may not nest for ever.
        if seen.count(kind) >= 2 or depth > _DEEPEST + 4:
            flat = [r for r in rules if all(name != kind for _, name in r.children)]
            rules = flat or rules
        rule = chosen or self.random.choices(rules, [r.weight for r in rules])[0]
        node = Node(kind, rule)
        for key, name in rule.children:
            if name in CLASSES:
                shares = _GENDER_SHARES.get(name, "m")
                node.children[key] = Node(name, None, {}, self.random.choice(shares))
            else:
                for _ in range(6):  # two different fillers where the list has them
                    child = self.tree(name, depth + 1, (*seen, kind))
                    if all(
                        child.rule is not other.rule or child.children
                        for other in node.children.values()
                    ):
                        break
                node.children[key] = child
        node.gender, node.plural = agreement(node)
        return node

    def render(self, tree: Node, lang: str, *, varied: bool) -> list[str | Slot]:
        """Write a tree in one language.

        Args:
            varied: Choose freely among the ways to say it (a source), else the first (a target).
        """
        pieces: list[str | Slot] = []
        self._write(tree, lang, varied, "nom", "", False, pieces)
        return _tidy(pieces, lang)

    def _write(
        self, node: Node, lang: str, varied: bool, form: str, gender_: str, plural: bool,
        out: list[str | Slot],
    ) -> None:  # fmt: skip
        assert node.rule is not None
        cell = self._chosen(node.rule.cells[LANGS.index(lang)], varied)
        for match in _TOKEN.finditer(cell):
            if match["text"]:
                out.append(match["text"])
            elif match["head"] is not None:
                out.append(decline(match["head"], form, gender_))
            elif match["verb"]:
                if lang == "ru":
                    out.append(russian_verb(match["verb"], form, gender_ or "m"))
                else:
                    out.append(english_verb(match["verb"], form, plural))
            else:
                child = node.children[match["name"] + match["index"]]
                if match["endings"] is not None:
                    out.append(_ending(child, match["endings"].split("|"), lang))
                    continue
                feature = match["feature"] or ("nom" if lang == "ru" else "base")
                inner_form, _, subject = feature.partition("=")
                inner_gender, inner_plural = (gender_, plural) if feature == "*" else ("", False)
                if inner_form == "*":
                    inner_form = form
                if subject in node.children:
                    inner_gender = node.children[subject].gender
                    inner_plural = node.children[subject].plural
                elif subject:
                    inner_gender = subject
                if child.rule is None:
                    ordinal_gender, _, ordinal_case = inner_form.partition(",")
                    ordinal_case = form if ordinal_case == "*" else ordinal_case
                    is_ordinal = child.name == "O" and lang == "ru"
                    out.append(
                        Slot(
                            child.name,
                            id(child),
                            (ordinal_case if is_ordinal else inner_form) or "nom",
                            ordinal_gender if is_ordinal else child.gender,
                        )
                    )
                else:
                    self._write(
                        child, lang, varied, inner_form, inner_gender, inner_plural, out
                    )

    def _chosen(self, cell: str, varied: bool) -> str:
        def pick(match: re.Match[str]) -> str:
            ways = match[1].split("/")
            if len(ways) == 1:
                return ways[0] if varied and self.random.random() < 0.5 else ""
            return self.random.choice(ways) if varied else ways[0]

        # Verb pairs use the same stroke inside <>, so choices are found by their brackets only.
        return _CHOICE.sub(pick, cell)

    def pair(self, tree: Node, source: str, target: str) -> tuple[str, str]:
        """Return a masked source and its masked target."""
        ours = self.render(tree, source, varied=True)
        theirs = self.render(tree, target, varied=False)
        numbers: dict[int, int] = {}
        for piece in ours:
            if isinstance(piece, Slot):
                numbers.setdefault(piece.node, len(numbers) + 1)
        return (
            joined([_source_mark(p, numbers, target) if isinstance(p, Slot) else p
                   for p in ours], source),
            joined([target_mark(p, numbers, target) if isinstance(p, Slot) else p
                   for p in theirs], target),
        )  # fmt: skip

    def pairs(
        self, count: int, per_tree: int = 2, kind: str = "TEXT"
    ) -> Iterator[tuple[str, str, str, str]]:
        """Yield ``count`` examples: source language, target language, source, target.

        A sentence with more than nine placeholders is passed over.
        """
        directions = [(a, b) for a in LANGS for b in LANGS if a != b]
        made = 0
        while made < count:
            tree = self.tree(kind)
            if _placeholders(tree) > 9:
                continue
            for source, target in self.random.sample(directions, per_tree):
                yield source, target, *self.pair(tree, source, target)
                made += 1
                if made == count:
                    return


def _placeholders(node: Node) -> int:
    if node.rule is None:
        return 1
    return sum(_placeholders(child) for child in node.children.values())


def agreement(node: Node) -> tuple[str, bool]:
    """Return Russian gender and English number of a pattern as the subject of a verb."""
    rule = node.rule
    assert rule is not None
    ru = rule.cells[1]
    only = re.fullmatch(r"\{([A-Z]+\d?)(:[^{}]*)?\}", ru)
    heads = re.search(r"\[([^\]]*)\]", ru)
    # {ADJ1:*=NOUN1} {NOUN1:*}: the adjective comes first, the noun is what counts.
    adjective = re.match(r"\{([A-Z]+\d?):[^{}=]*=([A-Z]+\d?)\}", ru)
    if rule.ru_gender in node.children:
        its_gender = node.children[rule.ru_gender].gender
    elif rule.ru_gender:
        its_gender = rule.ru_gender
    elif only:
        its_gender = node.children[only[1]].gender
    elif adjective and adjective[2] in node.children:
        its_gender = node.children[adjective[2]].gender
    elif heads:
        its_gender = gender(heads[1])
    else:
        first = re.match(r"\{([A-Z]+\d?)", ru)
        its_gender = node.children[first[1]].gender if first else "m"
    en = rule.cells[2]
    before = r"(?:\([^()]*\) ?)?(?:the |an? )?"
    if adjective:
        before += rf"(?:\{{{adjective[1]}\}} )?"
    head = re.match(before + r"\{([A-Z]+\d?)(?::[^{}]*)?\}", en)
    plural = rule.en_plural or bool(head and node.children[head[1]].plural)
    return its_gender, plural


def _ending(node: Node, endings: list[str], lang: str) -> str:
    if len(endings) == 4:
        return endings["mfnp".index(node.gender)]
    plural = node.plural if lang == "en" else node.gender == "p"
    return endings[1 if plural else 0]


def _source_mark(slot: Slot, numbers: dict[int, int], target: str) -> str:
    mark = f"<{slot.name}><{numbers[slot.node]}>"
    if target == "ru" and slot.name in GENDERED:
        mark += f"<{slot.gender}>"
    return mark


def target_mark(slot: Slot, numbers: dict[int, int], target: str) -> str:
    mark = f"<{numbers[slot.node]}>"
    if target == "ru":
        if slot.name == "O":
            mark += f"<{slot.gender}>"
        if slot.name in CASED or slot.name == "O":
            mark += f"<{slot.case}>"
    return mark


def _tidy(pieces: list[str | Slot], lang: str) -> list[str | Slot]:
    """Capitalise what begins the sentence."""
    if lang == "zh":
        return pieces
    for number, piece in enumerate(pieces):
        if isinstance(piece, Slot):
            break
        stripped = piece.lstrip(' "«(')
        if stripped:
            at = len(piece) - len(stripped)
            pieces[number] = piece[:at] + stripped[:1].upper() + stripped[1:]
            break
    return pieces


def joined(pieces: list[str], lang: str) -> str:
    text = "".join(pieces)
    if lang == "zh":
        return re.sub(r"\s+", "", text)
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r" (?=[,.;:!?])", "", text)
    text = re.sub(r"(?<=[a-zа-я>)][.!?] )[a-zа-я]", lambda m: m[0].upper(), text)
    if lang == "en":
        text = text.replace("the the ", "the ")
        return re.sub(r"\ba (?=[aeiou])", "an ", text)
    # «в» and «с» grow a vowel before a cluster: во всех, со всеми, во Вьетнаме.
    text = re.sub(r"\b([Вв]) (?=[вф][бвгджзклмнпрстфхцчшщ])", r"\1о ", text, flags=re.I)
    return re.sub(r"\b([Сс]) (?=[сзшжвм][бвгджзклмнпрстфхцчшщ])", r"\1о ", text, flags=re.I)
