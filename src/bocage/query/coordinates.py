"""The reference systems that coordinates are given and asked in (OGC API – Features part 2), and the way to that of the store."""

from __future__ import annotations

from dataclasses import dataclass

from bocage.query.odsql.wkb import read_wkb
from bocage.store import engine

CRS84_URI = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG_URI = "http://www.opengis.net/def/crs/EPSG/0/"
STORED = "OGC:CRS84"


@dataclass(frozen=True)
class Crs:
    """`code`: for the engine, axes always easting or longitude first. `uri`: its name in the standard.

    `latitude_first`: the order of the axes of the register, that clients write and expect."""

    code: str
    uri: str
    latitude_first: bool = False
    projected: bool = True


CRS84 = Crs(STORED, CRS84_URI, projected=False)
WGS84 = Crs("EPSG:4326", f"{EPSG_URI}4326", latitude_first=True, projected=False)
CONIC = (3942, 3943, 3944, 3945, 3946, 3947, 3948, 3949, 3950)
"""Lambert-93 CC42 to CC50: the legal systems of surveys, by latitude."""
OVERSEAS = (5490, 2972, 2975, 4471, 4467, 3296, 3297, 3298, 3299, 3163)
"""Antilles, Guyane, La Réunion, Mayotte, Saint-Pierre-et-Miquelon, Polynésie (UTM 5S to 8S), Nouvelle-Calédonie."""
SYSTEMS = (
    CRS84, WGS84, *(Crs(f"EPSG:{code}", f"{EPSG_URI}{code}") for code in (3857, 2154, *CONIC, *OVERSEAS)),
)  # fmt: skip
_BY_URI = {one.uri: one for one in SYSTEMS}
_BY_CODE = {one.code: one for one in SYSTEMS}


def crs_of(written: str) -> Crs | None:
    """By its URI, also between angle brackets or as https, its URN or its code; None for those that are not offered."""
    text = written.strip().removeprefix("[").removesuffix("]").strip("<>").replace("https://", "http://", 1)
    if text.startswith("urn:ogc:def:crs:"):
        authority, _, code = text.removeprefix("urn:ogc:def:crs:").partition(":")
        return _BY_CODE.get(f"{authority}:{code.rpartition(':')[2]}")
    return _BY_URI.get(text) or _BY_CODE.get(text.upper())


class NotPlaced(ValueError):
    """Coordinates that are nowhere in their reference system."""


def stored_wkt(wkt: str, crs: Crs) -> str:
    """WKT of a geometry given in `crs`, easting first, in longitude and latitude on WGS 84. Raises NotPlaced."""
    with engine.session() as session:
        ((found,),) = session.execute(
            "SELECT hex(ST_AsWKB(TRY(ST_Transform(ST_GeomFromText($1), $2, $3, always_xy := true))))",
            [wkt, crs.code, STORED],
        )
    if not found:
        raise NotPlaced(crs.code)
    moved = read_wkb(found)
    if "inf" in moved or "nan" in moved:
        raise NotPlaced(crs.code)
    return moved
