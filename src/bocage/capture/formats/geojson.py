"""GeoJSON (RFC 7946): FeatureCollection, Feature, bare geometry, text sequences (RFC 8142) and one Feature per line.

Not read by GDAL, which turns texts into dates, spends two passes, and takes a cut file for a whole one.
"""

from __future__ import annotations

import re
from pathlib import Path

from bocage.capture.json_documents import source as json_source
from bocage.capture.json_documents.layout import Document, Layout, Span
from bocage.capture.json_documents.rows import read_objects
from bocage.capture.positions import crs
from bocage.capture.positions.errors import JsonKindNotSupported, JsonWithoutRecords
from bocage.capture.reading import FORMATS, Reading
from bocage.capture.tables.rows_file import check_geometry
from bocage.capture.understanding import Corrections, GeometryFound
from bocage.store.engine import EngineError, Workshop

GEOMETRIES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection")
_TYPE = rb'"type"\s*:\s*"(FeatureCollection|Feature|%s)"' % "|".join(GEOMETRIES).encode()
_START = re.compile(rb"^(?:\xef\xbb\xbf)?[\s\x1e]*\{")
_FIRST_MEMBERS = re.compile(
    rb"^(?:\xef\xbb\xbf)?[\s\x1e]*\{(?:[^{}\[\]]|\{(?:[^{}]|\{[^{}]*\})*\}|\[[^\[\]]*\])*?" + _TYPE, re.DOTALL
)
_FEATURES = re.compile(rb'"features"\s*:\s*\[\s*(?:\]|\{(?:.{0,2000}?)"type"\s*:\s*"Feature")', re.DOTALL)


class GeoJson:
    name = "geojson"
    label = "GeoJSON"
    extensions: tuple[str, ...] = (".geojson", ".json", ".geojsonl", ".geojsons", ".geojsonseq", ".ndjson")
    last_resort = False

    def recognises(self, head: bytes, filename: str) -> bool:
        if not _START.match(head):
            return False
        return bool(_FIRST_MEMBERS.match(head[:4096]) or _FEATURES.search(head))

    def read(self, file: Path, workshop: Workshop, corrections: Corrections) -> Reading:
        """Raises MalformedJson, CutJson, JsonNotUtf8, BadGeometry, CrsNotSupported."""
        workshop.need_spatial()
        with Document(file) as document:
            layout = document.layout()
            source, span = _source(document, file, layout, workshop)
            try:
                return _reading(source, layout, workshop)
            except EngineError as error:
                raise json_source.explain(error, document, span) from None


def _source(document: Document, file: Path, layout: Layout, workshop: Workshop) -> tuple[str, Span | None]:
    """Relation of the Features, and the list that they come from."""
    if layout.root == "sequence":
        return json_source.sequence_source(file, layout, workshop), None
    kind = layout.members.get("type")
    for span in layout.lists:
        if span.path == ("features",) and kind in ("FeatureCollection", None):
            return json_source.list_source(document, file, span, workshop), span
    if kind == "Feature":
        return json_source.single_source(file, layout, workshop), None
    if kind in GEOMETRIES:
        wrapped = b'{"type":"Feature","properties":{},"geometry":'
        return json_source.single_source(file, layout, workshop, wrapped, b"}"), None
    if kind is None or kind == "FeatureCollection":
        raise JsonWithoutRecords
    raise JsonKindNotSupported(kind=str(kind)[:40])


def _reading(source: str, layout: Layout, workshop: Workshop) -> Reading:
    members = json_source.members_of(source, ("id", "properties", "geometry"))
    features = f"""(SELECT id, properties, written, TRY(ST_GeomFromGeoJSON(written)) AS shape FROM (
        SELECT id, properties, nullif(CAST(geometry AS VARCHAR), 'null') AS written FROM {members}))"""
    rows = read_objects(
        workshop,
        features,
        "properties",
        leading={"id": "id"},
        extra="shape AS geometry, written IS NOT NULL AND shape IS NULL AS unread",
    )
    notices = rows.notices + tuple(check_geometry(workshop, rows.relation, "unread"))
    select = ", ".join([*rows.select, "CAST(geometry AS GEOMETRY) AS geometry"])
    return Reading(
        format=GeoJson.name,
        sql=f"SELECT {select} FROM {rows.relation}",
        columns=rows.columns,
        geometry=GeometryFound("native", ("geometry",), crs=declared_crs(layout.members.get("crs"))),
        encoding="utf-8",
        notices=notices,
        row_estimate=rows.row_count,
    )


def declared_crs(member: object) -> str:
    """The `crs` member of GeoJSON 2008; CRS84 when there is none (RFC 7946). Raises CrsNotSupported."""
    if not isinstance(member, dict):
        return crs.CRS84
    properties = member.get("properties")
    name = properties.get("name") if isinstance(properties, dict) else None
    code = properties.get("code") if isinstance(properties, dict) else None
    if member.get("type") == "EPSG" and code is not None:
        return crs.parse(f"EPSG:{code}")
    return crs.parse(str(name)) if name else crs.CRS84


FORMATS.register(GeoJson.name, GeoJson())
