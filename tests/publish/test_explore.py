"""The interface itself: addresses, envelopes, errors, rights, validators."""

from __future__ import annotations

import json

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.urls("bocage.publish.urls"), pytest.mark.usefixtures("exports_folder")]
BASE = "/api/explore/v2.1"
RECORDS = f"{BASE}/catalog/datasets/lieux/records"


@pytest.mark.parametrize(
    "path",
    [
        "", "/", "/catalog", "/catalog/", "/swagger.json", "/catalog/exports", "/catalog/exports/",
        "/catalog/datasets/lieux", "/catalog/datasets/lieux/", "//catalog/datasets/lieux/records",
        "/catalog//datasets/lieux/records/", "/catalog/datasets/lieux/exports/json/", "/catalog/datasets/lieux/facets/",
        "/catalog/datasets/lieux/attachments", "/catalog/datasets/lieux/exports",
    ],
)  # fmt: skip
def test_any_number_of_slashes_answers_at_once(client, dataset, path):
    answer = client.get(BASE + path)
    answer.close()
    assert answer.status_code == 200


def test_records_envelope(client, dataset, calls):
    answer = client.get(RECORDS, {"where": ["a = 1", "b = 2"], "limit": "3", "timezone": "europe/paris"})
    assert answer.json() == {"total_count": 3000, "results": [{"nom": f"Nom {i}"} for i in range(3)]}
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    assert calls.requests[0].where == ("a = 1", "b = 2")
    assert calls.requests[0].timezone == "Europe/Paris"


def invalid(name, found, expected):
    return (
        "InvalidRESTParameterError",
        f"Invalid value for {name} API parameter: {found} was found but {expected} is expected.",
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("limit=101", invalid("limit", 101, "-1 <= limit <= 100")),
        ("limit=100&offset=9950", invalid("sum of offset + limit", 10050, "<= 10000")),
        ("limit=20000&offset=1&group_by=a", invalid("sum of offset + limit", 20001, "<= 20000")),
        (
            "where=BOGUS(",
            (
                "ODSQLSyntaxError",
                "ODSQL syntax exception: unexpected ( at position 5 in BOGUS(. Clause(s) containing the error(s): where.",
            ),
        ),
        (
            "select=absent",
            (
                "ODSQLError",
                "ODSQL query is malformed: Unknown field: absent. Clause(s) containing the error(s): select.",
            ),
        ),
    ],
)
def test_errors_word_for_word(client, dataset, query, expected):
    answer = client.get(f"{RECORDS}?{query}")
    assert answer.status_code == 400
    assert answer.json() == dict(zip(("error_code", "message"), expected, strict=True))


@pytest.mark.parametrize(
    "query",
    ["limit=x", "offset=-1", "limit=-2", "timezone=Mars", "lang=xx", "include_links=maybe", "limit=" + "9" * 5000,
     "where=" + "x" * 20_001, "where=a%00b", "&".join(["refine=a:b"] * 51), "limit=%F0%9D%9F%8F0000000000000000000000000"],
)  # fmt: skip
def test_every_parameter_is_bounded(client, dataset, query):
    answer = client.get(f"{RECORDS}?{query}")
    assert answer.status_code == 400
    assert answer.json()["error_code"] == "InvalidRESTParameterError"


def test_absent_hidden_and_unpublished_are_the_same_404(client, private, organization):
    def asked(slug):
        answer = client.get(f"{BASE}/catalog/datasets/{slug}/records")
        return answer.status_code, answer.content.replace(slug.encode(), b"?")

    assert asked("agents") == asked("nowhere")
    assert asked("agents")[0] == 404
    answer = client.get(f"{BASE}/catalog/datasets/agents/exports/csv")
    assert answer.json() == {
        "error_code": "NotFoundResource",
        "message": "The requested dataset agents does not exist.",
    }


def test_a_member_reads_private_data_which_no_cache_keeps(client, private, member):
    client.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get(f"{BASE}/catalog/datasets/agents/records")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    assert {"Accept-Language", "Cookie"} <= {word.strip() for word in answer["Vary"].split(",")}
    export = client.get(f"{BASE}/catalog/datasets/agents/exports/csv")
    assert export["Cache-Control"] == "private, no-store"
    assert b"".join(export.streaming_content).count(b"\r\n") == 3001


def test_anyone_may_read_from_any_page_but_without_credentials(client, dataset):
    for answer in (
        client.get(RECORDS, headers={"origin": "https://a.example"}),
        client.options(RECORDS),
        client.get(BASE + "/x"),
    ):
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer
        assert "ODS-Explore-API-Deprecation" in answer["Access-Control-Expose-Headers"]
    assert client.options(RECORDS).status_code == 204
    assert client.post(RECORDS).status_code == 200
    refused = client.put(RECORDS)
    assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD, POST, OPTIONS")


def test_validators(client, dataset, calls):
    first = client.get(RECORDS)
    assert first["Cache-Control"] == "no-cache"
    again = client.get(RECORDS, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, len(calls.requests)) == (304, b"", 1)
    assert client.get(RECORDS + "?limit=1")["ETag"] != first["ETag"]
    weak = {"if-none-match": f"W/{first['ETag']}"}  # as a server in front that compresses makes it
    assert client.get(RECORDS, headers=weak).status_code == 304
    assert "ETag" not in client.get(RECORDS + "?where=d>NOW(days=-1)")


def test_head_has_the_headers_of_get(client, dataset):
    head, get = client.head(RECORDS), client.get(RECORDS)
    assert head.content == b""
    assert (head["ETag"], head["Content-Length"]) == (get["ETag"], str(len(get.content)))


def test_dataset_document(client, dataset):
    document = client.get(f"{BASE}/catalog/datasets/lieux", {"include_links": "true"}).json()
    assert document["dataset_id"] == "lieux"
    assert document["dataset_uid"] == dataset.uid
    assert document["has_records"] is True
    assert document["features"] == ["analyze", "timeserie", "geo"]
    assert {field["name"]: field["type"] for field in document["fields"]}["centre"] == "geo_point_2d"
    assert {"records_count", "modified", "publisher", "license_url", "oauth_scope"} <= set(document["metas"]["default"])
    assert document["metas"]["default"]["records_count"] == 3000
    assert {link["rel"] for link in document["_links"]} >= {"self", "records", "exports"}


def test_page_links(client, dataset):
    links = {
        link["rel"]: link["href"]
        for link in client.get(RECORDS, {"limit": 10, "offset": 20, "include_links": "true"}).json()["_links"]
    }
    assert "offset=30" in links["next"]
    assert "offset=2990" in links["last"]
    assert links["dataset"].endswith("/catalog/datasets/lieux")


def test_facets(client, dataset, calls):
    facet = 'facet(name="theme", disjunctive=true, separator="/", sort="-num", limit=20)'
    answer = client.get(f"{BASE}/catalog/datasets/lieux/facets", {"facet": [facet, "a,b"]})
    assert answer.json()["links"] == []
    assert [facet["name"] for facet in answer.json()["facets"]] == ["theme", "a", "b"]
    value, excluded = answer.json()["facets"][0]["facets"]
    assert value["facets"] == [{"name": "05", "value": "2026/05", "count": 1, "state": "displayed"}]
    assert "count" not in excluded
    assert (calls.wanted[0].disjunctive, calls.wanted[0].sort, calls.wanted[0].limit) == (True, "-num", 20)


@pytest.mark.parametrize(
    "arguments",
    [
        "",
        "name=",
        'name="a", x=1',
        'name="a" limit=2',
        'name="a", limit=50000',
        'name="a", sort=best',
        'name="a", disjunctive=2',
    ],
)
def test_wrong_facets(client, dataset, arguments):
    assert client.get(f"{BASE}/catalog/datasets/lieux/facets", {"facet": f"facet({arguments})"}).status_code == 400


def test_the_description_lists_every_operation(client, dataset):
    document = client.get(BASE + "/swagger.json").json()
    identifiers = {path["get"]["operationId"] for path in document["paths"].values()}
    assert {
        "getDatasets",
        "getRecords",
        "getRecord",
        "exportRecords",
        "getRecordsFacets",
        "listExportFormats",
    } <= identifiers
    shared = document["components"]["parameters"]

    def names(address):
        told = document["paths"][address]["get"]["parameters"]
        return {(shared[one["$ref"].rpartition("/")[2]] if "$ref" in one else one)["name"] for one in told}

    exports = "/catalog/datasets/{dataset_id}/exports"
    assert {"dataset_id", "format", "use_labels", "compressed", "epsg"} <= names(f"{exports}/{{format}}")
    assert {"dataset_id", "use_labels", "with_bom", "delimiter"} <= names(f"{exports}/csv")


def test_an_unexpected_fault_is_recorded_and_told_without_detail(client, dataset, monkeypatch, caplog):
    def broken(*_):
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("bocage.query.services.records", broken)
    answer = client.get(RECORDS)
    assert answer.status_code == 500
    assert json.loads(answer.content)["error_code"] == "InternalServerError"
    assert b"secret" not in answer.content
    assert "explore.failed" in caplog.text
