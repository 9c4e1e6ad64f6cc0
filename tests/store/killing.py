"""Run as a program: publish without end, be killed at a random instant, look at what is left; again and again.

`python -m tests.store.killing <iterations>` with BOCAGE_DATA_DIR set to an empty folder. One process for all the start-up, a
fork for each life. Exits with 1, and says what it found, at the first dataset that is not whole.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 200


def main(iterations: int) -> int:
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    from bocage.store import integrity, process, services  # noqa: F401  imported once, before the forks

    call_command("migrate", verbosity=0)
    _prepare()
    process.current()
    process.close()  # the signature of the extension is checked once, here
    connection.close()
    chance = random.Random(iterations)
    killed = 0
    for _ in range(iterations):
        alive, alive_in = os.pipe()
        victim = os.fork()
        if victim == 0:
            _publish_without_end(alive_in)
        os.close(alive_in)
        os.read(alive, 1)  # its first version is there
        os.close(alive)
        time.sleep(chance.uniform(0, 0.06))
        os.kill(victim, signal.SIGKILL)
        status = os.waitpid(victim, 0)[1]
        killed += os.WIFSIGNALED(status)
        checker = os.fork()
        if checker == 0:
            _exit_after(_check)
        if os.waitstatus_to_exitcode(os.waitpid(checker, 0)[1]):
            return 1
    _report(killed)
    return 0


def _prepare() -> None:
    from bocage.catalog.models import Dataset
    from bocage.organizations.services import create_organization
    from bocage.organizations.vocabulary import OrganizationKind

    organization = create_organization(slug="o", name="O", kind=OrganizationKind.COMMUNE)
    for number in range(3):
        Dataset.objects.create(slug=f"d{number}", title=f"D{number}", organization=organization)


def _publish_without_end(alive: int) -> None:
    from bocage.access.viewer import OPERATOR
    from bocage.catalog.fields import Field
    from bocage.catalog.models import Dataset
    from bocage.catalog.vocabulary import FieldType
    from bocage.store.layout import staging_directory
    from bocage.store.services import publish_version
    from bocage.store.staged import StagedFile

    folder = staging_directory() / f"victim-{os.getpid()}"
    folder.mkdir(parents=True)
    datasets = list(Dataset.objects.all())
    for turn in range(10**9):
        path = folder / f"{turn}.parquet"
        rows = ROWS + turn
        pq.write_table(pa.table({"id": [f"{turn}-{row}" for row in range(rows)]}), path)
        staged = StagedFile(path, rows, (Field("id", FieldType.STRING),))
        publish_version(viewer=OPERATOR, dataset=datasets[turn % 3], staged=staged)
        if turn == 0:
            os.write(alive, b"x")


def _exit_after(check: object) -> None:
    code = 2
    try:
        code = check()  # type: ignore[operator]
    finally:
        os._exit(code)


def _check() -> int:
    """Before any repair: only leftovers, and every pointer on a whole version. After: nothing at all."""
    from bocage.catalog.models import Dataset
    from bocage.store.integrity import doctor, verify_version
    from bocage.store.selectors import current_version

    now = timedelta(0)
    faults = [
        each for each in doctor(grace=now, staging_grace=now) if each.code not in ("file.orphan", "staging.leftover")
    ]
    for dataset in Dataset.objects.all():
        version = current_version(dataset)
        if version is not None:
            faults += verify_version(version)
        if dataset.version_number != (version.number if version else None):
            faults.append(f"{dataset}: facts of another version")
        numbers = sorted(dataset.versions.values_list("number", flat=True))
        if numbers != list(range(1, len(numbers) + 1)) or (numbers and version and version.number != numbers[-1]):
            faults.append(f"{dataset}: versions {numbers}, pointer at {version}")
    doctor(True, grace=now, staging_grace=now)
    faults += doctor(grace=now, staging_grace=now)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


def _report(killed: int) -> None:
    from bocage.store.layout import versions_directory
    from bocage.store.models import Version

    files = sum(path.is_file() for path in Path(versions_directory()).rglob("*"))
    print(f"killed={killed} versions={Version.objects.count()} files={files}")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bocage.config.settings")
    sys.exit(main(int(sys.argv[1])))
