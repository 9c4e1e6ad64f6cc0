"""The options by which the command line corrects what Bocage understood of a file; `publish` and `inspect` share them."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from bocage.capture.understanding import Corrections
from bocage.kernel.errors import TerminalError

DELIMITERS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}


def configure(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(str(_("how to read the file, where Bocage would read it wrong")))
    group.add_argument("--layer", default="", help=str(_("Sheet, layer or member to read.")))
    group.add_argument("--encoding", default="", help=str(_("Encoding of a text file (utf-8, cp1252…).")))
    group.add_argument("--delimiter", default="", help=str(_("Delimiter of a text file (a character, or “tab”).")))
    group.add_argument("--header-line", type=int, help=str(_("Number of the line that holds the names.")))
    group.add_argument(
        "--geometry",
        default="",
        metavar="KIND[:COLUMN,…]",
        help=str(
            _("Where the geometry is: native, latlon:LAT,LON, latlon_text:C, lonlat_text:C, wkt:C, geojson:C, none.")
        ),
    )
    group.add_argument("--crs", default="", help=str(_("Reference system of the coordinates (EPSG:2154…).")))


def corrections_of(options: argparse.Namespace) -> Corrections:
    source, _colon, columns = options.geometry.partition(":")
    return Corrections(
        layer=options.layer,
        encoding=options.encoding,
        delimiter=DELIMITERS.get(options.delimiter.lower(), options.delimiter),
        header_line=options.header_line,
        geometry_source=source,
        geometry_columns=tuple(name.strip() for name in columns.split(",") if name.strip()),
        crs=options.crs,
    )


class NoSuchFile(TerminalError):
    code = "command.no-such-file"
    message = _("There is no readable file at “%(path)s”.")
    mend = _("Check the path.")


def require_file(path: Path) -> None:
    """Raise NoSuchFile unless `path` is a file that this process may read."""
    if not path.is_file() or not os.access(path, os.R_OK):
        raise NoSuchFile(path=str(path))
