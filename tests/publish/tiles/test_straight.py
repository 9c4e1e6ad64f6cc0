"""Programs go a shorter way than people: what they are answered is the same by both."""

from __future__ import annotations

import re

import pytest
from django.urls import resolve

from bocage.config import public_answers, straight

ADDRESSES = [
    "/tiles/arbres/0/0/0.mvt",
    "/tiles/arbres/5/0/0.mvt",
    "/tiles/arbres/40/0/0.mvt",
    "/tiles/arbres/0/0/0.mvt?properties=absent",
    "/tiles/absent/0/0/0.mvt",
    "/tiles/arbres.json",
    "/tiles/arbres/nowhere",
    "/ogc/collections/arbres",
    "/ogc/collections/arbres/items?limit=3",
    "/ogc/collections/arbres/items?limit=3&f=csv",
    "/ogc/collections/arbres/items?limit=-1",
    "/ogc/collections/arbres/items?apikey=wrong",
    "/ogc/collections/arbres/tiles/WebMercatorQuad/0/0/0",
    "/ogc/collections/arbres/",
    "/api/explore/v2.1/catalog/datasets/arbres/records?limit=3",
    "/api/explore/v2.1/catalog/datasets/arbres/records?limit=x",
    "/api/explore/v2.1/catalog/datasets/arbres/exports/csv",
    "/api/explore/v2.1/nowhere",
    "/api/explore/v2.1/console",
    "/api/records/1.0/search/?dataset=arbres&rows=2",
    "/api/records/1.0/search/?dataset=absent",
]
DIFFER = {"X-Request-ID", "Age", "X-RateLimit-Remaining"}


@pytest.fixture
def both(client, data, monkeypatch):
    """The answers of one request by the short way and by the long one."""
    monkeypatch.setattr(public_answers, "BELOW", "/none/")
    straight_ones = []
    short = straight.is_of_a_program

    def asked(path, method="get", **headers):
        monkeypatch.setattr(straight, "is_of_a_program", lambda request: straight_ones.append(path) or short(request))
        one = getattr(client, method)(path, headers=headers)
        monkeypatch.setattr(straight, "is_of_a_program", lambda _request: False)
        return one, getattr(client, method)(path, headers=headers)

    return asked


def body(response) -> bytes:
    """The forms of a page have a secret of their own each time."""
    found = b"".join(response.streaming_content) if response.streaming else response.content
    response.close()
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", found)


@pytest.mark.parametrize(
    ("path", "method"),
    [(path, "get") for path in ADDRESSES]
    + [
        (path, "head") for path in ADDRESSES if "exports" not in path
    ],  # Django's client forgets a stream that it does not read
)
def test_the_same_answer_by_both_ways(both, path, method) -> None:
    one, other = both(path, method)
    assert (one.status_code, body(one)) == (other.status_code, body(other))
    told = [
        {name: value for name, value in response.headers.items() if name not in DIFFER} for response in (one, other)
    ]
    vary = [{part.strip() for part in headers.pop("Vary", "").split(",")} - {"Cookie"} for headers in told]
    assert told[0] == told[1]
    assert vary[0] == vary[1]
    assert one.cookies.keys() == other.cookies.keys()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_faults_are_told_in_the_language_of_who_asks(both, language) -> None:
    one, other = both(ADDRESSES[10], accept_language=language)
    assert one.content == other.content


@pytest.mark.parametrize("path", [path for path in ADDRESSES if "nowhere" not in path])
def test_answers_of_programs_say_that_sessions_may_differ(client, data, path) -> None:
    """A cache that everyone shares must not give them to somebody who has a session."""
    response = client.get(path)
    body(response)
    assert "cookie" in response.headers["Vary"].lower()


def test_pages_people_and_writing_go_the_long_way(rf) -> None:
    plain = straight.is_of_a_program
    assert plain(rf.get("/tiles/arbres/0/0/0.mvt"))
    assert plain(rf.get("/ogc/collections/arbres/items", headers={"Accept": "*/*", "Authorization": "Apikey x"}))
    for one in (
        rf.get("/ogc/collections/arbres/items?f=html"),
        rf.get("/ogc/collections/arbres/items", headers={"Accept": "text/html,*/*"}),
        rf.get("/tiles/arbres/0/0/0.mvt", headers={"Cookie": "sessionid=x"}),
        rf.post("/ogc/collections/arbres/items"),
        rf.put("/ogc/collections/arbres/items/1"),
        rf.get("/console/"),
        rf.get("/explore/dataset/arbres/"),
    ):
        assert not plain(one), one


def test_interfaces_have_no_forms_and_pages_have() -> None:
    """Which is how one is told from the other."""
    for path in ADDRESSES:
        if "nowhere" not in path:
            view = resolve(path.partition("?")[0]).func
            assert getattr(view, "csrf_exempt", False) is (not path.endswith("console")), path
