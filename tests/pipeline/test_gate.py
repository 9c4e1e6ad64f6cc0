"""A delivery against the schema of its dataset: each policy, what is typed, what is kept aside, mended and published again."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.conf import settings as project

from bocage.access.viewer import ANONYMOUS, OPERATOR
from bocage.check import aside
from bocage.check.conformities import follow, follow_record, unfollow
from bocage.check.layout import absolute, checks_directory
from bocage.check.models import Conformity, Quarantine, Report, Schema, SchemaVersion, Score, VersionProfile
from bocage.check.quality.dqv import measurements, metrics
from bocage.check.quarantines import lines_of, mend, quarantine_for, quarantines_of
from bocage.check.verdicts import check_further_views, standings
from bocage.check.vocabulary import Settlement
from bocage.kernel.errors import AccessDenied, NotFound
from bocage.organizations.models import User
from bocage.pipeline import aftermath, claims
from bocage.pipeline.afterwards import look_at
from bocage.pipeline.drafts import create_draft, publish_draft
from bocage.pipeline.errors import NothingToReplay
from bocage.pipeline.foresight import foresee
from bocage.pipeline.replaying import request_replay
from bocage.pipeline.services import carry_out, request_publication
from bocage.store.layout import version_path
from bocage.store.selectors import current_version

pytestmark = pytest.mark.django_db

SCHEMA = {
    "name": "parkings",
    "title": "Parkings",
    "fields": [
        {"name": "ID", "type": "string", "title": "Identifiant", "constraints": {"required": True, "unique": True}},
        {"name": "nom", "type": "string"},
        {"name": "places", "type": "integer", "constraints": {"minimum": 0}},
        {"name": "ouvert", "type": "boolean", "trueValues": ["ouvert"], "falseValues": ["fermé"]},
        {"name": "tarif", "type": "number", "decimalChar": ","},
        {"name": "depuis", "type": "date", "format": "%d/%m/%Y"},
        {"name": "Xlong", "type": "number"},
        {"name": "Ylat", "type": "number"},
    ],
}
HEADER = "ID;nom;places;ouvert;tarif;depuis;Xlong;Ylat\n"
RIGHT = HEADER + "P1;Gare;120;ouvert;1,50;01/02/2020;-1.55;47.21\nP2;Mairie;40;fermé;0;15/08/2021;-1.56;47.19\n"
WRONG = RIGHT + "P3;Église;beaucoup;ouvert;2,00;03/04/2022;-1.57;47.18\nP2;Double;10;ouvert;1;05/06/2022;-1.5;47.1\n"


@pytest.fixture(autouse=True)
def data_folder(settings):
    """The engine of this process was opened on the folder of the tests: stay in it, empty it."""
    settings.DATA_DIR = Path(os.environ["BOCAGE_DATA_DIR"])
    for name in ("checks", "incoming", "work"):
        shutil.rmtree(project.DATA_DIR / name, ignore_errors=True)
    return settings.DATA_DIR


@pytest.fixture
def schema(db):
    made = Schema.objects.create(name="local/parkings", kind="local", title="Parkings")
    return SchemaVersion.objects.create(schema=made, number="1.0.0", descriptor=SCHEMA)


@pytest.fixture
def publish(dataset, dropped):
    def deliver(content, name="parkings.csv"):
        request_publication(viewer=OPERATOR, dataset=dataset, **dropped(content.encode(), name))
        return carry_out(claims.claim_next())

    return deliver


def rows_of(dataset):
    return pq.read_table(version_path(current_version(dataset))).to_pylist()


def test_right_rows_are_published_with_the_columns_and_types_of_the_schema(dataset, schema, publish):
    follow(viewer=OPERATOR, dataset=dataset, version=schema, policy="block")
    run = publish(RIGHT)
    assert run.status == "done", run.error
    version = current_version(dataset)
    types = {field["name"]: field["type"] for field in version.schema}
    assert types == {
        "id": "string", "nom": "string", "places": "integer", "ouvert": "boolean", "tarif": "number", "depuis": "date",
        "xlong": "number", "ylat": "number", "geo_point_2d": "geopoint",
    }  # fmt: skip
    assert [field["label"] for field in version.schema][:2] == ["ID", "nom"]
    assert version.schema[0]["description"] == "Identifiant"
    first = rows_of(dataset)[0]
    assert (first["places"], first["ouvert"], first["tarif"], str(first["depuis"])) == (120, True, 1.5, "2020-02-01")
    assert version.geometry["bbox"] == [-1.56, 47.19, -1.55, 47.21]
    report = Report.objects.get()
    assert (report.version, report.valid, report.row_count, report.run) == (version, True, 2, run.uid)
    assert run.conformity["schema"] == "local/parkings"
    dataset.refresh_from_db()
    assert dataset.conforms_to == "local/parkings"


def test_block_publishes_nothing_and_says_how_many_problems(dataset, schema, publish):
    follow(viewer=OPERATOR, dataset=dataset, version=schema, policy="block")
    publish(RIGHT)
    run = publish(WRONG)
    assert (run.status, run.error["code"]) == ("failed", "pipeline.delivery-refused")
    assert (run.error["fields"]["problems"], run.error["fields"]["rows"]) == (2, 2)
    assert len(rows_of(dataset)) == 2
    report = Report.objects.get(run=run.uid)
    assert (report.version, report.valid, report.error_count) == (None, False, 2)
    assert absolute(report.faults).is_file()
    assert not Quarantine.objects.exists()


def test_a_blocked_run_tried_again_has_one_report(dataset, schema, publish):
    follow(viewer=OPERATOR, dataset=dataset, version=schema, policy="block")
    run = publish(WRONG)
    claims.Run.objects.filter(pk=run.pk).update(status="waiting", lease_owner="")
    carry_out(claims.claim_next())
    assert Report.objects.filter(run=run.uid).count() == 1


def test_warn_publishes_everything_and_tells_what_became_empty(dataset, schema, publish):
    follow(viewer=OPERATOR, dataset=dataset, version=schema, policy="warn")
    run = publish(WRONG)
    assert run.status == "done", run.error
    rows = rows_of(dataset)
    assert [row["places"] for row in rows] == [120, 40, None, 10]
    assert {"code": "values-emptied", "fields": {"field": "places", "count": 1}} in run.warnings
    assert Report.objects.get().error_count == 2


def test_quarantine_publishes_the_right_rows_and_keeps_the_others_as_they_were_written(dataset, schema, publish):
    follow(viewer=OPERATOR, dataset=dataset, version=schema, policy="quarantine")
    run = publish(WRONG)
    assert (run.status, run.counts["aside"]) == ("done", 2), run.error
    assert [row["id"] for row in rows_of(dataset)] == ["P1", "P2"]
    kept = Quarantine.objects.get()
    assert (kept.row_count, kept.report.version) == (2, current_version(dataset))
    rows = aside.rows_of(kept, offset=0, limit=10)
    assert [row.number for row in rows] == [4, 5]
    assert rows[0].cells == ("P3", "Église", "beaucoup", "ouvert", "2,00", "03/04/2022", "-1.57", "47.18")
    assert [fault["label"] for fault in rows[0].faults] == ["places"]


def test_mended_rows_are_published_with_the_others_and_the_rest_stays_aside(dataset, schema, publish):
    follow(viewer=OPERATOR, dataset=dataset, version=schema, policy="quarantine")
    publish(WRONG)
    kept = Quarantine.objects.get()
    mend(viewer=OPERATOR, quarantine=kept, changes={4: {"places": "12"}})
    lines = lines_of(kept, offset=0, limit=10)
    assert [line.right for line in lines] == [True, False]
    assert lines[1].cells[0][2], "the reason is beside the cell"
    request_replay(viewer=OPERATOR, quarantine=kept)
    run = carry_out(claims.claim_next())
    assert run.status == "done", run.error
    assert [(row["id"], row["places"], row["ouvert"], row["tarif"]) for row in rows_of(dataset)] == [
        ("P1", 120, True, 1.5), ("P2", 40, False, 0.0), ("P3", 12, True, 2.0),
    ]  # fmt: skip
    kept.refresh_from_db()
    assert kept.settled_how == Settlement.REPLAYED
    rest = Quarantine.objects.get(settled_at=None)
    assert [(row.number, row.cells[1]) for row in aside.rows_of(rest, offset=0, limit=10)] == [(5, "Double")]
    mend(viewer=OPERATOR, quarantine=rest, changes={5: {"ID": "P4"}})
    request_replay(viewer=OPERATOR, quarantine=rest)
    assert carry_out(claims.claim_next()).status == "done"
    assert len(rows_of(dataset)) == 4
    assert not Quarantine.objects.filter(settled_at=None).exists()
    assert current_version(dataset).number == 3


def test_a_mended_row_may_not_repeat_a_key_already_published(dataset, schema, publish):
    follow(viewer=OPERATOR, dataset=dataset, version=schema, policy="quarantine")
    publish(WRONG)
    kept = Quarantine.objects.get()
    mend(viewer=OPERATOR, quarantine=kept, changes={4: {"places": "12", "ID": "P1"}, 5: None})
    request_replay(viewer=OPERATOR, quarantine=kept)
    run = carry_out(claims.claim_next())
    assert (run.status, run.error["code"]) == ("failed", "pipeline.still-wrong")
    assert len(rows_of(dataset)) == 2
    kept.refresh_from_db()
    assert kept.settled_at is None


def test_asking_twice_for_a_replay_makes_one_run_and_a_settled_one_none(dataset, schema, publish):
    follow(viewer=OPERATOR, dataset=dataset, version=schema, policy="quarantine")
    publish(WRONG)
    kept = Quarantine.objects.get()
    mend(viewer=OPERATOR, quarantine=kept, changes={4: {"places": "12"}, 5: None})
    first = request_replay(viewer=OPERATOR, quarantine=kept)
    assert request_replay(viewer=OPERATOR, quarantine=kept) == first
    assert carry_out(claims.claim_next()).status == "done"
    kept.refresh_from_db()
    with pytest.raises(NothingToReplay):
        request_replay(viewer=OPERATOR, quarantine=kept)


def test_a_new_delivery_supersedes_what_waited(dataset, schema, publish):
    follow(viewer=OPERATOR, dataset=dataset, version=schema, policy="quarantine")
    publish(WRONG)
    publish(RIGHT.replace("120", "121"))
    kept = Quarantine.objects.get()
    assert kept.settled_how == Settlement.SUPERSEDED


def test_a_table_without_its_columns_is_refused_whatever_could_be_kept_aside(dataset, schema, publish):
    follow(viewer=OPERATOR, dataset=dataset, version=schema, policy="quarantine")
    run = publish("nom;places\nGare;12\n")
    assert (run.status, run.error["code"]) == ("failed", "pipeline.table-refused")
    run = publish(HEADER + "P3;Église;beaucoup;ouvert;2,00;03/04/2022;-1.57;47.18\n")
    assert run.error["code"] == "pipeline.no-right-row"
    assert current_version(dataset) is None


def test_a_dataset_that_follows_nothing_goes_as_before(dataset, publish):
    run = publish(WRONG)
    assert run.status == "done"
    assert not Report.objects.exists()
    assert run.conformity == {}
    assert not checks_directory().exists()


def test_the_same_bytes_are_not_read_again_unless_the_schema_changed(dataset, schema, publish):
    follow(viewer=OPERATOR, dataset=dataset, version=schema, policy="warn")
    publish(RIGHT)
    assert publish(RIGHT).status == "unchanged"
    follow(viewer=OPERATOR, dataset=dataset, version=schema, policy="block")
    run = publish(RIGHT)
    assert (run.status, run.conformity["policy"]) == ("unchanged", "block")
    assert run.counts.get("rows") == 2, "read and checked again, then found to be the same data"


def test_a_file_left_by_a_killed_run_is_removed_and_those_of_rows_stay(dataset, schema, publish):
    follow(viewer=OPERATOR, dataset=dataset, version=schema, policy="quarantine")
    publish(WRONG)
    orphan = checks_directory() / dataset.uid / "ck_orphan.aside.parquet"
    orphan.write_bytes(b"x")
    assert list(aftermath.orphans(young=-60)) == [orphan]
    assert aftermath.remove(aftermath.orphans(young=-60)) == 1
    assert aside.path_of(Quarantine.objects.get()).is_file()
    assert list(aftermath.damaged_files()) == []


def test_lists_of_faults_are_bounded(dataset, schema, publish):
    follow(viewer=OPERATOR, dataset=dataset, version=schema, policy="warn")
    for places in range(5):
        publish(WRONG.replace("120", str(places)))
    aftermath.prune()
    assert Report.objects.count() == 5
    assert Report.objects.exclude(faults="").count() == aftermath.FAULTS_KEPT
    aftermath.remove(aftermath.orphans(young=-60))
    assert len(list(checks_directory().rglob("*.parquet"))) == aftermath.FAULTS_KEPT


def test_strangers_see_nothing_of_what_is_aside(dataset, schema, publish):
    follow(viewer=OPERATOR, dataset=dataset, version=schema, policy="quarantine")
    publish(WRONG)
    kept = Quarantine.objects.get()
    for attempt in (
        lambda: quarantines_of(ANONYMOUS, dataset),
        lambda: quarantine_for(ANONYMOUS, dataset, kept.uid),
        lambda: mend(viewer=ANONYMOUS, quarantine=kept, changes={4: None}),
        lambda: request_replay(viewer=ANONYMOUS, quarantine=kept),
        lambda: follow(viewer=ANONYMOUS, dataset=dataset, version=schema),
        lambda: unfollow(viewer=ANONYMOUS, conformity=kept.conformity),
    ):
        with pytest.raises(AccessDenied):
            attempt()


def test_rows_and_columns_that_are_not_there_cannot_be_mended(dataset, schema, publish):
    follow(viewer=OPERATOR, dataset=dataset, version=schema, policy="quarantine")
    publish(WRONG)
    kept = Quarantine.objects.get()
    for changes in ({2: {"places": "1"}}, {4: {"autre": "1"}}, {999: None}):
        with pytest.raises(NotFound):
            mend(viewer=OPERATOR, quarantine=kept, changes=changes)
    mend(viewer=OPERATOR, quarantine=kept, changes={4: {"nom": None, "ID": "é'\"/~<b>"}})
    assert aside.rows_of(kept, offset=0, limit=1)[0].cells[:2] == ("é'\"/~<b>", None)
    with aside.bench(aside.path_of(kept)) as shop:
        table = aside.table_of(kept, workshop=shop)
        assert shop.execute(f"SELECT * FROM ({table.sql}) WHERE row = 4")[0][1:3] == ("é'\"/~<b>", None)


def test_a_record_of_a_draft_is_followed(dataset, schema):
    made = follow_record(viewer=OPERATOR, dataset=dataset, record={"schema": "local/parkings", "policy": "block"})
    assert (made.schema_version, made.policy, made.main) == (schema, "block", True)
    assert follow_record(viewer=OPERATOR, dataset=dataset, record={}) is None
    with pytest.raises(NotFound):
        follow_record(viewer=OPERATOR, dataset=dataset, record={"schema": "absent"})
    assert Conformity.objects.count() == 1


OTHER = {
    "name": "autre",
    "fields": [{"name": "identifiant", "type": "string"}, {"name": "capacité", "type": "integer"}],
}
MAPPING = {
    "columns": [
        {"target": "identifiant", "sources": ["ID"], "steps": []},
        {"target": "capacité", "sources": ["places"], "steps": []},
    ]
}


def test_the_same_version_in_another_schema(dataset, schema, publish, client):
    follow(viewer=OPERATOR, dataset=dataset, version=schema, policy="quarantine")
    publish(WRONG)
    other = SchemaVersion.objects.create(
        schema=Schema.objects.create(name="scdl/autre", title="Autre"), number="2.0.0", descriptor=OTHER
    )
    follow(viewer=OPERATOR, dataset=dataset, version=other, mapping=MAPPING, main=False)
    assert Conformity.objects.count() == 2
    address = f"/explore/dataset/{dataset.slug}/schemas/scdl/autre/2.0.0.csv"
    assert client.get(address).status_code == 404, "the rights are those of the dataset: it is private"
    type(dataset).objects.filter(pk=dataset.pk).update(visibility="open")
    answer = client.get(address)
    assert b"".join(answer.streaming_content).decode() == "identifiant,capacité\nP1,120\nP2,40\n"
    assert client.get(address, headers={"if-none-match": answer["ETag"]}).status_code == 304
    main = f"/explore/dataset/{dataset.slug}/schemas/local/parkings/1.0.0.csv"
    text = b"".join(client.get(main).streaming_content).decode()
    assert text.splitlines()[:2] == [
        HEADER.strip().replace(";", ","),
        'P1,Gare,120,ouvert,"1,5",01/02/2020,-1.55,47.21',
    ]
    assert check_further_views(dataset, current_version(dataset)) == 1
    assert Report.objects.get(schema_version=other).valid
    publish(RIGHT.replace("120", "121"))
    assert b"P1,121" in b"".join(client.get(address).streaming_content), "another version, another file"


def test_an_absent_schema_is_absent(dataset, client):
    type(dataset).objects.filter(pk=dataset.pk).update(visibility="open")
    for name in ("scdl/absent/1.csv", "../../etc/passwd/1.csv", "%2e%2e/1.csv"):
        assert client.get(f"/explore/dataset/{dataset.slug}/schemas/{name}").status_code == 404


def test_every_version_of_the_schema_gives_its_verdict(dataset, schema, publish):
    stricter = SCHEMA | {
        "fields": [SCHEMA["fields"][0], {"name": "places", "type": "integer", "constraints": {"maximum": 50}}]
    }
    later = SchemaVersion.objects.create(schema=schema.schema, number="1.1.0", descriptor=stricter)
    main = follow(viewer=OPERATOR, dataset=dataset, version=schema)
    publish(RIGHT)
    assert next((one.version.number, one.report) for one in standings(main)) == ("1.1.0", None)
    found = standings(main, compute=True)
    assert [(one.version, one.pinned, one.report.error_count) for one in found] == [
        (later, False, 1),
        (schema, True, 0),
    ]
    assert standings(main)[0].report is not None, "kept"


def test_a_draft_is_told_what_it_would_give(dataset, schema, publish, tmp_path):
    follow(viewer=OPERATOR, dataset=dataset, version=schema, policy="block")
    publish(HEADER + "".join(f"P{n};Gare;{n};ouvert;1,50;01/02/2020;-1.55;47.21\n" for n in range(60)))
    user = User.objects.create_user("agent@reze.fr", "correct horse battery")
    file = tmp_path / "draft.csv"
    file.write_text(WRONG, encoding="utf-8")
    draft = create_draft(
        viewer=OPERATOR, user=user, organization=dataset.organization, dataset=dataset, file=file, filename="a.csv"
    )
    ahead = foresee(OPERATOR, draft)
    assert ahead.error["code"] == "pipeline.delivery-refused"
    draft.conformity = {"schema": "local/parkings", "version": "1.0.0", "policy": "quarantine"}
    ahead = foresee(OPERATOR, draft)
    assert (ahead.error, ahead.aside, ahead.verdict.error_count) == (None, 2, 2)
    assert ahead.anomalies[0]["code"] == "volume-drop"
    assert foresee(OPERATOR, draft) == ahead, "kept beside the draft"
    assert Conformity.objects.get().policy == "block", "nothing is decided yet"
    run = publish_draft(viewer=OPERATOR, draft=draft)
    assert carry_out(claims.claim_next()).pk == run.pk
    assert Conformity.objects.get().policy == "quarantine"
    assert len(rows_of(dataset)) == 2


def test_after_publication_profile_and_score(dataset, schema, publish):
    follow(viewer=OPERATOR, dataset=dataset, version=schema, policy="warn")
    run = publish(WRONG)
    assert look_at(run)
    profile = VersionProfile.objects.get(version=run.version)
    assert {column["label"] for column in profile.content["columns"]} >= {"ID", "places"}
    score = Score.objects.get(dataset=dataset)
    assert 0 < score.total < 1
    assert score.dimensions["conformity"]["value"] == pytest.approx(0.4 + 0.6 / 2)
    said = measurements(dataset, "https://x/d", metrics_uri="https://x/m")
    assert [one["dqv:isMeasurementOf"]["@id"] for one in said][:2] == ["https://x/m#total", "https://x/m#completeness"]
    assert all(0 <= one["dqv:value"]["@value"] <= 1 for one in said)
    assert {one["@id"] for one in metrics("https://x/m")} == {one["dqv:isMeasurementOf"]["@id"] for one in said[1:]}
    assert not look_at(run.__class__(status="failed"))
