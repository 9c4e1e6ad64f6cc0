"""`bocage doctor` says where the journal breaks, what that means, and how it ends."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import translation

from bocage.access.audit.services import record
from bocage.access.audit.vocabulary import Kind
from bocage.config.doctoring import _journal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def test_a_whole_journal_is_not_remarked():
    record(Kind.GRANT_GIVEN)
    assert list(_journal()) == []


def test_a_journal_that_was_altered():
    for _rank in range(3):
        record(Kind.GRANT_GIVEN)
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER journal_entry_unchanged")
        cursor.execute("UPDATE access_journalentry SET person = 1 WHERE number = 2")
    found = list(_journal())
    assert [(one.code, one.severity) for one in found] == [
        ("audit.changed", "error"), ("audit.meaning", "error"), ("audit.unguarded", "warning"),
    ]  # fmt: skip
    assert "Entry 2 of the journal" in found[0].message
    assert "bocage upgrade" in found[2].message
