"""One world for the whole folder. What a test writes in it, which world it is among others, is taken back after it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction

from tests.security.gis.world import made
from tests.security.hidden.world import World


@pytest.fixture(scope="package")
def shared_world(django_db_setup: None, django_db_blocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield made(tmp_path_factory.mktemp("gis"))
        transaction.set_rollback(True)


@pytest.fixture
def world(shared_world: World, db: None) -> World:
    shared_world.current = ""
    return shared_world
