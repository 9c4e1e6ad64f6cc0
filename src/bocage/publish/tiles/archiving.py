"""The archives of versions, as something that the worker makes and that retention forgets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bocage.pipeline.derived import KINDS
from bocage.publish.tiles.archived import Archived
from bocage.publish.tiles.building import make, sweep
from bocage.publish.tiles.orders import orders
from bocage.publish.tiles.shelf import shelf
from bocage.query.relation import DatasetRelation
from bocage.query.warming import MANY
from bocage.store.models import Version
from bocage.store.selectors import gone

SETTLED = timedelta(hours=1)
"""Of what changes more often, an archive would be old before it is read: it is made when somebody asks."""


class Archives:
    name = "archives"

    def published(self, version: Version) -> None:
        """Of what is drawn from tables made beforehand; smaller ones are quick to read as features."""
        if version.geometry and version.row_count >= MANY and not _lively(version):
            orders().ask(version.uid)

    def make_next(self, interrupted: Callable[[], bool]) -> bool:
        return any(_made(uid, interrupted) for uid in orders().waiting())

    def forget(self, version: str) -> None:
        orders().done(version)
        shelf().forget(version)

    def tidy(self) -> int:
        """Of versions that left with their dataset, of makers that were killed, beyond the bound."""
        left = gone(shelf().versions() | orders().versions())
        for version in left:
            self.forget(version)
        return len(left) + orders().forgive() + shelf().shrink() + sweep()


def _made(uid: str, interrupted: Callable[[], bool]) -> bool:
    version = Version.objects.select_related("dataset__organization").filter(uid=uid).first()
    if version is None:
        orders().done(uid)
        return False
    wanted = Archived(DatasetRelation(version.dataset, version))
    if shelf().find(uid, wanted.edition) is not None:
        orders().done(uid)
        return False
    return make(wanted, interrupted)


def _lively(version: Version) -> bool:
    before = Version.objects.filter(dataset=version.dataset_id, number__lt=version.number)
    return before.filter(created_at__gt=version.created_at - SETTLED).exists()


KINDS.register(Archives.name, Archives())
