"""The geometry of a reading: where it is, in which reference system, whether all of it can be read; and its columns.

What the format itself holds ("native") comes first; else shapes written in a column (GeoJSON, WKT), else positions (latitude and
longitude, one column of text, x and y). Nothing doubtful is corrected in silence: it is told, and a person decides.

The head of the table proposes a candidate; all of its rows settle it. Who writes the whole table anyway settles it on the head
first, and confirms it on what was written (see `opening`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bocage.capture.positions import crs
from bocage.capture.positions.errors import CrsUnknown, OutsideTheWorld
from bocage.capture.positions.facts import Facts, TablePositions
from bocage.capture.positions.geometry_file import describe
from bocage.capture.positions.notices import CRS_INFERRED, CRS_OVERRIDDEN, EMPTY, OUTSIDE, SWAPPED, UNPARSABLE, notice
from bocage.capture.positions.search import SOURCES, asked_for, search
from bocage.capture.positions.sql import point_inside
from bocage.capture.positions.tables import SHAPE, Table
from bocage.capture.reading import Column, Reading
from bocage.capture.understanding import Corrections, GeometryFound
from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.store.engine import Workshop
from bocage.store.staged import Notice, StagedGeometry

_MOST = 0.9  # a share that makes a suspicion
_USABLE = 0.5  # below this share of readable positions, a column found by its name alone is not a position


@dataclass(frozen=True)
class Candidate:
    """What may be the geometry. `found.crs`: the system that is declared, "" for none; `insisted`: a person asked for it."""

    found: GeometryFound
    insisted: bool = False
    notices: tuple[Notice, ...] = ()

    @property
    def is_native(self) -> bool:
        return self.found.source == "native"


@dataclass(frozen=True)
class Settled:
    """What to publish as geometry, None when it is refused, and what is doubtful."""

    found: GeometryFound | None = None
    notices: tuple[Notice, ...] = ()


def find_geometry(
    workshop: Workshop, reading: Reading, fields: Sequence[tuple[Column, Field]], corrections: Corrections
) -> tuple[GeometryFound | None, list[Notice]]:
    """What to publish as geometry, None when there is none or when it is refused, and what is doubtful.

    Numbers are read as such where the columns of the reading have a type.
    Raises CrsNotSupported, CrsUnknown, OutsideTheWorld, GeometryColumnUnknown, GeometryColumnsMissing."""
    candidate = propose(workshop, reading, fields, corrections)
    if candidate is None:
        return None, []
    settled = settle(workshop, candidate, TablePositions(workshop, Table.of(reading)), corrections)
    return settled.found, list(settled.notices)


def propose(
    workshop: Workshop, reading: Reading, fields: Sequence[tuple[Column, Field]], corrections: Corrections
) -> Candidate | None:
    """From the names of the columns and the head of the table. Raises CrsNotSupported, GeometryColumnUnknown,
    GeometryColumnsMissing."""
    if corrections.geometry_source == "none":
        return None
    if corrections.geometry_source in SOURCES or corrections.geometry_columns:
        return Candidate(asked_for(workshop, reading, fields, corrections), insisted=True)
    if reading.geometry is not None:
        return Candidate(reading.geometry)
    found, notices = search(workshop, reading, fields)
    return Candidate(found, notices=tuple(notices)) if found else None


def settle(workshop: Workshop, candidate: Candidate, positions: TablePositions, corrections: Corrections) -> Settled:
    """What these positions make of the candidate. Raises CrsNotSupported, CrsUnknown, OutsideTheWorld."""
    try:
        found, told = _with_crs(workshop, candidate.found, positions, corrections)
    except CrsUnknown:
        if candidate.insisted or candidate.is_native:
            raise
        return Settled()  # numbers that only have the names of positions: no reason to refuse the file
    facts = positions.facts(found)
    if candidate.is_native and facts.read > facts.located:
        outside = facts.read - facts.located
        raise OutsideTheWorld(crs=found.crs, record=positions.first_outside(found), count=outside)
    usable = facts.located and facts.located >= _USABLE * facts.written
    if not (usable or candidate.is_native or candidate.insisted):
        return Settled()
    doubts = _doubts(found, facts, positions)
    return Settled(replace(found, types=facts.types), (*candidate.notices, *told, *doubts))


def has_only_points(found: GeometryFound) -> bool:
    return found.types == ("Point",) or not found.types


def geometry_columns(found: GeometryFound, taken: set[str]) -> list[tuple[Field, str]]:
    """The fields to add and the SQL of each, over `position_tables.with_shape`: GEOMETRY, CRS84, two dimensions."""
    if has_only_points(found):
        return [(Field(_free("geo_point_2d", taken), FieldType.GEOPOINT, label="Geo Point"), SHAPE)]
    return [
        (Field(_free("geo_shape", taken), FieldType.GEOMETRY, label="Geo Shape"), SHAPE),
        (Field(_free("geo_point_2d", taken), FieldType.GEOPOINT, label="Geo Point"), point_inside(SHAPE)),
    ]


def summarise(workshop: Workshop, parquet: Path, column: str, found: GeometryFound) -> StagedGeometry:
    """Types and bounding box (CRS84) of the geometry column of a finished file."""
    file = describe(workshop, parquet, column)
    if file.bounds is None:
        return StagedGeometry(column, file.types, None, found.crs)
    west, south, east, north = file.bounds
    bbox = (max(west, -180.0), max(south, -90.0), min(east, 180.0), min(north, 90.0))
    return StagedGeometry(column, file.types, bbox, found.crs)


def _with_crs(
    workshop: Workshop, found: GeometryFound, positions: TablePositions, corrections: Corrections
) -> tuple[GeometryFound, list[Notice]]:
    """The system: the one corrected, else declared, else the one that the coordinates fit."""
    if corrections.crs:
        chosen = crs.check(workshop, crs.parse(corrections.crs))
        told = found.crs and chosen != found.crs and found.source == "native"
        notices = [notice(CRS_OVERRIDDEN, declared=found.crs, crs=chosen)] if told else []
        return replace(found, crs=chosen), notices
    if found.crs not in ("", crs.CRS84):
        return replace(found, crs=crs.check(workshop, found.crs)), []
    if found.crs == crs.CRS84:
        facts = positions.facts(found)
        if facts.located >= _USABLE * facts.read:
            return found, []
    bounds = positions.bounds(found)
    if bounds is None:
        return replace(found, crs=crs.CRS84), []
    likely = crs.from_bounds(bounds)
    if likely is None:
        raise CrsUnknown
    return replace(found, crs=likely), [notice(CRS_INFERRED, crs=likely)]


def _doubts(found: GeometryFound, facts: Facts, positions: TablePositions) -> list[Notice]:
    columns = ", ".join(found.columns)
    notices = []
    if unread := facts.written - facts.read:
        notices.append(notice(UNPARSABLE, count=unread, columns=columns, example=positions.example(found)))
    if outside := facts.read - facts.located:
        notices.append(notice(OUTSIDE, count=outside, columns=columns))
    if empty := facts.rows - facts.written:
        notices.append(notice(EMPTY, count=empty))
    if found.crs == crs.CRS84 and _look_swapped(found, facts, positions):
        notices.append(notice(SWAPPED, columns=columns))
    return notices


def _look_swapped(found: GeometryFound, facts: Facts, positions: TablePositions) -> bool:
    """Nearly all far from France, and nearly all in France once x and y are exchanged."""
    if not facts.located or facts.french > (1 - _MOST) * facts.located:
        return False
    return positions.french_if_swapped(found) >= _MOST * facts.located


def _free(name: str, taken: set[str]) -> str:
    """A name that nobody has yet; from now on it is taken."""
    candidate, rank = name, 1
    while candidate in taken:
        rank += 1
        candidate = f"{name}_{rank}"
    taken.add(candidate)
    return candidate
