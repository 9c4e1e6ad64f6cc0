"""Drafts: a dropped file on its way to publication. Nothing of a draft is ever seen by anybody but its owner."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bocage.access.rules import decide, decide_in
from bocage.access.vocabulary import Action
from bocage.capture import services as capture
from bocage.capture.apart import inspect_apart, is_risky
from bocage.capture.understanding import Corrections, GeometryFound, Layer, Understanding
from bocage.catalog.fields import Field
from bocage.catalog.services import create_dataset
from bocage.check.conformities import follow_record
from bocage.kernel.clock import now
from bocage.kernel.errors import BocageError, NotFound, TerminalError
from bocage.kernel.ids import new_uid
from bocage.pipeline import services as pipeline
from bocage.pipeline.models import Draft, Run
from bocage.store.staged import Notice

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.catalog.models import Dataset
    from bocage.organizations.models import Organization, User

LIFETIME = timedelta(days=7)


class EmptyFile(TerminalError):
    code = "pipeline.empty-file"
    message = _("The file “%(filename)s” is empty.")
    mend = _("Open it to see what it holds, save it again, then drop it.")


class FileTooLarge(TerminalError):
    code = "pipeline.file-too-large"
    message = _("The file is too large: this platform accepts up to %(limit_mb)s MB.")
    mend = _("Compress it (zip or gzip), split it, or ask the operator of the platform to raise the limit.")


@dataclass(frozen=True)
class Inspection:
    """What capture said of a draft: one or the other. `error` is BocageError.as_dict()."""

    understanding: Understanding | None = None
    error: dict[str, Any] | None = None


def draft_for(viewer: Viewer, uid: str) -> Draft:
    """The viewer's own draft. Raises NotFound for any other, absent or not."""
    draft = (
        Draft.objects.select_related("organization", "dataset", "dataset__organization")
        .filter(uid=uid, user_id=viewer.user_id or 0)
        .first()
    )
    if draft is None:
        raise NotFound(kind=_("The draft"), name=uid)
    return draft


def folder_of(draft: Draft) -> Path:
    return Path(settings.DATA_DIR) / "incoming" / draft.uid


def create_draft(
    *, viewer: Viewer, user: User, organization: Organization, dataset: Dataset | None, file: Path, filename: str
) -> Draft:
    """Take over `file` (moved). Needs the right to publish; raises EmptyFile, FileTooLarge."""
    _require(viewer, organization, dataset)
    size = file.stat().st_size
    if size == 0:
        raise EmptyFile(filename=filename)
    if size > settings.BOCAGE.upload_limit_mb * 1024 * 1024:
        raise FileTooLarge(limit_mb=settings.BOCAGE.upload_limit_mb)
    draft = Draft(
        organization=organization,
        dataset=dataset,
        user=user,
        filename=filename[-255:],
        size_bytes=size,
        created_at=now(),
    )
    source = getattr(dataset, "capture_source", None)
    # A file that updates a dataset is read as the one before was corrected.
    draft.corrections = source.corrections if source is not None else {}
    folder_of(draft).mkdir(parents=True)
    shutil.move(file, folder_of(draft) / "content")
    draft.save()
    return draft


def inspect_draft(draft: Draft) -> Inspection:
    """What capture understands of the draft with its corrections: asked once for each state of the corrections."""
    folder = folder_of(draft)
    try:
        kept = json.loads((folder / "inspection.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        kept = None
    if kept is not None and kept["corrections"] == draft.corrections:
        return _inspection_from(kept)
    said = _read(folder / "content", draft)
    fresh = json.dumps({"corrections": draft.corrections} | said, ensure_ascii=False, default=str)
    partial = folder / f"{new_uid('partial')}.json"  # renamed into place: two tabs never read half a file
    partial.write_text(fresh, encoding="utf-8")
    partial.rename(folder / "inspection.json")
    return _inspection_from(json.loads(fresh))


def _read(file: Path, draft: Draft) -> dict[str, Any]:
    """`understanding` or `error`, as dictionaries. Apart, when the file could take this process down with it."""
    corrections = Corrections.from_dict(draft.corrections)
    try:
        if is_risky(file, draft.filename):
            return inspect_apart(file, filename=draft.filename, corrections=corrections)
        return {"understanding": capture.inspect(file, filename=draft.filename, corrections=corrections).as_dict()}
    except BocageError as error:
        return {"error": error.as_dict()}


def correct_draft(*, draft: Draft, corrections: Corrections) -> Draft:
    """Keep what the person corrected; the next `inspect_draft` reads the file again."""
    draft.corrections = json.loads(
        json.dumps(corrections.as_dict())
    )  # as the database gives it back: lists, not tuples
    draft.save(update_fields=["corrections"])
    return draft


def publish_draft(*, viewer: Viewer, draft: Draft, metadata: dict[str, Any] | None = None, comment: str = "") -> Run:
    """Ask for the publication of the draft, in its dataset or in a new one made from `metadata` (slug, title…).

    A schema chosen for the draft is followed from now on. All of it appears together or not at all; the draft ends. Asked
    twice at once, by two tabs or by a double click, it is published once: raises NotFound for the other."""
    folder, dataset = folder_of(draft), draft.dataset
    with transaction.atomic():
        if Draft.objects.select_for_update().filter(pk=draft.pk).first() is None:
            raise NotFound(kind=_("The draft"), name=draft.uid)
        if dataset is None:
            dataset = create_dataset(viewer=viewer, organization=draft.organization, **(metadata or {}))
        follow_record(viewer=viewer, dataset=dataset, record=draft.conformity)
        run = pipeline.request_publication(
            viewer=viewer,
            dataset=dataset,
            file=folder / "content",
            filename=draft.filename,
            corrections=Corrections.from_dict(draft.corrections),
            comment=comment,
        )
        draft.delete()
    shutil.rmtree(folder, ignore_errors=True)
    return run


def discard_draft(*, draft: Draft) -> None:
    """Forget the draft and its file."""
    shutil.rmtree(folder_of(draft), ignore_errors=True)
    draft.delete()


def expire_drafts(*, instant: datetime | None = None) -> int:
    """Discard the drafts older than LIFETIME; how many. Called by the worker."""
    old = Draft.objects.filter(created_at__lt=(instant or now()) - LIFETIME)
    for draft in old:
        shutil.rmtree(folder_of(draft), ignore_errors=True)
    return old.delete()[0]


def _require(viewer: Viewer, organization: Organization, dataset: Dataset | None) -> None:
    if dataset is None:
        decide_in(viewer, Action.PUBLISH, organization.pk).require()
    else:
        decide(viewer, Action.PUBLISH, dataset).require()


def _inspection_from(kept: dict[str, Any]) -> Inspection:
    if "error" in kept:
        return Inspection(error=kept["error"])
    data = kept["understanding"]
    geometry = data["geometry"]
    revived = {
        "fields": tuple(Field.from_dict(item) for item in data["fields"]),
        "layers": tuple(Layer(**item) for item in data["layers"]),
        "notices": tuple(Notice(**item) for item in data["notices"]),
        "preview": tuple(data["preview"]),
        "geometry": geometry
        and GeometryFound(**(geometry | {"columns": tuple(geometry["columns"]), "types": tuple(geometry["types"])})),
    }
    return Inspection(understanding=Understanding(**(data | revived)))
