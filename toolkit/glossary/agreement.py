"""Russian agreement: does an inflected phrase in a text really inflect the term?

A lemma sequence alone accepts word soup. Here the term's own grammar is read once (which words
are the head and agree with it, which stay as they are), and a candidate passes only if the
agreeing words share a case, a number and a gender while the others keep the term's own form.
"""

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
_GENDERS = {"masc", "femn", "neut"}


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a term or a text: folded form, and what stands between it and the word before.

    ``joint`` is ``""`` for nothing or white space, ``"-"`` for a hyphen without spaces, ``","``
    for anything that separates parts of a sentence.
    """

    form: str
    joint: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One morphological reading of a form; ``case``, ``gender`` are "" where there is none."""

    lemma: str
    kind: str
    case: str
    number: str
    gender: str


@dataclass(frozen=True, slots=True)
class Shape:
    """How a term inflects: one role a word.

    Roles: ``fixed`` keeps the term's form; ``verb`` takes any verbal form; a number is the
    agreement group that shares case, number and gender; ``free`` keeps the form or takes the case
    of the groups (a quoted name, an apposition). All groups share one case. ``counted`` groups
    begin with a numeral, after which the noun stands in the genitive.
    """

    roles: tuple[str | int, ...]
    counted: frozenset[int] = frozenset()


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
        reading = Reading(lemma, str(tag.POS or ""), case, number, gender)
        result[reading] = None
    return tuple(result)


def shape(words: Sequence[Word]) -> Shape:
    """Read the grammar of a term: which of its words inflect together."""
    roles: list[str | int] = ["fixed"] * len(words)
    counted: set[int] = set()
    parses = [readings(word.form) for word in words]
    if not words or _is_preposition(parses[0], words):
        return Shape(tuple(roles))
    start, verbal = 0, False
    group = -1
    head_case = ""
    while start < len(words):
        if _is_verb(parses[start]) and (group < 0 or words[start].joint != ","):
            roles[start] = "verb"
            verbal = True
            start += 1
            continue
        if verbal:
            # A verb governs what follows it: those words keep their form.
            start += 1
            continue
        phrase = _phrase(words, parses, start, head_case)
        if phrase is None:
            start += 1
            continue
        members, case, numeral = phrase
        if group < 0 or _coordinated(words, parses, start, members, head_case):
            group += 1
            head_case = case
            for member in members:
                roles[member] = group
            if numeral:
                counted.add(group)
        else:
            for member in members:
                # A name in apposition; what can be a genitive hangs on the head and stays.
                if roles[member] == "fixed" and not _has_case(parses[member], "gent"):
                    roles[member] = "free"
        start = members[-1] + 1
    _join_participles(words, parses, roles, head_case)
    _loosen_compounds(words, roles)
    return Shape(tuple(roles), frozenset(counted))


def agrees(shape: Shape, term: Sequence[Word], text: Sequence[Word]) -> bool:
    """Say whether ``text`` (word by word the lemmas of ``term``) is a form of the term."""
    if all(t.form == w.form for t, w in zip(term, text, strict=True)):
        return True
    options: dict[int, list[list[Reading]]] = {}
    loose: list[tuple[Word, Word]] = []
    for role, pattern, word in zip(shape.roles, term, text, strict=True):
        if role == "fixed":
            if pattern.form != word.form:
                return False
        elif role == "verb":
            if not any(r.kind in _VERBS for r in readings(word.form)):
                return False
        elif role == "free":
            if pattern.form != word.form:
                loose.append((pattern, word))
        else:
            found = _nominal(pattern, word)
            if not found:
                return False
            options.setdefault(role, []).append(found)
    cases = set(_DIRECT) | {"gent", "datv", "ablt", "loct"}
    for number, members in options.items():
        cases &= _group_cases(members, number in shape.counted)
    for pattern, word in loose:
        cases &= {reading.case for reading in _nominal(pattern, word)}
    return bool(cases)


def _nominal(pattern: Word, word: Word) -> list[Reading]:
    lemmas = {reading.lemma for reading in readings(pattern.form)}
    return [
        reading
        for reading in readings(word.form)
        if reading.kind in _NOMINALS and reading.case and reading.lemma in lemmas
    ]


def _group_cases(members: list[list[Reading]], counted: bool) -> set[str]:
    """Return the cases in which all members agree."""
    result = set()
    for case in _CASES.values():
        for number in ("sing", "plur"):
            if counted:
                if all(_fits_counted(member, case) for member in members):
                    result.add(case)
                continue
            genders = set(_GENDERS)
            for member in members:
                allowed: set[str] = set()
                for reading in member:
                    if reading.case != case or reading.number not in ("", number):
                        continue
                    if number == "plur" or not reading.gender:
                        allowed = set(_GENDERS)
                        break
                    allowed.add(reading.gender)
                genders &= allowed
            if genders:
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


def _is_preposition(parses: tuple[Reading, ...], words: Sequence[Word]) -> bool:
    return len(words) > 1 and bool(parses) and parses[0].kind == "PREP"


def _is_verb(parses: tuple[Reading, ...]) -> bool:
    kinds = {reading.kind for reading in parses}
    return bool(kinds) and kinds <= {"INFN", "VERB", "GRND"}


def _phrase(
    words: Sequence[Word],
    parses: Sequence[tuple[Reading, ...]],
    start: int,
    head_case: str,
) -> tuple[list[int], str, bool] | None:
    """Find the noun phrase that begins at ``start``: its members, case, whether it is counted.

    The first phrase may stand in any case (a term listed in the genitive still inflects as
    one); later ones only in the case of the first.
    """
    wanted = (head_case,) if head_case else ("nomn", "gent", "accs", "datv", "ablt", "loct")
    for case in wanted:
        members: list[int] = []
        numeral = False
        position = start
        while position < len(words):
            here = parses[position]
            if members and words[position].joint == "," and not _is_modifier(here, case):
                break
            if any(r.kind == "NUMR" and r.case == case for r in here) and not members:
                numeral = True
                members.append(position)
                position += 1
                continue
            nouns = [r for r in here if r.kind in ("NOUN", "NPRO")]
            fits = any(r.case == case for r in nouns) or (
                numeral and any(r.case == "gent" for r in nouns)
            )
            if fits and not _prefix_of_compound(words, position):
                members.append(position)
                return members, case, numeral
            if _is_modifier(here, case) or (numeral and _is_modifier(here, "gent")):
                members.append(position)
                position += 1
                continue
            if members and words[position].form in ("и", "или"):
                position += 1
                continue
            if _prefix_of_compound(words, position):
                position += 1
                continue
            break
        if members and head_case == "" and not numeral:
            # A substantivised adjective: заведующий, командующий.
            return members, case, numeral
    return None


def _is_modifier(parses: tuple[Reading, ...], case: str) -> bool:
    return any(reading.kind in _MODIFIERS and reading.case == case for reading in parses)


def _prefix_of_compound(words: Sequence[Word], position: int) -> bool:
    """Say whether the word is the first half of a hyphenated word (российско-китайский)."""
    return (
        position + 1 < len(words)
        and words[position + 1].joint == "-"
        and not words[position].form.isdigit()
        and words[position].form.endswith(("о", "е", "вице", "экс"))
    )


def _coordinated(
    words: Sequence[Word],
    parses: Sequence[tuple[Reading, ...]],
    start: int,
    members: list[int],
    head_case: str,
) -> bool:
    """Say whether the phrase at ``start`` is a second head, not a genitive or a name.

    «суверенитет и территориальная целостность» has two heads; in «министр обороны и
    безопасности» the second noun could be a nominative plural but hangs on the genitive before.
    """
    if start == 0:
        return False
    before = start - 1
    if words[before].form in ("и", "или"):
        before -= 1
    elif words[start].joint != ",":
        return False
    if before < 0:
        return False
    if head_case == "gent":
        return True
    tail = _has_case(parses[before], "gent")
    head = _has_case(parses[before], "nomn")
    genitive = all(_has_case(parses[member], "gent") for member in members)
    return not (genitive and tail) or (head and not genitive)


def _has_case(parses: tuple[Reading, ...], case: str) -> bool:
    return any(reading.case == case for reading in parses)


def _join_participles(
    words: Sequence[Word],
    parses: Sequence[tuple[Reading, ...]],
    roles: list[str | int],
    case: str,
) -> None:
    """Let a participle after a comma agree with the first head: «…, вступающие в новую эпоху»."""
    for position, word in enumerate(words):
        if (
            word.joint == ","
            and roles[position] in ("fixed", "free")
            and 0 in roles[:position]
            and any(r.kind == "PRTF" and r.case == case for r in parses[position])
        ):
            roles[position] = 0


def _loosen_compounds(words: Sequence[Word], roles: list[str | int]) -> None:
    """Make the second noun of a hyphenated pair the head: both inflect, save премьер-министр."""
    for position in range(1, len(words)):
        first = roles[position - 1]
        if words[position].joint == "-" and isinstance(first, int):
            if roles[position] in ("fixed", "free"):
                roles[position] = first
                if words[position - 1].form in _STIFF:
                    roles[position - 1] = "fixed"


# First halves that stay as they are: премьер-министра.
_STIFF = {"премьер", "вице", "экс", "пресс", "генерал", "интернет", "онлайн", "штаб", "бизнес"}
