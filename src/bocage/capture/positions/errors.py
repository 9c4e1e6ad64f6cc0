"""What capture refuses in geographic files, JSON documents and archives: where it is, and how to mend it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bocage.capture.errors import FileRefused


class DamagedFile(FileRefused):
    """Cut, or altered: what can be read is not all that the file announces. `detail`: for the person who looks into it."""

    code = "capture.damaged-file"
    message = _("This %(format)s file is damaged or cut: part of what it announces cannot be read.")
    mend = _("Export it again from its software, or send it again if the transfer was interrupted.")


class LayerAbsent(FileRefused):
    """The layer asked for is not in the file."""

    code = "capture.layer-absent"
    message = _("The file has no layer named “%(layer)s”.")
    mend = _("Choose one of: %(layers)s.")


class NoLayer(FileRefused):
    """A container without any table."""

    code = "capture.no-layer"
    message = _("This %(format)s file contains no layer that can be read.")
    mend = _("Open it in its software, check that it holds a table, and export it again.")


class MalformedJson(FileRefused):
    """The line and the column (both from 1) where the JSON stops being JSON. `detail`: the parser's words, in English."""

    code = "capture.malformed-json"
    message = _("The JSON is malformed on line %(line)s, column %(column)s.")
    mend = _("Correct this place, or export the file again from its software.")


class CutJson(FileRefused):
    """The end is missing: the place is that of the last thing begun and not finished."""

    code = "capture.cut-json"
    message = _("The file stops before its end: what begins on line %(line)s, column %(column)s, is never finished.")
    mend = _("The export or the transfer was interrupted: export the file again, then send it again.")


class JsonNotUtf8(FileRefused):
    code = "capture.json-not-utf8"
    message = _("Line %(line)s, column %(column)s, is not in UTF-8, the only encoding of JSON.")
    mend = _("Save the file again in UTF-8.")


class JsonWithoutRecords(FileRefused):
    """JSON, but not a table: nothing in it is a list of records."""

    code = "capture.json-without-records"
    message = _("This JSON document contains no list of records that could become a table.")
    mend = _("Send a list of objects with the same keys, a GeoJSON file, or one object per line.")


class JsonKindNotSupported(FileRefused):
    code = "capture.json-kind"
    message = _("“%(kind)s” files are not read.")
    mend = _("Convert it to GeoJSON or GeoPackage, for example with QGIS.")


class RecordTooLarge(FileRefused):
    """One record beyond what the engine may hold at once."""

    code = "capture.record-too-large"
    message = _("Record %(record)s alone weighs %(size_mb)s MB; Bocage accepts %(limit_mb)s MB.")
    mend = _("Split this shape, or send the file as a GeoPackage.")


class BadGeometry(FileRefused):
    """A geographic file whose shapes cannot all be read. `record` counts from 1."""

    code = "capture.bad-geometry"
    message = _("The shape of record %(record)s cannot be read (%(count)s records like it).")
    mend = _("Mend the shapes in your GIS (in QGIS: “Fix geometries”), then export the file again.")


class OutsideTheWorld(FileRefused):
    """Coordinates that, in their reference system, are nowhere on Earth."""

    code = "capture.outside-the-world"
    message = _("In the reference system %(crs)s, record %(record)s is nowhere on Earth (%(count)s records like it).")
    mend = _("Choose the coordinate reference system of the file, for example EPSG:2154 (Lambert-93).")


class CrsUnknown(FileRefused):
    """No declared reference system, and coordinates that no usual one explains."""

    code = "capture.crs-unknown"
    message = _("The coordinate reference system of this file is not known.")
    mend = _("Choose it, for example EPSG:2154 (Lambert-93), EPSG:3947 (CC47) or EPSG:4326 (longitude, latitude).")


class CrsNotSupported(FileRefused):
    """Declared, but not one that can be converted."""

    code = "capture.crs-not-supported"
    message = _("The coordinate reference system “%(crs)s” is not recognised.")
    mend = _("Choose its EPSG code, or export the file again in EPSG:4326 (longitude, latitude) or EPSG:2154.")


class GeometryColumnUnknown(FileRefused):
    code = "capture.geometry-column"
    message = _("The file has no column named “%(column)s” to read positions from.")
    mend = _("Choose one of: %(columns)s.")


class GeometryColumnsMissing(FileRefused):
    """`needed`: how many columns this kind of position takes."""

    code = "capture.geometry-columns"
    message = _("This kind of position is read from %(needed)s columns, and %(given)s were given.")
    mend = _("Give the latitude then the longitude, or the one column that holds the positions.")


class ArchiveRefused(FileRefused):
    """Root of what is wrong with a compressed file."""

    code = "capture.archive"
    message = _("This compressed file cannot be opened.")


class DamagedArchive(ArchiveRefused):
    code = "capture.damaged-archive"
    message = _("This compressed file is damaged: it cannot be opened to its end.")
    mend = _("Compress the file again, or send it again if the transfer was interrupted.")


class EncryptedArchive(ArchiveRefused):
    code = "capture.encrypted-archive"
    message = _("“%(member)s” is protected by a password.")
    mend = _("Send the file without a password.")


class ArchiveTooLarge(ArchiveRefused):
    """Once opened, larger than allowed: by its size, its number of files, or a ratio that no honest file has."""

    code = "capture.archive-too-large"
    message = _("Once opened, this compressed file would be too large (%(reason)s).")
    mend = _("Send only the files that hold data, in several archives if needed.")


class UnsafeArchive(ArchiveRefused):
    """A member that would be written outside its folder, or that is a link."""

    code = "capture.unsafe-archive"
    message = _("The archive contains an unsafe path: “%(member)s”.")
    mend = _("Compress again the files alone, without absolute paths nor links.")


class CompressionNotSupported(ArchiveRefused):
    code = "capture.compression-not-supported"
    message = _("“%(member)s” is compressed by a method that is not read.")
    mend = _("Compress it again as an ordinary ZIP.")


class NothingInArchive(ArchiveRefused):
    code = "capture.nothing-in-archive"
    message = _("The archive contains no data file that can be read. It contains: %(members)s.")
    mend = _("Send a CSV, Excel, GeoJSON, GeoPackage, Shapefile, KML or Parquet file.")


class IncompleteShapefile(ArchiveRefused):
    code = "capture.incomplete-shapefile"
    message = _("The shapefile “%(name)s” is incomplete: %(missing)s is missing.")
    mend = _("Put together in one ZIP the files .shp, .shx, .dbf and .prj that have the same name.")


class LoneShapefile(ArchiveRefused):
    """A .shp sent without its companions."""

    code = "capture.lone-shapefile"
    message = _("A shapefile is made of several files, and only the .shp was sent.")
    mend = _("Put together in one ZIP the files .shp, .shx, .dbf and .prj that have the same name.")


class UnsafeXml(FileRefused):
    code = "capture.unsafe-xml"
    message = _("This KML file declares entities, which are refused.")
    mend = _("Export it again from its software.")


class MalformedXml(FileRefused):
    code = "capture.malformed-xml"
    message = _("The KML is malformed on line %(line)s, column %(column)s.")
    mend = _("Correct this place, or export the file again from its software.")
