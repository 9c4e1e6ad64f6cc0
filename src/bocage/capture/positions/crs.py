"""Coordinate reference systems: from what files write to one canonical code, `OGC:CRS84` or `EPSG:<number>`.

Longitude and latitude in degrees, whatever the order written in the authority's definition, are `OGC:CRS84`: everywhere
in Bocage coordinates are x then y.
"""

from __future__ import annotations

import re
from typing import Any

from bocage.capture.positions.errors import CrsNotSupported
from bocage.capture.sql import literal
from bocage.store.engine import Workshop

CRS84 = "OGC:CRS84"
Bounds = tuple[float, float, float, float]  # xmin, ymin, xmax, ymax, in the system spoken of

# Degrees on WGS 84 itself: the same numbers as CRS84 once x comes first.
_SAME_AS_CRS84 = frozenset({"EPSG:4326", "EPSG:4979", "OGC:CRS84", "OGC:CRS84h", "OGC:84", "CRS:84", "EPSG:CRS84"})
_EPSG = re.compile(r"(?:^|[^a-z])epsg\D{0,12}?(?:/0/|:[\d.]*:|:+|/|\s)\s*(\d{4,6})\s*$", re.IGNORECASE)
_OGC84 = re.compile(r"(?:ogc|crs)\b.*?(?:crs)?84h?\s*$", re.IGNORECASE)
_ROOT_AUTHORITY = re.compile(
    r'(?:AUTHORITY\s*\[\s*"EPSG"\s*,\s*"?(\d+)"?\s*\]|\bID\s*\[\s*"EPSG"\s*,\s*(\d+)\s*\])\s*\]\s*$', re.IGNORECASE
)
_WKT_NAME = re.compile(
    r'^\s*(?:COMPD_CS\s*\[\s*"[^"]*"\s*,\s*)?(?:PROJCS|GEOGCS|PROJCRS|GEOGCRS|GEODCRS|GEODETICCRS)\s*\[\s*"([^"]*)"',
    re.IGNORECASE,
)

# Names as ESRI, QGIS, MapInfo, FME and people write them, once reduced by `_plain`.
_NAMES = {
    "rgf93lambert93": 2154, "rgf1993lambert93": 2154, "rgf93v1lambert93": 2154, "rgf93v2lambert93": 9793,
    "rgf93v2blambert93": 9794, "lambert93": 2154, "rgf93": 4171, "gcsrgf1993": 4171, "rgf93v1": 4171, "rgf1993": 4171,
    "gcswgs1984": 4326, "wgs84": 4326, "wgs1984": 4326, "wgs84longitudelatitude": 4326, "etrs89": 4258, "gcsetrs1989": 4258,
    "wgs1984webmercatorauxiliarysphere": 3857, "wgs84pseudomercator": 3857, "wgs1984webmercator": 3857,
    "webmercator": 3857, "pseudomercator": 3857, "googlemercator": 3857, "popularvisualisationcrsmercator": 3857,
    "ntfparislambertzoneii": 27572, "ntflambertiietendu": 27572, "ntfparislambertzoneiietendu": 27572,
    "lambertiietendu": 27572, "lambert2etendu": 27572, "ntflambertzoneii": 27572, "ntfparislambertfrance": 27572,
    "ntfparislambertnordfrance": 27561, "ntfparislambertcentrefrance": 27562, "ntfparislambertsudfrance": 27563,
    "ntfparislambertcorse": 27564, "etrs89laea": 3035, "etrs89extendedlaeaeurope": 3035, "etrs1989laea": 3035,
    # overseas
    "rgaf09utmzone20n": 5490, "rgaf09utm20n": 5490, "rrafguadeloupeutmzone20n": 4559, "rraf1991utmzone20n": 4559,
    "rgfg95utmzone22n": 2972, "rgfg1995utmzone22n": 2972, "rgfg95utm22n": 2972, "rgr92utmzone40s": 2975,
    "rgr1992utm40s": 2975, "rgr1992utmzone40s": 2975, "rgr92utm40s": 2975, "rgm04utmzone38s": 4471,
    "rgm2004utmzone38s": 4471, "rgm04utm38s": 4471, "rgspm06utmzone21n": 4467, "rgspm2006utmzone21n": 4467,
    "rgnc9193lambertnewcaledonia": 3163, "rgnc19911993lambertnewcaledonia": 3163,
    "rgpfutmzone5s": 3296, "rgpfutmzone6s": 3297, "rgpfutmzone7s": 3298, "rgpfutmzone8s": 3299,
}  # fmt: skip
_CONIC = re.compile(r"(?:cc|coniqueconforme(?:zone)?)(4[2-9]|50)(?:rgf93|$)")
_WGS84_UTM = re.compile(r"wgs(?:19)?84utm(?:zone)?([1-9]|[1-5]\d|60)([ns])")

# Where the coordinates of mainland France and Corsica fall: system, x from-to, y from-to, in its own unit.
_RANGES: tuple[tuple[str, Bounds], ...] = (
    (CRS84, (-180.0, -90.0, 180.0, 90.0)),
    ("EPSG:2154", (0.0, 6_000_000.0, 1_245_000.0, 7_200_000.0)),  # to Corsica; west Loire in CC47 begins at 1.29M
    *((f"EPSG:39{zone}", (1_100_000.0, 1_200_000.0 + (zone - 42) * 1_000_000.0 - 130_000.0,
                          2_200_000.0, 1_200_000.0 + (zone - 42) * 1_000_000.0 + 130_000.0)) for zone in range(42, 51)),
    ("EPSG:27572", (0.0, 1_600_000.0, 1_200_000.0, 2_700_000.0)),
    ("EPSG:3857", (-600_000.0, 5_000_000.0, 1_100_000.0, 6_700_000.0)),
)  # fmt: skip


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def canonical(code: str) -> str:
    """`EPSG:4326` and its like → `OGC:CRS84`; any other code unchanged."""
    return CRS84 if code in _SAME_AS_CRS84 else code


def parse(text: str) -> str:
    """A code, a URN, an address, a usual name, or WKT → canonical code. Raises CrsNotSupported."""
    text = text.strip()
    if code := _ROOT_AUTHORITY.search(text) if "[" in text else _EPSG.search(text):
        return canonical(f"EPSG:{int(code[1] or code[2])}")
    if text.isdigit() and 4 <= len(text) <= 6:
        return canonical(f"EPSG:{int(text)}")
    if wkt := _WKT_NAME.match(text):
        text = wkt[1]
    elif _OGC84.search(text):
        return CRS84
    if code_of_name := from_name(text):
        return code_of_name
    raise CrsNotSupported(crs=text[:80])


def from_name(name: str) -> str | None:
    """`RGF93_Lambert_93`, `RGF_1993_CC47`, `RGF93 / CC47`… → canonical code, or None."""
    plain = _plain(name)
    if plain in _NAMES:
        return canonical(f"EPSG:{_NAMES[plain]}")
    if zone := _CONIC.search(plain):
        return f"EPSG:39{zone[1]}"
    if utm := _WGS84_UTM.search(plain):
        return f"EPSG:32{'6' if utm[2] == 'n' else '7'}{int(utm[1]):02d}"
    return None


def from_projjson(crs: Any) -> str:
    """PROJJSON of GeoParquet (`{"id": {"authority", "code"}}`). Raises CrsNotSupported."""
    if not isinstance(crs, dict):
        raise CrsNotSupported(crs=str(crs)[:80])
    identity = crs.get("id") or {}
    if isinstance(identity, dict) and identity.get("authority") and identity.get("code") is not None:
        authority, code = str(identity["authority"]), str(identity["code"])
        if authority.upper() in ("EPSG", "OGC"):
            return parse(f"{authority}:{code}")
    if code_of_name := from_name(str(crs.get("name", ""))):
        return code_of_name
    raise CrsNotSupported(crs=str(crs.get("name", ""))[:80])


def from_bounds(bounds: Bounds) -> str | None:
    """The one usual system in which all these coordinates are plausible; None when none is."""
    for code, (xmin, ymin, xmax, ymax) in _RANGES:
        if xmin <= bounds[0] and bounds[2] <= xmax and ymin <= bounds[1] and bounds[3] <= ymax:
            return code
    return None


def check(workshop: Workshop, code: str) -> str:
    """`code`, once it is known that the engine converts it. Raises CrsNotSupported."""
    if code == CRS84:
        return code
    try:
        workshop.execute(f"SELECT ST_Transform(ST_Point(0, 0), {literal(code)}, '{CRS84}', always_xy := true)")
    except Exception:  # noqa: BLE001  only `store` may name the engine's errors
        raise CrsNotSupported(crs=code) from None
    return code
