"""TMX 1.1 to 1.4b in, 1.4b out, a unit at a time: a file may be larger than memory.

Level 1: inline codes fall away, the text around them stays. Any encoding that XML knows, among
them UTF-16; ``lang`` as well as ``xml:lang``; two languages or more. A file that defines entities
of its own is refused before they can grow.
"""

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from toolkit import __version__, files
from toolkit.align.formats import language
from toolkit.errors import FileError
from toolkit.translate.tm.store import Unit

_CODES = frozenset(("bpt", "ept", "ph", "it", "ut"))
_TAGS = {"zh": "zh-CN", "ru": "ru-RU", "en": "en-US"}
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# What XML 1.0 cannot hold, not even as a reference.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T|$)")
_PROLOG = 65_536


def read(path: str | Path, left_out: Counter[str]) -> Iterator[Unit]:
    """Yield the units of a file as they come.

    Args:
        left_out: Counts, by reason, what is no text of ours: other languages, empty variants.

    Raises:
        FileError: If it is missing, no TMX, or breaks off; units before the break were yielded.
    """
    from lxml import etree

    name = files.display(path)
    if not Path(path).is_file():
        raise FileError(f"{name}: there is no such file; check the spelling")
    with open(path, "rb") as stream:
        _refuse_entities(stream.read(_PROLOG), name)
        stream.seek(0)
        events = etree.iterparse(
            stream, events=("start", "end"), resolve_entities=False, no_network=True,
            load_dtd=False, huge_tree=False,
        )  # fmt: skip
        root = None
        try:
            for event, element in events:
                local = _local(element)
                if root is None:
                    root = element
                    if local != "tmx":
                        raise FileError(f"{name}:1: not a TMX file: it begins with <{local}>")
                if event == "start" or local != "tu":
                    continue
                unit = _unit(element, Path(path).name, left_out)
                if unit is not None:
                    yield unit
                # What is behind us is let go, so that memory stays flat.
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
        except etree.XMLSyntaxError as error:
            raise FileError(
                f"{name}:{error.lineno}: not a whole TMX file: {error.msg}; units before this line"
                " were read"
            ) from None
        if root is None:
            raise FileError(f"{name}: the file is empty; name a TMX file")


def _refuse_entities(head: bytes, name: str) -> None:
    for encoding in ("ascii", "utf-16-le", "utf-16-be"):
        at = head.find("<!ENTITY".encode(encoding))
        if at >= 0:
            line = head[:at].count("\n".encode(encoding)) + 1
            raise FileError(
                f"{name}:{line}: it defines entities of its own, which are not read; save it"
                " without"
            )


def _local(element: Any) -> str:
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def _unit(element: Any, origin: str, left_out: Counter[str]) -> Unit | None:
    texts: dict[str, str] = {}
    for variant in element.iter("{*}tuv"):
        tag = variant.get(_LANG) or variant.get("lang") or ""
        lang = language(tag)
        segment = variant.find("{*}seg")
        if segment is None:
            left_out["a variant without <seg>"] += 1
        elif lang is None:
            left_out[f"language {tag}" if tag else "a variant without a language"] += 1
        elif lang in texts:
            left_out[f"a second {lang} text of one unit"] += 1
        else:
            text = " ".join(_text(segment).split())
            if text:
                texts[lang] = text
    if not texts:
        left_out["a unit without any text of ours"] += 1
        return None
    changed = element.get("changedate") or element.get("creationdate") or ""
    date = _DATE.match(changed)
    return Unit(
        texts,
        origin,
        element.get("tuid") or f"line {element.sourceline}",
        f"{date[1]}-{date[2]}-{date[3]}" if date else "",
        element.get("changeid") or element.get("creationid") or "",
    )


def _text(element: Any) -> str:
    pieces = [element.text or ""]
    for child in element:
        name = _local(child)
        if name and name not in _CODES:
            pieces.append(_text(child))
        pieces.append(child.tail or "")
    return "".join(pieces)


def write(units: Iterable[Unit], path: str | Path) -> int:
    """Write units as TMX 1.4b in one step; return how many."""
    written = 0

    def chunks() -> Iterator[bytes]:
        nonlocal written
        yield (
            '<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n'
            f'<header creationtool="tongwen" creationtoolversion="{__version__}"'
            ' segtype="sentence" o-tmf="tongwen" adminlang="en-US" srclang="*all*"'
            ' datatype="plaintext"/>\n<body>\n'
        ).encode()
        for unit in units:
            written += 1
            yield _written(unit).encode("utf-8")
        yield b"</body>\n</tmx>\n"

    files.write_chunks(path, chunks())
    return written


def _written(unit: Unit) -> str:
    marks = ""
    if unit.place and not unit.place.startswith("line "):
        marks += f" tuid={quoteattr(_legal(unit.place))}"
    if unit.changed:
        try:
            day = datetime.date.fromisoformat(unit.changed)
            marks += f' changedate="{day:%Y%m%d}T000000Z"'
        except ValueError:
            pass
    if unit.author:
        marks += f" changeid={quoteattr(_legal(unit.author))}"
    prop = (
        f'<prop type="origin">{escape(_legal(unit.origin))}</prop>' if unit.origin else ""
    )
    variants = "".join(
        f'<tuv xml:lang="{_TAGS[lang]}"><seg>{escape(_legal(text))}</seg></tuv>'
        for lang, text in unit.texts.items()
    )
    return f"<tu{marks}>{prop}{variants}</tu>\n"


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", text)
