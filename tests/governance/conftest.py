"""A commune below a métropole, and the people of both."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bocage.access.standing import viewer_of
from bocage.catalog.services import create_dataset
from bocage.kernel.clock import now
from bocage.organizations.models import User
from bocage.organizations.services import add_member, create_organization
from bocage.organizations.vocabulary import OrganizationKind, Role


class Land:
    """`may("alice")`: the viewer that she is now."""

    def __init__(self):
        kind = OrganizationKind
        self.region = create_organization(slug="region", name="Région", kind=kind.REGION)
        self.metropole = create_organization(slug="nm", name="Nantes Métropole", kind=kind.EPCI, parent=self.region)
        self.commune = create_organization(slug="reze", name="Rezé", kind=kind.COMMUNE, parent=self.metropole)
        self.other = create_organization(slug="orvault", name="Orvault", kind=kind.COMMUNE, parent=self.metropole)
        self.people = {}
        self.join("alice", Role.STEWARD, self.commune)
        self.join("carole", Role.CONTRIBUTOR, self.commune)
        self.join("denis", Role.MEMBER, self.commune)
        self.join("emma", Role.ADMINISTRATOR, self.metropole)
        self.join("gilles", Role.STEWARD, self.metropole)
        self.join("fanny", Role.STEWARD, self.other)
        self.join("rita", Role.ADMINISTRATOR, self.region)
        self.join("zoe")
        self.dataset = create_dataset(
            viewer=self.may("alice"), organization=self.commune, slug="ecoles", title="Écoles", visibility="open"
        )

    def join(self, name, role=None, organization=None):
        user = self.people.get(name)
        if user is None:
            user = User.objects.create_user(f"{name}@example.org", None, first_name=name.title(), last_name="Test")
            User.objects.filter(pk=user.pk).update(date_joined=now() - timedelta(days=30))
        self.people[name] = user
        if organization is not None:
            add_member(organization=organization, user=user, role=role)
        return user

    def may(self, name):
        return viewer_of(User.objects.get(pk=self.people[name].pk))

    def hide(self):
        self.dataset.visibility = "private"
        self.dataset.save()


@pytest.fixture
def land(db):
    return Land()
