"""When to try again, and when to poll next. Pure functions."""

from __future__ import annotations

from datetime import datetime, timedelta

ATTEMPTS = 5
"""A fault that may pass is met this many times."""

DEATHS = 10
"""A run whose worker disappears (killed, out of memory, power cut) is taken again this many times: it is seldom its fault."""

FIRST_DELAY = timedelta(seconds=30)
JITTER = 0.2
SHORTEST_PERIOD = timedelta(seconds=60)


def back_off(attempt: int, chance: float) -> timedelta:
    """How long to wait after attempt number `attempt` (from 1): 30 s × 2ⁿ, up to a fifth more by `chance` in [0, 1), so
    that sources which failed together do not come back together."""
    return FIRST_DELAY * float(2 ** (attempt - 1)) * (1 + JITTER * chance)


def next_due(due: datetime, every: timedelta, instant: datetime) -> datetime:
    """The first instant after `instant` on the beat that `due` and `every` set: polls missed in a long stop are not made up."""
    if due > instant:
        return due
    return due + every * ((instant - due) // every + 1)
