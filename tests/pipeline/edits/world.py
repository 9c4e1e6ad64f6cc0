"""Two layers that their keepers let people edit, really published: charging points, made from two columns of numbers; zones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from bocage.access.models import DataRule
from bocage.access.standing import viewer_of
from bocage.access.viewer import OPERATOR, Viewer
from bocage.access.vocabulary import Visibility
from bocage.catalog.fields import Field
from bocage.catalog.models import Dataset
from bocage.catalog.services import create_dataset
from bocage.catalog.vocabulary import FieldType as T
from bocage.organizations.models import Membership, Organization, User
from bocage.organizations.services import create_organization
from bocage.organizations.vocabulary import OrganizationKind
from bocage.pipeline.edits.changes import Delete
from bocage.pipeline.edits.models import EditPolicy
from bocage.pipeline.edits.policies import allow_edits
from bocage.pipeline.edits.services import apply
from bocage.pipeline.edits.sight import features_seen
from bocage.pipeline.pushes.payload import Number
from bocage.query.relation import DatasetRelation
from bocage.store.engine import session
from bocage.store.models import Head, Version
from bocage.store.selectors import current_version
from bocage.store.services import publish_version
from bocage.store.staged import StagedGeometry
from tests.publish.published import Published as World
from tests.publish.published import kept_in
from tests.store.making import staged

BORNES = (
    Field("id", T.INTEGER), Field("nom", T.STRING, label="Nom"), Field("insee", T.STRING), Field("prix", T.NUMBER),
    Field("ouverte", T.BOOLEAN), Field("jour", T.DATE), Field("maj", T.DATETIME), Field("prises", T.ARRAY),
    Field("meta", T.OBJECT), Field("lat", T.NUMBER, label="Latitude"), Field("lon", T.NUMBER, label="Longitude"),
    Field("geo", T.GEOPOINT),
)  # fmt: skip
BORNES_SQL = """SELECT 10 + i AS id, 'Borne ' || i AS nom, ['44109', '44143'][1 + i % 2] AS insee, i / 4 AS prix,
    i % 2 = 0 AS ouverte, DATE '2026-01-01' + i::INTEGER AS jour,
    TIMESTAMPTZ '2026-01-01 08:00:00.123456Z' + to_minutes(i) AS maj, ['T2', 'CCS'] AS prises,
    '{"a": ' || i || '.50}' AS meta, 47.2 + i / 1000 AS lat, -1.5 - i / 1000 AS lon,
    ST_SetCRS(ST_Point(-1.5 - i / 1000, 47.2 + i / 1000), 'OGC:CRS84') AS geo FROM range(6) t(i)"""

ZONES = (
    Field("code", T.STRING), Field("nom", T.STRING), Field("contour", T.GEOMETRY), Field("geo_point_2d", T.GEOPOINT),
)  # fmt: skip
ZONES_SQL = """SELECT 'Z' || i AS code, 'Zone ' || i AS nom, shape AS contour, ST_PointOnSurface(shape) AS geo_point_2d FROM (
    SELECT i, ST_SetCRS(ST_MakeEnvelope(i, 45, i + 0.5, 46), 'OGC:CRS84') AS shape FROM range(3) t(i))"""


def world_in(folder: Path) -> World:
    def world() -> None:
        organization = create_organization(slug="metropole", name="Métropole", kind=OrganizationKind.EPCI)
        for slug, fields, sql, key, geometry in (
            ("bornes", BORNES, BORNES_SQL, "id", StagedGeometry("geo", ("Point",), (-1.6, 47.2, -1.5, 47.3))),
            ("zones", ZONES, ZONES_SQL, "code", StagedGeometry("contour", ("Polygon",), (0, 45, 2.5, 46))),
        ):
            dataset = create_dataset(
                viewer=OPERATOR, organization=organization, slug=slug, visibility=Visibility.OPEN, title=slug.title(),
                primary_key=[key],
            )  # fmt: skip
            publish_version(
                viewer=OPERATOR, dataset=dataset, staged=staged(folder / "staging", sql, fields, geometry=geometry)
            )
            allow_edits(viewer=OPERATOR, dataset=dataset, key=[key])

    return kept_in(folder, world, Organization, Dataset, Version, Head, EditPolicy)


def member(role: str, name: str = "") -> User:
    user = User.objects.create_user(f"{name or role}@example.org", "a long enough password")
    Membership.objects.create(user=user, organization=Organization.objects.get(), role=role)
    return user


def rule(dataset: Dataset, **kept: Any) -> DataRule:
    return DataRule.objects.create(dataset=dataset.uid, audience="everyone", reason="RGPD", **kept)


def _sent(edit: Any) -> Any:
    """As the doors read it: numbers as they were written."""
    return edit if isinstance(edit, Delete) else replace(edit, values=_written(edit.values))


def _written(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _written(one) for name, one in value.items()}
    return Number(repr(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value


class Layer:
    """A dataset, as one viewer edits it and as the store holds it."""

    def __init__(self, slug: str, viewer: Viewer = OPERATOR) -> None:
        self.slug = slug
        self.viewer = viewer

    @property
    def dataset(self) -> Dataset:
        return Dataset.objects.get(slug=self.slug)

    @property
    def version(self) -> Version:
        found = current_version(self.dataset)
        assert found is not None
        return found

    def by(self, user: User) -> Layer:
        return Layer(self.slug, viewer_of(user))

    def apply(self, *edits: Any, **options: Any) -> Any:
        return apply(
            viewer=self.viewer, dataset=self.dataset, edits=[_sent(one) for one in edits], door="test", **options
        )

    def rows(self, *names: str) -> list[tuple[Any, ...]]:
        """Everything that is stored, in order."""
        shown = (
            ", ".join(f'ST_AsText("{n}")' if n in ("geo", "contour", "geo_point_2d") else f'"{n}"' for n in names)
            or "*"
        )
        with session(self.version) as opened:
            return opened.execute(f"SELECT {shown} FROM {opened.table(self.version)} ORDER BY _row")

    def seen(self, *identifiers: str) -> dict[str, Any]:
        """As the viewer is given them."""
        return features_seen(self.viewer, DatasetRelation(self.dataset, self.version), identifiers)

    def identifier(self, **wanted: Any) -> str:
        """Of the one feature that the operator sees with these values."""
        from bocage.pipeline.edits.identified import identifiers
        from bocage.pipeline.edits.sight import sight_of

        return identifiers(sight_of(self.viewer, self.dataset, self.version), [wanted])[0]
