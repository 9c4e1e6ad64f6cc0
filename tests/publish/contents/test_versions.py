"""The rows as they were, for whoever sees the history; and facets without a ceiling."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from bocage.access.vocabulary import Visibility
from bocage.organizations.models import Membership, User
from bocage.organizations.vocabulary import Role
from bocage.store.models import Head, Version
from tests.publish.contents.conftest import ROWS, Api

BEFORE = datetime(2026, 1, 10, 12, tzinfo=UTC)
AFTER = datetime(2026, 2, 20, 12, tzinfo=UTC)


@pytest.fixture
def twice(lieux, publish):
    """Two versions: twelve places at the station, then ninety."""
    publish("lieux", ROWS.replace("12::BIGINT", "90::BIGINT"))
    for number, moment in ((1, BEFORE), (2, AFTER)):
        Version.objects.filter(dataset=lieux, number=number).update(created_at=moment)
    Head.objects.update(moved_at=AFTER)
    return lieux


@pytest.fixture
def colleague(organization):
    user = User.objects.create_user("agent@example.org")
    Membership.objects.create(user=user, organization=organization, role=Role.CONTRIBUTOR)
    client = Client()
    client.force_login(user)
    return client


def places(api: Api, **query) -> int:
    return api.json("/records", select="places", where="nom = 'Gare'", **query)["results"][0]["places"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, 90),
        ({"as_of": "1"}, 12),
        ({"as_of": "2"}, 90),
        ({"as_of": "2026-01-10"}, 12),
        ({"as_of": "2026-02-19"}, 12),
        ({"as_of": "2026/02/20"}, 90),
        ({"as_of": "2026-02-20T11:59Z"}, 12),
        ({"as_of": "2026-02-20T13:00", "timezone": "Europe/Paris"}, 90),
        ({"as_of": "2099-01-01"}, 90),
    ],
)
def test_colleagues_read_the_past(twice, colleague, asked, expected):
    assert places(Api(colleague, "lieux"), **asked) == expected


def test_everywhere_the_same_version(twice, colleague):
    api = Api(colleague, "lieux")
    exported = api.export("jsonl", where="nom = 'Gare'", select="places", as_of="1")
    assert exported == b'{"places":12}\n'
    answer = api.get("/exports/csv", as_of="1")
    answer.close()
    assert answer["X-Bocage-Version"] == Version.objects.get(number=1).uid
    counts = api.json("/facets", facet="places", as_of="1")["facets"][0]["facets"]
    assert {value["value"] for value in counts} == {"12", "0", "7"}
    identifier = api.json("/records", select="_id", where="nom = 'Gare'", as_of="1")["results"][0]["_id"]
    assert api.json(f"/records/{identifier}", select="places", as_of="1") == {"places": 12}


def test_the_public_reads_what_is_published(twice, client):
    api = Api(client, "lieux")
    assert places(api, as_of="2") == 90
    assert places(api, as_of="2030-01-01") == 90
    for path in ("/records", "/facets", "/exports/csv", "/records/x"):
        for asked in ("1", "2026-01-15", "2020-01-01", "77", "9" * 40):
            answer = api.get(path, as_of=asked, facet="places")
            assert answer.status_code == 404, (path, asked)
            message = f"The requested version of dataset lieux as of {asked} does not exist."
            assert answer.json() == {"error_code": "NotFoundResource", "message": message}


@pytest.mark.parametrize("asked", ["yesterday", "2026-13-01", "-1", "1.0", "٣", "2026-02-30", "1; drop"])
def test_what_is_neither_is_refused(twice, client, asked):
    answer = Api(client, "lieux").get("/records", as_of=asked)
    assert answer.status_code == 400
    assert answer.json()["error_code"] == "InvalidRESTParameterError"


def test_a_hidden_dataset_has_no_past_either(publish, client):
    publish("secret", visibility=Visibility.PRIVATE)
    hidden, absent = (Api(client, slug).get("/records", as_of="1") for slug in ("secret", "absent"))
    assert hidden.status_code == absent.status_code == 404
    assert hidden.content.replace(b"secret", b"absent") == absent.content


def test_after_going_back_the_past_begins_where_the_pointer_moved(twice, client, colleague):
    first = Version.objects.get(number=1)
    Head.objects.update(version=first, moved_at=AFTER + timedelta(days=1))
    assert places(Api(client, "lieux")) == places(Api(client, "lieux"), as_of="2026-03-01") == 12
    assert places(Api(colleague, "lieux"), as_of="2026-02-20") == 90


def test_facets_beyond_a_hundred(client, publish):
    rows = ", ".join(
        f"('n{i:04}', 'q', 'c', 's', {i}::BIGINT, 0.5::DOUBLE, true, DATE '2026-01-02', TIMESTAMPTZ '2026-05-04 08:00:00Z', "
        f"['x'], '{{}}', ST_Point(0, 0), ST_Point(0, 0))"
        for i in range(250)
    )
    publish("many", rows)
    api = Api(client, "many")

    def found(facet: str) -> int:
        return len(api.json("/facets", facet=facet)["facets"][0]["facets"])

    assert found("nom") == 100
    assert found('facet(name="nom", limit=107)') == 107
    assert found('facet(name="nom", limit=-1)') == 250
    assert found('facet(name="nom", limit=20000)') == 250
    for limit in ("0", "-2", "20001", "many"):
        assert api.get("/facets", facet=f'facet(name="nom", limit={limit})').status_code == 400
