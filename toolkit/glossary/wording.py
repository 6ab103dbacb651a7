"""Weak signs of a term: written out or shortened, stretched by a list, named by its head alone."""

import re
from collections.abc import Iterator, Sequence

from toolkit.glossary import agreement, countries
from toolkit.glossary.match import Match
from toolkit.glossary.patterns import Pattern, grammar
from toolkit.glossary.words import Words

_LINKS = {
    "zh": re.compile(r"^\s*[、和与及同以，]|[、和与及同以，]\s*$"),
    "ru": re.compile(r"^\s*[,/]|^\s*(?:и|или)\b|[,/]\s*$|\b(?:и|или)\s*$", re.IGNORECASE),
    "en": re.compile(r"^\s*[,/]|^\s*(?:and|or)\b|[,/]\s*$|\b(?:and|or)\s*$", re.IGNORECASE),
}
_INSERTED = {"zh": 12, "ru": 6, "en": 6}  # words a list may put between the parts of a term
# The countries of a mechanism or an office go without saying where the sentence names them.
_COUNTRY = {
    "zh": re.compile(r"^(?:中俄|俄中|中国|俄罗斯)(?:两国|联邦)?"),
    "ru": re.compile(
        r"^(?:российско-китайск|китайско-российск|российск|китайск)\w+\s+|"
        r"\s+(?:КНР|РФ|Китая|России|Китайской Народной Республики|Российской Федерации)$",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"^(?:China-Russia|Russia-China|Russian-Chinese|Chinese-Russian|Chinese|Russian)\s+|"
        r"\s+of (?:China|Russia|the Russian Federation|the People's Republic of China)$"
    ),
}
# Parts of longer names that are written out or shortened at will.
_SAME = {
    "zh": (("上海合作组织", "上合组织"), ("联合国安理会", "安理会"), ("外交部长", "外长")),
    "ru": (
        ("ШОС", "Шанхайской организации сотрудничества"),
        ("КНР", "Китайской Народной Республики", "Китая"),
        ("РФ", "Российской Федерации", "России"),
        ("ООН", "Организации Объединенных Наций"),
        ("ЕАЭС", "Евразийского экономического союза"),
        ("ЦК КПК", "Центрального комитета Коммунистической партии Китая"),
        ("Госсовета", "Государственного совета"),
    ),
    "en": (
        ("SCO", "Shanghai Cooperation Organization"),
        ("UN", "United Nations"),
        ("EAEU", "Eurasian Economic Union"),
        ("CPC", "Communist Party of China"),
        ("NPC", "National People's Congress"),
    ),
}
_SMALL = {
    "zh": set("的和与及、之"),
    "ru": {"и", "в", "на", "по", "с", "о", "об", "к", "для", "или"},
    "en": {"of", "and", "in", "on", "for", "to", "with", "at", "by", "between", "into", "or"},
}


def content(words: Words) -> set[str]:
    """Return the words of a term that carry meaning, as keys."""
    return {
        words.keys(number)[0]
        for number in range(len(words))
        if words.forms[number] not in _SMALL[words.lang] and words.keys(number)
    }


def relaxed(text: str, lang: str) -> Iterator[str]:
    """Yield what a version may write for a term: without the country, or written out."""
    short = _COUNTRY[lang].sub("", text)
    if short != text and len(Words(short, lang)) >= (4 if lang == "zh" else 2):
        yield short
    for forms in _SAME[lang]:
        for form in forms:
            found = re.search(rf"(?<!\w){form}(?!\w)" if lang != "zh" else form, text)
            if found and (found.start() or lang == "zh"):
                for other in forms:
                    if other != form:
                        yield text[: found.start()] + other + text[found.end() :]
                break


def stands(pattern: Pattern, words: Words, free: Sequence[bool]) -> bool:
    """Say whether the pattern stands in the text without a gap, in words that are ``free``."""
    size = len(pattern)
    for first in range(len(words) - size + 1):
        if all(
            free[first + n] and pattern.keys(n) & set(words.keys(first + n)) for n in range(size)
        ):
            if pattern.accepts(words, range(first, first + size)):
                return True
    return False


def spread(pattern: Pattern, words: Words) -> bool:
    """Say whether a list stretches the term: all its words in order, with a link between."""
    lang = words.lang
    if len(pattern) < (4 if lang == "zh" else 2):
        return False
    for first in range(len(words)):
        if not pattern.keys(0) & set(words.keys(first)):
            continue
        here, inserted, linked = first, 0, False
        for number in range(1, len(pattern)):
            nearest = here + 1
            while nearest < len(words) and not pattern.keys(number) & set(words.keys(nearest)):
                nearest += 1
                if inserted + nearest - here - 1 > _INSERTED[lang]:
                    break
            inserted += nearest - here - 1
            if nearest >= len(words) or inserted > _INSERTED[lang]:
                break
            if words.sentence_end_between(here, nearest):
                break
            if nearest > here + 1:
                # What a list inserts hangs on its comma or conjunction: A и Б комитет.
                between = words.text[words.ends[here] : words.starts[nearest]]
                linked = bool(_LINKS[lang].search(between))
                if not linked:
                    break
            here = nearest
        else:
            if linked:
                return True
    return False


def head_stands(pattern: Pattern, words: Words, free: Sequence[bool]) -> bool:
    """Say whether the head of the term stands in a ``free`` place: 委员会, комиссия, committee."""
    own = pattern.words
    # The last two characters of a Chinese name say what it is.
    heads = [len(own) - 2, len(own) - 1] if words.lang == "zh" else [_head(own)]
    if words.lang == "zh" and len(own) < 3:
        return False
    for first in range(len(words) - len(heads) + 1):
        if all(
            free[first + n] and pattern.keys(head) & set(words.keys(first + n))
            for n, head in enumerate(heads)
        ):
            return True
    return False


def derived(name: Pattern, words: Words) -> bool:
    """Say whether a word made from a name stands in the text: Central Asian, московский, 涉港."""
    if words.lang == "zh":
        text = "".join(words.forms)
        short = _SHORT.get(name.concept.id)
        if short and re.search(f"{short}[{_SHORTS}]|[{_SHORTS}]{short}", text):
            return True
        return len(name) < 4 and bool(
            re.search(f"[{_BEFORE_SHORT}][{re.escape(''.join(name.words.forms))}]", text)
        )
    stems = [form[: max(4, len(form) - 2)] for form in name.words.forms if len(form) > 3]
    if bool(stems) and all(any(form.startswith(stem) for form in words.forms) for stem in stems):
        return True
    # Черноморский, средиземноморский: both words of the name in one.
    return (
        words.lang == "ru"
        and len(stems) == 2 == len(name)
        and any(
            form.startswith(stems[0]) and name.words.forms[1][:3] in form[len(stems[0]) :]
            for form in words.forms
        )
    )


# What stands before a place named by one character: 涉港, 赴台, 对藏, 中亚.
_SHORT = {
    "beijing": "京", "shanghai": "沪", "tianjin": "津", "chongqing": "渝", "hebei": "冀",
    "guangdong": "粤", "guangzhou": "广", "nanjing": "宁", "shenzhen": "深", "hong_kong": "港",
    "macao": "澳", "sichuan": "川", "chengdu": "成", "wuhan": "汉", "hangzhou": "杭",
    "harbin": "哈", "shenyang": "沈", "zhengzhou": "郑", "heilongjiang": "黑",
}  # fmt: skip
_SHORTS = "".join(_SHORT.values())  # of cities and provinces joined: 京沪高铁, 京津冀
_BEFORE_SHORT = "涉赴抵访驻对来离入援中"


def covered(pattern: Pattern, words: Words) -> bool:
    """Say whether a long term is there with its words in another order, or others between."""
    own = content(pattern.words)
    if len(own) < (10 if words.lang == "zh" else 5):
        return False
    return own <= {key for number in range(len(words)) for key in words.keys(number)}


_MINISTRY = {"ru": ("министерство", "министр"), "en": ("ministry", "minister")}


def by_minister(pattern: Pattern, words: Words) -> bool:
    """Say whether a ministry is named by its minister: Vice Minister of Commerce."""
    if words.lang not in _MINISTRY:
        return False
    ministry, minister = _MINISTRY[words.lang]
    own = content(pattern.words)
    if not any(ministry in pattern.keys(number) for number in range(len(pattern))):
        return False
    countries = {"prc", "china", "кнр", "китай", "russia", "russian", "рф", "россия", "foreign"}
    said = {key for number in range(len(words)) for key in words.keys(number)}
    rest = own - {ministry} - countries
    return minister in said and bool(rest) and rest <= said


_OFFICIAL_ZH = re.compile("总统(?:府|新闻|助理|办公厅|特使|特别代表|顾问|令)")
_OFFICIAL = {"ru": ("президент", "президентск"), "en": ("president", "presidential")}


def by_adjective(pattern: Pattern, words: Words) -> bool:
    """Say whether a president's office is named by its adjective: Russian presidential aide."""
    if words.lang == "zh":
        return "总统" in pattern.term.text and bool(_OFFICIAL_ZH.search(words.text))
    noun, adjective = _OFFICIAL[words.lang]
    if not any(noun in pattern.keys(number) for number in range(len(pattern))):
        return False
    return any(form.startswith(adjective) for form in words.forms)


def several(match: Match, text: str) -> bool:
    """Say whether a text speaks of more than one holder of an office that the term has once.

    «президентов России и США» shares its head with an office that is not named in full.
    """
    lang = match.term.lang
    if lang == "zh":
        return False
    term = Words(match.term.text, lang)
    here = Words(text[match.start : match.end], lang)
    head = _head(term)
    for number in range(len(here)):
        if set(here.keys(number)) & set(term.keys(head)):
            if lang == "en":
                return here.forms[number] != term.forms[head] and here.forms[number][-1] == "s"
            numbers = {r.number for r in agreement.readings(here.forms[number]) if r.case}
            return numbers == {"plur"}
    return False


_CHINESE = re.compile(r"中国|中华|\bChin|People's Republic|кита|КНР|китайск", re.IGNORECASE)
_BETWEEN = re.compile(r"[\w\s'’.-]{0,24}")


def of_another(match: Match, text: str) -> bool:
    """Say whether a body or office without its country is that of another: 美国商务部.

    China's own are called so without naming China.
    """
    lang = match.term.lang
    preferred = match.concept.preferred("en")
    own = preferred is not None and _CHINESE.search(preferred.text)
    if not (own or match.concept.id.endswith("_prc")) or _CHINESE.search(match.term.text):
        return False
    start = max(0, match.start - 24)
    for offset, _ in countries.mentions(text[start : match.end + 24], lang):
        place = start + offset
        if place < match.start:
            between = text[place : match.start]
            if lang == "zh" and len(between) <= 6 and between.isalpha():
                return True
            if lang != "zh" and _BETWEEN.fullmatch(between) and len(between.split()) <= 2:
                return True
        elif lang == "ru" and match.end < place <= match.end + 2:
            return True
    return False


def _head(words: Words) -> int:
    if words.lang == "ru":
        shape, _ = grammar(words)
        for number, role in enumerate(shape.roles):
            found = agreement.readings(words.forms[number])
            if role == 0 and any(reading.kind == "NOUN" for reading in found):
                return number
        return 0
    small = _SMALL["en"]
    for number in range(1, len(words)):
        if words.forms[number] in small:
            return number - 1
    return len(words) - 1


def altered(pattern: Pattern, words: Words) -> tuple[int, int] | None:
    """Find a stretch that is the term with a word or two changed: most of it, in one place."""
    content = {
        number
        for number in range(len(pattern))
        if pattern.words.forms[number] not in _SMALL[words.lang]
    }
    if len(content) < 3:
        return None
    size = len(pattern) + 2
    where = [
        {own for own in content if pattern.keys(own) & set(words.keys(number))}
        for number in range(len(words))
    ]
    best: tuple[int, int, int] | None = None
    for first in range(len(words)):
        if not where[first]:
            continue
        covered: set[int] = set()
        last = first
        for number in range(first, min(first + size, len(words))):
            if where[number] - covered:
                covered |= where[number]
                last = number
        if 3 * len(covered) >= 2 * len(content) and (best is None or len(covered) > best[0]):
            best = len(covered), words.starts[first], words.ends[last]
    return best[1:] if best else None
