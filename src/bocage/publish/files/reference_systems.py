"""The reference systems that a file may be asked in: those of the EPSG register that the engine's PROJ can place on the ground."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bocage.kernel.scratch import scratch
from bocage.publish.files.errors import CrsNotSupported
from bocage.query.rendering import literal
from bocage.store.engine import EngineError, workshop

WGS84 = 4326
LARGEST_CODE = 1_000_000
FLAT = frozenset({"ProjectedCRS", "GeographicCRS"})
"""Heights, and coordinates from the centre of the Earth, are no place on a map."""


@dataclass(frozen=True)
class ReferenceSystem:
    """`projjson`: its definition, as GeoParquet holds it (https://proj.org/specifications/projjson.html)."""

    epsg: int
    projjson: str

    @property
    def code(self) -> str:
        return f"EPSG:{self.epsg}"

    @property
    def urn(self) -> str:
        return f"urn:ogc:def:crs:EPSG::{self.epsg}"


@lru_cache(maxsize=512)
def reference_system(epsg: int) -> ReferenceSystem:
    """Raises CrsNotSupported."""
    if not 0 < epsg < LARGEST_CODE:
        raise CrsNotSupported(epsg=epsg)
    try:
        with scratch("export") as folder:
            definition = _definition(epsg, folder)
    except EngineError:
        raise CrsNotSupported(epsg=epsg) from None
    if json.loads(definition).get("type") not in FLAT:
        raise CrsNotSupported(epsg=epsg)
    return ReferenceSystem(epsg, definition)


def _definition(epsg: int, folder: Path) -> str:
    """PROJ's own words, which the engine writes at the end of a file of that system."""
    import pyarrow.parquet as pq

    file = folder / "system.parquet"
    with workshop(folder) as engine:
        engine.execute(f"SELECT ST_Transform(ST_Point(0, 0), 'OGC:CRS84', 'EPSG:{epsg}', always_xy := true)")
        engine.execute(
            f"COPY (SELECT ST_SetCRS(ST_Point(0, 0), 'EPSG:{epsg}') AS g) TO {literal(str(file))} (FORMAT parquet)"
        )
    metadata = pq.read_schema(file).metadata or {}
    geo = json.loads(metadata.get(b"geo", b"{}"))
    return json.dumps(geo.get("columns", {}).get("g", {}).get("crs") or {})
