"""Who may come to which page: absent for whoever may not see, refused with a reason to whoever may not act."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from bocage.access.models import DataRule, Grant
from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.console import urls
from bocage.kernel.clock import now
from bocage.organizations.models import Membership, Portal
from bocage.organizations.portals.blocks import Block, written
from bocage.organizations.portals.proposals import propose
from bocage.organizations.portals.vocabulary import BlockKind
from bocage.organizations.vocabulary import Role
from bocage.pipeline.models import Run, Source
from bocage.pipeline.pushes.addresses import open_address
from bocage.pipeline.pushes.keys import new_key
from bocage.store.models import Attachment, Version
from tests.console.checked import checked


@pytest.fixture
def things(dataset, commune, person):
    """One of each thing that an address of the console names."""
    source = Source.objects.create(dataset=dataset, kind="url", url="https://example.fr/parkings.csv")
    run = Run.objects.create(dataset=dataset, source=source, status="failed", due_at=now())
    Version.objects.create(
        dataset=dataset, number=1, sha256="0" * 64, size_bytes=1, row_count=1, created_at=now(), schema=dataset.schema
    )
    portal = Portal.objects.create(
        organization=commune,
        domain="donnees.example.fr",
        name="Portail",
        blocks=written([Block("mot", BlockKind.TEXT)]),
    )
    text = propose(portal=portal, title="Mot", body="", about_territory=False)
    person(Role.COORDINATOR, email="first@example.fr")
    aside = checked(dataset)
    Attachment.objects.create(
        dataset=dataset, identifier="notice_pdf", title="Notice", filename="notice.pdf", media_type="application/pdf",
        size_bytes=1, sha256="0" * 64, created_at=now(),
    )  # fmt: skip
    grant = Grant.objects.create(audience="organization", organization=commune, dataset=dataset.uid, reason="x")
    rule = DataRule.objects.create(audience="everyone", dataset=dataset.uid, reason="x", grid_m=100)
    address = open_address(viewer=OPERATOR, dataset=dataset, name="realtime")
    new_key(viewer=OPERATOR, address=address)
    pushed = {"slug": dataset.slug, "uid": address.uid}
    return {
        "dataset_edits": {"slug": dataset.slug},
        **{f"dataset_style{part}": {"slug": dataset.slug} for part in ("s", "_new", "_import")},
        "dataset_style_edit": {"slug": dataset.slug, "identifier": "absent"},
        "dataset_pushes": {"slug": dataset.slug}, "dataset_pushes_now": {"slug": dataset.slug},
        "dataset_pushes_aside": {"slug": dataset.slug}, "dataset_push_key": pushed, "dataset_push_pause": pushed,
        "dataset_push_close": pushed, "dataset_push_revoke": pushed | {"pk": address.keys.get().pk},
        "dataset_access": {"slug": dataset.slug},
        "dataset_access_end": {"slug": dataset.slug, "pk": grant.pk},
        "dataset_rules": {"slug": dataset.slug}, "dataset_rule_end": {"slug": dataset.slug, "pk": rule.pk},
        "dataset": {"slug": dataset.slug}, "dataset_fields": {"slug": dataset.slug},
        "dataset_documents": {"slug": dataset.slug}, "dataset_references": {"slug": dataset.slug},
        **{f"dataset_{act}": {"slug": dataset.slug} for act in ("mark", "unmark", "link")},
        "dataset_unlink": {"slug": dataset.slug, "pk": 1},
        "dataset_document_rename": {"slug": dataset.slug, "identifier": "notice_pdf"},
        "dataset_document_remove": {"slug": dataset.slug, "identifier": "notice_pdf"},
        "dataset_document_put_back": {"slug": dataset.slug, "identifier": "notice_pdf"},
        "dataset_versions": {"slug": dataset.slug}, "dataset_restore": {"slug": dataset.slug, "number": 1},
        **{
            f"dataset_version_{act}": {"slug": dataset.slug, "number": 1} for act in ("keep", "release", "remove", "cancel")
        },
        "organization_standards": {"slug": commune.slug},
        "dataset_source": {"slug": dataset.slug}, "dataset_poll": {"slug": dataset.slug},
        "dataset_pause": {"slug": dataset.slug}, "dataset_runs": {"slug": dataset.slug},
        "run": {"uid": run.uid}, "run_cancel": {"uid": run.uid}, "run_retry": {"uid": run.uid},
        "members": {"slug": commune.slug}, "organization": {"slug": commune.slug},
        "organization_new": {"slug": commune.slug}, "organizations_several": {"slug": commune.slug},
        "organization_merger": {"slug": commune.slug},
        "member_role": {"slug": commune.slug, "pk": Membership.objects.get().pk},
        "member_remove": {"slug": commune.slug, "pk": Membership.objects.get().pk},
        "member_invite": {"slug": commune.slug, "pk": Membership.objects.get().pk},
        "member_account": {"slug": commune.slug, "pk": Membership.objects.get().pk, "action": "suspend"},
        "organization_second_factor": {"slug": commune.slug},
        **{
            f"portal{part}": {"uid": portal.uid}
            for part in (
                "", "_theme", "_sample", "_logo", "_selection", "_choose", "_leave_out", "_home", "_block_add", "_home_usual",
                "_texts", "_close", "_reopen",
            )
        },
        **{f"portal_block{part}": {"uid": portal.uid, "block": "mot"} for part in ("", "_move", "_remove")},
        **{f"portal_{part}": {"uid": portal.uid, "text": text.uid} for part in ("text", "text_drop", "answer")},
        "portal_new": {"slug": commune.slug},
        "dataset_review": {"slug": dataset.slug}, "organization_review": {"slug": commune.slug},
        "dataset_quality": {"slug": dataset.slug}, "dataset_conformity": {"slug": dataset.slug},
        "dataset_conformity_remove": {"slug": dataset.slug, "pk": aside.conformity.pk},
        "dataset_report": {"slug": dataset.slug, "pk": aside.report.pk},
        "dataset_report_csv": {"slug": dataset.slug, "pk": aside.report.pk},
        "quarantines": {"slug": dataset.slug}, "quarantine": {"slug": dataset.slug, "uid": aside.uid},
        "quarantine_drop": {"slug": dataset.slug, "uid": aside.uid},
    }  # fmt: skip


OF_NOTHING = {
    "home",
    "publish",
    "runs",
    "keys",
    "adoption",
    "digest",
    "notices",
    "reviews",
    "help_desk",
    "organizations",
    "directory",
    "groups",
    "references",
    "portals",
    "agreements",
    "journal",
    "journal_mine",
    "journal_export",
    "access_requests",
    "access_requests_mine",
}
OF_A_REQUEST = {"access_ask", "access_request"}  # test_requests
OF_AN_AGREEMENT = {
    "agreement",
    "agreement_new",
    "agreement_draft",
    "agreement_leave_out",
    "agreement_step",
    "agreement_document",
    "agreement_document_remove",
    "agreement_policy",
}  # test_agreements
OF_A_JOURNAL = {"journal_officer", "journal_officer_ends"}  # test_journal
OF_A_GROUP = {"group", "group_dissolve", "group_leave", "portal_new_of_group"}  # test_access
OF_A_MESSAGE = {"digest_stop", "notices_read", "notices_unread"}  # test_notices: whoever has the link, everybody's own
OF_A_REVIEW = {"review", "review_decision"}  # test_reviews
OF_HELP = {"help_new", "help_request", "help_step"}  # test_help_desk
OF_A_DRAFT = {
    "draft",
    "draft_details",
    "draft_discard",
    "draft_mapping",
    "draft_mapping_preview",
}  # test_publishing: their owner's alone
OF_A_KEY = {"key_revoke", "key_restore"}  # test_keys: its owner's alone
OF_SCHEMAS = ("schema", "code_list")  # tests/security: who reads them, who writes them
FROM_ABOVE = {"organization_merger"}
READ_INSIDE = {"organization_standards"}
"""What every member reads."""
OF_A_MAP = {"dataset_style_new", "dataset_style_edit"}  # tests/browser/test_styles: of what has something to draw
POST_ONLY = {
    "dataset_style_import",
    "dataset_mark",
    "dataset_unmark",
    "dataset_link",
    "dataset_unlink",
    "dataset_access_end",
    "dataset_rule_end",
    "dataset_document_rename",
    "dataset_document_remove",
    "dataset_document_put_back",
    "dataset_restore",
    "dataset_version_keep",
    "dataset_version_release",
    "dataset_version_remove",
    "dataset_version_cancel",
    "dataset_poll",
    "dataset_pause",
    "dataset_conformity_remove",
    "dataset_pushes_now",
    "dataset_pushes_aside",
    "dataset_push_key",
    "dataset_push_revoke",
    "dataset_push_pause",
    "dataset_push_close",
    "quarantine_drop",
    "run_cancel",
    "run_retry",
    "member_role",
    "member_remove",
    "member_invite",
    "member_account",
    "organization_second_factor",
    "portal_answer",
    "portal_block_add",
    "portal_block_move",
    "portal_block_remove",
    "portal_choose",
    "portal_close",
    "portal_home_usual",
    "portal_leave_out",
    "portal_logo",
    "portal_reopen",
    "portal_text_drop",
}


def visit(client: Client, name: str, **where) -> int:
    address = reverse(f"console:{name}", kwargs=where)
    return (client.post(address) if name in POST_ONLY else client.get(address)).status_code


def test_the_matrix_knows_every_address(things):
    named = {str(pattern.name) for pattern in urls.urlpatterns}
    others = {name for name in named if not name.startswith(OF_SCHEMAS)}
    apart = (
        OF_A_JOURNAL
        | OF_A_DRAFT
        | OF_A_MESSAGE
        | OF_A_KEY
        | OF_A_GROUP
        | OF_AN_AGREEMENT
        | OF_A_REQUEST
        | OF_A_REVIEW
        | OF_HELP
    )
    assert others == set(things) | OF_NOTHING | apart
    assert get_resolver().namespace_dict["console"][0] == "console/"


def test_sign_in_comes_first(things):
    for name, where in things.items():
        assert visit(Client(), name, **where) == 302, name


@pytest.mark.parametrize("role", [None, Role.COORDINATOR, Role.ADMINISTRATOR])
def test_people_from_elsewhere_see_nothing(things, person, other_commune, role):
    client = person(role, other_commune)
    for name, where in things.items():
        expected = 403 if name.startswith(("member", "portal", "organization")) else 404
        assert visit(client, name, **where) == expected, name


@pytest.mark.parametrize("visibility", [Visibility.SHARED, Visibility.OPEN])
def test_what_may_be_read_is_not_managed(things, person, other_commune, dataset, visibility):
    type(dataset).objects.update(visibility=visibility)
    client = person(Role.COORDINATOR, other_commune)
    for name, where in things.items():
        if name.startswith("dataset"):
            assert visit(client, name, **where) == 403, name
        if name.startswith("run"):
            assert visit(client, name, **where) == 404, name


def test_a_member_reads_only(things, person):
    client = person(Role.MEMBER)
    for name, where in things.items():
        expected = 200 if name in READ_INSIDE else 404 if name.startswith("run") else 403
        assert visit(client, name, **where) == expected, name


def test_a_contributor_does_not_change_the_description(things, person, dataset):
    client = person(Role.CONTRIBUTOR)
    address = reverse("console:dataset", args=[dataset.slug])
    assert client.get(address).status_code == 200
    answer = client.post(address, {"title": "Autre", "visibility": "open"})
    assert answer.status_code == 403
    assert client.post(reverse("console:dataset_fields", args=[dataset.slug]), {}).status_code == 403
    dataset.refresh_from_db()
    assert (dataset.title, dataset.visibility) == ("Parkings de Rezé", "private")


def test_a_coordinator_comes_to_every_page(things, person, monkeypatch):
    client = person(Role.COORDINATOR)
    for name, where in things.items():
        if name not in POST_ONLY | FROM_ABOVE | OF_A_MAP:
            assert visit(client, name, **where) == 200, name
    for name in OF_NOTHING:
        assert visit(client, name) == 200, name
