"""Documents joined to datasets: one file for the same bytes, told by its bytes, never lost by a mistake."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bocage.access.viewer import ANONYMOUS, OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.catalog.services import create_dataset
from bocage.kernel import clock
from bocage.kernel.errors import AccessDenied, NotFound
from bocage.organizations.models import Organization
from bocage.store import documents
from bocage.store.errors import DocumentEmpty, DocumentTooLarge, TooManyDocuments
from bocage.store.layout import attachment_path, attachments_directory
from bocage.store.models import Attachment

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


@pytest.fixture
def dataset(db, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    organization = Organization.objects.create(slug="ville", name="Ville", kind="commune", path="/1/")
    return create_dataset(
        viewer=OPERATOR, organization=organization, slug="bancs", title="Bancs", visibility=Visibility.OPEN
    )


@pytest.fixture
def join(dataset, tmp_path):
    def make(content: bytes = PDF, name: str = "Notice d’usage.pdf", **given) -> Attachment:
        file = tmp_path / "sent"
        file.write_bytes(content)
        given = {"viewer": OPERATOR, "dataset": dataset, "title": "Notice", "filename": name} | given
        return documents.attach(file=file, **given)

    return make


def test_the_same_bytes_are_kept_once_and_may_not_change(join):
    first, second = join(), join(title="La même")
    assert (first.identifier, second.identifier) == ("notice_dusage_pdf", "notice_dusage_pdf_2")
    assert first.sha256 == second.sha256
    (file,) = attachments_directory().iterdir()
    assert file.read_bytes() == PDF
    assert file.stat().st_mode & 0o777 == 0o444


@pytest.mark.parametrize(
    ("content", "name", "said", "expected"),
    [
        (PDF, "a.html", "text/html", "application/pdf"),
        (b"<script>alert(1)</script>", "a.html", "text/html", "text/plain"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "image/svg+xml", "text/plain"),
        (b"a;b\n1;2\n", "a.csv", "", "text/csv"),
        (b"PK\x03\x04rest", "a.ods", "", "application/vnd.oasis.opendocument.spreadsheet"),
        (b"PK\x03\x04rest", "a.exe", "application/x-msdownload", "application/zip"),
        (b"\x89PNG\r\n\x1a\nrest", "a", "text/html", "image/png"),
        (b"\x00\x01\x02", "a.pdf", "application/pdf", "application/octet-stream"),
        ("é".encode() * 4096, "a.txt", "", "text/plain"),
        (b"a" + "é".encode() * 4096, "a.txt", "", "text/plain"),
        ("é".encode("latin-1") * 3, "a.txt", "text/plain", "application/octet-stream"),
    ],
)
def test_the_bytes_say_what_a_file_is(join, content, name, said, expected):
    assert join(content, name, media_type=said).media_type == expected


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\plan.pdf", "plan.pdf"),
        ("a\x00b\r\n\u202ec.pdf", "abc.pdf"),
        ("..", "document"),
        ("x" * 400 + ".pdf", "x" * 139 + ".pdf"),
    ],
)
def test_a_name_is_never_a_path(join, given, kept):
    assert join(name=given).filename == kept


def test_an_imported_document_keeps_its_identifier_and_is_replaced_in_place(join, dataset):
    first = join(identifier="plan-comptable_pdf")
    again = join(b"%PDF-1.4 other", identifier="plan-comptable_pdf", title="Nouveau")
    assert (again.pk, again.identifier, again.title) == (first.pk, "plan-comptable_pdf", "Nouveau")
    assert [one.sha256 for one in documents.attachments_of(OPERATOR, dataset)] == [again.sha256]


def test_bounds(join, settings, monkeypatch):
    with pytest.raises(DocumentEmpty):
        join(b"")
    monkeypatch.setattr(documents, "LARGEST_MB", 1)
    join(b"x" * 1024 * 1024)
    with pytest.raises(DocumentTooLarge):
        join(b"x" * (1024 * 1024 + 1))
    monkeypatch.setattr(documents, "MOST_DOCUMENTS", 2)
    join()
    with pytest.raises(TooManyDocuments):
        join()


def test_removed_then_put_back(join, dataset):
    one = join()
    before = dataset.metadata_updated_at
    documents.remove_attachment(viewer=OPERATOR, attachment=one)
    assert documents.attachments_of(ANONYMOUS, dataset) == []
    with pytest.raises(NotFound):
        documents.attachment_for(ANONYMOUS, dataset, one.identifier)
    documents.put_back_attachment(viewer=OPERATOR, dataset=dataset, identifier=one.identifier)
    assert documents.attachments_of(ANONYMOUS, dataset) == [one]
    dataset.refresh_from_db()
    assert dataset.metadata_updated_at > before, "validators of answers depend on it"


def test_rights_are_those_of_the_dataset(join, dataset):
    one = join()
    with pytest.raises(AccessDenied):
        join(viewer=ANONYMOUS)
    for change in (
        lambda: documents.rename_attachment(viewer=ANONYMOUS, attachment=one, title="x"),
        lambda: documents.remove_attachment(viewer=ANONYMOUS, attachment=one),
        lambda: documents.put_back_attachment(viewer=ANONYMOUS, dataset=dataset, identifier=one.identifier),
    ):
        with pytest.raises(AccessDenied):
            change()
    dataset.visibility = Visibility.PRIVATE
    dataset.save()
    for read in (
        lambda: documents.attachments_of(ANONYMOUS, dataset),
        lambda: documents.attachment_for(ANONYMOUS, dataset, one.identifier),
    ):
        with pytest.raises(AccessDenied):
            read()
    assert documents.attachments_by_dataset(ANONYMOUS, [dataset]) == {}


def test_housekeeping_removes_what_nobody_will_undo(join):
    kept, removed = join(), join(b"%PDF- removed")
    documents.remove_attachment(viewer=OPERATOR, attachment=removed)
    assert documents.forget_removed() == 0
    Attachment.objects.filter(pk=removed.pk).update(removed_at=clock.now() - timedelta(days=31))
    assert documents.forget_removed() == 1
    assert list(documents.orphans()) == [], "young: a row may be about to name it"
    assert list(documents.orphans(timedelta(0))) == [attachment_path(removed.sha256)]
    assert Path(documents.document_path(kept)).is_file()


def test_doctor_sees_what_is_damaged(join):
    one = join()
    assert list(documents.damaged()) == []
    path = attachment_path(one.sha256)
    path.chmod(0o644)
    path.write_bytes(b"other")
    assert list(documents.damaged()) == [one]
