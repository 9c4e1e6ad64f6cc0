"""The doors of the catalogue (Records, CSW, ISO 19139) and of GeoServices REST."""

from __future__ import annotations

import json

from tests.interfaces.geo.at_random.asked import Asked, Dice, segment
from tests.interfaces.geo.at_random.documents import csw_document, geometry, wfs_document
from tests.interfaces.geo.at_random.newer import FORMATS
from tests.interfaces.geo.at_random.values import TEXTS


def records(dice: Dice) -> Asked:
    root = "/records"
    path = dice.choice(
        (
            root,
            f"{root}/",
            f"{root}/conformance",
            f"{root}/api",
            f"{root}/collections",
            *[f"{root}/collections/catalogue/items"] * 6,
            f"{root}/collections/catalogue/items/{segment(dice.dataset())}",
            f"{root}/collections/catalogue/queryables",
            f"{root}/collections/{segment(dice.text())}/items",
            f"/explore/dataset/{segment(dice.dataset())}/iso19139.xml",
        )
    )
    known = {
        "q": (*TEXTS, "couche territoire", "carte,voiture"),
        "type": ("dataset", "x"),
        "ids": ["arrets,voies", dice.text()],
        "bbox": [dice.numbers()],
        "datetime": [dice.moment()],
        "limit": [dice.number(1, 30)],
        "offset": [dice.number(1, 30)],
        "sortby": ["title", "-updated", dice.text()],
        "externalIds": TEXTS,
        "f": (*FORMATS, "iso", "dcat"),
        "filter": [f"title LIKE '{dice.text()}'", "S_INTERSECTS(geometry, BBOX(-2,46,0,48))", "x >"],
        "title": TEXTS,
    }
    return dice.asked("records", path, dice.pick(known, 0, 4))


def csw(dice: Dice) -> Asked:
    if dice.random() < 0.4:
        kind = dice.choice(("application/xml", "text/xml", "", "application/x-www-form-urlencoded"))
        return Asked("csw", "POST", "/csw", body=csw_document(dice).encode("utf-8", "replace"), content_type=kind)
    known = {
        "resultType": ("hits", "results", "validate", "x"),
        "outputSchema": ("http://www.opengis.net/cat/csw/2.0.2", "http://www.isotc211.org/2005/gmd", "x"),
        "ElementSetName": ("brief", "summary", "full", "x"),
        "maxRecords": [dice.number(1, 30)],
        "startPosition": [dice.number(1, 30)],
        "typeNames": ("csw:Record", "gmd:MD_Metadata", "x"),
        "constraintLanguage": ("CQL_TEXT", "FILTER", "x"),
        "constraint": ["AnyText LIKE '%arret%'", "dc:title = 'x'", dice.text(), wfs_document(dice, only_filter=True)],
        "id": ["arrets", dice.text()],
        "sortBy": ["dc:title:A", dice.text()],
        "propertyName": TEXTS,
        "parameterName": TEXTS,
        "namespace": TEXTS,
    }
    request = dice.often(
        ("GetRecords", "GetRecords", "GetCapabilities", "GetRecordById", "DescribeRecord", "GetDomain"),
        ("Transaction", "x", ""),
    )
    given = [
        ("service", dice.often(("CSW",), ("x",), 0.05)),
        ("version", dice.often(("2.0.2",), ("3.0.0", "x"))),
        ("request", request),
        ("typeNames", "csw:Record"),
        *dice.pick(known, 0, 5),
    ]
    return dice.asked("csw", "/csw", [(dice.case(name), value) for name, value in dict(given).items()])


def geoservices(dice: Dice) -> Asked:
    name = segment(dice.dataset())
    root = "/arcgis/rest"
    path = dice.choice(
        (
            f"{root}/info",
            f"{root}/services",
            f"{root}/services/{name}/FeatureServer",
            f"{root}/services/{name}/FeatureServer/{dice.number(0, 1)}",
            *[f"{root}/services/{name}/FeatureServer/0/query"] * 6,
            f"{root}/services/{name}/FeatureServer/0/applyEdits",
            f"{root}/services/{name}/MapServer",
        )
    )
    x, y, east, north = dice.box()
    envelope = json.dumps({"xmin": x, "ymin": y, "xmax": east, "ymax": north, "spatialReference": {"wkid": 4326}})
    known = {
        "where": [
            "1=1",
            f"{dice.field()} = {dice.number()}",
            f"nom LIKE '{dice.text()}%'",
            "1=1; DROP TABLE x",
            "quais > 3 AND (nom IS NULL OR NOT code = 'A')",
            f"UPPER({dice.field()}) = 'X'",
            "maj > DATE '2024-01-01'",
            "quais IN (1,2",
            "(" * 200,
            "1=(SELECT 1)",
            dice.text(),
        ],
        "geometry": [
            envelope,
            dice.numbers(),
            '{"rings": [[[0,0],[1,1],[1,0],[0,0]]]}',
            '{"rings": "x"}',
            "{",
            json.dumps(geometry(dice)),
        ],
        "geometryType": ("esriGeometryEnvelope", "esriGeometryPolygon", "esriGeometryPoint", "x"),
        "inSR": [dice.system()],
        "outSR": [dice.system()],
        "spatialRel": ("esriSpatialRelIntersects", "esriSpatialRelContains", "x"),
        "outFields": ["*", f"{dice.field()},{dice.field()}"],
        "returnCountOnly": ("true", "false", "x"),
        "returnIdsOnly": ("true",),
        "returnExtentOnly": ("true",),
        "resultOffset": [dice.number(1, 30)],
        "resultRecordCount": [dice.number(1, 30)],
        "orderByFields": [f"{dice.field()} DESC", dice.text()],
        "objectIds": ["1,2,3", "x", ",".join(["1"] * 3000)],
        "outStatistics": [
            '[{"statisticType":"sum","onStatisticField":"quais","outStatisticFieldName":"s"}]',
            "[{}]",
            "[",
            "5",
        ],
        "groupByFieldsForStatistics": ["nom", dice.field()],
        "returnDistinctValues": ("true",),
        "f": ("json", "pjson", "geojson", "pbf", "html", "x"),
        "time": [dice.moment()],
        "token": TEXTS,
        "adds": ["[{}]", json.dumps([{"attributes": {"nom": "x"}, "geometry": {"x": 1, "y": 2}}])],
        "deletes": ["1,2"],
        "geometryPrecision": [dice.number(1, 30)],
        "maxAllowableOffset": [dice.number(1, 30)],
        "having": TEXTS,
        "quantizationParameters": ("{", "{}"),
    }
    given = [("f", "json"), ("where", "1=1"), ("resultRecordCount", "10"), *dice.pick(known, 0, 5)]
    one = dice.asked("arcgis", path, list(dict(given).items()), dice.choice(("GET", "GET", "GET", "POST")))
    if one.method != "POST":
        return one
    return Asked("arcgis", "POST", one.path, body=one.query.encode(), content_type="application/x-www-form-urlencoded")
