"""The one stored query, which the standard makes every service have: a feature by its identifier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bocage.publish.ows.errors import invalid
from bocage.publish.ows.xml import declared, document, element
from bocage.publish.wfs.names import NAMESPACES, type_name

if TYPE_CHECKING:
    from django.http import HttpResponse

    from bocage.publish.ows.call import Call

BY_ID = "urn:ogc:def:query:OGC-WFS::GetFeatureById"
OLDER = "http://www.opengis.net/def/query/OGC-WFS/0/GetFeatureById"
XSD = {"xsd": "http://www.w3.org/2001/XMLSchema"}


def require_known(call: Call) -> None:
    """Raises OwsError."""
    for one in call.get("storedquery_id").split(","):
        if one.strip() and one.strip() not in (BY_ID, OLDER):
            raise invalid("storedQuery_Id", one, _("one of %(names)s") % {"names": BY_ID})


def listed(call: Call) -> HttpResponse:
    types = [element("wfs:ReturnFeatureType", type_name(one.slug)) for one in call.layers]
    one = element("wfs:StoredQuery", element("wfs:Title", _("A feature by its identifier")), *types, id=BY_ID)
    return document(declared(element("wfs:ListStoredQueriesResponse", one), NAMESPACES))


def described(call: Call) -> HttpResponse:
    require_known(call)
    text = element(
        "wfs:QueryExpressionText", isPrivate="true", language="urn:ogc:def:queryLanguage:OGC-WFS::WFS_QueryExpression",
        returnFeatureTypes="",
    )  # fmt: skip
    one = element(
        "wfs:StoredQueryDescription",
        element("wfs:Title", _("A feature by its identifier")),
        element("wfs:Parameter", name="ID", type="xsd:string"),
        text,
        id=BY_ID,
    )
    return document(declared(element("wfs:DescribeStoredQueriesResponse", one), NAMESPACES | XSD))
