"""Requests in XML, sent by POST → the parameters of those in an address, and the filter, which stays a tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bocage.publish.ows.errors import OwsError
from bocage.publish.ows.posted import Posted, document_of
from bocage.publish.ows.xml import Node

if TYPE_CHECKING:
    from django.http import HttpRequest

NAMESPACE = "http://www.opengis.net/wfs/2.0"
ATTRIBUTES = ("service", "version", "count", "startIndex", "resultType", "outputFormat", "valueReference")


def posted(request: HttpRequest) -> Posted:
    """Raises OwsError."""
    root = document_of(request, "OperationParsingFailed")
    if root.namespace not in (NAMESPACE, ""):
        raise OwsError("VersionNegotiationFailed", _("Version 2.0.0 is the one that is offered."), locator="version")
    told = {name: root.attributes[name] for name in ATTRIBUTES if name in root.attributes}
    given = {"request": root.name, "service": "WFS"} | {name.lower(): value.strip() for name, value in told.items()}
    types = [one.text.strip() for one in root.each("TypeName")]
    if types:
        given["typenames"] = ",".join(types)
    sections = root.child("Sections")
    if sections is not None:
        given["sections"] = ",".join(one.text.strip() for one in sections.children)
    return _queried(root, given)


def _queried(root: Node, given: dict[str, str]) -> Posted:
    stored, queries = root.child("StoredQuery"), root.each("Query")
    if root.name == "DescribeStoredQueries":
        given["storedquery_id"] = ",".join(one.text.strip() for one in root.each("StoredQueryId"))
    if stored is not None:
        given["storedquery_id"] = stored.attributes.get("id", "")
        for one in stored.each("Parameter"):
            given[one.attributes.get("name", "").lower()] = one.text.strip()
        return Posted(given)
    if len(queries) > 1:
        raise OwsError("OptionNotSupported", _("One query is answered at a time."), locator="Query")
    if not queries:
        return Posted(given)
    query = queries[0]
    for name in ("typeNames", "srsName"):
        if name in query.attributes:
            given[name.lower()] = query.attributes[name].strip().replace(" ", ",")
    names = [one.text.strip() for one in query.each("PropertyName")]
    if names:
        given["propertyname"] = ",".join(names)
    sort = query.child("SortBy")
    if sort is not None:
        keys = [f"{_reference(one)} {one.value('SortOrder') or 'ASC'}" for one in sort.each("SortProperty")]
        given["sortby"] = ",".join(keys)
    return Posted(given, query.child("Filter"))


def _reference(node: Node) -> str:
    return node.value("ValueReference") or node.value("PropertyName")
