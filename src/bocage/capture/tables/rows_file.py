"""Rows read once by a slow or fragile reader (GDAL, JSON), kept in a Parquet file of the workshop for every later pass.

All that can go wrong in the reading goes wrong here, with its error, and not in the middle of a later query.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from bocage.capture.positions.errors import BadGeometry, DamagedFile
from bocage.capture.positions.notices import INVALID, notice
from bocage.capture.sql import identifier, literal
from bocage.kernel.ids import new_uid
from bocage.store.engine import EngineError, Workshop
from bocage.store.staged import Notice

ROWS_PER_GROUP = 20_000
_CRS_OF_TYPE = re.compile(r"^GEOMETRY\('(.*)'\)$", re.DOTALL)
CODE_TEXT = r"\s*[+-]?[0-9][0-9   ]*\s*"


# The engine's refusals that say nothing of the file: no memory left, stopped by somebody, disk full.
_NOT_THE_FILE = {"OutOfMemoryException", "InterruptException", "FatalException", "InternalException"}
_PATHS = re.compile(r"""(["']?)(?:[\w.-]*/)+[^\s"']*\1""")


def damaged(error: EngineError, label: str) -> Exception:
    """What to raise for an engine's error on a file checked beforehand: DamagedFile, without paths of ours in its words."""
    if type(error).__name__ in _NOT_THE_FILE:
        return error
    first = str(error).strip().partition("\n")[0].partition(": ")[2]
    return DamagedFile(format=label, detail=_PATHS.sub("…", first)[:200])


def scratch_file(workshop: Workshop, suffix: str) -> Path:
    """A new path in the folder where the workshop spills: removed with it."""
    [(folder,)] = workshop.execute("SELECT current_setting('temp_directory')")
    directory = Path(folder)
    directory.mkdir(parents=True, exist_ok=True)
    return directory / f"{new_uid('rows')}{suffix}"


def write_rows(workshop: Workshop, sql: str) -> str:
    """Run `sql` into a Parquet file; gives the SQL of the relation that reads it, rows in the same order."""
    path = scratch_file(workshop, ".parquet")
    workshop.execute(
        f"COPY ({sql}) TO {literal(str(path))} "
        f"(FORMAT parquet, COMPRESSION lz4_raw, ROW_GROUP_SIZE {ROWS_PER_GROUP}, GEOPARQUET_VERSION 'NONE')"
    )
    return f"(FROM read_parquet({literal(str(path))}))"


def columns_of(workshop: Workshop, relation: str) -> list[tuple[str, str]]:
    """Name and SQL type of each column."""
    return [(name, kind) for name, kind, *_ in workshop.execute(f"DESCRIBE SELECT * FROM {relation}")]


def crs_of_type(sql_type: str) -> str | None:
    """The system inside `GEOMETRY('EPSG:2154')`, None when the type says none."""
    match = _CRS_OF_TYPE.match(sql_type)
    return match[1].replace("''", "'") if match else None


def unique_names(labels: Sequence[str], reserved: Sequence[str] = ()) -> list[str]:
    """A name per label, unique for the engine, which ignores case: the label itself wherever possible."""
    taken = {name.lower() for name in reserved}
    names = []
    for position, label in enumerate(labels, start=1):
        base = label.replace("\x00", "").strip() or f"column_{position}"
        name, rank = base, 1
        while name.lower() in taken:
            rank += 1
            name = f"{base}_{rank}"
        taken.add(name.lower())
        names.append(name)
    return names


def codes_among(workshop: Workshop, relation: str, names: Sequence[str]) -> set[str]:
    """The text columns in which every value is made of digits: written as text on purpose, they must stay text."""
    if not names:
        return set()
    tests = ", ".join(f"bool_and(regexp_full_match({identifier(name)}, {literal(CODE_TEXT)}))" for name in names)
    [answers] = workshop.execute(f"SELECT {tests} FROM {relation}")
    return {name for name, numeric in zip(names, answers, strict=True) if numeric}


def refused_shape(geometry: str) -> str:
    """Condition: the geometry library cannot take this shape (open ring, line of one point): any question about it fails."""
    return f"TRY(ST_Intersects({geometry}, ST_Point(0, 0))) IS NULL"


def check_geometry(workshop: Workshop, relation: str, unread: str = "false") -> list[Notice]:
    """Shapes that the geometry library refuses (open rings) are an error; shapes that cross themselves, a notice.

    `unread`: SQL condition of the rows whose shape was there and could not be read. Raises BadGeometry.
    """
    [(bad, first_bad, invalid, first_invalid)] = workshop.execute(f"""
        SELECT count(*) FILTER (bad), min(r) FILTER (bad), count(*) FILTER (valid = false), min(r) FILTER (valid = false)
        FROM (SELECT r, valid, unread OR (NOT coalesce(valid, true) AND {refused_shape("geometry")}) AS bad FROM (
            SELECT row_number() OVER () AS r, geometry, TRY(ST_IsValid(geometry)) AS valid, {unread} AS unread
            FROM {relation}))""")
    if bad:
        raise BadGeometry(record=first_bad, count=bad)
    return [notice(INVALID, count=invalid, record=first_invalid)] if invalid else []
