"""Hide from a model what it must not touch, and put it back in the right form.

`mask` replaces fixed phrases, names and figures by the symbols of `toolkit.translate.symbols`;
the model translates what is left; `unmask` fills the symbols from the glossary and by value.
A phrase that cannot travel as a noun (a verb formula, a frame with a slot) stays in the text and
is looked for afterwards: what became of every one of them is reported, never assumed.
"""

import datetime
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from toolkit import languages
from toolkit.glossary.concept import Concept, Term
from toolkit.glossary.match import Match, Matcher
from toolkit.languages import NAMES
from toolkit.languages.ru_forms import CASES, gender, inflect, is_clause
from toolkit.translate import government, seams, strangers
from toolkit.translate.symbols import SYMBOLS, TARGET_GROUP
from toolkit.values import dates, numbers
from toolkit.values.reading import completed, values
from toolkit.values.value import Day, Value

_NAMES = {"person": "P", "place": "L", "country": "L", "region": "L"}
# Every language says these by an adjective as often as by a noun (Chinese, российский, 中方): the
# model knows them as words.
_WORDS = frozenset(("prc", "russian_federation", "china", "russia"))
_VALUES = {"number": "N", "ordinal": "O", "percent": "%", "money": "M", "quantity": "M",
           "date": "D", "weekday": "W", "time": "N"}  # fmt: skip
MOST = 9
OWN_MARK = re.compile("|".join(re.escape(symbol) for symbol in sorted(SYMBOLS, key=len)[::-1]))
# What no text for people holds; the seams are marked with such characters.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufff9-\ufffb]")
# An English term that begins so is a verb phrase, and takes another place in the sentence.
_EN_VERB = re.compile(
    r"(?:to |be |meet|support|raise|lift|oppose|exchange|inject|consolidate|firmly|regard|reach|"
    r"push|promote|uphold|pay|hold|act|make|take|give|stand|work|build|deepen|strengthen|at their)"
    r"(?![a-z])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Placement:
    """What became of one fixed phrase or name of a segment.

    ``form`` is what stands in the translation where ``placed``, else the form it should have.
    """

    concept: str
    source: str
    form: str
    placed: bool


@dataclass(frozen=True, slots=True)
class Slot:
    """One placeholder: what stood there and what will.

    ``kind`` is a class letter of the symbols; ``form`` the base form in the target language
    (Russian: nominative); ``ordinal`` a number that stood inside the phrase (第三十次).
    """

    index: int
    kind: str
    source: str
    form: str
    concept: Concept | None = None
    value: Value | None = None
    ordinal: Value | None = None

    @property
    def left(self) -> bool:
        """Whether the name is not known in the target and stands there as it is, marked."""
        return self.form.startswith(strangers.OPEN)


@dataclass(frozen=True, slots=True)
class Passed:
    """A phrase that is ordinary vocabulary where it stands, and travels as the model's own words.

    ``why`` says why, for a person; "" for a country that adjectives name as often as its noun.
    """

    concept: Concept
    source: str
    start: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class Masked:
    """A segment as the model reads it; ``problem`` says why it must not be given to the model."""

    text: str
    slots: tuple[Slot, ...]
    expected: tuple[tuple[Concept, str], ...]
    source: str
    target: str
    problem: str | None = None
    passed: tuple[Passed, ...] = ()


@dataclass(frozen=True, slots=True)
class Unmasked:
    """A filled translation; with any of ``problems`` it must not be shown."""

    text: str
    placements: tuple[Placement, ...]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """Something to hide, at its place in the text."""

    start: int
    end: int
    kind: str
    match: Match | None = None
    value: Value | None = None
    ordinal: Value | None = None
    stranger: strangers.Stranger | None = None


def mask(
    text: str,
    source: str,
    target: str,
    matcher: Matcher,
    *,
    day: datetime.date | tuple[int, int] | None = None,
    known: Collection[str] | None = None,
) -> Masked:
    """Replace fixed phrases, names and figures of a segment by placeholders.

    Args:
        text: One segment in ``source``.
        day: The dispatch's date, or its (month, day) where the year is not known: completes
            "2日"; where the month is still open the target leaves it open too ("the 2nd").
        known: Words of the source language that are no names (``Engine.known``).
    """
    found = completed(values(text, source), day)
    date = day if isinstance(day, datetime.date) else None
    items, expected, passed = phrases(text, source, target, matcher, found, date, known)
    pieces: list[str] = []
    slots: list[Slot] = []
    place = 0
    problem = None
    if OWN_MARK.search(text):
        problem = f"the text holds a mark of the translator's own ({OWN_MARK.search(text)[0]})"
    elif _CONTROL.search(text):
        problem = f"the text holds a control character (U+{ord(_CONTROL.search(text)[0]):04X})"
    elif len(items) > MOST:
        problem = f"more than {MOST} names and figures"
    for index, item in enumerate(items, 1):
        surface = text[item.start : item.end]
        form = _form(item, target)
        if form is None:
            problem = problem or f"“{surface}” needs its month in {NAMES[target]}"
            form = surface
        concept = item.match.concept if item.match else None
        slots.append(Slot(index, item.kind, surface, form, concept, item.value, item.ordinal))
        group = f"<{item.kind}><{index}>"
        if target == "ru" and item.kind in "TPL":
            group += f"<{'m' if form.startswith(strangers.OPEN) else gender(form)}>"
        pieces += [text[place : item.start], apart(text, item.start, source), group]
        if item.end < len(text) and source != "zh" and text[item.end].isalnum():
            pieces.append(" ")
        place = item.end
    pieces.append(text[place:])
    masked = short_prepositions("".join(pieces), source)
    return Masked(masked, tuple(slots), expected, source, target, problem, passed)


# Which form a preposition takes is settled when the phrase is put back («во вторник», «об АСЕАН»).
_LONG_PREPOSITION = re.compile(r"\b([ВвСс])о (?=<)|\b([Оо])бо? (?=<)")


def short_prepositions(masked: str, lang: str) -> str:
    if lang != "ru":
        return masked
    return _LONG_PREPOSITION.sub(lambda m: f"{m[1] or m[2]} ", masked)


def apart(text: str, start: int, lang: str) -> str:
    return " " if lang != "zh" and start and text[start - 1].isalnum() else ""


def phrases(
    text: str,
    source: str,
    target: str,
    matcher: Matcher,
    found: Sequence[Value] | None = None,
    date: datetime.date | None = None,
    known: Collection[str] | None = None,
) -> tuple[list[Item], tuple[tuple[Concept, str], ...], tuple[Passed, ...]]:
    """Return what to hide, in order, the phrases to look for afterwards, and those passed over.

    Args:
        found: The values of the text; None: look for them.
        date: The dispatch's: a term out of its dates on that day is no fixed phrase.
        known: Words that are no names; None: names are not told by their capitals.
    """
    found = values(text, source) if found is None else found
    items: list[Item] = []
    expected: list[tuple[Concept, str]] = []
    passed: list[Passed] = []
    for match in matcher.find(text, source, date=date):
        surface = text[match.start : match.end]
        if match.concept.preferred(target) is None:
            continue
        if match.concept.id in _WORDS:
            passed.append(Passed(match.concept, surface, match.start))
            continue
        inside = [v for v in found if v.start < match.end and match.start < v.end]
        own = values(match.term.text, source)
        ordinals = [v for v in inside if v not in own]
        named = match.concept.domain in _NAMES
        if "accept-only" in match.term.flags:
            continue
        if any(
            v.start <= match.start and match.end < v.end or v.start < match.start < v.end
            for v in inside
        ):
            continue  # the U.S. of U.S. dollars; the 日本 of 3日本次会议
        other = _other_meaning(match, surface, source, target)
        if other:
            passed.append(Passed(match.concept, surface, match.start, other))
            continue
        if not named and (not _noun(match.concept, match.term) or _inserted(match, surface)):
            expected.append((match.concept, surface))
            continue
        ordinal = None
        if ordinals:
            # 中俄总理第三十次定期会晤: one number may ride along, anything else must stay seen.
            within = match.start < ordinals[0].start and ordinals[0].end < match.end
            alone = len(ordinals) == 1 and ordinals[0].kind == "ordinal"
            if not alone or not within or target == "zh":
                expected.append((match.concept, surface))
                continue
            ordinal = ordinals[0]
        kind = _NAMES.get(match.concept.domain, "T")
        items.append(Item(match.start, match.end, kind, match, None, ordinal))
    for value in found:
        if all(value.end <= item.start or item.end <= value.start for item in items):
            if source == "en" and value.kind == "ordinal" and _ANNIVERSARY.match(text, value.end):
                value = replace(value, kind="number")
            if value.kind in _VALUES:
                items.append(Item(value.start, value.end, _VALUES[value.kind], None, value))
    if any(character.isalpha() for character in text):
        for name in strangers.find(text, source, target, known):
            if all(name.end <= item.start or item.end <= name.start for item in items):
                items.append(Item(name.start, name.end, name.kind, stranger=name))
    return sorted(items, key=lambda item: item.start), tuple(expected), tuple(passed)


# English counts anniversaries by ordinals (80th), Chinese and Russian by plain numbers (80周年,
# 80-летие): such an ordinal travels as a number and gets its ending back when it is written.
_ANNIVERSARY = re.compile(r" anniversar", re.IGNORECASE)


def _inserted(match: Match, surface: str) -> bool:
    """Tell whether a match holds words that are not the term's, which a fill would lose."""
    if "gap" not in match.term.flags:
        return False
    tokens = languages.module(match.term.lang).tokens
    return len(tokens(surface)) > len(tokens(match.term.text))


_CHINA = {
    "zh": re.compile("中国|中华|中方|国务院|国务委员|中共|全国人大|全国政协"),
    "ru": re.compile("КНР|[Кк]ита|Госсовет|Государственного совета|КПК|ВСНП|НПКСК"),
    "en": re.compile("China|Chinese|PRC|State Council|CPC|National People's|CPPCC"),
}


def _adds_china(concept: Concept, surface: str, source: str, target: str) -> bool:
    """Tell whether a phrase would gain a country in translation that the text does not name.

    "Foreign Minister" is министр иностранных дел КНР only where it is China's: such an office
    without its country is ordinary vocabulary for the model.
    """
    term = concept.preferred(target)
    if concept.domain != "office/title" or term is None:
        return False
    return bool(_CHINA[target].search(term.text)) and not _CHINA[source].search(surface)


def _other_meaning(match: Match, surface: str, source: str, target: str) -> str:
    """Say why a phrase is not to be called as its term is, "" where it is."""
    if _adds_china(match.concept, surface, source, target):
        return "the glossary's term names China, the text does not"
    if not _same_number(match, surface, source):
        # «главы МИД Китая и Казахстана» are two persons, the term is one
        return "stands in another number than the glossary's term"
    return ""


def _same_number(match: Match, surface: str, source: str) -> bool:
    """Tell whether a phrase stands in the number of its term; in Chinese nothing tells."""
    term = match.term.text
    if source == "en":
        return surface.lower().endswith("s") == term.lower().endswith("s")
    if source == "ru" and match.concept.domain == "office/title":
        plain = surface.lower().replace("ё", "е")
        forms = (inflect(term, case) or "" for case in CASES)
        return any(form.lower().replace("ё", "е") == plain for form in forms)
    return True


@cache
def _noun(concept: Concept, term: Term) -> bool:
    """Tell whether a concept can stand as a noun phrase in all its languages."""
    russian, english = concept.preferred("ru"), concept.preferred("en")
    if "…" in term.text or (russian and "…" in russian.text) or (english and "…" in english.text):
        return False
    if english and _EN_VERB.match(english.text):
        return False
    if russian is None:
        return True
    # One plain word (встреча, переговоры) is ordinary vocabulary, not a fixed phrase.
    if re.fullmatch("[а-яё]+", russian.text) and concept.domain in ("event", "formula"):
        return False
    # A sentence (台湾是中国领土的一部分) fits where the model puts a nominative, else nowhere.
    return is_clause(russian.text) or all(
        inflect(russian.text, case) is not None for case in CASES
    )


def _form(item: Item, target: str) -> str | None:
    if item.match is not None:
        return wanted(item.match.concept, item.match.term, target)
    if item.stranger is not None:
        return item.stranger.form
    assert item.value is not None
    if item.value.kind in ("date", "weekday"):
        return dates.render(item.value, target) or _bare_day(item.value.value, target)
    return numbers.render(item.value, target)


def _bare_day(day: object, target: str) -> str | None:
    """Write a day whose month nobody knows (22日); spans of such days are left alone."""
    if not isinstance(day, Day) or day.day is None or day.until is not None:
        return None
    if target == "ru":
        return f"{day.day}-го числа"
    ending = "th" if 10 <= day.day <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
    return f"the {day.day}{ending}" if target == "en" else None


def wanted(concept: Concept, term: Term, target: str) -> str | None:
    """Return how a concept is to be called where the source calls it ``term``.

    That is the preferred term; a bare surname (Chernyshenko) stays one where the target has it.
    """
    preferred, own = concept.preferred(target), concept.preferred(term.lang)
    if preferred is None:
        return None
    if concept.domain == "person" and own is not None and own.text.endswith(f" {term.text}"):
        for other in concept.terms:
            if other.lang == target and preferred.text.endswith(f" {other.text}"):
                return other.text
    return preferred.text


# Putting back ----------------------------------------------------------------------------------


def unmask(output: str, masked: Masked, matcher: Matcher | None = None) -> Unmasked:
    """Fill the placeholders of a model's output.

    Args:
        output: What the model made of ``masked.text``.
        matcher: Looks for the phrases that could not be placeholders; None leaves them unplaced.

    Every placeholder must come back exactly once and in a form that exists; all else is a problem.
    """
    slots = {slot.index: slot for slot in masked.slots}
    problems: list[str] = []
    seen: list[int] = []
    filled: dict[int, str] = {}

    def fill(match: re.Match[str]) -> str:
        index = int(match[1])
        slot = slots.get(index)
        if slot is None:
            problems.append(f"the model invented a placeholder ({match[0]})")
            return ""
        seen.append(index)
        before, after = output[: match.start()][-20:], output[match.end() : match.end() + 40]
        form = _filled(slot, masked.target, match[2], match[3], before, after)
        if form is None:
            problems.append(f"no Russian form of “{slot.form}” fits")
            form = slot.form
        filled[index] = form
        return f"{seams.START}{form}{seams.END}"

    if masked.target == "ru":
        output = agreed(output, slots)
    text = TARGET_GROUP.sub(fill, output)
    for slot in masked.slots:
        if seen.count(slot.index) != 1:
            how = "lost" if slot.index not in seen else "repeated"
            problems.append(f"“{slot.source}” was {how}")
    if OWN_MARK.search(text):
        problems.append("the model left a stray mark")
    text = seams.mend(text, masked.target)
    placements = [
        Placement(slot.concept.id, slot.source, filled.get(slot.index, slot.form),
                  seen.count(slot.index) == 1)
        for slot in masked.slots
        if slot.concept is not None
    ]  # fmt: skip
    placements += expected_placements(masked, text, matcher)
    return Unmasked(text, tuple(placements), tuple(dict.fromkeys(problems)))


def agreed(output: str, slots: Mapping[int, Slot]) -> str:
    """Give the Russian placeholders of an output the cases that the words around them ask for."""
    pieces, place = [], 0
    for group in TARGET_GROUP.finditer(output):
        slot = slots.get(int(group[1]))
        pieces.append(output[place : group.start()])
        place = group.end()
        text = group[0]
        if slot is not None and slot.kind in "TPL" and not slot.left:
            being = slot.kind == "P" or bool(slot.concept and slot.concept.domain in _OFFICES)
            before = "".join(pieces)
            after = output[place : place + 40]
            case = government.mended(group[3], before, slot.form, being, after)
            if case is not None and case != group[3]:
                text = f"<{slot.index}><{case}>"
        pieces.append(text)
    return _one_case("".join(pieces) + output[place:], slots)


_OFFICES = frozenset(("office/title",))
_LIST = re.compile(
    r"<\d><(?:gen|dat|acc|ins|loc)>(?:, <\d><\w{3}>)* и <\d><\w{3}>"
    r"(?! [а-яё]*(?:[аяюеи]т|л[аои]?)\b)"
    r"|<\d><(?:gen|dat|acc|ins|loc)>(?:, <\d><\w{3}>){2,}"
    r"|<\d><(?:gen|dat|acc|ins|loc)>, <\d><nom>(?=[,.;]| и [а-яё]+ть\b)"
)
_MEMBER = re.compile(r"<(\d)><(\w{3})>")


def _one_case(output: str, slots: Mapping[int, Slot]) -> str:
    """Give the members of a list the case of its first; models forget it on the way.

    Only the nominative gives way, and only in a list that ends in «и», all of terms or all of
    places, with no verb behind it: a name after a comma or «и» may begin a clause of its own.
    """

    def agree(found: re.Match[str]) -> str:
        members = _MEMBER.findall(found[0])
        kinds = {slots[int(n)].kind if int(n) in slots else "" for n, _ in members}
        if kinds not in ({"T"}, {"L"}):
            return found[0]
        case = members[0][1]
        return _MEMBER.sub(lambda m: f"<{m[1]}><{case if m[2] == 'nom' else m[2]}>", found[0])

    return _LIST.sub(agree, output)


def expected_placements(
    masked: Masked, text: str, matcher: Matcher | None
) -> list[Placement]:
    """Look in a translation for the phrases that stayed in the text."""
    placements = []
    found = matcher.find(text, masked.target) if matcher and masked.expected else []
    for concept, surface in masked.expected:
        match = next((m for m in found if m.concept.id == concept.id), None)
        term = concept.preferred(masked.target)
        form = text[match.start : match.end] if match else term.text if term else ""
        if match is not None:
            found.remove(match)  # said twice, it must be found twice
        placements.append(Placement(concept.id, surface, form, match is not None))
    return placements


def known(masked: Masked) -> tuple[Placement, ...]:
    """Return the phrases and names of a segment that is left, with the forms they should have."""
    placements = [
        Placement(slot.concept.id, slot.source, _plain(slot, masked.target), False)
        for slot in masked.slots
        if slot.concept is not None
    ]
    for concept, surface in masked.expected:
        term = concept.preferred(masked.target)
        placements.append(Placement(concept.id, surface, term.text if term else "", False))
    return tuple(placements)


def converted(masked: Masked) -> tuple[tuple[str, str], ...]:
    """Return the figures and days of a segment that the target writes otherwise, with how."""
    pairs = ((slot.source, slot.form) for slot in masked.slots if slot.value is not None)
    return tuple(dict.fromkeys((one, other) for one, other in pairs if one != other))


def in_case(slot: Slot, target: str, case: str = "nom") -> str | None:
    """Return what stands for a slot, its ordinal with it; in Russian in a case, None: has none."""
    return _filled(slot, target, gender(slot.form) if target == "ru" else None, case)


def _plain(slot: Slot, target: str) -> str:
    return in_case(slot, target) or slot.form


def _filled(
    slot: Slot,
    target: str,
    letter: str | None,
    case: str | None,
    before: str | None = None,
    after: str = "",
) -> str | None:
    if slot.value is not None:
        if slot.kind == "O":
            if target == "ru" and (letter is None or case is None):
                return None
            return numbers.render(
                slot.value, target, gender=letter or "m", case=case or "nom", after=after
            )
        if slot.kind == "W":
            if target == "ru" and case is None:
                return None
            return dates.render(slot.value, target, case=case or "nom")
        if slot.kind == "D":
            written = dates.render(slot.value, target, before=before)
            return written or _bare_day(slot.value.value, target)
        return numbers.render(slot.value, target, after=after)
    form: str | None = slot.form
    if slot.concept is None and (slot.kind == "T" or slot.left):
        return form  # a Latin name, or one that stands as it is: neither declines
    if target == "ru":
        form = inflect(slot.form, case) if case else None
    if form is not None and slot.ordinal is not None:
        if target == "ru":
            assert case is not None
            number = numbers.render(slot.ordinal, "ru", gender=gender(slot.form), case=case)
        else:
            number = numbers.render(slot.ordinal, target)
        form = f"{number} {form}"
    return form
