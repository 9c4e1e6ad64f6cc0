"""OpenStreetMap: an extract `.osm.pbf`, from which roads and places are made in the engine, by set operations.

Roads are ways that have a `highway` tag, lines drawn through their nodes. Places are what people look for: a node, or the middle of
a building or of a ground, that has a name and one of PLACES. Relations are not read.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bocage.catalog.references.vocabulary import ReferenceKind
from bocage.catalog.vocabulary import Frequency, Licence
from bocage.pipeline.references.importing.errors import DamagedExtract
from bocage.pipeline.references.importing.sources import Source, SourceLayer, layered
from bocage.store.engine import EngineError, literal

if TYPE_CHECKING:
    from bocage.store.engine import Workshop

ROADS, PLACES = "routes", "lieux"
KINDS = ("amenity", "shop", "tourism", "leisure", "office", "craft", "healthcare", "historic", "public_transport")
_ROAD_TAGS = (
    "name", "ref", "highway", "oneway", "maxspeed", "surface", "lanes", "bicycle", "cycleway", "bridge", "tunnel", "lit",
)  # fmt: skip
_PLACE_TAGS = ("name", *KINDS, "operator", "opening_hours", "phone", "website", "wheelchair")

OSM = Source(
    name="osm",
    label="OpenStreetMap",
    licence=Licence.ODBL,
    attribution="© les contributeurs d’OpenStreetMap",
    origin="https://www.openstreetmap.org/copyright",
    frequency=Frequency.MONTHLY,
    keywords=("référence", "OpenStreetMap"),
    layers=layered(
        SourceLayer(
            ROADS,
            slug="osm-routes",
            title="Routes, rues et chemins (OpenStreetMap)",
            description="Voies de circulation, avec leur nom et leurs caractéristiques. © les contributeurs d’OpenStreetMap.",
            kind=ReferenceKind.ROADS,
            key=("osm_id",),
            label=("name",),
        ),
        SourceLayer(
            PLACES,
            slug="osm-lieux",
            title="Lieux (OpenStreetMap)",
            description="Équipements, commerces et services qui ont un nom. © les contributeurs d’OpenStreetMap.",
            kind=ReferenceKind.OTHER,
            key=("osm_id",),
            label=("name",),
        ),
    ),
)

EXTRACT = "extract"


def open_extract(shop: Workshop, file: Path) -> None:
    """Make the extract readable as EXTRACT. Raises DamagedExtract."""
    with file.open("rb") as stream:
        head = stream.read(64)
    if b"OSMHeader" not in head:
        raise DamagedExtract(file=file.name, detail="OSMHeader")
    try:
        shop.openstreetmap(EXTRACT, file)
    except EngineError as error:
        raise damaged(file, error) from None


def damaged(file: Path, error: Exception) -> DamagedExtract:
    return DamagedExtract(file=file.name, detail=str(error).strip().splitlines()[0][:200])


def select(shop: Workshop, layer: str, box: tuple[float, float, float, float] | None) -> str:
    """SQL of a layer: `osm_id`, the tags, `geo_shape` or `geo_point_2d` (GEOMETRY, CRS84). `box`: west, south, east, north, outside
    which nothing is looked for. Raises EngineError."""
    return _roads(shop, box) if layer == ROADS else _places(shop, box)


def _roads(shop: Workshop, box: tuple[float, float, float, float] | None) -> str:
    _lay_out_ways(shop, "tags['highway'] IS NOT NULL AND len(refs) >= 2")
    drawn = (
        "SELECT id, ST_MakeLine(list(ST_Point(lon, lat) ORDER BY place)) AS line FROM steps JOIN places USING (node) "
        "GROUP BY id HAVING count(*) >= 2"
    )
    inside = f" WHERE {_meets(box, 'line')}" if box else ""
    return (
        f"SELECT 'way/' || id AS osm_id, {_columns(_ROAD_TAGS)}, ST_SetCRS(line, 'OGC:CRS84') AS geo_shape "
        f"FROM ways JOIN ({drawn}) AS drawn USING (id){inside}"
    )


def _places(shop: Workshop, box: tuple[float, float, float, float] | None) -> str:
    kinds = " OR ".join(f"tags[{literal(kind)}] IS NOT NULL" for kind in KINDS)
    named = f"tags['name'] IS NOT NULL AND ({kinds})"
    _lay_out_ways(shop, f"{named} AND len(refs) >= 4 AND refs[1] = refs[-1]")
    middles = (
        "SELECT id, ST_Centroid(ST_MakeLine(list(ST_Point(lon, lat) ORDER BY place))) AS point FROM steps "
        "JOIN places USING (node) GROUP BY id HAVING count(*) >= 2"
    )
    point = f"ST_Point({_degrees('lon')}, {_degrees('lat')}) AS point"
    nodes = f"SELECT 'node/' || id AS osm_id, tags, {point} FROM {EXTRACT} WHERE kind = 'node' AND {named}"
    grounds = f"SELECT 'way/' || id AS osm_id, tags, point FROM ways JOIN ({middles}) AS middles USING (id)"
    inside = f" WHERE {_meets(box, 'point')}" if box else ""
    return (
        f"SELECT osm_id, {_columns(_PLACE_TAGS)}, ST_SetCRS(point, 'OGC:CRS84') AS geo_point_2d "
        f"FROM ({nodes} UNION ALL {grounds}){inside}"
    )


def _lay_out_ways(shop: Workshop, condition: str) -> None:
    """Tables `ways` (id, tags), `steps` (id, node, place) and `places` (node, lon, lat) of the ways that meet a condition: only the
    nodes that they pass through are kept."""
    shop.execute(
        f"CREATE OR REPLACE TABLE ways AS SELECT id, tags, refs FROM {EXTRACT} WHERE kind = 'way' AND {condition}"
    )
    shop.execute(
        "CREATE OR REPLACE TABLE steps AS SELECT id, unnest(refs) AS node, generate_subscripts(refs, 1) AS place FROM ways"
    )
    shop.execute(
        f"CREATE OR REPLACE TABLE places AS SELECT id AS node, {_degrees('lon')} AS lon, {_degrees('lat')} AS lat FROM {EXTRACT} "
        "WHERE kind = 'node' AND id IN (SELECT node FROM steps)"
    )


def _degrees(column: str) -> str:
    """As precise as OpenStreetMap is: a ten-millionth of a degree."""
    return f"round({column}, 7)"


def _columns(tags: tuple[str, ...]) -> str:
    return ", ".join(f"tags[{literal(tag)}] AS {tag}" for tag in tags)


def _meets(box: tuple[float, float, float, float], shape: str) -> str:
    return f"ST_Intersects({shape}, ST_MakeEnvelope({', '.join(repr(float(one)) for one in box)}))"
