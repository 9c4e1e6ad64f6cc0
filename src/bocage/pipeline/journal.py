"""What a run says of itself as it goes: step, log, counts. Messages are English msgids, translated when shown."""

from __future__ import annotations

from typing import Any

import structlog
from django.utils.translation import gettext

from bocage.kernel.clock import now
from bocage.pipeline.claims import held
from bocage.pipeline.errors import LeaseLost
from bocage.pipeline.models import Run
from bocage.pipeline.vocabulary import Step

LINES = 200
"""The log of a run is bounded: of a longer one, the beginning goes."""

log = structlog.get_logger("bocage.pipeline")


def enter(run: Run, step: Step, message: str, **fields: Any) -> None:
    """The run begins a step."""
    run.step = step.value
    say(run, message, **fields)


def say(run: Run, message: str, **fields: Any) -> None:
    """Add a line to the log of the run. Raises LeaseLost when the run is no longer ours to write."""
    log.info("run.step", run=run.uid, step=run.step, attempt=run.attempt)
    run.log = with_line(run, message, **fields)
    if not held(run).update(log=run.log, step=run.step, counts=run.counts, warnings=run.warnings):
        raise LeaseLost


def with_line(run: Run, message: str, **fields: Any) -> list[dict[str, Any]]:
    line = {"at": now().isoformat(), "step": run.step, "message": message, "fields": fields}
    return [*run.log, line][-LINES:]


def lines_of(run: Run) -> list[dict[str, Any]]:
    """The log in the active language: `at` (ISO 8601), `step` (its label), `text`."""
    steps = dict(Step.choices)
    return [
        {
            "at": line["at"],
            "step": str(steps.get(line["step"], line["step"])),
            "text": _sentence(line["message"], line.get("fields", {})),
        }
        for line in run.log
    ]


def _sentence(message: str, fields: dict[str, Any]) -> str:
    try:
        return gettext(message) % fields if fields else gettext(message)
    except (KeyError, TypeError, ValueError):
        return message
