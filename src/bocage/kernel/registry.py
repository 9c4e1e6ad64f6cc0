"""Kinds are plug-ins: one small registry per kind, filled by ours and by entry points alike, frozen once ready."""

from __future__ import annotations

from collections.abc import Iterator
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

    def get(self, name: str) -> T:
        try:
            return self._kinds[name]
        except KeyError:
            raise UnknownKind(self.group, name, sorted(self._kinds)) from None

    def __contains__(self, name: object) -> bool:
        return name in self._kinds

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def items(self) -> list[tuple[str, T]]:
        return list(self._kinds.items())
