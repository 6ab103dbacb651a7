"""Find names that no glossary knows, so that a model need not guess at them.

A Chinese person's name is carried over by rule (`toolkit.languages.chinese_names`). Any other
unknown name travels as it is: it comes out in the source's letters, marked, for a person to write.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from toolkit import languages
from toolkit.glossary import countries
from toolkit.languages import chinese_names

# What stands so in a translation is in the source language still.
OPEN, CLOSE = "⟦", "⟧"
# Characters that Chinese writes foreign names with.
_SOUNDS = (
    "克托萨温科夫斯基尔特尼亚拉瓦耶娃埃阿艾爱安昂奥巴白班邦保鲍贝本比彼毕宾波伯博布达戴丹当道德登邓迪蒂丁东杜敦顿多厄恩"
    "法凡菲费芬弗福盖甘冈高戈格根贡古瓜圭哈海汉豪赫亨洪胡华霍吉季加贾简杰金京津卡凯坎康考肯孔库夸奎莱兰朗劳勒雷黎里莉利"
    "连廖列林留卢鲁露伦罗洛马玛迈曼芒毛梅门蒙米密敏明摩莫姆穆纳娜奈南瑙内能妮宁纽农努诺欧帕派潘庞佩彭皮平珀普奇齐恰钱"
    "乔切钦琴丘屈让热仁日荣茹儒瑞若塞赛桑瑟森沙山尚绍舍申圣施史舒朔松苏索塔泰坦汤陶滕提田铁廷图万旺威韦维魏沃乌武西希锡"
    "夏香肖谢辛欣兴匈休许雪延扬尧叶伊因英尤约泽扎詹章占珍芝茨治兹朱卓佐祖琳莎丽蕾娅祥强"
)
_DOTTED = re.compile(rf"[{_SOUNDS}]{{1,8}}(?:[·・•][{_SOUNDS}]{{1,8}}){{1,3}}")
_TITLED = frozenset(
    "minister president premier ambassador director chairman chairwoman chairperson spokesperson"
    " spokesman spokeswoman governor mayor secretary general adviser advisor envoy counselor head"
    " leader mr ms mrs dr professor attache correspondent commissioner speaker king prince"
    " министр президент премьер посол директор председатель представитель губернатор мэр секретарь"
    " советник посланник глава лидер господин госпожа профессор атташе корреспондент спикер"
    " начальник руководитель министра президента посла директора председателя губернатора"
    " главы".split()
)
_WORDS = {
    "en": re.compile(r"[A-Z][^\W\d_]*(?:['’-][^\W\d_]+)*"),
    "ru": re.compile(r"[А-ЯЁ][а-яё]+(?:-[А-Яа-яЁё]+)*"),
}
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-.+][A-Za-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Stranger:
    """A name at its place; ``form`` is how the target writes it, ``pinyin`` whom it means."""

    start: int
    end: int
    kind: str
    form: str
    pinyin: str = ""


def find(
    text: str, source: str, target: str, known: Collection[str] | None = None
) -> list[Stranger]:
    """Find names by their form alone.

    Args:
        known: Word keys (``gate.keys``) that are no names; None: capitals alone tell nothing,
            and only Chinese, dotted and Latin names are found.
    """
    found = list(_chinese(text, source, target))
    others = [_dotted(text)] if source == "zh" else []
    if source != "en":
        others.append(_latin(text))
    if source != "zh" and known is not None:
        others.append(_capitals(text, source, known))
    for names in others:
        for name in names:
            if all(name.end <= other.start or other.end <= name.start for other in found):
                found.append(name)
    return sorted(found, key=lambda name: name.start)


def _chinese(text: str, source: str, target: str) -> Iterator[Stranger]:
    for name in chinese_names.find(text, source):
        form = {"en": name.pinyin, "ru": chinese_names.into_russian(name.pinyin)}.get(target)
        yield Stranger(
            name.start, name.end, "P", form or _left(text[name.start : name.end]), name.pinyin
        )


def _left(name: str) -> str:
    return f"{OPEN}{name}{CLOSE}"


def _dotted(text: str) -> Iterator[Stranger]:
    for match in _DOTTED.finditer(text):
        yield Stranger(match.start(), match.end(), "P", _left(match[0]))


def _latin(text: str) -> Iterator[Stranger]:
    for match in _LATIN.finditer(text):
        if match[0][0].isupper():
            yield Stranger(match.start(), match.end(), "T", match[0])


def _capitals(text: str, lang: str, known: Collection[str]) -> Iterator[Stranger]:
    """Find runs of unknown words in capitals; one that begins the sentence is no sign."""
    row: list[re.Match[str]] = []  # capitals one after the other
    for match in [*_WORDS[lang].finditer(text), None]:
        if row and (match is None or text[row[-1].end() : match.start()] != " "):
            unknown = [_unknown(word[0], lang, known) for word in row]
            # Rural of "Rural Affairs" is no name by itself: all of a row are unknown, or none.
            while row and not unknown[0] and _leads(row[0]):
                row, unknown = row[1:], unknown[1:]
            if row and all(unknown):
                yield from _run(text, row)
            row = []
        if match is not None:
            row.append(match)


def _leads(word: re.Match[str]) -> bool:
    """Tell whether a known word has its capital from its place: a title, the sentence's first."""
    return word.start() == 0 or word[0].lower() in _TITLED


def _run(text: str, run: list[re.Match[str]]) -> Iterator[Stranger]:
    start, end = run[0].start(), run[-1].end()
    before = text[:start].rstrip()
    opening = not before or before[-1] in '.!?:"“«('
    if len(run) == 1 and opening:
        return
    word = re.search(r"[^\W\d_]+$", before)
    person = len(run) > 1 or (word is not None and word[0].lower() in _TITLED)
    yield Stranger(start, end, "P" if person else "L", _left(text[start:end]))


def _unknown(word: str, lang: str, known: Collection[str]) -> bool:
    keys = languages.module(lang).keys(word.lower())
    if any(key in known for key in keys) or countries.mentions(word, lang):
        return False
    if lang == "ru":
        from toolkit.languages.ru import analyser

        # Тульской области: an adjective agrees, and cannot be set apart.
        return "ADJF" not in analyser().parse(word)[0].tag
    return True
