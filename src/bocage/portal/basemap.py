"""Outlines of the communes for the plain base map: the open dataset `contours-communes`, simplified and kept."""

from __future__ import annotations

import json
from typing import Any

from django.core.cache import cache
from django.utils.html import escape

from bocage.access.viewer import ANONYMOUS
from bocage.access.vocabulary import Visibility
from bocage.catalog.models import Dataset
from bocage.catalog.references.selectors import references_for
from bocage.catalog.references.vocabulary import ReferenceKind
from bocage.catalog.selectors import dataset_for
from bocage.kernel.errors import BocageError
from bocage.portal.odsql import name
from bocage.portal.outlines import Ring, label_place, simplify
from bocage.query.relation import DatasetRelation
from bocage.query.requests import OdsqlRequest
from bocage.query.services import records
from bocage.store.selectors import current_version

SLUG = "contours-communes"
MOST = 500
PAGE = 100
TOLERANCE = 0.0006
"""Degrees: about 50 m, under a pixel at the scale of a métropole."""

EMPTY = '{"type":"FeatureCollection","features":[]}'


def _polygons(geometry: dict[str, Any]) -> list[list[list[list[float]]]]:
    """The polygons of an outline; anything else is not one."""
    found = geometry.get("coordinates") or []
    return {"Polygon": [found], "MultiPolygon": found}.get(str(geometry.get("type")), [])


def _collection(outlines: list[tuple[str, list[list[list[list[float]]]]]]) -> dict[str, Any]:
    """Outlines that meet without a gap, and one point for each name: where the map is cut in tiles, a name is written once."""
    rings = iter(simplify([ring for _name, shape in outlines for polygon in shape for ring in polygon], TOLERANCE))
    features = []
    for label, shape in outlines:
        polygons = [[next(rings) for _ring in polygon] for polygon in shape]
        features.append(_feature("MultiPolygon", polygons, ""))
        if label and polygons:
            largest = max((polygon[0] for polygon in polygons), key=_spread)
            features.append(_feature("Point", label_place(largest), label))
    return {"type": "FeatureCollection", "features": features}


def _feature(kind: str, coordinates: Any, label: str) -> dict[str, Any]:
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}, "properties": {"name": label}}


def _spread(ring: Ring) -> float:
    return (max(x for x, _ in ring) - min(x for x, _ in ring)) * (max(y for _, y in ring) - min(y for _, y in ring))


def _outlines(dataset: Dataset, relation: DatasetRelation) -> list[tuple[str, list[list[list[list[float]]]]]]:
    """Name and polygons of each."""
    shape = next(field for field in dataset.fields if field.type.is_geographic)
    label = next((field for field in dataset.fields if field.name in ("nom", "name", "libelle", "nom_commune")), None)
    select = f"{name(shape.name)} as outline" + (f", {name(label.name)} as label" if label else "")
    found = []
    for offset in range(0, MOST, PAGE):
        page = records(ANONYMOUS, relation, OdsqlRequest(select=select, limit=PAGE, offset=offset))
        for row in page.rows:
            polygons = _polygons((row["outline"] or {}).get("geometry") or {})
            if polygons:
                found.append((str(row.get("label") or ""), polygons))
        if offset + PAGE >= page.total_count:
            break
    return found


def roads_layer() -> dict[str, str]:
    """The roads of the territory, drawn where there is no base map: `layer`, and their `credit` in HTML. Empty where none are
    open to all."""
    found = references_for(ANONYMOUS, kind=ReferenceKind.ROADS).filter(dataset__visibility=Visibility.OPEN).first()
    if found is None or not found.dataset.is_geographic:
        return {}
    return {"layer": found.dataset.slug, "credit": escape(f"{found.dataset.title} – {found.dataset.organization.name}")}


def communes_geojson() -> str:
    """GeoJSON of the outlines, made once per version; only open data, since everybody sees it under every map."""
    try:
        dataset = dataset_for(ANONYMOUS, SLUG)
        version = current_version(dataset)
        if version is None or not dataset.is_geographic:
            return EMPTY
        relation = DatasetRelation(dataset, version)
        key = f"portal.basemap.2.{version.uid}.{relation.restriction(ANONYMOUS).key}"
        kept = cache.get(key)
        if kept is None:
            kept = json.dumps(_collection(_outlines(dataset, relation)), separators=(",", ":"))
            cache.set(key, kept, 30 * 86_400)
    except BocageError:
        return EMPTY
    return str(kept)
