"""Why a file cannot be made."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bocage.kernel.errors import TerminalError


class ExportRefused(TerminalError):
    """The file asked for cannot exist; known before its first byte."""

    code = "publish.export-refused"


class TooManyRows(ExportRefused):
    code = "publish.too-many-rows"
    message = _("%(rows)s rows do not fit in a %(format)s file, which holds %(limit)s at most.")
    mend = _("Ask for CSV or Parquet, or filter the rows.")


class TextTooLong(ExportRefused):
    code = "publish.text-too-long"
    message = _("A text longer than %(limit)s characters does not fit in a cell of a %(format)s file.")
    mend = _("Ask for CSV or Parquet, or leave out the long field with “select”.")


class NoGeometry(ExportRefused):
    code = "publish.no-geometry"
    message = _("The result has no position and no shape: it cannot be written as %(format)s.")
    mend = _("Ask for JSON or CSV, or select a geographic field.")


class UnknownColumn(ExportRefused):
    code = "publish.unknown-column"
    message = _("The result has no field “%(field)s”.")
    mend = _("Give the name of a field of the result.")


class MixedShapes(ExportRefused):
    code = "publish.mixed-shapes"
    message = _("A %(format)s file holds one kind of shape; the result has several: %(kinds)s.")
    mend = _("Ask for GeoJSON or FlatGeobuf, or filter the rows.")


class CrsNotSupported(ExportRefused):
    code = "publish.crs-not-supported"
    message = _("EPSG:%(epsg)s is not the code of a system of plane or geographic coordinates.")
    mend = _("Leave out “epsg” for longitude and latitude, or give a code of the EPSG register, such as 2154.")


class ExportIncomplete(TerminalError):
    """The engine stopped in the middle: the connection is cut, so that the file cannot pass for a complete one."""

    code = "publish.export-incomplete"
    message = _("The export stopped after %(rows)s rows of %(expected)s.")
