"""The Base Adresse Locale as a Table Schema, so that it lives in the registry, the mapping and the report as any other.

Its columns are all texts without constraints: the check `bal` says everything, in the codes of its own validator.
"""

from __future__ import annotations

from typing import Any

from bocage.check.rules.bal.levels import FIELDS, FIELDS_OF, FORMATS

# Names that files give to the columns, for whoever suggests a mapping.
ALIASES: dict[str, tuple[str, ...]] = {
    "cle_interop": ("cle_intero", "cle", "cle_ban", "cleinterop"), "uid_adresse": ("uid_adress", "uid", "uid_bal"),
    "voie_nom": ("nom_voie", "nom_de_la_voie", "voie", "libelle_voie", "rue"), "toponyme": ("nom_voie", "voie_nom", "voie"),
    "lieudit_complement_nom": ("lieudit", "lieu_dit", "complement", "nom_lieu_dit"),
    "numero": ("num", "numero_voie", "no", "num_voie"), "suffixe": ("suffixe_numero", "rep", "repetition", "indice", "ext"),
    "commune_insee": ("commune_in", "insee", "code_insee", "insee_commune", "codeinsee"),
    "commune_nom": ("commune_no", "commune", "nom_commune", "ville"),
    "commune_deleguee_insee": ("insee_deleguee", "code_insee_deleguee"), "commune_deleguee_nom": ("commune_deleguee",),
    "position": ("typeposition", "type_position", "position_type"), "x": ("x_l93", "xl93", "x_lambert93", "coord_x"),
    "y": ("y_l93", "yl93", "y_lambert93", "coord_y"), "long": ("long_wgs84", "longitude", "lon", "lng"),
    "lat": ("lat_wgs84", "latitude"), "cad_parcelles": ("parcelles", "parcelle", "cad_parcelle"),
    "source": ("origine", "producteur"), "date_der_maj": ("date_der_m", "date_maj", "date_mise_a_jour", "maj"),
    "certification_commune": ("certifie", "certification"),
}  # fmt: skip


def descriptor(profile: str = "1.4") -> dict[str, Any]:
    """A Table Schema of the columns of `profile`, in the order of the specification."""
    present = FIELDS_OF[FORMATS[profile]]
    return {
        "name": "etalab/schema-bal",
        "title": f"Base Adresse Locale {profile}",
        "version": profile,
        "homepage": "https://schema.data.gouv.fr/etalab/schema-bal/",
        "fields": [{"name": name, "type": "string"} for name in FIELDS if name in present],
        "missingValues": [""],
        "custom_checks": [{"name": "bal", "params": {"profile": profile}}],
    }
