"""What a run does with the journal of its dataset: take a batch, make the next version of it, check it.

Nothing here writes but to set aside what no longer fits; the lines leave the journal in the transaction of the version.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction

from bocage import __version__
from bocage.catalog.fields import Field
from bocage.check.gate import judge
from bocage.check.references import references_for
from bocage.check.registry.selectors import table_schema
from bocage.check.services import check
from bocage.check.stored import parquet_table
from bocage.pipeline import conforming
from bocage.pipeline.conforming import Conformed
from bocage.pipeline.faults import as_record
from bocage.pipeline.pushes import journal, positions
from bocage.pipeline.pushes.errors import PayloadRefused
from bocage.pipeline.pushes.fitting import refit
from bocage.pipeline.pushes.founding import first_version
from bocage.pipeline.pushes.journal import Batch
from bocage.pipeline.pushes.layout import Layout, layout_of
from bocage.pipeline.pushes.merging import merged
from bocage.pipeline.pushes.models import Push
from bocage.pipeline.pushes.staging import stage_select
from bocage.pipeline.pushes.typed import operations, write_lines
from bocage.store.engine import workshop
from bocage.store.layout import version_path
from bocage.store.selectors import current_version
from bocage.store.staged import StagedFile

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.catalog.models import Dataset
    from bocage.check.models import Conformity
    from bocage.check.verdict import Verdict
    from bocage.store.models import Version


@dataclass(frozen=True)
class Prepared:
    """`settle`: to be called in the transaction that publishes `staged`, or that says that it changes nothing."""

    batch: Batch
    staged: StagedFile
    settle: Callable[[], None]
    conformed: Conformed | None = None


def prepare(dataset: Dataset, directory: Path, *, viewer: Viewer, last: int | None = None) -> Prepared | None:
    """The next version of the dataset, from what waits, up to the line `last` of the journal; None when nothing does.

    Raises what capture raises (first version only), DeliveryRefused, and what the engine raises."""
    started = time.monotonic()
    directory.mkdir(parents=True, exist_ok=True)
    batch = journal.next_batch(dataset, last=last)
    version = current_version(dataset)
    if version is None:
        if not batch.pushes:
            return None
        staged, conformed = first_version(dataset, batch, directory, viewer=viewer)
    else:
        layout = layout_of(dataset, version)
        batch = _fitting(dataset, batch, layout)
        if not batch.pushes:
            return None
        staged = _next_version(version, layout, batch, directory)
        conformed = checked(dataset, staged, directory / "check", viewer=viewer)
    staged = dataclasses.replace(staged, provenance=staged.provenance | _origin(batch))

    def settle() -> None:
        journal.leave(dataset, batch, seconds=time.monotonic() - started)

    return Prepared(batch, staged, settle, conformed)


def _next_version(version: Version, layout: Layout, batch: Batch, directory: Path) -> StagedFile:
    lines = directory / "lines.jsonl"
    write_lines((bytes(push.lines) for push in batch.pushes), lines)
    with workshop(directory, readable=[version_path(version)], spatial=layout.is_geographic) as shop:
        found = positions.found_in(version, layout, shop)
        main = str(version.geometry.get("column") or "")
        select = merged(version, layout, operations(lines, layout, found, main), workshop=shop)
        provenance = _kept(version.provenance) | ({positions.KEPT: positions.as_dict(found)} if main else {})
        return stage_select(
            select,
            workshop=shop,
            directory=directory,
            fields=[Field.from_dict(one) for one in version.schema],
            geometry=version.geometry,
            provenance=provenance,
        )


def _kept(provenance: dict[str, Any]) -> dict[str, Any]:
    """Without what tells a file from another: this version is not that file any more."""
    of_its_own = ("sha256", "size", "url", "replayed", "edited")
    return {name: value for name, value in provenance.items() if name not in of_its_own}


def _origin(batch: Batch) -> dict[str, Any]:
    pushes = batch.pushes
    told = {
        "pushes": len(pushes),
        "records": batch.records,
        "first_at": pushes[0].at.isoformat(),
        "last_at": pushes[-1].at.isoformat(),
    }
    return {"pushed": told, "software": f"Bocage {__version__}"}


def _fitting(dataset: Dataset, batch: Batch, layout: Layout) -> Batch:
    """The batch in the layout of the version as it is now. What can no longer fit is set aside, and told to the steward."""
    kept = []
    for push in batch.pushes:
        if push.fitted == layout.fingerprint:
            kept.append(push)
            continue
        try:
            push.lines = "\n".join(refit(bytes(push.lines).decode().split("\n"), layout)).encode()
            kept.append(push)
        except PayloadRefused as fault:
            _set_aside(dataset, push, fault)
    return Batch(kept)


def _set_aside(dataset: Dataset, push: Push, fault: PayloadRefused) -> None:
    with transaction.atomic():
        queue = journal.locked_queue(dataset)
        Push.objects.filter(pk=push.pk).update(aside=as_record(fault))
        journal.recount(queue)


def checked(dataset: Dataset, staged: StagedFile, directory: Path, *, viewer: Viewer) -> Conformed | None:
    """The report of the new version on the schema that the dataset follows. Its records were checked one by one before they were
    acknowledged: they are published whatever the whole table gives, and the report says it."""
    conformity = conforming.conformity_of(dataset)
    if conformity is None:
        return None
    verdict = _verdict(conformity, staged, directory, viewer=viewer)
    return Conformed(conformity, verdict, judge(verdict, conformity.policy), outcome=staged, whole=False)


def _verdict(conformity: Conformity, staged: StagedFile, directory: Path, *, viewer: Viewer) -> Verdict:
    directory.mkdir(parents=True, exist_ok=True)
    schema = table_schema(conformity.schema_version)
    references = references_for(viewer, schema, conformity.profile, conformity.dataset)
    with workshop(directory, readable=[staged.path, *references.files], spatial=False) as shop:
        if staged.geometry is not None:
            shop.need_spatial()
        known = references.lay_out(shop)
        labels = {field.name: field.label or field.name for field in staged.fields}
        table = parquet_table(staged.path, workshop=shop, schema=schema, labels=labels)
        return check(
            table, schema, workshop=shop, directory=directory, profile=conformity.profile,
            resources=known.resources, producer=known.producer,
        )  # fmt: skip
