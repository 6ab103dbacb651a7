"""Read a masked sentence with the grammar and say it in another language.

The grammar of `grammar.py` is run the other way round: what it could have written, it
understands, and translates without a model. All ways a cell offers are read, the first is
written. Chinese is read by characters, Russian and English by words, capitals aside.

A chart keeps, for each kind and form asked for at a place, the likeliest reading of each length
(the product of the patterns' shares among their kind, Booth and Thompson 1973), so the time
grows with the cube of the sentence at worst and with its length in practice: an index of first
words leaves most patterns untouched.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from toolkit.translate.patterns.grammar import (
    CASED,
    CLASSES,
    Generator,
    Node,
    Rule,
    Slot,
    agreement,
    joined,
    shipped,
    target_mark,
)
from toolkit.translate.patterns.morphology import CASES, decline, english_verb, russian_verb
from toolkit.translate.patterns.tokens import plain, tokens
from toolkit.translate.patterns.written import Found
from toolkit.translate.symbols import SOURCE_GROUP, prepare

_CLAUSE = "§"
LONGEST = 160  # tokens; no pattern of ours writes a longer sentence
_PART = re.compile(
    r"\{(?P<name>[A-Z]+|%)(?P<index>\d?)(?::(?P<feature>[^{}]*))?\}"
    r"|\[(?P<head>[^\]]*)\]|<(?P<verb>[^<>]*)>|(?P<text>[^{}\[\]<>]+)"
)
_CHOICE = re.compile(r"\(([^()]*)\)")
_ENDINGS = re.compile(r"\{[A-Z]+\d?\?([^{}]*)\}")
# Optional words of the patterns that may be lost in translation.
_EMPTY = frozenset(("了", "的", "等", "the", "a", "an", "has", "the field of", "指出"))
_STOP = {"zh": "。", "ru": ".", "en": "."}


@dataclass(frozen=True, slots=True)
class Read:
    """A sentence the patterns cover: its masked translation, and the lines that made it.

    ``lines`` are those of ``grammar.tsv``, ``written`` that of ``sentences.tsv``.
    """

    output: str
    lines: tuple[int, ...]
    written: int | None = None


@dataclass(frozen=True, slots=True)
class _Part:
    """A word, a form of words, or a place for another pattern, in one language's cell."""

    sort: str  # "word", "head", "verb", "ref"
    text: str
    feature: str = ""

    @property
    def name(self) -> str:
        return self.text.rstrip("0123456789")


@dataclass(frozen=True, slots=True)
class _Option:
    rule: Rule
    parts: tuple[_Part, ...]
    first: frozenset[str]
    share: float


class Parser:
    """Read sentences of one language.

    Args:
        rules: The grammar, by kind; None: the shipped one.
    """

    def __init__(self, lang: str, rules: Mapping[str, list[Rule]] | None = None) -> None:
        self.lang = lang
        self.rules = dict(shipped() if rules is None else rules)
        self.options = {kind: self._options(list_) for kind, list_ in self.rules.items()}
        self._index()
        # By what they begin with: there are far too many to try each at each word.
        self.starting: dict[str, dict[str, list[_Option]]] = {}
        for kind, options in self.options.items():
            starts = self.starting[kind] = {}
            for option in options:
                for first in option.first:
                    starts.setdefault(first, []).append(option)

    # -- Compiling the cells

    def _options(self, rules: list[Rule]) -> list[_Option]:
        total = sum(rule.weight for rule in rules)
        column = ("zh", "ru", "en").index(self.lang)
        found = []
        for rule in rules:
            if self.lang in rule.unread:
                continue
            ways = sorted(set(_ways(rule.cells[column])))
            for way in ways:
                parts = tuple(self._parts(way))
                if parts:
                    share = math.log(rule.weight / total / len(ways))
                    found.append(_Option(rule, parts, frozenset(), share))
        return found

    def _parts(self, way: str) -> Iterator[_Part]:
        for match in _PART.finditer(way):
            if match["text"]:
                for word in plain(prepare(match["text"], self.lang), self.lang):
                    yield _Part("word", word)
            elif match["head"] is not None:
                yield _Part("head", match["head"])
            elif match["verb"]:
                yield _Part("verb", match["verb"])
            else:
                default = {"ru": "nom", "en": "base"}.get(self.lang, "")
                feature = (match["feature"] or default).partition("=")[0]
                yield _Part("ref", match["name"] + match["index"], feature)

    def _index(self) -> None:
        """Find what each pattern may begin with, until nothing new is found."""
        first: dict[str, set[str]] = {kind: set() for kind in self.options}
        grown = True
        while grown:
            grown = False
            for kind, options in self.options.items():
                before = len(first[kind])
                for option in options:
                    first[kind] |= self._first(option.parts[0], first)
                grown = grown or len(first[kind]) > before
        for kind, options in self.options.items():
            self.options[kind] = [
                _Option(o.rule, o.parts, frozenset(self._first(o.parts[0], first)), o.share)
                for o in options
            ]

    def _first(self, part: _Part, first: Mapping[str, set[str]]) -> set[str]:
        if part.sort == "word":
            return {part.text}
        if part.sort == "ref":
            return {f"<{part.name}>"} if part.name in CLASSES else first[part.name]
        word = plain(part.text.removeprefix("="), self.lang)[0]
        if self.lang == "en":
            return {form[0] for form in _english_forms(part.text)}
        # Russian endings are many and dear to list; two letters pass over nearly all patterns.
        starts = {word[:2]}
        if part.sort == "verb":
            starts |= {plain(verb, "ru")[0][:2] for verb in part.text.split("/")} | {"бу"}
        return {f"~{start}" for start in starts}

    # -- Reading

    def read(
        self,
        masked: str,
        target: str,
        cases: Callable[[int], frozenset[str]] | None = None,
        clause: Callable[[Sequence[str]], Found | None] | None = None,
    ) -> Read | None:
        """Translate a masked sentence that the grammar covers whole; None if it does not.

        Args:
            clause: Translates a clause the grammar does not know, within "… said that …".
            cases: Gives the Russian cases that what stands at an index may be in; None: any.
        """
        words = tokens(masked, self.lang)
        if not words or len(words) > LONGEST:
            return None
        bare = words[-1] not in _STOP.values()
        if bare:
            words.append(_STOP[self.lang])
        chart = _Chart(self, words, cases, clause)
        node = chart.whole("TEXT") or (chart.whole("FRAME") if clause else None)
        if node is None:
            return None
        output = self.said(node, target, chart.numbers)
        written = None
        if _CLAUSE in node.children:
            inside = chart.clauses[id(node.children[_CLAUSE])]
            output, written = output.replace(_CLAUSE, inside.output), inside.line
        if bare:
            output = output.removesuffix(_STOP[target])
        return Read(output, tuple(dict.fromkeys(_lines(node))), written)

    def said(self, node: Node, target: str, numbers: dict[int, int]) -> str:
        pieces = Generator(0, self.rules).render(node, target, varied=False)
        return joined(
            [target_mark(p, numbers, target) if isinstance(p, Slot) else p for p in pieces],
            target,
        )


def _lines(node: Node) -> Iterator[int]:
    if node.rule is not None:
        yield node.rule.line
    for child in node.children.values():
        yield from _lines(child)


def _ways(cell: str) -> Iterator[str]:
    """Write out the choices and endings of a cell, innermost first."""
    cell = _ENDINGS.sub(lambda m: "(" + m[1].replace("|", "/") + ")", cell)
    yield from _expanded(cell)


def _expanded(cell: str) -> Iterator[str]:
    match = _CHOICE.search(cell)
    if match is None:
        yield cell
        return
    ways = match[1].split("/")
    if len(ways) == 1:
        # What a target leaves out may be left out of a source only where it says nothing.
        ways = ["", ways[0]] if ways[0] in _EMPTY else [""]
    for way in ways:
        yield from _expanded(cell[: match.start()] + way + cell[match.end() :])


class _Chart:
    """The readings of one sentence found so far."""

    def __init__(
        self,
        parser: Parser,
        words: list[str],
        cases: Callable[[int], frozenset[str]] | None,
        clause: Callable[[Sequence[str]], Found | None] | None,
    ) -> None:
        self.parser, self.words, self.cases, self.clause = parser, words, cases, clause
        self.clauses: dict[int, Found] = {}
        self.lang = parser.lang
        self.numbers: dict[int, int] = {}
        self.marks: dict[int, tuple[str, int, Node]] = {}
        self.found: dict[tuple[str, str, int], dict[int, tuple[float, Node]]] = {}
        for place, word in enumerate(words):
            match = SOURCE_GROUP.fullmatch(word)
            if match:
                node = Node(match[1], None, {}, match[3] or "m")
                self.numbers[id(node)] = int(match[2])
                self.marks[place] = (match[1], int(match[2]), node)
        self.keys = [
            (f"<{self.marks[n][0]}>" if n in self.marks else word, f"~{word[:2]}")
            for n, word in enumerate(words)
        ]

    def whole(self, kind: str) -> Node | None:
        form = {"ru": "nom", "en": "base"}.get(self.lang, "")
        reading = self.kind(kind, form, 0).get(len(self.words))
        return reading[1] if reading else None

    def kind(self, kind: str, form: str, place: int) -> dict[int, tuple[float, Node]]:
        """Return the likeliest reading of a kind from ``place`` to each end it may have."""
        key = (kind, form, place)
        if key in self.found:
            return self.found[key]
        self.found[key] = readings = {}
        if place >= len(self.words):
            return readings
        starts = self.parser.starting[kind]
        exact, start = self.keys[place]
        for option in (*starts.get(exact, ()), *starts.get(start, ())):
            for end, share, children in self.rest(option.parts, 0, form, place):
                share += option.share
                if end not in readings or share > readings[end][0]:
                    node = Node(kind, option.rule, dict(children))
                    node.gender, node.plural = agreement(node)
                    readings[end] = (share, node)
        return readings

    def rest(
        self, parts: tuple[_Part, ...], at: int, form: str, place: int
    ) -> Iterator[tuple[int, float, tuple[tuple[str, Node], ...]]]:
        if at == len(parts):
            yield place, 0.0, ()
            return
        if place >= len(self.words):
            return
        part = parts[at]
        if part.text == _CLAUSE:
            if all(other.text == _STOP[self.lang] for other in parts[at + 1 :]):
                yield from self.written(place)
            return
        if part.sort == "word":
            if self.words[place] == part.text:
                yield from self.rest(parts, at + 1, form, place + 1)
                # "the {OFFICE1}" where the office brings its own article is written once.
                if part.text == "the" and at + 1 < len(parts) and parts[at + 1].sort == "ref":
                    yield from self.rest(parts, at + 1, form, place)
            return
        if part.sort in ("head", "verb"):
            for words in _forms(self.lang, part.sort, part.text, form):
                if tuple(self.words[place : place + len(words)]) == words:
                    yield from self.rest(parts, at + 1, form, place + len(words))
            return
        wanted = form if part.feature == "*" else part.feature
        if part.name in CLASSES:
            yield from self.mark(parts, at, form, place, wanted)
            return
        for end, (share, node) in list(self.kind(part.name, wanted, place).items()):
            for last, more, children in self.rest(parts, at + 1, form, end):
                yield last, share + more, ((part.text, node), *children)

    def written(
        self, place: int
    ) -> Iterator[tuple[int, float, tuple[tuple[str, Node], ...]]]:
        """Read all that is left, its stop aside, as a clause that was written before."""
        found = self.clause(self.words[place:-1]) if self.clause else None
        if found is not None and self.words[-1] == _STOP[self.lang]:
            node = Node(_CLAUSE, None)
            self.clauses[id(node)] = found
            yield len(self.words), 0.0, ((_CLAUSE, node),)

    def mark(
        self, parts: tuple[_Part, ...], at: int, form: str, place: int, wanted: str
    ) -> Iterator[tuple[int, float, tuple[tuple[str, Node], ...]]]:
        part = parts[at]
        kind, index, node = self.marks.get(place, ("", 0, None))
        if node is None or kind != part.name:
            return
        if self.lang == "ru" and kind in CASED and self.cases is not None:
            if wanted in CASES and wanted not in self.cases(index):
                return
        for last, more, children in self.rest(parts, at + 1, form, place + 1):
            yield last, more, ((part.text, node), *children)


@cache
def _english_forms(verb: str) -> frozenset[tuple[str, ...]]:
    return frozenset(
        form for wanted in ("base", "past", "pres", "ing")
        for form in _forms("en", "verb", verb, wanted)
    )  # fmt: skip


@lru_cache(maxsize=100_000)
def _forms(lang: str, sort: str, text: str, form: str) -> frozenset[tuple[str, ...]]:
    """Return the ways a head or verb may stand in a form, for any gender and number."""
    if lang == "zh":
        return frozenset({tuple(plain(text, lang))})
    if lang == "en":
        made = {english_verb(text, form, plural) for plural in (False, True)}
    elif sort == "head":
        case = form if form in CASES else "nom"
        letters = ("",) if text.startswith("=") else ("", "m", "f", "n", "p")
        made = set()
        for letter in letters:
            try:
                made.add(decline(text, case, letter))
            except ValueError:  # a phrase that has no such form cannot stand here
                continue
    else:
        made = set()
        for letter in "mfnp":
            try:
                made.add(russian_verb(text, form, letter))
            except ValueError:
                continue
    return frozenset(tuple(plain(way, lang)) for way in made)


@cache
def parser(lang: str) -> Parser:
    """Return the parser of the shipped grammar for one language."""
    return Parser(lang)
