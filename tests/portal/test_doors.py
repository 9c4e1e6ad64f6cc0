"""One catalogue, many doors: what each host shows, what never changes with it, and what no host gets."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from rdflib import Graph
from rdflib.namespace import DCAT, RDF

from bocage.access.vocabulary import Visibility
from bocage.catalog.models import Dataset
from bocage.catalog.services import touch_catalogue
from bocage.organizations.models import Organization, Portal, User
from bocage.organizations.portals.blocks import new_block, written
from bocage.organizations.portals.pictures import read_logo
from bocage.organizations.portals.services import close_portal, set_logo
from bocage.organizations.portals.vocabulary import BlockKind, Showing
from bocage.organizations.services import add_member, create_organization
from bocage.organizations.vocabulary import OrganizationKind, Role
from tests.organizations.test_portals import png

ROOT = "https://donnees.metropole.example"
HOST, COMMON, STRANGE = "data.reze.example", "donnees.metropole.example", "evil.example"
PAGES = ("/", "/explore/", "/organizations/", "/explore/feed.rss", "/explore/feed.atom", "/sitemap.xml")
LISTS = (
    "/api/explore/v2.1/catalog/datasets", "/api/explore/v2.1/catalog/facets?facet=publisher",
    "/api/explore/v2.1/catalog/exports/csv", "/api/explore/v2.1/catalog/exports/json", "/api/explore/v2.1/catalog/exports/ttl",
    "/api/explore/v2.1/catalog/exports/data.json", "/api/datasets/1.0/search/", "/catalog.ttl", "/catalog.jsonld", "/catalog.rdf",
)  # fmt: skip


@dataclass
class Doors:
    common: Portal
    reze: Portal


@pytest.fixture
def doors(db: None, settings: Any) -> Doors:
    settings.ALLOWED_HOSTS = ["*"]
    settings.BOCAGE = settings.BOCAGE.model_copy(update={"public_url": ROOT})
    metropole = create_organization(slug="metropole", name="Métropole", kind=OrganizationKind.EPCI)
    reze = create_organization(
        slug="reze", name="Ville de Rezé", kind=OrganizationKind.COMMUNE, parent=metropole, insee_code="44143"
    )
    for organization in (metropole, reze):
        for visibility in Visibility:
            name = f"{organization.slug}-{visibility.value}"
            Dataset.objects.create(
                slug=name, organization=organization, title=f"Titre {name}", visibility=visibility, themes=["mobilite"],
                territory=["44143"], version_number=1, row_count=3,
            )  # fmt: skip
    touch_catalogue()
    common = Portal.objects.create(organization=metropole, domain="*", name="Données de la métropole")
    own = Portal.objects.create(organization=reze, domain=HOST, name="Rezé ouvre ses données", showing=Showing.OWN)
    return Doors(common, own)


@pytest.fixture
def ask() -> Callable[..., Any]:
    def get(path: str, host: str = HOST, client: Client | None = None, **headers: str) -> Any:
        given = {"host": host, "accept-language": "fr"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        answer = (client or Client()).get(path, headers=given)
        answer.said = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode(
            errors="replace"
        )
        answer.close()
        return answer

    return get


def body(answer: Any) -> str:
    text: str = answer.said
    return text


def named(answer: Any) -> set[str]:
    """The datasets of which an answer speaks."""
    every = [f"{owner}-{visibility.value}" for owner in ("metropole", "reze") for visibility in Visibility]
    return {slug for slug in every if slug in body(answer)}


@pytest.mark.parametrize("path", [*PAGES, *LISTS])
def test_a_door_lists_its_selection_and_the_common_one_everything(doors: Doors, ask, path: str) -> None:
    ours, common = body(ask(path)), body(ask(path, COMMON))
    mine, others = (
        ("Ville de Rezé", "Métropole")
        if "facets" in path or path == "/organizations/"
        else ("reze-open", "metropole-open")
    )
    assert mine in ours
    assert mine in common
    assert others in common
    assert others not in ours.replace("Données de la métropole", "")
    for hidden in ("reze-private", "reze-shared", "metropole-private", "metropole-shared"):
        assert hidden not in ours
        assert hidden not in common


@pytest.mark.parametrize("path", [*PAGES, *LISTS])
def test_an_unknown_host_is_the_common_door(doors: Doors, ask, path: str) -> None:
    assert ("metropole-open" in body(ask(path, STRANGE))) == ("metropole-open" in body(ask(path, COMMON)))


@pytest.mark.parametrize("path", LISTS)
def test_a_host_claimed_beside_the_real_one_changes_nothing(doors: Doors, ask, path: str) -> None:
    claimed = {"x_forwarded_host": HOST, "forwarded": f"host={HOST}", "x_host": HOST, "x_original_host": HOST}
    assert named(ask(path, COMMON, **claimed)) == named(ask(path, COMMON))


@pytest.mark.parametrize("path", [path for path in LISTS if not path.startswith("/api/datasets")])
def test_what_one_door_gave_is_not_known_at_another(doors: Doors, ask, path: str) -> None:
    """Nothing of a cache crosses: neither ours, which was filled by the other door just before, nor that of a client."""
    first = ask(path, COMMON)
    assert first.headers["ETag"] != ask(path).headers["ETag"]
    answer = ask(path, if_none_match=first.headers["ETag"])
    assert answer.status_code == 200
    assert "metropole-open" not in body(answer)
    assert ask(path, if_none_match=ask(path).headers["ETag"]).status_code == 304
    assert named(ask(path, COMMON)) == named(first)


def test_an_answer_is_new_when_the_selection_changes(doors: Doors, ask) -> None:
    for path in ("/catalog.ttl", "/api/explore/v2.1/catalog/datasets", "/api/explore/v2.1/catalog/exports/csv"):
        Portal.objects.filter(pk=doors.reze.pk).update(showing=Showing.OWN)
        before = ask(path).headers["ETag"]
        Portal.objects.filter(pk=doors.reze.pk).update(showing=Showing.CHOSEN)
        answer = ask(path, if_none_match=before)
        assert answer.status_code == 200
        assert "reze-open" not in body(answer)


def test_members_see_more_of_the_same_selection(doors: Doors, ask) -> None:
    person = User.objects.create_user("agent@example.fr")
    add_member(organization=doors.common.organization, user=person, role=Role.ADMINISTRATOR)
    client = Client()
    client.force_login(person)
    found = json.loads(body(ask("/api/explore/v2.1/catalog/datasets?select=dataset_id&limit=50", client=client)))
    assert {one["dataset_id"] for one in found["results"]} == {f"reze-{visibility.value}" for visibility in Visibility}
    whole = json.loads(body(ask("/api/explore/v2.1/catalog/datasets?select=dataset_id", COMMON, client=client)))
    assert whole["total_count"] == 2 * len(Visibility)


def test_no_door_widens_rights(doors: Doors, ask) -> None:
    """Even one that names what is hidden."""
    hidden = Dataset.objects.exclude(visibility__in=[Visibility.OPEN, Visibility.REQUEST])
    Portal.objects.filter(pk=doors.reze.pk).update(
        showing=Showing.CHOSEN,
        chosen=list(hidden.values_list("uid", flat=True)),
        blocks=written(
            [new_block(BlockKind.HIGHLIGHTS, title="À voir", datasets=tuple(hidden.values_list("uid", flat=True)))]
        ),
    )
    for path in (*PAGES, *LISTS):
        text = body(ask(path))
        assert not any(one.slug in text or one.title in text for one in hidden), path
    assert json.loads(body(ask("/api/explore/v2.1/catalog/datasets")))["total_count"] == 0


# Identities -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", ["reze-open", "metropole-open"])
@pytest.mark.parametrize("host", [HOST, COMMON, STRANGE, f"{HOST}:8443"])
def test_a_dataset_has_one_address_whichever_the_door(doors: Doors, ask, host: str, slug: str) -> None:
    """Outside the selection too: it is one catalogue, of which the door lists a part."""
    page = ask(f"/explore/dataset/{slug}/", host)
    assert page.status_code == 200
    address = f"{ROOT}/explore/dataset/{slug}/"
    text = body(page)
    assert text.count('rel="canonical"') == 1
    assert f'<link rel="canonical" href="{address}">' in text
    assert f'<meta property="og:url" content="{address}">' in text
    assert f'"@id": "{address}"' in text


def test_what_is_hidden_is_absent_at_every_door(doors: Doors, ask) -> None:
    for host in (HOST, COMMON, STRANGE):
        for slug in ("reze-private", "reze-shared"):
            assert ask(f"/explore/dataset/{slug}/", host).status_code == 404
            assert ask(f"/api/explore/v2.1/catalog/datasets/{slug}", host).status_code == 404


@pytest.mark.parametrize(
    ("path", "host", "expected"),
    [
        ("/", HOST, f"http://{HOST}/"),
        ("/", COMMON, f"{ROOT}/"),
        ("/", STRANGE, f"{ROOT}/"),
        ("/explore/", HOST, f"http://{HOST}/explore/"),
        ("/explore/?page=2", HOST, None),
        ("/organizations/reze/", HOST, f"{ROOT}/organizations/reze/"),
        ("/organizations/metropole/?page=1", HOST, f"{ROOT}/organizations/metropole/"),
        ("/help/", HOST, f"{ROOT}/help/"),
    ],
)
def test_each_page_is_at_home_somewhere(doors: Doors, ask, path: str, host: str, expected: str | None) -> None:
    text = body(ask(path, host))
    assert (f'<link rel="canonical" href="{expected}">' in text) if expected else ('rel="canonical"' not in text)


def test_the_feed_of_a_portal_names_the_datasets_as_the_common_one(doors: Doors, ask) -> None:
    ours, common = (Graph().parse(data=body(ask("/catalog.ttl", host)), format="turtle") for host in (HOST, COMMON))
    listed = {str(one) for one in ours.subjects(RDF.type, DCAT.Dataset)}
    assert listed == {f"{ROOT}/explore/dataset/reze-{kind}/" for kind in ("open", "request")}
    assert listed < {str(one) for one in common.subjects(RDF.type, DCAT.Dataset)}
    (of_ours,), (of_common,) = (list(graph.subjects(RDF.type, DCAT.Catalog)) for graph in (ours, common))
    assert str(of_common) == f"{ROOT}/explore/"
    assert of_ours != of_common, "a part of the catalogue is another catalogue"
    assert str(of_ours).startswith(ROOT)


def test_the_pages_of_a_feed_follow_one_another_at_the_door(doors: Doors, ask, monkeypatch) -> None:
    monkeypatch.setattr("bocage.publish.dcat.views.DATASETS_PER_PAGE", 1)
    assert f"<http://{HOST}/catalog.ttl?page=2>" in body(ask("/catalog.ttl"))
    assert f"<{ROOT}/catalog.ttl?page=2>" in body(ask("/catalog.ttl", STRANGE))
    assert ask("/catalog.ttl?page=2").status_code == 200
    assert ask("/catalog.ttl?page=3").status_code == 404


def test_a_site_map_has_the_pages_of_its_door_and_canonical_datasets(doors: Doors, ask) -> None:
    def addresses(host: str) -> set[str]:
        tree = ET.fromstring(body(ask("/sitemap.xml", host)))
        return {one.text or "" for one in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}

    ours = addresses(HOST)
    assert f"{ROOT}/explore/dataset/reze-open/" in ours
    assert f"http://{HOST}/" in ours
    assert not any("metropole-open" in one for one in ours)
    assert all(one.startswith(ROOT) for one in addresses(STRANGE))
    assert f"Sitemap: http://{HOST}/sitemap.xml" in body(ask("/robots.txt"))
    assert f"Sitemap: {ROOT}/sitemap.xml" in body(ask("/robots.txt", STRANGE))


# The door itself ------------------------------------------------------------------------------------------------------


def test_a_closed_portal_is_the_common_door(doors: Doors, ask) -> None:
    close_portal(portal=doors.reze)
    text = body(ask("/"))
    assert "Rezé ouvre ses données" not in text
    assert "metropole-open" in text


def test_the_language_of_a_portal_is_for_who_asks_for_none(doors: Doors) -> None:
    Portal.objects.filter(pk=doors.reze.pk).update(language="en")
    for headers, expected in (
        ({}, "en"), ({"accept-language": "fr"}, "fr"), ({"accept-language": "de, *;q=0.1"}, "en"),
        ({"accept-language": "en-GB"}, "en"), ({"cookie": "bocage_language=fr"}, "fr"), ({"cookie": "bocage_language=xx"}, "en"),
    ):  # fmt: skip
        page = Client().get("/help/", headers={"host": HOST, **headers})
        assert f'<html lang="{expected}">' in page.content.decode(), headers
        assert page.headers["Content-Language"] == expected
    assert '<html lang="fr">' in Client().get("/help/", headers={"host": COMMON}).content.decode()


def test_finding_the_portal_costs_one_query(doors: Doors, ask, django_assert_num_queries) -> None:
    ask("/help/")
    with django_assert_num_queries(1):
        ask("/help/")
    with django_assert_num_queries(0):
        ask("/healthz")


def test_a_logo_is_a_picture_of_its_own_address(doors: Doors, ask) -> None:
    portal = set_logo(portal=doors.reze, picture=read_logo(png(8, 2)))
    address = f"/theme/{portal.uid}/{portal.logo}"
    assert f'src="{address}" alt="" width="160" height="40"' in body(ask("/"))
    answer = ask(address)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    assert answer.content == png(8, 2)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in answer.headers["Cache-Control"]
    assert ask(address, if_none_match=answer.headers["ETag"]).status_code == 304
    for wrong in (
        f"/theme/{portal.uid}/other.png",
        f"/theme/{doors.common.uid}/{portal.logo}",
        f"/theme/x/{portal.logo}",
    ):
        assert ask(wrong).status_code == 404
    set_logo(portal=portal, picture=None)
    assert ask(address).status_code == 404


def test_a_home_page_shows_its_blocks_in_order(doors: Doors, ask) -> None:
    uids = dict(Dataset.objects.values_list("slug", "uid"))
    blocks = [
        new_block(
            BlockKind.TEXT, title="Bienvenue à {commune}", body="# Code {insee}\n\n**gras** <script>x</script>", territory=True
        ),
        new_block(BlockKind.HIGHLIGHTS, title="Choisis", datasets=(uids["reze-request"], uids["metropole-open"], "da_gone")),
        new_block(BlockKind.TEXT),
        new_block(BlockKind.SEARCH),
        *(new_block(kind) for kind in BlockKind if kind not in (BlockKind.TEXT, BlockKind.HIGHLIGHTS, BlockKind.SEARCH)),
    ]  # fmt: skip
    Portal.objects.filter(pk=doors.reze.pk).update(blocks=written(blocks))
    text = body(ask("/"))
    assert "<h3>Code 44143</h3>" in text
    assert "<strong>gras</strong> &lt;script&gt;" in text
    order = [
        text.index(one) for one in ("Bienvenue à Ville de Rezé", "Choisis", 'role="search"', "Dernières mises à jour")
    ]
    assert order == sorted(order)
    assert "/explore/dataset/reze-request/" in text
    assert "metropole-open" not in text, "a door shows nothing that is outside of it, even highlighted"
    assert len(set(ids := [part.split('"')[0] for part in text.split(' id="')[1:]])) == len(ids)
    Portal.objects.filter(pk=doors.reze.pk).update(blocks=[])
    empty = body(ask("/"))
    assert "Rezé ouvre ses données" in empty
    assert 'role="search"' not in empty


def test_an_organization_without_data_is_listed_at_its_own_door_only(doors: Doors, ask) -> None:
    create_organization(slug="bouaye", name="Bouaye", kind=OrganizationKind.COMMUNE, parent=doors.common.organization)
    assert "Bouaye" not in body(ask("/organizations/"))
    Portal.objects.filter(pk=doors.reze.pk).update(
        organization=Organization.objects.get(slug="metropole"), showing=Showing.BRANCH
    )
    assert "Bouaye" in body(ask("/organizations/"))
