"""Russian: sentences that know abbreviations, tokens, and lemmas by pymorphy3."""

import re
import unicodedata
from functools import cache, lru_cache

from toolkit.languages import stops
from toolkit.languages.folding import Folded, Table, Token, common, fold


def _fold_char(char: str) -> str:
    shared = common(char)
    if shared is not None:
        return shared
    lowered = char.lower()
    if lowered in "ёѐ":
        return "е"
    if lowered == "ѝ":
        return "и"
    if lowered.isascii() or "а" <= lowered <= "я":
        return lowered
    return unicodedata.normalize("NFKC", lowered)


_table = Table(_fold_char)

# Latin letters that look like Cyrillic ones, and back for Roman numerals typed on a Russian
# keyboard.
_LOOKALIKES = str.maketrans("aceopxykmthb", "асеорхукмтнв")
_ROMAN = str.maketrans("хсмі", "xcmi")
_LETTERS = re.compile("[a-zа-яі]{2,}")
_MIXED = re.compile("[a-z][а-яі]|[а-яі][a-z]|^х{2,3}$")


def _unmix(found: re.Match[str]) -> str:
    word = found.group()
    if len(word) > 60 or not _MIXED.search(word):
        return word
    if not word.strip("хсміivxlcdm"):
        return word.translate(_ROMAN)
    whole = word.translate(_LOOKALIKES)
    return word if re.search("[a-z]", whole) else whole


def normalise(text: str) -> Folded:
    """Fold case, ё to е, quotes, dashes and spaces; drop stress marks and soft hyphens.

    Latin look-alikes inside a Cyrillic word become Cyrillic, a Roman numeral becomes Latin.
    """
    folded = fold(text, _table)
    mended = _LETTERS.sub(_unmix, folded.text)
    return folded if mended == folded.text else Folded(mended, folded.starts, folded.ends)


_TOKEN = re.compile(
    r"\d+(?:[.,]\d+)*(?:[-‐‑][^\W\d_]+)?|[^\W\d_](?:[^\W\d_]|[\u0300\u0301\u00ad])*"
    r"(?:[-‐‑’'][^\W_](?:[^\W_]|[\u0300\u0301\u00ad])*)*"
)


def tokens(text: str) -> list[Token]:
    """Return words (a hyphenated one whole) and numbers; no punctuation."""
    return [Token(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text)]


@cache
def analyser():
    """Return the one pymorphy3 analyser of the process."""
    import pymorphy3  # loads a dictionary of some 15 MB

    return pymorphy3.MorphAnalyzer(lang="ru")


def dictionary() -> str:
    """Return what tells the versions of `analyser` apart, whose lemmas may differ."""
    import pymorphy3
    import pymorphy3_dicts_ru

    return f"{pymorphy3.__version__} {pymorphy3_dicts_ru.__version__}"


@lru_cache(maxsize=200_000)
def keys(token: str) -> tuple[str, ...]:
    """Return every lemma the token may have, ё as е, likeliest first."""
    word = normalise(token).text
    if not re.search("[а-я]", word):
        return (word,)
    lemmas = (parse.normal_form.replace("ё", "е") for parse in analyser().parse(word))
    return tuple(dict.fromkeys(lemmas)) or (word,)


# Behind these a sentence never ends: a name, a number or an explanation follows.
_BEFORE_NAME = frozenset(
    "им пров ул пер просп пр-т наб пл бульв ш пос дер дв кв корп оф тел "
    "проф акад доц чл-корр канд докт инж ген полк подполк майор кап лейт серж адм маршал тов "
    "г-н г-жа гр св преп прп митр архиеп еп прот свящ пом зам зав нач гл отв исп уч см ср напр "
    "прим примеч ред сост "
    "худ реж оп муз сл перев пер изд кн отд разд рис табл илл стр с п пп подп ст гл ч т тт вып "
    "dr mr mrs ms st prof inc no № вкл искл англ кит рус фр нем лат яп кор назв "
    "мин-во м-во и.о в.и.о врио т.е т.к т.н т.о т.ч и.п о р оз м н б а-ль".split()
)
# Those of them that begin a sentence, and so may be capitalised.
_RANKS = frozenset(
    "dr mr mrs ms st prof проф акад доц чл-корр ген полк тов г-н г-жа св им см № ред прим".split()
)
# These stand before a number or behind one; a sentence may end in them.
_MEASURES = frozenset(
    "г гг в вв руб коп долл тыс млн млрд трлн проц чел экз шт мин сек час ч км м см мм кг т ц га "
    "л кв куб барр ед обл р-н окр кр респ янв фев февр мар апр июн июл авг сен сент окт ноя нояб "
    "дек др пр д п т.д т.п н.э до.н.э с.г т.г п.г ч.л и.т.д и.т.п нов".split()
)
_BEFORE_NUMBER = frozenset(
    "ст п пп ч гл разд стр с рис табл т вып кн № д кв корп стр янв фев февр мар апр июн июл авг "
    "сен сент окт ноя нояб дек тел оф ок прибл мин-т см".split()
)
_MONTHS = (
    "январ[ьяеюе] феврал[ьяею] март[ае]? апрел[ьяею] ма[йяею] июн[ьяею] июл[ьяею] август[ае]? "
    "сентябр[ьяею] октябр[ьяею] ноябр[ьяею] декабр[ьяею]"
).split()
# “В ноябре 2025 г. Россия …”: a clause that opens with nothing but a time goes on.
_TIME = re.compile(
    r"(?:(?:в|во|с|со|к|ко|до|после|на|за|по|от|из|и|о|об|ещё|еще|уже|лишь|только|начиная|конце|"
    r"конец|начале|начала|начало|середине|середины|течение|период|периоде|квартале|квартала|"
    r"полугодии|половине|месяцев|месяца|месяц|недели|неделе|год[аеу]?|годы|годах|лета|весной|"
    r"осенью|летом|зимой|первом|первой|втором|второй|третьем|четв[её]ртом|первые|первых|"
    r"последние|итогам|результатам|данным|состоянию|сравнению|числа|"
    + "|".join(_MONTHS)
    + r"|[IVX]+|\d+(?:[-–—]\d+)?(?:-\w{1,2})?|[-–—])\s*)+",
    re.IGNORECASE,
)
_PROPER = re.compile(
    r"(?:Росси|Кита|Москв|Пекин|КНР|РФ|США|ЕС\b|ЕАЭС|ШОС|БРИКС|ООН|СНГ|Япони|Инди|Казахстан|"
    r"Нинбо|Вашингтон|Европ|Ази)"
)
_STARTERS = frozenset(
    "а бы в во все вместе вот для до его ее её ещё если и из или их к как когда который кроме "
    "между "
    "мы на над наряду не несмотря но о об обе однако он она они оно от по под после поэтому при "
    "про с свои со согласно среди стороны так также такие такой там тем то тогда только у уже "
    "участники "
    "это этот эта эти этого этом я заседание встреча переговоры документ соглашение благодаря "
    "помимо затем далее кроме".split()
)
_MULTIDOT = re.compile(r"(?:[а-яё]\.)+[а-яё]$")
_INITIAL = re.compile(r"^(?:[А-ЯЁA-Z]\.[-–]?)*(?:[А-ЯЁA-Z]|Дж|Ю|Я|Ш|Ч|Ц|Х|Ж|Хр|Ст|Ал)$")
_LABELS = re.compile(
    r"(?:категори|групп|пункт|класс|вариант|план|приложени|част|уровн|тип|витамин)\w*\s$", re.I
)
_MARKER = re.compile(
    r"(?:(?i:статья|пункт|раздел|глава|часть|приложение)\s+)?"
    r"(?:\d{1,3}(?:\.\d{1,3})*|[IVXLC]{1,6}|[А-ЯA-Za-zа-я])$"
)
_DASH = re.compile(r"[—–-]+\s*")


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the (start, end) of each sentence of one paragraph, without surrounding space."""
    return stops.sentences(text, _ends)


def _ends(stop: stops.Stop) -> bool:
    if not stop.gap:
        # The space was lost in copying: «сотрудничества.Стороны».
        return bool(
            stop.mark == "."
            and re.search("[а-яё]{4}$", stop.word)
            and re.match("[А-ЯЁ][а-яё]", stop.next)
        )
    following = stop.next
    dash = _DASH.match(following)
    if dash:
        # «…», — сказал он. — «…»: a dash and a small letter go on, a capital begins.
        following = following[dash.end() :].lstrip("«“„\"'(")
    if not following:
        return True
    first = following[0]
    if first.islower():
        return False
    if not (first.isalpha() or first.isdigit()):
        return first not in ",;:.…)»”/%"
    if stop.mark[0] in "!?" or stop.mark[0] == "…" or len(stop.mark) > 1 or stop.closed:
        return not (stop.closed and _abbreviated(stop))
    if stop.whole and _MARKER.fullmatch(stop.head.strip()):
        return False
    return not _goes_on(stop, following, first)


def _abbreviated(stop: stops.Stop) -> bool:
    return stop.word.lower() in _BEFORE_NAME and stop.word.islower()


def _goes_on(stop: stops.Stop, following: str, first: str) -> bool:
    word = stop.word.strip(",;:")
    lowered = word.lower()
    before = stop.head[: len(stop.head) - len(stop.word)]
    next_word = re.match(r"[\w-]*", following).group()
    starter = next_word.lower() in _STARTERS and following[len(next_word) :][:1] != "."
    if _INITIAL.match(word) and first.isalpha():
        if starter and len(next_word) > 1:
            return False
        return not _LABELS.search(before[-20:])
    if first.isdigit():
        return lowered in _BEFORE_NUMBER or lowered in _BEFORE_NAME
    if lowered in ("г", "гг", "с.г", "т.г", "п.г"):
        return _year_goes_on(stop, before, following, lowered)
    if lowered in ("в", "вв"):
        return False
    if lowered == "долл" and re.match(r"США|Канады|Австрали|Гонконг|Сингапур|Новой", following):
        return True
    if re.search(r"(?:\d|тыс\.?|млн\.?|млрд\.?|трлн\.?)\s*$", before) and lowered in _MEASURES:
        return False
    if lowered in ("п", "д", "ч") and re.search(r"\bт\.\s*$", before):
        return lowered == "ч"  # и т. д., и т. п. may end; в т. ч. does not
    if lowered in _MEASURES:
        return lowered in ("м", "т", "ц", "п", "нов")
    if lowered == "им" and starter:
        return False  # «доверять им. По итогам…», not «им. Ломоносова»
    if lowered in _BEFORE_NAME and (word.islower() or lowered in _RANKS):
        return True
    return bool(_MULTIDOT.search(lowered)) and word.islower()


def _year_goes_on(stop: stops.Stop, before: str, following: str, word: str) -> bool:
    if word in ("г", "гг") and not re.search(r"\d(?:-?[а-я]{1,2})?\s*$", before):
        return True  # a city: в г. Нинбо
    clause = before.rsplit(",", 1)[-1].strip(" \u00a0«(")
    if not _TIME.fullmatch(clause):
        return False
    opening = stop.whole and "," not in before
    if opening:
        return not re.fullmatch(r"\d+(?:[-–—]\d+)?", clause)
    return bool(_PROPER.match(following))
