"""Persons in the versions of a passage: the same names, each spelt as its language spells it.

The glossary knows some names. The rest are compared by rule: Chinese names by pinyin and the
Palladius system, Russian names by the sounds of their letters. A name that another version has
almost, but not quite, is a misspelling; one that others lack altogether may have been left out.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from toolkit.glossary.concept import Concept
from toolkit.glossary.figures import Fact
from toolkit.glossary.match import Group
from toolkit.glossary.patterns import PERSON
from toolkit.glossary.rules import RULES
from toolkit.languages import NAMES, chinese_names, ru_names, sounds

_CASES = ("nom", "gen", "dat", "acc", "ins", "loc")
_GIVEN = (
    "Александр Алексей Анатолий Андрей Антон Аркадий Артём Борис Вадим Валентин Валентина Валерий "
    "Василий Виктор Виталий Владимир Владислав Вячеслав Геннадий Георгий Григорий Даниил Денис "
    "Дмитрий Евгений Екатерина Елена Иван Игорь Илья Ирина Кирилл Константин Леонид Людмила "
    "Максим Мария Марина Марат Михаил Наталья Николай Олег Ольга Павел Пётр Роман Руслан Светлана "
    "Сергей Станислав Степан Татьяна Тимур Фёдор Эдуард Эльвира Юлия Юрий Яков Рустам Айдар Заур"
).split()
_RU_SURNAME = re.compile(
    r"(?:[оеё]в|[иы]н|[сц]к(?:ий|ой)|ко|[чщ]?ук|юк|ян|[оеё]ва|[иы]на|[сц]кая"
    r"|ой|ый|ич|ец|их|ых|ук|ай|ей)$"
)
_RU_NAME = re.compile(
    r"(?<![А-Яа-яё-])([А-ЯЁ][а-яё]+) ([А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?)(?![а-яё-])"
)
_EN_NAME = re.compile(r"\b([A-Z][a-z']+) ([A-Z][a-z']+(?:-[A-Z][a-z]+)?)\b")
_EN_SURNAME = re.compile(
    r"(?:[eo]v|[iy]n|[st]?sk(?:y|iy|ii|i|oy|oi)|ko|uk|yan|ian|[eo]va|[iy]na|skaya|[oa]y"
    r"|oi|ei|ey|ich|its|ets|[iy]kh)$"
)
_HAN = re.compile("[一-鿿·]+")
# Two words that are no person's, although they read as pinyin.
_NO_NAMES = frozenset(
    ("tai chi", "hang seng", "feng shui", "ping an", "bo ao", "long an", "he she", "an hui")
)


@dataclass(frozen=True, slots=True)
class _Person:
    """A person by rule: ``key`` is pinyin in small letters, or the sounds of a surname."""

    key: str
    kind: str  # "chinese" or "russian"
    start: int
    end: int
    text: str
    given: str = ""


class Named:
    """Who is named in one text, apart from whom the glossary names."""

    def __init__(self, text: str, lang: str, groups: list[Group]) -> None:
        """Take no name that the glossary knows, as ``groups`` say."""
        self.text, self.lang = text, lang
        self._taken = [
            (group.start, group.end)
            for group in groups
            if any(m.concept.domain == PERSON for m in (*group.matches, *group.inner))
        ]

    def without(self, spans: Iterable[tuple[int, int]]) -> None:
        """Leave out the names at some places: they were spoken of already."""
        self._taken.extend(spans)
        self.__dict__.pop("persons", None)

    @cached_property
    def spells_names(self) -> bool:
        """Say whether two neighbours look like a name that the glossary does not know."""
        if self.persons:
            return True
        for match in _pairs(_RU_NAME if self.lang == "ru" else _EN_NAME, self.text):
            first = match[1].lower()
            if self.lang == "ru":
                surname = chinese_names.is_russian_surname(first)
            else:
                surname = len(chinese_names.syllables(first) or ()) == 1
            if surname and not any(a < match.end() and match.start() < b for a, b in self._taken):
                return True
        return False

    @cached_property
    def persons(self) -> dict[str, _Person]:
        found: dict[str, _Person] = {}
        for person in (*self._chinese(), *self._russian()):
            if not any(a < person.end and person.start < b for a, b in self._taken):
                found.setdefault(person.key, person)
        return found

    def _chinese(self) -> Iterator[_Person]:
        for name in chinese_names.find(self.text, self.lang):
            key = plain(name.pinyin)
            text = self.text[name.start : name.end]
            # Lei Yue Mun is a place, 魏凤 in 魏凤和 half a name.
            # and An An is no one in "An An-24 crashed".
            longer = self.lang == "en" and re.match(r" [A-Z][a-z]|-\d", self.text[name.end :])
            if key not in _NO_NAMES and not text.isupper() and not longer:
                yield _Person(key, "chinese", name.start, name.end, text)

    def _russian(self) -> Iterator[_Person]:
        if self.lang == "ru":
            for match in _pairs(_RU_NAME, self.text):
                given = _given(match[1], "ru")
                surnames = [n for n in sounds.nominatives(match[2]) if _RU_SURNAME.search(n)]
                if given and surnames:
                    # Of a woman's name in any case the one in -а, of a man's the one without.
                    woman = ru_names.person_gender(f"{given} {match[2]}") == "f"
                    fitting = [n for n in surnames if (n[-1] in "ая") == woman] or surnames
                    key = min(map(sounds.key, fitting), key=len)
                    yield _Person(key, "russian", *match.span(), match[0], given)
        elif self.lang == "en":
            for match in _pairs(_EN_NAME, self.text):
                given = _given(match[1], "en")
                if given and _EN_SURNAME.search(match[2]):
                    key = sounds.key(match[2])
                    yield _Person(key, "russian", *match.span(), match[0], given)

    @cached_property
    def words(self) -> frozenset[str]:
        """Return the sounds of every capitalised word, in any case it may stand in."""
        found: set[str] = set()
        for word in re.findall(r"[А-ЯЁA-Z][А-ЯЁа-яёA-Za-z'’-]+", self.text):
            each = sounds.nominatives(word) if self.lang == "ru" else (word,)
            found.update(map(sounds.key, each))
        return frozenset(found)

    @cached_property
    def runs(self) -> list[tuple[int, list[frozenset[str]]]]:
        """Return the stretches of Chinese characters: place, and the readings of each."""
        return [
            (match.start(), [sounds.readings(letter) for letter in match[0]])
            for match in _HAN.finditer(self.text)
        ]

    def holds(self, person: _Person) -> bool:
        """Say whether the text may be said to name ``person``."""
        if person.key in self.persons:
            return True
        if person.kind == "chinese":
            return self._holds_chinese(person.key)
        if self.lang != "zh":
            return any(sounds.distance(person.key, word, 1) == 0 for word in self.words)
        return any(
            sounds.sounds_like(person.text.split()[-1], tuple(map(min, run[at : at + size])))
            for _, run in self.runs
            for size in range(2, 8)
            for at in range(len(run) - size + 1)
            if all(run[at : at + size])
        )

    def _holds_chinese(self, key: str) -> bool:
        if self.lang == "zh":
            return self._stretch(key, 0) is not None
        folded = re.sub(r"[\s\u00a0-]+", " ", self.text.lower().replace("ё", "е"))
        if self.lang == "en":
            surname, _, given = key.replace("'", "").partition(" ")
            shown = plain(folded).replace("'", "")
            return _alone(surname.capitalize(), self.text) or any(
                re.search(rf"\b{name}\b", shown)
                for name in (f"{surname} {given}", f"{given} {surname}")
            )
        return any(
            re.search(rf"(?<!\w){form}(?!\w)", folded)
            for form in _russian_forms(key)
            if form in folded
        )

    def _stretch(self, key: str, most: int) -> tuple[int, int] | None:
        """Find characters that may be read as ``key``, off by ``most`` letters."""
        syllables = _syllables(key)
        if syllables is None:
            return None
        size = len(syllables)
        for place, run in self.runs:
            for at in range(len(run) - size + 1):
                off = [
                    _off(wanted, have)
                    for wanted, have in zip(syllables, run[at : at + size], strict=True)
                ]
                if sum(off) > most:
                    continue
                start, end = place + at, place + at + size
                # Many characters are read alike: what is no surname is no name.
                if not any(off) or chinese_names.is_surname(self.text[start]):
                    return start, end
        return None

    def near(self, person: _Person) -> tuple[int, int, str] | None:
        """Find what is almost the name of ``person`` here: its place and its key."""
        if person.kind == "chinese" and self.lang == "zh":
            found = self._stretch(person.key, 1)
            return None if found is None else (*found, "")
        for other in self.persons.values():
            if other.kind == person.kind and _resemble(person, other):
                return other.start, other.end, other.key
        return self._misspelt(person.key) if person.kind == "chinese" else None

    def _misspelt(self, key: str) -> tuple[int, int, str] | None:
        """Find two capitalised words that are almost a Chinese name, and no syllables of one."""
        spelt = _russian_forms(key) if self.lang == "ru" else (key,)
        for match in _pairs(_RU_NAME if self.lang == "ru" else _EN_NAME, self.text):
            words = plain(match[0]).replace("ё", "е")
            start, end = match.span()
            if any(a < end and start < b for a, b in self._taken):
                continue
            for form in spelt:
                first, _, second = form.partition(" ")
                its, _, other = words.partition(" ")
                # One of the two words is as it should be, the other off by a letter or two.
                if (first == its) != (second == other) and first[0] == its[0]:
                    limit = 2 if len(second) > 5 else 1
                    if sounds.distance(form, words, limit) <= limit:
                        return start, end, ""
        return None


def _pairs(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield every two neighbours that may be given name and surname, overlapping ones too."""
    place = 0
    while match := pattern.search(text, place):
        yield match
        place = match.start(2)


def plain(pinyin: str) -> str:
    """Return pinyin as a key: small letters, a straight apostrophe, ü as v."""
    return pinyin.replace("’", "'").replace("-", "").lower().replace("ü", "v")


def _off(wanted: str, readings: frozenset[str]) -> int:
    """Return by how many letters a syllable misses the nearest reading of a character."""
    if wanted in readings:
        return 0
    off = (sounds.distance(_lisp(wanted), _lisp(each), 1) for each in readings)
    return max(1, min(off, default=9))


def _lisp(syllable: str) -> str:
    """Return a syllable with the sounds as one that other spellings confuse: xi and shi."""
    for one, other in (("zh", "j"), ("ch", "q"), ("sh", "x")):
        syllable = syllable.replace(one, other)
    return syllable


@cache
def _syllables(key: str) -> tuple[str, ...] | None:
    made: list[str] = []
    for word in key.split():
        parts = chinese_names.syllables(word)
        if parts is None:
            return None
        made += parts
    return tuple(made)


@lru_cache(maxsize=4096)
def _russian_forms(key: str) -> tuple[str, ...]:
    russian = chinese_names.into_russian(key)
    if russian is None:
        return ()
    forms = {ru_names.person(russian, case) for case in _CASES} | {russian}
    # «Вэньбо» and «Вэнь Бо», with and without the hard sign.
    forms |= {form.replace("ъ", "") for form in forms}
    return tuple(form.lower().replace("ё", "е") for form in forms)


@cache
def _given_keys() -> dict[str, str]:
    return {sounds.key(name): name for name in _GIVEN}


@lru_cache(maxsize=4096)
def _given(word: str, lang: str) -> str:
    """Return the Russian given name that a word is, or ""."""
    known = _given_keys()
    for each in sounds.nominatives(word) if lang == "ru" else (word,):
        key = sounds.key(each)
        name = known.get(key) or (_SPELT.get(word) if lang == "en" else None)
        if name:
            return name
    return ""


# English spellings of given names that do not follow the letters.
_SPELT = {
    "Alexander": "Александр", "Peter": "Пётр", "Michael": "Михаил", "Julia": "Юлия",
    "Catherine": "Екатерина", "Eugene": "Евгений", "Paul": "Павел", "Nicholas": "Николай",
    "Natalia": "Наталья", "Natalya": "Наталья", "Maxim": "Максим", "Dmitriy": "Дмитрий",
    "Artyom": "Артём", "Artem": "Артём", "Fyodor": "Фёдор", "Pyotr": "Пётр", "Ilia": "Илья",
}  # fmt: skip


def _resemble(one: _Person, other: _Person) -> bool:
    """Say whether two names are so alike that one is the other misspelt."""
    if one.kind == "russian":
        limit = 2 if min(len(one.key), len(other.key)) < 8 else 3
        same = one.given == other.given
        return same and sounds.distance(one.key, other.key, limit) <= limit
    surname, _, given = one.key.partition(" ")
    its_surname, _, its_given = other.key.partition(" ")
    if surname == its_surname:
        limit = 2 if len(given) > 4 else 1
        return sounds.distance(_lisp(given), _lisp(its_given), limit) <= limit
    return given == its_given and sounds.distance(_lisp(surname), _lisp(its_surname), 1) <= 1


_PRONOUN = {
    "zh": re.compile("[他她]"),
    "ru": re.compile(r"(?<!\w)(?:он|она|его|ее|её|ему|ей|им|нем|нём|ней)(?!\w)", re.IGNORECASE),
    "en": re.compile(r"\b(?:[Hh]e|[Ss]he|[Hh]is|[Hh]er|[Hh]im)\b(?! [A-Z])"),
}


def has_pronoun(text: str, lang: str) -> bool:
    """Say whether somebody is spoken of in a text without a name."""
    return bool(_PRONOUN[lang].search(text))


def surname_stands(concept: Concept, text: str, lang: str) -> bool:
    """Say whether a Chinese person is named by the surname alone, as agencies do: Xi stressed."""
    english = concept.preferred("en")
    if lang == "ru" or english is None or not chinese_names.find(english.text, "en"):
        return False
    term = concept.preferred(lang)
    if term is None:
        return False
    if lang == "zh":
        surname = term.text[: 2 if chinese_names.is_surname(term.text[:2]) else 1]
        return re.search(surname + _HELD, text) is not None
    return _alone(term.text.split()[0], text)


_HELD = "(?:主席|总书记|总理|副总理|委员长|部长|外长|副部长|大使|书记|先生|女士)"


def _alone(surname: str, text: str) -> bool:
    return re.search(rf"\b{surname}\b(?! [A-Z][a-z])", text) is not None


def compare(rows: Sequence[dict[str, Named]], number: int) -> Iterator[Fact]:
    """Yield the names by rule that the versions of row ``number`` do not share."""
    row = rows[number]
    langs = list(row)
    if len(langs) < 2:
        return
    # Characters alone do not tell a name from a word; pinyin and Cyrillic do.
    if not any(row[lang].spells_names for lang in langs if lang != "zh"):
        return
    told: set[object] = set()
    alone: list[tuple[_Person, str, list[str], list[str]]] = []
    for lang in langs:
        for person in row[lang].persons.values():
            holders = [each for each in langs if row[each].holds(person)]
            lackers = [each for each in langs if each not in holders]
            near = None
            for lacker in lackers:
                near = row[lacker].near(person)
                if near is not None:
                    fact = _misspelt(row, person, lang, holders, lacker, near)
                    if (fact.lang, fact.start) not in told:
                        told.add((fact.lang, fact.start))
                        yield fact
                    break
            # Named once in a version is enough.
            lackers = [
                each
                for each in lackers
                if not any(each in other and other[each].holds(person) for other in rows)
                and not has_pronoun(row[each].text, each)
            ]
            if near is None and lackers and person.key not in told:
                told.add(person.key)
                alone.append((person, lang, holders, lackers))
    # What was called a misspelling is not another person as well.
    alone = [each for each in alone if (each[1], each[0].start) not in told]
    for place, (person, lang, holders, lackers) in enumerate(alone):
        rival = next(
            (
                other
                for other in alone[place + 1 :]
                if other[0].kind == person.kind
                and set(other[2]) <= set(lackers)
                and set(holders) <= set(other[3])
            ),
            None,
        )
        if rival is not None:
            alone.remove(rival)
            yield _replaced(row, (person, holders), (rival[0], rival[2]))
        elif holders != ["zh"]:  # a transcription of a foreign name may look like a Chinese one
            yield _missing(person, lang, holders, lackers)


def _replaced(
    row: dict[str, Named],
    one: tuple[_Person, Sequence[str]],
    other: tuple[_Person, Sequence[str]],
) -> Fact:
    """Say that one version names somebody else; of two, the later one."""
    langs = list(row)
    (right, holders), (wrong, against) = one, other
    if len(against) > len(holders) or (
        len(against) == len(holders) and langs.index(holders[-1]) > langs.index(against[-1])
    ):
        (right, holders), (wrong, against) = other, one
    lang = against[-1]
    its = row[lang].persons.get(wrong.key, wrong)
    message = f"“{its.text}” is not whom {_said(row, right, holders)} name"
    write = _written(right, lang)
    if write:
        message += f"; write “{write}”"
    return Fact("P101", RULES["P101"].severity, lang, its.start, its.end, write, message)


def _misspelt(
    row: dict[str, Named],
    person: _Person,
    lang: str,
    holders: Sequence[str],
    lacker: str,
    near: tuple[int, int, str],
) -> Fact:
    langs = list(row)
    start, end, key = near
    other = row[lacker].persons.get(key) if key else None
    against = [each for each in langs if row[each].holds(other)] if other else [lacker]
    # Two against one; of two, the later version.
    mine = (len(holders), -langs.index(holders[-1]))
    its = (len(against), -langs.index(against[-1]))
    if mine >= its:
        wrong, place, stands = lacker, (start, end), row[lacker].text[start:end]
        write = _written(person, lacker)
        said = _said(row, person, holders)
    else:
        wrong, place, stands = lang, (person.start, person.end), person.text
        write = _written(other, lang) if other else ""
        said = f"{NAMES[lacker]} “{row[lacker].text[start:end]}”"
    message = f"“{stands}” is not the name in {said}"
    if write:
        message += f"; write “{write}”"
    return Fact("P101", RULES["P101"].severity, wrong, *place, write, message)


def _said(row: dict[str, Named], person: _Person, holders: Iterable[str]) -> str:
    shown = []
    for each in holders:
        its = row[each].persons.get(person.key)
        shown.append(f"{NAMES[each]} “{its.text}”" if its else NAMES[each])
    return " and ".join(shown)


def _written(person: _Person, lang: str) -> str:
    if person.kind != "chinese" or lang == "zh":
        return ""
    if lang == "ru":
        return chinese_names.into_russian(person.key) or ""
    return " ".join(word.capitalize() for word in person.key.split())


def _missing(person: _Person, lang: str, holders: Sequence[str], lackers: Sequence[str]) -> Fact:
    code = "P103" if len(holders) > 1 else "X103"
    having = " and ".join(NAMES[each] for each in holders)
    lacking = " and ".join(NAMES[each] for each in lackers)
    message = f"“{person.text}” is named in {having} only, not in {lacking}"
    return Fact(code, RULES[code].severity, lang, person.start, person.end, "", message)
