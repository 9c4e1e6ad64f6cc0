"""The checks that schemas name beyond Table Schema: French identifiers, places, opening hours, columns compared."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bocage.check.report.words import Words
from bocage.kernel.errors import Text

WRONG = ngettext_lazy(
    "%(count)s cell of the column “%(label)s” is not right.",
    "%(count)s cells of the column “%(label)s” are not right.",
    "n",
)
ROWS = ngettext_lazy(
    "%(count)s row is not right (column “%(label)s”).", "%(count)s rows are not right (column “%(label)s”).", "n"
)


def _format(title: Text, expected: Text, advice: Text = "") -> Words:
    return Words(title, WRONG, expected, advice)


WORDS: dict[str, Words] = {
    "custom.siren": _format(
        _("Wrong SIREN number"),
        _("A SIREN number has nine digits, the last of which checks the others: one digit is wrong or missing."),
        _("Find the number of the organisation on annuaire-entreprises.data.gouv.fr."),
    ),
    "custom.siret": _format(
        _("Wrong SIRET number"),
        _("A SIRET number has fourteen digits, the last of which checks the others: one digit is wrong or missing."),
        _(
            "Find the number of the establishment on annuaire-entreprises.data.gouv.fr. A spreadsheet must hold it as text."
        ),
    ),
    "custom.nomenclature-acte": _format(
        _("Wrong subject of the act"),
        _(
            "The subject is written as in the ACTES nomenclature, a slash between its two levels without spaces: "
            "for example Commande publique/Marchés publics."
        ),
    ),
    "custom.code-commune-insee": _format(
        _("Wrong code of a commune"),
        _(
            "The INSEE code of a commune is expected, in five characters: for example 44109 for Nantes. It is not the postal code."
        ),
    ),
    "custom.commune": _format(
        _("Unknown commune"), _("The official name of a commune is expected, as INSEE writes it.")
    ),
    "custom.code-departement": _format(
        _("Wrong code of a department"), _("The code of a department is expected: for example 01, 2A or 971.")
    ),
    "custom.departement": _format(_("Unknown department"), _("The official name of a department is expected.")),
    "custom.code-region": _format(
        _("Wrong code of a region"), _("The INSEE code of a region is expected: for example 52.")
    ),
    "custom.region": _format(_("Unknown region"), _("The official name of a region is expected.")),
    "custom.canton": _format(_("Unknown canton"), _("The official name of a canton is expected.")),
    "custom.code-postal": _format(
        _("Wrong postal code"), _("A French postal code that exists is expected, in five digits: for example 44000.")
    ),
    "custom.code-fantoir": _format(
        _("Wrong FANTOIR code"), _("A FANTOIR code is expected: four characters and their key.")
    ),
    "custom.code-pays-iso2": _format(
        _("Wrong code of a country"), _("Two capital letters are expected: for example FR.")
    ),
    "custom.code-pays-iso3": _format(
        _("Wrong code of a country"), _("Three capital letters are expected: for example FRA.")
    ),
    "custom.pays": _format(_("Unknown country"), _("The official name of a country, in French, is expected.")),
    "custom.id-rnb": _format(
        _("Wrong identifier of a building"),
        _("An identifier of the national register of buildings (RNB) has twelve characters."),
    ),
    "custom.rna": _format(
        _("Wrong RNA number"), _("The number of an association is W and nine digits: for example W442000001.")
    ),
    "phone-number-value": _format(
        _("Wrong telephone number"),
        _("A telephone number that can be called is expected: for example 02 40 41 90 00 or +33 2 40 41 90 00."),
        _(
            "One number alone in the cell, without words around it. A spreadsheet must hold it as text to keep its first 0."
        ),
    ),
    "opening-hours-value": _format(
        _("Wrong opening hours"),
        _(
            "Opening hours are written as in OpenStreetMap: for example Mo-Fr 08:30-12:00,14:00-17:30; 24/7 when it never closes."
        ),
        _("Days are Mo Tu We Th Fr Sa Su; public holidays PH; closed is off."),
    ),
    "year-interval-value": _format(
        _("Wrong period"),
        _("Two years with a slash between them are expected, the first one earlier: for example 2023/2024."),
    ),
    "french-gps-coordinates": _format(
        _("Position outside France"),
        _("The position is not in France: check the order (longitude, then latitude) and the unit (degrees)."),
    ),
    "reversed-french-gps-coordinates": _format(
        _("Coordinates swapped"), _("Latitude and longitude have been swapped: longitude comes first.")
    ),
    "compare-columns-value": Words(
        _("Values that contradict each other"),
        ngettext_lazy(
            "On %(count)s row, “%(column)s” and “%(column2)s” contradict each other.",
            "On %(count)s rows, “%(column)s” and “%(column2)s” contradict each other.",
            "n",
        ),
        _("“%(column)s” must be %(relation)s “%(column2)s”."),
    ),
    "cohesive-columns-value": Words(
        _("Row partly filled"),
        ngettext_lazy(
            "%(count)s row fills some of these columns and not the others: %(columns)s.",
            "%(count)s rows fill some of these columns and not the others: %(columns)s.",
            "n",
        ),
        _("These columns go together: fill all of them, or none."),
    ),
    "one-of-required": Words(
        _("One of two values is needed"),
        ngettext_lazy(
            "On %(count)s row, “%(column1)s” and “%(column2)s” are both empty.",
            "On %(count)s rows, “%(column1)s” and “%(column2)s” are both empty.",
            "n",
        ),
        _("At least one of the two must be filled."),
    ),
    "sum-columns-value": Words(
        _("Wrong total"),
        ngettext_lazy(
            "On %(count)s row, “%(column)s” is not the sum of %(columns)s.",
            "On %(count)s rows, “%(column)s” is not the sum of %(columns)s.",
            "n",
        ),
        _("The total must be exactly the sum of the columns it adds up."),
    ),
    "custom-check-error": Words(_("Value not accepted"), ROWS),
    "forbidden-value": _format(_("Value not accepted"), _("This value may not be used in this column.")),
    "sequential-value": _format(
        _("Numbers that do not follow each other"), _("Each row must hold the number after that of the row before.")
    ),
    "deviated-value": _format(_("Unusual value"), _("The value is far from all the others of the column.")),
}
