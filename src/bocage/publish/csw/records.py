"""Records in Dublin Core, as CSW writes them: brief, summary, full."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation

from bocage.publish.csw.names import CSW
from bocage.publish.iso.metadata import metadata, reduced
from bocage.publish.iso.parts import NAMESPACES as ISO_NAMESPACES
from bocage.publish.ows.xml import declared, element, texts
from bocage.publish.records.links import Role

if TYPE_CHECKING:
    from bocage.publish.csw.asked import Shape
    from bocage.publish.ows.xml import Element
    from bocage.publish.records.resource import Resource

EPSG_4326 = "urn:ogc:def:crs:EPSG::4326"
ISO_PROTOCOL = "http://www.isotc211.org/2005/gmd"
_NAMES = {"brief": "csw:BriefRecord", "summary": "csw:SummaryRecord", "full": "csw:Record"}


def written(resource: Resource, shape: Shape) -> Element:
    if shape.schema != CSW:
        return declared(reduced(metadata(resource), shape.elements), ISO_NAMESPACES)
    with translation.override(settings.LANGUAGE_CODE):
        return element(_NAMES[shape.elements], *_children(resource, shape.elements), _box(resource))


def _children(resource: Resource, elements: str) -> list[Element]:
    """In the order of the schema of summaries, which is the strictest."""
    dataset = resource.dataset
    found = [
        element("dc:identifier", resource.identifier),
        element("dc:title", dataset.title),
        element("dc:type", "dataset"),
    ]
    if elements == "brief":
        return found
    subjects = [*map(str, dataset.keywords), *(str(one.label) for one in resource.themes)]
    found += [
        *texts("dc:subject", dict.fromkeys(subjects)),
        *texts("dc:format", _formats(resource)),
        element("dc:relation", resource.uri),
        element("dct:modified", f"{resource.updated.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"),
        element("dct:abstract", dataset.description or dataset.title),
    ]
    return [*found, *_more(resource)] if elements == "full" else found


def _formats(resource: Resource) -> list[str]:
    return [one.name.rpartition(".")[2].upper() for one in resource.links if one.role == Role.FILE]


def _more(resource: Resource) -> list[Element]:
    dataset = resource.dataset
    found = [
        element("dct:created", f"{dataset.created_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"),
        element("dc:creator", resource.organization.name),
        element("dc:publisher", resource.organization.name),
        element("dc:language", dataset.language),
        element("dc:rights", str(resource.licence.label)),
    ]
    if dataset.source:
        found.append(element("dc:source", dataset.source))
    if dataset.temporal_start or dataset.temporal_end:
        ends = [one.isoformat() if one else "" for one in (dataset.temporal_start, dataset.temporal_end)]
        found.append(element("dct:temporal", "/".join(ends)))
    if resource.licence.url:
        found.append(element("dct:license", resource.licence.url))
    found += [
        element("dct:references", one.href, scheme=one.protocol) for one in resource.links if one.role != Role.LICENCE
    ]
    return [*found, element("dct:references", resource.iso_address, scheme=ISO_PROTOCOL)]


def _box(resource: Resource) -> Element | None:
    """Latitude first, as the register of this system has it."""
    if not resource.dataset.bbox:
        return None
    west, south, east, north = resource.dataset.bbox
    return element(
        "ows:BoundingBox",
        element("ows:LowerCorner", f"{south} {west}"),
        element("ows:UpperCorner", f"{north} {east}"),
        crs=EPSG_4326,
        dimensions="2",
    )
