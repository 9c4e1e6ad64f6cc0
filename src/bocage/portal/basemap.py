"""Outlines of the communes for the plain base map: the open dataset `contours-communes`, simplified and kept."""

from __future__ import annotations

import json
from typing import Any

from django.core.cache import cache

from bocage.access.viewer import ANONYMOUS
from bocage.catalog.models import Dataset
from bocage.catalog.selectors import dataset_for
from bocage.kernel.errors import BocageError
from bocage.portal.odsql import name
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


def _simplified(ring: list[list[float]]) -> list[list[float]]:
    """Douglas–Peucker on one ring of lon lat positions, without recursion."""
    if len(ring) < 6:
        return [[round(x, 5), round(y, 5)] for x, y, *_ in ring]
    keep, spans = {0, len(ring) - 1}, [(0, len(ring) - 1)]
    middle = len(ring) // 2  # a ring starts where it ends: cut it in two lines
    keep.add(middle)
    spans = [(0, middle), (middle, len(ring) - 1)]
    while spans:
        first, last = spans.pop()
        farthest, index = 0.0, -1
        (x1, y1), (x2, y2) = ring[first][:2], ring[last][:2]
        length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5 or 1e-12
        for i in range(first + 1, last):
            x, y = ring[i][:2]
            away = abs((y2 - y1) * x - (x2 - x1) * y + x2 * y1 - y2 * x1) / length
            if away > farthest:
                farthest, index = away, i
        if farthest > TOLERANCE:
            keep.add(index)
            spans += [(first, index), (index, last)]
    return [[round(ring[i][0], 5), round(ring[i][1], 5)] for i in sorted(keep)]


def _outline(geometry: dict[str, Any]) -> dict[str, Any] | None:
    """A polygon or several, simplified; anything else is not an outline."""
    if geometry.get("type") == "Polygon":
        return {"type": "Polygon", "coordinates": [_simplified(ring) for ring in geometry["coordinates"]]}
    if geometry.get("type") == "MultiPolygon":
        parts = [[_simplified(ring) for ring in polygon] for polygon in geometry["coordinates"]]
        return {"type": "MultiPolygon", "coordinates": parts}
    return None


def _features(dataset: Dataset, relation: DatasetRelation) -> list[dict[str, Any]]:
    shape = next(field for field in dataset.fields if field.type.is_geographic)
    label = next((field for field in dataset.fields if field.name in ("nom", "name", "libelle", "nom_commune")), None)
    select = f"{name(shape.name)} as outline" + (f", {name(label.name)} as label" if label else "")
    features: list[dict[str, Any]] = []
    for offset in range(0, MOST, PAGE):
        page = records(ANONYMOUS, relation, OdsqlRequest(select=select, limit=PAGE, offset=offset))
        for row in page.rows:
            outline = _outline((row["outline"] or {}).get("geometry") or {})
            if outline:
                features.append(
                    {"type": "Feature", "geometry": outline, "properties": {"name": row.get("label") or ""}}
                )
        if offset + PAGE >= page.total_count:
            break
    return features


def communes_geojson() -> str:
    """GeoJSON of the outlines, made once per version; only open data, since everybody sees it under every map."""
    try:
        dataset = dataset_for(ANONYMOUS, SLUG)
        version = current_version(dataset)
        if version is None or not dataset.is_geographic:
            return EMPTY
        relation = DatasetRelation(dataset, version)
        key = f"portal.basemap.{version.uid}.{relation.restriction(ANONYMOUS).key}"
        kept = cache.get(key)
        if kept is None:
            features = _features(dataset, relation)
            kept = json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))
            cache.set(key, kept, 30 * 86_400)
    except BocageError:
        return EMPTY
    return str(kept)
