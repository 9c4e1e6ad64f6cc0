"""The answers that clients know: `{"status": "OK"}`, and `{"errorcode", "error"}`."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.utils import translation

from bocage.access.viewer import OPERATOR
from bocage.catalog.services import create_dataset
from bocage.pipeline.models import Push, PushAddress, PushKey, Run
from bocage.pipeline.pushes import journal
from bocage.pipeline.pushes.addresses import pause_address
from bocage.pipeline.pushes.keys import new_key, revoke_key
from bocage.query.record_ids import record_ids
from bocage.query.relation import DatasetRelation
from bocage.store.engine import session
from bocage.store.selectors import current_version
from tests.publish.push.conftest import Sensor, publish_pushes

pytestmark = pytest.mark.django_db
RECORDS = "/api/explore/v2.1/catalog/datasets/niveaux/records"


def results():
    return Client().get(RECORDS).json()["results"]


def identifier_of(dataset, row: int) -> str:
    relation = DatasetRelation(dataset, current_version(dataset))
    with session(relation.version) as opened:
        return str(opened.execute(f"SELECT id FROM {record_ids(opened, relation)} WHERE row = {row}")[0][0])


def test_pushed_records_are_read_by_the_explore_api(running):
    answer = running.post({"id": "b", "n": 3, "at": "2026/01/27T05:15:00"})
    assert (answer.status_code, answer.json()) == (200, {"status": "OK"})
    publish_pushes()
    assert results() == [
        {"id": "a", "n": 1, "at": "2026-01-27T04:15:00+00:00"},
        {"id": "b", "n": 3, "at": "2026-01-27T05:15:00+00:00"},
    ]


def test_records_are_deleted_by_values(running):
    assert running.post([{"id": "a"}], action="delete").json() == {"status": "OK"}
    publish_pushes()
    assert [row["id"] for row in results()] == ["b"]


def test_a_record_is_deleted_by_its_identifier(running):
    identifier = identifier_of(running.address.dataset, row=0)
    address = f"{running.root}/{identifier}/delete/?pushkey={running.secret}"
    assert Client().head(address).status_code == 405
    assert Client().get(address).json() == {"status": "OK"}
    publish_pushes()
    assert [row["id"] for row in results()] == ["b"]
    gone = Client().get(address)
    assert (gone.status_code, gone.json()["errorcode"]) == (404, 404)


@pytest.mark.parametrize("path", ["/push", "//push//", "/push/"])
def test_slashes_do_not_matter(running, path):
    answer = Client().post(
        f"{running.root}{path}?pushkey={running.secret}", {"id": "z"}, content_type="application/json"
    )
    assert answer.json() == {"status": "OK"}


@pytest.mark.parametrize("scheme", ["Pushkey", "Apikey", "ApiKey", "PUSHKEY"])
def test_the_key_may_be_in_the_header(running, scheme):
    headers = {"Authorization": f"{scheme} {running.secret}"}
    assert running.post({"id": "z"}, key="", **headers).json() == {"status": "OK"}


def test_a_form_content_type_is_read_as_what_it_is(running):
    """curl -d says that it sends a form."""
    answer = Client().post(
        f"{running.root}/push/?pushkey={running.secret}",
        b'{"id": "z"}',
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.json() == {"status": "OK"}


def test_keys_that_open_nothing_are_all_told_the_same(running, platform):
    other = create_dataset(viewer=OPERATOR, organization=platform, slug="ailleurs", title="Ailleurs")
    elsewhere = Sensor(other)
    second = Sensor(running.address.dataset, name="second")
    revoked = new_key(viewer=OPERATOR, address=running.address)
    revoke_key(viewer=OPERATOR, key=PushKey.objects.select_related("address__dataset").get(end=revoked[-4:]))
    answers = [
        running.post({"id": "z"}, key=key)
        for key in ("", "0" * 64, "é", "x" * 5000, elsewhere.secret, second.secret, revoked, running.secret.upper())
    ]
    answers.append(
        Client().post(f"/api/push/1.0/absent/realtime/push/?pushkey={running.secret}", "{}", content_type="text/plain")
    )
    answers.append(Client().get(f"{running.root}/abc/delete/?pushkey={elsewhere.secret}"))
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert not Push.objects.exists()


def test_only_the_hash_of_a_key_is_kept(running):
    told = json.dumps(list(PushKey.objects.values()), default=str) + json.dumps(
        list(PushAddress.objects.values()), default=str
    )
    assert running.secret not in told
    assert len(running.secret) == 64


def test_a_fault_is_told_with_its_record_its_field_and_its_remedy(running):
    with translation.override("fr"):
        answer = running.post([{"id": "c", "n": 1}, {"id": "d", "n": "un"}], **{"Accept-Language": "fr"})
    body = answer.json()
    assert (answer.status_code, body["errorcode"]) == (400, 400)
    assert body["error"].startswith("Enregistrement 2")
    [fault] = body["faults"]
    assert (fault["record"], fault["field"], fault["code"]) == (2, "n", "push.wrong-type")
    assert "« n »" in fault["reason"]
    assert fault["mend"]
    assert not Push.objects.exists()


def test_a_paused_address_says_so_to_who_has_its_key(running):
    pause_address(viewer=OPERATOR, address=running.address, paused=True)
    assert running.post({"id": "z"}).status_code == 403
    assert running.post({"id": "z"}, key="0" * 64).status_code == 401


def test_a_full_journal_is_a_quota(running, monkeypatch):
    monkeypatch.setattr(journal, "MOST_PUSHES", 2)
    assert [running.post({"id": letter}).status_code for letter in "xyz"] == [200, 200, 429]
    refused = running.post({"id": "z"})
    assert refused.json()["errorcode"] == 10002
    assert refused["Retry-After"] == "10"
    publish_pushes()
    assert running.post({"id": "z"}).status_code == 200


def test_the_first_version_is_not_disturbed_while_it_is_made(sensor, dataset):
    sensor.post({"id": "a"})
    run = Run.objects.create(dataset=dataset, pushed=True, status="running", due_at="2026-01-01T00:00:00Z")
    assert sensor.post({"id": "b"}).status_code == 503
    run.delete()
    assert sensor.post({"id": "b"}).status_code == 200


def test_other_methods_are_refused_and_browsers_may_ask(running):
    assert Client().get(f"{running.root}/push/?pushkey={running.secret}").status_code == 405
    asked = Client().options(f"{running.root}/push/", headers={"Origin": "https://example.org"})
    assert (asked.status_code, asked["Access-Control-Allow-Origin"]) == (204, "*")


def test_no_cookie_opens_an_address(running, admin_client):
    answer = admin_client.post(f"{running.root}/push/", {"id": "z"}, content_type="application/json")
    assert answer.status_code == 401


def test_a_key_is_never_written_in_the_log(running, caplog, capfd):
    caplog.set_level("DEBUG")
    for body in ({"id": "z"}, b"{", {"id": ["x"]}):
        running.post(body)
    Client().get(f"{running.root}/push/?pushkey={running.secret}")
    said = capfd.readouterr()
    assert running.secret not in caplog.text + said.out + said.err
