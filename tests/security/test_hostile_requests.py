"""Requests written by a bad-tempered client never reach an unforeseen fault, on any operation of the Explore API.

`BOCAGE_TEST_REQUESTS=3000` asks that many of each operation (a few minutes); the seed of a failure is in its message.
"""

from __future__ import annotations

import os
import random

import pytest
from django.test import Client

from tests.security.odsql_at_random import FORMATS, request

ROOT = "/api/explore/v2.1/catalog"
MOST = int(os.environ.get("BOCAGE_TEST_REQUESTS", "40"))
FIRST = int(os.environ.get("BOCAGE_TEST_FIRST_REQUEST", "0"))
CATALOGUE = {
    "dataset_id": "text", "title": "text", "description": "text", "keyword": "text", "theme": "text", "modified": "datetime",
    "records_count": "int", "has_records": "boolean", "features": "text", "bbox": "json_blob",
}  # fmt: skip
DATASET = {
    "nom": "text", "quartier": "text", "places": "int", "taux": "double", "ouvert": "boolean", "jour": "date",
    "maj": "datetime", "tags": "text", "brut": "json_blob", "centre": "geo_point_2d", "contour": "geo_shape",
}  # fmt: skip

OPERATIONS = {
    "datasets": ("{root}/datasets", CATALOGUE),
    "facets of the catalogue": ("{root}/facets", CATALOGUE),
    "export of the catalogue": ("{root}/exports/{format}", CATALOGUE),
    "dataset": ("{root}/datasets/lieux", DATASET),
    "records": ("{root}/datasets/lieux/records", DATASET),
    "record": ("{root}/datasets/lieux/records/absent", DATASET),
    "facets": ("{root}/datasets/lieux/facets", DATASET),
    "export": ("{root}/datasets/lieux/exports/{format}", DATASET),
}


def ask(client: Client, path: str, parameters: list[tuple[str, str]]) -> tuple[int, str]:
    """Status, and the body when it is a refusal."""
    given: dict[str, list[str]] = {}
    for name, value in parameters:
        given.setdefault(name, []).append(value)
    answer = client.get(path, given)
    if answer.streaming:
        for _piece in answer.streaming_content:
            pass
        return answer.status_code, ""
    return answer.status_code, "" if answer.status_code == 200 else answer.content.decode()


@pytest.mark.parametrize("operation", OPERATIONS)
def test_no_request_reaches_an_unforeseen_fault(places, client, operation):
    template, fields = OPERATIONS[operation]
    for seed in range(FIRST, FIRST + MOST):
        path = template.format(root=ROOT, format=random.Random(seed).choice(FORMATS))
        parameters = request(seed, fields)
        status, body = ask(client, path, parameters)
        assert status in (200, 400, 404), (operation, seed, status, parameters)
        for inside in (
            "Traceback",
            "SELECT ",
            "duckdb",
            "_duckdb",
            "/versions/",
            ".parquet",
            "memory.main",
            "resident_",
        ):
            assert inside not in body or any(inside in value for _name, value in parameters), (seed, body)


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({"select": "exclude(*)"}, 400),  # nothing left to return
        ({"select": "include(absent*)"}, 400),
        ({"where": f"places = {'0' * 5000}1"}, 200),  # Python refuses to read more than 4300 digits
        ({"where": f"maj > now(days={'0' * 5000}1)"}, 200),
        ({"group_by": f"range(maj, {'0' * 5000}1 day)"}, 400),
        ({"where": "in_bbox(centre, 0, 9223372036854775807, 1, 2)"}, 200),  # west far to the east of the antimeridian
        ({"where": "in_bbox(centre, 0, 2, 1, -9223372036854775807)"}, 200),
        ({"select": "sum(places)", "order_by": "random(3)"}, 200),  # a number of each row, and there are no rows
        ({"group_by": "nom", "order_by": "random(3)"}, 200),
        ({"where": "maj < date'9999-12-31T23:59:59-14:00'"}, 400),  # the year 10000 in UTC
        ({"where": "maj > date'0001-01-01'", "timezone": "Europe/Paris"}, 400),  # the year 0
        ({"where": "maj > now(year=1, month=1, day=1, hour=0)", "timezone": "Asia/Tokyo"}, 400),
    ],
)
def test_edges_that_once_broke(places, client, parameters, status):
    assert ask(client, f"{ROOT}/datasets/lieux/records", list(parameters.items()))[0] == status


@pytest.mark.parametrize("value", ["9999", "9999-12", "9999-12-31", "9999-12-31T23:59:59"])
@pytest.mark.parametrize("field", ["jour", "maj"])
@pytest.mark.parametrize("zone", ["UTC", "Europe/Paris", "America/Caracas"])
def test_the_last_days_of_the_calendar(places, client, field, value, zone):
    """`9999-12-31` is how files write “for ever”: it is refined, counted and compared like any other day."""
    answer = client.get(f"{ROOT}/datasets/lieux/records", {"refine": f"{field}:{value}", "timezone": zone})
    assert answer.status_code == 200
    whole_days = len(value) <= 10
    assert answer.json()["total_count"] == (1 if field == "jour" and whole_days else 0)


@pytest.mark.parametrize("limit", ["0" * 5000 + "1", "0000001000999999", "20001", "0", "-2", "\u0663"])
def test_the_number_of_values_of_a_facet_is_bounded(places, client, limit):
    answer = client.get(f"{ROOT}/datasets/lieux/facets", {"facet": f'facet(name="nom", limit={limit})'})
    assert answer.status_code == 400


def test_what_depends_on_the_clock_is_not_kept(places, client):
    """Wherever `now()` stands, the same words mean other rows tomorrow: no validator, no cache."""
    for clause in ("select", "order_by", "where"):
        text = "year(now())" if clause != "where" else "maj < now()"
        answer = client.get(f"{ROOT}/datasets/lieux/exports/jsonl", {clause: text})
        assert answer.status_code == 200, clause
        assert "ETag" not in answer, clause
