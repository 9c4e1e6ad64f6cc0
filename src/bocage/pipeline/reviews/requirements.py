"""Where a review is required: on a dataset by its stewards, on an organisation and all that is below it by those who administer it.

Any requirement that reaches a dataset holds: nobody lifts, from below, what is required above."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q, QuerySet

from bocage.access.audit.services import record
from bocage.access.audit.vocabulary import Kind
from bocage.access.rules import decide, decide_in
from bocage.access.vocabulary import Action
from bocage.kernel.clock import now
from bocage.organizations.answering import stewards_of
from bocage.organizations.models import Organization, User
from bocage.organizations.notices.services import notify
from bocage.pipeline.noticing import REVIEW_LIFTED
from bocage.pipeline.reviews.errors import RequiredAbove
from bocage.pipeline.reviews.models import ReviewRequirement

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.catalog.models import Dataset


def requirements_on(dataset: Dataset) -> QuerySet[ReviewRequirement]:
    """Those in force, the widest last. Two statements."""
    path = Organization.objects.filter(pk=dataset.organization_id).values_list("path", flat=True).first() or ""
    above = [int(part) for part in path.strip("/").split("/") if part]
    reaching = Q(dataset=dataset) | Q(organization__in=above)
    found = ReviewRequirement.objects.filter(reaching, lifted_at=None).select_related("organization")
    return found.order_by("organization__path")


def is_required(dataset: Dataset) -> bool:
    """Must what is published here be reviewed first?"""
    return requirements_on(dataset).exists()


def requirements_of(organization: Organization) -> QuerySet[ReviewRequirement]:
    """Those in force in this organisation, its own and those from above."""
    above = [int(part) for part in organization.path.strip("/").split("/") if part]
    found = ReviewRequirement.objects.filter(organization__in=above, lifted_at=None)
    return found.select_related("organization").order_by("organization__path")


@transaction.atomic
def require_on(*, viewer: Viewer, dataset: Dataset) -> None:
    """By a steward. Nothing when it is required already."""
    decide(viewer, Action.MANAGE, dataset).require()
    _require(viewer, dataset=dataset)


@transaction.atomic
def require_in(*, viewer: Viewer, organization: Organization) -> None:
    """By a coordinator, for every dataset of the organisation and of those below it."""
    decide_in(viewer, Action.ADMINISTER, organization.pk).require()
    _require(viewer, organization=organization)


@transaction.atomic
def lift_on(*, viewer: Viewer, dataset: Dataset) -> None:
    """What waits goes on waiting: lifting publishes nothing. Raises RequiredAbove when it is required from above alone."""
    decide(viewer, Action.MANAGE, dataset).require()
    if _lift(viewer, requirements_on(dataset).first(), dataset=dataset):
        others = stewards_of(dataset.organization, but=[viewer.user_id or 0])
        person = User.objects.filter(pk=viewer.user_id or 0).first()
        address = f"/console/datasets/{dataset.slug}/review/"
        notify(others, REVIEW_LIFTED, address=address, dataset=dataset.uid, person=str(person or "Bocage"))


@transaction.atomic
def lift_in(*, viewer: Viewer, organization: Organization) -> None:
    """The same, for an organisation."""
    decide_in(viewer, Action.ADMINISTER, organization.pk).require()
    _lift(viewer, requirements_of(organization).first(), organization=organization)


def _require(viewer: Viewer, *, dataset: Dataset | None = None, organization: Organization | None = None) -> None:
    said = {"required_at": now(), "required_by_id": viewer.user_id}
    _row, made = ReviewRequirement.objects.get_or_create(
        dataset=dataset, organization=organization, lifted_at=None, defaults=said
    )
    if made:
        _tell(Kind.REVIEW_REQUIRED, viewer, dataset, organization)


def _lift(
    viewer: Viewer,
    above: ReviewRequirement | None,
    *,
    dataset: Dataset | None = None,
    organization: Organization | None = None,
) -> bool:
    own = ReviewRequirement.objects.filter(dataset=dataset, organization=organization, lifted_at=None)
    lifted = own.update(lifted_at=now(), lifted_by_id=viewer.user_id)
    if not lifted and above is not None:
        raise RequiredAbove(organization=str(above.organization))
    if lifted:
        _tell(Kind.REVIEW_LIFTED, viewer, dataset, organization)
    return bool(lifted)


def _tell(kind: Kind, viewer: Viewer, dataset: Dataset | None, organization: Organization | None) -> None:
    whose = dataset.organization if dataset is not None else organization
    record(kind, viewer=viewer, organization=whose or "", dataset=dataset.uid if dataset is not None else "")
