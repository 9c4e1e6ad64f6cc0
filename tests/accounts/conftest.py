"""A platform that knows one identity provider, and a person who signs in with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.test import Client
from pydantic import SecretStr

from bocage.organizations.models import Organization, User
from bocage.organizations.services import add_member, create_organization
from bocage.organizations.vocabulary import OrganizationKind, Role
from tests.accounts.identity_provider import CLIENT, SECRET, IdentityProvider, serve

PASSWORD = "quatre mots pas devinables"
BEGIN, BACK = "/accounts/identity/with/house/", "/accounts/identity/with/house/back/"


@pytest.fixture(autouse=True)
def quick(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "accounts"}}
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def house() -> Any:
    server, provider = serve()
    yield provider
    server.shutdown()
    server.server_close()


@pytest.fixture
def configure(settings, house: IdentityProvider) -> Callable[..., None]:
    """`configure('domains = ["ville.fr"]')`: the operator declares the provider, with these lines."""

    def write(lines: str = "", **environment: Any) -> None:
        text = (
            f'[house]\nlabel = "La Maison"\nissuer = "{house.issuer}"\nclient_id = "{CLIENT}"\n'
            f'client_secret = "{SECRET}"\nprivate = true\n{lines}\n'
        )
        settings.BOCAGE = settings.BOCAGE.model_copy(
            update={"oidc_providers": SecretStr(text), "public_url": "http://testserver"} | environment
        )

    write()
    return write


@pytest.fixture
def ville(db) -> Organization:
    return create_organization(slug="ville", name="Ville", kind=OrganizationKind.COMMUNE, siren="214400111")


@pytest.fixture
def anne(ville) -> User:
    user = User.objects.create_user("anne@ville.fr", PASSWORD, first_name="Anne")
    add_member(organization=ville, user=user, role=Role.STEWARD)
    return user


def go(client: Client, house: IdentityProvider, **changed: str) -> Any:
    """Begin, agree at the provider, come back; `changed`: parameters that somebody changed on the way."""
    left = client.get(BEGIN)
    assert left.status_code == 302, left.content.decode()
    return client.get(f"{BACK}?{urlencode(house.authorize(left.headers['Location']) | changed)}")


def signed_in_as(client: Client) -> int | None:
    found = client.session.get("_auth_user_id")
    return int(found) if found else None
