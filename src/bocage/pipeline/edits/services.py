"""A batch of edits → the next version, published when this returns."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bocage import __version__
from bocage.catalog.models import Dataset
from bocage.kernel.clock import now
from bocage.kernel.errors import BocageError
from bocage.kernel.scratch import scratch
from bocage.pipeline import aftermath, endings
from bocage.pipeline.edits.awaiting import await_look
from bocage.pipeline.edits.changes import Create, Done, Edit, Outcome
from bocage.pipeline.edits.drafting import Drafting, Operation
from bocage.pipeline.edits.errors import DatasetBusy, EditsRefused, NotEditable, StateWanted, TooManyEdits
from bocage.pipeline.edits.identified import identifiers
from bocage.pipeline.edits.making import Making, Staged
from bocage.pipeline.edits.new_keys import NewKeys
from bocage.pipeline.edits.policies import require_editable
from bocage.pipeline.edits.sight import Sight, sight_of
from bocage.pipeline.edits.telling import tell
from bocage.pipeline.edits.turns import EDITS, let_pushes_in, turn
from bocage.pipeline.edits.unseen import as_told
from bocage.pipeline.lease import Lease
from bocage.pipeline.publishing import publishing
from bocage.pipeline.pushes import applying, gate, positions
from bocage.pipeline.vocabulary import RunStatus
from bocage.store.engine import workshop
from bocage.store.files import flush
from bocage.store.layout import version_path
from bocage.store.models import Head
from bocage.store.row_changes import derive_working_copy
from bocage.store.selectors import current_version
from bocage.store.services import publish_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bocage.access.viewer import Viewer
    from bocage.pipeline.conforming import Conformed
    from bocage.pipeline.models import Run
    from bocage.store.models import Version
    from bocage.store.staged import StagedFile

MOST_EDITS = 1_000
"""Of one request. More is a file."""

CHECKED_AT_ONCE = 20_000
"""Rows up to which the whole version is checked against the schema of its dataset before the answer."""

ATTEMPTS = 3
"""Somebody may go back to a former version meanwhile: that is the only way that does not wait for its turn."""


def apply(*, viewer: Viewer, dataset: Dataset, edits: Sequence[Edit], door: str, atomic: bool = True) -> Outcome:
    """Publish the edits as one version. `door`: the interface, told in the provenance. `atomic`: one fault, and nothing is done;
    otherwise the others are.

    Raises AccessDenied, NotEditable, TooManyEdits, StateWanted, DatasetBusy; of one edit alone its fault, of several
    EditsRefused."""
    policy = require_editable(viewer, dataset)
    if len(edits) > MOST_EDITS:
        raise TooManyEdits(most=MOST_EDITS)
    if policy.conditional and any(not isinstance(one, Create) and one.condition is None for one in edits):
        raise StateWanted
    let_pushes_in(dataset)
    with turn(dataset, viewer, len(edits)) as run, Lease(run, threading.Event()):
        for _attempt in range(ATTEMPTS):
            found = _Batch(viewer, dataset, run, list(edits), door, atomic).carry_out()
            if found is not None:
                return found
    raise DatasetBusy


@dataclasses.dataclass
class _Batch:
    """One attempt, over the version that is published when it begins. `faults`: by rank of an edit."""

    viewer: Viewer
    dataset: Dataset
    run: Run
    edits: list[Edit]
    door: str
    atomic: bool
    faults: dict[int, BocageError] = dataclasses.field(default_factory=dict)

    def carry_out(self) -> Outcome | None:
        """None when another version was published over the same one."""
        self.dataset = Dataset.objects.select_related("organization").get(pk=self.dataset.pk)
        version = current_version(self.dataset)
        if version is None:
            raise NotEditable(reason="")
        sight = sight_of(self.viewer, self.dataset, version)
        with scratch("edits") as directory:
            while True:  # without those that were found wrong, once more
                known = len(self.faults)
                operations, staged = self._made(sight, directory)
                self._require_none()
                if len(self.faults) == known:
                    break
            if staged is None:
                return self._told(sight, version, operations, {})
            counts = self._counts(operations)
            published = self._published(sight, staged, counts, directory)
        if published is None:
            return None
        derive_working_copy(published, version, staged.changes)
        return self._told(sight_of(self.viewer, self.dataset, published), published, operations, counts)

    def _made(self, sight: Sight, directory: Path) -> tuple[list[Operation], Staged | None]:
        """The next version as a file, and what it does; None when nothing is left to do."""
        version = sight.relation.version
        with workshop(directory, readable=[version_path(version)], spatial=sight.whole.is_geographic) as shop:
            found = positions.found_in(version, sight.whole, shop)
            drafting = Drafting(sight, NewKeys(sight, shop), found)
            drafting.add([(rank, one) for rank, one in enumerate(self.edits) if rank not in self.faults])
            self.faults |= drafting.faults
            operations = drafting.operations
            if not operations or (self.atomic and self.faults):
                return operations, None
            making = Making(sight, shop, directory)
            records = making.lay_out(operations, found)
            if self._blamed(operations, making.faults_of_keys(operations)):
                return operations, None
            staged = making.stage(records, found)
            if staged is None:
                return operations, None
            put = making.put_records()
            ranks = [rank for rank, one in enumerate(operations) if one.kind == "p"]
            wrong = self._blamed(operations, making.outside(put, ranks))
        if not wrong and ranks:
            broken = gate.faults_of_rows(self.dataset, sight.whole, put, len(ranks))
            self._blamed(operations, as_told(broken, sight, operations, ranks))
        return operations, staged

    def _blamed(self, operations: Sequence[Operation], found: Iterator[tuple[int, BocageError]]) -> bool:
        """Faults of operations are those of every edit that made them."""
        before = len(self.faults)
        for rank, fault in found:
            for edit in operations[rank].edits:
                self.faults.setdefault(edit, fault)
        return len(self.faults) > before

    def _require_none(self) -> None:
        if not self.atomic or not self.faults:
            return
        if len(self.edits) == 1:
            raise self.faults[0]
        raise EditsRefused(self.faults)

    def _counts(self, operations: Sequence[Operation]) -> dict[str, int]:
        created = sum(one.new for one in operations)
        deleted = sum(one.kind == "d" for one in operations)
        return {"created": created, "updated": len(operations) - created - deleted, "deleted": deleted}

    def _published(self, sight: Sight, made_of: Staged, counts: Mapping[str, int], directory: Path) -> Version | None:
        version, staged = sight.relation.version, made_of.file
        conformed = self._checked(staged, directory / "check")
        staged = dataclasses.replace(staged, provenance=staged.provenance | self._origin(counts))
        flush(staged.path)
        run, run.counts = self.run, dict(counts) | {EDITS: len(self.edits), "rows": staged.row_count}
        with publishing(), aftermath.in_place(self.dataset, conformed) as kept, transaction.atomic():
            if not Head.objects.select_for_update().filter(dataset=self.dataset, version=version).exists():
                return None
            endings.mark_over(run, RunStatus.DONE, gettext_noop("Published."))
            made = publish_version(
                viewer=self.viewer, dataset=self.dataset, staged=staged, comment=_("Edited feature by feature.")
            )
            tell(made, sight, made_of.changes)
            type(run).objects.filter(pk=run.pk).update(version=made)
            await_look(self.dataset)
            if conformed is not None:
                aftermath.record(conformed, kept, run=run.uid, version=made)
        return made

    def _checked(self, staged: StagedFile, directory: Path) -> Conformed | None:
        """The report of the new version; of a large table, later, by the worker. What was written is checked in any case."""
        if staged.row_count > CHECKED_AT_ONCE:
            return None
        return applying.checked(self.dataset, staged, directory, viewer=self.viewer)

    def _origin(self, counts: Mapping[str, int]) -> dict[str, Any]:
        told = dict(counts) | {"door": self.door, "at": now().isoformat()}
        return {"edited": told, "software": f"Bocage {__version__}"}

    def _told(
        self, sight: Sight, version: Version, operations: Sequence[Operation], counts: Mapping[str, int]
    ) -> Outcome:
        """With the identifiers of what was created, by which it is read."""
        made = [one for one in operations if one.new] if counts else []
        found = dict(zip((one.edits[0] for one in made), identifiers(sight, [one.key for one in made]), strict=True))
        done = []
        for rank, edit in enumerate(self.edits):
            identifier = found.get(rank, "") if isinstance(edit, Create) else edit.identifier
            done.append(Done(identifier, self.faults.get(rank)))
        return Outcome(tuple(done), version, counts)
