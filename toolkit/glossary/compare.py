"""Compare the versions of a dispatch passage by passage: is each concept in all of them?

A warning must be worth reading, so the comparison first looks for every honest reason why an
equivalent is not where it was expected: it crossed the border to the next passage, it shares a
head with another term («A、B合作委员会»), or it is a short form of a name given in full elsewhere.
"""

import datetime
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from toolkit.glossary import figures, lookalikes, persons, suggest, wording
from toolkit.glossary.check import (
    Checked,
    Scopes,
    expected,
    form_findings,
    in_place,
    why,
)
from toolkit.glossary.concept import Concept, Finding, Glossary
from toolkit.glossary.figures import Fact
from toolkit.glossary.match import Match, Matcher, status_on
from toolkit.glossary.patterns import (
    FORMULA,
    NAMES,
    OFFICE,
    PERSON,
    Pattern,
    patterns,
)
from toolkit.glossary.rules import RULES
from toolkit.glossary.sides import LADDER, Side, is_partial, side_of
from toolkit.glossary.words import Words
from toolkit.languages import LANGS, chinese_names
from toolkit.languages import NAMES as NAMES_OF

_COUNTRIES = {"country", "country/place"}
_APPROVED = ("preferred", "admitted")


@dataclass(frozen=True, slots=True)
class Row:
    """One passage in each of its languages; ``place(lang, offset)`` says where it stands."""

    texts: Mapping[str, str]
    place: Callable[[str, int], tuple[str, int, int]]


def check_rows(
    rows: Sequence[Row],
    matcher: Matcher,
    *,
    date: datetime.date | None = None,
    countries: Collection[str] = (),
    forms: bool = True,
    notes: bool = False,
) -> Checked:
    """Compare the languages of each row, and look for wrong forms in each.

    ``forms`` false leaves out T001 to T003 (where the texts were checked by themselves);
    ``notes`` adds findings of severity ``info``: wordings that versions are free to differ in.
    """
    langs = [lang for lang in LANGS if any(row.texts.get(lang) for row in rows)]
    passages = [
        (row.texts.get(lang, ""), lang, number)
        for number, row in enumerate(rows)
        for lang in langs
    ]
    scopes = Scopes(passages, countries)
    comparison = _Comparison(matcher.glossary, rows, langs, date, notes)
    findings: list[Finding] = []
    uses = 0
    for number, row in enumerate(rows):
        sides = {}
        for position, lang in enumerate(langs):
            text = row.texts.get(lang, "")
            groups = matcher.groups(
                text,
                lang,
                date=date,
                countries_at=scopes.at(number * len(langs) + position),
            )
            uses += sum(group.matches[0].term.status != "forbidden" for group in groups)
            sides[lang] = side_of(text, lang, groups, date)
        comparison.sides.append(sides)
    passages_said = [
        figures.Passage(row.texts, {lang: side.groups for lang, side in sides.items()}, date)
        for row, sides in zip(rows, comparison.sides, strict=True)
    ]
    named = [
        {
            lang: persons.Named(side.text, lang, side.groups)
            for lang, side in sides.items()
            if side.text.strip()
        }
        for sides in comparison.sides
    ]
    for number, row in enumerate(rows):
        compared = list(comparison.findings(number))
        facts = list(figures.compare(passages_said, number))
        facts += _named(comparison, named, number, compared)
        findings.extend(
            figures.finding(fact, row.texts[fact.lang], row.place(fact.lang, fact.start))
            for fact in facts
            if notes or fact.severity != "info"
        )
        if forms:
            for lang in langs:
                side = comparison.sides[number][lang]

                def place(offset: int, row: Row = row, lang: str = lang) -> tuple[str, int, int]:
                    return row.place(lang, offset)

                foreign = scopes.foreign_at(number * len(langs) + langs.index(lang))
                findings.extend(form_findings(side.groups, side.text, lang, date, place, foreign))
        findings.extend(finding for finding in compared if notes or finding.severity != "info")
    return Checked(tuple(findings), uses)


def _named(
    comparison: "_Comparison",
    named: Sequence[dict[str, persons.Named]],
    number: int,
    compared: list[Finding],
) -> Iterator[Fact]:
    """Yield what names by rule disagree in, apart from those the glossary spoke of.

    Who is named in the place of somebody the glossary misses is one finding with that.
    """
    for lang, spans in comparison.misspelt.get(number, {}).items():
        named[number][lang].without(spans)
    for fact in persons.compare(named, number):
        for place, finding in enumerate(compared):
            if (
                finding.code in ("P103", "X103")
                and fact.code in ("P103", "X103")
                and finding.lang == fact.lang
            ):
                text = comparison.sides[number][fact.lang].text
                stands = text[fact.start : fact.end]
                file, line, column = comparison.rows[number].place(fact.lang, fact.start)
                compared[place] = replace(
                    finding,
                    code="P101",
                    severity=RULES["P101"].severity,
                    file=file,
                    line=line,
                    column=column,
                    found=stands,
                    message=f"“{stands}” stands there; {finding.message}",
                )
                break
        else:
            yield fact


def _is_chinese(concept: Concept) -> bool:
    """Say whether a person's name is Chinese, which only its own characters write."""
    english = concept.preferred("en")
    return english is not None and bool(chinese_names.find(english.text, "en"))


class _Comparison:
    """The rows of one dispatch and what each language of them holds."""

    def __init__(
        self,
        glossary: Glossary,
        rows: Sequence[Row],
        langs: Sequence[str],
        day: datetime.date | None,
        notes: bool = False,
    ) -> None:
        self.notes = notes
        self.concepts = {concept.id: concept for concept in glossary.concepts}
        self.rows = rows
        self.langs = langs
        self.day = day
        self.sides: list[dict[str, Side]] = []
        self._patterns: dict[tuple[str, str], list[Pattern]] = {}
        self._anywhere: dict[str, set[str]] | None = None
        self._alone: dict[tuple[str, str], set[str]] = {}
        # Where names of the glossary stand misspelt, by row and language.
        self.misspelt: dict[int, dict[str, list[tuple[int, int]]]] = {}

    def findings(self, number: int) -> Iterator[Finding]:
        sides = self.sides[number]
        langs = [lang for lang in self.langs if sides[lang].text.strip()]
        exchanged: set[tuple[str, str]] = set()
        for lang, found, right, severity in self._exchanges(number, langs):
            exchanged |= {(lang, right.id), *((other, found.concept.id) for other in langs)}
            yield self._exchange(number, lang, found, right, severity)
        missing: dict[tuple[str, str], list[str]] = {}
        for lang in langs:
            for id in sides[lang].demands:
                for other in langs:
                    if other != lang and (other, id) not in exchanged:
                        if self._is_missing(number, id, lang, other):
                            missing.setdefault((other, id), []).append(lang)
        for (other, id), witnesses in missing.items():
            # A language the glossary has no term in could not have said it.
            concept = self.concepts[id]
            versions = sum(self._has(concept, each) for each in langs)
            if not self.notes and concept.domain != PERSON:
                if self._severity(concept, "T101", len(witnesses), versions) == "info":
                    continue
            yield self._missing(number, id, witnesses, other, versions)

    # Another rung of the ladder, another member of a family.

    def _exchanges(
        self, number: int, langs: Sequence[str]
    ) -> Iterator[tuple[str, Match, Concept, str]]:
        """Yield (language at fault, what stands there, what should, severity) for the row."""
        pairs = []
        for one, two in combinations(langs, 2):
            found = self._exchanged(number, one, two)
            if found:
                pairs.append((one, two, *found))
        if not pairs:
            return
        blame = Counter(lang for one, two, _, _ in pairs for lang in (one, two))
        told: set[str] = set()
        for one, two, in_one, in_two in pairs:
            # Two against one; of two, the translation (Chinese is listed first).
            at_fault = one if blame[one] > blame[two] else two
            if at_fault in told:
                continue
            told.add(at_fault)
            found, right = (in_one, in_two) if at_fault == one else (in_two, in_one)
            severity = RULES["T102"].severity
            if right.concept.domain != LADDER or is_partial(found) or is_partial(right):
                # Outside the ladder one version of three without a second is free wording, and
                # partners are called so more loosely than a partnership is named.
                severity = "info" if len(langs) > 2 and blame[at_fault] < 2 else "warning"
            yield at_fault, found, right.concept, severity

    def _exchanged(self, number: int, one: str, two: str) -> tuple[Match, Match] | None:
        """Find a concept of ``one`` and another of the same family in ``two``, both unpaired."""
        left = self._unpaired(number, one, two)
        right = self._unpaired(number, two, one)
        for mine in left:
            for other in right:
                if mine.concept.id != other.concept.id and self._related(
                    mine.concept, other.concept
                ):
                    return mine, other
        return None

    def _unpaired(self, number: int, lang: str, other: str) -> list[Match]:
        here, there = self.sides[number][lang], self.sides[number][other]
        result = []
        for id, (match, ids) in here.rungs().items():
            concept = self.concepts[id]
            if concept.domain in NAMES - {"place"} or not self._has(concept, other):
                continue
            if concept.domain == LADDER:
                if here.counts[id] <= there.counts[id]:
                    continue
                if ids & there.wrong or self._nearby(number, ids, lang, other):
                    continue
            elif not self._is_missing(number, id, lang, other):
                continue
            result.append(match)
        return result

    def _related(self, one: Concept, two: Concept) -> bool:
        """Say whether two concepts are of one family: rungs, or names half of which is shared."""
        if one.domain != two.domain:
            return False
        if one.domain in (LADDER, "place"):
            return True
        for lang in LANGS:
            first, second = one.preferred(lang), two.preferred(lang)
            if first and second:
                mine = wording.content(Words(first.text, lang))
                other = wording.content(Words(second.text, lang))
                if 2 * len(mine & other) >= max(len(mine), len(other)):
                    return True
        return False

    def _exchange(
        self, number: int, lang: str, found: Match, right: Concept, severity: str
    ) -> Finding:
        side = self.sides[number][lang]
        stands = side.text[found.start : found.end]
        write = expected(right, lang, self.day)
        others = [
            f"{NAMES_OF[other]} “{self._quote(number, other, right.id)}”"
            for other in self.langs
            if other != lang and right.id in self.sides[number][other].rungs()
        ]
        message = (
            f"“{stands}” is another concept ({found.concept.id}) than {' and '.join(others)} "
            f"({right.id}); write {in_place(write, found, side.text)}" + why(right, None, lang)
        )
        file, line, column = self.rows[number].place(lang, found.start)
        suggestion, _ = suggest.replacement(write, found, side.text)
        return Finding(
            "T102",
            severity,
            right.id,
            file,
            line,
            column,
            lang,
            stands,
            write,
            message,
            suggestion,
        )

    # An equivalent that is not there.

    def _is_missing(self, number: int, id: str, lang: str, other: str) -> bool:
        here, there = self.sides[number][lang], self.sides[number][other]
        match, ids = here.demands[id]
        concept = match.concept
        if concept.domain == PERSON:
            ids = frozenset((id,))  # the office may be there, and its holder another
        if not any(self._has(self.concepts[each], other) for each in ids):
            return False
        surface = here.text[match.start : match.end]
        if surface.isascii() and surface.isupper() and surface in there.text:
            return False  # OPEC and NATO need no other form
        if concept.domain == PERSON and not ids & (there.present | there.wrong):
            # What resembles a person's name is that name misspelt.
            if self._lookalike(id, other, Words(there.text, other)):
                return True
            if persons.has_pronoun(there.text, other):
                return False
            if persons.surname_stands(concept, there.text, other):
                return False
        if ids & (there.present | there.wrong) or self._nearby(number, ids, lang, other):
            return False
        if concept.domain in NAMES:
            if ids & self._in_document(other):
                return False
            if concept.domain == PERSON:
                return True
            words = Words(there.text, other)
            names = (pattern for each in ids for pattern in self._terms(each, other))
            return not any(wording.derived(name, words) for name in names)
        if concept.domain == LADDER:
            # A forbidden form of a rung, reported as such, stands where the rung should.
            return not any(self.concepts[wrong].domain == LADDER for wrong in there.wrong)
        found = [pattern for each in ids for pattern in self._terms(each, other)]
        words = Words(there.text, other)
        free = [True] * len(words)
        for group in there.groups:
            # What belongs to another term says nothing of this one.
            if not any(m.concept.id in ids for m in group.matches):
                for n, start in enumerate(words.starts):
                    free[n] = free[n] and not group.start <= start < group.end
        if concept.domain != LADDER and any(wording.covered(p, words) for p in found):
            return False
        for pattern in found:
            if wording.stands(pattern, words, free) or wording.spread(pattern, words):
                return False
            if wording.by_minister(pattern, words):
                return False
        if concept.domain == OFFICE and any(wording.by_adjective(p, words) for p in found):
            return False
        return not (
            ids & self._in_document(other)
            and any(wording.head_stands(pattern, words, free) for pattern in found)
            and not any(wording.altered(pattern, words) for pattern in found)
        )

    def _missing(
        self, number: int, id: str, witnesses: Sequence[str], lang: str, versions: int
    ) -> Finding:
        concept = self.concepts[id]
        side = self.sides[number][lang]
        write = expected(concept, lang, self.day)
        said = " and ".join(
            f"{NAMES_OF[other]} “{self._quote(number, other, id)}”" for other in witnesses
        )
        words = Words(side.text, lang)
        code, variant = "T101", False
        if concept.domain == PERSON:
            code = "P103" if len(witnesses) > 1 else "X103"
            stretch = self._lookalike(id, lang, words)
        else:
            found = (wording.altered(pattern, words) for pattern in self._terms(id, lang))
            stretch = next((place for place in found if place), None)
        stands = side.text[stretch[0] : stretch[1]] if stretch else ""
        near = f"; “{stands}” stands there" if stands else ""
        message = (
            f"{said} ({id}) has no approved {NAMES_OF[lang]} equivalent here, such as “{write}”"
            f"{near}" + why(concept, None, lang)
        )
        if concept.domain == PERSON:
            if stands:
                code = "P101"
                if lang == "zh" and not _is_chinese(concept):
                    variant = True
                here = self.misspelt.setdefault(number, {})
                here.setdefault(lang, []).append(stretch)
                message = f"“{stands}” is not the name of {said}; write “{write}”"
            else:
                message = f"{said} ({id}) is not named in {NAMES_OF[lang]}, such as “{write}”"
            message += why(concept, None, lang)
        file, line, column = self.rows[number].place(lang, stretch[0] if stretch else 0)
        severity = self._severity(concept, code, len(witnesses), versions)
        if variant:
            severity = "warning"  # transcriptions vary: the glossary's is not the only one
        suggestion = suggest.name(write, stands, lang) if stands and code == "P101" else ""
        return Finding(
            code, severity, id, file, line, column, lang, stands, write, message, suggestion
        )

    def _lookalike(self, id: str, lang: str, words: Words) -> tuple[int, int] | None:
        found = (lookalikes.lookalike(pattern, words) for pattern in self._terms(id, lang))
        return next((place for place in found if place), None)

    def _severity(self, concept: Concept, code: str, witnesses: int, versions: int) -> str:
        if concept.domain == PERSON:
            return RULES[code].severity
        if concept.domain == FORMULA:
            return "info"
        # A readout may leave out a place or speak of a country by another name.
        if concept.domain in NAMES and concept.domain != PERSON and witnesses < 2:
            return "info"
        if concept.domain in _COUNTRIES:
            return "info"
        # One version of three alone in using a form is more often a free wording than two
        # versions both lacking it.
        if versions > 2 and witnesses == 1 and concept.domain != LADDER:
            return "info"
        return RULES["T101"].severity

    # Shared.

    def _quote(self, number: int, lang: str, id: str) -> str:
        side = self.sides[number][lang]
        match, _ = side.rungs()[id]
        return side.text[match.start : match.end]

    def _has(self, concept: Concept, lang: str) -> bool:
        return any(
            term.lang == lang and status_on(term, self.day) in _APPROVED for term in concept.terms
        )

    def _nearby(self, number: int, ids: frozenset[str], lang: str, other: str) -> bool:
        """Say whether another row has the equivalent to spare: it says the concept, ``lang`` not.

        That is a neighbour, or any row that ``lang`` has no part in: a sentence that was moved.
        """
        for near in (number - 1, number + 1):
            if 0 <= near < len(self.sides):
                sides = self.sides[near]
                if ids & sides[other].present and not ids & sides[lang].present:
                    return True
        return bool(ids & self._orphans(lang, other))

    def _orphans(self, lang: str, other: str) -> set[str]:
        """Return the concepts of ``other`` in rows that ``lang`` has no part in."""
        key = lang, other
        if key not in self._alone:
            self._alone[key] = {
                id
                for sides in self.sides
                if not sides[lang].text.strip()
                for id in sides[other].present
            }
        return self._alone[key]

    def _in_document(self, lang: str) -> set[str]:
        if self._anywhere is None:
            self._anywhere = {
                each: {id for sides in self.sides for id in sides[each].present}
                for each in self.langs
            }
        return self._anywhere[lang]

    def _terms(self, id: str, lang: str) -> list[Pattern]:
        key = (id, lang)
        if key not in self._patterns:
            concept = self.concepts[id]
            self._patterns[key] = [
                pattern
                for term in concept.terms
                if term.lang == lang and term.status in _APPROVED
                for text in (term.text, *wording.relaxed(term.text, lang))
                for pattern in patterns(concept, replace(term, text=text))
                if pattern.pieces == 1
            ]
        return self._patterns[key]
