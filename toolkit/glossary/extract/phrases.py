"""Phrases of one language that could be terms: repeated, whole, not part of something known.

A phrase is a run of words between punctuation marks; Russian words count by lemma, English ones
without number and spelling, Chinese by character. Of phrases that always stand inside a longer
one only the longer is kept, so nested ones stay where they also stand alone.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from toolkit import languages
from toolkit.languages import ru

LONGEST = {"zh": 16, "ru": 8, "en": 8}  # words of a phrase; Chinese: characters
_JOINT = {"zh": re.compile(r"[·]?"), "ru": re.compile(r"[\s-]*"), "en": re.compile(r"[\s-]*")}

_EN_STOPS = frozenset(
    "of in on at to for from by with as into onto upon about over under between among against "
    "during through within without before after since until towards toward via per than and or "
    "but nor so yet both either neither not no if when while where which who whom whose what that "
    "this these those there here it its he she they them their his her we us our you your i my me "
    "is are was were be been being am has have had having do does did will would shall should can "
    "could may might must also only just very more most much many any some all each every other "
    "another such same own too then now still already even again further once two three one "
    "said says say told stressed noted added made make take taken held hold well up out off "
    "down because however therefore thus s new first second last next".split()
)
# Articles are no part of a term's form.
_EN_DROPPED = frozenset(("a", "an", "the"))
_ZH_STOPS = frozenset("的了是在与及并将也就都或被把着这那其该从向和为以对等于到则且又还很更最已")
_ZH_STARTS = frozenset("们性化者")
# Ordinary words that begin or end with a character of the list.
_ZH_WORDS = frozenset(
    "和平 和谐 和解 和约 和睦 对话 对外 对接 对等 对华 对俄 对策 对手 "
    "对方 对象 为期 以色 以上 以下 以往 以来 从事 向往 将军 将来 是非 "
    "是否 在线 在华 在建 等级 等候 于是 到访 到期 其他 还原 还款 更新 "
    "更替 最高 最低 最新 最终 最大 已有 并购 并行 并轨 又好 平等 同等 "
    "高等 初等 中等 上等 饱和 缓和 温和 共和 总和 中和 调和 柔和 附和 "
    "认为 行为 作为 成为 人为 转为 以为 所以 可以 得以 予以 加以 难以 "
    "应对 针对 反对 面对 相对 绝对 核对 校对 方向 走向 意向 导向 转向 "
    "动向 取向 定向 双向 面向 偏向 倾向 关于 对于 由于 处于 位于 属于 "
    "至于 终于 基于 等于 大于 小于 低于 高于 达到 得到 看到 收到 受到 "
    "提到 签到 报到 目的 标的 存在 潜在 现在 内在 外在 所在 参与 给予 "
    "赋与 部将 大将 名将 即将 必将 终将 猛将 成就 造就 首都 国都 古都 "
    "成都 京都 都市 都会 或许 更好 更加 很多 又一 着力 着眼 着陆 着手 "
    "着重 沿着 向阳 与会 与时 将士 在野 在职 在任 在位 是日 对口 对垒 "
    "等量 等同 为主 为首 为民 以军 以巴 以方 和会 和局 从军 从业 从严 "
    "该国 被告 被动 把握 把关 把守".split()
)


@dataclass(slots=True)
class Phrase:
    """A phrase by its keys: ``beads`` are the numbers of the beads it stands in, rising."""

    keys: tuple[str, ...]
    beads: list[int] = field(default_factory=list)
    alone: int = 0  # occurrences beside no longer phrase of the list

    @property
    def count(self) -> int:
        return len(self.beads)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a bead: what it is compared by, and where it stands in the text."""

    key: str
    start: int
    end: int


@dataclass(slots=True)
class Side:
    """One language of a corpus: its beads as runs of words, and its phrases."""

    lang: str
    texts: Sequence[str]
    runs: list[list[list[Token]]] = field(default_factory=list)
    phrases: dict[tuple[str, ...], Phrase] = field(default_factory=dict)
    places: dict[tuple[str, ...], list[tuple[int, int, int]]] = field(default_factory=dict)
    counts: dict[tuple[str, ...], int] = field(default_factory=dict)  # of phrases, whole or not
    index: dict[int, list[tuple[str, ...]]] = field(default_factory=dict)  # phrases by bead


def collect(
    lang: str,
    texts: Sequence[str],
    *,
    known: Callable[[str], Iterable[tuple[int, int]]] = lambda text: (),
    least: int = 2,
) -> Side:
    """Return the phrases of one language that stand in ``least`` beads or more.

    Args:
        texts: One a bead, "" where the language is missing.
        known: Gives the (start, end) of terms known already; nothing inside one is a phrase.
    """
    side = Side(lang, texts)
    spans: list[list[tuple[int, int]]] = []
    for text in texts:
        side.runs.append(_runs(text, lang))
        spans.append(sorted(known(text)) if text else [])
    frequent = _frequent(side, spans, least)
    whole = {keys: beads for keys, beads in frequent.items() if is_whole(keys, lang)}
    closed = _closed(whole)
    side.phrases = {keys: Phrase(keys, beads) for keys, beads in closed.items()}
    _places(side, spans)
    return side


def _runs(text: str, lang: str) -> list[list[Token]]:
    """Cut a text at punctuation, and into words."""
    module = languages.module(lang)
    folded = module.normalise(text)
    runs: list[list[Token]] = []
    current: list[Token] = []
    last = 0
    for token in module.tokens(folded.text):
        if current and not _JOINT[lang].fullmatch(folded.text, last, token.start):
            runs.append(current)
            current = []
        last = token.end
        key = _key(token.text, lang)
        if lang == "en" and key in _EN_DROPPED:
            continue
        current.append(Token(key, *folded.span(token.start, token.end)))
    if current:
        runs.append(current)
    return runs


@lru_cache(maxsize=200_000)
def _key(word: str, lang: str) -> str:
    return languages.module(lang).keys(word)[0]


def fixedness(side: Side, keys: tuple[str, ...]) -> float:
    """Return how much the parts of a phrase need each other, in (0, 1]; 1 for a single word.

    At each place where it could be cut, one of the two parts should hardly stand elsewhere:
    «изменение климата» is fixed, since what follows «климат» rarely varies; «рынок Китая» is not.
    """
    count = len(side.phrases[keys].beads)
    weakest = 1.0
    for cut in range(1, len(keys)):
        left = side.counts.get(keys[:cut], count)
        right = side.counts.get(keys[cut:], count)
        weakest = min(weakest, count / max(1, min(left, right)))
    return min(1.0, weakest)


def _frequent(
    side: Side, spans: list[list[tuple[int, int]]], least: int
) -> dict[tuple[str, ...], list[int]]:
    """Count phrases length by length: one is frequent only where both its shorter ones are."""
    found: dict[tuple[str, ...], list[int]] = {}
    shorter: set[tuple[str, ...]] | None = None
    for size in range(1, LONGEST[side.lang] + 1):
        counts: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for number, runs in enumerate(side.runs):
            for run in runs:
                keys = tuple(token.key for token in run)
                for at in range(len(run) - size + 1):
                    gram = keys[at : at + size]
                    if shorter is not None and not (
                        gram[1:] in shorter and gram[:-1] in shorter
                    ):
                        continue
                    if _is_known(run[at].start, run[at + size - 1].end, spans[number]):
                        continue
                    beads = counts[gram]
                    if not beads or beads[-1] != number:
                        beads.append(number)
        # Within something known a part is not counted, but it may begin a longer phrase.
        frequent = {gram: beads for gram, beads in counts.items() if len(beads) >= least}
        if shorter is None:
            tally: Counter[str] = Counter()
            for runs in side.runs:
                tally.update({token.key for run in runs for token in run})
            shorter = {(key,) for key, times in tally.items() if times >= least}
        else:
            shorter = _grams(side, size, shorter, least)
        if not shorter:
            break
        found.update(frequent)
    side.counts = {gram: len(beads) for gram, beads in found.items()}
    return found


def _grams(
    side: Side, size: int, shorter: set[tuple[str, ...]], least: int
) -> set[tuple[str, ...]]:
    """Return the phrases of a size that stand in enough beads, known ones included."""
    counts: Counter[tuple[str, ...]] = Counter()
    for runs in side.runs:
        here = set()
        for run in runs:
            keys = tuple(token.key for token in run)
            for at in range(len(run) - size + 1):
                gram = keys[at : at + size]
                if gram[1:] in shorter and gram[:-1] in shorter:
                    here.add(gram)
        counts.update(here)
    return {gram for gram, times in counts.items() if times >= least}


def _is_known(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(first <= start and end <= last for first, last in spans)


def _closed(whole: dict[tuple[str, ...], list[int]]) -> dict[tuple[str, ...], list[int]]:
    """Leave out phrases that stand in no bead without one longer phrase around them."""
    inner = set()
    for gram, beads in whole.items():
        for first in range(len(gram)):
            for last in range(first + 1, len(gram) + 1):
                part = gram[first:last]
                if len(part) < len(gram) and len(whole.get(part, ())) == len(beads):
                    inner.add(part)
    return {gram: beads for gram, beads in whole.items() if gram not in inner}


def _places(side: Side, spans: list[list[tuple[int, int]]]) -> None:
    """Note where each phrase stands, longest first, and how often it stands on its own."""
    by_first: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for keys in side.phrases:
        by_first[keys[0]].append(keys)
    for many in by_first.values():
        many.sort(key=len, reverse=True)
    places: dict[tuple[str, ...], list[tuple[int, int, int]]] = defaultdict(list)
    for number, runs in enumerate(side.runs):
        for run in runs:
            keys = tuple(token.key for token in run)
            reach = 0
            for at, token in enumerate(run):
                for gram in by_first.get(token.key, ()):
                    end = at + len(gram)
                    if keys[at:end] != gram:
                        continue
                    start, stop = token.start, run[end - 1].end
                    if _is_known(start, stop, spans[number]):
                        continue
                    places[gram].append((number, start, stop))
                    if end > reach:
                        side.phrases[gram].alone += 1
                        reach = end
    side.places = dict(places)
    for keys in [keys for keys in side.phrases if _counted(side, places[keys])]:
        del side.phrases[keys]


_NUMBER = re.compile(r"[0-9０-９一二三四五六七八九十百千万亿两几多][\s\-–.,%]*$")


def _counted(side: Side, places: Sequence[tuple[int, int, int]]) -> bool:
    """Say whether a phrase mostly stands behind a number: a measure, not a term."""
    behind = sum(
        bool(_NUMBER.search(side.texts[number], max(0, start - 4), start))
        for number, start, _ in places
    )
    return behind * 2 > len(places)


_FIGURE = re.compile(r"\d+(?:[.,\d]*|st|nd|rd|th|-?[а-я]{1,3})$")
_ZH_ORDINAL = re.compile("第[一二三四五六七八九十百]+$|第[一二三四五六七八九十百]+[次届轮]")

# What can be a term -----------------------------------------------------------------------------


def is_whole(keys: tuple[str, ...], lang: str) -> bool:
    """Say whether a phrase begins and ends like a term of its language."""
    if not any(char.isalpha() for key in keys for char in key):
        return False
    if any(_FIGURE.match(key) for key in keys):  # of one event, not of a term
        return False
    if lang == "zh":
        return _zh_whole("".join(keys))
    if lang == "en":
        first, last = keys[0], keys[-1]
        if first in _EN_STOPS or last in _EN_STOPS or first.isdigit():
            return False
        return len(keys) > 1 or len(keys[0]) > 2
    return _ru_whole(keys)


def _zh_whole(text: str) -> bool:
    if len(text) < 2 or _ZH_ORDINAL.search(text):
        return False
    if text[0] in _ZH_STARTS or (text[0] in _ZH_STOPS and text[:2] not in _ZH_WORDS):
        return False
    return text[-1] not in _ZH_STOPS or text[-2:] in _ZH_WORDS


_RU_FIRST = frozenset(("NOUN", "ADJF", "PRTF", "INFN", "VERB"))
_RU_INSIDE = frozenset(("PREP", "CONJ", "NOUN", "ADJF", "PRTF", "NUMR"))


def _ru_whole(keys: tuple[str, ...]) -> bool:
    kinds = [part_of_speech(key) for key in keys]
    first, last = kinds[0], kinds[-1]
    if first is not None and first not in _RU_FIRST:
        return False
    if last is not None and last != "NOUN":
        return False
    if any(kind is not None and kind not in _RU_INSIDE for kind in kinds[1:-1]):
        return False
    if len(keys) == 1:
        return len(keys[0]) > 2 and first in ("NOUN", None)
    return keys[0] not in _RU_WEAK


_RU_WEAK = frozenset(
    "этот тот который такой весь свой наш его ее их мой каждый любой другой иной сам самый "
    "быть мочь стать являться мочь сказать заявить отметить подчеркнуть".split()
)


@cache
def part_of_speech(lemma: str) -> str | None:
    """Return the part of speech of a Russian lemma; None for what is no Russian word."""
    if not re.search("[а-я]", lemma):
        return None
    parse = ru.analyser().parse(lemma)[0]
    return str(parse.tag.POS) if parse.tag.POS else None
