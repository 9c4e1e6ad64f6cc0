"""What a person does at their GIS is what the next version holds, and nothing else of it has moved."""

from __future__ import annotations

import pytest

from bocage.catalog.models import Dataset
from bocage.kernel.errors import AccessDenied
from bocage.pipeline.edits import errors
from bocage.pipeline.edits.changes import Change, Create, Delete, Drawing, Precondition
from bocage.pipeline.edits.policies import allow_edits, forbid_edits
from bocage.pipeline.models import Run
from bocage.pipeline.pushes.errors import KeyMissing, UnknownField, WrongType
from bocage.pipeline.reviews.requirements import require_on
from bocage.query.coordinates import crs_of
from bocage.store.engine import session
from bocage.store.models import Version
from tests.pipeline.edits.world import Layer, member


def point(x, y):
    return {"type": "Point", "coordinates": [x, y]}


def moved(lon, lat, code):
    with session() as opened:
        sql = (
            "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_Transform(ST_Point(?, ?), 'OGC:CRS84', ?, always_xy := true) AS p)"
        )
        return opened.execute(sql, [lon, lat, code])[0]


def test_a_new_feature_is_given_a_number_and_is_read_by_its_identifier(bornes):
    before = bornes.rows()
    done = bornes.apply(Create({"Nom": "Neuve", "prises": ["T2"]}, Drawing(point(-1.6, 47.25))))
    [made] = done.done
    seen = bornes.seen(made.identifier)[made.identifier]
    assert (seen.values["id"], seen.values["nom"], seen.geometry["coordinates"]) == ("16", "Neuve", ["-1.6", "47.25"])
    assert bornes.rows()[:-1] == before
    assert bornes.rows("id", "nom", "lat", "lon", "geo")[-1] == (16, "Neuve", 47.25, -1.6, "POINT (-1.6 47.25)")
    assert done.counts == {"created": 1, "updated": 0, "deleted": 0}


def test_identifiers_stay_from_one_version_to_the_next(bornes):
    identifier = bornes.identifier(id=12)
    bornes.apply(Delete(bornes.identifier(id=10)), Change(identifier, {"nom": "Renommée"}))
    assert bornes.seen(identifier)[identifier].values["nom"] == "Renommée"
    assert [row[0] for row in bornes.rows("id")] == [11, 12, 13, 14, 15]


def test_what_is_not_said_is_left_as_it_is_to_the_byte(bornes):
    before = bornes.rows()
    bornes.apply(Change(bornes.identifier(id=12), {"prix": None}))
    after = bornes.rows()
    assert [row for row in after if row[0] != 12] == [row for row in before if row[0] != 12]
    [one], [other] = ([row for row in rows if row[0] == 12] for rows in (before, after))
    assert [(a, b) for a, b in zip(one, other, strict=True) if a != b] == [(0.5, None)]


def test_a_whole_feature_loses_what_it_does_not_give(bornes):
    bornes.apply(Change(bornes.identifier(id=13), {"nom": "Seule"}, Drawing(point(-1.503, 47.203)), whole=True))
    [row] = [row for row in bornes.rows("id", "nom", "insee", "prix", "meta", "lat", "lon", "geo") if row[0] == 13]
    assert row == (13, "Seule", None, None, None, 47.203, -1.503, "POINT (-1.503 47.203)")


def test_a_feature_sent_back_as_it_was_read_changes_nothing(bornes, zones):
    for layer, key in ((bornes, {"id": 14}), (zones, {"code": "Z1"})):
        identifier, version = layer.identifier(**key), layer.version
        seen = layer.seen(identifier)[identifier]
        done = layer.apply(Change(identifier, seen.values, Drawing(seen.geometry), whole=True))
        assert (done.version, done.counts, layer.version) == (version, {}, version)
    assert not Run.objects.exists()


def test_columns_that_repeat_the_place_follow_it_both_ways(bornes, zones):
    identifier = bornes.identifier(id=10)
    bornes.apply(Change(identifier, {}, Drawing(point(-1.7, 47.1))))
    assert bornes.rows("lat", "lon", "geo")[0] == (47.1, -1.7, "POINT (-1.7 47.1)")
    bornes.apply(Change(identifier, {"lat": 47.5}))
    assert bornes.rows("lat", "lon", "geo")[0] == (47.5, -1.7, "POINT (-1.7 47.5)")
    bornes.apply(Change(identifier, {}, Drawing(None)))
    assert bornes.rows("lat", "lon", "geo")[0] == (None, None, None)
    square = {"type": "Polygon", "coordinates": [[[5, 5], [6, 5], [6, 6], [5, 6], [5, 5]]]}
    zones.apply(Change(zones.identifier(code="Z0"), {}, Drawing(square)))
    assert zones.rows("geo_point_2d")[0] == ("POINT (5.5 5.5)",)


@pytest.mark.parametrize("code", ["EPSG:2154", "EPSG:3947", "EPSG:3857", "EPSG:4326"])
def test_coordinates_come_in_any_system_that_is_served(bornes, code):
    crs = crs_of(code)
    x, y = moved(-1.55, 47.22, code)
    given = point(y, x) if crs.latitude_first else point(x, y)
    bornes.apply(Change(bornes.identifier(id=11), {}, Drawing(given, crs)))
    [(lat, lon)] = [row[1:] for row in bornes.rows("id", "lat", "lon") if row[0] == 11]
    assert (lon, lat) == pytest.approx((-1.55, 47.22), abs=1e-8)


def test_a_journey_through_another_system_moves_nothing(bornes):
    """A client that reads and writes in Lambert-93 and changes a name must not move the feature."""
    x, y = moved(-1.501, 47.201, "EPSG:2154")
    bornes.apply(Change(bornes.identifier(id=11), {"nom": "Autre"}, Drawing(point(x, y), crs_of("EPSG:2154"))))
    assert [row for row in bornes.rows("id", "lat", "lon", "geo") if row[0] == 11] == [
        (11, 47.201, -1.501, "POINT (-1.501 47.201)")
    ]


@pytest.mark.parametrize(
    ("edit", "fault"),
    [
        (lambda b: Create({"inconnu": 1}), UnknownField),
        (lambda b: Create({"prix": "cher"}), WrongType),
        (lambda b: Create({"id": 12}), errors.KeyTaken),
        (lambda b: Change(b.identifier(id=12), {"id": 13}), errors.KeyChanged),
        (lambda b: Change("0" * 32, {"nom": "x"}), errors.FeatureAbsent),
        (lambda b: Delete("'; DROP TABLE rows; --"), errors.FeatureAbsent),
        (lambda b: Create({}, Drawing(point(700_000, 6_600_000))), WrongType),
        (lambda b: Create({}, Drawing(point(1e300, 1e300), crs_of("EPSG:2154"))), (errors.NotPlacedThere, WrongType)),
        (lambda b: Create({}, Drawing({"type": "Point", "coordinates": "ici"}, crs_of("EPSG:2154"))), WrongType),
        (lambda b: Create({}, Drawing(["Point"])), WrongType),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_nothing_is_kept(bornes, edit, fault):
    version = bornes.version
    with pytest.raises(fault):
        bornes.apply(edit(bornes))
    assert bornes.version == version
    assert not Run.objects.exists()


def test_texts_are_given_a_key_and_others_give_their_own(bornes, zones):
    [made] = zones.apply(Create({"nom": "Sans code"})).done
    assert len(zones.seen(made.identifier)[made.identifier].values["code"]) == 36
    Dataset.objects.filter(slug="bornes").update(primary_key=["jour"])
    with pytest.raises(KeyMissing):
        bornes.apply(Create({"nom": "Sans jour"}))


def test_one_fault_and_nothing_is_done_unless_told_otherwise(bornes):
    edits = (Create({"nom": "Bonne"}), Create({"prix": "?"}), Create({"id": 12}), Create({"nom": "Autre"}))
    with pytest.raises(errors.EditsRefused) as refused:
        bornes.apply(*edits)
    assert [one["edit"] for one in refused.value.fields["faults"]] == [2]
    assert len(bornes.rows()) == 6
    done = bornes.apply(*edits, atomic=False)
    assert [type(one.fault) for one in done.done] == [type(None), WrongType, errors.KeyTaken, type(None)]
    assert [row[0] for row in bornes.rows("nom")][6:] == ["Bonne", "Autre"]
    assert all(bool(one.identifier) == (one.fault is None) for one in done.done)


def test_several_edits_of_one_feature_are_one(bornes):
    identifier = bornes.identifier(id=10)
    done = bornes.apply(Change(identifier, {"nom": "A"}), Change(identifier, {"prix": 9}))
    assert bornes.rows("nom", "prix")[0] == ("A", 9.0)
    assert done.counts["updated"] == 1
    with pytest.raises(errors.EditsRefused):
        bornes.apply(Delete(identifier), Change(identifier, {"nom": "B"}))


def test_preconditions(bornes):
    identifier = bornes.identifier(id=10)
    state = bornes.seen(identifier)[identifier].state
    other = bornes.identifier(id=11)
    bornes.apply(Change(other, {"nom": "Ailleurs"}))
    assert bornes.seen(identifier)[identifier].state == state  # of the feature, not of the version
    bornes.apply(Change(identifier, {"nom": "A"}, condition=Precondition(state.__eq__)))
    with pytest.raises(errors.StateChanged):
        bornes.apply(Change(identifier, {"nom": "B"}, condition=Precondition(state.__eq__)))
    with pytest.raises(errors.StateChanged):
        bornes.apply(Delete(identifier, condition=Precondition(state.__eq__)))
    allow_edits(viewer=bornes.viewer, dataset=bornes.dataset, key=["id"], conditional=True)
    with pytest.raises(errors.StateWanted):
        bornes.apply(Change(identifier, {"nom": "C"}))
    bornes.apply(Create({"nom": "Neuve"}))


def test_who_edits_and_where(bornes):
    for role, allowed in (("member", False), ("contributor", True)):
        theirs = bornes.by(member(role))
        if allowed:
            theirs.apply(Create({"nom": role}))
        else:
            with pytest.raises(AccessDenied):
                theirs.apply(Create({"nom": role}))
    contributor = Version.objects.latest("pk").created_by
    assert contributor is not None
    assert Run.objects.get().requested_by == contributor
    forbid_edits(viewer=bornes.viewer, dataset=bornes.dataset)
    with pytest.raises(errors.NotEditable):
        bornes.apply(Create({"nom": "non"}))


def test_what_is_reviewed_is_not_edited(bornes):
    require_on(viewer=bornes.viewer, dataset=bornes.dataset)
    with pytest.raises(errors.NotEditable):
        bornes.apply(Create({"nom": "non"}))
    with pytest.raises(errors.CannotBeEditable):
        allow_edits(viewer=bornes.viewer, dataset=bornes.dataset, key=["id"])


@pytest.mark.parametrize("key", [["insee"], ["nom", "insee"], []])
def test_a_key_tells_every_feature_from_the_others(bornes, key):
    if len(key) == 2:
        allow_edits(viewer=bornes.viewer, dataset=bornes.dataset, key=key)
    else:
        with pytest.raises(errors.CannotBeEditable):
            allow_edits(viewer=bornes.viewer, dataset=bornes.dataset, key=key)


def test_a_key_that_a_file_has_doubled_deletes_nobody_s_twin(bornes):
    identifier = bornes.identifier(id=10)
    Dataset.objects.filter(slug="bornes").update(primary_key=["insee"])
    with pytest.raises(errors.KeyShared):
        bornes.apply(Delete(Layer("bornes").identifier(insee="44109")))
    assert identifier
    assert len(bornes.rows()) == 6


def test_a_version_says_what_was_edited(bornes):
    version = bornes.apply(Create({"nom": "A"}), Delete(bornes.identifier(id=10))).version
    told = version.provenance["edited"]
    assert (told["created"], told["updated"], told["deleted"], told["door"]) == (1, 0, 1, "test")
    run = Run.objects.get()
    assert (run.status, run.version, run.counts["rows"]) == ("done", version, 6)
