"""XML that somebody sends, as a tree: without a document type, hence without entities of its own, and never from elsewhere."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any, NoReturn
from xml.parsers import expat

MOST_ELEMENTS = 20_000
DEEPEST = 40


class XmlRefused(ValueError):
    """Not XML, or XML that asks for more than to be read."""


def read_xml(content: bytes) -> ET.Element:
    """The root; tags and attributes are `{namespace}name` or `name`. Raises XmlRefused."""
    builder, parser = ET.TreeBuilder(), expat.ParserCreate(namespace_separator="}")
    count = depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal count, depth
        count, depth = count + 1, depth + 1
        if count > MOST_ELEMENTS or depth > DEEPEST:
            raise XmlRefused("too many elements")
        builder.start(_name(tag), {_name(name): value for name, value in attributes.items()})

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_name(tag))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = parser.ExternalEntityRefHandler = _refused
    parser.buffer_text = True
    try:
        parser.Parse(content, True)
        return builder.close()
    except (expat.ExpatError, AssertionError, LookupError, ValueError) as error:
        raise XmlRefused(str(error)) from error


def _refused(*_declared: Any) -> NoReturn:
    raise XmlRefused("a document type is declared")


def _name(tag: str) -> str:
    return f"{{{tag}" if "}" in tag else tag


def local(element: ET.Element) -> str:
    """The name of an element, whatever its namespace."""
    return element.tag.rpartition("}")[2]


def children(element: ET.Element, *names: str) -> list[ET.Element]:
    """Those of these names, all of them without a name."""
    return [one for one in element if not names or local(one) in names]


def child(element: ET.Element | None, *path: str) -> ET.Element | None:
    """The first one, name after name; None when one of them is not there."""
    for name in path:
        if element is None:
            return None
        element = next(iter(children(element, name)), None)
    return element


def text_in(element: ET.Element | None) -> str:
    """All the text in an element: a value may be written bare, or in a `Literal`."""
    return "" if element is None else "".join(element.itertext()).strip()
