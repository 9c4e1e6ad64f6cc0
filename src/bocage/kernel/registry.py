"""Kinds are plug-ins: one small registry per kind, filled by ours and by entry points alike, frozen once ready."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from importlib.metadata import entry_points
from typing import Generic, TypeVar


class UnknownKind(KeyError):
    """Asked for a kind that nobody registered; lists the ones that exist."""

    def __init__(self, group: str, name: str, known: list[str]) -> None:
        super().__init__(f"{group}: no kind named {name!r}; known: {', '.join(known)}")


T = TypeVar("T")


class Registry(Generic[T]):
    """Name → kind. `group` is the entry-point group through which an installed package adds its own."""

    def __init__(self, group: str) -> None:
        self.group = group
        self._kinds: dict[str, T] = {}
        self._frozen = False
        self._ours: Callable[[], object] | None = None
        self._filling = threading.RLock()
        self._is_filling = False

    def register(self, name: str, kind: T) -> T:
        """Add a kind. Twice the same name, or after the start, is a programming error."""
        if self._frozen:
            raise RuntimeError(f"{self.group}: cannot register {name!r} once the application is ready")
        if name in self._kinds:
            raise RuntimeError(f"{self.group}: {name!r} is registered twice")
        self._kinds[name] = kind
        return kind

    def load_entry_points(self) -> None:
        """Register what installed packages offer, then freeze."""
        for point in entry_points(group=self.group):
            self.register(point.name, point.load())
        self._frozen = True

    def fill_when_asked(self, ours: Callable[[], object]) -> None:
        """`ours` imports the modules that register our kinds: called once, with the entry points after it, when the first
        kind is asked for. Most commands never ask, and the modules of some kinds are many."""
        self._ours = ours

    def get(self, name: str) -> T:
        kinds = self._filled()
        try:
            return kinds[name]
        except KeyError:
            raise UnknownKind(self.group, name, sorted(kinds)) from None

    def __contains__(self, name: object) -> bool:
        return name in self._filled()

    def __iter__(self) -> Iterator[str]:
        return iter(self._filled())

    def items(self) -> list[tuple[str, T]]:
        return list(self._filled().items())

    def _filled(self) -> dict[str, T]:
        if self._ours is not None:
            with self._filling:  # other threads wait until it is whole; the one that fills may ask on the way
                if self._ours is not None and not self._is_filling:
                    self._is_filling = True
                    try:
                        self._ours()
                        self.load_entry_points()
                        self._ours = None
                    finally:
                        self._is_filling = False
        return self._kinds
