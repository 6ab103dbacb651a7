"""XML from strangers: no entities, no network, no document type of its own, bounded depth."""

import codecs
import re
from typing import Any

from lxml import etree

from toolkit import files
from toolkit.errors import FileError, GlossaryError

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_DECLARATION = re.compile(r"\s*<\?xml\b[^>]{0,400}\?>")
_ENCODING = re.compile(rb"""<\?xml[^>]{0,300}\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
# What XML 1.0 cannot hold, not even as a reference.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def parse(data: bytes, name: str) -> Any:
    """Return the root element of a file.

    Raises:
        GlossaryError: If it is not well formed, or defines entities; with line and column.
        FileError: If its bytes are no text.
    """
    text = _decode(data, name)
    for mark, what in (("<!ENTITY", "entities"), ("<!ATTLIST", "attributes"),
                       ("<!ELEMENT", "elements")):  # fmt: skip
        at = text.find(mark)
        if at >= 0:  # before any parsing: a few of them can fill the memory
            raise GlossaryError(
                f"{name}:{_line(text, at)}: the file defines {what} of its own, which are not "
                "read; save it without"
            )
    found = _DECLARATION.match(text)
    if found:
        # The text is decoded already; what the declaration says need not be true any more.
        text = "\n" * found[0].count("\n") + text[found.end() :]
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(text.encode("utf-8", "surrogatepass"), parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise GlossaryError(
            f"{name}:{line}:{column}: not well-formed XML: {error.msg}; mend that place or save "
            "the file again"
        ) from None
    except (ValueError, UnicodeEncodeError) as error:
        raise GlossaryError(f"{name}: not well-formed XML: {error}") from None
    entity = next(root.iter(etree.Entity), None)
    if entity is not None:
        raise GlossaryError(
            f"{name}:{getattr(entity, 'sourceline', 1) or 1}: the entity {entity.text} is not "
            "defined; write the character itself"
        )
    return root


def _decode(data: bytes, name: str) -> str:
    found = _ENCODING.match(data.lstrip()[:400])
    if found and b"\0" not in data[:400] and not data.startswith(codecs.BOM_UTF8):
        declared = found[1].decode("ascii").lower()
        if not declared.startswith(("utf-16", "utf16", "ucs", "utf-32")):
            try:
                return data.decode(declared)
            except LookupError:
                raise FileError(
                    f"{name}:1: unknown encoding {declared!r}; save the file as UTF-8"
                ) from None
            except UnicodeDecodeError:
                pass  # the declaration is wrong: the bytes themselves decide
    return files.decode(data, name)[0].lstrip("\ufeff")


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def local(element: Any) -> str:
    """Return the name of an element without its namespace; "" for what is no element."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def text_of(element: Any) -> str:
    """Return all text inside an element, white space between words made one space."""
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


def writable(text: str) -> str:
    """Return a text as XML can hold it, U+FFFD for what it cannot."""
    return ILLEGAL.sub("\ufffd", text)
