"""Kill the worker with -9, at random instants, while it publishes; then count.

    python -m tests.pipeline.kill_nine --publications 50 --seed 1

Each dataset has a first version, and a second file of other rows is dropped. The worker is killed and started again until every
run is over. What must be true afterwards: one more version for each run, whole, with the rows of its file; the published
version is the new one; nothing is left behind; `bocage doctor` finds nothing wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROWS = (2_000, 30_000)
FIRST_ROWS = 5
LONGEST_DELAY = 1.5
"""Seconds between the claim of a run and the kill: about as long as a run, so that every instant of it is hit."""

MOST_DEATHS = 4
"""No run is killed more often: after `rules.DEATHS`, a run is held to be what kills its worker, and rightly given up."""

LONGEST_SECONDS = 900


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--publications", type=int, default=50)
    parser.add_argument("--kills", type=int, help="at most (default: one for each publication)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kill-nine-") as folder:
        _prepare(Path(folder))
        outcome = _trial(options, random.Random(options.seed))
    if options.json:
        print(json.dumps(outcome))
    else:
        _print_table(outcome)
    return 0 if outcome["faults"] == [] else 1


def _prepare(folder: Path) -> None:
    """The settings of this process and of the workers it starts: a data folder of its own."""
    for name in [name for name in os.environ if name.startswith("BOCAGE_")]:
        del os.environ[name]
    os.environ |= {"BOCAGE_DATA_DIR": str(folder / "data"), "DJANGO_SETTINGS_MODULE": "bocage.config.settings"}
    import django
    from django.core.management import call_command

    django.setup()
    from bocage.config import logs

    logs.configure("console", level="ERROR")
    call_command("migrate", verbosity=0)


def _trial(options: argparse.Namespace, chance: random.Random) -> dict[str, Any]:
    expected = _drop_files(options.publications, chance)
    limit = options.publications if options.kills is None else options.kills
    started, kills = time.monotonic(), 0
    worker = _start_worker(options.threads)
    while _live_runs() and time.monotonic() - started < LONGEST_SECONDS:
        if kills < limit and _wait_for_work(worker):
            time.sleep(chance.uniform(0, LONGEST_DELAY))
            worker.send_signal(signal.SIGKILL)
            worker.wait()
            kills += 1
            worker = _start_worker(options.threads)
        else:
            time.sleep(0.1)
    seconds = time.monotonic() - started
    worker.terminate()
    worker.wait()
    table, faults = _verify(expected)
    return {"kills": kills, "seconds": round(seconds, 1), "table": table, "faults": faults + _examine()}


def _drop_files(count: int, chance: random.Random) -> dict[str, int]:
    """Publish a first version of each dataset, drop a second file; the rows of the latter by run."""
    from bocage.access.viewer import OPERATOR
    from bocage.catalog.services import create_dataset
    from bocage.organizations.services import create_organization
    from bocage.organizations.vocabulary import OrganizationKind
    from bocage.pipeline import claims
    from bocage.pipeline.services import carry_out, request_publication

    organization = create_organization(slug="reze", name="Rezé", kind=OrganizationKind.COMMUNE)
    expected = {}
    for n in range(count):
        dataset = create_dataset(viewer=OPERATOR, organization=organization, slug=f"d{n}", title=f"D{n}")
        first = request_publication(viewer=OPERATOR, dataset=dataset, file=_csv(FIRST_ROWS, n), filename="a.csv")
        assert claims.claim(first)
        assert carry_out(first).status == "done", first.error
        rows = chance.randint(*ROWS)
        run = request_publication(viewer=OPERATOR, dataset=dataset, file=_csv(rows, n + 1), filename="a.csv")
        expected[run.uid] = rows
    return expected


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


def _wait_for_work(worker: subprocess.Popen[bytes]) -> bool:
    """Until this very worker has a run in its hands: killing it before would prove nothing."""
    from bocage.pipeline.models import Run

    mine = Run.objects.filter(status="running", lease_owner__contains=f".{worker.pid}.", attempt__lte=MOST_DEATHS)
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
    return table, faults


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
