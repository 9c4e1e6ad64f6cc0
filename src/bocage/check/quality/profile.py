"""What the columns of a table hold: two set passes over its Parquet file, a third for the frequent values of long columns.

`profile` gives plain JSON: {"rows", "filled_share", "extent": [w, s, e, n] or None, "columns": [see `ColumnProfile`]}.
"""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bocage.catalog.fields import Field
from bocage.check.quality import profile_sql as sql
from bocage.kernel.ids import new_uid
from bocage.store.engine import Workshop, literal, workshop
from bocage.store.layout import staging_directory, version_path
from bocage.store.models import Version

COLUMNS_MOST = 500
"""Columns profiled: the others are counted in `left_out`."""

COLUMNS_PER_PASS = 100


@dataclass
class ColumnProfile:
    """`distinct`: exact up to sql.CODES_MOST, else approximate. `low`, `high`: as texts (dates ISO 8601). `quantiles`: 21 numbers
    (days for dates, seconds for instants) from the 0th to the 100th percentile. `edges` are the bounds of the bars of
    `counts`. `top`: [[value, count], …], most frequent first. `codes`: every value, where there are few; None otherwise."""

    name: str
    label: str
    type: str
    filled: int = 0
    missing: int = 0
    distinct: int = 0
    low: str | None = None
    high: str | None = None
    mean: float | None = None
    quantiles: list[float] = field(default_factory=list)
    edges: list[float] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    top: list[tuple[str, int]] = field(default_factory=list)
    codes: list[str] | None = None


def profile_version(version: Version) -> dict[str, Any]:
    """The profile of a published version."""
    fields = [Field.from_dict(one) for one in version.schema]
    return profile(version_path(version), fields, extent=version.geometry.get("bbox"))


def profile(file: Path, fields: Sequence[Field], *, extent: Sequence[float] | None = None) -> dict[str, Any]:
    """The profile of a Parquet file of these fields (see store.staged)."""
    directory = staging_directory() / new_uid("profile")
    shown = fields[:COLUMNS_MOST]
    try:
        with workshop(directory, readable=[file], spatial=False) as shop:
            relation = f"read_parquet({literal(str(file))})"
            [(rows,)] = shop.execute(f"SELECT count(*) FROM {relation}")
            columns = [one for chunk in _chunks(shown) for one in _profiled(shop, relation, chunk, rows)]
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    cells = rows * len(columns)
    return {
        "rows": rows,
        "filled_share": round(sum(one.filled for one in columns) / cells, 4) if cells else None,
        "extent": list(extent) if extent else None,
        "left_out": len(fields) - len(shown),
        "columns": [dataclasses.asdict(one) for one in columns],
    }


def _chunks(fields: Sequence[Field]) -> Iterator[Sequence[Field]]:
    for start in range(0, len(fields), COLUMNS_PER_PASS):
        yield fields[start : start + COLUMNS_PER_PASS]


def _profiled(shop: Workshop, relation: str, fields: Sequence[Field], rows: int) -> list[ColumnProfile]:
    columns = [ColumnProfile(one.name, one.label or one.name, one.type.value) for one in fields]
    _measure(shop, relation, columns, rows)
    _distribute(shop, relation, columns)
    _name_frequent(shop, relation, columns)
    return columns


def _measure(shop: Workshop, relation: str, columns: list[ColumnProfile], rows: int) -> None:
    """First pass: how many, between what and what."""
    found = shop.execute(f"SELECT {', '.join(sql.measures(one.name, one.type) for one in columns)} FROM {relation}")[0]
    for column, measured in zip(columns, found, strict=True):
        column.filled = measured["filled"]
        column.missing = rows - column.filled
        column.distinct = min(measured["distinct"], column.filled)
        column.low, column.high, column.mean = measured["low"], measured["high"], measured["mean"]
        column.quantiles = [float(one) for one in measured["quantiles"] or () if one is not None]


def _distribute(shop: Workshop, relation: str, columns: list[ColumnProfile]) -> None:
    """Second pass: bars of what can be measured, values of what has few."""
    asked: list[tuple[ColumnProfile, str, str]] = []
    for column in columns:
        if column.quantiles and column.quantiles[0] < column.quantiles[-1]:
            column.edges = sql.edges(column.quantiles[0], column.quantiles[-1], whole=column.type == "integer")
            asked.append((column, "bars", sql.bars(column.name, column.type, column.edges)))
        if column.filled and column.distinct <= sql.CODES_MOST and column.type in sql.LISTED:
            asked.append((column, "values", sql.values(column.name)))
    if not asked:
        return
    found = shop.execute(f"SELECT {', '.join(expression for _, _, expression in asked)} FROM {relation}")[0]
    for (column, what, _), answer in zip(asked, found, strict=True):
        if what == "bars":
            column.counts = [int((answer or {}).get(bar, 0)) for bar in range(len(column.edges) - 1)]
        else:
            _keep_values(column, answer or {})


def _keep_values(column: ColumnProfile, counts: dict[str, int]) -> None:
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    column.distinct = len(ordered)
    column.top = [(value, int(count)) for value, count in ordered[: sql.TOP]]
    column.codes = sorted(counts) if len(counts) <= sql.CODES_KEPT else None


def _name_frequent(shop: Workshop, relation: str, columns: list[ColumnProfile]) -> None:
    """Third pass, for texts with many values that come back: the most frequent ones, counted."""
    many = [one for one in columns if one.type in sql.LISTED and one.distinct > sql.CODES_MOST and not one.top]
    many = [one for one in many if one.filled > 2 * one.distinct]
    if not many:
        return
    found = shop.execute(f"SELECT {', '.join(sql.frequent(one.name) for one in many)} FROM {relation}")[0]
    counted = [
        sql.counted(one.name, [value for value in values if value is not None])
        for one, values in zip(many, found, strict=True)
    ]
    answers = shop.execute(f"SELECT {', '.join(counted)} FROM {relation}")[0]
    for column, answer in zip(many, answers, strict=True):
        ordered = sorted((answer or {}).items(), key=lambda one: (-one[1], one[0]))
        column.top = [(value, int(count)) for value, count in ordered]
