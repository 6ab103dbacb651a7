"""Aligned files: written from an alignment, read as rows of text.

TSV has a header of language codes and one bead a line. A tab, line end or backslash inside a
segment is written ``\\t``, ``\\n``, ``\\r``, ``\\\\`` and read back. Cells are text: tell a
spreadsheet so when opening the file, or it takes a cell that begins with ``=`` for a formula.
JSON lines and TMX 1.4b are here too, XLIFF in ``xliff``, links between numbers in ``links``.
"""

import json
import re
from collections import Counter
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from toolkit import __version__, files, languages, markup
from toolkit.align import links, xliff
from toolkit.align.beads import Alignment, Selection
from toolkit.align.rows import ILLEGAL, TAGS, AlignedRow, language
from toolkit.errors import AlignmentError
from toolkit.languages import LANGS

SUFFIXES = {
    ".tsv": "tsv", ".jsonl": "jsonl", ".tmx": "tmx", ".xlf": "xliff", ".xliff": "xliff",
    ".xml": "standoff", ".ladder": "ladder", ".vecalign": "vecalign",
}  # fmt: skip
PAIRED = ("xliff", "xliff2", "ladder", "vecalign")  # hold two languages
_HALVES = re.compile("[\ud800-\udfff]")  # of a surrogate pair: JSON can hold one, a file cannot
_LINE_ENDS = re.compile("[\x85\u2028\u2029]")
_NEWLINE = re.compile("\r\n|\n|\r")  # no other mark ends a line; inside a text they are escaped
_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_ESCAPED = re.compile(r"\\([\\tnr])")
_CODES = frozenset(("bpt", "ept", "ph", "it", "ut"))  # TMX: markup of the original, not text


def render(alignment: Alignment, form: str, folder: Path | None = None) -> str:
    """Write an alignment in one of the formats; the same bytes every time.

    Args:
        form: ``tsv``: a column a language; ``jsonl``: one object a bead with 0-based segment
            numbers and text by language; ``tmx``: one unit a bead, with the languages it has;
            ``standoff``: links, a group a pair. Of two languages only: ``xliff`` (1.2),
            ``xliff2`` (2.1), ``ladder``, ``vecalign``; for three see ``documents``.
        folder: Where a standoff file will lie; it names the texts from there.

    Raises:
        AlignmentError: For three languages where the format holds two, and for a ladder that
            does not have all beads.
    """
    if form in PAIRED:
        pairs = _pairs(alignment)
        if len(pairs) > 1:
            raise AlignmentError(
                f"a file of the format {form} holds two languages, not three; name an output file"
                " (-o), and one is written for each pair"
            )
        return _paired(*pairs[0][1:], form)
    writers: dict[str, Callable[[], str]] = {
        "tsv": lambda: _tsv(alignment),
        "jsonl": lambda: _jsonl(alignment),
        "tmx": lambda: _tmx(alignment),
        "standoff": lambda: links.standoff(alignment, folder),
    }
    return writers[form]()


def documents(alignment: Alignment, form: str, path: str | Path) -> dict[Path, str]:
    """Return the files that an alignment is written to, and their text.

    It is one, or, where a format holds two languages and there are three, one for each pair:
    ``x.zh-ru.xlf``, ``x.zh-en.xlf``, ``x.ru-en.xlf`` for ``x.xlf``.
    """
    path = Path(path)
    pairs = _pairs(alignment) if form in PAIRED else []
    if len(pairs) < 2:
        return {path: render(alignment, form, path.parent)}
    return {
        path.with_name(f"{path.stem}.{name}{path.suffix}"): _paired(pair, numbers, form)
        for name, pair, numbers in pairs
    }


def write(alignment: Alignment, path: str | Path) -> list[Path]:
    """Write an alignment in the format that a suffix names; return the files, one as a rule.

    Raises:
        AlignmentError: For a suffix that names no format.
        FileError: If a file cannot be written.
    """
    made = documents(alignment, form_of(path), path)
    for each, text in made.items():
        files.write_text(each, text)
    return list(made)


def _pairs(alignment: Alignment) -> list[tuple[str, Alignment, list[int]]]:
    """Return each pair of languages: its name, its beads, and their numbers in the alignment."""
    made = []
    for one, other in combinations(alignment.dispatches, 2):
        numbers = [
            number
            for number, bead in enumerate(alignment.beads)
            if bead.side(one.lang) or bead.side(other.lang)
        ]
        beads = tuple(alignment.beads[number] for number in numbers)
        made.append((f"{one.lang}-{other.lang}", Selection((one, other), beads), numbers))
    return made


def _paired(alignment: Alignment, numbers: list[int], form: str) -> str:
    if form == "ladder":
        return links.ladder(alignment)
    if form == "vecalign":
        return links.vecalign(alignment)
    return xliff.render(alignment, numbers, "1.2" if form == "xliff" else "2.1")


def unwritable(alignment: Alignment) -> int:
    """Return how many characters XML cannot hold; a TMX file has U+FFFD in their place."""
    return sum(
        len(ILLEGAL.findall(segment.text))
        for dispatch in alignment.dispatches
        for segment in dispatch.segments
    )


def read(path: str | Path, note: Callable[[str], None] | None = None) -> list[AlignedRow]:
    """Read an aligned file by its suffix; an .xml file may be any of the XML formats.

    A standoff file names its texts, which are read too. Ladders and index pairs do not: see
    ``links.read_numbered``.

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
    tell(path, left_out, note)
    if not rows:
        raise AlignmentError(f"{path}: no aligned text in it; make one with tongwen align")
    return rows


def tell(
    path: str | Path, left_out: Counter[str], note: Callable[[str], None] | None
) -> None:
    """Tell, a line each, what of a file was left out."""
    for what, times in left_out.items() if note else ():
        note(f"{path}: left out: {what}" + (f" ({times} times)" if times > 1 else ""))


def parse(text: str, form: str, path: str, left_out: Counter[str]) -> list[AlignedRow]:
    """Read the text of an aligned file, or a part of one that has its header in front.

    ``form`` is as `form_of` gives it, ``path`` is for messages; ``left_out`` counts what of the
    file was left out.
    """
    readers: dict[str, Callable[[str, str, Counter[str]], list[AlignedRow]]] = {
        "tsv": _read_tsv, "jsonl": _read_jsonl, "tmx": _read_tmx, "xliff": xliff.read,
        "standoff": _read_xml,
    }  # fmt: skip
    if form not in readers:
        raise AlignmentError(
            f"{path}: holds numbers of segments only; bring it together with its texts first: "
            f"tongwen align convert {path} TEXT TEXT -o {Path(path).stem}.tsv"
        )
    return readers[form](text, path, left_out)


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
            body = escape(ILLEGAL.sub("\ufffd", text), {"\r": "&#13;"})
            lines.append(f'      <tuv xml:lang="{TAGS[lang]}"><seg>{body}</seg></tuv>')
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
        chance, moved = record.get("confidence"), record.get("moved")
        sure = isinstance(chance, int | float) and type(chance) is not bool and 0 <= chance <= 1
        rows.append(
            AlignedRow(
                texts,
                number,
                segments,
                float(chance) if sure else None,
                moved if type(moved) is int and moved >= 0 else None,
            )
        )
    return rows


def _read_xml(text: str, path: str, left_out: Counter[str]) -> list[AlignedRow]:
    root = markup.parse(text, path, None, "an XML file", AlignmentError)
    name = root.tag.rpartition("}")[2]
    if name == "tmx":
        return _units(root, path, left_out)
    if name == "xliff":
        return xliff.rows(root, path, left_out)
    if name == "cesAlign":
        linked = links.linked(root, path)
        left_out.update(linked.notes)
        return links.rows(linked)
    raise AlignmentError(
        f"{path}:1: begins with <{name}>; an aligned .xml file is TMX, XLIFF or cesAlign"
    )


def _read_tmx(text: str, path: str, left_out: Counter[str]) -> list[AlignedRow]:
    root = markup.parse(text, path, "tmx", "a TMX file", AlignmentError)
    return _units(root, path, left_out)


def _units(root: Any, path: str, left_out: Counter[str]) -> list[AlignedRow]:
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
            else:
                texts[lang] = markup.text_of(segment, path, AlignmentError, _CODES)
        if texts:
            rows.append(AlignedRow(texts, unit.sourceline or 1))
    return rows
