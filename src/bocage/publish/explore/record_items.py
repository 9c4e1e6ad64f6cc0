"""What records carry beside their fields, for who asks for links or for metadata of the application: `_id`, `_timestamp`, `_size`,
`_links`. A group is no record, and carries nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bocage.query.odsql import nodes
from bocage.query.odsql.parse import parse_select
from bocage.query.odsql.placement import AGGREGATES

if TYPE_CHECKING:
    from bocage.publish.explore.call import Call

CARRIED = ("_id", "_timestamp", "_size")
BESIDE = "_carried"
"""Begins the labels under which the engine tells them: the same may be selected under its own name."""


def carries(call: Call) -> bool:
    """Links or metadata of the application are asked, of rows that are records."""
    if call.given["group_by"] or not (call.given["include_links"] or call.given["include_app_metas"]):
        return False
    select = call.given["select"].strip()
    return not select or not any(_aggregates(item) for item in parse_select(select).items)


def select_carried(call: Call) -> str:
    """The select given, with what records carry."""
    labelled = (f"{name} as {BESIDE}{name}" for name in CARRIED)
    return ", ".join([call.given["select"].strip() or "*", *labelled])


def carried(call: Call, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows that `select_carried` gave, as records."""
    return [_record(call, row) for row in rows]


def _record(call: Call, row: Mapping[str, Any]) -> dict[str, Any]:
    beside = {name: row[f"{BESIDE}{name}"] for name in CARRIED}
    shown = {name: value for name, value in row.items() if not name.startswith(f"{BESIDE}_")}
    record = beside | shown
    if call.given["include_links"]:
        path = ("catalog", "datasets", call.dataset.slug)
        record["_links"] = [
            {"href": call.address(*path, "records", beside["_id"]), "rel": "self"},
            {"href": call.address(*path), "rel": "dataset"},
            {"href": call.address("catalog", "datasets"), "rel": "datasets"},
        ]
    return record


def _aggregates(node: object) -> bool:
    if isinstance(node, nodes.Function) and node.name in AGGREGATES:
        return True
    return any(_aggregates(child) for child in _children(node))


def _children(node: object) -> Iterator[object]:
    if isinstance(node, tuple):
        yield from node
    elif isinstance(node, nodes.Node):
        yield from (getattr(node, field.name) for field in dataclasses.fields(node))
