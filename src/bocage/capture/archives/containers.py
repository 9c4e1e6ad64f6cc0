"""Compressed files: a gzip, or a ZIP in which one table is chosen, opened as a stream into a folder of ours.

No name of the archive becomes a path. What is written is counted while it is written, whatever the archive announces.
"""

from __future__ import annotations

import gzip
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from django.conf import settings

from bocage.capture.archives.zip_directory import Member, members_of, open_zip
from bocage.capture.positions.errors import (
    ArchiveTooLarge,
    CompressionNotSupported,
    DamagedArchive,
    EncryptedArchive,
    IncompleteShapefile,
    LayerAbsent,
    NothingInArchive,
)
from bocage.capture.positions.notices import MEMBERS_IGNORED, OTHER_MEMBERS, listed, notice
from bocage.capture.understanding import Corrections, Layer
from bocage.kernel.ids import new_uid
from bocage.store.staged import Notice

EXPANSION = 4
"""An archive may hold this many times settings.BOCAGE.upload_limit_mb once opened."""
HIGHEST_RATIO = 300
"""Beyond RATIO_FROM bytes, no honest table is compressed more than this."""
RATIO_FROM = 64 << 20
CHUNK = 1 << 20

_GZIP, _ZIP = b"\x1f\x8b", (b"PK\x03\x04", b"PK\x05\x06")
_DATA = (".csv", ".tsv", ".tab", ".json", ".geojson", ".geojsonl", ".ndjson", ".jsonl", ".gpkg", ".kml", ".fgb", ".parquet",
         ".geoparquet", ".xlsx", ".xls", ".ods", ".shp")  # fmt: skip
_TEXT = (".txt",)  # tables too (GTFS), when nothing else is: often a README
_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_WORKBOOKS = ("[Content_Types].xml", "mimetype")


@dataclass(frozen=True)
class Unpacked:
    """What a format then reads. `filename`: the name of the file inside. `layers`: the choice, when there is one.

    `inner_layer`: what remains of the layer asked for, once the member is chosen: to give to the format as its layer."""

    path: Path
    filename: str
    layers: tuple[Layer, ...] = ()
    layer: str = ""
    notices: tuple[Notice, ...] = ()
    inner_layer: str = ""


def unpack(file: Path, *, filename: str, directory: Path, corrections: Corrections) -> Unpacked:
    """The file itself when it is not compressed, else the table inside, written below `directory`.

    Raises DamagedArchive, EncryptedArchive, ArchiveTooLarge, UnsafeArchive, CompressionNotSupported, NothingInArchive,
    IncompleteShapefile, LayerAbsent."""
    with file.open("rb") as stream:
        head = stream.read(4)
    if head.startswith(_GZIP):
        return _gunzip(file, filename, directory, corrections)
    if head in _ZIP:
        with open_zip(file) as archive:
            if not set(_WORKBOOKS) & set(archive.namelist()):
                return _unzip(archive, directory, corrections)
    return Unpacked(file, filename, inner_layer=corrections.layer)


def _gunzip(file: Path, filename: str, directory: Path, corrections: Corrections) -> Unpacked:
    name = PurePosixPath(filename).name
    inside = name[:-3] if name.lower().endswith(".gz") else name
    path = _new_folder(directory) / f"table{_safe_suffix(inside)}"
    with gzip.open(file, "rb") as source:
        _write(source, path, _Allowance(file.stat().st_size))
    with path.open("rb") as opened:
        if opened.read(262)[257:] == b"ustar":
            raise CompressionNotSupported(member=inside)
    return Unpacked(path, inside, inner_layer=corrections.layer)


def _unzip(archive: zipfile.ZipFile, directory: Path, corrections: Corrections) -> Unpacked:
    members = members_of(archive)
    tables = _tables(members)
    if not tables:
        raise NothingInArchive(members=listed([member.name for member in members]) or "–")
    chosen, inner = _chosen(tables, corrections.layer)
    parts = _parts(chosen, members)
    folder, allowance = _new_folder(directory), _Allowance(sum(part.info.compress_size for part in parts))
    for part in parts:
        _extract(archive, part, folder / f"table{_safe_suffix(part.name)}", allowance)
    several = len(tables) > 1
    return Unpacked(
        path=folder / f"table{_safe_suffix(chosen.name)}",
        filename=PurePosixPath(chosen.name).name,
        layers=tuple(Layer(table.name) for table in tables) if several else (),
        layer=chosen.name if several else "",
        notices=tuple(_notices(members, tables, chosen, asked=bool(corrections.layer))),
        inner_layer=inner,
    )


def _tables(members: list[Member]) -> list[Member]:
    """The members that are tables, in the order of the archive."""
    data = [member for member in members if member.suffix in _DATA]
    return data or [member for member in members if member.suffix in _TEXT]


def _chosen(tables: list[Member], wanted: str) -> tuple[Member, str]:
    """The member asked for (`member`, or `member/layer inside`), else the heaviest, as the most likely table."""
    if len(tables) == 1 and wanted != tables[0].name:
        return tables[0], wanted.removeprefix(f"{tables[0].name}/")
    if not wanted:
        names = {PurePosixPath(table.name).name: table for table in tables}
        if {"agency.txt", "stops.txt"} <= names.keys():
            return names["stops.txt"], ""  # GTFS: the table that has a place on the map
        return max(tables, key=lambda table: table.info.file_size), ""
    for table in tables:
        if wanted == table.name or wanted.startswith(f"{table.name}/"):
            return table, wanted[len(table.name) + 1 :]
    raise LayerAbsent(layer=wanted, layers=listed([table.name for table in tables]))


def _parts(chosen: Member, members: list[Member]) -> list[Member]:
    """The member and, for a shapefile, its companions. Raises IncompleteShapefile."""
    if chosen.suffix != ".shp":
        return [chosen]
    found = {member.suffix: member for member in members if member.stem == chosen.stem and member.suffix in _PARTS}
    if missing := [suffix for suffix in (".shx", ".dbf") if suffix not in found]:
        raise IncompleteShapefile(name=PurePosixPath(chosen.name).stem, missing=", ".join(missing))
    return list(found.values())


def _notices(members: list[Member], tables: list[Member], chosen: Member, *, asked: bool) -> Iterator[Notice]:
    others = [table.name for table in tables if table is not chosen]
    if others and not asked:
        yield notice(OTHER_MEMBERS, layer=chosen.name, others=listed(others))
    shapefiles = {table.stem for table in tables if table.suffix == ".shp"}
    used = {table.name for table in tables}
    ignored = [m.name for m in members if m.name not in used and m.name.lower().partition(".")[0] not in shapefiles
               and m.stem not in shapefiles]  # fmt: skip
    if ignored:
        yield notice(MEMBERS_IGNORED, members=listed(ignored))


class _Allowance:
    """How many bytes may still be written, for one archive of `compressed` bytes."""

    def __init__(self, compressed: int) -> None:
        self._limit_mb = settings.BOCAGE.upload_limit_mb * EXPANSION
        self._compressed = max(compressed, 1)
        self._written = 0

    def take(self, count: int) -> None:
        """Raises ArchiveTooLarge."""
        self._written += count
        if self._written > self._limit_mb << 20:
            raise ArchiveTooLarge(reason=f"> {self._limit_mb} MB")
        if self._written > RATIO_FROM and self._written > self._compressed * HIGHEST_RATIO:
            raise ArchiveTooLarge(reason=f"1 : {self._written // self._compressed}")


def _extract(archive: zipfile.ZipFile, member: Member, path: Path, allowance: _Allowance) -> None:
    if member.encrypted:
        raise EncryptedArchive(member=member.name)
    try:
        source = archive.open(member.info)
    except NotImplementedError:
        raise CompressionNotSupported(member=member.name) from None
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, ValueError):
        raise DamagedArchive from None
    with source:
        _write(source, path, allowance)


def _write(source: IO[bytes] | gzip.GzipFile, path: Path, allowance: _Allowance) -> None:
    """All or nothing: a refused file leaves no half of it."""
    try:
        with path.open("wb") as target:
            while chunk := source.read(CHUNK):
                allowance.take(len(chunk))
                target.write(chunk)
    except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError):
        shutil.rmtree(path.parent, ignore_errors=True)
        raise DamagedArchive from None
    except ArchiveTooLarge:
        shutil.rmtree(path.parent, ignore_errors=True)
        raise


def _new_folder(directory: Path) -> Path:
    folder = directory / new_uid("unpacked")
    folder.mkdir(parents=True)
    return folder


def _safe_suffix(name: str) -> str:
    """The extension, if it is one of ours: a hint for readers, never a path."""
    suffix = PurePosixPath(name).suffix.lower()
    return suffix if suffix in _DATA + _TEXT + _PARTS else ""
