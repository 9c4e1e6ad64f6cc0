from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class AccessConfig(AppConfig):
    name = "bocage.access"
    label = "access"

    def ready(self) -> None:
        from bocage.access.audit.watching import watch

        watch()
        post_migrate.connect(_guard_journal, self, dispatch_uid="journal-guards")


def _guard_journal(using: str, **_more: Any) -> None:
    """A migration that remade the tables on SQLite took their guards away."""
    from bocage.access.audit import guards

    connection = connections[using]
    if guards.missing(connection) and guards.ENTRIES in connection.introspection.table_names():
        guards.install(connection)
