"""The layers of `world`, published once; the rows of the database for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from bocage.catalog.models import Dataset
from bocage.query.relation import DatasetRelation
from bocage.query.tiles.cache import tiles
from bocage.store.selectors import current_version
from tests.publish.published import SHAPES, Published, published_in
from tests.query.tiles import world


@pytest.fixture(scope="session")
def published(django_db_setup, django_db_blocker, tmp_path_factory) -> Published:
    folder = tmp_path_factory.mktemp("tiles")
    with django_db_blocker.unblock():
        return published_in(folder, SHAPES, lambda organization: world.publish(organization, folder))


@pytest.fixture
def layer(db, settings, published) -> Iterator[Callable[[str], DatasetRelation]]:
    published.take(settings)
    tiles.clear()

    def relation(slug: str) -> DatasetRelation:
        dataset = Dataset.objects.get(slug=slug)
        version = current_version(dataset)
        assert version is not None
        return DatasetRelation(dataset, version)

    yield relation
    tiles.clear()
