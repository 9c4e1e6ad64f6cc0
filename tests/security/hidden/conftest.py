"""One world for each module. What a test writes in it, which world it is among others, is taken back after it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction

from tests.security.hidden.world import World, made


@pytest.fixture(scope="module")
def shared_world(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Made inside a transaction that is never committed; those of the tests are inside it. A module says in NEEDED which datasets
    it asks for."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield made(tmp_path_factory.mktemp("world"), request.module.NEEDED)
        transaction.set_rollback(True)


@pytest.fixture
def world(shared_world: World, db: None) -> World:
    shared_world.current = ""
    return shared_world
