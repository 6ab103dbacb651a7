"""Word documents (.docx): paragraphs of the text, tables, headers, notes, comments, text boxes.

Only the words of runs change. Styles, pictures, fields and everything not understood stay as they
are, byte for byte where their part has no text. A file is taken for hostile: no entities, nothing
unpacked to disk, no archive that grows beyond measure.
"""

import copy
import io
import re
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

from lxml import etree

from toolkit import files
from toolkit.errors import FileError
from toolkit.translate.documents.passage import Passage, Rendered, Span

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_PARTS = re.compile(
    r"word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml$"
)
_NAMES = {"document": "text", "header": "header", "footer": "footer", "footnotes": "footnotes",
          "endnotes": "endnotes", "comments": "comments"}  # fmt: skip
_MOST_FILES, _MOST_BYTES, _MOST_GROWTH = 5_000, 400_000_000, 200
_RUN, _TEXT, _PARAGRAPH = f"{{{_W}}}r", f"{{{_W}}}t", f"{{{_W}}}p"
_HYPERLINK = f"{{{_W}}}hyperlink"
# Wrappers whose runs are part of the paragraph's text; deleted text is not.
_INSIDE = frozenset(f"{{{_W}}}{name}" for name in ("ins", "smartTag", "sdt", "sdtContent"))
_CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


class WordDocument:
    """A .docx file in memory.

    Raises:
        FileError: If it is no Word document, is encrypted, broken, or hostile.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.left: list[str] = []
        self.passages: list[Passage] = []
        self._data = data
        self._trees: dict[str, Any] = {}
        self._places: list[Any] = []
        with self._archive(name) as archive:
            for info in archive.infolist():
                if _PARTS.match(info.filename):
                    self._part(info.filename, archive.read(info), name)
                elif re.match(r"word/(?:media|embeddings|charts|diagrams)/", info.filename):
                    self.left.append(f"{info.filename}: kept as it is")
        if "word/document.xml" not in self._trees:
            raise FileError(f"{name}: no Word document: it has no word/document.xml")

    @classmethod
    def read(cls, path: str | Path) -> "WordDocument":
        name = files.display(path)
        try:
            data = Path(path).read_bytes()
        except FileNotFoundError:
            raise FileError(f"{name}: there is no such file; check the spelling") from None
        except OSError as error:
            raise FileError(f"{name}: cannot be read: {error.strerror}") from None
        return cls(data, name)

    def _archive(self, name: str) -> zipfile.ZipFile:
        try:
            archive = zipfile.ZipFile(io.BytesIO(self._data))
            infos = archive.infolist()
        except (zipfile.BadZipFile, ValueError, EOFError):
            if self._data.startswith(b"\xd0\xcf\x11\xe0"):
                raise FileError(
                    f"{name}: an old .doc or an encrypted file; save it as .docx without password"
                ) from None
            raise FileError(f"{name}: not a .docx file (no archive)") from None
        total = sum(info.file_size for info in infos)
        if len(infos) > _MOST_FILES or total > _MOST_BYTES:
            raise FileError(f"{name}: it unpacks to {len(infos)} files of {total} bytes: refused")
        for info in infos:
            if info.flag_bits & 1:
                raise FileError(f"{name}: it is encrypted; save it without password")
            if info.file_size > _MOST_GROWTH * max(info.compress_size, 1) + 1_000_000:
                raise FileError(f"{name}: {info.filename} grows {_MOST_GROWTH}-fold: refused")
        return archive

    def _part(self, part: str, data: bytes, name: str) -> None:
        if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data:
            raise FileError(f"{name}: {part} defines entities, which no Word file does: refused")
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise FileError(f"{name}: {part} is broken: {error.msg}") from None
        self._trees[part] = root
        where = _NAMES[re.sub(r"word/|\d*\.xml", "", part)]
        for number, paragraph in enumerate(root.iter(_PARAGRAPH), 1):
            self._paragraph(paragraph, f"{where}, paragraph {number}")

    def _paragraph(self, paragraph: Any, where: str) -> None:
        runs = [run for run in _runs(paragraph) if not _is_opaque(run)]
        fields = [r for r in _runs(paragraph) if _is_opaque(r) and _said(r).strip()]
        if fields:
            self.left.append(f"{where}: a field ({' '.join(_said(r) for r in fields)[:60]})")
        texts = [(run, _said(run)) for run in runs]
        text = "".join(said for _, said in texts)
        if not text.strip():
            return
        weight: Counter[bytes] = Counter()
        for run, said in texts:
            weight[_style(run)] += len(said)
        base = weight.most_common(1)[0][0]
        spans, place = [], 0
        for run, said in texts:
            end = place + len(said)
            if said and (_style(run) != base or run.getparent().tag == _HYPERLINK):
                spans.append(Span(place, end, run))
            elif not said:
                spans.append(Span(place, place, run))
            place = end
        self.passages.append(Passage(text, tuple(_merged(spans)), where))
        self._places.append((paragraph, base))

    def written(self, rendered: list[Rendered], target: str) -> bytes:
        for (paragraph, base), item in zip(self._places, rendered, strict=True):
            _rewrite(paragraph, base, item)
        for root in self._trees.values():
            for run in root.iter(_RUN):
                run.attrib.pop("tongwen-field", None)
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(self._data)) as old, zipfile.ZipFile(out, "w") as new:
            for info in old.infolist():
                data = old.read(info)
                if info.filename in self._trees:
                    data = etree.tostring(
                        self._trees[info.filename], xml_declaration=True, encoding="UTF-8",
                        standalone=True,
                    )  # fmt: skip
                new.writestr(info, data, compress_type=info.compress_type)
        return out.getvalue()


def _runs(paragraph: Any) -> list[Any]:
    """Return the runs of a paragraph in order, those of its text boxes not."""
    found = []
    for child in paragraph:
        if child.tag == _RUN:
            found.append(child)
        elif child.tag == _HYPERLINK or child.tag in _INSIDE:
            found += _runs(child)
    return _marked_fields(found)


def _marked_fields(runs: list[Any]) -> list[Any]:
    depth = 0
    for run in runs:
        before = depth
        for field in run.iter(f"{{{_W}}}fldChar"):
            kind = field.get(f"{{{_W}}}fldCharType")
            depth += {"begin": 1, "end": -1}.get(kind, 0)
        if before or depth:
            run.set("tongwen-field", "1")
    return runs


def _is_opaque(run: Any) -> bool:
    return run.get("tongwen-field") is not None


def _said(run: Any) -> str:
    pieces = []
    for child in run:
        local = etree.QName(child).localname if isinstance(child.tag, str) else ""
        if child.tag == _TEXT:
            pieces.append(child.text or "")
        elif local in _CHARACTERS and child.get(f"{{{_W}}}type") not in ("page", "column"):
            pieces.append(_CHARACTERS[local])
    return "".join(pieces)


def _style(run: Any) -> bytes:
    style = run.find(f"{{{_W}}}rPr")
    if style is None:
        return b""
    style = copy.deepcopy(style)
    for child in list(style):  # what spelling and language checkers leave behind is no style
        if etree.QName(child).localname in ("lang", "noProof", "rFonts") and len(style) > 0:
            if etree.QName(child).localname != "rFonts":
                style.remove(child)
    return etree.tostring(style, method="c14n") if len(style) else b""


def _merged(spans: list[Span]) -> list[Span]:
    """Join neighbours of one style: Word cuts runs where nobody sees it."""
    merged: list[Span] = []
    for span in spans:
        last = merged[-1] if merged else None
        if (
            last is not None and last.end == span.start and last.start < last.end
            and span.start < span.end and _style(last.mark) == _style(span.mark)
            and last.mark.getparent() is span.mark.getparent()
        ):  # fmt: skip
            merged[-1] = Span(last.start, span.end, last.mark)
        else:
            merged.append(span)
    return merged


def _rewrite(paragraph: Any, base: bytes, item: Rendered) -> None:
    runs = [run for run in _runs(paragraph) if not _is_opaque(run)]
    spoken = [run for run in runs if _said(run)]
    model = next((r for r in spoken if _style(r) == base), spoken[0])
    style = model.find(f"{{{_W}}}rPr")
    first = spoken[0]
    while first.getparent() is not paragraph:
        first = first.getparent()
    at = paragraph.index(first)
    # Runs without words (a note's number, a picture) go where their sentence ends.
    objects = [span for span in item.spans if span.start == span.end]
    spans = sorted((s for s in item.spans if s.start < s.end), key=lambda s: s.start)
    links = {id(s.mark): copy.deepcopy(s.mark.getparent()) for s in spans
             if s.mark.getparent().tag == _HYPERLINK}  # fmt: skip
    made: list[Any] = []
    place = 0
    cuts = sorted({0, len(item.text), *(s.start for s in objects),
                   *(p for s in spans for p in (s.start, s.end))})  # fmt: skip
    for start, end in zip(cuts, [*cuts[1:], len(item.text)], strict=True):
        made += [o.mark for o in objects if o.start == start]
        if start == end or start < place:
            continue
        over = next((s for s in spans if s.start <= start and end <= s.end), None)
        mark = over.mark.find(f"{{{_W}}}rPr") if over is not None else style
        run = _run(item.text[start:end], mark)
        if over is not None and id(over.mark) in links:
            link = links[id(over.mark)]
            for child in list(link):
                link.remove(child)
            link.append(run)
            run = link
        made.append(run)
        place = end
    kept = {id(o.mark) for o in objects}
    for run in runs:
        if id(run) in kept or (_said(run) and not _has_objects(run)):
            run.getparent().remove(run)
        elif _said(run):
            for child in list(run):
                if child.tag == _TEXT:
                    run.remove(child)
    at = min(at, len(paragraph))
    for offset, node in enumerate(made):
        paragraph.insert(at + offset, node)
    for link in list(paragraph.iter(_HYPERLINK)):
        if len(link) == 0:
            link.getparent().remove(link)


def _has_objects(run: Any) -> bool:
    plain = {"t", "rPr", "tab", "br", "cr", "noBreakHyphen", "softHyphen", "lastRenderedPageBreak"}
    return any(
        isinstance(child.tag, str) and etree.QName(child).localname not in plain for child in run
    )


def _run(text: str, style: Any) -> Any:
    run = etree.Element(_RUN)
    if style is not None:
        run.append(copy.deepcopy(style))
    for number, line in enumerate(re.split(r"(\n|\t)", text)):
        if number % 2:
            etree.SubElement(run, f"{{{_W}}}br" if line == "\n" else f"{{{_W}}}tab")
        elif line:
            node = etree.SubElement(run, _TEXT)
            node.text = line
            node.set(_SPACE, "preserve")
    return run
