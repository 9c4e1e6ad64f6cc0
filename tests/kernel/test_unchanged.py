"""What is kept is what the database would say now: whoever wrote to it, in whichever process, and as time passes."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count

import pytest
from django.db import connection, connections, transaction

from bocage.access.audit.vocabulary import Kind
from bocage.access.audit.writing import Happening, append
from bocage.kernel import epochs, unchanged
from bocage.kernel.clock import now
from bocage.kernel.unchanged import while_unchanged
from bocage.organizations.models import Organization
from bocage.organizations.services import create_organization
from bocage.organizations.vocabulary import OrganizationKind

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "sqlite", reason="nothing is kept of a database that does not say when it changes"
    ),
]


@pytest.fixture
def asked():
    """What `make` gives is new each time that it is called."""
    numbers = count()
    unchanged.forget()
    return lambda key="a", until=None: while_unchanged(key, lambda: next(numbers), lambda _made, _moment: until)


def test_kept_while_nothing_is_written(asked) -> None:
    assert [asked(), asked(), asked("b"), asked()] == [0, 0, 1, 0]


def test_our_own_writing_is_seen(asked) -> None:
    assert asked() == 0
    create_organization(slug="ville", name="Ville", kind=OrganizationKind.EPCI)
    assert asked() == 1
    Organization.objects.update(name="Autre")
    assert asked() == 2


def test_the_writing_of_another_connection_is_seen(asked) -> None:
    create_organization(slug="ville", name="Ville", kind=OrganizationKind.EPCI)
    assert asked() == 0
    name = connection.settings_dict["NAME"]
    other = sqlite3.connect(name, uri=str(name).startswith("file:"))
    try:
        other.execute("UPDATE organizations_organization SET name = 'Autre'")
        other.commit()
    finally:
        other.close()
    assert asked() == 1


def test_nothing_of_a_transaction_is_kept(asked) -> None:
    """It may be taken back, and leave no trace of it."""
    with transaction.atomic():
        assert [asked(), asked()] == [0, 1]
    assert [asked(), asked()] == [2, 2]


def test_another_connection_finds_what_was_kept(asked) -> None:
    """Connections are made again every minute. The number of changes is in the database, not in the connection."""
    assert asked() == 0
    connection.close()
    assert asked() == 0
    Organization.objects.update(name="Autre")
    connection.close()
    create_organization(slug="ville", name="Ville", kind=OrganizationKind.EPCI)
    connection.close()
    assert asked() == 1


def test_what_is_written_while_others_read_changes_nothing(asked) -> None:
    assert asked() == 0
    append([Happening(Kind.READ, dataset="d")], reading=True)
    assert asked() == 0
    in_another_thread(lambda: append([Happening(Kind.READ, dataset="d")], reading=True))
    assert asked() == 0


def test_a_change_among_readings_is_seen(asked) -> None:
    assert asked() == 0
    append([Happening(Kind.READ, dataset="d")], reading=True)
    with transaction.atomic():
        create_organization(slug="ville", name="Ville", kind=OrganizationKind.EPCI)
        append([Happening(Kind.READ, dataset="d")])
    assert asked() == 1


def test_of_a_database_of_which_changes_are_not_counted_nothing_outlives_a_writing(asked, uncounted) -> None:
    uncounted("epoch_of_access_grant_insert")
    assert [asked(), asked()] == [0, 0]
    append([Happening(Kind.READ, dataset="d")], reading=True)
    assert asked() == 1


def test_the_first_change_that_is_not_counted_is_seen(asked, uncounted) -> None:
    create_organization(slug="ville", name="Ville", kind=OrganizationKind.EPCI)
    assert asked() == 0
    in_another_thread(lambda: uncounted("epoch_of_organizations_organization_update"))
    in_another_thread(lambda: Organization.objects.update(name="Autre"))
    assert asked() == 1


@pytest.fixture
def uncounted():
    """Takes one of the triggers away."""

    def take(name: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER {name}")

    yield take
    connection.ensure_connection()
    epochs.install(connection.connection)


@pytest.fixture
def clock(monkeypatch):
    """Stopped; `clock(moment)` sets it."""
    return lambda moment: monkeypatch.setattr(unchanged, "now", lambda: moment)


INSTANT = timedelta(microseconds=1)


def test_kept_until_the_instant_that_was_said_and_no_longer(asked, clock) -> None:
    start = now()
    end = start + timedelta(hours=5)
    clock(start)
    assert asked(until=end) == 0
    clock(end - INSTANT)
    assert asked(until=end) == 0
    clock(end)
    assert asked() == 1


def test_kept_for_days_when_no_instant_was_said(asked, clock) -> None:
    assert asked() == 0
    clock(now() + timedelta(days=300))
    assert asked() == 0


def test_a_clock_that_is_set_back_says_nothing_of_what_was_kept(asked, clock) -> None:
    start = now()
    clock(start)
    assert asked() == 0
    clock(start - INSTANT)
    assert asked() == 1


def test_what_begins_while_it_is_made_is_not_missed(clock) -> None:
    """`until` is asked of an instant before anything was read."""
    start = now()
    clock(start)
    told = []

    def make() -> None:
        clock(start + timedelta(seconds=3))

    unchanged.forget()
    while_unchanged("slow", make, lambda _made, moment: told.append(moment))
    assert told == [start]


def test_it_is_bounded(asked) -> None:
    for key in range(unchanged.MOST + 10):
        asked(key)
    assert len(unchanged.while_unchanged) == unchanged.MOST


def in_another_thread(act):
    """With a connection of its own, as another thread of the server."""
    found = []

    def run() -> None:
        try:
            found.append(act())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return found[0]


def test_threads_share_what_one_of_them_read(asked) -> None:
    """Each forgets everything when it looks for the first time."""
    asked()
    look = threading.Barrier(2)
    seen = []

    def other() -> None:
        try:
            asked("b")
            look.wait(10)  # has looked; the first reads
            look.wait(10)
            seen.append(asked("a"))
        finally:
            connection.close()

    thread = threading.Thread(target=other)
    thread.start()
    look.wait(10)
    mine = asked("a")
    look.wait(10)
    thread.join()
    assert seen == [mine]


def test_what_another_thread_writes_is_seen(asked) -> None:
    assert asked() == 0
    in_another_thread(lambda: create_organization(slug="ville", name="Ville", kind=OrganizationKind.EPCI))
    assert asked() == 1


def test_what_was_read_before_another_thread_wrote_is_given_to_nobody(asked) -> None:
    """The slow one holds what was. The other looked after it wrote, and its connection has nothing more to say."""
    create_organization(slug="ville", name="Ville", kind=OrganizationKind.EPCI)

    def name() -> str:
        return while_unchanged("name", lambda: Organization.objects.get().name, lambda _made, _moment: None)

    with ThreadPoolExecutor(1) as other:

        def read() -> str:
            found = Organization.objects.get().name
            other.submit(lambda: (Organization.objects.update(name="Autre"), asked("other"))).result()
            return found

        try:
            assert while_unchanged("name", read, lambda _made, _moment: None) == "Ville"
            assert other.submit(name).result() == "Autre"
        finally:
            other.submit(connections.close_all).result()


def test_a_fault_is_not_kept(asked) -> None:
    def fail() -> int:
        raise LookupError

    for _again in range(2):
        with pytest.raises(LookupError):
            while_unchanged("fault", fail, lambda _made, _moment: None)
