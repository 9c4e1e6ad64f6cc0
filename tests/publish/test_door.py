"""The door of the interface: keys, bodies of a POST, limits of a day, other roots and sources."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from bocage.access.models import ApiKey
from bocage.access.services import create_key, revoke_key
from bocage.access.standing import viewer_of
from bocage.access.viewer import Viewer
from bocage.kernel.clock import now
from bocage.organizations.models import User
from bocage.publish import quotas

pytestmark = [pytest.mark.django_db, pytest.mark.urls("bocage.publish.urls"), pytest.mark.usefixtures("exports_folder")]
BASE = "/api/explore/v2.1"
RECORDS = f"{BASE}/catalog/datasets/agents/records"
OPEN = f"{BASE}/catalog/datasets/lieux/records"


@pytest.fixture
def key(member, private, dataset):
    return create_key(viewer=viewer_of(member), owner=member, name="Carnet")[1]


def ways(key):
    """Every way in which real clients give a key."""
    for scheme in ("Apikey", "ApiKey", "apikey", "APIKEY", "Bearer", "bearer"):
        yield scheme, lambda client, scheme=scheme: client.get(RECORDS, headers={"authorization": f"{scheme} {key}"})
    for name in ("apikey", "access_token"):
        yield name, lambda client, name=name: client.get(RECORDS, {name: key})
        yield f"{name} in a form", lambda client, name=name: client.post(RECORDS, {name: key})
        yield (
            f"{name} in JSON",
            lambda client, name=name: client.post(RECORDS, {name: key}, content_type="application/json"),
        )
    yield "blank before", lambda client: client.get(RECORDS, headers={"authorization": f"  Apikey   {key} "})
    yield "an empty one first", lambda client: client.get(RECORDS, {"access_token": key, "apikey": ""})


def test_a_key_is_read_wherever_clients_put_it(client, key):
    assert client.get(RECORDS).status_code == 404
    for name, ask in ways(key):
        answer = ask(client)
        assert answer.status_code == 200, name
        assert answer.json()["total_count"] == 3000, name
        assert answer["Cache-Control"] == "private, no-store", name
        assert "Authorization" in answer["Vary"], name


def test_a_wrong_key_is_a_bare_401_even_for_open_data(client, key, member):
    revoked, text = create_key(viewer=viewer_of(member), owner=member, name="Révoquée")
    revoke_key(viewer=viewer_of(member), key=revoked)
    _key, expired = create_key(viewer=viewer_of(member), owner=member, name="", expires_at=now() - timedelta(days=1))
    for wrong in ("nonsense", key[:-1], key + "x", text, expired):
        for address in (RECORDS, OPEN, f"{BASE}/catalog/exports/csv", BASE, f"{BASE}/nowhere"):
            answer = client.get(address, headers={"authorization": f"Apikey {wrong}"})
            assert (answer.status_code, answer.content) == (401, b""), wrong
            assert answer["Access-Control-Allow-Origin"] == "*"
            assert answer["WWW-Authenticate"].startswith("Apikey")
    download = client.get("/explore/dataset/lieux/download/", {"apikey": "nonsense"})
    assert (download.status_code, download.content) == (401, b"")


@pytest.mark.parametrize("given", ["", "Basic YTpi", "Apikey", "Apikey ", "Digest x"])
def test_no_key_is_a_stranger(client, key, given):
    assert client.get(OPEN, headers={"authorization": given}).status_code == 200
    assert client.get(RECORDS, headers={"authorization": given}).status_code == 404
    assert client.get(OPEN, {"apikey": ""}).status_code == 200


def test_a_suspended_person_has_no_key(client, key, member):
    User.objects.filter(pk=member.pk).update(is_active=False)
    assert client.get(OPEN, {"apikey": key}).status_code == 401


def test_a_key_narrows_and_its_session_does_not_widen(client, key, member, private, dataset):
    """A key for one dataset, sent by a browser in which its owner is signed in, opens that dataset only."""
    text = create_key(viewer=viewer_of(member), owner=member, name="", datasets=[dataset.uid])[1]
    client.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(RECORDS).status_code == 200
    assert client.get(RECORDS, {"apikey": text}).status_code == 404
    assert client.get(OPEN, {"apikey": text}).status_code == 200
    only = create_key(viewer=viewer_of(member), owner=member, name="", datasets=[private.uid])[1]
    assert Client().get(RECORDS, {"apikey": only}).status_code == 200


def test_a_validator_does_not_cross_viewers(client, key, private):
    """A stranger who learned the tag of a private answer learns nothing by sending it."""
    tag = client.get(RECORDS, {"apikey": key})["ETag"]
    assert client.get(RECORDS, {"apikey": key}, headers={"if-none-match": tag}).status_code == 304
    assert client.get(RECORDS, headers={"if-none-match": tag}).status_code == 404
    assert client.get(RECORDS, {"apikey": "wrong"}, headers={"if-none-match": tag}).status_code == 401
    export = client.get(f"{BASE}/catalog/datasets/agents/exports/csv", {"apikey": key})
    export.close()
    for headers in ({"if-none-match": export["ETag"]}, {"range": "bytes=0-9", "if-range": export["ETag"]}):
        assert client.get(f"{BASE}/catalog/datasets/agents/exports/csv", headers=headers).status_code == 404
    listed = client.get(f"{BASE}/catalog/exports/dcat", {"apikey": key})["ETag"]
    assert client.get(f"{BASE}/catalog/exports/dcat", headers={"if-none-match": listed}).status_code == 200


def test_a_key_is_not_in_the_addresses_of_the_answer(client, key):
    for path in ("catalog/datasets/agents", "catalog/datasets/agents/records", "catalog", ""):
        answer = client.get(f"{BASE}/{path}", {"apikey": key, "include_links": "true"})
        assert answer.status_code == 200
        assert key.encode() not in answer.content
    exported = client.get(f"{BASE}/catalog/exports/dcat", {"apikey": key})
    assert key.encode() not in exported.getvalue()


BODIES = [
    ({"where": ["a = 1", "b = 2"], "limit": 3}, "application/json", ("a = 1", "b = 2")),
    ({"where": "a = 1", "limit": "3", "offset": None}, "application/json; charset=utf-8", ("a = 1",)),
    ({"limit": 3, "include_links": True, "where": []}, "application/json", ()),
    ("where=a+%3D+1&where=b+%3D+2&limit=3", "application/x-www-form-urlencoded", ("a = 1", "b = 2")),
]


@pytest.mark.parametrize(("body", "kind", "where"), BODIES)
def test_a_post_says_what_a_get_says(client, dataset, calls, body, kind, where):
    answer = client.post(OPEN, body, content_type=kind)
    assert [row["nom"] for row in answer.json()["results"]] == ["Nom 0", "Nom 1", "Nom 2"]
    assert calls.requests[-1].where == where


def test_a_post_is_added_to_the_address(dataset, calls):
    """No token against forgery is asked: a strict client of the site's own checks posts as anybody."""
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(f"{OPEN}?where=a+%3D+1&limit=50", {"where": "b = 2", "limit": "2"})
    assert len(answer.json()["results"]) == 2
    assert calls.requests[-1].where == ("a = 1", "b = 2")
    long = " OR ".join(f"a = {number}" for number in range(1500))
    assert strict.post(OPEN, {"where": long}).status_code == 200
    assert calls.requests[-1].where == (long,)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("[1]", "application/json", 400), ("{", "application/json", 400), ("[" * 100_000, "application/json", 400),
        ('{"where": {"a": 1}}', "application/json", 400), ('{"limit": ' + "9" * 5000 + "}", "application/json", 400),
        ('{"where": "\\ud800"}', "application/json", 200), ("", "application/json", 200), (b"\xff", "application/json", 400),
        ("&".join(f"p{n}=1" for n in range(1001)), "application/x-www-form-urlencoded", 400),
        ("x" * (1024 * 1024 + 1), "application/json", 413), ("where=%ff", "application/x-www-form-urlencoded", 200),
        ("--b\r\nbroken", "multipart/form-data", 400), ("ignored", "text/plain", 200),
        ('--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nx\r\n--b--', "multipart/form-data; boundary=b", 413),
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_read_is_told(client, dataset, body, kind, status):
    answer = client.generic("POST", OPEN, body if isinstance(body, bytes) else body.encode(), content_type=kind)
    assert answer.status_code == status
    assert status == 200 or set(answer.json()) == {"error_code", "message"}


def test_too_many_parameters_are_told_in_the_envelope(client, dataset):
    answer = client.get(OPEN + "?" + "&".join(["a=1"] * 1001))
    assert (answer.status_code, set(answer.json())) == (400, {"error_code", "message"})


# --- limits of a day


@pytest.fixture
def limits(settings):
    def set_to(address: int, account: int) -> None:
        settings.BOCAGE = settings.BOCAGE.model_copy(
            update={"calls_per_address": address, "calls_per_account": account}
        )

    return set_to


def test_what_is_left_is_told_then_refused(client, dataset, limits):
    limits(3, 0)
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    for left in (2, 1, 0):
        answer = client.get(OPEN)
        assert answer.status_code == 200
        assert (answer["X-RateLimit-Limit"], answer["X-RateLimit-Remaining"]) == ("3", str(left))
        assert answer["X-RateLimit-Reset"] == tomorrow.strftime("%Y-%m-%d 00:00:00+00:00")
    refused = client.get(f"{BASE}/catalog/datasets")
    assert refused.status_code == 429
    assert refused.json() == {
        "errorcode": 10005,
        "error": "Too many requests on the domain. Please contact the domain administrator.",
        "call_limit": 3,
        "limit_time_unit": "day",
        "reset_time": tomorrow.strftime("%Y-%m-%dT00:00:00Z"),
    }
    assert refused["X-RateLimit-Remaining"] == "0"
    assert 0 < int(refused["Retry-After"]) <= 86_400
    assert client.get("/explore/dataset/lieux/download/").json()["errorcode"] == 10005  # as version 1 says it too
    assert client.options(OPEN).status_code == 204  # not counted
    elsewhere = client.get(OPEN, REMOTE_ADDR="198.51.100.7")
    assert (elsewhere.status_code, elsewhere["X-RateLimit-Remaining"]) == (200, "2")


def test_an_account_counts_once_whatever_its_keys(client, key, member, limits):
    limits(1, 3)
    other = create_key(viewer=viewer_of(member), owner=member, name="Autre")[1]
    assert client.get(RECORDS, {"apikey": key})["X-RateLimit-Remaining"] == "2"
    assert client.get(RECORDS, {"apikey": other})["X-RateLimit-Remaining"] == "1"
    client.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(RECORDS)["X-RateLimit-Remaining"] == "0"
    refused = client.get(RECORDS, {"apikey": key})
    assert (refused.status_code, refused.json()["errorcode"], refused.json()["call_limit"]) == (429, 10002, 3)
    assert Client().get(OPEN).status_code == 200  # strangers have their own


def test_without_a_limit_nothing_is_counted_nor_written(client, dataset, settings):
    assert "X-RateLimit-Limit" not in client.get(OPEN)
    assert not (Path(settings.DATA_DIR) / "cache" / "calls").exists()


def test_yesterday_is_forgotten(client, dataset, limits, monkeypatch, settings):
    limits(1, 0)
    assert client.get(OPEN).status_code == 200
    assert client.get(OPEN).status_code == 429
    monkeypatch.setattr(quotas, "now", lambda: now() + timedelta(days=1))
    assert client.get(OPEN).status_code == 200
    assert len(list((Path(settings.DATA_DIR) / "cache" / "calls").iterdir())) == 1


def test_no_call_is_lost_nor_counted_twice(tmp_path):
    """Several openings of the file, as several processes have, and several threads of each."""
    path, each = tmp_path / "calls" / "20260101-10005", 300
    seen: list[int] = []

    def ask(counters):
        seen.extend(counters.count(path, 5, 10_000) for _ in range(each))

    processes = [quotas.Counters(), quotas.Counters()]
    threads = [threading.Thread(target=ask, args=(processes[0],)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == list(range(1, 4 * each + 1))
    assert processes[1].count(path, 5, 10_000) == 4 * each + 1
    assert processes[1].count(path, 6, 10_000) == 1
    assert path.stat().st_blocks * 512 < 100_000  # sparse


def test_a_disk_that_refuses_does_not_refuse_readers(tmp_path):
    (tmp_path / "calls").write_text("a file where the folder should be")
    assert quotas.Counters().count(tmp_path / "calls" / "20260101-10005", 1, 1) == 0


def test_the_count_stops_at_the_limit(tmp_path):
    counters = quotas.Counters()
    assert [counters.count(tmp_path / "c" / "20260101-10005", 0, 2) for _ in range(5)] == [1, 2, 3, 3, 3]


# --- other roots and sources


def test_what_is_alike_in_version_2_0_is_answered_alike(client, dataset, calls):
    for root in ("/api/v2", "/api/explore/v2.0", "/api//v2//"):
        exported = client.get(f"{root}/catalog/datasets/lieux/exports/csv/", {"rows": "2"})
        assert b"".join(exported.streaming_content)[:3] != b"\xef\xbb\xbf"  # no byte-order mark then
        assert next(asked for asked in calls.requests if not asked.where).limit == 2
        facets = client.get(f"{root}/catalog/datasets/lieux/facets?facet=nom")
        assert facets.status_code == 200
    assert client.get("/api/v2/").status_code == client.get("/api/v2/catalog").status_code == 200
    assert client.get("/api/v2/nowhere").json()["error_code"] == "NotFoundResource"


@pytest.mark.parametrize("source", ["monitoring", "shared", "opendatasoft"])
def test_other_catalogues_are_there_and_empty(client, dataset, source):
    def get(path, **given):
        return client.get(f"{BASE}/{source}{path}", given)

    assert get("/").status_code == get("/exports/").status_code == 200
    for path in ("/datasets/lieux", "/datasets/lieux/records", "/datasets/lieux/exports/json", "/exports/dcat"):
        assert (get(path).status_code, get(path).json()["error_code"]) == (404, "NotFoundResource")


def test_an_unknown_source_is_absent(client, dataset):
    for source in ("catalogue", "x"):
        assert client.get(f"{BASE}/{source}/datasets").status_code == 404


def test_a_key_read_from_a_session_viewer_is_never_an_operator(client, dataset, private):
    boss = User.objects.create_user("boss@example.org", is_superuser=True)
    text = create_key(viewer=Viewer(boss.pk, operator=True), owner=boss, name="")[1]
    assert client.get(RECORDS, {"apikey": text}).status_code == 200  # reads as the administrator of every organisation
    assert ApiKey.objects.get().last_used_at is not None
