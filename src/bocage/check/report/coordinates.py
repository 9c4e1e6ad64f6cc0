"""Longitude and latitude in two columns, in metres of Lambert-93 instead of degrees: both columns are mended together.

What the new position is worth is checked on the position itself: it must be in France. (Degrees that are only swapped are
within the bounds of every schema: no rule refuses them, hence no fault to mend. In one column, see `candidates`.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from bocage.check.mapping.normal import normal
from bocage.check.mapping.steps import STEPS, Step
from bocage.check.report.candidates import is_in_france
from bocage.check.report.faults import faults_sql
from bocage.check.report.mend import Mend
from bocage.check.schema import TableSchema
from bocage.check.table import ROW, TextTable
from bocage.check.verdict import Verdict
from bocage.store.engine import Workshop, quoted

LONGITUDES = frozenset(
    {"lon", "long", "longitude", "x", "xlong", "xlongitude", "xlong wgs84", "long coor1", "equip long"}
)
LATITUDES = frozenset({"lat", "latitude", "y", "ylat", "ylatitude", "ylat wgs84", "lat coor1", "equip lat"})
LAMBERT = "EPSG:2154"
MOST_ROWS = 100_000
EXAMPLES = 5
POSITIONS = "report_positions"


@dataclass(frozen=True)
class Half:
    """One column of a position: its label, what makes it, and the family of its faults."""

    label: str
    step: Step
    family: int
    count: int


def position_mends(
    verdict: Verdict, schema: TableSchema, table: TextTable, *, workshop: Workshop, trial: Workshop
) -> list[Mend]:
    """Two proposals, to be accepted together, for the position that a schema has in two columns."""
    halves = _halves(verdict, schema)
    names = [table.column(half.label) for half in halves]
    if len(halves) != 2 or None in names:
        return []
    rows = _faulty_rows(verdict, halves, [str(name) for name in names], table, workshop)
    if not 0 < rows.num_rows <= MOST_ROWS:
        return []
    trial.need_spatial()
    trial.register(POSITIONS, rows)
    made = [STEPS.get(half.step.kind).sql(["x", "y"], half.step.params) for half in halves]
    tried = trial.execute(f"SELECT x, y, {made[0]} AS lon, {made[1]} AS lat FROM {POSITIONS}")
    right = [row for row in tried if row[2] and row[3] and is_in_france(float(row[2]), float(row[3]))]
    return [_mend(half, place, halves, right) for place, half in enumerate(halves)] if right else []


def _halves(verdict: Verdict, schema: TableSchema) -> list[Half]:
    """Longitude, then latitude, when both were found out of bounds."""
    found = []
    for names, to in ((LONGITUDES, "lon"), (LATITUDES, "lat")):
        labels = {one.name for one in schema.fields if one.type == "number" and normal(one.name) in names}
        step = Step("position", {"order": "xy", "crs": LAMBERT, "to": to})
        found += [
            Half(family.label, step, index, family.count)
            for index, family in enumerate(verdict.families)
            if family.label in labels and family.rule == "constraint.maximum"
        ][:1]
    return found


def _faulty_rows(
    verdict: Verdict, halves: Sequence[Half], names: Sequence[str], table: TextTable, workshop: Workshop
) -> pa.Table:
    """`x`, `y` of the rows where both are at fault."""
    faults = faults_sql(verdict, workshop=workshop)
    both = " INTERSECT ".join(f"SELECT row FROM ({faults}) WHERE family = {half.family:d}" for half in halves)
    batches = workshop.arrow(
        f"SELECT t.{quoted(names[0])} AS x, t.{quoted(names[1])} AS y FROM ({table.with_rows}) t "
        f"WHERE t.{ROW} IN ({both}) ORDER BY t.{ROW} LIMIT {MOST_ROWS + 1}"
    )
    types = pa.schema([("x", pa.string()), ("y", pa.string())])
    return pa.Table.from_batches([batch.cast(types) for batch in batches], types)


def _mend(half: Half, place: int, halves: Sequence[Half], right: Sequence[tuple[str, ...]]) -> Mend:
    examples = tuple((row[place], row[2 + place]) for row in right[:EXAMPLES])
    return Mend(
        target=half.label,
        family=half.family,
        cause="lambert",
        steps=(half.step,),
        sources=tuple(one.label for one in halves),
        mended=len(right),
        left=max(0, half.count - len(right)),
        examples=examples,
        proposed={row[place]: row[2 + place] for row in right[:1000]},
        together=halves[0].family,
    )
