"""The layout of the file: its columns, its rows, whether it can be read at all."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bocage.check.report.words import Words

WORDS: dict[str, Words] = {
    "missing-label": Words(
        _("Missing column"),
        _("The column “%(label)s” is missing: the schema requires it."),
        advice=_(
            "Add the column, with exactly this name on the first line; if it is there under another name, rename it."
        ),
    ),
    "optional-label": Words(
        _("Optional column absent"),
        _("The column “%(label)s” is not in the file. The schema allows it."),
    ),
    "extra-label": Words(
        _("Column unknown to the schema"),
        _("The column “%(label)s” is not in the schema: it was not checked."),
        advice=_("Keep it if it is useful, or check the spelling of its name."),
    ),
    "duplicate-label": Words(
        _("Two columns of the same name"),
        _("Several columns are called “%(label)s”."),
        advice=_("Give each column its own name, or remove the one too many."),
    ),
    "blank-label": Words(
        _("Column without a name"),
        _("A column has no name on the first line."),
        advice=_("Give it a name, or remove it."),
    ),
    "label-order": Words(
        _("Columns in another order"),
        _("The columns are not in the order of the schema. It prevents nothing."),
    ),
    "blank-header": Words(
        _("No line of names"),
        _("The first line, which should hold the names of the columns, is empty."),
        advice=_("Put the names of the columns on the first line of the file."),
    ),
    "incorrect-label": Words(
        _("Name of a column on several lines"),
        _("The name of the column “%(label)s” holds an end of line."),
        advice=_("Write the name of the column on one line."),
    ),
    "blank-row": Words(
        _("Blank row"),
        ngettext_lazy("%(count)s row is empty.", "%(count)s rows are empty.", "n"),
        advice=_("Delete the empty rows, at the end of the file too."),
    ),
    "extra-cell": Words(
        _("Too many cells"),
        ngettext_lazy(
            "%(count)s row has more cells than the line of names.",
            "%(count)s rows have more cells than the line of names.",
            "n",
        ),
        advice=_(
            "A text that contains the separator must be between quotation marks. Look for a comma or a semicolon too many."
        ),
    ),
    "missing-cell": Words(
        _("Too few cells"),
        ngettext_lazy(
            "%(count)s row has fewer cells than the line of names.",
            "%(count)s rows have fewer cells than the line of names.",
            "n",
        ),
        advice=_("Complete the row; an empty cell still needs its separator."),
    ),
    "table-dimensions": Words(
        _("Size of the table"), _("The table does not have the number of rows or columns that is expected.")
    ),
    "source-error": Words(
        _("Unreadable file"),
        _("The file is empty, or cannot be read as a table."),
        advice=_("Open it in a spreadsheet to see what it holds, save it as CSV or XLSX, then try again."),
    ),
    "encoding-error": Words(
        _("Damaged accents"),
        _("Some characters of the file cannot be read."),
        advice=_("Save the file again, choosing the encoding UTF-8."),
    ),
    "header-only": Words(
        _("No row"),
        _("The file holds names of columns, and no row."),
        advice=_("Check that the right sheet was chosen, and that the rows were exported."),
    ),
    "check-error": Words(
        _("Rule that could not be applied"),
        _("A rule of the schema could not be applied to this file."),
        advice=_("The schema itself is to be mended: tell those who keep it."),
    ),
}
