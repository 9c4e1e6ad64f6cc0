"""Several processes on one database, some of which die."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

CLAIMER = """
import django, json, sys, time
django.setup()
from bocage.pipeline.claims import claim_next
from bocage.pipeline.models import Run
print("ready", flush=True)
sys.stdin.readline()
mine = []
while (run := claim_next()) is not None:
    mine.append(run.pk)
print(json.dumps(mine), flush=True)
sys.stdin.readline()
"""

SETUP = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from bocage.access.viewer import OPERATOR
from bocage.catalog.services import create_dataset
from bocage.kernel.clock import now
from bocage.organizations.services import create_organization
from bocage.pipeline.models import Run
organization = create_organization(slug="reze", name="Rezé", kind="commune")
for n in range(60):
    dataset = create_dataset(viewer=OPERATOR, organization=organization, slug=f"d{n}", title="D")
    Run.objects.create(dataset=dataset, due_at=now())
"""


@pytest.fixture
def environment(tmp_path, migrated):
    migrated(tmp_path / "data")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BOCAGE_")}
    return kept | {"BOCAGE_DATA_DIR": str(tmp_path / "data"), "DJANGO_SETTINGS_MODULE": "bocage.config.settings"}


def python(code, environment):
    return subprocess.Popen(
        [sys.executable, "-c", code],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def test_four_processes_never_claim_the_same_run(environment):
    subprocess.run([sys.executable, "-c", SETUP], env=environment, check=True, cwd=ROOT)
    claimers = [python(CLAIMER, environment) for _ in range(4)]
    try:
        for claimer in claimers:
            assert claimer.stdout.readline() == "ready\n"
        for claimer in claimers:
            claimer.stdin.write("go\n")
            claimer.stdin.flush()
        claimed = [json.loads(claimer.stdout.readline()) for claimer in claimers]
    finally:
        for claimer in claimers:
            claimer.communicate("stop\n", timeout=20)
    everything = [pk for mine in claimed for pk in mine]
    assert len(everything) == 60
    assert len(set(everything)) == 60


def test_a_process_is_known_dead_the_instant_it_is_killed(environment, settings):
    settings.DATA_DIR = Path(environment["BOCAGE_DATA_DIR"])
    code = """
import django, sys
django.setup()
from bocage.pipeline import presence
print(presence.here().new_owner(), flush=True)
sys.stdin.readline()
"""
    from bocage.pipeline import presence

    process = python(code, environment)
    try:
        owner = process.stdout.readline().strip()
        assert not presence.is_dead(owner)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert presence.is_dead(owner)
        assert not presence.is_dead("elsewhere.12.abc/1"), "nothing is known of a worker of another machine"
        presence.sweep()
        assert not list((settings.DATA_DIR / "presence").iterdir())
    finally:
        process.kill()
        process.communicate()


def test_the_worker_killed_at_random_instants_loses_and_doubles_nothing(migrated_database):
    command = [
        sys.executable,
        "-m",
        "tests.pipeline.kill_nine",
        "--publications",
        "3",
        "--kills",
        "5",
        "--seed",
        "7",
        "--json",
        "--database",
        str(migrated_database),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    outcome = json.loads(done.stdout)
    assert outcome["faults"] == []
    assert outcome["kills"] == 5, "on any machine: files are dropped until five kills have each left a run unfinished"


def test_sigterm_is_obeyed_in_time_and_leaves_no_run_in_the_air(environment):
    subprocess.run([sys.executable, "-c", SETUP], env=environment, check=True, cwd=ROOT)
    worker = subprocess.Popen(
        [sys.executable, "-m", "bocage.config.command_line", "worker"],
        env=environment,
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
    )
    try:
        seats = Path(environment["BOCAGE_DATA_DIR"]) / "presence"
        limit = time.monotonic() + 60
        while not list(seats.glob(f"*.{worker.pid}.*")) and time.monotonic() < limit:  # it listens to signals by then
            time.sleep(0.05)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=60) == 0
    finally:
        worker.kill()
        worker.wait()
    with closing(sqlite3.connect(Path(environment["BOCAGE_DATA_DIR"]) / "bocage.sqlite3")) as database:
        left = database.execute("SELECT count(*) FROM pipeline_run WHERE status = 'running'").fetchone()
    assert left == (0,)
