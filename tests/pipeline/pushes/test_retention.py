"""A dataset pushed every few seconds keeps few versions, and those of files all stay."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from bocage.pipeline.models import Run
from bocage.pipeline.publishing import copying
from bocage.pipeline.pushes import retention
from bocage.store.layout import version_path
from bocage.store.models import Version

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_the_older_the_fewer():
    """Every ten minutes for a year."""
    made = [(minute, NOON - timedelta(minutes=minute)) for minute in range(0, 365 * 24 * 60, 10)]
    gone = set(retention.superfluous(made, NOON))
    kept = [NOON - at for identity, at in made if identity not in gone]
    assert len([age for age in kept if age <= timedelta(days=2)]) in range(48 + 5, 48 + 12)
    assert len([age for age in kept if timedelta(days=2) < age <= timedelta(days=60)]) in (58, 59)
    assert len([age for age in kept if age > timedelta(days=60)]) in range(10, 13)
    assert kept[:10] == [timedelta(minutes=minute) for minute in range(0, 100, 10)]


def test_thinning_twice_changes_nothing_more():
    made = [(n, NOON - timedelta(seconds=10 * n)) for n in range(5000)]
    gone = set(retention.superfluous(made, NOON))
    left = [one for one in made if one[0] not in gone]
    assert retention.superfluous(left, NOON) == []


@pytest.mark.django_db
def test_only_versions_of_pushes_go_with_their_files(device, monkeypatch):
    monkeypatch.setattr(retention, "LAST_KEPT", 2)
    monkeypatch.setattr(retention, "RUNS_KEPT", 3)
    for n in range(6):
        device.push({"id": str(n)})
        device.publish()
    first = Version.objects.get(number=1)
    first.provenance.pop("pushed")  # as if a person had dropped a file
    first.save()
    Version.objects.update(created_at=NOON)
    paths = {version.number: version_path(version) for version in Version.objects.select_related("dataset")}
    monkeypatch.setattr(retention, "now", lambda: NOON)
    assert retention.thin(device.dataset) == 3
    assert sorted(Version.objects.values_list("number", flat=True)) == [1, 5, 6]
    assert {number for number, path in paths.items() if path.is_file()} == {1, 5, 6}
    assert Run.objects.filter(pushed=True).count() == 3
    assert len(device.rows()) == 6


@pytest.mark.django_db
def test_nothing_goes_while_a_backup_is_made(device, monkeypatch):
    monkeypatch.setattr(retention, "LAST_KEPT", 1)
    for n in range(3):
        device.push({"id": str(n)})
        device.publish()
    Version.objects.update(created_at=NOON)
    copied, done = threading.Event(), threading.Event()

    def copy():
        with copying():
            copied.set()
            done.wait(10)

    thread = threading.Thread(target=copy)
    thread.start()
    copied.wait(10)
    assert retention.thin(device.dataset) == 0
    done.set()
    thread.join()
    assert retention.thin(device.dataset) == 2
