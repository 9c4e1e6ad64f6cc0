"""A version and a batch → the rows of the next version, by set operations in the engine.

With a key, a dataset is a dictionary: a put replaces the record of the same key, where it is, or comes last; a delete removes it,
and what is put again afterwards comes last. Without a key, it is a list: a put comes last, a delete removes every record that is
equal to it. The order is that of the acknowledgements, whatever the batches.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bocage.catalog.vocabulary import FieldType
from bocage.pipeline.pushes.layout import Layout, PushColumn
from bocage.pipeline.pushes.typed import names_of
from bocage.store.engine import literal, quoted
from bocage.store.layout import version_path

if TYPE_CHECKING:
    from bocage.store.engine import Workshop
    from bocage.store.models import Version

ROWS, OPERATIONS = "rows_before", "operations"


def merged(version: Version, layout: Layout, operations: str, *, workshop: Workshop) -> str:
    """SELECT of the rows of the next version, in their order. `operations`: see `typed.operations`."""
    workshop.execute(f"CREATE OR REPLACE TEMP TABLE {OPERATIONS} AS {operations}")
    before = f"{ROWS} AS ({_rows_before(version, layout, workshop)})"
    return _as_dictionary(before, layout, version.row_count) if layout.key else _as_list(before, layout, workshop)


def last_of_each_key(rows: str, key: Sequence[str], columns: Sequence[str]) -> str:
    """`rows` (numbered `n`) as a dictionary would keep them: each key where it came first, with its last record."""
    names, keys = ", ".join(map(quoted, columns)), ", ".join(map(quoted, key))
    window = f"PARTITION BY {keys}"
    return (
        f"SELECT {names} FROM (SELECT *, min(n) OVER ({window}) AS first, max(n) OVER ({window}) AS last FROM ({rows})) "
        "AS numbered WHERE n = last ORDER BY first"
    )


def _rows_before(version: Version, layout: Layout, workshop: Workshop) -> str:
    """The rows of the version, and `at`, their place from 0. Where no row has a shape, its column is one of bytes."""
    source = f"read_parquet({literal(str(version_path(version)))}, file_row_number = true)"
    kinds = {name: str(kind) for name, kind, *_ in workshop.execute(f"DESCRIBE SELECT * FROM {source}")}
    shapes = {
        one.name: f"ST_GeomFromWKB({quoted(one.name)})"
        for one in layout.columns
        if one.type.is_geographic and kinds[one.name] == "BLOB"
    }
    return f"SELECT {names_of(layout.columns, shapes)}, file_row_number AS at FROM {source}"


def _as_dictionary(before: str, layout: Layout, row_count: int) -> str:
    key = ", ".join(map(quoted, layout.key))
    names = names_of(layout.columns)
    kept = ", ".join(f"last.{quoted(one.name)}" for one in layout.columns)
    return f"""WITH {before},
        touched AS (SELECT {key}, max(n) AS n_last, max(n) FILTER (o = 'd') AS n_cut FROM {OPERATIONS} GROUP BY {key}),
        starts AS (SELECT {key}, any_value(n_last) AS n_last, any_value(n_cut) AS n_cut,
            min(n) FILTER (o = 'p' AND n > coalesce(n_cut, -1)) AS n_first
            FROM {OPERATIONS} JOIN touched USING ({key}) GROUP BY {key}),
        places AS (SELECT {key}, min(at) AS place FROM {ROWS} SEMI JOIN touched USING ({key}) GROUP BY {key}),
        put AS (SELECT {kept},
            CASE WHEN n_cut IS NULL AND place IS NOT NULL THEN place ELSE {int(row_count)} + n_first END AS at
            FROM {OPERATIONS} AS last JOIN starts USING ({key}) LEFT JOIN places USING ({key})
            WHERE last.n = n_last AND last.o = 'p')
        SELECT {names} FROM (SELECT {names}, at FROM {ROWS} ANTI JOIN touched USING ({key})
            UNION ALL SELECT {names}, at FROM put) AS together ORDER BY at"""


def _as_list(before: str, layout: Layout, workshop: Workshop) -> str:
    names = names_of(layout.columns)
    [(deletes,)] = workshop.execute(f"SELECT count(*) FROM {OPERATIONS} WHERE o = 'd'")
    if not deletes:
        return f"WITH {before} SELECT {names} FROM {ROWS} UNION ALL (SELECT {names} FROM {OPERATIONS} ORDER BY n)"
    digest = _digest(layout.columns)
    return f"""WITH {before},
        gone AS (SELECT {digest} AS digest, max(n) AS n FROM {OPERATIONS} WHERE o = 'd' GROUP BY ALL),
        kept AS (SELECT *, -1 AS n FROM (SELECT {names}, at, {digest} AS digest FROM {ROWS})
            ANTI JOIN gone USING (digest)),
        put AS (SELECT p.* FROM (SELECT {names}, n, {digest} AS digest FROM {OPERATIONS} WHERE o = 'p') AS p
            LEFT JOIN gone USING (digest) WHERE gone.n IS NULL OR p.n > gone.n)
        SELECT {names} FROM (SELECT {names}, n, at FROM kept UNION ALL SELECT {names}, n, -1 AS at FROM put) AS together
        ORDER BY n, at"""


def _digest(columns: Sequence[PushColumn]) -> str:
    """Equal for equal records, of any type: each value as text, its absence told apart from every text."""
    texts = ", ".join(f"coalesce('=' || {_text(one)}, '')" for one in columns)
    return f"md5(to_json([{texts}])::VARCHAR)"


def _text(column: PushColumn) -> str:
    value = quoted(column.name)
    if column.type.is_geographic:
        return f"hex(ST_AsWKB({value}))"
    if column.type is FieldType.DATETIME:
        return f"epoch_us({value})::VARCHAR"
    if column.type is FieldType.OBJECT:
        return f"coalesce(TRY(json({value})::VARCHAR), {value})"
    return f"{value}::VARCHAR"
