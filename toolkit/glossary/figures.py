"""Compare figures and days between versions, by value, and say which is the odd one out.

What one version says and another lacks is either replaced by something else there (an error in
the version that stands alone), or left out (a warning of its own kind: a readout may be shorter).
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from toolkit.glossary import suggest, trends
from toolkit.glossary.amounts import Amounts, Item, Key
from toolkit.glossary.concept import Finding
from toolkit.glossary.match import Group
from toolkit.glossary.rules import RULES
from toolkit.languages import NAMES
from toolkit.values import dates, figures
from toolkit.values.value import Day

_MANY = 200  # figures of one passage: beyond it, what costs their square is left out
# What may stand for what: a figure for a figure, a day for a day.
_FAMILY = {"figure": "figure", "year": "year", "date": "day", "month": "day", "weekday": "day",
           "time": "time", "times": "times"}  # fmt: skip
_DAYS = (
    "",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)


@dataclass(frozen=True, slots=True)
class Fact:
    """What is wrong, before its place in a file is known: offsets into the text of ``lang``."""

    code: str
    severity: str
    lang: str
    start: int
    end: int
    expected: str
    message: str
    key: str = ""


@dataclass(slots=True)
class _Left:
    """A key that some versions have and others lack."""

    key: Key
    holders: dict[str, Item]
    lackers: tuple[str, ...]
    orphan: bool  # it stands in a sentence the lackers have no sentence for


class Passage:
    """The figures of one passage in its languages."""

    def __init__(
        self,
        texts: Mapping[str, str],
        groups: Mapping[str, list[Group]],
        day: datetime.date | None,
    ) -> None:
        self.texts = {lang: text for lang, text in texts.items() if text.strip()}
        self.amounts = {
            lang: Amounts(text, lang, groups[lang], day) for lang, text in self.texts.items()
        }

    def holds(self, lang: str, item: Item) -> bool:
        amounts = self.amounts.get(lang)
        return amounts is not None and amounts.may_hold(item)


def compare(rows: Sequence[Passage], number: int) -> Iterator[Fact]:
    """Yield what the versions of row ``number`` disagree in."""
    row = rows[number]
    if len(row.amounts) < 2:
        return
    yield from _units(row)
    yield from _trends(row)
    left = list(_left(rows, number))
    taken: set[int] = set()
    wrong_days: set[str] = set()
    told: set[object] = set()
    places: set[tuple[str, str, int]] = set()
    for one, other in _rivals(row, left):
        if _strangers(row, one.holders, other.holders, 2):
            continue
        taken |= {id(one), id(other)}
        fact = _exchanged(row, one, other)
        if fact.code in ("D101", "D102"):
            wrong_days.add(fact.lang)
        told.update(item.base for pair in (one, other) for item in pair.holders.values())
        place = (fact.code, fact.lang, fact.start)
        if place not in places:  # both ends of a span of days are one fault
            places.add(place)
            yield fact
    small = list(_small(row))
    exchanged = {number for _, number in small}
    yield from (fact for fact, _ in small)
    for each in left:
        if each.key[0] == "months" and each.key[1] in exchanged:
            continue
        if id(each) in taken or any(i.base and i.base in told for i in each.holders.values()):
            continue
        # Another day in a version is also no weekday of the right one, and the reverse.
        days = all(_FAMILY[item.kind] == "day" for item in each.holders.values())
        if days and (wrong_days >= set(each.lackers) or wrong_days >= set(each.holders)):
            continue
        yield from _alone(row, each)


def _left(rows: Sequence[Passage], number: int) -> Iterator[_Left]:
    row = rows[number]
    seen: set[Key] = set()
    for amounts in row.amounts.values():
        for item in amounts.items:
            if item.key in seen:
                continue
            seen.add(item.key)
            holders = {}
            lackers = []
            for other, its in row.amounts.items():
                own = its.first.get(item.key)
                if own is not None:
                    holders[other] = own
                elif not its.may_hold(item, amounts):
                    lackers.append(other)
            lackers = [
                other for other in lackers if not _elsewhere(rows, number, item, holders, other)
            ]
            if lackers:
                orphan = any(_is_orphan(row, each, holders[each], lackers) for each in holders)
                yield _Left(item.key, holders, tuple(lackers), orphan)


def _elsewhere(
    rows: Sequence[Passage], number: int, item: Item, holders: Mapping[str, Item], lacker: str
) -> bool:
    """Say whether a row beside this one, or one of ``lacker`` alone, has the item to spare."""
    for at in (number - 1, number + 1):
        if 0 <= at < len(rows) and lacker in rows[at].amounts:
            near = rows[at]
            if any(i.key == item.key for i in near.amounts[lacker].items):
                if not all(near.holds(lang, item) for lang in holders):
                    return True
    for other in rows:
        if lacker in other.amounts and not any(lang in other.amounts for lang in holders):
            if other.holds(lacker, item):
                return True
    return False


def _is_orphan(row: Passage, lang: str, item: Item, lackers: Sequence[str]) -> bool:
    """Say whether all figures of the item's sentence are lacking where there are fewer sentences.

    Then the sentence was left out, and nothing of it can be wrong.
    """
    amounts = row.amounts[lang]
    if len(amounts.items) > _MANY:
        return False
    for lacker in lackers:
        other = row.amounts[lacker]
        if len(amounts.sentences) < 2:
            return False
        place = amounts.sentence_of(item.start)
        own = {
            each.key
            for each in amounts.items
            if amounts.sentence_of(each.start) == place and not each.small and each.kind != "year"
        }
        held = any(other.may_hold(each) for each in amounts.items if each.key in own)
        fewer = len(other.sentences) < len(amounts.sentences)
        if held or not (fewer or len(own) > 1):
            return False
    return True


def _strangers(row: Passage, some: Iterable[str], others: Iterable[str], least: int) -> bool:
    """Say whether two versions share no figure at all, so that neither translates the other."""
    if any(len(amounts.items) > _MANY for amounts in row.amounts.values()):
        return False
    for lang in some:
        for other in others:
            mine = [item for item in row.amounts[lang].items if not item.small]
            its = [item for item in row.amounts[other].items if not item.small]
            # From the 26th to the 27th is one figure, and wrong in one place.
            if len({i.start for i in mine}) < 2 or len({i.start for i in its}) < least:
                return False
            if any(row.holds(other, item) for item in mine):
                return False
            if any(row.holds(lang, item) for item in its):
                return False
    return True


def _rivals(row: Passage, left: Sequence[_Left]) -> list[tuple[_Left, _Left]]:
    """Pair what one version says with what another says in its place."""
    pairs = []
    if len(left) > _MANY:
        return []  # a passage of so many differences is no passage
    for position, one in enumerate(left):
        for other in left[position + 1 :]:
            if set(one.holders) & set(other.holders):
                continue
            if not set(one.lackers) & set(other.holders):
                continue
            if not set(other.lackers) & set(one.holders):
                continue
            likeness = _likeness(one, other)
            if likeness is not None:
                pairs.append((likeness, one, other))
    pairs.sort(key=lambda pair: pair[0])
    taken: set[int] = set()
    chosen = []
    for _, one, other in pairs:
        if id(one) not in taken and id(other) not in taken:
            taken |= {id(one), id(other)}
            chosen.append((one, other))
    return chosen


def _likeness(one: _Left, other: _Left) -> tuple[int, int, float] | None:
    """Return how likely one key stands for the other, least first; None where it cannot."""
    mine, its = next(iter(one.holders.values())), next(iter(other.holders.values()))
    families = {_FAMILY[mine.kind], _FAMILY[its.kind]}
    # 3035 is no year to begin with, and may stand where 2035 should.
    if len(families) > 1 and (families != {"figure", "year"} or mine.unit or its.unit):
        return None
    if (
        mine.kind == "month"
        and its.kind == "weekday"
        or mine.kind == "weekday"
        and its.kind == "month"
    ):
        return None
    units = (mine.unit, its.unit)
    bare = "" in units
    if mine.kind == "figure" and not bare and ("%" in units) != (units[0] == units[1] == "%"):
        return None
    if mine.kind == "figure" and mine.small != its.small and "%" in units:
        return None
    far = _far(mine, its)
    # Eighteen cities are no wrong form of $1,300.
    if units[0] != units[1] and far > 2:
        return None
    # A sentence that was left out has nothing to do with a figure that resembles none of it.
    if (one.orphan or other.orphan) and far > 2:
        return None
    if len(families) > 1 and far > 1:
        return None
    alike = 0 if units[0] == units[1] and mine.kind == its.kind else 1
    return alike, far, abs(mine.start - its.start)


def _far(one: Item, other: Item) -> int:
    """Return how many digits differ; 9 where nothing is alike."""
    first, second = one.key[1], other.key[1]
    if isinstance(first, Fraction) and isinstance(second, Fraction):
        mine, its = _significant(first), _significant(second)
        if sorted(mine) == sorted(its):
            return 1
        if len(mine) == len(its):
            return sum(a != b for a, b in zip(mine, its, strict=True))
        return 3 if mine[:1] == its[:1] else 9
    if isinstance(first, tuple) and isinstance(second, tuple):
        return sum(a != b for a, b in zip(first, second, strict=True))
    return 1


def _significant(number: Fraction) -> str:
    text = str(number.numerator if number.denominator == 1 else float(number))
    return text.replace(".", "").replace("-", "").strip("0") or "0"


def _exchanged(row: Passage, one: _Left, other: _Left) -> Fact:
    """Say that two versions have different values in one place; the lesser number is at fault."""
    langs = list(row.amounts)
    # Who does not lack it supports it: a Sunday supports Nov. 2. Of two, the later is at fault.
    support, against = len(langs) - len(one.lackers), len(langs) - len(other.lackers)
    last = max((*one.holders, *other.holders), key=langs.index)
    wrong, right = (one, other) if last in one.holders else (other, one)
    if support != against:
        wrong, right = (one, other) if support < against else (other, one)
    lang, item = next(
        (lang, wrong.holders[lang]) for lang in reversed(langs) if lang in wrong.holders
    )
    witness, its = next((lang, right.holders[lang]) for lang in langs if lang in right.holders)
    code = _code(item, its)
    severity = RULES[code].severity
    if item.small and its.small:
        severity = "warning"
    write = _written(row, its, item, lang, witness)
    said = " and ".join(f"{NAMES[each]} “{right.holders[each].text}”" for each in right.holders)
    odd = len(langs) > 2 and support != against
    third = [each for each in langs if each not in wrong.holders and each not in right.holders]
    message = f"“{item.text}” is not what {said} say{'s' if len(right.holders) == 1 else ''}"
    if code == "D102":
        message = f"“{item.text}” does not fall on {said}"
        weekday = row.amounts[witness].weekday_of(its) if its.kind == "date" else None
        if weekday:
            message += f", a {_DAYS[weekday]}"
    if odd:
        message += f": {NAMES[lang]} is the odd one out"
    elif third:
        message += f"; {NAMES[third[0]]} has neither"
    elif len(langs) == 2:
        message += "; the versions disagree, look at both"
    if write:
        message += f"; write “{write}”"
    return Fact(code, severity, lang, item.start, item.end, write, message)


def _code(item: Item, other: Item) -> str:
    if "weekday" in (item.kind, other.kind):
        return "D102"
    return "D101" if item.kind in ("date", "month", "year", "time") else "N101"


def _written(row: Passage, right: Item, wrong: Item, lang: str, witness: str) -> str:
    """Return the right value as the language at fault would write it, or ""."""
    value = right.value
    text = row.texts[lang]
    try:
        if isinstance(value.value, Day):
            if right.kind == "year":
                return str(int(right.key[1]))  # type: ignore[call-overload]
            if value.value.until or (wrong.kind == "weekday"):
                return ""
            shown = value.value
            if isinstance(wrong.value.value, Day) and wrong.value.value.year is None:
                shown = shown._replace(year=None)
            elif isinstance(wrong.value.value, Day) and shown.year is None:
                shown = shown._replace(year=wrong.value.value.year)
            made = dates.Value("date", shown)
            return dates.render(made, lang, before=text[: wrong.start]) or ""
        if right.kind == "weekday":
            return dates.render(value, lang) or "" if lang != "ru" else ""
        if lang == "ru" and wrong.value.kind == "ordinal":
            digits, hyphen, ending = wrong.text.partition("-")
            return f"{int(value.value)}-{ending}" if hyphen else ""  # type: ignore[call-overload]
        return figures.render(value, lang, after=text[wrong.end :])
    except (ValueError, KeyError):
        return ""


def _alone(row: Passage, left: _Left) -> Iterator[Fact]:
    """Say that a figure or day stands in some versions only."""
    items = list(left.holders.items())
    lang, item = items[0]
    if any(item.spare for _, item in items):
        return
    if left.orphan or _strangers(row, left.holders, left.lackers, 1):
        message = f"the sentence of “{item.text}” stands in {NAMES[lang]} only"
        yield Fact("X100", RULES["X100"].severity, lang, item.start, item.end, "", message)
        return
    day = item.kind not in ("figure",)
    relative = [r for r in (row.amounts[each].relative for each in left.lackers) if r]
    if day and (relative or row.amounts[lang].relative and item.kind == "weekday"):
        if relative:
            message = (
                f"“{item.text}” cannot be compared with “{relative[0]}”, which only the day of the"
                " dispatch makes a date"
            )
            yield Fact("D103", RULES["D103"].severity, lang, item.start, item.end, "", message)
        return
    if item.kind == "weekday" and len(items) == 1:
        yield from _wrong_weekday(row, lang, item)
        return  # else the weekday of a day that the others leave out
    lacking = " and ".join(NAMES[each] for each in left.lackers)
    if len(items) > 1:
        code = "D104" if day else "N103"
        said = " and ".join(f"{NAMES[each]} “{its.text}”" for each, its in items)
        at = left.lackers[0]
        write = _written(row, item, item, at, lang) if not day else ""
        message = f"{said} stand{'' if len(items) > 1 else 's'} in no {NAMES[at]} here"
        yield Fact(code, RULES[code].severity, at, 0, 0, write, message)
        return
    code = "X102" if day else "X101"
    verb = "says" if len(left.lackers) == 1 else "say"
    message = f"“{item.text}” stands in {NAMES[lang]} only: {lacking} {verb} nothing of it here"
    yield Fact(code, RULES[code].severity, lang, item.start, item.end, "", message)


def _wrong_weekday(row: Passage, lang: str, item: Item) -> Iterator[Fact]:
    """Say that a weekday is not that of the one day the passage speaks of."""
    days = {
        (i.key, amounts.weekday_of(i)): (each, i)
        for each, amounts in row.amounts.items()
        for i in amounts.items
        if i.kind == "date"
    }
    if len({key for key, _ in days}) != 1 or len(days) != 1:
        return
    ((_, weekday), (witness, its)), *_ = days.items()
    if weekday is None or weekday == item.key[1]:
        return
    message = f"“{item.text}” does not fall on {NAMES[witness]} “{its.text}”, a {_DAYS[weekday]}"
    yield Fact("D102", RULES["D102"].severity, lang, item.start, item.end, "", message)


def _units(row: Passage) -> Iterator[Fact]:
    """Say that one number counts different things: dollars in one version, yuan in another."""
    langs = list(row.amounts)
    seen: set[Key] = set()
    for amounts in row.amounts.values():
        for key, units in amounts.units.items():
            if key in seen or not units - {""}:
                continue
            seen.add(key)
            by_lang = {
                lang: row.amounts[lang].units[key] - {""}
                for lang in langs
                if row.amounts[lang].units.get(key, set()) - {""}
                and "" not in row.amounts[lang].units[key]
            }
            for one, other in ((a, b) for a in by_lang for b in by_lang if a < b):
                if not by_lang[one] & by_lang[other]:
                    break
            else:
                continue
            wrong = max(
                by_lang,
                key=lambda lang: (
                    sum(not by_lang[lang] & by_lang[each] for each in by_lang),
                    langs.index(lang),
                ),
            )
            item = next(i for i in row.amounts[wrong].items if i.key == key)
            witness = next(lang for lang in by_lang if not by_lang[lang] & by_lang[wrong])
            its = next(i for i in row.amounts[witness].items if i.key == key)
            if {item.unit, its.unit} == {"%", "pp"}:
                kinds = {"%": "percent", "pp": "percentage points"}
                message = (
                    f"“{item.text}” is {kinds[item.unit]} here, and {kinds[its.unit]} in"
                    f" {NAMES[witness]} “{its.text}”"
                )
                yield Fact("N102", "warning", wrong, item.start, item.end, "", message)
                continue
            write = _written(row, its, item, wrong, witness)
            message = f"“{item.text}” counts something else than {NAMES[witness]} “{its.text}”" + (
                f"; write “{write}”" if write else ""
            )
            yield Fact("N102", RULES["N102"].severity, wrong, item.start, item.end, write, message)


_WAYS = {trends.RISE: "a rise", trends.FALL: "a fall"}


def _trends(row: Passage) -> Iterator[Fact]:
    """Say that a figure is a rise in one version and a fall in another."""
    if any(len(amounts.items) > _MANY for amounts in row.amounts.values()):
        return
    for lang, item, way, others in trends.disagree(row.amounts):
        said = " and ".join(NAMES[each] for each in others)
        verb = "says" if len(others) == 1 else "say"
        message = (
            f"“{item.text}” is {_WAYS[way]} here, and {said} {verb} {_WAYS[-way]}"
            + ("; look at both" if len(others) == 1 else f": {NAMES[lang]} is the odd one out")
        )
        yield Fact("N104", RULES["N104"].severity, lang, item.start, item.end, "", message)


def _small(row: Passage) -> Iterator[tuple[Fact, int]]:
    """Compare the counts below ten, where each version has one the other lacks.

    With each finding goes the number that should be there.
    """
    langs = list(row.amounts)
    sets = {lang: dict(amounts.small) for lang, amounts in row.amounts.items()}
    found: dict[str, tuple[str, int, int]] = {}
    for one in langs:
        for other in langs:
            if langs.index(one) >= langs.index(other):
                continue
            mine = [n for n in sets[one] if Fraction(n) not in row.amounts[other].loose]
            its = [n for n in sets[other] if Fraction(n) not in row.amounts[one].loose]
            if len(mine) + len(its) == 1:
                # "Two votes" where the other has 4 and no two of any kind.
                lacker, holder = (other, one) if mine else (one, other)
                two = row.amounts[lacker].two
                if two and not row.amounts[holder].may_say_two:
                    sets[lacker][2] = two
                    (its if mine else mine).append(2)
            if len(mine) == 1 and len(its) == 1:
                found.setdefault(other, (one, mine[0], its[0]))
    if len(found) == 2 and all(one == langs[0] for one, _, _ in found.values()):
        # Both others differ from the first: the first is the odd one out.
        (lang, (first, mine, its)), *_ = found.items()
        start, end = sets[first][mine]
        told = (first, start, end, sets[lang][its], lang)
        right = its
    elif found:
        lang, (first, mine, its) = next(iter(found.items()))
        start, end = sets[lang][its]
        told = (lang, start, end, sets[first][mine], first)
        right = mine
    else:
        return
    lang, start, end, (from_, to), witness = told
    message = (
        f"“{row.texts[lang][start:end]}” is not what {NAMES[witness]}"
        f" “{row.texts[witness][from_:to]}” says"
    )
    yield Fact("N101", "warning", lang, start, end, "", message), right


def _suggested(fact: Fact, found: str) -> str:
    if not found or not fact.expected:
        return ""
    return suggest.name(fact.expected, found, fact.lang) if fact.code == "P101" else fact.expected


def finding(fact: Fact, text: str, place: tuple[str, int, int]) -> Finding:
    """Return a fact as a finding at its place."""
    file, line, column = place
    found = text[fact.start : fact.end]
    return Finding(
        fact.code, fact.severity, fact.key, file, line, column, fact.lang, found, fact.expected,
        fact.message, _suggested(fact, found),
    )  # fmt: skip
