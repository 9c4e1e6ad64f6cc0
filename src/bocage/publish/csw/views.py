"""The one address of the service: operations by their names, in an address or in XML."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from bocage.publish.csw.answers import get_record_by_id, get_records
from bocage.publish.csw.capabilities import capabilities
from bocage.publish.csw.domains import describe_record, get_domain
from bocage.publish.csw.names import OWS, VERSION
from bocage.publish.csw.posted import posted
from bocage.publish.ogc.call import Subject
from bocage.publish.ogc.negotiation import Format
from bocage.publish.ows.door import answered
from bocage.publish.ows.errors import invalid, missing, not_offered
from bocage.publish.ows.posted import Posted
from bocage.publish.ows.xml import declared, document, element
from bocage.publish.records.call import RecordsCall

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from bocage.access.viewer import Viewer
    from bocage.publish.ows.errors import Fault

METHODS = ("GET", "HEAD", "POST", "OPTIONS")
XML = Format("xml", "application/xml", "XML")
OPERATIONS: dict[str, Callable[[RecordsCall, Posted], HttpResponse]] = {
    "getcapabilities": capabilities,
    "describerecord": describe_record,
    "getdomain": get_domain,
    "getrecords": get_records,
    "getrecordbyid": get_record_by_id,
}


@csrf_exempt  # a request posted in XML reads, and changes nothing
def csw(request: HttpRequest) -> HttpResponseBase:
    def operate(viewer: Viewer, given: dict[str, str]) -> HttpResponseBase:
        sent = posted(request) if request.method == "POST" else Posted({})
        sent = Posted(given | sent.given, sent.filter)
        call = RecordsCall(request, viewer, Subject(viewer, ""), sent.given, XML)
        response = _operation(sent.given)(call, sent)
        response["Cache-Control"] = "private, no-store" if viewer.user_id else "no-cache"
        if viewer.user_id:
            patch_vary_headers(response, ("Cookie",))
        return response

    return answered(request, operate, _report, METHODS)


def _operation(given: Mapping[str, str]) -> Callable[[RecordsCall, Posted], HttpResponse]:
    """Raises OwsError."""
    service, name = given.get("service") or "CSW", given.get("request", "")
    if service.upper() != "CSW":
        raise invalid("service", service, "CSW")
    if not name:
        raise missing("request")
    operation = OPERATIONS.get(name.lower())
    if operation is None:
        raise not_offered(name)
    if name.lower() != "getcapabilities" and given.get("version", VERSION) != VERSION:
        raise invalid("version", given["version"], _("Version 2.0.2 is the one that is offered."))
    return operation


def _report(fault: Fault, _given: Mapping[str, str]) -> HttpResponse:
    """An exception report of OWS Common 1.0."""
    locator = {"locator": fault.locator} if fault.locator else {}
    one = element("ows:Exception", element("ows:ExceptionText", fault.text), exceptionCode=fault.code, **locator)
    return document(declared(element("ows:ExceptionReport", one, version="1.2.0"), {"ows": OWS}), status=fault.status)
