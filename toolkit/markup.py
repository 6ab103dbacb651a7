"""XML of a text that is decoded already, from strangers: no entities, no network."""

import re
from collections.abc import Callable, Collection
from typing import Any

from toolkit.errors import ToolkitError

_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")


def parse(text: str, path: str, root: str | None, kind: str, error: type[ToolkitError]) -> Any:
    """Return the root element of a text.

    Args:
        path: Named in messages.
        root: The name, without namespace, that the root element must have; None: any.
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
    if root is not None and etree.QName(top).localname != root:
        raise error(f"{path}:1: not {kind}: it begins with <{top.tag}>")
    return top


def text_of(
    element: Any,
    path: str,
    error: type[ToolkitError],
    codes: Collection[str],
    character: Callable[[Any], str] = lambda code: "",
) -> str:
    """Return the text that a reader sees of an element.

    Args:
        codes: Names of elements that are markup of another format: they fall away, what stands
            around them stays.
        character: What a code, or an element ``cp``, stands for in the text.

    Raises:
        error: If the text holds an entity, of which only the name is known.
    """
    from lxml import etree

    pieces: list[str] = []
    stack = [element.text, *element][::-1]
    while stack:  # not by recursion: a stranger's elements may be nested deeply
        node = stack.pop()
        if node is None or isinstance(node, str):
            pieces.append(node or "")
        elif node.tag is etree.Entity:
            raise error(
                f"{path}:{element.sourceline}: an entity of which only the name is known; "
                "write the text itself"
            )
        elif not isinstance(node.tag, str):  # a comment
            pieces.append(node.tail or "")
        elif (name := etree.QName(node).localname) in codes or name == "cp":
            pieces += character(node), node.tail or ""
        else:
            stack += [node.text, *node, node.tail][::-1]
    return "".join(pieces)
