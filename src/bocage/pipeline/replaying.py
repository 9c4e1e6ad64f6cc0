"""Rows mended in a quarantine, published with those of the current version as a new one.

The whole is checked, so that a mended row cannot repeat a key that is published already. Rows that are still wrong stay aside,
with what was mended in them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bocage.access.rules import decide
from bocage.access.vocabulary import Action
from bocage.check import aside
from bocage.check.models import Quarantine
from bocage.check.references import references_for
from bocage.check.registry.selectors import table_schema
from bocage.check.stored import stored_table
from bocage.check.table import ROW, TextTable
from bocage.check.vocabulary import Settlement
from bocage.kernel.clock import now
from bocage.pipeline import conforming
from bocage.pipeline.conforming import Conformed
from bocage.pipeline.errors import NothingToReplay, StillWrong
from bocage.pipeline.models import Run
from bocage.store.engine import quoted, workshop
from bocage.store.layout import version_path
from bocage.store.selectors import current_version

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.check.schema import TableSchema
    from bocage.store.engine import Workshop
    from bocage.store.models import Version


@dataclass(frozen=True)
class Replay:
    """`settle`: what to write in the transaction of the version, after its report."""

    conformed: Conformed
    settle: Callable[[], None]


def request_replay(*, viewer: Viewer, quarantine: Quarantine) -> Run:
    """Ask for the publication of the mended rows. Raises NothingToReplay."""
    dataset = quarantine.conformity.dataset
    decide(viewer, Action.PUBLISH, dataset).require()
    if quarantine.settled_at is not None:
        raise NothingToReplay
    waiting = Run.objects.filter(quarantine=quarantine.uid, status="waiting").first()
    return waiting or Run.objects.create(
        dataset=dataset, quarantine=quarantine.uid, requested_by_id=viewer.user_id, due_at=now()
    )


def replay(run: Run, directory: Path, *, viewer: Viewer) -> Replay:
    """Check the rows published with the mended ones. `viewer`: whose rights hold on what the check looks up.

    Raises NothingToReplay, StillWrong."""
    quarantine = Quarantine.objects.filter(uid=run.quarantine, settled_at=None).first()
    conformity = conforming.conformity_of(run.dataset)
    version = current_version(run.dataset)
    if quarantine is None or conformity is None or version is None or not aside.path_of(quarantine).is_file():
        raise NothingToReplay
    schema = table_schema(conformity.schema_version)
    directory.mkdir(parents=True, exist_ok=True)
    references = references_for(viewer, schema, conformity.profile, run.dataset)
    files = [version_path(version), aside.path_of(quarantine), *references.files]
    with workshop(directory, readable=files, spatial=False) as shop:
        known = references.lay_out(shop)
        table, published = _together(quarantine, version, schema, workshop=shop)
        found = conforming.judged(
            conformity, table, schema, workshop=shop, directory=directory, known=known, published=published
        )
    if found.outcome is None or found.outcome.row_count <= version.row_count:
        raise StillWrong(rows=quarantine.row_count, problems=found.judgement.problems)
    return Replay(found, lambda: _settle(quarantine, run))


def _together(
    quarantine: Quarantine, version: Version, schema: TableSchema, *, workshop: Workshop
) -> tuple[TextTable, int]:
    """The published rows, then the mended ones, whose numbers come behind: the table, and the last number published."""
    stored = stored_table(version, workshop=workshop, schema=schema)
    [(last,)] = workshop.execute(f"SELECT coalesce(max({ROW}), 0) FROM ({stored.with_rows}) AS rows")
    mended = aside.table_of(quarantine, workshop=workshop, shift=int(last))
    names = [f"c{rank}" for rank in range(len(mended.labels))]
    was = ", ".join(
        f"{_stored_column(stored, label)} AS {name}" for label, name in zip(mended.labels, names, strict=True)
    )
    now_ = ", ".join(f"{quoted(column)} AS {name}" for column, name in zip(mended.names, names, strict=True))
    sql = (
        f"SELECT {ROW}, {was} FROM ({stored.with_rows}) AS stored "
        f"UNION ALL SELECT {ROW}, {now_} FROM ({mended.sql}) AS mended"
    )
    inherited = {name: value for name, value in version.provenance.items() if name not in ("pushed", "edited")}
    provenance = inherited | {"replayed": quarantine.uid}
    return TextTable(sql, tuple(names), mended.labels, format=stored.format, provenance=provenance), int(last)


def _stored_column(stored: TextTable, label: str) -> str:
    """A column of the delivery that the version no longer has would be lost: better to stop."""
    name = stored.column(label.strip())
    if name is None:
        raise NothingToReplay
    return quoted(name)


def _settle(quarantine: Quarantine, run: Run) -> None:
    """`aftermath.record` has superseded it: say that it was replayed, and by whom."""
    Quarantine.objects.filter(pk=quarantine.pk).update(
        settled_at=now(), settled_how=Settlement.REPLAYED, settled_by=run.requested_by
    )
