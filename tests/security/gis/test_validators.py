"""What was made for one question is never taken for the answer to another: validators, finished files."""

from __future__ import annotations

import itertools

import pytest

from bocage.catalog.models import Dataset
from bocage.catalog.services import touch_catalogue
from bocage.kernel.clock import now
from bocage.organizations.models import Organization
from tests.security.gis.test_two_worlds import doors
from tests.security.gis.world import first, ows
from tests.security.hidden.world import World, readable

pytestmark = pytest.mark.django_db
QUICK = frozenset({"items html", "tilejson", "schema", "usual style", "wms capabilities", "collections"})
READERS = ("stranger", "member", "steward")
LISTS = {
    "landing": "/ogc/", "collections": "/ogc/collections", "api": "/ogc/api", "records": "/records/collections/catalogue/items",
    "records root": "/records/", "wms": ows("wms", "GetCapabilities"), "wfs": ows("wfs", "GetCapabilities"),
    "wmts": ows("wmts", "GetCapabilities"), "stored queries": ows("wfs", "ListStoredQueries"),
    "of here": "/wms/organizations/ici?service=WMS&request=GetCapabilities",
    "page of collections": "/ogc/collections?f=html",
}  # fmt: skip


def told(world: World, reader: str, address: str, language: str) -> tuple[str, str]:
    """The validator, and what it is of."""
    status, body, headers = world.ask(reader, address, **{"accept-language": language})
    return headers.get("ETag", ""), f"{status} {readable(body)}"


@pytest.mark.parametrize("door", first(QUICK, [*doors("arbres"), *LISTS]))
def test_one_validator_is_of_one_answer(world: World, door: str) -> None:
    world.become("a")
    address = (doors("arbres") | LISTS)[door]
    found = {
        (reader, language): told(world, reader, address, language)
        for reader, language in [*itertools.product(READERS, ["fr"]), ("stranger", "en")]
    }
    for (one, (tag, body)), (other, (its_tag, its_body)) in itertools.combinations(found.items(), 2):
        assert not tag or tag != its_tag or body == its_body, (one, other, tag)


@pytest.mark.parametrize("door", first(QUICK, [*doors("arbres"), *LISTS]))
def test_what_is_said_anew_has_another_validator(world: World, door: str) -> None:
    world.become("a")
    address = (doors("arbres") | LISTS)[door]
    before = told(world, "steward", address, "fr")
    Organization.objects.filter(slug="ici").update(name="Nouveau nom")
    touch_catalogue()
    after = told(world, "steward", address, "fr")
    assert before[1] == after[1] or before[0] != after[0] or not before[0]
    changed = {
        "title": "Autre titre",
        "keywords": ["neuf"],
        "description": "Autrement dit.",
        "metadata_updated_at": now(),
    }
    Dataset.objects.filter(slug="arbres").update(**changed)
    touch_catalogue()
    last = told(world, "steward", address, "fr")
    assert after[1] == last[1] or after[0] != last[0] or not after[0]


FILTER = """<wfs:GetFeature xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:fes="http://www.opengis.net/fes/2.0" service="WFS"
 version="2.0.0" outputFormat="csv"><wfs:Query typeNames="arbres"><fes:Filter><fes:PropertyIsEqualTo>
 <fes:ValueReference>code</fes:ValueReference><fes:Literal>{}</fes:Literal></fes:PropertyIsEqualTo></fes:Filter></wfs:Query>
</wfs:GetFeature>"""


def test_a_file_is_that_of_the_filter_that_was_posted(world: World) -> None:
    """What is posted is in no address: a file made for one filter was given for the next."""
    for code in ("M1", "M2", "M1"):
        answer = world.clients["steward"].post("/wfs", FILTER.format(code), content_type="text/xml")
        body = b"".join(answer.streaming_content).decode()
        assert [line.partition(",")[0] for line in body.splitlines()[1:]] == [code]
        assert "ETag" not in answer.headers
