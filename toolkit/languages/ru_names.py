"""Names of persons and places in Russian: who is meant, of which gender, and how it declines.

Dictionaries know few of the names in a dispatch, and guess the rest badly. So the rules of the
grammars are applied here: a Chinese, Korean or Vietnamese name declines in its last word alone,
and only a man's that ends in a consonant; -ко, -о, -и, -у and the like stay; Russian surnames in
-ов and -ин take -ым, foreign ones -ом; a woman's name in a consonant stays.
"""

import re
from functools import cache
from typing import Any

from toolkit.languages.chinese_names import is_russian_surname
from toolkit.languages.ru import analyser

_CASES = ("nom", "gen", "dat", "acc", "ins", "loc")
_TAGS = dict(zip(_CASES, ("nomn", "gent", "datv", "accs", "ablt", "loct"), strict=True))
_WORD = re.compile(r"[А-ЯЁ][а-яё]*(?:-[А-ЯЁ]?[а-яё]+)*")
_PARTICLES = frozenset("да де ди дос дас фон дер ван бен бин аль эль ибн".split())
_VOWEL = "аеёиоуыэюя"

_OTHER_EASTERN = frozenset(
    "ким пак чхве чон чо кан юн мун чан лим хан син со квон хван сон ан то нгуен чан ле фам хоанг "
    "хюинь фан ву во данг буй до хо нго зыонг лыонг хун".split()
)
# A given name does not show its bearer's sex; these are women.
_WOMEN = frozenset(
    "мао нин|хуа чуньин|шэнь ицинь|пэн лиюань|сунь чуньлань|у и|фу ин|цзян юй|хэ юнцянь"
    "|шу цзюэтин|чжан цянь".split("|")
)

# Men whose given name the dictionary takes for a woman's.
_MEN = frozenset("эммануэль нарендра никола никол андреа".split())

_INDECLINABLE_PLACES = {
    # place: gender of the noun it goes with (город, государство, река …)
    **dict.fromkeys("цзямусы хух-хото эрэн-хото уси иу вэньчжоу лючжоу".split(), "m"),
    **dict.fromkeys("нинся эсватини гаити папуа".split(), "n"),
    **dict.fromkeys("суйфэньхэ хуанхэ янцзы уссури бразилиа".split(), "f"),
}
# Chinese cities in -нь are masculine; these provinces are feminine.
_FEMININE_PLACES = frozenset("сычуань юньнань хунань хэнань фуцзянь".split())
_HARD = {"gen": "а", "dat": "у", "ins": "ом", "loc": "е"}
_SOFT = {"gen": "я", "dat": "ю", "ins": "ем", "loc": "е"}
_HISSING = "жшчщц"


@cache
def _parses(word: str) -> tuple[Any, ...]:
    return tuple(analyser().parse(word))


def is_person(phrase: str) -> bool:
    """Tell whether a phrase is a bare personal name: one to five words, no common noun."""
    words = phrase.split()
    if not 1 <= len(words) <= 5 or words[-1] in _PARTICLES:
        return False
    if not all(_WORD.fullmatch(word) or word in _PARTICLES for word in words):
        return False
    first, last = _parses(words[0].lower()), _parses(words[-1].lower())
    if len(words) == 1:
        if any("Geox" in parse.tag for parse in first):
            return False
        if is_russian_surname(words[0].lower()) and words[0][-1] in _VOWEL:
            return True
        surname = re.search(r"(?:ов|ев|ёв|ин|ский|ко|ова|ева|ская)$", words[0])
        return any("Surn" in parse.tag for parse in first[:3]) or bool(surname)
    if _eastern(words):
        return True
    given = [word for word in words[:-1] if word not in _PARTICLES]
    return all(map(_may_be_name, given)) and (
        not any(parse.is_known for parse in last)
        or any("Name" in parse.tag and "nomn" in parse.tag for parse in first)
        or any("Surn" in parse.tag for parse in last)
    )


def _may_be_name(word: str) -> bool:
    parses = _parses(word.lower())
    if not any(parse.is_known for parse in parses) or word.lower() in _MEN:
        return True
    return any(
        mark in parse.tag and "nomn" in parse.tag
        for parse in parses
        for mark in ("Name", "Surn", "Patr")
    )


def _eastern(words: list[str]) -> bool:
    surname = words[0].lower()
    if len(words) == 2 and is_russian_surname(surname):
        return True
    return 2 <= len(words) <= 3 and surname in _OTHER_EASTERN


def person_gender(phrase: str) -> str:
    """Return m or f; m where the name does not tell."""
    words = phrase.split()
    if phrase.lower() in _WOMEN:
        return "f"
    if _eastern(words):
        return "m"
    if words[0].lower() in _MEN:
        return "m"
    if len(words) > 1:
        genders = {
            parse.tag.gender
            for parse in _parses(words[0].lower())
            if "Name" in parse.tag and "nomn" in parse.tag
        }
        if "masc" in genders:
            return "m"
        if "femn" in genders:
            return "f"
    return "f" if re.search(r"(?:[оеё]ва|ина|[сц]кая)$", words[-1].lower()) else "m"


def person(phrase: str, case: str) -> str:
    """Return a personal name in another case."""
    words = phrase.split()
    woman = person_gender(phrase) == "f"
    if case == "nom":
        return phrase
    if _eastern(words):
        return phrase if woman else " ".join([*words[:-1], _masculine(words[-1], case)])
    given = [w if w in _PARTICLES else _given(w, case, woman) for w in words[:-1]]
    if len(words) > 2 and words[-2] in _PARTICLES:  # Лула да Силва: both surnames decline
        given[-2] = _surname(words[-3], case, woman)
    return " ".join([*given, _surname(words[-1], case, woman)])


def _given(word: str, case: str, woman: bool) -> str:
    first, hyphen, last = word.rpartition("-")
    if hyphen:
        return f"{first}-{_given(last, case, woman)}"  # Жан-Клода, Касым-Жомарта
    for parse in _parses(word.lower()):
        tag = parse.tag
        if "Name" in tag and "nomn" in tag and (tag.gender == "femn") == woman:
            form = parse.inflect({_TAGS[case], "sing"})
            if form is not None:
                return _cased(form.word, word)
    if word[-1] in "ая":
        return _first_declension(word, case)
    return word if woman or word[-1].lower() in _VOWEL else _masculine(word, case)


def _surname(word: str, case: str, woman: bool) -> str:
    first, hyphen, last = word.rpartition("-")
    if hyphen:
        return f"{_surname(first, case, woman)}-{_surname(last, case, woman)}"
    lower = word.lower()
    if re.search(r"(?:[оеуюиэы]|[иу]а|[иы]х)$", lower):
        return word
    if woman:
        if re.search(r"(?:[оеё]ва|[иы]на)$", lower):
            return word[:-1] + ("у" if case == "acc" else "ой")
        if lower.endswith("ая"):
            return word[:-2] + ("ую" if case == "acc" else "ой")
        return _first_declension(word, case) if lower[-1] in "ая" else word
    if lower[-1] in "ая":
        return _first_declension(word, case)
    if re.search(r"(?:[оеё]в|[иы]н)$", lower) and len(word) > 4:
        return word + {**_HARD, "acc": "а", "ins": "ым"}[case]
    if lower.endswith(("кий", "гий", "хий", "ый", "ой")):
        ins = "им" if lower.endswith("ий") else "ым"
        endings = {"gen": "ого", "dat": "ому", "acc": "ого", "ins": ins, "loc": "ом"}
        return word[:-2] + endings[case]
    return _masculine(word, case)


def _masculine(word: str, case: str, animate: bool = True) -> str:
    """Decline a name of the second declension; one that ends in a vowel stays."""
    if case == "acc":
        if not animate:
            return word
        case = "gen"
    if case == "nom" or word[-1].lower() in _VOWEL:
        return word
    if word[-1] in "йь":
        return word[:-1] + ("и" if case == "loc" and word.endswith("ий") else _SOFT[case])
    return word + ("ем" if case == "ins" and word[-1] in _HISSING else _HARD[case])


def _first_declension(word: str, case: str) -> str:
    stem, hard = word[:-1], word[-1] == "а"
    if case == "acc":
        return stem + ("у" if hard else "ю")
    if case == "ins":
        return stem + ("ой" if hard and stem[-1] not in _HISSING else "ей")
    if case == "gen":
        return stem + ("ы" if hard and stem[-1] not in "гкхжшчщ" else "и")
    return stem + ("и" if stem.endswith("и") and not hard else "е")


@cache
def place(word: str) -> tuple[str, dict[str, str]] | None:
    """Return (gender, forms by case) of a one-word place the dictionary does not know well."""
    lower = word.lower()
    if not re.fullmatch(r"[А-ЯЁ][а-яё]*(?:-[А-ЯЁа-яё]+|['’][А-ЯЁ][а-яё]+)*", word):
        return None
    if lower in _INDECLINABLE_PLACES:
        return _INDECLINABLE_PLACES[lower], dict.fromkeys(_CASES, word)
    if lower in _FEMININE_PLACES:
        stem = word[:-1]
        oblique = dict.fromkeys(("gen", "dat", "loc"), stem + "и")
        return "f", {"nom": word, **oblique, "acc": word, "ins": stem + "ью"}
    if lower.endswith(("ское", "цкое")) and not any(p.tag.POS == "NOUN" for p in _parses(lower)):
        stem = word[:-2]
        endings = {"nom": "ое", "gen": "ого", "dat": "ому", "acc": "ое", "ins": "им", "loc": "ом"}
        return "n", {case: stem + ending for case, ending in endings.items()}
    known = any(
        parse.is_known and "nomn" in parse.tag and parse.tag.POS in ("NOUN", "ADJF")
        for parse in _parses(lower)
    )
    chinese = lower.endswith("нь") and not re.search(r"(?:а|я|е|ю)?зань|мень|пермь|рязань$", lower)
    if known and not (chinese and lower in _MASCULINE_PLACES):
        return None
    if any(parse.tag.POS == "ADJF" and "nomn" in parse.tag for parse in _parses(lower)[:1]):
        return None
    if lower[-1] in "ая" and not re.search(r"(?:[уоеэиы]а|[уоеэ]я)$", lower):
        return "f", {case: word if case == "nom" else _first_declension(word, case)
                     for case in _CASES}  # fmt: skip
    return "m", {case: _masculine(word, case, animate=False) for case in _CASES}


# Known to the dictionary as feminine, or not at all.
_MASCULINE_PLACES = frozenset(
    "тяньцзинь далянь шэньчжэнь ухань сиань цзинань яньань цзилинь хайнань тайвань гуйлинь "
    "тунжэнь чжоушань сямэнь иньчуань дунгуань фошань аомэнь чанчунь тайюань фуюань "
    "хуньчунь хуайань аньшань таншань баошань лэшань тайшань суйнин пномпень пхеньян".split()
)


def _cased(form: str, word: str) -> str:
    """Give a form the capital of the name it comes from, and its ё only where that has one."""
    if "ё" not in word.lower():
        form = form.replace("ё", "е")
    return "-".join(piece.capitalize() for piece in form.split("-")) if word[0].isupper() else form
