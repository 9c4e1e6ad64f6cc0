"""After a publication: the tables that readers will ask for are built by us, not by the first of them."""

from __future__ import annotations

import time

import structlog

from bocage.kernel.errors import BocageError
from bocage.pipeline.models import Run
from bocage.pipeline.vocabulary import RunStatus
from bocage.query.warming import warm
from bocage.store.models import Version

log = structlog.get_logger("bocage.pipeline")


def warm_published(run: Run) -> bool:
    """Warm the version that a run has published."""
    return run.status == RunStatus.DONE and run.version is not None and warm_version(run.version)


def warm_version(version: Version) -> bool:
    """A failure is logged and changes nothing: a reader builds what is missing."""
    started = time.monotonic()
    try:
        warm(version)
    except BocageError as error:
        log.warning("version.not_warmed", version=version.uid, code=error.code)
        return False
    except Exception:
        log.exception("version.not_warmed", version=version.uid)
        return False
    log.info("version.warmed", version=version.uid, seconds=round(time.monotonic() - started, 2))
    return True
