"""The first version of a dataset, from the first records pushed: read as any JSON document is."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from bocage.capture.services import stage
from bocage.capture.understanding import Corrections
from bocage.pipeline import conforming
from bocage.pipeline.pushes.gate import record_part
from bocage.pipeline.pushes.layout import key_of
from bocage.pipeline.pushes.merging import last_of_each_key
from bocage.pipeline.pushes.staging import stage_select
from bocage.store.engine import literal, workshop
from bocage.store.staged import StagedFile

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.catalog.models import Dataset
    from bocage.pipeline.conforming import Conformed
    from bocage.pipeline.pushes.journal import Batch

FILENAME = "push.json"


def first_version(
    dataset: Dataset, batch: Batch, directory: Path, *, viewer: Viewer
) -> tuple[StagedFile, Conformed | None]:
    """What to publish, and what its check found when the dataset follows a schema. Raises what capture raises, DeliveryRefused."""
    directory.mkdir(parents=True, exist_ok=True)
    document = directory / FILENAME
    records = (record_part(line) for push in batch.pushes for line in bytes(push.lines).decode().split("\n"))
    document.write_text(f"[{','.join(records)}]", encoding="utf-8")
    conformity = conforming.conformity_of(dataset)
    if conformity is None:
        return _without_repeated_keys(dataset, stage(document, filename=FILENAME, directory=directory), directory), None
    conformed = conforming.conform(
        conformity,
        document,
        filename=FILENAME,
        corrections=Corrections(),
        directory=directory / "check",
        viewer=viewer,
    )
    return _without_repeated_keys(dataset, conformed.staged, directory), conformed


def _without_repeated_keys(dataset: Dataset, staged: StagedFile, directory: Path) -> StagedFile:
    names = [field.name for field in staged.fields]
    key = key_of(dataset, names)
    if not key:
        return staged
    source = f"SELECT *, file_row_number AS _n FROM read_parquet({literal(str(staged.path))}, file_row_number = true)"
    geometry = (
        {"column": staged.geometry.column, "original_crs": staged.geometry.original_crs} if staged.geometry else {}
    )
    with workshop(directory / "keys", readable=[staged.path], spatial=bool(geometry)) as shop:
        again = stage_select(
            last_of_each_key(source, key, names),
            workshop=shop,
            directory=directory / "keys",
            fields=staged.fields,
            geometry=geometry,
            provenance=staged.provenance,
        )
    return dataclasses.replace(again, notices=staged.notices)
