"""From a push to the published rows."""

from __future__ import annotations

import pytest

from bocage.pipeline.models import Push, Run
from bocage.pipeline.pushes.errors import NothingPublished, PayloadRefused
from bocage.store.models import Version

pytestmark = pytest.mark.django_db


def test_the_first_records_make_the_fields(device):
    device.push({"capteur": "a1", "niveau": 20.5, "heure": "2026-01-27T04:15:00Z"}, {"capteur": "007", "niveau": 3})
    device.push({"capteur": "b2", "actif": True})
    rows = device.publish()
    assert [row["capteur"] for row in rows] == ["a1", "007", "b2"]
    kinds = {field["name"]: field["type"] for field in Version.objects.get().schema}
    assert kinds == {"capteur": "string", "niveau": "number", "heure": "datetime", "actif": "boolean"}
    assert not Push.objects.exists()
    assert Run.objects.get().counts["records"] == 3


def test_records_come_last_in_the_order_of_the_pushes(device):
    device.push({"id": "a", "n": 1})
    device.publish()
    for letter in "bcd":
        device.push({"id": letter, "n": 2}, {"id": letter, "n": 3})
    assert [row["id"] for row in device.publish()] == list("abbccdd")
    assert Version.objects.count() == 2


def test_a_record_of_the_same_key_takes_the_place_of_the_former(keyed):
    keyed.push({"id": "a", "n": 1}, {"id": "b", "n": 2}, {"id": "a", "n": 3})
    assert keyed.publish() == [{"id": "a", "n": "3"}, {"id": "b", "n": "2"}]
    keyed.push({"id": "c", "n": 4}, {"id": "a"})
    assert keyed.publish() == [{"id": "a"}, {"id": "b", "n": "2"}, {"id": "c", "n": "4"}]


def test_what_is_deleted_then_pushed_again_comes_last(keyed):
    keyed.push({"id": "a", "n": 1}, {"id": "b", "n": 2})
    keyed.publish()
    keyed.delete({"id": "a"})
    keyed.push({"id": "a", "n": 9})
    keyed.delete({"id": "absent"})
    assert keyed.publish() == [{"id": "b", "n": "2"}, {"id": "a", "n": "9"}]


def test_without_a_key_equal_records_are_deleted(device):
    device.push({"id": "a", "n": 1}, {"id": "a", "n": 2}, {"id": "a", "n": 1}, {"id": "a"})
    device.publish()
    device.delete({"id": "a", "n": 1})
    device.push({"id": "a", "n": 1})
    assert device.publish() == [{"id": "a", "n": "2"}, {"id": "a"}, {"id": "a", "n": "1"}]


def test_nothing_is_deleted_before_the_first_version(device):
    device.push({"id": "a"})
    with pytest.raises(NothingPublished):
        device.delete({"id": "a"})


def test_pushing_what_is_there_already_makes_no_version(keyed):
    keyed.push({"id": "a", "n": 1})
    keyed.publish()
    keyed.push({"id": "a", "n": 1})
    keyed.publish(expected="unchanged")
    assert Version.objects.count() == 1
    assert not Push.objects.exists()


def test_everything_may_be_deleted(keyed):
    keyed.push({"id": "a", "n": 1})
    keyed.publish()
    keyed.delete({"id": "a"})
    assert keyed.publish() == []
    keyed.push({"id": "b", "n": 1})
    assert keyed.publish() == [{"id": "b", "n": "1"}]


def test_positions_are_made_for_pushed_records_as_for_the_first_ones(keyed):
    keyed.push({"id": "a", "lat": 47.2, "lon": -1.5}, {"id": "b", "lat": 47.3, "lon": -1.6})
    keyed.publish()
    keyed.push({"id": "c", "lat": 47.4, "lon": -1.7}, {"id": "a", "lat": 47.5, "lon": -1.5}, {"id": "d"})
    rows = {row["id"]: row.get("geo_point_2d") for row in keyed.publish()}
    assert rows == {"a": "POINT (-1.5 47.5)", "b": "POINT (-1.6 47.3)", "c": "POINT (-1.7 47.4)", "d": None}
    assert Version.objects.latest("number").geometry["bbox"] == [-1.7, 47.3, -1.5, 47.5]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"geo_point_2d": "47.2, -1.5"}, {"geo_point_2d": {"lat": 47.4, "lon": -1.7}}, "POINT (-1.7 47.4)"),
        ({"position": {"lat": 47.2, "lon": -1.5}}, {"position": {"lat": 47.4, "lon": -1.7}}, "POINT (-1.7 47.4)"),
        ({"geo_point_2d": "47.2, -1.5"}, {"geo_point_2d": [47.4, -1.7]}, "POINT (-1.7 47.4)"),
    ],
)
def test_positions_in_other_forms(device, first, second, expected):
    device.push({"id": "a"} | first)
    device.publish()
    device.push({"id": "b"} | second)
    assert device.publish()[-1]["geo_point_2d"] == expected


def test_shapes_have_their_point(device):
    square = {"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]]}
    device.push({"id": "a", "geo_shape": square})
    device.publish()
    device.push({"id": "b", "geo_shape": {"type": "Feature", "geometry": square, "properties": {}}})
    first, second = device.publish()
    assert second["geo_shape"] == first["geo_shape"] == "POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))"
    assert second["geo_point_2d"] == first["geo_point_2d"]


def test_a_fault_keeps_nothing_of_the_payload(keyed):
    keyed.push({"id": "a", "n": 1})
    keyed.publish()
    with pytest.raises(PayloadRefused) as refusal:
        keyed.push({"id": "b", "n": 2}, {"id": "c", "n": "trois"}, {"id": "d", "autre": 1}, {"n": 4})
    assert [(one["record"], one["field"], one["code"]) for one in refusal.value.fields["faults"]] == [
        (2, "n", "push.wrong-type"),
        (3, "autre", "push.unknown-field"),
        (4, "id", "push.key-missing"),
    ]
    assert not Push.objects.exists()
