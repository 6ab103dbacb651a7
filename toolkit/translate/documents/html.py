"""HTML pages: elements, attributes and scripts stay; the text of blocks is translated.

Inline elements (a, b, em, span …) lie on their words as spans and go with them.
"""

import copy
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from toolkit.errors import FileError
from toolkit.translate.documents.passage import Passage, Rendered, Span

_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite del dfn em font i ins mark q s small span strike strong sub"
    " sup tt u var label time".split()
)
_OPAQUE = frozenset("script style pre code kbd samp textarea noscript template svg math".split())
_VOID = frozenset("br img input wbr".split())
_BLOCK_END = "\u2028"  # a <br>: the text before and after it are two passages
_LANG = {"zh": "zh-CN", "ru": "ru", "en": "en"}


class HtmlDocument:
    """A page as a tree; passages are runs of text and inline elements under one block.

    Raises:
        FileError: If it cannot be read as a page.
    """

    def __init__(self, text: str) -> None:
        self.left: list[str] = []
        self.passages: list[Passage] = []
        self._runs: list[tuple[Any, int, int]] = []  # parent, first and last node of the run
        if "<!ENTITY" in text:
            raise FileError("it defines entities of its own, which are not read; save it without")
        parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=False, no_network=True)
        try:
            self._root = lxml_html.document_fromstring(text.encode("utf-8"), parser=parser)
        except (etree.ParserError, etree.XMLSyntaxError) as error:
            raise FileError(f"not an HTML page: {error}") from None
        tree = self._root.getroottree()
        given = text.lstrip("\ufeff \t\r\n")[:9].lower() == "<!doctype"
        self._doctype = tree.docinfo.doctype if given else None
        self._visit(self._root)

    def _visit(self, element: Any) -> None:
        """Cut the children of a block into runs; node 0 is its own text, n its nth child."""
        if not isinstance(element.tag, str):
            return
        if element.tag in _OPAQUE:
            if (element.text or "").strip() and element.tag not in ("script", "style"):
                self.left.append(f"line {element.sourceline}: <{element.tag}>")
            return
        start = 0
        for number, child in enumerate(element, 1):
            if isinstance(child.tag, str) and _is_inline(child):
                continue
            self._run(element, start, number - 1)
            start = number
            if child.tag == "img":
                name = child.get("alt") or child.get("src", "")
                self.left.append(f"line {child.sourceline}: an image ({name})")
            self._visit(child)
        self._run(element, start, len(element))

    def _run(self, parent: Any, first: int, last: int) -> None:
        """Take the text from node ``first`` (its tail, or the parent's text) to ``last``."""
        text, spans = _tail(parent, first), []
        for child in parent[first:last]:
            start = len(text)
            text += _plain(child)
            spans.append(Span(start, len(text), child))
            text += child.tail or ""
        # Spaces at both ends stay where they are; those inside are one.
        squeezed, moved = _squeezed(text, spans)
        if squeezed.strip():
            self._runs.append((parent, first, last))
            self.passages.append(Passage(squeezed, tuple(moved), f"line {parent.sourceline}"))

    def written(self, rendered: list[Rendered], target: str) -> bytes:
        for (parent, first, last), item in reversed(list(zip(self._runs, rendered, strict=True))):
            _replace(parent, first, last, item)
        if self._root.get("lang"):
            self._root.set("lang", _LANG[target])
        for meta in self._root.iter("meta"):
            if meta.get("charset"):
                meta.set("charset", "utf-8")
        return etree.tostring(
            self._root, method="html", encoding="utf-8", doctype=self._doctype
        )


def _is_inline(element: Any) -> bool:
    if element.tag not in _INLINE:
        return False
    return all(isinstance(c.tag, str) and _is_inline(c) for c in element)


def _plain(element: Any) -> str:
    return "".join(element.itertext())


def _tail(parent: Any, node: int) -> str:
    return (parent.text if node == 0 else parent[node - 1].tail) or ""


def _squeezed(text: str, spans: list[Span]) -> tuple[str, list[Span]]:
    places, out = [], ""
    for character in text:
        places.append(len(out))
        if character.isspace() and character != "\u00a0":
            if out and out[-1] != " ":
                out += " "
        else:
            out += character
    places.append(len(out))
    out = out.rstrip(" ")
    moved = [Span(min(places[s.start], len(out)), min(places[s.end], len(out)), s.mark)
             for s in spans]  # fmt: skip
    return out, [span for span in moved if span.start < span.end]


def _replace(parent: Any, first: int, last: int, item: Rendered) -> None:
    """Put a translated run where the old one was."""
    old = _tail(parent, first)
    before = old[: len(old) - len(old.lstrip())]
    end = (parent[last - 1].tail if last > first else old) or ""
    after = end[len(end.rstrip()) :] if end.strip() or last > first else ""
    for child in list(parent[first:last]):
        parent.remove(child)
    elements, place = [], 0
    text = ""
    for span in sorted(item.spans, key=lambda s: s.start):
        if span.start < place:
            continue  # inside another: the outer one carries it
        shell = copy.deepcopy(span.mark)
        for inner in list(shell):
            shell.remove(inner)
        shell.text, shell.tail = item.text[span.start : span.end], ""
        gap = item.text[place : span.start]
        if elements:
            elements[-1].tail = gap
        else:
            text = gap
        elements.append(shell)
        place = span.end
    rest = item.text[place:] + after
    if elements:
        elements[-1].tail = rest
    else:
        text = rest
    if first == 0:
        parent.text = before + text
    else:
        parent[first - 1].tail = before + text
    for offset, element in enumerate(elements):
        parent.insert(first + offset, element)
