"""Operations → the rows of the next version, and what is wrong with them, by set operations in the engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.kernel.errors import BocageError
from bocage.kernel.ids import new_uid
from bocage.pipeline.edits.errors import KeyShared, KeyTaken, OutsideYours
from bocage.pipeline.edits.splicing import BEFORE, Splicing
from bocage.pipeline.pushes import positions
from bocage.pipeline.pushes.merging import OPERATIONS, merged, rows_before
from bocage.pipeline.pushes.staging import staged_file, write_rows
from bocage.pipeline.pushes.typed import names_of, partial_operations, placed, write_lines
from bocage.query.record_ids import SAME_RECORDS
from bocage.query.relation import split_sql
from bocage.query.restricted import row_condition
from bocage.query.sql import SOURCE
from bocage.store.engine import literal, quoted
from bocage.store.hot_copies import BOUNDS, GEOMETRY
from bocage.store.row_changes import RowChanges
from bocage.store.staged import StagedFile

if TYPE_CHECKING:
    from bocage.capture.understanding import GeometryFound
    from bocage.pipeline.edits.drafting import Operation
    from bocage.pipeline.edits.sight import Sight
    from bocage.store.engine import Workshop


@dataclass(frozen=True)
class Staged:
    """The next version, and what differs in it from the one before."""

    file: StagedFile
    changes: RowChanges


class Making:
    """Of one batch, in one workshop, below `directory`."""

    def __init__(self, sight: Sight, workshop: Workshop, directory: Path) -> None:
        self._sight = sight
        self._shop = workshop
        self._directory = directory
        self._version = sight.relation.version

    def lay_out(self, operations: Sequence[Operation], found: GeometryFound | None) -> str:
        """SELECT of the whole records of the operations: what is not said comes from the version."""
        file, layout = self._directory / "lines.jsonl", self._sight.whole
        write_lines(["\n".join(one.line() for one in operations).encode()], file)
        said = partial_operations(file, layout)
        key, rows = ", ".join(map(quoted, layout.key)), rows_before(self._version, layout, self._shop)
        self._shop.execute(f"CREATE OR REPLACE TEMP TABLE said AS {said}")
        self._shop.execute(
            f"CREATE OR REPLACE TEMP TABLE {BEFORE} AS SELECT * FROM ({rows}) AS r SEMI JOIN said USING ({key})"
        )
        taken = {one.name: _as_it_was(one.name) for one in layout.columns if one.name not in layout.key}
        taken |= {name: f"s.{quoted(name)}" for name in layout.key}
        same = " AND ".join(f"s.{quoted(name)} = b.{quoted(name)}" for name in layout.key)
        whole = f"SELECT s._n, s._o, {names_of(layout.columns, taken)} FROM said AS s LEFT JOIN {BEFORE} AS b ON {same}"
        return placed(whole, layout, found, self._sight.main)

    def faults_of_keys(self, operations: Sequence[Operation]) -> Iterator[tuple[int, BocageError]]:
        """(rank of an operation, fault). Before `stage`, or two records would become one."""
        key = ", ".join(map(quoted, self._sight.whole.key))
        found = self._shop.execute(f"SELECT _n, count(*) FROM said JOIN {BEFORE} USING ({key}) GROUP BY _n ORDER BY _n")
        name = ", ".join(self._sight.whole.key)
        for rank, count in found:
            if operations[rank].new:
                yield rank, KeyTaken(field=name)
            elif count > 1:
                yield rank, KeyShared(field=name)

    def stage(self, records: str, found: GeometryFound | None) -> Staged | None:
        """`records`: see `lay_out`. None when they change nothing."""
        self._shop.execute(f"CREATE OR REPLACE TEMP TABLE {OPERATIONS} AS {records}")
        splicing = Splicing(self._sight, self._shop, self._directory)
        if splicing.changes == RowChanges([], [], 0):
            return None
        path = splicing.spliced() or self._written_again(records)
        kept = {
            name: value
            for name, value in self._version.provenance.items()
            if name not in ("sha256", "size", "url", "replayed", "pushed", "edited", SAME_RECORDS)
        }
        main = {positions.KEPT: positions.as_dict(found)} if self._sight.main else {}
        file = staged_file(
            path,
            workshop=self._shop,
            fields=[Field.from_dict(one) for one in self._version.schema],
            geometry=self._version.geometry,
            provenance=kept | main,
        )
        return Staged(file, splicing.changes)

    def _written_again(self, records: str) -> Path:
        path = self._directory / f"{new_uid('staged')}.parquet"
        select = merged(self._version, self._sight.whole, records, workshop=self._shop)
        write_rows(select, path, workshop=self._shop, geometry=self._version.geometry)
        return path

    def put_records(self) -> Path:
        """The records that are put, whole, in their order, as a file; after `stage`."""
        path = self._directory / "put.parquet"
        self._shop.execute(
            f"COPY (SELECT {names_of(self._sight.whole.columns)} FROM {OPERATIONS} WHERE _o = 'p' ORDER BY _n) "
            f"TO {literal(str(path))}"
        )
        return path

    def outside(self, put: Path, ranks: Sequence[int]) -> Iterator[tuple[int, BocageError]]:
        """Records that the writer would not see: they are refused, as are those that they do not see. `ranks`: of the operations
        that put, in the order of the file."""
        conditions = self._sight.limits.rows
        if not conditions:
            return
        asked = row_condition(self._sight.relation, conditions)
        rows = f"SELECT _row FROM ({self._as_read(put)}) AS {SOURCE} WHERE NOT coalesce({asked}, false)"
        for (row,) in self._shop.execute(rows):
            yield ranks[row], OutsideYours()

    def _as_read(self, path: Path) -> str:
        """The rows of a file as the table that conditions are written for: `_row`, bounds, lists."""
        columns = ["file_row_number AS _row"]
        for one in self._sight.whole.columns:
            name, separator = quoted(one.name), self._sight.separators.get(one.name)
            if one.type.is_geographic:
                shape = f"CAST({name} AS {GEOMETRY})"
                columns += [f"{shape} AS {name}"]
                columns += [f"ST_{side}({shape}) AS {quoted(f'_{one.name}_{side.lower()}')}" for side in BOUNDS]
            elif separator and one.type is FieldType.STRING:
                columns.append(f"{split_sql(one.name, separator)} AS {name}")
            else:
                columns.append(name)
        return f"SELECT {', '.join(columns)} FROM read_parquet({literal(str(path))}, file_row_number = true)"


def _as_it_was(name: str) -> str:
    return f"CASE WHEN s._c IS NULL OR list_contains(s._c, {literal(name)}) THEN s.{quoted(name)} ELSE b.{quoted(name)} END"
