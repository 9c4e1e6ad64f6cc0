"""The database as one file, consistent, while people work: `VACUUM INTO` for SQLite, `pg_dump` for PostgreSQL."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections, transaction
from django.utils.translation import gettext_lazy as _

from bocage.kernel.errors import TerminalError
from bocage.store.files import flush
from bocage.store.layout import attachments_directory, version_path, versions_directory


class ToolFailed(TerminalError):
    code = "backup.tool-failed"
    message = _("“%(tool)s” failed: %(reason)s")
    mend = _("Install the client programs of PostgreSQL, of the same version as the server.")


class OtherEngine(TerminalError):
    code = "backup.other-engine"
    message = _("This backup is of a %(theirs)s database, and BOCAGE_DATABASE_URL gives a %(ours)s database.")
    mend = _("Set BOCAGE_DATABASE_URL to a database of the same kind, then restore.")


def engine() -> str:
    return connection.vendor


def save(folder: Path, stamp: str) -> Path:
    """A new file of `folder` that holds the whole database as it is at this instant."""
    target = folder / (f"database-{stamp}.sqlite3" if engine() == "sqlite" else f"database-{stamp}.dump")
    os.close(
        os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    )  # never readable by others, even for an instant
    if engine() == "sqlite":
        with closing(sqlite3.connect(_sqlite_file())) as database:
            database.execute("VACUUM INTO ?", [str(target)])
    else:
        _run_tool("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")
    flush(target)
    return target


def load(source: Path) -> None:
    """Make `source` the database. What was there is empty: see `has_tables`."""
    connections.close_all()
    if engine() == "sqlite":
        partial = _sqlite_file().with_suffix(".restoring")
        shutil.copyfile(source, partial)
        partial.chmod(0o600)
        flush(partial)
        partial.replace(_sqlite_file())
        flush(_sqlite_file().parent)
    else:
        name = settings.DATABASES["default"]["NAME"]
        _run_tool(
            "pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", f"--dbname={name}", str(source)
        )


def versions_in(copy: Path) -> list[tuple[str, str, int]]:
    """(path below the data folder, sha256, size in bytes) of every version that the copy names.

    Read from the copy itself when it is SQLite; for PostgreSQL from the database, just after: a version published meanwhile is
    saved too, and does no harm.
    """
    if engine() == "sqlite":
        query = """SELECT d.uid, v.number, v.uid, v.sha256, v.size_bytes
                   FROM store_version v JOIN catalog_dataset d ON d.id = v.dataset_id ORDER BY v.id"""
        with closing(sqlite3.connect(f"file:{copy}?mode=ro&immutable=1", uri=True)) as database:
            rows = database.execute(query).fetchall()
        base = versions_directory().relative_to(settings.DATA_DIR)
        return [
            (f"{base}/{dataset}/{number}-{uid}.parquet", sha256, size) for dataset, number, uid, sha256, size in rows
        ]
    from bocage.store.models import Version

    versions = Version.objects.select_related("dataset").order_by("pk")
    return [(str(version_path(v).relative_to(settings.DATA_DIR)), v.sha256, v.size_bytes) for v in versions]


def aside_in(copy: Path) -> list[str]:
    """Path below the data folder of every file of rows kept aside that the copy names; read as `versions_in` reads."""
    if engine() == "sqlite":
        with closing(sqlite3.connect(f"file:{copy}?mode=ro&immutable=1", uri=True)) as database:
            return [path for (path,) in database.execute("SELECT file FROM check_quarantine ORDER BY id")]
    from bocage.check.models import Quarantine

    return list(Quarantine.objects.order_by("pk").values_list("file", flat=True))


def documents_in(copy: Path) -> list[str]:
    """Path below the data folder of every document that the copy names, once; read as `versions_in` reads."""
    base = attachments_directory().relative_to(settings.DATA_DIR)
    if engine() == "sqlite":
        query = "SELECT DISTINCT sha256 FROM store_attachment ORDER BY sha256"
        with closing(sqlite3.connect(f"file:{copy}?mode=ro&immutable=1", uri=True)) as database:
            return [f"{base}/{sha256}" for (sha256,) in database.execute(query)]
    from bocage.store.models import Attachment

    named = Attachment.objects.order_by("sha256").values_list("sha256", flat=True).distinct()
    return [f"{base}/{sha256}" for sha256 in named]


def has_tables() -> bool:
    if engine() == "sqlite":
        return _sqlite_file().exists()
    with transaction.atomic():
        return bool(connection.introspection.table_names())


def refuse_other_engine(theirs: str) -> None:
    if theirs != engine():
        raise OtherEngine(theirs=theirs, ours=engine())


def _sqlite_file() -> Path:
    return Path(connection.settings_dict["NAME"])


def _run_tool(tool: str, *arguments: str) -> None:
    """Run a client program of PostgreSQL. The password goes by the environment: arguments are seen by other programs."""
    database: dict[str, Any] = settings.DATABASES["default"]
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    given = {variable: str(database[key]) for variable, key in names.items() if database.get(key)}
    try:
        done = subprocess.run(  # noqa: S603  our own arguments
            [tool, *arguments], env=os.environ | given, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise ToolFailed(tool=tool, reason=_("this program is not installed")) from None
    if done.returncode:
        raise ToolFailed(tool=tool, reason=done.stderr.strip()[-300:])
