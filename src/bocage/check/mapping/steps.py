"""The steps of a mapping: small functions from text to text, each compiled to SQL. Mends proposed by a report are steps too:
one language for both. Kinds: ours live in `mapping/kinds`, an installed package adds its own (`bocage.steps`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Protocol

from bocage.kernel.registry import Registry


@dataclass(frozen=True)
class Step:
    """`kind` names a StepKind; `params` are plain JSON."""

    kind: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ColumnMapping:
    """How a column `target` of the schema is made. `sources`: labels of the in-house columns, as written (none: a constant).

    The first step receives the sources (one text each), the next ones the result of the one before. Several sources and no step:
    the first that is not empty. A source `@name` that is no column of the file is the target `name`, once made."""

    target: str
    sources: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class ColumnMappings:
    """A whole mapping: data, kept with the source, replayed at each update. `layout`: labels of the file it was made on, to tell
    what changed; `kinds`: what each of them held then (`columns.Content`), when known. `keep_others`: columns of the file that no
    target uses follow, under their own names."""

    columns: tuple[ColumnMapping, ...] = ()
    layout: tuple[str, ...] = ()
    keep_others: bool = False
    kinds: dict[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        import dataclasses

        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> ColumnMappings:
        columns = tuple(
            ColumnMapping(
                one["target"], tuple(one.get("sources", ())), tuple(Step(**step) for step in one.get("steps", ()))
            )
            for one in data.get("columns", ())
        )
        kinds = {str(label): str(kind) for label, kind in (data.get("kinds") or {}).items()}
        return cls(columns, tuple(data.get("layout", ())), bool(data.get("keep_others", False)), kinds)


class StepKind(Protocol):
    """`label` and `params` (see `kinds.base.Param`) make the form of the editor. A kind that has to read something first (a
    dataset, the distinct values) has `prepared` too: see `kinds.base.PreparedKind`; it is called in place of `sql`."""

    @property
    def name(self) -> str: ...

    def sql(self, inputs: Sequence[str], params: Mapping[str, Any]) -> str:
        """SQL text expression over `inputs` (SQL text expressions). What is written in another way (a date, a number, a code)
        goes through unchanged where it cannot be read; what is found or extracted is NULL where it is not. No free text in it
        but through `store.engine.literal`. Raises StepRefused for wrong parameters."""


STEPS: Registry[StepKind] = Registry("bocage.steps")
STEPS.fill_when_asked(lambda: import_module("bocage.check.mapping.kinds"))
