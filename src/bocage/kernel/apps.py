from typing import Any

from django.apps import AppConfig, apps
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


class KernelConfig(AppConfig):
    name = "bocage.kernel"
    label = "kernel"

    def ready(self) -> None:
        # The signals are sent once by application, before any table is touched and when all are there: one of them is enough.
        any_one = apps.get_app_config("contenttypes")
        pre_migrate.connect(_stop_counting, any_one, dispatch_uid="epochs-before")
        post_migrate.connect(_count_changes, any_one, dispatch_uid="epochs-after")


def _stop_counting(using: str, **_more: Any) -> None:
    from bocage.kernel import epochs

    database = epochs.counted_in(connections[using])
    if database is not None:
        epochs.remove(database)


def _count_changes(using: str, **_more: Any) -> None:
    from bocage.kernel import epochs

    database = epochs.counted_in(connections[using])
    if database is not None and not epochs.complete(database):
        epochs.install(database)
