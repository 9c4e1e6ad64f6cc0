"""A database that does not count its changes is told, and mended where asked."""

from __future__ import annotations

import pytest
from django.db import connection

from bocage.config.doctoring import _epochs
from bocage.kernel import epochs

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="changes are counted on SQLite alone"),
]


def told(repair: bool) -> list[tuple[str, bool]]:
    return [(remark.code, remark.repaired) for remark in _epochs(repair)]


def test_a_trigger_that_is_gone_is_told_then_made_again() -> None:
    connection.ensure_connection()
    database = connection.connection
    assert told(repair=True) == []
    database.execute("DROP TRIGGER epoch_of_access_grant_update")
    assert told(repair=False) == [("database.uncounted", False)]
    before = epochs.number(database)
    assert told(repair=True) == [("database.uncounted", True)]
    assert epochs.complete(database)
    assert epochs.number(database) > before
    assert told(repair=False) == []
