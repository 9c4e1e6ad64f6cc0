"""Profiles kept with their version, and what is odd against the version before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import structlog
from django.db import IntegrityError

from bocage.check.models import VersionProfile
from bocage.check.quality.anomalies import compare
from bocage.check.quality.profile import profile_version
from bocage.kernel.clock import now
from bocage.kernel.errors import BocageError
from bocage.store.engine import EngineError
from bocage.store.models import Version

AT_ONCE = 100_000
"""Rows up to which a page, or a command, computes what the worker has not done yet."""

EDITED_WAIT = timedelta(hours=2)

log = structlog.get_logger("bocage.check")


def profile_of(version: Version, *, at_once: int | None = AT_ONCE) -> VersionProfile | None:
    """The profile, computed now when the version is small enough (`at_once` None: whatever its size); None otherwise."""
    known = VersionProfile.objects.filter(version=version).first()
    if known is not None or (at_once is not None and version.row_count > at_once):
        return known
    try:
        return VersionProfile.objects.create(version=version, **_computed(version))
    except IntegrityError:  # somebody was quicker
        return VersionProfile.objects.filter(version=version).first()


def profile_next() -> bool:
    """Profile one version that has none, the published ones and the latest first; False when there is nothing to do.

    Those that edits have just made wait: most of them will leave before anybody looks."""
    fresh = {"provenance__has_key": "edited", "created_at__gt": now() - EDITED_WAIT}
    waiting = Version.objects.filter(profile__isnull=True).exclude(**fresh).select_related("dataset")
    version = waiting.order_by("-created_at").first()
    return version is not None and profile_of(version, at_once=None) is not None


def profile_before(version: Version) -> dict[str, Any] | None:
    """The content of the profile of the version before, when it has one."""
    before = (
        VersionProfile.objects.filter(version__dataset=version.dataset_id, version__number__lt=version.number)
        .order_by("-version__number")
        .first()
    )
    return before.content if before and before.content else None


def _computed(version: Version) -> dict[str, Any]:
    """A version that cannot be looked at has an empty profile: it is not tried again for ever."""
    try:
        content = profile_version(version)
    except (BocageError, EngineError, OSError) as error:
        log.warning("version.not_profiled", version=version.uid, fault=type(error).__name__)
        return {"content": {}}
    before = profile_before(version)
    return {"content": content, "anomalies": compare(before, content) if before else []}
