"""What is kept is what the database would say now: whoever wrote to it, in whichever process, and as time passes."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from itertools import count

import pytest
from django.db import connection, transaction

from bocage.kernel import unchanged
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
    unchanged._memory.kept.clear()
    return lambda key="a": while_unchanged(key, lambda: next(numbers))


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


def test_nothing_is_kept_from_another_connection(asked) -> None:
    """The numbers of one mean nothing on the next, which may say the same."""
    assert asked() == 0
    unchanged._memory.database = object()
    assert asked() == 1


def test_rights_that_begin_at_an_hour_do(asked, monkeypatch) -> None:
    assert asked() == 0
    later = now() + timedelta(seconds=1)
    monkeypatch.setattr(unchanged, "now", lambda: later)
    assert asked() == 1


def test_it_is_bounded(asked) -> None:
    for key in range(unchanged.MOST + 10):
        asked(key)
    assert len(unchanged._memory.kept) == unchanged.MOST


def test_a_fault_is_not_kept(asked) -> None:
    def fail() -> int:
        raise LookupError

    for _again in range(2):
        with pytest.raises(LookupError):
            while_unchanged("fault", fail)
