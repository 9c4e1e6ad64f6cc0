"""The Base Adresse Locale: by the end of the code of its national validator, whatever the column. BAL has a code for each pair."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bocage.check.report.words import Words

ADDRESSES = ngettext_lazy("%(count)s address is concerned.", "%(count)s addresses are concerned.", "n")
GUIDE = _("The guide of the Base Adresse Locale says how to fill this column: adresse.data.gouv.fr.")

WORDS: dict[str, Words] = {
    "bal": Words(_("Address to look at"), ADDRESSES, advice=GUIDE),
    "bal.*.valeur_manquante": Words(_("Missing value"), ADDRESSES, _("This column must be filled.")),
    "bal.*.missing": Words(_("Missing column"), ADDRESSES, _("This column must be in the file.")),
    "bal.*.valeur_invalide": Words(
        _("Value not accepted"), ADDRESSES, _("The value is not one that the Base Adresse Locale knows in this column.")
    ),
    "bal.*.type_invalide": Words(_("Wrong format"), ADDRESSES, _("The value does not have the form expected.")),
    "bal.*.commune_invalide": Words(
        _("Wrong code of a commune"), ADDRESSES, _("The INSEE code of the commune does not exist.")
    ),
    "bal.*.commune_ancienne": Words(
        _("Former commune"),
        ADDRESSES,
        _("The code is that of a commune that no longer exists: write that of today’s commune."),
    ),
    "bal.*.commune_non_deleguee": Words(
        _("Not a delegated commune"), ADDRESSES, _("The code is not that of a delegated commune.")
    ),
    "bal.*.espaces_debut_fin": Words(
        _("Useless spaces"), ADDRESSES, _("Remove the spaces at the beginning and at the end.")
    ),
    "bal.*.structure_invalide": Words(
        _("Wrong interoperability key"),
        ADDRESSES,
        _(
            "The key is written: INSEE code, code of the street in four characters, number in five digits, "
            "with underscores between them."
        ),
    ),
    "bal.*.casse_invalide": Words(
        _("Capital letters in the key"), ADDRESSES, _("The key is written in small letters.")
    ),
    "bal.*.voie_invalide": Words(
        _("Wrong code of a street"), ADDRESSES, _("The code of the street has four characters.")
    ),
    "bal.*.numero_invalide": Words(
        _("Wrong number in the key"), ADDRESSES, _("The number of the key has five digits.")
    ),
    "bal.*.numero_prefixe_manquant": Words(
        _("Zeros missing in the key"), ADDRESSES, _("The number of the key has five digits, zeros in front included.")
    ),
    "bal.*.date_invalide": Words(
        _("Wrong date format"), ADDRESSES, _("A date is written year-month-day: for example 2024-02-28.")
    ),
    "bal.*.date_ancienne": Words(_("Old date"), ADDRESSES, _("The date is before 2010: check it.")),
    "bal.*.date_future": Words(
        _("Date in the future"), ADDRESSES, _("The date of the last change cannot be in the future.")
    ),
    "bal.*.separateur_decimal_invalide": Words(
        _("Decimal comma"), ADDRESSES, _("The decimals come after a point, not a comma.")
    ),
    "bal.*.contient_prefixe": Words(
        _("Zeros in front of the number"), ADDRESSES, _("The number is written without zeros in front.")
    ),
    "bal.*.not_to_be_zero": Words(_("Number zero"), ADDRESSES, _("The number 0 is not accepted.")),
    "bal.*.trop_grand": Words(_("Number too large"), ADDRESSES, _("The number is too large to be that of a street.")),
    "bal.*.trop_court": Words(_("Value too short"), ADDRESSES, _("At least three characters are expected.")),
    "bal.*.trop_long": Words(_("Value too long"), ADDRESSES, _("The value is longer than accepted.")),
    "bal.*.caractere_invalide": Words(
        _("Character not accepted"), ADDRESSES, _("The value holds a character that is not accepted there.")
    ),
    "bal.*.debut_invalide": Words(_("Wrong beginning"), ADDRESSES, _("The suffix begins with a letter or a digit.")),
    "bal.*.enum_fuzzy": Words(
        _("Almost the right word"), ADDRESSES, _("The word is nearly one of the list: write it exactly.")
    ),
    "bal.*.pipe_debut_fin": Words(
        _("Bar too many"), ADDRESSES, _("Remove the bar at the beginning or at the end of the list.")
    ),
    "bal.*.longlat_vides": Words(
        _("Address without a position"), ADDRESSES, _("The address has no longitude nor latitude.")
    ),
    "bal.*.longlat_invalides": Words(
        _("Wrong position"), ADDRESSES, _("The longitude or the latitude is not possible.")
    ),
    "bal.*.longlat_xy_incoherents": Words(
        _("Positions that contradict each other"),
        ADDRESSES,
        _("Longitude and latitude do not give the same place as x and y."),
    ),
    "bal.*.position_manquante": Words(
        _("Kind of position missing"), ADDRESSES, _("Say what the position is: entrance, building, plot…")
    ),
    "bal.*.commune_manquante": Words(
        _("Commune missing"), ADDRESSES, _("The row says neither the name nor the code of the commune.")
    ),
    "bal.*.commune_nom_invalide": Words(
        _("Wrong name of a commune"), ADDRESSES, _("The name is not that of the commune of this code.")
    ),
    "bal.*.adresse_incomplete": Words(_("Incomplete address"), ADDRESSES, _("The row has no number, or no street.")),
    "bal.*.incoherence_numero": Words(
        _("Numbers that contradict each other"), ADDRESSES, _("The number is not that of the interoperability key.")
    ),
    "bal.*.chef_lieu_invalide": Words(
        _("Wrong main commune"), ADDRESSES, _("The delegated commune does not belong to this commune.")
    ),
    "bal.*.lack_of_id_ban": Words(
        _("Identifier of the national base missing"),
        ADDRESSES,
        _("Some identifiers of the Base Adresse Nationale are missing on the row."),
    ),
    "bal.*.empty": Words(_("No row"), ADDRESSES, _("The file holds names of columns, and no row.")),
    "bal.*.every_line_required_id_ban": Words(
        _("Identifiers on some rows only"),
        ADDRESSES,
        _("The identifiers of the Base Adresse Nationale must be on every row, or on none."),
    ),
    "bal.*.non_standard": Words(
        _("Unusual writing of the file"),
        ADDRESSES,
        _("The Base Adresse Locale expects UTF-8, semicolons, and usual ends of lines."),
    ),
}
