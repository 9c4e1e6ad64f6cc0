"""Whatever is done to the journal behind its back is found; what is done to it as it should be is not."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.access.audit import guards, pruning, verifying
from bocage.access.audit.chain import COLUMNS
from bocage.access.audit.services import record
from bocage.access.audit.vocabulary import Kind
from bocage.access.models import JournalEntry, JournalHead
from bocage.access.viewer import Viewer
from bocage.kernel.clock import now

pytestmark = pytest.mark.django_db

MANY = 12
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def journal():
    for rank in range(MANY):
        record(Kind.READ if rank % 2 else Kind.GRANT_GIVEN, viewer=Viewer(rank), subject=f"s{rank}", reason=f"r{rank}")


def unguarded(*statements: tuple[str, list[object]]) -> None:
    """What somebody does who owns the database, and takes its guards away."""
    with connection.cursor() as cursor:
        for name, table in zip(guards.GUARDS, ("entry", "entry", "head", "head"), strict=True):
            on = f" ON access_journal{table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
        for sql, parameters in statements:
            cursor.execute(sql, parameters)


def codes() -> list[str]:
    return [one.code for one in verifying.breaks()]


def restored(entries: list[JournalEntry], head: dict[str, object]) -> None:
    unguarded(("DELETE FROM access_journalentry", []))
    JournalEntry.objects.bulk_create(entries)
    JournalHead.objects.filter(pk=1).update(**head)


def test_a_whole_journal(journal):
    assert codes() == []
    assert guards.missing(connection) == []
    assert verifying.last_hash() == (MANY, JournalHead.objects.get().hash)


def test_an_empty_journal():
    assert codes() == []
    JournalHead.objects.all().delete()
    assert codes() == []


NUMBERS = st.integers(1, MANY)
TAMPERINGS = st.one_of(
    st.tuples(st.just("change"), NUMBERS, st.sampled_from(COLUMNS[1:])),
    st.tuples(st.just("hash"), NUMBERS, st.just("")),
    st.tuples(st.just("remove"), NUMBERS, NUMBERS),
    st.tuples(st.just("swap"), NUMBERS, NUMBERS),
    st.tuples(st.just("insert"), st.integers(-3, MANY + 5).filter(lambda n: not 1 <= n <= MANY), st.just("")),
    st.tuples(st.just("shift"), NUMBERS, st.just("")),
    st.tuples(st.just("double"), NUMBERS, st.just("")),
)


def tamper(how: str, number: int, other: object) -> bool:
    """Whether anything was changed at all."""
    table = "access_journalentry"
    if how == "change":
        old = getattr(JournalEntry.objects.get(number=number), str(other))
        new = (old or 0) + 1 if other in ("person", "key", "rows") else f"{old}x"[-9:]
        unguarded((f'UPDATE {table} SET "{other}" = %s WHERE number = %s', [new, number]))
    elif how == "hash":
        unguarded((f"UPDATE {table} SET hash = %s WHERE number = %s", ["ab" * 32, number]))
    elif how == "remove":
        low, high = sorted((number, int(str(other))))
        unguarded((f"DELETE FROM {table} WHERE number BETWEEN %s AND %s", [low, high]))
    elif how == "swap":
        if number == other:
            return False
        unguarded(*((f"UPDATE {table} SET number = %s WHERE number = %s", [new, old])
                    for old, new in ((number, 999), (other, number), (999, other))))  # fmt: skip
    elif how == "insert":
        one = JournalEntry.objects.get(number=MANY)
        one.number = number
        one.save(force_insert=True)
    elif how == "shift":  # one goes, and those after it close the gap
        unguarded(
            (f"DELETE FROM {table} WHERE number = %s", [number]),
            *((f"UPDATE {table} SET number = %s WHERE number = %s", [n - 1, n]) for n in range(number + 1, MANY + 1)),
        )
    else:  # the same again, in the place of the next
        one, following = JournalEntry.objects.get(number=number), number % MANY + 1
        unguarded((f"DELETE FROM {table} WHERE number = %s", [following]))
        one.number = following
        one.save(force_insert=True)
    return True


@QUICK
@given(tampering=TAMPERINGS)
def test_any_tampering_is_found(journal, tampering):
    entries = list(JournalEntry.objects.order_by("number"))
    head = JournalHead.objects.filter(pk=1).values("number", "hash", "anchor", "anchor_hash").get()
    changed = tamper(*tampering)
    assert bool(codes()) is changed
    restored(entries, head)
    assert codes() == []


def test_the_end_cut_off_with_its_head(journal):
    """What only the head's own guard, or a hash kept elsewhere, can tell: the chain that is left is whole."""
    said = verifying.last_hash()
    last = JournalEntry.objects.get(number=5).hash
    unguarded(
        ("DELETE FROM access_journalentry WHERE number > 5", []),
        ("UPDATE access_journalhead SET number = 5, hash = %s", [last]),
    )
    assert codes() == []
    assert verifying.last_hash() != said
    assert guards.missing(connection)


def test_without_its_head(journal):
    unguarded(("DELETE FROM access_journalhead", []))
    assert codes() == ["audit.headless"]


def test_where_it_breaks(journal):
    unguarded(("DELETE FROM access_journalentry WHERE number IN (4, 5)", []))
    [found] = verifying.breaks()
    assert (found.code, found.number) == ("audit.missing", 4)


def test_no_more_than_a_few_are_told(journal, monkeypatch):
    monkeypatch.setattr(verifying, "MOST_BREAKS", 3)
    unguarded(("UPDATE access_journalentry SET subject = 'x'", []))
    assert len(codes()) == 3


@pytest.mark.parametrize("at_once", [1, 3, MANY, 1000])
def test_by_parts(journal, monkeypatch, at_once):
    monkeypatch.setattr(verifying, "AT_ONCE", at_once)
    monkeypatch.setattr(pruning, "AT_ONCE", at_once)
    assert codes() == []
    unguarded(("UPDATE access_journalentry SET subject = 'x' WHERE number = 7", []))
    assert codes() == ["audit.changed"]


@pytest.mark.parametrize("at_once", [1, 5, 1000])
def test_what_is_too_old_goes_and_the_rest_is_verified(settings, monkeypatch, at_once):
    settings.BOCAGE = settings.BOCAGE.model_copy(update={"journal_days": 100})
    monkeypatch.setattr(pruning, "AT_ONCE", at_once)
    start = now()
    for day in (0, 10, 20, 90, 95):
        with time_machine.travel(start + timedelta(days=day), tick=False):
            record(Kind.GRANT_GIVEN, subject=f"day {day}")
    assert pruning.prune() == 0
    with time_machine.travel(start + timedelta(days=115), tick=False):
        assert pruning.prune() == 2
        assert pruning.prune() == 0
    kept = list(JournalEntry.objects.order_by("number"))
    assert [one.subject for one in kept] == ["day 20", "day 90", "day 95", "2"]
    assert (kept[-1].kind, kept[-1].told["count"]) == ("journal.pruned", 2)
    assert codes() == []
    unguarded(("DELETE FROM access_journalentry WHERE number = 3", []))  # the first that is left
    assert codes() == ["audit.missing"]


def test_everything_may_be_too_old(journal, settings):
    with time_machine.travel(now() + timedelta(days=4000), tick=False):
        assert pruning.prune() == MANY
    record(Kind.GRANT_GIVEN)
    assert [one.number for one in JournalEntry.objects.order_by("number")] == [MANY + 1, MANY + 2]
    assert codes() == []
