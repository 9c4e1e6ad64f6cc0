"""One world for each module and each way to its rows. What a test writes in it, which world it is among others, is taken back
after it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction

from bocage.query.lookups import writing
from bocage.query.relation import DatasetRelation
from tests.security.hidden.world import World, made


@pytest.fixture(scope="module", params=["engine", "lookups"])
def shared_world(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Made inside a transaction that is never committed; those of the tests are inside it. A module says in NEEDED which datasets
    it asks for. Small as they are, they are looked up in half of the tests."""
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing, "MANY", 1 if request.param == "lookups" else writing.MANY)
        world = made(tmp_path_factory.mktemp("world"), request.module.NEEDED)
        for (slug, _which), version in world.versions.items():
            writing.make_lookup(DatasetRelation(world.datasets[slug], version))
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def world(shared_world: World, db: None) -> World:
    shared_world.current = ""
    return shared_world
