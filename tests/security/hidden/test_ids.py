"""Names of things that somebody else was shown: runs, reports, rows aside, records, documents, agreements, groups, drafts."""

# ruff: noqa: E501  addresses are read better on one line
from __future__ import annotations

import json
from pathlib import Path

import pytest

from bocage.access.models import ApiKey, DataRule, Grant, Group
from bocage.access.viewer import OPERATOR
from bocage.kernel.clock import now
from bocage.pipeline.models import Draft, Run
from bocage.pipeline.pushes.addresses import open_address
from bocage.pipeline.pushes.keys import new_key
from bocage.store.documents import attach
from tests.console.checked import checked
from tests.security.hidden.world import KEPT, MINE, THEIRS, World, v2

pytestmark = pytest.mark.django_db
NEEDED = ("colonnes", "lignes", "convention")
SECRET = "Zacharie 0699887"


@pytest.fixture(scope="module")
def things(shared_world: World, django_db_blocker, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    with django_db_blocker.unblock():
        return made_in(shared_world, tmp_path_factory.mktemp("things"))


def made_in(world: World, folder: Path) -> dict[str, str]:
    """One of each, on the dataset of which columns are kept, and on the private one; all of them speak of what is kept."""
    found: dict[str, str] = {}
    for slug, told in (("colonnes", SECRET), ("convention", "Wilfried")):
        dataset = world.datasets[slug]
        error = {"code": "capture.wrong", "message": told, "mend": told, "fields": {"value": told}}
        run = Run.objects.create(dataset=dataset, status="failed", due_at=now(), error=error, filename="agents.csv")
        document = folder / f"{slug}.txt"
        document.write_text(told, encoding="utf-8")
        attached = attach(viewer=OPERATOR, dataset=dataset, title="Notice", file=document)
        address = open_address(viewer=OPERATOR, dataset=dataset, name="direct")
        new_key(viewer=OPERATOR, address=address)
        rule = DataRule.objects.filter(dataset=dataset.uid).first()
        found |= {f"{slug}.run": run.uid, f"{slug}.document": attached.identifier, f"{slug}.push": address.uid}
        found |= {f"{slug}.rule": str(rule.pk) if rule else "0"}
    aside = checked(world.datasets["colonnes"])
    group = Group.objects.create(name="Groupe secret", organization=world.organizations["ici"])
    grant = Grant.objects.create(audience="group", group=group, dataset=world.datasets["convention"].uid, reason=SECRET)
    draft = Draft.objects.create(
        organization=world.organizations["ici"],
        user=world.people["steward"],
        filename=f"{SECRET}.csv",
        size_bytes=4,
        created_at=now(),
    )
    key = ApiKey.objects.filter(owner=world.people["steward"]).first()
    return found | {
        "report": str(aside.report_id), "aside": aside.uid, "group": group.uid, "grant": str(grant.pk), "draft": draft.uid,
        "key": str(key.pk), "agreement": str(world.agreement.uid),
    }  # fmt: skip


CONTRIBUTOR = (
    "/console/runs/{colonnes.run}/", "/console/runs/{colonnes.run}/?part=progress", "/console/datasets/colonnes/reports/{report}/",
    "/console/datasets/colonnes/reports/{report}.csv", "/console/datasets/colonnes/quarantine/{aside}/",
    "/console/datasets/colonnes/quarantine/", "/console/datasets/colonnes/quality/", "/console/datasets/colonnes/versions/",
    "/console/datasets/colonnes/fields/", "/console/datasets/colonnes/access/", "/console/datasets/colonnes/access/rules/",
    "/console/publish/{draft}/", "/console/publish/{draft}/details/", "/console/publish/{draft}/mapping/", "/console/groups/{group}/",
    "/explore/dataset/colonnes/schemas/local/parkings/1.0.0.csv",
)  # fmt: skip
"""Made of everything that a dataset holds, or of somebody else: closed to who publishes without managing."""
LISTS = (
    "/console/", "/console/runs/", "/console/runs/?status=failed", "/console/datasets/colonnes/", "/console/datasets/colonnes/runs/",
    "/console/datasets/colonnes/documents/", "/console/datasets/colonnes/source/", "/console/datasets/colonnes/pushes/",
    "/console/datasets/colonnes/conformity/", "/console/datasets/colonnes/conformity/?check=1", "/console/publish/?dataset=colonnes",
    "/console/keys/", "/console/groups/", "/console/agreements/", "/console/adoption/", "/console/adoption/?format=csv",
)  # fmt: skip
ELSEWHERE = (
    "/console/runs/{convention.run}/", "/console/datasets/convention/", "/console/datasets/convention/runs/",
    "/console/datasets/convention/pushes/", "/console/datasets/convention/versions/", "/console/datasets/convention/access/rules/",
    "/console/datasets/convention/documents/", "/console/datasets/convention/conformity/", "/console/agreements/{agreement}/",
    "/console/publish/?dataset=convention", "/explore/dataset/convention/", "/explore/dataset/convention/history/",
    "/explore/dataset/convention/quality/", "/api/explore/v2.1/catalog/datasets/convention/attachments/{convention.document}",
    "/api/explore/v2.1/catalog/datasets/convention/attachments", "/api/datasets/1.0/convention/attachments/{convention.document}/",
    "/api/explore/v2.1/catalog/datasets/convention/exports/csv?as_of=1", "/console/publish/{draft}/", "/console/groups/{group}/",
    "/api/check/v1/badge.svg?dataset=convention",
)  # fmt: skip


def filled(address: str, things: dict[str, str]) -> str:
    for name, value in things.items():
        address = address.replace(f"{{{name}}}", value)
    return address


def tells(body: bytes, *more: str) -> list[str]:
    text = body.decode(errors="replace")
    return [value for value in (*KEPT, "Groupe secret", *more) if value in text]


@pytest.mark.parametrize("address", CONTRIBUTOR)
def test_what_is_made_of_the_whole_is_closed_to_who_sees_a_part(
    world: World, things: dict[str, str], address: str
) -> None:
    status, body, _headers = world.ask("contributor", filled(address, things))
    assert status in (403, 404), address
    assert not tells(body)


@pytest.mark.parametrize("address", LISTS)
def test_lists_quote_nothing_of_it(world: World, things: dict[str, str], address: str) -> None:
    """Faults of runs quote files; names of hidden columns are not told either."""
    status, body, _headers = world.ask("contributor", filled(address, things))
    assert status == 200
    assert not tells(body, ">nom<", "Libellé nom", 'value="nom"')


@pytest.mark.parametrize("reader", ["member", "partner", "nobody", "stranger"])
@pytest.mark.parametrize("address", ELSEWHERE)
def test_names_open_nothing_to_others(world: World, things: dict[str, str], address: str, reader: str) -> None:
    agreed = (reader == "partner" and "convention" in address and "console" not in address) or "agreements" in address
    if agreed:
        pytest.skip("those who signed see that it is there")
    status, body, _headers = world.ask(reader, filled(address, things))
    assert status in (302, 403, 404), address
    assert not tells(body, "2026-1", "Wilfried")


def test_the_steward_is_shown_all_of_it(world: World, things: dict[str, str]) -> None:
    """Or the attempts above would prove nothing."""
    for address in (
        "/console/runs/",
        "/console/datasets/colonnes/runs/",
        "/console/datasets/colonnes/",
        "/console/runs/{colonnes.run}/",
    ):
        assert "Zacharie" in world.ask("steward", filled(address, things))[1].decode()
    for address in CONTRIBUTOR:
        if "{draft}" not in address:
            assert world.ask("steward", filled(address, things))[0] in (200, 302, 404), address


def test_identifiers_of_rows_that_are_not_seen_name_nothing(world: World) -> None:
    """Those of the whole, those of another reader, and guesses at the ranks of twins."""
    world.become("a")

    def listed(reader: str, slug: str) -> list[str]:
        return [row["_id"] for row in json.loads(world.ask(reader, v2(slug, select="_id", limit="50"))[1])["results"]]

    mine, theirs, whole = listed("member", "lignes"), listed("contributor", "lignes"), listed("steward", "lignes")
    assert not set(mine) & set(theirs)
    for one in {*theirs, *whole, *(f"{one}-2" for one in mine)} - set(mine):
        status, body, _headers = world.ask("member", v2("lignes", f"/records/{one}"))
        assert status == 404
        assert THEIRS.encode() not in body.replace(one.encode(), b"")
    for one in mine:
        assert MINE.encode() in world.ask("member", v2("lignes", f"/records/{one}"))[1]
    for one in listed("steward", "colonnes"):
        assert not tells(world.ask("stranger", v2("colonnes", f"/records/{one}"))[1])


def test_an_identifier_made_of_a_hidden_key_tells_nothing_of_it(world: World) -> None:
    """The worlds have other names, which identify: what readers are given does not change with them."""
    found = []
    for which in ("a", "b"):
        world.become(which)
        found.append(world.ask("stranger", v2("colonnes", select="_id", limit="20"))[1])
    assert found[0] == found[1]
