"""Recognise what a page puts around its text: bylines, menus, share links, editors' tails.

A line counts as furniture only if every word of it is accounted for; anything else is text.
"""

import datetime
import re
from dataclasses import dataclass

from toolkit.dateline import AGENCY, NUMERIC_DATE, WRITTEN_DATE, full_date


@dataclass(slots=True)
class Furniture:
    """What a line of furniture holds; ``end`` is how far it was understood."""

    lang: str = ""
    end: int = 0
    date: datetime.date | None = None
    time: str | None = None
    agency: str | None = None
    numeric: bool = False
    labelled: bool = False
    named: bool = False
    noisy: bool = False
    section: bool = False
    sharing: bool = False
    asking: bool = False

    @property
    def kind(self) -> str:
        """``"byline"`` where it dates or signs the text, else ``"noise"``."""
        return "byline" if self.date or self.time or self.named or self.agency else "noise"


def _words(*lines: str) -> str:
    phrases = sorted({p for line in lines for p in line.split("|") if p}, key=len, reverse=True)
    return "|".join(re.escape(phrase) for phrase in phrases)


_SEPARATOR = re.compile(
    r"(?:(?<=\d)\.(?=\d)|[\s|,;·/()（）\[\]【】：:—–\-•>›»_=*#~\u200b\ufeff\u00ad，、]+)"
)
_TIME = re.compile(
    r"(?P<h>[01]?\d|2[0-3])[:：](?P<m>[0-5]\d)(?:[:：][0-5]\d(?:\.\d{3,})?)?(?!\d)"
    r"(?:\s*(?P<half>[ap]\.?m\.?)(?!\w))?",
    re.IGNORECASE,
)
_ZONE = re.compile(
    r"(?:GMT|UTC|MSK|CST|BJT|Beijing [Tt]ime|Moscow [Tt]ime|北京时间|莫斯科时间|МСК|мск|"
    r"по московскому времени|по пекинскому времени)(?:\s*[+-]\d{1,2}(?::?\d\d)?)?(?!\w)"
    r"|(?<=\d)[+-]\d\d:?\d\d(?!\d)|(?<=\d)[TZ](?=\d|$)"
)
_WEEKDAY = re.compile(
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|понедельник|вторник|среда|четверг|пятница|"
    r"суббота|воскресенье)(?!\w)|(?:星期|周)[一二三四五六日天]",
    re.IGNORECASE,
)
_DATE_LABEL = re.compile(
    "(?:"
    + _words(
        "date|time|updated|published|posted|last updated|publish time|release date|created",
        "дата|время|опубликовано|обновлено|дата публикации|время публикации|изменено",
        "日期|时间|发布时间|发布日期|更新时间|发表时间|发稿时间|发布于|更新于",
    )
    + r")(?![A-Za-zА-Яа-яЁё])\s*[:：]?",
    re.IGNORECASE,
)
_PERSON_LABEL = re.compile(
    "(?:"
    + _words(
        "editor|editors|web editor|web editors|author|authors|reporter|writer|photographer",
        "редактор|автор|авторы|корреспондент|фото",
        "责任编辑|责编|编辑|作者|记者|摄影|编审|审核|校对|监制|值班编辑|网络编辑|责任校对|通讯员",
        "撰稿|编译",
    )
    + r")\s*[:：]\s*(?P<value>[^|\t\n。！？!?；;:：]{0,60}?)"
    r"(?=\s*(?:[|\t\n）)\]】]|$|\s{2,}|(?:19|20)\d\d[-年./])|\u3000)",
    re.IGNORECASE,
)
_ASKS = re.compile("记者|reporter|корреспондент", re.IGNORECASE)
_SOURCE_LABEL = re.compile(
    "(?:"
    + _words("source|from", "источник", "来源|稿源|消息来源|文章来源|信息来源|稿件来源|转自")
    + r")\s*[:：]\s*(?P<value>[^|\t\n。！？!?；;:：]{0,40}?)"
    r"(?=\s*(?:[|\t\n）)\]】]|$|\s{2,}|(?:19|20)\d\d[-年./]|\d\d?[:.]\d\d)|\u3000"
    r"|\s+(?:责任编辑|责编|编辑|作者|记者|发布|字号|Editor|Author|Редактор|Автор))",
    re.IGNORECASE,
)
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏"
    "吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严"
    "覃武戴莫孔向汤張劉陳楊黃趙吳孫馬羅鄭許韓馮鄧蕭蔣葉蘇魏呂盧鍾譚陸賈韋鄒龍賀顧龔錢嚴湯"
)
_HAN_NAME = f"[{_SURNAMES}][\u3400-\u9fff·]{{1,3}}"
# 新华社记者张三; but 记者提问 heads a part of the text, hence the surnames.
_REPORTER = re.compile(
    rf"(?:新华社|本报|本台|人民网|中新社|中新网)?(?:特约)?(?:记者|記者|通讯员|通訊員)[ \u3000]*"
    rf"{_HAN_NAME}(?:[、 \u3000]+{_HAN_NAME}){{0,5}}$"
)
_BY = re.compile(
    r"(?:By|by) (?:(?:Xinhua|staff|special) )?(?:(?:writers?|reporters?|correspondents?) )?"
    r"[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,3}"
    r"(?:(?:,| and|, and) [A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,2})*"
    r"(?=\s*(?:$|\||\d|,\s*(?:Xinhua|People|China)|(?:Published|Updated|Source|Editor)\b))"
)
_NOISE = re.compile(
    r"(?:font size:?(?:\s*[|/]?\s*A[+-]?)+(?!\w)|"
    + _words(
        "share|share this|share this article|share to|share on|print|print this page|email|e-mail|"
        "comment|comments|more|read more|back|back to top|top|close|search|login|log in|sign in|"
        "register|subscribe|follow us|facebook|twitter|x|wechat|weibo|whatsapp|linkedin|telegram|"
        "instagram|youtube|font size|font|large|medium|small|a+|a-|aa|mobile|app|rss|contact us|"
        "about us|advertisement|home|homepage|index|english|english.news.cn|français|español|"
        "deutsch|chinese|russian|arabic|copy link|like|save|download|photo/xinhua|[photo/xinhua]|"
        "photo: xinhua|file photo|enlarge|zoom|previous|next|menu|xinhuanet.com|www.xinhuanet.com",
        "поделиться|печать|распечатать|версия для печати|комментарии|комментировать|подписаться|"
        "вконтакте|вк|одноклассники|телеграм|телеграмм|ещё|еще|далее|читать далее|вход|войти|"
        "регистрация|поиск|меню|наверх|реклама|копировать ссылку|русский|русский язык|контакты|"
        "рейтинг@mail.ru|рейтинг|mail.ru|размер шрифта|шрифт|на главную|главная страница",
        "分享|分享到|分享至|转发|打印|打印本页|字号|字体|大|中|小|超大|标准|微信|微博|新浪微博|朋友圈|"
        "qq空间|qq好友|评论|我要评论|收藏|点赞|关闭|关闭窗口|返回|返回顶部|返回首页|纠错|我要纠错|"
        "【纠错】|扫一扫|扫码分享|手机看新闻|手机版|客户端|下载|登录|注册|搜索|中文|简体|繁体|英文|俄文|"
        "繁體|русский|日本語|한국어|عربي|العربية|广告|加载更多|更多|听新闻|播报文章|朗读|分享让更多人看到|"
        "打开微信扫一扫|用微信扫码二维码|分享至好友和朋友圈|点击查看更多|关注|阅读|浏览|阅读量|浏览量|点击",
    )
    + r")(?![A-Za-zА-Яа-яЁё])(?:\s*[:：]?\s*\d{1,7}(?!\d)(?![.,:年月日-]\d?))?",
    re.IGNORECASE,
)
# Words that belong to a page even in the midst of its text.
_SHARING = re.compile(
    r"share|print|facebook|twitter|wechat|weibo|advertisement|font size|поделиться|печать|"
    r"распечатать|реклама|рейтинг@|分享|转发|打印|微信|微博|广告|字号|纠错|我要纠错|【纠错",
    re.IGNORECASE,
)
_SITE_NAME = re.compile(
    r"(?:https?://)?(?:[A-Za-z0-9-]+\.){1,4}(?:com|cn|ru|org|net|gov|by|kz)(?:\.cn)?(?![\w.])/?",
    re.IGNORECASE,
)
_SECTION = re.compile(
    "(?:"
    + _words(
        "world|politics|business|opinion|news|top news|latest news|latest|breaking news|"
        "headlines|economy|asia & pacific|europe|international|national|diplomacy|special reports",
        "главная|новости|политика|экономика|в мире|мир|общество|лента новостей|внешняя политика|"
        "международная панорама|главные новости|последние новости",
        "首页|国际|国内|时政|要闻|财经|社会|军事|正文|新闻|滚动|滚动新闻|外交|新闻中心|国际新闻|"
        "时政新闻|即时新闻|头条",
    )
    + r")(?![A-Za-zА-Яа-яЁё])",
    re.IGNORECASE,
)
_CRUMBS = re.compile(
    r"\s*(?:(?:您?当前(?:的)?位置|您的位置|You are here)[:：]?\s*)?"
    r"(?:Home|Homepage|首页|主页|新华网|人民网|中新网|央视网|Главная|ТАСС|[A-Za-z.]+\.(?:com|cn|ru))"
    r"(?:\s*(?:>{1,2}|›|»|→|&gt;)\s*[^>›»→。！？.!?]{1,30}){1,6}\s*$"
)
_AGENCY_ALONE = re.compile(AGENCY.pattern + r"(?=\s*(?:[|)）]|\s{2}))")


def read(line: str, lang: str = "") -> Furniture | None:
    """Account for a whole line; None if a word of it is not furniture.

    A line of signs alone (``* * *``) is noise; an empty one is None.
    """
    found = Furniture(lang)
    if not line.strip():
        return None
    if len(line) > 300:
        return None
    if _CRUMBS.match(line):
        found.noisy = found.sharing = True
        return found
    _consume(line, found)
    if found.end < len(line) or (
        found.asking and not (found.date or found.time or found.labelled)
    ):
        return None
    return found


def leading(line: str, lang: str = "") -> Furniture:
    """Account for the beginning of a line as far as it is furniture."""
    found = Furniture(lang)
    _consume(line[:200], found, strict=True)
    return found


def _consume(line: str, found: Furniture, *, strict: bool = False) -> None:
    place = 0
    size = len(line)
    while place < size:
        separator = _SEPARATOR.match(line, place)
        if separator:
            place = separator.end()
            found.end = place
            continue
        before = line[place - 1] if place else " "
        if before.isalnum() and before.isascii() and line[place].isascii() and place:
            if line[place].isalnum() and not (before.isdigit() and line[place] in "TZ"):
                return
        place = _item(line, place, found, strict)
        if place < 0:
            return
        found.end = place


def _item(line: str, place: int, found: Furniture, strict: bool) -> int:
    """Take one item at ``place``; return the offset behind it, -1 if there is none.

    ``strict`` leaves out the words that could as well begin a headline.
    """
    for pattern, numeric in ((NUMERIC_DATE, True), (WRITTEN_DATE, False)):
        item = pattern.match(line, place)
        if item and (date := full_date(item, day_first=found.lang == "ru")):
            found.date = found.date or date
            found.numeric |= numeric
            return item.end()
    if item := _TIME.match(line, place):
        hour = int(item["h"])
        if item["half"]:
            hour = hour % 12 + (12 if item["half"][0] in "pP" else 0)
        found.time = found.time or f"{hour:02d}:{item['m']}"
        return item.end()
    for pattern in (_ZONE, _WEEKDAY):
        if item := pattern.match(line, place):
            return item.end()
    if item := _SOURCE_LABEL.match(line, place):
        value = item["value"].strip()
        agency = AGENCY.match(value)
        if len(value.split()) <= 5 or agency:
            found.labelled = True
            found.named |= bool(value)
            found.agency = found.agency or (agency.group() if agency else None)
            if agency and value[agency.end() :][:1].isspace():
                return item.start("value") + agency.end()  # what follows it may be a headline
            return item.end()
    if item := _DATE_LABEL.match(line, place):
        found.labelled = True
        return item.end()
    if strict:
        item = _PERSON_LABEL.match(line, place)
        if item and _are_names(item["value"]) and not _ASKS.match(item.group()):
            found.labelled = found.named = True
            return item.end()
        item = _AGENCY_ALONE.match(line, place)
        if not item:
            return -1
        found.agency = found.agency or item.group()
        return item.end()
    if item := _PERSON_LABEL.match(line, place):
        value = item["value"].strip()
        if not value or _are_names(value):
            # 记者：您好 begins an interview: a reporter alone does not make a byline.
            if _ASKS.match(item.group()):
                found.asking = True
            else:
                found.labelled = True
                found.named |= bool(value)
            return item.end()
    if item := _REPORTER.match(line, place) or _BY.match(line, place):
        found.named = True
        return item.end()
    if item := _SITE_NAME.match(line, place):
        found.noisy = True
        return item.end()
    if item := AGENCY.match(line, place):
        found.agency = found.agency or item.group()
        return item.end()
    if item := _NOISE.match(line, place):
        found.noisy = True
        found.sharing |= bool(_SHARING.match(item.group()))
        return item.end()
    if item := _SECTION.match(line, place):
        found.section = True
        return item.end()
    return -1


_NAME = re.compile(
    r"[\u3400-\u9fff·（）()]{2,12}(?: [\u3400-\u9fff·]{2,4}){0,3}"
    r"|(?:[A-ZА-ЯЁ][\w.'’-]*)(?: [A-ZА-ЯЁ][\w.'’-]*){0,2}|[a-zа-яё][\w-]*(?: [a-zа-яё][\w-]*)?"
)


def _are_names(value: str) -> bool:
    """Tell whether a value is a few names, and not the beginning of something longer."""
    pieces = re.split(r"\s*[,，、;；/]\s*|\s+(?:and|и)\s+", value.strip(" \u3000"))
    return len(pieces) <= 6 and all(_NAME.fullmatch(piece) for piece in pieces)


def prefix(line: str, lang: str = "") -> Furniture | None:
    """Find furniture in front of a headline on its line; ``end`` is where the headline begins.

    Only a date in figures, or a labelled or timed one, is taken off: a date in words may be how
    the sentence begins.
    """
    found = leading(line, lang)
    rest = line[found.end :]
    if not found.date or found.end == 0 or not any(char.isalpha() for char in rest):
        return None
    sentence = rest.rstrip().endswith((".", "。", ";", "；"))
    if not (found.numeric or found.labelled or found.time):
        return None
    if found.end < len(line) and line[found.end - 1].isalnum():
        return None
    if rest[0].islower() or rest[0] in "，,、的":
        return None
    if sentence and not (found.labelled or found.time):
        return None
    return found


_SITE = re.compile(r"\s*(?:\s[-–—|]\s|[_|｜])\s*(?=[^-–—|_｜]*$)")
_DATED_END = re.compile(
    rf"[\s|(（\[]+(?P<date>{NUMERIC_DATE.pattern})(?:\s+(?P<time>\d\d?:\d\d)(?::\d\d)?)?[\s)）\]]*$"
)


def suffix(headline: str) -> tuple[int, Furniture] | None:
    """Find a site's name or a date behind a headline; return where it begins, and what it is."""
    if len(headline) > 400:
        return None
    dated = _DATED_END.search(headline, max(0, len(headline) - 60))
    if dated and dated.start() > 5:
        found = read(headline[dated.start() :])
        if found and found.date:
            return dated.start(), found
    site = _SITE.search(headline)
    if site and site.start() > 5:
        found = read(headline[site.end() :])
        if found and (found.agency or found.noisy):
            return site.start(), found
    return None


LABEL = re.compile(r"\s*(?:原标题|标题|题目|Title|Headline|Заголовок)\s*[:：]\s*(?=\S)")

_TAIL_ENDS = (
    re.compile(r"[（(]\s*(?:完|完毕|全文完|конец|end|ends)\s*[）)]\s*$", re.IGNORECASE),
    re.compile(r"(?:^|(?<=[\s.”\"。！？!?)）]))Enditem\.?\s*$"),
    re.compile(r"[■□◆▲●]\s*$"),
    re.compile(r"[【\[(（]\s*(?:我要)?纠错\s*[】\])）]\s*$"),
    re.compile(
        r"[（(\[【]\s*(?:责任编辑|责编|编辑|网络编辑|值班编辑|Web [Ee]ditors?|Editors?|Редактор)"
        r"\s*[:：][^）)\]】\n。]{0,80}[）)\]】]\s*$"
    ),
    re.compile(
        r"(?:^|(?<=[。！？”）.!?)\"»])|(?<=[。！？”）.!?)\"»]\s))"
        r"(?:责任编辑|责编|Web [Ee]ditors?|Editors?|Редактор)\s*[:：]"
        r"(?P<names>[^。！？.!?\n]{0,60})$"
    ),
    re.compile(r"(?:^|(?<=[\s.!?»”)]))Рейтинг@Mail\.ru.{0,40}$"),
    re.compile(r"(?:^|(?<=\s))(?:###+|-\s?30\s?-)\s*$"),
)
_TAIL_LINES = re.compile(
    r"\s*(?:©|\(c\)\s|copyright\s*(?:©|\(c\)|20\d\d|by\b)|all rights reserved|版权所有|"
    r"未经.{0,12}(?:授权|许可).{0,16}(?:转载|使用|复制|镜像)|все права защищены|"
    r"при (?:полном или частичном )?(?:использовании|цитировании|перепечатке) (?:любых )?материал|"
    r"扫一扫|打开微信|免责声明|京ICP)",
    re.IGNORECASE,
)
RELATED = re.compile(
    r"\s*(?:相关新闻|相关报道|相关阅读|延伸阅读|推荐阅读|热门推荐|相关链接|"
    r"related (?:news|stories|articles)|"
    r"read also|more stories|most viewed|recommended|читайте также|по теме|материалы по теме|"
    r"другие новости|смотрите также)\s*[:：]?\s*$",
    re.IGNORECASE,
)


def tail_start(line: str) -> int | None:
    """Return where an editors' tail begins at the end of a line of text; None without one."""
    start = len(line)
    moved = True
    while moved:
        moved = False
        rest = line[:start].rstrip()
        for pattern in _TAIL_ENDS:
            found = pattern.search(rest, max(0, len(rest) - 120))
            if found and "names" in pattern.groupindex and not _are_names(found["names"]):
                continue
            if found and found.end() == len(rest):
                start = found.start()
                moved = True
                break
    return start if start < len(line) else None


def tail_line(line: str, lang: str = "") -> Furniture | None:
    """Read a line near the end that is the page's or the editors'; None if it may be text.

    A date alone is text: it may be the day a document was signed.
    """
    if len(line) <= 300 and _TAIL_LINES.match(line):
        return Furniture(lang, end=len(line))
    found = read(line, lang)
    if found is not None and (found.labelled or found.noisy or found.agency):
        return found
    return None
