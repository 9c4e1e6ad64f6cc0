"""The world of `world.py` behind the interfaces, asked in process, or by real clients through a socket."""

from __future__ import annotations

from typing import Any

import pytest

from tests.interfaces.geo.service import Service
from tests.interfaces.geo.world import world
from tests.publish.published import Published


@pytest.fixture(scope="session")
def published(django_db_setup, django_db_blocker, tmp_path_factory) -> Published:
    with django_db_blocker.unblock():
        return world(tmp_path_factory.mktemp("geo"))


@pytest.fixture
def data(published, settings, db) -> None:
    published.take(settings)


@pytest.fixture(scope="session")
def documents() -> dict[str, Any]:
    """Those that every test begins with, read once: the world does not change."""
    return {}


@pytest.fixture
def service(client, data, documents) -> Service:
    """What a stranger is answered by the OGC API."""
    return Service(client, met=documents)


@pytest.fixture
def server(live_server, settings, published) -> str:
    """Address of a server on loopback, with the same world. For tests marked `django_db(transaction=True)`."""
    published.take(settings)
    return live_server.url
