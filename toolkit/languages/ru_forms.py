"""Put a Russian phrase, given in the nominative, into another case.

Only what agrees with the head moves: «отношения стратегического партнёрства, вступающие в новую
эпоху» becomes «отношений стратегического партнёрства, вступающих в новую эпоху». Genitive and
prepositional tails, quoted names after a common noun and indeclinable words stay. Word forms come
from pymorphy3; what it is known to guess wrong stands in the tables below.
"""

import re
from functools import cache
from typing import Any

from toolkit.languages import ru_names
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
    "коста-рика", "марокко", "монако", "мали", "бали", "урумчи", "гуанси", "шаньси",
    "шэньси", "цзянсу", "ганьсу", "фото", "интервью", "тунвэнь", "жэньминь", "жибао", "чайна",
    "дейли", "хуаньцю", "чжунсинь", "франс", "пресс", "ассошиэйтед", "папуа",
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
# Adjectives that are nouns in dispatches, and first halves that never change.
_SUBSTANTIVES = frozenset("данные ученые учёные военнослужащие".split())
_FIRST_HALVES = frozenset(
    "бизнес онлайн офлайн веб пресс интернет блок мини медиа видео аудио экс вице премьер топ"
    " кибер шоу арт спорт яхт хай".split()
)
# Nouns whose animate reading pymorphy3 prefers, although dispatches mean the thing.
_INANIMATE = frozenset(("дух", "наблюдатель", "орган", "партнерство"))


class _Token:
    """A word of the phrase: its text, its place, and what it may be."""

    __slots__ = ("text", "start", "end", "parses", "yo")

    def __init__(self, match: re.Match[str], yo: bool) -> None:
        self.yo = yo  # the phrase writes ё where it belongs
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
    if not _WORD.search(phrase):
        return phrase  # Sputnik, G20
    name = _name(phrase, case) if number is None else None
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


def _name(phrase: str, case: str) -> str | None:
    """Decline a person, with or without an office in front, or a place; None for all else."""
    if _indeclinable(phrase):
        return phrase
    if ru_names.is_person(phrase):
        return ru_names.person(phrase, case)
    place = ru_names.place(phrase)
    if place is not None:
        return place[1][case]
    bearer = _bearer(phrase)
    if bearer is not None:
        office = inflect(bearer[0], case)
        return None if office is None else f"{office} {ru_names.person(bearer[1], case)}"
    prefix, dash, rest = phrase.partition(" — ")
    if dash and _indeclinable(prefix):  # Папуа — Новая Гвинея
        form = inflect(rest, case)
        return None if form is None else f"{prefix} — {form}"
    return None


def _indeclinable(phrase: str) -> bool:
    return all(word.lower() in _INDECLINABLE for word in phrase.strip("«»").split())


@cache
def _bearer(phrase: str) -> tuple[str, str] | None:
    """Split «вице-премьер Госсовета КНР Хэ Лифэн» into office and name, or return None."""
    words = phrase.split()
    for size in (3, 2):
        name = " ".join(words[-size:])
        if len(words) > size and "»" not in name and ru_names.is_person(name):
            office = " ".join(words[:-size])
            head = _head(_tokens(office))
            if head is not None and "anim" in head[1].tag:
                return office, name
    return None


@cache
def gender(phrase: str) -> str:
    """Return the gender of a phrase's head: m, f, n, or p for a plural; m where it is unclear."""
    words = _WORD.findall(phrase.strip())
    if not words:
        return "m"
    phrase = phrase.strip()
    bearer = None if ru_names.is_person(phrase) else _bearer(phrase)
    if bearer or (ru_names.is_person(phrase) and not _indeclinable(phrase)):
        return ru_names.person_gender(bearer[1] if bearer else phrase)
    place = None if _indeclinable(phrase) else ru_names.place(phrase)
    if place is not None:
        return place[0]
    prefix, dash, rest = phrase.partition(" — ")
    if dash and _indeclinable(prefix):
        return gender(rest)
    known = _GENDER_OF.get(words[0].lower())
    if known and (len(words) == 1 or words[0].isupper()):
        return known
    tokens = _tokens(phrase)
    if _numeral(tokens):
        return "p"
    head = _head(tokens)
    if head is None:
        last = words[-1].lower()
        return _GENDER_OF.get(last, "n" if last in _INDECLINABLE else "m")
    heads = [noun.tag for _, noun in _coordinated(phrase, head[0], tokens)]
    # Two offices of one person («член Госсовета, министр …») are still one person.
    if "plur" in heads[0] or (len(heads) > 1 and not all("anim" in tag for tag in heads)):
        return "p"
    return _GENDERS.get(heads[0].gender, "m")


def _tokens(phrase: str) -> list[_Token]:
    yo = "ё" in phrase.lower()
    return [_Token(match, yo) for match in _WORD.finditer(phrase)]


def _head(tokens: list[_Token]) -> tuple[int, Any] | None:
    """Return the number and reading of the head: the first noun after agreeing modifiers."""
    for number, token in enumerate(tokens):
        if token.text.lower() in _PREPOSITIONS:
            return None
        if token.ordinal or (number and token.text.lower() in _CONJUNCTIONS):
            continue
        noun = token.reading("NOUN")
        adjective = token.reading("ADJF", "PRTF")
        if noun is None and adjective is None:
            return None
        if noun is not None and not (adjective and _modifies(tokens, number, adjective)):
            return number, noun
    return None


def _modifies(tokens: list[_Token], number: int, adjective: Any) -> bool:
    """Tell «рабочий визит» from «данные таможни»: an adjective goes before a noun that agrees."""
    if tokens[number].text.lower() in _SUBSTANTIVES:
        return False
    for token in tokens[number + 1 :]:
        if token.text.lower() in _CONJUNCTIONS:
            continue
        if token.reading("NOUN", like=adjective.tag) is not None:
            return True
        if not token.ordinal and token.reading("ADJF", "PRTF", like=adjective.tag) is None:
            return False
    return False


# What a word after a preposition may stand in; the accusative where it is usual.
_GOVERNED = {
    **dict.fromkeys("от до из для без против около среди ради у вокруг вместо после".split(),
                    {"gent"}),
    **dict.fromkeys(("в", "во", "на"), {"loct", "accs"}),
    **dict.fromkeys(("по", "к", "ко"), {"datv", "loct"}),
    **dict.fromkeys(("с", "со"), {"ablt", "gent"}),
    **dict.fromkeys(("за", "под"), {"ablt", "accs"}),
    **dict.fromkeys(("над", "перед", "между"), {"ablt"}),
    **dict.fromkeys(("о", "об", "обо", "при"), {"loct"}),
    **dict.fromkeys(("про", "через"), {"accs"}),
}  # fmt: skip


def _coordinated(phrase: str, first: int, tokens: list[_Token]) -> list[tuple[int, Any]]:
    """Return the heads joined by commas and «и» to the first, each with its reading.

    What could as well stand in the case of the words before it belongs to them: «комитет дружбы,
    мира и развития» has one head, «отказ от конфронтации и ненаправленность» has two.
    """
    heads = [(first, tokens[first].reading("NOUN"))]
    tail: set[str] = set()
    place = first + 1
    while place < len(tokens):
        gap = phrase[tokens[place - 1].end : tokens[place].start]
        token = tokens[place]
        word = token.text.lower()
        if "«" in gap or "(" in gap or re.search(r"\s[-–—]+\s", gap) or word.startswith("котор"):
            break
        joined = "," in gap
        if word in _CONJUNCTIONS:
            joined, place = True, place + 1
            if place >= len(tokens):
                break
            token = tokens[place]
            word = token.text.lower()
        if word in _PREPOSITIONS:
            tail = _GOVERNED.get(word, {"gent"})
        elif not joined:
            tail = tail or {"gent"}
        elif token.reading("PRTF") and token.parses[0].tag.POS == "PRTF":
            break
        elif not any(_stands(parse.tag, tail) for parse in token.parses):
            member = _member(tokens, place)
            if member is not None:
                heads.append(member)
                place, tail = member[0], set()
        place += 1
    return heads


def _stands(tag: Any, cases: set[str]) -> bool:
    return any(case in tag for case in cases)


def _member(tokens: list[_Token], place: int) -> tuple[int, Any] | None:
    """Return the nominative noun that [modifiers] noun at ``place`` make, or None."""
    modifier = None
    for number in range(place, len(tokens)):
        token = tokens[number]
        noun = token.reading("NOUN", like=modifier.tag if modifier else None)
        adjective = token.reading("ADJF", "PRTF")
        if noun is not None and not (adjective and _modifies(tokens, number, adjective)):
            return number, noun
        if adjective is None:
            return None
        modifier = adjective
    return None


def _numeral(tokens: list[_Token]) -> Any:
    """Return the reading of a numeral that heads the phrase («пять принципов»), or None."""
    for parse in tokens[0].parses if tokens else ():
        if parse.tag.POS == "NUMR" and "nomn" in parse.tag:
            return parse
    return None


def _counted(tokens: list[_Token], numeral: Any, case: str) -> list[tuple[int, int, str]] | None:
    """Decline a numeral with what it counts: «пять принципов», «пятью принципами»."""
    words = []
    for token in tokens[1:]:
        noun = next((p for p in token.parses if p.tag.POS == "NOUN" and "gent" in p.tag), None)
        adjective = next(
            (p for p in token.parses if p.tag.POS in ("ADJF", "PRTF") and "plur" in p.tag), None
        )
        reading = noun if noun is not None and adjective is None else adjective or noun
        if reading is None:
            return None
        words.append((token, reading))
        if reading is noun:
            break
    if not words or words[-1][1].tag.POS != "NOUN":
        return None
    if case in ("nom", "acc"):
        return None if case == "acc" and "anim" in words[-1][1].tag else []
    forms = []
    for token, reading in [(tokens[0], numeral), *words]:
        wanted = {_TAGS[case]} if reading is numeral else {_TAGS[case], "plur"}
        form = reading.inflect(wanted)
        if form is None:
            return None
        forms.append((token.start, token.end, _like(form.word, token.text, token.yo)))
    return forms


def _forms(phrase: str, case: str, number: str | None) -> list[tuple[int, int, str]] | None:
    tokens = _tokens(phrase)
    if not tokens:
        return None
    only = tokens[0].text
    if _fixed(only):
        return []  # «ШОС», «МИД КНР», «Нинбо» stand as they are
    if re.search(r"котор[а-яё]+ [^,]*, и ", phrase):
        return None  # two heads, each with its own clause: not worth a guess
    if is_clause(phrase):
        return None
    numeral = _numeral(tokens)
    if numeral is not None:
        return _counted(tokens, numeral, case)
    found = _head(tokens)
    if found is None:
        return _before_fixed(tokens, case)
    forms: list[tuple[int, int, str]] = []
    for position, noun in _coordinated(phrase, found[0], tokens):
        tag = noun.tag
        wanted_number = "plur" if "plur" in tag or number == "p" else "sing"
        for at in _agreeing(phrase, tokens, position, noun):
            if tokens[at].ordinal:
                figure = tokens[at].text.partition("-")[0]
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


@cache
def is_clause(phrase: str) -> bool:
    """Tell whether a phrase is a sentence: «Тайвань является неотъемлемой частью …»."""
    return any(map(_finite, _tokens(phrase.partition(",")[0])))


def _finite(token: _Token) -> bool:
    return bool(token.parses) and all(parse.tag.POS == "VERB" for parse in token.parses)


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
                forms.append((other.start, other.end, _like(form.word, other.text, other.yo)))
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
        if (
            "," in gap
            and token.reading("PRTF", "ADJF", like=noun.tag)
            and any(parse.tag.POS == "PRTF" for parse in token.parses)
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
    first, hyphen, last = word.partition("-")
    if hyphen and first.lower() in _FIRST_HALVES and "-" not in last and is_head:
        second = _Token(_WORD.match(last), token.yo)  # type: ignore[arg-type]
        if second.reading("NOUN") is not None:
            form = _decline(second, case, number, second.reading("NOUN").tag, second, True)
            return None if form is None else f"{first}-{form}"
    reading = token.reading("NOUN") if is_head else None
    if reading is None:
        reading = token.reading("ADJF", "PRTF", like=head) or token.reading("NOUN")
    if reading is None:
        return None
    thing = _is_thing(head, head_token)
    wanted = _TAGS[case]
    if wanted == "accs" and (reading.tag.POS != "NOUN" or not is_head or thing):
        feminine = (
            number == "sing"
            and (head.gender if reading.tag.POS != "NOUN" else reading.tag.gender) == "femn"
        )
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
    return _like(inflected.word, word, token.yo)


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


def _like(form: str, word: str, yo: bool = False) -> str:
    """Give a form the letter case of the word it comes from, and ё only where ``yo`` or it has."""
    if not yo and "ё" not in word.lower():
        form = form.replace("ё", "е")
    pieces, others = form.split("-"), word.split("-")
    if len(pieces) == len(others):
        return "-".join(
            piece.capitalize() if other[:1].isupper() else piece
            for piece, other in zip(pieces, others, strict=True)
        )
    return form.capitalize() if word[:1].isupper() else form
