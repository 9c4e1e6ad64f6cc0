"""SQL expressions that turn source columns into GEOMETRY: numbers, texts, WKT, GeoJSON; then into CRS84, in two dimensions.

All of them give NULL, never an error, for what they cannot read: `geometry` counts those.
"""

from __future__ import annotations

from collections.abc import Sequence

from bocage.capture.crs import CRS84
from bocage.capture.rows_file import refused_shape
from bocage.capture.sql import identifier, literal
from bocage.capture.understanding import GeometryFound

SHAPES = "(?:MULTI)?(?:POINT|LINESTRING|POLYGON)|GEOMETRYCOLLECTION"
WKT = rf"(?i)^\s*(?:SRID=\d+;)?\s*(?:{SHAPES})\s*(?:Z|M|ZM)?\s*(?:\(|EMPTY).*"
GEOJSON = r'(?s)^\s*\{.*"type"\s*:\s*"(?:Feature|(?:Multi)?(?:Point|LineString|Polygon)|GeometryCollection)".*\}\s*$'
LON_LAT_OBJECT = r'(?si)^\s*\{[^{}]*"(?:lon|lng|long|longitude)"\s*:[^{}]*\}\s*$'
_NUMBER = r"[-+]?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?"
_COMMA_NUMBER = r"[-+]?[0-9]+(?:,[0-9]+)?"
PAIR = rf"^\s*[\[(]?\s*({_NUMBER})\s*[,;/|\s]\s*({_NUMBER})\s*[\])]?\s*$"
COMMA_PAIR = rf"^\s*[\[(]?\s*({_COMMA_NUMBER})\s*[;/|\s]\s*({_COMMA_NUMBER})\s*[\])]?\s*$"
LONG_PAIR = r"^\s*[\[(]?\s*[-+]?[0-9]{1,3}\.[0-9]{3,}\s*[,;\s]\s*[-+]?[0-9]{1,3}\.[0-9]{3,}\s*[\])]?\s*$"
SRID = r"^\s*(?i:SRID)=(\d+);"
_EDGE = 1e-9


def text_of(column: str) -> str:
    return f"CAST({identifier(column)} AS VARCHAR)"


def number_of(column: str) -> str:
    """A coordinate as people write it: decimal comma, spaces between thousands. NULL for anything else, NaN and infinity."""
    cleaned = f"replace(regexp_replace({text_of(column)}, '[\\s  ]', '', 'g'), ',', '.')"
    return f"CASE WHEN regexp_full_match({cleaned}, {literal(_NUMBER)}) THEN TRY_CAST({cleaned} AS DOUBLE) END"


def present(columns: Sequence[str]) -> str:
    """Condition: something is written in all these columns."""
    return " AND ".join(f"coalesce(trim({text_of(column)}), '') NOT IN ('', 'null')" for column in columns)


def point_of_text(column: str, *, latitude_first: bool) -> str:
    """`47.2, -1.5`, `[-1.5, 47.2]`, `47,2 ; -1,5`, `{"lon": -1.5, "lat": 47.2}`."""
    text = text_of(column)
    halves = [
        f"TRY_CAST(coalesce(nullif(regexp_extract({text}, {literal(PAIR)}, {half}), ''), "
        f"replace(nullif(regexp_extract({text}, {literal(COMMA_PAIR)}, {half}), ''), ',', '.')) AS DOUBLE)"
        for half in (1, 2)
    ]
    x, y = (halves[1], halves[0]) if latitude_first else (halves[0], halves[1])
    by_key = [
        f"TRY_CAST(coalesce({', '.join(f'TRY({text}::JSON->>{literal(key)})' for key in keys)}) AS DOUBLE)"
        for keys in (("lon", "lng", "long", "longitude"), ("lat", "latitude"))
    ]
    return (
        f"CASE WHEN regexp_matches({text}, {literal(LON_LAT_OBJECT)}) THEN ST_Point({by_key[0]}, {by_key[1]}) "
        f"ELSE ST_Point({x}, {y}) END"
    )


def source_geometry(found: GeometryFound) -> str:
    """GEOMETRY in the source's own system."""
    first = found.columns[0]
    text = text_of(first)
    if found.source == "native":
        return "geometry"
    if found.source == "latlon":
        return f"ST_Point({number_of(found.columns[1])}, {number_of(first)})"
    if found.source in ("latlon_text", "lonlat_text"):
        return point_of_text(first, latitude_first=found.source == "latlon_text")
    if found.source == "wkt":
        return _closed(f"TRY(ST_GeomFromText(regexp_replace({text}, {literal(SRID)}, '')))")
    geometry = f"coalesce(nullif(CAST(TRY({text}::JSON->'geometry') AS VARCHAR), 'null'), {text})"
    return _closed(f"TRY(ST_GeomFromGeoJSON({geometry}))")


def _closed(geometry: str) -> str:
    """NULL for a shape that the geometry library refuses (an open ring): every later question about it would fail."""
    return f"list_filter([{geometry}], lambda s: NOT {refused_shape('s')})[1]"


def in_crs84(geometry: str, crs: str) -> str:
    """The same in CRS84 and two dimensions; NULL when empty, not a number, or nowhere on Earth.

    The list is there for the geometry to be computed once: the engine computes the branches of a CASE apart."""
    flat = f"ST_Force2D({geometry})"
    moved = flat if crs == CRS84 else f"TRY(ST_Transform({flat}, {literal(crs)}, '{CRS84}', always_xy := true))"
    return (
        f"list_filter([{moved}], lambda g: ST_XMin(g) >= {-180 - _EDGE} AND ST_XMax(g) <= {180 + _EDGE} "
        f"AND ST_YMin(g) >= {-90 - _EDGE} AND ST_YMax(g) <= {90 + _EDGE})[1]"
    )


def point_inside(shape: str) -> str:
    """A point on the surface of a shape, its centroid when the library cannot find one."""
    return f"coalesce(TRY(ST_PointOnSurface({shape})), TRY(ST_Centroid({shape})))"


# Rectangles (west, south, east, north) of where French positions fall.
FRANCE = (
    (-5.6, 41.2, 9.7, 51.3), (-63.2, 14.2, -60.7, 18.2), (-54.7, 2.0, -51.5, 6.0), (55.1, -21.5, 55.9, -20.8),
    (44.9, -13.1, 45.4, -12.5), (-56.6, 46.6, -56.0, 47.2), (158.0, -23.5, 172.5, -17.5), (-155.0, -28.0, -134.0, -7.5),
    (-178.5, -14.6, -175.9, -13.0),
)  # fmt: skip


def in_france(x: str, y: str) -> str:
    return "(" + " OR ".join(f"({x} BETWEEN {w} AND {e} AND {y} BETWEEN {s} AND {n})" for w, s, e, n in FRANCE) + ")"
