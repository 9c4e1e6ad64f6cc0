"""applyEdits and its like, as ArcGIS Pro and QGIS send them."""

from __future__ import annotations

from tests.pipeline.edits.world import member, rule
from tests.publish.geoservices.conftest import Esri

LAYER = "bornes/FeatureServer/0"
EDITS = f"{LAYER}/applyEdits"
PLACE = {"x": -1.6, "y": 47.25, "spatialReference": {"wkid": 4326}}


NEW = {"id": None, "nom": "Neuve", "jour": 1767225600000, "ouverte": 1, "prises": '["T2"]'}


def test_features_are_added_updated_and_deleted_at_once(writer, bornes):
    done = writer(
        EDITS, "post",
        adds=[{"geometry": PLACE, "attributes": NEW}],
        updates=[{"attributes": {"id": 12, "nom": "Autre", "maj": 1767225600123}}, {"attributes": {"id": 11}, "geometry": PLACE}],
        deletes="10,13", rollbackOnFailure="true",
    )  # fmt: skip
    assert [one["success"] for kind in ("addResults", "updateResults", "deleteResults") for one in done[kind]] == [
        True
    ] * 5
    [added] = done["addResults"]
    assert added["objectId"] == 16
    assert bornes.version.number == 2
    rows = {row[0]: row[1:] for row in bornes.rows("id", "nom", "jour", "ouverte", "prises", "geo", "lat")}
    assert sorted(rows) == [11, 12, 14, 15, 16]
    assert (rows[16][0], str(rows[16][1]), rows[16][2], rows[16][3], rows[16][4]) == (
        "Neuve",
        "2026-01-01",
        True,
        ["T2"],
        "POINT (-1.6 47.25)",
    )
    assert rows[11][4:] == ("POINT (-1.6 47.25)", 47.25)
    [read] = writer.query("bornes", objectIds="12", returnGeometry="false")["features"]
    assert (read["attributes"]["nom"], read["attributes"]["maj"]) == ("Autre", 1767225600123)


def test_qgis_speaks_of_one_kind_at_a_time(writer, bornes):
    moved = {
        "attributes": {"nom": "QGIS"},
        "geometry": {"x": 350_000, "y": 6_690_000, "spatialReference": {"wkid": 2154}},
    }
    [added] = writer(f"{LAYER}/addFeatures", "post", features=[moved])["addResults"]
    [updated] = writer(
        f"{LAYER}/updateFeatures", "post", features=[{"attributes": {"id": added["objectId"], "prix": 2.5}}]
    )["updateResults"]
    assert updated == {"objectId": added["objectId"], "globalId": None, "success": True}
    assert bornes.rows("id", "nom", "prix")[-1] == (16, "QGIS", 2.5)
    [deleted] = writer(f"{LAYER}/deleteFeatures", "post", objectIds="16")["deleteResults"]
    assert deleted["success"]
    assert len(bornes.rows()) == 6


def test_one_fault_and_nothing_is_done_unless_told_otherwise(writer, bornes):
    edits = {"adds": [{"attributes": {"nom": "Bonne"}}, {"attributes": {"prix": "cher"}}], "deletes": "999"}
    refused = writer(EDITS, "post", **edits)
    assert refused["error"]["code"] == 400
    assert bornes.version.number == 1
    done = writer(EDITS, "post", rollbackOnFailure="false", **edits)
    assert [one["success"] for one in (*done["addResults"], *done["deleteResults"])] == [True, False, False]
    assert done["addResults"][1]["error"]["description"]
    assert len(bornes.rows()) == 7


def test_who_may_edit_is_told_by_the_layer(writer, bornes):
    reader = Esri(member("member"))
    assert "Editing" in writer(LAYER)["capabilities"]
    for other in (Esri(), reader):
        assert other(LAYER)["capabilities"] == "Query"
    assert writer("zones/FeatureServer/0")["capabilities"] == "Query"  # its key is a text
    assert "error" in writer("zones/FeatureServer/0/applyEdits", "post", deletes="1")
    assert [
        Esri()(EDITS, "post", deletes="10")["error"]["code"],
        reader(EDITS, "post", deletes="10")["error"]["code"],
    ] == [499, 403]
    assert writer.raw(EDITS, deletes="10").status_code == 405  # GET
    writer.client.force_login(writer_user := member("steward"))
    assert writer_user
    writer.token = ""
    assert writer(EDITS, "post", deletes="10")["error"]["code"] == 499  # a cookie is no key
    assert bornes.version.number == 1


def test_a_part_is_edited_by_who_sees_a_part(writer, bornes):
    rule(bornes.dataset, rows="insee = '44109'")
    hidden, absent = (
        writer(EDITS, "post", rollbackOnFailure="false", updates=[{"attributes": {"id": key, "nom": "x"}}])[
            "updateResults"
        ]
        for key in (11, 999)
    )
    assert [one["success"] for one in (*hidden, *absent)] == [False, False]
    assert hidden[0]["error"] == absent[0]["error"]
    [done] = writer(EDITS, "post", adds=[{"attributes": {"insee": "44109"}}])["addResults"]
    assert done["objectId"] >= 2**30
    assert "error" in writer(EDITS, "post", adds=[{"attributes": {"insee": "44143"}}])


def test_hostile_edits_are_refused(writer, bornes):
    far = {"x": 1e308, "y": 1, "spatialReference": {"wkid": 2154}}
    for given in (
        *({"adds": one} for one in ("{", "[1]", "[" * 5_000, [{"attributes": []}], [{"attributes": {"zut": 1}}])),
        *({"adds": [{"geometry": one}]} for one in ({"x": "a", "y": 1}, far, {"rings": 1}, 3)),
        *({"deletes": one} for one in ("a", ",".join(map(str, range(2_000))))),
        {"updates": [{"attributes": {"id": "x"}}]},
    ):
        told = writer(EDITS, "post", **given)
        assert told["error"]["code"] == 400, (given, told)
    assert bornes.version.number == 1
