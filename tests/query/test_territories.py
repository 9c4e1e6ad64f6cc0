"""What speaks of a territory: by codes, and by the boundaries that everybody may read; the same in both languages."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bocage.access.models import DataRule
from bocage.access.viewer import ANONYMOUS, OPERATOR, Viewer
from bocage.catalog.fields import Field
from bocage.catalog.models import Dataset, ReferenceLayer
from bocage.catalog.services import create_dataset, touch_catalogue
from bocage.catalog.vocabulary import FieldType as T
from bocage.kernel.clock import now
from bocage.organizations.models import Portal
from bocage.organizations.portals.vocabulary import Showing
from bocage.organizations.services import create_organization
from bocage.organizations.vocabulary import OrganizationKind
from bocage.query.selection import selection_of
from bocage.query.territories import territory_of
from bocage.store.services import publish_version
from bocage.store.staged import StagedGeometry
from tests.query.test_selection import in_lists, in_sql
from tests.store.making import staged

pytestmark = pytest.mark.django_db
FIELDS = (Field("insee", T.STRING), Field("contour", T.GEOMETRY))
REZE, BOUAYE = (-1.60, 47.15, -1.50, 47.20), (-1.72, 47.12, -1.60, 47.18)
EXTENTS = {
    "partout": [-2.0, 46.9, -1.2, 47.4],
    "un-parc": [-1.52, 47.16, -1.51, 47.17],
    "voisin": list(BOUAYE),
    "loin": [2.2, 48.8, 2.4, 48.9],
    "sans-lieu": None,
    "par-son-code": None,
}


def polygon(box) -> str:
    west, south, east, north = box
    return (
        f"ST_SetCRS(ST_GeomFromText('POLYGON(({west} {south}, {east} {south}, {east} {north}, {west} {north}, "
        f"{west} {south}))'), 'OGC:CRS84')"
    )


@pytest.fixture
def places(db, settings):
    settings.DATA_DIR = Path(os.environ["BOCAGE_DATA_DIR"])
    metropole = create_organization(slug="metropole", name="Métropole", kind=OrganizationKind.EPCI, siren="244400404")
    made = {"metropole": metropole}
    for slug, insee in (("reze", "44143"), ("bouaye", "44018")):
        made[slug] = create_organization(
            slug=slug, name=slug.title(), kind=OrganizationKind.COMMUNE, parent=metropole, insee_code=insee
        )
    for slug, bbox in EXTENTS.items():
        Dataset.objects.create(
            slug=slug, organization=metropole, title=slug, visibility="open", version_number=1, row_count=1, bbox=bbox,
            territory=["44143"] if slug == "par-son-code" else [],
        )  # fmt: skip
    touch_catalogue()
    return made


@pytest.fixture
def boundaries(places, settings):
    """The limits of two communes."""
    rows = f"SELECT '44143' AS insee, {polygon(REZE)} AS contour UNION ALL SELECT '44018', {polygon(BOUAYE)}"
    file = staged(settings.DATA_DIR / "staging", rows, FIELDS,
                  geometry=StagedGeometry("contour", ("Polygon",), (-1.72, 47.12, -1.50, 47.20)))  # fmt: skip
    dataset = create_dataset(
        viewer=OPERATOR, organization=places["metropole"], slug="limites", title="Limites", visibility="open"
    )
    publish_version(viewer=OPERATOR, dataset=dataset, staged=file)
    ReferenceLayer.objects.create(dataset=dataset, kind="boundaries", key="insee", marked_at=now())
    return Dataset.objects.get(pk=dataset.pk)


def shown(organization) -> set[str]:
    portal = Portal(organization=organization, domain="x", showing=Showing.TERRITORY)
    selection = selection_of(portal)
    somebody = Viewer(1, operator=True)
    assert in_sql(somebody, selection) == in_lists(somebody, selection)
    return in_lists(somebody, selection)


def test_without_boundaries_what_says_so_and_what_is_its_own(places):
    Dataset.objects.create(slug="a-elle", organization=places["reze"], title="x", visibility="open")
    touch_catalogue()
    assert shown(places["reze"]) == {"par-son-code", "a-elle"}
    assert territory_of(places["reze"]).box is None


def test_what_covers_its_middle_or_lies_within_its_bounds(places, boundaries):
    assert territory_of(places["reze"]).box == pytest.approx(REZE)
    assert shown(places["reze"]) == {"par-son-code", "partout", "un-parc", "limites"}, (
        "the neighbour touches, and no more"
    )
    assert shown(places["bouaye"]) == {"partout", "voisin", "limites"}


def test_an_organisation_without_boundary_is_where_its_communes_are(places, boundaries):
    found = territory_of(places["metropole"])
    assert found.codes == {"244400404", "44143", "44018"}
    assert found.box == pytest.approx((-1.72, 47.12, -1.50, 47.20))


def test_extents_that_are_kept_from_somebody_place_nothing(places, boundaries):
    DataRule.objects.create(
        dataset=Dataset.objects.get(slug="un-parc").uid, audience="everyone", reason="r", rows="places > 3"
    )
    touch_catalogue()
    assert "un-parc" not in shown(places["reze"])


@pytest.mark.parametrize("kept", ["private", "columns", "rows"])
def test_boundaries_that_are_kept_from_somebody_place_nothing(places, boundaries, kept):
    assert territory_of(places["reze"]).box
    if kept == "private":
        Dataset.objects.filter(pk=boundaries.pk).update(visibility="private")
    else:
        said = {"columns": {"columns": {"contour": {"mask": "hide"}}}, "rows": {"rows": 'insee = "44018"'}}[kept]
        DataRule.objects.create(dataset=boundaries.uid, audience="everyone", reason="r", **said)
    assert territory_of(places["reze"]).box is None


def test_another_version_of_the_boundaries_makes_another_list(places, boundaries, settings):
    portal = Portal(organization=places["reze"], domain="x", showing=Showing.TERRITORY)
    before = selection_of(portal).key
    rows = f"SELECT '44143' AS insee, {polygon((2.0, 48.7, 2.6, 49.0))} AS contour"
    file = staged(
        settings.DATA_DIR / "staging",
        rows,
        FIELDS,
        geometry=StagedGeometry("contour", ("Polygon",), (2.0, 48.7, 2.6, 49.0)),
    )
    publish_version(viewer=OPERATOR, dataset=boundaries, staged=file)
    assert selection_of(portal).key != before
    assert {"loin"} <= shown(places["reze"])
    assert "un-parc" not in shown(places["reze"])


def test_a_reader_sees_what_they_may_of_it(places, boundaries):
    Dataset.objects.filter(slug="partout").update(visibility="private")
    touch_catalogue()
    selection = selection_of(Portal(organization=places["reze"], domain="x", showing=Showing.TERRITORY))
    assert in_sql(ANONYMOUS, selection) == in_lists(ANONYMOUS, selection) == {"par-son-code", "un-parc", "limites"}
