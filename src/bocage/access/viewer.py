"""Who is looking. A viewer is made once per request and given to every selector; nothing reads without one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from bocage.organizations.vocabulary import Role

if TYPE_CHECKING:
    from bocage.access.rule import Rule


@dataclass(frozen=True)
class Viewer:
    """`roles`: organisation id → role held there, given by a membership or, for an administrator, inherited from above.
    `depths`: organisation id → how deep in the tree that role was given. `datasets`: uid of a dataset → role held on it alone,
    whatever its organisation; what a limited key holds. `granted`: the exceptions that speak to the person. `branches`: path of
    an administered organisation → it and all those below it; only a shorter way to say their numbers, never a right.
    `teams`: (id, path) of the organisations of which they are a member, whatever a key leaves of their roles; None when nobody
    looked."""

    user_id: int | None = None
    roles: Mapping[int, Role] = field(default_factory=dict)
    operator: bool = False
    datasets: Mapping[str, Role] = field(default_factory=dict)
    granted: tuple[Rule, ...] = ()
    depths: Mapping[int, int] = field(default_factory=dict)
    branches: Mapping[str, frozenset[int]] = field(default_factory=dict)
    teams: tuple[tuple[int, str], ...] | None = None

    @property
    def in_group(self) -> bool:
        """Member of at least one organisation of the platform: “shared” things are theirs to read."""
        return self.operator or bool(self.roles)

    @cached_property
    def key(self) -> str:
        """Two viewers with the same key read the same things: part of every cache key."""
        if self.operator:
            return "operator"
        held: list[tuple[object, Role]] = [*sorted(self.roles.items()), *sorted(self.datasets.items())]
        parts = [f"{thing}:{role.value}" for thing, role in held]
        if any(not rule.allows for rule in self.granted):  # what a refusal beats depends on where roles were given
            parts += [f"{pk}@{depth}" for pk, depth in sorted(self.depths.items())]
        return ",".join(parts + sorted(rule.key for rule in self.granted)) or "anonymous"


ANONYMOUS = Viewer()
OPERATOR = Viewer(operator=True)
"""The platform itself: command line, worker. Never built from a request."""
