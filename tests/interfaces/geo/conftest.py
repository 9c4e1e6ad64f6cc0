"""The world of `world.py` behind the interfaces, asked in process, or by real clients through a socket."""

from __future__ import annotations

import pytest

from bocage.organizations.models import Organization, User
from tests.interfaces.geo.service import Service
from tests.interfaces.geo.world import world
from tests.publish.published import Published, member_of, own_engine


@pytest.fixture(scope="session")
def published(django_db_setup, django_db_blocker, tmp_path_factory) -> Published:
    with django_db_blocker.unblock():
        return world(tmp_path_factory.mktemp("geo"))


@pytest.fixture(scope="module", autouse=True)
def engine_of_ours():
    with own_engine():
        yield


@pytest.fixture
def data(published, settings, db) -> None:
    published.take(settings)


@pytest.fixture
def service(client, data) -> Service:
    """What a stranger is answered."""
    return Service(client)


@pytest.fixture
def member(data, settings) -> User:
    """Of the organisation of the private dataset."""
    return member_of(Organization.objects.get(), settings)


@pytest.fixture
def server(live_server, settings, published) -> str:
    """Address of a server on loopback, with the same world. For tests marked `django_db(transaction=True)`."""
    published.take(settings)
    return live_server.url
