"""Lists cost the same whatever their length."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bocage.catalog.models import Dataset
from bocage.organizations.models import Organization, Portal
from bocage.organizations.services import create_organization
from bocage.organizations.vocabulary import OrganizationKind

PAGES = [
    "/",
    "/explore/",
    "/organizations/",
    "/organizations/orvault/",
    "/explore/feed.rss",
    "/explore/dataset/places/",
]


def count(client: Client, address: str) -> int:
    client.get(address)  # what is built once per catalogue revision is not counted
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("address", PAGES)
def test_as_many_queries_for_one_as_for_many(
    client: Client, portal: Portal, dataset: Dataset, make_dataset: Callable[..., Dataset], address: str
) -> None:
    make_dataset("beside", keywords=["a"])
    few = count(client, address)
    for rank in range(30):
        make_dataset(f"other-{rank}", keywords=["a", "b"])
        create_organization(slug=f"commune-{rank}", name=f"Commune {rank}", kind=OrganizationKind.COMMUNE)
    assert Organization.objects.count() > 30
    assert count(client, address) <= few
