"""What the administrator downloaded, as capture opens it, and the layers that it holds."""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from bocage.capture.formats import geopackage
from bocage.kernel.ids import new_uid
from bocage.pipeline.references.importing.errors import ArchiveToUnpack, LayerNotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bocage.pipeline.references.importing.sources import Source, SourceLayer

_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_ARCHIVES = (".7z", ".rar", ".001", ".tar")
_SEVEN_ZIP = b"7z\xbc\xaf\x27\x1c"
_SQLITE = b"SQLite format 3"
MOST_NAMED = 20


def openable(file: Path, directory: Path) -> Path:
    """The file as capture opens it: the parts of a Shapefile go into one archive. Raises ArchiveToUnpack."""
    with file.open("rb") as stream:
        head = stream.read(len(_SEVEN_ZIP))
    if head == _SEVEN_ZIP or file.suffix.lower() in _ARCHIVES or _holds_geopackage(file):
        raise ArchiveToUnpack(file=file.name)
    return _packed(file, directory) if file.suffix.lower() == ".shp" else file


def _holds_geopackage(file: Path) -> bool:
    if not zipfile.is_zipfile(file):
        return False
    with zipfile.ZipFile(file) as archive:
        return any(name.lower().endswith(".gpkg") for name in archive.namelist())


def _packed(shp: Path, directory: Path) -> Path:
    packed = directory / f"{new_uid('shp')}.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for part in sorted(shp.parent.iterdir()):
            if part.stem == shp.stem and part.suffix.lower() in _PARTS and part.is_file():
                archive.write(part, f"{shp.stem}{part.suffix.lower()}")
    return packed


def layers_in(file: Path) -> dict[str, str]:
    """What a container holds: name of a layer in lower case → its name there. Empty for a file of one layer. Raises DamagedFile."""
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            names = [name for name in archive.namelist() if name.lower().endswith(".shp")]
        return {PurePosixPath(name).stem.lower(): name for name in names}
    with file.open("rb") as stream:
        if stream.read(len(_SQLITE)) != _SQLITE:
            return {}
    return {table.name.lower(): table.name for table in geopackage.layers_of(file)}


def layers_wanted(source: Source, file: Path, filename: str, asked: Sequence[str]) -> list[SourceLayer]:
    """The layers asked, or the usual ones, that the file holds. Raises LayerNotFound.

    A file of one layer is what its name says (`cadastre-44109-parcelles.json.gz`), or the one that was asked."""
    every = source.layers
    if unknown := [name for name in asked if name not in every]:
        raise LayerNotFound(file=filename, layers=", ".join(unknown), found=", ".join(every))
    chosen = [every[name] for name in dict.fromkeys(asked)]
    held = set(layers_in(file))
    if not held and len(chosen) == 1:
        return chosen
    named = held or _words(filename)
    present = [one for one in every.values() if not one.names or named.intersection(one.names)]
    found = [one for one in chosen or present if one in present]
    if not chosen and len(present) > 1:
        found = [one for one in present if one.usual]
    if not found or len(found) < len(chosen):
        wanted = ", ".join(asked or every)
        raise LayerNotFound(file=filename, layers=wanted, found=", ".join(sorted(held)[:MOST_NAMED]) or "–")
    return found


def _words(filename: str) -> set[str]:
    return set(filename.lower().replace("_", "-").replace(".", "-").split("-"))
