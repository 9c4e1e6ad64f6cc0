"""The first version over the oddest values: infinities, the first and the last day, words that look like formulas."""

from __future__ import annotations

import json

import pytest

pytestmark = pytest.mark.django_db


def refused(word: str) -> None:
    """Python reads NaN and Infinity; no other reader of JSON does."""
    pytest.fail(f"{word} is not JSON")


def test_odd_values_are_no_fault(client, places):
    base = "/api/records/1.0/{}/?dataset=lieux&clusterprecision=5"
    for asked in (
        "search", "download", "geocluster", "geopolygon", "geopreview", "boundingbox", "analyze", "download&format=json",
        "analyze&x=jour&y.a.func=STDDEV&y.a.expr=taux", "analyze&x=quartier&y.a.func=SUMSQUARES&y.a.expr=places",
        "search&q=jour<=9999", "search&q=jour>9998&facet=jour", "search&sort=taux&facet=places&facet=tags",
    ):  # fmt: skip
        endpoint, _, rest = asked.partition("&")
        answer = client.get(base.format(endpoint) + "&" + rest)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == 200, (asked, body[:300])
        if "csv" not in answer["Content-Type"]:
            json.loads(body, parse_constant=refused)
