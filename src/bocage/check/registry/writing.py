"""Local schemas written by a working group: draft → proposed → adopted → retired.

The coordinators of the organisation that leads a schema write it. A draft is edited in place; once proposed, a version never
changes: a remark that is right makes the next version.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from bocage.access.rules import Decision, decide_in
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.check.models import Schema, SchemaVersion
from bocage.check.registry import drafting
from bocage.check.registry.addresses import absolute, json_path, page_path
from bocage.check.registry.diff import diff
from bocage.check.registry.errors import (
    DraftExists,
    NumberRefused,
    SchemaNotReady,
    StateRefused,
    VersionAdopted,
    VersionFrozen,
)
from bocage.check.registry.identity import checked_name
from bocage.check.registry.lint.finding import Level
from bocage.check.registry.lint.words import level_of
from bocage.check.registry.linting import findings_on
from bocage.check.registry.precedence import FIRST, following, is_semver, precedence
from bocage.check.registry.selectors import schema_version
from bocage.check.vocabulary import SchemaKind, SchemaStatus
from bocage.kernel.clock import now
from bocage.organizations.models import Organization, User


def may_lead(viewer: Viewer, schema: Schema) -> Decision:
    """May the viewer write this schema? A national one is written elsewhere, by others."""
    if schema.organization_id is None:
        return Decision(False, _("this schema is not written here."))
    return decide_in(viewer, Action.ADMINISTER, schema.organization_id)


@transaction.atomic
def create_schema(
    *,
    viewer: Viewer,
    user: User | None,
    organization: Organization,
    slug: str,
    title: str,
    description: str = "",
    start: dict[str, Any] | None = None,
) -> SchemaVersion:
    """The first draft of a new schema, from `start` (see `drafting`). Raises AccessDenied, NameRefused, ValidationError."""
    decide_in(viewer, Action.ADMINISTER, organization.pk).require()
    name = checked_name(f"{organization.slug}/{slug}")
    schema = Schema(
        name=name,
        kind=SchemaKind.LOCAL,
        title=title.strip(),
        description=description.strip(),
        organization=organization,
    )
    schema.full_clean()
    schema.save()
    version = SchemaVersion(
        schema=schema,
        number=FIRST,
        status=SchemaStatus.DRAFT,
        descriptor=start or drafting.blank(),
        changes=_("First version."),
        created_by=user,
    )
    return _save(version)


@transaction.atomic
def start_version(*, viewer: Viewer, user: User | None, schema: Schema, of: SchemaVersion) -> SchemaVersion:
    """The next draft, from the version `of`. Raises AccessDenied, DraftExists."""
    may_lead(viewer, schema).require()
    draft = schema.versions.filter(status=SchemaStatus.DRAFT).first()
    if draft is not None:
        raise DraftExists(name=schema.name, number=draft.number)
    latest = schema.versions.order_by("-precedence").first() or of
    version = SchemaVersion(
        schema=schema,
        number=following(latest.number, breaking=False, larger=True),
        status=SchemaStatus.DRAFT,
        descriptor=of.descriptor,
        created_by=user,
    )
    return _save(version)


@transaction.atomic
def edit_draft(
    *,
    viewer: Viewer,
    version: SchemaVersion,
    descriptor: dict[str, Any] | None = None,
    number: str | None = None,
    title: str | None = None,
    description: str | None = None,
    changes: str | None = None,
) -> SchemaVersion:
    """Change what is given, leave the rest. Raises AccessDenied, VersionFrozen, NumberRefused, ValidationError."""
    _require_draft(viewer, version)
    schema = version.schema
    if number is not None and number != version.number:
        version.number = _free_number(version, number)
    if title is not None or description is not None:
        schema.title = schema.title if title is None else title.strip()
        schema.description = schema.description if description is None else description.strip()
        schema.full_clean()
        schema.save()
    version.changes = version.changes if changes is None else changes.strip()
    version.descriptor = version.descriptor if descriptor is None else descriptor
    return _save(version)


@transaction.atomic
def delete_draft(*, viewer: Viewer, version: SchemaVersion) -> None:
    """Forget a draft; the schema too when it has no other version. Raises AccessDenied, VersionFrozen."""
    _require_draft(viewer, version)
    schema = version.schema
    version.delete()
    if not schema.versions.exists():
        schema.delete()


@transaction.atomic
def propose(*, viewer: Viewer, version: SchemaVersion) -> SchemaVersion:
    """Show it to everyone; it does not change any more. Raises AccessDenied, VersionFrozen, SchemaNotReady."""
    _require_draft(viewer, version)
    if blocking := blocking_findings(version):
        raise SchemaNotReady(name=version.schema.name, number=version.number, count=blocking)
    version.status, version.frozen_at = SchemaStatus.PROPOSED, now()
    return _save(version)


@transaction.atomic
def take_back(*, viewer: Viewer, version: SchemaVersion) -> SchemaVersion:
    """A proposal that nobody adopted becomes a draft again. Raises AccessDenied, StateRefused, VersionAdopted, DraftExists."""
    may_lead(viewer, version.schema).require()
    _require_status(version, SchemaStatus.PROPOSED)
    if count := followers(version):
        raise VersionAdopted(name=version.schema.name, number=version.number, count=count)
    draft = version.schema.versions.filter(status=SchemaStatus.DRAFT).first()
    if draft is not None:
        raise DraftExists(name=version.schema.name, number=draft.number)
    version.status, version.frozen_at = SchemaStatus.DRAFT, None
    return _save(version)


@transaction.atomic
def retire(*, viewer: Viewer, version: SchemaVersion) -> SchemaVersion:
    """No longer recommended; the datasets that follow it still do. Raises AccessDenied, StateRefused."""
    may_lead(viewer, version.schema).require()
    _require_status(version, SchemaStatus.PROPOSED, SchemaStatus.ADOPTED)
    version.status = SchemaStatus.RETIRED
    version.save(update_fields=["status"])
    return version


def followers(version: SchemaVersion) -> int:
    """How many organisations follow this very version: those that chose it, and those that follow whichever stands."""
    chosen = Q(version=version)
    if schema_version(version.schema.name) == version:
        chosen |= Q(version__isnull=True)
    return version.schema.adoptions.filter(chosen).count()


def blocking_findings(version: SchemaVersion) -> int:
    """How many things must be mended before the version may be proposed."""
    return (not version.descriptor.get("fields")) + sum(level_of(one["code"]) == Level.ERROR for one in version.lint)


def suggested_number(version: SchemaVersion, *, before: SchemaVersion | None) -> str:
    """The number that what changed since `before` calls for."""
    if before is None:
        return version.number
    found = diff(before.descriptor, version.descriptor)
    return following(before.number, breaking=found.stays_valid is not True, larger=found.is_larger)


def version_before(version: SchemaVersion) -> SchemaVersion | None:
    """The version just before in number that was proposed; one query."""
    earlier = version.schema.versions.exclude(status=SchemaStatus.DRAFT).exclude(pk=version.pk)
    return earlier.filter(precedence__lt=precedence(version.number)).order_by("-precedence").first()


def _save(version: SchemaVersion) -> SchemaVersion:
    """Write the identity into the descriptor, and look at it again."""
    schema, organization = version.schema, version.schema.organization
    author = {"title": organization.name, "email": organization.email, "role": "author"} if organization else {}
    version.descriptor = drafting.identified(
        version.descriptor,
        name=schema.name.partition("/")[2],
        title=schema.title,
        description=schema.description,
        version=version.number,
        homepage=absolute(page_path(schema.name)),
        path=absolute(json_path(schema.name, version.number)),
        created=schema.created_at.date().isoformat(),
        lastModified=now().date().isoformat(),
        contributors=[{key: value for key, value in author.items() if value}],
    )
    version.lint = findings_on(version.descriptor, number=version.number)
    version.full_clean(exclude=["descriptor", "lint"])
    version.save()
    return version


def _require_draft(viewer: Viewer, version: SchemaVersion) -> None:
    may_lead(viewer, version.schema).require()
    if version.status != SchemaStatus.DRAFT:
        raise VersionFrozen(name=version.schema.name, number=version.number)


def _require_status(version: SchemaVersion, *allowed: SchemaStatus) -> None:
    if version.status not in allowed:
        raise StateRefused(name=version.schema.name, number=version.number, status=SchemaStatus(version.status).label)


def _free_number(version: SchemaVersion, number: str) -> str:
    if not is_semver(number) or version.schema.versions.filter(number=number).exists():
        raise NumberRefused(number=number[:40])
    return number
