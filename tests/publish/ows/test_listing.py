"""Capabilities stay small whatever the catalogue holds, and say what they leave out."""

from __future__ import annotations

import pytest
from django.utils import translation

from bocage.catalog.models import Dataset
from bocage.organizations.models import Organization
from bocage.publish.ows import call
from tests.publish.ows.conftest import found, words

NAMES = {
    "wfs": ".//wfs:FeatureType/wfs:Name",
    "wms": ".//wms:Layer/wms:Layer/wms:Name",
    "wmts": ".//wmts:Layer/ows:Identifier",
}


@pytest.fixture(params=NAMES)
def service(request):
    return request.param, request.getfixturevalue(request.param)


def listed(service, **given) -> list[str]:
    name, asked = service
    return [one.rpartition(":")[2] for one in words(asked(request="GetCapabilities", **given), NAMES[name])]


def test_a_bounded_list_says_that_it_is(service, monkeypatch):
    whole = listed(service)
    assert {"lieux", "countries", "places", "rivers"} == set(whole)
    monkeypatch.setattr(call, "MOST_LAYERS", 2)
    assert listed(service) == whole[:2]
    with translation.override("fr"):
        answer = service[1].raw(request="GetCapabilities", language="fr").content.decode()
    assert f"/{service[0]}/organizations/" in answer
    assert "2 premières couches" in answer


def test_what_is_not_listed_answers_by_its_name(wfs, wms, monkeypatch):
    last = listed(("wfs", wfs))[-1]
    monkeypatch.setattr(call, "MOST_LAYERS", 1)
    assert last not in listed(("wfs", wfs))
    assert int(wfs(request="GetFeature", typeNames=last, resultType="hits").get("numberMatched")) > 0
    image = wms.raw(
        request="GetMap",
        layers=last,
        styles="",
        format="image/png",
        crs="CRS:84",
        bbox="-180,-90,180,90",
        width=20,
        height=10,
    )
    assert image.status_code == 200


def test_a_longer_list_asks_no_more_of_the_database(service, data, django_assert_max_num_queries):
    organization = Organization.objects.get()
    model = Dataset.objects.get(slug="lieux")
    listed(service)
    for rank in range(40):
        Dataset.objects.create(
            organization=organization, slug=f"copie-{rank}", title=f"Copie {rank}", visibility="open",
            version_number=1, row_count=3,
            schema=model.schema, geometry_types=model.geometry_types, bbox=model.bbox,
        )  # fmt: skip
    with django_assert_max_num_queries(14):
        assert len(listed(service)) == 44


def test_an_organisation_and_nothing_else(service, data):
    name = service[0]
    other = Organization.objects.create(slug="ailleurs", name="Ailleurs", kind="commune", path="/99/")
    assert listed(service, path=f"/{name}/organizations/metropole") == listed(service)
    assert listed(service, path=f"/{name}/organizations/{other.slug}") == []
    assert service[1].raw(f"/{name}/organizations/zut", request="GetCapabilities").status_code == 404


def test_titles_are_escaped(service, data):
    Dataset.objects.filter(slug="lieux").update(
        title='<b>"Été" & \x0b</b>', description="]]> <x/>", keywords=["a&b", "<"]
    )
    root = service[1](request="GetCapabilities")
    assert any('<b>"Été" & </b>' in (one.text or "") for one in root.iter())
    assert not found(root, ".//b")
