"""Trees on a map, open and really published, beside the shapes and the private rows of `published_in`."""

from __future__ import annotations

import gzip
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyogrio
import pytest

from bocage.access.models import DataRule
from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.catalog.models import Dataset
from bocage.catalog.services import create_dataset
from bocage.kernel import clock, unchanged
from bocage.organizations.models import Organization, User
from bocage.store.services import publish_version
from tests.publish.asking import Asking
from tests.publish.published import SHAPES, Published, member_of, published_in
from tests.store.making import table, trees

TREES = 300
NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)
MVT = "application/vnd.mapbox-vector-tile"


def world(folder: Path) -> Published:
    def more(organization: Organization) -> None:
        file = trees(folder / "staging", TREES)
        dataset = create_dataset(
            viewer=OPERATOR, organization=organization, slug="arbres", visibility=Visibility.OPEN, title="Arbres",
            primary_key=["id"],
        )  # fmt: skip
        publish_version(viewer=OPERATOR, dataset=dataset, staged=file)
        plain = create_dataset(
            viewer=OPERATOR, organization=organization, slug="noms", visibility=Visibility.OPEN, title="Noms"
        )
        publish_version(viewer=OPERATOR, dataset=plain, staged=table(folder / "staging", "('a')", nom=_text()))

    return published_in(folder, SHAPES, more)


def _text() -> Any:
    from bocage.catalog.vocabulary import FieldType

    return FieldType.STRING


@pytest.fixture(scope="session")
def published(django_db_setup, django_db_blocker, tmp_path_factory) -> Published:
    with django_db_blocker.unblock():
        return world(tmp_path_factory.mktemp("tiles"))


@pytest.fixture
def data(published, settings, db) -> None:
    published.take(settings)


@pytest.fixture
def member(data) -> User:
    return member_of(Organization.objects.get())


@pytest.fixture
def arbres(data) -> Dataset:
    return Dataset.objects.get(slug="arbres")


@pytest.fixture
def ruled(arbres) -> DataRule:
    """Everyone sees the oaks alone, without their numbers."""
    return DataRule.objects.create(
        dataset=arbres.uid, audience="everyone", reason="RGPD", rows="kind = 'chêne'", columns={"n": {"mask": "hide"}}
    )


class AskingTiles(Asking):
    def features(self, path: str, **given: Any) -> list[dict[str, Any]]:
        """Properties of the features of a tile, as GDAL reads them; none for an empty one."""
        response = self.raw(path, **given)
        assert response.status_code in (200, 204), response.content[:800]
        return read_tile(response.content)


def read_tile(content: bytes) -> list[dict[str, Any]]:
    if not content:
        return []
    content = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "tile.mvt"
        place.write_bytes(content)
        meta, _fids, _shapes, values = pyogrio.raw.read(place)
    rows = zip(*values, strict=True) if len(values) else iter(())
    found = [dict(zip(meta["fields"], row, strict=True)) for row in rows]
    return [{name: value for name, value in row.items() if value is not None and value == value} for row in found]


@pytest.fixture
def ask(client, data) -> AskingTiles:
    return AskingTiles(client)


@pytest.fixture
def at(monkeypatch):
    """The clock of the platform, stopped where it is told."""

    def stop(moment: datetime) -> None:
        class Stopped(datetime):
            @classmethod
            def now(cls, tz=None):
                return moment.astimezone(tz)

        monkeypatch.setattr(clock, "datetime", Stopped)

    stop(NOON)
    unchanged.forget()
    return stop
