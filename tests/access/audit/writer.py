"""A process that writes to the journal of a database of its own, and says each entry once it is acknowledged.

python -m tests.access.audit.writer make             the tables, with their guards
python -m tests.access.audit.writer write NAME MOST  entries `NAME 0`, `NAME 1`…, one line each
"""

from __future__ import annotations

import os
import sys

import django


def make() -> None:
    from django.db import connection

    from bocage.access.audit import guards
    from bocage.access.models import JournalEntry, JournalHead

    with connection.schema_editor() as editor:
        editor.create_model(JournalEntry)
        editor.create_model(JournalHead)
    guards.install(connection)


def write(name: str, most: int) -> None:
    from bocage.access.audit.services import record
    from bocage.access.audit.vocabulary import Kind

    for rank in range(most):
        record(Kind.GRANT_GIVEN, subject=f"{name} {rank}")
        print(f"{name} {rank}", flush=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bocage.config.settings")
    django.setup()
    make() if sys.argv[1] == "make" else write(sys.argv[2], int(sys.argv[3]))
