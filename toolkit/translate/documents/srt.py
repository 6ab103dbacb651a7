"""Subtitles (.srt): numbers and times stay, the lines of a cue are translated as one text."""

import re

from toolkit.errors import FileError
from toolkit.translate.documents.passage import Passage, Rendered, Span

_TIME = re.compile(
    r"\s*\d{1,2}:\d\d:\d\d[,.]\d{1,3}\s*-->\s*\d{1,2}:\d\d:\d\d[,.]\d{1,3}[^\r\n]*"
)
_TAG = re.compile(r"</?[ibu]>|</?font[^>]*>|\{\\an?\d\}", re.IGNORECASE)
_WIDEST = {"zh": 18, "ru": 42, "en": 42}  # characters a line, as subtitlers keep to


class Subtitles:
    """A file of cues.

    Raises:
        FileError: If no line of it is a time.
    """

    def __init__(self, text: str) -> None:
        self.left: list[str] = []
        self.passages: list[Passage] = []
        self._newline = "\r\n" if "\r\n" in text else "\n"
        lines = text.replace("\r\n", "\n").split("\n")
        # What is written back: a line as it stands, or the number of a passage.
        self._pieces: list[str | int] = []
        place, cues = 0, 0
        while place < len(lines):
            self._pieces.append(lines[place])
            if not _TIME.fullmatch(lines[place]):
                place += 1
                continue
            cues += 1
            end = place + 1
            while end < len(lines) and lines[end].strip():
                end += 1
            said = lines[place + 1 : end]
            if said:
                self._pieces.append(len(self.passages))
                self.passages.append(_passage(said, place + 2))
            place = end
        if not cues:
            raise FileError("no cue with a time (00:00:01,000 --> 00:00:02,000): no .srt file")

    def written(self, rendered: list[Rendered], target: str) -> bytes:
        lines = []
        for piece in self._pieces:
            if isinstance(piece, str):
                lines.append(piece)
            else:
                lines += _folded(rendered[piece], target)
        return self._newline.join(lines).encode("utf-8")


def _passage(lines: list[str], number: int) -> Passage:
    text = " ".join(line.strip() for line in lines)
    tags = [tag.lower() for tag in _TAG.findall(text)]
    plain = _TAG.sub("", text)
    whole = tags[0] if len(tags) == 2 and text.startswith(tags[0]) else ""
    spans = (Span(0, len(plain), whole),) if whole else ()
    return Passage(plain, spans, f"line {number}")


def _folded(item: Rendered, target: str) -> list[str]:
    """Break a text in two lines where it is long, near the middle."""
    text, widest = item.text, _WIDEST[target]
    lines = [text]
    if len(text) > widest:
        stops = re.finditer(r"[，。；：！？]" if target == "zh" else r" ", text)
        breaks = [m.end() for m in stops if 0 < m.end() < len(text)]
        if breaks:
            at = min(breaks, key=lambda place: abs(place - len(text) / 2))
            lines = [text[:at].rstrip(), text[at:].lstrip()]
    for span in item.spans:
        closing = "</" + span.mark[1:].split()[0].rstrip(">") + ">"
        lines[0] = span.mark + lines[0]
        lines[-1] += closing
    return lines
