"""What every test may ask for. The data folder comes from tests/environment.py."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase, override_settings

from bocage.store import process

_current = process.current

LONGEST = ("browser", "security/test_rights_matrix.py")
"""Below this folder: what takes minutes."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes begins, whatever the order of the rest: begun last, one process would work while the others have
    nothing left to take. The journeys are together, so that they are those of one site and one browser."""
    folder = Path(__file__).parent
    places = [folder / name for name in LONGEST]
    items.sort(
        key=lambda item: next((n for n, place in enumerate(places) if item.path.is_relative_to(place)), len(places))
    )


@pytest.fixture(autouse=True, scope="session")
def engine_of_the_present_folder():
    """An engine reads below the data folder on which it was opened. A test that has a folder of its own may leave one open
    there, for the tests after it in the same process: those that look at another folder begin with an engine of that one."""

    def current() -> process.Engine:
        opened = process._process.engine
        if opened is not None and not Path(opened.spill.path).is_relative_to(settings.DATA_DIR):
            process.close()
        return _current()

    process.current = current
    yield
    process.current = _current


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, tmp_path_factory) -> Path:
    """The database of the tests, when one of them asks for it; the file keeps what the migrations made, before any test."""
    kept = tmp_path_factory.mktemp("migrated") / "bocage.sqlite3"
    if connection.is_in_memory_db():
        with django_db_blocker.unblock(), closing(sqlite3.connect(kept)) as file:
            connection.ensure_connection()
            connection.connection.backup(file)
    return kept


@pytest.fixture(scope="session")
def migrated_database(django_db_setup: Path) -> Path:
    """A database as the migrations leave it."""
    if not django_db_setup.exists():
        environment = os.environ | {"BOCAGE_DATA_DIR": str(django_db_setup.parent)}
        command = [sys.executable, "-m", "bocage.config.command_line", "manage", "migrate", "--verbosity", "0"]
        subprocess.run(command, env=environment, check=True)
    return django_db_setup


@pytest.fixture(scope="session")
def migrated(migrated_database: Path) -> Callable[[Path], Path]:
    """`migrated(folder)`: a data folder for processes of their own, after the migrations: they take seconds, a copy does not.
    `migrate` finds nothing to do there; tests/config/test_starting runs it on nothing at all."""

    def copied(folder: Path) -> Path:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(migrated_database, folder / "bocage.sqlite3")
        return folder

    return copied


@pytest.fixture(autouse=True, scope="session")
def journal_emptied_with_the_tables():
    """The database keeps the journal, whoever wants to empty it: tests that empty every table move its anchor first."""
    emptied = TransactionTestCase._fixture_teardown

    def teardown(case: TransactionTestCase) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE access_journalhead SET anchor = number, anchor_hash = hash WHERE anchor < number")
        emptied(case)

    TransactionTestCase._fixture_teardown = teardown
    yield
    TransactionTestCase._fixture_teardown = emptied


@pytest.fixture(autouse=True, scope="session")
def quick_passwords():
    """What makes a password slow to guess is of no use here."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


SHARED = Path(os.environ.get("BOCAGE_TEST_SHARED_DATA", Path(__file__).parent.parent.parent / "shared" / "data"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real files; skips, and says so, where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("real files absent: set BOCAGE_TEST_SHARED_DATA to the folder that holds them")
    return SHARED
