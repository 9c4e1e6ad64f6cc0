"""Filters of OGC Filter 1.1 on Dublin Core or ISO names → the same filter on our fields, which the reader of WFS then reads.

A pattern is looked for whatever the case of its letters, as people write in the field of a search; `matchCase="true"` says
otherwise. AnyText is also found whatever its accents."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bocage.publish.csw.names import AS_TEXT, field_of
from bocage.publish.ows.errors import OwsError
from bocage.publish.ows.xml import Node
from bocage.publish.wfs.filters import Filtering, filter_predicate
from bocage.query.coordinates import WGS84
from bocage.query.odsql.scope import DEEPEST
from bocage.query.words import normalised

if TYPE_CHECKING:
    from bocage.query.odsql.scope import Scope
    from bocage.query.plan import Predicate

ANYTEXT = "anytext"
LIKE, EQUAL = "PropertyIsLike", "PropertyIsEqualTo"


def condition_of(root: Node, scope: Scope) -> Predicate:
    """`root`: the element Filter. Without a reference system, a box is in latitude then longitude, as its default in the register
    is. Raises OwsError, the errors of the language."""
    return filter_predicate(_translated(root, 1), Filtering(scope, "", WGS84))


def _translated(node: Node, depth: int) -> Node:
    if depth > DEEPEST:
        told = _("The filter cannot be read: %(reason)s.") % {"reason": _("it has too many elements")}
        raise OwsError("InvalidParameterValue", told, locator="constraint")
    if node.name in ("PropertyName", "ValueReference"):
        return replace(node, text=field_of(node.text))
    made = replace(node, children=[_translated(one, depth + 1) for one in node.children])
    if node.name in (LIKE, EQUAL):
        return _of_text(made)
    return made


def _of_text(node: Node) -> Node:
    """A comparison of texts, once its property is one of ours."""
    field = node.value("PropertyName") or node.value("ValueReference")
    if field == ANYTEXT:
        return _anywhere(node)
    if node.name != LIKE:
        return node
    named = replace(node.children[0], text=AS_TEXT.get(field, field)) if node.children else None
    attributes = {"matchCase": "false"} | node.attributes
    return replace(node, attributes=attributes, children=[named, *node.children[1:]] if named else [])


def _anywhere(node: Node) -> Node:
    """Words, anywhere in what is said: the marks of a pattern at its ends add nothing, those within stay."""
    told = node.attributes
    wild, single = (told.get(name, default)[:1] for name, default in (("wildCard", "%"), ("singleChar", "_")))
    escape = (told.get("escapeChar") or told.get("escape") or "\\")[:1]
    text = node.value("Literal")
    if node.name == LIKE:
        text = text.strip(wild) if wild else text
    pattern = _pattern(text, wild if node.name == LIKE else "", single if node.name == LIKE else "", escape)
    literal = Node("Literal", "", {}, text=f"%{pattern}%")
    marks = {"wildCard": "%", "singleChar": "_", "escapeChar": "\\", "matchCase": "true"}
    return Node(LIKE, node.namespace, marks, [Node("PropertyName", "", {}, text=ANYTEXT), literal])


def _pattern(text: str, wild: str, single: str, escape: str) -> str:
    """As anytext is written, with the marks of SQL."""
    written, escaped = [], False
    for letter in written_plainly(text):
        if not escaped and letter == escape:
            escaped = True
            continue
        if not escaped and letter and letter in (wild, single):
            written.append("%" if letter == wild else "_")
        else:
            written.append(f"\\{letter}" if letter in "%_\\" else letter)
        escaped = False
    return "".join(written)


def written_plainly(text: str) -> str:
    """As words are kept in anytext."""
    return " ".join(normalised(text).split())
