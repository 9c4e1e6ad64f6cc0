"""Communes that become one: everything that was theirs is the successor's, and their names lead to it.

Whatever refers to an organisation follows it, also tables of packages above this one: they are found by the relations of the
model, so that a table added tomorrow cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from bocage.kernel.errors import TerminalError
from bocage.organizations.models import FormerOrganization, Organization
from bocage.organizations.services import move_organization
from bocage.organizations.vocabulary import Ending, Role


class CannotMerge(TerminalError):
    code = "organizations.cannot-merge"
    message = _("“%(organization)s” cannot join “%(into)s”, which is the same organisation or below it.")
    mend = _("Choose another successor, or move it first.")


@transaction.atomic
def merge_organizations(*, into: Organization, merged: Sequence[Organization]) -> None:
    """`merged` join `into`: people (with the highest of their roles), datasets, portals, organisations below and the rest
    follow. Raises CannotMerge before anything is moved."""
    for organization in merged:
        if into.path.startswith(organization.path):
            raise CannotMerge(organization=organization.name, into=into.name)
    for organization in merged:
        organization.refresh_from_db()  # an organisation merged before it may have moved it
        for child in organization.children.all():
            move_organization(organization=child, parent=into)
        _unite_memberships(organization, into)
        for model, field in _relations():
            _repoint(model, field, organization, into)
        FormerOrganization.objects.create(
            slug=organization.slug,
            name=organization.name,
            insee_code=organization.insee_code,
            ending=Ending.MERGED,
            organization=into,
        )
        organization.delete()


def _unite_memberships(left: Organization, into: Organization) -> None:
    """A person of both keeps the highest of the two roles."""
    held = {membership.user_id: membership for membership in into.memberships.all()}
    for membership in left.memberships.all():
        other = held.get(membership.user_id)
        if other is None:
            continue
        if Role(membership.role).rank > Role(other.role).rank:
            other.role = membership.role
            other.save(update_fields=["role"])
        membership.delete()


def _relations() -> list[tuple[type[models.Model], str]]:
    """(model, field) of everything that refers to an organisation, but for the tree itself."""
    return [
        (model, field.name)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()  # noqa: SLF001  documented by Django (Model _meta API)
        if isinstance(field, models.ForeignKey) and field.related_model is Organization and model is not Organization
    ]


def _repoint(model: type[models.Model], field: str, left: Organization, into: Organization) -> None:
    """All at once; where the successor already has its own (an adoption of the same schema), that one stays."""
    every: models.QuerySet[models.Model] = models.QuerySet(model)
    rows = every.filter(**{field: left})
    try:
        with transaction.atomic():
            rows.update(**{field: into})
    except IntegrityError:
        for row in rows:
            try:
                with transaction.atomic():
                    every.filter(pk=row.pk).update(**{field: into})
            except IntegrityError:
                row.delete()
