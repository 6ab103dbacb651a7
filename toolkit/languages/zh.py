"""Chinese: sentences by punctuation and quotation, tokens by ideograph, traditional folded."""

import re
import unicodedata
from functools import cache

from toolkit.languages.brackets import QUOTES, ROUND, TITLES, Enclosure, pair
from toolkit.languages.folding import CharTable, Folded, Table, Token, common, fold

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_HAN = re.compile(f"[{HAN}]")
_MIDDLE_DOTS = frozenset("·•‧∙⋅・･●")


@cache
def _simplifier():
    import opencc  # a dictionary of its own: loaded when the first Chinese text is folded

    return opencc.OpenCC("t2s")


def _fold_char(char: str) -> str:
    shared = common(char)
    if shared is not None:
        return '"' if shared == "'" else shared
    if char in "「」『』":
        return '"'
    if char in _MIDDLE_DOTS:
        return "·"
    folded = unicodedata.normalize("NFKC", char).lower()
    if _HAN.match(folded) and len(folded) == 1:
        return _simplifier().convert(folded)
    return folded


_table = Table(_fold_char)


def _simplify_char(char: str) -> str:
    if _HAN.match(char):
        folded = _simplifier().convert(char)
        return folded if len(folded) == 1 else char
    return char


_simplified = CharTable(_simplify_char)


def simplify(text: str) -> str:
    """Return ``text`` with traditional characters made simplified one by one, length unchanged."""
    return text.translate(_simplified)


def normalise(text: str) -> Folded:
    """Fold width, case, script (traditional to simplified by character), quotes and dashes."""
    return fold(text, _table)


_TOKEN = re.compile(
    f"[{HAN}]|[0-9０-９]+(?:[.,．，][0-9０-９]+)*|[^\\W\\d_{HAN}]+(?:['’\\-][^\\W\\d_{HAN}]+)*"
)


def tokens(text: str) -> list[Token]:
    """Return ideographs one by one, numbers and words of other scripts whole; no punctuation."""
    return [Token(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text)]


@cache
def keys(token: str) -> tuple[str, ...]:
    """Return the one form under which a token is compared."""
    return (normalise(token).text,)


_STOP = re.compile(r"[。！？｡!?…]+|\.{3,}|(?<=[^\x00-\x7f])[.．](?=\s|$|[”’」』）])")
_TAIL = re.compile(r"\s*[”’»」』）)】〉》〕\]]|[\"＂]|[。！？｡!?…]")
_STRAY = '"”“’」』）)】 \u3000'
_SPACE = re.compile(r"\s*")
_SPEECH = (
    "说道|说|写道|问道|答道|表示|指出|强调|认为|称|道|问|答|回答|介绍|补充|透露|解释|回应|坦言|呼吁|"
    "重申|宣布|提出|提议|评论|感叹|喊道|喊|写|讲|报道|回忆|感慨|总结|承诺|警告|建议|"
    "說道|說|寫道|問道|強調|認為|稱|問|補充|介紹|解釋|回應|呼籲|重申|宣佈|提議|評論|報導|講|總結"
)
_SPOKEN_BEFORE = re.compile(rf"(?:[：:，,]|{_SPEECH})\s*$")
# “……。”他说。 / “……？”记者问： the words behind the quotation name its speaker and stop, or lead
# to the rest of the quotation.
_ATTRIBUTION = re.compile(
    rf"\s*[^，。！？；：“”「」!?\n]{{0,24}}?(?:{_SPEECH})(?:[。！？!?]|[，,]\s*[“「\"]|\s*$)"
)
# The quotation is a part of the clause: “……？”的问题, “……！”等口号.
_CONTINUES = re.compile(r"[的地得等之为是、，；：。？！,;:)）—]|这[一个句种样]|一[词文书语句]")
_INNER = "、，；：。？！,;:)）—"
_SOFT = re.compile(r"[的地得了着过等和与及或而但也就都吧吗呢吧]")


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the (start, end) of each sentence of one paragraph, without surrounding space.

    Cuts follow 。！？ and an ellipsis; closing quotes and brackets stay with their sentence, and
    so does the speaker named behind a quotation (“……。”他说。). A semicolon does not cut.
    """
    brackets = pair(text)
    enclosure = Enclosure(brackets)
    spans: list[tuple[int, int]] = []
    start = _SPACE.match(text).end()
    done = start
    begun = {start}  # where sentences begin: a quotation that begins there is somebody's speech
    for found in _STOP.finditer(text):
        if found.start() < done:
            continue
        end, quoted = _absorb(text, found.end(), brackets.opener)
        done = end
        following = _SPACE.match(text, end).end()
        if following == len(text) or not text[following : following + 8].strip(_STRAY):
            break  # at the end, or nothing but stray closing marks is left
        around = [pair for pair in enclosure.at(end) if pair[0] >= start]
        if _cuts(text, start, begun, found, end, following, quoted, around):
            spans.append((start, end))
            start = following
            begun.add(start)
    last = len(text.rstrip())
    if start < last:
        spans.append((start, last))
    return spans


def _absorb(text: str, end: int, opener: dict[int, int]) -> tuple[int, int | None]:
    """Take closing marks and further stops; return the end and the outermost pair's opener."""
    outermost = None
    while True:
        found = _TAIL.match(text, end)
        if not found:
            return end, outermost
        place = found.end() - 1
        if text[place] in '"＂' and place not in opener:
            return end, outermost
        if place in opener:
            outermost = opener[place]
        end = found.end()


def _cuts(
    text: str,
    start: int,
    begun: set[int],
    found: re.Match[str],
    end: int,
    following: int,
    quoted: int | None,
    around: list[tuple[int, int]],
) -> bool:
    stop = found.group()
    if stop[0] in "!?" and text[found.start() - 1 : found.start()].isascii():
        if following == end and text[end].isascii() and text[end].isalnum():
            return False  # a web address
    for opener, closer in around:
        mark = text[opener]
        if mark in TITLES and closer - opener < 200:
            return False
        if mark in ROUND and closer - opener < 400:
            return False
        if mark in QUOTES and _embedded(text, start, opener, closer, stop):
            return False
    if _CONTINUES.match(text, following):
        # Behind a bare 。 a new sentence may begin with any word: 这一协议, 之后, 等到.
        bare = quoted is None and ("。" in stop or text[following] in "为是")
        return bare and text[following] not in _INNER
    if quoted is not None:
        mark = text[quoted]
        if mark in TITLES or (mark in ROUND and quoted > start):
            return False
        if mark in QUOTES:
            if quoted in begun and _ATTRIBUTION.match(text[following : following + 40]):
                return False
            if quoted not in begun and _embedded(text, start, quoted, end - 1, stop):
                return False
    elif "。" not in stop and not set("！？!?.．") & set(stop):
        # An ellipsis ends a sentence unless it stands for the rest of an enumeration.
        listing = re.search(
            r"、[^，。：]{1,12}$", text[max(start, found.start() - 14) : found.start()]
        )
        return not listing and not _SOFT.match(text, following) and following - start > 4
    return True


def _embedded(text: str, start: int, opener: int, closer: int, stop: str) -> bool:
    """Tell whether a quotation is a phrase within its sentence rather than speech."""
    if closer + 1 < len(text) and re.match(r"[的等]|这[一个句]", text[closer + 1 : closer + 3]):
        return opener > start
    if opener <= start or _SPOKEN_BEFORE.search(text[max(start, opener - 6) : opener]):
        return False
    return "。" not in stop and closer - opener <= 40
