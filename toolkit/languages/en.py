"""English: sentences that know abbreviations, tokens, singular and spelling keys."""

import re
import unicodedata
from functools import lru_cache

from toolkit.languages import stops
from toolkit.languages.folding import Folded, Table, Token, common, fold


def _fold_char(char: str) -> str:
    shared = common(char)
    if shared is not None:
        return shared
    if char.isascii():
        return char.lower()
    folded = unicodedata.normalize("NFKD", char.lower())
    base = "".join(c for c in folded if not unicodedata.combining(c))
    return base or char


_table = Table(_fold_char)


def normalise(text: str) -> Folded:
    """Fold case, accents, quotes, apostrophes, dashes and spaces; drop invisible characters."""
    return fold(text, _table)


_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}|\d+(?:[.,]\d+)*(?:st|nd|rd|th)?|[^\W_]+(?:['’][^\W_]+)*",
    re.IGNORECASE,
)


def tokens(text: str) -> list[Token]:
    """Return words, split at hyphens, and numbers; ``U.S.`` is one token; no punctuation."""
    return [Token(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text)]


_SAME = frozenset(
    "news series species means headquarters gas bus plus thus this was has his its us as is does "
    "yes analysis basis crisis emphasis thesis consensus status campus virus focus bonus census "
    "chaos lens politics economics physics mathematics statistics athletics always perhaps "
    "besides "
    "whereas towards afterwards across process congress progress success access address business "
    "stress press less unless class mass pass cross loss express illness witness goodness "
    "christmas mars laos paris texas kansas united nations states".split()
) - {"nations", "states"}
_IRREGULAR = {
    "men": "man",
    "women": "woman",
    "people": "people",
    "children": "child",
    "feet": "foot",
    "data": "data",
    "criteria": "criterion",
    "phenomena": "phenomenon",
    "crises": "crisis",
    "bases": "basis",
    "analyses": "analysis",
    "theses": "thesis",
    "emphases": "emphasis",
    "leaves": "leaf",
    "lives": "life",
    "halves": "half",
    "shelves": "shelf",
    "wolves": "wolf",
    "knives": "knife",
    "spokesmen": "spokesman",
    "spokeswomen": "spokeswoman",
    "chairmen": "chairman",
    "businessmen": "businessman",
    "spokespeople": "spokesperson",
    "movies": "movie",
    "ties": "tie",
    "lies": "lie",
    "dies": "die",
}
_SPELLING = {
    "programme": "program",
    "centre": "center",
    "theatre": "theater",
    "metre": "meter",
    "kilometre": "kilometer",
    "litre": "liter",
    "fibre": "fiber",
    "defence": "defense",
    "offence": "offense",
    "licence": "license",
    "practise": "practice",
    "grey": "gray",
    "cheque": "check",
    "tonne": "ton",
    "councillor": "councilor",
    "counsellor": "counselor",
    "travelling": "traveling",
    "travelled": "traveled",
    "traveller": "traveler",
    "modelling": "modeling",
    "modelled": "modeled",
    "signalling": "signaling",
    "labelled": "labeled",
    "cancelled": "canceled",
    "fulfil": "fulfill",
    "fulfilment": "fulfillment",
    "enrol": "enroll",
    "enrolment": "enrollment",
    "skilful": "skillful",
    "judgement": "judgment",
    "acknowledgement": "acknowledgment",
    "catalogue": "catalog",
    "dialog": "dialogue",
    "aluminium": "aluminum",
    "mediaeval": "medieval",
    "sceptical": "skeptical",
    "plough": "plow",
    "jewellery": "jewelry",
    "ageing": "aging",
    "manoeuvre": "maneuver",
}
_OUR = re.compile(
    r"(neighb|lab|harb|fav|hon|hum|endeav|behavi|col|fl[aā]v|rum|sav|vig|rig|arm|parl|od)our"
)
_ISE_NOT = re.compile(
    r"(?:adv|rev|dev|superv|prom|compr|exerc|surpr|enterpr|expert|prec|conc|ra|rai|pra|prai|cru|"
    r"prom|r|w|no|other|like|adverti|franch|disgu|improv|telev|merchand|desp|ar|dem|exc|bru|"
    r"paraphra|ba|po|expo|oppo)ise?$"
)


def _american(word: str) -> str:
    if word in _SPELLING:
        return _SPELLING[word]
    word = _OUR.sub(lambda m: m.group(1) + "or", word)
    for ending, root in (
        ("isation", "ization"),
        ("isational", "izational"),
        ("ising", "izing"),
        ("ised", "ized"),
        ("iser", "izer"),
        ("ise", "ize"),
        ("ysed", "yzed"),
        ("yse", "yze"),
    ):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word[: -len(ending)]
            if ending.startswith("is") and _ISE_NOT.match(stem + "ise"):
                break
            return stem + root
    return word


def _singular(word: str) -> tuple[str, ...]:
    if word in _IRREGULAR:
        return (_IRREGULAR[word],)
    if word in _SAME or len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us")):
        return (word,)
    if word.endswith("ies") and len(word) > 4:
        return (word[:-3] + "y",)
    if word.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return (word[:-2],)
    if word.endswith("oes") and len(word) > 4:
        return (word[:-2], word[:-1])
    if word.endswith("is"):
        return (word,)
    return (word[:-1],)


@lru_cache(maxsize=200_000)
def keys(token: str) -> tuple[str, ...]:
    """Return the forms a token is compared under: lower case, singular, American spelling.

    A possessive ending is dropped (``country's`` is ``country``).
    """
    word = normalise(token).text
    if word.endswith("'s"):
        word = word[:-2]
    elif word.endswith("s'"):
        word = word[:-1]
    return tuple(dict.fromkeys(_american(form) for form in _singular(word)))


_TITLES = frozenset(
    "mr mrs ms messrs dr prof det sens reps govs atty secy gen col lt sgt capt adm maj cmdr gov "
    "sen rep rev hon pres amb mt ft "
    "vs v e.g i.e cf viz approx ca al st supt brig".split()
)
_BEFORE_NUMBER = frozenset(
    "no nos art arts sec sect fig figs vol para paras pp p ch ed eq jan feb mar apr jun jul aug "
    "sep sept oct nov dec".split()
)
_MONTHS = frozenset("jan feb mar apr jun jul aug sep sept oct nov dec".split())
_MAY_END = frozenset(
    "inc ltd co corp jr sr bros etc dept univ assn bldg est mon tue tues wed thu thurs fri sat "
    "ave blvd rd ph.d gov't gov’t".split()
)
_STARTERS = frozenset(
    "the a an it its he she they we you i this that these those there here in on at by for from "
    "with without after before since until under over during between as if when while where what "
    "who why how however but and or nor so yet also both all some many most no not our their his "
    "her my your according meanwhile moreover furthermore besides therefore thus then next "
    "earlier later today now such each every one two three to of".split()
)
_ACRONYM = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]$")
_CLOCK = re.compile(r"[ap]\.m$", re.I)
_ZONE = re.compile(
    r"(?:Beijing|Moscow|Eastern|Pacific|Central|local|EST|EDT|ET\b|PT\b|CT\b|GMT|UTC|CET|MSK|Mon|Tues|Wednes|"
    r"Thurs|Fri|Satur|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
)
_MARKER = re.compile(
    r"(?:(?i:article|section|chapter|part|annex|paragraph|item|point)\s+)?"
    r"(?:\d{1,3}(?:\.\d{1,3})*|[IVXLC]{1,6}|[ivx]{1,5}|[A-Za-z])$"
)
_LABELS = re.compile(
    r"(?:plan|category|group|class|option|annex|appendix|part|grade|type|vitamin|exhibit|phase)\s$",
    re.I,
)
_SPEAKER = re.compile(
    r"(?:[A-Z][\w'’.-]*\s+|(?:the|a|an|one|foreign|ministry|minister|president|premier|vice|"
    r"spokesperson|spokesman|spokeswoman|reporter|official)\s+){1,6}"
    r"(?:said|asked|added|replied|wrote|noted|stressed|wondered|exclaimed|says|asks|told|answered)\b"
)


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the (start, end) of each sentence of one paragraph, without surrounding space."""
    return stops.sentences(text, _ends)


def _ends(stop: stops.Stop) -> bool:
    if not stop.gap:
        return bool(
            stop.mark == "."
            and re.search("[a-z]{4}$", stop.word)
            and re.match(r"(?:The|This|These|He|She|It|They|In|On|We|Both|But|And)\s", stop.next)
        )
    following = stop.next.lstrip("—–- ") or stop.next
    if not following:
        return True
    first = following[0]
    if first.islower():
        return False
    if not (first.isalpha() or first.isdigit()):
        return first not in ",;:.…)”/%"
    if stop.mark[0] in "!?" and stop.closed:
        return not (_SPEAKER.match(following) and not re.match(r"(?:He|She|They|It)\s", following))
    if stop.mark[0] in "!?…" or len(stop.mark) > 1:
        return True
    if stop.closed:
        return stop.word.lower() not in _TITLES
    if stop.whole and _MARKER.fullmatch(stop.head.strip()):
        return False
    return not _goes_on(stop, following, first)


def _goes_on(stop: stops.Stop, following: str, first: str) -> bool:
    word = stop.word.strip(",;:")
    lowered = word.lower()
    before = stop.head[: len(stop.head) - len(stop.word)]
    next_word = re.match(r"[\w'’-]*", following).group()
    starter = next_word.lower() in _STARTERS
    if lowered in ("no", "nos"):
        return first.isdigit()
    if first.isdigit():
        return lowered in _BEFORE_NUMBER or lowered in _TITLES or bool(_ACRONYM.search(word))
    if _CLOCK.search(word):
        return bool(_ZONE.match(following))
    if lowered in _TITLES:
        return not (lowered == "st" and starter)
    if lowered in _MONTHS and word[:1].isupper():
        return False
    if re.fullmatch("[A-Z]", word):
        return not starter and not _LABELS.search(before[-20:])
    if re.fullmatch(r"(?:[A-Z]\.-?)+[A-Z]", word) or lowered == "ph.d":
        return not starter
    if lowered == "etc":
        return False
    if lowered in _MAY_END:
        return not starter
    return bool(_ACRONYM.search(word)) and word.islower()
