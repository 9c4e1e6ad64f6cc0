"""After a publication, and every day: profiles, scores, messages. None of it delays a publication; a failure changes nothing."""

from __future__ import annotations

import structlog

from bocage.check import verdicts
from bocage.check.quality import digest, profiles, scoring
from bocage.organizations.notices import mailing
from bocage.pipeline.models import Run
from bocage.pipeline.references.settling import settle_dataset
from bocage.pipeline.vocabulary import RunStatus

log = structlog.get_logger("bocage.pipeline")


def look_at(run: Run, *, at_once: int | None = None) -> bool:
    """Profile, check through the further views, score what a run has just published; see what it changes for those who point to
    it. `at_once`: leave the profile to the worker beyond so many rows."""
    if run.status != RunStatus.DONE or run.version is None:
        return False
    try:
        profiles.profile_of(run.version, at_once=at_once)
        verdicts.check_further_views(run.version.dataset, run.version)
        scoring.score_one(run.version.dataset)
        settle_dataset(run.version.dataset)
    except Exception:
        log.exception("version.not_looked_at", version=run.version.uid)
        return False
    return True


def score_when_due() -> int:
    """Once a day: the score of every dataset."""
    return 0 if scoring.scored_today() else scoring.score_everything()


def send_digests() -> int:
    """Once a week: the messages to coordinators, with what they were told. Every day: what the others were told, to each at the
    rhythm that they chose."""
    return digest.send_due() + mailing.send_due()
