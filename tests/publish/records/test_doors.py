"""The doors of maps and catalogues list what the portal of the host shows, as the pages and the Explore API do; one dataset is
asked for by its rights alone, and its identity is that of the platform at every door."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.kernel.clock import now
from bocage.organizations.models import Organization, Portal
from bocage.store.models import Head, Version

ROOT = "https://donnees.metropole.example"
HOST, COMMON = "donnees.ailleurs.localhost", "donnees.metropole.example"
CSW = "/csw?service=CSW&version=2.0.2&request="
LISTS = (
    "/ogc/collections?f=json",
    "/ogc/collections?f=html",
    "/ogc/api?f=json",
    "/records/collections/catalogue/items",
    f"{CSW}GetRecords&typeNames=csw:Record&resultType=results&ElementSetName=full",
    f"{CSW}GetDomain&propertyName=dc:title",
    "/wfs?service=WFS&request=GetCapabilities",
    "/wfs?service=WFS&version=2.0.0&request=DescribeFeatureType",
    "/wms?service=WMS&request=GetCapabilities",
    "/wmts?service=WMTS&request=GetCapabilities",
    "/arcgis/rest/services?f=json",
    "/api/explore/v2.1/catalog/datasets",
)
ONE = (
    "/ogc/collections/{}?f=json",
    "/ogc/collections/{}/tiles",
    "/tiles/{}.json",
    "/records/collections/catalogue/items/{}",
    "/arcgis/rest/services/{}/FeatureServer?f=json",
    "/wfs/{}?service=WFS&request=GetCapabilities",
    "/wms/{}?service=WMS&request=GetCapabilities",
    "/api/explore/v2.1/catalog/datasets/{}",
)


@pytest.fixture(autouse=True)
def doors(datasets, settings):
    """A portal of one organisation, beside that of the platform."""
    settings.ALLOWED_HOSTS = ["*"]
    settings.BOCAGE = settings.BOCAGE.model_copy(update={"public_url": ROOT})
    for dataset in datasets.values():
        if dataset.version_number:
            _published(dataset)
    keeper, other = (Organization.objects.get(slug=slug) for slug in ("metropole", "ailleurs"))
    Portal.objects.create(organization=keeper, domain="*", name="Tout")
    return Portal.objects.create(organization=other, domain=HOST, name="Ailleurs", showing="own")


def _published(dataset):
    """A version without its file: nothing here reads rows."""
    fields = [*dataset.schema, Field("contour", FieldType.GEOMETRY).as_dict()]
    version = Version.objects.create(
        dataset=dataset, number=1, sha256="00" * 32, size_bytes=1, row_count=3, schema=fields, created_at=now(),
        geometry={"column": "contour", "types": ["Point"], "bbox": dataset.bbox or []},
    )  # fmt: skip
    Head.objects.create(dataset=dataset, version=version, moved_at=now())


def get(path, host=HOST, client=None, **headers):
    answer = (client or Client()).get(path, headers={"host": host, "accept-language": "fr", **headers})
    answer.said = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
    return answer


def named(answer):
    """The datasets of which it speaks, by their names or by their titles."""
    words = {
        "arbres": ("arbres", "Arbres"),
        "pistes": ("pistes", "Pistes cyclables"),
        "reseaux": ("reseaux", "enterrés"),
    }
    return {slug for slug, said in words.items() if any(one in answer.said for one in said)}


@pytest.mark.parametrize("path", LISTS)
def test_a_door_lists_its_selection(path):
    ours, common = get(path), get(path, COMMON)
    assert (ours.status_code, common.status_code) == (200, 200), ours.said[:500]
    assert named(ours) == {"arbres"}
    assert named(common) == {"arbres", "pistes"}
    assert named(get(path, "evil.example")) == named(common)


@pytest.mark.parametrize("path", LISTS)
def test_nothing_of_a_cache_crosses(path):
    first = get(path, COMMON)
    if "ETag" in first:
        again = get(path, **{"if-none-match": first["ETag"]})
        assert (again.status_code, named(again)) == (200, {"arbres"})
        assert get(path, COMMON, **{"if-none-match": first["ETag"]}).status_code == 304


@pytest.mark.parametrize("path", LISTS)
def test_a_door_gives_no_right(path, colleague, doors):
    """What a member reads elsewhere is not in the list of this door; what the door chooses is only for who may read it."""
    assert named(get(path, client=colleague)) == {"arbres"}
    Portal.objects.filter(pk=doors.pk).update(showing="branch", organization=Organization.objects.get(slug="metropole"))
    assert named(get(path)) == {"pistes"}
    assert named(get(path, client=colleague)) == {"pistes", "reseaux"}


@pytest.mark.parametrize("slug", ["pistes", "reseaux", "absent"])
@pytest.mark.parametrize("path", ONE)
def test_one_dataset_is_asked_for_by_its_rights_alone(path, slug):
    """As on the page of a dataset and on the Explore API: what the door does not list still answers by its name."""
    ours, common = get(path.format(slug)), get(path.format(slug), COMMON)
    assert ours.status_code == common.status_code
    refused = ours.status_code == 404 or '"error"' in ours.said
    assert refused == (slug != "pistes")
    if refused:
        assert ours.said.replace(slug, "absent") == get(path.format("absent")).said


def test_the_identity_of_a_dataset_does_not_change_with_the_door():
    collections = [json.loads(get("/ogc/collections/pistes?f=json", host).said) for host in (HOST, COMMON)]
    assert collections[0] == collections[1]
    assert {one["href"].startswith(ROOT) for one in collections[0]["links"]} == {True}
    [listed] = json.loads(get("/ogc/collections?f=json").said)["collections"]
    assert {one["href"].startswith(ROOT) for one in listed["links"]} == {True}
    for path in ("/wms?service=WMS&request=GetCapabilities", "/wmts?service=WMTS&request=GetCapabilities",
                 "/wfs?service=WFS&request=GetCapabilities"):  # fmt: skip
        said = get(path).said
        assert f"{ROOT}/" in said
        assert HOST not in said


def followed(path, relation):
    """The addresses to which a document of this door sends its reader."""
    return {one["href"] for one in json.loads(get(path).said)["links"] if one["rel"] == relation}


def test_who_enters_by_a_door_stays_there():
    """Software opens the landing page and follows its links: one that led to the platform would list everything."""
    assert followed("/ogc/?f=json", "data") == {f"http://{HOST}/ogc/collections"}
    assert followed("/ogc/collections?f=json", "self") == {f"http://{HOST}/ogc/collections?f=json"}
    said = get(f"{CSW}GetCapabilities").said
    assert f'"http://{HOST}/csw"' in said
    assert ROOT + "/csw" not in said
    assert json.loads(get("/ogc/?f=json", COMMON).said)["links"][0]["href"].startswith(f"{ROOT}/ogc/")


def test_pages_of_collections_follow_one_another_at_the_door(doors):
    Portal.objects.filter(pk=doors.pk).update(showing="branch", organization=Organization.objects.get(slug="metropole"))
    [following] = followed("/ogc/collections?f=json&limit=1", "next")
    assert following.startswith(f"http://{HOST}/ogc/collections?")
    page = json.loads(get(following.removeprefix(f"http://{HOST}")).said)
    assert [one["id"] for one in page["collections"]] == ["pistes"]
