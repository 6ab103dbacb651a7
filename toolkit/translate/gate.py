"""Judge whether a model's translation of a segment may be shown.

A fluent, false translation is the worst a tool can give a translator: so every test here refuses
on doubt. What is refused stays in the source language, marked, with the reasons.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from toolkit import languages
from toolkit.translate.symbols import SOURCE_GROUP, TARGET_GROUP, prepare

# What the estimate is made of, and how: see `estimate`. Fitted on drafts judged by hand
# (tests/data/judged.tsv) with `python -m toolkit.translate.training calibrate`.
WEIGHTS = {
    "constant": 4.224,
    "score": 6.520,
    "similarity": 0.0,  # says nothing beside the rest
    "channel": 2.246,
    "unknown": -1.0,  # by caution: too few drafts to fit it to
    "sense": -4.185,
}
# The least estimate that is shown: above it a draft is right more often than not; what was wrong
# in those judged was a word left out or broken grammar, once who did what.
LEAST_ESTIMATE = 0.5
# No draft that was judged right is less like its source than .48.
LEAST_SIMILARITY = 0.4
# Below these no other sign helps, and the dear signs are not asked for.
_LEAST_SCORE, _LEAST_CHANNEL, _MOST_UNKNOWN = -1.0, -4.0, 3
# Characters of output for one of source, (least, most), measured on the written sentences with
# a margin; short segments vary more and get _SLACK characters on top.
_RATIOS = {
    ("zh", "ru"): (1.7, 6.5), ("zh", "en"): (1.7, 6.5), ("ru", "en"): (0.55, 1.6),
    ("ru", "zh"): (0.15, 0.6), ("en", "zh"): (0.15, 0.6), ("en", "ru"): (0.65, 1.9),
}  # fmt: skip
_SLACK = 12

# What must not appear or vanish on the way: a denial or refusal, a fall of figures. For each
# language: words that only look like one (不断, 未来, no matter), taken out first; words that say
# it; words that may stand for it in another language (failed, lack, rather than). It is amiss
# where one side says it and the other has neither. About 1 % of the written sentences say it so
# differently that this test would refuse their own reference.
_SENSES = {
    "a denial or refusal": {
        "zh": (r"不断|不仅|不只|不久|不少|不同|不一(?!定)|无论|不论|不管"
               r"|未来|前所未有|不可分割|毫不动摇|坚定不移|不移|不得不"
               r"|[中亚东西南北拉对涉]非|非[洲盟方常正化]|停火|不平凡|没收|未成年|无人机|无核|无家可归|无障碍|不锈"
               r"|可再生|无线|无缝|除非|反法西斯|若非|莫不|不如|不妨|不足|不过|无疑|不结盟|史无前例|不动产|互不|不可抗力",
               r"[不没未无非勿]|反对|拒绝|抵制|谴责|停止|禁止|否认|摒弃|驳斥|取消|放弃|抗议",
               r"免|缺|难以|避免|防止|阻止|停|批评|指责|而非|除|反|失|消除|解除|克制|撤|废|远离|杜绝|抗|暂|尚待|有待"),
        "ru": (r"как бы ни|не только|неизменно|непрерывн\w+|независим\w+|неотъемлем\w+|недел\w+|"
               r"беспрецедентн\w+|безопасн\w+|невиданн\w+|неуклонн\w+|несмотря|необходим\w+|безвизов\w+|"
               r"прекращени\w+ огня|не менее|не раз|не позднее|небольш\w+|нередко",
               r"\b(?:не|ни|нет|без|против|нельзя|отказ\w*|отверг\w*|осу[жд]\w*|прекра[тщ]\w*|"
               r"противосто\w*|противодейств\w*|опроверг\w*|отмен\w*|протест\w*|никак\w*|никогда)\b",
               r"\b(?:не(?!фт|скольк|дел|дав|мец|пал|прерыв|отъемл|давн)\w+|без\w+|бес\w+|избе\w+|предотвра\w+|недопу\w+|отсутств\w+|лиш\w+|сня\w+|отклон\w+"
               r"|закры\w+|критик\w+|раскритик\w+|запре\w+|упразд\w+|остан\w+|приостан\w+|вместо|наруш\w+|устран\w+"
               r"|воздерж\w+|освобо\w+|свободн\w+|прерв\w+|пресе\w+|удерж\w+|вывод\w*|вывест\w*|трудно|сложно|исключ\w+"
               r"|денуклеаризац\w+|антитеррор\w+|противоречи\w+|пока|утра\w+|срыв\w+|сорва\w+|расход[яи]\w+|разноглас\w+)"),
        "en": (r"no matter|not only|nothing but|cease-?fires?|no (?:less|fewer|later) than",
               r"\b(?:no|not|never|nor|none|nothing|nowhere|without|against|cannot|oppos\w*|refus\w*|"
               r"reject\w*|condemn\w*|resist\w*|stop\w*|ceas\w*|halt\w*|prohibit\w*|abandon\w*|"
               r"den(?:y|ied|ies)|declin\w* to|refut\w*|cancel\w*|protest\w*)\b|n't\b",
               r"\b(?:un(?!der|it|ion|iver|ique|til|esco)\w{3,}|in(?:valid|capable|consistent|stead|ability)|il\w+|im(?:poss|prop|mun)\w+|\w+less(?:ness)?|"
               r"fail\w*|lack\w*|rather|avoid\w*|prevent\w*|lift\w*|exempt\w*|free|void|null|yet|clos\w+|critici\w+|"
               r"ban\w*|suspend\w*|remov\w*|eliminat\w*|withdr\w+|end(?:ed|ing)?|refrain\w*|counter\w*|anti\w*|de(?:coupl|nucl|priv|nounc|plor|fy)\w*|"
               r"confiscat\w*|absen\w+|scrap\w*|interrupt\w*|miss\w*|difficult\w*|hard|exclud\w+|cut|off|out|loss|lost|los\w+|"
               r"violat\w+|contra\w+|disagree\w*|differ\w*|non\w*|waiv\w+|drop\w*|revok\w+|terminat\w+|independ\w+)\b"),
    },
    "a fall": {
        "zh": (r"下降到", r"下降|减少|下跌|降低|缩短|降至|跌", r"减|降|裁|缩|削|少|落|收窄|低"),
        "ru": (r"сниж\w+ напряж\w+",
               r"\b(?:сокра[тщ]\w*|сни[зж]\w*|упа[лд]\w*|уменьш\w*|паден\w*)",
               r"\b(?:облегч\w+|понижа\w+|пониз\w+|спад\w*|замедл\w+|меньш\w+|ниже|сниз\w+|миним\w+|убы\w+)"),
        "en": (r"declin\w* to|fallen heroes|poverty reduction",
               r"\b(?:down|fell|falls?|fallen|dropp?(?:ed|s)?|declin\w*|decreas\w*|reduc\w*|"
               r"shorten\w*|cut)\b",
               r"\b(?:les\w+|lower\w*|narrow\w*|eas\w+|slow\w*|shr[aiu]n\w+|slid\w*|slash\w*|downturn|drop\w*|minimi\w+|decr\w+|decl\w+)\b"),
    },
}  # fmt: skip

_SYMBOL = re.compile(r"<[^<>\s]{1,4}>")
_HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿]+")
_CYRILLIC = re.compile(r"[а-яёА-ЯЁ]")
_LATIN = re.compile(r"[A-Za-z]")
_WORD = {
    "ru": re.compile(r"[а-я]+"),
    "en": re.compile(r"[a-z]+(?:'[a-z]+)?"),
}


@dataclass(frozen=True, slots=True)
class Signals:
    """What tells a good draft from a bad one, where no rule is broken.

    ``score`` is the mean log-probability of the model's tokens; ``similarity`` the cosine of
    source and draft in a cross-lingual encoder; ``channel`` the mean log-probability of the
    source's tokens, translated from the draft; ``unknown`` how many words the model never met;
    ``sense`` 1 where a denial or a fall stands on one side only, else 0.
    """

    score: float
    similarity: float
    channel: float
    unknown: int = 0
    sense: int = 0


def estimate(signals: Signals) -> float:
    """Return the probability that a translator would find a draft right, from 0 to 1.

    A logistic regression (Platt 1999 for its use as a calibrated estimate).
    """
    total = WEIGHTS["constant"] + sum(
        WEIGHTS[name] * value for name, value in features(signals).items()
    )
    return 1 / (1 + math.exp(-total)) if total > -700 else 0.0


def features(signals: Signals) -> dict[str, float]:
    """Return the signals as the estimate weighs them: the far ends cut off."""
    return {
        "score": max(signals.score, _LEAST_SCORE),
        "similarity": signals.similarity,
        "channel": max(signals.channel, _LEAST_CHANNEL),
        "unknown": min(signals.unknown, _MOST_UNKNOWN),
        "sense": signals.sense,
    }


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a translation may be shown, and every reason why not, in words for a person.

    ``estimate`` is None where a rule was broken and no estimate was made.
    """

    ok: bool
    reasons: tuple[str, ...] = ()
    estimate: float | None = None


def judge(
    masked_source: str,
    masked_output: str,
    score: float,
    source: str,
    target: str,
    *,
    channel: float = 0.0,
    known: Collection[str] | None = None,
    similarity: Callable[[], float] | None = None,
    least: float = LEAST_ESTIMATE,
) -> Verdict:
    """Judge one translation before its placeholders are filled.

    Args:
        masked_source: What the model was given, without target tag.
        masked_output: What it gave back.
        score: Its mean log-probability per token.
        channel: The mean log-probability of the source given the output (``Hypothesis.channel``).
        known: Words the model was trained on (``Engine.known``); None leaves that test out.
        similarity: Gives the cosine of the filled source and output in a cross-lingual encoder;
            asked only where no rule is broken, since it is dear. None takes it for granted.
        least: The least estimate to be shown.
    """
    reasons, missing = broken(
        masked_source, masked_output, score, source, target, known
    )
    if reasons:
        return Verdict(False, tuple(reasons))
    one_sided = senses(masked_source, masked_output, source, target)
    cosine = similarity() if similarity is not None else 1.0
    signals = Signals(score, cosine, channel, len(missing), len(one_sided))
    good = estimate(signals)
    if not cosine >= LEAST_SIMILARITY:  # not a number is no likeness either
        reason = f"it does not mean the same (similarity {cosine:.2f})"
        return Verdict(False, (reason, *one_sided), good)
    if good >= least:
        return Verdict(True, (), good)
    doubts = [f"{name} {getattr(signals, name):.2f}" for name in _SHOWN]
    reasons = [
        f"it is {good:.0%} likely to be right, {least:.0%} is asked for ({', '.join(doubts)})",
        *([_never_met(missing)] if missing else []),
        *one_sided,
    ]
    return Verdict(False, tuple(reasons), good)


def broken(
    masked_source: str,
    masked_output: str,
    score: float,
    source: str,
    target: str,
    known: Collection[str] | None = None,
) -> tuple[list[str], list[str]]:
    """Return the rules a translation breaks, and the source's words the model never met.

    These are cheap to tell: what breaks one needs no estimate.
    """
    reasons = [
        *marks(masked_source, masked_output),
        *_shape(masked_source, masked_output, source, target),
    ]
    missing = unknown_words(masked_source, source, known) if known is not None else []
    if len(missing) >= _MOST_UNKNOWN:
        reasons.append(_never_met(missing))
    if not score >= _LEAST_SCORE:  # not a number is no certainty either
        reasons.append(f"the model is not sure of it ({score:.2f})")
    return reasons, missing


_SHOWN = ("score", "similarity", "channel")


def marks(masked_source: str, masked_output: str) -> list[str]:
    """Return what is wrong with the placeholders of an output: each must come back once."""
    wanted = Counter(match[2] for match in SOURCE_GROUP.finditer(masked_source))
    given = Counter(match[1] for match in TARGET_GROUP.finditer(masked_output))
    problems = []
    for index in sorted(wanted.keys() | given.keys()):
        if given[index] < wanted[index]:
            problems.append(f"placeholder {index} was lost")
        elif given[index] > wanted[index]:
            problems.append(f"placeholder {index} came too often")
    left = _SYMBOL.search(TARGET_GROUP.sub("", masked_output))
    if left:
        problems.append(f"a stray {left[0]}")
    return problems


def words(masked: str, lang: str) -> list[str]:
    """Return the words of a text in lower case; of Chinese, its unbroken runs of characters.

    Symbols are passed over.
    """
    text = _SYMBOL.sub(" ", prepare(masked, lang))
    return _HAN.findall(text) if lang == "zh" else _WORD[lang].findall(text.lower())


def keys(word: str, lang: str) -> tuple[str, ...]:
    """Return what a word is listed under: its lemmas; of Chinese, each pair of neighbours."""
    if lang == "zh":
        return tuple(word[n : n + 2] for n in range(len(word) - 1))
    return languages.module(lang).keys(word)


def unknown_words(masked: str, lang: str, known: Collection[str]) -> list[str]:
    """Return the words of a text that are not known, each once, in order.

    A word is known by any of its lemmas. A Chinese character is known inside a known pair, or by
    itself where it is listed so: words are not marked off, and a pair across the border of two
    known words says nothing. Latin letters in Chinese or Russian, and figures in any language,
    were never trained on: they count as unknown.
    """
    missing: list[str] = []
    for word in words(masked, lang):
        if lang == "zh":
            missing.extend(_uncovered(word, known))
        elif not any(key in known for key in keys(word, lang)):
            missing.append(word)
    text = _SYMBOL.sub(" ", prepare(masked, lang))
    foreign = r"\d+" if lang == "en" else r"[A-Za-z]+|\d+"
    missing += re.findall(foreign, text)
    if lang == "en":
        missing += re.findall(r"[^\W\d_a-zA-Z]+", text)
    return list(dict.fromkeys(missing))


def _uncovered(run: str, known: Collection[str]) -> list[str]:
    covered = [character in known for character in run]
    for number, pair in enumerate(keys(run, "zh")):
        if pair in known:
            covered[number] = covered[number + 1] = True
    return ["".join(part) for met, part in _parts(run, covered) if not met]


def _parts(run: str, covered: Sequence[bool]) -> Iterator[tuple[bool, list[str]]]:
    for met, group in groupby(zip(covered, run, strict=True), key=lambda item: item[0]):
        yield met, [character for _, character in group]


def _never_met(missing: Sequence[str]) -> str:
    shown = ", ".join(missing[:5]) + (" …" if len(missing) > 5 else "")
    return f"words the model never met: {shown}"


def _shape(source_text: str, output: str, source: str, target: str) -> list[str]:
    """Return what the output's mere form gives away: script, length, going round in circles."""
    problems = []
    before = SOURCE_GROUP.sub("#", source_text).strip()
    after = TARGET_GROUP.sub("#", output).strip()
    if not after:
        return ["the model gave nothing"]
    foreign = {"zh": (_CYRILLIC, _LATIN), "ru": (_HAN, _LATIN), "en": (_HAN, _CYRILLIC)}[target]
    # A Latin name may pass through from the source; anything else foreign is an accident.
    allowed = set(_LATIN.findall(before))
    if any(set(script.findall(after)) - allowed for script in foreign):
        problems.append("the output is in another script")
    least, most = _RATIOS[source, target]
    if not least * len(before) - _SLACK <= len(after) <= most * len(before) + _SLACK:
        problems.append("the output is too short or too long")
    if _repeats(after, target) and not _repeats(before, source):
        problems.append("the output repeats itself")
    return problems


def senses(source_text: str, output: str, source: str, target: str) -> list[str]:
    """Return what an output denies or lowers where the source does not, or the other way round."""
    problems = []
    for name, patterns in _SENSES.items():
        said, maybe = [], []
        for text, lang in ((source_text, source), (output, target)):
            harmless, sense, kin = patterns[lang]
            plain = re.sub(harmless, " ", prepare(text, lang).lower())
            said.append(bool(re.search(sense, plain)))
            maybe.append(said[-1] or bool(re.search(kin, plain)))
        if (said[0] and not maybe[1]) or (said[1] and not maybe[0]):
            problems.append(f"{name} stands on one side only")
    return problems


def _repeats(text: str, lang: str) -> bool:
    """Return whether something is said twice in a row, or four words (zh: eight signs) twice."""
    units = list(text) if lang == "zh" else text.lower().split()
    size = 8 if lang == "zh" else 4
    seen: Counter[tuple[str, ...]] = Counter(
        tuple(units[n : n + size]) for n in range(len(units) - size + 1)
    )
    if any(count > 1 for count in seen.values()):
        return True
    return lang != "zh" and any(
        a == b != "#" and len(a) > 3 for a, b in zip(units, units[1:], strict=False)
    )
