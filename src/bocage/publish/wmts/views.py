"""The addresses of the service: parameters, or the path of a tile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from bocage.publish.ows import service
from bocage.publish.ows.call import Call
from bocage.publish.ows.door import answered
from bocage.publish.ows.errors import Fault, OwsError, invalid, missing, not_offered
from bocage.publish.ows.styling import listed_stamp
from bocage.publish.validators import validated
from bocage.publish.wmts.capabilities import VERSION, capabilities
from bocage.publish.wmts.tiles import get_tile

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from bocage.access.viewer import Viewer


@csrf_exempt
def wmts(request: HttpRequest, dataset: str = "", organization: str = "") -> HttpResponseBase:
    def operate(viewer: Viewer, given: dict[str, str]) -> HttpResponseBase:
        call = Call(request, viewer, "wmts", given, dataset, organization)
        return _operation(call)(call)

    return answered(request, operate, _report)


@csrf_exempt
def described(request: HttpRequest) -> HttpResponseBase:
    """The capabilities at the address that the standard gives to services without parameters."""

    def operate(viewer: Viewer, given: dict[str, str]) -> HttpResponseBase:
        return _capabilities(Call(request, viewer, "wmts", given))

    return answered(request, operate, _report)


@csrf_exempt
def tile(request: HttpRequest, **place: str) -> HttpResponseBase:
    """`place`: layer, style, tilematrixset, tilematrix, tilerow, tilecol."""

    def operate(viewer: Viewer, given: dict[str, str]) -> HttpResponseBase:
        return get_tile(Call(request, viewer, "wmts", given | place))

    return answered(request, operate, _report)


def _report(fault: Fault, _given: Mapping[str, str]) -> HttpResponse:
    return service.report(fault, VERSION)


def _operation(call: Call) -> Callable[[Call], HttpResponseBase]:
    asked = call.get("service", "WMTS")
    if asked.upper() != "WMTS":
        raise invalid("service", asked, "WMTS")
    name = call.get("request").lower()
    if not name:
        raise missing("request")
    if name not in _OPERATIONS:
        raise not_offered(call.get("request"))
    accepted = call.get("acceptversions", call.get("version", VERSION))
    if VERSION not in (one.strip() for one in accepted.split(",")):
        raise OwsError("VersionNegotiationFailed", _("Version 1.0.0 is the one that is offered."), locator="version")
    return _OPERATIONS[name]


def _capabilities(call: Call) -> HttpResponseBase:
    return validated(
        call, f"{call.listing_key()}{listed_stamp(call)}", lambda: capabilities(call), open_data=not call.viewer.user_id
    )


_OPERATIONS: dict[str, Callable[[Call], HttpResponseBase]] = {"getcapabilities": _capabilities, "gettile": get_tile}
