"""Cells that are not of the type that the schema gives to their column."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bocage.check.report.words import Words

DATES = ngettext_lazy(
    "%(count)s cell of the column “%(label)s” is not a date as expected.",
    "%(count)s cells of the column “%(label)s” are not dates as expected.",
    "n",
)
NUMBERS = ngettext_lazy(
    "%(count)s cell of the column “%(label)s” is not a number as expected.",
    "%(count)s cells of the column “%(label)s” are not numbers as expected.",
    "n",
)
POSITIONS = ngettext_lazy(
    "%(count)s cell of the column “%(label)s” is not a position as expected.",
    "%(count)s cells of the column “%(label)s” are not positions as expected.",
    "n",
)
LISTS = ngettext_lazy(
    "%(count)s cell of the column “%(label)s” is not a list as expected.",
    "%(count)s cells of the column “%(label)s” are not lists as expected.",
    "n",
)

WORDS: dict[str, Words] = {
    "type.date": Words(
        _("Wrong date format"),
        DATES,
        _("A date is written %(pattern)s, for example %(example)s."),
        _("In a spreadsheet, select the column and choose the date format “year-month-day”."),
    ),
    "type.datetime": Words(
        _("Wrong date and time format"),
        DATES,
        _("A date with its time is written year-month-day, then T, then the time: for example 2024-02-28T14:30:00."),
    ),
    "type.time": Words(
        _("Wrong time format"),
        ngettext_lazy(
            "%(count)s cell of the column “%(label)s” is not a time of day as expected.",
            "%(count)s cells of the column “%(label)s” are not times of day as expected.",
            "n",
        ),
        _("A time of day is written hours:minutes:seconds, for example 14:30:00."),
    ),
    "type.year": Words(
        _("Wrong year format"),
        ngettext_lazy(
            "%(count)s cell of the column “%(label)s” is not a year.",
            "%(count)s cells of the column “%(label)s” are not years.",
            "n",
        ),
        _("A year has four digits, for example 2024."),
    ),
    "type.yearmonth": Words(_("Wrong month format"), DATES, _("A month is written year-month, for example 2024-02.")),
    "type.duration": Words(
        _("Wrong duration format"),
        expected=_(
            "A duration follows the standard ISO 8601: for example P1D for one day, PT2H30M for two and a half hours."
        ),
    ),
    "type.integer": Words(
        _("Whole number expected"),
        NUMBERS,
        _("Only digits are expected, without decimals, without spaces and without a unit: for example 1250."),
        _("In a spreadsheet, choose the format “Number” without decimals nor thousands separator."),
    ),
    "type.number": Words(
        _("Number expected"),
        NUMBERS,
        _(
            "Digits are expected, with “%(decimal)s” before the decimals, without spaces and without a unit: "
            "for example %(example)s."
        ),
    ),
    "type.boolean": Words(
        _("Yes or no expected"),
        expected=_("Only these spellings are accepted: %(true)s for yes, %(false)s for no."),
    ),
    "type.geopoint": Words(
        _("Wrong position format"),
        POSITIONS,
        _("A position is written %(shape)s, in degrees, longitude first: for example %(example)s."),
    ),
    "type.geojson": Words(
        _("Wrong geometry format"),
        POSITIONS,
        _('A geometry follows the standard GeoJSON, for example {"type": "Point", "coordinates": [-1.55, 47.21]}.'),
    ),
    "type.wkt": Words(
        _("Wrong geometry format"), POSITIONS, _("A geometry in WKT is expected, for example POINT (-1.55 47.21).")
    ),
    "type.array": Words(
        _("Wrong list format"), LISTS, _('A list is written between square brackets, for example ["a", "b"].')
    ),
    "type.array-item": Words(
        _("Wrong item in a list"), LISTS, _("Each item of the list must be of the kind that the schema asks for.")
    ),
    "type.object": Words(_("Wrong format"), expected=_('A JSON object is expected, for example {"name": "value"}.')),
    "type.email": Words(
        _("Wrong e-mail address"),
        ngettext_lazy(
            "%(count)s cell of the column “%(label)s” is not an e-mail address.",
            "%(count)s cells of the column “%(label)s” are not e-mail addresses.",
            "n",
        ),
        _("One address alone is expected, for example mairie@commune.fr."),
    ),
    "type.uri": Words(
        _("Wrong web address"),
        ngettext_lazy(
            "%(count)s cell of the column “%(label)s” is not a complete web address.",
            "%(count)s cells of the column “%(label)s” are not complete web addresses.",
            "n",
        ),
        _("The address is expected whole, with https:// at the beginning: for example https://www.commune.fr."),
    ),
    "type.uuid": Words(
        _("Wrong identifier"),
        expected=_("A UUID is expected: 32 letters and digits, for example 1b4e28ba-2fa1-11d2-883f-0016d3cca427."),
    ),
    "type.binary": Words(_("Wrong format"), expected=_("Content encoded in base64 is expected.")),
    "type.string": Words(_("Text expected"), expected=_("A text is expected.")),
    "type-error": Words(_("Wrong format"), expected=_("The value is not written as the schema asks for.")),
}
