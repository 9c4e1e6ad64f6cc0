"""SQL expressions over source columns: numbers, texts of two numbers, WKT, GeoJSON; what is on Earth, what is in France.

All of them give NULL, never an error, for what they cannot read: `position_facts` counts those. `numbers`: the columns that
are numbers for the engine too; the others are read as texts.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bocage.capture.positions.crs import CRS84
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
PLAIN_PAIR = rf"{_NUMBER}\s*,\s*{_NUMBER}"
LONG_PAIR = r"^\s*[\[(]?\s*[-+]?[0-9]{1,3}\.[0-9]{3,}\s*[,;\s]\s*[-+]?[0-9]{1,3}\.[0-9]{3,}\s*[\])]?\s*$"
# One look for all of the above: what begins otherwise is none of them.
BEGINNING = r"(?i)^\s*(?:\{|SRID|MULTI|POINT|LINE|POLY|GEOM|[\[(]?\s*[-+]?[0-9][0-9.,e+-]*\s*[,;/|\s]\s*[-+0-9])"
SRID = r"^\s*(?i:SRID)=(\d+);"
_EDGE = 1e-9


def text_of(column: str) -> str:
    return f"CAST({identifier(column)} AS VARCHAR)"


def number_of(column: str, numbers: Collection[str]) -> str:
    """A coordinate, DOUBLE: the column itself when it is one of `numbers`, else a number as people write it (decimal comma,
    spaces between thousands). NULL for anything else, NaN and infinity."""
    if column in numbers:
        value = f"CAST({identifier(column)} AS DOUBLE)"
        return f"CASE WHEN isfinite({value}) THEN {value} END"
    cleaned = f"replace(regexp_replace({text_of(column)}, '[\\s  ]', '', 'g'), ',', '.')"
    return f"CASE WHEN regexp_full_match({cleaned}, {literal(_NUMBER)}) THEN TRY_CAST({cleaned} AS DOUBLE) END"


def present(columns: Sequence[str], numbers: Collection[str]) -> str:
    """Condition: something is written in all these columns."""
    return " AND ".join(
        f"{identifier(column)} IS NOT NULL" if column in numbers
        else f"coalesce(trim({text_of(column)}), '') NOT IN ('', 'null')"
        for column in columns
    )  # fmt: skip


def shown(columns: Sequence[str], numbers: Collection[str]) -> str:
    """The values of one position, as a person can recognise them: 48.0 was written 48."""
    texts = [
        f"regexp_replace({text_of(column)}, '[.]0$', '')" if column in numbers else text_of(column)
        for column in columns
    ]
    return f"concat_ws(' ; ', {', '.join(texts)})"


def coordinates_of_text(column: str, *, latitude_first: bool) -> tuple[str, str]:
    """x and y, DOUBLE or NULL, of `47.2, -1.5`, `[-1.5, 47.2]`, `47,2 ; -1,5`, `{"lon": -1.5, "lat": 47.2}`."""
    first, second = (_half(column, half) for half in (1, 2))
    x, y = (second, first) if latitude_first else (first, second)
    text = text_of(column)
    by_key = [
        f"TRY_CAST(coalesce({', '.join(f'TRY({text}::JSON->>{literal(key)})' for key in keys)}) AS DOUBLE)"
        for keys in (("lon", "lng", "long", "longitude"), ("lat", "latitude"))
    ]
    is_object = f"regexp_matches({text}, {literal(LON_LAT_OBJECT)})"
    return (
        f"CASE WHEN {is_object} THEN {by_key[0]} ELSE {x} END",
        f"CASE WHEN {is_object} THEN {by_key[1]} ELSE {y} END",
    )


def _half(column: str, half: int) -> str:
    """One of the two numbers of a text. The plain `47.2, -1.5` is nearly always the whole file: no need to extract it."""
    text = text_of(column)
    extracted = (
        f"coalesce(nullif(regexp_extract({text}, {literal(PAIR)}, {half}), ''), "
        f"replace(nullif(regexp_extract({text}, {literal(COMMA_PAIR)}, {half}), ''), ',', '.'))"
    )
    return (
        f"TRY_CAST(CASE WHEN regexp_full_match({text}, {literal(PLAIN_PAIR)}) THEN split_part({text}, ',', {half}) "
        f"ELSE {extracted} END AS DOUBLE)"
    )


def coordinates(found: GeometryFound, numbers: Collection[str]) -> tuple[str, str] | None:
    """x and y of a position, in the source's own system; None when the source holds shapes."""
    if found.source == "latlon":
        y, x = found.columns
        return number_of(x, numbers), number_of(y, numbers)
    if found.source in ("latlon_text", "lonlat_text"):
        return coordinates_of_text(found.columns[0], latitude_first=found.source == "latlon_text")
    return None


def source_shape(found: GeometryFound) -> str:
    """GEOMETRY in the source's own system, NULL for what cannot be read; of a source that holds shapes."""
    text = text_of(found.columns[0])
    if found.source == "native":
        return identifier(found.columns[0])
    if found.source == "wkt":
        return f"TRY(ST_GeomFromText(regexp_replace({text}, {literal(SRID)}, '')))"
    geometry = f"coalesce(nullif(CAST(TRY({text}::JSON->'geometry') AS VARCHAR), 'null'), {text})"
    return f"TRY(ST_GeomFromGeoJSON({geometry}))"


def moved(geometry: str, crs: str) -> str:
    """The same in CRS84; NULL where that has no meaning."""
    return geometry if crs == CRS84 else f"TRY(ST_Transform({geometry}, {literal(crs)}, '{CRS84}', always_xy := true))"


def on_earth(west: str, south: str, east: str, north: str) -> str:
    """Condition on bounds in degrees; false or NULL for an empty shape and for NaN."""
    return (
        f"{west} >= {-180 - _EDGE} AND {east} <= {180 + _EDGE} AND {south} >= {-90 - _EDGE} AND {north} <= {90 + _EDGE}"
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
    """Condition on a position in degrees."""
    return "(" + " OR ".join(f"({x} BETWEEN {w} AND {e} AND {y} BETWEEN {s} AND {n})" for w, s, e, n in FRANCE) + ")"


def within_france(bounds: tuple[float, float, float, float]) -> bool:
    """Are all positions between these bounds, in degrees, positions in France?"""
    west, south, east, north = bounds
    return any(w <= west and s <= south and east <= e and north <= n for w, s, e, n in FRANCE)
