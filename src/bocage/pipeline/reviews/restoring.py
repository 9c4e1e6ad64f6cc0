"""Going back to a version, where a review is required: proposed by one person, done by the acceptance of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from bocage.access.rules import decide
from bocage.access.vocabulary import Action
from bocage.catalog.fields import Field
from bocage.kernel.clock import now
from bocage.organizations.answering import stewards_of
from bocage.organizations.models import User
from bocage.organizations.notices.services import notify
from bocage.pipeline.noticing import REVIEW_ASKED
from bocage.pipeline.reviews.looking import look_at
from bocage.pipeline.reviews.models import Review, new_review_uid
from bocage.pipeline.reviews.proposing import supersede
from bocage.pipeline.reviews.requirements import is_required
from bocage.pipeline.reviews.vocabulary import Proposal
from bocage.store.errors import ForeignVersion
from bocage.store.layout import version_path
from bocage.store.selectors import current_version
from bocage.store.services import move_head

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.catalog.models import Dataset
    from bocage.store.models import Version


def restore(*, viewer: Viewer, dataset: Dataset, version: Version) -> Review | None:
    """Publish this version again; or propose it, when a review is required: the review. Raises as `move_head`."""
    if not is_required(dataset):
        move_head(viewer=viewer, dataset=dataset, version=version)
        return None
    decide(viewer, Action.MANAGE, dataset).require()
    if version.dataset_id != dataset.pk:
        raise ForeignVersion
    review = _described(viewer, dataset, version)
    with transaction.atomic():
        supersede(dataset, Proposal.RESTORE)
        review.save(force_insert=True)
        people = stewards_of(dataset.organization, but=review.authors)
        person = User.objects.filter(pk=viewer.user_id or 0).first()
        address = f"/console/reviews/{review.uid}/"
        notify(people, REVIEW_ASKED, address=address, dataset=dataset.uid, person=str(person or ""))
    return review


def _described(viewer: Viewer, dataset: Dataset, version: Version) -> Review:
    version.dataset = dataset
    base = current_version(dataset)
    fields = [Field.from_dict(one) for one in version.schema]
    look = look_at(version_path(version), version.row_count, fields, base)
    return Review(
        uid=new_review_uid(),
        dataset=dataset,
        kind=Proposal.RESTORE,
        version=version,
        base=base,
        base_number=base.number if base else None,
        authors=[viewer.user_id] if viewer.user_id else [],
        sha256=version.sha256,
        schema=version.schema,
        row_count=version.row_count,
        changes=look.changes,
        profile=look.profile,
        anomalies=look.anomalies,
        sample=look.sample,
        created_at=now(),
    )
