"""What every capabilities document says of the platform, in the words of OWS Common 1.1."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.translation import gettext as _

from bocage.kernel.public_address import public_address
from bocage.organizations.portals.doors import portal_at
from bocage.publish.ows.errors import Fault
from bocage.publish.ows.xml import declared, document, element, texts

if TYPE_CHECKING:
    from bocage.catalog.models import Dataset
    from bocage.publish.ows.call import Call
    from bocage.publish.ows.xml import Element

OWS, XLINK = "http://www.opengis.net/ows/1.1", "http://www.w3.org/1999/xlink"
LANGUAGES = {"fr": "fre", "en": "eng"}


def title_of(call: Call, service: str) -> str:
    if call.dataset:
        return call.layers[0].title if call.layers else call.dataset
    portal = portal_at(call.request.get_host())
    return f"{portal.name if portal else 'Bocage'} · {service}"


def abstract_of(call: Call) -> str:
    if not call.cut:
        return _("The layers of this platform that you may read.")
    sentence = _(
        "Only the first %(most)s layers are listed. Each answers by its name all the same; the addresses %(one)s and "
        "%(organization)s list those of one dataset, and of one organisation."
    )
    root = f"/{call.service}"
    return sentence % {
        "most": len(call.layers), "one": f"{root}/{_('{dataset}')}",
        "organization": f"{root}/organizations/{_('{organization}')}",
    }  # fmt: skip


def identification(call: Call, kind: str, versions: Sequence[str]) -> Element:
    return element(
        "ows:ServiceIdentification",
        element("ows:Title", title_of(call, kind)),
        element("ows:Abstract", abstract_of(call)),
        element("ows:ServiceType", kind),
        *texts("ows:ServiceTypeVersion", versions),
        element("ows:Fees", "NONE"),
        element("ows:AccessConstraints", "NONE"),
    )


def provider(call: Call) -> Element:
    portal = portal_at(call.request.get_host())
    name = portal.organization.name if portal else "Bocage"
    return element(
        "ows:ServiceProvider",
        element("ows:ProviderName", name),
        element("ows:ProviderSite", xlink__href=public_address(call.request, "/")),
        element("ows:ServiceContact"),
    )


def operation(name: str, address: str, methods: Iterable[str], parameters: Mapping[str, Sequence[str]]) -> Element:
    ways = [element(f"ows:{method}", *_encoding(method), xlink__href=address) for method in methods]
    return element(
        "ows:Operation",
        element("ows:DCP", element("ows:HTTP", *ways)),
        *(domain("ows:Parameter", key, values) for key, values in parameters.items()),
        name=name,
    )


def _encoding(method: str) -> list[Element]:
    """Of WMTS, which needs it said; harmless elsewhere."""
    if method != "Get":
        return []
    return [element("ows:Constraint", element("ows:AllowedValues", element("ows:Value", "KVP")), name="GetEncoding")]


def domain(tag: str, name: str, values: Sequence[str]) -> Element:
    return element(tag, element("ows:AllowedValues", *texts("ows:Value", values)), name=name)


def constraint(name: str, value: str) -> Element:
    return element("ows:Constraint", element("ows:NoValues"), element("ows:DefaultValue", value), name=name)


def keywords(seen: Dataset) -> Element | None:
    words = texts("ows:Keyword", seen.keywords)
    return element("ows:Keywords", *words) if words else None


def bounds(seen: Dataset) -> Element:
    """Of what the reader sees; of the whole world when that is not told."""
    west, south, east, north = seen.bbox or (-180, -90, 180, 90)
    return element(
        "ows:WGS84BoundingBox",
        element("ows:LowerCorner", f"{west} {south}"),
        element("ows:UpperCorner", f"{east} {north}"),
    )


def report(fault: Fault, version: str) -> HttpResponse:
    """An exception report of OWS Common 1.1."""
    locator = {"locator": fault.locator} if fault.locator else {}
    one = element("ows:Exception", element("ows:ExceptionText", fault.text), exceptionCode=fault.code, **locator)
    root = declared(element("ows:ExceptionReport", one, version=version), {"ows": OWS})
    return document(root, status=fault.status)
