"""Documents joined to a dataset: manuals, pictures, licences. Whoever may read the dataset may read them.

The file is put in place before the row that names it, and stays after the row went: killed at any instant, at worst a file
that no row names remains, and housekeeping removes it.
"""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from bocage.access.audit.readings import tell_reading
from bocage.access.rules import decide
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.catalog.services import touch_catalogue
from bocage.kernel import clock
from bocage.kernel.errors import NotFound
from bocage.kernel.ids import new_uid
from bocage.store.errors import DocumentEmpty, DocumentMissing, DocumentTooLarge, TooManyDocuments
from bocage.store.files import install, sha256_of
from bocage.store.layout import attachment_path, attachments_directory, staging_directory
from bocage.store.media_types import media_type_of
from bocage.store.models import FILENAME_LENGTH, TITLE_LENGTH, Attachment

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from bocage.access.viewer import Viewer
    from bocage.organizations.models import User

LARGEST_MB = 50
MOST_DOCUMENTS = 50
"""Of one dataset, those removed lately included."""
REMOVED_KEPT = timedelta(days=30)
YOUNG = timedelta(hours=1)


def largest_mb() -> int:
    """Megabytes that one document may take here."""
    return min(LARGEST_MB, settings.BOCAGE.upload_limit_mb)


def attach(
    *, viewer: Viewer, dataset: Dataset, title: str, file: Path, filename: str = "", media_type: str = "",
    identifier: str = "", user: User | None = None,
) -> Attachment:  # fmt: skip
    """Join a copy of `file` to the dataset. `filename` and `media_type`: as its sender says. `identifier`: to keep the one
    it has elsewhere; the same bytes under it again change nothing but the title.

    Raises AccessDenied, DocumentEmpty, DocumentTooLarge, TooManyDocuments."""
    decide(viewer, Action.MANAGE, dataset).require()
    size = file.stat().st_size
    if not size:
        raise DocumentEmpty
    if size > largest_mb() * 1024 * 1024:
        raise DocumentTooLarge(limit_mb=largest_mb())
    name = clean_filename(filename or file.name)
    sha256 = _kept(file)
    with transaction.atomic():
        Dataset.objects.select_for_update().get(pk=dataset.pk)  # one at a time: identifiers and their number
        known = {one.identifier: one for one in Attachment.objects.filter(dataset=dataset)}
        wanted = clean_identifier(identifier or name)
        found = known.get(wanted) if identifier else None
        if found is None and len(known) >= MOST_DOCUMENTS:
            raise TooManyDocuments(limit=MOST_DOCUMENTS)
        one = found or Attachment(dataset=dataset, identifier=_free(wanted, known), created_at=clock.now())
        one.title = clean_title(title) or name
        one.filename, one.media_type = name, media_type_of(attachment_path(sha256), name, media_type)
        one.size_bytes, one.sha256, one.removed_at, one.created_by = size, sha256, None, user or one.created_by
        one.full_clean()
        one.save()
        _say_changed(dataset)
    return one


def attachments_of(viewer: Viewer, dataset: Dataset) -> list[Attachment]:
    """In the order in which they were joined. Raises AccessDenied."""
    decide(viewer, Action.READ, dataset).require()
    return list(_present(dataset))


def attachments_by_dataset(viewer: Viewer, datasets: Sequence[Dataset]) -> dict[int, list[Attachment]]:
    """Those of several datasets, by primary key; one query. A dataset that the viewer may not read has none."""
    readable = [one.pk for one in datasets if decide(viewer, Action.READ, one)]
    found: dict[int, list[Attachment]] = {}
    for one in Attachment.objects.filter(dataset__in=readable, removed_at=None):
        found.setdefault(one.dataset_id, []).append(one)
    return found


def attachment_for(viewer: Viewer, dataset: Dataset, identifier: str) -> Attachment:
    """Raises AccessDenied, NotFound."""
    decide(viewer, Action.READ, dataset).require()
    found = _present(dataset).filter(identifier=identifier[:FILENAME_LENGTH]).first()
    if found is None:
        raise NotFound(kind=_("The document"), name=identifier[:FILENAME_LENGTH])
    return found


def document_path(attachment: Attachment) -> Path:
    """Where its bytes are. Raises DocumentMissing when they are gone."""
    path = attachment_path(attachment.sha256)
    if not path.is_file():
        raise DocumentMissing(title=attachment.title)
    return path


def open_document(viewer: Viewer, dataset: Dataset, attachment: Attachment) -> Path:
    """Its file, to be given to the viewer now, for the journal is told. Raises AccessDenied, DocumentMissing."""
    decide(viewer, Action.READ, dataset).require()
    path = document_path(attachment)
    tell_reading(viewer, dataset, subject=attachment.identifier)
    return path


@transaction.atomic
def rename_attachment(*, viewer: Viewer, attachment: Attachment, title: str) -> Attachment:
    decide(viewer, Action.MANAGE, attachment.dataset).require()
    attachment.title = clean_title(title) or attachment.filename
    attachment.save(update_fields=["title"])
    _say_changed(attachment.dataset)
    return attachment


@transaction.atomic
def remove_attachment(*, viewer: Viewer, attachment: Attachment) -> None:
    """Take it away from everybody. It waits REMOVED_KEPT to be put back."""
    decide(viewer, Action.MANAGE, attachment.dataset).require()
    Attachment.objects.filter(pk=attachment.pk).update(removed_at=clock.now())
    _say_changed(attachment.dataset)


@transaction.atomic
def put_back_attachment(*, viewer: Viewer, dataset: Dataset, identifier: str) -> Attachment:
    """Undo `remove_attachment`. Raises AccessDenied, NotFound."""
    decide(viewer, Action.MANAGE, dataset).require()
    found = Attachment.objects.filter(dataset=dataset, identifier=identifier[:FILENAME_LENGTH]).first()
    if found is None:
        raise NotFound(kind=_("The document"), name=identifier[:FILENAME_LENGTH])
    Attachment.objects.filter(pk=found.pk).update(removed_at=None)
    _say_changed(dataset)
    return found


# Housekeeping ---------------------------------------------------------------------------------------------------------


def forget_removed() -> int:
    """Documents removed long enough ago that nobody will undo it. Their files go with `orphans`."""
    return Attachment.objects.filter(removed_at__lt=clock.now() - REMOVED_KEPT).delete()[0]


def orphans(young: timedelta = YOUNG) -> Iterator[Path]:
    """Files that no row names, and that have not changed lately. Files are listed first."""
    folder = attachments_directory()
    limit = (clock.now() - young).timestamp()
    files = [path for path in folder.iterdir() if path.lstat().st_ctime <= limit] if folder.is_dir() else []
    named = set(Attachment.objects.values_list("sha256", flat=True))
    return (path for path in files if path.name not in named)


def damaged() -> Iterator[Attachment]:
    """Documents whose file is not there, or is not what was joined. Reads every byte."""
    for one in Attachment.objects.filter(removed_at=None).select_related("dataset").iterator(500):
        path = attachment_path(one.sha256)
        if not path.is_file() or sha256_of(path) != one.sha256:
            yield one


# Parts ----------------------------------------------------------------------------------------------------------------


def clean_filename(text: str) -> str:
    """A name to save under: no folder, no control character; never used as a path here."""
    name = PurePosixPath(text.replace("\\", "/")).name
    name = "".join(letter for letter in name if unicodedata.category(letter)[0] != "C").strip(" .") or "document"
    stem, dot, suffix = name.rpartition(".")
    return name if len(name) <= FILENAME_LENGTH else f"{stem[: FILENAME_LENGTH - 11]}{dot}{suffix[:10]}"


def clean_title(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:TITLE_LENGTH]


def clean_identifier(text: str) -> str:
    """`Notice d’usage.pdf` → `notice_dusage_pdf`, as the portals replaced name theirs."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9-]+", "_", plain).strip("_-")[: FILENAME_LENGTH - 10] or "document"


def _free(wanted: str, known: dict[str, Attachment]) -> str:
    rank, identifier = 1, wanted
    while identifier in known:
        rank += 1
        identifier = f"{wanted}_{rank}"
    return identifier


def _kept(file: Path) -> str:
    """Put a copy of the bytes in place, once; gives their SHA-256."""
    folder = staging_directory()
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / new_uid("document")
    try:
        shutil.copyfile(file, draft)
        sha256 = sha256_of(draft)  # of the copy: what came could change meanwhile
        place = attachment_path(sha256)
        if place.is_file():
            place.touch()  # in use again: young for housekeeping until its row is there
        else:
            install(draft, place)
    finally:
        draft.unlink(missing_ok=True)
    return sha256


def _present(dataset: Dataset) -> QuerySet[Attachment]:
    return Attachment.objects.filter(dataset=dataset, removed_at=None).select_related("dataset")


def _say_changed(dataset: Dataset) -> None:
    dataset.save(update_fields=["metadata_updated_at"])
    touch_catalogue()
