"""Five thousand datasets: lists, pages and the API ask the database as many questions as with fifty."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bocage.catalog.fields import Field
from bocage.catalog.models import Dataset
from bocage.catalog.services import touch_catalogue
from bocage.catalog.vocabulary import FieldType, Frequency, Licence, Theme
from bocage.kernel.clock import now
from bocage.organizations.models import Organization, User
from bocage.organizations.services import add_member, create_organization
from bocage.organizations.vocabulary import OrganizationKind, Role

THINGS = ("Arbres", "Écoles", "Parkings", "Subventions", "Marchés", "Fontaines", "Déchèteries", "Comptages")
SCHEMA = [
    Field("insee", FieldType.STRING, "INSEE").as_dict(),
    Field("valeur", FieldType.NUMBER, "Valeur").as_dict(),
    Field("geo_point_2d", FieldType.GEOPOINT, "Position").as_dict(),
]

PUBLIC = (
    "/",
    "/explore/",
    "/explore/?q=fontaine",
    "/explore/?theme=eau&organization=commune-3&sort=title&page=2",
    "/explore/feed.rss",
    "/organizations/",
    "/organizations/commune-3/",
    "/sitemap.xml",
    "/api/explore/v2.1/catalog/datasets?limit=100&include_links=true",
    "/api/explore/v2.1/catalog/datasets?where=search(%22ecoles%22)&limit=20",
    "/api/explore/v2.1/catalog/facets?facet=theme&facet=publisher&facet=keyword",
)
SIGNED_IN = ("/console/", "/console/runs/")


def fill(count: int) -> None:
    """`count` more datasets over the organisations there are: one insert in bulk, as a migration would do."""
    organizations = list(Organization.objects.order_by("pk"))
    start = Dataset.objects.count()
    Dataset.objects.bulk_create(
        Dataset(
            slug=f"jeu-{rank}", organization=organizations[rank % len(organizations)],
            title=f"{THINGS[rank % len(THINGS)]} n° {rank}", description="Une description de quelques mots. " * 5,
            visibility=("open", "open", "open", "shared", "private")[rank % 5], themes=[Theme.values[rank % len(Theme.values)]],
            keywords=[THINGS[rank % len(THINGS)].lower(), f"mot-{rank % 300}"], licence=Licence.LICENCE_OUVERTE,
            update_frequency=Frequency.ANNUAL, version_number=1, row_count=rank, data_updated_at=now(), schema=SCHEMA,
            geometry_types=["Point"] if rank % 2 else [], bbox=[-1.6, 47.1, -1.5, 47.3] if rank % 2 else None,
        )
        for rank in range(start, start + count)
    )  # fmt: skip
    touch_catalogue()


def questions(client: Client, address: str) -> int:
    client.get(address)  # what is built once per revision is built
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = client.get(address)
        if answer.streaming:
            b"".join(answer.streaming_content)  # type: ignore[arg-type]
    assert answer.status_code == 200, (address, answer.status_code)
    return len(asked)


@pytest.mark.django_db
def test_the_number_of_questions_does_not_grow_with_the_catalogue() -> None:
    for rank in range(25):
        create_organization(slug=f"commune-{rank}", name=f"Commune {rank}", kind=OrganizationKind.COMMUNE)
    coordinator = User.objects.create_user("coordination@example.org", "une longue phrase secrète")
    add_member(organization=Organization.objects.get(slug="commune-3"), user=coordinator, role=Role.COORDINATOR)
    visitor, member = Client(), Client()
    member.force_login(coordinator)
    asked = []
    for more in (50, 4950):
        fill(more)
        asked.append(
            {address: questions(visitor, address) for address in PUBLIC}
            | {f"signed in {address}": questions(member, address) for address in (*PUBLIC, *SIGNED_IN)}
        )
    few, many = asked
    assert many == few
    assert max(many.values()) < 30
