"""Keeping a dataset: description, fields, versions, source, runs."""

from __future__ import annotations

from datetime import timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.urls import reverse

from bocage.access.viewer import OPERATOR
from bocage.catalog.models import Dataset
from bocage.kernel.clock import now
from bocage.kernel.errors import TerminalError
from bocage.organizations.vocabulary import Role
from bocage.pipeline.models import Run, Source
from bocage.store.models import Head, Version
from bocage.store.services import publish_version
from bocage.store.staged import Notice, StagedFile


def url(name: str, *args) -> str:
    return reverse(f"console:{name}", args=args)


def described(**changed):
    return {"title": "Parkings", "visibility": "shared", "update_frequency": "DAILY", "licence": "lov2"} | changed


def test_a_steward_changes_the_description(person, dataset):
    client = person(Role.STEWARD)
    given = described(keywords="vélo; auto\nvélo", themes=["mobilite", "voirie"], primary_key=["code"])
    assert client.post(url("dataset", "parkings"), given).status_code == 302
    dataset.refresh_from_db()
    assert (dataset.visibility, dataset.keywords, dataset.primary_key) == ("shared", ["vélo", "auto"], ["code"])
    assert dataset.schema[0]["name"] == "code", "what the form does not show is untouched"


@pytest.mark.parametrize(
    "fault", [{"title": ""}, {"visibility": "everyone"}, {"themes": ["x"]}, {"primary_key": ["absent"]}]
)
def test_a_faulty_description_is_shown_again(person, dataset, fault):
    answer = person(Role.STEWARD).post(url("dataset", "parkings"), described(**fault))
    assert answer.status_code == 200
    dataset.refresh_from_db()
    assert (dataset.title, dataset.visibility) == ("Parkings de Rezé", "private")


def test_the_labels_of_the_fields(person, dataset):
    given = {
        "label.code": " Code INSEE ",
        "description.code": "De la commune",
        "label.other": "x",
        "type.code": "integer",
    }
    person(Role.STEWARD).post(url("dataset_fields", "parkings"), given)
    dataset.refresh_from_db()
    assert [f["label"] for f in dataset.schema] == ["Code INSEE", "Places"]
    assert dataset.schema[0]["description"] == "De la commune"
    assert dataset.schema[0]["type"] == "string"


def published(dataset, tmp_path, codes: list[str]) -> Version:
    table = pa.table({"code": codes, "places": list(range(len(codes)))})
    path = tmp_path / f"{len(codes)}.parquet"
    pq.write_table(table, path)
    staged = StagedFile(
        path=path,
        row_count=len(codes),
        fields=tuple(dataset.fields),
        provenance={"filename": "parkings.csv"},
        notices=(Notice("encoding-guessed", {"encoding": "cp1252"}),),
    )
    return publish_version(viewer=OPERATOR, dataset=dataset, staged=staged)


@pytest.fixture
def two_versions(dataset, tmp_path) -> list[Version]:
    return [published(dataset, tmp_path, codes) for codes in (["01004"], ["01004", "2A004"])]


def test_back_to_a_version_and_forward_again(person, dataset, two_versions):
    client = person(Role.STEWARD)
    page = client.get(url("dataset_versions", "parkings")).content.decode()
    assert url("dataset_restore", "parkings", 1) in page
    assert url("dataset_restore", "parkings", 2) not in page
    answer = client.post(url("dataset_restore", "parkings", 1), follow=True)
    assert Head.objects.get().version == two_versions[0]
    assert url("dataset_restore", "parkings", 2) in answer.content.decode()
    client.post(url("dataset_restore", "parkings", 2))
    assert Head.objects.get().version == two_versions[1]


def test_the_remarks_of_a_version_are_sentences(person, dataset, two_versions):
    page = person(Role.STEWARD).get(url("dataset_versions", "parkings")).content.decode()
    assert "cp1252" in page
    assert "encoding-guessed" not in page


def test_a_version_of_another_dataset_is_absent(person, dataset, two_versions, commune):
    Dataset.objects.create(organization=commune, slug="other", title="Other")
    assert person(Role.STEWARD).post(url("dataset_restore", "other", 1)).status_code == 404


def test_restoring_is_never_a_visit(person, dataset, two_versions):
    assert person(Role.STEWARD).get(url("dataset_restore", "parkings", 1)).status_code == 405


def test_an_address_is_followed(person, dataset):
    client = person(Role.CONTRIBUTOR)
    given = {"url": "https://data.example.fr/parkings.csv", "rhythm": "1h"}
    assert client.post(url("dataset_source", "parkings"), given).status_code == 302
    source = Source.objects.get()
    assert (source.url, source.every) == (given["url"], timedelta(hours=1))
    assert Run.objects.get().source == source
    page = client.get(url("dataset_source", "parkings")).content.decode()
    assert 'value="1h" selected' in page


@pytest.mark.parametrize("address", ["", "not an address", "ftp://example.fr/x.csv", "javascript:alert(1)"])
def test_what_is_not_an_address_is_refused(person, dataset, address):
    answer = person(Role.CONTRIBUTOR).post(url("dataset_source", "parkings"), {"url": address, "rhythm": "1h"})
    assert answer.status_code == 200
    assert not Source.objects.exists()


def test_visits_are_paused_and_start_again(person, dataset):
    Source.objects.create(
        dataset=dataset, kind="url", url="https://example.fr/a.csv", every=timedelta(hours=1), next_due_at=now()
    )
    client = person(Role.CONTRIBUTOR)
    client.post(url("dataset_pause", "parkings"), {"paused": "1"})
    assert Source.objects.get().paused
    assert Source.objects.get().next_due_at is None
    client.post(url("dataset_pause", "parkings"), {"paused": "0"})
    assert not Source.objects.get().paused
    assert Source.objects.get().next_due_at is not None


def test_visiting_now_follows_the_run(person, dataset):
    Source.objects.create(dataset=dataset, kind="url", url="https://example.fr/a.csv")
    answer = person(Role.CONTRIBUTOR).post(url("dataset_poll", "parkings"))
    assert answer.headers["Location"] == url("run", Run.objects.get().uid)


class Broken(TerminalError):
    code = "capture.broken"
    message = "Line %(line)s is broken."
    mend = "Mend it."


def a_run(dataset, status: str, **more) -> Run:
    return Run.objects.create(dataset=dataset, status=status, due_at=now(), filename="parkings.csv", **more)


def test_a_run_in_progress_is_followed_without_script(person, dataset):
    run = a_run(dataset, "running", step="read")
    page = person(Role.CONTRIBUTOR).get(url("run", run.uid)).content.decode()
    assert '<noscript><meta http-equiv="refresh"' in page
    assert f"{url('run', run.uid)}?part=progress" in page


@pytest.mark.parametrize("status", ["done", "unchanged", "failed", "cancelled"])
def test_a_run_that_is_over_is_no_longer_asked_for(person, dataset, status):
    page = person(Role.CONTRIBUTOR).get(url("run", a_run(dataset, status).uid)).content.decode()
    assert "refresh" not in page
    assert "part=progress" not in page


def test_the_part_that_changes_is_only_a_part(person, dataset):
    run = a_run(dataset, "waiting")
    part = person(Role.CONTRIBUTOR).get(url("run", run.uid) + "?part=progress").content.decode()
    assert "<html" not in part
    assert 'data-over="false"' in part


def test_a_failure_says_why_and_what_to_do(person, dataset):
    Dataset.objects.update(version_number=4)
    run = a_run(dataset, "failed", error=Broken(line=12).as_dict())
    client = person(Role.CONTRIBUTOR)
    for address in (url("run", run.uid), url("dataset", "parkings")):
        page = client.get(address).content.decode()
        assert "Line 12 is broken." in page
        assert "Mend it." in page
    assert "?dataset=parkings" in client.get(url("run", run.uid)).content.decode()


def test_the_text_of_a_fault_is_never_html(person, dataset):
    run = a_run(
        dataset, "failed", error={"code": "x", "message": "<img src=x onerror=alert(1)>", "mend": "", "fields": {}}
    )
    assert "<img src=x" not in person(Role.CONTRIBUTOR).get(url("run", run.uid)).content.decode()


def test_a_run_is_cancelled(person, dataset):
    run = a_run(dataset, "waiting")
    person(Role.CONTRIBUTOR).post(url("run_cancel", run.uid))
    run.refresh_from_db()
    assert run.status == "cancelled"


def test_cancelling_what_is_over_is_told(person, dataset):
    run = a_run(dataset, "done")
    answer = person(Role.CONTRIBUTOR).post(url("run_cancel", run.uid), follow=True)
    assert "notice--error" in answer.content.decode()
    run.refresh_from_db()
    assert run.status == "done"


def test_trying_again_without_the_file_is_told(person, dataset):
    answer = person(Role.CONTRIBUTOR).post(
        url("run_retry", a_run(dataset, "failed", file="incoming/gone/x").uid), follow=True
    )
    assert answer.status_code == 200
    assert "notice--error" in answer.content.decode()
