"""Cells of the right type that break a condition of the schema."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bocage.check.report.words import Words

UNEXPECTED = ngettext_lazy(
    "%(count)s cell of the column “%(label)s” is not among the values accepted.",
    "%(count)s cells of the column “%(label)s” are not among the values accepted.",
    "n",
)
OUT_OF_BOUNDS = ngettext_lazy(
    "%(count)s cell of the column “%(label)s” is out of bounds.",
    "%(count)s cells of the column “%(label)s” are out of bounds.",
    "n",
)
CODES = ngettext_lazy(
    "%(count)s cell of the column “%(label)s” is not written as expected.",
    "%(count)s cells of the column “%(label)s” are not written as expected.",
    "n",
)
LENGTH = ngettext_lazy(
    "%(count)s cell of the column “%(label)s” does not have the right length.",
    "%(count)s cells of the column “%(label)s” do not have the right length.",
    "n",
)
TWICE = ngettext_lazy(
    "%(count)s cell of the column “%(label)s” repeats a value already seen.",
    "%(count)s cells of the column “%(label)s” repeat a value already seen.",
    "n",
)

WORDS: dict[str, Words] = {
    "constraint.required": Words(
        _("Missing value"),
        ngettext_lazy(
            "%(count)s cell of the column “%(label)s” is empty.",
            "%(count)s cells of the column “%(label)s” are empty.",
            "n",
        ),
        _("This column must be filled on every row."),
        _("Complete the empty cells. If the information does not exist, ask those who keep the schema what to write."),
    ),
    "constraint.enum": Words(
        _("Value not in the list"),
        UNEXPECTED,
        _("The values accepted are: %(allowed)s."),
        _("Capital letters, accents and spaces count."),
    ),
    "constraint.pattern": Words(
        _("Wrong format"),
        CODES,
        _("Here is a value that is right: %(example)s."),
    ),
    "constraint.pattern.code": Words(
        _("Wrong format"),
        CODES,
        _("Here is a value that is right: %(example)s."),
        _(
            "Digits lost at the beginning of a code (01234 became 1234) are the most frequent cause: format the column as text."
        ),
    ),
    "constraint.minimum": Words(_("Value too small"), OUT_OF_BOUNDS, _("The smallest value accepted is %(limit)s.")),
    "constraint.maximum": Words(_("Value too large"), OUT_OF_BOUNDS, _("The largest value accepted is %(limit)s.")),
    "constraint.exclusiveMinimum": Words(_("Value too small"), OUT_OF_BOUNDS, _("The value must be above %(limit)s.")),
    "constraint.exclusiveMaximum": Words(_("Value too large"), OUT_OF_BOUNDS, _("The value must be below %(limit)s.")),
    "constraint.minLength": Words(_("Value too short"), LENGTH, _("At least %(limit)s characters are expected.")),
    "constraint.maxLength": Words(_("Value too long"), LENGTH, _("At most %(limit)s characters are accepted.")),
    "constraint.unique": Words(
        _("Repeated value"),
        TWICE,
        _("Each value of this column must appear only once."),
        _("Remove the row that was entered twice, or correct the value."),
    ),
    "constraint-error": Words(_("Value not accepted")),
    "unique-error": Words(_("Repeated value"), TWICE, _("Each value of this column must appear only once.")),
    "primary-key": Words(
        _("Repeated row identifier"),
        ngettext_lazy(
            "%(count)s row has an identifier already seen, or none (“%(label)s”).",
            "%(count)s rows have an identifier already seen, or none (“%(label)s”).",
            "n",
        ),
        _("The identifier says which row is which: it must be filled, and never the same on two rows."),
        _("Remove the row that was entered twice, or correct its identifier."),
    ),
    "foreign-key": Words(
        _("Reference not found"),
        ngettext_lazy(
            "%(count)s row refers to something that the reference table does not hold (“%(label)s”).",
            "%(count)s rows refer to something that the reference table does not hold (“%(label)s”).",
            "n",
        ),
        _("Each value must exist in the table “%(resource)s”."),
        _("Check the code, or complete the reference table first."),
    ),
}
