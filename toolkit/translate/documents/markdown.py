"""Markdown: headings, lists, quotes and tables stay; code, links' targets and front matter too.

The blocks are those of CommonMark and of GitHub's tables, as far as dispatches need them; what is
not known is a paragraph. Emphasis and links lie on the words they are about.
"""

import re

from toolkit.translate.documents.passage import Passage, Rendered, Span

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_PREFIX = re.compile(
    r"(?P<mark>(?:\s{0,3}>\s?)*(?:\s*(?:[-*+]|\d{1,9}[.)])\s+(?:\[[ xX]\]\s+)?)?"
    r"(?:\s{0,3}#{1,6}\s+)?\s*)"
)
_RULE = re.compile(r"\s{0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,}|={2,}|-{2,})$")
_TABLE_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_REFERENCE = re.compile(r"\s{0,3}\[[^\]]+\]:\s")
_INLINE = re.compile(
    r"(?P<code>`+)(?P<codetext>.+?)(?P=code)"
    r"|!\[(?P<alt>[^\]]*)\]\([^)\s]*(?:\s+\"[^\"]*\")?\)"
    r"|\[(?P<label>[^\]]+)\](?P<target>\([^)\s]*(?:\s+\"[^\"]*\")?\)|\[[^\]]*\])"
    r"|(?P<strong>\*\*|__)(?=\S)(?P<strongtext>.+?)(?<=\S)(?P=strong)"
    r"|(?P<em>[*_])(?=\S)(?P<emtext>[^*_]+?)(?<=\S)(?P=em)"
    r"|<(?P<tag>/?[A-Za-z][^<>]*|https?://[^<>]*)>"
)


class MarkdownDocument:
    """A text taken into lines that stay and passages that are translated."""

    def __init__(self, text: str) -> None:
        self.left: list[str] = []
        self.passages: list[Passage] = []
        self._newline = "\r\n" if "\r\n" in text else "\n"
        # What is written back: text as it stands, or the number of a passage.
        self._pieces: list[str | int] = []
        lines = text.replace("\r\n", "\n").split("\n")
        place = self._front_matter(lines)
        waiting: list[str] = []
        while place < len(lines):
            line = lines[place]
            fence = _FENCE.match(line)
            if fence:
                self._paragraph(waiting, place)
                place = self._code(lines, place, fence[1])
            elif not line.strip() or _RULE.match(line) or _REFERENCE.match(line):
                self._paragraph(waiting, place)
                self._line(line)
                place += 1
            elif "|" in line and place + 1 < len(lines) and _TABLE_RULE.match(lines[place + 1]):
                self._paragraph(waiting, place)
                place = self._table(lines, place)
            else:
                mark = _PREFIX.match(line)
                head = mark["mark"] if mark else ""
                if head.strip() or not waiting:
                    self._paragraph(waiting, place)
                waiting.append(line)
                if head.lstrip("> \t").startswith("#"):
                    self._paragraph(waiting, place + 1)
                place += 1
        self._paragraph(waiting, place)

    def _line(self, line: str) -> None:
        self._pieces += [line, "\n"]

    def _front_matter(self, lines: list[str]) -> int:
        if lines[0].strip() != "---":
            return 0
        for place in range(1, len(lines)):
            if lines[place].strip() in ("---", "..."):
                self.left.append(f"line 1: front matter of {place - 1} lines")
                for line in lines[: place + 1]:
                    self._line(line)
                return place + 1
        return 0

    def _code(self, lines: list[str], place: int, fence: str) -> int:
        end = place + 1
        while end < len(lines) and not lines[end].lstrip().startswith(fence):
            end += 1
        end = min(end + 1, len(lines))
        self.left.append(f"line {place + 1}: code, {end - place} lines")
        for line in lines[place:end]:
            self._line(line)
        return end

    def _table(self, lines: list[str], place: int) -> int:
        end = place
        while end < len(lines) and "|" in lines[end]:
            if _TABLE_RULE.match(lines[end]):
                self._line(lines[end])
            else:
                for number, cell in enumerate(re.split(r"((?<!\\)\|)", lines[end])):
                    if number % 2 or not cell.strip():
                        self._pieces.append(cell)
                    else:
                        before = cell[: len(cell) - len(cell.lstrip())]
                        after = cell[len(cell.rstrip()) :]
                        self._pieces.append(before)
                        self._passage(cell.strip(), end + 1)
                        self._pieces.append(after)
                self._pieces.append("\n")
            end += 1
        return end

    def _paragraph(self, waiting: list[str], place: int) -> None:
        if not waiting:
            return
        first = place - len(waiting) + 1
        mark = _PREFIX.match(waiting[0])
        head = mark["mark"] if mark else ""
        rest = waiting[0][len(head) :]
        han = re.search(r"[一-鿿]", rest)
        lines = [rest, *(re.sub(r"^(?:\s{0,3}>\s?)+", "", line).strip() for line in waiting[1:])]
        text = ("" if han else " ").join(line.strip() for line in lines)
        waiting.clear()
        self._pieces.append(head)
        if text.strip():
            self._passage(text, first)
        self._pieces.append("\n")

    def _passage(self, text: str, line: int) -> None:
        plain, spans, images = "", [], []
        place = 0
        for match in _INLINE.finditer(text):
            plain += text[place : match.start()]
            place = match.end()
            start = len(plain)
            if match["label"]:
                plain += match["label"]
                spans.append(Span(start, len(plain), ("[", "]" + match["target"])))
            elif match["strong"]:
                plain += match["strongtext"]
                spans.append(Span(start, len(plain), (match["strong"],) * 2))
            elif match["em"]:
                plain += match["emtext"]
                spans.append(Span(start, len(plain), (match["em"],) * 2))
            elif match["code"]:
                plain += match["codetext"]
                spans.append(Span(start, len(plain), (match["code"],) * 2))
            elif match["alt"] is not None:
                self.left.append(f"line {line}: an image ({match['alt'] or 'without text'})")
                images.append(match[0] + " ")
            else:
                self.left.append(f"line {line}: a tag {match[0]}")
        plain += text[place:]
        if plain.strip():
            self._pieces += images
            self._pieces.append(len(self.passages))
            self.passages.append(Passage(plain, tuple(spans), f"line {line}"))
        else:
            self._pieces.append(text)

    def written(self, rendered: list[Rendered], target: str) -> bytes:
        pieces = [
            piece if isinstance(piece, str) else wrapped(rendered[piece]) for piece in self._pieces
        ]
        text = "".join(pieces)[:-1]  # the last line had no end of its own
        return text.replace("\n", self._newline).encode("utf-8")


def wrapped(item: Rendered) -> str:
    """Write the spans of a text as opening and closing marks."""
    inserts: list[tuple[int, int, str]] = []
    for span in sorted(item.spans, key=lambda s: (s.start, -s.end)):
        opening, closing = span.mark
        inserts += [(span.start, 1, opening), (span.end, 0, closing)]
    text, place = "", 0
    for at, _, mark in sorted(inserts, key=lambda i: (i[0], i[1])):
        text += item.text[place:at] + mark
        place = at
    return text + item.text[place:]
