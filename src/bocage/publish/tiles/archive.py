"""The tiles of a version in one file (PMTiles, version 3), read by parts over HTTP: a map without a tile server.

Tiles are those that the tile doors give to whoever sees everything. From the only tile of zoom 0 downwards, only the quarters of
tiles that hold something are looked at; the last zoom is the deepest at which they are not too many. A tile below the pyramid
of its grid stands for all its records, so that an archive that ends early is coarse and never misleading.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from bocage.query.tiles.requests import LEVEL

DEEPEST = 14
MOST_TILES = 3_000
"""A métropole down to zoom 14; a région down to zoom 11."""
MOST_BYTES = 256 * 1024**2
"""Of tiles, not compressed: what comes after the last zoom is expected to be four times as large."""
EDITION = 1
"""Of this module: another one makes other bytes."""
E7 = 10**7

Address = tuple[int, int, int]
"""Zoom, column, row."""


@dataclass(frozen=True)
class Facts:
    """`bbox`: west, south, east, north in degrees. `metadata`: of the archive, as JSON."""

    bbox: tuple[float, float, float, float]
    metadata: dict[str, Any]


def write_archive(file: IO[bytes], aside: IO[bytes], read: Callable[[Address], bytes], facts: Facts) -> int:
    """Write to `file` the tiles that `read` gives, empty where nothing is; `aside` holds them meanwhile, to be written and read.
    How many there are: nothing is written when there is none."""
    writer: Any = Writer(file)  # type: ignore[no-untyped-call]
    writer.tile_f.close()  # of the machine's own folder, which may be small
    writer.tile_f, count = aside, 0
    for address, content in walked(read):
        writer.write_tile(zxy_to_tileid(*address), gzip.compress(content, LEVEL, mtime=0))
        count += 1
    if count:
        writer.finalize(_header(facts), facts.metadata)
    return count


def walked(read: Callable[[Address], bytes]) -> Iterator[tuple[Address, bytes]]:
    """The tiles that hold something, zoom after zoom, each in the order of the archive."""
    wanted: list[Address] = [(0, 0, 0)]
    seen = size = 0
    for _zoom in range(DEEPEST + 1):
        found: list[Address] = []
        before = size
        for address in sorted(wanted, key=lambda one: zxy_to_tileid(*one)):
            if content := read(address):
                found.append(address)
                size += len(content)
                yield address, content
        seen += len(wanted)
        wanted = [quarter for address in found for quarter in _quarters(address)]
        if not wanted or seen + len(wanted) > MOST_TILES or size + 4 * (size - before) > MOST_BYTES:
            return


def _quarters(address: Address) -> list[Address]:
    zoom, column, row = address
    return [(zoom + 1, 2 * column + right, 2 * row + below) for right in (0, 1) for below in (0, 1)]


def _header(facts: Facts) -> dict[str, Any]:
    west, south, east, north = (round(angle * E7) for angle in facts.bbox)
    return {
        "version": 3,
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "min_lon_e7": west,
        "min_lat_e7": south,
        "max_lon_e7": east,
        "max_lat_e7": north,
        "center_zoom": 0,
        "center_lon_e7": (west + east) // 2,
        "center_lat_e7": (south + north) // 2,
    }


@dataclass(frozen=True)
class PMTiles:
    """As an export: its file is made apart, and never from a stream of rows."""

    name: str = "pmtiles"
    media_type: str = "application/vnd.pmtiles"
    geographic: bool = True
    reprojects: str = ""

    def rendering(self, _options: Any) -> None:
        return None

    def chunks(self, _stream: Any, _options: Any) -> Iterator[bytes]:
        raise TypeError("an archive of tiles is not made from a stream of rows")
