"""A commune below a métropole, two stewards, and a dataset whose versions wait for a review."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from bocage.access.standing import viewer_of
from bocage.catalog.services import create_dataset
from bocage.organizations.models import User
from bocage.organizations.services import add_member, create_organization
from bocage.organizations.vocabulary import OrganizationKind, Role
from bocage.pipeline import claims
from bocage.pipeline.reviews.models import Review
from bocage.pipeline.reviews.requirements import require_on
from bocage.pipeline.services import carry_out, request_publication
from bocage.store.layout import version_path
from bocage.store.selectors import current_version


@pytest.fixture(autouse=True)
def data_folder(settings):
    """The engine of this process was opened on the folder of the tests: stay in it, empty it."""
    settings.DATA_DIR = Path(os.environ["BOCAGE_DATA_DIR"])
    for name in ("checks", "incoming", "work", "reviews"):
        shutil.rmtree(settings.DATA_DIR / name, ignore_errors=True)
    return settings.DATA_DIR


class Town:
    """`may("alice")`: the viewer that she is now."""

    def __init__(self):
        self.metropole = create_organization(slug="nantes", name="Nantes Métropole", kind=OrganizationKind.EPCI)
        self.commune = create_organization(
            slug="reze", name="Rezé", kind=OrganizationKind.COMMUNE, parent=self.metropole
        )
        self.people = {}
        self.join("alice", Role.STEWARD)
        self.join("bob", Role.STEWARD)
        self.join("carole", Role.CONTRIBUTOR)
        self.join("denis", Role.MEMBER)
        self.join("emma", Role.ADMINISTRATOR, self.metropole)
        self.dataset = create_dataset(
            viewer=self.may("alice"), organization=self.commune, slug="ecoles", title="Écoles", visibility="open"
        )

    def join(self, name, role, organization=None):
        user = self.people.get(name) or User.objects.create_user(f"{name}@example.org", None, first_name=name.title())
        self.people[name] = user
        add_member(organization=organization or self.commune, user=user, role=role)
        return user

    def may(self, name):
        return viewer_of(User.objects.get(pk=self.people[name].pk))

    def require(self):
        require_on(viewer=self.may("alice"), dataset=self.dataset)

    def rows(self):
        version = current_version(self.dataset)
        return pq.read_table(version_path(version)).to_pylist() if version else None


@pytest.fixture
def town(db):
    return Town()


@pytest.fixture
def propose(town, dropped):
    """Drop a file and let the worker carry it out."""

    def deliver(content, who="carole", name="ecoles.csv", dataset=None):
        request_publication(
            viewer=town.may(who), dataset=dataset or town.dataset, **dropped(content.encode(), name), comment="Rentrée"
        )
        return work()

    return deliver


def work():
    """What the worker does next."""
    run = claims.claim_next()
    return carry_out(run) if run is not None else None


def waiting(**where):
    return Review.objects.get(state="waiting", **where)
