"""Values that must exist elsewhere, and rules of the schema that could not be applied."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bocage.check.report.words import Words

SCHEMA = _("The schema itself is to be mended: tell those who keep it.")
ABSENT = _("The table “%(resource)s” was not given: this rule was not applied.")

WORDS: dict[str, Words] = {
    "foreign-key.resource": Words(_("Reference not checked"), ABSENT),
    "exists-in": Words(
        _("Reference not found"),
        ngettext_lazy(
            "%(count)s cell of the column “%(label)s” does not exist in the reference “%(resource)s”.",
            "%(count)s cells of the column “%(label)s” do not exist in the reference “%(resource)s”.",
            "n",
        ),
        advice=_("Check the code, or complete the reference table first."),
    ),
    "exists-in.resource": Words(_("Reference not checked"), ABSENT),
    "compare-columns-value.mixed": Words(
        _("Values that cannot be compared"),
        ngettext_lazy(
            "On %(count)s row, “%(column)s” and “%(column2)s” cannot be compared: one is a number, the other is not.",
            "On %(count)s rows, “%(column)s” and “%(column2)s” cannot be compared: one is a number, the other is not.",
            "n",
        ),
    ),
    "cohesive-columns-value.columns": Words(
        _("Columns that go together"),
        _("These columns go together, and some are missing: %(missing)s."),
        advice=_("Add the missing columns, or remove the others."),
    ),
    "one-of-required.columns": Words(
        _("One of two columns is needed"),
        _("The file has neither “%(column1)s” nor “%(column2)s”: one of the two is needed."),
    ),
    "check-error.unknown": Words(
        _("Unknown rule"), _("The schema asks for a rule that does not exist: “%(check)s”."), advice=SCHEMA
    ),
    "check-error.parameter": Words(
        _("Rule badly written"), _("The rule “%(check)s” of the schema needs “%(parameter)s”."), advice=SCHEMA
    ),
    "check-error.value": Words(
        _("Rule badly written"),
        _("The rule “%(check)s” of the schema gives “%(parameter)s” a value that is not possible: “%(value)s”."),
        advice=SCHEMA,
    ),
    "check-error.type": Words(
        _("Rule badly written"),
        _("The rule “%(check)s” of the schema cannot read the column “%(column)s”."),
        advice=SCHEMA,
    ),
    "check-error.too-slow": Words(
        _("Rule that takes too long"),
        _("The form asked of the column “%(column)s” takes too long to compare: its values could not all be checked."),
        advice=SCHEMA,
    ),
    "deprecated-check": Words(
        _("Old name of a rule"), _("The schema says “%(check)s”, whose name is now “%(instead)s”. It prevents nothing.")
    ),
}
