"""What follows edits is done once for all of those made without a pause, and is not in their answer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bocage.access.viewer import OPERATOR
from bocage.check.conformities import follow
from bocage.check.models import Report, Schema, SchemaVersion, Score, VersionProfile
from bocage.check.quality.profiles import profile_next
from bocage.kernel.clock import now
from bocage.pipeline.edits import awaiting, services
from bocage.pipeline.edits.changes import Change, Create
from bocage.pipeline.edits.models import EditsAwaiting
from bocage.store.models import Version


def quiet() -> None:
    """The writers have paused."""
    EditsAwaiting.objects.update(due_at=now() - timedelta(seconds=1))


def test_it_is_done_once_when_writers_pause(bornes, monkeypatch):
    looked = []
    monkeypatch.setattr(awaiting.afterwards, "settle_dataset", lambda dataset: looked.append(dataset.slug))
    for rank in range(3):
        bornes.apply(Create({"nom": f"Neuve {rank}"}))
    assert not VersionProfile.objects.filter(version=bornes.version).exists()
    assert not awaiting.look_at_edited()  # not yet
    quiet()
    assert awaiting.look_at_edited()
    assert looked == ["bornes"]
    assert VersionProfile.objects.get(version=bornes.version).content
    assert Score.objects.filter(dataset=bornes.dataset).count() == 1
    assert not EditsAwaiting.objects.exists()
    assert not awaiting.look_at_edited()


def test_profiles_of_versions_that_will_leave_are_not_made(bornes):
    while profile_next():
        pass
    bornes.apply(Create({"nom": "Neuve"}))
    assert not profile_next()
    Version.objects.filter(pk=bornes.version.pk).update(created_at=now() - timedelta(days=1))
    assert profile_next()


def test_whoever_never_pauses_is_looked_at_all_the_same(bornes):
    bornes.apply(Create({"nom": "Une"}))
    EditsAwaiting.objects.update(since=now() - awaiting.LONGEST)
    bornes.apply(Create({"nom": "Deux"}))
    assert EditsAwaiting.objects.get().due_at <= now()
    assert awaiting.look_at_edited()


def test_an_edit_during_the_look_asks_for_another(bornes, monkeypatch):
    bornes.apply(Create({"nom": "Une"}))
    quiet()
    monkeypatch.setattr(awaiting, "_look_at", lambda _version: bornes.apply(Create({"nom": "Deux"})))
    assert awaiting.look_at_edited()
    assert EditsAwaiting.objects.get().due_at > now()


def test_a_worker_that_dies_is_replaced(bornes, monkeypatch):
    bornes.apply(Create({"nom": "Une"}))
    quiet()

    def killed(_version):
        raise KeyboardInterrupt

    monkeypatch.setattr(awaiting, "_look_at", killed)
    with pytest.raises(KeyboardInterrupt):
        awaiting.look_at_edited()
    assert not awaiting.look_at_edited()  # another worker believes that it is under way
    monkeypatch.undo()
    quiet()
    assert awaiting.look_at_edited()
    assert VersionProfile.objects.filter(version=bornes.version).exists()


def test_the_report_on_a_large_table_is_made_by_the_worker(bornes, monkeypatch):
    schema = Schema.objects.create(name="local/bornes", kind="local", title="Bornes")
    descriptor = {"fields": [{"name": "prix", "type": "number", "constraints": {"maximum": 5}}]}
    version = SchemaVersion.objects.create(schema=schema, number="1", descriptor=descriptor)
    follow(viewer=OPERATOR, dataset=bornes.dataset, version=version, policy="warn")
    monkeypatch.setattr(services, "CHECKED_AT_ONCE", 5)
    bornes.apply(Change(bornes.identifier(id=12), {"prix": 50}))
    assert not Report.objects.filter(version=bornes.version).exists()
    quiet()
    awaiting.look_at_edited()
    assert not Report.objects.get(version=bornes.version).valid
