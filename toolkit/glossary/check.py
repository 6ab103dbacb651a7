"""Check texts against the glossary: forbidden and outdated forms, and what a translation lacks.

One text is checked by `check_text`; versions of one dispatch, row by row, by `check_rows` in
`toolkit.glossary.compare`. Both return the findings and how many term uses they looked at.
"""

import datetime
import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from toolkit.dispatch import Dispatch
from toolkit.glossary import countries as geography
from toolkit.glossary import suggest
from toolkit.glossary.concept import Concept, Finding, Term
from toolkit.glossary.match import Group, Match, Matcher, scope, status_on
from toolkit.glossary.patterns import NAMES, OFFICE, PERSON
from toolkit.glossary.rules import RULES
from toolkit.languages import brackets, module
from toolkit.values.calendar import impossible


@dataclass(frozen=True, slots=True)
class Checked:
    """The findings of a check, in reading order, and the number of term uses looked at."""

    findings: tuple[Finding, ...]
    uses: int


Place = Callable[[int], tuple[str, int, int]]  # offset -> file, 1-based line, 1-based column

_OTHERS = frozenset(("-",))  # no country a term is bound to
_CHINA = {
    "zh": re.compile("中(?![心央东等部小间止断层])|华|北京|两国"),
    "ru": re.compile("[Кк]ита|КНР|Пекин"),
    "en": re.compile("Chin|Sino|PRC|Beijing"),
}
_REACH = 300  # characters: as far as a year may stand from the form it dates
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_CLAUSE = re.compile(r"[,，;；。.!！?？:：\n]")
_SINGLE_OPEN = re.compile(r"(?:^|[^\w'])['‘]$")
# A denial must stand right before the form: "will not abandon the partnership" uses the form.
_DENIAL = {
    "zh": re.compile(
        r"(?:不是|并非|而非|绝非|不再是|不等于|不等同于|不称|不叫|不说|不使用|不存在|反对|误译为|"
        r"误称为?|误写为|所谓的?)\W?\w{0,2}\W?$"
    ),
    "ru": re.compile(
        r"\b(?:не(?:\s+(?:явля|называ|счита|есть|был|быть|означа)\w*)?|нет|ни|против|вместо|якобы|"
        r"так\s+называем\w+|ошибочно(?:\s+\w+)?|отверга\w+)(?:\s+\w+)?\W*$",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\b(?:not|never|no|nor|neither|against|oppos\w+|reject\w*|rather\s+than|instead\s+of|"
        r"so-called|not\s+(?:call|name|describe|regard)\s+\w+|mistakenly(?:\s+\w+)?|isn['’]t|aren['’]t|wasn['’]t)"
        r"(?:\s+(?:a|an|the|any|its|their|this|that|called|be|as|idea|of)){0,3}\W*$",
        re.IGNORECASE,
    ),
}


# Words that, in the same sentence, show that a forbidden form means something else there.
_OTHERWISE = {
    "joint_communique": re.compile(
        r"statisti|weather|meteorolog|hydro|epidemi|статисти|метео|погод|统计|气象", re.IGNORECASE
    ),
    **dict.fromkeys(
        ("people_to_people_exchanges", "humanities_cooperation"),
        re.compile(
            r"\bUN\b|\bU\.N\.|United Nations|\bICRC\b|Red Cross|Red Crescent|refugee|\baid\b"
            r"|relief|OCHA|UNHCR|UNICEF|World Food|prisoner|captive|ceasefire|cease-fire|Gaza"
            r"|civilian|wounded|disaster|earthquake|flood|famine|evacuat",
        ),
    ),
}
# Right before a country: it is named to say that it is not meant.
_EXCLUDED = {
    "zh": re.compile(r"(?:而非|而不是|并非|不是|不包括|不含|除)(?:与|同|和|对)?$"),
    "ru": re.compile(
        r"(?:\bа? ?не|\bкроме|\bисключая|\bв отличие от)(?: (?:с|со|в|к|для|о))? $", re.IGNORECASE
    ),
    "en": re.compile(
        r"\b(?:not|except|unlike|excluding|rather than"
        r"|instead of)(?: (?:with|for|to|the|of|in))* $",
        re.IGNORECASE,
    ),
}


def check_text(
    dispatch: Dispatch,
    matcher: Matcher,
    *,
    date: datetime.date | None = None,
    countries: Collection[str] = (),
) -> Checked:
    """Find forbidden and outdated forms in one dispatch.

    ``date`` is the day whose usage counts (default: the dispatch's own, if it has one).
    ``countries`` names whose fixed phrases apply; by default the country named nearest in the
    sentence, else in the paragraph, else the one most often named in the dispatch.
    """
    day = date or dispatch.date or dispatch.page_date
    scopes = Scopes(
        [(segment.text, dispatch.lang, segment.paragraph) for segment in dispatch.segments],
        countries,
    )
    findings: list[Finding] = []
    uses = 0
    for number, segment in enumerate(dispatch.segments):
        groups = matcher.groups(
            segment.text, dispatch.lang, date=day, countries_at=scopes.at(number)
        )
        uses += sum(group.matches[0].term.status != "forbidden" for group in groups)

        def place(offset: int, start: int = segment.start) -> tuple[str, int, int]:
            return (dispatch.source, *dispatch.line_column(start + offset))

        findings.extend(
            form_findings(
                groups, segment.text, dispatch.lang, day, place, scopes.foreign_at(number)
            )
        )
    return Checked(tuple(findings), uses)


class Scopes:
    """Which countries' phrases apply at each place of a sequence of passages.

    ``passages`` are (text, language, paragraph number); passages of one number, in whatever
    language, help each other out.
    """

    def __init__(
        self, passages: Sequence[tuple[str, str, int]], countries: Collection[str] = ()
    ) -> None:
        self._fixed = frozenset(countries)
        self._passages = passages
        self._places: list[list[tuple[int, str]]] | None = None
        self._by_paragraph: dict[int, list[tuple[int, str]]] = {}
        self._main: set[str] = set()
        self._ends: dict[int, list[int]] = {}

    def at(self, number: int) -> Callable[[int], Collection[str]]:
        """Return the function from an offset in passage ``number`` to its countries."""
        if self._fixed:
            return lambda _: self._fixed

        def look_up(offset: int) -> Collection[str]:
            # Only terms bound to a country ask, so the survey waits until one is seen.
            self._survey()
            here = self._places[number] if self._places else []
            if self._is_of_others(number, offset):
                return _OTHERS
            return (
                geography.nearest(here, offset)
                or self._paragraph(number)
                or self._main
                or geography.capitals(self._sentence(number, offset), self._passages[number][1])
            )

        return look_up

    def foreign_at(self, number: int) -> Callable[[Term], bool]:
        """Return the function that says a term belongs to a country nobody speaks of here."""

        named: set[str] | None = None

        def is_foreign(term: Term) -> bool:
            nonlocal named
            bound = scope(term) - {"CN"}
            if not bound:
                return False
            if self._fixed:
                return not bound & self._fixed
            if named is None:
                self._survey()
                named = {code for _, code in (self._places or [])[number]}
            return bool(named) and not bound & (named | self._main)

        return is_foreign

    def _is_of_others(self, number: int, offset: int) -> bool:
        """Say whether the sentence speaks of two countries and not of China: Russia and Iran."""
        lang, sentence = self._passages[number][1], self._sentence(number, offset)
        named = {code for _, code in geography.mentions(sentence, lang)}
        named |= geography.capitals(sentence, lang)
        return len(named) > 1 and not _CHINA[lang].search(sentence)

    def _sentence(self, number: int, offset: int) -> str:
        text, lang, _ = self._passages[number]
        if number not in self._ends:
            self._ends[number] = [end for _, end in module(lang).sentences(text)]
        ends = self._ends[number]
        last = bisect_right(ends, offset)
        return text[ends[last - 1] if last else 0 : ends[last] if last < len(ends) else None]

    def _survey(self) -> None:
        if self._places is None:
            self._places = [
                [
                    (at, code)
                    for at, code in geography.mentions(text, lang)
                    if not _EXCLUDED[lang].search(text, max(0, at - 24), at)
                ]
                for text, lang, _ in self._passages
            ]
            for (_, _, paragraph), places in zip(self._passages, self._places, strict=True):
                self._by_paragraph.setdefault(paragraph, []).extend(places)
            main = geography.counterpart([place for places in self._places for place in places])
            self._main = {main} if main else set()

    def _paragraph(self, number: int) -> set[str]:
        main = geography.counterpart(self._by_paragraph[self._passages[number][2]])
        return {main} if main else set()


def form_findings(
    groups: Sequence[Group],
    text: str,
    lang: str,
    day: datetime.date | None,
    place: Place,
    is_foreign: Callable[[Term], bool],
) -> Iterator[Finding]:
    """Yield what is wrong with one passage by itself: T001 to T004, D105."""
    for group in groups:
        match = group.matches[0]
        term = match.term
        if term.status == "forbidden":
            if not is_mention(text, match.start, match.end, lang) and not _is_otherwise(
                match, text
            ):
                code = {OFFICE: "P102", PERSON: "P101"}.get(match.concept.domain, "T001")
                yield _finding(code, match, text, lang, day, place)
        elif status_on(term, day) == "deprecated" and not _is_history(match, text):
            early = (
                term.status != "deprecated"
                and term.valid_from is not None
                and day is not None
                and day < term.valid_from
            )
            yield _finding("T003" if early else "T002", match, text, lang, day, place)
        elif is_foreign(term) and not is_mention(text, match.start, match.end, lang):
            yield _finding("T004", match, text, lang, day, place)
    for start, end in impossible(text, lang):
        file, line, column = place(start)
        found = text[start:end]
        message = f"“{found}” is a day that no calendar has"
        yield Finding(
            "D105", RULES["D105"].severity, "", file, line, column, lang, found, "", message
        )


def expected(concept: Concept, lang: str, day: datetime.date | None) -> str:
    """Return the form to write: the preferred term of the day, or "" where there is none."""
    approved = [
        term
        for term in concept.terms
        if term.lang == lang and status_on(term, day) in ("preferred", "admitted")
    ]
    approved.sort(key=lambda term: (term.status != "preferred", "accept-only" in term.flags))
    return approved[0].text if approved else ""


def in_place(right: str, match: Match, text: str) -> str:
    """Return what to write for a match, in quotation marks; in Russian also in its case."""
    form = suggest.replacement(right, match, text)[0] if match.term.lang == "ru" else ""
    if form[:1] != right[:1] and form.lower() == right.lower():
        form = ""  # the same but for the capital a sentence begins with
    return f"“{right}”" + (f", here “{form}”" if form and form != right else "")


def why(concept: Concept, term: Term | None, lang: str) -> str:
    """Return the reason the glossary gives, with one source, as the end of a message."""
    note = (term.note if term else "") or concept.note
    preferred = concept.preferred(lang)
    source = preferred.evidence[0] if preferred and preferred.evidence else ""
    parts = [note.rstrip(".")] if note else []
    if source:
        parts.append(f"seen at {source}")
    elif preferred and not preferred.verified and concept.domain not in NAMES:
        parts.append("the glossary has no source for its form yet")
    return f" ({'; '.join(parts)})" if parts else ""


def is_mention(text: str, start: int, end: int, lang: str) -> bool:
    """Say whether a stretch of text is spoken about rather than used: a title, quoted, denied."""
    for left, right in _quotations(text):
        if left < start and end <= right:
            if text[left] in brackets.TITLES:
                return True
            # A quotation little longer than the form quotes the form; a longer one is speech.
            if text[left] in brackets.QUOTES:
                if (right - left - 1) - (end - start) <= (6 if lang == "zh" else 24):
                    return True
    if _SINGLE_OPEN.search(text, max(0, start - 2), start) and text[end : end + 1] in ("'", "’"):
        return True  # 'quoted' inside a quotation; a straight mark is no pair elsewhere
    before = text[max(0, start - 80) : start]
    clause = _CLAUSE.split(before)[-1]
    return bool(_DENIAL[lang].search(clause))


def _is_otherwise(match: Match, text: str) -> bool:
    """Say whether the words around a forbidden form show that it means another thing here."""
    pattern = _OTHERWISE.get(match.concept.id)
    return bool(pattern and pattern.search(text, max(0, match.start - 160), match.end + 160))


@lru_cache(maxsize=4)
def _quotations(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(brackets.pair(text).closer.items())


def _is_history(match: Match, text: str) -> bool:
    """Say whether the sentence names a year when the form was in use."""
    term = match.term
    for year in map(int, _YEAR.findall(text, max(0, match.start - _REACH), match.end + _REACH)):
        after = term.valid_from is None or term.valid_from.year <= year
        before = term.valid_to is not None and year <= term.valid_to.year
        if after and (before or (term.valid_to is None and term.valid_from is not None)):
            return True
    return False


def _finding(
    code: str, match: Match, text: str, lang: str, day: datetime.date | None, place: Place
) -> Finding:
    concept, term = match.concept, match.term
    found = text[match.start : match.end]
    right = "" if code == "T004" else expected(concept, lang, day)
    write = f"; write {in_place(right, match, text)}" if right and right != term.text else ""
    if code in ("T001", "P101", "P102"):
        message = f"“{found}” is a forbidden form of {concept.id}{write}"
    elif code == "T003":
        message = f"“{found}” came into use on {term.valid_from}, after this text{write}"
    elif code == "T004":
        bound = ", ".join(term.scope)
        message = f"“{found}” is bound to {bound}, which this text does not speak of"
    elif term.valid_to is not None:
        message = f"“{found}” was in use until {term.valid_to}{write}"
    else:
        message = f"“{found}” is a deprecated form of {concept.id}{write}"
    suggestion, safe = ("", False)
    if right and right != term.text:
        near = suggest.nearest(match, right, day) if code in ("T001", "P102") else right
        suggestion, safe = suggest.replacement(near, match, text)
    file, line, column = place(match.start)
    return Finding(
        code,
        RULES[code].severity,
        concept.id,
        file,
        line,
        column,
        lang,
        found,
        right,
        message + why(concept, term, lang),
        suggestion,
        safe and code == "T001",
    )
