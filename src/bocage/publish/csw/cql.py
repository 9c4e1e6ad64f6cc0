"""CQL text (the common catalogue language, CQL_TEXT): read by the grammar of CQL2, of which it is nearly a part, then brought to
our fields. Its BBOX, and its relations between geometries without the prefix of CQL2, are rewritten first."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

from bocage.publish.csw.filters import ANYTEXT, written_plainly
from bocage.publish.csw.names import AS_TEXT, field_of
from bocage.query.coordinates import WGS84
from bocage.query.cql2 import nodes
from bocage.query.cql2.bounds import LONGEST
from bocage.query.cql2.conditions import condition
from bocage.query.cql2.parse import parse_text
from bocage.query.cql2.reading import Reading

if TYPE_CHECKING:
    from bocage.query.odsql.scope import Scope
    from bocage.query.plan import Predicate

_TEXT = r"'(?:''|[^'])*'"
_BOX = rf"\bBBOX\s*\(\s*(?P<name>[\w:./]+)\s*,(?P<numbers>[-+\d.eE,\s]+?)(?:,\s*{_TEXT}\s*)?\)"
_RELATION = r"\b(?P<relation>INTERSECTS|EQUALS|DISJOINT|TOUCHES|WITHIN|OVERLAPS|CROSSES|CONTAINS)\s*(?=\()"
_REWRITTEN = re.compile(rf"(?P<text>{_TEXT})|{_BOX}|{_RELATION}", re.IGNORECASE)


def condition_of(text: str, scope: Scope) -> Predicate:
    """Raises OwsError, Cql2SyntaxError, TooComplex and the errors of the language."""
    written = text if len(text) > LONGEST else _REWRITTEN.sub(_rewritten, text)
    node = parse_text(written)
    return condition(_translated(node), Reading(scope.in_clause("constraint"), WGS84))


def _rewritten(found: re.Match[str]) -> str:
    if found["text"]:
        return found["text"]
    if found["relation"]:
        return f"S_{found['relation'].upper()}"
    return f"S_INTERSECTS({found['name']}, BBOX({found['numbers']}))"


def _translated(node: nodes.Node) -> nodes.Node:
    """The parser has bounded how deep it is."""
    if isinstance(node, nodes.Property):
        return dataclasses.replace(node, name=field_of(node.name))
    if isinstance(node, nodes.Operation):
        made = dataclasses.replace(node, arguments=tuple(_translated(one) for one in node.arguments))
        return _of_text(made) if made.name in ("like", "=") else made
    if isinstance(node, nodes.Array):
        return dataclasses.replace(node, items=tuple(_translated(one) for one in node.items))
    if isinstance(node, nodes.Interval):
        return dataclasses.replace(node, first=_translated(node.first), last=_translated(node.last))
    if isinstance(node, nodes.Function):
        return dataclasses.replace(node, arguments=tuple(_translated(one) for one in node.arguments))
    return node


def _of_text(node: nodes.Operation) -> nodes.Node:
    left, right = node.arguments
    if not isinstance(left, nodes.Property) or not isinstance(right, nodes.Text):
        return node
    if left.name == ANYTEXT:
        pattern = nodes.Text(f"%{written_plainly(right.value).strip('%')}%")
        return nodes.Operation("like", (left, pattern))
    if node.name != "like":
        return node
    named = nodes.Property(AS_TEXT.get(left.name, left.name))
    return nodes.Operation("like", (_folded(named), _folded(right)))


def _folded(node: nodes.Node) -> nodes.Node:
    """Whatever the case."""
    return nodes.Operation("casei", (node,))
