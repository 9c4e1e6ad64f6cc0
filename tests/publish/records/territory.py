"""A small catalogue of every visibility, as rows of the database: records are made of nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.catalog.fields import Field
from bocage.catalog.models import Dataset
from bocage.catalog.services import create_dataset, touch_catalogue
from bocage.catalog.vocabulary import FieldType
from bocage.kernel.clock import now
from bocage.organizations.models import Membership, Organization, User

MOMENT = datetime(2026, 5, 4, 8, tzinfo=UTC)
SCHEMA = [Field("nom", FieldType.STRING, "Nom").as_dict(), Field("secret", FieldType.STRING, "Code d'alarme").as_dict()]
NANTES, LYON = [-1.7, 47.1, -1.4, 47.3], [4.7, 45.6, 5.0, 45.9]


def described(organization: Organization, slug: str, visibility: Visibility = Visibility.OPEN, **more: Any) -> Dataset:
    """A dataset with data, as far as the catalogue knows."""
    facts: dict[str, Any] = {
        "version_number": 1, "row_count": 3, "data_updated_at": MOMENT, "schema": SCHEMA, "bbox": NANTES,
        "geometry_types": ["Point"],
    }  # fmt: skip
    facts |= {name: more.pop(name) for name in list(more) if name in facts}
    dataset = create_dataset(
        viewer=OPERATOR, organization=organization, slug=slug, visibility=visibility, **{"title": slug.title()} | more
    )
    Dataset.objects.filter(pk=dataset.pk).update(**facts)
    touch_catalogue()
    return Dataset.objects.get(pk=dataset.pk)


def catalogue() -> dict[str, Dataset]:
    """By slug: two open, one on request, one shared, one private, one without data."""
    metropole = Organization.objects.create(
        slug="metropole", name="Métropole de l’Ouest", kind="epci", path="/1/", email="sig@example.org", siren="123456789",
        website="https://metropole.example.org/",
    )  # fmt: skip
    other = Organization.objects.create(slug="ailleurs", name="Ailleurs", kind="commune", path="/2/")
    found = [
        described(
            metropole, "pistes", title="Pistes cyclables d’été", description="Le réseau <cyclable> & les *voies vertes*.",
            keywords=["vélo", "Réseaux de transport"], themes=["mobilite"], territory=["44109"], licence="odc-odbl",
            update_frequency="MONTHLY", source="Relevés des services", attributions="© Métropole",
            temporal_start=date(2020, 1, 1), temporal_end=date(2021, 12, 31), contact_name="Service vélo",
            contact_email="velo@example.org", conforms_to="https://schema.example.org/pistes",
        ),
        described(
            other, "arbres", title="Arbres", bbox=LYON, themes=["environnement", "eau"], temporal_start=date(2022, 6, 1),
            licence="notspecified",
        ),
        described(metropole, "alarmes", Visibility.REQUEST, title="Alarmes", temporal_end=date(2019, 1, 1)),
        described(metropole, "reseaux", Visibility.SHARED, title="Réseaux enterrés"),
        described(metropole, "agents", Visibility.PRIVATE, title="Agents"),
        described(metropole, "vide", title="Rien encore", version_number=None, row_count=None, bbox=None,
                  geometry_types=[], data_updated_at=None),
        described(metropole, "budget", title="Budget", bbox=None, geometry_types=[], themes=["budget"]),
    ]  # fmt: skip
    return {one.slug: one for one in found}


def changed(dataset: Dataset, **facts: Any) -> None:
    """As a page of the console would do."""
    Dataset.objects.filter(pk=dataset.pk).update(metadata_updated_at=now(), **facts)
    touch_catalogue()


def member() -> User:
    user = User.objects.create_user("agent@example.org", "a long enough password")
    Membership.objects.create(user=user, organization=Organization.objects.get(slug="metropole"), role="member")
    return user
