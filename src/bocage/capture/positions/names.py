"""Which columns hold positions, from their names, in French and English: pairs, and single columns with their order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bocage.capture.inference.names import ascii_words

_LAT = {"lat", "latitude", "ylat", "ylatitude", "geolat", "gpslat", "stoplat"}
_LON = {
    "lon",
    "lng",
    "long",
    "longitude",
    "xlon",
    "xlong",
    "xlongitude",
    "geolon",
    "geolong",
    "gpslon",
    "gpslong",
    "stoplon",
}
_Y = re.compile(r"^(?:(?:coord|coordonnee|coordonnees|point|pos|geo)?y(?:coord|l93|lamb93|lambert93|lambert|wgs84|cc\d\d|rgf93)?"
                r"|northing|nord)$")  # fmt: skip
_X = re.compile(r"^(?:(?:coord|coordonnee|coordonnees|point|pos|geo)?x(?:coord|l93|lamb93|lambert93|lambert|wgs84|cc\d\d|rgf93)?"
                r"|easting|est)$")  # fmt: skip
_LATLON_TEXT = re.compile(r"geo_?point|lat_?lo?ng?\b|latitude_longitude")
_LONLAT_TEXT = re.compile(r"xy|lo?ng?_?lat\b|longitude_latitude")
_PLACE_TEXT = re.compile(r"geo|coord|locali[sz]ation|location|position|gps|latitude|point|geom|shape|wkt|contour|trace")
_CRS_IN_NAME = (
    (re.compile(r"l93|lamb(?:ert)?_?93|2154"), "EPSG:2154"),
    (re.compile(r"wgs_?84|4326|gps"), "OGC:CRS84"),
    (re.compile(r"3857|mercator"), "EPSG:3857"),
    (re.compile(r"27572|l2e|lambert_?(?:2|ii)_?e"), "EPSG:27572"),
)
_CONIC_IN_NAME = re.compile(r"cc_?(4[2-9]|50)(?!\d)|39(4[2-9]|50)(?!\d)")


@dataclass(frozen=True)
class Pair:
    """Positions of the two columns in the list of labels. `degrees`: named latitude and longitude; `crs`: named too, or ""."""

    y: int
    x: int
    degrees: bool
    crs: str


def pairs(labels: Sequence[str]) -> list[Pair]:
    """The pairs that go together, most telling names first: latitude and longitude, then x and y."""
    words = [tuple(ascii_words(label)) for label in labels]
    found = []
    for degrees in (True, False):
        for y, y_words in enumerate(words):
            for x, x_words in enumerate(words):
                rest = _rest(y_words, lat=True, degrees=degrees)
                if x != y and rest is not None and rest == _rest(x_words, lat=False, degrees=degrees):
                    found.append(Pair(y, x, degrees, crs_in_name("_".join(x_words))))
    return found


def _rest(words: tuple[str, ...], *, lat: bool, degrees: bool) -> tuple[str, ...] | None:
    """What remains of a name without its mark of axis; None when it has none. Equal rests make a pair."""
    for place, word in enumerate(words):
        marked = word in (_LAT if lat else _LON) if degrees else (_Y if lat else _X).match(word)
        if marked:
            return tuple(_neutral(other) for other in words[:place] + words[place + 1 :])
    return None


def _neutral(word: str) -> str:
    return {"x": "", "y": ""}.get(word, word)


def crs_in_name(name: str) -> str:
    """`x_l93`, `coord_x_cc47`… → code; "" when the name says nothing."""
    name = name.lower()
    if conic := _CONIC_IN_NAME.search(name):
        return f"EPSG:39{conic[1] or conic[2]}"
    return next((code for pattern, code in _CRS_IN_NAME if pattern.search(name)), "")


def text_order(label: str) -> str:
    """`latlon_text` or `lonlat_text` when the name is a convention (Opendatasoft's Geo Point, IRVE's coordonneesXY); else ""."""
    name = "_".join(ascii_words(label))
    if _LONLAT_TEXT.search(name):
        return "lonlat_text"
    return "latlon_text" if _LATLON_TEXT.search(name) else ""


def names_a_place(label: str) -> bool:
    return _PLACE_TEXT.search("_".join(ascii_words(label))) is not None
