"""What a check finds. Plain data: shown, kept, exported; sentences are made when shown, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

EXAMPLES = 20  # faults kept in a verdict for each family; all of them are in `Verdict.faults`


@dataclass(frozen=True)
class Fault:
    """One thing wrong, at one place. `row`: see TextTable; None for the table as a whole or its header."""

    row: int | None = None
    cell: str | None = None
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Family:
    """Faults of one rule on one column. `code`: that of the reference ("type-error", "constraint-error", "missing-label"…);
    `rule`: ours, finer ("type.date", "constraint.enum", "custom.siret"): the sentence is chosen by it, with `fields`.

    `label`: the column as the schema (or the file, for structure) names it, `place` its rank in the file, from 1.
    `count` is exact; `examples` are the first EXAMPLES by row; `level` is "error" or "warning"."""

    code: str
    rule: str
    level: str = "error"
    label: str = ""
    place: int | None = None
    count: int = 1
    fields: dict[str, Any] = field(default_factory=dict)
    examples: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """`families` in the order of the columns of the file, structure first. `valid`: no family is an error.

    `profile`: "validata" (that of the reference) or "strict". `faults`: a Parquet file below the workshop's folder with every
    fault: `row` BIGINT, `place` INTEGER, `label`, `code`, `rule`, `level`, `cell` VARCHAR, `family` INTEGER (its rank in
    `families`); it lives as long as the folder does. None when nothing is wrong."""

    schema: str
    schema_version: str
    valid: bool
    families: tuple[Family, ...] = ()
    row_count: int = 0
    wrong_rows: int = 0  # rows with at least one error
    field_count: int = 0
    profile: str = "validata"
    seconds: float = 0.0
    faults: Path | None = None

    @property
    def errors(self) -> tuple[Family, ...]:
        return tuple(one for one in self.families if one.level == "error")

    @property
    def warnings(self) -> tuple[Family, ...]:
        return tuple(one for one in self.families if one.level == "warning")

    @property
    def error_count(self) -> int:
        return sum(one.count for one in self.errors)

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready; without `faults`. `from_dict` reads it back."""
        import dataclasses

        said = dataclasses.asdict(self)
        del said["faults"]
        return said

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Verdict:
        families = tuple(
            Family(**(one | {"examples": tuple(Fault(**fault) for fault in one["examples"])}))
            for one in data.get("families", ())
        )
        return cls(**(data | {"families": families}))
