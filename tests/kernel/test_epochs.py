"""Every change of the database is counted, but what is written while others read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models

from bocage.access.models import ApiKey, JournalHead
from bocage.access.services import create_key
from bocage.access.standing import viewer_of
from bocage.kernel import epochs
from bocage.kernel.clock import now
from bocage.organizations.models import User
from bocage.pipeline.models import Heartbeat

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="changes are counted on SQLite alone"),
]


@pytest.fixture
def database():
    connection.ensure_connection()
    return connection.connection


def changed(database, act) -> bool:
    before = epochs.number(database)
    act()
    return epochs.number(database) != before


def statements(database, name: str) -> list[str]:
    """Of which `EXPLAIN` compiles the triggers that would be fired."""
    first = database.execute(f"SELECT name FROM pragma_table_info('{name}')").fetchone()[0]
    return [f'INSERT INTO "{name}" DEFAULT VALUES', f'UPDATE "{name}" SET "{first}" = 1', f'DELETE FROM "{name}"']


def counts(database, statement: str) -> bool:
    """Whether its program writes to the table of the number."""
    (root,) = database.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", [epochs.TABLE]).fetchone()
    program = database.execute(f"EXPLAIN {statement}").fetchall()
    return any(step[1] == "OpenWrite" and step[3] == root for step in program)


@pytest.mark.parametrize("action", range(3), ids=["insert", "update", "delete"])
def test_every_table_is_counted_or_named(database, action) -> None:
    tables = connection.introspection.table_names()
    assert set(tables) > epochs.ASIDE
    found = {name for name in tables if counts(database, statements(database, name)[action])}
    assert found - {epochs.TABLE} == set(tables) - epochs.ASIDE - {epochs.TABLE}


def test_nothing_aside_speaks_of_rights_or_data() -> None:
    """What is kept is made of these applications: the tables that are put aside there are the counters and the journal."""
    aside = {
        model._meta.db_table for model in apps.get_models() if model._meta.app_label in ("access", "catalog", "store")
    }
    assert aside & epochs.ASIDE == {
        "access_journalentry",
        "access_journalhead",
        "catalog_countedfile",
        "catalog_datasetuse",
    }


def test_what_is_used_is_not_changed(database) -> None:
    user = User.objects.create(email="zoe@ville.example")
    key, _text = create_key(viewer=viewer_of(user), owner=user, name="carte")
    mine = ApiKey.objects.filter(pk=key.pk)
    assert not changed(database, lambda: mine.update(last_used_at=now()))
    assert not changed(database, lambda: User.objects.update(last_login=now()))
    assert changed(database, lambda: mine.update(expires_at=now() + timedelta(days=1)))
    assert changed(database, lambda: mine.update(last_used_at=now(), read_only=False))
    assert changed(database, lambda: User.objects.update(is_active=False))
    assert changed(database, mine.delete)


def test_the_journal_is_not_counted(database) -> None:
    assert not changed(database, lambda: JournalHead.objects.filter(pk=2).delete())


def test_migrations_find_no_trigger_and_leave_them_all(database) -> None:
    """A column is removed as a migration does it, which SQLite refuses while a trigger names it."""
    before = epochs.number(database)
    database.execute("ALTER TABLE access_apikey ADD COLUMN colour TEXT")
    assert not epochs.complete(database)
    call_command("migrate", verbosity=0)
    assert epochs.complete(database)
    assert epochs.number(database) > before
    epochs.remove(database)
    with connection.schema_editor() as editor:
        colour = models.TextField(null=True)
        colour.set_attributes_from_name("colour")
        editor.remove_field(ApiKey, colour)
    call_command("migrate", verbosity=0)
    assert epochs.complete(database)


def test_a_table_made_again_is_seen(database) -> None:
    with connection.schema_editor() as editor:
        editor._remake_table(Heartbeat)
    assert epochs.complete(database)
    with connection.schema_editor() as editor:
        editor._remake_table(ApiKey)
    assert not epochs.complete(database)
    call_command("migrate", verbosity=0)
    assert epochs.complete(database)
