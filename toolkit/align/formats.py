"""Aligned files: written from an alignment, read as rows of text. TSV, JSON lines, TMX 1.4b.

TSV has a header of language codes and one bead a line. A tab, line end or backslash inside a
segment is written ``\\t``, ``\\n``, ``\\r``, ``\\\\`` and read back. Cells are text: tell a
spreadsheet so when opening the file, or it takes a cell that begins with ``=`` for a formula.
"""

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from toolkit import __version__, files, languages, markup
from toolkit.align.beads import Alignment
from toolkit.errors import AlignmentError
from toolkit.languages import LANGS

SUFFIXES = {".tsv": "tsv", ".jsonl": "jsonl", ".tmx": "tmx"}
_TAGS = {"zh": "zh-CN", "ru": "ru-RU", "en": "en-US"}
_ALIASES = {
    "zho": "zh", "chi": "zh", "cmn": "zh", "chinese": "zh", "rus": "ru", "russian": "ru",
    "eng": "en", "english": "en",
}  # fmt: skip
# What XML 1.0 cannot hold, not even as a reference.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_HALVES = re.compile("[\ud800-\udfff]")  # of a surrogate pair: JSON can hold one, a file cannot
_LINE_ENDS = re.compile("[\x85\u2028\u2029]")
_NEWLINE = re.compile("\r\n|\n|\r")  # no other mark ends a line; inside a text they are escaped
_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_ESCAPED = re.compile(r"\\([\\tnr])")
_CODES = frozenset(("bpt", "ept", "ph", "it", "ut"))  # TMX: markup of the original, not text


@dataclass(frozen=True, slots=True)
class AlignedRow:
    """One bead of an aligned file: text by language, its line (from 1), segments where given."""

    texts: dict[str, str]
    line: int
    segments: dict[str, tuple[int, ...]] = field(default_factory=dict)


def render(alignment: Alignment, form: str) -> str:
    """Write an alignment as ``"tsv"``, ``"jsonl"`` or ``"tmx"``; the same bytes every time.

    Args:
        form: ``tsv``: a column a language; ``jsonl``: one object a bead with 0-based segment
            numbers and text by language; ``tmx``: one unit a bead, with the languages it has.
    """
    writers: dict[str, Callable[[Alignment], str]] = {
        "tsv": _tsv, "jsonl": _jsonl, "tmx": _tmx
    }  # fmt: skip
    return writers[form](alignment)


def write(alignment: Alignment, path: str | Path) -> None:
    """Write an alignment to a file of the format its suffix names, whole or not at all.

    Raises:
        AlignmentError: For a suffix that names no format.
        FileError: If the file cannot be written.
    """
    files.write_text(path, render(alignment, form_of(path)))


def unwritable(alignment: Alignment) -> int:
    """Return how many characters XML cannot hold; a TMX file has U+FFFD in their place."""
    return sum(
        len(_ILLEGAL.findall(segment.text))
        for dispatch in alignment.dispatches
        for segment in dispatch.segments
    )


def read(path: str | Path, note: Callable[[str], None] | None = None) -> list[AlignedRow]:
    """Read an aligned file by its suffix.

    Args:
        path: The file.
        note: Is told, a line each, what of the file was left out: other languages, a second
            text of one language.

    Raises:
        AlignmentError: If it is no such file; the message names the line.
        FileError: If it cannot be read.
    """
    form = form_of(path)
    text = files.read_text(path).text
    left_out: Counter[str] = Counter()
    rows = parse(text, form, str(path), left_out)
    if note:
        for what, times in left_out.items():
            note(f"{path}: left out: {what}" + (f" ({times} times)" if times > 1 else ""))
    if not rows:
        raise AlignmentError(f"{path}: no aligned text in it; make one with tongwen align")
    return rows


def parse(text: str, form: str, path: str, left_out: Counter[str]) -> list[AlignedRow]:
    """Read the text of an aligned file, or a part of one that has its header in front.

    ``form`` is as `form_of` gives it, ``path`` is for messages; ``left_out`` counts what of the
    file was left out.
    """
    reader = {"tsv": _read_tsv, "jsonl": _read_jsonl, "tmx": _read_tmx}[form]
    return reader(text, path, left_out)


def form_of(path: str | Path) -> str:
    """Return the format a file's suffix names.

    Raises:
        AlignmentError: For any other suffix.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        raise AlignmentError(
            f"{path}: an aligned file ends in {', '.join(SUFFIXES)}; rename it or convert it"
        )
    return SUFFIXES[suffix]


def language(tag: str) -> str | None:
    """Return zh, ru or en for a language tag of any make (zh-Hans, ZH_cn, rus, English)."""
    stem = re.split(r"[-_]", tag.strip().lower())[0]
    stem = _ALIASES.get(stem, stem)
    return stem if stem in LANGS else None


# Writing -----------------------------------------------------------------------------------------


def _tsv(alignment: Alignment) -> str:
    lines = ["\t".join(alignment.langs)]
    for bead in alignment.beads:
        texts = alignment.texts(bead)
        lines.append("\t".join(_cell(texts[lang]) for lang in alignment.langs))
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return "".join(_ESCAPES.get(char, char) for char in text)


def _jsonl(alignment: Alignment) -> str:
    lines = []
    for bead in alignment.beads:
        record: dict[str, Any] = {lang: list(bead.side(lang)) for lang in alignment.langs}
        if bead.confidence is not None:
            record["confidence"] = round(bead.confidence, 4)
        if bead.moved is not None:
            record["moved"] = bead.moved
        record["text"] = alignment.texts(bead)
        lines.append(_json(record))
    return "\n".join(lines) + "\n" if lines else ""


def _json(record: dict[str, Any]) -> str:
    line = json.dumps(record, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:  # half a surrogate pair: only as an escape
        return json.dumps(record)
    # Some readers take these for line ends.
    return _LINE_ENDS.sub(lambda match: f"\\u{ord(match[0]):04x}", line)


def _tmx(alignment: Alignment) -> str:
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<tmx version="1.4">',
        f'  <header creationtool="tongwen" creationtoolversion="{__version__}" segtype="sentence"'
        ' o-tmf="tongwen" adminlang="en-US" srclang="*all*" datatype="plaintext"/>',
        "  <body>",
    ]
    for number, bead in enumerate(alignment.beads, 1):
        texts = {lang: text for lang, text in alignment.texts(bead).items() if text}
        if not texts:  # empty lines only: a unit needs a text
            continue
        lines.append(f'    <tu tuid="{number}">')
        for lang, text in texts.items():
            body = escape(_ILLEGAL.sub("\ufffd", text), {"\r": "&#13;"})
            lines.append(f'      <tuv xml:lang="{_TAGS[lang]}"><seg>{body}</seg></tuv>')
        lines.append("    </tu>")
    return "\n".join([*lines, "  </body>", "</tmx>"]) + "\n"


# Reading -----------------------------------------------------------------------------------------


def _read_tsv(text: str, path: str, left_out: Counter[str]) -> list[AlignedRow]:
    lines = _NEWLINE.split(text)
    while lines and not lines[-1]:
        lines.pop()
    table = [line.split("\t") for line in lines]
    if not table:
        return []
    headed, columns = _columns(table, path)
    width = len(table[0])
    left_out.update(
        f"column {table[0][at]}" for at in range(width) if headed and at not in columns
    )
    rows = []
    for number, cells in enumerate(table[headed:], 1 + headed):
        if len(cells) > width:
            raise AlignmentError(
                f"{path}:{number}: {len(cells)} cells where the first line has {width};"
                " a tab inside a text is written \\t"
            )
        cells += [""] * (width - len(cells))
        texts = {lang: _ESCAPED.sub(_unescape, cells[at]) for at, lang in columns.items()}
        if any(texts.values()):
            rows.append(AlignedRow(texts, number))
    return rows


def _unescape(match: re.Match[str]) -> str:
    return {"\\": "\\", "t": "\t", "n": "\n", "r": "\r"}[match[1]]


def _columns(table: list[list[str]], path: str) -> tuple[bool, dict[int, str]]:
    """Return whether the first line is a header, and the language by column."""
    named = {at: lang for at, cell in enumerate(table[0]) if (lang := language(cell))}
    if len(named) > 1:
        if len(set(named.values())) < len(named):
            raise AlignmentError(f"{path}:1: two columns of one language; rename one of them")
        return True, named
    if named:  # a header still: read as text it would be a bead of its own
        raise AlignmentError(
            f"{path}:1: the first line names {' '.join(named.values())} only; name the other"
            " language's column too, or begin the file with a line like: zh<TAB>ru<TAB>en"
        )
    sample = table[:200]
    found: dict[int, str] = {}
    for at in range(len(table[0])):
        lang = languages.detect("\n".join(row[at] for row in sample if at < len(row)))
        if lang and lang not in found.values():
            found[at] = lang
    if len(found) < 2:
        raise AlignmentError(
            f"{path}:1: the first line does not name two languages; begin the file with a line"
            " like: zh<TAB>ru<TAB>en"
        )
    return False, found


def _read_jsonl(text: str, path: str, left_out: Counter[str]) -> list[AlignedRow]:
    rows = []
    for number, line in enumerate(_NEWLINE.split(text), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            # Of a number too long or lists too deep Python only says how to lift its own limits.
            reason = error.msg if isinstance(error, json.JSONDecodeError) else "too long or deep"
            raise AlignmentError(f"{path}:{number}: not a line of JSON ({reason})") from None
        source = record.get("text", record) if isinstance(record, dict) else None
        texts = {}
        if isinstance(source, dict):
            texts = {
                k: _HALVES.sub("\ufffd", v)
                for k, v in source.items()
                if k in LANGS and isinstance(v, str)
            }
            if source is not record:
                left_out.update(f"language {k}" for k in source if k not in LANGS)
        if not texts:
            raise AlignmentError(
                f'{path}:{number}: no text in it; a bead looks like {{"text": {{"zh": "…",'
                ' "en": "…"}}'
            )
        segments = {
            lang: tuple(record[lang])
            for lang in texts
            if isinstance(record.get(lang), list)
            and all(type(n) is int and n >= 0 for n in record[lang])
        }
        rows.append(AlignedRow(texts, number, segments))
    return rows


def _read_tmx(text: str, path: str, left_out: Counter[str]) -> list[AlignedRow]:
    from lxml import etree

    root = markup.parse(text, path, "tmx", "a TMX file", AlignmentError)
    rows = []
    for unit in root.iter("{*}tu"):
        texts: dict[str, str] = {}
        for variant in unit.iter("{*}tuv"):
            tag = variant.get("{http://www.w3.org/XML/1998/namespace}lang") or variant.get("lang")
            lang = language(tag or "")
            segment = variant.find("{*}seg")
            if segment is None:
                left_out["a variant without <seg>"] += 1
            elif lang is None:
                left_out[f"language {tag}" if tag else "a variant without a language"] += 1
            elif lang in texts:
                left_out[f"a second {lang} text of one unit"] += 1
            elif next(segment.iter(etree.Entity), None) is not None:
                raise AlignmentError(
                    f"{path}:{segment.sourceline}: an entity of which only the name is known; "
                    "write the text itself"
                )
            else:
                texts[lang] = _seg_text(segment)
        if texts:
            rows.append(AlignedRow(texts, unit.sourceline or 1))
    return rows


def _seg_text(element: Any) -> str:
    """Return the text of a segment: inline codes fall away, what stands around them stays."""
    pieces = [element.text or ""]
    for child in element:
        name = child.tag.rsplit("}", 1)[-1] if isinstance(child.tag, str) else ""
        if name and name not in _CODES:
            pieces.append(_seg_text(child))
        pieces.append(child.tail or "")
    return "".join(pieces)
