"""KML 2.2 and 2.3 (a KMZ is opened before, as an archive): folders are layers, ExtendedData are columns, all text."""

from __future__ import annotations

from pathlib import Path

from bocage.capture.geographic.kml_events import SHAPE, Folder, KmlReader
from bocage.capture.json_documents.rows import read_objects
from bocage.capture.json_documents.source import largest_record, objects
from bocage.capture.positions import crs
from bocage.capture.positions.errors import LayerAbsent, NoLayer
from bocage.capture.positions.notices import OTHER_LAYERS, listed, notice
from bocage.capture.reading import FORMATS, Reading
from bocage.capture.tables.rows_file import check_geometry, scratch_file
from bocage.capture.understanding import Corrections, GeometryFound, Layer
from bocage.store.engine import Workshop
from bocage.store.staged import Notice


class Kml:
    name = "kml"
    label = "KML"
    extensions: tuple[str, ...] = (".kml",)
    last_resort = False

    def recognises(self, head: bytes, filename: str) -> bool:
        start = head[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
        return start.startswith(b"<") and (b"<kml" in start or b"opengis.net/kml" in start or b":kml" in start)

    def read(self, file: Path, workshop: Workshop, corrections: Corrections) -> Reading:
        """Raises MalformedXml, UnsafeXml, NoLayer, LayerAbsent, BadGeometry."""
        workshop.need_spatial()
        lines = scratch_file(workshop, ".json")
        with lines.open("w", encoding="utf-8") as stream:
            reader = KmlReader(stream)
            reader.read(file)
        layers = _named(reader.folders)
        number, notices = _chosen(layers, corrections.layer)
        source = f"""(SELECT json->'values' AS values, json->>'{SHAPE}' AS wkt
            FROM {objects(lines, "newline_delimited", 4 * largest_record())}
            WHERE CAST(json->'folder' AS INTEGER) = {number})"""
        shape = "TRY(ST_GeomFromText(wkt))"
        rows = read_objects(
            workshop,
            source,
            '"values"',
            extra=f"{shape} AS geometry, wkt IS NOT NULL AND {shape} IS NULL AS unread",
            typed=False,
        )
        checked = check_geometry(workshop, rows.relation, "unread")
        select = ", ".join([*rows.select, "CAST(geometry AS GEOMETRY) AS geometry"])
        return Reading(
            format=self.name,
            sql=f"SELECT {select} FROM {rows.relation}",
            columns=rows.columns,
            geometry=GeometryFound("native", ("geometry",), crs=crs.CRS84),
            layers=tuple(Layer(name, folder.rows) for _, name, folder in layers),
            layer=next(name for place, name, _ in layers if place == number),
            notices=(*notices, *checked),
            row_estimate=rows.row_count,
        )


def _named(folders: list[Folder]) -> list[tuple[int, str, Folder]]:
    """The folders that have placemarks, with unique names. Raises NoLayer."""
    names: set[str] = set()
    layers = []
    for place, folder in enumerate(folders):
        if not folder.rows:
            continue
        base = name = folder.name or "KML"
        rank = 1
        while name in names:
            rank += 1
            name = f"{base} ({rank})"
        names.add(name)
        layers.append((place, name, folder))
    if not layers:
        raise NoLayer(format="KML")
    return layers


def _chosen(layers: list[tuple[int, str, Folder]], wanted: str) -> tuple[int, list[Notice]]:
    """Number of the folder asked for, else of the first one."""
    names = [name for _, name, _ in layers]
    if wanted and wanted not in names:
        raise LayerAbsent(layer=wanted, layers=listed(names))
    if wanted:
        return layers[names.index(wanted)][0], []
    others = [notice(OTHER_LAYERS, layer=names[0], others=listed(names[1:]))] if len(names) > 1 else []
    return layers[0][0], others


FORMATS.register(Kml.name, Kml())
