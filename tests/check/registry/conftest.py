"""A métropole, two communes, and their coordinators."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bocage.access.standing import viewer_of
from bocage.access.viewer import OPERATOR, Viewer
from bocage.check.models import SchemaVersion
from bocage.check.registry.writing import create_schema, propose
from bocage.organizations.models import Organization, User
from bocage.organizations.services import add_member, create_organization
from bocage.organizations.vocabulary import OrganizationKind, Role
from tests.check.registry.making import SOUND


@pytest.fixture(autouse=True)
def data_folder(settings) -> Path:
    return Path(settings.DATA_DIR)


@pytest.fixture
def metropole(db) -> Organization:
    return create_organization(slug="metropole", name="Métropole", kind=OrganizationKind.EPCI)


@pytest.fixture
def reze(metropole) -> Organization:
    return create_organization(slug="reze", name="Rezé", kind=OrganizationKind.COMMUNE, parent=metropole)


@pytest.fixture
def vertou(metropole) -> Organization:
    return create_organization(slug="vertou", name="Vertou", kind=OrganizationKind.COMMUNE, parent=metropole)


@pytest.fixture
def person() -> Callable[[Organization, Role], User]:
    def make(organization: Organization, role: Role = Role.COORDINATOR) -> User:
        user = User.objects.create_user(f"{role}.{organization.slug}@example.fr", first_name=organization.name)
        add_member(organization=organization, user=user, role=role)
        return user

    return make


@pytest.fixture
def coordinator(person) -> Callable[[Organization], Viewer]:
    return lambda organization: viewer_of(person(organization, Role.COORDINATOR))


@pytest.fixture
def draft(metropole) -> SchemaVersion:
    return make_draft(metropole)


@pytest.fixture
def proposed(draft) -> SchemaVersion:
    return propose(viewer=OPERATOR, version=draft)


def make_draft(
    organization: Organization, slug: str = "composteurs", start: dict[str, Any] | None = None
) -> SchemaVersion:
    return create_schema(
        viewer=OPERATOR, user=None, organization=organization, slug=slug, title="Composteurs collectifs",
        description="Où sont les composteurs.", start=start or SOUND,
    )  # fmt: skip
