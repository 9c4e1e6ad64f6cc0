"""Bodies: GeoJSON of edits, XML of the older services, hostile XML among it (bombs, outside entities, depth)."""

from __future__ import annotations

import json
from typing import Any
from xml.sax.saxutils import escape

from tests.interfaces.geo.at_random.asked import Dice

WFS = (
    'xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:fes="http://www.opengis.net/fes/2.0" '
    'xmlns:gml="http://www.opengis.net/gml/3.2"'
)
CSW = (
    'xmlns:csw="http://www.opengis.net/cat/csw/2.0.2" xmlns:ogc="http://www.opengis.net/ogc" '
    'xmlns:gml="http://www.opengis.net/gml" '
    'xmlns:gmd="http://www.isotc211.org/2005/gmd" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
BOMB = (
    "<!DOCTYPE b [<!ENTITY a 'aaaaaaaaaa'>"
    + "".join(f"<!ENTITY {'bcdefghij'[i]} '{('&' + 'abcdefghij'[i] + ';') * 10}'>" for i in range(9))
    + "]><b>&j;</b>"
)
HOSTILE = (
    BOMB,
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
    "<!DOCTYPE x SYSTEM 'http://127.0.0.1:1/x.dtd'><x/>",
    "<a>" * 3000 + "</a>" * 3000,
    "<x",
    "",
    "\x00",
    "<?xml version='1.0' encoding='x-nope'?><x/>",
    "<?xml version='1.0' encoding='UTF-16'?><x/>",
    "<x xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='file:///etc/passwd'/></x>",
    "{}",
    "<x " + " ".join(f'a{i}=""' for i in range(3000)) + "/>",
)
COMPARISONS = ("EqualTo", "NotEqualTo", "LessThan", "GreaterThan", "LessThanOrEqualTo", "GreaterThanOrEqualTo")


def geometry(dice: Dice) -> Any:
    x, y, east, north = dice.box()
    return dice.choice(
        (
            {"type": "Point", "coordinates": [x, y]},
            {"type": "Point", "coordinates": []},
            {"type": "Point", "coordinates": ["x", None]},
            {"type": "Polygon", "coordinates": [[[x, y], [east, y], [east, north], [x, y]]]},
            {"type": "Polygon", "coordinates": [[[x, y]]]},
            {"type": "LineString", "coordinates": [[x, y, 1], [east, north]]},
            {"type": "GeometryCollection", "geometries": []},
            {"type": "x"},
            None,
            5,
            {"type": "Point", "coordinates": [1e400, -1e400]},
            {"type": "MultiPoint", "coordinates": [[[[[[x]]]]]]},
        )
    )


def feature(dice: Dice) -> dict[str, Any]:
    return {
        "type": dice.choice(("Feature", "Feature", "x")),
        "id": dice.choice(("A00001", None, 5, {})),
        "geometry": geometry(dice),
        "properties": dice.choice(
            ({"nom": "x", "quais": dice.choice((1, "x", 1e308, None, [], {}))}, None, [], {dice.field(): dice.text()})
        ),
    }


def condition(dice: Dice, space: str, name: str, depth: int) -> str:
    """Of Filter Encoding: 2.0 in `fes`, 1.1 in `ogc`."""
    if depth > 0 and dice.random() < 0.4:
        inner = "".join(condition(dice, space, name, depth - 1) for _ in range(dice.randint(0, 3)))
        word = dice.choice(("And", "Or", "Not", "Zut"))
        return f"<{space}:{word}>{inner}</{space}:{word}>"
    reference = f"<{space}:{name}>{escape(printable(dice.field()))}</{space}:{name}>"
    literal = f"<{space}:Literal>{escape(printable(dice.choice((dice.text(), dice.number(), '2024-01-01'))))}</{space}:Literal>"
    word = dice.choice(COMPARISONS)
    x, y, east, north = dice.box()
    envelope = (
        f'<gml:Envelope srsName="{escape(dice.system())}"><gml:lowerCorner>{x} {y}</gml:lowerCorner>'
        f"<gml:upperCorner>{east} {dice.choice((north, 'x'))}</gml:upperCorner></gml:Envelope>"
    )
    return dice.choice(
        (
            f"<{space}:PropertyIs{word}>{reference}{literal}</{space}:PropertyIs{word}>",
            f"<{space}:PropertyIsNull>{reference}</{space}:PropertyIsNull>",
            f'<{space}:PropertyIsLike wildCard="*" singleChar="?" escapeChar="!">{reference}{literal}</{space}:PropertyIsLike>',
            f"<{space}:PropertyIsLike>{literal}{reference}</{space}:PropertyIsLike>",
            f"<{space}:BBOX>{reference}{envelope}</{space}:BBOX>",
            f"<{space}:BBOX>{envelope}</{space}:BBOX>",
            f"<{space}:Intersects>{reference}{envelope}</{space}:Intersects>",
            f"<{space}:Intersects/>",
            f"<{space}:DWithin>{reference}{envelope}<{space}:Distance uom='m'>{dice.number()}</{space}:Distance></{space}:DWithin>",
            f"<{space}:PropertyIsBetween>{reference}<{space}:LowerBoundary>{literal}</{space}:LowerBoundary></{space}:PropertyIsBetween>",
            f'<{space}:ResourceId rid="{escape(dice.dataset())}.1"/>',
            f'<{space}:Function name="zut">{literal}</{space}:Function>',
        )
    )


def wfs_document(dice: Dice, *, only_filter: bool = False) -> str:
    if dice.random() < 0.15:
        return dice.choice(HOSTILE)
    asked = f"<fes:Filter {WFS}>{condition(dice, 'fes', 'ValueReference', 4)}</fes:Filter>"
    if only_filter:
        return asked
    count, start = dice.choice((dice.number(1, 20), "10")), dice.choice(("0", dice.number()))
    query = f'<wfs:Query typeNames="bocage:{escape(printable(dice.dataset()))}">{asked}</wfs:Query>' * dice.choice(
        (1, 1, 2)
    )
    return (
        f'<wfs:GetFeature service="WFS" version="{dice.choice(("2.0.0", "1.1.0"))}" count="{escape(printable(count))}" '
        f'startIndex="{escape(printable(start))}" {WFS}>{query}</wfs:GetFeature>'
    )


def csw_document(dice: Dice) -> str:
    if dice.random() < 0.2:
        return dice.choice(HOSTILE)
    asked = condition(dice, "ogc", "PropertyName", 3)
    constraint = f'<csw:Constraint version="1.1.0"><ogc:Filter>{asked}</ogc:Filter></csw:Constraint>'
    return (
        f'<csw:GetRecords service="CSW" version="2.0.2" resultType="{dice.choice(("results", "hits", "x"))}" '
        f'startPosition="{escape(printable(dice.number(1)))}" '
        f'maxRecords="{escape(printable(dice.number(1)))}" {CSW}>'
        f'<csw:Query typeNames="csw:Record"><csw:ElementSetName>{dice.choice(("full", "brief", "x"))}'
        f"</csw:ElementSetName>{constraint}</csw:Query></csw:GetRecords>"
    )


def printable(text: str) -> str:
    """Without what no XML may hold; with it now and then, since that is an attack too."""
    return (
        json.dumps(text)[1:200].replace('"', "")
        if any(ord(letter) < 32 or 0xD800 <= ord(letter) < 0xE000 for letter in text)
        else text[:2000]
    )
