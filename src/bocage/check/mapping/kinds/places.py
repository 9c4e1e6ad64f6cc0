"""The area in which a position falls: the commune of a point."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bocage.check.mapping import reference_tables
from bocage.check.mapping.kinds.base import Kind, Param, StepBench, registered
from bocage.check.mapping.kinds.positions import coordinate
from bocage.store.engine import quoted


@registered
class Area(Kind):
    """Sources: longitude, latitude, in degrees. Decided once for each distinct position. A position in two areas has none."""

    name = "area"
    label = _("Find the area that holds the position")
    params = {
        "dataset": Param(_("Dataset of areas"), "dataset", required=True),
        "geometry": Param(_("Its field of shapes"), "field"),
        "value": Param(_("Field to bring"), "field", required=True),
    }
    arity = (2, 2)
    spatial = True

    def compiled(self, inputs: Sequence[str], params: Mapping[str, Any]) -> str:
        raise self.refused(gettext("it is only made while a file is read."))

    def prepared(self, inputs: Sequence[str], params: Mapping[str, Any], bench: StepBench) -> str:
        shape, value = self.text(params, "geometry", "geo_shape") or "geo_shape", self.text(params, "value")
        version, table = reference_tables.read(bench.viewer, self.text(params, "dataset"), [shape, value])
        said = f"{version.uid} {shape} {value} {inputs} {bench.relation}"
        name = "areas_" + hashlib.sha256(said.encode()).hexdigest()[:20]
        bench.workshop.register(f"{name}_raw", table)
        x, y = coordinate(inputs[0]), coordinate(inputs[1])
        positions = f"SELECT DISTINCT {x} AS x, {y} AS y FROM ({bench.relation}) AS read"
        areas = (
            f"SELECT CAST({quoted(value)} AS VARCHAR) AS area, ST_GeomFromWKB(CAST({quoted(shape)} AS BLOB)) AS shape "
            f"FROM {name}_raw WHERE {quoted(shape)} IS NOT NULL"
        )
        joined = (
            "SELECT x || ' ' || y AS said, CASE WHEN min(area) = max(area) THEN min(area) END AS written "
            f"FROM ({positions}) AS place JOIN ({areas}) AS areas "
            "ON ST_Intersects(areas.shape, ST_Point(CAST(x AS DOUBLE), CAST(y AS DOUBLE))) "
            "WHERE x IS NOT NULL AND y IS NOT NULL GROUP BY ALL"
        )
        reference_tables.register(bench.workshop, name, joined)
        return f"(SELECT found.written FROM {name} AS found WHERE found.said = ({x}) || ' ' || ({y}))"
