"""The condition under which the pointer of a dataset moves where a review is required."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bocage.kernel.clock import now
from bocage.pipeline.reviews.errors import ReviewRequired
from bocage.pipeline.reviews.models import Review
from bocage.pipeline.reviews.requirements import is_required
from bocage.pipeline.reviews.vocabulary import Proposal, ReviewState
from bocage.store.files import sha256_of

if TYPE_CHECKING:
    from bocage.catalog.models import Dataset
    from bocage.store.models import Version
    from bocage.store.staged import StagedFile

VALID = timedelta(days=1)
"""An acceptance that led to no publication (the disk was full, the worker was stopped for a week) is asked again."""


def require_review(dataset: Dataset, version: Version, before: Version | None) -> None:
    """Raise ReviewRequired unless these very bytes were accepted, over the version that is published now. The decision serves
    once: it is marked in the same transaction."""
    if _used(dataset, version, before) or not is_required(dataset):
        return
    raise ReviewRequired(dataset=dataset.title)


def is_accepted(dataset: Dataset, staged: StagedFile) -> bool:
    """Was this accepted, over what is published now? Asked before the work, without writing."""
    from bocage.store.selectors import current_version  # not above: commands that read no data load no engine

    schema = [field.as_dict() for field in staged.fields]
    return _accepted(dataset, sha256_of(staged.path), schema, current_version(dataset)) is not None


def _used(dataset: Dataset, version: Version, before: Version | None) -> bool:
    found = _accepted(dataset, version.sha256, version.schema, before)
    if found is None or (found.kind == Proposal.RESTORE and found.version_id != version.pk):
        return False
    return bool(
        Review.objects.filter(pk=found.pk, state=ReviewState.ACCEPTED).update(
            state=ReviewState.PUBLISHED, version=version
        )
    )


def _accepted(dataset: Dataset, sha256: str, schema: list[dict[str, Any]], before: Version | None) -> Review | None:
    rows = Review.objects.filter(
        dataset=dataset,
        state=ReviewState.ACCEPTED,
        sha256=sha256,
        base=before,
        base_number=before.number if before else None,  # a base that was removed since is not “none before”
        decided_at__gte=now() - VALID,
    )
    told = _told(schema)
    return next((one for one in rows.order_by("-pk") if _told(one.schema) == told), None)


def _told(schema: list[dict[str, Any]]) -> str:
    """As the database gives it back, or not yet written there."""
    return json.dumps(schema, sort_keys=True)
