"""`sort`: fields, from the highest to the lowest; a minus sign turns one the other way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from bocage.query.odsql import nodes
from bocage.query.odsql.printing import printed

if TYPE_CHECKING:
    from bocage.query.odsql.scope import Scope

UNSORTED = ("", "record_timestamp", "relevance", "random", "popularity", "download_count")
"""What every record has alike, or what is counted of datasets, not of records."""
DISTANCE = "dist"
"""What a record shows of the distance to the centre of `geofilter.distance`."""


def keys(texts: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Each name, and whether a minus sign stood before it."""
    for name in (part.strip() for text in texts for part in text.split(",")):
        yield name.lstrip("-+"), name.startswith("-")


def order_by(texts: Sequence[str], scope: Scope, aliases: Mapping[str, str], distance: str = "") -> str:
    """The ODSQL of `sort`; `distance` is that of `dist`. Raises UnknownField."""
    sorts: list[str] = []
    for written, upwards in keys(texts):
        name = aliases.get(written, written)
        if name == DISTANCE and scope.field(name) is None:
            sorts += [f"{distance} {'asc' if upwards else 'desc'}"] if distance else []
        elif scope.field(name) is not None or (name not in UNSORTED and not name.startswith("explore.")):
            scope.in_clause("sort").expression(name)
            sorts.append(printed(nodes.Sort(nodes.Name(name), not upwards)))
    return ", ".join(sorts)
