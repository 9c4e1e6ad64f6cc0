"""The layers published once for the session, taken by each test."""

from __future__ import annotations

import pytest

from tests.pipeline.edits.world import Layer, world_in
from tests.publish.published import Published


@pytest.fixture(scope="session")
def layers(django_db_setup, django_db_blocker, tmp_path_factory) -> Published:
    with django_db_blocker.unblock():
        return world_in(tmp_path_factory.mktemp("layers"))


@pytest.fixture
def bornes(layers, settings, db, data_folder) -> Layer:
    layers.take(settings)
    return Layer("bornes")


@pytest.fixture
def zones(bornes) -> Layer:
    return Layer("zones")
