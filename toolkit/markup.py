"""XML of a text that is decoded already, from strangers: no entities, no network."""

import re
from typing import Any

from toolkit.errors import ToolkitError

_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")


def parse(text: str, path: str, root: str, kind: str, error: type[ToolkitError]) -> Any:
    """Return the root element of a text.

    Args:
        path: Named in messages.
        root: The name, without namespace, that the root element must have.
        kind: What the file should be, for messages: "a TMX file".
        error: What to raise.

    Raises:
        error: If the text is not well formed, defines entities, or has another root.
    """
    from lxml import etree

    entity = text.find("<!ENTITY")
    if entity >= 0:  # before any parsing: a few of them can fill the memory
        line = text.count("\n", 0, entity) + 1
        raise error(
            f"{path}:{line}: it defines entities of its own, which are not read; save it without"
        )
    # What the text says of its encoding need not be true any more. Line numbers stay those of
    # the file: the declaration gives way to its own line ends.
    found = _DECLARATION.match(text)
    if found:
        text = "\n" * found[0].count("\n") + text[found.end() :]
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        top = etree.fromstring(text.lstrip("\ufeff").encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as problem:
        raise error(f"{path}:{problem.lineno}: not {kind}: {problem.msg}") from None
    if etree.QName(top).localname != root:
        raise error(f"{path}:1: not {kind}: it begins with <{top.tag}>")
    return top
