"""What must hold for the pointer of a dataset to move. Packages above add a condition when the application starts; whoever
moves the pointer, a run, a page, a command, asks all of them, in the transaction that moves it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bocage.catalog.models import Dataset
    from bocage.store.models import Version

Condition = Callable[["Dataset", "Version", "Version | None"], None]
"""(dataset, the version to point at, the one pointed at until now): raises when this may not be. May write: what it writes is
undone with the move."""

_conditions: list[Condition] = []


def add_condition(condition: Condition) -> None:
    """Once per process, however often the application starts in it."""
    if condition not in _conditions:
        _conditions.append(condition)


def require_conditions(dataset: Dataset, version: Version, before: Version | None) -> None:
    """Raises what the first unmet condition raises."""
    for condition in _conditions:
        condition(dataset, version, before)
