"""Run as a program: writers edit one layer without a pause, and are killed with -9 at random instants, others taking their place.

    BOCAGE_DATA_DIR=<empty folder> python -m tests.pipeline.edits.killing --kills 6 --seed 1

Each writer in turn adds a feature of its own, and adds one to a number that all of them change, from the state that it read
(If-Match). What must be true afterwards: every acknowledged feature is there once; the number is that of the additions
acknowledged, and at most one more for each writer killed, which was not told; nothing is left running, no version is without
its run. One process for the start-up, a fork for each life.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from tests.pipeline.forking import fork, in_a_fork

LONGEST_SECONDS = 60
WRITERS = 2


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=6)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    _set_up()
    outcome = _trial(options.kills, random.Random(options.seed))
    print(json.dumps(outcome))
    return 0 if outcome["faults"] == [] else 1


def _set_up() -> None:
    os.environ |= {"DJANGO_SETTINGS_MODULE": "bocage.config.settings"}
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    from bocage.config import logs
    from bocage.pipeline.edits import services  # noqa: F401  imported once, before the forks

    logs.configure("console", level="ERROR")
    call_command("migrate", verbosity=0)
    in_a_fork(_found)
    connection.close()


def _found() -> None:
    from bocage.access.viewer import OPERATOR
    from bocage.catalog.fields import Field
    from bocage.catalog.services import create_dataset
    from bocage.catalog.vocabulary import FieldType
    from bocage.organizations.services import create_organization
    from bocage.pipeline.edits.policies import allow_edits
    from bocage.store.services import publish_version
    from tests.store.making import staged

    organization = create_organization(slug="reze", name="Rezé", kind="commune")
    dataset = create_dataset(
        viewer=OPERATOR, organization=organization, slug="bornes", title="Bornes", primary_key=["id"]
    )
    fields = (Field("id", FieldType.STRING), Field("n", FieldType.INTEGER))
    file = staged(_data() / "staging", "SELECT 'all' AS id, 0::BIGINT AS n", fields)
    publish_version(viewer=OPERATOR, dataset=dataset, staged=file)
    allow_edits(viewer=OPERATOR, dataset=dataset, key=["id"])


def _trial(kills: int, chance: random.Random) -> dict[str, object]:
    """`landed`: kills in the middle of an edit; one at least is wanted."""
    started, landed, lives = time.monotonic(), 0, WRITERS
    writers = {name: fork(lambda name=name: _write(name)) for name in range(WRITERS)}  # type: ignore[misc]
    while (landed < 1 or lives - WRITERS < kills) and time.monotonic() - started < LONGEST_SECONDS:
        oldest = min(writers)
        if not _is_at_work(oldest):
            time.sleep(0.01)
            continue
        time.sleep(chance.uniform(0.0, 0.2))
        os.kill(writers.pop(oldest), signal.SIGKILL)
        _wait_any()
        landed += in_a_fork(_left_a_run)
        writers[lives] = fork(lambda name=lives: _write(name))  # type: ignore[misc]
        lives += 1
    _enough().touch()
    for writer in writers.values():
        os.waitpid(writer, 0)
    code = in_a_fork(lambda: _finish(lives))
    faults = [] if code == 0 else [_faults().read_text("utf-8") if _faults().is_file() else f"exit {code}"]
    return {
        "kills": lives - WRITERS,
        "landed": landed,
        "lives": lives,
        "seconds": round(time.monotonic() - started, 1),
        "faults": faults,
    }


def _is_at_work(name: int) -> bool:
    told = _acknowledged(name)
    return told.is_file() and told.stat().st_size >= 2


# Lives, each in a fork -----------------------------------------------------------------------------------------------


def _write(name: int) -> None:
    """What was acknowledged is written at once: `c` for a feature created, `n` for one added to the number."""
    from bocage.access.viewer import OPERATOR
    from bocage.catalog.models import Dataset
    from bocage.pipeline.edits.changes import Change, Create, Precondition
    from bocage.pipeline.edits.errors import DatasetBusy, StateChanged
    from bocage.pipeline.edits.services import apply
    from bocage.pipeline.edits.sight import features_seen
    from bocage.pipeline.pushes.payload import Number
    from bocage.query.relation import DatasetRelation
    from bocage.store.selectors import current_version

    dataset, shared = Dataset.objects.get(), _shared()
    done = 0
    with _acknowledged(name).open("a", encoding="ascii") as told:
        while not _enough().exists():
            try:
                apply(viewer=OPERATOR, dataset=dataset, edits=[Create({"id": f"{name}-{done}"})], door="test")
                told.write("c")
                told.flush()
                done += 1
                version = current_version(dataset)
                assert version is not None
                [seen] = features_seen(OPERATOR, DatasetRelation(dataset, version), [shared]).values()
                more = Number(int(seen.values["n"]) + 1)
                edit = Change(shared, {"n": more}, condition=Precondition(seen.state.__eq__))
                apply(viewer=OPERATOR, dataset=dataset, edits=[edit], door="test")
                told.write("n")
                told.flush()
            except (StateChanged, DatasetBusy):
                continue


def _shared() -> str:
    """The identifier of the feature that all of them change."""
    from bocage.access.viewer import OPERATOR
    from bocage.catalog.models import Dataset
    from bocage.pipeline.edits.identified import identifiers
    from bocage.pipeline.edits.sight import sight_of
    from bocage.store.selectors import current_version

    dataset = Dataset.objects.get()
    version = current_version(dataset)
    assert version is not None
    return identifiers(sight_of(OPERATOR, dataset, version), [{"id": "all"}])[0]


def _left_a_run() -> int:
    """Was anybody in the middle of an edit? By the exit code."""
    from bocage.pipeline import presence
    from bocage.pipeline.models import Run

    owners = Run.objects.filter(status="running").values_list("lease_owner", flat=True)
    return int(any(presence.is_dead(owner) for owner in owners))


def _finish(lives: int) -> int:
    from bocage.pipeline import claims, services
    from bocage.pipeline.models import Run
    from bocage.store.models import Version

    claims.recover()
    while (run := claims.claim_next()) is not None:  # the worker takes over what the dead left: there is nothing to do
        services.carry_out(run)
    faults = _lost_or_doubled(lives)
    if Run.objects.filter(status__in=("waiting", "running", "failed")).exists():
        faults.append(f"runs left: {list(Run.objects.values_list('status', 'error'))}")
    if Run.objects.filter(status="done").count() != Version.objects.count() - 1:
        faults.append("a version without its run, or a run without its version")
    _faults().write_text("\n".join(faults), encoding="utf-8")
    return int(bool(faults))


def _lost_or_doubled(lives: int) -> list[str]:
    import pyarrow.parquet as pq

    from bocage.catalog.models import Dataset
    from bocage.store.layout import version_path
    from bocage.store.selectors import current_version

    version = current_version(Dataset.objects.get())
    assert version is not None
    rows = pq.read_table(version_path(version)).to_pylist()
    told = {name: _acknowledged(name).read_text("ascii") for name in range(lives) if _acknowledged(name).is_file()}
    faults = []
    for name, done in told.items():
        found = [row["id"] for row in rows if row["id"].startswith(f"{name}-")]
        wanted = [f"{name}-{n}" for n in range(done.count("c"))]
        if found[: len(wanted)] != wanted or len(found) > len(wanted) + 1:
            faults.append(f"{name}: acknowledged {wanted}, published {found}")
    [number] = [row["n"] for row in rows if row["id"] == "all"]
    added = sum(done.count("n") for done in told.values())
    if not added <= number <= added + lives - WRITERS:
        faults.append(f"{added} additions acknowledged, {number} counted")
    if not added:
        faults.append("nobody changed anything")
    return faults


# Forks and files -----------------------------------------------------------------------------------------------------


def _wait_any() -> None:
    os.wait()


def _data() -> Path:
    return Path(os.environ["BOCAGE_DATA_DIR"])


def _acknowledged(name: int) -> Path:
    return _data() / f"acknowledged-{name}"


def _enough() -> Path:
    return _data() / "enough-kills"


def _faults() -> Path:
    return _data() / "faults"


if __name__ == "__main__":
    sys.exit(main())
