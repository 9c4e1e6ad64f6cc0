"""The request in whose course something happens: by which door, by whom, with which key. Empty for the worker and commands.

It tells, it never decides: what a reader may see follows from the viewer alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from bocage.access.audit.vocabulary import Door


@dataclass(frozen=True)
class Circumstances:
    """`origin`: where it was asked from, as the settings have it kept; empty by default. `request`: None outside of one."""

    door: Door = Door.PLATFORM
    origin: str = ""
    request: Any = None

    @property
    def key(self) -> int | None:
        """The key through which it is asked. `publish.viewers` leaves it on the request."""
        return getattr(getattr(self.request, "api_key", None), "pk", None)

    @property
    def person(self) -> int | None:
        """Who asks: the owner of the key, else whoever is signed in."""
        key = getattr(self.request, "api_key", None)
        return key.owner_id if key is not None else getattr(getattr(self.request, "user", None), "pk", None)


NOWHERE = Circumstances()
_present: ContextVar[Circumstances] = ContextVar("circumstances")


def present() -> Circumstances:
    return _present.get(NOWHERE)


@contextmanager
def during(circumstances: Circumstances) -> Iterator[None]:
    token = _present.set(circumstances)
    try:
        yield
    finally:
        _present.reset(token)
