"""Changes of what is below this package (organisations, roles, portals), seen when they are saved: whatever service makes them.

Rows written all at once (`bulk_create`, `update`) are not seen: who writes roles so tells it (`organizations.signals`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models.signals import post_delete, post_save, pre_save

from bocage.access.audit.services import happening, record
from bocage.access.audit.vocabulary import Kind
from bocage.access.audit.writing import append
from bocage.organizations.models import FormerOrganization, Membership, Organization, Portal
from bocage.organizations.signals import organizations_made, roles_given
from bocage.organizations.vocabulary import Ending

WATCHED: dict[type[Organization] | type[Portal], tuple[str, ...]] = {
    Organization: ("slug", "name", "kind", "parent_id", "siren", "insee_code"),
    Portal: ("organization_id", "domain", "name"),
}
"""What is worth telling when it changes: what decides who reads what, and by which name."""
_BEFORE = "_before_saving"


def watch() -> None:
    for model in (Membership, Organization, Portal):
        pre_save.connect(_remember, model, dispatch_uid=f"journal-before-{model.__name__}")
    post_save.connect(_role, Membership, dispatch_uid="journal-role")
    post_delete.connect(_no_role, Membership, dispatch_uid="journal-no-role")
    roles_given.connect(_roles, dispatch_uid="journal-roles")
    organizations_made.connect(_organizations, dispatch_uid="journal-organizations")
    post_save.connect(_organization, Organization, dispatch_uid="journal-organization")
    post_save.connect(_former, FormerOrganization, dispatch_uid="journal-former")
    post_save.connect(_portal, Portal, dispatch_uid="journal-portal")
    post_delete.connect(_no_portal, Portal, dispatch_uid="journal-no-portal")


def _remember(sender: Any, instance: Any, update_fields: Any = None, **_more: Any) -> None:
    """What the database says before it is saved; nothing for what is new, or when nothing watched is written."""
    names = WATCHED.get(sender, ("role",))
    written = update_fields is None or any(name.removesuffix("_id") in update_fields for name in names)
    there = sender.objects.filter(pk=instance.pk).values(*names).first() if instance.pk and written else None
    setattr(instance, _BEFORE, there)


def _changed(instance: Any) -> dict[str, Any]:
    before: dict[str, Any] = getattr(instance, _BEFORE, None) or {}
    return {name: value for name, value in before.items() if value != getattr(instance, name)}


def _role(instance: Membership, created: bool, **_more: Any) -> None:
    before = _changed(instance)
    if created or before:
        kind = Kind.MEMBER_ADDED if created else Kind.MEMBER_CHANGED
        facts = {"role": instance.role, **({"before": before["role"]} if before else {})}
        record(kind, organization=instance.organization, subject=str(instance.user_id), **facts)


def _no_role(instance: Membership, **_more: Any) -> None:
    organization = Organization.objects.filter(pk=instance.organization_id).first()
    if organization is not None:  # when the organisation goes, that is told
        record(Kind.MEMBER_REMOVED, organization=organization, subject=str(instance.user_id), before=instance.role)


def _roles(memberships: Sequence[Membership], **_more: Any) -> None:
    append(
        happening(Kind.MEMBER_ADDED, organization=one.organization, subject=str(one.user_id), role=one.role)
        for one in memberships
    )


def _organizations(organizations: Sequence[Organization], **_more: Any) -> None:
    append(
        happening(Kind.ORGANIZATION_MADE, organization=one, subject=one.slug, name=one.name) for one in organizations
    )


def _organization(instance: Organization, created: bool, **_more: Any) -> None:
    before = _changed(instance)
    if created:
        record(Kind.ORGANIZATION_MADE, organization=instance, subject=instance.slug, name=instance.name)
    elif before:
        facts = {name.removesuffix("_id"): getattr(instance, name) for name in before}
        told = {f"{name.removesuffix('_id')}_before": value for name, value in before.items()}
        record(Kind.ORGANIZATION_CHANGED, organization=instance, subject=instance.slug, **facts, **told)


def _former(instance: FormerOrganization, created: bool, **_more: Any) -> None:
    if created and instance.ending == Ending.MERGED:
        record(Kind.ORGANIZATION_MERGED, organization=instance.organization, subject=instance.slug, name=instance.name)


def _portal(instance: Portal, created: bool, **_more: Any) -> None:
    if created or _changed(instance):
        kind = Kind.PORTAL_MADE if created else Kind.PORTAL_CHANGED
        record(
            kind,
            organization=instance.organization,
            subject=instance.uid,
            domain=instance.domain,
            name=instance.name,
            **{f"{name.removesuffix('_id')}_before": value for name, value in _changed(instance).items()},
        )


def _no_portal(instance: Portal, **_more: Any) -> None:
    organization = Organization.objects.filter(pk=instance.organization_id).first()
    record(
        Kind.PORTAL_CLOSED,
        organization=organization or "",
        subject=instance.uid,
        domain=instance.domain,
        name=instance.name,
    )
