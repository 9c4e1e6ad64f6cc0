"""One dataset: described, its data published, its figures compared. Each part done is written down at once, so that whoever comes
after a `kill -9` does the next one."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from bocage.access.viewer import OPERATOR
from bocage.capture.declared.staging import declared_fields
from bocage.capture.declared.tables import fitting
from bocage.capture.understanding import Corrections
from bocage.catalog.fields import Field
from bocage.catalog.models import Dataset
from bocage.catalog.vocabulary import FieldType
from bocage.kernel.clock import now
from bocage.kernel.errors import BocageError
from bocage.kernel.http import Fetched, RequestRefused
from bocage.pipeline.faults import from_record
from bocage.pipeline.inline import carry_to_end
from bocage.pipeline.models import Run
from bocage.pipeline.moving import comparison, placing
from bocage.pipeline.moving.attachments import bring_attachments
from bocage.pipeline.moving.documents import SourceDataset
from bocage.pipeline.moving.errors import NoFaithfulExport, PublicationFailed, PublicationWaits
from bocage.pipeline.moving.mapping.losses import as_records
from bocage.pipeline.moving.models import MovedDataset
from bocage.pipeline.moving.placing import Destination, Placed
from bocage.pipeline.moving.portal import Portal, status_of
from bocage.pipeline.moving.vocabulary import MoveState
from bocage.pipeline.reviews.errors import ReviewRequired
from bocage.pipeline.services import request_publication
from bocage.pipeline.vocabulary import LIVE, RunStatus
from bocage.store.models import Version
from bocage.store.selectors import current_version
from bocage.store.staged import Notice

EXPORTS = ("parquet", "jsonl", "json")
"""The first one keeps types and loses nothing; the others are read by the types that the portal declares."""
_NOT_OFFERED = (400, 404, 405, 406, 410, 415, 501)


@dataclass
class Copier:
    """`again`: data that has not changed is fetched all the same. `say`: what is being done, in the reader's language."""

    portal: Portal
    destination: Destination
    again: bool = False
    say: Callable[[str], None] = lambda _text: None
    watched: Path | None = field(default=None, repr=False)

    def copy(self, source: SourceDataset) -> Placed:
        """Raises a BocageError: nothing of it stops the other datasets, unless it is a StopsEverything."""
        self.say(_("description"))
        placed = placing.place(self.portal.origin, source, self.destination)
        losses = [*placed.losses]
        if source.has_data:
            losses += self._bring_data(placed, source)
        losses += self._bring_attachments(placed, source)
        losses += placing.open_if_public(placed, self.destination, source)
        placing.label_fields(placed.row, Dataset.objects.get(pk=placed.dataset.pk), placed.fields)
        self._keep(placed.row)
        self._compare(placed, source)
        row = placed.row
        row.seen = row.seen | {"document": source.digest}
        row.losses, row.error, row.state, row.copied_at = as_records(losses), {}, MoveState.COPIED, now()
        row.save()
        return dataclasses.replace(placed, losses=tuple(losses))

    @property
    def received_bytes(self) -> int:
        """Of the download under way. Called from another thread."""
        folder = self.watched
        try:
            return sum(path.stat().st_size for path in folder.iterdir()) if folder else 0
        except OSError:
            return 0

    # Data -----------------------------------------------------------------------------------------------------------

    def _bring_data(self, placed: Placed, source: SourceDataset) -> list[Notice]:
        """Publish what the portal exports, unless it is what was published last."""
        row = placed.row
        self._finish_what_was_begun(placed.dataset)
        published = current_version(placed.dataset)
        mark = source.data_mark
        if published and mark and row.seen.get("data") == mark and not self.again:
            return [Notice(**one) for one in row.seen.get("losses", [])]
        told: list[Notice] = []
        for form in EXPORTS:
            try:
                seen = self._publish(placed, source, form, published)
            except _NotThisOne as other:
                told.append(Notice("export-form", {"format": form, "reason": str(other)}))
                continue
            row.seen = row.seen | seen | {"data": mark, "losses": as_records(told)}
            self._keep(row)
            return told
        raise NoFaithfulExport(reasons=" ".join(str(one.fields["reason"]) for one in told)[:1000])

    def _finish_what_was_begun(self, dataset: Dataset) -> None:
        """Runs that an interrupted import left."""
        for run in Run.objects.filter(dataset=dataset, status__in=LIVE).exclude(file="").order_by("pk"):
            carry_to_end(run)

    def _publish(self, placed: Placed, source: SourceDataset, form: str, published: Version | None) -> dict[str, Any]:
        """What to remember of it. Raises _NotThisOne when another export may do better."""
        seen = placed.row.seen
        known = seen.get("etag", "") if published and seen.get("format") == form and not self.again else ""
        with self.portal.scratch() as into:
            fetched = self._download(source, form, into, known)
            if fetched.path is None:
                return {}
            fields = _fitting(fetched.path, placed.fields.fields, form, into)
            run = request_publication(
                viewer=OPERATOR,
                dataset=placed.dataset,
                file=fetched.path,
                filename=f"{placed.dataset.slug}.{form}",
                corrections=Corrections(declared=tuple(one.as_dict() for one in fields)),
                comment=_("Copied from %(portal)s.") % {"portal": self.portal.origin},
            )
        self.say(_("publication"))
        _require_published(carry_to_end(run))
        return {"format": form, "etag": fetched.etag}

    def _download(self, source: SourceDataset, form: str, into: Path, etag: str) -> Fetched:
        self.say(_("download"))
        self.watched = into
        url = self.portal.address("catalog", "datasets", source.id, "exports", form)
        try:
            return self.portal.download(url, into, etag=etag)
        except RequestRefused as refusal:
            if status_of(refusal) in _NOT_OFFERED:
                raise _NotThisOne(refusal.sentence()) from None
            raise
        finally:
            self.watched = None

    def _bring_attachments(self, placed: Placed, source: SourceDataset) -> list[Notice]:
        self.say(_("attached files"))
        told = bring_attachments(self.portal, source, placed.dataset, placed.row, again=self.again)
        self._keep(placed.row)
        return told

    # Comparison -----------------------------------------------------------------------------------------------------

    def _compare(self, placed: Placed, source: SourceDataset) -> None:
        version = current_version(placed.dataset) if source.has_data else None
        if version is None:
            placed.row.comparison = {}
            return
        self.say(_("comparison"))
        fields = _as_kept(placed.fields.fields, version)
        found = comparison.compare(self.portal, source.id, fields, version, self.portal.folder)
        placed.row.comparison = found.as_dict()

    @staticmethod
    def _keep(row: MovedDataset) -> None:
        row.save()


class _NotThisOne(Exception):
    """This export of the dataset cannot be kept without loss; its words say why."""


def _require_published(run: Run) -> None:
    """Raises _NotThisOne, PublicationWaits, or the error of the run."""
    if run.status in (RunStatus.DONE, RunStatus.UNCHANGED):
        return
    record = run.error
    told = from_record(record)["message"] if record else ""
    if run.status == RunStatus.REVIEW:
        raise ReviewRequired(dataset=run.dataset.title)
    if run.status == RunStatus.WAITING:
        raise PublicationWaits(reason=told)
    if str(record.get("code", "")).startswith("capture."):
        raise _NotThisOne(told)
    raise PublicationFailed(reason=told)


def _fitting(file: Path, fields: tuple[Field, ...], form: str, folder: Path) -> tuple[Field, ...]:
    """The fields as this file holds them. Raises _NotThisOne, FieldNameUnusable."""
    declared_fields([one.as_dict() for one in fields])
    if form != "parquet":
        return fields
    try:
        return fitting(file, fields, folder)
    except BocageError as error:
        raise _NotThisOne(error.sentence()) from None


def _as_kept(fields: tuple[Field, ...], version: Version) -> list[Field]:
    """Lists that came as texts are compared as texts."""
    kept = {entry["name"]: entry["type"] for entry in version.schema}
    return [
        dataclasses.replace(one, type=FieldType.STRING)
        if one.type is FieldType.ARRAY and kept.get(one.name) == FieldType.STRING.value
        else one
        for one in fields
    ]
