"""The door: methods, slashes, callbacks, rights. Hidden and absent are one refusal."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

from bocage.access.models import DataRule
from tests.query.table import ROWS

pytestmark = pytest.mark.django_db
SEARCH = "/api/records/1.0/search/"
BY_DATASET = ("search", "analyze", "download", "geocluster", "geopolygon", "geopreview", "boundingbox")


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.parametrize(
    "address",
    ["/api/records/1.0/search", "/api/records/1.0//search//", "/api//records//1.0/search/", "/api/datasets/1.0/search",
     "/api/datasets/1.0//search/", "/api/datasets/1.0/lieux", "/api//datasets/1.0//lieux//", "/explore/dataset/lieux/download",
     "/explore//dataset/lieux//download//"],
)  # fmt: skip
def test_any_number_of_slashes_answers_at_once(client, lieux, address):
    answer = client.get(address, {"dataset": "lieux"})
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["X-Content-Type-Options"] == "nosniff"
    body(answer)


@pytest.mark.parametrize("address", ["/api/records/1.0/", "/api/records/1.0/delete/", "/api/records/1.0/search/more/",
                                     "/api/datasets/1.0/", "/api/datasets/1.0/lieux/pages/1/", "/api/datasets/1.0/lieux/records/",
                                     "/api/datasets/1.0/lieux/files/", "/api/datasets/1.0/lieux/files/absent/"])  # fmt: skip
def test_elsewhere_is_absent(client, lieux, address):
    answer = client.get(address, {"dataset": "lieux"})
    assert answer.status_code == 404
    assert answer.json()["errorcode"] == 404


def test_a_form_says_what_an_address_says(client, lieux):
    asked = {"q": "pop>30", "rows": "5", "refine.nom": "Nantes"}
    plain = client.get(SEARCH, {"dataset": "lieux"} | asked).json()
    for answer in (
        client.post(SEARCH, {"dataset": "lieux"} | asked),
        client.post(SEARCH + "?dataset=lieux", urlencode(asked), content_type="application/x-www-form-urlencoded"),
        client.post(SEARCH + "?dataset=lieux", asked, content_type="application/json"),
    ):
        assert answer.json() == plain


def test_other_methods_are_refused(client, lieux):
    for method in (client.put, client.delete, client.patch):
        answer = method(SEARCH)
        assert answer.status_code == 405
        assert answer.json()["errorcode"] == 405
    assert client.head(SEARCH, {"dataset": "lieux"}).content == b""
    assert "POST" in client.options(SEARCH)["Access-Control-Allow-Methods"]


@pytest.mark.parametrize("name", ["f", "$", "angular.callbacks._0", "jQuery1710_149", "a.b[3].c"])
def test_a_callback_receives_the_answer(client, lieux, name):
    answer = client.get(SEARCH, {"dataset": "lieux", "callback": name, "rows": 2})
    assert answer["Content-Type"] == "application/javascript; charset=utf-8"
    assert answer["X-Content-Type-Options"] == "nosniff"
    text = answer.content.decode()
    opening = f"/**/{name}("
    assert text.startswith(opening)
    assert text.endswith(");")
    assert json.loads(text[len(opening) : -2])["nhits"] == len(ROWS)
    assert text.isascii()  # no line separator that would end a script


@pytest.mark.parametrize(
    "name",
    [
        "alert(1)",
        "a;b",
        "a-b",
        "1a",
        "a..b",
        "a.",
        ".a",
        "a[b]",
        "a[1",
        "é",
        "a" * 101,
        "<script>",
        "a\nb",
        "a/*",
        "a b",
        "[0]",
        "()",
    ],
)
@pytest.mark.parametrize("endpoint", ["search", "analyze", "download"])
def test_a_callback_that_is_no_name_is_refused_as_json(client, lieux, endpoint, name):
    answer = client.get(f"/api/records/1.0/{endpoint}/", {"dataset": "lieux", "callback": name, "format": "jsonp"})
    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("application/json")


def test_hidden_is_absent_everywhere(client, lieux, agents):
    addresses = [f"/api/records/1.0/{name}/?dataset={{}}&clusterprecision=5" for name in BY_DATASET]
    addresses += ["/api/datasets/1.0/{}/", "/api/datasets/1.0/{}/records/1/", "/api/datasets/1.0/{}/files/1/"]
    addresses += ["/explore/dataset/{}/download/"]
    for address in addresses:
        hidden, absent = client.get(address.format("agents")), client.get(address.format("absent"))
        assert hidden.status_code == absent.status_code == 404, address
        assert hidden.content.replace(b"agents", b"absent") == absent.content
        assert set(hidden.headers) == set(absent.headers)
        assert hidden.json() == {"errorcode": 404, "error": "The requested dataset agents does not exist."}


def test_the_catalogue_has_what_the_viewer_may_read(client, lieux, agents, member):
    def listed() -> set[str]:
        return {one["datasetid"] for one in client.get("/api/datasets/1.0/search/").json()["datasets"]}

    assert listed() == {"lieux"}
    client.force_login(member)
    assert listed() == {"lieux", "agents"}
    assert client.get(SEARCH, {"dataset": "agents"})["Cache-Control"] == "private, no-store"


def test_a_callback_never_reads_with_the_session(client, lieux, agents, member):
    """Any page may make a script of this address, and the browser of a member would send the session along."""
    client.force_login(member)
    for endpoint in BY_DATASET:
        given = {"dataset": "agents", "clusterprecision": "5"}
        answer = client.get(f"/api/records/1.0/{endpoint}/", given)
        assert (answer.status_code, bool(body(answer))) == (200, True)
        for way in ({"callback": "f"}, {"format": "jsonp"}):
            assert client.get(f"/api/records/1.0/{endpoint}/", given | way).status_code == 404
    text = client.get("/api/datasets/1.0/search/", {"callback": "f"}).content
    assert b"agents" not in text


def test_a_wrong_key_is_not_a_stranger(client, lieux):
    assert client.get(SEARCH, {"dataset": "lieux", "apikey": "x" * 40}).status_code == 401
    assert client.get(SEARCH, {"dataset": "lieux"}, headers={"authorization": "Apikey x"}).status_code == 401


@pytest.fixture
def masked(lieux):
    """The column `pop` does not exist for a stranger."""
    DataRule.objects.create(dataset=lieux.uid, audience="everyone", reason="RGPD", columns={"pop": {"mask": "hide"}})


@pytest.mark.parametrize(
    ("endpoint", "parameters"),
    [
        ("search", {"q": "{}>3"}),
        ("search", {"q": "#null({})"}),
        ("search", {"q": "{}:[1 TO 2]"}),
        ("search", {"sort": "{}"}),
        ("search", {"fields": "code,{}"}),
        ("search", {"facet": "{}"}),
        ("search", {"refine.{}": "1"}),
        ("search", {"exclude.{}": "1"}),
        ("search", {"geofilter.distance": "1,2,3", "geo_field": "{}"}),
        ("analyze", {"x": "{}", "y.a.func": "COUNT"}),
        ("analyze", {"x": "{}.year"}),
        ("analyze", {"x": "nom", "y.a.func": "SUM", "y.a.expr": "{}"}),
        ("analyze", {"x": "nom", "y.a.func": "AVG", "y.a.expr": "{}*2"}),
        ("download", {"fields": "{}"}),
        ("download", {"sort": "{}"}),
        ("download", {"q": "{}:1", "format": "json"}),
        ("geocluster", {"clusterprecision": "3", "y.a.func": "MAX", "y.a.expr": "{}"}),
        ("geopolygon", {"y.a.func": "MAX", "y.a.expr": "{}"}),
        ("boundingbox", {"q": "{}=1"}),
        ("geopreview", {"refine.{}": "1"}),
    ],
)
def test_a_hidden_column_is_as_absent(client, lieux, masked, endpoint, parameters):
    def asked(name: str):
        given = {key.format(name): value.format(name) for key, value in parameters.items()}
        return client.get(f"/api/records/1.0/{endpoint}/", {"dataset": "lieux"} | given)

    hidden, absent = asked("pop"), asked("pip")
    assert hidden.status_code == absent.status_code == 400
    assert hidden.content.replace(b"pop", b"pip") == absent.content


def test_a_hidden_column_is_in_no_answer(client, lieux, masked):
    for endpoint, extra in (
        ("search", {}),
        ("download", {}),
        ("download", {"format": "json"}),
        ("search", {"format": "geojson"}),
    ):
        answer = client.get(f"/api/records/1.0/{endpoint}/", {"dataset": "lieux"} | extra)
        assert answer.status_code == 200
        assert b"pop" not in body(answer)
    assert b"pop" not in client.get("/api/datasets/1.0/lieux/").content


@pytest.mark.parametrize("sent", [b"{", b"[]", b'{"q": {"a": 1}}', b"\xff\xfe", b'{"dataset": "lieux", "rows": 1e400}'])
def test_a_body_that_is_not_parameters_is_refused(client, lieux, sent):
    answer = client.generic("POST", SEARCH + "?dataset=lieux", sent, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["errorcode"] == 400
