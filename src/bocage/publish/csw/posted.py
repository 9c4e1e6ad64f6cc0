"""Requests in XML, sent by POST → the parameters of those in an address, and the filter, which stays a tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bocage.publish.csw.names import CSW
from bocage.publish.ows.errors import OwsError
from bocage.publish.ows.posted import Posted, document_of
from bocage.publish.ows.xml import Node, read

if TYPE_CHECKING:
    from django.http import HttpRequest

ATTRIBUTES = (
    "service", "version", "resultType", "outputFormat", "outputSchema", "startPosition", "maxRecords", "requestId",
    "schemaLanguage",
)  # fmt: skip


def posted(request: HttpRequest) -> Posted:
    """Raises OwsError."""
    return _read(document_of(request, "NoApplicableCode"))


def filter_in(text: str) -> Node:
    """A filter that came in an address. Raises OwsError."""
    return read(text.encode())


def _read(root: Node) -> Posted:
    if root.namespace not in (CSW, ""):
        told = _("Version 2.0.2 is the one that is offered.")
        raise OwsError("InvalidParameterValue", told, locator="version")
    given = {name.lower(): root.attributes[name].strip() for name in ATTRIBUTES if name in root.attributes}
    given["request"] = root.name
    parts = {
        "typename": _joined(root, "TypeName"), "parametername": root.value("ParameterName"),
        "propertyname": root.value("PropertyName"), "id": _joined(root, "Id"), "elementsetname": root.value("ElementSetName"),
        "acceptversions": _joined(root.child("AcceptVersions"), "Version"), "sections": _joined(root.child("Sections"), "Section"),
    }  # fmt: skip
    given |= {name: value for name, value in parts.items() if value}
    query = root.child("Query")
    return _queried(query, given) if query is not None else Posted(given)


def _joined(node: Node | None, name: str) -> str:
    return ",".join(one.text.strip() for one in node.each(name)) if node else ""


def _queried(query: Node, given: dict[str, str]) -> Posted:
    given["typenames"] = query.attributes.get("typeNames", "").strip().replace(" ", ",")
    if name := query.value("ElementSetName"):
        given["elementsetname"] = name
    sort = query.child("SortBy")
    if sort is not None:
        keys = [(one.value("PropertyName"), one.value("SortOrder")) for one in sort.each("SortProperty")]
        given["sortby"] = ",".join(f"{key}:{'D' if order.upper().startswith('D') else 'A'}" for key, order in keys)
    constraint = query.child("Constraint")
    if constraint is None:
        return Posted(given)
    if text := constraint.value("CqlText"):
        return Posted(given | {"constraintlanguage": "CQL_TEXT", "constraint": text})
    return Posted(given, constraint.child("Filter"))
