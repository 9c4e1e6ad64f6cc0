"""The facets of the catalogue, all counted by one statement over the values of each dataset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from bocage.query.catalogue_table import FIELDS
from bocage.query.rendering import name as quoted
from bocage.query.requests import FacetValue
from bocage.query.sql import Parameters, written

if TYPE_CHECKING:
    from bocage.query.compile import Source
    from bocage.store.engine import Session

FACETS = {
    "theme": "theme_code",
    "organization": "organization",
    "keyword": "keyword",
    "license": "license_code",
    "territory": "territory",
    "update_frequency": "update_frequency",
    "features": "features",
}
"""Facet of the portal → field that holds its codes."""

MOST_VALUES = 100
_BITS = {facet: 1 << rank for rank, facet in enumerate(FACETS)}
_ALL = sum(_BITS.values())
_VALUES = pa.schema([pa.field("facet", pa.int32()), pa.field("value", pa.string()), pa.field("row", pa.int64())])


def facet_values(session: Session, key: str, table: str) -> str:
    """SQL name of the resident table (facet, value, row): every value of every dataset, once. A facet is one bit."""
    kinds = {field.name: field.type.value for field in FIELDS}
    parts = [
        f"SELECT {_BITS[facet]}::INTEGER AS facet, "
        f"{f'unnest(list_distinct({quoted(column)}))' if kinds[column] == 'array' else quoted(column)} AS value, _row AS row "
        f"FROM {table}"
        for facet, column in FACETS.items()
    ]
    select = f"SELECT * FROM ({' UNION ALL '.join(parts)}) WHERE value IS NOT NULL"
    return session.resident(f"facets {key}", lambda: pa.Table.from_batches(session.arrow(select), _VALUES))


def count_values(
    session: Session, source: Source, values: str, rows: Sequence[int] | None, kept: Mapping[str, Sequence[str]]
) -> dict[str, list[FacetValue]]:
    """Counts by facet over `rows`, or over all that the source has; `kept`: values refined, by facet.

    The values of a facet are alternatives: its counts obey the refinements of the others, not its own."""
    parameters = Parameters()
    refined = {facet: [written(parameters.bind(value)) for value in given] for facet, given in kept.items() if given}
    base = f"SELECT _row AS row FROM {source.rows} AS r"
    if rows is not None:
        base = f"SELECT unnest({written(parameters.bind_whole_numbers(rows))}) AS row"
    chosen = " OR ".join(
        f"(facet = {_BITS[facet]} AND value IN ({', '.join(given)}))" for facet, given in refined.items()
    )
    sql = f"""
        WITH base AS MATERIALIZED ({base}),
        passed AS (SELECT row, bit_or(facet) AS facets FROM {values} WHERE {chosen or "false"} GROUP BY row),
        counted AS (
            SELECT v.facet, v.value, count(*) AS n FROM {values} AS v JOIN base USING (row) LEFT JOIN passed AS p USING (row)
            WHERE (coalesce(p.facets, 0) | v.facet | {_ALL - sum(_BITS[facet] for facet in refined)}) = {_ALL} GROUP BY ALL
        )
        SELECT facet, value, n FROM counted
        QUALIFY row_number() OVER (PARTITION BY facet ORDER BY n DESC, value) <= {MOST_VALUES} OR {chosen or "false"}
        ORDER BY n DESC, value
    """
    found = session.execute(sql, parameters.values)
    return {facet: _values(found, _BITS[facet], kept.get(facet, ())) for facet in FACETS}


def _values(found: Sequence[tuple[int, str, int]], bit: int, kept: Sequence[str]) -> list[FacetValue]:
    """The most frequent first; refined values are shown whatever their count."""
    counts = {value: count for facet, value, count in found if facet == bit}
    counts |= {value: 0 for value in kept if value not in counts}
    shown = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [FacetValue(value, value, count, "refined" if value in kept else "displayed") for value, count in shown]
