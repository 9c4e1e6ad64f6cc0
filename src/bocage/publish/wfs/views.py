"""The one address of the service, for everything, for an organisation or for a dataset."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from bocage.publish.ows import service
from bocage.publish.ows.call import Call
from bocage.publish.ows.door import answered
from bocage.publish.ows.errors import Fault, OwsError, invalid, missing, not_offered
from bocage.publish.ows.posted import Posted
from bocage.publish.validators import validated
from bocage.publish.wfs import stored
from bocage.publish.wfs.answers import get_feature, get_property_value, one_feature
from bocage.publish.wfs.asked import asked, type_asked
from bocage.publish.wfs.capabilities import VERSION, capabilities
from bocage.publish.wfs.described import describe
from bocage.publish.wfs.names import slug_of
from bocage.publish.wfs.posted import posted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from bocage.access.viewer import Viewer

METHODS = ("GET", "HEAD", "POST", "OPTIONS")
MOST_DESCRIBED = 200
"""Schemas of one document; clients ask for one at a time, or for all of a small service."""
Operation = Callable[[Call, Posted], "HttpResponseBase"]


@csrf_exempt  # a request posted in XML reads, and changes nothing
def wfs(request: HttpRequest, dataset: str = "", organization: str = "") -> HttpResponseBase:
    def operate(viewer: Viewer, given: dict[str, str]) -> HttpResponseBase:
        sent = posted(request) if request.method == "POST" else Posted({})
        call = Call(request, viewer, "wfs", given | sent.given, dataset, organization)
        return _operation(call)(call, sent)

    return answered(request, operate, _report, METHODS)


def _report(fault: Fault, _given: Mapping[str, str]) -> HttpResponse:
    return service.report(fault, VERSION)


def _operation(call: Call) -> Operation:
    asked_service = call.get("service", "WFS")
    if asked_service.upper() != "WFS":
        raise invalid("service", asked_service, "WFS")
    if not call.get("request"):
        raise missing("request")
    name = call.get("request").lower()
    if name not in _OPERATIONS:
        raise not_offered(call.get("request"))
    _negotiate(call, name)
    return _OPERATIONS[name]


def _negotiate(call: Call, name: str) -> None:
    """Of the capabilities, the version that is offered is given whatever `version` is, as the standard asks."""
    if name == "getcapabilities":
        accepted = [one.strip() for one in call.get("acceptversions").split(",") if one.strip()]
        if accepted and not any(one.startswith("2.0") for one in accepted):
            raise OwsError(
                "VersionNegotiationFailed", _("Version 2.0.0 is the one that is offered."), locator="acceptVersions"
            )
    elif call.get("version", VERSION) not in (VERSION, "2.0.2"):
        raise invalid("version", call.get("version"), _("Version 2.0.0 is the one that is offered."))


def _capabilities(call: Call, _sent: Posted) -> HttpResponseBase:
    return _listing(call, capabilities)


def _listing(call: Call, make: Callable[[Call], HttpResponse]) -> HttpResponseBase:
    """What names the feature types that the caller reads."""
    return validated(call, call.listing_key(), lambda: make(call), open_data=not call.viewer.user_id)


def _describe(call: Call, _sent: Posted) -> HttpResponseBase:
    written = call.get("typenames") or call.get("typename")
    names = [slug_of(one) for one in written.split(",") if one.strip()]
    slugs = list(dict.fromkeys(names))[:MOST_DESCRIBED] if names else [one.slug for one in call.layers[:MOST_DESCRIBED]]
    subjects = [call.subject(one) for one in slugs]
    return validated(call, call.data_key(*slugs), lambda: describe(subjects), open_data=call.open_data(*slugs))


def _feature(call: Call, sent: Posted) -> HttpResponseBase:
    if call.get("storedquery_id"):
        return _by_identifier(call)
    found = asked(call, sent.filter)
    name = found.subject.name
    if call.request.method == "POST":  # what is posted is not in the parameters: it has no validator
        return _private(call, get_feature(call, found), name)
    return validated(
        call, call.data_key(name), lambda: get_feature(call, found), open_data=call.open_data(name), dated=True
    )


def _private(call: Call, response: HttpResponseBase, name: str) -> HttpResponseBase:
    response["Cache-Control"] = "no-cache" if call.open_data(name) else "private, no-store"
    return response


def _by_identifier(call: Call) -> HttpResponseBase:
    stored.require_known(call)
    feature = call.need("id")
    slug = slug_of(feature.rpartition(".")[0]) or type_asked(call)
    narrowed = dataclasses.replace(
        call, given={"typenames": slug, "resourceid": feature, "srsname": call.get("srsname")}
    )
    return _private(call, one_feature(call, asked(narrowed)), slug)


def _values(call: Call, sent: Posted) -> HttpResponseBase:
    found = asked(call, sent.filter)
    return _private(call, get_property_value(call, found), found.subject.name)


_OPERATIONS: dict[str, Operation] = {
    "getcapabilities": _capabilities,
    "describefeaturetype": _describe,
    "getfeature": _feature,
    "getpropertyvalue": _values,
    "liststoredqueries": lambda call, _sent: _listing(call, stored.listed),
    "describestoredqueries": lambda call, _sent: _listing(call, stored.described),
}
