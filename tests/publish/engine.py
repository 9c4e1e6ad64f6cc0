"""A stand-in for `query.services`: the same seam over a DuckDB table in memory, so that formats meet the real engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import duckdb_extension_spatial

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType as T
from bocage.query.rendering import Rendering, name
from bocage.query.services import Stream

FIELDS = (
    Field("nom", T.STRING, "Nom de l’équipement"),
    Field("code", T.STRING, "Code INSEE"),
    Field("places", T.INTEGER),
    Field("taux", T.NUMBER),
    Field("ouvert", T.BOOLEAN),
    Field("jour", T.DATE),
    Field("maj", T.DATETIME),
    Field("tags", T.ARRAY),
    Field("brut", T.OBJECT),
    Field("centre", T.GEOPOINT),
    Field("contour", T.GEOMETRY),
)
TYPES = {
    T.STRING: "VARCHAR", T.INTEGER: "BIGINT", T.NUMBER: "DOUBLE", T.BOOLEAN: "BOOLEAN", T.DATE: "DATE",
    T.DATETIME: "TIMESTAMPTZ", T.ARRAY: "VARCHAR[]", T.OBJECT: "VARCHAR", T.GEOPOINT: "GEOMETRY", T.GEOMETRY: "GEOMETRY",
}  # fmt: skip
POLYGON = "POLYGON ((-1.6 47.2, -1.5 47.2, -1.5 47.3, -1.6 47.2))"


def connection() -> duckdb.DuckDBPyConnection:
    opened = duckdb.connect(config={"allow_unsigned_extensions": "true", "threads": "2"})
    folder = Path(duckdb_extension_spatial.__file__).parent
    opened.execute(f"LOAD '{next(folder.glob('extensions/*/*.duckdb_extension'))}'")
    opened.execute("SET TimeZone = 'UTC'")
    return opened


class Engine:
    """Holds rows given as tuples in the order of FIELDS, each repeated `times`; geometry as WKT."""

    def __init__(self, rows: list[tuple[Any, ...]], fields: tuple[Field, ...] = FIELDS, times: int = 1) -> None:
        self.fields = fields
        self.opened = self.closed = 0
        self.fails_after: int | None = None
        self.connection = connection()
        columns = ", ".join(f"{name(field.name)} {TYPES[field.type]}" for field in fields)
        self.connection.execute(f"CREATE TABLE rows ({columns})")
        marks = ", ".join("ST_GeomFromText(?::VARCHAR)" if field.type.is_geographic else "?" for field in fields)
        if rows:
            self.connection.executemany(f"INSERT INTO rows VALUES ({marks})", rows)
        self.connection.execute(f"CREATE TABLE many AS SELECT r.* FROM rows r, range({times})")

    @contextmanager
    def stream(
        self, timezone: str = "UTC", rendering: Rendering | None = None, rows_per_batch: int = 1000
    ) -> Iterator[Stream]:
        self.opened += 1
        cursor = self.connection.cursor()
        cursor.execute("SET TimeZone = 'UTC'")
        try:
            count = cursor.execute("SELECT count(*) FROM many").fetchall()[0][0]
            wanted = f"{rendering.line(self.fields, timezone)} AS line" if rendering else "*"
            rows = self._with_pairs() if rendering else "many"
            batches = cursor.execute(f"SELECT {wanted} FROM {rows}").to_arrow_reader(rows_per_batch)
            yield Stream(count, self.fields, self._failing(batches))
        finally:
            self.closed += 1
            cursor.close()

    def _with_pairs(self) -> str:
        """Positions as {lon, lat}, as a rendering is given them."""
        points = [name(field.name) for field in self.fields if field.type == T.GEOPOINT]
        pairs = ", ".join(f"struct_pack(lon := ST_X({one}), lat := ST_Y({one})) AS {one}" for one in points)
        return f"(SELECT * REPLACE ({pairs}) FROM many)" if pairs else "many"

    def _failing(self, batches: Any) -> Iterator[Any]:
        for number, batch in enumerate(batches):
            if number == self.fails_after:
                raise RuntimeError("the engine stopped")
            yield batch
