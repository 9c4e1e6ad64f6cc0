"""Entries follow one another in one chain, whoever writes them, and stay as they were written."""

from __future__ import annotations

import json

import pytest
from django.db import DatabaseError, connection, transaction

from bocage.access.audit.chain import COLUMNS, GENESIS, sealed
from bocage.access.audit.services import record
from bocage.access.audit.vocabulary import Kind
from bocage.access.models import JournalEntry, JournalHead
from bocage.access.viewer import Viewer


def chain_of(entries) -> str:
    """The hash of the last, by the definition."""
    last = GENESIS
    for entry in entries:
        last = sealed(last, [getattr(entry, name) for name in COLUMNS])
        assert entry.hash == last, entry.number
    return last


def by_number() -> list[JournalEntry]:
    return list(JournalEntry.objects.order_by("number"))


@pytest.mark.django_db
def test_each_is_sealed_with_the_one_before():
    for rank in range(5):
        record(Kind.GRANT_GIVEN, viewer=Viewer(7), organization="ici", dataset="da_1", subject=rank, reason="Étude")
    entries = by_number()
    assert [entry.number for entry in entries] == [1, 2, 3, 4, 5]
    head = JournalHead.objects.get()
    assert (head.number, head.hash, head.anchor) == (5, chain_of(entries), 0)
    assert {entry.person for entry in entries} == {7}
    assert entries[0].told == {"reason": "Étude"}


@pytest.mark.django_db
def test_words_that_no_database_keeps():
    record(Kind.GRANT_GIVEN, reason="a\x00b\ud800", names=["\x00", "\udfff"] * 900, subject="s" * 999)
    [entry] = by_number()
    assert entry.told["reason"] == "ab?"
    assert len(entry.told["names"]) == 500
    assert len(entry.subject) == 200
    chain_of([entry])


@pytest.mark.django_db
def test_what_is_undone_is_not_told():
    with transaction.atomic():
        record(Kind.GRANT_GIVEN)
        transaction.set_rollback(True)
    record(Kind.GRANT_ENDED)
    assert [(entry.number, entry.kind) for entry in by_number()] == [(1, "grant.ended")]


ATTEMPTS = {
    "change": "UPDATE access_journalentry SET person = 8 WHERE number = 1",
    "remove": "DELETE FROM access_journalentry WHERE number = 2",
    "empty": "DELETE FROM access_journalentry",
    "behind": "UPDATE access_journalhead SET number = 1",
    "rewrite": "UPDATE access_journalhead SET hash = ''",
    "lose": "DELETE FROM access_journalhead",
    "beyond": "UPDATE access_journalhead SET anchor = 99",
}


@pytest.mark.django_db
@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_the_database_refuses(attempt):
    for _rank in range(3):
        record(Kind.GRANT_GIVEN, viewer=Viewer(7))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ATTEMPTS[attempt])
    assert chain_of(by_number()) == JournalHead.objects.get().hash


def test_the_definition_of_a_hash():
    """Pinned: a chain written today is verified by the software of tomorrow."""
    values = [
        1,
        "2026-11-22T09:00:00.000000Z",
        "read",
        7,
        None,
        "api",
        "",
        "ici",
        "da_1",
        "v_1",
        "all",
        3,
        "",
        "",
        "",
        "{}",
    ]
    text = GENESIS + json.dumps(values, separators=(",", ":"))
    assert text.endswith(
        '[1,"2026-11-22T09:00:00.000000Z","read",7,null,"api","","ici","da_1","v_1","all",3,"","","","{}"]'
    )
    assert sealed(GENESIS, values) == "43daf65496d6efc590c6ef15fa9452195eff390ba5fd411f1f3ebbb6c5f4240e"
