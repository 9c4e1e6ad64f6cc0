"""Layers of every form, made by shapely from a seed, really published once."""

from __future__ import annotations

import math
import random
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import shapely
from shapely import affinity

from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.catalog.fields import Field
from bocage.catalog.services import create_dataset
from bocage.catalog.vocabulary import FieldType as T
from bocage.organizations.models import Organization
from bocage.store.services import publish_version
from bocage.store.staged import StagedGeometry
from tests.store.making import bench, staged

LON, LAT = -1.55, 47.22
FIELDS = (
    Field("code", T.STRING),
    Field("rang", T.INTEGER),
    Field("part", T.NUMBER),
    Field("ouvert", T.BOOLEAN),
    Field("jour", T.DATE),
    Field("maj", T.DATETIME),
    Field("tags", T.ARRAY),
    Field("geo", T.GEOMETRY),
)
Rows = list[dict[str, Any]]


def _around(dice: random.Random, spread: float = 0.03) -> tuple[float, float]:
    return LON + dice.uniform(-spread, spread), LAT + dice.uniform(-spread, spread)


def _row(number: int, shape: Any) -> dict[str, Any]:
    return {
        "code": f"C{number:05}", "rang": number, "part": [0.5, math.nan, None, -2.25][number % 4],
        "ouvert": [True, False, None][number % 3], "jour": f"2026-01-{1 + number % 28:02}" if number % 5 else None,
        "maj": f"2026-05-04 08:{number % 60:02}:00Z", "tags": ["eau", "vélo"][: number % 3], "geo": shape,
    }  # fmt: skip


@cache
def points() -> Rows:
    """Many in a small town, two at one place, and three nowhere."""
    dice = random.Random(7)
    shapes: list[Any] = [shapely.Point(*_around(dice)) for _ in range(3_000)]
    shapes += [shapely.Point(LON, LAT)] * 2 + [None, shapely.Point(), None]
    return [_row(number, shape) for number, shape in enumerate(shapes)]


@cache
def surfaces() -> Rows:
    """Buildings, some with a courtyard, parcels, a few quarters, a sliver, and one in two parts."""
    dice = random.Random(8)
    shapes: list[Any] = []
    for number in range(2_800):
        x, y = _around(dice)
        side = 10 ** dice.uniform(-4.6, -3.2)
        box = affinity.rotate(shapely.box(x, y, x + side, y + side * dice.uniform(0.02, 1.5)), dice.uniform(0, 90))
        shapes.append(box.difference(box.buffer(-side / 5)) if number % 9 == 0 else box)
    shapes += [shapely.Point(*_around(dice)).buffer(dice.uniform(0.005, 0.01), quad_segs=100) for _ in range(6)]
    shapes.append(shapely.LineString([(LON - 0.02, LAT), (LON + 0.02, LAT + 0.01)]).buffer(2e-7))
    shapes.append(
        shapely.MultiPolygon(
            [
                shapely.box(LON, LAT, LON + 0.001, LAT + 0.001),
                shapely.box(LON + 0.01, LAT, LON + 0.01001, LAT + 0.00001),
            ]
        )
    )
    return [_row(number, shape) for number, shape in enumerate(shapes)]


@cache
def lines() -> Rows:
    """Streets in a mesh, long roads, loops, and one street in two parts."""
    dice = random.Random(9)
    shapes: list[Any] = []
    for number in range(2_700):
        x, y = _around(dice)
        turn, length = dice.uniform(0, 2 * math.pi), 10 ** dice.uniform(-4.5, -3)
        bends = [(x + i * length * math.cos(turn + i / 3), y + i * length * math.sin(turn + i / 3)) for i in range(4)]
        shapes.append(shapely.LineString(bends + bends[:1]) if number % 50 == 0 else shapely.LineString(bends))
    shapes += [shapely.LineString([_around(dice) for _ in range(30)]) for _ in range(4)]
    shapes.append(shapely.MultiLineString([[(LON, LAT), (LON + 0.01, LAT)], [(LON, LAT), (LON, LAT + 1e-7)]]))
    return [_row(number, shape) for number, shape in enumerate(shapes)]


@cache
def strange() -> Rows:
    """One of each of what breaks tiles. Those marked `drawn` have a place in Web Mercator."""
    far = shapely.box(179, -20, 181, -18)
    shapes = {
        "bow tie": shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]),
        "beyond the antimeridian": far,
        "on both sides": shapely.MultiPolygon([shapely.box(179, 10, 180, 12), shapely.box(-180, 10, -179, 12)]),
        "point beyond": shapely.Point(190, 5),
        "on the antimeridian": shapely.Point(180, 6),
        "a whole turn away": shapely.Point(362, 7),
        "polar cap": shapely.box(-180, -90, 180, -60),
        "line over the pole": shapely.LineString([(10, 80), (10, 90)]),
        "world": shapely.box(-180, -90, 180, 90),
        "collection": shapely.GeometryCollection([shapely.Point(3, 3), shapely.box(4, 4, 5, 5), shapely.Point(9, 9)]),
        "points": shapely.MultiPoint([(20, 20), (21, 21), (20.5, 22)]),
        "point high": shapely.Point(30, 30, 99),
        "many corners": shapely.Point(-30, -30).buffer(5, quad_segs=3000),
        "touching itself": shapely.Polygon([(40, 0), (44, 0), (44, 4), (42, 0), (40, 4)]),
        "speck": shapely.Point(50, 50).buffer(1e-9),
        "step": shapely.LineString([(60, 10), (60 + 1e-9, 10)]),
        "pole": shapely.Point(0, 90),
        "no area": shapely.Polygon([(70, 0), (71, 1), (70, 0)]),
        "empty": shapely.Polygon(),
        "missing": None,
    }
    rows = [_row(number, shape) for number, shape in enumerate(shapes.values())]
    for row, name in zip(rows, shapes, strict=True):
        row["code"] = name
    return rows


NOWHERE = {"pole", "no area", "empty", "missing"}
LAYERS = {"points": points, "surfaces": surfaces, "lines": lines, "strange": strange}


def table(rows: Rows) -> pa.Table:
    names = {field.name: [row[field.name] for row in rows] for field in FIELDS if field.name != "geo"}
    return pa.table(names | {"geo": [None if row["geo"] is None else shapely.to_wkb(row["geo"]) for row in rows]})


def publish(organization: Organization, folder: Path) -> None:
    for slug, rows in LAYERS.items():
        publish_rows(organization, folder, slug, rows())


def publish_rows(organization: Organization, folder: Path, slug: str, rows: Rows) -> None:
    engine, _folder = bench()
    engine.register("drawn", table(rows))
    dataset = create_dataset(
        viewer=OPERATOR, organization=organization, slug=slug, title=slug, visibility=Visibility.OPEN,
        primary_key=["code"], themes=["mobilite"], keywords=["a", "b"],
    )  # fmt: skip
    select = """SELECT * EXCLUDE (geo) REPLACE (rang::BIGINT AS rang, part::DOUBLE AS part, jour::DATE AS jour,
        maj::TIMESTAMPTZ AS maj), ST_SetCRS(ST_GeomFromWKB(geo), 'OGC:CRS84') AS geo FROM drawn"""
    types = ("Point",) if slug == "points" else ()
    file = staged(folder / "staging", select, FIELDS, geometry=StagedGeometry("geo", types, None))
    publish_version(viewer=OPERATOR, dataset=dataset, staged=file)
