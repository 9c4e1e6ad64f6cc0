"""One of each thing that people exchange: a proposal to review, a discussion, a request for help, a notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bocage.governance.discussions.models import Discussion
from bocage.governance.help.models import HelpRequest
from bocage.kernel.clock import now
from bocage.organizations.models import Notice
from bocage.pipeline.models import Run
from bocage.pipeline.reviews.models import Review

if TYPE_CHECKING:
    from bocage.catalog.models import Dataset
    from tests.security.conftest import Territory


def exchanges_of(territory: Territory, dataset: Dataset, words: str) -> dict[str, str]:
    """About `dataset`, by the contributor here. `words` are what people wrote, or what was in a file."""
    author, instant = territory.people["contributor here"], now()
    run = Run.objects.create(dataset=dataset, status="review", due_at=instant, requested_by=author, comment=words[:500])
    sample = {
        "columns": [words], "rows": [[words], [None]], "added": [[words]], "removed": [[words]],
        "changed": [{"key": words, "cells": [[words, words, None]]}],
    }  # fmt: skip
    review = Review.objects.create(
        dataset=dataset, kind="delivery", run=run, authors=[author.pk], sha256="0" * 64, row_count=2, sample=sample,
        base_number=1, comment=words[:500], filename=words[:255], created_at=instant,
        changes={"added": 1, "removed": 1, "changed": 1, "columns": {"added": [words], "removed": [words], "retyped": []}},
    )  # fmt: skip
    thread = Discussion.objects.create(
        dataset=dataset, subject=words[:150], opened_by=author, opened_at=instant, last_at=instant
    )
    thread.remarks.create(author=author, text=words, linked=True, at=instant)
    thread.remarks.create(author=author, text=words, at=instant, hidden_at=instant, hidden_reason=words[:300])
    asked = HelpRequest.objects.create(
        organization=territory.here, helper=territory.metropole, dataset=dataset, subject=words[:150],
        asked_by=author, asked_at=instant, last_at=instant,
    )  # fmt: skip
    asked.messages.create(author=author, text=words, at=instant)
    for person in territory.people.values():
        Notice.objects.create(
            recipient=person, code="pipeline.review-returned", created_at=instant, address="/console/",
            facts={"dataset": dataset.uid, "person": words[:300], "reason": words[:300]},
        )  # fmt: skip
    return {"review": review.uid, "discussion": thread.uid, "help": asked.uid}
