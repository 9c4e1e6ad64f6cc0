"""The journey of a file, from the drop to the run."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from bocage.catalog.models import Dataset
from bocage.kernel.clock import now
from bocage.kernel.errors import TerminalError
from bocage.organizations.vocabulary import Role
from bocage.pipeline.drafts import expire_drafts, folder_of, inspect_draft
from bocage.pipeline.models import Draft, Run

DROP = "/console/publish/"


class LineBroken(TerminalError):
    code = "capture.broken-line"
    message = "Line %(line)s has 3 values."
    mend = "Close the quote."


def a_file(content: bytes = b"code;places\n01004;12\n", name: str = "parkings_2024.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def dropped(client: Client, **more) -> Draft:
    answer = client.post(DROP, {"file": a_file(), "organization": "reze"} | more)
    assert answer.status_code == 302, answer.content.decode()
    return Draft.objects.get()


def answers(**changed) -> dict[str, str]:
    """What a browser sends for the page of `understood`, when nothing is touched."""
    rows = {"label.code": "Code", "type.code": "string", "keep.code": "on"}
    rows |= {"label.places": "Places", "type.places": "integer", "keep.places": "on"}
    file = {"layer": "2024", "encoding": "utf-8", "delimiter": ";", "header_line": "1", "geometry_source": ""}
    return rows | file | changed


def test_a_dropped_file_waits_in_the_data_folder(person, understood, data_folder):
    client = person(Role.CONTRIBUTOR)
    draft = dropped(client)
    assert (folder_of(draft) / "content").read_bytes() == b"code;places\n01004;12\n"
    assert draft.filename == "parkings_2024.csv"
    assert not list((data_folder / "incoming").glob("*.upload"))
    page = client.get(reverse("console:draft", args=[draft.uid])).content.decode()
    assert "01004" in page
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


def test_a_file_name_is_never_a_path(person, understood, data_folder):
    answer = person(Role.CONTRIBUTOR).post(DROP, {"file": a_file(name="../../evil.csv"), "organization": "reze"})
    assert answer.status_code == 302
    assert Draft.objects.get().filename == "evil.csv"
    assert {path.name for path in (data_folder / "incoming").rglob("*") if path.is_file()} == {"content"}


def test_the_file_is_read_once_for_each_state_of_the_corrections(person, understood):
    client = person(Role.CONTRIBUTOR)
    draft = dropped(client)
    address = reverse("console:draft", args=[draft.uid])
    for _ in range(3):
        client.get(address)
    assert len(understood.calls) == 1
    client.post(address, answers(encoding="cp1252"))
    client.get(address)
    assert [c.encoding for c in understood.calls] == ["", "cp1252"]


def test_only_what_was_changed_becomes_a_correction(person, understood):
    client = person(Role.CONTRIBUTOR)
    draft = dropped(client)
    address = reverse("console:draft", args=[draft.uid])
    changed = answers(**{"type.places": "string"})
    del changed["keep.code"]
    client.post(address, changed)
    corrections = understood.calls[-1]
    assert (corrections.encoding, corrections.delimiter, corrections.header_line, corrections.layer) == (
        "",
        "",
        None,
        "",
    )
    assert corrections.fields["places"].type == "string"
    assert corrections.fields["places"].label is None
    assert corrections.fields["code"].keep is False
    page = client.get(address).content.decode()
    assert 'name="keep.code"' in page, "a dropped field can be taken back"
    client.post(address, answers(**{"type.places": "string", "label.code": "code"}))
    assert set(understood.calls[-1].fields) == {"places"}


def test_another_sheet_forgets_the_corrections_of_the_fields(person, understood):
    client = person(Role.CONTRIBUTOR)
    address = reverse("console:draft", args=[dropped(client).uid])
    client.post(address, answers(**{"type.places": "string"}))
    client.post(address, answers(layer="2025", **{"type.places": "string"}))
    assert understood.calls[-1].layer == "2025"
    assert understood.calls[-1].fields == {}


def test_a_type_that_does_not_exist_is_not_a_correction(person, understood):
    client = person(Role.CONTRIBUTOR)
    client.post(reverse("console:draft", args=[dropped(client).uid]), answers(**{"type.places": "DROP TABLE"}))
    assert understood.calls[-1].fields == {}


def test_a_malformed_file_says_where_and_publishes_nothing(person, understood, dataset):
    understood.error = LineBroken(line=7)
    client = person(Role.CONTRIBUTOR)
    draft = dropped(client, dataset="parkings")
    page = client.get(reverse("console:draft", args=[draft.uid])).content.decode()
    assert "Line 7 has 3 values." in page
    assert "Close the quote." in page
    assert "?dataset=parkings" in page
    assert client.get(reverse("console:draft_details", args=[draft.uid])).status_code == 302
    assert not Run.objects.exists()
    assert inspect_draft(draft).error["code"] == "capture.broken-line"
    assert len(understood.calls) == 1


def test_a_new_dataset_is_described_then_published(person, understood):
    client = person(Role.CONTRIBUTOR)
    draft = dropped(client)
    address = reverse("console:draft_details", args=[draft.uid])
    assert "Parkings 2024" in client.get(address).content.decode()
    given = {
        "title": "Parkings de Rezé", "visibility": "open", "update_frequency": "MONTHLY", "licence": "lov2",
        "keywords": "parking, vélo,parking", "themes": ["mobilite"], "primary_key": ["code"],
    }  # fmt: skip
    answer = client.post(address, given)
    run = Run.objects.get()
    assert answer.headers["Location"] == reverse("console:run", args=[run.uid])
    created = Dataset.objects.get()
    assert (created.slug, created.keywords, created.primary_key) == ("parkings-de-reze", ["parking", "vélo"], ["code"])
    assert not Draft.objects.exists()
    assert not folder_of(draft).exists()
    assert run.requested_by == client.user
    assert client.get(answer.headers["Location"]).status_code == 200


def test_a_title_already_taken_gets_a_number(person, understood, dataset):
    client = person(Role.CONTRIBUTOR)
    given = {"title": "Parkings", "visibility": "private", "update_frequency": "UNKNOWN", "licence": "lov2"}
    client.post(reverse("console:draft_details", args=[dropped(client).uid]), given)
    assert set(Dataset.objects.values_list("slug", flat=True)) == {"parkings", "parkings-2"}


def test_missing_metadata_is_told_and_the_file_waits(person, understood):
    client = person(Role.CONTRIBUTOR)
    draft = dropped(client)
    answer = client.post(reverse("console:draft_details", args=[draft.uid]), {"title": ""})
    assert answer.status_code == 200
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not Dataset.objects.exists()
    assert Draft.objects.exists()


def test_an_update_replays_the_corrections_and_goes_to_the_same_dataset(person, understood, dataset):
    from bocage.capture.understanding import Corrections
    from bocage.pipeline.models import Source

    Source.objects.create(dataset=dataset, kind="file", corrections=Corrections(encoding="cp1252").as_dict())
    client = person(Role.CONTRIBUTOR)
    draft = dropped(client, dataset="parkings")
    client.get(reverse("console:draft", args=[draft.uid]))
    assert understood.calls[-1].encoding == "cp1252"
    client.post(reverse("console:draft_details", args=[draft.uid]), {"comment": "Juin"})
    run = Run.objects.get()
    assert (run.dataset, run.comment, run.corrections["encoding"]) == (dataset, "Juin", "cp1252")
    assert Dataset.objects.count() == 1


@pytest.mark.parametrize("step", ["draft", "draft_details"])
def test_a_draft_is_its_owner_s_alone(person, understood, step):
    draft = dropped(person(Role.CONTRIBUTOR))
    for role in (Role.COORDINATOR, Role.ADMINISTRATOR):
        assert person(role).get(reverse(f"console:{step}", args=[draft.uid])).status_code == 404


def test_nobody_publishes_where_they_may_not(person, understood, dataset, other_commune):
    stranger = person(Role.COORDINATOR, other_commune)
    assert stranger.post(DROP, {"file": a_file(), "organization": "reze"}).status_code == 403
    assert stranger.post(DROP, {"file": a_file(), "dataset": "parkings"}).status_code == 404
    assert person(Role.MEMBER).post(DROP, {"file": a_file(), "organization": "reze"}).status_code == 403
    assert not Draft.objects.exists()


def test_an_anonymous_upload_is_not_read(understood, db):
    class Unread(BytesIO):
        def read(self, *_args):
            raise AssertionError("the body was read")

    answer = Client().generic("POST", DROP, b"x", "multipart/form-data; boundary=x", **{"wsgi.input": Unread()})
    assert answer.status_code == 302
    assert "/accounts/login/" in answer.headers["Location"]


def test_a_file_over_the_limit_is_refused_before_it_is_read(person, understood, settings):
    settings.BOCAGE = settings.BOCAGE.model_copy(update={"upload_limit_mb": 1})
    answer = person(Role.CONTRIBUTOR).post(DROP, {"file": a_file(b"x" * 2_000_000), "organization": "reze"})
    assert answer.status_code == 413
    assert "1" in answer.content.decode()
    assert not Draft.objects.exists()


def test_an_empty_file_is_refused_with_its_name(person, understood):
    answer = person(Role.CONTRIBUTOR).post(DROP, {"file": a_file(b""), "organization": "reze"})
    assert answer.status_code == 400
    assert "parkings_2024.csv" in answer.content.decode()


def test_a_form_without_file_is_told(person, understood):
    assert person(Role.CONTRIBUTOR).post(DROP, {"organization": "reze"}).status_code == 400


def test_a_script_is_answered_in_json(person, understood):
    client = person(Role.CONTRIBUTOR)
    answer = client.post(DROP, {"file": a_file(), "organization": "reze"}, headers={"accept": "application/json"})
    assert answer.json() == {"next": reverse("console:draft", args=[Draft.objects.get().uid])}
    assert "error" in client.post(DROP, {}, headers={"accept": "application/json"}).json()


def test_the_token_is_asked_for(person, understood):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person(Role.CONTRIBUTOR).user)
    assert client.post(DROP, {"file": a_file(), "organization": "reze"}).status_code == 403
    assert not Draft.objects.exists()


def test_a_draft_can_be_forgotten(person, understood):
    client = person(Role.CONTRIBUTOR)
    draft = dropped(client)
    assert client.get(reverse("console:draft_discard", args=[draft.uid])).status_code == 405
    client.post(reverse("console:draft_discard", args=[draft.uid]))
    assert not Draft.objects.exists()
    assert not folder_of(draft).exists()


def test_drafts_expire_after_a_week(person, understood):
    client = person(Role.CONTRIBUTOR)
    old = dropped(client)
    Draft.objects.filter(pk=old.pk).update(created_at=now() - timedelta(days=8))
    client.post(DROP, {"file": a_file(), "organization": "reze"})
    assert expire_drafts() == 1
    assert not folder_of(old).exists()
    assert Draft.objects.count() == 1


def test_the_nine_lamps_are_shown_before_publication_and_prevent_nothing(person, understood):
    client = person(Role.CONTRIBUTOR)
    address = reverse("console:draft_details", args=[dropped(client).uid])
    with translation.override("fr"):
        page = client.get(address).content.decode()
    assert page.count('class="lamp') - page.count('class="lamps"') == 9
    assert page.count("lamp--lit") == 3, "the licence that is proposed, open format, files that answer"
    for name in ("description", "temporal_start", "update_frequency"):
        assert f'<a href="#id_{name}">' in page
        assert f'id="id_{name}"' in page, "one click leads to the field"
    given = {"title": "Parkings", "visibility": "private", "update_frequency": "UNKNOWN", "licence": "notspecified"}
    looked = client.post(address, given | {"look": ""}).content.decode()
    assert '<a href="#id_licence">' in looked
    assert looked.count("lamp--lit") == 2
    assert not Run.objects.exists(), "to look publishes nothing"
    wrong = client.post(address, {"update_frequency": "<b>", "licence": "x", "temporal_end": "demain", "look": ""})
    assert wrong.status_code == 200
    better = {"description": "x" * 101, "update_frequency": "MONTHLY", "licence": "lov2", "temporal_end": "2024-12-31"}
    looked = client.post(address, given | better | {"look": ""}).content.decode()
    assert looked.count("lamp--lit") == 7
    assert "2024-12-31" in looked, "the answers are kept"
    assert client.post(address, given).status_code == 302
    assert Run.objects.exists()


def test_a_new_version_asks_nothing_that_its_dataset_knows(person, understood, dataset):
    client = person(Role.CONTRIBUTOR)
    address = reverse("console:draft_details", args=[dropped(client, dataset="parkings").uid])
    assert "lamp" not in client.get(address).content.decode()
