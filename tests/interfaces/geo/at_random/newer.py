"""The doors of the OGC API and of tiles: what their clients send, with what they would never send among it."""

from __future__ import annotations

import json

from tests.interfaces.geo.at_random.asked import Asked, Dice, segment
from tests.interfaces.geo.at_random.documents import feature, geometry
from tests.interfaces.geo.at_random.values import NUMBERS, TEXTS
from tests.publish.ogc.test_random import Dice as Cql2

FORMATS = ("json", "json", "html", "jsonfg", "csv", "fgb", "parquet", "zut", "")
GRIDS = ("WebMercatorQuad", "LAMB93", "WorldCRS84Quad", "absent", "webmercatorquad", "..")


def filtered(dice: Dice) -> list[tuple[str, str]]:
    """Conditions in CQL2, as the tests of the OGC API write them."""
    cql2 = Cql2(dice.random())
    chosen = dice.random()
    if chosen < 0.15:
        document = {
            "op": dice.choice(("=", "<", "s_intersects", "t_after", "and", "not", "like", "zut")),
            "args": [{"property": dice.field()}, dice.choice((1, "x", None, {}, [], geometry(dice)))],
        }
        return [("filter", json.dumps(document)), ("filter-lang", "cql2-json")]
    if chosen < 0.5:
        box = ",".join(map(str, dice.box()))
        return [
            (
                "filter",
                dice.choice(
                    (
                        f"S_INTERSECTS(geom, BBOX({box}))",
                        f"nom LIKE '{dice.choice('%G_')}%' AND quais > {dice.number()}",
                        f"{dice.field()} IS NULL",
                        f"S_WITHIN(geom, {dice.wkt()})",
                        "maj > TIMESTAMP('2024-01-02T00:00:00Z')",
                        f"quais IN ({dice.number()}, {dice.number()})",
                        f"CASEI(nom) = CASEI('{dice.text()}')",
                        f"distance(geom, {dice.wkt()}) < {dice.number()}",
                        "NOT " * 30 + "(quais = 1)",
                    )
                ),
            )
        ]
    return [("filter", cql2.filter() or "x"), ("filter-crs", dice.system())] if chosen < 0.8 else []


def items(dice: Dice) -> Asked:
    known = {
        "limit": [dice.number(1, 50)],
        "offset": [dice.number()],
        "bbox": [dice.numbers()],
        "bbox-crs": [dice.system()],
        "crs": [dice.system()],
        "datetime": [dice.moment()],
        "sortby": [f"{dice.choice('+- ')}{dice.field()}"],
        "properties": [f"{dice.field()},{dice.field()}"],
        "skipGeometry": ("true", "false", "x"),
        "resultType": ("hits", "results"),
        "f": FORMATS,
        "lang": ("fr", "en", "xx"),
        dice.field() or "x": [dice.often(("Commerce", "A00012", "3", "true"), TEXTS)],
    }
    if dice.random() < 0.05:
        known |= {"cursor": TEXTS, dice.text() or "y": NUMBERS}
    given = [*dice.pick(known, 0, 3), *(filtered(dice) if dice.random() < 0.5 else [])]
    if all(name != "limit" for name, _value in given):
        given.append(("limit", "20"))
    return dice.asked("items", f"/ogc/collections/{segment(dice.dataset())}/items", given)


def item(dice: Dice) -> Asked:
    path = f"/ogc/collections/{segment(dice.dataset())}/items/{segment(dice.choice((*TEXTS, 'A00001', '1', 'absent')))}"
    return dice.asked("item", path, dice.pick({"crs": [dice.system()], "f": FORMATS, "x": ("1",)}, 0, 2))


def documents(dice: Dice) -> Asked:
    name = segment(dice.dataset())
    path = dice.choice(
        (
            "/ogc/",
            "/ogc",
            "/ogc/conformance",
            "/ogc/api",
            "/ogc/functions",
            "/ogc/collections",
            f"/ogc/collections/{name}",
            f"/ogc/collections/{name}/schema",
            f"/ogc/collections/{name}/queryables",
            f"/ogc/collections/{name}/sortables",
            "/ogc/absent",
            "/ogc/tileMatrixSets",
            f"/ogc/tileMatrixSets/{dice.choice(GRIDS)}",
            f"/ogc/collections/{name}/styles",
            f"/ogc/collections/{name}/styles/{segment(dice.text() or 'default')}",
            f"/ogc/collections/{name}/tiles",
            f"/ogc/collections/{name}/tiles/{dice.choice(GRIDS)}",
            f"/tiles/{name}.json",
            f"/qgis/{name}.qlr",
            f"/qgis/{name}.qgs",
        )
    )
    given = {
        "f": (*FORMATS, "mapbox", "sld", "qml", "mvt"),
        "limit": [dice.number(1, 30)],
        "offset": [dice.number(1, 30)],
        "lang": ("fr", "x"),
        "style": TEXTS,
        "q": TEXTS,
    }
    return dice.asked("documents", path, dice.pick(given, 0, 2) if dice.random() < 0.5 else [])


def edit(dice: Dice) -> Asked:
    """By a stranger: none is accepted, each is refused by an answer."""
    name, method = dice.dataset(), dice.choice(("POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
    path = f"/ogc/collections/{segment(name)}/items" + dice.choice(
        ("", "/A00001", "/absent", f"/{segment(dice.text())}")
    )
    body = json.dumps(
        dice.choice(
            (feature(dice), {"type": "FeatureCollection", "features": [feature(dice)] * 3}, [], None, "x", {"a": 1})
        )
    )
    kind = dice.choice(
        (
            "application/geo+json",
            "application/json",
            "application/merge-patch+json",
            "application/xml",
            "",
            "text/plain",
        )
    )
    return Asked(
        "edit",
        method,
        path,
        body=b"" if method in ("DELETE", "OPTIONS") else body.encode("utf-8", "replace"),
        content_type=kind,
    )


def tile(dice: Dice) -> Asked:
    name, zoom = segment(dice.dataset()), dice.randint(0, 18)
    column, row = (
        int((0.4957 + dice.uniform(-0.001, 0.001)) * 2**zoom),
        int((0.3498 + dice.uniform(-0.001, 0.001)) * 2**zoom),
    )
    numbers = [str(zoom), str(column), str(row)]
    if dice.random() < 0.25:
        numbers[dice.randrange(3)] = segment(dice.choice((*NUMBERS, *TEXTS)))
    z, x, y = numbers
    path = dice.choice(
        (f"/tiles/{name}/{z}/{x}/{y}.mvt", f"/ogc/collections/{name}/tiles/{dice.choice(GRIDS[:2])}/{z}/{y}/{x}")
    )
    known = {
        "properties": [dice.field(), f"{dice.field()},{dice.field()}"],
        "datetime": [dice.moment()],
        "f": ("mvt", "json", "x"),
        "crs": [dice.system()],
        dice.field() or "x": TEXTS,
        "limit": [dice.number(1, 30)],
    }
    return dice.asked(
        "tile",
        path,
        [*(dice.pick(known, 0, 2) if dice.random() < 0.5 else []), *(filtered(dice) if dice.random() < 0.3 else [])],
    )


def archive(dice: Dice) -> Asked:
    """Whole archives of tiles are not asked: each takes as long as the thousands of tiles that are in it."""
    name = segment(dice.dataset())
    number = dice.choice(("", "/1", "/0", "/99", "/" + "9" * 30))
    path = (
        f"/tiles/{name}{number}.fgb"
        if dice.random() < 0.7
        else f"/tiles/{dice.choice(('annuaire', 'absent', 'agents'))}{number}.pmtiles"
    )
    return dice.asked("archive", path, dice.pick({"f": FORMATS, "v": NUMBERS}, 0, 1) if dice.random() < 0.2 else [])
