"""What is to be done with each dataset of a portal, before anything is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bocage.kernel.errors import BocageError
from bocage.pipeline.moving.documents import SourceDataset
from bocage.pipeline.moving.mapping.fields import mapped_fields
from bocage.pipeline.moving.mapping.losses import as_records
from bocage.pipeline.moving.mapping.metadata import mapped_metadata
from bocage.pipeline.moving.models import MovedDataset
from bocage.pipeline.moving.outcome import Outcome
from bocage.pipeline.moving.placing import Destination, refuse_taken, told_of
from bocage.pipeline.moving.vocabulary import MoveState, Step
from bocage.store.staged import Notice


@dataclass(frozen=True)
class Planned:
    """`error`: why nothing will be done, when `step` is refused."""

    source: SourceDataset
    step: Step
    row: MovedDataset | None = None
    error: BocageError | None = None


def plan(
    portal: str, sources: Iterable[SourceDataset], destination: Destination, *, again: bool = False
) -> list[Planned]:
    """In the order of the catalogue. Reads the journal, and asks the portal nothing."""
    rows = MovedDataset.objects.select_related("dataset").filter(portal=portal)
    known = {row.source_id: row for row in rows}
    return [_planned(source, known.get(source.id), destination, again) for source in sources]


def _planned(source: SourceDataset, row: MovedDataset | None, destination: Destination, again: bool) -> Planned:
    try:
        refuse_taken(destination, source, row)
    except BocageError as error:
        return Planned(source, Step.REFUSED, row, error)
    return Planned(source, _step(source, row, again), row)


def _step(source: SourceDataset, row: MovedDataset | None, again: bool) -> Step:
    if row is None or row.copied_at is None:
        return Step.NEW
    if row.dataset is None:  # removed here since: somebody meant it
        return Step.NEW if again else Step.UNCHANGED
    if row.state != MoveState.COPIED or _has_other_data(source, row):
        return Step.DATA
    if again:
        return Step.AGAIN
    return Step.METADATA if row.seen.get("document") != source.digest else Step.UNCHANGED


def _has_other_data(source: SourceDataset, row: MovedDataset) -> bool:
    """Also when the portal gives no date: it is then asked, with what it said of the last export."""
    return source.has_data and (not source.data_mark or row.seen.get("data") != source.data_mark)


def foreseen(planned: Planned, destination: Destination) -> Outcome:
    """What would be done and lost, without doing it."""
    source = planned.source
    organization = destination.organization_of(source)
    fields = mapped_fields(source.fields)
    losses: list[Notice] = [
        *mapped_metadata(source, organization.name).losses, *fields.losses, *told_of(destination, source),
    ]  # fmt: skip
    error = planned.error
    return Outcome(
        source_id=source.id,
        title=source.title,
        step=planned.step,
        slug="" if error else destination.slug_of(source),
        rows=source.records,
        fields=len(source.fields),
        attachments=len(source.attachments),
        losses=as_records(losses),
        error=error.as_dict() if error else {},
    )
