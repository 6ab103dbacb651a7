"""Names of Chinese persons by rule: characters, pinyin, and Palladius's Cyrillic.

Pinyin and the Palladius table answer each other syllable by syllable, so a name may be carried
from characters or pinyin into Russian and back into pinyin; characters cannot be told from either.
A name of two words is recognised by its surname, and in Chinese also by what stands around it.

Source: ISO 7098 for pinyin; the Palladius (Kafarov) table in its usual form.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

# The usual surnames, by frequency.
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘"
    "杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施"
    "陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛单阚焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童"
    "欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄柏阮桂闵欧阳解强柴华车冉房边吉饶刁瞿戚邝昌滕桑冼明麦池储窦佟娄"
)
_DOUBLE = "欧阳 司马 诸葛 上官 皇甫 令狐 司徒 夏侯 尉迟 公孙 慕容 东方 宇文 长孙 端木".split()
# What a character is read as when it is a surname.
_AS_SURNAME = {"单": "shan", "解": "xie", "曾": "zeng", "仇": "qiu", "任": "ren", "查": "zha",
               "盛": "sheng", "朴": "piao", "区": "ou", "尉": "yu", "冼": "xian", "覃": "qin",
               "翟": "zhai", "阚": "kan", "薄": "bo", "郗": "xi", "乐": "yue"}  # fmt: skip
# Characters of given names with more than one usual reading: their bearer must be asked.
_UNSURE = frozenset("乐行朝重单参传茜晟长盛调度盖贲曾朴圳还")

_INITIALS = {
    "b": "б", "p": "п", "m": "м", "f": "ф", "d": "д", "t": "т", "n": "н", "l": "л", "g": "г",
    "k": "к", "h": "х", "j": "цз", "q": "ц", "x": "с", "zh": "чж", "ch": "ч", "sh": "ш",
    "r": "ж", "z": "цз", "c": "ц", "s": "с",
}  # fmt: skip
_FINALS = {
    "a": "а", "o": "о", "e": "э", "ai": "ай", "ei": "эй", "ao": "ао", "ou": "оу", "an": "ань",
    "en": "энь", "ang": "ан", "eng": "эн", "ong": "ун", "i": "и", "ia": "я", "ie": "е",
    "iao": "яо", "iu": "ю", "ian": "янь", "in": "инь", "iang": "ян", "ing": "ин", "iong": "юн",
    "u": "у", "ua": "уа", "uo": "о", "uai": "уай", "ui": "уй", "uan": "уань", "un": "унь",
    "uang": "уан", "ü": "юй", "üe": "юэ",
}  # fmt: skip
_ALONE = {
    "a": "а", "o": "о", "e": "э", "ai": "ай", "ei": "эй", "ao": "ао", "ou": "оу", "an": "ань",
    "en": "энь", "ang": "ан", "eng": "эн", "er": "эр", "yi": "и", "ya": "я", "ye": "е",
    "yao": "яо", "you": "ю", "yan": "янь", "yin": "инь", "yang": "ян", "ying": "ин",
    "yong": "юн", "yu": "юй", "yue": "юэ", "yuan": "юань", "yun": "юнь", "wu": "у", "wa": "ва",
    "wo": "во", "wai": "вай", "wei": "вэй", "wan": "вань", "wen": "вэнь", "wang": "ван",
    "weng": "вэн", "hui": "хуэй",
}  # fmt: skip
_AFTER_JQX = {"u": "юй", "ue": "юэ", "uan": "юань", "un": "юнь"}
_WITH = {  # which finals an initial takes; the rest are no syllables of Chinese
    "b": "a o ai ei ao an en ang eng i ie iao ian in ing u",
    "p": "a o ai ei ao ou an en ang eng i ie iao ian in ing u",
    "m": "a o e ai ei ao ou an en ang eng i ie iao iu ian in ing u",
    "f": "a o ei ou an en ang eng u",
    "d": "a e ai ei ao ou an en ang eng ong i ia ie iao iu ian ing u uo ui uan un",
    "t": "a e ai ao ou an ang eng ong i ie iao ian ing u uo ui uan un",
    "n": "a e ai ei ao ou an en ang eng ong i ie iao iu ian in iang ing u uo uan ü üe",
    "l": "a e ai ei ao ou an ang eng ong i ia ie iao iu ian in iang ing u uo uan un ü üe",
    "g": "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "k": "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "h": "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "j": "i ia ie iao iu ian in iang ing iong u ue uan un",
    "q": "i ia ie iao iu ian in iang ing iong u ue uan un",
    "x": "i ia ie iao iu ian in iang ing iong u ue uan un",
    "zh": "a e ai ei ao ou an en ang eng ong i u ua uo uai ui uan un uang",
    "ch": "a e ai ao ou an en ang eng ong i u ua uo uai ui uan un uang",
    "sh": "a e ai ei ao ou an en ang eng i u ua uo uai ui uan un uang",
    "r": "e ao ou an en ang eng ong i u ua uo ui uan un",
    "z": "a e ai ei ao ou an en ang eng ong i u uo ui uan un",
    "c": "a e ai ao ou an en ang eng ong i u uo ui uan un",
    "s": "a e ai ao ou an en ang eng ong i u uo ui uan un",
}


# The same in pinyin.
_PINYIN_SURNAMES = frozenset(
    "an bai bao bi bian bo cai cao chai chang che chen cheng chi chu cong cui dai deng diao ding "
    "dong dongfang dou du duan duanmu fan fang fei feng fu gan gao ge geng gong gongsun gu guan "
    "gui guo han hao he hong hou hu hua huang huangfu huo ji jia jiang jiao jin jing kan kang "
    "kong kuang lai lan lei li liang liao lin ling linghu liu long lou lu luo lv ma mai mao mei "
    "meng miao min ming mo mou murong ni nie niu ou ouyang pan pang pei peng qi qian qiang qiao "
    "qin qiu qu ran rao ren ruan sang shan shangguan shao shen sheng shi shu sima situ song su "
    "sui sun tan tang tao teng tian tong tu wan wang wei wen weng wu xi xia xiahou xian xiang "
    "xiao xie xin xing xiong xu xue yan yang yao ye yi yin you yu yuan yuchi yue yuwen zeng zha "
    "zhai zhan zhang zhangsun zhao zhen zheng zhi zhong zhou zhu zhuang zhuge zou zuo".split()
)


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name at its place in a text; ``pinyin`` is ``"Shen Wenbo"``."""

    start: int
    end: int
    pinyin: str


@cache
def table() -> dict[str, str]:
    """Return the Palladius spelling of every syllable of pinyin (ü as ``v`` after l and n)."""
    made = dict(_ALONE)
    for initial, finals in _WITH.items():
        for final in finals.split():
            if initial in "jqx" and final in _AFTER_JQX:
                end = _AFTER_JQX[final]
            elif initial in ("z", "c", "s") and final == "i":
                end = "ы"
            else:
                end = _FINALS[final]
            made.setdefault(initial + final.replace("ü", "v"), _INITIALS[initial] + end)
    return made


@cache
def _back() -> dict[str, str]:
    """Return the syllable of pinyin for each Palladius spelling; none where two share one."""
    made: dict[str, str] = {}
    for syllable, cyrillic in table().items():
        made[cyrillic] = "" if cyrillic in made else syllable
    return {cyrillic: syllable for cyrillic, syllable in made.items() if syllable}


# -- Between the scripts


def from_characters(name: str) -> str | None:
    """Return the pinyin of a name in characters; None where a reading is not sure."""
    from pypinyin import Style, pinyin

    size = 2 if name[:2] in _DOUBLE else 1
    if len(name) <= size or _UNSURE.intersection(name[size:]):
        return None
    syllables = [item[0].replace("ü", "v") for item in pinyin(name, style=Style.NORMAL)]
    if size == 1:
        syllables[0] = _AS_SURNAME.get(name[0], syllables[0])
    if len(syllables) != len(name) or any(item not in table() for item in syllables):
        return None
    return f"{_written(syllables[:size])} {_written(syllables[size:])}"


def into_russian(name: str) -> str | None:
    """Return a name in pinyin as Palladius writes it; None where it is no pinyin."""
    words = []
    for word in name.split():
        syllables = _pinyin(word)
        if syllables is None:
            return None
        text = ""
        for syllable in syllables:
            cyrillic = table()[syllable]
            # н before a vowel would be read into the next syllable: Минъюань.
            text += ("ъ" if text.endswith("н") and cyrillic[0] in "аоэиуеюя" else "") + cyrillic
        words.append(text.capitalize())
    return " ".join(words)


def from_russian(name: str) -> str | None:
    """Return the pinyin of a name in the nominative as Palladius writes it, or None."""
    words = []
    for word in name.split():
        syllables = _cyrillic(word.lower())
        if syllables is None:
            return None
        words.append(_written(syllables))
    return " ".join(words)


def _written(syllables: list[str]) -> str:
    text = ""
    for syllable in syllables:
        text += ("'" if text and syllable[0] in "aoe" else "") + syllable
    return text.replace("v", "ü").capitalize()


def _pinyin(word: str) -> list[str] | None:
    """Split a word of one or two syllables of pinyin; an apostrophe goes before a, o and e."""
    word = word.lower().replace("’", "'").replace("ü", "v")
    known = table()
    if word in known:
        return [word]
    for place in range(1, len(word)):
        one, other = word[:place], word[place:]
        if other.startswith("'"):
            other = other[1:]
        elif other[0] in "aoe":
            continue
        if one in known and other in known:
            return [one, other]
    return None


@cache
def _cyrillic(word: str) -> list[str] | None:
    known = _back()
    if word in known:
        return [known[word]]
    for place in range(1, len(word)):
        one, other = word[:place], word[place:].removeprefix("ъ")
        if one.endswith("н") and word[place] in "аоэиуеюя":
            continue  # it would have its ъ
        if one in known and other in known:
            return [known[one], known[other]]
    return None


# -- In a text

_TITLES = (
    "部长|主席|总理|总书记|书记|秘书长|发言人|大使|公使|参赞|领事|专员|特使|代表|局长|司长|署长|省长|市长|州长|县长|总裁"
    "|院长|主任|会长|校长|所长|行长|总经理|经理|董事长|团长|队长|教授|研究员|主编|馆长|委员|处长|司令|上将|中将|少将"
    "|参谋长|先生|女士|同志|航天员|院士|外长|防长|议长|首席执行官|创始人|负责人|专家|教练|运动员|记者|随员|武官"
)
_FOLLOW = (
    "表示|说|指出|强调|称|在|同|与|和|、|，|。|；|就|对|将|率|向|于|出席|会见|主持|介绍|陪同|认为|宣布|抵达|访问|回应|回答|应|"
    "也|还|是|已|当天|当日|\\d|“|”|：|（|）|透露|呼吁|重申|签署|代表|参加|致辞|发表|共同|分别|等|的|及|以|从|被|获|接受|"
    "告诉|补充|预计|建议|感谢|通报|祝贺|周[一二三四五六日]|星期|今天|昨天|致电|通电话|通话|为团长|一行|先生|女士|担任|任|当选|"
    "走访|考察|见证|宣读|转达|欢迎|希望|愿|曾|则|又|再次|一致|举行|进行|赴|前往|率领|带领|接见|受邀|受|乘|日前|近日|$"
)
_ZH_AFTER_TITLE = re.compile(rf"(?:{_TITLES})(?=[{_SURNAMES}])")
_ZH_SPEAKING = re.compile(rf"(?:^|(?<=[，。；、和与同]))(?=[{_SURNAMES}])")
_FOLLOWS = re.compile(_FOLLOW)
_SPEAKS = re.compile(
    "(?:还|也|则|随后)?(?:表示|说|指出|强调|认为|介绍|补充说|重申|宣布)|先生|女士|同志|教授|副?部长"
)
_EN = re.compile(r"\b([A-Z][a-zü]+) ([A-Z][a-zü]+(?:['’][aoe][a-z]+)?)\b")
_PLACES = frozenset(("Hong Kong", "Tai Shan", "Hua Shan", "Huang Shan", "Tai Hu"))
_RU = re.compile(r"(?<![А-Яа-яё-])([А-Я][а-яё]*) ([А-Я][а-яё]*)(?![а-яё-])")


def find(text: str, lang: str) -> list[Name]:
    """Find names of Chinese persons that are known by their form, in order.

    Of Russian names in an oblique case ``pinyin`` is that of the nominative.
    """
    made = {"zh": _find_zh, "en": _find_en, "ru": _find_ru}[lang](text)
    return sorted(made, key=lambda name: name.start)


def _find_zh(text: str) -> Iterator[Name]:
    taken = -1
    starts = [(m.end(), _FOLLOWS) for m in _ZH_AFTER_TITLE.finditer(text)]
    starts += [(m.start(), _SPEAKS) for m in _ZH_SPEAKING.finditer(text)]
    for start, follows in sorted(starts, key=lambda item: item[0]):
        if start < taken:
            continue
        size = 2 if text[start : start + 2] in _DOUBLE else 1
        for given in (1, 2):
            end = start + size + given
            name = text[start:end]
            if len(name) < size + given or not re.fullmatch("[一-鿿]+", name):
                break
            if not follows.match(text, end):
                continue
            # 王毅和: the second character may as well go on with the sentence.
            pinyin = from_characters(name)
            if pinyin:
                taken = end
                yield Name(start, end, pinyin)
            break


@cache
def _russian_surnames() -> dict[str, str]:
    made = {}
    for surname in _PINYIN_SURNAMES:
        syllables = [surname] if surname in table() else _pinyin(surname)
        if syllables:
            made["".join(table()[s] for s in syllables)] = surname
    return made


def _find_en(text: str) -> Iterator[Name]:
    place = 0
    while match := _EN.search(text, place):
        surname, given = match[1].lower().replace("ü", "v"), _pinyin(match[2])
        if match[0] in _PLACES:
            place = match.end()
        elif surname in _PINYIN_SURNAMES and given is not None:
            yield Name(match.start(), match.end(), f"{match[1]} {_written(given)}")
            place = match.end()
        else:
            place = match.start() + 1


# Endings of the oblique cases: after н of ng and р, after нь and й; -е after both.
_ENDINGS = {"ом": ("",), "а": ("",), "у": ("",), "ем": ("ь", "й"), "я": ("ь", "й"),
            "ю": ("ь", "й"), "е": ("ь", "й", "")}  # fmt: skip


def _find_ru(text: str) -> Iterator[Name]:
    place = 0
    while match := _RU.search(text, place):
        surname = _russian_surnames().get(match[1].lower())
        given = _nominative(match[2].lower()) if surname else None
        if surname and given is not None:
            yield Name(match.start(), match.end(), f"{_surname(surname)} {_written(given)}")
            place = match.end()
        else:
            place = match.start() + 1


def _surname(surname: str) -> str:
    return _written([surname] if surname in table() else _pinyin(surname) or [surname])


def _nominative(word: str) -> list[str] | None:
    """Split a given name, the ending of an oblique case taken off: Цяном, Вэньбином, Даоанем.

    Where a word may be read both ways (Цяна), the one with fewer syllables is the likelier.
    """
    ways = [_cyrillic(word)]
    for ending, last in _ENDINGS.items():
        stem = word.removesuffix(ending)
        if stem == word or not stem:
            continue
        made = [
            _cyrillic(stem + letter)
            for letter in last
            if letter == "й" or (stem[-1] not in "аоэиуеюяы" and (letter or stem[-1] in "нр"))
        ]
        made = [way for way in made if way]
        # О Лифэне: of ng or of n, nobody can tell.
        ways += made if len(made) == 1 else []
    found = [way for way in ways if way]
    return min(found, key=len) if found else None


def is_russian_surname(word: str) -> bool:
    """Return whether a word is a Chinese surname as Palladius writes it, in small letters."""
    return word in _russian_surnames()


def is_surname(characters: str) -> bool:
    """Return whether characters are a usual surname."""
    return characters in _DOUBLE or (len(characters) == 1 and characters in _SURNAMES)


def syllables(word: str) -> list[str] | None:
    """Split a word of pinyin of one or two syllables; None where it is none."""
    return _pinyin(word)
