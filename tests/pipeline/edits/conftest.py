"""The layers published once for the session, taken by each test."""

from __future__ import annotations

import pytest

from bocage.store import process
from tests.pipeline.edits.world import Layer, World, world_in


@pytest.fixture(scope="session")
def layers(django_db_setup, django_db_blocker, tmp_path_factory) -> World:
    with django_db_blocker.unblock():
        return world_in(tmp_path_factory.mktemp("layers"))


@pytest.fixture(scope="module", autouse=True)
def engine_of_ours():
    process.close()
    yield
    process.close()


@pytest.fixture
def bornes(layers, settings, db, data_folder) -> Layer:
    layers.take(settings)
    return Layer("bornes")


@pytest.fixture
def zones(bornes) -> Layer:
    return Layer("zones")
