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
    before = f"{ROWS} AS ({rows_before(version, layout, workshop)})"
    return _as_dictionary(before, layout, version.row_count) if layout.key else _as_list(before, layout, workshop)


def last_of_each_key(rows: str, key: Sequence[str], columns: Sequence[str]) -> str:
    """`rows` (numbered `_n`) as a dictionary would keep them: each key where it came first, with its last record."""
    names, keys = ", ".join(map(quoted, columns)), ", ".join(map(quoted, key))
    window = f"PARTITION BY {keys}"
    return (
        f"SELECT {names} FROM (SELECT *, min(_n) OVER ({window}) AS _first, max(_n) OVER ({window}) AS _last "
        f"FROM ({rows})) AS numbered WHERE _n = _last ORDER BY _first"
    )


def rows_before(version: Version, layout: Layout, workshop: Workshop) -> str:
    """The rows of the version, and `_at`, their place from 0. Where no row has a shape, its column is one of bytes."""
    source = f"read_parquet({literal(str(version_path(version)))}, file_row_number = true)"
    kinds = {name: str(kind) for name, kind, *_ in workshop.execute(f"DESCRIBE SELECT * FROM {source}")}
    shapes = {
        one.name: f"ST_GeomFromWKB({quoted(one.name)})"
        for one in layout.columns
        if one.type.is_geographic and kinds[one.name] == "BLOB"
    }
    return f"SELECT {names_of(layout.columns, shapes)}, file_row_number AS _at FROM {source}"


def _as_dictionary(before: str, layout: Layout, row_count: int) -> str:
    key = ", ".join(map(quoted, layout.key))
    names = names_of(layout.columns)
    latest = ", ".join(f"_latest.{quoted(one.name)}" for one in layout.columns)
    return f"""WITH {before},
        touched AS (SELECT {key}, max(_n) AS _last, max(_n) FILTER (_o = 'd') AS _cut FROM {OPERATIONS} GROUP BY {key}),
        starts AS (SELECT {key}, any_value(_last) AS _last, any_value(_cut) AS _cut,
            min(_n) FILTER (_o = 'p' AND _n > coalesce(_cut, -1)) AS _first
            FROM {OPERATIONS} JOIN touched USING ({key}) GROUP BY {key}),
        places AS (SELECT {key}, min(_at) AS _place FROM {ROWS} SEMI JOIN touched USING ({key}) GROUP BY {key}),
        put AS (SELECT {latest},
            CASE WHEN _cut IS NULL AND _place IS NOT NULL THEN _place ELSE {int(row_count)} + _first END AS _at
            FROM {OPERATIONS} AS _latest JOIN starts USING ({key}) LEFT JOIN places USING ({key})
            WHERE _latest._n = _last AND _latest._o = 'p')
        SELECT {names} FROM (SELECT {names}, _at FROM {ROWS} ANTI JOIN touched USING ({key})
            UNION ALL SELECT {names}, _at FROM put) AS together ORDER BY _at"""


def _as_list(before: str, layout: Layout, workshop: Workshop) -> str:
    names = names_of(layout.columns)
    [(deletes,)] = workshop.execute(f"SELECT count(*) FROM {OPERATIONS} WHERE _o = 'd'")
    if not deletes:
        return f"WITH {before} SELECT {names} FROM {ROWS} UNION ALL (SELECT {names} FROM {OPERATIONS} ORDER BY _n)"
    digest = _digest(layout.columns)
    return f"""WITH {before},
        gone AS (SELECT {digest} AS _digest, max(_n) AS _last FROM {OPERATIONS} WHERE _o = 'd' GROUP BY ALL),
        kept AS (SELECT {names}, _at FROM (SELECT *, {digest} AS _digest FROM {ROWS}) AS told ANTI JOIN gone USING (_digest)),
        put AS (SELECT {names}, _n FROM (SELECT *, {digest} AS _digest FROM {OPERATIONS} WHERE _o = 'p') AS told
            LEFT JOIN gone USING (_digest) WHERE _last IS NULL OR _n > _last)
        SELECT {names} FROM (SELECT {names}, -1 AS _n, _at FROM kept UNION ALL SELECT {names}, _n, -1 AS _at FROM put)
            AS together ORDER BY _n, _at"""


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
