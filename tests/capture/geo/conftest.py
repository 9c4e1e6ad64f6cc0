"""A workshop, and what most tests do with it: read a file, and see its rows and its shapes in CRS84."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
import shapely

from bocage.capture.positions.geometry import find_geometry, geometry_columns
from bocage.capture.positions.tables import Table, with_shape
from bocage.capture.reading import Format, Reading
from bocage.capture.understanding import Corrections
from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.store.engine import workshop as open_workshop


@dataclass
class Shop:
    """Reads files put below its folder, as capture does."""

    directory: Path
    engine: object

    def bring(self, file: Path) -> Path:
        """Copy a file (a shapefile with its companions) below the workshop's folder."""
        for part in file.parent.glob(f"{file.stem}.*") if file.suffix == ".shp" else [file]:
            shutil.copyfile(part, self.directory / part.name)
        return self.directory / file.name

    def write(self, name: str, content: bytes | str) -> Path:
        path = self.directory / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def read(self, kind: Format, file: Path, **corrections) -> Reading:
        if self.directory not in file.parents:
            file = self.bring(file)
        with file.open("rb") as stream:
            assert kind.recognises(stream.read(65536), file.name)
        return kind.read(file, self.engine, Corrections(**corrections))

    def rows(self, reading: Reading) -> list[dict]:
        """Values by label, as Python sees them; instants as ISO text."""
        select = ", ".join(
            f'CAST("{c.name}" AS VARCHAR)' if c.type == FieldType.DATETIME else '"' + c.name.replace('"', '""') + '"'
            for c in reading.columns
        )
        found = self.engine.execute(f"SELECT {select or 'NULL'} FROM ({reading.sql})")
        labels = [c.label for c in reading.columns]
        return [dict(zip(labels, row, strict=bool(labels))) for row in found]

    def geometry(self, reading: Reading, **corrections):
        pairs = [(c, Field(c.name, c.type or FieldType.STRING, label=c.label)) for c in reading.columns]
        return find_geometry(self.engine, reading, pairs, Corrections(**corrections))

    def shapes(self, reading: Reading, **corrections) -> list:
        """The main geometry of each row, CRS84, as shapely."""
        found, _ = self.geometry(reading, **corrections)
        [(_, expression), *_] = geometry_columns(found, set())
        relation = with_shape(Table.of(reading), found)
        blobs = self.engine.execute(f"SELECT ST_AsWKB({expression})::BLOB FROM ({relation})")
        return [None if blob is None else shapely.from_wkb(bytes(blob)) for (blob,) in blobs]


@pytest.fixture
def shop(tmp_path):
    directory = tmp_path / "shop"
    directory.mkdir()
    with open_workshop(directory, memory_limit="512MiB") as engine:
        yield Shop(directory, engine)
