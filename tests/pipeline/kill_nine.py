"""Kill the worker with -9, at random instants, while it publishes; then count.

    python -m tests.pipeline.kill_nine --publications 50 --seed 1

Each dataset has a first version, and a second file of other rows is dropped; every other dataset follows a schema, which one
row of its file out of a hundred does not: these are kept aside. The worker is killed and started again until every
run is over; while too few kills have landed in the middle of a run, more files are dropped. What must be true afterwards: one
more version for each run, whole, with the rows of its file; the published version is the new one; nothing is left behind;
`bocage doctor` finds nothing wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from bocage.pipeline.models import Run

ROWS = (2_000, 30_000)
FIRST_ROWS = 5
FIRST_DELAY = 0.7
"""Seconds, at most, between the claim of a run and the first kill."""
SHORTER, LONGER = 0.6, 1.2
"""What becomes of the span of the delays when the run was over before the kill, and when it was not: whatever the machine, the
span comes to be about as long as a run, so that every instant of it is hit."""

MOST_DEATHS = 4
"""No run is killed more often: after `rules.DEATHS`, a run is held to be what kills its worker, and rightly given up."""

LONGEST_SECONDS = 900


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--publications", type=int, default=50)
    parser.add_argument("--kills", type=int, help="that land during a run (default: one for each publication)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--database", type=Path, help="a database after the migrations, to begin with a copy of it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kill-nine-") as folder:
        _prepare(Path(folder) / "data", options.database)
        outcome = _trial(options, random.Random(options.seed))
    if options.json:
        print(json.dumps(outcome))
    else:
        _print_table(outcome)
    return 0 if outcome["faults"] == [] else 1


def _prepare(folder: Path, database: Path | None) -> None:
    """The settings of this process and of the workers it starts: a data folder of its own."""
    folder.mkdir(mode=0o700)
    if database:
        shutil.copyfile(database, folder / "bocage.sqlite3")
    for name in [name for name in os.environ if name.startswith("BOCAGE_")]:
        del os.environ[name]
    os.environ |= {"BOCAGE_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "bocage.config.settings"}
    import django
    from django.core.management import call_command

    django.setup()
    from bocage.config import logs

    logs.configure("console", level="ERROR")
    call_command("migrate", verbosity=0)


def _trial(options: argparse.Namespace, chance: random.Random) -> dict[str, Any]:
    wanted = options.publications if options.kills is None else options.kills
    executioner, expected = Executioner(wanted, options.threads, chance), dict[str, int]()
    _create_organization()
    count = options.publications
    while count:
        expected |= _drop_files(range(len(expected), len(expected) + count), chance)
        executioner.carry_out_everything()
        count = wanted - executioner.landed if executioner.has_time else 0
    table, faults = _verify(expected)
    if executioner.landed < wanted or _live_runs():
        faults.append(f"{executioner.landed} kills of {wanted} in {LONGEST_SECONDS} s")
    seconds = round(executioner.seconds, 1)
    return {"kills": executioner.landed, "seconds": seconds, "table": table, "faults": faults + _examine()}


class Executioner:
    """Kills the worker and starts it again. `landed`: kills that left a run unfinished; the others prove less."""

    def __init__(self, wanted: int, threads: int, chance: random.Random) -> None:
        self.wanted, self.threads, self.chance = wanted, threads, chance
        self.landed, self.span, self.started = 0, FIRST_DELAY, time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    @property
    def has_time(self) -> bool:
        return self.seconds < LONGEST_SECONDS

    def carry_out_everything(self) -> None:
        """Until no run is left. The worker is then stopped."""
        worker = _start_worker(self.threads)
        while _live_runs() and self.has_time:
            if self.landed < self.wanted and _wait_for_work(worker):
                self._kill(worker)
                worker = _start_worker(self.threads)
            else:
                time.sleep(0.1)
        worker.terminate()
        worker.wait()

    def _kill(self, worker: subprocess.Popen[bytes]) -> None:
        time.sleep(self.chance.uniform(0, self.span))
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        landed = _held_by(worker).exists()
        self.landed += landed
        self.span *= LONGER if landed else SHORTER


def _create_organization() -> None:
    from bocage.organizations.services import create_organization
    from bocage.organizations.vocabulary import OrganizationKind

    create_organization(slug="reze", name="Rezé", kind=OrganizationKind.COMMUNE)


def _drop_files(numbers: range, chance: random.Random) -> dict[str, int]:
    """Publish a first version of each dataset, drop a second file; the rows of the latter by run. No worker is there."""
    from bocage.access.viewer import OPERATOR
    from bocage.catalog.services import create_dataset
    from bocage.organizations.models import Organization
    from bocage.pipeline import claims
    from bocage.pipeline.services import carry_out, request_publication

    organization = Organization.objects.get(slug="reze")
    expected = {}
    for n in numbers:
        dataset = create_dataset(viewer=OPERATOR, organization=organization, slug=f"d{n}", title=f"D{n}")
        first = request_publication(viewer=OPERATOR, dataset=dataset, file=_csv(FIRST_ROWS, n), filename="a.csv")
        assert claims.claim(first)
        assert carry_out(first).status == "done", first.error
        if n % 2:
            _follow_schema(dataset)
        rows = chance.randint(*ROWS)
        run = request_publication(viewer=OPERATOR, dataset=dataset, file=_csv(rows, n + 1), filename="a.csv")
        expected[run.uid] = rows - (_aside(rows) if n % 2 else 0)
    return expected


def _aside(rows: int) -> int:
    return -(-rows // 100)


def _follow_schema(dataset) -> None:
    """Numbers that are multiples of a hundred are refused, and kept aside."""
    from bocage.access.viewer import OPERATOR
    from bocage.check.conformities import follow
    from bocage.check.models import Schema, SchemaVersion

    schema, _created = Schema.objects.get_or_create(name="local/numeros", kind="local", title="Numéros")
    fields = [
        {"name": "numero", "type": "string", "constraints": {"pattern": "^([1-9]|[0-9]*([1-9][0-9]|0[1-9]))$"}},
        {"name": "nom", "type": "string"},
        {"name": "valeur", "type": "number", "decimalChar": ","},
    ]
    version, _created = SchemaVersion.objects.get_or_create(schema=schema, number="1", descriptor={"fields": fields})
    follow(viewer=OPERATOR, dataset=dataset, version=version, policy="quarantine")


def _csv(rows: int, salt: int) -> Path:
    from django.conf import settings

    path = settings.DATA_DIR / "drop.csv"
    lines = (f"{i};école {i + salt};{i * salt % 97},5\n" for i in range(rows))
    path.write_text("numero;nom;valeur\n" + "".join(lines), encoding="utf-8")
    return Path(path)


def _start_worker(threads: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "bocage.config.command_line", "worker", "--threads", str(threads)]
    with _worker_log().open("ab") as log:
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log)


def _worker_log() -> Path:
    return Path(os.environ["BOCAGE_DATA_DIR"]).with_name("worker.log")


def _live_runs() -> bool:
    from bocage.pipeline.models import Run
    from bocage.pipeline.vocabulary import LIVE

    return Run.objects.filter(status__in=LIVE).exists()


def _held_by(worker: subprocess.Popen[bytes]) -> QuerySet[Run]:
    """The runs that this worker has in its hands, or had when it died."""
    from bocage.pipeline.models import Run

    return Run.objects.filter(status="running", lease_owner__contains=f".{worker.pid}.")


def _wait_for_work(worker: subprocess.Popen[bytes]) -> bool:
    """Until this very worker has a run in its hands: killing it before would prove nothing."""
    mine = _held_by(worker).filter(attempt__lte=MOST_DEATHS)
    while _live_runs():
        if mine.exists():
            return True
        assert worker.poll() is None, "the worker died by itself: " + _worker_log().read_text("utf-8")[-3000:]
        time.sleep(0.005)
    return False


def _verify(expected: dict[str, int]) -> tuple[list[dict[str, Any]], list[str]]:
    from bocage.pipeline.models import Run
    from bocage.store.models import Head, Version

    table, faults = [], []
    for run in Run.objects.filter(uid__in=expected).select_related("version", "dataset").order_by("pk"):
        numbers = list(Version.objects.filter(dataset=run.dataset).order_by("number").values_list("number", flat=True))
        rows = run.version.row_count if run.version else None
        current = Head.objects.get(dataset=run.dataset).version_id == run.version_id
        row = {
            "dataset": run.dataset.slug,
            "status": run.status,
            "attempts": run.attempt,
            "versions": numbers,
            "rows": rows,
        }
        table.append(row)
        if (run.status, numbers, rows, current) != ("done", [1, 2], expected[run.uid], True):
            faults.append(f"{row}, expected {expected[run.uid]} rows, current: {current}, error: {run.error}")
    return table, faults + _faults_of_checks()


def _faults_of_checks() -> list[str]:
    """Each version that follows a schema has one report and its rows aside, once; and their files are there."""
    from django.db.models import Count

    from bocage.check.aside import path_of
    from bocage.check.models import Quarantine, Report
    from bocage.store.models import Version

    followed = Version.objects.filter(number=2, dataset__conformities__isnull=False)
    wrong = followed.annotate(reports_made=Count("reports")).exclude(reports_made=1)
    faults = [f"{version}: {version.reports_made} reports" for version in wrong]
    kept = list(Quarantine.objects.select_related("report"))
    if len(kept) != followed.count() or Report.objects.count() != followed.count():
        faults.append(f"{len(kept)} quarantines, {Report.objects.count()} reports for {followed.count()} versions")
    faults += [f"{one}: {one.row_count} rows" for one in kept if one.row_count != _aside(one.report.row_count)]
    return faults + [f"{path_of(one)} is missing" for one in kept if not path_of(one).is_file()]


def _examine() -> list[str]:
    """`bocage doctor --repair`, then `bocage doctor`: nothing wrong, nothing left."""
    from django.conf import settings

    from bocage.config.doctoring import examine

    mended = list(examine(repair=True))
    left = [remark for remark in examine(repair=False) if remark.code.partition(".")[0] not in ("settings", "ready")]
    wrong = [remark for remark in mended if remark.severity == "error" and not remark.code.startswith("settings.")]
    files = [str(path) for name in ("work", "incoming") for path in (settings.DATA_DIR / name).glob("*")]
    return [str(remark) for remark in left + wrong] + [f"left behind: {path}" for path in files]


def _print_table(outcome: dict[str, Any]) -> None:
    for row in outcome["table"]:
        print(
            f"{row['dataset']:<8} {row['status']:<10} attempts {row['attempts']}  versions {row['versions']}  rows {row['rows']}"
        )
    print(f"{len(outcome['table'])} publications, {outcome['kills']} kills, {outcome['seconds']} s")
    print("\n".join(outcome["faults"]) or "each run published exactly one version; nothing left behind")


if __name__ == "__main__":
    sys.exit(main())
