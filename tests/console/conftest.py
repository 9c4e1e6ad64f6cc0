"""A commune, its people, and a capture that understands without reading: the real one has its own tests."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import Client

from bocage.access.viewer import OPERATOR
from bocage.capture import services as capture
from bocage.capture.understanding import Layer, Understanding
from bocage.catalog.fields import Field
from bocage.catalog.models import Dataset
from bocage.catalog.services import create_dataset
from bocage.catalog.vocabulary import FieldType
from bocage.organizations.models import Organization, User
from bocage.organizations.services import add_member, create_organization
from bocage.organizations.vocabulary import OrganizationKind, Role


@pytest.fixture(autouse=True)
def data_folder(settings) -> Path:
    """The data folder of the test process (the engine was opened on it), without what earlier tests dropped."""
    folder = Path(settings.DATA_DIR)
    shutil.rmtree(folder / "incoming", ignore_errors=True)
    (folder / "demo.accounts.json").unlink(missing_ok=True)
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    return folder


@pytest.fixture
def commune(db) -> Organization:
    return create_organization(slug="reze", name="Rezé", kind=OrganizationKind.COMMUNE, email="data@reze.example.fr")


@pytest.fixture
def other_commune(db) -> Organization:
    return create_organization(slug="bouaye", name="Bouaye", kind=OrganizationKind.COMMUNE)


@pytest.fixture
def person(commune):
    """`person(Role.STEWARD)`: a signed-in client of this role in the commune; None is an account without any."""

    def make(role: Role | None, organization: Organization = commune, email: str = "") -> Client:
        user = User.objects.create_user(
            email or f"{role or 'nobody'}@{organization.slug}.example.fr", first_name="Anne"
        )
        if role is not None:
            add_member(organization=organization, user=user, role=role)
        client = Client()
        client.force_login(user)
        client.user = user
        return client

    return make


@pytest.fixture
def dataset(commune) -> Dataset:
    schema = [Field("code", FieldType.STRING, "Code").as_dict(), Field("places", FieldType.INTEGER, "Places").as_dict()]
    return create_dataset(
        viewer=OPERATOR, organization=commune, slug="parkings", title="Parkings de Rezé", schema=schema
    )


@dataclass
class FakeCapture:
    """`calls`: the corrections of each inspection. `error`: raised instead of understanding."""

    calls: list
    error: Exception | None = None


@pytest.fixture
def understood(monkeypatch) -> FakeCapture:
    fake = FakeCapture(calls=[])

    def inspect(file, *, filename, corrections):
        fake.calls.append(corrections)
        if fake.error:
            raise fake.error
        drawn = (Field("code", FieldType.STRING, "Code"), Field("places", FieldType.INTEGER, "Places"))
        fields = tuple(
            Field(f.name, FieldType(c.type) if (c := corrections.fields.get(f.name)) and c.type else f.type, f.label)
            for f in drawn
            if not ((c := corrections.fields.get(f.name)) and not c.keep)
        )
        return Understanding(
            format="csv", filename=filename, fields=fields, encoding=corrections.encoding or "utf-8",
            delimiter=corrections.delimiter or ";", header_line=corrections.header_line or 1,
            layers=(Layer("2024"), Layer("2025")), layer=corrections.layer or "2024",
            preview=({"code": "01004", "places": 12}, {"code": "<script>alert(1)</script>", "places": None}),
            row_estimate=2,
        )  # fmt: skip

    monkeypatch.setattr(capture, "inspect", inspect)
    return fake
