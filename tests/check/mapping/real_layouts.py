"""What the columns of real in-house files are, said by hand: the truth of the suggestions."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RealLayout:
    """`truth`: target → in-house column. What the schema has and the file has not is absent."""

    file: str
    schema: str
    truth: dict[str, str]


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


REAL = (
    RealLayout(
        "in-house/covoiturage-blablacar.xlsx",
        "etalab/schema-lieux-covoiturage/0.3.1/schema.json",
        {
            "nom_lieu": "Nom du lieu", "ad_lieu": "Adresse", "com_lieu": "Ville", "Ylat": "Latitude", "Xlong": "Longitude",
            "type": "Type de parking", "nbre_pl": "Places", "nbre_pmr": "PMR", "horaires": "Ouverture", "comm": "Commentaire",
            "proprio": "Proprietaire", "lumiere": "Lumière",
        },
    ),
    RealLayout(
        "in-house/prenoms-carrieres-sous-poissy.xlsx",
        "scdl/prenoms/1.1.6/schema.json",
        _same("COMMUNE_NOM", "COLL_INSEE", "ENFANT_SEXE", "ANNEE")
        | {"ENFANT_PRENOM": "PRENOM_ENFANT", "NOMBRE_OCCURRENCES": "NOMBRE_OCCURENCES"},
    ),
    RealLayout(
        "invalid/scdl__prenoms/in-house-carrieres-sous-poissy.csv",
        "scdl/prenoms/1.1.6/schema.json",
        _same("COMMUNE_NOM", "COLL_INSEE", "ANNEE")
        | {"ENFANT_PRENOM": "PRENOM_ENFANT", "NOMBRE_OCCURRENCES": "NOMBRE_OCCURENCES"},
    ),
    RealLayout(
        "invalid/etalab__schema-lieux-covoiturage/in-house-estrees.csv",
        "etalab/schema-lieux-covoiturage/0.3.1/schema.json",
        _same("nom_lieu", "com_lieu", "Xlong", "Ylat", "nbre_pl", "source", "proprio") | {"id_local": "id_lieu"},
    ),
    RealLayout(
        "nantes/cantines/menus_tous.csv",
        "scdl/menus-collectifs/1.2.3/schema.json",
        {"menuDate": "date", "menuPlatNom": "plat"},
    ),
    RealLayout(
        "nantes/cantines/cantines.csv",
        "scdl/menus-collectifs/1.2.3/schema.json",
        {"menuRestaurantNom": "cantine_nom", "menuRestaurantType": "cantine_type"},
    ),
)  # fmt: skip
