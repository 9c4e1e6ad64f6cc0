"""KML (OGC 12-007) read as a stream of XML events: each Placemark becomes one JSON line; nothing else is kept in memory.

GDAL's reader here knows neither ExtendedData nor time. Entities are refused: KML has no use for them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from xml.parsers import expat

from bocage.capture.json_documents.source import largest_record
from bocage.capture.positions.errors import MalformedXml, UnsafeXml

SHAPE = "geometry"
_COORDINATE = re.compile(r"([^,\s]+)\s*,\s*([^,\s]+)(?:\s*,\s*[^,\s]*)?\s*")
_SIMPLE = {"name", "description", "address", "phoneNumber", "when", "begin", "end"}
_LABELS = {"when": "timestamp"}
_MULTI = {"POINT": "MULTIPOINT", "LINESTRING": "MULTILINESTRING", "POLYGON": "MULTIPOLYGON"}


@dataclass
class Folder:
    """A Folder or a Document: one layer, when it has placemarks of its own."""

    name: str
    rows: int = 0


@dataclass
class _Placemark:
    folder: int
    values: dict[str, str] = field(default_factory=dict)
    key: str = ""
    shapes: list[list[str]] = field(default_factory=lambda: [[]])  # one list per open MultiGeometry
    rings: list[str] = field(default_factory=list)
    track: list[str] = field(default_factory=list)


class KmlReader:
    """Writes one line per Placemark: `folder`, `geometry` (WKT, CRS84) and `values`. Raises MalformedXml, UnsafeXml."""

    def __init__(self, lines: IO[str]) -> None:
        self.folders: list[Folder] = []
        self._lines = lines
        self._path: list[str] = []
        self._open: list[int] = []  # folders that surround
        self._placemark: _Placemark | None = None
        self._text: list[str] = []
        self._length = 0

    def read(self, file: Path) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.EntityDeclHandler = _refuse_entity
        try:
            with file.open("rb") as stream:
                parser.ParseFile(stream)
        except expat.ExpatError as error:
            raise MalformedXml(line=error.lineno, column=error.offset + 1) from None

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(" ")[2]
        self._path.append(tag)
        self._text, self._length = [], 0
        placemark = self._placemark
        if tag in ("Folder", "Document"):
            self._open.append(len(self.folders))
            self.folders.append(Folder(""))
        elif tag == "Placemark":
            if not self._open:
                self._open.append(len(self.folders))
                self.folders.append(Folder(""))
            self._placemark = _Placemark(self._open[-1])
        elif placemark is not None:
            if tag in ("Data", "SimpleData", "SimpleArrayData"):
                placemark.key = attributes.get("name", "").strip()
            elif tag == "MultiGeometry":
                placemark.shapes.append([])
            elif tag == "Polygon":
                placemark.rings = []

    def _data(self, text: str) -> None:
        self._length += len(text)
        if self._length > largest_record():
            raise MalformedXml(line="?", column="?")
        self._text.append(text)

    def _end(self, tag: str) -> None:
        tag = tag.rpartition(" ")[2]
        self._path.pop()
        parent = self._path[-1] if self._path else ""
        text = "".join(self._text)
        self._text, self._length = [], 0
        if tag == "Placemark":
            self._flush()
        elif tag in ("Folder", "Document"):
            self._open.pop()
        elif self._placemark is not None:
            self._inside(tag, parent, text, self._placemark)
        elif tag == "name" and parent in ("Folder", "Document") and self._open:
            self.folders[self._open[-1]].name = text.strip()

    def _inside(self, tag: str, parent: str, text: str, placemark: _Placemark) -> None:
        if tag in _SIMPLE and parent in ("Placemark", "TimeStamp", "TimeSpan"):
            placemark.values[_LABELS.get(tag, tag)] = text.strip()
        elif (tag == "value" and parent == "Data") or tag == "SimpleData":
            placemark.values[placemark.key or "value"] = text.strip()
        elif tag in ("coordinates", "coord"):
            self._coordinates(tag, parent, text, placemark)
        elif tag in ("Polygon", "MultiGeometry", "Track"):
            self._close_shape(tag, placemark)

    def _coordinates(self, tag: str, parent: str, text: str, placemark: _Placemark) -> None:
        if tag == "coord":  # gx:coord: longitude, latitude, altitude, separated by spaces
            placemark.track.append(" ".join(text.split()[:2]))
            return
        points = _COORDINATE.sub(r"\1 \2,", text.strip()).rstrip(",")
        if not points:
            return
        if parent == "LinearRing" and "Polygon" in self._path:
            placemark.rings.append(f"({points})")
        elif parent == "Point":
            placemark.shapes[-1].append(f"POINT({points})")
        elif parent in ("LineString", "LinearRing"):
            placemark.shapes[-1].append(f"LINESTRING({points})")

    def _close_shape(self, tag: str, placemark: _Placemark) -> None:
        if tag == "Polygon" and placemark.rings:
            placemark.shapes[-1].append(f"POLYGON({','.join(placemark.rings)})")
        elif tag == "Track" and placemark.track:
            kind = "LINESTRING" if len(placemark.track) > 1 else "POINT"
            placemark.shapes[-1].append(f"{kind}({','.join(placemark.track)})")
            placemark.track = []
        elif tag == "MultiGeometry" and len(placemark.shapes) > 1 and (inside := placemark.shapes.pop()):
            placemark.shapes[-1].append(_gathered(inside))

    def _flush(self) -> None:
        placemark, self._placemark = self._placemark, None
        if placemark is None:
            return
        shapes = placemark.shapes[0]
        line = {"folder": placemark.folder, SHAPE: _gathered(shapes) if shapes else None, "values": placemark.values}
        self._lines.write(json.dumps(line, ensure_ascii=False) + "\n")
        self.folders[placemark.folder].rows += 1


def _gathered(shapes: list[str]) -> str:
    """One shape as it is; several of a kind as a multiple one; anything else as a collection."""
    if len(shapes) == 1:
        return shapes[0]
    kinds = {shape.partition("(")[0] for shape in shapes}
    if len(kinds) == 1 and (multi := _MULTI.get(next(iter(kinds)))):
        return f"{multi}({','.join(shape.partition('(')[1] + shape.partition('(')[2] for shape in shapes)})"
    return f"GEOMETRYCOLLECTION({','.join(shapes)})"


def _refuse_entity(*_: object) -> None:
    raise UnsafeXml
