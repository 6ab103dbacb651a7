"""Documents translated in their own format: what is no text stays as it is.

`read` takes a file apart into passages (paragraphs, cells, cues) with their inline formatting;
`Document.written` puts translated passages back. Formats: Markdown, HTML, Word (.docx),
subtitles (.srt). A plain text is a dispatch, see `toolkit.translate.layout`.
"""

from pathlib import Path
from typing import Protocol

from toolkit.translate.documents.passage import Passage, Rendered

SUFFIXES = {
    ".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html",
    ".docx": "docx", ".srt": "srt",
}  # fmt: skip


class Document(Protocol):
    """A file taken apart.

    ``passages`` are its translatable texts in reading order; ``left`` says, a line each, what was
    found and is not translated (images, formulas, code).
    """

    passages: list[Passage]
    left: list[str]

    def written(self, rendered: list[Rendered], target: str) -> bytes:
        """Return the file with each passage in its new words; one for each of ``passages``."""
        ...


def form_of(path: str | Path) -> str | None:
    """Return the format a file name stands for, None for a plain text."""
    return SUFFIXES.get(Path(path).suffix.lower())


def read(path: str | Path) -> Document:
    """Read a document in the format its name says.

    Raises:
        FileError: If it is missing, broken, or hostile (an archive that unpacks to far more).
    """
    form = form_of(path)
    if form == "docx":
        from toolkit.translate.documents.docx import WordDocument

        return WordDocument.read(path)
    from toolkit import files

    text = files.read_text(path).text
    if form == "html":
        from toolkit.translate.documents.html import HtmlDocument

        return HtmlDocument(text)
    if form == "srt":
        from toolkit.translate.documents.srt import Subtitles

        return Subtitles(text)
    from toolkit.translate.documents.markdown import MarkdownDocument

    return MarkdownDocument(text)
