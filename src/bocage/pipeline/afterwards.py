"""After a publication, and every day: profiles, scores, messages. None of it delays a publication; a failure changes nothing."""

from __future__ import annotations

import structlog

from bocage.check import verdicts
from bocage.check.quality import digest, profiles, scoring
from bocage.organizations.notices import mailing
from bocage.pipeline.models import Run
from bocage.pipeline.references.settling import settle_dataset
from bocage.pipeline.vocabulary import RunStatus
from bocage.store.models import Version

log = structlog.get_logger("bocage.pipeline")


def look_at(run: Run, *, at_once: int | None = None) -> bool:
    """What follows what a run has just published."""
    if run.status != RunStatus.DONE or run.version is None:
        return False
    return look_at_version(run.version, at_once=at_once)


def look_at_version(version: Version, *, at_once: int | None = None) -> bool:
    """Profile, check through the further views, score what has just been published; see what it changes for those who point to
    it. `at_once`: leave the profile to the worker beyond so many rows."""
    try:
        profiles.profile_of(version, at_once=at_once)
        verdicts.check_further_views(version.dataset, version)
        scoring.score_one(version.dataset)
        settle_dataset(version.dataset)
    except Exception:
        log.exception("version.not_looked_at", version=version.uid)
        return False
    return True


def score_when_due() -> int:
    """Once a day: the score of every dataset."""
    return 0 if scoring.scored_today() else scoring.score_everything()


def send_digests() -> int:
    """Once a week: the messages to coordinators, with what they were told. Every day: what the others were told, to each at the
    rhythm that they chose."""
    return digest.send_due() + mailing.send_due()
