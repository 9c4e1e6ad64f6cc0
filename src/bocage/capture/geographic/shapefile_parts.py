"""The files of a shapefile, checked against each other, and the encoding of its attributes.

GDAL gives empty shapes and rows for what a cut file has lost: the counts that the parts announce are compared with what is read.
"""

from __future__ import annotations

import array
import codecs
import mmap
import re
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

from bocage.capture.positions.errors import DamagedFile, IncompleteShapefile, LoneShapefile

LABEL = "Shapefile"
# Length of a record without point, in 16-bit words, by kind of shape (ESRI Shapefile Technical Description, p. 5-20).
_EMPTY_WORDS = {1: 2, 11: 2, 21: 2, 8: 20, 18: 36, 28: 36}
_LANGUAGE_DRIVERS = {1: "cp437", 2: "cp850", 3: "cp1252", 8: "cp865", 10: "cp850", 13: "cp437", 14: "cp850", 15: "cp437",
                     16: "cp850", 17: "cp437", 18: "cp850", 20: "cp850", 26: "cp850", 27: "cp437", 29: "cp850", 31: "cp852",
                     37: "cp850", 55: "cp850", 87: "cp1252", 88: "cp1252", 89: "cp1252"}  # fmt: skip
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")


@dataclass(frozen=True)
class Parts:
    """`rows`: records not deleted; `shapes`: those with a shape; `prj`: text of the .prj, "" when absent.

    `encoding`: Python's name of it; `declared`: whether the file says it."""

    rows: int
    shapes: int
    prj: str
    encoding: str
    declared: bool


def part(shp: Path, extension: str) -> Path | None:
    """The companion of the same name, whatever the case of its extension."""
    for candidate in (shp.with_suffix(extension), shp.with_suffix(extension.upper())):
        if candidate.is_file():
            return candidate
    return None


def read_parts(shp: Path, encoding: str = "") -> Parts:
    """Raises LoneShapefile, IncompleteShapefile, DamagedFile, LookupError for an unknown `encoding`."""
    shx, dbf, prj = part(shp, ".shx"), part(shp, ".dbf"), part(shp, ".prj")
    if shx is None and dbf is None:
        raise LoneShapefile
    if shx is None or dbf is None:
        raise IncompleteShapefile(name=shp.stem, missing=".shx" if shx is None else ".dbf")
    deleted, records, header = _table(dbf)
    lengths, kind = _index(shp, shx)
    if len(lengths) != records:
        raise DamagedFile(format=LABEL, detail=f".shx {len(lengths)}, .dbf {records}")
    empty = _EMPTY_WORDS.get(kind, 38)
    live = [length for row, length in enumerate(lengths) if row not in deleted] if deleted else lengths
    shapes = sum(length > empty for length in live) if kind else 0
    text = prj.read_bytes()[:100_000].decode("utf-8", "replace") if prj else ""
    name, declared = (codecs.lookup(encoding).name, True) if encoding else _encoding(shp, dbf, header[29])
    return Parts(len(live), shapes, text, name, declared)


def _index(shp: Path, shx: Path) -> tuple[array.array[int], int]:
    """Lengths of the records, in words, and the kind of shape; the .shp must be as long as it says."""
    with shp.open("rb") as stream:
        head = stream.read(100)
    if len(head) < 100 or head[:4] != b"\x00\x00\x27\x0a":
        raise DamagedFile(format=LABEL, detail=".shp")
    announced, kind = struct.unpack(">i", head[24:28])[0] * 2, struct.unpack("<i", head[32:36])[0]
    entries = array.array("i")
    body = shx.read_bytes()[100:]
    entries.frombytes(body[: len(body) // 8 * 8])
    if sys.byteorder == "little":
        entries.byteswap()
    lengths = entries[1::2]
    last = (entries[-2] + 4 + entries[-1]) * 2 if entries else 100
    if shp.stat().st_size < max(announced, last):
        raise DamagedFile(format=LABEL, detail=f".shp {shp.stat().st_size} / {max(announced, last)}")
    return lengths, kind


def _table(dbf: Path) -> tuple[set[int], int, bytes]:
    """Rows deleted, number of records, header; the .dbf must be as long as it says."""
    with dbf.open("rb") as stream:
        header = stream.read(32)
    if len(header) < 32:
        raise DamagedFile(format=LABEL, detail=".dbf")
    records, start, width = struct.unpack("<IHH", header[4:12])
    if start < 33 or width < 1 or dbf.stat().st_size < start + records * width:
        raise DamagedFile(format=LABEL, detail=f".dbf {dbf.stat().st_size} / {start + records * width}")
    if not records:
        return set(), 0, header
    with dbf.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        flags = data[start : start + records * width : width]
    deleted = {at.start() for at in re.finditer(rb"\*", flags)}
    return deleted, records, header


def _encoding(shp: Path, dbf: Path, language_driver: int) -> tuple[str, bool]:
    """From the .cpg; else UTF-8 when the bytes are; else the code page of the .dbf; else Windows-1252."""
    if (cpg := part(shp, ".cpg")) and (name := code_page(cpg.read_bytes()[:64].decode("ascii", "ignore"))):
        return name, True
    with dbf.open("rb") as stream:
        sample = stream.read(4 << 20)
    high, inside = len(_HIGH.findall(sample[32:])), sum(map(len, _MULTIBYTE.findall(sample[32:])))
    if high and inside >= 0.98 * high:  # a cell cut in the middle of a character leaves a few bytes alone
        return "utf-8", False
    if language_driver in _LANGUAGE_DRIVERS:
        return _LANGUAGE_DRIVERS[language_driver], True
    return "cp1252", high == 0


def code_page(text: str) -> str | None:
    """`UTF-8`, `65001`, `ANSI 1252`, `88591`, `ISO 8859-15`… → the codec's name, None when unknown."""
    plain = re.sub(r"[^a-z0-9]", "", text.lower()).removeprefix("ansi").removeprefix("oem").removeprefix("ibm")
    plain = re.sub(r"^(?:windows|win|cp)(?=\d)", "", plain)
    if plain in ("utf8", "65001", "unicode"):
        return "utf-8"
    if iso := re.fullmatch(r"(?:iso)?8859(\d{1,2})", plain):
        plain = f"iso8859-{iso[1]}"
    elif plain.isdigit():
        plain = f"cp{plain}"
    try:
        return codecs.lookup(plain).name
    except LookupError:
        return None
