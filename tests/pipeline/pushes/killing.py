"""Run as a program: two devices push without a pause while the worker is killed with -9, at random instants, and one device too.

    BOCAGE_DATA_DIR=<empty folder> python -m tests.pipeline.pushes.killing --kills 20 --records 400 --seed 1

The devices push at least so many records each, and go on until that many kills have really landed in the middle of a run.

The dataset has no key, so that a record published twice would be seen. What must be true afterwards: every acknowledged record is
there once, in the order in which its device pushed; nothing else is, but at most the one record that the killed device had sent
and was not told about; the journal is empty. One process for the start-up, a fork for each life.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from tests.pipeline.forking import fork, in_a_fork

LONGEST_SECONDS = 180


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--records", type=int, default=400)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    _set_up()
    outcome = _trial(options.kills, options.records, random.Random(options.seed))
    print(json.dumps(outcome))
    return 0 if outcome["faults"] == [] else 1


def _set_up() -> None:
    os.environ |= {"BOCAGE_PUSH_SECONDS": "0", "DJANGO_SETTINGS_MODULE": "bocage.config.settings"}
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    from bocage.config import logs
    from bocage.pipeline import carrying, worker  # noqa: F401  imported once, before the forks
    from bocage.pipeline.pushes import journal

    journal.SHARE = 0  # type: ignore[assignment]  # publish as often as can be
    logs.configure("console", level="ERROR")
    call_command("migrate", verbosity=0)
    in_a_fork(_found)
    connection.close()


def _found() -> None:
    """A dataset with an address and a first version."""
    from bocage.access.viewer import OPERATOR
    from bocage.catalog.services import create_dataset
    from bocage.organizations.services import create_organization
    from bocage.pipeline.pushes.accepting import accept
    from bocage.pipeline.pushes.addresses import open_address
    from bocage.pipeline.pushes.keys import new_key, opened_by

    organization = create_organization(slug="reze", name="Rezé", kind="commune")
    dataset = create_dataset(viewer=OPERATOR, organization=organization, slug="niveaux", title="Niveaux")
    secret = new_key(viewer=OPERATOR, address=open_address(viewer=OPERATOR, dataset=dataset, name="realtime"))
    _secret().write_text(secret, encoding="ascii")
    accept(opened_by(secret, dataset="niveaux", name="realtime"), b'{"device": "zero", "n": 0}', "p")
    _publish_once()


def _trial(kills: int, records: int, chance: random.Random) -> dict[str, object]:
    devices = {name: fork(lambda name=name: _push(name, records)) for name in ("one", "two")}  # type: ignore[misc]
    started, landed, lives = time.monotonic(), 0, 0
    to_kill: str | None = "two"
    while time.monotonic() - started < LONGEST_SECONDS and landed < kills:
        worker = fork(_work)
        lives += 1
        time.sleep(chance.uniform(0.02, 0.8))
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)
        landed += in_a_fork(_left_a_run) == 1
        if to_kill and landed >= kills // 2:
            os.kill(devices[to_kill], signal.SIGKILL)
            to_kill = None
    _enough().touch()
    for device in devices.values():
        _wait(device)
    code = in_a_fork(_finish)
    faults = [] if code == 0 else [_faults().read_text("utf-8") if _faults().is_file() else f"exit {code}"]
    return {"kills": landed, "lives": lives, "seconds": round(time.monotonic() - started, 1), "faults": faults}


# Lives, each in a fork -----------------------------------------------------------------------------------------------


def _push(name: str, records: int) -> None:
    """A device: each record of its own, acknowledged before the next; what was acknowledged is written at once."""
    from bocage.pipeline.pushes.accepting import accept
    from bocage.pipeline.pushes.keys import opened_by

    key = opened_by(_secret().read_text("ascii"), dataset="niveaux", name="realtime")
    with _acknowledged(name).open("a", encoding="ascii") as told:
        for n in itertools.count():
            if n >= records and _enough().exists():
                break
            accept(key, json.dumps({"device": name, "n": n}).encode(), "p")
            told.write(f"{n}\n")
            told.flush()
            time.sleep(0.005)


def _work() -> None:
    while True:
        _publish_once()
        time.sleep(0.005)


def _publish_once() -> None:
    """What the threads of the worker do in turn."""
    import threading

    from bocage.pipeline import claims, services
    from bocage.pipeline.pushes.due import create_due_push_runs
    from bocage.pipeline.pushes.retention import thin

    claims.recover()
    create_due_push_runs()
    run = claims.claim_next()
    if run is not None:
        thin(services.carry_out(run, stopping=threading.Event()).dataset)


def _left_a_run() -> int:
    """Did the worker die in the middle of a run? By the exit code."""
    from bocage.pipeline.models import Run

    return int(Run.objects.filter(status="running").exists())


def _finish() -> int:
    """Publish what is left, then look at everything."""
    from bocage.pipeline.models import Push, PushQueue

    PushQueue.objects.filter(pushes__gt=0).update(due_at="2000-01-01T00:00:00Z")
    limit = time.monotonic() + 60
    while Push.objects.exists() and time.monotonic() < limit:
        _publish_once()
    faults = [*_lost_or_doubled(), *([f"{Push.objects.count()} left in the journal"] if Push.objects.exists() else [])]
    _faults().write_text("\n".join(faults), encoding="utf-8")
    return int(bool(faults))


def _lost_or_doubled() -> list[str]:
    import pyarrow.parquet as pq

    from bocage.catalog.models import Dataset
    from bocage.store.layout import version_path
    from bocage.store.selectors import current_version

    version = current_version(Dataset.objects.get())
    assert version is not None
    rows = pq.read_table(version_path(version)).to_pylist()
    faults = []
    for name in ("one", "two"):
        found = [row["n"] for row in rows if row["device"] == name]
        told = [int(line) for line in _acknowledged(name).read_text("ascii").split()]
        if found[: len(told)] != told or len(found) > len(told) + (name == "two"):
            faults.append(f"{name}: acknowledged {told}, published {found}")
    return faults


# Forks and files -----------------------------------------------------------------------------------------------------


def _wait(child: int) -> None:
    try:
        os.waitpid(child, 0)
    except ChildProcessError:
        pass


def _data() -> Path:
    return Path(os.environ["BOCAGE_DATA_DIR"])


def _secret() -> Path:
    return _data() / "push-key"


def _acknowledged(name: str) -> Path:
    return _data() / f"acknowledged-{name}"


def _enough() -> Path:
    return _data() / "enough-kills"


def _faults() -> Path:
    return _data() / "faults"


if __name__ == "__main__":
    sys.exit(main())
