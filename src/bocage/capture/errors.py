"""What capture refuses, each with where it is and how to mend it. Lines are those of the file as given, from 1."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bocage.kernel.errors import TerminalError


class FileRefused(TerminalError):
    """Root of what is wrong with a file."""

    code = "capture.refused"
    message = _("This file cannot be read.")


class EmptyFile(FileRefused):
    """No byte, or no line that holds anything."""

    code = "capture.empty-file"
    message = _("The file is empty.")
    mend = _("Check that the export went to its end, then send the file again.")


class UnknownFormat(FileRefused):
    """No format recognises it."""

    code = "capture.unknown-format"
    message = _("The format of “%(filename)s” is not recognised.")
    mend = _("Send one of these: %(formats)s.")


class WebPage(FileRefused):
    """A sign-in or error page saved in place of the data."""

    code = "capture.web-page"
    message = _("This is a web page, not data.")
    mend = _(
        "The download probably asked for a sign-in, or failed: open the address in a browser and take the data file."
    )


class NotText(FileRefused):
    """Bytes that no text holds, in a file that should be text."""

    code = "capture.not-text"
    message = _("Line %(line)s holds a byte (%(byte)s) that never appears in a text file.")
    mend = _("The file is damaged, or is not a text file: export it again from its software, as CSV in UTF-8.")


class UnreadableCharacters(FileRefused):
    """Bytes that the encoding does not allow."""

    code = "capture.unreadable-characters"
    message = _("Line %(line)s cannot be read in the encoding “%(encoding)s” (byte %(byte)s).")
    mend = _("Choose another encoding, or save the file again as CSV in UTF-8.")


class MixedEncodings(FileRefused):
    """Most of the file is UTF-8, some of it is not: a guess would spoil accents silently."""

    code = "capture.mixed-encodings"
    message = _("The file is in UTF-8, except line %(line)s, which holds a byte (%(byte)s) of another encoding.")
    mend = _("Correct the accents of that line, then save the whole file in UTF-8.")


class UnknownEncoding(FileRefused):
    """The encoding that a person asked for does not exist."""

    code = "capture.unknown-encoding"
    message = _("“%(encoding)s” is not a known encoding.")
    mend = _("Choose utf-8, cp1252, iso8859-15 or utf-16.")


class BadDelimiter(FileRefused):
    """The delimiter that a person asked for cannot be one."""

    code = "capture.bad-delimiter"
    message = _("“%(delimiter)s” cannot separate columns.")
    mend = _("Give one character: comma, semicolon, tab, vertical bar…")


class HeaderNotFound(FileRefused):
    """The header line that a person asked for is not there."""

    code = "capture.header-not-found"
    message = _("The file has no row of names on line %(line)s.")
    mend = _("Give the number of the line that holds the names of the columns.")


class UnclosedQuote(FileRefused):
    """A quoted cell that never ends, or whose end is followed by text."""

    code = "capture.unclosed-quote"
    message = _("In the row that starts on line %(line)s, a quotation mark is opened and not closed properly.")
    mend = _("Close the quotation mark, or write it twice where it belongs to the text.")


class TooManyCells(FileRefused):
    """More filled cells than the header has names: no way to know to which column they belong."""

    code = "capture.too-many-cells"
    message = _("Line %(line)s has %(cells)s cells, and the header only %(expected)s.")
    mend = _(
        "Put the text that contains the delimiter between quotation marks, or add the missing names to the header."
    )


class LineTooLong(FileRefused):
    """A row larger than the reader accepts: in practice a missing line break or quotation mark."""

    code = "capture.line-too-long"
    message = _("The row that starts on line %(line)s is larger than %(limit_mb)s MB.")
    mend = _("Check that its line breaks and quotation marks are whole; very large shapes belong in a GeoPackage.")


class TooManyColumns(FileRefused):
    code = "capture.too-many-columns"
    message = _("The file has %(columns)s columns; Bocage accepts %(limit)s.")
    mend = _("Turn the columns that repeat (years, places…) into rows, or split the file.")


class MalformedTable(FileRefused):
    """The engine refuses what our own reading accepts: rare, so its own words are kept."""

    code = "capture.malformed"
    message = _("The file is malformed: %(detail)s")
    mend = _("Open it in a spreadsheet, check it, then export it again as CSV in UTF-8.")


class LayerNotFound(FileRefused):
    """The sheet asked for is not in the workbook."""

    code = "capture.layer-not-found"
    message = _("The file has no sheet named “%(layer)s”.")
    mend = _("Choose one of: %(layers)s.")


class UnreadableWorkbook(FileRefused):
    code = "capture.unreadable-workbook"
    message = _("This workbook cannot be opened: %(detail)s")
    mend = _("If it is protected by a password, remove it; otherwise save it again as .xlsx or .ods.")


class WorkbookTooLarge(FileRefused):
    """Opening it takes more memory or time than the platform gives to one workbook."""

    code = "capture.workbook-too-large"
    message = _("This workbook is too large, or too spread out, to be opened here.")
    mend = _("Delete what is far from the table (stray cells at the edge of the sheet), or save the sheet as CSV.")


class ReaderDied(FileRefused):
    """The process that read the file ended abruptly: a fault of the reader, that this file triggers."""

    code = "capture.reader-died"
    message = _("The reading of this file stopped abruptly: it is damaged, or its format is written in an unusual way.")
    mend = _("Open it in QGIS and export it again as GeoPackage, or as GeoJSON; if this lasts, tell the operator.")


class ReaderTooSlow(FileRefused):
    code = "capture.reader-too-slow"
    message = _("This file was not understood in %(seconds)s seconds.")
    mend = _("Split it, or send it as GeoPackage or CSV.")


class ValueDoesNotFit(FileRefused):
    """The type that a person asked for would lose a value."""

    code = "capture.value-does-not-fit"
    message = _(
        "Line %(line)s, column “%(label)s”: “%(value)s” cannot be read as “%(type)s” (%(count)s values like it)."
    )
    mend = _("Correct the values, or keep the column as text.")


class UnknownType(FileRefused):
    code = "capture.unknown-type"
    message = _("The column “%(label)s” cannot be given the type “%(type)s”.")
    mend = _("Choose one of: %(types)s.")


class NoColumn(FileRefused):
    code = "capture.no-column"
    message = _("No column is left to publish.")
    mend = _("Keep at least one column.")
