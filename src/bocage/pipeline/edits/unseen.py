"""What the schema of a dataset has against the records of a writer, as far as it is theirs to know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bocage.kernel.errors import BocageError
from bocage.pipeline.edits.errors import BrokenUnseen, SchemaRefused

if TYPE_CHECKING:
    from bocage.pipeline.edits.drafting import Operation
    from bocage.pipeline.edits.sight import Sight


def as_told(
    faults: Sequence[Mapping[str, Any]], sight: Sight, operations: Sequence[Operation], ranks: Sequence[int]
) -> Iterator[tuple[int, BocageError]]:
    """`faults`: as `gate.faults_of_rows`, `record` being the place among the records put, from 1. `ranks`: of their operations.

    A sentence that quotes what the writer does not see is not told; and what they did not write is no fault of theirs."""
    shown = {one.name for one in sight.shown.columns} if sight.limits else None
    for fault in faults:
        rank = ranks[fault["record"] - 1]
        if shown is None or fault["field"] in shown:
            yield rank, SchemaRefused(field=fault["field"], reason=fault["reason"])
        elif operations[rank].new:
            yield rank, BrokenUnseen()
