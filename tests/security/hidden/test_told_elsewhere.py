"""What is said of a dataset beside its data: catalogues, feeds, badges, tables of adoption, messages, other doors."""

# ruff: noqa: E501  addresses are read better on one line
from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bocage.access.models import DataRule, Grant
from bocage.catalog.services import touch_catalogue
from bocage.check.models import Conformity, Quarantine, Report, Score
from bocage.check.quality import digest
from bocage.kernel.clock import now
from bocage.organizations.models import Portal, User
from bocage.organizations.services import add_member
from bocage.organizations.vocabulary import Role
from tests.console.checked import checked
from tests.security.hidden.test_columns import ATTEMPTS as COLUMNS
from tests.security.hidden.test_rows import ATTEMPTS as ROWS
from tests.security.hidden.world import BOUNDS, KEPT, TABLES, World, v2

pytestmark = pytest.mark.django_db
NEEDED = tuple(TABLES)
DOCUMENTS = (
    "/", "/explore/", "/explore/?q=colonnes", "/explore/?q=nom", "/explore/feed.rss", "/explore/feed.atom", "/catalog.ttl", "/catalog.jsonld",
    "/catalog.rdf", "/organizations/", "/organizations/ici/", "/organizations/ici/catalog.ttl", "/sitemap.xml", "/adoption/",
    *(f"/explore/dataset/colonnes/{page}" for page in ("", "table/", "map/", "chart/", "export/", "api/", "history/", "schema/", "quality/")),
    *(f"/api/explore/v2.1/catalog/exports/{name}" for name in ("csv", "json", "xlsx", "rdf", "ttl", "dcat", "data.json", "dublin_core", "rss")),
    "/api/explore/v2.1/catalog/facets", "/api/explore/v2.1/swagger.json", "/api/explore/v2.1/console?dataset_id=colonnes",
    "/api/explore/v2.1/catalog/datasets?limit=50", "/api/datasets/1.0/search/?q=colonnes", "/api/datasets/1.0/search/?q=nom",
    "/explore/dataset/colonnes/schema/?format=json", "/api/explore/v2.1/catalog/datasets/colonnes/exports",
)  # fmt: skip


@pytest.mark.parametrize("address", DOCUMENTS)
def test_no_document_says_what_is_kept(world: World, address: str) -> None:
    """Neither a value, nor that the column is there, nor the bounds of true positions."""
    for reader in ("stranger", "member"):
        body = world.ask(reader, address)[1].decode(errors="replace")
        told = re.sub("""value="nom"|"q": "nom"|q=nom""", "", body) if "q=nom" in address else body
        assert not [value for value in KEPT if value in body]
        assert not [mark for mark in (">nom<", '"nom"', "`nom`", "Libellé nom") if mark in told]
        assert not [str(bound) for bounds in BOUNDS.values() for bound in bounds if str(bound) in body]


@pytest.mark.parametrize(
    "address",
    ["/explore/", "/explore/?q=lignes", "/explore/?sort=records", "/", "/organizations/", "/organizations/ici/"],
)
def test_numbers_of_rows_are_left_out_of_every_sum(world: World, address: str) -> None:
    for reader in ("stranger", "member", "contributor", "reading key of the steward"):
        texts = []
        for which in ("a", "b"):
            world.become(which)
            texts.append(
                re.sub(
                    r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="?[\w+/=-]+',
                    "",
                    world.ask(reader, address)[1].decode(),
                )
            )
        assert texts[0] == texts[1]


@pytest.fixture
def checked_world(world: World) -> World:
    """A check of the dataset of which columns are kept found two wrong rows, and put them aside."""
    dataset = world.datasets["colonnes"]
    aside = checked(dataset)
    Report.objects.filter(pk=aside.report_id).update(version=world.versions["colonnes", "b"], error_count=4321)
    Conformity.objects.filter(dataset=dataset).update(main=True)
    world.become("b")
    touch_catalogue()
    return world


@pytest.mark.parametrize(
    "address",
    [
        "/adoption/", "/adoption/?format=csv", "/api/check/v1/badge.svg?dataset=colonnes",
        "/api/check/v1/badge.svg?dataset=colonnes&schema=local/parkings", "/explore/dataset/colonnes/quality/",
        "/explore/dataset/colonnes/", "/explore/", "/catalog.ttl", "/organizations/ici/", "/schemas/local/parkings/",
    ],
)  # fmt: skip
def test_what_a_check_found_in_the_whole_is_for_those_who_see_it(checked_world: World, address: str) -> None:
    for reader in ("stranger", "member"):
        body = checked_world.ask(reader, address)[1].decode()
        assert not re.search(r"4[ \s,.]?321", body), reader
    if address in ("/adoption/", "/api/check/v1/badge.svg?dataset=colonnes"):
        DataRule.objects.filter(dataset=checked_world.datasets["colonnes"].uid).delete()
        touch_catalogue()
        assert re.search(r"4[ \s,.]?321", checked_world.ask("stranger", address)[1].decode()), (
            "without a rule, it is told"
        )


@pytest.mark.parametrize(
    "address",
    [
        "/console/adoption/",
        "/console/adoption/?format=csv",
        "/console/datasets/colonnes/conformity/",
        "/console/datasets/colonnes/conformity/?check=1",
    ],
)
def test_nor_in_the_console_to_who_sees_a_part(checked_world: World, address: str) -> None:
    assert not re.search(r"4[ \s,.]?321", checked_world.ask("contributor", address)[1].decode())
    assert re.search(r"4[ \s,.]?321", checked_world.ask("steward", address)[1].decode()) or "check=1" in address


def test_no_report_is_made_for_who_sees_a_part(checked_world: World) -> None:
    """A schema of one's own, whose rules ask about hidden values, would be answered by the number of wrong rows."""
    before = Report.objects.count()
    checked_world.ask("contributor", "/console/datasets/colonnes/conformity/?check=1")
    assert Report.objects.count() == before


@pytest.mark.parametrize("refused", [False, True])
def test_the_weekly_message_leaves_out_what_a_coordinator_is_refused(checked_world: World, refused: bool) -> None:
    dataset = checked_world.datasets["colonnes"]
    person = User.objects.create(email="coordinatrice@example.org")
    add_member(organization=checked_world.organizations["ici"], user=person, role=Role.COORDINATOR)
    for one in checked_world.datasets.values():
        Score.objects.create(dataset=one, day=now().date(), total=0.5, dimensions={})
    if refused:
        Grant.objects.create(
            audience="person",
            person=person,
            dataset=dataset.uid,
            effect="deny",
            action="read",
            reason="Intérêt dans l’affaire",
        )
    assert Quarantine.objects.filter(conformity__dataset=dataset).exists()
    (made,) = digest.digests([person])
    text = digest.message(made).body
    assert ("Jeu colonnes" in text) is not refused
    assert "Jeu lignes" in text


DOORS = [
    v2("colonnes", limit="20"),
    v2("colonnes", "/exports/csv"),
    v2("lignes", limit="50"),
    v2("comptes", limit="0"),
    v2("convention"),
    "/explore/dataset/convention/",
    "/explore/dataset/colonnes/table/",
]


@pytest.mark.parametrize("host", ["ici.example.org", "ailleurs.example.org", "localhost", "127.0.0.1"])
@pytest.mark.parametrize("address", DOORS)
def test_another_door_opens_no_more(world: World, settings, host: str, address: str) -> None:
    """The host that a client says chooses a look, never a right."""
    settings.ALLOWED_HOSTS = ["*"]
    for slug in ("ici", "ailleurs"):
        Portal.objects.create(
            organization=world.organizations[slug], domain=f"{slug}.example.org", name=f"Portail {slug}"
        )
    for reader in ("stranger", "nobody"):
        plain = world.ask(reader, address)
        for headers in ({"host": host}, {"x-forwarded-host": host}, {"forwarded": f"host={host}"}):
            status, body, _headers = world.ask(reader, address, **headers)
            assert status == plain[0] or status == 404
            assert not any(value in body.decode() for value in KEPT)
            if address.startswith("/api"):
                assert status == 404 or body == plain[1]


SAMPLED = [*list(COLUMNS.items())[::9], *list(ROWS.items())[::9]]


@pytest.mark.parametrize(("name", "address"), SAMPLED, ids=[name for name, _address in SAMPLED])
def test_as_much_is_asked_of_the_database_whatever_is_kept(world: World, name: str, address: str) -> None:
    """What an answer costs is not a way to know: the same statements are run in both worlds."""
    reader = "stranger" if "colonnes" in address else "member"
    counts = []
    for which in ("a", "b"):
        world.become(which)
        world.ask(reader, address)  # whatever is made once
        with CaptureQueriesContext(connection) as asked:
            world.ask(reader, address)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_rule_that_ends_is_over_and_one_that_goes_on_is_not(world: World) -> None:
    rule = DataRule.objects.get(dataset=world.datasets["colonnes"].uid)
    DataRule.objects.filter(pk=rule.pk).update(ends_at=now() + timedelta(minutes=5))
    assert b"Alphonse" not in world.ask("stranger", v2("colonnes", limit="20"))[1]
    DataRule.objects.filter(pk=rule.pk).update(ends_at=now() - timedelta(minutes=5))
    world.become("b")
    assert b"Alphonse" in world.ask("stranger", v2("colonnes", limit="20"))[1]
