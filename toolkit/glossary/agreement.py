"""Russian agreement: does an inflected phrase in a text really inflect the term?

A lemma sequence alone accepts word soup. Here the term's own grammar is read once (which words
are the head and agree with it, which stay as they are), and a candidate passes only if the
agreeing words share a case, a number and a gender while the others keep the term's own form.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from toolkit.languages import ru

# The second genitive, locative and accusative are the same case for agreement.
_CASES = {
    "nomn": "nomn",
    "gent": "gent",
    "gen1": "gent",
    "gen2": "gent",
    "datv": "datv",
    "accs": "accs",
    "acc2": "accs",
    "ablt": "ablt",
    "loct": "loct",
    "loc1": "loct",
    "loc2": "loct",
    "voct": "nomn",
}
_MODIFIERS = {"ADJF", "PRTF"}
_NOMINALS = {"NOUN", "ADJF", "PRTF", "NUMR", "NPRO"}
_VERBS = {"INFN", "VERB", "GRND", "PRTS", "PRTF"}
_DIRECT = ("nomn", "accs")
_ENDING = re.compile(r"(?:ом|ем|ой|ей|ью|ым|им|[аяуюеоыиьй])$")
_GENDERS = {"masc", "femn", "neut"}


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a term or a text: folded form, and what stands between it and the word before.

    ``joint`` is ``""`` for nothing or white space, ``"-"`` for a hyphen or dash, ``","`` for
    anything else that separates parts of a sentence. ``quoted`` says that it stands between
    quotation marks.
    """

    form: str
    joint: str = ""
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """One morphological reading of a form; what there is none of is ""."""

    lemma: str
    kind: str
    case: str
    number: str
    gender: str
    life: str  # "anim" or "inan": in the accusative adjectives agree in it


@dataclass(frozen=True, slots=True)
class Shape:
    """How a term inflects: one role a word.

    Roles: ``fixed`` keeps the term's form; ``verb`` takes any verbal form; a number is the
    agreement group that shares case, number and gender; ``free`` keeps the form or takes the case
    of the groups (a quoted name, an apposition). All groups share one case. ``lemmas`` are those
    each word may have: политика is no form of политик where it is a nominative. ``counted``
    groups begin with a numeral, after which the noun stands in the genitive. A ``named`` shape is
    a proper name, whose forms are known by their stem.
    """

    roles: tuple[str | int, ...]
    lemmas: tuple[frozenset[str], ...]
    counted: frozenset[int] = frozenset()
    named: bool = False


@cache
def readings(form: str) -> tuple[Reading, ...]:
    """Return the readings of a folded word form, each once."""
    result = {}
    for parse in ru.analyser().parse(form):
        tag = parse.tag
        if len(form) == 1 and "Abbr" in tag:
            continue  # «и», «в» as names of letters
        # pymorphy3's own strings refuse comparison with what is no grammeme: plain ones do not.
        case = _CASES.get(str(tag.case), "")
        number = str(tag.number) if tag.number else ""
        # Common gender and plural agree with anything.
        gender = str(tag.gender) if str(tag.gender) in _GENDERS else ""
        lemma = parse.normal_form.replace("ё", "е")
        life = str(tag.animacy or "")
        reading = Reading(lemma, str(tag.POS or ""), case, number, gender, life)
        result[reading] = None
    return tuple(result)


def shape(words: Sequence[Word]) -> Shape:
    """Read the grammar of a term: which of its words inflect together."""
    reader = _Reader(words)
    reader.read()
    lemmas = []
    for role, parses in zip(reader.roles, reader.parses, strict=True):
        listed = {
            reading.lemma
            for reading in parses
            if reading.case == reader.case or (role in reader.counted and reading.case)
        }
        if not isinstance(role, int) or not listed:
            listed = {reading.lemma for reading in parses}
        lemmas.append(frozenset(listed))
    return Shape(tuple(reader.roles), tuple(lemmas), frozenset(reader.counted))


def name_shape(words: Sequence[Word]) -> Shape:
    """Return the shape of a proper name: each part inflects or stays, in one case."""
    lemmas = (frozenset(r.lemma for r in readings(word.form)) for word in words)
    return Shape(("free",) * len(words), tuple(lemmas), named=True)


def agrees(shape: Shape, term: Sequence[Word], text: Sequence[Word]) -> bool:
    """Say whether ``text`` (word by word the lemmas of ``term``) is a form of the term."""
    same = all(t.form == w.form for t, w in zip(term, text, strict=True))
    return same or bool(cases(shape, term, text))


def cases(shape: Shape, term: Sequence[Word], text: Sequence[Word]) -> set[str]:
    """Return the cases, as pymorphy3 names them, in which ``text`` is a form of the term."""
    options: dict[int, list[list[Reading]]] = {}
    loose: list[set[str]] = []
    for role, lemmas, pattern, word in zip(shape.roles, shape.lemmas, term, text, strict=True):
        if role == "fixed":
            if pattern.form != word.form:
                return set()
        elif role == "verb":
            if not any(r.kind in _VERBS for r in readings(word.form)):
                return set()
        elif role == "free":
            if pattern.form != word.form:
                found = _nominal(pattern, word, lemmas, shape.named)
                # Guesses may take a form of a foreign name for a verb: Цзюня.
                if found or not _kin(pattern, word, shape.named):
                    loose.append({reading.case for reading in found})
        else:
            found = _nominal(pattern, word, lemmas, shape.named)
            if not found:
                return set()
            options.setdefault(role, []).append(found)
    shared = set(_DIRECT) | {"gent", "datv", "ablt", "loct"}
    for number, members in options.items():
        shared &= _group_cases(members, number in shape.counted)
    for found_cases in loose:
        shared &= found_cases
    return shared


def _nominal(pattern: Word, word: Word, lemmas: frozenset[str], named: bool) -> list[Reading]:
    kin = _kin(pattern, word, named)
    return [
        reading
        for reading in readings(word.form)
        if reading.kind in _NOMINALS and reading.case and (kin or reading.lemma in lemmas)
    ]


def _kin(pattern: Word, word: Word, named: bool) -> bool:
    root = stem if named else unknown_stem
    return root(word.form) != "" and root(word.form) == root(pattern.form)


@cache
def stem(form: str) -> str:
    """Return a word without its case ending, "" for one too short to tell.

    Guessed lemmas of a foreign name's forms may not meet: Тяньцзинь, в Тяньцзине.
    """
    if len(form) < 3 or not form.isalpha():
        return ""
    return _ENDING.sub("", form)


@cache
def unknown_stem(form: str) -> str:
    """Return the stem of a word the dictionary lacks, "" for one it knows."""
    if any(parse.is_known for parse in ru.analyser().parse(form)):
        return ""
    return stem(form)


def _group_cases(members: list[list[Reading]], counted: bool) -> set[str]:
    """Return the cases in which all members agree."""
    result = set()
    for case in set(_CASES.values()):
        if counted:
            if all(_fits_counted(member, case) for member in members):
                result.add(case)
            continue
        for number in ("sing", "plur"):
            shared = set(_GENDERS), {"anim", "inan"}
            for member in members:
                fitting = [r for r in member if r.case == case and r.number in ("", number)]
                genders = {r.gender for r in fitting}
                lives = {r.life for r in fitting}
                if not fitting:
                    shared = set(), set()
                elif number == "sing" and "" not in genders:
                    shared = shared[0] & genders, shared[1]
                # Only the accusative shows whether its noun lives.
                if case == "accs" and "" not in lives:
                    shared = shared[0], shared[1] & lives
            if all(shared):
                result.add(case)
    return result


def _fits_counted(member: list[Reading], case: str) -> bool:
    for reading in member:
        if reading.case == case:
            return True
        # пять принципов, три силы, два новых моста
        if case in _DIRECT and reading.case == "gent" and reading.kind != "NUMR":
            return True
    return False


class _Reader:
    """Reads the grammar of one term, word by word."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = words
        self.parses = [readings(word.form) for word in words]
        self.roles: list[str | int] = ["fixed"] * len(words)
        self.counted: set[int] = set()
        self.case = ""  # of the head, as the term is listed
        self.groups = 0

    def read(self) -> None:
        here, verbal = 0, False
        if self._kind(0) == "PREP":
            return  # a preposition governs the whole
        while here < len(self.words):
            if self._is_verb(here):
                self.roles[here] = "verb"
                verbal = True
            elif any(reading.lemma == "который" for reading in self.parses[here]):
                verbal = True  # a clause of its own
            # A verb, a preposition and a participle govern what follows them.
            phrase = None if verbal else self._phrase(here)
            if phrase is None:
                here += 1
                continue
            members, case, numeral = phrase
            self._assign(members, case, numeral)
            here = members[-1] + 1

    def _assign(self, members: list[int], case: str, numeral: bool) -> None:
        first = members[0]
        before = first - 1
        if not self.groups:
            self.case = case
        elif self.words[first].quoted and not self.words[0].quoted:
            self._free(members)
            return
        elif self._governed(before):
            return
        elif self._agrees_with_head(members):
            self._join(members, 0)
            return
        elif self.words[first].joint == "-" and isinstance(self.roles[before], int):
            # Two nouns in one: both inflect, save премьер-министр.
            if self.words[before].form in _STIFF:
                self._join(members, self.roles[before])
                self.roles[before] = "fixed"
                return
            if any(unknown_stem(self.words[each].form) for each in (before, first)):
                self.roles[before] = "free"  # in Куала-Лумпуре, but в Минеральных-Водах
        elif not self._coordinated(members):
            # A name in apposition; what can be a genitive hangs on the head and stays.
            if "gent" not in self._cases(members):
                self._free(members)
            return
        self._join(members, self.groups)
        if numeral:
            self.counted.add(self.groups)
        self.groups += 1

    def _join(self, members: list[int], group: int) -> None:
        for member in members:
            self.roles[member] = group

    def _free(self, members: list[int]) -> None:
        for member in members:
            self.roles[member] = "free"

    def _governed(self, before: int) -> bool:
        return self.roles[before] == "fixed" and self._kind(before) in ("PREP", "PRTF", "PRTS")

    def _agrees_with_head(self, members: list[int]) -> bool:
        """Say whether the phrase belongs to the first head though words stand between.

        Either it is its noun («невиданные за столетие перемены») or a participle after a comma
        («отношения …, вступающие в новую эпоху»).
        """
        heads = [number for number, role in enumerate(self.roles) if role == 0]
        counted = 0 in self.counted
        if not counted and not any(self._has(number, "NOUN", self.case) for number in heads):
            return self.words[members[0]].joint != ","
        return (
            self.groups == 1  # behind two heads it is a plural of its own
            and self.words[members[0]].joint == ","
            and len(members) == 1
            and self._has(members[0], "PRTF", self.case)
        )

    def _coordinated(self, members: list[int]) -> bool:
        """Say whether the phrase is a second head, not a genitive or a name.

        «суверенитет и территориальная целостность» has two heads; in «министр обороны и
        безопасности» the second noun could be a nominative plural but hangs on the genitive
        before.
        """
        before = members[0] - 1
        if self.words[before].form in _AND:
            before -= 1
        elif self.words[members[0]].joint != ",":
            return False
        if before < 0:
            return False
        if self.case == "gent":
            return True
        if "gent" in self._cases(members):
            return isinstance(self.roles[before], int)  # силы и средства
        return True

    def _phrase(self, start: int) -> tuple[list[int], str, bool] | None:
        """Find the noun phrase that begins at ``start``: its words, case, whether it is counted.

        The first phrase may stand in any case (a term listed in the genitive still inflects as
        one); later ones only in the case of the first.
        """
        for case in (self.case,) if self.case else ("nomn", "gent", "accs", "datv", "ablt"):
            members: list[int] = []
            numeral = False
            for here in range(start, len(self.words)):
                if members and self.words[here].joint == "," and not self._modifies(here, case):
                    break
                if not members and self._has(here, "NUMR", case):
                    numeral = True
                elif self._is_noun(here, case, numeral):
                    return [*members, here], case, numeral
                elif not self._modifies(here, case) and not (
                    numeral and self._modifies(here, "gent")
                ):
                    if (members and self.words[here].form in _AND) or self._is_prefix(here):
                        continue
                    break
                members.append(here)
            if members and not numeral and self._alone(members, case):
                return members, case, numeral
        return None

    def _alone(self, members: list[int], case: str) -> bool:
        """Say whether modifiers may do without a noun: the head, or a participle clause."""
        return not self.case or all(self._modifies(member, case) for member in members)

    def _is_noun(self, here: int, case: str, numeral: bool) -> bool:
        nouns = [r for r in self.parses[here] if r.kind in ("NOUN", "NPRO")]
        fits = any(r.case == case or (numeral and r.case == "gent") for r in nouns)
        if not fits or self._is_prefix(here):
            return False
        # «новые силы»: a word that is rather an adjective modifies the noun that follows.
        return not (
            self._modifies(here, case)
            and here + 1 < len(self.words)
            and self.words[here + 1].joint != ","
            and (self._has(here + 1, "NOUN", case) or self._modifies(here + 1, case))
        )

    def _modifies(self, here: int, case: str) -> bool:
        return any(r.kind in _MODIFIERS and r.case == case for r in self.parses[here])

    def _has(self, here: int, kind: str, case: str) -> bool:
        return any(r.kind == kind and r.case == case for r in self.parses[here])

    def _kind(self, here: int) -> str:
        parses = self.parses[here]
        return parses[0].kind if parses and len(self.words) > 1 else ""

    def _is_verb(self, here: int) -> bool:
        kinds = {reading.kind for reading in self.parses[here]}
        return bool(kinds) and kinds <= {"INFN", "VERB", "GRND"}

    def _is_prefix(self, here: int) -> bool:
        """Say whether the word is the first half of an adjective: российско-китайский."""
        if here + 1 == len(self.words) or self.words[here + 1].joint != "-":
            return False
        form = self.words[here].form
        adjective = any(r.kind in _MODIFIERS for r in self.parses[here + 1])
        return form in ("северо", "юго", "вице", "экс") or (
            form.endswith(("о", "е")) and adjective
        )

    def _cases(self, members: list[int]) -> set[str]:
        nominal = [[r for r in self.parses[m] if r.case] for m in members]
        return _group_cases(nominal, False)


def _has_case(parses: tuple[Reading, ...], case: str) -> bool:
    return any(reading.case == case for reading in parses)


_AND = ("и", "или")
# First halves that stay as they are: премьер-министра.
_STIFF = {"премьер", "вице", "экс", "пресс", "генерал", "интернет", "онлайн", "штаб", "бизнес"}
