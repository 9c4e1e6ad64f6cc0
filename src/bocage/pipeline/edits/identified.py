"""The identifiers of records, found by their keys, as the writer is given them by every interface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bocage.query.record_ids import record_ids
from bocage.query.restricted import seen_by
from bocage.store.engine import quoted, session

if TYPE_CHECKING:
    from bocage.pipeline.edits.sight import Sight


def identifiers(sight: Sight, keys: Sequence[Mapping[str, Any]]) -> list[str]:
    """In the order of `keys`; empty for a record that the writer does not see (which `making.outside` refuses)."""
    if not keys:
        return []
    relation = seen_by(sight.viewer, sight.relation)
    names = sight.whole.key
    types = [sight.whole.by_name[name].sql_type for name in names]
    given = ", ".join(
        f"unnest(?::VARCHAR[])::{kind} AS {quoted(name)}" for name, kind in zip(names, types, strict=True)
    )
    columns = [[_written(key[name]) for key in keys] for name in names]
    with session(sight.relation.version) as opened:
        ids = record_ids(opened, relation)
        found = opened.execute(
            f"SELECT k.n, i.id FROM (SELECT unnest(range({len(keys):d})) AS n, {given}) AS k "
            f"JOIN {relation.source(opened, sight.viewer)} AS r USING ({', '.join(map(quoted, names))}) "
            f"JOIN {ids} AS i ON i.row = r._row",
            columns,
        )
    by_rank = dict(found)
    return [str(by_rank.get(rank, "")) for rank in range(len(keys))]


def _written(value: Any) -> str:
    return value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
