"""A small catalogue, and the stand-in engine behind it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.urls import get_resolver

from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.catalog.models import Dataset
from bocage.catalog.services import create_dataset
from bocage.organizations.models import Membership, Organization, User
from bocage.publish.explore.record_items import BESIDE, CARRIED
from bocage.query import services
from bocage.query.errors import OdsqlSyntaxError, UnknownField
from bocage.query.requests import FacetValue
from bocage.query.services import Page
from bocage.store.models import Head, Version
from tests.publish.engine import FIELDS, POLYGON, Engine

MOMENT = datetime(2026, 5, 4, 8, tzinfo=UTC)


def published(organization: Organization, slug: str, visibility: Visibility, rows: int) -> Dataset:
    dataset = create_dataset(
        viewer=OPERATOR, organization=organization, slug=slug, title=f"Titre de {slug}", visibility=visibility
    )
    schema = [field.as_dict() for field in FIELDS]
    version = Version.objects.create(
        dataset=dataset, number=1, sha256="ab" * 32, size_bytes=4, row_count=rows, schema=schema, created_at=MOMENT
    )
    Head.objects.create(dataset=dataset, version=version, moved_at=MOMENT)
    facts = {"version_number": 1, "row_count": rows, "data_updated_at": MOMENT, "schema": schema}
    Dataset.objects.filter(pk=dataset.pk).update(**facts, geometry_types=["Polygon"])
    return Dataset.objects.get(pk=dataset.pk)


@pytest.fixture
def organization(db):
    return Organization.objects.create(slug="metropole", name="Métropole", kind="epci", path="/1/")


@pytest.fixture
def member(organization):
    user = User.objects.create_user("agent@example.org", "a long enough password")
    Membership.objects.create(user=user, organization=organization, role="member")
    return user


ROW = ("Nom", "00001", 1, 0.25, True, date(2026, 1, 1), MOMENT, ["a", "b"], '{"a":1}', "POINT (-1.5 47.2)", POLYGON)


@pytest.fixture(scope="session")
def table():
    return Engine([ROW], times=3000)


@pytest.fixture
def engine(table):
    table.opened = table.closed = 0
    table.fails_after = None
    return table


@pytest.fixture
def calls(monkeypatch, engine):
    """Puts the stand-in behind the interface; returns what was asked of it."""
    asked = SimpleNamespace(requests=[], engine=engine)

    def remember(request):
        if "BOGUS(" in "".join(request.where):
            raise OdsqlSyntaxError(clause="where", token="(", position=5, text="BOGUS(")
        if request.select == "absent":
            raise UnknownField(clause="select", field="absent")
        asked.requests.append(request)

    def records(_viewer, _relation, request):
        remember(request)
        beside = {f"{BESIDE}{name}": "1" for name in CARRIED} if BESIDE in request.select else {}
        return Page(3000, FIELDS, [{"nom": f"Nom {i}"} | beside for i in range(request.limit)])

    def stream(_viewer, _relation, request, rendering=None, **_options):
        remember(request)
        return engine.stream(request.timezone, rendering)

    def facets(_viewer, _relation, request, wanted):
        remember(request)
        asked.wanted = wanted
        child = FacetValue("05", "2026/05", 1, "displayed")
        return {
            facet.name: [FacetValue("2026", "2026", 3, "refined", (child,)), FacetValue("x", "x", 0, "excluded")]
            for facet in wanted
        }

    get_resolver().url_patterns  # noqa: B018  a page first imported meanwhile would keep the stand-in for ever
    monkeypatch.setattr(services, "records", records)
    monkeypatch.setattr(services, "stream", stream)
    monkeypatch.setattr(services, "facets", facets)

    monkeypatch.setattr("bocage.publish.subjects.current_version", _current)
    return asked


def _current(dataset):
    return getattr(Head.objects.filter(dataset=dataset).select_related("version").first(), "version", None)


@pytest.fixture
def dataset(organization, calls):
    return published(organization, "lieux", Visibility.OPEN, 3000)


@pytest.fixture
def private(organization, calls):
    return published(organization, "agents", Visibility.PRIVATE, 3000)


@pytest.fixture
def exports_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path / "cache" / "exports"
