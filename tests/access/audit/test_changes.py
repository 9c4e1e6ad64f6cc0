"""Every change of a right is told, with who made it, in the transaction that makes it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from bocage.access.agreements.services import Written, draft_agreement, open_dataset, take_step
from bocage.access.agreements.vocabulary import LegalBasis, Step
from bocage.access.granting import Holder, end_grant, give_grant
from bocage.access.groups import add_to_group, create_group, dissolve_group, remove_from_group
from bocage.access.models import JournalEntry
from bocage.access.services import create_key, restore_key, revoke_key
from bocage.access.standing import viewer_of
from bocage.access.vocabulary import Action, Audience, Effect
from bocage.catalog.services import create_dataset, update_metadata
from bocage.kernel.clock import now
from bocage.organizations.merging import merge_organizations
from bocage.organizations.models import Portal, User
from bocage.organizations.services import add_member, create_organization, remove_member
from bocage.organizations.vocabulary import OrganizationKind, Role
from bocage.query.ruling import Ruling, end_rule, give_rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return create_organization(slug="ici", name="Ici", kind=OrganizationKind.COMMUNE)


@pytest.fixture
def elsewhere():
    return create_organization(slug="ailleurs", name="Ailleurs", kind=OrganizationKind.COMMUNE)


@pytest.fixture
def anne(here, elsewhere):
    user = User.objects.create_user("anne@example.org", None)
    for organization in (here, elsewhere):
        add_member(organization=organization, user=user, role=Role.COORDINATOR)
    return user


@pytest.fixture
def viewer(anne):
    return viewer_of(anne)


@pytest.fixture
def dataset(here, viewer):
    return create_dataset(viewer=viewer, organization=here, slug="secret", title="Secret")


def told(*kinds: str) -> list[JournalEntry]:
    return list(JournalEntry.objects.filter(kind__in=kinds).order_by("number"))


def test_roles(here, anne):
    [first, _elsewhere] = told("member.added")
    assert (first.organization, first.subject, first.told["role"]) == ("ici", str(anne.pk), "coordinator")
    add_member(organization=here, user=anne, role=Role.ADMINISTRATOR)
    add_member(organization=here, user=anne, role=Role.ADMINISTRATOR)  # changes nothing
    [changed] = told("member.changed")
    assert changed.told == {"role": "administrator", "before": "coordinator"}
    other = User.objects.create_user("paul@example.org", None)
    add_member(organization=here, user=other, role=Role.COORDINATOR)
    remove_member(membership=anne.memberships.get(organization=here))
    [gone] = told("member.removed")
    assert (gone.organization, gone.subject, gone.told["before"]) == ("ici", str(anne.pk), "administrator")


def test_grants(dataset, viewer, anne):
    grant = give_grant(
        viewer=viewer, thing=dataset, holder=Holder(person=anne), action=Action.READ, effect=Effect.DENY, reason="RGPD"
    )
    end_grant(viewer=viewer, thing=dataset, grant=grant)
    given, ended = told("grant.given", "grant.ended")
    assert given.person == ended.person == anne.pk
    assert (given.dataset, given.organization) == (dataset.uid, "ici")
    assert given.told | {"reason": "RGPD", "effect": "deny", "action": "read"} == given.told


def test_rules(dataset, viewer):
    schema = [{"name": "nom", "type": "string", "label": "Nom", "description": ""}]
    type(dataset).objects.filter(pk=dataset.pk).update(schema=schema)
    dataset.refresh_from_db()
    ruling = Ruling(columns={"nom": {"mask": "hide"}}, rows='nom = "Durand"')
    rule = give_rule(
        viewer=viewer, dataset=dataset, audience=Audience.MEMBERS, holder=Holder(), ruling=ruling, reason="RGPD"
    )
    end_rule(viewer=viewer, dataset=dataset, rule=rule)
    end_rule(viewer=viewer, dataset=dataset, rule=rule)  # it had ended
    given, _ended = told("rule.given", "rule.ended")
    assert given.told["columns"] == ["nom"]
    assert given.told["rows"] is True
    assert "Durand" not in given.facts


def test_agreements_in_the_journal_of_each_party(here, elsewhere, viewer, dataset):
    written = Written("Crues", "Étude", LegalBasis.PUBLIC_TASK, now().date(), [elsewhere])
    agreement = draft_agreement(viewer=viewer, producer=here, written=written)
    open_dataset(viewer=viewer, agreement=agreement, thing=dataset)
    assert told("agreement.moved") == []  # a draft is its producer's alone
    for step, by in ((Step.PROPOSE, here), (Step.SIGN, here), (Step.SIGN, elsewhere)):
        agreement = take_step(viewer=viewer, agreement=agreement, step=step, organization=by)
    found = told("agreement.moved")
    assert [(one.organization, one.told["step"], one.told["state"]) for one in found] == [
        ("ici", "propose", "proposed"), ("ailleurs", "propose", "proposed"), ("ici", "sign", "proposed"),
        ("ailleurs", "sign", "proposed"), ("ici", "sign", "signed"), ("ailleurs", "sign", "signed"),
    ]  # fmt: skip


def test_keys(viewer, anne, here):
    key, text = create_key(viewer=viewer, owner=anne, name="Carnet", organization=here, expires_at=now() + timedelta(1))
    revoke_key(viewer=viewer, key=key)
    restore_key(viewer=viewer, key=key)
    found = told("key.made", "key.revoked", "key.restored")
    assert [one.kind for one in found] == ["key.made", "key.revoked", "key.restored"]
    assert {(one.subject, one.organization, one.person) for one in found} == {(str(key.pk), "ici", anne.pk)}
    assert not any(text in one.facts or key.digest in one.facts for one in found)


def test_groups(viewer, anne, here):
    group = create_group(viewer=viewer, organization=here, name="Crues")
    add_to_group(viewer=viewer, group=group, email=anne.email)
    remove_from_group(viewer=viewer, group=group, user_id=anne.pk)
    dissolve_group(viewer=viewer, group=group)
    found = told("group.made", "group.joined", "group.left", "group.dissolved")
    assert [one.told.get("member") for one in found] == [None, anne.pk, anne.pk, None]


def test_visibility(dataset, viewer):
    update_metadata(viewer=viewer, dataset=dataset, visibility="shared")
    update_metadata(viewer=viewer, dataset=dataset, visibility="shared", title="Autre")
    made, changed = told("dataset.made", "dataset.visibility")
    assert made.told["visibility"] == "private"
    assert changed.told == {"before": "private", "visibility": "shared"}
    uid = dataset.uid
    dataset.delete()
    assert [one.dataset for one in told("dataset.deleted")] == [uid]


def test_organizations_and_portals(here, elsewhere):
    here.insee_code = "44001"
    here.save()
    [changed] = told("organization.changed")
    assert changed.told == {"insee_code": "44001", "insee_code_before": ""}
    portal = Portal.objects.create(organization=here, domain="a.example.org", name="A")
    portal.tagline = "Des mots"
    portal.save()
    portal.delete()
    merge_organizations(into=elsewhere, merged=[here])
    kinds = ("portal.made", "portal.changed", "portal.closed", "organization.merged")
    found = told(*kinds)
    assert [one.kind for one in found] == ["portal.made", "portal.closed", "organization.merged"]
    assert (found[-1].organization, found[-1].subject) == ("ailleurs", "ici")


def test_what_fails_is_not_told(dataset, viewer, anne):
    count = JournalEntry.objects.count()
    with transaction.atomic():
        update_metadata(viewer=viewer, dataset=dataset, visibility="open")
        transaction.set_rollback(True)
    assert JournalEntry.objects.count() == count
