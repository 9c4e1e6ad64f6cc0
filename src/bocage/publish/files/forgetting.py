"""The exports that are kept of a version go with it: what was erased is not to stay in one of them."""

from __future__ import annotations

from collections.abc import Callable

from bocage.pipeline.derived import KINDS
from bocage.publish.files.cache import export_cache
from bocage.store.models import Version
from bocage.store.selectors import gone


class Exports:
    """Made when a reader asks, never by the worker."""

    name = "exports"

    def published(self, version: Version) -> None:
        pass

    def make_next(self, interrupted: Callable[[], bool]) -> bool:
        return False

    def forget(self, version: str) -> None:
        export_cache().forget(version)

    def tidy(self) -> int:
        """Of versions that left with their dataset, or while somebody made an export of them. Those of the catalogue change with
        each of its editions: they are of no version, and go too."""
        cache = export_cache()
        return sum(cache.forget(version) for version in gone(cache.versions()))


KINDS.register(Exports.name, Exports())
