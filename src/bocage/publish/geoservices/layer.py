"""What a layer is: its fields, its geometry, its extent, what may be asked of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bocage.publish.geoservices.fields import described as field_described
from bocage.publish.geoservices.numbering import Numbered, numbered
from bocage.publish.geoservices.systems import STORED
from bocage.query.facts import as_seen
from bocage.query.relation import DatasetRelation
from bocage.query.rendering import main_geometry

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.catalog.fields import Field
    from bocage.catalog.models import Dataset
    from bocage.pipeline.edits.sight import Sight
    from bocage.store.models import Version

VERSION = 11.1
MOST_RECORDS = 2_000
GEOMETRIES = {
    "Polygon": "esriGeometryPolygon", "MultiPolygon": "esriGeometryPolygon", "LineString": "esriGeometryPolyline",
    "MultiLineString": "esriGeometryPolyline", "MultiPoint": "esriGeometryMultipoint", "Point": "esriGeometryPoint",
}  # fmt: skip
"""In the order in which the kind of a layer of several kinds is chosen: it has one here."""
FORMATS = "JSON, geoJSON"


@dataclass(frozen=True)
class Layer:
    """`seen`: the dataset with the facts that exist for the viewer. `kind`: empty for a table."""

    seen: Dataset
    relation: Numbered
    kind: str
    drawn: Field | None

    @property
    def number(self) -> str:
        return self.relation.number

    @property
    def attributes(self) -> tuple[Field, ...]:
        """Every field but the one that features are drawn by."""
        return tuple(one for one in self.relation.fields if one is not self.drawn)


def layer_of(viewer: Viewer, dataset: Dataset, version: Version) -> Layer:
    """Raises AccessDenied."""
    relation, seen = numbered(viewer, DatasetRelation(dataset, version)), as_seen(viewer, dataset)
    drawn = main_geometry(list(relation.fields))
    kinds = seen.geometry_types if drawn is not None else []
    kind = next((esri for name, esri in GEOMETRIES.items() if name in kinds), "esriGeometryPoint" if drawn else "")
    return Layer(seen, relation, kind, drawn)


def described(layer: Layer, extent: dict[str, Any] | None, sight: Sight | None) -> dict[str, Any]:
    """`sight`: what the caller may edit of it, if anything."""
    editable = sight is not None and layer.relation.own
    capabilities = "Query,Create,Update,Delete,Editing" if editable else "Query"
    writable = sight.writable if sight is not None and editable else frozenset()
    return {
        "currentVersion": VERSION,
        "id": 0,
        "name": layer.seen.title,
        "type": "Feature Layer" if layer.kind else "Table",
        "description": layer.seen.description,
        "copyrightText": layer.seen.organization.name,
        "geometryType": layer.kind or None,
        "hasZ": False,
        "hasM": False,
        "extent": extent,
        "objectIdField": layer.number,
        "globalIdField": "",
        "displayField": _display(layer),
        "typeIdField": "",
        "fields": [field_described(one, layer.number, writable=one.name in writable) for one in layer.attributes],
        "capabilities": capabilities,
        "maxRecordCount": MOST_RECORDS,
        "standardMaxRecordCount": MOST_RECORDS,
        "supportedQueryFormats": FORMATS,
        "supportsAdvancedQueries": True,
        "supportsStatistics": True,
        "supportsPagination": True,
        "supportsRollbackOnFailureParameter": True,
        "useStandardizedQueries": True,
        "hasAttachments": False,
        "hasStaticData": False,
        "isDataVersioned": False,
        "allowGeometryUpdates": editable
        and bool(layer.kind)
        and layer.drawn is not None
        and layer.drawn.name in writable,
        "advancedQueryCapabilities": ADVANCED,
        "relationships": [],
        "types": [],
        "templates": [_template(layer)] if editable else [],
        "drawingInfo": {"renderer": {"type": "simple", "symbol": SYMBOLS[layer.kind]}} if layer.kind else None,
    }


ADVANCED = {
    "supportsPagination": True, "supportsStatistics": True, "supportsOrderBy": True, "supportsDistinct": True,
    "supportsQueryWithDistance": True, "supportsReturningQueryExtent": True, "supportsSqlExpression": False,
    "supportsQueryWithResultType": False, "supportsHavingClause": False, "supportsCountDistinct": True,
    "supportsPercentileStatistics": False, "supportsReturningGeometryCentroid": False, "useStandardizedQueries": True,
}  # fmt: skip
_LINE = {"type": "esriSLS", "style": "esriSLSSolid", "color": [20, 90, 120, 255], "width": 1.5}
_DOT = {"type": "esriSMS", "style": "esriSMSCircle", "color": [20, 110, 140, 220], "size": 7, "outline": _LINE}
SYMBOLS = {
    "esriGeometryPoint": _DOT, "esriGeometryMultipoint": _DOT, "esriGeometryPolyline": _LINE,
    "esriGeometryPolygon": {"type": "esriSFS", "style": "esriSFSSolid", "color": [20, 110, 140, 90], "outline": _LINE},
}  # fmt: skip


def _display(layer: Layer) -> str:
    texts = (one.name for one in layer.attributes if one.type.value == "string")
    return next(texts, layer.number)


def _template(layer: Layer) -> dict[str, Any]:
    return {
        "name": layer.seen.title,
        "description": "",
        "prototype": {"attributes": {one.name: None for one in layer.attributes if one.name != layer.number}},
    }


def envelope(
    bounds: tuple[float, float, float, float] | None, system: dict[str, int] = STORED
) -> dict[str, Any] | None:
    if bounds is None:
        return None
    return dict(zip(("xmin", "ymin", "xmax", "ymax"), bounds, strict=True)) | {"spatialReference": system}
