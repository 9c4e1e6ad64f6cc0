"""The record behind an identifier of the Explore API, in the words of a payload."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bocage.access.viewer import OPERATOR
from bocage.catalog.vocabulary import FieldType
from bocage.pipeline.pushes.payload import Number
from bocage.query.record_ids import record_ids
from bocage.query.relation import DatasetRelation
from bocage.store.engine import quoted, session

if TYPE_CHECKING:
    from bocage.catalog.models import Dataset
    from bocage.pipeline.pushes.layout import Layout, PushColumn
    from bocage.store.models import Version


def record_of(dataset: Dataset, version: Version, record_id: str, layout: Layout) -> dict[str, Any] | None:
    """Its values, those of the key only when the dataset has one; None when the version has no such record.

    The rights of a key are those of its address: it sees the whole of what it may delete."""
    relation = DatasetRelation(dataset, version)
    columns = [one for one in layout.columns if not layout.key or one.name in layout.key]
    values = ", ".join(f"{_text(one)} AS {quoted(one.name)}" for one in columns)
    with session(version) as opened:
        ids = record_ids(opened, relation)
        found = opened.execute(
            f"SELECT {values} FROM {relation.source(opened, OPERATOR)} AS r "
            f"WHERE _row = (SELECT row FROM {ids} WHERE id = ? LIMIT 1)",
            [record_id[:100]],
        )
    if not found:
        return None
    return {one.name: _value(one, value) for one, value in zip(columns, found[0], strict=True) if value is not None}


def _text(column: PushColumn) -> str:
    value = quoted(column.name)
    if column.type.is_geographic:
        return f"ST_AsGeoJSON({value})::VARCHAR"
    if column.type is FieldType.DATETIME:
        return f"strftime(make_timestamp(epoch_us({value})), '%Y-%m-%dT%H:%M:%S.%fZ')"
    if column.type is FieldType.ARRAY:
        return f"to_json({value})::VARCHAR"
    return f"{value}::VARCHAR"


def _value(column: PushColumn, text: str) -> Any:
    if column.type in (FieldType.INTEGER, FieldType.NUMBER):
        return Number(text)
    return json.loads(text) if column.type is FieldType.ARRAY else text
