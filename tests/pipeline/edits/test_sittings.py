"""Fifty features drawn one by one are one line of the history, and soon one version."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bocage.access.viewer import OPERATOR
from bocage.kernel.clock import now
from bocage.pipeline.edits.changes import Change, Create
from bocage.pipeline.edits.sittings import PAUSE, Made, gathered, sittings
from bocage.pipeline.pushes import retention
from bocage.pipeline.pushes.retention import thin, thin_everything
from bocage.store.models import Version
from bocage.store.services import compute_changes, move_head
from tests.pipeline.edits.world import member

NOW = now()
LAST_KEPT = 3


def made(*told):
    """(minutes ago, who), latest first."""
    return [Made(-rank, -rank, NOW - timedelta(minutes=ago), by) for rank, (ago, by) in enumerate(told)]


@pytest.mark.parametrize(
    ("told", "sizes"),
    [
        ([(0, 1), (5, 1), (14, 1)], [3]),
        ([(0, 1), (11, 1)], [1, 1]),
        ([(0, 1), (1, 2), (2, 1)], [1, 1, 1]),
        ([(0, None), (1, None)], [1, 1]),
        ([], []),
    ],
)
def test_a_sitting_is_of_one_person_who_does_not_pause(told, sizes):
    assert [len(one) for one in sittings(made(*told))] == sizes


@pytest.fixture
def drawn(bornes, monkeypatch):
    """Five features drawn by one person, after one drawn by another."""
    monkeypatch.setattr(retention, "LAST_KEPT", LAST_KEPT)
    theirs, other = bornes.by(member("contributor", "ana")), bornes.by(member("contributor", "bo"))
    other.apply(Create({"nom": "Autre"}))
    for rank in range(LAST_KEPT + 2):
        theirs.apply(Create({"nom": f"Neuve {rank}"}))
    return theirs


def numbers(layer):
    return list(Version.objects.filter(dataset=layer.dataset).order_by("number").values_list("number", flat=True))


def test_while_it_lasts_its_last_steps_stay_and_then_its_last_one(drawn):
    last = drawn.version.number
    assert thin(drawn.dataset) == 2
    assert numbers(drawn) == [1, 2, *range(last - LAST_KEPT + 1, last + 1)]
    for version in Version.objects.filter(number__gt=1):
        Version.objects.filter(pk=version.pk).update(created_at=version.created_at - PAUSE * 2)
    assert thin_everything() == LAST_KEPT - 1
    assert numbers(drawn) == [1, 2, last]
    kept = compute_changes(drawn.version)
    assert (kept.changes["previous"], kept.changes["added"]) == (2, LAST_KEPT + 2)
    assert len(drawn.rows()) == 6 + 1 + LAST_KEPT + 2


def test_the_version_gone_back_to_stays(drawn):
    chosen = Version.objects.get(number=4)
    move_head(viewer=OPERATOR, dataset=drawn.dataset, version=chosen)
    thin(drawn.dataset)
    assert 4 in numbers(drawn)


def test_the_history_gathers_them(drawn):
    versions = list(Version.objects.filter(dataset=drawn.dataset).order_by("-number"))
    told = [(last.number, len(steps)) for last, steps in gathered(versions)]
    assert told == [(drawn.version.number, LAST_KEPT + 1), (2, 0), (1, 0)]


def test_edits_of_one_feature_are_told_once(bornes):
    """What a sitting changed is not the sum of its steps."""
    theirs = bornes.by(member("contributor", "ana"))
    identifier = bornes.identifier(id=12)
    for rank in range(3):
        theirs.apply(Change(identifier, {"nom": f"Nom {rank}"}))
    Version.objects.filter(number__gt=1).update(created_at=NOW - PAUSE * 2)
    thin(theirs.dataset)
    assert compute_changes(theirs.version).changes["changed"] == 1
