"""XML as the older services speak it: written from trees, read without anything that a document could make grow.

What is read declares no document type, hence no entity; its size, its depth and its elements are bounded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from xml.parsers import expat

from django.http import HttpResponse
from django.utils.translation import gettext as _

from bocage.kernel.xml import writable
from bocage.publish.ows.errors import OwsError

if TYPE_CHECKING:
    from collections.abc import Mapping

Element = ET.Element
LONGEST = 1_000_000
"""Bytes of a document that is sent to us."""
DEEPEST, MOST_ELEMENTS = 60, 20_000


def element(tag: str, /, *children: Element | str | None, **attributes: str) -> Element:
    """`tag`: with its prefix. Attributes are written with `__` for a colon."""
    made = ET.Element(tag, {key.replace("__", ":"): writable(value) for key, value in attributes.items()})
    for child in children:
        if isinstance(child, str):
            made.text = (made.text or "") + writable(child)
        elif child is not None:
            made.append(child)
    return made


def texts(tag: str, values: Iterable[str]) -> list[Element]:
    return [element(tag, value) for value in values]


def declared(root: Element, namespaces: Mapping[str, str]) -> Element:
    """With its prefixes."""
    for prefix, uri in namespaces.items():
        root.set(f"xmlns:{prefix}" if prefix else "xmlns", uri)
    return root


def written(root: Element) -> bytes:
    content: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + content


def document(root: Element, media_type: str = "application/xml", status: int = 200) -> HttpResponse:
    return HttpResponse(written(root), status=status, content_type=f"{media_type}; charset=utf-8")


@dataclass
class Node:
    """An element that was read. `name`: without its prefix; `attributes`: the same."""

    name: str
    namespace: str
    attributes: dict[str, str]
    children: list[Node] = field(default_factory=list)
    text: str = ""

    def child(self, *names: str) -> Node | None:
        return next((one for one in self.children if one.name in names), None)

    def each(self, *names: str) -> list[Node]:
        return [one for one in self.children if one.name in names]

    def value(self, name: str) -> str:
        found = self.child(name)
        return found.text.strip() if found else ""


def read(content: bytes) -> Node:
    """The root of a document. Raises OwsError."""
    if len(content) > LONGEST:
        raise _unreadable(_("it is longer than %(most)s bytes") % {"most": LONGEST})
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.EntityDeclHandler = _refuse_doctype
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError, UnicodeError) as error:
        raise _unreadable(str(error)[:200]) from None
    return reader.root


def _refuse_doctype(*_declared: object) -> None:
    raise _unreadable(_("a document type is not accepted"))


def _unreadable(reason: str) -> OwsError:
    sentence = _("The document cannot be read: %(reason)s.")
    return OwsError("OperationParsingFailed", sentence % {"reason": reason})


class _Reader:
    """Events → nodes."""

    def __init__(self) -> None:
        self.root = Node("", "", {})
        self._open: list[Node] = []
        self._count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) >= DEEPEST or self._count > MOST_ELEMENTS:
            raise _unreadable(_("it has too many elements"))
        namespace, _space, name = tag.rpartition(" ")
        node = Node(name, namespace, {key.rpartition(" ")[2]: value for key, value in attributes.items()})
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node
        self._open.append(node)

    def end(self, _tag: str) -> None:
        self._open.pop()

    def data(self, text: str) -> None:
        self._open[-1].text += text
