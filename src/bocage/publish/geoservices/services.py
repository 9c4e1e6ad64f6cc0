"""What is offered: the platform, its services, the one layer of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bocage.catalog.models import Dataset
from bocage.pipeline.edits.policies import sight_for_edits
from bocage.publish.geoservices.layer import FORMATS, MOST_RECORDS, VERSION, described, envelope
from bocage.publish.geoservices.queries import extent
from bocage.publish.geoservices.systems import STORED
from bocage.query.coordinates import CRS84
from bocage.query.selection import selection_at

if TYPE_CHECKING:
    from bocage.publish.geoservices.call import Call

MOST_SERVICES = 1_000
"""Listed; the others are opened by their address."""


def info(_call: Call) -> dict[str, Any]:
    return {"currentVersion": VERSION, "fullVersion": f"{VERSION}.0", "authInfo": {"isTokenBasedSecurity": False}}


def services(call: Call) -> dict[str, Any]:
    """The datasets that the caller reads, among those that this door shows."""
    shown = selection_at(call.request.get_host())
    found = Dataset.objects.visible_to(call.viewer).filter(shown.filter, version_number__isnull=False)
    slugs = found.order_by("title", "pk").values_list("slug", flat=True)[:MOST_SERVICES]
    return {
        "currentVersion": VERSION,
        "folders": [],
        "services": [{"name": slug, "type": "FeatureServer"} for slug in slugs],
    }


def service(call: Call) -> dict[str, Any]:
    layer = call.layer
    brief = {"id": 0, "name": layer.seen.title, "parentLayerId": -1, "defaultVisibility": True, "subLayerIds": None}
    brief |= {
        "minScale": 0,
        "maxScale": 0,
        "type": "Feature Layer" if layer.kind else "Table",
        "geometryType": layer.kind or None,
    }
    told = _layer(call)
    bounds = told["extent"]
    return {
        "currentVersion": VERSION,
        "serviceDescription": layer.seen.title,
        "description": layer.seen.description,
        "copyrightText": layer.seen.organization.name,
        "hasVersionedData": False,
        "maxRecordCount": MOST_RECORDS,
        "supportedQueryFormats": FORMATS,
        "capabilities": told["capabilities"],
        "allowGeometryUpdates": told["allowGeometryUpdates"],
        "supportsDisconnectedEditing": False,
        "spatialReference": STORED,
        "initialExtent": bounds,
        "fullExtent": bounds,
        "units": "esriDecimalDegrees",
        "layers": [brief] if layer.kind else [],
        "tables": [] if layer.kind else [brief],
    }


def layer(call: Call) -> dict[str, Any]:
    return _layer(call)


def layers(call: Call) -> dict[str, Any]:
    told = _layer(call)
    return {"layers": [told] if call.layer.kind else [], "tables": [] if call.layer.kind else [told]}


def _layer(call: Call) -> dict[str, Any]:
    bbox = call.layer.seen.bbox
    bounds = envelope((bbox[0], bbox[1], bbox[2], bbox[3])) if bbox else extent(call, CRS84, everything=True)
    return described(call.layer, bounds, sight_for_edits(call.viewer, call.dataset))
