"""A record as GeoJSON, in the words of the standard (clause 7 and its JSON)."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from bocage.catalog.vocabulary import EU, Licence
from bocage.publish.ogc.documents import link
from bocage.publish.records.links import ISO_MEDIA_TYPE, Role

if TYPE_CHECKING:
    from datetime import datetime

    from bocage.publish.records.call import RecordsCall
    from bocage.publish.records.links import Link
    from bocage.publish.records.resource import Resource

SPEC = "http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/"
PROFILE = "http://www.opengis.net/def/profile/OGC/0/ogc-record"
EU_THEMES = f"{EU}/data-theme"
SPDX = {
    Licence.LICENCE_OUVERTE: "etalab-2.0", Licence.ODBL: "ODbL-1.0", Licence.CC_BY: "CC-BY-4.0", Licence.CC0: "CC0-1.0",
}  # fmt: skip


def record(call: RecordsCall, resource: Resource) -> dict[str, Any]:
    """Labels of codes are in the language of the platform."""
    with translation.override(settings.LANGUAGE_CODE):
        return {
            "id": resource.identifier,
            "type": "Feature",
            "conformsTo": [f"{SPEC}record-core"],
            "geometry": _polygon(resource.dataset.bbox),
            **({"bbox": list(resource.dataset.bbox)} if resource.dataset.bbox else {}),
            "time": _time(resource),
            "properties": _properties(resource),
            "links": _links(call, resource),
        }


def _polygon(bounds: list[float] | None) -> dict[str, Any] | None:
    """West and south first, then east and north third: clients read the box from these two corners."""
    if not bounds:
        return None
    west, south, east, north = bounds
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def _time(resource: Resource) -> dict[str, Any] | None:
    start, end = resource.dataset.temporal_start, resource.dataset.temporal_end
    if not start and not end:
        return None
    return {"interval": [one.isoformat() if one else ".." for one in (start, end)]}


def _properties(resource: Resource) -> dict[str, Any]:
    dataset = resource.dataset
    found: dict[str, Any] = {
        "type": "dataset",
        "title": dataset.title,
        "description": dataset.description,
        "created": _instant(dataset.created_at),
        "updated": _instant(resource.updated),
        "keywords": [str(one) for one in dataset.keywords],
        "language": {"code": settings.LANGUAGE_CODE[:2]},
        "resourceLanguages": [{"code": dataset.language}],
        "externalIds": [
            {"scheme": "dcat", "value": resource.uri},
            {"scheme": "bocage", "value": dataset.slug},
        ],
        "formats": _formats(resource),
        "contacts": _contacts(resource),
        "license": SPDX.get(resource.licence, "other"),
        "updateFrequency": resource.frequency.uri,
    }
    if resource.themes:
        found["themes"] = _themes(resource)
    if dataset.attributions:
        found["rights"] = dataset.attributions
    if resource.schema:
        found["conformsTo"] = [resource.schema]
    return found


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"


def _formats(resource: Resource) -> list[dict[str, str]]:
    files = [one for one in resource.links if one.role == Role.FILE]
    return [{"name": one.name.rpartition(".")[2].upper(), "mediaType": one.media_type} for one in files]


def _themes(resource: Resource) -> list[dict[str, Any]]:
    """Ours, and those of the European portal."""
    ours = [{"id": one.value, "title": str(one.label)} for one in resource.themes]
    theirs = dict.fromkeys(one.uri for one in resource.themes)
    concepts = [{"id": one.rpartition("/")[2], "url": one} for one in theirs]
    return [
        {"concepts": ours, "scheme": f"{resource.addresses.root}/explore/"},
        {"concepts": concepts, "scheme": EU_THEMES},
    ]


def _contacts(resource: Resource) -> list[dict[str, Any]]:
    organization = resource.organization
    publisher: dict[str, Any] = {"organization": organization.name, "roles": ["publisher"]}
    if organization.siren:
        publisher["identifier"] = organization.siren
    if organization.website:
        publisher["links"] = [{"href": organization.website, "rel": "about", "type": "text/html"}]
    asked: dict[str, Any] = {
        "name": resource.contact_name, "organization": organization.name, "roles": ["pointOfContact"],
    }  # fmt: skip
    if resource.contact_email:
        asked["emails"] = [{"value": resource.contact_email}]
    return [publisher, asked]


def _links(call: RecordsCall, resource: Resource) -> list[dict[str, str]]:
    """`type`: what geographic software chooses by; `protocol`: the name by which catalogues know the service."""
    address = call.catalogue("items", resource.identifier)
    return [
        link("self", address, "application/geo+json", resource.dataset.title),
        link("alternate", f"{address}?f=html", "text/html", "HTML"),
        link("alternate", resource.iso_address, ISO_MEDIA_TYPE, "ISO 19139"),
        {"rel": "profile", "href": PROFILE},
        link("collection", call.catalogue(), "application/json", _("Catalogue")),
        *(_told(one) for one in resource.links),
    ]


def _told(one: Link) -> dict[str, str]:
    told = link(one.role.value, one.href, one.media_type, one.title)
    if one.name:
        told["id"] = one.name
    if one.role == Role.SERVICE:
        told["protocol"] = one.protocol
    return told
