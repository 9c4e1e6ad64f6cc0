"""Two thousand datasets harvested page after page, while others come: each once, by either standard."""

from __future__ import annotations

import json

import pytest

from bocage.access.vocabulary import Visibility
from bocage.catalog.models import Dataset
from bocage.catalog.services import touch_catalogue
from bocage.organizations.models import Organization
from tests.publish.records.conftest import HERE
from tests.publish.records.territory import MOMENT, NANTES, described
from tests.publish.records.test_csw import CSW, DC, records

MANY, PAGE = 2_000, 500


@pytest.fixture
def many(db, settings, tmp_path) -> set[str]:
    """Uids, titles in an order that is not that of their coming."""
    settings.DATA_DIR = tmp_path
    organization = Organization.objects.create(slug="metropole", name="Métropole", kind="epci", path="/1/")
    Dataset.objects.bulk_create(
        Dataset(slug=f"d{number}", title=f"Titre {(number * 7919) % MANY}", organization=organization, visibility=Visibility.OPEN,
                version_number=1, row_count=1, bbox=NANTES, geometry_types=["Point"], data_updated_at=MOMENT)
        for number in range(MANY)
    )  # fmt: skip
    touch_catalogue()
    return set(Dataset.objects.values_list("uid", flat=True))


def come(number: int) -> None:
    """Another dataset, first by its title."""
    described(Organization.objects.get(), f"nouveau-{number}", title=f"A {number}")


def test_records_are_each_given_once(client, many):
    found, address = [], f"{HERE}/items?limit={PAGE}"
    while address:
        page = json.loads(client.get(address).content)
        found += [one["id"] for one in page["features"]]
        following = [one["href"] for one in page["links"] if one["rel"] == "next"]
        address = following[0].removeprefix("http://testserver") if following else ""
        if len(found) == PAGE:
            come(len(found))
    assert len(found) == len(set(found))
    assert many <= set(found)


def test_csw_positions_do_not_move(client, many):
    found, start = [], 1
    while start:
        root = records(
            client, resultType="results", elementSetName="brief", maxRecords=str(PAGE), startPosition=str(start)
        )
        found += [one.text for one in root.iter(f"{DC}identifier")]
        start = int(root.find(f"{CSW}SearchResults").get("nextRecord"))
        if len(found) == PAGE:
            come(len(found))
    assert len(found) == len(set(found))
    assert many <= set(found)


def test_a_page_costs_a_fixed_number_of_statements(client, many, django_assert_max_num_queries):
    client.get(f"{HERE}/items?limit=1")
    with django_assert_max_num_queries(22):
        client.get(f"{HERE}/items?limit=10")
    with django_assert_max_num_queries(22):
        client.get(f"{HERE}/items?limit=200")
