"""Take the text out of Markdown and HTML pages, with what they say about headline and date."""

import datetime
import re
from dataclasses import dataclass

from toolkit.dateline import NUMERIC_DATE, WRITTEN_DATE, full_date


@dataclass(frozen=True, slots=True)
class Page:
    """What a reader sees of a page; ``headline`` is its (start, end) in ``text`` if marked."""

    text: str
    headline: tuple[int, int] | None = None
    date: datetime.date | None = None
    time: str | None = None


def looks_like_html(text: str) -> bool:
    """Tell whether a file of another name is an HTML page after all."""
    return bool(
        re.match(r"\s*(?:<!--.*?-->\s*)?(?:<!doctype\s+html|<html[\s>])", text[:2000], re.I | re.S)
    )


def extract(text: str, kind: str) -> Page:
    """Return the text of a page of ``kind`` ``"txt"`` (as it is), ``"md"`` or ``"html"``.

    Raises:
        ValueError: For another kind.
    """
    if kind == "txt":
        return Page(text)
    if kind == "md":
        return _markdown(text)
    if kind == "html":
        return _html(text)
    raise ValueError(f"unknown kind of page {kind!r}; known: txt, md, html")


_FRONT = re.compile(r"\s*---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)", re.S)
_FIELD = re.compile(r"^(title|date|time)[ \t]*:[ \t]*[\"']?(.*?)[\"']?[ \t]*$", re.I | re.M)
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$")
_RULE = re.compile(r"^ {0,3}(?:=+|-{2,})[ \t]*$")
_INLINE = (
    (re.compile(r"!\[([^\]\n]{0,400})\]\([^()\n]{0,2000}\)"), r"\1"),
    (re.compile(r"(?<!!)\[([^\]\n]{1,400})\]\([^()\n]{0,2000}\)"), r"\1"),
    (re.compile(r"\[([^\]\n]{1,400})\]\[[^\]\n]{0,400}\]"), r"\1"),
    (re.compile(r"<((?:https?|mailto):[^<>\s]+)>"), r"\1"),
    (re.compile(r"(?<![\\*\w])\*\*(?=\S)([^*\n]+?)(?<=\S)\*\*(?!\*)"), r"\1"),
    (re.compile(r"(?<![\\_\w])__(?=\S)([^_\n]+?)(?<=\S)__(?![\w_])"), r"\1"),
    (re.compile(r"(?<![\\*\w])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\\_\w])_(?=\S)([^_\n]+?)(?<=\S)_(?![\w_])"), r"\1"),
    (re.compile(r"(?<!`)`([^`\n]+)`(?!`)"), r"\1"),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!|>~-])"), r"\1"),
)


def _markdown(text: str) -> Page:
    """Undo headings, emphasis, links, wrapped lines; list markers stay, they number articles."""
    date = time = None
    title = None
    front = _FRONT.match(text)
    if front and _FIELD.search(front[1]):
        for name, value in _FIELD.findall(front[1]):
            if name.lower() == "title":
                title = value.strip() or None
            else:
                date, time = date or _first_date(value), time or _first_time(value)
        text = text[front.end() :]
    blocks = [b for b in re.split(r"(?:\r?\n[ \t\u3000]*){2,}", text) if b.strip()]
    paragraphs: list[str] = []
    headline: int | None = None
    for block in blocks:
        for line, level in _markdown_lines(block):
            if level and headline is None and level <= 2:
                headline = len(paragraphs)
            paragraphs.append(line)
    if headline is None and title and title not in paragraphs[:1]:
        paragraphs.insert(0, title)
        headline = 0
    return _page(paragraphs, headline, date, time)


def _markdown_lines(block: str) -> list[tuple[str, int]]:
    """Return the paragraphs of a block, each with its heading level or 0."""
    result: list[tuple[str, int]] = []
    joined = False
    for raw in re.split(r"\r?\n|\r", block):
        hard = raw.endswith("  ") or raw.endswith("\\")
        line = re.sub(r"^[ \t\u3000]*(?:>[ \t]?)*", "", raw.rstrip().removesuffix("\\")).strip()
        heading = _HEADING.match(line)
        if _RULE.match(line) and result and joined:
            result[-1] = (result[-1][0], 1 if line.lstrip()[0] == "=" else 2)
            joined = False
            continue
        if not line:
            continue
        if heading:
            if heading[2].strip():
                result.append((_inline(heading[2].strip()), len(heading[1])))
            joined = False
            continue
        listed = re.match(r"(?:[-*+•]|\d{1,3}[.)])[ \t]", line)
        if joined and not listed and not re.match(r"[\u3000]|\t| {4}", raw):
            before = result[-1][0]
            wide = before[-1:] > "\u2e7f" and line[:1] > "\u2e7f"
            result[-1] = (before + ("" if wide else " ") + _inline(line), 0)
        else:
            result.append((_inline(line), 0))
        joined = not hard
    return result


def _inline(line: str) -> str:
    for pattern, replacement in _INLINE:
        line = pattern.sub(replacement, line)
    return line


# Elements that are the page's, never the text's.
_OUT = frozenset(
    "script style noscript template nav footer aside form button select option textarea input "
    "iframe object embed svg canvas audio video map head menu dialog".split()
)
_BLOCKS = frozenset(
    "address article blockquote body center dd details div dl dt fieldset figcaption figure h1 h2 "
    "h3 h4 h5 h6 header hr html legend li main ol p pre section summary table tbody td tfoot th "
    "thead tr ul".split()
)
_PAGE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|menu|breadcrumbs?|crumbs?|footer|foot|sidebar|share|sharing|social|"
    r"related|recommend|comments?|toolbar|pagination|advert|ads?|copyright|cookie|subscribe|qrcode|"
    r"langs?|language|search|login|hot|rank)(?:$|[\s_-])",
    re.I,
)
_BODY_CLASS = re.compile(
    r"(?:^|[\s_-])(?:articlebody|article|content|detail|main-?text|body-?text|entry|story|"
    r"post-?body|text|text_?con|rm_txt|rwb_zw|trs_editor)(?:$|[\s_-])",
    re.I,
)


def _html(text: str) -> Page:
    import lxml.html

    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text).replace("\0", "")
    if not text.strip():
        return Page("")
    parser = lxml.html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = lxml.html.document_fromstring(text, parser=parser)
    except (lxml.etree.ParserError, ValueError):
        return Page("")
    title, date, time = _declared(root)
    for element in list(root.iter()):
        if isinstance(element.tag, str) and _is_furniture(element):
            _drop(element)
    body = root.find("body") if root.tag == "html" else root
    if body is None:
        body = root
    main = _main(body)
    heading = next((h for h in body.iter("h1") if _flat(h)), None)
    lines, held = _walk(body, [main] if heading is None else [main, heading])
    begin, end = held[main]
    if heading is None:
        paragraphs = lines[begin:end]
        if title and title not in paragraphs[:3]:
            return _page([title, *paragraphs], 0 if paragraphs else None, date, time)
        headline = paragraphs.index(title) if title in paragraphs[:3] else None
    else:
        # The byline often stands between a heading outside the article and the article.
        begin = min(begin, held[heading][0])
        paragraphs = lines[begin : max(end, held[heading][1])]
        headline = held[heading][0] - begin
    return _page(paragraphs, headline, date, time)


def _declared(root) -> tuple[str | None, datetime.date | None, str | None]:
    """Return title, date and time as the page's head declares them."""
    title = date = time = None
    found = root.find(".//title")
    if found is not None and found.text:
        # Only a site's name behind a mark is cut off; a dash within the title stays.
        title = re.split(
            r"\s*[_|｜]\s*|\s+[-–—]+\s+(?=\S+(?:\s\S+)?$)", " ".join(found.text.split())
        )[0]
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        content = (meta.get("content") or "").strip()
        if name == "og:title" and content and not title:
            title = " ".join(content.split())
        elif re.search(r"publish|pubdate|^date$|datepublished", name) and date is None:
            date, time = _first_date(content), _first_time(content)
    if date is None:
        for stamp in root.iter("time"):
            content = stamp.get("datetime") or ""
            if date := _first_date(content):
                time = _first_time(content)
                break
    return title or None, date, time


def _is_furniture(element) -> bool:
    if element.tag in ("html", "body", "main", "article", "h1"):
        return False
    if element.tag in _OUT:
        return True
    style = (element.get("style") or "").replace(" ", "").lower()
    if element.get("hidden") is not None or "display:none" in style:
        return True
    if element.get("role") in ("navigation", "contentinfo", "search", "complementary"):
        return True
    label = f"{element.get('class') or ''} {element.get('id') or ''}"
    if not _PAGE_CLASS.search(label):
        return False
    # A careless class name must not cost a paragraph: only what is mostly links goes.
    whole = len("".join(element.itertext()).strip())
    linked = sum(len("".join(a.itertext()).strip()) for a in element.iter("a"))
    return whole < 40 or linked * 2 > whole


def _drop(element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _main(body):
    """Return the element that holds the article: the smallest with nearly all of its text."""
    whole = sum(len(_flat(p)) for p in body.iter("p")) or len(_flat(body))
    candidates = [
        element
        for element in body.iter("article", "main", "div", "section", "td")
        if element.tag in ("article", "main")
        or (element.get("itemprop") or "") == "articleBody"
        or _BODY_CLASS.search(f"{element.get('class') or ''} {element.get('id') or ''}")
    ]
    best = body
    for element in candidates:
        if element.tag != "article" and not any(True for _ in element.iter("p", "br")):
            continue
        own = sum(len(_flat(p)) for p in element.iter("p")) or len(_flat(element))
        if own >= 0.7 * whole and len(_flat(element)) <= len(_flat(best)):
            best = element
    return best


def _flat(element) -> str:
    return " ".join("".join(element.itertext()).split())


def _walk(root, marked) -> tuple[list[str], dict[object, tuple[int, int]]]:
    """Return the text of the blocks in reading order, and which of them each marked element holds.

    A line break is a boundary like a block's edge.
    """
    lines: list[str] = []
    buffer: list[str] = []
    first: dict[object, int] = {}
    held: dict[object, tuple[int, int]] = {}

    def flush() -> None:
        line = re.sub(r"[ \t\r\n\f]+", " ", "".join(buffer)).strip()
        buffer.clear()
        if line:
            lines.append(line)

    # A stack of our own: pages nest deeper than Python recurses.
    stack: list[tuple[object, bool]] = [(root, False)]
    while stack:
        node, leaving = stack.pop()
        block = node.tag in _BLOCKS or node.tag == "br" or node in marked
        if leaving:
            if block:
                flush()
            if node in marked:
                held[node] = (first[node], len(lines))
            if node is not root and node.tail:
                buffer.append(node.tail)
            continue
        if block:
            flush()
        if node in marked:
            first[node] = len(lines)
        if node.text and isinstance(node.tag, str):
            buffer.append(node.text)
        stack.append((node, True))
        stack.extend((child, False) for child in reversed(node))
    flush()
    return lines, held


def _page(paragraphs: list[str], headline: int | None, date, time) -> Page:
    text = "\n\n".join(paragraphs)
    span = None
    if headline is not None:
        start = sum(len(p) + 2 for p in paragraphs[:headline])
        span = (start, start + len(paragraphs[headline]))
    return Page(text + "\n" if text else "", span, date, time)


def _first_date(value: str) -> datetime.date | None:
    found = NUMERIC_DATE.search(value) or WRITTEN_DATE.search(value)
    return full_date(found) if found else None


def _first_time(value: str) -> str | None:
    found = re.search(r"(?<!\d)([01]?\d|2[0-3]):([0-5]\d)", value)
    return f"{int(found[1]):02d}:{found[2]}" if found else None
