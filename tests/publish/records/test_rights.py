"""Who does not know of a dataset learns nothing of it from any record, count, value, filter or fault."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest

from bocage.access.models import DataRule
from bocage.access.services import create_key
from bocage.access.viewer import Viewer
from bocage.organizations.models import Organization, Portal, User
from tests.publish.records.conftest import HERE, Asking
from tests.publish.records.territory import changed
from tests.publish.records.test_csw import matched, records, sent
from tests.publish.records.test_records import ALL

HIDDEN = ["reseaux", "agents", "vide"]
ISO = "http://www.isotc211.org/2005/gmd"


def test_a_stranger_knows_of_what_everyone_may(ask, datasets):
    text = "".join(
        ask.raw(path).content.decode()
        for path in ("items", "/csw?request=GetRecords&typeNames=csw:Record&resultType=results&ElementSetName=full",
                     f"/csw?request=GetRecords&typeNames=csw:Record&resultType=results&outputSchema={ISO}",
                     "/csw?request=GetDomain&propertyName=dc:title", "/records/", "/csw?request=GetCapabilities")
    )  # fmt: skip
    for slug in HIDDEN:
        assert datasets[slug].title not in text
        assert datasets[slug].uid not in text
    for slug in ALL:
        assert datasets[slug].title in text


def test_a_colleague_knows_of_more_and_nobody_keeps_it(colleague, datasets):
    asking = Asking(colleague)
    assert asking.slugs() == ["pistes", "arbres", "alarmes", "reseaux", "agents", "budget"]
    for path in (
        "items",
        "items/agents",
        "/csw?request=GetRecordById&id=agents",
        "/explore/dataset/agents/iso19139.xml",
    ):
        response = asking.raw(path)
        assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store"), path
    assert matched(records(colleague, resultType="results")) == 6


@pytest.mark.parametrize("slug", HIDDEN)
def test_hidden_is_absent(ask, datasets, slug):
    uid, title = datasets[slug].uid, datasets[slug].title
    for given in (
        {"ids": slug}, {"ids": uid}, {"q": title}, {"externalIds": slug}, {"filter": f"id = '{uid}'"}, {"title": title},
    ):  # fmt: skip
        assert ask("items", **given)["numberMatched"] == 0
    for path in (f"{HERE}/items/{{}}", "/explore/dataset/{}/iso19139.xml"):
        absent = ask.raw(path.format("nothing"))
        for name in (slug, uid):
            response = ask.raw(path.format(name))
            assert (response.status_code, response.content) == (404, absent.content)
    empty = sent(ask.client, request="GetRecordById", id="nothing").content
    assert sent(ask.client, request="GetRecordById", id=f"{slug},{uid}").content == empty
    for constraint in (f"dc:identifier = '{uid}'", f"csw:AnyText LIKE '%{title}%'", f"dc:title = '{title}'"):
        assert matched(records(ask.client, constraint=constraint)) == 0


def test_data_on_request_are_announced_and_no_more(ask, colleague, datasets):
    found = ask("items/alarmes")
    assert found["geometry"] is None
    relations = {one["rel"] for one in found["links"]}
    assert relations.isdisjoint({"enclosure", "service"})
    assert "http://testserver/explore/dataset/alarmes/#access" in {one["href"] for one in found["links"]}
    iso = ask.raw("/explore/dataset/alarmes/iso19139.xml").content.decode()
    assert "EX_GeographicBoundingBox" not in iso
    assert "exports" not in iso
    assert "2026-05-04" not in iso  # the day of the data
    assert "alarmes" not in ask.slugs(bbox="-180,-90,180,90")
    assert ask.slugs(filter="geometry IS NULL") == ["alarmes", "budget"]
    assert Asking(colleague)("items/alarmes")["geometry"] is not None


def test_what_rules_keep_is_in_no_record(ask, datasets):
    """A hidden field is found by no word; where rows are kept, there is no extent."""
    everything = {"audience": "everyone", "reason": "RGPD"}
    uid = datasets["pistes"].uid
    assert "pistes" in ask.slugs(q="code d'alarme")
    DataRule.objects.create(dataset=uid, rows="nom = 'x'", columns={"secret": {"mask": "hide"}}, **everything)
    changed(datasets["pistes"])
    assert "pistes" not in ask.slugs(q="code d'alarme")
    assert "pistes" not in ask.slugs(bbox="-180,-90,180,90")
    assert ask("items/pistes")["geometry"] is None
    assert b"EX_GeographicBoundingBox" not in ask.raw("/explore/dataset/pistes/iso19139.xml").content
    assert b"BoundingBox>" not in sent(ask.client, request="GetRecordById", id=uid).content


def test_a_key_opens_what_its_owner_knows(ask, colleague, datasets):
    owner = User.objects.get(email="agent@example.org")
    _key, secret = create_key(viewer=Viewer(owner.pk), owner=owner, name="GeoNetwork")
    assert matched(records(ask.client, apikey=secret)) == 6
    assert ask("items", apikey=secret)["numberMatched"] == 6
    page = ask.raw("items", apikey=secret, limit="1")
    assert page["Cache-Control"] == "private, no-store"
    assert secret not in page.content.decode()
    capabilities = sent(ask.client, request="GetCapabilities", apikey=secret).content.decode()
    assert f"/csw?apikey={secret}" in capabilities  # to whoever sent it: desktop clients follow these addresses
    asked = {"request": "GetRecords", "typeNames": "csw:Record", "resultType": "results"}
    assert secret not in sent(ask.client, apikey=secret, **asked).content.decode()
    assert ask.raw("items", apikey="wrong").status_code == 401
    assert sent(ask.client, request="GetCapabilities", apikey="wrong").status_code == 401


@pytest.fixture
def door(datasets, settings) -> dict[str, str]:
    """Of a portal that shows what one organisation publishes."""
    settings.ALLOWED_HOSTS = ["*"]
    keeper = Organization.objects.get(slug="ailleurs")
    Portal.objects.create(
        organization=keeper, domain="donnees.ailleurs.localhost", name="Ailleurs en données", showing="own"
    )
    return {"HTTP_HOST": "donnees.ailleurs.localhost"}


def test_a_door_shows_a_part(client, door, datasets):
    page = json.loads(client.get(f"{HERE}/items", **door).content)
    assert [one["id"] for one in page["features"]] == [datasets["arbres"].uid]
    found = client.get("/csw", {"request": "GetRecords", "typeNames": "csw:Record", "resultType": "results"}, **door)
    assert matched(ET.fromstring(found.content)) == 1
    domain = client.get("/csw", {"request": "GetDomain", "propertyName": "dc:title"}, **door).content.decode()
    assert ("Arbres" in domain, "Budget" in domain) == (True, False)
    assert "Ailleurs en données" in client.get("/csw", {"request": "GetCapabilities"}, **door).content.decode()
    assert client.get(f"{HERE}/items/pistes", **door).status_code == 200  # the door lists a part, it hides nothing
    hits = client.get("/csw", {"request": "GetRecordById", "id": datasets["pistes"].uid}, **door).content
    assert datasets["pistes"].uid.encode() in hits


def test_pages_follow_one_another_at_the_door(client, door, datasets, settings):
    changed(datasets["budget"], organization=Organization.objects.get(slug="ailleurs"))
    page = json.loads(client.get(f"{HERE}/items", {"limit": 1}, **door).content)
    (following,) = [one["href"] for one in page["links"] if one["rel"] == "next"]
    assert following.startswith("http://donnees.ailleurs.localhost/records/")
    last = json.loads(client.get(following.removeprefix("http://donnees.ailleurs.localhost"), **door).content)
    assert [one["id"] for one in last["features"]] == [datasets["budget"].uid]
    assert not [one for one in last["links"] if one["rel"] == "next"]
