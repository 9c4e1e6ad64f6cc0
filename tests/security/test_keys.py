"""What keys open, on every reading address of the machine interfaces: never more than their owner, and less when narrowed."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.test import Client

from bocage.access.services import create_key, revoke_key
from bocage.access.standing import viewer_of
from bocage.access.vocabulary import Visibility
from bocage.catalog.models import Dataset
from tests.security.conftest import Territory, consumed
from tests.security.test_rights_matrix import API

ROOT = "/api/explore/v2.1/catalog"
DESCRIPTION = f"{ROOT}/datasets/{{slug}}"
ADDRESSES = (
    DESCRIPTION,
    *(f"{ROOT}/datasets/{{slug}}{part}" for part in API),
    "/explore/dataset/{slug}/download/?format=csv",
    "/api/v2/catalog/datasets/{slug}/exports/csv",
)
ALL = frozenset(Visibility)
OPENED = {
    "of a member": ALL,
    "of a coordinator, who may write": ALL,
    "of the operator": ALL,
    "of an administrator above": ALL,
    "of an administrator above, for elsewhere": {Visibility.SHARED, Visibility.OPEN},
    "of a member elsewhere": {Visibility.SHARED, Visibility.OPEN},
    "of nobody": {Visibility.OPEN},
    "for this dataset": ALL,
    "for another dataset": {Visibility.OPEN},
    "for a dataset that is no more": {Visibility.OPEN},
    "of the operator, for another dataset": {Visibility.OPEN},
}


@pytest.fixture
def keys(territory: Territory, publish) -> Callable[[str], str]:
    """Datasets `secret` here and `other` elsewhere; the text of a key by its description."""
    here, elsewhere = (
        publish(territory.here, "secret", Visibility.PRIVATE),
        publish(territory.elsewhere, "other", Visibility.PRIVATE),
    )
    limits = {
        "of a member": ("member here", {}),
        "of a coordinator, who may write": ("coordinator here", {"read_only": False}),
        "of the operator": ("operator", {"read_only": False}),
        "of an administrator above": ("administrator above", {}),
        "of an administrator above, for elsewhere": ("administrator above", {"organization": territory.elsewhere}),
        "of a member elsewhere": ("member elsewhere", {}),
        "of nobody": ("nobody", {}),
        "for this dataset": ("member here", {"datasets": [here.uid]}),
        "for another dataset": ("administrator above", {"datasets": [other_uid := elsewhere.uid]}),
        "for a dataset that is no more": ("member here", {"datasets": ["da_gone"]}),
        "of the operator, for another dataset": ("operator", {"datasets": [other_uid], "read_only": False}),
    }

    def make(description: str) -> str:
        who, given = limits[description]
        user = territory.people[who]
        return create_key(viewer=viewer_of(user), owner=user, name=description, **given)[1]

    return make


@pytest.mark.parametrize("visibility", Visibility)
def test_what_each_key_opens(keys, territory: Territory, visibility: Visibility) -> None:
    Dataset.objects.filter(slug="secret").update(visibility=visibility)
    wrong = []
    for description, opened in OPENED.items():
        text = keys(description)
        for template in ADDRESSES:
            answer = Client().get(template.format(slug="secret"), headers={"authorization": f"Apikey {text}"})
            consumed(answer)
            expected = 200 if visibility in opened else 403 if visibility == Visibility.REQUEST else 404
            if visibility == Visibility.REQUEST and template == DESCRIPTION:
                expected = 200
            if answer.status_code != expected:
                wrong.append((description, template, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("visibility", Visibility)
def test_the_catalogue_lists_what_the_key_opens(keys, territory: Territory, visibility: Visibility) -> None:
    Dataset.objects.filter(slug="secret").update(visibility=visibility)
    for description, opened in OPENED.items():
        given = {"apikey": keys(description), "select": "dataset_id"}
        expected = visibility in opened or visibility == Visibility.REQUEST
        listed = Client().get(f"{ROOT}/datasets", given).json()
        assert ("secret" in {row["dataset_id"] for row in listed["results"]}) is expected, description
        exported = json.loads(consumed(Client().get(f"{ROOT}/exports/json", given)))
        assert ("secret" in {row["dataset_id"] for row in exported}) is expected, description
        counted = Client().get(f"{ROOT}/facets", given | {"facet": "dataset_id"}).json()["facets"]
        names = {value["name"] for facet in counted for value in facet["facets"]}
        assert ("secret" in names) is expected, description


def test_a_dead_key_opens_not_even_what_is_open(keys, territory: Territory) -> None:
    Dataset.objects.update(visibility=Visibility.OPEN)
    text = keys("of a member")
    revoke_key(viewer=viewer_of(territory.people["member here"]), key=territory.people["member here"].api_keys.get())
    suspended = territory.people["suspended"]
    suspended.is_active = True
    suspended.save()
    asleep = create_key(viewer=viewer_of(suspended), owner=suspended, name="")[1]
    suspended.is_active = False
    suspended.save()
    for dead in (text, asleep, "bocage_" + "x" * 43):
        for template in ADDRESSES:
            assert Client().get(template.format(slug="secret"), {"apikey": dead}).status_code == 401


def test_a_key_opens_no_page(keys, territory: Territory) -> None:
    """The pages are for people who sign in: a key in their address changes nothing, and is not needed to know."""
    text = keys("of the operator")
    for address, status in (("/explore/dataset/secret/", 404), ("/console/", 302), ("/console/keys/", 302)):
        assert (
            Client().get(address, {"apikey": text}, headers={"authorization": f"Apikey {text}"}).status_code == status
        )


def test_a_key_makes_no_key(keys, territory: Territory) -> None:
    text = keys("of the operator")
    answer = Client().post("/console/keys/", {"name": "x", "may": "write"}, headers={"authorization": f"Apikey {text}"})
    assert answer.status_code == 302
    assert territory.people["operator"].api_keys.count() == 1
