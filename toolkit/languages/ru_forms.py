"""Put a Russian phrase, given in the nominative, into another case.

Only what agrees with the head moves: «отношения стратегического партнёрства, вступающие в новую
эпоху» becomes «отношений стратегического партнёрства, вступающих в новую эпоху». Genitive and
prepositional tails, quoted names after a common noun and indeclinable words stay. Word forms come
from pymorphy3; what it is known to guess wrong stands in the tables below.
"""

import re
from functools import cache
from typing import Any

from toolkit.languages.ru import analyser

CASES = ("nom", "gen", "dat", "acc", "ins", "loc")
_TAGS = {"nom": "nomn", "gen": "gent", "dat": "datv", "acc": "accs", "ins": "ablt", "loc": "loct"}
_GENDERS = {"masc": "m", "femn": "f", "neut": "n"}
_WORD = re.compile(r"\d+-[а-яё]{1,3}(?![а-яё])|[А-Яа-яЁё]+(?:-[А-Яа-яЁё]+)*")
_ORDINAL = re.compile(r"(\d+)-(?:й|я|е|ый|ий|ая|ое)$")
# By gender and case; the accusative of an animate noun does not occur with a figure here.
ORDINAL_ENDINGS = {
    "m": {"nom": "й", "gen": "го", "dat": "му", "acc": "й", "ins": "м", "loc": "м"},
    "n": {"nom": "е", "gen": "го", "dat": "му", "acc": "е", "ins": "м", "loc": "м"},
    "f": {"nom": "я", "gen": "й", "dat": "й", "acc": "ю", "ins": "й", "loc": "й"},
    "p": {"nom": "е", "gen": "х", "dat": "м", "acc": "е", "ins": "ми", "loc": "х"},
}

# Nouns that pymorphy3 declines although they do not decline, or does not know.
_INDECLINABLE = {
    "синьхуа", "экспо", "коммюнике", "апек", "атэс", "брикс", "тасс", "нинбо", "чэнду", "ханчжоу",
    "гуанчжоу", "фучжоу", "сучжоу", "чжэнчжоу", "ланьчжоу", "циндао", "токио", "хэйхэ", "улан-удэ",
    "сочи", "баку", "дели", "нью-дели", "тбилиси", "хельсинки", "осло", "чили", "перу", "конго",
    "зимбабве", "фиджи", "кирибати", "науру", "тувалу", "вануату", "палау", "тонга", "самоа",
    "коста-рика", "марокко", "монако", "мали", "бали", "тайбэй", "урумчи", "гуанси", "шаньси",
    "шэньси", "цзянсу", "ганьсу", "хэбэй-ся", "фото", "интервью", "тунвэнь",
}  # fmt: skip
# Abbreviations that are declined like words, unlike ООН or ШОС.
_GENDER_OF = {
    "оон": "f", "шос": "f", "снг": "n", "еаэс": "m", "атэс": "n", "апек": "n", "брикс": "m",
    "мид": "m", "кнр": "f", "рф": "f", "сша": "p", "ес": "m", "всту": "m", "вто": "f", "воз": "f",
    "магатэ": "n", "всн": "n", "вснп": "n", "нпкск": "m", "кпк": "f", "цк": "m", "асеан": "f",
    "одкб": "f", "экспо": "n", "коммюнике": "n", "синьхуа": "n", "тасс": "n", "кндр": "f",
    "оаэ": "p", "юар": "f", "свмда": "n", "раш": "f", "ратс": "f",
}  # fmt: skip
_PREPOSITIONS = frozenset(
    "в во на по с со к ко о об обо от до из за для при про под над без между против через после "
    "около среди ради у перед вокруг вместо".split()
)
_CONJUNCTIONS = frozenset(("и", "или", "а"))
# Nouns whose animate reading pymorphy3 prefers, although dispatches mean the thing.
_INANIMATE = frozenset(("дух", "наблюдатель", "орган", "партнерство"))
# Chinese places in -нь are masculine, where the ending suggests a feminine.
_MASCULINE = frozenset(
    "тяньцзинь далянь шэньчжэнь ухань сиань цзинань яньань цзилинь хэнань хунань хайнань юньнань "
    "тайвань фуцзянь сычуань хэфэй цзяньнань тайюань шицзячжуан цзинхуань гуйлинь тунжэнь".split()
)
# Chinese surnames never decline in Russian when a given name follows; the given name does when
# it ends in a consonant and its bearer is a man. Bearers who are women are listed.
_WOMEN = frozenset(("мао нин", "хуа чуньин", "шэнь ицинь", "пэн лиюань", "сунь чуньлань", "у и"))
_FEMININE = re.compile(r"(?:ова|ева|ина|ская|ая)$")
_CONSONANT = re.compile(r"[бвгджзклмнпрстфхцчшщ]$")


class _Token:
    """A word of the phrase: its text, its place, and what it may be."""

    __slots__ = ("text", "start", "end", "parses")

    def __init__(self, match: re.Match[str]) -> None:
        self.text = match[0]
        self.start, self.end = match.span()
        self.parses = _parses(self.text.lower())

    def reading(self, *classes: str, like: Any = None) -> Any:
        """Return the likeliest nominative reading in one of the word classes, or None."""
        found = [
            parse
            for parse in self.parses
            if parse.tag.POS in classes
            and "nomn" in parse.tag
            and (like is None or _agree(parse.tag, like))
        ]
        if self.text[0].isupper():  # a place rather than the people or a name of that spelling
            found.sort(key=lambda parse: "Geox" not in parse.tag)
        return found[0] if found else None

    @property
    def ordinal(self) -> bool:
        return _ORDINAL.fullmatch(self.text) is not None


@cache
def _parses(word: str) -> tuple[Any, ...]:
    if word in _INDECLINABLE:
        return ()
    return tuple(analyser().parse(word))


def _agree(tag: Any, head: Any) -> bool:
    if "plur" in head or "plur" in tag:
        return "plur" in tag and "plur" in head
    return tag.gender == head.gender


@cache
def inflect(phrase: str, case: str, number: str | None = None) -> str | None:
    """Return ``phrase`` in ``case``, or None where its head cannot be found.

    Args:
        phrase: A noun phrase or a person's name in the nominative.
        case: One of ``CASES``.
        number: ``"p"`` asks for the plural of a singular phrase; None keeps the number.
    """
    if case not in _TAGS:
        raise ValueError(f"unknown case {case!r}; known: {', '.join(CASES)}")
    phrase = phrase.strip()
    if case == "nom" and number is None:
        return phrase
    name = _person(phrase, case)
    if name is not None:
        return name
    forms = _forms(phrase, case, number)
    if forms is None:
        return None
    pieces, place = [], 0
    for start, end, form in forms:
        pieces += [phrase[place:start], form]
        place = end
    return "".join(pieces) + phrase[place:]


@cache
def gender(phrase: str) -> str:
    """Return the gender of a phrase's head: m, f, n, or p for a plural; m where it is unclear."""
    words = _WORD.findall(phrase.strip())
    if not words:
        return "m"
    if is_person(phrase):
        feminine = phrase.lower() in _WOMEN or _FEMININE.search(words[-1].lower())
        return "f" if feminine else "m"
    known = _GENDER_OF.get(words[0].lower())
    if known and (len(words) == 1 or words[0].isupper()):
        return known
    tokens = [_Token(match) for match in _WORD.finditer(phrase)]
    head = _head(tokens)
    if head is None:
        last = words[-1].lower()
        return _GENDER_OF.get(last, "n" if last in _INDECLINABLE else "m")
    heads = [noun.tag for _, noun in _coordinated(phrase, head[0], tokens)]
    # Two offices of one person («член Госсовета, министр …») are still one person.
    if "plur" in heads[0] or (len(heads) > 1 and not all("anim" in tag for tag in heads)):
        return "p"
    return _GENDERS.get(heads[0].gender, "m")


def _head(tokens: list[_Token]) -> tuple[int, Any] | None:
    """Return the number and reading of the head: the first noun after agreeing modifiers."""
    for number, token in enumerate(tokens):
        if token.text.lower() in _PREPOSITIONS:
            return None
        if token.ordinal or (number and token.text.lower() in _CONJUNCTIONS):
            continue
        noun = token.reading("NOUN")
        modifier = token.reading("ADJF", "PRTF")
        if noun is None and modifier is None:
            return None
        if noun is not None and (
            modifier is None
            or token.parses[0].tag.POS == "NOUN"
            or not any(t.reading("NOUN", like=modifier.tag) for t in tokens[number + 1 :])
        ):
            return number, noun
    return None


def _coordinated(phrase: str, first: int, tokens: list[_Token]) -> list[tuple[int, Any]]:
    """Return the heads joined by commas and «и» to the first, each with its reading."""
    head = tokens[first].reading("NOUN")
    heads = [(first, head)]
    place = first + 1
    while place < len(tokens):
        gap = phrase[tokens[place - 1].end : tokens[place].start]
        joined = "," in gap
        word = tokens[place].text.lower()
        if word in _CONJUNCTIONS:
            joined = True
            place += 1
        elif not joined:
            # A genitive attribute of the head: look past it for a further member.
            if word in _PREPOSITIONS or "«" in gap or "(" in gap or tokens[place].reading("PRTF"):
                break
            if tokens[place].parses and not _oblique(tokens[place]):
                break
            place += 1
            continue
        if place >= len(tokens):
            break
        noun = _member(tokens, place)
        if noun is None:
            if "," in gap:
                break
            place += 1
            continue
        heads.append(noun)
        place = noun[0] + 1
    return heads


def _oblique(token: _Token) -> bool:
    return any("nomn" not in parse.tag for parse in token.parses)


def _member(tokens: list[_Token], place: int) -> tuple[int, Any] | None:
    """Return the nominative noun that [modifiers] noun at ``place`` make, or None."""
    modifier = None
    for number in range(place, len(tokens)):
        token = tokens[number]
        noun = token.reading("NOUN", like=modifier.tag if modifier else None)
        adjective = token.reading("ADJF", "PRTF")
        first = token.parses[0].tag if token.parses else None
        # «мира и безопасности» could be a nominative plural; the likeliest reading decides.
        if noun is not None and (
            modifier
            or (first is not None and first.POS == "NOUN" and ("nomn" in first or "accs" in first))
        ):
            return number, noun
        if adjective is None:
            return None
        modifier = adjective
    return None


def _forms(phrase: str, case: str, number: str | None) -> list[tuple[int, int, str]] | None:
    tokens = [_Token(match) for match in _WORD.finditer(phrase)]
    if not tokens:
        return None
    only = tokens[0].text
    if _fixed(only):
        return []  # «ШОС», «МИД КНР», «Нинбо» stand as they are
    if re.search(r"котор[а-яё]+ [^,]*, и ", phrase):
        return None  # two heads, each with its own clause: not worth a guess
    found = _head(tokens)
    if found is None:
        return _before_fixed(tokens, case)
    forms: list[tuple[int, int, str]] = []
    for position, noun in _coordinated(phrase, found[0], tokens):
        tag = noun.tag
        wanted_number = "plur" if "plur" in tag or number == "p" else "sing"
        for at in _agreeing(phrase, tokens, position, noun):
            if tokens[at].ordinal:
                figure = _ORDINAL.fullmatch(tokens[at].text)[1]
                letter = "p" if wanted_number == "plur" else _GENDERS.get(tag.gender, "m")
                form: str | None = f"{figure}-{ORDINAL_ENDINGS[letter][case]}"
            else:
                form = _decline(
                    tokens[at], case, wanted_number, tag, tokens[position], at == position
                )
            if form is None:
                return None
            forms.append((tokens[at].start, tokens[at].end, form))
    return sorted(set(forms))


def _fixed(word: str) -> bool:
    return (len(word) > 1 and word.isupper()) or word.lower() in _INDECLINABLE


def _before_fixed(tokens: list[_Token], case: str) -> list[tuple[int, int, str]] | None:
    """Decline the modifiers of an indeclinable head: «Российско-Китайское ЭКСПО»."""
    for number, token in enumerate(tokens):
        if _fixed(token.text):
            modifiers = [t.reading("ADJF", "PRTF") for t in tokens[:number]]
            if not number or None in modifiers:
                return None
            forms = []
            for other, reading in zip(tokens, modifiers, strict=False):
                plural = "plur" in reading.tag
                wanted = _TAGS[case]
                if wanted == "accs" and reading.tag.gender != "femn":
                    wanted = "nomn"
                form = reading.inflect({wanted, "plur" if plural else "sing"})
                if form is None:
                    return None
                forms.append((other.start, other.end, _like(form.word, other.text)))
            return forms
    return None


def _agreeing(phrase: str, tokens: list[_Token], head: int, noun: Any) -> list[int]:
    """Return the words that move with a head: itself, modifiers before, participles after."""
    members = [head]
    place = head - 1
    while place >= 0:
        token = tokens[place]
        gap = phrase[token.end : tokens[place + 1].start]
        if token.text.lower() in _CONJUNCTIONS or (
            "," in gap and token.reading("ADJF", "PRTF", like=noun.tag)
        ):
            if token.text.lower() in _CONJUNCTIONS:
                before = tokens[place - 1] if place else None
                if before is None or not before.reading("ADJF", "PRTF", like=noun.tag):
                    break
                place -= 1
                continue
        if not token.ordinal and not token.reading("ADJF", "PRTF", like=noun.tag):
            break
        members.append(place)
        place -= 1
    # An apposition by a dash («государства - члены», «страна - партнёр») declines too.
    after = head + 1
    if after < len(tokens):
        gap = phrase[tokens[head].end : tokens[after].start]
        if re.fullmatch(r"\s[-–—]{1,2}\s", gap) and tokens[after].reading("NOUN"):
            if ("plur" in tokens[after].reading("NOUN").tag) == ("plur" in noun.tag):
                if tokens[after].text[0].islower():
                    members.append(after)
    for place in range(head + 1, len(tokens)):
        token = tokens[place]
        gap = phrase[tokens[place - 1].end : token.start]
        if "," in gap and token.reading("PRTF", "ADJF", like=noun.tag) and any(
            parse.tag.POS == "PRTF" for parse in token.parses
        ):
            members.append(place)
            for later in range(place + 1, len(tokens)):  # «заявление …, подписанное и принятое»
                if tokens[later - 1].text.lower() == "и" and tokens[later].reading(
                    "PRTF", like=noun.tag
                ):
                    members.append(later)
    return members


def _decline(
    token: _Token, case: str, number: str, head: Any, head_token: _Token, is_head: bool
) -> str | None:
    """Return the form of one word: the head, a modifier, an apposition."""
    word = token.text
    if _fixed(word):
        return word
    lower = word.lower()
    if is_head and lower in _MASCULINE:
        return _given(word, case) if case != "acc" else word
    reading = token.reading("NOUN") if is_head else None
    if reading is None:
        reading = token.reading("ADJF", "PRTF", like=head) or token.reading("NOUN")
    if reading is None:
        return None
    thing = _is_thing(head, head_token)
    wanted = _TAGS[case]
    if wanted == "accs" and (reading.tag.POS != "NOUN" or not is_head or thing):
        feminine = number == "sing" and (
            head.gender if reading.tag.POS != "NOUN" else reading.tag.gender
        ) == "femn"
        if not feminine:
            wanted = "nomn" if thing or (number == "sing" and head.gender == "neut") else "gent"
    half = word.split("-")
    if is_head and len(half) == 2 and number == "plur" and half[0][-1:].lower() in "аыия":
        both = [_plain_noun(part, wanted) for part in half]
        if all(both):
            return "-".join(str(part) for part in both)
    features = {wanted, "plur" if number == "plur" else "sing"}
    inflected = reading.inflect(features) or reading.inflect({wanted})
    if inflected is None:
        return word if "Fixd" in reading.tag else None
    return _like(inflected.word, word)


def _is_thing(head: Any, token: _Token) -> bool:
    """Tell whether a head is inanimate: by dictionary, by our table, or as an unknown place."""
    if "anim" not in head or token.text.lower().split("-")[-1] in _INANIMATE:
        return True
    return token.text[0].isupper() and not any(parse.is_known for parse in token.parses)


def _plain_noun(word: str, case: str) -> str | None:
    for parse in _parses(word.lower()):
        if parse.tag.POS == "NOUN" and "nomn" in parse.tag:
            inflected = parse.inflect({case, "plur"} if "plur" in parse.tag else {case})
            return _like(inflected.word, word) if inflected else None
    return None


def _like(form: str, word: str) -> str:
    """Give a form the letter case of the word it comes from, and its ё only where it has one."""
    if "ё" not in word.lower():
        form = form.replace("ё", "е")
    pieces, others = form.split("-"), word.split("-")
    if len(pieces) == len(others):
        return "-".join(
            piece.capitalize() if other[:1].isupper() else piece
            for piece, other in zip(pieces, others, strict=True)
        )
    return form.capitalize() if word[:1].isupper() else form


# Names ------------------------------------------------------------------------------------------

_NAME = re.compile(r"[А-ЯЁ][а-яё]*(?:-[А-ЯЁ]?[а-яё]+)*")
_SURNAME = re.compile(r"(?:ов|ев|ин|ский|ко)$")


def is_person(phrase: str) -> bool:
    """Tell whether a phrase is a bare personal name: one to three capitalised words, no noun."""
    words = phrase.split()
    if not 1 <= len(words) <= 3 or not all(_NAME.fullmatch(word) for word in words):
        return False
    first, last = _parses(words[0].lower()), _parses(words[-1].lower())
    if len(words) == 1:
        if any("Geox" in parse.tag for parse in first):
            return False
        return any("Surn" in parse.tag for parse in first[:3]) or bool(_SURNAME.search(words[0]))
    if is_chinese_name(phrase):
        return True
    return any("Name" in p.tag for p in first) or any("Surn" in p.tag for p in last)


_SURNAMES = frozenset(
    "си ли ван хэ дин чжан чжао мао линь го дун цай ма лю чэнь ян хуан у сюй сунь чжу ху гао ло "
    "лян сун чжэн хань тан фэн юй сяо цао юань дэн пэн цзэн пань ду цзян ся тянь жэнь фань ши яо "
    "тань ляо цзоу сюн цзинь лу хао кун бай цуй кан шэнь цинь вэй фу луань ань цзя лэй гу гун "
    "ци".split()
)


def is_chinese_name(phrase: str) -> bool:
    """Tell whether two words look like a Chinese surname with its given name."""
    words = phrase.split()
    return len(words) == 2 and words[0].lower() in _SURNAMES


def _person(phrase: str, case: str) -> str | None:
    if not is_person(phrase):
        return None
    words = phrase.split()
    if is_chinese_name(phrase):
        if phrase.lower() in _WOMEN:
            return phrase
        return f"{words[0]} {_given(words[1], case)}"
    feminine = gender(phrase) == "f"
    last = len(words) - 1
    return " ".join(
        _name_word(word, case, feminine, number == last) for number, word in enumerate(words)
    )


def _given(word: str, case: str) -> str:
    """Decline a Chinese given name: second declension where it ends in a consonant, ь or й."""
    endings = {"gen": "а", "dat": "у", "acc": "а", "ins": "ом", "loc": "е"}
    soft = {"gen": "я", "dat": "ю", "acc": "я", "ins": "ем", "loc": "е"}
    if word[-1] in "ьй":
        return word[:-1] + soft[case]
    if _CONSONANT.search(word):
        if word[-1] in "цжшчщ" and case == "ins":
            return word + "ем"
        return word + endings[case]
    return word


def _name_word(word: str, case: str, feminine: bool, last: bool) -> str:
    if "-" in word:
        return "-".join(_name_word(part, case, feminine, last) for part in word.split("-"))
    lower = word.lower()
    if re.search(r"(?:ко|о|е|и|у|ю|э|ы|их|ых)$", lower) and not lower.endswith(("ий", "ый")):
        return word
    if not feminine and last and re.search(r"(?:ов|ев|ёв|ин|ын)$", lower) and len(word) > 4:
        return word + {"gen": "а", "dat": "у", "acc": "а", "ins": "ым", "loc": "е"}[case]
    wanted = _TAGS[case]
    kinds = ("Surn", "Name", "Patr") if last else ("Name", "Patr", "Surn")
    for kind in kinds:
        for parse in _parses(lower):
            tag = parse.tag
            if kind in tag and "nomn" in tag and "sing" in tag and (
                (tag.gender == "femn") == feminine or tag.gender is None or "ms-f" in str(tag)
            ):
                inflected = parse.inflect({wanted, "sing"})
                if inflected is not None:
                    return _like(inflected.word, word)
    if feminine:
        return word if _CONSONANT.search(lower) else _first(lower, wanted, word)
    if lower.endswith(("ий", "ый", "ой")) and last:
        stem = word[:-2]
        return stem + {"gen": "ого", "dat": "ому", "acc": "ого", "ins": "им", "loc": "ом"}[case]
    return _given(word, case) if not lower.endswith("а") else _first(lower, wanted, word)


def _first(lower: str, wanted: str, word: str) -> str:
    for parse in _parses(lower):
        if parse.tag.POS == "NOUN" and "nomn" in parse.tag:
            inflected = parse.inflect({wanted, "sing"})
            if inflected is not None:
                return _like(inflected.word, word)
    return word
