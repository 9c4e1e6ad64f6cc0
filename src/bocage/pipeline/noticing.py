"""What the pipeline tells people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bocage.organizations.notices.kinds import DATASET, NoticeKind, register
from bocage.pipeline.retention.telling import VERSIONS_LEAVE

__all__ = ["VERSIONS_LEAVE"]

_ABOUT = {"dataset": DATASET}

REVIEW_ASKED = register(
    NoticeKind(
        "pipeline.review-asked", _("%(person)s asks you to review a new version of “%(dataset)s”."), things=_ABOUT
    )
)
REVIEW_DUE = register(
    NoticeKind("pipeline.review-due", _("A new version of “%(dataset)s” has come: it waits to be reviewed."), _ABOUT)
)
REVIEW_ACCEPTED = register(
    NoticeKind("pipeline.review-accepted", _("%(person)s accepted what you proposed for “%(dataset)s”."), _ABOUT)
)
REVIEW_RETURNED = register(
    NoticeKind(
        "pipeline.review-returned", _("%(person)s sent back what you proposed for “%(dataset)s”: %(reason)s"), _ABOUT
    )
)
REVIEW_LIFTED = register(
    NoticeKind(
        "pipeline.review-lifted", _("%(person)s decided that “%(dataset)s” is published without a review."), _ABOUT
    )
)
REFERENCE_CHANGED = register(
    NoticeKind(
        "pipeline.reference-changed",
        _("“%(reference)s” has changed. Rows of “%(dataset)s” that point to nothing any more: %(rows)s."),
        {"dataset": DATASET, "reference": DATASET},
    )
)
