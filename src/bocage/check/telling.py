"""From faults to a verdict: exact counts, the first examples of each family, the file of all faults, wrong rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bocage.check.table import ROW, values
from bocage.check.verdict import EXAMPLES, Family, Fault
from bocage.kernel.ids import new_uid
from bocage.store.engine import Workshop, literal

_TEXTS = dict.fromkeys(("label", "code", "rule", "level"), "VARCHAR")
_WORDS = {"test": "INTEGER", "family": "INTEGER", "place": "INTEGER"} | _TEXTS
_FAULTS = {"row": "BIGINT", "place": "INTEGER"} | _TEXTS | {"cell": "VARCHAR", "family": "INTEGER"}

LONGEST_CELL = 1_000
"""Characters of a cell that an example shows; the file of all faults has it whole."""


class Telling:
    """`families`: those of the run, then those found at once (`beside`), which have their counts and examples."""

    def __init__(self, workshop: Workshop, directory: Path, found: str | None, families: Sequence[Family]) -> None:
        self._workshop = workshop
        self._directory = directory
        self._found = found
        self._families = list(families)

    def tell(self, beside: Sequence[Family], header: int) -> tuple[tuple[Family, ...], int, Path | None]:
        """Families in order, wrong rows, file of all faults. `header`: the row of the names, which is not a wrong row."""
        seen = self._examples()
        kept = [
            (rank, replace(family, count=seen[rank][0], examples=seen[rank][1]))
            for rank, family in enumerate(self._families)
            if rank in seen
        ]
        everything: list[tuple[int | None, Family]] = [*((None, one) for one in beside), *kept]
        everything.sort(key=lambda pair: _place(pair[1]))
        families = tuple(family for _, family in everything)
        if not families:
            return (), 0, None
        file = self._write([(rank, place) for place, (rank, _) in enumerate(everything)], families)
        [(wrong,)] = self._workshop.execute(
            f"SELECT count(DISTINCT {ROW}) FROM read_parquet({literal(file)}) WHERE level = 'error' AND {ROW} > {header}"
        )
        return families, int(wrong), file

    def _examples(self) -> dict[int, tuple[int, tuple[Fault, ...]]]:
        if self._found is None:
            return {}
        fault = f"{{'row': {ROW}, 'cell': left(cell, {LONGEST_CELL}), 'note': note, 'label': label}}"
        rows = self._workshop.execute(
            f"SELECT test, count(*), min_by({fault}, {ROW}, {EXAMPLES}) FROM ({self._found}) AS found GROUP BY test"
        )
        return {test: (count, tuple(map(_fault, examples))) for test, count, examples in rows}

    def _write(self, ranks: Sequence[tuple[int | None, int]], families: Sequence[Family]) -> Path:
        file = self._directory / f"{new_uid('faults')}.parquet"
        words = values(
            [
                (rank, family, one.place, one.label, one.code, one.rule, one.level)
                for (rank, family), one in zip(ranks, families, strict=True)
            ],
            _WORDS,
        )
        found = (
            self._found
            or f"SELECT NULL::BIGINT AS {ROW}, NULL::INTEGER AS place, NULL AS label, NULL AS cell, NULL AS test WHERE false"
        )
        listed = (
            f"SELECT f.{ROW}, coalesce(f.place, w.place) AS place, coalesce(f.label, w.label) AS label, w.code, w.rule, w.level, "
            f"f.cell, w.family FROM ({found}) AS f JOIN ({words}) AS w ON w.test = f.test"
        )
        everything = f"{listed} UNION ALL {_beside(ranks, families)}"
        self._workshop.execute(f"COPY ({everything}) TO {literal(file)} (FORMAT parquet, COMPRESSION zstd)")
        return file


def _beside(ranks: Sequence[tuple[int | None, int]], families: Sequence[Family]) -> str:
    """A SELECT of the faults of the families found at once: their examples, or the table as a whole."""
    rows = [
        (fault.row, family.place, family.label, family.code, family.rule, family.level, fault.cell, place)
        for (rank, place), family in zip(ranks, families, strict=True)
        if rank is None
        for fault in family.examples or (Fault(),)
    ]
    return values(rows, _FAULTS)


def _fault(found: dict[str, object]) -> Fault:
    fields = {name: found[name] for name in ("note", "label") if found[name] is not None}
    return Fault(found["row"], found["cell"], fields)  # type: ignore[arg-type]


_STRUCTURE = (
    "source-error", "encoding-error", "missing-label", "duplicate-label", "blank-label", "incorrect-label", "optional-label",
    "extra-label", "label-order", "blank-row", "missing-cell", "extra-cell",
)  # fmt: skip


def _place(family: Family) -> tuple[int, int]:
    """Structure first, then the columns of the file, then what belongs to none."""
    if family.code in _STRUCTURE:
        return 0, _STRUCTURE.index(family.code)
    return (1, family.place) if family.place is not None else (2, 0)
