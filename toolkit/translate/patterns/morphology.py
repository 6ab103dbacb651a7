"""Word forms the grammar needs: Russian by pymorphy3, English verbs by rule."""

import re
from functools import cache
from typing import Any

from toolkit.languages import ru_forms

CASES = ("nom", "gen", "dat", "acc", "ins", "loc")
GENDERS = ("m", "f", "n", "p")
_TAGS = {"nom": "nomn", "gen": "gent", "dat": "datv", "acc": "accs", "ins": "ablt", "loc": "loct"}
_GENDER_TAGS = {"masc": "m", "femn": "f", "neut": "n"}
_WORD = re.compile(r"[А-Яа-яЁё]+(?:-[А-Яа-яЁё]+)*")

_TWO = {"gen": "двух", "dat": "двум", "acc": "две", "ins": "двумя", "loc": "двух"}

# Verb: past, third person.
_IRREGULAR = {
    "be": ("was", "is"), "have": ("had", "has"), "make": ("made", "makes"),
    "hold": ("held", "holds"), "give": ("gave", "gives"), "take": ("took", "takes"),
    "bring": ("brought", "brings"), "keep": ("kept", "keeps"), "build": ("built", "builds"),
    "speak": ("spoke", "speaks"), "say": ("said", "says"), "see": ("saw", "sees"),
    "set": ("set", "sets"), "put": ("put", "puts"), "lay": ("laid", "lays"),
    "draw": ("drew", "draws"), "send": ("sent", "sends"), "meet": ("met", "meets"),
    "lead": ("led", "leads"), "uphold": ("upheld", "upholds"), "find": ("found", "finds"),
    "seek": ("sought", "seeks"), "do": ("did", "does"), "go": ("went", "goes"),
    "come": ("came", "comes"), "stand": ("stood", "stands"), "begin": ("began", "begins"),
    "win": ("won", "wins"), "pay": ("paid", "pays"), "fight": ("fought", "fights"),
    "grow": ("grew", "grows"), "become": ("became", "becomes"), "write": ("wrote", "writes"),
    "tell": ("told", "tells"), "withstand": ("withstood", "withstands"),
}  # fmt: skip
_DOUBLED = {"set", "put", "step", "begin", "win", "submit", "map", "tap", "plan", "commit"}


@cache
def _analyser() -> Any:
    import pymorphy3

    return pymorphy3.MorphAnalyzer()


@cache
def _nominal(word: str) -> Any:
    """Return the nominative reading of a word, or None for words that do not decline."""
    for reading in _analyser().parse(word.lower()):
        tag = reading.tag
        if "nomn" in tag and any(part in tag for part in ("NOUN", "ADJF", "PRTF")):
            return reading
    return None


@cache
def _head(phrase: str) -> Any:
    for word in _WORD.findall(phrase):
        reading = _nominal(word)
        if reading is not None and "NOUN" in reading.tag:
            return reading
    return None


@cache
def gender(phrase: str) -> str:
    """Return m, f or n, or p for a plural, of a phrase whose first noun is its head."""
    if phrase.startswith("="):
        return ru_forms.gender(phrase[1:])
    head = _head(phrase)
    if head is None:
        return "m"
    if "plur" in head.tag:
        return "p"
    return _GENDER_TAGS.get(head.tag.gender, "m")


@cache
def decline(phrase: str, case: str, agreement: str = "") -> str:
    """Put every declinable word of ``phrase``, given in the nominative, into ``case``.

    Args:
        phrase: One that begins with ``=`` keeps what depends on its noun (a genitive, a
            preposition) as it is.
        agreement: Gender letter of the noun an adjective given in the masculine agrees with;
            empty where the phrase has its own noun.
    """
    if phrase.startswith("="):
        made = ru_forms.inflect(phrase[1:], case)
        if made is None:
            raise ValueError(f"{phrase[1:]} has no form {case}")
        return made.replace("ё", "е")
    if agreement:
        return _agreeing(phrase, case, agreement)
    if case == "nom":
        return phrase
    head = _head(phrase)
    animate = head is not None and "anim" in head.tag

    def form(match: re.Match[str]) -> str:
        word = match[0]
        if word == "две":
            return _TWO[case]
        reading = _nominal(word)
        if reading is None or word.isupper():
            return word
        wanted = _TAGS[case]
        if wanted == "accs" and "NOUN" not in reading.tag:
            feminine = "femn" in reading.tag and "plur" not in reading.tag
            if not feminine:
                wanted = "gent" if animate else "nomn"
        features = {wanted, "plur"} if "plur" in reading.tag else {wanted}
        inflected = reading.inflect(features)
        if inflected is None:
            return word
        result = inflected.word.replace("ё", "е")
        return result.capitalize() if word[0].isupper() else result

    return _WORD.sub(form, phrase)


@cache
def _agreeing(adjective: str, case: str, agreement: str) -> str:
    wanted = _TAGS[case]
    if wanted == "accs" and agreement != "f":
        wanted = "nomn"  # the nouns that take adjectives are things
    number = {"p": "plur", "m": "masc", "f": "femn", "n": "neut"}[agreement]

    def form(match: re.Match[str]) -> str:
        for reading in _analyser().parse(match[0]):
            if "ADJF" in reading.tag or "PRTF" in reading.tag:
                inflected = reading.inflect({wanted, number})
                return inflected.word.replace("ё", "е") if inflected else match[0]
        return match[0]

    return _WORD.sub(form, adjective)


@cache
def russian_verb(pair: str, form: str, agreement: str) -> str:
    """Inflect ``imperfective/perfective`` (or one verb for both).

    Args:
        form: inf and pres take the imperfective; perf, past and fut the perfective.
        agreement: Gender letter of the subject.
    """
    imperfective, _, perfective = pair.partition("/")
    if form == "inf":
        return imperfective
    if form == "perf":
        return perfective or imperfective
    verb = imperfective if form == "pres" else perfective or imperfective
    word, _, rest = verb.partition(" ")
    rest = f" {rest}" if rest else ""
    readings = [reading for reading in _analyser().parse(word) if "INFN" in reading.tag]
    if not readings:
        raise ValueError(f"{word} is not a Russian infinitive")
    number = {"plur"} if agreement == "p" else {"sing"}
    if form == "past":
        wanted = {"past"} | number
        wanted |= {"m": {"masc"}, "f": {"femn"}, "n": {"neut"}}.get(agreement, set())
    elif form == "fut" and "impf" in readings[0].tag:
        return ("будут " if agreement == "p" else "будет ") + verb
    else:
        wanted = {"futr" if form == "fut" else "pres", "3per"} | number
    inflected = next(filter(None, (reading.inflect(wanted) for reading in readings)), None)
    if inflected is None:
        raise ValueError(f"{word} has no form {form}")
    return inflected.word.replace("ё", "е") + rest


@cache
def english_verb(verb: str, form: str, plural: bool) -> str:
    """Inflect an English verb: base, past, pres (third person) or ing."""
    word, _, rest = verb.partition(" ")
    rest = f" {rest}" if rest else ""
    if form == "past":
        if word == "be":
            return ("were" if plural else "was") + rest
        if word in _IRREGULAR:
            return _IRREGULAR[word][0] + rest
        if word in _DOUBLED:
            word += word[-1]
        return _suffixed(word, "ed") + rest
    if form == "pres":
        if plural:
            return ("are" if word == "be" else word) + rest
        if word in _IRREGULAR:
            return _IRREGULAR[word][1] + rest
        return _suffixed(word, "s") + rest
    if form == "ing":
        if word in _DOUBLED:
            return word + word[-1] + "ing" + rest
        if word.endswith("e") and not word.endswith(("ee", "be")):
            word = word[:-1]
        return word + "ing" + rest
    return verb


def _suffixed(word: str, ending: str) -> str:
    if word[-1] == "y" and word[-2] not in "aeiou":
        return word[:-1] + ("ied" if ending == "ed" else "ies")
    if ending == "s":
        return word + ("es" if word.endswith(("s", "sh", "ch", "x", "z", "o")) else "s")
    return word + ("d" if word.endswith("e") else "ed")
