"""What was acknowledged is never lost, whatever happens to the dataset before it is published."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from bocage.access.viewer import OPERATOR
from bocage.check.conformities import follow
from bocage.check.models import Report, Schema, SchemaVersion
from bocage.kernel.clock import now
from bocage.pipeline import claims, services
from bocage.pipeline.faults import from_record
from bocage.pipeline.models import Push, PushQueue
from bocage.pipeline.pushes import applying
from bocage.pipeline.pushes.addresses import drop_aside, state_of, try_aside_again
from bocage.pipeline.pushes.errors import PayloadRefused

pytestmark = pytest.mark.django_db


@pytest.fixture
def drop(tmp_path):
    """Publish a CSV file as the next version."""

    def dropped(device, text):
        path = tmp_path / "drop.csv"
        path.write_text(text, encoding="utf-8")
        run = services.request_publication(viewer=OPERATOR, dataset=device.dataset, file=path, filename="a.csv")
        assert claims.claim(run)
        assert services.carry_out(run).status == "done"

    return dropped


def test_records_fit_again_after_a_file_with_more_fields(keyed, drop):
    keyed.push({"id": "a", "n": 1})
    keyed.publish()
    keyed.push({"id": "b", "n": 2})
    drop(keyed, "id,n,autre\na,1,x\nz,2.5,y\n")
    assert keyed.publish()[-1] == {"id": "b", "n": "2.0"}


def test_what_no_longer_fits_is_kept_aside_until_somebody_decides(keyed, drop):
    keyed.push({"id": "a", "n": 1})
    keyed.publish()
    keyed.push({"id": "b", "n": 2})
    keyed.push({"id": "c"})
    drop(keyed, "id\na\n")
    assert [row["id"] for row in keyed.publish()] == ["a", "c"]
    told = state_of(OPERATOR, keyed.dataset)
    assert (told.aside, told.aside_records, PushQueue.objects.get().pushes) == (1, 1, 0)
    drop(keyed, "id,n\na,1\n")
    try_aside_again(viewer=OPERATOR, dataset=keyed.dataset)
    assert keyed.publish()[-1] == {"id": "b", "n": "2"}
    assert not Push.objects.exists()


def test_what_no_longer_fits_may_be_given_up(keyed, drop):
    keyed.push({"id": "a", "n": 1})
    keyed.publish()
    keyed.push({"id": "b", "n": 2})
    drop(keyed, "id\na\n")
    keyed.publish(expected="unchanged")
    assert drop_aside(viewer=OPERATOR, dataset=keyed.dataset) == 1
    assert keyed.rows() == [{"id": "a"}]


def _follow(device, policy):
    schema = Schema.objects.create(name="local/niveaux", kind="local", title="Niveaux")
    fields = [
        {"name": "id", "type": "string", "constraints": {"required": True, "pattern": "^[a-z]$"}},
        {"name": "n", "type": "integer", "constraints": {"maximum": 10}},
    ]
    version = SchemaVersion.objects.create(schema=schema, number="1", descriptor={"fields": fields})
    follow(viewer=OPERATOR, dataset=device.dataset, version=version, policy=policy)


def test_a_schema_is_asked_before_the_answer(keyed):
    _follow(keyed, "block")
    with pytest.raises(PayloadRefused):
        keyed.push({"id": "a", "n": 99})
    keyed.push({"id": "a", "n": 9})
    keyed.publish()
    with pytest.raises(PayloadRefused) as refusal:
        keyed.push({"id": "b", "n": 1}, {"id": "c", "n": 11})
    [fault] = refusal.value.fields["faults"]
    assert (fault["record"], fault["field"]) == (2, "n")
    keyed.push({"id": "b", "n": 1}, {"id": "b", "n": 2})
    assert keyed.publish() == [{"id": "a", "n": "9"}, {"id": "b", "n": "2"}]
    assert list(Report.objects.values_list("valid", flat=True)) == [True, True]


def test_a_schema_that_only_warns_lets_records_in_and_tells(keyed):
    _follow(keyed, "warn")
    keyed.push({"id": "a", "n": 9})
    keyed.publish()
    keyed.push({"id": "b", "n": 99})
    assert len(keyed.publish()) == 2
    assert Report.objects.latest("pk").error_count == 1


def test_a_publication_that_failed_loses_nothing_and_is_tried_again(keyed, monkeypatch):
    keyed.push({"id": "a", "n": 1})
    keyed.publish()
    keyed.push({"id": "b", "n": 2})
    with monkeypatch.context() as broken:
        broken.setattr(applying, "merged", lambda *_args, **_more: "SELECT nonsense")
        keyed.publish(expected="failed")
    assert PushQueue.objects.get().due_at > now() + timedelta(minutes=9)
    told = state_of(OPERATOR, keyed.dataset)
    assert told.failure is not None
    again = services.retry_run(viewer=OPERATOR, run=told.failure)
    assert claims.claim(again)
    assert services.carry_out(again).status == "done"
    assert len(keyed.rows()) == 2
    assert state_of(OPERATOR, keyed.dataset).failure is None


def test_a_refusal_kept_for_the_steward_is_told_in_their_language(keyed):
    keyed.push({"id": "a", "n": 1})
    keyed.publish()
    with translation.override("fr"):
        with pytest.raises(PayloadRefused):
            keyed.push({"id": "b", "n": "x"})
        keyed.address.refresh_from_db()
        assert from_record(keyed.address.refusal)["message"].startswith("Enregistrement 1 : « n » attend")
