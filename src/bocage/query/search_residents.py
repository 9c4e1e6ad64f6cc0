"""The tables of an index in the memory of this process, for relations too small, or too short-lived, for a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from bocage.store.engine import Session

_Columns = Sequence[tuple[str, pa.DataType]]
_WORDS: _Columns = [("field", pa.int16()), ("row", pa.int64()), ("word", pa.string())]
_TERMS: _Columns = [("term", pa.int32()), ("word", pa.string()), ("letters", pa.int64())]
_POSTINGS: _Columns = [("term", pa.int32()), ("field", pa.int16()), ("row", pa.int64())]
_SCHEMAS = {
    name: pa.schema(columns)
    for name, columns in {"words": _WORDS, "terms": _TERMS, "numbered": _POSTINGS, "postings": _POSTINGS}.items()
}
"""Said beforehand: an engine that found nothing may give no batch at all."""


class ResidentTables:
    """`store.engine.SideFile` without a file: a table that is resident already is not made again."""

    def __init__(self, session: Session, key: str) -> None:
        self._session = session
        self._key = key

    def keep(self, name: str, select: str) -> str:
        def build() -> pa.Table:
            batches = self._session.arrow(select, rows_per_batch=100_000)
            return pa.Table.from_batches([batch.cast(_SCHEMAS[name]) for batch in batches], _SCHEMAS[name])

        return self._session.resident(f"{name} {self._key}", build)

    put_aside = keep

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self._session.execute(sql, parameters)
