"""The one address of the service, for everything, for an organisation or for a dataset."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from bocage.publish.ows.call import Call
from bocage.publish.ows.door import answered
from bocage.publish.ows.errors import Fault, OwsError, invalid, missing, not_offered
from bocage.publish.ows.styling import listed_stamp
from bocage.publish.ows.xml import declared, document, element
from bocage.publish.validators import validated
from bocage.publish.wms.asked import NEWEST, OLDEST, is_older
from bocage.publish.wms.capabilities import capabilities
from bocage.publish.wms.images import get_legend, get_map
from bocage.publish.wms.information import get_feature_info

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from bocage.access.viewer import Viewer

OGC = "http://www.opengis.net/ogc"
STANDARD_CODES = {
    "InvalidFormat", "InvalidCRS", "InvalidSRS", "LayerNotDefined", "StyleNotDefined", "LayerNotQueryable", "InvalidPoint",
    "CurrentUpdateSequence", "InvalidUpdateSequence", "MissingDimensionValue", "InvalidDimensionValue", "OperationNotSupported",
}  # fmt: skip


@csrf_exempt
def wms(request: HttpRequest, dataset: str = "", organization: str = "") -> HttpResponseBase:
    def operate(viewer: Viewer, given: dict[str, str]) -> HttpResponseBase:
        call = Call(request, viewer, "wms", given, dataset, organization)
        return _operation(call)(call)

    return answered(request, operate, report)


def report(fault: Fault, given: Mapping[str, str]) -> HttpResponse:
    """A service exception. Codes that the standard does not know are left out."""
    code = {"code": fault.code} if fault.code in STANDARD_CODES else {}
    locator = {"locator": fault.locator} if fault.locator else {}
    one = element("ServiceException", fault.text, **code, **locator)
    if given.get("version", "").startswith("1.1"):
        root, media_type = element("ServiceExceptionReport", one, version=OLDEST), "application/vnd.ogc.se_xml"
    else:
        root = declared(element("ServiceExceptionReport", one, version=NEWEST), {"": OGC})
        media_type = "text/xml"
    return document(root, media_type, fault.status)


def _operation(call: Call) -> Callable[[Call], HttpResponseBase]:
    service = call.get("service", "WMS")
    if service.upper() != "WMS":
        raise invalid("service", service, "WMS")
    name = call.get("request").lower()
    if not name:
        raise missing("request")
    if name not in _OPERATIONS:
        raise not_offered(call.get("request"))
    if not name.endswith("capabilities") and call.get("version", NEWEST) not in (NEWEST, OLDEST):
        raise OwsError("", _("Versions 1.3.0 and 1.1.1 are those that are offered."), locator="version")
    return _OPERATIONS[name]


def _capabilities(call: Call) -> HttpResponseBase:
    key = f"{call.listing_key()}{listed_stamp(call)}{'-1.1' if is_older(call) else ''}"
    return validated(call, key, lambda: capabilities(call), open_data=not call.viewer.user_id)


_OPERATIONS: dict[str, Callable[[Call], HttpResponseBase]] = {
    "getcapabilities": _capabilities,
    "capabilities": _capabilities,
    "getmap": get_map,
    "map": get_map,
    "getfeatureinfo": get_feature_info,
    "getlegendgraphic": get_legend,
}
