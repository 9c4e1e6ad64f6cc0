"""A small territory of every kind of layer, published once, that every test of the interfaces of maps looks at.

`lieux` and `agents` (private) are those of `tests.publish.published`; the others are written here. `monde` is there for what only
shows far from home: both sides of the antimeridian, the equator, the poles."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.catalog.fields import Field
from bocage.catalog.services import create_dataset
from bocage.catalog.vocabulary import FieldType as T
from bocage.organizations.models import Organization
from bocage.store.services import publish_version
from bocage.store.staged import StagedGeometry
from tests.publish.published import Published, published_in
from tests.store.making import staged


@dataclass(frozen=True)
class Layer:
    """`select`: its rows in SQL. `kind`: of its geometry, as GDAL and QGIS call it; empty for a table."""

    slug: str
    select: str
    fields: tuple[Field, ...]
    rows: int
    kind: str = ""
    bbox: tuple[float, float, float, float] | None = None

    @property
    def geometry(self) -> StagedGeometry | None:
        return StagedGeometry("geom", (self.kind,), self.bbox) if self.kind else None


NAMED = (Field("code", T.STRING, "Code"), Field("nom", T.STRING, "Nom"))
STOPS, STREETS, ZONES, STAFF, WORLD = 2_500, 120, 60, 40, 48
LAYERS = (
    Layer(
        "arrets",
        f"""SELECT printf('A%05d', i) AS code, ['Commerce', 'Gare Sud', 'Île de Nantes', 'L’Éraudière'][1 + i % 4] AS nom,
            (i % 17)::BIGINT AS quais, i * 0.25 AS score, i % 2 = 0 AS accessible,
            TIMESTAMPTZ '2024-01-01 00:00:00Z' + to_hours(i::INTEGER) AS maj, DATE '2024-01-01' + (i % 300)::INTEGER AS pose,
            ST_Point(-1.70 + (i % 50) * 0.006, 47.15 + (i // 50) * 0.003) AS geom FROM range({STOPS}) r(i)""",
        (*NAMED, Field("quais", T.INTEGER), Field("score", T.NUMBER), Field("accessible", T.BOOLEAN),
         Field("maj", T.DATETIME), Field("pose", T.DATE), Field("geom", T.GEOPOINT)),
        STOPS, "Point", (-1.70, 47.15, -1.406, 47.297),
    ),
    Layer(
        "voies",
        f"""SELECT printf('V%04d', i) AS code, 'Rue n° ' || i AS nom, (i * 13)::BIGINT AS longueur,
            ST_MakeLine([ST_Point(-1.6 + i * 0.001, 47.2), ST_Point(-1.599 + i * 0.001, 47.205 + i * 0.0001),
                         ST_Point(-1.598 + i * 0.001, 47.21)]) AS geom FROM range({STREETS}) r(i)""",
        (*NAMED, Field("longueur", T.INTEGER), Field("geom", T.GEOMETRY)), STREETS, "LineString", (-1.6, 47.2, -1.479, 47.217),
    ),
    Layer(
        "zones",
        f"""SELECT printf('Z%03d', i) AS code, 'Zone ' || i AS nom, DATE '2023-01-01' + (i * 7)::INTEGER AS decision,
            ST_MakeEnvelope(-1.65 + (i % 10) * 0.02, 47.16 + (i // 10) * 0.02,
                            -1.635 + (i % 10) * 0.02, 47.175 + (i // 10) * 0.02) AS geom FROM range({ZONES}) r(i)""",
        (*NAMED, Field("decision", T.DATE), Field("geom", T.GEOMETRY)), ZONES, "Polygon", (-1.65, 47.16, -1.455, 47.275),
    ),
    Layer(
        "annuaire",
        f"""SELECT printf('S%03d', i) AS code, 'Service ' || i AS nom, '02 40 00 00 ' || printf('%02d', i) AS telephone
            FROM range({STAFF}) r(i)""",
        (*NAMED, Field("telephone", T.STRING)), STAFF,
    ),
    Layer(
        "monde",
        f"""SELECT 'M' || i AS code, 'Point ' || i AS nom,
            ST_Point(-179.75 + (i % 12) * 32.68, -89.5 + (i // 12) * 59.6) AS geom FROM range({WORLD}) r(i)""",
        (*NAMED, Field("geom", T.GEOPOINT)), WORLD, "Point", (-179.75, -89.5, 179.73, 89.3),
    ),
)  # fmt: skip
OPEN = ("lieux", *(one.slug for one in LAYERS))
DRAWN = tuple(slug for slug in OPEN if slug != "annuaire")
DATED = {"arrets": "maj", "zones": "decision", "lieux": "maj"}
"""Which field `datetime` looks at."""
OF = {one.slug: one for one in LAYERS}


def publish(organization: Organization, layer: Layer, folder: Path) -> None:
    """One open dataset with one version."""
    dataset = create_dataset(
        viewer=OPERATOR, organization=organization, slug=layer.slug, visibility=Visibility.OPEN, primary_key=["code"],
        title=f"Couche {layer.slug}", description="Une couche du territoire.", themes=["mobilite"], keywords=["carte"],
    )  # fmt: skip
    file = staged(folder / "staging", layer.select, layer.fields, geometry=layer.geometry)
    publish_version(viewer=OPERATOR, dataset=dataset, staged=file)


def world(folder: Path) -> Published:
    def more(organization: Organization) -> None:
        for one in LAYERS:
            publish(organization, one, folder)

    return published_in(folder, StagedGeometry("contour", ("Polygon",), (-2.0, 46.0, 0.1, 48.1)), more)
