"""What a code is worth in a profile: error, warning or information."""

from __future__ import annotations

FIELDS = (
    "cle_interop", "uid_adresse", "id_ban_commune", "id_ban_toponyme", "id_ban_adresse", "voie_nom", "toponyme",
    "lieudit_complement_nom", "numero", "suffixe", "commune_insee", "commune_nom", "commune_deleguee_insee",
    "commune_deleguee_nom", "position", "x", "y", "long", "lat", "cad_parcelles", "source", "date_der_maj",
    "certification_commune",
)  # fmt: skip
_IDS_BAN = ("id_ban_commune", "id_ban_toponyme", "id_ban_adresse")
FIELDS_OF = {
    "1.3": frozenset(FIELDS) - {*_IDS_BAN, "toponyme"},
    "1.4": frozenset(FIELDS) - {"uid_adresse", "toponyme"},
    "1.5": frozenset(FIELDS) - {"uid_adresse", "cle_interop", "voie_nom"},
}
FORMATS = {"1.3-relax": "1.3", "1.3": "1.3", "1.4": "1.4", "1.5": "1.5"}
REQUIRED = frozenset({"cle_interop", "numero", "commune_insee", "commune_nom", "source", "date_der_maj"})
REGIONAL = frozenset(
    {"voie_nom", "toponyme", "lieudit_complement_nom", "commune_nom", "commune_deleguee_nom"}
)  # may be repeated in a language of a region, `voie_nom_bre`
LANGUAGES = (
    "fra", "bre", "eus", "gsw", "cos", "gcr", "gcf", "rcf", "swb", "oci", "cat", "pcd", "oc-provenc", "oc-nicard", "vls",
    "fr-gallo", "aji", "dhv", "nen", "pri", "ty", "mrq", "pmt", "mrv", "frp",
)  # fmt: skip

_ERRORS_RELAX = frozenset({
    "cle_interop.structure_invalide", "cle_interop.commune_invalide", "cle_interop.numero_invalide",
    "voie_nom.valeur_manquante", "voie_nom.trop_court", "voie_nom.trop_long", "voie_nom.caractere_invalide",
    "numero.valeur_manquante", "numero.type_invalide", "numero.trop_grand", "suffixe.debut_invalide", "suffixe.trop_long",
    "commune_insee.commune_invalide", "x.valeur_invalide", "y.valeur_invalide", "long.valeur_invalide",
    "lat.valeur_invalide", "row.incoherence_numero", "row.commune_manquante", "row.longlat_vides", "row.longlat_invalides",
    "row.adresse_incomplete", "field.voie_nom.missing", "field.numero.missing", "rows.empty",
})  # fmt: skip
# Errors of 1.3 that its relaxed profile only warns about.
_RELAXED = frozenset({
    "cle_interop.valeur_manquante", "cle_interop.numero_prefixe_manquant", "cle_interop.casse_invalide",
    "suffixe.espaces_debut_fin", "numero.contient_prefixe", "commune_insee.espaces_debut_fin",
    "x.separateur_decimal_invalide", "y.separateur_decimal_invalide", "long.separateur_decimal_invalide",
    "lat.separateur_decimal_invalide", "date_der_maj.date_invalide", "field.commune_insee.missing", "field.long.missing",
    "field.lat.missing",
})  # fmt: skip
_NOT_RELAX = frozenset({
    "commune_insee.valeur_manquante", "file.encoding.non_standard", "file.delimiter.non_standard",
    "file.linebreak.non_standard",
})  # fmt: skip
_IDS_BAN_ERRORS = frozenset({
    "id_ban_commune.type_invalide", "id_ban_toponyme.type_invalide", "id_ban_adresse.type_invalide",
    "uid_adresse.type_invalide", "row.lack_of_id_ban", "row.cog_no_match_id_ban_commune", "rows.multi_id_ban_commune",
    "rows.every_line_required_id_ban",
})  # fmt: skip
_ERRORS_13 = _ERRORS_RELAX | _RELAXED | _NOT_RELAX
_ERRORS_14 = _ERRORS_13 | _IDS_BAN_ERRORS
ERRORS = {
    "1.3-relax": _ERRORS_RELAX,
    "1.3": _ERRORS_13,
    "1.4": _ERRORS_14,
    "1.5": (_ERRORS_14 - {"field.voie_nom.missing"})
    | {
        "field.id_ban_commune.missing", "field.id_ban_toponyme.missing", "field.id_ban_adresse.missing",
        "field.toponyme.missing", "toponyme.valeur_manquante", "toponyme.trop_court", "toponyme.trop_long",
        "toponyme.caractere_invalide",
    },
}  # fmt: skip

_NAMES = ("casse_incorrecte", "contient_tiret_bas")
_REGIONAL_NAMES = (*_NAMES, "trop_court", "trop_long", "caractere_invalide")
_WITHOUT_SPACES = frozenset(FIELDS) - {"suffixe", "commune_insee", "certification_commune", "toponyme", *_IDS_BAN}
_WARNINGS_RELAX = frozenset({
    "cle_interop.voie_invalide", "cle_interop.commune_ancienne", "commune_insee.commune_ancienne",
    "commune_deleguee_insee.commune_invalide", "commune_deleguee_insee.commune_non_deleguee", "position.enum_fuzzy",
    "position.valeur_invalide", "cad_parcelles.valeur_invalide", "source.valeur_manquante",
    "date_der_maj.valeur_manquante", "date_der_maj.date_ancienne", "date_der_maj.date_future",
    "certification_commune.valeur_invalide", "row.position_manquante", "row.chef_lieu_invalide",
    "row.longlat_xy_incoherents", "uid_adresse.type_invalide", "uid_adresse.incoherence_ids_ban",
    "suffixe.caractere_invalide", "lieudit_complement_nom_@@.espaces_debut_fin", "voie_nom_@@.espaces_debut_fin",
    *(f"field.{one}.missing" for one in (
        "suffixe", "cle_interop", "position", "long", "lat", "x", "y", "source", "date_der_maj", "certification_commune",
    )),
    *(f"{one}.espaces_debut_fin" for one in _WITHOUT_SPACES),
    *(f"voie_nom.{one}" for one in _NAMES), *(f"voie_nom_@@.{one}" for one in _REGIONAL_NAMES),
})  # fmt: skip
_WARNINGS_13 = _WARNINGS_RELAX | {
    "cad_parcelles.pipe_debut_fin", "numero.not_to_be_zero", "row.voie_nom_have_same_lieudit_complement_nom",
    "row.commune_nom_invalide", "row.lieudit_complement_nom_not_declared",
}  # fmt: skip
_WARNINGS_14 = _WARNINGS_13 | {
    "field.id_ban_commune.missing", "field.id_ban_toponyme.missing", "field.id_ban_adresse.missing",
    "row.different_voie_nom_with_same_id_ban_toponyme", "row.different_id_ban_toponyme_with_same_voie_nom",
    "row.different_adresse_with_same_id_ban_adresse", "row.different_id_ban_adresses_with_same_adresse",
}  # fmt: skip
WARNINGS = {
    "1.3-relax": _WARNINGS_RELAX | _RELAXED,
    "1.3": _WARNINGS_13,
    "1.4": _WARNINGS_14,
    "1.5": _WARNINGS_14 | {*(f"toponyme.{one}" for one in _NAMES), *(f"toponyme_@@.{one}" for one in _REGIONAL_NAMES)},
}


def level(profile: str, code: str, language: str = "") -> str:
    """ "E", "W" or "I". `code`: without the language, when the column is one of a language (`voie_nom.trop_court`)."""
    if language:
        field, _, fault = code.partition(".")
        code = f"{field}_@@.{fault}"
    if code in ERRORS[profile]:
        return "E"
    return "W" if code in WARNINGS[profile] else "I"
