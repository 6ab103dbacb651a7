"""Where Chinese words end: a name is no name where an ordinary word takes half of it.

Chinese has no spaces, so 海地 (Haiti) stands in 沿海地区 and 韩正 (Han Zheng) in 日韩正式会谈.
The list holds words that dispatches use often and that can be read in one way only; 韩正在 and
李强调研 can be read in two, and there the name stays.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate

_WORDS = re.compile(
    # 沿海地区, 出海口: the sea, not Haiti or Haikou.
    r"[沿近远深跨领出入濒临环公航涉]海|[渤里红黑]海|地中海|加勒比海|"
    # 11月3日本报: the day, not Japan; but 最近日本, 同日本, 当日本 are Japan.
    r"\d+日|[二三四五六七八九十]日|[今昨明每]日|(?<![最邻附临])近日|"
    r"[增参更追附施]加|[扩重强加广盛放]大(?![会使])|[祝造幸]福|"
    r"[东西南北中]部(?![分队长署门委])|[东西南北]通道|东北(?=工业|地区|三省|振兴|经济|亚)|巴比伦|极[熊狐]|北虎|"
    r"[形变建组]成(?=都市)|"
    r"南海(?=问题|争端|行为|仲裁|局势|形势|各方)|"
    r"[其集]中(?=国[家企内有际防产外]|亚洲|东盟|东部)|发展中|"
    # Names of persons: 日韩正式会谈, 李希望, 李强调; but 韩正视察, 李强调研 are persons.
    r"(?<!\d)[日中美朝]韩(?=正[式在就加积计])|"
    r"正式|正视(?=历史|现实|问题|困难|差距|自身)|正常|正确|正义|希望|强调(?!研)|强烈|强化|"
    r"林业|林木|辉煌|毅力|奇迹|军事(?!先)|拉开(?=[序帷大]幕|差距)"
)


def taken_by_words(forms: Sequence[str]) -> list[tuple[int, int]]:
    """Return the words of the list in a text of ``forms``, as (first, after) numbers of forms."""
    ends = list(accumulate(map(len, forms)))
    return [
        (bisect_right(ends, found.start()), bisect_left(ends, found.end()) + 1)
        for found in _WORDS.finditer("".join(forms))
    ]


def cuts(word: tuple[int, int], first: int, after: int) -> bool:
    """Say whether a word takes one end of the name ``first`` to ``after`` and goes beyond it."""
    start, end = word
    return start < first < end < after or first < start < after < end
