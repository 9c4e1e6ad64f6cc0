"""How a portal is asked: one call at a time, with pauses; again when it was a passing fault; later when it asks to wait."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bocage.kernel.errors import TransientError
from bocage.kernel.http import Fetched, TooManyCalls
from bocage.pipeline.moving.errors import QuotaSpent

TRIES = 6
PAUSE_SECONDS = 0.1
FIRST_DELAY_SECONDS = 1.0
LONGEST_DELAY_SECONDS = 60.0
UNSAID_WAIT_SECONDS = 30.0
"""Of a portal that refuses a call and does not say until when."""
LONGEST_WAIT_SECONDS = 900.0
"""A longer wait is the operator's: most portals count their calls by day."""


@dataclass
class Patience:
    """`waiting`: told the seconds of each long wait, 0 when it is over. `calls`: made so far, tries included."""

    sleep: Callable[[float], None] = time.sleep
    waiting: Callable[[float], None] = lambda _seconds: None
    pause: float = PAUSE_SECONDS
    calls: int = 0
    _owed: float = field(default=0.0, repr=False)

    def ask(self, url: str, call: Callable[[], Fetched]) -> Fetched:
        """The answer, after as many tries as it is worth. Raises what the last try raised, QuotaSpent."""
        host = urlsplit(url).hostname or ""
        for tried in range(1, TRIES + 1):
            self._settle(host)
            self.calls += 1
            try:
                found = call()
            except TooManyCalls as refusal:
                asked = UNSAID_WAIT_SECONDS * tried if refusal.wait is None else refusal.wait
                self._wait(max(asked, FIRST_DELAY_SECONDS), host)
                fault: TransientError = refusal
            except TransientError as passing:
                fault = passing
                if tried < TRIES:
                    self._wait(self._delay(tried), host)
            else:
                self._remember(found)
                return found
        raise fault

    def _settle(self, host: str) -> None:
        owed, self._owed = self._owed, 0.0
        if owed > self.pause:
            self._wait(owed, host)
        elif self.pause:
            self.sleep(self.pause)

    def _remember(self, found: Fetched) -> None:
        """No call is left: the next one waits, rather than being refused."""
        if found.allowance.remaining == 0 and found.allowance.reset_seconds:
            self._owed = found.allowance.reset_seconds

    def _wait(self, seconds: float, host: str) -> None:
        if seconds > LONGEST_WAIT_SECONDS:
            raise QuotaSpent(host=host, minutes=max(round(seconds / 60), 1))
        self.waiting(seconds)
        self.sleep(seconds)
        self.waiting(0.0)

    @staticmethod
    def _delay(tried: int) -> float:
        spread = 1 + 0.2 * random.random()  # noqa: S311  spreads load, hides nothing
        return min(FIRST_DELAY_SECONDS * 2.0 ** (tried - 1), LONGEST_DELAY_SECONDS) * spread
