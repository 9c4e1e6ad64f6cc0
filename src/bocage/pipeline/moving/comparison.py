"""What the portal counts in a dataset, against what is kept here.

The portal is asked for aggregates (ODSQL); the file of our version is counted by the engine alone, without anything of what
answers the interface here: two roads that meet only if the data is the same.
"""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.kernel.http import RequestRefused
from bocage.pipeline.moving.errors import AnswerNotUnderstood
from bocage.pipeline.moving.figures import Figures, Rows, differing, read_figures
from bocage.pipeline.moving.portal import Portal, status_of
from bocage.store.engine import literal, quoted, workshop
from bocage.store.layout import version_path
from bocage.store.models import Version

LONGEST_SELECT = 3_000
"""Characters of one call, encoded: an address has a length that servers accept."""

MEASURED = (FieldType.INTEGER, FieldType.NUMBER)
DATED = (FieldType.DATE, FieldType.DATETIME)


@dataclass(frozen=True)
class Difference:
    """`kind`: rows, nulls, sum, min, max, field-missing, field-extra, field-type, field-order. Values as texts."""

    kind: str
    field: str = ""
    source: str = ""
    here: str = ""


@dataclass(frozen=True)
class Comparison:
    """`rows`: None when the portal did not say. `uncompared`: fields that the portal would not count."""

    rows_source: int | None
    rows_here: int
    compared: int = 0
    uncompared: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = field(default_factory=tuple)

    def as_dict(self) -> dict[str, Any]:
        return dataclasses.asdict(self)


def compare(portal: Portal, source_id: str, fields: Sequence[Field], version: Version, folder: Path) -> Comparison:
    """`fields`: as the portal declares them. Raises what asking raises; never because of what is counted."""
    asked = _Asked(portal, source_id)
    shape = list(_shape_differences(fields, [Field.from_dict(one) for one in version.schema]))
    kept = {one["name"]: FieldType(one["type"]) for one in version.schema}
    common = [one for one in fields if kept.get(one.name) is one.type]
    theirs = asked.all_figures(common)
    ours = _our_figures(version, common, folder)
    rows = Rows(asked.rows(), version.row_count)
    differences = [*shape, *_row_difference(rows)]
    for one in common:
        if one.name in theirs:
            differences += [
                Difference(kind, one.name, source, here)
                for kind, source, here in differing(one.type, theirs[one.name], ours[one.name], rows)
            ]
    uncompared = tuple(one.name for one in common if one.name not in theirs)
    return Comparison(rows.source, rows.here, len(common) - len(uncompared), uncompared, tuple(differences))


def _row_difference(rows: Rows) -> list[Difference]:
    differs = rows.source is not None and rows.source != rows.here
    return [Difference("rows", "", str(rows.source), str(rows.here))] if differs else []


def _shape_differences(source: Sequence[Field], here: Sequence[Field]) -> Iterable[Difference]:
    theirs, ours = {one.name: one.type for one in source}, {one.name: one.type for one in here}
    for name, kind in theirs.items():
        if name not in ours:
            yield Difference("field-missing", name, kind.value, "")
        elif ours[name] is not kind:
            yield Difference("field-type", name, kind.value, ours[name].value)
    for name, kind in ours.items():
        if name not in theirs:
            yield Difference("field-extra", name, "", kind.value)
    if list(theirs) != list(ours) and set(theirs) == set(ours):
        yield Difference("field-order", "", ", ".join(theirs)[:300], ", ".join(ours)[:300])


# There --------------------------------------------------------------------------------------------------------------


class _Asked:
    """One dataset of a portal, through the aggregates of its records."""

    def __init__(self, portal: Portal, source_id: str) -> None:
        self._portal = portal
        self._path = ("catalog", "datasets", source_id, "records")

    def rows(self) -> int | None:
        found = self._ask({"limit": "0"}).get("total_count")
        return found if isinstance(found, int) and not isinstance(found, bool) else None

    def all_figures(self, fields: Sequence[Field]) -> dict[str, Figures]:
        """By name; a field that the portal refuses to count is not in it."""
        together = [one for one in fields if one.type is not FieldType.ARRAY]
        found: dict[str, Figures] = {}
        for some in _in_calls(together):
            found |= self._some(some)
        for one in fields:
            if one.type is FieldType.ARRAY:  # counting them counts values, not rows
                found |= self._nulls_alone(one)
        return found

    def _some(self, fields: Sequence[Field]) -> dict[str, Figures]:
        """In one call; in two when the portal refuses something of it."""
        try:
            rows = self._ask({"select": ", ".join(_aggregates(fields)), "limit": "1"}).get("results")
        except RequestRefused as refusal:
            if status_of(refusal) not in (400, 414):
                raise
            if len(fields) == 1:
                return self._nulls_alone(fields[0])
            middle = len(fields) // 2
            return self._some(fields[:middle]) | self._some(fields[middle:])
        if not isinstance(rows, list) or (rows and not isinstance(rows[0], dict)):
            raise AnswerNotUnderstood(what=self._path[2][:100])
        row = rows[0] if rows else {}
        return {one.name: read_figures(one.type, row, rank) for rank, one in enumerate(fields)}

    def _nulls_alone(self, one: Field) -> dict[str, Figures]:
        try:
            found = self._ask({"where": f"{_named(one)} is null", "limit": "0"}).get("total_count")
        except RequestRefused as refusal:
            if status_of(refusal) != 400:
                raise
            return {}
        return {one.name: Figures(nulls=found)} if isinstance(found, int) else {}

    def _ask(self, query: dict[str, str]) -> dict[str, Any]:
        answer = self._portal.json(*self._path, query=query)
        if not isinstance(answer, dict):
            raise AnswerNotUnderstood(what=self._path[2][:100])
        return answer


def _in_calls(fields: Sequence[Field]) -> Iterator[list[Field]]:
    """As many as an address holds."""
    some: list[Field] = []
    for one in fields:
        if some and len(quote_plus(", ".join(_aggregates([*some, one])))) > LONGEST_SELECT:
            yield some
            some = []
        some.append(one)
    if some:
        yield some


def _aggregates(fields: Sequence[Field]) -> list[str]:
    found = []
    for rank, one in enumerate(fields):
        functions = [
            "count",
            *(["sum"] if one.type in MEASURED else []),
            *(["min", "max"] if one.type in (*MEASURED, *DATED) else []),
        ]
        found += [f"{function}({_named(one)}) as {function}_{rank}" for function in functions]
    return found


def _named(one: Field) -> str:
    """Names with a back quote are refused before."""
    return f"`{one.name}`"


# Here ---------------------------------------------------------------------------------------------------------------


def _our_figures(version: Version, fields: Sequence[Field], folder: Path) -> dict[str, Figures]:
    """One pass over the file of the version."""
    if not fields:
        return {}
    path = version_path(version)
    select = ", ".join(piece for one in fields for piece in _counted(one))
    with (
        tempfile.TemporaryDirectory(prefix="compare-", dir=folder) as name,
        workshop(Path(name), readable=[path], spatial=any(one.type.is_geographic for one in fields)) as shop,
    ):
        [row] = shop.execute(f"SELECT {select} FROM read_parquet({literal(str(path))})")
    return {
        one.name: Figures(*row[5 * rank : 5 * rank + 5])
        for rank, one in enumerate(fields)
    }  # fmt: skip


def _counted(one: Field) -> tuple[str, str, str, str, str]:
    """Values of Figures, in their order."""
    x = quoted(one.name)
    count = f"count({x})"
    if one.type is FieldType.INTEGER:
        return count, f"sum({x})", f"min({x})", f"max({x})", f"sum(abs({x}::HUGEINT))"
    if one.type is FieldType.NUMBER:
        y = f"{x}::DOUBLE"
        return count, f"fsum({y})", f"min({y})", f"max({y})", f"fsum(abs({y}))"
    if one.type in DATED:
        return count, "NULL", f"min({x})", f"max({x})", "NULL"
    if one.type is FieldType.ARRAY:
        return count, "NULL", "NULL", "NULL", f"count({x}) FILTER (len({x}) > 0)"
    return count, "NULL", "NULL", "NULL", "NULL"
