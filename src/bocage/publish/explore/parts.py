"""What `select` keeps of catalogue items: columns that the engine computes, and the parts of an item that are no column.

`select=dataset_id, lower(title) as t, metas` asks the engine for two columns, and takes `metas` from the whole document.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bocage.query.odsql import nodes
from bocage.query.odsql.clauses import key_of
from bocage.query.odsql.parse import parse_select

PARTS = frozenset({"alternative_exports", "attachments", "data_visible", "fields", "metas"})
ITEM = "_item"
"""Label under which the engine says which dataset a row is of; no client may see it."""


@dataclass(frozen=True)
class Chosen:
    """`keys`: each key of the answer, in order, and the part that it names; no part when it is a column, no key for `*` and
    patterns. `columns`: what the engine is asked for, with the dataset of each row."""

    keys: tuple[tuple[str, str], ...]
    columns: str

    @property
    def names_parts(self) -> bool:
        return any(part for _key, part in self.keys)

    def of(self, row: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
        """The item as asked, from its row and its whole document."""
        answer: dict[str, Any] = {}
        for key, part in self.keys:
            if part:
                answer[key] = document[part]
            elif key:
                answer[key] = row[key]
            else:
                answer |= {name: value for name, value in row.items() if name != ITEM}
        return answer


def read_select(select: str) -> Chosen:
    """Raises OdsqlSyntaxError."""
    keys: list[tuple[str, str]] = []
    columns: list[str] = []
    for item in parse_select(select).items:
        part = _part(item)
        key = item.label or key_of(item) if isinstance(item, nodes.Labelled) else ""
        keys.append((key, part))
        if not part:
            columns.append(select[item.start : item.end])
    return Chosen(tuple(keys), ", ".join([*columns, f"dataset_id as {ITEM}"]))


def _part(item: nodes.Node) -> str:
    named = item.expression if isinstance(item, nodes.Labelled) else None
    return named.name if isinstance(named, nodes.Name) and named.name in PARTS else ""
