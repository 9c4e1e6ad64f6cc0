"""The doors of the older services of the OGC: WFS, WMS, WMTS."""

from __future__ import annotations

from tests.interfaces.geo.at_random.asked import Asked, Dice, segment
from tests.interfaces.geo.at_random.documents import HOSTILE, wfs_document
from tests.interfaces.geo.at_random.newer import GRIDS
from tests.interfaces.geo.at_random.values import TEXTS

PICTURES = ("image/png", "image/jpeg", "image/png8", "text/html", "application/json", "image/svg+xml", "x/y", "")


def wfs(dice: Dice) -> Asked:
    path = dice.choice(
        (
            "/wfs",
            "/wfs/",
            f"/wfs/{segment(dice.dataset())}",
            "/wfs/organizations/metropole",
            f"/wfs/organizations/{segment(dice.text())}",
        )
    )
    if dice.random() < 0.3:
        kind = dice.choice(
            ("application/xml", "text/xml", "text/xml; charset=utf-16", "application/x-www-form-urlencoded", "")
        )
        return Asked("wfs", "POST", path, body=wfs_document(dice).encode("utf-8", "replace"), content_type=kind)
    x, y, east, north = dice.box()
    known = {
        "version": ("2.0.0", "1.1.0", "1.0.0", "9", ""),
        "typeNames": [f"bocage:{dice.dataset()}", dice.dataset(), f"x:{dice.text()}"],
        "count": [dice.number(1, 30)],
        "startIndex": [dice.number()],
        "resultType": ("hits", "results", "x"),
        "srsName": [dice.system()],
        "bbox": [
            dice.numbers(),
            f"{y},{x},{north},{east},urn:ogc:def:crs:EPSG::4326",
            f"{x},{y},{east},{north},{dice.system()}",
        ],
        "propertyName": [f"{dice.field()},{dice.field()}"],
        "sortBy": [f"{dice.field()} {dice.choice(('A', 'D', 'x'))}"],
        "outputFormat": ("application/json", "application/gml+xml; version=3.2", "csv", "x", ""),
        "filter": [wfs_document(dice, only_filter=True)],
        "featureID": TEXTS,
        "resourceId": TEXTS,
        "storedquery_id": ("urn:ogc:def:query:OGC-WFS::GetFeatureById", "x"),
        "id": TEXTS,
        "valueReference": [dice.field(), "a/b[1]", "@*"],
        "namespaces": ("xmlns(bocage,http://x)", "x"),
        "cql_filter": ["quais > 3", "1=1"],
    }
    request = dice.often(
        ("GetFeature",) * 5
        + ("GetCapabilities", "DescribeFeatureType", "GetPropertyValue", "ListStoredQueries", "DescribeStoredQueries"),
        ("Transaction", "LockFeature", "", "x"),
    )
    given = [
        ("service", dice.often(("WFS",), ("WMS", "", "x"), 0.05)),
        ("request", request),
        ("count", "10"),
        *dice.pick(known, 1, 5),
    ]
    if dice.random() < 0.8:
        given.append(("typeNames", f"bocage:{dice.dataset()}"))
    return dice.asked("wfs", path, [(dice.case(name), value) for name, value in dict(given).items()])


def wms(dice: Dice) -> Asked:
    path = dice.choice(("/wms", f"/wms/{segment(dice.dataset())}", "/wms/organizations/metropole"))
    x, y, east, north = dice.box()
    layer = dice.dataset()
    request = dice.often(
        ("GetMap",) * 5 + ("GetCapabilities", "GetFeatureInfo", "GetLegendGraphic"), ("DescribeLayer", "", "x")
    )
    known = {
        "styles": ("", "default", "x" * 300, ",,"),
        "transparent": ("TRUE", "FALSE", "x"),
        "bgcolor": ("0xFFFFFF", "red", "0x" + "F" * 99),
        "info_format": ("application/json", "text/html", "text/plain", "x"),
        "i": [dice.number(1, 30)],
        "j": [dice.number(1, 30)],
        "feature_count": [dice.number(1, 30)],
        "time": [dice.moment()],
        "exceptions": ("XML", "INIMAGE", "BLANK", "x"),
        "dpi": [dice.number(1, 30)],
        "sld_body": ("<StyledLayerDescriptor/>", *HOSTILE),
        "width": [dice.number(1, 30)],
        "height": [dice.number(1, 30)],
        "layers": [",".join([layer] * 60), dice.text()],
        "bbox": [dice.numbers()],
        "crs": [dice.system()],
    }
    given = {
        "service": "WMS",
        "request": request,
        "version": dice.choice(("1.3.0", "1.3.0", "1.1.1", "x")),
        "layers": layer,
        "query_layers": layer,
        "layer": layer,
        "crs": "CRS:84",
        "srs": "EPSG:4326",
        "bbox": f"{x},{y},{east},{north}",
        "width": str(dice.randint(1, 300)),
        "height": str(dice.randint(1, 300)),
        "format": dice.often(("image/png",), PICTURES),
        "i": "5",
        "j": "5",
        "styles": "",
    } | dict(dice.pick(known, 0, 3))
    return dice.asked("wms", path, [(dice.case(name), value) for name, value in given.items() if dice.random() < 0.97])


def wmts(dice: Dice) -> Asked:
    layer, zoom = dice.dataset(), dice.randint(0, 18)
    column, row = int(0.4957 * 2**zoom), int(0.3498 * 2**zoom)
    if dice.random() < 0.3:
        last = dice.choice((str(column), "-1", "x"))
        style, grid = dice.choice(("default", "x")), dice.choice(GRIDS[:4])
        return dice.asked("wmts", f"/wmts/{segment(layer)}/{style}/{grid}/{zoom}/{row}/{last}.png")
    given = {
        "service": "WMTS",
        "request": dice.often(("GetTile", "GetTile", "GetCapabilities", "GetFeatureInfo"), ("x", "")),
        "version": "1.0.0",
        "layer": layer,
        "style": "default",
        "tilematrixset": dice.choice(GRIDS),
        "tilematrix": str(zoom),
        "tilerow": str(row),
        "tilecol": str(column),
        "format": dice.often(("image/png",), PICTURES),
    } | dict(
        dice.pick(
            {
                "tilematrix": [dice.number(1, 30)],
                "tilerow": [dice.number(1, 30)],
                "tilecol": [dice.number(1, 30)],
                "i": [dice.number(1, 30)],
                "j": [dice.number(1, 30)],
                "style": TEXTS,
            },
            0,
            2,
        )
    )
    return dice.asked(
        "wmts",
        dice.choice(("/wmts", f"/wmts/{segment(layer)}")),
        [(dice.case(name), value) for name, value in given.items()],
    )
